"""The text of an HDL chip: its pins, and its parts with their connections, as the file has them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple, NoReturn

from circuits.formats.errors import FormatError

WIDEST_PIN = 64
_TOKEN = re.compile(
    r"""(?P<space>[\s\x00\ufeff]+ | //[^\n]* | /\*.*?\*/)
      | (?P<name>(?:[^\W\d]|\$)[\w$-]*)
      | (?P<number>\d+)
      | (?P<sign>\.\.|[{}()\[\];:,=])""",
    re.VERBOSE | re.DOTALL,
)


class Pin(NamedTuple):
    """A pin as a connection names it; `low` and `high` are the bits in brackets, or None."""

    name: str
    low: int | None = None
    high: int | None = None

    def __str__(self) -> str:
        if self.low is None:
            return self.name
        return f"{self.name}[{self.low}]" if self.low == self.high else f"{self.name}[{self.low}..{self.high}]"


class Connection(NamedTuple):
    """`left=right`: a pin of the part, and what it is connected to in the chip."""

    left: Pin
    right: Pin
    line: int


class PartText(NamedTuple):
    """A part: the name of its chip, and its connections in order."""

    chip: str
    connections: tuple[Connection, ...]
    line: int


class ChipText(NamedTuple):
    """A chip as its file has it; `builtin` is the name after BUILTIN, or None where there are parts."""

    name: str
    inputs: dict[str, int]
    outputs: dict[str, int]
    parts: tuple[PartText, ...]
    builtin: str | None
    line: int  # of the name


class _Token(NamedTuple):
    kind: str
    text: str
    line: int

    def __str__(self) -> str:
        return repr(self.text) if self.text else "the end of the file"


def parse(text: str) -> ChipText:
    """The chip of a file.

    Raises
    ------
    FormatError
        With the line, what stands there and what is expected.

    Examples
    --------
    >>> chip = parse("CHIP Not { IN in; OUT out; PARTS: Nand(a=in, b=in, out=out); }")
    >>> chip.inputs, chip.parts[0].chip
    ({'in': 1}, 'Nand')
    """
    return _Parser(text).chip()


def _tokens(text: str) -> Iterator[_Token]:
    at, line = 0, 1
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            if text.startswith("/*", at):
                raise FormatError("a comment that begins with /* is not closed; end it with */", line=line)
            raise FormatError(f"{text[at]!r} has no meaning here; remove it", line=line)
        if match.lastgroup != "space":
            yield _Token(str(match.lastgroup), match[0], line)
        line += match[0].count("\n")
        at = match.end()
    yield _Token("end", "", line)


class _Parser:
    def __init__(self, text: str):
        self.tokens = list(_tokens(text.replace("\r\n", "\n").replace("\r", "\n")))
        self.at = 0
        self.before = self.tokens[0]  # the last one taken

    @property
    def token(self) -> _Token:
        return self.tokens[self.at]

    def take(self) -> _Token:
        self.before = self.tokens[self.at]
        self.at = min(self.at + 1, len(self.tokens) - 1)
        return self.before

    def is_next(self, *texts: str) -> bool:
        return self.token.text in texts

    def wrong(self, expected: str) -> NoReturn:
        raise FormatError(f"{self.token} stands where {expected} is expected", line=self.token.line)

    def expect(self, text: str, expected: str) -> _Token:
        if not self.is_next(text):
            self.wrong(expected)
        return self.take()

    def end_of(self, what: str) -> None:
        if not self.is_next(";"):
            raise FormatError(f"';' is missing after {what}", line=self.before.line)
        self.take()

    def name(self, expected: str) -> _Token:
        if self.token.kind != "name":
            self.wrong(expected)
        return self.take()

    def number(self, expected: str) -> int:
        if self.token.kind != "number" or len(self.token.text) > 6:
            self.wrong(expected)
        return int(self.take().text)

    def chip(self) -> ChipText:
        self.expect("CHIP", "the word CHIP")
        name, line = self.name("the name of the chip").text, self.before.line
        self.expect("{", f"'{{' after CHIP {name}")
        pins: dict[str, dict[str, int]] = {"IN": {}, "OUT": {}}
        while self.is_next("IN", "OUT"):
            self._pins(pins[self.take().text], pins)
        parts: tuple[PartText, ...] = ()
        builtin = None
        if self.is_next("PARTS"):
            self.take()
            self.expect(":", "':' after PARTS")
            parts = tuple(self._parts())
        if self.is_next("BUILTIN"):
            self.take()
            builtin = self.name("the name of a built-in chip").text
            self.end_of(f"BUILTIN {builtin}")
        if self.is_next("CLOCKED"):
            self.take()
            self.name("the name of a pin")
            while self.is_next(","):
                self.take()
                self.name("the name of a pin")
            self.end_of("the pins of CLOCKED")
        if not parts and builtin is None and self._at_a_part():
            told = f"PARTS: is missing before {self.token}; write PARTS: before the parts"
            raise FormatError(told, line=self.token.line)
        self.expect("}", f"'}}' at the end of chip {name}, or a part,")
        if self.token.kind != "end":
            self.wrong("the end of the file (one chip a file)")
        return ChipText(name, pins["IN"], pins["OUT"], parts, builtin, line)

    def _at_a_part(self) -> bool:
        after = self.tokens[min(self.at + 1, len(self.tokens) - 1)].text
        text = self.token.text
        return self.token.kind == "name" and (after == "(" or (text != "PARTS" and text.upper() == "PARTS"))

    def _pins(self, pins: dict[str, int], declared: dict[str, dict[str, int]]) -> None:
        while not self.is_next(";"):
            name = self.name("the name of a pin")
            if any(name.text in known for known in declared.values()):
                raise FormatError(f"pin {name.text!r} is declared twice; name it once", line=name.line)
            if name.text in ("true", "false"):
                raise FormatError(f"a pin cannot be called {name.text!r}, which is a constant", line=name.line)
            width = 1
            if self.is_next("["):
                self.take()
                width = self.number("the width of the pin, a whole number,")
                self.expect("]", "']'")
                if not 1 <= width <= WIDEST_PIN:
                    raise FormatError(f"pin {name.text!r} has {width} bits; give 1 to {WIDEST_PIN}", line=name.line)
            pins[name.text] = width
            if not self.is_next(","):
                break
            self.take()
        self.end_of("the list of pins")

    def _parts(self) -> Iterator[PartText]:
        while not self.is_next("}", "BUILTIN", "CLOCKED"):
            name = self.name("the name of a part, or '}' at the end of the chip,")
            self.expect("(", f"'(' after {name.text}")
            connections = []
            while True:
                left = self._pin(f"the name of a pin of {name.text}")
                self.expect("=", f"'=' after {left}")
                line = self.token.line
                right = self._pin(f"the name of a pin after {left}=")
                connections.append(Connection(left, right, line))
                if not self.is_next(","):
                    break
                self.take()
            if not self.is_next(")"):
                self.wrong(f"',' or ')' after {left}={right}")
            self.take()
            self.end_of(f"{name.text}(...)")
            yield PartText(name.text, tuple(connections), name.line)

    def _pin(self, expected: str) -> Pin:
        name = self.name(expected)
        if not self.is_next("["):
            return Pin(name.text)
        self.take()
        low = high = self.number(f"the number of a bit of {name.text}")
        if self.is_next(".."):
            self.take()
            high = self.number(f"the number of the last bit of {name.text}")
        self.expect("]", f"']' after the bits of {name.text}")
        if low > high:
            raise FormatError(
                f"the bits {name.text}[{low}..{high}] run downward; write {name.text}[{high}..{low}]", line=name.line
            )
        return Pin(name.text, low, high)
