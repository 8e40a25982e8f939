"""Crop a digit made of some pieces: its own ink with its soft edges, and nothing of its neighbours."""

from __future__ import annotations

import numpy as np

from learn.cutting.arrays import Box, Grey, Labels, Mask, around
from learn.cutting.glyph import as_mnist


def owners(ink: Grey, gone: Mask, pieces: Labels, height: float, floor: float) -> Labels:
    """Give each pixel of ink, soft edges too, to the piece it is nearest to; 0 where that is an erased frame."""
    from scipy import ndimage

    seeds = np.where((pieces == 0) & gone, -1, pieces)
    away, (row, column) = ndimage.distance_transform_edt(seeds == 0, return_indices=True)
    owner: Labels = seeds[row, column]
    owner[(ink < floor) | (away > max(1.5, 0.08 * height)) | (owner < 0)] = 0
    return owner


def picture_of(ink: Grey, owner: Labels, run: list[int], boxes: list[Box], height: float) -> tuple[Box, Grey]:
    """Box and (28, 28) picture of the digit made of some pieces."""
    left, top, right, bottom = around(boxes)
    edge = int(np.ceil(0.08 * height)) + 2
    left, top = max(0, left - edge), max(0, top - edge)
    here = np.s_[top : bottom + edge, left : right + edge]
    wanted = np.zeros(int(owner.max()) + 1, np.bool_)
    wanted[run] = True
    own = wanted[owner[here]]
    rows, columns = np.flatnonzero(own.any(1)), np.flatnonzero(own.any(0))
    inner = np.s_[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    digit = np.where(own, ink[here], 0)[inner]
    x, y = left + int(columns[0]), top + int(rows[0])
    return (x, y, x + digit.shape[1], y + digit.shape[0]), as_mnist(digit)
