"""Aig: an and-inverter graph as AIGER files have it, between the bytes and the builder.

A signal is a *literal*: twice the number of a variable, plus 1 for its complement. Variable 0 is the constant
false; the inputs, the latches and the ANDs have the variables after it, in this order, as the binary form asks.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from circuits.formats.errors import FormatError

Key = tuple[str, int]  # a section's letter (i l o b c j f) and a position in it, from 0


class Latch(NamedTuple):
    """The literal of a latch's next value, and its first value: 0, 1 or None for unknown."""

    next: int
    reset: int | None


@dataclass
class Aig:
    """What one file says.

    Attributes
    ----------
    inputs : int
        How many there are.
    latches : list of Latch
    outputs, bad, constraints, fairness : list of int
        Literals, section by section.
    justice : list of list of int
        The literals of each justice property.
    left, right : NDArray
        (ands,) the two literals that each AND reads; an AND reads only variables before its own.
    symbols : dict
        (section, position) -> name.
    places : dict
        (section, position) -> the line or the byte offset of that symbol, for the messages.
    binary : bool
        Whether places are byte offsets.
    """

    inputs: int = 0
    latches: list[Latch] = field(default_factory=list)
    outputs: list[int] = field(default_factory=list)
    bad: list[int] = field(default_factory=list)
    constraints: list[int] = field(default_factory=list)
    justice: list[list[int]] = field(default_factory=list)
    fairness: list[int] = field(default_factory=list)
    left: NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, np.int64))
    right: NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, np.int64))
    symbols: dict[Key, str] = field(default_factory=dict)
    places: dict[Key, int] = field(default_factory=dict)
    binary: bool = False

    @property
    def first_and(self) -> int:
        """The variable of the first AND."""
        return 1 + self.inputs + len(self.latches)

    @property
    def largest(self) -> int:
        """The largest variable: the M of the header."""
        return self.inputs + len(self.latches) + len(self.left)

    def error(self, reason: str, place: int | None) -> FormatError:
        """An error at the place of a symbol."""
        return FormatError(reason, offset=place) if self.binary else FormatError(reason, line=place)
