"""The pages that show scores, read as a visitor's browser reads them."""

from datetime import date
from itertools import pairwise

import pytest
import time_machine
from django.contrib.auth.hashers import make_password
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from agenda.models import Actie, Ontwikkeling, Opbrengst, Schaalwaarde, Trekker
from monitoring.actions import return_rapportage, save_score, submit_rapportage
from monitoring.asking import Plek, ask
from monitoring.models import Rapportage, Voortgangsscore
from regio.models import Gebruiker, Lidmaatschap
from regio.permissions import Rol
from tests.factories import (
    make_agenda,
    make_beheerder,
    make_doel,
    make_gebruiker,
    make_gemeente,
    make_meetmoment,
    make_regio,
    make_score,
    make_thema,
)
from tests.page import Page, text
from tests.thuiszitters.factories import make_telmoment
from tests.worlds import once
from thuiszitters.models import Opgave, Telmoment

NOW = "2026-11-21T12:00:00+01:00"
NASTY = 'Zorg <b>"op"</b> maat & 🚀'
AGENDA = "/regio/west/agenda/2023-2027/"
PAGES = ["/", "/regio/west/", AGENDA, AGENDA + "doel/a1/", AGENDA + "doel/b1/", "/regio/west/rapporten/"]

pytestmark = [pytest.mark.django_db, pytest.mark.filterwarnings("error")]


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel(NOW, tick=False):
        yield


class World:
    """Doelen A1 (also per gemeente), B1 and C1; Aug 25 is with the OOGO, Aug 26 half entered, Aug 27 to come."""

    def __init__(self):
        self.regio = make_regio("west", naam="West", voorbeelddata=True)
        self.secretaris = make_gebruiker("sara@example.test", Rol.SECRETARIS, self.regio)
        self.oogo_lid = make_gebruiker("olga@example.test", Rol.OOGO_LID, self.regio)
        self.stad = make_gemeente(self.regio, "stad", "GM0001")
        self.dorp = make_gemeente(self.regio, "dorp", "GM0002")
        self.invoerder = make_gebruiker("iris@example.test", Rol.INVOERDER, self.regio, self.stad)
        self.agenda = make_agenda(self.regio, ambitie=f"Ambitie: {NASTY}", visie="Zo *thuisnabij* mogelijk")
        een, twee = (make_thema(self.agenda, code, volgorde=n) for n, code in enumerate(("een", "twee")))
        self.a1 = make_doel(self.agenda, "A1", een, volgorde=1, lokaal=True, plan=NASTY, toelichting="Het *verhaal*")
        self.b1 = make_doel(self.agenda, "B1", een, volgorde=2, bijsturing="Kernpartneroverleg")
        self.c1 = make_doel(self.agenda, "C1", twee, volgorde=1)
        self.aug25 = make_meetmoment(self.agenda, "aug-25", date(2025, 8, 31))
        self.aug26 = make_meetmoment(self.agenda, "aug-26", date(2026, 8, 31), deadline=date(2026, 12, 1))
        self.aug27 = make_meetmoment(self.agenda, "aug-27", date(2027, 8, 31), soort="evaluatie")
        for doel, waarde in ((self.a1, 3), (self.b1, 4), (self.c1, 4)):
            self.score(doel, self.aug25, waarde, "Vorig jaar")
        submit_rapportage(meetmoment=self.aug25, by=self.secretaris)
        self.score(self.a1, self.aug26, 4, "Beter")
        self.score(self.b1, self.aug26, 1, NASTY)

    def score(self, doel, moment, waarde, toelichting="", organisatie=None, by=None):
        step = Schaalwaarde.objects.get(schaal=self.agenda.schaal_id, waarde=waarde)
        fields = {"doel": doel, "meetmoment": moment, "organisatie": organisatie}
        stored = Voortgangsscore.objects.filter(**fields).first()
        versie = stored.versie if stored else 0
        save_score(waarde=step, toelichting=toelichting, versie=versie, by=by or self.secretaris, **fields)


built, world = once(World, at=NOW)


@pytest.fixture
def read(client, world):
    def read(address, by=None):
        client.force_login(by or world.secretaris)
        return Page(client.get(address))

    return read


# Every page


@pytest.mark.parametrize("address", PAGES)
def test_every_page_is_sound(read, address):
    page = read(address)
    assert page.all("html")[0].get("lang") == "nl"
    assert len(page.all("h1")) == len(page.all("main")) == 1
    assert page.all("title")[0].text.endswith("Agendamonitor")
    levels = [int(node.tag[1]) for node in page.root.iter() if node.tag in ("h1", "h2", "h3", "h4")]
    assert all(after <= before + 1 for before, after in pairwise(levels))
    assert all(cell.get("scope") for cell in page.all("th"))
    assert all(next(table.iter("caption"), None) is not None for table in page.all("table"))
    ids = [node.get("id") for node in page.root.iter() if node.get("id")]
    assert len(ids) == len(set(ids))
    assert {node.get("aria-labelledby") for node in page.root.iter() if node.get("aria-labelledby")} <= set(ids)


