"""The command line: what it prints, and that whatever is wrong is one line and status 2."""

from __future__ import annotations

import csv
import html
import io
import json
import os
import re
import subprocess
import sys

import pytest

from learn import load
from workbench.cli import build_parser, main


def test_eval_prints_the_outputs(run):
    assert run("eval", "circuits:half_adder", "x1=1", "x2=1") == (0, "sum=0 carry=1\n", "")


def test_eval_takes_and_gives_words_as_integers(run):
    assert run("eval", "circuits:ripple_carry_adder(8)", "a=200", "b=0x64")[1] == "sum=300\n"
    assert json.loads(run("eval", "circuits:half_adder", "x1=0", "x2=1", "--json")[1]) == {"sum": 1, "carry": 0}


def test_table_as_csv(run):
    _, out, _ = run("table", "circuits:half_adder", "--format", "csv")
    rows = list(csv.reader(io.StringIO(out)))

    assert rows[0] == ["x1", "x2", "sum", "carry"]
    assert rows[1:] == [[*f"{x1}{x2}", str(x1 ^ x2), str(x1 & x2)] for x1 in (0, 1) for x2 in (0, 1)]


@pytest.mark.parametrize("form", ["text", "markdown", "json"])
def test_table_in_other_forms_has_a_line_or_object_a_row(run, form):
    _, out, _ = run("table", "circuits:nand", "--format", form)

    assert (len(json.loads(out)) if form == "json" else out.count("\n")) == {"text": 5, "markdown": 6, "json": 4}[form]


def test_stats_as_json(run):
    _, out, _ = run("stats", "circuits:half_adder", "--json")

    assert json.loads(out) == {
        "units": 5,
        "edges": 10,
        "depth": 3,
        "inputs": 2,
        "outputs": 2,
        "gates": {"NAND": 5},
    }


@pytest.mark.parametrize("suffix", ["svg", "png", "pdf", "dot"])
def test_draw_writes_the_kind_that_the_name_says(run, tmp_path, suffix):
    path = tmp_path / f"adder.{suffix}"

    assert run("draw", "circuits:half_adder", "-o", path) == (0, "", "")
    head = path.read_bytes()[:400]
    assert {"svg": b"<svg", "png": b"\x89PNG", "pdf": b"%PDF", "dot": b"digraph"}[suffix] in head


def test_draw_without_a_file_prints_dot(run):
    _, out, _ = run("draw", "circuits:half_adder", "--style", "neurons", "--merge", "--values", "x1=1", "x2=1")

    assert out.startswith("digraph")
    assert "\N{MINUS SIGN}4" in out


def test_a_python_file_with_one_circuit(run, tmp_path):
    (tmp_path / "votes.py").write_text(
        "from circuits import circuit, majority\n\n@circuit\ndef verdict(a, b, c):\n    return majority(a, b, c)\n"
    )

    assert run("eval", tmp_path / "votes.py", "a=1", "b=1", "c=0")[1] == "out=1\n"
    assert run("eval", f"{tmp_path / 'votes.py'}:verdict", "a=1", "b=0", "c=0")[1] == "out=0\n"


def test_learn_ends_with_json_saves_and_draws(run, tmp_path):
    net, curve = tmp_path / "net.npz", tmp_path / "curve.png"
    status, out, _ = run(
        "learn",
        "digits",
        "--layers",
        "64",
        "20",
        "10",
        "--epochs",
        "3",
        "--rng",
        "1",
        "-o",
        net,
        "--curve",
        curve,
        "--json",
    )
    told = json.loads(out.splitlines()[-1])

    assert status == 0
    assert [epoch["epoch"] for epoch in told["epochs"]] == [1, 2, 3]
    assert told["test_accuracy"] == told["epochs"][-1]["test_accuracy"] > 0.5
    assert load(net).layers.sizes == [64, 20, 10]
    assert load(net).accuracy == {"test": told["test_accuracy"]}
    assert load(net).settings["rng"] == 1
    assert curve.read_bytes().startswith(b"\x89PNG")
    assert json.loads(run("stats", net, "--json")[1])["gates"] == {"SIGMOID": 30}


def test_learning_twice_with_one_seed_gives_one_network(run):
    told = [json.loads(run("learn", "digits", "--epochs", "2", "--json")[1])["test_accuracy"] for _ in range(2)]

    assert told[0] == told[1]


