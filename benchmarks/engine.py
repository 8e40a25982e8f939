"""Gate evaluations a second: our engine beside what this machine can do and beside other simulators, in one run.

A gate evaluation is one AND of the circuit's and-inverter graph for one pattern, the same count for everybody. Every
simulator runs the same random patterns on one core, at its best setting, five stretches of time each; the table has
the medians, by processor time and by the clock, and the time until the first evaluation (loading, compiling,
building) apart. Our lines are measured before, between and after the others, one core and two by turns. Processor
time leaves out what other programs take of the machine; for two cores it is counted as if both were free. ABC tells
one time, by the clock, which stands for both. "Same" says whether all outputs are those of our engine in NumPy.

    python benchmarks/engine.py [FOLDER] [--peers PYTHON] [--circuits c6288,multiplier,hyp] [--long] [--no-peers]

FOLDER has `iscas85` and `epfl`; by default it is the folder `circuits` beside the one that PERCEPTRON_DATA names.
Peers that are programs are looked for on the PATH. Those that pip installs may be in another Python, such as that of

    python -m venv peers && peers/bin/pip install kyupy pyrtl aigverse circuitgraph python-sat

A peer that is not there is listed as absent. --long also runs what takes minutes to build.
"""

from __future__ import annotations

import argparse
import importlib.metadata
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from unittest import mock

import numpy as np
from parts.engine_peers import PEERS, checksum, windows
from parts.engine_programs import Absent, abc, cxxrtl, verilator

from circuits import read
from circuits.formats.aiger import dumps
from circuits.formats.aiger.lower import lower
from perceptron import Tape, compile
from perceptron.engines.bits import has_numba, load_kernels
from perceptron.engines.ceiling import measure

CIRCUITS = {"c6288": "iscas85/c6288.bench", "multiplier": "epfl/multiplier.aig", "hyp": "epfl/hyp.aig"}
WORDS = 16_384  # of packed patterns for our engine, for each core
PEER_WORDS = 1024  # for the others: 65,536 patterns, the best of what they were seen to do
SECONDS, LONG_SECONDS = 240, 3600  # after which a peer is given up

# The largest graph that each is given without --long; beyond that it takes minutes to load or build.
LARGEST = {"verilator 64": 30_000, "verilator 256": 5_000, "cxxrtl 64": 5_000}
LARGEST |= {"kyupy": 300_000, "pyrtl": 30_000, "aigverse": 300_000, "circuitgraph": 30_000}

INSTALL = {"circuitgraph": "circuitgraph python-sat"} | {peer: peer for peer in PEERS if peer != "circuitgraph"}


@dataclass
class Row:
    """A line of the table; `reason` stands in for the figures where there are none."""

    label: str
    cores: int = 1
    ready: float | None = None
    cpu: float | None = None
    clock: float | None = None
    same: bool | None = None
    reason: str = ""


@dataclass
class Load:
    """A circuit ready to be measured: its graph, its files and our outputs' checksums by number of words."""

    name: str
    graph: object
    folder: Path
    stimuli: np.ndarray
    digests: dict[int, int]

    @property
    def gates(self):
        """The ANDs of the graph."""
        return len(self.graph.left)


def rate(times, evaluations):
    """Median evaluations a second, by processor time and by the clock."""
    return tuple(statistics.median(evaluations / one[clock] for one in times) for clock in (0, 1))


