"""Regularisation: what large weights add to the cost, and to its gradient."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from learn.arrays import Array


def penalty(weights: Sequence[Array], n: int, l2: float = 0.0, l1: float = 0.0) -> float:
    """Equations (87) and (95): l2/(2n) sum of w^2 + l1/n sum of |w|, over all weights and no bias.

    `n`: the number of training images; `l2` and `l1` are the book's lambda.

    >>> penalty([np.array([[3.0, -1.0]])], n=2, l2=0.4, l1=1.0)
    3.0
    """
    squares = sum(float(np.vdot(w, w)) for w in weights)
    sizes = sum(float(np.abs(w).sum()) for w in weights)
    return (l2 / 2 * squares + l1 * sizes) / n


def penalty_gradient(w: Array, n: int, l2: float = 0.0, l1: float = 0.0, out: Array | None = None) -> Array:
    """Its gradient in one array of weights, l2/n w + l1/n sgn(w); sgn(0) is 0, as the book has it.

    Written into `out` where that is given, without memory for anything on the way.

    >>> penalty_gradient(np.array([[3.0, -1.0, 0.0]]), n=2, l2=0.5, l1=1.0)
    array([[ 1.25, -0.75,  0.  ]])
    """
    if not l1:
        scaled: Array = np.multiply(w, l2 / n, out=out)
        return scaled
    gradient: Array = np.sign(w, out=out)
    gradient *= l1 / n
    if l2:
        gradient *= n / l2  # once more by l2/n below: the sum needs no second array
        gradient += w
        gradient *= l2 / n
    return gradient
