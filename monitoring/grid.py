"""The doelen × meetmomenten grid that page and report share. Plain data: what it gathers is fetched in overview.py."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

# The columns do, check and act.
PDCA = ("uitvoering", "controle", "bijsturing")


@dataclass(frozen=True)
class Cell:
    """One doel at one meetmoment. `score` is a Voortgangsscore or None; one without waarde is a draft, not a score."""

    doel: Any
    meetmoment: Any
    score: Any | None
    vorige: Any | None
    lokaal: tuple[Any, ...] = ()

    @property
    def waarde(self) -> Any | None:
        """The Schaalwaarde, or None where nobody scored."""
        return self.score.waarde if self.score else None

    @property
    def vorige_waarde(self) -> Any | None:
        return self.vorige.waarde if self.vorige else None

    @property
    def verschil(self) -> int | None:
        """Steps up or down against the meetmoment before; None where one of the two is missing (domein.md, rule 1)."""
        if self.waarde is None or self.vorige_waarde is None:
            return None
        return self.waarde.waarde - self.vorige_waarde.waarde


@dataclass(frozen=True)
class Row:
    """One doel with a cell per meetmoment, in the order of the meetmomenten."""

    doel: Any
    cells: tuple[Cell, ...]

    def at(self, meetmoment: Any) -> Cell:
        return next(cell for cell in self.cells if cell.meetmoment.pk == meetmoment.pk)

    def local_table(self, gemeenten: Iterable[Any]) -> list[tuple[Any, list[tuple[Any, Any | None]]]]:
        """Return for each of `gemeenten` every meetmoment with its score there, None where it gave none."""
        moments = [(cell.meetmoment, {score.organisatie_id: score for score in cell.lokaal}) for cell in self.cells]
        return [(gemeente, [(m, scores.get(gemeente.pk)) for m, scores in moments]) for gemeente in gemeenten]


@dataclass(frozen=True)
class Section:
    """One thema with its rows."""

    thema: Any
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Spread:
    """How often each value was given: n of N doelen, never an average (domein.md, rule 5)."""

    counts: tuple[tuple[Any, int], ...]
    scored: int
    total: int

    @property
    def unscored(self) -> int:
        return self.total - self.scored

    @property
    def asking(self) -> int:
        """How many of the scored doelen ask for a decision."""
        return sum(count for waarde, count in self.counts if waarde.vraagt_besluit)


@dataclass(frozen=True)
class Changes:
    """What a meetmoment changed against the one before it; every doel is in exactly one list."""

    higher: list[Cell] = field(default_factory=list)
    lower: list[Cell] = field(default_factory=list)
    same: list[Cell] = field(default_factory=list)
    first: list[Cell] = field(default_factory=list)
    unscored: list[Cell] = field(default_factory=list)


@dataclass(frozen=True)
class Grid:
    """All of an agenda's scores, thema by thema."""

    meetmomenten: tuple[Any, ...]
    sections: tuple[Section, ...]
    schaalwaarden: tuple[Any, ...]

    @cached_property
    def rows(self) -> tuple[Row, ...]:
        return tuple(row for section in self.sections for row in section.rows)

    @cached_property
    def pdca(self) -> tuple[str, ...]:
        """Which of do, check and act the agenda names; what it names of no doel is no column."""
        return tuple(name for name in PDCA if any(getattr(row.doel, name) for row in self.rows))

    @cached_property
    def has_stories(self) -> bool:
        """Whether the agenda tells of its doelen what they are about, where it names no do, check and act."""
        return not self.pdca and any(row.doel.toelichting for row in self.rows)

    @property
    def text_columns(self) -> int:
        """How many columns of text the table of the agenda has, with that of the plan."""
        return 1 + (len(self.pdca) or int(self.has_stories))

    @cached_property
    def _waarden(self) -> list[Any]:
        """The values of the scale, and those given before the agenda chose another scale."""
        given: dict[int, Any] = {cell.waarde.pk: cell.waarde for row in self.rows for cell in row.cells if cell.waarde}
        strange = given.keys() - {waarde.pk for waarde in self.schaalwaarden}
        return [*self.schaalwaarden, *sorted((given[pk] for pk in strange), key=lambda waarde: waarde.waarde)]

    def column(self, meetmoment: Any) -> list[Cell]:
        place = [m.pk for m in self.meetmomenten].index(meetmoment.pk)
        return [row.cells[place] for row in self.rows]

    def spread(self, meetmoment: Any) -> Spread:
        column = self.column(meetmoment)
        given = Counter(cell.waarde.pk for cell in column if cell.waarde)
        counts = tuple((waarde, given[waarde.pk]) for waarde in self._waarden)
        return Spread(counts=counts, scored=sum(given.values()), total=len(column))

    def spread_table(self, meetmomenten: Sequence[Any]) -> list[tuple[Any | None, list[int]]]:
        """Return per value, and last for None (not scored), how often each of `meetmomenten` gave it."""
        spreads = [self.spread(m) for m in meetmomenten]
        per_waarde = zip(*(spread.counts for spread in spreads), strict=True)
        rows: list[tuple[Any | None, list[int]]] = [(row[0][0], [count for _, count in row]) for row in per_waarde]
        return [*rows, (None, [spread.unscored for spread in spreads])]

    def only(self, keep: Callable[[Row], bool]) -> "Grid":
        """Return this grid with the rows that `keep` accepts, without the thema's that have none left."""
        sections = (Section(s.thema, tuple(filter(keep, s.rows))) for s in self.sections)
        return Grid(self.meetmomenten, tuple(s for s in sections if s.rows), self.schaalwaarden)

    def changes(self, meetmoment: Any) -> Changes:
        changes = Changes()
        for cell in self.column(meetmoment):
            _list_for(cell, changes).append(cell)
        return changes

    def asking_decision(self, meetmoment: Any) -> list[Cell]:
        """Return the cells whose value asks for a decision, the most urgent first."""
        asking = [
            (cell.waarde.waarde, cell) for cell in self.column(meetmoment) if cell.waarde and cell.waarde.vraagt_besluit
        ]
        return [cell for _, cell in sorted(asking, key=lambda pair: pair[0])]

    def until(self, meetmoment: Any) -> list[Any]:
        return [m for m in self.meetmomenten if m.peildatum <= meetmoment.peildatum]

    def previous(self, meetmoment: Any) -> Any | None:
        earlier = [m for m in self.meetmomenten if m.peildatum < meetmoment.peildatum]
        return earlier[-1] if earlier else None


