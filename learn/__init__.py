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
from learn.checkpoint import resume, save_checkpoint
from learn.cost import CROSS_ENTROPY, LOG_LIKELIHOOD, QUADRATIC, Cost
from learn.data import Data, Split, is_digit, load_digits, load_mnist
from learn.ensemble import Ensemble
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
from learn.judge import calibration, confidence, confusion, hardest
from learn.layers import Layers
from learn.log import write_log
from learn.model import Model, load, save
from learn.picture import boundary, digit_grid, learning_curve, saturation
from learn.presets import PRESETS, Preset, find_preset
from learn.report import report
from learn.rosenblatt import Learned, StepLayer, novikoff_bound, perceptron_rule, pocket
from learn.settings import Settings
from learn.stuck import stuck
from learn.targets import targets
from learn.threshold import (
    Encoder,
    GateSettings,
    Hardened,
    Margins,
    RealSteps,
    Robustness,
    Slope,
    Stage,
    ThresholdModel,
    ThresholdNetwork,
    ThresholdTraining,
    expand_for,
    expected_gates,
    find_slope,
    harden,
    load_any,
    load_threshold,
    margins,
    quantize_units,
    quantize_votes,
    robustness,
    save_threshold,
    settings_for,
    simplify,
    soften,
    train_threshold,
)
from learn.train import sgd
from learn.training import Epoch, Training

if TYPE_CHECKING:
    from learn.classifier import SigmoidClassifier
    from learn.convert import from_network, step_network, to_network

__all__ = [
    "CROSS_ENTROPY",
    "LOG_LIKELIHOOD",
    "PRESETS",
    "QUADRATIC",
    "ConvertError",
    "Cost",
    "Data",
    "DataError",
    "DownloadError",
    "Encoder",
    "Ensemble",
    "Epoch",
    "Expand",
    "GateSettings",
    "Gradient",
    "Hardened",
    "Layers",
    "LayersError",
    "LearnError",
    "Learned",
    "Margins",
    "Model",
    "ModelError",
    "PictureError",
    "Preset",
    "RealSteps",
    "Robustness",
    "Settings",
    "SigmoidClassifier",
    "Slope",
    "Split",
    "Stage",
    "StepLayer",
    "StripError",
    "ThresholdModel",
    "ThresholdNetwork",
    "ThresholdTraining",
    "Training",
    "TrainingError",
    "backpropagate",
    "boundary",
    "calibration",
    "confidence",
    "confusion",
    "digit_grid",
    "expand_for",
    "expected_gates",
    "find_preset",
    "find_slope",
    "from_network",
    "harden",
    "hardest",
    "is_digit",
    "learning_curve",
    "load",
    "load_any",
    "load_digits",
    "load_mnist",
    "load_threshold",
    "margins",
    "novikoff_bound",
    "perceptron_rule",
    "pocket",
    "quantize_units",
    "quantize_votes",
    "report",
    "resume",
    "robustness",
    "saturation",
    "save",
    "save_checkpoint",
    "save_threshold",
    "settings_for",
    "sgd",
    "sigmoid",
    "simplify",
    "soften",
    "softmax",
    "step_network",
    "stuck",
    "targets",
    "to_network",
    "train_threshold",
    "write_log",
]


def __getattr__(name: str) -> Any:
    """On first use: `to_network` and the like, which load `perceptron`, and what loads scikit-learn."""
    if name in ("to_network", "from_network", "step_network"):
        from learn import convert

        return getattr(convert, name)
    if name == "SigmoidClassifier":
        from learn.classifier import SigmoidClassifier

        return SigmoidClassifier
    raise AttributeError(f"module 'learn' has no attribute {name!r}")
