"""Choosing by a number: decoders, encoders, multiplexers. An address is recognized by one perceptron."""

from __future__ import annotations

from collections.abc import Sequence

from circuits.definition import Circuit
from circuits.gates import mux, or_
from circuits.parts import Bit, bits_for, made_once, part, perceptron, whole
from circuits.wires import Wire, Word

WIDEST_ADDRESS = 16


def recognized(number: int, word: Sequence[Wire], *more: Wire, name: str | None = None) -> Wire:
    """Whether a word is that number, and the wires after it are 1: one perceptron.

    A bit that must be 1 weighs 2, one that must be 0 weighs -2; only the number itself reaches the whole.
    """
    pins: list[tuple[Bit, int]] = [(bit, 2 if number >> place & 1 else -2) for place, bit in enumerate(word)]
    pins += [(wire, 2) for wire in more]
    return perceptron(1 - sum(weight for _, weight in pins if weight > 0), pins, name)


@made_once
def decoder(width: int) -> Circuit:
    """One line for each number: that of the address is 1, every other 0.

    Cost: 2^n units, depth 1.

    Parameters
    ----------
    width : int
        Bits of the address, 1 to 16.

    Returns
    -------
    Circuit
        address: Word[width] -> out: Word[2**width].

    Raises
    ------
    CircuitError
        If the width is not a whole number from 1 to 16.

    Examples
    --------
    >>> decoder(3)(5), 2**5
    (32, 32)
    """
    whole(width, 1, "the address width of a decoder", WIDEST_ADDRESS)

    def body(address: Word) -> Word:
        return Word([recognized(number, address) for number in range(1 << width)])

    return part("decoder", width, f"Decode an address of {width} bits.", {"address": width}, body)


@made_once
def demultiplexer(width: int) -> Circuit:
    """Lead one bit to the line of the address; every other line is 0.

    Cost: 2^n units, depth 1.

    Parameters
    ----------
    width : int
        Bits of the address, 1 to 16.

    Returns
    -------
    Circuit
        data, address: Word[width] -> out: Word[2**width].

    Raises
    ------
    CircuitError
        If the width is not a whole number from 1 to 16.

    Examples
    --------
    >>> demultiplexer(3)(1, 5), demultiplexer(3)(0, 5)
    (32, 0)
    """
    whole(width, 1, "the address width of a demultiplexer", WIDEST_ADDRESS)

    def body(data: Wire, address: Word) -> Word:
        return Word([recognized(number, address, data) for number in range(1 << width)])

    doc = f"Demultiplex to {1 << width} lines."
    return part("demultiplexer", width, doc, {"data": None, "address": width}, body)


@made_once
def multiplexer(width: int) -> Circuit:
    """The line of the address: a tree of two-way multiplexers, lowest address bit first.

    Cost: 2^n - 1 units, depth n.

    Parameters
    ----------
    width : int
        Bits of the address, 1 to 16.

    Returns
    -------
    Circuit
        data: Word[2**width], address: Word[width] -> out: bit `address` of data.

    Raises
    ------
    CircuitError
        If the width is not a whole number from 1 to 16.

    Examples
    --------
    >>> multiplexer(3)(0b00100000, 5), multiplexer(3)(0b11011111, 5)
    (1, 0)
    """
    whole(width, 1, "the address width of a multiplexer", WIDEST_ADDRESS)

    def body(data: Word, address: Word) -> Wire:
        lines = list(data)
        for select in address:
            lines = [mux(select, lines[at + 1], lines[at]) for at in range(0, len(lines), 2)]
        return lines[0]

    doc = f"Multiplex {1 << width} lines."
    return part("multiplexer", width, doc, {"data": 1 << width, "address": width}, body)


