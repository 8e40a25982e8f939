"""Some neurons of a layer in a mini-batch: what one thread does for them, in memory that is set aside beforehand."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from learn.activations import Activation
from learn.arrays import Array
from learn.penalty import penalty_gradient
from learn.settings import Settings
from learn.steps.descent import Descent
from learn.steps.product import Product


class Net(NamedTuple):
    """What all mini-batches share: the numbers of a network, and how they change.

    `nablas` has an array for each weight matrix where the gradient is needed by itself, and is empty in plain descent
    without L1. `n` counts the training images.
    """

    weights: list[Array]
    biases: list[Array]
    nablas: list[Array]
    f: Activation
    settings: Settings
    descent: Descent | None
    n: int


class Room(NamedTuple):
    """The memory of a mini-batch of one size, a row for each image: inputs, then a list by layer.

    `sums` are the weighted inputs, `outs` the activations (the same array where only one is needed), `fed` what the
    layer above gets of them (the same array without dropout), `deltas` the errors. In the output layer all but the
    errors are the weighted inputs.
    """

    a_in: Array
    sums: list[Array]
    outs: list[Array]
    fed: list[Array]
    deltas: list[Array]


class Piece:
    """The neurons `rows` of layer k. A method writes only what belongs to them."""

    def __init__(self, net: Net, room: Room, k: int, rows: slice) -> None:
        self.net, self.k, self.rows = net, k, rows
        self.z, self.a, self.fed, self.delta = (
            arrays[k][:, rows] for arrays in (room.sums, room.outs, room.fed, room.deltas)
        )
        self.w, self.b = net.weights[k][rows], net.biases[k][rows]
        below = room.fed[k - 1] if k else room.a_in
        self.hidden = k + 1 < len(net.weights)
        self.forward_product = Product(below, self.w.T, self.z)
        if self.hidden:
            self.back_product = Product(room.deltas[k + 1], net.weights[k + 1][:, rows], self.delta)
        self.nabla = net.nablas[k][rows] if net.nablas else self.w
        # In plain descent the weights change in the one call that multiplies, and beta is the decay of L2.
        self.nabla_product = Product(self.delta.T, below, self.w if net.descent is None else self.nabla)
        self.nabla_b, self.slope = np.empty_like(self.b), np.empty(self.delta.shape, self.delta.dtype)
        self.thinned = self.hidden and net.settings.dropout > 0
        self.mask = np.empty_like(self.slope) if self.thinned else self.slope
        self.rng = np.random.default_rng(0)  # draws who is left out; each epoch brings another

    def forward(self) -> None:
        """The weighted inputs and, in a hidden layer, the activations, some of them left out."""
        self.forward_product()
        self.z += self.b
        if not self.hidden:
            return
        if self.net.f.name == "sigmoid":
            sigmoid_in_place(self.a)
        else:
            self.net.f.value(self.z, self.a)
        if self.thinned:
            keep = 1 - self.net.settings.dropout
            self.rng.random(out=self.mask, dtype=self.mask.dtype.type)
            np.less(self.mask, keep, out=self.mask)
            self.mask *= 1 / keep
            np.multiply(self.a, self.mask, out=self.fed)

    def back(self) -> None:
        """The errors of a hidden layer from those of the layer above: (BP2). In the lowest `finish` does it."""
        self.back_product()
        if self.thinned:
            self.delta *= self.mask
        self.net.f.slope(self.z, self.a, self.slope)
        self.delta *= self.slope

    def finish(self, rate: float) -> None:
        """Change the weights and biases by the errors: (BP3), (BP4), and the rule of descent."""
        if self.hidden and self.k == 0:
            self.back()  # here, as no layer below waits for these errors
        net, m = self.net, len(self.delta)
        l2, l1, descent = net.settings.l2, net.settings.l1, net.descent
        np.add.reduce(self.delta, axis=0, out=self.nabla_b)
        self.nabla_b /= m
        if descent is None:
            if l1:
                penalty_gradient(self.w, net.n, 0.0, l1, self.nabla)
            self.nabla_product(-rate / m, 1 - rate * l2 / net.n)
            if l1:
                self.nabla *= rate
                self.w -= self.nabla
            self.nabla_b *= rate
            self.b -= self.nabla_b
            return
        if l2 or l1:
            penalty_gradient(self.w, net.n, l2, l1, self.nabla)
        self.nabla_product(1 / m, 1.0 if l2 or l1 else 0.0)
        descent.change(self.k, self.rows, self.nabla, rate)
        descent.change(len(net.weights) + self.k, self.rows, self.nabla_b, rate)


def sigmoid_in_place(z: Array) -> Array:
    """The sigmoid in few passes; exp may overflow to inf, whose reciprocal is the 0 that it should be."""
    one: Any = z.dtype.type(1)
    np.negative(z, out=z)
    np.exp(z, out=z)
    z += one
    np.reciprocal(z, out=z)
    return z
