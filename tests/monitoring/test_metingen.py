"""Metingen of an indicator: entered at their doel, held against their norm, and kept in what is adopted."""

import json
import re
from datetime import date
from decimal import Decimal
from html import unescape
from typing import Any

import pytest
import time_machine
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from agenda.models import Trekker
from monitoring.measuring import MeetConflict, save_meting
from monitoring.models import Indicator, Indicatorwaarde, Momentopname
from monitoring.publishing import choose_publishing, publish_version
from regio.audit import sign
from regio.models import Gebruiker
from tests.factories import make_beheerder, make_gebruiker
from tests.monitoring.decisions import Besluitvorming
from tests.promises import complaints
from tests.worlds import once

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 20)
AGENDA = "/regio/west/agenda/2023-2027/"
DOEL = AGENDA + "doel/b1/"
RAPPORT = AGENDA + "aug-25/rapport"


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel(TODAY, tick=False):
        yield


class Metend(Besluitvorming):
    """B1 has an indicator that must stay under the average of the country and may not rise faster."""

    def __init__(self) -> None:
        super().__init__()
        self.indicator = Indicator.objects.create(
            doel=self.b1,
            naam="TLV’s",
            eenheid="per 1.000 leerlingen",
            definitie="Wat in het schooljaar is afgegeven.",
            norm="landelijk",
            niet_sneller=True,
        )
        self.measure(date(2023, 10, 1), "20", "25")
        self.measure(date(2024, 10, 1), "21.5", "26")

    @property
    def url(self) -> str:
        return f"{DOEL}indicator/{self.indicator.pk}/"

    def measure(self, day: date, waarde: str | None, landelijk: str | None = None, **more: Any) -> Indicatorwaarde:
        meting = Indicatorwaarde(
            indicator=self.indicator,
            peildatum=day,
            waarde=waarde and Decimal(waarde),
            landelijk=landelijk and Decimal(landelijk),
            **more,
        )
        save_meting(meting=meting, versie=0, by=self.indiener)
        return meting

    def client(self, who: str | Gebruiker = "secretaris") -> Client:
        client = Client()
        client.force_login(self.people[who] if isinstance(who, str) else who)
        return client

    def read(self, path: str, who: str = "secretaris") -> str:
        return text_of(self.client(who).get(path))


built, world = once(Metend, at=TODAY)


def text_of(response: Any) -> str:
    page = re.sub(r"<svg.*?</svg>|<[^>]+>", " ", response.content.decode(), flags=re.DOTALL)
    return " ".join(unescape(page).split())


def typed(**fields: str) -> dict[str, str]:
    return {
        "peildatum": "2025-10-01",
        "waarde": "22,5",
        "landelijk": "27",
        "bron": "Jaarverslag",
        "toelichting": "",
        "versie": "0",
        **fields,
    }


# Entering


def test_a_meting_is_entered_with_a_comma_and_read_at_its_doel(world: Metend):
    answer = world.client().post(world.url, typed(toelichting="Meer aanvragen"))
    assert (answer.status_code, answer["Location"]) == (302, DOEL)
    meting = Indicatorwaarde.objects.get(peildatum=date(2025, 10, 1))
    assert (meting.waarde, meting.landelijk, meting.gewijzigd_door) == (
        Decimal("22.5"),
        Decimal(27),
        world.people["secretaris"],
    )
    page = world.read(DOEL, "oogo-lid")
    assert "1 oktober 2025 22,5 27,0 Meer aanvragen Jaarverslag · Secretaris, 20 november 2026" in page
    assert "Meting toevoegen" not in page


