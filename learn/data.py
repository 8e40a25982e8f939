"""Data sets: what they are, the bundled 8x8 digits, and MNIST from its four IDX files."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from learn.arrays import Seed
from learn.errors import DataError
from learn.fetch import MIRRORS, Progress, cache_folder, fetch_mnist
from learn.idx import find_idx, read_images, read_labels

TRAIN_SHARE = (5, 6)  # the book's 50,000 of 60,000; the rest validates


@dataclass(frozen=True, eq=False)
class Split:
    """Images with their labels: `images` (n, d) float32 in [0, 1], `labels` (n,) int64, each at least 0.

    0 is background and 1 is ink. Arrays of another number type are converted, others are kept without a copy.

    Raises DataError where the shapes do not fit or a number is out of range.

    >>> split = Split(images=[[0.0, 1.0], [0.5, 0.5]], labels=[7, 9])
    >>> len(split), split
    (2, Split(2 images of 2 pixels))
    """

    images: NDArray[np.float32]
    labels: NDArray[np.int64]

    def __post_init__(self) -> None:
        images, labels = _numbers(self.images, "images"), _numbers(self.labels, "labels")
        if images.dtype.kind not in "iubf":
            raise DataError(f"images of type {images.dtype}; give real numbers from 0 (background) to 1 (ink)")
        with np.errstate(over="ignore"):  # what is too large for float32 becomes inf, which is out of range as well
            images = images.astype(np.float32, copy=False)
        if images.ndim != 2:
            raise DataError(f"images of shape {images.shape}; give a table of shape (images, pixels)")
        if labels.shape != (len(images),):
            raise DataError(f"labels of shape {labels.shape} for {len(images)} images; give one for each image")
        if labels.size and labels.dtype.kind not in "iub":
            raise DataError(f"labels of type {labels.dtype}; give whole numbers")
        if labels.size and int(labels.min()) < 0:
            raise DataError(f"label {labels.min()} is negative; labels count from 0")
        if labels.size and int(labels.max()) > np.iinfo(np.int64).max:
            raise DataError(f"label {labels.max()} has more than 63 binary digits; number the classes from 0")
        if images.size:
            low, high = images.min(), images.max()
            if not (low >= 0 and high <= 1):  # also catches nan
                raise DataError(
                    f"pixels from {low:g} to {high:g}; scale them to lie from 0 (background) to 1 (ink), "
                    "for bytes by dividing by 255"
                )
        object.__setattr__(self, "images", images)
        object.__setattr__(self, "labels", labels.astype(np.int64, copy=False))

    def __len__(self) -> int:
        return len(self.labels)

    def __getitem__(self, rows: slice | NDArray[Any]) -> Split:
        """Some of the images with their labels: `split[:1000]`, or by an array of rows."""
        return Split(self.images[rows], self.labels[rows])

    def __repr__(self) -> str:
        return f"Split({len(self)} images of {self.images.shape[1]} pixels)"


@dataclass(frozen=True, eq=False)
class Data:
    """A data set in three parts: train on `train`, choose settings by `validation`, report on `test`.

    `shape` is (rows, columns) of an image, so that `images[i].reshape(shape)` can be looked at.
    """

    train: Split
    validation: Split
    test: Split
    name: str
    shape: tuple[int, int]

    def __repr__(self) -> str:
        rows, columns = self.shape
        counts = f"{len(self.train)} train, {len(self.validation)} validation, {len(self.test)} test"
        return f"Data({self.name}: {counts}, {rows}x{columns} pixels)"


def _numbers(table: Any, name: str) -> NDArray[Any]:
    """Any table as an array, or DataError for rows of different lengths."""
    try:
        return np.asarray(table)
    except ValueError as error:
        raise DataError(f"{name} are no table of numbers ({error}); give rows of equal lengths") from None


def is_digit(split: Split, digit: int = 9) -> Split:
    """The same images with label 1 where they show `digit` and 0 elsewhere: "is this a 9?".

    For a network with a single output neuron, which answers 1 for an output of at least 0.5. The images are
    shared, not copied. Raises DataError for a digit below 0 or one that no image shows.

    >>> is_digit(Split([[0.0], [0.5], [1.0]], [9, 4, 9])).labels
    array([1, 0, 1])
    """
    found = split.labels == digit
    if len(split) and not found.any():
        raise DataError(f"no image has the label {digit}; choose one of {sorted(set(split.labels.tolist()))}")
    return Split(split.images, found.astype(np.int64))


def load_digits(rng: Seed = 0) -> Data:
    """The 1,797 handwritten digits of 8x8 pixels that scikit-learn brings along; nothing is downloaded.

    The images are shuffled with `rng` (0 by default: the same split every time, everywhere) and divided into
    1,124 to train, 224 for validation and 449, a quarter, to test. Pixels are sixteenths.

    >>> load_digits()
    Data(digits: 1124 train, 224 validation, 449 test, 8x8 pixels)
    """
    from sklearn.datasets import load_digits as bundled

    images, labels = bundled(return_X_y=True)
    order = np.random.default_rng(rng).permutation(len(labels))
    everything = Split((images / 16)[order], labels[order].astype(np.int64))
    test = len(labels) // 4
    return _divided(everything[test:], everything[:test], name="digits", shape=(8, 8))


def load_mnist(
    folder: str | os.PathLike[str] | None = None,
    full: bool = False,
    *,
    progress: Progress | None = None,
    mirrors: Sequence[str] = MIRRORS,
) -> Data:
    """MNIST, or any data set in the same four IDX files, such as Fashion-MNIST.

    Looks in `folder`; without one, in the folder that the environment variable PERCEPTRON_DATA names; without
    that, in the user's cache, where the files are first downloaded from `mirrors` and checked against the
    published checksums. `progress(name, done, total)` is told how many bytes of a file have come.

    As in the book, the first 50,000 of the 60,000 training images train and the last 10,000 validate; a
    training file of another length is divided 5 to 1. With `full`, all of them train and `validation` is
    empty: a Split of 0 images, which `sgd` takes for none.

    Raises DataError, with the file and the cure, for files that are missing, broken or do not belong
    together, and DownloadError where no mirror could give a file.

    Example (needs the files):  `load_mnist("data/fashion").train.images.shape  ->  (50000, 784)`
    """
    if folder is None and os.environ.get("PERCEPTRON_DATA"):
        place, told = Path(os.environ["PERCEPTRON_DATA"]), "PERCEPTRON_DATA"
    elif folder is not None:
        place, told = Path(folder), "folder"
    else:
        place, told = cache_folder(), "cache"
        fetch_mnist(place, mirrors=mirrors, progress=progress)
    if not place.is_dir():
        raise DataError(f"{told} names {str(place)!r}, which is not a folder; name one with the four IDX files")

    train, train_shape = _read_pair(place, "train")
    test, test_shape = _read_pair(place, "t10k")
    if train_shape != test_shape:
        raise DataError(
            f"{str(place)!r}: training images of {train_shape} pixels and test images of {test_shape}; "
            "put the four files of one data set together"
        )
    name = "mnist" if told == "cache" else place.resolve().name
    return _divided(train, test, name=name, shape=train_shape, full=full)


def _read_pair(folder: Path, part: str) -> tuple[Split, tuple[int, int]]:
    """The images and labels of "train" or "t10k", and the shape of an image."""
    image_path, label_path = find_idx(folder, f"{part}-images", 3), find_idx(folder, f"{part}-labels", 1)
    pixels, labels = read_images(image_path), read_labels(label_path)
    if len(pixels) != len(labels):
        raise DataError(
            f"{str(image_path)!r} holds {len(pixels)} images and {label_path.name!r} {len(labels)} labels; "
            "put two files of one data set together"
        )
    if not len(labels):
        raise DataError(f"{str(image_path)!r} holds 0 images; give a data set with images")
    scaled = pixels.reshape(len(pixels), -1).astype(np.float32)
    scaled /= 255
    return Split(scaled, labels.astype(np.int64)), (pixels.shape[1], pixels.shape[2])


def _divided(train: Split, test: Split, *, name: str, shape: tuple[int, int], full: bool = False) -> Data:
    """Take the validation images from the end of the training images."""
    part, whole = TRAIN_SHARE
    cut = len(train) if full else -(-len(train) * part // whole)
    return Data(train[:cut], train[cut:], test, name, shape)
