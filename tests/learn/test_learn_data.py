"""Data sets: IDX files of every kind of brokenness, splits, and the bundled digits."""

import gzip
import struct

import numpy as np
import pytest

from learn import Data, DataError, Split, is_digit, load_digits, load_mnist


def idx(array):
    """The bytes of an IDX file, built from the published description of the format."""
    return struct.pack(f">BBBB{array.ndim}I", 0, 0, 8, array.ndim, *array.shape) + array.tobytes()


def data_set(folder, train=12, test=4, rows=3, columns=2, mark="-", packed=True):
    """Four IDX files of random pixels; returns the arrays by the stems of the files."""
    rng = np.random.default_rng(0)
    arrays = {}
    for part, count in (("train", train), ("t10k", test)):
        arrays[f"{part}-images"] = rng.integers(0, 256, (count, rows, columns), dtype=np.uint8)
        arrays[f"{part}-labels"] = rng.integers(0, 10, count, dtype=np.uint8)
    for stem, array in arrays.items():
        name = f"{stem}{mark}idx{array.ndim}-ubyte"
        if packed:
            (folder / f"{name}.gz").write_bytes(gzip.compress(idx(array)))
        else:
            (folder / name).write_bytes(idx(array))
    return arrays


@pytest.mark.parametrize("mark", ["-", "."])
@pytest.mark.parametrize("packed", [True, False])
def test_reads_any_idx_set(tmp_path, mark, packed):
    """Both spellings, plain and compressed: pixels / 255 and labels arrive, split 5 to 1."""
    arrays = data_set(tmp_path, mark=mark, packed=packed)
    data = load_mnist(tmp_path)
    assert (data.shape, data.name) == ((3, 2), tmp_path.name)
    assert [len(part) for part in (data.train, data.validation, data.test)] == [10, 2, 4]
    images = np.concatenate([data.train.images, data.validation.images])
    np.testing.assert_allclose(images, arrays["train-images"].reshape(12, 6) / 255, rtol=1e-7)
    labels = np.concatenate([data.train.labels, data.validation.labels])
    np.testing.assert_array_equal(labels, arrays["train-labels"])
    np.testing.assert_array_equal(data.test.labels, arrays["t10k-labels"])
    assert (images.dtype, labels.dtype) == (np.float32, np.int64)


def test_full_trains_on_everything(tmp_path):
    """With full=True the validation part is a Split of no images."""
    data_set(tmp_path)
    data = load_mnist(str(tmp_path), full=True)
    assert (len(data.train), len(data.validation)) == (12, 0)
    assert data.validation.images.shape == (0, 6)


def test_folder_from_the_environment(tmp_path, monkeypatch):
    """PERCEPTRON_DATA counts where no folder is given, and a wrong one is an error, not a download."""
    data_set(tmp_path)
    monkeypatch.setenv("PERCEPTRON_DATA", str(tmp_path))
    assert len(load_mnist().test) == 4
    monkeypatch.setenv("PERCEPTRON_DATA", str(tmp_path / "elsewhere"))
    with pytest.raises(DataError, match=r"PERCEPTRON_DATA names .*elsewhere.* not a folder"):
        load_mnist()


PIXELS = np.arange(12 * 6, dtype=np.uint8).reshape(12, 3, 2)
WHOLE = gzip.compress(idx(PIXELS), mtime=0)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (WHOLE[: len(WHOLE) // 2], "cut short or damaged"),
        (WHOLE[:5], "cut short or damaged"),
        (b"", "starts with the bytes .none."),
        (idx(PIXELS), "not a gzip file"),
        (b"<html>not found</html>", "not a gzip file"),
        (WHOLE[:-8] + bytes(8), "not a gzip file or is damaged"),
        (WHOLE[:20] + bytes([WHOLE[20] ^ 255]) + WHOLE[21:], "damaged|no IDX file|cut short"),
        (gzip.compress(idx(PIXELS)[:-1]), "12 x 3 x 2 = 72 bytes announced, 71 there"),
        (gzip.compress(idx(PIXELS) + b"x"), "goes on after the 12 x 3 x 2 = 72 bytes"),
        (gzip.compress(idx(PIXELS)[:10]), "ends inside its header of 16 bytes"),
        (gzip.compress(b"\x00\x00"), "no IDX file of images: it starts with the bytes 00 00, not 00 00 08 03"),
        (gzip.compress(idx(PIXELS[:, 0, 0])), "00 00 08 01, not 00 00 08 03.*swapped"),
        (gzip.compress(b"\x00\x00\x0d\x03" + idx(PIXELS)[4:]), "00 00 0d 03"),
        (gzip.compress(struct.pack(">BBBBIII", 0, 0, 8, 3, 2**32 - 1, 2**32 - 1, 2**32 - 1)), "cut short"),
        (gzip.compress(idx(PIXELS[:11])), "holds 11 images and 'train-labels-idx1-ubyte.gz' 12 labels"),
        (gzip.compress(idx(PIXELS[:, :2])), r"training images of \(2, 2\) pixels and test images of \(3, 2\)"),
    ],
    ids=range(16),
)
def test_broken_image_files(tmp_path, content, words):
    """One clear error that names the file and what was found."""
    data_set(tmp_path)
    (tmp_path / "train-images-idx3-ubyte.gz").write_bytes(content)
    with pytest.raises(DataError, match=words) as caught:
        load_mnist(tmp_path)
    assert str(tmp_path) in str(caught.value)


