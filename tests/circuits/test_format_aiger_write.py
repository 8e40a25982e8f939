"""Writing AIGER, its property sections, round trips, and the published examples."""

import random
import re
from fractions import Fraction

import numpy as np
import pytest
from aiger_files import DATA, PROPERTIES, needs_files, published, refused, same, table, text
from hypothesis import given
from hypothesis import strategies as st
from strategies import networks

from circuits.formats import aiger
from circuits.formats.errors import CannotWriteError
from perceptron import SIGMOID, Network, State, Table, Tape, Unit, simulate

# --- Bad states, constraints, justice and fairness (1.9)

PROPERTY_NAMES = [
    *("out", "bad:0", "bad:crash", "constraint:legal"),
    *("justice:0.0", "justice:0.1", "justice:1.0:live", "fairness:busy", "fairness:1"),
]


def test_properties_are_outputs_with_telling_names():
    net = aiger.loads(PROPERTIES)
    assert list(net.outputs) == PROPERTY_NAMES
    assert simulate(net, [[1, 0, 0]]).tolist() == [[1, 0, 0, 1, 0, 1, 1, 0, 0]]
    assert aiger.dumps(net, binary=False).decode() == PROPERTIES
    binary = aiger.dumps(net)
    assert binary.startswith(b"aig 3 3 0 1 0 2 1 2 2\n2\n3\n4\n5\n2\n1\n6\n7\n2\n4\n6\no0 out\nb1 crash\n")
    assert aiger.dumps(aiger.loads(binary), binary=False).decode() == PROPERTIES


@pytest.mark.parametrize("letter", "bcf")
def test_one_property_section_alone(letter):
    place = "bc_f".index(letter)
    file = text("aag 1 1 0 0 0" + " 0" * place + " 1", 2, 3, f"{letter}0 p")
    assert aiger.dumps(aiger.loads(file), binary=False).decode() == file
    assert table(aiger.loads(file)) == [(1,), (0,)]


@pytest.mark.parametrize(
    ("lines", "reason", "line"),
    [
        (["aag 0 0 0 0 0 1", "x"], "bad state 0 is 'x'", 2),
        (["aag 0 0 0 0 0 1", 2], "bad state 0 is the literal 2; with M = 0", 2),
        (["aag 1 0 0 0 0 0 1", 2], "constraint 0 is the literal 2, which nothing defines", 2),
        (["aag 1 0 0 0 0 0 0 1", 1, 2], "justice property 0: literal 0 is the literal 2, which nothing", 3),
        (["aag 1 0 0 0 0 0 0 0 1", 2], "fairness constraint 0 is the literal 2, which nothing", 2),
        (["aag 0 0 0 0 0 0 0 1", 0], "justice property 0 has no literals", 2),
        (["aag 0 0 0 0 0 0 0 1", 4000000000, 0], "justice property 0 promises 4000000000 entries", 2),
        (["aag 0 0 0 0 0 0 0 2", 1, 1, 0], "justice property 1 promises 1 entries, but only 0 bytes follow", 4),
        (["aag 1 1 0 0 0 2", 2, 2, 2, "b0 p", "b1 p"], "two symbols are 'bad:p'", 6),
    ],
)
def test_what_the_property_sections_forbid(lines, reason, line):
    refused(text(*lines), reason, line=line)


def outputs_named(*names):
    net = Network()
    x = net.input("x")
    for name in names:
        net.output(name, x)
    return net


@pytest.mark.parametrize(
    "names",
    [
        ["bad:x", "y"],
        ["fairness:x", "bad:y"],
        ["constraint:x", "justice:0.0", "bad:z"],
        ["justice:1.0"],
        ["justice:0.1"],
        ["justice:0.0", "justice:0.2"],
        ["justice:0.0", "justice:2.0"],
        ["justice:0.0:a", "justice:0.1:b"],
        ["justice:0.0", "justice:0.1:b"],
        ["justice:0.0", "justice:1.0", "justice:0.1"],
    ],
)
def test_outputs_out_of_the_order_of_the_sections_are_refused_by_name(names):
    with pytest.raises(CannotWriteError, match=re.escape(repr(names[-1]))):
        aiger.dumps(outputs_named(*names))


