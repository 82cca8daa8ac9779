"""Voortgang van de invoer: who returned what, as the matrix says it to each who watches over it."""

import re
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from monitoring.actions import submit_rapportage
from monitoring.models import Meetmoment, Rapportage
from regio.berichten import Bericht
from regio.models import Deelname, Gebruiker, Lidmaatschap, Organisatie, Regio
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
)
from tests.promises import complaints
from tests.worlds import once
from thuiszitters.models import Opgave, Telmoment

NOW = "2026-11-21T12:00:00+01:00"
VOORTGANG = "/regio/west/voortgang/"
AUG26 = "/regio/west/agenda/2023-2027/aug-26/"
pytestmark = [pytest.mark.django_db, pytest.mark.filterwarnings("error")]


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def submitted(telmoment: Telmoment, gemeente: Organisatie, by: Gebruiker, day: date, **fields: Any) -> Opgave:
    moment = timezone.make_aware(datetime.combine(day, time(23, 30)))
    values = {"status": "ingediend", "ingediend_door": by, "ingediend_op": moment} | fields
    return Opgave.objects.create(telmoment=telmoment, gemeente=gemeente, **values)


class World:
    """Gemeenten stad and dorp; Aug 26 is due in December, the counts of 1 October were due before the 31st."""

    def __init__(self, slug: str = "west", code: int = 1) -> None:
        self.regio = make_regio(slug, naam=slug.title())
        self.secretaris = make_gebruiker(f"sara@{slug}.test", Rol.SECRETARIS, self.regio)
        self.coordinator = make_gebruiker(f"cor@{slug}.test", Rol.COORDINATOR, self.regio)
        self.stad = make_gemeente(self.regio, f"stad-{slug}", f"GM1{code:03}")
        self.dorp = make_gemeente(self.regio, f"dorp-{slug}", f"GM2{code:03}")
        self.agenda = make_agenda(self.regio)
        self.a1 = make_doel(self.agenda, "A1", lokaal=True)
        self.b1 = make_doel(self.agenda, "B1")
        self.aug26 = make_meetmoment(self.agenda, deadline=date(2026, 12, 1))
        self.oktober = Telmoment.objects.create(
            regio=self.regio, peildatum=date(2026, 10, 1), deadline=date(2026, 10, 31)
        )
        self.januari = Telmoment.objects.create(
            regio=self.regio, peildatum=date(2027, 1, 1), deadline=date(2027, 1, 31)
        )


built, world = once(World, at=NOW)


def signed_in(gebruiker: Gebruiker) -> Client:
    client = Client()
    client.force_login(gebruiker)
    return client


def read(gebruiker: Gebruiker, path: str = VOORTGANG) -> str:
    response = signed_in(gebruiker).get(path)
    assert response.status_code == 200
    assert complaints(response) == []
    return response.content.decode()


def rows(page: str) -> dict[str, list[str]]:
    """Return the cells of each row by what stands at its head, as somebody reads them."""
    body = page.partition("<tbody>")[2].partition("</tbody>")[0]
    found = {}
    for row in body.split("</tr>")[:-1]:
        head, *cells = re.split(r"</th>|</td>", row)[:-1]
        found[words(head)] = [words(cell) for cell in cells]
    return found


def words(html: str) -> str:
    return " ".join(re.sub(r"<[^>]*>", " ", html).split())


def test_every_state_of_a_gemeente_has_its_words_and_its_sign(world: World):
    submitted(world.oktober, world.stad, world.secretaris, date(2026, 10, 30))
    make_score(world.a1, world.aug26, 4, world.secretaris, organisatie=world.stad)
    found = rows(read(world.secretaris))
    assert list(found) == ["West (regio)", "Dorp West", "Stad West"]
    scores, october, january, on_time, last = found["Stad West"]
    assert scores == "✓ binnen 1 van 1 doel"
    assert october == "✓ binnen 30 okt 2026"
    assert january == "· nog niet aan de beurt"
    assert on_time == "1 van 1"
    assert last == "21 nov 2026"
    scores, october, _, on_time, last = found["Dorp West"]
    assert scores == "○ open 0 van 1 doel"
    assert october == "! te laat nog niets"
    assert on_time == "0 van 1"
    assert last == "nog geen"


