"""check: each invariant of a network, broken by hand in its graph, and the whole text of each error."""

import math
from fractions import Fraction

import networkx as nx
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from reference import chain, single, snapshot
from strategies import networks

from circuits import half_adder
from perceptron import (
    SIGMOID,
    CycleError,
    Network,
    NetworkError,
    PerceptronError,
    Table,
    Unit,
    agreement,
    check,
    compile,
    evaluate,
    find_difference,
    harden,
    layered,
    layers,
    linearize,
    merge_parallel,
    prune,
    scale,
    simulate,
    soften,
    truth_table,
)


def nand():
    return single([-2, -2], 3)


def message(net):
    """The text with which `check` refuses a network, which it leaves as it was."""
    before = snapshot(net)
    with pytest.raises(NetworkError) as error:
        check(net)
    assert snapshot(net) == before
    return str(error.value)


@given(networks(smooth=True, extreme=True, wild=True, wide=True))
def test_valid_networks_pass(net):
    assert check(net) == net.order()


def test_empty():
    assert message(Network()) == "the network is empty; add an input or a unit, and name an output"


def test_no_output():
    net = Network("n")
    net.input("x")
    assert message(net) == (
        "<Network 'n': 1 input, 0 units, 0 edges, 0 outputs> has no output; name one with output(name, node)"
    )


def test_output_of_no_node():
    net = nand()
    net.graph.remove_node("y")
    assert message(net) == "output 'y': there is no node 'y'; add it first"


def test_input_named_twice():
    net = nand()
    net = Network.from_graph(net.graph, ["x1", "x2", "x1"], net.outputs)
    assert message(net) == "input 'x1' stands twice among the inputs; name it once"


def test_input_that_is_not_there():
    net = nand()
    net.graph.remove_node("x2")
    assert message(net) == "input 'x2': there is no such node; add it first"


def test_input_with_an_edge():
    net = nand()
    net.graph.add_edge("x1", "x2", weight=1)
    assert message(net) == ("input 'x2' has an edge from 'x1'; an input is given its value, so remove it")


def test_input_with_a_unit():
    net = nand()
    net.graph.nodes["x1"]["unit"] = Unit(1)
    assert message(net) == "input 'x1' has a unit; an input has none, so remove the one or the other"


@pytest.mark.parametrize("unit", [None, "NAND", 3, SIGMOID])
def test_node_without_a_unit(unit):
    net = nand()
    net.graph.nodes["y"]["unit"] = unit
    assert message(net) == f"node 'y' has the unit {unit!r}; give it a Unit, or list it as an input"


@pytest.mark.parametrize("unit", ["NAND", 3])
def test_node_without_a_unit_that_a_table_reads(unit):
    """The table stands before the node it reads: the error is still about that node."""
    graph = nx.MultiDiGraph()
    graph.add_node("y", unit=Unit(0, Table(0, 1)))
    graph.add_node("a", unit=unit)
    graph.add_edge("a", "y", weight=1)
    net = Network.from_graph(graph, [], {"y": "y"})
    assert message(net) == f"node 'a' has the unit {unit!r}; give it a Unit, or list it as an input"


@pytest.mark.parametrize("weight", [math.nan, math.inf, -math.inf, "2", None])
def test_weight_that_is_no_finite_number(weight):
    net = nand()
    net.graph.edges["x2", "y", 0]["weight"] = weight
    assert message(net) == (
        f"unit 'y': the weight from 'x2' is {weight!r}; give a finite number (int, float or Fraction)"
    )


def test_edge_without_a_weight():
    net = nand()
    net.graph.add_edge("x1", "y")
    assert message(net) == ("unit 'y': the weight from 'x1' is None; give a finite number (int, float or Fraction)")


@pytest.mark.parametrize(
    ("weights", "bias", "values", "text"),
    [
        ([1, 1], 0, 2, "a table of 2 values cannot take a sum of 2; give it 3 values"),
        ([1, 1], 0, 1, "a table of 1 values cannot take a sum of 2; give it 3 values"),
        ([1, -1], 0, 2, "a table of 2 values cannot take a sum of -1; raise its bias by 1"),
        ([-2, -2], 3, 4, "a table of 4 values cannot take a sum of -1; raise its bias by 1"),
        ([], 1, 1, "a table of 1 values cannot take a sum of 1; give it 2 values"),
        ([0.5, 1], 0, 3, "a table needs whole weights, but x1 has 1/2"),
        ([Fraction(1, 3), 1], 0, 3, "a table needs whole weights, but x1 has 1/3"),
        ([1, 1], 0.25, 3, "a table needs whole weights, but the bias has 1/4"),
    ],
)
def test_table_sums(weights, bias, values, text):
    assert message(single(weights, bias, Table([0] * values))) == f"unit 'y': {text}"


def test_table_weights_beyond_floats():
    net = single([Fraction(10**400 + 1, 2)], 0, Table(0, 1))
    assert message(net).startswith("unit 'y': a table needs whole weights, but x1 has ")


