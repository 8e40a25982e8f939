"""Every statement of the chapter that can be checked, section by section in its order; what is said about learning
and about reading digits is checked in tests/learn. Each docstring says what the chapter claims, in our own words.
"""

import inspect
import itertools
import math
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from reference import corners, single, snapshot
from strategies import assignments, networks, weights

from circuits import circuit, gate_name, half_adder, nand, statistics, to_nand
from learn import to_network
from learn.layers import Layers
from perceptron import (
    SIGMOID,
    STEP,
    Activation,
    CycleError,
    InputError,
    Network,
    Table,
    Unit,
    agreement,
    check,
    evaluate,
    find_difference,
    harden,
    layered,
    layers,
    linearize,
    merge_parallel,
    scale,
    simulate,
    soften,
    trace,
    truth_table,
)
from perceptron.linearize import Parameter

# ----------------------------------------------------------------------------------------------------------------
# Perceptrons


@given(st.lists(weights(extreme=True), max_size=6), weights(extreme=True), st.randoms())
def test_equation_1(numbers, threshold, random):
    """A perceptron gives 1 if the weighted sum of its 0/1 inputs is above its threshold, and 0 otherwise."""
    net = Network()
    names = [net.input(f"x{index}") for index in range(len(numbers))]
    net.output("output", net.add(Unit.from_threshold(threshold), zip(names, numbers, strict=True)))
    bits = [random.randrange(2) for _ in numbers]
    total = sum((Fraction(w) * x for w, x in zip(numbers, bits, strict=True)), Fraction(0))
    assert evaluate(net, bits) == {"output": 1 if total > Fraction(threshold) else 0}


@pytest.mark.parametrize("inputs", [0, 1, 2, 3, 10])
def test_a_perceptron_may_have_more_or_fewer_inputs_than_three(inputs):
    """The drawn perceptron has three inputs, but any number is possible; the output is one bit."""
    table = truth_table(single([1] * inputs, 1 - inputs))
    assert table.outputs.shape == (2**inputs, 1)
    assert set(table.outputs.ravel().tolist()) <= {0, 1}


@pytest.mark.parametrize("wrong", [0.5, 2, -1])
def test_inputs_of_a_perceptron_are_binary(wrong):
    """A perceptron takes binary inputs."""
    with pytest.raises(InputError, match="a perceptron's input is 0 or 1"):
        evaluate(single([1], 0), x1=wrong)


@pytest.mark.parametrize("weight", [0.25, -1.5, Fraction(1, 3), 1e-9])
def test_weights_and_threshold_are_real_numbers(weight):
    """Weights and the threshold are real numbers: a sum that equals the threshold is not above it."""
    net = Network()
    net.input("x")
    net.output("on it", net.add(Unit.from_threshold(weight), [("x", weight)]))
    net.output("above", net.add(Unit.from_threshold(Fraction(weight) - Fraction(1, 10**30)), [("x", weight)]))
    assert evaluate(net, x=1) == {"on it": 0, "above": 1}


def festival(threshold):
    """Weather weighs 6, company and public transit 2 each."""
    net = Network("festival")
    factors = [net.input(name) for name in ("weather", "company", "transit")]
    net.output("go", net.add(Unit.from_threshold(threshold), zip(factors, (6, 2, 2), strict=True), name="go"))
    return net


def test_festival_with_threshold_5():
    """It fires exactly if the weather is good; the other two make no difference."""
    for weather, company, transit in itertools.product((0, 1), repeat=3):
        assert evaluate(festival(5), weather=weather, company=company, transit=transit) == {"go": weather}


def test_festival_with_threshold_3():
    """Now it fires if the weather is good, or if there are both company and transit."""
    for weather, company, transit in itertools.product((0, 1), repeat=3):
        wanted = int(weather or (company and transit))
        assert evaluate(festival(3), weather=weather, company=company, transit=transit) == {"go": wanted}


def test_the_two_thresholds_are_different_models():
    """Another threshold is another model of decision-making: they differ exactly on company and transit alone."""
    assert find_difference(festival(5), festival(3)) == {"weather": 0, "company": 1, "transit": 1}
    differ = [
        row for row, other in zip(truth_table(festival(5)), truth_table(festival(3)), strict=True) if row != other
    ]
    assert differ == [(0, 1, 1, 0)]


def test_weather_matters_more():
    """The larger weight shows that the weather matters more than company or transit."""
    flips = dict.fromkeys(("weather", "company", "transit"), 0)
    for values in corners(festival(3)):
        for name in flips:
            other = values | {name: 1 - values[name]}
            flips[name] += evaluate(festival(3), values) != evaluate(festival(3), other)
    assert flips["weather"] > flips["company"] == flips["transit"] > 0


