"""collapse: the same function in few perceptrons, against known least counts and a published tool's figures."""

import sys
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from machines import circuits_folder, machines, same
from reference import chain, corners, single, snapshot, table_of
from strategies import networks

from circuits import (
    collapse,
    full_adder,
    half_adder,
    mux,
    read,
    ripple_carry_adder,
    threshold_ripple_carry_adder,
    to_nand,
    xor,
)
from circuits.synthesis.mapping.order import Order
from circuits.synthesis.mapping.pairs import helped
from circuits.synthesis.mapping.unite import join
from circuits.synthesis.mapping.ways import Way
from circuits.synthesis.tables import fires
from perceptron import (
    SIGMOID,
    STEP,
    Network,
    NetworkError,
    ParameterError,
    Table,
    Tape,
    Unit,
    check,
    evaluate,
    find_difference,
    prove,
    prune,
    simulate,
)


def units(net):
    return len(net) - len(net.given) if isinstance(net, Tape) else len(net.units)


def well_made(net, max_fanin=None):
    """Step units with whole weights, none of them 0, no parallel edges."""
    check(net)
    for node in net.units:
        fanin = net.fanin(node)
        assert net.unit(node).activation is STEP
        assert type(net.unit(node).bias) is int
        assert all(type(weight) is int and weight for _, weight in fanin)
        assert len({source for source, _ in fanin}) == len(fanin)
        assert max_fanin is None or len(fanin) <= max_fanin
    return True


@given(networks(extreme=True, wide=True, wild=True))
def test_random_networks(net):
    before = snapshot(net)
    made = collapse(net)
    assert snapshot(net) == before
    assert well_made(made)
    assert (made.name, made.inputs, list(made.outputs)) == (net.name, net.inputs, list(net.outputs))
    assert table_of(made) == table_of(net)
    assert find_difference(net, made) is None
    assert len(prune(made).units) == len(made.units), "no unit is made that nothing reads"
    if all(net.unit(node).activation is STEP for node in net.units):
        assert len(made.units) <= len(prune(net).units)
    assert len(collapse(made).units) <= len(made.units)


@given(networks(extreme=True, wild=True), st.integers(3, 6))
def test_a_bound_on_the_edges_into_a_unit(net, most):
    made = collapse(net, max_fanin=most)
    assert well_made(made, most)
    assert find_difference(net, made) is None
    assert len(collapse(made, max_fanin=most).units) <= len(made.units)


@given(networks(wide=True))
def test_a_tape_is_collapsed_to_a_tape(net):
    tape = Tape.from_network(net)
    before = snapshot(tape.to_network())
    made = collapse(tape)
    assert isinstance(made, Tape)
    assert snapshot(tape.to_network()) == before
    assert find_difference(tape, made) is None
    assert units(made) == units(collapse(net))


@settings(max_examples=25)
@given(machines(max_units=10))
def test_states(net):
    made = collapse(net)
    assert well_made(made)
    same(net, made)


@given(networks(min_inputs=1, max_inputs=4))
def test_a_name_still_means_what_it_meant(net):
    made = collapse(net)
    old = Network.from_graph(net.graph, net.inputs, {node: node for node in net.graph})
    new = Network.from_graph(made.graph, made.inputs, {node: node for node in made.graph})
    for values in corners(net):
        before, after = evaluate(old, values), evaluate(new, values)
        for node in set(before) & set(after):
            assert before[node] == after[node]


# --- circuits whose least count is known


def test_the_chapters_adders_end_as_two_units():
    half, full = collapse(half_adder.network), collapse(full_adder.network)
    assert (half.units, half.fanin("carry")) == (["carry", "sum"], [("x1", 1), ("x2", 1)])
    assert half.fanin("sum") == [("x1", 1), ("x2", 1), ("carry", -2)]
    assert full.fanin("carry") == [("a", 1), ("b", 1), ("carry_in", 1)]
    assert full.unit("carry") == Unit(-1), "the majority: more than one"
    assert full.fanin("sum") == [("a", 1), ("b", 1), ("carry_in", 1), ("carry", -2)]
    assert full.unit("sum") == Unit(0)
    for net, made in ((half_adder.network, half), (full_adder.network, full)):
        assert find_difference(net, made) is None


