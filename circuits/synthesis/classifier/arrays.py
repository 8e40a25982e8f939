"""The plain arrays that describe a classifier, checked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from perceptron.errors import ParameterError

Whole = NDArray[np.int64]
LARGEST = 1 << 40  # in size, of a weight, bias or offset: sums of millions of them are still exact


@dataclass(frozen=True, eq=False)
class Arrays:
    """A threshold network from the greys of pixels to scores, in whole numbers.

    Attributes
    ----------
    levels : int
        Greys are 0 to levels - 1.
    inputs : int
        Pixels.
    pixel, level : (bits,)
        A bit is 1 where the grey of its pixel is at least its level; of a level of 0 or less it is the binary digit
        number -level of the grey.
    weights : tuple of (units, below)
        Of each layer; a unit fires where the weights of what fires below it and its bias add to more than 0.
    biases : tuple of (units,)
    votes : tuple of one matrix (classes, units), or of two: (groups, units), (classes, groups)
    offsets : (classes,)
        The score of a class is the sum of its votes and this.
    """

    levels: int
    inputs: int
    pixel: Whole
    level: Whole
    weights: tuple[Whole, ...]
    biases: tuple[Whole, ...]
    votes: tuple[Whole, ...]
    offsets: Whole

    @property
    def digits(self) -> int:
        """Binary digits of a pixel."""
        return (self.levels - 1).bit_length()

    @property
    def classes(self) -> int:
        """How many classes there are."""
        return len(self.offsets)

    @property
    def digit_names(self) -> list[list[str]]:
        """The names of the input bits: those of each pixel, the least significant first."""
        return [[f"pixel{one}[{digit}]" for digit in range(self.digits)] for one in range(self.inputs)]

    @property
    def label_names(self) -> list[str]:
        """The names of the output bits, the least significant first."""
        return [f"label[{place}]" for place in range((self.classes - 1).bit_length())]

    @property
    def votes_of_units(self) -> Whole:
        """(classes, units) what each unit of the last layer adds to each score."""
        return self.votes[0] if len(self.votes) == 1 else self.votes[1] @ self.votes[0]

    def without(self, common: Whole) -> Whole:
        """The last matrix of votes, with so much taken off each of its columns."""
        return self.votes[-1] - common

    def counted(self, common: Whole) -> Whole:
        """The first of two matrices of votes, with no units in groups that then make no difference."""
        made: Whole = self.votes[0] * (self.without(common) != 0).any(axis=0)[:, None]
        return made

    def needed(self, common: Whole) -> list[list[bool]]:
        """Of the bits, and of the units of each layer: whether any vote depends on it, without what is common."""
        last = self.without(common) if len(self.votes) == 1 else self.counted(common)
        reads = (last != 0).any(axis=0)
        made = [reads.tolist()]
        for matrix in reversed(self.weights):
            reads = (matrix[reads] != 0).any(axis=0)
            made.append(reads.tolist())
        return made[::-1]

    def span(self, common: Whole) -> tuple[int, int]:
        """The least and the greatest score without what is common, if units could fire in every combination."""
        votes = self.without(common)
        if len(self.votes) == 2:
            votes = votes @ self.votes[0]
        least = np.minimum(votes, 0).sum(axis=1) + self.offsets
        most = np.maximum(votes, 0).sum(axis=1) + self.offsets
        return int(least.min()), int(most.max())


def checked(
    levels: int,
    inputs: int,
    pixel: ArrayLike,
    level: ArrayLike,
    weights: Sequence[ArrayLike],
    biases: Sequence[ArrayLike],
    votes: Sequence[ArrayLike],
    offsets: ArrayLike,
) -> Arrays:
    """The arrays, if they fit together.

    Raises
    ------
    ParameterError
        If there are fewer than two levels or classes or no pixel, a matrix has another shape than its neighbours ask
        for, a number is not whole or larger than 2**40, or a bit reads a pixel, digit or level that is not there.
    """
    for what, number, least in (("levels", levels, 2), ("inputs", inputs, 1)):
        if not isinstance(number, int | np.integer) or number < least:
            raise ParameterError(f"{what} is {number!r}; give a whole number of at least {least}")
    made = Arrays(
        int(levels),
        int(inputs),
        _whole("pixel", pixel, 1),
        _whole("level", level, 1),
        tuple(_whole(f"weights[{at}]", one, 2) for at, one in enumerate(weights)),
        tuple(_whole(f"biases[{at}]", one, 1) for at, one in enumerate(biases)),
        tuple(_whole(f"votes[{at}]", one, 2) for at, one in enumerate(votes)),
        _whole("offsets", offsets, 1),
    )
    _check_bits(made)
    if len(made.biases) != len(made.weights):
        raise ParameterError(f"{len(made.weights)} matrices of weights come with {len(made.biases)} rows of biases")
    below = len(made.pixel)
    for at, (matrix, bias) in enumerate(zip(made.weights, made.biases, strict=True)):
        _require_shape(f"weights[{at}]", matrix, (len(bias), below))
        below = len(bias)
    if len(made.votes) not in (1, 2):
        raise ParameterError(f"there are {len(made.votes)} matrices of votes; give one or two")
    for at, matrix in enumerate(made.votes):
        last = at == len(made.votes) - 1
        _require_shape(f"votes[{at}]", matrix, (made.classes if last else len(matrix), below))
        below = len(matrix)
    if made.classes < 2:
        raise ParameterError(f"there is {made.classes} class; give at least two")
    return made


def _whole(what: str, given: ArrayLike, axes: int) -> Whole:
    array = np.asarray(given)
    if array.ndim != axes:
        raise ParameterError(f"{what} has {array.ndim} axes; give {axes}")
    if array.size == 0:
        return array.astype(np.int64)
    if array.dtype.kind not in "iub" or np.abs(array.astype(np.int64)).max() > LARGEST:
        raise ParameterError(f"{what} is of {array.dtype}; give whole numbers up to 2**40 in size")
    return array.astype(np.int64)


def _require_shape(what: str, matrix: Whole, shape: tuple[int, int]) -> None:
    if matrix.shape != shape:
        raise ParameterError(f"{what} has shape {matrix.shape}; here it has to be {shape}")


def _check_bits(arrays: Arrays) -> None:
    if len(arrays.pixel) != len(arrays.level):
        raise ParameterError(
            f"{len(arrays.pixel)} bits have a pixel and {len(arrays.level)} a level; give both for each"
        )
    for bit, (pixel, level) in enumerate(zip(arrays.pixel.tolist(), arrays.level.tolist(), strict=True)):
        if not 0 <= pixel < arrays.inputs:
            raise ParameterError(f"bit {bit} reads pixel {pixel}, but pixels are 0 to {arrays.inputs - 1}")
        if not -arrays.digits < level < arrays.levels:
            raise ParameterError(
                f"bit {bit} has level {level}; give 1 to {arrays.levels - 1}, or a digit as 0 to {1 - arrays.digits}"
            )
