"""Margins, the slopes at which sigmoids agree, and smaller networks that do the same."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from thresholds import by_hand, networks_with_greys, threshold_networks

from learn import Encoder, LayersError, ThresholdNetwork, find_slope, margins, simplify, soften
from learn.threshold.simplify import smaller_unit

ONE = Encoder(2, 1, [0], [1])


@given(networks_with_greys())
def test_margins(pair):
    network, greys = pair
    found = margins(network, greys)
    every = [by_hand(network, image) for image in greys]
    for k in range(len(network.weights)):
        sums = [one[0][k] for one in every]
        assert found.units[k].tolist() == [min(map(abs, unit)) for unit in zip(*sums, strict=True)]
        assert found.ties[k].tolist() == [unit.count(0) for unit in zip(*sums, strict=True)]
    leads = [sorted(scores)[-1] - sorted(scores)[-2] for _, _, scores, _ in every]
    assert found.leads.tolist() == leads


def soft_label(network, image, c):
    """The label when every step is a sigmoid of slope c around 1/2; the first of equal scores wins by 1/classes."""
    values = network.encoder.encode(image[None])[0].tolist()
    for w, b in zip(network.weights, network.biases, strict=True):
        z = [
            sum(a * x for a, x in zip(row, values, strict=True)) + bias for row, bias in zip(w.tolist(), b, strict=True)
        ]
        values = [1 / (1 + math.exp(min(700, -c * (one - 0.5)))) for one in z]
    for votes in network.votes:
        values = [sum(a * x for a, x in zip(row, values, strict=True)) for row in votes.tolist()]
    scores = [value + o - k / network.classes for k, (value, o) in enumerate(zip(values, network.offsets, strict=True))]
    return scores.index(max(scores))


@given(networks_with_greys(min_hidden=1), st.floats(1, 10))
def test_slopes(pair, factor):
    """At the slopes named, and wherever it is said to be certain, the labels are what is said."""
    network, greys = pair
    labels = [by_hand(network, image)[-1] for image in greys]
    found = find_slope(network, greys)
    assert found.differs < found.smallest <= found.certain
    assert found.tried[0] == found.certain
    assert found.tried[-1] == found.smallest
    for c in (found.smallest, found.certain, found.certain * factor):
        assert [soft_label(network, image, c) for image in greys] == labels
    if found.differs:
        assert [soft_label(network, image, found.differs) for image in greys] != labels
        assert found.smallest <= found.differs * 1.0101


@given(networks_with_greys(min_hidden=1), st.floats(0.1, 10))
def test_the_soft_network_is_one_of_sigmoids(pair, c):
    network, greys = pair
    soft = soften(network, c)
    assert soft.predict(network.encoder.encode(greys)).tolist() == [soft_label(network, image, c) for image in greys]


def test_a_slope_that_is_known():
    """The scores are 4 sigmoid(c / 2) and 3 - 1/2 where the bit is 1: the first is higher for c > 2 log(5/3)."""
    network = ThresholdNetwork(ONE, [[[1]]], [[0]], [[[4], [0]]], [0, 3], (1, 1))
    found = find_slope(network, [[1]], tolerance=1e-6)
    assert found.smallest == pytest.approx(2 * math.log(5 / 3), rel=1e-5)
    assert found.certain == pytest.approx(2 * math.log(5 / 3), rel=1e-5)
    assert str(found) == "agree from slope 1.02 on, certainly from 1.02 on"


def test_every_slope_agrees():
    """The votes decide nothing."""
    network = ThresholdNetwork(ONE, [[[1]]], [[0]], [[[0], [0]]], [1, 0], (1, 1))
    assert find_slope(network, [[0], [1]]).differs == 0


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda n: soften(n, 0), "slope 0"),
        (lambda n: find_slope(n, [[0]], tolerance=0), "tolerance 0"),
        (lambda n: find_slope(n, np.zeros((0, 1), int)), "0 images"),
        (lambda n: margins(n, np.zeros((0, 1), int)), "0 images"),
        (
            lambda n: find_slope(ThresholdNetwork(ONE, [], [], [[[0], [1]]], [0, 0], (1, 1)), [[0]]),
            "without hidden layers",
        ),
    ],
)
def test_what_is_refused(call, words):
    with pytest.raises(LayersError, match=words):
        call(ThresholdNetwork(ONE, [[[1]]], [[0]], [[[0], [1]]], [0, 0], (1, 1)))


# --- simplify


@given(st.lists(st.integers(-12, 12), min_size=1, max_size=7), st.integers(-15, 15))
def test_a_smaller_unit_fires_for_the_same_inputs(weights, bias):
    w, b = smaller_unit(np.array(weights), bias)
    assert (np.abs(w) <= np.abs(weights)).all()
    rows = (np.arange(2 ** len(weights))[:, None] >> np.arange(len(weights))) & 1
    assert (rows @ w + b > 0).tolist() == (rows @ weights + bias > 0).tolist()
    again = smaller_unit(w, b)
    assert (again[0].tolist(), again[1]) == (w.tolist(), b)


@given(threshold_networks(most=2), st.integers(0, 1 << 32))
def test_a_simpler_network_gives_the_same_scores(network, seed):
    less = simplify(network)
    greys = np.random.default_rng(seed).integers(0, network.encoder.levels, (64, network.encoder.inputs))
    np.testing.assert_array_equal(less.scores(greys), network.scores(greys))
    assert all(a <= b for a, b in zip(less.sizes, network.sizes, strict=True))
    assert simplify(less).sizes == less.sizes


def test_what_goes():
    """Equal and opposite units, a constant one, one that nothing reads; a bit that is another's twin, one unread."""
    network = ThresholdNetwork(
        Encoder(256, 3, [0, 0, 1, 2], [128, -7, 10, 10]),
        [[[1, 0, 2, 0], [0, 1, 2, 0], [-1, 0, -2, 0], [1, 0, 1, 0], [3, 0, 3, 0]]],
        [[-1, -1, 2, 5, -1]],
        [[[1, 1, 1, 1, 0], [0, 0, 3, 0, 0]]],
        [0, 0],
        (1, 3),
    )
    less = simplify(network)
    assert less.sizes == [2, 1, 2]
    assert less.encoder.pixel.tolist() == [0, 1]
    assert (less.votes[0].tolist(), less.offsets.tolist()) == ([[1], [-3]], [2, 3])
