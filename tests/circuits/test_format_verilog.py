"""Structural Verilog: widths and operators as in the language, hierarchy, registers; and every network survives."""

import random

import numpy as np
import pytest
from hypothesis import given
from machines import circuits_folder, icarus, machines, module, numbers, same
from strategies import networks

from circuits import half_adder
from circuits.formats import bench, blif, verilog
from circuits.formats.errors import CannotWriteError, FormatError
from perceptron import SIGMOID, Network, Tape, Unit, find_difference, simulate

# --- every network


@given(machines(wide=True))
def test_any_network_survives(net):
    """Parallel edges, constants, outputs that are inputs, states, wide units with any weights."""
    text = verilog.dumps(net)
    back = verilog.loads(text)
    same(net, back)
    assert verilog.dumps(verilog.loads(verilog.dumps(back))) == verilog.dumps(back)
    assert verilog.dumps(Tape.from_network(net)) == text


@given(machines(extreme=True))
def test_any_weights_survive(net):
    same(net, verilog.loads(verilog.dumps(net)))


@given(networks(wild=True))
def test_strange_names_survive_or_are_named(net):
    try:
        text = verilog.dumps(net)
    except CannotWriteError as error:
        refused = str(error)
    else:
        same(net, verilog.loads(text))
        return
    assert any(repr(name) in refused for name in [*net.inputs, *net.outputs])


@given(machines(max_units=5))
def test_to_bench_and_back(net):
    there = bench.loads(bench.dumps(verilog.loads(verilog.dumps(net))))
    same(net, there)


def test_vectors_are_grouped_and_names_escaped():
    net = Network("m")
    for name in ("a[0]", "a[1]", "wire", "b[1]", "b[0]", "GND", "x.y", "c[0]", "c", "d,"):
        net.input(name)
    net.output("y[0]", net.add(Unit(-3), [("a[0]", 2), ("a[1]", 2)], name="y[0]"))
    net.output("y[1]", "b[0]")
    text = verilog.dumps(net)
    assert "input [1:0] a;\n" in text
    assert "output [1:0] y;\n" in text
    assert "input \\wire , \\b[1] , \\b[0] , \\GND , \\x.y , \\c[0] , c, \\d, ;\n" in text
    same(net, verilog.loads(text))


def test_the_clock_has_a_name_of_its_own():
    net = Network()
    x = net.input("clk")
    q = net.state("clk1", 1)
    net.feedback(q, x)
    net.output("clk[0]", q)
    text = verilog.dumps(net)
    assert "input clk2;" in text
    same(net, verilog.loads(text))


def test_internal_names_survive():
    back = verilog.loads(verilog.dumps(half_adder.network))
    assert set(back.graph) == set(half_adder.network.graph) | set(back.outputs.values())
    assert back.name == half_adder.network.name


@pytest.mark.parametrize(
    ("build", "words"),
    [
        (lambda net: net.output("y", net.add(Unit(0, SIGMOID), name="s")), "unit 's' is a sigmoid"),
        (lambda net: net.output("y", net.input("x", real=True)), "input 'x' takes real"),
        (lambda net: net.output("a b", net.input("x")), "output 'a b'"),
        (lambda net: net.output("y", net.input("ä")), "input 'ä'"),
        (lambda net: net.output("x", net.input("x")), "output 'x' has the same name"),
    ],
)
def test_what_cannot_be_written(build, words):
    net = Network()
    build(net)
    with pytest.raises(CannotWriteError) as caught:
        verilog.dumps(net)
    assert words in str(caught.value)


# --- the files of the field


@pytest.mark.parametrize("name", ["c17", "c432", "c499", "c880", "c1355", "c6288"])
def test_iscas85_equals_its_bench(name):
    folder = circuits_folder() / "iscas85"
    net = verilog.loads((folder / f"{name}.v").read_text())
    other = bench.loads((folder / f"{name}.bench").read_text())
    assert [one.removeprefix("N") for one in net.inputs] == list(other.inputs)
    assert [one.removeprefix("N") for one in net.outputs] == list(other.outputs)
    samples = np.random.default_rng(0).integers(0, 2, (2000, len(net.inputs)))
    assert np.array_equal(simulate(net, samples), simulate(other, samples))
    same(net, verilog.loads(verilog.dumps(net)))


@pytest.mark.parametrize("name", ["s27", "s298", "s344", "s386", "s526", "s1196", "s1488"])
def test_iscas89_equals_its_bench(name):
    """Pin by pin and flip-flop by flip-flop, by their names; the clock and supply pins of the .v are none."""
    folder = circuits_folder() / "iscas89"
    net = verilog.loads((folder / f"{name}.v").read_text())
    other = bench.loads((folder / f"{name}.bench").read_text())
    same(other, net)
    same(net, verilog.loads(verilog.dumps(net)))


@pytest.mark.parametrize("name", ["adder", "bar", "cavlc", "ctrl", "dec", "int2float", "priority", "router"])
def test_epfl_equals_its_blif(name):
    folder = circuits_folder() / "epfl"
    net = verilog.loads((folder / f"{name}.v").read_text())
    other = blif.loads((folder / f"{name}.blif").read_text())
    assert net.inputs == other.inputs
    assert list(net.outputs) == list(other.outputs)
    samples = np.random.default_rng(0).integers(0, 2, (2000, len(net.inputs)))
    assert np.array_equal(simulate(net, samples), simulate(other, samples))


