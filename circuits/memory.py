"""Memory: many words as one part with behaviour, beside the network that reads and writes it."""

from __future__ import annotations

from dataclasses import dataclass, field
from numbers import Integral

import numpy as np
from numpy.typing import ArrayLike, NDArray

from circuits.errors import CircuitError

WIDEST_ADDRESS = 24
WIDEST_WORD = 64


@dataclass(frozen=True, eq=False)
class Memory:
    """A memory of 2**address_bits words. It is no node: its pins are inputs and outputs of the network around it.

    Where a network has a memory called `ram`, the memory reads the network's outputs `ram.address[i]`, `ram.in[i]`
    and `ram.load`, and drives its inputs `ram.out[i]` (bit 0 is the least significant). In every step

        out = contents[address]             at once, within the step, from what the contents were before it
        contents[address] = in if load      at the end of the step

    A read-only memory has no pins `in` and `load`.

    Parameters
    ----------
    name : str
    address_bits : int
        0 to 24: there are 2**address_bits words.
    width : int
        Bits of a word, 1 to 64.
    contents : array_like of int, optional
        What the first words are at the first step, each from 0 to 2**width - 1; the others are 0.
    read_only : bool

    Raises
    ------
    CircuitError
        If a number is out of range, or there are too many contents, or one is no integer of `width` bits.

    Examples
    --------
    >>> Memory("ram", address_bits=3, width=16).words
    8
    """

    name: str
    address_bits: int
    width: int
    contents: ArrayLike = field(default=(), repr=False)
    read_only: bool = False

    def __post_init__(self) -> None:
        if not isinstance(self.name, str) or not self.name:
            raise CircuitError(f"a memory is named {self.name!r}; give a non-empty string")
        for what, value, least, most in (
            ("address bits", self.address_bits, 0, WIDEST_ADDRESS),
            ("bits a word", self.width, 1, WIDEST_WORD),
        ):
            if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
                raise CircuitError(f"memory {self.name!r} has {value!r} {what}; give {least} to {most}")
        self.initial()

    @property
    def words(self) -> int:
        """How many words it holds."""
        return int(2**self.address_bits)

    def initial(self) -> NDArray[np.uint64]:
        """The words (2**address_bits,) at the first step, as a new array.

        Raises
        ------
        CircuitError
            If there are too many contents, or one is no integer of `width` bits.
        """
        given = np.asarray(self.contents, dtype=object).ravel().tolist()
        if len(given) > self.words:
            raise CircuitError(f"memory {self.name!r} holds {self.words} words, but is given {len(given)}")
        for at, word in enumerate(given):
            whole = isinstance(word, Integral) or (isinstance(word, float) and word.is_integer())
            if not whole or not 0 <= word < 2**self.width:
                raise CircuitError(
                    f"memory {self.name!r}: word {at} is {word!r}; {self.width} bits take integers from 0 to "
                    f"2**{self.width} - 1"
                )
        made = np.zeros(self.words, dtype=np.uint64)
        made[: len(given)] = np.array([int(word) for word in given], dtype=np.uint64)
        return made

    # --- the names of its pins in the network

    @property
    def out(self) -> list[str]:
        """The network's inputs that it drives."""
        return [f"{self.name}.out[{bit}]" for bit in range(self.width)]

    @property
    def address(self) -> list[str]:
        """The network's outputs that say which word."""
        return [f"{self.name}.address[{bit}]" for bit in range(self.address_bits)]

    @property
    def data(self) -> list[str]:
        """The network's outputs that are stored; none where it is read-only."""
        return [] if self.read_only else [f"{self.name}.in[{bit}]" for bit in range(self.width)]

    @property
    def load(self) -> list[str]:
        """The network's output that says whether to store; none where it is read-only."""
        return [] if self.read_only else [f"{self.name}.load"]
