"""A regio with more than one agenda: each leads to the others."""

from datetime import date

import pytest
import time_machine

from regio.permissions import Rol
from tests.factories import make_agenda, make_doel, make_gebruiker, make_regio
from tests.page import Page, text
from tests.worlds import once

NOW = "2026-11-21T12:00:00+01:00"

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel(NOW, tick=False):
        yield


class World:
    """A plan with its predecessor, and beside them a programme of its own."""

    def __init__(self):
        self.regio = make_regio("west")
        self.secretaris = make_gebruiker("sara@example.test", Rol.SECRETARIS, self.regio)
        self.plan = make_agenda(self.regio, "plan", naam="Plan", ambitie="Nul", terugblik="Het *viel* mee.")
        self.eerste = make_agenda(
            self.regio, "eerste", naam="Eerste plan", startdatum=date(2019, 8, 1), einddatum=date(2023, 7, 31)
        )
        self.plan.voorganger = self.eerste
        self.plan.save()
        self.programma = make_agenda(
            self.regio, "programma", naam="Programma", startdatum=date(2020, 1, 1), einddatum=date(2022, 12, 31)
        )
        make_doel(self.plan, "A1")


built, world = once(World, at=NOW)


@pytest.fixture
def read(client, world):
    def read(address):
        client.force_login(world.secretaris)
        return Page(client.get(address))

    return read


def test_agenda_leads_to_those_beside_its_line(read, world):
    page = read("/regio/west/agenda/plan/")
    [item] = page.card("Andere agenda’s van deze regio").iter("li")
    assert text(item) == "Programma januari 2020 – december 2022"
    assert page.links(item)["Programma"] == "/regio/west/agenda/programma/"
    assert page.links()["Andere agenda’s"] == "#ernaast"

    beside = read("/regio/west/agenda/programma/").card("Andere agenda’s van deze regio")
    assert [text(h3) for h3 in beside.iter("h3")] == ["Plan", "Eerste plan"]


def test_agenda_alone_speaks_of_no_others(read, world):
    world.programma.delete()
    assert "Andere agenda’s" not in read("/regio/west/agenda/plan/").html


def test_what_an_evaluation_found_is_folded_beneath_an_ambition(read, world):
    [found] = [d for d in read("/regio/west/agenda/plan/").all("details") if "Wat de evaluatie" in text(d)]
    assert text(found) == "Wat de evaluatie opleverde Het viel mee."
    assert found.get("open") is None

    world.plan.ambitie = ""
    world.plan.save()
    page = read("/regio/west/agenda/plan/")
    assert "Wat de evaluatie opleverde" in [text(h) for h in page.all("h3")]