@pytest.mark.parametrize("width", [1, 2, 3, 8])
def test_a_ripple_carry_adder_takes_two_units_a_bit(width):
    for adder in (ripple_carry_adder(width), threshold_ripple_carry_adder(width)):
        made = collapse(adder.network)
        assert len(made.units) == 2 * width
        assert find_difference(made, adder.network) is None


@pytest.mark.parametrize("inputs", range(2, 16))
def test_a_parity_takes_a_unit_for_each_digit_of_the_count(inputs):
    """1 + floor(log2 n) units, which nobody can beat (Muroga); from a chain of exclusive ors, and from NANDs."""
    net = Network()
    node = net.input("x0")
    for index in range(1, inputs):
        node = net.add(Unit(0, Table(0, 1, 0)), [(node, 1), (net.input(f"x{index}"), 1)])
    net.output("y", node)
    for form in (net, to_nand(net)):
        made = collapse(form)
        assert len(made.units) == inputs.bit_length()
        assert find_difference(made, net) is None


def test_a_multiplexer_takes_two():
    assert len(collapse(mux.network).units) == len(collapse(to_nand(mux.network)).units) == 2


@pytest.mark.parametrize("weights", [(1,) * 5, (1,) * 6, (3, 2, 2, 1, 1), (5, 4, 3, 2, 1, 1)])
def test_a_perceptron_that_became_nands_comes_back(weights):
    net = single(weights, -(sum(weights) // 2))
    made = collapse(to_nand(net))
    assert find_difference(made, net) is None
    assert len(made.units) == 1


def test_a_majority_of_nine_as_a_diagram_of_nands():
    """Partial sums, one level for each input: at most three units are left of dozens of NANDs."""
    net = Network()
    inputs = [net.input(f"x{place}") for place in range(1, 10)]
    made = {}

    def nand(*pins):
        return net.add(Unit(2 * len(pins) - 1), [(pin, -2) for pin in pins])

    def at_least(count, level):
        """The node that is 1 if `count` of the inputs from `level` on are 1; 0 < count <= 9 - level."""
        if (count, level) not in made:
            high = None if count == 1 else at_least(count - 1, level + 1)
            low = None if count > 8 - level else at_least(count, level + 1)
            both = nand(inputs[level]) if high is None else nand(inputs[level], high)
            made[count, level] = nand(both) if low is None else nand(both, nand(low))
        return made[count, level]

    net.output("y", at_least(5, 0))
    left = collapse(net)
    assert find_difference(left, net) is None
    assert find_difference(left, single((2,) * 9, -9), exhaustive=9) is None
    assert len(left.units) <= 3 < len(net.units)


@pytest.mark.parametrize("kind", ["and", "or", "by turns"])
def test_a_long_chain_of_ands_and_ors_is_one_unit(kind):
    """By turns the weights grow like Fibonacci's numbers."""
    net = Network()
    node = net.input("x0")
    for index in range(1, 20):
        is_and = kind == "and" or (kind == "by turns" and index % 2)
        node = net.add(Unit(-1 if is_and else 0), [(node, 1), (net.input(f"x{index}"), 1)])
    net.output("y", node)
    made = collapse(net)
    assert len(made.units) == 1
    assert len(made.fanin(made.units[0])) == 20
    assert find_difference(made, net) is None
    assert well_made(collapse(net, max_fanin=7), 7)


def test_equal_units_become_one():
    net = Network()
    a, b = net.input("a"), net.input("b")
    net.output("y", net.add(Unit(-3), [(a, 2), (b, 2)], name="y"))
    net.output("z", net.add(Unit(Fraction(-1, 3)), [(b, 0.25), (a, 0.25)], name="z"))
    made = collapse(net)
    assert len(made.units) == 1
    assert made.outputs["y"] == made.outputs["z"]


def test_outputs_that_are_inputs_constants_and_complements():
    net = Network("odd")
    x, y = net.input("x"), net.input("unused")
    net.output("wire", x)
    net.output("not", net.add(Unit(1), [(x, -2)]))
    net.output("and", net.add(Unit(-3), [(x, 2), (y, 2)], name="and"))
    net.output("nand", net.add(Unit(3), [(x, -2), (y, -2)], name="nand"))
    net.output("one", net.add(Unit(1)))
    net.output("zero", net.add(Unit(0), [(x, 2), (x, -2)]))
    made = collapse(net)
    assert table_of(made) == table_of(net)
    assert made.outputs["wire"] == "x"
    assert len(made.units) == 5
    assert {"and", "nand"} <= set(made.units)


def test_deep_networks_need_no_recursion():
    assert len(collapse(chain(3 * sys.getrecursionlimit() | 1)).units) == 1
    length = sys.getrecursionlimit() + 100
    net = Network()
    node = net.input("x0")
    for index in range(length):
        node = net.add(Unit(0, Table(0, 1, 1, 0)), [(node, 1), (node, 1), (net.input(f"i{index}"), 1)])
    net.output("y", node)
    samples = np.random.default_rng(0).integers(0, 2, (64, length + 1))
    assert np.array_equal(simulate(collapse(net, rounds=1), samples), simulate(net, samples))


def test_units_too_wide_for_logic_stay():
    rng = np.random.default_rng(0)
    net = single([int(weight) for weight in rng.integers(1 << 20, 1 << 22, 2000)], -(10**9))
    made = collapse(net)
    assert len(made.units) == 1
    samples = rng.integers(0, 2, (50, 2000))
    assert np.array_equal(simulate(made, samples), simulate(net, samples))
    with pytest.raises(NetworkError, match="too wide for operations on bits"):
        collapse(net, max_fanin=10)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"max_fanin": 2}, "max_fanin is 2; give at least 3, which an exclusive or needs"),
        ({"cuts": 0}, "cuts is 0; give a whole number of at least 1"),
        ({"max_fanin": 3.5}, "max_fanin is 3.5; give at least 3, which an exclusive or needs"),
        ({"cuts": "4"}, "cuts is '4'; give a whole number of at least 1"),
        ({"rounds": 0}, "rounds is 0; give a whole number of at least 1"),
    ],
)
def test_errors_of_parameters(options, message):
    with pytest.raises(ParameterError) as error:
        collapse(xor.network, **options)
    assert str(error.value) == message


