"""Units: a network of perceptrons as a dict, between a tape and the passes of `collapse`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from circuits.synthesis.mapping.ways import Way
from perceptron.engines.logic import whole_terms
from perceptron.network import Network
from perceptron.tape import Tape
from perceptron.unit import STEP, Unit


@dataclass
class Units:
    """Perceptrons over given nodes.

    Attributes
    ----------
    given : int
        Nodes 1 to `given` are inputs and states.
    ways : dict of node -> Way
        Each reads given nodes and nodes before it.
    wanted : list of int
        Literals (see `perceptron.engines.logic`) of the outputs, then of the states' next values.
    names : dict of name -> literal
        What the nodes of the network were called.
    """

    given: int
    ways: dict[int, Way]
    wanted: list[int]
    names: dict[str, int]

    @property
    def count(self) -> int:
        """How many units it takes: one more for a value wanted together with its complement, a constant, or a NOT."""
        wanted = set(self.wanted)
        turned = sum(1 for one in wanted if one & 1 and one >> 1 in self.ways and one ^ 1 in wanted)
        return len(self.ways) + turned + sum(1 for one in wanted if one < 2 or (one & 1 and one >> 1 <= self.given))

    @property
    def rank(self) -> tuple[int, int]:
        """What is to be least: the units, then the edges."""
        return self.count, sum(len(way.leaves) for way in self.ways.values())

    @property
    def fanin(self) -> int:
        """The most leaves of a unit."""
        return max((len(way.leaves) for way in self.ways.values()), default=0)


def of_tape(tape: Tape) -> Units | None:
    """The units of a tape that anything needs, or None if one of them is no perceptron."""
    if any(cell.unit.activation is not STEP for cell in tape.cells):
        return None
    given = tape.given
    literal = dict(zip(given, range(2, 2 * len(given) + 2, 2), strict=True))
    starts, sources, cells = tape.starts.tolist(), tape.sources.tolist(), tape.cell_numbers.tolist()
    needed = [False] * len(tape)
    for node in tape.wanted:
        needed[node] = True
    for node in range(len(tape) - 1, -1, -1):
        if needed[node] and cells[node] >= 0:
            for source in sources[starts[node] : starts[node + 1]]:
                needed[source] = True
    ways: dict[int, Way] = {}
    for node, number in enumerate(cells):
        if number < 0 or not needed[node]:
            continue
        cell = tape.cells[number]
        read = (literal[source] >> 1 for source in sources[starts[node] : starts[node + 1]])
        terms, bias = whole_terms(cell.unit, list(zip(read, cell.weights, strict=True)))
        new = len(given) + 1 + node
        literal[node] = 2 * new
        ways[new] = Way(tuple(leaf for leaf, _ in terms), tuple(weight for _, weight in terms), bias)
    names = {name: literal[node] for node, name in tape.names.items() if node in literal}
    return Units(len(given), ways, [literal[node] for node in tape.wanted], names)


def to_tape(units: Units, old: Tape) -> Tape:
    """The units with the inputs, outputs and states of the network they came from.

    A unit that computes what a named node did, or its complement where nothing asks for the unit itself, keeps the
    name; no other unit takes a name of the old network.
    """
    new = Tape(old.name)
    name_of = {literal: name for name, literal in reversed(list(units.names.items()))}
    made: dict[int, int] = {}
    for literal, name in zip(range(2, 2 * units.given + 2, 2), old.inputs, strict=False):
        made[literal] = new.input(name, real=False)
    for at, (node, state) in enumerate(old.states.items(), len(old.inputs) + 1):
        made[2 * at] = new.state(str(old.name_of(node)), state.initial)
    wanted = set(units.wanted)

    def add(literal: int, way: Way) -> None:
        edges, bias = [], way.bias
        for leaf, weight in zip(way.leaves, way.weights, strict=True):
            if 2 * leaf in made:
                edges.append((made[2 * leaf], weight))
            else:  # w x = w - w (1 - x)
                edges.append((made[2 * leaf + 1], -weight))
                bias += weight
        if literal & 1:  # not (z > 0) is -z + 1 > 0 for whole z
            edges, bias = [(node, -weight) for node, weight in edges], 1 - bias
        made[literal] = new.add(Unit(bias), edges, name_of.get(literal))

    for node, way in units.ways.items():
        plain, turned = 2 * node, 2 * node + 1
        if turned in wanted:
            add(turned, way)
        if plain in wanted:
            add(plain, way)
        if plain not in wanted and turned not in wanted:
            add(turned if plain not in name_of and turned in name_of else plain, way)
    for literal in dict.fromkeys(units.wanted):
        if literal not in made:  # a constant, or a given node turned round
            add(literal, Way((), (), 0) if literal < 2 else Way((literal >> 1,), (1,), 0))
    literals = iter(units.wanted)
    for name in old.outputs:
        new.output(name, made[next(literals)])
    for node in list(new.states):
        new.feedback(node, made[next(literals)])
    return new


def to_network(tape: Tape, taken: Iterable[str]) -> Network:
    """The tape as a graph; its unnamed units are called n1, n2, ... without the names that are taken."""
    net, reserved, count = Network(tape.name), {*taken, *tape.names.values()}, 0
    key: list[str] = []
    starts, sources = tape.starts.tolist(), tape.sources.tolist()
    for node, number in enumerate(tape.cell_numbers.tolist()):
        name = tape.name_of(node)
        if number >= 0:
            while name is None:
                count += 1
                name = None if f"n{count}" in reserved else f"n{count}"
            cell = tape.cells[number]
            read = (key[source] for source in sources[starts[node] : starts[node + 1]])
            key.append(net.add(cell.unit, zip(read, cell.weights, strict=True), name))
        elif node in tape.states:
            key.append(net.state(str(name), tape.states[node].initial))
        else:
            key.append(net.input(str(name)))
    for name, node in tape.outputs.items():
        net.output(name, key[node])
    for node, state in tape.states.items():
        assert state.next is not None
        net.feedback(key[node], key[state.next])
    return net
