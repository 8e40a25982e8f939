"""Instructions a second of the computer in examples/computer, made of NANDs: a program that draws a rectangle.

    python benchmarks/computer.py [--program Rect.hack] [--ram 0=120] [--hdl examples/nand2tetris/05/Computer.hdl]

Each runs the program from its first instruction to its end, again and again, on one core: our compiled loop and the one
in NumPy; beside them the emulator, which has no gates, and the machine behind `perceptron test`, on the same NANDs and
on a computer in HDL. The table has medians by processor time, which leaves out what other programs take of the machine,
and by the clock. "Same" says whether the screen and the first words of RAM are at the end as the emulator has them.
(`steps.py` has the same computer beside PyRTL.)
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import time
from pathlib import Path
from unittest import mock

from circuits import Simulation
from circuits.formats.hdl import chip
from circuits.scripts import Machine
from examples.computer import Emulator, as_nands, computer
from examples.computer.__main__ import read_program
from perceptron import Tape
from perceptron.engines.bits import has_numba

ROOT = Path(__file__).resolve().parents[1]
OURS = ROOT / "examples" / "computer" / "programs" / "rectangle.asm"
GOAL = 20_000
SECONDS, REPEATS, ENOUGH = 0.4, 5, 5.0
SHOWN = 64  # words of RAM that are compared


def windows(run, steps):
    """(instructions a second by processor time, by the clock): medians of stretches of whole runs, fewer if slow."""
    rates = []
    began = time.perf_counter()
    while len(rates) < REPEATS and (not rates or time.perf_counter() - began < ENOUGH):
        done = cpu = clock = 0
        while done == 0 or clock < SECONDS:
            taken = run()
            done, cpu, clock = done + steps, cpu + taken[0], clock + taken[1]
        rates.append((done / cpu, done / clock))
    return tuple(statistics.median(column) for column in zip(*rates, strict=True))


def timed(work):
    """Seconds by processor time and by the clock."""
    cpu, clock = time.process_time(), time.perf_counter()
    work()
    return time.process_time() - cpu, time.perf_counter() - clock


def emulated(program, ram, steps=None):
    """The emulator after a program, and its instructions: up to the end, which is a jump to where it is."""
    emulator = Emulator(program)
    for address, word in ram.items():
        emulator.ram[address] = word
    done = 0
    while done < (steps or 10_000_000):
        here, stays = emulator.pc, emulator.a == (emulator.pc - 1) & 0x7FFF
        emulator.step()
        if steps is None and stays and emulator.pc == here - 1:
            return emulator, done
        done += 1
    if steps is None:
        sys.exit(f"the program is not done after {done} instructions; give one that ends")
    return emulator, done


class Stepper:
    """Our loop over time."""

    def __init__(self, made, ram, steps):
        self.sim, self.ram, self.steps = Simulation(made), ram, steps

    def run(self):
        """One run of the program."""
        self.sim.reset()
        for address, word in self.ram.items():
            self.sim.memory("ram")[address] = word
        return timed(lambda: self.sim.advance(self.steps))

    def ended(self):
        """The screen and the first words of RAM."""
        return self.sim.memory("screen").tolist(), self.sim.memory("ram")[:SHOWN].tolist()


class Chip:
    """The machine behind `perceptron test`, which follows what changes."""

    def __init__(self, tape, memories, names, ram, steps):
        self.tape, self.memories, self.ram, self.steps = tape, memories, ram, steps
        self.by_name = {name: next(one for one in memories if one.name.endswith(name)) for name in names}
        self.names = names

    def start(self, program):
        """In the first step, with the program and some words of RAM."""
        self.machine = Machine(self.tape, self.memories)
        rom, ram, _ = self.names
        for address, word in enumerate(program):
            self.machine.store(self.by_name[rom], address, word)
        for address, word in self.ram.items():
            self.machine.store(self.by_name[ram], address, word)
        self.machine.settle()

    def run(self, program):
        """One run of the program."""
        self.start(program)

        def work():
            for _ in range(self.steps):
                self.machine.tick()
                self.machine.tock()

        return timed(work)

    def ended(self):
        """The screen and the first words of RAM."""
        _, ram, screen = (self.by_name[name] for name in self.names)
        return (
            [self.machine.word(screen, at) for at in range(0x2000)],
            [self.machine.word(ram, at) for at in range(SHOWN)],
        )


def row(label, ready, rates, told):
    """A line of the table."""
    if rates is None:
        print(f"  {label:34s} {told}")
        return
    same = {True: "yes", False: "NO", None: ""}[told]
    print(f"  {label:34s} {ready:8.2f} s {rates[0]:14,.0f} {rates[1]:12,.0f}   {same}", flush=True)


def main():
    """Measure and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--program", type=Path, default=OURS, help="a .hack or .asm file that ends")
    parser.add_argument("--ram", action="append", default=[], help="words before it runs (default: 0=120 and 1=1)")
    parser.add_argument(
        "--hdl", type=Path, default=ROOT / "examples/nand2tetris/05/Computer.hdl", help="a computer in HDL"
    )
    options = parser.parse_args()
    ram = dict(tuple(map(int, one.split("="))) for one in options.ram or ["0=120", "1=1"])
    program = read_program(options.program)
    emulator, steps = emulated(program, ram)
    expected = (emulator.screen, emulator.ram[:SHOWN])

    started = time.perf_counter()
    made = as_nands(computer(program))
    nands, depth = len(made.network.units), made.statistics()["depth"]
    print(f"{os.cpu_count()} cores, load average {os.getloadavg()[0]:.1f}")
    print(
        f"{options.program.name}: {steps} instructions to the end; "
        f"{sum(map(int.bit_count, emulator.screen))} black pixels"
    )
    print(
        f"the computer: {nands} NANDs, depth {depth}, {len(made.network.states)} states, 57,344 words of memory;"
        f" built in {time.perf_counter() - started:.1f} s"
    )
    print(f"  {'':34s} {'ready in':>10s} {'instr/s (cpu)':>14s} {'(clock)':>12s}   same")
    best = 0.0
    if has_numba():
        started = time.perf_counter()
        import perceptron.engines.step_kernels  # noqa: F401

        loop = Stepper(made, ram, steps)
        loop.run()
        ready = time.perf_counter() - started
        rates = windows(loop.run, steps)
        best = min(rates)
        row("ours as NANDs, Numba", ready, rates, loop.ended() == expected)
    else:
        row("ours as NANDs, Numba", None, None, "absent: pip install 'perceptron-circuits[fast]'")
    with mock.patch("perceptron.engines.stepping.has_numba", return_value=False):
        started = time.perf_counter()
        loop = Stepper(made, ram, steps)
        ready = time.perf_counter() - started
        rates = windows(loop.run, steps)
        best = max(best, min(rates))
        row("ours as NANDs, NumPy", ready, rates, loop.ended() == expected)
    row("emulator (no gates)", 0.0, windows(lambda: timed(lambda: emulated(program, ram, steps)), steps), None)
    found = chip(options.hdl)
    for label, tape, memories, names in (
        ("perceptron test, the same NANDs", Tape.from_network(made.network), made.memories, ("rom", "ram", "screen")),
        ("perceptron test, a chip in HDL", found.tape, found.memories, ("ROM32K_1", "RAM16K_1", "Screen_1")),
    ):
        started = time.perf_counter()
        slow = Chip(tape, memories, names, ram, steps)
        slow.start(program)
        ready = time.perf_counter() - started
        row(label, ready, windows(lambda slow=slow: slow.run(program), steps), slow.ended() == expected)
    print(f"  {'reached' if best >= GOAL else 'MISSED'}: at least {GOAL:,} instructions a second, by both clocks")


if __name__ == "__main__":
    main()
