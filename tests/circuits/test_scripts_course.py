"""The course's own scripts: our chips pass them, and chips with a fault fail in the row where the fault shows first.

Which row that is comes from another engine: `perceptron.compile` runs the chip with the faulty part on the inputs that
stand in the .cmp file, and the first row that differs is found by comparing text.
"""

import re
import shutil

import numpy as np
import pytest
from chips import OURS, course

from circuits.formats import FormatError
from circuits.formats.hdl import chip
from circuits.scripts import ScriptError, run
from perceptron import compile
from perceptron.engines.bits import pack, unpack

SCRIPTS = {
    "01": "And And16 DMux DMux4Way DMux8Way Mux Mux16 Mux4Way16 Mux8Way16 Nand Not Not16 Or Or16 Or8Way Xor",
    "02": "HalfAdder FullAdder Add16 Inc16 ALU-basic ALU",
    "03": "Bit Register PC RAM8 RAM64 RAM512 RAM4K",
    "05": "CPU CPU-external ComputerAdd ComputerMax ComputerRect",
}
EACH = [(project, name) for project, names in SCRIPTS.items() for name in names.split()]


@pytest.mark.parametrize(("project", "name"), EACH, ids=[name for _, name in EACH])
def test_our_chips_pass(project, name):
    verdict = run(course(project) / f"{name}.tst", chips=OURS / project)
    lines = (course(project) / f"{name}.cmp").read_text().split("\n")
    assert verdict.passed, verdict.difference
    assert (verdict.rows, verdict.keys) == (len([line for line in lines if line.strip()]) - 1, ())


def test_the_script_that_waits_for_keys_gets_them():
    """It shows a message and waits until somebody holds down K, then Y; 75 and 89 stand in its loops."""
    verdict = run(course("05") / "Memory.tst", chips=OURS / "05")
    assert (verdict.passed, verdict.rows, verdict.keys) == (True, 67, (75, 89))


@pytest.mark.slow
@pytest.mark.parametrize("name", ["RAM16K", "ComputerAdd", "ComputerMax", "Memory"])
def test_our_chips_all_the_way_down_to_nands(tmp_path, name):
    """All chips in one folder: no part is built in but NAND, the flip-flop, and those whose insides a script shows."""
    for path in OURS.glob("0[1235]/*.hdl"):
        shutil.copy(path, tmp_path)
    assert run(course("03" if name == "RAM16K" else "05") / f"{name}.tst", chips=tmp_path).passed


# --- faults

KINDS = {
    "And": ["Or", "Xor", "Nand"],
    "Or": ["And", "Xor"],
    "Xor": ["Or"],
    "Nand": ["And", "Or"],
    "DMux": [],
    "Not": [],
}
SWAPS = [("a=", "b="), ("zx=", "nx="), ("sum=", "carry="), ("load=", "inc=")]


def mutants(text):
    """Chips with one fault each: another gate, a wrong bit, a wrong constant, two pins exchanged."""
    body = text.index("PARTS:")
    for match in re.finditer(r"\b(And|Or|Xor|Nand)(?=\()", text[body:]):
        for kind in KINDS[match[1]]:
            yield text[: body + match.start()] + kind + text[body + match.end() :]
    for match in re.finditer(r"\[(\d+)\]", text[body:]):
        for other in (int(match[1]) - 1, int(match[1]) + 1):
            yield text[: body + match.start()] + f"[{other}]" + text[body + match.end() :]
    for match in re.finditer(r"\b(true|false)\b", text[body:]):
        other = "false" if match[1] == "true" else "true"
        yield text[: body + match.start()] + other + text[body + match.end() :]
    for match in re.finditer(r"\((?:[^()]*)\);", text[body:]):
        for one, two in SWAPS:
            part = match[0]
            if f"({one}" in part and f", {two}" in part:
                swapped = part.replace(f"({one}", "(@").replace(f", {two}", f", {one}").replace("(@", f"({two}")
                yield text[: body + match.start()] + swapped + text[body + match.end() :]


def column_of_words(cells, width):
    """The cells as words: binary where all have a digit for every bit, else decimal; None where there are stars."""
    known = [cell for cell in cells if cell.strip("*")]
    base = 2 if width > 1 and all(re.fullmatch(f"[01]{{{width}}}|0*[01]{{{width}}}", cell) for cell in known) else 10
    return [int(cell, base) & 0xFFFF if cell.strip("*") else None for cell in cells]


def first_wrong_row(found, compared):
    """The number of the first row of a .cmp file that the compiled chip does not give, or None."""
    lines = [line.split("|")[1:-1] for line in compared.read_text().splitlines() if line.strip()]
    header, *rows = [[cell.strip() for cell in line] for line in lines]
    widths = {**found.inputs, **found.outputs}
    words = {  # a header is cut where its column is narrow
        pin: column_of_words([row[header.index(name)] for row in rows], widths[pin])
        for pin in widths
        for name in header
        if name == pin or (pin in found.outputs and name not in widths and pin.startswith(name))
    }
    program = compile(found.tape)
    state = program.first_states(1)
    following = state
    for at, row in enumerate(rows, start=1):
        if "time" in header and not row[header.index("time")].endswith("+"):
            state = following
        bits = [words[pin][at - 1] >> place & 1 for pin, width in found.inputs.items() for place in range(width)]
        outputs, following = program.step_words(pack(np.array([bits])), state)
        values = iter(unpack(outputs, 1)[0].tolist())
        got = {pin: sum(next(values) << place for place in range(width)) for pin, width in found.outputs.items()}
        if any(words[pin][at - 1] not in (None, value) for pin, value in got.items() if pin in words):
            return at
    return None


