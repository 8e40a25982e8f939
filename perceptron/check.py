"""Every invariant of a network, each with an error that names the thing, the value and the cure."""

from __future__ import annotations

import networkx as nx

from perceptron.errors import NetworkError
from perceptron.network import Network, is_binary, takes_real
from perceptron.numbers import as_number, exact
from perceptron.unit import Table, Unit, fraction_text


def check(net: Network) -> list[str]:
    """Check every invariant of a network and return its nodes in topological order.

    The verbs of `Network` keep most of these by themselves; `check` is for a graph that was edited by hand, and
    every function of this package that relies on the invariants calls it.

    Returns
    -------
    list of str
        All nodes, each after its sources.

    Raises
    ------
    CycleError
        If there is a loop; it names the loop node by node.
    NetworkError
        If the network is empty or has no output; an input or output names no node; a name stands twice among
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
    graph = net.graph
    if not isinstance(graph, nx.MultiDiGraph):
        raise NetworkError(f"the graph is a {type(graph).__name__}; give a MultiDiGraph, which keeps parallel edges")
    if not graph:
        raise NetworkError("the network is empty; add an input or a unit, and name an output")
    if not net.outputs:
        raise NetworkError(f"{net!r} has no output; name one with output(name, node)")
    for name, node in net.outputs.items():
        if node not in graph:
            raise NetworkError(f"output {name!r}: there is no node {node!r}; add it first")
    inputs = set(net.inputs)
    if len(inputs) < len(net.inputs):
        doubled = next(name for name in net.inputs if net.inputs.count(name) > 1)
        raise NetworkError(f"input {doubled!r} stands twice among the inputs; name it once")
    for name in net.inputs:
        if name not in graph:
            raise NetworkError(f"input {name!r}: there is no such node; add it first")
        if graph.pred[name]:
            source = next(iter(graph.pred[name]))
            raise NetworkError(f"input {name!r} has an edge from {source!r}; an input is given its value, so remove it")
        if graph.nodes[name].get("unit") is not None:
            raise NetworkError(f"input {name!r} has a unit; an input has none, so remove the one or the other")
    for node, unit in graph.nodes(data="unit"):
        if node not in inputs and not isinstance(unit, Unit):
            raise NetworkError(f"node {node!r} has the unit {unit!r}; give it a Unit, or list it as an input")
    for node, unit in graph.nodes(data="unit"):
        if node not in inputs:
            _check_weights(net, node, unit)
    return net.order()


def _check_weights(net: Network, node: str, unit: Unit) -> None:
    for source, parallel in net.graph.pred[node].items():
        for attributes in parallel.values():
            as_number(attributes.get("weight"), f"unit {node!r}: the weight from {source!r}")
    if isinstance(unit.activation, Table):
        _check_table(net, node, unit, unit.activation)


def _check_table(net: Network, node: str, unit: Unit, table: Table) -> None:
    """The sums of a table unit must be whole and in range, whatever 0/1 values its sources take."""
    total: dict[str, int] = {}
    low = high = exact(unit.bias)
    for source, weight in net.fanin(node):
        if not is_binary(net, source):
            kind = "input" if source in net.inputs and takes_real(net, source) else "unit"
            raise NetworkError(
                f"unit {node!r}: a table reads 0 and 1, but {kind} {source!r} takes other values; "
                "put a step unit between them"
            )
        total[source] = exact(total.get(source, 0) + exact(weight))  # type: ignore[assignment]
    for source, weight in [("the bias", low), *total.items()]:
        if weight != int(weight):
            raise NetworkError(f"unit {node!r}: a table needs whole weights, but {source} has {fraction_text(weight)}")
    low += sum(weight for weight in total.values() if weight < 0)
    high += sum(weight for weight in total.values() if weight > 0)
    for z in (low, high):
        if not 0 <= z < len(table.values):
            cure = f"give it {high + 1} values" if low >= 0 else f"raise its bias by {-low}"
            raise NetworkError(f"unit {node!r}: a table of {len(table.values)} values cannot take a sum of {z}; {cure}")