@pytest.mark.parametrize(
    ("fields", "cell"),
    [
        ({"status": "ingediend", "ingediend": date(2026, 10, 31)}, "✓ binnen 31 okt 2026, te laat"),
        ({"status": "concept"}, "! te laat begonnen"),
        ({"status": "teruggegeven", "reden_teruggave": "Kijk na"}, "↩ teruggegeven ook te laat"),
    ],
)
def test_what_is_late_or_returned_says_so(world: World, fields: dict, cell: str):
    day = fields.pop("ingediend", None)
    if day:
        submitted(world.oktober, world.stad, world.secretaris, day)
    else:
        Opgave.objects.create(telmoment=world.oktober, gemeente=world.stad, **fields)
    found = rows(read(world.secretaris))["Stad West"]
    assert found[1] == cell
    assert found[3] == "0 van 1"


def test_what_came_in_time_is_not_late_for_being_mended(world: World):
    """Given back and handed in again after the deadline, it still came in time, as the page of the quarter says."""
    submitted(world.oktober, world.stad, world.secretaris, date(2026, 10, 14))
    opgave = Opgave.objects.get(telmoment=world.oktober, gemeente=world.stad)
    opgave.status, opgave.reden_teruggave = "teruggegeven", "Kijk na"
    opgave.save()
    page = read(world.secretaris)
    assert "1 onderdeel is te laat. 1 onderdeel is teruggegeven." in page
    returned = rows(page)["Stad West"]
    assert (returned[1], returned[3]) == ("↩ teruggegeven", "1 van 1")
    opgave.status, opgave.reden_teruggave, opgave.ingediend_op = "ingediend", "", timezone.now()
    opgave.save()
    again = rows(read(world.secretaris))["Stad West"]
    assert (again[1], again[3]) == ("✓ binnen 21 nov 2026", "1 van 1")


def test_scores_that_came_in_time_are_not_late_for_being_mended(world: World):
    Meetmoment.objects.filter(pk=world.aug26.pk).update(deadline=date(2026, 11, 1))
    rapportage = Rapportage(meetmoment=world.aug26, voorgelegd_door=world.secretaris)
    rapportage.status, rapportage.voorgelegd_op = "voorgelegd", timezone.now() - timedelta(days=40)
    rapportage.save()
    rapportage.status, rapportage.reden_teruggave = "teruggegeven", "Vul aan."
    rapportage.save()
    assert rows(read(world.secretaris))["West (regio)"][3] == "1 van 1"
    rapportage.status, rapportage.voorgelegd_op, rapportage.reden_teruggave = "voorgelegd", timezone.now(), ""
    rapportage.save()
    cells = rows(read(world.secretaris))["West (regio)"]
    assert (cells[0], cells[3]) == ("→ voorgelegd 21 nov 2026", "1 van 1")


def test_one_regio_and_all_regios_count_alike_what_is_late(world: World):
    """A quarter of which one gemeente is late is late once."""
    submitted(world.oktober, world.stad, world.secretaris, date(2026, 10, 20))
    for page in (read(world.secretaris), read(make_beheerder(), "/voortgang/")):
        assert "1 onderdeel is te laat." in page


