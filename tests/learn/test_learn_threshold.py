"""Encoders and threshold networks against Python's integers; what is refused; their files."""

import os

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from thresholds import bits_by_hand, by_hand, encoders, networks_with_greys, threshold_networks

from learn import (
    Encoder,
    Layers,
    LayersError,
    Model,
    ModelError,
    Split,
    ThresholdModel,
    ThresholdNetwork,
    load,
    load_any,
    load_threshold,
    save,
    save_threshold,
)

ONE = Encoder(2, 1, [0], [1])


def make(weights=(((1,),),), biases=((0,),), votes=(((1,), (0,)),), offsets=(0, 0), encoder=ONE, shape=(1, 1)):
    """A network of one bit and one unit, with something replaced."""
    return ThresholdNetwork(encoder, weights, biases, votes, offsets, shape)


@given(encoders(), st.integers(0, 1 << 32))
def test_bits(encoder, seed):
    greys = np.random.default_rng(seed).integers(0, encoder.levels, (4, encoder.inputs))
    assert encoder.encode(greys).tolist() == [bits_by_hand(encoder, image) for image in greys]


@given(networks_with_greys())
def test_every_number_is_that_of_plain_integers(pair):
    network, greys = pair
    hidden, scores, labels = network.hidden(greys), network.scores(greys), network.predict(greys)
    for n, image in enumerate(greys):
        _, values, its_scores, label = by_hand(network, image)
        assert [layer[n].tolist() for layer in hidden] == values
        assert scores[n].tolist() == its_scores
        assert labels[n] == label


@pytest.mark.parametrize("size", [(1 << 24) - 3, (1 << 24) - 1, 1 << 24, (1 << 24) + 1, (1 << 53) - 3])
def test_sums_at_the_edge_of_exactness(size):
    """Around 2**24, where float32 ends, and below 2**53: the last unit of a sum still counts."""
    encoder = Encoder.thermometer(2, 3, marks=(1,))
    network = make(
        weights=[[[size - 1, 1, -1], [-size + 1, -1, 1]]],
        biases=[[-1, 1]],
        votes=[[[size, -1], [size - 1, 0], [0, size - 2]]],
        offsets=[0, 1, 2],
        encoder=encoder,
        shape=(1, 3),
    )
    greys = np.array([[a, b, c] for a in (0, 1) for b in (0, 1) for c in (0, 1)])
    for image, values, scores in zip(greys, network.hidden(greys)[0], network.scores(greys), strict=True):
        _, (expected,), its_scores, _ = by_hand(network, image)
        assert (values.tolist(), scores.tolist()) == (expected, its_scores)


def test_more_images_than_a_block():
    """Blocks are put together in order."""
    rng = np.random.default_rng(0)
    encoder = Encoder.thermometer(256, 20, marks=(64, 128))
    network = make(
        weights=[rng.integers(-3, 4, (9, 40)), rng.integers(-3, 4, (6, 9))],
        biases=[rng.integers(-3, 4, 9), rng.integers(-3, 4, 6)],
        votes=[rng.integers(-3, 4, (5, 6)), rng.integers(-3, 4, (10, 5))],
        offsets=rng.integers(-3, 4, 10),
        encoder=encoder,
        shape=(4, 5),
    )
    greys = rng.integers(0, 256, (9000, 20)).astype(np.uint8)
    h = np.stack([greys >= 64, greys >= 128], axis=2).reshape(9000, 40).astype(np.int64)
    for w, b in zip(network.weights, network.biases, strict=True):
        h = (h @ w.T + b > 0).astype(np.int64)
    expected = (network.votes[1] @ network.votes[0] @ h.T).T + network.offsets
    np.testing.assert_array_equal(network.scores(greys), expected)


def test_greys_come_back_from_floats():
    """Bytes divided by 255 in float32, and sixteenths."""
    for levels in (256, 17):
        whole = np.arange(levels, dtype=np.uint8)[None, :]
        encoder = Encoder.thermometer(levels, levels, marks=(1,))
        np.testing.assert_array_equal(encoder.greys(whole.astype(np.float32) / (levels - 1)), whole)


def test_encoders_that_are_named():
    encoder = Encoder.thermometer(17, 4, marks=(4, 8), keep=[True, False, False, True])
    assert (encoder.pixel.tolist(), encoder.level.tolist()) == ([0, 0, 3, 3], [4, 8, 4, 8])
    binary = Encoder.binary(17, 2, digits=5)
    weights = 2 ** np.arange(5)
    for grey in range(17):
        assert (binary.encode([[grey, 0]])[0].reshape(2, 5) @ weights).tolist() == [grey, 0]
    assert Encoder.binary(256, 3, digits=1, keep=[2]).level.tolist() == [-7]
    assert repr(encoder) == "Encoder(4 bits of 4 pixels with 17 levels)"


