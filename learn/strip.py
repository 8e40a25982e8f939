"""Read an image of several handwritten digits: cut it into single digits and ask a network for each.

The chapter's first step, "breaking an image containing many digits into a sequence of separate images":

    image --ink--> strokes --clear--> no frame --parts--> pieces --choose--> glyphs (28, 28) --layers--> "504192"

`ink` finds the ground and the strokes, whichever is dark; `clear` erases drawn frames and lines; a part is a connected
stroke, and strokes that may hold two digits are also cut along the cheapest seams from top to bottom. `choose` then
joins neighbouring pieces into digits: of all the ways it takes the cheapest, where a piece that the network reads with
confidence costs little, and cutting through ink or joining across a gap costs something.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from learn.errors import LearnError

if TYPE_CHECKING:
    from PIL.Image import Image

Grey = NDArray[np.float32]
Mask = NDArray[np.bool_]
Labels = NDArray[np.int32]
Box = tuple[int, int, int, int]

STROKE = 0.4  # ink above this belongs to a stroke; below, down to the noise, to the soft edge of one
WORKING_HEIGHT = 64  # digits taller than twice this are reduced before they are cut: shape needs no more


# What a reading costs; chosen on strips of MNIST digits (tests/learn/strips.py). Lengths are in heights of a digit.
DOUBT = 1.2  # times -log(confidence) of each digit,
LEAST = 0.01  # where a lower confidence counts as this one: an odd digit is not yet two
WIDE = 5.0  # times the width of a digit above 1.05
CUT = 0.7  # for a cut between digits,
CROSS = 2.0  # and times the ink that it crosses,
NARROW = 5.0  # and times what its part lacks to a width of 1.1: a narrower part is hardly two digits
MOST = 0.7  # the longest way through ink that a cut may take


class StripError(LearnError):
    """An image that cannot be read, or in which no digit is found."""


class Network(Protocol):
    """What `read` asks of a network: `learn.layers.Layers` has it."""

    @property
    def sizes(self) -> Sequence[int]:
        """Neurons of each layer, inputs first."""
        ...

    def forward(self, images: NDArray[Any]) -> NDArray[Any]:
        """Activations (n, 10) of the images (n, inputs)."""
        ...


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


# ---------------------------------------------------------------------------------------------- the two verbs


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
    grey = _grey(image)
    coarse = grey.shape[0] // (6 * WORKING_HEIGHT)  # of a large image a small copy first: digits are mostly large, too
    found = _strokes(_reduce(grey, coarse), coarse) if coarse > 1 else None
    if found is None or found.height < WORKING_HEIGHT / 2:
        found = _strokes(grey, 1)
    if found.height == 0:
        raise empty
    step = max(1, round(found.height / WORKING_HEIGHT)) if found.height > 2 * WORKING_HEIGHT else 1
    if step > 1:
        ink, gone = _reduce(found.ink, step), _reduce(found.gone.astype(np.float32), step) > 0.25
        labels, height = _parts(ink > STROKE)
        found = _Strokes(ink, gone, labels, height, found.floor, step * found.step)
        if height == 0:
            raise empty
    ink, gone, labels, height, floor, step = found
    glyphs = []
    for number, members in enumerate(_lines(labels, height)):
        for box, picture in _choose(ink, gone, labels, members, height, floor, layers):
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
    _check_sizes(layers)
    glyphs = cut(image, layers)
    activations = _activations(layers, np.stack([glyph.image for glyph in glyphs]))
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
    ink, floor = _ink(grey)
    if not ink.any():
        return _Strokes(ink, ink > 1, np.zeros(ink.shape, np.int32), 0.0, floor, step)
    ink, gone = _clear(ink)
    labels, height = _parts(ink > STROKE)
    return _Strokes(ink, gone, labels, height, floor, step)


def _check_sizes(layers: Network) -> None:
    inputs, outputs = layers.sizes[0], layers.sizes[-1]
    if inputs not in (784, 64) or outputs != 10:
        raise StripError(
            f"a network of {inputs} inputs and {outputs} outputs cannot read digits; "
            "give it 784 inputs (28 x 28) or 64 (8 x 8), and 10 outputs"
        )


def _activations(layers: Network, images: Grey) -> NDArray[np.float64]:
    """Activations (n, 10) of glyph images (n, 28, 28), reduced first where the network sees 8 x 8."""
    if layers.sizes[0] == 64:
        images = np.stack([eight_by_eight(image) for image in images])
    return np.asarray(layers.forward(images.reshape(len(images), -1)), dtype=np.float64)


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


# ------------------------------------------------------------------------------- image file -> grey (h, w) in [0, 1]


def read_image(path: str | os.PathLike[str]) -> Grey:
    """Read an image file of any mode as grey (h, w) in [0, 1], upright, transparency on the ground that shows it.

    Raises StripError naming the file if it is missing or is not an image.
    """
    from PIL import Image

    try:
        with Image.open(Path(path)) as picture:
            return _from_picture(picture)
    except StripError:
        raise
    except FileNotFoundError:
        raise StripError(f"'{path}': no such file; give the path of an image, for instance a PNG") from None
    except Image.DecompressionBombError:
        raise StripError(f"'{path}': too large an image; scale it so that a digit is under 1000 pixels") from None
    except (OSError, ValueError, SyntaxError, EOFError) as error:
        raise StripError(f"'{path}': not an image that can be read ({error}); give a PNG or a JPEG") from None


def _from_picture(picture: Image) -> Grey:
    from PIL import ImageOps

    picture = ImageOps.exif_transpose(picture)
    if picture.mode.startswith(("I", "F")):
        return _from_array(np.asarray(picture))
    if picture.mode in ("LA", "PA", "La", "RGBa") or "transparency" in picture.info:
        picture = picture.convert("RGBA")
    if picture.mode != "RGBA":
        picture = picture.convert("RGB")
    return _from_array(np.asarray(picture))


def _from_array(array: NDArray[Any]) -> Grey:
    """Grey (h, w) in [0, 1] of an array of any numeric type, of 1, 3 or 4 channels."""
    if array.ndim not in (2, 3) or (array.ndim == 3 and array.shape[2] not in (1, 3, 4)) or array.size == 0:
        raise StripError(f"an array of shape {array.shape} is not an image; give (h, w), (h, w, 3) or (h, w, 4)")
    if array.dtype.kind not in "buif":
        raise StripError(f"an array of {array.dtype} is not an image; give whole numbers or floats")
    values = array.astype(np.float32)
    if not np.isfinite(values).all():
        raise StripError("the image holds a value that is not a finite number; give values in [0, 1] or 0 to 255")
    top = float(values.max())
    if array.dtype.kind == "f":
        scale = 1.0 if top <= 1 else max(255.0, top)
    elif array.dtype.kind == "b":
        scale = 1.0
    else:
        scale = float(min(np.iinfo(array.dtype).max, 255 if top <= 255 else max(65535, top)))
        if array.dtype.itemsize > 1 and top > 255:
            scale = top  # 12 or 16 bits in a wider type: the brightest is white
    values /= scale
    if values.ndim == 2:
        return values
    if values.shape[2] == 1:
        return values[:, :, 0]
    grey: Grey = values[:, :, :3] @ np.array([0.299, 0.587, 0.114], np.float32)
    if values.shape[2] == 4:
        alpha = values[:, :, 3]
        if alpha.min() < 0.99:  # dark strokes show on white paper, light ones on a blackboard
            seen = float((grey * alpha).sum() / max(float(alpha.sum()), 1e-6))
            grey = grey * alpha + (1 - alpha) * (1.0 if seen < 0.5 else 0.0)
    return grey


def _grey(image: Image | NDArray[Any] | str | os.PathLike[str]) -> Grey:
    if isinstance(image, str | os.PathLike):
        return read_image(image)
    if isinstance(image, np.ndarray):
        return _from_array(image)
    if hasattr(image, "getbands"):
        return _from_picture(image)
    raise StripError(f"a {type(image).__name__} is not an image; give a path, a PIL image or a NumPy array")


# ------------------------------------------------------------------------- grey -> ink (h, w): 1 stroke, 0 ground


def _ink(grey: Grey) -> tuple[Grey, float]:
    """Ink in [0, 1] and the level under which it is noise; all 0 where nothing stands out of the ground."""
    from scipy import ndimage

    nothing = np.zeros_like(grey)
    noise = _noise(grey)
    if noise > 0.02:
        sigma = float(np.clip(0.006 * grey.shape[0], 0.7, 2.0))
        grey = ndimage.gaussian_filter(grey, sigma)
        noise = noise / (3.5 * sigma)
    level, clarity = _otsu(grey)
    flat = grey - _ground(grey)
    flat_level, flat_clarity = _otsu(flat)
    if flat_clarity > clarity + 0.01:  # uneven light: keep the correction only where it separates better
        grey, level = flat, flat_level
    dark = grey < level
    if not dark.any() or dark.all():
        return nothing, 0.0
    contrast = float(grey[~dark].mean() - grey[dark].mean())
    if contrast < max(0.03, 3 * noise):
        return nothing, 0.0
    strokes = dark if _strokes_are(dark) else ~dark
    ground = float(np.median(grey[~strokes]))
    sign = 1.0 if ground > level else -1.0
    depth = sign * (ground - grey)
    full = float(np.quantile(depth[strokes], 0.75))
    ink = np.clip(depth / full, 0, 1).astype(np.float32)
    floor = float(np.clip(4 * noise / full, 0.12, 0.35))
    return ink, floor


def _noise(grey: Grey) -> float:
    """Standard deviation of the noise, from second differences: strokes and slopes leave it alone."""
    if min(grey.shape) < 3:
        return 0.0
    rows = grey[2:] - 2 * grey[1:-1] + grey[:-2]
    both = rows[:, 2:] - 2 * rows[:, 1:-1] + rows[:, :-2]
    return float(np.median(np.abs(both))) / (0.6745 * 6)


def _otsu(grey: Grey) -> tuple[float, float]:
    """The level that separates dark from light best, and how well: the share in [0, 1] of variance between the two."""
    low, high = float(grey.min()), float(grey.max())
    if high - low < 1e-6:
        return low, 0.0
    counts, edges = np.histogram(grey, 256, (low, high))
    middles = (edges[1:] + edges[:-1]) / 2
    below = np.cumsum(counts)[:-1]
    above = grey.size - below
    sums = np.cumsum(counts * middles)
    total = float(sums[-1])
    means = sums[:-1] / np.maximum(below, 1), (total - sums[:-1]) / np.maximum(above, 1)
    between = below * above * (means[1] - means[0]) ** 2 / grey.size**2
    best = np.flatnonzero(between >= between.max() * (1 - 1e-9))
    variance = float(np.sum(counts * (middles - total / grey.size) ** 2) / grey.size)
    return float((edges[best[0] + 1] + edges[best[-1] + 1]) / 2), float(between.max()) / max(variance, 1e-12)


def _ground(grey: Grey) -> Grey:
    """The light of the ground over the image: a quadratic surface that most pixels lie near."""
    height, width = grey.shape
    y, x = np.meshgrid(np.linspace(-1, 1, height), np.linspace(-1, 1, width), indexing="ij", sparse=True)

    def terms(y: NDArray[Any], x: NDArray[Any]) -> list[NDArray[Any]]:
        return [np.ones_like(y * x), y + 0 * x, x + 0 * y, y * x, y * y + 0 * x, x * x + 0 * y]

    step = max(1, int(np.sqrt(grey.size / 20000)))
    few = np.stack([term.ravel() for term in terms(y[::step], x[:, ::step])], 1)
    values = grey[::step, ::step].ravel()
    weights = np.ones(len(values))
    surface: NDArray[Any] = np.zeros(6)
    for _ in range(15):
        surface = np.linalg.lstsq(few * weights[:, None], values * weights, rcond=None)[0]
        off = np.abs(values - few @ surface)
        weights = 1 / (1 + (off / max(1e-3, float(np.median(off)))) ** 2)
    result: Grey = np.zeros(grey.shape, np.float32)
    for share, term in zip(surface, terms(y, x), strict=True):
        result += share * term
    return result


def _strokes_are(dark: Mask) -> bool:
    """Whether the dark pixels are the strokes: the smaller part of the image, or the thinner where that is unclear."""
    from scipy import ndimage

    share = float(dark.mean())
    if not 0.35 < share < 0.65:
        return share < 0.5
    width = [
        float(np.quantile(ndimage.distance_transform_edt(np.pad(part, 1))[1:-1, 1:-1][part], 0.9))
        for part in (dark, ~dark)
    ]
    return width[0] <= width[1]


def _reduce(ink: Grey, step: int) -> Grey:
    height, width = (-(-side // step) * step for side in ink.shape)
    padded = np.pad(ink, ((0, height - ink.shape[0]), (0, width - ink.shape[1])), mode="edge")
    mean: Grey = padded.reshape(height // step, step, width // step, step).mean((1, 3))
    return mean


# ----------------------------------------------------------------- frames, panels and ruled lines: found and erased


def _clear(ink: Grey) -> tuple[Grey, Mask]:
    """Erase drawn frames and turn panels (light digits on a dark plate) into ink on ground; and the mask of both."""
    from scipy import ndimage

    ink = ink.copy()
    gone = np.zeros(ink.shape, np.bool_)
    for _ in range(8):
        labels, _count = ndimage.label(ink > STROKE, np.ones((3, 3)))
        places = ndimage.find_objects(labels)
        largest = max((max(_size(place)) for place in places), default=0)
        changed = False
        for number, place in enumerate(places, 1):
            if max(_size(place)) >= max(8, largest / 8) and min(_size(place)) >= 5:
                changed |= _clear_part(ink[place], gone[place], labels[place] == number)
        if not changed:
            break
    return ink, gone


def _size(place: tuple[slice, ...]) -> tuple[int, int]:
    return place[0].stop - place[0].start, place[1].stop - place[1].start


class _Side(NamedTuple):
    """One side of a part: how thick a straight line runs along it, 0 for none, and the ink of that line.

    start: rows of the box outside the line, where digits cross it.
    """

    thickness: int
    ink: Mask
    start: int


def _sides(part: Mask, most: int) -> list[_Side]:
    """The top, bottom, left and right side of a part, none thicker than `most`."""
    top, bottom = _top(part, most), _top(part[::-1], most)
    bottom = bottom._replace(ink=bottom.ink[::-1])
    between = part & ~top.ink & ~bottom.ink  # a tilted frame is shorter at its ends than its box is high
    lines = top.ink | bottom.ink
    left, right = (_end(between[:, ::way], lines[:, ::way], most) for way in (1, -1))
    return [top, bottom, left, right._replace(ink=right.ink[:, ::-1])]


def _end(part: Mask, lines: Mask, most: int) -> _Side:
    """The left side of a part between its ruled lines; none where these go on beyond it: that is a 1."""
    ink = np.zeros_like(part)
    rows = np.flatnonzero(part[:, : max(1, int(0.12 * part.shape[1]))].any(1))
    if rows.size == 0 or rows.size < 0.8 * part.shape[0] - 0.08 * part.shape[1]:
        return _Side(0, ink, 0)
    here = np.s_[rows[0] : rows[-1] + 1]
    side = _top(part[here].T, most)
    ink[here] = side.ink.T
    if side.start >= 2 and lines[:, : side.start - 1].any():
        return _Side(0, np.zeros_like(part), 0)
    return side._replace(ink=ink)


def _top(part: Mask, most: int) -> _Side:
    """The top side: the uppermost rows, level or a little tilted, that are ink from end to end.

    A digit that touches the line from inside keeps what is under it; one that crosses it stays whole.
    """
    height, width = part.shape
    none = _Side(0, np.zeros_like(part), 0)
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
    return _Side(stop - start, part & back, start)


def _clear_part(ink: Grey, gone: Mask, part: Mask) -> bool:
    """Erase the frame or ruled lines of one part in its own box, in place; False if it has none."""
    height, width = part.shape
    if _is_panel(part):
        return _turn_panel(ink, gone)
    sides = _sides(part, max(part.shape))
    usual = int(np.ceil(np.median([side.thickness for side in sides])))
    if 0 < usual <= 0.15 * min(part.shape):  # a 1 that leans on one side of the frame is not a thicker side
        sides = _sides(part, usual + 1)
    thickness = [side.thickness for side in sides]
    closed = all(thickness)
    thin = [
        0 < t <= (0.9 if closed else 0.3) * extent
        for t, extent in zip(thickness, (height, height, width, width), strict=True)
    ]
    long = width >= 1.6 * height and (thin[0] or thin[1])
    if sum(thin) < 3 and not long:
        return False
    erased = np.zeros_like(part)
    for side, use in zip(sides, thin, strict=True):
        if use:
            erased |= side.ink
    if _tallest((ink > STROKE) & ~erased) < 0.3 * (height - thickness[0] - thickness[1]):
        return False  # nothing is left: it was a digit like a square 0
    if closed:
        erased |= _dividers(ink > STROKE, thickness)
    erased |= _slivers(part & ~erased, erased, max(1.0, 0.6 * usual))
    ink[erased] = 0
    gone |= erased
    return True


def _is_panel(part: Mask) -> bool:
    """Whether a part is a rectangle of ink with holes of another shape: strokes on a plate, not the room in a frame."""
    height, width = part.shape
    deep = 1 if min(part.shape) < 40 else 2
    ring = [part[deep], part[-1 - deep], part[:, deep], part[:, -1 - deep]]
    if min(height, width) < 8 or min(float(line.mean()) for line in ring) < 0.95 or part.mean() < 0.4:
        return False
    room = ~part[deep:-deep, deep:-deep]
    rows, columns = np.flatnonzero(room.any(1)), np.flatnonzero(room.any(0))
    if rows.size < 3 or columns.size < 3:
        return False
    room = room[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    edges = [room[:2], room[-2:], room[:, :2].T, room[:, -2:].T]
    along = float(np.mean([edge.mean(1).max() for edge in edges]))
    y, x = (max(1, extent // 16) for extent in room.shape)
    corners = [room[rows, columns].all() for rows in (np.s_[:y], np.s_[-y:]) for columns in (np.s_[:x], np.s_[-x:])]
    is_room = along + float(np.mean(corners)) > 1.1 and room.shape[1] >= 0.5 * room.shape[0]
    return not is_room or _tallest(~room) < 0.3 * room.shape[0]


def _turn_panel(ink: Grey, gone: Mask) -> bool:
    """Turn a panel into ink on ground, in place; False if nothing stands on it: a solid bar, perhaps a 1."""
    edge = np.zeros_like(gone)
    edge[[0, -1]] = True
    edge[:, [0, -1]] = True
    turned = np.where(edge, 0, 1 - ink)
    if _tallest(turned > STROKE) < 0.25 * ink.shape[0]:
        return False
    ink[...] = turned
    gone |= edge
    return True


def _tallest(strokes: Mask) -> int:
    from scipy import ndimage

    labels, _count = ndimage.label(strokes, np.ones((3, 3)))
    return max((_size(place)[0] for place in ndimage.find_objects(labels)), default=0)


def _dividers(strokes: Mask, thickness: list[int]) -> Mask:
    """The walls of cells: upright lines across the whole inside of a frame, as thick as it, a digit in each cell."""
    top, bottom, left, right = thickness
    none = np.zeros_like(strokes)
    inside = strokes[top + 1 : strokes.shape[0] - bottom - 1, left + 1 : strokes.shape[1] - right - 1]
    if inside.size == 0:
        return none
    cover = np.concatenate([[0.0], inside.mean(0), [0.0]])
    walls = []
    for start, stop in _runs(cover >= 0.99):
        beside = max(cover[max(0, start - 2)], cover[min(len(cover) - 1, stop + 1)])
        if stop - start <= 1.4 * max(thickness) + 0.5 and beside < 0.35:
            walls.append((start - 1, stop + 1))
    edges = [0, *(edge for wall in walls for edge in wall), len(cover)]
    digits = [
        len([run for run in _runs(cover[a:b] > 0) if run[1] - run[0] >= 3])
        for a, b in zip(edges[::2], edges[1::2], strict=True)
    ]
    if not walls or not 0 < sum(digits) <= 1.25 * len(digits) or (min(digits) == 0 and len(walls) < 3):
        return none  # ones among other digits
    erased = none.copy()
    for start, stop in walls:
        erased[:, start + left : stop + left] = True
    return erased & strokes


def _runs(flags: Mask) -> list[tuple[int, int]]:
    """The runs of True as (start, stop)."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], flags, [False]]).astype(np.int8)))
    return [(int(start), int(stop)) for start, stop in zip(edges[::2], edges[1::2], strict=True)]


