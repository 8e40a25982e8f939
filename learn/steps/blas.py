"""The updates of an epoch in matrix products: any settings, any sizes, at the speed of BLAS where layers are wide."""

from __future__ import annotations

import math
from functools import partial
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from learn.activations import find_activation, softmax
from learn.arrays import Array
from learn.cost import find_cost
from learn.layers import Layers
from learn.settings import Settings
from learn.steps.crew import Crew, crew_for, own_generators
from learn.steps.descent import find_descent
from learn.steps.memory import aligned_copy, aligned_zeros
from learn.steps.piece import Net, Piece, Room, sigmoid_in_place

_PIECE = 60e6  # multiplications and additions in a piece of a product, about: less is not worth waking a thread for
_MOST = 4  # halvings of a layer


class BlasSteps:
    """See `Steps`. The same numbers as `backpropagate`, with all memory set aside beforehand.

    Wide layers are cut into pieces of some of their neurons, which the allowed cores compute side by side, each with
    BLAS on one thread (see `crew_for`). How they are cut depends on the sizes alone: so the numbers are the same on
    one core and on many, and however busy those are.
    """

    def __init__(self, layers: Layers, y: Array, settings: Settings) -> None:
        self.settings, self.y, self.dtype = settings, y, layers.dtype
        self.cost = find_cost(settings.cost, layers.output)
        self.softmax = layers.output == "softmax"
        weights, biases = ([aligned_copy(array) for array in arrays] for arrays in (layers.weights, layers.biases))
        self.arrays = weights + biases
        self.descent = find_descent(settings.method, self.arrays, settings.momentum)
        nablas = [aligned_zeros(w.shape, self.dtype) for w in weights] if self.descent or settings.l1 else []
        self.net = Net(weights, biases, nablas, find_activation(layers.activation), settings, self.descent, len(y))
        self.cuts = [_cut(n_in, n_out, min(settings.batch, len(y))) for n_in, n_out in pairwise(layers.sizes)]
        sizes = {min(settings.batch, len(y)), len(y) % settings.batch} - {0}
        self.rooms = {m: self._room(m) for m in sizes}
        self.pieces = {
            m: [[Piece(self.net, room, k, rows) for rows in cut] for k, cut in enumerate(self.cuts)]
            for m, room in self.rooms.items()
        }

    def _room(self, m: int) -> Room:
        widths = [len(b) for b in self.net.biases]
        outs, deltas = ([aligned_zeros((m, width), self.dtype) for width in widths] for _ in range(2))
        # The output layer has one array for all three.
        sums, fed = (
            [*(aligned_zeros(out.shape, self.dtype) for out in outs[:-1]), outs[-1]] if needed else outs
            for needed in (self.net.f.reads_z, self.settings.dropout)
        )
        return Room(aligned_zeros((m, self.net.weights[0].shape[1]), self.dtype), sums, outs, fed, deltas)

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
        z = np.empty((len(order), len(self.net.biases[-1])), self.dtype)
        batch = self.settings.batch
        if self.settings.dropout:
            self._give_rngs(rng)
        # A divergence is reported once, by the training.
        with crew_for(max(map(len, self.cuts))) as crew, np.errstate(over="ignore", invalid="ignore"):
            for start in range(0, len(order), batch):
                rows = order[start : start + batch]
                self._update(images, rows, rate, z[start : start + batch], crew)
            sound = bool(np.isfinite(z).all()) and all(bool(np.isfinite(array).all()) for array in self.arrays)
            return self.cost.value(z, self.y[order]) if sound else math.nan

    def _give_rngs(self, rng: np.random.Generator) -> None:
        """Let each piece draw which neurons are left out: from a generator of its own where its layer is cut."""
        for k, cut in enumerate(self.cuts[:-1]):
            drawn = own_generators(rng, len(cut))
            for layers in self.pieces.values():
                for piece, own in zip(layers[k], drawn, strict=True):
                    piece.rng = own

    def _update(self, images: Array, rows: NDArray[np.int64], rate: float, z_out: Array, crew: Crew) -> None:
        room, layers = self.rooms[len(rows)], self.pieces[len(rows)]
        images.take(rows, 0, room.a_in, "clip")
        for pieces in layers:
            crew.run([piece.forward for piece in pieces])
        z_out[:] = room.outs[-1]
        a_out = softmax(z_out) if self.softmax else sigmoid_in_place(room.outs[-1])
        self.cost.delta(a_out, self.y[rows], room.deltas[-1])  # (BP1)
        for pieces in reversed(layers[1:-1]):
            crew.run([piece.back for piece in pieces])
        if self.descent is not None:
            self.descent.tick()
        crew.run([partial(piece.finish, rate) for piece in layers[0]])
        # Only now: the errors of a layer are made of the weights above it as they were.
        crew.run([partial(piece.finish, rate) for pieces in layers[1:] for piece in pieces])


def _cut(n_in: int, n_out: int, m: int) -> list[slice]:
    """The neurons of a layer in pieces of about the same work, 1, 2, 4, 8 or 16: a few cores share each number well.

    >>> _cut(784, 30, 10), _cut(784, 800, 128)
    ([slice(0, 30, None)], [slice(0, 400, None), slice(400, 800, None)])
    """
    work = 2 * n_in * n_out * m / _PIECE
    count = 2 ** min(_MOST, max(0, round(math.log2(work))))
    edges = [n_out * i // count for i in range(count + 1)]
    return [slice(*pair) for pair in pairwise(edges) if pair[0] < pair[1]]
