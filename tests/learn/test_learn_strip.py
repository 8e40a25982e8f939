"""Cutting and reading strips of digits: drawn shapes, scikit-learn's 8 x 8 digits, and MNIST where it is."""

import io
from dataclasses import replace

import numpy as np
import pytest
import strips
from PIL import Image

from learn.data import load_digits
from learn.errors import LearnError
from learn.layers import Layers
from learn.strip import Reading, StripError, as_mnist, cut, eight_by_eight, read, read_image
from learn.train import sgd


def small_digits(count=6, seed=3):
    """Digits (28, 28) from scikit-learn's 8 x 8 ones, with their labels; no 1s, which fall apart when enlarged."""
    data = load_digits().test
    which = np.random.default_rng(seed).permutation(np.flatnonzero(data.labels != 1))[:count]
    fields = []
    for k in which:
        big = Image.fromarray(data.images[k].reshape(8, 8)).resize((20, 20), Image.Resampling.BICUBIC)
        fields.append(np.pad(np.clip(np.asarray(big), 0, 1), 4))
    return fields, data.labels[which]


def boxes_near(found, drawn, off):
    """Whether each found box is within `off` pixels of the drawn one on every side."""
    return np.abs(np.array([glyph.box for glyph in found]) - np.array(drawn)).max() <= off


STYLES = {
    "plain": strips.PLAIN,
    "white on black": replace(strips.PLAIN, white_on_black=True),
    "no margin": replace(strips.PLAIN, outside=0, inside=0),
    "small": replace(strips.PLAIN, scale=0.7),
    "large": replace(strips.PLAIN, scale=8),
    "thin frame": replace(strips.PLAIN, frame=1, inside=3, scale=2),
    "frame that digits touch": replace(strips.PLAIN, frame=1, inside=0, scale=2),
    "frame at the edge": replace(strips.PLAIN, frame=1, inside=0, outside=0, scale=2),
    "thick frame": replace(strips.PLAIN, frame=3, inside=1, scale=2),
    "cells": replace(strips.PLAIN, frame=1, inside=2, cells=True, gap=(5, 9), scale=2),
    "underline": replace(strips.PLAIN, frame=1, inside=2, sides="b", scale=2),
    "plates": replace(strips.PLAIN, plates=True, scale=2),
    "transparent": replace(strips.PLAIN, mode="RGBA"),
    "transparent, white ink": replace(strips.PLAIN, mode="RGBA", white_on_black=True),
    "palette": replace(strips.PLAIN, mode="P"),
    "1 bit": replace(strips.PLAIN, mode="1", scale=3),
    "16 bit": replace(strips.PLAIN, mode="I;16"),
    "colour": replace(strips.PLAIN, mode="RGB"),
    "grey on grey": replace(strips.PLAIN, ground=0.7, stroke=0.4),
    "noise": replace(strips.PLAIN, noise=0.08, scale=3),
    "jpeg": replace(strips.PLAIN, jpeg=40, scale=3),
    "uneven light": replace(strips.PLAIN, slope=0.4, scale=2),
}


@pytest.mark.parametrize("name", STYLES)
def test_every_digit_is_found_where_it_was_drawn(name):
    """Whatever the ground, the light and the frame, the same digits are found at the same places."""
    fields, _ = small_digits()
    style = replace(STYLES[name], gap=(max(5, STYLES[name].gap[0]), 9))
    picture, boxes = strips.draw(fields, style, np.random.default_rng(0))
    glyphs = cut(picture)
    assert len(glyphs) == len(fields)
    edge = 4 * style.scale if style.plates else 0
    drawn = [(a + edge, b + edge, c - edge, d - edge) for a, b, c, d in boxes]
    assert boxes_near(glyphs, drawn, 2 + (3 if style.mode == "1" else 1.6) * style.scale)


