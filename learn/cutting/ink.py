"""Turn grey into ink (h, w), 1 stroke and 0 ground: whichever is dark, in uneven light, through noise."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from learn.cutting.arrays import Grey, Mask
from learn.cutting.page import without_table

# When the ground is made even; chosen on photos of MNIST training digits (tests/learn/photos.py).
GAIN = 0.01  # for so much more clarity;
LEAN = 0.045  # even for so much less, by the ground nearby: a shadow can divide an image as clearly as strokes do;
CRISP = 0.95  # but not where an image is as clear as this: shadows are not, panels and thick frames are,
DRAWN = 0.35  # nor where so much of it is of one colour: it is drawn, and has no shadows


def find_ink(grey: Grey) -> tuple[Grey, float]:
    """Ink in [0, 1] and the level under which it is noise; all 0 where nothing stands out of the ground."""
    from scipy import ndimage

    nothing = np.zeros_like(grey)
    drawn = np.histogram(grey, 256, (0, 1))[0].max() >= DRAWN * grey.size
    noise = _noise(grey)
    if noise > 0.02:
        sigma = float(np.clip(0.006 * grey.shape[0], 0.7, 2.0))
        grey = ndimage.gaussian_filter(grey, sigma)
        noise = noise / (3.5 * sigma)
    even = grey
    level, clarity = _otsu(grey)
    paper = without_table(grey, level)
    if paper is not grey:
        even = grey = paper
        level, clarity = _otsu(grey)
    lead, grain = GAIN if drawn or clarity >= CRISP else -LEAN, noise
    share = 1 / (float(np.median(grey)) + 0.02)  # what noise grows by where grey is a share of the ground
    for flat, more, grown in ((grey - _ground(grey), GAIN, 1.0), (_beside_ground(grey), lead, share)):
        flat_level, flat_clarity = _otsu(flat)
        if flat_clarity > clarity + more:  # uneven light: keep the correction only where it separates better
            even, level, clarity, noise = flat, flat_level, flat_clarity, grain * grown
    grey = even
    dark = grey < level
    if not dark.any() or dark.all():
        return nothing, 0.0
    contrast = float(grey[~dark].mean() - grey[dark].mean())
    if contrast < max(0.03, 3 * noise):
        return nothing, 0.0
    strokes = dark if _strokes_are(dark) else ~dark
    ground = float(np.median(grey[~strokes]))
    sign = 1.0 if ground > level else -1.0
    depth = sign * (ground - grey)
    full = float(np.quantile(depth[strokes], 0.75))
    ink = np.clip(depth / full, 0, 1).astype(np.float32)
    floor = float(np.clip(4 * noise / full, 0.12, 0.35))
    return ink, floor


def _noise(grey: Grey) -> float:
    """Standard deviation of the noise, from second differences: strokes and slopes leave it alone."""
    if min(grey.shape) < 3:
        return 0.0
    rows = grey[2:] - 2 * grey[1:-1] + grey[:-2]
    both = rows[:, 2:] - 2 * rows[:, 1:-1] + rows[:, :-2]
    return float(np.median(np.abs(both))) / (0.6745 * 6)


def _otsu(grey: Grey) -> tuple[float, float]:
    """The level that separates dark from light best, and how well: the share in [0, 1] of variance between the two."""
    low, high = float(grey.min()), float(grey.max())
    if high - low < 1e-6:
        return low, 0.0
    counts, edges = np.histogram(grey, 256, (low, high))
    middles = (edges[1:] + edges[:-1]) / 2
    below = np.cumsum(counts)[:-1]
    above = grey.size - below
    sums = np.cumsum(counts * middles)
    total = float(sums[-1])
    means = sums[:-1] / np.maximum(below, 1), (total - sums[:-1]) / np.maximum(above, 1)
    between = below * above * (means[1] - means[0]) ** 2 / grey.size**2
    best = np.flatnonzero(between >= between.max() * (1 - 1e-9))
    variance = float(np.sum(counts * (middles - total / grey.size) ** 2) / grey.size)
    return float((edges[best[0] + 1] + edges[best[-1] + 1]) / 2), float(between.max()) / max(variance, 1e-12)


def _beside_ground(grey: Grey) -> Grey:
    """Grey as a share of the ground nearby: strokes filled in from around, which follows the edge of a shadow or page.

    Dark strokes are filled in by a closing, light ones by an opening; strokes are what a smaller window fills in. A
    share, since a stroke in a shadow is darker than its ground by as much less as the ground is darker.
    """
    from scipy import ndimage

    step = max(1, round(max(grey.shape) / 900))
    small = reduce(grey, step)
    half = max(1, round(max(small.shape) / 450))
    log = np.log(reduce(small, half) + 0.05)
    sizes = [3]
    while sizes[-1] < min(log.shape) / 4:
        sizes.append(round(1.4 * sizes[-1]) | 1)
    fills = ndimage.grey_closing, ndimage.grey_opening
    filled = np.array([[((fill(log, (w, w), mode="nearest") - log) ** 2).mean() for w in sizes] for fill in fills])
    most = filled.max(1)
    dark, light = ((row >= 0.5 * most.min()).argmax() for row in filled)
    kind = int(light < dark or (light == dark and filled[1, light] > filled[0, dark]))
    enough = sizes[int((filled[kind] >= 0.6 * most[kind]).argmax())]
    size = half * min(sizes[-1], 3 * enough) | 1
    ground = fills[kind](small, (size, size), mode="nearest")
    if step > 1:
        ground = zoomed(ground, step, grey.shape)
    share: Grey = (grey + 0.02) / (ground + 0.02)
    return share


def zoomed(small: Grey, step: int, shape: tuple[int, ...]) -> Grey:
    """A reduced image made large again: each pixel of it `step` wide, with smooth steps between, cut to (h, w)."""
    from PIL import Image

    size = small.shape[1] * step, small.shape[0] * step
    large: Grey = np.asarray(Image.fromarray(small).resize(size, Image.Resampling.BILINEAR))
    return large[: shape[0], : shape[1]]


def _ground(grey: Grey) -> Grey:
    """The light of the ground over the image: a quadratic surface that most pixels lie near."""
    y, x = (np.linspace(-1, 1, side, dtype=np.float32) for side in grey.shape)
    y = y[:, None]
    step = max(1, int(np.sqrt(grey.size / 20000)))
    values = grey[::step, ::step].ravel()
    up, along = (side.ravel() for side in np.broadcast_arrays(y[::step], x[::step]))
    few = np.stack([np.ones_like(up), up, along, up * along, up * up, along * along], 1)
    weights = np.ones(len(values))
    surface: NDArray[Any] = np.zeros(6)
    for _ in range(15):
        heavy = few * weights[:, None]
        surface = np.linalg.solve(heavy.T @ heavy + 1e-9 * np.eye(6), heavy.T @ (values * weights))
        off = np.abs(values - few @ surface)
        weights = 1 / (1 + (off / max(1e-3, float(np.median(off)))) ** 2)
    one, up_, along_, both, up_2, along_2 = surface.astype(np.float32)
    result: Grey = (one + up_ * y + up_2 * y * y) + (along_ + both * y + along_2 * x) * x
    return result


def _strokes_are(dark: Mask) -> bool:
    """Whether the dark pixels are the strokes: the smaller part of the image, or the thinner where that is unclear."""
    from scipy import ndimage

    share = float(dark.mean())
    if not 0.35 < share < 0.65:
        return share < 0.5
    step = max(1, round(max(dark.shape) / 900))
    dark = dark[::step, ::step]
    width = [
        float(np.quantile(ndimage.distance_transform_edt(np.pad(part, 1))[1:-1, 1:-1][part], 0.9))
        for part in (dark, ~dark)
    ]
    return width[0] <= width[1]


def reduce(ink: Grey, step: int) -> Grey:
    """The means of squares of `step` x `step` pixels; the last ones reach over the edge, which goes on as it is."""
    height, width = (-(-side // step) * step for side in ink.shape)
    padded = np.pad(ink, ((0, height - ink.shape[0]), (0, width - ink.shape[1])), mode="edge")
    mean: Grey = padded.reshape(height // step, step, width // step, step).mean((1, 3))
    return mean
