"""The acties of a doel: what they are, who take part, by when, and until when somebody asks for them."""

from datetime import date

import pytest
import time_machine

from agenda.models import Actie
from monitoring.record import load_doel_changes
from regio.audit import sign
from regio.permissions import Rol
from tests.factories import make_agenda, make_doel, make_gebruiker, make_gemeente, make_meetmoment, make_regio
from tests.page import Page, text
from tests.worlds import once

NOW = "2026-11-21T12:00:00+01:00"
DOEL = "/regio/west/agenda/2023-2027/doel/a1/"
RAPPORT = "/regio/west/agenda/2023-2027/aug-26/rapport/"

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel(NOW, tick=False):
        yield


class World:
    """One doel, without acties yet."""

    def __init__(self):
        self.regio = make_regio("west")
        self.secretaris = make_gebruiker("sara@example.test", Rol.SECRETARIS, self.regio)
        self.stad = make_gemeente(self.regio, "stad", "GM0001")
        self.agenda = make_agenda(self.regio)
        self.doel = make_doel(self.agenda, "A1")


built, world = once(World, at=NOW)


@pytest.fixture
def read(client, world):
    def read(address):
        client.force_login(world.secretaris)
        return Page(client.get(address))

    return read


def test_doel_shows_in_the_words_of_the_agenda_who_take_part_and_when(read, world):
    actie = Actie.objects.create(
        doel=world.doel,
        omschrijving="Onderzoek doen.\nDaarna afspraken maken.",
        betrokkenen="Alle scholen, ouders.",
        planning="Start na de herfstvakantie.\nVerder lopende de periode.",
        soort="doorlopend",
    )
    actie.partijen.set([world.stad])

    [item] = read(DOEL).card("Acties").iter("li")

    assert text(item) == (
        "Onderzoek doen. Daarna afspraken maken. Doorlopend Partijen Alle scholen, ouders. In deze regio: Stad"
        " Planning Start na de herfstvakantie. Verder lopende de periode."
    )


def test_a_change_of_who_take_part_or_when_stands_in_the_log(world):
    actie = Actie(doel=world.doel, omschrijving="Onderzoek doen")
    sign(actie, world.secretaris)
    actie.save()
    actie.betrokkenen, actie.planning = "Alle scholen", "Na de zomer"
    sign(actie, world.secretaris)
    actie.save()

    [changed] = [change for change in load_doel_changes(world.doel) if change.wat == "actie gewijzigd"]

    assert "Alle scholen" in str(changed.velden)
    assert "Na de zomer" in str(changed.velden)


def test_an_actie_is_late_while_its_agenda_runs_and_no_longer(read, world):
    make_meetmoment(world.agenda, "aug-26", date(2026, 8, 31))
    Actie.objects.create(doel=world.doel, omschrijving="Plan maken", gereed_voor=date(2026, 1, 1))

    assert "Nieuw · Te laat ! Gereed vóór 1 januari 2026" in text(read(DOEL).card("Acties"))
    assert "Plan maken" in text(read("/regio/west/").card("Wat vraagt een besluit?"))
    assert "actie te laat" in text(read(RAPPORT).root)

    with time_machine.travel("2027-08-01T12:00:00+02:00", tick=False):
        ended = text(read(DOEL).card("Acties"))
        assert "Deze agenda liep tot en met 31 juli 2027. Wat toen niet klaar was, telt niet meer als te laat." in ended
        assert "Nieuw · Gereed vóór 1 januari 2026" in ended
        assert "Plan maken" not in text(read("/regio/west/").card("Wat vraagt een besluit?"))
        # A report tells how it stood on its own day.
        assert "actie te laat" in text(read(RAPPORT).root)


def test_the_evaluation_after_the_end_of_an_agenda_still_tells_what_was_never_finished(read, world):
    make_meetmoment(world.agenda, "aug-27", date(2027, 8, 31), soort="evaluatie")
    Actie.objects.create(doel=world.doel, omschrijving="Plan maken", gereed_voor=date(2027, 7, 31))

    with time_machine.travel("2027-09-30T12:00:00+02:00", tick=False):
        assert "Plan maken actie te laat" in text(read(RAPPORT.replace("aug-26", "aug-27")).root)


def test_an_ended_agenda_without_meetmomenten_promises_none(read, world):
    assert "Deze agenda heeft nog geen meetmoment." in text(read("/regio/west/").card("Nog geen meetmomenten"))

    with time_machine.travel("2027-08-01T12:00:00+02:00", tick=False):
        page = read("/regio/west/")
        card = page.card("Deze agenda is afgelopen")
        links = page.links(card)
        assert read(links["Agenda toevoegen"]).all("h1")
        doel = text(read(DOEL).card("Scores en toelichting"))
        werk = text(read("/").card("Uw regio"))

    assert "Zij liep tot en met 31 juli 2027 en heeft geen meetmomenten." in text(card)
    assert "Deze agenda is afgelopen en heeft geen meetmomenten. Er zijn dus geen scores." in doel
    assert "Afgelopen op 31 juli 2027." in werk


def test_the_acties_go_before_the_scores_where_there_are_none_yet(read, world):
    Actie.objects.create(doel=world.doel, omschrijving="Plan maken")
    cards = ["Acties", "Scores en toelichting"]
    page = read(DOEL)
    assert [text(h) for h in page.all("h2") if text(h) in cards] == cards
    assert text(page.card("Acties")).startswith("Acties 1 actie Plan maken")

    make_meetmoment(world.agenda, "aug-26", date(2026, 8, 31))
    assert [text(h) for h in read(DOEL).all("h2") if text(h) in cards] == cards[::-1]


def test_a_plan_of_several_lines_is_no_giant_heading(read, world):
    assert read(DOEL).all("h1")[0].get("class") is None
    world.doel.plan = "De scholen en de gemeenten werken samen, en dat doen zij elk jaar meer. " * 2
    world.doel.save()
    assert read(DOEL).all("h1")[0].get("class") == "kop-lang"


def test_the_table_of_the_agenda_leads_to_the_acties_of_a_doel(read, world):
    make_doel(world.agenda, "A2")
    for omschrijving in ("Plan maken", "Plan bespreken"):
        Actie.objects.create(doel=world.doel, omschrijving=omschrijving)

    links = read("/regio/west/agenda/2023-2027/").links()

    assert links["2 acties bij A1"] == f"{DOEL}#acties"
    assert "acties bij A2" not in " ".join(links)
