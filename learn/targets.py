"""From labels to the outputs that a perfect network would give."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, DTypeLike

from learn.arrays import Array
from learn.errors import DataError


def targets(labels: ArrayLike, outputs: int, dtype: DTypeLike = np.float32) -> Array:
    """The desired outputs y(x): (n,) labels -> (n, outputs) of 0 and 1.

    With several outputs, a 1 in the place of the label, as the book writes y(x) = (0, 0, 0, 0, 0, 0, 1, 0, 0,
    0) for a 6. With one output, the label itself, which must be 0 or 1.

    Raises DataError for labels that are not whole numbers from 0 to outputs - 1 (or 0 to 1 for one output).

    >>> targets([2, 0], outputs=3)
    array([[0., 0., 1.],
           [1., 0., 0.]], dtype=float32)
    >>> targets([1, 0], outputs=1)
    array([[1.],
           [0.]], dtype=float32)
    """
    array = np.asarray(labels)
    if array.ndim != 1 or (array.size and array.dtype.kind not in "iub"):
        raise DataError(f"labels of shape {array.shape} and type {array.dtype}; give one whole number per image")
    highest = max(outputs - 1, 1)
    wrong = np.flatnonzero((array < 0) | (array > highest))
    if wrong.size:
        raise DataError(
            f"label {array[wrong[0]]} of image {wrong[0]} does not fit {outputs} output(s), which know the "
            f"labels 0 to {highest}; change the labels or the last layer's size"
        )
    if outputs == 1:
        return array.astype(dtype).reshape(-1, 1)
    result: Array = np.zeros((len(array), outputs), dtype=dtype)
    result[np.arange(len(array)), array.astype(np.int64)] = 1
    return result