def _slivers(rest: Mask, erased: Mask, near: float) -> Mask:
    """What an erased line leaves behind: parts that nowhere reach further than `near` from it."""
    from scipy import ndimage

    labels, count = ndimage.label(rest, np.ones((3, 3)))
    if count == 0:
        return rest
    away = ndimage.distance_transform_edt(~erased)
    reach = ndimage.maximum(away, labels, np.arange(count + 1))
    kept: Mask = np.asarray(reach) <= near
    kept[0] = False
    slivers: Mask = kept[labels]
    return slivers


# ---------------------------------------------------------------------------- strokes -> parts, lines, pieces


def _parts(strokes: Mask) -> tuple[Labels, float]:
    """Label the connected strokes, specks and ruled lines left out, and measure the height of a digit."""
    from scipy import ndimage

    labels, count = ndimage.label(strokes, np.ones((3, 3)))
    if count == 0:
        return labels, 0.0
    sizes = np.array([_size(place) for place in ndimage.find_objects(labels)])
    areas = np.bincount(labels.ravel(), minlength=count + 1)[1:]
    keep = sizes.max(1) >= 3
    height = 0.0
    for _ in range(3):
        if not keep.any():
            return labels, 0.0
        order = np.argsort(sizes[:, 0])
        weight = np.cumsum((areas * keep)[order])
        height = float(sizes[order[np.searchsorted(weight, weight[-1] / 2)], 0])
        speck = (sizes.max(1) < 0.15 * height) | (areas < 0.006 * height**2)
        flat = (sizes[:, 0] <= 0.2 * height) & (sizes[:, 1] >= 1.2 * height)
        line = (sizes[:, 0] >= 1.6 * height) & (sizes[:, 1] <= 0.15 * height)
        ruled = (sizes[:, 1] >= 8 * sizes[:, 0]) & (sizes[:, 1] >= 12)
        keep = (sizes.max(1) >= 3) & ~speck & ~flat & ~line & ~ruled
    if not keep.any():
        return labels, 0.0
    renumber = np.concatenate([[0], np.where(keep, np.cumsum(keep), 0)]).astype(np.int32)
    return renumber[labels], height


