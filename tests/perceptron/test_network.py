"""Network: the three verbs, their refusals, and what can be read from it."""

import math
from fractions import Fraction

import networkx as nx
import pytest
from hypothesis import given
from reference import edges_of, single, snapshot
from strategies import networks

from perceptron import SIGMOID, Network, NetworkError, Table, Unit
from perceptron.network import is_binary, takes_real


def small():
    net = Network("small")
    net.input("x1")
    net.input("x2")
    net.add(Unit(3), [("x1", -2), ("x2", -2)], name="nand")
    net.output("y", "nand")
    return net


def refused(net, verb, text):
    """The verb fails with exactly this text, and the network is as before."""
    before = snapshot(net)
    with pytest.raises(NetworkError) as error:
        verb(net)
    assert str(error.value) == text
    assert snapshot(net) == before


@pytest.mark.parametrize("name", ["", None, 3, ("x",)])
def test_names_are_strings_that_are_not_empty(name):
    refused(small(), lambda net: net.input(name), f"a node is named {name!r}; give a non-empty string")
    refused(small(), lambda net: net.output(name, "x1"), f"an output is named {name!r}; give a non-empty string")
    if name is not None:
        refused(small(), lambda net: net.add(Unit(), name=name), f"a node is named {name!r}; give a non-empty string")


@pytest.mark.parametrize("name", ["x1", "nand"])
def test_a_name_is_given_once(name):
    text = f"a node {name!r} is there already; choose another name"
    refused(small(), lambda net: net.input(name), text)
    refused(small(), lambda net: net.add(Unit(), name=name), text)


def test_an_output_is_named_once():
    refused(
        small(), lambda net: net.output("y", "x1"), "output 'y' is there already (node 'nand'); choose another name"
    )


def test_an_output_names_a_node():
    refused(small(), lambda net: net.output("z", "gone"), "output 'z': there is no node 'gone'; add it first")
    refused(small(), lambda net: net.output("z"), "output 'z': there is no node 'z'; add it first")


def test_a_unit_reads_nodes_that_are_there():
    fanin = [("x1", 1), ("x3", 1)]
    refused(
        small(), lambda net: net.add(Unit(), fanin, name="u"), "unit 'u': there is no node 'x3' to read; add it first"
    )
    refused(small(), lambda net: net.add(Unit(), fanin), "a unit: there is no node 'x3' to read; add it first")
    refused(
        small(),
        lambda net: net.add(Unit(), [("u", 1)], name="u"),
        "unit 'u': there is no node 'u' to read; add it first",
    )


@pytest.mark.parametrize("weight", [math.nan, math.inf, "2", None])
def test_a_weight_is_a_finite_number(weight):
    refused(
        small(),
        lambda net: net.add(Unit(), [("x1", 2), ("x2", weight)], name="u"),
        f"unit 'u': the weight from 'x2' is {weight!r}; give a finite number (int, float or Fraction)",
    )


def test_a_unit_is_a_unit():
    refused(small(), lambda net: net.add("NAND"), "a unit is 'NAND'; give a Unit, for example Unit(3)")
    refused(small(), lambda net: net.add(SIGMOID), "a unit is SIGMOID; give a Unit, for example Unit(3)")


def test_verbs_give_back_the_node_key():
    net = Network()
    assert net.input("x") == "x"
    assert net.add(Unit(1), {"x": -2}, name="u") == "u"
    assert net.output("y", "u") is None
    assert net.outputs == {"y": "u"}


def test_units_without_a_name_get_the_next_free_one():
    net = Network()
    net.input("n1")
    net.add(Unit(), name="n3")
    assert [net.add(Unit()) for _ in range(3)] == ["n2", "n4", "n5"]
    assert net.copy().add(Unit()) == "n6"


def test_an_output_may_have_the_name_of_its_node_or_of_another():
    net = small()
    net.output("nand")
    net.output("x2", "x1")
    assert dict(net.outputs) == {"y": "nand", "nand": "nand", "x2": "x1"}


def test_order_of_definition_is_kept():
    net = Network()
    for name in ("b", "a", "c"):
        net.input(name)
    for name in ("z", "y"):
        net.output(name, "a")
    assert (net.inputs, list(net.outputs)) == (("b", "a", "c"), ["z", "y"])


