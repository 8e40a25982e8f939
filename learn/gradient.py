"""Backpropagation: the gradient of the cost over a mini-batch, in matrices."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from learn.activations import find_activation
from learn.arrays import Array
from learn.cost import find_cost
from learn.errors import DataError
from learn.layers import Layers


class Gradient(NamedTuple):
    """The gradient of C: `nabla_w[k]` (n_out, n_in) and `nabla_b[k]` (n_out,), as weights and biases are."""

    nabla_w: list[Array]
    nabla_b: list[Array]


def backpropagate(layers: Layers, images: ArrayLike, y: ArrayLike, cost: str = "quadratic") -> Gradient:
    """The gradient of the mean cost over a mini-batch, by the four equations (BP1) to (BP4).

    `images`: (m, inputs). `y`: (m, outputs), the desired outputs (see `targets`). Row i of every matrix
    belongs to image i, so one matrix product does what the book's program does in a loop over the mini-batch.

    This is the definition, written to be read; the loops in `learn.steps` compute the same numbers faster.

    Raises LayersError where the images do not fit the network, DataError where y does not fit or m is 0, and
    TrainingError for an unknown cost or one that does not fit the network's outputs.

    >>> net = Layers([[[1.0]]], [[0.0]], dtype=np.float64)
    >>> backpropagate(net, [[1.0]], [[1.0]], "cross-entropy").nabla_w  # (sigma(1) - 1) * 1
    [array([[-0.26894142]])]
    """
    chosen, f = find_cost(cost, layers.output), find_activation(layers.activation)
    a: Array = layers.check_images(images)
    wanted: Array = np.asarray(y, dtype=layers.dtype)
    m = len(a)
    if not m or wanted.shape != (m, layers.sizes[-1]):
        raise DataError(f"y of shape {wanted.shape} for {m} image(s); give ({max(m, 1)}, {layers.sizes[-1]})")
    activations, sums = [a], []
    for w, b in zip(layers.weights[:-1], layers.biases[:-1], strict=True):
        sums.append(a @ w.T + b)
        a = f.value(sums[-1])
        activations.append(a)

    nabla_w: list[Array] = []
    nabla_b: list[Array] = []
    delta = chosen.delta(layers.read_out(a @ layers.weights[-1].T + layers.biases[-1]), wanted)  # (BP1)
    for k in reversed(range(len(layers.weights))):
        a = activations[k]
        nabla_w.append(delta.T @ a / m)  # (BP4)
        nabla_b.append(delta.mean(axis=0))  # (BP3)
        if k:
            delta = (delta @ layers.weights[k]) * f.slope(sums[k - 1], a)  # (BP2)
    return Gradient(nabla_w[::-1], nabla_b[::-1])
