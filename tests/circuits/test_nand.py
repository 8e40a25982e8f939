"""to_nand: NAND is universal. Every small truth table, and random networks, become (-2, -2, 3) and nothing else."""

import sys
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reference import chain, corners, single, snapshot, table_of
from strategies import networks

from circuits import (
    and_,
    full_adder,
    half_adder,
    majority,
    nand,
    nor,
    not_,
    or_,
    ripple_carry_adder,
    statistics,
    threshold_full_adder,
    threshold_ripple_carry_adder,
    to_nand,
    xnor,
    xor,
)
from perceptron import SIGMOID, Network, NetworkError, Table, Unit, check, evaluate, find_difference, prune, simulate


def all_nands(net, *, constants=False):
    """Whether every unit is the chapter's NAND: bias 3 and two edges of -2."""
    check(net)
    return all(
        net.unit(node) == Unit(3)
        and net.unit(node).activation is Unit().activation
        and [weight for _, weight in net.fanin(node)] == [-2, -2]
        for node in net.units
        if not (constants and not net.fanin(node))
    )


def table_unit(inputs, number):
    """The function of so many inputs whose truth table, as a binary number, is this."""
    values = [number >> row & 1 for row in range(2**inputs)]
    return single([2**place for place in reversed(range(inputs))], 0, Table(values)), values


@pytest.mark.parametrize("inputs", [1, 2, 3])
def test_every_function_of_up_to_three_inputs(inputs):
    for number in range(2**2**inputs):
        net, values = table_unit(inputs, number)
        made = to_nand(net)
        assert all_nands(made)
        assert [row[0] for row in table_of(made)] == values


@pytest.mark.parametrize("start", range(8))
def test_a_sample_of_the_functions_of_four_inputs(start):
    for number in np.random.default_rng(start).choice(65_536, 40, replace=False).tolist():
        net, values = table_unit(4, number)
        made = to_nand(net)
        assert all_nands(made)
        assert simulate(made, [list(v.values()) for v in corners(net)])[:, 0].tolist() == values


@pytest.mark.slow
@pytest.mark.parametrize("start", range(0, 65_536, 4096))
def test_every_function_of_four_inputs(start):
    rows = [list(values.values()) for values in corners(single([1] * 4, 0))]
    for number in range(start, start + 4096):
        net, values = table_unit(4, number)
        made = to_nand(net)
        assert all_nands(made)
        assert simulate(made, rows)[:, 0].tolist() == values


@given(networks(min_inputs=1, extreme=True, wide=True, wild=True))
def test_random_networks(net):
    before = snapshot(net)
    made = to_nand(net)
    assert snapshot(net) == before
    assert all_nands(made)
    assert (made.name, made.inputs, list(made.outputs)) == (net.name, net.inputs, list(net.outputs))
    assert table_of(made) == table_of(net)
    assert find_difference(net, made) is None
    assert snapshot(prune(made)) == snapshot(made), "no gate is made that nothing reads"
    assert snapshot(to_nand(net)) == snapshot(made)


@given(networks(min_inputs=1, max_inputs=4))
def test_a_name_still_means_what_it_meant(net):
    """A unit of the old name computes the old function; no new unit takes a name of the old network."""
    made = to_nand(net)
    old = Network.from_graph(net.graph, net.inputs, {node: node for node in net.graph})
    new = Network.from_graph(made.graph, made.inputs, {node: node for node in made.graph})
    for values in corners(net):
        before, after = evaluate(old, values), evaluate(new, values)
        for node in set(before) & set(after):
            assert before[node] == after[node]


def test_automatic_names_do_not_take_the_place_of_old_ones():
    net = Network()
    a, b, c = (net.input(name) for name in "abc")
    for _ in range(6):  # n1, n2, ... of several kinds
        a, b, c = (
            net.add(Unit(0, Table(0, 1, 0)), [(a, 1), (b, 1)]),
            net.add(Unit(-3), [(b, 2), (c, 2)]),
            net.add(Unit(1), [(c, -2), (a, -2)]),
        )
    for name, node in (("x", a), ("y", b), ("z", c)):
        net.output(name, node)
    made = to_nand(net)
    old = Network.from_graph(net.graph, net.inputs, {node: node for node in net.graph})
    new = Network.from_graph(made.graph, made.inputs, {node: node for node in made.graph})
    shared = set(net.units) & set(made.units)
    assert shared
    for values in corners(net):
        before, after = evaluate(old, values), evaluate(new, values)
        assert {node: before[node] for node in shared} == {node: after[node] for node in shared}


