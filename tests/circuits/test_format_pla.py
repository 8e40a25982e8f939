"""PLA: terms and outputs of every type, what is refused and where, and third-party files and traces."""

import os
import random
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from circuits import gate_name
from circuits.formats import pla
from circuits.formats.errors import FormatError
from perceptron import Tape, simulate, truth_table

DATA = Path(os.environ["PERCEPTRON_DATA"]).parent / "circuits" if "PERCEPTRON_DATA" in os.environ else None
needs_data = pytest.mark.skipif(
    DATA is None or not DATA.is_dir(), reason="no circuits beside the folder that PERCEPTRON_DATA names"
)


def columns(net):
    outputs = truth_table(net).outputs
    return ["".join(map(str, outputs[:, index])) for index in range(outputs.shape[1])]


def refused(text, words, line):
    with pytest.raises(FormatError) as caught:
        pla.loads(text)
    assert words in str(caught.value)
    assert caught.value.line == line


def test_terms_are_ands_that_outputs_share():
    net = pla.loads(".i 3\n.o 2\n.ilb a b c\n.ob f g\n.p 3\n110 11\n-01 10\n0-- 01\n.e\n")
    assert net.inputs == ("a", "b", "c")
    assert dict(net.outputs) == {"f": "f", "g": "g"}
    assert net.fanin("f") == [("p1", 2), ("p2", 2)]
    assert net.fanin("g") == [("p1", 2), ("a", -2)]
    assert columns(net) == ["01000110", "11110010"]


def test_an_output_of_one_term_is_the_term():
    net = pla.loads(".i 2\n.o 3\n11 100\n1- 010\n-0 001\n.e")
    assert dict(net.outputs) == {"y1": "y1", "y2": "x1", "y3": "y3"}
    assert [gate_name(net, node) for node in net.units] == ["AND", "NOT"]
    assert columns(net) == ["0001", "0011", "1010"]


def test_an_output_with_the_name_of_an_input():
    net = pla.loads(".i 2\n.o 1\n.ilb a b\n.ob a\n10 1\n01 1\n.e")
    assert list(net.outputs) == ["a"]
    assert columns(net) == ["0110"]


def test_no_terms_and_terms_that_always_hold():
    net = pla.loads(".i 2\n.o 3\n.p 2\n-- 010\n-- 011\n.e")
    assert columns(net) == ["0000", "1111", "1111"]
    assert columns(pla.loads(".i 1\n.o 1\n.p 0\n.e")) == ["00"]
    assert columns(pla.loads(".i 0\n.o 2\n10\n.e")) == ["1", "0"]


@pytest.mark.parametrize(
    ("kind", "rows", "expected"),
    [
        ("f", "00 1\n01 0\n10 -\n11 ~", "1000"),
        ("fd", "00 4\n01 3\n10 2\n11 ~", "1000"),
        ("fr", "00 1\n01 0\n10 4\n11 3", "1010"),
        ("fdr", "00 1\n01 0\n10 -\n11 2", "1000"),
        ("fd", "0- 1\n-0 -", "1100"),
        ("fr", "2- 0", "0000"),
    ],
)
def test_types(kind, rows, expected):
    assert columns(pla.loads(f".i 2\n.o 1\n.type {kind}\n{rows}\n.e")) == [expected]


@given(st.data())
def test_parities_of_terms(data):
    """The oracle counts the terms that match."""
    inputs = data.draw(st.integers(1, 5))
    row = st.lists(st.sampled_from("01-"), min_size=inputs, max_size=inputs).map("".join)
    rows = data.draw(st.lists(row, min_size=1, max_size=6))
    text = f".i {inputs}\n.o 1\n.type {{}}\n" + "".join(f"{one} 1\n" for one in rows) + ".e\n"
    sums = [
        sum(all(one in ("-", str(bit)) for one, bit in zip(row, bits, strict=True)) for row in rows)
        for bits in np.ndindex(*[2] * inputs)
    ]
    assert columns(pla.loads(text.format("esop"))) == ["".join(str(one & 1) for one in sums)]
    assert columns(pla.loads(text.format("f"))) == ["".join(str(int(one > 0)) for one in sums)]
    tape = pla.loads(text.format("esop"), into=Tape())
    assert columns(tape.to_network()) == ["".join(str(one & 1) for one in sums)]


@pytest.mark.parametrize("row", ["1 0|1", "10|1", "1|0 | 1", "1\n0 1", "101", "10\n\n# more\n1"])
def test_what_may_stand_between_columns(row):
    assert columns(pla.loads(f".i 2\n.o 1\n{row}\n.end\n")) == ["0010"]


