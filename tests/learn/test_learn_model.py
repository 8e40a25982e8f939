"""Saved networks: the round trip, and files that are broken, foreign or hostile."""

import os
import zipfile

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from learn import Layers, ModelError, load, save


@given(
    sizes=st.lists(st.integers(1, 5), min_size=2, max_size=4),
    dtype=st.sampled_from([np.float32, np.float64]),
    settings=st.dictionaries(st.text(), st.integers() | st.text() | st.booleans() | st.none(), max_size=3),
)
def test_round_trip(tmp_path_factory, sizes, dtype, settings):
    """Every array comes back bit for bit, with settings and accuracy."""
    path = tmp_path_factory.mktemp("model") / "net.npz"
    layers = Layers.start(sizes, rng=0, dtype=dtype)
    save(path, layers, settings, {"test": 0.9566})
    model = load(path)
    assert (model.settings, model.accuracy, model.layers.sizes) == (settings, {"test": 0.9566}, sizes)
    for mine, other in zip(layers.weights + layers.biases, model.layers.weights + model.layers.biases, strict=True):
        assert mine.dtype == other.dtype == dtype
        np.testing.assert_array_equal(mine, other)


@pytest.fixture
def layers():
    """A small network."""
    return Layers.start([4, 3, 2], rng=0)


def test_the_path_is_taken_as_it_is(tmp_path, layers):
    """No suffix is added, nothing else is left in the folder, and an old file is replaced."""
    (tmp_path / "net").write_bytes(b"old")
    save(str(tmp_path / "net"), layers)
    assert os.listdir(tmp_path) == ["net"]
    assert load(tmp_path / "net").settings == {}


def test_same_network_same_file(tmp_path, layers):
    """No time stamp is written."""
    save(tmp_path / "a", layers)
    save(tmp_path / "b", layers)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def test_readable_by_numpy_without_pickle(tmp_path, layers):
    """The file is an ordinary archive for others."""
    save(tmp_path / "net.npz", layers, {"rate": 3.0})
    with np.load(tmp_path / "net.npz", allow_pickle=False) as archive:
        assert archive["sizes"].tolist() == [4, 3, 2]
        np.testing.assert_array_equal(archive["weights_1"], layers.weights[0])
        assert str(archive["settings"]) == '{"rate": 3.0}'


def test_a_failed_save_keeps_the_old_file(tmp_path, layers):
    """Settings that are no JSON are refused before anything is written."""
    path = tmp_path / "net.npz"
    save(path, layers)
    before = path.read_bytes()
    for settings in ({"rng": np.random.default_rng(0)}, {"rate": float("nan")}):
        with pytest.raises(ModelError, match="settings cannot be saved"):
            save(path, layers, settings)
    with pytest.raises(ModelError, match=r"accuracy 0\.95 is not a table"):
        save(path, layers, accuracy=0.95)
    assert path.read_bytes() == before
    assert os.listdir(tmp_path) == ["net.npz"]


def test_a_place_that_cannot_be_written(tmp_path, layers):
    """The folder is not there."""
    with pytest.raises(ModelError, match="cannot be written"):
        save(tmp_path / "no" / "net.npz", layers)


def test_every_cut_and_many_changes_give_one_error_or_the_network(tmp_path, layers):
    """A damaged file is a ModelError; only bytes that carry nothing may change unnoticed."""
    path = tmp_path / "net.npz"
    save(path, layers, {"rate": 3.0})
    whole = path.read_bytes()
    for length in range(0, len(whole) - 1, 37):
        path.write_bytes(whole[:length])
        with pytest.raises(ModelError, match=r"net\.npz"):
            load(path)
    rng = np.random.default_rng(0)
    for place in rng.integers(0, len(whole), 300):
        changed = bytearray(whole)
        changed[place] ^= 1 << int(rng.integers(8))
        path.write_bytes(changed)
        try:
            model = load(path)
        except ModelError:
            continue
        for mine, other in zip(layers.weights, model.layers.weights, strict=True):
            np.testing.assert_array_equal(mine, other)


class Bomb:
    """What pickle would run on loading."""

    def __reduce__(self):
        return (pytest.fail, ("code in a model file was run",))


