"""Summability: the proof that no perceptron computes a function, which anybody can check by adding up.

Let k points where the function is 1 and k points where it is 0, repetitions allowed, have the same sum. A perceptron
would give the first k together more than k thresholds and the second k at most that, though both weigh the same.
A function without such points has weights (C. C. Elgot, 1961; C. K. Chow, 1961). Up to eight inputs two points of
each kind are enough (S. Muroga, Threshold Logic and Its Applications, 1971).
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from circuits.synthesis import tables

Point = tuple[int, ...]
PAIRS = 10  # inputs up to which all pairs of points are compared


@dataclass(frozen=True, slots=True)
class Summability:
    """As many true points as false ones, of equal sums: no perceptron computes the function.

    Attributes
    ----------
    true, false : tuple of points
        Each point has a 0 or 1 for each input, in order.

    Examples
    --------
    Exclusive or: 01 and 10 are true, 00 and 11 are false, and both pairs add up to 11.

    >>> proof = Summability(((0, 1), (1, 0)), ((0, 0), (1, 1)))
    >>> proof.check([0, 1, 1, 0])
    True
    """

    true: tuple[Point, ...]
    false: tuple[Point, ...]

    def check(self, table: Iterable[int]) -> bool:
        """Whether this proves that a truth table is no threshold function.

        Parameters
        ----------
        table : 2**n values in counting order, the first input slowest
        """
        values = list(table)
        width = len(values).bit_length() - 1
        points = [*self.true, *self.false]
        if width < 0 or len(values) != 1 << width or not self.true or len(self.true) != len(self.false):
            return False
        if any(len(point) != width or not set(point) <= {0, 1} for point in points):
            return False
        value = [values[int("".join(map(str, point)) or "0", 2)] for point in points]
        equal = all(
            sum(point[pin] for point in self.true) == sum(point[pin] for point in self.false) for pin in range(width)
        )
        return equal and value == [1] * len(self.true) + [0] * len(self.false)


def summability(table: int, width: int) -> Summability | None:
    """The proof for a table (see `circuits.synthesis.tables`), or None if there is none.

    Pairs of points come from a place that pulls both ways, else from comparing all pairs; only functions of more
    places may need more than two points of each kind, and these come from a linear program, whose answer is made
    exact with fractions.
    """
    found = _both_ways(table, width)
    if found is None and width <= PAIRS:
        found = equal_pairs(table, width)
    if found is None and width > 8:
        found = _by_program(table, width)
    if found is None:
        return None
    true, false = (tuple(_point(row, width) for row in rows) for rows in found)
    return Summability(true, false)


def _point(row: int, width: int) -> Point:
    return tuple(row >> place & 1 for place in reversed(range(width)))


Rows = tuple[list[int], list[int]]


def _both_ways(table: int, width: int) -> Rows | None:
    """Two rows that a place turns on and off again."""
    for place in range(width):
        low, high = tables.halves(table, width, place)
        rising, falling = high & ~low, low & ~high
        if rising and falling:
            up, down = (one.bit_length() - 1 for one in (rising, falling))
            return [up | 1 << place, down], [up, down | 1 << place]
    return None


def equal_pairs(table: int, width: int) -> Rows | None:
    """Two true and two false rows of the same sum. In base 3 the sum of two rows is one number."""
    digits = 3 ** np.arange(width)
    kinds = []
    for one in (table, tables.full(width) ^ table):
        rows = tables.rows(one, width)
        codes = tables.points(one, width) @ digits
        first, second = np.triu_indices(len(rows))
        kinds.append((rows, first, second, codes[first] + codes[second]))
    _, at, beside = np.intersect1d(kinds[0][3], kinds[1][3], return_indices=True)
    if not len(at):
        return None
    chosen = []
    for (rows, first, second, _), place in zip(kinds, (int(at[0]), int(beside[0])), strict=True):
        chosen.append([int(rows[first[place]]), int(rows[second[place]])])
    return chosen[0], chosen[1]


def _by_program(table: int, width: int) -> Rows | None:
    """Rows and how often to take each: a corner of the polytope of equal mixtures of true and false points."""
    from scipy.optimize import linprog

    other = tables.full(width) ^ table
    if not table or not other:
        return None
    true, false = tables.points(table, width), tables.points(other, width)
    matrix = np.vstack([np.hstack([true.T, -false.T]), np.repeat([1, 0], [len(true), len(false)])])
    matrix = np.vstack([matrix, np.repeat([0, 1], [len(true), len(false)])])
    found = linprog(
        np.zeros(matrix.shape[1]), A_eq=matrix, b_eq=[0] * width + [1, 1], bounds=(0, None), method="highs-ds"
    )
    if found.x is None:
        return None
    support = np.flatnonzero(found.x > 1e-9)
    signed = np.where(support < len(true), 1, -1)
    exact = _combination(np.vstack([matrix[:width, support], signed]))
    if exact is None:
        raise AssertionError(f"the solver's mixture of {len(support)} points is not exact: please report this")
    scale = math.lcm(*(share.denominator for share in exact))
    numbers = [*tables.rows(table, width).tolist(), *tables.rows(other, width).tolist()]
    chosen: Rows = ([], [])
    for column, share in zip(support.tolist(), exact, strict=True):
        chosen[column >= len(true)].extend([numbers[column]] * int(share * scale))
    return chosen


def _combination(matrix: NDArray[np.int64]) -> list[Fraction] | None:
    """Positive numbers that combine the columns to 0, if there is just one such combination up to its size."""
    lines = [[Fraction(int(one)) for one in line] for line in matrix]
    width = matrix.shape[1]
    pivots: list[int] = []
    for column in range(width):
        at = next((row for row in range(len(pivots), len(lines)) if lines[row][column]), None)
        if at is None:
            continue
        top = len(pivots)
        lines[top], lines[at] = lines[at], lines[top]
        lines[top] = [one / lines[top][column] for one in lines[top]]
        for row, line in enumerate(lines):
            if row != top and line[column]:
                lines[row] = [a - line[column] * b for a, b in zip(line, lines[top], strict=True)]
        pivots.append(column)
    free = [column for column in range(width) if column not in pivots]
    if len(free) != 1:
        return None
    result = [Fraction(1)] * width
    for row, column in enumerate(pivots):
        result[column] = -lines[row][free[0]]
    return result if min(result) > 0 else None
