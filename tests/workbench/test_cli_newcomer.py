"""The first hour at the command line: slips of the pen, words in another order, wrong files, and what there is."""

from __future__ import annotations

import errno
import json
import os

import pytest

import circuits
from circuits.library import entries
from workbench.cli import main
from workbench.locate import find

ROW = "from circuits import circuit, nand\n\n@circuit\ndef odd_one(a, b):\n    return nand(a, b)\n"


def test_without_arguments_there_is_help_and_a_status_that_says_so(run):
    status, out, err = run()

    assert (status, out) == (2, "")
    assert "usage: perceptron" in err
    assert "Example: perceptron" in err


@pytest.mark.parametrize(
    ("words", "part"),
    [
        (["tabel", "circuits:nand"], "invalid choice: 'tabel'; did you mean 'table'? (try 'perceptron --help')"),
        (["help"], "invalid choice: 'help' (choose from tour, list, table"),
        (["table", "circuits:nand", "--fromat", "csv"], "no option '--fromat'; did you mean '--format'? (try"),
        (["simulate", "circuits:nand", "in.csv"], "'in.csv' is one argument too many"),
        (["draw", "circuits:nand", "--style", "neuron"], "invalid choice: 'neuron'; did you mean 'neurons'?"),
        (["run", "circuits:nand", "--steps", "x"], "--steps is 'x'; give a whole number"),
        (["check", "circuits:nand", "circuits:nand", "--limit", "x"], "--limit is 'x'; give a number"),
        (["draw", "--values", "x1=1", "x2=1", "circuits:nand"], "circuit; --values takes every word after it"),
        (["run", "--steps", "3", "--input", "x1=1", "circuits:nand"], "circuit; --input takes every word after it"),
        (["eval", "x1=1", "x2=1", "circuits:nand"], "'x1=1' is an input and no circuit; write the circuit first"),
        (["table", "circuits:multiplier"], "did you mean 'array_multiplier' or 'booth_multiplier' or"),
        (["table", "circuits:half_addr"], "did you mean 'half_adder'?"),
        (["table", "circuits:ripple_cary_adder(8)"], "did you mean 'ripple_carry_adder'?"),
        (["table", "circuits:qqqq"], "perceptron list shows what it has"),
        (["table", "circuit:half_adder"], "there is no module 'circuit'; did you mean 'circuits'?"),
        (["table", "ripple_carry_adder(8)"], "perhaps circuits:ripple_carry_adder(8)"),
        (["table", "qqqq"], "perceptron list shows them"),
        (["table", "row"], "did you mean 'row.py'?"),
        (["table", "notes.md"], "ends in '.md', and circuits are read from .aag"),
        (["table", "folder"], "'folder' is a folder and no circuit"),
        (["table", "folder.py"], "'folder.py' is a folder; name a Python file"),
        (["table", "folder.v"], "'folder.v': Is a directory; name a file"),
        (["table", "nothing.v"], "'nothing.v': No such file or directory; check the name"),
        (["table", "nowhere/a.v"], "there is no folder 'nowhere'"),
        (["table", "empty.bench"], "'empty.bench' is no valid network: the network is empty"),
        (["draw", "circuits:nand", "--depth", "2"], "--depth 2 goes with --cone"),
        (["draw", "circuits:nand", "-o", "a.gif"], "'a.gif' is no .svg, .png, .pdf or .dot file; give it that ending"),
        (["draw", "circuits:nand", "-o", "folder"], "'folder' is no .svg"),
        (["run", "circuits:nand", "--steps", "3", "--svg", "wave.png"], "--svg writes a .svg file"),
        (["run", "circuits:nand", "--steps", "3", "--vcd", "wave.svg"], "--vcd writes a .vcd file"),
        (["run", "circuits:nand", "--steps", "-1"], "--steps is -1; give 1 or more"),
        (["bench", "circuits:nand", "--cores", "9999999"], "--cores is 9999999; this machine has"),
        (["grade", "folder", "--tests", "folder", "--csv", "nowhere/m.csv"], "there is no folder 'nowhere'"),
        (["tour", "-o", ""], "name a folder for the tour"),
        (["list", "adder", "zebra"], "no circuit has 'adder zebra' in its name or description"),
    ],
)  # fmt: skip
def test_each_slip_is_one_line_that_says_what_to_write(wrong, tmp_path, monkeypatch, words, part):
    monkeypatch.chdir(tmp_path)
    for name in ("folder", "folder.py", "folder.v"):
        (tmp_path / name).mkdir()
    (tmp_path / "row.py").write_text(ROW)
    (tmp_path / "notes.md").write_text("# Notes\n")
    (tmp_path / "empty.bench").write_text("")
    before = sorted(os.listdir(tmp_path))

    assert part in wrong(*words)
    assert sorted(os.listdir(tmp_path)) == before


def test_a_file_without_permission_names_the_cure(wrong, monkeypatch):
    def forbidden(*given, **options):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), "secret.v")

    monkeypatch.setattr("workbench.commands.circuit.find", forbidden)

    assert wrong("stats", "secret.v") == (
        "'secret.v': Permission denied; choose another file, or ask for its permission"
    )


def test_one_name_for_a_file_of_inputs_in_every_command(run, tmp_path):
    (tmp_path / "in.csv").write_text("x1,x2\n0,1\n1,1\n")
    told = {
        run("simulate", "circuits:half_adder", option, tmp_path / "in.csv") for option in ("-i", "--inputs", "--input")
    }
    timed = {run("run", "circuits:half_adder", option, tmp_path / "in.csv", "--table") for option in ("-i", "--inputs")}

    assert told == {(0, "sum,carry\n1,0\n0,1\n", "")}
    assert timed == {(0, "step,x1,x2,sum,carry\n0,0,1,1,0\n1,1,1,0,1\n", "")}


def test_list_has_every_circuit_of_the_package_and_each_can_be_named(run):
    """Whatever `circuits` offers that is a circuit, or a function of a width, is listed; what is listed is found."""
    status, out, err = run("list", "--json")
    listed = [one["circuit"] for found in json.loads(out).values() for one in found]
    plain = {name for name in circuits.__all__ if isinstance(getattr(circuits, name), circuits.Circuit | circuits.Gate)}

    assert (status, err) == (0, "")
    assert {f"circuits:{name}" for name in plain - {"where"}} <= set(listed)
    for call in listed:
        sizes = {"width": "4", "length": "4", "modulus": "5", "steps": "2", "address_bits": "2", "contents": "[1, 2]"}
        for word, size in sizes.items():
            call = call.replace(f"({word}", f"({size}").replace(f", {word}", f", {size}")
        assert find(call) is not None


def test_list_prints_a_line_for_each_and_takes_words(run):
    _, out, _ = run("list")
    _, few, _ = run("list", "ADDER", "nand")

    for found in entries().values():
        for one in found:
            assert f"\n  {one.call} " in out
    named = [line.split()[0] for line in few.splitlines() if line.startswith("  ")]
    assert named == ["half_adder", "full_adder", "ripple_carry_adder(width)", "perceptron"]


def test_an_interrupt_while_a_command_is_imported_is_one_line(monkeypatch, capsys):
    def stopped(name):
        raise KeyboardInterrupt

    monkeypatch.setattr("workbench.cli.import_module", stopped)

    assert main(["stats", "circuits:nand"]) == 130
    assert capsys.readouterr().err == "perceptron: interrupted\n"
