"""The steps to the OOGO and back in the browser's place: forms, what the reader sees after, and verifying files."""

import io
import json
from collections.abc import Callable
from typing import Any

import pikepdf
import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from monitoring.models import Afdruk, Besluit, Momentopname, Rapportage, Teruggave
from monitoring.snapshot import canonical
from monitoring.verification import MAX_BYTES
from regio.models import Overleg
from tests.monitoring.decisions import REASON, STATES, Besluitvorming

pytestmark = pytest.mark.django_db

MOMENT = "/regio/west/agenda/2023-2027/aug-25/"
GIVEN = {"vergaderdatum": "2025-09-11", "kenmerk": "OOGO 2025-3, punt 4", "opmerkingen": ""}


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel("2025-10-01T12:00:00+02:00", tick=False):
        yield


@pytest.fixture
def world() -> Besluitvorming:
    return Besluitvorming()


@pytest.fixture
def sign_in(client: Client, world: Besluitvorming) -> Callable[[str], Client]:
    def sign_in(role: str) -> Client:
        client.force_login(world.people[role])
        return client

    return sign_in


def adopt_by_hand(client: Client, world: Besluitvorming, **fields: Any) -> Any:
    read = Rapportage.objects.get().voorgelegd_op
    data = {**GIVEN, "gezien": read.isoformat() if read else "", "overleg": world.oogo.pk, **fields}
    return client.post(f"{MOMENT}vaststellen/", data, follow=True)


# Adopting


def test_an_oogo_lid_adopts_and_reads_that_it_is_adopted(world, sign_in):
    world.submit()
    client = sign_in("oogo-lid")
    form = client.get(f"{MOMENT}vaststellen/").text
    assert "zoals het op 2 september 2025 om 14:00 uur is voorgelegd" in form

    answer = adopt_by_hand(client, world, opmerkingen="Met dank aan het REA.", **{"doel-b1": "Houd dit vol."})

    assert answer.redirect_chain == [(f"{MOMENT}rapport/", 302)]
    assert "Aug 25 is vastgesteld. Dit rapport verandert niet meer." in answer.text
    assert "Vastgesteld in OOGO op 11 september 2025, kenmerk OOGO 2025-3, punt 4, versie 1" in answer.text
    assert "Met dank aan het REA." in answer.text
    assert "Houd dit vol." in answer.text
    assert "Houd dit vol." in client.get("/regio/west/agenda/2023-2027/doel/b1/").text


def test_a_secretaris_registers_the_decision_and_the_report_says_exactly_that(world, sign_in):
    world.submit()
    client = sign_in("indiener")
    assert "U legt vast wat het OOGO heeft besloten." in client.get(f"{MOMENT}vaststellen/").text

    answer = adopt_by_hand(client, world)

    assert Besluit.objects.get().geregistreerd_door == world.indiener
    assert f"Het besluit van het overleg is vastgelegd door {world.indiener}" in answer.text


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"kenmerk": ""}, "Vul het agendapunt of het besluitnummer in"),
        ({"vergaderdatum": ""}, "Vul de datum van de vergadering in."),
        ({"vergaderdatum": "gisteren"}, "Schrijf de datum als 11-09-2025."),
        ({"vergaderdatum": "2025-10-02"}, "Deze vergadering is nog niet geweest."),
        ({"overleg": "999999"}, "Kies een overleg uit de lijst."),
        ({"opmerkingen": "Bel 06-12345678"}, "telefoonnummer"),
        ({"doel-b1": "Bel 06-12345678"}, "telefoonnummer"),
    ],
)
def test_what_is_not_right_is_told_and_nothing_is_lost(world, sign_in, fields, said):
    world.submit()
    answer = adopt_by_hand(sign_in("oogo-lid"), world, **{"doel-a1": "Deze tekst blijft staan.", **fields})
    assert said in answer.text
    assert "Deze tekst blijft staan." in answer.text
    assert not Besluit.objects.exists()


def test_a_report_that_was_submitted_anew_is_read_first(world, sign_in):
    world.submit()
    client = sign_in("oogo-lid")
    read = Rapportage.objects.get().voorgelegd_op
    assert read
    shown = read.isoformat()
    assert f'value="{shown}"' in client.get(f"{MOMENT}vaststellen/").text
    world.give_back()
    world.submit(op=None)

    assert "Lees eerst wat er nu voorligt" in adopt_by_hand(client, world, gezien=shown).text
    assert not Besluit.objects.exists()


