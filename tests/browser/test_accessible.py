"""Every page keeps axe-core's rules in light, in dark and on a phone, and fits a screen of 360 px."""

from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import pytest
from django.conf import settings
from django.template.loader import render_to_string
from django.urls import URLPattern, URLResolver, get_resolver
from playwright.sync_api import Browser, Page, StorageState, expect

from agenda.models import Agenda
from monitoring.models import Meetmoment
from regio.models import Gebruiker, Regio
from regio.subscriptions import unsubscribe_url
from tests.browser.axe import LOOKS, assert_accessible, assert_accessible_in_every_look
from tests.browser.conftest import Listener, has_failed
from tests.browser.server import Server

AGENDA = "/regio/utrecht-west/agenda/2023-2027/"
TELLEN = "/regio/utrecht-west/thuiszitters/"
SECRETARIS = "secretaris@utrecht-west.test"
OOGO = "oogo@utrecht-west.test"

# Who looks at what; None is a visitor who is not signed in.
PAGES = [
    ("monitoring:start", None, "/"),
    ("monitoring:start", SECRETARIS, "/"),
    ("monitoring:start", OOGO, "/"),
    ("monitoring:regio-detail", OOGO, "/regio/utrecht-west/"),
    ("monitoring:regio-detail", "oogo@zuidoost-utrecht.test", "/regio/zuidoost-utrecht/"),
    ("monitoring:rapport-list", OOGO, "/regio/utrecht-west/rapporten/"),
    ("monitoring:agenda-detail", OOGO, AGENDA),
    ("monitoring:agenda-detail", OOGO, "/regio/utrecht-west/agenda/2016-2018/"),
    ("monitoring:agenda-detail", "oogo@zuidoost-utrecht.test", "/regio/zuidoost-utrecht/agenda/2018-2022/"),
    ("monitoring:agenda-detail", "oogo@amersfoort.test", "/regio/amersfoort/agenda/2021-2022/"),
    ("monitoring:agenda-detail", "secretaris@midden-holland.test", "/regio/midden-holland/agenda/2018-2019/"),
    ("monitoring:agenda-detail", "oogo@zuidoost-utrecht.test", "/regio/zuidoost-utrecht/agenda/2014-2018/"),
    ("monitoring:doel-detail", "oogo@zuidoost-utrecht.test", "/regio/zuidoost-utrecht/agenda/2018-2022/doel/t1/"),
    ("monitoring:doel-detail", OOGO, AGENDA + "doel/a1/"),
    ("monitoring:doel-detail", OOGO, AGENDA + "doel/f3/"),
    ("monitoring:doel-detail", SECRETARIS, AGENDA + "doel/b1/"),
    ("monitoring:meting-nieuw", SECRETARIS, AGENDA + "doel/b1/indicator/1/"),
    ("monitoring:meting-wijzigen", SECRETARIS, AGENDA + "doel/b1/indicator/1/2025-10-01/"),
    ("monitoring:rapport-detail", OOGO, AGENDA + "aug-26/rapport/"),
    ("monitoring:rapport-detail", OOGO, AGENDA + "aug-24/rapport/"),
    ("monitoring:rapport-detail", OOGO, AGENDA + "aug-24/rapport/?versie=1"),
    ("monitoring:rapport-controleren", OOGO, "/controleren/"),
    ("monitoring:regio-openbaarheid", SECRETARIS, "/regio/utrecht-west/openbaarheid/"),
    ("monitoring:regio-openbaarheid", "secretaris@zuidoost-utrecht.test", "/regio/zuidoost-utrecht/openbaarheid/"),
    ("monitoring:rapport-publiceren", SECRETARIS, AGENDA + "aug-25/openbaar-maken/"),
    ("monitoring:rapport-intrekken", SECRETARIS, AGENDA + "aug-24/intrekken/2/"),
    ("monitoring:vergelijken", None, "/vergelijken/"),
    ("monitoring:openbaar-regio", None, "/openbaar/utrecht-west/"),
    ("monitoring:openbaar-rapport", None, "/openbaar/utrecht-west/2023-2027/aug-25/"),
    ("monitoring:openbare-versie", None, "/openbaar/utrecht-west/2023-2027/aug-24/versie-2/"),
    ("monitoring:score-invoer", SECRETARIS, AGENDA + "aug-26/invoer/"),
    ("monitoring:score-invoer", SECRETARIS, AGENDA + "aug-25/invoer/"),
    ("monitoring:rapportage-voorleggen", SECRETARIS, AGENDA + "aug-26/voorleggen/"),
    ("monitoring:rapportage-teruggeven", OOGO, AGENDA + "aug-25/teruggeven/"),
    ("thuiszitters:dashboard", SECRETARIS, TELLEN),
    ("thuiszitters:dashboard", OOGO, TELLEN),
    ("thuiszitters:dashboard", "oogo@zuidoost-utrecht.test", "/regio/zuidoost-utrecht/thuiszitters/"),
    ("thuiszitters:opgave-invoer", SECRETARIS, TELLEN + "2026-10-01/montfoort/"),
    ("thuiszitters:opgave-invoer", SECRETARIS, TELLEN + "2025-01-01/stichtse-vecht/"),
    ("thuiszitters:opgave-indienen", SECRETARIS, TELLEN + "2026-10-01/montfoort/indienen/"),
    ("thuiszitters:opgave-teruggeven", SECRETARIS, TELLEN + "2026-10-01/woerden/teruggeven/"),
    ("thuiszitters:tellingen-inlezen", SECRETARIS, TELLEN + "inlezen/"),
    ("monitoring:kwartaal-detail", SECRETARIS, TELLEN + "2026-10-01/"),
    ("monitoring:kwartaal-detail", OOGO, TELLEN + "2025-10-01/"),
    ("monitoring:kwartaal-voorleggen", SECRETARIS, TELLEN + "2026-10-01/voorleggen/"),
    ("monitoring:kwartaal-teruggeven", SECRETARIS, TELLEN + "2026-10-01/teruggeven/"),
    ("monitoring:kwartaal-vaststellen", SECRETARIS, TELLEN + "2026-10-01/vaststellen/"),
    ("monitoring:kwartaal-heropenen", SECRETARIS, TELLEN + "2026-07-01/heropenen/"),
    ("monitoring:rapportage-vaststellen", OOGO, AGENDA + "aug-25/vaststellen/"),
    ("monitoring:rapportage-heropenen", OOGO, AGENDA + "aug-25/heropenen/"),
    ("monitoring:kalender", SECRETARIS, "/regio/utrecht-west/kalender/"),
    ("monitoring:kalender", "oogo@zuidoost-utrecht.test", "/regio/zuidoost-utrecht/kalender/"),
    ("monitoring:kalenderadres-intrekken", OOGO, "/regio/utrecht-west/kalender/adres/intrekken/"),
    ("monitoring:vergadering-nieuw", SECRETARIS, "/regio/utrecht-west/kalender/vergadering/"),
    ("monitoring:vergadering-wijzigen", SECRETARIS, "/regio/utrecht-west/kalender/vergadering/1/"),
    ("monitoring:vergadering-verwijderen", SECRETARIS, "/regio/utrecht-west/kalender/vergadering/1/verwijderen/"),
    ("monitoring:voortgang", SECRETARIS, "/regio/utrecht-west/voortgang/"),
    ("monitoring:voortgang", "coordinator@zuidoost-utrecht.test", "/regio/zuidoost-utrecht/voortgang/"),
    ("monitoring:voortgang-regios", "beheer@agendamonitor.test", "/voortgang/"),
    ("monitoring:vraag-list", OOGO, "/regio/utrecht-west/vragen/"),
    ("monitoring:vraag-bij-doel", OOGO, AGENDA + "doel/f1/vraag/"),
    ("monitoring:vraag-bij-aantal", OOGO, "/regio/utrecht-west/vragen/aantal/2026-07-01/thuiszitters/"),
    ("monitoring:vraag-detail", SECRETARIS, "/regio/utrecht-west/vragen/1/"),
    ("monitoring:vraag-detail", OOGO, "/regio/utrecht-west/vragen/2/"),
    ("monitoring:vraag-intrekken", OOGO, "/regio/utrecht-west/vragen/2/intrekken/"),
    ("monitoring:doel-logboek", OOGO, AGENDA + "doel/b3/logboek/"),
    ("monitoring:rapportage-logboek", OOGO, AGENDA + "aug-24/logboek/"),
    ("monitoring:kwartaal-logboek", OOGO, TELLEN + "2025-10-01/logboek/"),
    ("thuiszitters:opgave-logboek", OOGO, TELLEN + "2026-07-01/woerden/logboek/"),
    ("thuiszitters:opgave-logboek", SECRETARIS, TELLEN + "2026-07-01/woerden/logboek/"),
    ("audit", "beheer@agendamonitor.test", "/beheer/audit/"),
    ("monitoring:component-gallery", SECRETARIS, "/componenten/"),
    ("monitoring:component-gallery", SECRETARIS, "/componenten/agenda/"),
    ("monitoring:component-gallery", SECRETARIS, "/componenten/scores/"),
    ("monitoring:component-gallery", SECRETARIS, "/componenten/aantallen/"),
    ("monitoring:component-gallery", SECRETARIS, "/componenten/werk/"),
    ("account_login", None, "/account/login/"),
    ("account_signup", None, "/account/signup/"),
    ("account_reset_password", None, "/account/password/reset/"),
    ("account_reset_password_done", None, "/account/password/reset/done/"),
    ("account_reset_password_from_key", None, "/account/password/reset/key/1-verlopen/"),
    ("account_reset_password_from_key_done", None, "/account/password/reset/key/done/"),
    ("account_inactive", None, "/account/inactive/"),
    ("account_logout", OOGO, "/account/logout/"),
    ("account_change_password", OOGO, "/account/password/change/"),
    ("account_email", OOGO, "/account/email/"),
    ("account-mail", OOGO, "/account/mail/"),
    ("account_reauthenticate", OOGO, "/account/reauthenticate/"),
    ("mfa_index", OOGO, "/account/2fa/"),
    ("bad request", None, "/?q=%00"),
    ("not found", None, "/bestaat-niet/"),
    ("not allowed", SECRETARIS, "/voortgang/herinneren/"),
    ("forbidden", OOGO, AGENDA + "aug-26/invoer/"),
]
# What is no page of its own: files, redirects, and steps that need a second factor in the account (test_passkey.py).
NO_PAGE = {
    "account",
    "monitoring:agenda-current",
    "monitoring:rapport-file",
    "monitoring:openbaar-index",
    "monitoring:openbaar-bestand",
    "monitoring:openbare-versie-bestand",
    "monitoring:kalender-feed",
    "monitoring:kalenderadres-maken",
    "monitoring:voortgang-herinneren",
    "thuiszitters:schooljaar-openen",
    "thuiszitters:sjabloon",
    "thuiszitters:tellingen",
    "monitoring:momentopname-file",
    "monitoring:kwartaal-momentopname",
    "monitoring:kwartaal-gemaskeerd",
    "monitoring:vraag-in-rapport",
    "health",
    "regio-kleur",
    "robots-txt",
    "security-txt",
    # Behind a signed link: test_what_a_link_in_a_mail_leads_to_is_accessible.
    "mail-afmelden",
    "account_set_password",
    "mfa_activate_totp",
    "mfa_add_webauthn",
    "mfa_authenticate",
    "mfa_deactivate_totp",
    "mfa_download_recovery_codes",
    "mfa_edit_webauthn",
    "mfa_generate_recovery_codes",
    "mfa_list_webauthn",
    "mfa_login_webauthn",
    "mfa_reauthenticate",
    "mfa_reauthenticate_webauthn",
    "mfa_remove_webauthn",
    "mfa_view_recovery_codes",
}
REGIO = Regio(naam="Utrecht West", slug="utrecht-west")
AUG_25 = Meetmoment(slug="aug-25", agenda=Agenda(slug="2023-2027", regio=REGIO))
# What a server in order never answers, and what would take thirty sign-ins or ten megabytes to see.
TROUBLE: list[tuple[str, dict[str, Any]]] = [
    ("400.html", {"ander_adres": True}),
    ("403_csrf.html", {}),
    ("413.html", {}),
    ("429.html", {}),
    ("500.html", {}),
    ("503.html", {"opnieuw": True}),
    ("503.html", {"opnieuw": False}),
    ("afgemeld.html", {"teksten": ["Een zin.", "Nog een zin."], "terug": "/"}),
    ("tweede_stap_nodig.html", {"teksten": ["Een zin.", "Nog een zin."]}),
    ("pdf_ontbreekt.html", {"regio": REGIO, "rapport": AGENDA + "aug-25/rapport/"}),
    ("monitoring/openbaar_zonder_pdf.html", {"regio": REGIO, "meetmoment": AUG_25}),
    # Every regio of the demo has an agenda.
    ("monitoring/regio_zonder_agenda.html", {"regio": REGIO, "plek": "overzicht"}),
]
# Among PAGES, by its own address.
TROUBLE_OF_AN_ADDRESS = {"403.html", "404.html", "405.html"}


