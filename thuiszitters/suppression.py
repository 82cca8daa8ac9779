"""Which counts to hide so that no small one can be worked out: an integer programme over linked sums (ADR 0020).

The reader is taken to be clever: every relation, every published number, every zero and the meaning of each label are
known to them. What they can then work out are linear programmes; the cheapest set of numbers to hide is an integer
programme, found by adding a cut for each way in which a set falls short (Benders; Fischetti and Salazar, 2001). Nothing
is called safe on the solver's word: for each value that must stay possible there is a witness, a table of whole numbers
that fits all a reader sees, and that is checked in whole numbers.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import highspy
import numpy as np

from thuiszitters.cover import ENOUGH, Cover
from thuiszitters.puzzle import Problem, Puzzle, find_puzzles
from thuiszitters.solver import INTEGER, LINEAR, TOLERANCE, Flags, Floats, model_of, programme_of

INTEGER_COST = 250
STEPS = 20
"""One integer programme takes about as long as this many linear ones, plus one for so many simplex steps."""
RETRIES = 4


@dataclass(frozen=True)
class Effort:
    """When to stop: counted in linear programmes, not in seconds: a table is masked the same on any machine."""

    improve: int = 3_000
    """From here on the cheapest safe set so far will do, though a cheaper one may exist."""
    search: int = 100_000
    """From here on no safe set is sought: everything above zero is hidden."""


@dataclass
class Pattern:
    """The counts that show as small, those that are hidden, and whether no cheaper set is safe."""

    small: set[int] = field(default_factory=set)
    hidden: set[int] = field(default_factory=set)
    is_minimal: bool = True


def suppress(problem: Problem, effort: Effort) -> Pattern:
    """Return a safe pattern; the cheapest by weight of what it hides beside the small counts, if `effort` allows."""
    pattern = Pattern()
    for puzzle in find_puzzles(problem):
        if not puzzle.has_small:
            continue
        masked, is_minimal = _solve(puzzle, effort)
        pattern.is_minimal &= is_minimal
        for unknown in np.flatnonzero(masked):
            shows_as_small = puzzle.is_small[unknown] and np.isfinite(puzzle.upper[unknown])
            (pattern.small if shows_as_small else pattern.hidden).update(puzzle.members[unknown])
    return pattern


def _solve(puzzle: Puzzle, effort: Effort) -> tuple[Flags, bool]:
    """Return what to mask, and whether nothing cheaper is safe."""
    if not puzzle.rows:
        # A number that hangs together with no other is told by none.
        return puzzle.maskable, True
    try:
        return _Attack(puzzle, effort).cheapest()
    except _GaveUp:
        puzzle.widen(range(len(puzzle.values)))
        return puzzle.maskable, False


class _GaveUp(Exception):
    """The solver has no answer, or not in time."""


@dataclass(frozen=True)
class _Shortfall:
    """How far an unknown gets, and how much farther for each unit that the bound of another gives way."""

    reached: float
    gain: Floats


class _Attack:
    """What a reader can work out when some large counts are hidden and the others published: one linear model."""

    def __init__(self, puzzle: Puzzle, effort: Effort) -> None:
        self.puzzle = puzzle
        self.effort = effort
        self.solved = 0
        self.size = len(puzzle.values)
        self.columns = np.arange(self.size, dtype=np.int32)
        self.matrix = np.zeros((len(puzzle.rows), self.size), np.int64)
        for i, row in enumerate(puzzle.rows):
            for j, c in row:
                self.matrix[i, j] = c
        self.large = np.flatnonzero(puzzle.is_large & ~puzzle.is_hidden)
        self.cover = Cover(puzzle.weights[self.large])
        self.model = model_of(self._table(puzzle.lower, puzzle.upper), LINEAR)
        self.witnesses = [puzzle.values]
        self._hide(self._all)

    @property
    def _all(self) -> Flags:
        return np.ones(len(self.large), bool)

    def cheapest(self) -> tuple[Flags, bool]:
        """Return what to mask, and whether nothing cheaper is safe."""
        self._drop_impossible()
        hidden, is_minimal = self._search()
        if not self._is_proven(hidden):
            hidden, is_minimal = self._all, False
            if not self._is_proven(hidden):
                raise _GaveUp
        masked = self.puzzle.maskable & (self.puzzle.is_small | self.puzzle.is_hidden)
        masked[self.large] = hidden
        return masked, is_minimal

    # What a reader sees

    def _table(self, lower: Floats, upper: Floats) -> highspy.HighsLp:
        programme = programme_of(self.puzzle.rows, np.zeros(self.size), 0.0, 0.0)
        programme.col_lower_, programme.col_upper_ = lower, upper
        return programme

    def _hide(self, hidden: Flags) -> None:
        """Publish every large count but these."""
        self.hidden = hidden
        self.lower, self.upper = self.puzzle.lower.copy(), self.puzzle.upper.copy()
        published = self.large[~hidden]
        self.lower[published] = self.upper[published] = self.puzzle.values[published]
        self.model.changeColsBounds(self.size, self.columns, self.lower, self.upper)

    @contextmanager
    def _between(self, unknown: int, low: float, high: float) -> Iterator[None]:
        self.model.changeColBounds(unknown, low, high)
        yield
        self.model.changeColBounds(unknown, self.lower[unknown], self.upper[unknown])

    # Witnesses: tables of whole numbers that fit all a reader sees

    def _pending(self, *, ends_only: bool) -> dict[int, set[int]]:
        """Return the values that must stay possible and of which there is no witness yet."""
        tables = np.array(self.witnesses)
        tables = tables[((tables >= self.lower) & (tables <= self.upper)).all(axis=1)]
        pending = {}
        for unknown, required in self.puzzle.required.items():
            at = self.puzzle.values[unknown]
            ends = {required[0]} - {v for v in required if v > at} | {required[-1]} - {v for v in required if v < at}
            missing = (ends if ends_only else set(required)) - set(tables[:, unknown].tolist())
            if missing:
                pending[unknown] = missing
        return pending

    def _farthest_first(self, pending: dict[int, set[int]]) -> Iterator[tuple[int, int]]:
        """Go through what is pending, passing over what meanwhile is no longer."""
        pairs = [(unknown, value) for unknown, values in pending.items() for value in values]
        for unknown, value in sorted(pairs, key=lambda pair: (-abs(pair[1] - self.puzzle.values[pair[0]]), pair)):
            if value in pending.get(unknown, ()):
                yield unknown, value

    def _is_witness(self, table: Floats | None, pending: dict[int, set[int]]) -> bool:
        if table is None:
            return False
        whole = np.rint(table).astype(np.int64)
        if (self.matrix @ whole).any() or (whole < self.lower).any() or (whole > self.upper).any():
            return False
        self.witnesses.append(whole)
        for unknown in list(pending):
            pending[unknown].discard(int(whole[unknown]))
            if not pending[unknown]:
                del pending[unknown]
        return True

    def _solve(self, cost: Floats) -> Floats | None:
        """Return the table of least cost, in fractions, or None when nothing fits."""
        self.solved += 1
        if self.solved > self.effort.search:
            raise _GaveUp
        self.model.changeColsCost(self.size, self.columns, cost)
        self.model.run()
        status = self.model.getModelStatus()
        if status == highspy.HighsModelStatus.kInfeasible:
            return None
        if status != highspy.HighsModelStatus.kOptimal:
            raise _GaveUp
        return np.array(self.model.getSolution().col_value)

    def _solve_in_whole_numbers(self, unknown: int, value: int) -> Floats | None:
        lower, upper = self.lower.copy(), self.upper.copy()
        lower[unknown] = upper[unknown] = value
        programme = self._table(lower, upper)
        programme.integrality_ = [highspy.HighsVarType.kInteger] * self.size
        model = model_of(programme, INTEGER)
        model.run()
        found = model.getModelStatus() == highspy.HighsModelStatus.kOptimal
        return np.array(model.getSolution().col_value) if found else None

    def _along(self, pending: dict[int, set[int]], *, upward: bool) -> Floats:
        """Return a cost that moves pending unknowns one way, so that one witness serves many."""
        cost = np.zeros(self.size)
        for other, values in pending.items():
            if np.isfinite(self.upper[other]) and any((v > self.puzzle.values[other]) == upward for v in values):
                cost[other] = -1.0 if upward else 1.0
        return cost

    def _is_proven(self, hidden: Flags) -> bool:
        """Find a witness of every value that must stay possible."""
        self._hide(hidden)
        pending = self._pending(ends_only=False)
        return all(self._has_witness(unknown, value, pending) for unknown, value in self._farthest_first(pending))

    def _has_witness(self, unknown: int, value: int, pending: dict[int, set[int]]) -> bool:
        with self._between(unknown, value, value):
            if self._is_witness(self._solve(self._along(pending, upward=value > self.puzzle.values[unknown])), pending):
                return True
            chance = np.random.default_rng(unknown)
            for _ in range(RETRIES):
                # Costs that keep a table without upper bounds from growing for ever.
                cost = np.where(np.isfinite(self.upper), chance.uniform(-1, 1, self.size), chance.random(self.size))
                if self._is_witness(self._solve(cost), pending):
                    return True
        return self._is_witness(self._solve_in_whole_numbers(unknown, value), pending)

    # Cuts: what must be hidden

    def _push(self, unknown: int, value: int, pending: dict[int, set[int]]) -> _Shortfall | None:
        """Move an unknown towards `value`; return None when it gets there."""
        upward = value > self.puzzle.values[unknown]
        cost = np.zeros(self.size)
        cost[unknown] = -1.0 if upward else 1.0
        low, high = (self.lower[unknown], value) if upward else (value, self.upper[unknown])
        with self._between(unknown, low, high):
            table = self._solve(cost)
            if table is None:
                raise _GaveUp
            if abs(value - table[unknown]) > TOLERANCE:
                gain = -np.array(self.model.getSolution().col_dual)
                gain[unknown] = 0.0
                return _Shortfall(float(table[unknown]), gain)
        self._is_witness(table, pending)
        if pending:
            with self._between(unknown, value, value):
                self._is_witness(self._solve(self._along(pending, upward=upward)), pending)
        return None

    def _shares(self, value: int, shortfall: _Shortfall) -> Floats:
        """Return what hiding each large count adds at most, as a share of what is short."""
        gain = shortfall.gain[self.large]
        room = (self.puzzle.values - self.puzzle.lower)[self.large]
        down = np.minimum(1.0, -gain * room / abs(value - shortfall.reached))
        shares = np.where(self.hidden | (np.abs(gain) < TOLERANCE), 0.0, np.where(gain > 0, 1.0, down))
        if shares.sum() < ENOUGH:
            raise _GaveUp
        return shares

    def _drop_impossible(self) -> None:
        """Widen labels that keep a shown count from a value although all is hidden; ask no more of what is hidden."""
        pending = self._pending(ends_only=True)
        for unknown, value in self._farthest_first(pending):
            shortfall = self._push(unknown, value, pending)
            while shortfall and self.puzzle.is_shown[unknown] and self._widen(shortfall):
                shortfall = self._push(unknown, value, pending)
            if shortfall:
                self.puzzle.require_less(unknown, value, shortfall.reached)

    def _widen(self, shortfall: _Shortfall) -> bool:
        has_widened = self.puzzle.widen(np.flatnonzero(np.abs(shortfall.gain) > TOLERANCE))
        self._hide(self._all)
        return has_widened

    def _falls_short(self, hidden: Flags) -> bool:
        """Add a cut for each unknown that cannot reach its ends when these are hidden; return whether there is one."""
        self._hide(hidden)
        pending = self._pending(ends_only=True)
        found = False
        for unknown, value in self._farthest_first(pending):
            if shortfall := self._push(unknown, value, pending):
                self.cover.add(self._shares(value, shortfall))
                found = True
        return found

    def _search(self) -> tuple[Flags, bool]:
        """Return the cheapest safe set found, and whether there is none cheaper."""
        best = self.cover.quick()
        while self._falls_short(best):
            best = self.cover.quick()
        while self.cover.loss(best) > 0 and self.solved < self.effort.improve:
            candidate, bound, steps = self.cover.cheapest()
            self.solved += INTEGER_COST + steps // STEPS
            if bound > self.cover.loss(best) - 1 + TOLERANCE:
                return best, True
            if not self._falls_short(candidate) and self.cover.loss(candidate) < self.cover.loss(best):
                best = candidate
        return best, self.cover.loss(best) == 0