@pytest.mark.parametrize("address", PAGES)
def test_every_page_works_without_script_and_style_in_it(read, address):
    page = read(address)
    assert page.all("script") == page.all("style") == []
    assert not [node for node in page.root.iter() if "style" in node.attrib]
    assert all(link.get("href") for link in page.all("a"))


@pytest.mark.parametrize("address", PAGES)
def test_every_page_of_a_demo_regio_says_that_its_data_are_fictitious(read, world, address):
    assert "Fictieve voorbeelddata" in read(address).html
    world.regio.voorbeelddata = False
    world.regio.save()
    assert "Fictieve voorbeelddata" not in read(address).html


@pytest.mark.parametrize("address", [*PAGES[1:], "/regio/west/agenda/"])
def test_another_regio_is_not_found(client, world, address):
    outsider = make_gebruiker("otto@example.test", Rol.SECRETARIS, make_regio("oost"))
    client.force_login(outsider)
    assert client.get(address).status_code == 404


@pytest.mark.parametrize(
    "address",
    ["/regio/nergens/", "/regio/west/agenda/nooit/", AGENDA + "doel/z9/", AGENDA + "doel/A1/", "/regio/west/nergens/"],
)
def test_what_does_not_exist_is_not_found(client, world, address):
    client.force_login(world.secretaris)
    assert client.get(address).status_code == 404


def test_queries_are_few_and_as_many_for_one_doel_as_for_forty(world):
    readers = [world.secretaris, make_beheerder()]
    fill_the_pages(world)
    few = [queries_of_pages(reader) for reader in readers]
    for number in range(2, 42):
        doel = make_doel(world.agenda, f"A{number}", world.a1.thema, volgorde=number, lokaal=True)
        make_score(doel, world.aug26, 2, world.secretaris, "Toelichting")
        Trekker.objects.create(doel=doel, organisatie=world.stad, kant="gemeente")
        Actie.objects.create(doel=doel, omschrijving="Actie", gereed_voor=date(2026, 1, 1))
    fill_the_pages(world)
    assert [queries_of_pages(reader) for reader in readers] == few
    assert [page for of_reader in few for page, queries in of_reader.items() if queries > 12] == []


def queries_of_pages(reader):
    """How many queries each page takes, read once before."""
    client, found = Client(), {}
    client.force_login(reader)
    for address in PAGES:
        assert client.get(address).status_code == 200
        with CaptureQueriesContext(connection) as asked:
            client.get(address)
        found[address] = len(asked)
    return found


def fill_the_pages(world):
    past = world.agenda
    while past.voorganger:
        past = past.voorganger
    year = past.startdatum.year
    past.voorganger = make_agenda(
        world.regio, f"tot-{year}", startdatum=date(year - 2, 1, 1), einddatum=date(year - 1, 12, 31), terugblik="Meer"
    )
    past.save()
    Trekker.objects.get_or_create(doel=world.a1, organisatie=world.stad, kant="gemeente")
    for number in range(3):
        actie = Actie.objects.create(doel=world.a1, omschrijving=f"Actie {number}", gereed_voor=date(2026, 1, 1))
        actie.partijen.set([world.stad, world.dorp])
    for number in range(3):
        ask(plek=Plek(world.regio, doel=world.a1), tekst=f"Vraag {number}?", by=world.oogo_lid)
    naam = f"Groep {Opbrengst.objects.count()}"
    Opbrengst.objects.create(doel=world.a1, vraag="Wat?", naam=naam, punten="Een\nTwee").gemeenten.add(world.stad)
    world.score(world.a1, world.aug26, 4, naam, organisatie=world.stad, by=world.invoerder)


# Start


def test_start_is_for_everybody_and_promises_no_report_that_is_not_there(client, world):
    page = Page(client.get("/"))
    assert "Nog geen regio heeft een rapport openbaar gemaakt." in text(page.card("Openbare rapporten"))
    assert page.links()["Aanmelden"] == "/account/login/"
    assert "sara@example.test" not in page.html
    assert len(page.html.encode()) < 20_000


def test_start_lists_the_demo_accounts_on_a_trial_machine_only(client, world, settings):
    make_gebruiker("uit@west.test", Rol.OOGO_LID, world.regio, is_active=False)
    assert "Meteen proberen" not in Page(client.get("/")).html
    settings.DEMO = True
    Gebruiker.objects.update(password=make_password("agendamonitor-demo"))
    page = Page(client.get("/"))
    listed = [text(item) for item in page.card("Meteen proberen").iter("li")]
    assert "REA-secretaris sara@example.test" in listed
    assert "invoerder Stad iris@example.test" in listed
    assert "uit@west.test" not in page.html
    assert "agendamonitor-demo" in page.html


# Mijn werk


