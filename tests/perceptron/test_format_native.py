"""Our own text form: nothing is lost, the schema holds, and whatever is wrong is one error with its line."""

import json
import math
import random
from fractions import Fraction
from importlib import resources

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from strategies import names, networks

from perceptron import (
    RECIPROCAL,
    SIGMOID,
    Activation,
    CycleError,
    LeakyRelu,
    Network,
    PerceptronError,
    Table,
    Tape,
    Unit,
)
from perceptron.formats.errors import CannotWriteError, FormatError
from perceptron.formats.native import dumps, loads
from perceptron.formats.place import line_of

SCHEMA = json.loads(resources.files("perceptron.formats").joinpath("network.schema.json").read_text(encoding="utf-8"))
VALID = Draft202012Validator(SCHEMA)


def typed(number):
    return type(number), number if abs(number or 0) > 1e300 else repr(number)  # -0.0 is not 0.0, 2 is not 2.0


def network_parts(net):
    """Everything that a network is, types and order included."""
    nodes = [
        (node, data.get("real"), unit and (typed(unit.bias), unit.activation, repr(unit.activation)))
        for node, data in net.graph.nodes(data=True)
        for unit in [data.get("unit")]
    ]
    edges = [[(source, typed(weight)) for source, weight in net.fanin(node)] for node in net.graph]
    states = [(state, entry.next, typed(entry.initial)) for state, entry in net.states.items()]
    return net.name, nodes, edges, net.inputs, list(net.outputs.items()), states


def tape_parts(tape):
    cells = [(typed(cell.unit.bias), repr(cell.unit.activation), list(map(typed, cell.weights))) for cell in tape.cells]
    real = [tape.takes_real(node) for node in range(len(tape))]
    arrays = [array.tolist() for array in (tape.cell_numbers, tape.starts, tape.sources)]
    states = [(state, entry.next, typed(entry.initial)) for state, entry in tape.states.items()]
    return tape.name, cells, real, arrays, tape.inputs, dict(tape.names), list(tape.outputs.items()), states


@st.composite
def stateful(draw, **options):
    """Any network, and feedback: states of every initial value, units that read them, inputs between the units."""
    net = draw(networks(**options))
    for _ in range(draw(st.integers(0, 3))):
        name = draw(names().filter(lambda name: name not in net.graph))
        state = net.state(name, draw(st.sampled_from([0, 1, None, 0.5, 1.0, Fraction(1, 3)])))
        node = net.add(
            Unit(draw(st.sampled_from([-0.0, 10**40, 1, Fraction(2)])), SIGMOID), [(state, 2), (state, -1.0)]
        )
        if draw(st.booleans()):
            net.feedback(state, draw(st.sampled_from([node, state, *net.graph])))
        net.input(draw(names().filter(lambda name: name not in net.graph)), real=draw(st.booleans()))
    return net


ANY = st.one_of(
    stateful(extreme=True, wild=True), stateful(smooth=True, others=True, wild=True), stateful(wide=True, max_fanin=9)
)


@given(ANY)
def test_every_network_survives(net):
    text = dumps(net)
    assert network_parts(loads(text)) == network_parts(net)
    assert network_parts(loads(text.encode())) == network_parts(net)
    assert dumps(loads(text)) == text
    VALID.validate(json.loads(text))


@st.composite
def tapes(draw):
    """Tapes with and without names, among them runs of units of few cells."""
    tape = Tape(draw(st.text(max_size=3)))
    nodes = [tape.input(f"x{index}", real=draw(st.booleans())) for index in range(draw(st.integers(1, 3)))]
    if draw(st.booleans()):
        nodes.append(tape.state("q", None))
        tape.feedback(nodes[-1], nodes[0])
    cells = [Unit(-3), Unit(1), Unit(0, Table(0, 1, 1, 0))]
    for index in range(draw(st.integers(0, 30))):
        sources = [draw(st.sampled_from(nodes)) for _ in range(draw(st.sampled_from([0, 1, 2, 2, 2, 5])))]
        named = draw(st.integers(0, 3)) == 0
        unit = draw(st.sampled_from(cells if len(sources) == 2 else cells[:2]))
        nodes.append(tape.add(unit, [(source, 2) for source in sources], f"u{index}" if named else None))
    tape.output("y", nodes[-1])
    return tape


@given(tapes())
def test_every_tape_survives(tape):
    text = dumps(tape)
    assert tape_parts(loads(text, into=Tape())) == tape_parts(tape)
    VALID.validate(json.loads(text))


