"""The text of a test script, as a list of commands."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple, NoReturn

from circuits.scripts.columns import Column
from circuits.scripts.errors import ScriptError

DEEPEST = 100
COMPARISONS = ("=", "<>", "<", ">", "<=", ">=")
IGNORED = frozenset({"echo", "clear-echo", "breakpoint", "clear-breakpoints"})  # for somebody who watches
STEPS = frozenset({"eval", "tick", "tock", "ticktock", "output"})
_TOKEN = re.compile(
    r"""(?P<space>[\s\x00\ufeff]+ | //[^\n]* | /\*.*?\*/)
      | (?P<string>"[^"\n]*")
      | (?P<mark>[,;!{}()])
      | (?P<word><>|<=|>=|[<>=]|(?:[^\s,;!{}()"<>=/]|/(?![/*]))+)""",
    re.VERBOSE | re.DOTALL,
)


class Place(NamedTuple):
    """What a script reads or sets: a pin, some of its bits, or a word inside a built-in part (`RAM16K[3]`)."""

    name: str
    bracket: str | None = None

    def __str__(self) -> str:
        return self.name if self.bracket is None else f"{self.name}[{self.bracket}]"


class Load(NamedTuple):
    """`load And.hdl`"""

    line: int
    file: str


class Compare(NamedTuple):
    """`compare-to And.cmp`"""

    line: int
    file: str


class OutputList(NamedTuple):
    """`output-list a b out%B1.16.1`"""

    line: int
    columns: tuple[Column, ...]


class Fill(NamedTuple):
    """`ROM32K load Add.hack`"""

    line: int
    part: str
    file: str


class Set(NamedTuple):
    """`set in %B0101`"""

    line: int
    place: Place
    value: int


class Step(NamedTuple):
    """`eval`, `tick`, `tock`, `ticktock` or `output`."""

    line: int
    verb: str


class Repeat(NamedTuple):
    """`repeat 6 { ... }`; without a number for ever."""

    line: int
    times: int | None
    body: tuple[Command, ...]


class While(NamedTuple):
    """`while out <> 75 { ... }`; what is compared is a place or a number."""

    line: int
    left: Place | int
    comparison: str
    right: Place | int
    body: tuple[Command, ...]


Command = Load | Compare | OutputList | Fill | Set | Step | Repeat | While


class _Token(NamedTuple):
    kind: str
    text: str
    line: int


def parse(text: str) -> tuple[Command, ...]:
    """The commands of a script; what only concerns the screen of a simulator is left out.

    Raises
    ------
    ScriptError
        With the line, what stands there and what is expected.

    Examples
    --------
    >>> parse("set a -1, eval; output")
    (Set(line=1, place=Place(name='a', bracket=None), value=-1), Step(line=1, verb='eval'), Step(line=1, verb='output'))
    """
    return _Parser(text.replace("\r\n", "\n").replace("\r", "\n")).commands(0)


def number(text: str) -> int | None:
    """A number in decimal, %D, %B or %X, or None.

    Examples
    --------
    >>> number("-32123"), number("%B101"), number("%XFF"), number("out")
    (-32123, 5, 255, None)
    """
    base, digits = {"%B": 2, "%X": 16, "%D": 10}.get(text[:2].upper()), text[2:]
    if base is None:
        base, digits = 10, text
    if not re.fullmatch(r"-?[0-9A-Fa-f]{1,32}", digits):
        return None
    try:
        return int(digits, base)
    except ValueError:
        return None


def place(text: str) -> Place | None:
    """A pin or a part, perhaps with something in brackets, or None."""
    match = re.fullmatch(r"([A-Za-z_$][\w$.-]*)(?:\[([0-9.]*)\])?", text)
    return None if match is None else Place(match[1], match[2])


def _tokens(text: str) -> Iterator[_Token]:
    at, line = 0, 1
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None or (text.startswith("/*", at) and not match[0].startswith("/*")):
            what = (
                "a comment that begins with /* is not closed" if text.startswith("/*", at) else "a quote is not closed"
            )
            raise ScriptError(f"{what}; close it", line=line)
        if match.lastgroup != "space":
            yield _Token(str(match.lastgroup), match[0], line)
        line += match[0].count("\n")
        at = match.end()
    yield _Token("end", "", line)


class _Parser:
    def __init__(self, text: str):
        self.tokens = list(_tokens(text))
        self.at = 0

    @property
    def token(self) -> _Token:
        return self.tokens[self.at]

    def take(self) -> _Token:
        token = self.token
        self.at = min(self.at + 1, len(self.tokens) - 1)
        return token

    def wrong(self, expected: str) -> NoReturn:
        found = repr(self.token.text) if self.token.text else "the end of the script"
        raise ScriptError(f"{found} stands where {expected} is expected", line=self.token.line)

    def word(self, expected: str) -> str:
        if self.token.kind not in ("word", "string"):
            self.wrong(expected)
        return self.take().text.strip('"')

    def commands(self, depth: int) -> tuple[Command, ...]:
        """Up to the end, or to the brace that closes a body."""
        if depth > DEEPEST:
            raise ScriptError(f"loops stand in each other {depth} deep; the most is {DEEPEST}", line=self.token.line)
        found: list[Command] = []
        while True:
            while self.token.text in (",", ";", "!") and self.token.kind == "mark":
                self.take()
            if self.token.kind == "end" or (self.token.text == "}" and depth):
                return tuple(found)
            found.extend(self.command(depth))

    def command(self, depth: int) -> list[Command]:
        line = self.token.line
        verb = self.word("a command")
        made: Command | None = None
        if verb == "repeat":
            count = None
            if self.token.kind == "word":
                count = self.count()
            return [Repeat(line, count, self.body(depth))]
        if verb == "while":
            brackets = self.token.text == "("
            if brackets:
                self.take()
            left, comparison, right = self.operand(), self.word("a comparison"), self.operand()
            if comparison not in COMPARISONS:
                raise ScriptError(f"{comparison!r} is no comparison; write one of {' '.join(COMPARISONS)}", line=line)
            if brackets:
                if self.token.text != ")":
                    self.wrong("')'")
                self.take()
            return [While(line, left, comparison, right, self.body(depth))]
        if verb in IGNORED or verb == "output-file":
            while self.token.kind in ("word", "string"):
                self.take()
        elif verb in STEPS:
            made = Step(line, verb)
        elif verb in ("load", "compare-to") and self.token.kind not in ("word", "string"):
            pass  # the files of the script's own name
        elif verb == "load":
            made = Load(line, self.word("the name of a .hdl file"))
        elif verb == "compare-to":
            made = Compare(line, self.word("the name of a .cmp file"))
        elif verb == "output-list":
            made = OutputList(line, tuple(self.columns()))
        elif verb == "set":
            made = self.setting(line)
        elif self.token.text == "load":
            self.take()
            made = Fill(line, verb.partition("[")[0], self.word("the name of a .hack file"))
        else:
            raise ScriptError(
                f"{verb!r} is no command; write set, eval, tick, tock, output, repeat, while, load, compare-to or "
                "output-list",
                line=line,
            )
        if self.token.text not in (",", ";", "!", "}") and self.token.kind != "end":
            self.wrong(f"',' or ';' after {verb}")
        return [] if made is None else [made]

    def count(self) -> int:
        found = number(self.token.text)
        if found is None or found < 0:
            self.wrong("how often to repeat")
        self.take()
        return found

    def body(self, depth: int) -> tuple[Command, ...]:
        if self.token.text != "{":
            self.wrong("'{'")
        self.take()
        body = self.commands(depth + 1)
        if self.token.text != "}":
            self.wrong("'}' at the end of the loop")
        self.take()
        return body

    def operand(self) -> Place | int:
        text = self.word("a pin or a number")
        found = number(text)
        if found is not None:
            return found
        where = place(text)
        if where is None:
            raise ScriptError(f"{text!r} is neither a pin nor a number", line=self.token.line)
        return where

    def setting(self, line: int) -> Set:
        text = self.word("the name of a pin")
        where = place(text)
        if where is None:
            raise ScriptError(f"{text!r} is no pin; write a name such as in, or RAM16K[3]", line=line)
        text = self.word(f"a value for {where}")
        value = number(text)
        if value is None:
            raise ScriptError(f"{where} is set to {text!r}; write a number such as 5, -1, %B0101 or %X1F", line=line)
        return Set(line, where, value)

    def columns(self) -> Iterator[Column]:
        while self.token.kind == "word":
            token = self.take()
            try:
                yield Column.of(token.text)
            except ScriptError as error:
                raise ScriptError(error.reason, line=token.line) from None
