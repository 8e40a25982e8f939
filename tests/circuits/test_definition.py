"""@circuit: calling with bits, integers, arrays and wires; names, results and errors."""

from typing import NamedTuple

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from reference import single, table_of
from strategies import networks

from circuits import Circuit, CircuitError, Port, Results, Word, and_, circuit, full_adder, half_adder, nand, xor
from perceptron import Unit, evaluate, truth_table


@circuit
def identity70(a: Word[70]):
    return a


@circuit
def shuffle(a: Word[3], bit, b: Word[2]):
    """Several parameters, so that the columns must be kept apart."""
    return {"b": b, "bit": bit, "a": a}


# --- values


@given(st.integers(0, 7), st.integers(0, 1), st.integers(0, 3))
def test_integers(a, bit, b):
    assert shuffle(a, bit, b) == {"b": b, "bit": bit, "a": a}
    assert shuffle(b=b, a=a, bit=bit) == shuffle(a, b=b, bit=bit) == (b, bit, a)
    assert all(type(value) is int for value in shuffle(a, bit, b))
    assert shuffle(np.int8(a), bool(bit), float(b)) == (b, bit, a)


@given(st.lists(st.tuples(st.integers(0, 7), st.integers(0, 1), st.integers(0, 3)), max_size=130))
def test_arrays(rows):
    columns = [np.array(column, dtype=int) for column in zip(*rows, strict=True)] or [np.array([], dtype=int)] * 3
    found = shuffle(*columns)
    for name, column in (("a", columns[0]), ("bit", columns[1]), ("b", columns[2])):
        assert found[name].shape == (len(rows),)
        np.testing.assert_array_equal(found[name], column)


@pytest.mark.parametrize("dtype", [np.uint8, np.int16, np.uint64, np.float32, object])
def test_types_of_arrays(dtype):
    found = shuffle(np.array([1, 7], dtype=dtype), 1, [2, 3])
    assert found["a"].tolist() == [1, 7]
    assert found["bit"].tolist() == [1, 1]  # a single value stands for all samples
    assert found["b"].tolist() == [2, 3]


def test_an_empty_array():
    assert nand(np.array([]), np.array([])).shape == (0,)


@given(st.integers(0, 2**70 - 1))
def test_words_beyond_64_bits(a):
    assert identity70(a) == a
    assert identity70([a, 0, 2**70 - 1]).tolist() == [a, 0, 2**70 - 1]


@pytest.mark.parametrize("width", [1, 8, 62, 63, 64, 65, 128])
def test_every_width_holds_its_ends(width):
    @circuit
    def same(a: Word[width]):
        return a

    ends = [0, 1, 2 ** (width - 1), 2**width - 1]
    assert [same(end) for end in ends] == ends
    assert same(ends).tolist() == ends
    if width <= 64:
        assert same(np.array(ends, dtype=np.uint64)).tolist() == ends
    for outside in (-1, 2**width, 2**200):
        with pytest.raises(
            CircuitError, match=f"^same: input 'a' is {outside}( in sample 1)?; give an integer from 0 to "
        ):
            same(outside)
        with pytest.raises(
            CircuitError, match=f"^same: input 'a' is {outside}( in sample 1)?; give an integer from 0 to "
        ):
            same([0, outside])


@pytest.mark.parametrize("width", [62, 63, 64, 65])
def test_lists_of_large_integers_are_not_rounded(width):
    """NumPy makes floats of a list that holds small integers and some of 2**63 and more."""

    @circuit
    def same(a: Word[width]):
        return a

    values = [1, 0, 2**width - 1, 2 ** (width - 1) + 1, 2**53 + 1]
    assert same(values).tolist() == values


def test_a_very_wide_word():
    @circuit
    def same(a: Word[5_000]):
        return a

    assert same(2**5_000 - 1) == 2**5_000 - 1