@pytest.mark.parametrize("kind", ["sigmoid", "real input"])
def test_real_numbers_are_no_logic(kind):
    net = single([1], 0, SIGMOID if kind == "sigmoid" else STEP, real=kind == "real input")
    with pytest.raises(NetworkError) as error:
        collapse(net)
    assert str(error.value) == ("node 'x1' has other values than 0 and 1, so it is no logic; harden the network first")


# --- the parts


@given(st.integers(2, 4), st.randoms(use_true_random=False))
def test_helped(width, random):
    table, helper = (random.getrandbits(1 << width) for _ in range(2))
    found = helped(table, helper, width)
    if found is not None:
        weights, bias = found
        for row in range(1 << width):
            values = [*(row >> place & 1 for place in range(width)), helper >> row & 1]
            assert int(sum(w * x for w, x in zip(weights, values, strict=True)) + bias > 0) == table >> row & 1
    assert helped(table, table, width) is not None


@given(st.data())
def test_join(data):
    """Whatever is joined is what both were, for few leaves (by the table) and for many (by the sums)."""
    count = data.draw(st.sampled_from([2, 3, 6]))
    shared = data.draw(st.booleans())
    first, second = range(1, count + 1), range(1 if shared else count + 1, 2 * count + 1)
    weights = st.integers(-3, 3).filter(bool)
    inner = Way(tuple(first), tuple(data.draw(weights) for _ in first), data.draw(st.integers(-5, 5)))
    outer = Way((*second, 99), tuple(data.draw(weights) for _ in (*second, 99)), data.draw(st.integers(-5, 5)))
    made = join(outer, 99, inner, 100)
    if made is None:
        return
    leaves = sorted({*first, *second})

    def table(way, without=()):
        weight = dict(zip(way.leaves, way.weights, strict=True))
        return fires([weight.get(leaf, 0) for leaf in leaves], way.bias + sum(weight[leaf] for leaf in without))

    on, off, unit = table(outer, [99]), table(outer), table(inner)
    assert table(made) == (unit & on) | (~unit & off)


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), max_size=40))
def test_the_order_takes_every_edge_that_closes_no_loop(edges):
    import networkx as nx

    order, graph = Order([[] for _ in range(10)]), nx.DiGraph()
    graph.add_nodes_from(range(10))
    for source, reader in edges:
        closes = nx.has_path(graph, reader, source)
        assert order.add(source, reader) == (not closes)
        if not closes:
            graph.add_edge(source, reader)
        assert all(order.number[a] < order.number[b] for a, b in graph.edges)
    assert len(set(order.number)) == 10


