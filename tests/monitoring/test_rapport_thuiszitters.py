"""The quarters in the report: as a page, as a PDF and in every file, masked or not by for whom it is made."""

import json
import re
from datetime import date
from html import unescape
from typing import Any

import pytest
from django.test import Client
from jsonschema import Draft202012Validator

from agenda.models import Doel
from monitoring.actions import adopt_rapportage, submit_rapportage
from monitoring.models import Momentopname, Rapportage
from monitoring.overview import load_report
from monitoring.publication import FORMATS
from monitoring.snapshot import canonical, digest, thaw
from regio.permissions import Rol
from regio.tables import read_table
from tests.factories import make_gebruiker, make_gemeente
from tests.monitoring.decisions import Besluitvorming
from tests.monitoring.test_rapport import find_overlaps
from tests.monitoring.test_snapshot import SCHEMA, article
from tests.pdf_validation import find_faults, read_sheets, texts_of_pages
from tests.thuiszitters.factories import close, fill, make_categorieen, make_telmoment, submit
from tests.worlds import once
from thuiszitters.actions import mark_telmoment
from thuiszitters.counting import UNKNOWN
from thuiszitters.models import Categorie, Telling, Telmoment

BASE = "/regio/west/agenda/2023-2027/aug-25/rapport"
ZERO, UNKNOWN_LINE, MISSING_LINE = "Absoluut verzuim", "Vrijstelling artikel 5a", "Gedrag"
STATES = {ZERO: "0", UNKNOWN_LINE: "onbekend", MISSING_LINE: "geen opgave"}
WARNING = "Bevat kleine aantallen – niet verspreiden"


class Tellend(Besluitvorming):
    """A regio that counts too: 1 October 2024 of both gemeenten, 1 July 2025 of one, and other school years around."""

    def __init__(self) -> None:
        super().__init__()
        make_categorieen()
        self.dorp = make_gemeente(self.regio, "dorp", "GM0002", naam="Dorp")
        self.oktober, self.juli = (make_telmoment(self.regio, day) for day in (date(2024, 10, 1), date(2025, 7, 1)))
        self.erna = make_telmoment(self.regio, date(2025, 10, 1))
        self.enter(self.oktober, self.stad, thuiszitters_po=12, thuiszitters_3_maanden_po=9, gedrag_po=12)
        self.enter(self.oktober, self.dorp, thuiszitters_po=3, gedrag_po=3)
        unknown: Any = {f"artikel_5a_{sector}": UNKNOWN for sector in ("po", "vo", "vso", "mbo")}
        self.enter(self.juli, self.stad, thuiszitters_po=23, thuiszitters_3_maanden_po=9, leave="reden", **unknown)
        self.enter(self.erna, self.stad, thuiszitters_po=77, thuiszitters_3_maanden_po=9)
        close(self.oktober, self.juli, self.erna)

    def enter(self, moment: Telmoment, gemeente: Any, **counts: Any) -> None:
        fill(moment, gemeente, self.people["invoerder"] if gemeente == self.stad else self.indiener, **counts)
        submit(moment, gemeente, self.indiener)

    def client(self, who: str) -> Client:
        client = Client()
        client.force_login(self.people[who])
        return client


built, world = once(Tellend)


def count(moment: Telmoment, code: str, aantal: int) -> None:
    Telling.objects.filter(opgave__telmoment=moment, categorie__code=code, sector="PO").update(aantal=aantal)


def table_rows(page: str) -> dict[str, list[str]]:
    """Return the lines of the tables of counts on the page: what they count, and each quarter."""
    part = page[page.index('id="thuiszitters"') : page.index('id="verantwoording"')]
    rows: dict[str, list[str]] = {}
    for row in re.findall(r"<tr><th scope=.row.[^>]*>(.*?)</th>(.*?)</tr>", part, re.DOTALL):
        cells = [" ".join(unescape(re.sub("<[^>]+>", " ", cell)).split()) for cell in row[1].split("</td>")]
        rows.setdefault(row[0].strip(), cells[:-1])
    return rows


# What they ask for


def summary(page: str) -> str:
    part = page[page.index('id="samenvatting"') : page.index("Wat veranderde")]
    return " ".join(unescape(re.sub("<[^>]+>", " ", part)).split())


