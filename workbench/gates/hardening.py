"""harden_to_gates: a trained network becomes NANDs, proved, compared with its whole numbers on every image, and run."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from circuits import classifier
from circuits.synthesis.classifier import Classifier
from circuits.synthesis.passes.driver import dimensions
from learn import Data, Layers
from learn.threshold import Encoder, GateSettings, Stage, ThresholdNetwork, ThresholdTraining, harden, simplify
from perceptron import compile
from perceptron.engines import Program, as_tape
from perceptron.engines.bits import pack
from workbench.errors import UsageError

BLOCK = 8192  # images that are run at once
NOISY = 0.1  # of the pixels of the noisy images
CAREFUL = 0.0005  # the rate of training again, lower than from a random start
BATCH, STEPS = 100, 50  # images to a step of it, fewer where an epoch would have fewer steps

Greys = NDArray[np.uint8]
Labels = NDArray[np.int64]
Told = Callable[[str], None]


@dataclass(frozen=True, eq=False)
class Gates:
    """A network that became gates, and what was found out about it on the way.

    Attributes
    ----------
    network : ThresholdNetwork
        The whole numbers that the NANDs were made of.
    classifier : Classifier
        The NANDs, with the count of each part and the proof.
    program : Program
        The NANDs in the compiled engine.
    data : Data
        What it was measured on.
    stages : tuple of Stage
        The shares of test images that are read rightly, and read as at first, after each step; the NANDs are the last.
    labels : (n,)
        What the NANDs read in the test images.
    depth : int
        The most NANDs one behind another.
    images, random : int
        On how many images of the data and random ones the NANDs gave the label of the whole numbers: on all.
    seconds : dict of str -> float
        Of each step; `test images` is the engine's run over all of them, from packed bits to packed labels.
    """

    network: ThresholdNetwork
    classifier: Classifier
    program: Program
    data: Data
    stages: tuple[Stage, ...]
    labels: Labels
    depth: int
    images: int
    random: int
    seconds: dict[str, float] = field(default_factory=dict)

    @property
    def nands(self) -> int:
        """How many NANDs there are, from the digits of the pixels to those of the label."""
        return sum(self.classifier.parts.values())

    @property
    def right(self) -> int:
        """How many test images the NANDs read rightly."""
        return int(np.count_nonzero(self.labels == self.data.test.labels))

    @property
    def accuracy(self) -> float:
        """The share of test images that the NANDs read rightly."""
        return self.right / len(self.labels)


def harden_to_gates(
    network: Layers | ThresholdNetwork,
    data: Data,
    *,
    encoder: Encoder | None = None,
    most: int = 7,
    retrain: int = 0,
    random: int = 10_000,
    rng: int = 0,
    name: str = "",
    tell: Told | None = None,
) -> Gates:
    """Make NANDs of a trained network, prove them, and compare and run them on all images there are.

    A network of sigmoids first becomes perceptrons of whole weights (see `learn.threshold.harden`), whose numbers are
    fitted to the training images. A threshold network is taken as it is. What follows from the whole numbers alone is
    left out (see `learn.threshold.simplify`), the rest is built (see `circuits.synthesis.classifier.build`).

    Parameters
    ----------
    network : Layers or ThresholdNetwork
    data : Data
        Images like those it was trained on.
    encoder : Encoder, optional
        For layers: the bits that the perceptrons read; by default the four most significant binary digits of a pixel.
    most : int, default 7
        For layers: whole weights lie from -most to most.
    retrain : int, default 0
        For layers: epochs for which the perceptrons are then trained again on the training images (see
        `learn.threshold.ThresholdTraining`), with as many connections as they have.
    random : int, default 10,000
        Random images on which NANDs and whole numbers are compared as well: one half noise, the other half images of
        the data with noise in a tenth of their pixels.
    rng : int
        The seed of the random images and of training again.
    name : str
        Of the circuit; by default the network's.
    tell : function (str), optional
        Told what is being done before it is.

    Returns
    -------
    Gates

    Raises
    ------
    UsageError
        If the images are of another size than the network reads.
    LearnError
        If the layers cannot be hardened (see `learn.threshold.harden`).
    AssertionError
        If the proof does not hold, or an image has another label; either would be a bug.

    Examples
    --------
    >>> import learn
    >>> digits = learn.load_digits()
    >>> layers = learn.Layers.start([64, 12, 10], rng=0)
    >>> for _ in learn.sgd(layers, digits.train, epochs=15, rng=0):
    ...     pass
    >>> gates = harden_to_gates(layers, digits, most=2, random=100)
    >>> [stage.name for stage in gates.stages]
    ['sigmoids on greys', 'sigmoids on bits', 'steps', 'whole weights', 'NANDs']
    >>> gates.stages[-1].accuracy == gates.stages[-2].accuracy == gates.accuracy
    True
    >>> gates.images, gates.random
    (1797, 100)
    """
    tell = tell or (lambda what: None)
    seconds: dict[str, float] = {}
    inputs = network.encoder.inputs if isinstance(network, ThresholdNetwork) else network.sizes[0]
    if inputs != data.shape[0] * data.shape[1]:
        raise UsageError(
            f"the network reads {inputs} pixels and the images of {data.name} have {data.shape[0]} x {data.shape[1]}; "
            "name the data that it was trained on"
        )
    tell("whole weights")
    with _timed(seconds, "whole weights"):
        whole, stages, first = _whole(network, data, encoder, most, retrain, rng)
    tell("NANDs")
    with _timed(seconds, "NANDs"):
        small = simplify(whole)
        made = classifier.build(**plain_arrays(small), name=name or whole.name)
    tell("the proof")
    with _timed(seconds, "proof"):
        made.certify()
    tell("the engine")
    with _timed(seconds, "compile"):
        tape = as_tape(made.network)
        program = compile(tape)
    tell("every image")
    greys = whole.encoder.greys(data.test.images)
    with _timed(seconds, "comparison"):
        labels = read_images(program, whole.encoder, greys)
        _require_same(labels, whole, greys, "test image")
        for split, what in ((data.train, "training image"), (data.validation, "validation image")):
            others = whole.encoder.greys(split.images)
            _require_same(read_images(program, whole.encoder, others), whole, others, what)
        noise = noisy_images(greys, whole.encoder.levels, random, rng)
        _require_same(read_images(program, whole.encoder, noise), whole, noise, "random image")
    seconds["test images"] = _running(program, whole.encoder, greys)
    last = Stage("NANDs", float(np.mean(labels == data.test.labels)), float(np.mean(labels == first)))
    images = len(data.train) + len(data.validation) + len(data.test)
    return Gates(
        small,
        made,
        program,
        data,
        (*stages, last),
        labels,
        dimensions(tape)[2],
        images,
        len(noise),
        seconds,
    )


def levels_of(data: Data) -> int:
    """How many greys the images of a data set have: 17 where all are sixteenths, as those of 8x8 are, else 256.

    >>> import learn
    >>> levels_of(learn.load_digits())
    17
    """
    images = (split.images for split in (data.train, data.validation, data.test))
    return 17 if all(np.array_equal(np.rint(16 * some), 16 * some) for some in images) else 256


def plain_arrays(network: ThresholdNetwork) -> dict[str, Any]:
    """A threshold network as what `circuits.synthesis.classifier` takes: levels, inputs, pixel, level, weights, ..."""
    encoder = network.encoder
    return {
        "levels": encoder.levels,
        "inputs": encoder.inputs,
        "pixel": encoder.pixel,
        "level": encoder.level,
        "weights": network.weights,
        "biases": network.biases,
        "votes": network.votes,
        "offsets": network.offsets,
    }


def digits_of(greys: Greys, digits: int) -> NDArray[np.uint8]:
    """The binary digits of greys, pixel by pixel, the least significant first: (n, pixels) -> (n, pixels * digits).

    >>> digits_of(np.array([[1, 6]], np.uint8), 3)
    array([[1, 0, 0, 0, 1, 1]], dtype=uint8)
    """
    every = np.unpackbits(greys[:, :, None], axis=2, count=digits, bitorder="little")
    return every.reshape(len(greys), -1)


def read_images(program: Program, encoder: Encoder, greys: Greys) -> Labels:
    """The labels that a circuit gives: (n, inputs) whole greys -> (n,)."""
    found = np.empty(len(greys), np.int64)
    for at in range(0, len(greys), BLOCK):
        bits = program.run(digits_of(greys[at : at + BLOCK], encoder.digits))
        found[at : at + BLOCK] = bits.astype(np.int64) @ (1 << np.arange(bits.shape[1]))
    return found


def noisy_images(greys: Greys, levels: int, count: int, rng: int) -> Greys:
    """Random images, (count, inputs): one half noise, the other half some of these with noise in a tenth of the pixels.

    >>> noisy_images(np.zeros((3, 4), np.uint8), 17, 2, rng=0).shape
    (2, 4)
    """
    generator = np.random.default_rng(rng)
    noise = generator.integers(0, levels, (count, greys.shape[1]), np.uint8)
    like = greys[generator.integers(0, len(greys), count // 2)]
    kept = generator.random(like.shape) >= NOISY
    noise[: count // 2][kept] = like[kept]
    return noise


def _whole(
    network: Layers | ThresholdNetwork, data: Data, encoder: Encoder | None, most: int, retrain: int, rng: int
) -> tuple[ThresholdNetwork, tuple[Stage, ...], Labels]:
    """The whole numbers, the steps to them, and the labels of the test images before all steps."""
    if isinstance(network, ThresholdNetwork):
        labels = network.predict(network.encoder.greys(data.test.images))
        right = float(np.mean(labels == data.test.labels))
        return network, (Stage("whole weights", right, 1.0),), labels
    if encoder is None:
        levels = levels_of(data)
        encoder = Encoder.binary(levels, network.sizes[0], digits=min(4, (levels - 1).bit_length()))
    hardened = harden(network, encoder, data.test, fit=data.train, most=most, shape=data.shape)
    if retrain:
        settings = GateSettings(
            fan_in=None,
            weights=most,
            votes=None,
            epochs=retrain,
            batch=max(2, min(BATCH, len(data.train) // STEPS)),
            rate=CAREFUL,
        )
        training = ThresholdTraining(
            data.train, settings, levels=encoder.levels, shape=data.shape, start=hardened.real, rng=rng
        )
        for _ in training:
            pass
        hardened = hardened.then("trained again", training.network(), data.test)
    return hardened.network, hardened.stages, hardened.first


def _require_same(found: Labels, network: ThresholdNetwork, greys: Greys, what: str) -> None:
    labels = network.predict(greys)
    differ = np.flatnonzero(found != labels)
    if len(differ):
        one = int(differ[0])
        raise AssertionError(
            f"{what} {one} is a {labels[one]} to the whole numbers and a {found[one]} to the NANDs; please report this"
        )


def _running(program: Program, encoder: Encoder, greys: Greys) -> float:
    """Seconds of the compiled run, the best of three."""
    assert program.bits is not None  # NANDs are 0/1 units
    packed = pack(digits_of(greys, encoder.digits))
    tried = []
    for _ in range(3):
        started = time.perf_counter()
        program.bits.words(packed)
        tried.append(time.perf_counter() - started)
    return min(tried)


@contextmanager
def _timed(seconds: dict[str, float], what: str) -> Iterator[None]:
    started = time.perf_counter()
    yield
    seconds[what] = time.perf_counter() - started
