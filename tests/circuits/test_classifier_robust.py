"""The fewest pixels that change a label: against all changes of small images, and of single pixels of digits."""

from itertools import combinations, product

import numpy as np
import pytest
from digit_classifiers import digit_arrays, digits, scores
from hypothesis import given
from hypothesis import strategies as st

from circuits import classifier
from circuits.synthesis.classifier.robust import smallest_flip
from perceptron import ParameterError


def small(rng):
    """A classifier of three pixels whose bits are thresholds and binary digits."""
    levels, pixels, bits, units, classes = 5, 3, 6, 4, 3
    return (
        levels,
        pixels,
        rng.integers(0, pixels, bits),
        rng.integers(-2, levels, bits),
        [rng.integers(-2, 3, (units, bits))],
        [rng.integers(-2, 3, units)],
        [rng.integers(-2, 3, (classes, units))],
        rng.integers(-2, 3, classes),
    )


def label(arrays, image):
    _, _, pixel, level, (weights,), (biases,), (votes,), offsets = arrays
    seen = image[pixel]
    bits = np.where(level > 0, seen >= level, seen >> np.maximum(-level, 0) & 1).astype(int)
    return int((votes @ (weights @ bits + biases > 0) + offsets).argmax())


def fewest(arrays, image):
    before = label(arrays, image)
    for size in range(1, len(image) + 1):
        for chosen in combinations(range(len(image)), size):
            for greys in product(range(arrays[0]), repeat=size):
                changed = image.copy()
                changed[list(chosen)] = greys
                if label(arrays, changed) != before:
                    return size
    return None


@given(st.integers(0, 2**32), st.integers(1, 3))
def test_the_fewest_pixels(seed, at_most):
    """Against every image that differs in so many pixels."""
    rng = np.random.default_rng(seed)
    arrays = small(rng)
    image = rng.integers(0, arrays[0], arrays[1])
    told = smallest_flip(classifier.build(*arrays), image, at_most=at_most)
    wanted = fewest(arrays, image)
    assert told.label == label(arrays, image)
    if wanted is None or wanted > at_most:
        assert (told.pixels, told.becomes, told.exact) == (None, None, False)
        assert told.at_least > at_most
        return
    assert told.exact
    assert len(told.pixels) == told.at_least == wanted
    changed = image.copy()
    changed[list(told.pixels)] = list(told.pixels.values())
    assert label(arrays, changed) == told.becomes != told.label


def test_single_pixels_of_digits():
    """Every grey of every pixel of some digits, by whole numbers."""
    arrays = digit_arrays(marks=(4, 10))
    made = classifier.build(*arrays)
    images = digits()[0][::150]
    found = []
    for image in images:
        before = scores(arrays, image[None]).argmax()
        every = np.repeat(image[None], 64 * 17, axis=0)
        every[np.arange(64 * 17), np.repeat(np.arange(64), 17)] = np.tile(np.arange(17), 64)
        wanted = (scores(arrays, every).argmax(axis=1) != before).any()
        told = smallest_flip(made, image, at_most=1)
        assert (told.label, told.at_least, told.exact) == (before, 1 if wanted else 2, wanted)
        found.append(wanted)
    assert 0 < sum(found) < len(found)


def test_the_nearest_grey_that_makes_a_difference():
    """A bit that asks for 4 of 0 to 7: from 6 one has to go to 3, from 1 to 4."""
    made = classifier.build(8, 1, [0], [4], [[[1]]], [[0]], [[[0], [1]]], [0, 0])
    assert smallest_flip(made, [6]).pixels == {0: 3}
    assert smallest_flip(made, [1]).pixels == {0: 4}


def test_a_label_that_never_changes():
    made = classifier.build(8, 2, [0, 1], [4, 4], [[[1, 1]]], [[0]], [[[1], [1]]], [0, 0])
    told = smallest_flip(made, [6, 1])
    assert (told.label, told.pixels, told.at_least) == (0, None, 3)


@pytest.mark.parametrize(
    ("image", "options", "text"),
    [
        ([1], {}, "the image has shape (1,); give (2,)"),
        ([1, 8], {}, "the greys are not all whole numbers from 0 to 7; give such"),
        ([0.5, 1], {}, "the greys are not all whole numbers from 0 to 7; give such"),
        ([1, 1], {"at_most": 0}, "at_most is 0; give at least 1 input, or None for any number"),
        ([1, 1], {"limit": -1}, "limit is -1; give at least 0 seconds, or None for no limit"),
    ],
)
def test_what_cannot_be_asked(image, options, text):
    made = classifier.build(8, 2, [0, 1], [4, 4], [[[1, 0], [0, 1]]], [[0, 0]], [[[1, 0], [0, 1]]], [0, 0])
    with pytest.raises(ParameterError) as error:
        smallest_flip(made, image, **options)
    assert str(error.value) == text
