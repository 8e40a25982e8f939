"""certify_cover: that few perceptrons are the network they were made of, unit by unit, whatever made them.

A unit of a cover stands for a node of its source: the carry of nine NANDs is one of their signals. So a proof goes
from the inputs on, one unit at a time:

    1  random patterns show which node of the source a unit seems to be
    2  what the unit reads has been shown to be nodes of the source already, or is a helper, which goes into the table
    3  the cone of the source between that node and those is tried on all values, and so is the unit
    4  they agree: from here on the unit is that node

Values of the nodes between that never occur together can make them differ all the same. Then the deepest of the nodes
is replaced by what it is made of, and more is tried. Only what is too wide for a table goes to a solver.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from heapq import heapify, heappop, heappush
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from circuits.synthesis import tables
from perceptron.engines import as_tape
from perceptron.engines.logic import AND, Logic, lowers, whole_terms
from perceptron.equivalence.simulation import all_values, random_rows
from perceptron.equivalence.solver import SOLVER
from perceptron.equivalence.windows import equal_nearby, unequal_nowhere
from perceptron.errors import NetworkError
from perceptron.matching import require_same
from perceptron.network import Network
from perceptron.tape import Cell, Tape
from perceptron.unit import Table, Unit

_WORDS = 16  # of random patterns
_TRIED = 4  # nodes that a unit seems to be
_LEAVES = 14  # nodes all of whose values are tried
_INNER = 200  # operations between them
_HELPERS = 32  # units that are no node of the source, in one table
_READ = 64  # nodes that a unit reads, its helpers' included
_BETWEEN = 1000  # operations between a node and those that a unit reads
_WINDOWS = (600, 4000, 32_000)  # operations that a solver is told of, one after another
_CONFLICTS = 2000  # of a solver, for one question

Bits = NDArray[np.bool_]
Opened = tuple[list[int], list[int]]  # units, the last of which is meant, and the shown nodes that they read


def certify_cover(
    source: Network | Tape, made: Network | Tape, *, rng: int | np.random.Generator | None = 0
) -> str | None:
    """Why a network of perceptrons is not shown to be the one it was made of; None if it is, and that is a proof.

    Parameters
    ----------
    source, made : Network or Tape
        Of step and table units with 0/1 inputs; inputs, outputs and states are matched by name.
    rng : None, int or numpy.random.Generator
        For the patterns that tell which nodes to compare; no answer rests on them.

    Returns
    -------
    str or None
        None if every output, and the next value of every state, is proved equal. Otherwise the first that is not: one
        that differs on a random pattern, or one for which no proof was found. `perceptron.prove` finds an input.

    Raises
    ------
    NetworkError
        If a network is not valid, has units or inputs of other values than 0 and 1, or is too wide for operations on
        bits.
    InputError
        If the two do not have the same names of inputs and outputs.

    Notes
    -----
    Nothing of how the cover was made is used: any two networks can be given. It is quick where each unit of the second
    is a function of nodes of the first that lie close by, and finds nothing out where they are not. The time is that of
    a few tables for each unit, so it grows with the network.

    Examples
    --------
    >>> from circuits import collapse, ripple_carry_adder
    >>> from perceptron import Unit
    >>> adder = ripple_carry_adder(64).network
    >>> made = collapse(adder)
    >>> certify_cover(adder, made) is None
    True
    >>> broken = made.copy()
    >>> broken.graph.nodes[broken.outputs["sum[3]"]]["unit"] = Unit(1)
    >>> certify_cover(adder, broken)
    "output 'sum[3]' differs"
    """
    first, second = as_tape(source), as_tape(made)
    for tape in (first, second):
        tape.check()
        _require_logic(tape)
    require_same("input", first.inputs, second.inputs)
    require_same("output", tuple(first.outputs), tuple(second.outputs))
    starts, theirs = _starts(first), _starts(second)
    if starts != theirs:
        name = next(name for name in [*starts, *theirs] if starts.get(name, -1) != theirs.get(name, -1))
        return f"state {name!r} does not begin alike in both"
    return _Check(first, second, np.random.default_rng(rng)).fault()


def _require_logic(tape: Tape) -> None:
    for node, binary in enumerate(tape.binary()):
        if not binary:
            raise NetworkError(
                f"node {tape.label(node)} has other values than 0 and 1, so it is no logic; harden the network first"
            )
    if not lowers(tape):
        raise NetworkError(f"{tape!r} has a unit that is too wide for operations on bits; split it first")


def _starts(tape: Tape) -> dict[str, int]:
    return {str(tape.name_of(node)): int(state.initial or 0) for node, state in tape.states.items()}


class _Rule(NamedTuple):
    """A unit as whole numbers: the places of what counts, the weights, the bias, and the values of a table."""

    places: list[int]
    weights: NDArray[Any]
    bias: int
    table: Bits | None

    @classmethod
    def of(cls, cell: Cell, read: Sequence[int]) -> _Rule:
        """Of a cell and the nodes that it reads, of which some may be the same."""
        place = {source: at for at, source in reversed(list(enumerate(read)))}
        terms, bias = whole_terms(cell.unit, list(zip(read, cell.weights, strict=True)))
        large = abs(bias) + sum(abs(weight) for _, weight in terms) >> 62
        weights = np.array([weight for _, weight in terms], dtype=object if large else np.int64)
        values = cell.unit.activation.values if isinstance(cell.unit.activation, Table) else None
        table = None if values is None else np.array(values, dtype=bool)
        return cls([place[source] for source, _ in terms], weights, bias, table)

    def fires(self, read: list[Bits]) -> Bits:
        """The unit's values, for those of what its pins read."""
        total = np.full(len(read[0]) if read else 1, self.bias, dtype=self.weights.dtype)
        for weight, values in zip(self.weights.tolist(), read, strict=True):
            total[values] += weight
        result: Bits = self.table[total.astype(np.int64)] if self.table is not None else total > 0
        return result


