"""The command that runs a circuit on many inputs, over time, or against another: simulate."""

from __future__ import annotations

import argparse
import csv
import json
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from perceptron import Network, Tape, compile
from perceptron.differences import Differences, count_differences
from perceptron.digest import Digest, digest
from perceptron.patterns import Patterns, require_zero_one, run
from perceptron.stream import Names, stream
from perceptron.words import Field, bits, fields, from_rows
from workbench.errors import UsageError
from workbench.locate import find_network
from workbench.progress import bar
from workbench.stimuli import Stimuli, opened
from workbench.writing import writing


def simulate(given: argparse.Namespace) -> int:
    """Run stimuli from a file, random patterns or all; status 1 if another circuit differs."""
    patterns = given.random is not None or given.exhaustive
    if (given.input is not None) + (given.random is not None) + given.exhaustive != 1:
        raise UsageError("give either -i stimuli.csv or --random N, or --exhaustive")
    if not patterns:
        for name, cure in (("digest", ""), ("against", ""), ("steps", "; each row of a file is a step by itself")):
            if getattr(given, name) not in (None, False):
                raise UsageError(f"--{name} goes with --random or --exhaustive{cure}")
    if given.json and not (given.digest or given.against):
        raise UsageError("--json goes with --digest or --against")
    if given.against is not None and (given.digest or given.output is not None):
        raise UsageError("--against prints counts alone; leave out --digest and -o")
    net, signed = find_network(given.circuit)
    if given.against is not None:
        return _against(net, signed, given)
    names = Names(compile(net), signed)
    if not patterns:
        _file(names, signed, given)
        return 0
    steps = _steps(given, len(names.program.states))
    if given.output is not None or not given.digest:
        _table(names, Patterns(names.program.inputs, given.random, given.rng, steps), given)
    if given.digest:
        with bar("running") as progress:
            told = digest(names.program, given.random, seed=given.rng, steps=steps, progress=progress)
        print(_digest_json(told, given) if given.json else told.text)
    return 0


def _steps(given: argparse.Namespace, states: int) -> int:
    if states and given.steps is None:
        raise UsageError(f"the circuit has {states} states; say how many steps to run, as in --steps 100")
    return 1 if given.steps is None else int(given.steps)


# --- tables of outputs


def _file(names: Names, signed: set[str], given: argparse.Namespace) -> None:
    """The outputs for a file of stimuli, a block at a time; with states each row is a step of time."""
    program = names.program
    with opened(given.input) as text:
        stimuli = Stimuli(given.input, text, names)
        words = _wants_words(given, stimuli.words)
        blocks: Iterable[Mapping[str, NDArray[Any]]] = stimuli.blocks()
        if program.states:
            blocks = ({name: column[:, None] for name, column in block.items()} for block in blocks)
        answers = stream(program, blocks, signed=signed, bits=not words)
        first = next(answers, None)  # before anything is written: a wrong file leaves no header alone
        with writing(given.output) as file:
            rows = csv.writer(file, lineterminator="\n")
            rows.writerow(Names(program, signed, bits=not words).outputs)
            while first is not None:
                rows.writerows(zip(*(column.ravel().tolist() for column in first.values()), strict=True))
                first = next(answers, None)


def _wants_words(given: argparse.Namespace, default: bool) -> bool:
    return default if given.words is None else bool(given.words)


def _table(names: Names, patterns: Patterns, given: argparse.Namespace) -> None:
    """A row for each pattern (and step): its number, the inputs, the outputs."""
    program = names.program
    require_zero_one(program)
    words = _wants_words(given, False)
    outputs = names.outputs if words else bits(program.outputs)
    inputs = names.inputs if words else bits(program.inputs)
    timed = bool(program.states)
    with writing(given.output) as file:
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow(["pattern", *(["step"] if timed else []), *inputs, *outputs])
        for block in patterns.blocks():
            first = 64 * int(block.numbers[0])
            count = min(64 * len(block.numbers), patterns.count - first)
            numbers = range(first, first + count)
            for step, (ins, [outs]) in enumerate(run(block, program)):
                columns = [*_columns(inputs, ins, count), *_columns(outputs, outs, count)]
                rows.writerows(zip(numbers, *([[step] * count] if timed else []), *columns, strict=True))