def test_an_unknown_value_says_why_and_is_no_zero(world: Metend):
    refused = text_of(world.client().post(world.url, typed(waarde="")))
    assert "Vul een waarde in, of schrijf in de toelichting waarom zij onbekend is." in refused
    assert world.client().post(world.url, typed(waarde="", toelichting="Nog niet binnen")).status_code == 302
    assert "1 oktober 2025 onbekend 27,0 Nog niet binnen" in world.read(DOEL)
    with pytest.raises(IntegrityError), transaction.atomic():
        Indicatorwaarde.objects.update(waarde=None, toelichting="")


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        *(
            ("waarde", typed, "Schrijf een getal als 24,5 of 1.234,5")
            for typed in ("veel", "-1", "+5", "1e3", "1_0", "٩")
        ),
        ("waarde", "12.34,5", "Schrijf een getal als 24,5 of 1.234,5"),
        ("waarde", "1,234", "Schrijf hoogstens twee cijfers achter de komma, bijvoorbeeld 24,5."),
        ("landelijk", "123456789", "Dit getal is te groot. Schrijf hoogstens zeven cijfers vóór de komma."),
        ("waarde", "NaN", "Schrijf een getal als 24,5 of 1.234,5"),
        ("peildatum", "1900-01-01", "Vul een dag in vanaf 1 januari 2000."),
        ("peildatum", "2026-11-21", "Deze dag is nog niet geweest."),
        ("peildatum", "gisteren", "Schrijf de dag als 01-10-2026."),
        ("peildatum", "", "Vul de dag in waarvan dit de stand is."),
        ("peildatum", "2024-10-01", "Van 1 oktober 2024 is er al een meting."),
        ("toelichting", "Bel 06-12345678", "telefoonnummer"),
        ("bron", "x" * 301, "Deze tekst is 301 tekens lang."),
    ],
)
def test_what_cannot_be_is_refused_in_words_and_nothing_typed_is_lost(world: Metend, field: str, value: str, said: str):
    answer = world.client().post(world.url, typed(**{"toelichting": "Getypt", field: value}))
    assert said in text_of(answer)
    assert complaints(answer) == []
    assert "Jaarverslag" in answer.text or field == "bron"
    assert value in unescape(answer.text)
    assert Indicatorwaarde.objects.count() == 2


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("1.234,5", "1234.5"),
        ("1234,5", "1234.5"),
        ("12 345", "12345"),
        ("1.234", "1234"),
        ("24.5", "24.5"),
        (" 7 ", "7"),
    ],
)
def test_a_number_is_read_as_the_dutch_write_it(world: Metend, written: str, meant: str):
    assert world.client().post(world.url, typed(waarde=written)).status_code == 302
    assert Indicatorwaarde.objects.get(peildatum=date(2025, 10, 1)).waarde == Decimal(meant)


def test_the_average_of_the_country_is_asked_where_the_norm_needs_it(world: Metend):
    assert "Zonder dit getal kan de check deze meting niet nagaan." in world.read(world.url)
    Indicator.objects.update(norm="hoogstens", grens=3, niet_sneller=False)
    page = world.read(world.url)
    assert "Norm: hoogstens 3" in page
    assert "Landelijk" not in page


def test_a_meting_that_was_moved_meanwhile_is_made_anew_with_what_was_typed(world: Metend):
    url, client = f"{world.url}2024-10-01/", world.client()
    world.client("indiener").post(url, typed(peildatum="2024-11-01", waarde="23", versie="1"))
    assert client.get(url).status_code == 404
    refused = client.post(url, typed(peildatum="2024-10-01", waarde="24", versie="1", toelichting="Getypt"))
    assert "Iemand anders verplaatste of verwijderde deze meting intussen." in text_of(refused)
    assert "Getypt" in refused.text
    assert f'action="{world.url}"' in refused.text


def test_nothing_changes_in_a_report_that_lies_before_the_oogo(world: Metend):
    world.submit()
    told = "Het rapport Aug 25 ligt voor aan het OOGO. Metingen tot en met 31 augustus 2025 veranderen nu niet."
    client = world.client()
    new, old = typed(peildatum="2025-06-01"), typed(peildatum="2024-10-01", waarde="1", versie="1")
    moved = typed(peildatum="2026-01-01", versie="1")
    for url, sent in ((world.url, new), (f"{world.url}2024-10-01/", old), (f"{world.url}2024-10-01/", moved)):
        answer = client.post(url, sent)
        assert told in text_of(answer)
        assert "Jaarverslag" in answer.text
    assert client.post(world.url, typed()).status_code == 302, "what its peildatum comes before may change"
    beheer = world.client(make_beheerder("nog-een@example.test"))
    page = beheer.get(f"/beheer/monitoring/indicator/{world.indicator.pk}/change/")
    assert "Een rapport van deze agenda ligt voor aan het OOGO." in text_of(page)
    assert 'name="norm"' not in page.text
    meting = Indicatorwaarde.objects.first()
    assert meting
    assert beheer.get(f"/beheer/monitoring/indicatorwaarde/{meting.pk}/delete/").status_code == 403
    with pytest.raises(ValidationError):
        Indicator(doel=world.b1, naam="Nog een", eenheid="procent", definitie="Iets").full_clean()


def test_a_meting_is_changed_and_its_doel_tells_what_stood_there(world: Metend):
    url = f"{world.url}2024-10-01/"
    assert 'value="21,50"' in world.client().get(url).text
    sent = typed(peildatum="2024-10-01", waarde="21", versie="1")
    assert world.client().post(url, sent).status_code == 302
    log = world.read(f"{DOEL}logboek/")
    assert "Secretaris Meting van TLV’s op 1 oktober 2024 gewijzigd" in log
    assert "Waarde 21,50 21,00" in log
    assert "Indiener Meting van TLV’s op 1 oktober 2023 toegevoegd" in log
    assert "Waarde (leeg) 20,00" in log


