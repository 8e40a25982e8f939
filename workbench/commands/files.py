"""The commands that take circuits from file to file, and measure them: convert, bench."""

from __future__ import annotations

import argparse
import json
import os
import time
from collections.abc import Callable
from pathlib import Path

from circuits import clean, collapse, to_gates
from circuits.formats import FORMATS, write
from circuits.synthesis.passes.driver import CleanReport, dimensions
from perceptron import Network, Tape, compile, merge_parallel
from perceptron.columns import aligned
from perceptron.engines import as_tape
from perceptron.engines.ceiling import measure
from workbench.errors import UsageError
from workbench.locate import find, whole

Step = Callable[[Network | Tape], tuple[Network | Tape, CleanReport | None]]


def convert(given: argparse.Namespace) -> None:
    """Write a circuit in the format that the output's name says, after what is to be done to it."""
    steps = _steps(given)
    if steps:
        _require_writable(given.output)  # before what may take minutes
    found = find(given.circuit, tape=not given.merge)
    net: Network | Tape = found if isinstance(found, Tape) else whole(found)
    rows = [["step", "units", "edges", "depth", "seconds"]]
    for name, step in steps.items():
        started = time.perf_counter()
        made, detail = step(net)
        seconds = time.perf_counter() - started
        if given.report:
            sizes = zip(dimensions(as_tape(net)), dimensions(as_tape(made)), strict=True)
            rows.append([name, *(f"{before} -> {after}" for before, after in sizes), f"{seconds:.2f}"])
            rows += [] if detail is None else _passes(detail)
        net = made
    write(net, given.output)
    if given.report:
        print("\n".join(aligned(rows)))


def _steps(given: argparse.Namespace) -> dict[str, Step]:
    """What is to be done, in order: clean, then gates or perceptrons, then merged edges."""
    gates = "nand" if given.nand else given.gates
    if given.max_fanin is not None and not given.collapse:
        raise UsageError("--max-fanin bounds the edges into a unit of --collapse; give both, or neither")
    steps: dict[str, Step] = {}
    if given.clean:
        steps["clean"] = lambda net: clean(net, report=True)
    if gates is not None:
        steps[gates] = lambda net: (to_gates(net, gates), None)
    if given.collapse:
        steps["collapse"] = lambda net: (collapse(net, max_fanin=given.max_fanin), None)
    if given.merge:
        steps["merge"] = lambda net: (merge_parallel(net.to_network() if isinstance(net, Tape) else net), None)
    if given.report and not steps:
        raise UsageError("--report tells what each step did; give one of --clean, --gates, --nand, --collapse, --merge")
    return steps


def _passes(done: CleanReport) -> list[list[str]]:
    """A row for each pass that changed the units or the depth."""
    return [
        [f"  {step.name}", f"{step.units[0]} -> {step.units[1]}", "", f"{step.depth[0]} -> {step.depth[1]}", ""]
        for step in done.steps
        if step.units[0] != step.units[1] or step.depth[0] != step.depth[1]
    ]


def _require_writable(name: str) -> None:
    form = FORMATS.get(Path(name).suffix.lower())
    if form is None or not form.writes:
        known = " ".join(suffix for suffix, one in FORMATS.items() if one.writes)
        raise UsageError(f"{name!r}: no format that this writes has this suffix; name it {known}")
    folder = Path(name).parent
    if not folder.is_dir():
        raise UsageError(f"{name!r}: there is no folder {str(folder)!r}; make it first")
    if Path(name).is_dir():
        raise UsageError(f"{name!r} is a folder; name a file")


def bench(given: argparse.Namespace) -> None:
    """Measure the compiled circuit on random patterns, beside what this machine can do at most."""
    here = os.cpu_count() or 1
    if given.cores is not None and given.cores > here:
        raise UsageError(f"--cores is {given.cores}; this machine has {here}, so give at most that")
    found = find(given.circuit or "circuits:ripple_carry_adder(64)", tape=True)
    net = found if isinstance(found, Tape) else whole(found)
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
