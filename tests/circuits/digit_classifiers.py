"""Small classifiers of the bundled 8x8 digits, as arrays, and what they say by NumPy's whole numbers."""

import numpy as np
from sklearn.datasets import load_digits

LEVELS, PIXELS, CLASSES = 17, 64, 10


def digits():
    """Images (n, 64) of greys from 0 to 16, and their labels."""
    bunch = load_digits()
    return bunch.data.astype(np.int64), bunch.target


def digit_arrays(units=40, marks=(6,), seed=0):
    """Random perceptrons of five bits each, and votes of -2 to 2 for what fires with a digit: about 7 of 10 right."""
    rng = np.random.default_rng(seed)
    images, labels = digits()
    pixel = np.repeat(np.arange(PIXELS), len(marks))
    level = np.tile(marks, PIXELS)
    busy = np.flatnonzero((images[:, pixel] >= level).var(axis=0) > 0.1)
    weights = np.zeros((units, len(pixel)), dtype=np.int64)
    for row in weights:
        row[rng.choice(busy, 5, replace=False)] = rng.choice([-1, 1], 5)
    biases = -(weights.sum(axis=1) // 2)
    fires = (images[:, pixel] >= level).astype(int) @ weights.T + biases > 0
    usual = np.array([fires[labels == label].mean(axis=0) for label in range(CLASSES)]) - fires.mean(axis=0)
    votes = np.rint(usual / np.abs(usual).max() * 2).astype(np.int64)
    offsets = -np.rint((votes * fires.mean(axis=0)).sum(axis=1)).astype(np.int64)
    return LEVELS, PIXELS, pixel, level, [weights], [biases], [votes], offsets


def scores(arrays, images):
    """(n, classes) of whole numbers."""
    _, _, pixel, level, (weights,), (biases,), (votes,), offsets = arrays
    fires = (images[:, pixel] >= level).astype(int) @ weights.T + biases > 0
    return fires.astype(int) @ votes.T + offsets
