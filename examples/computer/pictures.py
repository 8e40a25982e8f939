"""The pictures of docs/computer.md: python -m examples.computer.pictures docs/gallery

The block picture is found in the network, not drawn by hand: what is no register, memory or part of the ALU is left
out, and a line stands where there is a way from one block to another without a third between them.
"""

from __future__ import annotations

import sys
from pathlib import Path

import graphviz

from circuits import Circuit, hack_alu
from examples.computer.__main__ import read_program, start
from examples.computer.machine import computer
from examples.computer.screen import picture
from perceptron import draw

PROGRAMS = Path(__file__).parent / "programs"
NAMES = {
    "rom": "program\n32,768 words",
    "ram": "RAM\n16,384 words",
    "screen": "screen\n8,192 words",
    "a_register": "A",
    "d_register": "D",
    "alu": "ALU",
}
MEMORIES, HELD = "#e7f0fa", "#fdf3d8"
STYLES = {register: {"fillcolor": HELD} for register in ("a_register", "d_register", "pc")}
STYLES |= {name: {"shape": "plaintext", "style": ""} for name in ("reset", "keyboard")}
STYLES |= {"alu": {"shape": "trapezium", "orientation": "270", "height": "1.2", "fillcolor": "white"}}
FROM_LEFT = ("reset", "keyboard", "pc", "rom", "a_register", "d_register", "alu", "screen", "ram")


def ways(circuit: Circuit) -> list[tuple[str, str, str]]:
    """Every (block, block, pin) such that one reads the other: its address, data or load, or nothing for the rest.

    Examples
    --------
    >>> found = ways(computer())
    >>> ("pc", "rom", "address") in found, ("ram", "alu", "") in found, ("ram", "d_register", "") in found
    (True, True, False)
    """
    net = circuit.network
    reads: dict[str, set[str]] = {}  # the blocks whose values arrive at each node
    inner: set[tuple[str, str, str]] = set()
    for node in net.order():
        if node in net.inputs or node in net.states:
            reads[node] = {_block(node)}
            continue
        arriving: set[str] = set().union(*(reads[source] for source, _ in net.fanin(node)))
        reads[node] = arriving
        if node.startswith("alu."):
            reads[node] = {"alu"}
            inner |= {(other, "alu", "") for other in arriving - {"alu"}}
    for name, state in net.states.items():
        assert state.next is not None
        inner |= {(other, _block(name), "") for other in reads[state.next]}
    for memory in circuit.memories:
        for pins, what in ((memory.address, "address"), (memory.data, "data"), (memory.load, "load")):
            inner |= {(other, memory.name, what) for pin in pins for other in reads[net.outputs[pin]]}
    return sorted(inner)


def _block(given: str) -> str:
    """The input, register or memory that an input or state of the network is a bit of."""
    return given.partition("[")[0].removesuffix(".out")


def blocks(circuit: Circuit) -> graphviz.Digraph:
    """The computer as a block picture: dashed lines come from the instruction, solid ones are data and addresses."""
    drawing = graphviz.Digraph("computer", graph_attr={"rankdir": "LR", "ranksep": "0.7", "nodesep": "0.35"})
    drawing.attr("node", fontname="Helvetica", fontsize="12", shape="box", style="filled,rounded", color="#20262d")
    drawing.attr("edge", fontname="Helvetica", fontsize="10", color="#20262d", fontcolor="#6b7580", arrowsize="0.7")
    found = ways(circuit)
    for block in sorted({end for way in found for end in way[:2]}):
        drawing.node(block, NAMES.get(block, block), **STYLES.get(block, {"fillcolor": MEMORIES}))
    for source, target, pin in found:
        keeps = source == target  # a register that is not told otherwise
        if not keeps and not (pin == "load" and source != "rom"):
            right = FROM_LEFT.index(source) < FROM_LEFT.index(target)
            dashed = "dashed" if source == "rom" else "solid"
            drawing.edge(source, target, label=pin, style=dashed, constraint=str(right).lower())
    return drawing


def write(folder: Path) -> list[Path]:
    """Draw all pictures into a folder."""
    made = [folder / "computer-blocks.svg", folder / "computer-alu.svg", folder / "computer-screen.png"]
    made[0].write_bytes(blocks(computer()).pipe("svg"))
    draw(hack_alu(1).network, made[1], style="gates")
    sim = start(read_program(PROGRAMS / "triangles.asm"))
    sim.advance(1_000_000, until="halted")
    picture(sim.memory("screen")).save(made[2], optimize=True)
    return made


if __name__ == "__main__":
    print(*write(Path(sys.argv[1])), sep="\n")
