"""Threshold networks: step units with whole weights, from an image's bits to its label, made to become gates.

`harden` makes one of a trained network of sigmoids:

>>> import learn
>>> from learn.threshold import Encoder, harden
>>> digits = learn.load_digits()
>>> layers = learn.Layers.start([64, 20, 10], rng=0)
>>> for _ in learn.sgd(layers, digits.train, epochs=15, rng=0):
...     pass
>>> harden(layers, Encoder.thermometer(17, 64, marks=(4, 8, 12)), digits.test, fit=digits.train).network
ThresholdNetwork([192, 20, 10], ... connections)
"""

from __future__ import annotations

from learn.threshold.encoder import Encoder
from learn.threshold.files import ThresholdModel, load_any, load_threshold, save_threshold
from learn.threshold.harden import Hardened, RealSteps, Stage, harden
from learn.threshold.margins import Margins, Slope, find_slope, margins, soften
from learn.threshold.network import ThresholdNetwork
from learn.threshold.quantize import quantize_units, quantize_votes
from learn.threshold.robustness import Robustness, robustness
from learn.threshold.settings import GateSettings, expand_for, expected_gates, settings_for
from learn.threshold.simplify import simplify
from learn.threshold.train import ThresholdTraining, train_threshold

__all__ = [
    "Encoder",
    "GateSettings",
    "Hardened",
    "Margins",
    "RealSteps",
    "Robustness",
    "Slope",
    "Stage",
    "ThresholdModel",
    "ThresholdNetwork",
    "ThresholdTraining",
    "expand_for",
    "expected_gates",
    "find_slope",
    "harden",
    "load_any",
    "load_threshold",
    "margins",
    "quantize_units",
    "quantize_votes",
    "robustness",
    "save_threshold",
    "settings_for",
    "simplify",
    "soften",
    "train_threshold",
]
