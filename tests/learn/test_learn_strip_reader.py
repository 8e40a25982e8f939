"""The default reader: its training images, its cache."""

import numpy as np
import pytest

from learn import reader
from learn.data import Data, Split
from learn.layers import Layers


@pytest.fixture
def tiny(monkeypatch, tmp_path):
    """MNIST replaced by 60 bars of 10 lengths, the recipe by one epoch, the cache by an empty folder."""
    images = np.zeros((60, 28, 28), np.float32)
    for k in range(60):
        images[k, 4:24, 8 : 12 + k % 10] = 1
    split = Split(images.reshape(60, 784), np.arange(60) % 10)
    monkeypatch.setattr(reader, "load_mnist", lambda full: Data(split, split[:0], split, "bars", (28, 28)))
    monkeypatch.setattr(reader, "EPOCHS", 2)
    monkeypatch.setattr(reader, "cache_folder", lambda: tmp_path / "cache" / "mnist")
    return split


def records(**settings):
    """The network and the epochs that were reported."""
    seen = []
    layers = reader.default_reader(lambda record, epochs: seen.append((record.epoch, epochs)), **settings)
    return layers, seen


def test_trained_once_then_from_the_cache(tiny):
    """The second call trains nothing and gives the same network, which has ten outputs."""
    first, seen = records()
    again, quiet = records()
    assert seen == [(1, 2), (2, 2)]
    assert quiet == []
    assert first.sizes == again.sizes == [784, 240, 10]
    assert all((a == b).all() for a, b in zip(first.weights, again.weights, strict=True))


@pytest.mark.parametrize("content", [b"", b"PK damaged", b"not an archive"])
def test_damaged_cache_is_trained_again(tiny, content):
    """And the file is whole afterwards."""
    first, _ = records()
    reader.reader_file().write_bytes(content)
    again, seen = records()
    assert len(seen) == 2
    assert (first.weights[0] == again.weights[0]).all()
    assert records()[1] == []


def test_cache_that_cannot_be_written(tiny, monkeypatch, tmp_path):
    """The reader works without a cache."""
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setattr(reader, "cache_folder", lambda: tmp_path / "file" / "mnist")
    layers, seen = records()
    assert layers.sizes[-1] == 10
    assert len(seen) == 2


def test_dropping_no_digit_leaves_the_digits():
    """The ten other outputs are the same numbers."""
    layers = Layers.start([784, 5, 11], rng=0)
    images = np.random.default_rng(0).random((3, 784), np.float32)
    assert np.allclose(reader.without_no_digit(layers).forward(images), layers.forward(images)[:, :10])


def test_no_digits_are_images(tiny):
    """In range, with ink, and drawn by the generator that is handed in."""
    junk = reader.no_digits(tiny, 20, np.random.default_rng(0))
    assert junk.shape == (20, 784)
    assert junk.min() >= 0
    assert junk.max() <= 1
    assert (junk.max(1) > 0.3).all()
    assert (junk == reader.no_digits(tiny, 20, np.random.default_rng(0))).all()


@pytest.mark.slow
def test_default_reader_is_good(mnist, monkeypatch, tmp_path):
    """At least 98% of the MNIST test images."""
    monkeypatch.setattr(reader, "cache_folder", lambda: tmp_path / "mnist")
    layers = reader.default_reader()
    assert layers.accuracy(mnist.test.images, mnist.test.labels) >= 0.98
