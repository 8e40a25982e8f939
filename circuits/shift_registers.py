"""Shift registers: bits that move along, and those whose own bits decide what comes in."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from circuits.cells import parity
from circuits.counters import checked
from circuits.definition import Circuit, circuit
from circuits.errors import CircuitError
from circuits.language.states import state
from circuits.table_units import table_unit
from circuits.wires import Bit, Word, WordType

# For each width the exponents of a primitive polynomial over two elements, the largest first; the constant 1 is left
# out. Fibonacci registers with these taps go through all 2**width - 1 words that are not 0.
PRIMITIVE = {
    2: (2, 1),
    3: (3, 2),
    4: (4, 3),
    5: (5, 3),
    6: (6, 5),
    7: (7, 6),
    8: (8, 6, 5, 4),
    9: (9, 5),
    10: (10, 7),
    11: (11, 9),
    12: (12, 6, 4, 1),
    13: (13, 4, 3, 1),
    14: (14, 5, 3, 1),
    15: (15, 14),
    16: (16, 15, 13, 4),
    17: (17, 14),
    18: (18, 11),
    19: (19, 6, 2, 1),
    20: (20, 17),
    21: (21, 19),
    22: (22, 21),
    23: (23, 18),
    24: (24, 23, 22, 17),
    25: (25, 22),
    26: (26, 6, 2, 1),
    27: (27, 5, 2, 1),
    28: (28, 25),
    29: (29, 27),
    30: (30, 6, 4, 1),
    31: (31, 28),
    32: (32, 22, 2, 1),
}


@lru_cache(maxsize=64)
def shift_register(length: int) -> Circuit:
    """Bits that move one place up in each step: `serial` comes in at bit 0, bit length - 1 falls out.

    `q` is the register, all bits in parallel; its last bit is the serial output. Where `load` is 1 it takes `data`;
    else where `enable` is 1 it moves; else it stays. length units, length states, depth 1.

    Raises
    ------
    CircuitError
        If the length is not a whole number from 1 to 4096.

    Examples
    --------
    >>> from circuits import run
    >>> stay = {"data": 0, "load": 0}
    >>> run(shift_register(3), {"serial": [1, 0, 1, 1, 0], "enable": 1, **stay})["q"]
    array([0, 1, 2, 5, 3])
    """
    word: Any = WordType(checked(length, 1, "the length of a shift register"))

    def shift_register(serial: Bit, enable: Bit, load: Bit, data: word) -> Any:
        q = state(length, name="q")
        before = [serial, *q[: length - 1]] if length > 1 else [serial]
        q.next = Word(
            [
                table_unit(_loaded, [own, source, new, enable, load])
                for own, source, new in zip(q, before, data, strict=True)
            ]
        )
        return {"q": q}

    return circuit(shift_register)


def _loaded(own: int, before: int, new: int, enable: int, load: int) -> int:
    return new if load else before if enable else own


@lru_cache(maxsize=64)
def lfsr(width: int, taps: Sequence[int] | None = None, seed: int = 1) -> Circuit:
    """A linear-feedback register (Fibonacci): `q` moves one place up, and the parity of its taps comes in at bit 0.

    Where `enable` is 0 it stays. With the taps of its own it goes through all 2**width - 1 words but 0 before one
    comes again; bit width - 1, `bit`, is then a sequence that looks random. width + 1 units, width states, depth 2.

    Parameters
    ----------
    width : int
    taps : sequence of int, optional
        Exponents of a polynomial, each from 1 to width: tap k is bit k - 1. By default those of a primitive one, for
        widths from 2 to 32.
    seed : int
        The word of the first step, from 1 to 2**width - 1 (all zeros would stay so).

    Raises
    ------
    CircuitError
        If there are no taps for the width, a tap is out of range or double, or the seed is.

    Examples
    --------
    >>> from circuits import run
    >>> run(lfsr(3), {"enable": 1}, steps=8)["q"]
    array([1, 2, 5, 3, 7, 6, 4, 1])
    """
    checked(width, 1, "the width of a linear-feedback register")
    if taps is None and width not in PRIMITIVE:
        raise CircuitError(f"taps of a width of {width} are not in the table, which has 2 to 32; give taps=")
    places = PRIMITIVE[width] if taps is None else tuple(taps)
    if not places or len(set(places)) < len(places) or not set(places) <= set(range(1, width + 1)):
        raise CircuitError(f"the taps are {places}; give different whole numbers from 1 to {width}, at least one")
    checked(seed, 1, "the seed of a linear-feedback register", (1 << width) - 1)

    def lfsr(enable: Bit) -> Any:
        q = state(width, name="q", initial=seed)
        fed = q.scope.add(parity(len(places)), [q[place - 1] for place in places], "feedback")
        before = [fed, *q[: width - 1]] if width > 1 else [fed]
        q.next = Word([table_unit(_moved, [own, source, enable]) for own, source in zip(q, before, strict=True)])
        return {"q": q, "bit": q[width - 1]}

    return circuit(lfsr)


def _moved(own: int, before: int, enable: int) -> int:
    return before if enable else own
