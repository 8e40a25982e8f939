"""Columns: what a script's output-list shows, and how a value is written in it."""

from __future__ import annotations

import re
from typing import NamedTuple

from circuits.scripts.errors import ScriptError

_COLUMN = re.compile(r"([A-Za-z_$][\w$.-]*(?:\[[0-9.]*\])?)(?:%([BDXSbdxs])(\d+)\.(\d+)\.(\d+))?")
WIDEST = 1000
TIME = 6  # places of a time without a format
FITTED = 0  # the length of a column without a format


class Column(NamedTuple):
    """A column: `name%D1.6.1` is decimal, 6 places, with a space before and one behind.

    Formats are B (binary), D (decimal), X (hexadecimal) and S (text, such as the time).

    Examples
    --------
    >>> column = Column.of("out%D1.6.1").fitted(16)
    >>> column.header, column.cell("-5")
    ('  out   ', '     -5 ')
    """

    name: str
    form: str
    before: int
    length: int
    behind: int

    @classmethod
    def of(cls, text: str) -> Column:
        """The column of an item of the list; `a` alone is binary, as many places as the pin has bits.

        Raises
        ------
        ScriptError
            If it is no such item.
        """
        match = _COLUMN.fullmatch(text)
        if match is None:
            raise ScriptError(f"{text!r} is no column; write a name such as out, or with a format such as out%D1.6.1")
        if match[2] is None:
            return cls(match[1], "B", 1, FITTED, 1)
        before, length, behind = (int(match[place][:6]) for place in (3, 4, 5))
        if not 1 <= length <= WIDEST or max(before, behind) > WIDEST:
            raise ScriptError(f"{text!r} has {length} places; give 1 to {WIDEST}, and as many spaces at most")
        return cls(match[1], match[2].upper(), before, length, behind)

    def fitted(self, width: int | None) -> Column:
        """The same for a pin of so many bits, or for the time (None): a column that has no format gets one."""
        if self.length != FITTED:
            return self
        return self._replace(form="S", length=TIME) if width is None else self._replace(length=width)

    @property
    def header(self) -> str:
        """The name in the middle of the column's width, cut where it is longer."""
        width = self.before + self.length + self.behind
        name = self.name[:width]
        left = (width - len(name)) // 2
        return " " * left + name + " " * (width - len(name) - left)

    def cell(self, text: str) -> str:
        """A value's text in the column; the last places where it is longer."""
        text = text[-self.length :]
        padded = text.rjust(self.length) if self.form == "D" else text.ljust(self.length)
        return " " * self.before + padded + " " * self.behind

    def text(self, value: int, width: int) -> str:
        """A word of so many bits in the column's format; decimal is signed from 16 bits on.

        Examples
        --------
        >>> Column.of("out%D1.6.1").text(0xFFFF, 16), Column.of("sel%B2.3.2").text(5, 3)
        ('-1', '0000000000000101')
        """
        if self.form == "B":
            return format(value, f"0{max(width, 16)}b")
        if self.form == "X":
            return format(value, f"0{max(-(-width // 4), 4)}X")
        return str(value - (1 << width) if width >= 16 and value >> (width - 1) else value)
