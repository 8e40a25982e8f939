"""rebuild: the one walk through a network that every transform uses. The argument comes back untouched."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from perceptron.check import check
from perceptron.network import Network
from perceptron.numbers import Number
from perceptron.unit import Unit

Edges = Iterable[tuple[str, Number]]
Rule = Callable[[str, Unit, list[tuple[str, Number]]], tuple[Unit, Edges] | None]


def rebuild(net: Network, rule: Rule, *, real: Callable[[str], bool] | None = None) -> Network:
    """A new network made by asking a rule for every unit, sources first.

    Parameters
    ----------
    net : Network
    rule : function (node, unit, fanin) -> (unit, fanin), or None
        What stands in place of the unit; None leaves the node out.
    real : function (input name) -> bool, optional
        Whether the input takes real numbers in the new network; by default it is declared as it was.

    Returns
    -------
    Network
        With the same name, inputs and outputs, and node keys.

    Raises
    ------
    NetworkError
        If `net` is not valid, or the rule leaves out a node that is still read.
    """
    new = Network(net.name)
    nodes = net.graph.nodes
    order = check(net)
    for name in net.inputs:
        new.input(name, real=nodes[name].get("real", False) if real is None else real(name))
    inputs = set(net.inputs)
    for node in order:
        if node in inputs:
            continue
        made = rule(node, nodes[node]["unit"], net.fanin(node))
        if made is not None:
            unit, fanin = made
            new.add(unit, fanin, name=node)
    for name, node in net.outputs.items():
        new.output(name, node)
    return new
