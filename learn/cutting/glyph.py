"""Prepare the image of one digit as the data sets were made: (28, 28) as MNIST, (8, 8) as scikit-learn's digits."""

from __future__ import annotations

import numpy as np

from learn.cutting.arrays import STROKE, Grey


def as_mnist(digit: Grey) -> Grey:
    """Prepare one digit as MNIST was: digit (h, w) in [0, 1], ink 1, no margin -> (28, 28).

    The longer side becomes 20 pixels, aspect kept, with antialiasing, and the whole is moved by whole pixels so that
    the centre of mass is in the centre of the field (LeCun, Cortes and Burges, the MNIST page). In their files that
    is between 14 and 15 pixels from the upper and left edge, so it is here: half a pixel off costs 0.5% of accuracy.
    A stroke too thin for that size is thickened first, since MNIST has none.

    >>> import numpy as np
    >>> rows, columns = np.nonzero(as_mnist(np.ones((40, 10), np.float32)))
    >>> int(rows.min()), int(rows.max()), int(columns.min()), int(columns.max())
    (4, 23, 12, 16)
    """
    from PIL import Image
    from scipy import ndimage

    side = max(digit.shape)
    strokes = np.pad(digit > STROKE, 1)
    outline = int((strokes[1:] != strokes[:-1]).sum() + (strokes[:, 1:] != strokes[:, :-1]).sum())
    stroke = 2 * float(strokes.sum()) / max(1, outline) * 1.25  # an outline of pixels is about 1.25 times too long
    more = round(0.5 * (0.08 * side - stroke))
    if more > 0:
        y, x = np.mgrid[-more : more + 1, -more : more + 1]
        digit = ndimage.grey_dilation(np.pad(digit, more), footprint=y * y + x * x <= (more + 0.5) ** 2)
        side = max(digit.shape)
    if side != 20:
        height, width = (max(1, round(extent * 20 / side)) for extent in digit.shape)
        smooth = Image.Resampling.BICUBIC if side < 20 else Image.Resampling.BOX
        digit = np.clip(np.asarray(Image.fromarray(digit).resize((width, height), smooth), np.float32), 0, 1)
    field = np.zeros((60, 60), np.float32)
    corner = []
    for axis, extent in enumerate(digit.shape):
        mass = digit.sum(1 - axis, dtype=np.float64)
        centre = float((mass * (np.arange(extent) + 0.5)).sum()) / max(float(mass.sum()), 1e-6)
        corner.append(int(np.ceil(30 - centre - 1e-6)))
    field[corner[0] : corner[0] + digit.shape[0], corner[1] : corner[1] + digit.shape[1]] = digit
    return field[16:44, 16:44].copy()


def eight_by_eight(image: Grey) -> Grey:
    """Reduce a glyph (28, 28) to (8, 8) in [0, 1] as scikit-learn's digits were: a 32 x 32 bitmap, counted in 4 x 4s.

    >>> import numpy as np
    >>> field = np.zeros((28, 28), np.float32); field[4:24, 9:19] = 1
    >>> eight_by_eight(field).shape, float(eight_by_eight(field).max())
    ((8, 8), 1.0)
    """
    from PIL import Image

    rows, columns = np.flatnonzero((image > 0.2).any(1)), np.flatnonzero((image > 0.2).any(0))
    if rows.size == 0:
        return np.zeros((8, 8), np.float32)
    top, bottom, left, right = rows[0], rows[-1] + 1, columns[0], columns[-1] + 1
    side = max(bottom - top, right - left) / 2
    middle, centre = (top + bottom) / 2 + 28, (left + right) / 2 + 28
    around = (centre - side, middle - side, centre + side, middle + side)
    bitmap = Image.fromarray(np.pad(image, 28)).resize((32, 32), Image.Resampling.BILINEAR, around)
    counts = (np.asarray(bitmap) > 0.5).reshape(8, 4, 8, 4).sum((1, 3))
    reduced: Grey = (counts / 16).astype(np.float32)
    return reduced
