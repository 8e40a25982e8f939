"""Codes: Gray code both ways, binary to decimal digits, and a digit on seven segments."""

from __future__ import annotations

from collections.abc import Sequence

from circuits.definition import Circuit, circuit
from circuits.gates import xor
from circuits.parts import Bit, made_once, part, perceptron, whole
from circuits.wires import Wire, Word


@made_once
def gray_encoder(width: int) -> Circuit:
    """A number in Gray code, where neighbours differ in one bit: x ^ (x >> 1).

    Cost: n - 1 units, depth 1 (n = 1: 0).

    Parameters
    ----------
    width : int
        Bits of the word, at least 1.

    Returns
    -------
    Circuit
        x: Word[width] -> out: Word[width].

    Raises
    ------
    CircuitError
        If the width is not a whole number of at least 1.

    Examples
    --------
    >>> [f"{gray_encoder(3)(number):03b}" for number in range(5)]
    ['000', '001', '011', '010', '110']
    """
    whole(width, 1, "the width of a Gray code")

    def body(x: Word) -> Word:
        return Word([*(xor(x[place], x[place + 1]) for place in range(width - 1)), x[-1]])

    return part("gray_encoder", width, f"Encode {width} bits in Gray code.", {"x": width}, body)


@made_once
def gray_decoder(width: int) -> Circuit:
    """The number that a Gray code means: from the highest bit down, each bit flips where the one above is 1.

    Cost: n - 1 units, depth n - 1.

    Parameters
    ----------
    width : int
        Bits of the word, at least 1.

    Returns
    -------
    Circuit
        x: Word[width] -> out: Word[width].

    Raises
    ------
    CircuitError
        If the width is not a whole number of at least 1.

    Examples
    --------
    >>> [gray_decoder(3)(code) for code in (0b000, 0b001, 0b011, 0b010, 0b110)]
    [0, 1, 2, 3, 4]
    """
    whole(width, 1, "the width of a Gray code")

    def body(x: Word) -> Word:
        bits = [x[-1]]
        for place in reversed(range(width - 1)):
            bits.insert(0, xor(x[place], bits[0]))
        return Word(bits)

    return part("gray_decoder", width, f"Decode {width} bits of Gray code.", {"x": width}, body)


@made_once
def bcd_encoder(width: int) -> Circuit:
    """A number in decimal digits of four bits each: the double dabble.

    Cost: 29, 133, 577 units and depth 20, 52, 116 at n = 8, 16, 32.

    From the highest bit of the number down, every digit is doubled and takes the carry of the digit below, the lowest
    the next bit. A digit d is doubled in four perceptrons: the carry fires for d >= 5, and the others for 4, 2 and 1
    in d - 5 carry.

    Parameters
    ----------
    width : int
        Bits of the number, at least 1.

    Returns
    -------
    Circuit
        x: Word[width] -> out: Word[4 d], d the number of digits of 2**width - 1; four bits a digit, the units lowest.

    Raises
    ------
    CircuitError
        If the width is not a whole number of at least 1.

    Examples
    --------
    >>> f"{bcd_encoder(8)(199):x}"
    '199'
    """
    whole(width, 1, "the width of a number")
    digits = len(str(2**width - 1))

    def body(x: Word) -> Word:
        number: list[list[Bit]] = []
        for step, bit in enumerate(reversed(x)):
            carry: Bit = bit
            most = 2**step - 1  # of the number so far
            for place, digit in enumerate(number):
                high = min(9, most // 10**place)
                bits, out = _doubled(digit, high, f"bit{width - 1 - step}.digit{place}")
                number[place] = [carry, *bits]
                carry = out
            if isinstance(carry, Wire):
                number.append([carry])
        return Word([digit[place] if place < len(digit) else 0 for digit in number for place in range(4)])

    return part("bcd_encoder", width, f"{width} bits in {digits} decimal digits.", {"x": width}, body)


def _doubled(digit: Sequence[Bit], most: int, name: str) -> tuple[list[Bit], Bit]:
    """The bits above the lowest of twice a digit of at most `most`, less 10 where there is a carry; and the carry."""
    if most < 5:
        return list(digit), 0
    pins = [(bit, 2 << place) for place, bit in enumerate(digit)]
    carry = perceptron(1 - 2 * 5, pins, f"{name}.carry")
    pins.append((carry, -2 * 5))
    bits: list[Bit] = []
    for place in (2, 1, 0):
        bit = perceptron(1 - (2 << place), pins, f"{name}.{1 << place}")
        pins.append((bit, -2 << place))
        bits.insert(0, bit)
    return bits, carry


# For each unit, what it reads with which weights, and the least weighted sum at which it fires. `round` is 1 for
# 0, 8 and 9. The weights are the smallest, found by integer programming; `bit` and a number is a bit of the digit.
_SEGMENTS: dict[str, tuple[dict[str, int], int]] = {
    "round": ({"bit0": -1, "bit1": -2, "bit2": -2, "bit3": 1}, 0),
    "a": ({"bit0": 1, "bit1": 2, "bit2": 1, "bit3": -3, "round": 5}, 2),
    "c": ({"bit0": 1, "bit2": 1, "bit3": -2, "round": 3}, 1),
    "e": ({"bit0": -1, "bit1": 1, "bit3": -1, "round": 2}, 1),
    "f": ({"bit0": -1, "bit1": -1, "bit2": 1, "bit3": -2, "round": 3}, 0),
    "b": ({"bit3": -2, "round": 3, "a": -1, "f": -1}, -1),
    "d": ({"bit2": -1, "a": 1, "f": 1}, 1),
    "g": ({"bit1": -1, "bit2": -1, "bit3": 1, "round": -4, "a": 2, "f": 2}, 1),
}


@circuit
def seven_segments(digit: Word[4]) -> dict[str, Wire]:  # type: ignore[type-arg, valid-type]
    """A decimal digit on seven segments, each 1 where it is lit. Cost: 8 units, depth 3.

    The segments are, clockwise from the top, a to f, and g in the middle; 6 and 9 have their tails, 7 has three
    segments. 10 to 15 are blank.

                a
              f   b
                g
              e   c
                d

    Eight perceptrons are the fewest: no segment is one perceptron of the digit, so that one more must come first. Later
    segments read earlier ones.

    Examples
    --------
    >>> seven_segments(7), sum(seven_segments(8)), sum(seven_segments(10))
    (Results(a=1, b=1, c=1, d=0, e=0, f=0, g=0), 7, 0)
    """
    known: dict[str, Wire] = {f"bit{place}": bit for place, bit in enumerate(digit)}
    for name, (weights, least) in _SEGMENTS.items():
        pins = [(known[source], 2 * weight) for source, weight in weights.items()]
        known[name] = perceptron(1 - 2 * least, pins, name)
    return {name: known[name] for name in "abcdefg"}
