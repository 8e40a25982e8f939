"""The computer of examples/computer: as gates it does what integer arithmetic says, instruction by instruction."""

import doctest
import importlib
import re

import numpy as np
import pytest
from chips import OURS, course
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from circuits import CircuitError, Simulation
from circuits.scripts.hack import read_hack
from examples.computer import AssemblyError, Emulator, assemble, computer, cpu, memory, picture, pixels, text
from examples.computer.__main__ import main, read_program, start
from examples.computer.machine import nand_computer
from perceptron import Unit
from perceptron.engines.bits import has_numba

PROGRAMS = OURS.parent / "computer" / "programs"
RUNS, STEPS, LENGTH = 100, 300, 400
REGISTERS = ("a_register", "d_register", "pc")


# --- random programs


def random_program(rng):
    """Instructions of which many make sense and some do not, with addresses in all regions and beyond."""
    kind = rng.random(LENGTH)
    near = rng.integers(0, LENGTH, LENGTH)  # places in the program, and words of RAM
    borders = rng.choice([0x3FFF, 0x4000, 0x4001, 0x5FFF, 0x6000, 0x6001, 0x7FFF, 0, 1], LENGTH)
    anywhere = rng.integers(0, 0x8000, LENGTH)
    numbers = np.where(kind < 0.2, near, np.where(kind < 0.35, borders, anywhere))
    computing = 0xE000 | rng.integers(0, 0x2000, LENGTH)
    quiet = computing & ~7  # which does not jump
    odd = rng.integers(0x8000, 0x10000, LENGTH)  # bits 13 and 14 mean nothing
    return np.where(kind < 0.45, numbers, np.where(kind < 0.85, quiet, np.where(kind < 0.95, computing, odd))).tolist()


def with_programs_of_its_own(made):
    """The network with its program memory as one that could be written, so that every sample has its own."""
    rom = next(one for one in made.memories if one.name == "rom")
    own = type(rom)("rom", rom.address_bits, rom.width)
    net = made.network.copy()
    never = net.add(Unit(0), [], name="never")
    for pin in own.load + own.data:
        net.output(pin, never)
    return net, [own, *(one for one in made.memories if one is not rom)]


@pytest.mark.parametrize("make", [computer, nand_computer], ids=["units", "nands"])
def test_a_hundred_random_programs(make):
    """All registers after every step, and all memory after the last one; all programs run side by side."""
    rng = np.random.default_rng(5)
    programs = [random_program(rng) for _ in range(RUNS)]
    keys = rng.integers(0, 0x10000, RUNS)
    ram, screen = rng.integers(0, 0x10000, (RUNS, 0x4000)), rng.integers(0, 0x10000, (RUNS, 0x2000))
    net, memories = with_programs_of_its_own(make())
    sim = Simulation(net, memories=memories, samples=RUNS)
    sim.memory("rom")[:, :LENGTH] = programs
    sim.memory("ram")[:], sim.memory("screen")[:] = ram, screen
    waves = sim.advance(STEPS, record=REGISTERS, inputs={"keyboard": keys})
    regions, jumps = set(), 0
    for number, program in enumerate(programs):
        oracle = Emulator(program)
        oracle.ram, oracle.screen, oracle.key = ram[number].tolist(), screen[number].tolist(), int(keys[number])
        expected = []
        for _ in range(STEPS):
            expected.append((oracle.a, oracle.d, oracle.pc))
            before = oracle.pc
            oracle.step()
            jumps += oracle.pc != before + 1
            regions.add((oracle.a % 0x8000) >> 13)
        found = np.stack([waves[name][:, number] for name in REGISTERS], axis=1)
        assert found.tolist() == [list(row) for row in expected], number
        assert [sim.peek(name)[number] for name in REGISTERS] == [oracle.a, oracle.d, oracle.pc]
        assert sim.memory("ram")[number].tolist() == oracle.ram, number
        assert sim.memory("screen")[number].tolist() == oracle.screen, number
    assert regions == {0, 1, 2, 3}
    assert jumps > RUNS


