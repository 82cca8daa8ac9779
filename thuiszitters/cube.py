"""The counts of one quarter with every sum that a page, a report or a file shows. Plain data, no database.

A key is a gemeente (0: all of them), a code and a sector ("*": all of them). Beside the codes of the categories there
are sums over categories: how many sit at home, how many longer than three months, how many of those without an offer.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product

from thuiszitters.categories import REDEN, VERZUIM, Category
from thuiszitters.counting import MISSING, Count, Total, total, total_of

ALL_GEMEENTEN, ALL_SECTORS = 0, "*"
SAMEN, LANGDURIG, ZONDER_AANBOD, ZONDER_REDEN = "samen", "langdurig", "zonder-aanbod", "reden-niet-opgegeven"

Key = tuple[int, str, str]
_KEYS: dict[Key, Key] = {}


@dataclass
class Cube:
    categories: Sequence[Category]
    gemeenten: Sequence[int]
    sectors: Sequence[str]
    totals: dict[Key, Total] = field(default_factory=dict)

    def get(self, gemeente: int, code: str, sector: str = ALL_SECTORS) -> Total:
        return self.totals.get((gemeente, code, sector), Total(None, 0, 0))

    def parts_of(self, code: str) -> list[str]:
        """Return the codes of the categories that are added up under `code`; its own when it is a categorie."""
        return dict(sums_over_categories(self.categories)).get(code, [code])

    @property
    def values(self) -> dict[Key, int]:
        """Every cell that has a number."""
        return {key: cell.aantal for key, cell in self.totals.items() if cell.aantal is not None}


def build_cube(
    *, categories: Sequence[Category], gemeenten: Sequence[int], sectors: Sequence[str], counts: Mapping[Key, Count]
) -> Cube:
    """Add up `counts`, each a number, unknown or missing; a sum knows of how many counts it is (domein.md, rule 1)."""
    cube = Cube(categories, gemeenten, sectors)
    sums = list(sums_over_categories(categories))
    for gemeente, sector in product(gemeenten, sectors):
        for category in categories:
            cube.totals[gemeente, category.code, sector] = total(
                [counts.get((gemeente, category.code, sector), MISSING)]
            )
        for code, parts in sums:
            _add_sum(cube, (gemeente, code, sector), [(gemeente, part, sector) for part in parts])
        _add_unexplained(cube, gemeente, sector)
    for code in codes_of(categories):
        _add_margins(cube, code)
    cube.totals = {shared(key): cell for key, cell in cube.totals.items()}
    return cube


def shared(key: Key) -> Key:
    """Return the one tuple for this cell: quarters are kept in memory by the hundred, all of the same cells."""
    return _KEYS.setdefault(key, key)


def _add_margins(cube: Cube, code: str) -> None:
    """Add `code` up over the sectors, over the gemeenten, and over both."""
    for gemeente in cube.gemeenten:
        _add_sum(cube, (gemeente, code, ALL_SECTORS), [(gemeente, code, sector) for sector in cube.sectors])
    for sector in (*cube.sectors, ALL_SECTORS):
        _add_sum(cube, (ALL_GEMEENTEN, code, sector), [(gemeente, code, sector) for gemeente in cube.gemeenten])


def sums_over_categories(categories: Iterable[Category]) -> Iterator[tuple[str, list[str]]]:
    everything = list(categories)
    yield SAMEN, [c.code for c in everything if c.groep == VERZUIM and c.is_whole]
    for kenmerk in (LANGDURIG, ZONDER_AANBOD):
        yield kenmerk, [c.code for c in everything if c.kenmerk == kenmerk]


def parts_and_wholes(categories: Iterable[Category]) -> Iterator[tuple[str, str]]:
    """Yield the code of each "waarvan" with that of its whole."""
    yield from ((c.code, c.onderdeel_van) for c in categories if c.onderdeel_van)
    yield from ((LANGDURIG, SAMEN), (ZONDER_AANBOD, LANGDURIG))


def codes_of(categories: Sequence[Category]) -> list[str]:
    """Return all that is counted: the categories, the sums over them, and the children without a reason."""
    return [*(c.code for c in categories), *(code for code, _ in sums_over_categories(categories)), ZONDER_REDEN]


def _add_sum(cube: Cube, whole: Key, parts: list[Key]) -> None:
    cells = [cube.totals[part] for part in parts if part in cube.totals]
    numbers = [cell.aantal for cell in cells if cell.aantal is not None]
    opgegeven, van = sum(cell.opgegeven for cell in cells), sum(cell.van for cell in cells)
    cube.totals[whole] = total_of(sum(numbers) if numbers else None, opgegeven, van)


def _add_unexplained(cube: Cube, gemeente: int, sector: str) -> None:
    children = cube.totals[gemeente, SAMEN, sector]
    reasons = [cube.totals[gemeente, c.code, sector].aantal for c in cube.categories if c.groep == REDEN]
    known = children.is_complete and children.aantal is not None and reasons and None not in reasons
    left = children.aantal - sum(reason or 0 for reason in reasons) if known and children.aantal is not None else None
    cube.totals[gemeente, ZONDER_REDEN, sector] = total_of(left, 0 if left is None else 1, 1)