def names(patterns: list[URLPattern | URLResolver], prefix: str = "") -> set[str]:
    """Return the names of all addresses outside Beheer."""
    found = set()
    for pattern in patterns:
        if isinstance(pattern, URLPattern):
            found.add(prefix + str(pattern.name))
        elif pattern.namespace != "admin":
            found |= names(pattern.url_patterns, f"{prefix}{pattern.namespace}:" if pattern.namespace else prefix)
    return found


def test_no_page_is_forgotten():
    shown = {name for name, _, _ in PAGES}
    assert names(get_resolver().url_patterns) - shown - NO_PAGE == set()


def test_no_page_of_trouble_is_forgotten():
    folder = settings.BASE_DIR / "templates"
    explaining = {path for path in folder.rglob("*.html") if '{% extends "error.html" %}' in path.read_text()}
    seen = {name for name, _ in TROUBLE} | TROUBLE_OF_AN_ADDRESS
    assert {str(path.relative_to(folder)) for path in explaining} - seen == set()


@pytest.fixture(scope="module")
def listener() -> Listener:
    return Listener()


@pytest.fixture(scope="module")
def windows(
    browser: Browser, browser_context_args: dict, cookies_of: Callable[[str], StorageState], listener: Listener
) -> Callable[[str | None], Page]:
    """Give everybody one window for all pages: these tests only read, and a new window costs as much as a page."""

    @cache
    def window_of(email: str | None) -> Page:
        context = browser.new_context(**browser_context_args, storage_state=cookies_of(email) if email else None)
        listener.follow(context)
        return context.new_page()

    return window_of


