"""Read an image of any kind, file, PIL image or array, as grey (h, w) in [0, 1]."""

from __future__ import annotations

import os
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from learn.cutting.arrays import Grey
from learn.errors import StripError

if TYPE_CHECKING:
    from PIL.Image import Image


def as_grey(image: Image | NDArray[Any] | str | os.PathLike[str]) -> Grey:
    """Grey (h, w) in [0, 1] of a path, a PIL image or an array; StripError for anything else."""
    if isinstance(image, str | os.PathLike):
        return read_image(image)
    if isinstance(image, np.ndarray):
        return _from_array(image)
    if hasattr(image, "getbands"):
        return _from_picture(image)
    raise StripError(f"a {type(image).__name__} is not an image; give a path, a PIL image or a NumPy array")


def read_image(path: str | os.PathLike[str]) -> Grey:
    """Read an image file of any mode as grey (h, w) in [0, 1], upright, transparency on the ground that shows it.

    Raises StripError naming the file if it is missing or is not an image.
    """
    from PIL import Image

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # large; twice as large is refused below
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
    top, low = float(values.max()), float(values.min())
    if low < 0:
        raise StripError(f"the image holds values from {low:g} to {top:g}; give values in [0, 1] or 0 to 255")
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
