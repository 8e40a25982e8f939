"""Expressions of Verilog: from words to postfix without recursion, and the value of a constant one.

    a & ~b | c[3:0]     becomes     a b ~ & c[3:0] |

Postfix is a flat list of steps, so however deep the parentheses of a file are, nothing here nests.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from circuits.formats.errors import FormatError
from circuits.formats.verilog_lexer import ESCAPED, NAME, NUMBER, Words, number_of

# Steps of postfix: what a step does and what it does it with.
READ, CONSTANT, SELECT, UNARY, BINARY, CHOOSE, CONCAT, REPEAT = range(8)


class Step(NamedTuple):
    """One step of postfix.

    READ a name; a CONSTANT (width or None, value); SELECT (name, first, last) with two constant postfixes, `last`
    None for one bit; UNARY and BINARY with their sign; CHOOSE is `?:`; CONCAT the number of parts; REPEAT a
    constant postfix. `word` is where it stands in the file.
    """

    kind: int
    what: Any
    word: int


Postfix = list[Step]

_BINARY = {
    **dict.fromkeys(("||",), 1),
    **dict.fromkeys(("&&",), 2),
    **dict.fromkeys(("|", "~|"), 3),
    **dict.fromkeys(("^", "~^", "^~"), 4),
    **dict.fromkeys(("&", "~&"), 5),
    **dict.fromkeys(("==", "!="), 6),
    **dict.fromkeys(("<", "<=", ">", ">="), 7),
    **dict.fromkeys(("<<", ">>", "<<<", ">>>"), 8),
    **dict.fromkeys(("+", "-"), 9),
    **dict.fromkeys(("*", "/", "%"), 10),
    **dict.fromkeys(("**",), 11),
}
_UNARY = frozenset(("~", "!", "&", "|", "^", "~&", "~|", "~^", "^~", "+", "-"))
_UNARY_POWER = 12
_MOST_BITS = 1 << 14  # of a constant's value

# What is open on the stack of the parser.
_OPERATOR, _PREFIX, _GROUP, _IF, _ELSE, _BRACE, _TIMES, _INDEX = range(8)


class _Open(NamedTuple):
    kind: int
    what: Any
    power: int
    start: int  # how long the postfix was
    word: int
    parts: int = 1


def parse(words: Words, start: int, *, target: bool = False) -> tuple[Postfix, int]:
    """The expression that starts at a word: its postfix, and the word after it.

    A `target` is what can be assigned to: a name, its bits, or braces around such; it ends before an operator.

    Raises
    ------
    FormatError
        If an operand or a closing parenthesis is missing, or a part of an expression is not read.
    """
    return _Parser(words, start, target).run()


class _Parser:
    """Precedence climbing with the stack in a list."""

    def __init__(self, words: Words, at: int, target: bool):
        self.words = words
        self.at = at
        self.target = target
        self.out: Postfix = []
        self.open: list[_Open] = []

    def run(self) -> tuple[Postfix, int]:
        while True:
            self._operand()
            if not self._after():
                return self.out, self.at

    def _operand(self) -> None:
        """Everything up to and including one name or number; prefixes and opening signs go on the stack."""
        kinds, texts, stack, out = self.words.kind, self.words.text, self.open, self.out
        while True:
            at = self.at
            kind, text = kinds[at], texts[at]
            self.at = at + 1
            if kind in (NAME, ESCAPED):
                if texts[at + 1] == "[":
                    stack.append(_Open(_INDEX, text, 0, len(out), at))
                    self.at = at + 2
                    continue
                if texts[at + 1] in ("(", "."):
                    what = "a function call" if texts[at + 1] == "(" else "a name with a dot"
                    raise self._fail(f"{text!r} starts {what}, which is not read", at)
                out.append(Step(READ, text, at))
                return
            if kind == NUMBER:
                out.append(Step(CONSTANT, number_of(text, self.words.line(at)), at))
                return
            if text in _UNARY and kind not in (NAME, ESCAPED):
                stack.append(_Open(_PREFIX, text, _UNARY_POWER, len(out), at))
            elif text == "(":
                stack.append(_Open(_GROUP, None, 0, len(out), at))
            elif text == "{":
                stack.append(_Open(_BRACE, None, 0, len(out), at))
            else:
                raise self._fail(f"{self.found(at)} stands where a name or a number should be", at)

    def _after(self) -> bool:
        """What follows an operand; whether another operand follows that."""
        stack, out = self.open, self.out
        while True:
            if self.target and not stack:
                return False
            at = self.at
            text = self.words.text[at] if self.words.kind[at] not in (NAME, ESCAPED) else ""
            power = _BINARY.get(text)
            if power is not None:
                self._close(power)
                stack.append(_Open(_OPERATOR, text, power, len(out), at))
                self.at = at + 1
                return True
            if text == "?":
                self._close(1)
                stack.append(_Open(_IF, None, 0, len(out), at))
                self.at = at + 1
                return True
            self._close(0)
            top = stack[-1] if stack else None
            if top is None:
                return False
            if text == ":" and top.kind == _IF:
                stack[-1] = _Open(_ELSE, None, 0, len(out), top.word)
                self.at = at + 1
                return True
            if text == ":" and top.kind == _INDEX and top.parts == 1:
                first = out[top.start :]
                del out[top.start :]
                stack[-1] = _Open(_INDEX, (top.what, first), 0, top.start, top.word, 2)
                self.at = at + 1
                return True
            if text == "," and top.kind in (_BRACE, _TIMES):
                stack[-1] = top._replace(parts=top.parts + 1)
                self.at = at + 1
                return True
            if text == "{" and top.kind == _BRACE and top.parts == 1:
                count = out[top.start :]
                del out[top.start :]
                stack.append(_Open(_TIMES, count, 0, len(out), at))
                self.at = at + 1
                return True
            self._end(top, text)

    def _end(self, top: _Open, text: str) -> None:
        """The sign that closes what is open."""
        stack, out = self.open, self.out
        wanted = {_GROUP: ")", _BRACE: "}", _TIMES: "}", _INDEX: "]", _IF: ":"}[top.kind]
        if text != wanted:
            where = f" that {self.words.text[top.word]!r} on line {self.words.line(top.word)} opens"
            raise self._fail(f"{self.found(self.at)} stands where the {wanted!r}{where} should be", self.at)
        self.at += 1
        stack.pop()
        if top.kind == _BRACE:
            out.append(Step(CONCAT, top.parts, top.word))
        elif top.kind == _TIMES:
            out.append(Step(CONCAT, top.parts, top.word))
            out.append(Step(REPEAT, top.what, top.word))
            if self.words.text[self.at] != "}":
                raise self._fail(f"{self.found(self.at)} stands where the '}}' of a repetition should be", self.at)
            self.at += 1
            stack.pop()  # the brace around the count
        elif top.kind == _INDEX:
            part = out[top.start :]
            del out[top.start :]
            if top.parts == 1:
                out.append(Step(SELECT, (top.what, part, None), top.word))
            else:
                name, first = top.what
                out.append(Step(SELECT, (name, first, part), top.word))
            if self.words.text[self.at] == "[":
                raise self._fail(f"{self.words.text[top.word]!r} has two indices; arrays are not read", self.at)

    def _close(self, power: int) -> None:
        """Operators on the stack that bind at least as tightly as what comes become steps."""
        stack, out = self.open, self.out
        while stack:
            top = stack[-1]
            if top.kind == _OPERATOR and top.power >= power:
                out.append(Step(BINARY, top.what, top.word))
            elif top.kind == _PREFIX:
                out.append(Step(UNARY, top.what, top.word))
            elif top.kind == _ELSE and power == 0:
                out.append(Step(CHOOSE, None, top.word))
            else:
                return
            stack.pop()

    def found(self, at: int) -> str:
        text = self.words.text[at]
        return repr(text[:40]) if text else "the end of the file"

    def _fail(self, reason: str, at: int) -> FormatError:
        return FormatError(reason, line=self.words.line(at))


def constant(postfix: Postfix, values: Mapping[str, int], words: Words) -> int:
    """The whole number that a constant expression is, its names being parameters.

    Raises
    ------
    FormatError
        If a name is no parameter, an operator is not one of whole numbers, or a value is beyond 2**16384.
    """
    stack: list[int] = []
    for kind, what, at in postfix:
        if kind == READ:
            if what not in values:
                raise FormatError(f"{what!r} is no parameter, but a constant is needed here", line=words.line(at))
            stack.append(values[str(what)])
        elif kind == CONSTANT:
            stack.append(what[1])
        elif kind == UNARY:
            if what not in ("-", "+", "!"):
                raise FormatError(f"the constant operator {what!r} is not read", line=words.line(at))
            operand = stack.pop()
            stack.append(int(operand == 0) if what == "!" else -operand if what == "-" else operand)
        elif kind == BINARY:
            right, left = stack.pop(), stack.pop()
            stack.append(_combine(str(what), left, right, words, at))
        elif kind == CHOOSE:
            low, high, condition = stack.pop(), stack.pop(), stack.pop()
            stack.append(high if condition else low)
        else:
            raise FormatError("a constant is needed here, made of numbers and parameters", line=words.line(at))
    return stack[0]


def _combine(sign: str, left: int, right: int, words: Words, at: int) -> int:
    line = words.line(at)
    if sign in ("/", "%"):
        if right == 0:
            raise FormatError("a constant is divided by 0", line=line)
        quotient = abs(left) // abs(right) * (1 if (left < 0) == (right < 0) else -1)
        return quotient if sign == "/" else left - quotient * right
    if sign in ("<<", ">>", "<<<", ">>>", "**"):
        if not 0 <= right <= _MOST_BITS or (sign == "**" and abs(left).bit_length() * right > _MOST_BITS):
            raise FormatError(f"a constant {sign} {right if abs(right) < 10**9 else '...'} is too large", line=line)
        if sign == "**":
            return int(left**right)
        result = left << right if sign[0] == "<" else left >> right
    else:
        table: dict[str, Callable[[], int]] = {
            "+": lambda: left + right,
            "-": lambda: left - right,
            "*": lambda: left * right,
            "&": lambda: left & right,
            "|": lambda: left | right,
            "^": lambda: left ^ right,
            "==": lambda: left == right,
            "!=": lambda: left != right,
            "<": lambda: left < right,
            "<=": lambda: left <= right,
            ">": lambda: left > right,
            ">=": lambda: left >= right,
            "&&": lambda: bool(left and right),
            "||": lambda: bool(left or right),
        }
        if sign not in table:
            raise FormatError(f"the constant operator {sign!r} is not read", line=line)
        result = int(table[sign]())
    if result.bit_length() > _MOST_BITS:
        raise FormatError(f"a constant has more than {_MOST_BITS} bits", line=line)
    return result
