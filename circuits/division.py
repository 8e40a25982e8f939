"""Divide, remainder, square root: a digit at a time, each by one comparison and one subtraction if it succeeds."""

from __future__ import annotations

from collections.abc import Sequence

from circuits.definition import Circuit
from circuits.gates import and_, constant, or_, xor
from circuits.parts import Bit, made_once, part, perceptron, scaled, whole
from circuits.subtract import absolute, negate_if
from circuits.wires import Signed, Wire, Word, WordType


def fits(rest: Sequence[Bit], divisor: Sequence[Bit], name: str) -> Wire:
    """Whether rest >= divisor, in one perceptron."""
    return perceptron(1, [*scaled(rest, 2), *scaled(divisor, -2)], name)


def subtract_if(condition: Wire, rest: Sequence[Bit], divisor: Sequence[Bit], width: int, name: str) -> list[Bit]:
    """The lowest `width` bits of rest - divisor where the condition is 1, else of rest: two perceptrons a bit.

    Where the condition is 1, rest >= divisor. The borrow is 1 if condition and b + borrow in - a >= 1. With it,
    4 a - 2 b - 2 borrow in + 6 borrow out - 2 condition is at least 2 exactly where the bit is 1.
    """
    bits: list[Bit] = []
    borrow: Bit = 0
    for place in range(width):
        a, b = rest[place], divisor[place]
        pins = [(a, 4), (b, -2), (borrow, -2), (condition, -2)]
        if place == len(rest) - 1:  # the whole rest never borrows
            borrow = 0
        else:
            reads = [(a, -2), (b, 2), (borrow, 2), (condition, 2)]
            borrow = perceptron(-3, reads, f"{name}.borrow{place + 1}")
        bits.append(perceptron(-1, [*pins, (borrow, 6)], f"{name}.bit{place}"))
    return bits


@made_once
def divider(width: int, *, signed: bool = False) -> Circuit:
    """Quotient and remainder, by long division in binary: the restoring method.

    Cost: n^2 + n units, depth n (n + 3) / 2.
    Cost, signed: n^2 + 9 n - 7 units (n = 1: 2), depth n (n + 3) / 2 + 4 (n = 1: 2; n = 2: 8).

    The highest bit of the dividend comes first. A bit of the quotient is one perceptron, which asks whether the divisor
    fits into what is left; then it is subtracted if it does, in two perceptrons a bit.

    Signed, absolute values are divided, and the signs are put on as in C and in hardware: the quotient is rounded
    toward 0, and the remainder has the sign of the dividend.

    Parameters
    ----------
    width : int
        Bits of each operand, at least 1.
    signed : bool, default False
        Whether all words are in two's complement.

    Returns
    -------
    Circuit
        dividend, divisor -> quotient, remainder, all Word[width], or Signed: dividend = quotient * divisor +
        remainder. For the divisor 0 all bits of the quotient are 1 and the remainder is the dividend. Signed, the
        least number by -1 gives the least number and 0. (All of this is as RISC-V has it.)

    Raises
    ------
    CircuitError
        If the width is not a whole number of at least 1.

    Examples
    --------
    >>> divider(8)(200, 7)
    Results(quotient=28, remainder=4)
    >>> divider(8)(200, 0)
    Results(quotient=255, remainder=200)
    >>> divider(8, signed=True)(-50, 7)
    Results(quotient=-7, remainder=-1)
    """
    whole(width, 1, "the width of a divider")

    def body(dividend: Word, divisor: Word) -> dict[str, Word]:
        if not signed:
            quotient, remainder = _divide(dividend, divisor)
            return {"quotient": Word(quotient), "remainder": Word(remainder)}
        return _signed_divide(dividend, divisor)

    doc = f"Divide {'signed' if signed else 'unsigned'} words of {width} bits."
    return part("divider", width, doc, dict.fromkeys(("dividend", "divisor"), WordType(width, signed)), body)


def _divide(dividend: Sequence[Bit], divisor: Sequence[Bit]) -> tuple[list[Bit], list[Bit]]:
    rest: list[Bit] = []
    quotient: list[Bit] = []
    for place in reversed(range(len(dividend))):
        rest = [dividend[place], *rest]  # no more than the bits seen so far make
        digit = fits(rest, divisor, f"digit{place}")
        quotient.insert(0, digit)
        rest = subtract_if(digit, rest, divisor, len(rest), f"step{place}")
    return quotient, rest


def _signed_divide(dividend: Word, divisor: Word) -> dict[str, Word]:
    width = len(dividend)
    positive = [absolute(width)(word, name=name) for word, name in ((dividend, "dividend"), (divisor, "divisor"))]
    quotient, remainder = _divide(*positive)
    if width > 1:  # one bit is its own negative
        differ = xor(dividend[-1], divisor[-1], name="signs_differ")
        negative = and_(differ, or_(*divisor, name="divisor_not_0"), name="quotient_negative")
        quotient = negate_if(negative, quotient, "quotient")
        remainder = negate_if(dividend[-1], remainder, "remainder")
    return {"quotient": Signed(quotient), "remainder": Signed(remainder)}


@made_once
def square_root(width: int) -> Circuit:
    """The whole square root and what is left, two bits of the radicand at a time.

    Cost: 31, 95, 319 units and depth 21, 59, 183 at n = 8, 16, 32.

    The next bit of the root r is 1 if 4 r + 1 fits into what is left with the next two bits behind it, and then it is
    subtracted, as in long division. Of an even width n it is n^2 / 4 + 2 n - 1 units.

    Parameters
    ----------
    width : int
        Bits of the radicand, at least 1.

    Returns
    -------
    Circuit
        x: Word[width] -> root: Word[m], m half the width rounded up, and remainder: Word[m + 1], so that
        x = root**2 + remainder and remainder <= 2 root.

    Raises
    ------
    CircuitError
        If the width is not a whole number of at least 1.

    Examples
    --------
    >>> square_root(8)(200), 14 * 14 + 4
    (Results(root=14, remainder=4), 200)
    """
    whole(width, 1, "the width of a square root")

    def body(x: Word) -> dict[str, Word]:
        root: list[Bit] = []
        rest: list[Bit] = []
        high = width
        if width % 2:  # one bit is its own root
            root, high = [x[-1]], width - 1
        for place in range(high - 2, -1, -2):
            rest = [x[place], x[place + 1], *rest]
            trial = [1, 0, *root]
            digit = fits(rest, trial, f"digit{place // 2}")
            rest = subtract_if(digit, rest, trial, min(len(rest), len(trial)), f"step{place // 2}")
            root = [digit, *root]
        while len(rest) <= len(root):  # an odd width has no more
            rest = [*rest, constant(x, 0)]
        return {"root": Word(root), "remainder": Word(rest)}

    return part("square_root", width, f"The square root of a word of {width} bits.", {"x": width}, body)