@pytest.mark.parametrize(
    "names",
    [
        ["bad:", "justice:x", "bad", "justice:0", "justice:0.x", "justice:00.0", "fairness", "x:bad:y"],
        ["o1", "o0", "bad:1", "bad:0", "justice:0.0:0", "justice:1.0:1:2", "fairness:fairness:0"],
    ],
)
def test_names_that_only_look_like_properties(names):
    net = outputs_named(*names)
    for binary in (True, False):
        assert list(aiger.loads(aiger.dumps(net, binary=binary)).outputs) == names


# --- Writing


def test_what_aiger_has_no_words_for():
    net = Network()
    net.output("y", net.add(Unit(0, SIGMOID), [(net.input("x"), 1)], name="soft"))
    with pytest.raises(CannotWriteError, match="'soft' is a sigmoid unit"):
        aiger.dumps(net)
    net = Network()
    net.output("y", net.add(Unit(-1), [(net.input("voltage", real=True), 1)]))
    with pytest.raises(CannotWriteError, match="input 'voltage' takes any number"):
        aiger.dumps(net)
    net = Network()
    net.feedback(net.state("level", 0.5), net.input("x"))
    with pytest.raises(CannotWriteError, match=r"'level' starts at 0\.5"):
        aiger.dumps(net)
    for make in (Network, Tape):
        net = make()
        net.state("open")
        with pytest.raises(CannotWriteError, match="'open' has no next value"):
            aiger.dumps(net)


@pytest.mark.parametrize("name", ["a\nb", "a\tb", "\0", "a\r", "\x7f", "\ud800"])
def test_names_that_no_symbol_can_hold(name):
    net = Network()
    net.input(name)
    with pytest.raises(CannotWriteError, match=re.escape(repr(name))):
        aiger.dumps(net)
    net = Network()
    net.feedback(net.state(name), net.input("x"))
    with pytest.raises(CannotWriteError, match=re.escape(repr(name))):
        aiger.dumps(net)
    for output in (name, f"bad:{name}", f"justice:0.0:{name}"):
        net = outputs_named(output)
        with pytest.raises(CannotWriteError, match=re.escape(repr(output))):
            aiger.dumps(net)


def test_a_tape_with_a_table_that_its_sums_leave():
    """A tape does not check its tables when they are added."""
    for unit, weights in ((Unit(0, Table(0, 1)), [1, 1]), (Unit(0, Table(0, 1)), [-1]), (Unit(0, Table(0, 1)), [0.5])):
        tape = Tape()
        nodes = [tape.input(f"x{place}") for place in range(len(weights))]
        tape.output("y", tape.add(unit, list(zip(nodes, weights, strict=True)), name="lut"))
        with pytest.raises(CannotWriteError, match="unit 'lut': a table of 2 values"):
            aiger.dumps(tape)


def test_parallel_edges_are_one_pin():
    """Only their sum is a whole number, and xor of a node with itself is 0."""
    net = Network()
    x, y = net.input("x"), net.input("y")
    net.output("same", net.add(Unit(0, Table(0, 1)), [(x, 0.5), (x, Fraction(1, 2))]))
    net.output("none", net.add(Unit(0, Table(0, 1, 0)), [(y, 1), (y, 1)]))
    net.output("nand", net.add(Unit(3), [(x, -2), (x, -2)]))
    net.output("three", net.add(Unit(-3), [(x, 1), (y, 2), (x, 1)]))
    again = aiger.loads(aiger.dumps(net))
    same(net, again)
    assert aiger.dumps(net).startswith(b"aig 3 2 0 4 1\n")


def test_an_exclusive_or_is_three_ands_and_equal_ones_are_shared():
    net = Network()
    x, y = net.input("x"), net.input("y")
    for place in range(2):
        net.output(f"xor{place}", net.add(Unit(0, Table(0, 1, 0)), [(x, 1), (y, 1)]))
    net.output("and", net.add(Unit(-3), [(y, 2), (x, 2)]))
    assert aiger.dumps(net).startswith(b"aig 5 2 0 3 3\n")


def test_a_unit_that_nothing_reads_is_written_too():
    net = Network()
    net.add(Unit(-3), [(net.input("x"), 2), (net.input("y"), 2)])
    assert aiger.dumps(net).startswith(b"aig 3 2 0 0 1\n")


