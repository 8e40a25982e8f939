"""Arguments of functions: what is taken, and what the error says of the rest."""

import math
from fractions import Fraction

import numpy as np
import pytest

from perceptron import ParameterError
from perceptron.arguments import require_distance, require_names, require_rng, require_seconds, require_whole


@pytest.mark.parametrize("value", [3, np.int8(3), np.uint64(3)])
def test_whole_numbers_of_any_library(value):
    found = require_whole("steps", value, 1)
    assert (found, type(found)) == (3, int)


@pytest.mark.parametrize("value", [0, -1, True, 3.0, np.float64(3), "3", None, math.nan, [3], Fraction(1, 2)])
def test_what_is_no_whole_number(value):
    with pytest.raises(ParameterError) as error:
        require_whole("steps", value, 1)
    assert str(error.value) == f"steps is {value!r}; give a whole number of at least 1"


def test_a_range_and_a_cure():
    with pytest.raises(ParameterError, match="leaves is 7; give a whole number from 2 to 6"):
        require_whole("leaves", 7, 2, 6)
    with pytest.raises(ParameterError, match="fanin is 2; give three"):
        require_whole("fanin", 2, 3, cure="three")


@pytest.mark.parametrize(("value", "wanted"), [(0, 0), (1.5, 1.5), (Fraction(1, 2), 0.5), (math.inf, math.inf)])
def test_seconds(value, wanted):
    assert require_seconds("limit", value) == wanted
    assert require_seconds("limit", None) is None


@pytest.mark.parametrize("value", [-1, math.nan, "8", [1], 1j])
def test_what_are_no_seconds(value):
    with pytest.raises(ParameterError) as error:
        require_seconds("limit", value)
    assert str(error.value) == f"limit is {value!r}; give at least 0 seconds, or None for no limit"


@pytest.mark.parametrize("value", [-1e-9, math.nan, math.inf, "8", None])
def test_what_is_no_distance(value):
    assert require_distance("tolerance", np.float32(0.5)) == 0.5
    with pytest.raises(ParameterError) as error:
        require_distance("tolerance", value)
    assert str(error.value) == f"tolerance is {value!r}; give a finite number of at least 0"


def test_names_are_read_once_and_kept_in_order():
    assert require_names("among", "input", (name for name in "cba"), "abc") == ("c", "b", "a")
    assert require_names("among", "input", ["b", "a", "b"], "abc") == ("b", "a")


def test_names_of_many():
    with pytest.raises(ParameterError) as error:
        require_names("among", "input", ["x"], [f"a{at}" for at in range(100)])
    assert str(error.value).startswith("there is no input 'x'; the inputs are a0, a1, ")
    assert str(error.value).endswith(", a18, ... and a99")


@pytest.mark.parametrize("value", [-1, "8", 1.5])
def test_what_makes_no_random_numbers(value):
    assert require_rng(5).integers(1 << 60) == np.random.default_rng(5).integers(1 << 60)
    generator = np.random.default_rng(5)
    assert require_rng(generator) is generator
    with pytest.raises(ParameterError) as error:
        require_rng(value)
    assert str(error.value) == f"rng is {value!r}; give None, a whole number of at least 0, or a numpy.random.Generator"