def test_mijn_werk_of_a_secretaris_leads_to_each_field_that_misses(read, world):
    make_doel(world.agenda, "D1", world.c1.thema, volgorde=9)
    world.score(world.a1, world.aug26, 2, "")
    page = read("/")
    card = page.card("Scores voor Aug 26 – West")
    assert "2 van 4 doelen gescoord" in text(card)
    assert "Vóór 1 december 2026" in text(card)
    field = AGENDA + "aug-26/invoer/#doel-"
    links = page.links(card)
    assert {name: links[name] for name in links if name != "Verder met invoeren"} == {
        f"A1 {NASTY}": field + "a1",
        "C1 Plan C1": field + "c1",
        "D1 Plan D1": field + "d1",
    }
    assert "een score 2 vraagt een toelichting" in text(card)
    assert links["Verder met invoeren"] == field + "a1"
    assert "Voor u staan 3 punten open." in text(page.all("main")[0])


def test_mijn_werk_of_an_invoerder_names_the_gemeente(read, world):
    card = read("/", world.invoerder).card("Scores voor Aug 26 – Stad")
    assert [a.get("href") for a in card.iter("a")] == [AGENDA + "aug-26/invoer/?namens=stad#doel-a1"] * 2


@pytest.mark.parametrize(
    ("stored", "stand", "knop"),
    [
        ({}, "nog niet begonnen", "Beginnen met invoeren"),
        ({"status": "concept"}, "begonnen, nog niet ingediend", "Verder met invoeren"),
        ({"status": "teruggegeven", "reden_teruggave": "Tel na."}, "teruggegeven: Tel na.", "Verder met invoeren"),
    ],
)
def test_mijn_werk_of_one_gemeente_says_what_to_do_with_its_counts(read, world, stored, stand, knop):
    moment = make_telmoment(world.regio)
    if stored:
        Opgave.objects.create(telmoment=moment, gemeente=world.stad, **stored)
    page = read("/", world.invoerder)
    card = page.card("Thuiszitters op 1 oktober 2026 – Stad")
    sheet = "/regio/west/thuiszitters/2026-10-01/stad/"
    assert [text(item) for item in card.iter("li")] == [f"Opgave invoeren {stand}"]
    assert page.links(card) == {"Opgave invoeren": sheet, knop: sheet}


def test_mijn_werk_of_who_collects_the_counts_names_each_gemeente(read, world):
    make_telmoment(world.regio)
    card = read("/").card("Thuiszitters op 1 oktober 2026 – West")
    assert [text(item) for item in card.iter("li")] == ["Dorp nog niet begonnen", "Stad nog niet begonnen"]


def test_mijn_werk_ends_when_everything_of_an_invoerder_is_in(read, world):
    world.score(world.a1, world.aug26, 3, organisatie=world.stad, by=world.invoerder)
    page = read("/", world.invoerder)
    assert "Voor u staat niets open." in text(page.all("main")[0])
    assert "Wie nog moet invoeren" not in text(page.all("main")[0])
    assert "Daarna volgt Aug 27, met peildatum 31 augustus 2027." in text(page.all("main")[0])


def test_mijn_werk_asks_to_submit_what_is_complete(read, world):
    world.score(world.c1, world.aug26, 4)
    page = read("/")
    card = page.card("Scores voor Aug 26 – West")
    assert page.links(card)["Naar voorleggen"] == AGENDA + "aug-26/voorleggen/"
    assert "Voor u staat 1 punt open." in text(page.all("main")[0])


def test_mijn_werk_shows_why_a_meetmoment_came_back(read, world):
    return_rapportage(meetmoment=world.aug25, reden=f"Reden: {NASTY}", by=world.oogo_lid)
    page = read("/")
    card = page.card("Scores voor Aug 25 – West")
    assert f"Reden: {NASTY}" in text(card)
    assert page.links(card)["Scores aanpassen"] == AGENDA + "aug-25/invoer/"


def test_mijn_werk_says_that_a_deadline_has_passed(read, world):
    with time_machine.travel("2026-12-02"):
        assert "Te laat: invoeren vóór 1 december 2026" in text(read("/").card("Scores voor Aug 26 – West"))


def test_mijn_werk_calls_nobody_late_with_what_came_back(read, world):
    """It was handed in before: the day before which it was asked for first is told, and has passed for nobody."""
    return_rapportage(meetmoment=world.aug25, reden="Vul aan.", by=world.oogo_lid)
    world.aug25.deadline = date(2025, 10, 1)
    world.aug25.save()
    card = text(read("/").card("Scores voor Aug 25 – West"))
    assert "Dit was gevraagd vóór 1 oktober 2025" in card
    assert "Te laat" not in card


def test_mijn_werk_of_an_oogo_lid_is_what_lies_before_the_oogo(read, world):
    page = read("/", world.oogo_lid)
    card = page.card("Aug 25 ligt voor – West")
    assert page.links(card) == {
        "Rapport Aug 25 lezen": AGENDA + "aug-25/rapport/",
        "Vaststellen van Aug 25": AGENDA + "aug-25/vaststellen/",
        "Teruggeven van Aug 25": AGENDA + "aug-25/teruggeven/",
    }
    assert "Voor u staat 1 punt open." in text(page.all("main")[0])


