"""Draw photos of handwritten digits on paper, as a camera would see them: for tests and measurements."""

from __future__ import annotations

import io
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from scipy import ndimage
from strips import ink_of

Grey = NDArray[np.float32]
Colour = tuple[float, float, float]
SEEN = Image.Transform.PERSPECTIVE
BLACK, BLUE, RED, PENCIL = (0.1, 0.1, 0.12), (0.12, 0.18, 0.5), (0.65, 0.12, 0.12), (0.42, 0.42, 0.42)
CHALK = (0.92, 0.92, 0.92)
PAPER, YELLOW, BOARD, RULES = (0.93, 0.92, 0.88), (0.93, 0.86, 0.55), (0.13, 0.22, 0.17), (0.62, 0.72, 0.85)


@dataclass(frozen=True)
class Photo:
    """How to take a photo of a row of digits; lengths are in heights of a digit, where nothing else is said.

    height: of a digit, in pixels. gap: between the ink of neighbours. margin: paper around the row.
    pen: the level of grey at which a stroke ends, 0.5 as in MNIST, less for a thicker pen.
    turn: degrees, at most; where `fixed`, exactly. view: how far a corner of the page moves, as a share of its side.
    light, radial, shadow, vignette: how much of the light is lost at the darkest end. noise: standard deviation.
    lines: None, 'ruled', 'grid', 'frame', 'cells' or 'underline'; rule: their thickness; inside: from digit to line.
    desk: grey around a page, or None.
    """

    digits: tuple[int, int] = (3, 7)
    height: float = 60
    gap: tuple[float, float] = (0.12, 0.4)
    margin: float = 0.7
    pen: float = 0.5
    turn: float = 0
    fixed: bool = False
    view: float = 0
    light: float = 0
    radial: float = 0
    shadow: float = 0
    vignette: float = 0
    noise: float = 0.015
    texture: float = 0.01
    blur: float = 0.01
    jpeg: int = 90
    ink: Colour = BLACK
    paper: Colour = PAPER
    rule_ink: Colour = RULES
    lines: str | None = None
    rule: float = 0.04
    inside: float = 0.2
    desk: float | None = None
    rows: int = 1


def take(digits: list[list[NDArray[Any]]], photo: Photo, rng: np.random.Generator) -> Image.Image:
    """Take a photo of rows of digits, each (28, 28) in [0, 1]."""
    ink, rules = _page(digits, photo, rng)
    ink, rules, page = _seen(ink, rules, photo, rng)
    cover = np.stack([ink, rules, page], 0)
    blur = photo.blur * photo.height
    if blur > 0.3:
        cover = ndimage.gaussian_filter(cover, (0, blur, blur))
    ink, rules, page = cover[:, :, :, None]
    shape = ink.shape[:2]
    paper = np.array(photo.paper, np.float32) * (1 + _mottle(shape, photo, rng)[:, :, None])
    desk = np.full(3, 0.3 if photo.desk is None else photo.desk, np.float32)
    colour = desk * (1 - page) + paper * page
    colour = colour * (1 - rules) + np.array(photo.rule_ink, np.float32) * rules
    colour = colour * (1 - ink) + np.array(photo.ink, np.float32) * ink
    colour = colour * _light(shape, photo, rng)[:, :, None]
    colour += rng.normal(0, photo.noise, colour.shape).astype(np.float32)
    picture = Image.fromarray(np.uint8(np.clip(colour, 0, 1) * 255 + 0.5))
    if photo.jpeg:
        file = io.BytesIO()
        picture.save(file, "JPEG", quality=photo.jpeg)
        picture = Image.open(file)
        picture.load()
    return picture