def _lines(labels: Labels, height: float) -> list[list[int]]:
    """The parts of each line of digits, top line first."""
    from scipy import ndimage

    places = ndimage.find_objects(labels)
    spans = {n: (p[0].start, p[0].stop, p[1].start, p[1].stop) for n, p in enumerate(places, 1)}
    tall = sorted((n for n in spans if spans[n][1] - spans[n][0] >= 0.5 * height), key=lambda n: spans[n][0])
    groups: list[list[int]] = []
    bottom = 0
    for n in tall:
        if groups and spans[n][0] < bottom - 0.2 * height:
            groups[-1].append(n)
            bottom = max(bottom, spans[n][1])
        else:
            groups.append([n])
            bottom = spans[n][1]

    def across(group: list[int]) -> tuple[int, int]:
        return min(spans[n][2] for n in group), max(spans[n][3] for n in group)

    joined: list[list[int]] = []
    for group in groups:  # digits at different heights that stand side by side are one line after all
        if joined:
            (left, right), (start, stop) = across(joined[-1]), across(group)
            gap = min(spans[n][0] for n in group) - max(spans[n][1] for n in joined[-1])
            alone = min(len(group), len(joined[-1])) == 1 and gap < 0.25 * height  # two parts of one digit
            if alone or min(right, stop) - max(left, start) < 0.3 * height:
                joined[-1] += group
                continue
        joined.append(group)
    if not joined:
        return [list(spans)]
    for n in set(spans) - set(tall):
        middle = (spans[n][0] + spans[n][1]) / 2
        nearest = min(
            joined,
            key=lambda group: min(
                max(spans[m][0] - middle, middle - spans[m][1], 0.0) + 0.01 * abs(spans[m][2] - spans[n][2])
                for m in group
            ),
        )
        nearest.append(n)
    return joined


