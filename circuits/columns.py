"""Columns: many bits of equal significance added up by full and half adders, as multipliers do.

    column  2  1  0                     column  3  2  1  0
            a  a  a      one stage              s  s  s  s        until no column holds more than two bits;
            b  b  b   ==============>           c  c  c           then one adder of two words
            c  c

A column is a list of bits; the plain number 1 among them costs nothing, for it moves into a unit's bias.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from circuits.definition import Circuit
from circuits.gates import not_, xor
from circuits.parts import Bit, at_least, perceptron
from circuits.wires import Wire, Word

Columns = list[list[Bit]]


def add_bits(bits: Sequence[Bit], name: str) -> tuple[Bit, Bit]:
    """(sum, carry) of two or three bits in two perceptrons; fewer where some are the number 1.

    The carry is 1 for at least two ones, and the sum weighs it -4.
    """
    wires = [bit for bit in bits if isinstance(bit, Wire)]
    ones = sum(bit for bit in bits if not isinstance(bit, Wire))
    if not wires:
        return ones & 1, ones >> 1
    if not ones and len(wires) == 1:
        return wires[0], 0
    if len(wires) == 1:
        return (wires[0], 1) if ones == 2 else (not_(wires[0], name=f"{name}.sum"), wires[0])
    carry = at_least(2, bits, f"{name}.carry")
    return perceptron(-1, [*((bit, 2) for bit in bits), (carry, -4)], f"{name}.sum"), carry


def count_bits(bits: Sequence[Bit], name: str) -> list[Bit]:
    """The number of ones in binary, lowest first: one perceptron a bit.

    From the highest bit down, each reads all bits and the bits of the count above it: bit k is 1 if the number less
    what the higher bits say is at least 2**k (W. H. Kautz, 1961).
    """
    if len(bits) < 2:
        return list(bits) or [0]
    count: list[Bit] = []
    said: list[tuple[Bit, int]] = []
    for place in reversed(range(len(bits).bit_length())):
        bit = perceptron(1 - (2 << place), [*((bit, 2) for bit in bits), *said], f"{name}{place}")
        said.append((bit, -2 << place))
        count.insert(0, bit)
    return count


class Adders:
    """Places full and half adders, and names them fa1, fa2, ... and ha1, ha2, ...

    Attributes
    ----------
    full, half : int
        How many there are.
    """

    def __init__(self) -> None:
        self.full = self.half = 0

    def __call__(self, bits: Sequence[Bit]) -> tuple[Bit, Bit]:
        """(sum, carry) of two or three bits."""
        if len(bits) == 3:
            self.full += 1
            return add_bits(bits, f"fa{self.full}")
        self.half += 1
        return add_bits(bits, f"ha{self.half}")


def dadda(columns: Columns, adders: Adders) -> Columns:
    """At most two bits a column, by Dadda's rule: every stage does as little as the number of stages allows.

    The heights after the stages are, from the last one back, 2, 3, 4, 6, 9, 13, ... (L. Dadda, 1965).
    """
    heights = [2]
    while heights[-1] < max(map(len, columns)):
        heights.append(heights[-1] * 3 // 2)
    for height in reversed(heights):

        def excess(waiting: int, arrived: int, height: int = height) -> int:
            return waiting + arrived - height

        columns = _stage(columns, adders, excess)
    return columns


def wallace(columns: Columns, adders: Adders) -> Columns:
    """At most two bits a column, by Wallace's rule: every stage adds every group of three bits.

    Two bits that are left over are added only where the stage would end too high otherwise; that saves most of the
    half adders (C. S. Wallace, 1964; the saving by R. S. Waters and E. E. Swartzlander, 2010).
    """
    while (height := max(map(len, columns))) > 2:
        target = height // 3 * 2 + height % 3

        def excess(waiting: int, arrived: int, target: int = target) -> int:
            whole = waiting // 3
            spared = waiting % 3 == 2 and waiting - 2 * whole + arrived > target
            return 2 * whole + spared

        columns = _stage(columns, adders, excess)
    return columns


def _stage(columns: Columns, adders: Adders, excess: Callable[[int, int], int]) -> Columns:
    """One stage: from each column, excess(its bits, the carries that arrived beside them) bits are taken away."""
    after: Columns = [[] for _ in range(len(columns) + 1)]
    for place, column in enumerate(columns):
        waiting, surplus = list(column), excess(len(column), len(after[place]))
        while surplus > 0 and len(waiting) > 1:
            taken = 3 if surplus > 1 and len(waiting) > 2 else 2
            total, carry = adders(waiting[:taken])
            del waiting[:taken]
            surplus -= taken - 1
            for to, bit in ((place, total), (place + 1, carry)):
                if isinstance(bit, Wire) or bit:
                    after[to].append(bit)
        after[place] += waiting
    return after if after[-1] else after[:-1]


def add_rows(columns: Columns, width: int, adder: Callable[[int], Circuit]) -> Word:
    """The number of `width` bits that columns of at most two bits make; bits beyond are dropped."""
    columns = [*columns, *([] for _ in range(width - len(columns)))][:width]
    first = next((place for place, column in enumerate(columns) if len(column) > 1), width)
    last = max((place for place, column in enumerate(columns) if len(column) > 1), default=-1)
    total: list[Bit] = [column[0] if column else 0 for column in columns[:first]]
    carry: Bit = 0
    if first <= last:
        span = columns[first : last + 1]
        rows = [Word([column[row] if row < len(column) else 0 for column in span]) for row in (0, 1)]
        *low, carry = adder(len(span))(*rows, name="adder")
        total += low
    for place in range(len(total), width):  # one bit and a carry, no more
        bits = [bit for bit in (*columns[place], carry) if isinstance(bit, Wire) or bit]
        if place == width - 1 and len(bits) == 2:  # the carry out is dropped
            total.append(xor(*bits))
        else:
            bit, carry = add_bits(bits, f"top{place}")
            total.append(bit)
    return Word(total)
