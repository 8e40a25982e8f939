"""linearize, equation 5: against central differences and against the true change."""

import itertools
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from reference import single, snapshot
from strategies import assignments, networks

from circuits import half_adder, nand, xor
from perceptron import (
    SIGMOID,
    STEP,
    InputError,
    Network,
    NetworkError,
    ParameterError,
    Unit,
    evaluate,
    linearize,
    merge_parallel,
    trace,
)
from perceptron.linearize import Parameter


def two_layers():
    """Two sigmoid neurons read by a third, one of them twice."""
    net = Network()
    net.input("x1")
    net.input("x2")
    net.add(Unit(-0.4, SIGMOID), [("x1", 1.5), ("x2", -0.7)], name="a")
    net.add(Unit(0.3, SIGMOID), [("x1", -1.1), ("x2", 0.9)], name="b")
    net.output("y", net.add(Unit(0.2, SIGMOID), [("a", 2.0), ("b", -1.0), ("a", 0.5)], name="c"))
    net.output("a", "a")
    return net


@given(networks(sigmoids_only=True, max_inputs=3, max_units=5), st.data())
def test_the_jacobian_equals_central_differences(net, data):
    """Every parameter on its own, changed up and down by a small step; parallel edges are parameters of their own."""
    values = data.draw(assignments(net))
    before = snapshot(net)
    near = linearize(net, values)
    assert snapshot(net) == before
    assert near.jacobian.shape == (len(net.outputs), len(near.parameters))
    assert len(near.parameters) == len(net.units) + net.graph.number_of_edges()
    step = 1e-4
    for column in range(len(near.parameters)):
        change = np.zeros(len(near.parameters))
        change[column] = step
        up, down = near.true_change(change), near.true_change(-change)
        for row, name in enumerate(net.outputs):
            slope = (up[name] - down[name]) / (2 * step)
            assert near.jacobian[row, column] == pytest.approx(slope, abs=1e-6)


@given(networks(sigmoids_only=True, max_units=6), st.data())
def test_equation_5_is_a_linear_function_of_the_changes(net, data):
    near = linearize(net, data.draw(assignments(net)))
    rng = np.random.default_rng(data.draw(st.integers(0, 2**32)))
    first, second = rng.normal(size=(2, len(near.parameters)))
    both = near.predict(2 * first - 3 * second)
    one, two = near.predict(first), near.predict(second)
    assert both == pytest.approx({name: 2 * one[name] - 3 * two[name] for name in one}, abs=1e-9)


@pytest.mark.parametrize("seed", range(5))
def test_the_error_shrinks_quadratically(seed):
    """Half the step, a quarter of the error: the definition of a derivative, and no weaker."""
    near = linearize(two_layers(), x1=0.638, x2=0.25)
    direction = np.random.default_rng(seed).normal(size=len(near.parameters))
    errors = []
    for halving in range(4, 9):
        change = direction / 2**halving
        errors.append(abs(near.true_change(change)["y"] - near.predict(change)["y"]))
    for large, small in itertools.pairwise(errors):
        assert large / small == pytest.approx(4, rel=0.3)


def test_parameters_are_named_in_order():
    near = linearize(two_layers(), x1=0, x2=1)
    assert [str(parameter) for parameter in near.parameters] == [
        *("bias of a", "weight x1 -> a", "weight x2 -> a"),
        *("bias of b", "weight x1 -> b", "weight x2 -> b"),
        *("bias of c", "weight a -> c", "weight a -> c", "weight b -> c"),
    ]
    assert near.at == {"x1": 0, "x2": 1}
    assert near.outputs == evaluate(two_layers(), x1=0, x2=1)


def test_one_neuron_by_hand():
    """d sigma(wx+b) / dw = x s (1-s), / db = s (1-s)."""
    near = linearize(single([2.0], -1.0, SIGMOID), x1=0.25)
    s = evaluate(single([2.0], -1.0, SIGMOID), x1=0.25)["y"]
    gradient = near.gradient("y")
    assert gradient[Parameter("y")] == pytest.approx(s * (1 - s))
    assert gradient[Parameter("y", "x1", 0)] == pytest.approx(0.25 * s * (1 - s))


def test_changed_changes_what_it_is_told():
    net = two_layers()
    near = linearize(net, x1=1, x2=1)
    change = np.arange(len(near.parameters), dtype=float)
    after = near.changed(change)
    for parameter, delta in zip(near.parameters, change.tolist(), strict=True):
        if parameter.source is None:
            assert after.unit(parameter.node).bias == pytest.approx(net.unit(parameter.node).bias + delta)
        else:
            (source, weight), (_, before) = (n.fanin(parameter.node)[parameter.index] for n in (after, net))
            assert source == parameter.source
            assert weight == pytest.approx(before + delta)


