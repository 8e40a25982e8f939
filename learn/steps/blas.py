"""The updates of an epoch in matrix products: any settings, any sizes, at the speed of BLAS where layers are wide."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from learn.activations import find_activation, softmax
from learn.arrays import Array
from learn.cost import find_cost
from learn.layers import Layers
from learn.settings import Settings
from learn.steps.descent import find_descent


class _Room(NamedTuple):
    """The memory of a mini-batch of one size, a row for each image: inputs, then a list by layer."""

    a_in: Array
    outs: list[Array]
    sums: list[Array]
    deltas: list[Array]


class BlasSteps:
    """See `Steps`. The same numbers as `backpropagate`, with all memory set aside beforehand.

    `gemm` computes C <- alpha A B + beta C on arrays stored by columns, which the transposes of ours are. In plain
    descent the weights change in place, in the one call that multiplies; beta is then the decay of L2.
    """

    def __init__(self, layers: Layers, y: Array, settings: Settings) -> None:
        from scipy.linalg.blas import get_blas_funcs
        from threadpoolctl import ThreadpoolController  # type: ignore[import-untyped]

        self.settings, self.y, self.dtype = settings, y, layers.dtype
        self.cost, self.f = find_cost(settings.cost, layers.output), find_activation(layers.activation)
        self.softmax = layers.output == "softmax"
        self.weights = [w.copy() for w in layers.weights]
        self.biases = [b.copy() for b in layers.biases]
        self.arrays = self.weights + self.biases
        self.descent = find_descent(settings.method, self.arrays, settings.momentum)
        self.spare = [np.empty_like(w) for w in self.weights] if self.descent or settings.l1 else []
        self.gemm = get_blas_funcs("gemm", dtype=self.dtype)
        self.sizes = layers.sizes
        sizes = {min(settings.batch, len(y)), len(y) % settings.batch} - {0}
        self.rooms = {m: self._room(m) for m in sizes}
        # Made last: it knows the libraries that are loaded by now.
        self.threads = ThreadpoolController()

    def _room(self, m: int) -> _Room:
        widths = self.sizes[1:]
        outs, sums, deltas = ([np.empty((m, width), self.dtype) for width in widths] for _ in range(3))
        return _Room(np.empty((m, self.sizes[0]), self.dtype), outs, sums if self.f.reads_z else outs, deltas)

    def take(self, layers: Layers) -> None:
        """Take the network's numbers."""
        for mine, theirs in zip(self.arrays, layers.weights + layers.biases, strict=True):
            np.copyto(mine, theirs)

    def hand_over(self, layers: Layers) -> None:
        """Write the trained numbers into the network."""
        for mine, theirs in zip(self.arrays, layers.weights + layers.biases, strict=True):
            np.copyto(theirs, mine)

    def state(self) -> dict[str, NDArray[np.generic]]:
        """What the rule of descent remembers."""
        return self.descent.state() if self.descent is not None else {}

    def restore(self, state: dict[str, NDArray[np.generic]]) -> None:
        """Take what `state` gave."""
        if self.descent is not None:
            self.descent.restore(state)

    def run(self, images: Array, order: NDArray[np.int64], rate: float, rng: np.random.Generator) -> float:
        """One update for each mini-batch; see `Steps.run`."""
        z = np.empty((len(order), self.sizes[-1]), self.dtype)
        batch = self.settings.batch
        # One thread: the BLAS libraries' own wait for each other in loops that do nothing, and are many times slower
        # where other programs run. It also makes the result independent of the number of processors. A divergence
        # is reported once, by the training.
        with self.threads.limit(limits=1, user_api="blas"), np.errstate(over="ignore", invalid="ignore"):
            for start in range(0, len(order), batch):
                rows = order[start : start + batch]
                self._update(images, rows, rate, rng, z[start : start + batch])
            sound = bool(np.isfinite(z).all()) and all(bool(np.isfinite(array).all()) for array in self.arrays)
            return self.cost.value(z, self.y[order]) if sound else math.nan

    def _update(
        self, images: Array, rows: NDArray[np.int64], rate: float, rng: np.random.Generator, z_out: Array
    ) -> None:
        room = self.rooms[len(rows)]
        images.take(rows, 0, room.a_in, "clip")
        masks = self._forward(room, rng)
        z_out[:] = room.outs[-1]
        delta = room.deltas[-1]
        a_out = softmax(z_out) if self.softmax else _sigmoid(room.outs[-1])
        self.cost.delta(a_out, self.y[rows], delta)  # (BP1)
        for k in reversed(range(len(self.weights) - 1)):
            below = room.deltas[k]
            self._product(self.weights[k + 1], room.deltas[k + 1], below)  # (BP2)
            if masks:
                below *= masks[k]
            below *= self.f.slope(room.sums[k], room.outs[k])
        if masks:
            for out, mask in zip(room.outs, masks, strict=False):
                out *= mask
        self._descend(room, rate)

    def _forward(self, room: _Room, rng: np.random.Generator) -> list[Array]:
        """Fill `outs` (weighted inputs in the last layer, activations before it) and draw who is left out."""
        masks: list[Array] = []
        keep, a = 1 - self.settings.dropout, room.a_in
        last = len(self.weights) - 1
        for k, (w, b, out, z) in enumerate(zip(self.weights, self.biases, room.outs, room.sums, strict=True)):
            target = out if k == last else z
            self.gemm(1.0, w.T, a.T, 0.0, target.T, 1, 0, 1)
            target += b
            if k == last:
                return masks
            if self.f.name == "sigmoid":
                _sigmoid(out)
            else:
                self.f.value(z, out)
            a = out
            if keep < 1:
                mask: Array = (rng.random(out.shape, np.float32) < keep).astype(self.dtype)
                mask *= 1 / keep
                masks.append(mask)
                a = out * mask
        return masks

    def _product(self, w: Array, delta: Array, out: Array) -> None:
        """Out = delta w, a row for each image."""
        self.gemm(1.0, w.T, delta.T, 0.0, out.T, 0, 0, 1)

    def _descend(self, room: _Room, rate: float) -> None:
        """Change every weight and bias by the errors in `deltas`: (BP3), (BP4), and the rule of descent."""
        n, m, layers = len(self.y), len(room.a_in), len(self.weights)
        l2, l1 = self.settings.l2 / n, self.settings.l1 / n
        if self.descent is not None:
            self.descent.tick()
        ins = [room.a_in, *room.outs[:-1]]
        for k, (w, b, a, delta) in enumerate(zip(self.weights, self.biases, ins, room.deltas, strict=True)):
            nabla_b: Array = delta.mean(axis=0)
            if self.descent is None:
                if l1:
                    np.sign(w, out=self.spare[k])
                self.gemm(-rate / m, a.T, delta.T, 1 - rate * l2, w.T, 0, 1, 1)
                if l1:
                    self.spare[k] *= rate * l1
                    w -= self.spare[k]
                nabla_b *= rate
                b -= nabla_b
                continue
            nabla = self.spare[k]
            if l1:
                np.sign(w, out=nabla)
                nabla *= l1
            self.gemm(1 / m, a.T, delta.T, 1.0 if l1 else 0.0, nabla.T, 0, 1, 1)
            if l2:
                nabla += l2 * w
            self.descent.change(k, w, nabla, rate)
            self.descent.change(layers + k, b, nabla_b, rate)


def _sigmoid(z: Array) -> Array:
    """The sigmoid in place and in few passes; exp may overflow to inf, whose reciprocal is the 0 that it should be."""
    one: Any = z.dtype.type(1)
    np.negative(z, out=z)
    np.exp(z, out=z)
    z += one
    np.reciprocal(z, out=z)
    return z
