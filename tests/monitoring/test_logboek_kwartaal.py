"""The log of a quarter of counts, as each reader may read it."""

import pytest
import time_machine
from django.test import Client

from tests.monitoring.decisions import Kwartaalbesluitvorming
from tests.monitoring.test_logboek import entries, queries_of
from tests.monitoring.test_reading import Page
from tests.worlds import once

QUARTER = "/regio/west/thuiszitters/2025-07-01/"
NOW = "2026-11-21T12:00:00+01:00"

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel(NOW, tick=False):
        yield


built, world = once(Kwartaalbesluitvorming, at=NOW)


@pytest.fixture
def quarter(world: Kwartaalbesluitvorming) -> Kwartaalbesluitvorming:
    """A quarter that came back once, was adopted and is open again, each with a number in the reason."""
    world.submit()
    world.give_back(reden="Dorp had er 3.", per_gemeente={world.dorp: "Kijk de 3 na."})
    world.recount_after_return(world.dorp, 4)
    world.submit(op=None)
    world.adopt()
    world.reopen(reden="Het waren er 5.")
    return world


def read_as(world, name: str, address: str) -> Page:
    client = Client()
    client.force_login(world.people[name])
    return Page(client.get(address))


def steps_of(page: Page) -> list[str]:
    return [step.split(" · ")[1].partition(" ")[2] for step in entries(page, "Op weg naar het REA")]


def test_quarter_tells_its_steps_with_who_when_and_why(quarter):
    page = read_as(quarter, "secretaris", QUARTER + "logboek/")
    assert steps_of(page) == [
        "Versie 2 heropend Het waren er 5.",
        "Versie 1 vastgesteld REA, OOGO 2025-3, punt 4",
        "Versie 1 voorgelegd aan het REA",
        "Versie 1 teruggegeven Dorp had er 3.",
        "Versie 1 voorgelegd aan het REA",
        "Begonnen",
    ]
    assert QUARTER + "dorp/logboek/" in page.links().values()
    assert QUARTER + "logboek/" in read_as(quarter, "secretaris", QUARTER).links().values()


@pytest.mark.parametrize("name", ["oogo-lid", "invoerder"])
def test_who_sees_masked_counts_reads_the_steps_of_a_quarter_without_its_numbers(quarter, name):
    steps = steps_of(read_as(quarter, name, QUARTER + "logboek/"))
    assert steps[0] == "Versie 2 heropend Het waren er (getal)."
    assert steps[1] == "Versie 1 vastgesteld REA, OOGO 2025-3, punt 4"
    assert steps[3] == "Versie 1 teruggegeven Dorp had er (getal)."
    page = read_as(quarter, name, QUARTER).html
    assert "Dorp had er (getal)." in page
    assert "Dorp had er 3" not in page
    assert "Kijk de 3" not in page


def test_a_quarter_that_nobody_submitted_has_an_empty_log(world):
    page = read_as(world, "coordinator", QUARTER + "logboek/")
    assert "Dit kwartaal is nog niet voorgelegd." in page.html


def test_rapporten_lists_the_quarters_that_were_adopted_in_one_query(quarter):
    rapporten, client = "/regio/west/rapporten/", Client()
    client.force_login(quarter.people["oogo-lid"])
    [item] = entries(read_as(quarter, "oogo-lid", rapporten), "Vastgestelde kwartalen")
    assert item.startswith("1 juli 2025 Thuiszitters Versie 1, REA ")
    assert "kenmerk OOGO 2025-3, punt 4 Heropend: versie 2 is nog niet vastgesteld." in item
    queries_of(client, rapporten)
    before = queries_of(client, rapporten)
    quarter.submit(op=None)
    quarter.adopt()
    page = read_as(quarter, "oogo-lid", rapporten)
    [item] = entries(page, "Vastgestelde kwartalen")
    assert "Versie 2, REA " in item
    assert QUARTER + "?versie=2" in page.links().values()
    assert queries_of(client, rapporten) == before <= 12