def test_ties_go_to_the_lowest_class():
    network = make(votes=[[[0], [1], [1]]], offsets=[1, 0, 0])
    assert network.predict([[0], [1]]).tolist() == [0, 0]


def test_accuracy_and_counts():
    network = make(votes=[[[0], [1]]], weights=[[[3]], [[2]]], biases=[[-1], [0]])
    assert network.accuracy(Split([[0.0], [0.4], [0.6], [1.0]], [0, 0, 0, 1])) == 0.75
    assert (network.sizes, network.connections, network.classes) == ([1, 1, 1, 2], [1, 1, 1], 2)


def test_arrays_are_copies_that_cannot_be_written():
    weights = np.array([[1]])
    network = make(weights=[weights])
    weights[0, 0] = 5
    assert network.weights[0][0, 0] == 1
    with pytest.raises(ValueError, match="read-only"):
        network.weights[0][0, 0] = 2


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"weights": [[[0.5]]]}, r"weights\[0\] holds numbers of type float64"),
        ({"weights": [[[1, 2], [3]]]}, r"weights\[0\] is not an array"),
        ({"weights": [[1]]}, r"weights\[0\] has 1 dimensions"),
        ({"weights": [[[1, 1]]]}, r"weights\[0\] has shape \(1, 2\); the encoder gives 1 bits"),
        ({"weights": [np.zeros((0, 1), int)]}, r"weights\[0\] has shape \(0, 1\)"),
        ({"weights": [[[1 << 53]]]}, r"may reach 9\.01e\+15"),
        ({"weights": [np.array([[1 << 63]], np.uint64)]}, r"below 2\*\*63"),
        ({"weights": [[[1]], [[1]]]}, "2 weight arrays and 1 of biases"),
        ({"biases": [[0, 0]]}, r"biases\[0\] has shape \(2,\)"),
        ({"votes": []}, "0 matrices of votes"),
        ({"votes": [[[1, 1], [1, 1]]]}, r"votes\[0\] has shape \(2, 2\); weights\[0\] makes 1 units"),
        ({"votes": [[[1], [1]], [[1], [1]]]}, r"votes\[1\] has shape \(2, 1\); votes\[0\] makes 2 counts"),
        ({"votes": [[[1]]], "offsets": [0]}, "a single class"),
        ({"votes": [[[1 << 30], [0]], [[1 << 30, 0], [0, 0]]]}, "may reach"),
        ({"offsets": [0]}, r"offsets have shape \(1,\)"),
        ({"shape": (2, 1)}, "shape \\(2, 1\\) of images with 1 pixels"),
    ],
)
def test_networks_that_are_refused(change, words):
    with pytest.raises(LayersError, match=words):
        make(**change)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: Encoder(1, 1, [0], [1]), "levels 1"),
        (lambda: Encoder(257, 1, [0], [1]), "levels 257"),
        (lambda: Encoder(2, 0, [0], [1]), "inputs 0"),
        (lambda: Encoder(2, 1, [], []), "at least one"),
        (lambda: Encoder(2, 1, [0, 0], [1]), "give one of each"),
        (lambda: Encoder(2, 1, [1], [1]), "pixel 1 in an image of 1"),
        (lambda: Encoder(2, 1, [-1], [1]), "pixel -1"),
        (lambda: Encoder(17, 1, [0], [17]), "level 17"),
        (lambda: Encoder(17, 1, [0], [-5]), "binary digit 5 of greys that have 5"),
        (lambda: Encoder.thermometer(17, 1, marks=()), "marks"),
        (lambda: Encoder.thermometer(17, 1, marks=(0,)), "marks"),
        (lambda: Encoder.thermometer(17, 2, marks=(1,), keep=[True]), "one truth value for each of 2 pixels"),
        (lambda: Encoder.binary(17, 1, digits=6), "6 binary digits"),
        (lambda: ONE.greys([[0.5, 0.5]]), r"shape \(1, 2\)"),
        (lambda: ONE.greys([[1.5]]), "outside 0"),
        (lambda: ONE.greys([[np.nan]]), "outside 0"),
        (lambda: ONE.encode([[2]]), "greys from 2 to 2"),
        (lambda: ONE.encode([[-1]]), "greys from -1"),
        (lambda: ONE.encode([[0.5]]), "give whole numbers"),
        (lambda: make().accuracy(Split(np.zeros((0, 1)), np.zeros(0, int))), "0 images"),
    ],
)
def test_encoders_and_images_that_are_refused(call, words):
    with pytest.raises(LayersError, match=words):
        call()