def test_mijn_werk_of_a_coordinator_says_what_happens_and_what_comes(read, world):
    page = read("/", make_gebruiker("cor@example.test", Rol.COORDINATOR, world.regio))
    said = text(page.all("main")[0])
    assert "Voor u staat niets open." in said
    assert "West: Aug 26 is concept, 2 van 3 doelen gescoord; de invoer moet vóór 1 december 2026 binnen zijn." in said
    assert "Wie nog moet invoeren in West, ziet u bij Voortgang." in said
    with time_machine.travel("2026-12-02"):
        later = read("/", make_gebruiker("cor2@example.test", Rol.COORDINATOR, world.regio))
    assert "moet vóór" not in text(later.all("main")[0])


@pytest.mark.parametrize(
    ("counted", "scored", "leads"),
    [
        (None, None, False),
        # Last year's, and next year's.
        (date(2026, 7, 1), date(2026, 7, 31), False),
        (date(2027, 10, 1), date(2027, 8, 1), False),
        (date(2026, 10, 1), None, True),
        (None, date(2027, 7, 31), True),
    ],
)
def test_mijn_werk_leads_to_voortgang_only_where_this_year_something_is_entered(read, world, counted, scored, leads):
    regio = make_regio("oud", naam="Oud")
    agenda = make_agenda(regio, startdatum=date(2018, 8, 1), einddatum=date(2019, 7, 31))
    make_doel(agenda, "A1")
    if counted:
        Telmoment.objects.create(regio=regio, peildatum=counted)
    if scored:
        moment = make_meetmoment(agenda, "aug", scored)
        # With whoever adopts it, so that nothing is asked of the coördinator.
        Rapportage.objects.create(
            meetmoment=moment, status="voorgelegd", voorgelegd_door=world.secretaris, voorgelegd_op=timezone.now()
        )
    page = read("/", make_gebruiker("cor@example.test", Rol.COORDINATOR, regio))
    assert "U bent bij" in page.html
    assert ("Wie nog moet invoeren" in page.html) is leads


def test_mijn_werk_lists_the_own_regio_s_with_their_stand(read, world):
    Lidmaatschap.objects.create(gebruiker=world.secretaris, regio=make_regio("leeg", naam="Leeg"), rol=Rol.OOGO_LID)
    make_regio("ander", naam="Ander")
    page = read("/")
    items = [text(item) for item in page.card("Uw regio’s").iter("li")]
    assert items == ["Leeg Nog geen agenda.", "West Agenda 2023-2027 Aug 26: 2 van 3 doelen gescoord concept"]


def test_mijn_werk_without_a_regio_says_whom_to_ask(read, world):
    page = read("/", make_gebruiker("nieuw@example.test"))
    assert "U hoort nog bij geen regio. Vraag de beheerder om u toe te voegen." in page.html


# Regio


def test_regio_names_what_asks_for_a_decision_with_reason_and_act(read, world):
    page = read("/regio/west/")
    [item] = page.card("Wat vraagt een besluit?").iter("li")
    assert "1 · verdient prioriteit" in text(item)
    assert f"B1 Plan B1 {NASTY} Afspraak: Kernpartneroverleg Sara, 21 november 2026" in text(item)
    assert page.links(item)["Bekijk toelichting bij B1"] == AGENDA + "doel/b1/#aug-26"


def test_regio_names_actions_that_are_late(read, world):
    Actie.objects.create(doel=world.c1, omschrijving="Plan maken", gereed_voor=date(2026, 11, 1))
    Actie.objects.create(
        doel=world.c1, omschrijving="Gedaan", gereed_voor=date(2026, 11, 1), afgerond_op=date(2026, 10, 1)
    )
    Actie.objects.create(doel=world.c1, omschrijving="Later", gereed_voor=date(2026, 12, 1))
    card = read("/regio/west/").card("Wat vraagt een besluit?")
    assert "C1 Plan maken Had klaar moeten zijn vóór 1 november 2026." in text(card)
    assert "Gedaan" not in text(card)
    assert "Later" not in text(card)


def test_regio_says_what_changed_by_name(read, world):
    card = read("/regio/west/").card("Wat veranderde sinds Aug 25?")
    items = [text(item) for item in card.iter("li")]
    assert "1 doel lager en 1 hoger dan Aug 25" in text(card)
    assert "4 · vooruitgang → wordt 1 · verdient prioriteit B1 Plan B1" in items
    assert f"3 · neutraal → wordt 4 · vooruitgang A1 {NASTY}" in items
    assert [item for item in items if item.startswith("1 nog niet gescoord C1 Plan C1 Invoeren vóór 1 december 2026")]


