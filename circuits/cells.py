"""The unit and the weights behind each gate: a gate is a function that adds one unit."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

from perceptron import Table, Unit


class Cell(NamedTuple):
    """A unit and the weight of each of its pins."""

    unit: Unit
    weights: Sequence[int]


_unit = cache(Unit)  # a circuit has thousands of equal units, which may be one

# The weights are 2 and the bias is odd, as in the chapter's NAND, so that no sum is ever 0: every gate keeps a
# margin of 1 to either side, softens well, and stays whole.


def nand(pins: int) -> Cell:
    """0 exactly if every pin is 1. For two pins the chapter's unit: weights -2, -2, bias 3."""
    return Cell(_unit(2 * pins - 1), [-2] * pins)


def and_(pins: int) -> Cell:
    """1 exactly if every pin is 1."""
    return at_least(pins, pins)


def or_(pins: int) -> Cell:
    """1 if any pin is 1."""
    return at_least(1, pins)


def nor(pins: int) -> Cell:
    """1 exactly if no pin is 1."""
    return Cell(_unit(1), [-2] * pins)


def at_least(count: int, pins: int) -> Cell:
    """1 if at least `count` of the pins are 1."""
    return Cell(_unit(1 - 2 * count), [2] * pins)


def parity(pins: int, *, of_none: int = 0) -> Cell:
    """A table by the number of ones: `of_none` for an even number. No single perceptron is a parity."""
    return Cell(Unit(0, Table(*((count & 1) ^ of_none for count in range(pins + 1)))), [1] * pins)


def mux() -> Cell:
    """Pins select, high, low: a table on weights 4, 2, 1."""
    return Cell(Unit(0, Table(0, 1, 0, 1, 0, 0, 1, 1)), [4, 2, 1])


def constant(value: int) -> Cell:
    """A unit with no inputs fires if and only if its bias is > 0."""
    return Cell(Unit(1 if value else -1), [])
