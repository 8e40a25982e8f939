"""ThresholdNetwork: the bits of an image, layers of step units with whole weights, and whole votes for each class."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from learn.data import Split
from learn.errors import LayersError
from learn.threshold.arrays import Bits, Kind, Whole, blocks, sum_type, whole
from learn.threshold.encoder import Encoder


@dataclass(frozen=True, eq=False)
class ThresholdNetwork:
    """Perceptrons of whole weights from an image's bits to the scores of the classes; every number in it is exact.

    `encoder` makes the bits. `weights[k]` (units, below) and `biases[k]` (units,) are hidden layer k: a unit fires
    where w.x + b > 0, and a sum of exactly 0 does not fire, as in the book. A weight of 0 is no connection. With h
    the values of the last hidden layer (of the encoder's bits, where there is no hidden layer), the scores are

        votes[0] @ h + offsets                    for one matrix: (classes, units)
        votes[1] @ (votes[0] @ h) + offsets       for two: (groups, units) and (classes, groups)

    and the label is the class of the highest score, the first of equals. `shape` is (rows, columns) of an image.
    All arrays are read-only int64 copies of what is given.

    Raises LayersError where numbers are not whole, shapes do not chain, there are fewer than two classes, or a
    sum might reach 2**53: below that, sums are exact in float64, and below 2**24 in float32, which is used then.

    >>> nand = ThresholdNetwork(
    ...     Encoder.thermometer(2, 2, marks=(1,)), [[[-2, -2]]], [[3]], votes=[[[0], [1]]], offsets=[0, 0], shape=(1, 2)
    ... )
    >>> nand.predict([[0, 0], [0, 1], [1, 0], [1, 1]])
    array([1, 1, 1, 0])
    """

    encoder: Encoder
    weights: tuple[Whole, ...]
    biases: tuple[Whole, ...]
    votes: tuple[Whole, ...]
    offsets: Whole
    shape: tuple[int, int]
    name: str = ""

    def __post_init__(self) -> None:
        put = object.__setattr__
        put(self, "weights", tuple(whole(w, f"weights[{k}]", 2) for k, w in enumerate(self.weights)))
        put(self, "biases", tuple(whole(b, f"biases[{k}]", 1) for k, b in enumerate(self.biases)))
        put(self, "votes", tuple(whole(v, f"votes[{k}]", 2) for k, v in enumerate(self.votes)))
        put(self, "offsets", whole(self.offsets, "offsets", 1))
        put(self, "shape", (int(self.shape[0]), int(self.shape[1])))
        self._check_shapes()
        for w, b in zip(self.weights, self.biases, strict=True):
            sum_type(w, b)
        self._vote_types()

    def _check_shapes(self) -> None:
        if self.shape[0] * self.shape[1] != self.encoder.inputs:
            raise LayersError(f"shape {self.shape} of images with {self.encoder.inputs} pixels; give (rows, columns)")
        if len(self.weights) != len(self.biases):
            raise LayersError(f"{len(self.weights)} weight arrays and {len(self.biases)} of biases; give one of each")
        if len(self.votes) not in (1, 2):
            raise LayersError(f"{len(self.votes)} matrices of votes; give one, or two")
        below, what = self.encoder.bits, f"the encoder gives {self.encoder.bits} bits"
        for k, (w, b) in enumerate(zip(self.weights, self.biases, strict=True)):
            if w.shape[1] != below or not len(w):
                raise LayersError(f"weights[{k}] has shape {w.shape}; {what}, so give (units, {below})")
            if b.shape != (len(w),):
                raise LayersError(f"biases[{k}] has shape {b.shape}; weights[{k}] asks for ({len(w)},)")
            below, what = len(w), f"weights[{k}] makes {len(w)} units"
        for k, votes in enumerate(self.votes):
            if votes.shape[1] != below or not len(votes):
                raise LayersError(f"votes[{k}] has shape {votes.shape}; {what}, so give (rows, {below})")
            below, what = len(votes), f"votes[{k}] makes {len(votes)} counts"
        if below < 2:
            raise LayersError("votes for a single class; give at least two, such as 'no' and 'yes'")
        if self.offsets.shape != (below,):
            raise LayersError(f"offsets have shape {self.offsets.shape}; give one for each of {below} classes")

    def _vote_types(self) -> list[Kind]:
        """The float type in which each matrix of votes gives exact sums."""
        none = np.zeros(len(self.votes[0]), np.int64)
        if len(self.votes) == 1:
            return [sum_type(self.votes[0], self.offsets)]
        most = np.abs(self.votes[0].astype(np.float64)).sum(axis=1)
        return [sum_type(self.votes[0], none), sum_type(self.votes[1], self.offsets, most)]

    @property
    def classes(self) -> int:
        """How many labels there are."""
        return len(self.offsets)

    @property
    def votes_of_units(self) -> Whole:
        """What each unit of the last hidden layer adds to each class's score: (classes, units)."""
        return self.votes[0] if len(self.votes) == 1 else self.votes[1] @ self.votes[0]

    @property
    def sizes(self) -> list[int]:
        """Bits, units of each hidden layer, and classes."""
        return [self.encoder.bits, *map(len, self.weights), self.classes]

    @property
    def connections(self) -> list[int]:
        """Weights other than 0: of each hidden layer, then of each matrix of votes."""
        return [int(np.count_nonzero(array)) for array in (*self.weights, *self.votes)]

    def fire(self, bits: Bits) -> list[Bits]:
        """The values of each hidden layer: (n, encoder's bits) of 0 and 1 -> [(n, units) of 0 and 1, ...]."""
        found: list[Bits] = []
        for w, b in zip(self.weights, self.biases, strict=True):
            found.append(step(found[-1] if found else bits, w, b))
        return found

    def tally(self, values: Bits) -> Whole:
        """The scores of each class: (n, units of the last hidden layer) of 0 and 1 -> (n, classes)."""
        scores = np.empty((len(values), self.classes), np.int64)
        columns = [votes.T.astype(kind) for votes, kind in zip(self.votes, self._vote_types(), strict=True)]
        for rows in blocks(len(values)):
            sums = values[rows].astype(columns[0].dtype)
            for matrix in columns:
                sums = sums.astype(matrix.dtype, copy=False) @ matrix
            scores[rows] = sums
        scores += self.offsets
        return scores

    def hidden(self, greys: ArrayLike) -> list[Bits]:
        """The values of each hidden layer: (n, inputs) whole greys -> [(n, units) of 0 and 1, ...].

        Raises LayersError as `Encoder.encode` does.
        """
        return self.fire(self.encoder.encode(greys))

    def scores(self, greys: ArrayLike) -> Whole:
        """The scores of each class: (n, inputs) whole greys -> (n, classes) int64.

        Raises LayersError as `Encoder.encode` does.
        """
        bits = self.encoder.encode(greys)
        return self.tally((self.fire(bits) or [bits])[-1])

    def predict(self, greys: ArrayLike) -> Whole:
        """The label of each image: (n, inputs) whole greys -> (n,), the highest score's class, the first of equals.

        Raises LayersError as `Encoder.encode` does.
        """
        labels: Whole = self.scores(greys).argmax(axis=1)
        return labels

    def accuracy(self, split: Split) -> float:
        """The share of a split's images, made whole greys, whose label is the given one.

        Raises LayersError for images of another width, and for none.
        """
        if not len(split):
            raise LayersError("the accuracy on 0 images is not defined; give at least one image")
        return float(np.mean(self.predict(self.encoder.greys(split.images)) == split.labels))

    def __repr__(self) -> str:
        named = f"{self.name}: " if self.name else ""
        return f"ThresholdNetwork({named}{self.sizes}, {sum(self.connections)} connections)"


def sums(values: Bits, weights: Whole, biases: Whole) -> Whole:
    """The weighted inputs of a layer, exactly: (n, below) of 0 and 1 -> (n, units) int64.

    >>> sums(np.array([[0, 0], [1, 1]], np.uint8), np.array([[-2, -2]]), np.array([3]))
    array([[ 3],
           [-1]])
    """
    kind = sum_type(weights, biases)
    found, columns = np.empty((len(values), len(weights)), np.int64), weights.T.astype(kind)
    for rows in blocks(len(values)):
        found[rows] = values[rows].astype(kind) @ columns
    found += biases
    return found


def step(values: Bits, weights: Whole, biases: Whole) -> Bits:
    """Which units of a layer fire, exactly: (n, below) of 0 and 1 -> (n, units) of 0 and 1.

    >>> step(np.array([[0, 0], [1, 1]], np.uint8), np.array([[-2, -2]]), np.array([3]))
    array([[1],
           [0]], dtype=uint8)
    """
    kind = sum_type(weights, biases)
    fired, columns, threshold = np.empty((len(values), len(weights)), np.bool_), weights.T.astype(kind), -biases
    for rows in blocks(len(values)):
        np.greater(values[rows].astype(kind) @ columns, threshold.astype(kind), out=fired[rows])
    return fired.view(np.uint8)
