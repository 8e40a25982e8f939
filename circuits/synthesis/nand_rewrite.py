"""rewrite_nands: small cones of a NAND graph replaced by smaller ones, with what they share counted exactly.

For each node a few cuts of up to four leaves are found. The cone between is taken out, the forms of its function are
put in on trial, and the one that needs the fewest NANDs besides those that stay is kept (A. Mishchenko, S. Chatterjee,
R. Brayton, DAG-aware AIG rewriting, 2006; here a complement that is read costs a NOT). A sum and a carry of the same
three nodes are tried as one full adder. How a walk goes is in nand_walk.py; here are the tables that it asks for.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import cache
from importlib.util import find_spec
from itertools import product
from typing import Any

import numpy as np

from circuits.synthesis import nand_walk, tables
from circuits.synthesis.nand_graph import Nands, Recipe
from circuits.synthesis.nand_walk import CARRY, COUNT, CUTS, SPARE, SUM, WIDEST, Graph, Known
from circuits.synthesis.small_nands import recipes

ENOUGH = 250  # a walk that saves less than this part of the NANDs is the last
SMALL = 5000  # nodes up to which a walk is over before Numba would be there
GONE = -1

_PARITY = 0b10010110
_ROWS = 1 << 16  # tables of four leaves
_ROOM = 4  # nodes that there is room for, for each that there is
_FORMS = Known._fields[5:]  # what `_Forms` knows


def rewrite_nands(
    nands: Nands,
    wanted: Sequence[int],
    *,
    settled: Collection[int] = (),
    rounds: int = 4,
    patience: int = 0,
    compiled: bool | None = None,
) -> tuple[Nands, list[int]]:
    """The same functions of fewer NANDs, or as many.

    Parameters
    ----------
    nands : Nands
    wanted : sequence of int
        Literals that are asked for.
    settled : collection of int
        Nodes to leave as they are, unless what they read changes: those of large adder trees, where nothing is gained.
    rounds : int
        The most walks through the graph; it ends earlier when one saves next to nothing.
    patience : int
        Nodes of all walks together, up to which there are more walks for as long as one saves anything.
    compiled : bool, optional
        Whether to walk by machine code, which needs Numba; by default for large graphs where Numba is there. The
        result is the same.

    Returns
    -------
    (Nands, literals)
        The new literal of each old node; GONE for nodes that are not there any more.
    """
    if compiled is None:
        compiled = len(nands) > SMALL and find_spec("numba") is not None
    literals = [2 * node for node in range(len(nands))]
    wanted = list(wanted)
    size = nands.size(wanted)
    walks = visited = 0
    while True:
        walks, visited = walks + 1, visited + len(nands)
        walk = _Walk(nands, wanted, compiled=compiled)
        walk.run(settled)
        nands, new = walk.rebuilt()
        literals = moved(new, literals)
        wanted = [_of(new, one) for one in wanted]
        settled = {new[node] >> 1 for node in settled if new[node] != GONE}
        before, size = size, nands.size(wanted)
        done = walks >= rounds or before - size <= size // ENOUGH
        if size >= before or (done and visited >= patience):
            break
    return nands, literals


def moved(new: Sequence[int], literals: Sequence[int]) -> list[int]:
    """Where `rewrite_nands` moved literals: GONE for those that are not there any more."""
    return [GONE if one == GONE else _of(new, one) for one in literals]


def _of(new: Sequence[int], literal: int) -> int:
    made = new[literal >> 1]
    return made if made == GONE else made ^ (literal & 1)


# --- what the walk looks up


@cache
def _arranged() -> tuple[Any, Any, Any]:
    """The fields `spread`, `mask` and `shrunk` of `Known`."""
    table = np.arange(_ROWS, dtype=np.int64)
    spread = np.empty((1 << WIDEST, _ROWS), dtype=np.int32)
    shrunk, mask = table.copy(), np.zeros(_ROWS, dtype=np.int64)
    for place, column in enumerate(tables.columns(WIDEST)):
        mask |= ((table ^ table >> (1 << place)) & (column >> (1 << place)) != 0).astype(np.int64) << place
    for chosen in range(1 << WIDEST):
        places = [place for place in range(WIDEST) if chosen >> place & 1]
        steps = [(at, to) for at, to in enumerate(places) if to > at]
        wide = table.copy()
        for at, to in reversed(steps):
            for low in range(at, to):
                wide = _swapped(wide, low)
        spread[chosen] = wide
        those = mask == chosen
        narrow = table[those]
        for at, to in steps:
            for low in reversed(range(at, to)):
                narrow = _swapped(narrow, low)
        shrunk[those] = narrow
    return spread.ravel(), mask.astype(np.int32), shrunk.astype(np.int32)


@cache
def _as_lists() -> tuple[Any, Any, Any]:
    """The same, for a walk that is not compiled."""
    spread, mask, shrunk = _arranged()
    return spread.tolist(), mask.tolist(), shrunk.tolist()


def _swapped(table: Any, low: int) -> Any:
    """Tables with two neighbouring places exchanged."""
    one, two = tables.columns(WIDEST)[low : low + 2]
    up = one & ~two
    shift = 1 << low
    return (table & ~(up | up << shift)) | (table & up) << shift | table >> shift & up


class _Forms:
    """The forms of the tables that were asked for, and of the parts of full adders."""

    def __init__(self, *, free: bool):
        self._free = free
        self.recipes, self.forms = [-1] * _ROWS, [0] * _ROWS
        self.start: list[int] = []
        self.end: list[int] = []
        self.output: list[int] = []
        self.a: list[int] = []
        self.b: list[int] = []
        self.part, self.turns = [-1] * 256, [0] * 256
        for one in (_PARITY, _PARITY ^ 0xFF):
            self.part[one] = SUM
        self.adder_end, self.adder_output = [0] * 8, [0] * 16
        self.adder_a, self.adder_b = [0] * 128, [0] * 128
        for turned in product((0, 1), repeat=3):
            number = sum(turn << place for place, turn in enumerate(turned))
            a, b, c = (column ^ 0xFF * turn for column, turn in zip(tables.columns(3), turned, strict=True))
            carry = a & b | a & c | b & c
            self.part[carry], self.turns[carry] = CARRY, number
            own = Nands(3, free=free)
            one, two, three = (pin ^ turn for pin, turn in zip(own.inputs, turned, strict=True))
            self.adder_output[2 * number : 2 * number + 2] = own.full_adder(one, two, three)
            self.adder_end[number] = 16 * number + len(own.left)
            self.adder_a[16 * number : self.adder_end[number]] = own.left
            self.adder_b[16 * number : self.adder_end[number]] = own.right

    def ask(self, table: int) -> None:
        """Find the forms of one table of four places."""
        if self.recipes[table] >= 0:
            return
        width = int(_arranged()[1][table]).bit_length()
        found: Sequence[Recipe] = recipes(table & tables.full(width), width, self._free) if width else ()
        self.recipes[table], self.forms[table] = len(self.start), len(found)
        for recipe in found:
            self.start.append(len(self.a))
            self.a += [a for a, _ in recipe.operations]
            self.b += [b for _, b in recipe.operations]
            self.end.append(len(self.a))
            self.output.append(recipe.output)


@cache
def _forms(free: bool) -> _Forms:
    return _Forms(free=free)


class _Walk:
    """One walk through a graph."""

    def __init__(self, nands: Nands, wanted: Sequence[int], *, compiled: bool):
        self._compiled = compiled
        self._free = nands.free
        self._inputs, self._first = len(nands.inputs), nands.first
        self._count = len(nands)
        self._known = self._looked_up()
        if compiled:
            from circuits.synthesis.nand_kernels import functions

            self._do = functions
        else:
            self._do = vars(nand_walk)
        self._wanted = self._numbers(wanted)
        self._graph = self._room(_ROOM * self._count + SPARE)
        for place, side in ((self._graph.left, nands.left), (self._graph.right, nands.right)):
            place[self._first : self._count] = self._numbers(side)
        self._graph.numbers[COUNT] = self._count
        self._do["learn"](self._graph, self._first)
        self._do["count_uses"](self._graph, self._known, self._wanted)

    def _numbers(self, values: Any, *, wide: bool = False) -> Any:
        """Whole numbers as the walk takes them."""
        return np.array(values, dtype=np.int64 if wide else np.int32) if self._compiled else list(values)

    def _looked_up(self) -> Known:
        spread, mask, shrunk = _arranged() if self._compiled else _as_lists()
        forms = _forms(self._free)
        return Known(
            first=self._numbers([self._first]),
            free=self._numbers([self._free]),
            spread=spread,
            mask=mask,
            shrunk=shrunk,
            **{field: self._numbers(getattr(forms, field)) for field in _FORMS},
        )

    def _room(self, room: int) -> Graph:
        """An empty graph with room for so many nodes."""
        slots = 1 << (2 * room).bit_length()
        numbers = self._numbers

        def filled(value: int, size: int = room) -> Any:
            return np.full(size, value, np.int32) if self._compiled else [value] * size

        graph = Graph(
            numbers=numbers([0, 0], wide=True),
            left=filled(0),
            right=filled(0),
            alias=numbers(range(0, 2 * room, 2)),
            use=filled(0),
            turned=filled(0),
            label=numbers(range(room)),
            keys=np.full(slots, -1, np.int64) if self._compiled else [-1] * slots,
            values=filled(0, slots),
            cut_count=filled(1),
            cut_width=filled(1, room * CUTS),
            cut_table=filled(0xAAAA, room * CUTS),
            cut_leaves=filled(0, room * CUTS * WIDEST),
            part_head=filled(-1, slots),
            part_next=filled(0),
            part_cut=filled(0),
            part_node=filled(0),
            stack=filled(0, room + 2),
            also=filled(0, 64),
        )
        graph.cut_leaves[:: CUTS * WIDEST] = numbers(range(room))
        return graph

    def _grown(self) -> Graph:
        """The graph with twice the room."""
        old = self._graph
        new = self._room(2 * len(old.left))._replace(numbers=old.numbers, part_head=old.part_head)
        for field in ("left", "right", "alias", "use", "turned", "label", "part_next", "part_cut", "part_node"):
            getattr(new, field)[: len(old.left)] = getattr(old, field)
        for field in ("cut_count", "cut_width", "cut_table", "cut_leaves"):
            getattr(new, field)[: len(getattr(old, field))] = getattr(old, field)
        self._do["learn"](new, self._first)
        return new

    def run(self, settled: Collection[int]) -> None:
        """Visit every node that is read, sources first."""
        marks = [0] * self._count
        for node in settled:
            marks[node] = 1
        still = self._numbers(marks)
        work = tuple(self._numbers([0] * 64, wide=True) for _ in range(4))
        node = self._first
        while True:
            node = self._do["walk"](self._graph, self._known, node, self._count, still, work)
            if node == self._count:
                return
            if not self._do["roomy"](self._graph):
                self._graph = self._grown()
            graph = self._graph
            for cut in range(node * CUTS + 1, node * CUTS + graph.cut_count[node]):
                _forms(self._free).ask(int(graph.cut_table[cut]))
            self._known = self._looked_up()

    # --- the result

    def rebuilt(self) -> tuple[Nands, list[int]]:
        """The nodes that are read, in a new graph, and where each old one went."""
        graph = self._graph
        count = int(graph.numbers[COUNT])
        order, done, waiting = (self._numbers([0] * size) for size in (count, count, 2 * count + 2))
        size = self._do["ordered"](graph, self._known, self._wanted, order, done, waiting)
        new = Nands(self._inputs, free=self._free)
        made = [2 * node if node < self._first else GONE for node in range(count)]
        left, right = list(graph.left[:count]), list(graph.right[:count])
        for node in list(order[:size]):
            a, b = int(left[node]), int(right[node])
            made[node] = new.nand(made[a >> 1] ^ (a & 1), made[b >> 1] ^ (b & 1))
        resolve = nand_walk.resolve
        return new, [_of(made, int(resolve(graph, 2 * node))) for node in range(self._count)]
