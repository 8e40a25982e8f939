"""The simulators that pip installs, one circuit each: what `engine.py` runs in the Python that has them.

    python engine_peers.py PEER FOLDER       PEER is kyupy, pyrtl, aigverse or circuitgraph

FOLDER has the circuit as `graph.npz` (the ANDs as literals), `graph.bench` and `graph.aig` (with a spare latch), and
packed random stimuli as `stimuli.npy` (inputs, words). One line of JSON comes back. Nothing of ours is imported here.
"""

from __future__ import annotations

import contextlib
import importlib.metadata
import json
import sys
import time
from pathlib import Path

import numpy as np

SECONDS = 0.3  # what one of the measurements takes at least
REPEATS = 5
PYRTL_BITS = 8192  # wider nets fail beyond some 14,000 bits, where Python refuses to print its integers


def windows(run, seconds=SECONDS, repeats=REPEATS):
    """Seconds of one call in several stretches of time: pairs of (processor time, time on the clock)."""
    run()
    times = []
    for _ in range(repeats):
        calls, cpu, clock = 0, time.process_time(), time.perf_counter()
        while calls == 0 or time.perf_counter() - clock < seconds:
            run()
            calls += 1
        times.append(((time.process_time() - cpu) / calls, (time.perf_counter() - clock) / calls))
    return times


def checksum(rows):
    """Packed outputs (outputs, words) as one number: the sum of word i times 2 i + 1, modulo 2**64."""
    flat = np.ascontiguousarray(rows, dtype=np.uint64).ravel()
    return int((flat * (2 * np.arange(len(flat), dtype=np.uint64) + np.uint64(1))).sum(dtype=np.uint64))


def kyupy(folder, stimuli):
    """LogicSim for two values, rows re-used, as many patterns at once as there are stimuli."""
    with contextlib.redirect_stdout(sys.stderr):  # it writes its log there
        from kyupy import bench, logic_sim

        circuit = bench.load(folder / "graph.bench")
        made = logic_sim.LogicSim(circuit, sims=64 * stimuli.shape[1], m=2, c_reuse=True)
    place = {node.name: row for row, node in enumerate(circuit.s_nodes)}
    graph = np.load(folder / "graph.npz")
    given = [place[f"x{index}"] for index in range(len(stimuli))]
    wanted = [place[f"y{index}"] for index in range(len(graph["outputs"]))]
    made.s[0, given, 0] = stimuli.view(np.uint8)

    def run():
        made.s_to_c()
        made.c_prop()
        made.c_to_s()

    ready = time.perf_counter()
    times = windows(run)
    outputs = np.ascontiguousarray(made.s[1, wanted, 0]).view(np.uint64)
    return ready, times, 64 * stimuli.shape[1], checksum(outputs)


def pyrtl(folder, stimuli):
    """FastSimulation with every net 8192 bits wide: Python's own integers do the work."""
    import pyrtl

    graph = np.load(folder / "graph.npz")
    words = PYRTL_BITS // 64
    nets = [pyrtl.Const(0, PYRTL_BITS), *(pyrtl.Input(PYRTL_BITS, f"x{index}") for index in range(len(stimuli)))]

    def net(literal):
        return ~nets[literal >> 1] if literal & 1 else nets[literal >> 1]

    for left, right in zip(graph["left"].tolist(), graph["right"].tolist(), strict=True):
        nets.append(net(left) & net(right))
    for index, literal in enumerate(graph["outputs"].tolist()):
        out = pyrtl.Output(PYRTL_BITS, f"y{index}")
        out <<= net(literal)
    simulation = pyrtl.FastSimulation(tracer=None)
    given = {f"x{i}": int.from_bytes(row[:words].tobytes(), "little") for i, row in enumerate(stimuli)}
    ready = time.perf_counter()
    times = windows(lambda: simulation.step(given))
    got = [
        simulation.inspect(f"y{index}").to_bytes(PYRTL_BITS // 8, "little") for index in range(len(graph["outputs"]))
    ]
    return ready, times, PYRTL_BITS, checksum(np.frombuffer(b"".join(got), np.uint64).reshape(-1, words))


def aigverse(folder, stimuli):
    """simulate_sequential, a pattern a step (its other simulator runs all 2**inputs patterns or none)."""
    from aigverse.algorithms import simulate_sequential
    from aigverse.io import read_aiger_into_sequential_aig

    graph = read_aiger_into_sequential_aig(str(folder / "graph.aig"))
    bits = np.unpackbits(stimuli[:, :1].view(np.uint8), axis=1, bitorder="little").T.astype(bool)
    samples = bits.tolist()
    ready = time.perf_counter()
    times = windows(lambda: simulate_sequential(graph, len(samples), samples))
    outputs = simulate_sequential(graph, len(samples), samples).outputs
    packed = np.packbits(np.array(outputs, dtype=bool).T, axis=1, bitorder="little")
    return ready, times, len(samples), checksum(np.ascontiguousarray(packed).view(np.uint64))


def circuitgraph(folder, stimuli):
    """sat.solve with the inputs assumed, a pattern a call: it has no simulator."""
    import circuitgraph

    circuit = circuitgraph.from_file(folder / "graph.bench", name="graph")
    samples = np.unpackbits(stimuli[:, :1].view(np.uint8), axis=1, bitorder="little").T.astype(bool)
    given = {f"x{index}": bool(value) for index, value in enumerate(samples[0])}
    ready = time.perf_counter()
    found = circuitgraph.sat.solve(circuit, given)
    times = windows(lambda: circuitgraph.sat.solve(circuit, given), repeats=3)
    first = [bool(found[f"y{index}"]) for index in range(len(np.load(folder / "graph.npz")["outputs"]))]
    return ready, times, 1, checksum(np.array(first, dtype=np.uint64)[:, None])


PEERS = {"kyupy": kyupy, "pyrtl": pyrtl, "aigverse": aigverse, "circuitgraph": circuitgraph}


def main():
    """Run one peer and print what it gave."""
    if len(sys.argv) != 3 or sys.argv[1] not in PEERS:
        print(f"usage: engine_peers.py {{{','.join(PEERS)}}} FOLDER   (run by engine.py)")
        return
    peer, folder = sys.argv[1], Path(sys.argv[2])
    started = time.perf_counter()
    ready, times, patterns, digest = PEERS[peer](folder, np.load(folder / "stimuli.npy"))
    version = importlib.metadata.version(peer)
    told = {"ready": ready - started, "times": times, "patterns": patterns, "digest": digest, "version": version}
    print(json.dumps(told))


if __name__ == "__main__":
    main()
