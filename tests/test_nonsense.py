"""Nonsense at every address of the product, from who may be there: nothing breaks, and nothing changes."""

import re
from collections.abc import Iterator
from html import unescape
from urllib.parse import quote

import pytest
from django.test import Client

from regio.models import Gebruiker, Organisatie, Regio
from tests.addresses import ADOPTED, AGENDA, KALENDER, KEY, KWARTAAL, OPENBAAR_RAPPORT, ROWS, TELLEN, WEST
from tests.beheer import Wereld, kalendernummer, make_public_wereld, make_wereld
from tests.killing import everything
from tests.promises import complaints

pytestmark = pytest.mark.django_db

OURS = [row.path for row in ROWS if row.name.startswith(("monitoring:", "thuiszitters:"))]
NAMES = ("versie", "meetmoment", "schooljaar", "namens", "aantallen", "status", "thema", "trekker", "regio", "wat", "p")
VALUES = ("-1", "9" * 40, "a\x00b", "\ud800", "<&\"'>💥\u202e")
# No database keeps it.
TYPED = "<&\"'>\x00💥"


@pytest.fixture
def west() -> Wereld:
    return make_public_wereld("west", 1)


def client_of(gebruiker: Gebruiker | None) -> Client:
    client = Client(raise_request_exception=False)
    if gebruiker:
        client.force_login(gebruiker)
    return client


def test_nonsense_in_every_parameter_breaks_no_page(west: Wereld):
    client = client_of(west.secretaris)
    broken: dict[tuple[str, str], int] = {}
    for value in VALUES:
        said = quote(value.encode("utf-8", "surrogatepass"))
        query = "&".join(f"{name}={said}&{name}={said}" for name in NAMES)
        answers = {path: client.get(path, query_string=query).status_code for path in OURS}
        broken |= {(path, value): code for path, code in answers.items() if code >= 500}
    assert broken == {}


HUGE = "9" * 40
NOWHERE = (
    WEST + "vragen/0/",
    WEST + "vragen/2147483648/",
    f"{WEST}vragen/{HUGE}/",
    f"{WEST}vragen/{HUGE}/intrekken/",
    # That of the other regio
    WEST + "vragen/2/",
    WEST + "vragen/aantal/2026-10-01/verzuim-oost/",
    WEST + "vragen/aantal/2026-10-01/-/",
    WEST + "vragen/aantal/0000-00-00/verzuim-west/",
    f"{KALENDER}vergadering/{HUGE}/",
    f"{KALENDER}vergadering/{HUGE}/verwijderen/",
    ADOPTED + "openbaar-maken/x/",
    f"{ADOPTED}intrekken/{HUGE}/",
    f"{ADOPTED}rapport/?versie={HUGE}",
    f"{ADOPTED}rapport/?versie=%00",
    ADOPTED + "rapport/?versie=-1",
    ADOPTED + "rapport.pdf?versie=0",
    ADOPTED + "rapport.exe",
    AGENDA + "doel/a1/logboek/?meetmoment=%00",
    AGENDA + "doel/a1/vraag/?meetmoment=%F0%9F%92%A5",
    AGENDA + "doel/A1/logboek/",
    AGENDA + "oost-26/logboek/",
    TELLEN + "9999-12-31/",
    TELLEN + "9999-12-31/logboek/",
    TELLEN + "2026-02-30/logboek/",
    TELLEN + "0000-01-01/",
    KWARTAAL + "oost/logboek/",
    KWARTAAL + "momentopname.json?versie=%00",
    f"{KWARTAAL}gemaskeerd.json?versie={HUGE}",
    f"{OPENBAAR_RAPPORT}versie-{HUGE}/",
    OPENBAAR_RAPPORT + "versie-0/",
    OPENBAAR_RAPPORT + "rapport.exe",
    "/openbaar/west/2023-2027/west-26/",
    "/openbaar/oost/2023-2027/oost-26/",
)


def test_what_does_not_exist_is_not_found(west: Wereld):
    make_wereld("oost", 2)
    for reader in (west.secretaris, west.oogo_lid):
        client = client_of(reader)
        answers = {path: client.get(path).status_code for path in NOWHERE}
        # Who may not do a thing there hears that first, and of a NUL that it cannot be read
        assert {path: code for path, code in answers.items() if code not in {400, 403, 404}} == {}


def test_a_key_of_the_kalender_that_was_tampered_with_opens_nothing(west: Wereld):
    key = KEY.sign(kalendernummer("west"))
    client = client_of(None)
    assert client.get(f"/kalender/{key}.ics").status_code == 200
    number, _, signature = key.partition(".")
    other = "b" if signature[0] != "b" else "c"
    backwards = f"{number[::-1]}.{signature}"
    for wrong in (f"{number}.{other}{signature[1:]}", backwards, f"{signature}.{number}", "%00", HUGE):
        assert client.get(f"/kalender/{wrong}.ics").status_code == 404


def forms_of(client: Client, path: str) -> Iterator[tuple[str, list[str]]]:
    """Yield where the forms of a page are sent, each with the names of its fields."""
    answer = client.get(path)
    html = answer.text if answer.status_code == 200 and not answer.streaming else ""
    # A field may stand outside its form: each form gets all of the page.
    names = set(re.findall(r'<(?:input|textarea|select)[^>]*? name="([^"]+)"', html)) - {"csrfmiddlewaretoken"}
    for form in re.findall(r'<form[^>]*method="post"[^>]*>', html):
        action = re.search(r'action="([^"]*)"', form)
        to = unescape(action[1]) if action and action[1] else path
        if not to.startswith("/account/"):
            yield to, sorted(names)


def test_forms_that_are_filled_with_nonsense_change_nothing(west: Wereld):
    sent = 0
    for reader in (west.secretaris, west.oogo_lid, west.invoerder, west.coordinator):
        client, before = client_of(reader), everything()
        for path in OURS:
            for action, names in forms_of(client, path):
                # A button alone, to confirm, has nothing to fill in wrong.
                if not names:
                    continue
                response = client.post(action, {**{name: [TYPED, TYPED] for name in names}, "onbekend": TYPED})
                assert response.status_code < 500, (reader, action, names)
                sent += 1
                assert everything() == before, (reader, action, names)
    assert sent > 10


def test_forms_of_another_regio_take_nothing(west: Wereld):
    oost = make_wereld("oost", 2)
    client, stranger = client_of(west.secretaris), client_of(oost.secretaris)
    before = everything()
    for path in OURS:
        for action, names in forms_of(client, path):
            if action.startswith(WEST):
                assert stranger.post(action, dict.fromkeys(names, "1")).status_code == 404, action
    assert everything() == before


def test_names_with_marks_of_html_stay_text(west: Wereld):
    name = "<b>&\"'</b>"
    Regio.objects.update(naam=name)
    for organisatie in Organisatie.objects.all():
        Organisatie.objects.filter(pk=organisatie.pk).update(naam=f"{name} {organisatie.pk}")
    Gebruiker.objects.update(naam=name)
    type(west.doel).objects.update(toelichting=name)
    client = client_of(west.secretaris)
    for path in OURS:
        answer = client.get(path, follow=True)
        if answer["Content-Type"].startswith("text/html"):
            assert "<b>&" not in answer.text, path
            assert complaints(answer) == [], path
        assert answer.status_code < 500, path
