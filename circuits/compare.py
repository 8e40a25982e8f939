"""Comparing two words. One perceptron does it, with weights 2**i; a chain of small weights takes one a bit."""

from __future__ import annotations

from circuits.definition import Circuit
from circuits.gates import and_, mux, nor, xnor
from circuits.parts import Bit, made_once, part, perceptron, scaled, whole
from circuits.wires import Wire, Word, WordType


def less_than(a: Word, b: Word, *, signed: bool = False, name: str | None = None) -> Wire:
    """a < b: one perceptron, which fires if b - a > 0."""
    pins = [*scaled(a, -2, signed=signed), *scaled(b, 2, signed=signed)]
    return perceptron(-1, pins, name)


def _kind(signed: bool) -> str:
    return "signed" if signed else "unsigned"


@made_once
def less(width: int, *, signed: bool = False) -> Circuit:
    """Whether a < b, in one perceptron: it fires if b - a > 0, and bit i weighs 2**i.

    Cost: 1 unit, depth 1.

    Swap the operands for a > b, and complement for a >= b.

    Parameters
    ----------
    width : int
        Bits of each operand, at least 1.
    signed : bool, default False
        Whether the words are in two's complement: then the sign bit weighs -2**(width - 1).

    Returns
    -------
    Circuit
        a, b: Word[width], or Signed -> out.

    Raises
    ------
    CircuitError
        If the width is not a whole number of at least 1.

    Examples
    --------
    >>> less(8)(100, 200), less(8)(200, 100), less(8, signed=True)(-56, 100)
    (1, 0, 1)
    """
    whole(width, 1, "the width of a comparison")

    def body(a: Word, b: Word) -> Wire:
        return less_than(a, b, signed=signed)

    doc = f"Whether one {_kind(signed)} word of {width} bits is less than another."
    return part("less", width, doc, dict.fromkeys("ab", WordType(width, signed)), body)


@made_once
def chain_less(width: int, *, signed: bool = False) -> Circuit:
    """Whether a < b, in one perceptron a bit with small weights: the borrow of a subtraction runs from bit 0 up.

    Cost: n units, depth n.

    Each is the majority of not a, b and the answer for the lower bits: b + lower - a is at least 1.

    Parameters
    ----------
    width : int
        Bits of each operand, at least 1.
    signed : bool, default False
        Whether the words are in two's complement: then the sign bits change places.

    Returns
    -------
    Circuit
        a, b: Word[width], or Signed -> out.

    Raises
    ------
    CircuitError
        If the width is not a whole number of at least 1.

    Examples
    --------
    >>> chain_less(8)(100, 200), chain_less(8)(200, 100), chain_less(8, signed=True)(-56, 100)
    (1, 0, 1)
    """
    whole(width, 1, "the width of a comparison")

    def body(a: Word, b: Word) -> Bit:
        lower: Bit = 0
        for place in range(width):
            one, two = (b[place], a[place]) if signed and place == width - 1 else (a[place], b[place])
            name = f"less{place}" if place < width - 1 else None
            lower = perceptron(-1, [(one, -2), (two, 2), (lower, 2)], name)
        return lower

    doc = f"Whether one {_kind(signed)} word of {width} bits is less than another."
    return part("chain_less", width, doc, dict.fromkeys("ab", WordType(width, signed)), body)


@made_once
def equal(width: int) -> Circuit:
    """Whether two words are equal: an XNOR a bit, and one AND.

    Cost: n + 1 units (n = 1: 1), depth 2 (n = 1: 1).

    Parameters
    ----------
    width : int
        Bits of each operand, at least 1.

    Returns
    -------
    Circuit
        a, b: Word[width], or Signed -> out.

    Raises
    ------
    CircuitError
        If the width is not a whole number of at least 1.

    Examples
    --------
    >>> equal(8)(200, 200), equal(8)(200, 201)
    (1, 0)
    """
    whole(width, 1, "the width of a comparison")

    def body(a: Word, b: Word) -> Wire:
        if width == 1:
            return xnor(a[0], b[0])  # type: ignore[no-any-return]
        same = [xnor(one, two, name=f"same{at}") for at, (one, two) in enumerate(zip(a, b, strict=True))]
        return and_(*same)  # type: ignore[no-any-return]

    return part("equal", width, f"Whether words of {width} bits are equal.", {"a": width, "b": width}, body)