def test_a_quarter_of_the_regio_tells_of_how_many_gemeenten(world: World):
    submitted(world.oktober, world.stad, world.secretaris, date(2026, 10, 20))
    assert rows(read(world.secretaris))["West (regio)"][1] == "! te laat 1 van 2 gemeenten"
    submitted(world.oktober, world.dorp, world.secretaris, date(2026, 10, 20))
    assert rows(read(world.secretaris))["West (regio)"][1] == "✓ binnen 2 van 2 gemeenten"
    returned = {"status": "teruggegeven", "reden_teruggave": "Kijk na", "voorgelegd_door": world.secretaris}
    Rapportage.objects.create(telmoment=world.oktober, voorgelegd_op=timezone.now(), **returned)
    assert rows(read(world.secretaris))["West (regio)"][1] == "↩ teruggegeven 2 van 2 gemeenten"
    now = timezone.now()
    Telmoment.objects.filter(pk=world.oktober.pk).update(voorgelegd_op=now)
    assert rows(read(world.secretaris))["West (regio)"][1] == "→ voorgelegd 2 van 2 gemeenten"
    Telmoment.objects.filter(pk=world.oktober.pk).update(afgesloten_op=now)
    assert rows(read(world.secretaris))["West (regio)"][1] == "■ vastgesteld 2 van 2 gemeenten"


def test_what_a_gemeente_never_gave_is_not_late_for_ever(world: World):
    Telmoment.objects.filter(pk=world.oktober.pk).update(voorgelegd_op=timezone.now())
    assert rows(read(world.secretaris))["Stad West"][1] == "– niet gegeven"


def test_the_scores_of_the_regio_from_open_to_submitted(world: World):
    make_score(world.a1, world.aug26, 3, world.secretaris)
    assert rows(read(world.secretaris))["West (regio)"][0] == "○ open 1 van 2 doelen"
    make_score(world.b1, world.aug26, 3, world.secretaris)
    submit_rapportage(meetmoment=world.aug26, by=world.secretaris)
    found = rows(read(world.secretaris))
    assert found["West (regio)"][0] == "→ voorgelegd 21 nov 2026"
    assert found["West (regio)"][3] == "1 van 1"
    assert found["Stad West"][0] == "– niet gegeven 0 van 1 doel"
    Meetmoment.objects.filter(pk=world.aug26.pk).update(deadline=date(2026, 11, 20))
    assert rows(read(world.secretaris))["West (regio)"][0] == "→ voorgelegd 21 nov 2026, te laat"


def test_who_takes_part_from_a_later_day_has_nothing_to_do_before(world: World):
    nieuw = make_gemeente(world.regio, "nieuw", "GM0009")
    Deelname.objects.filter(organisatie=nieuw).update(van=date(2026, 12, 1))
    assert rows(read(world.secretaris))["Nieuw"][:3] == [
        "niet van toepassing",
        "niet van toepassing",
        "· nog niet aan de beurt",
    ]


def test_cells_lead_to_their_place_and_for_a_beheerder_not_to_counts(world: World):
    opgave = f"/regio/west/thuiszitters/2026-10-01/{world.stad.slug}/"
    for gebruiker in (world.secretaris, world.coordinator):
        page = read(gebruiker)
        assert f'href="{opgave}"' in page
        assert signed_in(gebruiker).get(opgave).status_code == 200
    assert opgave not in read(make_beheerder())


def test_open_scores_lead_who_enters_them_to_the_entry_and_others_to_the_report(world: World):
    assert f'href="{AUG26}invoer/"' in read(world.secretaris)
    assert f'href="{AUG26}rapport/"' in read(world.coordinator)
    for doel in (world.a1, world.b1):
        make_score(doel, world.aug26, 3, world.secretaris)
    submit_rapportage(meetmoment=world.aug26, by=world.secretaris)
    assert f'href="{AUG26}rapport/"' in read(world.secretaris)


def test_another_school_year(world: World):
    page = read(world.secretaris, VOORTGANG + "?schooljaar=2025-2026")
    assert "Niets in te voeren" in page
    assert "Kies een ander schooljaar." in page
    assert 'href="?schooljaar=2026-2027" rel="next"' in page
    assert signed_in(world.secretaris).get(VOORTGANG + "?schooljaar=2026").status_code == 404