def _columns(fields: Mapping[str, Field], rows: NDArray[np.uint64], count: int) -> list[list[int]]:
    return [from_rows(field, rows[list(field.places)], count).tolist() for field in fields.values()]


def _digest_json(told: Digest, given: argparse.Namespace) -> str:
    return json.dumps({"digest": told.text, "ones": told.ones, **_asked(told, given)})


# --- a circuit against another


def _against(net: Network | Tape, signed: set[str], given: argparse.Namespace) -> int:
    """Count the differences; 1 if there is any."""
    other, _ = find_network(given.against)
    steps = _steps(given, max(len(net.states), len(other.states)))
    with bar("comparing") as progress:
        told = count_differences(net, other, patterns=given.random, seed=given.rng, steps=steps, progress=progress)
    words = _wants_words(given, True)
    inputs = fields(net.inputs, signed) if words else bits(net.inputs)
    outputs = fields(list(net.outputs), signed) if words else bits(list(net.outputs))
    first = None
    if told.first is not None:
        first = {
            "pattern": told.first.pattern,
            "step": told.first.step,
            "inputs": [_worded(inputs, values) for values in told.first.inputs],
            "outputs": [_worded(outputs, values) for values in told.first.outputs],
        }
    if given.json:
        counts = {"differ": told.count, "by_output": told.by_output, **_asked(told, given), "first": first}
        print(json.dumps(counts))
    else:
        print("\n".join(_report(told, first, given)))
    return 1 if told.count else 0


def _asked(told: Digest | Differences, given: argparse.Namespace) -> dict[str, int | None]:
    """How many patterns of which seed (none where all were run), and for how many steps."""
    return {"patterns": told.patterns, "seed": None if given.exhaustive else given.rng, "steps": told.steps}


def _worded(fields: Mapping[str, Field], values: Mapping[str, int]) -> dict[str, int]:
    """Bits by name as words and bits."""
    return {name: field.value([values[bit] for bit in field.bits]) for name, field in fields.items()}


def _report(told: Differences, first: dict[str, Any] | None, given: argparse.Namespace) -> list[str]:
    """The counts, and the first difference, for a person."""
    total = told.patterns * told.steps
    kind = "all there are" if given.exhaustive else f"random, seed {given.rng}"
    steps = f", {told.steps} steps each" if told.steps > 1 else ""
    lines = [f"{told.patterns} patterns ({kind}){steps}", f"{told.count} differ ({told.count / total:.3%})"]
    if first is None:
        return lines
    counted = {name: count for name, count in told.by_output.items() if count}
    width = max(len("output"), *map(len, counted))
    digits = max(len("differs"), *(len(str(count)) for count in counted.values()))
    lines += ["", f"{'output':{width}}  {'differs':>{digits}}"]
    lines += [f"{name:{width}}  {count:>{digits}}" for name, count in counted.items()]
    if len(counted) < len(told.by_output):
        others = len(told.by_output) - len(counted)
        lines.append(f"({others} other{'s never do' if others > 1 else ' never does'})")
    timed = told.steps > 1
    lines += ["", f"first in pattern {first['pattern']}" + (f", at step {first['step']}" if timed else "")]
    for step, values in enumerate(first["inputs"]):
        lines.append(f"  {f'step {step}' if timed else 'inputs':7} {_line(values)}")
    lines += [f"  {name:7} {_line(values)}" for name, values in zip(("one", "other"), first["outputs"], strict=True)]
    return [line.rstrip() for line in lines]


def _line(values: Mapping[str, int]) -> str:
    return " ".join(f"{name}={value}" for name, value in values.items())
