"""smallest_flip: the fewest pixels of an image that have to change for a classifier to say something else.

For each pixel, the circuit's encoder tells few greys apart. One input stands for each of them that the pixel does not
have now; where it is 1, the pixel has that grey. The digits of the pixel are then perceptrons of these inputs: the
first input that is 1 decides, which weights 2, 4, 8, ... of either sign say. What is asked of the circuit with these in
front of it is how few inputs make a difference: `perceptron.sensitivity`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from circuits.synthesis.classifier.arrays import Arrays, Whole
from circuits.synthesis.classifier.build import Classifier
from perceptron.errors import ParameterError
from perceptron.evaluate import evaluate
from perceptron.network import Network
from perceptron.sensitivity import sensitivity
from perceptron.unit import Unit


@dataclass(frozen=True)
class Flip:
    """How many pixels have to change for the label to change.

    Attributes
    ----------
    label : int
        What the circuit says of the image.
    pixels : dict of int -> int, or None
        Pixels and the greys that together change the label: of each kind that the circuit tells apart the nearest to
        what the pixel has now. None where none were found.
    becomes : int or None
        The label then.
    at_least : int
        No fewer pixels change the label, whatever greys they get; one more than there are if none ever do.
    """

    label: int
    pixels: dict[int, int] | None
    becomes: int | None
    at_least: int

    @property
    def exact(self) -> bool:
        """Whether these pixels are as few as can be."""
        return self.pixels is not None and len(self.pixels) == self.at_least


def smallest_flip(classifier: Classifier, image: ArrayLike, *, at_most: int = 3, limit: float | None = 60.0) -> Flip:
    """The fewest pixels of an image whose change, to any greys, changes the label.

    Parameters
    ----------
    classifier : Classifier
    image : (pixels,) whole numbers
        Greys from 0 to levels - 1.
    at_most : int, default 3
        More pixels are not looked for.
    limit : float or None, default 60
        Seconds for more pixels than can be tried in a moment, roughly; None for no limit.

    Returns
    -------
    Flip
        Confirmed by `evaluate`. Where no pixels are given, `at_least` is more than `at_most` if so many are not
        enough, and no more where time was up.

    Raises
    ------
    ParameterError
        If the image has another size, or greys that are not whole or not of these levels; `at_most` < 1, or
        `limit` < 0.

    Examples
    --------
    Is the left pixel of two at least 4, or else the right one?

    >>> from circuits import classifier
    >>> made = classifier.build(8, 2, [0, 1], [4, 4], [[[1, 0], [0, 1]]], [[0, 0]], [[[1, 0], [0, 1]]], [0, 0])
    >>> smallest_flip(made, [6, 1])
    Flip(label=0, pixels={0: 3, 1: 4}, becomes=1, at_least=2)
    """
    arrays = classifier.arrays
    greys = _checked(arrays, image)
    label = _label(arrays, classifier.network, greys)
    net, meant = _with_changes(arrays, classifier.network, greys)
    if not meant:
        return Flip(label, None, None, arrays.inputs + 1)
    told = sensitivity(net, [0] * len(meant), at_most=at_most, limit=limit)
    if told.inputs is None:
        return Flip(label, None, None, arrays.inputs + 1 if told.constant else told.at_least)
    pixels = dict(meant[name] for name in told.inputs)
    becomes = label ^ sum(1 << place for place, name in enumerate(arrays.label_names) if name in told.outputs)
    return Flip(label, pixels, becomes, told.at_least)


def _checked(arrays: Arrays, image: ArrayLike) -> Whole:
    greys = np.asarray(image)
    if greys.shape != (arrays.inputs,):
        raise ParameterError(f"the image has shape {greys.shape}; give ({arrays.inputs},)")
    if greys.dtype.kind not in "iub" or greys.min() < 0 or greys.max() >= arrays.levels:
        raise ParameterError(f"the greys are not all whole numbers from 0 to {arrays.levels - 1}; give such")
    return greys.astype(np.int64)


def _label(arrays: Arrays, net: Network, greys: Whole) -> int:
    digits = (greys[:, None] >> np.arange(arrays.digits) & 1).ravel().tolist()
    values = evaluate(net, digits)
    return sum(int(values[name]) << place for place, name in enumerate(arrays.label_names))


def _with_changes(arrays: Arrays, net: Network, greys: Whole) -> tuple[Network, dict[str, tuple[int, int]]]:
    """The circuit with an input for each change that a pixel may undergo; and which pixel and grey each means."""
    made = Network(net.name)
    others = _other_greys(arrays, greys)
    meant = {made.input(f"pixel{pixel}.{grey}"): (pixel, grey) for pixel, some in enumerate(others) for grey in some}
    constants = [made.add(Unit(0), [], "constant 0"), made.add(Unit(1), [], "constant 1")]
    node: dict[str, str] = {}
    for pixel, names in enumerate(arrays.digit_names):
        for place, name in enumerate(names):
            now = int(greys[pixel]) >> place & 1
            bits = [grey >> place & 1 for grey in others[pixel]]
            if all(bit == now for bit in bits):
                node[name] = constants[now]
                continue
            signed = [
                (f"pixel{pixel}.{grey}", (1 if bit else -1) << len(bits) - at)
                for at, (grey, bit) in enumerate(zip(others[pixel], bits, strict=True))
            ]
            node[name] = made.add(Unit(now), signed, name)
    for unit in net.units:
        node[unit] = made.add(net.unit(unit), [(node[source], weight) for source, weight in net.fanin(unit)])
    for output, unit in net.outputs.items():
        made.output(output, node[unit])
    return made, meant


def _other_greys(arrays: Arrays, greys: Whole) -> list[list[int]]:
    """For each pixel a grey of each kind that the bits read from it tell apart, without the kind that it has now."""
    every = np.arange(arrays.levels)
    reads = (arrays.weights[0] if arrays.weights else arrays.votes[0]).any(axis=0)
    found: list[list[int]] = []
    for pixel, now in enumerate(greys.tolist()):
        nearest = every[np.argsort(np.abs(every - now), kind="stable")]
        levels = np.unique(arrays.level[(arrays.pixel == pixel) & reads])
        bits = np.where(levels > 0, nearest[:, None] >= levels, nearest[:, None] >> np.maximum(-levels, 0) & 1)
        first = np.unique(bits, axis=0, return_index=True)[1]
        found.append(nearest[np.sort(first)[1:]].tolist())
    return found
