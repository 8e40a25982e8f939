"""evaluate, the definition: against the rule written a second time, and where floating point alone would be wrong."""

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from reference import corners, expected, node_values, single
from strategies import assignments, networks

from perceptron import SIGMOID, STEP, InputError, Network, Table, Unit, evaluate, trace


@given(networks(extreme=True, wide=True, wild=True))
def test_equals_the_rule_written_a_second_time(net):
    for values in corners(net):
        assert evaluate(net, values) == expected(net, values)


@given(networks(smooth=True, wild=True), st.data())
def test_equals_the_rule_with_sigmoids_and_real_inputs(net, data):
    values = data.draw(assignments(net))
    found, wanted = evaluate(net, values), expected(net, values)
    assert list(found) == list(net.outputs)
    # A step may read a sigmoid's last digit, so compare the digits of the sigmoids too.
    every, again = trace(net, values).values, node_values(net, values)
    if all(float(every[node]) == float(again[node]) for node in net.graph):
        assert found == wanted
    for node in net.units:
        if net.unit(node).activation is SIGMOID and all(source in net.inputs for source, _ in net.fanin(node)):
            assert every[node] == pytest.approx(float(again[node]), rel=1e-14)


@given(networks(smooth=True), st.data())
def test_values_have_their_types(net, data):
    """0 and 1 are ints wherever a unit is a step or a table; a sigmoid lies between 0 and 1."""
    found = trace(net, data.draw(assignments(net)))
    for node in net.units:
        value = found.values[node]
        if net.unit(node).activation.binary:
            assert type(value) is int
            assert value in (0, 1)
        else:
            assert type(value) is float
            assert 0 <= value <= 1


@given(networks(extreme=True))
def test_trace_shows_every_sum_exactly(net):
    for values in corners(net):
        found = trace(net, values)
        assert set(found.sums) == set(net.units)
        assert set(found.values) == set(net.graph)
        for node, z in found.sums.items():
            total = Fraction(net.unit(node).bias)
            for source, weight in net.fanin(node):
                total += Fraction(weight) * found.values[source]
            assert z == total
            assert found.values[node] == net.unit(node).activation(z)


TEN = Fraction(1, 10)


@pytest.mark.parametrize(
    ("weights", "bias", "fires"),
    [
        ([0.1, 0.2], -0.3, True),  # as doubles these three do not cancel: 2.8e-17 is left
        ([0.1, 0.2], -0.30000000000000004, False),  # and this is 2.8e-17 too much
        ([TEN, 2 * TEN], -3 * TEN, False),  # as tenths they cancel
        ([TEN, 2 * TEN], Fraction(-299999999999999999, 10**18), True),
        ([1e16, 1.0], -1e16, True),  # 1e16 + 1 is 1e16 in floating point
        ([1.0, 1e16], -1e16, True),
        ([1e308, 1e308, -1e308, -1e308], 5e-324, True),  # the partial sum is infinite
        ([1e308, 1e308, -1e308, -1e308], 0, False),
        ([10**400, 1], -(10**400), True),  # no float is that large
        ([10**400], -(10**400), False),
        ([2**53, 1], -(2**53), True),
        ([0.1] * 10, -1, True),  # ten tenths are a little more than 1, whatever the rounded sum says
        ([5e-324], 0, True),
        ([Fraction(1, 10**400)], 0, True),
    ],
)
def test_a_step_is_decided_exactly(weights, bias, fires):
    net = single(weights, bias)
    assert evaluate(net, [1] * len(weights)) == {"y": int(fires)}


def test_a_sum_of_exactly_zero_gives_zero_and_a_half():
    assert evaluate(single([2, 2], -4), x1=1, x2=1) == {"y": 0}
    assert evaluate(single([2, 2], -4, SIGMOID), x1=1, x2=1) == {"y": 0.5}


def test_inputs_beyond_floats():
    net = single([1, 1], 0, real=True)
    assert evaluate(net, x1=10**400, x2=-(10**400)) == {"y": 0}
    assert evaluate(net, x1=10**400, x2=Fraction(1, 3) - 10**400) == {"y": 1}
    assert evaluate(single([1], 0, SIGMOID), x1=-(10**400)) == {"y": 0.0}


