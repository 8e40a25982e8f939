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
    found = []
    for start in range(int(0.1 * height), columns - int(0.1 * height) + 1, max(1, int(0.06 * height))):
        low, high = max(0, start - band), min(columns, start + band + 1)
        price = part[:, low:high] + 0.02 * np.abs(np.arange(low, high) - start) / band
        total = price[0].copy()
        steps = np.zeros(price.shape, np.int8)
        for y in range(1, rows):
            padded = np.pad(total, 1, constant_values=np.inf)
            options = np.stack([padded[:-2] + 0.05, padded[1:-1], padded[2:] + 0.05])
            steps[y] = options.argmin(0) - 1
            total = options.min(0) + price[y]
        x = int(total.argmin())
        seam = np.zeros(rows, np.int32)
        for y in range(rows - 1, -1, -1):
            seam[y] = low + x
            x += int(steps[y, x])
        crossed = float(part[np.arange(rows), np.clip(seam, 0, columns - 1)].sum()) / height
        found.append((seam, crossed))
    found.sort(key=lambda item: item[1])
    kept: list[tuple[NDArray[np.int32], float]] = []
    for seam, crossed in found:
        if crossed < MOST and all(np.abs(seam - other).mean() > 0.08 * height for other, _ in kept):
            kept.append((seam, CUT + CROSS * crossed + NARROW * max(0.0, 1.1 - columns / height)))
        if len(kept) >= 6 * columns / height:
            break
    kept.sort(key=lambda item: float(item[0].mean()))
    return kept
