"""The log of a doel, a score, a report and a gemeente's counts: who, when, what stood there and why."""

from collections.abc import Callable
from datetime import date

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from agenda.models import Actie, Trekker
from monitoring.actions import save_score
from regio.audit import sign
from regio.models import Organisatie
from regio.permissions import Rol
from tests.factories import make_gebruiker, make_gemeente
from tests.monitoring.decisions import REASON, Besluitvorming
from tests.monitoring.test_reading import Page, text
from tests.thuiszitters.factories import fill, make_categorieen, make_telmoment, submit
from tests.worlds import once
from thuiszitters.actions import return_opgave
from thuiszitters.models import Opgave, Telling

NOW = "2026-11-21T12:00:00+01:00"
AGENDA = "/regio/west/agenda/2023-2027/"
LOG_B1 = AGENDA + "doel/b1/logboek/"

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel(NOW, tick=False):
        yield


built, world = once(Besluitvorming, at=NOW)


@pytest.fixture
def read(world) -> Callable[..., Page]:
    def read(address: str, name: str = "coordinator") -> Page:
        client = Client()
        client.force_login(world.people[name])
        return Page(client.get(address))

    return read


def entries(page: Page, heading: str) -> list[str]:
    return [text(item) for item in page.card(heading).iter("li")]


def rescore(world, waarde, toelichting, by="secretaris"):
    score = world.b1.voortgangsscore_set.get(meetmoment=world.moment, organisatie=None)
    step = world.agenda.schaal.waarden.get(waarde=waarde)
    given = {"waarde": step, "toelichting": toelichting, "versie": score.versie, "by": world.people[by]}
    save_score(doel=world.b1, meetmoment=world.moment, organisatie=None, **given)


# Doel and score


def test_doel_tells_who_changed_which_score_and_what_stood_there(world, read):
    with time_machine.travel("2026-11-22 10:00+01:00", tick=False):
        rescore(world, 2, "Bijgesteld")
        latest, *others = entries(read(LOG_B1), "Scores")
    assert latest == (
        "22 november 2026, 10:00 · Secretaris Aug 25: 4 · vooruitgang → wordt 2 · vraagt aandacht · toelichting"
        " gewijzigd Was Beter bij B1 Werd Bijgesteld"
    )
    assert any(
        other.endswith("Aug 24: geen → wordt 3 · neutraal · toelichting geschreven Vorig jaar") for other in others
    )


def test_log_of_one_score_leaves_out_the_other_years(world, read):
    page = read(LOG_B1 + "?meetmoment=aug-24")
    assert len(entries(page, "Scores van Aug 24")) == 1
    assert "Het doel, zijn acties, trekkers en metingen" not in page.html
    client = Client()
    client.force_login(world.people["oogo-lid"])
    assert client.get(LOG_B1 + "?meetmoment=aug-99").status_code == 404


def test_doel_tells_what_its_text_was_and_what_became_of_acties_and_trekkers(world, read):
    secretaris = world.people["secretaris"]
    world.b1.controle = "Elk kwartaal nagaan"
    sign(world.b1, secretaris, reason="Het OOGO vroeg om vaker te kijken.")
    world.b1.save()
    actie = Actie(doel=world.b1, omschrijving="Een plan maken")
    for made in (actie, Trekker(doel=world.b1, organisatie=world.stad, kant="gemeente")):
        sign(made, secretaris)
        made.save()
    actie.gereed_voor = date(2027, 1, 1)
    sign(actie, secretaris)
    actie.save()
    said = entries(read(LOG_B1), "Het doel, zijn acties, trekkers en metingen")
    assert any(
        "Secretaris Doel gewijzigd Het OOGO vroeg om vaker te kijken. Check (controle) Nagaan Elk kwartaal nagaan" in s
        for s in said
    )
    assert any("Secretaris Actie gewijzigd Gereed vóór (leeg) 1 januari 2027" in s for s in said)
    assert any("Secretaris Trekker toegevoegd" in s for s in said)


# Rapportage


def test_report_tells_its_steps_with_who_when_and_why(world, read):
    world.submit()
    world.give_back(per_doel={world.b1: "Onderbouw dit."})
    world.submit(op=None)
    world.adopt()
    world.reopen()
    page = read(AGENDA + "aug-25/logboek/")
    steps = entries(page, "Op weg naar het OOGO")
    assert [step.split(" · ")[1].partition(" ")[2] for step in steps] == [
        "Versie 2 heropend Een cijfer klopte niet.",
        "Versie 1 vastgesteld OOGO, OOGO 2025-3, punt 4",
        "Versie 1 voorgelegd aan het OOGO",
        f"Versie 1 teruggegeven {REASON}",
        "Versie 1 voorgelegd aan het OOGO",
        "Begonnen",
    ]
    assert steps[0].startswith("21 november 2026, 12:00 · Oogo-Lid ")
    assert [s for s in entries(page, "Scores van Aug 25") if "B1: geen → wordt 4 · vooruitgang" in s]
    assert [s for s in entries(page, "Scores van Aug 25") if "A1, Stad: geen → wordt 2" in s]


