"""What is still open of an agenda that is not the current one of its regio stands in Mijn werk, and no more of it."""

from datetime import UTC, date, datetime

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from agenda.models import Agenda, Doel
from monitoring.actions import adopt_rapportage, reopen_rapportage, return_rapportage, submit_rapportage
from monitoring.models import Indicator, Indicatorwaarde, Meetmoment
from monitoring.steps import Uitspraak
from monitoring.worklist import load_worklist
from regio.models import Gebruiker, Lidmaatschap, Overleg, Regio
from regio.permissions import Rol
from tests.factories import (
    make_agenda,
    make_doel,
    make_gebruiker,
    make_gemeente,
    make_meetmoment,
    make_regio,
    make_score,
)
from tests.page import Page, text
from tests.worlds import once

NOW = "2026-11-25T12:00:00+01:00"
TODAY = date(2026, 11, 25)
OUD = "/regio/west/agenda/oud/"

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel(NOW, tick=False):
        yield


def doel_of(agenda: Agenda) -> Doel:
    return Doel.objects.get(thema__agenda=agenda)


def make_two_agendas(regio: Regio, by: Gebruiker) -> tuple[Agenda, Agenda]:
    """Return the agenda that has ended, with an indicator that misses its norm, and the one that runs now."""
    oud = make_agenda(regio, "oud", startdatum=date(2022, 8, 1), einddatum=date(2026, 7, 31))
    nieuw = make_agenda(regio, "nieuw", startdatum=date(2026, 8, 1), einddatum=date(2030, 7, 31))
    for agenda in (oud, nieuw):
        make_doel(agenda, "A1", lokaal=True)
    maat = Indicator.objects.create(doel=doel_of(oud), naam="Maat", norm="hoogstens", grens=5)
    when = {"peildatum": date(2026, 6, 1), "gewijzigd_op": datetime(2026, 6, 1, tzinfo=UTC)}
    Indicatorwaarde.objects.create(indicator=maat, waarde=9, gewijzigd_door=by, **when)
    return oud, nieuw


class World:
    """Aug 25 and Aug 26 of an agenda that ended, of which only Aug 26 has no score yet; nothing has a deadline."""

    def __init__(self):
        self.regio = make_regio("west")
        self.secretaris = make_gebruiker("sara@example.test", Rol.SECRETARIS, self.regio)
        self.oogo_lid = make_gebruiker("olga@example.test", Rol.OOGO_LID, self.regio)
        self.stad = make_gemeente(self.regio, "stad")
        self.invoerder = make_gebruiker("iris@example.test", Rol.INVOERDER, self.regio, self.stad)
        self.overleg = Overleg.objects.create(regio=self.regio, naam="OOGO", niveau="bestuurlijk")
        self.oud, self.nieuw = make_two_agendas(self.regio, self.secretaris)
        self.doel = doel_of(self.oud)
        self.aug25 = make_meetmoment(self.oud, "aug-25", date(2025, 8, 31))
        self.aug26 = make_meetmoment(self.oud, "aug-26", date(2026, 6, 30))
        make_score(self.doel, self.aug25, 3, self.secretaris, "Zo staat het")

    def everybody(self):
        return self.secretaris, self.oogo_lid, self.invoerder

    def give_deadline(self, moment: Meetmoment) -> None:
        moment.deadline = date(2026, 12, 1)
        moment.save()


built, world = once(World, at=NOW)


def asked_of(gebruiker):
    werk = load_worklist(gebruiker, gebruiker.regios, TODAY)
    return [punt.url for taak in werk.taken for punt in taak.punten]


def test_what_has_no_deadline_and_was_never_submitted_asks_nothing(world):
    assert [asked_of(gebruiker) for gebruiker in world.everybody()] == [[], [], []]


def test_what_was_submitted_waits_for_the_oogo(world, client):
    submit_rapportage(meetmoment=world.aug25, by=world.secretaris)
    assert [asked_of(g) for g in world.everybody()] == [[], [f"{OUD}aug-25/rapport/"], []]
    client.force_login(world.oogo_lid)
    page = Page(client.get("/"))
    assert "Aug 25 ligt voor – West" in [text(h2) for h2 in page.all("h2")]
    assert page.links()["Vaststellen van Aug 25"] == f"{OUD}aug-25/vaststellen/"


def test_what_came_back_is_asked_of_the_secretaris_again(world):
    submit_rapportage(meetmoment=world.aug25, by=world.secretaris)
    return_rapportage(meetmoment=world.aug25, reden="Nog eens", per_doel={world.doel: "Wat?"}, by=world.oogo_lid)
    secretaris, oogo_lid, invoerder = (asked_of(g) for g in world.everybody())
    assert (secretaris, oogo_lid) == ([f"{OUD}aug-25/invoer/#doel-a1"], [])
    assert invoerder == [f"{OUD}aug-25/invoer/?namens=stad#doel-a1"]


def test_what_was_reopened_is_asked_until_it_is_adopted_again(world):
    adopt(world, world.aug25)
    assert asked_of(world.secretaris) == asked_of(world.oogo_lid) == []
    reopen_rapportage(meetmoment=world.aug25, reden="Er stond een fout in", by=world.secretaris)
    assert asked_of(world.secretaris) == [f"{OUD}aug-25/voorleggen/"]
    assert asked_of(world.invoerder) == [f"{OUD}aug-25/invoer/?namens=stad#doel-a1"]
    adopt(world, world.aug25)
    assert asked_of(world.secretaris) == asked_of(world.oogo_lid) == []


