"""Text in columns: how many columns of a terminal it takes, and cells that stand below each other.

A letter of East Asia takes two columns, and a mark that stands on another letter none, so `len` does not tell.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Container, Sequence

_ON_ANOTHER = ("Mn", "Me", "Cf")  # marks, and what is not seen


def wide(text: str) -> int:
    """How many columns a line of text takes.

    Examples
    --------
    >>> wide("sum"), wide("和"), wide("e\\N{COMBINING ACUTE ACCENT}")
    (3, 2, 1)
    """
    if text.isascii():
        return len(text)
    return sum(
        0 if unicodedata.category(letter) in _ON_ANOTHER else 1 + (unicodedata.east_asian_width(letter) in "WF")
        for letter in text
    )


def left(text: str, width: int) -> str:
    """The text with spaces after it, so that it takes at least so many columns.

    Examples
    --------
    >>> left("和", 4)
    '和  '
    """
    return text + " " * (width - wide(text))


def right(text: str, width: int) -> str:
    """The text with spaces before it, so that it takes at least so many columns.

    Examples
    --------
    >>> right("和", 4)
    '  和'
    """
    return " " * (width - wide(text)) + text


def cut(text: str, width: int, end: str) -> str:
    """The text, or as much of its beginning as takes so many columns with `end` after it.

    Examples
    --------
    >>> cut("合計の桁上げ", 8, "..."), cut("carry", 8, "...")
    ('合計...', 'carry')
    """
    if wide(text) <= width:
        return text
    while text and wide(text) + wide(end) > width:
        text = text[:-1]
    return text + end


def aligned(rows: Sequence[Sequence[str]], *, rightward: Container[int] = (), gap: int = 2) -> list[str]:
    """Rows of cells as lines, each column as wide as its widest cell; every row has as many cells.

    Parameters
    ----------
    rows : sequence of sequence of str
    rightward : container of int
        The columns whose cells stand at the right; the others stand at the left.
    gap : int
        Spaces between two columns.

    Examples
    --------
    >>> print("\\n".join(aligned([["input", "value"], ["x1", "0"], ["和", "12"]], rightward=[1])))
    input  value
    x1         0
    和        12
    """
    widths = [max(map(wide, column)) for column in zip(*rows, strict=True)]
    lines = []
    for row in rows:
        cells = [
            (right if at in rightward else left)(cell, width)
            for at, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        lines.append((" " * gap).join(cells).rstrip())
    return lines
