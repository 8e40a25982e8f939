"""The compiled inner loop of the bit engine. Importing it loads Numba; the machine code is cached on disk."""

from __future__ import annotations

from typing import Any

import numba

# codes: 0  x & y    1  x & not y    2  not x & not y    3  x ^ y

_ARGUMENTS = (
    "void(uint8[::1], int32[::1], int32[::1], int32[::1], int32[::1], uint64[::1], uint64[:, ::1], "
    "uint64[:, :], uint64[:, :], int64, int64)"
)


@numba.njit(_ARGUMENTS, nogil=True, cache=True)
def run_range(
    code: Any,
    left: Any,
    right: Any,
    out: Any,
    wanted: Any,
    flips: Any,
    rows: Any,
    inputs: Any,
    result: Any,
    first: int,
    stop: int,
) -> None:
    """Words `first` to `stop` of all inputs to all results, a block of `rows.shape[1]` words at a time.

    Row 0 of `rows` is 0 and the inputs come next. Each operation passes over three rows: the one it writes is
    none of the two that it reads, so that the compiler may work on many words at a time. At the end row
    `wanted[i]`, with its bits turned where `flips[i]` is all ones, is result i.
    """
    words = rows.shape[1]
    for start in range(first, stop, words):
        size = min(words, stop - start)
        for index in range(inputs.shape[0]):
            for word in range(size):
                rows[index + 1, word] = inputs[index, start + word]
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
        for index in range(wanted.shape[0]):
            row, flip = wanted[index], flips[index]
            for word in range(size):
                result[index, start + word] = rows[row, word] ^ flip
