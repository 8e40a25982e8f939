"""Costs and backpropagation, against numerical differentiation, SciPy's functions and PyTorch."""

import json
import os
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import expit, log_softmax, xlog1py, xlogy

from learn import CROSS_ENTROPY, LOG_LIKELIHOOD, QUADRATIC, DataError, Layers, TrainingError, backpropagate, targets
from learn.penalty import penalty, penalty_gradient

COSTS = {"quadratic": QUADRATIC, "cross-entropy": CROSS_ENTROPY}
EVERY = {**COSTS, "log-likelihood": LOG_LIKELIHOOD}
ACTIVATIONS = ["sigmoid", "tanh", "relu", "swish"]


def numerical(function, array, step=1e-6):
    """The central difference of a function of nothing for each entry of an array."""
    result = np.empty_like(array)
    for place in np.ndindex(array.shape):
        kept = array[place]
        array[place] = kept + step
        high = function()
        array[place] = kept - step
        result[place] = (high - function()) / (2 * step)
        array[place] = kept
    return result


def drawn(sizes, n, seed, **kind):
    """A drawn float64 network with n images and their desired outputs."""
    rng = np.random.default_rng(seed)
    net = Layers.start(sizes, rng=rng, dtype=np.float64, **kind)
    labels = rng.integers(0, max(2, sizes[-1]), n)
    return net, rng.random((n, sizes[0])), targets(labels, sizes[-1], np.float64)


@pytest.mark.parametrize("cost", COSTS)
@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(1, 4), min_size=2, max_size=4), st.integers(1, 4), st.integers(0, 999))
def test_gradient_equals_central_differences(cost, sizes, n, seed):
    """nabla is the slope of the mean cost for every single weight and bias, and has its shape."""
    net, images, y = drawn(sizes, n, seed)
    gradient = backpropagate(net, images, y, cost)

    def value():
        return COSTS[cost].value(net.weighted_input(images), y)

    for found, array in zip(gradient.nabla_w + gradient.nabla_b, net.weights + net.biases, strict=True):
        np.testing.assert_allclose(found, numerical(value, array), rtol=1e-5, atol=1e-8)


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("cost", EVERY)
def test_every_activation_with_every_cost(cost, activation):
    """The same for each f, and for softmax outputs, which each weighted input moves all at once."""
    net, images, y = drawn([4, 5, 3, 3], 6, 11, activation=activation, output=EVERY[cost].output)
    gradient = backpropagate(net, images, y, cost)
    for found, array in zip(gradient.nabla_w + gradient.nabla_b, net.weights + net.biases, strict=True):
        slope = numerical(lambda: EVERY[cost].value(net.weighted_input(images), y), array)
        np.testing.assert_allclose(found, slope, rtol=1e-5, atol=1e-8)


@pytest.mark.parametrize(("l2", "l1"), [(2.5, 0.0), (0.0, 1.5), (2.5, 1.5)])
def test_regularisers_equal_central_differences(l2, l1):
    """What large weights add to the cost has the gradient that is taken from them."""
    weights = [np.random.default_rng(5).normal(size=shape) for shape in ((3, 4), (2, 3))]
    for w in weights:
        slope = numerical(lambda: penalty(weights, 7, l2, l1), w)
        np.testing.assert_allclose(penalty_gradient(w, 7, l2, l1), slope, rtol=1e-5)
    assert penalty(weights, 7, l2, l1) == pytest.approx(
        sum(l2 * (w**2).sum() / 14 + l1 * np.linalg.norm(w.ravel(), 1) / 7 for w in weights)
    )


def test_log_likelihood_equals_scipy():
    """SciPy's log-softmax at the labels."""
    rng = np.random.default_rng(0)
    z, labels = 5 * rng.normal(size=(20, 4)), rng.integers(0, 4, 20)
    expected = -log_softmax(z, axis=1)[np.arange(20), labels].mean()
    assert LOG_LIKELIHOOD.value(z, targets(labels, 4, np.float64)) == pytest.approx(expected)
    net = Layers([np.eye(4)], [np.zeros(4)], output="softmax", dtype=np.float64)
    np.testing.assert_allclose(net.forward(z), np.exp(log_softmax(z, axis=1)), rtol=1e-12)
    np.testing.assert_array_equal(net.predict(z), z.argmax(axis=1))


def test_a_cost_fits_its_outputs():
    """Costs of sigmoid outputs are not taken for softmax outputs, nor the other way round."""
    net, images, y = drawn([3, 2], 4, 0, output="softmax")
    with pytest.raises(TrainingError, match="'quadratic' is for sigmoid outputs and these are softmax; choose 'log-l"):
        backpropagate(net, images, y)
    net, images, y = drawn([3, 2], 4, 0)
    with pytest.raises(TrainingError, match="choose 'quadratic' or 'cross-entropy'"):
        backpropagate(net, images, y, "log-likelihood")


def test_a_batch_is_the_mean_of_its_images():
    """The gradient of a mini-batch is the mean of the gradients of its images."""
    net, images, y = drawn([5, 4, 3], 7, 0)
    whole = backpropagate(net, images, y)
    singly = [backpropagate(net, images[i : i + 1], y[i : i + 1]) for i in range(7)]
    for k in range(2):
        np.testing.assert_allclose(whole.nabla_w[k], np.mean([g.nabla_w[k] for g in singly], axis=0), rtol=1e-12)
        np.testing.assert_allclose(whole.nabla_b[k], np.mean([g.nabla_b[k] for g in singly], axis=0), rtol=1e-12)


