"""What a reader may see of the counts: everything, or with small numbers masked (domein.md, rule 10)."""

from dataclasses import dataclass
from datetime import date

from regio.models import Gebruiker, Regio
from thuiszitters.access import sees_all
from thuiszitters.counting import MISSING, Status
from thuiszitters.cube import ALL_GEMEENTEN, ALL_SECTORS, Cube, Key, build_cube
from thuiszitters.overview import Quarter, load_quarters
from thuiszitters.sheet import SECTORS


@dataclass(frozen=True)
class Shown:
    """One number as a reader sees it: the number, "onbekend", "geen opgave", or that it is masked."""

    tekst: str
    aantal: int | None = None
    dekking: str = ""
    is_masked: bool = False

    def __str__(self) -> str:
        return f"{self.tekst} ({self.dekking})" if self.dekking else self.tekst


@dataclass
class Period:
    """One quarter for one reader."""

    quarter: Quarter
    cube: Cube
    masked: frozenset[Key] = frozenset()
    drempel: int = 0

    def show(self, gemeente: int, code: str, sector: str = ALL_SECTORS) -> Shown:
        cell = self.cube.get(gemeente, code, sector)
        if cell.aantal is None:
            return Shown(self._why_none(gemeente, code, sector), dekking="")
        dekking = "" if cell.is_complete else self.dekking(gemeente, code, sector)
        if (gemeente, code, sector) in self.masked:
            is_small = 0 < cell.aantal < self.drempel
            return Shown(f"<{self.drempel}" if is_small else "afgeschermd", None, dekking, is_masked=True)
        return Shown(str(cell.aantal), cell.aantal, dekking)

    def dekking(self, gemeente: int, code: str, sector: str = ALL_SECTORS) -> str:
        """How much of what was asked is in a sum: of the gemeenten for the regio, of the sectors for a gemeente."""
        places = [(gemeente, s) for s in SECTORS] if gemeente else [(pk, sector) for pk in self.cube.gemeenten]
        known = [self.cube.get(pk, code, s).is_complete for pk, s in places]
        what = "sectoren" if gemeente else "gemeenten"
        return f"{sum(known)} van {len(known)} {what}"

    def gemeenten_in(self, code: str) -> set[int]:
        """Return which gemeenten a sum over the regio holds in full."""
        return {pk for pk in self.cube.gemeenten if self.cube.get(pk, code).is_complete}

    def _why_none(self, gemeente: int, code: str, sector: str) -> str:
        """An unknown count among what would be added makes the sum unknown; without one nobody returned anything."""
        gemeenten = self.cube.gemeenten if gemeente == ALL_GEMEENTEN else [gemeente]
        sectors = SECTORS if sector == ALL_SECTORS else [sector]
        counts = (
            self.quarter.counts.get((pk, part, s), MISSING)
            for pk in gemeenten
            for part in self.cube.parts_of(code)
            for s in sectors
        )
        return Status.ONBEKEND if any(count.status == Status.ONBEKEND for count in counts) else Status.GEEN_OPGAVE


def periods_for(gebruiker: Gebruiker, regio: Regio, today: date, since: date | None = None) -> list[Period]:
    """Return the quarters of `regio` as `gebruiker` may see them, the earliest first."""
    return publish(load_quarters(regio, today, since), drempel=None if sees_all(gebruiker, regio.pk) else regio.drempel)


def publish(quarters: list[Quarter], *, drempel: int | None) -> list[Period]:
    """Return `quarters` with their sums; with a `drempel` small numbers, and what gives them away, are masked."""
    if drempel is None:
        return [Period(quarter, _cube_of(quarter)) for quarter in quarters]
    periods = []
    for quarter in quarters:
        submitted = quarter.submitted_only()
        cube = _cube_of(submitted)
        periods.append(Period(submitted, cube, frozenset(key for key, value in cube.values.items() if value), drempel))
    return periods


def _cube_of(quarter: Quarter) -> Cube:
    return build_cube(
        categories=quarter.categories,
        gemeenten=[gemeente.pk for gemeente in quarter.gemeenten],
        sectors=SECTORS,
        counts=quarter.counts,
    )
