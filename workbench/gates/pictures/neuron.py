"""One hidden perceptron of a classifier, opened: the NANDs that it became, and the names of what they read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from circuits.synthesis.classifier import Classifier
from learn.threshold import Encoder, ThresholdNetwork
from perceptron import Network
from perceptron.errors import ParameterError

WIDE = 60  # NANDs up to which a cone is followed to the digits of the pixels, and else to the bits of the encoder


@dataclass(frozen=True)
class Opened:
    """The NANDs of a neuron.

    Attributes
    ----------
    unit : int
        Its number in the first hidden layer.
    nands : Network
        Its cone in the circuit. Inputs: digits of pixels, or the same bits where the cone is large.
    names : dict of str -> str
        What to write at the inputs of `nands`.
    turned : bool
        Whether the NANDs say when it does not fire; the circuit then reads their complement.
    """

    unit: int
    nands: Network
    names: dict[str, str]
    turned: bool


def strongest(network: ThresholdNetwork, classifier: Classifier, fires: NDArray[np.uint8] | None = None) -> int:
    """The unit of the first layer whose votes, or weights above it, differ the most.

    One of few bits goes before others and, if `fires` (units,) is given, one that fires before one that does not.

    Raises ParameterError where there is no hidden unit that the label depends on.
    """
    strength = spread_of_votes(network).astype(np.float64)
    wired = [bool(signal.node) for signal in classifier.proof.units[0]] if network.weights else []
    if not any(wired):
        raise ParameterError(f"{network!r} has no hidden unit that the label depends on; there is none to open")
    few = (network.weights[0] != 0).sum(axis=1) <= 8
    rests = np.zeros(len(few)) if fires is None else 1 - fires.astype(np.float64)
    return int(np.lexsort((-strength, rests, ~few, ~np.array(wired)))[0])


def spread_of_votes(network: ThresholdNetwork) -> NDArray[np.int64]:
    """How much each unit of the first layer can matter: (units,) the sizes of its votes beyond what all classes get.

    With more layers: the sizes of the weights by which it is read.
    """
    if len(network.weights) > 1:
        read: NDArray[np.int64] = np.abs(network.weights[1]).sum(axis=0)
        return read
    votes = network.votes_of_units
    spread: NDArray[np.int64] = np.abs(votes - np.sort(votes, axis=0)[len(votes) // 2]).sum(axis=0)
    return spread


def opened(network: ThresholdNetwork, classifier: Classifier, unit: int) -> Opened:
    """The NANDs of a unit of the first hidden layer.

    Raises ParameterError for a unit that is not there, or that no label depends on.
    """
    if not network.weights or not 0 <= unit < len(network.weights[0]):
        raise ParameterError(f"there is no hidden unit {unit}; {network!r} has {network.sizes[1:-1][:1]}")
    signal = classifier.proof.units[0][unit]
    if not signal.node:
        raise ParameterError(f"hidden unit {unit} is a constant, or no label depends on it; open another one")
    bits = np.flatnonzero(network.weights[0][unit])
    names = bit_names(network.encoder, network.shape)
    told = {
        f"pixel{pixel}[{digit}]": f"{place(network.shape, pixel)}, digit {digit}"
        for pixel in network.encoder.pixel[bits].tolist()
        for digit in range(network.encoder.digits)
    }
    cone = _cone(classifier.network, signal.node, told, f"perceptron {unit} in NANDs")
    if len(cone.units) > WIDE:
        ends = {
            one.node: names[bit] + (" (not)" if one.turned else "")
            for bit in bits.tolist()
            if (one := classifier.proof.bits[bit]).node
        }
        told |= ends
        cone = _cone(classifier.network, signal.node, told, f"perceptron {unit} in NANDs", stop=ends)
    output = "rests" if signal.turned else "fires"
    (top,) = cone.outputs.values()
    cone = Network.from_graph(cone.graph, cone.inputs, {output: top}, cone.name)
    return Opened(unit, cone, {name: told[name] for name in cone.inputs}, signal.turned)


def place(shape: tuple[int, int], pixel: int) -> str:
    """Where a pixel is, rows and columns counted from 0.

    >>> place((28, 28), 30)
    'row 1, column 2'
    """
    return f"row {pixel // shape[1]}, column {pixel % shape[1]}"


def bit_names(encoder: Encoder, shape: tuple[int, int]) -> list[str]:
    """What each bit asks, in words.

    >>> bit_names(Encoder(256, 4, [3, 0], [64, -7]), (2, 2))
    ['row 1, column 1 ≥ 64', 'row 0, column 0, digit 7']
    """
    return [
        place(shape, pixel) + (f" ≥ {level}" if level > 0 else f", digit {-level}")
        for pixel, level in zip(encoder.pixel.tolist(), encoder.level.tolist(), strict=True)
    ]


def digits_of(encoder: Encoder, greys: NDArray[np.uint8]) -> dict[str, int]:
    """The values of a circuit's inputs for an image."""
    return {
        f"pixel{pixel}[{digit}]": grey >> digit & 1
        for pixel, grey in enumerate(greys.tolist())
        for digit in range(encoder.digits)
    }


def _cone(
    net: Network, top: str, inputs: Mapping[str, str], name: str, stop: Mapping[str, str] | None = None
) -> Network:
    """A node and what it depends on, as a network whose inputs are those named, or units to stop at."""
    ends = set(net.inputs) | set(stop or {})
    seen, waiting = {top}, [] if top in ends else [top]
    while waiting:
        for source, _ in net.fanin(waiting.pop()):
            if source not in seen:
                seen.add(source)
                if source not in ends:
                    waiting.append(source)
    cone = Network(name)
    for node in inputs:
        if node in seen and node in ends:
            cone.input(node)
    for node in net.order():
        if node in seen and node not in ends:
            cone.add(net.unit(node), net.fanin(node), name=node)
    cone.output("top", top)
    return cone
