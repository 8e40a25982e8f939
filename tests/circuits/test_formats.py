"""All formats together: by suffix, from each to each other, and the published circuits in their several forms."""

import os
import re
from importlib import import_module
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from machines import circuits_folder, icarus, machines, same

from circuits import CannotWriteError, FormatError, full_adder, half_adder, read, rom, to_nand, write
from circuits.formats import FORMATS
from perceptron import (
    Network,
    NetworkError,
    PerceptronError,
    Tape,
    Unit,
    find_difference,
    merge_parallel,
    simulate,
    soften,
)
from perceptron.digest import digest

BOTH = [suffix for suffix, form in FORMATS.items() if form.reads and form.writes and suffix != ".onnx"]
LOGIC = [suffix for suffix in BOTH if suffix != ".json"]


def through(net, suffix, into=None):
    """What comes back from a format."""
    module = import_module(FORMATS[suffix].module)
    options = {"binary": suffix == ".aig"} if suffix in (".aag", ".aig") else {}
    return module.loads(module.dumps(net, **options), into=into)


@pytest.mark.parametrize("suffix", BOTH)
@given(net=machines(max_units=6))
def test_any_network_survives_every_format(suffix, net):
    try:
        back = through(net, suffix)
    except CannotWriteError:
        assert suffix != ".json"  # a name that the format cannot spell
        return
    same(net, back)


@pytest.mark.parametrize("second", BOTH)
@pytest.mark.parametrize("first", BOTH)
def test_from_each_format_to_each_other(first, second):
    for net in (to_nand(full_adder.network), counter(), constants()):
        once = through(net, first, into=Tape())
        twice = through(once, second, into=Tape())
        wanted = digest(net, 500, steps=6)

        assert digest(once, 500, steps=6) == wanted
        assert digest(twice, 500, steps=6) == wanted
        assert through(twice, second).outputs.keys() == net.outputs.keys()


def counter():
    net = Network("counter")
    carry = net.input("go")
    for place in range(3):
        bit = net.state(f"b{place}", [1, 0, None][place])
        both = net.add(Unit(-3), [(bit, 2), (carry, 2)])
        net.feedback(bit, net.add(Unit(-1), [(bit, 2), (carry, 2), (both, -4)]))
        net.output(f"q{place}", bit)
        carry = both
    net.output("carry", carry)
    return net


def constants():
    """Constants, an input as an output, one node as two outputs, an unused input, parallel edges that cancel."""
    net = Network("odd")
    a, b = net.input("a"), net.input("b")
    net.input("unused")
    one = net.add(Unit(1))
    node = net.add(Unit(-1), [(a, 2), (a, 2), (b, 3), (b, -3), (one, -1)])
    for name, value in (("zero", net.add(Unit(0))), ("one", one), ("through", b), ("y", node), ("again", node)):
        net.output(name, value)
    return net


@pytest.mark.parametrize("suffix", BOTH)
def test_files_by_suffix(tmp_path, suffix):
    path = tmp_path / f"adder{suffix}"
    write(full_adder.network, path)
    back = read(path)

    assert find_difference(back, full_adder.network) is None
    assert find_difference(read(path, into=Tape()), full_adder.network) is None
    assert os.listdir(tmp_path) == [path.name]


@pytest.mark.parametrize("suffix", [suffix for suffix, form in FORMATS.items() if form.writes and suffix != ".onnx"])
def test_a_circuit_is_refused_with_what_to_give_instead(tmp_path, suffix):
    for made, cure in ((half_adder, "give its .network"), (rom(1, 1, [1]), "give expand_memories"), (None, "give a")):
        with pytest.raises(NetworkError, match=rf"is no network; .*{cure}"):
            write(made, tmp_path / f"adder{suffix}")
    assert os.listdir(tmp_path) == []


def test_dot_is_written_only(tmp_path):
    write(half_adder.network, tmp_path / "adder.dot")

    assert (tmp_path / "adder.dot").read_text().startswith("digraph")
    with pytest.raises(PerceptronError, match=r"no format that this reads has this suffix; name it \.aag \.aig"):
        read(tmp_path / "adder.dot")


