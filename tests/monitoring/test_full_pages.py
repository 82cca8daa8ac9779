"""The pages that show most, with everything on them at once: still twelve queries, and nothing left out."""

from datetime import date

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from agenda.models import Actie, Opbrengst, Trekker
from monitoring.asking import Plek, answer, ask, choose_report
from monitoring.models import Vraag
from monitoring.publishing import choose_publishing, publish_version
from tests.factories import make_beheerder
from tests.monitoring.test_rapport_thuiszitters import BASE, Tellend
from tests.worlds import once

MOST_QUERIES = 12
NOW = "2026-11-21T12:00:00+01:00"
DOEL = "/regio/west/agenda/2023-2027/doel/a1/"


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel(NOW, tick=False):
        yield


built, world = once(Tellend, at=NOW)


def answered(world: Tellend, question: str) -> Vraag:
    vraag = ask(plek=Plek(world.regio, doel=world.a1), tekst=question, by=world.lid)
    return answer(vraag=vraag, tekst="In het voorjaar.", versie=1, by=world.indiener)


def read(world: Tellend, who: str, address: str) -> str:
    """Read a page within its budget."""
    client = world.client(who)
    with CaptureQueriesContext(connection) as captured:
        page = client.get(address)
    assert page.status_code == 200
    asked = [query["sql"][:150] for query in captured]
    assert len(asked) <= MOST_QUERIES, "\n".join(asked)
    return page.content.decode(errors="replace")


def test_a_reopened_report_that_was_returned_published_and_asked_about(world: Tellend):
    world.submit()
    world.give_back(per_doel={world.b1: "Onderbouw dit."})
    world.submit()
    momentopname = world.adopt()
    world.regio.refresh_from_db()
    choose_publishing(regio=world.regio, publiceert=True, by=world.indiener)
    publish_version(momentopname=momentopname, by=world.indiener)
    world.reopen()
    choose_report(vraag=answered(world, "Wanneer begint dit?"), meetmoment=world.moment, by=world.indiener)
    for who in ("indiener", "oogo-lid", "beheerder"):
        page = read(world, who, f"{BASE}/")
        for shown in (
            "Onderbouw dit.",
            "Wanneer begint dit?",
            "Een cijfer klopte niet.",
            "versie-1/",
            'id="thuiszitters"',
        ):
            assert shown in page
    for address in (f"{BASE}/?versie=1", f"{BASE}.json"):
        read(world, "indiener", address)


def test_a_doel_with_everything_that_one_can_have(world: Tellend):
    world.a1.signaal = "aanbodgebrek"
    world.a1.save()
    world.submit()
    world.give_back(per_doel={world.a1: "Leg dit uit."})
    Trekker.objects.create(doel=world.a1, organisatie=world.dorp, kant="gemeente")
    for volgorde, naam in ((2, "Alle gemeenten"), (1, "Stad en Dorp")):
        Opbrengst.objects.create(doel=world.a1, vraag="Wat helpt?", naam=naam, punten="Vroeg bellen", volgorde=volgorde)
    actie = Actie.objects.create(doel=world.a1, omschrijving="Bellen met ouders", gereed_voor=date(2026, 1, 1))
    actie.partijen.set([world.stad, world.dorp])
    answered(world, "Wanneer begint dit?")
    everything = ("Leg dit uit.", "Dorp (gemeente)", "Vroeg bellen", "Bellen met ouders", "Wanneer begint dit?", "Stad")
    for who in ("indiener", "oogo-lid", "invoerder", "beheerder"):
        page = read(world, who, DOEL)
        assert [shown for shown in everything if shown not in page] == []
        assert page.index("Stad en Dorp") < page.index("Alle gemeenten")


def test_what_a_beheerder_reads_on_a_machine_with_demo_accounts(world: Tellend):
    make_beheerder("beheer@machine.test")
    for address in ("/", "/regio/west/", BASE + "/", DOEL, "/regio/west/rapporten/", "/voortgang/"):
        assert "Op deze machine werken nog demo-accounts" in read(world, "beheerder", address)
