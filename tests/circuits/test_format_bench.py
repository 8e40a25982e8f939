"""BENCH: what the files of the field say, what breaks them, and every network survives."""

import random

import numpy as np
import pytest
from hypothesis import given
from machines import circuits_folder, machines, same
from strategies import networks

from circuits import CircuitError, half_adder, threshold_full_adder
from circuits.formats import bench
from circuits.formats.errors import CannotWriteError, FormatError
from perceptron import SIGMOID, Network, PerceptronError, Table, Tape, Unit, simulate, truth_table


def rows(text):
    return [tuple(int(value) for value in row) for row in truth_table(bench.loads(text))]


@given(machines(wide=True))
def test_any_network_survives(net):
    """Parallel edges, constants, outputs that are inputs, states, wide units with any weights."""
    text = bench.dumps(net)
    back = bench.loads(text)
    same(net, back)
    assert bench.dumps(bench.loads(bench.dumps(back))) == bench.dumps(back)
    assert bench.dumps(Tape.from_network(net)) == text


@given(machines(extreme=True))
def test_any_weights_survive(net):
    same(net, bench.loads(bench.dumps(net)))


@given(networks(wild=True))
def test_strange_names_survive_or_are_named(net):
    try:
        text = bench.dumps(net)
    except CannotWriteError as error:
        refused = str(error)
    else:
        same(net, bench.loads(text))
        return
    assert any(repr(name) in refused for name in [*net.inputs, *net.outputs])


def test_internal_names_survive():
    net = half_adder.network
    back = bench.loads(bench.dumps(net))
    kept = [node for node in net.units if node not in net.outputs.values()]
    assert set(kept) <= set(back.graph)


@pytest.mark.parametrize(
    ("gate", "expected"),
    [
        ("AND(a, b)", [0, 0, 0, 1]),
        ("or(a,b)", [0, 1, 1, 1]),
        ("Nand( a , b )", [1, 1, 1, 0]),
        ("NOR(a, b)", [1, 0, 0, 0]),
        ("XOR(a, b)", [0, 1, 1, 0]),
        ("XNOR(a, b)", [1, 0, 0, 1]),
        ("NOT(a)", [1, 1, 0, 0]),
        ("BUFF(b)", [0, 1, 0, 1]),
        ("BUF(b)", [0, 1, 0, 1]),
        ("b", [0, 1, 0, 1]),
        ("vdd", [1, 1, 1, 1]),
        ("gnd", [0, 0, 0, 0]),
        ("AND(a, vdd)", [0, 0, 1, 1]),
        ("NAND(a, a)", [1, 1, 0, 0]),
        ("LUT 0x2 (a, b)", [0, 0, 1, 0]),  # row 1 is a = 1, b = 0
        ("LUT 0x1 (a)", [1, 1, 0, 0]),
        ("LUT 0x1 ()", [1, 1, 1, 1]),
        ("MUX(a, b, gnd)", [0, 0, 0, 1]),
        ("XOR(a, b, a)", [0, 1, 0, 1]),
    ],
)
def test_a_gate(gate, expected):
    assert [row[2] for row in rows(f"INPUT(a)\nINPUT(b)\nOUTPUT(y)\ny = {gate}\n")] == expected


def test_letter_case_blanks_comments_and_order():
    text = "# c\r\n input ( a )#x\n\n OutPut(\ty )\n y=nand(a ,\n z)\n\tz = Not( a )"
    assert rows(text) == [(0, 1), (1, 1)]


def test_a_lut_is_one_table_unit():
    net = bench.loads("INPUT(a) INPUT(b) INPUT(c) OUTPUT(y) y = LUT 0xe8 (a, b, c)")
    assert net.unit("y") == Unit(0, Table(0, 0, 0, 1, 0, 1, 1, 1))
    assert net.fanin("y") == [("a", 1), ("b", 2), ("c", 4)]


