"""What a training changes: the latent real weights of units and votes, of which the network uses a few, rounded.

A unit keeps a real weight for every input, also for those that it does not read. The largest are connections, and what
the network computes with is a rounded form of them; the gradient is passed to all of them as if nothing had been
rounded or left out (the straight-through estimator: Hinton 2012; Bengio, Léonard and Courville 2013), so an input that
would help grows until it takes the place of one that does not.
"""

from __future__ import annotations

import math
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any

import numpy as np
from numpy.typing import NDArray

from learn.arrays import Array
from learn.threshold.arrays import Whole
from learn.threshold.exact import whole_units
from learn.threshold.plain import LEAST, Pins
from learn.threshold.settings import WIDEST, GateSettings

FIRST = 32  # inputs that a unit reads at the beginning, where it ends with fewer
KEEP = 0.95  # of the running means and variances, for each mini-batch
LOOK = 8  # mini-batches from one look at what is not connected to the next
FINE = 1023  # steps that a weight is rounded to while units still read many inputs
UNREAD = 4.0  # how much faster it moves at such a look than what is connected

State = dict[str, NDArray[Any]]


def _take(state: State, **own: NDArray[Any]) -> None:
    """Copy arrays of a state over the own ones; KeyError or ValueError where they do not fit."""
    for name, array in own.items():
        if (given := state[name]).shape != array.shape or given.dtype != array.dtype:
            raise ValueError(f"{name} of shape {given.shape} and type {given.dtype} for {array.shape}, {array.dtype}")
    for name, array in own.items():
        np.copyto(array, state[name])


def _named(prefix: str, state: State) -> State:
    return {f"{prefix}_{name}": array for name, array in state.items()}


def _part(prefix: str, state: State) -> State:
    """What `_named` gave these names."""
    return {name.removeprefix(f"{prefix}_"): array for name, array in state.items() if name.startswith(f"{prefix}_")}


@cache
def _ways() -> Any:
    """The compiled layer where Numba is installed, else NumPy's."""
    return import_module("learn.threshold.kernels" if find_spec("numba") is not None else "learn.threshold.plain")


class Moments:
    """The running moments of Adam for one array (Kingma and Ba 2015)."""

    def __init__(self, shape: tuple[int, ...]):
        self.first, self.second = np.zeros(shape, np.float32), np.zeros(shape, np.float32)
        self.count = 0

    def descend(self, array: Array, gradient: Array, rate: float) -> None:
        """One step, in place."""
        self.count += 1
        self.first += np.float32(0.1) * (gradient - self.first)
        self.second += np.float32(0.01) * (gradient * gradient - self.second)
        factor = math.sqrt(1 - 0.99**self.count) / (1 - 0.9**self.count)
        array -= np.float32(rate * factor) * self.first / (np.sqrt(self.second) + np.float32(1e-8))

    def state(self) -> State:
        """The moments and how many steps they are made of."""
        return {"first": self.first.copy(), "second": self.second.copy(), "count": np.array(self.count)}

    def restore(self, state: State) -> None:
        """Take what `state` gave."""
        _take(state, first=self.first, second=self.second)
        self.count = int(state["count"])