def _page(rows: list[list[NDArray[Any]]], photo: Photo, rng: np.random.Generator) -> tuple[Grey, Grey]:
    scale = photo.height / 20
    tall = photo.height
    margin = photo.margin * tall + (photo.inside * tall if photo.lines in ("frame", "cells", "underline") else 0)
    places = []
    y0 = margin
    widest = 0.0
    for row in rows:
        x = margin
        for digit in row:
            small = ink_of(digit)
            size = max(1, round(small.shape[1] * scale)), max(1, round(small.shape[0] * scale))
            padded = np.pad(small, 2)
            big = Image.fromarray(padded).resize(
                (round(padded.shape[1] * scale), round(padded.shape[0] * scale)), Image.Resampling.BICUBIC
            )
            grown = np.clip(
                (np.asarray(big) - photo.pen) * max(0.5 / min(photo.pen, 1 - photo.pen), 0.35 * scale) + 0.5, 0, 1
            )
            m = round(2 * scale)
            y = y0 + (tall - size[1]) / 2 + rng.uniform(-0.07, 0.07) * tall
            places.append((round(x) - m, round(y) - m, grown))
            x += size[0] + rng.uniform(*photo.gap) * tall
        widest = max(widest, x)
        y0 += 1.5 * tall
    width, height = int(widest + margin), int(y0 - 0.5 * tall + margin)
    ink = np.zeros((height, width), np.float32)
    rules = np.zeros_like(ink)
    boxes = []
    for x, y, grown in places:
        a, b = max(0, y), max(0, x)
        here = ink[a : y + grown.shape[0], b : x + grown.shape[1]]
        np.maximum(here, grown[a - y :, b - x :][: here.shape[0], : here.shape[1]], out=here)
        boxes.append((x, y, x + grown.shape[1], y + grown.shape[0]))
    thick = max(1, round(photo.rule * tall))
    if photo.lines in ("ruled", "grid"):
        step = (1.5 if photo.lines == "ruled" else 0.5) * tall
        at = (margin + 1.02 * tall) % step
        while at < height:
            rules[int(at) : int(at) + thick] = 1
            at += step
    if photo.lines == "grid":
        at = rng.uniform(0, 0.5) * tall
        while at < width:
            rules[:, int(at) : int(at) + thick] = 1
            at += 0.5 * tall
    if photo.lines in ("frame", "cells"):
        away = round(photo.inside * tall)
        top, bottom = round(margin - away), round(height - margin + away)
        left = round(margin - away)
        right = min(width - 1, max(b[2] for b in boxes) - round(2 * scale) + away)
        rules[top : top + thick, left:right] = 1
        rules[bottom - thick : bottom, left:right] = 1
        rules[top:bottom, left : left + thick] = 1
        rules[top:bottom, right - thick : right] = 1
        if photo.lines == "cells":
            for one, two in pairwise(boxes):
                middle = (one[2] + two[0]) // 2
                rules[top:bottom, middle : middle + thick] = 1
    if photo.lines == "underline":
        at = round(height - margin + photo.inside * tall)
        rules[at : at + thick, round(margin / 2) : round(width - margin / 2)] = 1
    return ink, rules


def _seen(ink: Grey, rules: Grey, photo: Photo, rng: np.random.Generator) -> list[Grey]:
    """Turn and see in perspective: the camera sees a part of the page, or the page on a desk."""
    angle = np.deg2rad(photo.turn * (rng.choice([-1, 1]) if photo.fixed else rng.uniform(-1, 1)))
    height, width = ink.shape
    layers = [ink, rules, np.ones_like(ink)]
    if photo.turn == 0 and photo.view == 0 and photo.desk is None:
        return layers
    corners = np.array([(-1, -1), (1, -1), (1, 1), (-1, 1)]) * np.array([width, height]) / 2
    corners = corners + rng.uniform(-1, 1, (4, 2)) * photo.view * min(width, height) * np.array([2.0, 1.0])
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    target = corners @ turn.T
    low, high = target.min(0), target.max(0)
    if photo.desk is not None:
        low, high = low - 0.5 * photo.height, high + 0.5 * photo.height
    target = target - low
    size = int(np.ceil(high[0] - low[0])), int(np.ceil(high[1] - low[1]))
    source = np.array([(0, 0), (width, 0), (width, height), (0, height)], float)
    rows, values = [], []
    for (x, y), (u, v) in zip(target, source, strict=True):
        rows += [[x, y, 1, 0, 0, 0, -u * x, -u * y], [0, 0, 0, x, y, 1, -v * x, -v * y]]
        values += [u, v]
    how = np.linalg.solve(np.array(rows), np.array(values))
    pad = 0
    result = []
    for number, layer in enumerate(layers):
        if number == 2 and photo.desk is None:
            result.append(np.ones((size[1], size[0]), np.float32))
            continue
        if number == 1 and photo.desk is None:  # rules go on beyond the page
            pad = int(0.6 * max(width, height))
            far = np.pad(layer, pad, mode="edge" if photo.lines == "ruled" else "constant")
            shift = np.array([[1, 0, pad], [0, 1, pad], [0, 0, 1]]) @ np.append(how, 1).reshape(3, 3)
            shift = shift / shift[2, 2]
            image = Image.fromarray(far).transform(size, SEEN, shift.ravel()[:8], Image.Resampling.BILINEAR)
        else:
            image = Image.fromarray(layer).transform(size, SEEN, how, Image.Resampling.BILINEAR)
        result.append(np.asarray(image))
    return result