def test_learn_reports_to_a_person(run):
    _, out, err = run("learn", "digits", "--epochs", "2", "--only", "9")

    assert "test images right" in out
    assert err.count("test accuracy") == 2


def test_read_prints_digits_and_json(run, tmp_path):
    from PIL import Image

    import learn

    digits = learn.load_digits()
    net = tmp_path / "net.npz"
    run("learn", "digits", "--epochs", "30", "-o", net)
    row = Image.new("L", (6 * 80 + 16, 96), 255)
    for place, image in enumerate(digits.test.images[6:12]):
        grey = (255 * (1 - image)).round().astype("uint8").reshape(8, 8)
        row.paste(Image.fromarray(grey).resize((64, 64), Image.Resampling.BICUBIC), (16 + 80 * place, 16))
    row.save(tmp_path / "strip.png")
    written = "".join(str(label) for label in digits.test.labels[6:12])

    status, out, err = run("read", tmp_path / "strip.png", "--model", net)
    assert (status, err) == (0, "")
    assert len(out.strip()) == 6
    assert sum(a == b for a, b in zip(out.strip(), written, strict=True)) >= 5
    told = json.loads(run("read", tmp_path / "strip.png", "--model", net, "--json")[1])
    assert told["text"] == out.strip()
    assert all(0 <= digit["confidence"] <= 1 for digit in told["digits"])
    lefts = [digit["box"][0] for digit in told["digits"]]
    assert lefts == sorted(lefts)


def test_tour_writes_a_page_that_needs_nothing_else(run, tmp_path):
    status, out, err = run("tour", "-o", tmp_path / "tour")
    page = (tmp_path / "tour" / "index.html").read_text(encoding="utf-8")

    assert (status, err) == (0, "")
    assert 'src="data:image' in page
    assert 'src="http' not in page
    assert page.count("<section>") == len(re.findall(r"^\d+\. ", out, re.MULTILINE)) == 13
    assert "256 of 256" in out
    shown = "\n".join(html.unescape(block) for block in re.findall(r"<pre>(.*?)</pre>", page, re.DOTALL))
    assert max(map(len, shown.split("\n"))) <= 80  # what the page shows at once
    assert "prefers-color-scheme: dark" in page


