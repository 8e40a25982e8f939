"""Every part of the library against Python's integers: exhaustively where it is small, else on drawn values."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import circuits as c
from circuits.alu import OPERATIONS
from circuits.library import CATALOGUE

EXHAUSTIVE_BITS = 16


@dataclass(frozen=True)
class Case:
    """A part, its options, and what it must answer: `expected(width, *values)` is a number or a tuple of numbers."""

    make: Callable[..., c.Circuit]
    expected: Callable[..., object]
    options: dict[str, object] = field(default_factory=dict)
    widths: tuple[int, ...] = tuple(range(1, 17))
    wide: tuple[int, ...] = (32, 64)

    def __str__(self) -> str:
        options = (f"{key}={getattr(value, '__name__', value)}" for key, value in self.options.items())
        return "-".join([self.make.__name__, *options])

    def part(self, width: int) -> c.Circuit:
        return self.make(width, **self.options)


def wrapped(value, width):
    """The value modulo 2**width, in two's complement."""
    value %= 1 << width
    return value - (1 << width) if value >> (width - 1) else value


def divided(width, x, y):
    """As RISC-V divides unsigned numbers."""
    return divmod(x, y) if y else ((1 << width) - 1, x)


def divided_signed(width, x, y):
    """As RISC-V divides signed numbers."""
    if not y:
        return -1, x
    quotient = abs(x) // abs(y) * (1 if (x < 0) == (y < 0) else -1)
    return wrapped(quotient, width), x - quotient * y


def rotated(x, by, width):
    """Rotated left."""
    by %= width
    return (x << by | x >> (width - by)) & ((1 << width) - 1)


def gray_decoded(_, code):
    number = 0
    while code:
        number ^= code
        code >>= 1
    return number


def highest(x):
    return max(x.bit_length() - 1, 0)


def ored(numbers):
    total = 0
    for number in numbers:
        total |= number
    return total


def hack(width, x, y, zx, nx, zy, ny, f, no):
    """As the book The Elements of Computing Systems defines it."""
    mask = (1 << width) - 1
    x = 0 if zx else x
    x = x ^ mask if nx else x
    y = 0 if zy else y
    y = y ^ mask if ny else y
    out = (x + y if f else x & y) & mask
    out = out ^ mask if no else out
    return out, int(out == 0), out >> (width - 1)


def computed(width, a, b, op):
    """As the numbers say, with two's complement where a sign is asked for."""
    mask = (1 << width) - 1
    signed_a, signed_b = wrapped(a, width), wrapped(b, width)
    name = OPERATIONS[op]
    subtracts = name in ("sub", "slt", "sltu")
    exact = signed_a - signed_b if subtracts else signed_a + signed_b
    out = {
        "add": a + b,
        "sub": a - b,
        "slt": int(signed_a < signed_b),
        "sltu": int(a < b),
        "xor": a ^ b,
        "nor": ~(a | b),
        "or": a | b,
        "and": a & b,
    }[name] & mask
    carry = int(a >= b) if subtracts else int(a + b > mask)
    overflow = int(exact != wrapped(exact, width))
    return (out, int(out == 0), carry, overflow) if name == "add" or subtracts else (out, int(out == 0), 0, 0)


def product(_, a, b):
    return a * b


def total(_, *numbers):
    return sum(numbers)


def odd(_, x):
    return x.bit_count() & 1


def sorted_words(_, *words):
    return tuple(sorted(words))


