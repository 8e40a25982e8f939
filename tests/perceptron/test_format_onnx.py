"""ONNX, both ways: the oracles are ONNX's reference evaluator, onnxruntime where it is, and recorded digits."""

import gzip
import json
import os
import random
import sys
from fractions import Fraction
from pathlib import Path

import numpy as np
import onnx
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from onnx import TensorProto, helper, numpy_helper
from onnx.reference import ReferenceEvaluator
from strategies import networks

from perceptron import (
    EXP,
    IDENTITY,
    RECIPROCAL,
    RELU,
    SIGMOID,
    STEP,
    TANH,
    LeakyRelu,
    Network,
    ParameterError,
    Table,
    Tape,
    Unit,
    evaluate,
    simulate,
)
from perceptron.formats.errors import CannotWriteError, FormatError
from perceptron.formats.onnx import dumps, loads, read, write
from perceptron.formats.softmax import add_softmax, find_softmaxes

DATA = Path(os.environ.get("PERCEPTRON_DATA", "there is none"))
NETWORKS = DATA.parent / "networks"


def model(nodes, constants=None, shape=("N", 4), *, opset=13, outputs=("y",), kind=TensorProto.FLOAT, ports=None):
    """A model with the input x, as bytes."""
    inputs = ports or [helper.make_tensor_value_info("x", kind, shape)]
    ends = [helper.make_tensor_value_info(name, kind, None) for name in outputs]
    given_ = [numpy_helper.from_array(np.asarray(value), name) for name, value in (constants or {}).items()]
    made = [helper.make_node(kind_, inputs_, outputs_, **options) for kind_, inputs_, outputs_, options in nodes]
    graph = helper.make_graph(made, "g", inputs, ends, given_)
    made = helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)], ir_version=8)
    return made.SerializeToString()


def chain(*kinds, **options):
    """Operators one after the other, x to y; each is (kind, attributes, more inputs)."""
    nodes = []
    for index, (kind, attributes, *more) in enumerate(kinds):
        source = "x" if index == 0 else f"t{index}"
        target = "y" if index == len(kinds) - 1 else f"t{index + 1}"
        nodes.append((kind, [source, *more], [target], attributes))
    return model(nodes, **options)


def reference(data, x, name="x"):
    return ReferenceEvaluator(onnx.load_model_from_string(data)).run(None, {name: x})


def same_as_reference(data, shape=(4,), rel=1e-5, rows=8):
    """The network of a model gives what ONNX's own evaluator gives, sample by sample."""
    net = loads(data)
    xs = np.random.default_rng(3).normal(size=(rows, *shape)).astype(np.float32)
    for x in xs:
        want = np.concatenate([np.ravel(one) for one in reference(data, x.reshape(1, *shape))])
        got = list(evaluate(net, x.ravel().astype(float).tolist()).values())
        assert got == pytest.approx(want, rel=rel, abs=1e-5)
    return net


RNG = np.random.default_rng(5)
W = RNG.normal(size=(4, 3)).astype(np.float32)
B = RNG.normal(size=3).astype(np.float32)
ROW = RNG.normal(size=4).astype(np.float32)