def test_table_weights_count_as_they_add_up():
    """2 and -1 from the same source are 1; halves are whole together."""
    net = Network()
    net.input("x")
    net.output("y", net.add(Unit(0, Table(0, 1)), [("x", 2), ("x", -1)]))
    net.output("z", net.add(Unit(0, Table(0, 1)), [("x", 0.5), ("x", Fraction(1, 2))]))
    assert check(net) == ["x", "n1", "n2"]


def test_table_that_reads_a_sigmoid():
    net = Network()
    net.input("x")
    net.add(Unit(0, SIGMOID), [("x", 1)], name="s")
    net.output("y", net.add(Unit(0, Table(0, 1)), [("s", 1)], name="y"))
    assert message(net) == (
        "unit 'y': a table reads 0 and 1, but unit 's' takes other values; put a step unit between them"
    )


@pytest.mark.parametrize("how", ["declared", "fed to a sigmoid"])
def test_table_that_reads_a_real_input(how):
    net = Network()
    net.input("x", real=how == "declared")
    if how != "declared":
        net.add(Unit(0, SIGMOID), [("x", 1)])
    net.output("y", net.add(Unit(0, Table(0, 1)), [("x", 1)], name="y"))
    assert message(net) == (
        "unit 'y': a table reads 0 and 1, but input 'x' takes other values; put a step unit between them"
    )


# --- loops


def test_a_loop_of_one():
    net = nand()
    net.graph.add_edge("y", "y", weight=1)
    with pytest.raises(CycleError) as error:
        check(net)
    assert error.value.cycle == ["y"]
    assert str(error.value) == (
        "the network has a loop: 'y' -> 'y'; a feedforward network has none, so remove one of these edges"
    )


def test_a_loop_of_three_is_named_node_by_node():
    net = chain(5)
    net.graph.add_edge("u3", "u1", weight=1)
    with pytest.raises(CycleError) as error:
        check(net)
    assert str(error.value) == (
        "the network has a loop: 'u1' -> 'u2' -> 'u3' -> 'u1'; "
        "a feedforward network has none, so remove one of these edges"
    )


def test_a_very_long_loop():
    net = chain(30_000)
    net.graph.add_edge("u29999", "u0", weight=1)
    with pytest.raises(CycleError) as error:
        check(net)
    assert error.value.cycle == [f"u{index}" for index in range(30_000)]


@given(networks(smooth=True, min_inputs=1), st.data())
def test_any_loop_is_found_and_is_one(net, data):
    """Close a loop anywhere: the nodes named do lie on a loop."""
    ways = [(u, v) for u, reached in nx.all_pairs_shortest_path_length(net.graph) for v in reached if v in net.units]
    assume(ways)
    source, target = data.draw(st.sampled_from(ways))
    assume(source in net.units)
    assume(all(not isinstance(net.unit(node).activation, Table) for node in net.units))
    net.graph.add_edge(target, source, weight=1)
    with pytest.raises(CycleError) as error:
        check(net)
    cycle = error.value.cycle
    assert len(set(cycle)) == len(cycle) > 0
    assert all(net.graph.has_edge(a, b) for a, b in zip(cycle, cycle[1:] + cycle[:1], strict=True))
    with pytest.raises(CycleError):
        net.order()


FUNCTIONS = {
    "agreement": agreement,
    "compile": compile,
    "evaluate": lambda net: evaluate(net, x1=0, x2=0),
    "find_difference": lambda net: find_difference(net, nand()),
    "find_difference, second": lambda net: find_difference(nand(), net),
    "harden": harden,
    "layered": layered,
    "layers": layers,
    "linearize": lambda net: linearize(net, x1=0, x2=0),
    "merge_parallel": merge_parallel,
    "prune": prune,
    "scale": lambda net: scale(net, 2),
    "simulate": lambda net: simulate(net, [[0, 0]]),
    "soften": soften,
    "truth_table": truth_table,
}


@pytest.mark.parametrize("name", FUNCTIONS)
def test_every_function_checks_first(name):
    """A graph broken by hand is an error of ours everywhere, never a wrong answer or a crash."""
    looped, infinite, lost = nand(), nand(), nand()
    looped.graph.add_edge("y", "y", weight=1)
    infinite.graph.edges["x1", "y", 0]["weight"] = math.inf
    lost.graph.remove_node("x1")
    for net in (looped, infinite, lost, Network()):
        with pytest.raises(NetworkError):
            FUNCTIONS[name](net)


def test_the_exception_tree():
    assert issubclass(PerceptronError, ValueError)
    assert issubclass(NetworkError, PerceptronError)
    assert issubclass(CycleError, NetworkError)


def test_a_circuit_is_not_its_network():
    """The first mistake of a newcomer names its cure."""
    for verb in (check, evaluate, merge_parallel, layers):
        with pytest.raises(NetworkError, match=r"half_adder.* is no network; give its \.network"):
            verb(half_adder)
    with pytest.raises(NetworkError, match=r"the fan-in is 3; give pairs \(source, weight\)"):
        Network().add(Unit(0), 3)
