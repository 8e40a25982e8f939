"""Template: a chip laid out flat, once for each kind of chip, so that a thousand of a kind are a thousand shifts.

A template numbers its nodes: 0 and 1 are the constants, then come the bits of the inputs, then the nodes of its
own: units, states, and the bits that a memory puts out. A part's nodes stand in the chip as one block.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from circuits import cells
from circuits.cells import Cell

Ids = NDArray[np.int32]

STATE, READ = -1, -2  # in place of a cell's number: a flip-flop, and a bit that a memory puts out
MOST_NODES = 1 << 24

# Every unit of a flattened chip is one of these.
CELLS: dict[str, Cell] = {
    "nand": cells.nand(2),
    "not": cells.nor(1),
    "and": cells.and_(2),
    "or": cells.or_(2),
    "xor": cells.parity(2),
    "without": Cell(cells.at_least(1, 1).unit, [2, -2]),  # the first and not the second
    "mux": cells.mux(),
    "parity": cells.parity(3),
    "majority": cells.at_least(2, 3),
    "or8": cells.or_(8),
    "nor16": cells.nor(16),
    "zero": cells.constant(0),
    "one": cells.constant(1),
}
NUMBER = {name: number for number, name in enumerate(CELLS)}
WIDTHS = np.array(
    [len(cell.weights) for cell in CELLS.values()] + [0, 1], np.int64
)  # [-2] a memory's bit, [-1] a state


class Store(NamedTuple):
    """A built-in part that is a memory; the ids are those of the chip that it stands in."""

    kind: str
    name: str
    read_only: bool
    address: Ids
    data: Ids
    load: Ids
    out: Ids

    def moved(self, to: Ids, prefix: str) -> Store:
        """The same, in the chip around it."""
        return Store(
            self.kind,
            f"{prefix}.{self.name}" if self.name else prefix,
            self.read_only,
            *(to[ids] for ids in (self.address, self.data, self.load, self.out)),
        )


class Held(NamedTuple):
    """A built-in part that holds one word in states, least significant bit first."""

    kind: str
    name: str
    bits: Ids

    def moved(self, to: Ids, prefix: str) -> Held:
        """The same, in the chip around it."""
        return Held(self.kind, f"{prefix}.{self.name}" if self.name else prefix, to[self.bits])


class Placed(NamedTuple):
    """A part of a chip: its name there, its own template, and where its nodes begin."""

    name: str
    template: Template
    start: int
    line: int


@dataclass(frozen=True, eq=False)
class Template:
    """A chip laid out flat.

    Attributes
    ----------
    inputs, outputs : dict of str to int
        The pins and their widths.
    codes : ndarray (nodes,) of int32
        The number of each own node's cell in CELLS, or STATE or READ.
    sources : ndarray (edges,) of int32
        What the own nodes read, one after another; a state reads its next value.
    results : dict of str to ndarray
        The ids of the bits of each output.
    pins : dict of str to ndarray
        The ids of the bits of every pin in the chip: inputs, internal pins, outputs.
    own : sequence of str
        The names of the own nodes of a built-in chip; other chips have `parts`.
    states : sequence of str
        The names of all states, in the order of their ids.
    """

    name: str
    inputs: dict[str, int]
    outputs: dict[str, int]
    codes: Ids
    sources: Ids
    results: dict[str, Ids]
    pins: dict[str, Ids] = field(default_factory=dict)
    stores: tuple[Store, ...] = ()
    held: tuple[Held, ...] = ()
    parts: tuple[Placed, ...] = ()
    own: tuple[str, ...] = ()
    states: tuple[str, ...] = ()
    file: str | None = None

    @property
    def first(self) -> int:
        """The id of the first own node."""
        return 2 + sum(self.inputs.values())

    @property
    def ids(self) -> int:
        """How many ids there are: constants, inputs and own nodes."""
        return self.first + len(self.codes)

    def input_ids(self, pin: str) -> range:
        """The ids of the bits of an input."""
        start = 2
        for name, width in self.inputs.items():
            if name == pin:
                return range(start, start + width)
            start += width
        raise KeyError(pin)

    def path(self, node: int) -> list[tuple[Placed, Template]]:
        """The parts, outermost first, in which an own node stands, each with the chip that it is a part of."""
        found = []
        template = self
        while template.parts:
            at = bisect_right(template.parts, node, key=lambda part: part.start) - 1
            while not len(template.parts[at].template.codes):  # an empty part begins where the next one does
                at -= 1
            part = template.parts[at]
            found.append((part, template))
            node += part.template.first - part.start
            template = part.template
        return found

    def name_of(self, node: int) -> str:
        """The name of an own node: the parts around it, and its name in the innermost."""
        around = self.path(node)
        names = [part.name for part, _ in around]
        for part, _ in around:
            node += part.template.first - part.start
        template = around[-1][0].template if around else self
        return ".".join([*names, template.own[node - template.first]])