def test_what_was_reopened_says_why_leads_to_its_scores_and_is_late_no_more(world, client):
    world.aug25.deadline = date(2025, 12, 1)
    world.aug25.save()
    adopt(world, world.aug25)
    reopen_rapportage(meetmoment=world.aug25, reden="Er stond een fout in", by=world.secretaris)
    client.force_login(world.secretaris)
    page = Page(client.get("/"))
    said = text(page.card("Scores voor Aug 25 – West"))
    assert "Heropend. Er stond een fout in" in said
    assert "Dit was gevraagd vóór 1 december 2025" in said
    assert "Aug 25 opnieuw voorleggen aan het OOGO" in said
    assert page.links()["Scores aanpassen"] == f"{OUD}aug-25/invoer/"
    [own] = load_worklist(world.invoerder, world.invoerder.regios, TODAY).taken
    assert (own.teruggegeven, own.reden, own.is_terug) == ("", "", False)


def adopt(world, moment):
    submit_rapportage(meetmoment=moment, by=world.secretaris)
    uitspraak = Uitspraak(world.overleg, TODAY, "OOGO 2026-4")
    adopt_rapportage(meetmoment=moment, uitspraak=uitspraak, als_registratie=False, by=world.oogo_lid)


def test_what_has_a_deadline_is_asked_once_its_peildatum_has_come(world):
    world.give_deadline(world.aug26)
    world.give_deadline(make_meetmoment(world.oud, "dec-26", date(2026, 12, 31)))
    secretaris, oogo_lid, invoerder = (asked_of(g) for g in world.everybody())
    assert (secretaris, oogo_lid) == ([f"{OUD}aug-26/invoer/#doel-a1"], [])
    assert invoerder == [f"{OUD}aug-26/invoer/?namens=stad#doel-a1"]


def test_a_score_is_held_against_the_meetmoment_before_it_in_its_own_agenda(world):
    world.give_deadline(world.aug26)
    make_score(world.doel, world.aug26, 4, world.secretaris)
    assert asked_of(world.secretaris) == [f"{OUD}aug-26/invoer/#doel-a1"]


def test_an_agenda_yet_to_begin_counts_as_far_as_something_of_it_lies_before_the_oogo(world):
    later = make_agenda(world.regio, "later", startdatum=date(2030, 8, 1), einddatum=date(2034, 7, 31))
    doel = make_doel(later, "A1")
    moment = make_meetmoment(later, "aug-31", date(2031, 8, 31), deadline=date(2031, 12, 1))
    assert asked_of(world.secretaris) == []
    make_score(doel, moment, 3, world.secretaris)
    submit_rapportage(meetmoment=moment, by=world.secretaris)
    assert asked_of(world.oogo_lid) == ["/regio/west/agenda/later/aug-31/rapport/"]


def test_what_was_submitted_ahead_of_its_peildatum_waits_for_the_oogo_all_the_same(world):
    ahead = make_meetmoment(world.nieuw, "aug-27", date(2027, 8, 31))
    make_score(doel_of(world.nieuw), ahead, 3, world.secretaris)
    assert asked_of(world.secretaris) == []
    submit_rapportage(meetmoment=ahead, by=world.secretaris)
    assert asked_of(world.oogo_lid) == ["/regio/west/agenda/nieuw/aug-27/rapport/"]


def test_the_stand_of_the_regio_is_that_of_its_current_agenda(world):
    world.give_deadline(world.aug26)
    [stand] = load_worklist(world.secretaris, world.secretaris.regios, TODAY).standen
    assert (stand.agenda, stand.meetmoment) == (world.nieuw, None)


def test_queries_are_as_many_for_one_regio_as_for_many(world):
    open_everything(world, world.oud, "een")
    few = queries_of_mijn_werk(world)
    for number in range(4):
        regio = make_regio(f"regio-{number}")
        for gebruiker in (world.secretaris, world.oogo_lid):
            rol = Rol.SECRETARIS if gebruiker == world.secretaris else Rol.OOGO_LID
            Lidmaatschap.objects.create(gebruiker=gebruiker, regio=regio, rol=rol)
        # They remember what they may where.
        world.secretaris, world.oogo_lid = (Gebruiker.objects.get(pk=g.pk) for g in (world.secretaris, world.oogo_lid))
        oud, _ = make_two_agendas(regio, world.secretaris)
        make_agenda(regio, "ouder", startdatum=date(2018, 8, 1), einddatum=date(2022, 7, 31))
        open_everything(world, oud, f"in-{number}")
    assert len(asked_of(world.secretaris)) == 10
    assert queries_of_mijn_werk(world) == few
    assert max(few) <= 12


def open_everything(world, agenda, name):
    """Make a meetmoment with a deadline, one that came back and one that lies before the OOGO."""
    doel = doel_of(agenda)
    make_meetmoment(agenda, f"{name}-open", date(2026, 3, 1), deadline=date(2026, 12, 1))
    back, submitted = (make_meetmoment(agenda, f"{name}-{n}", date(2026, n, 1)) for n in (1, 2))
    for moment in (back, submitted):
        make_score(doel, moment, 3, world.secretaris)
        submit_rapportage(meetmoment=moment, by=world.secretaris)
    return_rapportage(meetmoment=back, reden="Nog eens", per_doel={doel: "Wat?"}, by=world.oogo_lid)


def queries_of_mijn_werk(world):
    return [_queries(gebruiker) for gebruiker in (world.secretaris, world.oogo_lid)]


def _queries(gebruiker):
    client = Client()
    client.force_login(gebruiker)
    client.get("/")
    with CaptureQueriesContext(connection) as asked:
        client.get("/")
    return len(asked)