def test_the_arrows_pass_over_the_years_in_which_nothing_is_entered(world: World):
    make_meetmoment(world.agenda, "lang-geleden", date(2017, 7, 31))
    make_meetmoment(make_agenda(world.regio, "leeg"), "zonder-doelen", date(2020, 8, 31))
    make_meetmoment(make_agenda(make_regio("elders")), "elders", date(2021, 8, 31))
    for path in (VOORTGANG, "/voortgang/"):
        assert arrows(world, path) == {"prev": "2016-2017"}
        assert arrows(world, f"{path}?schooljaar=2016-2017") == {"next": "2026-2027"}
    Telmoment.objects.create(regio=world.regio, peildatum=date(2028, 10, 1))
    assert arrows(world, VOORTGANG) == {"prev": "2016-2017", "next": "2028-2029"}
    assert arrows(world, f"{VOORTGANG}?schooljaar=2019-2020") == {"prev": "2016-2017", "next": "2026-2027"}


def arrows(world: World, path: str) -> dict[str, str]:
    found = re.findall(r'href="\?schooljaar=([^"]*)" rel="(prev|next)"', read(world.secretaris, path))
    return {rel: year for year, rel in found}


def test_where_no_year_has_anything_no_other_is_offered(world: World):
    leeg = make_regio("leeg")
    page = read(make_gebruiker("sil@leeg.test", Rol.SECRETARIS, leeg), "/regio/leeg/voortgang/")
    assert "Niets in te voeren" in page
    assert "ander schooljaar" not in page


# Several regio's


def join(gebruiker: Gebruiker, regio: Regio) -> None:
    Lidmaatschap.objects.create(gebruiker=gebruiker, regio=regio, rol=Rol.COORDINATOR)


def test_who_watches_over_several_regios_sees_a_row_each(world: World):
    oost, noord = World("oost", 2), World("noord", 3)
    join(world.coordinator, oost.regio)
    submitted(world.oktober, world.stad, world.secretaris, date(2026, 10, 20))
    page = read(world.coordinator, "/voortgang/")
    found = rows(page)
    assert list(found) == ["Oost", "West"]
    assert found["West"][:4] == [
        "○ open 0 van 2 doelen",
        "! te laat 1 van 2 gemeenten",
        "· nog niet aan de beurt",
        "niet gepland",
    ]
    assert found["West"][5] == "1 van 2"
    assert found["Oost"][5] == "0 van 2"
    assert 'href="/regio/west/voortgang/?schooljaar=2026-2027"' in page
    assert 'href="/voortgang/?schooljaar=2026-2027"' in read(world.coordinator)
    assert 'href="/voortgang/' not in read(world.secretaris)
    assert list(rows(read(make_beheerder(), "/voortgang/"))) == ["Noord", "Oost", "West"]
    assert noord.regio.naam not in page


def test_who_watches_over_nothing_is_refused(world: World):
    for rol, organisatie in ((Rol.OOGO_LID, None), (Rol.INVOERDER, world.stad)):
        gebruiker = make_gebruiker(f"{rol}@west.test", rol, world.regio, organisatie)
        assert signed_in(gebruiker).get("/voortgang/").status_code == 403
        assert signed_in(gebruiker).get(VOORTGANG).status_code == 403


def test_as_many_queries_for_150_regios_as_for_one(world: World):
    beheerder = make_beheerder()
    client = signed_in(beheerder)
    client.get("/voortgang/")
    with CaptureQueriesContext(connection) as one:
        client.get("/voortgang/")
    made = Regio.objects.bulk_create(Regio(slug=f"r{n}", naam=f"Regio {n:03}") for n in range(149))
    Telmoment.objects.bulk_create(
        Telmoment(regio=regio, peildatum=date(2026, 10, 1), deadline=date(2026, 10, 31)) for regio in made
    )
    Deelname.objects.bulk_create(Deelname(regio=regio, organisatie=world.stad, van=date(2023, 8, 1)) for regio in made)
    Opgave.objects.bulk_create(
        Opgave(telmoment=moment, gemeente=world.stad) for moment in Telmoment.objects.filter(regio__in=made)
    )
    with CaptureQueriesContext(connection) as many:
        page = client.get("/voortgang/").content.decode()
    assert len(rows(page)) == 150
    assert len(many) == len(one) <= 12
    secretaris = signed_in(world.secretaris)
    with CaptureQueriesContext(connection) as own:
        secretaris.get(VOORTGANG)
    assert len(own) <= 12


