"""A training that is stuck is told of, and one that is not is left alone."""

import numpy as np
import pytest

from learn import Layers, LayersError, Split, load_digits, sgd, stuck
from workbench.cli import main


@pytest.fixture(scope="module")
def digits():
    return load_digits().train


def held_down(seed=0):
    """A network whose output 3 starts far down."""
    layers = Layers.start([64, 20, 10], rng=seed)
    layers.biases[-1][3] = -30
    return layers


def test_an_output_that_is_held_down(digits):
    """By the quadratic cost it is still there ten epochs later; cross-entropy moves it."""
    layers = held_down()
    list(sgd(layers, digits, epochs=10, rng=0))
    (sentence,) = stuck(layers, digits)
    count = int((digits.labels == 3).sum())
    assert sentence.startswith(f"output 3 stays below 0.02 for all {count} images of a 3, where the quadratic cost")
    assert "choose the cost cross-entropy" in sentence
    assert not (layers.predict(digits.images) == 3).any()
    layers = held_down()
    list(sgd(layers, digits, epochs=10, rate=0.5, cost="cross-entropy", rng=0))
    assert stuck(layers, digits, "cross-entropy") == stuck(layers, digits) == []
    assert (layers.predict(digits.images) == 3).any()


def test_one_answer_to_everything(digits):
    """A rate far too high; but a split of one label asks for one answer."""
    layers = Layers.start([64, 20, 10], rng=0)
    list(sgd(layers, digits, epochs=2, rate=1e4, rng=0))
    (sentence,) = stuck(layers, digits)
    assert sentence.startswith("the answer to all 1,124 images is ")
    assert sentence.endswith("choose a smaller rate, or more epochs")
    assert stuck(layers, digits[digits.labels == 4]) == []


def test_sound_networks(digits):
    """Trained well, with one output, and with softmax outputs."""
    for output, cost in (("sigmoid", "quadratic"), ("softmax", "log-likelihood")):
        layers = Layers.start([64, 20, 10], rng=1, output=output)
        list(sgd(layers, digits, epochs=5, rate=0.5 if output == "softmax" else 3.0, cost=cost, rng=0))
        assert stuck(layers, digits, cost) == []
    yes_or_no = Split(digits.images, (digits.labels == 9).astype(np.int64))
    layers = Layers.start([64, 1], rng=0)
    list(sgd(layers, yes_or_no, epochs=10, rng=0))
    assert stuck(layers, yes_or_no) == []
    with pytest.raises(LayersError, match="images of 64 numbers for a network of 3 inputs"):
        stuck(Layers.start([3, 2], rng=0), digits)


def test_the_command_tells(capsys):
    """On standard error, after the training; nothing where nothing was trained."""
    words = ["learn", "digits", "--rate", "10000", "--rng", "0", "--epochs"]
    assert main([*words, "2"]) == 0
    assert "perceptron: the answer to all 1,124 images is " in capsys.readouterr().err
    assert main([*words, "0"]) == 0
    assert capsys.readouterr().err == ""