@pytest.mark.parametrize(
    ("args", "kwargs", "text"),
    [
        ([], {}, "shuffle: input 'a' has no value; its inputs are a, bit, b"),
        ([1, 0], {}, "shuffle: input 'b' has no value; its inputs are a, bit, b"),
        ([1, 0, 1, 1], {}, "shuffle takes 3 inputs (a, bit, b), but 4 are given"),
        ([1, 0, 1], {"c": 1}, "shuffle has no input 'c'; its inputs are a, bit, b"),
        ([1, 0, 1], {"a": 1}, "shuffle: input 'a' is given twice; give it once"),
        ([8, 0, 1], {}, "shuffle: input 'a' is 8; give an integer from 0 to 7 (Word[3])"),
        ([-1, 0, 1], {}, "shuffle: input 'a' is -1; give an integer from 0 to 7 (Word[3])"),
        ([1.5, 0, 1], {}, "shuffle: input 'a' is 1.5; give an integer from 0 to 7 (Word[3])"),
        (["1", 0, 1], {}, "shuffle: input 'a' is '1'; give an integer from 0 to 7 (Word[3])"),
        ([1, 2, 1], {}, "shuffle: input 'bit' is 2; give 0 or 1"),
        ([[1, 9], 0, 1], {}, "shuffle: input 'a' is 9 in sample 1; give an integer from 0 to 7 (Word[3])"),
        ([[1, 2], [0, 0, 1], 1], {}, "shuffle is given arrays of the shapes (2,), (3,); give all the same (samples,)"),
        ([[[1]], 0, 1], {}, "shuffle is given arrays of the shapes (1, 1); give all the same (samples,)"),
    ],
)
def test_refused_values(args, kwargs, text):
    with pytest.raises(CircuitError) as error:
        shuffle(*args, **kwargs)
    assert str(error.value) == text


def test_none_is_refused():
    with pytest.raises(CircuitError, match=r"^shuffle: input 'a' is None; give an integer from 0 to 7"):
        shuffle(None, 0, 1)


# --- results


def test_kinds_of_results():
    class Pair(NamedTuple):
        left: object
        right: object

    made = {
        "wire": circuit(lambda a, b: a & b),
        "dict": circuit(lambda a, b: {"x": a, "y": a | b}),
        "tuple": circuit(lambda a, b: (a, b)),
        "list": circuit(lambda a, b: [a, b]),
        "named": circuit(lambda a, b: Pair(left=b, right=a)),
        "one": circuit(lambda a, b: {"only": b}),
        "results": circuit(lambda a, b: half_adder(a, b)),
        "bits": circuit(lambda a, b: (1, 0, a)),
    }
    assert {name: [port.name for port in one.outputs] for name, one in made.items()} == {
        "wire": ["out"],
        "dict": ["x", "y"],
        "tuple": ["out0", "out1"],
        "list": ["out0", "out1"],
        "named": ["left", "right"],
        "one": ["only"],
        "results": ["sum", "carry"],
        "bits": ["out0", "out1", "out2"],
    }
    assert made["wire"](1, 1) == 1
    assert made["one"](1, 0) == 0
    assert made["named"](1, 0) == {"left": 0, "right": 1}
    assert made["results"](1, 1) == (0, 1)
    assert made["bits"](0, 0) == (1, 0, 0)


def test_results_behave():
    result = half_adder(1, 0)
    total, carry = result
    assert (total, carry) == (1, 0) == tuple(result)
    assert result.sum == result["sum"] == result[0] == 1
    assert result[-1] == 0
    assert len(result) == 2
    assert result == {"sum": 1, "carry": 0} == result.asdict()
    assert result == half_adder(0, 1)
    assert result != half_adder(1, 1)
    assert result != (1, 1)
    assert result != [1, 0]
    assert repr(result) == "Results(sum=1, carry=0)"
    with pytest.raises(AttributeError, match=r"^there is no result 'total'; the results are sum, carry$"):
        result.total  # noqa: B018
    with pytest.raises(TypeError):
        hash(Results({}))


@pytest.mark.parametrize(
    ("returned", "text"),
    [
        (None, "f returns nothing; return a wire, a word, or a dict of name -> wire"),
        ({}, "f returns no result; return at least one wire"),
        ((), "f returns no result; return at least one wire"),
        (2, "f: result 'out' is 2; give a wire, a word, 0 or 1, or Word.constant(2, 8) for a number"),
        ("a", "f: result 'out' is 'a'; give a wire, a word, 0 or 1"),
        ({"x": None}, "f: result 'x' is None; give a wire, a word, 0 or 1"),
        ({1: 0}, "f: a result is called 1; give a non-empty string"),
        ({"": 0}, "f: a result is called ''; give a non-empty string"),
    ],
)
def test_refused_results(returned, text):
    made = Circuit(lambda a: returned, "f")
    with pytest.raises(CircuitError) as error:
        made(0)
    line = made.__wrapped__.__code__.co_firstlineno
    assert error.value.where == (__file__, line)
    assert str(error.value) == f"{text} (test_definition.py, line {line})"


