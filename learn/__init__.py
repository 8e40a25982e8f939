"""Training networks of sigmoid neurons to read handwritten digits, as the book's first chapter does.

>>> import learn, numpy as np
>>> rng = np.random.default_rng(0)
>>> digits = learn.load_digits()
>>> layers = learn.Layers.start([64, 20, 10], rng=rng)
>>> for epoch in learn.sgd(layers, digits.train, epochs=15, test=digits.test, rng=rng):
...     pass
>>> epoch.test_accuracy > 0.85
True
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from learn.activations import sigmoid, softmax
from learn.cost import CROSS_ENTROPY, LOG_LIKELIHOOD, QUADRATIC, Cost
from learn.data import Data, Split, is_digit, load_digits, load_mnist
from learn.errors import (
    ConvertError,
    DataError,
    DownloadError,
    LayersError,
    LearnError,
    ModelError,
    PictureError,
    StripError,
    TrainingError,
)
from learn.expand import Expand
from learn.gradient import Gradient, backpropagate
from learn.layers import Layers
from learn.model import Model, load, save
from learn.picture import digit_grid, learning_curve, saturation
from learn.settings import Settings
from learn.targets import targets
from learn.train import sgd
from learn.training import Epoch, Training

if TYPE_CHECKING:
    from learn.convert import from_network, to_network

__all__ = [
    "CROSS_ENTROPY",
    "LOG_LIKELIHOOD",
    "QUADRATIC",
    "ConvertError",
    "Cost",
    "Data",
    "DataError",
    "DownloadError",
    "Epoch",
    "Expand",
    "Gradient",
    "Layers",
    "LayersError",
    "LearnError",
    "Model",
    "ModelError",
    "PictureError",
    "Settings",
    "Split",
    "StripError",
    "Training",
    "TrainingError",
    "backpropagate",
    "digit_grid",
    "from_network",
    "is_digit",
    "learning_curve",
    "load",
    "load_digits",
    "load_mnist",
    "saturation",
    "save",
    "sgd",
    "sigmoid",
    "softmax",
    "targets",
    "to_network",
]


def __getattr__(name: str) -> Any:
    """`to_network` and `from_network` on first use: they are the only ones that load `perceptron`."""
    if name in ("to_network", "from_network"):
        from learn import convert

        return getattr(convert, name)
    raise AttributeError(f"module 'learn' has no attribute {name!r}")
