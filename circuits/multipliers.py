"""Multipliers: every product of two bits is an AND, and they differ in how the products are added up."""

from __future__ import annotations

from collections.abc import Callable

from circuits.columns import Adders, Columns, add_rows, count_bits, dadda, wallace
from circuits.definition import Circuit
from circuits.fast_adders import carry_lookahead_adder
from circuits.gates import and_, mux, nand, not_, xnor, xor
from circuits.language.words import word_of
from circuits.parts import Bit, made_once, part, perceptron, whole
from circuits.wires import Wire, Word, WordType

Adder = Callable[[int], Circuit]


def _products(a: Word, b: Word, signed: bool) -> Columns:
    """The products of bits by significance.

    Signed, the products with one sign bit count negative. By C. R. Baugh and B. A. Wooley (1973) they are complemented,
    -p = (1 - p) - 1, and what the -1s add up to is a 1 in two columns.
    """
    width = len(a)
    columns: Columns = [[] for _ in range(2 * width)]
    for row in range(width):
        for place in range(width):
            gate = nand if signed and (row == width - 1) != (place == width - 1) else and_
            columns[row + place].append(gate(a[place], b[row], name=f"p{row}x{place}"))
    if signed and width > 1:
        columns[width].append(1)
        columns[2 * width - 1].append(1)
    return columns


def _multiplier(name: str, width: int, signed: bool, total: Callable[[Columns], Word]) -> Circuit:
    whole(width, 1, "the width of a multiplier")

    def body(a: Word, b: Word) -> dict[str, Word]:
        return {"product": word_of(total(_products(a, b, signed)), signed)}

    doc = f"Multiply {'signed' if signed else 'unsigned'} words of {width} bits."
    return part(name, width, doc, dict.fromkeys("ab", WordType(width, signed)), body)


@made_once
def array_multiplier(width: int, *, signed: bool = False) -> Circuit:
    """A multiplier that adds the products row by row, each row saving its carries for the next.

    Cost: 3 n^2 - 2 n units (n = 1: 2), depth 3 n - 2.
    Cost, signed: 3 n^2 - 2 n + 1 units (n = 1: 2), depth 3 n - 2.

    n^2 ANDs, n (n - 2) full adders and n half adders (E. L. Braun, 1963).

    Parameters
    ----------
    width : int
        Bits of each operand, at least 1.
    signed : bool, default False
        Whether the words are in two's complement.

    Returns
    -------
    Circuit
        a, b: Word[width] -> product: Word[2 width]; or Signed.

    Raises
    ------
    CircuitError
        If the width is not a whole number of at least 1.

    Examples
    --------
    >>> array_multiplier(8)(200, 100)
    20000
    """
    return _multiplier("array_multiplier", width, signed, _array)


def _array(columns: Columns) -> Word:
    """Row by row: each adder takes the next product, the sum from above and the carry from above on the right."""
    width = len(columns) // 2
    sums = [column[0] for column in columns[:-1]]
    waiting = [column[1:] for column in columns[:-1]]
    carries: dict[int, Bit] = {}
    adders = Adders()
    for row in range(1, width):
        saved: dict[int, Bit] = {}
        for place in range(row, row + width - 1):
            bits = [sums[place], waiting[place].pop(0), *([carries[place]] if place in carries else [])]
            sums[place], saved[place + 1] = adders(bits)
        carries = saved
    carry: Bit = 0
    for place in range(width, 2 * width - 1):  # the carries that are left run through the last row
        bits = [sums[place], carries[place], *(waiting[place] if place == width else [carry])]
        sums[place], carry = adders(bits)
    top = columns[-1]
    return Word([*sums, not_(carry) if top == [1] and isinstance(carry, Wire) else carry])