OPERATORS = {
    "gemm": chain(("Gemm", {}, "w", "b"), constants={"w": W, "b": B}),
    "gemm turned": chain(("Gemm", {"transB": 1, "alpha": 0.5, "beta": 2.0}, "w", "b"), constants={"w": W.T, "b": B}),
    "gemm alone": chain(("Gemm", {}, "w"), constants={"w": W}),
    "matmul, add": chain(("MatMul", {}, "w"), ("Add", {}, "b"), ("Sigmoid", {}), constants={"w": W, "b": B}),
    "constant first": model(
        [("Transpose", ["x"], ["t"], {}), ("MatMul", ["w", "t"], ["u"], {}), ("Add", ["b", "u"], ["y"], {})],
        {"w": W.T, "b": B.reshape(3, 1)},
    ),
    "gemm, both turned": model(
        [("Gemm", ["w", "x"], ["t"], {"transB": 1, "transA": 1}), ("Tanh", ["t"], ["y"], {})], {"w": W}
    ),
    "scaled": chain(
        *(("Sub", {}, "m"), ("Div", {}, "s"), ("Mul", {}, "f"), ("Gemm", {}, "w", "b"), ("Mul", {}, "f"), ("Relu", {})),
        constants={"m": ROW, "s": np.float32(3), "f": np.float32(0.1), "w": W, "b": B},
    ),
    "turned about": model([("Sub", ["c", "x"], ["t"], {}), ("Neg", ["t"], ["y"], {})], {"c": ROW}),
    "relu": chain(("Relu", {})),
    "leaky": chain(("LeakyRelu", {"alpha": 0.25})),
    "leaky, by itself": chain(("LeakyRelu", {})),
    "tanh": chain(("Tanh", {})),
    "exp": chain(("Exp", {})),
    "reciprocal": chain(("Exp", {}), ("Reciprocal", {})),
    "softmax": chain(("Softmax", {})),
    "softmax of a layer": chain(("Gemm", {}, "w", "b"), ("Softmax", {"axis": 1}), constants={"w": W, "b": B}),
    "old softmax": chain(("Softmax", {}), opset=11),
    "softmax twice": chain(("Softmax", {}), ("Softmax", {})),
    "step": chain(("Greater", {}, "c"), ("Cast", {"to": TensorProto.FLOAT}), constants={"c": np.float32(0.1)}),
    "step below": chain(("Less", {}, "c"), ("Cast", {"to": TensorProto.FLOAT}), constants={"c": ROW}),
    "residual": model(
        [("Gemm", ["x", "w"], ["t"], {}), ("Relu", ["t"], ["u"], {}), ("Add", ["u", "x"], ["y"], {})],
        {"w": RNG.normal(size=(4, 4)).astype(np.float32)},
    ),
    "identity": chain(("Identity", {})),
    "linear twice": chain(("Gemm", {}, "w"), ("Gemm", {"transB": 1}, "w"), constants={"w": W}),
    "dropout": chain(("Dropout", {}), ("Relu", {})),
    "squeeze": chain(
        *(("Unsqueeze", {}, "a"), ("Squeeze", {}, "a"), ("Relu", {})), constants={"a": np.array([1], dtype=np.int64)}
    ),
    "old squeeze": chain(("Unsqueeze", {"axes": [0]}), ("Squeeze", {"axes": [0]}), opset=11),
    "joined": model([("Tanh", ["x"], ["t"], {}), ("Concat", ["x", "t", "x"], ["y"], {"axis": 1})]),
    "taken": model([("Gather", ["x", "i"], ["y"], {"axis": 1})], {"i": np.array([2, 0, -1, 2])}),
    "reshaped as it is": model(
        [
            *(("Shape", ["x"], ["s"], {}), ("Gather", ["s", "zero"], ["n"], {"axis": 0})),
            *(("Unsqueeze", ["n", "axis"], ["m"], {}), ("Concat", ["m", "minus"], ["t"], {"axis": 0})),
            *(("Reshape", ["x", "t"], ["z"], {}), ("Gemm", ["z", "w", "b"], ["y"], {})),
        ],
        {"zero": np.array(0), "axis": np.array([0]), "minus": np.array([-1]), "w": W, "b": B},
    ),
    "constants made": model(
        [
            ("Constant", [], ["c"], {"value": numpy_helper.from_array(ROW)}),
            ("Constant", [], ["f"], {"value_float": 0.5}),
            ("Mul", ["c", "f"], ["d"], {}),
            ("Cast", ["d"], ["e"], {"to": TensorProto.FLOAT}),
            ("Add", ["x", "e"], ["y"], {}),
        ]
    ),
    "two outputs": model([("Relu", ["x"], ["y"], {}), ("Tanh", ["x"], ["z"], {})], outputs=("y", "z")),
}


