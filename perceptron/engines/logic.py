"""Logic: a 0/1 network lowered to two-input AND and XOR operations, with equal ones shared and constants folded.

A signal is a *literal*: twice the number of an operation, plus 1 for its complement. Complements are therefore
free, 0 is the constant false and 1 the constant true. This is the and-xor-inverter graph of logic synthesis
(XAG for short); only this file and the bit engine know it.

How a unit becomes operations: the terms are sorted by size and decided one after another, which makes a
decision diagram over the sums that are still open; it stops as soon as the terms left cannot change the
decision. A NAND is one operation, a majority of three four. Where the diagram would be too large (many inputs
of equal weight) the sum is added up in binary instead, by carry-save adders, and compared with the bias or looked
up in the table.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction
from typing import TypeVar

from perceptron.check import table_fault
from perceptron.numbers import Exact, Number, exact
from perceptron.tape import Cell, Tape
from perceptron.unit import Table, Unit

Source = TypeVar("Source")

FALSE, TRUE = 0, 1
OPEN = -1  # in a decision diagram: not decided yet
AND, XOR = 0, 1
SUM, CARRY = 2, 3  # of three: the exclusive or, and the majority

_WIDEST_LEVEL = 32  # of a decision diagram that is worth its operations: a quick end for wide units

# Above this many bits in the weights of one unit, binary adders cost more than a product of matrices.
WIDEST_BITS = 1 << 14


def lowers(tape: Tape) -> bool:
    """Whether every unit is small enough for operations on words to be the faster way."""
    for cell in tape.cells:
        if not isinstance(cell.unit.activation, Table):
            terms, _ = whole_terms(cell.unit, list(enumerate(cell.weights)))
            if sum(abs(weight).bit_length() for _, weight in terms) > WIDEST_BITS:
                return False
    return True


def whole_terms(unit: Unit, fanin: Sequence[tuple[Source, Number]]) -> tuple[list[tuple[Source, int]], int]:
    """The terms of a step unit with parallel edges added and everything multiplied to whole numbers.

    Multiplying a perceptron's weights and bias by a positive constant changes nothing (the chapter's first
    exercise), so any rational weights have whole ones that decide the same.
    """
    total: dict[Source, Exact] = {}
    for source, weight in fanin:
        number = total.get(source, 0) + (weight if type(weight) is int else exact(weight))
        total[source] = number if type(number) is int else exact(number)
    bias = exact(unit.bias)
    denominators = {number.denominator for number in (bias, *total.values()) if isinstance(number, Fraction)}
    scale = math.lcm(*denominators) if denominators and not isinstance(unit.activation, Table) else 1
    return [(source, int(weight * scale)) for source, weight in total.items() if weight], int(bias * scale)


class Logic:
    """A growing list of operations over literals.

    Parameters
    ----------
    inputs : int
        How many inputs it has; `self.inputs` are their literals.
    whole_adders : bool, default False
        Whether wide units are made of SUM and CARRY, which the bit engine does in one pass. They are not shared with
        other units: that would save operations, but keep their values alive from one unit to the next, which costs
        an engine more than it saves.

    Attributes
    ----------
    kind, left, right : list of int
        Operation n + 1 + i, where n is the number of inputs, is kind[i] (AND or XOR) of the literals left[i]
        and right[i]. Operation 0 is the constant false, operations 1 to n are the inputs.
    thirds : list of int
        The third literal of each SUM (the exclusive or of three) and of the CARRY (their majority) right behind it;
        with `whole_adders` only.
    """

    def __init__(self, inputs: int, *, whole_adders: bool = False):
        self._whole_adders = whole_adders
        self.inputs = [2 * (index + 1) for index in range(inputs)]
        self.kind: list[int] = []
        self.left: list[int] = []
        self.right: list[int] = []
        self.thirds: list[int] = []
        self._known: dict[tuple[int, int, int], int] = {}

    # --- operations on literals

    def and_(self, a: int, b: int) -> int:
        """The conjunction; folded where an operand is constant, equal or opposite to the other."""
        if a > b:
            a, b = b, a
        if a == FALSE or a == b ^ 1:
            return FALSE
        if a in (TRUE, b):
            return b
        if a & b & 1 and self._are_exclusive(a, b):
            index = (a >> 1) - len(self.inputs) - 1
            return self.xor(self.left[index], self.right[index])
        return self._add(AND, a, b)

    def _are_exclusive(self, a: int, b: int) -> bool:
        """Whether two complemented literals are not (x and y) and not (not x and not y): together x ^ y."""
        first = len(self.inputs) + 1
        one, two = (a >> 1) - first, (b >> 1) - first
        if one < 0 or self.kind[one] != AND or self.kind[two] != AND:
            return False
        return (self.left[one] ^ 1, self.right[one] ^ 1) == (self.left[two], self.right[two])

    def or_(self, a: int, b: int) -> int:
        """The disjunction, by De Morgan's law."""
        return self.and_(a ^ 1, b ^ 1) ^ 1

    def xor(self, a: int, b: int) -> int:
        """The exclusive or; complements move to the result, so that x ^ y and x ^ not y are one operation."""
        flipped = (a ^ b) & 1
        a, b = sorted((a & ~1, b & ~1))
        if a == b:
            return flipped
        return (b if a == FALSE else self._add(XOR, a, b)) ^ flipped

    def mux(self, select: int, high: int, low: int) -> int:
        """`high` where `select` is 1, else `low`."""
        if high == low:
            return high
        if high == low ^ 1:
            return self.xor(select, low)
        if high < 2:
            return self.or_(select, low) if high else self.and_(select ^ 1, low)
        if low < 2:
            return self.or_(select ^ 1, high) if low else self.and_(select, high)
        return self.xor(low, self.and_(select, self.xor(high, low)))

    def full_adder(self, a: int, b: int, c: int) -> tuple[int, int]:
        """(sum, carry) of three bits, in five operations; in two where the last is the constant 0."""
        if c == FALSE:
            return self.xor(a, b), self.and_(a, b)
        differ = self.xor(a, b)
        return self.xor(differ, c), self.xor(a, self.and_(differ, self.xor(a, c)))

    def _add(self, kind: int, a: int, b: int) -> int:
        key = (kind, a, b)
        literal = self._known.get(key)
        if literal is None:
            self.kind.append(kind)
            self.left.append(a)
            self.right.append(b)
            literal = self._known[key] = 2 * (len(self.inputs) + len(self.kind))
        return literal

    # --- units

    def trace(self, tape: Tape, given: Sequence[int]) -> list[int]:
        """Lower a checked 0/1 network onto the literals of its inputs and states; the literal of every node."""
        literals = [FALSE] * len(tape)
        for node, literal in zip(tape.given, given, strict=True):
            literals[node] = literal
        starts, sources = tape.starts.tolist(), tape.sources.tolist()
        templates: dict[int, Template | None] = {}
        for node, number in enumerate(tape.cell_numbers.tolist()):
            if number < 0:
                continue
            read = [literals[source] for source in sources[starts[node] : starts[node + 1]]]
            if number not in templates:
                templates[number] = Template.of(tape.cells[number])
            template = templates[number]
            if template is not None:
                literals[node] = template.place(self, read)
            else:
                cell = tape.cells[number]
                literals[node] = self.unit(cell.unit, list(zip(read, cell.weights, strict=True)))
        return literals

    def unit(self, unit: Unit, fanin: Sequence[tuple[int, Number]]) -> int:
        """The literal of one step or table unit over the literals it reads."""
        terms, bias = whole_terms(unit, fanin)
        folded: dict[int, int] = {}
        # A constant or a complement becomes part of the bias; then no operand stands twice.
        for literal, weight in terms:
            if literal & 1:
                bias += weight
                weight = -weight
            if literal > 1:
                folded[literal & ~1] = folded.get(literal & ~1, 0) + weight
        pairs = sorted(((s, w) for s, w in folded.items() if w), key=lambda pair: -abs(pair[1]))
        table = unit.activation.values if isinstance(unit.activation, Table) else None
        found = self._diagram(pairs, bias, table, budget=64 + 8 * len(pairs), width=_WIDEST_LEVEL)
        if found is not None:
            return found
        digits, bias = self._counted(pairs, bias) if self._whole_adders else self._sum(pairs, bias)
        return self._greater(digits, -bias) if table is None else self._looked_up(digits, table[bias:])

    def _diagram(
        self,
        terms: list[tuple[int, int]],
        bias: int,
        table: tuple[int, ...] | None,
        budget: float = math.inf,
        width: float = math.inf,
    ) -> int | None:
        """A decision diagram over the partial sums; None past a budget of open sums, or so many at one level."""
        low, high = [0], [0]  # what the terms after each level can still add
        for _, weight in reversed(terms):
            low.append(low[-1] + min(weight, 0))
            high.append(high[-1] + max(weight, 0))
        low.reverse()
        high.reverse()
        ones = [0]
        for value in table or ():
            ones.append(ones[-1] + value)

        def decided(level: int, z: int) -> int:
            least, most = z + low[level], z + high[level]
            if table is None:
                return TRUE if least > 0 else FALSE if most <= 0 else OPEN
            fired = ones[most + 1] - ones[least]
            return FALSE if fired == 0 else TRUE if fired == most + 1 - least else OPEN

        levels: list[dict[int, int]] = [{bias: decided(0, bias)}]
        for level, (_, weight) in enumerate(terms):
            open_sums = [z for z, value in levels[level].items() if value == OPEN]
            following: dict[int, int] = {}
            for z in open_sums:
                for one in (z, z + weight):
                    following.setdefault(one, decided(level + 1, one))
            levels.append(following)
            budget -= len(open_sums)
            if budget < 0 or len(open_sums) > width:
                return None
        for level in range(len(terms) - 1, -1, -1):
            source, weight = terms[level]
            below = levels[level + 1]
            for z, value in levels[level].items():
                if value == OPEN:
                    off, on = below[z], below[z + weight]
                    levels[level][z] = self._branch(source, on, off, monotone=table is None, rising=weight > 0)
        return levels[0][bias]

    def _branch(self, source: int, on: int, off: int, *, monotone: bool, rising: bool) -> int:
        """A multiplexer; in a perceptron one side implies the other, which saves an operation."""
        if not monotone or on < 2 or off < 2:
            return self.mux(source, on, off)
        if rising:
            return self.or_(off, self.and_(source, on))
        return self.or_(on, self.and_(source ^ 1, off))

    def _sum(self, terms: list[tuple[int, int]], bias: int) -> tuple[list[int], int]:
        """The sum in binary, least significant digit first, and what to add to it.

        Columns of equal significance are compressed three to two. Negative weights count complements, so the
        digits never make a negative number.
        """
        columns: dict[int, list[int]] = {}
        for source, weight in terms:
            if weight < 0:  # w x = w + |w| (1 - x): only positive weights are left, on complements
                bias += weight
                source ^= 1
            for place in range(abs(weight).bit_length()):
                if abs(weight) >> place & 1:
                    columns.setdefault(place, []).append(source)
        digits, place = [], 0
        while columns and place <= max(columns):
            column = columns.pop(place, [])
            head = 0
            while len(column) - head > 1:
                third = column[head + 2] if len(column) - head > 2 else FALSE
                total, carry = self.full_adder(column[head], column[head + 1], third)
                head += 3 if len(column) - head > 2 else 2
                column.append(total)
                columns.setdefault(place + 1, []).append(carry)
            digits.append(column[head] if column else FALSE)
            place += 1
        return digits, bias

    def _counted(self, terms: list[tuple[int, int]], bias: int) -> tuple[list[int], int]:
        """What `_sum` tells, by whole adders: bit by bit into a counter that keeps at most two signals a column."""
        kind, left, right, thirds = self.kind, self.left, self.right, self.thirds
        columns: list[list[int]] = []
        literal = 2 * (len(self.inputs) + len(kind))
        for source, weight in terms:
            if weight < 0:
                bias += weight
                weight = -weight
                source ^= 1
            place = -1
            while weight:
                place += 1
                if weight & 1:
                    at, bit = place, source
                    while at < len(columns) and len(columns[at]) == 2:
                        a, b = columns[at]
                        kind += (SUM, CARRY)
                        left += (a, a)
                        right += (b, b)
                        thirds.append(bit)
                        columns[at] = [literal + 2]
                        literal += 4
                        bit = literal
                        at += 1
                    while at >= len(columns):
                        columns.append([])
                    columns[at].append(bit)
                weight >>= 1
        digits, carry = [], FALSE
        for column in columns:
            a, b = (*column, FALSE, FALSE)[:2]
            total, carry = self.full_adder(a, carry, b)
            digits.append(total)
        return [*digits, carry], bias

    def _looked_up(self, digits: list[int], table: tuple[int, ...]) -> int:
        """The value of a table at the binary number of these digits."""
        terms = [(digit, 1 << place) for place, digit in enumerate(digits)]
        padded = (table + (0,) * (1 << len(digits)))[: 1 << len(digits)]
        found = self._diagram(terms[::-1], 0, padded)
        assert found is not None
        return found

    def _greater(self, digits: list[int], bound: int) -> int:
        """Whether the binary number of these digits, least significant first, is > bound."""
        if bound < 0:
            return TRUE
        if bound >> len(digits):
            return FALSE
        greater = FALSE
        for place, digit in enumerate(digits):
            greater = self.and_(digit, greater) if bound >> place & 1 else self.or_(digit, greater)
        return greater