def test_flip_flops_and_their_initial_values():
    net = bench.loads(
        "INPUT(a) OUTPUT(q) q = DFF(d) d = XOR(a, q) r = DFF1(r) s = dff0(a) t = DFFRSE(a, gnd, gnd, gnd, gnd)"
    )
    assert {name: (state.next, state.initial) for name, state in net.states.items()} == {
        "q": ("d", None),
        "r": ("r", 1),
        "s": ("a", 0),
        "t": ("a", None),
    }
    assert simulate(net, [[[1]], [[1]], [[0]], [[1]]])[:, 0, 0].tolist() == [0, 1, 0, 0]


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("INPUT(a)\nINPUT(a)\n", 2, "'a' is driven twice"),
        ("INPUT(a)\na = NOT(a)\n", 2, "'a' is driven twice (first on line 1)"),
        ("INPUT(a)\nOUTPUT(a)\nOUTPUT(a)\n", 3, "output 'a' is named twice"),
        ("OUTPUT(y)\n", 1, "'y', which nothing drives"),
        ("y = NOT(x)\n", 1, "'x', which nothing drives"),
        ("y = NOT(z)\nz = NOT(y)\n", 1, "loop"),
        ("y = NOT(y)\n", 1, "loop"),
        ("INPUT(a)\n\ny = FOO(a)\n", 3, "'FOO', which is no gate"),
        ("INPUT(a)\ny = NOT(a, a)\n", 2, "NOT of 'y' has 2 pins; give 1"),
        ("INPUT(a)\ny = MUX(a, a)\n", 2, "has 2 pins; give 3"),
        ("INPUT(a)\ny = AND()\n", 2, "no pins"),
        ("INPUT(a\n", 2, "the file ends"),
        ("INPUT(a, b)\n", 1, "2 names"),
        ("INPUT()\n", 1, "0 names"),
        ("y := a\n", 1, "':' stands where '='"),
        ("y = LUT 8 (a)\n", 1, "no hexadecimal number"),
        ("INPUT(a)\ny = LUT 0x8 (a)\n", 2, "more than the 2 rows"),
        ("INPUT(a)\ny = LUT 0x123 (a)\n", 2, "1 digits, but 3"),
        ("y = LUT 0x1 (" + ", ".join("abcdefg") + ")\n", 1, "7 pins need 32 digits"),
        ("y = LUT 0x1 (" + ", ".join(["a"] * 60) + ")\n", 1, "the most is 16"),
        ("\x00\x01", 1, "not text"),
        ("y = (a)", 1, "'(' stands where what drives 'y'"),
        ("= a", 1, "'=' stands where a name"),
        ("INPUT(a)\ny = DFFRSE(a, a, gnd, gnd, gnd)", 2, "(next, gnd, gnd, gnd, gnd)"),
    ],
)
def test_a_broken_file(text, line, words):
    with pytest.raises(FormatError) as caught:
        bench.loads(text)
    assert caught.value.line == line
    assert words in caught.value.reason


def test_bytes_that_are_no_text():
    with pytest.raises(FormatError, match=r"byte 9: .*not text in UTF-8"):
        bench.loads(b"INPUT(a)\n\xff")
    assert bench.loads("INPUT(ä)\nOUTPUT(ä)".encode()).inputs == ("ä",)


def test_a_name_that_the_builder_has():
    net = Network()
    net.input("a")
    with pytest.raises(FormatError, match="'a' is there already"):
        bench.loads("INPUT(a)", into=net)


@pytest.mark.parametrize(
    ("build", "words"),
    [
        (lambda net: net.output("y", net.add(Unit(0, SIGMOID), [(net.input("x", real=True), 1)], name="s")), "'x'"),
        (lambda net: net.output("y", net.add(Unit(0, SIGMOID), name="s")), "unit 's' is a sigmoid"),
        (lambda net: net.output("a b", net.input("x")), "output 'a b'"),
        (lambda net: net.output("y", net.input("f(x)")), "input 'f(x)'"),
        (lambda net: net.output("x", net.add(Unit(1), [(net.input("x"), -2)])), "output 'x' has the same name"),
    ],
)
def test_what_cannot_be_written(build, words):
    net = Network()
    build(net)
    with pytest.raises(CannotWriteError) as caught:
        bench.dumps(net)
    assert words in str(caught.value)


def test_a_state_with_another_initial_value():
    net = Network()
    q = net.state("q", 0.5)
    net.feedback(q, q)
    net.output("y", q)
    with pytest.raises(PerceptronError, match="'q'"):
        bench.dumps(net)


def test_an_invalid_network():
    net = Network()
    net.output("y", net.add(Unit(0, Table(0, 1)), [(net.input("x"), 2)], name="u"))
    with pytest.raises(PerceptronError, match="'u'"):
        bench.dumps(net)
    assert not issubclass(CircuitError, FormatError)


def test_names_that_are_words_of_the_format():
    net = Network()
    gnd = net.input("gnd")
    net.output("INPUT", net.add(Unit(1), [(gnd, -2)], name="VDD"))
    net.output("one", net.add(Unit(1), name="LUT"))
    same(net, bench.loads(bench.dumps(net)))


def test_an_output_takes_the_name_of_another_unit():
    net = Network()
    x = net.input("x")
    n1 = net.add(Unit(1), [(x, -2)], name="n1")
    net.output("n1", net.add(Unit(1), [(n1, -2)], name="n2"))
    net.output("x", x)
    same(net, bench.loads(bench.dumps(net)))


