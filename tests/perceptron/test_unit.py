"""Unit and its activations: the rule, the two ways to write it, and every refusal."""

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import expit
from strategies import weights

from perceptron import SIGMOID, STEP, NetworkError, Table, Unit


@pytest.mark.parametrize("z", [1, 5e-324, Fraction(1, 10**400), 10**400, 0.1])
def test_a_step_fires_on_any_positive_sum(z):
    assert STEP(z) == 1
    assert STEP(-z) == 0


def test_a_sum_of_exactly_zero_does_not_fire():
    assert [STEP(z) for z in (0, 0.0, -0.0, Fraction(0))] == [0, 0, 0, 0]


@given(st.floats(-1e6, 1e6))
def test_sigmoid_equals_scipy(z):
    assert SIGMOID(z) == pytest.approx(float(expit(z)), rel=1e-14, abs=5e-324)
    assert SIGMOID.array(np.array([z]))[0] == pytest.approx(float(expit(z)), rel=1e-14, abs=5e-324)
    assert SIGMOID.derivative(z) == pytest.approx(float(expit(z) * expit(-z)), rel=1e-13, abs=5e-324)


def test_sigmoid_does_not_overflow_at_sums_beyond_floats():
    assert (SIGMOID(10**400), SIGMOID(-(10**400)), SIGMOID.derivative(10**400)) == (1.0, 0.0, 0.0)
    assert SIGMOID.array(np.array([1e308, -1e308])).tolist() == [1.0, 0.0]


def test_steps_and_tables_are_flat():
    assert STEP.derivative(3) == STEP.derivative(0) == Table(0, 1).derivative(1) == 0


@given(st.lists(st.integers(0, 1), min_size=1, max_size=9))
def test_a_table_is_indexed_by_its_sum(values):
    table = Table(*values)
    assert [table(z) for z in range(len(values))] == values
    assert table == Table(values)
    assert hash(table) == hash(Table(values))
    assert table.array(np.arange(len(values), dtype=float)).tolist() == values
    assert eval(repr(table)) == table


def test_a_table_takes_values_of_any_type():
    assert Table(True, 0.0, np.uint8(1), Fraction(1), np.True_) == Table(1, 0, 1, 1, 1)
    assert Table(np.array([0, 1])) == Table(0, 1)


@pytest.mark.parametrize("z", [-1, 3, 0.5, Fraction(1, 2), 10**400])
def test_a_table_refuses_other_sums(z):
    with pytest.raises(NetworkError) as error:
        Table(0, 1, 0)(z)
    assert str(error.value) == f"a table of 3 values cannot take a sum of {z}"


@pytest.mark.parametrize("wrong", [2, -1, 0.5, "1", None, math.nan])
def test_a_table_holds_only_0_and_1(wrong):
    with pytest.raises(NetworkError) as error:
        Table(0, wrong)
    assert str(error.value) == f"a table has the value {wrong!r} for a sum of 1; give 0 or 1"


@pytest.mark.parametrize("values", [(), ([],)])
def test_a_table_without_values_is_refused(values):
    with pytest.raises(NetworkError) as error:
        Table(*values)
    assert str(error.value) == ("a table has no values; give one 0 or 1 for each sum, for example Table(0, 1, 0)")


@given(weights(extreme=True))
def test_bias_is_minus_threshold(number):
    """The two forms of the rule, equations 1 and 2, describe the same unit."""
    unit = Unit.from_threshold(number)
    assert unit == Unit(-number)
    assert unit.threshold == number
    assert Unit.from_threshold(Unit(number).threshold) == Unit(number)


def test_units_are_values():
    assert Unit(3) == Unit(3.0) == Unit(np.int64(3))
    assert Unit() == Unit(0, STEP)
    assert Unit(3) != Unit(3, SIGMOID)
    assert len({Unit(3), Unit(3), Unit(2)}) == 2
    with pytest.raises(AttributeError):
        Unit(3).bias = 4
    assert repr(Unit(3)) == "Unit(bias=3, activation=STEP)"
    assert repr(Unit(0.5, SIGMOID)) == "Unit(bias=0.5, activation=SIGMOID)"


@pytest.mark.parametrize("wrong", [math.nan, math.inf, "3", None])
def test_a_bias_is_a_finite_number(wrong):
    with pytest.raises(NetworkError) as error:
        Unit(wrong)
    assert str(error.value) == f"a bias is {wrong!r}; give a finite number (int, float or Fraction)"
    with pytest.raises(NetworkError) as error:
        Unit.from_threshold(wrong)
    assert str(error.value) == f"a threshold is {wrong!r}; give a finite number (int, float or Fraction)"


@pytest.mark.parametrize("wrong", ["step", None, 1, math.tanh])
def test_an_activation_is_one_of_ours(wrong):
    with pytest.raises(NetworkError) as error:
        Unit(3, wrong)
    assert str(error.value) == (f"an activation is {wrong!r}; give STEP, SIGMOID or a Table, for example Unit(3, STEP)")
