"""NANDs of library parts, benchmark circuits and single neurons: through AND and XOR, unit by unit, and by to_nand.

The first count lowers every unit to two-input operations, as the engine does, and spells those in NANDs; the second
gives every unit the smallest form that is known for it alone; `to_nand` then replaces small cones. Each result is
compared with its source: proved equal by `prove`, or, of a neuron, on random samples.

    PERCEPTRON_DATA=FOLDER python benchmarks/nand.py
"""

from __future__ import annotations

import os
import time
from pathlib import Path

import numpy as np

import circuits
from circuits import read, to_nand
from circuits.synthesis.nand_graph import Nands
from circuits.synthesis.nand_trace import trace
from perceptron import Network, Tape, Unit, prove, simulate
from perceptron.engines.logic import AND, Logic

GATES = ["mux", "majority", "full_adder", "threshold_full_adder"]
SIZED = [
    *("ripple_carry_adder(16)", "threshold_ripple_carry_adder(16)", "kogge_stone_adder(16)", "popcount(15)"),
    *("wallace_multiplier(8)", "dadda_multiplier(8)", "multiplexer(8)", "majority_vote(15)", "square_root(16)"),
]
FILES = [*(f"iscas85/{name}.bench" for name in ("c432", "c499", "c880", "c1355", "c6288"))]
FILES += [*(f"epfl/{name}.aig" for name in ("multiplier", "hyp"))]
NEURONS = [
    (784, [1]),
    (100, [1]),
    (784, [1, 2, 3]),
    (100, [1, 2, 3]),
    (784, list(range(1, 8))),
    (20, list(range(1, 8))),
]


def main() -> None:
    """Print a row of Markdown for each."""
    print("| network | units | through AND and XOR | unit by unit | `to_nand` | depth | seconds | equal |")
    print("|---|---:|---:|---:|---:|---:|---:|---|")
    for name in GATES:
        row(f"`{name}`", getattr(circuits, name).network)
    for call in SIZED:
        name, width = call.rstrip(")").split("(")
        row(f"`{call}`", getattr(circuits, name)(int(width)).network)
    data = os.environ.get("PERCEPTRON_DATA")
    for file in FILES if data else ():
        row(Path(file).stem, read(Path(str(data)).parent / "circuits" / file, into=Tape()))
    for weights, sizes in NEURONS:
        row(f"neuron of {weights} weights up to {max(sizes)}", neuron(weights, sizes))


def neuron(width: int, sizes: list[int]) -> Network:
    """A perceptron of random weights that fires about half the time."""
    rng = np.random.default_rng(width)
    weights = rng.choice(sizes, width) * rng.choice([-1, 1], width)
    net = Network()
    sources = [net.input(f"x{pin + 1}") for pin in range(width)]
    bias = -int(weights.sum()) // 2
    net.output("y", net.add(Unit(bias), zip(sources, weights.tolist(), strict=True)))
    return net


def row(name: str, net: Network | Tape) -> None:
    """One network."""
    tape = net if isinstance(net, Tape) else Tape.from_network(net)
    traced = trace(tape)
    alone = traced.nands.size(traced.literals[node] for node in tape.wanted)
    start = time.perf_counter()
    made = to_nand(tape)
    seconds = time.perf_counter() - start
    depth = circuits.statistics(made)["depth"]
    units = len(tape) - len(tape.given)
    print(
        f"| {name} | {units} | {through_operations(tape)} | {alone} | {len(made.units)} | {depth} "
        f"| {seconds:.2f} | {equal(tape, made)} |",
        flush=True,
    )


def through_operations(tape: Tape) -> int:
    """How many NANDs the operations of the engine take, each spelled in NANDs."""
    logic = Logic(len(tape.given))
    literals = logic.trace(tape, logic.inputs)
    nands = Nands(len(tape.given))
    made = [0, *nands.inputs]
    for kind, left, right in zip(logic.kind, logic.left, logic.right, strict=True):
        a, b = made[left >> 1] ^ (left & 1), made[right >> 1] ^ (right & 1)
        made.append(nands.and_(a, b) if kind == AND else nands.xor(a, b))
    return nands.size(made[literals[node] >> 1] ^ (literals[node] & 1) for node in tape.wanted)


def equal(net: Tape, made: Network) -> str:
    """Whether two networks are, and how that is known."""
    if len(net) - len(net.given) > 1 or len(net.inputs) < 20:
        told = prove(net, made, limit=600)
        return "proved" if told.equal else told.status
    samples = np.random.default_rng(0).integers(0, 2, (1 << 16, len(net.inputs)), np.uint8)
    same = np.array_equal(simulate(net, samples), simulate(made, samples))
    return "on 65,536 samples" if same else "NO"


if __name__ == "__main__":
    main()
