"""The trainings that have a name: what they are for, and what the one for the small digits reaches."""

import numpy as np
import pytest
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split

from learn import PRESETS, Layers, Split, Training, TrainingError, find_preset


def reached(rows, left_out, seed):
    """The share of the images left out that a network trained on the rows reads."""
    images, labels = load_digits(return_X_y=True)
    everything, preset = Split(images / 16, labels), find_preset("digits")
    rng = np.random.default_rng(seed)
    layers = Layers.start([64, *preset.hidden, 10], rng=rng)
    list(Training(layers, everything[rows], preset.settings, expand=preset.expand, rng=rng))
    return layers.accuracy(everything.images[left_out], labels[left_out])


def test_every_preset_says_what_it_is():
    assert all(preset.about and preset.hidden for preset in PRESETS.values())
    assert PRESETS["book"].settings.cost == "quadratic"
    with pytest.raises(TrainingError, match="preset 'fast' is not known; choose book, book3, quick, best, digits"):
        find_preset("fast")


@pytest.mark.slow
def test_a_random_quarter_of_the_small_digits():
    """97.5 % on the mean of five splits."""
    shares = [reached(*train_test_split(np.arange(1797), test_size=0.25, random_state=s), s) for s in range(5)]
    assert np.mean(shares) >= 0.975


@pytest.mark.slow
def test_the_last_450_of_the_small_digits():
    """Other hands wrote these: 93 %."""
    assert reached(slice(0, 1347), slice(1347, None), 0) >= 0.93