@pytest.mark.parametrize("name", OPERATORS)
def test_an_operator_does_what_onnx_says(name):
    same_as_reference(OPERATORS[name])


@pytest.mark.parametrize("kind", ["Flatten", "Reshape", "Transpose"])
def test_the_shape_of_the_input_is_folded_away(kind):
    weights = np.random.default_rng(1).normal(size=(24, 2)).astype(np.float32)
    first = {
        "Flatten": [("Flatten", ["x"], ["t"], {})],
        "Reshape": [("Reshape", ["x", "s"], ["t"], {})],
        "Transpose": [("Transpose", ["x"], ["p"], {"perm": [0, 2, 3, 1]}), ("Flatten", ["p"], ["t"], {})],
    }[kind]
    constants = {"w": weights, "s": np.array([-1, 24])}
    net = same_as_reference(model([*first, ("MatMul", ["t", "w"], ["y"], {})], constants, (None, 2, 3, 4)), (2, 3, 4))
    assert net.inputs[:3] == ("x.0", "x.1", "x.2")
    assert (len(net.inputs), len(net.units)) == (24, 2)


def test_scalings_are_folded_into_the_weights_exactly():
    data = chain(
        *(("Sub", {}, "m"), ("Div", {}, "s"), ("Gemm", {}, "w", "b"), ("Sigmoid", {})),
        constants={"m": np.float32(0.5), "s": np.float32(255), "w": W, "b": B},
    )
    net = loads(data)
    assert (len(net.units), net.unit("y.0").activation) == (3, SIGMOID)
    assert [weight for _, weight in net.fanin("y.1")] == [Fraction(float(w)) / 255 for w in W[:, 1]]
    exact_bias = Fraction(float(B[1])) - sum(Fraction(float(w)) for w in W[:, 1]) / 510
    assert Fraction(net.unit("y.1").bias) == exact_bias


def test_unlike_divisors_do_not_make_endless_fractions():
    """A bias over hundreds of divisors that share nothing is rounded; so are hundreds of scalings in a row."""
    rng = np.random.default_rng(2)
    mean, spread = rng.normal(size=600).astype(np.float32), rng.uniform(0.5, 2, 600).astype(np.float32)
    weights = rng.normal(size=(600, 5)).astype(np.float32)
    constants = {"m": mean, "s": spread, "w": weights}
    data = chain(("Sub", {}, "m"), ("Div", {}, "s"), ("MatMul", {}, "w"), constants=constants, shape=("N", 600))
    got = list(evaluate(loads(data), [0] * 600).values())
    assert got == pytest.approx((-mean / spread).astype(float) @ weights.astype(float), rel=1e-5)
    tiny = chain(*[("Div", {}, "c")] * 300, ("Relu", {}), constants={"c": np.float32(1.1)})
    assert Fraction(loads(tiny).fanin("y.0")[0][1]).denominator.bit_length() <= 2048


def test_units_and_ports_are_called_as_the_tensors():
    net = loads(
        chain(("Gemm", {}, "w", "b"), ("Relu", {}), ("Gemm", {}, "v"), constants={"w": W, "b": B, "v": W[:3, :1]})
    )
    assert net.inputs == ("x.0", "x.1", "x.2", "x.3")
    assert net.units == ["t2.0", "t2.1", "t2.2", "y"]
    assert dict(net.outputs) == {"y": "y"}
    assert all(net.graph.nodes[name]["real"] for name in net.inputs)
    tape = loads(chain(("Relu", {})), into=Tape())
    assert tape.to_network().units == ["y.0", "y.1", "y.2", "y.3"]


# --- what is refused