class Units:
    """A layer of units in training.

    Parameters
    ----------
    units, inputs : int
    settings : GateSettings
    rng : Generator
    start : (weights (units, inputs), biases (units,)), optional
        Real ones to start from; else they are drawn.
    """

    def __init__(
        self,
        units: int,
        inputs: int,
        settings: GateSettings,
        rng: np.random.Generator,
        start: tuple[NDArray[np.float64], NDArray[np.float64]] | None = None,
    ):
        self.inputs, self.settings = inputs, settings
        self.fan_in = min(inputs, settings.fan_in or inputs)
        self.latent: Array = rng.standard_normal((units, inputs), np.float32) / np.float32(math.sqrt(inputs))
        self.bias: Array = rng.standard_normal(units, np.float32) * np.float32(0.3)
        self.mean, self.variance = np.zeros(units, np.float32), np.ones(units, np.float32)
        self._start = start
        if start is not None:
            self.latent[:] = start[0]
        self._moments, self._of_bias = Moments((units, inputs)), Moments((units,))
        self.pins: Pins = np.empty((units, 0), np.int64)
        self._read = np.zeros((units, inputs), np.bool_)
        self.connect(0.0)
        self._x = self._normal = self._rate = self._used = np.empty(0, np.float32)

    def measure(self, x: Array) -> Array:
        """Take means and variances from images (inputs, n), and biases from those given; the units' values."""
        sums = np.einsum("uk,ukb->ub", self.weights(), x[self.pins])
        self.mean, self.variance = sums.mean(axis=1), sums.var(axis=1)
        if self._start is not None:
            self.bias = ((self.mean + self._start[1]) / np.sqrt(self.variance + LEAST)).astype(np.float32)
        return self.forward(x, 1.0, 0.0)

    def connect(self, done: float) -> None:
        """Read the inputs of the largest latent weights: from FIRST down to the fan-in as `done` goes from 0 to 1."""
        first = max(self.fan_in, min(FIRST, self.inputs))
        count = max(self.fan_in, round(first * (self.fan_in / first) ** done))
        if count == self.inputs:
            chosen = np.broadcast_to(np.arange(count), self.latent.shape)
        else:
            chosen = np.sort(np.argpartition(-np.abs(self.latent), count - 1, axis=1)[:, :count], axis=1)
        self._read_from(chosen)

    def _read_from(self, chosen: NDArray[np.int64]) -> None:
        self.pins = np.ascontiguousarray(chosen, np.int64)
        self._read[:] = False
        np.put_along_axis(self._read, self.pins, values=True, axis=1)

    def weights(self) -> Array:
        """What the units compute with: (units, connections)."""
        used: Array = np.take_along_axis(self.latent, self.pins, axis=1)
        size = np.abs(used)
        if self.settings.weights is None:
            return used
        if self.settings.weights == 1:
            scale: Array = size.mean(axis=1, keepdims=True)
            return np.sign(used) * scale
        scale = np.maximum(size.max(axis=1, keepdims=True), np.float32(1e-20)) / np.float32(self.settings.weights)
        return np.rint(used / scale) * scale

    def forward(self, x: Array, keep: float, slope: float) -> Array:
        """The values (units, images) for inputs (inputs, images); see `plain.forward` for `keep` and `slope`."""
        self._x, self._used = x, self.weights()
        values: Array
        values, self._normal, self._rate = _ways().forward(
            x, self.pins, self._used, self.bias, self.mean, self.variance, keep, slope
        )
        return values

    def backward(self, gradient: Array, rate: float, slope: float, *, fixed: bool, look: bool, pass_on: bool) -> Array:
        """One step down from what `forward` gave; the gradient of the inputs, if it is to be passed on.

        `look`: whether weights move that are not connected, too.
        """
        of_weights, of_bias = _ways().backward(
            self._x, self.pins, self._normal, self.bias, self._rate, slope, fixed, gradient
        )
        passed = _ways().below(self.pins, self._used, gradient, self.inputs) if pass_on else gradient
        moments = self._moments
        first, second, used = (
            np.take_along_axis(array, self.pins, axis=1) for array in (moments.first, moments.second, self.latent)
        )
        _ways().descend(used, first, second, of_weights, rate, np.zeros(used.shape, np.bool_))
        for array, changed in ((moments.first, first), (moments.second, second), (self.latent, used)):
            np.put_along_axis(array, self.pins, changed, axis=1)
        self._of_bias.descend(self.bias, of_bias, rate)
        if look and self.pins.shape[1] < self.inputs:
            everywhere = gradient @ self._x.T
            _ways().descend(self.latent, moments.first, moments.second, everywhere, UNREAD * rate, self._read)
        return passed

    def state(self) -> State:
        """All that the steps to come depend on, by name."""
        own = {"latent": self.latent, "bias": self.bias, "mean": self.mean, "variance": self.variance}
        kept: State = {name: array.copy() for name, array in own.items()}
        kept["pins"] = self.pins.copy()
        return kept | _named("weights", self._moments.state()) | _named("biases", self._of_bias.state())

    def restore(self, state: State) -> None:
        """Take what `state` gave; KeyError, TypeError or ValueError for what is not the state of such a layer."""
        pins = np.asarray(state["pins"])
        rows, some = len(self.latent), pins.dtype == np.int64 and pins.ndim == 2 and pins.size
        if not some or len(pins) != rows or pins.min() < 0 or pins.max() >= self.inputs:
            raise ValueError(f"connections of shape {pins.shape} for {rows} units of {self.inputs} inputs")
        _take(state, latent=self.latent, bias=self.bias, mean=self.mean, variance=self.variance)
        self._moments.restore(_part("weights", state))
        self._of_bias.restore(_part("biases", state))
        self._read_from(pins)

    @property
    def finite(self) -> bool:
        """Whether all numbers are."""
        return all(bool(np.isfinite(one).all()) for one in (self.latent, self.bias, self.mean, self.variance))

    def whole(self) -> tuple[Whole, Whole]:
        """Whole weights (units, inputs) and biases that decide as the units do.

        Real weights of units that still read more inputs than rows could be tried for are rounded to FINE steps.
        """
        used = self.weights().astype(np.float64)
        thresholds = self.mean - self.bias.astype(np.float64) * np.sqrt(self.variance.astype(np.float64) + LEAST)
        if self.settings.weights is None and self.pins.shape[1] <= WIDEST:
            few, biases = whole_units(used, thresholds)
        else:
            size = np.abs(np.take_along_axis(self.latent, self.pins, axis=1)).astype(np.float64)
            most = self.settings.weights or FINE
            scale = size.mean(axis=1, keepdims=True) if most == 1 else size.max(axis=1, keepdims=True) / most
            scale = np.maximum(scale, 1e-20)
            few = np.rint(used / scale).astype(np.int64)
            # A whole sum is above t exactly where it is above floor(t).
            biases = -np.floor(thresholds / scale[:, 0]).astype(np.int64)
        weights = np.zeros((len(few), self.inputs), np.int64)
        np.put_along_axis(weights, self.pins, few, axis=1)
        return weights, biases