def test_polarity_and_frame_leave_the_glyphs_alone():
    """Black on white, white on black, and in a frame: nearly the same 28 x 28 images."""
    fields, _ = small_digits()
    plain = replace(strips.PLAIN, scale=2, jitter=0, gap=(6, 6))
    pictures = [
        strips.draw(fields, style, np.random.default_rng(0))[0]
        for style in (plain, replace(plain, white_on_black=True), replace(plain, frame=1, inside=3))
    ]
    one, two, three = (np.stack([glyph.image for glyph in cut(picture)]) for picture in pictures)
    assert np.abs(one - two).mean() < 0.01
    assert np.abs(one - three).mean() < 0.04  # a whole-pixel shift of one glyph is about 0.1 for that glyph


def test_glyph_is_prepared_as_mnist_was():
    """Fitted to 20 x 20 with the aspect kept, the centre of mass within a pixel of the middle, values in [0, 1]."""
    page = np.full((300, 300), 255, np.uint8)
    page[40:240, 100:150] = 0
    page[40:60, 60:200] = 0
    (glyph,) = cut(page)
    rows, columns = np.nonzero(glyph.image > 0.5)
    assert glyph.image.shape == (28, 28)
    assert glyph.image.dtype == np.float32
    assert 0 <= glyph.image.min() <= glyph.image.max() <= 1
    assert (np.ptp(rows) + 1, np.ptp(columns) + 1) == (20, 14)
    y, x = np.indices((28, 28)) + 0.5
    assert abs((glyph.image * y).sum() / glyph.image.sum() - 14.5) <= 0.5
    assert abs((glyph.image * x).sum() / glyph.image.sum() - 14.5) <= 0.5


def test_thin_strokes_are_thickened():
    """A hair line across a large image is not washed out by the reduction to 20 pixels."""
    page = np.ones((200, 200))
    page[20:180, 100:102] = 0
    assert cut(page)[0].image.max() > 0.9


def test_parts_of_one_digit_stay_together():
    """A 5 whose bar is apart from its body is one glyph."""
    page = np.ones((60, 100))
    page[10:14, 12:30] = 0
    page[16:30, 10:14] = 0
    page[26:30, 10:28] = 0
    page[26:50, 26:30] = 0
    page[46:50, 10:30] = 0
    page[10:50, 60:64] = 0
    assert [glyph.box for glyph in cut(page)] == [(10, 10, 30, 50), (60, 10, 64, 50)]


def test_slanted_neighbours_are_kept_apart():
    """Strokes that lean over each other without touching are two glyphs."""
    page = np.ones((60, 80))
    for y in range(10, 50):
        for start in (20, 32):
            x = start + (50 - y) // 2
            page[y, x : x + 4] = 0
    left, right = (glyph.box for glyph in cut(page))
    assert left[2] > right[0]


def test_specks_are_left_out():
    """Dust is no digit."""
    page = np.ones((60, 100))
    page[10:50, 20:26] = 0
    page[10:50, 60:66] = 0
    page[[5, 30, 55], [40, 80, 90]] = 0
    page[30:32, 40:42] = 0
    assert len(cut(page)) == 2


def test_two_lines_are_read_from_the_top():
    """Each line of digits is a line of the text."""
    page = np.ones((120, 100))
    for top, lefts in ((10, (10, 40, 70)), (70, (20, 60))):
        for left in lefts:
            page[top : top + 40, left : left + 6] = 0
    assert [glyph.line for glyph in cut(page)] == [0, 0, 0, 1, 1]
    assert read(page, Fixed()).text == "777\n77"


class Fixed:
    """A network that sees a 7 in everything."""

    sizes = (784, 10)

    def forward(self, images):
        """Activations (n, 10)."""
        assert images.shape[1] == self.sizes[0]
        return np.tile(np.eye(10)[7] * 0.75, (len(images), 1))


def test_reading_gives_digit_confidence_and_box():
    """The three things of each digit."""
    page = np.ones((60, 100))
    page[10:50, 20:26] = 0
    reading = read(page, Fixed())
    assert reading == Reading("7", [(7, 0.75, (20, 10, 26, 50))])


