"""Expanding the data: images shifted, turned, scaled and bent like rubber, new ones for each epoch."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from importlib.util import find_spec

import numpy as np
from numpy.typing import NDArray

from learn.arrays import Array
from learn.errors import DataError
from learn.settings import is_number
from learn.steps.crew import crew_for, own_generators

SMOOTHEST = 1000  # pixels
_AT_ONCE = 2000  # images, so that what they need on the way stays in the cache
_WORTH_COMPILING = 20_000  # images from which loading Numba pays


@dataclass(frozen=True)
class Expand:
    """Makes from each image another that shows the same digit; every number is drawn evenly from -x to x.

    shift : pixels, in both directions.
    turn : degrees.
    scale : the share by which width and height grow, each by itself: 0.15 is from 1/1.15 to 1.15.
    slant : how far a pixel goes to the side for each pixel above the middle.
    elastic : pixels, the alpha of Simard, Steinkraus and Platt (2003): each pixel is moved by its own random
        amount, even from -1 to 1, times alpha, after these amounts were smoothed ...
    smooth : pixels, ... by a Gaussian of this standard deviation, their sigma. At 4 they found alpha = 34 good.
        0 < smooth where elastic > 0.
    shape : (rows, columns) of an image.

    Called with images (n, rows * columns) and a random generator, it returns as many new images of the same
    type. Between pixels an image is read by bilinear interpolation, outside it is 0. Numba and NumPy give the
    same numbers to rounding.

    Raises DataError for a number that is negative or not finite, a smooth above 1000, and when called with images of
    another shape.

    >>> bar = np.zeros((1, 9), np.float32); bar[0, [1, 4, 7]] = 1
    >>> Expand(shift=1.0, shape=(3, 3))(bar, np.random.default_rng(0)).reshape(3, 3).round(2)
    array([[0.83, 0.17, 0.  ],
           [0.83, 0.17, 0.  ],
           [0.31, 0.07, 0.  ]], dtype=float32)
    """

    shift: float = 0.0
    turn: float = 0.0
    scale: float = 0.0
    slant: float = 0.0
    elastic: float = 0.0
    smooth: float = 4.0
    shape: tuple[int, int] = (28, 28)

    def __post_init__(self) -> None:
        for name in ("shift", "turn", "scale", "slant", "elastic", "smooth"):
            value = getattr(self, name)
            if not is_number(value) or not 0 <= value < math.inf:
                raise DataError(f"{name} {value!r} cannot expand images; give a number of at least 0")
        if self.smooth > SMOOTHEST:
            raise DataError(f"smooth {self.smooth!r} bends nothing any more; give at most {SMOOTHEST}, such as 4.0")
        if self.elastic and not self.smooth:
            raise DataError("elastic needs smooth above 0, or the images are torn to noise; give for example 4.0")

    def __call__(self, images: Array, rng: np.random.Generator) -> Array:
        """New images: (n, rows * columns) -> (n, rows * columns)."""
        rows, columns = self.shape
        if images.ndim != 2 or images.shape[1] != rows * columns:
            raise DataError(f"images of shape {images.shape} are not of {rows} x {columns} pixels; give shape=(.., ..)")
        sample = _sample
        if len(images) >= _WORTH_COMPILING and find_spec("numba") is not None:
            from learn.steps.sampling import sample
        result = np.empty_like(images)
        starts = range(0, len(images), _AT_ONCE)

        def fill(start: int, drawn: np.random.Generator) -> None:
            part = images[start : start + _AT_ONCE].reshape(-1, rows, columns)
            out = result[start : start + _AT_ONCE].reshape(-1, rows, columns)
            sample(part, self._matrices(len(part), drawn), self._moves(len(part), drawn), out)

        with crew_for(len(starts)) as crew:
            crew.run([partial(fill, *each) for each in zip(starts, own_generators(rng, len(starts)), strict=True)])
        return result

    def _matrices(self, n: int, rng: np.random.Generator) -> NDArray[np.float32]:
        """For each image (n, 2, 3): from a place of the new image, seen from the middle, to one of the old."""
        turn, high, wide, slant, down, right = rng.uniform(-1, 1, (6, n))
        cos, sin = np.cos(np.radians(self.turn) * turn), np.sin(np.radians(self.turn) * turn)
        high, wide = (1 + self.scale) ** high, (1 + self.scale) ** wide
        slant *= self.slant
        matrix = [[cos * high, -sin * high, down * self.shift], [sin * wide + slant, cos * wide, right * self.shift]]
        return np.moveaxis(np.array(matrix, np.float32), 2, 0).copy()

    def _moves(self, n: int, rng: np.random.Generator) -> NDArray[np.float32]:
        """How far each pixel is moved down and right beside that: (n, 2, rows, columns), or (n, 2, 0, 0) for none."""
        if not self.elastic:
            return np.empty((n, 2, 0, 0), np.float32)
        rows, columns = self.shape
        noise = rng.random((n * 2, rows, columns), np.float32)
        noise *= 2
        noise -= 1
        smoothed = np.matmul(noise.reshape(-1, columns), _blur(columns, self.smooth)).reshape(-1, rows, columns)
        np.matmul(_blur(rows, self.smooth) * np.float32(self.elastic), smoothed, out=noise)
        moves: NDArray[np.float32] = noise.reshape(n, 2, rows, columns)
        return moves


def expanded(expand: Callable[[Array, np.random.Generator], Array], images: Array, rng: np.random.Generator) -> Array:
    """The images that a function makes of these for an epoch; DataError where they are not as many of the same shape.

    >>> expanded(lambda images, rng: 1 - images, np.eye(2, dtype=np.float32), np.random.default_rng(0))
    array([[0., 1.],
           [1., 0.]], dtype=float32)
    """
    made: Array = np.ascontiguousarray(expand(images, rng), dtype=images.dtype)
    if made.shape != images.shape:
        raise DataError(
            f"expand made an array of shape {made.shape} of images of shape {images.shape}; let it give as many images"
        )
    return made


def said(expand: object) -> str | None:
    """What `expand` is, in words that are the same in every process: an Expand's numbers, or a function's name.

    >>> said(Expand(shift=1.0, shape=(8, 8)))
    'Expand(shift=1.0, turn=0.0, scale=0.0, slant=0.0, elastic=0.0, smooth=4.0, shape=(8, 8))'
    >>> said(np.flip)
    'numpy.flip'
    """
    if expand is None or isinstance(expand, Expand):
        return None if expand is None else repr(expand)
    named = expand if hasattr(expand, "__qualname__") else type(expand)
    return f"{named.__module__}.{named.__qualname__}"


def _blur(size: int, sigma: float) -> NDArray[np.float32]:
    """The matrix (size, size) that smooths a line of pixels by a Gaussian; outside is 0."""
    distance = np.subtract.outer(np.arange(size), np.arange(size))
    reach = np.arange(-math.ceil(6 * sigma), math.ceil(6 * sigma) + 1)
    bell = np.exp(-((distance / sigma) ** 2) / 2) / np.exp(-((reach / sigma) ** 2) / 2).sum()
    matrix: NDArray[np.float32] = bell.astype(np.float32)
    return matrix


def _sample(images: Array, matrices: NDArray[np.float32], moves: NDArray[np.float32], out: Array) -> None:
    """Read each image (n, rows, columns) at its own places, into `out` of the same shape."""
    n, rows, columns = images.shape
    y, x = (axis.astype(np.float32) for axis in np.indices((rows, columns)))
    middle_y, middle_x = np.float32((rows - 1) / 2), np.float32((columns - 1) / 2)
    y, x = y - middle_y, x - middle_x
    m = matrices[:, :, :, None, None]
    down = m[:, 0, 0] * y + m[:, 0, 1] * x + m[:, 0, 2] + middle_y
    right = m[:, 1, 0] * y + m[:, 1, 1] * x + m[:, 1, 2] + middle_x
    if moves.shape[2]:
        down, right = down + moves[:, 0], right + moves[:, 1]
    down, right = np.clip(down, -1, rows), np.clip(right, -1, columns)  # a ring of zeros lies around the image
    top, left = np.floor(down).astype(np.intp), np.floor(right).astype(np.intp)
    low, side = down - top, right - left
    padded = np.pad(images, ((0, 0), (1, 2), (1, 2)))
    image = np.arange(n)[:, None, None]
    upper = padded[image, top + 1, left + 1] * (1 - side) + padded[image, top + 1, left + 2] * side
    lower = padded[image, top + 2, left + 1] * (1 - side) + padded[image, top + 2, left + 2] * side
    out[:] = upper * (1 - low) + lower * low