@given(st.integers(1, 5), st.integers(1, 4), st.integers(0, 999))
def test_costs_equal_the_formulas_of_the_book(n, outputs, seed):
    """Equations (6) and (63), written with a as the book does, where a does not round to 0 or 1."""
    rng = np.random.default_rng(seed)
    z, y = rng.normal(size=(n, outputs)), rng.integers(0, 2, (n, outputs)).astype(float)
    a = expit(z)
    assert QUADRATIC.value(z, y) == pytest.approx(np.sum((y - a) ** 2) / (2 * n))
    assert CROSS_ENTROPY.value(z, y) == pytest.approx(-np.sum(xlogy(y, a) + xlog1py(1 - y, -a)) / n)
    for cost in COSTS.values():
        assert cost.value(z, y) >= 0
        assert cost.value(np.where(y == 1, 40.0, -40.0), y) == pytest.approx(0, abs=1e-15)
        assert np.all(np.sign(cost.delta(a, y)) == np.sign(a - y))


@pytest.mark.parametrize("cost", COSTS.values(), ids=COSTS)
def test_extreme_sums_are_finite(cost):
    """Sums of 10^30 give a finite cost, and 0 where they are right."""
    z = np.array([[1e30, -1e30]], np.float32)
    assert np.isfinite(cost.value(z, np.array([[0, 1]], np.float32)))
    assert cost.value(z, np.array([[1, 0]], np.float32)) == 0


def test_delta_writes_where_it_is_told():
    """`out` receives delta; the arguments stay."""
    a, y, out = np.array([[0.25]]), np.array([[1.0]]), np.empty((1, 1))
    for cost in COSTS.values():
        assert cost.delta(a, y, out) is out
        assert (a.item(), y.item()) == (0.25, 1.0)


def test_refusals():
    """What does not fit is refused with the shape that would."""
    net, images, y = drawn([3, 2], 4, 0)
    with pytest.raises(TrainingError, match="cost 'hinge' is not known; choose 'quadratic' or 'cross-entropy'"):
        backpropagate(net, images, y, "hinge")
    with pytest.raises(DataError, match=r"give \(4, 2\)"):
        backpropagate(net, images, y[:3])
    with pytest.raises(DataError, match=r"for 0 image"):
        backpropagate(net, images[:0], y[:0])


@pytest.mark.parametrize(
    ("labels", "outputs", "words"),
    [
        ([0, 10], 10, "label 10 of image 1 does not fit 10 output"),
        ([-1], 10, "label -1 of image 0"),
        ([2], 1, "labels 0 to 1"),
        ([0.5], 2, "one whole number per image"),
        ([[1]], 2, "one whole number per image"),
    ],
)
def test_targets_are_checked(labels, outputs, words):
    """A label that no output stands for is named with its image."""
    with pytest.raises(DataError, match=words):
        targets(labels, outputs)


TORCH_SIDE = """
import json, sys, torch
given = json.load(sys.stdin)
tensors = [torch.tensor(a, dtype=torch.float64, requires_grad=True) for a in given["weights"] + given["biases"]]
half = len(tensors) // 2
f = {"sigmoid": torch.sigmoid, "tanh": torch.tanh, "relu": torch.relu, "swish": torch.nn.functional.silu}
a = torch.tensor(given["images"], dtype=torch.float64)
for k in range(half):
    z = a @ tensors[k].T + tensors[half + k]
    a = f[given["activation"]](z)
y = torch.tensor(given["y"], dtype=torch.float64)
if given["cost"] == "quadratic":
    value = ((torch.sigmoid(z) - y) ** 2).sum() / (2 * len(y))
elif given["cost"] == "cross-entropy":
    value = torch.nn.functional.binary_cross_entropy_with_logits(z, y, reduction="sum") / len(y)
else:
    value = torch.nn.functional.cross_entropy(z, y)
for w in tensors[:half]:
    value = value + given["l2"] / (2 * given["n"]) * (w ** 2).sum() + given["l1"] / given["n"] * w.abs().sum()
value.backward()
print(json.dumps([value.item(), [t.grad.tolist() for t in tensors]]))
"""


@pytest.mark.slow
@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("cost", EVERY)
def test_gradient_equals_pytorch(cost, activation):
    """PyTorch's automatic differentiation of the same formulas, regularisers too, gives the same gradient."""
    python = os.environ.get("PERCEPTRON_TORCH", sys.executable)
    if subprocess.run([python, "-c", "import torch"], capture_output=True, check=False).returncode:
        pytest.skip("PyTorch is not installed here, nor in the Python that PERCEPTRON_TORCH names")
    net, images, y = drawn([20, 15, 10, 5], 12, 4, activation=activation, output=EVERY[cost].output)
    arrays = {name: [array.tolist() for array in getattr(net, name)] for name in ("weights", "biases")}
    given = {**arrays, "images": images.tolist(), "y": y.tolist(), "cost": cost, "activation": activation}
    told = subprocess.run(
        [python, "-c", TORCH_SIDE],
        input=json.dumps(given | {"l2": 3.0, "l1": 2.0, "n": 40}),
        capture_output=True,
        text=True,
        check=True,
    )
    value, expected = json.loads(told.stdout)
    mine = EVERY[cost].value(net.weighted_input(images), y) + penalty(net.weights, 40, 3.0, 2.0)
    assert mine == pytest.approx(value)
    gradient = backpropagate(net, images, y, cost)
    found = [g + penalty_gradient(w, 40, 3.0, 2.0) for g, w in zip(gradient.nabla_w, net.weights, strict=True)]
    for one, other in zip(found + gradient.nabla_b, expected, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-5, atol=1e-12)