def test_random_programs_one_after_another_on_the_compiled_engine():
    """The same with a single sample, as programs are really run; fewer steps where nothing compiles."""
    steps = 2_000 if has_numba() else 20
    sim = Simulation(nand_computer())
    for seed in range(10):
        program = random_program(np.random.default_rng(seed))
        sim.reset()
        sim.memory("rom")[:] = [*program, *[0] * (0x8000 - LENGTH)]
        sim.advance(steps)
        oracle = Emulator(program)
        oracle.run(steps)
        assert [sim.peek(name) for name in REGISTERS] == [oracle.a, oracle.d, oracle.pc]
        assert sim.memory("ram").tolist() == oracle.ram
        assert sim.memory("screen").tolist() == oracle.screen


def test_it_is_made_of_nands():
    made = nand_computer()
    assert set(made.statistics()["gates"]) == {"NAND"}
    assert [memory.name for memory in made.memories] == ["rom", "ram", "screen"]
    assert len(made.network.states) == 47


def test_what_the_parts_have():
    assert [str(port.name) for port in cpu.inputs] == ["inM", "instruction", "reset"]
    assert [(memory.name, memory.words) for memory in memory.memories] == [("ram", 0x4000), ("screen", 0x2000)]
    with pytest.raises(CircuitError, match="memory 'rom': word 0 is 65536"):
        computer([0x10000])


def test_reset_begins_again_and_keeps_the_rest():
    sim = start(assemble("@7\nD=A\n@3\nM=D"))
    sim.advance(4)
    assert sim.peek("pc") == 4
    sim.step(reset=1)
    assert (sim.peek("pc"), sim.peek("d_register"), int(sim.memory("ram")[3])) == (0, 7, 7)


# --- the course's programs


@pytest.mark.parametrize(
    ("name", "ram", "after"), [("Add", [0, 0, 0], [5, 0, 0]), ("Max", [23456, 12345], [23456, 12345, 23456])]
)
def test_the_courses_programs(name, ram, after):
    sim = start(read_hack(course("05") / f"{name}.hack"), dict(enumerate(ram)))
    sim.advance(40)
    assert sim.memory("ram")[:3].tolist() == [word & 0xFFFF for word in after]


def test_the_courses_rectangle():
    """16 pixels wide, and as high as the word 0 of RAM says."""
    sim = start(read_hack(course("05") / "Rect.hack"), {0: 40})
    sim.advance(2_000, until="halted")
    black = np.zeros((256, 512), dtype=bool)
    black[:40, :16] = True
    assert sim.peek("halted")
    assert (pixels(sim.memory("screen")) == black).all()


# --- our programs


def emulated(name, steps, ram=(), key=0):
    oracle = Emulator(assemble((PROGRAMS / name).read_text()))
    oracle.ram[: len(ram)] = [word & 0xFFFF for word in ram]
    oracle.key = key
    oracle.run(steps)
    return oracle


@given(st.integers(-300, 300), st.integers(0, 12))
def test_the_product(a, b):
    assert emulated("product.asm", 200, [a, b]).ram[2] == a * b & 0xFFFF


def test_a_rectangle():
    black = np.zeros((256, 512), dtype=bool)
    black[:9, : 16 * 3] = True
    assert (pixels(emulated("rectangle.asm", 2_000, [9, 3]).screen) == black).all()
    sim = start(read_program(PROGRAMS / "rectangle.asm"), {0: 2, 1: 32})
    assert len(sim.advance(2_000, until="halted")) < 2_000
    black[:] = False
    black[:2] = True
    assert (pixels(sim.memory("screen")) == black).all()


def test_the_triangles_are_pascals():
    """A binomial coefficient n over k is odd where every bit of k is in n (E. Lucas)."""
    row, column = np.indices((256, 512))
    expected = (row & (column % 256)) == column % 256
    assert (pixels(emulated("triangles.asm", 440_000).screen) == expected).all()


def test_the_echo():
    assert emulated("echo.asm", 7, key=75).screen[0] == 75
    sim = start(read_program(PROGRAMS / "echo.asm"), key=75)
    sim.advance(7)
    assert int(sim.memory("screen")[0]) == 75
    sim.advance(7, inputs={"keyboard": 0})
    assert int(sim.memory("screen")[0]) == 0


@pytest.mark.parametrize(
    ("program", "halts"),
    [
        ("(END)\n@END\n0;JMP", True),
        ("(END)\n@END\nD;JEQ", True),
        ("(END)\n@END\nD;JNE", False),
        ("(END)\n@END\nD=D+1;JMP", False),
        ("(AGAIN)\n@AGAIN\nD=A\n0;JMP", False),
        ("@2\n(NEXT)\n0;JMP", False),
    ],
)
def test_when_a_program_is_done(program, halts):
    sim = start(assemble(program))
    assert (len(sim.advance(50, until="halted")) < 50) == halts


