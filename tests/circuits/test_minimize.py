"""minimize_weights: every node keeps its value, and no smaller whole weights do the same."""

import itertools
import warnings
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from machines import machines, same
from reference import corners, node_values, single, snapshot
from strategies import networks

from circuits import collapse, full_adder, half_adder, minimize_weights, ripple_carry_adder, threshold_full_adder
from circuits.synthesis.reachable import Reachable
from perceptron import STEP, Network, NetworkError, Table, Tape, Unit, find_difference, simulate


def every_node(net):
    """The network with all its nodes as outputs."""
    return Network.from_graph(net.graph, net.inputs, {node: node for node in net.graph}, states=net.states)


def size(net):
    return sum(abs(Fraction(weight)) for node in net.units for _, weight in net.fanin(node))


@pytest.mark.parametrize("reachable", [False, True])
@given(net=networks(extreme=True, wide=True, wild=True))
def test_random_networks(reachable, net):
    before = snapshot(net)
    made = minimize_weights(net, reachable=reachable)
    assert snapshot(net) == before
    assert (list(made.graph), made.inputs, made.outputs) == (list(net.graph), net.inputs, net.outputs)
    assert find_difference(every_node(net), every_node(made)) is None
    for node in made.units:
        if made.unit(node).activation is STEP:
            assert all(type(weight) is int and weight for _, weight in made.fanin(node))
        else:
            assert (made.unit(node), made.fanin(node)) == (net.unit(node), net.fanin(node))
    if not reachable:
        assert snapshot(minimize_weights(made)) == snapshot(made)
    tape = Tape.from_network(net)
    assert snapshot(minimize_weights(tape, reachable=reachable).to_network()) == snapshot(made)


@settings(max_examples=25)
@given(networks(smooth=True, others=True))
def test_units_that_read_real_numbers_stay(net):
    made = minimize_weights(net, reachable=True)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert find_difference(net, made) is None
    real = [name for name in net.inputs if net.graph.nodes[name].get("real")]
    for node in net.units:
        if any(source in real for source, _ in net.fanin(node)):
            assert made.fanin(node) == net.fanin(node)


@settings(max_examples=25)
@given(machines(), st.booleans())
def test_states(net, reachable):
    same(net, minimize_weights(net, reachable=reachable))


@settings(max_examples=30)
@given(st.lists(st.integers(-4, 4), min_size=1, max_size=4), st.integers(-9, 9))
def test_against_all_smaller_weights(weights, bias):
    net = single(weights, bias)
    made = minimize_weights(net)
    found = dict(made.fanin("y"))
    total = sum(map(abs, found.values()))
    points = np.array(list(itertools.product((0, 1), repeat=len(weights))), dtype=int).reshape(1 << len(weights), -1)
    fires = points @ np.array(weights, dtype=int) + bias > 0
    for other in itertools.product(range(-3, 4), repeat=len(weights)):
        if sum(map(abs, other)) < total:
            sums = points @ np.array(other, dtype=int)
            assert fires.any()
            assert not fires.all()
            assert sums[fires].min() <= sums[~fires].max()


@settings(max_examples=20)
@given(st.integers(11, 30), st.integers(0, 2**32))
def test_wide_units(width, seed):
    rng = np.random.default_rng(seed)
    weights = (3 * rng.integers(-4, 5, width)).tolist()
    net = single(weights, int(rng.integers(-9, 10)))
    made = minimize_weights(net)
    assert 3 * size(made) <= size(net)
    assert snapshot(minimize_weights(made)) == snapshot(made)
    samples = rng.integers(0, 2, (500, width))
    assert np.array_equal(simulate(net, samples), simulate(made, samples))


def test_a_wide_majority_in_disguise():
    """41 to 44 in place of 1: nobody sees it, and the program finds it."""
    weights = [41 + index % 4 for index in range(13)]
    made = minimize_weights(single(weights, -6 * 44))
    assert [weight for _, weight in made.fanin("y")] == [1] * 13
    assert made.unit("y") == Unit(-6)


@pytest.mark.parametrize(("count", "bias", "wanted"), [(3000, -1, {1}), (3000, -4999, {4, 3}), (40, 0, {1})])
def test_thousands_of_pins_of_few_weights(count, bias, wanted):
    """An OR in thousands of pins; a threshold that weighs three of 4 as four of 3; an OR beside complements."""
    made = minimize_weights(single([8] * count + [6] * count, bias))
    assert {weight for _, weight in made.fanin("y")} == wanted
    assert len(made.fanin("y")) == 2 * count


