"""Draw strips of handwritten digits: many conditions from a few digit images, for tests and measurements.

Run it to measure a reader, with PERCEPTRON_DATA naming a folder of the MNIST files:

    python tests/learn/strips.py [strips per category] [model.npz]
"""

from __future__ import annotations

import io
import sys
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from scipy import ndimage

Box = tuple[int, int, int, int]


@dataclass(frozen=True)
class Style:
    """How to draw a strip; lengths are in MNIST pixels and grow with `scale`, except `edge`, which is in final pixels.

    gap: pixels between the ink of neighbours (low, high), negative to let them run into each other.
    frame: thickness of a drawn rectangle, 0 for none; inside: white between frame and ink, negative lets digits cross.
    outside: margin around the frame. cells: one upright line between digits, too.
    """

    digits: tuple[int, int] = (1, 8)
    gap: tuple[float, float] = (2, 8)
    scale: float = 1.0
    white_on_black: bool = False
    frame: float = 0.0
    inside: float = 6.0
    outside: float = 6.0
    cells: bool = False
    sides: str = "tblr"
    jitter: float = 1.5
    tilt: float = 0.0
    noise: float = 0.0
    specks: int = 0
    blur: float = 0.0
    jpeg: int = 0
    mode: str = "L"
    ground: float = 1.0
    stroke: float = 0.0
    slope: float = 0.0
    smooth: bool = True
    plates: bool = False
    lines: int = 1
    extra: dict[str, Any] = field(default_factory=dict)


def ink_of(image: NDArray[Any]) -> NDArray[np.float32]:
    """Crop a digit (28, 28) in [0, 1] to its ink."""
    rows, columns = np.flatnonzero(image.max(1) > 0.1), np.flatnonzero(image.max(0) > 0.1)
    return image[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1].astype(np.float32)


def draw(digits: list[NDArray[Any]], style: Style, rng: np.random.Generator) -> tuple[Image.Image, list[Box]]:
    """Draw digits, each (28, 28) in [0, 1], as a strip; the picture, and the box of each digit's ink in it."""
    scale = style.scale
    inks = [ink_of(digit) for digit in digits]
    if style.plates:
        inks = [np.pad(ink, 4) for ink in inks]
    grown = [_grow(ink, scale, style.smooth) for ink in inks]
    tall = round(20 * scale)
    x, spots = 0, []
    for ink in grown:
        y = round((tall - ink.shape[0]) / 2 + rng.uniform(-1, 1) * style.jitter * scale)
        spots.append((x, y))
        x += ink.shape[1] + round(rng.uniform(*style.gap) * scale)
    right = max(s[0] + ink.shape[1] for s, ink in zip(spots, grown, strict=True))
    top = min(y for _, y in spots)
    bottom = max(s[1] + ink.shape[0] for s, ink in zip(spots, grown, strict=True))
    inside, outside = round(style.inside * scale), round(style.outside * scale)
    thick = max(1, round(style.frame * scale)) if style.frame else 0
    margin = outside + thick + inside
    field_ = np.zeros((bottom - top + 2 * margin, right + 2 * margin), np.float32)
    boxes = []
    for (x, y), ink in zip(spots, grown, strict=True):
        left, upper = x + margin, y - top + margin
        here = field_[upper : upper + ink.shape[0], left : left + ink.shape[1]]
        np.maximum(here, 1 - ink if style.plates else ink, out=here)
        boxes.append((left, upper, left + ink.shape[1], upper + ink.shape[0]))
    height, width = field_.shape
    if thick:
        a, b = outside, outside + thick
        if "t" in style.sides:
            field_[a:b, a : width - a] = 1
        if "b" in style.sides:
            field_[height - b : height - a, a : width - a] = 1
        if "l" in style.sides:
            field_[a : height - a, a:b] = 1
        if "r" in style.sides:
            field_[a : height - a, width - b : width - a] = 1
        if style.cells:
            for one, two in pairwise(boxes):
                middle = (one[2] + two[0]) // 2
                field_[a : height - a, middle : middle + thick] = 1
    return _finish(field_, style, rng), boxes


