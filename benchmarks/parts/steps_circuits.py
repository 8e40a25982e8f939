"""The circuits that `steps.py` runs through time, each made of NANDs: a counter, a generator of bits, a computer."""

from __future__ import annotations

from circuits import Circuit, Word, circuit, constant, mux, ripple_carry_adder, to_nand, xor
from examples.computer import Emulator, as_nands, assemble, computer
from perceptron import Network

WIDTH = 16


def closed(core, states, renamed=None):
    """The NANDs of a combinational circuit with some input words as states.

    The next value of a word `q` is the output `next_q`; other inputs and outputs may be called differently.
    """
    net = to_nand(core.network)
    renamed = renamed or {}
    following = {f"{word}[{bit}]": f"next_{word}[{bit}]" for word, width in states.items() for bit in range(width)}
    made = Network(core.name)
    node = {}
    for key in net.inputs:
        node[key] = made.state(key) if key in following else made.input(renamed.get(key, key))
    for key in net.order():
        if key not in node:
            node[key] = made.add(
                net.unit(key), [(node[source], weight) for source, weight in net.fanin(key)], f"g{key}"
            )
    for key, source in net.outputs.items():
        if key not in following.values():
            made.output(renamed.get(key, key), node[source])
    for key, output in following.items():
        made.feedback(node[key], node[net.outputs[output]])
    return made


@circuit
def counter_core(enable, q: Word[WIDTH]):
    """One more where enabled."""
    one = Word([enable, *[constant(enable, 0)] * (WIDTH - 1)])
    return {"next_q": ripple_carry_adder(WIDTH)(q, one)[:WIDTH], "msb": q[WIDTH - 1]}


@circuit
def generator_core(enable, q: Word[32]):
    """A linear-feedback register with the taps 32, 22, 2, 1."""
    fed = xor(xor(q[31], q[21]), xor(q[1], q[0]))
    return {"next_q": mux(enable, Word([fed, *q[:31]]), q), "bit": q[31]}


# Fills 1,000 words with a running sum, for ever: R0 counts, R1 adds up, and the word at 16 + R0 takes the sum.
SUMS = """
    @R0
    M=0
    @R1
    M=0
(AGAIN)
    @R0
    D=M
    @R1
    M=D+M
    @16
    D=D+A
    @R2
    M=D
    @R1
    D=M
    @R2
    A=M
    M=D
    @R0
    MD=M+1
    @1000
    D=D-A
    @AGAIN
    D;JLT
    @R0
    M=0
    @AGAIN
    0;JMP
"""


def running_computer():
    """(network, memories) of the computer in `examples/computer`, which runs the sums from address 0, without a key."""
    program = computer(assemble(SUMS))
    made = as_nands(Circuit(lambda reset: program(reset, 0), "running"))
    return made.network, list(made.memories)


def emulated(steps):
    """RAM and screen after so many instructions, by Python's integers: what the gates must agree with."""
    emulator = Emulator(assemble(SUMS))
    emulator.run(steps)
    return [emulator.ram, emulator.screen]
