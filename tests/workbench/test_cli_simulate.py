"""The command `simulate`: words and bits in files of any length, and a circuit against another."""

from __future__ import annotations

import io
import itertools
import json
import os
import random
import subprocess
import sys
from functools import partial

import pytest

from workbench.cli import main

ADDER = "circuits:ripple_carry_adder(8)"
SAME = "circuits:threshold_ripple_carry_adder(8)"
BROKEN = """
from circuits import threshold_ripple_carry_adder
from perceptron import Unit

net = threshold_ripple_carry_adder(8).network.copy()
net.graph.nodes["fa7.carry"]["unit"] = Unit(-5)
"""


@pytest.fixture
def run(run):
    """Run the command: (status, standard output, standard error)."""
    return partial(run, "simulate")


@pytest.fixture
def stimuli(tmp_path):
    def written(text):
        path = tmp_path / "in.csv"
        path.write_text(text)
        return path

    return written


# --- words in files


def test_words_are_integers_in_any_notation(run, stimuli):
    path = stimuli("b,a\n100,200\n0b11,0xff\n007, 1\n\n5.0,0o10\n")

    assert run(ADDER, "--csv", path) == (0, "sum\n300\n258\n8\n13\n", "")


def test_bits_give_bits_and_words_words_unless_told(run, stimuli):
    bits = ",".join(f"{word}[{place}]" for word in "ab" for place in range(8))
    row = ",".join("1" * 8 + "0" * 8)
    path = stimuli(f"{bits}\n{row}\n")
    shown = ",".join(f"sum[{place}]" for place in range(9)) + "\n" + ",".join("111111110") + "\n"

    assert run(ADDER, "-i", path) == (0, shown, "")
    assert run(ADDER, "-i", path, "--words") == (0, "sum\n255\n", "")
    assert run(ADDER, "-i", stimuli("a,b\n255,0\n"), "--bits") == (0, shown, "")
    mixed = ",".join(f"b[{place}]" for place in range(8))
    assert run(ADDER, "-i", stimuli(f"{mixed},a\n{','.join('1' * 8)},1\n")) == (0, "sum\n256\n", "")


def test_wide_words(run, stimuli):
    path = stimuli(f"a,b\n{2**99},{2**99 + 1}\n0x{'f' * 25},1\n")

    assert run("circuits:ripple_carry_adder(100)", "-i", path)[1] == f"sum\n{2**100 + 1}\n{2**100}\n"


def test_words_of_a_circuit_file(run, stimuli, tmp_path):
    main(["convert", ADDER, str(tmp_path / "adder.aig")])

    assert run(tmp_path / "adder.aig", "-i", stimuli("a,b\n7,9\n"))[1] == "sum\n16\n"


def test_each_row_of_a_machine_is_a_step(run, stimuli, tmp_path):
    """A toggle that holds while `up` is 0, over more rows than a block has."""
    (tmp_path / "toggle.blif").write_text(
        ".model toggle\n.inputs up\n.outputs q\n.latch d q 0\n.names up q d\n10 1\n01 1\n.end\n"
    )
    ups = [random.Random(0).randrange(2) for _ in range(70_000)]
    path = stimuli("up\n" + "".join(f"{up}\n" for up in ups))
    _, out, _ = run(tmp_path / "toggle.blif", "-i", path)
    wanted = [0, *itertools.accumulate(ups, lambda state, up: state ^ up)]

    assert out.split("\n")[1:-1] == [str(state) for state in wanted[:-1]]


def test_real_inputs_are_numbers(run, stimuli, tmp_path):
    (tmp_path / "soft.py").write_text(
        "from perceptron import Network, SIGMOID, Unit\n"
        "net = Network()\nnet.output('y', net.add(Unit(0, SIGMOID), {net.input('x', real=True): 1}))\n"
    )

    assert run(f"{tmp_path / 'soft.py'}:net", "-i", stimuli("x\n0\n-0.0\n"))[1] == "y\n0.5\n0.5\n"
    assert (
        "line 3: input 'x' is inf; give a finite number"
        in run(f"{tmp_path / 'soft.py'}:net", "-i", stimuli("x\n0\ninf\n"))[2]
    )


def test_standard_input(run, monkeypatch):
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"\xef\xbb\xbfa,b\r\n1,2\r\n")))

    assert run(ADDER, "-i", "-") == (0, "sum\n3\n", "")
    assert not sys.stdin.closed


