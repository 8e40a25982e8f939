"""Single pixels that change a label: both ways of counting against trying every grey in Python's integers."""

from importlib import import_module
from importlib.util import find_spec

import numpy as np
import pytest
from hypothesis import given
from thresholds import by_hand, networks_with_greys

from learn import Encoder, Layers, LayersError, ThresholdNetwork, harden, load_digits, robustness, sgd


def tried(network, image):
    """The label, the pixels that matter, and of the first of them the lowest grey that does and the label then."""
    label = by_hand(network, image)[-1]
    matter, first = 0, (-1, -1, -1)
    for pixel in range(len(image)):
        greys = []
        for grey in range(network.encoder.levels):
            changed = image.copy()
            changed[pixel] = grey
            new = by_hand(network, changed)[-1]
            if new != label:
                greys.append((pixel, grey, new))
        matter += bool(greys)
        if greys and first[0] < 0:
            first = greys[0]
    return (label, matter, *first)


def rows(found):
    return list(
        map(tuple, np.column_stack([found.labels, found.pixels, found.pixel, found.grey, found.label]).tolist())
    )


WAYS = [
    pytest.param(True, marks=pytest.mark.skipif(find_spec("numba") is None, reason="Numba is not installed")),
    False,
]


def found_by(network, greys, compiled):
    """What `robustness` finds, as if Numba were not installed unless `compiled`."""
    with pytest.MonkeyPatch.context() as patch:
        if not compiled:
            # The function hides the module of its name.
            patch.setattr(import_module("learn.threshold.robustness"), "find_spec", lambda name: None)
        return robustness(network, greys)


@pytest.mark.parametrize("compiled", WAYS)
@given(pair=networks_with_greys())
def test_every_grey_of_every_pixel(compiled, pair):
    network, greys = pair
    assert rows(found_by(network, greys, compiled)) == [tried(network, image) for image in greys]


@pytest.fixture(scope="module")
def hardened():
    """The bundled digits read by 20 perceptrons of four binary digits a pixel."""
    digits = load_digits()
    layers = Layers.start([64, 20, 10], rng=0)
    for _ in sgd(layers, digits.train, epochs=5, rng=0):
        pass
    return harden(layers, Encoder.binary(17, 64, digits=4), digits.test, fit=digits.train).network, digits.test


@pytest.mark.parametrize("compiled", WAYS)
def test_bundled_digits(hardened, compiled):
    """More images than a piece, by the network itself on all changed images."""
    network, test = hardened
    greys = network.encoder.greys(test.images)
    found = found_by(network, greys, compiled)
    np.testing.assert_array_equal(found.labels, network.predict(greys))
    every = np.arange(17, dtype=np.uint8)
    matters = np.zeros(greys.shape, bool)
    for pixel in range(64):
        changed = np.repeat(greys, 17, axis=0)
        changed[:, pixel] = np.tile(every, len(greys))
        new = network.predict(changed).reshape(-1, 17)
        matters[:, pixel] = (new != found.labels[:, None]).any(axis=1)
    np.testing.assert_array_equal(found.pixels, matters.sum(axis=1))
    np.testing.assert_array_equal(found.pixel, np.where(matters.any(axis=1), matters.argmax(axis=1), -1))
    assert found.share == np.mean(~matters.any(axis=1))
    right = found.labels == test.labels
    assert found.accuracy(test.labels) == np.mean(right & found.robust)
    # The first pixel and grey do what is said of them.
    one = greys[~found.robust].copy()
    one[np.arange(len(one)), found.pixel[~found.robust]] = found.grey[~found.robust]
    np.testing.assert_array_equal(network.predict(one), found.label[~found.robust])


def test_no_images():
    network = ThresholdNetwork(Encoder(2, 1, [0], [1]), [], [], [[[0], [1]]], [0, 0], (1, 1))
    with pytest.raises(LayersError, match="0 images"):
        robustness(network, np.zeros((0, 1), np.uint8))