def test_image_is_left_untouched():
    """Reading changes nothing in the array."""
    page = np.ones((60, 100), np.float32)
    page[10:50, 20:26] = 0
    before = page.copy()
    cut(page)
    assert (page == before).all()


@pytest.mark.parametrize("page", [np.zeros((40, 40)), np.ones((40, 40)), np.full((40, 40, 3), 90, np.uint8)])
def test_empty_image(page):
    """One colour from edge to edge holds no digits."""
    with pytest.raises(StripError, match="no digits found in the image, expected dark strokes on a light ground"):
        cut(page)


def frame(height, width, thick, margin):
    """A dark rectangle drawn on a light page."""
    page = np.ones((height + 2 * margin, width + 2 * margin))
    page[margin : margin + height, margin : margin + width] = 0
    page[margin + thick : margin + height - thick, margin + thick : margin + width - thick] = 1
    return page


@pytest.mark.parametrize("ground", ["light", "dark"])
@pytest.mark.parametrize("margin", [0, 1, 10])
@pytest.mark.parametrize(("height", "width"), [(40, 40), (40, 60), (100, 105), (100, 600), (700, 1000)])
def test_an_empty_frame_is_no_digit(height, width, margin, ground):
    """A 0 is round, or narrower than high; a frame has straight sides and corners."""
    for thick in (1, 2, 4):
        page = frame(height, width, thick, margin)
        with pytest.raises(StripError, match="no digits found"):
            cut(page if ground == "light" else 1 - page)


def test_a_zero_is_no_empty_frame():
    """Neither a square one, as on a clock, nor one as wide as high, whose corners are round."""
    assert [glyph.box for glyph in cut(frame(60, 40, 3, 10))] == [(10, 10, 50, 70)]
    y, x = np.mgrid[-30:31, -30:31] / 20
    for power in (2, 4, 6):  # from a circle to nearly a square
        outside, inside = (np.abs(y / r) ** power + np.abs(x / r) ** power <= 1 for r in (1, 0.8))
        assert [glyph.box for glyph in cut(1.0 - (outside & ~inside))] == [(10, 10, 51, 51)]


def test_the_zeros_of_mnist_are_no_empty_frames(mnist):
    """Made as wide as high, too."""
    zeros = mnist.test.images[mnist.test.labels == 0][:100].reshape(-1, 28, 28)
    for zero in zeros:
        ink = strips.ink_of(zero)
        square = np.clip(np.asarray(Image.fromarray(ink).resize((20, 20))), 0, 1)
        assert cut(1 - np.pad(square, 4))
        assert cut(1 - np.pad(ink, 4))


def test_small_digits_in_a_large_frame_are_found():
    """The frame is not taken for a 0 with dirt in it."""
    page = frame(140, 240, 3, 10)
    for left in (60, 100, 150):
        page[60:90, left : left + 5] = 0
    assert [glyph.box for glyph in cut(page)] == [(60, 60, 65, 90), (100, 60, 105, 90), (150, 60, 155, 90)]


def test_noise_alone_is_no_digit():
    """Grain of a scan without strokes."""
    with pytest.raises(StripError, match="no digits found"):
        cut(np.random.default_rng(0).normal(0.5, 0.1, (80, 200)).clip(0, 1))


def test_blank_file_is_named(tmp_path):
    """The message names the file."""
    path = tmp_path / "blank.png"
    Image.new("RGB", (50, 50), "white").save(path)
    with pytest.raises(StripError, match=r"no digits found in '.*blank\.png'"):
        cut(path)


@pytest.mark.parametrize(
    ("array", "words"),
    [
        (np.zeros(5), "shape"),
        (np.zeros((5, 5, 2)), "shape"),
        (np.zeros((0, 5)), "shape"),
        (np.full((5, 5), np.nan), "finite"),
        (np.full((5, 5), "a"), "whole numbers or floats"),
        (7, "give a path"),
    ],
)
def test_not_an_image(array, words):
    """Each thing that is no image says what would be."""
    with pytest.raises(StripError, match=words) as caught:
        cut(array)
    assert isinstance(caught.value, LearnError)


