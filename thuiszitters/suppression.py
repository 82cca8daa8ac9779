"""Which counts to hide so that no small one can be worked out: an integer programme over linked sums (ADR 0020).

The reader is taken to be clever: every relation, every published number, every zero and the meaning of each label are
known to them. What they can then work out are linear programmes; the cheapest set of numbers to hide is an integer
programme, found by adding a cut for each way in which a set falls short (Benders; Fischetti and Salazar, 2001). Nothing
is called safe on the solver's word: for each value that must stay possible there is a witness, a table of whole numbers
that fits all a reader sees, and that is checked in whole numbers.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import highspy
import numpy as np
from numpy.typing import NDArray

Row = tuple[tuple[int, int], ...]
"""Index and coefficient of each count in a sum that is zero."""

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

TOLERANCE = 1e-6
LINEAR = {
    "presolve": "off",
    "solver": "simplex",
    # Primal, unperturbed: after a change of objective the last basis is still feasible. Three times as fast here.
    "simplex_strategy": 4,
    "primal_simplex_bound_perturbation_multiplier": 0.0,
    "dual_simplex_cost_perturbation_multiplier": 0.0,
}
INTEGER = {
    # Weights are whole numbers, so that a gap below 1 is none.
    "mip_rel_gap": 0.0,
    "mip_abs_gap": 0.99,
    # Bounds the time of one programme.
    "mip_max_nodes": 100,
    # No strong branching: these programmes are small and many.
    "mip_pscost_minreliable": 0,
    # A good set is known already; without these it takes half the time.
    "mip_heuristic_run_feasibility_jump": False,
    "mip_heuristic_run_rens": False,
    "mip_heuristic_run_rins": False,
    "mip_heuristic_run_root_reduced_cost": False,
}
INTEGER_COST = 250
STEPS = 20
"""One integer programme takes about as long as this many linear ones, plus one for so many simplex steps."""
RETRIES = 4
ENOUGH = 1 - 1e-4
"""Shares are rounded."""


@dataclass(frozen=True)
class Effort:
    """When to stop: counted in linear programmes, not in seconds: a table is masked the same on any machine."""

    improve: int = 3_000
    """From here on the cheapest safe set so far will do, though a cheaper one may exist."""
    search: int = 100_000
    """From here on no safe set is sought: everything above zero is hidden."""


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


@dataclass
class Pattern:
    """The counts that show as small, those that are hidden, and whether no cheaper set is safe."""

    small: set[int] = field(default_factory=set)
    hidden: set[int] = field(default_factory=set)
    is_minimal: bool = True


def suppress(problem: Problem, effort: Effort) -> Pattern:
    """Return a safe pattern; the cheapest by weight of what it hides beside the small counts, if `effort` allows."""
    pattern = Pattern()
    for puzzle in _puzzles(problem):
        if not puzzle.has_small:
            continue
        try:
            attack = _Attack(puzzle, effort)
            masked, is_minimal = attack.cheapest()
        except _GaveUp:
            puzzle.widen(range(len(puzzle.values)))
            masked, is_minimal = puzzle.maskable, False
        pattern.is_minimal &= is_minimal
        for unknown in np.flatnonzero(masked):
            shows_as_small = puzzle.is_small[unknown] and np.isfinite(puzzle.upper[unknown])
            (pattern.small if shows_as_small else pattern.hidden).update(puzzle.members[unknown])
    return pattern


class _GaveUp(Exception):
    """The solver has no answer, or not in time."""


class _Puzzle:
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


def _puzzles(problem: Problem) -> list[_Puzzle]:
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
        puzzles.append(_Puzzle(problem, [groups[head] for head in heads], mine))
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


class _Cover:
    """The cuts found so far, and sets of counts to hide that satisfy them all.

    A cut is a row of shares, one for each count that can be hidden: those of the hidden ones must come to at least 1.
    """

    def __init__(self, weights: Floats) -> None:
        self.weights = weights
        self.cuts = np.empty((0, len(weights)))

    def add(self, shares: Floats) -> None:
        """Keep a cut, unless another asks as much; let go of those that ask no more than it does."""
        if not (self.cuts <= shares + TOLERANCE).all(axis=1).any():
            asks_less = (shares <= self.cuts + TOLERANCE).all(axis=1)
            self.cuts = np.vstack([self.cuts[~asks_less], shares])

    def loss(self, hidden: Flags) -> float:
        return float(self.weights[hidden].sum())

    def quick(self) -> Flags:
        """Return a set in which nothing is superfluous, though it may not be the cheapest."""
        hidden = np.zeros(len(self.weights), bool)
        short = np.full(len(self.cuts), ENOUGH)
        while (is_open := short > 0).any():
            gain = np.minimum(self.cuts[is_open], short[is_open, None]).sum(axis=0)
            best = int(np.argmax(np.where(hidden, 0, gain) / self.weights))
            hidden[best] = True
            short -= self.cuts[:, best]
        for i in np.argsort(-self.weights, kind="stable"):
            if hidden[i] and (short + self.cuts[:, i] <= 0).all():
                hidden[i] = False
                short += self.cuts[:, i]
        return hidden

    def cheapest(self) -> tuple[Flags, float, int]:
        """Return the cheapest set, a loss below which there is none, and the steps; an empty set if none is found."""
        size = len(self.weights)
        rows = [[(int(j), float(row[j])) for j in np.flatnonzero(row)] for row in self.cuts]
        programme = _programme(rows, self.weights, ENOUGH, highspy.kHighsInf)
        programme.col_lower_, programme.col_upper_ = np.zeros(size), np.ones(size)
        programme.integrality_ = [highspy.HighsVarType.kInteger] * size
        model = _model(programme, INTEGER)
        model.run()
        chosen = np.array(model.getSolution().col_value)
        hidden = chosen > 0.5 if len(chosen) else np.zeros(size, bool)
        info = model.getInfo()
        return hidden, float(info.mip_dual_bound), int(info.simplex_iteration_count)


@dataclass(frozen=True)
class _Shortfall:
    """How far an unknown gets, and how much farther for each unit that the bound of another gives way."""

    reached: float
    gain: Floats


class _Attack:
    """What a reader can work out when some large counts are hidden and the others published: one linear model."""

    def __init__(self, puzzle: _Puzzle, effort: Effort) -> None:
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
        self.cover = _Cover(puzzle.weights[self.large])
        self.model = _model(self._table(puzzle.lower, puzzle.upper), LINEAR)
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
        programme = _programme(self.puzzle.rows, np.zeros(self.size), 0.0, 0.0)
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
        model = _model(programme, INTEGER)
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


def _programme(
    rows: Sequence[Sequence[tuple[int, float]]], cost: Floats, at_least: float, at_most: float
) -> highspy.HighsLp:
    """Return a programme with the same limits for each row; the caller adds those of the columns."""
    entries = [entry for row in rows for entry in row]
    programme = highspy.HighsLp()
    programme.num_col_, programme.num_row_ = len(cost), len(rows)
    programme.col_cost_ = cost
    programme.row_lower_, programme.row_upper_ = np.full(len(rows), at_least), np.full(len(rows), at_most)
    programme.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    programme.a_matrix_.start_ = np.cumsum([0, *map(len, rows)], dtype=np.int32)
    programme.a_matrix_.index_ = np.array([j for j, _ in entries], np.int32)
    programme.a_matrix_.value_ = np.array([c for _, c in entries], float)
    return programme


def _model(programme: highspy.HighsLp, options: dict[str, Any]) -> highspy.Highs:
    model = highspy.Highs()
    for name, value in {"output_flag": False, "threads": 1, **options}.items():
        model.setOptionValue(name, value)
    model.passModel(programme)
    return model
