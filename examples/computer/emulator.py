"""The same computer as a few lines of integer arithmetic: what the gates must agree with."""

from __future__ import annotations

from collections.abc import Sequence

from examples.computer.memory import KEYBOARD, SCREEN

WORD = 0xFFFF


class Emulator:
    """The computer, an instruction at a time.

    Parameters
    ----------
    program : sequence of int
        At most 32768 instructions of 16 bits.

    Attributes
    ----------
    a, d, pc : int
        The registers, unsigned.
    ram, screen : list of int
    key : int
        The key that is held down.

    Examples
    --------
    >>> emulator = Emulator([0b0000000000000111, 0b1110110000010000])  # @7, D=A
    >>> emulator.run(2)
    >>> emulator.a, emulator.d, emulator.pc
    (7, 7, 2)
    """

    def __init__(self, program: Sequence[int]):
        self.program = list(program)
        self.a = self.d = self.pc = self.key = 0
        self.ram, self.screen = [0] * 0x4000, [0] * 0x2000

    def run(self, steps: int) -> None:
        """Carry out so many instructions."""
        for _ in range(steps):
            self.step()

    def step(self) -> None:
        """Carry out one instruction."""
        instruction = self.program[self.pc] if self.pc < len(self.program) else 0
        following = (self.pc + 1) % 0x8000
        if instruction < 0x8000:
            self.a = instruction
        else:
            result = self._compute(instruction)
            if self._taken(instruction, result):
                following = self.a % 0x8000
            if instruction & 0b001000:  # to memory, at the address that A had
                self._store(result)
            if instruction & 0b010000:
                self.d = result
            if instruction & 0b100000:
                self.a = result
        self.pc = following

    def _compute(self, instruction: int) -> int:
        x = self.d
        y = self._load() if instruction & 1 << 12 else self.a
        zx, nx, zy, ny, f, no = (instruction >> place & 1 for place in range(11, 5, -1))
        x = (0 if zx else x) ^ (WORD * nx)
        y = (0 if zy else y) ^ (WORD * ny)
        return ((x + y if f else x & y) & WORD) ^ (WORD * no)

    def _taken(self, instruction: int, result: int) -> bool:
        if result == 0:
            return bool(instruction & 0b010)
        return bool(instruction & (0b100 if result & 0x8000 else 0b001))

    def _load(self) -> int:
        address = self.a % 0x8000
        if address < SCREEN:
            return self.ram[address]
        if address < KEYBOARD:
            return self.screen[address - SCREEN]
        return self.key if address == KEYBOARD else 0

    def _store(self, word: int) -> None:
        address = self.a % 0x8000
        if address < SCREEN:
            self.ram[address] = word
        elif address < KEYBOARD:
            self.screen[address - SCREEN] = word