@made_once
def wallace_multiplier(width: int, *, signed: bool = False, adder: Adder = carry_lookahead_adder) -> Circuit:
    """A multiplier whose products are added in a tree, as many as possible at every stage.

    Cost: 209, 811, 3167 units and depth 14, 19, 24 at n = 8, 16, 32.
    Cost, signed: 211, 813, 3169 units and depth 14, 19, 24 at n = 8, 16, 32.

    At n = 8 it has 64 ANDs, 39 full and 3 half adders, and one adder of two words (see `circuits.columns.wallace`).

    Parameters
    ----------
    width : int
        Bits of each operand, at least 1.
    signed : bool, default False
        Whether the words are in two's complement.
    adder : function of a width -> Circuit, default carry_lookahead_adder
        For the last two rows.

    Returns
    -------
    Circuit
        a, b: Word[width] -> product: Word[2 width]; or Signed.

    Raises
    ------
    CircuitError
        If the width is not a whole number of at least 1.

    Examples
    --------
    >>> wallace_multiplier(8)(200, 100)
    20000
    """

    def total(columns: Columns) -> Word:
        return add_rows(wallace(columns, Adders()), len(columns), adder)

    return _multiplier("wallace_multiplier", width, signed, total)


@made_once
def dadda_multiplier(width: int, *, signed: bool = False, adder: Adder = carry_lookahead_adder) -> Circuit:
    """A multiplier whose products are added in a tree, as few as possible at every stage.

    Cost: 208, 810, 3166 units and depth 14, 18, 23 at n = 8, 16, 32.
    Cost, signed: 210, 812, 3168 units and depth 14, 18, 23 at n = 8, 16, 32.

    n^2 ANDs, n^2 - 4 n + 3 full adders, n - 1 half adders, and one adder of two words of 2 n - 2 bits (L. Dadda, 1965).

    Parameters
    ----------
    width : int
        Bits of each operand, at least 1.
    signed : bool, default False
        Whether the words are in two's complement.
    adder : function of a width -> Circuit, default carry_lookahead_adder
        For the last two rows.

    Returns
    -------
    Circuit
        a, b: Word[width] -> product: Word[2 width]; or Signed.

    Raises
    ------
    CircuitError
        If the width is not a whole number of at least 1.

    Examples
    --------
    >>> dadda_multiplier(8)(200, 100)
    20000
    >>> dadda_multiplier(8, signed=True)(-100, 55)
    -5500
    """

    def total(columns: Columns) -> Word:
        return add_rows(dadda(columns, Adders()), len(columns), adder)

    return _multiplier("dadda_multiplier", width, signed, total)


@made_once
def threshold_multiplier(width: int, *, signed: bool = False) -> Circuit:
    """A multiplier of few units: each column is counted at once, in one perceptron for every bit of its count.

    Cost: 111, 375, 1313 units and depth 34, 90, 228 at n = 8, 16, 32.

    From the lowest column up: the count's lowest bit is a bit of the product, the others go into the columns above.
    See `compact_popcount` for the counting.

    Parameters
    ----------
    width : int
        Bits of each operand, at least 1.
    signed : bool, default False
        Whether the words are in two's complement.

    Returns
    -------
    Circuit
        a, b: Word[width] -> product: Word[2 width]; or Signed.

    Raises
    ------
    CircuitError
        If the width is not a whole number of at least 1.

    Examples
    --------
    >>> threshold_multiplier(8)(200, 100)
    20000
    """
    return _multiplier("threshold_multiplier", width, signed, _counted)


def _counted(columns: Columns) -> Word:
    """Every column counted, from the lowest up."""
    columns = [list(column) for column in columns]
    product: list[Bit] = []
    for place, column in enumerate(columns):
        if place == len(columns) - 1:  # what it carries is dropped
            wires = [bit for bit in column if isinstance(bit, Wire)]
            gate = xnor if (len(column) - len(wires)) % 2 else xor
            product.append(gate(*wires) if wires else 0)
            break
        low, *others = count_bits(column, f"column{place}.")
        product.append(low)
        for further, bit in enumerate(others, place + 1):
            columns[further].append(bit)
    return Word(product)


@made_once
def squarer(width: int, *, adder: Adder = carry_lookahead_adder) -> Circuit:
    """The square of a word: half the products of a multiplier, for a[i] a[j] stands twice, which is once one place up.

    Cost: 113, 431, 1643 units and depth 12, 15, 19 at n = 8, 16, 32.

    n (n - 1) / 2 ANDs; a[i] a[i] is a[i] itself. Bit 1 of a square is always 0, a constant unit.

    Parameters
    ----------
    width : int
        Bits of the word, at least 1.
    adder : function of a width -> Circuit, default carry_lookahead_adder
        For the last two rows.

    Returns
    -------
    Circuit
        x: Word[width] -> square: Word[2 width].

    Raises
    ------
    CircuitError
        If the width is not a whole number of at least 1.

    Examples
    --------
    >>> squarer(8)(200)
    40000
    """
    whole(width, 1, "the width of a squarer")

    def body(x: Word) -> dict[str, Word]:
        columns: Columns = [[] for _ in range(2 * width)]
        for low in range(width):
            columns[2 * low].append(x[low])
            for high in range(low + 1, width):
                columns[low + high + 1].append(and_(x[low], x[high], name=f"p{low}x{high}"))
        return {"square": add_rows(dadda(columns, Adders()), 2 * width, adder)}

    return part("squarer", width, f"Square a word of {width} bits.", {"x": width}, body)


