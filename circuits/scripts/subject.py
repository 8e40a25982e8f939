"""Subject: the chip or circuit that a script tests, with its pins and the insides of its parts by name."""

from __future__ import annotations

from typing import NamedTuple

from circuits.definition import Circuit
from circuits.formats.hdl import Chip, Part
from circuits.scripts.commands import Place
from circuits.scripts.errors import ScriptError
from circuits.scripts.machine import Machine
from perceptron import Network, Tape


class Spot(NamedTuple):
    """Something a script reads or sets: nodes of the network, or a word of a part."""

    width: int
    nodes: tuple[int, ...] = ()
    part: Part | None = None
    where: int = 0
    settable: bool = False


class Subject:
    """A chip in its first step.

    Attributes
    ----------
    name : str
    machine : Machine
    """

    def __init__(self, found: Chip | Circuit | Network | Tape):
        tape = found.tape if isinstance(found, Chip) else _tape(found)
        self.name = tape.name
        self.machine = Machine(tape, found.memories if isinstance(found, Chip) else ())
        parts: dict[str, Part] = {}
        pins = {**self.machine.inputs, **self.machine.outputs}
        if isinstance(found, Chip):
            for part in found.parts:
                parts.setdefault(part.kind, part)
            pins.update({name: list(nodes) for name, nodes in found.pins.items()})
        self._parts, self._pins = parts, pins

    def part(self, kind: str) -> Part:
        """The first built-in part of a kind.

        Raises
        ------
        ScriptError
            If there is none.
        """
        if kind not in self._parts:
            inside = ", ".join(self._parts) or "none"
            raise ScriptError(
                f"chip {self.name} has no built-in part {kind} to look into (it has {inside}); use the built-in {kind}"
            )
        return self._parts[kind]

    @property
    def keyboard(self) -> Part | None:
        """The Keyboard, where it has one."""
        return self._parts.get("Keyboard")

    def spot(self, place: Place) -> Spot:
        """Where a place of the script is.

        Raises
        ------
        ScriptError
            If there is no such pin or part, or the brackets are outside it.
        """
        name, bracket = place
        pin = name if name in self._pins else f"{name}_"  # `in` is no name in Python, `in_` is
        if pin not in self._pins or (name in self._parts and bracket is not None):
            if bracket is None and name not in self._parts:
                shown = ", ".join(name for name in self._pins if "." not in name)
                raise ScriptError(f"chip {self.name} has no pin {name!r}; its pins are {shown or 'none'}")
            return self._inside(place, self.part(name))
        nodes = tuple(self._pins[pin])
        settable = pin in self.machine.inputs
        if bracket is None:
            return Spot(len(nodes), nodes, settable=settable)
        low, _, high = bracket.partition("..")
        try:
            first, last = int(low), int(high or low)
        except ValueError:
            raise ScriptError(f"{place} names no bits; write {name}[0] or {name}[0..3]") from None
        if not first <= last < len(nodes):
            raise ScriptError(f"{place}: pin {name!r} has the bits 0 to {len(nodes) - 1}")
        return Spot(last - first + 1, nodes[first : last + 1], settable=settable)

    def _inside(self, place: Place, part: Part) -> Spot:
        bracket = place.bracket or ""
        where = int(bracket) if bracket.isdecimal() else 0
        if part.memory is None:
            return Spot(len(part.states), part=part, settable=True)
        if where >= part.memory.words:
            raise ScriptError(f"{place}: {part.kind} has the words 0 to {part.memory.words - 1}")
        return Spot(part.memory.width, part=part, where=where, settable=True)

    def read(self, spot: Spot) -> int:
        """The word there, unsigned."""
        if spot.part is None:
            return self.machine.value(spot.nodes)
        if spot.part.memory is None:
            return self.machine.held(spot.part.states)
        return self.machine.word(spot.part.memory, spot.where)

    def write(self, spot: Spot, value: int) -> None:
        """Put a word there, unsigned."""
        if spot.part is None:
            self.machine.set(spot.nodes, value)
        elif spot.part.memory is None:
            self.machine.hold(spot.part.states, value)
        else:
            self.machine.store(spot.part.memory, spot.where, value)


def _tape(found: Circuit | Network | Tape) -> Tape:
    if isinstance(found, Circuit):
        found = found.network
    return found if isinstance(found, Tape) else Tape.from_network(found)
