"""A training: a network, its images and settings, epoch after epoch, with all that is needed to go on later."""

from __future__ import annotations

import dataclasses
import math
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from learn.arrays import Array, Seed
from learn.cost import find_cost
from learn.data import Split
from learn.errors import DataError, TrainingError
from learn.expand import expanded, said
from learn.layers import Layers
from learn.settings import HALVINGS, Settings
from learn.steps import choose_steps
from learn.targets import targets
from learn.unbroken import unbroken

RUNAWAY = 100  # a cost so many times the lowest so far, and above the first, will not come back


@dataclass(frozen=True)
class Epoch:
    """What one pass over the training images did.

    `epoch` counts from 1. `seconds` is the time of the updates, without the accuracies after them.
    `train_cost` is the mean cost of the training images, each at the moment when its mini-batch came, without
    what L1 and L2 add. The accuracies, after the epoch, are shares in [0, 1], or None where no such images
    were given. `rate` is the learning rate of the epoch.
    """

    epoch: int
    seconds: float
    train_cost: float
    validation_accuracy: float | None = None
    test_accuracy: float | None = None
    rate: float | None = None


class Training:
    """A training of `layers`, in place, by the settings; iterate for one `Epoch` per epoch.

    The arguments are those of `sgd`, which is the short way to say this. `records` lists the epochs so far.
    `state` is all that the rest of the training depends on besides the arguments, and `restore` goes on from
    it, to the same numbers, bit for bit, as if the training had never been broken off (see `learn.checkpoint`
    for files).

    Raises as `sgd` does.

    >>> from learn.data import load_digits
    >>> training = Training(Layers.start([64, 10], rng=0), load_digits().train, Settings(epochs=2), rng=0)
    >>> [record.epoch for record in training], training.finished
    ([1, 2], True)
    """

    def __init__(
        self,
        layers: Layers,
        train: Split,
        settings: Settings,
        *,
        expand: Callable[[Array, np.random.Generator], Array] | None = None,
        validation: Split | None = None,
        test: Split | None = None,
        rng: Seed = None,
    ) -> None:
        find_cost(settings.cost, layers.output)
        y = _fitting(layers, train, "train")
        n = len(train)
        if not n:
            raise DataError("the training set has no images; give at least one")
        if settings.batch > n:
            raise TrainingError(f"batch {settings.batch} is larger than the {n} training images; choose a smaller one")
        if settings.rate * settings.l2 >= n:
            raise TrainingError(
                f"rate {settings.rate:g} times l2 {settings.l2:g} is not below the {n} training images, so that each "
                "update would turn the weights' signs; choose a smaller l2"
            )
        for name, split in (("validation", validation), ("test", test)):
            if split is not None:
                _fitting(layers, split, name)
        if settings.patience is not None and (validation is None or not len(validation)):
            raise TrainingError("patience waits for a better validation accuracy; give validation images")
        self.layers, self.settings, self.expand, self.validation, self.test = layers, settings, expand, validation, test
        self.records: list[Epoch] = []
        self._images: Array = np.ascontiguousarray(train.images, dtype=layers.dtype)
        self._y, self._rng = y, np.random.default_rng(rng)
        self._order = np.arange(n)
        self._steps = choose_steps(layers, y, settings)
        self._best: Layers | None = None
        self._best_accuracy, self._waited, self._halvings = -1.0, 0, 0

    def __iter__(self) -> Iterator[Epoch]:
        while not self.finished:
            yield self.epoch()
        self._keep_best()

    @property
    def finished(self) -> bool:
        """Whether all epochs are done, or no better network was found for long enough."""
        settings = self.settings
        if len(self.records) >= settings.epochs:
            return True
        if settings.schedule == "halving":
            return self._halvings >= HALVINGS
        return settings.patience is not None and self._waited >= settings.patience

    @property
    def best_accuracy(self) -> float | None:
        """The highest validation accuracy so far, or None where there is none."""
        return self._best_accuracy if self._best_accuracy >= 0 else None

    @property
    def data(self) -> tuple[Array, Array]:
        """The training images and their desired outputs: (n, inputs) and (n, outputs)."""
        return self._images, self._y

    def epoch(self) -> Epoch:
        """Train for one epoch, whether or not the training is finished; TrainingError where numbers or cost diverge.

        An epoch that is broken off, by an error or by Ctrl-C, leaves everything as it was after the epoch before.
        """
        with unbroken(self):
            return self._epoch()

    def _epoch(self) -> Epoch:
        number = len(self.records) + 1
        rate = self.settings.rate_of(number, self._halvings)
        started = time.perf_counter()
        self._rng.shuffle(self._order)  # what is shuffled is shuffled again, as in the book's program
        images = self._images
        if self.expand is not None:
            images = expanded(self.expand, images, self._rng)
        self._steps.take(self.layers)
        reached = self._steps.run(images, self._order, rate, self._rng)
        seconds = time.perf_counter() - started
        if not math.isfinite(reached):
            raise TrainingError(
                f"the numbers stopped being finite in epoch {number}, at rate {rate:g}; choose a smaller rate"
            )
        costs = [record.train_cost for record in self.records]
        if costs and reached > max(costs[0], RUNAWAY * min(costs)):
            raise TrainingError(
                f"the cost rose from {min(costs):.3g} to {reached:.3g} in epoch {number}, at rate {rate:g}; choose a "
                "smaller rate, or one that falls (schedule='cosine')"
            )
        self._steps.hand_over(self.layers)
        validation, test = (_accuracy(self.layers, split) for split in (self.validation, self.test))
        record = Epoch(number, seconds, reached, validation, test, rate)
        self.records.append(record)
        self._look_back(record)
        return record

    def _look_back(self, record: Epoch) -> None:
        """Remember the best network where that is asked for, and count the epochs without a better one."""
        patience, accuracy = self.settings.patience, record.validation_accuracy
        if accuracy is None:
            return
        if accuracy > self._best_accuracy:
            self._best_accuracy, self._waited = accuracy, 0
            self._best = self.layers.copy() if patience is not None else None
            return
        self._waited += 1
        if self.settings.schedule == "halving" and patience is not None and self._waited >= patience:
            self._halvings, self._waited = self._halvings + 1, 0

    def _keep_best(self) -> None:
        """Give `layers` the numbers of the best network, where `patience` asked for it."""
        if self._best is not None:
            theirs = self.layers.weights + self.layers.biases
            for array, best in zip(theirs, self._best.weights + self._best.biases, strict=True):
                np.copyto(array, best)

    def about(self) -> dict[str, Any]:
        """What another training has to have in common with this one to go on from its state, by name."""
        layers = self.layers
        kind = {"layers": layers.sizes, "activation": layers.activation, "output": layers.output}
        own = kind | {"type": str(layers.dtype)} | dataclasses.asdict(self.settings)
        return own | {"expand": said(self.expand)}

    def state(self) -> tuple[dict[str, NDArray[np.generic]], dict[str, Any]]:
        """Everything that the epochs to come depend on: arrays, and plain values that JSON can hold."""
        arrays: dict[str, NDArray[np.generic]] = {"order": self._order.copy()}
        arrays |= {f"step_{name}": array for name, array in self._steps.state().items()}
        for prefix, layers in (("", self.layers), ("best_", self._best)):
            if layers is not None:
                for k, (w, b) in enumerate(zip(layers.weights, layers.biases, strict=True), start=1):
                    arrays |= {f"{prefix}weights_{k}": w.copy(), f"{prefix}biases_{k}": b.copy()}
        return arrays, {
            "epochs": len(self.records),
            "rng": self._rng.bit_generator.state,
            "best_accuracy": self._best_accuracy,
            "waited": self._waited,
            "halvings": self._halvings,
        }

    def restore(self, arrays: dict[str, NDArray[np.generic]], values: dict[str, Any], records: list[Epoch]) -> None:
        """Go on from what `state` gave after these records.

        Raises KeyError, ValueError or TypeError where the arrays and values are not those of such a training.
        """
        taken = {}
        for prefix in ("", "best_"):
            if prefix and "best_weights_1" not in arrays:
                continue
            numbers = range(1, len(self.layers.weights) + 1)
            taken[prefix] = Layers(
                [np.asarray(arrays[f"{prefix}weights_{k}"], self.layers.dtype) for k in numbers],
                [np.asarray(arrays[f"{prefix}biases_{k}"], self.layers.dtype) for k in numbers],
                activation=self.layers.activation,
                output=self.layers.output,
                dtype=self.layers.dtype,
            )
            if taken[prefix].sizes != self.layers.sizes:
                raise ValueError(f"arrays of {taken[prefix].sizes} for a network of {self.layers.sizes}")
        order = np.asarray(arrays["order"], np.int64)
        if not np.array_equal(np.sort(order), np.arange(len(self._order))):
            raise ValueError(f"an order of {len(order)} images for {len(self._order)}")
        self._rng.bit_generator.state = values["rng"]
        self._steps.restore({name[5:]: array for name, array in arrays.items() if name.startswith("step_")})
        theirs = self.layers.weights + self.layers.biases
        for array, kept in zip(theirs, taken[""].weights + taken[""].biases, strict=True):
            np.copyto(array, kept)
        self._best, self._order, self.records = taken.get("best_"), order, list(records)
        self._best_accuracy = float(values["best_accuracy"])
        self._waited, self._halvings = int(values["waited"]), int(values["halvings"])


def _fitting(layers: Layers, split: Split, name: str) -> Array:
    """The desired outputs of a split whose images and labels fit the network, or DataError."""
    width = split.images.shape[1]
    if width != layers.sizes[0]:
        raise DataError(
            f"{name} images of {width} pixels for a network of {layers.sizes[0]} inputs; "
            f"start a network with {width} inputs, or give other images"
        )
    return targets(split.labels, layers.sizes[-1], layers.dtype)


def _accuracy(layers: Layers, split: Split | None) -> float | None:
    return layers.accuracy(split.images, split.labels) if split is not None and len(split) else None