@pytest.fixture
def window_of(
    windows: Callable[[str | None], Page], listener: Listener, request: pytest.FixtureRequest, output_path: str
) -> Iterator[Callable[[str | None], Page]]:
    yield windows
    complaints = listener.complaints.copy()
    listener.complaints.clear()
    if complaints or has_failed(request):
        listener.keep_pictures(output_path)
    assert complaints == []


@pytest.mark.parametrize(("name", "email", "path"), PAGES, ids=str)
def test_page_is_accessible_in_every_look(window_of: Callable[[str | None], Page], name, email, path):
    page = window_of(email)
    page.goto(path)
    assert_accessible_in_every_look(page)


@pytest.fixture
def files_of_the_server(settings, server: Server) -> None:
    """Link to stylesheets and scripts as the server does: by the names that collecting gave them."""
    manifest = {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage",
        "OPTIONS": {"location": server.folder / "static"},
    }
    settings.STORAGES = settings.STORAGES | {"staticfiles": manifest}


@pytest.mark.parametrize(("template", "context"), TROUBLE, ids=str)
def test_page_of_trouble_is_accessible_in_every_look(
    window_of: Callable[[str | None], Page], files_of_the_server: None, template, context
):
    """The server cannot be asked for these, so the page is made here and looked at with the server's stylesheets."""
    page = window_of(None)
    html = render_to_string(template, context)
    page.route("**/misgegaan/", lambda route: route.fulfill(body=html, content_type="text/html"))
    page.goto("/misgegaan/")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert_accessible_in_every_look(page)
    # Not sooner: while its stylesheets come in, they would be waited for in vain.
    page.unroute("**/misgegaan/")


