"""What every step of cutting shares: the kinds of arrays, the level of a stroke, boxes and sizes."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Grey = NDArray[np.float32]
Mask = NDArray[np.bool_]
Labels = NDArray[np.int32]
Box = tuple[int, int, int, int]

STROKE = 0.4  # ink above this belongs to a stroke; below, down to the noise, to the soft edge of one


def size(place: tuple[slice, ...]) -> tuple[int, int]:
    """Height and width of a place, the slices that `scipy.ndimage.find_objects` gives."""
    return place[0].stop - place[0].start, place[1].stop - place[1].start


def tallest(strokes: Mask) -> int:
    """The height of the tallest connected stroke, 0 where there is none."""
    from scipy import ndimage

    labels, _count = ndimage.label(strokes, np.ones((3, 3)))
    return max((size(place)[0] for place in ndimage.find_objects(labels)), default=0)


def places_of(labels: Labels) -> dict[int, Box]:
    """The box of each label that is there."""
    from scipy import ndimage

    return {
        number: (place[1].start, place[0].start, place[1].stop, place[0].stop)
        for number, place in enumerate(ndimage.find_objects(labels), 1)
        if place is not None
    }


def around(boxes: list[Box]) -> Box:
    """The smallest box around some boxes."""
    lefts, tops, rights, bottoms = zip(*boxes, strict=True)
    return min(lefts), min(tops), max(rights), max(bottoms)
