"""Machine: one run of a 0/1 network with memories beside it, which works out only what changes.

A chip of a quarter of a million flip-flops changes a few of them in a step. So values stay where they are, and a
change goes on, layer by layer, to those who read it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from itertools import pairwise
from math import lcm
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from circuits.formats.hdl.order import fanout, levels
from circuits.memory import Memory
from circuits.scripts.errors import ScriptError
from perceptron import STEP, Tape
from perceptron.numbers import exact
from perceptron.tape import Cell
from perceptron.unit import Table

_PINS = 4  # units of up to so many pins are looked up in a table of 16 bits
_WIDE, _READ, _GIVEN = 1, 2, 3


class Machine:
    """A network in its first step, all inputs 0.

    Parameters
    ----------
    tape : Tape
        A network of 0 and 1.
    memories : sequence of Memory
        Their pins are inputs and outputs of the network (see `circuits.memory.Memory`).

    Attributes
    ----------
    changes : int
        How many nodes and words have changed so far; where it stands still, nothing happens any more.

    Raises
    ------
    ScriptError
        If a unit has other values than 0 and 1, a pin of a memory is missing, or values wait for each other.

    Examples
    --------
    >>> from circuits.formats.hdl import loads
    >>> machine = Machine(loads("CHIP Wait { IN in; OUT out; PARTS: DFF(in=in, out=out); }", into=Tape()))
    >>> machine.set([0], 1)
    >>> machine.tick()
    >>> machine.value(machine.outputs["out"])
    0
    >>> machine.tock()
    >>> machine.value(machine.outputs["out"])
    1
    """

    def __init__(self, tape: Tape, memories: Sequence[Memory] = ()):
        self.changes = 0
        self.inputs, self.outputs = words(zip(tape.inputs, tape.input_nodes, strict=True)), words(tape.outputs.items())
        self._nodes = len(tape)
        self._tape_arrays(tape)
        self._place_memories(tape, memories)
        self._layers(tape)
        self._values = np.zeros(self._nodes + 1, np.uint8)  # the last is what a missing pin of a unit reads
        states = list(tape.states)
        self._states = np.array(states, np.int64)
        self._next = np.array([tape.states[node].next for node in states], np.int64)
        self._values[[node for node in states if tape.states[node].initial]] = 1
        self._following: NDArray[np.uint8] | None = None  # between tick and tock
        self._writes: dict[int, tuple[int, int]] = {}
        self._push(np.flatnonzero(self._kind != _GIVEN))
        self._push(self._read_nodes)
        self.settle()

    # --- the verbs

    def set(self, nodes: Sequence[int], value: int) -> None:
        """Give inputs, least significant first; what reads them follows at the next `settle`, `tick` or `tock`."""
        self._assign(np.array(nodes, np.int64), np.array([value >> place & 1 for place in range(len(nodes))], np.uint8))

    def value(self, nodes: Sequence[int]) -> int:
        """The bits of these nodes as a number, least significant first; -1 stands for the constant 0, -2 for 1."""
        return sum((int(self._values[node]) if node >= 0 else -1 - node) << place for place, node in enumerate(nodes))

    def settle(self) -> None:
        """Work out everything that depends on what has changed."""
        for level in range(len(self._waiting)):
            waiting = self._waiting[level]
            if not waiting:
                continue
            self._waiting[level] = []
            nodes = np.concatenate(waiting) if len(waiting) > 1 else waiting[0]
            self._queued[nodes] = False
            self._assign(nodes, self._work_out(nodes))

    def tick(self) -> None:
        """The first half of a step: clocked parts take their next values in, but still show what they had."""
        self.settle()
        self._following = self._values[self._next]
        self._writes = {}
        for at, (data, load) in enumerate(self._pins):
            if load >= 0 and self._values[load]:
                self._writes[at] = (self.value(self._address[at]), self.value(data))

    def tock(self) -> None:
        """The second half: clocked parts show what they took in, and everything that reads them follows."""
        if self._following is not None:
            self._assign(self._states, self._following)
        for at, (where, word) in self._writes.items():
            self._write(at, where, word)
        self._following, self._writes = None, {}
        self.settle()

    # --- looking into parts

    def held(self, states: Sequence[int]) -> int:
        """The word in these states; between tick and tock what they have taken in."""
        if self._following is None:
            return self.value(states)
        following = dict(zip(self._states.tolist(), self._following.tolist(), strict=True))
        return sum(following[state] << place for place, state in enumerate(states))

    def hold(self, states: Sequence[int], value: int) -> None:
        """Put a word into these states, between tick and tock also as what they have taken in."""
        bits = np.array([value >> place & 1 for place in range(len(states))], np.uint8)
        if self._following is not None:
            self._following[np.searchsorted(self._states, states)] = bits
        self._assign(np.array(states, np.int64), bits)

    def word(self, memory: Memory, where: int) -> int:
        """A word of a memory; between tick and tock as it will be."""
        at = self._memories.index(memory)
        place, word = self._writes.get(at, (-1, 0))
        return word if place == where else int(self._contents[at][where])

    def store(self, memory: Memory, where: int, value: int) -> None:
        """Put a word into a memory at once."""
        at = self._memories.index(memory)
        if self._writes.get(at, (-1, 0))[0] == where:
            del self._writes[at]
        self._write(at, where, value)

    # --- inside

    def _write(self, at: int, where: int, word: int) -> None:
        if int(self._contents[at][where]) != word:
            self._contents[at][where] = word
            self.changes += 1
            self._push(self._out[at])

    def _assign(self, nodes: NDArray[np.int64], values: NDArray[np.uint8]) -> None:
        changed = nodes[self._values[nodes] != values]
        if len(changed):
            self._values[nodes] = values
            self.changes += len(changed)
            self._push(self._fanout.of(changed))

    def _push(self, nodes: NDArray[np.integer]) -> None:
        """Let these be worked out when their layer comes, each once."""
        nodes = np.asarray(nodes, np.int64)
        nodes = nodes[~self._queued[nodes]]
        place = np.arange(len(nodes), dtype=np.int32)
        self._place[nodes] = place  # of those that stand here twice, the last one keeps its place
        nodes = nodes[self._place[nodes] == place]
        if not len(nodes):
            return
        self._queued[nodes] = True
        level = self._level[nodes]
        order = np.argsort(level, kind="stable")
        level, nodes = level[order], nodes[order]
        cuts = np.flatnonzero(np.diff(level)) + 1
        begins = [0, *cuts.tolist(), len(nodes)]
        for begin, end in pairwise(begins):
            self._waiting[level[begin]].append(nodes[begin:end])

    def _work_out(self, nodes: NDArray[np.int64]) -> NDArray[np.uint8]:
        values = self._values
        read = values[self._four[nodes]]
        index = read[:, 0] | read[:, 1] << 1 | read[:, 2] << 2 | read[:, 3] << 3
        result = (self._table[nodes] >> index & 1).astype(np.uint8)
        kinds = self._kind[nodes]
        if not kinds.any():
            return result
        for place in np.flatnonzero(kinds == _WIDE).tolist():
            result[place] = self._wide(int(nodes[place]))
        at_memory = np.flatnonzero(kinds == _READ)
        words: dict[int, int] = {}
        for place in at_memory.tolist():
            at, bit = self._reads[int(nodes[place])]
            if at not in words:
                words[at] = int(self._contents[at][self.value(self._address[at])])
            result[place] = words[at] >> bit & 1
        return result

    def _wide(self, node: int) -> int:
        read = self._values[self._sources[self._starts[node] : self._starts[node + 1]]]
        return self._rules[int(self._cells[node])].value(read.tolist())

    def _tape_arrays(self, tape: Tape) -> None:
        self._cells, self._starts, self._sources = tape.cell_numbers, tape.starts, tape.sources
        self._rules = [_rule(cell) for cell in tape.cells]
        widths = np.diff(self._starts)
        four = np.full((self._nodes, _PINS), self._nodes, np.int32)
        for pin in range(_PINS):
            has = np.flatnonzero((widths > pin) & (widths <= _PINS))
            four[has, pin] = self._sources[self._starts[has] + pin]
        self._four = four
        tables = np.array([_table(rule) for rule in self._rules] + [0, 0], np.uint16)  # [-2] a state, [-1] an input
        self._table = tables[self._cells]
        self._kind = np.where(self._cells < 0, _GIVEN, np.where(widths > _PINS, _WIDE, 0)).astype(np.int8)

    def _place_memories(self, tape: Tape, memories: Sequence[Memory]) -> None:
        inputs = dict(zip(tape.inputs, tape.input_nodes, strict=True))
        outputs = tape.outputs
        self._memories = list(memories)
        self._contents = [memory.initial() for memory in memories]
        self._address: list[list[int]] = []
        self._pins: list[tuple[list[int], int]] = []
        self._out: list[NDArray[np.int64]] = []
        self._reads: dict[int, tuple[int, int]] = {}
        for at, memory in enumerate(memories):
            try:
                out = [inputs[name] for name in memory.out]
                self._address.append([outputs[name] for name in memory.address])
                data, load = [outputs[name] for name in memory.data], [outputs[name] for name in memory.load]
            except KeyError as error:
                raise ScriptError(f"the network has no pin {error.args[0]!r} for memory {memory.name!r}") from None
            self._pins.append((data, load[0] if load else -1))
            self._out.append(np.array(out, np.int64))
            self._reads.update({node: (at, bit) for bit, node in enumerate(out)})
        self._read_nodes = np.array(sorted(self._reads), np.int64)
        self._kind[self._read_nodes] = _READ

    def _layers(self, tape: Tape) -> None:
        readers = [np.repeat(np.arange(self._nodes), np.diff(self._starts))]
        sources = [self._sources.astype(np.int64)]
        for address, out in zip(self._address, self._out, strict=True):
            sources.append(np.repeat(np.array(address, np.int64), len(out)))
            readers.append(np.tile(out, len(address)))
        source, reader = np.concatenate(sources), np.concatenate(readers)
        self._fanout = fanout(self._nodes, source, reader)
        self._level: NDArray[np.integer] = levels(self._nodes, self._fanout, reader)
        if (self._level < 0).any():
            node = int(np.argmax(self._level < 0))
            raise ScriptError(f"memories form a loop within one step, through {tape.label(node)}")
        deepest = int(self._level.max(initial=0))
        if deepest < 1 << 15:
            self._level = self._level.astype(np.int16)  # which NumPy sorts in a single pass
        self._waiting: list[list[NDArray[np.int64]]] = [[] for _ in range(deepest + 1)]
        self._queued = np.zeros(self._nodes, np.bool_)
        self._place = np.zeros(self._nodes, np.int32)


def words(named: Iterable[tuple[str, int]]) -> dict[str, list[int]]:
    """Bits by name as words: `a[0]`, `a[1]` are the word a; any other name is a word of one bit.

    Examples
    --------
    >>> words([("a[0]", 4), ("a[1]", 5), ("b", 6)])
    {'a': [4, 5], 'b': [6]}
    """
    found: dict[str, dict[int, int]] = {}
    for name, node in named:
        base, bracket, place = name.partition("[")
        if bracket and place[:-1].isdecimal() and place.endswith("]"):
            found.setdefault(base, {})[int(place[:-1])] = node
        else:
            found.setdefault(name, {})[0] = node
    return {name: [bits[place] for place in sorted(bits)] for name, bits in found.items()}


class _Rule(NamedTuple):
    """Whole weights and bias that decide as a cell does: they are `scale` times the cell's own."""

    weights: list[int]
    bias: int
    table: tuple[int, ...] | None
    scale: int

    def value(self, read: Sequence[int]) -> int:
        total = self.bias + sum(weight for weight, value in zip(self.weights, read, strict=True) if value)
        if self.table is None:
            return int(total > 0)
        return int(self.table[total // self.scale]) if 0 <= total < self.scale * len(self.table) else 0


def _rule(cell: Cell) -> _Rule:
    activation = cell.unit.activation
    if activation is not STEP and not isinstance(activation, Table):
        raise ScriptError(f"a unit has the activation {activation!r}; a script tests circuits of 0 and 1")
    numbers = [Fraction(exact(number)) for number in (*cell.weights, cell.unit.bias)]
    scale = lcm(*(number.denominator for number in numbers))
    whole = [int(number * scale) for number in numbers]
    return _Rule(whole[:-1], whole[-1], activation.values if isinstance(activation, Table) else None, scale)


def _table(rule: _Rule) -> int:
    """The truth table of a narrow unit as 16 bits; pins that it does not have read 0."""
    pins = len(rule.weights)
    if pins > _PINS:
        return 0
    return sum(rule.value([index >> pin & 1 for pin in range(pins)]) << index for index in range(1 << pins))
