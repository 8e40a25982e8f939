"""Proofs that two circuits are equal, and mutants refuted: times beside ABC's `cec` and `&cec`, and aigverse's check.

All get the same pairs in one run. Our time is from the two networks in memory to the verdict, after a first proof that
has imported what it needs; ABC's is that of its process less one that only reads the files; aigverse's is that of its
call. The files lie in the folder `circuits` beside the one that PERCEPTRON_DATA names. A peer that is absent is left
out; what takes longer than --seconds is given up.

    python benchmarks/equivalence.py [--repeats 3] [--mutants 20] [--seconds 60] [--peers /path/to/python] [--large]
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import statistics
import subprocess
import tempfile
import time
from collections import Counter
from fractions import Fraction
from pathlib import Path
from typing import Any

from circuits import array_multiplier, kogge_stone_adder, ripple_carry_adder, to_nand, wallace_multiplier
from circuits.formats import read, write
from perceptron import Network, Table, Tape, Unit, Verdict, prove

ABC = "berkeley-abc"
RESTRUCTURE = (
    "strash; balance; rewrite; refactor; balance; rewrite; rewrite -z; balance; refactor -z; rewrite -z; balance"
)
EPFL = ["adder", "bar", "cavlc", "ctrl", "dec", "int2float", "multiplier", "priority", "router"]
AIGVERSE = """
import sys, time
from aigverse.algorithms import equivalence_checking
from aigverse.io import read_aiger_into_aig
one, two = map(read_aiger_into_aig, sys.argv[1:])
started = time.perf_counter()
assert equivalence_checking(one, two) is True
print(time.perf_counter() - started)
"""

Net = Network | Tape


def main() -> None:
    """Print a line for each pair, then one for each circuit's mutants."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--mutants", type=int, default=20, help="of each circuit")
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--peers", help="a Python that has aigverse")
    parser.add_argument("--large", action="store_true", help="hyp (214,335 ANDs) and its NAND form as well")
    given = parser.parse_args()
    if shutil.which(ABC) is None:
        print(f"{ABC} is not installed: no ratios")
    prove(ripple_carry_adder(4).network, kogge_stone_adder(4).network, exhaustive=0, samples=64)
    with tempfile.TemporaryDirectory() as folder:
        pairs = made_pairs(Path(folder), given.large)
        print(f"{'pair':34} {'ours':>8}  {'how':30} {'cec':>8} {'ratio':>7} {'&cec':>8} {'ratio':>7} {'aigverse':>8}")
        for name, first, second in pairs:
            print(line(name, first, second, Path(folder), given), flush=True)
    if given.mutants:
        print()
        for name, first, second in pairs:
            print(mutants(name, first, second, given.mutants, given.seconds), flush=True)


def made_pairs(folder: Path, large: bool) -> list[tuple[str, Net, Net]]:
    """The name of each pair, and two networks that are equal."""
    pairs: list[tuple[str, Net, Net]] = [
        ("adder 64: ripple, Kogge-Stone", ripple_carry_adder(64).network, kogge_stone_adder(64).network)
    ]
    for width in (8, 12, 16):
        multipliers = array_multiplier(width).network, wallace_multiplier(width).network
        pairs.append((f"multiplier {width}: array, Wallace", *multipliers))
    data = os.environ.get("PERCEPTRON_DATA")
    if data is None or not (Path(data).parent / "circuits").is_dir():
        print("PERCEPTRON_DATA names no folder beside the circuits: no files")
        return pairs
    circuits = Path(data).parent / "circuits"
    files = [circuits / "iscas85" / "c6288.bench", *(circuits / "epfl" / f"{name}.aig" for name in EPFL)]
    for path in [*files, *([circuits / "epfl" / "hyp.aig"] if large else [])]:
        tape = read(path, into=Tape())
        pairs.append((f"{path.stem}, NAND", tape, to_nand(tape)))
        if shutil.which(ABC) is not None and path.stem != "hyp":
            other = folder / f"{path.stem}.restructured.aig"
            abc(f"read {path}; {RESTRUCTURE}; write {other}", folder, 600)
            pairs.append((f"{path.stem}, restructured", tape, read(other, into=Tape())))
    return pairs