INFINITE = np.array([1, np.inf, 0, 0], dtype=np.float32)
SIGNALLING = np.array([0x7F800001], dtype=np.uint32).view(np.float32)  # found by fuzzing
REFUSED = [
    (chain(("Conv", {}, "w"), constants={"w": W}), "operator 'Conv' is not one that is read; there are Gemm"),
    (chain(("Relu", {"domain": "other"})), "operator 'Relu' of the domain 'other' is not one that is read"),
    (chain(("Relu", {}), shape=("N", "M")), "input 'x' has an open dimension beside the first"),
    (chain(("Relu", {}), shape=None), "input 'x' has no shape"),
    (chain(("Relu", {}), kind=TensorProto.STRING), "input 'x' is no tensor of numbers"),
    (chain(("Relu", {}), shape=(1, 1 << 32)), "far larger than the file"),
    (chain(("Relu", {}), outputs=("z",)), "tensor 'z' is read before it is there"),
    (chain(("Gemm", {}, "w"), constants={"w": W.T}), "operator 'Gemm': it multiplies the shapes [1, 4] and [3, 4]"),
    (chain(("Gemm", {}, "w", "b"), constants={"w": W, "b": ROW}), "operator 'Gemm': shape mismatch"),
    (chain(("MatMul", {}, "x")), "it multiplies two tensors of one kind"),
    (chain(("Mul", {}, "x")), "it multiplies two tensors that depend on the input; a unit cannot do that"),
    (chain(("Div", {}, "c"), constants={"c": np.zeros(4)}), "it divides by 0"),
    (chain(("Add", {}, "c"), constants={"c": INFINITE}), "constant 'c' has a number that is not finite"),
    (chain(("Add", {}, "c"), constants={"c": SIGNALLING}), "constant 'c' has a number that is not finite"),
    (chain(("Add", {}, "c")), "tensor 'c' is read before it is there"),
    (chain(("Reshape", {}, "s"), constants={"s": np.array([5])}), "it brings the shape [1, 4] into [5]"),
    (chain(("Softmax", {"axis": 7})), "it has the axis 7"),
    (chain(("Cast", {"to": TensorProto.INT8})), "it casts to INT8"),
    (chain(("Add", {}, "d"), constants={"c": ROW}), "tensor 'd' is read before it is there"),
    (
        model(
            [("Cast", ["c"], ["d"], {"to": TensorProto.INT64}), ("Add", ["x", "d"], ["y"], {})],
            {"c": np.array([1e300])},
        ),
        "it casts numbers of 2**53 or more to integers",
    ),
    (chain(("Max", {}, "c"), constants={"c": ROW}), "it is read only as a leaky rectifier"),
    (
        chain(("Gather", {"axis": 1}, "i"), constants={"i": np.array([4])}),
        "operator 'Gather': index 4 is out of bounds",
    ),
    (model([("Relu", ["x"], ["x"], {})]), "tensor 'x' is made twice"),
    (model([("Relu", ["x"], ["t"], {})], {"y": ROW}), "output 'y' does not depend on the input"),
    (model([]), "it has no graph with operators"),
    (chain(("Exp", {}), ("Softmax", {}), shape=(1, 3000)), "far larger than the file"),
    (chain(("Add", {}, "c"), constants={"c": np.zeros((2000, 2000, 0, 1))}), "output 'y' is empty"),
    (chain(*[("Relu", {})] * 100, shape=(1, 30_000)), "far larger than the file"),
    (chain(*[("Gemm", {}, "w")] * 200, constants={"w": np.eye(100)}, shape=(1, 100)), "far larger than the file"),
    (chain(("Concat", {"axis": 1}, *["x"] * 300), shape=(1, 9000)), "far larger than the file"),
    (chain(("Add", {}, "c"), constants={"c": np.zeros((9000, 1))}, shape=(1, 9000)), "far larger than the file"),
]


@pytest.mark.parametrize(("data", "words"), REFUSED, ids=[words[:40] + str(i) for i, (_, words) in enumerate(REFUSED)])
def test_what_is_refused_is_named(data, words):
    with pytest.raises(FormatError) as error:
        loads(data)
    assert words in str(error.value)