def changed(**arrays):
    """What `save` writes for a 2-1 network, with some arrays replaced or (None) left out."""
    good = {
        "format": np.array("perceptron-circuits layers"),
        "version": np.array(1),
        "sizes": np.array([2, 1]),
        "activation": np.array("sigmoid"),
        "settings": np.array("{}"),
        "accuracy": np.array("{}"),
        "weights_1": np.ones((1, 2), np.float32),
        "biases_1": np.ones(1, np.float32),
    }
    return {name: array for name, array in {**good, **arrays}.items() if array is not None}


def test_the_unchanged_file_loads(tmp_path):
    """So that the refusals below are for their own reasons."""
    np.savez(tmp_path / "net.npz", **changed())
    assert load(tmp_path / "net.npz").layers.sizes == [2, 1]


@pytest.mark.parametrize(("activation", "output", "version"), [("sigmoid", "sigmoid", 1), ("tanh", "softmax", 2)])
def test_activation_and_output_come_back(tmp_path, activation, output, version):
    """And a network that the first version could say is still written as that."""
    layers = Layers.start([4, 3, 2], rng=0, activation=activation, output=output)
    save(tmp_path / "net.npz", layers)
    again = load(tmp_path / "net.npz").layers
    assert (again.activation, again.output) == (activation, output)
    assert np.array_equal(again.forward(np.eye(4)), layers.forward(np.eye(4)))
    with np.load(tmp_path / "net.npz") as archive:
        assert int(archive["version"]) == version


@pytest.mark.parametrize(
    ("arrays", "words"),
    [
        ({"format": None}, "no saved network"),
        ({"format": np.array("other")}, "no saved network"),
        ({"version": np.array(3)}, "has version 3 of the format and this program reads 2"),
        ({"version": np.array([1, 1])}, "not what it should be"),
        ({"version": None}, "has no 'version'"),
        ({"weights_1": None}, "has no 'weights_1'"),
        ({"sizes": np.array([3, 1])}, r"announces sizes \[3, 1\]"),
        ({"sizes": np.array(3)}, "not what it should be"),
        ({"sizes": np.array([2])}, "at least one layer"),
        ({"sizes": np.array([2, 1, 1])}, "has no 'weights_2'"),
        ({"weights_1": np.full((1, 2), np.nan, np.float32)}, r"weights\[0\] holds nan"),
        ({"biases_1": np.array([np.inf], np.float32)}, r"biases\[0\] holds inf"),
        ({"biases_1": np.ones(2, np.float32)}, r"biases\[0\] has shape"),
        ({"weights_1": np.ones((1, 2), np.int64)}, "not floating-point"),
        ({"weights_1": np.array([["a", "b"]])}, "not floating-point"),
        ({"activation": np.array("gelu")}, "activation 'gelu'"),
        ({"output": np.array("tanh")}, "output 'tanh'"),
        ({"settings": np.array("{")}, "not what it should be"),
        ({"settings": np.array("[1]")}, "not tables of names"),
        ({"settings": np.array("[" * 100_000)}, "not what it should be"),
        ({"settings": np.array(Bomb(), dtype=object)}, "cannot be read as a saved network"),
    ],
)
def test_wrong_parts(tmp_path, arrays, words):
    """Each wrong part gives one ModelError that names the file; nothing in it is run."""
    path = tmp_path / "net.npz"
    np.savez(path, **changed(**arrays))
    with pytest.raises(ModelError, match=words) as caught:
        load(path)
    assert str(path) in str(caught.value)


def test_other_files(tmp_path):
    """Missing files, folders, text, .npy files, other archives."""
    with pytest.raises(ModelError, match="does not exist"):
        load(tmp_path / "no.npz")
    with pytest.raises(ModelError, match="cannot be read"):
        load(tmp_path)
    (tmp_path / "text").write_text("hello")
    np.save(tmp_path / "one.npy", np.ones(3))
    for name in ("text", "one.npy"):
        with pytest.raises(ModelError, match="not a NumPy archive"):
            load(tmp_path / name)
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("a.txt", "hello")
    with pytest.raises(ModelError, match=r"no saved network|cannot be read"):
        load(tmp_path / "a.zip")
