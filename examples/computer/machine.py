"""The computer: a program in read-only memory, the processor, and the data memory with screen and keyboard."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from circuits import Circuit, Memory, Word, circuit, memory_word, to_nand
from examples.computer.cpu import execute, registers
from examples.computer.memory import Cell

PROGRAM_BITS = 15  # an address of a program: 32,768 instructions


def program_memory(program: Sequence[int]) -> Memory:
    """The memory `rom` of the computer with a program in it."""
    return Memory("rom", PROGRAM_BITS, 16, tuple(program), read_only=True)


def computer(program: Sequence[int] = ()) -> Circuit:
    """The computer with a program, which runs from its first instruction.

    442 units, depth 36, 47 states, and three memories: `rom`, `ram` and `screen`.

    Parameters
    ----------
    program : sequence of int
        At most 32768 instructions of 16 bits; the rest of the memory is 0.

    Returns
    -------
    Circuit
        reset, keyboard: Word[16] -> pc: Word[15], and halted: 1 while the program jumps to where it is already, in
        the way in which programs end: `(END) @END 0;JMP`.

    Raises
    ------
    CircuitError
        If the program is too long, or an instruction is no number of 16 bits.

    Examples
    --------
    >>> from circuits import Simulation
    >>> sim = Simulation(computer([0b0000000000000111, 0b1110110000010000]))  # @7, D=A
    >>> sim.step(), sim.step()
    (Results(pc=0, halted=0), Results(pc=1, halted=0))
    >>> sim.peek("d_register")
    7
    """
    rom = program_memory(program)

    @circuit
    def computer(reset, keyboard: Word[16]):
        held = registers()
        instruction = memory_word(rom, held.pc)
        cell = Cell(held.a[:15], keyboard)
        done = execute(held, instruction, cell.value, reset)
        cell.write(done.result, done.stores)
        here = (held.a[:15] + 1 == held.pc) & (instruction[3:6] == 0)  # from @END back to @END; nothing is stored
        return {"pc": held.pc, "halted": done.jumps & here}

    return computer


def as_nands(circuit: Circuit) -> Circuit:
    """The same circuit with nothing but NANDs between its states; its memories stay beside it.

    Examples
    --------
    >>> as_nands(computer()).statistics()["gates"].keys()
    dict_keys(['NAND'])
    """
    return Circuit.from_network(to_nand(circuit.network), circuit.name, circuit.memories, words=True)


@cache
def nand_computer() -> Circuit:
    """The computer as NANDs, without a program, made once.

    `Simulation(nand_computer(), memories=[program_memory(program)])` runs one.
    """
    return as_nands(computer())
