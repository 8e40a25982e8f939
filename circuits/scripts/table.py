"""Comparing rows with a .cmp file, and showing the first that differs."""

from __future__ import annotations

from typing import NamedTuple


class Difference(NamedTuple):
    """The first row that differs.

    Attributes
    ----------
    row : int
        From 1; the header is row 0.
    line : int
        The line of the .cmp file.
    header, expected, got : tuple of str
        The cells without the spaces around them; `expected` or `got` is empty where there is no such row.
    columns : tuple of int
        The cells that differ.
    at : int
        The line of the script that put the row out.
    """

    row: int
    line: int
    header: tuple[str, ...]
    expected: tuple[str, ...]
    got: tuple[str, ...]
    columns: tuple[int, ...]
    at: int

    def __str__(self) -> str:
        """A table of the header, what is expected and what came, with a mark under each cell that differs.

        Examples
        --------
        >>> print(Difference(2, 3, ("a", "out"), ("0", "1"), ("0", "0"), (1,), 9))
                  | a | out |
        expected  | 0 |  1  |
        got       | 0 |  0  |
                         ^
        """
        rows = [row or ("",) * len(self.header) for row in (self.header, self.expected, self.got)]
        count = max(map(len, rows))
        filled = [[*row, *[""] * (count - len(row))] for row in rows]
        widths = [max(len(row[place]) for row in filled) for place in range(count)]
        lines = [
            f"{label:10}|" + "|".join(f" {cell:^{width}} " for cell, width in zip(row, widths, strict=True)) + "|"
            for label, row in zip(("", "expected", "got"), filled, strict=True)
        ]
        marks = [
            "^" * max(len(filled[1][place]), len(filled[2][place]), 1) if place in self.columns else ""
            for place in range(count)
        ]
        lines.append(" " * 11 + " ".join(f" {mark:^{width}} " for mark, width in zip(marks, widths, strict=True)))
        return "\n".join(line.rstrip() for line in lines)


def cells(line: str) -> tuple[str, ...]:
    """The cells of a line, without the spaces around them.

    Examples
    --------
    >>> cells("| 0+  |   -1 |")
    ('0+', '-1')
    """
    inner = line.strip().removeprefix("|").removesuffix("|")
    return tuple(cell.strip() for cell in inner.split("|"))


def agrees(expected: str, got: str) -> bool:
    """Whether a cell is as the .cmp file has it, where `*` stands for any sign, and stars alone for anything.

    Examples
    --------
    >>> agrees("**1", "101"), agrees("*******", "-5"), agrees("0", "1")
    (True, True, False)
    """
    if expected == got or (expected and not expected.strip("*")):
        return True
    return len(expected) == len(got) and all(one in ("*", other) for one, other in zip(expected, got, strict=True))


def differing(expected: tuple[str, ...], got: tuple[str, ...]) -> tuple[int, ...]:
    """The places of the cells that differ; a cell that only one row has differs."""
    count = max(len(expected), len(got))
    return tuple(
        place
        for place in range(count)
        if place >= len(expected) or place >= len(got) or not agrees(expected[place], got[place])
    )
