"""Turn ink until its long straight lines are level: a frame, an underline or ruled paper that was seen at an angle."""

from __future__ import annotations

import numpy as np

from learn.cutting.arrays import STROKE, Box, Grey

MOST = 12.0  # degrees
LENGTH = 0.4  # the least length of a line, as a share of the width of the ink,
LONGER = 1.1  # and in heights of the ink, where that is less than 0.8 of its width: no bar of a 7


def find_turn(ink: Grey) -> float:
    """The degrees by which the longest straight line rises to the right, within 12; 0 where there is no such line.

    Each stroke pixel votes, for each angle, for the line through it: a drawn line collects in one, digits do not.

    >>> import numpy as np
    >>> ink = np.zeros((60, 200), np.float32)
    >>> ink[40 - np.arange(200) // 10, np.arange(200)] = 1
    >>> round(find_turn(ink))
    6
    """
    step = max(1, round(max(ink.shape) / 500))
    rows, columns = np.nonzero(ink[::step, ::step] > STROKE)
    if rows.size == 0:
        return 0.0
    wide, tall = int(np.ptp(columns)) + 1, int(np.ptp(rows)) + 1
    angles = np.arange(-MOST, MOST + 0.25, 0.25)
    columns = columns - columns.min()
    longest = np.zeros(len(angles))
    for index, slope in enumerate(np.tan(np.deg2rad(angles))):
        line = np.rint(rows + slope * columns).astype(np.int64)
        longest[index] = np.bincount(line - line.min()).max()
    best = int(longest.argmax())
    level = longest[np.abs(angles) <= 0.25].max()
    least = max(LENGTH * wide, min(LONGER * tall, 0.8 * wide))
    if longest[best] < least or longest[best] < 1.3 * level:
        return 0.0
    line = np.rint(rows + np.tan(np.deg2rad(angles[best])) * columns).astype(np.int64)
    on = np.unique(columns[line == np.bincount(line - line.min()).argmax() + line.min()])
    pieces = np.split(on, np.flatnonzero(np.diff(on) > 5) + 1)
    if max(len(piece) for piece in pieces) < 0.8 * longest[best]:
        return 0.0  # strokes of several digits in a row
    top = angles[longest >= 0.97 * longest[best]]
    return float(top[np.abs(top - angles[best]) <= 1].mean())


def turned(ink: Grey, degrees: float) -> Grey:
    """The ink turned clockwise, on a field large enough to hold all of it.

    >>> import numpy as np
    >>> turned(np.ones((10, 20), np.float32), 10).shape
    (14, 22)
    """
    from PIL import Image

    height, width = ink.shape
    cos, sin = np.cos(np.deg2rad(degrees)), abs(np.sin(np.deg2rad(degrees)))
    size = int(np.ceil(width * cos + height * sin)), int(np.ceil(width * sin + height * cos))
    sin = np.sin(np.deg2rad(degrees))
    x, y = width / 2 - cos * size[0] / 2 - sin * size[1] / 2, height / 2 + sin * size[0] / 2 - cos * size[1] / 2
    how = cos, sin, x, -sin, cos, y
    picture = Image.fromarray(ink).transform(size, Image.Transform.AFFINE, how, Image.Resampling.BILINEAR)
    result: Grey = np.asarray(picture).copy()
    return result


def turned_back(box: Box, degrees: float, now: tuple[int, ...], before: tuple[int, ...]) -> Box:
    """The box, in the image before it was turned, around a box in the turned one; now, before: their (h, w).

    >>> turned_back((5, 5, 7, 7), 0.0, (10, 20), (10, 20))
    (5, 5, 7, 7)
    """
    cos, sin = np.cos(np.deg2rad(degrees)), np.sin(np.deg2rad(degrees))
    x = np.array([box[0], box[2], box[0], box[2]]) - now[1] / 2
    y = np.array([box[1], box[1], box[3], box[3]]) - now[0] / 2
    x, y = cos * x + sin * y + before[1] / 2, -sin * x + cos * y + before[0] / 2
    left, right = np.clip([x.min(), x.max()], 0, before[1])
    top, bottom = np.clip([y.min(), y.max()], 0, before[0])
    return int(left), int(top), int(np.ceil(right)), int(np.ceil(bottom))
