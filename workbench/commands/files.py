"""The commands that take circuits from file to file, and measure them: convert, bench."""

from __future__ import annotations

import argparse
import json
import time

from circuits import to_gates
from circuits.formats import write
from perceptron import Network, Tape, compile, merge_parallel
from perceptron.engines.ceiling import measure
from workbench.locate import find, whole


def convert(given: argparse.Namespace) -> None:
    """Write a circuit in the format that the output's name says."""
    found = find(given.circuit, tape=not given.merge)
    net: Network | Tape = found if isinstance(found, Tape) else whole(found)
    gates = "nand" if given.nand else given.gates
    if gates is not None:
        net = to_gates(net, gates)
    if given.merge:
        net = merge_parallel(net.to_network() if isinstance(net, Tape) else net)
    write(net, given.output)


def bench(given: argparse.Namespace) -> None:
    """Measure the compiled circuit on random patterns, beside what this machine can do at most."""
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