class _Check:
    """A source and its cover, and which units are shown to be which nodes."""

    def __init__(self, source: Tape, made: Tape, rng: np.random.Generator):
        self._source, self._made = source, made
        self._logic = Logic(len(source.given))
        self._literals = self._logic.trace(source, self._logic.inputs)
        self._first = len(self._logic.inputs) + 1
        self._depth = [0] * self._first
        self._deepen()
        starts, sources = made.starts.tolist(), made.sources.tolist()
        self._cell = made.cell_numbers.tolist()
        self._rules: list[_Rule | None] = []  # of each node; units of one cell share it
        self._read: list[list[int]] = []  # what each node reads, without what cancels
        rules: dict[int, _Rule] = {}
        for node, number in enumerate(self._cell):
            read = sources[starts[node] : starts[node + 1]]
            rule = rules.get(number) if number >= 0 else None
            if number >= 0 and (rule is None or len(set(read)) < len(read)):
                rule = _Rule.of(made.cells[number], read)
                if len(set(read)) == len(read):
                    rules[number] = rule
            self._rules.append(rule)
            self._read.append([] if rule is None else [read[place] for place in rule.places])
        place = {source.name_of(node): literal for node, literal in zip(source.given, self._logic.inputs, strict=True)}
        self._shown = {node: place[made.name_of(node)] for node in made.given}  # node -> literal of the source
        self._opened: dict[int, Opened | None] = {}  # other units -> helpers, nodes they read
        self._simulate(rng)

    def _deepen(self) -> None:
        """The depth of the operations that have none yet."""
        logic, depth = self._logic, self._depth
        for at in range(len(depth) - self._first, len(logic.kind)):
            depth.append(1 + max(depth[logic.left[at] >> 1], depth[logic.right[at] >> 1]))

    def _simulate(self, rng: np.random.Generator) -> None:
        """The values of all nodes of both on random patterns, as keys that complements share."""
        values = all_values(self._logic).words(random_rows(len(self._logic.inputs), _WORDS, rng))
        octets = np.ascontiguousarray(values.astype("<u8", copy=False)).view(np.uint8)
        turned = octets[:, 0] & 1
        octets ^= (255 * turned)[:, None]
        self._nodes: dict[bytes, list[int]] = {}  # the literals that are 0 on the first pattern, by their values
        for node, (row, flip) in enumerate(zip(octets, turned.tolist(), strict=True)):
            self._nodes.setdefault(row.tobytes(), []).append(2 * node + flip)
        self._keys: list[tuple[bytes, int]] = []
        own = np.empty((len(self._cell), 64 * _WORDS), dtype=bool)
        for node, rule in enumerate(self._rules):
            if rule is None:
                given = self._shown[node] >> 1
                own[node] = np.unpackbits(octets[given], bitorder="little") ^ turned[given]
            else:
                own[node] = rule.fires([own[one] for one in self._read[node]])
            flip = int(own[node, 0])
            self._keys.append((np.packbits(own[node] ^ bool(flip), bitorder="little").tobytes(), flip))

    def fault(self) -> str | None:
        """The first output that is not shown to be what it is in the source."""
        wanted = self._wanted()
        asked: dict[int, list[int]] = {}
        for _, node, literal in wanted:
            asked.setdefault(node, []).append(literal)
        for node, rule in enumerate(self._rules):
            if rule is not None:
                self._show(node, asked.get(node, []))
        for what, node, literal in wanted:
            if self._looks_like(node, literal):
                shown = self._shown.get(node)
                if shown != literal and (shown is None or not self._equal(shown, literal)):
                    return f"{what} is not shown to be equal"
            else:
                return f"{what} differs"
        return None

    def _wanted(self) -> list[tuple[str, int, int]]:
        """What each output and next state is called, its node in the cover and its literal in the source."""
        source, made, literals = self._source, self._made, self._literals
        found = [(f"output {name!r}", made.outputs[name], literals[node]) for name, node in source.outputs.items()]
        following = {made.name_of(node): state.next for node, state in made.states.items()}
        for node, state in source.states.items():
            theirs = following[source.name_of(node)]
            assert state.next is not None
            assert theirs is not None
            found.append((f"the next {source.name_of(node)!r}", theirs, literals[state.next]))
        return found

    def _looks_like(self, node: int, literal: int) -> bool:
        key, turned = self._keys[node]
        return literal ^ turned in self._nodes.get(key, ())

    def _show(self, node: int, asked: Iterable[int]) -> None:
        """Look for a node of the source that a unit is; else it is a helper of what reads it."""
        opened = self._open(node)
        if opened is not None:
            latest = max((self._shown[one] for one in opened[1]), default=0)
            literals = dict.fromkeys(
                [*(one for one in asked if self._looks_like(node, one)), *self._likely(node, latest)]
            )
            for way in (self._by_table, self._between, self._by_solver):
                for literal in literals:
                    if way(opened, literal):
                        self._shown[node] = literal
                        return
        self._opened[node] = opened

    def _likely(self, node: int, latest: int) -> list[int]:
        """The literals that a node of the cover seems to be, the first behind a literal first."""
        key, turned = self._keys[node]
        found = self._nodes.get(key, [])
        at = bisect_left(found, latest)
        return [one ^ turned for one in [*found[at : at + _TRIED], *found[max(0, at - _TRIED) : at][::-1]][:_TRIED]]

    def _open(self, node: int) -> Opened | None:
        """The units that make up one, itself last, and the shown nodes that these read; None for too many."""
        units: dict[int, None] = {}
        read: dict[int, None] = {}
        for one in self._read[node]:
            if one in self._shown:
                read[one] = None
                continue
            opened = self._opened[one]
            if opened is None:
                return None
            units.update(dict.fromkeys(opened[0]))
            read.update(dict.fromkeys(opened[1]))
        units[node] = None
        return None if len(units) > _HELPERS or len(read) > _READ else (sorted(units), list(read))

    # --- one unit against one node

    def _by_table(self, opened: Opened, literal: int) -> bool:
        """Whether a unit and a literal of the source agree for all values of a few nodes that both are made of."""
        logic, depth, first = self._logic, self._depth, self._first
        known = {self._shown[one] >> 1 for one in opened[1]} - {0}
        frontier = known | ({literal >> 1} - {0})
        heap = [(-depth[node], -node) for node in frontier]
        heapify(heap)
        inner: list[int] = []
        if frontier == known and len(frontier) <= _LEAVES and self._agree(opened, literal, frontier, inner):
            return True  # a constant, or a node that the unit reads
        while heap and len(inner) < _INNER:
            node = -heappop(heap)[1]
            if node < first:
                break  # the inputs are the least deep
            frontier.discard(node)
            inner.append(node)
            met = False
            for read in (logic.left[node - first] >> 1, logic.right[node - first] >> 1):
                if read in frontier:
                    met = True
                elif read:
                    frontier.add(read)
                    heappush(heap, (-depth[read], -read))
            if len(frontier) > _LEAVES:
                if len(frontier - known) > _LEAVES:
                    return False
                continue
            # New leaves could have any values, so that nothing is known that was not before.
            if (met or frontier <= known) and self._agree(opened, literal, frontier, inner):
                return True
        return len(frontier) <= _LEAVES and self._agree(opened, literal, frontier, inner)

    def _agree(self, opened: Opened, literal: int, frontier: set[int], inner: list[int]) -> bool:
        """Whether a unit and a literal have the same table over the frontier, from which the inner nodes follow."""
        logic, first, width = self._logic, self._first, len(frontier)
        full = tables.full(width)
        value = dict(zip(frontier, tables.columns(width), strict=True))
        value[0] = 0
        for node in reversed(inner):
            left, right = logic.left[node - first], logic.right[node - first]
            one = value[left >> 1] ^ (full if left & 1 else 0)
            two = value[right >> 1] ^ (full if right & 1 else 0)
            value[node] = one & two if logic.kind[node - first] == AND else one ^ two
        units, read = opened
        bits = {one: _unpacked(value[self._shown[one] >> 1], width) ^ bool(self._shown[one] & 1) for one in read}
        for unit in units:
            rule = self._rules[unit]
            assert rule is not None
            bits[unit] = rule.fires([bits[one] for one in self._read[unit]])
        own = bits[units[-1]]
        if len(own) == 1:  # a unit that reads nothing
            own = np.full(1 << width, own[0])
        return bool((own == _unpacked(value[literal >> 1], width) ^ bool(literal & 1)).all())

    def _between(self, opened: Opened, literal: int) -> bool:
        """Whether a solver sees a unit and a literal to agree, told of all above the nodes that the unit reads."""
        logic, first = self._logic, self._first
        leaves = {self._shown[one] >> 1 for one in opened[1]} - {0}
        inner: set[int] = set()
        waiting = [literal >> 1]
        while waiting:
            node = waiting.pop()
            if node < first:
                leaves |= {node} - {0}
            elif node not in leaves and node not in inner:
                inner.add(node)
                waiting += (logic.left[node - first] >> 1, logic.right[node - first] >> 1)
                if len(inner) > _BETWEEN:
                    return False
        local = Logic(len(leaves))
        value = {0: 0, **dict(zip(sorted(leaves), local.inputs, strict=True))}
        for node in sorted(inner):
            left, right = logic.left[node - first], logic.right[node - first]
            a, b = value[left >> 1] ^ (left & 1), value[right >> 1] ^ (right & 1)
            value[node] = local.and_(a, b) if logic.kind[node - first] == AND else local.xor(a, b)
        shown = {one: value[self._shown[one] >> 1] ^ (self._shown[one] & 1) for one in opened[1]}
        own, wanted = self._lowered(local, opened, shown), value[literal >> 1] ^ (literal & 1)
        depth = range(len(leaves) + 1 + len(local.kind))  # in order, for all are told
        return own == wanted or unequal_nowhere(local, depth, own, wanted, len(depth), SOLVER, _CONFLICTS)

    def _by_solver(self, opened: Opened, literal: int) -> bool:
        """Whether a solver sees it that is told of the nearest operations, those below the nodes that are read too."""
        own = self._lowered(self._logic, opened, {one: self._shown[one] for one in opened[1]})
        self._deepen()
        return self._equal(own, literal)

    def _lowered(self, logic: Logic, opened: Opened, value: dict[int, int]) -> int:
        """The literal of a unit, in operations over the literals of what it reads."""
        for unit in opened[0]:
            rule, activation = self._rules[unit], self._made.cells[self._cell[unit]].unit.activation
            assert rule is not None
            read = [value[one] for one in self._read[unit]]
            value[unit] = logic.unit(Unit(rule.bias, activation), list(zip(read, rule.weights.tolist(), strict=True)))
        return value[opened[0][-1]]

    def _equal(self, a: int, b: int) -> bool:
        """Whether two literals of the source, or of units that were lowered onto it, are seen to be equal."""
        logic, depth = self._logic, self._depth
        if a == b or equal_nearby(logic, depth, a, b):
            return True
        return any(unequal_nowhere(logic, depth, a, b, size, SOLVER, _CONFLICTS) for size in _WINDOWS)


def _unpacked(table: int, width: int) -> Bits:
    """The values of a table, row by row."""
    octets = np.frombuffer(table.to_bytes(max(1, (1 << width) >> 3), "little"), np.uint8)
    return np.unpackbits(octets, count=1 << width, bitorder="little").view(bool)
