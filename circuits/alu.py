"""Arithmetic logic units: the one of the Hack computer, and a general one of eight operations."""

from __future__ import annotations

from circuits.definition import Circuit
from circuits.gates import nor, xor
from circuits.multiplexers import recognized
from circuits.parts import Bit, and_not, made_once, part, perceptron, whole
from circuits.wires import Wire, Word

HACK_CONTROLS = ("zx", "nx", "zy", "ny", "f", "no")
OPERATIONS = ("add", "sub", "slt", "sltu", "xor", "nor", "or", "and")  # numbered as RISC-V has them, where it has them


@made_once
def hack_alu(width: int = 16) -> Circuit:
    """The ALU of the Hack computer of N. Nisan and S. Schocken, The Elements of Computing Systems (nand2tetris).

    Cost: 7 n + 1 units, depth n + 5.

    Six bits say what is done, in this order: zx makes x 0, nx complements x, zy and ny do so to y, f says x + y (1) or
    x & y (0), and no complements the result. The addition and the conjunction are the same two perceptrons a bit: f
    lets carries arise, and where there is none, the sum needs both bits.

    Parameters
    ----------
    width : int, default 16
        Bits of each operand, at least 1.

    Returns
    -------
    Circuit
        x, y: Word[width], zx, nx, zy, ny, f, no -> out: Word[width]; zr, 1 if out is 0; ng, 1 if out is negative in
        two's complement.

    Raises
    ------
    CircuitError
        If the width is not a whole number of at least 1.

    Examples
    --------
    >>> hack_alu()(x=20, y=3, zx=0, nx=1, zy=0, ny=0, f=1, no=1)  # x - y
    Results(out=17, zr=0, ng=0)
    """
    whole(width, 1, "the width of an ALU")

    def body(x: Word, y: Word, zx: Wire, nx: Wire, zy: Wire, ny: Wire, f: Wire, no: Wire) -> dict[str, Word | Wire]:
        carry: Bit = 0
        bits = []
        for place in range(width):
            a = xor(and_not(x[place], zx, f"x{place}"), nx, name=f"a{place}")
            b = xor(and_not(y[place], zy, f"y{place}"), ny, name=f"b{place}")
            pins = [(a, 2), (b, 2), (carry, 2), (f, 2)]
            carry = perceptron(-5, pins, f"carry{place + 1}")
            bits.append(xor(perceptron(-3, [*pins, (carry, -4)], f"sum{place}"), no))
        return {"out": Word(bits), "zr": nor(*bits), "ng": bits[-1]}

    words = {"x": width, "y": width}
    return part("hack_alu", width, f"The Hack ALU of {width} bits.", words | dict.fromkeys(HACK_CONTROLS), body)


@made_once
def general_alu(width: int) -> Circuit:
    """Eight operations on two words: add, subtract, set on less (signed and unsigned), xor, nor, or, and.

    Cost: 5 n + 10 units, depth n + 6.

    A bit takes five units. Its sum is a perceptron that also gives OR and AND where no carries are let through (AND
    has the higher threshold); one more unit flips the OR of both bits to XOR or NOR, and sets the lowest bit on less.

    Parameters
    ----------
    width : int
        Bits of each operand, at least 1.

    Returns
    -------
    Circuit
        a, b: Word[width], op: Word[3] -> out: Word[width], zero, carry, overflow. The operation is the number in
        `OPERATIONS`: 0 add, 1 sub, 2 slt, 3 sltu (out is 1 if a < b, else 0), 4 xor, 5 nor, 6 or, 7 and. `zero` is 1 if
        out is 0. `carry` is the carry out of a + b, or for sub, slt and sltu of a + ~b + 1, where it is 1 if a >= b
        unsigned. `overflow` is 1 if the sum or difference does not fit two's complement. For the others both are 0.

    Raises
    ------
    CircuitError
        If the width is not a whole number of at least 1.

    Examples
    --------
    >>> general_alu(8)(100, 50, OPERATIONS.index("add"))
    Results(out=150, zero=0, carry=0, overflow=1)
    >>> general_alu(8)(100, 50, OPERATIONS.index("sub")).out, general_alu(8)(100, 200, OPERATIONS.index("slt")).out
    (50, 0)
    """
    whole(width, 1, "the width of an ALU")

    def body(a: Word, b: Word, op: Word) -> dict[str, Word | Bit]:
        control = _Control(op)
        carry: Bit = control.subtract
        into: Bit = carry
        sums, both = [], []
        for place in range(width):
            operand = xor(b[place], control.subtract, name=f"b{place}")
            into = carry
            pins = [(a[place], 2), (operand, 2), (into, 2)]
            carry = perceptron(-3, [*pins, (op[2], -2)], f"carry{place + 1}")  # none in the logical operations
            sums.append(perceptron(-1, [*pins, (carry, -4), (control.stricter, -2)], f"sum{place}"))
            both.append([(a[place], 2), (b[place], 2), (control.xor, 2), (control.nor, 6)])
        top = [(a[-1], 2), (operand, 2), (into, -2)]  # the sign bits change places, as in a signed comparison
        below = perceptron(-5, [*top, (control.signed_less, 4)], "signed_less")
        under = and_not(control.unsigned_less, carry, "unsigned_less")
        both[0] += [(below, 6), (under, 6)]
        flips = [perceptron(-5, pins, f"flip{place}") for place, pins in enumerate(both)]
        bits = [xor(bit, flip) for bit, flip in zip(sums, flips, strict=True)]
        return {"out": Word(bits), "zero": nor(*bits), "carry": carry, "overflow": xor(carry, into)}

    return part("general_alu", width, f"An ALU of {width} bits.", {"a": width, "b": width, "op": 3}, body)


class _Control:
    """What the operation says, one perceptron each."""

    def __init__(self, op: Word):
        low, middle, high = op
        self.subtract = perceptron(-1, [(low, 2), (middle, 2), (high, -4)], "subtract")  # sub, slt, sltu
        self.stricter = perceptron(-3, [(middle, 4), (high, -2), (low, 2)], "stricter")  # slt, sltu, and
        self.signed_less = recognized(OPERATIONS.index("slt"), op, name="is_slt")
        self.unsigned_less = recognized(OPERATIONS.index("sltu"), op, name="is_sltu")
        self.xor = recognized(OPERATIONS.index("xor"), op, name="is_xor")
        self.nor = recognized(OPERATIONS.index("nor"), op, name="is_nor")