def write_bench(graph, path):
    """The ANDs as BENCH, with NOR where both operands are complements and shared NOTs elsewhere."""
    names = ["zero", *(f"x{index}" for index in range(graph.inputs)), *(f"n{i}" for i in range(len(graph.left)))]
    lines = [f"INPUT(x{index})" for index in range(graph.inputs)]
    lines += [f"OUTPUT(y{index})" for index in range(len(graph.outputs))]
    inverted = set()

    def net(literal):
        name = names[literal >> 1]
        if not literal & 1:
            return name
        if name not in inverted:
            inverted.add(name)
            lines.append(f"{name}_n = NOT({name})")
        return f"{name}_n"

    if any(literal < 2 for literal in graph.outputs):
        lines += ["x0_not = NOT(x0)", "zero = AND(x0, x0_not)"]
    for index, (left, right) in enumerate(zip(graph.left.tolist(), graph.right.tolist(), strict=True)):
        if left & right & 1:
            lines.append(f"n{index} = NOR({names[left >> 1]}, {names[right >> 1]})")
        else:
            lines.append(f"n{index} = AND({net(left)}, {net(right)})")
    lines += [f"y{index} = BUFF({net(literal)})" for index, literal in enumerate(graph.outputs)]
    path.write_text("\n".join([*lines, ""]))


def prepare(name, path, folder):
    """Write the files that the peers read."""
    tape = read(path, into=Tape())
    graph = lower(tape)
    stimuli = np.random.default_rng(0).integers(0, 1 << 64, size=(graph.inputs, PEER_WORDS), dtype=np.uint64)
    spare = tape.state("a spare latch")  # &sim takes sequential circuits only
    tape.feedback(spare, spare)
    (folder / "graph.aig").write_bytes(dumps(tape))
    write_bench(graph, folder / "graph.bench")
    np.savez(folder / "graph.npz", left=graph.left, right=graph.right, outputs=np.array(graph.outputs))
    np.save(folder / "stimuli.npy", stimuli)
    stimuli.tofile(folder / "stimuli.bin")
    return Load(name, graph, folder, stimuli, {})


