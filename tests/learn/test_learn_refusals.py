"""What cannot be learned from, and settings that cannot be: one clear error each, and no memory read past its end."""

import subprocess
import sys

import numpy as np
import pytest
from PIL import Image

from learn import (
    DataError,
    Expand,
    GateSettings,
    Layers,
    LayersError,
    SigmoidClassifier,
    Split,
    StripError,
    ThresholdTraining,
    TrainingError,
    harden,
    load_digits,
    quantize_units,
    quantize_votes,
    settings_for,
    sgd,
)
from learn.strip import cut
from learn.threshold import Encoder

DIGITS = load_digits()
TRAIN = DIGITS.train
X, Y = TRAIN.images, TRAIN.labels


def soft(**given):
    return list(sgd(Layers.start([64, 10], rng=0), TRAIN, epochs=1, rng=0, **given))


def gates(train=TRAIN, settings=None, **given):
    given = {"levels": 17, "shape": (8, 8), "rng": 0, **given}
    return list(ThresholdTraining(train, settings or GateSettings(hidden=(10,), epochs=1, batch=50), **given))


@pytest.mark.parametrize(
    ("images", "labels", "told"),
    [
        ([["a", "b"]], [1], "images of type <U1; give real numbers"),
        (X[:2].astype(complex), Y[:2], "images of type complex64|images of type complex128"),
        ([[0.5, 1.0], [0.5]], [1, 2], "images are no table of numbers .*; give rows of equal lengths"),
        (X[:2], [[1], [2, 3]], "labels are no table of numbers"),
        (X[:2], np.array([1 << 63, 1], np.uint64), "label 9223372036854775808 has more than 63 binary digits"),
        (np.full((1, 2), 1e300), [1], "pixels from inf to inf; scale them"),
    ],
)
def test_data(images, labels, told):
    with pytest.raises(DataError, match=told):
        Split(images, labels)


@pytest.mark.parametrize("train", [soft, gates])
@pytest.mark.parametrize("made", [lambda images, rng: images[:5], lambda images, rng: images[:, :5]])
def test_expansions_of_another_shape(train, made):
    """Compiled updates would read whatever lies behind fewer images."""
    with pytest.raises(DataError, match=r"expand made an array of shape .* of images of shape \(1124, 64\); let it"):
        train(expand=made)


def test_settings_of_sigmoids():
    with pytest.raises(TrainingError, match=r"cost \[\] is not known"):
        soft(cost=[])
    with pytest.raises(DataError, match="smooth 1e\\+30 bends nothing any more; give at most 1000"):
        Expand(elastic=1.0, smooth=1e30)
    with pytest.raises(LayersError, match="images are no table of numbers"):
        Layers.start([64, 10]).predict("abc")
    with pytest.raises(LayersError, match=r"are 640,000,000,000,000,000 weights, more than there is memory for"):
        Layers.start([64, 10**16])


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ({"marks": 2.0}, "marks 2.0 are no shares"),
        ({"marks": ("a",)}, r"marks \('a',\) are no shares"),
        ({"marks": None}, "marks None are no shares"),
        ({"weights": 10**30}, "weights 1000000000000000000000000000000 is too large; give at most 2"),
        ({"largest": 1 << 70}, "largest 1180591620717411303424 is too large"),
    ],
)
def test_settings_of_gates(words, told):
    with pytest.raises(TrainingError, match=told):
        GateSettings(**words)


def test_numbers_of_numpy_are_settings_too():
    """As in the settings of sigmoids."""
    given = GateSettings(hidden=np.int64(7), rate=np.float32(0.25), marks=0.5, noise=np.int64(0))
    assert given == GateSettings(hidden=(7,), rate=0.25, marks=(0.5,))
    assert type(given.rate) is float


@pytest.mark.parametrize("budget", [float("nan"), 6000.5, "many", None])
def test_budgets(budget):
    with pytest.raises(TrainingError, match=r"gates .* is not a whole number"):
        settings_for(budget, 60)


