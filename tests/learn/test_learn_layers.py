"""Layers: starting values, forward, the rule for labels, and every refusal."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import expit

from learn import Layers, LayersError, sigmoid

SIZES = st.lists(st.integers(1, 6), min_size=2, max_size=5)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_sigmoid_equals_scipy(dtype):
    """SciPy's expit is the oracle, from the middle to far beyond the range of exp."""
    z = np.concatenate([np.linspace(-20, 20, 401), [-1e30, -800, -90, 90, 800, 1e30]]).astype(dtype)
    result = sigmoid(z)
    assert result.dtype == dtype
    np.testing.assert_allclose(result, expit(z), rtol=20 * np.finfo(dtype).eps, atol=np.finfo(dtype).tiny)


@given(SIZES, st.sampled_from(["scaled", "book"]), st.integers(0, 2**32))
def test_start_shapes_and_same_seed(sizes, start, seed):
    """Any sizes, both starts: the stated shapes in float32, and the same numbers for the same seed."""
    net, again = (Layers.start(sizes, start, seed) for _ in range(2))
    assert net.sizes == sizes
    assert [w.shape for w in net.weights] == list(zip(sizes[1:], sizes[:-1], strict=True))
    assert [b.shape for b in net.biases] == [(n,) for n in sizes[1:]]
    assert {a.dtype for a in net.weights + net.biases} == {np.dtype(np.float32)}
    for mine, other in zip(net.weights + net.biases, again.weights + again.biases, strict=True):
        np.testing.assert_array_equal(mine, other)


@pytest.mark.parametrize(("start", "spread"), [("scaled", 1 / 28), ("book", 1.0)])
def test_start_is_gaussian_of_the_stated_spread(start, spread):
    """Mean, standard deviation and the share within one sigma are those of the normal distribution."""
    net = Layers.start([784, 100, 10], start, rng=0)
    w, b = net.weights[0], np.concatenate([Layers.start([2, 1000], start, rng=1).biases[0]])
    assert abs(w.mean()) < 0.02 * spread
    assert w.std() == pytest.approx(spread, rel=0.02)
    assert np.mean(np.abs(w) < spread) == pytest.approx(0.6827, abs=0.01)  # the normal distribution's one sigma
    assert b.std() == pytest.approx(1.0, rel=0.1)


def test_a_start_that_neither_fades_nor_grows():
    """Rectifiers through twenty layers; with 1/sqrt(n) as for sigmoids a thousandth arrives."""
    layers = Layers.start([400] * 21 + [10], rng=0, activation="relu")
    assert [b.any() for b in layers.biases] == [False] * 20 + [True]
    images = np.random.default_rng(1).normal(size=(200, 400))
    *_, last, _ = layers.activations(images)
    assert 0.7 < float(np.sqrt((last**2).mean())) < 1.4
    narrow = Layers([w / 2**0.5 for w in layers.weights], layers.biases, activation="relu")
    *_, last, _ = narrow.activations(images)
    assert float(np.sqrt((last**2).mean())) < 0.002
    assert Layers.start([784, 500, 10], rng=0, activation="swish").weights[0].std() == pytest.approx(
        (2 / 784) ** 0.5, 0.01
    )


def test_start_draws_from_a_given_generator():
    """One Generator, used on, gives another network: no seed is fixed inside."""
    rng = np.random.default_rng(3)
    first, second = Layers.start([3, 2], rng=rng), Layers.start([3, 2], rng=rng)
    assert not np.array_equal(first.weights[0], second.weights[0])


@given(SIZES, st.integers(0, 5), st.integers(0, 99))
def test_forward_equals_the_book_neuron_by_neuron(sizes, n, seed):
    """Equation (3) written out with Python floats, one neuron at a time."""
    rng = np.random.default_rng(seed)
    net = Layers.start(sizes, rng=rng, dtype=np.float64)
    images = rng.random((n, sizes[0]))
    outputs = net.forward(images)
    assert outputs.shape == (n, sizes[-1])
    for image, output in zip(images, outputs, strict=True):
        a = list(image)
        for w, b in zip(net.weights, net.biases, strict=True):
            a = [1 / (1 + np.exp(-sum(w[j, k] * a[k] for k in range(len(a))) - b[j])) for j in range(len(b))]
        np.testing.assert_allclose(output, a, rtol=1e-12)
    np.testing.assert_array_equal(net.activations(images)[-1], outputs)


def test_float32_stays_float32_and_nothing_overflows():
    """Weights near the end of float32 give 0 and 1, without a warning."""
    net = Layers([[[3e37, -3e37]]], [[0.0]])
    outputs = net.forward([[1, 0], [0, 1], [0, 0]])
    assert outputs.dtype == np.float32
    assert outputs.ravel().tolist() == [1.0, 0.0, 0.5]


