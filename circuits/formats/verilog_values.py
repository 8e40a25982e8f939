"""value_of: the bits of an expression of Verilog, with the widths that the language gives its parts.

Widths go up, then down: `a + b` is as wide as the wider of the two *and* as what it is assigned to, so that
`assign {carry, sum} = a + b` has its carry. Of every part only the bits that reach the result are made.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from circuits.formats.errors import FormatError
from circuits.formats.verilog_expression import (
    BINARY,
    CHOOSE,
    CONCAT,
    CONSTANT,
    READ,
    REPEAT,
    SELECT,
    UNARY,
    Postfix,
)
from circuits.formats.verilog_nets import AND, OR, XOR, Bit, Nets, flipped

_SAME_WIDTH = frozenset(("&", "|", "^", "~&", "~|", "~^", "^~", "+", "-"))
_COMPARE = frozenset(("==", "!=", "<", "<=", ">", ">="))
_SHIFT = frozenset(("<<", ">>", "<<<", ">>>"))
_REDUCE = {"&": AND, "|": OR, "^": XOR, "~&": AND, "~|": OR, "~^": XOR, "^~": XOR}
_PLAIN = {"&": AND, "|": OR, "^": XOR}


class Scope(Protocol):
    """Where names mean something."""

    nets: Nets

    def read(self, name: str, word: int) -> list[int] | tuple[int | None, int]:
        """The literals of a net, least significant first; or the width and value of a parameter."""

    def select(self, what: tuple[str, Postfix, Postfix | None], word: int) -> list[int]:
        """The literals of some bits of a net."""

    def constant(self, postfix: Postfix) -> int:
        """The value of a constant expression."""

    def line(self, word: int) -> int:
        """The line of a word."""


class _Part:
    """A step of the postfix with what it stands on."""

    __slots__ = ("bits", "children", "full", "kind", "need", "what", "width", "word")

    def __init__(self, kind: int, what: object, word: int, children: list[_Part], width: int):
        self.kind = kind
        self.what = what
        self.word = word
        self.children = children
        self.width = width  # by itself
        self.full = 0  # as what is around it wants it
        self.need = 0  # how many of these bits matter, from the least significant
        self.bits: list[Bit] = []


def value_of(postfix: Postfix, scope: Scope, width: int | None = None) -> list[Bit]:
    """The bits of an expression, least significant first.

    Parameters
    ----------
    postfix : Postfix
    scope : Scope
        What the names mean; `scope.nets` gets the gates.
    width : int, optional
        How wide it is wanted: cut off or filled up with zeros. By itself otherwise.

    Raises
    ------
    FormatError
        If an operator is not read, or an expression is too wide for the budget.
    """
    if width == 1:
        bit = _one_bit(postfix, scope)
        if bit is not None:
            return [bit]
    parts = _parts(postfix, scope)
    root = parts[-1]
    root.need = root.width if width is None else width
    root.full = max(root.width, root.need)
    for part in reversed(parts):
        _hand_down(part)
    for part in parts:
        if part.need > 1:
            scope.nets.charge(part.need, scope.line(part.word))
        part.bits = _bits(part, scope)
        part.children = []
    return root.bits


def _one_bit(postfix: Postfix, scope: Scope) -> Bit | None:
    """The short way for the common case that every net is one bit, as in `~a & b`; None where it is not."""
    read: list[int] = []
    for kind, what, word in postfix:
        if kind == READ:
            bits = scope.read(what, word)
            if isinstance(bits, tuple) or len(bits) != 1:
                return None
            read.append(bits[0])
        elif kind == UNARY:
            if what not in ("~", "!"):
                return None
        elif kind != BINARY or what not in _PLAIN:
            return None
    nets, at = scope.nets, 0
    stack: list[Bit] = []
    for kind, what, word in postfix:
        if kind == READ:
            stack.append(read[at])
            at += 1
        elif kind == UNARY:
            stack.append(flipped(stack.pop()))
        else:
            right = stack.pop()
            stack.append(nets.join(what, stack.pop(), right, scope.line(word)))
    return stack[0]


def _parts(postfix: Postfix, scope: Scope) -> list[_Part]:
    """The steps with their children and own widths."""
    parts: list[_Part] = []
    stack: list[_Part] = []
    for kind, what, word in postfix:
        children: list[_Part] = []
        if kind in (READ, SELECT):
            found = scope.read(what, word) if kind == READ else scope.select(what, word)
            if isinstance(found, tuple):
                kind, what, width = CONSTANT, found, found[0] or max(32, found[1].bit_length())
            else:
                what, width = found, len(found)
        elif kind == CONSTANT:
            width = what[0] or max(32, what[1].bit_length())
        elif kind == UNARY:
            children = [stack.pop()]
            width = children[0].width if what in ("~", "+", "-") else 1
        elif kind == BINARY:
            children = [stack.pop(), stack.pop()]
            children.reverse()
            width = _width_of_binary(what, children, scope, word)
        elif kind == CHOOSE:
            children = [stack.pop(), stack.pop(), stack.pop()]
            children.reverse()
            width = max(children[1].width, children[2].width)
        elif kind == CONCAT:
            children = stack[-what:]
            del stack[-what:]
            width = sum(child.width for child in children)
        else:
            children = [stack.pop()]
            what = scope.constant(what)
            if what < 1:
                raise FormatError(f"a part is repeated {what} times; give at least 1", line=scope.line(word))
            width = what * children[0].width
        part = _Part(kind, what, word, children, width)
        parts.append(part)
        stack.append(part)
    return parts


def _width_of_binary(sign: str, children: Sequence[_Part], scope: Scope, word: int) -> int:
    if sign in _SAME_WIDTH:
        return max(children[0].width, children[1].width)
    if sign in _COMPARE or sign in ("&&", "||"):
        return 1
    if sign in _SHIFT:
        return children[0].width
    reason = f"{sign!r} is not read (of expressions that are no constants)"
    raise FormatError(reason, line=scope.line(word))


def _hand_down(part: _Part) -> None:
    """What a part wants of its children."""
    kind, what, children = part.kind, part.what, part.children
    if kind == UNARY and what in ("~", "+", "-"):
        children[0].full, children[0].need = part.full, part.need
    elif kind == BINARY and what in _SAME_WIDTH:
        for child in children:
            child.full, child.need = part.full, part.need
    elif kind == BINARY and what in _COMPARE:
        width = max(children[0].width, children[1].width)
        for child in children:
            child.full = child.need = width
    elif kind == BINARY and what in _SHIFT:
        children[0].full = children[0].need = part.full
        if str(what)[0] == "<":
            children[0].need = part.need
        children[1].full = children[1].need = children[1].width
    elif kind == CHOOSE:
        children[0].full = children[0].need = children[0].width
        for child in children[1:]:
            child.full, child.need = part.full, part.need
    else:
        for child in children:
            child.full = child.need = child.width


def _bits(part: _Part, scope: Scope) -> list[Bit]:
    """The bits that are needed of a part, from those of its children."""
    kind, what, need = part.kind, part.what, part.need
    nets = scope.nets
    if kind in (READ, SELECT):
        return _fit(list(what), need)  # type: ignore[call-overload]
    if kind == CONSTANT:
        value = what[1]  # type: ignore[index]
        return [value >> place & 1 for place in range(need)]
    line = scope.line(part.word)
    if kind == CONCAT:
        return _fit([bit for child in reversed(part.children) for bit in child.bits], need)
    if kind == REPEAT:
        once: list[Bit] = [nets.settle(bit, line) for bit in part.children[0].bits]
        assert isinstance(what, int)
        return _fit(once * min(what, -(-need // len(once))), need)
    if kind == UNARY:
        return _unary(str(what), part.children[0].bits, need, nets, line)
    if kind == CHOOSE:
        return _choose(part, nets, line)
    left, right = part.children[0].bits, part.children[1].bits
    sign = str(what)
    if sign in _SHIFT:
        return _shift(sign, part, nets, line)
    if sign in ("+", "-"):
        return _add(left, right, sign == "-", nets, line)
    if sign in ("&&", "||"):
        both = (_reduce(OR, left, nets, line), _reduce(OR, right, nets, line))
        return _fit([nets.join(AND if sign == "&&" else OR, *both, line)], need)
    if sign in ("==", "!="):
        differ = [nets.join(XOR, a, b, line) for a, b in zip(left, right, strict=True)]
        result = _reduce(OR, differ, nets, line)
        return _fit([result if sign == "!=" else flipped(result)], need)
    if sign in _COMPARE:
        a, b = ([nets.settle(bit, line) for bit in bits] for bits in (left, right))
        if sign[0] == "<":
            a, b = b, a
        return _fit([nets.greater(a, b, sign in ("<=", ">="), line)], need)
    joined = [nets.join(_PLAIN[sign.replace("~", "")], a, b, line) for a, b in zip(left, right, strict=True)]
    return [flipped(bit) for bit in joined] if "~" in sign else joined


def _fit(bits: list[Bit], need: int) -> list[Bit]:
    """Cut off or filled up with zeros."""
    return bits[:need] if len(bits) >= need else bits + [0] * (need - len(bits))


def _reduce(kind: str, bits: Sequence[Bit], nets: Nets, line: int) -> Bit:
    result: Bit = int(kind == AND)
    for bit in bits:
        result = nets.join(kind, result, bit, line)
    return result


def _unary(sign: str, bits: list[Bit], need: int, nets: Nets, line: int) -> list[Bit]:
    if sign == "~":
        return [flipped(bit) for bit in bits]
    if sign == "+":
        return bits
    if sign == "-":
        zeros: list[Bit] = [0] * len(bits)
        return _add(zeros, bits, True, nets, line)
    if sign == "!":
        return _fit([flipped(_reduce(OR, bits, nets, line))], need)
    result = _reduce(_REDUCE[sign], bits, nets, line)
    return _fit([flipped(result) if "~" in sign else result], need)


def _add(left: Sequence[Bit], right: Sequence[Bit], minus: bool, nets: Nets, line: int) -> list[Bit]:
    """Two units a bit: a parity and a majority. a - b is a + not b + 1."""
    carry = int(minus)
    result: list[Bit] = []
    for place, (a, b) in enumerate(zip(left, right, strict=True)):
        one, other = nets.settle(a, line), nets.settle(b, line) ^ int(minus)
        total: Bit = nets.join(XOR, nets.join(XOR, one, other, line), carry, line)
        result.append(total)
        if place + 1 < len(left):
            carry = nets.majority(one, other, carry, line)
    return result


def _choose(part: _Part, nets: Nets, line: int) -> list[Bit]:
    select = nets.settle(_reduce(OR, part.children[0].bits, nets, line), line)
    pairs: zip[tuple[Bit, Bit]] = zip(part.children[1].bits, part.children[2].bits, strict=True)
    return [nets.choose(select, high, low, line) for high, low in pairs]


def _shift(sign: str, part: _Part, nets: Nets, line: int) -> list[Bit]:
    """Bits moved to another place; by a number that is no constant, in as many layers as the number has bits."""
    bits, amount = part.children[0].bits, part.children[1].bits
    layers = [(1 << place, nets.settle(bit, line)) for place, bit in enumerate(amount)]
    by = min(sum(step for step, bit in layers if bit == 1), len(bits))
    bits = _moved(bits, sign, by)
    for step, select in layers:
        if select > 1:
            nets.charge(len(bits), line)
            settled: list[Bit] = [nets.settle(bit, line) for bit in bits]
            moved = _moved(settled, sign, min(step, len(bits)))
            bits = [nets.choose(select, high, low, line) for high, low in zip(moved, settled, strict=True)]
    return _fit(bits, part.need)


def _moved(bits: list[Bit], sign: str, by: int) -> list[Bit]:
    zeros: list[Bit] = [0] * by
    return (zeros + bits)[: len(bits)] if sign[0] == "<" else bits[by:] + zeros
