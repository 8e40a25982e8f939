"""The compiled loops of the bit engine. Importing this loads Numba; the machine code is cached on disk."""

from __future__ import annotations

from typing import Any

import numba

from perceptron.engines import cuts, placement

_BYTES, _NUMBERS, _TABLE = "uint8[::1]", "int32[::1]", "int32[:, ::1]"


def _compiled(function: Any, result: str, *arguments: str) -> Any:
    return numba.njit(f"{result}({', '.join(arguments)})", nogil=True, cache=True)(function)


mark = _compiled(placement.mark, "void", "int64", *[_NUMBERS] * 4, _BYTES)
adders = _compiled(placement.adders, "void", "int64", _BYTES, *[_NUMBERS] * 3, _BYTES, _NUMBERS)
in_order = _compiled(placement.in_order, "int64", "int64", _BYTES, _NUMBERS, _NUMBERS)
deep_first = _compiled(placement.deep_first, "int64", "int64", *[_NUMBERS] * 9)
place = _compiled(
    placement.place,
    *("int64", "int64", _BYTES, *[_NUMBERS] * 6, "int64", *[_NUMBERS] * 2, _BYTES, _NUMBERS, _BYTES, *[_NUMBERS] * 5),
)
find = _compiled(
    cuts.find,
    *("int64", "int64", _BYTES, *[_NUMBERS] * 2, _BYTES, "int64", "int64", "uint8[:, :, :, ::1]"),
    *(_BYTES, _BYTES, "int32[:, :, ::1]", "uint8[:, ::1]", _TABLE),
)
join = _compiled(cuts.join, "int64", "int64[::1]", _TABLE, _BYTES, *[_NUMBERS] * 4)


def _run_range(
    code: Any,
    left: Any,
    right: Any,
    third: Any,
    out: Any,
    also: Any,
    wanted: Any,
    flips: Any,
    rows: Any,
    inputs: Any,
    result: Any,
    first: int,
    stop: int,
) -> None:
    """Words `first` to `stop` of all inputs to all results, a block of `rows.shape[1]` words at a time.

    Row 0 of `rows` becomes 0 and the inputs come next. Each pass (`placement` has the codes) writes none of the rows
    that it reads, so that the compiler may work on many words at a time. At the end row `wanted[i]`, with its bits
    turned where `flips[i]` is all ones, is result i.
    """
    words = rows.shape[1]
    for word in range(words):
        rows[0, word] = 0
    for start in range(first, stop, words):
        size = min(words, stop - start)
        for index in range(inputs.shape[0]):
            for word in range(size):
                rows[index + 1, word] = inputs[index, start + word]
        for step in range(code.shape[0]):
            # Unsigned numbers need no test for those that count from the end.
            x, y, v = numba.uint64(left[step]), numba.uint64(right[step]), numba.uint64(third[step])
            z, u = numba.uint64(out[step]), numba.uint64(also[step])
            kind = code[step]
            if kind == 0:
                for word in range(words):
                    rows[z, word] = rows[x, word] & rows[y, word]
            elif kind == 1:
                for word in range(words):
                    rows[z, word] = rows[x, word] & ~rows[y, word]
            elif kind == 2:
                for word in range(words):
                    rows[z, word] = ~(rows[x, word] | rows[y, word])
            elif kind == 3:
                for word in range(words):
                    rows[z, word] = rows[x, word] ^ rows[y, word]
            elif kind == 4:
                for word in range(words):
                    rows[z, word] = rows[x, word] ^ rows[y, word] ^ rows[v, word]
            elif kind == 5:
                for word in range(words):
                    a, b, c = rows[x, word], rows[y, word], rows[v, word]
                    rows[z, word] = (a & b) | (c & (a ^ b))
            elif kind == 6:
                for word in range(words):
                    a, b, c = rows[x, word], rows[y, word], rows[v, word]
                    rows[z, word] = (b & c) | (~a & (b ^ c))
            elif kind == 7:
                for word in range(words):
                    a, b, c = rows[x, word], rows[y, word], rows[v, word]
                    rows[z, word] = a ^ b ^ c
                    rows[u, word] = (a & b) | (c & (a ^ b))
            else:
                for word in range(words):
                    a, b, c = rows[x, word], rows[y, word], rows[v, word]
                    rows[z, word] = a ^ b ^ c
                    rows[u, word] = (b & c) | (~a & (b ^ c))
        for index in range(wanted.shape[0]):
            row, flip = wanted[index], flips[index]
            for word in range(size):
                result[index, start + word] = rows[row, word] ^ flip


run_range = _compiled(
    _run_range,
    *("void", _BYTES, *[_NUMBERS] * 6, "uint64[::1]", "uint64[:, ::1]", "uint64[:, :]", "uint64[:, :]"),
    *("int64", "int64"),
)
