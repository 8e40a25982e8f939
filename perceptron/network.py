"""Network: a NetworkX graph of units with ordered inputs and named outputs, and the three verbs that build it."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from typing import Any, ClassVar, NamedTuple, Protocol, TypeVar

import networkx as nx

from perceptron.errors import CycleError, NetworkError
from perceptron.numbers import Number, as_number
from perceptron.unit import Unit

Fanin = Iterable[tuple[str, Number]]
Node = TypeVar("Node")


class Builder(Protocol[Node]):
    """The verbs with which gates, adders and file readers build; whatever has them can be filled.

    What stands for a node is the builder's own affair: a `Network` gives out names, a `Tape` numbers.
    """

    def input(self, name: str, *, real: bool = False) -> Node:
        """Add an input."""

    def add(self, unit: Unit, fanin: Iterable[tuple[Node, Number]] = (), name: str | None = None) -> Node:
        """Add a unit that reads the given (source, weight) pairs."""

    def output(self, name: str, node: Node) -> None:
        """Name a node as an output."""

    def state(self, name: str, initial: int | float | None = 0) -> Node:
        """Add a state: a node whose value at the next step of time is what `feedback` names."""

    def feedback(self, state: Node, node: Node) -> None:
        """Say which node a state takes its next value from."""


class State(NamedTuple):
    """Feedback through time: what a state reads for its next value, and its value at the first step.

    `next` is None while a network is being built and `feedback` was not called yet. `initial` is None where
    a file says that it is unknown; running then starts from 0.
    """

    next: str | None
    initial: int | float | None


class Network:
    """A feedforward network of units: perceptrons, sigmoid neurons, or both.

    Every node of `graph` that is not an input has the attribute `unit`; every edge has a `weight`. The rule is
    value(node) = activation(bias + sum over incoming edges of weight * value(source)), and parallel edges add.
    Inputs are special units defined to output the value they are given; a unit without incoming edges is a
    constant. Build it with `input`, `add` and `output`; everything else is a function that takes a network.

    Attributes
    ----------
    graph : networkx.MultiDiGraph
        The network itself, public: every NetworkX algorithm runs on it. Editing it by hand is allowed; each
        function of this package checks the network (see `perceptron.check`) before it relies on it.
    name : str
        What to call it in drawings and files.

    Examples
    --------
    The chapter's NAND gate, one perceptron:

    >>> net = Network("nand")
    >>> x1, x2 = net.input("x1"), net.input("x2")
    >>> net.output("out", net.add(Unit(3), [(x1, -2), (x2, -2)]))
    >>> net
    <Network 'nand': 2 inputs, 1 unit, 2 edges, 1 output>
    """

    # Set by perceptron.draw, so that a network shows itself in a notebook while the arrow still points down.
    mimebundle: ClassVar[Callable[[Network], dict[str, str]] | None] = None

    def __init__(self, name: str = ""):
        self.name = name
        self.graph = nx.MultiDiGraph()
        self._inputs: list[str] = []
        self._outputs: dict[str, str] = {}
        self._states: dict[str, State] = {}
        self._counter = 0

    # --- the verbs

    def input(self, name: str, *, real: bool = False) -> str:
        """Add an input and return its node key, which is its name.

        Parameters
        ----------
        name : str
            A name that no node has yet.
        real : bool
            Whether it may take any finite number. Without it the input takes 0 and 1 only, unless it feeds a
            unit with a smooth activation, which reads numbers by nature (see `takes_real`).

        Raises
        ------
        NetworkError
            If the name is empty, not a string, or taken.
        """
        self._require_new(name)
        self.graph.add_node(name, real=bool(real))
        self._inputs.append(name)
        return name

    def add(self, unit: Unit, fanin: Fanin | Mapping[str, Number] = (), name: str | None = None) -> str:
        """Add a unit and return its node key.

        Parameters
        ----------
        unit : Unit
        fanin : iterable of (source, weight), or a mapping source -> weight
            The incoming edges. A source may come twice: the edges stay parallel and their weights add.
        name : str, optional
            A name that no node has yet; without it the next free one of n1, n2, ...

        Raises
        ------
        NetworkError
            If the name is taken, a source is unknown, or a weight is not a finite number. Nothing was added.
        """
        if not isinstance(unit, Unit):
            raise NetworkError(f"a unit is {unit!r}; give a Unit, for example Unit(3)")
        if name is not None:
            self._require_new(name)
        label = "a unit" if name is None else f"unit {name!r}"
        edges = []
        for source, weight in _pairs(fanin, label):
            if source not in self.graph:
                raise NetworkError(f"{label}: there is no node {source!r} to read; add it first")
            if type(weight) is not int:  # most are, and need no words for an error
                weight = as_number(weight, f"{label}: the weight from {source!r}")
            edges.append((source, weight))
        if name is None:
            name = self.free_name()
        self.graph.add_node(name, unit=unit)
        for source, weight in edges:
            self.graph.add_edge(source, name, weight=weight)
        return name

    def output(self, name: str, node: str | None = None) -> None:
        """Name a node as an output; without `node`, the node of that name.

        Raises
        ------
        NetworkError
            If an output of that name is there already, or there is no such node.
        """
        node = name if node is None else node
        if not isinstance(name, str) or not name:
            raise NetworkError(f"an output is named {name!r}; give a non-empty string")
        if name in self._outputs:
            raise NetworkError(f"output {name!r} is there already (node {self._outputs[name]!r}); choose another name")
        if node not in self.graph:
            raise NetworkError(f"output {name!r}: there is no node {node!r}; add it first")
        self._outputs[name] = node

    def state(self, name: str, initial: int | float | None = 0) -> str:
        """Add a state: a node that carries a value from one step of time to the next; return its node key.

        Within one step a state is like an input, so the graph stays free of loops. `feedback` says which node
        it takes its next value from.

        Parameters
        ----------
        name : str
            A name that no node has yet.
        initial : int, float or None
            Its value at the first step; None where it is unknown (running then starts from 0).

        Raises
        ------
        NetworkError
            If the name is taken, or the initial value is not a finite number.

        Examples
        --------
        A toggle: 0, 1, 0, 1, ...

        >>> net = Network("toggle")
        >>> q = net.state("q")
        >>> net.feedback(q, net.add(Unit(1), [(q, -2)], name="next"))
        >>> net.output("out", q)
        >>> net.states
        mappingproxy({'q': State(next='next', initial=0)})
        """
        if initial is not None:
            initial = as_number(initial, f"state {name!r}: the initial value")  # type: ignore[assignment]
        self._require_new(name)
        self.graph.add_node(name, real=initial not in (0, 1, None))
        self._states[name] = State(None, initial)
        return name

    def feedback(self, state: str, node: str) -> None:
        """Say which node a state takes its next value from; a second call replaces the first.

        Raises
        ------
        NetworkError
            If there is no such state or no such node.
        """
        if state not in self._states:
            raise NetworkError(f"node {state!r} is no state; add one with state(name)")
        if node not in self.graph:
            raise NetworkError(f"state {state!r}: there is no node {node!r} to take its next value from; add it first")
        self._states[state] = State(node, self._states[state].initial)

    # --- reading it

    @property
    def inputs(self) -> tuple[str, ...]:
        """The input names in the order of their definition."""
        return tuple(self._inputs)

    @property
    def outputs(self) -> Mapping[str, str]:
        """Output name -> node, in the order of their definition (read only)."""
        return MappingProxyType(self._outputs)

    @property
    def states(self) -> Mapping[str, State]:
        """State -> the node of its next value and its initial value, in the order of their definition."""
        return MappingProxyType(self._states)

    @property
    def units(self) -> list[str]:
        """The nodes that are units, in the order of the graph."""
        return [node for node, unit in self.graph.nodes(data="unit") if unit is not None]

    def unit(self, node: str) -> Unit:
        """The unit of a node.

        Raises
        ------
        NetworkError
            If there is no such node, or it is an input or a state.
        """
        if node not in self.graph:
            raise NetworkError(f"there is no node {node!r} in {self!r}; .graph has its nodes")
        unit = self.graph.nodes[node].get("unit")
        if unit is None:
            kind = "a state" if node in self._states else "an input"
            raise NetworkError(f"node {node!r} is {kind} and has no unit; .units lists those that have one")
        return unit  # type: ignore[no-any-return]

    def fanin(self, node: str) -> list[tuple[str, Number]]:
        """The incoming edges of a node as (source, weight), parallel ones one by one; none of an input or a state.

        Raises
        ------
        NetworkError
            If there is no such node.
        """
        if node not in self.graph:
            raise NetworkError(f"there is no node {node!r} in {self!r}; .graph has its nodes")
        return [
            (source, attributes["weight"])
            for source, parallel in edges_into(self.graph, node).items()
            for attributes in parallel.values()
        ]

    def order(self) -> list[str]:
        """All nodes, each after its sources; the order of the graph wherever that allows it.

        Raises
        ------
        CycleError
            If there is a loop; it names the loop node by node.
        """
        return _topological_order(self.graph)

    def copy(self) -> Network:
        """An independent copy: editing one leaves the other alone."""
        graph = nx.MultiDiGraph(**self.graph.graph)
        graph.add_nodes_from((node, dict(attributes)) for node, attributes in self.graph.nodes(data=True))
        for node in graph:  # edge by edge: graph.copy() would change the order of the fan-in
            for source, parallel in edges_into(self.graph, node).items():
                graph.add_edges_from((source, node, key, dict(data)) for key, data in parallel.items())
        return Network.from_graph(graph, self._inputs, self._outputs, self.name, self._states)

    @classmethod
    def from_graph(
        cls,
        graph: nx.MultiDiGraph,
        inputs: Iterable[str],
        outputs: Mapping[str, str],
        name: str = "",
        states: Mapping[str, State] | None = None,
    ) -> Network:
        """A network around a graph that has `unit` on its nodes and `weight` on its edges.

        The graph is taken as it is, not copied, and not checked yet: `perceptron.check.check` does that.
        """
        net = cls(name)
        net.graph = graph
        net._inputs = list(inputs)
        net._outputs = dict(outputs)
        net._states = {state: State(*entry) for state, entry in (states or {}).items()}
        return net

    def __repr__(self) -> str:
        name = f" {self.name!r}" if self.name else ""
        counts = {
            "input": len(self._inputs),
            "state": len(self._states),
            "unit": len(self.units),
            "edge": self.graph.number_of_edges(),
            "output": len(self._outputs),
        }
        parts = (f"{count} {word}" + "s" * (count != 1) for word, count in counts.items() if count or word != "state")
        return f"<Network{name}: {', '.join(parts)}>"

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        text = {"text/plain": repr(self)}
        draw = type(self).mimebundle
        return text if draw is None else text | draw(self)

    def _require_new(self, name: str) -> None:
        if not isinstance(name, str) or not name:
            raise NetworkError(f"a node is named {name!r}; give a non-empty string")
        if name in self.graph:
            raise NetworkError(f"a node {name!r} is there already; choose another name")

    def free_name(self) -> str:
        """The next of n1, n2, ... that no node has: what `add` calls a unit without a name."""
        while True:
            self._counter += 1
            name = f"n{self._counter}"
            if name not in self.graph:
                return name


def _pairs(fanin: Fanin | Mapping[str, Number], label: str) -> list[tuple[str, Number]]:
    try:
        return [(source, weight) for source, weight in (fanin.items() if isinstance(fanin, Mapping) else fanin)]
    except (TypeError, ValueError):
        raise NetworkError(f"{label}: the fan-in is {fanin!r}; give pairs (source, weight)") from None


def _topological_order(graph: nx.MultiDiGraph) -> list[str]:
    """Kahn's algorithm that always takes the ready node that stands first in the graph."""
    position = {node: index for index, node in enumerate(graph)}
    nodes = list(graph)
    if all(position[source] < index for node, index in position.items() for source in edges_into(graph, node)):
        return nodes
    waiting = {node: len(graph.pred[node]) for node in graph}
    ready = [position[node] for node in nodes if waiting[node] == 0]
    order = []
    while ready:
        node = nodes[heapq.heappop(ready)]
        order.append(node)
        for target in graph.succ[node]:
            waiting[target] -= 1
            if waiting[target] == 0:
                heapq.heappush(ready, position[target])
    if len(order) < len(nodes):
        raise CycleError([source for source, *_ in nx.find_cycle(graph, orientation=None)])
    return order


def edges_into(graph: nx.MultiDiGraph, node: str) -> Mapping[str, Mapping[int, Mapping[str, Any]]]:
    """What leads to a node: source -> key -> the attributes of the edge; for reading only.

    These are NetworkX's own dicts. `graph.pred` has the same behind views that take four times as long to walk.
    """
    return graph._pred[node]  # type: ignore[no-any-return]


def takes_real(net: Network, name: str) -> bool:
    """Whether an input takes any finite number, not only 0 and 1.

    It does if it was declared so, or if it feeds a unit with a smooth activation.
    """
    if net.graph.nodes[name].get("real", False):
        return True
    units = (net.graph.nodes[target].get("unit") for target in net.graph.succ[name])
    return any(unit is not None and not unit.activation.binary for unit in units)


def is_binary(net: Network, node: str) -> bool:
    """Whether the value of a node is always 0 or 1."""
    seen = set()
    while node in net.states:  # a state has the values of what it takes its next value from
        if net.graph.nodes[node].get("real", False):
            return False
        if node in seen:
            return True
        seen.add(node)
        following = net.states[node].next
        if following is None:
            return True
        node = following
    unit = net.graph.nodes[node].get("unit")
    return not takes_real(net, node) if unit is None else bool(unit.activation.binary)
