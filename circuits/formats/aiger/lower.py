"""From a network to an and-inverter graph: every unit as two-input ANDs, equal ones shared, constants folded.

A cell (a unit with its weights) is lowered once, by `perceptron.engines.logic`; its operations are then placed for
each unit that has it. An exclusive or is three ANDs.
"""

from __future__ import annotations

from typing import NamedTuple, TypeVar

import numpy as np

from circuits.formats.aiger.aig import Aig, Latch
from circuits.formats.aiger.names import set_nodes, set_outputs
from circuits.formats.errors import CannotWriteError
from perceptron import STEP, Network, Table, Tape
from perceptron.engines.logic import AND, Logic
from perceptron.numbers import exact
from perceptron.tape import INPUT, STATE, Cell

Following = TypeVar("Following", str, int)

AND_OF_TWO = 1  # the number of operations of a recipe that is placed without a loop


class _Recipe(NamedTuple):
    """The operations of a cell over literals of its own: 2, 4, ... are its pins, then come the operations."""

    operations: list[tuple[int, int, int]]
    result: int


def lower(net: Network | Tape) -> Aig:
    """The graph of a 0/1 network: every unit is in it, also those that nothing reads.

    Raises
    ------
    CannotWriteError
        If an input or a state takes other numbers than 0 and 1, a unit is no logic, a state has no next value,
        or a name cannot be written.
    NetworkError
        If a `Network` is not valid.
    """
    if isinstance(net, Network):
        for key, feedback in net.states.items():
            _require_next(key, feedback.next)
        net = Tape.from_network(net)
    aig = Aig(inputs=len(net.inputs))
    order = [*net.input_nodes, *net.states]
    literal = [0] * len(net)
    for variable, node in enumerate(order, 1):
        literal[node] = 2 * variable
        if net.takes_real(node):
            raise CannotWriteError(f"input {net.name_of(node)!r} takes any number; AIGER knows 0 and 1 only")
    ands = _Ands(1 + len(order))
    _place(net, literal, ands)
    for node, state in net.states.items():
        name = net.name_of(node)
        if state.initial not in (0, 1, None):
            raise CannotWriteError(f"state {name!r} starts at {state.initial!r}; AIGER knows 0, 1 and unknown (None)")
        following = literal[_require_next(name, state.next)]
        aig.latches.append(Latch(following, None if state.initial is None else int(state.initial)))
    set_nodes(aig, net.inputs, (str(net.name_of(node)) for node in net.states))
    set_outputs(aig, ((name, literal[node]) for name, node in net.outputs.items()))
    _sweep(aig, ands, literal)
    return aig


def _require_next(state: str | None, following: Following | None) -> Following:
    if following is None:
        raise CannotWriteError(f"state {state!r} has no next value; give it one with feedback")
    return following


def _place(net: Tape, literal: list[int], ands: _Ands) -> None:
    """Find the literal of every unit, in order."""
    numbers, starts, sources = net.cell_numbers.tolist(), net.starts.tolist(), net.sources.tolist()
    recipes: dict[object, _Recipe] = {}
    and_ = ands.and_
    for node, number in enumerate(numbers):
        if number in (INPUT, STATE):
            continue
        read = sources[starts[node] : starts[node + 1]]
        key: object = number
        distinct = read
        if len(read) == 2:
            if read[0] == read[1]:
                key, distinct = (number, (0, 0)), read[:1]
        elif len(set(read)) < len(read):
            pin = {source: place for place, source in enumerate(dict.fromkeys(read))}
            key, distinct = (number, tuple(pin[source] for source in read)), list(pin)
        recipe = recipes.get(key)
        if recipe is None:
            pins = key[1] if isinstance(key, tuple) else tuple(range(len(read)))
            recipe = recipes[key] = _recipe(net, node, net.cells[number], pins)
        operations, result = recipe
        if len(operations) == AND_OF_TWO and operations[0][0] == AND:
            _, a, b = operations[0]
            made = and_(literal[distinct[(a >> 1) - 1]] ^ (a & 1), literal[distinct[(b >> 1) - 1]] ^ (b & 1))
            literal[node] = made ^ (result & 1)
            continue
        local = [0, *(literal[source] for source in distinct)]
        for kind, a, b in operations:
            first, second = local[a >> 1] ^ (a & 1), local[b >> 1] ^ (b & 1)
            local.append(and_(first, second) if kind == AND else ands.xor(first, second))
        literal[node] = local[result >> 1] ^ (result & 1)


