"""Counting ones: parity, population count, majority, leading zeros; with gates, and with perceptrons of many inputs."""

from __future__ import annotations

from circuits.columns import Adders, count_bits
from circuits.definition import Circuit
from circuits.gates import xor
from circuits.multiplexers import highest_decides
from circuits.parts import Bit, at_least, made_once, part, perceptron, whole
from circuits.wires import Wire, Word


@made_once
def parity_chain(width: int) -> Circuit:
    """Whether an odd number of bits is 1, as XORs one after another.

    Cost: n - 1 units, depth n - 1.

    Parameters
    ----------
    width : int
        Bits of the word, at least 1.

    Returns
    -------
    Circuit
        x: Word[width] -> out.

    Raises
    ------
    CircuitError
        If the width is not a whole number of at least 1.

    Examples
    --------
    >>> parity_chain(8)(0b00110100), parity_chain(8)(0b00110101)
    (1, 0)
    """
    whole(width, 1, "the width of a parity")

    def body(x: Word) -> Wire:
        odd = x[0]
        for bit in x[1:] if width > 1 else ():
            odd = xor(odd, bit)
        return odd

    return part("parity_chain", width, f"The parity of {width} bits.", {"x": width}, body)


@made_once
def parity_tree(width: int) -> Circuit:
    """Whether an odd number of bits is 1, as a tree of XORs.

    Cost: n - 1 units, depth lg(n).

    lg(n) is log2(n) rounded up.

    Parameters
    ----------
    width : int
        Bits of the word, at least 1.

    Returns
    -------
    Circuit
        x: Word[width] -> out.

    Raises
    ------
    CircuitError
        If the width is not a whole number of at least 1.

    Examples
    --------
    >>> parity_tree(8)(0b00110100), parity_tree(8)(0b00110101)
    (1, 0)
    """
    whole(width, 1, "the width of a parity")

    def body(x: Word) -> Wire:
        waiting = list(x)
        while len(waiting) > 1:
            pairs = [xor(waiting[at], waiting[at + 1]) for at in range(0, len(waiting) - 1, 2)]
            waiting = pairs + waiting[2 * len(pairs) :]
        return waiting[0]

    return part("parity_tree", width, f"The parity of {width} bits.", {"x": width}, body)


@made_once
def threshold_parity(width: int) -> Circuit:
    """Whether an odd number of bits is 1, in two layers of perceptrons.

    Cost: n + 1 units, depth 2.

    Unit k of the first layer fires for k ones or more, and the second adds them up with weights 2, -2, 2, ...: any
    function of the number of ones is made so (S. Muroga, Threshold Logic and Its Applications, 1971). No single
    perceptron is a parity of two bits or more (M. Minsky and S. Papert, Perceptrons, 1969). `skipping_parity` needs
    half as many units.

    Parameters
    ----------
    width : int
        Bits of the word, at least 1.

    Returns
    -------
    Circuit
        x: Word[width] -> out.

    Raises
    ------
    CircuitError
        If the width is not a whole number of at least 1.

    Examples
    --------
    >>> threshold_parity(8)(0b00110100), threshold_parity(8)(0b00110101)
    (1, 0)
    """
    whole(width, 1, "the width of a parity")

    def body(x: Word) -> Wire:
        reached = [at_least(count, x, f"atleast{count}") for count in range(1, width + 1)]
        return perceptron(-1, [(unit, -2 if place % 2 else 2) for place, unit in enumerate(reached)])

    return part("threshold_parity", width, f"The parity of {width} bits.", {"x": width}, body)


@made_once
def skipping_parity(width: int) -> Circuit:
    """Whether an odd number of bits is 1, in two layers of perceptrons of which the second reads the bits as well.

    Cost: floor(n / 2) + 1 units, depth 2 (n = 1: 1).

    From the number of ones the second layer takes 2 for every unit of the first that fires: those for 2, 4, 6, ...
    ones.

    Parameters
    ----------
    width : int
        Bits of the word, at least 1.

    Returns
    -------
    Circuit
        x: Word[width] -> out.

    Raises
    ------
    CircuitError
        If the width is not a whole number of at least 1.

    Examples
    --------
    >>> skipping_parity(8)(0b00110100), skipping_parity(8)(0b00110101)
    (1, 0)
    """
    whole(width, 1, "the width of a parity")

    def body(x: Word) -> Wire:
        pairs = [at_least(count, x, f"atleast{count}") for count in range(2, width + 1, 2)]
        return perceptron(-1, [*((bit, 2) for bit in x), *((unit, -4) for unit in pairs)])

    return part("skipping_parity", width, f"The parity of {width} bits.", {"x": width}, body)


