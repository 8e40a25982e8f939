"""Reading and writing circuit files: time and memory beside aigverse and circuitgraph, on the same files.

Each measurement is a process of its own. Its time is that of the read or the write alone; its memory is the peak of
the whole process, imports included. The files lie in the folder `circuits` beside the one that PERCEPTRON_DATA names:
EPFL's hyp.aig (214,335 ANDs), and the largest circuit that circuitgraph reads. The peers may be installed for
another Python, whose path is given with --peers; one that is absent is named and left out.

    python benchmarks/formats.py [--repeats 3] [--peers /path/to/python]
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
from pathlib import Path

SECONDS = 300  # after which a process is given up

# What a process runs: `prepare` is not timed, `measure` is; `size` is what it says about the result.
JOBS = {
    "import": ("import circuits.formats.aiger", "made = 0", "made"),
    "tape": (
        "from circuits.formats import read\nfrom perceptron import Tape\nimport circuits.formats.aiger",
        "made = read(path, into=Tape())",
        "len(made)",
    ),
    "network": (
        "from circuits.formats import read\nimport circuits.formats.aiger",
        "made = read(path)",
        "len(made.graph)",
    ),
    "verilog": (
        "from circuits.formats import read\nimport circuits.formats.verilog",
        "made = read(path)",
        "len(made.graph)",
    ),
    "write": (
        "from circuits.formats import read\nfrom circuits.formats.aiger import dumps\nfrom perceptron import Tape\n"
        "tape = read(path, into=Tape())",
        "made = dumps(tape)",
        "len(made)",
    ),
    "aigverse": (
        "from aigverse.io import read_aiger_into_aig",
        "made = read_aiger_into_aig(path)",
        "made.size",
    ),
    "aigverse write": (
        "import os, tempfile\nfrom aigverse.io import read_aiger_into_aig, write_aiger\n"
        "aig = read_aiger_into_aig(path)\ntarget = tempfile.mktemp('.aig')",
        "write_aiger(aig, target)",
        "(os.path.getsize(target), os.remove(target))[0]",
    ),
    "circuitgraph": ("import circuitgraph", "made = circuitgraph.from_file(path)", "len(made)"),
}

CODE = """
import json, resource, sys, time
path = sys.argv[1]
{prepare}
began = time.perf_counter()
{measure}
seconds = time.perf_counter() - began
try:  # the peak of this program alone; the other one can be that of the process that started it
    status = open("/proc/self/status").read()
    peak = int(status.split("VmHWM:")[1].split()[0]) / 1024
except (OSError, IndexError):
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024 if sys.platform != "darwin" else 1 << 20)
print(json.dumps([seconds, peak, {size}]))
"""


def measure(job, path, python, repeats):
    """Median seconds, largest peak in MB and the size of the result; or the reason why there are none."""
    prepare, timed, size = JOBS[job]
    runs = []
    for _ in range(repeats):
        code = CODE.format(prepare=prepare, measure=timed, size=size)
        try:
            done = subprocess.run(
                [python, "-c", code, str(path)], capture_output=True, text=True, timeout=SECONDS, check=False
            )
        except subprocess.TimeoutExpired:
            return f"given up after {SECONDS} s"
        if done.returncode:
            return (done.stderr.strip().splitlines() or ["it ended without a word"])[-1][:90]
        runs.append(json.loads(done.stdout.splitlines()[-1]))
    seconds, peaks, sizes = zip(*runs, strict=True)
    return statistics.median(seconds), max(peaks), sizes[0]


def show(label, result, beside=None):
    """One line; with the ratio to another result where there is one."""
    if isinstance(result, str):
        print(f"  {label:42s} absent: {result}")
        return
    seconds, peak, size = result
    ratio = ""
    if beside is not None and not isinstance(beside, str):
        ratio = f"   {seconds / beside[0]:7.3g} x its time, {peak / beside[1]:5.3g} x its memory"
    print(f"  {label:42s} {seconds:8.3f} s {peak:8.0f} MB {size:10,d}{ratio}")


def largest_that_circuitgraph_reads(folder, python):
    """(path, result): the largest Verilog or BENCH file that it reads to something; (None, reason) if none."""
    files = [path for path in folder.glob("**/*") if path.suffix in (".v", ".bench")]
    reason = "there is no .v or .bench file"
    for path in sorted(files, key=lambda path: -path.stat().st_size):
        result = measure("circuitgraph", path, python, 1)
        if isinstance(result, str):
            reason = result
            if "ModuleNotFoundError" in reason:
                break
        elif result[2] > 0:
            return path, result
    return None, reason


def main():
    """Measure everything and print it."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--repeats", type=int, default=3, help="processes for each line (default 3)")
    parser.add_argument("--peers", default=sys.executable, help="the Python that has the peers (default: this one)")
    options = parser.parse_args()
    if not os.environ.get("PERCEPTRON_DATA"):
        sys.exit("set PERCEPTRON_DATA; the folder `circuits` beside the one that it names has the files")
    folder = Path(os.environ["PERCEPTRON_DATA"]).parent / "circuits"
    hyp = folder / "epfl" / "hyp.aig"

    def run(job, path, python=sys.executable):
        return measure(job, path, python, options.repeats)

    print(f"median of {options.repeats} processes: seconds of the work, peak memory of the process, size of the result")
    show("the imports alone", run("import", hyp))
    print(f"reading {hyp.name}, {hyp.stat().st_size:,} bytes")
    peer = run("aigverse", hyp, options.peers)
    show("aigverse", peer)
    show("into a Tape (at most 2 s, 200 MB)", run("tape", hyp), peer)
    show("into a Network (at most 15 s, 1000 MB)", run("network", hyp), peer)
    print(f"writing {hyp.name} again")
    peer = run("aigverse write", hyp, options.peers)
    show("aigverse", peer)
    show("from a Tape", run("write", hyp), peer)
    path, result = largest_that_circuitgraph_reads(folder, options.peers)
    if path is None:
        print("reading the largest file that circuitgraph reads")
        show("circuitgraph", result)
        return
    print(f"reading {path.name}, {path.stat().st_size:,} bytes, the largest file that circuitgraph reads")
    peer = run("circuitgraph", path, options.peers)
    show("circuitgraph", peer)
    show("into a Network, the same file", run("verilog" if path.suffix == ".v" else "network", path), peer)
    same = path.with_suffix(".aig")
    if same.exists():
        show(f"into a Network, the same circuit ({same.name})", run("network", same), peer)
        show(f"into a Tape, the same circuit ({same.name})", run("tape", same), peer)


if __name__ == "__main__":
    main()