def test_gates_are_written_by_name():
    text = bench.dumps(threshold_full_adder.network)
    assert "LUT" in text
    net = bench.loads("INPUT(a) INPUT(b) OUTPUT(y) y = NOR(a, a, b)")
    assert bench.dumps(net).splitlines()[-1] == "y = NOR(a, a, b)"


def test_a_wide_gate_with_inverted_pins():
    net = Network()
    xs = [net.input(f"x{place}") for place in range(9)]
    net.output("y", net.add(Unit(-5), [(x, -2 if place % 3 else 2) for place, x in enumerate(xs)], name="y"))
    assert "inv1 = NOT(x1)" in bench.dumps(net)
    same(net, bench.loads(bench.dumps(net)))


def test_a_long_chain_needs_no_recursion():
    lines = ["INPUT(n0)", "OUTPUT(n50000)", *(f"n{place + 1} = NOT(n{place})" for place in reversed(range(50_000)))]
    tape = bench.loads("\n".join(lines), into=Tape())
    assert len(tape) == 50_001


def test_random_bytes_and_broken_files_give_one_error():
    rng = random.Random(5)
    good = (
        "# x\nINPUT(a)\nINPUT(b)\nOUTPUT(y)\nOUTPUT(q)\nq = DFF1(y)\ny = NAND(a, n)\nn = LUT 0x96 (a, b, q)\n"
        "z = MUX(a, b, vdd)\n"
    )
    pieces = [*"()=,# \n\x00\x85\u2028é", "LUT", "0x", "INPUT", "DFF", "gnd", "a", "y", "q", "0" * 50, "(((("]
    for end in range(len(good)):
        _reads_or_refuses(good[:end])
        _reads_or_refuses(good[:end].encode() + b"\xc3")
    for _ in range(1500):
        text = list(good)
        for _ in range(rng.randint(1, 4)):
            at = rng.randrange(len(text))
            text[at : at + rng.choice([0, 1, 1, 8])] = rng.choice(pieces)
        _reads_or_refuses("".join(text))
        _reads_or_refuses(bytes(rng.choices(range(256), k=rng.randint(0, 40))))


def _reads_or_refuses(text):
    try:
        bench.loads(text)
    except FormatError as error:
        place = error.line if error.offset is None else error.offset
    else:
        return
    assert place is not None


@pytest.mark.parametrize("name", ["c17", "c432", "c499", "c880", "c1355", "c6288"])
def test_iscas85(name):
    text = (circuits_folder() / "iscas85" / f"{name}.bench").read_text()
    net = bench.loads(text)
    assert f"# {len(net.inputs)} inputs" in text
    assert f"# {len(net.outputs)} outputs" in text
    same(net, bench.loads(bench.dumps(net)))


@pytest.mark.parametrize("name", ["s27", "s298", "s344", "s386", "s526", "s1196", "s1488"])
def test_iscas89(name):
    text = (circuits_folder() / "iscas89" / f"{name}.bench").read_text()
    net = bench.loads(text)
    assert f"# {len(net.states)} D-type flipflops" in text
    same(net, bench.loads(bench.dumps(net)))


def test_c6288_multiplies():
    """The benchmark is a multiplier of two 16-bit numbers."""
    net = bench.loads((circuits_folder() / "iscas85" / "c6288.bench").read_text())
    a, b = (np.random.default_rng(seed).integers(0, 1 << 16, 200) for seed in (1, 2))
    samples = np.array([[n >> place & 1 for n in pair for place in range(16)] for pair in zip(a, b, strict=True)])
    results = simulate(net, samples)[:, [*range(30), 31, 30]]  # the file names bit 31 before bit 30
    products = [sum(int(bit) << place for place, bit in enumerate(row)) for row in results]
    assert products == (a * b).tolist()


@pytest.mark.parametrize("file", ["lorina_bench_03", "lorina_bench_05", "mockturtle_bench_reader_01"])
def test_parser_cases(file):
    net = bench.loads((circuits_folder() / "blif" / f"{file}.bench").read_text())
    same(net, bench.loads(bench.dumps(net)))


def test_parser_case_that_is_none():
    with pytest.raises(FormatError):
        bench.loads((circuits_folder() / "blif" / "lorina_bench_01.bench").read_text())


def test_lut_adder():
    """0x96 is the sum and 0xe8 the carry of three bits."""
    net = bench.loads((circuits_folder() / "blif" / "mockturtle_bench_reader_01.bench").read_text())
    for *bits, total, carry in truth_table(net):
        assert sum(bits) == total + 2 * carry