def test_the_chapters_adder():
    """NANDs of 1 and 1; the parallel edges become one, and its weight need not be larger."""
    made = minimize_weights(half_adder.network)
    assert made.fanin("carry") == [("n1", -1)]
    assert made.unit("carry") == Unit(1)
    assert all(abs(weight) == 1 for node in made.units for _, weight in made.fanin(node))


def test_weights_and_inputs_that_do_not_matter_go():
    made = minimize_weights(single([Fraction(7, 3), 0.1, 0], -2))
    assert made.fanin("y") == [("x1", 1)]
    assert minimize_weights(single([1, 1], 5)).fanin("y") == []
    assert minimize_weights(single([1, 1], 5)).unit("y") == Unit(1)


def test_what_never_occurs_does_not_count():
    """y = x and not (x and z), where the AND is never 1 without x: NOT y needs no more than its two sources."""
    net = Network()
    x, z = net.input("x"), net.input("z")
    both = net.add(Unit(-3), [(x, 2), (z, 2)], name="both")
    either = net.add(Unit(-1), [(x, 2), (z, 2)], name="either")
    net.output("y", net.add(Unit(-3), [(either, 2), (both, 2)], name="y"))
    assert sorted(minimize_weights(net).fanin("y")) == [("both", 1), ("either", 1)]
    free = minimize_weights(net, reachable=True)
    assert free.fanin("y") == [("both", 1)], "both is never 1 without either"
    assert find_difference(net, free) is None


def test_the_sum_bit_is_the_least_already():
    made = minimize_weights(threshold_full_adder.network, reachable=True)
    assert sorted(weight for _, weight in made.fanin("sum")) == [-2, 1, 1, 1]
    for adder in (ripple_carry_adder(6), full_adder):
        collapsed = collapse(adder.network)
        assert size(minimize_weights(collapsed, reachable=True)) <= size(collapsed)


@given(networks(min_inputs=1, max_inputs=4), st.data())
def test_reachable_rows(net, data):
    """Exactly those that occur, where the inputs are few."""
    tape = Tape.from_network(net)
    number = {name: node for node, name in tape.names.items()}
    nodes = data.draw(st.lists(st.sampled_from(list(net.graph)), min_size=1, max_size=4, unique=True))
    rows = Reachable(tape).rows([number[node] for node in nodes])
    found = set(range(1 << len(nodes)))
    if rows is not None:
        found = {row for row in found if rows[row >> 3] >> (row & 7) & 1}
    wanted = set()
    for values in corners(net):
        value = node_values(net, values)
        wanted.add(sum(int(value[node]) << place for place, node in enumerate(nodes)))
    assert found == wanted


def test_rows_of_far_nodes_are_never_too_few():
    """Two ANDs of twenty inputs each and their common AND: the cone is too wide, so more rows count, never fewer."""
    net = Network()
    inputs = [net.input(f"x{index}") for index in range(40)]
    left = net.add(Unit(-19), [(node, 1) for node in inputs[:20]], name="left")
    right = net.add(Unit(-19), [(node, 1) for node in inputs[20:]], name="right")
    both = net.add(Unit(-1), [(left, 1), (right, 1)], name="both")
    net.output("y", net.add(Unit(0, Table(0, 1, 1, 0)), [(left, 1), (both, 2)], name="y"))
    tape = Tape.from_network(net)
    number = {name: node for node, name in tape.names.items()}
    rows = Reachable(tape).rows([number["left"], number["both"]])
    assert rows == bytes([0b1011])


def test_a_deep_cone_is_not_followed_to_its_end():
    """An input and its double negation, four NOTs or a thousand later: known in the first case, open in the other."""
    for length, wanted in ((4, bytes([0b1001])), (1000, None)):
        tape = Tape()
        node = source = tape.input("x")
        for _ in range(length):
            node = tape.add(Unit(1), [(node, -2)])
        tape.output("y", node)
        assert Reachable(tape).rows([source, node]) == wanted


def test_not_a_network():
    with pytest.raises(NetworkError):
        minimize_weights(Network())
