"""Operand: the operators that wires and words share. Each gives a result with room for every value."""

from __future__ import annotations

import operator
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, NoReturn

from circuits.errors import CircuitError
from circuits.language import arithmetic
from circuits.language.arithmetic import Number, number

MOST_PLACES = 1 << 16  # by which a number shifts left: beyond that it was a slip

if TYPE_CHECKING:
    from circuits.language.bits import Wire
    from circuits.language.scope import Scope
    from circuits.language.words import Word


class Operand:
    """A wire or a word as a number: a wire is a word of one bit.

    `a + b` has max(n, m) + 1 bits, n and m being the widths; it is signed if a or b is, and an unsigned side then
    counts one bit more. `a - b` has as many and is always signed, and so is `-a`. `a * b` has n + m bits. `a << k`
    has n + k bits and `a >> k` n - k (at least 1) for an integer k; `a << b` n + 2**m - 1 (m at most 6) and `a >> b`
    n for a word b. `==`, `!=`, `<`, `<=`, `>`, `>=` give one wire, exact between any widths and signs. An integer on
    either side has the width that it needs. So a circuit that returns `a + b` answers Python's a + b; bits are
    dropped only where somebody writes so: `(a + b)[:8]`.

    Units: `+` and `-` at most 9 NANDs a bit, `<` and its like one perceptron a bit, `==` and `!=` one table unit a
    bit and one perceptron, `*` n m ANDs and n - 1 sums, a shift by an integer none, a shift by a word at most a
    multiplexer for each bit of both.
    """

    __slots__ = ()
    __array_ufunc__ = None  # NumPy then leaves `array & wire` to us, who refuse it, instead of taking it apart

    made: ClassVar[Callable[[Scope, Number], Word]]  # set by words.py, so that the arrow still points down
    scope: Scope

    def _number(self) -> Number:
        raise NotImplementedError

    def _said(self) -> str:
        """The operand in a message."""
        raise NotImplementedError

    def _operand(self, other: Any, sign: str) -> Number:
        """The other side of an operator as a number.

        Raises
        ------
        CircuitError
            If it is no wire, word or integer.
        """
        if isinstance(other, Operand):
            return other._number()
        if isinstance(other, float):
            raise CircuitError(f"{self._said()} {sign} {other!r}: circuits compute with whole numbers; give an integer")
        try:
            return number(operator.index(other))
        except TypeError:
            raise CircuitError(
                f"{self._said()} {sign} {other!r}: the other side is a wire, a word or an integer"
            ) from None

    def _computed(self, work: Callable[[Scope, Number, Number], Number], other: Any, sign: str) -> Word:
        return Operand.made(self.scope, work(self.scope, self._number(), self._operand(other, sign)))

    def _swapped(self, work: Callable[[Scope, Number, Number], Number], other: Any, sign: str) -> Word:
        return Operand.made(self.scope, work(self.scope, self._operand(other, sign), self._number()))

    # --- arithmetic

    def __add__(self, other: Operand | int) -> Word:
        return self._computed(arithmetic.add, other, "+")

    def __radd__(self, other: int) -> Word:
        return self._swapped(arithmetic.add, other, "+")

    def __sub__(self, other: Operand | int) -> Word:
        return self._computed(arithmetic.subtract, other, "-")

    def __rsub__(self, other: int) -> Word:
        return self._swapped(arithmetic.subtract, other, "-")

    def __mul__(self, other: Operand | int) -> Word:
        return self._computed(arithmetic.multiply, other, "*")

    def __rmul__(self, other: int) -> Word:
        return self._swapped(arithmetic.multiply, other, "*")

    def __neg__(self) -> Word:
        return self._swapped(arithmetic.subtract, 0, "-")

    def __pos__(self) -> Operand:
        return self

    def __abs__(self) -> Word:
        return Operand.made(self.scope, arithmetic.magnitude(self.scope, self._number()))

    def __lshift__(self, other: Operand | int) -> Word:
        if isinstance(other, Operand):
            return self._computed(arithmetic.shift_left, other, "<<")
        bits, signed = self._number()
        return Operand.made(self.scope, Number([*[0] * self._places(other, "<<"), *bits], signed))

    def __rlshift__(self, other: int) -> Word:
        return self._swapped(arithmetic.shift_left, other, "<<")

    def __rshift__(self, other: Operand | int) -> Word:
        if isinstance(other, Operand):
            return self._computed(arithmetic.shift_right, other, ">>")
        bits, signed = self._number()
        left = bits[self._places(other, ">>") :] or ([bits[-1]] if signed else [0])
        return Operand.made(self.scope, Number(left, signed))

    def __rrshift__(self, other: int) -> Word:
        return self._swapped(arithmetic.shift_right, other, ">>")

    def _places(self, other: Any, sign: str) -> int:
        try:
            places = operator.index(other)
        except TypeError:
            places = -1
        if places < 0:
            raise CircuitError(f"{self._said()} {sign} {other!r}: shift by a whole number of at least 0, or by a word")
        if sign == "<<" and places > MOST_PLACES:
            raise CircuitError(f"{self._said()} << {places}: the result would have as many bits; at most {MOST_PLACES}")
        return places

    def _no_division(self, other: Any) -> NoReturn:
        raise CircuitError(
            f"{self._said()} is divided with an operator, which has no circuit; a >> k divides by 2**k and a[:k] is "
            "the rest of that; for anything else place a divider"
        )

    __truediv__ = __floordiv__ = __mod__ = __divmod__ = _no_division
    __rtruediv__ = __rfloordiv__ = __rmod__ = __rdivmod__ = _no_division

    def __pow__(self, other: Any) -> NoReturn:
        raise CircuitError(
            f"{self._said()} is raised to a power, which has no operator; write a * a, or 1 << a for 2**a"
        )

    # --- comparisons

    def __eq__(self, other: object) -> Wire:  # type: ignore[override]
        return self._verdict(arithmetic.equal(self.scope, self._number(), self._operand(other, "==")))

    def __ne__(self, other: object) -> Wire:  # type: ignore[override]
        return self._verdict(arithmetic.equal(self.scope, self._number(), self._operand(other, "!="), negate=True))

    def __lt__(self, other: Operand | int) -> Wire:
        return self._verdict(arithmetic.less(self.scope, self._number(), self._operand(other, "<")))

    def __le__(self, other: Operand | int) -> Wire:
        return self._verdict(arithmetic.less(self.scope, self._number(), self._operand(other, "<="), or_equal=True))

    def __gt__(self, other: Operand | int) -> Wire:
        return self._verdict(arithmetic.less(self.scope, self._operand(other, ">"), self._number()))

    def __ge__(self, other: Operand | int) -> Wire:
        return self._verdict(arithmetic.less(self.scope, self._operand(other, ">="), self._number(), or_equal=True))

    __hash__ = object.__hash__

    def _verdict(self, bit: Wire | int) -> Wire:
        return self.scope.wire(bit)

    # --- what has no meaning before there are values

    def __bool__(self) -> NoReturn:
        raise CircuitError(
            f"{self._said()} has no value while the circuit is being built; instead of `if` write "
            "mux(condition, high, low), instead of `and`, `or`, `not` write &, |, ~, instead of a < b < c write "
            f"(a < b) & (b < c){self._instead()}"
        )

    def _instead(self) -> str:
        return ""

    def _no_number(self) -> NoReturn:
        raise CircuitError(
            f"{self._said()} has no value while the circuit is being built; instead of "
            "options[word] write select(word, options), and give range a plain number, such as len(word)"
        )

    __int__ = __index__ = __float__ = __complex__ = _no_number

    def __setattr__(self, name: str, value: Any) -> NoReturn:
        if name == "next":
            raise CircuitError(f"{self._said()} is no state, so it has no next value; make one with state(...)")
        raise CircuitError(f"{self._said()} does not change, so {name!r} cannot be set; make a new one")


def bits_of(operands: Sequence[Operand]) -> list[Wire]:
    """The wires of several operands, one after the other."""
    return [bit for operand in operands for bit in operand._number().bits if not isinstance(bit, int)]
