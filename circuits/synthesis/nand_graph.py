"""Nands: a growing list of two-input NANDs over literals, with equal ones shared and constants folded.

A literal is twice the number of a node, plus 1 for its complement, as in `perceptron.engines.logic`. A NAND of two
literals is a node; a complement is no node, but costs a NAND (a NOT) as soon as anything reads it. That is what
`size` counts, and what every choice between two forms is made by. With `free` complements cost nothing, which makes it
an and-inverter graph.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

FALSE, TRUE = 0, 1


class Nands:
    """NANDs over so many inputs.

    Parameters
    ----------
    inputs : int
        How many there are; `self.inputs` are their literals.
    free : bool, default False
        Whether complements cost nothing.

    Attributes
    ----------
    left, right : list of int
        Node n + 1 + i, where n is the number of inputs, is the NAND of the literals left[i] and right[i]. Node 0 is
        the constant 0, nodes 1 to n are the inputs.

    Examples
    --------
    >>> nands = Nands(2)
    >>> a, b = nands.inputs
    >>> nands.size([nands.nand(a, b)]), nands.size([nands.and_(a, b)]), nands.size([nands.xor(a, b)])
    (1, 2, 4)
    """

    def __init__(self, inputs: int, *, free: bool = False):
        self.free = free
        self.inputs = [2 * (index + 1) for index in range(inputs)]
        self.first = inputs + 1
        self.left: list[int] = []
        self.right: list[int] = []
        self.known: dict[tuple[int, int], int] = {}

    def __len__(self) -> int:
        """The number of nodes, the constant and the inputs included."""
        return self.first + len(self.left)

    # --- one operation

    def nand(self, a: int, b: int) -> int:
        """0 exactly if both are 1; folded where an operand is constant, equal or opposite to the other."""
        if a > b:
            a, b = b, a
        if a == FALSE or a == b ^ 1:
            return TRUE
        if a in (TRUE, b):
            return b ^ 1
        key = (a, b)
        literal = self.known.get(key)
        if literal is None:
            literal = self.known[key] = 2 * len(self)
            self.left.append(a)
            self.right.append(b)
        return literal

    def and_(self, a: int, b: int) -> int:
        """1 exactly if both are 1: the complement of one NAND."""
        return self.nand(a, b) ^ 1

    def or_(self, a: int, b: int) -> int:
        """1 if any is 1: one NAND of the complements."""
        return self.nand(a ^ 1, b ^ 1)

    def xor(self, a: int, b: int) -> int:
        """The exclusive or, in four NANDs, or three with free complements; complements move to the result."""
        flipped = (a ^ b) & 1
        a, b = a & ~1, b & ~1
        return self._differ(a, b, self.nand(a, b)) ^ flipped

    def _differ(self, a: int, b: int, both: int) -> int:
        """The exclusive or, given the NAND."""
        if self.free:
            return self.and_(both, self.or_(a, b))
        return self.nand(self.nand(a, both), self.nand(b, both))

    def mux(self, select: int, high: int, low: int, *, turned: bool = False) -> int:
        """`high` where `select` is 1, else `low`: three NANDs and the NOT of `select`.

        With `turned` the complement of the result is what comes without a NOT, from the complements of the others.
        """
        if high == low:
            return high
        if high == low ^ 1:
            return self.xor(select, low)
        if turned:
            return self.nand(self.nand(select, high ^ 1), self.nand(select ^ 1, low ^ 1)) ^ 1
        return self.nand(self.nand(select, high), self.nand(select ^ 1, low))

    def full_adder(self, a: int, b: int, c: int) -> tuple[int, int]:
        """(sum, carry) of three bits in nine NANDs, whichever of them are complements.

        An adder turns round with its operands, so that at most one is a complement. With one the sum is turned round,
        and the carry is one NAND of others that the sum has made; so carries of other complements of the same three
        bits are one NAND more each.
        """
        if self.free:
            turned = int((a & 1) + (b & 1) + (c & 1) >= 2)
            a, b, c = sorted((a ^ turned, b ^ turned, c ^ turned), key=lambda literal: (literal & 1, literal))
            both = self.nand(a, b)
            differ = self._differ(a, b, both)
            three = self.nand(differ, c)
            return self._differ(differ, c, three) ^ turned, self.nand(both, three) ^ turned
        return self.adder(*sorted((a, b, c)))

    def adder(self, a: int, b: int, c: int) -> tuple[int, int]:
        """A full adder that adds the first two first; what it makes of them serves others of the same two as well."""
        turned = int((a & 1) + (b & 1) + (c & 1) >= 2)
        (a, first), (b, second), (c, third) = ((one & ~1, (one & 1) ^ turned) for one in (a, b, c))
        both = self.nand(a, b)
        only_a, only_b = self.nand(a, both), self.nand(b, both)  # complements of: a and not b, b and not a
        differ = self.nand(only_a, only_b)
        three = self.nand(differ, c)
        rest, only_c = self.nand(differ, three), self.nand(c, three)
        total = self.nand(rest, only_c) ^ first ^ second ^ third
        if third:
            carry = self.nand(both, rest)
        elif first or second:
            carry = self.nand(only_b if first else only_a, only_c)
        else:
            carry = self.nand(both, three)
        return total ^ turned, carry ^ turned

    def carry(self, a: int, b: int, c: int) -> int:
        """The majority of three: the six NANDs of a full adder that the carry needs, five if not all are alike.

        Of a, b and the complement of c it is one of b and not c, or a where any of them is 1.
        """
        turned = int((a & 1) + (b & 1) + (c & 1) >= 2)
        a, b, c = sorted((a ^ turned, b ^ turned, c ^ turned), key=lambda literal: (literal & 1, literal))
        if c & 1 and not self.free:
            b, c = b, c & ~1
            both = self.nand(b, c)
            return self.nand(self.nand(b, both), self.nand(a, self.nand(c, both))) ^ turned
        both = self.nand(a, b)
        return self.nand(both, self.nand(self._differ(a, b, both), c)) ^ turned

    def half_adder(self, a: int, b: int) -> tuple[int, int]:
        """(sum, carry) of two bits in four NANDs, the carry as a complement."""
        return self.xor(a, b), self.and_(a, b)

    # --- many

    def any_of(self, literals: Sequence[int]) -> int:
        """1 if any is 1, as a balanced tree; 0 without literals."""
        level = list(literals)
        while len(level) > 1:
            rest = level[len(level) // 2 * 2 :]
            level = [self.or_(a, b) for a, b in zip(level[::2], level[1::2], strict=False)] + rest
        return level[0] if level else FALSE

    def needed(self, wanted: Iterable[int]) -> list[bool]:
        """By node: whether a wanted literal rests on it."""
        needed = [False] * len(self)
        for literal in wanted:
            needed[literal >> 1] = True
        first = self.first
        for node in range(len(needed) - 1, first - 1, -1):
            if needed[node]:
                needed[self.left[node - first] >> 1] = needed[self.right[node - first] >> 1] = True
        return needed

    def size(self, wanted: Iterable[int]) -> int:
        """How many NANDs the literals take together: the nodes, and a NOT for each complement that is read."""
        literals = list(wanted)
        needed = self.needed(literals)
        turned = {literal for literal in literals if literal & 1}
        first = self.first
        count = 0
        for node in range(first, len(needed)):
            if needed[node]:
                count += 1
                turned.update(side for side in (self.left[node - first], self.right[node - first]) if side & 1)
        turned.discard(TRUE)
        return count + (0 if self.free else len(turned))


class Recipe:
    """The NANDs behind one literal, to be placed over other literals.

    Parameters
    ----------
    nands : Nands
        Over the pins.
    output : int
        The literal of the value.
    """

    __slots__ = ("operations", "output", "size")

    def __init__(self, nands: Nands, output: int):
        needed = nands.needed([output])
        number = list(range(nands.first)) + [0] * len(nands.left)
        self.operations: list[tuple[int, int]] = []
        for node in range(nands.first, len(needed)):
            if needed[node]:
                a, b = nands.left[node - nands.first], nands.right[node - nands.first]
                self.operations.append((2 * number[a >> 1] | a & 1, 2 * number[b >> 1] | b & 1))
                number[node] = nands.first + len(self.operations) - 1
        self.output = 2 * number[output >> 1] | output & 1
        self.size = nands.size([output])

    def place(self, nands: Nands, pins: Sequence[int]) -> int:
        """The literal of the value over these literals of the pins."""
        literals = [FALSE, *pins]
        for a, b in self.operations:
            literals.append(nands.nand(literals[a >> 1] ^ (a & 1), literals[b >> 1] ^ (b & 1)))
        return literals[self.output >> 1] ^ (self.output & 1)
