"""The updates of an epoch, twice: in matrices (`blas`), and compiled for small mini-batches of images (`sparse`)."""

from __future__ import annotations

from importlib.util import find_spec
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from learn.arrays import Array
from learn.layers import Layers
from learn.settings import Settings

_WORTH_COMPILING = 3e8  # weights x images x epochs from which loading Numba pays
_NARROW = 256  # neurons; the matrices of wider layers are what BLAS is for
_SMALL = 32  # images in a mini-batch, likewise
_PLACES = 1 << 16  # inputs that 16 bits can number


class Steps(Protocol):
    """The updates of an epoch: a network's arrays, and what the rule of descent keeps beside them."""

    def run(self, images: Array, order: NDArray[np.int64], rate: float, rng: np.random.Generator) -> float:
        """One update for each mini-batch, with the images (n, inputs) in the given order (n,).

        Returns the mean cost of the images, each at the moment when its mini-batch came; nan or inf where the
        numbers stopped being finite.
        """

    def take(self, layers: Layers) -> None:
        """Take the network's numbers."""

    def hand_over(self, layers: Layers) -> None:
        """Write the trained numbers into the network."""

    def state(self) -> dict[str, NDArray[np.generic]]:
        """What has to be kept beside the network to go on later: velocities and the like, by name."""

    def restore(self, state: dict[str, NDArray[np.generic]]) -> None:
        """Take what `state` gave."""


def choose_steps(layers: Layers, y: Array, settings: Settings) -> Steps:
    """The faster way for this network and these settings; both give the same numbers to rounding.

    The choice depends on nothing but the network's sizes, the number of images, the settings and whether Numba is
    there, so that the same training takes the same way every time.
    """
    weights = sum(w.size for w in layers.weights)
    compiled = (
        find_spec("numba") is not None
        and layers.dtype == np.float32
        and settings.method == "sgd"
        and not settings.l1
        and not settings.dropout
        and settings.batch <= _SMALL
        and max(layers.sizes[1:]) <= _NARROW
        and layers.sizes[0] < _PLACES
        and weights * len(y) * settings.epochs >= _WORTH_COMPILING
    )
    if compiled:
        from learn.steps.sparse import SparseSteps

        return SparseSteps(layers, y, settings)
    from learn.steps.blas import BlasSteps

    return BlasSteps(layers, y, settings)
