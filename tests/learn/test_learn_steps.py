"""The two ways of an epoch give the same numbers, and each rule of descent is the formula of its paper."""

import itertools

import numpy as np
import pytest

from learn import Layers, Settings, Split, Training, TrainingError, backpropagate, load_digits, sgd, targets
from learn.penalty import penalty_gradient
from learn.steps import choose_steps
from learn.steps.blas import BlasSteps

KINDS = [("quadratic", "sigmoid"), ("cross-entropy", "sigmoid"), ("log-likelihood", "softmax")]


def images_with_background(n=203, inputs=40, seed=0):
    """Images of which most pixels are 0, with labels from 0 to 9."""
    rng = np.random.default_rng(seed)
    images = rng.random((n, inputs), np.float32) * (rng.random((n, inputs)) < 0.3)
    return Split(images.astype(np.float32), rng.integers(0, 10, n))


def arrays(layers):
    return layers.weights + layers.biases


@pytest.mark.parametrize("hidden", [[], [30], [17, 33]], ids=str)
@pytest.mark.parametrize("activation", ["sigmoid", "tanh", "relu", "swish"])
def test_compiled_and_matrices_agree(activation, hidden):
    """Every cost, with and without L2 (also so strong that the factor kept apart has to be multiplied in)."""
    pytest.importorskip("numba", reason="Numba is not installed")
    from learn.steps.sparse import SparseSteps

    split = images_with_background()
    y, order = targets(split.labels, 10), np.random.default_rng(1).permutation(len(split))
    for (cost, output), l2 in itertools.product(KINDS, [0.0, 5.0, 400.0]):
        settings, reached = Settings(rate=0.3, cost=cost, l2=l2), []
        for kind in (BlasSteps, SparseSteps):
            layers = Layers.start([40, *hidden, 10], rng=1, activation=activation, output=output)
            steps = kind(layers, y, settings)
            steps.take(layers)
            reached.append((steps.run(split.images, order, 0.3, np.random.default_rng(2)), layers))
            steps.hand_over(layers)
        (cost_of_one, one), (cost_of_other, other) = reached
        assert cost_of_one == pytest.approx(cost_of_other, rel=1e-4)
        for mine, theirs in zip(arrays(one), arrays(other), strict=True):
            np.testing.assert_allclose(mine, theirs, rtol=1e-4, atol=3e-5)


def test_the_choice_of_the_way():
    """Compiled where the work is long, narrow and in small batches; in matrices for everything else."""
    pytest.importorskip("numba", reason="Numba is not installed")
    y = np.zeros((50_000, 10), np.float32)

    def name(sizes=(784, 30, 10), **settings):
        return type(choose_steps(Layers.start(sizes, rng=0), y, Settings(**settings))).__name__

    assert name() == "SparseSteps"
    for other in ({"sizes": (784, 800, 10)}, {"batch": 128}, {"method": "adam"}, {"l1": 1.0}, {"dropout": 0.5}):
        assert name(**other) == "BlasSteps"
    assert name(epochs=0) == "BlasSteps"


def test_the_compiled_way_gives_the_same_bits_twice():
    pytest.importorskip("numba", reason="Numba is not installed")
    split = images_with_background(n=2000)
    nets = []
    for _ in range(2):
        layers = Layers.start([40, 30, 10], rng=0)
        list(sgd(layers, split, epochs=100, rng=0, l2=1.0))
        nets.append(layers)
    assert all(np.array_equal(a, b) for a, b in zip(arrays(nets[0]), arrays(nets[1]), strict=True))


def formula(method, memory, place, w, g, rate, mu, step):
    """The rules as their papers write them, in float64."""
    if method == "sgd":
        return w - rate * g
    if method == "momentum":  # (107), (108)
        v = memory[place] = mu * memory.get(place, 0) - rate * g
        return w + v
    if method == "nesterov":  # g is the gradient at w; the next step starts from where the velocity leads
        v = memory[place] = mu * memory.get(place, 0) - rate * g
        return w + mu * v - rate * g
    mean, square = memory.get(place, (0, 0))
    mean, square = mu * mean + (1 - mu) * g, 0.999 * square + 0.001 * g**2
    memory[place] = mean, square
    return w - rate * (mean / (1 - mu**step)) / (np.sqrt(square / (1 - 0.999**step)) + 1e-8)


@pytest.mark.parametrize("method", ["sgd", "momentum", "nesterov", "adam"])
@pytest.mark.parametrize(("l2", "l1"), [(0.0, 0.0), (3.0, 0.0), (0.0, 2.0), (3.0, 2.0)])
def test_descent_is_its_formula(method, l2, l1):
    """Updates by the definition of the gradient, the penalties and the rule; biases are not regularised."""
    split = images_with_background(n=53, inputs=6)
    fast = Layers.start([6, 5, 10], rng=0, dtype=np.float64, activation="tanh")
    slow, y, memory, step = fast.copy(), targets(split.labels, 10, np.float64), {}, 0
    list(sgd(fast, split, epochs=2, rate=0.05, cost="cross-entropy", l2=l2, l1=l1, method=method, momentum=0.8, rng=4))
    rng, order = np.random.default_rng(4), np.arange(53)
    for _ in range(2):
        rng.shuffle(order)
        for start in range(0, 53, 10):
            rows, step = order[start : start + 10], step + 1
            found = backpropagate(slow, split.images[rows], y[rows], "cross-entropy")
            slopes = [g + penalty_gradient(w, 53, l2, l1) for g, w in zip(found.nabla_w, slow.weights, strict=True)]
            for place, (array, g) in enumerate(zip(arrays(slow), slopes + found.nabla_b, strict=True)):
                array[:] = formula(method, memory, place, array, g, 0.05, 0.8, step)
    for mine, expected in zip(arrays(fast), arrays(slow), strict=True):
        np.testing.assert_allclose(mine, expected, rtol=1e-9, atol=1e-12)