@made_once
def booth_multiplier(width: int, *, adder: Adder = carry_lookahead_adder) -> Circuit:
    """A multiplier of two's complement words by A. D. Booth's recoding to radix 4, with half as many rows.

    Cost: 197, 657, 2349 units and depth 14, 17, 21 at n = 8, 16, 32.

    Two bits of b at a time, with the bit below them, make a digit from -2 to 2 (O. L. MacSorley, 1961). Its row is a
    or 2 a or nothing, complemented where the digit is negative; the 1 that completes a negative row, and constants in
    place of the rows' signs, are bits of the columns, which Dadda's tree adds.

    Parameters
    ----------
    width : int
        Bits of each operand, at least 1.
    adder : function of a width -> Circuit, default carry_lookahead_adder
        For the last two rows.

    Returns
    -------
    Circuit
        a, b: Signed[width] -> product: Signed[2 width].

    Raises
    ------
    CircuitError
        If the width is not a whole number of at least 1.

    Examples
    --------
    >>> booth_multiplier(8)(-100, 55)
    -5500
    """
    whole(width, 1, "the width of a multiplier")

    def body(a: Word, b: Word) -> dict[str, Word]:
        columns = _booth_columns(a, b) if width > 1 else _products(a, b, signed=True)
        return {"product": add_rows(dadda(columns, Adders()), 2 * width, adder).signed()}

    doc = f"Multiply signed words of {width} bits."
    return part("booth_multiplier", width, doc, dict.fromkeys("ab", WordType(width, signed=True)), body)


def _booth_columns(a: Word, b: Word) -> Columns:
    """The bits of Booth's rows by significance.

    The sign bit of a row counts negative: -s = (1 - s) - 1, so it is complemented, and the -1s of all rows are added up
    beforehand into constant bits.
    """
    width = len(a)
    columns: Columns = [[] for _ in range(2 * width)]
    correction = 0
    for digit in range((width + 1) // 2):
        at = 2 * digit
        below: Bit = b[at - 1] if digit else 0
        row, negative = _booth_row(a, below, b[at], b[min(at + 1, width - 1)], f"digit{digit}")
        for place, bit in enumerate([*row[:-1], not_(row[-1], name=f"digit{digit}.unsigned")], at):
            columns[place].append(bit)
        columns[at].append(negative)
        correction -= 1 << (at + len(row) - 1)
    for place in range(2 * width):
        if correction >> place & 1:
            columns[place].append(1)
    return columns


def _booth_row(a: Word, below: Bit, low: Wire, high: Wire, name: str) -> tuple[list[Bit], Wire]:
    """The bits of a times the digit below + low - 2 high, the last its sign, without the 1 of a negative digit.

    Of each bit of a or 2 a, a multiplexer takes the bit (digit > 0), the complement (digit < 0), or 0.
    """
    pins = [(below, 2), (low, 2), (high, -4)]
    positive = perceptron(-1, pins, f"{name}.positive")
    negative = perceptron(-1, [(bit, -weight) for bit, weight in pins], f"{name}.negative")
    multiple = list(a)
    if low is not high:  # else the digit is b's sign, repeated, and is never 2 or -2
        one = xor(low, below, name=f"{name}.one") if isinstance(below, Wire) else low
        lower = [and_(one, a[0], name=f"{name}.a0")]
        multiple = lower + [mux(one, a[at], a[at - 1], name=f"{name}.a{at}") for at in range(1, len(a))]
        multiple.append(a[-1])
    bits = [mux(bit, positive, negative, name=f"{name}.bit{at}") for at, bit in enumerate(multiple)]
    return bits, negative