def line(name: str, first: Net, second: Net, folder: Path, given: argparse.Namespace) -> str:
    """Our time and theirs."""
    told, ours = timed(first, second, given)
    if not told.equal:
        return f"{name:34} {told.status} after {ours:.3f} s"
    how = ", ".join(f"{count} {method}" for method, count in Counter(told.methods.values()).items())
    text = f"{name:34} {ours:8.3f}  {how:30}"
    files = folder / "one.aig", folder / "two.aig"
    for net, path in zip((first, second), files, strict=True):
        write(net, path)
    if shutil.which(ABC) is not None:
        reading = theirs(f"read {files[0]}; read {files[1]}", folder, given)
        for command in (f"cec {files[0]} {files[1]}", f"&r {files[0]}; &cec {files[1]}"):
            took = theirs(command, folder, given)
            if took is None or reading is None:
                text += f" {'-':>8} {'-':>7}"
            else:
                text += f" {max(took - reading, 0.001):8.3f} {ours / max(took - reading, 0.001):7.2g}"
    if given.peers is not None:
        command = [given.peers, "-c", AIGVERSE, *map(str, files)]
        try:
            done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=given.seconds)
            text += f" {float(done.stdout):8.3f}"
        except (subprocess.TimeoutExpired, subprocess.CalledProcessError):
            text += f" {'-':>8}"
    return text


def timed(first: Net, second: Net, given: argparse.Namespace) -> tuple[Verdict, float]:
    """The verdict and the median time; what takes longer than ten seconds is done once."""
    times = []
    for seed in range(given.repeats):
        started = time.perf_counter()
        told = prove(first, second, limit=given.seconds, rng=seed)
        times.append(time.perf_counter() - started)
        if times[-1] > 10:
            break
    return told, statistics.median(times)


def theirs(commands: str, folder: Path, given: argparse.Namespace) -> float | None:
    """The median time of ABC's process; None where it gave up or was given up."""
    times = []
    for _ in range(given.repeats):
        started = time.perf_counter()
        try:
            said = abc(commands, folder, given.seconds)
        except subprocess.TimeoutExpired:
            return None
        times.append(time.perf_counter() - started)
        if "cec" in commands and "Networks are equivalent" not in said:
            return None
    return statistics.median(times)


def abc(commands: str, folder: Path, seconds: float) -> str:
    """What ABC says."""
    done = subprocess.run(
        [ABC, "-q", commands], cwd=folder, capture_output=True, text=True, check=True, timeout=seconds
    )
    return done.stdout


# --- mutants


def mutants(name: str, first: Net, second: Net, count: int, seconds: float) -> str:
    """How single-gate mutants of the second circuit were judged, and how much processor time it took."""
    draw = random.Random(0)
    tape = second if isinstance(second, Tape) else Tape.from_network(second)
    judged: Counter[str] = Counter()
    times = []
    for seed in range(count):
        other = mutant(tape, draw)
        started = time.process_time()
        judged[prove(first, other, limit=seconds, rng=seed).status] += 1
        times.append(time.process_time() - started)
    return (
        f"{name:34} {count} mutants: {judged['different']} refuted, {judged['equal']} proved equal, "
        f"{judged['undecided']} undecided; CPU seconds: median {statistics.median(times):.3f}, most {max(times):.3f}"
    )


def mutant(tape: Tape, draw: random.Random) -> Tape:
    """The circuit with one unit, drawn by chance, of another function of what it reads."""
    numbers, starts, sources = tape.cell_numbers.tolist(), tape.starts.tolist(), tape.sources.tolist()
    units = [node for node, cell in enumerate(numbers) if cell >= 0 and starts[node + 1] > starts[node]]
    changed = None
    while changed is None:
        at = draw.choice(units)
        changed = other_function(tape.cells[numbers[at]], draw)
    new = Tape()
    place: list[int] = []
    for node, number in enumerate(numbers):
        if number < 0:
            place.append(new.input(str(tape.name_of(node))))
            continue
        cell = changed if node == at else tape.cells[number]
        read_ = [place[source] for source in sources[starts[node] : starts[node + 1]]]
        place.append(new.add_cell(new.cell(*cell), read_))
    for name, node in tape.outputs.items():
        new.output(name, place[node])
    return new


def other_function(cell: Any, draw: random.Random) -> tuple[Unit, list[Any]] | None:
    """A cell with another bias, one input turned, or another entry of its table; None where that changes nothing."""
    unit, weights = cell.unit, list(cell.weights)
    if isinstance(unit.activation, Table):
        values = list(unit.activation.values)
        entry = draw.randrange(len(values))
        values[entry] ^= 1
        new = Unit(unit.bias, Table(values))
    elif draw.random() < 0.5:
        new = Unit(unit.bias + draw.choice([-4, -3, -2, -1, 1, 2, 3, 4]), unit.activation)
    else:
        turned = draw.randrange(len(weights))
        new = Unit(unit.bias + weights[turned], unit.activation)
        weights[turned] = -weights[turned]
    return None if table_of(new, weights) == table_of(unit, cell.weights) else (new, weights)


def table_of(unit: Unit, weights: Any) -> list[Any]:
    """The truth table of a cell."""
    sums = [Fraction(unit.bias)]
    for weight in weights:
        sums += [z + Fraction(weight) for z in sums]
    return [unit.activation(int(z) if z.denominator == 1 else z) for z in sums]


if __name__ == "__main__":
    main()