def test_numbers_in_other_files_are_refused():
    made = onnx.load_model_from_string(chain(("Add", {}, "c"), constants={"c": ROW}))
    made.graph.initializer[0].data_location = TensorProto.EXTERNAL
    made.graph.initializer[0].external_data.add(key="location", value="/etc/passwd")
    with pytest.raises(FormatError, match="constant 'c' has its numbers in another file"):
        loads(made.SerializeToString())


def test_a_constant_that_promises_more_than_it_has_is_refused():
    made = onnx.load_model_from_string(chain(("Add", {}, "c"), constants={"c": ROW}))
    made.graph.initializer[0].dims[0] = 1 << 40
    with pytest.raises(FormatError, match="constant 'c' has a shape that does not fit its numbers"):
        loads(made.SerializeToString())


@pytest.mark.parametrize(("data", "offset"), [(b"", 0), (b"hello", 2), (b"\x08\x07\x3a\x64\x00", 2), (b"\xff" * 20, 0)])
def test_what_is_no_model_is_refused_with_the_byte(data, offset):
    with pytest.raises(FormatError, match="this is no ONNX model") as error:
        loads(data)
    assert error.value.offset == offset


def test_without_the_package_the_command_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "onnx", None)
    for call in (lambda: loads(b""), lambda: dumps(softmax_net(2))):
        with pytest.raises(ParameterError, match=r"pip install 'perceptron-circuits\[onnx\]'"):
            call()


# --- softmax


def softmax_net(count):
    net = Network()
    nodes = [net.input(f"z{index}", real=True) for index in range(count)]
    for index, node in enumerate(add_softmax(net, nodes, [f"p{index}" for index in range(count)])):
        net.output(f"p{index}", node)
    return net


@given(st.lists(st.floats(-800, 800), min_size=1, max_size=5))
def test_a_softmax_of_units_is_a_softmax(z):
    got = list(evaluate(softmax_net(len(z)), z).values())
    shifted = np.exp(np.array(z) - max(z))
    assert got == pytest.approx(shifted / shifted.sum(), rel=1e-12, abs=1e-300)
    assert sum(got) == pytest.approx(1)
    assert np.ravel(simulate(softmax_net(len(z)), [z])) == pytest.approx(got, rel=1e-12, abs=1e-300)


def test_a_softmax_is_found_only_where_it_is_whole():
    assert [len(one.values) for one in find_softmaxes(Tape.from_network(softmax_net(4)))] == [4]
    net = softmax_net(3)
    net.output("inside", "p0.2")  # an EXP unit that something else reads
    assert find_softmaxes(Tape.from_network(net)) == []
    made = onnx.load_model_from_string(dumps(softmax_net(5)))
    assert "Softmax" in {node.op_type for node in made.graph.node}


# --- writing


def runs_as(net, data, samples, rel=1e-9, tolerance=1e-9):
    """The reference evaluator gives what simulate gives."""
    onnx.checker.check_model(onnx.load_model_from_string(data), full_check=True)
    got = reference(data, samples.astype(np.float32), "input")[0]
    want = simulate(net, samples.astype(np.float32).astype(np.float64))
    assert got.shape == want.shape
    np.testing.assert_allclose(got, want, rtol=rel, atol=tolerance)


def trained(sizes=(6, 5, 4, 3), activations=(SIGMOID, RELU, IDENTITY), seed=0):
    rng = np.random.default_rng(seed)
    net = Network("trained")
    below = [net.input(f"x{index}", real=True) for index in range(sizes[0])]
    for depth, (size, activation) in enumerate(zip(sizes[1:], activations, strict=True), start=1):
        below = [
            net.add(
                Unit(float(rng.normal()), activation), [(one, float(rng.normal())) for one in below], f"h{depth}.{row}"
            )
            for row in range(size)
        ]
    for row, node in enumerate(below):
        net.output(f"y{row}", node)
    return net


