"""Names: what the names in a module mean where the module is used: nets, bits of vectors, parameters."""

from __future__ import annotations

import re
from collections.abc import Mapping

from circuits.formats.errors import FormatError
from circuits.formats.verilog_expression import CONCAT, READ, SELECT, Postfix, constant
from circuits.formats.verilog_lexer import Words
from circuits.formats.verilog_modules import Module
from circuits.formats.verilog_nets import Nets

_BIT = re.compile(r"(.+)\[(-?[0-9]{1,9})\]", re.DOTALL)


class Names:
    """A module where it is used: what its names mean there.

    Parameters
    ----------
    module : Module
    prefix : str
        What stands before the names of its nets.
    nets : Nets
    words : Words
    bound : dict of port -> literals
        The ports that are nets of the scope above.
    given : dict of parameter -> value
    word : int
        Where it is used.
    """

    def __init__(
        self,
        module: Module,
        prefix: str,
        nets: Nets,
        words: Words,
        bound: dict[str, list[int]],
        given: Mapping[str, int],
        word: int,
    ):
        self.module = module
        self.nets = nets
        self.words = words
        self.prefix = prefix
        self._bits = bound
        self._ranges: dict[str, tuple[int, int]] = {}
        self._bracketed: list[tuple[str, int]] = []
        self.values: dict[str, int] = {}
        for name, (postfix, local) in module.parameters.items():
            self.values[name] = given[name] if name in given and not local else self.constant(postfix)
        for name in given:
            if name not in module.parameters or module.parameters[name][1]:
                raise FormatError(f"module {module.name!r} has no parameter {name!r}", line=self.line(word))

    def line(self, word: int) -> int:
        """The line of a word."""
        return self.words.line(word)

    def constant(self, postfix: Postfix) -> int:
        """The value of a constant expression."""
        return constant(postfix, self.values, self.words)

    def read(self, name: str, word: int) -> list[int] | tuple[int | None, int]:
        """The literals of a net, least significant first; or the width and value of a parameter."""
        found = self._bits.get(name)
        if found is not None:
            return found
        return (None, self.values[name]) if name in self.values else self.net(name, word)

    def net(self, name: str, word: int) -> list[int]:
        """The literals of a net; one that is not declared is one bit."""
        found = self._bits.get(name)
        if found is None:
            found = self._bits[name] = self._new(name, word)
        return found

    def bounds(self, name: str) -> tuple[int, int] | None:
        """The numbers of the most and the least significant bit, or None for one bit without a number."""
        declared = self.module.declared.get(name)
        if declared is None or declared.range is None:
            return None
        if name not in self._ranges:
            first, last = (self.constant(postfix) for postfix in declared.range)
            if max(abs(first), abs(last)) > 10**9:
                raise FormatError(f"the range of {name!r} is too large", line=self.line(declared.word))
            self._ranges[name] = first, last
        return self._ranges[name]

    def width(self, name: str) -> int:
        """How many bits a port has."""
        bounds = self.bounds(name)
        return 1 if bounds is None else abs(bounds[0] - bounds[1]) + 1

    def _new(self, name: str, word: int) -> list[int]:
        line, bounds = self.line(word), self.bounds(name)
        if bounds is None:
            if name.endswith("]"):
                self._bracketed.append((name, line))
            return [self.nets.new(self.prefix + name, line)]
        most, least = bounds
        self.nets.charge(abs(most - least), line)
        step = 1 if most >= least else -1
        stem = self.prefix + name
        return [self.nets.new(f"{stem}[{place}]", line) for place in range(least, most + step, step)]

    def select(self, what: tuple[str, Postfix, Postfix | None], word: int) -> list[int]:
        """The literals of some bits of a net."""
        name, first_postfix, last_postfix = what
        if name in self.values:
            raise FormatError(f"{name!r} is a parameter; bits of parameters are not read", line=self.line(word))
        bounds = self.bounds(name)
        if bounds is None:
            raise FormatError(f"{name!r} is one bit and has no parts", line=self.line(word))
        first = self.constant(first_postfix)
        last = first if last_postfix is None else self.constant(last_postfix)
        most, least = bounds
        down = most >= least
        high, low = (first - least, last - least) if down else (least - first, least - last)
        if not 0 <= low <= high < self.width(name):
            shown = f"[{first}]" if last_postfix is None else f"[{first}:{last}]"
            reason = f"{name!r} has the bits [{most}:{least}]; {shown[:60]} is no part of them"
            raise FormatError(reason, line=self.line(word))
        return self.net(name, word)[low : high + 1]

    def finish(self) -> None:
        """No net may look like the bit of a vector that it is not."""
        for name, line in self._bracketed:
            match = _BIT.fullmatch(name)
            bounds = self.bounds(match[1]) if match and match[1] in self._bits else None
            if match and bounds is not None and min(bounds) <= int(match[2]) <= max(bounds):
                raise FormatError(f"net {name!r} is called as a bit of the vector {match[1]!r}", line=line)

    def target_of_name(self, name: str, word: int) -> list[int]:
        """The literals of a net that is assigned to."""
        bits = self.read(name, word)
        if isinstance(bits, tuple):
            raise FormatError(f"{name!r} is a parameter, not a net", line=self.line(word))
        return bits

    def target(self, postfix: Postfix) -> list[int]:
        """The literals that are assigned to, least significant first."""
        stack: list[list[int]] = []
        for kind, what, word in postfix:
            if kind == READ:
                stack.append(self.target_of_name(what, word))
            elif kind == SELECT:
                stack.append(self.select(what, word))
            elif kind == CONCAT:
                self.nets.charge(what, self.line(word))
                parts = stack[-what:]
                del stack[-what:]
                stack.append([bit for part in reversed(parts) for bit in part])
                self.nets.charge(len(stack[-1]), self.line(word))
            else:
                raise FormatError("this cannot be assigned to; give a net, its bits or {a, b}", line=self.line(word))
        return stack[0]