def test_regio_grid_shows_missing_and_not_yet_apart(read, world):
    rows = {row[0]: row[1:] for row in read("/regio/west/").rows("Score van elk doel op elk meetmoment")}
    assert rows["Thema een"] == rows["Thema twee"] == []
    assert rows["B1 Plan B1"] == [
        "Aug 25 4 · vooruitgang ▲",
        "Aug 26 1 · verdient prioriteit ▼▼",
        "Aug 27 –nog niet aan de beurt",
    ]
    assert rows["C1 Plan C1"][1] == "Aug 26 nog niet gescoord"


def test_regio_grid_leads_from_a_score_to_its_explanation(read, world):
    page = read("/regio/west/")
    assert page.links()["1 · verdient prioriteit ▼▼"] == AGENDA + "doel/b1/#aug-26"
    doel = read(AGENDA + "doel/b1/")
    [item] = doel.all("li", id="aug-26")
    assert f"{NASTY} Sara, 21 november 2026" in text(item)


def test_regio_spread_has_a_finding_a_chart_and_a_table(read, world):
    page = read("/regio/west/")
    card = page.card("Hoe staat de agenda ervoor?")
    [svg] = [node for node in card.iter() if node.tag.endswith("svg")]
    assert next(iter(svg)).text == "1 van 2 gescoorde doelen vraagt een besluit"
    assert "1 van 2 gescoorde doelen vraagt een besluit" in [text(h) for h in card.iter("h3")]
    rows = {row[0]: row[1:] for row in page.rows("Aantal doelen per score en meetmoment")}
    assert rows["1 · verdient prioriteit ▼▼"] == ["0", "1"]
    assert rows["nog niet gescoord"] == ["0", "1"]


def test_regio_says_where_each_meetmoment_stands(read, world):
    items = [text(item) for item in read("/regio/west/").card("Hoe staat de agenda ervoor?").iter("li")]
    assert items == [
        "Rapport Aug 25 3 van 3 gescoord voorgelegd 21 november 2026",
        "Rapport Aug 26 2 van 3 gescoord concept",
        "Aug 27 evaluatie vanaf 31 augustus 2027",
    ]


def test_regio_offers_entry_to_who_may_enter_only(read, world):
    entry = AGENDA + "aug-26/invoer/"
    for gebruiker, may in ((world.secretaris, True), (world.invoerder, True), (world.oogo_lid, False)):
        assert (read("/regio/west/", gebruiker).links().get("Scores invoeren") == entry) is may


def test_regio_offers_no_entry_while_the_oogo_judges(read, world):
    world.score(world.c1, world.aug26, 4)
    submit_rapportage(meetmoment=world.aug26, by=world.secretaris)
    assert "Scores invoeren" not in read("/regio/west/").links()


def test_regio_without_scores_says_so_and_counts_nothing_as_zero(read, world):
    Voortgangsscore.objects.filter(meetmoment=world.aug26).delete()
    page = read("/regio/west/")
    assert "voor Aug 26 heeft nog geen doel een score" in text(page.card("Wat vraagt een besluit?"))
    assert "Nog geen doel te vergelijken met Aug 25" in text(page.card("Wat veranderde sinds Aug 25?"))
    assert "Nog geen doel gescoord voor Aug 26" in text(page.card("Hoe staat de agenda ervoor?"))


def test_regio_where_all_is_well_says_so(read, world):
    world.score(world.b1, world.aug26, 5, "Trots")
    card = read("/regio/west/").card("Wat vraagt een besluit?")
    assert "Geen van de gescoorde doelen vraagt nu een besluit" in text(card)


def test_regio_at_its_first_meetmoment_has_nothing_to_compare(read, world):
    with time_machine.travel("2025-09-15"):
        card = read("/regio/west/").card("Wat veranderde?")
    assert "Aug 25 is het eerste meetmoment van deze agenda." in text(card)


def test_regio_without_meetmomenten_explains_what_comes(read, world):
    Voortgangsscore.objects.all().delete()
    Rapportage.objects.all().delete()
    world.agenda.meetmoment_set.all().delete()
    page = read("/regio/west/")
    assert "Deze agenda heeft nog geen meetmoment." in text(page.card("Nog geen meetmomenten"))
    assert page.links(page.card("Wat staat er in de agenda?"))[NASTY] == f"{AGENDA}doel/a1/"
    assert "Hoe staat de agenda ervoor?" not in page.html
    assert "Geen vraag wacht op antwoord." in page.html
    assert "Deze agenda heeft nog geen meetmomenten." in read(AGENDA + "doel/a1/").html


def without_meetmomenten(world, **fields):
    world.agenda.meetmoment_set.all().delete()
    for name, value in fields.items():
        setattr(world.agenda, name, value)
    world.agenda.save()


def test_regio_without_a_scale_says_to_choose_one_first_and_leads_who_may(read, world):
    Voortgangsscore.objects.all().delete()
    Rapportage.objects.all().delete()
    without_meetmomenten(world, schaal=None)
    page = read("/regio/west/")
    card = page.card("Nog geen meetmomenten")
    assert "kiest eerst een schaal en voegt dan een meetmoment toe" in text(card)
    assert read(page.links(card)["Schaal kiezen in Beheer"]).all("h1")
    assert page.links(read("/regio/west/", world.oogo_lid).card("Nog geen meetmomenten")) == {}