@pytest.mark.parametrize(
    ("words", "part"),
    [
        (["eval", "circuits:half_adder", "x1=2", "x2=1"], "'x1' is 2; give 0 or 1"),
        (["eval", "circuits:half_adder", "x1=1"], "'x2' has no value"),
        (["eval", "circuits:half_adder", "x1=1", "x2=1", "x3=1"], "no input 'x3'"),
        (["eval", "circuits:half_adder", "x1=1", "x1=1"], "'x1' is given twice"),
        (["eval", "circuits:half_adder", "x1"], "write name=value"),
        (["eval", "circuits:half_adder", "x1=one", "x2=1"], "give a number"),
        (["eval", "circuits:half_add", "x1=1"], "did you mean 'half_adder'?"),
        (["eval", "half_adder", "x1=1"], "perhaps circuits:half_adder"),
        (["eval", "circuits:__name__"], "is str and no circuit"),
        (["eval", "circuits:ripple_carry_adder"], "call it with its arguments"),
        (["eval", "circuits:ripple_carry_adder(0)"], "a word has the width 0"),
        (["eval", "circuits:ripple_carry_adder(1, 2, 3)"], "cannot be made"),
        (["eval", "circuits:ripple_carry_adder(x)"], "no plain value"),
        (["eval", "circuits:half_adder()"], "leave out the parentheses"),
        (["eval", "circuits:a.b"], "is no name"),
        (["eval", "circuits:("], "is no name"),
        (["eval", "circuits:circuit(3)"], "without parentheses"),
        (["eval", ":half_adder"], "write it before the colon"),
        (["stats", "adder.dot"], "DOT is written, not read"),
        (["table", "circuits:ripple_carry_adder(11)"], "the most is 20 inputs"),
        (["table", "nothing.py"], "there is no file 'nothing.py'"),
        (["table", "no_such_module:x"], "there is no module 'no_such_module'"),
        (["stats", "nothing.npz"], "does not exist"),
        (["draw", "circuits:half_adder", "-o", "adder.jpg"], ".svg"),
        (["draw", "circuits:half_adder", "-o", "no_such_folder/adder.svg"], "no_such_folder"),
        (["draw", "circuits:half_adder", "--cone", "nobody"], "nobody"),
        (["draw", "circuits:half_adder", "--values", "x1=1"], "'x2' has no value"),
        (["learn", "nothing"], "no folder 'nothing'"),
        (["learn", "digits", "--layers", "3", "10"], "64 pixels"),
        (["learn", "digits", "--layers", "64"], "at least two"),
        (["learn", "digits", "--rate", "nan"], "give a positive number"),
        (["learn", "digits", "--epochs", "-1"], "epochs -1 is too small"),
        (["learn", "digits", "--batch", "0"], "batch 0 is too small"),
        (["learn", "digits", "--rng", "-1"], "--rng -1 is no seed"),
        (["learn", "digits", "--only", "9", "--layers", "64", "10"], "asks one question"),
        (["learn", "digits", "-o", "net.txt"], "give it that ending"),
        (["learn", "digits", "-o", "no_such_folder/net.npz"], "there is no folder 'no_such_folder'"),
        (["read", "nothing.png"], "no such file"),
        (["read", __file__], "not an image"),
        (["tour", "-o", __file__], "is a file"),
        (["tour", "--rng", "x"], "--rng is 'x'; give a whole number"),
        (["nothing"], "invalid choice"),
    ],
)
def test_whatever_is_wrong_is_one_line(wrong, tmp_path, monkeypatch, words, part):
    monkeypatch.chdir(tmp_path)

    assert part in wrong(*words)
    assert os.listdir(tmp_path) == []


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("def broken(:\n", "is not valid Python"),
        ("1 / 0\n", "ZeroDivisionError"),
        ("import sys\nsys.exit(0)\n", "SystemExit"),
        ("from circuits import circuit\n@circuit\ndef late(a):\n    raise KeyError(a.node)\n", "KeyError: 'a'"),
        ("import no_such_module_at_all\n", "no_such_module_at_all"),
        ("x = 1\n", "defines no circuit"),
        (
            "from circuits import circuit\n@circuit\ndef one(a):\n    return a\n@circuit\ndef two(a):\n    return a\n",
            "several circuits (one, two)",
        ),
        ("from circuits import circuit\n@circuit\ndef nothing(a):\n    pass\n", "returns nothing"),
        ("from circuits import circuit\n@circuit\ndef asks(a):\n    return 1 if a else 0\n", "has no value while"),
    ],
)
def test_whatever_is_wrong_in_a_file_is_one_line(wrong, tmp_path, text, part):
    (tmp_path / "given.py").write_text(text)

    assert part in wrong("stats", tmp_path / "given.py")


def test_a_file_that_is_no_model_or_no_data_is_one_line(wrong, tmp_path):
    (tmp_path / "net.npz").write_bytes(b"not an archive")
    (tmp_path / "train-images-idx3-ubyte").write_bytes(b"\0\0\x08\x03")

    assert "net.npz" in wrong("stats", tmp_path / "net.npz")
    (tmp_path / "train-labels-idx1-ubyte").write_bytes(b"\0\0\x08\x01")
    assert "train-images-idx3-ubyte" in wrong("learn", tmp_path)


def test_a_fault_of_the_program_is_not_hidden(monkeypatch):
    monkeypatch.setattr("workbench.commands.circuit.truth_table", lambda net: 1 / 0)

    with pytest.raises(ZeroDivisionError):
        main(["table", "circuits:nand"])


def test_every_command_has_help_with_an_example(run):
    commands = build_parser()._subparsers._group_actions[0].choices
    for name in commands:
        status, out, _ = run(name, "--help")

        assert status == 0
        assert f"Example: perceptron {name}" in out


def test_help_loads_nothing_heavy():
    code = (
        "import sys\nfrom workbench.cli import main\n"
        "try:\n    main(['--help'])\nexcept SystemExit:\n    pass\n"
        "assert not {'numpy', 'networkx', 'learn', 'perceptron', 'rich'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-W", "error", "-c", code], check=True, capture_output=True)


