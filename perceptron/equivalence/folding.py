"""Folding: operations of which more are shared, because two levels are looked at before one is added.

`Logic` shares equal operations and folds constants. Two circuits made from one another are seldom built alike to the
letter, though: a NAND form spells an exclusive or in four gates. The rules here rewrite a new operation with what its
operands are made of, and never make two of one. Those on ANDs are in R. Brummayer and A. Biere, "Local two-level
And-Inverter Graph minimization without blowup" (2006); those on exclusive ors are their like.

    a & not (a & b)   becomes   a & not b          a ^ (a & b)   becomes   a & not b
    a & (a & b)       becomes   a & b              a ^ (a ^ b)   becomes   b
"""

from __future__ import annotations

from perceptron.engines.logic import AND, FALSE, TRUE, XOR, Logic

Step = tuple[int, int, int, int]  # an operation in place of another: kind, operands, and 1 for the complement of it


class Folding(Logic):
    """A `Logic` that folds over two levels.

    Examples
    --------
    >>> logic = Folding(2)
    >>> a, b = logic.inputs
    >>> both = logic.and_(a, b)
    >>> logic.and_(logic.and_(a, both ^ 1) ^ 1, logic.and_(b, both ^ 1) ^ 1) ^ 1 == logic.xor(a, b)
    True
    """

    def and_(self, a: int, b: int) -> int:
        """The conjunction."""
        return self._folded(AND, a, b)

    def xor(self, a: int, b: int) -> int:
        """The exclusive or; complements move to the result."""
        return self._folded(XOR, a, b)

    def _folded(self, kind: int, a: int, b: int) -> int:
        """The literal of an operation, rewritten for as long as a rule applies; a rule leads to earlier operands."""
        flipped = 0
        while True:
            if kind == XOR:
                flipped ^= (a ^ b) & 1
                a, b = a & ~1, b & ~1
            if a > b:
                a, b = b, a
            if a < 2:
                return flipped ^ (b if kind == XOR or a else FALSE)
            if a >> 1 == b >> 1:
                return flipped ^ (FALSE if kind == XOR or a != b else a)
            known = self._known.get((kind, a, b))
            if known is not None:
                return flipped ^ known
            step = self._and_rule(a, b) if kind == AND else self._xor_rule(a, b)
            if step is None:
                return flipped ^ self._add(kind, a, b)
            kind, a, b, more = step
            flipped ^= more

    def _made_of(self, literal: int) -> tuple[int, int, int] | None:
        """The kind and the operands of an operation; None for an input."""
        at = (literal >> 1) - len(self.inputs) - 1
        return None if at < 0 else (self.kind[at], self.left[at], self.right[at])

    def _and_rule(self, a: int, b: int) -> Step | None:
        one, two = self._made_of(a), self._made_of(b)
        for x, made, y in ((b, two, a), (a, one, b)):
            step = None if made is None else _and_with_operand(x, *made, y)
            if step is not None:
                return step
        if one is None or two is None or one[0] != AND or two[0] != AND:
            return None
        if not a & 1:
            return _and_of_and(a, one[1], one[2], b, two[1], two[2])
        if not b & 1:
            return _and_of_and(b, two[1], two[2], a, one[1], one[2])
        return _and_of_nands(one[1], one[2], two[1], two[2])

    def _xor_rule(self, a: int, b: int) -> Step | None:
        one, two = self._made_of(a), self._made_of(b)
        for made, y in ((two, a), (one, b)):
            if made is not None:
                kind, c, d = made
                for same, other in ((c, d), (d, c)):
                    if y >> 1 == same >> 1:
                        if kind == XOR:
                            return AND, other, TRUE, 0
                        return AND, same, other ^ 1, (y ^ same) & 1  # c & d ^ c is c & not d
        if one is not None and two is not None and one[0] == two[0] == XOR:
            for same, mine in (one[1:], one[:0:-1]):
                for theirs, other in (two[1:], two[:0:-1]):
                    if same == theirs:
                        return XOR, mine, other, 0
        return None


def _and_with_operand(x: int, kind: int, c: int, d: int, y: int) -> Step | None:
    """x & y, where y is an operand of x or its complement."""
    for same, other in ((c, d), (d, c)):
        if y >> 1 == same >> 1:
            if kind == XOR:  # y says what one operand is, and so x is the other or its complement
                return AND, y, other ^ (x & 1) ^ (y == same), 0
            if y == same:
                return (AND, y, other ^ 1, 0) if x & 1 else (AND, x, TRUE, 0)
            return (AND, y, TRUE, 0) if x & 1 else (AND, FALSE, FALSE, 0)
    return None


def _and_of_and(a: int, e: int, f: int, b: int, c: int, d: int) -> Step | None:
    """a & b, where a is e & f, and b is c & d or its complement."""
    if c ^ 1 in (e, f) or d ^ 1 in (e, f):
        return (AND, a, TRUE, 0) if b & 1 else (AND, FALSE, FALSE, 0)
    for same, other in ((c, d), (d, c)):
        if same in (e, f):
            return AND, a, other ^ (b & 1), 0
    return None


def _and_of_nands(e: int, f: int, c: int, d: int) -> Step | None:
    """not (e & f) & not (c & d)."""
    if (e ^ 1, f ^ 1) in ((c, d), (d, c)):
        return XOR, e, f, 0
    for same, mine in ((e, f), (f, e)):
        if (same, mine ^ 1) in ((c, d), (d, c)):
            return AND, same ^ 1, TRUE, 0
    return None
