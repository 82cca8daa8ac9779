"""What a reader may see of the counts: everything, or with small numbers masked (domein.md, rule 10; ADR 0020).

Who may not see raw counts sees, of each quarter, the regio's total of every categorie and how many sit at home in each
gemeente, masked as one table, and nothing else: what is nowhere shown needs no masking and gives nothing away.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from regio.models import Gebruiker, Regio
from regio.permissions import Permission
from thuiszitters.access import sees_all
from thuiszitters.categories import Category
from thuiszitters.counting import MISSING, Count, Status, given
from thuiszitters.cube import ALL_GEMEENTEN, ALL_SECTORS, SAMEN, Cube, Key, build_cube
from thuiszitters.masking import Cell, Hidden, Masked, Published, Sum, Table, legend, mask
from thuiszitters.overview import Quarter, load_quarters
from thuiszitters.sheet import SECTORS

HIDDEN = str(Hidden())
# A number of the regio is worth more to a reader than one of a gemeente.
REGIO_WEIGHT, GEMEENTE_WEIGHT = 2, 1


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
    """One quarter for one reader. With a `drempel`, what `labels` does not name is not shown to them as a number."""

    quarter: Quarter
    cube: Cube
    drempel: int = 0
    # What stands instead of each number that may be shown; None for a number that stands as it is.
    labels: Mapping[Key, str | None] | None = None

    @property
    def uitleg(self) -> str:
        """What the labels of masked numbers mean; nothing to who sees all."""
        return legend(self.drempel) if self.labels is not None else ""

    def show(self, gemeente: int, code: str, sector: str = ALL_SECTORS) -> Shown:
        cell = self.cube.get(gemeente, code, sector)
        if cell.aantal is None:
            return Shown(self._why_none(gemeente, code, sector))
        dekking = "" if cell.is_complete else self.dekking(gemeente, code, sector)
        label = None if self.labels is None else self.labels.get((gemeente, code, sector), HIDDEN)
        if label is not None:
            return Shown(label, None, dekking, is_masked=True)
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


def periods_for(gebruiker: Gebruiker, regio: Regio, today: date, latest: int | None = None) -> list[Period]:
    """Return the quarters of `regio` as `gebruiker` may see them, the earliest first, at most `latest` of them."""
    return shown_to(gebruiker, regio, load_quarters(regio, today, latest))


def shown_to(gebruiker: Gebruiker, regio: Regio, quarters: list[Quarter]) -> list[Period]:
    """Return `quarters` of `regio` as `gebruiker` may see them."""
    if sees_all(gebruiker, regio.pk):
        return publish(quarters, drempel=None)
    own = {organisatie.pk for organisatie in gebruiker.organisaties_for(Permission.AANTALLEN_INVOEREN, regio.pk)}
    return publish(quarters, drempel=regio.drempel, own=own)


def publish(quarters: list[Quarter], *, drempel: int | None, own: Collection[int] = ()) -> list[Period]:
    """Return `quarters` with their sums; with a `drempel` small numbers, and what gives them away, are masked.

    `own` are gemeenten whose counts the reader knows: what is left when those are taken off is masked as well.
    """
    if drempel is None:
        return [Period(quarter, _cube_of(quarter)) for quarter in quarters]
    return [_masked(quarter.submitted_only(), drempel, own) for quarter in quarters]


def _masked(quarter: Quarter, drempel: int, own: Collection[int]) -> Period:
    cube = _cube_of(quarter)
    others = [gemeente.pk for gemeente in quarter.gemeenten if gemeente.pk not in own]
    known = [gemeente.pk for gemeente in quarter.gemeenten if gemeente.pk in own]
    table = published_table(cube if not known else _cube_of(quarter, others))
    masked = masked_table(table, drempel)
    labels = {key: _label(masked[key]) for key in published_keys(cube) if key in masked.shown}
    if known:
        # The regio's total tells this reader the rest, so it goes with the rest, whose label is not the total's.
        labels = {key: HIDDEN if label and key[0] == ALL_GEMEENTEN else label for key, label in labels.items()}
        labels |= {(pk, SAMEN, ALL_SECTORS): None for pk in known}
    return Period(quarter, cube, drempel, labels)


def _label(shown: object) -> str | None:
    return None if isinstance(shown, Published) else str(shown)


@lru_cache(maxsize=4096)
def masked_table(table: Table, drempel: int) -> Masked:
    """Return `table` masked; the same table is asked for at every page, and always masked the same."""
    return mask(table, drempel)


def published_keys(cube: Cube) -> set[Key]:
    return {
        *(key for key in cube.totals if key[0] == ALL_GEMEENTEN and key[2] == ALL_SECTORS),
        *((gemeente, SAMEN, ALL_SECTORS) for gemeente in cube.gemeenten),
    }


def published_table(cube: Cube) -> Table:
    """Lay out all that is shown of a quarter to who may not see raw counts, with every sum between those numbers."""
    keys = published_keys(cube)
    cells = [
        Cell(key, _count_of(cube, key), REGIO_WEIGHT if key[0] == ALL_GEMEENTEN else GEMEENTE_WEIGHT)
        for key in sorted(keys)
    ]
    sums = [Sum((sum_.whole,), sum_.parts) for sum_ in cube.relations if {sum_.whole, *sum_.parts} <= keys]
    for part, whole in cube.containments:
        rest = (cube.totals[whole].aantal or 0) - (cube.totals[part].aantal or 0)
        if {part, whole} <= keys and rest >= 0:
            # Who subtracts a "waarvan" from its whole has the rest, which is shown nowhere.
            cells.append(Cell((part, whole), given(rest), GEMEENTE_WEIGHT, is_shown=False))
            sums.append(Sum((whole,), (part, (part, whole))))
    return Table(tuple(cells), tuple(sums))


def _count_of(cube: Cube, key: Key) -> Count:
    aantal = cube.totals[key].aantal
    return MISSING if aantal is None else given(aantal)


def _cube_of(quarter: Quarter, gemeenten: list[int] | None = None) -> Cube:
    wanted = [gemeente.pk for gemeente in quarter.gemeenten] if gemeenten is None else gemeenten
    return _built(tuple(quarter.categories), tuple(wanted), frozenset(quarter.counts.items()))


@lru_cache(maxsize=256)
def _built(categories: tuple[Category, ...], gemeenten: tuple[int, ...], counts: frozenset[tuple[Key, Count]]) -> Cube:
    """Return the cube of counts that were seen before without adding them up again; nobody changes a cube."""
    return build_cube(categories=categories, gemeenten=gemeenten, sectors=SECTORS, counts=dict(counts))
