"""The cheapest set of counts to hide that satisfies all cuts found so far (ADR 0020)."""

import highspy
import numpy as np

from thuiszitters.solver import INTEGER, TOLERANCE, Flags, Floats, model_of, programme_of

ENOUGH = 1 - 1e-4
"""Shares are rounded."""


class Cover:
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
        programme = programme_of(rows, self.weights, ENOUGH, highspy.kHighsInf)
        programme.col_lower_, programme.col_upper_ = np.zeros(size), np.ones(size)
        programme.integrality_ = [highspy.HighsVarType.kInteger] * size
        model = model_of(programme, INTEGER)
        model.run()
        chosen = np.array(model.getSolution().col_value)
        hidden = chosen > 0.5 if len(chosen) else np.zeros(size, bool)
        info = model.getInfo()
        return hidden, float(info.mip_dual_bound), int(info.simplex_iteration_count)