def test_ways_to_give_the_inputs():
    net = single([2, 1], -2)
    every = [
        evaluate(net, x1=1, x2=1),
        evaluate(net, {"x1": 1}, x2=1),
        evaluate(net, {"x2": 1, "x1": 1}),
        evaluate(net, [1, 1]),
        evaluate(net, (True, 1.0)),
        evaluate(net, np.array([1, 1], dtype=np.uint8)),
        evaluate(net, {"x1": np.float32(1), "x2": np.bool_(True)}),
    ]
    assert every == [{"y": 1}] * 7


def test_inputs_may_be_called_like_parameters():
    net = Network()
    net.input("net")
    net.input("values")
    net.output("y", net.add(Unit(-1), {"net": 1, "values": 1}))
    assert evaluate(net, net=1, values=1) == {"y": 1}


def test_no_inputs():
    net = Network()
    net.output("y", net.add(Unit(1)))
    assert evaluate(net) == evaluate(net, []) == evaluate(net, {}) == {"y": 1}


def test_an_output_may_be_an_input_and_two_may_share_a_node():
    net = single([1], 0)
    net.output("again", "y")
    net.output("x", "x1")
    assert evaluate(net, x1=1) == {"y": 1, "again": 1, "x": 1}


BINARY = single([1, 1], 0)
REAL = single([1, 1], 0, real=True)


@pytest.mark.parametrize(
    ("net", "args", "named", "text"),
    [
        (BINARY, [], {"x1": 1}, "input 'x2' has no value; the inputs are x1, x2"),
        (BINARY, [{}], {}, "input 'x1' has no value; the inputs are x1, x2"),
        (BINARY, [], {"x1": 1, "x2": 1, "x3": 1}, "there is no input 'x3'; the inputs are x1, x2"),
        (BINARY, [{"x1": 1}], {"x1": 1, "x2": 0}, "input 'x1' is given twice; give it once"),
        (BINARY, [[1]], {}, "1 values given for 2 inputs (x1, x2); give one for each"),
        (BINARY, [[1, 1, 0]], {}, "3 values given for 2 inputs (x1, x2); give one for each"),
        (BINARY, [[1, 2]], {}, "input 'x2' is 2; a perceptron's input is 0 or 1"),
        (BINARY, [[0.5, 1]], {}, "input 'x1' is 0.5; a perceptron's input is 0 or 1"),
        (BINARY, [[-1, 1]], {}, "input 'x1' is -1; a perceptron's input is 0 or 1"),
        (BINARY, [[10**400, 1]], {}, f"input 'x1' is {10**400}; a perceptron's input is 0 or 1"),
        (BINARY, [["1", 1]], {}, "input 'x1' is '1'; give a finite number"),
        (BINARY, [[None, 1]], {}, "input 'x1' is None; give a finite number"),
        (REAL, [[math.nan, 1]], {}, "input 'x1' is nan; give a finite number"),
        (REAL, [[1, -math.inf]], {}, "input 'x2' is -inf; give a finite number"),
        (REAL, [[1j, 1]], {}, "input 'x1' is 1j; give a finite number"),
    ],
)
def test_refused_values(net, args, named, text):
    with pytest.raises(InputError) as error:
        evaluate(net, *args, **named)
    assert str(error.value) == text


def test_a_network_without_inputs_says_so():
    net = Network()
    net.output("y", net.add(Unit(1)))
    with pytest.raises(InputError) as error:
        evaluate(net, x=1)
    assert str(error.value) == "there is no input 'x'; the inputs are none"


def test_real_inputs_take_any_number():
    assert evaluate(REAL, [-3, 3.5]) == {"y": 1}
    assert evaluate(single([1], -Fraction(0.638), STEP, real=True), x1=0.638) == {"y": 0}
    assert evaluate(single([1], 0, SIGMOID), x1=0.638)["y"] == pytest.approx(1 / (1 + math.exp(-0.638)))


def test_a_table_unit_is_indexed_by_its_sum():
    net = single([1, 2, 4], 0, Table(0, 1, 1, 0, 1, 0, 0, 1))
    assert [evaluate(net, values)["y"] for values in corners(net)] == [sum(v.values()) & 1 for v in corners(net)]