def test_report_leads_to_its_log(world, read):
    assert AGENDA + "aug-25/logboek/" in read(AGENDA + "aug-25/rapport/").links().values()


# Counts


@pytest.fixture
def counted(world) -> str:
    """Stad counted 3 children, submitted, got it back and made it 4; return the address of its log."""
    make_categorieen()
    moment, invoerder = make_telmoment(world.regio), world.people["invoerder"]
    with time_machine.travel("2026-10-05T09:00:00+02:00", tick=False):
        fill(moment, world.stad, invoerder, thuiszitters_vo=3, andere_reden_vo=3)
        submit(moment, world.stad, invoerder)
    with time_machine.travel("2026-10-06T09:00:00+02:00", tick=False):
        given = {"telmoment": moment, "gemeente": world.stad, "by": world.people["secretaris"]}
        return_opgave(reden="Kijk 3 nog eens na.", **given)
    with time_machine.travel("2026-10-07T09:00:00+02:00", tick=False):
        telling = Telling.objects.get(categorie__code="thuiszitters", sector="VO")
        telling.aantal, telling.toelichting = 4, "Er was er een vergeten."
        sign(telling, invoerder)
        telling.save()
    return f"/regio/west/thuiszitters/{moment.peildatum}/stad/logboek/"


@pytest.mark.parametrize("name", ["secretaris", "coordinator", "invoerder"])
def test_who_may_see_the_counts_reads_what_stood_there_and_why(read, counted, name):
    page = read(counted, name)
    assert entries(page, "De opgave")[0] == "6 oktober 2026, 09:00 Secretaris gaf de opgave terug: Kijk 3 nog eens na."
    latest, first = entries(page, "De aantallen")
    assert latest.startswith("7 oktober 2026, 09:00 Invoerder vulde aantallen in of wijzigde ze 1 aantal")
    assert "Thuiszitters VO 3 4 Er was er een vergeten." in latest
    assert "VO geen opgave 3" in first


@pytest.mark.parametrize("name", ["oogo-lid", "buur"])
def test_who_sees_masked_counts_reads_who_and_when_and_no_number(world, read, counted, name):
    buur = make_gemeente(world.regio, "buur", "GM0002")
    world.people["buur"] = make_gebruiker("buur@west.example", Rol.INVOERDER, world.regio, buur)
    page = read(counted, name)
    assert entries(page, "De opgave")[0] == "6 oktober 2026, 09:00 Secretaris gaf de opgave terug"
    assert entries(page, "De aantallen") == [
        "7 oktober 2026, 09:00 Invoerder vulde aantallen in of wijzigde ze",
        "5 oktober 2026, 09:00 Invoerder vulde aantallen in of wijzigde ze",
    ]
    assert "vergeten" not in page.html
    assert "Kijk 3" not in page.html


def test_a_gemeente_that_did_nothing_has_an_empty_log(world, read, counted):
    make_gemeente(world.regio, "stil", "GM0003")
    page = read(counted.replace("/stad/", "/stil/"))
    assert "Nog niemand begon aan deze opgave." in page.html
    assert not Opgave.objects.filter(gemeente=Organisatie.objects.get(slug="stil")).exists()


# Every log


@pytest.mark.parametrize("address", [LOG_B1, LOG_B1 + "?meetmoment=aug-25", AGENDA + "aug-25/logboek/", "counts"])
def test_queries_of_a_log_are_few_and_as_many_for_one_change_as_for_many(world, counted, address):
    address = counted if address == "counts" else address
    client = Client()
    client.force_login(world.people["coordinator"])
    from_few = queries_of(client, address)
    for number in range(4):
        with time_machine.travel(f"2026-12-0{number + 1}T12:00:00+01:00", tick=False):
            rescore(world, number + 1, f"Tekst {number}", by="indiener" if number % 2 else "secretaris")
            for telling in Telling.objects.all()[:3]:
                telling.aantal = number
                sign(telling, world.people["secretaris"])
                telling.save()
    assert queries_of(client, address) == from_few <= 12


def queries_of(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as found:
        assert client.get(address).status_code == 200
    return len(found)
