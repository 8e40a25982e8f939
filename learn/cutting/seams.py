"""Cut a part that may hold two digits from top to bottom, through as little ink as can be."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from learn.cutting.arrays import Mask

# What a seam costs; chosen on strips of MNIST digits (tests/learn/strips.py). Lengths are in heights of a digit.
CUT = 0.7  # for a cut between digits,
CROSS = 2.0  # and times the ink that it crosses,
NARROW = 5.0  # and times what its part lacks to a width of 1.1: a narrower part is hardly two digits
MOST = 0.7  # the longest way through ink that a cut may take


def find_seams(part: Mask, height: float) -> list[tuple[NDArray[np.int32], float]]:
    """Cuts of a part from top to bottom through little ink, left to right: (column of each row, cost).

    A seam moves at most one column a row, starts near a given column and pays for the ink it crosses.
    """
    rows, columns = part.shape
    band = max(2, int(0.12 * height))
    starts = np.arange(int(0.1 * height), columns - int(0.1 * height) + 1, max(1, int(0.06 * height)))
    if starts.size == 0:
        return []
    seams = _cheapest(part, starts, band)
    crossing = part[np.arange(rows), np.clip(seams, 0, columns - 1)].sum(1) / height
    found = [(seam, float(crossed)) for seam, crossed in zip(seams, crossing, strict=True)]
    found.sort(key=lambda item: item[1])
    kept: list[tuple[NDArray[np.int32], float]] = []
    for seam, crossed in found:
        if crossed < MOST and all(np.abs(seam - other).mean() > 0.08 * height for other, _ in kept):
            kept.append((seam, CUT + CROSS * crossed + NARROW * max(0.0, 1.1 - columns / height)))
        if len(kept) >= 6 * columns / height:
            break
    kept.sort(key=lambda item: float(item[0].mean()))
    return kept


def _cheapest(part: Mask, starts: NDArray[np.intp], band: int) -> NDArray[np.int32]:
    """The cheapest seam (column of each row) near each start, at most `band` columns from it: (starts, rows)."""
    rows, columns = part.shape
    offset = np.arange(-band, band + 1)
    column = starts[:, None] + offset
    outside = (column < 0) | (column >= columns)
    column = np.clip(column, 0, columns - 1)
    lean = np.where(outside, np.inf, 0.02 * np.abs(offset) / band)
    total = np.full((len(starts), len(offset) + 2), np.inf)  # with an edge that no seam can cross
    inner = total[:, 1:-1]
    inner[...] = part[0][column] + lean
    steps = np.zeros((rows, *column.shape), np.int8)
    for y in range(1, rows):
        left, right = total[:, :-2] + 0.05, total[:, 2:] + 0.05
        step = -(left <= inner).astype(np.int8)
        least = np.minimum(left, inner)
        np.copyto(step, 1, where=right < least)
        steps[y] = step
        inner[...] = np.minimum(least, right) + (part[y][column] + lean)
    x = inner.argmin(1)
    each = np.arange(len(starts))
    seams = np.zeros((len(starts), rows), np.int32)
    for y in range(rows - 1, -1, -1):
        seams[:, y] = starts - band + x
        x += steps[y, each, x]
    return seams
