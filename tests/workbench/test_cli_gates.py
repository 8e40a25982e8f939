"""perceptron convert --gates, --collapse, --clean: the same circuit of other units, from file to file."""

import pytest

from circuits import full_adder, read, ripple_carry_adder
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


def refused(words, capsys):
    """What `convert` says when it does nothing."""
    with pytest.raises(SystemExit) as error:
        main(["convert", *words])
    assert error.value.code == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.count("\n") == 1
    return told.err


def test_a_full_adder_in_two_perceptrons(tmp_path, capsys):
    file = tmp_path / "few.json"
    assert main(["convert", "circuits:full_adder", str(file), "--collapse"]) == 0
    assert capsys.readouterr().out == ""
    made = read(file)
    assert len(made.units) == 2
    assert find_difference(made, full_adder.network) is None
    assert main(["check", "circuits:full_adder", str(file)]) == 0


def test_what_was_done_is_told_step_by_step(tmp_path, capsys):
    """From a file, so that the steps are done on a tape; the numbers are those of the files."""
    before, after = tmp_path / "before.aag", tmp_path / "after.json"
    main(["convert", "circuits:ripple_carry_adder(4)", str(before)])
    assert main(["convert", str(before), str(after), "--clean", "--collapse", "--report"]) == 0
    heading, cleaned, *passes, collapsed = capsys.readouterr().out.splitlines()
    assert heading.split() == ["step", "units", "edges", "depth", "seconds"]
    assert cleaned.split()[:3] == ["clean", str(len(read(before).units)), "->"]
    assert passes
    assert all(line.startswith("  ") for line in passes)
    made = read(after)
    assert collapsed.split()[0] == "collapse"
    assert collapsed.split()[3] == str(len(made.units))
    assert collapsed.split()[6] == str(made.graph.number_of_edges())
    assert cleaned.split()[3] == passes[-1].split()[3] == collapsed.split()[1]
    assert find_difference(made, ripple_carry_adder(4).network) is None


def test_a_bound_on_the_edges_into_a_perceptron(tmp_path):
    file = tmp_path / "narrow.json"
    assert main(["convert", "circuits:full_adder", str(file), "--collapse", "--max-fanin", "3", "--merge"]) == 0
    made = read(file)
    assert max(made.graph.in_degree(node) for node in made.units) == 3
    assert find_difference(made, full_adder.network) is None


def test_a_machine_stays_what_it_is(tmp_path):
    file = tmp_path / "counter.json"
    assert main(["convert", "circuits:counter(3)", str(file), "--clean", "--collapse"]) == 0
    assert main(["check", "circuits:counter(3)", str(file)]) == 0


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--nand", "--collapse"], "argument --collapse: not allowed with argument --nand"),
        (["--gates", "nor", "--nand"], "argument --nand: not allowed with argument --gates"),
        (["--max-fanin", "4"], "--max-fanin bounds the edges into a unit of --collapse; give both, or neither"),
        (["--collapse", "--max-fanin", "2"], "max_fanin is 2; give at least 3, which an exclusive or needs"),
        (["--report"], "--report tells what each step did; give one of --clean, --gates, --nand, --collapse, --merge"),
    ],
)
def test_words_that_do_not_go_together(words, message, tmp_path, capsys):
    file = tmp_path / "few.json"
    assert refused(["circuits:full_adder", str(file), *words], capsys).startswith(f"perceptron: error: {message}")
    assert not file.exists()


def test_an_unknown_format_is_told_before_the_work(capsys):
    """The circuit is not even looked for."""
    told = refused(["circuits:nothing", "few.xyz", "--collapse"], capsys)
    assert "'few.xyz': no format that this writes has this suffix; name it .aag" in told


def test_a_place_that_is_none_is_told_before_the_work(tmp_path, capsys):
    goal = tmp_path / "no" / "few.json"
    told = refused(["circuits:nothing", str(goal), "--collapse"], capsys)
    assert told.startswith(f"perceptron: error: {str(goal)!r}: there is no folder {str(goal.parent)!r}; make it first")
    folder = tmp_path / "few.json"
    folder.mkdir()
    told = refused(["circuits:nothing", str(folder), "--collapse"], capsys)
    assert told.startswith(f"perceptron: error: {str(folder)!r} is a folder; name a file")