def test_the_summary_says_what_the_counts_ask_for_and_keeps_it_once_adopted(world: Tellend):
    world.b1.signaal, world.b1.bijsturing = "ambitie", "Bijstellen na evaluatie"
    world.b1.save()
    count(world.juli, "thuiszitters-3-maanden-zonder-aanbod", 7)
    asked = (
        "B1 Langer dan drie maanden thuis zonder aanbod: 7 signaal uit de cijfers De ambitie is 0 (1 juli 2025, 1 van 2"
    )
    client = world.client("coordinator")
    assert asked in summary(client.get(f"{BASE}/?aantallen=alle").content.decode())
    masked = summary(client.get(f"{BASE}/").content.decode())
    assert "B1 Langer dan drie maanden thuis zonder aanbod" in masked
    assert "Te doen: Bijstellen na evaluatie." in masked

    content = json.loads(adopt(world).inhoud)
    Draft202012Validator(SCHEMA).validate(content)
    assert [(signaal["doel"], signaal["act"]) for signaal in content["signalen"]] == [("B1", "Bijstellen na evaluatie")]
    Doel.objects.update(signaal="", bijsturing="Van later")
    assert summary(client.get(f"{BASE}/").content.decode()) == masked


def test_what_the_counts_ask_for_is_said_also_where_no_doel_answers(world: Tellend):
    count(world.juli, "thuiszitters-3-maanden-zonder-aanbod", 7)
    assert "Geen doel in de agenda heeft dit als check." in summary(world.client("oogo-lid").get(f"{BASE}/").text)


# The three states


def test_the_page_tells_zero_unknown_and_missing_apart(world: Tellend):
    rows = table_rows(world.client("oogo-lid").get(f"{BASE}/").content.decode())
    assert {name: rows[name][1].split(" (")[0].split(" 1 van")[0] for name in STATES} == STATES
    assert rows[ZERO] == ["0", "0 1 van 2 gemeenten"]
    assert rows["Dorp"] == ["<5", "geen opgave"]


def test_as_many_at_home_as_before_is_said_in_good_dutch(world: Tellend):
    mark_telmoment(world.juli, voorgelegd_op=None, afgesloten_op=None, reden="Dorp telt mee.", by=world.indiener)
    world.enter(world.juli, world.dorp, thuiszitters_po=12, gedrag_po=12)
    close(world.juli)
    Telling.objects.filter(aantal__in=(3, 23)).update(aantal=12)
    page = world.client("oogo-lid").get(f"{BASE}/").content.decode()
    assert "Evenveel thuiszitters op 1 juli 2025 als op 1 oktober 2024: 24 → 24" in page


def test_the_pdf_tells_zero_unknown_and_missing_apart(world: Tellend):
    pdf = FORMATS["pdf"].write(load_report(world.moment))
    assert find_faults(pdf) == []
    sheets = read_sheets(pdf)
    assert find_overlaps(sheets) == []
    lines = [line.strip() for sheet in sheets for line in sheet.text.splitlines()]
    for name, state in STATES.items():
        assert any(re.search(rf"^{name} .*{state}$", line) for line in lines), name


@pytest.mark.parametrize("kind", ["csv", "xlsx", "ods"])
def test_a_table_tells_zero_unknown_and_missing_apart(world: Tellend, kind: str):
    content = world.client("oogo-lid").get(f"{BASE}.{kind}").content
    rows = [row.cells for row in read_table(f"rapport.{kind}", content).rows]
    july = {row["categorie"]: row for row in rows if (row["peildatum"], row["organisatie"]) == ("2025-07-01", "West")}
    assert {name: july[name]["getoond"] for name in STATES} == STATES
    assert [july[name]["aantal"] for name in STATES] == ["0", "", ""]
    assert [july[name]["status"] for name in STATES] == ["opgegeven", "onbekend", "geen opgave"]
    assert july[ZERO]["dekking"] == "1 van 2 gemeenten"
    assert {row["onderdeel"] for row in rows} == {"scores", "thuiszitters"}
    assert {row["status"] for row in rows if row["onderdeel"] == "scores"} == {"gescoord", "nog niet gescoord"}