@given(ANY)
def test_a_file_fills_either_form(net):
    """The verbs are the same, so the network through a tape is the network itself, but for the order of inputs."""
    tape = loads(dumps(net), into=Tape())
    if all(state.next for state in net.states.values()):
        assert network_parts(tape.to_network()) == network_parts(net)


def test_a_small_file_reads_like_the_book():
    net = Network("half adder")
    x1, x2 = net.input("x1"), net.input("x2")
    shared = net.add(Unit(3), [(x1, -2), (x2, -2)], name="n1")
    net.output("sum", net.add(Unit(0, Table(0, 1, 0)), [(x1, 1), (x2, 1)], name="n2"))
    net.output("carry", net.add(Unit(3), [(shared, -2), (shared, -2)], name="n3"))
    assert dumps(net) == (
        '{\n  "format": "perceptron-circuits/network",\n  "version": 1,\n  "name": "half adder",\n  "cells": [\n'
        '    {"activation": "step", "bias": 3, "weights": [-2, -2]}\n  ],\n  "nodes": [\n'
        '    {"inputs": ["x1", "x2"]},\n'
        '    {"unit": "n1", "cell": 0, "from": ["x1", "x2"]},\n'
        '    {"unit": "n2", "activation": {"table": "010"}, "bias": 0, "weights": [1, 1], "from": ["x1", "x2"]},\n'
        '    {"unit": "n3", "cell": 0, "from": ["n1", "n1"]}\n'
        '  ],\n  "outputs": [["sum", "n2"], ["carry", "n3"]]\n}\n'
    )


def test_a_dense_layer_names_its_sources_once():
    net = Network()
    inputs = [net.input(f"x{index}") for index in range(784)]
    for index in range(30):
        net.output(f"y{index}", net.add(Unit(0.5, SIGMOID), [(one, 0.25) for one in inputs], name=f"h{index}"))
    text = dumps(net)
    assert text.count('"x783"') == 2
    assert len(text) < 30 * 784 * 7
    assert network_parts(loads(text)) == network_parts(net)


def test_a_large_tape_takes_few_bytes_a_unit():
    tape = Tape()
    a, b = tape.input("a"), tape.input("b")
    for _ in range(20_000):
        a, b = b, tape.add(Unit(-3), [(a, 2), (b, 2)])
    tape.output("y", b)
    text = dumps(tape)
    assert len(text) < 20_000 * 19
    assert tape_parts(loads(text, into=Tape())) == tape_parts(tape)


@pytest.mark.parametrize(
    "weight", [10**999, -(10**1100), Fraction(10**2000, 3), -0.0, 5e-324, 1e16, Fraction(4, 2)], ids=range(7)
)
def test_numbers_of_every_size_survive(weight):
    net = Network()
    net.output("y", net.add(Unit(weight), [(net.input("x"), weight)]))
    assert network_parts(loads(dumps(net))) == network_parts(net)
    VALID.validate(json.loads(dumps(net)))


def test_a_graph_edited_by_hand_is_written_as_its_order_allows():
    net = Network()
    net.add(Unit(1), [(net.input("b"), -2)], name="u")
    net.input("a")
    net.output("y", "u")
    turned = Network.from_graph(net.graph, ["a", "b"], net.outputs)
    assert loads(dumps(turned)).inputs == ("a", "b")
    net.graph.add_edge("u", "u", weight=1)
    with pytest.raises(CycleError):
        dumps(net)


class Cube(Activation):
    name, binary = "cube", False

    def __call__(self, z):
        return float(z**3)

    def array(self, z):
        return z**3

    def derivative(self, z):
        return float(3 * z**2)


@pytest.mark.parametrize(
    ("unit", "weight", "words"),
    [
        (Unit(0, Cube()), 1, "unit 'u' has the activation"),
        (Unit(0), 1 << 200_000, "unit 'u': an integer of 200001 bits"),
        (Unit(0), None, "unit 'u': a weight is None"),
    ],
    ids=["activation", "integer", "no weight"],
)
def test_what_cannot_be_written_is_named(unit, weight, words):
    net = Network()
    net.output("y", net.add(unit, [(net.input("x"), 1)], name="u"))
    net.graph["x"]["u"][0]["weight"] = weight
    with pytest.raises(CannotWriteError, match=words):
        dumps(net)


def test_a_name_with_half_a_character_survives_and_two_halves_are_refused():
    net = Network()
    net.output("\ud800", net.input("\udc00x"))
    assert network_parts(loads(dumps(net).encode())) == network_parts(net)
    net.input("\ud83e\udd80")
    with pytest.raises(CannotWriteError, match="halves"):
        dumps(net)


