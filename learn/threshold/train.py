"""Training towards gates: steps with few inputs and whole votes, learned by straight-through gradients."""

from __future__ import annotations

import dataclasses
import math
import time
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from learn.arrays import Array, Seed
from learn.data import Data, Split
from learn.errors import DataError, LayersError, TrainingError
from learn.expand import expanded, said
from learn.steps.crew import crew_for
from learn.threshold.arrays import Whole
from learn.threshold.descent import KEEP, LOOK, Units, Votes
from learn.threshold.encoder import Encoder
from learn.threshold.harden import RealSteps
from learn.threshold.network import ThresholdNetwork
from learn.threshold.settings import GateSettings
from learn.training import Epoch
from learn.unbroken import unbroken

SEEN = 0.003  # share of images with ink at a pixel below which it is left out
WARM = 100  # mini-batches until the rate is as it is set
STEEPER = 4.0  # how much steeper smooth units are when they become steps
MEASURED = 2000  # images that first means and variances are taken from

Expanding = Callable[[Array, np.random.Generator], Array]


class ThresholdTraining:
    """A training of a threshold network; iterate for one `Epoch` per epoch, and ask for `network()` at any time.

    An epoch that is broken off, by an error or by Ctrl-C, leaves everything as it was after the epoch before. `state`
    and `restore` are as in `Training`: `save_checkpoint` and `resume` keep the training in a file and go on with it.

    At first units are smooth and read many inputs; they become steeper and read ever fewer, and from then on they are
    steps with few connections and whole votes, which is what the accuracies of the records are about all along.

    Parameters
    ----------
    train : Split
        Images in [0, 1] and labels 0 .. classes-1.
    settings : GateSettings
    levels : int
        Greys of the images, 256 for bytes.
    shape : (rows, columns) of an image
    start : RealSteps, optional
        Hardened steps to go on from, instead of drawn weights: see `harden`. Its encoder and sizes are used, and the
        settings' `hidden` and `marks` are not.
    expand : function (images, Generator) -> images, optional
        Other images for each epoch, as in `Training`.
    validation, test : Split, optional
        For the accuracies of the records.
    rng : None, int or Generator

    Raises
    ------
    DataError
        For no images, images of another shape, fewer than two classes, and `expand` that gives no such images.
    TrainingError
        For a batch larger than the training set, more weights than there is memory for, and, while training, numbers
        that stop being finite.
    LayersError
        For levels that greys cannot have.

    Examples
    --------
    >>> from learn.data import load_digits
    >>> digits = load_digits()
    >>> settings = GateSettings(hidden=(100,), epochs=20, batch=25)
    >>> training = ThresholdTraining(digits.train, settings, levels=17, shape=(8, 8), test=digits.test, rng=0)
    >>> records = list(training)
    >>> records[-1].test_accuracy > 0.8, training.network().sizes[1:]
    (True, [100, 10])
    """

    def __init__(
        self,
        train: Split,
        settings: GateSettings,
        *,
        levels: int,
        shape: tuple[int, int],
        start: RealSteps | None = None,
        expand: Expanding | None = None,
        validation: Split | None = None,
        test: Split | None = None,
        rng: Seed = None,
        name: str = "",
    ) -> None:
        if not len(train):
            raise DataError("the training set has no images; give at least one")
        if settings.batch > len(train):
            raise TrainingError(
                f"batch {settings.batch} is larger than the {len(train)} training images; choose a smaller one"
            )
        if not _is_shape(shape) or train.images.shape[1] != shape[0] * shape[1]:
            raise DataError(f"images of {train.images.shape[1]} pixels and shape {shape!r}; give (rows, columns)")
        for which, split in (("validation", validation), ("test", test)):
            if split is not None and split.images.shape[1] != train.images.shape[1]:
                raise DataError(
                    f"{which} images of {split.images.shape[1]} pixels and training images of {train.images.shape[1]}; "
                    "give images of one size"
                )
        self.settings, self.shape, self.name = settings, shape, name
        self.validation, self.test = validation, test
        self.records: list[Epoch] = []
        self._expand, self._rng = expand, np.random.default_rng(rng)
        self._images, self._labels = train.images.astype(np.float32, copy=False), train.labels
        self.encoder = start.encoder if start else _encoder(train, settings, levels)
        if self.encoder.inputs != train.images.shape[1]:
            raise DataError(
                f"images of {train.images.shape[1]} pixels, and the start reads {self.encoder.inputs}; give its images"
            )
        self._bits = self._encoded(self._images)
        classes = int(train.labels.max()) + 1
        if start is not None:
            classes = max(classes, len(start.offsets))
        if classes < 2:
            raise DataError("all images have the label 0; give images of at least two classes")
        sizes = [len(b) for b in start.biases] if start else list(settings.hidden)
        self._step = 0
        try:
            self._start(sizes, classes, start)
        except MemoryError:
            bits = self.encoder.bits
            raise TrainingError(
                f"layers of {sizes} units over {bits} bits are more than there is memory for; choose smaller ones"
            ) from None

    def _start(self, sizes: list[int], classes: int, start: RealSteps | None) -> None:
        self._layers: list[Units] = []
        below = self.encoder.bits
        few = self._bits[:, self._rng.permutation(len(self._labels))[:MEASURED]].astype(np.float32)
        for k, units in enumerate(sizes):
            own = (start.weights[k], start.biases[k]) if start else None
            layer = Units(units, below, self.settings, self._rng, own)
            few = layer.measure(few)
            self._layers.append(layer)
            below = units
        given = (start.votes, start.offsets) if start is not None else None
        self._votes = Votes(classes, below, self.settings, self._rng, given)

    def __iter__(self) -> Iterator[Epoch]:
        while not self.finished:
            yield self.epoch()

    @property
    def finished(self) -> bool:
        """Whether all epochs are done."""
        return len(self.records) >= self.settings.epochs

    def epoch(self) -> Epoch:
        """Train for one epoch; TrainingError where the numbers stop being finite."""
        with unbroken(self):
            return self._epoch()

    def _epoch(self) -> Epoch:
        started = time.perf_counter()
        settings, number = self.settings, len(self.records) + 1
        if self._expand is not None:
            self._bits = self._encoded(expanded(self._expand, self._images, self._rng))
        order = self._rng.permutation(len(self._labels))
        bits, labels = self._bits[:, order], self._labels[order]
        count = len(labels) // settings.batch
        total, rate = 0.0, 0.0
        with crew_for(1), np.errstate(all="ignore"):
            for at in range(count):
                part = slice(at * settings.batch, (at + 1) * settings.batch)
                done = min(1.0, self._step / max(1, count * settings.epochs))
                rate = settings.rate * (1 + math.cos(math.pi * done)) / 2 * min(1.0, (self._step + 1) / WARM) + 1e-5
                try:
                    total += self._update(bits[:, part].astype(np.float32), labels[part], done, rate)
                except ZeroDivisionError:  # of the compiled layers, where NumPy goes on with inf
                    total = math.inf
                    break
                self._step += 1
        seconds = time.perf_counter() - started
        network = None
        try:
            if not math.isfinite(total) or not all(part.finite for part in self._parts().values()):
                raise OverflowError("the numbers stopped being finite")
            if self.validation is not None or self.test is not None:
                with np.errstate(all="ignore"):
                    network = self.network()
        except (OverflowError, LayersError) as error:
            raise TrainingError(f"epoch {number}, at rate {settings.rate:g}: {error}; choose a smaller rate") from None
        validation, test = (
            network.accuracy(split) if network is not None and split is not None and len(split) else None
            for split in (self.validation, self.test)
        )
        record = Epoch(number, seconds, total / max(1, count), validation, test, rate)
        self.records.append(record)
        return record

    def _update(self, x: Array, labels: Whole, done: float, rate: float) -> float:
        """One mini-batch (inputs, images) at a share of the training; its mean cost."""
        settings = self.settings
        soft, fixed = done < settings.soft, done >= 1 - settings.settle
        if self._step % LOOK == 0 and not fixed:
            narrowed = min(1.0, done / settings.narrow) if settings.narrow else 1.0
            for layer in self._layers:
                layer.connect(narrowed)
            self._votes.choose(narrowed)
        slope = settings.slope * STEEPER ** (done / settings.soft) if soft else settings.slope
        values = x
        for layer in self._layers:
            values = layer.forward(values, 1.0 if fixed else KEEP, slope if soft else 0.0)
        logits = self._votes.forward(values, hard=not soft)
        shares = np.exp(logits - logits.max(axis=0))
        shares /= shares.sum(axis=0)
        images = np.arange(len(labels))
        cost = -float(np.log(shares[labels, images] + np.float32(1e-12)).mean())
        gradient = shares
        gradient[labels, images] -= np.float32(1 - settings.noise)
        gradient -= np.float32(settings.noise / len(logits))
        gradient /= np.float32(len(labels))
        gradient = self._votes.backward(gradient, rate, fixed=fixed)
        look = not fixed and self._step % LOOK == LOOK - 1
        for k in reversed(range(len(self._layers))):
            gradient = self._layers[k].backward(gradient, rate, slope, fixed=fixed, look=look, pass_on=k > 0)
        return cost

    def network(self) -> ThresholdNetwork:
        """What the training has come to: whole weights that decide exactly as its units do with their running means."""
        units = [layer.whole() for layer in self._layers]
        votes, offsets = self._votes.whole()
        return ThresholdNetwork(
            self.encoder,
            tuple(weights for weights, _ in units),
            tuple(biases for _, biases in units),
            votes=(votes,),
            offsets=offsets,
            shape=self.shape,
            name=self.name,
        )

    @property
    def data(self) -> tuple[Array, Whole, Whole, Whole]:
        """What is trained on: images, labels, and the pixels and levels of the encoder's bits."""
        return self._images, self._labels, self.encoder.pixel, self.encoder.level

    def about(self) -> dict[str, Any]:
        """What another training has to have in common with this one to go on from its state, by name."""
        sizes = [self.encoder.bits, *(len(layer.latent) for layer in self._layers), len(self._votes.latent)]
        own = {"sizes": sizes, "levels": self.encoder.levels, "shape": list(self.shape)}
        return own | dataclasses.asdict(self.settings) | {"expand": said(self._expand)}

    def state(self) -> tuple[dict[str, NDArray[np.generic]], dict[str, Any]]:
        """Everything that the epochs to come depend on: arrays, and plain values that JSON can hold."""
        arrays: dict[str, NDArray[np.generic]] = {}
        for name, part in self._parts().items():
            arrays |= {f"{name}.{key}": array for key, array in part.state().items()}
        values = {"epochs": len(self.records), "rng": self._rng.bit_generator.state, "step": self._step}
        return arrays, values

    def restore(self, arrays: dict[str, NDArray[np.generic]], values: dict[str, Any], records: list[Epoch]) -> None:
        """Go on from what `state` gave after these records.

        Raises KeyError, ValueError or TypeError where the arrays and values are not those of such a training.
        """
        self._rng.bit_generator.state = values["rng"]
        for name, part in self._parts().items():
            prefix = f"{name}."
            own = {key.removeprefix(prefix): array for key, array in arrays.items() if key.startswith(prefix)}
            part.restore(own)
        self._step, self.records = int(values["step"]), list(records)

    def _parts(self) -> dict[str, Units | Votes]:
        return {**{f"layer_{k}": layer for k, layer in enumerate(self._layers, start=1)}, "votes": self._votes}

    def _encoded(self, images: Array) -> Array:
        """(inputs of the first layer, images) of 0 and 1, uint8."""
        encoder = self.encoder
        bits: Array = np.ascontiguousarray(encoder.encode(encoder.greys(images)).T)
        return bits