def test_what_a_link_in_a_mail_leads_to_is_accessible(page: Page):
    # Signed as the server does, which has the key of these tests; whoever was first is in the demo.
    page.goto(unsubscribe_url(Gebruiker(pk=1)).removeprefix(settings.SITE_URL))
    assert_accessible_in_every_look(page)
    page.get_by_role("button", name="Deze mail stoppen").click()
    expect(page.get_by_role("heading", level=1, name="U krijgt deze mail niet meer")).to_be_visible()
    assert_accessible_in_every_look(page)


def test_what_answers_a_step_is_accessible(sign_in: Callable[..., Page]):
    page = sign_in(SECRETARIS)
    # a form with an error, and what stands where a report was public
    page.goto(AGENDA + "aug-24/intrekken/2/")
    page.get_by_role("button", name="Intrekken", exact=True).click()
    expect(page.get_by_role("alert")).to_be_visible()
    assert_accessible_in_every_look(page)
    page.get_by_label("Waarom trekt u dit in?").fill("Er stond een cijfer van een andere regio in.")
    page.get_by_role("button", name="Intrekken", exact=True).click()
    expect(page.get_by_role("alert")).to_have_count(0)
    page.goto("/openbaar/utrecht-west/2023-2027/aug-24/")
    expect(page.get_by_text("Er stond een cijfer van een andere regio in.")).to_be_visible()
    assert_accessible_in_every_look(page)

    # to whom a reminder goes
    page.goto("/regio/utrecht-west/voortgang/")
    page.locator("[name=wat]").first.check()
    page.get_by_role("button", name="Gekozen herinneren").click()
    expect(page.get_by_role("heading", level=1, name="Herinneren")).to_be_visible()
    assert_accessible_in_every_look(page)


