"""`perceptron run`: what it prints and writes, and that whatever is wrong is one line and status 2."""

import xml.etree.ElementTree as ET

import pytest

from workbench.cli import main

COUNTER = """
from perceptron import Network, Unit

counter = Network("counter")
carry = counter.input("go")
for place in range(3):
    bit = counter.state(f"q[{place}]")
    both = counter.add(Unit(-3), [(bit, 2), (carry, 2)])
    counter.feedback(bit, counter.add(Unit(-1), [(bit, 2), (carry, 2), (both, -4)]))
    counter.output(f"out[{place}]", bit)
    carry = both
"""


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "counter.py").write_text(COUNTER)
    (tmp_path / "stimuli.csv").write_text("go\n1\n0x1\n0\n1\n")
    return tmp_path


def run(capsys, *words):
    assert main(["run", *words]) == 0
    return capsys.readouterr().out


def test_a_diagram(capsys):
    assert run(capsys, "counter.py", "--steps", "6", "--input", "go=1,1,0,1").split("\n")[:4] == [
        "    0   1   2   3   4   5",
        "    ────────┐   ┌───────────",
        "go          └───┘",
        "out ╳ 0 ╳ 1 ╳ 2     ╳ 3 ╳ 4",
    ]
    assert run(capsys, "counter.py", "--steps", "3", "--input", "go=1", "--ascii", "--signals", "q,go").isascii()


def test_a_table(capsys):
    found = run(capsys, "counter.py", "--inputs", "stimuli.csv", "--table", "--signals", "go,out,q[1]")
    assert found == "step,go,out,q[1]\n0,1,0,0\n1,1,1,0\n2,0,2,1\n3,1,2,1\n"
    found = run(capsys, "circuits:half_adder", "--input", "x1=0,1", "x2=1", "--table")
    assert found == "step,x1,x2,sum,carry\n0,0,1,1,0\n1,1,1,0,1\n"


def test_files(capsys, folder):
    assert (
        run(capsys, "counter.py", "--steps", "9", "--input", "go=1", "--svg", "w.svg", "--vcd", "w.vcd", "--clock")
        == ""
    )
    assert ET.parse(folder / "w.svg").getroot().tag.endswith("svg")
    text = (folder / "w.vcd").read_text()
    assert "$var wire 3 " in text
    assert " clock $end" in text


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["counter.py"], "say how many steps to run, as in --steps 20"),
        (["counter.py", "--steps", "0"], "--steps is 0; give 1 or more"),
        (["counter.py", "--steps", "2", "--input", "go=1,1,1"], "input 'go' has 3 values for 2 steps"),
        (["counter.py", "--input", "go=1,7"], "input 'go' is 7 in step 1; give 0 or 1"),
        (["counter.py", "--input", "go=1,x"], "input 'go' has the value 'x'; give numbers, such as go=0,1,1"),
        (["counter.py", "--input", "go"], "'go' is no input; write name=values"),
        (["counter.py", "--input", "go=1", "go=0"], "input 'go' is given twice"),
        (["counter.py", "--inputs", "stimuli.csv", "--input", "go=1"], "input 'go' is given twice, by --input and in"),
        (["counter.py", "--steps", "3", "--input", "stop=1"], "there is no input 'stop'; the inputs are go"),
        (["counter.py", "--steps", "3", "--signals", "z"], "there is no signal 'z'"),
        (["counter.py", "--inputs", "none.csv"], "'none.csv': No such file or directory"),
        (["counter.py", "--inputs", "double.csv"], "'double.csv' has the column 'go' twice"),
        (["counter.py", "--inputs", "ragged.csv"], "'ragged.csv' line 3 has 2 cells for 1 columns"),
        (["counter.py", "--inputs", "empty.csv"], "'empty.csv' has no row"),
        (["counter.py", "--inputs", "raw.csv"], "'raw.csv' is no text (byte 0)"),
        (["counter.py", "--steps", "3", "--vcd", "nowhere/w.vcd"], "No such file or directory"),
    ],
)
def test_whatever_is_wrong_is_one_line(words, told, capsys, folder):
    (folder / "double.csv").write_text("go,go\n1,1\n")
    (folder / "ragged.csv").write_text("go\n1\n1,1\n")
    (folder / "empty.csv").write_text("go\n")
    (folder / "raw.csv").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(SystemExit) as left:
        main(["run", *words])
    printed = capsys.readouterr()
    assert left.value.code == 2
    assert told in printed.err
    assert printed.err.count("\n") == 1
    assert printed.out == ""
