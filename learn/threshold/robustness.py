"""robustness: which images change their label when a single pixel changes, found by trying every one."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from importlib.util import find_spec

import numpy as np
from numpy.typing import ArrayLike, NDArray

from learn.errors import LayersError
from learn.steps.crew import crew_for
from learn.threshold.arrays import Bits, Greys, Whole, blocks
from learn.threshold.encoder import Encoder
from learn.threshold.network import ThresholdNetwork, step, sums

IMAGES = 256  # whose sums are held at once


@dataclass(frozen=True, eq=False)
class Robustness:
    """What single pixels can do to each of n images. All arrays (n,) int64.

    `labels`: what the network reads. `pixels`: how many pixels there are each of which, changed alone, changes the
    label. `pixel`: the first of them, `grey`: the lowest grey there that does it, `label`: the label then; all three
    -1 where no pixel does.
    """

    labels: Whole
    pixels: Whole
    pixel: Whole
    grey: Whole
    label: Whole

    @property
    def robust(self) -> NDArray[np.bool_]:
        """Whether no change of a single pixel changes the label: (n,)."""
        unchanged: NDArray[np.bool_] = self.pixels == 0
        return unchanged

    @property
    def share(self) -> float:
        """The share of robust images."""
        return float(self.robust.mean())

    def accuracy(self, labels: ArrayLike) -> float:
        """The share of images that are read rightly whatever is done to one pixel."""
        return float(np.mean(self.robust & (self.labels == np.asarray(labels))))

    def __repr__(self) -> str:
        return (
            f"Robustness({int(self.robust.sum())} of {len(self.labels)} images keep their label whatever one pixel is)"
        )


def robustness(network: ThresholdNetwork, greys: ArrayLike) -> Robustness:
    """Try every other grey of every pixel of every image, one pixel at a time, exactly.

    Greys that give a pixel the same bits are tried once: for a one-bit pixel that is the flip of its bit. Only what a
    change reaches is computed again, compiled where Numba is installed, else in matrices.

    Parameters
    ----------
    network : ThresholdNetwork
    greys : (n, inputs) whole greys, at least one image

    Returns
    -------
    Robustness

    Raises
    ------
    LayersError
        As `Encoder.encode` does, and for no images.

    Notes
    -----
    For each image, pixel and pattern of bits, about as many steps as the pixel has connections to units; 10,000
    images of 784 one-bit pixels, each read by all of 1,000 units, take 8e9.

    Examples
    --------
    An "or" of four pixels is kept by every pixel where two are on, and changed by each where none is.

    >>> either = ThresholdNetwork(
    ...     Encoder.thermometer(2, 4, marks=(1,)), [[[1, 1, 1, 1]]], [[0]], [[[0], [1]]], [0, 0], shape=(2, 2)
    ... )
    >>> found = robustness(either, [[0, 0, 0, 0], [0, 1, 0, 0], [0, 1, 0, 1]])
    >>> found.pixels, found.pixel, found.grey, found.label
    (array([4, 1, 0]), array([ 0,  1, -1]), array([ 1,  0, -1]), array([ 1,  0, -1]))
    >>> found
    Robustness(1 of 3 images keep their label whatever one pixel is)
    """
    table = network.encoder.check_greys(greys)
    if not len(table):
        raise LayersError("0 images to change pixels of; give at least one")
    patterns = _patterns(network.encoder)
    way = _compiled if find_spec("numba") is not None else _in_matrices
    labels, found = way(network, table, patterns)
    return Robustness(labels, *found.T.copy())


Patterns = list[tuple[Whole, Bits, Whole]]


def _patterns(encoder: Encoder) -> Patterns:
    """For each pixel: its bits, the patterns that they can have, (patterns, bits), and the lowest grey of each."""
    every = np.arange(encoder.levels, dtype=np.uint8)
    order = np.argsort(encoder.pixel, kind="stable")
    ends = np.searchsorted(encoder.pixel[order], np.arange(encoder.inputs + 1))
    known: dict[tuple[int, ...], tuple[Bits, Whole]] = {}
    found: Patterns = []
    for pixel in range(encoder.inputs):
        mine = order[ends[pixel] : ends[pixel + 1]]
        levels = tuple(encoder.level[mine].tolist())
        if levels not in known:
            rows, first = np.zeros((1, 0), np.uint8), np.zeros(1, np.int64)
            if levels:
                one = Encoder(encoder.levels, 1, np.zeros(len(mine), np.int64), encoder.level[mine])
                rows = one.encode(every[:, None])
                first = np.sort(np.unique(rows, axis=0, return_index=True)[1]).astype(np.int64)
            known[levels] = rows[first], first
        found.append((mine, *known[levels]))
    return found


def _compiled(network: ThresholdNetwork, greys: Greys, patterns: Patterns) -> tuple[Whole, Whole]:
    from learn.threshold.flips import try_pixels

    widths = [network.encoder.bits, *map(len, network.weights)]
    layer_starts = np.concatenate([[0], np.cumsum(widths)]).astype(np.int64)
    reader_starts, readers, weights = _readers(network, layer_starts)
    bit_starts = np.concatenate([[0], np.cumsum([len(bits) for bits, _, _ in patterns])]).astype(np.int64)
    pattern_starts = np.concatenate([[0], np.cumsum([len(lowest) for _, _, lowest in patterns])]).astype(np.int64)
    rows = np.zeros((pattern_starts[-1], max(len(bits) for bits, _, _ in patterns)), np.uint8)
    for pixel, (bits, some, _) in enumerate(patterns):
        rows[pattern_starts[pixel] : pattern_starts[pixel + 1], : len(bits)] = some
    fixed = (
        bit_starts,
        np.concatenate([bits for bits, _, _ in patterns]),
        pattern_starts,
        rows,
        np.concatenate([lowest for _, _, lowest in patterns]),
        layer_starts,
        reader_starts,
        readers,
        weights,
        np.ascontiguousarray(network.votes_of_units.T),
    )
    labels, found = np.empty(len(greys), np.int64), _nothing(len(greys))

    def piece(part: slice) -> None:
        for some in blocks(part.stop - part.start, IMAGES):
            here = slice(part.start + some.start, part.start + some.stop)
            layers, inputs = _values(network, network.encoder.encode(greys[here]))
            scores = network.tally(layers[-1])
            labels[here] = scores.argmax(axis=1)
            values, weighted = np.concatenate(layers, axis=1), np.concatenate(inputs, axis=1)
            try_pixels(values, weighted, scores, labels[here], *fixed, found[here])

    parts = list(blocks(len(greys), max(IMAGES, -(-len(greys) // 16))))
    with crew_for(len(parts)) as crew:
        crew.run([partial(piece, part) for part in parts])
    return labels, found


def _readers(network: ThresholdNetwork, layer_starts: Whole) -> tuple[Whole, Whole, Whole]:
    """For each place the units that read it, with weights: where each place's begin, the units, their weights."""
    counts, units, weights = [np.zeros(1, np.int64)], [np.zeros(0, np.int64)], [np.zeros(0, np.int64)]
    for k, w in enumerate(network.weights):
        below, unit = np.nonzero(w.T)
        counts.append(np.bincount(below, minlength=w.shape[1]))
        units.append(unit + layer_starts[k + 1])
        weights.append(w.T[below, unit])
    starts = np.concatenate(counts).cumsum()
    return starts, np.concatenate(units), np.concatenate(weights)


