"""Find the straight lines along the four sides of a part: what a frame, an underline or a ruled line is made of."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from learn.cutting.arrays import Mask


class Side(NamedTuple):
    """One side of a part: how thick a straight line runs along it, 0 for none, and the ink of that line.

    start: rows of the box outside the line, where digits cross it.
    """

    thickness: int
    ink: Mask
    start: int


def find_sides(part: Mask, most: int) -> list[Side]:
    """The top, bottom, left and right side of a part, none thicker than `most`."""
    top, bottom = _top(part, most), _top(part[::-1], most)
    bottom = bottom._replace(ink=bottom.ink[::-1])
    between = part & ~top.ink & ~bottom.ink  # a tilted frame is shorter at its ends than its box is high
    lines = top.ink | bottom.ink
    left, right = (_end(between[:, ::way], lines[:, ::way], most) for way in (1, -1))
    return [top, bottom, left, right._replace(ink=right.ink[:, ::-1])]


def _end(part: Mask, lines: Mask, most: int) -> Side:
    """The left side of a part between its ruled lines; none where these go on beyond it: that is a 1."""
    ink = np.zeros_like(part)
    rows = np.flatnonzero(part[:, : max(1, int(0.12 * part.shape[1]))].any(1))
    if rows.size == 0 or rows.size < 0.8 * part.shape[0] - 0.08 * part.shape[1]:
        return Side(0, ink, 0)
    here = np.s_[rows[0] : rows[-1] + 1]
    side = _top(part[here].T, most)
    ink[here] = side.ink.T
    if side.start >= 2 and lines[:, : side.start - 1].any():
        return Side(0, np.zeros_like(part), 0)
    return side._replace(ink=ink)


def _top(part: Mask, most: int) -> Side:
    """The top side: the uppermost rows, level or a little tilted, that are ink from end to end.

    A digit that touches the line from inside keeps what is under it; one that crosses it stays whole.
    """
    height, width = part.shape
    none = Side(0, np.zeros_like(part), 0)
    first = part.argmax(0)
    third = max(1, width // 3)
    tilt = float(np.median(first[-third:]) - np.median(first[:third])) / max(1, width - third)
    best, level, shift = 0.0, part, np.zeros(width, np.intp)
    slopes = {0.0}
    if abs(tilt) * width >= 1 and abs(tilt) < 0.08:
        slopes |= {tilt + off / width for off in (-2, -1, 0, 1, 2)}
    for slope in sorted(slopes, key=abs):
        moved = np.rint(slope * (np.arange(width) - width / 2)).astype(np.intp)
        rows = np.arange(height)[:, None] + moved
        here = np.take_along_axis(part, np.clip(rows, 0, height - 1), 0) & (rows >= 0) & (rows < height)
        sharp = float((here[: max(3, int(0.3 * height))].mean(1) ** 4).sum())
        if sharp > best + 1e-9:
            best, level, shift = sharp, here, moved
    full = level.mean(1) >= 0.85
    start = int(full.argmax())
    if not full[start] or start > max(2, 0.15 * height):
        return none
    stop = start + min(most, int(np.append(full[start:], False).argmin()))
    band = np.zeros_like(part)
    band[start:stop] = True
    beyond = level[max(0, start - 2) : max(0, start - 1)].any(0) & level[min(height - 1, stop)]
    if beyond.mean() < 0.5:
        band &= ~beyond
    after = np.append(level, np.zeros((2, width), np.bool_), 0)
    band[stop : stop + 1] |= ~after[stop + 1] & ~beyond  # the soft edge of the line, where nothing goes on
    band[max(0, start - 1) : start] |= ~beyond
    rows = np.arange(height)[:, None] - shift
    back = np.take_along_axis(band, np.clip(rows, 0, height - 1), 0) & (rows >= 0) & (rows < height)
    return Side(stop - start, part & back, start)
