"""The two cost functions of the book, each as its value and its error in the output layer."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from learn.errors import TrainingError
from learn.layers import Array, sigmoid


class Cost(NamedTuple):
    """A cost C over a set of images.

    `value(z, y)`: the mean over the n images, a float; z (n, outputs) are weighted inputs of the output layer
    and y (n, outputs) the desired outputs. It takes z, not a = sigma(z), because a rounds to 1.0 where z is
    large.

    `delta(a, y, out=None)`: the error of the output layer, delta^L = dC_x/dz, one row for each image:
    (n, outputs), (n, outputs) -> (n, outputs); written into `out` where that is given.
    """

    name: str
    value: Callable[[Array, Array], float]
    delta: Callable[..., Array]


def quadratic_value(z: Array, y: Array) -> float:
    """Equation (6): C = 1/(2n) sum over x of ||y(x) - a||^2.

    >>> quadratic_value(np.array([[0.0]]), np.array([[1.0]]))
    0.125
    """
    difference = sigmoid(z) - y
    return float(np.einsum("ij,ij->", difference, difference, dtype=np.float64)) / (2 * len(y))


def quadratic_delta(a: Array, y: Array, out: Array | None = None) -> Array:
    """Equation (30): delta^L = (a - y) * sigma'(z), where sigma'(z) = a (1 - a).

    The factor a (1 - a) is nearly 0 for a saturated neuron, however wrong it is: that is why it learns
    slowly.

    >>> quadratic_delta(np.array([[0.5]]), np.array([[1.0]]))
    array([[-0.125]])
    """
    delta: Array = np.subtract(a, y, out=out)
    delta *= a
    delta *= 1 - a
    return delta


def cross_entropy_value(z: Array, y: Array) -> float:
    """Equation (63): C = -1/n sum over x and j of [y_j ln a_j + (1 - y_j) ln(1 - a_j)].

    Written with z it is the mean of ln(1 + e^z) - y z, which is finite for every finite z.

    >>> cross_entropy_value(np.array([[0.0, 1000.0]]), np.array([[1.0, 1.0]]))  # ln 2 + 0
    0.6931471805599453
    """
    wide = z.astype(np.float64)
    return float(np.sum(np.logaddexp(0.0, wide) - y * wide)) / len(y)


def cross_entropy_delta(a: Array, y: Array, out: Array | None = None) -> Array:
    """Equation (66): delta^L = a - y. The sigma'(z) of the quadratic cost has cancelled.

    >>> cross_entropy_delta(np.array([[0.5]]), np.array([[1.0]]))
    array([[-0.5]])
    """
    delta: Array = np.subtract(a, y, out=out)
    return delta


QUADRATIC = Cost("quadratic", quadratic_value, quadratic_delta)
CROSS_ENTROPY = Cost("cross-entropy", cross_entropy_value, cross_entropy_delta)

COSTS = {cost.name: cost for cost in (QUADRATIC, CROSS_ENTROPY)}


def find_cost(name: str) -> Cost:
    """The cost of that name, "quadratic" or "cross-entropy"; TrainingError for any other.

    >>> find_cost("quadratic") is QUADRATIC
    True
    """
    if name not in COSTS:
        raise TrainingError(f"cost {name!r} is not known; choose {' or '.join(map(repr, COSTS))}")
    return COSTS[name]