def test_an_action_that_is_late_is_shown_where_nothing_can_be_scored_yet(read, world):
    Voortgangsscore.objects.all().delete()
    Rapportage.objects.all().delete()
    without_meetmomenten(world)
    Actie.objects.create(doel=world.b1, omschrijving="Overzicht maken", gereed_voor=date(2026, 10, 1))
    page = read("/regio/west/")
    assert "Overzicht maken" in text(page.card("Wat vraagt een besluit?"))
    assert "Meetmoment toevoegen" in page.links(page.card("Nog geen meetmomenten"))


@pytest.mark.parametrize("address", ["/regio/leeg/", "/regio/leeg/agenda/"])
def test_regio_without_agenda_explains_what_comes(read, world, address):
    leeg = make_regio("leeg")
    for rol, leads_to_beheer in ((Rol.SECRETARIS, True), (Rol.OOGO_LID, False)):
        page = read(address, make_gebruiker(f"{rol}@leeg.test", rol, leeg))
        assert "Deze regio heeft nog geen agenda met doelen" in [text(h) for h in page.all("h2")]
        assert ("Naar Beheer" in page.links()) is leads_to_beheer
    assert "Nog geen rapporten" in read("/regio/leeg/rapporten/", make_gebruiker("x@leeg.test", rol, leeg)).html


# Agenda


def test_the_current_agenda_has_a_lasting_address(client, world):
    client.force_login(world.secretaris)
    assert client.get("/regio/west/agenda/").headers["Location"] == AGENDA


def test_agenda_prints_plan_do_check_act_and_scores(read, world):
    world.b1.uitvoering = "Eerste regel\nTweede regel"
    world.b1.save()
    rows = {
        row[0]: row[1:]
        for row in read(AGENDA).rows("Plan, do, check en act van elk doel, met de score op elk meetmoment")
    }
    assert rows["B1 Plan B1"][:4] == [
        "DoEerste regelTweede regel",
        "CheckNagaan",
        "ActKernpartneroverleg",
        "Aug 25 4 · vooruitgang ▲",
    ]


def test_agenda_tells_ambition_and_vision_and_escapes_them(read, world):
    page = read(AGENDA)
    assert f"Ambitie: {NASTY}" in text(page.all("main")[0])
    assert "thuisnabij" in [text(node) for node in page.all("em")]


@pytest.mark.parametrize(
    ("query", "codes"),
    [
        ("", ["A1", "B1", "C1"]),
        ("thema=twee", ["C1"]),
        ("status=1", ["B1"]),
        ("status=geen", ["C1"]),
        ("thema=een&status=4", ["A1"]),
        ("trekker=stad", ["B1"]),
        ("trekker=dorp&thema=een", []),
        ("thema=onbekend", []),
        ("status=%00x&thema=<b>", None),
    ],
)
def test_agenda_filters_by_thema_score_and_trekker(client, read, world, query, codes):
    Trekker.objects.create(doel=world.b1, organisatie=world.stad, kant="gemeente")
    Trekker.objects.create(doel=world.c1, organisatie=world.dorp, kant="onderwijs")
    if codes is None:
        client.force_login(world.secretaris)
        assert client.get(f"{AGENDA}?{query}").status_code in (200, 400)
        return
    page = read(f"{AGENDA}?{query}")
    card = page.card("Doelen en voortgang")
    assert [text(code) for code in card.iter("span") if code.get("class") == "code"] == codes
    if query:
        assert f"{len(codes)} van 3 doelen" in text(card)
        assert page.links(card)["Wis keuze"] == AGENDA + "#doelen"
    if not codes:
        assert page.links(card)["Toon alle 3 doelen"] == AGENDA + "#doelen"


def test_agenda_keeps_the_choice_in_the_form(read, world):
    page = read(f"{AGENDA}?thema=twee&status=geen")
    assert [option.get("value") for option in page.all("option") if "selected" in option.attrib] == ["twee", "geen"]
    assert [select.get("name") for select in page.all("select")] == ["thema", "status"]


def test_agenda_names_trekkers(read, world):
    Trekker.objects.create(doel=world.b1, organisatie=world.stad, kant="gemeente")
    page = read(AGENDA)
    assert "B1 Plan B1 Trekker: Stad (gemeente)" in text(page.card("Doelen en voortgang"))
    assert [select.get("name") for select in page.all("select")] == ["thema", "status", "trekker"]