# A page with a place for rules of style in the dark, for other rules, and for more of the page.
PROEF = """<!doctype html><html lang="nl"><head><title>Proef</title><style>
body { color: #111; background: #fff } @media (prefers-color-scheme: dark) { body { color: #eee; background: #111 } %s }
.telefoon { display: none } @media (max-width: 500px) { .telefoon { display: block } } %s
</style></head><body><main><h1>Proef</h1><p class="zin">Een zin.</p>%s</main></body></html>"""


@pytest.mark.parametrize(
    ("parts", "found_in"),
    [
        (("", "", ""), []),
        (("", "", "<input>"), [("light", 1440), ("light", 360)]),
        (("", "", '<div class="telefoon"><input></div>'), [("light", 360)]),
        ((".zin { color: #333 }", "", ""), [("dark", 1440), ("dark", 360)]),
        (
            ("", "@media not (prefers-color-scheme: dark) { .zin { color: #ccc } }", ""),
            [("light", 1440), ("light", 360)],
        ),
    ],
    ids=["nothing", "no label", "no label on a phone", "contrast in the dark", "contrast in the light"],
)
def test_a_fault_is_found_in_each_look_that_has_it(page: Page, parts, found_in):
    page.set_content(PROEF % parts)
    found = []
    for scheme, width, rules in LOOKS:
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        page.set_viewport_size({"width": width, "height": 900})
        try:
            assert_accessible(page, rules)
        except AssertionError:
            found.append((scheme, width))
    assert found == found_in
