"""Wire and Word: what a circuit's function computes with. Their operators add units to the network they belong to."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, NoReturn, overload

from circuits import cells
from circuits.cells import Cell
from circuits.errors import CircuitError
from perceptron import Builder


def is_bit(value: object) -> bool:
    """Whether a value is 0 or 1, as a number of any type."""
    if isinstance(value, Wire | Word) or not isinstance(value, Hashable):  # arrays are not hashable
        return False
    return value in (0, 1)


@dataclass(eq=False)
class Scope:
    """The network that is being built, with what placing parts in it needs to remember."""

    builder: Builder[Any]
    placed: dict[str, int] = field(default_factory=dict)
    constants: dict[int, Wire] = field(default_factory=dict)

    def add(self, cell: Cell, operands: Sequence[Wire | int], name: str | None = None) -> Wire:
        """Add the unit of a cell that reads these operands; 0 and 1 among them become constants."""
        sources = [self.wire(operand) for operand in operands]
        fanin = [(wire.node, weight) for wire, weight in zip(sources, cell.weights, strict=True)]
        return Wire(self, self.builder.add(cell.unit, fanin, name))

    def wire(self, operand: Wire | int) -> Wire:
        """The operand as a wire of this network.

        Raises
        ------
        CircuitError
            If it is a wire of another network, or no wire and neither 0 nor 1.
        """
        if isinstance(operand, Wire):
            if operand.scope is not self:
                raise CircuitError(
                    f"wire {operand.node!r} belongs to another network; pass it in as a parameter of the circuit"
                )
            return operand
        if is_bit(operand):
            value = int(operand)
            if value not in self.constants:
                self.constants[value] = Wire(self, self.builder.add(cells.constant(value).unit, (), f"constant{value}"))
            return self.constants[value]
        raise CircuitError(f"a gate is given {operand!r}; give a wire, 0 or 1")

    def next_part(self, name: str) -> str:
        """The name of the next part of a kind: half_adder1, half_adder2, ..."""
        self.placed[name] = self.placed.get(name, 0) + 1
        return f"{name}{self.placed[name]}"


@dataclass(frozen=True, eq=False, slots=True)
class Wire:
    """One bit in a circuit that is being defined: the value of one node.

    `&`, `|`, `^` and `~` add the unit of that gate; the other operand may be a wire, 0 or 1.
    """

    scope: Scope = field(repr=False)
    node: str

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

    def __bool__(self) -> NoReturn:
        raise CircuitError(
            f"wire {self.node!r} has no value while the circuit is being defined, so `if`, `and`, `or`, `not` and "
            "`==` cannot ask for it; use &, |, ~ or mux(select, high, low)"
        )

    def __eq__(self, other: object) -> NoReturn:
        raise CircuitError(
            f"wire {self.node!r} cannot be compared while the circuit is being defined; ~(a ^ b) is 1 where a equals b"
        )

    __hash__ = object.__hash__

    def _gate(self, cell: Cell, *operands: Wire | int) -> Wire:
        for operand in operands:
            if not isinstance(operand, Wire) and not is_bit(operand):
                if isinstance(operand, Word):
                    raise CircuitError(
                        f"wire {self.node!r} meets a word of {len(operand)} bits; both sides need the same width"
                    )
                raise CircuitError(f"wire {self.node!r} meets {operand!r}; the other side is a wire, 0 or 1")
        return self.scope.add(cell, operands)


class WordType:
    """What `Word[n]` is as an annotation: a word of n bits."""

    def __init__(self, width: int):
        if isinstance(width, bool) or not isinstance(width, int) or width < 1:
            raise CircuitError(f"a word has the width {width!r}; give a whole number of at least 1, as in Word[8]")
        self.width = width

    def __repr__(self) -> str:
        return f"Word[{self.width}]"


class Word(Sequence[Wire]):
    """Several wires that carry an integer, least significant bit first, unsigned.

    `Word[n]` as an annotation makes a parameter of n bits; `Word(wires)` makes one from wires. Indexing gives a
    wire, slicing a word; `&`, `|`, `^`, `~` work bit by bit.
    """

    __slots__ = ("_wires",)

    def __init__(self, wires: Sequence[Wire | int]):
        scopes = [wire.scope for wire in wires if isinstance(wire, Wire)]
        if not scopes:
            raise CircuitError(
                f"a word is made of {list(wires)!r}; give at least one wire (0 and 1 may stand beside it)"
            )
        self._wires = tuple(scopes[0].wire(wire) for wire in wires)

    def __class_getitem__(cls, width: int) -> WordType:
        return WordType(width)

    def __len__(self) -> int:
        return len(self._wires)

    def __iter__(self) -> Iterator[Wire]:
        return iter(self._wires)

    @overload
    def __getitem__(self, index: int) -> Wire: ...

    @overload
    def __getitem__(self, index: slice) -> Word: ...

    def __getitem__(self, index: int | slice) -> Wire | Word:
        if isinstance(index, slice):
            return Word(self._wires[index])
        if not -len(self) <= index < len(self):
            raise CircuitError(f"bit {index} of a word of {len(self)} bits; the bits are 0 to {len(self) - 1}")
        return self._wires[index]

    def __and__(self, other: Word) -> Word:
        return Word([a & b for a, b in self._pairs(other)])

    def __or__(self, other: Word) -> Word:
        return Word([a | b for a, b in self._pairs(other)])

    def __xor__(self, other: Word) -> Word:
        return Word([a ^ b for a, b in self._pairs(other)])

    def __invert__(self) -> Word:
        return Word([~wire for wire in self])

    def __bool__(self) -> NoReturn:
        raise CircuitError(
            "a word has no value while the circuit is being defined, so `if`, `and`, `or` and `not` cannot ask for it"
        )

    def __eq__(self, other: object) -> NoReturn:
        raise CircuitError(
            "a word cannot be compared while the circuit is being defined; ~(a ^ b) is 1 at the bits where a equals b"
        )

    __hash__ = object.__hash__

    def __repr__(self) -> str:
        return f"Word([{', '.join(wire.node for wire in self)}])"

    def _pairs(self, other: Word) -> Iterator[tuple[Wire, Wire]]:
        if not isinstance(other, Word) or len(other) != len(self):
            found = f"one of {len(other)} bits" if isinstance(other, Word) else repr(other)
            raise CircuitError(f"a word of {len(self)} bits meets {found}; both need the same width")
        return zip(self, other, strict=True)
