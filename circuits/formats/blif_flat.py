"""The hierarchy of a BLIF file made flat: every instance becomes the units of its model, with dotted names."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from typing import NamedTuple

from circuits.formats.blif_model import Instance, Latch, Model, Names, shown
from circuits.formats.cover import Covers
from circuits.formats.errors import FormatError
from circuits.formats.netlist import Netlist

# What instances may add, counted in characters of names and in pins: a file of a few lines that doubles itself
# thirty times stays an error.
LEAST_ROOM = 8_000_000
ROOM_PER_CHARACTER = 32


class _Place(NamedTuple):
    """A model at a place of the hierarchy: what its ports are called outside, and the prefix of its other signals."""

    model: Model
    outside: dict[str, str]
    prefix: str

    def signal(self, name: str) -> str:
        return self.outside.get(name) or self.prefix + name


def flatten(models: list[Model], characters: int) -> Netlist:
    """The first model of a file as a netlist.

    Parameters
    ----------
    models : list of Model
    characters : int
        The length of the file, which bounds how large instances may make it.

    Raises
    ------
    FormatError
        If models are missing or instantiate each other, pins are not connected, latches have different clocks,
        or the circuit would be too large for its file; with the line.
    """
    by_name = {model.name: model for model in models}
    _check_instances(models, by_name)
    top = models[0]
    for model in models:
        model.infer()
    if not top.outputs:
        raise FormatError(f"model {shown(top.name)} has no .outputs", line=top.line)
    return _Flattening(by_name, LEAST_ROOM + ROOM_PER_CHARACTER * characters).run(top)


def _check_instances(models: list[Model], by_name: dict[str, Model]) -> None:
    """Every model that is instantiated is there, and none is part of itself; without recursion."""
    done: set[str] = set()
    for first in models:
        path: dict[str, Iterator[Instance]] = {}
        name: str | None = first.name
        while name is not None:
            if name not in path:
                path[name] = iter(() if name in done else by_name[name].instances)
            instance = next(path[name], None)
            if instance is None:
                done.add(name)
                del path[name]
                name = next(reversed(path), None)
                continue
            if instance.model not in by_name:
                raise FormatError(f"model {shown(instance.model)} is not in the file", line=instance.line)
            if instance.model in path:
                raise FormatError(f"model {shown(instance.model)} is part of itself", line=instance.line)
            name = instance.model


class _Flattening:
    """One run: the netlist so far, and what it may still grow."""

    def __init__(self, models: dict[str, Model], room: int):
        self._models = models
        self._room = room
        self._netlist = Netlist()
        self._covers = Covers()
        self._large: list[tuple[str, tuple[str, ...], Names]] = []
        self._clock: tuple[str, int] | None = None
        self._driven: dict[str, set[str]] = {}

    def run(self, top: Model) -> Netlist:
        for name, line in top.inputs.items():
            self._netlist.input(name, line)
        waiting = [_Place(top, {}, "")]
        while waiting:
            place = waiting.pop()
            self._signals(place)
            waiting.extend(reversed(self._inside(place)))
        for name, line in top.outputs.items():
            self._netlist.output(name, name, line)
        if self._large:
            free = _Free(self._netlist, self._large)
            for name, fanin, gate in self._large:
                self._covers.place(self._netlist, name, fanin, gate.rows, gate.value, gate.line, free)
        self._check_clock()
        self._drop_clock()
        return self._netlist

    def _signals(self, place: _Place) -> None:
        """The covers and latches of a model at one place."""
        netlist, cell, nested = self._netlist, self._covers.cell, bool(place.prefix)
        for gate in place.model.names:
            name, fanin = gate.name, gate.fanin
            if nested:
                name, fanin = place.signal(name), tuple(map(place.signal, fanin))
                self._spend(len(name) + 8 * len(fanin), gate.line)
            made = cell(len(fanin), gate.rows, gate.value)
            if made is None:
                self._large.append((name, fanin, gate))
            else:
                netlist.gate(name, made, fanin, gate.line)
        for latch in place.model.latches:
            name, following = place.signal(latch.name), place.signal(latch.next)
            self._spend(len(name) if nested else 0, latch.line)
            netlist.latch(name, following, latch.initial, latch.line)
            if latch.control is not None:
                self._tick(place, latch, latch.control)

    def _tick(self, place: _Place, latch: Latch, control: str) -> None:
        """One step of time is one cycle of the one clock; a clock that a model does not drive is everybody's."""
        clock = place.signal(control) if control in place.outside or control in self._drives(place.model) else control
        if self._clock is None:
            self._clock = (clock, latch.line)
        elif self._clock[0] != clock:
            raise FormatError(
                f"latch {shown(latch.name)} has the clock {shown(clock)} and one on line {self._clock[1]} has "
                f"{shown(self._clock[0])}; one step of time is one cycle of one clock",
                line=latch.line,
            )

    def _check_clock(self) -> None:
        if self._clock is not None and (
            self._clock[0] in self._netlist.gates or self._clock[0] in self._netlist.latches
        ):
            raise FormatError(
                f"the clock {shown(self._clock[0])} of a latch is a signal of the circuit itself; "
                "one step of time is one cycle of a clock from outside",
                line=self._clock[1],
            )

    def _drop_clock(self) -> None:
        """An input that is nothing but the clock is no input of the network: a step of time is a cycle of it."""
        netlist = self._netlist
        if self._clock is None or self._clock[0] not in netlist.inputs:
            return
        clock = self._clock[0]
        read = (
            clock in netlist.outputs
            or any(clock == latch.next for latch in netlist.latches.values())
            or any(clock in gate.fanin for gate in netlist.gates.values())
            or any(clock in fanin for _, fanin, _ in self._large)
        )
        if not read:
            del netlist.inputs[clock]

    def _inside(self, place: _Place) -> list[_Place]:
        """The places of the instances in a model."""
        found: list[_Place] = []
        if not place.model.instances:
            return found
        prefixes = _Prefixes(place.model)
        for instance in place.model.instances:
            model = self._models[instance.model]
            self._check_pins(model, instance)
            prefix = place.prefix + prefixes.next(model.name)
            outside = {}
            self._spend(len(prefix) + 8, instance.line)
            for formal, actual in instance.pins.items():
                name = place.signal(actual)
                self._spend(len(name) + 8, instance.line)
                if formal in model.outputs and formal in model.inputs:
                    raise FormatError(
                        f"pin {shown(formal)} of model {shown(model.name)} is an input and an output",
                        line=instance.line,
                    )
                outside[formal] = name
            found.append(_Place(model, outside, prefix))
        return found

    def _check_pins(self, model: Model, instance: Instance) -> None:
        for formal in instance.pins:
            if formal not in model.inputs and formal not in model.outputs and formal not in model.clocks:
                raise FormatError(f"model {shown(model.name)} has no pin {shown(formal)}", line=instance.line)
        for formal in (*model.inputs, *model.outputs):
            if formal not in instance.pins:
                raise FormatError(
                    f"pin {shown(formal)} of model {shown(model.name)} is not connected; connect an output that is "
                    "not needed to a name that nothing reads",
                    line=instance.line,
                )
        driven = self._drives(model)
        for formal, line in model.outputs.items():
            if formal not in driven:
                raise FormatError(f"output {shown(formal)} of {shown(model.name)} is not driven", line=line)

    def _drives(self, model: Model) -> set[str]:
        """The signals that something in a model drives, its inputs among them."""
        if model.name not in self._driven:
            driven = {gate.name for gate in model.names} | {latch.name for latch in model.latches} | set(model.inputs)
            for instance in model.instances:
                outputs = self._models[instance.model].outputs
                driven.update(actual for formal, actual in instance.pins.items() if formal in outputs)
            self._driven[model.name] = driven
        return self._driven[model.name]

    def _spend(self, amount: int, line: int) -> None:
        self._room -= amount + 1
        if self._room < 0:
            raise FormatError("the models of this file make a circuit far larger than the file itself", line=line)