class Votes:
    """What the units of the last layer say for the classes, in training: latent votes of which each unit casts a few.

    Parameters
    ----------
    classes, units : int
    settings : GateSettings
    rng : Generator
    start : (votes (classes, units), offsets (classes,)), optional
    """

    def __init__(
        self,
        classes: int,
        units: int,
        settings: GateSettings,
        rng: np.random.Generator,
        start: tuple[NDArray[np.float64], NDArray[np.float64]] | None = None,
    ):
        self.settings, self._classes = settings, classes
        self.few = min(classes, settings.votes or classes)
        self.latent: Array = rng.standard_normal((classes, units), np.float32) / np.float32(math.sqrt(units))
        self.offset, self.scale = np.zeros(classes, np.float32), np.full(1, 2.0, np.float32)
        if start is not None:
            self.latent[:] = start[0]
            self.offset[:] = start[1] + start[0].sum(axis=1) / 2
            self.scale[:] = 1.0
        self._moments = [Moments(array.shape) for array in (self.latent, self.offset, self.scale)]
        self._cast = np.ones(self.latent.shape, np.bool_)
        self._values = self._used = self._raw = self._given = np.empty(0, np.float32)

    def choose(self, done: float) -> None:
        """Cast the largest votes of each unit: from all classes down to few as `done` goes from 0 to 1."""
        count = max(self.few, round(self._classes * (self.few / self._classes) ** done))
        self._cast[:] = count == self._classes
        if count < self._classes:
            chosen = np.argpartition(-np.abs(self.latent), count - 1, axis=0)[:count]
            np.put_along_axis(self._cast, chosen, values=True, axis=0)

    def _unit(self) -> float:
        """How large a latent vote is that becomes 1."""
        mean = float(np.abs(self.latent[self._cast]).mean())
        return max(mean if self.settings.largest == 1 else mean / 2, 1e-12)

    def _powers(self) -> Array:
        """The votes as whole numbers, each 0 or a power of two, or minus one."""
        size = np.log2(np.abs(self.latent) / np.float32(self._unit()) + np.float32(1e-12))
        power = np.exp2(np.clip(np.rint(size), 0, self.settings.largest.bit_length() - 1))
        votes: Array = np.sign(self.latent) * power * self._cast
        return votes

    def _offsets(self, votes: Array, unit: float) -> Array:
        """The whole offsets for whole votes: what makes up for units counting from -1/2 to 1/2, and the own one."""
        offsets: Array = np.rint(self.offset / (np.float32(unit) * self.scale) - votes.sum(axis=1) / 2)
        return offsets

    def forward(self, values: Array, *, hard: bool) -> Array:
        """The logits (classes, images) for values (units, images); `hard` with whole votes and offsets."""
        self._values = values - np.float32(0.5)
        if hard:
            votes, unit = self._powers(), self._unit()
            self._used = votes * np.float32(unit)
            offset = (self._offsets(votes, unit) + votes.sum(axis=1) / 2) * np.float32(unit) * self.scale
        else:
            self._used, offset = self.latent * self._cast, self.offset
        self._raw = self._used @ self._values
        self._given = offset[:, None]
        return self._raw * self.scale + self._given

    def backward(self, gradient: Array, rate: float, *, fixed: bool) -> Array:
        """One step down; the gradient of the values. With `fixed`, votes that are not cast stay."""
        of_votes = (gradient @ self._values.T) * self.scale
        if fixed:
            of_votes *= self._cast
        passed = (self._used.T @ gradient) * self.scale
        of_scale = np.array([np.vdot(gradient, self._raw) * self.scale[0]], np.float32)
        logarithm = np.log(self.scale)
        for moments, array, own in zip(
            self._moments,
            (self.latent, self.offset, logarithm),
            (of_votes, gradient.sum(axis=1), of_scale),
            strict=True,
        ):
            moments.descend(array, own, rate)
        self.scale = np.exp(logarithm)
        return passed

    def state(self) -> State:
        """All that the steps to come depend on, by name."""
        own = {"latent": self.latent, "offset": self.offset, "scale": self.scale, "cast": self._cast}
        kept: State = {name: array.copy() for name, array in own.items()}
        for name, moments in zip(own, self._moments, strict=False):
            kept |= _named(name, moments.state())
        return kept

    def restore(self, state: State) -> None:
        """Take what `state` gave; KeyError, TypeError or ValueError for what is not the state of such votes."""
        own = {"latent": self.latent, "offset": self.offset, "scale": self.scale}
        _take(state, **own, cast=self._cast)
        for name, moments in zip(own, self._moments, strict=True):
            moments.restore(_part(name, state))

    @property
    def finite(self) -> bool:
        """Whether all numbers are."""
        return all(bool(np.isfinite(one).all()) for one in (self.latent, self.offset, self.scale))

    def whole(self) -> tuple[Whole, Whole]:
        """The votes (classes, units) and the offsets (classes,) as whole numbers."""
        votes = self._powers()
        return votes.astype(np.int64), self._offsets(votes, self._unit()).astype(np.int64)
