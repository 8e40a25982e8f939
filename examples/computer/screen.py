"""The screen: 8192 words of memory as a picture, or as text for a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

if TYPE_CHECKING:
    from PIL.Image import Image

ROWS, COLUMNS = 256, 512
_BRAILLE = 0x2800  # the first of 256 signs of 2 by 4 dots
_DOTS = np.array([[0, 3], [1, 4], [2, 5], [6, 7]])  # which bit of the sign's number each dot is


def pixels(words: ArrayLike) -> NDArray[np.bool_]:
    """The pixels (256, 512), True where one is black: row y, column x is bit x % 16 of word 32 y + x // 16.

    Examples
    --------
    >>> words = np.zeros(8192, dtype=int)
    >>> words[33] = 0b100
    >>> np.argwhere(pixels(words)).tolist()
    [[1, 18]]
    """
    array = np.asarray(words).astype(np.uint16).reshape(ROWS, COLUMNS // 16)
    return (array[:, :, None] >> np.arange(16, dtype=np.uint16) & 1).reshape(ROWS, COLUMNS).astype(np.bool_)


def picture(words: ArrayLike) -> Image:
    """The screen as an image of 512 by 256 pixels, black on white."""
    from PIL import Image

    return Image.fromarray(np.where(pixels(words), 0, 255).astype(np.uint8)).convert("1")


def text(words: ArrayLike, width: int = 64) -> str:
    """The screen in Braille signs, each of 2 by 4 dots, without the empty lines below.

    Parameters
    ----------
    words : array_like (8192,)
    width : int
        How many signs a line may have: 256 show every pixel; with 128 a dot stands for 2 by 2 pixels and is set where
        one of them is black; and so on down to 1.

    Examples
    --------
    >>> words = np.zeros(8192, dtype=int)
    >>> words[:128:32] = 0x1, 0x2, 0xC, 0xF
    >>> print(text(words, width=256))
    ⣑⣤
    """
    dots: NDArray[Any] = pixels(words)
    while dots.shape[1] // 2 > width and dots.shape[1] > 2:
        dots = dots.reshape(dots.shape[0] // 2, 2, dots.shape[1] // 2, 2).any(axis=(1, 3))
        if dots.shape[0] < 4:
            dots = np.pad(dots, ((0, 4 - dots.shape[0]), (0, 0)))
    signs = dots.reshape(dots.shape[0] // 4, 4, dots.shape[1] // 2, 2).swapaxes(1, 2)
    numbers = (signs * (1 << _DOTS)).sum(axis=(2, 3)) + _BRAILLE
    lines = ["".join(map(chr, row)).rstrip(chr(_BRAILLE)) for row in numbers.tolist()]
    return "\n".join(lines).rstrip("\n")
