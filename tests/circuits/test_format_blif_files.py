"""BLIF at size, mutated and cut, and the files and traces of others."""

import os
import random
import time
import tracemalloc
from pathlib import Path

import numpy as np
import pytest
from blif_texts import adder, model, refused, same

from circuits.formats import blif
from circuits.formats.errors import CannotWriteError, FormatError
from perceptron import Tape, simulate

DATA = Path(os.environ["PERCEPTRON_DATA"]).parent / "circuits" if "PERCEPTRON_DATA" in os.environ else None
needs_data = pytest.mark.skipif(
    DATA is None or not DATA.is_dir(), reason="no circuits beside the folder that PERCEPTRON_DATA names"
)


# --- size and time


def big(count):
    lines = [".model big", ".inputs x0 x1", f".outputs x{count + 1}"]
    for index in range(2, count + 2):
        lines += [f".names x{index - 1} x{index - 2} x{index}", ("1- 1\n-0 1", "01 1", "10 1\n01 1")[index % 3]]
    return "\n".join(lines) + "\n.end\n"


def test_thirty_thousand_gates_fill_a_tape_quickly():
    text = big(30_000)
    start = time.perf_counter()
    tape = blif.loads(text, into=Tape())
    assert len(tape) == 30_002
    assert time.perf_counter() - start < 5  # about half a second on a quiet machine


def test_tables_take_no_more_memory_than_the_file_allows():
    """A cover of two rows over twelve signals must not become a table of 4,096 values."""
    names = " ".join(f"x{index}" for index in range(12))
    rng = random.Random(0)
    body = []
    for index in range(2000):
        rows = ["".join(rng.choice("01-") for _ in range(12)) + " 1" for _ in range(2)]
        body.append("\n".join([f".names {names} y{index}", *rows]))
    text = model("\n".join(body), names, " ".join(f"y{index}" for index in range(2000)))
    tracemalloc.start()
    blif.loads(text, into=Tape())
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 100 * len(text)


def mutated(text, rng):
    at, to = sorted((rng.randrange(len(text) + 1), rng.randrange(len(text) + 1)))
    kind = rng.randrange(6)
    if kind == 0:
        return text[:at] + rng.choice("01-.#\\= \n\0\xff_") + text[at:]
    if kind == 1:
        return text[:at] + text[at + 1 :]
    if kind == 2:
        return text[:at] + text[to:]
    lines = text.split("\n")
    first, second = rng.randrange(len(lines)), rng.randrange(len(lines))
    if kind == 3:
        lines[first], lines[second] = lines[second], lines[first]
    elif kind == 4:
        lines.insert(first, lines[second])
    else:
        words = " ".join(lines).split() or [""]
        lines[first] = " ".join([*lines[first].split()[:2], rng.choice(words)])
    return "\n".join(lines)


def try_to_read(text):
    """Nothing but a FormatError with a place comes out of reading; what was read can be written, or is refused."""
    place = 0
    try:
        blif.dumps(blif.loads(text))
    except FormatError as error:
        place = error.line if error.offset is None else error.offset
    except CannotWriteError:  # a backslash at the end of a word
        pass
    assert place is not None


SEEDS = [
    adder(2),
    model(".latch n q re c 1\n.names q a n\n10 1\n01 1\n.names q b y\n0- 0\n-0 0"),
    model(".names a b t \\\n y\n1-1 1\n-11 1\n.exdc\n.names a y\n1 1\n.end\n.names a t\n0 1"),
]


@pytest.mark.parametrize("seed", SEEDS)
def test_truncations_are_read_or_refused(seed):
    for length in range(len(seed)):
        try_to_read(seed[:length])
        try_to_read(seed[:length].encode())


def test_mutations_and_noise_are_read_or_refused():
    rng = random.Random(20)
    for _ in range(1500):
        text = rng.choice(SEEDS)
        for _ in range(rng.randrange(1, 5)):
            text = mutated(text, rng)
        try_to_read(text)
    for _ in range(300):
        try_to_read(rng.randbytes(rng.randrange(200)))
        try_to_read("".join(rng.choices(".names latch01-\n\\#= xy", k=rng.randrange(200))))