# --- bad files

GOOD = """{
  "format": "perceptron-circuits/network",
  "version": 1,
  "cells": [
    {"activation": "step", "bias": 3, "weights": [-2, -2]}
  ],
  "nodes": [
    {"inputs": ["x1", "x2"], "real": false},
    {"state": "q", "initial": null},
    {"unit": "n1", "cell": 0, "from": ["x1", 1]},
    {"unit": null, "activation": {"table": "01"}, "bias": 0, "weights": [1], "from": ["n1"]},
    {"units": [[0, 0, 1], [0, "n1", 3]]},
    {"layer": ["a", null], "activation": {"leaky_relu": 0.5}, "biases": [0, "1/3"],
     "from": [0, "q"],
     "weights": [[1, 2], [0.5, "0x10"]]}
  ],
  "feedback": [["q", "n1"]],
  "outputs": [["y", "n1"], ["z", 8]]
}
"""

WRONG = [  # what is replaced, by what, the line, words of the reason
    ('"version": 1', '"version": 2', 3, "version 2 is not known"),
    ('"format": "perceptron-circuits/network"', '"format": "other"', 1, "this is not a network"),
    ('"version": 1,', '"version": 1, "version": 1,', 3, "the key 'version' stands twice"),
    ('"feedback"', '"feedbacks"', 17, "the key 'feedbacks' has no meaning here"),
    ('"outputs": [["y", "n1"], ["z", 8]]', '"name": ""', 1, 'the key "outputs" is missing'),
    ('["z", 8]', '["z", 9]', 18, "there is no node 9 above this"),
    ('["z", 8]', '["y", 8]', 18, "output 'y' is there already"),
    ('["z", 8]', '["", 8]', 18, "an output is named ''"),
    ('["z", 8]', '["z"]', 18, "give a pair"),
    ('["q", "n1"]]', '["q", "n1"], ["q", 0]]', 17, "state 'q' takes its next value from two nodes"),
    ('["q", "n1"]]', '["n1", "n1"]]', 17, "'n1' is no state"),
    ('"from": ["x1", 1]', '"from": ["x1", 3]', 10, "there is no node 3 above this"),
    ('"from": ["x1", 1]', '"from": ["x1", -1]', 10, "there is no node -1 above this"),
    ('"from": ["x1", 1]', '"from": ["x1", true]', 10, "there is no node true above this"),
    ('"from": ["x1", 1]', '"from": ["x1"]', 10, "2 weights and reads 1 nodes"),
    ('"unit": "n1"', '"unit": "x1"', 10, "a node 'x1' is there already"),
    ('"unit": "n1"', '"unit": 7', 10, "a node is named 7"),
    ('"unit": "n1", "cell": 0', '"unit": "n1", "cell": 1', 10, "there is no cell 1; the file has 1"),
    ('"table": "01"', '"table": "02"', 11, "is no activation"),
    ('"table": "01"', '"table": ""', 11, "is no activation"),
    ('"leaky_relu": 0.5', '"leaky_relu": "a"', 13, "'a' is no number"),
    ("[1, 2]", "[1]", 15, "1 weights and reads 2 nodes"),
    ('[0, "1/3"]', '[0, "1/0"]', 13, "'1/0' is no number"),
    ('[0, "1/3"]', "[0]", 13, "2 names, 1 biases and 2 rows"),
    ('[0, "1/3"]', "[0, true]", 13, "true is no number"),
    ('[0, "1/3"]', "[0, NaN]", 13, "NaN is no number that a network can hold"),
    ('[0, "1/3"]', "[0, 1e999]", 13, "beyond the largest float"),
    ('[0, "1/3"]', f"[0, {'9' * 1001}]", 13, "an integer of 1001 digits"),
    ('[0, "1/3"]', f'[0, "{"9" * 1001}/3"]', 13, "is no number"),
    ("[0, 0, 1]", "[]", 12, "a row is empty"),
    ("[0, 0, 1]", "0", 12, "give a list"),
    ('"initial": null', '"initial": "x"', 9, "'x' is no number"),
    ('"real": false', '"real": 0', 8, "give true or false"),
    ('{"state": "q", "initial": null}', "{}", 9, "a node has one of the keys"),
    ('{"state": "q", "initial": null}', "3", 9, "give an object"),
    ('"bias": 3,', "", 5, 'the key "bias" is missing'),
]


