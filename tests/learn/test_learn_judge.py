"""Judging a network: scikit-learn's counts are the oracle; the pictures are files of the right kind."""

import numpy as np
import pytest
from sklearn.metrics import confusion_matrix

from learn import (
    DataError,
    Layers,
    PictureError,
    Split,
    calibration,
    confidence,
    confusion,
    hardest,
    is_digit,
    load_digits,
    report,
)
from learn.report import calibration_picture, confusion_picture, hardest_picture, hidden_picture


@pytest.fixture(scope="module")
def test_images():
    return load_digits().test


@pytest.fixture(scope="module", params=["sigmoid", "softmax"])
def network(request):
    return Layers.start([64, 20, 10], rng=0, output=request.param)


def test_confusion_equals_sklearn(network, test_images):
    expected = confusion_matrix(test_images.labels, network.predict(test_images.images), labels=range(10))
    np.testing.assert_array_equal(confusion(network, test_images), expected)


def test_confusion_of_a_single_output(test_images):
    nine, layers = is_digit(test_images), Layers.start([64, 1], rng=0)
    expected = confusion_matrix(nine.labels, layers.predict(nine.images))
    np.testing.assert_array_equal(confusion(layers, nine), expected)
    np.testing.assert_allclose(confidence(layers, nine)[:, 1], layers.forward(nine.images)[:, 0])


def test_the_hardest_come_first(network, test_images):
    """No other image gave its own label less."""
    shares = confidence(network, test_images)
    np.testing.assert_allclose(shares.sum(axis=1), 1)
    own = shares[np.arange(len(test_images)), test_images.labels]
    rows = hardest(network, test_images, 25)
    assert len(rows) == 25
    np.testing.assert_array_equal(own[rows], np.sort(own)[:25])


def test_calibration_is_its_definition(network, test_images):
    """Stretch by stretch, image by image."""
    found = calibration(network, test_images, bins=7)
    sure = confidence(network, test_images).max(axis=1)
    right = network.predict(test_images.images) == test_images.labels
    error = 0.0
    for k in range(7):
        inside = (sure >= k / 7) & ((sure < (k + 1) / 7) | (k == 6))
        assert found.counts[k] == inside.sum()
        if inside.any():
            assert found.confidence[k] == pytest.approx(sure[inside].mean())
            assert found.accuracy[k] == pytest.approx(right[inside].mean())
            error += abs(sure[inside].mean() - right[inside].mean()) * inside.mean()
    assert found.error == pytest.approx(error)


def test_a_page_without_a_curve(network, test_images, tmp_path):
    page = report(network, test_images, tmp_path / "page", (8, 8), title="<A & B>")
    assert "&lt;A &amp; B&gt;" in page.read_text()
    assert not (tmp_path / "page" / "curve.png").exists()


def test_refusals(network, test_images, tmp_path):
    with pytest.raises(DataError, match="no images to judge"):
        confusion(network, test_images[:0])
    with pytest.raises(DataError, match="label 12 fits no output"):
        hardest(network, Split(test_images.images[:1], [12]))
    with pytest.raises(DataError, match="0 bins cannot hold"):
        calibration(network, test_images, bins=0)
    with pytest.raises(PictureError, match="7 x 8 pixels are not the 64 inputs"):
        hidden_picture(network, tmp_path / "a.png", (7, 8))
    with pytest.raises(PictureError, match="7 x 8 pixels"):
        hardest_picture(network, test_images, tmp_path / "a.png", (7, 8))
    for draw in (confusion_picture, calibration_picture):
        with pytest.raises(PictureError, match=r"pictures are \.png or \.svg"):
            draw(network, test_images, tmp_path / "a.gif")
    (tmp_path / "file").write_text("")
    with pytest.raises(PictureError, match="cannot be made"):
        report(network, test_images, tmp_path / "file", (8, 8))