def layered_parts(net):
    nodes = [(node, net.graph.nodes[node].get("unit"), net.fanin(node)) for node in net.graph]
    return net.name, net.inputs, list(net.outputs.items()), nodes


@pytest.mark.parametrize(
    "activations",
    [
        (SIGMOID, RELU, IDENTITY),
        (TANH, LeakyRelu(0.1), LeakyRelu(3)),
        (IDENTITY, EXP, RECIPROCAL),
        (LeakyRelu(-1), *[STEP] * 2),
    ],
    ids=repr,
)
def test_a_dense_network_comes_back_as_it_was(activations):
    """Layers of float weights survive to the last bit, names and order included."""
    net = trained(activations=activations)
    data = dumps(net)
    assert layered_parts(loads(data)) == layered_parts(net)
    assert dumps(loads(data)) == data
    assert dumps(Tape.from_network(net)) == data
    runs_as(net, data, np.random.default_rng(1).normal(size=(20, 6)))
    runs_as(net, dumps(net, dtype="float32"), np.random.default_rng(1).normal(size=(20, 6)), 1e-4, 1e-4)


@settings(max_examples=60)
@given(st.one_of(networks(min_inputs=1, others=True, smooth=True, wild=True), networks(min_inputs=1, steps_only=True)))
def test_any_network_without_tables_survives(net):
    """Skipped layers, parallel edges, constants, outputs that are inputs: the function and the names are the same."""
    assume(not any(isinstance(net.unit(node).activation, Table) for node in net.units))
    again = loads(dumps(net))
    assert (again.name, again.inputs, list(again.outputs)) == (net.name, net.inputs, list(net.outputs))
    assert {net.unit(n).activation for n in net.units} <= {again.unit(n).activation for n in again.units} | {IDENTITY}
    for row in np.random.default_rng(0).integers(0, 2, (4, len(net.inputs))).tolist():
        numbers = [number for node in net.units for _, number in net.fanin(node)]
        if any(isinstance(number, Fraction) for number in (*numbers, *(net.unit(node).bias for node in net.units))):
            continue  # a third becomes a float, and a step may then fall to the other side
        want = list(evaluate(net, row).values())
        if all(abs(value) < 1e6 for value in want):
            assert list(evaluate(again, row).values()) == pytest.approx(want, rel=1e-6, abs=1e-6)


@pytest.mark.parametrize(
    ("unit", "words"),
    [
        (Unit(0, Table(0, 1)), "unit 'u' is a table, which ONNX does not have"),
        (Unit(10**400), "unit 'u' has a weight beyond the largest float64"),
    ],
)
def test_what_onnx_cannot_say_is_refused_by_name(unit, words):
    net = Network()
    net.output("y", net.add(unit, [(net.input("x"), 1)], name="u"))
    with pytest.raises(CannotWriteError, match=words):
        dumps(net)


def test_states_and_networks_without_ends_are_refused():
    net = Network()
    state = net.state("q")
    net.feedback(state, state)
    net.output("y", state)
    with pytest.raises(CannotWriteError, match="state 'q'"):
        dumps(net)
    constant = Network()
    constant.output("y", constant.add(Unit(1)))
    with pytest.raises(CannotWriteError, match="at least one input"):
        dumps(constant)
    with pytest.raises(ParameterError, match="float16"):
        dumps(trained(), dtype="float16")
    wide = Network()
    wide.output("y", wide.add(Unit(0, RELU), [(wide.input("x"), 1e300)]))
    with pytest.raises(CannotWriteError, match="beyond the largest float32"):
        dumps(wide, dtype="float32")


def test_files_are_whole_and_their_errors_name_them(tmp_path):
    path = tmp_path / "net.onnx"
    write(trained(), path)
    assert layered_parts(read(path)) == layered_parts(trained())
    assert [one.name for one in tmp_path.iterdir()] == ["net.onnx"]
    path.write_bytes(path.read_bytes()[:-20])
    with pytest.raises(FormatError) as error:
        read(path)
    assert error.value.file == str(path)


