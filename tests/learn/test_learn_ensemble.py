"""Networks that answer together: scikit-learn's soft voting by hand, and what is refused."""

import numpy as np
import pytest

from learn import Ensemble, Layers, LayersError, load_digits, sgd


def test_the_mean_of_the_outputs_decides():
    nets = [Layers.start([5, 4, 3], rng=k) for k in range(3)] + [Layers.start([5, 3], rng=9, output="softmax")]
    images = np.random.default_rng(0).random((20, 5))
    mean = sum(net.forward(images) for net in nets) / 4
    np.testing.assert_allclose(Ensemble(nets).forward(images), mean, rtol=1e-6)
    np.testing.assert_array_equal(Ensemble(nets).predict(images), mean.argmax(axis=1))
    np.testing.assert_array_equal(Ensemble(nets[:1]).predict(images), nets[0].predict(images))


def test_a_single_output_is_yes_from_one_half_on():
    yes, no = Layers([[[1.0]]], [[3.0]]), Layers([[[1.0]]], [[-2.0]])
    assert Ensemble([yes, no]).predict([[0.0]]).tolist() == [1]
    assert Ensemble([yes, no, no]).predict([[0.0]]).tolist() == [0]


def test_together_they_read_better_than_their_mean():
    digits, nets = load_digits(), []
    for seed in range(5):
        nets.append(Layers.start([64, 15, 10], rng=seed))
        list(sgd(nets[-1], digits.train, epochs=8, rng=seed))
    alone = [net.accuracy(digits.test.images, digits.test.labels) for net in nets]
    assert Ensemble(nets).accuracy(digits.test.images, digits.test.labels) > np.mean(alone)


def test_refusals():
    with pytest.raises(LayersError, match="no networks answers nothing"):
        Ensemble([])
    with pytest.raises(LayersError, match="same inputs and outputs"):
        Ensemble([Layers.start([2, 3], rng=0), Layers.start([2, 4], rng=0)])
    with pytest.raises(LayersError, match="at least one image"):
        Ensemble([Layers.start([2, 3], rng=0)]).accuracy(np.zeros((0, 2)), [])
