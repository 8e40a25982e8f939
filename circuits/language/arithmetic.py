"""Arithmetic over bits: the sums, comparisons and shifts behind the operators of wires and words.

A number here is its bits, wires or the constants 0 and 1, least significant first, and whether the last one counts
negative (two's complement). Every function takes numbers of any widths and gives a number with room for every value.
Constants cost nothing where they decide nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from circuits import cells
from circuits.errors import CircuitError

if TYPE_CHECKING:
    from circuits.language.bits import Wire
    from circuits.language.scope import Scope

NAND = cells.nand(2)
MOST_SHIFT_BITS = 6


class Number(NamedTuple):
    """Bits, least significant first, and whether they are read in two's complement."""

    bits: Sequence[Wire | int]
    signed: bool


def number(value: int, width: int | None = None) -> Number:
    """A whole number as constants: as many as it needs, or `width`.

    Raises
    ------
    CircuitError
        If it does not fit.
    """
    signed = value < 0
    needed = (~value).bit_length() + 1 if signed else max(1, value.bit_length())
    if width is not None and needed > width:
        raise CircuitError(f"{value} needs {needed} bits, but there are {width}")
    return Number([value >> place & 1 for place in range(width or needed)], signed)


def extended(a: Number, width: int) -> list[Wire | int]:
    """The bits with the sign, or zeros, up to a width."""
    fill = a.bits[-1] if a.signed else 0
    return [*a.bits, *[fill] * (width - len(a.bits))]


def add(scope: Scope, a: Number, b: Number, part: str | None = None) -> Number:
    """a + b: max(n, m) + 1 bits, n and m being the widths (an unsigned one beside a signed one counts a bit more).

    The chapter's NAND adders: 9 units a bit, 5 where one side has no bit or there is no carry yet.
    """
    a, b = _alike(a, b)
    width = max(len(a.bits), len(b.bits)) + a.signed  # signed: the carry of one place more is dropped
    part = part or scope.next_part("add")
    carry: Wire | int = 0
    bits = []
    for place, (x, y) in enumerate(zip(extended(a, width), extended(b, width), strict=True)):
        total, carry = _sum(scope, f"{part}.{{}}{place}", (x, y, carry), last=a.signed and place == width - 1)
        bits.append(total)
    return Number(bits if a.signed else [*bits, carry], a.signed)


def subtract(scope: Scope, a: Number, b: Number, part: str | None = None) -> Number:
    """a - b, signed: max(n, m) + 1 bits, counted as for a sum. 9 NANDs a bit, 5 where there is no borrow yet."""
    a, b = _alike(a, b)
    width = max(len(a.bits), len(b.bits)) + a.signed
    part = part or scope.next_part("sub")
    borrow: Wire | int = 0
    bits = []
    for place, (x, y) in enumerate(zip(extended(a, width), extended(b, width), strict=True)):
        name = f"{part}.{{}}{place}"
        difference, borrow = _difference(scope, name, x, (y, borrow), last=a.signed and place == width - 1)
        bits.append(difference)
    return Number(bits if a.signed else [*bits, borrow], True)


def multiply(scope: Scope, a: Number, b: Number) -> Number:
    """a * b: n + m bits. n m products (one AND each) and n - 1 sums; the row of a sign is subtracted."""
    if _constants(b) > _constants(a):  # rows of a constant's zeros cost nothing
        a, b = b, a
    width = len(a.bits) + len(b.bits)
    part = scope.next_part("mul")
    low: list[Wire | int] = []
    rest = Number([0], False)
    for place, bit in enumerate(a.bits):
        negative = a.signed and place == len(a.bits) - 1
        if not (isinstance(bit, int) and bit == 0):
            row = Number([_and(scope, bit, other) for other in b.bits], b.signed)
            rest = (subtract if negative else add)(scope, rest, row, f"{part}.row{place}")
        low.append(rest.bits[0])
        rest = Number(rest.bits[1:], rest.signed) if len(rest.bits) > 1 else Number([_fill(rest)], rest.signed)
    signed = a.signed or b.signed
    return Number(extended(Number([*low, *rest.bits], rest.signed), width)[:width], signed)


