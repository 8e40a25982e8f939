"""Stimuli from comma-separated values of any length: a header of inputs or words, then a row for each sample."""

from __future__ import annotations

import contextlib
import csv
import io
import math
import sys
from collections.abc import Iterator
from itertools import islice
from typing import Any

import numpy as np
from numpy.typing import NDArray

from perceptron.errors import InputError
from perceptron.stream import Names
from perceptron.words import Field
from workbench.errors import UsageError

_CELLS = 1 << 16  # cells a block: a few MB of text


@contextlib.contextmanager
def opened(path: str) -> Iterator[io.TextIOWrapper]:
    """A file to read as text, or standard input for `-`; raises OSError if it cannot be read."""
    with contextlib.nullcontext(sys.stdin.buffer) if path == "-" else open(path, "rb") as raw:
        # Spreadsheets begin a file with a byte-order mark, which this encoding leaves out.
        text = io.TextIOWrapper(raw, encoding="utf-8-sig", newline="")
        try:
            yield text
        finally:
            text.detach()  # standard input is not ours to close


class Stimuli:
    """A file of stimuli, read a block at a time.

    Parameters
    ----------
    path : str
        What to call it when something is wrong.
    text : io.TextIOWrapper
        As `opened` gives it.
    names : Names
        The inputs that it has to have: by their names, in any order; or a word `a` for `a[0]`, `a[1]`, ...

    Attributes
    ----------
    words : bool
        Whether any column is a word.

    Raises
    ------
    UsageError
        If the file is no text, is empty, or a column is missing, unknown or doubled.
    """

    def __init__(self, path: str, text: io.TextIOWrapper, names: Names):
        self.path = path
        self._raw: Any = text.buffer
        self._real = names.program.real
        self._reader = csv.reader(text)
        header = next(self._rows(1), None)
        if header is None:
            raise UsageError(f"{path!r} is empty; write a header with the input names first")
        self._read = self._reader.line_num
        self._fields = self._columns([name.strip() for name in header[0]], names)
        self.words = any(field.word for field in self._fields)

    def _columns(self, header: list[str], names: Names) -> list[Field]:
        inputs = names.program.inputs
        known = {*names.inputs, *inputs}
        given = set(header)
        for name in header:
            if name not in known:
                shown = ", ".join([*names.inputs][:8]) + (", ..." if len(names.inputs) > 8 else "")
                raise UsageError(f"{self.path!r} has a column {name!r}; the inputs are {shown or 'none'}")
            if header.count(name) > 1:
                raise UsageError(f"{self.path!r} has the column {name!r} twice; name it once")
        for field in names.inputs.values():
            missing = [bit for bit in field.bits if bit not in given]
            if missing and field.name not in given:
                lacking = field.name if len(missing) == len(field.places) else missing[0]
                raise UsageError(f"{self.path!r} has no column for input {lacking!r}; add one")
        try:
            return names.split(header)
        except InputError as error:
            raise UsageError(f"{self.path!r}: {error}") from None

    def blocks(self) -> Iterator[dict[str, NDArray[Any]]]:
        """Arrays (samples,) by column, a block of rows at a time.

        Raises
        ------
        UsageError
            If a row has another number of cells, or a cell is no number or out of range; with its line.
        """
        width = len(self._fields)
        for rows in self._rows(max(64, _CELLS // max(1, width))):
            first, self._read = self._read + 1, self._reader.line_num
            there = [at for at, row in enumerate(rows) if row]
            body = rows if len(there) == len(rows) else [rows[at] for at in there]
            for at, row in zip(there, body, strict=True):
                if len(row) != width:
                    raise UsageError(f"{self.path!r} line {first + at} has {len(row)} cells for {width} columns")
            if body:
                columns = zip(self._fields, zip(*body, strict=True), strict=True)
                yield {field.name: self._values(field, cells, first, there) for field, cells in columns}

    def _rows(self, count: int) -> Iterator[list[list[str]]]:
        """Rows as they are, so many at once."""
        while True:
            try:
                rows = list(islice(self._reader, count))
            except UnicodeDecodeError as error:
                at = error.start
                if self._raw.seekable():
                    at += self._raw.tell() - len(error.object)
                raise UsageError(
                    f"{self.path!r} is no text (byte {at}); give comma-separated values in UTF-8"
                ) from None
            except csv.Error as error:
                raise UsageError(f"{self.path!r} line {self._reader.line_num}: {error}") from None
            if not rows:
                return
            yield rows

    def _values(self, field: Field, cells: tuple[str, ...], first: int, there: list[int]) -> NDArray[Any]:
        """A column as numbers that its field can take."""

        def wrong(at: int, told: str) -> UsageError:
            return UsageError(f"{self.path!r} line {first + there[at]}{told}")

        real = not field.word and self._real[field.places[0]]
        values: list[Any]
        try:
            values = list(map(float if real else int, cells))
        except ValueError:
            values = []
            for at, cell in enumerate(cells):
                number = _number(cell)
                if number is None:
                    raise wrong(at, f" has {cell!r}; give numbers") from None
                values.append(number)
        if real:
            for at, value in enumerate(values):
                if not math.isfinite(value):
                    raise wrong(at, f": input {field.name!r} is {cells[at]}; give a finite number")
            return np.array(values, dtype=np.float64)
        least, most = field.range
        if any(type(value) is float for value in values) or min(values) < least or max(values) > most:
            for at, value in enumerate(values):
                if not least <= value <= most or value != int(value):
                    raise wrong(at, f": input {field.name!r} is {cells[at].strip()}; give {field.kind}")
            values = [int(value) for value in values]
        if len(field.places) < 64:
            return np.array(values, dtype=np.int64)
        wide = np.empty(len(values), dtype=object)
        wide[:] = values
        return wide


def _number(cell: str) -> int | float | None:
    """An integer in any of Python's notations, a decimal number, or None."""
    try:
        return int(cell, 0)
    except ValueError:
        pass
    try:
        return int(cell)  # 007
    except ValueError:
        pass
    try:
        return float(cell)
    except ValueError:
        return None
