"""Draft: a 0/1 network that a clean-up pass edits, between the tape that it gets and the one that it gives back."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import update_wrapper
from typing import Protocol, TypeVar, cast

from circuits.synthesis.nand_trace import require_binary
from perceptron.engines import as_tape
from perceptron.engines.logic import whole_terms
from perceptron.network import Network
from perceptron.numbers import Number
from perceptron.tape import Tape
from perceptron.unit import STEP, Table, Unit

Net = TypeVar("Net", Network, Tape)
Terms = list[tuple[int, int]]  # node and whole weight; no node twice


class Draft:
    """Units by number; what replaces a unit is said in `alias`.

    Attributes
    ----------
    units : list of Unit or None
        None for inputs and states.
    fanin : list of lists of (node, weight)
    alias : list of int
        What each node is now: itself, or the node that replaced it.
    names : dict of node -> name
    inputs : list of int
    states : dict of state -> (next, initial)
    outputs : dict of name -> node
    dropped : set of int
        Units and states that nothing needs.
    """

    def __init__(self, tape: Tape):
        require_binary(tape)
        self.name = tape.name
        starts, sources = tape.starts.tolist(), tape.sources.tolist()
        self.units: list[Unit | None] = []
        self.fanin: list[list[tuple[int, Number]]] = []
        for node, number in enumerate(tape.cell_numbers.tolist()):
            cell = tape.cells[number] if number >= 0 else None
            self.units.append(None if cell is None else cell.unit)
            read = sources[starts[node] : starts[node + 1]]
            self.fanin.append([] if cell is None else list(zip(read, cell.weights, strict=True)))
        self.alias = list(range(len(self.units)))
        self.names = dict(tape.names)
        self.inputs = tape.input_nodes
        self.states = {node: (state.next, state.initial) for node, state in tape.states.items()}
        self.outputs = dict(tape.outputs)
        self.dropped: set[int] = set()

    def resolve(self, node: int) -> int:
        """What a node is now."""
        while self.alias[node] != node:
            node = self.alias[node]
        return node

    def terms(self, node: int) -> tuple[Terms, int]:
        """The whole terms and bias of a unit, over what its sources are now."""
        unit = self.units[node]
        assert unit is not None
        return whole_terms(unit, [(self.resolve(source), weight) for source, weight in self.fanin[node]])

    def table(self, node: int) -> tuple[int, ...] | None:
        """The values of a table unit; None for a step."""
        unit = self.units[node]
        assert unit is not None
        return unit.activation.values if isinstance(unit.activation, Table) else None

    def add(self, unit: Unit, fanin: Iterable[tuple[int, Number]]) -> int:
        """A new unit; its number."""
        self.units.append(unit)
        self.fanin.append(list(fanin))
        self.alias.append(len(self.alias))
        return len(self.alias) - 1

    def wanted(self) -> list[int]:
        """The nodes of the outputs and of the next values of the states that stay."""
        following = [following for state, (following, _) in self.states.items() if state not in self.dropped]
        return [self.resolve(node) for node in (*self.outputs.values(), *following) if node is not None]

    def readers(self) -> list[int]:
        """How many edges, outputs and states read each node; a unit that is dropped or replaced reads nothing."""
        count = [0] * len(self.units)
        for node, fanin in enumerate(self.fanin):
            if self.alias[node] == node and node not in self.dropped:
                for source, _ in fanin:
                    count[self.resolve(source)] += 1
        for node in self.wanted():
            count[node] += 1
        return count

    def tape(self) -> Tape:
        """The network, each unit after its sources, in the old order wherever that allows it."""
        new = Tape(self.name)
        made: dict[int, int] = {node: new.input(self.names[node]) for node in self.inputs}
        for node, (_, initial) in self.states.items():
            if node not in self.dropped:
                made[node] = new.state(self.names[node], initial)
        cells: dict[tuple[Unit, tuple[Number, ...], tuple[type, ...]], int] = {}
        for wanted in range(len(self.units)):
            if self.alias[wanted] != wanted or wanted in self.dropped:
                continue
            waiting = [wanted]
            while waiting:
                node = waiting[-1]
                if node in made:
                    waiting.pop()
                    continue
                sources = [self.resolve(source) for source, _ in self.fanin[node]]
                missing = [source for source in sources if source not in made]
                if missing:
                    waiting.extend(missing)
                    continue
                waiting.pop()
                unit = self.units[node]
                assert unit is not None
                weights = tuple(weight for _, weight in self.fanin[node])
                key = (unit, weights, (type(unit.bias), *map(type, weights)))
                if key not in cells:
                    cells[key] = new.cell(unit, weights)
                made[node] = new.add_cell(cells[key], [made[source] for source in sources], self.names.get(node))
        for name, node in self.outputs.items():
            new.output(name, made[self.resolve(node)])
        for node, (following, _) in self.states.items():
            if node in made:
                assert following is not None
                new.feedback(made[node], made[self.resolve(following)])
        return new


def one_input(draft: Draft, node: int) -> tuple[int, int, int] | None:
    """(source, value for 0, value for 1) of a unit that reads one node; None for others."""
    if draft.units[node] is None:
        return None
    terms, bias = draft.terms(node)
    if len(terms) != 1:
        return None
    values = draft.table(node)
    off, on = bias, bias + terms[0][1]
    if values is None:
        return terms[0][0], int(off > 0), int(on > 0)
    return terms[0][0], values[off], values[on]


def constant_unit(value: int) -> Unit:
    """A unit without inputs."""
    return Unit(1 if value else -1, STEP)


class NetworkPass(Protocol):
    """A pass: it gives back what it was given, a `Network` or a `Tape`."""

    def __call__(self, net: Net, /) -> Net:
        """The network after the pass."""


def on_networks(edit: Callable[[Tape], Tape]) -> NetworkPass:
    """A pass over tapes as one over networks too."""

    def whole(net: Net) -> Net:
        made = edit(as_tape(net))
        return named(made, net) if isinstance(net, Network) else made

    return cast("NetworkPass", update_wrapper(whole, edit))


def named(tape: Tape, old: Network) -> Network:
    """A tape as a network whose new units have no name that the old network had for another."""
    net, count = Network(tape.name), 0
    keys: list[str] = []
    starts, sources = tape.starts.tolist(), tape.sources.tolist()
    for node, number in enumerate(tape.cell_numbers.tolist()):
        name = tape.name_of(node)
        if number >= 0:
            while name is None:
                count += 1
                name = None if f"n{count}" in old.graph else f"n{count}"
            cell = tape.cells[number]
            read = (keys[source] for source in sources[starts[node] : starts[node + 1]])
            keys.append(net.add(cell.unit, zip(read, cell.weights, strict=True), name))
        elif node in tape.states:
            keys.append(net.state(str(name), tape.states[node].initial))
        else:
            keys.append(net.input(str(name)))
    for name, node in tape.outputs.items():
        net.output(name, keys[node])
    for node, state in tape.states.items():
        assert state.next is not None
        net.feedback(keys[node], keys[state.next])
    return net
