"""The kalender of a regio: as a page, as the feed of a secret address, and the meetings that the secretaris keeps."""

import re
from datetime import UTC, date, datetime, time
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from icalendar import Calendar

from monitoring.kalender import load_kalender, load_next
from regio.kalender import Kalenderadres, Vergadering
from regio.models import Gebruiker, Lidmaatschap, Overleg, Regio
from regio.permissions import Rol
from tests.factories import make_agenda, make_beheerder, make_doel, make_gebruiker, make_meetmoment, make_regio
from tests.promises import complaints
from tests.worlds import once
from thuiszitters.models import Telmoment

NOW = "2026-11-21T12:00:00+01:00"
KALENDER = "/regio/west/kalender/"
pytestmark = [pytest.mark.django_db, pytest.mark.filterwarnings("error")]


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel(NOW, tick=False):
        yield


class World:
    """An OOGO that met in September and meets in December, a meetmoment and a telmoment, each with a deadline."""

    def __init__(self, slug: str = "west") -> None:
        self.regio = make_regio(slug, naam=slug.title())
        self.secretaris = make_gebruiker(f"sara@{slug}.test", Rol.SECRETARIS, self.regio)
        self.oogo_lid = make_gebruiker(f"olga@{slug}.test", Rol.OOGO_LID, self.regio)
        self.oogo = Overleg.objects.create(
            regio=self.regio, naam=f"Overleg {slug}", afkorting="OOGO", niveau="bestuurlijk"
        )
        Vergadering.objects.create(overleg=self.oogo, datum=date(2026, 9, 10), onderwerp="Scores bespreken")
        self.december = Vergadering.objects.create(
            overleg=self.oogo,
            datum=date(2026, 12, 10),
            begintijd=time(15),
            eindtijd=time(17),
            plaats="Gemeentehuis; zaal 2, links",
            onderwerp="Scores vaststellen",
        )
        self.moment = make_meetmoment(make_agenda(self.regio), deadline=date(2026, 12, 1))
        Telmoment.objects.create(regio=self.regio, peildatum=date(2026, 10, 1), deadline=date(2026, 10, 31))


built, world = once(World, at=NOW)


def signed_in(gebruiker: Gebruiker) -> Client:
    client = Client()
    client.force_login(gebruiker)
    return client


def read(client: Client, path: str = KALENDER) -> str:
    response = client.get(path)
    assert response.status_code == 200
    assert complaints(response) == []
    return response.content.decode()


def address_of(gebruiker: Gebruiker) -> str:
    """Make a secret address in the browser and return its path."""
    client = signed_in(gebruiker)
    client.post(KALENDER + "adres/")
    return read(client).split('value="http://testserver')[1].split('"')[0]


def events(path: str) -> dict[str, Any]:
    feed = Calendar.from_ical(Client().get(path).content)
    return {str(event["SUMMARY"]): event for event in feed.walk("VEVENT")}


# The page


def test_a_school_year_by_month_with_what_is_past_and_what_comes_first(world: World):
    page = read(signed_in(world.oogo_lid))
    months = ["augustus 2026", "september 2026", "oktober 2026", "december 2026"]
    assert [page.index(f">{month}</h2>") for month in months] == sorted(page.index(f">{m}</h2>") for m in months)
    assert "november 2026</h2>" not in page
    assert page.count('class="dag voorbij"') == 4
    first = page.index("<strong>eerstvolgend</strong>")
    assert (
        page.index(f'id="meetmoment-{world.moment.pk}-klaar"')
        < first
        < page.index(f'id="vergadering-{world.december.pk}"')
    )
    assert "15.00–17.00 uur, Gemeentehuis; zaal 2, links" in page
    assert "Vergadering toevoegen" not in page
    assert "Wijzigen" not in page


def test_each_thing_leads_to_its_place(world: World):
    page = read(signed_in(world.oogo_lid))
    for url in (
        "/regio/west/agenda/2023-2027/aug-26/rapport/",
        "/regio/west/thuiszitters/",
        "/regio/west/rapporten/",
    ):
        assert f'<h3><a href="{url}">' in page


def test_the_years_before_and_after_are_offered_while_something_stands_there(world: World):
    make_meetmoment(world.moment.agenda, "aug-28", date(2028, 8, 31))
    client = signed_in(world.oogo_lid)
    page = read(client)
    assert 'rel="prev"' not in page
    assert 'href="?schooljaar=2028-2029" rel="next"' in page
    assert 'href="?schooljaar=2026-2027" rel="prev"' in read(client, KALENDER + "?schooljaar=2028-2029")
    empty = read(client, KALENDER + "?schooljaar=2025-2026")
    assert "Nog niets gepland" in empty
    assert 'href="?schooljaar=2026-2027" rel="next"' in empty