def test_an_empty_table_has_its_header(run, stimuli):
    assert run(ADDER, "-i", stimuli("a,b\n")) == (0, "sum\n", "")


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("a,b\n1,300\n", "line 2: input 'b' is 300; give an integer from 0 to 255"),
        ("a,b\n1,2\n\n1,-1\n", "line 4: input 'b' is -1; give an integer from 0 to 255"),
        ("a,b\n1,1.5\n", "line 2: input 'b' is 1.5; give an integer from 0 to 255"),
        ("a,b\n1,nan\n", "line 2: input 'b' is nan; give an integer from 0 to 255"),
        ("a,b\n1,\n", "line 2 has ''; give numbers"),
        ("a\n1\n", "has no column for input 'b'; add one"),
        ("a,b[0],b[2]\n1,1,1\n", "has no column for input 'b[1]'; add one"),
        ("a,b,a[0]\n1,1,1\n", "input 'a[0]' is given by 'a' and by 'a[0]'; give it once"),
        ("a,b,b\n1,1,1\n", "has the column 'b' twice"),
        ("a,b,c\n1,1,1\n", "has a column 'c'; the inputs are a, b"),
        ("", "is empty"),
        ("a,b\n" + "1,2\n" * 50_000 + "1,2,3\n", "line 50002 has 3 cells for 2 columns"),
        ("a,b\n" + "1,2\n" * 50_000 + "1,x\n", "line 50002 has 'x'; give numbers"),
        ("a,b\n" + "1,2\n" * 50_000 + '1,"' + "9" * 200_000 + '"\n', "line 50002: field larger than field limit"),
    ],
)
def test_what_is_wrong_is_one_line_and_leaves_no_file(run, stimuli, tmp_path, text, part):
    out = tmp_path / "out.csv"
    out.write_text("mine")
    status, printed, err = run(ADDER, "-i", stimuli(text), "-o", out)

    assert (status, printed) == (2, "")
    assert part in err
    assert err.count("\n") == 1
    assert sorted(os.listdir(tmp_path)) == ["in.csv", "out.csv"]
    assert out.read_text() == "mine"


def test_a_byte_that_is_no_text_is_found_far_down(run, tmp_path):
    path = tmp_path / "in.csv"
    path.write_bytes(b"a,b\n" + b"1,2\n" * 30_000 + b"\xff,2\n")

    assert "is no text (byte 120004)" in run(ADDER, "-i", path)[2]


def test_a_folder_that_is_not_there(run, stimuli, tmp_path):
    out = tmp_path / "nowhere" / "out.csv"
    status, _, err = run(ADDER, "-i", stimuli("a,b\n1,2\n"), "-o", out)

    assert status == 2
    assert str(out) in err
    assert ".part" not in err


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="the peak is in other units elsewhere")
def test_memory_does_not_grow_with_the_file(tmp_path):
    """Twenty times the rows, and not twice the memory."""
    peaks = []
    for rows in (100_000, 2_000_000):
        path = tmp_path / "in.csv"
        with path.open("w") as file:
            file.write("a,b\n")
            file.writelines(itertools.repeat("200,100\n", rows))
        words = [sys.executable, "-m", "workbench.cli", "simulate", ADDER, "-i", path, "-o", tmp_path / "out.csv"]
        child = f"import resource, subprocess; subprocess.run({[str(word) for word in words]}, check=True)"
        child += "; print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
        done = subprocess.run([sys.executable, "-c", child], capture_output=True, text=True, check=True)
        peaks.append(int(done.stdout))
        with (tmp_path / "out.csv").open() as file:
            assert sum(line == "300\n" for line in file) == rows

    assert peaks[1] < 1.5 * peaks[0]


# --- patterns


def test_all_patterns_as_a_table(run):
    _, out, _ = run("circuits:half_adder", "--exhaustive")
    rows = [line.split(",") for line in out.splitlines()]

    assert rows[0] == ["pattern", "x1", "x2", "sum", "carry"]
    assert rows[1:] == [[str(2 * a + b), str(a), str(b), str(a ^ b), str(a & b)] for a in (0, 1) for b in (0, 1)]


def test_patterns_in_words(run):
    _, out, _ = run(ADDER, "--random", "200", "--words")
    rows = [[int(cell) for cell in line.split(",")] for line in out.splitlines()[1:]]

    assert out.startswith("pattern,a,b,sum\n")
    assert [row[0] for row in rows] == list(range(200))
    assert all(a + b == total for _, a, b, total in rows)