def less(scope: Scope, a: Number, b: Number, *, or_equal: bool = False) -> Wire | int:
    """a < b, or a <= b: a chain of one perceptron a bit, the majority of not a, b and the verdict so far."""
    a, b = _alike(a, b)
    width = max(len(a.bits), len(b.bits))
    part = scope.next_part("less")
    verdict: Wire | int = int(or_equal)
    for place, (x, y) in enumerate(zip(extended(a, width), extended(b, width), strict=True)):
        last = place == width - 1
        if a.signed and last:  # a sign counts the other way
            x, y = y, x
        verdict = scope.fire(-1, [(x, -2), (y, 2), (verdict, 2)], None if last else f"{part}.bit{place}")
    return verdict


def equal(scope: Scope, a: Number, b: Number, *, negate: bool = False) -> Wire | int:
    """a == b, or a != b: a table unit a bit and one perceptron over them; against a constant the perceptron alone."""
    a, b = _alike(a, b)
    width = max(len(a.bits), len(b.bits))
    literals: list[tuple[Wire, bool]] = []  # all of them true (or false) where a equals b
    pairs = list(zip(extended(a, width), extended(b, width), strict=True))
    for x, y in pairs:
        if isinstance(x, int):
            x, y = y, x
        if isinstance(x, int):
            if x != y:
                return int(negate)
        elif isinstance(y, int):
            literals.append((x, y == 1))
        else:
            literals.append((scope.add(cells.parity(2, of_none=int(not negate)), [x, y]), not negate))
    if not literals:
        return int(not negate)
    if len(literals) == 1:
        wire, truth = literals[0]
        return wire if truth != negate else ~wire
    if negate:
        bias = 2 * sum(truth for _, truth in literals) - 1
        return scope.fire(bias, [(wire, -2 if truth else 2) for wire, truth in literals])
    return scope.fire(1 - 2 * sum(truth for _, truth in literals), [(w, 2 if truth else -2) for w, truth in literals])


def magnitude(scope: Scope, a: Number) -> Number:
    """abs(a): n bits, unsigned. A table unit a bit and a row of half adders (5 NANDs each)."""
    if not a.signed:
        return a
    sign = a.bits[-1]
    part = scope.next_part("abs")
    carry: Wire | int = sign
    bits = []
    for place, bit in enumerate(a.bits):
        last = place == len(a.bits) - 1
        flipped = 0 if last else scope.add(cells.parity(2), [bit, sign], f"{part}.flip{place}")
        total, carry = _sum(scope, f"{part}.{{}}{place}", (flipped, carry, 0), last=last)
        bits.append(total)
    return Number(bits, False)


def shift_left(scope: Scope, a: Number, amount: Number) -> Number:
    """a << amount: n + 2**m - 1 bits for m bits of amount. At most one multiplexer a bit and bit of the amount.

    Raises
    ------
    CircuitError
        If the amount is signed, or has more than 6 bits.
    """
    _plain_amount(amount, "<<")
    if len(amount.bits) > MOST_SHIFT_BITS:
        raise CircuitError(
            f"a word is shifted left by a word of {len(amount.bits)} bits, so the result would have "
            f"2**{len(amount.bits)} bits and more; cut it, as in amount[:{MOST_SHIFT_BITS}], or place a left_shifter, "
            "which keeps the width"
        )
    bits = extended(a, len(a.bits) + 2 ** len(amount.bits) - 1)
    part = scope.next_part("shift")
    for stage, select in enumerate(amount.bits):
        shifted = [*[0] * 2**stage, *bits][: len(bits)]
        bits = _stage(scope, f"{part}.s{stage}", select, shifted, bits)
    return Number(bits, a.signed)


def shift_right(scope: Scope, a: Number, amount: Number) -> Number:
    """a >> amount: n bits, rounded down; a signed number keeps its sign. A multiplexer a bit and bit of the amount.

    Raises
    ------
    CircuitError
        If the amount is signed.
    """
    _plain_amount(amount, ">>")
    bits = list(a.bits)
    part = scope.next_part("shift")
    for stage, select in enumerate(amount.bits):
        shifted = [*bits[2**stage :], *[_fill(a)] * min(2**stage, len(bits))]
        bits = _stage(scope, f"{part}.s{stage}", select, shifted, bits)
    return Number(bits, a.signed)