# --- the assembler


def test_every_instruction_of_the_course_by_the_specification():
    """The codes as the book's table has them, for the ALU's functions by their truth."""
    for code, form, x, y in (
        ("101010", "0", 3, 9), ("111111", "1", 3, 9), ("111010", "-1", 3, 9), ("001100", "D", 3, 9),
        ("110000", "A", 3, 9), ("001101", "!D", 3, 9), ("110001", "!A", 3, 9), ("001111", "-D", 3, 9),
        ("110011", "-A", 3, 9), ("011111", "D+1", 3, 9), ("110111", "A+1", 3, 9), ("001110", "D-1", 3, 9),
        ("110010", "A-1", 3, 9), ("000010", "D+A", 3, 9), ("010011", "D-A", 3, 9), ("000111", "A-D", 3, 9),
        ("000000", "D&A", 3, 9), ("010101", "D|A", 3, 9),
    ):  # fmt: skip
        assert assemble(form) == [0b1110000000000000 | int(code, 2) << 6]
        oracle = Emulator(assemble(f"@{x}\nD=A\n@{y}\nD={form}"))
        oracle.run(4)
        assert oracle.d == eval(form.replace("!", "~"), {"D": x, "A": y}) & 0xFFFF  # Python's own arithmetic
        if "A" in form:
            assert assemble(form.replace("A", "M")) == [0b1111000000000000 | int(code, 2) << 6]


@pytest.mark.parametrize("name", ["Add", "Max", "Rect"])
def test_the_courses_programs_assembled_again(name):
    """Their instructions, written out as assembly language, give the same words."""
    words = read_hack(course("05") / f"{name}.hack")
    assert assemble("\n".join(map(written, words))) == words


def written(word):
    if not word >> 15:
        return f"@{word}"
    forms = {assemble(form)[0] >> 6 & 0x7F: form for form in FORMS}
    to = "".join(letter for letter, bit in (("A", 32), ("D", 16), ("M", 8)) if word & bit)
    jump = ["", "JGT", "JEQ", "JGE", "JLT", "JNE", "JLE", "JMP"][word & 7]
    return (to and f"{to}=") + forms[word >> 6 & 0x7F] + (jump and f";{jump}")


FORMS = (
    "0", "1", "-1", "D", "A", "!D", "!A", "-D", "-A", "D+1", "A+1", "D-1", "A-1", "D+A", "D-A", "A-D", "D&A", "D|A",
    "M", "!M", "-M", "M+1", "M-1", "D+M", "D-M", "M-D", "D&M", "D|M",
)  # fmt: skip


@given(st.lists(st.tuples(st.sampled_from(FORMS), st.sampled_from(["", "D=", "MD=", "AMD="]), st.integers(0, 7))))
def test_assembling_what_was_written(parts):
    jumps = ["", ";JGT", ";JEQ", ";JGE", ";JLT", ";JNE", ";JLE", ";JMP"]
    lines = [f"  {to} {form} {jumps[jump]}  // a comment" for form, to, jump in parts]
    words = assemble("\n".join(lines))
    assert assemble("\n".join(map(written, words))) == words
    assert [word & 7 for word in words] == [jump for _, _, jump in parts]


def test_symbols():
    text = "@first\n@R3\n@second\n@first\n(HERE)\n@HERE\n@THERE\n@SCREEN\n@KBD\n@SP\n@THAT\n@R15\n(THERE)"
    assert assemble(text) == [16, 3, 17, 16, 4, 11, 0x4000, 0x6000, 0, 4, 15]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("\n@", "line 2: '@' is no instruction; write @value, (LABEL) or dest=comp;jump"),
        ("@1x", "line 1: '@1x' is no instruction"),
        ("@32768", "line 1: 32768 does not fit; the numbers are 0 to 32767"),
        ("(X)\n@X\n(X)", "line 3: 'X' has a meaning already; choose another label"),
        ("(R0)", "line 1: 'R0' has a meaning already; choose another label"),
        ("D=D+D", "line 1: 'D+D' is nothing the ALU computes; write one of 0 1 -1 D A "),
        ("D=A+M", "line 1: 'A+M' is nothing the ALU computes"),
        ("DD=A", "line 1: 'DD=A' stores or jumps in no known way; write some of A, D, M before ="),
        ("0;JXX", "line 1: '0;JXX' stores or jumps in no known way"),
        ("D=A;", "line 1: 'D=A;' is no instruction"),
    ],
)
def test_programs_that_are_none(text, told):
    with pytest.raises(AssemblyError, match=f"^{re.escape(told)}"):
        assemble(text)


