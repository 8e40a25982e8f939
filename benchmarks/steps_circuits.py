"""The circuits that `steps.py` runs through time, each made of NANDs: a counter, a generator of bits, a computer."""

from __future__ import annotations

from circuits import Memory, Word, and_, circuit, constant, mux, or_, ripple_carry_adder, to_nand, xor
from perceptron import Network

WIDTH = 16
ROM_BITS, RAM_BITS = 15, 14


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


def all_zero(word):
    """1 where no bit is 1."""
    return ~or_(*word)


@circuit
def computer_core(reset, instruction: Word[16], memory: Word[16], a: Word[16], d: Word[16], pc: Word[ROM_BITS]):
    """One step of a computer with the instructions of the Hack machine (Nisan and Schocken, 2005)."""
    add = ripple_carry_adder(WIDTH)
    is_c = instruction[15]
    x = Word([and_(~instruction[11], bit) for bit in d])
    x = mux(instruction[10], ~x, x)
    y = mux(instruction[12], memory, a)
    y = Word([and_(~instruction[9], bit) for bit in y])
    y = mux(instruction[8], ~y, y)
    out = mux(instruction[7], add(x, y)[:WIDTH], x & y)
    out = mux(instruction[6], ~out, out)
    zero, negative = all_zero(out), out[15]
    jump = and_(negative, instruction[2]) | and_(zero, instruction[1])
    jump = and_(is_c, jump | and_(~(zero | negative), instruction[0]))
    one = Word([constant(reset, 1), *[constant(reset, 0)] * (ROM_BITS - 1)])
    following = mux(jump, a[:ROM_BITS], ripple_carry_adder(ROM_BITS)(pc, one)[:ROM_BITS])
    number = Word([*instruction[:15], constant(reset, 0)])
    return {
        "next_a": mux(is_c, mux(instruction[5], out, a), number),
        "next_d": mux(and_(is_c, instruction[4]), out, d),
        "next_pc": Word([and_(~reset, bit) for bit in following]),
        "write": and_(is_c, instruction[3]),
        "out": out,
        "at": a[:RAM_BITS],
        "fetch": pc,
    }


def computer(program):
    """(network, memories) of a computer that runs a program from address 0."""
    ram, rom = Memory("ram", RAM_BITS, 16), Memory("rom", ROM_BITS, 16, program, read_only=True)
    pins = {"instruction": rom.out, "fetch": rom.address, "memory": ram.out, "out": ram.data, "at": ram.address}
    renamed = {f"{word}[{bit}]": pin for word, names in pins.items() for bit, pin in enumerate(names)}
    return closed(computer_core, {"a": 16, "d": 16, "pc": ROM_BITS}, renamed | {"write": ram.load[0]}), [ram, rom]


# Fills 1,000 words with a running sum, for ever: R0 counts, R1 adds up, and the word at 16 + R0 takes the sum.
ASSEMBLY = """
@0 D=0 M=D @1 M=D
(5) @1 D=M @0 D=D+M @1 M=D @16 D=A @0 A=D+M D=A @2 M=D @1 D=M @2 A=M M=D
@0 M=M+1 D=M @1000 D=D-A @5 D;JLT @0 D;JMP
"""


def assemble(text):
    """The words of a program in a subset of the Hack machine's assembly language."""
    comp = {"0": 0b0101010, "D": 0b0001100, "A": 0b0110000, "M": 0b1110000, "D+M": 0b1000010}
    comp |= {"M+1": 0b1110111, "D-A": 0b0010011}
    jumps = {"": 0, "JLT": 0b100, "JMP": 0b111}
    words = []
    for token in text.split():
        if token.startswith("("):
            assert int(token[1:-1]) == len(words), (token, len(words))
        elif token.startswith("@"):
            words.append(int(token[1:]))
        else:
            target, _, rest = token.rpartition("=")
            value, _, jump = rest.partition(";")
            stores = sum(bit for letter, bit in (("A", 4), ("D", 2), ("M", 1)) if letter in target)
            words.append(0b111 << 13 | comp[value] << 6 | stores << 3 | jumps[jump])
    return words


def emulate(program, steps):
    """The RAM after so many instructions, by Python's integers: what the gates must agree with."""
    ram, a, d, pc = [0] * 2**RAM_BITS, 0, 0, 0
    for _ in range(steps):
        word = program[pc] if pc < len(program) else 0
        if not word >> 15:
            a, pc = word, pc + 1
            continue
        x = 0 if word >> 11 & 1 else d
        x = ~x & 0xFFFF if word >> 10 & 1 else x
        y = 0 if word >> 9 & 1 else ram[a % 2**RAM_BITS] if word >> 12 & 1 else a
        y = ~y & 0xFFFF if word >> 8 & 1 else y
        out = (x + y) & 0xFFFF if word >> 7 & 1 else x & y
        out = ~out & 0xFFFF if word >> 6 & 1 else out
        if word >> 3 & 1:
            ram[a % 2**RAM_BITS] = out
        taken = (out >> 15 and word >> 2 & 1) or (out == 0 and word >> 1 & 1) or (0 < out < 1 << 15 and word & 1)
        pc = a % 2**ROM_BITS if taken else pc + 1
        a, d = out if word >> 5 & 1 else a, out if word >> 4 & 1 else d
    return ram
