"""Read an image of several handwritten digits: cut it into single digits and ask a network for each.

The chapter's first step, "breaking an image containing many digits into a sequence of separate images":

    image --ink--> strokes --frames--> no frame --parts--> pieces --choose--> glyphs (28, 28) --layers--> "504192"

Each arrow but the last is a module of `learn.cutting`. `ink` finds the ground and the strokes, whichever is dark;
`frames` erases drawn frames and lines; a part is a connected stroke, and strokes that may hold two digits are also cut
along the cheapest seams from top to bottom. `choose` then joins neighbouring pieces into digits: of all the ways it
takes the cheapest, where a piece that the network reads with confidence costs little, and cutting through ink or
joining across a gap costs something.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from learn.cutting.arrays import STROKE, Box, Grey, Labels, Mask
from learn.cutting.choose import choose
from learn.cutting.frames import clear
from learn.cutting.glyph import as_mnist, eight_by_eight
from learn.cutting.image import as_grey, read_image
from learn.cutting.ink import find_ink, reduce
from learn.cutting.network import Network, activations_of, check_sizes
from learn.cutting.parts import find_lines, find_parts
from learn.errors import StripError

if TYPE_CHECKING:
    from PIL.Image import Image

__all__ = [
    "Digit",
    "Glyph",
    "Network",
    "Reading",
    "StripError",
    "as_mnist",
    "cut",
    "eight_by_eight",
    "read",
    "read_image",
]

WORKING_HEIGHT = 64  # digits taller than twice this are reduced before they are cut: shape needs no more


@dataclass(frozen=True, eq=False)
class Glyph:
    """One digit cut out of an image.

    box: (left, top, right, bottom) in pixels of the image, right and bottom exclusive.
    image: (28, 28) float32 in [0, 1], ink 1 on ground 0, as MNIST was made: aspect kept, fitted to 20 x 20, the
    centre of mass in the middle of the field.
    line: 0 for the topmost line of digits, then 1, 2, ...
    """

    box: Box
    image: Grey
    line: int = 0


class Digit(NamedTuple):
    """One digit as the network read it: confidence is the activation of its output neuron, in [0, 1]."""

    digit: int
    confidence: float
    box: Box


@dataclass(frozen=True)
class Reading:
    """What `read` found: the digits in reading order, and `text`, one line of it for each line of digits."""

    text: str
    digits: list[Digit]


def cut(image: Image | NDArray[Any] | str | os.PathLike[str], layers: Network | None = None) -> list[Glyph]:
    """Cut an image of digits into glyphs, left to right; with several lines of digits, the top line first.

    image: a path, a PIL image, or an array (h, w), (h, w, 3) or (h, w, 4): whole numbers up to the maximum of their
    type, or floats in [0, 1] (floats above 1 count to 255). Dark strokes on a light ground or the reverse, of any size.
    layers: where given, digits that touch are cut where this network reads both sides best; without it, by shape alone.

    Raises StripError if the image cannot be read or holds no digits.

    >>> import numpy as np
    >>> page = np.ones((40, 60))
    >>> page[8:32, 10:14] = 0; page[8:32, 30:34] = 0
    >>> [glyph.box for glyph in cut(page)]
    [(10, 8, 14, 32), (30, 8, 34, 32)]
    >>> cut(page)[0].image.shape
    (28, 28)
    """
    what = f"'{os.fspath(image)}'" if isinstance(image, str | os.PathLike) else "the image"
    empty = StripError(f"no digits found in {what}, expected dark strokes on a light ground or the reverse")
    grey = as_grey(image)
    coarse = grey.shape[0] // (6 * WORKING_HEIGHT)  # of a large image a small copy first: digits are mostly large, too
    found = _strokes(reduce(grey, coarse), coarse) if coarse > 1 else None
    if found is None or found.height < WORKING_HEIGHT / 2:
        found = _strokes(grey, 1)
    if found.height == 0:
        raise empty
    step = max(1, round(found.height / WORKING_HEIGHT)) if found.height > 2 * WORKING_HEIGHT else 1
    if step > 1:
        ink, gone = reduce(found.ink, step), reduce(found.gone.astype(np.float32), step) > 0.25
        labels, height = find_parts(ink > STROKE)
        found = _Strokes(ink, gone, labels, height, found.floor, step * found.step)
        if height == 0:
            raise empty
    ink, gone, labels, height, floor, step = found
    glyphs = []
    for number, members in enumerate(find_lines(labels, height)):
        for box, picture in choose(ink, gone, labels, members, height, floor, layers):
            left, top, right, bottom = (step * edge for edge in box)
            box = (left, top, min(right, grey.shape[1]), min(bottom, grey.shape[0]))
            glyphs.append(Glyph(box, picture, number))
    if not glyphs:
        raise empty
    return glyphs


def read(image: Image | NDArray[Any] | str | os.PathLike[str], layers: Network) -> Reading:
    """Read the digits of an image with a network: `read('strip.png', layers).text` is for instance '504192'.

    image: as for `cut`. layers: a network of 784 inputs (28 x 28) or 64 inputs (8 x 8) and 10 outputs.

    Raises StripError if the image cannot be read or holds no digits, or the network has other sizes.

    >>> import numpy as np
    >>> class OnlyOnes:
    ...     sizes = (784, 10)
    ...     def forward(self, images):
    ...         return np.eye(10)[np.ones(len(images), int)]
    >>> page = np.ones((40, 60))
    >>> page[8:32, 10:14] = 0; page[8:32, 30:34] = 0
    >>> read(page, OnlyOnes()).text
    '11'
    """
    check_sizes(layers)
    glyphs = cut(image, layers)
    activations = activations_of(layers, np.stack([glyph.image for glyph in glyphs]))
    digits = [
        Digit(int(row.argmax()), float(row.max()), glyph.box) for row, glyph in zip(activations, glyphs, strict=True)
    ]
    lines: list[str] = [""] * (1 + max(glyph.line for glyph in glyphs))
    for digit, glyph in zip(digits, glyphs, strict=True):
        lines[glyph.line] += str(digit.digit)
    return Reading("\n".join(lines), digits)


class _Strokes(NamedTuple):
    """What is found before digits are: ink, erased lines, labelled parts, the height of a digit (0 for no digit)."""

    ink: Grey
    gone: Mask
    labels: Labels
    height: float
    floor: float
    step: int  # pixels of the image for one of these


def _strokes(grey: Grey, step: int) -> _Strokes:
    ink, floor = find_ink(grey)
    if not ink.any():
        return _Strokes(ink, ink > 1, np.zeros(ink.shape, np.int32), 0.0, floor, step)
    ink, gone = clear(ink)
    labels, height = find_parts(ink > STROKE)
    return _Strokes(ink, gone, labels, height, floor, step)