@made_once
def word_multiplexer(width: int, ways: int = 2) -> Circuit:
    """One of several words, by its number: a tree of two-way multiplexers a bit.

    Cost: n units, depth 1.

    That is for two ways; for more, (ways - 1) width units, and a depth of log2(ways) rounded up.

    Parameters
    ----------
    width : int
        Bits of each word, at least 1.
    ways : int, default 2
        How many words, at least 2.

    Returns
    -------
    Circuit
        x0, x1, ...: Word[width], select: Word[log2(ways) rounded up] -> out: Word[width]. A select of `ways` or more
        gives one of the last words.

    Raises
    ------
    CircuitError
        If the width is not a whole number of at least 1, or there are fewer than 2 ways.

    Examples
    --------
    >>> word_multiplexer(8, 3)(10, 20, 30, 2)
    30
    """
    whole(width, 1, "the width of a multiplexer")
    whole(ways, 2, "the number of ways of a multiplexer")

    def body(*operands: Word) -> Word:
        *words, select = operands
        for bit in select:
            pairs = [mux(bit, words[at + 1], words[at]) for at in range(0, len(words) - 1, 2)]
            words = pairs + words[2 * len(pairs) :]
        return words[0]

    ports = {f"x{way}": width for way in range(ways)} | {"select": bits_for(ways)}
    return part("word_multiplexer", f"{width}x{ways}", f"One of {ways} words of {width} bits.", ports, body)


@made_once
def encoder(width: int) -> Circuit:
    """The number of the line that is 1: an OR a bit.

    Cost: n units, depth 1.

    Parameters
    ----------
    width : int
        Bits of the number, 1 to 16.

    Returns
    -------
    Circuit
        lines: Word[2**width] -> out: Word[width]. If no line is 1, it is 0; if several are, it is the bitwise OR of
        their numbers (see `priority_encoder`).

    Raises
    ------
    CircuitError
        If the width is not a whole number from 1 to 16.

    Examples
    --------
    >>> encoder(3)(2**5)
    5
    """
    whole(width, 1, "the address width of an encoder", WIDEST_ADDRESS)

    def body(lines: Word) -> Word:
        return Word([or_(*(line for at, line in enumerate(lines) if at >> bit & 1)) for bit in range(width)])

    return part("encoder", width, f"Encode {1 << width} lines.", {"lines": 1 << width}, body)


def highest_decides(word: Sequence[Wire], of_bit: Sequence[int], of_none: int, name: str | None = None) -> Wire:
    """One perceptron: what `of_bit` says of the highest bit of the word that is 1, and `of_none` if there is none.

    Bit i weighs 2**(i + 1), for or against, more than all bits below it and the bias together.
    """
    pins = [(bit, 2 << place if of_bit[place] else -2 << place) for place, bit in enumerate(word)]
    return perceptron(1 if of_none else -1, pins, name)


@made_once
def priority_encoder(width: int) -> Circuit:
    """The number of the highest line that is 1, and whether there is one: one perceptron a bit.

    Cost: lg(n) + 1 units (n = 1: 2), depth 1.

    lg(n) is log2(n) rounded up. Each bit of the number is a vote in which line i weighs 2**i, so that the highest line
    decides.

    Parameters
    ----------
    width : int
        The number of lines, at least 1.

    Returns
    -------
    Circuit
        lines: Word[width] -> out: Word[lg(width)], at least one bit, which is 0 if no line is 1; and valid, 1 if any
        is.

    Raises
    ------
    CircuitError
        If the width is not a whole number of at least 1.

    Examples
    --------
    >>> priority_encoder(8)(0b00101101), priority_encoder(8)(0)
    (Results(out=5, valid=1), Results(out=0, valid=0))
    """
    whole(width, 1, "the number of lines of a priority encoder")

    def body(lines: Word) -> dict[str, Word | Wire]:
        numbers = [[at >> bit & 1 for at in range(width)] for bit in range(bits_for(width))]
        return {"out": Word([highest_decides(lines, of_line, 0) for of_line in numbers]), "valid": or_(*lines)}

    return part("priority_encoder", width, f"The highest of {width} lines.", {"lines": width}, body)
