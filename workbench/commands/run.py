"""The command that runs a circuit over time: `perceptron run`."""

from __future__ import annotations

import argparse
import csv
import io
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from circuits.time.simulation import record
from circuits.time.waves import Waves
from perceptron.files import write_whole
from workbench.errors import UsageError
from workbench.locate import find


def run(given: argparse.Namespace) -> None:
    """Run through time from the first step; print the timing diagram or a table, and write waves."""
    for option, name in (("--vcd", given.vcd), ("--svg", given.svg)):
        suffix = option.replace("--", ".")
        if name is not None and Path(name).suffix.lower() != suffix:
            raise UsageError(f"{option} writes a {suffix} file; {name!r} should end so")
    inputs: dict[str, Any] = {}
    if given.inputs is not None:
        inputs |= read_columns(given.inputs)
    for name, values in read_sequences(given.input).items():
        if name in inputs:
            raise UsageError(f"input {name!r} is given twice, by --input and in {given.inputs!r}; give it once")
        inputs[name] = values
    lengths = {name: len(values) for name, values in inputs.items() if isinstance(values, list)}
    steps = max(lengths.values(), default=0) if given.steps is None else given.steps
    if given.steps is None and steps < 1:
        raise UsageError("say how many steps to run, as in --steps 20")
    if steps < 1:
        raise UsageError(f"--steps is {steps}; give 1 or more")
    for name, length in lengths.items():
        if length > steps:
            raise UsageError(f"input {name!r} has {length} values for {steps} steps; leave some out, or run longer")
        inputs[name] = [*inputs[name], *inputs[name][-1:] * (steps - length)]
    signals = given.signals.split(",") if given.signals else None
    waves = record(find(given.circuit, tape=True), inputs, steps=steps, signals=signals)
    if given.vcd is not None:
        write_whole(Path(given.vcd), waves.vcd(clock="clock" if given.clock else None).encode())
    if given.svg is not None:
        write_whole(Path(given.svg), waves.svg(base=given.base, clock=given.clock, title=given.circuit).encode())
    if given.table:
        print(table(waves), end="")
    elif given.vcd is None and given.svg is None:
        width = shutil.get_terminal_size().columns
        plain = given.ascii or "utf" not in (sys.stdout.encoding or "utf").lower()
        print(waves.text(base=given.base, ascii=plain, width=max(40, width)))


def read_sequences(words: Sequence[str]) -> dict[str, Any]:
    """`name=1,0,1` words as a dict of lists, `name=1` as a single value."""
    values: dict[str, Any] = {}
    for word in words:
        name, equals, text = word.partition("=")
        if not equals or not name or not text:
            raise UsageError(f"{word!r} is no input; write name=values, such as go=0,1,1")
        if name in values:
            raise UsageError(f"input {name!r} is given twice; give it once")
        listed = [_number(name, part) for part in text.split(",")]
        values[name] = listed if len(listed) > 1 else listed[0]
    return values


def read_columns(path: str) -> dict[str, list[int | float]]:
    """The columns of a CSV file: a header of input names (words as integers), then a row for each step.

    Raises
    ------
    UsageError
        If it is no text, a column is doubled, a row has another number of cells, or a cell is no number.
    """
    data = sys.stdin.buffer.read() if path == "-" else Path(path).read_bytes()
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UsageError(f"{path!r} is no text (byte {error.start}); give comma-separated values in UTF-8") from None
    rows = [(line, row) for line, row in enumerate(csv.reader(io.StringIO(text, newline="")), start=1) if row]
    if len(rows) < 2:
        raise UsageError(f"{path!r} has no row; write a header with input names, then a row for each step")
    header = [name.strip() for name in rows[0][1]]
    for name in header:
        if header.count(name) > 1:
            raise UsageError(f"{path!r} has the column {name!r} twice; name it once")
    columns: dict[str, list[int | float]] = {name: [] for name in header}
    for line, row in rows[1:]:
        if len(row) != len(header):
            raise UsageError(f"{path!r} line {line} has {len(row)} cells for {len(header)} columns")
        for name, cell in zip(header, row, strict=True):
            columns[name].append(_number(name, cell.strip()))
    return columns


def table(waves: Waves) -> str:
    """The waves as comma-separated values, a row for each step."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["step", *waves.names])
    columns = [wave.values.tolist() for wave in waves]
    writer.writerows([waves.first + step, *(column[step] for column in columns)] for step in range(len(waves)))
    return text.getvalue()


def _number(name: str, text: str) -> int | float:
    for kind in (lambda: int(text, 0), lambda: float(text)):
        try:
            return kind()
        except ValueError:
            continue
    raise UsageError(f"input {name!r} has the value {text!r}; give numbers, such as {name}=0,1,1")