def _choose(
    ink: Grey,
    gone: Mask,
    labels: Labels,
    members: list[int],
    height: float,
    floor: float,
    layers: Network | None,
) -> Iterator[tuple[Box, Grey]]:
    """The digits of one line, left to right, as box and picture: the cheapest way to join its pieces."""
    pieces, seam_cost = _pieces(labels, members, height)
    owner = _owners(ink, gone, pieces, height, floor)
    places = _places(pieces)
    numbers = sorted(places, key=lambda n: (places[n][0] + places[n][2]) / 2)
    spans, costs = [], []
    for first in range(len(numbers)):
        cost = 0.0
        for last in range(first, min(len(numbers), first + 12)):
            if last > first:
                cost += _join_cost(places, numbers[first : last + 1], seam_cost, height)
            run = numbers[first : last + 1]
            box = _around([places[n] for n in run])
            if last > first and (box[2] - box[0] > 1.7 * height or cost > 8):
                break
            spans.append((first, last + 1))
            costs.append(cost + _shape_cost(box, height, layers is None))
    found = [_picture(ink, owner, numbers[a:b], [places[n] for n in numbers[a:b]], height) for a, b in spans]
    if layers is not None:
        activations = np.sort(_activations(layers, np.stack([picture for _, picture in found])), 1)
        sure = np.clip(activations[:, -1] * (1 - activations[:, -2]), LEAST, 1)
        costs = [cost - DOUBT * float(np.log(s)) for cost, s in zip(costs, sure, strict=True)]
    best: list[tuple[float, int]] = [(0.0, -1)] + [(np.inf, -1)] * len(numbers)
    for index, (first, stop) in enumerate(spans):
        left = numbers[first - 1] if first else 0
        between = seam_cost.get((left, numbers[first]), 0.0) if first else 0.0
        total = best[first][0] + costs[index] + between
        if total < best[stop][0]:
            best[stop] = total, index
    chosen = []
    stop = len(numbers)
    while stop:
        chosen.append(best[stop][1])
        stop = spans[best[stop][1]][0]
    for index in reversed(chosen):
        yield found[index]


