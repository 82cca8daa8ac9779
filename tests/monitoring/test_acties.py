"""The acties of a doel: what they are, who take part and by when."""

import pytest
import time_machine

from agenda.models import Actie
from monitoring.record import load_doel_changes
from regio.audit import sign
from regio.permissions import Rol
from tests.factories import make_agenda, make_doel, make_gebruiker, make_gemeente, make_regio
from tests.page import Page, text
from tests.worlds import once

NOW = "2026-11-21T12:00:00+01:00"
DOEL = "/regio/west/agenda/2023-2027/doel/a1/"

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
