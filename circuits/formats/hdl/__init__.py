"""HDL: the chips of the nand2tetris course. `chip` reads any of them, `loads` and `load` those without memories.

text.py      the text of a chip                  compose.py   a chip's template from those of its parts
template.py  a chip laid out flat                library.py   the chips of a folder, and the built-in ones
builtin.py   the course's built-in chips         flatten.py   a template as a tape with memories beside it
"""

from __future__ import annotations

import os
from collections.abc import Collection
from pathlib import Path
from typing import Any, TypeVar, overload

from circuits.formats.errors import FormatError
from circuits.formats.hdl.builtin import BUILTINS
from circuits.formats.hdl.flatten import Chip, Part, fill, flatten
from circuits.formats.hdl.library import Library, decoded, read_text
from circuits.formats.hdl.text import parse
from perceptron import Builder, Network

__all__ = ["BUILTINS", "Chip", "Library", "Part", "chip", "load", "loads"]

Built = TypeVar("Built", bound=Builder[Any])


def chip(path: str | os.PathLike[str], *, inside: Collection[str] = (), library: Library | None = None) -> Chip:
    """The chip in a file, with its parts: files beside it, else the built-in chips.

    Parameters
    ----------
    path : str or path
        A `.hdl` file.
    inside : collection of str
        Chips that are taken from the built-in ones even where a file stands beside the chip.
    library : Library, optional
        Where the parts come from instead of the file's own folder; one that is given again is quicker.

    Returns
    -------
    Chip
        Pins become bits `a[0]`, `a[1]`, ..., or `a` where there is one; unconnected inputs and undriven outputs are 0.

    Raises
    ------
    FormatError
        If a file breaks the format, a part or pin is unknown, widths differ, something is driven twice, an output is
        read inside, chips are parts of each other, or parts form a loop that no clocked part interrupts.
    OSError
        If a file cannot be read.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder, "Twice.hdl")
    ...     _ = path.write_text("CHIP Twice { IN in; OUT out; PARTS: Not(in=in, out=x); Not(in=x, out=out); }")
    ...     chip(path).tape
    <Tape 'Twice': 1 input, 2 units, 2 edges, 1 output>
    """
    path = Path(path)
    library = library or Library(path.parent, inside)
    if library.folder is not None and library.file(path.stem) == path:
        return flatten(library.template(path.stem))
    return flatten(library.of_text(read_text(path), str(path)))


@overload
def loads(text: str | bytes) -> Network: ...
@overload
def loads(text: str | bytes, *, into: Built) -> Built: ...
def loads(text: str | bytes, *, into: Any = None) -> Any:
    """The chip of a text whose parts are all built in.

    Parameters
    ----------
    text : str or bytes
    into : Builder, optional
        What to fill, for example a `Tape`; without it a new Network with the name of the chip.

    Returns
    -------
    Network, or `into`

    Raises
    ------
    FormatError
        As `chip`; or if a part is a memory.

    Examples
    --------
    >>> loads("CHIP Same { IN a, b; OUT out; PARTS: Xor(a=a, b=b, out=x); Not(in=x, out=out); }")
    <Network 'Same': 2 inputs, 2 units, 3 edges, 1 output>
    """
    if isinstance(text, bytes):
        text = decoded(text)
    return _filled(flatten(Library().of_text(parse(text))), into)


@overload
def load(path: str | os.PathLike[str]) -> Network: ...
@overload
def load(path: str | os.PathLike[str], *, into: Built) -> Built: ...
def load(path: str | os.PathLike[str], *, into: Any = None) -> Any:
    """The chip of a file with its parts, where none is a memory: what `circuits.formats.read` calls.

    Raises
    ------
    FormatError
        As `chip`; or if a part is a memory.
    OSError
    """
    return _filled(chip(path), into)


def _filled(made: Chip, into: Any) -> Any:
    if made.memories:
        raise FormatError(
            f"chip {made.name} has the memory {made.memories[0].name}, which is no part of a network; read it with "
            "circuits.formats.hdl.chip(path), which gives the memories beside it"
        )
    if into is None:
        return made.network
    if not into.name:
        into.name = made.name
    fill(made, into)
    return into
