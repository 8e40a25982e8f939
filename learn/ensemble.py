"""Several networks that answer together, by the mean of their outputs."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import ArrayLike, NDArray

from learn.arrays import Array
from learn.errors import LayersError
from learn.layers import Layers


class Ensemble:
    """Networks of the same inputs and outputs, asked together (chapter 3 of the book: let them vote).

    `networks`: at least one, which may differ in their hidden layers. Errors that they make each for itself are
    outvoted; those that all make stay.

    Raises LayersError for no network, and for networks of other numbers of inputs or outputs.

    >>> sure, unsure = Layers([[[4.0]]], [[0.0]]), Layers([[[-1.0]]], [[0.0]])
    >>> Ensemble([sure, unsure]).forward([[1.0]]).round(3)
    array([[0.625]], dtype=float32)
    """

    def __init__(self, networks: Iterable[Layers]) -> None:
        self.networks = list(networks)
        if not self.networks:
            raise LayersError("an ensemble of no networks answers nothing; give at least one")
        first = self.networks[0].sizes
        for layers in self.networks:
            if (layers.sizes[0], layers.sizes[-1]) != (first[0], first[-1]):
                raise LayersError(f"{layers!r} beside one of {first}; give networks of the same inputs and outputs")

    def forward(self, images: ArrayLike) -> Array:
        """The mean of the networks' outputs: (n, inputs) -> (n, outputs). Raises as `Layers.forward` does."""
        outputs: Array = np.mean([layers.forward(images) for layers in self.networks], axis=0)
        return outputs

    def predict(self, images: ArrayLike) -> NDArray[np.int64]:
        """The label of each image: (n, inputs) -> (n,). Raises as `Layers.predict` does."""
        if len(self.networks) == 1:
            return self.networks[0].predict(images)
        outputs = self.forward(images)
        labels = outputs[:, 0] >= 0.5 if outputs.shape[1] == 1 else outputs.argmax(axis=1)
        return labels.astype(np.int64)

    def accuracy(self, images: ArrayLike, labels: ArrayLike) -> float:
        """The share of images whose predicted label is the given one; raises LayersError for no images."""
        expected = np.asarray(labels)
        if not len(expected):
            raise LayersError("the accuracy on 0 images is not defined; give at least one image")
        return float(np.mean(self.predict(images) == expected))
