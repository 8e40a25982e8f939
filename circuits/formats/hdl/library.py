"""Library: the chips that a folder has, and the built-in ones, each laid out once."""

from __future__ import annotations

import difflib
from collections.abc import Collection
from pathlib import Path

from circuits.formats.errors import FormatError
from circuits.formats.hdl.builtin import BUILTINS, builtin
from circuits.formats.hdl.compose import compose
from circuits.formats.hdl.template import Template
from circuits.formats.hdl.text import ChipText, parse

MOST_BYTES = 1 << 20


class Library:
    """Where chips are found by name: `<name>.hdl` in a folder, then the built-in chips.

    Parameters
    ----------
    folder : Path, optional
        Without one there are only the built-in chips.
    inside : collection of str
        Chips that are taken from the built-in ones even where the folder has a file, because somebody wants to look
        into them.
    """

    def __init__(self, folder: Path | None = None, inside: Collection[str] = ()):
        self.folder = folder
        self.inside = frozenset(inside)
        self._made: dict[str, Template] = {}

    def file(self, name: str) -> Path | None:
        """The file of a chip, or None where it is built in or unknown."""
        if self.folder is None or (name in self.inside and name in BUILTINS):
            return None
        path = self.folder / f"{name}.hdl"
        return path if path.is_file() else None

    def template(self, name: str) -> Template:
        """The chip of this name, laid out flat.

        Raises
        ------
        FormatError
            If there is no such chip, a file breaks the format, or chips are parts of each other in a circle.
        OSError
            If a file cannot be read.
        """
        waiting: dict[str, ChipText] = {}  # the chips being made, outermost first
        self._open(name, waiting, None)
        while waiting:
            last = next(reversed(waiting))
            text = waiting[last]
            missing = next((part for part in text.parts if part.chip not in self._made), None)
            if missing is not None:
                try:
                    self._open(missing.chip, waiting, missing.line)
                except FormatError as error:
                    raise error if error.file else error.within(self._label(last) or last) from None
                continue
            self._made[last] = self._composed(text, self._label(last))
            del waiting[last]
        return self._made[name]

    def of_text(self, text: ChipText, label: str | None = None) -> Template:
        """The chip of a text that is no file of the folder."""
        for part in text.parts:
            if part.chip == text.name:
                raise FormatError(f"chip {text.name} is a part of itself", line=part.line, file=label)
            try:
                self.template(part.chip)
            except FormatError as error:
                raise error if error.file else FormatError(error.reason, line=part.line, file=label) from None
        return self._composed(text, label)

    def _label(self, name: str) -> str | None:
        path = self.file(name)
        return None if path is None else str(path)

    def _open(self, name: str, waiting: dict[str, ChipText], line: int | None) -> None:
        if name in self._made:
            return
        if name in waiting:
            circle = [*list(waiting)[list(waiting).index(name) :], name]
            raise FormatError(f"chips are parts of each other in a circle: {' -> '.join(circle)}", line=line)
        path = self.file(name)
        if path is not None:
            waiting[name] = read_text(path)
            return
        made = builtin(name)
        if made is None:
            raise FormatError(f"there is no chip {name!r}: {self._hint(name)}", line=line)
        self._made[name] = made

    def _hint(self, name: str) -> str:
        here = [] if self.folder is None else sorted(path.stem for path in self.folder.glob("*.hdl"))
        close = difflib.get_close_matches(name, [*here, *BUILTINS], n=1)
        lower = [known for known in (*here, *BUILTINS) if known.lower() == name.lower()]
        if lower or close:
            return f"did you mean {(lower or close)[0]!r}?"
        where = "give the folder of its parts" if self.folder is None else f"put {name}.hdl into {str(self.folder)!r}"
        return f"it is not built in; {where}"

    def _composed(self, text: ChipText, label: str | None) -> Template:
        try:
            if text.builtin is not None:
                return _as_builtin(text)
            return compose(text, self._made.__getitem__, label)
        except FormatError as error:
            raise error if error.file or label is None else error.within(label) from None


def _as_builtin(text: ChipText) -> Template:
    made = builtin(str(text.builtin))
    if made is None:
        raise FormatError(
            f"there is no built-in chip {text.builtin!r}; give PARTS instead, or one of {', '.join(BUILTINS)}"
        )
    if (text.inputs, text.outputs) != (made.inputs, made.outputs):
        told = ", ".join(f"{name}[{width}]" for name, width in {**made.inputs, **made.outputs}.items())
        raise FormatError(
            f"chip {text.name} is BUILTIN {text.builtin}, whose pins are {told}; name the same pins in order"
        )
    return made


def read_text(path: Path) -> ChipText:
    """The chip in a file, in UTF-8, UTF-16 with its mark, or Latin-1.

    Raises
    ------
    FormatError
        With the file and the line; also where the chip does not have the name of its file.
    OSError
    """
    data = path.read_bytes()
    if len(data) > MOST_BYTES:
        raise FormatError(f"{len(data)} bytes are no chip; the most is {MOST_BYTES}", file=str(path))
    try:
        text = parse(decoded(data))
    except FormatError as error:
        raise error.within(str(path)) from None
    if text.name != path.stem:
        told = f"the chip is called {text.name}, but its file {path.name}; give both one name"
        raise FormatError(told, line=text.line, file=str(path))
    return text


def decoded(data: bytes) -> str:
    """Text of a file whose author's editor we do not know."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", errors="replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("latin-1")