def test_damaged_names_are_refused():
    made = onnx.load_model_from_string(dumps(trained()))
    good = json.loads(made.metadata_props[0].value)
    for part in (
        {"inputs": "abc"},
        {"nodes": []},
        {"real": [1]},
        {"name": 3},
        {"outputs": [1]},
        {"nodes": {"a": [""]}},
    ):
        made.metadata_props[0].value = json.dumps(good | part)
        with pytest.raises(FormatError, match="the names in the metadata"):
            loads(made.SerializeToString())
    made.metadata_props[0].value = json.dumps(good | {"outputs": ["y"] * 3})
    with pytest.raises(FormatError, match="output 'y' is there already"):
        loads(made.SerializeToString())


# --- damage

SEEDS = [
    dumps(trained((3, 2, 2, 2))),
    *(OPERATORS[name] for name in ("scaled", "softmax of a layer", "reshaped as it is", "step", "old squeeze")),
]


def refuses_or_reads(data):
    try:
        loads(data)
    except FormatError as error:
        length = len(str(error))
    else:
        length = 1
    assert 0 < length < 2000


@pytest.mark.parametrize("data", SEEDS, ids=range(len(SEEDS)))
def test_a_model_cut_anywhere_is_one_error_or_a_network(data):
    for end in range(0, len(data), 3):
        refuses_or_reads(data[:end])


@pytest.mark.parametrize("data", SEEDS, ids=range(len(SEEDS)))
def test_damage_is_one_error_or_a_network(data):
    rng = random.Random(2)
    for _ in range(300):
        bytes_ = bytearray(data)
        for _ in range(rng.randint(1, 3)):
            at = rng.randrange(len(bytes_))
            bytes_[at : at + rng.randint(0, 2)] = rng.randbytes(rng.randint(0, 2))
        refuses_or_reads(bytes(bytes_))
    for _ in range(100):
        refuses_or_reads(rng.randbytes(rng.randrange(40)))


# --- other people's networks and programs


def images():
    file = DATA / "t10k-images-idx3-ubyte.gz"
    if not file.exists():
        pytest.skip("set PERCEPTRON_DATA to a folder with MNIST's test images")
    with gzip.open(file) as stream:
        return np.frombuffer(stream.read(), dtype=np.uint8, offset=16).reshape(-1, 784) / 255


def test_marabous_network_gives_the_recorded_predictions():
    pictures = images()
    file = NETWORKS / "marabou" / "mnist2x5_sigmoid.onnx"
    if not file.exists():
        pytest.skip("there is no Marabou network beside the folder that PERCEPTRON_DATA names")
    net = read(file)
    assert repr(net) == "<Network: 784 inputs, 20 units, 3995 edges, 10 outputs>"
    recorded = (NETWORKS / "golden" / "marabou_mnist2x5_sigmoid.pred").read_text().strip()
    predictions = simulate(net, pictures).argmax(axis=1)
    assert "".join(map(str, predictions)) == recorded
    runs_as(net, dumps(net), pictures[:200])


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize(
    "activations",
    [(SIGMOID, RELU, IDENTITY), (TANH, LeakyRelu(0.1), LeakyRelu(3)), (STEP, EXP, RECIPROCAL), "softmax"],
    ids=repr,
)
def test_onnxruntime_gives_the_same_numbers(activations, dtype):
    runtime = pytest.importorskip("onnxruntime", reason="onnxruntime is not installed")
    net = softmax_net(6) if activations == "softmax" else trained(activations=activations)
    samples = np.random.default_rng(4).normal(size=(50, 6)).astype(np.float32)
    session = runtime.InferenceSession(dumps(net, dtype=dtype))
    got = session.run(None, {session.get_inputs()[0].name: samples})[0]
    want = simulate(net, samples.astype(np.float64))
    near = 1e-12 if dtype == "float64" else 2e-5
    np.testing.assert_allclose(got, want, rtol=near, atol=near)
