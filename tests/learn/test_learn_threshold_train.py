"""Training towards gates: the compiled layer against NumPy's, its gradients against differences, and what comes out."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import learn
from circuits import classifier
from learn.threshold import Encoder, GateSettings, ThresholdTraining, harden, plain, settings_for, train_threshold
from learn.threshold.descent import Units, Votes
from learn.threshold.exact import whole_units

kernels = pytest.importorskip("learn.threshold.kernels", reason="Numba is not installed")

DIGITS = learn.load_digits()
SMALL = GateSettings(hidden=(60,), fan_in=4, votes=2, marks=(0.3, 0.6), epochs=4, batch=40)


def layer(seed, units=7, inputs=12, k=4, images=30):
    rng = np.random.default_rng(seed)
    x = (rng.random((inputs, images)) < 0.4).astype(np.float32)
    pins = np.array([np.sort(rng.permutation(inputs)[:k]) for _ in range(units)])
    weights, bias = rng.normal(size=(units, k)).astype(np.float32), rng.normal(size=units).astype(np.float32)
    mean, variance = rng.normal(size=units).astype(np.float32), rng.random(units).astype(np.float32) + np.float32(0.1)
    return x, pins, weights, bias, mean, variance, rng


@pytest.mark.parametrize(("keep", "slope"), [(0.9, 0.0), (0.9, 3.0), (1.0, 0.0), (1.0, 2.0)])
def test_compiled_layers_compute_what_numpy_does(keep, slope):
    for seed in range(5):
        x, pins, weights, bias, mean, variance, _rng = layer(seed)
        results = []
        for ways in (plain, kernels):
            own_mean, own_variance = mean.copy(), variance.copy()
            values, normal, rate = ways.forward(x, pins, weights, bias, own_mean, own_variance, keep, slope)
            gradient = np.random.default_rng(seed).normal(size=values.shape).astype(np.float32)
            of_weights, of_bias = ways.backward(x, pins, normal, bias, rate, slope or 2.0, keep == 1, gradient)
            passed = ways.below(pins, weights, gradient, len(x))
            results.append((values, normal, rate, own_mean, own_variance, gradient, of_weights, of_bias, passed))
        for one, other in zip(*results, strict=True):
            np.testing.assert_allclose(one, other, rtol=2e-4, atol=2e-4)


@pytest.mark.parametrize("fixed", [False, True])
def test_gradients_of_smooth_layers_are_those_of_differences(fixed):
    """Also through the mean and the variance of the mini-batch, on which every image has an influence."""
    x, pins, weights, bias, mean, variance, rng = layer(3)
    keep, slope = (1.0, 2.0) if fixed else (0.0, 2.0)
    aim = rng.normal(size=(len(pins), x.shape[1]))

    def cost(x, weights, bias):
        sums = np.einsum("uk,ukb->ub", weights, x[pins])
        centre = mean if fixed else sums.mean(axis=1)
        spread = variance if fixed else sums.var(axis=1)
        s = slope * ((sums - centre[:, None]) / np.sqrt(spread + 1e-4)[:, None] + bias[:, None])
        return float((aim * (0.5 + 0.5 * s / (1 + np.abs(s)))).sum())

    _, normal, rate = plain.forward(x, pins, weights, bias, mean.copy(), variance.copy(), keep, slope)
    gradient = aim.astype(np.float32)
    of_weights, of_bias = plain.backward(x, pins, normal, bias, rate, slope, fixed, gradient)
    passed = plain.below(pins, weights, gradient, len(x))
    start = [array.astype(np.float64) for array in (x, weights, bias)]
    for which, found in ((0, passed), (1, of_weights), (2, of_bias)):
        for place in itertools.islice(np.ndindex(found.shape), 0, None, 7):
            sides = []
            for move in (1e-5, -1e-5):
                moved = [array.copy() for array in start]
                moved[which][place] += move
                sides.append(cost(*moved))
            assert found[place] == pytest.approx((sides[0] - sides[1]) / 2e-5, rel=2e-3, abs=2e-3)


@given(
    st.lists(st.lists(st.floats(-3, 3), min_size=4, max_size=4), min_size=1, max_size=3),
    st.floats(-4, 4),
)
def test_whole_units_fire_where_the_real_ones_do(weights, threshold):
    weights = np.round(np.array(weights), 3)
    thresholds = np.full(len(weights), round(threshold, 3) + 0.00047)  # no sum of thousandths is so near
    whole, biases = whole_units(weights, thresholds)
    rows = np.array(list(itertools.product((0, 1), repeat=4)))
    expected = np.round(rows @ weights.T, 3) > thresholds
    assert ((rows @ whole.T + biases > 0) == expected).all()


def test_rows_at_the_threshold_are_refused():
    with pytest.raises(learn.LayersError, match="too close to its threshold"):
        whole_units([[1.0, 1.0 + 1e-12]], [1.0])


def test_the_whole_network_decides_as_the_training_does():
    training = ThresholdTraining(DIGITS.train, SMALL, levels=17, shape=(8, 8), rng=1)
    list(training)
    network = training.network()
    x = training._bits.astype(np.float32)
    values = training._layers[0].forward(x, 1.0, 0.0)
    assert (values == network.fire(training._bits.T)[0].T).all()
    logits = training._votes.forward(values, hard=True)
    scores = network.scores(network.encoder.greys(DIGITS.train.images)).T
    factor = training._votes._unit() * training._votes.scale
    np.testing.assert_allclose(logits, scores * factor, rtol=1e-4, atol=1e-3)


@pytest.mark.parametrize("weights", [None, 1, 3])
def test_budgets_of_connections_votes_and_weights_hold(weights):
    settings = GateSettings(hidden=(40, 30), fan_in=5, weights=weights, votes=3, largest=2, epochs=2, batch=50)
    network = train_threshold(DIGITS, settings, levels=17, rng=2)
    for own in network.weights:
        assert ((own != 0).sum(axis=1) <= 5).all()
        assert weights is None or np.abs(own).max() <= weights
    votes = network.votes[0]
    assert ((votes != 0).sum(axis=0) <= 3).all()
    assert set(np.unique(np.abs(votes))) <= {0, 1, 2}


def test_it_learns_and_the_same_seed_learns_the_same():
    settings = GateSettings(hidden=(150,), fan_in=5, marks=(0.3, 0.6), epochs=25, batch=50)
    networks = [train_threshold(DIGITS, settings, levels=17, rng=5) for _ in range(2)]
    assert networks[0].accuracy(DIGITS.test) > 0.92
    for one, other in zip(
        networks[0].weights + networks[0].votes, networks[1].weights + networks[1].votes, strict=True
    ):
        assert (one == other).all()


def test_records_tell_the_accuracy_of_the_whole_network():
    training = ThresholdTraining(
        DIGITS.train, SMALL, levels=17, shape=(8, 8), validation=DIGITS.validation, test=DIGITS.test, rng=0
    )
    for record in training:
        assert record.test_accuracy == training.network().accuracy(DIGITS.test)
        assert record.validation_accuracy == training.network().accuracy(DIGITS.validation)
    assert [record.epoch for record in training.records] == [1, 2, 3, 4]


def test_a_hardened_network_goes_on_from_what_it_was():
    layers = learn.Layers.start([64, 20, 10], rng=0)
    for _ in learn.sgd(layers, DIGITS.train, epochs=15, rng=0):
        pass
    hardened = harden(layers, Encoder.thermometer(17, 64, (4, 8, 12)), DIGITS.validation, fit=DIGITS.train, most=3)
    settings = GateSettings(fan_in=None, weights=3, votes=None, soft=0.0, narrow=0.0, epochs=15, batch=50, rate=0.001)
    training = ThresholdTraining(
        DIGITS.train, settings, levels=17, shape=(8, 8), start=hardened.real, validation=DIGITS.validation, rng=0
    )
    before = training.network().accuracy(DIGITS.validation)
    assert before > hardened.stages[-1].accuracy - 0.15
    list(training)
    assert training.network().accuracy(DIGITS.validation) > hardened.stages[-1].accuracy
    assert training.network().encoder is hardened.real.encoder


def test_votes_and_units_start_where_they_are_told():
    rng = np.random.default_rng(0)
    votes, offsets = rng.normal(size=(3, 6)), rng.normal(size=3)
    own = Votes(3, 6, GateSettings(), rng, (votes, offsets))
    h = (rng.random((6, 40)) < 0.5).astype(np.float32)
    np.testing.assert_allclose(own.forward(h, hard=False), votes @ h + offsets[:, None], atol=1e-4)
    weights, biases = rng.normal(size=(6, 5)), rng.normal(size=6)
    units = Units(6, 5, GateSettings(fan_in=5), rng, (weights, biases))
    x = (rng.random((5, 300)) < 0.5).astype(np.float32)
    assert ((units.measure(x) > 0) == (weights @ x + biases[:, None] > 0)).mean() > 0.99


@pytest.mark.parametrize("gates", [8_000, 20_000, 60_000])
def test_settings_for_a_budget_grow_with_it(gates):
    settings = settings_for(gates, pixels=600)
    assert settings.hidden[0] < settings_for(2 * gates, pixels=600).hidden[0]


def test_a_budget_is_kept():
    """By circuits as they are built, for the digits, whose settings are given here to be trained for a moment only."""
    for gates in (4_000, 8_000):
        settings = settings_for(gates, pixels=62, epochs=3)
        small = train_threshold(DIGITS, settings, levels=17, rng=0)
        parts = classifier.build(
            17, 64, small.encoder.pixel, small.encoder.level, small.weights, small.biases, small.votes, small.offsets
        ).parts
        assert gates / 2 < sum(parts.values()) <= gates


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"hidden": ()}, "names no layer"),
        ({"hidden": (0,)}, "hidden 0 is too small"),
        ({"fan_in": 0}, "fan_in 0 is too small"),
        ({"fan_in": None}, "give weights, such as 3"),
        ({"fan_in": 11}, "give weights, such as 3"),
        ({"largest": 3}, "no power of two"),
        ({"marks": (0.0,)}, "no shares of the greys"),
        ({"marks": ()}, "no shares of the greys"),
        ({"rate": 0.0}, "rate 0.0 cannot train"),
        ({"slope": float("inf")}, "slope inf cannot train"),
        ({"soft": 1.0}, "soft 1.0 is out of range"),
        ({"batch": 1}, "batch 1 is too small"),
        ({"votes": 1.5}, "votes 1.5 is not a whole number"),
    ],
)
def test_settings_that_cannot_be_are_named(changes, message):
    with pytest.raises(learn.TrainingError, match=message):
        GateSettings(**changes)


def test_images_that_cannot_be_trained_on_are_named():
    with pytest.raises(learn.DataError, match="no images"):
        ThresholdTraining(DIGITS.train[:0], SMALL, levels=17, shape=(8, 8))
    with pytest.raises(learn.DataError, match="64 pixels and shape"):
        ThresholdTraining(DIGITS.train, SMALL, levels=17, shape=(8, 9))
    with pytest.raises(learn.TrainingError, match="batch 40 is larger than the 20"):
        ThresholdTraining(DIGITS.train[:20], SMALL, levels=17, shape=(8, 8))
    with pytest.raises(learn.DataError, match="at least two classes"):
        ThresholdTraining(learn.is_digit(DIGITS.train, 3)[DIGITS.train.labels != 3], SMALL, levels=17, shape=(8, 8))
    with pytest.raises(learn.TrainingError, match="budget of 900"):
        settings_for(900, pixels=600)
