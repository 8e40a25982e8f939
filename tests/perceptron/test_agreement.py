"""agreement: the slope from which the soft network agrees, and the zeros where none does."""

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from reference import corners, single, snapshot
from strategies import networks

from circuits import half_adder, nand, threshold_full_adder, threshold_ripple_carry_adder, xor
from perceptron import (
    SIGMOID,
    InputError,
    Network,
    NetworkError,
    ParameterError,
    Unit,
    agreement,
    evaluate,
    soften,
    trace,
)


def agrees(net, c, samples=None):
    """Whether the outputs of the softened network, read at 0.5, are those of the network, by evaluate alone."""
    soft = soften(net, c)
    for values in corners(net) if samples is None else samples:
        hard = evaluate(net, values)
        if any((value >= 0.5) != (hard[name] == 1) for name, value in evaluate(soft, values).items()):
            return False
    return True


@given(networks(steps_only=True, max_inputs=3, max_units=5))
def test_zeros_and_margins_are_those_of_evaluate(net):
    assume(net.units)
    before = snapshot(net)
    found = agreement(net)
    assert snapshot(net) == before
    every = [(values, trace(net, values).sums) for values in corners(net)]
    assert found.samples == len(every)
    for node in net.units:
        assert found.margins[node] == min(abs(sums[node]) for _, sums in every)
    zeros = dict(found.zeros)
    assert set(zeros) == {node for node in net.units if any(sums[node] == 0 for _, sums in every)}
    for node, values in zeros.items():
        assert values == next(values for values, sums in every if sums[node] == 0)
    assert (found.slope is None) == (found.proved_slope is None) == bool(zeros)


@given(networks(steps_only=True, max_inputs=3, max_units=5), st.floats(1, 1000))
def test_the_slope_agrees_and_every_larger_one(net, factor):
    assume(net.units)
    found = agreement(net)
    assume(not found.zeros)
    assert 0 <= found.slope <= found.proved_slope
    for c in (found.proved_slope, found.proved_slope * factor):
        assert agrees(net, c)
    if found.slope > 0:
        assert agrees(net, found.slope)
        assert not agrees(net, found.slope * (1 - 1e-5))
    else:
        assert agrees(net, found.proved_slope / 1000)


def test_from_the_proved_slope_on_every_unit_is_near_its_step():
    """What the proof says is more than the outputs: each unit is on its side of 0.5, with half the margin left."""
    net = threshold_full_adder.network
    c = agreement(net).proved_slope
    for values in corners(net):
        soft, hard = trace(soften(net, c), values), trace(net, values)
        for node in net.units:
            assert abs(float(soft.sums[node])) >= c * float(agreement(net).margins[node]) / 2
            assert (soft.values[node] > 0.5) == bool(hard.values[node])


def test_a_known_slope():
    """Two NOTs in a row, the second of bias 0.1 and weight -0.2 reading s(c) and s(-c): worked out by hand.

    For x = 1 the first is s(-c) = 1 - s(c) and the sum of the second 0.1 - 0.2 s(-c), always positive. For x = 0
    it is 0.1 - 0.2 s(c) < 0 exactly if s(c) > 0.5. So it agrees for every c > 0.
    """
    net = Network()
    net.input("x")
    net.add(Unit(1), [("x", -2)], name="a")
    net.output("y", net.add(Unit(Fraction(1, 10)), [("a", Fraction(-1, 5))], name="b"))
    assert agreement(net).slope == 0.0
    # With the bias 3/4 and the weight -1 it must exceed s(c) > 3/4, so c > log(3).
    other = Network()
    other.input("x")
    other.add(Unit(1), [("x", -2)], name="a")
    other.output("y", other.add(Unit(Fraction(3, 4)), [("a", -1)], name="b"))
    assert agreement(other).slope == pytest.approx(math.log(3), rel=2e-6)


def test_the_chapters_networks_agree_somewhere():
    for net in (nand.network, half_adder.network, threshold_full_adder.network):
        found = agreement(net)
        assert found.zeros == []
        assert set(found.margins.values()) == {1}
        assert str(found).startswith(f"The softened network agrees on {2 ** len(net.inputs)} inputs from c = ")


def test_a_zero_is_reported_with_its_input():
    net = single([2, 2], -4)
    found = agreement(net)
    assert found.zeros == [("y", {"x1": 1, "x2": 1})]
    assert str(found) == (
        "No slope works: w.x + b is exactly 0 at\n"
        "  unit 'y' for x1=1, x2=1: the perceptron gives 0, the sigmoid neuron 0.5 for every c"
    )
    for c in (1, 1000, 10**9):
        assert evaluate(soften(net, c), x1=1, x2=1) == {"y": 0.5}
    assert agreement(net, [[0, 0], [1, 0]]).zeros == []


def test_only_the_given_samples_count():
    net = threshold_ripple_carry_adder(8).network
    rng = np.random.default_rng(0)
    samples = rng.integers(0, 2, (20, 16))
    found = agreement(net, samples)
    assert found.samples == 20
    rows = [dict(zip(net.inputs, map(int, row), strict=True)) for row in samples]
    assert agrees(net, found.slope, rows)
    assert agrees(net, found.proved_slope, rows)


def test_refused_networks():
    with pytest.raises(
        NetworkError, match=r"^unit 'out' is no perceptron but Table\(0, 1, 0\); give a network of steps$"
    ):
        agreement(xor.network)
    with pytest.raises(NetworkError, match=r"^unit 'y' is no perceptron but SIGMOID; give a network of steps$"):
        agreement(single([1], 0, SIGMOID))
    wire = Network("wire")
    wire.input("x")
    wire.output("y", "x")
    with pytest.raises(NetworkError) as error:
        agreement(wire)
    assert str(error.value) == (
        "<Network 'wire': 1 input, 0 units, 0 edges, 1 output> has no unit, so there is nothing to soften"
    )


def test_too_many_inputs_to_look_at_all():
    with pytest.raises(ParameterError) as error:
        agreement(single([1] * 13, 0))
    assert str(error.value) == ("the network has 13 inputs, too many to look at all of them; give samples (n, inputs)")


@pytest.mark.parametrize("samples", [[0, 1], [[0]], np.zeros((0, 2))])
def test_samples_that_do_not_fit(samples):
    with pytest.raises(InputError) as error:
        agreement(nand.network, samples)
    assert str(error.value) == (f"samples have the shape {np.shape(samples)}; give (samples, 2), at least one")
    with pytest.raises(InputError, match=r"^input 'x1' is 2; a perceptron's input is 0 or 1$"):
        agreement(nand.network, [[2, 0]])
