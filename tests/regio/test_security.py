"""The hard edges: what an answer tells the browser, how a session ends, and what the log keeps of it all."""

import json
import os
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from django.test import Client

from regio.audit import Event, record
from regio.models import Gebruiker
from regio.permissions import Rol
from tests.factories import PASSWORD, make_agenda, make_gebruiker, make_meetmoment, make_regio
from tests.regio.conftest import Lines

ROOT = Path(__file__).parent.parent.parent
NOW = datetime.now().astimezone()

# An answer of each kind: a page, a redirect, what does not exist, what is no page, what is refused, a file.
ANSWERS = ["/", "/account/2fa/", "/bestaat-niet", "/healthz", "/account/login/?next=%00", "/robots.txt"]


@pytest.fixture
def anja(db) -> Gebruiker:
    return make_gebruiker("anja@gemeente.example", Rol.SECRETARIS, make_regio())


# What the browser is told


@pytest.mark.django_db
@pytest.mark.parametrize("path", ANSWERS)
def test_every_answer_forbids_what_no_page_needs(client: Client, path: str):
    headers = client.get(path).headers
    policy = dict(part.strip().split(" ", 1) for part in headers["Content-Security-Policy"].split(";"))
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == "'self'"
    assert policy["frame-ancestors"] == policy["base-uri"] == "'none'"
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "camera=()" in headers["Permissions-Policy"]