@pytest.mark.parametrize("suffix", LOGIC)
def test_what_a_format_cannot_say_is_refused_by_name(tmp_path, suffix):
    path = tmp_path / f"soft{suffix}"
    path.write_text("mine")

    with pytest.raises(CannotWriteError, match=r"'(x1|sum|n1|carry)'"):
        write(soften(half_adder.network), path)
    assert path.read_text() == "mine"
    assert os.listdir(tmp_path) == [path.name]


@pytest.mark.parametrize("suffix", [suffix for suffix, form in FORMATS.items() if form.reads])
@pytest.mark.parametrize(
    "content", [b"\x00\xff\xfe garbage \x80", b"", b"(" * 5000, b"aig 4000000000 0 0 0 4000000000\n"]
)
def test_garbage_is_one_error_with_the_file(tmp_path, suffix, content):
    path = tmp_path / f"garbage{suffix}"
    path.write_bytes(content)
    if (suffix, content) == (".bench", b""):
        return  # a list of no gates

    with pytest.raises(FormatError) as error:
        read(path)
    assert str(error.value).startswith(str(path))
    assert "\n" not in str(error.value)


def test_an_error_has_the_file_and_the_line(tmp_path):
    path = tmp_path / "broken.bench"
    path.write_text("INPUT(a)\nOUTPUT(y)\ny = AND(a, nobody)\n")

    with pytest.raises(FormatError, match="nobody") as error:
        read(path)
    assert (error.value.file, error.value.line) == (str(path), 3)


def pairs():
    """Stems that are there in several formats."""
    folder = os.environ.get("PERCEPTRON_DATA")
    root = Path(folder).parent / "circuits" if folder else None
    if root is None or not root.is_dir():
        return [
            pytest.param(None, marks=pytest.mark.skip(reason="PERCEPTRON_DATA names no folder beside the circuits"))
        ]
    stems: dict[Path, list[Path]] = {}
    for kind in ("iscas85", "iscas89", "epfl"):
        for path in sorted((root / kind).iterdir()):
            if path.suffix in FORMATS:
                stems.setdefault(path.with_suffix(""), []).append(path)
    return [pytest.param(paths, id=stem.name) for stem, paths in stems.items() if len(paths) > 1]


@pytest.mark.parametrize("paths", pairs())
def test_published_circuits_are_the_same_in_every_form(paths):
    digests = {path.suffix: read_digest(path) for path in paths}

    assert len(set(digests.values())) == 1, digests


def read_digest(path):
    tape = read(path, into=Tape())
    return digest(tape, 2000, steps=20 if tape.states else 1).text


def test_every_published_file_reads():
    root = circuits_folder()
    count = 0
    for kind in ("iscas85", "iscas89", "epfl", "thor", "aiger"):
        for path in (root / kind).rglob("*"):
            if path.suffix in FORMATS and FORMATS[path.suffix].reads:
                assert len(read(path, into=Tape())) > 0 or path.stem == "empty"
                count += 1
    assert count > 80


@pytest.mark.slow
@pytest.mark.parametrize(
    "name", ["iscas85/c17", "iscas85/c432", "iscas85/c880", "iscas85/c6288", "epfl/ctrl", "epfl/router"]
)
def test_icarus_simulates_the_published_files_as_we_do(name, tmp_path):
    """An independent simulator on the file itself, on random stimuli."""
    path = circuits_folder() / f"{name}.v"
    text = path.read_text()
    net = read(path)
    stimuli = np.random.default_rng(0).integers(0, 2, size=(200, len(net.inputs)))
    module = re.search(r"^\s*module\s+(\S+?)\s*\(", text, re.MULTILINE).group(1)
    pins = [[(f"\\{pin} ", 1) for pin in names] for names in (net.inputs, net.outputs)]
    found = icarus(tmp_path, text, module, *pins, stimuli.tolist())

    assert [[int(bit) for bit in row] for row in found] == simulate(net, stimuli).tolist()


def test_a_merged_circuit_keeps_its_digest_in_a_file(tmp_path):
    write(merge_parallel(half_adder.network), tmp_path / "merged.json")

    assert read(tmp_path / "merged.json").fanin("carry") == [("n1", -4)]
    assert digest(read(tmp_path / "merged.json"), 99) == digest(half_adder.network, 99)