def _grow(ink: NDArray[np.float32], scale: float, smooth: bool) -> NDArray[np.float32]:
    if scale == 1:
        return ink
    size = max(1, round(ink.shape[1] * scale)), max(1, round(ink.shape[0] * scale))
    how = Image.Resampling.BICUBIC if smooth else Image.Resampling.NEAREST
    return np.clip(np.asarray(Image.fromarray(ink).resize(size, how)), 0, 1)


def _finish(ink: NDArray[np.float32], style: Style, rng: np.random.Generator) -> Image.Image:
    if style.blur:
        ink = ndimage.gaussian_filter(ink, style.blur)
    if style.tilt:
        ink = np.asarray(Image.fromarray(ink).rotate(rng.uniform(-1, 1) * style.tilt, Image.Resampling.BILINEAR, True))
    ground, stroke = (style.stroke, style.ground) if style.white_on_black else (style.ground, style.stroke)
    grey = ground + (stroke - ground) * ink
    if style.slope:
        angle = rng.uniform(0, 2 * np.pi)
        y, x = np.mgrid[-1 : 1 : ink.shape[0] * 1j, -1 : 1 : ink.shape[1] * 1j]
        grey = grey * (1 - style.slope / 2 + style.slope / 2 * (np.cos(angle) * x + np.sin(angle) * y))
    if style.noise:
        grey = grey + rng.normal(0, style.noise, grey.shape)
    for _ in range(style.specks):
        y, x = rng.integers(grey.shape[0]), rng.integers(grey.shape[1])
        grey[y : y + 2, x : x + 2] = stroke
    picture = Image.fromarray(np.uint8(np.clip(grey, 0, 1) * 255 + 0.5))
    if style.jpeg:
        file = io.BytesIO()
        picture.save(file, "JPEG", quality=style.jpeg)
        picture = Image.open(file)
    if style.mode == "RGBA":
        alpha = Image.fromarray(np.uint8(np.clip(ink, 0, 1) * 255 + 0.5))
        picture = Image.merge("RGBA", [picture.point(lambda _: int(255 * stroke))] * 3 + [alpha])
    elif style.mode == "1":
        picture = picture.point(lambda v: 255 if v > 127 else 0).convert("1")
    elif style.mode == "I;16":
        picture = Image.fromarray(np.asarray(picture).astype(np.uint16) * 257)
    elif style.mode != "L":
        picture = picture.convert(style.mode)
    return picture


PLAIN = Style()
CATEGORIES: dict[str, Style] = {
    "plain": PLAIN,
    "white on black": replace(PLAIN, white_on_black=True),
    "raw 28x28 tiles": replace(PLAIN, white_on_black=True, gap=(4, 12), outside=4, inside=0, jitter=0),
    "long (12-20)": replace(PLAIN, digits=(12, 20)),
    "one digit": replace(PLAIN, digits=(1, 1)),
    "gap 1 px": replace(PLAIN, gap=(1, 1)),
    "no margin": replace(PLAIN, outside=0, inside=0),
    "scale 0.6": replace(PLAIN, scale=0.6),
    "scale 2": replace(PLAIN, scale=2),
    "scale 5": replace(PLAIN, scale=5),
    "scale 5 blocks": replace(PLAIN, scale=5, smooth=False),
    "scale 20": replace(PLAIN, scale=20, digits=(1, 4)),
    "thin frame": replace(PLAIN, frame=1, inside=3),
    "frame touched": replace(PLAIN, frame=1, inside=0),
    "frame crossed": replace(PLAIN, frame=1, inside=-1.5),
    "frame crossed x4": replace(PLAIN, frame=1, inside=-1.5, scale=4),
    "frame flush": replace(PLAIN, frame=1, inside=2, outside=0),
    "frame flush touched": replace(PLAIN, frame=1, inside=0, outside=0),
    "thick frame": replace(PLAIN, frame=4, inside=0),
    "thick frame flush": replace(PLAIN, frame=4, inside=0, outside=0),
    "thin frame x5": replace(PLAIN, frame=0.4, inside=0, scale=5),
    "frame white on black": replace(PLAIN, frame=1, inside=0, white_on_black=True),
    "cells": replace(PLAIN, frame=1, inside=2, cells=True, gap=(4, 9)),
    "underline": replace(PLAIN, frame=1, inside=2, sides="b", digits=(2, 8)),
    "underline touched": replace(PLAIN, frame=1, inside=0, sides="b", digits=(3, 8)),
    "over and under, flush": replace(PLAIN, frame=1, inside=0, outside=0, sides="tb", digits=(3, 8)),
    "tilted frame": replace(PLAIN, frame=1, inside=1, scale=3, tilt=2),
    "plates": replace(PLAIN, plates=True),
    "panel on page": replace(PLAIN, white_on_black=True, extra={"page": True}),
    "touching (0)": replace(PLAIN, gap=(0, 0)),
    "touching (-1)": replace(PLAIN, gap=(-1, -1)),
    "overlap (-2)": replace(PLAIN, gap=(-2, -2)),
    "tilt 4 degrees": replace(PLAIN, tilt=4, scale=2),
    "noise 0.1": replace(PLAIN, noise=0.1),
    "noise 0.2 x4": replace(PLAIN, noise=0.2, scale=4),
    "specks": replace(PLAIN, specks=20, scale=3),
    "blur x3": replace(PLAIN, blur=2, scale=3),
    "jpeg 30": replace(PLAIN, jpeg=30, scale=2),
    "jpeg 30 frame": replace(PLAIN, jpeg=30, scale=2, frame=1, inside=0),
    "rgba": replace(PLAIN, mode="RGBA"),
    "rgba white ink": replace(PLAIN, mode="RGBA", white_on_black=True),
    "palette": replace(PLAIN, mode="P"),
    "1-bit": replace(PLAIN, mode="1", scale=2),
    "16-bit": replace(PLAIN, mode="I;16"),
    "grey ground": replace(PLAIN, ground=0.7, stroke=0.4),
    "grey on darker": replace(PLAIN, ground=0.6, stroke=0.2, white_on_black=True),
    "uneven light 0.4": replace(PLAIN, slope=0.4, scale=2),
    "uneven light 0.7": replace(PLAIN, slope=0.7, scale=2),
}


