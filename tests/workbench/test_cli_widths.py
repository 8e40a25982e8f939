"""Generic circuits on the command line: `file.py:adder[8]`."""

import pytest

from workbench.cli import main

SOURCE = """from circuits import Width, Word, circuit

N = Width("N")
WIDTH = 3


@circuit
def adder(a: Word[N], b: Word[N]):
    return {"sum": a + b}


@circuit
def wrong(a: Word):
    return a.nothing
"""


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "generic.py"
    path.write_text(SOURCE)
    return str(path)


def test_a_width_in_brackets(file, capsys, tmp_path):
    assert main(["eval", f"{file}:adder[8]", "a=200", "b=100"]) == 0
    assert capsys.readouterr().out == "sum=300\n"
    assert main(["convert", f"{file}:adder[4]", str(tmp_path / "adder.v")]) == 0
    assert "module adder_4 " in (tmp_path / "adder.v").read_text()


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("adder", "adder is generic in its width: write adder[8]"),
        ("adder[x]", "'adder[x]' has a width that is no number; write one, as in adder[8]"),
        ("adder[0]", "adder[0]: give whole numbers of at least 1, as in adder[8]"),
        ("adder[1,2]", "adder has 1 width (N), but 2 are given; give one for all, or one for each"),
        ("WIDTH[1]", "{file}:WIDTH is no circuit with a width to choose; leave out the brackets"),
        (
            "wrong[4]",
            "'{file}:wrong[4]' cannot be built: AttributeError: 'Word' object has no attribute 'nothing' "
            "(generic.py, line 14)",
        ),
    ],
)
def test_refused(file, capsys, name, text):
    with pytest.raises(SystemExit):
        main(["stats", f"{file}:{name}"])
    assert capsys.readouterr().err == f"perceptron: error: {text.format(file=file)}\n"
