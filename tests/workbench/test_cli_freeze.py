"""The command `freeze`: the file it writes passes by itself, says what it froze, and fails readably after a change."""

from __future__ import annotations

import re
import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest

from circuits import half_adder, ripple_carry_adder, write
from perceptron import SIGMOID, Network, Unit
from perceptron.digest import digest
from workbench.cli import main

ROOT = Path(__file__).parents[2]

ADDER = """
from circuits import Word, circuit

@circuit
def adder(a: Word[4], b: Word[4]):
    return {"sum": a + b}
"""
COUNT = """
from circuits import circuit, mux, state

@circuit
def count(enable, reset):
    q = state(4, name="q")
    q.next = mux(reset, 0, (q + enable)[:4])
    return {"q": q}
"""


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """An empty folder with an adder and a counter, and we are in it."""
    (tmp_path / "adder.py").write_text(ADDER)
    (tmp_path / "count.py").write_text(COUNT)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def freeze(run):
    """Run the command: (status, standard output, standard error)."""
    return partial(run, "freeze")


def pytest_in(folder, *words):
    """Run pytest by itself, as somebody else would: (status, output)."""
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *map(str, words)]
    environment = {"PYTHONPATH": str(ROOT), "PATH": "", "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, env=environment)
    return done.returncode, done.stdout + done.stderr


def namespace(text):
    """The constants of a frozen file."""
    return dict(line.split(" = ", 1) for line in text.splitlines() if " = " in line and not line.startswith(" "))


# --- what is written


WHOLE = '''\
"""What circuits:half_adder answered when it was frozen: this test fails when an answer changes.

If the change is meant, freeze it again: perceptron freeze circuits:half_adder --force
"""

from circuits.testing import assert_frozen
from workbench.locate import find

CIRCUIT = "circuits:half_adder"

PORTS = "x1, x2 -> sum, carry"

# Some inputs and what it answered.
ROWS = """
x1 x2 | sum carry
 0  0 |   0     0
 0  1 |   1     0
 1  0 |   1     0
 1  1 |   0     1
"""

# Over all inputs: a digest of all outputs, and how often each was 1.
DIGEST = "DIGITS"
ONES = {
    "sum": 2,
    "carry": 1,
}


def test_half_adder_answers_as_it_was_frozen():
    assert_frozen(
        find(CIRCUIT),
        ports=PORTS,
        rows=ROWS,
        digest=DIGEST,
        ones=ONES,
        patterns=None,
        seed=0,
        steps=1,
    )
'''


def test_the_whole_file(freeze):
    expected = WHOLE.replace("DIGITS", digest(half_adder.network).text)

    assert freeze("circuits:half_adder") == (0, expected, "")


@pytest.mark.parametrize("words", [[], ["--samples", "500", "--rng", "7"], ["--steps", "5"]])
def test_the_same_file_again(freeze, words):
    first = freeze("circuits:ripple_carry_adder(8)", *words)

    assert first[0] == 0
    assert first == freeze("circuits:ripple_carry_adder(8)", *words)


def test_the_digest_is_that_of_simulate(freeze):
    _, text, _ = freeze("circuits:ripple_carry_adder(16)", "--samples", 300, "--rng", 5)

    told = digest(ripple_carry_adder(16).network, 300, seed=5)
    assert namespace(text)["DIGEST"] == f'"{told.text}"'
    assert "patterns=300,\n        seed=5,\n" in text
    assert "Over 300 random inputs (seed 5)" in text


def test_many_inputs_are_sampled_and_steps_run(freeze):
    assert "Over 10000 random inputs" in freeze("circuits:ripple_carry_adder(16)")[1]
    assert "Over 1000 random inputs (seed 0) of 16 steps each" in freeze("circuits:counter(4)")[1]
    assert "Over 1000 random inputs (seed 0) of 3 steps each" in freeze("circuits:counter(4)", "--steps", 3)[1]


def test_memories_have_rows_and_no_digest(freeze):
    text = freeze("circuits:ram(4, 4)")[1]

    assert "# One run of 64 steps." in text
    assert "DIGEST" not in text


def rows_of(text):
    """The rows of a frozen file, (rows, columns)."""
    table = text.split('ROWS = """\n')[1].split('"""')[0].splitlines()[1:]
    return [[int(cell) for cell in line.replace("|", " ").split()] for line in table]


def test_each_word_of_a_read_only_memory_is_read(folder, freeze):
    for bits in (3, 8):
        (folder / f"rom{bits}.py").write_text(
            f"from circuits import rom\n\nstore = rom({bits}, 8, range(1 << {bits}))\n"
        )
        status, text, told = freeze(f"rom{bits}.py:store")
        assert (status, told) == (0, "")
        assert {row[0] for row in rows_of(text)} == set(range(1 << bits))


@pytest.mark.parametrize("bits", [3, 4, 10])
def test_a_memory_is_written_and_read_back(freeze, bits):
    """A model of a memory beside it: many reads find what an earlier step stored."""
    text = freeze(f"circuits:ram({bits}, 8)")[1]
    assert text.split('ROWS = """\n')[1].split()[:5] == ["address", "data", "load", "|", "out"]
    held, read_back = {}, 0
    for address, data, load, out in rows_of(text):
        assert out == held.get(address, 0)
        read_back += out != 0
        if load:
            held[address] = data
    assert read_back >= 10
    loads = [row[2] for row in rows_of(text)]
    assert 16 <= sum(loads) <= 48


# --- it passes, from anywhere, and fails when the circuit changes


@pytest.mark.parametrize(
    ("circuit", "words"),
    [
        ("adder.py:adder", []),
        ("count.py", ["--steps", 6]),
        ("circuits:booth_multiplier(5)", []),
        ("circuits:ram(2, 3)", []),
        ("adder.bench", []),
    ],
)
def test_a_frozen_circuit_passes(folder, freeze, circuit, words):
    """Also from another folder: a file is named from the test's."""
    assert main(["convert", "adder.py:adder", "adder.bench"]) == 0
    (folder / "tests").mkdir()
    assert freeze(circuit, "-o", "tests/test_frozen.py", *words) == (0, "", "")

    status, told = pytest_in(folder.parent, folder / "tests" / "test_frozen.py")
    assert status == 0, told


def test_a_changed_circuit_fails_readably(folder, freeze):
    freeze("adder.py:adder", "-o", "test_adder.py")
    (folder / "adder.py").write_text(ADDER.replace("a + b", "(a ^ b).extend(5)"))

    status, told = pytest_in(folder)
    assert status == 1
    assert "AssertionError: adder does not answer as it was frozen: " in told
    assert " a   b  sum (frozen)  sum (now)" in told
    assert re.search(r"^E +2 +14 +16 +12  <- sum$", told, re.MULTILINE)
    assert "E       If the change is meant, freeze it again" in told
    assert "circuits/testing" not in told  # no insides: only the test and the table


def test_a_changed_counter_shows_the_run(folder, freeze):
    freeze("count.py", "-o", "test_count.py")
    (folder / "count.py").write_text(COUNT.replace("mux(reset, 0, (q + enable)[:4])", "(q + enable)[:4]"))

    status, told = pytest_in(folder)
    assert status == 1
    assert "step  enable  reset  q (frozen)  q (now)" in told
    assert "<- q" in told


def test_a_changed_word_of_a_memory_is_found(folder, freeze):
    words = [5, 6, 7, 8, 9, 10, 11, 12]
    text = "from circuits import {0}\n\nstore = {0}(3, 4, {1})\n"
    for kind in ("rom", "ram"):
        (folder / "store.py").write_text(text.format(kind, words))
        assert freeze("store.py:store", "-o", f"test_{kind}.py", "--force")[0] == 0
        frozen = folder / f"test_{kind}.py"
        assert pytest_in(folder, frozen)[0] == 0
        (folder / "store.py").write_text(text.format(kind, [*words[:6], 1, 12]))
        status, told = pytest_in(folder, frozen)
        assert status == 1
        assert "does not answer as it was frozen" in told


def test_a_change_that_is_meant_is_frozen_again(folder, freeze):
    freeze("adder.py:adder", "-o", "test_adder.py")
    (folder / "adder.py").write_text(ADDER.replace("a + b", "a - b"))
    before = (folder / "test_adder.py").read_text()

    assert freeze("adder.py:adder", "-o", "test_adder.py", "--force") == (0, "", "")
    assert (folder / "test_adder.py").read_text() != before


# --- what it refuses


def test_a_file_is_not_overwritten(folder, freeze):
    (folder / "test_adder.py").write_text("mine")

    status, _, told = freeze("adder.py:adder", "-o", "test_adder.py")
    assert (status, told) == (2, "perceptron: error: 'test_adder.py' is there already; add --force to write it anew\n")
    assert (folder / "test_adder.py").read_text() == "mine"


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["adder.py:adder", "-o", "adder.txt"], "should end in .py, such as test_adder.py"),
        (["adder.py:adder", "--samples", "0"], "--samples is 0; give 1 or more"),
        (["adder.py:adder", "--steps", "0"], "--steps is 0; give 1 or more"),
        (["adder.py:adder", "--rng", "-1"], "--rng is -1; give 0 or more"),
        (["nothing.py"], "there is no file 'nothing.py'"),
        (["soft.json"], "has real values"),
    ],
)
def test_freeze_refuses(folder, freeze, words, told):
    net = Network("soft")
    net.output("y", net.add(Unit(0, SIGMOID), [(net.input("x", real=True), 1)]))
    write(net, "soft.json")

    status, out, error = freeze(*words)
    assert (status, out) == (2, "")
    assert told in error
    assert len(error.splitlines()) == 1


def test_a_file_that_pytest_would_not_find_is_told(folder, freeze):
    status, out, _ = freeze("adder.py:adder", "-o", "check.py")

    assert status == 0
    assert out == "pytest looks for files called test_*.py; run this one with: pytest check.py\n"


def test_a_call_longer_than_a_file_name(freeze):
    """It is no file, and nothing is wrong with it."""
    status, out, error = freeze(f"circuits:ripple_carry_adder({' ' * 300}2)")

    assert (status, error) == (0, "")
    assert "find(CIRCUIT)" in out
