"""Rosenblatt's rule: the convergence theorem as a property, XOR, the pocket, and the boundary as a picture."""

import itertools

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy.optimize import linprog
from sklearn.linear_model import Perceptron

from learn import (
    DataError,
    Layers,
    LayersError,
    PictureError,
    Split,
    StepLayer,
    TrainingError,
    boundary,
    is_digit,
    load_digits,
    novikoff_bound,
    perceptron_rule,
    pocket,
    step_network,
)
from perceptron import STEP, simulate

CORNERS = [list(row) for row in itertools.product([0, 1], repeat=2)]


@given(st.integers(1, 4), st.integers(1, 30), st.booleans(), st.integers(0, 9999))
def test_separable_images_end_the_rule_within_the_bound(inputs, n, shuffle, seed):
    """Labels by a drawn plane, images close to it left out: the rule stops, within Novikoff's number of updates."""
    rng = np.random.default_rng(seed)
    teacher = StepLayer(rng.normal(size=(1, inputs)), rng.normal(size=1) / 2)
    images = rng.random((n, inputs)).astype(np.float32)
    length = np.hypot(np.linalg.norm(teacher.weights), teacher.biases[0])
    images = images[np.abs(teacher.sums(images)[:, 0]) > 0.05 * length]
    assume(len(images) > 0)
    split = Split(images, teacher.predict(images))
    learned = perceptron_rule(split, epochs=20_000, shuffle=shuffle, rng=seed)
    assert learned.converged
    assert not learned.cycles
    np.testing.assert_array_equal(learned.layer.predict(images), split.labels)
    assert learned.updates <= novikoff_bound(split, teacher)


def separable(images, labels):
    """Whether a plane with these images on its two sides exists, by linear programming."""
    signs = 2 * np.asarray(labels) - 1
    table = -signs[:, None] * np.hstack([images, np.ones((len(images), 1))])
    return linprog(np.zeros(table.shape[1]), table, -np.ones(len(table)), bounds=(None, None)).status == 0


@pytest.mark.parametrize("inputs", [2, 3])
def test_every_boolean_function(inputs):
    """It converges for those that a plane separates (14 of 16, 104 of 256); of others it says that it never will."""
    rows = [list(row) for row in itertools.product([0, 1], repeat=inputs)]
    count = 0
    for labels in itertools.product([0, 1], repeat=len(rows)):
        learned = perceptron_rule(Split(rows, list(labels)))
        assert learned.converged == separable(rows, labels)
        assert learned.cycles == (not learned.converged)
        count += learned.converged
    assert count == {2: 14, 3: 104}[inputs]


def test_xor_says_so():
    learned = perceptron_rule(Split(CORNERS, [0, 1, 1, 0]))
    assert "never converges" in repr(learned)
    shuffled = perceptron_rule(Split(CORNERS, [0, 1, 1, 0]), shuffle=True, epochs=50, rng=0)
    assert repr(shuffled).startswith("Learned(not converged after 50 passes")
    assert len(shuffled.mistakes) == 50


def test_what_sklearn_separates_is_separated():
    """ "Is it a 0?" on the small digits: scikit-learn's Perceptron finds a plane, and the rule finds one."""
    digits = load_digits()
    zero = is_digit(digits.train, 0)
    theirs = Perceptron(shuffle=False, max_iter=500, tol=None).fit(zero.images, zero.labels)
    assert theirs.score(zero.images, zero.labels) == 1
    learned = perceptron_rule(zero)
    assert learned.converged
    np.testing.assert_array_equal(learned.layer.predict(zero.images), zero.labels)
    bound = novikoff_bound(zero, StepLayer(theirs.coef_, theirs.intercept_))
    assert learned.updates <= bound


def test_a_layer_of_ten_reads_digits():
    """Ten step units, each trained for its digit, read more than 9 in 10 of the training images."""
    digits = load_digits()
    learned = perceptron_rule(digits.train, 10, epochs=30, shuffle=True, rng=0)
    assert np.mean(learned.layer.predict(digits.train.images) == digits.train.labels) > 0.9


def test_the_pocket_keeps_the_best():
    """The best plane for XOR is wrong on one; what can be separated is separated."""
    assert pocket(Split(CORNERS, [0, 1, 1, 0]), rng=3).mistakes == [1]
    nand = pocket(Split(CORNERS, [1, 1, 1, 0]), rng=3)
    assert nand.converged
    assert nand.layer.predict(CORNERS).tolist() == [1, 1, 1, 0]


@given(st.integers(0, 999))
def test_the_pocket_is_as_good_as_it_says(seed):
    rng = np.random.default_rng(seed)
    split = Split(rng.random((30, 2), np.float32), rng.integers(0, 2, 30))
    learned = pocket(split, steps=500, rng=seed)
    assert learned.mistakes == [np.sum(learned.layer.predict(split.images) != split.labels)]
    assert learned.mistakes[0] <= min(split.labels.sum(), 30 - split.labels.sum())  # as good as one answer for all


def test_the_graph_of_step_units():
    """Exact steps in the graph, floating-point sums here: the same answers."""
    learned = perceptron_rule(Split(CORNERS, [1, 1, 1, 0]))
    net = step_network(learned.layer)
    assert net.unit("y0").activation == STEP
    np.testing.assert_array_equal(simulate(net, CORNERS)[:, 0], [1, 1, 1, 0])


def test_boundary_pictures(tmp_path):
    """For a layer of steps and for a network of sigmoids; refused for other widths."""
    split = Split(CORNERS, [0, 1, 1, 0])
    boundary(pocket(split, rng=0).layer, split, tmp_path / "steps.png")
    boundary(Layers.start([2, 3, 3], rng=0), split, tmp_path / "sigmoids.svg")
    assert (tmp_path / "steps.png").read_bytes().startswith(b"\x89PNG")
    assert b"<svg" in (tmp_path / "sigmoids.svg").read_bytes()
    with pytest.raises(PictureError, match="two inputs"):
        boundary(Layers.start([3, 1], rng=0), split, tmp_path / "a.png")
    with pytest.raises(PictureError, match="at least one image"):
        boundary(Layers.start([2, 1], rng=0), split[:0], tmp_path / "a.png")


def test_refusals():
    split = Split(CORNERS, [0, 1, 1, 0])
    with pytest.raises(DataError, match="no images"):
        perceptron_rule(split[:0])
    with pytest.raises(TrainingError, match="epochs 0 is too small"):
        perceptron_rule(split, epochs=0)
    with pytest.raises(TrainingError, match="steps 0 is too small"):
        pocket(split, steps=0)
    with pytest.raises(DataError, match="not right on all images"):
        novikoff_bound(split, StepLayer([[1, 1]], [0]))
    with pytest.raises(LayersError, match=r"give \(outputs, inputs\)"):
        StepLayer([1, 1], [0])
    with pytest.raises(LayersError, match="not finite"):
        StepLayer([[1, np.inf]], [0])
    with pytest.raises(LayersError, match=r"give \(n, 2\)"):
        StepLayer([[1, 1]], [0]).predict([[1]])