def _shape_cost(box: Box, height: float, shape_alone: bool) -> float:
    """What it costs to call a box one digit: nothing unless it is too wide, or small, or (by shape alone) a sliver."""
    wide, tall = (box[2] - box[0]) / height, (box[3] - box[1]) / height
    cost = WIDE * max(0.0, wide - 1.05) + 4 * max(0.0, 0.7 - max(wide, tall))
    if shape_alone:
        cost += 6 * max(0.0, wide - 1.0) + 4 * max(0.0, 0.25 - wide)
    return cost


def _join_cost(places: dict[int, Box], run: list[int], seam_cost: dict[tuple[int, int], float], height: float) -> float:
    """What it costs that the last piece of a run joins the others: nothing within one stroke, else by the gap."""
    last, before = run[-1], run[:-1]
    if (before[-1], last) in seam_cost:
        return 0.0
    box, rest = places[last], _around([places[n] for n in before])
    gap = box[0] - rest[2]
    both = min(box[3] - box[1], rest[3] - rest[1]) / height
    overlap = max(0, -gap) / max(1, min(box[2] - box[0], rest[2] - rest[0]))
    return max(0.0, 0.6 + 8 * max(0, gap) / height + 1.5 * max(0.0, both - 0.6) - 1.0 * overlap)


