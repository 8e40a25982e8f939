"""The other activations: against NumPy, PyTorch's formulas and finite differences; saturated, exact, refused."""

import math
import sys
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import networks

from perceptron import (
    EXP,
    IDENTITY,
    RECIPROCAL,
    RELU,
    TANH,
    LeakyRelu,
    Network,
    NetworkError,
    Unit,
    evaluate,
    linearize,
    simulate,
)
from perceptron.names import gate_name

ALL = [RELU, TANH, IDENTITY, EXP, RECIPROCAL, LeakyRelu(0.25), LeakyRelu(-0.5), LeakyRelu(3)]
LARGEST = sys.float_info.max
by_name = pytest.mark.parametrize("activation", ALL, ids=repr)


def oracle(activation, z):
    return {
        "relu": lambda: np.maximum(z, 0),
        "tanh": lambda: np.tanh(z),
        "identity": lambda: z,
        "exp": lambda: np.exp(np.minimum(z, 700)),
        "reciprocal": lambda: 1 / z,
        "leaky_relu": lambda: np.where(z >= 0, z, getattr(activation, "alpha", 0) * z),
    }[activation.name]()


@by_name
@given(st.floats(-800, 800).filter(lambda z: abs(z) > 1e-300))
def test_values_are_numpys(activation, z):
    want = float(oracle(activation, np.float64(z)))
    assert activation(Fraction(z)) == pytest.approx(want, rel=1e-14)
    assert activation.array(np.array([z]))[0] == pytest.approx(want, rel=1e-14)
    assert isinstance(activation(Fraction(z)), float)


@by_name
@given(st.floats(0.1, 5), st.sampled_from([-1, 1]))
def test_the_derivative_is_the_slope(activation, size, sign):
    z, h = Fraction(size * sign), Fraction(1, 10**6)
    slope = (activation(z + h) - activation(z - h)) / float(2 * h)
    assert activation.derivative(z) == pytest.approx(slope, rel=1e-5, abs=1e-8)


@by_name
@pytest.mark.parametrize("z", [10**400, -(10**400), Fraction(10**400, 3), Fraction(1, 10**400), 5e-324, 1e308])
def test_no_sum_makes_a_value_that_is_not_a_number(activation, z):
    assert math.isfinite(activation(z))
    assert math.isfinite(activation.derivative(z))
    array = activation.array(np.array([1e308, -1e308, np.inf, -np.inf, 5e-324]))
    assert np.isfinite(array).all()


def test_exact_sums_round_once():
    third = Fraction(1, 3)
    assert RELU(third) == IDENTITY(third) == 1 / 3
    assert RECIPROCAL(Fraction(1, 10**400)) == LARGEST
    assert RECIPROCAL(3) == 1 / 3
    assert LeakyRelu(0.1)(-third) == float(-third * Fraction(0.1))
    assert TANH(Fraction(1, 10**20)) == 1e-20


def test_slopes_at_the_corner_and_in_saturation():
    assert (RELU.derivative(0), LeakyRelu(0.25).derivative(0)) == (0.0, 0.25)
    assert TANH.derivative(300) == pytest.approx(4 * math.exp(-600))
    assert (EXP.derivative(699) > 0, EXP.derivative(700)) == (True, 0.0)


@pytest.mark.parametrize("call", [RECIPROCAL, RECIPROCAL.derivative, lambda z: RECIPROCAL.array(np.array([1.0, z]))])
def test_zero_has_no_reciprocal(call):
    with pytest.raises(NetworkError) as error:
        call(0)
    assert str(error.value) == (
        "a reciprocal cannot take a sum of 0; give the unit a bias that keeps its sum away from 0"
    )


@pytest.mark.parametrize(
    ("alpha", "words"), [(math.nan, "finite number"), ("1", "finite number"), (10**400, "largest")]
)
def test_a_slope_is_a_finite_number(alpha, words):
    with pytest.raises(NetworkError, match=words):
        LeakyRelu(alpha)


def test_activations_are_values():
    assert LeakyRelu(1) == LeakyRelu(1.0) == LeakyRelu(Fraction(1))
    assert LeakyRelu() == LeakyRelu(0.01)
    assert repr(LeakyRelu(0.5)) == "LeakyRelu(alpha=0.5)"
    assert [repr(one) for one in ALL[:5]] == ["RELU", "TANH", "IDENTITY", "EXP", "RECIPROCAL"]
    assert len({*ALL, LeakyRelu(3.0)}) == len(ALL)
    assert not any(one.binary for one in ALL)


def test_a_gate_of_another_activation_is_called_by_it():
    net = Network()
    net.output("y", net.add(Unit(0, RELU), [(net.input("x"), 1)], name="y"))
    assert gate_name(net, "y") == "RELU"


def test_equation_5_holds_for_them():
    """A network of every smooth kind moves as its derivatives say."""
    net = Network()
    x = net.input("x")
    layer = [net.add(Unit(0.5, one), [(x, 0.75)]) for one in ALL]
    net.output("y", net.add(Unit(0.1, TANH), [(node, 0.125) for node in layer]))
    near = linearize(net, x=0.3)
    changes = np.random.default_rng(1).normal(size=len(near.parameters)) * 1e-6
    assert near.predict(changes)["y"] == pytest.approx(near.true_change(changes)["y"], rel=1e-4)


@given(networks(others=True, steps_only=False, max_units=5))
def test_running_many_equals_evaluating_one(net):
    """Identity and rectifiers of whole weights are exact; the rest agrees to rounding wherever no step reads it."""
    if any(net.unit(n).activation.binary and net.fanin(n) for n in net.units):
        return
    rows = np.random.default_rng(0).integers(-1, 2, (3, len(net.inputs))) % 2
    for row, got in zip(rows, np.asarray(simulate(net, rows)), strict=True):
        assert got == pytest.approx(list(evaluate(net, row.tolist()).values()), rel=1e-9, abs=1e-9)
