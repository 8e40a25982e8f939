"""What an image makes of every part of a threshold network, for pictures of it at work."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from learn.threshold import ThresholdNetwork


@dataclass(frozen=True)
class Values:
    """What an image makes of the network: greys (pixels,), bits (bits,), units by layer, scores (classes,), a label."""

    greys: NDArray[np.uint8]
    bits: NDArray[np.uint8]
    units: Sequence[NDArray[np.uint8]]
    scores: NDArray[np.int64]
    label: int


def values_of(network: ThresholdNetwork, greys: NDArray[np.uint8]) -> Values:
    """The values for one image of whole greys (pixels,)."""
    bits = network.encoder.encode(greys[None])
    layers = network.fire(bits)
    scores = network.tally((layers or [bits])[-1])[0]
    return Values(greys, bits[0], [layer[0] for layer in layers], scores, int(scores.argmax()))