def test_a_regio_without_a_bestuurlijk_overleg_is_told_so(world, sign_in):
    Overleg.objects.filter(niveau="bestuurlijk").delete()
    world.submit()
    assert "Deze regio heeft nog geen bestuurlijk overleg." in sign_in("oogo-lid").get(f"{MOMENT}vaststellen/").text


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("step", ["voorleggen", "teruggeven", "vaststellen", "heropenen", "invoer", "rapport"])
def test_every_page_of_every_step_explains_itself_in_every_state(
    world, sign_in, state, step, django_assert_max_num_queries
):
    world.bring_to(state)
    client = sign_in("secretaris")
    with django_assert_max_num_queries(12):
        page = client.get(f"{MOMENT}{step}/")
    assert page.status_code == 200
    assert page.text.count("<h1>") == 1


@pytest.mark.parametrize(
    ("step", "state", "said"),
    [
        ("vaststellen", "concept", "ligt niet voor aan het OOGO"),
        ("vaststellen", "vastgesteld", "is al vastgesteld"),
        ("heropenen", "voorgelegd", "is niet vastgesteld"),
        ("voorleggen", "vastgesteld", "Heropen het dan eerst"),
        ("invoer", "vastgesteld", "Deze scores staan vast."),
    ],
)
def test_a_step_that_cannot_be_taken_says_why(world, sign_in, step, state, said):
    world.bring_to(state)
    assert said in sign_in("secretaris").get(f"{MOMENT}{step}/").text


# Returning


def test_the_reason_stands_on_the_card_of_its_doel_and_stays_on_its_page(world, sign_in):
    world.submit()
    data = {"reden": REASON, "doel-b1": "Onderbouw dit met cijfers.", "doel-a1": ""}
    sign_in("oogo-lid").post(f"{MOMENT}teruggeven/", data)

    page = sign_in("secretaris").get(f"{MOMENT}invoer/").text
    card = page[page.index('id="doel-b1"') :]
    assert "Onderbouw dit met cijfers." in card
    assert "Onderbouw dit met cijfers." not in page[: page.index('id="doel-b1"')]
    assert REASON in page

    world.submit()
    assert "Onderbouw dit met cijfers." not in sign_in("secretaris").get(f"{MOMENT}invoer/").text
    assert "Onderbouw dit met cijfers." in sign_in("secretaris").get("/regio/west/agenda/2023-2027/doel/b1/").text
    report = sign_in("coordinator").get(f"{MOMENT}rapport/").text
    assert "Versie 1 teruggegeven" in report
    assert Teruggave.objects.get().reden == REASON


# Reopening and its versions


def test_reopening_asks_once_and_says_what_it_does(world, sign_in):
    world.bring_to("vastgesteld")
    client = sign_in("oogo-lid")
    page = client.get(f"{MOMENT}heropenen/").text
    assert "Versie 1 is vastgesteld en blijft precies zo te lezen en te downloaden." in page
    refused = client.post(f"{MOMENT}heropenen/", {"reden": ""}).text
    assert "Schrijf waarom het vastgestelde rapport moet veranderen." in refused

    answer = client.post(f"{MOMENT}heropenen/", {"reden": "Een cijfer klopte niet."}, follow=True)

    assert "Versie 2 van Aug 25 is begonnen." in answer.text
    assert "Versie 2 is in de maak, omdat: Een cijfer klopte niet." in answer.text


def test_each_version_stays_readable_and_shows_what_it_changed(world, sign_in):
    world.bring_to("heropend")
    world.b1.voortgangsscore_set.filter(meetmoment=world.moment).update(toelichting="Beter bij B1, met cijfers")
    world.submit()
    world.adopt()
    client = sign_in("coordinator")

    latest, first = client.get(f"{MOMENT}rapport/").text, client.get(f"{MOMENT}rapport/?versie=1").text

    assert "Beter bij B1, met cijfers" in latest[latest.index("<article") : latest.index("</article>")]
    assert "Beter bij B1, met cijfers" not in first[first.index("<article") : first.index("</article>")]
    assert "Er is een latere versie vastgesteld" in first
    assert "Thema één · B1 · Aug 25 · toelichting" in latest
    assert "<ins>Beter bij B1, met cijfers</ins>" in latest
    assert "Heropend omdat:" in latest
    for kind in ("csv", "json"):
        assert b"met cijfers" not in client.get(f"{MOMENT}rapport.{kind}?versie=1").content
        assert b"met cijfers" in client.get(f"{MOMENT}rapport.{kind}").content


def test_while_the_next_version_is_made_the_adopted_one_is_one_click_away(world, sign_in):
    world.bring_to("heropend")
    client = sign_in("coordinator")
    assert "Concept" in client.get(f"{MOMENT}rapport/").text
    assert "Vastgesteld in OOGO" in client.get(f"{MOMENT}rapport/?versie=1").text


@pytest.mark.parametrize("versie", ["0", "2", "x", "-1", "1;", ""])
def test_a_version_that_does_not_exist_is_not_found(world, sign_in, versie):
    world.bring_to("vastgesteld")
    for page in ("rapport/", "rapport.csv", "momentopname.json"):
        assert sign_in("coordinator").get(f"{MOMENT}{page}?versie={versie}").status_code == 404