def test_a_linearization_does_not_follow_the_network():
    net = two_layers()
    near = linearize(net, x1=1, x2=1)
    net.graph.edges["x1", "a", 0]["weight"] = 50.0
    assert near.true_change(0) == {"y": 0.0, "a": 0.0}


@given(networks(steps_only=True), st.data())
def test_a_network_of_steps_is_flat_and_flips(net, data):
    values = data.draw(assignments(net))
    near = linearize(net, values)
    assert not near.jacobian.any()
    rng = np.random.default_rng(data.draw(st.integers(0, 2**32)))
    change = rng.normal(size=len(near.parameters))
    before, after = trace(net, values), trace(near.changed(change), values)
    flips = near.flips(change)
    assert flips == {
        node: (before.values[node], after.values[node])
        for node in net.units
        if before.values[node] != after.values[node]
    }
    assert all(sum(pair) == 1 for pair in flips.values())
    moved = near.true_change(change)
    assert {name for name in moved if moved[name]} == {name for name, node in net.outputs.items() if node in flips}


@given(networks(smooth=True, extreme=True), st.data())
def test_no_change_flips_nothing(net, data):
    """Also where the weights are fractions that no float is: 0.1 and 0.2 merged."""
    near = linearize(merge_parallel(net), data.draw(assignments(net)))
    assert near.flips(0) == {}
    assert set(near.true_change(0).values()) == {0.0}


def test_an_exact_zero_stays_exact():
    net = Network()
    net.input("x")
    sum_ = Fraction(0.1) + Fraction(0.2)
    net.output("y", net.add(Unit(-sum_), [("x", 0.1), ("x", 0.2)], name="y"))
    near = linearize(net, x=1)
    assert near.flips(0) == {}
    assert near.flips([2e-17, 0, 0]) == {"y": (0, 1)}


def test_a_tiny_change_flips_the_nand_only_at_its_edge():
    assert linearize(nand.network, x1=1, x2=1).flips(0.2) == {}
    assert linearize(nand.network, x1=1, x2=1).flips(0.4) == {"out": (0, 1)}


def test_flips_travel():
    """A changed first NAND changes the whole half adder behind it."""
    near = linearize(half_adder.network, x1=1, x2=1)
    change = [2.0 if str(parameter) == "bias of n1" else 0.0 for parameter in near.parameters]
    assert near.flips(change) == {"n1": (0, 1), "n2": (1, 0), "n3": (1, 0), "sum": (0, 1), "carry": (1, 0)}


def test_tables_may_stay_as_they_are():
    net = xor.network.copy()
    net.output("soft", net.add(Unit(0, SIGMOID), [("out", 1.0)], name="soft"))
    near = linearize(net, x1=0, x2=1)
    change = [0.1 if parameter.node == "soft" else 0 for parameter in near.parameters]
    assert near.predict(change)["soft"] == pytest.approx(near.true_change(change)["soft"], rel=0.1)
    with pytest.raises(NetworkError, match=r"^unit 'out': a table needs whole weights, but the bias has 0.1"):
        near.true_change(0.1)


def test_mixed_networks_pass_through_smooth_units_only():
    net = single([1.0], 0.5, SIGMOID)
    net.add(Unit(-0.5, STEP), [("y", 1.0)], name="hard")
    net.output("z", net.add(Unit(0.0, SIGMOID), [("hard", 1.0), ("y", 1.0)], name="z"))
    near = linearize(net, x1=1)
    gradient = near.gradient("z")
    assert gradient[Parameter("hard")] == 0
    assert gradient[Parameter("y")] > 0


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        (
            [0.1],
            "changes have the shape (1,); give one number for each of the 3 parameters, or a single one for all",
        ),
        (
            [[0.1, 0.1, 0.1]],
            "changes have the shape (1, 3); give one number for each of the 3 parameters, or a single one for all",
        ),
        (float("nan"), "a change is not finite; give finite numbers"),
        ([0, 0, float("inf")], "a change is not finite; give finite numbers"),
    ],
)
def test_refused_changes(changes, text):
    near = linearize(single([1.0, 1.0], 0.0, SIGMOID), x1=0, x2=0)
    for method in (near.predict, near.true_change, near.flips, near.changed):
        with pytest.raises(ParameterError) as error:
            method(changes)
        assert str(error.value) == text


def test_refused_outputs_and_inputs():
    near = linearize(two_layers(), x1=0, x2=0)
    with pytest.raises(ParameterError) as error:
        near.gradient("z")
    assert str(error.value) == "there is no output 'z'; the outputs are y, a"
    with pytest.raises(InputError):
        linearize(two_layers(), x1=0)
