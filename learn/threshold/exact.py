"""Whole weights that decide exactly as a unit's real ones do, found on all rows of its few inputs."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from learn.errors import LayersError
from learn.threshold.arrays import Whole

MOST = 1 << 20  # of a weight that is tried
BLOCK = 256  # units whose rows are held at once


def whole_units(weights: ArrayLike, thresholds: ArrayLike) -> tuple[Whole, Whole]:
    """For each unit that fires where w.x > t, with real w and t, whole ones that fire for the same x of 0 and 1.

    The weights are scaled so that the largest becomes 1, 2, 3, ... and rounded, until the rows where the unit fires lie
    apart from the others: the first scale that does so is taken, so weights are small, though not always the least.

    Parameters
    ----------
    weights : (units, k) real numbers
    thresholds : (units,) real numbers

    Returns
    -------
    weights, biases : (units, k) and (units,) int64
        A unit fires where w.x + b > 0. Units that are constant have weights of 0.

    Raises
    ------
    LayersError
        If two rows are so close to the threshold that no weights up to 2**20 tell them apart.

    Notes
    -----
    Takes 2**k rows for each unit and scale; most units of k inputs need scales up to about k.

    Examples
    --------
    >>> whole_units([[-0.41, -0.4], [0.31, 0.62]], [-0.6, 0.5])
    (array([[-1, -1],
           [ 0,  1]]), array([2, 0]))
    """
    w, t = np.asarray(weights, np.float64), np.asarray(thresholds, np.float64)
    units, k = w.shape
    rows = (np.arange(1 << k)[:, None] >> np.arange(k) & 1).astype(np.float64)
    found, biases = np.zeros((units, k), np.int64), np.zeros(units, np.int64)
    for start in range(0, units, BLOCK):
        part = slice(start, min(start + BLOCK, units))
        fires = w[part] @ rows.T > t[part, None]
        largest = np.abs(w[part]).max(axis=1, initial=0.0)
        constant = fires.all(axis=1) | ~fires.any(axis=1)
        biases[part][constant] = fires[constant, 0]
        left, scale = np.flatnonzero(~constant), 1
        while left.size:
            if scale > MOST:
                raise LayersError(
                    f"unit {start + int(left[0])} has rows too close to its threshold for whole weights; change it"
                )
            tried = np.rint(w[part][left] * (scale / largest[left])[:, None])
            sums = tried @ rows.T
            least = np.where(fires[left], sums, np.inf).min(axis=1)
            done = least > np.where(fires[left], -np.inf, sums).max(axis=1)
            found[part][left[done]] = tried[done]
            biases[part][left[done]] = 1 - least[done]
            left = left[~done]
            scale += 1 if scale < 64 else scale // 8
    return found, biases
