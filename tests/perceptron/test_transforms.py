"""The transforms on random networks: the same function, the argument untouched, twice is once where claimed."""

import math
from fractions import Fraction

import networkx as nx
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from reference import corners, edges_of, expected, single, snapshot, table_of
from strategies import assignments, networks

from circuits import half_adder, nand, xor
from perceptron import (
    SIGMOID,
    STEP,
    Network,
    NetworkError,
    ParameterError,
    Table,
    Unit,
    check,
    evaluate,
    harden,
    layered,
    layers,
    merge_parallel,
    prune,
    scale,
    soften,
    trace,
)
from perceptron.network import is_binary, takes_real
from perceptron.rewrite import rebuild

CONSTANTS = st.one_of(
    st.sampled_from([1, 2, 1000, 0.1, 1 / 3, 1e-300, 1e300, 5e-324, Fraction(1, 3), Fraction(10**9, 7), 10**400]),
    st.floats(min_value=1e-6, max_value=1e6),
    st.fractions(min_value=Fraction(1, 1000), max_value=1000),
)


def same_shape(before, after, *, nodes=True):
    """Name, inputs and outputs are as they were, and every node key."""
    assert after is not before
    assert after.graph is not before.graph
    assert (after.name, after.inputs, dict(after.outputs)) == (before.name, before.inputs, dict(before.outputs))
    assert list(after.outputs) == list(before.outputs)
    if nodes:
        assert set(after.graph) == set(before.graph)
    check(after)


def unchanged(transform, net, *, nodes=True):
    """Apply a transform that claims to keep the function of a 0/1 network; check that, and the argument."""
    before = snapshot(net)
    after = transform(net)
    assert snapshot(net) == before
    same_shape(net, after, nodes=nodes)
    assert table_of(after) == table_of(net)
    assert snapshot(transform(net)) == snapshot(after), "twice on the same network is the same"
    return after


# --- rebuild


@given(networks(smooth=True, extreme=True, wild=True))
def test_rebuild_with_a_rule_that_changes_nothing(net):
    after = rebuild(net, lambda node, unit, fanin: (unit, fanin))
    same_shape(net, after)
    assert sorted(map(repr, edges_of(after))) == sorted(map(repr, edges_of(net)))
    assert [after.unit(node) for node in net.units] == [net.unit(node) for node in net.units]
    assert [takes_real(after, name) for name in net.inputs] == [takes_real(net, name) for name in net.inputs]


def test_rebuild_refuses_to_leave_out_what_is_read():
    net = half_adder.network
    with pytest.raises(NetworkError, match=r"^unit 'n2': there is no node 'n1' to read; add it first$"):
        rebuild(net, lambda node, unit, fanin: None if node == "n1" else (unit, fanin))


# --- merge_parallel


@given(networks(extreme=True, wide=True, wild=True))
def test_merging_keeps_the_function(net):
    after = unchanged(merge_parallel, net)
    assert snapshot(merge_parallel(after)) == snapshot(after)
    simple = nx.DiGraph(net.graph)
    assert after.graph.number_of_edges() == simple.number_of_edges()  # a weight of 0 stays an edge
    for source, target, weight in edges_of(after):
        assert Fraction(weight) == sum(Fraction(w) for s, w in net.fanin(target) if s == source)


@given(networks(smooth=True), st.data())
def test_merging_keeps_sigmoids_to_the_last_bit(net, data):
    values = data.draw(assignments(net))
    assert evaluate(merge_parallel(net), values) == evaluate(net, values)


def test_merging_keeps_a_weight_that_cancels():
    net = Network()
    net.input("x")
    net.output("y", net.add(Unit(1), [("x", 0.5), ("x", -0.5)], name="y"))
    assert merge_parallel(net).fanin("y") == [("x", 0)]


def test_merging_does_not_round():
    net = Network()
    net.input("x")
    net.output("y", net.add(Unit(-0.3), [("x", 0.1), ("x", 0.2)], name="y"))
    assert merge_parallel(net).fanin("y") == [("x", Fraction(0.1) + Fraction(0.2))]


# --- prune


