"""Adders: the chapter's in NAND gates, and the same sums in threshold units, where a full adder takes two."""

from __future__ import annotations

from circuits.definition import Circuit, circuit
from circuits.gates import and_, majority, nand
from circuits.parts import made_once, part
from circuits.wires import Wire, Word, WordType
from perceptron import Unit


@circuit
def half_adder(x1: Wire, x2: Wire) -> dict[str, Wire]:
    """Add two bits: `sum` is their exclusive or and `carry` their product, in the chapter's NAND form.

    Cost: 5 units, depth 3. Ten edges have the weight -2. The leftmost NAND is used twice as the input of the last one.
    """
    left = nand(x1, x2)
    return {"sum": nand(nand(x1, left), nand(x2, left)), "carry": nand(left, left)}


@circuit
def full_adder(a: Wire, b: Wire, carry_in: Wire) -> dict[str, Wire]:
    """Add three bits in NAND gates. Cost: 9 units, depth 6."""
    left = nand(a, b)
    either = nand(nand(a, left), nand(b, left))
    right = nand(either, carry_in)
    return {"sum": nand(nand(either, right), nand(carry_in, right)), "carry": nand(left, right)}


def _sum_bit(carry: Wire, *bits: Wire) -> Wire:
    """The low bit of a count of bits whose `carry` says whether it is at least 2: bits weigh 2, the carry -4."""
    scope = carry.scope
    fanin = [*((scope.wire(bit).node, 2) for bit in bits), (carry.node, -4)]
    return Wire(scope, scope.builder.add(Unit(-1), fanin, None))


@circuit
def threshold_half_adder(x1: Wire, x2: Wire) -> dict[str, Wire]:
    """Add two bits in perceptrons of unequal weights. Cost: 2 units, depth 2."""
    carry = and_(x1, x2)
    return {"sum": _sum_bit(carry, x1, x2), "carry": carry}


@circuit
def threshold_full_adder(a: Wire, b: Wire, carry_in: Wire) -> dict[str, Wire]:
    """Add three bits in perceptrons: the carry is their majority, and the sum weighs it -4. Cost: 2 units, depth 2."""
    carry = majority(a, b, carry_in)
    return {"sum": _sum_bit(carry, a, b, carry_in), "carry": carry}


def ripple_carry_adder(width: int) -> Circuit:
    """An adder of two words in NAND gates: `sum` is a + b, with one bit more.

    Cost: 9 n - 4 units, depth 2 n + 2 (n = 1: 3).

    A half adder (5) and n - 1 full adders (9 each), n being the width.

    Parameters
    ----------
    width : int
        Bits of each operand, at least 1.

    Raises
    ------
    CircuitError
        If the width is not a whole number of at least 1.

    Examples
    --------
    >>> ripple_carry_adder(8)(200, 100)
    300
    """
    return _ripple(width, half_adder, full_adder, "ripple_carry_adder")


def threshold_ripple_carry_adder(width: int) -> Circuit:
    """An adder of two words in perceptrons: `sum` is a + b, with one bit more.

    Cost: 2 n units, depth n + 1.

    Parameters
    ----------
    width : int
        Bits of each operand, at least 1.

    Raises
    ------
    CircuitError
        If the width is not a whole number of at least 1.

    Examples
    --------
    >>> threshold_ripple_carry_adder(8)(200, 100)
    300
    """
    return _ripple(width, threshold_half_adder, threshold_full_adder, "threshold_ripple_carry_adder")


@made_once
def _ripple(width: int, first: Circuit, other: Circuit, kind: str) -> Circuit:
    word = WordType(width, signed=False)

    def body(a: Word, b: Word) -> dict[str, Word]:
        total, carry = first(a[0], b[0], name="ha0")
        bits = [total]
        for place in range(1, width):
            total, carry = other(a[place], b[place], carry, name=f"fa{place}")
            bits.append(total)
        return {"sum": Word([*bits, carry])}

    return part(kind, width, f"Add two words of {width} bits.", {"a": word, "b": word}, body)
