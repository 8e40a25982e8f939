"""Shifters and rotators by an amount that is a word itself: a row of units for every bit of the amount."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from circuits.definition import Circuit
from circuits.gates import mux
from circuits.language.words import word_of
from circuits.parts import Bit, PortKind, and_not, bits_for, made_once, part, whole
from circuits.wires import Wire, Word, WordType

Stage = Callable[[Sequence[Wire], int, Wire], Sequence[Bit]]


def _barrel(kind: str, width: int, stage: Stage, *, signed: bool = False) -> Circuit:
    """The circuit of x and amount whose stage(x, distance, select) moves x by the distance where select is 1."""
    what = kind.replace("_", " ")
    whole(width, 1, f"the width of a {what}")

    def body(x: Word, amount: Word) -> Word:
        for bit, select in enumerate(amount):
            x = word_of(stage(list(x), 1 << bit, select), signed)
        return x

    ports: dict[str, PortKind] = {"x": WordType(width, signed), "amount": bits_for(width)}
    return part(kind, width, f"A {what} of {width} bits.", ports, body)


@made_once
def left_shifter(width: int) -> Circuit:
    """Shift a word left, with 0s from below: a stage for every bit of the amount.

    Cost: n lg(n) units (n = 1: 1), depth lg(n) (n = 1: 1).

    lg(n) is log2(n) rounded up. Where a 0 comes in, a unit is a perceptron; the others are multiplexers.

    Parameters
    ----------
    width : int
        Bits of the word, at least 1.

    Returns
    -------
    Circuit
        x: Word[width], amount: Word[lg(width)], at least one bit -> out: Word[width], which is x * 2**amount modulo
        2**width; so 0 for an amount of width or more.

    Raises
    ------
    CircuitError
        If the width is not a whole number of at least 1.

    Examples
    --------
    >>> left_shifter(8)(0b10010110, 3) == 0b10110000
    True
    """

    def stage(x: Sequence[Wire], by: int, select: Wire) -> Sequence[Bit]:
        return [mux(select, x[at - by], x[at]) if at >= by else and_not(x[at], select) for at in range(len(x))]

    return _barrel("left_shifter", width, stage)


@made_once
def right_shifter(width: int, *, arithmetic: bool = False) -> Circuit:
    """Shift a word right, with 0s or the sign from above: a stage for every bit of the amount.

    Cost: n lg(n) units (n = 1: 1), depth lg(n) (n = 1: 1).
    Cost, arithmetic: (n - 1) lg(n) units, depth lg(n).

    lg(n) is log2(n) rounded up. Where a 0 comes in, a unit is a perceptron; the others are multiplexers. The sign
    bit of an arithmetic shifter stays.

    Parameters
    ----------
    width : int
        Bits of the word, at least 1.
    arithmetic : bool, default False
        Whether the word is in two's complement: then copies of its sign come in.

    Returns
    -------
    Circuit
        x: Word[width], amount: Word[lg(width)], at least one bit -> out: Word[width], which is x / 2**amount rounded
        down; x and out are Signed if arithmetic; so 0, or all bits the sign, for an amount of width or more.

    Raises
    ------
    CircuitError
        If the width is not a whole number of at least 1.

    Examples
    --------
    >>> right_shifter(8)(0b10010110, 3) == 0b00010010
    True
    >>> right_shifter(8, arithmetic=True)(-100, 3)
    -13
    """

    def logical(x: Sequence[Wire], by: int, select: Wire) -> Sequence[Bit]:
        kept = len(x) - by
        return [mux(select, x[at + by], x[at]) if at < kept else and_not(x[at], select) for at in range(len(x))]

    def with_sign(x: Sequence[Wire], by: int, select: Wire) -> Sequence[Bit]:
        return [*(mux(select, x[min(at + by, len(x) - 1)], x[at]) for at in range(len(x) - 1)), x[-1]]

    if arithmetic:
        return _barrel("arithmetic_right_shifter", width, with_sign, signed=True)
    return _barrel("right_shifter", width, logical)


@made_once
def left_rotator(width: int) -> Circuit:
    """Rotate a word left: what leaves above comes in below. A multiplexer a bit and stage.

    Cost: n lg(n) units, depth lg(n).

    lg(n) is log2(n) rounded up.

    Parameters
    ----------
    width : int
        Bits of the word, at least 1.

    Returns
    -------
    Circuit
        x: Word[width], amount: Word[lg(width)], at least one bit -> out: Word[width]. An amount of width or more turns
        the word round more than once: it counts modulo width.

    Raises
    ------
    CircuitError
        If the width is not a whole number of at least 1.

    Examples
    --------
    >>> left_rotator(8)(0b10010110, 3) == 0b10110100
    True
    """
    return _rotator("left_rotator", width, -1)


@made_once
def right_rotator(width: int) -> Circuit:
    """Rotate a word right: what leaves below comes in above. A multiplexer a bit and stage.

    Cost: n lg(n) units, depth lg(n).

    lg(n) is log2(n) rounded up.

    Parameters
    ----------
    width : int
        Bits of the word, at least 1.

    Returns
    -------
    Circuit
        x: Word[width], amount: Word[lg(width)], at least one bit -> out: Word[width]. An amount of width or more turns
        the word round more than once: it counts modulo width.

    Raises
    ------
    CircuitError
        If the width is not a whole number of at least 1.

    Examples
    --------
    >>> right_rotator(8)(0b10010110, 3) == 0b11010010
    True
    """
    return _rotator("right_rotator", width, 1)


def _rotator(kind: str, width: int, direction: int) -> Circuit:
    def stage(x: Sequence[Wire], by: int, select: Wire) -> Sequence[Bit]:
        if by % len(x) == 0:
            return x
        return [mux(select, x[(at + direction * by) % len(x)], x[at]) for at in range(len(x))]

    return _barrel(kind, width, stage)