def test_the_good_file_is_good():
    net = loads(GOOD)
    VALID.validate(json.loads(GOOD))
    assert network_parts(loads(dumps(net))) == network_parts(net)
    assert net.unit("a").activation == LeakyRelu(0.5)
    assert net.fanin("n1") == [("x1", -2), ("x2", -2)]


@pytest.mark.parametrize(("old", "new", "line", "words"), WRONG, ids=[f"{w[1][:24]}-{w[2]}" for w in WRONG])
def test_a_fault_is_named_with_its_line(old, new, line, words):
    assert GOOD.count(old) == 1
    with pytest.raises(FormatError) as error:
        loads(GOOD.replace(old, new))
    assert words in error.value.reason
    assert (error.value.line, error.value.offset) == (line, None)


@pytest.mark.parametrize(
    "change",
    [
        {"nodes": [{"unit": "a", "activation": "cube", "bias": 0, "weights": [], "from": []}]},
        {"nodes": [{"inputs": [1]}]},
        {"nodes": [{"state": "q"}]},
        {"outputs": [["y"]]},
        {"version": 2},
        {"more": 1},
    ],
)
def test_the_schema_refuses_what_the_reader_refuses(change):
    document = {**json.loads(GOOD), **change}
    assert list(VALID.iter_errors(document))
    with pytest.raises(FormatError):
        loads(json.dumps(document))


@pytest.mark.parametrize(
    ("data", "line", "offset"),
    [
        (b"", 1, None),
        (b"\xff\xfe", None, 0),
        (b'{"format": "\xc3"}', None, 12),
        (b"[" * 200_000, 1, None),
        (b'{"a":' * 100_000, 1, None),
        (b'{"format": "perceptron-circuits/network",\n "version"', 2, None),
        (b"null", 1, None),
        (b'"perceptron-circuits/network"', 1, None),
        (b"\xef\xbb\xbf{}", 1, None),
    ],
    ids=["empty", "not UTF-8", "cut character", "deep lists", "deep objects", "cut", "null", "text", "mark"],
)
def test_what_is_no_network_is_one_error(data, line, offset):
    with pytest.raises(FormatError) as error:
        loads(data)
    assert (error.value.line, error.value.offset) == (line, offset)


def test_lines_are_found_in_any_layout():
    text = '{"a": "x, [\\"{",\n"b":\n[{"c": 1},\n{"c":\n2}]}'
    assert [line_of(text, path) for path in (("a",), ("b",), ("b", 0, "c"), ("b", 1), ("b", 1, "c"))] == [1, 3, 3, 4, 5]


def refuses_or_reads(data):
    try:
        net = loads(data)
    except FormatError as error:
        length = len(str(error))
    else:
        assert network_parts(loads(dumps(net))) == network_parts(net)
        return
    assert 0 < length < 1000


def test_a_file_cut_anywhere_is_refused():
    for end in range(len(GOOD.rstrip())):
        with pytest.raises(FormatError):
            loads(GOOD[:end])


def test_random_damage_is_refused_or_read():
    rng = random.Random(1)
    parts = ["[", "]", "{", "}", ",", ":", '"', "0", "1", "-", "e", ".", "null", "true", "1e9", "\\", "\n", "9" * 30]
    for _ in range(3000):
        text = list(GOOD)
        for _ in range(rng.randint(1, 4)):
            at = rng.randrange(len(text))
            text[at : at + rng.randint(0, 3)] = rng.choice([*parts, chr(rng.randrange(0xD000)), rng.choice(text)])
        refuses_or_reads("".join(text))
    for _ in range(500):
        refuses_or_reads(rng.randbytes(rng.randrange(60)))


JSON = st.recursive(
    st.one_of(
        st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=3), st.sampled_from(["n1", "step"])
    ),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(st.text(max_size=3), inner, max_size=3)),
    max_leaves=6,
)


@settings(max_examples=200)
@given(st.data())
def test_any_value_anywhere_is_refused_or_read(data):
    """Any part of a good file replaced by any JSON value."""
    document = json.loads(GOOD)
    at, key = document, data.draw(st.sampled_from(list(document)))
    while isinstance(at[key], list | dict) and at[key] and data.draw(st.booleans()):
        at = at[key]
        key = data.draw(st.sampled_from(list(at) if isinstance(at, dict) else range(len(at))))
    at[key] = data.draw(JSON)
    refuses_or_reads(json.dumps(document))


def test_every_activation_has_a_word():
    net = Network()
    net.output("y", net.add(Unit(1, RECIPROCAL), [(net.input("x"), math.pi)]))
    assert '"reciprocal"' in dumps(net)
    assert isinstance(FormatError("x"), PerceptronError)