@given(networks(extreme=True, wide=True, wild=True))
def test_pruning_keeps_the_function(net):
    after = unchanged(prune, net, nodes=False)
    assert snapshot(prune(after)) == snapshot(after)
    assert all(weight != 0 for *_, weight in edges_of(after))
    needed = set(after.outputs.values()).union(*(nx.ancestors(after.graph, n) for n in after.outputs.values()))
    assert set(after.units) <= needed <= set(net.graph)
    for node in after.units:
        assert after.unit(node) == net.unit(node)
        assert after.fanin(node) == [(s, w) for s, w in net.fanin(node) if w]


@given(networks(smooth=True), st.data())
def test_pruning_keeps_which_inputs_are_real(net, data):
    after = prune(net)
    assert [takes_real(after, name) for name in net.inputs] == [takes_real(net, name) for name in net.inputs]
    values = data.draw(assignments(net))
    assert evaluate(after, values) == evaluate(net, values)


def test_merging_and_pruning_drop_what_cancels():
    net = Network()
    net.input("x")
    net.output("y", net.add(Unit(1), [("x", 2), ("x", -2)], name="y"))
    assert prune(merge_parallel(net)).fanin("y") == []
    assert len(prune(net).fanin("y")) == 2  # no single edge is 0


# --- scale


@given(networks(extreme=True, wild=True), CONSTANTS)
def test_scaling_keeps_the_function(net, c):
    """Exercise 1, to the last bit: awkward floats, fractions, and constants beyond floats."""
    after = unchanged(lambda given_: scale(given_, c), net)
    for node in net.units:
        if isinstance(net.unit(node).activation, Table):
            assert (after.unit(node), after.fanin(node)) == (net.unit(node), net.fanin(node))
        else:
            assert Fraction(after.unit(node).bias) == Fraction(net.unit(node).bias) * Fraction(c)
            assert [(s, Fraction(w)) for s, w in after.fanin(node)] == [
                (s, Fraction(w) * Fraction(c)) for s, w in net.fanin(node)
            ]


@given(networks(), CONSTANTS, CONSTANTS)
def test_scaling_twice_is_scaling_by_the_product(net, a, b):
    once, twice = scale(net, Fraction(a) * Fraction(b)), scale(scale(net, a), b)
    for node in net.units:
        assert Fraction(once.unit(node).bias) == Fraction(twice.unit(node).bias)


@given(networks(smooth=True, max_units=4), st.data())
def test_scaling_makes_sigmoids_steeper(net, data):
    values = data.draw(assignments(net))
    before, after = trace(net, values), trace(scale(net, 3), values)
    for node in net.units:
        if not isinstance(net.unit(node).activation, Table) and all(s in net.inputs for s, _ in net.fanin(node)):
            assert after.sums[node] == 3 * before.sums[node]


@pytest.mark.parametrize("transform", [scale, soften])
@pytest.mark.parametrize("c", [0, 0.0, -1, -0.5, Fraction(-1, 3), math.nan, math.inf, -math.inf, "2", None, 1j])
def test_c_is_a_finite_number_above_0(transform, c):
    before = snapshot(nand.network)
    with pytest.raises(ParameterError) as error:
        transform(nand.network, c)
    assert str(error.value) == f"c is {c!r}; give a finite number > 0"
    assert snapshot(nand.network) == before


# --- soften and harden


@given(networks(steps_only=True, wild=True), CONSTANTS)
def test_softening_replaces_every_step(net, c):
    before = snapshot(net)
    after = soften(net, c)
    assert snapshot(net) == before
    same_shape(net, after)
    for node in net.units:
        assert after.unit(node).activation is SIGMOID
        assert Fraction(after.unit(node).bias) == Fraction(net.unit(node).bias) * Fraction(c)
    hard = harden(after)
    assert snapshot(harden(hard)) == snapshot(hard)
    for values in corners(net):
        assert evaluate(hard, values) == evaluate(net, values)


@given(networks(smooth=True), st.data())
def test_hardening_is_each_sigmoid_read_at_one_half(net, data):
    """A unit whose sources keep their values turns 1 exactly where it was above 0.5."""
    before = snapshot(net)
    after = harden(net)
    assert snapshot(net) == before
    same_shape(net, after)
    assert [takes_real(after, name) for name in net.inputs] == [takes_real(net, name) for name in net.inputs]
    values = data.draw(assignments(net))
    soft, hard = trace(net, values), trace(after, values)
    for node in net.units:
        kept = all(soft.values[source] == hard.values[source] for source in net.graph.pred[node])
        if kept:
            assert hard.values[node] == int(soft.sums[node] > 0) or isinstance(net.unit(node).activation, Table)
        if net.unit(node).activation is not SIGMOID:
            assert after.unit(node) == net.unit(node)
            assert after.fanin(node) == net.fanin(node)
        else:
            assert after.unit(node) == Unit(net.unit(node).bias, STEP)