@pytest.mark.parametrize("year", ["", "2026", "2026-2028", "x-y", "2026-2027x", "９０２６-2027"])
def test_a_year_that_is_none_is_not_found(world: World, year: str):
    assert signed_in(world.oogo_lid).get(KALENDER, {"schooljaar": year}).status_code == 404


def test_the_page_takes_as_many_queries_for_one_meeting_as_for_many(world: World):
    client = signed_in(world.secretaris)
    read(client)
    with CaptureQueriesContext(
        connection,
    ) as few:
        read(client)
    for day in range(1, 29):
        Vergadering.objects.create(overleg=world.oogo, datum=date(2027, 2, day))
    with CaptureQueriesContext(connection) as many:
        read(client)
    assert len(many) == len(few) <= 12


# Meetings


def test_the_secretaris_adds_changes_and_removes_a_meeting(world: World):
    client = signed_in(world.secretaris)
    assert "Kies een overleg" in read(client, KALENDER + "vergadering/")
    typed = {"overleg": world.oogo.pk, "datum": "2027-04-15", "versie": 0, "onderwerp": "Voortgang"}
    response = client.post(KALENDER + "vergadering/", typed)
    made = Vergadering.objects.get(datum=date(2027, 4, 15))
    assert response["Location"] == f"{KALENDER}?schooljaar=2026-2027#vergadering-{made.pk}"
    assert ": Voortgang" in read(client)

    page = f"{KALENDER}vergadering/{made.pk}/"
    assert 'value="2027-04-15"' in read(client, page)
    client.post(page, typed | {"begintijd": "14:00", "versie": made.versie})
    assert "14.00 uur" in read(client)

    assert "donderdag 15 april 2027: Voortgang" in read(client, page + "verwijderen/")
    assert Vergadering.objects.filter(pk=made.pk).exists()
    client.post(page + "verwijderen/")
    assert not Vergadering.objects.filter(pk=made.pk).exists()
    assert [r.history_type for r in Vergadering.history.filter(id=made.pk)] == ["-", "~", "+"]
    assert {r.history_user for r in Vergadering.history.filter(id=made.pk)} == {world.secretaris}


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"datum": ""}, "Vul de dag in."),
        ({"datum": "dertig februari"}, "Schrijf de dag als 10-12-2026."),
        ({"overleg": ""}, "Kies welk overleg vergadert."),
        ({"overleg": "elders"}, "Kies een overleg van deze regio."),
        ({"begintijd": "25:00"}, "Schrijf de tijd als 14:00."),
        ({"eindtijd": "16:00"}, "Een eindtijd vraagt een begintijd"),
        ({"begintijd": "16:00", "eindtijd": "15:00"}, "Een eindtijd vraagt een begintijd"),
        ({"datum": "2026-12-10"}, "Dit overleg vergadert op deze dag al."),
        ({"onderwerp": "Bel 06-12345678"}, "telefoonnummer"),
    ],
)
def test_what_is_wrong_with_a_meeting_is_said_and_nothing_typed_is_lost(world: World, typed: dict, said: str):
    elders = World("oost").oogo.pk
    data = {"overleg": world.oogo.pk, "datum": "2027-01-14", "plaats": "Zaal 9", "versie": 0} | typed
    data["overleg"] = elders if data["overleg"] == "elders" else data["overleg"]
    response = signed_in(world.secretaris).post(KALENDER + "vergadering/", data)
    page = response.content.decode()
    assert said in page
    assert "Kijk dit nog na" in page
    assert 'value="Zaal 9"' in page
    assert Vergadering.objects.filter(overleg=world.oogo).count() == 2


def test_who_saves_second_sees_what_the_first_saved_and_then_chooses(world: World):
    client, page = signed_in(world.secretaris), f"{KALENDER}vergadering/{world.december.pk}/"
    typed = {"overleg": world.oogo.pk, "datum": "2026-12-10", "versie": 1}
    client.post(page, typed | {"onderwerp": "De eerste"})
    second = client.post(page, typed | {"onderwerp": "De tweede"}).content.decode()
    assert "Nu staat er: OOGO, 10 december 2026, De eerste." in second
    assert 'value="De tweede"' in second
    assert 'name="versie" value="2"' in second
    client.post(page, typed | {"onderwerp": "De tweede", "versie": 2})
    world.december.refresh_from_db()
    assert world.december.onderwerp == "De tweede"


def test_a_meeting_of_another_regio_is_not_found(world: World):
    oost = World("oost")
    for page in ("", "verwijderen/"):
        path = f"vergadering/{oost.december.pk}/{page}"
        assert signed_in(world.secretaris).get(KALENDER + path).status_code == 404
        assert signed_in(world.secretaris).post(f"/regio/oost/kalender/{path}").status_code == 404
    assert Vergadering.objects.filter(pk=oost.december.pk).exists()


