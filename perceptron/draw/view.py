"""View: the part of a network that a picture shows, with the text and the value of each node."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from perceptron.check import check
from perceptron.errors import DrawError, InputError, NetworkError, ParameterError
from perceptron.evaluate import Values, trace
from perceptron.network import Network, State, is_binary
from perceptron.numbers import Number, as_number
from perceptron.unit import Table, fraction_text

Labels = Mapping[str, str] | Callable[[Network, str], str]
Edge = tuple[str, str, Number]


@dataclass(frozen=True)
class View:
    """What is drawn of a network.

    Attributes
    ----------
    net : Network
    nodes : list of str
        The nodes shown, each after its sources.
    inputs, states, outputs
        Those of the network that are shown, in its order; outputs as (name, node).
    edges : list of (source, target, weight)
        Parallel ones one by one, in the order of the pins of each target.
    cut : set of str
        Units at the border of a cone, whose own sources are not shown.
    values : dict of node -> value, or None
    """

    net: Network
    nodes: list[str]
    inputs: list[str]
    states: list[str]
    outputs: list[tuple[str, str]]
    edges: list[Edge]
    cut: frozenset[str]
    values: Mapping[str, int | float] | None

    @property
    def units(self) -> list[str]:
        """The nodes shown that are neither inputs nor states."""
        first = set(self.first)
        return [node for node in self.nodes if node not in first]

    @property
    def first(self) -> list[str]:
        """The nodes shown that have their values before a step: the inputs, then the states."""
        return [*self.inputs, *self.states]

    @property
    def feedback(self) -> list[tuple[str, str]]:
        """The lines through time, as (node of the next value, state), where both ends are shown."""
        shown = set(self.nodes)
        return [(source, state) for state in self.states if (source := self.next(state)) in shown]

    def next(self, state: str) -> str:
        """The node that a state takes its next value from."""
        node = self.net.states[state].next
        assert node is not None, "the network was checked"
        return node

    def initial_text(self, state: str) -> str:
        """The initial value of a state as it is drawn: '' for 0, which most have, and '?' where it is unknown."""
        initial = self.net.states[state].initial
        if initial is None:
            return "?"
        return "" if initial == 0 else number_text(initial)

    def state_tooltip(self, state: str) -> str:
        """What a pointer resting on a state is told."""
        initial = self.net.states[state].initial
        told = "unknown" if initial is None else number_text(initial)
        return f"{state}: state, next value from {self.next(state)}, initial value {told}"

    def fanin(self, node: str) -> list[tuple[str, Number]]:
        """The edges shown that lead to a node, as (source, weight)."""
        return [] if node in self.cut else self.net.fanin(node)

    def value_text(self, node: str) -> str:
        """The value of a node as it is drawn, '' when no values are."""
        if self.values is None:
            return ""
        value = self.values[node]
        return str(value) if isinstance(value, int) else f"{value:.2f}"

    def on(self, node: str) -> bool:
        """Whether a node's wire is lit: its value is above 0.5."""
        return self.values is not None and self.values[node] > 0.5


def look(net: Network, values: Values | None = None, cone: str | None = None, depth: int | None = None) -> View:
    """The view of a whole network, or of the cone of one node: that node and what it depends on.

    Parameters
    ----------
    net : Network
    values : mapping or sequence, optional
        One value for each input (see `perceptron.evaluate`); a mapping may have values of states as well, which
        stand for their initial ones.
    cone : str, optional
        An output name or a node.
    depth : int, optional
        How many steps back from the node the cone reaches.

    Raises
    ------
    NetworkError, InputError
        If the network is not valid, or the values do not fit it.
    ParameterError
        If there is no node `cone`, or `depth` is not a whole number >= 1, or is given without a cone.
    """
    order = check(net)
    known = _known(net, values) if values is not None else None
    inputs, states, outputs = list(net.inputs), list(net.states), list(net.outputs.items())
    cut: frozenset[str] = frozenset()
    if depth is not None and (isinstance(depth, bool) or not isinstance(depth, int) or depth < 1):
        raise ParameterError(f"depth is {depth!r}; give a whole number of steps >= 1")
    if cone is None:
        if depth is not None:
            raise ParameterError(f"depth is {depth} but there is no cone; name the node to start from, cone='...'")
    else:
        top = net.outputs.get(cone, cone)
        if top not in net.graph:
            raise ParameterError(f"cone is {cone!r}, which is neither an output nor a node of {net!r}; name one")
        distance = _distances(net, top)
        inside = {node for node, steps in distance.items() if depth is None or steps <= depth}
        cut = frozenset(
            node for node in inside if depth is not None and distance[node] == depth and net.graph.pred[node]
        )
        order = [node for node in order if node in inside]
        inputs = [name for name in inputs if name in inside]
        states = [name for name in states if name in inside]
        outputs = [(name, node) for name, node in outputs if node == top] or [(top, top)]
    edges = [(source, node, weight) for node in order if node not in cut for source, weight in net.fanin(node)]
    return View(net, order, inputs, states, outputs, edges, cut, known)


