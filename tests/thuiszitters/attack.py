"""Somebody who wants the small numbers back, armed with linear programming. Knows nothing of how they are masked.

The reader sees every number, label and gap of a quarter, knows which counts are missing, that no count is negative,
that a "waarvan" is never above its whole and the reasons never above the children, and what the labels mean. An insider
knows all counts of one gemeente besides. What each can work out of a number are the two ends of a linear programme.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import Any

import highspy
import numpy as np

from thuiszitters.categories import REDEN, VERZUIM, Category
from thuiszitters.counting import Count

CEILING = 200.0
"""More than any count of the tests, and more than a reader could assume."""

OPTIONS: dict[str, Any] = {"output_flag": False, "threads": 1, "presolve": "off", "solver": "simplex"}

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


@dataclass(eq=False)
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

    @cache  # noqa: B019 — a world lives as long as its test
    def codes(self, name: str) -> list[str]:
        """Return which categories are added up under a name."""
        if name == "samen":
            return [c.code for c in self.categories if c.groep == VERZUIM and c.onderdeel_van is None]
        return [c.code for c in self.categories if c.kenmerk == name] or [name]

    @cached_property
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
    return Reader(world, sights, threshold).losses(insider)


class Reader:
    """Reads a page once, and then looks at it with the eyes of whoever: of an outsider, or of each insider in turn."""

    def __init__(self, world: World, sights: Sequence[Sight], threshold: int) -> None:
        self.world, self.threshold = world, threshold
        self.columns = np.arange(len(world.truth), dtype=np.int32)
        self.place = {variable: i for i, variable in enumerate(world.truth)}
        self.of_whom = np.array([gemeente for gemeente, _, _ in world.truth])
        self.truth = np.array(list(world.truth.values()), float)
        self.sums = {(s.gemeente, s.code): self._vector(world.sum_of(s.gemeente, s.code)) for s in sights}
        rows = [(self.sums[s.gemeente, s.code], *self._read(s)) for s in sights if self.sums[s.gemeente, s.code].any()]
        rows += [(self._vector(sum_), 0.0, CEILING) for sum_ in world.never_negative()]
        self.model = self._model(rows)
        targets = dict(self._targets())
        self.names, self.targets = list(targets), np.array(list(targets.values()))

    def _read(self, sight: Sight) -> tuple[float, float]:
        """Return what a number or a label says, guessing as sharply as is still true."""
        if sight.text.isdecimal():
            return float(sight.text), float(sight.text)
        sum_ = self.sums[sight.gemeente, sight.code]
        value = sum_ @ self.truth
        if sight.text == f"<{self.threshold}":
            return 1.0, self.threshold - 1.0
        assert sight.text == "afgeschermd", sight
        if sight.gemeente:
            return float(self.threshold if value >= self.threshold else 1), CEILING
        among = sum((sum_ @ (self.truth * (self.of_whom == gemeente))) > 0 for gemeente in self.world.gemeenten)
        return float(self.threshold if among == 1 and value >= self.threshold else among), CEILING

    def _vector(self, sum_: Sum) -> np.ndarray:
        vector = np.zeros(len(self.place))
        for variable, c in sum_.items():
            vector[self.place[variable]] = c
        return vector

    def _model(self, rows: list[tuple[np.ndarray, float, float]]) -> highspy.Highs:
        programme = highspy.HighsLp()
        programme.num_col_, programme.num_row_ = len(self.columns), len(rows)
        programme.col_cost_ = np.zeros(len(self.columns))
        programme.col_lower_, programme.col_upper_ = programme.col_cost_, np.full(len(self.columns), CEILING)
        programme.row_lower_, programme.row_upper_ = (np.array([row[i] for row in rows]) for i in (1, 2))
        used = [np.flatnonzero(vector) for vector, _, _ in rows]
        programme.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        programme.a_matrix_.start_ = np.cumsum([0, *map(len, used)], dtype=np.int32)
        programme.a_matrix_.index_ = np.concatenate(used).astype(np.int32)
        programme.a_matrix_.value_ = np.concatenate([rows[i][0][columns] for i, columns in enumerate(used)])
        model = highspy.Highs()
        for name, value in OPTIONS.items():
            model.setOptionValue(name, value)
        model.passModel(programme)
        return model

    def _targets(self) -> Iterator[tuple[str, np.ndarray]]:
        """Yield what a reader wants to know: each number, and what the parts of a whole leave of it."""
        for (gemeente, code), sum_ in self.sums.items():
            yield f"{code} van {gemeente or 'de regio'}", sum_
        for c in self.world.categories:
            if c.onderdeel_van:
                yield f"{c.onderdeel_van} zonder {c.code}", self._vector(self.world.rest(c))

    def losses(self, insider: int) -> list[Loss]:
        """Return what somebody works out who knows all counts of gemeente `insider` (0: none) and takes those off."""
        own = self.of_whom == insider
        unknown = np.where(own, 0.0, self.targets)
        values = unknown @ self.truth
        small = np.flatnonzero((values > 0) & (values < self.threshold))
        if not len(small):
            return []
        lower, upper = np.where(own, self.truth, 0.0), np.where(own, self.truth, CEILING)
        self.model.changeColsBounds(len(self.columns), self.columns, lower, upper)
        return list(self._losses([self.names[i] for i in small], unknown[small], values[small]))

    def _losses(self, names: list[str], wanted: np.ndarray, values: np.ndarray) -> Iterator[Loss]:
        ends = np.array([values, values]).T
        for direction in (wanted.sum(axis=0), -wanted.sum(axis=0)):
            if any(_width(end) < self.threshold - 1 for end in ends):
                self._look(direction, wanted, ends)
        for what, sum_, value, end in zip(names, wanted, values, ends, strict=True):
            for sign in (1, -1):
                if _width(end) < self.threshold - 1:
                    self._look(sign * sum_, wanted, ends)
            if _width(end) < self.threshold - 1:
                yield Loss(what, int(value), *_whole(end))

    def _look(self, cost: np.ndarray, wanted: np.ndarray, ends: np.ndarray) -> None:
        """Find the table of least cost that fits all that is seen, and note how far each number gets in it."""
        self.model.changeColsCost(len(cost), self.columns, cost)
        self.model.run()
        assert self.model.getModelStatus() == highspy.HighsModelStatus.kOptimal
        reached = wanted @ np.array(self.model.getSolution().col_value)
        np.minimum(ends[:, 0], reached, out=ends[:, 0])
        np.maximum(ends[:, 1], reached, out=ends[:, 1])


def _whole(ends: np.ndarray) -> tuple[int, int]:
    return math.ceil(ends[0] - 1e-6), math.floor(ends[1] + 1e-6)


def _width(ends: np.ndarray) -> int:
    """Return how many whole numbers lie between two ends."""
    lowest, highest = _whole(ends)
    return highest - lowest + 1
