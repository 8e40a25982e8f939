"""Every invariant of a network, each with an error that names the thing, the value and the cure."""

from __future__ import annotations

from collections.abc import Mapping

import networkx as nx

from perceptron.errors import NetworkError
from perceptron.network import Network, edges_into, is_binary, takes_real
from perceptron.numbers import Exact, as_number, exact
from perceptron.unit import Table, Unit, fraction_text

_HAS_NONE = {"input": "an input has none", "state": "a state has none"}
_GIVEN = {"input": "an input is given its value", "state": "a state takes its value from the step before"}


def check(net: Network) -> list[str]:
    """Check every invariant of a network and return its nodes in topological order.

    The verbs of `Network` keep most of these by themselves; `check` is for a graph that was edited by hand, and
    every function of this package that relies on the invariants calls it.

    Parameters
    ----------
    net : Network

    Returns
    -------
    list of str
        All nodes, each after its sources.

    Raises
    ------
    CycleError
        If there is a loop; it names the loop node by node.
    NetworkError
        If it is no network; it is empty or has no output; an input or output names no node; a name stands twice among
        the inputs; an input has incoming edges; a node has no unit; a weight is missing or not a finite number;
        or a table does not cover every sum that its incoming edges can make.

    Examples
    --------
    >>> net = Network()
    >>> net.input("x")
    'x'
    >>> net.output("y", net.add(Unit(1), [("x", -2)], name="not"))
    >>> check(net)
    ['x', 'not']
    """
    check_whole(net)
    return check_structure(net)


def check_whole(net: Network) -> None:
    """What `check` asks beyond `check_structure`: that it is a network, with a node and an output."""
    require_network(net)
    if not net.graph:
        raise NetworkError("the network is empty; add an input or a unit, and name an output")
    if not net.outputs:
        raise NetworkError(f"{net!r} has no output; name one with output(name, node)")


def check_structure(net: Network) -> list[str]:
    """What `check` does, but a network may be empty and have no output, as a file may."""
    require_network(net)
    graph = net.graph
    if not isinstance(graph, nx.MultiDiGraph):
        raise NetworkError(f"the graph is a {type(graph).__name__}; give a MultiDiGraph, which keeps parallel edges")
    for name, node in net.outputs.items():
        if node not in graph:
            raise NetworkError(f"output {name!r}: there is no node {node!r}; add it first")
    given = set(net.inputs)
    if len(given) < len(net.inputs):
        doubled = next(name for name in net.inputs if net.inputs.count(name) > 1)
        raise NetworkError(f"input {doubled!r} stands twice among the inputs; name it once")
    for name in net.inputs:
        _check_given(net, "input", name)
    for name, state in net.states.items():
        _check_given(net, "state", name)
        if name in given:
            raise NetworkError(f"state {name!r} is an input as well; make it the one or the other")
        if state.next not in graph:
            cure = "name its next value with feedback(state, node)"
            raise NetworkError(f"state {name!r}: there is no node {state.next!r} to take its next value from; {cure}")
    given.update(net.states)
    for node, unit in graph.nodes(data="unit"):
        if node not in given and not isinstance(unit, Unit):
            raise NetworkError(f"node {node!r} has the unit {unit!r}; give it a Unit, or list it as an input")
    binary: dict[str, bool] = {}  # of what tables read, found once
    for node, unit in graph.nodes(data="unit"):
        if node not in given:
            _check_weights(net, node, unit, binary)
    return net.order()


def require_network(given: object) -> None:
    """Raise NetworkError if something is no network: a circuit has one, and may have memories beside it."""
    if isinstance(given, Network):
        return
    if getattr(given, "memories", ()):
        cure = "its .network sees no more of its memories than their pins, so give expand_memories of it"
    else:
        cure = "give its .network" if hasattr(given, "network") else "give a Network"
    raise NetworkError(f"{given!r} is no network; {cure}")


def _check_given(net: Network, kind: str, name: str) -> None:
    """An input or a state is a node without edges and without a unit."""
    if name not in net.graph:
        raise NetworkError(f"{kind} {name!r}: there is no such node; add it first")
    if net.graph.pred[name]:
        source = next(iter(net.graph.pred[name]))
        raise NetworkError(f"{kind} {name!r} has an edge from {source!r}; {_GIVEN[kind]}, so remove it")
    if net.graph.nodes[name].get("unit") is not None:
        raise NetworkError(f"{kind} {name!r} has a unit; {_HAS_NONE[kind]}, so remove the one or the other")


def _check_weights(net: Network, node: str, unit: Unit, binary: dict[str, bool]) -> None:
    for source, parallel in edges_into(net.graph, node).items():
        for attributes in parallel.values():
            weight = attributes.get("weight")
            if type(weight) is not int:  # most are, and need no words for an error
                as_number(weight, f"unit {node!r}: the weight from {source!r}")
    if isinstance(unit.activation, Table):
        _check_table(net, node, unit, unit.activation, binary)


def _check_table(net: Network, node: str, unit: Unit, table: Table, binary: dict[str, bool]) -> None:
    """The sums of a table unit must be whole and in range, whatever 0/1 values its sources take."""
    total: dict[str, Exact] = {}
    for source, weight in net.fanin(node):
        if source not in binary:
            binary[source] = is_binary(net, source)
        if not binary[source]:
            kind = "input" if source in net.inputs and takes_real(net, source) else "unit"
            raise NetworkError(
                f"unit {node!r}: a table reads 0 and 1, but {kind} {source!r} takes other values; "
                "put a step unit between them"
            )
        total[source] = exact(total.get(source, 0) + exact(weight))
    fault = table_fault(unit, table, total)
    if fault:
        raise NetworkError(f"unit {node!r}: {fault}")


def table_fault(unit: Unit, table: Table, total: Mapping[str, Exact]) -> str | None:
    """What is wrong with a table unit whose 0/1 sources have these weights (parallel edges added), if anything."""
    bias = exact(unit.bias)
    for source, weight in [("the bias", bias), *total.items()]:
        if weight != int(weight):
            return f"a table needs whole weights, but {source} has {fraction_text(weight)}"
    low = bias + sum(weight for weight in total.values() if weight < 0)
    high = bias + sum(weight for weight in total.values() if weight > 0)
    for z in (low, high):
        if not 0 <= z < len(table.values):
            cure = f"give it {high + 1} values" if low >= 0 else f"raise its bias by {-low}"
            return f"a table of {len(table.values)} values cannot take a sum of {z}; {cure}"
    return None
