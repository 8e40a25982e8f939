"""What the whole-number arrays of this package share: the check on entry, and sums that are exact at BLAS speed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from learn.errors import LayersError

Whole = NDArray[np.int64]
Bits = NDArray[np.uint8]  # 0 and 1
Greys = NDArray[np.uint8]  # 0 .. levels - 1
Kind = np.dtype[np.floating[Any]]

SINGLE = 1 << 24  # below it every whole number is a float32
DOUBLE = 1 << 53  # and a float64
BLOCK = 4096  # images whose sums are held at once


def whole(values: ArrayLike, name: str, dimensions: int) -> Whole:
    """A read-only int64 copy of an array of whole numbers, or LayersError with the name of the array.

    >>> whole([[0.5]], "weights[0]", 2)
    Traceback (most recent call last):
    learn.errors.LayersError: weights[0] holds numbers of type float64; round them to whole numbers first (see quantize)
    """
    try:
        given = np.asarray(values)
    except ValueError:
        raise LayersError(f"{name} is not an array; give rows of equal length") from None
    if given.ndim != dimensions:
        raise LayersError(f"{name} has {given.ndim} dimensions; give an array of {dimensions}")
    if given.size and given.dtype.kind not in "iub":
        raise LayersError(
            f"{name} holds numbers of type {given.dtype}; round them to whole numbers first (see quantize)"
        )
    if given.dtype.kind == "u" and given.size and int(given.max()) >= 1 << 63:
        raise LayersError(f"{name} holds {given.max()}; give numbers below 2**63")
    array = given.astype(np.int64)
    array.flags.writeable = False
    return array


def largest(weights: Whole, biases: Whole, below: NDArray[Any] | float = 1.0) -> NDArray[np.float64]:
    """The size that no unit's weighted input can exceed, nor any part of its sum, where input i is at most `below[i]`.

    (units, inputs), (units,) -> (units,). Exact below 2**53; where the true number is at least that, so is this one,
    because rounding never leads from one side of 2**53 to the other.

    >>> largest(np.array([[3, -4]]), np.array([-2]))
    array([9.])
    """
    sizes: NDArray[np.float64] = np.abs(weights.astype(np.float64)) * below
    found: NDArray[np.float64] = sizes.sum(axis=1) + np.abs(biases.astype(np.float64))
    return found


def sum_type(weights: Whole, biases: Whole, below: NDArray[Any] | float = 1.0) -> Kind:
    """The float type in which weights @ x + biases is exact, in whatever order it is added, for x up to `below`.

    Raises LayersError where a sum may reach 2**53.

    >>> sum_type(np.array([[3, -4]]), np.array([0])), sum_type(np.array([[1 << 24]]), np.array([0]))
    (dtype('float32'), dtype('float64'))
    """
    most = float(largest(weights, biases, below).max(initial=0.0))
    if most >= DOUBLE:
        raise LayersError(
            f"a weighted input may reach {most:.3g}; make the weights smaller, so that it stays below 2**53"
        )
    return np.dtype(np.float32 if most < SINGLE else np.float64)


def blocks(count: int, size: int = BLOCK) -> Iterator[slice]:
    """The rows 0 .. count-1 in pieces.

    >>> list(blocks(5, 2))
    [slice(0, 2, None), slice(2, 4, None), slice(4, 5, None)]
    """
    for start in range(0, count, size):
        yield slice(start, min(start + size, count))
