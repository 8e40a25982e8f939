"""Stochastic gradient descent: the update rule, repeatability, learning, and every refusal."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from learn import (
    DataError,
    Layers,
    Settings,
    Split,
    Training,
    TrainingError,
    backpropagate,
    is_digit,
    load_digits,
    sgd,
    targets,
)


@pytest.fixture(scope="module")
def digits():
    """The bundled 8x8 digits."""
    return load_digits()


def random_split(n, inputs, outputs, seed):
    """n random images with labels that fit so many outputs."""
    rng = np.random.default_rng(seed)
    return Split(rng.random((n, inputs), dtype=np.float32), rng.integers(0, max(2, outputs), n))


def arrays(layers):
    """All arrays of a network."""
    return layers.weights + layers.biases


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.integers(1, 6), min_size=2, max_size=4),
    st.integers(1, 12),
    st.integers(1, 12),
    st.sampled_from(["quadratic", "cross-entropy"]),
    st.sampled_from([np.float32, np.float64]),
    st.integers(0, 999),
)
def test_the_fast_loop_does_the_updates_of_backpropagation(sizes, n, batch, cost, dtype, seed):
    """Equations (20) and (21) done slowly with the definition give the same network, last small batch too."""
    batch = min(batch, n)
    train = random_split(n, sizes[0], sizes[-1], seed)
    fast = Layers.start(sizes, rng=seed, dtype=dtype)
    slow = fast.astype(np.float64)
    list(sgd(fast, train, epochs=2, batch=batch, rate=1.5, cost=cost, rng=seed))
    rng = np.random.default_rng(seed)
    y = targets(train.labels, sizes[-1], np.float64)
    order = np.arange(n)
    for _ in range(2):
        rng.shuffle(order)
        for start in range(0, n, batch):
            rows = order[start : start + batch]
            gradient = backpropagate(slow, train.images[rows], y[rows], cost)
            for array, nabla in zip(arrays(slow), gradient.nabla_w + gradient.nabla_b, strict=True):
                array -= 1.5 * nabla
    tolerance = 1e-4 if dtype == np.float32 else 1e-10
    for mine, expected in zip(arrays(fast), arrays(slow), strict=True):
        np.testing.assert_allclose(mine, expected, rtol=tolerance, atol=tolerance)


def test_same_rng_same_bits(digits):
    """One seed for start and shuffling gives one network, bit for bit; another seed another."""

    def trained(seed):
        rng = np.random.default_rng(seed)
        layers = Layers.start([64, 12, 10], rng=rng)
        records = list(sgd(layers, digits.train, epochs=2, test=digits.test, rng=rng))
        return layers, [(r.train_cost, r.test_accuracy) for r in records]

    (first, told), (second, told_again), (other, _) = trained(5), trained(5), trained(6)
    assert told == told_again
    assert all(np.array_equal(a, b) for a, b in zip(arrays(first), arrays(second), strict=True))
    assert not np.array_equal(first.weights[0], other.weights[0])


def test_no_global_random_state(digits):
    """Training neither reads nor moves NumPy's global generator."""
    before = np.random.get_state()[1].copy()  # noqa: NPY002  (the global state is what is looked at)
    list(sgd(Layers.start([64, 10], rng=0), digits.train, epochs=1, rng=0))
    np.testing.assert_array_equal(before, np.random.get_state()[1])  # noqa: NPY002


@pytest.mark.parametrize(("cost", "rate"), [("quadratic", 3.0), ("cross-entropy", 0.5)])
def test_learns_the_small_digits(digits, cost, rate, capsys):
    """Both costs read at least 9 in 10 unseen digits after 25 epochs, and print nothing."""
    rng = np.random.default_rng(0)
    layers = Layers.start([64, 30, 10], rng=rng)
    records = list(
        sgd(
            layers,
            digits.train,
            epochs=25,
            rate=rate,
            cost=cost,
            test=digits.test,
            validation=digits.validation,
            rng=rng,
        )
    )
    assert [r.epoch for r in records] == list(range(1, 26))
    assert records[-1].train_cost < records[0].train_cost
    assert records[-1].test_accuracy >= 0.9
    assert records[-1].validation_accuracy >= 0.9
    assert records[-1].test_accuracy == layers.accuracy(digits.test.images, digits.test.labels)
    assert all(r.seconds > 0 for r in records)
    assert capsys.readouterr() == ("", "")


def test_single_output_learns_is_it_a_nine(digits):
    """One output neuron and the rule of 0.5: better than always answering no, which is right 9 times in 10."""
    rng = np.random.default_rng(0)
    layers = Layers.start([64, 12, 1], rng=rng)
    *_, last = sgd(layers, is_digit(digits.train), epochs=20, rate=1.0, test=is_digit(digits.test), rng=rng)
    assert last.test_accuracy > 0.95
    assert set(layers.predict(digits.test.images)) == {0, 1}


def test_learns_xor_where_one_layer_cannot():
    """The four rows of XOR: one neuron alone is right on three at most, a hidden layer on all four."""
    xor = Split([[0, 0], [0, 1], [1, 0], [1, 1]], [0, 1, 1, 0])
    deep, flat = Layers.start([2, 4, 1], rng=1), Layers.start([2, 1], rng=1)
    for layers in (deep, flat):
        list(sgd(layers, xor, epochs=1500, batch=4, rng=1))
    assert deep.accuracy(xor.images, xor.labels) == 1
    assert flat.accuracy(xor.images, xor.labels) <= 0.75


