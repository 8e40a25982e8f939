"""A small computer in the circuit language: the machine of the nand2tetris course, from the ALU to a drawn screen.

cpu.py         registers, ALU, jumps: one instruction in every step
memory.py      RAM, screen and keyboard at one address
machine.py     the computer: program, processor, memory; and the same as NANDs
assembler.py   the text of a program as instructions
emulator.py    the same machine in integers, which the gates must agree with
screen.py      the screen as a picture
programs/      some programs
__main__.py    the command: python -m examples.computer examples/computer/programs/rectangle.asm --ram 0=40 --ram 1=6
"""

from examples.computer.assembler import AssemblyError, assemble
from examples.computer.cpu import cpu
from examples.computer.emulator import Emulator
from examples.computer.machine import as_nands, computer
from examples.computer.memory import memory
from examples.computer.screen import picture, pixels, text

__all__ = [
    "AssemblyError",
    "Emulator",
    "as_nands",
    "assemble",
    "computer",
    "cpu",
    "memory",
    "picture",
    "pixels",
    "text",
]
