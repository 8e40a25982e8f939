"""gate_name and statistics: every name, against what Python says the gate computes."""

import itertools
from fractions import Fraction

import pytest
from hypothesis import given
from reference import corners, single
from strategies import networks

from circuits import (
    and_,
    half_adder,
    majority,
    mux,
    nand,
    nor,
    not_,
    or_,
    threshold_full_adder,
    xnor,
    xor,
)
from perceptron import SIGMOID, Network, NetworkError, Table, Unit, evaluate, merge_parallel
from perceptron.names import depth, gate_name, statistics


@pytest.mark.parametrize("pins", [2, 3, 5, 12])
@pytest.mark.parametrize(
    ("gate", "name"), [(and_, "AND"), (or_, "OR"), (nand, "NAND"), (nor, "NOR"), (xor, "XOR"), (xnor, "XNOR")]
)
def test_symmetric_gates_of_any_width(gate, name, pins):
    net = gate.of(pins).network
    assert gate_name(net, "out") == name
    assert statistics(net)["gates"] == {name: 1}


@pytest.mark.parametrize("gate", [and_, or_, xor, majority])
def test_one_pin_is_a_buffer(gate):
    assert gate_name(gate.of(1).network, "out") == "BUFFER"


@pytest.mark.parametrize("gate", [nand, nor, xnor])
def test_one_pin_negated_is_a_not(gate):
    assert gate_name(gate.of(1).network, "out") == "NOT"
    assert gate_name(not_.network, "out") == "NOT"


@pytest.mark.parametrize(
    ("weights", "bias", "name"),
    [
        ([], 1, "CONSTANT 1"),
        ([], 0, "CONSTANT 0"),
        ([], -1, "CONSTANT 0"),
        ([0, 0], 3, "CONSTANT 1"),
        ([2, 2, 2], -3, "MAJORITY"),
        ([1] * 5, -2, "MAJORITY"),
        ([1] * 5, -1, "AT LEAST 2"),
        ([1] * 5, -3, "AT LEAST 4"),
        ([1] * 4, -2, "AT LEAST 3"),
        ([1] * 4, -1, "AT LEAST 2"),
        ([1] * 2000, -999.5, "AT LEAST 1000"),
        ([1] * 2001, -1000, "MAJORITY"),
        ([-4], 3, "NOT"),
        ([4], -3, "BUFFER"),
        ([3, 5, 4], -11, "AND"),  # unequal weights, symmetric function
        ([3, 5, 4], -2.5, "OR"),
        ([Fraction(1, 3), 0.5, 0.4], Fraction(-7, 10), "MAJORITY"),
        ([2, 1, 1], -1, "PERCEPTRON"),  # x1 or (x2 and x3)
        ([2, 0], -1, "PERCEPTRON"),
        ([6, 2, 2], -5, "PERCEPTRON"),  # the festival
        ([2, -2], -1, "PERCEPTRON"),
        (list(range(1, 12)), -5, "PERCEPTRON"),  # too wide to look at every row
    ],
)
def test_names_of_perceptrons(weights, bias, name):
    assert gate_name(single(weights, bias), "y") == name


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_a_multiplexer_in_any_order_of_its_pins(order):
    """The three pins, each reading an input of another rank: still a MUX."""
    place = dict(enumerate(order))
    values = []
    for number in range(8):
        bits = [number >> place[pin] & 1 for pin in range(3)]
        values.append(bits[1] if bits[0] else bits[2])
    assert gate_name(single([1, 2, 4], 0, Table(values)), "y") == "MUX"
    assert gate_name(mux.network, "out") == "MUX"


@pytest.mark.parametrize(
    ("weights", "values", "name"),
    [
        ([1, 1], (0, 1, 0), "XOR"),
        ([1, 1], (1, 0, 1), "XNOR"),
        ([1, 1], (0, 0, 1), "AND"),
        ([1, 1, 1], (0, 1, 0, 1), "XOR"),
        ([1, 1, 1], (0, 1, 1, 0), "TABLE"),
        ([1, 1, 1], (0, 0, 1, 1), "MAJORITY"),
        ([1, 2], (0, 1, 1, 0), "XOR"),
        ([1, 2], (0, 1, 0, 0), "TABLE"),
        ([1, 1], (1, 1, 1), "CONSTANT 1"),
        ([1], (1, 0), "NOT"),
    ],
)
def test_names_of_tables(weights, values, name):
    assert gate_name(single(weights, 0, Table(values)), "y") == name


