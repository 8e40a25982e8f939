"""Turn grey into ink (h, w), 1 stroke and 0 ground: whichever is dark, in uneven light, through noise."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from learn.cutting.arrays import Grey, Mask


def find_ink(grey: Grey) -> tuple[Grey, float]:
    """Ink in [0, 1] and the level under which it is noise; all 0 where nothing stands out of the ground."""
    from scipy import ndimage

    nothing = np.zeros_like(grey)
    noise = _noise(grey)
    if noise > 0.02:
        sigma = float(np.clip(0.006 * grey.shape[0], 0.7, 2.0))
        grey = ndimage.gaussian_filter(grey, sigma)
        noise = noise / (3.5 * sigma)
    level, clarity = _otsu(grey)
    flat = grey - _ground(grey)
    flat_level, flat_clarity = _otsu(flat)
    if flat_clarity > clarity + 0.01:  # uneven light: keep the correction only where it separates better
        grey, level = flat, flat_level
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


def _ground(grey: Grey) -> Grey:
    """The light of the ground over the image: a quadratic surface that most pixels lie near."""
    height, width = grey.shape
    y, x = np.meshgrid(np.linspace(-1, 1, height), np.linspace(-1, 1, width), indexing="ij", sparse=True)

    def terms(y: NDArray[Any], x: NDArray[Any]) -> list[NDArray[Any]]:
        return [np.ones_like(y * x), y + 0 * x, x + 0 * y, y * x, y * y + 0 * x, x * x + 0 * y]

    step = max(1, int(np.sqrt(grey.size / 20000)))
    few = np.stack([term.ravel() for term in terms(y[::step], x[:, ::step])], 1)
    values = grey[::step, ::step].ravel()
    weights = np.ones(len(values))
    surface: NDArray[Any] = np.zeros(6)
    for _ in range(15):
        surface = np.linalg.lstsq(few * weights[:, None], values * weights, rcond=None)[0]
        off = np.abs(values - few @ surface)
        weights = 1 / (1 + (off / max(1e-3, float(np.median(off)))) ** 2)
    result: Grey = np.zeros(grey.shape, np.float32)
    for share, term in zip(surface, terms(y, x), strict=True):
        result += share * term
    return result


def _strokes_are(dark: Mask) -> bool:
    """Whether the dark pixels are the strokes: the smaller part of the image, or the thinner where that is unclear."""
    from scipy import ndimage

    share = float(dark.mean())
    if not 0.35 < share < 0.65:
        return share < 0.5
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