@given(st.lists(weights(), max_size=5), weights(), st.fractions(0, 10, max_denominator=20))
def test_dropping_the_threshold_makes_it_more_willing(numbers, bias, drop):
    """With a lower threshold a perceptron fires wherever it did before, and perhaps elsewhere."""
    before, after = single(numbers, bias), single(numbers, Fraction(bias) + drop)
    assert after.unit("y").threshold <= before.unit("y").threshold
    assert (truth_table(after).outputs >= truth_table(before).outputs).all()


def test_dropping_the_festivals_threshold_does_add_days():
    """The lower the threshold, the more of the eight cases lead to the festival, from none to all."""
    days = [int(truth_table(festival(threshold)).outputs.sum()) for threshold in (10, 9, 5, 3, 1, -1)]
    assert days == [0, 1, 4, 5, 7, 8]


def decisions():
    """Five inputs, and columns of three, four and one perceptrons, each reading the whole column before it."""
    net = Network("decisions")
    column = [net.input(f"x{index}") for index in range(1, 6)]
    rng = np.random.default_rng(1)
    for place, size in enumerate((3, 4, 1), start=1):
        made = []
        for row in range(size):
            numbers = rng.integers(-3, 4, len(column)).tolist()
            bias = -(sum(numbers) // 2) - Fraction(1, 2)
            made.append(net.add(Unit(bias), zip(column, numbers, strict=True), name=f"c{place}.{row}"))
        column = made
    net.output("decision", column[0])
    return net


def test_a_network_of_three_columns():
    """The first column weighs the inputs, each later one weighs the results of the column before it."""
    net = decisions()
    found = layers(net)
    assert [len(layer) for layer in found] == [5, 3, 4, 1]
    for before, layer in itertools.pairwise(found):
        for node in layer:
            assert [source for source, _ in net.fanin(node)] == before
    decided = truth_table(net).outputs
    assert 0 < decided.sum() < 32


def test_later_columns_decide_what_one_perceptron_cannot():
    """A many-layer network can make decisions that are more complex: XOR takes a second layer."""
    rows = [(0, 0), (0, 1), (1, 0), (1, 1)]
    grid = [Fraction(n, 2) for n in range(-6, 7)]
    for w1, w2, bias in itertools.product(grid, repeat=3):
        assert [w1 * a + w2 * b + bias > 0 for a, b in rows] != [False, True, True, False]
    net = Network()
    net.input("x1")
    net.input("x2")
    net.add(Unit(-1), [("x1", 2), ("x2", 2)], name="or")
    net.add(Unit(3), [("x1", -2), ("x2", -2)], name="nand")
    net.output("xor", net.add(Unit(-3), [("or", 2), ("nand", 2)]))
    assert truth_table(net).outputs.ravel().tolist() == [0, 1, 1, 0]


def test_several_arrows_carry_one_output():
    """A perceptron that feeds several others still has one output: all of them read the same value."""
    net = decisions()
    for node in layers(net)[1]:
        assert net.graph.out_degree(node) == 4
    for values in corners(net):
        value = trace(net, values).values
        sums = trace(net, values).sums
        for node in layers(net)[2]:
            total = net.unit(node).bias + sum(w * value[source] for source, w in net.fanin(node))
            assert sums[node] == total


@given(st.lists(weights(), max_size=5), weights())
def test_equation_2_is_equation_1_with_the_bias(numbers, threshold):
    """With b = -threshold the rule reads: 1 if w.x + b > 0, else 0. Both forms are the same perceptron."""
    with_threshold, with_bias = Unit.from_threshold(threshold), Unit(-threshold)
    assert with_threshold == with_bias
    net = single(numbers, with_bias.bias)
    for values in corners(net):
        dot = sum((Fraction(w) * x for w, x in zip(numbers, values.values(), strict=True)), Fraction(0))
        assert trace(net, values).sums["y"] == dot + Fraction(with_bias.bias)
        assert evaluate(net, values) == {"y": int(dot > Fraction(threshold))}


@given(st.lists(weights(), max_size=5))
def test_the_bias_says_how_easily_it_fires(numbers):
    """With a really big bias it is extremely easy to get a 1, with a very negative one it is difficult."""
    size = sum(abs(Fraction(weight)) for weight in numbers)
    assert truth_table(single(numbers, size + 1)).outputs.all()
    assert not truth_table(single(numbers, -size - 1)).outputs.any()


# --- NAND


def test_nand_sums():
    """With weights -2, -2 and bias 3 the inputs 00, 01, 10, 11 make the sums 3, 1, 1, -1."""
    net = nand.network
    assert [trace(net, values).sums["out"] for values in corners(net)] == [3, 1, 1, -1]


def test_nand_outputs():
    """So 00, 01 and 10 give 1, and 11 gives 0: it is a NAND gate."""
    assert [nand(a, b) for a, b in itertools.product((0, 1), repeat=2)] == [1, 1, 1, 0]
    assert nand.network.unit("out") == Unit(3, STEP)
    assert [weight for _, weight in nand.network.fanin("out")] == [-2, -2]
    assert gate_name(nand.network, "out") == "NAND"


@pytest.mark.parametrize(
    ("bias", "weight", "name"), [(-3, 2, "AND"), (-1, 2, "OR"), (3, -2, "NAND"), (-1.5, 1, "AND"), (-0.5, 1, "OR")]
)
def test_elementary_logical_functions(bias, weight, name):
    """A perceptron can compute AND, OR and NAND."""
    wanted = {"AND": [0, 0, 0, 1], "OR": [0, 1, 1, 1], "NAND": [1, 1, 1, 0]}[name]
    net = single([weight, weight], bias)
    assert truth_table(net).outputs.ravel().tolist() == wanted
    assert gate_name(net, "y") == name


def by_nands(values):
    """The network of NANDs for a truth table, given row by row."""
    inputs = len(values).bit_length() - 1
    return to_nand(single([2**place for place in reversed(range(inputs))], 0, Table(values)))


def is_all_nand(net):
    return all(
        net.unit(node) == Unit(3) and [weight for _, weight in net.fanin(node)] == [-2, -2] for node in net.units
    )


@pytest.mark.parametrize("inputs", [1, 2, 3])
def test_nand_is_universal(inputs):
    """Any logical function can be built of NAND gates: every truth table of up to three inputs."""
    for values in itertools.product((0, 1), repeat=2**inputs):
        net = by_nands(values)
        assert is_all_nand(net)
        assert tuple(truth_table(net).outputs.ravel()) == values


@given(st.lists(st.integers(0, 1), min_size=16, max_size=16))
def test_nand_is_universal_for_four_inputs(values):
    """Any logical function of four inputs (all 65,536 are tried in the slow suite of to_nand)."""
    net = by_nands(values)
    assert is_all_nand(net)
    assert truth_table(net).outputs.ravel().tolist() == values


# --- the adder


def test_the_adders_four_rows():
    """The adder computes the bitwise sum, x1 xor x2, and a carry that is 1 if both are 1, the product x1 x2."""
    assert [(x1, x2, *half_adder(x1, x2)) for x1, x2 in itertools.product((0, 1), repeat=2)] == [
        (0, 0, 0, 0),
        (0, 1, 1, 0),
        (1, 0, 1, 0),
        (1, 1, 0, 1),
    ]


def test_the_adder_is_five_nands():
    """The circuit is made of NAND gates alone, five of them."""
    assert statistics(half_adder.network)["gates"] == {"NAND": 5}


def test_gates_replaced_by_perceptrons():
    """Replacing each NAND gate by the perceptron of weights -2, -2 and bias 3 gives an equivalent network."""

    @circuit
    def of_gates(x1, x2):
        """The same wiring in Python's own operators, whose units are table and AND units, not NANDs."""
        left = ~(x1 & x2)
        return {"sum": ~(~(x1 & left) & ~(x2 & left)), "carry": ~(left & left)}

    net = half_adder.network
    assert find_difference(of_gates.network, net) is None
    assert {gate_name(of_gates.network, node) for node in of_gates.network.units} == {"AND", "NOT"}
    assert is_all_nand(net)


def test_the_leftmost_output_is_used_twice_by_the_bottommost():
    """Two lines lead from the leftmost perceptron to the bottommost one, which computes the carry."""
    net = half_adder.network
    leftmost, bottommost = layers(net)[1][0], net.outputs["carry"]
    assert net.graph.number_of_edges(leftmost, bottommost) == 2
    assert net.fanin(bottommost) == [(leftmost, -2), (leftmost, -2)]
    pairs = [(u, v) for u, v in set(net.graph.edges()) if net.graph.number_of_edges(u, v) > 1]
    assert pairs == [(leftmost, bottommost)]


def test_two_lines_merge_into_one():
    """The two lines of -2 can be merged into one of -4, and the network is equivalent."""
    before = snapshot(half_adder.network)
    merged = merge_parallel(half_adder.network)
    assert merged.fanin(merged.outputs["carry"]) == [(layers(merged)[1][0], -4)]
    assert find_difference(merged, half_adder.network) is None
    assert list(truth_table(merged)) == list(truth_table(half_adder.network))
    assert snapshot(half_adder.network) == before


def test_weights_and_biases_after_merging():
    """All biases are 3, all weights -2, except a single -4."""
    merged = merge_parallel(half_adder.network)
    assert {merged.unit(node).bias for node in merged.units} == {3}
    found = sorted(weight for node in merged.units for _, weight in merged.fanin(node))
    assert found == [-4] + [-2] * 8


@given(networks(smooth=True), st.data())
def test_merging_is_right_in_any_network(net, data):
    """w a + w' a = (w + w') a: merging lines between the same two units never changes anything."""
    values = data.draw(assignments(net))
    assert evaluate(merge_parallel(net), values) == evaluate(net, values)


# --- the input layer, constants


def test_the_input_layer():
    """Inputs are drawn as a layer of their own; it stands first and holds exactly the inputs."""
    net = half_adder.network
    assert layers(net)[0] == ["x1", "x2"] == list(net.inputs)
    assert all(net.graph.in_degree(name) == 0 for name in net.inputs)


@pytest.mark.parametrize("value", [0, 1])
def test_input_units_output_the_desired_value(value):
    """An input unit is no perceptron: it is defined to output the value it is given, and has no bias."""
    net = Network()
    net.output("y", net.input("x1"))
    assert evaluate(net, x1=value) == {"y": value}
    assert net.units == []
    assert "unit" not in net.graph.nodes["x1"]


@given(weights(extreme=True))
def test_a_perceptron_with_no_inputs_is_a_constant(bias):
    """Its weighted sum is always 0, so it gives 1 if b > 0 and 0 if b <= 0, a fixed value."""
    net = Network()
    net.input("x1")
    net.output("y", net.add(Unit(bias), [], name="constant"))
    assert [trace(net, x1=x1).sums["constant"] for x1 in (0, 1)] == [Fraction(bias)] * 2
    assert [evaluate(net, x1=x1) for x1 in (0, 1)] == [{"y": int(bias > 0)}] * 2
    assert gate_name(net, "constant") == f"CONSTANT {int(bias > 0)}"


@given(networks(min_inputs=1))
def test_perceptrons_are_universal(net):
    """Perceptrons simulate circuits of NAND gates, so they are universal too: tables included, any network."""
    made = to_nand(net)
    assert all(made.unit(node).activation is STEP for node in made.units)
    assert find_difference(made, net) is None


# ----------------------------------------------------------------------------------------------------------------
# Sigmoid neurons


def test_a_small_change_can_flip_a_perceptron():
    """The smallest change of one weight can flip the output of a perceptron, say from 0 to 1."""
    small = Fraction(1, 10**30)
    before, after = single([2, 2], -4), single([2 + small, 2], -4)
    assert (evaluate(before, x1=1, x2=1), evaluate(after, x1=1, x2=1)) == ({"y": 0}, {"y": 1})
    flips = linearize(single([2.0, 2.0], -4.0), x1=1, x2=1).flips([0, 1e-15, 0])
    assert flips == {"y": (0, 1)}


def test_the_flip_may_change_the_rest_of_the_network():
    """That flip may change the behaviour of the rest completely: here every unit behind it flips too."""
    net = half_adder.network
    near = linearize(net, x1=1, x2=1)
    bias = near.parameters.index(Parameter("n1"))
    for change, flipped in ((0.999, set()), (1.001, set(net.units))):
        changes = np.zeros(len(near.parameters))
        changes[bias] = change
        assert set(near.flips(changes)) == flipped
    assert near.true_change(np.eye(len(near.parameters))[bias] * 1.001) == {"sum": 1.0, "carry": -1.0}


def test_the_flip_may_change_other_inputs_as_well():
    """A change that is made for one case may change others: a lower bias of the first NAND alters half of the rows."""
    lowered = half_adder.network.copy()
    lowered.graph.nodes["n1"]["unit"] = Unit(1)
    pairs = zip(truth_table(half_adder.network), truth_table(lowered), strict=True)
    assert [row != other for row, other in pairs] == [False, True, True, False]


@given(networks(sigmoids_only=True, max_units=5), st.data())
def test_small_changes_of_sigmoid_networks_make_small_changes(net, data):
    """A small change of any weights and biases of sigmoid neurons causes only a small change in the output."""
    near = linearize(net, data.draw(assignments(net)))
    rng = np.random.default_rng(data.draw(st.integers(0, 2**32)))
    direction = rng.uniform(-1, 1, len(near.parameters))
    # A sigmoid's slope is at most 1/4, so a change of 1e-9 is not amplified much by seven layers of weights to 4.
    for change in near.true_change(1e-9 * direction).values():
        assert abs(change) < 1e-4


def test_sigmoid_neurons_take_values_between_0_and_1():
    """Not only 0 and 1 but anything between is an input of a sigmoid neuron, such as 0.638."""
    net = single([1.5, -2.0], 0.25, SIGMOID)
    found = evaluate(net, x1=0.638, x2=0.1)["y"]
    assert found == pytest.approx(1 / (1 + math.exp(-(1.5 * 0.638 - 2.0 * 0.1 + 0.25))), rel=1e-15)
    assert evaluate(net, x1=0, x2=0)["y"] < found < evaluate(net, x1=1, x2=0.1)["y"]


@given(st.floats(-700, 700))
def test_equation_3(z):
    """The sigmoid function is 1 / (1 + e**-z)."""
    assert SIGMOID(z) == pytest.approx(1 / (1 + math.exp(-z)), rel=1e-13)


@given(st.lists(st.tuples(st.floats(-5, 5), st.floats(0, 1)), max_size=5), st.floats(-5, 5))
def test_equation_4(pairs, b):
    """The output of a sigmoid neuron is 1 / (1 + exp(-sum of w x - b))."""
    net = single([w for w, _ in pairs], b, SIGMOID)
    wanted = 1 / (1 + math.exp(-math.fsum(w * x for w, x in pairs) - b))
    assert evaluate(net, [x for _, x in pairs])["y"] == pytest.approx(wanted, rel=1e-12)
    assert simulate(net, [[x for _, x in pairs]])[0, 0] == pytest.approx(wanted, rel=1e-12)


@pytest.mark.parametrize("z", [20, 50, 1000, 10**400])
def test_large_and_positive_is_about_1(z):
    """If z is large and positive, e**-z is about 0 and the output about 1, as a perceptron's."""
    assert SIGMOID(z) == pytest.approx(1, abs=1e-8)
    assert SIGMOID(z) == pytest.approx(STEP(z), abs=1e-8)


@pytest.mark.parametrize("z", [-20, -50, -1000, -(10**400)])
def test_very_negative_is_about_0(z):
    """If z is very negative, the output is about 0, as a perceptron's."""
    assert SIGMOID(z) == pytest.approx(0, abs=1e-8)
    assert SIGMOID(z) == pytest.approx(STEP(z), abs=1e-8)


def test_only_at_modest_size_do_they_differ_much():
    """Only where z is of modest size does a sigmoid neuron deviate much from a perceptron, most of all at 0."""
    z = np.linspace(-30, 30, 6001)
    gap = np.abs(SIGMOID.array(z) - STEP.array(z))
    assert gap.max() == pytest.approx(0.5)
    assert abs(z[gap.argmax()]) < 1e-9
    assert (gap[np.abs(z) > 5] < 0.01).all()
    assert (gap[np.abs(z) < 1] > 0.25).all()


def test_the_shape_is_a_smoothed_step():
    """The sigmoid rises from 0 to 1 without jumps, symmetric about 1/2 at 0, and scaled up becomes the step."""
    z = np.linspace(-10, 10, 4001)
    s = SIGMOID.array(z)
    assert (np.diff(s) > 0).all()
    assert np.diff(s).max() < 0.25 * (z[1] - z[0]) * 1.0001  # nowhere steeper than 1/4
    np.testing.assert_allclose(s + s[::-1], 1, atol=1e-15)
    assert SIGMOID(0) == 0.5
    away = np.abs(z) > 0.1
    assert np.abs(SIGMOID.array(500 * z) - STEP.array(z))[away].max() < 1e-20


@given(st.lists(weights(), max_size=4), weights())
def test_with_a_step_function_it_is_a_perceptron(numbers, bias):
    """If sigma were the step function, the sigmoid neuron would be a perceptron: only the activation differs."""
    neuron = single(numbers, bias, SIGMOID)
    perceptron = harden(neuron)
    assert perceptron.unit("y") == Unit(bias, STEP)
    for values in corners(neuron):
        z = trace(neuron, values).sums["y"]
        assert trace(perceptron, values).sums["y"] == z
        assert evaluate(perceptron, values) == {"y": int(z > 0)}  # at 0 the step gives 0


# --- equation 5


def small_network(activation=SIGMOID):
    net = Network()
    inputs = [net.input("x1", real=True), net.input("x2", real=True)]
    hidden = [
        net.add(Unit(bias, activation), zip(inputs, row, strict=True), name=f"h{index}")
        for index, (row, bias) in enumerate([((0.9, -1.3), 0.2), ((-0.4, 0.8), -0.6), ((1.7, 0.3), 0.1)])
    ]
    net.output("y", net.add(Unit(-0.3, activation), zip(hidden, (1.1, -0.7, 0.5), strict=True), name="y"))
    return net


def errors_of_equation_5(net, direction, halvings):
    near = linearize(net, x1=0.638, x2=0.173)
    for k in halvings:
        change = direction * 0.5**k
        yield abs(near.true_change(change)["y"] - near.predict(change)["y"]), abs(near.true_change(change)["y"])


@pytest.mark.parametrize("seed", range(4))
def test_equation_5(seed):
    """The change of the output is well approximated by the sum of partial derivatives times changes."""
    near = linearize(small_network(), x1=0.638, x2=0.173)
    direction = np.random.default_rng(seed).normal(size=len(near.parameters))
    slopes = near.gradient("y")
    by_hand = sum(slopes[parameter] * d for parameter, d in zip(near.parameters, 1e-4 * direction, strict=True))
    assert near.predict(1e-4 * direction)["y"] == pytest.approx(by_hand)
    assert near.true_change(1e-4 * direction)["y"] == pytest.approx(by_hand, rel=0.01)


@pytest.mark.parametrize("seed", range(4))
def test_the_error_of_equation_5_shrinks_quadratically(seed):
    """Half the step, half the change, but only a quarter of the error."""
    direction = np.random.default_rng(seed).normal(size=13)
    found = list(errors_of_equation_5(small_network(), direction, range(4, 10)))
    for (error, change), (next_error, next_change) in itertools.pairwise(found):
        assert error / next_error == pytest.approx(4, rel=0.3)
        assert change / next_change == pytest.approx(2, rel=0.3)


def test_the_change_is_a_linear_function():
    """Delta output is a linear function of the changes of weights and biases."""
    near = linearize(small_network(), x1=0.638, x2=0.173)
    first, second = np.random.default_rng(0).normal(size=(2, len(near.parameters)))
    assert near.predict(2 * first + 5 * second)["y"] == pytest.approx(
        2 * near.predict(first)["y"] + 5 * near.predict(second)["y"]
    )


@pytest.mark.parametrize("wanted", [0.001, -0.002])
def test_linearity_makes_it_easy_to_choose_changes(wanted):
    """To get a desired small change of the output, go along the gradient by the right length."""
    near = linearize(small_network(), x1=0.638, x2=0.173)
    slope = near.jacobian[0]
    assert near.true_change(wanted * slope / (slope @ slope))["y"] == pytest.approx(wanted, rel=0.02)


def test_perceptrons_offer_no_such_gradient():
    """For perceptrons all the derivatives are 0: the output does not change, or it jumps."""
    near = linearize(harden(small_network()), x1=0.638, x2=0.173)
    assert not near.jacobian.any()
    assert near.true_change(1e-9)["y"] == 0.0


@dataclass(frozen=True, slots=True)
class Tanh(Activation):
    """Another smooth activation, as a user would add one."""

    name = "tanh"
    binary = False

    def __call__(self, z):
        return math.tanh(z)

    def array(self, z):
        return np.tanh(z)

    def derivative(self, z):
        return 1 - math.tanh(z) ** 2


def test_another_activation_changes_the_derivatives():
    """Neurons may output f(w.x + b) for another f; what changes are the values of the partial derivatives."""
    with_tanh, with_sigmoid = small_network(Tanh()), small_network()
    x = np.array([0.638, 0.173])
    w, b = np.array([[0.9, -1.3], [-0.4, 0.8], [1.7, 0.3]]), np.array([0.2, -0.6, 0.1])
    wanted = math.tanh(np.tanh(w @ x + b) @ [1.1, -0.7, 0.5] - 0.3)
    assert evaluate(with_tanh, x)["y"] == pytest.approx(wanted)
    assert simulate(with_tanh, [x])[0, 0] == pytest.approx(wanted)
    one, two = linearize(with_tanh, x), linearize(with_sigmoid, x)
    assert one.parameters == two.parameters
    assert not np.allclose(one.jacobian, two.jacobian)
    direction = np.random.default_rng(0).normal(size=13)
    found = list(errors_of_equation_5(with_tanh, direction, range(5, 10)))
    for (error, _), (next_error, _) in itertools.pairwise(found):
        assert error / next_error == pytest.approx(4, rel=0.3)


@given(st.floats(-30, 30))
def test_the_sigmoid_is_easy_to_differentiate(z):
    """Exponentials have lovely properties when differentiated: the slope is s(z) (1 - s(z))."""
    assert SIGMOID.derivative(z) == pytest.approx(SIGMOID(z) * (1 - SIGMOID(z)), rel=1e-3, abs=1e-12)


def test_outputs_of_a_sigmoid_are_any_number_between_0_and_1():
    """A sigmoid neuron can put out any real number between 0 and 1, such as 0.173 and 0.689."""
    for wanted in (0.173, 0.689):
        net = single([], math.log(wanted / (1 - wanted)), SIGMOID)
        assert evaluate(net)["y"] == pytest.approx(wanted, rel=1e-14)


def test_an_output_can_be_an_average_intensity():
    """An output between 0 and 1 can stand for the average intensity of the pixels: it rises with it, and only it."""
    net = single([4 / 16] * 16, -2, SIGMOID)
    rng = np.random.default_rng(0)
    images = rng.random((20, 16))
    shuffled = rng.permuted(images, axis=1)
    np.testing.assert_allclose(simulate(net, images), simulate(net, shuffled), atol=1e-14)
    order = images.mean(axis=1).argsort()
    assert (np.diff(simulate(net, images)[order, 0]) > 0).all()


@given(st.lists(st.tuples(st.floats(-5, 5), st.floats(0, 1)), max_size=4), st.floats(-5, 5))
def test_the_rule_of_one_half(pairs, b):
    """Reading at least 0.5 as "yes" and less as "no" turns the output into the decision of w.x + b >= 0."""
    net = single([w for w, _ in pairs], b, SIGMOID)
    x = [x for _, x in pairs]
    z = trace(net, x).sums["y"]
    assume(z == 0 or abs(z) > 1e-12)
    assert (evaluate(net, x)["y"] >= 0.5) == (z >= 0)
    if z != 0:
        assert int(evaluate(net, x)["y"] >= 0.5) == evaluate(harden(net), x)["y"]


# ----------------------------------------------------------------------------------------------------------------
# Exercises

POSITIVE = st.one_of(
    st.sampled_from([Fraction(1, 3), 0.1, 1e-300, 1e300, 10**30, 5e-324]), st.floats(min_value=1e-9, max_value=1e9)
)


@given(networks(extreme=True), POSITIVE)
def test_exercise_1(net, c):
    """Multiply all weights and biases of a network of perceptrons by c > 0: its behaviour does not change."""
    scaled = scale(net, c)
    assert list(truth_table(scaled)) == list(truth_table(net))
    for values in corners(net):
        assert trace(scaled, values).values == trace(net, values).values


@pytest.mark.parametrize("c", [0, -1])
def test_exercise_1_needs_c_above_0(c):
    """The proof needs c > 0: with 0 every sum is 0, and with a negative c every decision turns round."""
    with pytest.raises(ValueError, match="give a finite number > 0"):
        scale(nand.network, c)
    by_hand = single([-2 * c, -2 * c], 3 * c)
    assert truth_table(by_hand).outputs.ravel().tolist() == ([0] * 4 if c == 0 else [0, 0, 0, 1])


@given(networks(steps_only=True, max_inputs=3, max_units=5))
def test_exercise_2(net):
    """Where no sum is 0, the softened network behaves as the perceptrons in the limit of large c."""
    assume(net.units)
    found = agreement(net)
    assume(not found.zeros)
    for factor in (1, 2, 10, 100):
        soft = soften(net, found.proved_slope * factor)
        for values in corners(net):
            wanted = evaluate(net, values)
            assert {name: int(value >= 0.5) for name, value in evaluate(soft, values).items()} == wanted
    # In the limit the outputs themselves go to 0 and 1.
    soft = soften(net, 100 * found.proved_slope)
    for values in corners(net):
        assert evaluate(soft, values) == pytest.approx(evaluate(net, values), abs=1e-6)


def test_exercise_2_the_outputs_come_nearer_as_c_grows():
    """The half adder, softened: the largest error falls with every larger c, towards 0."""
    hard = truth_table(half_adder.network)
    errors = []
    for c in (4, 8, 16, 32, 64):
        soft = simulate(soften(half_adder.network, c), hard.inputs)
        errors.append(float(np.abs(soft - hard.outputs).max()))
    assert all(large > small for large, small in itertools.pairwise(errors))
    assert errors[-1] < 1e-10


def test_exercise_2_fails_where_a_sum_is_0():
    """Where w.x + b = 0 the perceptron gives 0, the sigmoid neuron 1/2 for every c, and what follows may go wrong."""
    net = Network()
    net.input("x")
    net.add(Unit(-2), [("x", 2)], name="on the edge")  # x = 1: exactly 0
    net.output("y", net.add(Unit(-1), [("on the edge", 4)], name="behind"))
    found = agreement(net)
    assert found.zeros == [("on the edge", {"x": 1})]
    assert found.slope is None
    for c in (1, 10, 1000, 10**6, 10**12):
        soft = trace(soften(net, c), x=1).values
        assert soft["on the edge"] == 0.5
        assert soft["behind"] > 0.7  # 4 * 0.5 - 1 > 0, while the perceptron behind gives 0
    assert evaluate(net, x=1) == {"y": 0}
    assert agreement(net, [[0]]).slope is not None  # only the chosen input matters


# ----------------------------------------------------------------------------------------------------------------
# The architecture of neural networks


def dense(sizes, seed=0):
    """A network of sigmoid neurons of these sizes, through the arrays that learning uses."""
    return to_network(Layers.start(sizes, rng=seed))


@pytest.mark.parametrize(("sizes", "hidden"), [([6, 4, 1], 1), ([6, 4, 3, 1], 2)])
def test_layers_of_the_two_figures(sizes, hidden):
    """The leftmost layer is the input layer, the rightmost the output layer, those between are hidden layers."""
    net = dense(sizes)
    found = layers(net)
    assert [len(layer) for layer in found] == sizes
    assert found[0] == list(net.inputs)
    assert found[-1] == list(net.outputs.values())
    assert len(found[1:-1]) == hidden
    for node in itertools.chain(*found[1:-1]):
        assert node not in net.inputs  # "hidden" means no more than: not an input
        assert node not in net.outputs.values()  # and not an output
    assert all(net.unit(node).activation is SIGMOID for node in net.units)


def test_the_four_layer_network_has_two_hidden_layers():
    """The second figure has four layers in all."""
    assert len(layers(dense([6, 4, 3, 1]))) == 4


@given(networks())
def test_every_network_of_perceptrons_has_such_layers(net):
    """Handing values on makes any network layered: each layer feeds the next, and the outputs stand in the last."""
    made = layered(net)
    found = layers(made)
    place = {node: index for index, layer in enumerate(found) for node in layer}
    assert all(place[target] == place[source] + 1 for source, target in made.graph.edges())
    assert {place[node] for node in made.outputs.values()} == {max(1, len(layers(net)) - 1)}
    assert list(truth_table(made)) == list(truth_table(net))


def test_mlps_are_made_of_sigmoid_neurons():
    """What is called a multilayer perceptron for historical reasons holds no perceptron."""
    assert statistics(dense([6, 4, 3, 1]))["gates"] == {"SIGMOID": 8}


@pytest.fixture(scope="module")
def nine():
    """The network for "is it a 9?" on images of 64 by 64."""
    return dense([64 * 64, 3, 1])


def test_a_64_by_64_image_has_4096_input_neurons(nine):
    """64 x 64 pixels are 4,096 input neurons."""
    assert len(nine.inputs) == 4096 == 64 * 64
    assert len(layers(nine)[0]) == 4096


def test_the_output_layer_is_a_single_neuron(nine):
    """One output: below 0.5 means that the image is not a 9, above 0.5 that it is."""
    assert len(nine.outputs) == 1
    images = np.random.default_rng(0).random((20, 4096))
    found = simulate(nine, images)
    assert found.shape == (20, 1)
    assert ((found > 0) & (found < 1)).all()
    yes, no = nine.copy(), nine.copy()
    (out,) = nine.outputs.values()
    yes.graph.nodes[out]["unit"], no.graph.nodes[out]["unit"] = Unit(1000.0, SIGMOID), Unit(-1000.0, SIGMOID)
    assert (simulate(yes, images) > 0.5).all()
    assert (simulate(no, images) < 0.5).all()


def test_intensities_lie_between_0_and_1(nine):
    """The pixels go in as intensities from 0 to 1: grey ones too, no image need be black and white."""
    greys = np.linspace(0, 1, 4096)
    assert simulate(nine, [greys])[0, 0] == pytest.approx(float(evaluate(nine, greys.tolist())["y0"]), abs=1e-12)
    with pytest.raises(InputError):
        simulate(nine, [np.full(4096, np.nan)])


@given(networks(smooth=True))
def test_information_is_always_fed_forward(net):
    """In a feedforward network the output of one layer is input to later ones only: no edge leads back."""
    place = {node: index for index, layer in enumerate(layers(net)) for node in layer}
    assert all(place[source] < place[target] for source, target in net.graph.edges())


@pytest.mark.parametrize("activation", [STEP, SIGMOID])
def test_loops_are_not_allowed(activation):
    """With a loop the input of a neuron would depend on its own output: such networks are refused, by name."""
    net = Network()
    net.input("x")
    net.add(Unit(1, activation), [("x", -2)], name="a")
    net.add(Unit(1, activation), [("a", -2)], name="b")
    net.output("y", "b")
    assert check(net) == ["x", "a", "b"]
    net.graph.add_edge("b", "a", weight=1)
    for function in (check, layers, lambda net: evaluate(net, x=1), lambda net: simulate(net, [[1]])):
        with pytest.raises(CycleError, match=r"^the network has a loop: 'a' -> 'b' -> 'a'; ") as error:
            function(net)
        assert error.value.cycle == ["a", "b"]


def test_the_verbs_cannot_build_a_loop():
    """A unit reads only what is there already, so whatever the three verbs build is feedforward."""
    net = Network()
    net.input("x")
    with pytest.raises(ValueError, match="there is no node 'later' to read; add it first"):
        net.add(Unit(1), [("x", 1), ("later", 1)], name="sooner")
    with pytest.raises(ValueError, match="there is no node 'own' to read; add it first"):
        net.add(Unit(1), [("own", 1)], name="own")


def test_each_statement_has_its_words():
    """Every test of this file says which statement it checks."""
    module = inspect.getmodule(test_each_statement_has_its_words)
    tests = {name: function for name, function in vars(module).items() if name.startswith("test_")}
    assert len(tests) > 60
    assert all((function.__doc__ or "").strip() for function in tests.values())