# Reminding


HERINNEREN = "/voortgang/herinneren/"


def chosen(page: str, naam: str) -> str:
    """Return what the box before `naam` sends."""
    return re.findall(rf'name="wat" value="([^"]*)"[^>]*aria-label="{re.escape(naam)} herinneren"', page)[0]


def waiting() -> list[tuple[str, str]]:
    return list(Bericht.objects.order_by("pk").values_list("gebruiker__email", "betreft"))


def test_who_was_chosen_is_shown_by_name_and_reminded_once_a_day(world: World):
    invoerder = make_gebruiker("iris@west.test", Rol.INVOERDER, world.regio, world.stad, naam="Iris van Stad")
    client = signed_in(world.secretaris)
    key = chosen(read(world.secretaris), "Stad West")
    asked = {"regio": "west", "schooljaar": "2026-2027", "wat": key}
    page = client.post(HERINNEREN, asked).content.decode()
    assert complaints(client.post(HERINNEREN, asked)) == []
    assert "Aantallen van Stad West op 1 oktober 2026" in page
    assert "Scores van Aug 26 voor Stad West" in page
    assert page.count("Aan Iris van Stad.") == 2
    assert "vandaag al een herinnering" not in page
    assert waiting() == []

    response = client.post(HERINNEREN, asked | {"bevestigd": "ja"})
    assert response["Location"] == VOORTGANG + "?schooljaar=2026-2027"
    assert "Er gaat een herinnering uit over 2 onderdelen." in read_after(client)
    assert sorted(waiting()) == [(invoerder.email, one) for one in sorted(key.split())]

    again = client.post(HERINNEREN, asked).text
    assert again.count("Hierover is er vandaag al een herinnering") == 2
    assert "Er gaat nu geen herinnering uit. Hieronder staat waarom." in again
    assert 'name="bevestigd"' not in again
    client.post(HERINNEREN, asked | {"bevestigd": "ja"})
    assert (
        "Over 2 onderdelen gaat nu geen herinnering uit: er is er vandaag al een. Morgen kan het weer."
        in read_after(client)
    )
    assert len(waiting()) == 2
    with time_machine.travel("2026-11-22T12:00:00+01:00", tick=False):
        signed_in(world.secretaris).post(HERINNEREN, asked | {"bevestigd": "ja"})
    assert len(waiting()) == 4


def read_after(client: Client) -> str:
    return client.get(VOORTGANG).content.decode()


def test_who_was_not_reminded_yet_today_still_can_be(world: World):
    make_gebruiker("iris@west.test", Rol.INVOERDER, world.regio, world.stad)
    client = signed_in(world.secretaris)
    asked = {"regio": "west", "wat": chosen(read(world.secretaris), "Stad West")}
    client.post(HERINNEREN, asked | {"bevestigd": "ja"})
    make_gebruiker("nils@west.test", Rol.INVOERDER, world.regio, world.stad)
    page = client.post(HERINNEREN, asked).text
    assert page.count("Hierover is er vandaag al een herinnering") == 2
    assert 'name="bevestigd"' in page
    client.post(HERINNEREN, asked | {"bevestigd": "ja"})
    assert [email for email, _ in waiting()] == ["iris@west.test"] * 2 + ["nils@west.test"] * 2


