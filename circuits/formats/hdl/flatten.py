"""Chip: a chip as a tape, its memories beside it, and the built-in parts that hold something, by name."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from circuits.cells import constant
from circuits.formats.errors import FormatError
from circuits.formats.hdl.order import fanout, levels
from circuits.formats.hdl.template import CELLS, STATE, WIDTHS, Ids, Template
from circuits.memory import Memory
from perceptron import Builder, Network, Tape
from perceptron.tape import INPUT

NAMED = 100_000  # units up to which every one has the name of its part; a Network is good for as many


class Part(NamedTuple):
    """A built-in part that holds something: states of the tape, least significant first, or a memory."""

    kind: str
    name: str
    states: tuple[int, ...]
    memory: Memory | None


@dataclass(frozen=True, eq=False)
class Chip:
    """A chip made ready: see `circuits.formats.hdl.chip`.

    Attributes
    ----------
    name : str
    inputs, outputs : dict of str to int
        The pins and their widths, in order.
    tape : Tape
        Its inputs and outputs are the bits of the pins, `a[0]` (or `a` for a pin of one bit), then the pins of the
        memories (see `circuits.memory.Memory`). Flip-flops are states that start at 0.
    memories : tuple of Memory
        RAM, ROM32K, Screen and Keyboard parts; a Keyboard is a memory of one word.
    parts : tuple of Part
        Every built-in part that holds something, in the order of the files.
    pins : dict of str to tuple of int
        The nodes of the bits of every pin in the chip itself, internal ones too; -1 is the constant 0, -2 the 1.
    """

    name: str
    inputs: dict[str, int]
    outputs: dict[str, int]
    tape: Tape = field(repr=False)
    memories: tuple[Memory, ...]
    parts: tuple[Part, ...] = field(repr=False)
    pins: dict[str, tuple[int, ...]] = field(repr=False)

    @property
    def network(self) -> Network:
        """The same as a graph; pins of memories are its inputs and outputs."""
        return self.tape.to_network()


def pin_names(pin: str, width: int) -> list[str]:
    """The names of a pin's bits, as every word has them in this project."""
    return [pin] if width == 1 else [f"{pin}[{place}]" for place in range(width)]


def flatten(template: Template) -> Chip:
    """A chip from its template.

    Raises
    ------
    FormatError
        If its parts form a loop that no clocked part interrupts.
    """
    tape = Tape(template.name)
    first = template.first
    codes = template.codes
    level, starts = _levels(template)
    to = np.full(template.ids, -1, np.int32)  # what each id is on the tape
    for pin, width in template.inputs.items():
        begin = template.input_ids(pin).start
        to[begin : begin + width] = [tape.input(name) for name in pin_names(pin, width)]
    memories = [
        Memory(s.name or template.name, len(s.address), len(s.out), read_only=s.read_only) for s in template.stores
    ]
    for store, memory in zip(template.stores, memories, strict=True):
        to[store.out] = [tape.input(name) for name in memory.out]
    states = np.flatnonzero(codes == STATE) + first
    to[states] = [tape.state(name, 0) for name in template.states]
    units = np.flatnonzero(codes >= 0)
    units = units[np.argsort(level[units + first], kind="stable")]
    read = template.sources
    wanted = [*template.results.values(), *(pin for s in template.stores for pin in (s.address, s.data, s.load))]
    for value in (0, 1):
        if (read == value).any() or any((pin == value).any() for pin in wanted):
            cell = constant(value)
            to[value] = tape.add(cell.unit, (), f"constant.{value}")
    numbers = np.array([tape.cell(cell.unit, cell.weights) for cell in CELLS.values()], np.int64)
    to[units + first] = len(tape) + np.arange(len(units), dtype=np.int32)
    reading = _reading(starts, read, units)
    if len(units) <= NAMED:
        at = 0
        moved = to[reading].tolist()
        for unit in units.tolist():
            cell_number = int(numbers[codes[unit]])
            pins = len(tape.cells[cell_number].weights)
            tape.add_cell(cell_number, moved[at : at + pins], template.name_of(unit + first))
            at += pins
    else:
        tape.extend_cells(numbers[codes[units]], to[reading])
    for pin, width in template.outputs.items():
        for name, node in zip(pin_names(pin, width), to[template.results[pin]].tolist(), strict=True):
            tape.output(name, node)
    for store, memory in zip(template.stores, memories, strict=True):
        names = [*memory.address, *memory.data, *memory.load]
        for name, node in zip(names, to[np.concatenate([store.address, store.data, store.load])].tolist(), strict=True):
            tape.output(name, node)
    following = to[read[starts[states - first]]]
    for state, node in zip(to[states].tolist(), following.tolist(), strict=True):
        tape.feedback(state, node)
    return Chip(
        template.name,
        dict(template.inputs),
        dict(template.outputs),
        tape,
        tuple(memories),
        tuple(_parts(template, memories, to)),
        {pin: _nodes(found, to) for pin, found in template.pins.items()},
    )


