"""The sentences that say what a chart shows, and that nothing is counted that nobody scored."""

from dataclasses import dataclass
from datetime import date
from types import SimpleNamespace as Thing
from xml.etree import ElementTree as ET

import pytest

from monitoring.figures import changes_finding, doel_figure, spread_figure
from monitoring.grid import build_grid

SVG = "{http://www.w3.org/2000/svg}"
NAMES = ("verdient prioriteit", "vraagt aandacht", "neutraal", "vooruitgang", "trots")
TONES = ("prioriteit", "aandacht", "neutraal", "vooruitgang", "trots")
TODAY = date(2026, 11, 21)


@dataclass(frozen=True)
class Waarde:
    pk: int
    waarde: int
    kort: str
    toon: str
    teken: str = "▲"

    def __str__(self) -> str:
        return f"{self.waarde} · {self.kort}"

    @property
    def vraagt_besluit(self) -> bool:
        return self.waarde < 3


@dataclass(frozen=True)
class Moment:
    pk: int
    naam: str
    peildatum: date

    def __str__(self) -> str:
        return self.naam


SCALE = tuple(Waarde(10 + n, n, NAMES[n - 1], TONES[n - 1]) for n in range(1, 6))
MOMENTS = tuple(Moment(year, f"Aug {year}", date(2000 + year, 8, 31)) for year in (24, 25, 26, 27))
THEMA = Thing(pk=1, naam="Thema")


def grid_of(*rows):
    """Each row holds the values of one doel, from Aug 24 on; None is not scored."""
    scores = [
        Thing(doel_id=pk, meetmoment_id=moment.pk, organisatie_id=None, waarde=SCALE[value - 1])
        for pk, row in enumerate(rows)
        for moment, value in zip(MOMENTS, row, strict=False)
        if value
    ]
    doelen = [Thing(pk=pk, code=f"A{pk + 1}", thema=THEMA, thema_id=1) for pk in range(len(rows))]
    return build_grid(doelen=doelen, meetmomenten=MOMENTS, scores=scores, schaalwaarden=SCALE)


@pytest.mark.parametrize(
    ("rows", "finding"),
    [
        (([None], [None]), "Nog geen doel gescoord voor Aug 24"),
        (([1], [None]), "Het ene gescoorde doel vraagt een besluit"),
        (([3], [None]), "Het ene gescoorde doel vraagt geen besluit"),
        (([3], [4]), "Geen van de 2 gescoorde doelen vraagt een besluit"),
        (([1], [4], [None]), "1 van 2 gescoorde doelen vraagt een besluit"),
        (([1], [2], [5]), "2 van 3 gescoorde doelen vragen een besluit"),
    ],
)
def test_finding_of_the_spread(rows, finding):
    assert spread_figure(grid_of(*rows), MOMENTS[0], None).finding == finding


def test_spread_is_drawn_with_n_of_n_and_the_moment_before():
    figure = spread_figure(grid_of([2, 1], [4, 4], [3, None]), MOMENTS[1], MOMENTS[0])
    root = ET.fromstring(figure.svg)
    assert root.findtext(f"{SVG}title") == figure.finding
    assert root.findtext(f"{SVG}desc") == (
        "2 van 3 doelen gescoord op Aug 25. 1 · verdient prioriteit: 1 doel; 2 · vraagt aandacht: 0 doelen; "
        "3 · neutraal: 0 doelen; 4 · vooruitgang: 1 doel; 5 · trots: 0 doelen; nog niet gescoord: 1 doel."
    )
    assert [rect for rect in root.iter(f"{SVG}rect") if rect.get("class") == "balk balk-vorig"]


@pytest.mark.parametrize(
    ("rows", "finding"),
    [
        (([2, 1], [4, 4]), "1 doel lager dan Aug 24"),
        (([2, 1], [3, 2], [3, 4]), "2 doelen lager en 1 hoger dan Aug 24"),
        (([2, 3],), "1 doel hoger dan Aug 24"),
        (([2, 2],), "Geen doel lager of hoger dan Aug 24"),
        (([2, None], [None, 5]), "Nog geen doel te vergelijken met Aug 24"),
    ],
)
def test_finding_of_the_changes(rows, finding):
    assert changes_finding(grid_of(*rows).changes(MOMENTS[1]), MOMENTS[0]) == finding


@pytest.mark.parametrize(
    ("row", "finding"),
    [
        ([2, 1], "A1 ging van 2 naar 1: verdient prioriteit (Aug 25)"),
        ([4, 4], "A1 bleef op 4: vooruitgang (Aug 25)"),
        ([None, 3], "A1 kreeg een 3: neutraal (Aug 25)"),
        ([3, None], "A1 kreeg een 3: neutraal (Aug 24)"),
    ],
)
def test_finding_of_a_doel(row, finding):
    figure = doel_figure(grid_of(row).rows[0], top=5, today=TODAY)
    assert figure is not None
    assert figure.finding == finding


def test_chart_of_a_doel_tells_missing_from_not_yet():
    figure = doel_figure(grid_of([3, None, 5]).rows[0], top=5, today=TODAY)
    assert figure is not None
    root = ET.fromstring(figure.svg)
    assert root.findtext(f"{SVG}desc") == (
        "Aug 24: 3 · neutraal; Aug 25: nog niet gescoord; Aug 26: 5 · trots; Aug 27: nog niet aan de beurt."
    )
    assert ["".join(text.itertext()) for text in root.iter(f"{SVG}text")].count("Aug 25–") == 1


def test_a_doel_that_nobody_scored_has_no_chart():
    assert doel_figure(grid_of([None, None]).rows[0], top=5, today=TODAY) is None


def test_names_that_do_not_fit_side_by_side_become_years():
    many = tuple(Moment(year, f"Augustus {2000 + year}", date(2000 + year, 8, 31)) for year in range(20, 28))
    score = Thing(doel_id=1, meetmoment_id=20, organisatie_id=None, waarde=SCALE[2])
    doel = Thing(pk=1, code="A1", thema=THEMA, thema_id=1)
    grid = build_grid(doelen=[doel], meetmomenten=many, scores=[score], schaalwaarden=SCALE)
    figure = doel_figure(grid.rows[0], top=5, today=TODAY)
    assert figure is not None
    assert ">2020<" in figure.svg
    assert "Augustus 2020: 3 · neutraal" in figure.svg
