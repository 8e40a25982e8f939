"""The commands that take circuits from file to file, and run them on many inputs: convert, simulate, bench."""

from __future__ import annotations

import argparse
import csv
import io
import json
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from circuits import Circuit, to_nand
from circuits.formats import write
from perceptron import Network, Program, Tape, compile, merge_parallel
from perceptron.digest import digest, random_runs
from perceptron.engines.bits import unpack
from perceptron.engines.ceiling import measure
from perceptron.files import write_whole
from workbench.errors import UsageError
from workbench.locate import find


def convert(given: argparse.Namespace) -> None:
    """Write a circuit in the format that the output's name says."""
    found = find(given.circuit, tape=not given.merge)
    net: Network | Tape = found.network if isinstance(found, Circuit) else found
    if given.nand:
        net = to_nand(net)
    if given.merge:
        net = merge_parallel(net.to_network() if isinstance(net, Tape) else net)
    write(net, given.output)


def simulate(given: argparse.Namespace) -> None:
    """Run stimuli from a file, or random patterns."""
    if (given.input is None) == (given.random is None):
        raise UsageError("give either -i stimuli.csv or --random N")
    if given.steps is not None and given.random is None:
        raise UsageError("--steps goes with --random; each row of a file of stimuli is a step of time by itself")
    found = find(given.circuit, tape=True)
    program = compile(found.network if isinstance(found, Circuit) else found)
    if given.random is not None:
        _random(program, given)
        return
    if given.digest:
        raise UsageError("--digest goes with --random")
    samples = read_stimuli(given.input, program)
    outputs = program.run(samples[:, None, :])[:, 0, :] if program.states else program.run(samples)
    _put(_csv(program.outputs, outputs), given.output)


def bench(given: argparse.Namespace) -> None:
    """Measure the compiled circuit on random patterns, beside what this machine can do at most."""
    found = find(given.circuit or "circuits:ripple_carry_adder(64)", tape=True)
    net = found.network if isinstance(found, Circuit) else found
    tape = net if isinstance(net, Tape) else Tape.from_network(net)
    started = time.perf_counter()
    program = compile(tape)
    seconds = time.perf_counter() - started
    gates = len(tape) - len(tape.given)
    told = measure(program, gates, cores=given.cores, compile_seconds=seconds)
    if given.json:
        print(json.dumps(told.asdict()))
        return
    share = told.gate_evaluations_per_second / told.ceiling_per_second
    print(f"{told.gates} gates, {told.operations} operations on rows, {told.working_set_bytes} bytes in use a core")
    print(f"compiled in {seconds:.3f} s, run on {told.cores} core{'s' * (told.cores != 1)}")
    print(f"gate evaluations a second   {told.gate_evaluations_per_second:.3g}")
    print(f"the most of this machine    {told.ceiling_per_second:.3g}   ({share:.0%})")


def _random(program: Program, given: argparse.Namespace) -> None:
    """Random patterns: their digest, and their inputs and outputs where those are wanted."""
    if program.states and given.steps is None:
        raise UsageError(f"the circuit has {len(program.states)} states; say how many steps to run, as in --steps 100")
    steps = 1 if given.steps is None else given.steps
    if given.output is not None or not given.digest:
        _put(_random_csv(program, given.random, given.rng, steps), given.output)
    if given.digest:
        print(digest(program, given.random, seed=given.rng, steps=steps).text)


def _random_csv(program: Program, patterns: int, seed: int, steps: int) -> str:
    """A row for each pattern (and step): its number, the inputs, the outputs."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    timed = ["step"] if program.states else []
    writer.writerow(["pattern", *timed, *program.inputs, *program.outputs])
    for run in random_runs(program, patterns, seed=seed, steps=steps):
        first = 64 * int(run.numbers[0])
        count = min(64 * len(run.numbers), patterns - first)
        values = np.hstack([unpack(run.inputs, count), unpack(run.outputs, count)]).tolist()
        step = [run.step] if program.states else []
        writer.writerows([first + number, *step, *row] for number, row in enumerate(values))
    return text.getvalue()


def read_stimuli(path: str, program: Program) -> NDArray[np.float64]:
    """Samples (rows, inputs) from a CSV file with a header of input names, in any order.

    Raises
    ------
    UsageError
        If a column is missing, unknown or doubled, a row has another number of cells, or a cell is no number.
    """
    data = sys.stdin.buffer.read() if path == "-" else Path(path).read_bytes()
    try:
        text = data.decode("utf-8-sig")  # spreadsheets begin a file with a byte-order mark
    except UnicodeDecodeError as error:
        raise UsageError(f"{path!r} is no text (byte {error.start}); give comma-separated values in UTF-8") from None
    rows = list(csv.reader(io.StringIO(text, newline="")))
    if not rows:
        raise UsageError(f"{path!r} is empty; write a header with the input names first")
    header = [name.strip() for name in rows[0]]
    for name in header:
        if name not in program.inputs:
            shown = ", ".join(program.inputs[:8]) + (", ..." if len(program.inputs) > 8 else "")
            raise UsageError(f"{path!r} has a column {name!r}; the inputs are {shown or 'none'}")
        if header.count(name) > 1:
            raise UsageError(f"{path!r} has the column {name!r} twice; name it once")
    for name in program.inputs:
        if name not in header:
            raise UsageError(f"{path!r} has no column for input {name!r}; add one")
    body = [(line, row) for line, row in enumerate(rows[1:], start=2) if row]
    samples = np.empty((len(body), len(header)))
    for index, (line, row) in enumerate(body):
        if len(row) != len(header):
            raise UsageError(f"{path!r} line {line} has {len(row)} cells for {len(header)} columns")
        try:
            samples[index] = [float(cell) for cell in row]
        except ValueError:
            wrong = next(cell for cell in row if not _is_number(cell))
            raise UsageError(f"{path!r} line {line} has {wrong!r}; give numbers") from None
    return samples[:, [header.index(name) for name in program.inputs]]


def _is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True


def _csv(names: tuple[str, ...], values: NDArray[Any]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(names)
    writer.writerows(values.tolist())
    return text.getvalue()


def _put(text: str, path: str | None) -> None:
    if path is None:
        print(text, end="")
    else:
        write_whole(Path(path), text.encode())
