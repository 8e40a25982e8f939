"""Circuits in files: read(path), write(net, path), and loads and dumps in one module a format.

    .aag .aig      aiger      .blif     blif      .pla    pla (read)      .json   native: ours, lossless
    .bench         bench      .v        verilog   .dot    dot (write)     .onnx   onnx: real-valued networks
    .hdl           hdl (read; its parts are files beside it)

A reader fills any builder: a `Network`, or a `Tape` for very large circuits.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any, NamedTuple, TypeVar, overload

from circuits.formats.errors import CannotWriteError, FormatError
from perceptron import Builder, Network, PerceptronError, Tape
from perceptron.check import require_network
from perceptron.files import write_whole

__all__ = ["FORMATS", "CannotWriteError", "Format", "FormatError", "read", "write"]

Built = TypeVar("Built", bound=Builder[Any])


class Format(NamedTuple):
    """A file format: the module with its `loads` and `dumps`, and which of the two it has.

    Where a circuit's parts are files beside it, the module has `load(path)` as well.
    """

    name: str
    module: str
    reads: bool = True
    writes: bool = True
    binary: bool = False
    beside: bool = False


FORMATS: dict[str, Format] = {
    ".aag": Format("AIGER, ascii", "circuits.formats.aiger", binary=True),
    ".aig": Format("AIGER, binary", "circuits.formats.aiger", binary=True),
    ".bench": Format("BENCH", "circuits.formats.bench"),
    ".blif": Format("BLIF", "circuits.formats.blif"),
    ".dot": Format("DOT", "circuits.formats.dot", reads=False),
    ".hdl": Format("HDL", "circuits.formats.hdl", writes=False, beside=True),
    ".json": Format("JSON", "perceptron.formats.native"),
    ".onnx": Format("ONNX", "perceptron.formats.onnx", binary=True),
    ".pla": Format("PLA", "circuits.formats.pla", writes=False),
    ".v": Format("Verilog", "circuits.formats.verilog"),
}


@overload
def read(path: str | os.PathLike[str]) -> Network: ...


@overload
def read(path: str | os.PathLike[str], *, into: Built) -> Built: ...


def read(path: str | os.PathLike[str], *, into: Any = None) -> Any:
    """The circuit in a file, by the file's suffix (see `FORMATS`).

    Parameters
    ----------
    path : str or path
    into : Builder, optional
        What to fill, such as `Tape()` for a very large circuit; a new `Network` by default.

    Returns
    -------
    The builder, filled. Its name is the one in the file, or the file's stem.

    Raises
    ------
    FormatError
        If the file breaks its format; the message has the file, the line or byte, and the reason.
    PerceptronError
        If the suffix is of no format that can be read.
    OSError
        If the file cannot be opened.

    Examples
    --------
    >>> import tempfile
    >>> from circuits import full_adder
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write(full_adder.network, f"{folder}/adder.blif")
    ...     read(f"{folder}/adder.blif")
    <Network 'full_adder': 3 inputs, 9 units, 18 edges, 2 outputs>
    """
    path = Path(path)
    form = _format(path, "reads")
    module = import_module(form.module)
    data = path.read_bytes()
    try:
        if form.beside:
            net = module.load(path, into=into)
        else:
            net = module.loads(data if form.binary else _text(data), into=into)
    except FormatError as error:
        raise error if error.file else error.within(str(path)) from None
    except PerceptronError as error:
        raise FormatError(str(error), file=str(path)) from error
    if not net.name:
        net.name = path.stem
    return net


def write(net: Network | Tape, path: str | os.PathLike[str]) -> None:
    """Write a circuit to a file, by the file's suffix, whole or not at all.

    Parameters
    ----------
    net : Network or Tape
    path : str or path
        With one of the suffixes of `FORMATS` that are written.

    Raises
    ------
    NetworkError
        If it is no network, such as a Circuit, or not a valid one.
    CannotWriteError
        If the network has something that the format cannot say; the message names the node.
    PerceptronError
        If the suffix is of no format that can be written.
    OSError
        If the file cannot be written.

    Examples
    --------
    >>> import tempfile
    >>> from circuits import nand
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write(nand.network, f"{folder}/nand.bench")
    ...     print(Path(folder, "nand.bench").read_text())
    # nand
    INPUT(x1)
    INPUT(x2)
    OUTPUT(out)
    out = NAND(x1, x2)
    <BLANKLINE>
    """
    path = Path(path)
    form = _format(path, "writes")
    dumps: Callable[..., str | bytes] = import_module(form.module).dumps
    options = {"binary": path.suffix.lower() == ".aig"} if form.module.endswith(".aiger") else {}
    if not isinstance(net, Tape):
        require_network(net)
    text = dumps(net, **options)
    write_whole(path, text if isinstance(text, bytes) else text.encode("utf-8"))


def _text(data: bytes) -> str:
    """UTF-8, or Latin-1 where it is not: old files have names of authors in their comments."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("latin-1")


def _format(path: Path, what: str) -> Format:
    form = FORMATS.get(path.suffix.lower())
    if form is None or not getattr(form, what):
        known = " ".join(suffix for suffix, one in FORMATS.items() if getattr(one, what))
        raise PerceptronError(f"{str(path)!r}: no format that this {what} has this suffix; name it {known}")
    return form