def _recipe(net: Tape, node: int, cell: Cell, pins: tuple[int, ...]) -> _Recipe:
    """Lower a cell whose edge e comes from its source pins[e]; parallel edges have the same one."""
    name = net.name_of(node)
    label = f"unit {node}" if name is None else f"unit {name!r}"
    if not isinstance(cell.unit.activation, Table) and cell.unit.activation != STEP:
        raise CannotWriteError(
            f"{label} is a {cell.unit.activation.name} unit; AIGER knows 0 and 1 only; harden the network first"
        )
    if isinstance(cell.unit.activation, Table):
        _check_table(label, cell, pins, cell.unit.activation)
    logic = Logic(max(pins, default=-1) + 1)
    fanin = [(logic.inputs[pin], weight) for pin, weight in zip(pins, cell.weights, strict=True)]
    return _cone(logic, logic.unit(cell.unit, fanin))


def _check_table(label: str, cell: Cell, pins: tuple[int, ...], table: Table) -> None:
    """A tape does not check the sums of its tables, so it is done here."""
    total = {pin: exact(0) for pin in pins}
    for pin, weight in zip(pins, cell.weights, strict=True):
        total[pin] = exact(total[pin] + exact(weight))
    bias = exact(cell.unit.bias)
    low = bias + sum(weight for weight in total.values() if weight < 0)
    high = bias + sum(weight for weight in total.values() if weight > 0)
    whole = all(isinstance(number, int) for number in (bias, *total.values()))
    if not whole or low < 0 or high >= len(table.values):
        raise CannotWriteError(
            f"{label}: a table of {len(table.values)} values cannot take sums from {low} to {high}; "
            "give it whole weights and a value for each sum"
        )


def _cone(logic: Logic, result: int) -> _Recipe:
    """The operations that a literal rests on, renumbered."""
    pins = len(logic.inputs)
    needed = bytearray(pins + 1 + len(logic.kind))
    needed[result >> 1] = 1
    for index in range(len(logic.kind) - 1, -1, -1):
        if needed[index + pins + 1]:
            needed[logic.left[index] >> 1] = needed[logic.right[index] >> 1] = 1
    number = list(range(pins + 1)) + [0] * len(logic.kind)
    operations: list[tuple[int, int, int]] = []
    for index, row in enumerate(zip(logic.kind, logic.left, logic.right, strict=True)):
        if needed[index + pins + 1]:
            kind, a, b = row
            operations.append((kind, 2 * number[a >> 1] | a & 1, 2 * number[b >> 1] | b & 1))
            number[index + pins + 1] = pins + len(operations)
    return _Recipe(operations, 2 * number[result >> 1] | result & 1)


class _Ands:
    """A growing list of two-input ANDs in which equal ones are one."""

    def __init__(self, first: int):
        self._next = 2 * first
        self.left: list[int] = []
        self.right: list[int] = []
        self._known: dict[int, int] = {}

    def and_(self, a: int, b: int) -> int:
        """The conjunction; folded where an operand is constant, equal or opposite to the other."""
        if a < b:
            a, b = b, a
        if b < 2:
            return a if b else 0
        if a ^ b < 2:
            return a if a == b else 0
        key = a << 40 | b
        literal = self._known.get(key)
        if literal is None:
            literal = self._known[key] = self._next
            self._next += 2
            self.left.append(a)
            self.right.append(b)
        return literal

    def xor(self, a: int, b: int) -> int:
        """The exclusive or, in three ANDs: neither both nor none."""
        return self.and_(self.and_(a, b) ^ 1, self.and_(a ^ 1, b ^ 1) ^ 1)


def _sweep(aig: Aig, ands: _Ands, literals: list[int]) -> None:
    """Put the ANDs into the graph without those that no unit rests on: folding leaves some behind."""
    first = aig.first_and
    needed = bytearray(first + len(ands.left))
    for literal in literals:
        needed[literal >> 1] = 1
    for index in range(len(ands.left) - 1, -1, -1):
        if needed[first + index]:
            needed[ands.left[index] >> 1] = needed[ands.right[index] >> 1] = 1
    keep = np.frombuffer(needed, np.uint8).astype(bool)
    keep[:first] = True
    number = np.cumsum(keep) - 1
    kept = keep[first:]
    left, right = (np.array(side, np.int64)[kept] for side in (ands.left, ands.right))
    aig.left, aig.right = (2 * number[side >> 1] + (side & 1) for side in (left, right))

    def new(literal: int) -> int:
        return 2 * int(number[literal >> 1]) + (literal & 1)

    aig.latches = [Latch(new(latch.next), latch.reset) for latch in aig.latches]
    aig.outputs, aig.bad, aig.constraints, aig.fairness = (
        [new(literal) for literal in section] for section in (aig.outputs, aig.bad, aig.constraints, aig.fairness)
    )
    aig.justice = [[new(literal) for literal in literals] for literals in aig.justice]