def train_threshold(
    data: Data,
    settings: GateSettings,
    *,
    levels: int,
    expand: Expanding | None = None,
    rng: Seed = None,
) -> ThresholdNetwork:
    """A threshold network trained on the training images of a data set: the short way to say `ThresholdTraining`.

    Raises as `ThresholdTraining` does.

    >>> from learn.data import load_digits
    >>> train_threshold(load_digits(), GateSettings(hidden=(50,), epochs=5), levels=17, rng=0).sizes[1:]
    [50, 10]
    """
    training = ThresholdTraining(
        data.train, settings, levels=levels, shape=data.shape, expand=expand, rng=rng, name=data.name
    )
    for _ in training:
        pass
    return training.network()


def _is_shape(shape: Any) -> bool:
    return (
        isinstance(shape, tuple | list)
        and len(shape) == 2
        and all(isinstance(side, int | np.integer) and side > 0 for side in shape)
    )


def _encoder(train: Split, settings: GateSettings, levels: int) -> Encoder:
    """A bit for each mark of each pixel, of those that are neither ink nor paper in nearly all images."""
    if not isinstance(levels, int | np.integer) or not 2 <= levels <= 256:
        raise LayersError(f"levels {levels!r}; greys have 2 to 256 levels, 256 for bytes")
    marks = sorted({max(1, round(mark * levels)) for mark in settings.marks})
    if marks[-1] >= levels:
        raise TrainingError(f"mark {max(settings.marks)} of {levels} greys is above all of them; choose a smaller one")
    full = Encoder.thermometer(levels, train.images.shape[1], marks)
    seen = full.encode(full.greys(train.images)).mean(axis=0)
    keep = (seen > SEEN) & (seen < 1 - SEEN)
    if not keep.any():
        raise DataError(f"no pixel crosses a mark of {settings.marks} in the images; choose other marks")
    return Encoder(levels, full.inputs, full.pixel[keep], full.level[keep])
