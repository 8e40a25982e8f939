"""Layers as a perceptron network and back: the same numbers, and what cannot be layers."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from learn import ConvertError, Layers, from_network, to_network
from perceptron import SIGMOID, STEP, CycleError, Network, NetworkError, Unit, evaluate, prune, simulate
from perceptron.activations import TANH
from perceptron.formats.native import dumps, loads


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(1, 5), min_size=2, max_size=4), st.integers(0, 999))
def test_same_numbers_and_back(sizes, seed):
    """The engine and the reference simulator give what the arrays give, and the arrays come back exactly."""
    rng = np.random.default_rng(seed)
    layers = Layers.start(sizes, rng=rng)
    layers.weights[0][rng.random(layers.weights[0].shape) < 0.3] = 0
    net = to_network(layers)
    images = rng.random((6, sizes[0]))
    expected = layers.astype(np.float64).forward(images)
    np.testing.assert_allclose(simulate(net, images), expected, rtol=1e-12)
    row = evaluate(net, dict(zip(net.inputs, images[0].tolist(), strict=True)))
    np.testing.assert_allclose(list(row.values()), expected[0], rtol=1e-12)
    assert net.graph.number_of_edges() == sum(w.size for w in layers.weights)
    again = from_network(net)
    assert again.sizes == sizes
    for mine, other in zip(layers.weights + layers.biases, again.weights + again.biases, strict=True):
        np.testing.assert_array_equal(mine, other)


@pytest.mark.parametrize("output", ["sigmoid", "softmax"])
@pytest.mark.parametrize("activation", ["sigmoid", "tanh", "relu"])
def test_other_activations_and_the_softmax(activation, output):
    """The graph gives what the arrays give, and the arrays come back."""
    layers = Layers.start([4, 5, 3, 3], rng=2, activation=activation, output=output)
    net = to_network(layers)
    images = np.random.default_rng(3).random((6, 4))
    np.testing.assert_allclose(simulate(net, images), layers.astype(np.float64).forward(images), rtol=1e-12)
    again = from_network(net)
    assert (again.activation, again.output) == (activation, output)
    for mine, other in zip(layers.weights + layers.biases, again.weights + again.biases, strict=True):
        np.testing.assert_array_equal(mine, other)


@pytest.mark.parametrize("sizes", [[3, 2], [3, 2, 2], [2, 3, 5]])
def test_a_softmax_after_a_file_and_with_other_outputs(sizes):
    """Layers keep the order of the outputs; one value of a softmax is no output of layers."""
    layers, turned, part = Layers.start(sizes, rng=2, output="softmax"), Network(), Network()
    net = loads(dumps(to_network(layers)))
    for copy in (turned, part):
        for node in net.order():
            if node in net.inputs:
                copy.input(node, real=True)
            else:
                copy.add(net.unit(node), net.fanin(node), name=node)
    for name, node in reversed(net.outputs.items()):
        turned.output(name, node)
    images = np.random.default_rng(3).random((6, sizes[0]))
    np.testing.assert_allclose(from_network(turned).forward(images), layers.forward(images)[:, ::-1], rtol=1e-5)
    part.output("y0", "y0")
    with pytest.raises(ConvertError, match="is a RECIPROCAL unit; layers have SIGMOID outputs, or a softmax of IDENT"):
        from_network(part)


def test_what_no_unit_computes():
    """A swish is a product of two values; layers have one activation."""
    with pytest.raises(ConvertError, match="activation 'swish' is a product of values"):
        to_network(Layers.start([2, 2, 1], rng=0, activation="swish"))
    net = drawn_by_hand(("h", "ab", SIGMOID), ("g", "ab", TANH), ("y", "hg", SIGMOID))
    with pytest.raises(ConvertError, match="unit 'g' is a TANH unit and others are SIGMOID; use one for all"):
        from_network(net)


def test_names():
    """Inputs, hidden neurons and outputs are named by their places, or as given."""
    layers = Layers.start([2, 2, 1], rng=0)
    net = to_network(layers)
    assert list(net.graph) == ["x0", "x1", "h1.0", "h1.1", "y0"]
    assert (net.inputs, dict(net.outputs)) == (("x0", "x1"), {"y0": "y0"})
    net = to_network(layers, ["cheese", "weather"], ["go"])
    assert (net.inputs, dict(net.outputs)) == (("cheese", "weather"), {"go": "go"})
    with pytest.raises(ConvertError, match="input_names has 1 names; give 2"):
        to_network(layers, ["cheese"])
    with pytest.raises(ConvertError, match="output_names has 2 names; give 1"):
        to_network(layers, output_names=["a", "b"])
    with pytest.raises(NetworkError, match="cheese"):
        to_network(layers, ["cheese", "cheese"])


def test_the_books_network():
    """784-30-10: 40 units and 23,820 edges, and back."""
    layers = Layers.start([784, 30, 10], rng=0)
    net = to_network(layers)
    assert (len(net.units), net.graph.number_of_edges()) == (40, 23820)
    np.testing.assert_array_equal(from_network(net).weights[0], layers.weights[0])


def test_missing_and_parallel_edges():
    """A pruned edge is a weight of 0, parallel edges add, and a neuron without any edge keeps its layer."""
    layers = Layers([[[1, 0], [0, 0]], [[2, 3]]], [[0.5, -1], [0.25]])
    back = from_network(prune(to_network(layers)))
    np.testing.assert_array_equal(back.forward(np.eye(2)), layers.forward(np.eye(2)))
    net = Network()
    x = net.input("x", real=True)
    net.output("y", net.add(Unit(0.5, SIGMOID), [(x, -2), (x, -2)]))
    assert from_network(net).weights[0].tolist() == [[-4]]


def test_unread_inputs_are_columns_of_zeros():
    """An input that nothing reads stays an input."""
    net = Network()
    net.input("a", real=True)
    b = net.input("b", real=True)
    net.output("y", net.add(Unit(0, SIGMOID), [(b, 1)]))
    assert from_network(net).weights[0].tolist() == [[0, 1]]


def drawn_by_hand(*units, outputs=("y",)):
    """A network on the inputs a and b of (name, sources, activation) units."""
    net = Network()
    net.input("a", real=True)
    net.input("b", real=True)
    for name, sources, activation in units:
        net.add(Unit(0, activation), [(source, 1) for source in sources], name=name)
    for name in outputs:
        net.output(name)
    return net


@pytest.mark.parametrize(
    ("net", "words"),
    [
        (drawn_by_hand(("y", "ab", STEP)), "unit 'y' is a STEP unit; layers have SIGMOID outputs"),
        (drawn_by_hand(("h", "ab", SIGMOID), ("y", "ha", SIGMOID)), "node 'a' is 1 and 2 edges away"),
        (drawn_by_hand(("h", "a", SIGMOID), ("y", "hb", SIGMOID)), "node 'b' is 1 edges away .* inputs are 2"),
        (drawn_by_hand(("h", "ab", SIGMOID), ("y", "ab", SIGMOID)), "unit 'h' leads to no output"),
        (drawn_by_hand(("h", "", SIGMOID), ("y", "ahb", SIGMOID)), "node 'h' is 1 edges away"),
        (drawn_by_hand(outputs=("a",)), "output 'a' is an input"),
        (
            drawn_by_hand(("h", "ab", SIGMOID), ("y", "h", SIGMOID), outputs=("h", "y")),
            "node 'h' is 0 and 1 edges away",
        ),
        (drawn_by_hand(("h", "ab", SIGMOID), outputs=()), "at least one input and one output"),
        (Network(), "at least one input and one output"),
    ],
)
def test_what_is_not_layered(net, words):
    """Each refusal names the node and what is wrong with it."""
    with pytest.raises(ConvertError, match=words):
        from_network(net)


def test_a_loop_is_named():
    """The engine's own error for a cycle."""
    net = drawn_by_hand(("h", "ab", SIGMOID), ("y", "h", SIGMOID))
    net.graph.add_edge("y", "h", weight=1)
    with pytest.raises(CycleError):
        from_network(net)
