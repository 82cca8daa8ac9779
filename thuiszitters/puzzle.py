"""Counts that hang together, as a reader finds them: what is certainly zero, certainly equal, and what labels tell.

Plain data, nothing is solved here: `suppression.py` does that (ADR 0020).
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from thuiszitters.solver import TOLERANCE, Ints

Row = tuple[tuple[int, int], ...]
"""Index and coefficient of each count in a sum that is zero."""


@dataclass(frozen=True)
class Problem:
    """Counts, with what a reader knows of them: the sums between them, which of them are ever shown, and floors.

    A count that is shown and above zero is known to be at least its floor, whatever its label.
    """

    values: Sequence[int]
    shown: Sequence[bool]
    weights: Sequence[int]
    floors: Sequence[int]
    rows: Sequence[Row]
    threshold: int
    hidden: Collection[int] = ()
    """What is hidden already, for other reasons, and costs nothing more."""


class Puzzle:
    """Counts that hang together, zeros left out and counts that are certainly equal taken as one unknown.

    `lower` and `upper` are what a masked unknown can be according to its label. Zeros are always shown, so what
    is masked is at least 1. What can be seen from the zeros to be at least 2 (a sum of two parts) never shows as small,
    for "<5" over two of "<5" would say that neither is 4. All else does when it is small, so that hidden it is large.
    """

    def __init__(self, problem: Problem, members: list[list[int]], rows: list[Row]) -> None:
        limit = problem.threshold
        self.members = [[cell for cell in group if problem.shown[cell]] for group in members]
        self.rows = rows
        self.values = np.array([problem.values[group[0]] for group in members], np.int64)
        self.weights = np.array([sum(problem.weights[cell] for cell in group) for group in self.members], float)
        self.is_shown = np.array([bool(group) for group in self.members])
        self.is_small = (self.values > 0) & (self.values < limit)
        self.is_large = self.is_shown & (self.values >= limit)
        self.maskable = self.is_shown & (self.values > 0)
        self.is_hidden = self.maskable & [any(cell in problem.hidden for cell in group) for group in members]
        floors = np.array([max(problem.floors[cell] for cell in group) for group in members], np.int64)
        least = _least(rows, np.where(self.maskable, np.maximum(floors, 1), 0))
        certain = self.is_shown & (least == 1)
        self.lower = np.where(self.is_shown, np.maximum(floors, 1.0), 0.0)
        self.lower[certain & self.is_large] = limit
        self.upper = np.full(len(members), np.inf)
        self.upper[certain & self.is_small] = limit - 1
        self.required = {
            int(unknown): [v for v in range(low, low + limit - 1) if v != self.values[unknown]]
            for unknown in np.flatnonzero(self.is_small)
            for low in [max(1, int(least[unknown]))]
        }

    @property
    def has_small(self) -> bool:
        return bool(self.required)

    def require_less(self, unknown: int, value: int, reached: float) -> None:
        """Require no more of what lies beyond `reached`, as far as `value`."""
        low, high = sorted((value, reached))
        kept = [v for v in self.required[unknown] if abs(v - reached) < TOLERANCE or not low <= v <= high]
        del self.required[unknown]
        if kept:
            self.required[unknown] = kept

    def widen(self, unknowns: Iterable[int]) -> bool:
        """Let the small ones among these not show as small; return whether there are any.

        What is large a reader may still take to be large: whoever guesses so is right.
        """
        chosen = [j for j in unknowns if self.is_shown[j] and np.isfinite(self.upper[j])]
        self.upper[chosen] = np.inf
        return bool(chosen)


def _least(rows: list[Row], floors: Ints) -> Ints:
    """Return the least that each unknown can be when all that a reader sees is which counts are zero."""
    least = floors.copy()
    changed = True
    while changed:
        changed = False
        for row in rows:
            for sign in (1, -1):
                whole = [(j, abs(c)) for j, c in row if c * sign > 0]
                if len(whole) == 1:
                    parts = sum(abs(c) * least[j] for j, c in row if c * sign < 0)
                    (j, c) = whole[0]
                    if -(-parts // c) > least[j]:
                        least[j] = -(-parts // c)
                        changed = True
    return least


def find_puzzles(problem: Problem) -> list[Puzzle]:
    root = _Roots(len(problem.values))
    known = {i for i, value in enumerate(problem.values) if value == 0 and problem.shown[i]}
    rows = _simplify(problem.rows, known, root)
    linked = _Roots(len(problem.values))
    for row in rows:
        for cell, _ in row:
            linked.join(row[0][0], cell)
    groups: dict[int, list[int]] = {}
    for cell in range(len(problem.values)):
        if root.of(cell) not in known:
            groups.setdefault(root.of(cell), []).append(cell)
    parts: dict[int, list[int]] = {}
    for head in groups:
        parts.setdefault(linked.of(head), []).append(head)
    puzzles = []
    for heads in parts.values():
        index = {head: i for i, head in enumerate(heads)}
        mine = [tuple((index[cell], c) for cell, c in row) for row in rows if row[0][0] in index]
        puzzles.append(Puzzle(problem, [groups[head] for head in heads], mine))
    return puzzles


class _Roots:
    """Sets that grow together (union-find)."""

    def __init__(self, size: int) -> None:
        self.parent = list(range(size))

    def of(self, i: int) -> int:
        while self.parent[i] != i:
            self.parent[i] = self.parent[self.parent[i]]
            i = self.parent[i]
        return i

    def join(self, i: int, j: int) -> None:
        low, high = sorted((self.of(i), self.of(j)))
        self.parent[high] = low


def _simplify(rows: Iterable[Row], known: set[int], root: _Roots) -> list[Row]:
    """Take out what is known to be zero and join what is certainly equal, until nothing changes."""
    current = set(rows)
    while True:
        merged = {_rewrite(row, known, root) for row in current} - {()}
        for row in merged:
            if len({c > 0 for _, c in row}) == 1:
                known.update(cell for cell, _ in row)
            elif len(row) == 2 and row[0][1] == -row[1][1]:
                root.join(row[0][0], row[1][0])
        if merged == current:
            return sorted(merged)
        current = merged


def _rewrite(row: Row, known: set[int], root: _Roots) -> Row:
    terms: dict[int, int] = {}
    for cell, c in row:
        head = root.of(cell)
        if head not in known:
            terms[head] = terms.get(head, 0) + c
    kept = sorted((cell, c) for cell, c in terms.items() if c)
    sign = 1 if kept and kept[0][1] > 0 else -1
    return tuple((cell, sign * c) for cell, c in kept)