@pytest.mark.parametrize(
    ("text", "words", "line"),
    [
        ("", "no .i", 1),
        (".i 2\n", "no .o", 1),
        ("10 1\n.i 2\n.o 1", "before .i and .o", 1),
        (".i 2\n.o 1\n1 1\n.e", "2 characters", 3),
        (".i 2\n.o 1\n101 1\n.e", "4 characters", 3),
        (".i 2\n.o 1\n1x 1\n.e", "'x'", 3),
        (".i 2\n.o 1\n10 5\n.e", "'5'", 3),
        (".i 2\n.o 1\n10 1\n.i 3\n", "already", 4),
        (".i two\n", "'two'", 1),
        (".i -1\n", "'-1'", 1),
        (".i 4000000000\n.o 1\n", "9 digits", 1),
        (".i 400000000\n.o 1\n.e", "promises", 1),
        (f".i {'9' * 10000}\n", "9 digits", 1),
        (".i 2\n.o 0\n.e", ".o is 0", 2),
        (".i 2\n.o 1\n.ilb a\n10 1\n.e", "1 names for 2", 3),
        (".i 2\n.o 1\n.ilb a a\n10 1\n.e", "driven twice", 3),
        (".i 2\n.o 2\n.ob a a\n10 11\n.e", "named twice", 3),
        (".i 2\n.o 1\n.ob a\n.ob b\n10 1\n.e", "already", 4),
        (".i 2\n.o 1\n.type r\n10 1\n.e", "'r'", 3),
        (".i 2\n.o 1\n.mv 3\n", "'.mv'", 3),
        (".i 2\n.o 1\n.phase 1\n", "'.phase'", 3),
        (".i 2\n.o 1\n.kiss\n", "'.kiss'", 3),
        (".i 2\n.o 1\n.p 3\n10 1\n", "1 of 3 rows", 4),
        (".i 2\n.o 1\n10 1\n.e\n11 1\n", "behind .e", 5),
        (".i 2\n.o 1\n.type fr\n1- 1\n-0 0\n.e", "is 0 by this row", 5),
        (".i 2\n.o 1\n10 1\n.type fr\n.e", "behind a row", 4),
    ],
)
def test_what_is_wrong_is_said_with_its_line(text, words, line):
    refused(text, words, line)


def test_binary_garbage():
    with pytest.raises(FormatError, match="byte 0"):
        pla.loads(b"\xff\xfe")


def test_a_number_of_rows_that_is_wrong_is_left_where_the_file_ends_well():
    assert columns(pla.loads(".i 1\n.o 1\n.p 7\n1 1\n.e")) == ["01"]


def test_names_that_a_builder_has_already():
    tape = Tape()
    tape.input("x1")
    with pytest.raises(FormatError, match="'x1'"):
        pla.loads(".i 1\n.o 1\n1 1\n.e", into=tape)


def test_a_row_in_a_hundred_thousand_lines_is_read_in_time():
    text = ".i 99999\n.o 1\n" + "1\n" * 100_000 + ".e"
    assert len(pla.loads(text).inputs) == 99_999


SEED = ".i 3\n.o 2\n.ilb a b c\n.ob f g\n.type fr\n.p 3\n110 11\n-01 10\n0-- 01\n.e\n"


def try_to_read(text):
    place = 0
    try:
        pla.loads(text)
    except FormatError as error:
        place = error.line if error.offset is None else error.offset
    assert place is not None


def test_truncations_mutations_and_noise_are_read_or_refused():
    rng = random.Random(21)
    for length in range(len(SEED)):
        try_to_read(SEED[:length])
    for _ in range(3000):
        text = SEED
        for _ in range(rng.randrange(1, 5)):
            at, to = sorted((rng.randrange(len(text) + 1), rng.randrange(len(text) + 1)))
            text = rng.choice(
                [
                    text[:at] + rng.choice("01-.#|~ \n\0pioe9") + text[at:],
                    text[:at] + text[at + 1 :],
                    text[:at] + text[to:],
                ]
            )
        try_to_read(text)
    for _ in range(500):
        try_to_read(rng.randbytes(rng.randrange(100)))
        try_to_read(".i 2\n.o 1\n" + "".join(rng.choices("01-.|~\n ioptype", k=rng.randrange(60))))


@needs_data
def test_the_trace_of_thor_is_reproduced():
    net = pla.loads((DATA / "thor" / "xor5.pla").read_text())
    head, *lines = (DATA / "thor" / "xor5.sim").read_text().split("\n")
    count = int(head.split()[0])
    assert [*net.inputs, *net.outputs] == lines[:count]
    rows = np.array([[int(one) for one in line.partition(":")[2]] for line in lines[count:] if line.strip()])
    assert (simulate(net, rows[:, :5]) == rows[:, 5:]).all()
    stimuli = (DATA / "thor" / "xor5.pla.pat").read_text().split("\n")[1:]
    assert [[int(one) for one in line.split()[0]] for line in stimuli if line.strip()] == rows[:, :5].tolist()
    assert columns(net) == ["".join(str(number.bit_count() & 1) for number in range(32))]


@needs_data
def test_the_parser_cases_of_others_behave_as_they_say():
    manifest = [line.split("\t") for line in (DATA / "blif" / "MANIFEST.tsv").read_text().splitlines()[1:]]
    seen = 0
    for file, *_, expected in manifest:
        path = DATA / "blif" / file
        if path.suffix != ".pla" or not path.is_file():
            continue
        seen += 1
        if expected == "parse_error":
            with pytest.raises(FormatError):
                pla.loads(path.read_text())
        else:
            pla.loads(path.read_text())
    assert seen
