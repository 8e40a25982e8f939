"""Reading images between their pixels, compiled: what `learn.expand` does for many images. Importing it loads Numba."""

from __future__ import annotations

from typing import Any

import numba
import numpy as np

_F = np.float32


@numba.njit(nogil=True, cache=True, error_model="numpy")
def _pixel(image: Any, row: Any, column: Any) -> Any:
    """The pixel, or 0 outside the image."""
    if 0 <= row < image.shape[0] and 0 <= column < image.shape[1]:
        return image[row, column]
    return image.dtype.type(0)


@numba.njit(nogil=True, cache=True, error_model="numpy")
def sample(images: Any, matrices: Any, moves: Any, out: Any) -> Any:
    """Read each image (n, rows, columns) at its own places, into `out` of the same shape."""
    n, rows, columns = images.shape
    middle_y, middle_x = _F((rows - 1) / 2), _F((columns - 1) / 2)
    bent = moves.shape[2] > 0
    for i in range(n):
        image, m = images[i], matrices[i]
        for row in range(rows):
            for column in range(columns):
                y, x = _F(row) - middle_y, _F(column) - middle_x
                down = m[0, 0] * y + m[0, 1] * x + m[0, 2] + middle_y
                right = m[1, 0] * y + m[1, 1] * x + m[1, 2] + middle_x
                if bent:
                    down += moves[i, 0, row, column]
                    right += moves[i, 1, row, column]
                if not (-1 < down < rows and -1 < right < columns):
                    out[i, row, column] = 0
                    continue
                top, left = int(np.floor(down)), int(np.floor(right))
                low, side = down - _F(top), right - _F(left)
                upper = _pixel(image, top, left) * (_F(1) - side) + _pixel(image, top, left + 1) * side
                lower = _pixel(image, top + 1, left) * (_F(1) - side) + _pixel(image, top + 1, left + 1) * side
                out[i, row, column] = upper * (_F(1) - low) + lower * low
