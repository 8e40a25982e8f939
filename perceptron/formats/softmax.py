"""A softmax as units, exactly and without a division by a sum that could overflow; and finding one again.

    softmax(z)_i = exp(z_i) / (exp(z_1) + ... + exp(z_n)) = 1 / (1 + sum over j != i of exp(z_j - z_i))

so each value is a RECIPROCAL unit of bias 1 over n - 1 EXP units with the weights 1 and -1. For two values it is the
sigmoid of their difference. Equation 78 in chapter 3 of the book.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple, TypeVar

from perceptron.activations import EXP, RECIPROCAL
from perceptron.network import Builder
from perceptron.tape import Tape
from perceptron.unit import Unit

Node = TypeVar("Node")


def add_softmax(
    builder: Builder[Node],
    nodes: Sequence[Node],
    names: Sequence[str] | None = None,
    free: Callable[[str], str] = lambda name: name,
) -> list[Node]:
    """Add the softmax of some nodes: n * n units for n nodes.

    Parameters
    ----------
    builder : Builder
    nodes : sequence of nodes
    names : sequence of str, optional
        For the values; the EXP units of value `p` are called p.1, p.2, ...
    free : function (name) -> name
        What to call an EXP unit instead where that name is taken.

    Returns
    -------
    list of nodes
        The values, in the order of `nodes`.

    Examples
    --------
    >>> from perceptron import Network, evaluate
    >>> net = Network()
    >>> z = [net.input("a", real=True), net.input("b", real=True)]
    >>> for name, node in zip("pq", add_softmax(net, z)):
    ...     net.output(name, node)
    >>> evaluate(net, a=2, b=2), evaluate(net, a=5000, b=-5000)["p"]
    ({'p': 0.5, 'q': 0.5}, 1.0)
    """
    exp, reciprocal = Unit(0, EXP), Unit(1, RECIPROCAL)
    values = []
    for index, node in enumerate(nodes):
        name = None if names is None else names[index]
        others = [
            builder.add(exp, [(other, 1), (node, -1)], None if name is None else free(f"{name}.{place + 1}"))
            for place, other in enumerate(nodes)
            if place != index
        ]
        values.append(builder.add(reciprocal, [(other, 1) for other in others], name))
    return values


class Softmax(NamedTuple):
    """A softmax found in a tape: its values, what they are the softmax of, and the EXP units between."""

    values: list[int]
    of: list[int]
    between: list[int]


def find_softmaxes(tape: Tape) -> list[Softmax]:
    """Every softmax of at least two values that stands whole in a tape, with EXP units that nothing else reads."""
    cells, starts, sources = tape.cell_numbers.tolist(), tape.starts.tolist(), tape.sources.tolist()
    reads = [0] * len(tape)
    for source in [*sources, *tape.wanted]:
        reads[source] += 1

    def fanin(node: int, unit: Unit) -> list[tuple[int, object]] | None:
        """The incoming edges, if the node is such a unit."""
        if cells[node] < 0 or tape.cells[cells[node]].unit != unit:
            return None
        return list(zip(sources[starts[node] : starts[node + 1]], tape.cells[cells[node]].weights, strict=True))

    found: dict[frozenset[int], dict[int, tuple[int, list[int]]]] = {}
    for node in range(len(tape)):
        edges = fanin(node, Unit(1, RECIPROCAL))
        if not edges or any(weight != 1 or reads[source] != 1 for source, weight in edges):
            continue
        pairs = [sorted(fanin(source, Unit(0, EXP)) or [], key=lambda edge: str(edge[1])) for source, _ in edges]
        if any(len(pair) != 2 or (pair[0][1], pair[1][1]) != (-1, 1) for pair in pairs):
            continue
        own, others = {pair[0][0] for pair in pairs}, {pair[1][0] for pair in pairs}
        if len(own) == 1 and len(others) == len(pairs) and not own & others:
            found.setdefault(frozenset(own | others), {}).setdefault(own.pop(), (node, [edge[0] for edge in edges]))
    return [
        Softmax([node for node, _ in by.values()], list(by), [exp for _, exps in by.values() for exp in exps])
        for of, by in found.items()
        if len(by) == len(of)
    ]
