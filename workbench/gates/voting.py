"""Voter: a threshold network as the reader of pictures asks for it, with a confidence for each class."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from learn.threshold import ThresholdNetwork

# How many times steeper than scores in units of the votes' root of the sum of squares: what fits the validation images
# of MNIST best is 5.0 for networks of 600 and 800 units, 4.75 for one of 1,500 and 5.5 for one of 1,800.
STEEPNESS = 5.0


class Voter:
    """Whole scores as shares of a whole.

    Attributes
    ----------
    sizes : list of int
        Pixels, and classes.

    Examples
    --------
    >>> from learn.threshold import Encoder
    >>> brighter = ThresholdNetwork(Encoder.thermometer(256, 1), (), (), [[[0], [2]]], [1, 0], shape=(1, 1))
    >>> Voter(brighter).forward(np.array([[0.0], [1.0]])).argmax(axis=1)
    array([0, 1])
    """

    def __init__(self, network: ThresholdNetwork):
        self._network = network
        self.sizes = [network.encoder.inputs, network.classes]
        spread = np.sqrt((network.votes_of_units.astype(np.float64) ** 2).sum(axis=1).mean())
        self._slope = STEEPNESS / max(1.0, float(spread))

    def forward(self, images: NDArray[Any]) -> NDArray[np.float64]:
        """Shares (n, classes) that add up to 1 of the images (n, pixels), which are cut off at 0 and 1."""
        scores = self._network.scores(self._network.encoder.greys(np.clip(images, 0, 1)))
        shares: NDArray[np.float64] = np.exp(self._slope * (scores - scores.max(axis=1, keepdims=True)))
        shares /= shares.sum(axis=1, keepdims=True)
        return shares
