"""The least weights that tell two sets of points apart, as a whole-number program for SciPy's HiGHS."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Points = NDArray[np.int64]


def least_weights(true: Points, false: Points, *, falls: Points | None = None) -> tuple[list[int], int] | None:
    """Whole weights with the least sum of sizes, and a bias, that fire on all true points and on no false one.

    Parameters
    ----------
    true, false : ndarray (points, width) of 0 and 1
    falls : ndarray (width,), optional
        Where it is known that weights are positive and in falling order: by how much at least each weight is
        above the next, and the last above 0.

    Returns
    -------
    (weights, bias), or None
        None if the solver finds that there are none; weights it does find are checked with whole numbers.
        Of the biases that go with the weights the one nearest to 0 is taken.
    """
    from scipy.optimize import Bounds, LinearConstraint, milp

    width = true.shape[1] if len(true) else false.shape[1]
    if not len(true) or not len(false):
        return [0] * width, int(len(true) > 0)
    # Weights are positive parts, then (where signs are open) negative parts, then the threshold.
    signs = np.eye(width) if falls is not None else np.hstack([np.eye(width), -np.eye(width)])
    parts = signs.shape[1]
    rules: list[Any] = [
        LinearConstraint(np.hstack([true @ signs, -np.ones((len(true), 1))]), lb=1),
        LinearConstraint(np.hstack([false @ signs, -np.ones((len(false), 1))]), ub=0),
    ]
    if falls is not None:
        rules.append(LinearConstraint(np.hstack([np.eye(width) - np.eye(width, k=1), np.zeros((width, 1))]), lb=falls))
    found = milp(
        np.array([1.0] * parts + [0.0]),
        constraints=rules,
        integrality=np.ones(parts + 1),
        bounds=Bounds(np.array([0.0] * parts + [-np.inf]), np.inf),
    )
    if found.x is None:
        return None
    weights = np.rint(signs @ found.x[:parts]).astype(np.int64)
    low, high = int((true @ weights).min()), int((false @ weights).max())
    if low <= high:
        return None
    return weights.tolist(), nearest_bias(low, high)


def nearest_bias(low: int, high: int) -> int:
    """The bias nearest to 0 that fires at sums of `low` and more, and not at `high` and less.

    Examples
    --------
    >>> nearest_bias(2, 1), nearest_bias(3, -4)
    (-1, 0)
    """
    return sorted((1 - low, 0, -high))[1]