# --- parameters


def test_ports():
    assert shuffle.inputs == (Port("a", 3), Port("bit"), Port("b", 2))
    assert shuffle.outputs == (Port("b", 2), Port("bit"), Port("a", 3))
    assert shuffle.network.inputs == ("a[0]", "a[1]", "a[2]", "bit", "b[0]", "b[1]")
    assert list(shuffle.network.outputs) == ["b[0]", "b[1]", "bit", "a[0]", "a[1]", "a[2]"]
    assert repr(shuffle) == "<Circuit shuffle(a: Word[3], bit, b: Word[2]) -> b: Word[2], bit, a: Word[3]>"
    assert shuffle.__doc__.startswith("Several parameters")


def refused_definition(function):
    with pytest.raises(CircuitError) as error:
        circuit(function)
    text, ending = str(error.value).rsplit(" (", maxsplit=1)
    assert ending == f"test_definition.py, line {function.__code__.co_firstlineno})"
    return text


def test_refused_parameters():
    def several(*bits):
        return bits[0]

    def keywords(**bits):
        return bits["a"]

    def only(*, a):
        return a

    def name(name):
        return name

    def number(a: int):
        return a

    def unknown(a: "Word[widht]"):  # noqa: F821
        return a

    assert refused_definition(several) == "several: parameter *bits is not plain; a circuit has a fixed list of inputs"
    assert refused_definition(keywords).startswith("keywords: parameter **bits is not plain")
    assert refused_definition(only).startswith("only: parameter a is not plain")
    assert refused_definition(name) == "name: a parameter is called 'name', which names the part; choose another"
    assert refused_definition(number) == (
        "number: parameter 'a' is annotated int; write Word[8] for a word of 8 bits, Signed[8] for one in two's "
        "complement, or Bit (or nothing) for a bit"
    )
    assert refused_definition(unknown).startswith("unknown: an annotation cannot be read (name 'widht' is not defined)")


def test_a_circuit_without_parameters():
    @circuit
    def three():
        return {"one": 1, "zero": 0}

    assert three() == {"one": 1, "zero": 0}
    assert list(truth_table(three.network)) == [(1, 0)]

    @circuit
    def uses(a):
        return a & three().one

    assert [uses(0), uses(1)] == [0, 1]


def test_the_function_runs_once():
    calls = []

    @circuit
    def counted(a):
        calls.append(a)
        return ~a

    assert [counted(0), counted(1), counted([0, 1]).tolist()] == [1, 0, [1, 0]]
    assert counted.network is counted.network
    assert len(calls) == 1


# --- names


def test_unnamed_outputs_are_called_after_their_result():
    @circuit
    def named(a, b):
        kept = nand(a, b, name="kept")
        return {"first": a & b, "second": kept, "third": a}

    assert list(named.network.graph) == ["a", "b", "kept", "first"]
    assert dict(named.network.outputs) == {"first": "first", "second": "kept", "third": "a"}


def test_a_result_may_have_the_name_of_a_parameter():
    @circuit
    def swap(a, b):
        return {"a": b, "b": a}

    assert swap(1, 0) == {"a": 0, "b": 1}

    @circuit
    def crossed(a, b):
        return {"a": a & b, "b": a | b}

    assert crossed(1, 0) == {"a": 0, "b": 1}


def test_one_node_for_two_results():
    @circuit
    def twice(a, b):
        both = a & b
        return both, both

    assert twice(1, 1) == (1, 1)
    assert twice.network.units == ["out0"]


def test_parts_are_named_with_dots_and_nest():
    @circuit
    def pair(a, b):
        return half_adder(a, b, name="left").sum, half_adder(b, a).carry

    @circuit
    def outer(a, b):
        one, two = pair(a, b, name="p")
        return one, two, half_adder(a, b).carry

    nodes = list(outer.network.graph)
    assert nodes[:2] == ["a", "b"]
    assert "p.left.n1" in nodes
    assert "p.half_adder1.carry" in nodes
    assert "half_adder1.n3" in nodes


