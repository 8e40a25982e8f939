"""Exact arithmetic on weights: int, float and Fraction mean the real number that they are."""

from __future__ import annotations

import math
import numbers
from fractions import Fraction

from perceptron.errors import NetworkError

Number = int | float | Fraction
Exact = int | Fraction


def as_number(value: object, what: str) -> Number:
    """`value` as a plain int, float or Fraction; NumPy's scalars become Python's.

    Raises
    ------
    NetworkError
        If it is not a real number, or is infinite or not a number; `what` names the thing in the message.

    Examples
    --------
    >>> as_number(True, "a bias"), as_number(0.5, "a bias")
    (1, 0.5)
    """
    if type(value) is int:  # nearly always, and much faster to ask than for what may count as an integer
        return value
    if isinstance(value, numbers.Integral):
        return int(value)
    if isinstance(value, Fraction):
        return value
    if isinstance(value, numbers.Real) and math.isfinite(value):
        return float(value)
    raise NetworkError(f"{what} is {value!r}; give a finite number (int, float or Fraction)")


def exact(value: Number) -> Exact:
    """The same real number as an int where it is one, else as a Fraction: sums of these never round.

    Examples
    --------
    >>> exact(2.0), exact(0.75)
    (2, Fraction(3, 4))
    """
    if isinstance(value, int):
        return value
    fraction = Fraction(value)
    return fraction.numerator if fraction.denominator == 1 else fraction


def size(value: Number) -> Exact:
    """The absolute value, exact.

    Examples
    --------
    >>> size(-0.5)
    Fraction(1, 2)
    """
    number = exact(value)
    return -number if number < 0 else number


def simplest(value: Exact, like: tuple[Number, ...]) -> Number:
    """The exact number `value` in the plainest type that still holds it without rounding.

    An int if it is whole and none of the numbers `like` is a float, a float if a float is exactly it, else a
    Fraction. So 0.1 + 0.2 stays exact (a Fraction), and 0.5 + 0.5 is 1.0.

    Examples
    --------
    >>> simplest(Fraction(1), (0.5, 0.5)), simplest(-4, (-2, -2)), simplest(Fraction(1, 3), (0.5,))
    (1.0, -4, Fraction(1, 3))
    """
    if not any(isinstance(number, float) for number in like):
        return value
    try:
        as_float = float(value)
    except OverflowError:
        return value
    return as_float if Fraction(as_float) == value else value


def add(first: Number, second: Number) -> Number:
    """The exact sum, in the plainest type (see `simplest`)."""
    return simplest(exact(exact(first) + exact(second)), (first, second))


def multiply(first: Number, second: Number) -> Number:
    """The exact product, in the plainest type (see `simplest`)."""
    return simplest(exact(exact(first) * exact(second)), (first, second))
