"""The compiled inner loop of the bit engine. Importing it loads Numba; the machine code is cached on disk."""

from __future__ import annotations

from typing import Any

import numba
import numpy as np
from numpy.typing import NDArray

# codes: 0  x & y    1  x & not y    2  not x & not y    3  x ^ y


@numba.njit("void(uint8[::1], int32[::1], int32[::1], int32[::1], uint64[:, ::1])", nogil=True, cache=True)
def run_rows(
    code: NDArray[np.uint8], left: NDArray[np.int32], right: NDArray[np.int32], out: NDArray[np.int32], rows: Any
) -> None:
    """Every operation on whole rows (rows, words), in order. A row written is none of the two that are read."""
    words = rows.shape[1]
    for step in range(code.shape[0]):
        x, y, z = rows[left[step]], rows[right[step]], rows[out[step]]
        kind = code[step]
        if kind == 0:
            for word in range(words):
                z[word] = x[word] & y[word]
        elif kind == 1:
            for word in range(words):
                z[word] = x[word] & ~y[word]
        elif kind == 2:
            for word in range(words):
                z[word] = ~(x[word] | y[word])
        else:
            for word in range(words):
                z[word] = x[word] ^ y[word]