def build_grid(
    *, doelen: Iterable[Any], meetmomenten: Iterable[Any], scores: Iterable[Any], schaalwaarden: Iterable[Any]
) -> Grid:
    """Lay scores out over doelen (in agenda order, each with its thema) and meetmomenten (oldest first)."""
    moments = tuple(meetmomenten)
    regional: dict[tuple[int, int], Any] = {}
    local: dict[tuple[int, int], list[Any]] = {}
    for score in scores:
        key = (score.doel_id, score.meetmoment_id)
        if score.organisatie_id is None:
            regional[key] = score
        else:
            local.setdefault(key, []).append(score)
    rows = [Row(doel, tuple(_cells(doel, moments, regional, local))) for doel in doelen]
    return Grid(moments, tuple(_sections(rows)), tuple(schaalwaarden))


def _cells(doel: Any, moments: tuple[Any, ...], regional: dict, local: dict) -> Iterator[Cell]:
    vorige = None
    for moment in moments:
        score = regional.get((doel.pk, moment.pk))
        yield Cell(doel, moment, score, vorige, tuple(local.get((doel.pk, moment.pk), ())))
        vorige = score


def _sections(rows: list[Row]) -> Iterator[Section]:
    themas = {row.doel.thema_id: row.doel.thema for row in rows}
    for thema_id, thema in themas.items():
        yield Section(thema, tuple(row for row in rows if row.doel.thema_id == thema_id))


def _list_for(cell: Cell, changes: Changes) -> list[Cell]:
    if cell.waarde is None:
        return changes.unscored
    if cell.verschil is None:
        return changes.first
    if cell.verschil == 0:
        return changes.same
    return changes.higher if cell.verschil > 0 else changes.lower
