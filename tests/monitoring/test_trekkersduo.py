"""Agenda's that ask for a duo of trekkers: who is missing stands at the doel, of how many above the table."""

from datetime import date

import pytest
import time_machine

from agenda.models import Trekker, missing_sides
from regio.models import Organisatie
from regio.permissions import Rol
from tests.factories import make_agenda, make_doel, make_gebruiker, make_gemeente, make_regio
from tests.page import Page, text
from tests.worlds import once

NOW = "2026-11-21T12:00:00+01:00"
AGENDA = "/regio/midden/agenda/2018-2019/"
GEMEENTE, ONDERWIJS = Trekker.Kant.GEMEENTE, Trekker.Kant.ONDERWIJS

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel(NOW, tick=False):
        yield


class World:
    """Doelen A1, pulled from both sides, A2 from that of the gemeente alone and A3 from none."""

    def __init__(self):
        self.regio = make_regio("midden")
        self.secretaris = make_gebruiker("sara@example.test", Rol.SECRETARIS, self.regio)
        self.oogo_lid = make_gebruiker("olga@example.test", Rol.OOGO_LID, self.regio)
        self.stad = make_gemeente(self.regio, "stad")
        self.verband = Organisatie.objects.create(soort="swv", sector="PO", slug="verband", naam="Verband")
        self.agenda = make_agenda(self.regio, "2018-2019", trekkersduo=True)
        self.a1, self.a2, self.a3 = (make_doel(self.agenda, code) for code in ("A1", "A2", "A3"))
        Trekker.objects.create(doel=self.a1, organisatie=self.stad, kant=GEMEENTE)
        Trekker.objects.create(doel=self.a1, organisatie=self.verband, kant=ONDERWIJS)
        Trekker.objects.create(doel=self.a2, organisatie=self.stad, kant=GEMEENTE)


built, world = once(World, at=NOW)


@pytest.fixture
def read(client, world):
    def read(address, by=None):
        client.force_login(by or world.oogo_lid)
        return Page(client.get(address))

    return read


def names(page):
    return [" ".join(text(head).split()) for head in page.all("th", scope="row")]


@pytest.mark.parametrize(
    ("sides", "missing"),
    [
        ([], [GEMEENTE, ONDERWIJS]),
        ([GEMEENTE], [ONDERWIJS]),
        ([ONDERWIJS, ONDERWIJS], [GEMEENTE]),
        ([GEMEENTE, ONDERWIJS], []),
    ],
)
def test_a_side_is_missing_when_nobody_pulls_there(sides, missing):
    assert missing_sides(Trekker(kant=side) for side in sides) == missing


def test_the_agenda_says_at_each_doel_who_is_missing(read):
    assert names(read(AGENDA)) == [
        "A1 Plan A1 Trekkers: Stad (gemeente), Verband (onderwijs)",
        "A2 Plan A2 Trekker: Stad (gemeente) Trekker van onderwijs ontbreekt",
        "A3 Plan A3 Trekkers van gemeente en onderwijs ontbreken",
    ]


def test_the_agenda_counts_the_doelen_without_a_duo(read, world):
    page = read(AGENDA)
    assert "Bij 2 van 3 doelen is het duo nog niet compleet." in text(page.all("main")[0])
    assert "Trekkers toevoegen in Beheer" not in page.links()
    leads_to = read(AGENDA, world.secretaris).links()["Trekkers toevoegen in Beheer"]
    assert "Plan A3" in read(leads_to, world.secretaris).html


def test_an_agenda_where_every_doel_has_its_duo_says_so(read, world):
    Trekker.objects.create(doel=world.a2, organisatie=world.verband, kant=ONDERWIJS)
    world.a3.delete()
    page = read(AGENDA)
    assert "Elk doel heeft een duo van trekkers" in page.html
    assert "ontbre" not in text(page.all("main")[0])


def test_an_agenda_that_asks_for_no_duo_misses_nobody(read, world):
    world.agenda.trekkersduo = False
    world.agenda.save()
    assert names(read(AGENDA))[1:] == ["A2 Plan A2 Trekker: Stad (gemeente)", "A3 Plan A3"]
    assert "duo" not in read(AGENDA).html


def test_an_agenda_that_has_ended_asks_for_no_duo_any_more(read, world):
    world.agenda.einddatum = date(2026, 11, 20)
    world.agenda.save()
    assert names(read(AGENDA))[1:] == ["A2 Plan A2 Trekker: Stad (gemeente)", "A3 Plan A3"]
    for reader in (world.oogo_lid, world.secretaris):
        assert "duo" not in read(AGENDA, reader).html
    assert "ontbre" not in text(read(f"{AGENDA}doel/a3/").all("main")[0])


def test_where_a_doel_is_worked_out_stands_beneath_it(read, world):
    world.a1.niveau = "ambtelijk"
    world.a1.save()
    assert names(read(AGENDA))[0].endswith("Uitwerking op ambtelijk niveau")


# The doel


@pytest.mark.parametrize(
    ("code", "said"),
    [("a2", "Trekker van onderwijs ontbreekt"), ("a3", "Trekkers van gemeente en onderwijs ontbreken")],
)
def test_the_page_of_a_doel_says_who_is_missing(read, code, said):
    assert said in text(read(f"{AGENDA}doel/{code}/").all("main")[0])


def test_the_page_of_a_doel_says_where_it_is_worked_out(read, world):
    world.a1.niveau = "bestuurlijk"
    world.a1.save()
    page = text(read(f"{AGENDA}doel/a1/").all("main")[0])
    assert "Uitwerking op bestuurlijk niveau" in page
    assert "ontbre" not in page
