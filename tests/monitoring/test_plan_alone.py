"""Agenda's that do not name a do, a check and an act for each doel: nothing is shown where nothing was agreed."""

from datetime import date
from typing import Any

import pytest
import time_machine

from agenda.models import Schaalwaarde
from monitoring.actions import save_score
from regio.permissions import Rol
from tests.factories import (
    make_agenda,
    make_doel,
    make_gebruiker,
    make_meetmoment,
    make_regio,
    make_thema,
)
from tests.page import Page, text
from tests.worlds import once

NOW = "2026-11-21T12:00:00+01:00"
AGENDA = "/regio/midden/agenda/2021-2022/"
RAPPORT = f"{AGENDA}aug-26/rapport/"
EMPTY: dict[str, Any] = {"uitvoering": "", "controle": "", "bijsturing": ""}

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel(NOW, tick=False):
        yield


class World:
    """Doelen A1, of which the agenda tells something, and A2, of which it names the plan alone."""

    def __init__(self):
        self.regio = make_regio("midden")
        self.secretaris = make_gebruiker("sara@example.test", Rol.SECRETARIS, self.regio)
        self.agenda = make_agenda(self.regio, "2021-2022")
        self.thema = make_thema(self.agenda)
        told = "Wij verkennen:\n\n- de vraag\n- het *aanbod*"
        self.a1 = make_doel(self.agenda, "A1", volgorde=1, toelichting=told, **EMPTY)
        self.a2 = make_doel(self.agenda, "A2", volgorde=2, **EMPTY)
        self.moment = make_meetmoment(self.agenda, "aug-26", date(2026, 8, 31))

    def score(self, doel, waarde):
        step = Schaalwaarde.objects.get(schaal=self.agenda.schaal_id, waarde=waarde)
        fields = {"doel": doel, "meetmoment": self.moment, "organisatie": None, "by": self.secretaris}
        save_score(waarde=step, toelichting="Weggevallen.", versie=0, **fields)


built, world = once(World, at=NOW)


@pytest.fixture
def read(client, world):
    def read(address):
        client.force_login(world.secretaris)
        return Page(client.get(address))

    return read


def heads(page, heading):
    return [text(head) for head in page.card(heading).iter("th") if head.get("scope") == "col"]


def set_check(doel, text):
    doel.controle = text
    doel.save()


# The agenda


def test_the_table_of_plans_alone_has_what_the_agenda_tells_of_them(read):
    page = read(AGENDA)
    assert heads(page, "Doelen en voortgang") == ["Doel", "Wat de agenda erover zegt", "Voortgang Aug 26"]
    rows = page.rows("De doelen, wat de agenda erover zegt en de score op elk meetmoment")
    assert rows[1:] == [
        ["A1 Plan A1", "Wij verkennen: de vraag het aanbod", "Aug 26 nog niet gescoord"],
        ["A2 Plan A2", "niets meer dan dit doel", "Aug 26 nog niet gescoord"],
    ]


def test_without_a_meetmoment_the_table_speaks_of_no_score(read, world):
    world.moment.delete()
    page = read(AGENDA)
    assert heads(page, "Doelen van deze agenda") == ["Doel", "Wat de agenda erover zegt"]
    assert page.rows("De doelen en wat de agenda erover zegt")[1][0] == "A1 Plan A1"


def test_where_the_agenda_tells_nothing_more_the_plans_are_the_table(read, world):
    world.a1.toelichting = ""
    world.a1.save()
    page = read(AGENDA)
    assert heads(page, "Doelen en voortgang") == ["Doel", "Voortgang Aug 26"]
    assert page.rows("De doelen en de score op elk meetmoment")[1:] == [
        ["A1 Plan A1", "Aug 26 nog niet gescoord"],
        ["A2 Plan A2", "Aug 26 nog niet gescoord"],
    ]


def test_a_column_that_one_doel_fills_says_of_the_others_that_they_lack_it(read, world):
    set_check(world.a1, "Elk jaar bespreken")
    page = read(AGENDA)
    assert heads(page, "Doelen en voortgang") == ["Plan", "Check (controle)", "Voortgang Aug 26"]
    cells = [row[1] for row in page.rows("De doelen, wat de agenda erover zegt en de score op elk meetmoment")[1:]]
    assert cells == ["CheckElk jaar bespreken", "Checkniet genoemd in de agenda"]


def test_a_filter_leaves_the_columns_as_they_are(read, world):
    set_check(world.a1, "Elk jaar bespreken")
    world.score(world.a2, 3)
    page = read(f"{AGENDA}?status=3")
    assert "Check (controle)" in heads(page, "Doelen en voortgang")


# The doel


def test_a_doel_of_a_plan_alone_shows_what_the_agenda_tells_and_no_empty_box(read):
    page = read(f"{AGENDA}doel/a1/")
    assert "Wij verkennen:" in text(page.card("Wat de agenda over dit doel zegt"))
    assert page.all("dl") == []
    assert page.all("h2")[0] in list(page.card("Wat de agenda over dit doel zegt").iter("h2"))
    assert "Wat de agenda over dit doel zegt" not in read(f"{AGENDA}doel/a2/").html


def test_a_doel_with_a_check_alone_says_what_the_agenda_does_not_name(read, world):
    set_check(world.a1, "Elk jaar bespreken")
    missing = "niet genoemd in de agenda"
    assert [text(node) for node in read(f"{AGENDA}doel/a1/").all("dd")] == [
        "Plan A1",
        missing,
        "Elk jaar bespreken",
        missing,
    ]


# What is asked, and the report


def test_the_card_to_score_on_has_no_empty_label(read, world):
    page = read(f"{AGENDA}aug-26/invoer/")
    assert page.all("dt") == []
    stories = [text(part) for part in page.all("details") if "Wat de agenda" in text(part)]
    assert stories == ["Wat de agenda over A1 zegt Wij verkennen: de vraag het aanbod"]
    set_check(world.a1, "Elk jaar bespreken")
    assert [text(node) for node in read(f"{AGENDA}aug-26/invoer/").all("dt")] == ["Check"]


@pytest.mark.parametrize(("address", "heading"), [("/regio/midden/", "Wat vraagt een besluit?"), (RAPPORT, None)])
def test_what_asks_for_a_decision_promises_no_act_that_nobody_agreed(read, world, address, heading):
    world.score(world.a1, 1)
    page = read(address)
    asked = text(page.card(heading)) if heading else text(page.all("main")[0])
    assert "Weggevallen." in asked
    assert "Afspraak" not in asked


def test_the_report_has_the_columns_that_the_agenda_has(read, world):
    def columns():
        [table] = [t for t in read(RAPPORT).all("table") if "rapport-tabel" in t.get("class")]
        [thema] = [head for head in table.iter("th") if head.get("scope") == "rowgroup"]
        named = [text(head) for head in table.iter("th") if head.get("scope") == "col"]
        assert int(thema.get("colspan")) == len(named)
        return named

    assert columns() == ["Doel", "Aug 26"]
    set_check(world.a1, "Elk jaar bespreken")
    assert columns() == ["Plan", "Check", "Aug 26"]
    assert "niet genoemd in de agenda" in read(RAPPORT).html


def test_the_pdf_of_plans_alone_is_made(client, world):
    client.force_login(world.secretaris)
    assert client.get(f"{AGENDA}aug-26/rapport.pdf").content.startswith(b"%PDF-")
