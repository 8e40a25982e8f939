"""Rounding to whole weights, and trained networks of sigmoids that become perceptrons step by step."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from learn import (
    Encoder,
    Layers,
    LayersError,
    Split,
    harden,
    is_digit,
    load_digits,
    quantize_units,
    quantize_votes,
    sgd,
)
from learn.threshold.harden import bit_worths


def every_input(width):
    """All rows of 0 and 1."""
    return ((np.arange(2**width)[:, None] >> np.arange(width)) & 1).astype(np.uint8)


rows_of_weights = st.lists(st.integers(-7, 7), min_size=1, max_size=7)


@given(rows_of_weights, st.floats(-20, 20), st.floats(0.01, 100), st.booleans())
def test_weights_that_are_whole_at_some_scale_lose_nothing(weights, bias, scale, seen):
    """Whatever the bias: rounded up at that scale, it decides as the real one does."""
    w, b = np.array([weights]), np.array([bias])
    inputs = every_input(len(weights))
    # Sums that are 0 but for a rounding error are left out: neither answer is the right one.
    clear = np.abs(inputs @ w[0] + bias) > 1e-6
    q, whole = quantize_units(w * scale, b * scale, most=7, bits=inputs if seen else None)
    assert np.abs(q).max() <= 7
    assert (inputs @ q[0] + whole[0] > 0)[clear].tolist() == (inputs @ w[0] + bias > 0)[clear].tolist()


@given(st.integers(0, 1 << 32), st.sampled_from([1, 3, 7, 100]), st.booleans())
def test_no_other_bias_is_right_more_often(seed, most, told):
    """On the rows given, for the whole weights found."""
    rng = np.random.default_rng(seed)
    w, b = rng.standard_normal((3, 6)), rng.standard_normal(3)
    bits = (rng.random((40, 6)) < rng.random(6)).astype(np.uint8)
    fires = rng.random((40, 3)) < 0.5 if told else None
    q, whole = quantize_units(w, b, most=most, bits=bits, fires=fires)
    right = fires if told else bits @ w.T + b > 0
    assert np.abs(q).max() <= most
    for unit in range(3):
        sums = bits.astype(int) @ q[unit]
        wrong = [np.count_nonzero((sums + bias > 0) != right[:, unit]) for bias in range(-700, 700)]
        assert np.count_nonzero((sums + whole[unit] > 0) != right[:, unit]) == min(wrong)


def test_more_units_than_a_piece_and_bits_that_never_change():
    """A bit that is the same in all rows gets no weight; units come back in order."""
    rng = np.random.default_rng(0)
    w, bits = rng.integers(-3, 4, (150, 6)), every_input(6)
    bits[:, 2], bits[:, 4] = 1, 0
    q, b = quantize_units(w, np.arange(150) % 5, most=3, bits=bits)
    assert not q[:, [2, 4]].any()
    real = bits @ w.T + np.arange(150) % 5 > 0
    np.testing.assert_array_equal(bits @ q.T + b > 0, real)


@given(st.integers(0, 1 << 32), st.integers(2, 5), st.booleans())
def test_votes_of_many_digits_give_the_same_labels(seed, classes, seen):
    """But for those whose scores were nearly equal."""
    rng = np.random.default_rng(seed)
    votes, offsets, values = rng.standard_normal((classes, 5)), rng.standard_normal(classes), every_input(5)
    q, o = quantize_votes(votes, offsets, most=100_000, values=values if seen else None)
    scores = values @ votes.T + offsets
    clear = np.diff(np.sort(scores, axis=1)[:, -2:], axis=1)[:, 0] > 1e-3
    assert np.abs(q).max() <= 100_000
    assert (values @ q.T + o).argmax(axis=1)[clear].tolist() == scores.argmax(axis=1)[clear].tolist()


def test_what_all_classes_have_alike_costs_nothing():
    """Votes of one unit may lie anywhere: only their differences count."""
    votes = np.array([[101.0, -50.0], [100.0, -49.0], [99.0, -51.0]])
    values = every_input(2)
    q, o = quantize_votes(votes, [0.0, 0.5, 1.0], most=7)
    expected = (values @ votes.T + [0.0, 0.5, 1.0]).argmax(axis=1)
    assert (values @ q.T + o).argmax(axis=1).tolist() == expected.tolist()


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: quantize_units([[1.0]], [1.0], most=0), "give most of at least 1"),
        (lambda: quantize_units([1.0], [1.0], most=1), r"weights of shape \(1,\)"),
        (lambda: quantize_units([[1.0]], [1.0, 2.0], most=1), r"biases of \(2,\)"),
        (lambda: quantize_units([[1.0]], [1.0], most=1, bits=np.zeros((1, 2), np.uint8)), r"bits of shape \(1, 2\)"),
        (lambda: quantize_votes([[1.0]], [1.0], most=1), r"votes of shape \(1, 1\)"),
        (lambda: quantize_votes(np.eye(3), np.zeros(3), most=0), "give most of at least 1"),
        (lambda: quantize_votes(np.eye(3), np.zeros(3), most=1, values=np.zeros((1, 2), np.uint8)), "values of shape"),
    ],
)
def test_what_cannot_be_rounded(call, words):
    with pytest.raises(LayersError, match=words):
        call()


# --- harden


@pytest.fixture(scope="module")
def digits():
    return load_digits()


def trained(data, sizes, epochs=10, **options):
    layers = Layers.start(sizes, rng=0, **options)
    cost = "log-likelihood" if options.get("output") == "softmax" else "quadratic"
    for _ in sgd(layers, data, epochs=epochs, rng=0, rate=0.5 if options else 3.0, cost=cost):
        pass
    return layers


BINARY = Encoder.binary(17, 64, digits=5)


@pytest.mark.parametrize("options", [{}, {"activation": "tanh"}, {"output": "softmax"}])
@pytest.mark.parametrize("hidden", [[], [15], [15, 12]])
def test_each_step_by_its_own_formula(digits, options, hidden):
    """Sigmoids on what five binary digits keep of a grey; steps instead; and whole weights of many digits."""
    layers = trained(digits.train, [64, *hidden, 10], **options)
    hardened = harden(layers, BINARY, digits.test, most=30_000)
    greys = BINARY.greys(digits.test.images).astype(np.float64)
    a = greys / 31  # all five digits together, 31, are worth 1
    shares = [layers.accuracy(digits.test.images, digits.test.labels), layers.accuracy(a, digits.test.labels)]
    tanh = layers.activation == "tanh"
    for w, b in zip(layers.weights[:-1], layers.biases[:-1], strict=True):
        z = a @ w.T.astype(np.float64) + b
        a = np.where(z > 0, 1.0, -1.0 if tanh else 0.0)
    labels = (a @ layers.weights[-1].T.astype(np.float64) + layers.biases[-1]).argmax(axis=1)
    shares.append(np.mean(labels == digits.test.labels))
    assert [stage.accuracy for stage in hardened.stages[:3]] == pytest.approx(shares)
    np.testing.assert_array_equal(hardened.real.predict(BINARY.greys(digits.test.images)), labels)
    assert np.mean(hardened.network.predict(greys.astype(np.uint8)) == labels) >= 0.99
    assert hardened.network.accuracy(digits.test) == hardened.stages[3].accuracy


def test_small_weights_and_the_table(digits):
    """Images to fit to help; the images that measure decide nothing."""
    layers = trained(digits.train, [64, 30, 10], epochs=20)
    encoder = Encoder.thermometer(17, 64, marks=(4, 8, 12))
    fitted = harden(layers, encoder, digits.test, fit=digits.train, most=3, votes_most=7, name="small")
    blind = harden(layers, encoder, digits.test, most=3, votes_most=7)
    network = fitted.network
    assert np.abs(network.weights[0]).max() <= 3
    assert np.abs(network.votes[0]).max() <= 7
    assert (network.shape, network.name) == ((8, 8), "small")
    assert fitted.stages[3].accuracy > 0.85
    assert fitted.stages[3].accuracy >= blind.stages[3].accuracy
    other = harden(layers, encoder, digits.validation, fit=digits.train, most=3, votes_most=7).network
    np.testing.assert_array_equal(network.weights[0], other.weights[0])
    np.testing.assert_array_equal(network.votes[0], other.votes[0])
    lines = str(fitted).splitlines()
    assert lines[0].split() == ["step", "accuracy", "as", "at", "first"]
    assert [line.split("  ")[0] for line in lines[1:]] == [
        "sigmoids on greys",
        "sigmoids on bits",
        "steps",
        "whole weights",
    ]
    assert lines[1].endswith("100.00%")


def test_a_step_more(digits):
    """What a retraining gives is measured beside the others."""
    layers = trained(digits.train, [64, 10], epochs=1)
    hardened = harden(layers, BINARY, digits.test, most=1)
    better = harden(layers, BINARY, digits.test, most=100).network
    more = hardened.then("retrained", better, digits.test)
    assert [stage.name for stage in more.stages][-2:] == ["whole weights", "retrained"]
    assert more.network is better
    assert more.stages[-1].accuracy == better.accuracy(digits.test)
    assert len(hardened.stages) == 4
    with pytest.raises(LayersError, match="224 images, and the other steps were measured on 449"):
        hardened.then("retrained", better, digits.validation)


def test_yes_or_no(digits):
    """A single output becomes two classes."""
    train, test = is_digit(digits.train), is_digit(digits.test)
    layers = trained(train, [64, 10, 1])
    hardened = harden(layers, BINARY, test, fit=train)
    assert hardened.network.classes == 2
    assert not hardened.network.votes[0][0].any()
    assert hardened.stages[3].same > 0.95


def test_worths():
    """A thermometer's marks share a pixel evenly, binary digits by their size, and both kinds half and half."""
    encoder = Encoder(17, 3, [0, 0, 1, 1, 2, 2, 2], [4, 8, 0, -1, 5, -2, -3])
    assert bit_worths(encoder).tolist() == pytest.approx([1 / 2, 1 / 2, 1 / 3, 2 / 3, 1 / 2, 1 / 6, 1 / 3])


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda test: harden(Layers.start([64, 5, 10], rng=0, activation="relu"), BINARY, test), "'relu' does not"),
        (lambda test: harden(Layers.start([63, 5, 10], rng=0), BINARY, test), "64 pixels for a network of 63"),
        (lambda test: harden(Layers.start([64, 10], rng=0), BINARY, Split(np.zeros((0, 64)), [])), "0 images"),
        (lambda test: harden(Layers.start([64, 10], rng=0), BINARY, test, most=0), "at least 1"),
    ],
)
def test_what_cannot_be_hardened(digits, call, words):
    with pytest.raises(LayersError, match=words):
        call(digits.test)
