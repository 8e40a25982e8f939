"""Scanner: the lines and numbers of an AIGER file, each error with its line (ascii) or byte offset (binary)."""

from __future__ import annotations

import re

from circuits.formats.errors import FormatError

MOST_DIGITS = 18  # a number of more cannot be meant, and fits no machine word
_NUMBER = re.compile(rb"0|[1-9][0-9]*")
_CONTROL = re.compile("[\x00-\x1f\x7f]")


def shown(text: bytes) -> str:
    """Bytes of a file for a message: quoted, and not endless.

    Examples
    --------
    >>> shown(b"6 2 4"), shown(b"1" * 1000)
    ("'6 2 4'", "'111111111111111111111111111111'... (1000 bytes)")
    """
    if len(text) > 40:
        return f"{repr(text[:30])[1:]}... ({len(text)} bytes)"
    return repr(text)[1:]


def unprintable(name: str) -> bool:
    """Whether a name has a control character (a new line, a tab), which a symbol cannot hold."""
    return _CONTROL.search(name) is not None


class Scanner:
    """A place in the bytes of a file.

    Attributes
    ----------
    data : bytes
    at : int
        The offset of the next byte.
    line : int
        The line of the next byte, from 1; it means nothing after binary data.
    start : int
        The offset of the line that was read last.
    binary : bool
        Whether errors give byte offsets.
    crlf : bool
        Whether lines end with a carriage return and a new line.
    """

    def __init__(self, data: bytes):
        self.data, self.at, self.line, self.start = data, 0, 1, 0
        self.binary = self.crlf = False

    def error(self, reason: str) -> FormatError:
        """An error at the line that was read last."""
        return self.error_at(reason, self.start if self.binary else self.line - 1)

    def error_at(self, reason: str, place: int) -> FormatError:
        """An error at a place that `place` gave."""
        return FormatError(reason, offset=place) if self.binary else FormatError(reason, line=max(1, place))

    @property
    def place(self) -> int:
        """Where the line that was read last is: its byte offset in a binary file, else its number."""
        return self.start if self.binary else self.line - 1

    @property
    def left(self) -> int:
        """How many bytes are left."""
        return len(self.data) - self.at

    def next_line(self, what: str) -> bytes:
        """The next line without its end; `what` says for the message what was expected there."""
        self.start = self.at
        self.line += 1
        end = self.data.find(b"\n", self.at)
        if end < 0:
            if self.at == len(self.data):
                raise self.error(f"the file ends where {what} should be; it is truncated")
            raise self.error(f"the file ends within {what}: the last line has no new line; it is truncated")
        text = self.data[self.at : end]
        self.at = end + 1
        if self.crlf:
            if not text.endswith(b"\r"):
                raise self.error("this line ends without the carriage return that the first line has")
            return text[:-1]
        return text

    def number(self, text: bytes, what: str) -> int:
        """An unsigned number in digits, without sign, blanks or leading zeros."""
        if not _NUMBER.fullmatch(text):
            raise self.error(f"{what} is {shown(text)}; a number is 0, or digits of which the first is not 0")
        if len(text) > MOST_DIGITS:
            raise self.error(f"{what} is a number of {len(text)} digits; at most {MOST_DIGITS} are read")
        return int(text)

    def numbers(self, what: str, least: int, most: int) -> list[int]:
        """A line of `least` to `most` numbers with exactly one blank between two."""
        text = self.next_line(what)
        if text.count(b" ") >= most or text.count(b" ") + 1 < least:
            wanted = str(least) if least == most else f"{least} to {most}"
            raise self.error(
                f"{what} is {shown(text)}; it has {wanted} number{'s' * (most > 1)} with one blank between two"
            )
        return [self.number(word, what) for word in text.split(b" ")]
