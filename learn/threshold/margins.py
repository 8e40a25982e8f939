"""How far perceptrons are from changing their minds, and how steep sigmoids must be to say the same."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from learn.activations import sigmoid
from learn.errors import LayersError
from learn.layers import Layers
from learn.threshold.arrays import Bits, Whole, blocks
from learn.threshold.network import ThresholdNetwork, sums

FINE = 2**0.5  # slopes that are tried lie so far apart, as factors
SLACK = 1e-9  # of a score, for rounding
FLATTEST = 2.0**-10  # no slope below is tried: such sigmoids are all but straight lines


@dataclass(frozen=True, eq=False)
class Margins:
    """How near to changing each decision is, over n images.

    `units`: for each hidden layer (units,), the least size of w.x + b. `ties`: for each hidden layer (units,), at how
    many images it is exactly 0. `leads`: (n,), by how much the highest score leads the next; 0 where two are equal.
    """

    units: tuple[Whole, ...]
    ties: tuple[Whole, ...]
    leads: Whole


def margins(network: ThresholdNetwork, greys: ArrayLike) -> Margins:
    """The margins of every unit and of the scores over some images: (n, inputs) whole greys, at least one image.

    Raises LayersError as `Encoder.encode` does, and for no images.

    >>> from learn.threshold import Encoder
    >>> nand = ThresholdNetwork(
    ...     Encoder.thermometer(2, 2, marks=(1,)), [[[-2, -2]]], [[3]], votes=[[[0], [1]]], offsets=[0, 0], shape=(1, 2)
    ... )
    >>> margins(nand, [[0, 0], [0, 1], [1, 0], [1, 1]])
    Margins(units=(array([1]),), ties=(array([0]),), leads=array([1, 1, 1, 0]))
    """
    bits = _encoded(network, greys)
    units = [np.full(len(b), np.iinfo(np.int64).max) for b in network.biases]
    ties = [np.zeros(len(b), np.int64) for b in network.biases]
    leads = np.empty(len(bits), np.int64)
    for rows in blocks(len(bits)):
        values = bits[rows]
        for k, (w, b) in enumerate(zip(network.weights, network.biases, strict=True)):
            z = sums(values, w, b)
            np.minimum(units[k], np.abs(z).min(axis=0), out=units[k])
            ties[k] += np.count_nonzero(z == 0, axis=0)
            values = (z > 0).view(np.uint8)
        highest = np.sort(network.tally(values), axis=1)[:, -2:]
        leads[rows] = highest[:, 1] - highest[:, 0]
    return Margins(tuple(units), tuple(ties), leads)


def soften(network: ThresholdNetwork, c: float) -> Layers:
    """The same network with sigmoids of slope c for steps: its inputs are the encoder's bits, its labels softmax's.

    A unit fires where a whole sum s is > 0, which is where s - 1/2 > 0: the neuron is sigmoid(c * (s - 1/2)), so that
    no sum lies where a sigmoid says 1/2 for every slope. Of equal scores the first wins: for each class before it
    1/classes is taken from a score, so that no two are equal. All arrays are float64.

    Raises LayersError for a slope that is not above 0, and LayersError as `Layers` does where numbers become too large.

    >>> from learn.threshold import Encoder
    >>> nand = ThresholdNetwork(
    ...     Encoder.thermometer(2, 2, marks=(1,)), [[[-2, -2]]], [[3]], votes=[[[0], [1]]], offsets=[0, 0], shape=(1, 2)
    ... )
    >>> soft = soften(nand, 4)
    >>> soft, soft.predict([[0, 0], [0, 1], [1, 0], [1, 1]])
    (Layers([2, 1, 2], output='softmax'), array([1, 1, 1, 0]))
    """
    if not c > 0:
        raise LayersError(f"slope {c}; give a number above 0")
    weights = [c * w for w in network.weights]
    biases = [c * (b - 0.5) for b in network.biases]
    offsets = network.offsets - np.arange(network.classes) / network.classes
    return Layers([*weights, network.votes_of_units], [*biases, offsets], output="softmax", dtype=np.float64)


@dataclass(frozen=True)
class Slope:
    """From which slope on sigmoids give the labels of the steps, on some images.

    `certain`: at this slope and every larger one all labels agree, whatever was tried: no sum is so near to its
    threshold, and no lead so small, that the sigmoids' distances from 0 and 1 could change anything. `smallest`: at
    this slope and at each of the larger ones in `tried` all labels agreed when they were computed. `differs`: a
    slope just below at which some did not; 0 where none was found down to FLATTEST, 1/1024.
    """

    smallest: float
    differs: float
    certain: float
    tried: tuple[float, ...]

    def __str__(self) -> str:
        return f"agree from slope {self.smallest:.3g} on, certainly from {self.certain:.3g} on"


def find_slope(network: ThresholdNetwork, greys: ArrayLike, *, tolerance: float = 0.01) -> Slope:
    """The least slope at which `soften(network, c)` reads all images as the network itself does.

    First a slope is found that is certain to be enough. From there, slopes are tried downward until the labels of
    some image differ, and the last step is halved until the two slopes differ by less than the tolerance, as a part.
    Whether labels agree need not depend on the slope in one direction only: below `Slope.differs` they may agree again.

    Parameters
    ----------
    network : ThresholdNetwork
        With at least one hidden layer.
    greys : (n, inputs) whole greys, at least one image
    tolerance : float, default 0.01

    Returns
    -------
    Slope

    Raises
    ------
    LayersError
        As `Encoder.encode` does, for no images, no hidden layer, and a tolerance that is not above 0.

    Notes
    -----
    About 20 to 40 runs of the network in float64.

    Examples
    --------
    One unit, of which the first class has twice a "no": it wins where sigmoid(c / 2) is at least 1/2 + 1/4.

    >>> from learn.threshold import Encoder
    >>> unit = ThresholdNetwork(
    ...     Encoder.thermometer(2, 1, marks=(1,)), [[[1]]], [[0]], votes=[[[2], [0]]], offsets=[0, 1], shape=(1, 1)
    ... )
    >>> found = find_slope(unit, [[0], [1]])
    >>> found.smallest < 2.21 and found.differs > 2.18  # 2 * log(3) is 2.197
    True
    """
    if not network.weights:
        raise LayersError("a network without hidden layers has no sigmoids whose slope could matter")
    if not tolerance > 0:
        raise LayersError(f"tolerance {tolerance}; give a number above 0")
    bits = _encoded(network, greys)
    labels = network.tally(network.fire(bits)[-1]).argmax(axis=1)
    certain = _certain(network, bits, tolerance)
    agreed, differs = [certain], 0.0
    while agreed[-1] > FLATTEST and not differs:
        lower = max(agreed[-1] / FINE, FLATTEST)
        if _agrees(network, bits, labels, lower):
            agreed.append(lower)
        else:
            differs = lower
    while differs and agreed[-1] > differs * (1 + tolerance):
        middle = (agreed[-1] * differs) ** 0.5
        if _agrees(network, bits, labels, middle):
            agreed.append(middle)
        else:
            differs = middle
    return Slope(agreed[-1], differs, certain, tuple(agreed))


def _agrees(network: ThresholdNetwork, bits: Bits, labels: Whole, c: float) -> bool:
    soft = soften(network, c)
    return all(np.array_equal(soft.predict(bits[rows]), labels[rows]) for rows in blocks(len(bits)))


def _certain(network: ThresholdNetwork, bits: Bits, tolerance: float) -> float:
    """A slope from which on all labels certainly agree, as small as this argument gives it.

    A sigmoid is wrong by e = sigmoid(-c m) where its sum is m from its threshold, and in the next layer m shrinks by
    the sum of |w| e. All of this falls as c grows.
    """
    low = high = FLATTEST
    while not _is_certain(network, bits, high):
        low, high = high, 2 * high
    while high > low * (1 + tolerance):
        middle = (low * high) ** 0.5
        if _is_certain(network, bits, middle):
            high = middle
        else:
            low = middle
    return high


def _is_certain(network: ThresholdNetwork, bits: Bits, c: float) -> bool:
    votes = network.votes_of_units.astype(np.float64)
    handicap = np.arange(network.classes) / network.classes
    slack = SLACK * (1 + np.abs(votes).sum(axis=1).max() + np.abs(network.offsets).max())
    for rows in blocks(len(bits)):
        values, wrong = bits[rows], np.zeros((0, 0))
        for k, (w, b) in enumerate(zip(network.weights, network.biases, strict=True)):
            z = sums(values, w, b)
            values, away = (z > 0).view(np.uint8), np.abs(z - 0.5)
            if k:
                away -= wrong @ np.abs(w.T.astype(np.float64))
            wrong = np.where(away > 0, sigmoid(-c * away), 1.0)
        scores = network.tally(values) - handicap
        labels = scores.argmax(axis=1)
        for label in np.unique(labels):
            mine = labels == label
            leads = scores[mine, label][:, None] - scores[mine] - wrong[mine] @ np.abs(votes[label] - votes).T
            leads[:, label] = np.inf
            if not (leads > slack).all():
                return False
    return True


def _encoded(network: ThresholdNetwork, greys: ArrayLike) -> NDArray[np.uint8]:
    bits = network.encoder.encode(greys)
    if not len(bits):
        raise LayersError("0 images to look at; give at least one")
    return bits