# --- files

# The gates of the files; for c6288 what the best public tool, threABC, makes of it.
MOST = {"c17": 6, "c432": 160, "c499": 202, "c880": 383, "c1355": 546, "c6288": 1_102}


@pytest.mark.parametrize("name", ["c17", "c432", "c499", "c880", "c1355", "c6288"])
def test_iscas(name):
    net = read(circuits_folder() / "iscas85" / f"{name}.bench")
    made = collapse(net, rounds=1)
    assert well_made(made)
    assert len(made.units) <= MOST[name]
    same(net, made)


def test_the_16_bit_array_multiplier():
    """c6288 is 240 adder cells and 256 ANDs: at most two units a cell and one a product, 736."""
    net = read(circuits_folder() / "iscas85" / "c6288.bench", into=Tape())
    made = collapse(net)
    assert units(made) <= 2 * 240 + 256
    assert prove(net, made, rng=0).equal


@pytest.mark.parametrize("name", ["ctrl", "int2float", "cavlc", "dec"])
def test_epfl_proved_over_all_inputs(name):
    tape = read(circuits_folder() / "epfl" / f"{name}.aig", into=Tape())
    made = collapse(tape, rounds=2)
    assert units(made) < units(tape)
    assert find_difference(tape, made) is None


def test_epfl_adder_is_two_units_a_bit():
    tape = read(circuits_folder() / "epfl" / "adder.aig", into=Tape())
    made = collapse(tape)
    assert units(made) == 2 * 128
    assert prove(tape, made, rng=0).equal


@pytest.mark.slow
@pytest.mark.parametrize("name", ["bar", "priority", "router", "multiplier"])
def test_epfl(name):
    tape = read(circuits_folder() / "epfl" / f"{name}.aig", into=Tape())
    made = collapse(tape, rounds=1)
    assert units(made) < units(tape) / 2
    assert prove(tape, made, rng=0).equal
    if name == "multiplier":  # the oracle is Python's `*`
        numbers = [
            (one << 32 | other, other << 31 | one)
            for one, other in np.random.default_rng(0).integers(0, 1 << 31, (200, 2)).tolist()
        ]
        samples = [
            [a >> place & 1 for place in range(64)] + [b >> place & 1 for place in range(64)] for a, b in numbers
        ]
        products = [sum(int(bit) << place for place, bit in enumerate(row)) for row in simulate(made, samples)]
        assert products == [a * b for a, b in numbers]
    else:
        assert units(collapse(made, rounds=1)) <= units(made)
