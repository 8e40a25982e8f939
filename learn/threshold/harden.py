"""harden: any trained network of sigmoids becomes perceptrons with whole weights, and how well it reads at each step.

grey --(w)--> [sigmoid]    becomes    bit --(w v)--> [step]    becomes    bit --(whole)--> [step]

where v is what the bit is worth: how much brighter the pixel is where the bit is 1.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from learn.data import Split
from learn.errors import LayersError
from learn.layers import Layers
from learn.threshold.arrays import Bits, Whole
from learn.threshold.encoder import Encoder
from learn.threshold.network import ThresholdNetwork, step
from learn.threshold.quantize import Real, quantize_units, quantize_votes, real_sums

_OFF = {"sigmoid": 0.0, "tanh": -1.0}  # what the activation is far below 0; far above it is 1


@dataclass(frozen=True)
class Stage:
    """What is left after a step: the share of images read rightly, and the share read as before all steps."""

    name: str
    accuracy: float
    same: float


@dataclass(frozen=True, eq=False)
class RealSteps:
    """Step units with real weights over an encoder's bits: a hardened network before its weights are rounded.

    `weights[k]` (units, below) and `biases[k]` (units,) of the hidden layers, `votes` (classes, units) and `offsets`
    (classes,), all float64: as in `ThresholdNetwork`, but real. A training that goes on with the hardened network
    starts from these.
    """

    encoder: Encoder
    weights: tuple[Real, ...]
    biases: tuple[Real, ...]
    votes: Real
    offsets: Real

    def fire(self, bits: Bits) -> list[Bits]:
        """The values of each hidden layer: (n, encoder's bits) -> [(n, units) of 0 and 1, ...]."""
        found: list[Bits] = []
        for w, b in zip(self.weights, self.biases, strict=True):
            found.append((real_sums(found[-1] if found else bits, w, b) > 0).view(np.uint8))
        return found

    def predict(self, greys: ArrayLike) -> Whole:
        """The label of each image: (n, inputs) whole greys -> (n,)."""
        bits = self.encoder.encode(greys)
        labels: Whole = real_sums((self.fire(bits) or [bits])[-1], self.votes, self.offsets).argmax(axis=1)
        return labels


@dataclass(frozen=True, eq=False)
class Hardened:
    """A hardened network and how it got there.

    `network`: the last one. `real`: the one before rounding. `stages`: what was left after each step on the images
    that `harden` was given. `first`: the labels that the network gave them before all steps. `str` gives the table.
    """

    network: ThresholdNetwork
    real: RealSteps
    stages: tuple[Stage, ...]
    first: NDArray[np.int64]

    def then(self, name: str, network: ThresholdNetwork, split: Split) -> Hardened:
        """With one more step, such as a retraining, measured on the same images as the others.

        Raises LayersError for another number of images.
        """
        if len(split) != len(self.first):
            raise LayersError(
                f"{len(split)} images, and the other steps were measured on {len(self.first)}; give those"
            )
        labels = network.predict(network.encoder.greys(split.images))
        return replace(self, network=network, stages=(*self.stages, _stage(name, labels, split, self.first)))

    def __str__(self) -> str:
        width = max(len(stage.name) for stage in self.stages)
        lines = [f"{'step':{width}}  accuracy  as at first"]
        lines += [f"{stage.name:{width}}  {stage.accuracy:8.2%}  {stage.same:11.2%}" for stage in self.stages]
        return "\n".join(lines)


def harden(
    layers: Layers,
    encoder: Encoder,
    split: Split,
    *,
    fit: Split | None = None,
    most: int = 7,
    votes_most: int | None = None,
    shape: tuple[int, int] | None = None,
    name: str = "",
) -> Hardened:
    """Make perceptrons with whole weights of a trained network, without training it again.

    1. Pixels become the encoder's bits. A pixel's grey is replaced by what its bits are worth (see `bit_worths`).
    2. Every hidden neuron becomes a step: it fires where its weighted input is > 0. A neuron that fires is worth 1 to
       the next layer and one that does not 0 (-1 for tanh). The output neurons lose their sigmoid or softmax, which
       never changes which is the highest.
    3. Weights become whole numbers (see `quantize_units`, `quantize_votes`): with images to fit to, those that answer
       most often as the real ones do there. These ought to be training images. No image of `split` decides anything.

    Parameters
    ----------
    layers : Layers
        With hidden neurons of sigmoids or tanh, or without any. A single output neuron gives two classes; a weighted
        input of exactly 0 there becomes a "no".
    encoder : Encoder
        Of as many pixels as the network has inputs.
    split : Split
        The images on which each step is measured.
    fit : Split, optional
    most : int, default 7
        Whole weights of hidden units lie from -most to most.
    votes_most : int, optional
        The same for votes; `most` by default.
    shape : (rows, columns), optional
        Of an image; by default a square where the pixels make one, else one row.
    name : str, optional
        Of the network.

    Returns
    -------
    Hardened

    Raises
    ------
    LayersError
        For other activations, an encoder of another width, no images to measure or to fit to, and `most` or
        `votes_most` below 1.

    Examples
    --------
    >>> import learn
    >>> digits = learn.load_digits()
    >>> net = learn.Layers.start([64, 20, 10], rng=0)
    >>> for _ in learn.sgd(net, digits.train, epochs=15, rng=0):
    ...     pass
    >>> hardened = harden(net, Encoder.binary(17, 64, digits=4), digits.test, fit=digits.train)
    >>> [stage.name for stage in hardened.stages]
    ['sigmoids on greys', 'sigmoids on bits', 'steps', 'whole weights']
    >>> hardened.stages[-1].accuracy > 0.8
    True
    """
    if layers.activation not in _OFF:
        raise LayersError(f"activation {layers.activation!r} does not become a step; train with 'sigmoid' or 'tanh'")
    if encoder.inputs != layers.sizes[0]:
        raise LayersError(f"an encoder of {encoder.inputs} pixels for a network of {layers.sizes[0]} inputs")
    if not len(split):
        raise LayersError("0 images to measure the steps on; give at least one")
    if fit is not None and not len(fit):
        raise LayersError("0 images to fit whole weights to; give at least one, or leave out fit")
    greys, first = encoder.greys(split.images), layers.predict(split.images)
    soft = _on_bits(layers, encoder)
    real = _to_steps(soft, encoder)
    votes_most = most if votes_most is None else votes_most
    network = _to_whole(real, fit, layers, most, votes_most, shape or _square(encoder.inputs), name)
    labels = {
        "sigmoids on greys": first,
        "sigmoids on bits": soft.predict(encoder.encode(greys)),
        "steps": real.predict(greys),
        "whole weights": network.predict(greys),
    }
    return Hardened(network, real, tuple(_stage(step, found, split, first) for step, found in labels.items()), first)


def bit_worths(encoder: Encoder) -> Real:
    """What each bit is worth where it is 1, as a part of its pixel from 0 (background) to 1 (ink): (bits,).

    The marks of a thermometer are worth the same and binary digits 1, 2, 4, ...; all bits of a pixel together are
    worth 1. Where a pixel has bits of both kinds, each kind is worth a half.

    >>> bit_worths(Encoder.binary(256, 1, digits=2))
    array([0.33333333, 0.66666667])
    """
    share = np.where(encoder.level > 0, 1.0, np.exp2(-np.minimum(encoder.level, 0).astype(np.float64)))
    kind = 2 * encoder.pixel + (encoder.level > 0)
    of_kind = np.bincount(kind, weights=share, minlength=2 * encoder.inputs)
    kinds = np.count_nonzero(of_kind.reshape(-1, 2), axis=1)
    worth: Real = share / of_kind[kind] / kinds[encoder.pixel]
    return worth


def _on_bits(layers: Layers, encoder: Encoder) -> Layers:
    """The same network with the encoder's bits for inputs."""
    first = layers.weights[0][:, encoder.pixel] * bit_worths(encoder)
    words = {"activation": layers.activation, "output": layers.output}
    return Layers([first, *layers.weights[1:]], layers.biases, dtype=np.float64, **words)


def _to_steps(soft: Layers, encoder: Encoder) -> RealSteps:
    """Every hidden neuron a step: what it says far below 0 goes into the biases above, the rise into the weights."""
    off = _OFF[soft.activation]
    weights, biases = ([array.astype(np.float64) for array in arrays] for arrays in (soft.weights, soft.biases))
    for k in range(1, len(weights)):
        biases[k] += off * weights[k].sum(axis=1)
        weights[k] *= 1 - off
    votes, offsets = weights.pop(), biases.pop()
    if len(votes) == 1:  # "no" has the score 0
        votes, offsets = np.concatenate([np.zeros_like(votes), votes]), np.concatenate([[0.0], offsets])
    return RealSteps(encoder, tuple(weights), tuple(biases), votes, offsets)


def _to_whole(
    real: RealSteps,
    fit: Split | None,
    layers: Layers,
    most: int,
    votes_most: int,
    shape: tuple[int, int],
    name: str,
) -> ThresholdNetwork:
    """Whole weights layer by layer; each layer sees what the whole ones below say, and ought to answer as the real."""
    values = labels = None
    right: list[Bits] = []
    if fit is not None:
        values, labels = real.encoder.encode(real.encoder.greys(fit.images)), layers.predict(fit.images)
        right = real.fire(values)
    weights, biases = [], []
    for k, (w, b) in enumerate(zip(real.weights, real.biases, strict=True)):
        fires = right[k].view(np.bool_) if right else None
        found = quantize_units(w, b, most=most, bits=values, fires=fires)
        weights.append(found[0])
        biases.append(found[1])
        if values is not None:
            values = step(values, *found)
    votes, offsets = quantize_votes(real.votes, real.offsets, most=votes_most, values=values, labels=labels)
    return ThresholdNetwork(real.encoder, tuple(weights), tuple(biases), (votes,), offsets, shape, name)


def _stage(name: str, labels: NDArray[np.int64], split: Split, first: NDArray[np.int64]) -> Stage:
    return Stage(name, float(np.mean(labels == split.labels)), float(np.mean(labels == first)))


def _square(pixels: int) -> tuple[int, int]:
    side = math.isqrt(pixels)
    return (side, side) if side * side == pixels else (1, pixels)