def test_mijn_werk_of_an_oogo_lid_ends_with_adoption(world, sign_in):
    world.submit()
    assert f'href="{MOMENT}vaststellen/"' in sign_in("oogo-lid").get("/").text
    world.adopt()
    assert "vaststellen/" not in sign_in("oogo-lid").get("/").text


# Verifying a file


@pytest.fixture
def adopted(world) -> Momentopname:
    world.submit()
    return world.adopt()


def verify(client: Client, content: bytes, name: str = "rapport.pdf") -> str:
    return client.post("/controleren/", {"bestand": SimpleUploadedFile(name, content)}).text


UNCHANGED = "Ongewijzigd vastgesteld op 11 september 2025 in OOGO"


@pytest.mark.parametrize("page", ["rapport.pdf", "rapport.json", "momentopname.json"])
def test_what_left_the_house_is_recognised(adopted, sign_in, page):
    client = sign_in("coordinator")
    assert UNCHANGED in verify(client, client.get(MOMENT + page).content, page)


def test_a_pdf_of_an_earlier_version_of_the_product_is_recognised(adopted, sign_in, monkeypatch):
    client = sign_in("coordinator")
    pdf = client.get(f"{MOMENT}rapport.pdf").content
    monkeypatch.setattr("monitoring.publication.read_stylesheet", lambda: "")
    assert client.get(f"{MOMENT}rapport.pdf").content != pdf
    assert UNCHANGED in verify(client, pdf)
    assert Afdruk.objects.count() == 2


def test_a_pdf_that_was_saved_anew_keeps_its_data_but_not_its_word(adopted, sign_in):
    client, again = sign_in("coordinator"), io.BytesIO()
    with pikepdf.open(io.BytesIO(client.get(f"{MOMENT}rapport.pdf").content)) as pdf:
        pdf.save(again)
    answer = verify(client, again.getvalue())
    assert "De gegevens zijn ongewijzigd, het bestand niet" in answer
    assert UNCHANGED not in answer


def test_a_forged_snapshot_is_shown_for_what_differs(adopted, sign_in):
    content = json.loads(adopted.inhoud)
    content["themas"][0]["doelen"][1]["scores"][1]["waarde"] = "w5"
    answer = verify(sign_in("coordinator"), canonical(content).encode(), "vervalst.json")
    assert "Dit is niet wat is vastgesteld" in answer
    assert "Thema één · B1 · Aug 25 · score" in answer
    assert "<ins>5 · vooruitgang en zijn we trots op!</ins>" in answer


def test_a_concept_is_unknown(world, sign_in):
    client = sign_in("coordinator")
    for kind in ("pdf", "json"):
        concept = client.get(f"{MOMENT}rapport.{kind}").content
        assert "Dit bestand is onbekend" in verify(client, concept, f"rapport.{kind}")


def test_another_regio_learns_nothing(adopted, sign_in):
    answer = verify(sign_in("elders"), adopted.inhoud.encode(), "rapport.json")
    assert "Dit bestand is onbekend" in answer
    assert "Beter bij B1" not in answer


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "Dit bestand is leeg."),
        (b"PK\x03\x04", "Dit is geen pdf en geen JSON."),
        (b"%PDF-1.7 kapot", "beschadigd"),
        (b"%PDF-" + b"\x00" * 5000, "beschadigd"),
        (b'{"a": "\xff"}', "geen leesbare JSON"),
        (b"{", "Dit bestand is onbekend"),
        (b'{"schema": 1, "besluit": null}', "Dit bestand is onbekend"),
        (b'{"schema": 1, "regio": [], "agenda": {}, "meetmoment": 1, "besluit": 1}', "Dit bestand is onbekend"),
        (b'{"a":' * 50_000, "Dit bestand is onbekend"),
        (b"{" + b" " * MAX_BYTES, "groter dan 10 MB"),
    ],
    ids=lambda value: str(value)[:30],
)
def test_what_is_no_such_file_is_refused_with_a_reason(adopted, sign_in, content, said):
    assert said in verify(sign_in("coordinator"), content)


SHAPES = [
    {"themas": None},
    {"themas": [1, "x", None, {"naam": [], "doelen": {"a": 1}}]},
    {"waarden": [{"sleutel": {}}, 3]},
    {"besluit": "wij"},
    {"meetmomenten": {"x": {}}},
    {"versie": 1, "nieuw": {"a": [[]]}},
]


@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_a_snapshot_of_a_strange_shape_is_compared_all_the_same(adopted, sign_in, shape):
    forged = json.dumps(json.loads(adopted.inhoud) | shape).encode()
    assert "Dit is niet wat is vastgesteld" in verify(sign_in("coordinator"), forged, "x.json")
