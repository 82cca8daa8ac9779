"""What someone who may not see small numbers sees of a quarter (domein.md, rule 10; ADR 0020).

Counts of 1 … threshold−1 show as "<5", and so much more is hidden that nobody can work them out: not from a total, a
"waarvan", the redenen, or the difference between two of these. A number is shown exactly or not at all, a zero always.

How to use it: `quarter_table` lays out one telmoment with every total that any page shows, `mask` says what is shown of
each. Show nothing that is computed from the raw counts beside it: percentages, rates, differences come from `ratio` and
`difference`, the order and the height of bars from `safe_order` and `plot_value`. A sum that the table lacks is a leak.
"""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, TypeVar

from thuiszitters.counting import MISSING, UNKNOWN, Count, Status, given, total
from thuiszitters.suppression import Effort, Problem, suppress

K = TypeVar("K", bound=Hashable)

TOTAAL = "totaal"
"""Stands for all gemeenten or all sectors in a Key."""

SMALLEST_MEANINGFUL_THRESHOLD = 3
"""Below it a small number can only be 1, and "<2" says so: there is nothing left to protect."""


class Key(NamedTuple):
    """One cell of a quarter. `gemeente` and `sector` may be TOTAAL."""

    gemeente: str
    sector: str
    categorie: str


@dataclass(frozen=True)
class Published:
    """The exact number."""

    aantal: int

    def __str__(self) -> str:
        return str(self.aantal)


@dataclass(frozen=True)
class Small:
    """A number from 1 to just below the threshold."""

    threshold: int

    def __str__(self) -> str:
        return f"<{self.threshold}"


@dataclass(frozen=True)
class Hidden:
    """A number above zero, small or large, that would give a small one away."""

    def __str__(self) -> str:
        return "afgeschermd"


@dataclass(frozen=True)
class Missing:
    """No number: "onbekend" or "geen opgave"."""

    status: Status

    def __str__(self) -> str:
        return self.status


Shown = Published | Small | Hidden | Missing


def legend(threshold: int) -> str:
    """Return what the two labels mean, in the words that every masked table carries."""
    return (
        f"‘{Small(threshold)}’ betekent: 1 tot en met {threshold - 1}. "
        f"‘{Hidden()}’ betekent: niet 0, maar niet getoond, omdat anders een klein aantal te berekenen is."
    )


@dataclass(frozen=True)
class Cell:
    """A count and how much is lost when it is hidden (at least 1); what is not shown, a reader may still work out."""

    key: Hashable
    count: Count
    weight: int = 1
    is_shown: bool = True


@dataclass(frozen=True)
class Sum:
    """The wholes add up to the parts."""

    wholes: tuple[Hashable, ...]
    parts: tuple[Hashable, ...]


@dataclass(frozen=True)
class Table:
    """Everything that is shown together, and every sum that a reader knows to hold between its numbers."""

    cells: tuple[Cell, ...]
    sums: tuple[Sum, ...]

    def __post_init__(self) -> None:
        numbers = {cell.key: cell.count.aantal for cell in self.cells}
        if len(numbers) < len(self.cells):
            raise ValueError("A key is there twice.")
        for item in self.sums:
            sides = [[numbers[key] for key in keys] for keys in (item.wholes, item.parts)]
            if None in sides[0] or None in sides[1]:
                raise ValueError(f"{item} has a missing count; leave the missing out of sums.")
            if sum(n or 0 for n in sides[0]) != sum(n or 0 for n in sides[1]):
                raise ValueError(f"{item} does not add up.")


@dataclass(frozen=True)
class Masked:
    """What is shown of each cell; with how many numbers were small, and how many others were lost to protect those."""

    shown: Mapping[Hashable, Shown]
    primary: int
    lost: int
    is_minimal: bool

    def __getitem__(self, key: Hashable) -> Shown:
        return self.shown[key]