def choose(scope: Scope, select: Wire | int, high: Wire | int, low: Wire | int, name: str | None = None) -> Wire | int:
    """`high` where `select` is 1, else `low`: a table unit, or a perceptron where one of them is a constant."""
    if isinstance(select, int):
        return high if select else low
    if high is low:
        return high
    if isinstance(high, int) and isinstance(low, int):
        return select if high else scope.add(cells.nor(1), [select], name)
    if isinstance(high, int):
        return scope.fire(-1, [(select, 2 if high else -2), (low, 2)], name)
    if isinstance(low, int):
        return scope.fire(1 if low else -3, [(select, -2 if low else 2), (high, 2)], name)
    return scope.add(cells.mux(), [select, high, low], name)


def _alike(a: Number, b: Number) -> tuple[Number, Number]:
    """Both signed or both unsigned: an unsigned one beside a signed one is given the sign 0."""
    if a.signed == b.signed:
        return a, b
    return (a, _with_sign(b)) if a.signed else (_with_sign(a), b)


def _with_sign(a: Number) -> Number:
    return Number([*a.bits, 0], True)


def _fill(a: Number) -> Wire | int:
    return a.bits[-1] if a.signed else 0


def _constants(a: Number) -> int:
    return sum(isinstance(bit, int) for bit in a.bits)


def _and(scope: Scope, x: Wire | int, y: Wire | int) -> Wire | int:
    """x & y, for an x that is not 0."""
    if isinstance(x, int):
        return y
    if isinstance(y, int):
        return x if y else 0
    return scope.add(cells.and_(2), [x, y])


def _stage(
    scope: Scope, part: str, select: Wire | int, high: Sequence[Wire | int], low: Sequence[Wire | int]
) -> list[Wire | int]:
    return [
        choose(scope, select, one, other, f"{part}.bit{place}")
        for place, (one, other) in enumerate(zip(high, low, strict=True))
    ]


def _plain_amount(amount: Number, sign: str) -> None:
    if amount.signed:
        raise CircuitError(f"a word is shifted with {sign} by a signed word; write amount.unsigned()")


# --- the chapter's adders, bit by bit. `name` has a place for the kind of part: add1.{}3 becomes add1.fa3.


def _sum(scope: Scope, name: str, bits: Sequence[Wire | int], *, last: bool = False) -> tuple[Wire | int, Wire | int]:
    """Sum and carry of up to three bits; `last` leaves out the carry."""
    present = [bit for bit in bits if not (isinstance(bit, int) and bit == 0)]
    if len(present) < 2:
        return (present[0] if present else 0), 0
    part = name.format("ha" if len(present) == 2 else "fa")
    total, left, _ = _exclusive(scope, part, present[0], present[1], final=len(present) == 2)
    if len(present) == 2:
        return total, 0 if last else scope.add(NAND, [left, left], f"{part}.carry")
    total, right, _ = _exclusive(scope, part, total, present[2], final=True, first=5)
    return total, 0 if last else scope.add(NAND, [left, right], f"{part}.carry")


def _difference(
    scope: Scope, name: str, x: Wire | int, taken: Sequence[Wire | int], *, last: bool = False
) -> tuple[Wire | int, Wire | int]:
    """Difference and borrow of a bit less up to two bits; `last` leaves out the borrow.

    A borrow is x = 0 and y = 1, the negation of the third NAND of x ^ y.
    """
    present = [bit for bit in taken if not (isinstance(bit, int) and bit == 0)]
    if not present:
        return x, 0
    part = name.format("hs" if len(present) == 1 else "fs")
    total, _, kept = _exclusive(scope, part, x, present[0], final=len(present) == 1)
    if len(present) == 1:
        return total, 0 if last else scope.add(NAND, [kept, kept], f"{part}.borrow")
    total, _, other = _exclusive(scope, part, total, present[1], final=True, first=5)
    return total, 0 if last else scope.add(NAND, [kept, other], f"{part}.borrow")


def _exclusive(
    scope: Scope, part: str, x: Wire | int, y: Wire | int, *, final: bool, first: int = 1
) -> tuple[Wire, Wire, Wire]:
    """x ^ y of four NANDs, with the first of them (not both) and the third (not y alone)."""
    both = scope.add(NAND, [x, y], f"{part}.n{first}")
    upper = scope.add(NAND, [x, both], f"{part}.n{first + 1}")
    lower = scope.add(NAND, [y, both], f"{part}.n{first + 2}")
    return scope.add(NAND, [upper, lower], f"{part}.sum" if final else f"{part}.n{first + 3}"), both, lower
