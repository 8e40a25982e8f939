"""Backpropagation: the gradient of the cost over a mini-batch, in matrices."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from learn.cost import find_cost
from learn.errors import DataError
from learn.layers import Array, Layers, sigmoid


class Gradient(NamedTuple):
    """The gradient of C: `nabla_w[k]` (n_out, n_in) and `nabla_b[k]` (n_out,), as weights and biases are."""

    nabla_w: list[Array]
    nabla_b: list[Array]


def backpropagate(layers: Layers, images: ArrayLike, y: ArrayLike, cost: str = "quadratic") -> Gradient:
    """The gradient of the mean cost over a mini-batch, by the four equations (BP1) to (BP4).

    `images`: (m, inputs). `y`: (m, outputs), the desired outputs (see `targets`). Row i of every matrix
    belongs to image i, so one matrix product does what the book's program does in a loop over the mini-batch.

    This is the definition, written to be read; the loop in `train` computes the same numbers faster.

    Raises LayersError where the images do not fit the network, DataError where y does not fit or m is 0, and
    TrainingError for an unknown cost.

    >>> net = Layers([[[1.0]]], [[0.0]], dtype=np.float64)
    >>> backpropagate(net, [[1.0]], [[1.0]], "cross-entropy").nabla_w  # (sigma(1) - 1) * 1
    [array([[-0.26894142]])]
    """
    a: Array = layers.check_images(images)
    wanted: Array = np.asarray(y, dtype=layers.dtype)
    m = len(a)
    if not m or wanted.shape != (m, layers.sizes[-1]):
        raise DataError(f"y of shape {wanted.shape} for {m} image(s); give ({max(m, 1)}, {layers.sizes[-1]})")
    activations = [a]
    for w, b in zip(layers.weights, layers.biases, strict=True):
        z = a @ w.T + b
        a = sigmoid(z)
        activations.append(a)

    nabla_w: list[Array] = []
    nabla_b: list[Array] = []
    delta = find_cost(cost).delta(a, wanted)  # (BP1)
    for k in reversed(range(len(layers.weights))):
        a = activations[k]
        nabla_w.append(delta.T @ a / m)  # (BP4)
        nabla_b.append(delta.mean(axis=0))  # (BP3)
        if k:
            delta = (delta @ layers.weights[k]) * a * (1 - a)  # (BP2)
    return Gradient(nabla_w[::-1], nabla_b[::-1])
