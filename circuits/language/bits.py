"""Wire: one bit of a circuit that is being defined. Its operators add units to the network that it belongs to."""

from __future__ import annotations

import re
from collections.abc import Hashable, Sequence
from typing import TYPE_CHECKING, Any, NoReturn

from circuits import cells
from circuits.cells import Cell
from circuits.errors import CircuitError
from circuits.language.arithmetic import Number
from circuits.language.operators import Operand

if TYPE_CHECKING:
    from circuits.language.scope import Scope
    from circuits.language.words import Word

_UNNAMED = re.compile(r"n\d+")


class Wire(Operand):
    """One bit in a circuit that is being defined: the value of one node. `Bit` is another name for it.

    `&`, `|`, `^` and `~` add the unit of that gate; the other operand may be a wire, 0 or 1. `==` and `!=` are the
    gates xnor and xor. In arithmetic a wire is a word of one bit (see `Operand`).

    Attributes
    ----------
    scope : Scope
        The network that it belongs to.
    node : str
    """

    __slots__ = ("node", "scope")
    node: str
    scope: Scope

    def __init__(self, scope: Scope, node: str):
        object.__setattr__(self, "scope", scope)
        object.__setattr__(self, "node", node)

    def __and__(self, other: Wire | int) -> Wire:
        return self._gate(cells.and_(2), self, other)

    def __rand__(self, other: int) -> Wire:
        return self._gate(cells.and_(2), other, self)

    def __or__(self, other: Wire | int) -> Wire:
        return self._gate(cells.or_(2), self, other)

    def __ror__(self, other: int) -> Wire:
        return self._gate(cells.or_(2), other, self)

    def __xor__(self, other: Wire | int) -> Wire:
        return self._gate(cells.parity(2), self, other)

    def __rxor__(self, other: int) -> Wire:
        return self._gate(cells.parity(2), other, self)

    def __invert__(self) -> Wire:
        return self.scope.add(cells.nor(1), [self])

    def repeat(self, times: int) -> Word:
        """A word of this bit `times` times, for example as a mask. No units.

        Raises
        ------
        CircuitError
            If `times` is not a whole number of at least 1.
        """
        return Operand.made(self.scope, Number([self] * checked_times(times), False))

    def __getitem__(self, index: object) -> NoReturn:
        raise CircuitError(
            f"{self._said()} is one bit and has no bits to take; write Word[8] at the parameter for a word"
        )

    def __iter__(self) -> NoReturn:
        raise CircuitError(f"{self._said()} is one bit, so nothing can run over it; write Word[8] at the parameter")

    def __len__(self) -> NoReturn:
        raise CircuitError(f"{self._said()} is one bit and has no length; write Word[8] at the parameter for a word")

    def __repr__(self) -> str:
        return f"Wire(node={self.node!r})"

    def _number(self) -> Number:
        return Number((self,), False)

    def _said(self) -> str:
        return "a wire" if _UNNAMED.fullmatch(self.node) else f"wire {self.node!r}"

    def _gate(self, cell: Cell, *operands: Any) -> Wire:
        for operand in operands:
            if not isinstance(operand, Wire) and not is_bit(operand):
                if isinstance(operand, Operand):
                    width = len(operand._number().bits)
                    raise CircuitError(
                        f"{self._said()} meets a word of {width} bits; both sides need the same width, and "
                        f"wire.repeat({width}) is a word of that bit"
                    )
                raise CircuitError(f"{self._said()} meets {operand!r}; the other side is a wire, 0 or 1")
        return self.scope.add(cell, operands)


Bit = Wire


def is_bit(value: object) -> bool:
    """Whether a value is 0 or 1, as a number of any type."""
    if isinstance(value, Operand) or not isinstance(value, Hashable):  # arrays are not hashable
        return False
    return value in (0, 1)


def checked_times(times: int) -> int:
    """A number of times.

    Raises
    ------
    CircuitError
        If it is not a whole number of at least 1.
    """
    if isinstance(times, bool) or not isinstance(times, int) or times < 1:
        raise CircuitError(f"a repetition is {times!r} times; give a whole number of at least 1")
    return times


def wires_in(value: object) -> Sequence[object]:
    """The wires and words in a list or tuple; none where it is something else."""
    return [entry for entry in value if isinstance(entry, Operand)] if isinstance(value, list | tuple) else []