def sample(
    style: Style, images: NDArray[Any], answers: NDArray[Any], rng: np.random.Generator
) -> tuple[Image.Image, str, list[Box]]:
    """Draw one strip of random digits of images (n, 28, 28) with answers (n,): picture, text, boxes."""
    which = rng.integers(len(images), size=rng.integers(style.digits[0], style.digits[1] + 1))
    picture, boxes = draw([images[k] for k in which], style, rng)
    if style.extra.get("page"):
        around = int(rng.integers(3, 30))
        page = Image.new("L", (picture.width + 2 * around, picture.height + 2 * around), 255)
        page.paste(picture, (around, around))
        picture = page
        boxes = [(a + around, b + around, c + around, d + around) for a, b, c, d in boxes]
    return picture, "".join(str(int(answers[k])) for k in which), boxes


def score(read: Any, style: Style, images: NDArray[Any], answers: NDArray[Any], strips: int) -> tuple[float, ...]:
    """Share of strips read right, of strips with the right number of digits, and of digits read right, in [0, 1].

    read: image -> text. Digits of a strip with another number of them are matched as well as they can be.
    """
    from difflib import SequenceMatcher

    rng = np.random.default_rng(1)
    right = counted = found = total = 0
    for _ in range(strips):
        picture, text, _boxes = sample(style, images, answers, rng)
        try:
            got = read(picture)
        except ValueError:
            got = ""
        right += got == text
        counted += len(got) == len(text)
        total += len(text)
        if len(got) == len(text):
            found += sum(a == b for a, b in zip(got, text, strict=True))
        else:
            found += sum(block.size for block in SequenceMatcher(None, got, text, False).get_matching_blocks())
    return right / strips, counted / strips, found / total


def main(arguments: list[str]) -> None:
    """Print a line for each category."""
    from learn.data import load_mnist
    from learn.model import load
    from learn.reader import default_reader
    from learn.strip import read

    strips = int(arguments[0]) if arguments else 200
    layers = load(arguments[1]).layers if len(arguments) > 1 else default_reader()
    test = load_mnist().test
    images = test.images.reshape(-1, 28, 28)
    print(f"single test images right: {layers.accuracy(test.images, test.labels):.2%}")
    print(f"{'category':24s} {'strips':>7s} {'count':>7s} {'digits':>7s}")
    for name, style in CATEGORIES.items():
        shares = score(lambda picture: read(picture, layers).text, style, images, test.labels, strips)
        print(f"{name:24s} " + " ".join(f"{share:7.1%}" for share in shares), flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
