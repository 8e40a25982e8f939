"""The cost functions of the book, each as its value and its error in the output layer."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from learn.activations import sigmoid
from learn.arrays import Array
from learn.errors import TrainingError


class Cost(NamedTuple):
    """A cost C over a set of images.

    `output`: the kind of output layer that it is for, "sigmoid" or "softmax".

    `value(z, y)`: the mean over the n images, a float; z (n, outputs) are weighted inputs of the output layer
    and y (n, outputs) the desired outputs. It takes z, not a = sigma(z), because a rounds to 1.0 where z is
    large.

    `delta(a, y, out=None)`: the error of the output layer, delta^L = dC_x/dz, one row for each image:
    (n, outputs), (n, outputs) -> (n, outputs); written into `out` where that is given.
    """

    name: str
    value: Callable[[Array, Array], float]
    delta: Callable[..., Array]
    output: str = "sigmoid"


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


def log_likelihood_value(z: Array, y: Array) -> float:
    """Equation (80): C = -1/n sum over x of ln a_k, where k is the label of x and a the softmax of z.

    Where y is not 1 in one place and 0 elsewhere, -sum over j of y_j ln a_j stands for -ln a_k.

    >>> log_likelihood_value(np.array([[0.0, 0.0]]), np.array([[0.0, 1.0]]))  # ln 2
    0.6931471805599453
    """
    wide = z.astype(np.float64)
    wide -= wide.max(axis=1, keepdims=True)
    wide -= np.log(np.exp(wide).sum(axis=1, keepdims=True))
    return float(-np.sum(y * wide)) / len(y)


def difference_delta(a: Array, y: Array, out: Array | None = None) -> Array:
    """Equations (66) and (84): delta^L = a - y.

    Cross-entropy with sigmoid outputs and log-likelihood with softmax outputs have the same: the slope of the
    output neurons has cancelled.

    >>> difference_delta(np.array([[0.5]]), np.array([[1.0]]))
    array([[-0.5]])
    """
    delta: Array = np.subtract(a, y, out=out)
    return delta


QUADRATIC = Cost("quadratic", quadratic_value, quadratic_delta)
CROSS_ENTROPY = Cost("cross-entropy", cross_entropy_value, difference_delta)
LOG_LIKELIHOOD = Cost("log-likelihood", log_likelihood_value, difference_delta, output="softmax")

COSTS = {cost.name: cost for cost in (QUADRATIC, CROSS_ENTROPY, LOG_LIKELIHOOD)}


def find_cost(name: str, output: str | None = None) -> Cost:
    """The cost of that name, which must be for outputs of the kind `output` where that is given.

    Raises TrainingError for another name and for a cost that does not fit the outputs.

    >>> find_cost("quadratic") is QUADRATIC
    True
    """
    if not isinstance(name, str) or name not in COSTS:
        raise TrainingError(f"cost {name!r} is not known; choose {' or '.join(map(repr, COSTS))}")
    cost = COSTS[name]
    if output is not None and output != cost.output:
        fitting = " or ".join(repr(other.name) for other in COSTS.values() if other.output == output)
        raise TrainingError(f"cost {name!r} is for {cost.output} outputs and these are {output}; choose {fitting}")
    return cost