def test_missing_file_is_named(tmp_path):
    """The first file that is not there, its folder, and that it may be uncompressed."""
    data_set(tmp_path)
    (tmp_path / "t10k-labels-idx1-ubyte.gz").unlink()
    with pytest.raises(DataError, match=r"has no file 't10k-labels-idx1-ubyte.gz'; put it there"):
        load_mnist(tmp_path)
    with pytest.raises(DataError, match="not a folder"):
        load_mnist(tmp_path / "t10k-images-idx3-ubyte.gz")


def test_gzip_under_a_plain_name(tmp_path):
    """A compressed file without '.gz' is told apart from a broken one."""
    data_set(tmp_path)
    (tmp_path / "train-labels-idx1-ubyte.gz").rename(tmp_path / "train-labels-idx1-ubyte")
    with pytest.raises(DataError, match=r"add '.gz' to its name"):
        load_mnist(tmp_path)


def test_swapped_labels(tmp_path):
    """Images where labels should be."""
    data_set(tmp_path)
    (tmp_path / "train-labels-idx1-ubyte.gz").write_bytes(WHOLE)
    with pytest.raises(DataError, match="no IDX file of labels"):
        load_mnist(tmp_path)


def test_no_images(tmp_path):
    """A whole file of nothing is refused too."""
    data_set(tmp_path, test=0)
    with pytest.raises(DataError, match="0 images"):
        load_mnist(tmp_path)


@pytest.mark.parametrize(
    ("images", "labels", "words"),
    [
        ([0.0, 1.0], [1, 2], "give a table"),
        ([[0.0], [1.0]], [1], "one for each image"),
        ([[0.0]], [1.5], "whole numbers"),
        ([[0.0]], [-1], "label -1 is negative"),
        ([[0.0, 255.0]], [1], "pixels from 0 to 255; scale them"),
        ([[-0.5, 1.0]], [1], "pixels from -0.5 to 1"),
        ([[np.nan]], [1], "pixels from nan"),
    ],
)
def test_splits_are_checked(images, labels, words):
    """A Split holds pixels from 0 to 1 and whole, non-negative labels, as many as images."""
    with pytest.raises(DataError, match=words):
        Split(images, labels)


def test_part_of_a_split():
    """A slice or an array of rows gives a Split."""
    split = Split(np.eye(4), [3, 2, 1, 0])
    assert split[:2].labels.tolist() == [3, 2]
    assert split[np.array([3, 0])].labels.tolist() == [0, 3]


def test_bundled_digits_are_those_of_scikit_learn():
    """All 1,797 images come once, with their labels, in three parts; the same for the same rng."""
    from sklearn.datasets import load_digits as bundled

    data, again, other = load_digits(), load_digits(rng=0), load_digits(rng=1)
    parts = (data.train, data.validation, data.test)
    assert [len(part) for part in parts] == [1124, 224, 449]
    found = sorted((*image, label) for part in parts for image, label in zip(part.images, part.labels, strict=True))
    images, labels = bundled(return_X_y=True)
    assert found == sorted((*image, label) for image, label in zip(images / 16, labels, strict=True))
    np.testing.assert_array_equal(data.test.images, again.test.images)
    assert not np.array_equal(data.test.images, other.test.images)
    assert isinstance(data, Data)


def test_is_digit():
    """1 for the digit, 0 for the rest; the images are the same array."""
    split = load_digits().test
    nines = is_digit(split)
    np.testing.assert_array_equal(nines.labels, split.labels == 9)
    assert nines.images is split.images
    assert is_digit(split, 0).labels.sum() == np.sum(split.labels == 0)
    with pytest.raises(DataError, match="no image has the label 10"):
        is_digit(split, 10)


def test_real_mnist(mnist, mnist_folder):
    """The counts that its authors publish: 60,000 and 10,000 images, 5,923 and 980 of them zeros."""
    assert (mnist.shape, len(mnist.train), len(mnist.validation), len(mnist.test)) == ((28, 28), 50000, 10000, 10000)
    zeros = [int(np.sum(part.labels == 0)) for part in (mnist.train, mnist.validation, mnist.test)]
    assert (zeros[0] + zeros[1], zeros[2]) == (5923, 980)
    assert mnist.train.labels[:6].tolist() == [5, 0, 4, 1, 9, 2]
    assert mnist.train.images.mean() * 5 / 6 + mnist.validation.images.mean() / 6 == pytest.approx(0.1307, abs=1e-4)
    assert len(load_mnist(mnist_folder, full=True).train) == 60000
