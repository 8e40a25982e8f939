"""The chips of the projects 01, 02 and 03 in Python, with the names and pins that the course's scripts want.

Those of project 05 are in `examples/computer`. A script takes one of them instead of a `.hdl` file:

    perceptron test projects/02/ALU.tst --circuit examples/nand2tetris/chips.py:ALU
    perceptron test projects/05/CPU.tst --circuit examples.computer:cpu
    perceptron test projects/05/ComputerAdd.tst --circuit "examples.computer:computer()"
"""

import circuits
from circuits import Circuit, Memory, Word, circuit, full_adder, half_adder, mux, register, select, state
from circuits.language.memories import memory_word

# --- project 01: gates and choices


@circuit
def Nand(a, b):
    """Every other chip could be made of it."""
    return circuits.nand(a, b)


@circuit
def Not(in_):
    """The other bit."""
    return ~in_


@circuit
def And(a, b):
    """Both."""
    return a & b


@circuit
def Or(a, b):
    """At least one."""
    return a | b


@circuit
def Xor(a, b):
    """One of them and not the other."""
    return a ^ b


@circuit
def Mux(a, b, sel):
    """`a`, or `b` where `sel` is 1."""
    return mux(sel, b, a)


@circuit
def DMux(in_, sel):
    """To `a`, or to `b` where `sel` is 1."""
    return {"a": in_ & ~sel, "b": in_ & sel}


@circuit
def Not16(in_: Word[16]):
    """Sixteen bits at once."""
    return ~in_


@circuit
def And16(a: Word[16], b: Word[16]):
    """Sixteen bits at once."""
    return a & b


@circuit
def Or16(a: Word[16], b: Word[16]):
    """Sixteen bits at once."""
    return a | b


@circuit
def Mux16(a: Word[16], b: Word[16], sel):
    """Sixteen bits at once."""
    return mux(sel, b, a)


@circuit
def Or8Way(in_: Word[8]):
    """At least one of eight."""
    return in_.any()


@circuit
def Mux4Way16(a: Word[16], b: Word[16], c: Word[16], d: Word[16], sel: Word[2]):
    """One of four words."""
    return select(sel, [a, b, c, d])


@circuit
def Mux8Way16(
    a: Word[16], b: Word[16], c: Word[16], d: Word[16],
    e: Word[16], f: Word[16], g: Word[16], h: Word[16],
    sel: Word[3],
):  # fmt: skip
    """One of eight words."""
    return select(sel, [a, b, c, d, e, f, g, h])


@circuit
def DMux4Way(in_, sel: Word[2]):
    """To one of four."""
    return {name: in_ & (sel == number) for number, name in enumerate("abcd")}


@circuit
def DMux8Way(in_, sel: Word[3]):
    """To one of eight."""
    return {name: in_ & (sel == number) for number, name in enumerate("abcdefgh")}


# --- project 02: arithmetic


@circuit
def HalfAdder(a, b):
    """The chapter's adder of two bits."""
    total = half_adder(a, b)
    return {"sum": total.sum, "carry": total.carry}


@circuit
def FullAdder(a, b, c):
    """Three bits."""
    total = full_adder(a, b, c)
    return {"sum": total.sum, "carry": total.carry}


@circuit
def Add16(a: Word[16], b: Word[16]):
    """The sum, without the bit that does not fit."""
    return (a + b)[:16]


@circuit
def Inc16(in_: Word[16]):
    """One more."""
    return (in_ + 1)[:16]


@circuit
def ALU(x: Word[16], y: Word[16], zx, nx, zy, ny, f, no):
    """The ALU, as its specification says it."""
    x = x & (~zx).repeat(16)
    x = x ^ nx.repeat(16)
    y = y & (~zy).repeat(16)
    y = y ^ ny.repeat(16)
    out = mux(f, (x + y)[:16], x & y) ^ no.repeat(16)
    return {"out": out, "zr": ~out.any(), "ng": out[15]}


# --- project 03: what remembers


@circuit
def Bit(in_, load):
    """A bit that takes `in` where `load` is 1."""
    return register(in_, enable=load)


@circuit
def Register(in_: Word[16], load):
    """A word that takes `in` where `load` is 1."""
    return register(in_, enable=load)


@circuit
def PC(in_: Word[16], load, inc, reset):
    """A counter: `reset` before `load` before `inc`."""
    count = state(16, name="count")
    following = mux(inc, (count + 1)[:16], count)
    count.next = mux(reset, 0, mux(load, in_, following))
    return count


def memory(name: str, address_bits: int) -> Circuit:
    """A RAM of 2**address_bits words."""
    where = Word[address_bits]

    def ram(in_: Word[16], load, address: where):
        word = memory_word(Memory("ram", address_bits, 16), address)
        word.write(in_, load)
        return word

    return Circuit(ram, name)


RAM8, RAM64, RAM512 = memory("RAM8", 3), memory("RAM64", 6), memory("RAM512", 9)
RAM4K, RAM16K = memory("RAM4K", 12), memory("RAM16K", 14)