class Template:
    """The operations of a small cell, found once and replayed for every unit that has it.

    Parameters
    ----------
    logic : Logic
        Over the pins of the cell.
    output : int
        The literal of its value.
    """

    PINS = 6

    def __init__(self, logic: Logic, output: int):
        self._operations = list(zip(logic.kind, logic.left, logic.right, strict=True))
        self._pins = len(logic.inputs)
        self._output = output

    @classmethod
    def of(cls, cell: Cell) -> Template | None:
        """The template of a cell; None where it is too large, or a table that needs its edges merged first."""
        if len(cell.weights) > cls.PINS:
            return None
        table = cell.unit.activation
        totals = {str(pin): exact(weight) for pin, weight in enumerate(cell.weights)}
        if isinstance(table, Table) and table_fault(cell.unit, table, totals):
            return None
        logic = Logic(len(cell.weights))
        return cls(logic, logic.unit(cell.unit, list(zip(logic.inputs, cell.weights, strict=True))))

    def place(self, logic: Logic, read: Sequence[int]) -> int:
        """The literal of the value over these literals of the pins."""
        literals = [FALSE, *read]
        for kind, left, right in self._operations:
            a, b = literals[left >> 1] ^ (left & 1), literals[right >> 1] ^ (right & 1)
            literals.append(logic.and_(a, b) if kind == AND else logic.xor(a, b))
        return literals[self._output >> 1] ^ (self._output & 1)
