"""Scope: the network that is being defined. Wires carry theirs; a state or a constant asks which one it is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

from circuits import cells
from circuits.cells import Cell
from circuits.errors import CircuitError
from circuits.language.bits import Wire, is_bit
from circuits.language.where import Where, shown, user_code
from circuits.memory import Memory
from perceptron import Builder, Unit

_current: ContextVar[Scope | None] = ContextVar("scope", default=None)  # see docs/decisions/0005


@dataclass(eq=False)
class Held:
    """A state, bit or word, that was made: its name, where, and whether it has been told its next value."""

    name: str
    where: Where | None
    told: Where | None = None


@dataclass(eq=False)
class Scope:
    """The network that is being built, with what placing parts in it needs to remember.

    Attributes
    ----------
    builder : Builder
    name : str
        Of the circuit.
    owner : object
        The circuit, so that one that places itself is found.
    outer : Scope, optional
        The definition in whose midst this one began.
    states : dict of node -> Held
        By the first bit.
    memories : list of (Memory, pin -> node)
    """

    builder: Builder[Any]
    name: str = ""
    owner: object = None
    outer: Scope | None = None
    placed: dict[str, int] = field(default_factory=dict)
    parts: dict[str, str] = field(default_factory=dict)
    constants: dict[int, Wire] = field(default_factory=dict)
    states: dict[str, Held] = field(default_factory=dict)
    memories: list[tuple[Memory, Mapping[str, str]]] = field(default_factory=list)

    def add(self, cell: Cell, operands: Sequence[Wire | int], name: str | None = None) -> Wire:
        """Add the unit of a cell that reads these operands; 0 and 1 among them become constants.

        Raises
        ------
        CircuitError
            If an operand is no wire of this network and neither 0 nor 1, or this definition is not under way.
        """
        sources = [self.wire(operand) for operand in operands]
        self.require_open()
        fanin = [(wire.node, weight) for wire, weight in zip(sources, cell.weights, strict=True)]
        return Wire(self, self.builder.add(cell.unit, fanin, name))

    def fire(self, bias: int, terms: Sequence[tuple[Wire | int, int]], name: str | None = None) -> Wire | int:
        """A perceptron over (operand, weight): constants join its bias, and one without wires is a constant."""
        fanin = []
        for operand, weight in terms:
            if isinstance(operand, int):
                bias += weight * operand
            else:
                fanin.append((self.wire(operand).node, weight))
        if not fanin:
            return int(bias > 0)
        self.require_open()
        return Wire(self, self.builder.add(Unit(bias), fanin, name))

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
                self.require_open()
                self.constants[value] = Wire(self, self.builder.add(cells.constant(value).unit, (), f"constant{value}"))
            return self.constants[value]
        raise CircuitError(f"a gate is given {operand!r}; give a wire, 0 or 1")

    def require_open(self) -> None:
        """Refuse wires that were kept after their circuit was defined, or while another one is.

        Raises
        ------
        CircuitError
            If this is not the definition under way.
        """
        now = _current.get()
        if now is not self:
            doing = "no circuit is being defined" if now is None else f"{now.name!r} is being defined"
            raise CircuitError(
                f"a wire of circuit {self.name!r} is used where {doing}; pass it in as a parameter of the circuit"
            )

    def next_part(self, name: str) -> str:
        """The name of the next part of a kind: half_adder1, half_adder2, ..."""
        part = ""
        while not part or part in self.parts:
            self.placed[name] = self.placed.get(name, 0) + 1
            part = f"{name}{self.placed[name]}"
        self.parts[part] = name
        return part

    def part(self, kind: str, name: str | None) -> str:
        """The name of a part: the given one, or the next of its kind.

        Raises
        ------
        CircuitError
            If another part has the name.
        """
        if name is None:
            return self.next_part(kind)
        if not isinstance(name, str) or not name:
            raise CircuitError(f"{kind}: a part is named {name!r}; give a non-empty string")
        if name in self.parts:
            raise CircuitError(
                f"{kind}: a part is named {name!r}, but {self.parts[name]} has this name already; choose another name"
            )
        where = user_code()
        self.parts[name] = kind if where is None else f"{kind} ({shown(where)})"
        return name


@contextmanager
def defining(scope: Scope) -> Iterator[None]:
    """While this is open, the scope is the one that states, constants and memories belong to."""
    token = _current.set(scope)
    try:
        yield
    finally:
        _current.reset(token)


def current() -> Scope | None:
    """The definition under way, if any."""
    return _current.get()


def required(what: str) -> Scope:
    """The definition under way.

    Raises
    ------
    CircuitError
        If there is none; `what` says what was asked for.
    """
    scope = _current.get()
    if scope is None:
        raise CircuitError(f"{what} belongs to a circuit, but none is being defined; write it in a @circuit function")
    return scope
