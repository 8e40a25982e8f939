"""Read an image of several handwritten digits: cut it into single digits and ask a network for each.

The chapter's first step, "breaking an image containing many digits into a sequence of separate images":

    image --ink--> strokes --level, frames--> no frame --parts--> pieces --choose--> glyphs --layers--> "504192"

Each arrow but the last is a module of `learn.cutting`. `ink` finds the ground and the strokes, whichever is dark;
`level` turns them until long lines are level, and `frames` erases drawn frames and lines; a part is a connected
stroke, and strokes that may hold two digits are also cut along the cheapest seams from top to bottom. `choose` then
joins neighbouring pieces into digits: of all the ways it takes the cheapest, where a piece that the network reads with
confidence costs little, and cutting through ink or joining across a gap costs something.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from learn.cutting.arrays import STROKE, Box, Grey, Labels, Mask
from learn.cutting.choose import choose
from learn.cutting.frames import clear
from learn.cutting.glyph import as_mnist, eight_by_eight
from learn.cutting.image import as_grey, read_image
from learn.cutting.ink import find_ink, reduce
from learn.cutting.level import find_turn, turned, turned_back
from learn.cutting.network import Network, activations_of, check_sizes
from learn.cutting.parts import find_lines, find_parts
from learn.errors import StripError
from learn.whole import write_whole

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
    "save_digits",
]

WORKING_HEIGHT = 64  # digits taller than twice this are reduced before they are cut: shape needs no more
SEEN = 8  # the least height of digits that a small copy of an image shows well enough to be measured


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
    """What `read` found: the digits in reading order, and `text`, one line of it for each line of digits.

    pictures: of each digit what the network was asked, (28, 28) float32 in [0, 1]; it does not count when two readings
    are compared.
    """

    text: str
    digits: list[Digit]
    pictures: list[Grey] = field(default_factory=list, compare=False, repr=False)


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
    found = _find(grey)
    if found.height == 0:
        raise empty
    step = max(1, round(found.height / WORKING_HEIGHT)) if found.height > 2 * WORKING_HEIGHT else 1
    if step > 1:
        ink, gone = reduce(found.ink, step), reduce(found.gone.astype(np.float32), step) > 0.25
        labels, height = find_parts(ink > STROKE)
        found = found._replace(ink=ink, gone=gone, labels=labels, height=height, step=step * found.step)
        if height == 0:
            raise empty
    ink, gone, labels, height, floor, step, turn, extent = found
    glyphs = []
    for number, members in enumerate(find_lines(labels, height)):
        for box, picture in choose(ink, gone, labels, members, height, floor, layers):
            left, top, right, bottom = (step * edge for edge in box)
            box = (left, top, min(right, grey.shape[1]), min(bottom, grey.shape[0]))
            if turn:
                box = turned_back((left, top, right, bottom), turn, extent, grey.shape)
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
    return Reading("\n".join(lines), digits, [glyph.image for glyph in glyphs])


def save_digits(reading: Reading, folder: str | os.PathLike[str], scale: int = 4) -> list[Path]:
    """Save what the network saw of each digit as a PNG, white ink on black, each pixel `scale` wide; the new paths.

    A network of 64 inputs sees these pictures reduced to 8 x 8. The files are named in reading order by what was read:
    `01-reads-5.png`. The folder is made where it is not there yet; its own folder has to be there.

    Raises FileExistsError where the folder holds a file of such a name, and then writes nothing, and OSError where
    the folder cannot be written.

    >>> import tempfile
    >>> reading = Reading("5", [Digit(5, 0.9, (0, 0, 9, 20))], [np.zeros((28, 28), np.float32)])
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     [path.name for path in save_digits(reading, folder)]
    ['01-reads-5.png']
    """
    from PIL import Image

    width = max(2, len(str(len(reading.digits))))
    where = Path(folder)
    paths = [where / f"{number:0{width}}-reads-{d.digit}.png" for number, d in enumerate(reading.digits, 1)]
    for path in paths:
        if path.exists():
            raise FileExistsError(f"'{path}' is there already; name a new folder or an empty one")
    where.mkdir(exist_ok=True)
    for path, picture in zip(paths, reading.pictures, strict=True):
        pixels = np.uint8(np.clip(picture, 0, 1) * 255 + 0.5)
        try:
            with write_whole(path) as file:
                Image.fromarray(np.kron(pixels, np.ones((scale, scale), np.uint8))).save(file, "PNG")
        except OSError as error:
            raise OSError(error.errno, error.strerror, str(path)) from None
    return paths


class _Strokes(NamedTuple):
    """What is found before digits are: ink, erased lines, labelled parts, the height of a digit (0 for no digit)."""

    ink: Grey
    gone: Mask
    labels: Labels
    height: float
    floor: float
    step: int  # pixels of the image for one of these
    turn: float  # degrees that the ink was turned clockwise,
    extent: tuple[int, int]  # to this height and width, in pixels of the image


def _find(grey: Grey) -> _Strokes:
    """The strokes of an image; of a large one first in a small copy, whose digits tell how small a copy will do."""
    step = max(1, grey.shape[0] // (6 * WORKING_HEIGHT))
    found = _strokes(grey, step)
    if step > 1 and found.height < WORKING_HEIGHT / 2:
        step = max(1, int(step * found.height / WORKING_HEIGHT)) if found.height >= SEEN else 1
        found = _strokes(grey, step)
    return found


def _strokes(grey: Grey, step: int) -> _Strokes:
    """The strokes of a copy of the image reduced by `step`."""
    if step > 1:
        grey = reduce(grey, step)
    ink, floor = find_ink(grey)
    extent = step * ink.shape[0], step * ink.shape[1]
    if not ink.any():
        return _Strokes(ink, ink > 1, np.zeros(ink.shape, np.int32), 0.0, floor, step, 0.0, extent)
    turn = find_turn(ink)
    if turn:
        ink = turned(ink, turn)
        extent = step * ink.shape[0], step * ink.shape[1]
    ink, gone = clear(ink)
    labels, height = find_parts(ink > STROKE)
    return _Strokes(ink, gone, labels, height, floor, step, turn, extent)