# --- files of others


@needs_data
@pytest.mark.parametrize("name", ["C17", "cm138a", "cm42a", "cm82a", "decod", "majority", "mux"])
def test_the_traces_of_thor_are_reproduced(name):
    net = blif.loads((DATA / "thor" / f"{name}.blif").read_text())
    signals, rows = trace_of(DATA / "thor" / f"{name}.sim")
    assert [*net.inputs, *net.outputs] == [signal.replace("[", "(").replace("]", ")") for signal in signals]
    inputs = len(net.inputs)
    assert len(rows) >= 9
    assert (simulate(net, rows[:, :inputs]) == rows[:, inputs:]).all()


def trace_of(path):
    """The signals of a `.sim` file, and its rows as an array."""
    head, *lines = path.read_text().split("\n")
    count = int(head.split()[0])
    rows = [[int(one) for one in line.partition(":")[2]] for line in lines[count:] if line.strip()]
    return lines[:count], np.array(rows)


@needs_data
def test_the_stimuli_of_thor_are_those_of_the_traces():
    """The patterns drive the circuit by themselves; what comes out is the trace."""
    for name, stimuli in (("decod", "decod"), ("mux", "mux"), ("majority", "majority"), ("C17", "C17.iscas")):
        net = blif.loads((DATA / "thor" / f"{name}.blif").read_text())
        lines = (DATA / "thor" / f"{stimuli}.pat").read_text().split("\n")[1:]
        samples = np.array([[int(one) for one in line.partition(" ")[0]] for line in lines if line.strip()])
        _, rows = trace_of(DATA / "thor" / f"{name}.sim")
        assert (np.hstack([samples, simulate(net, samples)]) == rows).all()


@needs_data
def test_the_parser_cases_of_others_behave_as_they_say():
    manifest = [line.split("\t") for line in (DATA / "blif" / "MANIFEST.tsv").read_text().splitlines()[1:]]
    seen = 0
    for file, *_, expected in manifest:
        path = DATA / "blif" / file
        if path.suffix != ".blif" or not path.is_file():
            continue
        seen += 1
        text = path.read_text()
        if expected == "parse_error":
            refused(text)
            continue
        net = blif.loads(text)
        same(net, blif.loads(blif.dumps(net)))
    assert seen >= 10


@needs_data
def test_latches_of_others_begin_as_they_say():
    net = blif.loads((DATA / "blif" / "mockturtle_blif_reader_02.blif").read_text())
    assert [state.initial for state in net.states.values()] == [0, 1, None, None, 1]


@needs_data
@pytest.mark.parametrize("name", ["adder", "bar", "cavlc", "ctrl", "dec", "int2float", "priority", "router"])
def test_the_epfl_circuits_survive(name):
    text = (DATA / "epfl" / f"{name}.blif").read_text()
    net = blif.loads(text)
    again = blif.loads(blif.dumps(net))
    assert list(again.graph) == list(net.graph)
    same(net, again)


@needs_data
def test_the_epfl_adder_adds():
    net = blif.loads((DATA / "epfl" / "adder.blif").read_text())
    rng = np.random.default_rng(3)
    samples = rng.integers(0, 2, (50, 256))
    for row, out in zip(samples, simulate(net, samples), strict=True):
        first, second, total = (sum(int(bit) << at for at, bit in enumerate(bits)) for bits in (*np.split(row, 2), out))
        assert first + second == total


@needs_data
def test_the_epfl_decoder_decodes():
    net = blif.loads((DATA / "epfl" / "dec.blif").read_text())
    samples = np.array([[number >> bit & 1 for bit in range(8)] for number in range(256)])
    assert list(net.outputs) == [f"selectp{half}[{number}]" for half in (1, 2) for number in range(128)]
    expected = np.roll(np.eye(256), 128, axis=1)  # the second half of the lines is for the numbers up to 127
    assert (simulate(net, samples) == expected).all()
