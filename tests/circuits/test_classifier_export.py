"""A whole classifier of digits in files: read again, and simulated by Icarus Verilog, it says the same labels."""

import os

import numpy as np
import pytest
from digit_classifiers import digit_arrays, digits, scores
from machines import icarus

from circuits import classifier
from circuits.formats import aiger, blif, verilog
from perceptron import compile

# Arrays, images and the labels of whole numbers.
SMALL = {"units": 12}
WIDE = {"units": 40, "marks": (3, 6, 11)}


@pytest.fixture(scope="module", params=[SMALL, WIDE], ids=["small", "several bits of a pixel"])
def made(request):
    arrays = digit_arrays(**request.param)
    return arrays, classifier.build(*arrays, name="digits").network


def rows(images, levels):
    """(n, inputs) of bits, those of each pixel from the least significant on."""
    return (images[:, :, None] >> np.arange((levels - 1).bit_length()) & 1).reshape(len(images), -1)


def labels(net, images, levels):
    bits = compile(net).run(rows(images, levels))
    return bits @ (1 << np.arange(bits.shape[1]))


@pytest.mark.parametrize(
    ("dumps", "loads"),
    [
        (lambda net: aiger.dumps(net), aiger.loads),
        (lambda net: aiger.dumps(net, binary=False), aiger.loads),
        (blif.dumps, blif.loads),
        (verilog.dumps, verilog.loads),
    ],
    ids=["AIGER", "AIGER in ASCII", "BLIF", "Verilog"],
)
def test_files_say_the_same_labels(made, dumps, loads):
    """Of all bundled digits, against whole numbers; ports keep their names and order."""
    arrays, net = made
    images, _ = digits()
    back = loads(dumps(net))
    assert (back.inputs, list(back.outputs)) == (net.inputs, list(net.outputs))
    assert labels(back, images, arrays[0]).tolist() == scores(arrays, images).argmax(axis=1).tolist()


def by_icarus(folder, arrays, net, images):
    """Labels from the Verilog text, whose ports are a vector for each pixel and one for the label."""
    width = (arrays[0] - 1).bit_length()
    pixels = [(f"pixel{pixel}", width) for pixel in range(arrays[1])]
    said = icarus(folder, verilog.dumps(net), "digits", pixels, [("label", 4)], images.tolist())
    return [int(label, 2) for (label,) in said]


def test_icarus_verilog_reads_a_few_digits(made, tmp_path):
    arrays, net = made
    images = digits()[0][:5]
    assert by_icarus(tmp_path, arrays, net, images) == scores(arrays, images).argmax(axis=1).tolist()


@pytest.mark.slow
def test_icarus_verilog_reads_digits(made, tmp_path):
    arrays, net = made
    images = digits()[0][::9]
    assert by_icarus(tmp_path, arrays, net, images) == scores(arrays, images).argmax(axis=1).tolist()


@pytest.mark.slow
def test_icarus_verilog_reads_mnist(tmp_path):
    """Twenty test digits by 300 random perceptrons of five of 784 pixels: the whole circuit with all its ports."""
    if not os.environ.get("PERCEPTRON_DATA"):
        pytest.skip("PERCEPTRON_DATA names no folder with MNIST")
    from learn import load_mnist

    data = load_mnist()
    images = np.rint(data.test.images * 255).astype(np.int64)
    rng = np.random.default_rng(0)
    weights = np.zeros((300, 784), dtype=np.int64)
    for row in weights:
        row[rng.choice(np.flatnonzero((images >= 64).mean(axis=0) > 0.1), 5, replace=False)] = rng.choice([-1, 1], 5)
    biases = -(weights.sum(axis=1) // 2)
    fires = (images >= 64).astype(int) @ weights.T + biases > 0
    usual = np.array([fires[data.test.labels == label].mean(axis=0) for label in range(10)]) - fires.mean(axis=0)
    votes = np.rint(usual / np.abs(usual).max() * 4).astype(np.int64)
    arrays = (256, 784, np.arange(784), np.full(784, 64), [weights], [biases], [votes], np.zeros(10, dtype=np.int64))
    net = classifier.build(*arrays, name="digits").network
    said = by_icarus(tmp_path, arrays, net, images[:20])
    assert said == scores(arrays, images[:20]).argmax(axis=1).tolist()
    assert len(set(said)) > 3
