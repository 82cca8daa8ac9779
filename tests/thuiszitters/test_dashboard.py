"""What the regio's dashboard of counts says, to whom, and what it does not say."""

import re
from datetime import date, timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from regio.permissions import Rol
from tests.factories import make_gebruiker, make_gemeente, make_regio
from tests.thuiszitters.factories import close, fill, make_telmoment, make_world, submit
from tests.worlds import once
from thuiszitters.actions import return_opgave
from thuiszitters.counting import UNKNOWN
from thuiszitters.models import Categorie, Leerlingaantal, Telmoment
from thuiszitters.overview import load_quarters
from thuiszitters.publication import publish
from thuiszitters.report import report_data
from thuiszitters.signals import raised

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 20)
URL = "/regio/telregio/thuiszitters/"


@pytest.fixture(autouse=True)
def autumn():
    with time_machine.travel(TODAY, tick=False):
        yield


built, world = once(make_world, at=TODAY)


@pytest.fixture
def summer(world):
    return make_telmoment(world[0], date(2026, 7, 1))


@pytest.fixture
def client(world):
    signed_in = Client()
    signed_in.force_login(make_gebruiker("secretaris@telregio.test", Rol.SECRETARIS, world[0]))
    return signed_in


def enter(moment, gemeente, by, **counts):
    fill(moment, gemeente, by, **counts)
    submit(moment, gemeente, by)


def text(client, url=URL):
    return " ".join(client.get(url).content.decode().split())


def periods(regio, drempel=None):
    return publish(load_quarters(regio, date(2026, 11, 20)), drempel=drempel)


def test_a_regio_without_a_day_of_counting_says_what_comes_first():
    regio = make_regio("leeg")
    client = Client()
    client.force_login(make_gebruiker("s@leeg.test", Rol.SECRETARIS, regio))
    assert "Nog geen telmomenten" in text(client, "/regio/leeg/thuiszitters/")


def test_the_secretaris_opens_a_school_year(client, world):
    assert "Telmomenten van 2026-2027 aanmaken" in text(client)
    page = " ".join(client.post(URL + "schooljaar/", follow=True).content.decode().split())
    assert "3 telmomenten van schooljaar 2026-2027 aangemaakt." in page
    assert "Telmomenten van 2026-2027 aanmaken" not in page
    assert [str(m.peildatum) for m in Telmoment.objects.order_by("peildatum")] == [
        "2026-10-01",
        "2027-01-01",
        "2027-04-01",
        "2027-07-01",
    ]
    # What lies in the future is not shown as missing.
    assert "1 januari 2027" not in page
    reader = Client()
    reader.force_login(make_gebruiker("lid@telregio.test", Rol.OOGO_LID, world[0]))
    assert reader.post(URL + "schooljaar/").status_code == 403
    assert "openen" not in reader.get(URL).content.decode()


def test_telmomenten_that_are_made_late_leave_time_to_enter(client, world):
    """A regio that begins in November is not late with what was counted in October."""
    Telmoment.objects.all().delete()
    client.post(URL + "schooljaar/", follow=True)
    deadlines = {str(m.peildatum): str(m.deadline) for m in Telmoment.objects.all()}
    late = timezone.localdate() + timedelta(days=30)
    assert deadlines == {
        "2026-10-01": str(late),
        "2027-01-01": "2027-01-31",
        "2027-04-01": "2027-05-01",
        "2027-07-01": "2027-07-31",
    }


def test_the_legend_has_the_names_of_the_quarter_drawn(client, world):
    regio, gemeente, by, moment = world
    enter(moment, gemeente, by, thuiszitters_po=20, absoluut_verzuim_vo=3)

    def legend():
        [found] = re.findall(r'<figcaption class="legenda">(.*?)</figcaption>', text(client))[:1]
        return " ".join(re.sub("<[^>]*>", "", found).split())

    assert legend().startswith("Thuiszitters Absoluut verzuim · * niet alle")
    general = Categorie.objects.get(regio=None, code="absoluut-verzuim")
    own = {"naam": "Categorie 1: absoluut verzuim", "kort": "Cat. 1", "definitie": "Niet ingeschreven."}
    Categorie.objects.filter(pk=general.pk).update(geldig_tot=date(2026, 8, 1))
    Categorie.objects.create(regio=regio, code=general.code, groep="verzuim", geldig_van=date(2026, 8, 1), **own)
    assert legend().startswith("Thuiszitters Categorie 1: absoluut verzuim · * niet alle")