SIGNED = {"signed": True}
BY_ADDRESS = {"widths": tuple(range(1, 7)), "wide": (8,)}
SLOW = {"wide": (32,)}
CASES = [
    Case(c.ripple_carry_adder, total),
    Case(c.threshold_ripple_carry_adder, total),
    Case(c.carry_select_adder, total),
    Case(c.carry_lookahead_adder, total),
    Case(c.kogge_stone_adder, total),
    Case(c.brent_kung_adder, total),
    Case(c.depth_two_adder, total),
    Case(c.carry_save_adder, lambda _, x, y, z: (x ^ y ^ z, x & y | x & z | y & z)),
    *(Case(c.multi_operand_adder, total, {"operands": count}) for count in (2, 3, 4, 7)),
    Case(c.subtractor, lambda n, a, b: ((a - b) % (1 << n), int(a < b))),
    Case(c.negator, lambda n, x: wrapped(-x, n)),
    Case(c.absolute, lambda _, x: abs(x)),
    *(
        Case(make, expected, options)
        for make, expected in (
            (c.less, lambda _, a, b: int(a < b)),
            (c.chain_less, lambda _, a, b: int(a < b)),
            (c.comparator, lambda _, a, b: (int(a < b), int(a == b), int(a > b))),
            (c.minimum, lambda _, a, b: min(a, b)),
            (c.maximum, lambda _, a, b: max(a, b)),
        )
        for options in ({}, SIGNED)
    ),
    Case(c.equal, lambda _, a, b: int(a == b)),
    Case(c.threshold_equal, lambda _, a, b: int(a == b)),
    *(
        Case(make, product, options, **SLOW)
        for make in (c.array_multiplier, c.wallace_multiplier, c.dadda_multiplier, c.threshold_multiplier)
        for options in ({}, SIGNED)
    ),
    Case(c.dadda_multiplier, product, {"adder": c.ripple_carry_adder}, widths=(1, 2, 5, 8), wide=()),
    Case(c.booth_multiplier, product, **SLOW),
    Case(c.squarer, lambda _, x: x * x, **SLOW),
    Case(c.divider, divided, **SLOW),
    Case(c.divider, divided_signed, SIGNED, **SLOW),
    Case(c.square_root, lambda _, x: (math.isqrt(x), x - math.isqrt(x) ** 2)),
    Case(c.left_shifter, lambda n, x, by: (x << by) % (1 << n)),
    Case(c.right_shifter, lambda _, x, by: x >> by),
    Case(c.right_shifter, lambda _, x, by: x >> by, {"arithmetic": True}),
    Case(c.left_rotator, lambda n, x, by: rotated(x, by, n)),
    Case(c.right_rotator, lambda n, x, by: rotated(x, -by, n)),
    Case(c.decoder, lambda _, at: 1 << at, **BY_ADDRESS),
    Case(c.demultiplexer, lambda _, bit, at: bit << at, **BY_ADDRESS),
    Case(c.multiplexer, lambda _, lines, at: lines >> at & 1, **BY_ADDRESS),
    Case(c.encoder, lambda n, lines: ored(at for at in range(1 << n) if lines >> at & 1), **BY_ADDRESS),
    *(Case(c.word_multiplexer, lambda _, *xs: xs[xs[-1]], {"ways": ways}) for ways in (2, 4)),
    Case(c.priority_encoder, lambda _, lines: (highest(lines), int(lines > 0))),
    *(Case(make, odd) for make in (c.parity_chain, c.parity_tree, c.threshold_parity, c.skipping_parity)),
    *(Case(make, lambda _, x: x.bit_count()) for make in (c.popcount, c.threshold_popcount, c.compact_popcount)),
    Case(c.majority_vote, lambda n, x: int(2 * x.bit_count() > n)),
    Case(c.leading_zeros, lambda n, x: n - x.bit_length()),
    *(Case(make, lambda _, x: (1 << x.bit_count()) - 1) for make in (c.sorting_network, c.threshold_sorter)),
    *(Case(c.word_sorting_network, sorted_words, {"count": count}) for count in (1, 2, 3, 4, 5)),
    Case(c.word_sorting_network, sorted_words, SIGNED),
    Case(c.gray_encoder, lambda _, x: x ^ x >> 1),
    Case(c.gray_decoder, gray_decoded),
    Case(c.bcd_encoder, lambda _, x: int(str(x), 16)),
    Case(c.hack_alu, hack),
    Case(c.general_alu, computed),
]
every_case = pytest.mark.parametrize("case", CASES, ids=str)