# --- the screen


def test_pixels_and_pictures(tmp_path):
    rng = np.random.default_rng(0)
    words = rng.integers(0, 0x10000, 8192)
    found = pixels(words)
    for y, x in rng.integers(0, (256, 512), (200, 2)):
        assert found[y, x] == words[32 * y + x // 16] >> (x % 16) & 1
    image = picture(words)
    assert image.size == (512, 256)
    image.save(tmp_path / "screen.png")
    with Image.open(tmp_path / "screen.png") as back:
        assert ((np.array(back) == 0) == found).all()


def test_braille_by_unicodes_own_names():
    """The name of a sign lists its dots, numbered as Braille numbers them: 1 2 3 7 down on the left, 4 5 6 8 right."""
    import unicodedata

    places = {"1": (0, 0), "2": (1, 0), "3": (2, 0), "7": (3, 0), "4": (0, 1), "5": (1, 1), "6": (2, 1), "8": (3, 1)}
    words = np.random.default_rng(1).integers(0, 0x10000, 8192)
    drawn = np.zeros((256, 512), dtype=bool)
    for row, line in enumerate(text(words, width=256).split("\n")):
        for column, sign in enumerate(line):
            for digit in unicodedata.name(sign).removeprefix("BRAILLE PATTERN ").removeprefix("DOTS-"):
                if digit in places:
                    y, x = places[digit]
                    drawn[4 * row + y, 2 * column + x] = True
    assert (drawn == pixels(words)).all()


def test_small_text():
    words = np.zeros(8192, dtype=int)
    assert text(words) == ""
    words[0] = 1
    assert text(words) == "⠁"
    words[8191] = 0x8000
    assert text(words, width=1) == "⠉"  # two dots for everything
    assert len(text(words, width=64).split("\n")) == 16


# --- the command


def test_the_command(tmp_path, capsys):
    program, drawn = str(PROGRAMS / "rectangle.asm"), tmp_path / "screen.png"
    assert main([program, "--ram", "0=8", "--ram", "1=2", "--screen", str(drawn), "--width", "256"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert re.fullmatch(r"\d+ instructions, then it was done", lines[0])
    assert lines[1:] == ["R0=8  R1=2  R2=0", "⣿" * 16, "⣿" * 16]
    with Image.open(drawn) as image:
        assert (~np.array(image)).sum() == 8 * 32


def test_the_command_stops_and_runs_machine_code(tmp_path, capsys):
    path = tmp_path / "count.hack"
    path.write_text("1110011111010000\n" * 5)  # D=D+1
    assert main([str(path), "--steps", "3", "--ram", "1=-2", "--show", "2"]) == 0
    assert capsys.readouterr().out == "3 instructions, and it goes on\nR0=0  R1=-2\n"


def test_what_the_command_refuses(tmp_path, capsys):
    (tmp_path / "wrong.asm").write_text("@1\nD=D+D")
    assert main([str(tmp_path / "wrong.asm")]) == 2
    assert "wrong.asm: line 2: 'D+D' is nothing the ALU computes" in capsys.readouterr().err
    assert main([str(tmp_path / "none.asm")]) == 2
    assert capsys.readouterr().err.startswith("error: ")
    for word, told in (("4", "'4' is no word of memory; write ADDRESS=WORD"), ("16384=1", "'16384=1' is outside")):
        with pytest.raises(SystemExit):
            main(["x.asm", "--ram", word])
        assert told in capsys.readouterr().err


@pytest.mark.parametrize("name", ["assembler", "emulator", "machine", "pictures", "screen"])
def test_the_examples_of_the_docstrings(name):
    module = importlib.import_module(f"examples.computer.{name}")
    found = doctest.testmod(module, optionflags=doctest.NORMALIZE_WHITESPACE)
    assert found.attempted
    assert not found.failed