def _parts(template: Template, memories: list[Memory], to: Ids) -> list[Part]:
    """Memories and registers; those of one kind stand in the order of the files."""
    found = [Part(store.kind, store.name, (), memory) for store, memory in zip(template.stores, memories, strict=True)]
    found.extend(Part(word.kind, word.name, tuple(to[word.bits].tolist()), None) for word in template.held)
    return found


def _nodes(found: Ids, to: Ids) -> tuple[int, ...]:
    nodes = to[found].tolist()
    return tuple(-1 - bit if bit < 2 else node for bit, node in zip(found.tolist(), nodes, strict=True))


def _reading(starts: NDArray[np.int64], read: Ids, units: NDArray[np.int64]) -> Ids:
    """What these units read, joined."""
    counts = starts[units + 1] - starts[units]
    ends = np.cumsum(counts)
    total = int(ends[-1]) if len(ends) else 0
    return read[np.repeat(starts[units] - (ends - counts), counts) + np.arange(total)]


def _levels(template: Template) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
    """(ids,) how long each has to wait within a step, and (nodes + 1,) where the fan-in of each own node begins."""
    first, codes = template.first, template.codes
    widths = WIDTHS[codes]
    starts = np.concatenate([[0], np.cumsum(widths)])
    readers = np.repeat(np.arange(len(codes)) + first, widths)
    within = np.repeat(codes >= 0, widths)
    sources, readers = template.sources[within].astype(np.int64), readers[within]
    for store in template.stores:
        sources = np.concatenate([sources, np.repeat(store.address, len(store.out))])
        readers = np.concatenate([readers, np.tile(store.out, len(store.address))])
    level = levels(template.ids, fanout(template.ids, sources, readers), readers)
    if (level < 0).any():
        _loop(template, level, sources, readers)
    return level, starts


def _loop(template: Template, level: NDArray[np.int32], sources: NDArray[np.int64], readers: NDArray[np.int64]) -> None:
    """Walk back from a node that waits for ever until one comes again, and say which pins that loop goes through."""
    stuck = level < 0
    inside = stuck[sources] & stuck[readers]
    before = dict(zip(readers[inside].tolist(), sources[inside].tolist(), strict=True))
    node = int(np.flatnonzero(stuck)[-1])
    while node not in before:  # it only stands behind a loop
        node = int(sources[(readers == node) & stuck[sources]][0])
    walk: dict[int, None] = {}
    while node not in walk:
        walk[node] = None
        node = before[node]
    walked = list(walk)
    loop = walked[walked.index(node) :][::-1]  # each feeds the next, and the last the first
    paths = [template.path(one) for one in loop]
    depth = 0  # how far they stand in the same parts; a loop within one built-in part goes around outside it
    while all(depth < len(path) - 1 and path[depth][0] is paths[0][depth][0] for path in paths):
        depth += 1
    chip = paths[0][depth - 1][0].template if depth else template
    names: list[str] = []
    lines: list[int] = []
    for one, path in zip(loop, paths, strict=True):
        for part, _ in path[:depth]:
            one += part.template.first - part.start
        if depth < len(path):
            part = path[depth][0]
            wires = [pin for pin, bits in chip.pins.items() if one in bits]
            label = f"{part.name} -{wires[0]}->" if wires else part.name
            if not names or names[-1].split()[0] != part.name:
                names.append(label)
                lines.append(part.line)
            else:
                names[-1] = label
    if len(names) > 1 and names[0].split()[0] == names[-1].split()[0]:
        del names[0], lines[0]
    ended = [name if name.endswith("->") else f"{name} ->" for name in names]
    shown = " ".join([*ended[:30], *(["..."] if len(ended) > 30 else []), names[0].split()[0]] if names else ["?"])
    raise FormatError(
        f"parts of {chip.name} form a loop without a clocked part: {shown}; put a flip-flop or a register into it",
        line=min(lines, default=None),
        file=chip.file,
    )


def fill(chip: Chip, into: Builder[object]) -> None:
    """The chip in another builder."""
    tape = chip.tape
    node: dict[int, object] = {}
    names, cells = tape.names, tape.cells
    starts, sources = tape.starts.tolist(), tape.sources.tolist()
    for at, number in enumerate(tape.cell_numbers.tolist()):
        name = names.get(at)
        if number == INPUT:
            node[at] = into.input(str(name))
        elif number < 0:
            node[at] = into.state(str(name), 0)
        else:
            fanin = zip(
                (node[source] for source in sources[starts[at] : starts[at + 1]]), cells[number].weights, strict=True
            )
            node[at] = into.add(cells[number].unit, list(fanin), name)
    for output, at in tape.outputs.items():
        into.output(output, node[at])
    for at, state in tape.states.items():
        if state.next is not None:
            into.feedback(node[at], node[state.next])