def test_a_unit_too_wide_for_a_truth_table():
    """A majority of 101 with rational weights, and a table of 60 pins."""
    net = Network()
    nodes = [net.input(f"x{place}") for place in range(101)]
    net.output("majority", net.add(Unit(Fraction(-101, 6)), [(node, Fraction(1, 3)) for node in nodes]))
    net.output("parity", net.add(Unit(0, Table(*(k % 2 for k in range(61)))), [(node, 1) for node in nodes[:60]]))
    again = aiger.loads(aiger.dumps(net), into=Tape())
    rows = np.random.default_rng(1).integers(0, 2, (2000, 101))
    counts = rows.sum(axis=1)
    expected = np.column_stack((counts > 50, rows[:, :60].sum(axis=1) % 2))
    assert simulate(again, rows).tolist() == expected.astype(int).tolist()


@st.composite
def with_states(draw):
    """Any 0/1 network, some of its inputs made states that are fed by any node."""
    drawn = draw(networks(max_inputs=6, wide=draw(st.booleans())))
    inputs = list(drawn.inputs)
    chosen = draw(st.lists(st.sampled_from(inputs), unique=True)) if inputs else []
    nodes = list(drawn.graph)
    states = {
        name: State(draw(st.sampled_from(nodes)), draw(st.sampled_from([0, 1, None])))
        for name in inputs
        if name in chosen
    }
    kept = [name for name in inputs if name not in states]
    return Network.from_graph(drawn.graph, kept, drawn.outputs, drawn.name, states)


@given(with_states())
def test_any_network_survives(net):
    tape = Tape.from_network(net)
    for binary in (True, False):
        data = aiger.dumps(net, binary=binary)
        assert aiger.dumps(tape, binary=binary) == data
        again = aiger.loads(data)
        same(net, again)
        same(net, aiger.loads(data, into=Tape()))
        assert aiger.dumps(again, binary=binary) == data


@given(networks(wild=True, extreme=True))
def test_any_name_survives_or_is_refused(net):
    controls = [name for name in [*net.inputs, *net.outputs] if any(sign < " " or sign == "\x7f" for sign in name)]
    if controls:
        with pytest.raises(CannotWriteError, match="|".join(re.escape(repr(name)) for name in controls)):
            aiger.dumps(net)
    else:
        same(net, aiger.loads(aiger.dumps(net)))


# --- The published examples


@needs_files
def test_every_published_example_reads_and_survives():
    assert len(published()) > 40
    for path in published():
        data = path.read_bytes()
        net = aiger.loads(data)
        same(net, aiger.loads(data, into=Tape()))
        for binary in (True, False):
            same(net, aiger.loads(aiger.dumps(net, binary=binary)))


@needs_files
def test_the_ascii_and_the_binary_examples_are_the_same_circuits():
    pairs = [(path, path.with_suffix(".aag")) for path in DATA.glob("aiger/yosys/*.aig")]
    assert len(pairs) > 10
    for first, second in pairs:
        if first.stem == "cnt1e":  # published with another name of its input
            continue
        same(aiger.loads(first.read_bytes()), aiger.loads(second.read_bytes()))


@needs_files
def test_large_published_files_are_written_as_they_were():
    """Without the comment, which is not kept: the writers of these files share and order as we do."""
    files = sorted(DATA.glob("epfl/*.aig"))
    assert len(files) > 5
    for path in files:
        data = path.read_bytes()
        end = data.rindex(b"\nc\n") + 1
        tape = aiger.loads(data, into=Tape())
        assert aiger.dumps(tape) == data[:end]
    aag = aiger.loads(aiger.dumps(tape, binary=False), into=Tape())
    assert aiger.dumps(aag) == data[:end]


@needs_files
def test_the_adder_adds():
    tape = aiger.loads((DATA / "epfl" / "adder.aig").read_bytes(), into=Tape())
    numbers = random.Random(3)
    pairs = [(numbers.getrandbits(128), numbers.getrandbits(128)) for _ in range(200)]
    rows = [[a >> bit & 1 for bit in range(128)] + [b >> bit & 1 for bit in range(128)] for a, b in pairs]
    results = simulate(tape, rows).tolist()
    assert [sum(bit << place for place, bit in enumerate(row)) for row in results] == [a + b for a, b in pairs]