def test_epfl_decoder_is_proved():
    folder = circuits_folder() / "epfl"
    net = verilog.loads((folder / "dec.v").read_text())
    assert find_difference(net, blif.loads((folder / "dec.blif").read_text())) is None


@pytest.mark.parametrize(
    "file",
    ["lorina_verilog_02", "lorina_verilog_04", "lorina_verilog_06", "lorina_verilog_10"]
    + [f"mockturtle_verilog_reader_0{number}" for number in (1, 3, 7)]
    + [f"mockturtle_write_verilog_{number}" for number in ("02", "04", "06", "12")],
)
def test_parser_cases(file):
    net = verilog.loads((circuits_folder() / "blif" / f"{file}.v").read_text())
    same(net, verilog.loads(verilog.dumps(net)))


@pytest.mark.parametrize("file", ["lorina_verilog_08", "mockturtle_verilog_reader_05"])
def test_black_boxes_have_no_function(file):
    with pytest.raises(FormatError, match="black box"):
        verilog.loads((circuits_folder() / "blif" / f"{file}.v").read_text())


# --- against a simulator that is not ours


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(10))
def test_icarus_runs_what_we_write(seed, tmp_path):
    """Random machines with states, parallel edges, tables and wide perceptrons."""
    rng = random.Random(seed)
    net = Network("machine")
    for place in range(4):
        net.input(f"a[{place}]")
    net.input("x y"[0] + ".1")
    for place in range(3):
        net.state(f"q[{place}]", rng.choice([0, 1]))
    for place in range(30):
        nodes = list(net.graph)
        fanin = [(rng.choice(nodes), rng.randint(-4, 4)) for _ in range(rng.choice([0, 1, 2, 3, 5, 12]))]
        net.add(Unit(rng.randint(-5, 5)), fanin, name=f"u{place}")
    for place in range(3):
        net.feedback(f"q[{place}]", rng.choice(list(net.graph)))
        net.output(f"q[{place}]", f"q[{place}]")
    for place in range(8):
        net.output(f"y[{place}]", rng.choice(net.units))
    text = verilog.dumps(net)
    stimuli = [[rng.randrange(16), rng.randrange(2)] for _ in range(60)]
    inputs, outputs = [("a", 4), ("\\x.1 ", 1)], [("q", 3), ("y", 8)]
    found = icarus(tmp_path, text, "machine", inputs, outputs, stimuli, "clk")
    samples = [[[*(a >> place & 1 for place in range(4)), x]] for a, x in stimuli]
    for (q, y), row in zip(found, simulate(net, samples)[:, 0].tolist(), strict=True):
        assert [int(bit) for bit in reversed(q)] + [int(bit) for bit in reversed(y)] == row


VECTORS = [("a", 4), ("b", 4), ("c", 1), ("d", 6), ("e", 3)]


def random_expression(rng, depth):
    """Any operator over vectors; unsized numbers stay out of braces, where the language does not allow them."""
    name, width = rng.choice(VECTORS)
    if depth == 0:
        leaves = [name, f"{name}[{rng.randrange(width)}]" if width > 1 else name, f"{width}'d{rng.randrange(2**width)}"]
        return rng.choice(leaves)
    one, two, three = (random_expression(rng, depth - 1) for _ in range(3))
    kind = rng.randrange(7)
    if kind < 3:
        sign = rng.choice(["&", "|", "^", "~^", "+", "-", "==", "!=", "<", ">", "<=", ">=", "&&", "||", "<<", ">>"])
        return f"({one} {sign} {two})" if rng.random() < 0.7 else f"{one} {sign} {two}"
    if kind == 3:
        return f"{rng.choice(['~', '!', '&', '|', '^', '~&', '~|', '~^', '-', '+'])}({one})"
    if kind == 4:
        return f"({one} ? {two} : {three})"
    return f"{{{one}, {two}}}" if kind == 5 else f"{{{rng.randint(1, 3)}{{{one}}}}}"


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(15))
def test_icarus_agrees_on_widths_and_operators(seed, tmp_path):
    rng = random.Random(seed)
    outputs = [(f"y{place}", rng.randint(1, 9)) for place in range(25)]
    ports = ", ".join(
        [f"input [{width - 1}:0] {name}" for name, width in VECTORS]
        + [f"output [{width - 1}:0] {name}" for name, width in outputs]
    )
    text = module("\n".join(f"assign {name} = {random_expression(rng, 3)};" for name, _ in outputs), ports)
    stimuli = [[rng.randrange(1 << width) for _, width in VECTORS] for _ in range(40)]
    found = icarus(tmp_path, text, "m", VECTORS, outputs, stimuli)
    samples = [
        [number >> place & 1 for (_, width), number in zip(VECTORS, row, strict=True) for place in range(width)]
        for row in stimuli
    ]
    expected = [[int(bits, 2) for bits in row] for row in found]
    assert [list(row.values()) for row in numbers(verilog.loads(text), samples)] == expected
