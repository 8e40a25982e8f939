"""The models of a BLIF file as the file has them: statements with their lines, before anything is connected."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from circuits.formats.errors import FormatError

SHOWN = 40

# Statements about time, area and layout: they say nothing about the function.
IGNORED = {
    *(".area", ".attr", ".clock_event", ".cname", ".cycle", ".delay", ".input_arrival", ".input_drive"),
    *(".max_input_load", ".output_load", ".output_required", ".wire", ".wire_load_slope"),
}
REFUSED = {
    ".gate": "a gate of a technology library, which is not in the file; write it as .names",
    ".mlatch": "a latch of a technology library, which is not in the file; write it as .latch",
    ".search": "another file, which is not read; put its models into this one",
    ".start_kiss": "a state machine by its transitions; write it as .latch and .names",
    ".param": "a parameter of a model, which BLIF's own models do not have",
}
LATCH_TYPES = ("fe", "re", "ah", "al", "as")
INITIAL = {"0": 0, "1": 1, "2": None, "3": None}


class Names(NamedTuple):
    """A `.names` statement: a signal, what it reads, and its cover."""

    name: str
    fanin: tuple[str, ...]
    rows: tuple[str, ...]
    value: int
    line: int


class Latch(NamedTuple):
    """A `.latch` statement; `control` is None where there is no clock or it is NIL."""

    next: str
    name: str
    control: str | None
    initial: int | None
    line: int


class Instance(NamedTuple):
    """A `.subckt` statement: pins are formal -> actual."""

    model: str
    pins: dict[str, str]
    line: int


@dataclass
class Model:
    """One `.model` with its statements; inputs, outputs and clocks are name -> line."""

    name: str
    line: int
    inputs: dict[str, int] = field(default_factory=dict)
    outputs: dict[str, int] = field(default_factory=dict)
    clocks: dict[str, int] = field(default_factory=dict)
    names: list[Names] = field(default_factory=list)
    latches: list[Latch] = field(default_factory=list)
    instances: list[Instance] = field(default_factory=list)
    declared: bool = False

    def infer(self) -> None:
        """Without any `.inputs` and `.outputs`: what is read but not driven, and what is driven but not read."""
        if self.declared or self.instances:
            return
        read: dict[str, int] = {}
        driven: dict[str, int] = {}
        for gate in self.names:
            driven.setdefault(gate.name, gate.line)
            for source in gate.fanin:
                read.setdefault(source, gate.line)
        for latch in self.latches:
            driven.setdefault(latch.name, latch.line)
            read.setdefault(latch.next, latch.line)
        self.inputs = {name: line for name, line in read.items() if name not in driven}
        self.outputs = {name: line for name, line in driven.items() if name not in read}


def shown(text: str) -> str:
    """The text as messages have it: quoted, and cut where it is long."""
    return repr(text if len(text) <= SHOWN else text[:SHOWN] + "...")


def parse(text: str) -> list[Model]:
    """The models of a file, the first of which is the circuit.

    Raises
    ------
    FormatError
        If a statement is not known, not supported, or not what it should be; with its line.

    Examples
    --------
    >>> parse(".model m\\n.outputs y\\n.names y\\n1")[0].names
    [Names(name='y', fanin=(), rows=('',), value=1, line=3)]
    """
    return _Parser().parse(text)


def _statements(text: str) -> Iterator[tuple[int, list[str]]]:
    """The words of each line that has any, without comments, with continued lines joined."""
    number = first = 0
    words: list[str] = []
    for number, line in enumerate(text.split("\n"), 1):
        if "#" in line:
            line = line[: line.index("#")]
        more = line.split()
        first = first or number
        words.extend(more)
        if more and more[-1].endswith("\\"):
            words[-1] = words[-1][:-1]
            if not words[-1]:
                words.pop()
            continue
        if words:
            yield first, words
        words, first = [], 0
    if first:
        raise FormatError("the file ends in a continued line", line=number)


class _Parser:
    """Reads statement by statement; `_names` is the `.names` whose rows are being read."""

    def __init__(self) -> None:
        self._models: list[Model] = []
        self._taken: set[str] = set()
        self._model: Model | None = None
        self._ended = False
        self._names: tuple[str, tuple[str, ...], int] | None = None
        self._rows: list[str] = []
        self._value = ""
        self._width = 0
        self._good: set[str] = set()

    def parse(self, text: str) -> list[Model]:
        handlers: dict[str, Callable[[list[str], int], None]] = {
            ".model": self._start,
            ".names": self._cover,
            ".latch": self._latch,
            ".subckt": self._instance,
            ".conn": self._connect,
            ".exdc": self._dont_cares,
            ".end": self._end,
        }
        for word in ("inputs", "outputs", "clock", "input", "output"):
            handlers["." + word] = self._ports
        for line, words in _statements(text):
            word = words[0]
            if word[0] != ".":
                self._row(words, line)
                continue
            if self._names:
                self._close()
            handler = handlers.get(word)
            if handler is not None:
                handler(words, line)
            elif word in REFUSED:
                raise FormatError(f"{word} is {REFUSED[word]}", line=line)
            elif word not in IGNORED and not word.startswith(".default_"):
                raise FormatError(f"there is no BLIF statement {shown(word)}", line=line)
        self._close()
        if not self._models:
            raise FormatError("the file has no .model", line=1)
        return self._models

    def _start(self, words: list[str], line: int) -> None:
        name = " ".join(words[1:])
        if name in self._taken:
            raise FormatError(f"model {shown(name)} is there already", line=line)
        self._taken.add(name)
        self._model = Model(name, line)
        self._models.append(self._model)
        self._ended = False

    def _here(self, line: int) -> Model:
        """The model that a statement belongs to; the first may begin without `.model`."""
        if self._model is None:
            if self._ended:
                raise FormatError("a statement stands behind .end; begin a model with .model", line=line)
            self._start([".model"], line)
        assert self._model is not None
        return self._model

    def _ports(self, words: list[str], line: int) -> None:
        model = self._here(line)
        if words[0] == ".clock":
            model.clocks.update((name, line) for name in words[1:])
            return
        model.declared = True
        ports, what = (model.inputs, "input") if words[0].startswith(".input") else (model.outputs, "output")
        for name in words[1:]:
            if name in ports:
                raise FormatError(f"{what} {shown(name)} is named twice (first on line {ports[name]})", line=line)
            ports[name] = line

    def _cover(self, words: list[str], line: int) -> None:
        self._here(line)
        if len(words) < 2:
            raise FormatError(".names has no signal; give it what it reads and then its own name", line=line)
        self._names = (words[-1], tuple(words[1:-1]), line)
        self._width = len(words) - 2

    def _row(self, words: list[str], line: int) -> None:
        if self._names is None:
            raise FormatError(f"{shown(words[0])} begins no statement and is no row of a .names", line=line)
        if len(words) != (2 if self._width else 1):
            raise FormatError(
                f"a row of {shown(self._names[0])} has {len(words)} parts; give "
                + (f"{self._width} characters 0, 1 or -, a space, and 0 or 1" if self._width else "only 0 or 1"),
                line=line,
            )
        row, value = words if self._width else ("", words[0])
        if len(row) != self._width:
            raise FormatError(
                f"a row of {shown(self._names[0])} has {len(row)} columns for {self._width} signals; give one for each",
                line=line,
            )
        if row not in self._good:
            if row.strip("01-"):
                bad = row.strip("01-")[0]
                raise FormatError(f"a row of {shown(self._names[0])} has {bad!r}; give 0, 1 or -", line=line)
            self._good.add(row)
        if value not in ("0", "1"):
            raise FormatError(f"a row of {shown(self._names[0])} ends in {shown(value)}; give 0 or 1", line=line)
        if value != self._value and self._rows:
            raise FormatError(
                f"the rows of {shown(self._names[0])} mix the values 0 and 1; give the on-set or the off-set", line=line
            )
        self._value = value
        self._rows.append(row)

    def _close(self) -> None:
        if self._names is not None and self._model is not None:
            name, fanin, line = self._names
            value = int(self._value == "1") if self._rows else 1
            self._model.names.append(Names(name, fanin, tuple(self._rows), value, line))
        self._names, self._rows = None, []

    def _latch(self, words: list[str], line: int) -> None:
        model = self._here(line)
        given = words[1:]
        initial: int | None = None
        if len(given) in (3, 5):
            if given[-1] not in INITIAL:
                raise FormatError(f"a latch begins with {shown(given[-1])}; give 0, 1, 2 or 3", line=line)
            initial = INITIAL[given.pop()]
        if len(given) not in (2, 4):
            raise FormatError("a .latch is: input, output, optionally type and clock, optionally 0 to 3", line=line)
        if len(given) == 4 and given[2] not in LATCH_TYPES:
            raise FormatError(f"a latch is of type {shown(given[2])}; give one of {', '.join(LATCH_TYPES)}", line=line)
        control = given[3] if len(given) == 4 and given[3] != "NIL" else None
        model.latches.append(Latch(given[0], given[1], control, initial, line))

    def _instance(self, words: list[str], line: int) -> None:
        model = self._here(line)
        if len(words) < 2:
            raise FormatError(".subckt names no model", line=line)
        pins: dict[str, str] = {}
        for word in words[2:]:
            formal, equals, actual = word.partition("=")
            if not (formal and equals and actual):
                raise FormatError(f"a pin of .subckt is {shown(word)}; give formal=actual", line=line)
            if formal in pins:
                raise FormatError(f"pin {shown(formal)} of .subckt is connected twice", line=line)
            pins[formal] = actual
        model.instances.append(Instance(words[1], pins, line))

    def _connect(self, words: list[str], line: int) -> None:
        if len(words) != 3:
            raise FormatError("a .conn is: source, target", line=line)
        self._here(line).names.append(Names(words[2], (words[1],), ("1",), 1, line))

    def _dont_cares(self, words: list[str], line: int) -> None:
        """What follows up to `.end` says where any value would do; it is checked and left."""
        self._here(line)
        self._model = Model("", line)

    def _end(self, words: list[str], line: int) -> None:
        self._here(line)
        self._model, self._ended = None, True