class _Prefixes:
    """Names for the instances in one model: the model's name and a number, where no signal of it begins so."""

    def __init__(self, model: Model):
        names = {*model.inputs, *model.outputs}
        for gate in model.names:
            names.update((gate.name, *gate.fanin))
        for latch in model.latches:
            names.update((latch.name, latch.next))
        for instance in model.instances:
            names.update(instance.pins.values())
        self._names = sorted(name for name in names if "." in name)
        self._count: dict[str, int] = {}
        self._made: set[str] = set()

    def next(self, name: str) -> str:
        """`adder1.`, `adder2.`, ...; a dot in the name of the model becomes an underscore."""
        base = name.replace(".", "_")
        while True:
            self._count[base] = self._count.get(base, 0) + 1
            prefix = f"{base}{self._count[base]}."
            at = bisect_left(self._names, prefix)
            taken = at < len(self._names) and self._names[at].startswith(prefix)
            if not taken and prefix not in self._made:
                self._made.add(prefix)
                return prefix


class _Free:
    """Names that no signal has: `y.1`, `y.2`, ... for the parts of a large cover y."""

    def __init__(self, netlist: Netlist, large: list[tuple[str, tuple[str, ...], Names]]):
        self._taken = {*netlist.inputs, *netlist.outputs, *netlist.latches, *netlist.gates}
        self._taken.update(latch.next for latch in netlist.latches.values())
        for gate in netlist.gates.values():
            self._taken.update(gate.fanin)
        for name, fanin, _ in large:
            self._taken.update((name, *fanin))
        self._count: dict[str, int] = {}

    def __call__(self, name: str) -> str:
        while True:
            self._count[name] = self._count.get(name, 0) + 1
            made = f"{name}.{self._count[name]}"
            if made not in self._taken:
                self._taken.add(made)
                return made
