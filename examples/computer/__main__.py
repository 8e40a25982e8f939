"""The command: run a program on the computer made of NANDs, and show its screen and some words of its memory."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from circuits import Simulation
from circuits.scripts.hack import read_hack
from examples.computer.assembler import AssemblyError, assemble
from examples.computer.machine import nand_computer, program_memory
from examples.computer.screen import picture, text
from perceptron import PerceptronError

MOST = 1_000_000


def read_program(path: Path) -> list[int]:
    """The instructions in a file: Hack machine code where it is called `.hack`, else assembly language.

    Raises
    ------
    AssemblyError, ScriptError
        If it is no program.
    OSError
    """
    if path.suffix == ".hack":
        return read_hack(path)
    try:
        return assemble(path.read_text(encoding="utf-8"))
    except AssemblyError as error:
        raise AssemblyError(f"{path}: {error}") from None


def start(program: Sequence[int], ram: dict[int, int] | None = None, key: int = 0) -> Simulation:
    """The computer in its first step, made of NANDs, with some words in its RAM.

    Parameters
    ----------
    program : sequence of int
    ram : dict of address -> word, optional
        Addresses from 0 to 16383; words from -32768 to 65535.
    key : int
        The key that is held down.
    """
    sim = Simulation(nand_computer(), memories=[program_memory(program)])
    for address, word in (ram or {}).items():
        sim.memory("ram")[address] = word & 0xFFFF
    sim.look(keyboard=key)
    return sim


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a program; 0 if it is done or its steps are up, 2 if it cannot be run."""
    parser = argparse.ArgumentParser(prog="python -m examples.computer", description=__doc__)
    parser.add_argument("program", type=Path, help="a .asm or .hack file")
    parser.add_argument("--ram", type=_word, action="append", default=[], metavar="ADDRESS=WORD", help="before it runs")
    parser.add_argument("--key", type=int, default=0, metavar="CODE", help="the key that is held down")
    parser.add_argument("--steps", type=int, default=MOST, help=f"how many instructions at most (default: {MOST})")
    parser.add_argument("--show", type=int, default=3, metavar="N", help="how many words of RAM to print (default: 3)")
    parser.add_argument("--width", type=int, default=64, help="how many signs wide to print the screen (default: 64)")
    parser.add_argument("--screen", type=Path, metavar="FILE.png", help="where to draw the screen")
    given = parser.parse_args(arguments)
    try:
        sim = start(read_program(given.program), dict(given.ram), given.key)
        steps = len(sim.advance(given.steps, until="halted"))
    except (PerceptronError, OSError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    how = "then it was done" if sim.peek("halted") else "and it goes on"
    print(f"{steps} instructions, {how}")
    print("  ".join(f"R{place}={_signed(int(word))}" for place, word in enumerate(sim.memory("ram")[: given.show])))
    if sim.memory("screen").any():
        print(text(sim.memory("screen"), given.width))
    if given.screen is not None:
        picture(sim.memory("screen")).save(given.screen)
    return 0


def _word(text: str) -> tuple[int, int]:
    address, _, word = text.partition("=")
    try:
        place, value = int(address), int(word)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no word of memory; write ADDRESS=WORD, such as 0=4") from None
    if not 0 <= place < 0x4000 or not -0x8000 <= value <= 0xFFFF:
        raise argparse.ArgumentTypeError(f"{text!r} is outside; addresses are 0 to 16383, words -32768 to 65535")
    return place, value


def _signed(word: int) -> int:
    return word - 0x10000 if word & 0x8000 else word


if __name__ == "__main__":
    sys.exit(main())
