"""Adders that do not wait for the carry: carry-select, carry-lookahead, and the prefix adders of two shapes.

All are perceptrons throughout. What they share: the carry into bit i + 1 is g | (p & carry into bit i), where g = a & b
generates a carry and p = a | b lets one through; that is one perceptron, of weights 4, 2, 2. And where both carries of
a place are known, its sum is one perceptron more, a + b + carry in - 2 carry out.
"""

from __future__ import annotations

from collections.abc import Callable

from circuits.columns import Adders, add_bits, add_rows, dadda
from circuits.definition import Circuit
from circuits.parts import Bit, and_or, at_least, made_once, part, perceptron, whole
from circuits.wires import Wire, Word

Carries = Callable[[Word, Word], list[Wire]]


def sum_bits(a: Word, b: Word, carries: list[Wire]) -> Word:
    """a + b, one bit more, where `carries` are those out of every place: one perceptron a bit."""
    into: list[Bit] = [0, *carries[:-1]]
    bits = [
        perceptron(-1, [(a[place], 2), (b[place], 2), (into[place], 2), (carries[place], -4)])
        for place in range(len(a))
    ]
    return Word([*bits, carries[-1]])


def _adder(name: str, width: int, carries: Carries) -> Circuit:
    whole(width, 1, "the width of an adder")

    def body(a: Word, b: Word) -> dict[str, Word]:
        return {"sum": sum_bits(a, b, carries(a, b))}

    return part(name, width, f"Add two words of {width} bits.", {"a": width, "b": width}, body)


def generate_propagate(a: Word, b: Word) -> tuple[list[Wire], list[Wire | None]]:
    """g = a & b and p = a | b of every place; nothing passes through the lowest, which needs no p."""
    generate = [at_least(2, pair, f"g{place}") for place, pair in enumerate(zip(a, b, strict=True))]
    propagate = [at_least(1, (a[place], b[place]), f"p{place}") if place else None for place in range(len(a))]
    return generate, propagate


# --- carry-select


@made_once
def carry_select_adder(width: int) -> Circuit:
    """An adder in blocks of 2, 2, 3, 4, 5, ... bits, each with its carries for both values of the carry into it.

    Cost: 4 n - 4 units (n = 1: 2), depth ceil(sqrt(2 n - 7 / 4) + 3 / 2).

    When the carry into a block is known, one perceptron a bit selects: carry if there was none | (carry if there was
    one & carry in). Each block is one bit longer than the one before, so that its own carries are ready just then
    (O. J. Bedrij, 1962).

    Parameters
    ----------
    width : int
        Bits of each operand, at least 1.

    Returns
    -------
    Circuit
        a, b: Word[width] -> sum: Word[width + 1].

    Raises
    ------
    CircuitError
        If the width is not a whole number of at least 1.

    Examples
    --------
    >>> carry_select_adder(8)(200, 100)
    300
    """
    return _adder("carry_select_adder", width, _selected)


def _selected(a: Word, b: Word) -> list[Wire]:
    carries: list[Wire] = []
    place, size = 0, 2
    while place < len(a):
        end = min(place + size, len(a))
        if place == 0:
            for at in range(end):
                carries.append(at_least(2, [a[at], b[at], *carries[-1:]], f"c{at + 1}"))
        else:
            into = carries[-1]
            zero: list[Wire] = []  # the carries if none comes in
            one: list[Wire] = []  # the carries if one comes in; at least as many
            for at in range(place, end):
                zero.append(at_least(2, [a[at], b[at], *zero[-1:]], f"c{at + 1}if0"))
                one.append(at_least(2, [a[at], b[at], one[-1] if one else 1], f"c{at + 1}if1"))
                carries.append(and_or(zero[-1], one[-1], into, f"c{at + 1}"))
            size += 1
        place = end
    return carries


# --- carry-lookahead


@made_once
def carry_lookahead_adder(width: int) -> Circuit:
    """An adder with lookahead in groups of four, groups of groups of four, and so on.

    Cost: 32, 68, 142 units and depth 4, 5, 6 at n = 8, 16, 32.

    The carry out of a group, g3 | p3 (g2 | p2 (g1 | p1 (g0 | p0 c))), is one perceptron of unequal
    weights. It has fewer units than the prefix adders here and less depth (A. Weinberger and J. L. Smith, 1958).

    Parameters
    ----------
    width : int
        Bits of each operand, at least 1.

    Returns
    -------
    Circuit
        a, b: Word[width] -> sum: Word[width + 1].

    Raises
    ------
    CircuitError
        If the width is not a whole number of at least 1.

    Examples
    --------
    >>> carry_lookahead_adder(8)(200, 100)
    300
    """
    return _adder("carry_lookahead_adder", width, lambda a, b: _lookahead(*generate_propagate(a, b), ""))