def test_the_dashboard_says_what_changed_and_covers_every_question(client, world, summer):
    _, gemeente, by, moment = world
    enter(summer, gemeente, by, thuiszitters_po=20, absoluut_verzuim_vo=3)
    enter(
        moment,
        gemeente,
        by,
        thuiszitters_po=17,
        absoluut_verzuim_vo=3,
        thuiszitters_3_maanden_po=6,
        thuiszitters_3_maanden_zonder_aanbod_po=2,
        gebrek_aan_passend_aanbod_po=5,
        artikel_5_onder_a_vo=9,
    )
    page = text(client)
    assert "Minder thuiszitters dan vorig kwartaal: 23 → 20" in page
    assert "3 minder dan 1 juli" in page.lower()
    assert "2 leerlingen zitten langer dan drie maanden thuis zonder passend aanbod; de ambitie is 0" in page
    assert "Bij 5 van de 20 leerlingen is gebrek aan passend aanbod de reden" in page
    assert "De meeste vrijstellingen: 5 onder a – lichamelijke of psychische gronden (9)" in page
    assert "1 van 1 gemeenten heeft een opgave ingediend" in page


def test_a_missing_gemeente_is_no_zero_and_nothing_is_compared_with_it(client, world, summer):
    regio, gemeente, by, moment = world
    late = make_gemeente(regio, "laat", "GM0009")
    enter(summer, gemeente, by, thuiszitters_po=20)
    enter(summer, late, by, thuiszitters_po=10)
    enter(moment, gemeente, by, thuiszitters_po=17)
    page = text(client)
    assert "17 thuiszitters op 1 oktober 2026, van 1 van 2 gemeenten" in page
    assert "niet te vergelijken met 1 juli: niet dezelfde gemeenten" in page.lower()
    assert "30 → 17" not in page
    assert "geen opgave" in page


def test_what_is_not_submitted_counts_for_nobody_but_stays_in_the_file_of_who_enters_it(client, world):
    regio, gemeente, by, moment = world
    typing = make_gemeente(regio, "typt-nog", "GM0008")
    enter(moment, gemeente, by, thuiszitters_po=17)
    fill(moment, typing, by, thuiszitters_po=45)
    page = text(client)
    assert "17 thuiszitters op 1 oktober 2026, van 1 van 2 gemeenten" in page
    assert "62" not in {cell.strip() for cell in re.findall(r">([^<]*)<", page)}
    assert ";45;opgegeven" in client.get(URL + "tellingen.csv").getvalue().decode()

    submit(moment, typing, by)
    assert "62 thuiszitters op 1 oktober 2026" in text(client)
    return_opgave(telmoment=moment, gemeente=typing, reden="Kijk dit na.", by=by)
    assert "17 thuiszitters op 1 oktober 2026, van 1 van 2 gemeenten" in text(client)


def test_the_three_states_are_told_apart_on_the_dashboard(client, world):
    regio, gemeente, by, moment = world
    unknown, missing = make_gemeente(regio, "weet-niet", "GM0008"), make_gemeente(regio, "weg", "GM0009")
    enter(moment, gemeente, by)
    codes, sectors = ("thuiszitters", "absoluut_verzuim"), ("po", "vo", "vso", "mbo")
    enter(moment, unknown, by, **{f"{code}_{sector}": UNKNOWN for code in codes for sector in sectors})
    response = client.get(URL)
    shown = {naam: str(getal) for naam, getal, _, _ in response.context["per_duizend"]}
    assert shown == {"Woerden": "0", "Weet Niet": "onbekend", "Weg": "geen opgave"}
    assert missing.slug in response.content.decode()


