"""Helped: functions that are no threshold function by themselves, but are with the value of one more unit at hand.

The sum bit of a full adder is the chapter's example: no perceptron computes a + b + c modulo 2, but with the carry it
is a + b + c - 2 carry > 0. Only the rows that can occur count, since the helper is a function of the same inputs.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from circuits.synthesis import tables
from circuits.synthesis.weights import least_weights, nearest_bias

Weights = tuple[tuple[int, ...], int]


@lru_cache(maxsize=1 << 18)
def helped(table: int, helper: int, width: int) -> Weights | None:
    """(weights by place, then the helper's; bias) of a table with the value of another beside it, or None.

    The weights are the least there are, unless the solver misses them.

    Examples
    --------
    Exclusive or, helped by AND:

    >>> helped(0b0110, 0b1000, 2)
    ((1, 1, -2), 0)
    """
    for place, column in enumerate(tables.columns(width)):
        alike = ~(helper ^ (helper >> (1 << place))) & ~column
        low, high = tables.halves(table, width, place)
        if high & ~low & alike and low & ~high & alike:
            return None
    # The same but for the order of the places and which of them are negated is solved once.
    own, other = tables.chow(table, width)[1], tables.chow(helper, width)[1]
    falls = [(pull, beside) < (0, 0) for pull, beside in zip(own, other, strict=True)]
    order = sorted(range(width), key=lambda place: (-abs(own[place]), -abs(other[place]), other[place]))
    turned = (helper & table).bit_count() < (table & ~helper).bit_count()
    places = [(place, falls[place]) for place in order]
    helper_table = tables.full(width) ^ helper if turned else helper
    found = _solved(tables.arranged(table, width, places), tables.arranged(helper_table, width, places), width)
    if found is None:
        return None
    weights = [0] * width + [-found[width] if turned else found[width]]
    for (place, negated), weight in zip(places, found, strict=False):
        weights[place] = -weight if negated else weight
    points, fires = _rows(table, helper, width)
    sums = points @ np.array(weights)
    low, high = int(sums[fires].min(initial=1 << 40)), int(sums[~fires].max(initial=-(1 << 40)))
    if low <= high:
        raise AssertionError(f"the weights {weights} are wrong for {table:#x} with {helper:#x}: please report this")
    return tuple(weights), nearest_bias(low, high)


@lru_cache(maxsize=1 << 18)
def _solved(table: int, helper: int, width: int) -> list[int] | None:
    points, fires = _rows(table, helper, width)
    true, false = points[fires], points[~fires]
    digits = 3 ** np.arange(width + 1)
    ones, zeros = true @ digits, false @ digits
    if np.intersect1d((ones[:, None] + ones).ravel(), (zeros[:, None] + zeros).ravel()).size:
        return None  # two true points have the sum of two false ones
    found = least_weights(true, false)
    return None if found is None else found[0]


def _rows(table: int, helper: int, width: int) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """The rows by place with the helper's value behind them, and in which of them the table is 1."""
    size = 1 << width
    row = np.arange(size)
    beside = np.zeros(size, dtype=np.int64)
    beside[tables.rows(helper, width)] = 1
    fires = np.zeros(size, dtype=bool)
    fires[tables.rows(table, width)] = True
    return np.column_stack([row[:, None] >> np.arange(width) & 1, beside]), fires
