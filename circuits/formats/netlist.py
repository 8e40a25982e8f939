"""Netlist: definitions by name in any order, as netlist files have them, put in order and built.

Used by every reader of a format in which a gate may be used above the line that defines it. It finds what such files
can get wrong: a signal that nothing drives, one that is driven twice, and a loop, each with the line.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple, TypeVar

from circuits.cells import Cell
from circuits.formats.errors import FormatError
from perceptron import Builder

Built = TypeVar("Built", bound=Builder[Any])


class _Gate(NamedTuple):
    cell: Cell
    fanin: tuple[str, ...]
    line: int


class _Latch(NamedTuple):
    next: str
    initial: int | None
    line: int


@dataclass
class Netlist:
    """What a netlist file says, before it is put in order.

    `line` is the line of the file that says it, for the messages.
    """

    inputs: dict[str, int] = field(default_factory=dict)
    gates: dict[str, _Gate] = field(default_factory=dict)
    latches: dict[str, _Latch] = field(default_factory=dict)
    outputs: dict[str, tuple[str, int]] = field(default_factory=dict)

    def input(self, name: str, line: int) -> None:
        """An input of that name."""
        self._drive(name, line)
        self.inputs[name] = line

    def gate(self, name: str, cell: Cell, fanin: Iterable[str], line: int) -> None:
        """A signal driven by a unit that reads others, which may be defined later."""
        self._drive(name, line)
        self.gates[name] = _Gate(cell, tuple(fanin), line)

    def latch(self, name: str, next: str, initial: int | None, line: int) -> None:
        """A signal that takes the value of `next` one step of time later."""
        self._drive(name, line)
        self.latches[name] = _Latch(next, initial, line)

    def output(self, name: str, signal: str, line: int) -> None:
        """An output; two of the same name are an error."""
        if name in self.outputs:
            raise FormatError(f"output {name!r} is named twice (first on line {self.outputs[name][1]})", line=line)
        self.outputs[name] = (signal, line)

    def driven(self, name: str) -> bool:
        """Whether something drives that signal already."""
        return name in self.inputs or name in self.gates or name in self.latches

    def build(self, builder: Built) -> Built:
        """Fill a builder: inputs, latches, then the gates, sources first, then the outputs.

        Raises
        ------
        FormatError
            If a signal that is read is not driven, or gates form a loop that no latch interrupts.
        """
        node: dict[str, Any] = {name: builder.input(name) for name in self.inputs}
        for name, latch in self.latches.items():
            node[name] = builder.state(name, latch.initial)
        for name in self._order():
            gate = self.gates[name]
            fanin = [(node[source], weight) for source, weight in zip(gate.fanin, gate.cell.weights, strict=True)]
            node[name] = builder.add(gate.cell.unit, fanin, name)
        for name, (signal, line) in self.outputs.items():
            self._require(signal, f"output {name!r}", line)
            builder.output(name, node[signal])
        for name, latch in self.latches.items():
            self._require(latch.next, f"latch {name!r}", latch.line)
            builder.feedback(node[name], node[latch.next])
        return builder

    def _drive(self, name: str, line: int) -> None:
        if self.driven(name):
            raise FormatError(f"signal {name!r} is driven twice (first on line {self._line(name)})", line=line)

    def _line(self, name: str) -> int:
        if name in self.inputs:
            return self.inputs[name]
        return self.gates[name].line if name in self.gates else self.latches[name].line

    def _require(self, signal: str, reader: str, line: int) -> None:
        if not self.driven(signal):
            raise FormatError(f"{reader} reads {signal!r}, which nothing drives", line=line)

    def _order(self) -> list[str]:
        """The gates, sources first, in the order of the file wherever that allows it; without recursion."""
        order: list[str] = []
        done: set[str] = set()
        for first in self.gates:
            path: dict[str, int] = {}  # the gates being looked at, with how far their fan-in is done
            waiting = [] if first in done else [first]
            while waiting:
                name = waiting[-1]
                fanin = self.gates[name].fanin
                at = path.setdefault(name, 0)
                while at < len(fanin) and (fanin[at] in done or fanin[at] not in self.gates):
                    self._require(fanin[at], f"signal {name!r}", self.gates[name].line)
                    at += 1
                path[name] = at
                if at == len(fanin):
                    waiting.pop()
                    del path[name]
                    done.add(name)
                    order.append(name)
                elif fanin[at] in path:
                    self._loop(list(path), fanin[at])
                else:
                    waiting.append(fanin[at])
        return order

    def _loop(self, path: Sequence[str], name: str) -> None:
        loop = path[path.index(name) :][::-1]  # each feeds the next, and the last the first
        shown = " -> ".join([*map(repr, loop[:30]), *(["..."] if len(loop) > 30 else []), repr(loop[0])])
        raise FormatError(f"signals form a loop without a latch: {shown}", line=self.gates[name].line)