def nested_carry(generate: list[Wire], propagate: list[Wire | None], into: Wire | None, name: str) -> Wire:
    """The carry out of some places, lowest first, as one perceptron; `into` None where none comes in.

    From h, which fires from a sum of `least` of at most `most`, g | (p & h) needs most + 1: p weighs
    most + 1 - least, and g alone most + 1.
    """
    if into is None:  # the lowest place generates the first carry
        if len(generate) == 1:
            return generate[0]
        into, generate, propagate = generate[0], generate[1:], propagate[1:]
    pins, least, most = [(into, 1)], 1, 1
    for g, p in zip(generate, propagate, strict=True):
        assert p is not None
        pins += [(p, most + 1 - least), (g, most + 1)]
        least, most = most + 1, 3 * most + 2 - least
    return perceptron(1 - 2 * least, [(wire, 2 * weight) for wire, weight in pins], name)


def _lookahead(generate: list[Wire], propagate: list[Wire | None], level: str) -> list[Wire]:
    """The carries out of every place, where none comes into the lowest."""
    count = len(generate)
    if count <= 4:
        ends = range(1, count + 1)
        return [nested_carry(generate[:end], propagate[:end], None, f"c{level}{end}") for end in ends]
    starts = range(0, count, 4)
    group_generate: list[Wire] = []
    group_propagate: list[Wire | None] = []
    for start in starts:
        g, p = generate[start : start + 4], propagate[start : start + 4]
        span = f"{level}{start}to{start + len(g) - 1}"
        group_generate.append(nested_carry(g, p, None, f"g{span}"))
        through = [wire for wire in p if wire is not None]
        if len(p) > 1:
            group_propagate.append(at_least(len(p), through, f"p{span}") if start else None)
        else:
            group_propagate.append(p[0])
    out = _lookahead(group_generate, group_propagate, level + "g")
    carries: list[Wire] = []
    for group, start in enumerate(starts):
        into = out[group - 1] if group else None
        end = min(start + 4, count)
        carries += [
            nested_carry(generate[start:at], propagate[start:at], into, f"c{level}{at}") for at in range(start + 1, end)
        ]
        carries.append(out[group])
    return carries


# --- prefix adders


@made_once
def kogge_stone_adder(width: int) -> Circuit:
    """The prefix adder of least depth: after level k every place knows the 2**k places up to it.

    Cost: 2 n lg(n) + 2 n - 2^(lg(n) + 1) + 2 units, depth lg(n) + 2.

    lg(n) is log2(n) rounded up. Every cell joins a group with the one below it: g | (p & g below) in one perceptron,
    and p & p below in another, where the result does not reach down to bit 0 (P. M. Kogge and H. S. Stone, 1973).

    Parameters
    ----------
    width : int
        Bits of each operand, at least 1.

    Returns
    -------
    Circuit
        a, b: Word[width] -> sum: Word[width + 1].

    Raises
    ------
    CircuitError
        If the width is not a whole number of at least 1.

    Examples
    --------
    >>> kogge_stone_adder(8)(200, 100)
    300
    """
    return _adder("kogge_stone_adder", width, _kogge_stone)


class _Prefix:
    """The groups that end at each place, and the cell that makes them longer."""

    def __init__(self, a: Word, b: Word):
        self.generate, self.propagate = generate_propagate(a, b)
        self.least = list(range(len(a)))  # the lowest place of the group that ends here

    def join(self, place: int, below: int) -> None:
        """Let the group that ends at a place take in the one that ends just below it."""
        p, further = self.propagate[place], self.propagate[below]
        assert p is not None
        self.least[place] = self.least[below]
        span = f"{place}to{self.least[place]}"
        self.generate[place] = and_or(self.generate[place], p, self.generate[below], f"g{span}")
        self.propagate[place] = None if further is None else at_least(2, (p, further), f"p{span}")


def _kogge_stone(a: Word, b: Word) -> list[Wire]:
    groups = _Prefix(a, b)
    step = 1
    while step < len(a):
        for place in range(len(a) - 1, step - 1, -1):  # from above, so that what is below is still of this level
            groups.join(place, place - step)
        step *= 2
    return groups.generate