def test_dropout_leaves_neurons_out_and_keeps_the_mean():
    """With a rate near 0 nothing changes; the sums under dropout have the mean of those without."""
    split = images_with_background(n=4000, inputs=10)
    layers = Layers.start([10, 50, 10], rng=0, dtype=np.float64, output="softmax")
    settings = Settings(rate=1e-12, cost="log-likelihood", dropout=0.5, batch=4000)
    plain = Training(layers.copy(), split, Settings(rate=1e-12, cost="log-likelihood", batch=4000), rng=1).epoch()
    steps = BlasSteps(layers, targets(split.labels, 10, np.float64), settings)
    room, ((piece,), (last,)) = steps.rooms[4000], steps.pieces[4000]
    np.copyto(room.a_in, split.images)
    piece.forward()
    last.forward()
    assert set(np.unique(piece.mask)) == {0.0, 2.0}
    assert np.mean(piece.mask == 0) == pytest.approx(0.5, abs=0.01)
    difference = room.outs[-1] - layers.weighted_input(split.images)
    assert np.abs(difference.mean(axis=0)).max() < 0.05
    assert difference.std() > 0.1
    assert Training(layers, split, settings, rng=1).epoch().train_cost > plain.train_cost


def test_dropout_gradient_is_that_of_the_thinned_network():
    """For one image: the update is that of the network without the neurons that were left out, the rest doubled."""
    split = images_with_background(n=1, inputs=6)
    layers = Layers.start([6, 8, 10], rng=0, dtype=np.float64)
    thinned, before = layers.copy(), layers.copy()
    rng = np.random.default_rng(7)
    rng.shuffle(np.arange(1))
    kept = rng.random((1, 8))[0] < 0.5
    thinned.weights[1][:, ~kept] = 0
    thinned.weights[1][:, kept] *= 2
    gradient = backpropagate(thinned, split.images, targets(split.labels, 10, np.float64))
    list(sgd(layers, split, epochs=1, batch=1, rate=1.0, dropout=0.5, rng=7))
    np.testing.assert_allclose(before.weights[0] - layers.weights[0], gradient.nabla_w[0], atol=1e-12)
    expected = np.where(kept, 2 * gradient.nabla_w[1], 0)
    np.testing.assert_allclose(before.weights[1] - layers.weights[1], expected, atol=1e-12)


def test_schedules():
    """The rate of each epoch is in its record."""
    split = images_with_background(n=20)

    def rates(**settings):
        return [r.rate for r in sgd(Layers.start([40, 10], rng=0), split, epochs=4, rate=2.0, rng=0, **settings)]

    assert rates() == [2.0] * 4
    assert rates(schedule="linear") == [2.0, 1.5, 1.0, 0.5]
    np.testing.assert_allclose(rates(schedule="cosine"), 1 + np.cos(np.pi * np.arange(4) / 4))


def test_early_stopping_keeps_the_best_network():
    """The training stops after `patience` epochs without a better one, and hands out the best."""
    digits = load_digits()
    layers = Layers.start([64, 20, 10], rng=0)
    training = sgd(layers, digits.train, epochs=200, validation=digits.validation, patience=3, rng=0)
    seen = [(record.validation_accuracy, layers.copy()) for record in training]
    shares = [share for share, _ in seen]
    best = int(np.argmax(shares))
    assert len(shares) == best + 4 < 200
    assert all(np.array_equal(a, b) for a, b in zip(arrays(layers), arrays(seen[best][1]), strict=True))
    assert layers.accuracy(digits.validation.images, digits.validation.labels) == max(shares)


def test_halving_stops_at_a_128th():
    """The book's exercise: halve the rate where nothing improves, end when it is 1/128."""
    split = images_with_background(n=50)
    records = list(
        sgd(
            Layers.start([40, 10], rng=0),
            split,
            epochs=500,
            validation=split[:20],
            schedule="halving",
            patience=2,
            rate=1.0,
            rng=0,
        )
    )
    rates = [record.rate for record in records]
    assert len(rates) < 500
    assert sorted(set(rates), reverse=True) == [0.5**k for k in range(7)]


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"l2": -1.0}, "l2 -1.0 cannot regularise; give a number of at least 0"),
        ({"l1": float("nan")}, "l1 nan cannot regularise"),
        ({"dropout": 1.0}, "dropout 1.0 is out of range; give a number from 0 to below 1"),
        ({"momentum": -0.1}, "momentum -0.1 is out of range"),
        ({"method": "adagrad"}, "method 'adagrad' is not known; choose sgd, momentum, nesterov, adam"),
        ({"schedule": "steps"}, "schedule 'steps' is not known; choose constant, linear"),
        ({"patience": 0}, "patience 0 is too small"),
        ({"schedule": "halving"}, "schedule 'halving' needs patience"),
        ({"patience": 3}, "patience waits for a better validation accuracy; give validation images"),
        ({"l2": 100.0, "rate": 3.0}, "rate 3 times l2 100 is not below the 203 training images"),
        ({"cost": "log-likelihood"}, "'log-likelihood' is for softmax outputs"),
    ],
)
def test_settings_are_checked(settings, words):
    with pytest.raises(TrainingError, match=words):
        sgd(Layers.start([40, 10], rng=0), images_with_background(), **settings)
