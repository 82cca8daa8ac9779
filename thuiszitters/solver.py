"""HiGHS as the masking of small numbers uses it: linear and integer programmes of a few dozen counts (ADR 0020)."""

from collections.abc import Sequence
from typing import Any

import highspy
import numpy as np
from numpy.typing import NDArray

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


def programme_of(
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


def model_of(programme: highspy.HighsLp, options: dict[str, Any]) -> highspy.Highs:
    model = highspy.Highs()
    for name, value in {"output_flag": False, "threads": 1, **options}.items():
        model.setOptionValue(name, value)
    model.passModel(programme)
    return model
