"""Pictures of a classifier that became gates: its layers with one neuron opened down to NANDs, and what neurons see."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from circuits.synthesis.classifier import Classifier
from learn.threshold import ThresholdNetwork
from perceptron import draw
from perceptron.draw import Drawing
from perceptron.draw.view import number_text
from workbench.gates.pictures.alone import alone
from workbench.gates.pictures.hidden import hidden_pictures
from workbench.gates.pictures.layers import overview
from workbench.gates.pictures.neuron import Opened, digits_of, opened, strongest
from workbench.gates.pictures.stack import Stack
from workbench.gates.pictures.values import Values, values_of

__all__ = ["hidden_pictures", "layers_drawing"]


def layers_drawing(
    network: ThresholdNetwork, classifier: Classifier, neuron: int | None = None, *, image: ArrayLike | None = None
) -> Stack:
    """The whole circuit as layers, and below it one hidden perceptron: its bits and weights, and its NANDs.

    Parameters
    ----------
    network : ThresholdNetwork
        With a hidden layer.
    classifier : Classifier
        Built of the network's arrays.
    neuron : int, optional
        A unit of the first hidden layer; by default one of few bits with strong votes.
    image : (pixels,) whole greys, optional
        What is shown to the circuit: wires that carry 1 light up, and the scores and the label are its own.

    Returns
    -------
    Stack
        With `.svg` and `.png`; `.parts` are the three drawings.

    Raises
    ------
    ParameterError
        If there is no such hidden unit, or no label depends on it.
    LayersError
        If the image has another size, or greys that the network does not have.
    DrawError
        If the neuron is so wide that its NANDs are more than can be drawn; when drawn, if there is no Graphviz.
    """
    values = None
    if image is not None:
        values = values_of(network, network.encoder.check_greys(np.asarray(image)[None])[0])
    fires = values.units[0] if values is not None and values.units else None
    unit = strongest(network, classifier, fires) if neuron is None else neuron
    found = opened(network, classifier, unit)
    whole = Drawing(overview(network, classifier, unit, values), "the circuit")
    return Stack((whole, *_two_forms(network, classifier, found, values)), f"hidden perceptron {unit} in its circuit")


def _two_forms(
    network: ThresholdNetwork, classifier: Classifier, found: Opened, values: Values | None
) -> tuple[Drawing, Drawing]:
    """The neuron as a perceptron, and as NANDs."""
    pins, said = None, f"Hidden perceptron {found.unit}"
    if values is not None:
        total = int(network.weights[0][found.unit] @ values.bits) + int(network.biases[0][found.unit])
        said += f": weights and bias add to {number_text(total)} here, so it {'fires' if total > 0 else 'rests'}"
        pins = _at_inputs(network, classifier, found, values)
    one = Drawing(alone(network, found.unit, said, values), f"perceptron {found.unit}")
    count = len(found.nands.units)
    said = f"The same in {count} NAND{'s' * (count != 1)}"
    if found.turned:
        said += ", which say when it rests: the circuit reads the complement"
    labels = found.names | dict.fromkeys(found.nands.units, "NAND")
    return one, draw(found.nands, style="gates", values=pins, labels=labels, title=said)


def _at_inputs(network: ThresholdNetwork, classifier: Classifier, found: Opened, values: Values) -> dict[str, int]:
    """The values of the inputs of a neuron's NANDs: digits of pixels, or bits of the encoder."""
    known = digits_of(network.encoder, values.greys)
    for one, bit in zip(classifier.proof.bits, values.bits.tolist(), strict=True):
        if one.node:
            known[one.node] = bit ^ one.turned
    return {name: known[name] for name in found.nands.inputs}