def test_the_log_keeps_what_was_removed_with_its_indicator(world: Metend):
    beheer = make_beheerder("nog-een@example.test")
    for thing in (*Indicatorwaarde.objects.all(), world.indicator):
        sign(thing, beheer)
        thing.delete()
    log = world.read(f"{DOEL}logboek/")
    assert "Beheer Meting van TLV’s op 1 oktober 2024 verwijderd" in log
    assert "Waarde 21,50 (leeg)" in log
    assert "Beheer Indicator verwijderd" in log


def test_who_is_second_sees_both_and_chooses(world: Metend):
    url, client = f"{world.url}2024-10-01/", world.client()
    world.client("indiener").post(url, typed(peildatum="2024-10-01", waarde="23", versie="1"))
    refused = client.post(url, typed(peildatum="2024-10-01", waarde="24", versie="1"))
    assert "Indiener wijzigde deze meting intussen. Nu staat er: 1 oktober 2024, 23, landelijk 27" in text_of(refused)
    assert 'value="24"' in refused.text
    versie = re.search(r'name="versie" value="(\d+)"', refused.text)
    assert versie
    assert client.post(url, typed(peildatum="2024-10-01", waarde="24", versie=versie[1])).status_code == 302
    assert Indicatorwaarde.objects.get(peildatum=date(2024, 10, 1)).waarde == 24


def test_of_two_who_begin_with_the_same_day_the_second_is_told(world: Metend):
    second = Indicatorwaarde(indicator=world.indicator, peildatum=date(2024, 10, 1), waarde=Decimal(9))
    with pytest.raises(MeetConflict) as told:
        save_meting(meting=second, versie=0, by=world.indiener)
    assert told.value.current
    assert told.value.current.waarde == Decimal("21.5")


def test_who_enters_for_a_trekker_measures_its_doelen_and_no_other(world: Metend):
    invoerder = world.client("invoerder")
    assert invoerder.get(world.url).status_code == 403
    Trekker.objects.create(doel=world.b1, organisatie=world.stad, kant="gemeente")
    assert invoerder.post(world.url, typed()).status_code == 302
    assert "Meting toevoegen" in world.read(DOEL, "invoerder")
    world.indicator.doel = world.a1
    with pytest.raises(PermissionDenied):
        save_meting(
            meting=Indicatorwaarde(indicator=world.indicator, peildatum=TODAY), versie=0, by=world.people["invoerder"]
        )


def test_addresses_of_no_meting_are_404(world: Metend):
    client = world.client()
    wrong = (f"{DOEL}indicator/999999/", f"{world.url}2022-10-01/", world.url.replace("/b1/", "/a1/"))
    for url in (*wrong, world.url.replace("/b1/", "/B1/"), f"{DOEL}indicator/{'9' * 30}/"):
        assert client.get(url).status_code == 404, url


# What the check asks


def test_a_rise_faster_than_that_of_the_country_asks_the_act_everywhere(world: Metend):
    fired = "21,5 per 1.000 leerlingen op 1 oktober 2024, onder het landelijk gemiddelde van 26,0."
    pace = "Het steeg sinds 1 oktober 2023 met 7,5%; landelijk was dat 4%."
    assert f"De check geeft een signaal. {fired} {pace} Te doen: Bijstellen" in world.read(DOEL, "oogo-lid")
    assert f"B1 TLV’s {fired} {pace} Te doen: Bijstellen" in world.read("/regio/west/", "oogo-lid")
    assert f"TLV’s. {fired} {pace}" in world.read("/")
    assert "TLV’s" not in world.read("/", "oogo-lid")
    assert f"De cijfers bij de check: Signaal ! TLV’s: {fired} {pace}" in world.read(f"{AGENDA}aug-25/invoer/")
    world.measure(date(2025, 10, 1), "21", "26")
    assert not any("Te doen:" in world.read(page) for page in (DOEL, "/regio/west/"))
    assert "TLV’s" not in world.read("/")


def test_another_indicator_costs_no_query(world: Metend):
    pages = ("/", "/regio/west/", DOEL, f"{AGENDA}aug-25/invoer/", f"{RAPPORT}/")
    counted = {page: queries_of(world, page) for page in pages}
    for number in range(10):
        more = Indicator.objects.create(doel=world.b1, naam=f"Nog een {number}", eenheid="procent", definitie="Iets")
        Indicatorwaarde.objects.create(
            indicator=more, peildatum=TODAY, waarde=1, gewijzigd_door=world.indiener, gewijzigd_op="2026-11-20T10:00Z"
        )
    assert {page: queries_of(world, page) for page in pages} == counted
    assert max(counted.values()) <= 12


