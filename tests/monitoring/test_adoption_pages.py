"""The steps to the OOGO and back in the browser's place: forms, and what the reader sees after."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from django.utils.html import escape

from monitoring.models import Besluit, Rapportage, Teruggave, Voortgangsscore
from regio.models import Overleg
from tests.monitoring.decisions import REASON, STATES, Besluitvorming
from tests.worlds import once

pytestmark = pytest.mark.django_db

NOW = "2025-10-01T12:00:00+02:00"
MOMENT = "/regio/west/agenda/2023-2027/aug-25/"
GIVEN = {"vergaderdatum": "2025-09-11", "kenmerk": "OOGO 2025-3, punt 4", "opmerkingen": ""}


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel(NOW, tick=False):
        yield


built, world = once(Besluitvorming, at=NOW)


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
        ({"vergaderdatum": "2025-09-01"}, "Op 1 september 2025 lag dit nog niet voor; dat is sinds 2 september 2025."),
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


def test_a_meeting_before_the_submission_is_recorded_once_it_is_said_to_be_so(world, sign_in):
    world.submit()
    client = sign_in("oogo-lid")
    assert 'name="eerder"' not in client.get(f"{MOMENT}vaststellen/").text
    assert 'name="eerder"' in adopt_by_hand(client, world, vergaderdatum="2025-09-01").text

    again = adopt_by_hand(client, world, vergaderdatum="2025-09-01", eerder="on", kenmerk="").text
    assert re.search(r'name="eerder"[^>]* checked', again)

    adopt_by_hand(client, world, vergaderdatum="2025-09-01", eerder="on")
    assert Besluit.objects.get().vergaderdatum.isoformat() == "2025-09-01"


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
def test_every_page_of_every_step_explains_itself_in_every_state(world, sign_in, state, django_assert_max_num_queries):
    world.bring_to(state)
    client = sign_in("secretaris")
    for step in ("voorleggen", "teruggeven", "vaststellen", "heropenen", "invoer", "rapport"):
        with django_assert_max_num_queries(12):
            page = client.get(f"{MOMENT}{step}/")
        assert (page.status_code, page.text.count("<h1>")) == (200, 1), step


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


@pytest.mark.parametrize(
    ("step", "fields", "state", "said"),
    [
        ("vaststellen", ("kenmerk", "opmerkingen", "doel-b1"), "vastgesteld", "is al vastgesteld"),
        ("teruggeven", ("reden", "doel-b1"), "concept", "ligt niet voor aan het OOGO"),
        ("heropenen", ("reden",), "voorgelegd", "is niet vastgesteld"),
    ],
)
def test_a_step_from_a_tab_that_is_behind_changes_nothing_and_gives_back_what_was_typed(
    world, sign_in, step, fields, state, said
):
    world.bring_to(state)
    before = Rapportage.objects.values().get(meetmoment=world.moment)
    data = {name: f"Getypt bij {name} & <meer>" for name in fields}
    page = sign_in("oogo-lid").post(f"{MOMENT}{step}/", data).text
    assert said in page
    assert [text for text in map(escape, data.values()) if text not in page] == []
    assert Rapportage.objects.values().get(meetmoment=world.moment) == before


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


def test_before_submitting_anew_it_is_told_what_was_asked_and_not_answered(world, sign_in):
    world.submit(op=None)
    world.give_back(per_doel={world.b1: "Onderbouw dit."})
    client = sign_in("secretaris")
    assert "deze scores en toelichtingen zijn sindsdien niet gewijzigd" in client.get(MOMENT + "voorleggen/").text
    assert "Onderbouw dit." in client.get(MOMENT + "voorleggen/").text
    score = Voortgangsscore.objects.filter(doel=world.b1, meetmoment=world.moment)
    score.update(toelichting="Onderbouwd.", gewijzigd_op=timezone.now() + timedelta(minutes=1))
    assert "sindsdien niet gewijzigd" not in client.get(MOMENT + "voorleggen/").text


def test_what_the_secretaris_takes_back_is_not_said_to_come_from_the_oogo(world, sign_in):
    world.submit()
    data = {"reden": "Ik zag zelf een fout.", "doel-b1": "Het getal klopt niet."}
    told = sign_in("indiener").post(f"{MOMENT}teruggeven/", data, follow=True).text
    pages = [told, *(sign_in("indiener").get(url).text for url in ("/", f"{MOMENT}invoer/", f"{MOMENT}rapport/"))]
    for page in pages:
        assert "Ik zag zelf een fout." in page
        assert not re.search(r"door het OOGO|OOGO (gaf|vraagt)|De secretaris ziet", page)
    assert f"{world.people['indiener']}, 1 oktober 2025" in pages[-1]


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


def test_who_enters_the_next_version_reads_why_it_is_made(world, sign_in):
    world.bring_to("heropend")
    page = sign_in("secretaris").get(f"{MOMENT}invoer/").text
    assert "<strong>Versie 2 is in de maak.</strong> Een cijfer klopte niet." in page


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


def test_a_concept_that_left_the_house_is_unknown(world, sign_in):
    client = sign_in("coordinator")
    for kind in ("pdf", "json"):
        concept = SimpleUploadedFile(f"rapport.{kind}", client.get(f"{MOMENT}rapport.{kind}").content)
        assert "Dit bestand is onbekend" in client.post("/controleren/", {"bestand": concept}).text