def _known(net: Network, values: Values) -> Mapping[str, int | float]:
    """The value of every node, for values of the inputs and perhaps of some states."""
    if not isinstance(values, Mapping) or not any(name in net.states for name in values):
        return trace(net, values).values
    states = {
        name: State(entry.next, _state_value(net, name, values[name])) if name in values else entry
        for name, entry in net.states.items()
    }
    given = {name: value for name, value in values.items() if name not in states}
    return trace(Network.from_graph(net.graph, net.inputs, net.outputs, net.name, states), given).values


def _state_value(net: Network, name: str, value: int | float) -> int | float:
    try:
        number = as_number(value, f"state {name!r}")
    except NetworkError:
        raise InputError(f"state {name!r} is {value!r}; give a finite number") from None
    if number in (0, 1):
        return int(number)
    if is_binary(net, name):
        raise InputError(f"state {name!r} is {value!r}; give 0 or 1")
    return number  # type: ignore[return-value]  # a Fraction stays exact


def _distances(net: Network, top: str) -> dict[str, int]:
    """How many edges each node of the cone lies before its top, at the nearest."""
    distance, front = {top: 0}, [top]
    for node in front:  # grows while it is read
        for source in net.graph.pred[node]:
            if source not in distance:
                distance[source] = distance[node] + 1
                front.append(source)
    return distance


def by_depth(view: View) -> list[list[str]]:
    """The nodes shown by depth: the inputs and states, then every unit one layer after its deepest source."""
    depth = dict.fromkeys(view.first, 0)
    for node in view.nodes:
        if node not in depth:
            depth[node] = 1 + max((depth[source] for source, _ in view.fanin(node)), default=0)
    result: list[list[str]] = [view.first]
    for node in view.nodes:
        if depth[node]:
            result.extend([] for _ in range(depth[node] + 1 - len(result)))
            result[depth[node]].append(node)
    return result


def require_small(view: View, limit: int) -> None:
    """Refuse a picture that nobody could read and that Graphviz would take minutes for.

    Raises
    ------
    DrawError
        If more than `limit` units and states, or 10 * `limit` edges, are shown; it says what to draw instead.
    """
    units, edges = len(view.units) + len(view.states), len(view.edges)
    if units > limit or edges > 10 * limit:
        kind = "units and states" if view.states else "units"
        what = f"{units:,} {kind}" if units > limit else f"{edges:,} edges"
        most = f"{limit:,} {kind}" if units > limit else f"{10 * limit:,} edges"
        raise DrawError(
            f"{view.net!r} is too large to draw: {what}, and the limit is {most}; draw what one node depends on "
            f"(cone={view.outputs[-1][0]!r}, depth=2), or its layers (style='layers'), or raise limit="
        )


def label_function(labels: Labels | None) -> Callable[[Network, str], str | None]:
    """The function (net, node) -> text that `labels` stands for; None for a node that keeps its own text.

    Those are the nodes that a mapping leaves out, and inputs and states where it is a function: it labels units.

    Raises
    ------
    ParameterError
        If it is neither a mapping nor a function; and, when called, if a text is no string.
    """
    if labels is None:
        return lambda net, node: None
    if not callable(labels) and not isinstance(labels, Mapping):
        raise ParameterError(f"labels is {labels!r}; give a mapping node -> text, or a function (net, node) -> text")

    def label(net: Network, node: str) -> str | None:
        if isinstance(labels, Mapping):
            if node not in labels:
                return None
            text = labels[node]
        elif net.graph.nodes[node].get("unit") is None:
            return None
        else:
            text = labels(net, node)
        if not isinstance(text, str):
            raise ParameterError(f"labels gave {text!r} for node {node!r}; give a string")
        return text

    return label


def require_nodes(view: View, labels: Labels | None) -> None:
    """Refuse a mapping of labels that names a node which does not exist (see `label_function`)."""
    if isinstance(labels, Mapping):
        for node in labels:
            if node not in view.net.graph:
                raise ParameterError(f"labels names {node!r}, but there is no such node in {view.net!r}; leave it out")


def bias_text(net: Network, node: str) -> str:
    """What stands in a neuron: its bias, or the values of its table."""
    unit = net.unit(node)
    if not isinstance(unit.activation, Table):
        return number_text(unit.bias)
    values = "".join(map(str, unit.activation.values))
    rows = [values[start : start + 8] for start in range(0, len(values), 8)]
    if len(values) <= 4:
        rows = [" ".join(values)]
    table = "\n".join(rows) if len(rows) <= 4 else f"table of {len(values)}"
    return table if unit.bias == 0 else f"{table}\n{number_text(unit.bias)}"


def number_text(value: Number) -> str:
    """The number as a person writes it, with a true minus sign.

    Examples
    --------
    >>> number_text(-2), number_text(0.25)
    ('−2', '0.25')
    """
    return fraction_text(value).replace("-", "−")