def test_a_changed_definition_breaks_the_trend(client, world, summer):
    _, gemeente, by, moment = world
    enter(summer, gemeente, by, thuiszitters_po=20)
    old = Categorie.objects.get(code="thuiszitters")
    old.geldig_tot = date(2026, 8, 1)
    old.save()
    old.pk, old.geldig_van, old.geldig_tot, old.definitie = None, date(2026, 8, 1), None, "Anders geteld"
    old.save()
    enter(moment, gemeente, by, thuiszitters_po=17)
    page = text(client)
    assert "de definitie is veranderd" in page
    assert "breuklijn" in page
    assert "Vanaf hier geldt een andere definitie" in page
    assert "20 → 17" not in page


def test_the_rate_is_given_where_every_sector_is_known(client, world):
    regio, gemeente, by, moment = world
    enter(moment, gemeente, by, thuiszitters_po=5)
    assert client.get(URL).context["per_duizend"][0][2:] == (None, "niet bekend")
    for sector, aantal in (("PO", 1000), ("VO", 700), ("VSO", 100), ("MBO", 200)):
        Leerlingaantal.objects.create(
            regio=regio, gemeente=gemeente, sector=sector, schooljaar="2026-2027", aantal=aantal, bron="Een telling"
        )
    assert client.get(URL).context["per_duizend"][0][2:] == (2000, "2,5")
    page = text(client)
    assert "Bron van de leerlingen: Een telling." in page
    assert re.search(r"<td[^>]*>2\.000</td>", page)


def test_the_day_of_the_numbers_leads_to_who_gave_them(client, world):
    _, gemeente, by, moment = world
    enter(moment, gemeente, by, thuiszitters_po=5)
    assert f'href="{URL}2026-10-01/">1 oktober 2026' in text(client)


@pytest.mark.parametrize("rol", [Rol.OOGO_LID, Rol.INVOERDER])
def test_small_numbers_and_concepts_stay_with_who_may_see_them(world, summer, rol):
    regio, gemeente, by, moment = world
    other = make_gemeente(regio, "elders", "GM0007")
    enter(moment, gemeente, by, thuiszitters_po=3)
    fill(moment, other, by, thuiszitters_po=77)
    close(moment)
    reader = Client()
    reader.force_login(make_gebruiker("lezer@telregio.test", rol, regio, other if rol == Rol.INVOERDER else None))
    response = reader.get(URL)
    page = response.content.decode()
    assert "&lt;5" in page
    assert ">77<" not in page
    assert response.context["nu"].show(gemeente.pk, "thuiszitters").aantal is None
    assert ">3<" not in page


def sees(reader):
    now = reader.get(URL).context["nu"]
    return {
        naam: str(now.show(pk, "samen"))
        for naam, pk in [("regio", 0), *((g.naam, g.pk) for g in now.quarter.gemeenten)]
    }


def test_no_total_gives_a_small_number_back(world):
    regio, gemeente, by, moment = world
    small = make_gemeente(regio, "klein", "GM0007")
    enter(moment, gemeente, by, thuiszitters_po=20)
    enter(moment, small, by, thuiszitters_po=3)
    close(moment)
    reader = Client()
    reader.force_login(make_gebruiker("lid@telregio.test", Rol.OOGO_LID, regio))
    assert sees(reader) == {"regio": "afgeschermd", "Klein": "<5", "Woerden": "20"}


def test_a_regio_may_decide_that_its_oogo_sees_small_numbers(world):
    regio, gemeente, by, moment = world
    enter(moment, gemeente, by, thuiszitters_po=3)
    regio.oogo_ziet_kleine_aantallen = True
    regio.save()
    lid, stays_masked = Client(), Client()
    lid.force_login(make_gebruiker("lid@telregio.test", Rol.OOGO_LID, regio))
    other = make_gemeente(regio, "elders", "GM0007")
    close(moment)
    stays_masked.force_login(make_gebruiker("ander@telregio.test", Rol.INVOERDER, regio, other))
    assert sees(lid)["Woerden"] == "3"
    assert sees(stays_masked)["Woerden"] == "<5"