def queries_of(world: Metend, page: str) -> int:
    client = world.client()
    client.get(page)
    with CaptureQueriesContext(connection) as captured:
        client.get(page)
    return len(captured)


# The report


def test_the_report_tells_what_was_measured_until_its_peildatum(world: Metend):
    world.measure(date(2025, 10, 1), "29", "26", toelichting="Van later")
    page = world.read(f"{RAPPORT}/", "oogo-lid")
    assert "B1 TLV’s Wat in het schooljaar is afgegeven. Norm: blijft onder het landelijk gemiddelde" in page
    assert "1 oktober 2024 21,5 26,0" in page
    assert "Van later" not in page
    rows = world.client().get(f"{RAPPORT}.csv").content.decode("utf-8-sig").splitlines()
    assert rows[0].endswith(";onderdeel;indicator;definitie;norm;eenheid;waarde;landelijk;bron")
    norm = "blijft onder het landelijk gemiddelde, en stijgt niet sneller"
    assert rows[-1].endswith(f";Wat in het schooljaar is afgegeven.;{norm};per 1.000 leerlingen;21.5;26;")
    (told,) = json.loads(world.client().get(f"{RAPPORT}.json").content)["indicatoren"]
    assert [m["gemeten"] for m in told["metingen"]] == ["20.00", "21.50"]


def test_what_was_adopted_keeps_its_metingen_and_its_norm(world: Metend, plain_pdf: None):
    world.submit()
    world.adopt()
    before = [world.client().get(f"{RAPPORT}{kind}").content for kind in (".json", ".csv", ".pdf")]
    page = article(world)
    Indicator.objects.update(norm="hoogstens", grens=1, niet_sneller=False, naam="Anders", definitie="Iets anders")
    Indicatorwaarde.objects.update(waarde=99)
    assert [world.client().get(f"{RAPPORT}{kind}").content for kind in (".json", ".csv", ".pdf")] == before
    assert article(world) == page
    assert "Het steeg sinds 1 oktober 2023 met 7,5%" in page


def article(world: Metend) -> str:
    page = world.client("oogo-lid").get(f"{RAPPORT}/").text
    return page[page.index('id="samenvatting"') : page.index('id="vaststelling"')]


def test_the_public_reads_what_was_measured_and_not_by_whom(world: Metend):
    world.submit()
    world.adopt()
    adopted = Momentopname.objects.with_names()[0]
    choose_publishing(regio=world.regio, publiceert=True, by=world.indiener)
    publish_version(momentopname=adopted, by=world.indiener)
    public = "/openbaar/west/2023-2027/aug-25/"
    table = Client().get(f"{public}indicatoren.csv").content.decode("utf-8-sig").splitlines()
    columns = (
        "regio;doel;indicator;definitie;norm;eenheid;peildatum;status;waarde;landelijk;bron;toelichting;voorbeelddata"
    )
    assert table[0] == columns
    assert table[2].endswith(";per 1.000 leerlingen;2024-10-01;gemeten;21.5;26;;;nee")
    assert "Indiener" not in Client().get(f"{public}rapport.json").text
    assert "1 oktober 2024 21,5 26,0" in text_of(Client().get(public))
    described = json.loads(Client().get(f"{public}indicatoren.csv-metadata.json").content)
    assert [column["name"] for column in described["tableSchema"]["columns"]] == table[0].split(";")


# Beheer


def test_a_definition_with_metingen_stays_and_its_norm_may_change(world: Metend):
    client = world.client(make_beheerder("nog-een@example.test"))
    url = f"/beheer/monitoring/indicator/{world.indicator.pk}/change/"
    page = text_of(client.get(url))
    assert "Er staan metingen van deze indicator. Doel, eenheid en definitie staan daarom vast." in page
    Indicatorwaarde.objects.all().delete()
    assert "staan daarom vast" not in text_of(client.get(url))


@pytest.mark.parametrize(
    "fields", [{"norm": "hoogstens"}, {"norm": "geen", "grens": 3}, {"norm": "geen", "niet_sneller": True}]
)
def test_a_norm_has_what_it_needs_and_nothing_else(world: Metend, fields: dict[str, Any]):
    wrong = {"grens": None, "niet_sneller": False, **fields}
    with pytest.raises(IntegrityError), transaction.atomic():
        Indicator.objects.update(**wrong)


def test_an_indicator_lies_in_its_own_regio(world: Metend):
    elders = world.client(make_gebruiker("vreemd@oost.example"))
    assert elders.get(world.url).status_code == 404