# The feed


def test_the_feed_holds_what_the_page_holds_as_rfc_5545_says_it(world: World):
    path = address_of(world.oogo_lid)
    response = Client().get(path)
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    assert response["Cache-Control"] == "private, max-age=3600"
    assert not response.cookies
    lines = response.content.split(b"\r\n")
    assert lines[-1] == b""
    assert b"\n" not in b"".join(lines)
    assert max(map(len, lines)) <= 75
    for line in (b"VERSION:2.0", b"REFRESH-INTERVAL;VALUE=DURATION:PT12H", b"X-PUBLISHED-TTL;VALUE=DURATION:PT12H"):
        assert line in lines
    assert set(events(path)) == {
        "OOGO West: Scores bespreken",
        "OOGO West: Scores vaststellen",
        "Peildatum: scores Aug 26, West",
        "Invoeren vóór deze dag: scores Aug 26, West",
        "Peildatum: aantallen thuiszitters van 1 oktober 2026, West",
        "Invoeren vóór deze dag: aantallen thuiszitters van 1 oktober 2026, West",
    }


def test_an_event_has_its_day_its_place_and_a_name_for_good(world: World):
    path = address_of(world.oogo_lid)
    all_day, timed = (
        events(path)[name] for name in ("Invoeren vóór deze dag: scores Aug 26, West", "OOGO West: Scores vaststellen")
    )
    assert (all_day.start, all_day.end) == (date(2026, 12, 1), date(2026, 12, 2))
    assert all_day["DTSTART"].params["VALUE"] == "DATE"
    assert all_day["TRANSP"] == "TRANSPARENT"
    assert (timed.start, timed.end) == (datetime(2026, 12, 10, 14, tzinfo=UTC), datetime(2026, 12, 10, 16, tzinfo=UTC))
    assert timed["LOCATION"] == "Gemeentehuis; zaal 2, links"
    assert b"LOCATION:Gemeentehuis\\; zaal 2\\, links\r\n" in Client().get(path).content
    assert timed["UID"] == f"vergadering-{world.december.pk}.west@testserver"
    assert timed["URL"] == "http://testserver/regio/west/rapporten/"
    assert timed["DTSTAMP"].dt == datetime(2026, 11, 21, 11, tzinfo=UTC)

    world.december.onderwerp = "Rapport én " + "heel " * 30 + "lang 🚀"
    world.december.datum = date(2026, 12, 11)
    world.december.save()
    moved = next(e for e in events(path).values() if e["UID"] == timed["UID"])
    assert str(moved["SUMMARY"]).endswith("heel lang 🚀")
    assert moved.start.date() == date(2026, 12, 11)
    assert max(map(len, Client().get(path).content.split(b"\r\n"))) <= 75


def test_what_is_fictitious_says_so_in_every_event(world: World):
    Regio.objects.filter(pk=world.regio.pk).update(voorbeelddata=True)
    found = events(address_of(world.oogo_lid))
    assert all(name.endswith(" (fictief)") for name in found)
    assert all("Fictieve voorbeelddata." in event["DESCRIPTION"] for event in found.values())


def test_the_feed_forgets_what_is_more_than_a_year_old(world: World):
    for day in (date(2025, 11, 1), date(2025, 12, 1)):
        Vergadering.objects.create(overleg=world.oogo, datum=day, onderwerp=f"{day:%m}")
    assert {"OOGO West: 12"} == set(events(address_of(world.oogo_lid))) & {"OOGO West: 11", "OOGO West: 12"}


def test_the_address_is_ones_own_and_works_until_it_is_withdrawn_or_made_anew(world: World):
    first, other = address_of(world.oogo_lid), address_of(world.secretaris)
    assert first == address_of(world.oogo_lid) != other
    client = signed_in(world.oogo_lid)
    asked = read(client, KALENDER + "adres/intrekken/")
    assert "Intrekken en een nieuw adres maken" in asked
    assert Client().get(first).status_code == 200
    client.post(KALENDER + "adres/intrekken/", {"nieuw": "ja"})
    second = address_of(world.oogo_lid)
    assert [Client().get(path).status_code for path in (first, second, other)] == [404, 200, 200]
    client.post(KALENDER + "adres/intrekken/")
    assert [Client().get(path).status_code for path in (first, second, other)] == [404, 404, 200]
    assert "Geheim adres maken" in read(client)
    assert "niets in te trekken" in read(client, KALENDER + "adres/intrekken/")


def end_membership(gebruiker: Gebruiker) -> None:
    Lidmaatschap.objects.filter(gebruiker=gebruiker).delete()


def end_account(gebruiker: Gebruiker) -> None:
    Gebruiker.objects.filter(pk=gebruiker.pk).update(is_active=False)


