"""The commands test and grade: what they print, what they write, and the status that a shell or a CI system sees."""

from __future__ import annotations

import csv
import io
import shutil
from pathlib import Path
from xml.etree import ElementTree

import pytest

EXAMPLES = Path(__file__).parents[2] / "examples" / "nand2tetris"
NOT = "CHIP Not { IN in; OUT out; PARTS: Nand(a=in, b=in, out=out); }"


@pytest.fixture
def script(tmp_path):
    """A script for Not beside a chip that passes."""
    (tmp_path / "Not.hdl").write_text(NOT)
    (tmp_path / "Not.tst").write_text(
        "load Not.hdl, output-list in out; set in 0, eval, output; set in 1, eval, output;"
    )
    (tmp_path / "Not.cmp").write_text("|in |out|\n| 0 | 1 |\n| 1 | 0 |\n")
    return tmp_path / "Not.tst"


def test_a_script_that_passes(run, script):
    assert run("test", script) == (0, "passed  Not.tst  2 rows\n", "")


def test_a_chip_that_fails(run, script):
    (script.parent / "Not.hdl").write_text(NOT.replace("b=in", "b=false"))
    status, out, err = run("test", script)
    assert (status, err) == (1, "")
    assert out.splitlines() == [
        "failed  Not.tst  row 2 of 2 (line 3 of Not.cmp): out",
        "          | in | out |",
        "expected  | 1  |  0  |",
        "got       | 1  |  1  |",
        "                  ^",
        "",
    ]


@pytest.mark.parametrize(
    ("file", "text", "told"),
    [
        ("Not.tst", "frobnicate;", "Not.tst: line 1: 'frobnicate' is no command"),
        ("Not.hdl", "CHIP Not {", "Not.hdl: line 1: the end of the file stands where"),
        ("Not.hdl", None, "Not.tst: line 1: there is no chip Not.hdl in"),
        ("Not.cmp", None, "Not.cmp' to compare to"),
    ],
)
def test_a_test_that_is_broken(run, script, file, text, told):
    (script.parent / file).unlink()
    if text is not None:
        (script.parent / file).write_text(text)
    status, out, _ = run("test", script)
    assert status == 2
    assert out.startswith("broken  Not.tst  ")
    assert told in out


def test_folders_are_searched_and_broken_outweighs_failed(run, tmp_path):
    for name, chip in (
        ("good", NOT),
        ("bad", NOT.replace("b=in", "b=true")),
        ("worse", NOT.replace("b=in", "b=false")),
    ):
        (tmp_path / name).mkdir()
        (tmp_path / name / "Not.hdl").write_text(chip)
        (tmp_path / name / "Not.tst").write_text("output-list in out; eval, output; set in 1, eval, output;")
        (tmp_path / name / "Not.cmp").write_text("|in |out|\n| 0 | 1 |\n| 1 | 0 |\n")
    status, out, _ = run("test", tmp_path)
    assert (status, out.splitlines()[-1]) == (1, "2 passed, 1 failed")
    (tmp_path / "bad" / "Not.cmp").unlink()
    status, out, _ = run("test", tmp_path)
    assert (status, out.splitlines()[-1]) == (2, "1 passed, 1 failed, 1 broken")


def test_chips_from_a_folder(run, script, tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "Not.hdl").write_text(NOT.replace("b=in", "b=false"))
    assert run("test", script, "--chips", tmp_path / "mine")[0] == 1


def test_a_circuit_in_python(run, script, tmp_path):
    (tmp_path / "mine.py").write_text(
        "from circuits import circuit\n\n@circuit\ndef flip(in_):\n    return {'out': ~in_}\n\n"
        "@circuit\ndef keep(in_):\n    return {'out': in_ & in_}\n"
    )
    assert run("test", script, "--circuit", f"{tmp_path / 'mine.py'}:flip")[0] == 0
    assert run("test", script, "--circuit", f"{tmp_path / 'mine.py'}:keep")[0] == 1
    status, _, err = run("test", script, "--circuit", f"{tmp_path / 'mine.py'}:none")
    assert (status, "has no 'none'" in err) == (2, True)


def test_a_circuit_with_other_pins_cannot_be_tested(run, script):
    status, out, _ = run("test", script, "--circuit", "circuits:half_adder")
    assert status == 2
    assert "chip half_adder has no pin 'in'; its pins are x1, x2, sum, carry" in out


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["test", "nowhere.tst"], "there is no file or folder 'nowhere.tst'; name a .tst file, or a folder of them"),
        (
            ["test", "SCRIPT", "--chips", "nowhere"],
            "there is no folder 'nowhere'; --chips names the folder of the .hdl files",
        ),
        (["test", "SCRIPT", "--chips", "x", "--circuit", "y:z"], "give either --chips or --circuit"),
        (["test", "SCRIPT", "--limit", "0"], "--limit is 0; give 1 or more"),
        (["test"], "the following arguments are required: script (try 'perceptron test --help')"),
        (["grade", "nowhere", "--tests", "."], "there is no folder 'nowhere' of submissions; name one that is there"),
        (["grade", ".", "--tests", "nowhere"], "there is no folder 'nowhere' of tests; name one that is there"),
        (["grade", "."], "the following arguments are required: --tests (try 'perceptron grade --help')"),
        (["grade", ".", "--tests", ".", "--limit", "-1"], "--limit is -1; give 1 or more"),
        (
            ["grade", ".", "--tests", "."],
            "'.' has no submissions; put a folder or a .zip file for each student into it",
        ),
    ],
)  # fmt: skip
def test_what_is_asked_for_wrongly_is_one_line(run, script, monkeypatch, words, told):
    monkeypatch.chdir(script.parent)
    status, out, err = run(*(script if word == "SCRIPT" else word for word in words))
    assert (status, out, err) == (2, "", f"perceptron: error: {told}\n")


def test_the_limit(run, script):
    script.write_text("output-list in out; repeat { ticktock; }")
    status, out, _ = run("test", script, "--limit", "50")
    assert (status, "is not done after 50 steps; give a higher limit" in out) == (2, True)


def test_a_class_is_graded(run, tmp_path):
    marks, report = tmp_path / "marks.csv", tmp_path / "report.xml"
    status, out, err = run(
        "grade", EXAMPLES / "class", "--tests", EXAMPLES / "vote", "--csv", marks, "--junit", report
    )  # fmt: skip
    assert (status, err) == (1, "")
    assert out.splitlines()[2] == "ben      ok      row 4  1 of 2"
    rows = list(csv.DictReader(io.StringIO(marks.read_text())))
    assert [row["result"] for row in rows] == ["passed", "passed", "passed", "failed", "missing", "broken"]
    root = ElementTree.parse(report).getroot()
    assert [root.get(count) for count in ("tests", "failures", "errors")] == ["6", "1", "2"]


def test_a_class_in_which_all_pass(run, tmp_path):
    (tmp_path / "class").mkdir()
    shutil.copytree(EXAMPLES / "class" / "ada", tmp_path / "class" / "ada")
    assert run("grade", tmp_path / "class", "--tests", EXAMPLES / "vote")[0] == 0


def test_a_chip_is_drawn_and_converted_like_any_circuit(run, tmp_path):
    chip = EXAMPLES / "vote" / "Vote.hdl"
    assert run("table", chip)[1].splitlines()[4] == " 0  1  1 |   1"
    assert run("convert", chip, tmp_path / "vote.blif")[0] == 0
    assert run("table", tmp_path / "vote.blif")[1] == run("table", chip)[1]
