"""Find a light page on a dark table, and leave out the table."""

from __future__ import annotations

import numpy as np

from learn.cutting.arrays import Grey


def without_table(grey: Grey, level: float) -> Grey:
    """Grey with the colour of the page in place of a dark table around it; the same array where there is no table.

    level: what is darker is table or stroke. A page is the largest light part: with its holes filled it is its convex
    hull, which is a quarter to nine tenths of the image and hardly at its edge. A frame that digits
    touch is no table, and a light frame is no page.
    """
    from scipy import ndimage, spatial

    step = max(1, round(max(grey.shape) / 300))
    small = grey[::step, ::step]
    labels, count = ndimage.label(small >= level)
    if count == 0 or min(small.shape) < 20:
        return grey
    page = labels == 1 + int(np.bincount(labels.ravel())[1:].argmax())
    points = np.argwhere(page ^ ndimage.binary_erosion(page))
    if len(points) < 50 or np.ptp(points, 0).min() < 10 or not 0.2 * page.size < page.sum() < 0.9 * page.size:
        return grey
    hull = spatial.ConvexHull(points)
    area = hull.volume
    if page.sum() < 0.6 * area or ndimage.binary_fill_holes(page).sum() < 0.98 * area:
        return grey
    if not 0.25 * page.size < area < 0.9 * page.size:
        return grey
    edge = np.concatenate([page[0], page[-1], page[:, 0], page[:, -1]])
    if edge.mean() > 0.05 or (small < level)[~page].sum() < 0.05 * page.size:
        return grey
    y = np.arange(grey.shape[0], dtype=np.float32)[:, None] / step
    x = np.arange(grey.shape[1], dtype=np.float32)[None] / step
    inside = np.ones(grey.shape, np.bool_)
    for b, a, c in hull.equations.astype(np.float32):
        inside &= b * y + a * x + c <= -2
    return np.where(inside, grey, np.float32(np.median(small[page])))
