"""What someone who may not see small numbers sees of a table of counts (domein.md, rule 10; ADR 0020).

Counts of 1 … threshold−1 show as "<5", and so much more is hidden that nobody can work them out: not from a total, a
"waarvan", the redenen, or the difference between two of these. A number is shown exactly or not at all, a zero always.
Plain data: `linked.py` lays out what is shown of a quarter, `publication.py` says to whom.
"""

from collections.abc import Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass

from thuiszitters.counting import Count, Status
from thuiszitters.puzzle import Problem
from thuiszitters.suppression import Effort, Pattern, suppress

SMALLEST_THRESHOLD = 3
"""Below it a small number can only be 1, and "<2" says so: there is nothing left to protect."""


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
    """A count and how much is lost when it is hidden (at least 1); what is not shown, a reader may still work out.

    `floor` is what a reader may know that a number above zero is at least: how many gemeenten it is the sum of. Such
    a sum of two or more never shows as small, for one of those gemeenten would learn too much of the others.
    """

    key: Hashable
    count: Count
    weight: int = 1
    is_shown: bool = True
    floor: int = 0


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


def mask(
    table: Table, threshold: int, effort: Effort | None = None, hidden: Collection[Hashable] = frozenset()
) -> Masked:
    """Return what may be shown of `table` when counts of 1 … threshold−1 are small, and `hidden` are not shown anyway.

    The same table always gives the same answer. It is safe whatever `effort` is; with more of it less may be lost.
    """
    if threshold < SMALLEST_THRESHOLD:
        raise ValueError(f"A threshold of {threshold} protects nothing; {SMALLEST_THRESHOLD} is the lowest.")
    cells = [cell for cell in table.cells if cell.count.aantal is not None]
    values = [cell.count.aantal or 0 for cell in cells]
    is_small = [0 < value < threshold for value in values]
    pattern = Pattern(hidden={i for i, cell in enumerate(cells) if values[i] and cell.key in hidden})
    if any(is_small):
        forced = pattern.hidden
        pattern = suppress(_problem(table, cells, values, threshold, forced), effort or Effort())
        pattern.hidden |= forced - pattern.small
    shown: dict[Hashable, Shown] = {cell.key: Missing(cell.count.status) for cell in table.cells if cell.is_shown}
    for i, cell in enumerate(cells):
        if cell.is_shown:
            shown[cell.key] = _shown(i, pattern, values[i], threshold)
    return Masked(
        shown,
        primary=sum(flag and cell.is_shown for flag, cell in zip(is_small, cells, strict=True)),
        lost=sum(not is_small[i] for i in pattern.hidden),
        is_minimal=pattern.is_minimal,
    )


def _shown(i: int, pattern: Pattern, value: int, threshold: int) -> Shown:
    if i in pattern.small:
        return Small(threshold)
    return Hidden() if i in pattern.hidden else Published(value)


def _problem(
    table: Table, cells: Sequence[Cell], values: Sequence[int], threshold: int, hidden: Collection[int]
) -> Problem:
    index = {cell.key: i for i, cell in enumerate(cells)}
    rows = [
        (*((index[key], 1) for key in item.wholes), *((index[key], -1) for key in item.parts)) for item in table.sums
    ]
    return Problem(
        values=values,
        shown=[cell.is_shown for cell in cells],
        weights=[cell.weight for cell in cells],
        floors=[cell.floor for cell in cells],
        rows=rows,
        threshold=threshold,
        hidden=hidden,
    )