FAULTY = [
    ("01", "Xor"), ("01", "Mux"), ("01", "DMux"), ("01", "Or8Way"), ("01", "Mux4Way16"), ("01", "DMux8Way"),
    ("02", "FullAdder"), ("02", "HalfAdder"), ("02", "ALU"), ("02", "Add16"),
    ("03", "Bit"), ("03", "PC"), ("03", "RAM8"),
    ("05", "CPU"),
]  # fmt: skip


@pytest.mark.parametrize(("project", "name"), FAULTY, ids=[name for _, name in FAULTY])
def test_a_fault_is_found_in_the_row_where_it_shows_first(tmp_path, project, name):
    """A fault that no row shows passes, and then the other engine finds no such row either."""
    script = course(project) / ("CPU-external.tst" if name == "CPU" else f"{name}.tst")
    for path in (OURS / project).glob("*.hdl"):
        shutil.copy(path, tmp_path)
    text = (OURS / project / f"{name}.hdl").read_text()
    assert first_wrong_row(chip(tmp_path / f"{name}.hdl"), script.with_suffix(".cmp")) is None
    failed = 0
    for mutant in mutants(text):
        (tmp_path / f"{name}.hdl").write_text(mutant)
        try:
            found = chip(tmp_path / f"{name}.hdl")
        except FormatError as error:
            with pytest.raises(FormatError, match=re.escape(error.reason)):
                run(script, chips=tmp_path)
            continue
        verdict = run(script, chips=tmp_path)
        expected = first_wrong_row(found, script.with_suffix(".cmp"))
        row = None if verdict.difference is None else verdict.difference.row
        assert row == expected, mutant
        failed += row is not None
    assert failed


@pytest.mark.parametrize(
    ("before", "after", "time"),
    [
        ("And(a=instruction[15], b=instruction[3], out=writeM);", "And(a=true, b=instruction[3], out=writeM);", "0+"),
        ("inc=true", "inc=false", "1"),
        ("reset=reset, out[0", "reset=false, out[0", "45"),
    ],
)
def test_a_processor_with_a_known_fault(tmp_path, before, after, time):
    """The rows by hand: @12345 has bit 3 set at time 0+; without counting pc stays 0 at 1; a reset comes at 44+."""
    text = (OURS / "05" / "CPU.hdl").read_text()
    assert before in text
    (tmp_path / "CPU.hdl").write_text(text.replace(before, after))
    verdict = run(course("05") / "CPU.tst", chips=tmp_path)
    assert verdict.difference is not None
    assert verdict.difference.expected[0] == verdict.difference.got[0] == time


def test_a_memory_that_writes_into_the_screen_as_well(tmp_path):
    """12345 goes to 0x2000, in RAM; then 0x4000, the first word of the screen, is looked at before its own write."""
    text = (OURS / "05" / "Memory.hdl").read_text()
    (tmp_path / "Memory.hdl").write_text(text.replace("load=loadScreen", "load=load"))
    difference = run(course("05") / "Memory.tst", chips=tmp_path).difference
    assert (difference.row, difference.line) == (3, 4)
    assert difference.expected == ("12345", "1", "100000000000000", "0")
    assert difference.got == ("12345", "1", "100000000000000", "12345")


def test_a_memory_without_a_keyboard_is_not_waited_for_in_vain(tmp_path):
    text = (OURS / "05" / "Memory.hdl").read_text()
    (tmp_path / "Memory.hdl").write_text(text.replace("d=keyOrNothing", "d=false"))
    verdict = run(course("05") / "Memory.tst", chips=tmp_path)
    assert not verdict.passed
    assert verdict.reason == (
        "the loop on line 132 never ends: key 75 is pressed, but nothing changes any more while out <> 75"
    )


def test_a_processor_whose_registers_have_other_names_cannot_be_looked_into(tmp_path):
    text = (OURS / "05" / "CPU.hdl").read_text().replace("DRegister(", "Register(")
    (tmp_path / "CPU.hdl").write_text(text)
    with pytest.raises(ScriptError, match=r"CPU.tst: line \d+: chip CPU has no built-in part DRegister to look into"):
        run(course("05") / "CPU.tst", chips=tmp_path)
    assert run(course("05") / "CPU-external.tst", chips=tmp_path).passed


@pytest.mark.parametrize("project", list(SCRIPTS))
def test_the_courses_skeletons_are_chips_that_fail(project):
    """Nothing is in them yet: they answer 0, and no script passes."""
    for script in sorted(course(project).glob("*.tst")):
        if script.stem == "Nand":
            continue
        try:
            told = "passed" if run(script).passed else "failed"
        except ScriptError as error:
            told = "failed" if "has no built-in part" in error.reason else str(error)
        assert told == "failed", script
