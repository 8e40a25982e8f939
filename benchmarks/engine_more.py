"""What else the engine is asked: the time to import and compile, exhaustive comparison, wide perceptrons, small calls.

    python benchmarks/engine_more.py [FOLDER] [--repeats 5] [--long]

FOLDER has `iscas85` and `epfl`; by default it is the folder `circuits` beside the one that PERCEPTRON_DATA names.
Medians, by the clock; each goal is printed beside its figure. --long compares two forms of c6288 on all 2**32 inputs
also where Numba is absent, which takes many minutes.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
from threadpoolctl import threadpool_limits

from circuits import half_adder, read, ripple_carry_adder
from circuits.formats.aiger.lower import lower
from perceptron import Network, Tape, Unit, compile, find_difference
from perceptron.engines.bits import has_numba, load_kernels, pack

UNITS, FANIN, SAMPLES, LARGEST = 512, 784, 10_000, 7
IMPORT = "import time; t = time.perf_counter(); import perceptron; print(time.perf_counter() - t)"
KERNELS = (
    "import time\nfrom perceptron.engines.bits import load_kernels\n"
    "t = time.perf_counter(); load_kernels(); print(time.perf_counter() - t)"
)


def median(run, repeats, inner=1):
    """Median seconds of one call."""
    run()
    times = []
    for _ in range(repeats):
        started = time.perf_counter()
        for _ in range(inner):
            run()
        times.append((time.perf_counter() - started) / inner)
    return statistics.median(times)


def show(label, seconds, most=None, note=""):
    """One line, with the goal where there is one."""
    value = f"{seconds:.3f} s" if seconds >= 0.1 else f"{1e3 * seconds:.3f} ms" if seconds > 1e-3 else ""
    goal = "" if most is None else f"at most {most:g} s: {'reached' if seconds <= most else 'MISSED'}"
    print(f"  {label:62s} {value or f'{1e6 * seconds:.2f} us':>12s}  {goal}{note}")


def child(code, **environment):
    """The number that a new Python prints."""
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env={**os.environ, **environment}
    )
    return float(done.stdout)


def starting(repeats):
    """Importing the package, and the compiled kernels for the first time and from the disk."""
    print("starting")
    show("import perceptron", statistics.median(child(IMPORT) for _ in range(repeats)), 0.3)
    if not has_numba():
        print("  the compiled kernels: absent, pip install 'perceptron-circuits[fast]'")
        return
    with tempfile.TemporaryDirectory(prefix="engine") as folder:
        show("the kernels, compiled for the first time", child(KERNELS, NUMBA_CACHE_DIR=folder), 5)
        again = statistics.median(child(KERNELS, NUMBA_CACHE_DIR=folder) for _ in range(repeats))
        show("the kernels from the disk (most of it is importing Numba)", again)


def compiling(folder, repeats):
    """compile() of the large circuits, read beforehand."""
    print("compiling")
    for name, most in (("multiplier", 0.3), ("hyp", 2)):
        path = folder / "epfl" / f"{name}.aig"
        if not path.exists():
            print(f"  {name}: absent, there is no {path}")
            continue
        show(f"{name}: reading it into a Tape", median(lambda path=path: read(path, into=Tape()), repeats))
        tape = read(path, into=Tape())
        show(f"{name}: compile", median(lambda tape=tape: compile(tape), repeats), None if has_numba() else most)
        if has_numba():
            both = median(lambda tape=tape: compile(tape).bits.fused, repeats)
            show(f"{name}: compile, and find the passes for the compiled loop", both, most)


def lookahead_adder(width):
    """A parallel-prefix adder (Kogge and Stone, 1973) with the names of `ripple_carry_adder`, in AND, OR and XOR."""
    names = ripple_carry_adder(width).network
    net = Network("lookahead_adder")
    pins = {name: net.input(name) for name in names.inputs}
    a, b = [*pins.values()][:width], [*pins.values()][width:]

    def gate(bias, *fanin):
        return net.add(Unit(bias), fanin)

    def both(x, y):
        return gate(-3, (x, 2), (y, 2))

    def either(x, y):
        return gate(-1, (x, 2), (y, 2))

    def differ(x, y):
        return both(either(x, y), gate(3, (x, -2), (y, -2)))

    generate = [both(x, y) for x, y in zip(a, b, strict=True)]
    start = [differ(x, y) for x, y in zip(a, b, strict=True)]
    propagate = list(start)
    step = 1
    while step < width:
        for at in range(width - 1, step - 1, -1):
            generate[at] = either(generate[at], both(propagate[at], generate[at - step]))
            propagate[at] = both(propagate[at], propagate[at - step])
        step *= 2
    total = [start[0], *(differ(start[at], generate[at - 1]) for at in range(1, width)), generate[-1]]
    for name, node in zip(names.outputs, total, strict=True):
        net.output(name, node)
    return net


def doubled(path):
    """A circuit as two tapes: its ANDs, and x and y written x and not (x and not y), which no sharing sees through."""
    graph = lower(read(path, into=Tape()))
    tapes = []
    for twice in (False, True):
        tape = Tape()
        nodes = [tape.add(Unit(0)), *(tape.input(f"x{index}") for index in range(graph.inputs))]

        def both(left, right, tape=tape, nodes=nodes):
            terms = [(nodes[literal >> 1], -2 if literal & 1 else 2) for literal in (left, right)]
            return tape.add(Unit(sum(literal & 1 for literal in (left, right)) * 2 - 3), terms)

        for left, right in zip(graph.left.tolist(), graph.right.tolist(), strict=True):
            if twice:
                nodes.append(both(left, right ^ 1))
                spare = 2 * (len(nodes) - 1)
                made = both(left, spare ^ 1)
                nodes.pop()
                nodes.append(made)
            else:
                nodes.append(both(left, right))
        for index, literal in enumerate(graph.outputs):
            node = nodes[literal >> 1]
            tape.output(f"y{index}", tape.add(Unit(1), [(node, -2)]) if literal & 1 else node)
        tapes.append(tape)
    return tapes


def compare(kind, path):
    """Run in a process of its own: prove two circuits of 32 inputs equal by trying all of them."""
    pair = doubled(path) if kind == "c6288" else (ripple_carry_adder(16).network, lookahead_adder(16))
    if has_numba():
        load_kernels()
    started = time.perf_counter()
    found = find_difference(*pair, exhaustive=32)
    seconds = time.perf_counter() - started
    try:  # the peak of this program alone; the other one can be that of the process that started it
        peak = int(Path("/proc/self/status").read_text().split("VmHWM:")[1].split()[0]) / 1024
    except (OSError, IndexError):
        import resource

        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024 if sys.platform != "darwin" else 1 << 20)
    print(json.dumps([seconds, peak, found is None]))


def exhaustive(folder, long):
    """All 2**32 inputs of two forms of one function."""
    print("comparing two circuits on all 4,294,967,296 inputs")
    jobs = [("adders", "16-bit adders: ripple carry in NAND, and parallel prefix", True)]
    jobs.append(("c6288", "c6288 (16-bit multiplier) in two forms", long or has_numba()))
    path = folder / "iscas85" / "c6288.bench"
    for kind, label, wanted in jobs:
        if not wanted:
            print(f"  {label}: left out without --long or Numba: it takes many minutes")
            continue
        if kind == "c6288" and not path.exists():
            print(f"  {label}: absent, there is no {path}")
            continue
        command = [sys.executable, __file__, "--compare", kind, str(path)]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        seconds, peak, equal = json.loads(done.stdout)
        limit = "reached" if peak <= 300 else "MISSED"
        note = f"{'equal' if equal else 'DIFFERENT'}; peak {peak:.0f} MB, at most 300: {limit}"
        show(label, seconds, note=note)


def wide(repeats):
    """A layer of wide perceptrons: bits against products of matrices."""
    print(f"{UNITS} perceptrons of fan-in {FANIN}, weights within +-{LARGEST}, {SAMPLES:,} samples")
    rng = np.random.default_rng(0)
    weights = rng.integers(-LARGEST, LARGEST + 1, size=(UNITS, FANIN))
    biases = -weights.sum(axis=1) // 2
    samples = rng.integers(0, 2, size=(SAMPLES, FANIN), dtype=np.uint8)
    tape = Tape()
    pins = [tape.input(f"x{index}") for index in range(FANIN)]
    for index, (row, bias) in enumerate(zip(weights.tolist(), biases.tolist(), strict=True)):
        tape.output(f"y{index}", tape.add(Unit(bias), list(zip(pins, row, strict=True))))
    started = time.perf_counter()
    program = compile(tape)
    show("compile", time.perf_counter() - started, 1.5)
    if program.bits is None:
        print("  the bit engine is not what `compile` chose")
        return
    if has_numba():
        _ = program.bits.fused
        show("... and find the passes for the compiled loop", time.perf_counter() - started, 1.5)
        passes = program.bits.fused
        print(f"  {program.bits.operations:,} operations in {len(passes.code):,} passes on {passes.rows:,} rows")
    rows = pack(samples)
    small, factors = samples.astype(np.int8), weights.astype(np.int8)
    whole, whole_factors = samples.astype(np.int32), weights.astype(np.int32)
    floats, float_factors = samples.astype(np.float32), weights.astype(np.float32)
    ours = median(lambda: program.bits.words(rows, threads=1), repeats)
    lines = [("our engine, packed rows, one core", ours)]
    lines.append(("our engine, packed rows, two cores", median(lambda: program.bits.words(rows, threads=2), repeats)))
    lines.append(("our engine, arrays in and out, two cores", median(lambda: program.run(samples), repeats)))
    few = max(1, repeats // 2)
    integer = median(lambda: np.matmul(small, factors.T, dtype=np.int32) > -biases, 1)
    lines.append(("NumPy, int8 to int32, one core", integer))
    lines.append(("NumPy, int32, one core", median(lambda: whole @ whole_factors.T > -biases, few)))
    for cores in (1, 2):
        with threadpool_limits(cores):
            took = median(lambda: floats @ float_factors.T > -biases, repeats)
            lines.append((f"NumPy, float32 by BLAS, {cores} core{'s' * (cores > 1)}", took))
    for label, seconds in lines:
        show(label, seconds, note="" if seconds == ours else f"{seconds / ours:.3g} times ours on one core")
    told = (whole @ whole_factors.T > -biases).astype(np.uint8)
    print(f"  the outputs are {'the same' if np.array_equal(program.run(samples), told) else 'DIFFERENT'}")
    reached = "reached" if integer >= 10 * ours else "MISSED"
    print(f"  int8 to int32 over ours, at least 10: {integer / ours:.3g} {reached}")


def small(repeats):
    """Calls where the engine has next to nothing to do."""
    print("small calls, compiled")
    program = compile(half_adder.network)
    one = np.array([[1, 1]], dtype=np.uint8)
    show("a half adder, one sample", median(lambda: program.run(one), repeats, 2000), 20e-6)
    adder = compile(ripple_carry_adder(8).network)
    many = np.random.default_rng(0).integers(0, 2, size=(10_000, 16), dtype=np.uint8)
    show("an adder of two 8-bit words, 10,000 samples", median(lambda: adder.run(many), repeats, 20), 1e-3)
    rows = pack(many)
    show("... packed rows alone", median(lambda: adder.bits.words(rows), repeats, 100))


def main():
    """Measure everything and print it."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("folder", nargs="?", help="the folder with iscas85 and epfl")
    parser.add_argument("--repeats", type=int, default=5, help="measurements for each line (default 5)")
    parser.add_argument("--long", action="store_true", help="also what takes many minutes")
    parser.add_argument("--compare", help=argparse.SUPPRESS)  # what `exhaustive` runs in a process of its own
    options = parser.parse_args()
    if options.compare:
        compare(options.compare, options.folder)
        return
    if options.folder is None and not os.environ.get("PERCEPTRON_DATA"):
        sys.exit("give the folder of the circuits, or set PERCEPTRON_DATA: they lie in the folder `circuits` beside it")
    folder = Path(options.folder or Path(os.environ["PERCEPTRON_DATA"]).parent / "circuits")
    print(f"{os.cpu_count()} cores, load average {os.getloadavg()[0]:.1f}, median of {options.repeats}")
    starting(options.repeats)
    small(options.repeats)  # first as a program starts, without the compiled kernels
    if has_numba():
        load_kernels()
        print("... and with the compiled kernels loaded:")
        small(options.repeats)
    compiling(folder, options.repeats)
    wide(options.repeats)
    exhaustive(folder, options.long)


if __name__ == "__main__":
    main()