def _mottle(shape: tuple[int, ...], photo: Photo, rng: np.random.Generator) -> Grey:
    spots = [max(2, int(side / photo.height * 4)) for side in shape]
    few = rng.normal(0, 1, spots).astype(np.float32)
    return photo.texture * np.asarray(Image.fromarray(few).resize((shape[1], shape[0]), Image.Resampling.BICUBIC))


def _light(shape: tuple[int, ...], photo: Photo, rng: np.random.Generator) -> Grey:
    height, width = shape
    y = np.linspace(-1, 1, height, dtype=np.float32)[:, None]
    x = np.linspace(-1, 1, width, dtype=np.float32)[None]
    light = np.ones(shape, np.float32)
    angle = rng.uniform(0, 2 * np.pi)
    if photo.light:
        along = np.cos(angle) * x + np.sin(angle) * y
        light *= 1 - photo.light * (along - along.min()) / np.ptp(along)
    if photo.radial:
        cy, cx = rng.uniform(-1, 1, 2)
        away = np.hypot(y - cy, x - cx)
        light *= 1 - photo.radial * np.clip(away / 1.6, 0, 1)
    if photo.shadow:
        ratio = width / height
        angle = rng.uniform(0, 2 * np.pi)
        along = np.cos(angle) * x * ratio + np.sin(angle) * y + rng.uniform(-0.5, 0.5) * ratio * abs(np.cos(angle))
        soft = rng.uniform(0.05, 0.3)
        light *= 1 - photo.shadow * (0.5 + 0.5 * np.tanh(along / soft))
    if photo.vignette:
        light *= 1 - photo.vignette * np.clip((x * x + y * y) / 2, 0, 1) ** 1.5
    return light


