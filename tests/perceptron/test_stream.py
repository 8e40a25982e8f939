"""Words and blocks: integers in and out of a network are Python's, whatever their width, sign and number."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from reference import single
from strategies import networks

from circuits import full_adder, half_adder, ripple_carry_adder
from perceptron import SIGMOID, InputError, Network, Tape, Unit, compile, evaluate, simulate, soften, stream
from perceptron.stream import Names
from perceptron.words import Field, fields, from_rows, to_rows


def word(width, signed=False):
    return Field("a", tuple(range(width)), True, signed)


# --- names


def test_words_among_names():
    found = fields(["x[0]", "b[1]", "carry", "b[0]", "c[0]", "c[2]", "m[0][0]", "m[0][1]", "d[00]", "x"])

    assert {name: (field.places, field.word) for name, field in found.items()} == {
        "x[0]": ((0,), False),  # there is an x as well
        "b": ((3, 1), True),
        "carry": ((2,), False),
        "c[0]": ((4,), False),  # c[1] is missing
        "c[2]": ((5,), False),
        "m[0]": ((6, 7), True),
        "d[00]": ((8,), False),
        "x": ((9,), False),
    }
    assert found["b"].bits == ["b[0]", "b[1]"]


def test_what_a_field_takes_in_words():
    assert word(8).kind == "an integer from 0 to 255"
    assert word(8, True).kind == "an integer from -128 to 127"
    assert word(65).kind == "an integer from 0 to 2**65 - 1"
    assert word(65, True).kind == "an integer from -2**64 to 2**64 - 1"
    assert Field("a", (0,), False).kind == "0 or 1"


# --- integers and rows


@given(st.integers(1, 130), st.booleans(), st.integers(0, 200), st.data())
def test_rows_are_the_bits_of_pythons_integers(width, signed, count, data):
    field = word(width, signed)
    least, most = field.range
    edges = st.sampled_from([least, most, 0])
    values = [data.draw(st.one_of(edges, st.integers(least, most))) for _ in range(min(count, 5))]
    values = (values * count)[:count]
    rows = to_rows(field, values)
    back = from_rows(field, rows, count)

    assert rows.shape == (width, -(-count // 64))
    for sample in range(count):
        bits = [int(rows[bit, sample // 64]) >> sample % 64 & 1 for bit in range(width)]
        assert bits == [values[sample] >> bit & 1 for bit in range(width)]
        assert field.value(bits) == values[sample]
    assert back.tolist() == values
    assert back.dtype == (np.int64 if width < 64 or (width == 64 and signed) else object)
    assert not any(int(row[-1]) >> count % 64 for row in rows if count % 64)  # nothing beyond the last sample


@pytest.mark.parametrize("dtype", [np.int8, np.uint8, np.int32, np.uint64, np.float32, float, bool, object])
def test_types_of_values(dtype):
    assert from_rows(word(5), to_rows(word(5), np.array([1, 0, 1], dtype=dtype)), 3).tolist() == [1, 0, 1]


@pytest.mark.parametrize("step", [1, 2, -1])
def test_any_layout(step):
    values = np.arange(100_000)[::step] % 1000
    assert np.array_equal(from_rows(word(10), to_rows(word(10), values), len(values)), values)


@pytest.mark.parametrize(
    ("field", "values", "text"),
    [
        (word(3), [1, 8], "input 'a' is 8 in sample 1; give an integer from 0 to 7"),
        (word(3), [-1], "input 'a' is -1 in sample 0; give an integer from 0 to 7"),
        (word(3, True), [3, -5], "input 'a' is -5 in sample 1; give an integer from -4 to 3"),
        (word(64), [1, 2**64], f"input 'a' is {2**64} in sample 1; give an integer from 0 to {2**64 - 1}"),
        (word(70), [2**70], f"input 'a' is {2**70} in sample 0; give an integer from 0 to 2**70 - 1"),
        (word(3), [1.5], "input 'a' is 1.5; give an integer from 0 to 7"),
        (word(3), [None], "input 'a' is None; give an integer from 0 to 7"),
        (word(3), ["1"], "input 'a' has values of type <U1; give an integer from 0 to 7"),
        (Field("a", (0,), False), [2], "input 'a' is 2 in sample 0; give 0 or 1"),
    ],
)
def test_values_out_of_range(field, values, text):
    with pytest.raises(InputError) as error:
        to_rows(field, values)
    assert str(error.value) == text


# --- simulate by name


@pytest.mark.parametrize("width", [1, 8, 31, 32, 62, 63, 64, 100])
def test_adders_add(width):
    rng = np.random.default_rng(width)
    given_ = [[int.from_bytes(rng.bytes(20)) % 2**width for _ in range(130)] for _ in range(2)]
    net = ripple_carry_adder(width).network
    wanted = [a + b for a, b in zip(*given_, strict=True)]

    for kind in (net, Tape.from_network(net), compile(net)):
        assert simulate(kind, {"a": given_[0], "b": given_[1]})["sum"].tolist() == wanted


def test_bits_words_and_single_numbers_mix():
    net = ripple_carry_adder(3).network

    assert simulate(net, {"b": 7, "a[2]": [0, 1], "a[0]": [True, True], "a[1]": 0})["sum"].tolist() == [8, 12]
    assert simulate(net, {"a": 1, "b": 2}) == {"sum": [3]}
    assert simulate(half_adder.network, {"x1": [0, 1, 1], "x2": [1, 1, 0]})["carry"].tolist() == [0, 1, 0]


def test_signed_words():
    net = ripple_carry_adder(4).network  # its sum has 5 bits, so the carry is its sign
    values = np.arange(-8, 8)
    found = simulate(net, {"a": values, "b": 0}, signed={"a"})

    assert found["sum"].tolist() == [value % 16 for value in values.tolist()]
    inverter = Network()
    for at in range(4):
        inverter.output(f"y[{at}]", inverter.add(Unit(1), [(inverter.input(f"a[{at}]"), -2)]))
    assert simulate(inverter, {"a": values}, signed={"a", "y"})["y"].tolist() == [~value for value in values.tolist()]


@given(networks(smooth=True, others=True, min_inputs=1), st.integers(0, 70), st.integers(0, 2**32))
def test_by_name_is_the_same_as_by_array(net, count, seed):
    samples = np.random.default_rng(seed).integers(0, 2, (count, len(net.inputs)))
    wanted = simulate(net, samples)
    found = simulate(net, dict(zip(net.inputs, samples.T, strict=True)))

    assert list(found) == list(net.outputs)
    for column, name in zip(wanted.T, found, strict=True):
        assert found[name].dtype == column.dtype
        assert np.array_equal(found[name], column, equal_nan=True)


def test_real_inputs_by_name():
    net = single([1.0, -2.0], 0.5, SIGMOID, real=True)
    found = simulate(net, {"x1": [0.25, 3], "x2": 0.5})["y"]

    assert found.tolist() == pytest.approx([evaluate(net, x1=x1, x2=0.5)["y"] for x1 in (0.25, 3)])
    for wrong in ([float("nan")], [float("inf")], [2**53 + 1]):
        with pytest.raises(InputError, match="give a finite number"):
            simulate(net, {"x1": np.array(wrong), "x2": 0.5})


@pytest.mark.parametrize(
    ("given_", "text"),
    [
        ({"a": [1]}, "input 'b' has no value; give one"),
        ({"a": [1], "b[0]": [1], "b[1]": [1]}, "input 'b[2]' has no value; give one"),
        ({"a": [1], "b": [1], "c": [1]}, "there is no input 'c'; the inputs are a, b"),
        ({"a": [1], "b": [1], "a[1]": [0]}, "input 'a[1]' is given by 'a' and by 'a[1]'; give it once"),
        (
            {"a": [1], "b": [1, 2]},
            "the inputs have the shapes 'a': (1,), 'b': (2,); give all the same, (samples,), or (steps, samples) over",
        ),
        ({"a": [[[1]]], "b": 0}, "the inputs have the shapes 'a': (1, 1, 1), 'b': (); give all the same, (samples,)"),
        ({"a": [9], "b": [0]}, "input 'a' is 9 in sample 0; give an integer from 0 to 7"),
    ],
)
def test_what_is_refused_by_name(given_, text):
    with pytest.raises(InputError) as error:
        simulate(ripple_carry_adder(3).network, given_)
    assert str(error.value).startswith(text)


# --- blocks, and time


def accumulator(width):
    """A register that adds its input at every step: the adder with its sum fed back."""
    net = Network()
    inputs = [net.input(f"a[{at}]") for at in range(width)]
    states = [net.state(f"q[{at}]") for at in range(width)]
    node = dict(zip(ripple_carry_adder(width).network.inputs, [*inputs, *states], strict=True))
    inner = ripple_carry_adder(width).network
    for key in inner.order():
        if key not in node:
            node[key] = net.add(inner.unit(key), [(node[source], weight) for source, weight in inner.fanin(key)])
    for at in range(width):
        net.feedback(states[at], node[inner.outputs[f"sum[{at}]"]])
        net.output(f"total[{at}]", states[at])
    return net


def test_states_go_on_from_block_to_block():
    rng = np.random.default_rng(0)
    values = rng.integers(0, 2**16, (20, 3))
    totals = np.vstack([np.zeros((1, 3), dtype=int), np.cumsum(values, axis=0)[:-1]]) % 2**16
    net = accumulator(16)
    blocks = np.split(values, [1, 1, 8])
    bits = [np.stack([block >> at & 1 for at in range(16)], axis=-1) for block in blocks]

    assert np.array_equal(simulate(net, {"a": values})["total"], totals)
    assert np.array_equal(np.vstack([out["total"] for out in stream(net, [{"a": part} for part in blocks])]), totals)
    assert np.array_equal(np.vstack(list(stream(net, bits))), simulate(net, np.vstack(bits)))


def test_real_states_go_on_too():
    net = soften(accumulator(2), 3)
    samples = np.random.default_rng(1).random((6, 4, 2))
    found = np.vstack(list(stream(net, np.split(samples, [2, 5]))))
    named = [{f"a[{at}]": part[..., at] for at in range(2)} for part in np.split(samples, 2)]

    np.testing.assert_allclose(found, simulate(net, samples), atol=1e-12)
    np.testing.assert_allclose(np.vstack([out["total[1]"] for out in stream(net, named)]), found[..., 1], atol=1e-12)


def test_blocks_without_states_are_by_themselves():
    net = full_adder.network
    samples = np.random.default_rng(2).integers(0, 2, (10, net.inputs.__len__()))
    timed = {name: samples.T[at].reshape(2, 5) for at, name in enumerate(net.inputs)}
    outs = list(stream(net, [timed, {name: [1] for name in net.inputs}]))

    assert np.array_equal(np.vstack(list(stream(net, np.split(samples, [3])))), simulate(net, samples))
    assert np.array_equal(outs[0]["sum"].ravel(), simulate(net, samples)[:, 0])
    assert outs[1] == {"sum": [1], "carry": [1]}


def test_nothing_is_read_ahead():
    """A stream of any length: a block is asked for when its outputs are."""
    asked = []

    def blocks():
        for number in range(10**9):
            asked.append(number)
            yield [[1, 1]]

    answers = stream(half_adder.network, blocks())
    assert next(answers).tolist() == [[0, 1]]
    assert next(answers).tolist() == [[0, 1]]
    assert asked == [0, 1]


def test_bits_by_name():
    out = next(stream(ripple_carry_adder(2).network, [{"a": [3], "b": [2]}], bits=True))
    assert out == {"sum[0]": [1], "sum[1]": [0], "sum[2]": [1]}


@pytest.mark.parametrize(
    ("blocks", "text"),
    [
        ([np.zeros((2, 2))], r"the shape \(2, 2\); this network has states, so give \(steps, samples, 2\)"),
        ([np.full((1, 1, 2), 2)], r"input 'a\[0\]' is 2 in sample 0; give 0 or 1"),
        ([{"a": [1, 2]}], r"give all the same, \(steps, samples\)$"),
        ([{"a": [[1]]}, {"a": [[1] * 65]}], "a block has 65 samples, and the states before it are of another number"),
    ],
)
def test_blocks_over_time_that_do_not_fit(blocks, text):
    with pytest.raises(InputError, match=text):
        list(stream(accumulator(2), blocks))


def test_the_names_of_a_program():
    names = Names(compile(ripple_carry_adder(2).network))
    assert (list(names.inputs), list(names.outputs)) == (["a", "b"], ["sum"])
    assert [field.name for field in names.split(["b", "a[1]", "a[0]"])] == ["b", "a[1]", "a[0]"]
