"""BLIF, the Berkeley Logic Interchange Format: covers, latches and hierarchical models, read and written.

A `.names` cover becomes one unit wherever that is small (see `circuits.formats.cover`), a `.latch` a state, and a
`.subckt` the units of its model under dotted names. What a file can say besides, and what becomes of it:

- The clock. One step of time is one cycle of the one clock, which is no input of the network unless something else
  reads it as well. Two clocks are refused, and so is a clock that the circuit makes itself. The types of the latches
  (`fe re ah al as`) are not kept: every latch takes its value once a cycle, also where a file mixes types.
- The initial values 2 (any) and 3 (unknown, also where there is none) both read as None, which is written as 3.
- `.exdc` (where any value would do) is checked and left: the function that the file gives is one of those allowed.
- Statements about time and area are left. `.gate`, `.mlatch`, `.search`, `.start_kiss` and `.param` are refused.
- The first model is the circuit. Without any `.inputs` and `.outputs` they are what is read but not driven, and
  driven but not read.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, TypeVar, overload

from circuits.cells import Cell
from circuits.formats import blif_flat, blif_model
from circuits.formats.cover_write import EQUAL, Cover, Gate, gates
from circuits.formats.errors import CannotWriteError, FormatError
from perceptron import Builder, Network, Tape
from perceptron.errors import NetworkError
from perceptron.formats.text import decoded
from perceptron.numbers import Number
from perceptron.numbers import add as plus

Built = TypeVar("Built", bound=Builder[Any])
LINE = 100  # characters after which a list of names goes on in the next line


@overload
def loads(text: str | bytes) -> Network: ...
@overload
def loads(text: str | bytes, *, into: Built) -> Built: ...
def loads(text: str | bytes, *, into: Any = None) -> Any:
    """The circuit of a BLIF file.

    Parameters
    ----------
    text : str or bytes
    into : Builder, optional
        What to fill, for example a `Tape`; without it a new Network with the name of the model.

    Returns
    -------
    Network, or `into`

    Raises
    ------
    FormatError
        If the file is no BLIF, says something that is not supported, drives a signal twice or not at all, has a
        loop without a latch, or instances that would make it far larger than it is; with the line, or the byte
        where it is no UTF-8.

    Examples
    --------
    >>> net = loads(".model or\\n.inputs a b\\n.outputs y\\n.names a b y\\n1- 1\\n-1 1\\n.end\\n")
    >>> net
    <Network 'or': 2 inputs, 1 unit, 2 edges, 1 output>
    >>> net.unit("y"), net.fanin("y")
    (Unit(bias=-1, activation=STEP), [('a', 2), ('b', 2)])
    """
    models = blif_model.parse(decoded(text))
    netlist = blif_flat.flatten(models, len(text))
    builder = Network() if into is None else into
    if not getattr(builder, "name", models[0].name):
        builder.name = models[0].name
    try:
        return netlist.build(builder)
    except NetworkError as error:  # what is filled has a node of that name from before
        raise FormatError(str(error), line=models[0].line) from error


def dumps(net: Network | Tape) -> str:
    """A 0/1 network as one flat BLIF model.

    Every unit is a `.names` of its own name; one whose cover would be large has two-input parts `name.1`, `name.2`,
    ... beside it. Inputs, outputs and states keep their names. A unit is renamed where BLIF cannot say its name, or
    where it is the name of an output that is another node; an output that is not the name of its node is a buffer.
    A network without a name is the model `top`.

    Raises
    ------
    CannotWriteError
        If a unit is no logic; an input or initial value is a real number; there is no output; or the name of an
        input, output or state has white space or '#', ends in a backslash, or means two things.
    NetworkError
        If the network is not valid (see `perceptron.check`).

    Examples
    --------
    >>> from circuits import half_adder
    >>> print(dumps(half_adder.network))
    .model half_adder
    .inputs x1 x2
    .outputs sum carry
    .names x1 x2 n1
    0- 1
    -0 1
    ...
    """
    tape = net if isinstance(net, Tape) else Tape.from_network(net)
    tape.check()
    return "\n".join(_Writer(tape).lines()) + "\n"


class _Writer:
    """One run: what each node of a tape is called in the file."""

    def __init__(self, tape: Tape):
        self._tape = tape
        self._outputs = dict(tape.outputs)
        self._known: dict[int, list[Gate]] = {}
        self._fixed: set[str] = set()
        self._require_logic()
        given = set(tape.given)
        self._name = {node: tape.name_of(node) or "" for node in given}
        for name in (*self._name.values(), *self._outputs):
            if not _sayable(name):
                raise CannotWriteError(f"the name {name!r} cannot stand in BLIF; rename it without blanks and '#'")
        for node, name in self._name.items():
            if self._outputs.get(name, node) != node:
                raise CannotWriteError(f"output {name!r} has the name of another node; rename one of the two")
        self._fixed.update(self._name.values(), self._outputs)
        self._call_units(given)

    def _require_logic(self) -> None:
        tape = self._tape
        for node in tape.input_nodes:
            if tape.takes_real(node):
                raise CannotWriteError(f"input {tape.label(node)} takes real numbers, which BLIF has not")
        for node, state in tape.states.items():
            if state.initial not in (0, 1, None):
                raise CannotWriteError(
                    f"state {tape.label(node)} begins with {state.initial!r}; BLIF has 0, 1, unknown"
                )

    def _call_units(self, given: set[int]) -> None:
        """Units keep their names; one without takes that of an output that it is, else the next free n1, n2, ..."""
        tape = self._tape
        nameless = []
        for node in range(len(tape)):
            if node in given:
                continue
            name = tape.name_of(node)
            if name is not None and _sayable(name) and (name not in self._fixed or self._outputs.get(name) == node):
                self._name[node] = name
                self._fixed.add(name)
            else:
                nameless.append(node)
        free = set(self._outputs) - {name for name, node in self._outputs.items() if self._name.get(node) == name}
        called = {node: name for name, node in reversed(self._outputs.items()) if name in free}
        count = 0
        for node in nameless:
            name = called.get(node)
            while name is None:
                count += 1
                name = f"n{count}" if f"n{count}" not in self._fixed else None
            self._name[node] = name
            self._fixed.add(name)

    def lines(self) -> Iterator[str]:
        """The lines of the file."""
        tape, name = self._tape, self._name
        yield f".model {tape.name if _sayable(tape.name) else 'top'}"
        yield from _listed(".inputs", tape.inputs)
        yield from _listed(".outputs", self._outputs)
        for node, state in tape.states.items():
            assert state.next is not None
            yield f".latch {name[state.next]} {name[node]} {3 if state.initial is None else int(state.initial)}"
        starts, sources, cells = tape.starts.tolist(), tape.sources.tolist(), tape.cell_numbers.tolist()
        for node, number in enumerate(cells):
            if number >= 0:
                yield from self._unit(node, number, sources[starts[node] : starts[node + 1]])
        for output, node in self._outputs.items():
            if name[node] != output:
                yield from _names([name[node], output], EQUAL)
        yield ".end"

    def _unit(self, node: int, number: int, sources: list[int]) -> Iterator[str]:
        cell = self._tape.cells[number]
        if len(set(sources)) < len(sources):  # parallel edges add
            total: dict[int, Number] = {}
            for source, weight in zip(sources, cell.weights, strict=True):
                total[source] = plus(total[source], weight) if source in total else weight
            sources = list(total)
            made = gates(Cell(cell.unit, list(total.values())), self._name[node])  # type: ignore[arg-type]
        else:
            if number not in self._known:
                self._known[number] = gates(Cell(*cell), self._name[node])  # type: ignore[arg-type]
            made = self._known[number]
        signals = [self._name[source] for source in sources]
        count = 0
        for gate in made[:-1]:
            while True:
                count += 1
                part = f"{self._name[node]}.{count}"
                if part not in self._fixed:
                    break
            self._fixed.add(part)
            yield from _names([*(signals[pin] for pin in gate.fanin), part], gate.cover)
            signals.append(part)
        yield from _names([*(signals[pin] for pin in made[-1].fanin), self._name[node]], made[-1].cover)


def _sayable(name: str) -> bool:
    """Whether a name can stand in a file: one word without a comment sign that continues no line."""
    if name.split() != [name] or "#" in name or "\0" in name or name.endswith("\\") or name.startswith("\ufeff"):
        return False
    return not any("\ud800" <= one <= "\udfff" for one in name)


def _listed(word: str, names: Iterable[str]) -> Iterator[str]:
    line = word
    for name in names:
        if len(line) + len(name) > LINE:
            yield line + " \\"
            line = " "
        line += " " + name
    yield line


def _names(signals: list[str], cover: Cover) -> Iterator[str]:
    yield from _listed(".names", signals)
    for row in cover.rows:
        yield f"{row} {cover.value}" if row else str(cover.value)