def _places(labels: Labels) -> dict[int, Box]:
    from scipy import ndimage

    return {
        number: (place[1].start, place[0].start, place[1].stop, place[0].stop)
        for number, place in enumerate(ndimage.find_objects(labels), 1)
        if place is not None
    }


def _around(boxes: list[Box]) -> Box:
    lefts, tops, rights, bottoms = zip(*boxes, strict=True)
    return min(lefts), min(tops), max(rights), max(bottoms)


def _pieces(labels: Labels, members: list[int], height: float) -> tuple[Labels, dict[tuple[int, int], float]]:
    """Label the pieces of a line, and the cost of each seam as {(left piece, right piece): cost}.

    A small part (the bar of a 5, the dot of ink beside a stroke) goes with the nearest large one; parts one above the
    other are one piece; a part wide enough for two digits is cut along its seams.
    """
    from scipy import ndimage

    places = {n: box for n, box in _places(labels).items() if n in set(members)}
    head = {n: n for n in members}

    def tall(n: int) -> float:
        return (places[n][3] - places[n][1]) / height

    large = [n for n in members if tall(n) >= 0.45]
    for n in large:
        for m in large:
            if head[n] != head[m] and _stacked(places[n], places[m], height):
                old, new = head[m], head[n]
                head = {k: new if h == old else h for k, h in head.items()}
    if large and len(large) < len(members):
        away, (row, column) = ndimage.distance_transform_edt(~np.isin(labels, large), return_indices=True)
        for n in set(members) - set(large):
            left, top, right, bottom = places[n]
            here = np.where(labels[top:bottom, left:right] == n, away[top:bottom, left:right], np.inf)
            y, x = np.unravel_index(int(here.argmin()), here.shape)
            near = int(labels[row[top + y, left + x], column[top + y, left + x]])
            overlap = min(right, places[near][2]) - max(left, places[near][0])
            if here.min() <= 0.12 * height or overlap >= 0.4 * (right - left):
                head[n] = head[near]
            elif tall(n) < 0.3:
                head[n] = 0
    pieces = np.zeros_like(labels)
    seam_cost: dict[tuple[int, int], float] = {}
    count = 0
    for leader in sorted(set(head.values()) - {0}):
        group = [n for n in members if head[n] == leader]
        left, top, right, bottom = _around([places[n] for n in group])
        part = np.isin(labels[top:bottom, left:right], group)
        seams = _seams(part, height) if right - left > 0.5 * height else []
        side = np.zeros(part.shape, np.int32)
        for seam, _ in seams:
            side += np.arange(part.shape[1]) >= seam[:, None]
        used = [k for k in range(len(seams) + 1) if (part & (side == k)).any()]
        numbers = {k: count + 1 + index for index, k in enumerate(used)}
        for before, after in pairwise(used):
            seam_cost[numbers[before], numbers[after]] = min(cost for _, cost in seams[before:after])
        for k, number in numbers.items():
            pieces[top:bottom, left:right][part & (side == k)] = number
        count += len(used)
    return pieces, seam_cost