@pytest.mark.parametrize("b", [0, 1])
@pytest.mark.parametrize("a", [0, 1])
def test_placing(a, b):
    @circuit
    def outer(a, b):
        result = full_adder(a, b, carry_in=1)
        return {"sum": result.sum, "carry": result["carry"], "both": half_adder(x2=a, x1=b).carry}

    total = a + b + 1
    assert outer(a, b) == {"sum": total & 1, "carry": total >> 1, "both": a & b}
    assert outer.network.unit("constant1") == Unit(1)


def test_numbers_of_parts_count_each_kind():
    @circuit
    def outer(a, b):
        half_adder(a, b)
        full_adder(a, b, a)
        half_adder(a, b)
        return a

    parts = {node.split(".")[0] for node in outer.network.units}
    assert parts == {"half_adder1", "half_adder2", "full_adder1"}


def test_a_name_given_twice_is_an_error():
    def outer(a, b):
        half_adder(a, b, name="h")
        return half_adder(a, b, name="h")

    line = outer.__code__.co_firstlineno + 1
    with pytest.raises(CircuitError) as error:
        circuit(outer).network  # noqa: B018
    assert str(error.value) == (
        f"half_adder: a part is named 'h', but half_adder (test_definition.py, line {line}) has this name already; "
        f"choose another name (test_definition.py, line {line + 1})"
    )


def test_placing_words():
    @circuit
    def inner(a: Word[3], bit):
        return {"same": a, "also": a[0] & bit}

    @circuit
    def outer(a: Word[3]):
        one = inner(a, a[2])
        two = inner(5, 1 ^ a[0])
        return {"one": one.same, "two": two.same, "bits": Word([one.also, two.also])}

    for a in range(8):
        assert outer(a) == {"one": a, "two": 5, "bits": (a & a >> 2 & 1) | (1 - (a & 1)) << 1}


@pytest.mark.parametrize(
    ("call", "text"),
    [
        (lambda inner, a, w: inner(a, a), "inner: input 'a' is a Word[3], but is given a single wire; "),
        (lambda inner, a, w: inner(w[:2], a), "inner: input 'a' is a Word[3], but is given a word of 2 bits"),
        (lambda inner, a, w: inner(w, w), "inner: input 'bit' is one bit, but is given a word of 3 bits"),
        (lambda inner, a, w: inner(8, a), "inner: input 'a' is a Word[3], but is given 8; "),
        (lambda inner, a, w: inner("5", a), "inner: input 'a' is a Word[3], but is given '5'; "),
        (lambda inner, a, w: inner(w, 2), "a gate is given 2; give a wire, 0 or 1"),
        (lambda inner, a, w: inner(w), "inner: input 'bit' has no value; its inputs are a, bit"),
    ],
)
def test_refused_placing(call, text):
    @circuit
    def inner(a: Word[3], bit):
        return a[0] & bit

    def outer(a, w: Word[3]):
        return call(inner, a, w)

    with pytest.raises(CircuitError) as error:
        circuit(outer).network  # noqa: B018
    assert str(error.value).startswith(text)


# --- from networks, and looking


@given(networks(min_inputs=1), st.data())
def test_a_network_as_a_circuit(net, data):
    made = Circuit.from_network(net, "made")
    bits = [data.draw(st.integers(0, 1)) for _ in net.inputs]
    found = made(*bits)
    wanted = tuple(evaluate(net, bits).values())
    assert (found if len(wanted) == 1 else tuple(found)) == (wanted[0] if len(wanted) == 1 else wanted)
    assert made.network is net


@given(networks(min_inputs=1, max_inputs=3))
def test_placing_a_network_computes_what_it_does(net):
    made = Circuit.from_network(net, "made")

    def outer(w: Word[len(net.inputs)]):
        return made(*w)

    assert table_of(Circuit(outer, "outer").network) == table_of(net)


def test_from_network_takes_its_name():
    assert Circuit.from_network(single([1], 0)).name == "network"
    assert Circuit.from_network(xor.network).name == "xor"
    assert Circuit.from_network(xor.network, "other").name == "other"


def test_looking_at_a_circuit():
    assert half_adder.statistics()["gates"] == {"NAND": 5}
    assert half_adder.truth_table() == truth_table(half_adder.network)
    assert and_.circuit.truth_table().outputs.tolist() == [[0], [0], [0], [1]]