def test_nothing_is_trained_before_records_are_taken(digits):
    """The work is done as records are taken."""
    layers = Layers.start([64, 10], rng=0)
    before = layers.copy()
    records = sgd(layers, digits.train, epochs=3, rng=0)
    assert all(np.array_equal(a, b) for a, b in zip(arrays(before), arrays(layers), strict=True))
    assert list(sgd(layers, digits.train, epochs=0)) == []
    next(records)
    assert not np.array_equal(before.weights[0], layers.weights[0])


def test_changes_between_epochs_count(digits):
    """A network that its owner changes between two records is trained on from there."""
    layers = Layers.start([64, 10], rng=0)
    records = sgd(layers, digits.train, epochs=2, rate=1e-9, rng=0)
    next(records)
    layers.weights[0][:] = 0.25
    next(records)
    np.testing.assert_allclose(layers.weights[0], 0.25, atol=1e-6)


def test_arguments_stay_as_they_are(digits):
    """The data set is not shuffled in place."""
    images, labels = digits.train.images.copy(), digits.train.labels.copy()
    list(sgd(Layers.start([64, 10], rng=0), digits.train, epochs=1, rng=0))
    np.testing.assert_array_equal(images, digits.train.images)
    np.testing.assert_array_equal(labels, digits.train.labels)


def test_empty_validation_counts_as_none(digits):
    """No images, no accuracy."""
    (record,) = sgd(Layers.start([64, 10], rng=0), digits.train, epochs=1, validation=digits.train[:0], rng=0)
    assert record.validation_accuracy is None
    assert record.test_accuracy is None


@pytest.mark.parametrize("cost", ["quadratic", "cross-entropy"])
@pytest.mark.parametrize("rate", [1e45, 1e300])
def test_divergence_is_told_and_the_last_sound_network_kept(digits, cost, rate):
    """A rate far too high raises with advice; the network keeps its finite numbers."""
    layers = Layers.start([64, 8, 10], rng=0)
    before = layers.copy()
    with pytest.raises(TrainingError, match=r"epoch 1, at rate .*; choose a smaller rate"):
        list(sgd(layers, digits.train, rate=rate, cost=cost, rng=0))
    assert all(np.array_equal(a, b) for a, b in zip(arrays(before), arrays(layers), strict=True))


def test_a_cost_that_runs_away_is_told(digits, monkeypatch):
    """Finite numbers, but a cost a hundred times the lowest and above the first: the epoch before is kept."""
    layers = Layers.start([64, 10], rng=0)
    training = Training(layers, digits.train, Settings(), rng=0)
    costs = iter([0.9, 0.02, 0.8, 2.5])
    done = training._steps.run
    monkeypatch.setattr(training._steps, "run", lambda *given: done(*given) * 0 + next(costs))
    assert [training.epoch().train_cost for _ in range(3)] == [0.9, 0.02, 0.8]
    kept = layers.copy()
    with pytest.raises(TrainingError, match=r"the cost rose from 0.02 to 2.5 in epoch 4, at rate 3; choose a smaller"):
        training.epoch()
    assert all(np.array_equal(a, b) for a, b in zip(arrays(kept), arrays(layers), strict=True))


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"epochs": -1}, "epochs -1 is too small"),
        ({"epochs": 1.5}, "epochs 1.5 is not a whole number"),
        ({"batch": 0}, "batch 0 is too small"),
        ({"batch": 2000}, "batch 2000 is larger than the 1124 training images"),
        ({"rate": 0}, "rate 0 cannot train; give a positive number"),
        ({"rate": -3.0}, "rate -3.0"),
        ({"rate": float("nan")}, "rate nan"),
        ({"rate": float("inf")}, "rate inf"),
        ({"rate": "fast"}, "rate 'fast'"),
        ({"cost": "hinge"}, "cost 'hinge'"),
    ],
)
def test_settings_are_checked_at_once(digits, settings, words):
    """The call itself refuses; no record has to be taken first."""
    with pytest.raises(TrainingError, match=words):
        sgd(Layers.start([64, 10], rng=0), digits.train, **settings)


def test_data_are_checked_at_once(digits):
    """Images and labels that do not fit are refused by the call itself, each split by name."""
    net = Layers.start([64, 5], rng=0)
    with pytest.raises(DataError, match="does not fit 5 output"):
        sgd(net, digits.train)
    net = Layers.start([64, 10], rng=0)
    with pytest.raises(DataError, match="train images of 3 pixels for a network of 64 inputs"):
        sgd(net, Split([[0, 0, 0]], [1]), batch=1)
    with pytest.raises(DataError, match="test images of 3 pixels"):
        sgd(net, digits.train, test=Split([[0, 0, 0]], [1]))
    with pytest.raises(DataError, match="validation images of 3 pixels"):
        sgd(net, digits.train, validation=Split([[0, 0, 0]], [1]))
    with pytest.raises(DataError, match="no images"):
        sgd(net, digits.train[:0])