def test_who_knows_the_own_numbers_cannot_subtract_them(world):
    regio, gemeente, by, moment = world
    small = make_gemeente(regio, "klein", "GM0007")
    enter(moment, gemeente, by, thuiszitters_po=20)
    enter(moment, small, by, thuiszitters_po=3)
    close(moment)
    reader = Client()
    reader.force_login(by)
    assert sees(reader) == {"regio": "afgeschermd", "Klein": "<5", "Woerden": "20"}


def test_who_sees_numbers_masked_sees_the_latest_adopted_quarter(world, summer):
    regio, gemeente, by, moment = world
    enter(summer, gemeente, by, thuiszitters_po=23)
    enter(moment, gemeente, by, thuiszitters_po=37)
    close(summer)
    reader = Client()
    reader.force_login(make_gebruiker("lid@telregio.test", Rol.OOGO_LID, regio))
    page = text(reader)
    assert "De aantallen van 1 oktober 2026 zijn nog niet vastgesteld." in page
    assert "23 thuiszitters op 1 juli 2026" in page
    assert "37" not in {cell.strip() for cell in re.findall(r">([^<]*)<", page)}
    close(moment)
    assert "Meer thuiszitters dan vorig kwartaal: 23 → 37" in text(reader)
    summer.refresh_from_db()
    type(summer).objects.filter(pk=summer.pk).update(voorgelegd_op=None, afgesloten_op=None)
    page = text(reader)
    assert "Niet te vergelijken met 1 juli: dat kwartaal is nog niet vastgesteld" in page
    assert "23" not in {cell.strip() for cell in re.findall(r">([^<]*)<", page)}


def test_a_masked_number_says_why_it_is_compared_with_nothing(world, summer):
    regio, gemeente, by, moment = world
    enter(summer, gemeente, by, thuiszitters_po=3)
    enter(moment, gemeente, by, thuiszitters_po=37)
    close(summer)
    close(moment)
    reader = Client()
    reader.force_login(make_gebruiker("lid@telregio.test", Rol.OOGO_LID, regio))
    assert "Niet te vergelijken met 1 juli: een aantal is afgeschermd" in text(reader)


def test_a_secretaris_sees_what_an_oogo_lid_sees_but_for_the_masking(client, world):
    regio, gemeente, by, moment = world
    enter(moment, gemeente, by, thuiszitters_po=20, gedrag_po=2)
    close(moment)
    reader = Client()
    reader.force_login(make_gebruiker("lid@telregio.test", Rol.OOGO_LID, regio))
    headings = [
        re.findall(r"<h[123][^>]*>(.*?)</h[123]>", c.get(URL).content.decode(), re.DOTALL) for c in (client, reader)
    ]
    assert headings[0] == headings[1]
    assert "‘&lt;5’ betekent: 1 tot en met 4." in text(reader)


@pytest.mark.parametrize(
    ("rol", "buttons"),
    [
        (Rol.SECRETARIS, ["Inlezen uit een bestand", "Aantallen van Woerden invoeren", "tellingen.csv"]),
        (Rol.COORDINATOR, ["tellingen.csv"]),
        (Rol.INVOERDER, ["Aantallen van Woerden invoeren", "tellingen.csv"]),
        (Rol.OOGO_LID, ["tellingen.csv"]),
    ],
)
def test_everybody_is_offered_what_they_may_do(world, rol, buttons):
    regio, gemeente, *_ = world
    reader = Client()
    reader.force_login(make_gebruiker("lezer@telregio.test", rol, regio, gemeente if rol == Rol.INVOERDER else None))
    page = reader.get(URL).content.decode()
    everything = {"Inlezen uit een bestand", "Aantallen van Woerden invoeren", "tellingen.csv"}
    assert {words for words in everything if words in page} == set(buttons)


def test_a_stranger_finds_nothing(world):
    stranger = Client()
    stranger.force_login(make_gebruiker("s@elders.test", Rol.SECRETARIS, make_regio("elders")))
    assert stranger.get(URL).status_code == 404


def test_the_dashboard_asks_the_database_at_most_twelve_times(client, world, summer, django_assert_max_num_queries):
    regio, _gemeente, by, moment = world
    for number in range(3):
        other = make_gemeente(regio, f"g{number}", f"GM100{number}")
        enter(summer, other, by)
        enter(moment, other, by)
    with django_assert_max_num_queries(12):
        client.get(URL)