def _stacked(a: Box, b: Box, height: float) -> bool:
    """Whether two large parts are one above the other within the height of a digit."""
    overlap = min(a[2], b[2]) - max(a[0], b[0])
    shared = min(a[3], b[3]) - max(a[1], b[1])
    both = max(a[3], b[3]) - min(a[1], b[1])
    low = min(a[3] - a[1], b[3] - b[1])
    return overlap >= 0.5 * min(a[2] - a[0], b[2] - b[0]) and shared < 0.4 * low and both <= 1.4 * height


def _seams(part: Mask, height: float) -> list[tuple[NDArray[np.int32], float]]:
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


# ------------------------------------------------------------------------------------- pieces -> (28, 28) pictures


def _owners(ink: Grey, gone: Mask, pieces: Labels, height: float, floor: float) -> Labels:
    """Give each pixel of ink, soft edges too, to the piece it is nearest to; 0 where that is an erased frame."""
    from scipy import ndimage

    seeds = np.where((pieces == 0) & gone, -1, pieces)
    away, (row, column) = ndimage.distance_transform_edt(seeds == 0, return_indices=True)
    owner: Labels = seeds[row, column]
    owner[(ink < floor) | (away > max(1.5, 0.08 * height)) | (owner < 0)] = 0
    return owner


def _picture(ink: Grey, owner: Labels, run: list[int], boxes: list[Box], height: float) -> tuple[Box, Grey]:
    """Box and (28, 28) picture of the digit made of some pieces."""
    left, top, right, bottom = _around(boxes)
    edge = int(np.ceil(0.08 * height)) + 2
    left, top = max(0, left - edge), max(0, top - edge)
    here = np.s_[top : bottom + edge, left : right + edge]
    own = np.isin(owner[here], run)
    rows, columns = np.flatnonzero(own.any(1)), np.flatnonzero(own.any(0))
    inner = np.s_[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    digit = np.where(own, ink[here], 0)[inner]
    x, y = left + int(columns[0]), top + int(rows[0])
    return (x, y, x + digit.shape[1], y + digit.shape[0]), as_mnist(digit)


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