def test_a_closed_pipe_is_no_error():
    command = f"{sys.executable} -m workbench.cli table 'circuits:ripple_carry_adder(7)' --format csv | head -1"
    done = subprocess.run(command, shell=True, capture_output=True, text=True, check=True)

    assert done.stdout.startswith("a[0],a[1]")
    assert done.stderr == ""


def test_convert_and_the_digest_of_a_function(run, tmp_path):
    """Other names, another format, another structure: one function, one digest."""
    aig, verilog = tmp_path / "adder.aig", tmp_path / "adder.v"
    assert run("convert", "circuits:full_adder", aig) == (0, "", "")
    assert run("convert", aig, verilog, "--nand") == (0, "", "")
    told = [run("simulate", name, "--random", "1000", "--rng", "3", "--digest")[1] for name in (aig, verilog)]

    assert told[0] == told[1]
    assert re.fullmatch(r"[0-9a-f]{32}\n", told[0])
    assert told[0] != run("simulate", aig, "--random", "1000", "--digest")[1]
    assert run("eval", verilog, "a=1", "b=0", "carry_in=1")[1] == "sum=0 carry=1\n"
    assert run("table", aig, "--format", "csv")[1].count("\n") == 9


def test_simulate_stimuli_from_a_file(run, tmp_path):
    (tmp_path / "in.csv").write_text("x2,x1\n0,0\n0,1\n1,1\n")
    out = tmp_path / "out.csv"

    assert run("simulate", "circuits:half_adder", "-i", tmp_path / "in.csv", "-o", out) == (0, "", "")
    assert out.read_text() == "sum,carry\n0,0\n1,0\n0,1\n"


def test_simulate_over_time_from_the_initial_values(run, tmp_path):
    (tmp_path / "toggle.aag").write_text("aag 1 0 1 1 0\n2 3\n2\n")
    _, out, _ = run("simulate", tmp_path / "toggle.aag", "--random", "2", "--steps", "3")

    assert out == "pattern,step,o0\n0,0,0\n1,0,0\n0,1,1\n1,1,1\n0,2,0\n1,2,0\n"
    assert json.loads(run("stats", tmp_path / "toggle.aag", "--json")[1])["states"] == 1


def test_bench_measures_a_file(run, tmp_path):
    run("convert", "circuits:ripple_carry_adder(8)", tmp_path / "adder.bench")
    told = json.loads(run("bench", tmp_path / "adder.bench", "--cores", "1", "--json")[1])

    assert told["gates"] == 68 + 9  # with the buffers that name the outputs
    assert told["gate_evaluations_per_second"] > 0
    assert told["ceiling_per_second"] > 0
    assert told["cores"] == 1


@pytest.mark.parametrize(
    ("words", "part"),
    [
        (["convert", "circuits:half_adder", "adder.xyz"], "no format that this writes has this suffix"),
        (["convert", "nothing.aig", "adder.v"], "No such file"),
        (["convert", "broken.aag", "adder.v"], "broken.aag: line 1: "),
        (["convert", "circuits:half_adder", "no_such_folder/a.aig"], "no_such_folder"),
        (["stats", "broken.aag"], "broken.aag: line 1: "),
        (["simulate", "circuits:half_adder"], "give either -i stimuli.csv or --random N"),
        (["simulate", "circuits:half_adder", "--random", "0", "--digest"], "patterns is 0"),
        (["simulate", "circuits:half_adder", "--random", "1", "--rng", "-1", "--digest"], "seed is -1"),
        (["simulate", "circuits:half_adder", "-i", "nothing.csv"], "No such file"),
        (["simulate", "circuits:half_adder", "-i", "missing.csv"], "no column for input 'x2'"),
        (["simulate", "circuits:half_adder", "-i", "unknown.csv"], "has a column 'x3'"),
        (["simulate", "circuits:half_adder", "-i", "ragged.csv"], "line 3 has 1 cells for 2 columns"),
        (["simulate", "circuits:half_adder", "-i", "words.csv"], "line 2 has 'one'; give numbers"),
        (["simulate", "circuits:half_adder", "-i", "two.csv"], "'two.csv' line 2: input 'x1' is 2; give 0 or 1"),
        (["simulate", "circuits:half_adder", "-i", "binary.csv"], "is no text (byte 0)"),
        (["simulate", "toggle.aag", "--random", "5", "--digest"], "say how many steps to run"),
        (["simulate", "circuits:half_adder", "-i", "missing.csv", "--steps", "3"], "--steps goes with --random"),
        (["bench", "circuits:half_adder", "--cores", "0"], "cores is 0"),
    ],
)
def test_whatever_is_wrong_with_files_is_one_line(wrong, tmp_path, monkeypatch, words, part):
    monkeypatch.chdir(tmp_path)
    texts = {
        "broken.aag": "aag 1 2\n",
        "toggle.aag": "aag 1 0 1 1 0\n2 3\n2\n",
        "missing.csv": "x1\n0\n",
        "unknown.csv": "x1,x2,x3\n0,0,0\n",
        "ragged.csv": "x1,x2\n0,0\n1\n",
        "words.csv": "x1,x2\none,0\n",
        "two.csv": "x1,x2\n2,0\n",
        "binary.csv": "\udcff\udcfe",
    }
    for name, text in texts.items():
        (tmp_path / name).write_bytes(text.encode("utf-8", "surrogateescape"))

    assert part in wrong(*words)
    assert sorted(os.listdir(tmp_path)) == sorted(texts)