def span(port):
    """The least and the greatest number that a port takes."""
    width = port.width or 1
    return (-(1 << width - 1), (1 << width - 1) - 1) if port.signed else (0, (1 << width) - 1)


def agree(case, width, rows):
    """The part answers as Python does, for rows of values."""
    expected = [case.expected(width, *row) for row in rows]
    wide = any((port.width or 1) > 62 for port in case.part(width).inputs)
    found = case.part(width)(*np.array(rows, dtype=object if wide else np.int64).T)
    columns = [column.tolist() for column in found] if isinstance(found, c.Results) else [found.tolist()]
    answers = list(zip(*columns, strict=True)) if isinstance(expected[0], tuple) else columns[0]
    assert expected == answers


@lru_cache
def all_values(spans):
    """Every row of values in these ranges."""
    return list(itertools.product(*(range(low, high + 1) for low, high in spans)))


@every_case
def test_small_parts_for_all_values(case):
    for width in case.widths:
        ports = case.part(width).inputs
        if sum(port.width or 1 for port in ports) > EXHAUSTIVE_BITS:
            break
        agree(case, width, all_values(tuple(map(span, ports))))


@every_case
@settings(max_examples=20)
@given(data=st.data())
def test_parts_for_drawn_values(case, data):
    width = data.draw(st.sampled_from(case.widths), label="width")
    row = st.tuples(*(st.integers(*span(port)) for port in case.part(width).inputs))
    rows = data.draw(st.lists(row, min_size=1, max_size=20), label="rows")
    agree(case, width, rows)


@every_case
def test_wide_parts_for_random_values(case):
    """All corners, and numbers of all magnitudes."""
    rng = np.random.default_rng(0)
    for width in case.wide:
        spans = [span(port) for port in case.part(width).inputs]
        corners = itertools.product(*({low, low + 1, high - 1, high, max(low, 0)} for low, high in spans))
        rows = list(itertools.islice(corners, 300))
        for _ in range(100):
            numbers = [int.from_bytes(rng.bytes(32), "little") >> int(rng.integers(256)) for _ in spans]
            pairs = zip(numbers, spans, strict=True)
            rows.append(tuple(low + (x - low) % (high - low + 1) for x, (low, high) in pairs))
        agree(case, width, rows)


def test_every_part_has_a_case():
    named = {case.make.__name__ for case in CASES}
    made = {part.__name__ for parts in CATALOGUE.values() for part in parts if not isinstance(part, c.Circuit)}
    assert made == named


SEGMENTS = ["abcdef", "bc", "abdeg", "abcdg", "bcfg", "acdfg", "acdefg", "abc", "abcdefg", "abcdfg", *[""] * 6]


def test_seven_segments():
    for digit, lit in enumerate(SEGMENTS):
        assert c.seven_segments(digit) == {segment: int(segment in lit) for segment in "abcdefg"}


@pytest.mark.parametrize("ways", [3, 5, 6, 7])
def test_a_multiplexer_of_any_number_of_ways(ways):
    part = c.word_multiplexer(8, ways)
    words = [10 + way for way in range(ways)]
    assert [part(*words, way) for way in range(ways)] == words
    for beyond in range(ways, 1 << (ways - 1).bit_length()):
        assert part(*words, beyond) in words


@pytest.mark.slow
@pytest.mark.parametrize("case", [case for case in CASES if case.wide == (32,)], ids=str)
def test_wide_multipliers_and_dividers(case):
    rng = np.random.default_rng(0)
    spans = [span(port) for port in case.part(64).inputs]
    numbers = [[int.from_bytes(rng.bytes(8), "little") for _ in spans] for _ in range(200)]
    agree(case, 64, [tuple(low + x for x, (low, _) in zip(row, spans, strict=True)) for row in numbers])
