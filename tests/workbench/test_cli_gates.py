"""perceptron convert --gates: the same circuit in another set of gates, from file to file."""

import pytest

from circuits import full_adder, read
from perceptron import find_difference
from workbench.cli import main


def test_convert_to_nors(tmp_path):
    file = tmp_path / "adder.bench"
    assert main(["convert", "circuits:full_adder", str(file), "--gates", "nor"]) == 0
    assert find_difference(read(file), full_adder.network) is None
    assert {line.split("(")[0].split()[-1] for line in file.read_text().splitlines() if "=" in line} <= {"NOR", "BUFF"}


def test_a_set_that_there_is_not(tmp_path, capsys):
    with pytest.raises(SystemExit) as error:
        main(["convert", "circuits:full_adder", str(tmp_path / "a.bench"), "--gates", "xor"])
    assert error.value.code == 2
    assert "there are no gates 'xor'; give one of nand, nor, aig" in capsys.readouterr().err