P = Photo()
CONDITIONS = {
    "plain": P,
    "one digit": replace(P, digits=(1, 1)),
    "close (0.03)": replace(P, gap=(0.03, 0.1)),
    "touching": replace(P, gap=(-0.05, 0.0)),
    "tiny (18 px)": replace(P, height=18),
    "small (30 px)": replace(P, height=30),
    "large (300 px)": replace(P, height=300),
    "huge (800 px)": replace(P, height=800, digits=(2, 4)),
    "wide margin (far away)": replace(P, margin=4, height=40),
    "linear light 0.5": replace(P, light=0.5),
    "linear light 0.8": replace(P, light=0.8),
    "radial light 0.7": replace(P, radial=0.7),
    "shadow 0.4": replace(P, shadow=0.4),
    "shadow 0.6": replace(P, shadow=0.6),
    "vignette 0.6": replace(P, vignette=0.6, margin=0.4),
    "light and shadow, margin": replace(P, light=0.5, shadow=0.4, margin=1.5),
    "noise 0.06": replace(P, noise=0.06),
    "noise 0.12": replace(P, noise=0.12),
    "blur 0.06": replace(P, blur=0.06),
    "turn 5": replace(P, turn=5, fixed=True),
    "turn 10": replace(P, turn=10, fixed=True),
    "turn 10, one digit": replace(P, turn=10, fixed=True, digits=(1, 1)),
    "turn 8, long (10-14)": replace(P, turn=8, fixed=True, digits=(10, 14)),
    "perspective": replace(P, view=0.12, turn=4),
    "ruled pale": replace(P, lines="ruled", margin=1.2),
    "ruled dark": replace(P, lines="ruled", margin=1.2, rule_ink=(0.3, 0.3, 0.4)),
    "ruled dark, turn 6": replace(P, lines="ruled", margin=1.2, rule_ink=(0.3, 0.3, 0.4), turn=6, fixed=True),
    "grid pale": replace(P, lines="grid", margin=1.0, rule=0.025),
    "grid dark": replace(P, lines="grid", margin=1.0, rule=0.025, rule_ink=(0.4, 0.45, 0.55)),
    "frame": replace(P, lines="frame", rule_ink=BLACK),
    "frame touched, turn 6": replace(P, lines="frame", rule_ink=BLACK, inside=0.0, turn=6, fixed=True),
    "frame, turn 10": replace(P, lines="frame", rule_ink=BLACK, turn=10, fixed=True),
    "frame, perspective": replace(P, lines="frame", rule_ink=BLACK, view=0.12, turn=4),
    "cells, turn 3": replace(P, lines="cells", rule_ink=BLACK, gap=(0.3, 0.5), turn=3),
    "underline, turn 6": replace(P, lines="underline", rule_ink=BLACK, turn=6, fixed=True),
    "underline touched": replace(P, lines="underline", rule_ink=BLACK, inside=0.0, turn=2),
    "blue on yellow": replace(P, ink=BLUE, paper=YELLOW),
    "red ink": replace(P, ink=RED),
    "pencil, light 0.5": replace(P, ink=PENCIL, light=0.5, noise=0.03),
    "chalk on board": replace(P, ink=CHALK, paper=BOARD, texture=0.04),
    "chalk, shadow 0.5": replace(P, ink=CHALK, paper=BOARD, shadow=0.5, texture=0.04),
    "chalk, turn 8, light 0.5": replace(P, ink=CHALK, paper=BOARD, light=0.5, turn=8, fixed=True),
    "thin pen": replace(P, pen=0.8),
    "thick pen": replace(P, pen=0.2),
    "jpeg 20": replace(P, jpeg=20),
    "page on dark desk, turn 5": replace(P, desk=0.3, turn=5, margin=1.0),
    "page on grey desk": replace(P, desk=0.55, turn=5, margin=1.0, shadow=0.3),
    "two rows, turn 5": replace(P, rows=2, turn=5, fixed=True, digits=(4, 6)),
    "three rows, shadow": replace(P, rows=3, turn=2, shadow=0.4, digits=(4, 6)),
    "all at once": replace(
        P, light=0.4, shadow=0.3, noise=0.04, blur=0.03, turn=6, view=0.06, jpeg=50, ink=BLUE, height=90
    ),
    "all, ruled": replace(
        P,
        light=0.4,
        shadow=0.3,
        noise=0.03,
        blur=0.02,
        turn=5,
        view=0.05,
        jpeg=60,
        ink=BLUE,
        height=90,
        lines="ruled",
        margin=1.2,
    ),
    "phone (digit 200 px of 12 MP)": replace(
        P, height=200, margin=6, light=0.4, vignette=0.3, turn=5, digits=(5, 7), noise=0.03
    ),
}


def sample(
    photo: Photo, images: NDArray[Any], answers: NDArray[Any], rng: np.random.Generator
) -> tuple[Image.Image, str]:
    """A photo of random digits of images (n, 28, 28) with answers (n,), and its text."""
    rows, text = [], []
    for _ in range(photo.rows):
        which = rng.integers(len(images), size=rng.integers(photo.digits[0], photo.digits[1] + 1))
        rows.append([images[k] for k in which])
        text.append("".join(str(int(answers[k])) for k in which))
    return take(rows, photo, rng), "\n".join(text)
