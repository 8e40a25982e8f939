"""Recorder: a Builder that keeps what it is told, so that names can be settled before the network is made."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import networkx as nx

from circuits.errors import CircuitError
from perceptron import Network, State, Unit
from perceptron.numbers import Number, as_number


class Recorder:
    """The units, inputs, states and outputs of a network that is being defined; its nodes are names, as in Network."""

    def __init__(self) -> None:
        self._units: dict[str, tuple[Unit, list[tuple[str, Number]]] | None] = {}
        self._inputs: dict[str, bool] = {}
        self._outputs: dict[str, str] = {}
        self._states: dict[str, State] = {}
        self._unnamed: set[str] = set()

    def __contains__(self, node: str) -> bool:
        return node in self._units

    def input(self, name: str, *, real: bool = False) -> str:
        """Add an input."""
        self._new(name, "an input")
        self._units[name] = None
        self._inputs[name] = real
        return name

    def add(self, unit: Unit, fanin: Iterable[tuple[str, Number]] = (), name: str | None = None) -> str:
        """Add a unit; without a name it is one of n1, n2, ..., and `network` may give it a better one."""
        edges = []
        for source, weight in fanin:
            if source not in self._units:
                raise CircuitError(f"there is no node {source!r} to read; add it first")
            edges.append((source, weight if type(weight) is int else as_number(weight, f"the weight from {source!r}")))
        if name is None:
            number = len(self._unnamed)
            while name is None or name in self._units:
                number += 1
                name = f"n{number}"
            self._unnamed.add(name)
        else:
            self._new(name, "a unit")
        self._units[name] = (unit, edges)
        return name

    def output(self, name: str, node: str) -> None:
        """Name a node as an output."""
        if name in self._outputs:
            raise CircuitError(f"two outputs are called {name!r}; give the results different names")
        self._outputs[name] = node

    def state(self, name: str, initial: int | float | None = 0) -> str:
        """Add a state."""
        self._new(name, "a state")
        self._units[name] = None
        self._states[name] = State(None, initial)
        return name

    def feedback(self, state: str, node: str) -> None:
        """Say which node a state takes its next value from."""
        self._states[state] = State(node, self._states[state].initial)

    def network(self, name: str) -> Network:
        """The network, with unnamed units that are outputs called after their first output."""
        called: dict[str, str] = {}
        for output, node in self._outputs.items():
            if node in self._unnamed and output not in self._units:
                called.setdefault(node, output)
        graph = nx.MultiDiGraph()
        for node, made in self._units.items():
            if made is not None:
                graph.add_node(called.get(node, node), unit=made[0])
            elif node in self._states:
                graph.add_node(node, real=self._states[node].initial not in (0, 1, None))
            else:
                graph.add_node(node, real=self._inputs[node])
        for node, made in self._units.items():
            target = called.get(node, node)
            for source, weight in () if made is None else made[1]:
                graph.add_edge(called.get(source, source), target, weight=weight)
        outputs = {output: called.get(node, node) for output, node in self._outputs.items()}
        return Network.from_graph(graph, self._inputs, outputs, name, _with_names(self._states, called))

    def _new(self, name: str, what: str) -> None:
        if not isinstance(name, str) or not name:
            raise CircuitError(f"{what} is named {name!r}; give a non-empty string")
        if name in self._units:
            other = "an input" if name in self._inputs else "a state" if name in self._states else "a unit"
            raise CircuitError(f"{what} is named {name!r}, but {other} has this name already; choose another name")


def _with_names(states: Mapping[str, State], called: Mapping[str, str]) -> dict[str, State]:
    return {
        state: State(None if entry.next is None else called.get(entry.next, entry.next), entry.initial)
        for state, entry in states.items()
    }
