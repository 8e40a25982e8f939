"""perceptrons: a trained threshold network as a network of perceptrons, from the digits of the pixels to the label."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from circuits.synthesis.classifier.arrays import Arrays, checked
from perceptron.network import Network
from perceptron.unit import Unit


def perceptrons(
    levels: int,
    inputs: int,
    pixel: ArrayLike,
    level: ArrayLike,
    weights: Sequence[ArrayLike],
    biases: Sequence[ArrayLike],
    votes: Sequence[ArrayLike],
    offsets: ArrayLike,
    *,
    name: str = "",
) -> Network:
    """A threshold network as perceptrons: the units it has, and few more to say which score is the largest.

    Two scores are compared by one perceptron, whose weights are the differences of the votes. A class wins where
    it is at least every later one, and no earlier one is at least it; so of equal scores the lowest index wins.

    Parameters
    ----------
    levels, inputs, pixel, level, weights, biases, votes, offsets, name
        As for `circuits.classifier.build`.

    Returns
    -------
    Network
        Of step units, with the inputs and outputs of `Classifier.network`, and the same function.

    Raises
    ------
    ParameterError
        If the arrays do not fit together.

    Examples
    --------
    >>> from circuits import classifier
    >>> classifier.perceptrons(8, 2, [0, 1], [4, 4], [[[1, 0], [0, 1]]], [[0, 0]], [[[1, 0], [0, 1]]], [0, 0])
    <Network: 6 inputs, 6 units, 7 edges, 1 output>

    Cost: a unit for each bit that is read and is no digit itself, and for each hidden unit that is read; for n classes
    n (n - 1) / 2 comparisons, n winners and the digits of the label. Depth: four more than there are hidden layers.
    """
    arrays = checked(levels, inputs, pixel, level, weights, biases, votes, offsets)
    net = Network(name)
    for word in arrays.digit_names:
        for one in word:
            net.input(one)
    needed = arrays.needed(arrays.votes[-1][0])  # what all classes have alike makes no difference
    below = _bits(net, arrays, needed[0])
    for number, (matrix, bias) in enumerate(zip(arrays.weights, arrays.biases, strict=True), 1):
        made = []
        for unit, row in enumerate(matrix):
            if needed[number][unit]:
                made.append(_unit(net, below, row, int(bias[unit]), f"layer{number}.unit{unit}"))
            else:
                made.append("")
        below = made
    winners = _winners(net, arrays, below)
    for place, output in enumerate(arrays.label_names):
        those = [(winner, 1) for index, winner in enumerate(winners) if index >> place & 1]
        net.output(output, net.add(Unit(0), those, output))
    return net


def _bits(net: Network, arrays: Arrays, needed: Sequence[bool]) -> list[str]:
    made: list[str] = []
    known: dict[tuple[int, int], str] = {}
    for pixel, level, wanted in zip(arrays.pixel.tolist(), arrays.level.tolist(), needed, strict=True):
        digits = arrays.digit_names[pixel]
        if level <= 0:
            made.append(digits[-level])
        elif level == 1 << arrays.digits - 1:
            made.append(digits[-1])
        elif not wanted:
            made.append("")
        else:
            if (pixel, level) not in known:
                terms = [(digit, 1 << place) for place, digit in enumerate(digits)]
                known[pixel, level] = net.add(Unit(1 - level), terms, f"pixel{pixel}.from{level}")
            made.append(known[pixel, level])
    return made


def _unit(net: Network, below: Sequence[str], row: np.ndarray, bias: int, name: str) -> str:
    return net.add(Unit(bias), [(below[at], int(row[at])) for at in np.flatnonzero(row).tolist()], name)


def _winners(net: Network, arrays: Arrays, units: Sequence[str]) -> list[str]:
    votes, offsets, classes = arrays.votes_of_units, arrays.offsets, arrays.classes
    least: dict[tuple[int, int], str] = {}  # whether the score of the first class is at least that of the second
    for one in range(classes):
        for other in range(one + 1, classes):
            bias = int(offsets[one] - offsets[other]) + 1
            least[one, other] = _unit(net, units, votes[one] - votes[other], bias, f"class{one}.from{other}")
    winners = []
    for one in range(classes):
        terms = [(least[one, other], 1) for other in range(one + 1, classes)]
        terms += [(least[other, one], -1) for other in range(one)]
        winners.append(net.add(Unit(1 - (classes - 1 - one)), terms, f"class{one}"))
    return winners
