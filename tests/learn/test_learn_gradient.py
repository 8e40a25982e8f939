"""Costs and backpropagation, against numerical differentiation, SciPy's functions and PyTorch."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import expit, xlog1py, xlogy

from learn import CROSS_ENTROPY, QUADRATIC, DataError, Layers, TrainingError, backpropagate, targets

COSTS = {"quadratic": QUADRATIC, "cross-entropy": CROSS_ENTROPY}


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


def drawn(sizes, n, seed):
    """A drawn float64 network with n images and their desired outputs."""
    rng = np.random.default_rng(seed)
    net = Layers.start(sizes, rng=rng, dtype=np.float64)
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


@pytest.mark.slow
@pytest.mark.parametrize("cost", COSTS)
def test_gradient_equals_pytorch(cost):
    """PyTorch's automatic differentiation of the same formulas gives the same gradient."""
    torch = pytest.importorskip("torch", reason="PyTorch is not installed")
    net, images, y = drawn([20, 15, 10, 5], 12, 4)
    tensors = [torch.tensor(array, requires_grad=True) for array in net.weights + net.biases]
    weights, biases = tensors[:3], tensors[3:]
    z = torch.tensor(images)
    for k, (w, b) in enumerate(zip(weights, biases, strict=True)):
        z = (torch.sigmoid(z) if k else z) @ w.T + b
    wanted = torch.tensor(y)
    if cost == "quadratic":
        value = ((torch.sigmoid(z) - wanted) ** 2).sum() / (2 * len(y))
    else:
        value = torch.nn.functional.binary_cross_entropy_with_logits(z, wanted, reduction="sum") / len(y)
    value.backward()
    assert COSTS[cost].value(net.weighted_input(images), y) == pytest.approx(value.item())
    gradient = backpropagate(net, images, y, cost)
    for found, tensor in zip(gradient.nabla_w + gradient.nabla_b, tensors, strict=True):
        np.testing.assert_allclose(found, tensor.grad.numpy(), rtol=1e-10, atol=1e-14)
