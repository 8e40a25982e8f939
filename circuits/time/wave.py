"""Wave: what one signal did over time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from numpy.typing import NDArray

from circuits.errors import CircuitError

BASES = ("decimal", "hex", "binary")


@dataclass(frozen=True, eq=False)
class Wave:
    """The values of one signal, a step each.

    Attributes
    ----------
    name : str
    values : ndarray (steps,)
    width : int or None
        Bits of a word; None for a single bit or a real number.

    Examples
    --------
    >>> import numpy as np
    >>> wave = Wave("q", np.array([3, 3, 10]), 4)
    >>> list(wave.spans()), wave.text(10, "hex")
    ([(0, 2, 3), (2, 3, 10)], 'A')
    """

    name: str
    values: NDArray[Any]
    width: int | None = None

    @cached_property
    def is_bit(self) -> bool:
        """Whether it is drawn as a level: a single bit of 0 and 1."""
        return self.width is None and all(value in (0, 1) for value in set(self.values.tolist()))

    def spans(self, start: int = 0, stop: int | None = None) -> Iterator[tuple[int, int, Any]]:
        """(first step, step after the last, value) of each stretch without a change."""
        values = self.values[start:stop].tolist()
        begin = 0
        for step in range(1, len(values) + 1):
            if step == len(values) or values[step] != values[begin]:
                yield start + begin, start + step, values[begin]
                begin = step

    def text(self, value: Any, base: str = "decimal") -> str:
        """A value in words: decimal (signed where it is so), or hexadecimal or binary of the full width.

        Raises
        ------
        CircuitError
            If the base is none of these.
        """
        if base not in BASES:
            raise CircuitError(f"base is {base!r}; give one of {', '.join(map(repr, BASES))}")
        if isinstance(value, float):
            return f"{value:.4g}"
        if base == "decimal" or self.width is None:
            return str(value)
        bits = value % (1 << self.width)
        return f"{bits:0{self.width}b}" if base == "binary" else f"{bits:0{-(-self.width // 4)}X}"
