"""Subject: the chip or circuit that a script tests, with its pins and the insides of its parts by name."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from circuits.definition import Circuit
from circuits.formats.hdl import Chip, Part
from circuits.memory import Memory
from circuits.scripts.commands import Place
from circuits.scripts.errors import ScriptError
from circuits.scripts.machine import Machine, words
from perceptron import Network, Tape


class Spot(NamedTuple):
    """Something a script reads or sets: nodes of the network, or a word of a part."""

    width: int
    nodes: tuple[int, ...] = ()
    part: Part | None = None
    where: int = 0
    settable: bool = False


class Subject:
    """A chip in its first step, or a circuit with its memories.

    In a circuit, a part that a script looks into is a memory or a word of states, or else an input (the keyboard), of
    the same name, where only the last word of ours counts (`cpu1.d_register`), large and small letters and `_` are
    alike, and the size at the end may be missing: `RAM16K[0]` is the word 0 of `ram`, `DRegister[]` is `d_register`.

    Attributes
    ----------
    name : str
    machine : Machine
    """

    def __init__(self, found: Chip | Circuit | Network | Tape):
        tape = found.tape if isinstance(found, Chip) else _tape(found)
        memories = found.memories if isinstance(found, Chip | Circuit) else ()
        self.name = tape.name
        self.machine = Machine(tape, memories)
        pins = {**self.machine.inputs, **self.machine.outputs}
        self._parts: _Parts | _Alike
        if isinstance(found, Chip):
            pins.update({name: list(nodes) for name, nodes in found.pins.items()})
            self._parts = _Parts(found.parts)
        else:
            driven = {pin for memory in memories for pin in memory.out}
            given = words(
                (name, node) for name, node in zip(tape.inputs, tape.input_nodes, strict=True) if name not in driven
            )
            self._parts = _Alike(tape, memories, given)
        self._pins, self._given = pins, frozenset(tape.input_nodes)

    def part(self, kind: str) -> Part:
        """The first built-in part of a kind.

        Raises
        ------
        ScriptError
            If there is none; or, in a circuit, if several have the name.
        """
        part = self._parts.find(kind)
        if part is None:
            raise ScriptError(f"chip {self.name} has no {self._parts.missing(kind)}")
        return part

    @property
    def keyboard(self) -> Part | None:
        """The Keyboard, where it has one."""
        return self._parts.find("Keyboard")

    def spot(self, place: Place) -> Spot:
        """Where a place of the script is.

        Raises
        ------
        ScriptError
            If there is no such pin or part, or the brackets are outside it.
        """
        name, bracket = place
        pin = name if name in self._pins else f"{name}_"  # `in` is no name in Python, `in_` is
        if pin not in self._pins or (bracket is not None and self._parts.first(name, bracket)):
            if bracket is None and self._parts.find(name) is None:
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
            given = part.states[0] in self._given
            return Spot(len(part.states), part.states if given else (), None if given else part, settable=True)
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


class _Parts:
    """The parts of a chip by kind: the first of each."""

    def __init__(self, parts: Sequence[Part]):
        self._named: dict[str, Part] = {}
        for part in parts:
            self._named.setdefault(part.kind, part)

    def find(self, kind: str) -> Part | None:
        """The part, or None."""
        return self._named.get(kind)

    def first(self, kind: str, bracket: str) -> bool:
        """Whether a name with brackets means a part, even where a pin has the name."""
        return kind in self._named

    def missing(self, kind: str) -> str:
        """What the message says that there is not."""
        inside = ", ".join(self._named) or "none"
        return f"built-in part {kind} to look into (it has {inside}); use the built-in {kind}"


class _Alike:
    """The memories, states and inputs of a circuit, by names that are alike."""

    def __init__(self, tape: Tape, memories: Sequence[Memory], inputs: Mapping[str, Sequence[int]]):
        states = words((str(tape.name_of(node)), node) for node in tape.states)
        self._kinds = (
            [Part(_plain(memory.name), memory.name, (), memory) for memory in memories],
            [Part(_plain(name), name, tuple(nodes), None) for name, nodes in states.items()],
            [Part(_plain(name), name, tuple(nodes), None) for name, nodes in inputs.items()],
        )

    def find(self, kind: str) -> Part | None:
        """The part, or None."""
        names = (_plain(kind), _SIZE.sub("", _plain(kind)))
        for parts in self._kinds:
            for name in names:
                found = [part for part in parts if part.kind == name]
                if len(found) > 1:
                    both = " and ".join(repr(part.name) for part in found[:2])
                    raise ScriptError(f"{kind} may be {both}; give one of them another name")
                if found:
                    return found[0]
        return None

    def first(self, kind: str, bracket: str) -> bool:
        """Whether a name with brackets means a part: with nothing in them no bit of a pin is meant."""
        return not bracket and self.find(kind) is not None

    def missing(self, kind: str) -> str:
        """What the message says that there is not."""
        inside = ", ".join(part.name for parts in self._kinds[:2] for part in parts) or "none"
        return f"memory or state that is called like {kind} (it has {inside}); give one that name"


_SIZE = re.compile(r"\d+k?$")  # of RAM16K and ROM32K


def _plain(name: str) -> str:
    """A name as names are compared: its last word, in small letters, without `_`.

    Examples
    --------
    >>> _plain("cpu1.d_register"), _plain("DRegister")
    ('dregister', 'dregister')
    """
    return name.rpartition(".")[2].replace("_", "").lower()


def _tape(found: Circuit | Network | Tape) -> Tape:
    if isinstance(found, Circuit):
        found = found.network
    return found if isinstance(found, Tape) else Tape.from_network(found)
