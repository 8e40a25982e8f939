"""Arrays that begin where a line of the cache begins: a vector is then never read from two lines."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import DTypeLike, NDArray

_LINE = 64  # bytes


def aligned_zeros(shape: Sequence[int], dtype: DTypeLike = np.float32) -> NDArray[np.floating]:
    """An array of zeros whose first number has an address that is a multiple of 64.

    >>> aligned_zeros((3, 5)).ctypes.data % 64
    0
    """
    kind = np.dtype(dtype)
    size = math.prod(shape) * kind.itemsize
    block = np.zeros(size + _LINE, np.uint8)
    start = -block.ctypes.data % _LINE
    return block[start : start + size].view(kind).reshape(shape)


def aligned_copy(array: NDArray[np.floating]) -> NDArray[np.floating]:
    """A copy that begins there, row after row."""
    copy = aligned_zeros(array.shape, array.dtype)
    np.copyto(copy, array)
    return copy
