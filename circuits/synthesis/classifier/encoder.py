"""Comparators: from the binary digits of pixels to the bits that the units read."""

from __future__ import annotations

from collections.abc import Sequence

from circuits.synthesis.classifier.arrays import Arrays
from circuits.synthesis.nand_graph import Nands


def encode(nands: Nands, arrays: Arrays, digits: Sequence[Sequence[int]], needed: Sequence[bool]) -> list[int]:
    """The literal of each bit, over those of the digits of each pixel.

    Parameters
    ----------
    nands : Nands
    arrays : Arrays
    digits : sequence of literals by pixel, the least significant first
    needed : (bits,)
        Whether anything reads it; what nothing reads is not made, and its literal is 0.
    """
    made = []
    for pixel, level, wanted in zip(arrays.pixel.tolist(), arrays.level.tolist(), needed, strict=True):
        word = digits[pixel]
        if not wanted:
            made.append(0)
        else:
            made.append(word[-level] if level <= 0 else at_least(nands, word, level))
    return made


def at_least(nands: Nands, word: Sequence[int], level: int) -> int:
    """Whether a word is at least a level of 1 or more: one NAND and NOTs a digit above the lowest 1 of the level.

    From the top, where a digit of the level is 1 the word needs it too; where it is 0, the word may be larger there.
    The lowest 1 is the end, since there a larger word or the same is asked for.

    Examples
    --------
    >>> nands = Nands(8)
    >>> nands.size([at_least(nands, nands.inputs, 128)]), nands.size([at_least(nands, nands.inputs, 192)])
    (0, 2)
    """
    place = (level & -level).bit_length() - 1
    made = word[place]
    for at in range(place + 1, len(word)):
        made = nands.and_(word[at], made) if level >> at & 1 else nands.or_(word[at], made)
    return made