def test_parallel_edges_and_their_weights_stay():
    net = single([], 3)
    net.input("a")
    net.add(Unit(3), [("a", -2), ("a", Fraction(1, 3)), ("a", 0)], name="twice")
    assert net.fanin("twice") == [("a", -2), ("a", Fraction(1, 3)), ("a", 0)]
    assert net.graph.number_of_edges("a", "twice") == 3


def test_the_graph_is_networkx_own():
    graph = small().graph
    assert type(graph) is nx.MultiDiGraph
    assert graph.nodes["nand"] == {"unit": Unit(3)}
    assert [data["weight"] for *_, data in graph.edges(data=True)] == [-2, -2]
    assert nx.dag_longest_path_length(graph, weight=None, default_weight=1) == 1


def test_outputs_cannot_be_changed_by_the_back_door():
    net = small()
    with pytest.raises(TypeError):
        net.outputs["other"] = "x1"


def test_unit_of_a_node():
    net = small()
    assert net.unit("nand") == Unit(3)
    with pytest.raises(NetworkError) as error:
        net.unit("x1")
    assert str(error.value) == "node 'x1' is an input and has no unit; .units lists those that have one"
    with pytest.raises(NetworkError) as error:
        net.unit("gone")
    told = "there is no node 'gone' in <Network 'small': 2 inputs, 1 unit, 2 edges, 1 output>; .graph has its nodes"
    assert str(error.value) == told
    with pytest.raises(NetworkError) as error:
        net.fanin("gone")
    assert str(error.value) == told


def test_repr_counts():
    assert repr(Network()) == "<Network: 0 inputs, 0 units, 0 edges, 0 outputs>"
    assert repr(single([1], 0)) == "<Network: 1 input, 1 unit, 1 edge, 1 output>"


def test_text_is_always_part_of_what_a_notebook_gets():
    bundle = small()._repr_mimebundle_()
    assert bundle["text/plain"] == repr(small())


@given(networks(smooth=True, wild=True))
def test_a_copy_is_equal_and_independent(net):
    before = snapshot(net)
    copy = net.copy()
    assert snapshot(copy) == before
    node = copy.add(Unit(7), [(source, 1) for source in list(copy.graph)])
    copy.output("one more" * 20, node)
    copy.input("an input more" * 20)
    for _, _, data in copy.graph.edges(data=True):
        data["weight"] = 99
    copy.graph.nodes[next(iter(copy.graph))]["unit"] = None
    assert snapshot(net) == before


@given(networks(smooth=True, wild=True))
def test_order_puts_sources_first_and_keeps_every_node(net):
    order = net.order()
    place = {node: index for index, node in enumerate(order)}
    assert sorted(order) == sorted(net.graph)
    assert all(place[source] < place[target] for source, target, _ in edges_of(net))
    assert sum(len(net.fanin(node)) for node in order) == net.graph.number_of_edges()
    assert set(net.units) == set(order) - set(net.inputs)


def test_order_follows_the_graph_wherever_it_can():
    """Nodes added by hand before their sources move behind them; the others stay."""
    graph = nx.MultiDiGraph()
    graph.add_node("late", unit=Unit())
    graph.add_node("x")
    graph.add_node("u", unit=Unit())
    graph.add_node("v", unit=Unit())
    graph.add_edge("v", "late", weight=1)
    graph.add_edge("x", "u", weight=1)
    net = Network.from_graph(graph, ["x"], {"y": "late"})
    assert net.order() == ["x", "u", "v", "late"]


def test_from_graph_takes_the_graph_itself():
    graph = nx.MultiDiGraph()
    graph.add_node("x")
    net = Network.from_graph(graph, ["x"], {"y": "x"}, "wire")
    assert net.graph is graph
    assert (net.inputs, dict(net.outputs), net.name) == (("x",), {"y": "x"}, "wire")


def test_which_nodes_are_binary():
    net = Network()
    net.input("bit")
    net.input("declared", real=True)
    net.input("fed to a sigmoid")
    net.add(Unit(0, SIGMOID), [("fed to a sigmoid", 1)], name="soft")
    net.add(Unit(0), [("soft", 1), ("declared", 1)], name="hard")
    net.add(Unit(0, Table(0, 1)), [("hard", 1)], name="table")
    assert [name for name in net.inputs if takes_real(net, name)] == ["declared", "fed to a sigmoid"]
    assert [node for node in net.graph if is_binary(net, node)] == ["bit", "hard", "table"]
