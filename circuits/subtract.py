"""Subtract, negate, absolute value: the borrow is a perceptron as the carry is."""

from __future__ import annotations

from collections.abc import Sequence

from circuits.definition import Circuit
from circuits.gates import or_, xor
from circuits.parts import Bit, made_once, part, perceptron, whole
from circuits.wires import Signed, Wire, Word, WordType


@made_once
def subtractor(width: int) -> Circuit:
    """The difference of two words, bit by bit with a running borrow.

    Cost: 2 n units, depth n + 1.

    The borrow out of a bit is 1 if b + borrow in - a is at least 1, and the difference is
    a - b - borrow in + 2 borrow out. The difference is right for two's complement words as well.

    Parameters
    ----------
    width : int
        Bits of each operand, at least 1.

    Returns
    -------
    Circuit
        a, b: Word[width] -> difference: Word[width], which is a - b modulo 2**width, and borrow, 1 if a < b.

    Raises
    ------
    CircuitError
        If the width is not a whole number of at least 1.

    Examples
    --------
    >>> subtractor(8)(200, 100)
    Results(difference=100, borrow=0)
    >>> subtractor(8)(100, 200)
    Results(difference=156, borrow=1)
    """
    whole(width, 1, "the width of a subtractor")

    def body(a: Word, b: Word) -> dict[str, Word | Bit]:
        bits, borrow = [], 0  # type: list[Wire], Bit
        for place in range(width):
            into = borrow
            pins = [(a[place], -2), (b[place], 2), (into, 2)]
            borrow = perceptron(-1, pins, f"borrow{place + 1}")
            bits.append(perceptron(-1, [*((bit, -weight) for bit, weight in pins), (borrow, 4)]))
        return {"difference": Word(bits), "borrow": borrow}

    return part("subtractor", width, f"Subtract words of {width} bits.", {"a": width, "b": width}, body)


def negate_if(condition: Wire, word: Sequence[Bit], name: str) -> list[Bit]:
    """The negative of a word where the condition is 1: a bit flips where the condition and any lower bit is 1.

    Two units a bit but for the lowest, depth 2.
    """
    bits = list(word[:1])
    for place in range(1, len(word)):
        lower = [(bit, 2) for bit in word[:place]]
        flip = perceptron(-1 - 2 * place, [(condition, 2 * place), *lower], f"{name}.flip{place}")
        bits.append(xor(word[place], flip, name=f"{name}.bit{place}"))
    return bits


@made_once
def negator(width: int) -> Circuit:
    """The negative of a two's complement word: a bit flips where any lower bit is 1.

    Cost: 2 n - 3 units (n = 1: 0), depth 2 (n = 1: 0; n = 2: 1).

    Parameters
    ----------
    width : int
        Bits of the word, at least 1.

    Returns
    -------
    Circuit
        x: Signed[width] -> out: Signed[width]; the least number, -2**(width - 1), is its own negative.

    Raises
    ------
    CircuitError
        If the width is not a whole number of at least 1.

    Examples
    --------
    >>> negator(8)(1), negator(8)(-1), negator(8)(-128)
    (-1, 1, -128)
    """
    whole(width, 1, "the width of a negator")

    def body(x: Signed) -> Signed:
        bits = [x[0]]
        for place in range(1, width):
            below = x[0] if place == 1 else or_(*x[:place], name=f"below{place}")
            bits.append(xor(x[place], below))
        return Signed(bits)

    return part("negator", width, f"Negate a word of {width} bits.", {"x": WordType(width, signed=True)}, body)


@made_once
def absolute(width: int) -> Circuit:
    """The absolute value of a two's complement word: a bit flips where the sign and any lower bit is 1.

    Cost: 2 n - 3 units (n = 1: 0), depth 2 (n = 1: 0; n = 2: 1).

    Parameters
    ----------
    width : int
        Bits of the word, at least 1.

    Returns
    -------
    Circuit
        x: Signed[width] -> out: Word[width], unsigned, so that the least number has one too.

    Raises
    ------
    CircuitError
        If the width is not a whole number of at least 1.

    Examples
    --------
    >>> absolute(8)(-1), absolute(8)(-128), absolute(8)(5)
    (1, 128, 5)
    """
    whole(width, 1, "the width of an absolute value")

    def body(x: Signed) -> Word:
        if width == 1:
            return x.unsigned()
        *lower, sign = x
        bits = negate_if(sign, lower, "negative")
        return Word([*bits, perceptron(-1, [(sign, 2), *((bit, -2) for bit in lower)])])

    return part(
        "absolute", width, f"The absolute value of a word of {width} bits.", {"x": WordType(width, signed=True)}, body
    )
