"""Truth tables as whole numbers: bit r is the value of row r, and a place j of a row is bit j of its number.

In a table over the project's counting order, where the first of n inputs changes slowest, input i is place n - 1 - i.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray


@cache
def columns(width: int) -> tuple[int, ...]:
    """The truth table of each place itself.

    Examples
    --------
    >>> [f"{column:04b}" for column in columns(2)]
    ['1010', '1100']
    """
    full = (1 << (1 << width)) - 1
    return tuple(full // ((1 << (1 << place)) + 1) << (1 << place) for place in range(width))


def full(width: int) -> int:
    """The table that is 1 in every row."""
    return (1 << (1 << width)) - 1


def halves(table: int, width: int, place: int) -> tuple[int, int]:
    """The table where a place is 0 and where it is 1, both spread over the rows where it is 0.

    Examples
    --------
    AND of two places, where place 0 is 0 and where it is 1:

    >>> halves(0b1000, 2, 0)
    (0, 4)
    """
    column = columns(width)[place]
    return table & ~column, (table & column) >> (1 << place)


def chow(table: int, width: int) -> tuple[int, list[int]]:
    """Chow's parameters: how many rows are 1, and by how many more of them where a place is 1 than where it is 0.

    Threshold functions of the same parameters are the same function, and no other function shares theirs
    (C. K. Chow, 1961).

    Examples
    --------
    The majority of three:

    >>> chow(0b11101000, 3)
    (4, [2, 2, 2])
    """
    ones = table.bit_count()
    return ones, [2 * (table & column).bit_count() - ones for column in columns(width)]


def rows(table: int, width: int) -> NDArray[np.int64]:
    """The numbers of the rows that are 1, in order."""
    size = -(-(1 << width) // 8)
    bits = np.unpackbits(np.frombuffer(table.to_bytes(size, "little"), np.uint8), bitorder="little")
    return np.flatnonzero(bits)


def arranged(table: int, width: int, places: Sequence[tuple[int, bool]]) -> int:
    """The table over these places in this order, each negated where said; the others must not matter.

    Examples
    --------
    place 1 and not place 0, turned into place 0 and place 1:

    >>> f"{arranged(0b0100, 2, [(1, False), (0, True)]):04b}"
    '1000'
    """
    row = np.zeros(1 << len(places), dtype=np.int64)
    for new, (place, negated) in enumerate(places):
        row |= ((np.arange(len(row)) >> new & 1) ^ negated) << place
    values = np.zeros(1 << width, dtype=np.uint8)
    values[rows(table, width)] = 1
    return of_bits(values[row])


def points(table: int, width: int) -> NDArray[np.int64]:
    """(rows that are 1, width) the bits of these rows by place."""
    bits: NDArray[np.int64] = rows(table, width)[:, None] >> np.arange(width) & 1
    return bits


def of_bits(bits: Sequence[int] | NDArray[Any]) -> int:
    """The table of these values, row by row."""
    return int.from_bytes(np.packbits(np.asarray(bits, np.uint8), bitorder="little").tobytes(), "little")


def fires(weights: Sequence[int], bias: int) -> int:
    """The table of a perceptron: 1 where the weights of the places that are 1 and the bias add to more than 0.

    Examples
    --------
    >>> f"{fires([1, 1, 1], -1):08b}"
    '11101000'
    """
    sums = np.array([bias], dtype=object if sum(map(abs, weights)) + abs(bias) >> 62 else np.int64)
    for weight in weights:
        sums = np.concatenate([sums, sums + weight])
    return of_bits(sums > 0)
