"""Trainings that have a name: the book's, a quick one, and the best that sigmoid neurons alone were brought to."""

from __future__ import annotations

from dataclasses import dataclass

from learn.errors import TrainingError
from learn.expand import Expand
from learn.settings import Settings


@dataclass(frozen=True)
class Preset:
    """The hidden layers of a network, how it is trained, and where that comes from."""

    hidden: tuple[int, ...]
    settings: Settings
    about: str
    expand: Expand | None = None


PRESETS = {
    "book": Preset((30,), Settings(), "the book's chapter 1: 30 hidden neurons, quadratic cost, rate 3"),
    "book3": Preset(
        (100,),
        Settings(epochs=60, rate=0.5, cost="cross-entropy", l2=3.0, schedule="linear"),
        "the book's chapter 3: 100 hidden neurons, cross-entropy, L2, 60 epochs; the rate falls",
    ),
    "quick": Preset(
        (100,),
        Settings(epochs=4, rate=0.5, cost="cross-entropy", l2=1.0, schedule="linear"),
        "97 % of MNIST in about a second: cross-entropy with a falling rate",
    ),
    "best": Preset(
        (1000, 500),
        Settings(epochs=160, batch=100, rate=0.001, cost="cross-entropy", method="adam", schedule="cosine"),
        "two hidden layers of sigmoid neurons; images shifted, turned, scaled, slanted and bent anew for each epoch",
        Expand(shift=1, turn=10, scale=0.12, slant=0.1, elastic=36, smooth=5),
    ),
    "digits": Preset(
        (200,),
        Settings(epochs=150, rate=0.005, cost="cross-entropy", method="adam", schedule="cosine"),
        "for the 8x8 digits: images shifted, turned, scaled and slanted anew for each epoch",
        Expand(shift=0.8, turn=12, scale=0.12, slant=0.15, shape=(8, 8)),
    ),
}


def find_preset(name: str) -> Preset:
    """The preset of that name; TrainingError for any other.

    >>> find_preset("book3").settings.cost
    'cross-entropy'
    """
    if name not in PRESETS:
        raise TrainingError(f"preset {name!r} is not known; choose {', '.join(PRESETS)}")
    return PRESETS[name]
