"""What the report of a meetmoment says, without a database."""

import json
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from types import SimpleNamespace as Thing
from typing import Any

import pytest

from monitoring.grid import build_grid
from monitoring.publication import FORMATS
from monitoring.report import COLUMNS, Report, Vaststelling
from regio.tables import read_table

SCALE = tuple(
    Thing(pk=10 + n, waarde=n, kort=kort, omschrijving=f"{kort} voluit", toon="neutraal", vraagt_besluit=n < 3)
    for n, kort in enumerate(("verdient prioriteit", "vraagt aandacht", "neutraal", "vooruitgang", "trots"), start=1)
)


@dataclass
class Moment:
    pk: int
    naam: str
    peildatum: date

    def __str__(self) -> str:
        return self.naam


MOMENTS = tuple(Moment(n, f"Aug {24 + n}", date(2024 + n, 8, 31)) for n in range(3))
THEMA = Thing(pk=1, naam="Thema & <meer>")
STAD, DORP = Thing(pk=1, naam="Stad"), Thing(pk=2, naam="Dorp")


def make_doel(pk, code, *, lokaal=False, plan="Plan"):
    fields = {"plan": plan, "uitvoering": "Doen", "controle": "Nagaan", "bijsturing": "Bijstellen"}
    return Thing(pk=pk, code=code, thema=THEMA, thema_id=1, lokaal=lokaal, **fields)


@dataclass
class Score:
    doel_id: int
    meetmoment_id: int
    waarde: object | None
    toelichting: str = ""
    organisatie_id: int | None = None
    gewijzigd_door: str = "Sara"
    gewijzigd_op: datetime = field(default=datetime(2025, 9, 1, 12, 0, tzinfo=UTC))


def make_report(doelen, scores, *, moment=1, **more):
    grid = build_grid(doelen=doelen, meetmomenten=MOMENTS, scores=scores, schaalwaarden=SCALE)
    regio = Thing(naam="West", slug="west", voorbeelddata=True)
    agenda = Thing(naam="Agenda", slug="2023-2027")
    open_rapportage = Thing(status="concept", voorgelegd_op=None)
    fields: dict[str, Any] = {"rapportage": open_rapportage, "gemeenten": (STAD, DORP)} | more
    return Report(regio=regio, agenda=agenda, meetmoment=MOMENTS[moment], grid=grid, **fields)


def test_only_this_meetmoment_and_the_ones_before_it_count():
    doel = make_doel(1, "A1")
    report = make_report([doel], [Score(1, 0, SCALE[2]), Score(1, 1, SCALE[1])])
    assert [moment.naam for moment in report.momenten] == ["Aug 24", "Aug 25"]
    assert report.vorig.naam == "Aug 24"
    assert [cell.doel.code for cell in report.gevraagd] == ["A1"]
    assert [cell.doel.code for cell in report.veranderd.lower] == ["A1"]
    assert report.verandering == "1 doel lager dan Aug 24"
    assert {row[2] for row in report.data_rows()} == {"Aug 24", "Aug 25"}


def test_the_annex_lists_every_gemeente_of_a_local_doel_also_the_silent_one():
    report = make_report(
        [make_doel(1, "A1", lokaal=True), make_doel(2, "B1")],
        [Score(1, 1, SCALE[3]), Score(1, 1, SCALE[1], "stroef", organisatie_id=1)],
    )
    ((_, (a1, b1)),) = report.bijlage
    assert [(gemeente.naam, score and score.toelichting) for gemeente, score in a1.lokaal] == [
        ("Stad", "stroef"),
        ("Dorp", None),
    ]
    assert b1.lokaal == ()


def test_missing_is_not_zero_in_the_data():
    report = make_report([make_doel(1, "A1", lokaal=True)], [Score(1, 1, None, "nog in bespreking")])
    rows = [dict(zip(COLUMNS, row, strict=True)) for row in report.data_rows()]
    assert [(row["meetmoment"], row["organisatie"], row["status"], row["score"]) for row in rows] == [
        ("Aug 24", "West", "nog niet gescoord", None),
        ("Aug 24", "Stad", "nog niet gescoord", None),
        ("Aug 24", "Dorp", "nog niet gescoord", None),
        ("Aug 25", "West", "nog niet gescoord", None),
        ("Aug 25", "Stad", "nog niet gescoord", None),
        ("Aug 25", "Dorp", "nog niet gescoord", None),
    ]
    assert {row["voorbeelddata"] for row in rows} == {"ja"}
    assert report.spreiding.scored == 0


@pytest.mark.parametrize(
    ("more", "scores", "status"),
    [
        ({}, [], "Concept, nog zonder scores"),
        ({}, [Score(1, 1, SCALE[2])], "Concept, laatste score van 1 september 2025"),
        (
            {"rapportage": Thing(status="voorgelegd", voorgelegd_op=datetime(2025, 9, 3, 22, 30, tzinfo=UTC))},
            [Score(1, 1, SCALE[2])],
            "Concept, voorgelegd op 4 september 2025",
        ),
        (
            {"rapportage": Thing(status="teruggegeven", voorgelegd_op=datetime(2025, 9, 3, 22, 30, tzinfo=UTC))},
            [Score(1, 1, SCALE[2])],
            "Concept na teruggave, laatste score van 1 september 2025",
        ),
        (
            {"vaststelling": Vaststelling("OOGO", date(2025, 9, 11), "2025/12", 1)},
            [Score(1, 1, SCALE[2])],
            "Vastgesteld in OOGO op 11 september 2025, kenmerk 2025/12, versie 1",
        ),
    ],
)
def test_its_status_is_said_in_words(more, scores, status):
    assert make_report([make_doel(1, "A1")], scores, **more).status == status


def test_a_later_score_does_not_change_the_stand():
    early, late = datetime(2025, 9, 1, tzinfo=UTC), datetime(2026, 9, 1, tzinfo=UTC)
    scores = [Score(1, 1, SCALE[2], gewijzigd_op=early), Score(1, 2, SCALE[2], gewijzigd_op=late)]
    assert make_report([make_doel(1, "A1")], scores).stand == early


@pytest.mark.parametrize("kind", ["csv", "xlsx", "ods"])
def test_every_table_holds_the_same_rows_and_runs_no_formula(kind):
    doel = make_doel(1, "A1", plan="=1+1")
    report = make_report([doel], [Score(1, 1, SCALE[0], "@SUM(A1) & <b> 🎉\ntweede regel")])
    written = FORMATS[kind].write(report)
    assert b"=1+1" not in written.replace(b"'=1+1", b"")
    table = read_table(f"rapport.{kind}", written)
    last = table.rows[-1].cells
    assert table.columns == list(COLUMNS)
    assert (last["plan"], last["score"], last["toelichting"]) == ("=1+1", "1", "@SUM(A1) & <b> 🎉\ntweede regel")


def test_json_keeps_numbers_and_what_is_missing():
    report = make_report([make_doel(1, "A1")], [Score(1, 1, SCALE[4])])
    content = json.loads(FORMATS["json"].write(report))
    assert [score["score"] for score in content["scores"]] == [None, 5]
    assert content["status"] == "Concept, laatste score van 1 september 2025"
    assert content["schaal"][0] == {"waarde": 1, "omschrijving": "verdient prioriteit voluit"}
