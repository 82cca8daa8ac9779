"""What is shown of a quarter with small numbers masked, and all that a clever reader knows of it (ADR 0020).

Shown are the regio's total of every categorie and how many sit at home in each gemeente. A reader is taken to know
which counts are missing as well. So what holds between counts is laid out for all places (a gemeente and a sector)
together where everything was returned, and for each place apart where something lacks.
"""

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, field

from thuiszitters.categories import REDEN
from thuiszitters.counting import MISSING, given
from thuiszitters.cube import (
    ALL_GEMEENTEN,
    ALL_SECTORS,
    SAMEN,
    ZONDER_REDEN,
    Cube,
    Key,
    codes_of,
    parts_and_wholes,
    sums_over_categories,
)
from thuiszitters.masking import Cell, Sum, Table

# A number of the regio is worth more to a reader than one of a gemeente.
REGIO_WEIGHT, GEMEENTE_WEIGHT = 2, 1

Place = tuple[int, str]


def linked_table(cube: Cube, gemeenten: Sequence[int]) -> Table:
    """Lay out what is shown of these gemeenten of `cube`, with every sum that holds between those numbers.

    The keys of what is shown are those of the cube; the total of the regio is that of these gemeenten.
    """
    layout = _Layout(cube)
    blocks = _blocks(cube, gemeenten)
    for code in codes_of(cube.categories):
        numbers = [layout.total([(gemeente, sector) for sector in cube.sectors], code) for gemeente in gemeenten]
        known = [number for number in numbers if number is not None]
        among = sum(number > 0 for number in known)
        layout.show(_regio(code), sum(known) if known else None, REGIO_WEIGHT, among)
    for gemeente in gemeenten:
        places = [(gemeente, sector) for sector in cube.sectors]
        layout.show((gemeente, SAMEN, ALL_SECTORS), layout.total(places, SAMEN), GEMEENTE_WEIGHT)
    for number, places in enumerate(blocks):
        layout.add_block(number, places)
    layout.add_rests(len(blocks))
    for key in list(layout.shown):
        layout.link(key, [(number, key) for number in range(len(blocks))])
    return Table(tuple(layout.cells.values()), tuple(layout.sums))


def _regio(code: str) -> Key:
    return ALL_GEMEENTEN, code, ALL_SECTORS


def _blocks(cube: Cube, gemeenten: Sequence[int]) -> list[list[Place]]:
    """Return the places where everything was returned together, and each where something lacks apart."""
    whole: list[Place] = []
    partial: list[list[Place]] = []
    for gemeente in gemeenten:
        for sector in cube.sectors:
            known = [cube.totals[gemeente, c.code, sector].aantal is not None for c in cube.categories]
            if all(known):
                whole.append((gemeente, sector))
            elif any(known):
                partial.append([(gemeente, sector)])
    return [whole, *partial] if whole else partial


@dataclass
class _Layout:
    """The table as it grows. A number that is nowhere shown has the number of its block before its key."""

    cube: Cube
    cells: dict[Hashable, Cell] = field(default_factory=dict)
    sums: list[Sum] = field(default_factory=list)
    shown: list[Key] = field(default_factory=list)

    def total(self, places: Iterable[Place], code: str) -> int | None:
        numbers = [self.cube.totals[gemeente, code, sector].aantal for gemeente, sector in places]
        known = [number for number in numbers if number is not None]
        return sum(known) if known else None

    def show(self, key: Key, aantal: int | None, weight: int, floor: int = 0) -> None:
        self.cells[key] = Cell(key, MISSING if aantal is None else given(aantal), weight, floor=floor)
        self.shown.append(key)

    def link(self, whole: Hashable, parts: Iterable[Hashable]) -> None:
        known = self._known(parts)
        if known and self._known([whole]):
            self.sums.append(Sum((whole,), known))

    def add_block(self, block: int, places: Sequence[Place]) -> None:
        """Add what was counted at some places together, which is not shown, and what holds between those numbers."""
        for code in codes_of(self.cube.categories):
            self._hide((block, _regio(code)), self.total(places, code))
        gemeenten = list(dict.fromkeys(gemeente for gemeente, _ in places))
        for gemeente in gemeenten:
            mine = [place for place in places if place[0] == gemeente]
            self._hide((block, (gemeente, SAMEN, ALL_SECTORS)), self.total(mine, SAMEN))
        everyone = (block, _regio(SAMEN))
        self.link(everyone, [(block, (gemeente, SAMEN, ALL_SECTORS)) for gemeente in gemeenten])
        for code, parts in sums_over_categories(self.cube.categories):
            self.link((block, _regio(code)), [(block, _regio(part)) for part in parts])
        for part, whole in parts_and_wholes(self.cube.categories):
            self._contain((block, _regio(whole)), [(block, _regio(part))], ("rest", block, whole, part))
        reasons = [(block, _regio(c.code)) for c in self.cube.categories if c.groep == REDEN]
        if self._known([(block, _regio(ZONDER_REDEN))]):
            self.link(everyone, [*reasons, (block, _regio(ZONDER_REDEN))])
        elif all(self.cube.totals[gemeente, SAMEN, sector].is_complete for gemeente, sector in places):
            self._contain(everyone, reasons, ("rest", block, SAMEN, REDEN))

    def add_rests(self, blocks: int) -> None:
        """Add what is left of each whole without its "waarvan" in all blocks together."""
        for part, whole in parts_and_wholes(self.cube.categories):
            rests = self._known([("rest", block, whole, part) for block in range(blocks)])
            if rests:
                together = ("rest", whole, part)
                self._hide(together, sum(self._aantal(rest) for rest in rests))
                self.link(together, rests)

    def _hide(self, key: Hashable, aantal: int | None) -> None:
        if aantal is not None:
            self.cells[key] = Cell(key, given(aantal), is_shown=False)

    def _contain(self, whole: Hashable, parts: Iterable[Hashable], key: Hashable) -> None:
        """Note that the parts are never above the whole; who subtracts them has the rest, which is shown nowhere."""
        known = self._known(parts)
        if not known or not self._known([whole]):
            return
        rest = self._aantal(whole) - sum(self._aantal(part) for part in known)
        if rest >= 0:
            self._hide(key, rest)
            self.link(whole, [*known, key])

    def _known(self, keys: Iterable[Hashable]) -> tuple[Hashable, ...]:
        return tuple(key for key in keys if key in self.cells and self.cells[key].count.aantal is not None)

    def _aantal(self, key: Hashable) -> int:
        return self.cells[key].count.aantal or 0