def mask(table: Table, threshold: int, effort: Effort | None = None) -> Masked:
    """Return what may be shown of `table` when counts of 1 … threshold−1 are small.

    The same table always gives the same answer. It is safe whatever `effort` is; with more of it less may be lost.
    """
    if threshold < 1:
        raise ValueError(f"A threshold of {threshold} is no threshold; 1 masks nothing.")
    cells = [cell for cell in table.cells if cell.count.aantal is not None]
    values = [cell.count.aantal or 0 for cell in cells]
    is_small = [0 < value < threshold for value in values]
    small, hidden, is_minimal = {i for i, flag in enumerate(is_small) if flag}, set[int](), True
    if small and threshold >= SMALLEST_MEANINGFUL_THRESHOLD:
        pattern = suppress(_problem(table, cells, values, threshold), effort or Effort())
        small, hidden, is_minimal = pattern.small, pattern.hidden, pattern.is_minimal
    shown: dict[Hashable, Shown] = {cell.key: Missing(cell.count.status) for cell in table.cells if cell.is_shown}
    for i, cell in enumerate(cells):
        if cell.is_shown:
            shown[cell.key] = Small(threshold) if i in small else Hidden() if i in hidden else Published(values[i])
    return Masked(
        shown,
        primary=sum(flag and cell.is_shown for flag, cell in zip(is_small, cells, strict=True)),
        lost=sum(not is_small[i] for i in hidden),
        is_minimal=is_minimal,
    )


def _problem(table: Table, cells: Sequence[Cell], values: Sequence[int], threshold: int) -> Problem:
    index = {cell.key: i for i, cell in enumerate(cells)}
    rows = [
        (*((index[key], 1) for key in item.wholes), *((index[key], -1) for key in item.parts)) for item in table.sums
    ]
    return Problem(values, [cell.is_shown for cell in cells], [cell.weight for cell in cells], rows, threshold)


# What may be computed from what is shown


def plot_value(shown: Shown) -> int | None:
    """Return the height of a bar; None leaves it out, for a height of 0 would be a lie and any other a leak."""
    return shown.aantal if isinstance(shown, Published) else None


def safe_order(shown: Mapping[K, Shown]) -> list[K]:
    """Return the keys, the largest published number first, the rest in the order given (not one of counts)."""
    return sorted(shown, key=lambda key: -(plot_value(shown[key]) or 0) if isinstance(shown[key], Published) else 1)


def difference(now: Shown, before: Shown) -> int | None:
    """Return the change between two quarters, or None unless both are published."""
    if isinstance(now, Published) and isinstance(before, Published):
        return now.aantal - before.aantal
    return None


def ratio(part: Shown, whole: Shown | int, per: int = 100) -> float | None:
    """Return `part` per so many of `whole` (a percentage, a rate per 1.000), or None unless both are published."""
    among = whole if isinstance(whole, int) else plot_value(whole)
    if isinstance(part, Published) and among:
        return part.aantal * per / among
    return None


# The table of a quarter


@dataclass(frozen=True)
class Remainder:
    """Parts that ought to add up to the wholes (redenen: categorie 1 + categorie 2), and what they lack.

    The lack is shown as a categorie of its own with this `code`, or not at all when it is None.
    """

    wholes: tuple[str, ...]
    parts: tuple[str, ...]
    code: str | None


@dataclass(frozen=True)
class Structure:
    """The codes that are counted, and how they hang together: all that a reader knows of it.

    `waarvan` names the whole of each part; `totals` names what is added up and shown beside what was counted.
    """

    codes: tuple[str, ...]
    waarvan: Mapping[str, str] = field(default_factory=dict)
    totals: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    remainders: tuple[Remainder, ...] = ()


def quarter_table(
    counts: Mapping[Key, Count], structure: Structure, *, gemeenten: Sequence[str], sectoren: Sequence[str]
) -> Table:
    """Lay out one telmoment with its totals over gemeenten, over sectors and over both.

    A count that is not in `counts` is "geen opgave". Totals are the sum of what is known. Where counts contradict each
    other (a concept may), the sum that they break is left out: it tells a reader nothing.
    """
    builder = _Builder(sectoren, gemeenten)
    for gemeente in gemeenten:
        for sector in sectoren:
            own = {code: counts.get(Key(gemeente, sector, code), MISSING) for code in structure.codes}
            builder.add_place(gemeente, sector, own, structure)
    builder.add_totals()
    return Table(tuple(builder.cells.values()), tuple(builder.sums))


