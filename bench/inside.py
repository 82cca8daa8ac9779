"""What must be done with the product's own code, on the database of DATABASE_URL; python -m bench.ask runs it."""

import statistics
import time
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection
from django.http import HttpRequest
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bench.counting import time_export, time_import, weigh_import
from bench.land import Size, generate
from bench.masking import time_masking
from bench.nonsense import attack
from monitoring.models import Meetmoment
from regio.accounts import DEMO_DOMAIN
from regio.middleware import note_begin
from regio.models import Gebruiker


def make_land() -> None:
    generate(Size())
    with connection.cursor() as cursor:
        # What PostgreSQL does by itself a minute later.
        if connection.vendor == "postgresql":
            cursor.execute("ANALYZE")


def sign_in(*emails: str) -> dict[str, str]:
    """Return for each address the key of a session, as signing in by hand makes it."""
    return {email: _session(Gebruiker.objects.get(email=email)) for email in emails}


def _session(gebruiker: Gebruiker) -> str:
    request = HttpRequest()
    session = request.session = SessionStore()
    session[SESSION_KEY] = str(gebruiker.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = gebruiker.get_session_auth_hash()
    note_begin(request)
    session.create()
    return str(session.session_key)


def count_queries(email: str, *paths: str) -> dict[str, int]:
    """Return how many queries each page takes for who has opened a page before."""
    client = Client(headers={"host": "127.0.0.1"})
    client.force_login(Gebruiker.objects.get(email=email))
    # Django asks SQLite once in every process whether it knows JSON.
    assert connection.features.supports_json_field
    counts = {}
    for path in paths:
        with CaptureQueriesContext(connection) as captured:
            response = client.get(path)
        if response.status_code != 200:
            raise RuntimeError(f"{path}: {response.status_code}")
        counts[path] = len(captured)
    return counts


def time_report(regio: str, meetmoment: str, rounds: str) -> dict[str, Any]:
    """Return the seconds that the report takes as PDF, and those of WeasyPrint alone on the same HTML, by turns."""
    from monitoring.overview import load_report
    from monitoring.publication import write_pdf

    moments = Meetmoment.objects.select_related("agenda__regio", "agenda__schaal", "rapportage")
    moment = moments.get(agenda__regio__slug=regio, slug=meetmoment)
    own = WeasyPrintAlone()
    own.listen(lambda: write_pdf(load_report(moment)))
    pairs = [(timed(lambda: write_pdf(load_report(moment))), timed(own.print)) for _ in range(int(rounds))]
    return {
        "ours": statistics.median(ours for ours, _ in pairs),
        "alone": statistics.median(alone for _, alone in pairs),
        "pages": own.pages(),
    }


def timed(what: Callable[[], Any]) -> float:
    started = time.perf_counter()
    what()
    return time.perf_counter() - started


class WeasyPrintAlone:
    """WeasyPrint's own way from HTML to bytes, with the stylesheet, the fonts and the variant that we give it."""

    def listen(self, write: Callable[[], Any]) -> None:
        """Let `write` print once, and keep what it gave to our renderer."""
        from regio import archival

        original = archival.render

        def render(html: str, **options: Any) -> bytes:
            self.html, self.options = html, options
            return original(html, **options)

        archival.render = render
        try:
            write()
        finally:
            archival.render = original

    def print(self) -> bytes:
        document = self._document()
        return bytes(document.write_pdf(pdf_variant=self._variant()))

    def pages(self) -> int:
        return len(self._document().pages)

    def _document(self) -> Any:
        from weasyprint import CSS, HTML
        from weasyprint.text.fonts import FontConfiguration

        from regio import archival

        fetcher, configuration = archival.FontsOnly(self.options["fonts"]), FontConfiguration()
        css = archival.FONT_STYLESHEET + self.options["stylesheet"]
        stylesheet = CSS(string=css, font_config=configuration, url_fetcher=fetcher)
        page = HTML(string=self.html, url_fetcher=fetcher)
        return page.render(stylesheets=[stylesheet], font_config=configuration, pdf_variant=self._variant())

    @staticmethod
    def _variant() -> str:
        from regio import archival

        return archival.VARIANT


def send_nonsense(number: str) -> dict[str, Any]:
    """Let one of each role in the demo's regio, and a secretaris of the other, hand in what nobody can take."""
    names = ("secretaris", "oogo", "coordinator", "invoer-montfoort")
    emails = [f"{name}@utrecht-west{DEMO_DOMAIN}" for name in names]
    emails += [f"secretaris@zuidoost-utrecht{DEMO_DOMAIN}", f"beheer@agendamonitor{DEMO_DOMAIN}"]
    return attack(int(number), [Gebruiker.objects.get(email=email) for email in emails], pages=250)


COMMANDS: dict[str, Callable[..., Any]] = {
    "generate": make_land,
    "sign-in": sign_in,
    "queries": count_queries,
    "report": time_report,
    "masking": time_masking,
    "nonsense": send_nonsense,
    "import": time_import,
    "import-memory": weigh_import,
    "export": time_export,
}
