"""Pictures: the right file, the right pixels, no global state, and every refusal."""

import os
import sys
import xml.etree.ElementTree as ElementTree

import numpy as np
import pytest
from PIL import Image

from learn import Epoch, Layers, LayersError, PictureError, Split, digit_grid, learning_curve, saturation

RECORDS = [Epoch(k, 0.1, 1 / k, 0.8 + k / 100, 0.9 if k % 2 else 0.85) for k in range(1, 9)]


@pytest.mark.parametrize(
    "records",
    [RECORDS, RECORDS[:1], [Epoch(1, 0.1, 0.5), Epoch(2, 0.1, 0.4)], [Epoch(1, 0.1, 0.5, test_accuracy=0.9)]],
    ids=["all", "one", "cost only", "test only"],
)
@pytest.mark.parametrize("kind", ["png", "svg"])
def test_learning_curve(tmp_path, records, kind):
    """A whole picture of the named kind, whatever was measured."""
    path = tmp_path / f"curve.{kind}"
    learning_curve(iter(records), path)
    if kind == "png":
        with Image.open(path) as picture:
            assert picture.format == "PNG"
            assert len(np.unique(np.asarray(picture.convert("L")))) > 10
    else:
        assert ElementTree.parse(path).getroot().tag.endswith("svg")
    assert os.listdir(tmp_path) == [path.name]


def test_digit_grid_pixels(tmp_path):
    """Ink is black, background white, rows fill from the left, and an empty place stays grey."""
    images = np.zeros((3, 4))
    images[1] = 1
    digit_grid(images, tmp_path / "grid.png", shape=(2, 2), columns=2)
    with Image.open(tmp_path / "grid.png") as picture:
        pixels = np.asarray(picture)
    height, width = pixels.shape
    middle = [pixels[r * height // 4, c * width // 4] for r in (1, 3) for c in (1, 3)]
    assert middle[:3] == [255, 0, 255]
    assert middle[3] not in (0, 255)


def test_digit_grid_keeps_the_image(tmp_path):
    """Each pixel becomes a square of its own grey."""
    image = np.arange(64).reshape(1, 64) / 63
    digit_grid(image, tmp_path / "one.png", shape=(8, 8))
    with Image.open(tmp_path / "one.png") as picture:
        pixels = np.asarray(picture)
    zoom = (len(pixels) - 12) // 8
    found = pixels[6 + zoom // 2 : -6 : zoom, 6 + zoom // 2 : -6 : zoom]
    np.testing.assert_array_equal(found.ravel(), np.rint(255 * (1 - image[0])))


def test_saturation(tmp_path):
    """One network or several by title."""
    split = Split(np.random.default_rng(0).random((50, 20)), np.arange(50) % 2)
    scaled, book = (Layers.start([20, 5, 2], start, rng=0) for start in ("scaled", "book"))
    saturation(scaled, split, tmp_path / "one.png", digit=0)
    saturation({"scaled": scaled, "book": book}, split, tmp_path / "two.svg", digit=1)
    assert ElementTree.parse(tmp_path / "two.svg").getroot().tag.endswith("svg")
    with Image.open(tmp_path / "one.png") as picture:
        assert picture.format == "PNG"


def test_pyplot_is_not_touched(tmp_path):
    """No figure is left in matplotlib's global list: pyplot is not even loaded by us."""
    before = "matplotlib.pyplot" in sys.modules
    learning_curve(RECORDS, tmp_path / "curve.png")
    assert ("matplotlib.pyplot" in sys.modules) == before


def test_refusals(tmp_path):
    """Nothing to draw, shapes that do not fit, other file types, places that cannot be written."""
    net = Layers.start([4, 3, 2], rng=0)
    with pytest.raises(PictureError, match="at least one epoch"):
        learning_curve([], tmp_path / "a.png")
    with pytest.raises(PictureError, match=r"a\.gif.*\.png or \.svg"):
        learning_curve(RECORDS, tmp_path / "a.gif")
    with pytest.raises(PictureError, match="cannot be written"):
        learning_curve(RECORDS, tmp_path / "no" / "a.png")
    with pytest.raises(PictureError, match="made of pixels"):
        digit_grid(np.zeros((1, 4)), tmp_path / "a.svg", (2, 2))
    with pytest.raises(PictureError, match=r"give \(n, 4\)"):
        digit_grid(np.zeros((1, 5)), tmp_path / "a.png", (2, 2))
    with pytest.raises(PictureError, match="at least 1"):
        digit_grid(np.zeros((0, 4)), tmp_path / "a.png", (2, 2))
    with pytest.raises(PictureError, match="0 columns"):
        digit_grid(np.zeros((1, 4)), tmp_path / "a.png", (2, 2), columns=0)
    with pytest.raises(PictureError, match="cannot be written"):
        digit_grid(np.zeros((1, 4)), tmp_path / "no" / "a.png", (2, 2))
    with pytest.raises(PictureError, match="at least one network"):
        saturation({}, Split(np.zeros((1, 4)), np.zeros(1, int)), tmp_path / "a.png", digit=0)
    with pytest.raises(PictureError, match="output 2 is not there"):
        saturation(net, Split(np.zeros((1, 4)), np.full(1, 2)), tmp_path / "a.png", digit=2)
    with pytest.raises(PictureError, match="no image has the label 1"):
        saturation(net, Split(np.zeros((1, 4)), np.zeros(1, int)), tmp_path / "a.png", digit=1)
    with pytest.raises(LayersError, match="4 inputs"):
        saturation(net, Split(np.zeros((1, 3)), np.zeros(1, int)), tmp_path / "a.png", digit=0)
    assert os.listdir(tmp_path) == []