class _Builder:
    def __init__(self, sectoren: Sequence[str], gemeenten: Sequence[str]) -> None:
        self.sectoren = sectoren
        self.gemeenten = gemeenten
        self.cells: dict[Key, Cell] = {}
        self.sums: list[Sum] = []
        self.categorieen: dict[str, bool] = {}
        """Whether each is shown."""

    def add(self, key: Key, count: Count, *, is_shown: bool = True, weight: int = 1) -> None:
        self.cells[key] = Cell(key, count, weight, is_shown)
        self.categorieen[key.categorie] = is_shown

    def add_place(self, gemeente: str, sector: str, own: Mapping[str, Count], structure: Structure) -> None:
        def key(code: str) -> Key:
            return Key(gemeente, sector, code)

        for code, count in own.items():
            self.add(key(code), count)
        for code, parts in structure.totals.items():
            self._add_sum(key(code), [key(part) for part in parts])
        for item in structure.remainders:
            code = item.code or f"rest van {' en '.join(item.wholes)}"
            self._add_rest(
                key(code), [key(w) for w in item.wholes], [key(p) for p in item.parts], is_shown=item.code is not None
            )
        for part, whole in structure.waarvan.items():
            self._add_rest(key(f"{whole} zonder {part}"), [key(whole)], [key(part)], is_shown=False)

    def add_totals(self) -> None:
        """Add up every categorie, hidden rests too: who subtracts two totals sees the total of the rests."""
        for code, is_shown in list(self.categorieen.items()):
            for gemeente in self.gemeenten:
                parts = [Key(gemeente, sector, code) for sector in self.sectoren]
                self._add_sum(Key(gemeente, TOTAAL, code), parts, is_shown=is_shown, weight=2)
            for sector in (*self.sectoren, TOTAAL):
                parts = [Key(gemeente, sector, code) for gemeente in self.gemeenten]
                weight = 4 if sector == TOTAAL else 2
                self._add_sum(Key(TOTAAL, sector, code), parts, is_shown=is_shown, weight=weight)
            self._link(Key(TOTAAL, TOTAAL, code), [Key(TOTAAL, sector, code) for sector in self.sectoren])

    def _add_sum(self, key: Key, parts: Sequence[Key], *, is_shown: bool = True, weight: int = 1) -> None:
        counts = [self.cells[part].count for part in parts if part in self.cells]
        aantal = total(counts).aantal
        nothing = MISSING if all(count == MISSING for count in counts) else UNKNOWN
        self.add(key, nothing if aantal is None else given(aantal), is_shown=is_shown, weight=weight)
        self._link(key, parts)

    def _link(self, key: Key, parts: Sequence[Key]) -> None:
        known = self._known(parts)
        if known:
            self.sums.append(Sum((key,), tuple(known)))

    def _known(self, keys: Iterable[Key]) -> list[Key]:
        return [key for key in keys if key in self.cells and self.cells[key].count.aantal is not None]

    def _add_rest(self, key: Key, wholes: Sequence[Key], parts: Sequence[Key], *, is_shown: bool) -> None:
        """Add what the known parts lack of the wholes; there is none when a whole or every part is missing."""
        known = self._known(parts)
        rest = -1
        if known and len(self._known(wholes)) == len(wholes):
            rest = sum(self.cells[k].count.aantal or 0 for k in wholes) - sum(
                self.cells[k].count.aantal or 0 for k in known
            )
        if rest >= 0:
            self.add(key, given(rest), is_shown=is_shown)
            self.sums.append(Sum(tuple(wholes), (*known, key)))
        elif is_shown:
            self.add(key, MISSING if not known else UNKNOWN)