@pytest.mark.django_db
def test_https_is_asked_for_and_remembered(client: Client, settings):
    settings.SECURE_SSL_REDIRECT = True
    redirect = client.get("/account/login/")
    assert (redirect.status_code, redirect["Location"]) == (301, "https://testserver/account/login/")
    secure = client.get("/account/login/", secure=True)
    assert secure["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains; preload"


@pytest.mark.django_db
def test_https_before_the_proxy_counts_only_when_the_proxy_is_trusted(client: Client, settings):
    settings.SECURE_SSL_REDIRECT = True
    claim = {"X-Forwarded-Proto": "https"}
    assert client.get("/account/login/", headers=claim).status_code == 301
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    assert client.get("/account/login/", headers=claim).status_code == 200


@pytest.mark.django_db
def test_monitor_on_the_machine_needs_no_https(client: Client, settings):
    settings.SECURE_SSL_REDIRECT = True
    assert client.get("/healthz").status_code == 200


def test_cookies_stay_with_this_host_and_out_of_scripts(client: Client, anja: Gebruiker):
    client.get("/account/login/")
    client.post("/account/login/", {"login": anja.email, "password": PASSWORD})
    names = {"__Host-sessionid", "__Host-csrftoken"}
    assert names <= set(client.cookies)
    for name in names:
        cookie = client.cookies[name]
        assert (cookie["secure"], cookie["httponly"], cookie["samesite"]) == (True, True, "Lax")
        assert (cookie["path"], cookie["domain"]) == ("/", "")
    assert client.cookies["__Host-sessionid"]["max-age"] == ""


def test_shared_caches_keep_no_page_of_somebody(client: Client, anja: Gebruiker):
    client.force_login(anja)
    assert client.get("/account/email/")["Cache-Control"] == "private, no-cache"


def test_signing_out_empties_what_the_browser_kept(client: Client, anja: Gebruiker):
    client.force_login(anja)
    assert "Clear-Site-Data" not in client.get("/account/logout/").headers
    assert client.post("/account/logout/")["Clear-Site-Data"] == '"cache"'


@pytest.mark.django_db
def test_whom_to_tell_of_a_leak(client: Client, settings):
    settings.SECURITY_CONTACT = "mailto:beveiliging@gemeente.example"
    with time_machine.travel(datetime.fromisoformat("2026-01-01T12:00:00+00:00")):
        lines = client.get("/.well-known/security.txt").content.decode().splitlines()
    assert "Contact: mailto:beveiliging@gemeente.example" in lines
    assert "Expires: 2026-06-30T12:00:00Z" in lines


@pytest.mark.django_db
def test_search_engines_are_kept_from_what_needs_an_account(client: Client):
    assert "Disallow: /account/\n" in client.get("/robots.txt").content.decode()


def test_deployment_check_is_clean():
    environment = {
        "PATH": os.environ["PATH"],
        "ALLOWED_HOSTS": "agenda.gemeente.example",
        "DEBUG": "false",
        "DEMO": "false",
        "EMAIL_URL": "smtp://localhost",
        "SECRET_KEY": "only-for-tests-" + "0123456789" * 5,
        "TRUSTED_PROXIES": "1",
        "VAR_DIR": str(ROOT / "var" / "tests"),
    }
    command = [sys.executable, "-W", "error", "manage.py", "check", "--deploy", "--fail-level", "WARNING"]
    result = subprocess.run(command, cwd=ROOT, env=environment, check=False, capture_output=True, text=True)
    assert result.returncode == 0, result.stderr


# How a session ends


def test_session_ends_when_it_lies_unused(client: Client, anja: Gebruiker):
    with time_machine.travel(NOW, tick=False) as clock:
        client.force_login(anja)
        clock.shift(timedelta(minutes=29))
        assert client.get("/account/2fa/").status_code == 200
        clock.shift(timedelta(minutes=29))
        assert client.get("/account/2fa/").status_code == 200
        clock.shift(timedelta(minutes=31))
        response = client.get("/account/2fa/", follow=True)
    assert response.redirect_chain == [("/account/login/?next=/account/2fa/", 302)]
    assert "Uw sessie is verlopen." in response.content.decode()


def test_session_ends_after_a_working_day_however_busy(client: Client, anja: Gebruiker):
    with time_machine.travel(NOW, tick=False) as clock:
        client.force_login(anja)
        for _ in range(24):
            clock.shift(timedelta(minutes=20))
            assert client.get("/account/2fa/").status_code == 200
        clock.shift(timedelta(minutes=1))
        assert client.get("/account/2fa/").status_code == 302


def test_session_of_before_the_clock_existed_ends(client: Client, anja: Gebruiker):
    client.force_login(anja)
    session = client.session
    del session["sessie_begonnen"]
    session.save()
    assert client.get("/account/2fa/").status_code == 302


def test_reading_on_writes_nothing_within_a_minute(client: Client, anja: Gebruiker, django_assert_num_queries):
    client.force_login(anja)
    client.get("/account/email/")
    with django_assert_num_queries(2) as captured:  # the session and the person
        client.get("/account/email/")
    assert not any(query["sql"].startswith(("UPDATE", "INSERT")) for query in captured)


def test_fragment_is_not_replaced_by_the_sign_in_page(client: Client, anja: Gebruiker):
    client.force_login(anja)
    with time_machine.travel(NOW + timedelta(hours=9)):
        response = client.post("/regio/testregio/", headers={"HX-Request": "true"})
    assert response.status_code == 401
    assert response.content == b""


@pytest.mark.django_db
def test_whole_page_asked_by_htmx_does_lead_to_signing_in(client: Client):
    response = client.get("/regio/testregio/", headers={"HX-Request": "true", "HX-Boosted": "true"})
    assert response["Location"] == "/account/login/?next=/regio/testregio/"


def test_what_was_typed_comes_back_when_the_session_ended_meanwhile(client: Client, anja: Gebruiker):
    make_meetmoment(make_agenda(make_regio("andere-regio")))
    page = "/regio/andere-regio/agenda/2023-2027/aug-26/teruggeven/"
    client.force_login(anja)
    with time_machine.travel(NOW + timedelta(hours=1)):
        response = client.post(page, {"reden": "Doel B1 mist de <cijfers> van 2025.", "csrfmiddlewaretoken": "x"})
    assert response.status_code == 401
    assert "Doel B1 mist de &lt;cijfers&gt; van 2025.</textarea>" in response.content.decode()
    assert f'href="/account/login/?next={page}"' in response.content.decode()


# What the log keeps


def test_way_in_and_out_leave_a_line_each(client: Client, anja: Gebruiker, audit_lines: Lines):
    client.post("/account/login/", {"login": anja.email, "password": "fout-wachtwoord"})
    client.post("/account/login/", {"login": anja.email, "password": PASSWORD})
    client.post("/account/logout/")
    assert [(line["gebeurtenis"], line["door"]) for line in audit_lines] == [
        ("aanmelden-mislukt", None),
        ("aangemeld", anja.pk),
        ("afgemeld", anja.pk),
    ]


def test_log_names_nobody(client: Client, anja: Gebruiker, audit_lines: Lines):
    for _ in range(7):
        client.post("/account/login/", {"login": anja.email, "password": "fout-wachtwoord"})
    client.post("/account/password/reset/", {"email": anja.email})
    client.force_login(anja)
    client.get("/regio/geheim/")
    assert len(audit_lines) >= 9
    for personal in ("anja", "gemeente", "127.0.0.1", "wachtwoord-", "fout"):
        assert personal not in "".join(audit_lines.raw).lower().replace("testregio", "")


def test_attempts_on_one_account_can_be_recognised(client: Client, anja: Gebruiker, audit_lines: Lines):
    for email in (anja.email, "ANJA@gemeente.example", "iemand@anders.example"):
        client.post("/account/login/", {"login": email, "password": "fout-wachtwoord"})
    first, second, third = (line["account"] for line in audit_lines)
    assert first == second != third


def test_account_that_is_closed_leaves_a_line(client: Client, anja: Gebruiker, audit_lines: Lines):
    for _ in range(6):
        client.post("/account/login/", {"login": anja.email, "password": "fout-wachtwoord"})
    assert audit_lines[-1]["gebeurtenis"] == "geweigerd"
    assert audit_lines[-1]["wat"] == "te-vaak"


def test_wrong_regio_leaves_a_line_with_who_and_where(client: Client, anja: Gebruiker, audit_lines: Lines):
    make_regio("andere-regio")
    client.force_login(anja)
    assert client.get("/regio/andere-regio/").status_code == 404
    line = audit_lines[-1]
    assert (line["gebeurtenis"], line["door"], line["status"]) == ("geweigerd", anja.pk, 404)
    assert (line["pagina"], line["regio"]) == ("monitoring:regio-detail", "andere-regio")


def test_missing_right_leaves_a_line(client: Client, audit_lines: Lines, db):
    make_meetmoment(make_agenda(regio := make_regio()))
    lid = make_gebruiker("lid@gemeente.example", Rol.COORDINATOR, regio)
    client.force_login(lid)
    assert client.get("/regio/testregio/agenda/2023-2027/aug-26/voorleggen/").status_code == 403
    assert (audit_lines[-1]["door"], audit_lines[-1]["status"]) == (lid.pk, 403)


def test_decision_leaves_a_line_once_it_stands(
    client: Client, anja: Gebruiker, audit_lines: Lines, django_capture_on_commit_callbacks
):
    moment = make_meetmoment(make_agenda(anja.lidmaatschappen[0].regio))
    client.force_login(anja)
    for step, data in (("voorleggen", {}), ("teruggeven", {"reden": "Doel B1 mist nog cijfers."})):
        with django_capture_on_commit_callbacks(execute=True):
            client.post(f"/regio/testregio/agenda/2023-2027/aug-26/{step}/", data)
    decisions = [line for line in audit_lines if line["gebeurtenis"] == "besluit"]
    assert [(line["door"], line["wat"], line["meetmoment"]) for line in decisions] == [
        (anja.pk, "voorgelegd", moment.pk),
        (anja.pk, "teruggegeven", moment.pk),
    ]


@pytest.mark.django_db
def test_mistyped_address_is_no_refusal(client: Client, audit_lines: Lines):
    client.get("/bestaat-niet")
    assert len(audit_lines) == 0


def test_forged_form_is_refused_and_leaves_a_line(anja: Gebruiker, audit_lines: Lines):
    client = Client(enforce_csrf_checks=True)
    client.force_login(anja)
    response = client.post("/account/logout/")
    assert response.status_code == 403
    assert "Dit formulier is verlopen" in response.content.decode()
    assert (audit_lines[-1]["status"], audit_lines[-1]["wat"]) == (403, "formulier")


def test_changed_password_leaves_a_line(client: Client, anja: Gebruiker, audit_lines: Lines):
    client.force_login(anja)
    client.post("/account/password/change/", {"oldpassword": PASSWORD, "password1": "paard-batterij-nietje"})
    assert ("beveiliging-gewijzigd", "wachtwoord") in [(line["gebeurtenis"], line.get("wat")) for line in audit_lines]


def test_line_is_one_json_object_with_its_time(anja: Gebruiker, audit_lines: Lines):
    with time_machine.travel(datetime.fromisoformat("2026-01-01T12:00:00+00:00"), tick=False):
        record(Event.EXPORT, by=anja, formaat="csv", regels=13)
    assert audit_lines.raw == [
        json.dumps(
            {
                "tijd": "2026-01-01T12:00:00+00:00",
                "gebeurtenis": "export",
                "door": anja.pk,
                "formaat": "csv",
                "regels": 13,
            }
        )
    ]


@pytest.mark.parametrize("nobody", [None, "anja"])
def test_decision_of_nobody_is_an_error(nobody: object, audit_lines: Lines):
    with pytest.raises(TypeError, match="somebody must be signed in"):
        record(Event.BESLUIT, by=nobody)
    assert len(audit_lines) == 0


@pytest.mark.parametrize("text", ["anja@gemeente.example", "Doel B1 mist cijfers", "regel\nregel", "x" * 101])
def test_text_that_somebody_wrote_is_an_error(text: str, anja: Gebruiker, audit_lines: Lines):
    with pytest.raises(ValueError, match="more than a code"):
        record(Event.BESLUIT, by=anja, reden=text)
    assert len(audit_lines) == 0
