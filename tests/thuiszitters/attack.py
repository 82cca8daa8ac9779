"""Somebody who wants the small numbers back, armed with linear programming. Knows nothing of how they are masked.

The reader sees every number, label and gap of a quarter, knows which counts are missing, that no count is negative,
that a "waarvan" is never above its whole and the reasons never above the children, and what the labels mean. An insider
knows all counts of one gemeente besides. What each can work out of a number are the two ends of a linear programme.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import highspy
import numpy as np

from thuiszitters.categories import REDEN, VERZUIM, Category
from thuiszitters.counting import Count

CEILING = 200.0
"""More than any count of the tests, and more than a reader could assume."""

Variable = tuple[int, str, str]
"""A gemeente, a code and a sector; "" stands for all sectors of a gemeente where everything was returned."""
Sum = Mapping[Variable, int]


@dataclass(frozen=True)
class Sight:
    """What a page shows of one sum: the number, a label, or a gap."""

    gemeente: int
    code: str
    text: str


@dataclass(frozen=True)
class Loss:
    """A number that somebody worked out farther than its label tells."""

    what: str
    value: int
    lowest: int
    highest: int


@dataclass
class World:
    """A quarter as it was returned, by places: what a reader would like to know."""

    categories: Sequence[Category]
    gemeenten: Sequence[int]
    sectors: Sequence[str]
    counts: Mapping[tuple[int, str, str], Count]
    truth: dict[Variable, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for gemeente, sector, place in self._places():
            for c in self.categories:
                count = self.counts.get((gemeente, c.code, sector))
                if count is not None and count.aantal is not None:
                    key = (gemeente, c.code, place)
                    self.truth[key] = self.truth.get(key, 0) + count.aantal

    def _places(self) -> Iterator[tuple[int, str, str]]:
        for gemeente in self.gemeenten:
            for sector in self.sectors:
                returned = [self.counts.get((gemeente, c.code, sector)) for c in self.categories]
                is_whole = all(count is not None and count.aantal is not None for count in returned)
                yield gemeente, sector, "" if is_whole else sector

    @cached_property
    def places(self) -> list[tuple[int, str]]:
        return sorted({(gemeente, place) for gemeente, _, place in self._places()})

    def codes(self, name: str) -> list[str]:
        """Return which categories are added up under a name."""
        if name == "samen":
            return [c.code for c in self.categories if c.groep == VERZUIM and c.onderdeel_van is None]
        return [c.code for c in self.categories if c.kenmerk == name] or [name]

    @property
    def reasons(self) -> list[str]:
        return [c.code for c in self.categories if c.groep == REDEN]

    def sum_of(self, gemeente: int, name: str) -> Sum:
        """Return what a number on the page is the sum of; gemeente 0 is all of them."""
        places = [place for place in self.places if gemeente in (0, place[0])]
        if name == "reden-niet-opgegeven":
            found: dict[Variable, int] = {}
            for place in places:
                if self.children(*place) and all((place[0], r, place[1]) in self.truth for r in self.reasons):
                    found |= self.unexplained(*place)
            return found
        return {(g, code, s): 1 for g, s in places for code in self.codes(name) if (g, code, s) in self.truth}

    def children(self, gemeente: int, place: str) -> dict[Variable, int]:
        """Return the sum of the children of one place; nothing when it is not whole."""
        parts = [(gemeente, code, place) for code in self.codes("samen")]
        return dict.fromkeys(parts, 1) if all(part in self.truth for part in parts) else {}

    def unexplained(self, gemeente: int, place: str) -> dict[Variable, int]:
        """Return the children of one place without the reasons that are known."""
        known = [(gemeente, code, place) for code in self.reasons if (gemeente, code, place) in self.truth]
        return self.children(gemeente, place) | dict.fromkeys(known, -1)

    def rest(self, part: Category) -> Sum:
        """Return how many are in a whole and not in its part, where both are known."""
        pairs = [((g, part.onderdeel_van or "", s), (g, part.code, s)) for g, s in self.places]
        known = [pair for pair in pairs if all(variable in self.truth for variable in pair)]
        return {whole: 1 for whole, _ in known} | {code: -1 for _, code in known}

    def never_negative(self) -> Iterator[Sum]:
        for gemeente, place in self.places:
            for c in self.categories:
                pair = (gemeente, c.onderdeel_van or "", place), (gemeente, c.code, place)
                if c.onderdeel_van and all(one in self.truth for one in pair):
                    yield {pair[0]: 1, pair[1]: -1}
            if self.children(gemeente, place) and self.reasons:
                yield self.unexplained(gemeente, place)

    def value(self, sum_: Sum) -> int:
        return sum(c * self.truth[variable] for variable, c in sum_.items())


def losses(world: World, sights: Sequence[Sight], threshold: int, insider: int = 0) -> list[Loss]:
    """Return each small number, shown or left over, of which fewer values remain than a small number can have."""
    return list(_Reader(world, sights, threshold, insider).losses())


class _Reader:
    def __init__(self, world: World, sights: Sequence[Sight], threshold: int, insider: int) -> None:
        self.world, self.threshold, self.insider = world, threshold, insider
        self.columns = {variable: i for i, variable in enumerate(world.truth)}
        self.sums = {(s.gemeente, s.code): world.sum_of(s.gemeente, s.code) for s in sights}
        rows = [(self.sums[s.gemeente, s.code], *self._read(s)) for s in sights if self.sums[s.gemeente, s.code]]
        rows += [(sum_, 0.0, CEILING) for sum_ in world.never_negative()]
        self.model = self._model([(self._vector(sum_), low, high) for sum_, low, high in rows])

    def _read(self, sight: Sight) -> tuple[float, float]:
        """Return what a number or a label says, guessing as sharply as is still true."""
        if sight.text.isdecimal():
            return float(sight.text), float(sight.text)
        value = self.world.value(self.sums[sight.gemeente, sight.code])
        if sight.text == f"<{self.threshold}":
            return 1.0, self.threshold - 1.0
        assert sight.text == "afgeschermd", sight
        if sight.gemeente:
            return float(self.threshold if value >= self.threshold else 1), CEILING
        by_gemeente = [self.world.value(self._part(sight.code, g)) for g in self.world.gemeenten]
        among = sum(part > 0 for part in by_gemeente)
        return float(self.threshold if among == 1 and value >= self.threshold else among), CEILING

    def _part(self, code: str, gemeente: int) -> Sum:
        return {variable: c for variable, c in self.sums[0, code].items() if variable[0] == gemeente}

    def _vector(self, sum_: Sum) -> np.ndarray:
        vector = np.zeros(len(self.columns))
        for variable, c in sum_.items():
            vector[self.columns[variable]] = c
        return vector

    def _model(self, rows: list[tuple[np.ndarray, float, float]]) -> highspy.Highs:
        lower, upper = np.zeros(len(self.columns)), np.full(len(self.columns), CEILING)
        for variable, i in self.columns.items():
            if variable[0] == self.insider:
                lower[i] = upper[i] = self.world.truth[variable]
        programme = highspy.HighsLp()
        programme.num_col_, programme.num_row_ = len(self.columns), len(rows)
        programme.col_cost_, programme.col_lower_, programme.col_upper_ = np.zeros(len(self.columns)), lower, upper
        programme.row_lower_, programme.row_upper_ = (np.array([row[i] for row in rows]) for i in (1, 2))
        used = [np.flatnonzero(vector) for vector, _, _ in rows]
        programme.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        programme.a_matrix_.start_ = np.cumsum([0, *map(len, used)], dtype=np.int32)
        programme.a_matrix_.index_ = np.concatenate(used).astype(np.int32)
        programme.a_matrix_.value_ = np.concatenate([rows[i][0][columns] for i, columns in enumerate(used)])
        model = highspy.Highs()
        model.setOptionValue("output_flag", False)  # noqa: FBT003 — the solver takes it so
        model.setOptionValue("threads", 1)
        model.passModel(programme)
        return model

    def _targets(self) -> Iterator[tuple[str, Sum]]:
        """Yield what this reader does not know: each number without what is known of it, and what its parts leave."""
        for (gemeente, code), sum_ in self.sums.items():
            yield f"{code} van {gemeente or 'de regio'}", self._unknown(sum_)
        for c in self.world.categories:
            if c.onderdeel_van:
                yield f"{c.onderdeel_van} zonder {c.code}", self._unknown(self.world.rest(c))

    def _unknown(self, sum_: Sum) -> Sum:
        return {variable: c for variable, c in sum_.items() if variable[0] != self.insider}

    def losses(self) -> Iterator[Loss]:
        small = {
            what: self._vector(sum_) for what, sum_ in self._targets() if 0 < self.world.value(sum_) < self.threshold
        }
        if not small:
            return
        values = {what: self.world.value(sum_) for what, sum_ in self._targets() if what in small}
        everything = np.array(list(small.values()))
        ends = np.array([[values[what], values[what]] for what in small], float)
        for direction in (everything.sum(axis=0), -everything.sum(axis=0)):
            self._look(direction, everything, ends)
        for i, what in enumerate(small):
            for sign in (1, -1):
                if _width(ends[i]) < self.threshold - 1:
                    self._look(sign * everything[i], everything, ends)
            if _width(ends[i]) < self.threshold - 1:
                yield Loss(what, values[what], *_whole(ends[i]))

    def _look(self, cost: np.ndarray, everything: np.ndarray, ends: np.ndarray) -> None:
        """Find the table of least cost that fits all that is seen, and note how far each number gets in it."""
        self.model.changeColsCost(len(cost), np.arange(len(cost), dtype=np.int32), cost)
        self.model.run()
        assert self.model.getModelStatus() == highspy.HighsModelStatus.kOptimal
        reached = everything @ np.array(self.model.getSolution().col_value)
        np.minimum(ends[:, 0], reached, out=ends[:, 0])
        np.maximum(ends[:, 1], reached, out=ends[:, 1])


def _whole(ends: np.ndarray) -> tuple[int, int]:
    return math.ceil(ends[0] - 1e-6), math.floor(ends[1] + 1e-6)


def _width(ends: np.ndarray) -> int:
    """Return how many whole numbers lie between two ends."""
    lowest, highest = _whole(ends)
    return highest - lowest + 1