def test_where_nobody_can_get_it_the_page_says_so_and_sends_nothing(world: World):
    make_beheerder()
    client = signed_in(world.coordinator)
    asked = {"regio": "west", "wat": chosen(read(world.coordinator), "Dorp West")}
    Lidmaatschap.objects.filter(rol=Rol.SECRETARIS).delete()
    Gebruiker.objects.filter(is_superuser=True).delete()
    page = client.post(HERINNEREN, asked).text
    assert page.count("Niemand kan deze mail krijgen.") == 2
    assert 'name="bevestigd"' not in page
    client.post(HERINNEREN, asked | {"bevestigd": "ja"})
    assert "Over 2 onderdelen gaat geen herinnering uit: niemand kan die krijgen. Geef eerst iemand een" in read_after(
        client
    )


def test_what_nobody_enters_goes_to_who_stands_in_and_says_so(world: World):
    key = chosen(read(world.coordinator), "Dorp West")
    page = signed_in(world.coordinator).post(HERINNEREN, {"regio": "west", "wat": key}).content.decode()
    assert page.count("Aan Sara (de secretaris, want er is geen actieve invoerder).") == 2


def test_what_was_done_meanwhile_is_not_asked_for(world: World):
    key = chosen(read(world.secretaris), "Stad West").split()[1]
    submitted(world.oktober, world.stad, world.secretaris, date(2026, 10, 20))
    client = signed_in(world.secretaris)
    client.post(HERINNEREN, {"regio": "west", "wat": key, "bevestigd": "ja"})
    assert "Over 1 onderdeel was een herinnering niet meer nodig." in read_after(client)
    assert waiting() == []


def test_a_beheerder_reminds_in_several_regios_at_once(world: World):
    World("oost", 2)
    beheerder = make_beheerder()
    page = read(beheerder, "/voortgang/")
    keys = [chosen(page, naam) for naam in ("West", "Oost")]
    client = signed_in(beheerder)
    shown = client.post(HERINNEREN, {"wat": keys}).content.decode()
    assert "Aantallen van Stad West op 1 oktober 2026, West" in shown
    assert "Aantallen van Stad Oost op 1 oktober 2026, Oost" in shown
    assert client.post(HERINNEREN, {"wat": keys, "bevestigd": "ja"})["Location"].startswith("/voortgang/?")
    assert {email for email, _ in waiting()} == {"sara@west.test", "sara@oost.test"}


def test_nothing_of_another_regio_is_asked_for_or_shown(world: World):
    oost = World("oost", 2)
    key = chosen(read(oost.secretaris, "/regio/oost/voortgang/"), "Stad Oost")
    client = signed_in(world.secretaris)
    page = client.post(HERINNEREN, {"regio": "west", "wat": key, "bevestigd": "ja"}).content.decode()
    assert "Kies eerst een of meer namen." in page
    assert "Oost" not in page
    assert client.post(HERINNEREN, {"regio": "oost", "wat": key}).status_code == 404
    assert waiting() == []


@pytest.mark.parametrize(
    "nonsense", ["", "opgave", "opgave:1:x", "scores:0:0", "opgave:99999999999999999999:1", "x:1:1"]
)
def test_nonsense_chooses_nothing(world: World, nonsense: str):
    response = signed_in(world.secretaris).post(HERINNEREN, {"regio": "west", "wat": nonsense, "bevestigd": "ja"})
    assert "Kies eerst een of meer namen." in response.content.decode()


def test_whom_it_goes_to_takes_few_queries_however_many_were_chosen(world: World):
    client = signed_in(world.secretaris)
    page = read(world.secretaris)
    few = {"regio": "west", "wat": chosen(page, "Stad West")}
    many = few | {"wat": [chosen(page, naam) for naam in ("Stad West", "Dorp West", "West (regio)")]}
    counts = []
    for asked in (few, many):
        with CaptureQueriesContext(connection) as queries:
            client.post(HERINNEREN, asked)
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 12
