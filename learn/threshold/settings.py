"""How a threshold network is trained towards gates: its size, what a unit may read, and how long it takes."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from learn.errors import TrainingError
from learn.expand import Expand
from learn.settings import is_number, whole

WIDEST = 10  # inputs of a unit whose whole weights are found on all rows
LARGEST = 2**30  # of a whole weight and of a vote, so that sums stay whole numbers of 64 bits
FEW = 30_000  # NANDs below which two votes for each unit do best
LEAST = 10  # units
TINY = 200  # pixels
CLASSES = 10
NANDS = {1: 0.0, 2: 2.0, 3: 4.2, 4: 6.7, 5: 10.5, 6: 16.0}  # about, of a unit with so many inputs
VOTE = 7.0  # NANDs of a vote of 1, 2 or 4, about
LABEL = 800  # and of finding the most votes of ten classes
MARK = 3  # and of a mark of a quarter, half or three quarters; others take one more or so


@dataclass(frozen=True)
class GateSettings:
    """The size of a threshold network and its training by straight-through gradients.

    hidden : units of each hidden layer, at least one layer.
    fan_in : inputs that a unit keeps, at least 1. None: all.
    weights : units have whole weights from -weights to weights; None: whatever decides as the trained real weights
        do, for a fan-in of at most 10.
    votes : classes that a unit of the last layer votes for or against, at least 1. None: all of them.
    largest : a vote is 1, 2, 4, ... up to this power of two, or minus that. Each takes one digit in an adder.
    marks : the greys from which a pixel counts as ink, as shares of the range in (0, 1]; each makes one bit a pixel.
    epochs, batch : as in `Settings`.
    rate : of Adam, falling along a cosine.
    slope : how steep the smooth unit is that gives a step its gradient, positive.
    soft : the share of the training before units are steps, in [0, 1).
    narrow : the share of the training in which connections and votes become as few as they are to be, in [0, 1).
    settle : the share at the end in which what is connected stays, in [0, 1).
    noise : the label is believed to be right with 1 - noise, in [0, 1) (label smoothing, Szegedy and others 2016).

    Raises TrainingError, with the name, the value and the cure, for anything else.

    >>> GateSettings(hidden=(100,), fan_in=4).votes
    3
    """

    hidden: tuple[int, ...] = (500,)
    fan_in: int | None = 5
    weights: int | None = None
    votes: int | None = 3
    largest: int = 4
    marks: tuple[float, ...] = (0.25,)
    epochs: int = 60
    batch: int = 100
    rate: float = 0.002
    slope: float = 2.0
    soft: float = 0.3
    narrow: float = 0.5
    settle: float = 0.15
    noise: float = 0.0

    def __post_init__(self) -> None:
        for name, least in (("epochs", 0), ("batch", 2)):
            object.__setattr__(self, name, whole(name, getattr(self, name), least))
        for name in ("fan_in", "weights", "votes"):
            if getattr(self, name) is not None:
                object.__setattr__(self, name, whole(name, getattr(self, name), 1))
        hidden = self.hidden if isinstance(self.hidden, tuple | list) else (self.hidden,)
        object.__setattr__(self, "hidden", tuple(whole("hidden", units, 1) for units in hidden))
        if not self.hidden:
            raise TrainingError("hidden () names no layer; give the units of at least one, such as (500,)")
        marks = self.marks if isinstance(self.marks, tuple | list) else (self.marks,)
        if not marks or not all(is_number(mark) and 0 < mark <= 1 for mark in marks):
            raise TrainingError(f"marks {self.marks!r} are no shares of the greys; give numbers above 0 up to 1")
        object.__setattr__(self, "marks", tuple(float(mark) for mark in marks))
        object.__setattr__(self, "largest", whole("largest", self.largest, 1))
        if self.largest & (self.largest - 1):
            raise TrainingError(f"largest {self.largest} is no power of two; give 1, 2, 4, ...")
        for name in ("largest", "weights"):
            if (getattr(self, name) or 0) > LARGEST:
                raise TrainingError(f"{name} {getattr(self, name)} is too large; give at most 2**30")
        if self.weights is None and (self.fan_in is None or self.fan_in > WIDEST):
            raise TrainingError(
                f"weights None needs all rows of a unit's inputs, and fan_in is {self.fan_in}; give weights, such as 3"
            )
        for name in ("rate", "slope"):
            value = getattr(self, name)
            if not is_number(value) or not 0 < value < math.inf:
                raise TrainingError(f"{name} {value!r} cannot train; give a positive number")
        for name in ("soft", "narrow", "settle", "noise"):
            value = getattr(self, name)
            if not is_number(value) or not 0 <= value < 1:
                raise TrainingError(f"{name} {value!r} is out of range; give a number from 0 to below 1")
        for name in ("rate", "slope", "soft", "narrow", "settle", "noise"):
            value = getattr(self, name)
            object.__setattr__(self, name, value if isinstance(value, int | float) else float(value))


def expected_gates(settings: GateSettings, pixels: int) -> float:
    """About how many NANDs a network of one hidden layer takes, pixel to label, that reads so many pixels.

    For fan-ins of at most 6 and votes for ten classes; measured on networks trained on MNIST, and rather more than they
    took.

    >>> round(expected_gates(GateSettings(hidden=(1800,)), pixels=520), -3)
    59000.0
    """
    fan_in, votes = settings.fan_in or max(NANDS), settings.votes or CLASSES
    each = NANDS[min(fan_in, max(NANDS))] + VOTE * votes
    marks = len(settings.marks)
    return LABEL + (MARK + (marks > 1)) * pixels * marks + settings.hidden[0] * each


def settings_for(gates: int, pixels: int, **changes: Any) -> GateSettings:
    """The settings of a network whose circuit is expected to take at most so many NANDs, pixel to label.

    What was best on validation images. For MNIST: units of five inputs, two votes for each below 30,000 NANDs and three
    above. For images that read fewer than 200 pixels, such as the bundled 8x8 digits: units of four inputs, four votes,
    and three marks for each pixel. `changes` are settings that are to be otherwise.

    Raises TrainingError for a budget that leaves no room for ten units, and for settings out of range.

    >>> settings_for(60_000, pixels=520).hidden, settings_for(12_000, pixels=62).marks
    ((1829,), (0.25, 0.5, 0.75))
    """
    gates = whole("gates", gates, 1)
    usual: dict[str, Any] = {"votes": 2 if gates < FEW else 3, "epochs": 80, "rate": 0.003}
    if pixels < TINY:
        usual = {"fan_in": 4, "votes": 4, "marks": (0.25, 0.5, 0.75), "epochs": 400, "batch": 50}
    usual |= changes
    usual.pop("hidden", None)
    fixed = expected_gates(GateSettings(hidden=(1,), **usual), pixels)
    each = expected_gates(GateSettings(hidden=(2,), **usual), pixels) - fixed
    units = 1 + int((gates - fixed) / each)
    if units < LEAST:
        raise TrainingError(
            f"a budget of {gates} NANDs leaves no room for units; give at least {round(fixed + LEAST * each)}"
        )
    return GateSettings(hidden=changes.get("hidden", (units,)), **usual)


def expand_for(gates: int, shape: tuple[int, int]) -> Expand:
    """How much to bend the training images of a network of so many NANDs: the more, the more it can hold.

    >>> expand_for(60_000, (28, 28)).shift
    0.8
    """
    if max(shape) < 16:
        return Expand(shift=0.5, turn=12, scale=0.1, slant=0.1, shape=shape)
    strength = min(1.0, 0.3 + 0.7 * gates / 55_000)
    return Expand(shift=0.8 * strength, turn=6 * strength, scale=0.06 * strength, shape=shape)