def test_agenda_shows_its_predecessors_with_what_their_evaluation_found(read, world):
    eerst = make_agenda(world.regio, "2016-2018", startdatum=date(2016, 1, 1), einddatum=date(2018, 12, 31))
    toen = make_agenda(
        world.regio,
        "2019-2022",
        startdatum=date(2019, 1, 1),
        einddatum=date(2022, 12, 31),
        voorganger=eerst,
        terugblik="Meer *zicht*",
    )
    world.agenda.voorganger = toen
    world.agenda.save()
    card = read(AGENDA).card("De lijn van agenda’s")
    assert [text(item) for item in card.iter("li")] == [
        "2016–2018 Agenda 2016-2018 Geen evaluatie bekend.",
        "2019–2022 Agenda 2019-2022 Wat de evaluatie opleverde Meer zicht",
        "2023–2027 Agenda 2023-2027 (deze agenda)",
    ]
    page = read("/regio/west/agenda/2019-2022/")
    assert list(page.links(page.card("De lijn van agenda’s"))) == ["Agenda 2016-2018", "Agenda 2023-2027"]
    assert "Meer zicht" in text(page.all("main")[0])
    assert "Van deze agenda staan geen doelen in Agendamonitor." in text(page.card("Doelen van deze agenda"))


def test_agenda_shows_developments(read, world):
    Ontwikkeling.objects.create(agenda=world.agenda, naam="Huisvesting", omschrijving=NASTY)
    assert f"Huisvesting {NASTY}" in text(read(AGENDA).card("Overige ontwikkelingen"))


# Doel


def test_doel_tells_its_story_and_its_four_columns(read, world):
    page = read(AGENDA + "doel/a1/")
    assert text(page.all("h1")[0]) == f"A1 {NASTY}"
    assert [text(node) for node in page.all("dd")][:4] == [NASTY, "Doen", "Nagaan", "Bijstellen"]
    assert "Het verhaal" in text(page.card("Wat de agenda over dit doel zegt"))


def test_doel_lists_scores_newest_first_with_author_and_date(read, world):
    items = [text(item) for item in read(AGENDA + "doel/b1/").card("Scores en toelichting").iter("li")]
    by = "Sara, 21 november 2026"
    assert items == [
        f"Aug 26 1 · verdient prioriteit ▼▼ was 4 · vooruitgang {NASTY} {by} · Logboek van de score van Aug 26",
        f"Aug 25 4 · vooruitgang ▲ Vorig jaar {by} · Logboek van de score van Aug 25",
        "Aug 27 Evaluatie, aan de beurt vanaf 31 augustus 2027.",
    ]


def test_doel_without_score_leads_who_may_to_its_field(read, world):
    field = AGENDA + "aug-26/invoer/#doel-c1"
    assert read(AGENDA + "doel/c1/").links()["Nu scoren"] == field
    assert "Nu scoren" not in read(AGENDA + "doel/c1/", world.oogo_lid).links()
    assert "Nu scoren" not in read(AGENDA + "doel/c1/", world.invoerder).links()


def test_doel_charts_its_scores_with_their_table(read, world):
    page = read(AGENDA + "doel/b1/")
    assert "B1 ging van 4 naar 1: verdient prioriteit (Aug 26)" in [text(h) for h in page.all("h3")]
    assert page.rows("Score van B1 op elk meetmoment") == [
        ["Aug 25", "4 · vooruitgang ▲"],
        ["Aug 26", "1 · verdient prioriteit ▼▼"],
        ["Aug 27", "nog niet aan de beurt"],
    ]


def test_doel_never_scored_has_no_chart(read, world):
    make_doel(world.agenda, "D1", world.c1.thema)
    page = read(AGENDA + "doel/d1/")
    assert [node for node in page.root.iter() if node.get("role") == "img"] == []
    assert "De scores van dit doel zijn nog nooit gewijzigd." in read(AGENDA + "doel/d1/logboek/").html


def test_doel_shows_every_gemeente_beneath_the_regio(read, world):
    world.score(world.a1, world.aug26, 2, "Niet gelukt", organisatie=world.stad, by=world.invoerder)
    rows = {row[0]: row[1:] for row in read(AGENDA + "doel/a1/").rows("Score van A1 per gemeente op elk meetmoment")}
    assert rows["Stad"][1] == "Aug 26 2 · vraagt aandacht ▼ Niet gelukt Iris, 21 november 2026"
    assert rows["Dorp"][1] == "Aug 26 nog niet gescoord"
    assert "Per gemeente" not in [text(h) for h in read(AGENDA + "doel/b1/").all("h2")]


def test_doel_shows_conference_results(read, world):
    Opbrengst.objects.create(doel=world.a1, vraag="Wat nu?", naam="Stad/Dorp", punten="Korte lijnen\nMaatwerk")
    card = read(AGENDA + "doel/a1/").card("Opbrengsten van de lokale sessies")
    assert "Wat nu? Stad/Dorp Korte lijnen" in text(card)
    assert [text(item) for item in card.iter("li")] == ["Korte lijnen", "Maatwerk"]


