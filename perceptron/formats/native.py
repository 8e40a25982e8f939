"""Our own text form: JSON that holds every Network and Tape exactly, short for a person and compact for millions.

    {
      "format": "perceptron-circuits/network",
      "version": 1,
      "name": "nand",
      "nodes": [
        {"inputs": ["x1", "x2"]},
        {"unit": "n1", "activation": "step", "bias": 3, "weights": [-2, -2], "from": ["x1", "x2"]}
      ],
      "outputs": [["out", "n1"]]
    }

A node is read by its name, or by its number among the nodes, from 0. Units that share bias, activation and weights name
a cell of a table "cells" instead; units without names are rows [cell, source, ...]; neighbours that read the same nodes
are a layer with a matrix of weights. States stand among the nodes, what they take their next value from in "feedback".
network.schema.json beside this file says it all; native_read.py is the other direction.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from perceptron.errors import NetworkError
from perceptron.formats.errors import CannotWriteError
from perceptron.formats.exact import activation_json, number_json
from perceptron.formats.native_read import FORMAT, VERSION, loads
from perceptron.network import Network
from perceptron.numbers import Number, as_number
from perceptron.tape import INPUT, Tape
from perceptron.unit import Unit

__all__ = ["FORMAT", "VERSION", "dumps", "loads"]

LAYER_FANIN = 4  # neighbours with at least so many sources in common are written as a layer
ROWS = 8  # rows to a line


class _Cell(NamedTuple):
    activation: str
    bias: str
    weights: tuple[str, ...]


class _Given(NamedTuple):
    """An input or a state: how it is written."""

    kind: str
    name: str
    detail: str


class _Row(NamedTuple):
    """A unit: its cell, and the nodes it reads."""

    name: str | None
    cell: _Cell
    sources: tuple[int, ...]


_Node = _Given | _Row


class _Group(NamedTuple):
    """Nodes first to end, written together: as "inputs", "state", "unit", "layer" or "rows"."""

    kind: str
    first: int
    end: int


def dumps(net: Network | Tape) -> str:
    """The text of a network: the same network gives the same text.

    Parameters
    ----------
    net : Network or Tape
        Nodes are written in topological order, which is the order of the graph wherever that allows it. It may be
        unfinished: without outputs, or with a state that has no next value yet.

    Raises
    ------
    CannotWriteError
        If an activation is not one of this package, a node has no unit, or a weight is missing or is an integer of
        more than 40,000 hexadecimal digits; the message names the node.
    CycleError
        If the graph has a loop.

    Examples
    --------
    >>> from perceptron import Network, Unit
    >>> net = Network("not")
    >>> net.output("y", net.add(Unit(1), [(net.input("x"), -2)], name="n1"))
    >>> print(dumps(net), end="")
    {
      "format": "perceptron-circuits/network",
      "version": 1,
      "name": "not",
      "nodes": [
        {"inputs": ["x"]},
        {"unit": "n1", "activation": "step", "bias": 1, "weights": [-2], "from": ["x"]}
      ],
      "outputs": [["y", "n1"]]
    }
    """
    nodes: list[_Node]
    if isinstance(net, Tape):
        nodes = list(_tape_nodes(net))
        outputs = list(net.outputs.items())
        feedback = [(net.names[state], following) for state, (following, _) in net.states.items()]
    else:
        order = _order(net)
        number = {node: index for index, node in enumerate(order)}
        inputs = set(net.inputs)
        nodes = [_network_node(net, node, number, given=node in inputs) for node in order]
        outputs = [(name, _number(number, node, f"output {name!r}")) for name, node in net.outputs.items()]
        feedback = [
            (name, None if state.next is None else _number(number, state.next, f"state {name!r}"))
            for name, state in net.states.items()
        ]
    names = [str(index) if node.name is None else _name(node.name) for index, node in enumerate(nodes)]
    groups = list(_groups(nodes))
    shared = _shared(nodes, groups)
    lines = ["{", f'  "format": "{FORMAT}",', f'  "version": {VERSION},', f'  "name": {_name(net.name)},']
    if shared:
        lines += ['  "cells": [', ",\n".join(f"    {{{_cell_json(cell)}}}" for cell in shared), "  ],"]
    written = (_group_json(nodes[first:end], kind, names, shared) for kind, first, end in groups)
    lines += ['  "nodes": [', ",\n".join(f"    {text}" for text in written), "  ],"]
    pairs = ", ".join(f"[{_name(name)}, {names[following]}]" for name, following in feedback if following is not None)
    lines += [f'  "feedback": [{pairs}],'] if pairs else []
    lines += [f'  "outputs": [{", ".join(f"[{_name(name)}, {names[node]}]" for name, node in outputs)}]', "}"]
    return "\n".join(line for line in lines if line) + "\n"


# --- what is to be written


def _order(net: Network) -> list[str]:
    """The nodes as they are written; the inputs and states among them in their own order."""
    order = net.order()
    given = [*net.inputs, *net.states]
    for name in given:
        if name not in net.graph or net.graph.pred[name]:
            raise CannotWriteError(f"input or state {name!r} is no node without edges; check the network first")
    for part in (net.inputs, tuple(net.states)):
        inside = set(part)
        if tuple(node for node in order if node in inside) != part:  # only where a graph was edited by hand
            return [*given, *(node for node in order if node not in set(given))]
    return order


def _number(number: dict[str, int], node: str, what: str) -> int:
    if node not in number:
        raise CannotWriteError(f"{what}: there is no node {node!r}; check the network first")
    return number[node]


def _network_node(net: Network, node: str, number: dict[str, int], *, given: bool) -> _Node:
    if node in net.states:
        return _state(node, net.states[node].initial)
    attributes = net.graph.nodes[node]
    if given:
        return _Given("inputs", node, "true" if attributes.get("real", False) else "")
    if not isinstance(attributes.get("unit"), Unit):
        raise CannotWriteError(f"node {node!r} has the unit {attributes.get('unit')!r}; give it a Unit")
    graph_fanin = [
        (source, data.get("weight")) for source, parallel in net.graph.pred[node].items() for data in parallel.values()
    ]
    cell = _cell(attributes["unit"], [weight for _, weight in graph_fanin], repr(node))
    return _Row(node, cell, tuple(number[source] for source, _ in graph_fanin))


def _tape_nodes(tape: Tape) -> Iterator[_Node]:
    cells: dict[int, _Cell] = {}
    starts, sources = tape.starts.tolist(), tape.sources.tolist()
    for node, number in enumerate(tape.cell_numbers.tolist()):
        name = tape.name_of(node)
        if number < 0:
            assert name is not None
            real = "true" if tape.takes_real(node) else ""
            yield _Given("inputs", name, real) if number == INPUT else _state(name, tape.states[node].initial)
            continue
        if number not in cells:
            unit, weights = tape.cells[number]
            cells[number] = _cell(unit, weights, f"number {node}" if name is None else repr(name))
        yield _Row(name, cells[number], tuple(sources[starts[node] : starts[node + 1]]))


def _state(name: str, initial: Number | None) -> _Given:
    return _Given("state", name, "null" if initial is None else number_json(initial))


def _cell(unit: Unit, weights: Sequence[object], node: str) -> _Cell:
    activation = activation_json(unit.activation)
    if activation is None:
        cure = "a file can hold the activations of this package only"
        raise CannotWriteError(f"unit {node} has the activation {unit.activation!r}; {cure}")
    try:
        checked = [as_number(weight, "a weight") for weight in weights]
        return _Cell(activation, number_json(unit.bias), tuple(map(number_json, checked)))
    except NetworkError as error:
        raise CannotWriteError(f"unit {node}: {error}") from None


# --- how it is grouped


def _groups(nodes: Sequence[_Node]) -> Iterator[_Group]:
    """Neighbours that are written together."""
    rows = None  # where the rows that are not given out yet began
    first = 0
    while first < len(nodes):
        node, end = nodes[first], first + 1
        if isinstance(node, _Given):
            kind = node.kind
            while kind == "inputs" and end < len(nodes) and _is_input_like(nodes[end], node):
                end += 1
        else:
            kind = "rows" if node.name is None else "unit"
            if len(node.sources) >= LAYER_FANIN and "table" not in node.cell.activation:
                while end < len(nodes) and _is_beside(nodes[end], node):
                    end += 1
            kind = "layer" if end > first + 1 else kind
        if kind == "rows":
            rows = first if rows is None else rows
        else:
            if rows is not None:
                yield _Group("rows", rows, first)
            rows = None
            yield _Group(kind, first, end)
        first = end
    if rows is not None:
        yield _Group("rows", rows, first)


def _is_input_like(other: _Node, node: _Given) -> bool:
    return isinstance(other, _Given) and (other.kind, other.detail) == (node.kind, node.detail)


def _is_beside(other: _Node, node: _Row) -> bool:
    return isinstance(other, _Row) and other.sources == node.sources and other.cell.activation == node.cell.activation


def _shared(nodes: Sequence[_Node], groups: Iterable[_Group]) -> dict[_Cell, int]:
    """The cells that several units have, and those of rows, with their numbers."""
    count: dict[_Cell, int] = {}
    for kind, first, end in groups:
        for node in nodes[first:end] if kind in ("unit", "rows") else ():
            assert isinstance(node, _Row)
            count[node.cell] = count.get(node.cell, 0) + (2 if kind == "rows" else 1)
    return {cell: index for index, cell in enumerate(cell for cell, times in count.items() if times > 1)}


# --- how it is spelled


def _name(name: str) -> str:
    """A name as JSON; readable wherever UTF-8 can say it."""
    text = json.dumps(name, ensure_ascii=False)
    try:
        text.encode()
        return text
    except UnicodeEncodeError:
        text = json.dumps(name)
        if json.loads(text) != name:
            raise CannotWriteError(f"the name {name!r} has two halves of one character; choose another") from None
        return text


def _cell_json(cell: _Cell) -> str:
    return f'"activation": {cell.activation}, "bias": {cell.bias}, "weights": [{", ".join(cell.weights)}]'


def _group_json(group: list[_Node], kind: str, names: list[str], shared: dict[_Cell, int]) -> str:
    node = group[0]
    if isinstance(node, _Given):
        listed = ", ".join(_name(str(one.name)) for one in group)
        if kind == "state":
            return f'{{"state": {listed}, "initial": {node.detail}}}'
        real = ', "real": true' if node.detail else ""
        return f'{{"inputs": [{listed}]{real}}}'
    rows = [one for one in group if isinstance(one, _Row)]
    sources = ", ".join(names[source] for source in node.sources)
    if kind == "unit":
        cell = f'"cell": {shared[node.cell]}' if node.cell in shared else _cell_json(node.cell)
        return f'{{"unit": {_name(str(node.name))}, {cell}, "from": [{sources}]}}'
    if kind == "layer":
        called = ", ".join("null" if row.name is None else _name(row.name) for row in rows)
        biases = ", ".join(row.cell.bias for row in rows)
        weights = ",\n      ".join(f"[{', '.join(row.cell.weights)}]" for row in rows)
        head = f'"layer": [{called}],\n     "activation": {node.cell.activation}, "biases": [{biases}]'
        return f'{{{head},\n     "from": [{sources}],\n     "weights": [\n      {weights}]}}'
    texts = [f"[{', '.join([str(shared[row.cell]), *(names[s] for s in row.sources)])}]" for row in rows]
    lines = (", ".join(texts[at : at + ROWS]) for at in range(0, len(texts), ROWS))
    return '{"units": [' + ",\n     ".join(lines) + "]}"