def test_a_lack_of_offer_and_the_ambition_raise_a_signal(world, summer):
    regio, gemeente, by, moment = world
    enter(summer, gemeente, by)
    assert raised(periods(regio), "/x/") == []
    enter(
        moment,
        gemeente,
        by,
        thuiszitters_po=8,
        thuiszitters_3_maanden_po=4,
        thuiszitters_3_maanden_zonder_aanbod_po=2,
        gebrek_aan_passend_aanbod_po=3,
    )
    lack, ambition = raised(periods(regio), "/x/")
    assert (lack.kind, lack.url) == ("aanbodgebrek", "/x/")
    assert lack.tekst == "3 van 8 leerlingen zitten thuis omdat passend aanbod ontbreekt (1 oktober 2026)."
    assert ambition.label == "Langer dan drie maanden thuis zonder aanbod: 2"
    assert ambition.tekst == "De ambitie is 0 (1 oktober 2026). 2 meer dan 1 juli."


def test_a_share_is_told_only_of_the_gemeenten_that_gave_a_reason(world):
    regio, gemeente, by, moment = world
    enter(moment, gemeente, by, thuiszitters_po=8, gebrek_aan_passend_aanbod_po=3)
    other = make_gemeente(regio, "anders", "GM0009")
    fill(moment, other, by, leave="reden", thuiszitters_po=5)
    submit(moment, other, by)
    (lack,) = raised(periods(regio), "/x/")
    said = "3 leerlingen zitten thuis omdat passend aanbod ontbreekt (1 oktober 2026, 1 van 2 gemeenten)."
    assert lack.tekst == said


def test_a_masked_signal_tells_no_number(world):
    regio, gemeente, by, moment = world
    enter(moment, gemeente, by, thuiszitters_po=8, gebrek_aan_passend_aanbod_po=3)
    close(moment)
    (lack,) = raised(periods(regio, drempel=5), "/x/")
    assert "3" not in lack.tekst.replace("1 oktober 2026", "")
    assert lack.tekst.startswith("<5 leerlingen")


def test_without_a_number_the_quarter_before_speaks(world, summer):
    regio, gemeente, by, _moment = world
    enter(summer, gemeente, by, thuiszitters_po=8, gebrek_aan_passend_aanbod_po=3)
    (lack,) = raised(periods(regio), "/x/")
    assert "1 juli 2026" in lack.tekst


def test_the_report_holds_one_school_year_with_its_definitions_and_gaps(world, summer):
    regio, gemeente, by, moment = world
    make_gemeente(regio, "laat", "GM0009")
    autumn = make_telmoment(regio, date(2025, 10, 1))
    enter(autumn, gemeente, by, thuiszitters_po=7)
    fill(make_telmoment(regio, date(2026, 4, 1)), gemeente, by, thuiszitters_po=88)
    enter(summer, gemeente, by, thuiszitters_po=1, thuiszitters_vo=UNKNOWN)
    enter(moment, gemeente, by, thuiszitters_po=99)
    data = report_data(periods(regio), "2025-2026")
    assert data is not None
    assert [(q["peildatum"], q["ingediend"], q["gemeenten"]) for q in data["kwartalen"]] == [
        ("2025-10-01", 1, 2),
        ("2026-04-01", 0, 2),
        ("2026-07-01", 1, 2),
    ]
    assert [q["ontbreekt"] for q in data["kwartalen"]] == [["Laat"], ["Laat", "Woerden"], ["Laat"]]
    line = next(regel for regel in data["regels"] if regel["code"] == "thuiszitters")
    assert [cel["tekst"] for cel in line["cellen"]] == ["7", "geen opgave", "1"]
    assert [cel["dekking"] for cel in line["cellen"]] == ["1 van 2 gemeenten", "", "0 van 2 gemeenten en een deel"]
    assert next(d for d in data["definities"] if d["code"] == "thuiszitters")["vanaf"] == "2025-10-01"
    assert "99" not in str(data["regels"])
    assert "88" not in str(data["regels"])


def test_a_report_without_quarters_holds_nothing(world):
    assert report_data(periods(world[0]), "2001-2002") is None