@made_once
def threshold_equal(width: int) -> Circuit:
    """Whether two words are equal, in two perceptrons: a >= b, and then b - a >= 0 unless a < b.

    Cost: 2 units, depth 2.

    The second reads the words as the first does, and gives the first the weight 2**width, more than b - a can be.

    Parameters
    ----------
    width : int
        Bits of each operand, at least 1.

    Returns
    -------
    Circuit
        a, b: Word[width], or Signed -> out.

    Raises
    ------
    CircuitError
        If the width is not a whole number of at least 1.

    Examples
    --------
    >>> threshold_equal(8)(200, 200), threshold_equal(8)(200, 201)
    (1, 0)
    """
    whole(width, 1, "the width of a comparison")

    def body(a: Word, b: Word) -> Wire:
        at_least_b = perceptron(1, [*scaled(a, 2), *scaled(b, -2)], "at_least")
        pins = [*scaled(a, -2), *scaled(b, 2), (at_least_b, 2 << width)]
        return perceptron(1 - (2 << width), pins)

    return part("threshold_equal", width, f"Whether words of {width} bits are equal.", {"a": width, "b": width}, body)


@made_once
def comparator(width: int, *, signed: bool = False) -> Circuit:
    """Less, equal or greater: a perceptron each way, and equal where neither fires.

    Cost: 3 units, depth 2.

    Parameters
    ----------
    width : int
        Bits of each operand, at least 1.
    signed : bool, default False
        Whether the words are in two's complement.

    Returns
    -------
    Circuit
        a, b: Word[width], or Signed -> less, equal, greater: exactly one of them is 1.

    Raises
    ------
    CircuitError
        If the width is not a whole number of at least 1.

    Examples
    --------
    >>> comparator(8)(100, 200)
    Results(less=1, equal=0, greater=0)
    """
    whole(width, 1, "the width of a comparator")

    def body(a: Word, b: Word) -> dict[str, Wire]:
        below, above = less_than(a, b, signed=signed), less_than(b, a, signed=signed)
        return {"less": below, "equal": nor(below, above), "greater": above}

    doc = f"Compare {_kind(signed)} words of {width} bits."
    return part("comparator", width, doc, dict.fromkeys("ab", WordType(width, signed)), body)


@made_once
def minimum(width: int, *, signed: bool = False) -> Circuit:
    """The smaller of two words: one perceptron compares, and a multiplexer a bit selects.

    Cost: n + 1 units, depth 2.

    Parameters
    ----------
    width : int
        Bits of each operand, at least 1.
    signed : bool, default False
        Whether the words are in two's complement.

    Returns
    -------
    Circuit
        a, b, out: Word[width], or Signed.

    Raises
    ------
    CircuitError
        If the width is not a whole number of at least 1.

    Examples
    --------
    >>> minimum(8)(200, 100), minimum(8, signed=True)(-56, 100)
    (100, -56)
    """
    whole(width, 1, "the width of a minimum")

    def body(a: Word, b: Word) -> Word:
        return mux(less_than(a, b, signed=signed, name="less"), a, b)  # type: ignore[no-any-return]

    doc = f"The smaller of two {_kind(signed)} words of {width} bits."
    return part("minimum", width, doc, dict.fromkeys("ab", WordType(width, signed)), body)


@made_once
def maximum(width: int, *, signed: bool = False) -> Circuit:
    """The larger of two words: one perceptron compares, and a multiplexer a bit selects.

    Cost: n + 1 units, depth 2.

    Parameters
    ----------
    width : int
        Bits of each operand, at least 1.
    signed : bool, default False
        Whether the words are in two's complement.

    Returns
    -------
    Circuit
        a, b, out: Word[width], or Signed.

    Raises
    ------
    CircuitError
        If the width is not a whole number of at least 1.

    Examples
    --------
    >>> maximum(8)(200, 100), maximum(8, signed=True)(-56, 100)
    (200, 100)
    """
    whole(width, 1, "the width of a maximum")

    def body(a: Word, b: Word) -> Word:
        return mux(less_than(a, b, signed=signed, name="less"), b, a)  # type: ignore[no-any-return]

    doc = f"The larger of two {_kind(signed)} words of {width} bits."
    return part("maximum", width, doc, dict.fromkeys("ab", WordType(width, signed)), body)
