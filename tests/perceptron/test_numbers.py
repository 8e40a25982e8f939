"""Exact numbers: what is a weight, and sums and products that never round."""

import math
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from strategies import weights

from perceptron import NetworkError
from perceptron.numbers import add, as_number, exact, multiply, size
from perceptron.unit import fraction_text


@pytest.mark.parametrize(
    ("given_", "expected", "kind"),
    [
        (True, 1, int),
        (np.int8(-3), -3, int),
        (np.float32(0.5), 0.5, float),
        (np.float64(0.1), 0.1, float),
        (10**400, 10**400, int),
        (Fraction(1, 3), Fraction(1, 3), Fraction),
    ],
)
def test_numbers_of_any_library_become_pythons(given_, expected, kind):
    found = as_number(given_, "a weight")
    assert (found, type(found)) == (expected, kind)


@pytest.mark.parametrize(
    "wrong", [math.nan, math.inf, -math.inf, np.float32("nan"), 1j, "1", None, [1], Decimal(1), np.array([1, 2])]
)
def test_what_is_no_finite_number_is_refused_by_name(wrong):
    with pytest.raises(NetworkError) as error:
        as_number(wrong, "the weight from 'x'")
    assert str(error.value) == f"the weight from 'x' is {wrong!r}; give a finite number (int, float or Fraction)"


@given(weights(extreme=True), weights(extreme=True))
def test_sums_and_products_are_exact(a, b):
    assert Fraction(add(a, b)) == Fraction(a) + Fraction(b)
    assert Fraction(multiply(a, b)) == Fraction(a) * Fraction(b)
    assert exact(a) == Fraction(a)
    assert size(a) == abs(Fraction(a))


def is_a_float(true):
    try:
        return Fraction(float(true)) == true
    except OverflowError:
        return False


@given(weights(extreme=True), weights(extreme=True))
def test_the_result_has_the_plainest_type_that_holds_it(a, b):
    """Ints stay ints; a float appears where one was given and a float is exactly the result."""
    for found, true in ((add(a, b), Fraction(a) + Fraction(b)), (multiply(a, b), Fraction(a) * Fraction(b))):
        if (isinstance(a, float) or isinstance(b, float)) and is_a_float(true):
            assert type(found) is float
        else:
            assert type(found) is (int if true.denominator == 1 else Fraction)


def test_the_classic_sum_keeps_its_rest():
    assert add(0.1, 0.2) == Fraction(0.1) + Fraction(0.2)
    assert add(0.5, 0.5) == 1.0
    assert isinstance(add(0.5, 0.5), float)


@pytest.mark.parametrize(
    ("number", "text"),
    [(3, "3"), (-2, "-2"), (0.25, "0.25"), (Fraction(1, 3), "1/3"), (3.0, "3"), (10**301, str(10**301))],
)
def test_text_of_a_number(number, text):
    assert fraction_text(number) == text
