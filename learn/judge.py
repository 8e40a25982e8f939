"""How well a network reads, in numbers: what it takes for what, its hardest images, whether its sureness is right."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from learn.arrays import Array
from learn.data import Split
from learn.errors import DataError
from learn.layers import Layers


def confusion(layers: Layers, split: Split) -> NDArray[np.int64]:
    """How many images of each label (row) were read as each label (column): (labels, labels).

    There are as many labels as outputs, and two for a single output. Raises DataError for no images or labels
    that no output stands for.

    >>> confusion(Layers([[[1.0]]], [[-0.5]]), Split([[0.0], [1.0], [1.0]], [0, 1, 0]))
    array([[1, 1],
           [0, 1]])
    """
    _check(layers, split)
    size = max(2, layers.sizes[-1])
    counts = np.zeros((size, size), np.int64)
    np.add.at(counts, (split.labels, layers.predict(split.images)), 1)
    return counts


def confidence(layers: Layers, split: Split) -> NDArray[np.float64]:
    """How much of its outputs a network gives to each label: (n, labels), rows that add up to 1.

    A softmax as it is; sigmoid outputs divided by their sum; a single output a as 1 - a and a.
    """
    return shares_of(layers.forward(split.images))


def shares_of(outputs: Array) -> NDArray[np.float64]:
    """The same for outputs that are there already: (n, outputs) -> (n, labels)."""
    wide: NDArray[np.float64] = outputs.astype(np.float64)
    if wide.shape[1] == 1:
        return np.hstack([1 - wide, wide])
    wide /= np.maximum(wide.sum(axis=1, keepdims=True), 1e-300)
    return wide


def hardest(layers: Layers, split: Split, count: int = 40) -> NDArray[np.int64]:
    """The rows of the images whose own label got the least confidence, the hardest first: (count,) or fewer.

    Raises as `confusion` does.
    """
    _check(layers, split)
    own = confidence(layers, split)[np.arange(len(split)), split.labels]
    return np.argsort(own, kind="stable")[:count]


class Calibration(NamedTuple):
    """By stretch of confidence: how many images, their mean confidence, and the share that was right.

    `counts`, `confidence` and `accuracy`: (bins,), nan where there are no images. `error`: the expected
    calibration error, the mean over all images of |confidence - accuracy| of their stretch (Guo and others 2017).
    """

    counts: NDArray[np.int64]
    confidence: NDArray[np.float64]
    accuracy: NDArray[np.float64]
    error: float


def calibration(layers: Layers, split: Split, bins: int = 10) -> Calibration:
    """Whether a network that is 90 % sure is right 9 times in 10, in stretches of equal width from 0 to 1.

    Raises as `confusion` does, and DataError for fewer than one stretch.

    >>> calibration(Layers([[[0.0]]], [[0.0]]), Split([[0.0], [1.0]], [0, 1]), bins=2)  # always half sure
    Calibration(counts=array([0, 2]), confidence=array([nan, 0.5]), accuracy=array([nan, 0.5]), error=0.0)
    """
    _check(layers, split)
    if bins < 1:
        raise DataError(f"{bins} bins cannot hold an image; give at least 1")
    sure = confidence(layers, split).max(axis=1)
    right = layers.predict(split.images) == split.labels
    place = np.minimum((sure * bins).astype(np.int64), bins - 1)
    counts = np.bincount(place, minlength=bins)
    with np.errstate(invalid="ignore"):
        means = [np.bincount(place, values.astype(np.float64), minlength=bins) / counts for values in (sure, right)]
    error = float(np.nansum(np.abs(means[0] - means[1]) * counts) / len(split))
    return Calibration(counts, means[0], means[1], error)


def _check(layers: Layers, split: Split) -> None:
    highest = max(2, layers.sizes[-1]) - 1
    if not len(split):
        raise DataError("no images to judge a network by; give at least one")
    if int(split.labels.max()) > highest:
        raise DataError(f"label {split.labels.max()} fits no output; {layers!r} knows the labels 0 to {highest}")
