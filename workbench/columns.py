"""Rows of cells as lines, each column as wide as its widest cell."""

from __future__ import annotations

from collections.abc import Sequence


def aligned(rows: Sequence[Sequence[str]]) -> list[str]:
    """The rows as lines, their columns two spaces apart; every row has as many cells.

    Examples
    --------
    >>> print("\\n".join(aligned([["input", "value"], ["x1", "0"]])))
    input  value
    x1     0
    """
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
