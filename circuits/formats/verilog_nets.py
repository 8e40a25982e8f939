"""Nets: the wires of a flattened Verilog file one bit each, what drives them, and gates that absorb inverters.

A bit is a *literal*: twice the number of a net, plus 1 for its complement; 0 and 1 are the constants. An expression
such as `a & ~b & c` grows as one `Pending` gate while it is read, and becomes one unit when something needs its value.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from circuits.cells import Cell
from circuits.formats.errors import FormatError
from circuits.formats.netlist import Netlist
from perceptron import Table, Unit

AND, OR, XOR, CELL = "&", "|", "^", "cell"


class Pending:
    """A gate over literals that may still grow: AND, OR or XOR, perhaps complemented; or a given cell over nets."""

    __slots__ = ("cell", "complement", "kind", "literals")

    def __init__(self, kind: str, literals: list[int], cell: Cell | None = None):
        self.kind = kind
        self.literals = literals
        self.complement = False
        self.cell = cell


Bit = int | Pending


class _Driver(NamedTuple):
    cell: Cell
    sources: tuple[int, ...]  # nets
    line: int


class _State(NamedTuple):
    next: int
    line: int


class Nets:
    """Nets by number, with their names and drivers.

    Parameters
    ----------
    budget : int
        How many nets, gates and bits of expressions there may be. A file of a few lines can say millions of them,
        so whoever reads one gives a number that grows with its length.
    """

    def __init__(self, budget: int):
        self._budget = self._limit = budget
        self._names: list[str | None] = [None]
        self._stems: dict[int, int] = {}
        self._gates: dict[int, _Driver] = {}
        self._same: dict[int, int] = {}
        self._states: dict[int, _State] = {}
        self._lines: dict[int, int] = {}
        self._taken: set[str] = set()
        self.initial: dict[int, int] = {}
        self.inputs: list[int] = []
        self.supplies: set[int] = set()
        self.outputs: list[tuple[str, int, int]] = []
        self.clocks: dict[int, int] = {}
        self.stem = 0  # the net that the statement being read drives: nets in between are called after it

    def charge(self, count: int, line: int) -> None:
        """Account for so many nets, gates or bits; a FormatError where the budget is spent."""
        self._budget -= count
        if self._budget < 0:
            raise FormatError(
                f"the circuit has more than {self._limit} bits and gates, too many for this file", line=line
            )

    # --- nets

    def new(self, name: str, line: int) -> int:
        """The literal of a new net."""
        self.charge(1 + len(name) // 32, line)
        if name in self._taken:
            raise FormatError(f"two nets would be called {name!r}; rename one", line=line)
        self._taken.add(name)
        self._names.append(name)
        return 2 * (len(self._names) - 1)

    def between(self, line: int) -> int:
        """The literal of a new net without a name of its own."""
        self._names.append(None)
        number = len(self._names) - 1
        self._stems[number] = self.stem
        stem = self._names[self.stem]
        self.charge(1 + len(stem or "") // 32, line)
        return 2 * number

    def called(self, net: int) -> str:
        """What to call a net in a message."""
        return self._names[net] or f"(a net below {self._names[self._stems.get(net, 0)]})"

    def drive(self, net: int, line: int) -> None:
        """Note that a net is driven; twice is an error."""
        if net in self._lines:
            first = self._lines[net]
            raise FormatError(f"{self.called(net)!r} is driven twice (first on line {first})", line=line)
        self._lines[net] = line

    def assign(self, net: int, bit: Bit, line: int) -> None:
        """Drive a net by a bit of an expression."""
        self.drive(net, line)
        if isinstance(bit, Pending):
            self._gate(net, bit, line)
        elif bit < 2:
            self._gates[net] = _Driver(Cell(Unit(2 * bit - 1), ()), (), line)
        elif bit & 1:
            self._gates[net] = _Driver(Cell(Unit(1), (-2,)), (bit >> 1,), line)
        else:
            self._same[net] = bit >> 1

    def unit(self, net: int, cell: Cell, sources: Sequence[int], line: int) -> None:
        """Drive a net by a unit over nets."""
        self.drive(net, line)
        self._gates[net] = _Driver(cell, tuple(sources), line)

    def state(self, net: int, following: int, line: int) -> None:
        """Drive a net by what the literal `following` was one step before."""
        self.drive(net, line)
        self._states[net] = _State(self._positive(following, line), line)

    def _positive(self, literal: int, line: int) -> int:
        if literal > 1 and not literal & 1:
            return literal >> 1
        made = self.between(line) >> 1
        self.assign(made, literal, line)
        return made

    # --- gates that grow

    def settle(self, bit: Bit, line: int) -> int:
        """The literal of a bit; a gate that was growing becomes a unit."""
        if isinstance(bit, int):
            return bit
        literal = self.between(line)
        self.drive(literal >> 1, line)
        self._gate(literal >> 1, bit, line)
        return literal

    def join(self, kind: str, a: Bit, b: Bit, line: int) -> Bit:
        """AND, OR or XOR of two bits. Both are used up: a bit that is needed twice is settled before."""
        for one, other in ((a, b), (b, a)):
            if isinstance(one, int) and one < 2:
                if kind == XOR:
                    return flipped(other) if one else other
                return other if one == (kind == AND) else one
        first = a if isinstance(a, Pending) and a.kind == kind and (kind == XOR or not a.complement) else None
        second = b if isinstance(b, Pending) and b.kind == kind and (kind == XOR or not b.complement) else None
        if first is not None and second is not None:
            if len(first.literals) < len(second.literals):
                first, second = second, first
            first.literals += second.literals
            first.complement ^= second.complement
            return first
        if first is not None:
            first.literals.append(self.settle(b, line))
            return first
        if second is not None:
            second.literals.append(self.settle(a, line))
            return second
        return Pending(kind, [self.settle(a, line), self.settle(b, line)])

    def choose(self, select: int, high: Bit, low: Bit, line: int) -> Bit:
        """`high` where `select` is 1, else `low`."""
        if select < 2:
            return high if select else low
        if isinstance(high, int) and high < 2:
            return self.join(OR, select, low, line) if high else self.join(AND, select ^ 1, low, line)
        if isinstance(low, int) and low < 2:
            return self.join(OR, select ^ 1, high, line) if low else self.join(AND, select, high, line)
        literals = [select, self.settle(high, line), self.settle(low, line)]
        if literals[1] == literals[2]:
            return literals[1]
        if literals[1] == literals[2] ^ 1:
            return Pending(XOR, [select, literals[2]])
        inverted = [literal & 1 for literal in literals]
        weights = [-w if one else w for w, one in zip((4, 2, 1), inverted, strict=True)]
        unit = Unit(4 * inverted[0] + 2 * inverted[1] + inverted[2], Table(0, 1, 0, 1, 0, 0, 1, 1))
        return Pending(CELL, [literal & ~1 for literal in literals], Cell(unit, weights))

    def majority(self, a: int, b: int, c: int, line: int) -> int:
        """1 if two of the three are: one perceptron."""
        literals = [a, b, c]
        for place in range(3):
            if literals[place] < 2:
                constant = literals.pop(place)
                first, second = literals
                return self.settle(self.join(OR if constant else AND, first, second, line), line)
        inverted = sum(literal & 1 for literal in literals)
        cell = Cell(Unit(2 * inverted - 3), [2 - 4 * (literal & 1) for literal in literals])
        return self.settle(Pending(CELL, [literal & ~1 for literal in literals], cell), line)

    def greater(self, a: Sequence[int], b: Sequence[int], equal: bool, line: int) -> Bit:
        """Whether the number of the bits a is greater than that of b (or equal to it), least significant first.

        A comparison is one perceptron: the bits weigh 1, 2, 4, ... for a, and as much against it for b. Long
        numbers compare bit by bit, from the least significant one.
        """
        self.charge(len(a), line)
        if len(a) > 32:
            result = int(equal)
            for one, other in zip(a, b, strict=True):
                result = self.majority(one, other ^ 1, result, line)
            return result
        bias = 2 * int(equal) - 1
        weights: list[int] = []
        literals: list[int] = []
        for sign, word in ((2, a), (-2, b)):
            for place, literal in enumerate(word):
                weight = sign << place
                if literal & 1:
                    bias += weight
                    weight = -weight
                if literal > 1:
                    weights.append(weight)
                    literals.append(literal & ~1)
        return Pending(CELL, literals, Cell(Unit(bias), weights)) if literals else int(bias > 0)

    def _gate(self, net: int, gate: Pending, line: int) -> None:
        inverted = tuple([literal & 1 for literal in gate.literals])
        self.charge(1, line)
        if gate.cell is None:
            make = _cell if len(inverted) <= 8 else _cell.__wrapped__
            cell = make(gate.kind, inverted, gate.complement)
        else:
            cell = _opposite(gate.cell) if gate.complement else gate.cell
        self._gates[net] = _Driver(cell, tuple([literal >> 1 for literal in gate.literals]), line)

    # --- the end

    def netlist(self) -> Netlist:
        """What all nets are, by name; the clock is no input any more.

        Raises
        ------
        FormatError
            If nets are only assigned to each other, or registers have clocks that are not one input that
            nothing else reads.
        """
        root = self._roots()
        clocks = {root.get(net, net): line for net, line in self.clocks.items()}
        read = {root.get(source, source) for gate in self._gates.values() for source in gate.sources}
        read |= {root.get(state.next, state.next) for state in self._states.values()}
        read |= {root.get(net, net) for _, net, _ in self.outputs}
        self._check_clocks(clocks, read)
        self._name_between()
        names = self._names
        result = Netlist()
        for net in self.inputs:
            if net not in clocks and not (net in self.supplies and net not in read):
                result.input(str(names[net]), self._lines[net])
        for net, state in self._states.items():
            following = str(names[root.get(state.next, state.next)])
            result.latch(str(names[net]), following, self.initial.pop(net, None), state.line)
        if self.initial:
            net = next(iter(self.initial))
            raise FormatError(
                f"{self.called(net)!r} has an initial value, but is no register", line=self._lines.get(net, 1)
            )
        for net, gate in self._gates.items():
            fanin = [str(names[root.get(source, source)]) for source in gate.sources]
            result.gate(str(names[net]), gate.cell, fanin, gate.line)
        for name, net, line in self.outputs:
            result.output(name, str(names[root.get(net, net)]), line)
        return result

    def _roots(self) -> dict[int, int]:
        """For each net that is assigned another net, the one at the end of that chain."""
        root: dict[int, int] = {}
        for first in self._same:
            chain = []
            net = first
            while net in self._same and net not in root:
                root[net] = 0  # being followed
                chain.append(net)
                net = self._same[net]
            end = root.get(net, net)
            if end == 0:
                raise FormatError(f"{self.called(net)!r} is assigned itself, over other nets", line=self._lines[net])
            for one in chain:
                root[one] = end
        return root

    def _check_clocks(self, clocks: dict[int, int], read: set[int]) -> None:
        inputs = set(self.inputs)
        for net, line in clocks.items():
            if net not in inputs:
                raise FormatError(f"the clock {self.called(net)!r} is no input; gated clocks are not read", line=line)
            if net in read:
                raise FormatError(f"the clock {self.called(net)!r} is read as data too", line=line)
        if len(clocks) > 1:
            first, second = [self.called(net) for net in clocks][:2]
            line = list(clocks.values())[1]
            raise FormatError(f"there are two clocks, {first!r} and {second!r}; one is read", line=line)

    def _name_between(self) -> None:
        """Nets in between are called y.1, y.2, ... after the net y that they are for."""
        count: dict[int, int] = {}
        for net, stem in self._stems.items():
            base = self._names[stem] or ""
            while True:
                count[stem] = count.get(stem, 0) + 1
                name = f"{base}.{count[stem]}" if base else f"n{count[stem]}"
                if name not in self._taken:
                    break
            self._taken.add(name)
            self._names[net] = name


def flipped(bit: Bit) -> Bit:
    """The complement of a bit, which is used up."""
    if isinstance(bit, int):
        return bit ^ 1
    bit.complement = not bit.complement
    return bit


@lru_cache(maxsize=4096)
def _cell(kind: str, inverted: tuple[int, ...], complement: bool) -> Cell:
    """The unit of a gate whose pins may be inverted; like all cells of this package, no sum of it is 0."""
    pins = len(inverted)
    if kind == XOR:
        odd = (sum(inverted) + complement) & 1
        return Cell(Unit(0, Table(*((count & 1) ^ odd for count in range(pins + 1)))), [1] * pins)
    weights = [-2 if one else 2 for one in inverted]
    least = sum(inverted)
    bias = 1 - 2 * (pins - least) if kind == AND else 2 * least - 1
    if complement:
        return _opposite(Cell(Unit(bias), weights))
    return Cell(Unit(bias), weights)


def _opposite(cell: Cell) -> Cell:
    """The complement; turning every sign does it, because no sum is 0."""
    unit, weights = cell
    if isinstance(unit.activation, Table):
        return Cell(Unit(unit.bias, Table(*(1 - value for value in unit.activation.values))), weights)
    return Cell(Unit(-unit.bias), [-weight for weight in weights])
