"""rebuild: the one walk through a network that every transform uses. The argument comes back untouched."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from perceptron.check import check
from perceptron.network import Network
from perceptron.numbers import Number
from perceptron.unit import Unit

Edges = Iterable[tuple[str, Number]]
Rule = Callable[[str, Unit, list[tuple[str, Number]]], tuple[Unit, Edges] | None]


def rebuild(
    net: Network,
    rule: Rule,
    *,
    real: Callable[[str], bool] | None = None,
    keep_state: Callable[[str], bool] | None = None,
) -> Network:
    """A new network made by asking a rule for every unit, sources first.

    Parameters
    ----------
    net : Network
    rule : function (node, unit, fanin) -> (unit, fanin), or None
        What stands in place of the unit; None leaves the node out.
    real : function (input name) -> bool, optional
        Whether the input takes real numbers in the new network; by default it is declared as it was.
    keep_state : function (state) -> bool, optional
        Whether a state stays; by default all do.

    Returns
    -------
    Network
        With the same name, inputs, outputs, states and node keys.

    Raises
    ------
    NetworkError
        If `net` is not valid, or the rule leaves out a node that is still read.
    """
    order = check(net)
    new = Network(net.name)
    nodes = net.graph.nodes
    for name in net.inputs:
        new.input(name, real=nodes[name].get("real", False) if real is None else real(name))
    for name, state in net.states.items():
        if keep_state is None or keep_state(name):
            new.state(name, state.initial)
    given = {*net.inputs, *net.states}
    for node in order:
        if node in given:
            continue
        made = rule(node, nodes[node]["unit"], net.fanin(node))
        if made is not None:
            unit, fanin = made
            new.add(unit, fanin, name=node)
    for name, node in net.outputs.items():
        new.output(name, node)
    for name in new.states:
        following = net.states[name].next
        assert following is not None
        new.feedback(name, following)
    return new