@pytest.mark.parametrize(
    ("words", "error", "told"),
    [
        ({"shape": (64,)}, DataError, r"shape \(64,\); give \(rows, columns\)"),
        ({"shape": 64}, DataError, "shape 64; give"),
        ({"shape": (-8, -8)}, DataError, r"shape \(-8, -8\); give"),
        ({"levels": 17.5}, LayersError, "levels 17.5; greys have 2 to 256"),
        ({"levels": 1}, LayersError, "levels 1; greys have 2 to 256"),
        ({"test": Split(X[:3, :5], Y[:3])}, DataError, "test images of 5 pixels and training images of 64"),
        ({"validation": Split(X[:3, :5], Y[:3])}, DataError, "validation images of 5 pixels"),
    ],
)
def test_trainings_towards_gates(words, error, told):
    """Before the first epoch, not after it."""
    with pytest.raises(error, match=told):
        ThresholdTraining(TRAIN, GateSettings(hidden=(10,)), **{"levels": 17, "shape": (8, 8), **words})


def test_hardening_and_rounding():
    layers, encoder = Layers.start([64, 10, 10], rng=0), Encoder.thermometer(17, 64, marks=(8,))
    with pytest.raises(LayersError, match="0 images to fit whole weights to; give at least one, or leave out fit"):
        harden(layers, encoder, DIGITS.test, fit=TRAIN[:0])
    for words in ({"votes_most": 0}, {"most": 1.5}):
        with pytest.raises(LayersError, match="give most of at least 1"):
            harden(layers, encoder, DIGITS.test, **words)
    for wrong in (np.nan, np.inf):
        with pytest.raises(LayersError, match="weights or biases hold a number that is not finite"):
            quantize_units([[wrong, 1.0]], [0.0], most=3)
        with pytest.raises(LayersError, match="votes or offsets hold a number that is not finite"):
            quantize_votes(np.eye(3), [0.0, 0.0, wrong], most=3)
    with pytest.raises(LayersError, match=r"bits of shape \(0, 2\)"):
        quantize_units([[1.0, 2.0]], [0.0], most=3, bits=np.zeros((0, 2), np.uint8))


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ({"hidden": None}, "hidden None is no list of layers"),
        ({"hidden": "10"}, "hidden '10' is no list of layers"),
        ({"batch": "auto"}, "batch 'auto' is not a whole number"),
        (
            {"patience": 1, "validation_share": 1.0},
            "validation_share 1.0 of 1124 samples leaves patience none",
        ),
        ({"patience": 1, "validation_share": float("nan")}, "validation_share nan of"),
        ({"patience": 1, "validation_share": 0}, "validation_share 0 of"),
    ],
)
def test_settings_of_a_classifier(words, told):
    with pytest.raises(ValueError, match=told):
        SigmoidClassifier(**{"epochs": 1, **words}).fit(X, Y)


def test_a_classifier_of_one_hidden_layer_and_of_large_numbers():
    assert SigmoidClassifier(7, epochs=1, random_state=0).fit(X, Y).layers_.sizes == [64, 7, 10]
    with pytest.raises(ValueError, match=r"X holds 1e\+300, too large for 32 bits; put a scaler before it"):
        SigmoidClassifier(epochs=1).fit(X.astype(float) * 1e300, Y)


def test_images_of_values_below_0(tmp_path):
    page = np.full((40, 60), 0.5, np.float32)
    page[8:32, 10:14] = -0.5
    Image.fromarray(page).save(tmp_path / "page.tif")
    for image in (page, tmp_path / "page.tif", np.int16(200 * page)):
        with pytest.raises(StripError, match=r"the image holds values from -.*; give values in"):
            cut(image)


def test_large_images(tmp_path, monkeypatch):
    """Up to twice Pillow's limit they are read, with no warning about a bomb; larger ones are refused."""
    page = np.full((40, 60), 255, np.uint8)
    page[8:32, 10:14] = 0
    Image.fromarray(page).save(tmp_path / "page.png")
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 2000)
    assert len(cut(tmp_path / "page.png")) == 1
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 1000)
    with pytest.raises(StripError, match=r"page\.png': too large an image; scale it"):
        cut(tmp_path / "page.png")


CURVES = """
import sys
from learn import Layers, load_digits, learning_curve, saturation
from learn.training import Epoch
learning_curve([Epoch(1, 0.5, 0.25, 0.8, 0.9, 3.0), Epoch(2, 0.5, 0.125, 0.75, 0.95, 1.5)], sys.argv[1] + "/curve.svg")
saturation(Layers.start([64, 10], rng=0), load_digits().test, sys.argv[1] + "/saturation.svg", digit=2)
"""


def test_pictures_are_the_same_in_every_process(tmp_path):
    """To the byte."""
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        subprocess.run([sys.executable, "-c", CURVES, tmp_path / name], check=True)
    for name in ("curve.svg", "saturation.svg"):
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()