# --- files


def same(a, b):
    """Whether two networks are the same in every part."""
    parts = [(n.encoder.pixel, n.encoder.level, *n.weights, *n.biases, *n.votes, n.offsets) for n in (a, b)]
    return (
        all(np.array_equal(x, y) for x, y in zip(*parts, strict=True))
        and (a.shape, a.name, a.sizes, len(a.votes)) == (b.shape, b.name, b.sizes, len(b.votes))
        and (a.encoder.levels, a.encoder.inputs) == (b.encoder.levels, b.encoder.inputs)
    )


@given(threshold_networks(), st.dictionaries(st.text(), st.integers() | st.text(), max_size=2))
def test_round_trip(tmp_path_factory, network, settings):
    path = tmp_path_factory.mktemp("threshold") / "net.npz"
    save_threshold(path, network, settings, {"test": 0.97})
    model = load_threshold(path)
    assert same(model.network, network)
    assert (model.settings, model.accuracy) == (settings, {"test": 0.97})
    assert isinstance(load_any(path), ThresholdModel)


def test_the_name_comes_back(tmp_path):
    network = ThresholdNetwork(ONE, [], [], [[[0], [1]]], [0, 0], (1, 1), name="one bit")
    save_threshold(tmp_path / "net.npz", network)
    assert load_threshold(tmp_path / "net.npz").network.name == "one bit"
    assert os.listdir(tmp_path) == ["net.npz"]


def test_each_kind_of_file_has_its_reader(tmp_path):
    """And the other says which."""
    save(tmp_path / "layers.npz", Layers.start([2, 2], rng=0))
    save_threshold(tmp_path / "steps.npz", make())
    assert isinstance(load_any(tmp_path / "layers.npz"), Model)
    with pytest.raises(ModelError, match=r"holds a threshold network; read it with learn\.load_threshold"):
        load(tmp_path / "steps.npz")
    with pytest.raises(ModelError, match=r"holds a network of layers; read it with learn\.load"):
        load_threshold(tmp_path / "layers.npz")
    np.savez(tmp_path / "other.npz", a=np.ones(1))
    for reader in (load_any, load_threshold):
        with pytest.raises(ModelError, match=r"no .*network"):
            reader(tmp_path / "other.npz")
        with pytest.raises(ModelError, match="does not exist"):
            reader(tmp_path / "missing.npz")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"version": np.array(2)}, "has version 2"),
        ({"version": None}, "has no 'version'"),
        ({"levels": None}, "has no 'levels'"),
        ({"votes_1": None}, "has no 'votes_1'"),
        ({"weights_1": None}, "has no 'weights_1'"),
        ({"sizes": np.array([1, 1, 3])}, r"announces sizes \[1, 1, 3\]"),
        ({"sizes": np.array(3)}, "not what it should be"),
        ({"shape": np.array([1, 1, 1])}, "not what it should be"),
        ({"levels": np.array("many")}, "not what it should be"),
        ({"weights_1": np.ones((1, 1))}, "broken network: .*float64"),
        ({"weights_1": np.ones((2, 1), int)}, "broken network"),
        ({"pixel": np.array([7])}, "broken network: pixel 7"),
        ({"settings": np.array("{")}, "not what it should be"),
        ({"accuracy": np.array("[]")}, "not tables of names"),
    ],
)
def test_broken_files(tmp_path, change, words):
    """Each gives one ModelError that names the file."""
    path = tmp_path / "net.npz"
    save_threshold(path, make())
    with np.load(path) as archive:
        arrays = {**archive, **change}
    np.savez(path, **{name: array for name, array in arrays.items() if array is not None})
    with pytest.raises(ModelError, match=words) as caught:
        load_threshold(path)
    assert str(path) in str(caught.value)


def test_damaged_files_give_one_error_or_the_network(tmp_path):
    path = tmp_path / "net.npz"
    save_threshold(path, make(), {"rate": 3.0})
    whole, rng = path.read_bytes(), np.random.default_rng(0)
    for place in rng.integers(0, len(whole), 300):
        changed = bytearray(whole)
        changed[place] ^= 1 << int(rng.integers(8))
        path.write_bytes(changed)
        try:
            model = load_threshold(path)
        except ModelError:
            continue
        assert same(model.network, make())