def test_the_digest_of_all_patterns_with_the_counts_of_ones(run):
    told = json.loads(run(ADDER, "--exhaustive", "--digest", "--json")[1])
    sums = [a + b for a in range(256) for b in range(256)]

    assert told["ones"] == {f"sum[{place}]": sum(total >> place & 1 for total in sums) for place in range(9)}
    assert (told["patterns"], told["seed"], told["steps"]) == (65536, None, 1)
    assert told["digest"] == run(SAME, "--exhaustive", "--digest")[1].strip()


# --- against another


def test_no_difference_is_status_0(run):
    assert run(ADDER, "--against", SAME, "--exhaustive") == (
        0,
        "65536 patterns (all there are)\n0 differ (0.000%)\n",
        "",
    )
    assert run(ADDER, "--against", SAME, "--random", "100", "--rng", "7")[:2] == (
        0,
        "100 patterns (random, seed 7)\n0 differ (0.000%)\n",
    )


def test_a_difference_is_status_1_with_counts_and_the_first(run, tmp_path):
    (tmp_path / "broken.py").write_text(BROKEN)
    other = f"{tmp_path / 'broken.py'}:net"
    status, out, err = run(ADDER, "--against", other, "--exhaustive")
    told = json.loads(run(ADDER, "--against", other, "--exhaustive", "--json")[1])

    assert (status, err) == (1, "")
    # The broken carry is right only where all three of its inputs are 1, or fewer than two are.
    wrong = [(a, b) for a in range(256) for b in range(256) if (a >> 7) + (b >> 7) + ((a % 128 + b % 128) >> 7) == 2]
    assert told["differ"] == told["by_output"]["sum[8]"] == told["by_output"]["sum[7]"] == len(wrong)
    order = min(wrong, key=lambda pair: [pair[at] >> place & 1 for at in (0, 1) for place in range(8)])
    assert told["first"]["inputs"] == [{"a": order[0], "b": order[1]}]
    assert told["first"]["outputs"][0] == {"sum": sum(order)}
    lines = out.splitlines()
    assert lines[1] == f"{len(wrong)} differ ({len(wrong) / 65536:.3%})"
    assert f"sum[7]    {len(wrong)}" in lines
    assert "(7 others never do)" in lines
    assert f"  inputs  a={order[0]} b={order[1]}" in lines
    assert f"  one     sum={sum(order)}" in lines


def test_a_difference_over_time_shows_the_steps_before(run, tmp_path):
    for name, reset in (("right", 0), ("wrong", 1)):
        (tmp_path / f"{name}.blif").write_text(
            f".model delay\n.inputs a\n.outputs q\n.latch a r 0\n.latch r q {reset}\n.end\n"
        )
    status, out, _ = run(tmp_path / "right.blif", "--against", tmp_path / "wrong.blif", "--exhaustive", "--steps", "3")

    assert status == 1
    assert out.splitlines() == [
        "8 patterns (all there are), 3 steps each",
        "8 differ (33.333%)",
        "",
        "output  differs",
        "q             8",
        "",
        "first in pattern 0, at step 0",
        "  step 0  a=0",
        "  one     q=0",
        "  other   q=1",
    ]


@pytest.mark.parametrize(
    ("words", "part"),
    [
        (["--against", SAME], "give either -i stimuli.csv or --random N, or --exhaustive"),
        (["--random", "5", "--exhaustive"], "give either"),
        (["-i", "in.csv", "--against", SAME], "--against goes with --random or --exhaustive"),
        (["--random", "5", "--json"], "--json goes with --digest or --against"),
        (["--random", "5", "--against", SAME, "--digest"], "leave out --digest and -o"),
        (["--random", "5", "--against", "circuits:half_adder"], "only the first network has the input 'a[0]'"),
        (["--random", "0", "--against", SAME], "patterns is 0; give a whole number of at least 1"),
        (["--random", "5", "--words", "--bits"], "not allowed with"),
    ],
)
def test_what_does_not_go_together(run, words, part):
    status, out, err = run(ADDER, *words)

    assert (status, out) == (2, "")
    assert part in err


def test_too_many_patterns_for_all(run):
    assert "64 inputs have 2**64 patterns" in run("circuits:ripple_carry_adder(32)", "--exhaustive", "--digest")[2]


def test_help_says_what_the_status_means(run):
    assert "with --against 1 if there is a difference" in run("--help")[1]
