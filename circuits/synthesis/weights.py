"""The least weights that tell two sets of points apart, as a whole-number program for SciPy's HiGHS."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Points = NDArray[np.int64]


def least_weights(
    true: Points, false: Points, *, falls: Points | None = None, counts: Points | None = None
) -> tuple[list[int], int] | None:
    """Whole weights with the least sum of sizes, and a bias, that fire on all true points and on no false one.

    Parameters
    ----------
    true, false : ndarray (points, width) of 0 and 1, or of counts
    falls : ndarray (width,), optional
        Where it is known that weights are positive and in falling order: by how much at least each weight is
        above the next, and the last above 0.
    counts : ndarray (width,), optional
        How many pins have each weight, with `falls`: a point then says how many of them are 1, and each weight
        counts that often in the sum of sizes.

    Returns
    -------
    (weights, bias), or None
        None if the solver finds that there are none; weights it does find are checked with whole numbers.
        Of the biases that go with the weights the one nearest to 0 is taken.
    """
    from scipy.optimize import Bounds, LinearConstraint, milp
    from scipy.sparse import diags

    width = true.shape[1] if len(true) else false.shape[1]
    if not len(true) or not len(false):
        return [0] * width, int(len(true) > 0)
    # Weights are positive parts, then (where signs are open) negative parts, then the threshold.
    parts = width if falls is not None else 2 * width

    def sums(points: Points) -> Points:
        signed = points if falls is not None else np.hstack([points, -points])
        return np.hstack([signed, np.full((len(points), 1), -1)])

    rules: list[Any] = [LinearConstraint(sums(true), lb=1), LinearConstraint(sums(false), ub=0)]
    if falls is not None:
        below = -np.ones(width)
        below[-1:] = 0  # nothing comes after the last weight but the threshold
        rules.append(LinearConstraint(diags([np.ones(width), below], [0, 1], shape=(width, width + 1)), lb=falls))
    found = milp(
        np.append(np.ones(parts) if counts is None else counts.astype(float), 0.0),
        constraints=rules,
        integrality=np.ones(parts + 1),
        bounds=Bounds(np.array([0.0] * parts + [-np.inf]), np.inf),
    )
    if found.x is None:
        return None
    weights = np.rint(found.x[:width] - (0 if falls is not None else found.x[width:parts])).astype(np.int64)
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