def ours(load, path):
    """Our engine: NumPy, one core, two cores, the ceiling; returns the rows and a function that runs it once."""
    started = time.perf_counter()
    tape = read(path, into=Tape())
    loaded = time.perf_counter()
    program = compile(tape)
    compiled = time.perf_counter()
    ready = compiled - started
    bits = program.bits
    found = ""
    if has_numba():
        load_kernels()
        begun = time.perf_counter()
        passes = bits.fused
        prepared = ready + time.perf_counter() - begun
        found = (
            f"; found {int((passes.code >= 7).sum()):,} full adders among them and made {len(passes.code):,} passes on "
            f"{passes.rows:,} rows of them in {prepared - ready:.3f} s"
        )
    inputs = np.random.default_rng(1).integers(0, 1 << 64, size=(bits.inputs, 2 * WORDS), dtype=np.uint64)
    half = np.ascontiguousarray(inputs[:, :WORDS])
    print(
        f"\n{load.name}: {load.gates:,} ANDs, {bits.inputs} inputs, {bits.outputs} outputs; ours reads it in "
        f"{loaded - started:.3f} s and compiles it in {compiled - loaded:.3f} s to {bits.operations:,} operations on "
        f"{bits.rows:,} rows{found}; load average {os.getloadavg()[0]:.1f}",
        flush=True,
    )
    rows = []
    with mock.patch("perceptron.engines.bits.has_numba", return_value=False):
        small = np.ascontiguousarray(inputs[:, : max(64, min(WORDS, 60_000_000 // bits.operations))])
        cpu, clock = rate(windows(lambda: bits.words(small)), load.gates * small.shape[1] * 64)
        rows.append(Row("ours, NumPy", 1, ready, cpu, clock))
        outputs = bits.words(load.stimuli)
    load.digests.update({words: checksum(outputs[:, :words]) for words in (PEER_WORDS, 128, 1)})
    load.digests[0] = checksum(outputs[:, :1] & np.uint64(1))  # the first pattern alone
    if not has_numba():
        rows.append(Row("ours, Numba", reason="absent: pip install 'perceptron-circuits[fast]'"))
        return rows, program, None
    return rows, program, (lambda: bits.words(half, threads=1), lambda: bits.words(inputs, threads=2), prepared)


def programs(load, seconds, long):
    """The rows of ABC, Verilator and CXXRTL."""
    built = {
        "verilator 64": lambda: verilator(load.folder, load.graph, PEER_WORDS, 64, seconds),
        "verilator 256": lambda: verilator(load.folder, load.graph, PEER_WORDS, 256, seconds),
        "cxxrtl 64": lambda: cxxrtl(load.folder, load.graph, PEER_WORDS, 64, seconds),
    }
    yield peer_row(load, "ABC &sim", lambda: abc(load.folder, load.graph, seconds))
    for key, make in built.items():
        name, width = key.split()
        label = f"{ {'verilator': 'Verilator', 'cxxrtl': 'CXXRTL'}[name] }, {width}-bit nets"
        if load.gates > LARGEST[key] and not long:
            yield Row(label, reason="left out without --long: it takes minutes to build")
        else:
            yield peer_row(load, label, make)


def python_peers(load, python, seconds, long):
    """The rows of the simulators that pip installs."""
    script = Path(__file__).with_name("parts") / "engine_peers.py"
    for peer in PEERS:
        if load.gates > LARGEST[peer] and not long:
            yield Row(peer, reason="left out without --long: it takes minutes to load")
            continue

        def make(peer=peer):
            try:
                done = subprocess.run(
                    [python, str(script), peer, str(load.folder)],
                    capture_output=True,
                    text=True,
                    timeout=seconds,
                    check=False,
                )
            except OSError as error:
                raise Absent(f"{python}: {error.strerror}") from None
            except subprocess.TimeoutExpired:
                raise Absent(f"given up after {seconds} s") from None
            if done.returncode:
                last = (done.stderr.strip().splitlines() or ["it ended without a word"])[-1]
                absent = "ModuleNotFoundError" in last or "python-sat" in last
                raise Absent(f"pip install {INSTALL[peer]}, and name its Python with --peers" if absent else last[:100])
            told = json.loads(done.stdout.splitlines()[-1])
            return told["version"], told["ready"], told["times"], told["patterns"], told["digest"]

        yield peer_row(load, peer, make)


def peer_row(load, label, make):
    """A peer's line: its figures, or why there are none."""
    try:
        version, ready, times, patterns, digest = make()
    except Absent as reason:
        return Row(label, reason=f"absent: {reason}")
    version = version.removeprefix(label.split(",")[0]).removeprefix("Yosys").removeprefix("ABC").strip()
    cpu, clock = rate(times, load.gates * patterns)
    wanted = patterns_digest(load, patterns)
    return Row(f"{label} ({version})", 1, ready, cpu, clock, None if digest is None else digest == wanted)


def patterns_digest(load, patterns):
    """Our checksum for as many patterns as the peer ran: one, or whole words."""
    return load.digests.get(patterns // 64)


def show(rows, one):
    """The table; `one` is our rate on one core by processor time."""
    print(f"  {'':40s} {'cores':>5s} {'ready in':>10s} {'G/s (cpu)':>10s} {'G/s (clock)':>11s}  {'ours is':>9s}  same")
    for row in rows:
        if row.clock is None:
            print(f"  {row.label:40s} {row.reason}")
            continue
        ready = "" if row.ready is None else f"{row.ready:.3f} s"
        cpu = "" if row.cpu is None else f"{row.cpu / 1e9:.4g}"
        mine = one if row.cpu is not None else None
        ratio = f"{mine / row.cpu:.3g} x" if mine else ""
        same = {None: "", True: "yes", False: "NO"}[row.same]
        print(f"  {row.label:40s} {row.cores:5d} {ready:>10s} {cpu:>10s} {row.clock / 1e9:11.4g}  {ratio:>9s}  {same}")


def bench(name, path, options):
    """Everything for one circuit; returns the lines about the goals."""
    with tempfile.TemporaryDirectory(prefix="engine") as folder:
        load = prepare(name, path, Path(folder))
        rows, program, compiled = ours(load, path)
        seconds = LONG_SECONDS if options.long else SECONDS
        goals = []
        one_times, two_times, shares = [], [], []

        def again():
            if compiled is None:
                return
            for _ in range(3):
                one_times.extend(windows(compiled[0], repeats=1))
                two_times.extend(windows(compiled[1], repeats=1))
            shares.append(measure(program, load.gates, cores=1))

        again()
        peers = []
        if not options.no_peers:
            peers += programs(load, seconds, options.long)
            again()
            peers += python_peers(load, options.peers, seconds, options.long)
            again()
    one = rows[0].cpu
    if compiled is not None:
        one, clock = rate(one_times, load.gates * WORDS * 64)
        half, two = rate(two_times, load.gates * 2 * WORDS * 64)
        ceiling = statistics.median(told.ceiling_per_second for told in shares)
        share = statistics.median(told.gate_evaluations_per_second / told.ceiling_per_second for told in shares)
        for cores, by_cpu, by_clock in ((1, one, clock), (2, 2 * half, two)):
            same = checksum(program.bits.words(load.stimuli, threads=cores)) == load.digests[PEER_WORDS]
            rows.append(Row("ours, Numba", cores, compiled[2], by_cpu, by_clock, same))
        rows.append(Row("the ceiling: an operation on cached rows", 1, None, None, ceiling))
        goals = [
            (f"{name}: one core, G/s (at least 300)", one / 1e9, one >= 3e11),
            (f"{name}: share of the ceiling (at least 60%)", 100 * share, share >= 0.6),
            (f"{name}: two cores over one, by the clock (at least 1.8)", two / clock, two >= 1.8 * clock),
            (f"{name}: two cores over one, if both were free (by processor time)", 2 * half / one, None),
        ]
        for row in peers:
            if row.cpu is None:
                continue
            least = 5 if row.label.startswith("ABC") else 1 if row.label.startswith(("Verilator", "CXXRTL")) else 15
            goals.append((f"{name}: over {row.label} (at least {least})", one / row.cpu, one >= least * row.cpu))
    show([*rows, *peers], one)
    print(f"  load average at the end {os.getloadavg()[0]:.1f}", flush=True)
    return goals


def processor():
    """What the machine calls its processor."""
    try:
        return Path("/proc/cpuinfo").read_text().split("model name\t: ")[1].split("\n")[0]
    except (OSError, IndexError):
        return platform.processor() or platform.machine()


def versions():
    """NumPy's and Numba's."""
    parts = [f"NumPy {np.__version__}"]
    if has_numba():
        parts.append(f"Numba {importlib.metadata.version('numba')}")
    return ", ".join(parts)


def main():
    """Measure, print the tables, and what reaches its goal."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("folder", nargs="?", help="the folder with iscas85 and epfl")
    parser.add_argument("--peers", default=sys.executable, help="the Python that has the peers (default: this one)")
    parser.add_argument("--no-peers", action="store_true", help="our engine alone")
    parser.add_argument("--circuits", default=",".join(CIRCUITS), help=f"which (default {','.join(CIRCUITS)})")
    parser.add_argument("--long", action="store_true", help="also what takes minutes to build or load")
    options = parser.parse_args()
    if options.folder is None and not os.environ.get("PERCEPTRON_DATA"):
        sys.exit("give the folder of the circuits, or set PERCEPTRON_DATA: they lie in the folder `circuits` beside it")
    folder = Path(options.folder or Path(os.environ["PERCEPTRON_DATA"]).parent / "circuits")
    print(f"python {' '.join(sys.argv)}")
    print(f"{processor()}, {os.cpu_count()} cores; Python {platform.python_version()}, {versions()}")
    goals = []
    for name in options.circuits.split(","):
        if name not in CIRCUITS:
            sys.exit(f"there is no circuit {name!r}; choose of {', '.join(CIRCUITS)}")
        path = folder / CIRCUITS[name]
        if not path.exists():
            print(f"\n{name}: absent, there is no {path}")
            continue
        goals += bench(name, path, options)
    print("\ngoals")
    for label, value, reached in goals:
        verdict = {None: "", True: "reached", False: "MISSED"}[reached]
        print(f"  {label:72s} {value:9.4g}  {verdict}")


if __name__ == "__main__":
    main()
