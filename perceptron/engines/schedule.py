"""Schedule: the operations of a 0/1 network in an order that suits one step of time, with lookups in memories between.

Operations of one level do not read each other, so each run of equal ones may be done in any order, or all at once:

    phase 0    what needs no memory, level by level          AND AND AND | XOR | AND AND | ...
    lookup     the memories whose addresses are known now
    phase 1    what reads their words, level by level        ...
    lookup     the memories whose addresses are known now    and so on
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from perceptron.engines.logic import Logic
from perceptron.errors import NetworkError
from perceptron.tape import Tape

LOOKUP = 2  # in a plan, beside logic.AND and logic.XOR


@dataclass(frozen=True)
class Lookup:
    """A memory as the network sees it: which nodes are its pins, least significant bit first.

    Attributes
    ----------
    name : str
        What messages call it.
    address : tuple of int
        Nodes that say which word.
    out : tuple of int
        Inputs of the network that the memory drives, within the step.
    data : tuple of int
        Nodes that are stored at the end of the step; none where it is only read.
    load : int or None
        The node that says whether to store.
    """

    name: str
    address: tuple[int, ...]
    out: tuple[int, ...]
    data: tuple[int, ...] = ()
    load: int | None = None

    @property
    def reads(self) -> list[int]:
        """All nodes that it reads."""
        return [*self.address, *self.data, *(() if self.load is None else (self.load,))]


class Schedule:
    """What one step of a network does. A *row* holds one value for every sample; a literal is 2 row + complement.

    Parameters
    ----------
    tape : Tape
        Checked, of 0 and 1 throughout.
    lookups : sequence of Lookup

    Attributes
    ----------
    rows : int
        Row 0 is the constant 0; inputs, states and operations follow.
    literals : list of int
        Where the value of each node of the tape is.
    left, right : ndarray (operations,) of int32
        What each operation reads, as literals. Operation i writes row `first + i`.
    first : int
        The row of the first operation.
    plan : ndarray (entries, 3) of int32
        (kind, start, stop): operations `start` to `stop` are all AND or all XOR; or (LOOKUP, number, 0).
    merged, merged_all : ndarray (entries, 3) of int32
        The needed part of the plan, and all of it, for who does one operation after the other: runs of one kind are
        one entry, whatever their levels.
    needed : int
        So many entries of the plan give the outputs, the next states and the memories' pins. The others give nodes
        that only somebody who looks inside wants.

    Raises
    ------
    NetworkError
        If the addresses of memories depend on each other's words within the step.
    """

    def __init__(self, tape: Tape, lookups: Sequence[Lookup] = ()):
        logic = Logic(len(tape.given))
        literals = logic.trace(tape, logic.inputs)
        self.first = 1 + len(tape.given)
        order = _phases(logic, literals, lookups)
        phase, level = _levels(logic, literals, lookups, order)
        wanted = [*tape.wanted, *(node for lookup in lookups for node in lookup.reads)]
        needed = _needed(logic, [literals[node] for node in wanted])
        number = len(logic.kind)
        first = self.first
        # From one level to the next the kinds take turns in coming first, so that runs of one kind meet.
        places = sorted(
            (not needed[first + i], phase[first + i], level[first + i], logic.kind[i] ^ (level[first + i] & 1), i)
            for i in range(number)
        )
        row = [*range(first), *([0] * number)]
        for at, place in enumerate(places):
            row[first + place[-1]] = first + at

        def moved(literal: int) -> int:
            return int(2 * row[literal >> 1] + (literal & 1))

        self.rows = first + number
        self.literals = [moved(literal) for literal in literals]
        self.left = np.array([moved(logic.left[place[-1]]) for place in places], dtype=np.int32)
        self.right = np.array([moved(logic.right[place[-1]]) for place in places], dtype=np.int32)
        self.plan, self.needed = _plan(places, order)
        self.merged, self.merged_all = (_merged(self.plan[: self.needed]), _merged(self.plan))


def _dependence(logic: Logic, literals: Sequence[int], lookups: Sequence[Lookup]) -> list[int]:
    """For each operation (inputs included) the memories on whose words it depends at all, as bits."""
    first = len(logic.inputs) + 1
    depends = [0] * (first + len(logic.kind))
    for number, lookup in enumerate(lookups):
        for node in lookup.out:
            depends[literals[node] >> 1] = 1 << number
    if lookups:
        for index, (left, right) in enumerate(zip(logic.left, logic.right, strict=True)):
            depends[first + index] = depends[left >> 1] | depends[right >> 1]
    return depends


def _phases(logic: Logic, literals: Sequence[int], lookups: Sequence[Lookup]) -> list[int]:
    """After which phase each memory is looked up: one more than the last memory that its address needs."""
    depends = _dependence(logic, literals, lookups)
    reads = [0] * len(lookups)
    for number, lookup in enumerate(lookups):
        for node in lookup.address:
            reads[number] |= depends[literals[node] >> 1]
    needs = [[other for other in range(len(lookups)) if mask >> other & 1] for mask in reads]
    phase: dict[int, int] = {}
    while len(phase) < len(lookups):
        ready = [at for at, others in enumerate(needs) if at not in phase and all(other in phase for other in others)]
        if not ready:
            raise NetworkError(_ring(lookups, needs, phase))
        for at in ready:
            phase[at] = max((phase[other] + 1 for other in needs[at]), default=0)
    return [phase[at] for at in range(len(lookups))]


def _ring(lookups: Sequence[Lookup], needs: Sequence[Sequence[int]], done: dict[int, int]) -> str:
    """What to say about memories that wait for each other."""
    at = next(at for at in range(len(lookups)) if at not in done)
    way: list[int] = []
    while at not in way:
        way.append(at)
        at = next(other for other in needs[at] if other not in done)
    names = [repr(lookups[one].name) for one in way[way.index(at) :]][::-1]
    told = " -> ".join([*names, names[0]])
    return (
        f"the memories read each other within one step: {told} (the word of each is part of the next one's address); "
        "put a register on one of these ways"
    )


def _levels(
    logic: Logic, literals: Sequence[int], lookups: Sequence[Lookup], order: Sequence[int]
) -> tuple[list[int], list[int]]:
    """The phase and, within it, the level of each operation."""
    first = len(logic.inputs) + 1
    phase = [0] * (first + len(logic.kind))
    level = [0] * (first + len(logic.kind))
    for lookup, before in zip(lookups, order, strict=True):
        for node in lookup.out:
            phase[literals[node] >> 1] = before + 1
    for index, (left, right) in enumerate(zip(logic.left, logic.right, strict=True)):
        a, b = left >> 1, right >> 1
        own = max(phase[a], phase[b])
        phase[first + index] = own
        level[first + index] = 1 + max(level[a] if phase[a] == own else 0, level[b] if phase[b] == own else 0)
    return phase, level


def _needed(logic: Logic, wanted: Sequence[int]) -> bytearray:
    """Which operations (inputs included) the literals depend on."""
    first = len(logic.inputs) + 1
    marked = bytearray(first + len(logic.kind))
    for literal in wanted:
        marked[literal >> 1] = 1
    for operation in range(len(marked) - 1, first - 1, -1):
        if marked[operation]:
            marked[logic.left[operation - first] >> 1] = 1
            marked[logic.right[operation - first] >> 1] = 1
    return marked


def _plan(places: Sequence[tuple[bool, int, int, int, int]], order: Sequence[int]) -> tuple[NDArray[np.int32], int]:
    """The runs of equal operations with the lookups between them, and how many of these entries are needed."""
    waiting = sorted(range(len(order)), key=lambda number: order[number])
    entries: list[tuple[int, int, int]] = []
    needed = None
    start = 0

    def look_up_before(phase: float) -> None:
        while waiting and order[waiting[0]] < phase:
            entries.append((LOOKUP, waiting.pop(0), 0))

    while start < len(places):
        spare, phase, level, kind, _ = places[start]  # the kind is turned on odd levels
        stop = start
        while stop < len(places) and places[stop][:4] == (spare, phase, level, kind):
            stop += 1
        look_up_before(len(order) if spare else phase)
        if spare and needed is None:
            needed = len(entries)
        entries.append((kind ^ (level & 1), start, stop))
        start = stop
    look_up_before(len(order))
    table = np.array(entries, dtype=np.int32).reshape(-1, 3)
    return table, len(entries) if needed is None else needed


def _merged(plan: NDArray[np.int32]) -> NDArray[np.int32]:
    """The plan with neighbouring runs of one kind as one."""
    entries: list[list[int]] = []
    for kind, start, stop in plan.tolist():
        if entries and kind != LOOKUP and entries[-1][0] == kind and entries[-1][2] == start:
            entries[-1][2] = stop
        else:
            entries.append([kind, start, stop])
    return np.array(entries, dtype=np.int32).reshape(-1, 3)