def test_a_table_has_no_soft_form():
    with pytest.raises(NetworkError) as error:
        soften(xor.network)
    assert str(error.value) == (
        "unit 'out' is a table, not a perceptron, so it has no soft form; build it of perceptrons first "
        "(circuits.to_nand does)"
    )


@given(networks(steps_only=True, max_inputs=3, max_units=4))
def test_softened_networks_approach_the_steps(net):
    """Exercise 2 at one large c, wherever no sum is 0 (and none is so small that c must be larger)."""
    after = soften(net, 10**6)
    for values in corners(net):
        assume(all(abs(z) > 1e-4 for z in trace(net, values).sums.values()))
        soft = evaluate(after, values)
        assert soft == pytest.approx(expected(net, values), abs=1e-9)


# --- layers and layered


@given(networks(smooth=True, wild=True))
def test_layers_hold_every_node_once_and_edges_lead_to_later_ones(net):
    found = layers(net)
    depth = {node: index for index, layer in enumerate(found) for node in layer}
    assert sorted(depth) == sorted(net.graph)
    assert sum(map(len, found)) == len(depth)
    assert found[0] == list(net.inputs)
    assert all(found[1:])
    for node in net.units:
        assert depth[node] == 1 + max((depth[source] for source in net.graph.pred[node]), default=0)


@given(networks(extreme=True, wild=True))
def test_layering_keeps_the_function(net):
    before = snapshot(net)
    after = layered(net)
    assert snapshot(net) == before
    assert (after.name, after.inputs, list(after.outputs)) == (net.name, net.inputs, list(net.outputs))
    assert set(net.graph) <= set(after.graph)
    assert table_of(after) == table_of(net)
    depth = {node: index for index, layer in enumerate(layers(after)) for node in layer}
    last = max(1, len(layers(net)) - 1)
    for source, target, _ in edges_of(after):
        assert depth[target] == depth[source] + 1
    assert {depth[node] for node in after.outputs.values()} == {last}
    for node in net.units:
        assert after.unit(node) == net.unit(node)
    for relay in set(after.graph) - set(net.graph):
        assert after.unit(relay) == Unit(-1)
        ((source, weight),) = after.fanin(relay)
        assert weight == 2
        assert relay.rstrip("'") == source.rstrip("'")
    assert snapshot(layered(after)) == snapshot(after)


def test_the_output_layer_stands_in_the_order_of_the_outputs():
    net = Network()
    net.input("x")
    for name in ("a", "b"):
        net.add(Unit(1), [("x", -2)], name=name)
    net.output("first", "b")
    net.output("second", "a")
    assert layers(layered(net))[-1] == ["b", "a"]


def test_relays_avoid_names_that_are_taken():
    net = Network()
    net.input("x")
    net.add(Unit(1), [("x", -2)], name="x'")
    net.output("y", net.add(Unit(-3), [("x", 2), ("x'", 2)], name="y"))
    after = layered(net)
    assert set(after.graph) == {"x", "x'", "x''", "y"}
    assert after.fanin("x''") == [("x", 2)]


def test_a_real_number_is_not_handed_on():
    net = Network()
    net.input("x", real=True)
    net.add(Unit(1), [("x", -2)], name="a")
    net.output("y", net.add(Unit(1), [("x", -2), ("a", 1)], name="y"))
    with pytest.raises(NetworkError) as error:
        layered(net)
    assert str(error.value) == (
        "node 'x' is read more than one layer later, and its value is a real number, which no perceptron can hand "
        "on; layer a network of steps instead"
    )


@given(networks(sigmoids_only=True), st.data())
def test_layering_keeps_sigmoids_that_are_layered_already(net, data):
    try:
        after = layered(net)
    except NetworkError:
        assert any(not is_binary(net, node) for node in net.graph)
        return
    values = data.draw(assignments(net))
    assert evaluate(after, values) == evaluate(net, values)


def test_two_outputs_from_one_node_stay_one_node():
    net = single([-2, -2], 3)
    net.output("again", "y")
    assert dict(layered(net).outputs) == {"y": "y", "again": "y"}