def test_json_tells_zero_unknown_and_missing_apart(world: Tellend):
    content = json.loads(world.client("oogo-lid").get(f"{BASE}.json").content)
    july = {regel["naam"]: regel["cellen"][1] for regel in content["thuiszitters"]["regels"]}
    told = [(july[name]["status"], july[name]["aantal"]) for name in STATES]
    assert told == [("opgegeven", 0), ("onbekend", None), ("geen opgave", None)]


# Which quarters, and how they were defined then


def test_the_report_shows_the_school_year_that_it_looks_back_on_with_its_gaps(world: Tellend):
    page = world.client("oogo-lid").get(f"{BASE}/").content.decode()
    assert "Thuiszitters in schooljaar 2024-2025" in page
    assert "1 okt 2024" in page
    text = " ".join(re.sub("<[^>]+>", " ", article(page)).split())
    assert "77" not in text
    assert "1 juli 2025 1 van 2 gemeenten Dorp vastgesteld" in text
    assert "Thuiszitters op 1 juli 2025: 23 (1 van 2 gemeenten)" in text


def test_a_definition_that_changed_is_told_and_not_compared(world: Tellend):
    old = Categorie.objects.get(code="thuiszitters", regio=None)
    Categorie.objects.filter(pk=old.pk).update(geldig_tot=date(2025, 1, 1))
    parts = Categorie.objects.filter(onderdeel_van=old)
    new = Categorie.objects.create(
        **{f: getattr(old, f) for f in ("code", "groep", "naam", "kort", "bron", "volgorde")},
        definitie="Anders geteld.",
        geldig_van=date(2025, 1, 1),
    )
    Telling.objects.filter(categorie=old, opgave__telmoment=world.juli).update(categorie=new)
    assert parts
    page = world.client("oogo-lid").get(f"{BASE}/").content.decode()
    assert table_rows(page)["Thuiszitters"][1].endswith("andere definitie")
    assert "(gewijzigd, vanaf 1 juli 2025)" in page
    assert old.definitie in unescape(page)
    assert "Anders geteld." in page


# For whom


@pytest.mark.parametrize("who", ["oogo-lid", "coordinator", "secretaris", "invoerder"])
def test_small_numbers_are_masked_for_everybody_who_does_not_ask(world: Tellend, who: str):
    client = world.client(who)
    page = client.get(f"{BASE}/").content.decode()
    assert table_rows(page)["Dorp"][0] == "<5"
    assert table_rows(page)["Stad"][0] == "12"
    assert table_rows(page)["Thuiszitters samen"][0].startswith("afgeschermd")
    assert WARNING not in page
    assert ("?aantallen=alle" in page) == (who in {"coordinator", "secretaris"})
    assert "‘&lt;5’ betekent: 1 tot en met 4" in page


@pytest.mark.parametrize("suffix", ["/", ".pdf", ".csv", ".xlsx", ".ods", ".json"])
@pytest.mark.parametrize("who", ["oogo-lid", "invoerder"])
def test_who_may_not_see_all_counts_cannot_ask_for_them(world: Tellend, who: str, suffix: str):
    assert world.client(who).get(f"{BASE}{suffix}?aantallen=alle").status_code == 403


def test_the_coordinator_gets_all_counts_on_request_with_a_warning_on_every_page(world: Tellend):
    client = world.client("coordinator")
    page = client.get(f"{BASE}/?aantallen=alle").content.decode()
    assert table_rows(page)["Dorp"][0] == "3"
    assert WARNING in page
    assert f"{BASE}.pdf?aantallen=alle" in page
    response = client.get(f"{BASE}.pdf?aantallen=alle")
    assert "niet-verspreiden.pdf" in response["Content-Disposition"]
    assert find_faults(response.content) == []
    assert all(WARNING in text for text in texts_of_pages(response.content))
    csv = client.get(f"{BASE}.csv?aantallen=alle").content.decode("utf-8-sig")
    assert ";Dorp;opgegeven;" in csv


# What was adopted


def adopt(world: Tellend) -> Momentopname:
    world.submit()
    return world.adopt()


