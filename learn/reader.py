"""The network that reads when no other is given: trained once from MNIST, then kept in the user's cache.

It is trained on copies of the training images, each turned, stretched, shifted, and drawn with a thinner or thicker
pen, a fresh copy for each epoch, because scans and pens vary more than MNIST does. An eleventh output neuron learns
"no digit" from halves of digits and from two digits in one image, and is then cut off: what remains answers such
images with ten low activations, which tells `learn.strip` that a cut is in the wrong place.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from learn.data import Split, load_mnist
from learn.errors import ModelError
from learn.fetch import cache_folder
from learn.layers import Layers
from learn.model import load, save
from learn.train import sgd
from learn.training import Epoch

VERSION = 1  # of the recipe below: raise it with every change, so that no cache holds an older network
SIZES = [784, 240, 11]
EPOCHS = 18
BATCH = 20
RATE = 1.0
NO_DIGIT = 10

Images = NDArray[np.float32]
Progress = Callable[[Epoch, int], Any]


def reader_file() -> Path:
    """Where the trained network is kept; the file may not exist yet.

    >>> reader_file().name
    'reader-1.npz'
    """
    return cache_folder().parent / f"reader-{VERSION}.npz"


def default_reader(progress: Progress | None = None) -> Layers:
    """The network [784, 240, 10] for handwritten digits: from the cache, or trained now, which takes about a minute.

    progress(record, epochs): called after each epoch of a training with its `Epoch` and the number of epochs; not
    called where the cache holds the network. A damaged or unwritable cache is no error: the network is trained.

    Raises DataError or DownloadError, as `load_mnist` does, where it has to train and there is no MNIST.
    """
    file = reader_file()
    try:
        layers = load(file).layers
        if layers.sizes == [*SIZES[:-1], 10]:
            return layers
    except ModelError:
        pass
    data = load_mnist(full=True)
    layers = Layers.start(SIZES, rng=0)
    for record in train_reader(layers, data.train, EPOCHS):
        if progress is not None:
            progress(record, EPOCHS)
    layers = without_no_digit(layers)
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        save(
            file,
            layers,
            {"recipe": VERSION, "data": data.name, "epochs": EPOCHS},
            {"test": layers.accuracy(data.test.images, data.test.labels)},
        )
    except (ModelError, OSError):
        pass  # the next reading trains again
    return layers


def train_reader(layers: Layers, train: Split, epochs: int = EPOCHS) -> Iterator[Epoch]:
    """Train a network of 784 inputs and 11 outputs in place, one record an epoch; always the same way.

    train: (n, 784) images with labels 0 to 9. The rate falls to a tenth over the second half.
    """
    rng = np.random.default_rng(0)
    junk = no_digits(train, max(1, len(train) // 8), rng)
    for number in range(epochs):
        left = (epochs - number) / epochs
        rate = RATE * min(1.0, max(0.05, 1.6 * left - 0.05))
        images = np.concatenate([train.images, junk])
        if number < epochs - 1:  # the last epoch, at a low rate, settles on the images as they are
            images = vary(images, rng)
        labels = np.concatenate([train.labels, np.full(len(junk), NO_DIGIT)])
        varied = Split(images, labels)
        for record in sgd(layers, varied, epochs=1, batch=BATCH, rate=rate, cost="cross-entropy", rng=rng):
            yield Epoch(number + 1, record.seconds, record.train_cost)


def without_no_digit(layers: Layers) -> Layers:
    """A copy without the eleventh output neuron; the outputs are independent, so the ten others stay as they are."""
    return Layers(
        [*layers.weights[:-1], layers.weights[-1][:NO_DIGIT]],
        [*layers.biases[:-1], layers.biases[-1][:NO_DIGIT]],
        dtype=layers.dtype,
    )


def no_digits(train: Split, count: int, rng: np.random.Generator) -> Images:
    """Images (count, 784) of no one digit: pieces of a digit, two digits side by side, a digit with a piece."""
    from learn.strip import as_mnist

    fields = train.images.reshape(-1, 28, 28)
    result = np.empty((count, 784), np.float32)
    done = 0
    while done < count:
        a, b = (_ink(fields[k]) for k in rng.integers(len(fields), size=2))
        kind = rng.random()
        if kind < 0.4:  # one side of a digit; narrow sides look like a 1 and are left out
            at = int(rng.uniform(0.35, 0.75) * a.shape[1])
            piece = a[:, :at] if rng.random() < 0.5 else a[:, -at:]
            if at < 0.45 * a.shape[0]:
                continue
        else:
            if kind < 0.7:  # a digit with a side of its neighbour
                at = max(4, int(rng.uniform(0.4, 0.8) * b.shape[1]))
                b = b[:, :at]
                if rng.random() < 0.5:
                    a, b = b[:, ::-1], a
            piece = beside(a, b, int(rng.integers(-3, 2)), rng)
        rows, columns = np.flatnonzero((piece > 0.1).any(1)), np.flatnonzero((piece > 0.1).any(0))
        if rows.size and columns.size:
            piece = piece[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
            result[done] = as_mnist(piece).ravel()
            done += 1
    return result


def beside(a: Images, b: Images, gap: int, rng: np.random.Generator) -> Images:
    """Two cropped digits in one field, b right of a by `gap` columns (negative: overlapping), at any height."""
    gap = max(gap, 1 - min(a.shape[1], b.shape[1]))
    height = max(a.shape[0], b.shape[0]) + 2
    field = np.zeros((height, a.shape[1] + gap + b.shape[1]), np.float32)
    for digit, left in ((a, 0), (b, a.shape[1] + gap)):
        top = int(rng.integers(height - digit.shape[0] + 1))
        here = field[top : top + digit.shape[0], left : left + digit.shape[1]]
        np.maximum(here, digit, out=here)
    return field


def _ink(field: Images) -> Images:
    rows, columns = np.flatnonzero((field > 0.1).any(1)), np.flatnonzero((field > 0.1).any(0))
    return field[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]


def vary(images: Images, rng: np.random.Generator) -> Images:
    """Copies of images (n, 784), each turned, stretched, slanted, shifted a little and redrawn with another pen.

    >>> import numpy as np
    >>> field = np.zeros((2, 784), np.float32); field[:, 400:404] = 1
    >>> copies = vary(field, np.random.default_rng(0))
    >>> copies.shape, bool((copies[0] != copies[1]).any())
    ((2, 784), True)
    """
    result = np.empty_like(images)
    for start in range(0, len(images), 4000):
        part = images[start : start + 4000]
        result[start : start + 4000] = _warp(part.reshape(-1, 28, 28), rng).reshape(len(part), -1)
    return result


def _warp(fields: Images, rng: np.random.Generator) -> Images:
    """Sample each field (n, 28, 28) at its own turned and stretched grid, between pixels by their bilinear mean."""
    n = len(fields)
    turn, slant = rng.normal(0, 0.12, n), rng.normal(0, 0.12, n)
    wide, high = np.exp(rng.normal(0, 0.08, (2, n)))
    shift = rng.normal(0, 0.7, (n, 1, 2)).astype(np.float32)
    cos, sin = np.cos(turn), np.sin(turn)
    matrix = np.stack([cos * high, slant - sin * wide, sin * high, cos * wide], 1).reshape(n, 2, 2).astype(np.float32)
    grid = np.indices((28, 28)).reshape(2, -1).T.astype(np.float32) - 13.5
    at = np.clip(grid @ matrix.transpose(0, 2, 1) + shift + 14.5, 0, 28.99)  # in a field with an edge of one pixel
    corner = at.astype(np.int32)
    y, x = np.moveaxis(at - corner, 2, 0)
    pixels = np.pad(fields, ((0, 0), (1, 1), (1, 1))).ravel()
    index = np.arange(n, dtype=np.int32)[:, None] * 900 + corner[:, :, 0] * 30 + corner[:, :, 1]
    upper = pixels[index] * (1 - x) + pixels[index + 1] * x
    lower = pixels[index + 30] * (1 - x) + pixels[index + 31] * x
    pen = np.exp(rng.normal(0, 0.35, (n, 1))).astype(np.float32)
    drawn: Images = np.clip(upper * (1 - y) + lower * y, 0, 1) ** pen
    return drawn