@made_once
def brent_kung_adder(width: int) -> Circuit:
    """The prefix adder of few cells: a tree up that joins pairs, and a tree down that fills in the places between.

    Cost: 6 n - 2 ones(n) - 2 floor(log2(n)) - 2 units; depth 6, 8, 10 at n = 8, 16, 32.

    ones(n) is the number of ones of n in binary. The depth is 2 log2(n) where n is a power of two from 4 on (R. P.
    Brent and H. T. Kung, 1982).

    Parameters
    ----------
    width : int
        Bits of each operand, at least 1.

    Returns
    -------
    Circuit
        a, b: Word[width] -> sum: Word[width + 1].

    Raises
    ------
    CircuitError
        If the width is not a whole number of at least 1.

    Examples
    --------
    >>> brent_kung_adder(8)(200, 100)
    300
    """
    return _adder("brent_kung_adder", width, _brent_kung)


def _brent_kung(a: Word, b: Word) -> list[Wire]:
    groups = _Prefix(a, b)
    step = 1
    while step < len(a):
        for place in range(2 * step - 1, len(a), 2 * step):
            groups.join(place, place - step)
        step *= 2
    while step > 1:
        step //= 2
        for place in range(3 * step - 1, len(a), 2 * step):
            groups.join(place, place - step)
    return groups.generate


# --- all carries at once


@made_once
def depth_two_adder(width: int) -> Circuit:
    """An adder of depth 2: every carry is one perceptron of all the bits below it.

    Cost: 2 n units, depth 2.

    The carry out of bit i is 1 if the i + 1 lower bits of a and of b add up to 2**(i + 1) or more: bit j weighs 2**j.
    The weights grow with the width, and there are n (n + 5) - 1 edges; the ripple-carry adder of perceptrons has as
    many units, small weights, and a depth that grows (S. Muroga, Threshold Logic and Its Applications, 1971).

    Parameters
    ----------
    width : int
        Bits of each operand, at least 1.

    Returns
    -------
    Circuit
        a, b: Word[width] -> sum: Word[width + 1].

    Raises
    ------
    CircuitError
        If the width is not a whole number of at least 1.

    Examples
    --------
    >>> depth_two_adder(8)(200, 100)
    300
    """

    def carries(a: Word, b: Word) -> list[Wire]:
        return [
            perceptron(1 - (2 << end), [(word[at], 2 << at) for word in (a, b) for at in range(end)], f"c{end}")
            for end in range(1, width + 1)
        ]

    return _adder("depth_two_adder", width, carries)


# --- more than two operands


@made_once
def carry_save_adder(width: int) -> Circuit:
    """Three words become two of the same sum, and no carry runs: a + b + c = sum + 2 carry.

    Cost: 2 n units, depth 2.

    Parameters
    ----------
    width : int
        Bits of each operand, at least 1.

    Returns
    -------
    Circuit
        a, b, c: Word[width] -> sum: Word[width], carry: Word[width].

    Raises
    ------
    CircuitError
        If the width is not a whole number of at least 1.

    Examples
    --------
    >>> carry_save_adder(4)(9, 7, 5)
    Results(sum=11, carry=5)
    """
    whole(width, 1, "the width of an adder")

    def body(a: Word, b: Word, c: Word) -> dict[str, Word]:
        pairs = [add_bits(bits, f"fa{place}") for place, bits in enumerate(zip(a, b, c, strict=True))]
        return {"sum": Word([total for total, _ in pairs]), "carry": Word([carry for _, carry in pairs])}

    ports = dict.fromkeys("abc", width)
    return part("carry_save_adder", width, f"Three words of {width} bits become two.", ports, body)


@made_once
def multi_operand_adder(width: int, operands: int = 4) -> Circuit:
    """The sum of several words: full and half adders by Dadda's rule, and at last one adder of two words.

    Cost: 68, 136, 274 units and depth 8, 9, 10 at n = 8, 16, 32.

    That is for four words.

    Parameters
    ----------
    width : int
        Bits of each operand, at least 1.
    operands : int, default 4
        How many, at least 2.

    Returns
    -------
    Circuit
        x0, x1, ...: Word[width] -> sum: a word with room for every sum.

    Raises
    ------
    CircuitError
        If the width is not a whole number of at least 1, or there are fewer than two operands.

    Examples
    --------
    >>> multi_operand_adder(8)(200, 100, 255, 255)
    810
    """
    whole(width, 1, "the width of an adder")
    whole(operands, 2, "the number of operands of an adder")

    def body(*words: Word) -> dict[str, Word]:
        columns = dadda([list(column) for column in zip(*words, strict=True)], Adders())
        return {"sum": add_rows(columns, (operands * (2**width - 1)).bit_length(), carry_lookahead_adder)}

    ports = {f"x{place}": width for place in range(operands)}
    doc = f"Add {operands} words of {width} bits."
    return part("multi_operand_adder", f"{width}x{operands}", doc, ports, body)
