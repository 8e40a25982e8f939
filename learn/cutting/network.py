"""What reading asks of a network, and the activations that it answers glyphs with."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from learn.cutting.arrays import Grey
from learn.cutting.glyph import eight_by_eight
from learn.errors import StripError


class Network(Protocol):
    """What `read` asks of a network: `learn.layers.Layers` has it."""

    @property
    def sizes(self) -> Sequence[int]:
        """Neurons of each layer, inputs first."""
        ...

    def forward(self, images: NDArray[Any]) -> NDArray[Any]:
        """Activations (n, 10) of the images (n, inputs)."""
        ...


def check_sizes(layers: Network) -> None:
    """Raise StripError unless the network has 784 inputs (28 x 28) or 64 inputs (8 x 8), and 10 outputs."""
    inputs, outputs = layers.sizes[0], layers.sizes[-1]
    if inputs not in (784, 64) or outputs != 10:
        raise StripError(
            f"a network of {inputs} inputs and {outputs} outputs cannot read digits; "
            "give it 784 inputs (28 x 28) or 64 (8 x 8), and 10 outputs"
        )


def activations_of(layers: Network, images: Grey) -> NDArray[np.float64]:
    """Activations (n, 10) of glyph images (n, 28, 28), reduced first where the network sees 8 x 8."""
    if layers.sizes[0] == 64:
        images = np.stack([eight_by_eight(image) for image in images])
    return np.asarray(layers.forward(images.reshape(len(images), -1)), dtype=np.float64)