def test_doel_shows_actions_with_their_parties(read, world):
    late = Actie.objects.create(
        doel=world.b1, omschrijving="Plan", resultaat="Meer", meetwijze="Ja", gereed_voor=date(2026, 1, 1)
    )
    late.partijen.set([world.stad, world.dorp])
    Actie.objects.create(doel=world.b1, omschrijving="Klaar", afgerond_op=date(2026, 2, 1), soort="doorlopend")
    items = [text(item) for item in read(AGENDA + "doel/b1/").card("Acties").iter("li")]
    assert items == [
        "Plan Nieuw · Te laat ! Gereed vóór 1 januari 2026 Gewenst resultaat Meer Hoe gemeten Ja Partijen Dorp, Stad",
        "Klaar Doorlopend · Afgerond op 1 februari 2026",
    ]
    assert "Bij dit doel staan geen acties." in read(AGENDA + "doel/c1/").html


def test_doel_leads_to_its_log(read, world):
    links = read(AGENDA + "doel/b1/").links()
    assert links["Logboek: wie wijzigde wat aan dit doel en zijn scores"] == AGENDA + "doel/b1/logboek/"
    assert links["Logboek van de score van Aug 26"] == AGENDA + "doel/b1/logboek/?meetmoment=aug-26"


def test_scores_per_gemeente_stay_to_read_when_a_doel_is_no_longer_scored_so(read, world):
    world.score(world.a1, world.aug26, 4, "Lokaal verhaal.", organisatie=world.stad, by=world.invoerder)
    world.a1.lokaal = False
    world.a1.save()
    card = text(read(AGENDA + "doel/a1/").card("Per gemeente"))
    assert "Dit doel wordt niet meer per gemeente gescoord. Wat er stond, blijft te lezen." in card
    assert "Lokaal verhaal." in card
    assert not [h for h in read(AGENDA + "doel/b1/").all("h2") if text(h) == "Per gemeente"]


def test_doel_leads_to_its_neighbours_and_its_agenda(read, world):
    page = read(AGENDA + "doel/b1/")
    assert {a.get("rel"): a.get("href") for a in page.all("a") if a.get("rel")} == {
        "prev": AGENDA + "doel/a1/",
        "next": AGENDA + "doel/c1/",
    }
    assert page.links()["Agenda 2023-2027"] == AGENDA
    assert [a.get("rel") for a in read(AGENDA + "doel/a1/").all("a") if a.get("rel")] == ["next"]


# Rapporten


def test_rapporten_lists_each_meetmoment_with_its_stand_and_files(read, world):
    page = read("/regio/west/rapporten/")
    items = [text(item) for item in page.card("Agenda 2023-2027").iter("li")]
    assert items[0] == "Aug 27 (evaluatie) Peildatum 31 augustus 2027 Nog niet aan de beurt."
    assert items[1].startswith("Aug 26 Peildatum 31 augustus 2026 2 van 3 doelen gescoord concept")
    assert items[2].startswith("Aug 25 Peildatum 31 augustus 2025 3 van 3 doelen gescoord voorgelegd 21 november 2026")
    files = [a.get("href") for a in page.all("a") if "aug-25" in a.get("href")]
    base = AGENDA + "aug-25/rapport"
    assert files == [f"{base}/", f"{base}.pdf", f"{base}.csv", f"{base}.xlsx", f"{base}.ods", f"{base}.json"]


def test_rapporten_heads_each_agenda_once_the_latest_first(read, world):
    before = make_agenda(world.regio, "2019-2026", startdatum=date(2019, 8, 1), einddatum=date(2026, 12, 31))
    for year in (25, 26, 24):
        make_meetmoment(before, f"nov-{year}", date(2000 + year, 11, 1))
    page = read("/regio/west/rapporten/")
    assert [text(h2) for h2 in page.all("h2")] == ["Agenda 2023-2027", "Agenda 2019-2026"]
    moments = [text(h3) for h3 in page.card("Agenda 2019-2026").iter("h3")]
    assert moments == ["Nov 26", "Nov 25", "Nov 24"]


def test_a_doel_that_came_later_leaves_what_was_submitted_complete(read, world):
    make_doel(world.agenda, "D1", world.c1.thema, volgorde=9)
    items = [text(item) for item in read("/regio/west/rapporten/").card("Agenda 2023-2027").iter("li")]
    assert "2 van 4 doelen gescoord concept" in items[1]
    assert "3 van 3 doelen gescoord voorgelegd" in items[2]

    page = read("/regio/west/")
    assert "Aug 26: 2 van 4 doelen gescoord" in text(page.root)
    Rapportage.objects.filter(meetmoment=world.aug26).update(
        status="voorgelegd", voorgelegd_door=world.secretaris, voorgelegd_op=timezone.now()
    )
    page = read("/regio/west/")
    assert "Aug 26: 2 van 2 doelen gescoord" in text(page.root)
    assert "nog niet gescoord" not in text(page.card("Wat veranderde sinds Aug 25?"))


def test_rapporten_tells_why_a_meetmoment_came_back(read, world):
    return_rapportage(meetmoment=world.aug25, reden="Nog niet compleet", by=world.oogo_lid)
    assert "teruggegeven Reden: Nog niet compleet" in text(read("/regio/west/rapporten/").card("Agenda 2023-2027"))