def _values(network: ThresholdNetwork, bits: Bits) -> tuple[list[Bits], list[Whole]]:
    """The values of the bits and of each layer, and the weighted inputs, 0 for bits."""
    values, inputs = [bits], [np.zeros(bits.shape, np.int64)]
    for w, b in zip(network.weights, network.biases, strict=True):
        inputs.append(sums(values[-1], w, b))
        values.append((inputs[-1] > 0).view(np.uint8))
    return values, inputs


def _in_matrices(network: ThresholdNetwork, greys: Greys, patterns: Patterns) -> tuple[Whole, Whole]:
    bits = network.encoder.encode(greys)
    values, inputs = _values(network, bits)
    labels, found = network.tally(values[-1]).argmax(axis=1), _nothing(len(greys))
    for pixel, (mine, rows, lowest) in enumerate(patterns):
        matters, now = np.zeros(len(greys), np.bool_), bits[:, mine]
        for row, grey in zip(rows, lowest, strict=True):
            images = np.flatnonzero((now != row).any(axis=1) & ~matters)
            if network.weights:
                w = network.weights[0][:, mine]
                units = np.flatnonzero(w.any(axis=1))
                change = (row.astype(np.int64) - now[images]) @ w[units].T
                top = values[1][images]
                top[:, units] = inputs[1][np.ix_(images, units)] + change > 0
                for above, biases in zip(network.weights[1:], network.biases[1:], strict=True):
                    top = step(top, above, biases)
            else:
                top = bits[images]
                top[:, mine] = row
            new = network.tally(top).argmax(axis=1)
            differ = new != labels[images]
            images, new = images[differ], new[differ]
            matters[images] = True
            first = found[images, 1] < 0
            found[images[first], 1:] = np.column_stack(np.broadcast_arrays(pixel, grey, new[first]))
        found[:, 0] += matters
    return labels, found


def _nothing(images: int) -> Whole:
    found = np.full((images, 4), -1, np.int64)
    found[:, 0] = 0
    return found