def test_predict_takes_the_highest_output():
    """The label is the place of the highest output, the first of equals."""
    net = Layers([np.eye(3)], [np.zeros(3)])
    assert net.predict([[0, 0, 1], [1, 0, 0], [1, 1, 0]]).tolist() == [2, 0, 0]


def test_predict_keeps_the_order_where_outputs_round_to_one():
    """sigma(100) and sigma(200) are both 1.0 in float32; the higher sum still wins."""
    assert Layers([[[100.0], [200.0]]], [[0, 0]]).predict([[1.0]]).tolist() == [1]


def test_single_output_is_yes_from_one_half_on():
    """The book's convention: an output of at least 0.5 means yes."""
    net = Layers([[[1.0]]], [[-0.5]])
    assert net.predict([[0.25], [0.5], [0.75]]).tolist() == [0, 1, 1]
    assert net.predict([[0.5]]).dtype == np.int64


def test_accuracy():
    """Three of four right is 0.75."""
    net = Layers([np.eye(2)], [np.zeros(2)])
    assert net.accuracy([[1, 0], [0, 1], [1, 0], [0, 1]], [0, 1, 1, 1]) == 0.75


def test_arrays_are_copies():
    """No array is shared with what was given, or between copies."""
    given_w = np.ones((1, 2), np.float32)
    net = Layers([given_w], [np.zeros(1, np.float32)])
    copy = net.copy()
    net.weights[0][:] = 5
    assert given_w.tolist() == [[1, 1]]
    assert copy.weights[0].tolist() == [[1, 1]]
    assert net.astype(np.float64).weights[0].dtype == np.float64


@pytest.mark.parametrize(
    ("sizes", "words"),
    [
        ([784], "give at least two"),
        ([], "give at least two"),
        ([784, 0, 10], "layer 1 has size 0"),
        ([784, -3, 10], "layer 1 has size -3"),
        ([784, 30.5, 10], "layer 1 has size 30.5; give a whole number"),
        ([784, True], "layer 1 has size True"),
        (["784", 10], "layer 0 has size '784'"),
        (784, "is not a list"),
    ],
)
def test_sizes_are_checked(sizes, words):
    """Sizes that are no sizes are named."""
    with pytest.raises(LayersError, match=words):
        Layers.start(sizes)


@pytest.mark.parametrize(
    ("weights", "biases", "words"),
    [
        ([], [], "at least one layer"),
        ([[[1.0]]], [], "one of each"),
        ([[1.0]], [[1.0]], r"weights\[0\] has shape \(1,\)"),
        ([[[1.0]], [[1.0, 2.0]]], [[0.0], [0.0]], r"weights\[1\] has shape \(1, 2\); the layer before has 1"),
        ([[[1.0]]], [[0.0, 1.0]], r"biases\[0\] has shape \(2,\)"),
        ([[[np.nan]]], [[0.0]], r"weights\[0\] holds nan"),
        ([[[1.0]]], [[np.inf]], r"biases\[0\] holds inf"),
        ([[[1e39]]], [[0.0]], r"weights\[0\] holds inf; give finite float32"),
        ([[["a"]]], [[0.0]], "not an array of numbers"),
        ([[[1.0], [1.0, 2.0]]], [[0.0]], "rows of equal length"),
        ([np.zeros((1, 0))], [[0.0]], "both at least 1"),
    ],
)
def test_arrays_are_checked(weights, biases, words):
    """Arrays that make no network are named with what would."""
    with pytest.raises(LayersError, match=words):
        Layers(weights, biases)


def test_other_refusals():
    """Unknown words, types, widths and lengths are named with the cure."""
    net = Layers.start([4, 2], rng=0)
    with pytest.raises(LayersError, match="start 'xavier' is not known; choose 'scaled' or 'book'"):
        Layers.start([4, 2], "xavier")
    with pytest.raises(LayersError, match="activation 'gelu' is not known; choose 'sigmoid', 'tanh', 'relu', 'swish'"):
        Layers([[[1.0]]], [[0.0]], activation="gelu")
    with pytest.raises(LayersError, match="output 'tanh' is not known; choose 'sigmoid' or 'softmax'"):
        Layers([[[1.0]]], [[0.0]], output="tanh")
    with pytest.raises(LayersError, match="a softmax of one output is always 1"):
        Layers.start([4, 1], output="softmax")
    with pytest.raises(LayersError, match="float16"):
        Layers([[[1.0]]], [[0.0]], dtype=np.float16)
    with pytest.raises(LayersError, match="images of 3 numbers for a network of 4 inputs"):
        net.forward(np.zeros((1, 3)))
    with pytest.raises(LayersError, match=r"images\[None, :\]"):
        net.forward(np.zeros(4))
    with pytest.raises(LayersError, match="one label for each image"):
        net.accuracy(np.zeros((2, 4)), [1])
    with pytest.raises(LayersError, match="at least one image"):
        net.accuracy(np.zeros((0, 4)), [])