def test_files_that_cannot_be_read(tmp_path):
    """Missing, of another kind, cut off: the message names the file."""
    with pytest.raises(StripError, match=r"nowhere\.png.*no such file"):
        read_image(tmp_path / "nowhere.png")
    text = tmp_path / "notes.png"
    text.write_text("504192")
    with pytest.raises(StripError, match=r"notes\.png.*not an image"):
        read_image(text)
    buffer = io.BytesIO()
    Image.fromarray(np.random.default_rng(0).integers(0, 255, (90, 90), np.uint8)).save(buffer, "PNG")
    broken = tmp_path / "broken.png"
    broken.write_bytes(buffer.getvalue()[:3000])
    with pytest.raises(StripError, match=r"broken\.png"):
        read_image(broken)


def test_photo_is_turned_upright(tmp_path):
    """The EXIF orientation counts."""
    page = np.full((40, 90), 255, np.uint8)
    page[8:32, 10:14] = 0
    path = tmp_path / "photo.png"
    turned = Image.fromarray(np.rot90(page).copy())
    exif = Image.Exif()
    exif[0x0112] = 6
    turned.save(path, exif=exif)
    assert read_image(path).shape == (40, 90)
    assert cut(path)[0].box == (10, 8, 14, 32)


@pytest.mark.parametrize("sizes", [(100, 10), (784, 11)])
def test_network_of_other_sizes(sizes):
    """The error names the sizes that it has and those that can read."""
    network = Layers.start(sizes, rng=0)
    with pytest.raises(StripError, match=rf"{sizes[0]} inputs and {sizes[1]} outputs.*784 inputs.*64.*10 outputs"):
        read(np.eye(30), network)


def test_eight_by_eight_network_reads():
    """A network of 64 inputs reads strips of the digits that it learnt."""
    data = load_digits()
    layers = Layers.start([64, 40, 10], rng=0)
    for _ in sgd(layers, data.train, epochs=15, batch=10, rate=0.5, cost="cross-entropy", rng=0):
        pass
    fields, labels = small_digits(12)
    right = 0
    for start in range(0, 12, 4):
        style = replace(strips.PLAIN, scale=3, gap=(5, 9))
        picture, _ = strips.draw(fields[start : start + 4], style, np.random.default_rng(0))
        text = read(picture, layers).text
        right += sum(a == str(b) for a, b in zip(text, labels[start : start + 4], strict=True))
    assert right >= 9


def test_eight_by_eight_of_nothing():
    """An empty field stays empty."""
    assert (eight_by_eight(np.zeros((28, 28), np.float32)) == 0).all()


@pytest.fixture(scope="module")
def quick(mnist):
    """A small network after a few epochs of MNIST."""
    layers = Layers.start([784, 40, 10], rng=0)
    for _ in sgd(layers, mnist.train, epochs=3, batch=20, rate=0.7, cost="cross-entropy", rng=0):
        pass
    return layers


def test_mnist_digits_come_back_as_they_were(mnist):
    """A digit of MNIST, cropped and prepared again, is the same image: the preparation is theirs."""
    off = []
    for image in mnist.test.images[:100].reshape(-1, 28, 28):
        rows, columns = np.flatnonzero(image.any(1)), np.flatnonzero(image.any(0))
        digit = image[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
        off.append(np.abs(as_mnist(digit) - image).mean())
    assert np.mean(off) < 0.005


@pytest.mark.parametrize("name", ["plain", "white on black", "frame flush touched", "cells"])
def test_mnist_strips_are_read_as_well_as_single_images(mnist, quick, name):
    """The right number of digits nearly always, and as few misread as on single images."""
    images = mnist.test.images.reshape(-1, 28, 28)
    style = replace(strips.CATEGORIES[name], digits=(3, 8))
    alone = quick.accuracy(mnist.test.images, mnist.test.labels)
    _, counted, found = strips.score(lambda p: read(p, quick).text, style, images, mnist.test.labels, 15)
    assert counted >= 0.9
    assert found >= alone - 0.05
