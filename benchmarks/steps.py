"""Steps of time a second on one core: our loop beside PyRTL's two fast simulators, on the same NANDs in the same run.

    python benchmarks/steps.py [--peers PYTHON] [--no-peers] [--circuits counter,generator,computer]

The circuits are a 16-bit counter, a 32-bit linear-feedback generator, and the computer of `examples/computer`, with
2**14 words of RAM, 2**13 of screen and 2**15 of ROM, which runs a program for ever (`parts/steps_circuits.py`).
Inputs stay as they are; one output is read at the end. Each simulator runs several stretches of time; the table has the
medians by processor time, which leaves out what other programs take of the machine, and by the clock. "Same" says
whether the states at the end, and the memories, are those of our loop in NumPy. PyRTL may be in another Python, such as
that of

    python -m venv peers && peers/bin/pip install pyrtl

A peer that is not there is listed as absent.
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
from unittest import mock

from parts.steps_circuits import closed, counter_core, emulated, generator_core, running_computer

from circuits import Simulation
from perceptron.engines.bits import has_numba

PEERS = {"PyRTL, compiled": "compiled", "PyRTL, fast": "fast"}
SECONDS, REPEATS = 0.5, 5
CHECKED = 5000  # steps after which the states are compared
GOALS = {"computer": 200_000}


def build(name):
    """(network, memories, constant inputs) of a circuit, and what its memories must be after `CHECKED` steps."""
    if name == "computer":
        net, memories = running_computer()
        return net, memories, {"reset": 0}, emulated(CHECKED)
    core, width = (counter_core, 16) if name == "counter" else (generator_core, 32)
    return closed(core, {"q": width}), [], {"enable": 1}, None


def netlist(net, memories, inputs, words):
    """All that a peer needs, as JSON."""
    return {
        "inputs": inputs,
        "given": list(net.inputs),
        "states": [[name, state.next, state.initial] for name, state in net.states.items()],
        "gates": [
            [node, [source for source, _ in net.fanin(node)], len(net.fanin(node)) == 0 and net.unit(node).bias > 0]
            for node in net.order()
            if node not in net.inputs and node not in net.states
        ],
        "outputs": dict(net.outputs),
        "memories": [
            {
                "name": memory.name,
                "address_bits": memory.address_bits,
                "width": memory.width,
                "contents": memory.initial().tolist(),
                "pins": {"out": memory.out, "address": memory.address, "data": memory.data, "load": memory.load},
            }
            for memory in memories
        ],
        "words": words,
        "steps": CHECKED,
    }


def windows(run, steps):
    """(steps a second by processor time, by the clock): medians of several stretches."""
    rates = []
    for _ in range(REPEATS):
        done, cpu, clock = 0, time.process_time(), time.perf_counter()
        while done == 0 or time.perf_counter() - clock < SECONDS:
            run(steps)
            done += steps
        rates.append((done / (time.process_time() - cpu), done / (time.perf_counter() - clock)))
    return tuple(statistics.median(column) for column in zip(*rates, strict=True))


def ended(sim, net):
    """The states and the memory that can be written, as they are now."""
    return [int(sim.peek(name)) for name in sim.signals.states], [
        sim.memory(memory.name).tolist() for memory in sim.memories if not memory.read_only
    ]


def ours(net, memories, inputs, words):
    """Rows (label, seconds until ready, rates, same) of our loop: in NumPy, and compiled."""
    with mock.patch("perceptron.engines.stepping.has_numba", return_value=False):
        started = time.perf_counter()
        sim = Simulation(net, memories=memories)
        ready = time.perf_counter() - started
        sim.look(inputs)
        sim.advance(CHECKED)
        reference = ended(sim, net)
        if words is not None:
            assert reference[1] == words, "the computer differs from its emulator"
        rows = [("ours, NumPy", ready, windows(sim.advance, 200), None)]
    if not has_numba():
        return [*rows, ("ours, Numba", None, None, "absent: pip install 'perceptron-circuits[fast]'")], reference
    started = time.perf_counter()
    import perceptron.engines.step_kernels  # noqa: F401

    sim = Simulation(net, memories=memories)
    ready = time.perf_counter() - started
    sim.look(inputs)
    sim.advance(CHECKED)
    same = ended(sim, net) == reference
    return [*rows, ("ours, Numba", ready, windows(sim.advance, 20_000), same)], reference


def peer(label, python, path, reference):
    """The row of a simulator that pip installs."""
    script = Path(__file__).with_name("parts") / "steps_peers.py"
    command = [python, str(script), PEERS[label], str(path)]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=600, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        return label, None, None, f"absent: {error}"
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["it ended without a word"])[-1]
        absent = "ModuleNotFoundError" in last
        return (
            label,
            None,
            None,
            f"absent: {'pip install pyrtl, and name its Python with --peers' if absent else last[:90]}",
        )
    told = json.loads(done.stdout.splitlines()[-1])
    same = told["states"] == reference[0] and told["memories"] == reference[1]
    return f"{label} ({told['version']})", told["ready"], tuple(told["rates"]), same


def bench(name, options):
    """One circuit's table; whether it reaches its goal."""
    net, memories, inputs, words = build(name)
    nands = len(net.units)
    rows, reference = ours(net, memories, inputs, words)
    with tempfile.TemporaryDirectory(prefix="steps") as folder:
        path = Path(folder) / "netlist.json"
        path.write_text(json.dumps(netlist(net, memories, inputs, words)))
        if not options.no_peers:
            rows += [peer(label, options.peers, path, reference) for label in PEERS]
    best = max(row[2][0] for row in rows[:2] if row[2] is not None)
    print(f"\n{name}: {nands} NANDs, {len(net.states)} states, {sum(memory.words for memory in memories)} words")
    print(f"  {'':28s} {'ready in':>9s} {'steps/s (cpu)':>14s} {'(clock)':>11s} {'ours is':>9s}  same")
    for label, ready, rates, same in rows:
        if rates is None:
            print(f"  {label:28s} {same}")
            continue
        told = {None: "", True: "yes", False: "NO"}[same]
        ratio = f"{best / rates[0]:.3g} x"
        print(f"  {label:28s} {ready:7.3f} s {rates[0]:14,.0f} {rates[1]:11,.0f} {ratio:>9s}  {told}", flush=True)
    return None if name not in GOALS else best >= GOALS[name]


def main():
    """Measure and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--peers", default=sys.executable, help="the Python that has PyRTL (default: this one)")
    parser.add_argument("--no-peers", action="store_true", help="our loop alone")
    parser.add_argument("--circuits", default="counter,generator,computer", help="which")
    options = parser.parse_args()
    print(f"{os.cpu_count()} cores, load average {os.getloadavg()[0]:.1f}")
    for name in options.circuits.split(","):
        if name not in ("counter", "generator", "computer"):
            sys.exit(f"there is no circuit {name!r}; choose of counter, generator, computer")
        reached = bench(name, options)
        if reached is not None:
            print(f"  {'reached' if reached else 'MISSED'}: at least {GOALS[name]:,} steps a second")


if __name__ == "__main__":
    main()