@pytest.mark.parametrize("end", [end_membership, end_account])
def test_the_address_stops_with_the_membership_and_with_the_account(world: World, end: Any):
    path = address_of(world.oogo_lid)
    end(world.oogo_lid)
    assert Client().get(path).status_code == 404


def test_the_address_of_a_beheerder_stops_with_the_account(world: World):
    beheerder = make_beheerder()
    path = address_of(beheerder)
    assert Client().get(path).status_code == 200
    end_account(beheerder)
    assert Client().get(path).status_code == 404


def test_a_guess_is_not_found_and_asks_the_database_nothing(world: World):
    path = address_of(world.oogo_lid)
    number, _, signature = path.removeprefix("/kalender/").removesuffix(".ics").partition(".")
    with CaptureQueriesContext(connection) as queries:
        for guess in (f"{'a' * 22}.{signature}", f"{number}.{'a' * 43}"):
            assert Client().get(f"/kalender/{guess}.ics").status_code == 404
        assert Client().get(f"/kalender/{number}.ics").status_code == 404
    assert len(queries) == 0


def test_a_copy_of_the_database_opens_no_address(world: World):
    path = address_of(world.oogo_lid)
    stored = Kalenderadres.objects.values_list("nummer", flat=True).get()
    assert stored in path
    assert Client().get(f"/kalender/{stored}.{stored}{stored[:21]}.ics").status_code == 404


def test_the_feed_takes_few_queries_however_much_it_holds(world: World):
    path = address_of(world.oogo_lid)
    for day in range(1, 29):
        Vergadering.objects.create(overleg=world.oogo, datum=date(2027, 2, day))
    with CaptureQueriesContext(connection) as queries:
        Client().get(path)
    assert len(queries) <= 6


def test_a_log_line_tells_that_an_address_was_made_or_withdrawn_and_not_which(world: World, caplog: Any):
    caplog.set_level("INFO", "agendamonitor.audit")
    path = address_of(world.oogo_lid)
    signed_in(world.oogo_lid).post(KALENDER + "adres/intrekken/")
    Client().get(path)
    assert "kalenderadres-gemaakt" in caplog.text
    assert "kalenderadres-ingetrokken" in caplog.text
    assert path.removeprefix("/kalender/")[:22] not in caplog.text


# What comes next


def test_what_comes_next_in_several_regios_in_as_many_queries_as_in_one(world: World, django_assert_num_queries: Any):
    oost = World("oost")
    today = date(2026, 11, 21)
    with django_assert_num_queries(1):
        own = load_next([world.regio], today)
    assert [(punt.titel, punt.datum) for punt in own] == [
        ("Scores Aug 26", date(2026, 12, 1)),
        ("OOGO", date(2026, 12, 10)),
    ]
    page = read(signed_in(world.oogo_lid), "/")
    assert (
        f'href="{KALENDER}?schooljaar=2026-2027#vergadering-{world.december.pk}">OOGO, Scores vaststellen</a>' in page
    )
    with django_assert_num_queries(1):
        both = load_next([world.regio, oost.regio], today, 3)
    assert [str(punt.regio) for punt in both] == ["West", "Oost", "West"]


def test_what_falls_on_one_day_stands_in_the_order_in_which_it_was_made(world: World):
    day = date(2026, 11, 25)
    rea = Overleg.objects.create(regio=world.regio, naam="Voorbereiding", afkorting="REA", niveau="ambtelijk")
    for pk, overleg in ((99_999, world.oogo), (100_000, rea)):
        Vergadering.objects.create(pk=pk, overleg=overleg, datum=day)
    for punten in (load_kalender(world.regio), load_next([world.regio], day)):
        assert [punt.sleutel for punt in punten if punt.datum == day] == ["vergadering-99999", "vergadering-100000"]


def test_the_page_of_the_regio_tells_when_the_next_quarter_is_counted_and_due(world: World):
    Telmoment.objects.create(regio=world.regio, peildatum=date(2027, 1, 1), deadline=date(2027, 1, 31))
    make_doel(world.moment.agenda, "A1")
    page = read(signed_in(world.oogo_lid), "/regio/west/")
    card = page.partition("Wat komt eraan?</h2>")[2].partition("</section>")[0]
    assert re.findall(r"<li><time[^>]*>(.*?)</time> (.*?): <a[^>]*>(.*?)</a></li>", card) == [
        ("1 december 2026", "invoeren vóór deze dag", "Scores Aug 26"),
        ("10 december 2026", "vergadering", "OOGO, Scores vaststellen"),
        ("1 januari 2027", "peildatum", "Aantallen thuiszitters van 1 januari 2027"),
        ("31 januari 2027", "invoeren vóór deze dag", "Aantallen thuiszitters van 1 januari 2027"),
    ]