def test_the_other_names():
    net = Network()
    net.input("x", real=True)
    net.add(Unit(0, SIGMOID), [("x", 1)], name="s")
    net.add(Unit(0), [("x", 1), ("s", 1)], name="p")
    net.output("y", "p")
    assert [gate_name(net, node) for node in ("x", "s", "p")] == ["INPUT", "SIGMOID", "PERCEPTRON"]
    with pytest.raises(NetworkError, match=r"^there is no node 'gone' in"):
        gate_name(net, "gone")


def test_a_merged_carry_reads_not():
    """The name is computed, so merging changes it: two pins of -2 are a NAND, one of -4 a NOT."""
    assert gate_name(half_adder.network, "carry") == "NAND"
    assert gate_name(merge_parallel(half_adder.network), "carry") == "NOT"
    assert statistics(merge_parallel(half_adder.network))["gates"] == {"NAND": 4, "NOT": 1}


def test_a_table_whose_edges_are_in_range_only_together():
    net = Network()
    net.input("x")
    net.output("y", net.add(Unit(0, Table(0, 1)), [("x", 2), ("x", -1)], name="y"))
    assert gate_name(net, "y") == "TABLE"
    assert gate_name(merge_parallel(net), "y") == "BUFFER"
    halves = Network()
    halves.input("x")
    halves.output("y", halves.add(Unit(0, Table(1, 0)), [("x", 0.5), ("x", 0.5)], name="y"))
    assert gate_name(halves, "y") == "TABLE"
    assert gate_name(merge_parallel(halves), "y") == "NOT"


MEANING = {
    "CONSTANT 0": lambda pins: 0,
    "CONSTANT 1": lambda pins: 1,
    "BUFFER": lambda pins: pins[0],
    "NOT": lambda pins: 1 - pins[0],
    "AND": all,
    "OR": any,
    "NAND": lambda pins: not all(pins),
    "NOR": lambda pins: not any(pins),
    "XOR": lambda pins: sum(pins) % 2,
    "XNOR": lambda pins: 1 - sum(pins) % 2,
    "MAJORITY": lambda pins: 2 * sum(pins) > len(pins),
}


@given(networks(extreme=True, wide=True))
def test_a_name_says_what_the_unit_does(net):
    """Read the pins' values and apply the meaning of the word."""
    every = Network.from_graph(net.graph, net.inputs, {node: node for node in net.graph})
    rows = [evaluate(every, values) for values in corners(net)]
    for node in net.units:
        name = gate_name(net, node)
        for row in rows:
            pins = [row[source] for source, _ in net.fanin(node)]
            if name in MEANING:
                assert row[node] == int(MEANING[name](pins))
            elif name.startswith("AT LEAST "):
                assert row[node] == int(sum(pins) >= int(name.removeprefix("AT LEAST ")))
            else:
                assert name in ("MUX", "PERCEPTRON", "TABLE")


@given(networks(smooth=True))
def test_statistics_count(net):
    found = statistics(net)
    assert found["units"] == len(net.units) == sum(found["gates"].values())
    assert found["edges"] == net.graph.number_of_edges()
    assert (found["inputs"], found["outputs"]) == (len(net.inputs), len(net.outputs))
    assert found["depth"] == depth(net)
    counts = list(found["gates"].values())
    assert counts == sorted(counts, reverse=True)


def test_statistics_of_known_circuits():
    assert statistics(half_adder.network) == {
        "units": 5,
        "edges": 10,
        "depth": 3,
        "inputs": 2,
        "outputs": 2,
        "gates": {"NAND": 5},
    }
    assert statistics(threshold_full_adder.network)["gates"] == {"MAJORITY": 1, "PERCEPTRON": 1}


def test_depth_counts_units_on_the_longest_way_to_an_output():
    net = Network()
    net.input("x")
    net.output("wire", "x")
    assert depth(net) == 0
    net.add(Unit(1), [("x", -2)], name="a")
    net.add(Unit(1), [("a", -2)], name="dead end")
    net.output("y", "a")
    assert depth(net) == 1
    net.output("z", net.add(Unit(1)))
    assert depth(net) == 1