@settings(max_examples=15)
@given(st.integers(8, 40), st.integers(0, 2**32))
def test_wide_perceptrons_with_fractions(width, seed):
    """Weights in thirds and sevenths, more pins than a truth table would take."""
    rng = np.random.default_rng(seed)
    weights = [Fraction(int(rng.integers(-20, 21)), int(rng.choice([1, 2, 3, 7]))) for _ in range(width)]
    samples = rng.integers(0, 2, (64, width))
    picked = samples[0]
    bias = -sum((w for w, x in zip(weights, picked, strict=True) if x), Fraction(0))  # sample 0 sums to exactly 0
    net = single(weights, bias)
    made = to_nand(net)
    assert all_nands(made)
    wanted = [int(sum(w for w, x in zip(weights, row, strict=True) if x) + bias > 0) for row in samples]
    assert wanted[0] == 0
    assert simulate(made, samples)[:, 0].tolist() == wanted


@pytest.mark.parametrize(
    ("gate", "nands"),
    [
        (not_, 1),
        (nand, 1),
        (and_, 2),
        (or_, 3),
        (nor, 4),
        (xor, 4),
        (xnor, 5),
        (half_adder, 5),
        (full_adder, 9),
    ],
)
def test_sizes_of_known_circuits(gate, nands):
    """The counts that every textbook of logic gives."""
    assert statistics(to_nand(gate.network))["gates"] == {"NAND": nands}


def test_the_chapters_half_adder_comes_back():
    made = to_nand(half_adder.network)
    assert set(made.graph) == set(half_adder.network.graph)
    for node in half_adder.network.units:
        assert sorted(made.fanin(node)) == sorted(half_adder.network.fanin(node))


def test_perceptron_adders_become_nands():
    for net in (majority.network, threshold_full_adder.network, threshold_ripple_carry_adder(4).network):
        assert all_nands(to_nand(net))
        assert find_difference(to_nand(net), net) is None
    adder = ripple_carry_adder(16).network
    assert statistics(to_nand(adder))["units"] <= statistics(adder)["units"]


def test_outputs_that_are_inputs_or_constants_or_the_same():
    net = Network("odd")
    net.input("x")
    net.input("unused")
    net.add(Unit(1), name="one")
    net.add(Unit(0), name="zero")
    for name, node in (("wire", "x"), ("a", "one"), ("b", "zero"), ("again", "one")):
        net.output(name, node)
    made = to_nand(net)
    assert all_nands(made)
    assert made.outputs["wire"] == "x"
    assert table_of(made) == table_of(net)


def test_without_inputs_only_constants_are_left():
    net = Network()
    net.add(Unit(1), name="one")
    net.output("y", net.add(Unit(1), [("one", -2)], name="not one"))
    net.output("z", "one")
    made = to_nand(net)
    assert all_nands(made, constants=True)
    assert evaluate(made) == {"y": 0, "z": 1}


@pytest.mark.parametrize("kind", ["sigmoid", "real input"])
def test_real_numbers_are_no_logic(kind):
    net = single([1], 0, SIGMOID if kind == "sigmoid" else Unit().activation, real=kind == "real input")
    with pytest.raises(NetworkError) as error:
        to_nand(net)
    assert str(error.value) == ("node 'x1' has other values than 0 and 1, so it is no logic; harden the network first")


def test_deep_networks_need_no_recursion():
    length = 10 * sys.getrecursionlimit()
    net = Network()
    a, b = net.input("a"), net.input("b")
    for _ in range(length // 2):
        a, b = net.add(Unit(0, Table(0, 1, 0)), [(a, 1), (b, 1)]), a
    net.output("y", a)
    made = to_nand(net)
    assert all_nands(made)
    assert table_of(made) == table_of(net)
    assert statistics(to_nand(chain(1001)))["units"] == 1


@given(networks(min_inputs=1, wide=True))
def test_without_rewriting_it_is_the_same_function(net):
    plain = to_nand(net, rewrite=False)
    assert find_difference(plain, net) is None
    assert len(to_nand(net).units) <= len(plain.units)
