"""What the page of an agenda shows beside its doelen: what it tells of its thema's, and who decides."""

import pytest

from regio.models import Overleg
from regio.permissions import Rol
from tests.factories import make_agenda, make_doel, make_gebruiker, make_gemeente, make_regio, make_thema
from tests.page import Page, text
from tests.worlds import once

AGENDA = "/regio/midden/agenda/2018-2019/"

pytestmark = pytest.mark.django_db


class World:
    """One thema with a doel and one without, of both of which the agenda tells something."""

    def __init__(self):
        self.regio = make_regio("midden")
        self.oogo_lid = make_gebruiker("olga@example.test", Rol.OOGO_LID, self.regio)
        self.agenda = make_agenda(self.regio, "2018-2019", uitgangspunten="**Samen**\n\n- zonder grenzen")
        route = make_thema(self.agenda, "route", volgorde=2, naam="De route", omschrijving="Vroeg *signaleren*")
        make_thema(self.agenda, "focus", volgorde=1, naam="Preventie", omschrijving="Vaste gezichten")
        make_thema(self.agenda, "stil", volgorde=3, naam="Zonder verhaal")
        make_doel(self.agenda, "R1", route)
        self.bestuurlijk = self.overleg("Bestuurlijk overleg", "bestuurlijk")

    def overleg(self, naam, niveau, **fields):
        return Overleg.objects.create(regio=self.regio, naam=naam, niveau=niveau, **fields)


built, world = once(World)


@pytest.fixture
def page(client, world):
    def page():
        client.force_login(world.oogo_lid)
        return Page(client.get(AGENDA))

    return page


def test_the_agenda_tells_of_its_themas_and_at_once_of_one_that_groups_no_doelen(page):
    card = page().card("Wat de agenda per thema zegt")
    assert [text(part) for part in card.iter("details")] == ["De route Vroeg signaleren"]
    assert text(card).endswith("Preventie zonder eigen doelen Vaste gezichten")
    assert page().links()["Thema’s"] == "#themas"


def test_an_agenda_that_tells_nothing_of_its_themas_has_no_such_card(page, world):
    world.agenda.thema_set.update(omschrijving="")
    assert "Wat de agenda per thema zegt" not in page().html


def test_the_uitgangspunten_stand_with_the_vision(page):
    assert "Uitgangspunten Samen zonder grenzen" in text(page().all("main")[0])


def test_the_way_to_a_decision_goes_from_who_works_out_to_who_decides(page, world):
    afstemming = world.overleg("Afstemmingsoverleg", "ambtelijk", bereidt_voor=world.bestuurlijk)
    world.overleg("Themagroepen", "uitvoerend", bereidt_voor=afstemming)
    world.overleg("Op overeenstemming gericht overleg", "bestuurlijk", afkorting="OOGO")
    world.overleg("LEA Stad", "lokaal", gemeente=make_gemeente(world.regio, "stad"))
    other = make_regio("elders")
    Overleg.objects.create(regio=other, naam="Overleg van elders", niveau="ambtelijk")

    assert [text(item) for item in page().card("De weg naar een besluit").iter("li")] == [
        "Themagroepen Uitvoerend, bereidt voor: Afstemmingsoverleg",
        "Afstemmingsoverleg Ambtelijk, bereidt voor: Bestuurlijk overleg",
        "Bestuurlijk overleg Bestuurlijk",
        "Op overeenstemming gericht overleg (OOGO) Bestuurlijk",
    ]


def test_a_body_that_nobody_prepares_for_is_no_way(page):
    assert "De weg naar een besluit" not in page().html
