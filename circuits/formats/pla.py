"""PLA, the two-level format of espresso: product terms and the outputs that take them, read only.

Each product term is one AND unit, shared by the outputs that take it; each output is an OR of its terms or, for
`.type esop`, a table of their parity. A term of one literal is no unit: the output reads the input itself.

Of an output's column 1 and 4 say that it takes the term; 0, 3, 2, - and ~ that it does not. So an output is 1 where
a term says 1, and 0 elsewhere: where any value would do (the don't-care set, and in the types fr and fdr what no
term mentions) it is 0. A term that says 0 in a file of type fr or fdr must not meet one that says 1.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, TypeVar, overload

from circuits import cells
from circuits.formats.blif_model import shown
from circuits.formats.cover import any_of, literals
from circuits.formats.errors import FormatError
from circuits.formats.netlist import Netlist
from perceptron import Builder, Network
from perceptron.errors import NetworkError
from perceptron.formats.text import decoded

Built = TypeVar("Built", bound=Builder[Any])
TYPES = ("f", "fd", "fr", "fdr", "esop")
UNPROMISED = 1000  # signals that a file may announce without a row that shows them
PAIRS = 2_000_000  # pairs of a term that says 1 and one that says 0 that are compared
_AS_LITERAL = str.maketrans("2", "-")


@overload
def loads(text: str | bytes) -> Network: ...
@overload
def loads(text: str | bytes, *, into: Built) -> Built: ...
def loads(text: str | bytes, *, into: Any = None) -> Any:
    """The circuit of a PLA file.

    Parameters
    ----------
    text : str or bytes
    into : Builder, optional
        What to fill, for example a `Tape`; without it a new Network.

    Returns
    -------
    Network, or `into`
        Without `.ilb` the inputs are x1, x2, ...; without `.ob` the outputs are y1, y2, ...; the terms are p1, p2,
        ... by their rows.

    Raises
    ------
    FormatError
        If the file is no PLA, has a keyword or type that is not supported (`.mv`, `.kiss`, `.phase`, ...), rows that
        do not fit `.i` and `.o`, fewer rows than `.p` and no end, or terms that contradict each other; with the line.

    Examples
    --------
    >>> net = loads(".i 3\\n.o 2\\n11- 11\\n--0 01\\n.e\\n")
    >>> net
    <Network: 3 inputs, 2 units, 4 edges, 2 outputs>
    >>> net.outputs["y1"], net.fanin("y2")
    ('p1', [('p1', 2), ('x3', -2)])
    """
    plane = _Reader(decoded(text)).read()
    builder = Network() if into is None else into
    try:
        return _netlist(plane).build(builder)
    except NetworkError as error:  # what is filled has a node of that name from before
        raise FormatError(str(error), line=1) from error


@dataclass
class _Plane:
    """What a file says: names with their lines, and rows (inputs, outputs, line)."""

    inputs: list[str] = field(default_factory=list)
    outputs: list[str] = field(default_factory=list)
    input_line: int = 1
    output_line: int = 1
    type: str = "fd"
    rows: list[tuple[str, str, int]] = field(default_factory=list)


class _Reader:
    """Reads line by line."""

    def __init__(self, text: str):
        self._text = text
        self._plane = _Plane()
        self._count: dict[str, tuple[int, int]] = {}  # .i, .o, .p -> number, line
        self._row: list[str] = []  # the parts of a row that are there already, and where it began
        self._row_length = 0
        self._row_line = 0
        self._ended = False

    def read(self) -> _Plane:
        last = 1
        for line, words in _lines(self._text):
            last = line
            if self._ended:
                raise FormatError("there is more behind .e", line=line)
            if words[0].startswith("."):
                self._keyword(words, line)
            else:
                self._cells("".join(words).replace("|", ""), line)
        self._whole_row()
        plane = self._plane
        for word in (".i", ".o"):
            if word not in self._count:
                raise FormatError(f"the file has no {word}", line=last)
        promised, line = self._count.get(".p", (0, 1))
        if not self._ended and len(plane.rows) < promised:
            raise FormatError(f"the file ends after {len(plane.rows)} of {promised} rows, and without .e", line=last)
        self._names(".ilb", plane.inputs, *self._count[".i"], "x")
        self._names(".ob", plane.outputs, *self._count[".o"], "y")
        return plane

    def _keyword(self, words: list[str], line: int) -> None:
        word, given = words[0], words[1:]
        self._whole_row()
        if word in (".i", ".o", ".p"):
            self._number(word, given, line)
        elif word == ".ilb":
            self._plane.inputs, self._plane.input_line = self._labels(word, self._plane.inputs, given, line)
        elif word == ".ob":
            self._plane.outputs, self._plane.output_line = self._labels(word, self._plane.outputs, given, line)
        elif word == ".type":
            if len(given) != 1 or given[0] not in TYPES:
                raise FormatError(f".type is {shown(' '.join(given))}; give one of {', '.join(TYPES)}", line=line)
            if self._plane.rows:
                raise FormatError(".type stands behind a row; put it before", line=line)
            self._plane.type = given[0]
        elif word in (".e", ".end"):
            self._ended = True
        else:
            raise FormatError(f"the keyword {shown(word)} is not supported", line=line)

    def _number(self, word: str, given: list[str], line: int) -> None:
        if len(given) != 1 or not (given[0].isascii() and given[0].isdigit()) or len(given[0]) > 9:
            raise FormatError(f"{word} is {shown(' '.join(given))}; give a number of at most 9 digits", line=line)
        if word in self._count:
            raise FormatError(f"{word} is there already (line {self._count[word][1]})", line=line)
        if self._plane.rows and word != ".p":
            raise FormatError(f"{word} stands behind a row; put it before", line=line)
        number = int(given[0])
        if word != ".p" and number > max(UNPROMISED, len(self._text)):
            raise FormatError(f"{word} promises {number} signals in a file of {len(self._text)} characters", line=line)
        if word == ".o" and number == 0:
            raise FormatError(".o is 0; a circuit has at least one output", line=line)
        self._count[word] = (number, line)

    def _labels(self, word: str, before: list[str], given: list[str], line: int) -> tuple[list[str], int]:
        if before or not given:
            raise FormatError(f"{word} {'is there already' if before else 'has no names'}", line=line)
        return given, line

    def _names(self, word: str, names: list[str], number: int, line: int, letter: str) -> None:
        """The names that the file gives, or made ones."""
        if names and len(names) != number:
            line = self._plane.input_line if word == ".ilb" else self._plane.output_line
            raise FormatError(f"{word} has {len(names)} names for {number} signals; give one for each", line=line)
        names.extend(f"{letter}{index}" for index in range(1, number + 1 if not names else 0))

    def _cells(self, characters: str, line: int) -> None:
        """The characters of a row, or of a part of one: a row may go on in the next line."""
        if not (".i" in self._count and ".o" in self._count):
            raise FormatError(f"{shown(characters)} stands before .i and .o", line=line)
        inputs, outputs = self._count[".i"][0], self._count[".o"][0]
        if not self._row:
            self._row_line = line
        self._row.append(characters)
        self._row_length += len(characters)
        if self._row_length < inputs + outputs:
            return
        if self._row_length > inputs + outputs:
            self._whole_row()
        row = "".join(self._row)
        self._row, self._row_length = [], 0
        left, right = row[:inputs], row[inputs:]
        for part, allowed, what in ((left, "01-2", "an input"), (right, "01-234~", "an output")):
            bad = part.strip(allowed)
            if bad:
                raise FormatError(
                    f"{what} is {bad[0]!r} in a row; give one of {' '.join(allowed)}", line=self._row_line
                )
        self._plane.rows.append((left.translate(_AS_LITERAL), right, self._row_line))

    def _whole_row(self) -> None:
        if self._row:
            inputs, outputs = self._count[".i"][0], self._count[".o"][0]
            raise FormatError(
                f"a row has {self._row_length} characters for {inputs} inputs and {outputs} outputs",
                line=self._row_line,
            )


def _lines(text: str) -> Iterator[tuple[int, list[str]]]:
    """The words of each line that has any, without comments."""
    for number, line in enumerate(text.split("\n"), 1):
        words = line.partition("#")[0].split()
        if words:
            yield number, words


def _netlist(plane: _Plane) -> Netlist:
    netlist = Netlist()
    for name in plane.inputs:
        netlist.input(name, plane.input_line)
    if "r" in plane.type:
        _check_apart(plane)
    takes: list[list[int]] = [[] for _ in plane.outputs]  # the rows of each output
    first: dict[str, int] = {}  # equal terms are one
    for number, (row, right, _) in enumerate(plane.rows):
        term = first.setdefault(row, number)
        for column, one in enumerate(right):
            if one in "14":
                takes[column].append(term)
    _Terms(plane, netlist, takes).place()
    return netlist


class _Terms:
    """The units of the terms and outputs."""

    def __init__(self, plane: _Plane, netlist: Netlist, takes: list[list[int]]):
        self._plane, self._netlist, self._takes = plane, netlist, takes
        if plane.type != "esop":
            self._takes = [list(dict.fromkeys(terms)) for terms in takes]
        self._used = Counter(term for terms in self._takes for term in terms)
        self._taken = {*plane.inputs, *plane.outputs}
        self._signal: dict[int, tuple[str, str]] = {}  # a term: what carries it, and 1, 0 (inverted) or - (always)

    def place(self) -> None:
        """Add them to the netlist."""
        driven: dict[str, str] = {}
        for name, terms in zip(self._plane.outputs, self._takes, strict=True):
            if name in driven:
                raise FormatError(f"output {shown(name)} is named twice", line=self._plane.output_line)
            driven[name] = self._output(self._free(name) if name in self._netlist.inputs else name, terms)
        for name, signal in driven.items():
            self._netlist.output(name, signal, self._plane.output_line)

    def _output(self, own: str, terms: list[int]) -> str:
        """The signal of an output, which may be made under the name `own`."""
        alone = len(terms) == 1 and self._used[terms[0]] == 1
        pins = [self._term(term, own if alone else None) for term in terms]
        line = self._plane.rows[terms[0]][2] if terms else self._plane.output_line
        if len(pins) == 1 and pins[0][1] == "1":
            return pins[0][0]
        sources = [signal for signal, sign in pins if sign != "-"]
        signs = "".join(sign for _, sign in pins if sign != "-")
        parity = self._plane.type == "esop"
        flips = sum(sign != "1" for _, sign in pins) & 1
        if parity and len(sources) > 1:
            cell = cells.parity(len(sources), of_none=flips)
        elif parity and sources:
            cell = any_of("10"[flips])
        elif len(sources) < len(pins) or not pins:
            cell, sources = cells.constant(flips if parity else int(bool(pins))), []
        else:
            cell = any_of(signs)
        self._netlist.gate(own, cell, sources, line)
        return own

    def _term(self, term: int, name: str | None) -> tuple[str, str]:
        if term not in self._signal:
            row, _, line = self._plane.rows[term]
            pins = [pin for pin, one in enumerate(row) if one != "-"]
            if not pins:
                self._signal[term] = ("", "-")
            elif len(pins) == 1:
                self._signal[term] = (self._plane.inputs[pins[0]], row[pins[0]])
            else:
                name = name or self._free(f"p{term + 1}")
                cell = literals("".join(row[pin] for pin in pins))
                self._netlist.gate(name, cell, [self._plane.inputs[pin] for pin in pins], line)
                self._signal[term] = (name, "1")
        return self._signal[term]

    def _free(self, name: str) -> str:
        while name in self._taken:
            name += "_"
        self._taken.add(name)
        return name


def _check_apart(plane: _Plane) -> None:
    """No term that says 0 of an output meets one that says 1; compared in up to two million pairs."""
    width = 1 + len(plane.inputs) // 64
    terms = [(int("0" + row.replace("-", "0"), 2), int("0" + row.translate(_ZEROS), 2)) for row, _, _ in plane.rows]
    work = 0
    for column, name in enumerate(plane.outputs):
        on = [number for number, (_, right, _) in enumerate(plane.rows) if right[column] in "14"]
        off = [number for number, (_, right, _) in enumerate(plane.rows) if right[column] in "03"]
        work += len(on) * len(off) * width
        if work > PAIRS:
            return
        for zero in off:
            ones, zeros = terms[zero]
            for one in on:
                if not (terms[one][0] & zeros or terms[one][1] & ones):
                    raise FormatError(
                        f"output {shown(name)} is 0 by this row and 1 by the row on line {plane.rows[one][2]}",
                        line=plane.rows[zero][2],
                    )


_ZEROS = str.maketrans("01-", "100")
