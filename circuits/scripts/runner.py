"""run: one test script on one chip, up to the end or to the first row that differs."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from circuits.definition import Circuit
from circuits.formats.hdl import BUILTINS, Chip, Library, chip
from circuits.formats.hdl.builtin import builtin
from circuits.formats.hdl.flatten import flatten
from circuits.scripts.columns import Column
from circuits.scripts.commands import (
    Command,
    Compare,
    Fill,
    Load,
    OutputList,
    Place,
    Repeat,
    Set,
    Step,
    While,
    parse,
    place,
)
from circuits.scripts.errors import ScriptError
from circuits.scripts.hack import read_hack
from circuits.scripts.subject import Spot, Subject
from circuits.scripts.table import Difference, cells, differing
from perceptron import Network, Tape

LIMIT = 100_000
GIVEN = ("Nand", "DFF")  # the chips that the course itself gives, so that nobody has a file of them
_KEY = ord("K")


@dataclass(frozen=True)
class Verdict:
    """What a script found.

    Attributes
    ----------
    script : Path
    chip : str
    rows : int
        How many rows agree.
    total : int
        How many rows the .cmp file has.
    compared : Path
        The .cmp file.
    difference : Difference or None
        The first row that differs.
    reason : str or None
        Why the script cannot go on, where it waits for something that the chip does not do.
    keys : tuple of int
        The keys that were pressed, because the script waits for them.
    """

    script: Path
    chip: str
    rows: int
    total: int
    compared: Path
    difference: Difference | None = None
    reason: str | None = None
    keys: tuple[int, ...] = ()

    @property
    def passed(self) -> bool:
        """Whether every row agrees."""
        return self.difference is None and self.reason is None

    @property
    def summary(self) -> str:
        """One line: how many rows agree, or where it fails."""
        if self.reason is not None:
            return f"after row {self.rows} of {self.total}: {self.reason}"
        if self.difference is None:
            keys = f", with key {' and '.join(map(str, self.keys))} pressed" if self.keys else ""
            return f"{self.total} row{'s' * (self.total != 1)}{keys}"
        found = self.difference
        if not found.expected:
            return f"row {found.row}: {self.compared.name} has only {self.total}"
        if not found.got:
            return f"the script ends after row {self.rows}; {self.compared.name} has {self.total}"
        what = "the header" if found.row == 0 else f"row {found.row} of {self.total}"
        names = [found.header[place] for place in found.columns if place < len(found.header)]
        return f"{what} (line {found.line} of {self.compared.name}): {', '.join(names)}"


def run(
    script: str | os.PathLike[str],
    *,
    chips: str | os.PathLike[str] | None = None,
    circuit: Circuit | Network | Tape | None = None,
    limit: int = LIMIT,
    libraries: dict[tuple[Path, frozenset[str]], Library] | None = None,
) -> Verdict:
    """Run a test script.

    Parameters
    ----------
    script : str or path
        A `.tst` file. What it compares to and the programs that it loads stand beside it. A script that loads no
        chip tests the one of its own name, up to a hyphen (`ALU-basic.tst` tests ALU); one that names no .cmp file
        compares to the one of its own name.
    chips : str or path, optional
        The folder of the chips; by default that of the script.
    circuit : Circuit, Network or Tape, optional
        What to test instead of a chip: its inputs and outputs go by the names of the pins (`in_` is `in`), and its
        memories and states by those of the parts that the script looks into (see `circuits.scripts.subject.Subject`).
    limit : int
        How many steps and passes of loops to allow.
    libraries : dict, optional
        Chips that were read already, kept from call to call for speed.

    Returns
    -------
    Verdict

    Raises
    ------
    ScriptError
        If the test is broken: no such file, a wrong command, a pin or part that the chip does not have, a value
        that does not fit, nothing to compare to, or the limit is reached.
    FormatError
        If the chip is broken.
    OSError
        If a file cannot be read.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     script = Path(folder, "Not.tst")
    ...     _ = script.write_text("output-list in out; set in 1, eval, output;")
    ...     _ = Path(folder, "Not.cmp").write_text("|in |out|\\n| 1 | 1 |\\n")
    ...     _ = Path(folder, "Not.hdl").write_text("CHIP Not { IN in; OUT out; PARTS: Nand(a=in, b=in, out=out); }")
    ...     print(run(script).difference)
              | in | out |
    expected  | 1  |  1  |
    got       | 1  |  0  |
                      ^
    """
    script = Path(script)
    commands = _read_script(script)
    one = _Run(script, commands, None if chips is None else Path(chips), circuit, limit, libraries)
    try:
        one.whole()
    except _Stopped:
        pass
    except ScriptError as error:
        raise error if error.file else ScriptError(error.reason, line=error.line, file=str(script)) from None
    return one.verdict()


def _read_script(script: Path) -> tuple[Command, ...]:
    text = script.read_bytes().decode("utf-8-sig", errors="replace")
    try:
        return parse(text)
    except ScriptError as error:
        raise ScriptError(error.reason, line=error.line, file=str(script)) from None


def find_chip(name: str, folder: Path) -> Path | None:
    """The file of a chip in a folder or, where it has none there, the least deep one below.

    Raises
    ------
    ScriptError
        If two below are equally deep.
    """
    direct = folder / f"{name}.hdl"
    if direct.is_file():
        return direct
    found = [
        path
        for path in sorted(folder.rglob(f"{name}.hdl"))
        if path.is_file() and not any(part.startswith((".", "__MACOSX")) for part in path.relative_to(folder).parts)
    ]
    found.sort(key=lambda path: len(path.parts))
    if len(found) > 1 and len(found[0].parts) == len(found[1].parts):
        raise ScriptError(f"there are two chips {name}.hdl, {str(found[0])!r} and {str(found[1])!r}; keep one")
    return found[0] if found else None


def spelled_otherwise(name: str, folder: Path) -> str:
    """What to add to the message that a chip is missing, where a file has its name but for large and small letters.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     _ = Path(folder, "and.hdl").write_text("")
    ...     spelled_otherwise("And", Path(folder)), spelled_otherwise("Or", Path(folder))
    ('; there is and.hdl; name it And.hdl', '')
    """
    wanted = f"{name}.hdl"
    found = [path.name for path in folder.rglob("*") if path.name.lower() == wanted.lower() and path.is_file()]
    return f"; there is {min(found)}; name it {wanted}" if found else ""


def chip_of(script: Path, folder: Path) -> str:
    """The name of the chip that a script tests: the one it loads, or by its own name (see `run`).

    Raises
    ------
    ScriptError
        If the script cannot be read as one.
    OSError
    """
    loads = [command for command in _read_script(script) if isinstance(command, Load)]
    return Path(loads[0].file).stem if loads else _own_chip(script, folder)


def _own_chip(script: Path, folder: Path) -> str:
    names = list(dict.fromkeys([script.stem, script.stem.partition("-")[0]]))
    return next((name for name in names if find_chip(name, folder) is not None), names[-1])


class _Stopped(Exception):
    """The verdict is known."""


class _Run:
    def __init__(
        self,
        script: Path,
        commands: tuple[Command, ...],
        chips: Path | None,
        circuit: Circuit | Network | Tape | None,
        limit: int,
        libraries: dict[tuple[Path, frozenset[str]], Library] | None,
    ):
        self.script, self.commands, self.chips, self.circuit = script, commands, chips, circuit
        self.libraries = {} if libraries is None else libraries
        self.limit, self.left = limit, limit
        self.inside = frozenset(_looked_into(commands))
        self.subject: Subject | None = None
        self.columns: tuple[Column, ...] = ()
        self.spots: list[Spot | None] = []
        self.compared: Path | None = None
        self.rows: list[tuple[int, tuple[str, ...]]] = []  # line and cells, the header first
        self.headed = False
        self.at = 0
        self.time, self.half = 0, False
        self.difference: Difference | None = None
        self.reason: str | None = None
        self.keys: list[int] = []

    def verdict(self) -> Verdict:
        assert self.subject is not None
        assert self.compared is not None
        good = max(self.at - 1 - (self.difference is not None), 0)
        return Verdict(
            self.script,
            self.subject.name,
            good,
            len(self.rows) - 1,
            self.compared,
            self.difference,
            self.reason,
            tuple(self.keys),
        )

    def whole(self) -> None:
        if not any(isinstance(command, Load) for command in self.commands):
            self._load(_own_chip(self.script, self.chips or self.script.parent), None)
        if not any(isinstance(command, Compare) for command in self.commands):
            self._compare(f"{self.script.stem}.cmp", None)
        self._all(self.commands)
        if self.at < len(self.rows):
            if not self.at:
                raise ScriptError("the script puts nothing out; write output-list and output")
            self._differs((), self.commands[-1].line)

    # --- commands

    def _all(self, commands: Sequence[Command]) -> None:
        for command in commands:
            try:
                self._one(command)
            except ScriptError as error:
                raise error if error.line or error.file else ScriptError(error.reason, line=command.line) from None

    def _one(self, command: Command) -> None:
        match command:
            case Load(line, file):
                self._load(Path(file).stem if self.circuit is None else "", line, file)
            case Compare(line, file):
                self._compare(file, line)
            case OutputList(_, columns):
                self.columns, self.spots, self.headed = columns, [], False
            case Fill(_, part, file):
                self._fill(part, file)
            case Set(_, where, value):
                spot = self._ready.spot(where)
                if not spot.settable:
                    raise ScriptError(f"{where} is set, but is no input of {self._ready.name}")
                if not -(1 << (spot.width - 1)) <= value < 1 << spot.width:
                    raise ScriptError(f"{where} is set to {value}, which {spot.width} bits do not hold")
                self._ready.write(spot, value & ((1 << spot.width) - 1))
            case Step(line, verb):
                self._step(verb, line)
            case Repeat(_, count, body):
                done = 0
                while count is None or done < count:
                    self._count()
                    self._all(body)
                    done += 1
            case While():
                self._while(command)

    def _step(self, verb: str, line: int) -> None:
        self._count()
        machine = self._ready.machine
        if verb == "output":
            self._output(line)
        elif verb == "eval":
            machine.settle()
        if verb in ("tick", "ticktock"):
            machine.tick()
            self.half = True
        if verb in ("tock", "ticktock"):
            machine.tock()
            self.time += 1
            self.half = False

    def _while(self, loop: While) -> None:
        pressed: int | None = None
        while self._holds(loop):
            self._count()
            before = self._ready.machine.changes
            self._all(loop.body)
            if self._ready.machine.changes != before or not self._holds(loop):
                continue
            condition = f"{loop.left} {loop.comparison} {loop.right}"
            key = self._key(loop)
            if pressed is None and key is not None and self._ready.keyboard is not None:
                pressed = key
                self.keys.append(key)
                self._ready.write(self._ready.spot(Place("Keyboard", "")), key)
                continue
            how = "" if pressed is None else f"key {pressed} is pressed, but "
            self.reason = f"the loop on line {loop.line} never ends: {how}nothing changes any more while {condition}"
            raise _Stopped

    def _key(self, loop: While) -> int | None:
        """The key that somebody would press to end a loop that waits for one."""
        numbers = [side for side in (loop.left, loop.right) if isinstance(side, int)]
        if len(numbers) != 1 or loop.comparison not in ("<>", "="):
            return None
        if loop.comparison == "<>":
            return numbers[0] & 0xFFFF
        return _KEY if numbers[0] != _KEY else _KEY + 1

    def _holds(self, loop: While) -> bool:
        left, right = (self._operand(side) for side in (loop.left, loop.right))
        return {
            "=": left == right,
            "<>": left != right,
            "<": left < right,
            ">": left > right,
            "<=": left <= right,
            ">=": left >= right,
        }[loop.comparison]

    def _operand(self, side: Place | int) -> int:
        if isinstance(side, int):
            return side
        spot = self._ready.spot(side)
        value = self._ready.read(spot)
        return value - (1 << spot.width) if spot.width >= 16 and value >> (spot.width - 1) else value

    def _count(self) -> None:
        if not self.left:
            raise ScriptError(f"the script is not done after {self.limit} steps; give a higher limit, or end its loops")
        self.left -= 1

    @property
    def _ready(self) -> Subject:
        if self.subject is None:
            raise ScriptError("no chip is loaded yet; write load and the name of a .hdl file first")
        return self.subject

    # --- files

    def _load(self, name: str, line: int | None, written: str | None = None) -> None:
        self.time, self.half, self.spots = 0, False, []
        if self.circuit is not None:
            self.subject = Subject(self.circuit)
            return
        folder = self.chips or (self.script.parent / (written or self.script.name)).parent
        path = find_chip(name, folder) if self.chips is not None else folder / f"{name}.hdl"
        if path is None or not path.is_file():
            given = builtin(name)
            if given is None or name not in GIVEN:
                told = f"there is no chip {name}.hdl in {str(folder)!r}{spelled_otherwise(name, folder)}"
                raise ScriptError(told, line=line)
            self.subject = Subject(flatten(given))
            return
        self.subject = Subject(self._chip(path))

    def _chip(self, path: Path) -> Chip:
        inside = self.inside - {path.stem}
        library = self.libraries.setdefault((path.parent, inside), Library(path.parent, inside))
        return chip(path, library=library)

    def _compare(self, file: str, line: int | None) -> None:
        path = self.script.parent / file
        if not path.is_file():
            raise ScriptError(f"there is no file {str(path)!r} to compare to", line=line)
        text = path.read_bytes().decode("utf-8-sig", errors="replace")
        rows = [(number, cells(row)) for number, row in enumerate(text.splitlines(), start=1) if row.strip("\x1a \t")]
        if not rows:
            raise ScriptError("the file is empty; write a header and a row for each output", file=str(path))
        self.compared, self.rows, self.at, self.headed = path, rows, 0, False

    def _fill(self, kind: str, file: str) -> None:
        part = self._ready.part(kind)
        path = self.script.parent / file
        if not path.is_file():
            raise ScriptError(f"there is no program {str(path)!r} to load into {kind}")
        if part.memory is None:
            raise ScriptError(f"{kind} holds one word; a program is loaded into a memory such as ROM32K")
        program = read_hack(path, part.memory.words)
        for where in range(part.memory.words):
            self._ready.machine.store(part.memory, where, program[where] if where < len(program) else 0)

    # --- rows

    def _output(self, line: int) -> None:
        if not self.columns:
            raise ScriptError("nothing to put out; write output-list with the names of pins first")
        if self.compared is None:
            raise ScriptError("nothing to compare to yet; write compare-to and the name of a .cmp file first")
        if not self.spots:
            self.spots = [self._spot(column) for column in self.columns]
            self.columns = tuple(
                column.fitted(None if spot is None else spot.width)
                for column, spot in zip(self.columns, self.spots, strict=True)
            )
        if not self.headed:
            self.headed = True
            self._row([column.header for column in self.columns], line)
        self._row([self._cell(column, spot) for column, spot in zip(self.columns, self.spots, strict=True)], line)

    def _spot(self, column: Column) -> Spot | None:
        if column.name == "time":
            return None
        where = place(column.name)
        assert where is not None
        return self._ready.spot(where)

    def _cell(self, column: Column, spot: Spot | None) -> str:
        if spot is None:
            return column.cell(f"{self.time}{'+' * self.half}")
        return column.cell(column.text(self._ready.read(spot), spot.width))

    def _row(self, row: Sequence[str], line: int) -> None:
        got = tuple(cell.strip() for cell in row)
        at, self.at = self.at, self.at + 1
        if at >= len(self.rows) or differing(self.rows[at][1], got):
            self.at = at
            self._differs(got, line)
            raise _Stopped

    def _differs(self, got: tuple[str, ...], line: int) -> None:
        number, expected = self.rows[self.at] if self.at < len(self.rows) else (self.rows[-1][0] + 1, ())
        header = tuple(column.header.strip() for column in self.columns)
        self.difference = Difference(self.at, number, header, expected, got, differing(expected, got), line)
        self.at += 1


def _looked_into(commands: Sequence[Command]) -> Iterator[str]:
    """The built-in parts whose insides a script names."""
    for command in commands:
        found: list[Place | int | None] = []
        match command:
            case Fill(_, part, _):
                found = [Place(part, "")]
            case Set(_, where, _):
                found = [where]
            case OutputList(_, columns):
                found = [place(column.name) for column in columns]
            case While(_, left, _, right, body):
                found = [left, right]
                yield from _looked_into(body)
            case Repeat(_, _, body):
                yield from _looked_into(body)
        for one in found:
            if isinstance(one, Place) and one.bracket is not None and one.name in BUILTINS:
                yield one.name