def test_words_of_a_file_whole_or_bit_by_bit(run, tmp_path):
    file = tmp_path / "adder.blif"
    run("convert", "circuits:ripple_carry_adder(4)", file)
    assert run("eval", file, "a=7", "b=9")[1] == "sum=16\n"
    assert run("eval", file, "a[0]=1", "a[1]=1", "a[2]=1", "a[3]=0", "b=9")[1] == "sum=16\n"
    for values in (["a[0]=1", "b=9"], ["a=1", "a[0]=1", "b=9"]):
        assert "'a' is a word; give a=1, or each of its bits once" in run("eval", file, *values)[2]


def test_calls_with_keywords(run):
    assert run("eval", "circuits:less(8, signed=True)", "a=-3", "b=4")[1] == "out=1\n"
    assert run("eval", "circuits:less(8, signed=x)", "a=-3", "b=4")[0] == 2


def test_a_circuit_with_states_is_run_and_not_evaluated(run):
    assert "perceptron run 'circuits:counter(4)'" in run("eval", "circuits:counter(4)", "enable=1", "reset=0")[2]


ROMS = """from circuits import circuit, rom, Word
@circuit
def one(at: Word[2]):
    return rom(2, 4, [1, 2, 3])(at)
@circuit
def other(at: Word[2]):
    return rom(2, 4, [1, 2, 7])(at)
@circuit
def large(at: Word[16]):
    return rom(16, 16, [1])(at)
"""


def test_memories_are_compared_and_written_and_not_left_out(run, tmp_path):
    """A memory stands beside the network; a command that forgot it would answer for another circuit."""
    roms = tmp_path / "roms.py"
    roms.write_text(ROMS)
    assert run("check", f"{roms}:one", f"{roms}:one")[0] == 0
    assert run("check", f"{roms}:one", f"{roms}:other")[0] == 1
    assert run("simulate", f"{roms}:one", "--against", f"{roms}:other", "--exhaustive")[0] == 1
    run("convert", f"{roms}:one", tmp_path / "one.blif")
    assert run("eval", tmp_path / "one.blif", "at=2")[1] == "out=3\n"
    assert run("table", f"{roms}:one")[1].splitlines()[2].split("|")[1].split() == ["1", "1", "0", "0"]
    assert "memory 'rom1.rom' beside it: 4 words of 4 bits" in run("stats", f"{roms}:one")[1]
    assert run("convert", f"{roms}:large", tmp_path / "large.blif")[0] == 2


def test_a_file_with_states_is_run_and_not_evaluated(run, tmp_path):
    file = tmp_path / "counter.blif"
    run("convert", "circuits:counter(4)", file)
    assert "remembers what came before" in run("eval", file, "enable=1", "reset=0")[2]


def test_a_word_of_thousands_of_digits(run, tmp_path):
    wide = tmp_path / "wide.py"
    wide.write_text("from circuits import circuit, Bit\n@circuit\ndef wide(a: Bit):\n    return a.repeat(20000)\n")
    assert run("eval", wide, "a=1")[1].startswith("out=398")
