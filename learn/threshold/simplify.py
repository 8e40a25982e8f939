"""simplify: the same scores for every image, with smaller whole weights, fewer units and fewer bits.

6 a + 9 b + 3 c - 3 > 0    becomes    a + b + c - 1 > 0    becomes, where c is always 1,    a + b > 0
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from learn.threshold.arrays import Whole
from learn.threshold.encoder import Encoder
from learn.threshold.network import ThresholdNetwork


def simplify(network: ThresholdNetwork) -> ThresholdNetwork:
    """Whatever follows from the whole numbers alone: every score of every image stays as it is.

    - A weight that decides alone is made as small as still does, and weights are divided by their common factor.
    - A unit that always or never fires becomes part of the biases that read it.
    - Of units that do the same, and of those that do the opposite, one stays; so of bits that are the same.
    - Units and bits that nothing reads go. A layer keeps at least one unit and the encoder one bit.

    Weights are not in general the least that do the same: `circuits.minimize_weights` looks for those in a network of
    perceptrons.

    >>> from learn.threshold import Encoder
    >>> net = ThresholdNetwork(
    ...     Encoder.thermometer(2, 3, marks=(1,)), [[[6, 9, 0], [-6, -6, 0], [1, 1, 1]]], [[-3, 3, 5]],
    ...     votes=[[[1, 2, 4], [0, 0, 0]]], offsets=[0, 5], shape=(1, 3),
    ... )
    >>> less = simplify(net)
    >>> less, less.weights, less.biases, less.votes, less.offsets
    (ThresholdNetwork([2, 1, 2], 3 connections),
    (array([[1, 1]]),), (array([0]),), (array([[-1],
           [ 0]]),), array([6, 5]))
    """
    while True:
        before = network.sizes, [int(np.abs(w).sum()) for w in network.weights]
        network = _without_repeats(_smaller(network))
        if (network.sizes, [int(np.abs(w).sum()) for w in network.weights]) == before:
            return network


def smaller_unit(weights: Whole, bias: int) -> tuple[Whole, int]:
    """A unit that fires for the same inputs of 0 and 1, with weights at most as large.

    A unit that always fires gets the bias 1 and one that never does 0, both with weights of 0.

    >>> smaller_unit(np.array([6, 9, -20]), -3)
    (array([ 2,  3, -4]), -1)
    """
    w = weights.copy()
    while True:
        high, low = int(w[w > 0].sum()) + bias, int(w[w < 0].sum()) + bias
        if low > 0 or high <= 0:
            return np.zeros_like(w), int(low > 0)
        factor = int(np.gcd.reduce(w))
        if factor > 1:
            w //= factor
            bias = -(-bias // factor)
            continue
        # An input that makes the unit fire alone, needs no more than that: 1 - low; and likewise below.
        decides = np.flatnonzero((w > 1 - low) | (w < -high))
        if len(decides):
            i = decides[0]
            w[i] = 1 - low if w[i] > 0 else -high
            continue
        # An input without which the unit never fires, or always: its weight goes to the bias but for what is needed.
        needed = np.flatnonzero((w > high) | (w < low - 1))
        if not len(needed):
            return w, bias
        i = needed[0]
        kept = high if w[i] > 0 else low - 1
        bias += int(w[i]) - kept
        w[i] = kept


def _smaller(network: ThresholdNetwork) -> ThresholdNetwork:
    weights, biases = [], []
    for w, b in zip(network.weights, network.biases, strict=True):
        units = [smaller_unit(row, bias) for row, bias in zip(w, b.tolist(), strict=True)]
        weights.append(np.array([row for row, _ in units]))
        biases.append(np.array([bias for _, bias in units]))
    return replace(network, weights=tuple(weights), biases=tuple(biases))


def _without_repeats(network: ThresholdNetwork) -> ThresholdNetwork:
    """Units that are constant, equal or opposite to another, or not read, are gone; bits likewise."""
    weights, biases = [w.copy() for w in network.weights], [b.copy() for b in network.biases]
    above, offsets = network.votes[0].copy(), network.offsets.copy()
    for k in reversed(range(len(weights))):
        readers = weights[k + 1] if k + 1 < len(weights) else above
        extra, keep = _merge(weights[k], biases[k], readers)
        if k + 1 < len(weights):
            biases[k + 1] += extra
            weights[k + 1] = readers[:, keep]
        else:
            offsets += extra if len(network.votes) == 1 else network.votes[1] @ extra
            above = readers[:, keep]
        weights[k], biases[k] = weights[k][keep], biases[k][keep]
    encoder, readers = network.encoder, weights[0] if weights else above
    keep = _merge_bits(encoder, readers)
    encoder = Encoder(encoder.levels, encoder.inputs, encoder.pixel[keep], encoder.level[keep])
    if weights:
        weights[0] = readers[:, keep]
    else:
        above = readers[:, keep]
    votes = (above, *network.votes[1:])
    return replace(network, encoder=encoder, weights=tuple(weights), biases=tuple(biases), votes=votes, offsets=offsets)


def _merge(weights: Whole, biases: Whole, readers: Whole) -> tuple[Whole, Whole]:
    """Let one of equal units be read for all: changes `readers` (above, units).

    Returns what is added to the readers' biases, and the units that are still read.
    """
    extra = np.zeros(len(readers), np.int64)
    first: dict[tuple[bytes, int], int] = {}
    for unit, (row, bias) in enumerate(zip(weights, biases.tolist(), strict=True)):
        if not row.any():
            extra += readers[:, unit] * int(bias > 0)
            readers[:, unit] = 0
            continue
        same = first.setdefault((row.tobytes(), bias), unit)
        opposite = first.get(((-row).tobytes(), 1 - bias))
        if same != unit:
            readers[:, same] += readers[:, unit]
            readers[:, unit] = 0
        elif opposite is not None:
            readers[:, opposite] -= readers[:, unit]
            extra += readers[:, unit]
            readers[:, unit] = 0
    return extra, _read(readers)


def _merge_bits(encoder: Encoder, readers: Whole) -> Whole:
    """Let one of equal bits be read for all: changes `readers`. Returns the bits that are still read."""
    greys = np.arange(encoder.levels, dtype=np.uint8)
    first: dict[tuple[int, bytes], int] = {}
    for bit, (pixel, level) in enumerate(zip(encoder.pixel.tolist(), encoder.level.tolist(), strict=True)):
        column = Encoder(encoder.levels, 1, np.zeros(1, np.int64), np.array([level])).encode(greys[:, None])
        same = first.setdefault((pixel, column.tobytes()), bit)
        if same != bit:
            readers[:, same] += readers[:, bit]
            readers[:, bit] = 0
    return _read(readers)


def _read(readers: Whole) -> Whole:
    """The columns with a number other than 0, or the first where there is none."""
    found = np.flatnonzero(readers.any(axis=0))
    return found if len(found) else np.zeros(1, np.int64)
