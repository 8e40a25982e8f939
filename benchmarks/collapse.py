"""Collapsing benchmark circuits: threshold units against AND nodes, with the time and the check of each.

The files lie in the folder `circuits` beside the one that PERCEPTRON_DATA names: ISCAS-85 and EPFL. AND nodes are
those of the AIGER file; for a BENCH file two-input ANDs after equal ones are shared, an exclusive or counted as three.
Each result is compared with its file by `prove`; where that finds no proof in time, random samples were. Seconds are
those of the processor.

    python benchmarks/collapse.py [--rounds 4] [--cuts 8] [--samples 65536] [NAME ...]
"""

from __future__ import annotations

import argparse
import os
import time
from pathlib import Path

from circuits import collapse, read
from perceptron import Tape, Verdict, prove
from perceptron.engines.logic import XOR, Logic

NAMES = "c17 c432 c499 c880 c1355 c6288 ctrl int2float router cavlc dec priority adder bar multiplier hyp"
LIMIT = 600.0  # seconds for a proof
LARGE = 20_000  # units from which one round is enough of a wait


def main() -> None:
    """Print a row of Markdown for each circuit."""
    parser = argparse.ArgumentParser(description="Threshold units of benchmark circuits.")
    parser.add_argument("names", nargs="*", default=NAMES.split())
    parser.add_argument("--rounds", type=int, default=4)
    parser.add_argument("--cuts", type=int, default=8)
    parser.add_argument("--samples", type=int, default=1 << 16)
    arguments = parser.parse_args()
    data = os.environ.get("PERCEPTRON_DATA")
    if data is None:
        parser.error("PERCEPTRON_DATA is not set; let it name a folder beside the folder `circuits`")
    print("| circuit | AND nodes | units | edges | widest | seconds | equal | seconds |")
    print("|---|---:|---:|---:|---:|---:|---|---:|")
    for name in arguments.names:
        path = next(iter((Path(data).parent / "circuits").glob(f"*/{name}.[ba][ei][ng]*")))
        tape = read(path, into=Tape())
        rounds = 1 if len(tape) > LARGE else arguments.rounds
        start = time.process_time()
        made = collapse(tape, rounds=rounds, cuts=arguments.cuts)
        done = time.process_time()
        told = prove(tape, made, samples=arguments.samples, limit=LIMIT, rng=0)
        proof = time.process_time() - done
        units, edges = len(made) - len(made.given), len(made.sources)
        widest = int((made.starts[1:] - made.starts[:-1]).max())
        print(
            f"| {name} | {_ands(path, tape):,} | {units:,} | {edges:,} | {widest} | {done - start:.1f} "
            f"| {_equal(told, arguments.samples)} | {proof:.1f} |",
            flush=True,
        )


def _equal(told: Verdict, samples: int) -> str:
    if told.status == "different":
        return f"NO: {told.difference}"
    return "proved" if told.equal else f"on {samples:,} samples"


def _ands(path: Path, tape: Tape) -> int:
    if path.suffix == ".aig":
        return int(path.read_bytes().split(b"\n", 1)[0].split()[5])
    logic = Logic(len(tape.given))
    logic.trace(tape, logic.inputs)
    return sum(3 if kind == XOR else 1 for kind in logic.kind)


if __name__ == "__main__":
    main()
