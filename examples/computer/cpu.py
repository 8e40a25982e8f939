"""The processor: three registers, the ALU, and one instruction in every step.

0vvvvvvvvvvvvvvv    A = v

111 a cccccc ddd jjj    the ALU computes from D and A (a = 0) or D and the word of memory at A (a = 1), as cccccc
                        says; ddd says where the result goes (A, D, memory), jjj when to jump to A (< 0, = 0, > 0)
"""

from __future__ import annotations

from typing import Any, NamedTuple

from circuits import Bit, Word, circuit, hack_alu, mux, state


class Registers(NamedTuple):
    """The states of the processor: `a` is a number or an address, `d` a number, `pc` where the program is."""

    a: Any
    d: Any
    pc: Any


class Executed(NamedTuple):
    """What an instruction does to the world outside: a result, whether memory takes it, and whether it jumps."""

    result: Word
    stores: Bit
    jumps: Bit


def registers() -> Registers:
    """The registers of the circuit that is being defined, all 0 at first."""
    return Registers(state(16, name="a_register"), state(16, name="d_register"), state(15, name="pc"))


def execute(held: Registers, instruction: Word, word: Word, reset: Bit) -> Executed:
    """Carry out one instruction: says what the registers are next, and what goes to memory.

    Parameters
    ----------
    held : Registers
        Their `next` is set here.
    instruction, word : Word
        16 bits each; `word` is what memory has at the address in A.
    reset : Bit
        Where it is 1 the program begins again.
    """
    computes = instruction[15]  # otherwise it loads a number into A
    if_positive, if_zero, if_negative = instruction[:3]
    to_memory, to_d, to_a = instruction[3:6]
    no, f, ny, zy, nx, zx = instruction[6:12]
    from_memory = instruction[12]

    alu = hack_alu()(held.d, mux(from_memory, word, held.a), zx, nx, zy, ny, f, no, name="alu")
    positive = ~(alu.zr | alu.ng)
    jumps = computes & ((if_negative & alu.ng) | (if_zero & alu.zr) | (if_positive & positive))

    held.a.next = mux(computes, mux(to_a, alu.out, held.a), instruction)
    held.d.next = mux(computes & to_d, alu.out, held.d)
    held.pc.next = mux(reset, 0, mux(jumps, held.a[:15], (held.pc + 1)[:15]))
    return Executed(alu.out, computes & to_memory, jumps)


@circuit
def cpu(inM: Word[16], instruction: Word[16], reset):
    """The processor alone, with the pins that the course gives it."""
    held = registers()
    done = execute(held, instruction, inM, reset)
    return {"outM": done.result, "writeM": done.stores, "addressM": held.a[:15], "pc": held.pc}
