"""Pictures of classifiers in gates: what they say, and that the neuron that is opened is the one of the network."""

import re
import xml.etree.ElementTree as ET
from itertools import pairwise

import numpy as np
import pytest

from circuits import classifier
from learn import LayersError
from learn.threshold import Encoder, ThresholdNetwork
from perceptron import ParameterError, evaluate
from workbench.gates.pictures import hidden_pictures, layers_drawing
from workbench.gates.pictures.neuron import digits_of, opened

SHAPE, LEVELS = (6, 5), 17


def made(units=(12,), fanin=4, groups=0, seed=0, marks=(5,)):
    """A random network of images of 6 x 5 pixels, and its circuit."""
    rng = np.random.default_rng(seed)
    encoder = Encoder.thermometer(LEVELS, 30, marks)
    sizes = [encoder.bits, *units]
    weights = []
    for below, above in pairwise(sizes):
        matrix = np.zeros((above, below), dtype=np.int64)
        for row in matrix:
            row[rng.choice(below, min(fanin, below), replace=False)] = rng.choice([-2, -1, 1, 2], min(fanin, below))
        weights.append(matrix)
    biases = [-(matrix.sum(axis=1) // 2) for matrix in weights]
    votes = [rng.integers(-3, 4, (10, sizes[-1]))]
    if groups:
        votes = [np.eye(groups, dtype=np.int64)[np.arange(sizes[-1]) % groups].T, rng.integers(-3, 4, (10, groups))]
    network = ThresholdNetwork(encoder, weights, biases, votes, rng.integers(-2, 3, 10), SHAPE)
    return network, classifier.build(
        LEVELS, 30, encoder.pixel, encoder.level, weights, biases, votes, network.offsets, rewrite=False
    )


KINDS = {
    "one layer": {},
    "two layers": {"units": (12, 9)},
    "counts": {"groups": 4},
    "wide": {"fanin": 14},
    "several bits of a pixel": {"marks": (3, 8, 12)},
}


def words(dot):
    """The text of a drawing without the marks of its fonts."""
    return re.sub(r"<[^<>]*>", " ", dot).replace("\\n", " ")


@pytest.mark.parametrize("options", KINDS.values(), ids=KINDS)
def test_counts_and_names(options):
    network, circuit = made(**options)
    whole, alone, nands = layers_drawing(network, circuit).parts
    said = words(whole.dot)
    assert f"{sum(circuit.parts.values()):,} NANDs" in said
    for count in circuit.parts.values():
        assert f"{count:,} NANDs (" in said
    assert all(f"Σ {label}" in said for label in range(10))
    assert re.search("Hidden perceptron [0-9]+", words(alone.dot))
    unit = int(re.search("Hidden perceptron ([0-9]+)", words(alone.dot))[1])
    for bit in np.flatnonzero(network.weights[0][unit]):
        row, column = divmod(int(network.encoder.pixel[bit]), SHAPE[1])
        assert f"row {row}, column {column} ≥ {network.encoder.level[bit]}" in words(alone.dot)
    count = int(re.search("The same in ([0-9]+) NAND", words(nands.dot))[1])
    assert nands.dot.count("|NAND}") == count


@pytest.mark.parametrize("options", KINDS.values(), ids=KINDS)
def test_the_nands_are_the_perceptron(options):
    """On random images, against whole numbers."""
    network, circuit = made(**options)
    images = np.random.default_rng(1).integers(0, LEVELS, (20, 30)).astype(np.uint8)
    wanted = network.hidden(images)[0]
    bits = network.encoder.encode(images)
    for unit in range(len(network.weights[0])):
        if not circuit.proof.units[0][unit].node:
            continue
        found = opened(network, circuit, unit)
        known = [one.node for one in circuit.proof.bits]
        for at, image in enumerate(images):
            values = digits_of(network.encoder, image) | {
                name: int(bit) ^ one.turned for name, bit, one in zip(known, bits[at], circuit.proof.bits, strict=True)
            }
            told = evaluate(found.nands, {name: values[name] for name in found.nands.inputs})
            assert list(told.values()) == [wanted[at, unit] ^ found.turned]


@pytest.mark.parametrize("options", KINDS.values(), ids=KINDS)
def test_an_image_run_through(options):
    network, circuit = made(**options)
    image = np.random.default_rng(2).integers(0, LEVELS, 30)
    whole, alone, nands = layers_drawing(network, circuit, 3, image=image).parts
    (scores,) = network.scores(image[None])
    for label, score in enumerate(scores.tolist()):
        assert re.search(rf"{label}:\s+{'−' if score < 0 else ''}{abs(score)}\b", words(whole.dot))
    label = int(network.predict(image[None])[0])
    assert f'"label" [label="{label}"' in whole.dot
    fires = int(network.hidden(image[None])[0][0, 3])
    assert f"fires = {fires}" in words(alone.dot)
    bits = network.encoder.encode(image[None])[0]
    total = int(network.weights[0][3] @ bits + network.biases[0][3])
    assert f"add to {'−' if total < 0 else ''}{abs(total)} here, so it {'fires' if fires else 'rests'}" in words(
        alone.dot
    )
    output, value = re.search("(fires|rests) = *([01])", words(nands.dot)).groups()
    assert int(value) == (fires if output == "fires" else 1 - fires)


def test_a_neuron_that_fires_is_opened_first():
    network, circuit = made()
    image = np.random.default_rng(3).integers(0, LEVELS, 30)
    assert network.hidden(image[None])[0].any()
    assert "so it fires" in layers_drawing(network, circuit, image=image).parts[1].dot


def test_one_picture_of_three():
    pytest.importorskip("pygraphviz")
    network, circuit = made(units=(5,))
    stack = layers_drawing(network, circuit)
    root = ET.fromstring(stack.svg)
    assert len([one for one in root if one.tag.endswith("svg")]) == 3
    names = [one.get("id") for one in root.iter() if one.get("id")]
    assert len(set(names)) == len(names)
    assert stack.png.startswith(b"\x89PNG")


@pytest.mark.parametrize("options", KINDS.values(), ids=KINDS)
def test_what_neurons_look_for(options):
    network, _ = made(**options)
    images = np.random.default_rng(4).integers(0, LEVELS, (50, 30))
    plot = hidden_pictures(network, 7, images=images, columns=4)
    assert len(plot.captions) == 7
    if len(network.weights) == 1:
        votes = network.votes_of_units
        strength = np.abs(votes - np.sort(votes, axis=0)[5]).sum(axis=0)
        first = int(strength.argmax())
        best = int(np.abs(votes[:, first]).argmax())
        vote = int(votes[best, first])
        assert f"{best} {'+' if vote > 0 else '−'}{abs(vote)}" in plot.captions[0]
    assert ET.fromstring(plot.svg).tag.endswith("svg")
    assert plot.svg == hidden_pictures(network, 7, images=images, columns=4).svg
    assert plot.png.startswith(b"\x89PNG")


def test_what_cannot_be_drawn():
    network, circuit = made()
    for call, text in (
        (lambda: layers_drawing(network, circuit, 12), "there is no hidden unit 12; "),
        (lambda: hidden_pictures(network, 0), "count is 0; give at least 1"),
        (lambda: hidden_pictures(network, columns=0), "columns is 0; give at least 1"),
    ):
        with pytest.raises(ParameterError, match=text):
            call()
    with pytest.raises(LayersError, match="images of shape"):
        layers_drawing(network, circuit, image=[1, 2])
    bare, flat = made(units=())
    for call in (
        lambda: layers_drawing(bare, flat),
        lambda: hidden_pictures(bare),
        lambda: layers_drawing(bare, flat, 0),
    ):
        with pytest.raises(ParameterError, match="no hidden"):
            call()


def test_a_neuron_that_nothing_reads():
    network, _ = made()
    votes = network.votes[0].copy()
    votes[:, 3] = 1
    other = ThresholdNetwork(network.encoder, network.weights, network.biases, [votes], network.offsets, SHAPE)
    circuit = classifier.build(
        LEVELS, 30, other.encoder.pixel, other.encoder.level, other.weights, other.biases, other.votes, other.offsets
    )
    with pytest.raises(ParameterError, match="hidden unit 3 is a constant, or no label depends on it"):
        layers_drawing(other, circuit, 3)