@made_once
def popcount(width: int) -> Circuit:
    """The number of ones, by full and half adders.

    Cost: 2 n - 2 ones(n) units; depth 8, 11, 16 at n = 8, 16, 32.

    ones(n) is the number of ones of n in binary: there are n - ones(n) adders of two perceptrons each.

    Parameters
    ----------
    width : int
        Bits of the word, at least 1.

    Returns
    -------
    Circuit
        x: Word[width] -> out: Word[floor(log2(width)) + 1].

    Raises
    ------
    CircuitError
        If the width is not a whole number of at least 1.

    Examples
    --------
    >>> popcount(8)(0b00110101)
    4
    """
    whole(width, 1, "the width of a population count")

    def body(x: Word) -> Word:
        adders = Adders()
        count: list[Bit] = []
        column: list[Bit] = list(x)
        while column:
            carries: list[Bit] = []
            while len(column) > 1:  # what came first waits least
                taken = column[:3]
                del column[:3]
                total, carry = adders(taken)
                column.append(total)
                carries.append(carry)
            count.append(column[0])
            column = carries
        return Word(count)

    return part("popcount", width, f"Count the ones of {width} bits.", {"x": width}, body)


@made_once
def threshold_popcount(width: int) -> Circuit:
    """The number of ones, in two layers of perceptrons.

    Cost: n + floor(log2(n)) units, depth 2 (n = 1: 1).

    Unit k of the first layer fires for k ones or more. Bit j of the number adds up every 2**j-th of them, with weights
    2, -2, 2, ...; the highest bit is one of them itself.

    Parameters
    ----------
    width : int
        Bits of the word, at least 1.

    Returns
    -------
    Circuit
        x: Word[width] -> out: Word[floor(log2(width)) + 1].

    Raises
    ------
    CircuitError
        If the width is not a whole number of at least 1.

    Examples
    --------
    >>> threshold_popcount(8)(0b00110101)
    4
    """
    whole(width, 1, "the width of a population count")

    def body(x: Word) -> Word:
        reached = [at_least(count, x, f"atleast{count}") for count in range(1, width + 1)]
        count = []
        for place in range(width.bit_length()):
            steps = reached[(1 << place) - 1 :: 1 << place]
            alone = len(steps) == 1
            count.append(
                steps[0] if alone else perceptron(-1, [(w, -2 if at % 2 else 2) for at, w in enumerate(steps)])
            )
        return Word(count)

    return part("threshold_popcount", width, f"Count the ones of {width} bits.", {"x": width}, body)


@made_once
def compact_popcount(width: int) -> Circuit:
    """The number of ones in as many perceptrons as it has bits: the fewest there can be.

    Cost: floor(log2(n)) + 1 units (n = 1: 0), depth floor(log2(n)) + 1 (n = 1: 0).

    From the highest bit down, each reads the word and the bits above it: bit k is 1 if the number of ones, less what
    the higher bits say, is at least 2**k (W. H. Kautz, 1961). The full adder of two perceptrons is the case of 3.

    Parameters
    ----------
    width : int
        Bits of the word, at least 1.

    Returns
    -------
    Circuit
        x: Word[width] -> out: Word[floor(log2(width)) + 1].

    Raises
    ------
    CircuitError
        If the width is not a whole number of at least 1.

    Examples
    --------
    >>> compact_popcount(8)(0b00110101)
    4
    """
    whole(width, 1, "the width of a population count")

    def body(x: Word) -> Word:
        return Word(count_bits(x, "count"))

    return part("compact_popcount", width, f"Count the ones of {width} bits.", {"x": width}, body)


@made_once
def majority_vote(width: int) -> Circuit:
    """Whether more than half of the bits are 1: one perceptron.

    Cost: 1 unit, depth 1.

    Parameters
    ----------
    width : int
        Bits of the word, at least 1.

    Returns
    -------
    Circuit
        x: Word[width] -> out. A tie of an even number gives 0.

    Raises
    ------
    CircuitError
        If the width is not a whole number of at least 1.

    Examples
    --------
    >>> majority_vote(4)(0b0111), majority_vote(4)(0b0110)
    (1, 0)
    """
    whole(width, 1, "the width of a majority")

    def body(x: Word) -> Wire:
        return at_least(width // 2 + 1, x)

    return part("majority_vote", width, f"The majority of {width} bits.", {"x": width}, body)


@made_once
def leading_zeros(width: int) -> Circuit:
    """How many bits above the highest 1 are 0: one perceptron a bit, a vote that the highest 1 decides.

    Cost: floor(log2(n)) + 1 units, depth 1.

    Parameters
    ----------
    width : int
        Bits of the word, at least 1.

    Returns
    -------
    Circuit
        x: Word[width] -> out: Word[floor(log2(width)) + 1]; it is `width` for 0.

    Raises
    ------
    CircuitError
        If the width is not a whole number of at least 1.

    Examples
    --------
    >>> leading_zeros(8)(0b00110101), leading_zeros(8)(0)
    (2, 8)
    """
    whole(width, 1, "the width of a count of zeros")

    def body(x: Word) -> Word:
        numbers = [width - 1 - place for place in range(width)]
        return Word(
            [
                highest_decides(x, [number >> bit & 1 for number in numbers], width >> bit & 1)
                for bit in range(width.bit_length())
            ]
        )

    return part("leading_zeros", width, f"Count the leading zeros of {width} bits.", {"x": width}, body)
