"""Expanding the data: what each number does, compiled and not, and what is refused."""

import numpy as np
import pytest
from scipy import ndimage

from learn import DataError, Expand, Layers, load_digits, sgd
from learn.expand import _sample


@pytest.fixture(scope="module")
def images():
    """Fifty images of 8 x 8 pixels."""
    return load_digits().test.images[:50]


def test_nothing_asked_nothing_changed(images):
    np.testing.assert_allclose(Expand(shape=(8, 8))(images, np.random.default_rng(0)), images, atol=1e-6)


def test_places_are_read_as_scipy_reads_them(images):
    """SciPy's map_coordinates of first order at the same places."""
    expand = Expand(shift=1, turn=20, scale=0.2, slant=0.2, elastic=8, smooth=2, shape=(8, 8))
    rng = np.random.default_rng(1)
    matrices, moves = expand._matrices(50, rng), expand._moves(50, rng)
    out = expand(images, np.random.default_rng(1)).reshape(-1, 8, 8)
    grid = np.indices((8, 8)) - 3.5
    for image, m, move, found in zip(images.reshape(-1, 8, 8), matrices, moves, out, strict=True):
        at = np.einsum("ij,jrc->irc", m[:, :2], grid) + m[:, 2, None, None] + 3.5 + move
        padded = np.pad(image, 2)
        expected = ndimage.map_coordinates(padded, np.clip(at, -1, 8) + 2, order=1)
        np.testing.assert_allclose(found, expected, atol=1e-5)


def test_elastic_moves_are_simards():
    """Even noise, smoothed by SciPy's Gaussian (0 outside), times alpha."""
    expand = Expand(elastic=34, smooth=4)
    rng = np.random.default_rng(2)
    noise = rng.random((6, 28, 28), np.float32) * 2 - 1
    smoothed = ndimage.gaussian_filter(noise.astype(float), (0, 4, 4), mode="constant", truncate=6.0)
    moves = expand._moves(3, np.random.default_rng(2)).reshape(6, 28, 28)
    np.testing.assert_allclose(moves, 34 * smoothed, atol=1e-4)


def test_a_shift_is_a_shift():
    """Twice the largest shift cannot move a pixel further than its border."""
    image = np.zeros((1, 28, 28), np.float32)
    image[0, 14, 14] = 1
    for seed in range(20):
        out = Expand(shift=2)(image.reshape(1, -1), np.random.default_rng(seed)).reshape(28, 28)
        rows, columns = np.nonzero(out)
        assert out.sum() == pytest.approx(1, abs=1e-5)
        assert {*rows, *columns} <= set(range(12, 17))


def test_compiled_and_numpy_agree():
    pytest.importorskip("numba", reason="Numba is not installed")
    from learn.steps.sampling import sample

    rng = np.random.default_rng(3)
    images = rng.random((40, 28, 20), np.float32)
    expand = Expand(shift=3, turn=45, scale=0.5, slant=0.5, elastic=60, smooth=3, shape=(28, 20))
    matrices, moves = expand._matrices(40, rng), expand._moves(40, rng)
    one, other = np.empty_like(images), np.empty_like(images)
    sample(images, matrices, moves, one)
    _sample(images, matrices, moves, other)
    np.testing.assert_allclose(one, other, atol=1e-5)
    assert 0 <= one.min() <= one.max() <= 1


def test_each_epoch_sees_new_images(images):
    """The images differ from epoch to epoch, and the same seed gives the same ones."""
    seen = []
    expand = Expand(shift=1, shape=(8, 8))

    def keep(given, rng):
        seen.append(expand(given, rng))
        return seen[-1]

    for _ in range(2):
        list(sgd(Layers.start([64, 10], rng=0), load_digits().train, epochs=2, expand=keep, rng=5))
    assert not np.array_equal(seen[0], seen[1])
    np.testing.assert_array_equal(seen[1], seen[3])


@pytest.mark.parametrize(
    ("numbers", "words"),
    [
        ({"shift": -1}, "shift -1 cannot expand images; give a number of at least 0"),
        ({"turn": float("nan")}, "turn nan"),
        ({"elastic": 3.0, "smooth": 0}, "elastic needs smooth above 0"),
    ],
)
def test_refusals(numbers, words):
    with pytest.raises(DataError, match=words):
        Expand(**numbers)


def test_images_of_another_shape(images):
    with pytest.raises(DataError, match=r"images of shape \(50, 64\) are not of 28 x 28 pixels"):
        Expand(shift=1)(images, np.random.default_rng(0))