@pytest.mark.usefixtures("plain_pdf")
def test_an_adopted_report_holds_the_masked_counts_and_nothing_of_them_changes(world: Tellend):
    momentopname = adopt(world)
    content = json.loads(momentopname.inhoud)
    Draft202012Validator(SCHEMA).validate(content)
    assert content["tellingen"]["drempel"] == 5
    assert [cel["aantal"] for cel in content["tellingen"]["per_gemeente"][0]["cellen"]] == [None, None]
    client = world.client("coordinator")
    files = [FORMATS[kind].write(thaw(momentopname.inhoud)) for kind in ("pdf", "csv", "json")]
    before = article(client.get(f"{BASE}/?aantallen=alle").content.decode())
    assert table_rows(before)["Dorp"][0] == "<5"

    Telling.objects.filter(aantal__gt=0).update(aantal=41)
    Categorie.objects.update(definitie="Van later", naam="Anders")
    world.regio.drempel = 20
    world.regio.save()

    assert article(client.get(f"{BASE}/").content.decode()) == before
    assert [client.get(f"{BASE}.{kind}").content for kind in ("pdf", "csv", "json")] == files


def test_a_snapshot_from_before_the_quarters_renders_as_before(world: Tellend):
    inhoud = adopt(world).inhoud
    later = {"tellingen", "signalen", "indicatoren"}
    old = {key: value for key, value in json.loads(inhoud).items() if key not in later} | {"schema": 1, "versie": 2}
    Draft202012Validator(SCHEMA).validate(old)
    text = canonical(old)
    rapportage = Rapportage.objects.get(meetmoment=world.moment)
    Momentopname.objects.create(
        rapportage=rapportage, versie=2, inhoud=text, sha256=digest(text), gemaakt_op="2025-09-12T10:00Z"
    )
    client = world.client("oogo-lid")
    page = client.get(f"{BASE}/").content.decode()
    assert "Thuiszitters in schooljaar" not in page
    header = client.get(f"{BASE}.csv").content.decode("utf-8-sig").splitlines()[0]
    assert header.endswith(";voorbeelddata")
    assert list(json.loads(client.get(f"{BASE}.json").content)) == ["rapport", "status", "sha256", "schaal", "scores"]
    assert client.get(f"{BASE}/?versie=1").content.decode().count('id="thuiszitters"') == 1


def test_the_next_version_says_what_the_counts_no_longer_ask_for(world: Tellend):
    count(world.juli, "thuiszitters-3-maanden-zonder-aanbod", 7)
    adopt(world)
    count(world.juli, "thuiszitters-3-maanden-zonder-aanbod", 0)
    world.reopen()
    adopt(world)
    page = world.client("coordinator").get(f"{BASE}/").content.decode()
    assert "Signaal uit de cijfers · Langer dan drie maanden thuis zonder aanbod" in " ".join(page.split())


def test_the_next_version_says_which_number_changed(world: Tellend):
    adopt(world)
    world.reopen()
    Telling.objects.filter(opgave__gemeente=world.stad, opgave__telmoment=world.juli, aantal=23).update(aantal=24)
    submit_rapportage(meetmoment=world.moment, by=world.indiener)
    adopt_rapportage(meetmoment=world.moment, uitspraak=world.uitspraak(), als_registratie=False, by=world.lid)
    page = " ".join(re.sub("<[^>]+>", " ", world.client("oogo-lid").get(f"{BASE}/").content.decode()).split())
    assert "Thuiszitters · Thuiszitters samen · 1 juli 2025" in page


@pytest.mark.usefixtures("plain_pdf")
@pytest.mark.parametrize("state", ["concept", "teruggegeven", "heropend", "vastgesteld"])
def test_twelve_queries_are_enough(world: Tellend, state: str, django_assert_max_num_queries: Any):
    if state == "heropend":
        world.submit()
        world.give_back(per_doel={world.b1: "Onderbouw dit."})
    world.bring_to(state)
    client = world.client("oogo-lid")
    for suffix in ("/", ".pdf"):
        with django_assert_max_num_queries(12):
            assert client.get(BASE + suffix).status_code == 200


def test_another_regio_finds_nothing(world: Tellend):
    stranger = Client()
    oost = world.people["elders"].lidmaatschappen[0].regio
    stranger.force_login(make_gebruiker("eva@oost.example", Rol.COORDINATOR, oost))
    assert stranger.get(f"{BASE}/?aantallen=alle").status_code == 404
