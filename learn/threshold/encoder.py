"""Encoder: which bits of an image's greys a threshold network reads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from learn.errors import LayersError
from learn.threshold.arrays import Bits, Greys, Whole, blocks, whole


@dataclass(frozen=True, eq=False)
class Encoder:
    """Greys as bits: bit k reads pixel `pixel[k]` and asks of its grey what `level[k]` says.

    `levels`: greys are the whole numbers 0 .. levels-1, such as 256 for bytes and 17 for the bundled 8x8 digits.
    `inputs`: pixels of an image. `pixel` (bits,): 0 .. inputs-1. `level` (bits,):

    - above 0, a thermometer bit: 1 where the grey is at least the level. Level 128 of 256 is the top binary digit.
    - 0 or below: the binary digit number -level of the grey, 0 for the least significant.

    Raises LayersError for levels outside 2 .. 256, inputs below 1, no bits, arrays of other shapes, a pixel or a
    level that no grey has, and a binary digit that no grey has.

    >>> encoder = Encoder(levels=4, inputs=2, pixel=[0, 0, 1], level=[2, 0, 3])
    >>> encoder.encode([[0, 3], [1, 2], [3, 0]])
    array([[0, 0, 1],
           [0, 1, 0],
           [1, 1, 0]], dtype=uint8)
    """

    levels: int
    inputs: int
    pixel: Whole
    level: Whole

    def __post_init__(self) -> None:
        if not 2 <= self.levels <= 256:
            raise LayersError(f"levels {self.levels}; greys have 2 to 256 levels")
        if self.inputs < 1:
            raise LayersError(f"inputs {self.inputs}; an image has at least one pixel")
        pixel, level = whole(self.pixel, "pixel", 1), whole(self.level, "level", 1)
        if pixel.shape != level.shape or not pixel.size:
            raise LayersError(
                f"pixel {pixel.shape} and level {level.shape}; give one of each for every bit, at least one"
            )
        if pixel.min() < 0 or pixel.max() >= self.inputs:
            wrong = pixel[(pixel < 0) | (pixel >= self.inputs)][0]
            raise LayersError(f"pixel {wrong} in an image of {self.inputs}; number pixels from 0 to {self.inputs - 1}")
        if level.max() >= self.levels:
            raise LayersError(f"level {level.max()}, which no grey reaches; give at most {self.levels - 1}")
        if -int(level.min()) >= self.digits:
            raise LayersError(f"binary digit {-level.min()} of greys that have {self.digits}; number them from 0")
        object.__setattr__(self, "pixel", pixel)
        object.__setattr__(self, "level", level)

    @property
    def digits(self) -> int:
        """Binary digits of a grey: 8 for 256 levels, 5 for 17."""
        return (self.levels - 1).bit_length()

    @property
    def bits(self) -> int:
        """How many bits an image becomes."""
        return len(self.pixel)

    @classmethod
    def thermometer(
        cls, levels: int, inputs: int, marks: Sequence[int] = (128,), keep: ArrayLike | None = None
    ) -> Encoder:
        """For each pixel one bit for each mark, in the order of the marks: is the grey at least that?

        `keep`: the pixels to read, as numbers or as a boolean for each pixel; all by default.

        Raises LayersError as the class does, and for a mark below 1, which every grey reaches.

        >>> Encoder.thermometer(256, 3, marks=(64, 128), keep=[0, 2]).pixel
        array([0, 0, 2, 2])
        """
        if not len(marks) or min(marks) < 1:
            raise LayersError(f"marks {tuple(marks)}; give at least one, from 1 to {levels - 1}")
        pixels = _kept(inputs, keep)
        return cls(levels, inputs, pixels.repeat(len(marks)), np.tile(np.array(marks), len(pixels)))

    @classmethod
    def binary(cls, levels: int, inputs: int, digits: int, keep: ArrayLike | None = None) -> Encoder:
        """For each pixel its `digits` most significant binary digits, the least significant of them first.

        `keep`: as in `thermometer`. Raises LayersError as the class does, and for digits below 1 or above those of
        a grey.

        >>> Encoder.binary(256, 1, digits=2).encode([[0b10_000000]])
        array([[0, 1]], dtype=uint8)
        """
        most = (levels - 1).bit_length()
        if not 1 <= digits <= most:
            raise LayersError(f"{digits} binary digits of greys with {levels} levels; give 1 to {most}")
        pixels = _kept(inputs, keep)
        return cls(levels, inputs, pixels.repeat(digits), np.tile(-np.arange(most - digits, most), len(pixels)))

    def greys(self, images: ArrayLike) -> Greys:
        """Images in [0, 1] as whole greys, rounded to the nearest level: (n, inputs) -> (n, inputs) uint8.

        Raises LayersError for images of another shape and numbers outside [0, 1].

        >>> Encoder.thermometer(17, 2, marks=(8,)).greys([[0.5, 1.0]])
        array([[ 8, 16]], dtype=uint8)
        """
        table = self._table(np.asarray(images, dtype=np.float32))
        found = np.empty(table.shape, np.uint8)
        for rows in blocks(len(table)):
            block = table[rows]
            if not ((block >= 0) & (block <= 1)).all():  # also catches nan
                raise LayersError("images hold numbers outside 0 (background) to 1 (ink); scale them")
            found[rows] = np.rint(block * np.float32(self.levels - 1))
        return found

    def check_greys(self, greys: ArrayLike) -> Greys:
        """`greys` as an (n, inputs) uint8 array, or LayersError if they are not whole numbers 0 .. levels-1."""
        table = self._table(np.asarray(greys))
        if table.size and table.dtype.kind not in "iub":
            raise LayersError(f"greys of type {table.dtype}; give whole numbers (see Encoder.greys)")
        if table.size and not (table.min() >= 0 and table.max() < self.levels):
            raise LayersError(f"greys from {table.min()} to {table.max()}; this encoder reads 0 to {self.levels - 1}")
        return table.astype(np.uint8, copy=False)

    def encode(self, greys: ArrayLike) -> Bits:
        """The bits of each image: (n, inputs) whole greys -> (n, bits) of 0 and 1.

        Raises LayersError for greys of another shape, that are not whole, or outside 0 .. levels-1.
        """
        read = self.check_greys(greys).take(self.pixel, axis=1)
        if (self.level > 0).all():
            return (read >= self.level.astype(np.uint8)).view(np.uint8)
        if (self.level <= 0).all():
            return np.right_shift(read, (-self.level).astype(np.uint8)) & np.uint8(1)
        binary = self.level <= 0
        found = (read >= np.maximum(self.level, 0).astype(np.uint8)).view(np.uint8)
        found[:, binary] = np.right_shift(read[:, binary], (-self.level[binary]).astype(np.uint8)) & np.uint8(1)
        return found

    def _table(self, array: NDArray[Any]) -> NDArray[Any]:
        if array.ndim != 2 or array.shape[1] != self.inputs:
            raise LayersError(f"images of shape {array.shape}; give a table of shape (n, {self.inputs})")
        return array

    def __repr__(self) -> str:
        return f"Encoder({self.bits} bits of {self.inputs} pixels with {self.levels} levels)"


def _kept(inputs: int, keep: ArrayLike | None) -> Whole:
    if keep is None:
        return np.arange(inputs)
    given = np.asarray(keep)
    if given.dtype == bool:
        if given.shape != (inputs,):
            raise LayersError(f"keep has shape {given.shape}; give one truth value for each of {inputs} pixels")
        return np.flatnonzero(given)
    return whole(given, "keep", 1)
