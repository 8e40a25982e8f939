"""Declarations: reading the words of a module one after the other, its header, and what it declares."""

from __future__ import annotations

from circuits.formats.errors import FormatError
from circuits.formats.verilog_expression import CONSTANT, READ, Postfix, Step, parse
from circuits.formats.verilog_lexer import ESCAPED, KEYWORD, NAME, Words
from circuits.formats.verilog_modules import Assign, Declared, Initial, Module

NETS = frozenset(("wire", "tri", "reg", "logic"))
SUPPLIES = {"supply0": 0, "supply1": 1}
_LONGEST_NAME = 4096
_CURE = {
    "always_comb": "write assigns instead",
    "always_latch": "latches are not read",
    "case": "use ?: in an assign",
    "defparam": "give the parameter with #( ) at the instance",
    "else": "use ?: for the next value",
    "function": "write assigns instead",
    "generate": "unroll it",
    "genvar": "unroll it",
    "if": "use ?: for the next value",
    "inout": "a port is an input or an output",
    "integer": "it is behavioural",
    "specify": "take the timing out",
}


class Declarations:
    """Statement by statement; `at` is the next word. Every method that reads a thing moves it on."""

    def __init__(self, words: Words):
        self.words = words
        self.at = 0
        self.now = Module("", 0)

    # --- words

    def fail(self, wanted: str) -> FormatError:
        """The error that something else stands at the next word."""
        text = self.words.text[self.at]
        found = repr(text[:40]) if text else "the end of the file"
        return FormatError(f"{found} stands where {wanted} should be", line=self.words.line(self.at))

    def is_(self, text: str) -> bool:
        """Whether the next word is this sign or keyword."""
        return self.words.text[self.at] == text and self.words.kind[self.at] != ESCAPED

    def take(self, text: str) -> bool:
        """Pass over the next word if it is this one; whether it was."""
        if self.is_(text):
            self.at += 1
            return True
        return False

    def expect(self, text: str, where: str) -> None:
        """Pass over the next word, which must be this one."""
        if not self.take(text):
            raise self.fail(f"{text!r} {where}")

    def name(self, what: str) -> str:
        """The next word, which must be a name."""
        if self.words.kind[self.at] not in (NAME, ESCAPED):
            raise self.fail(what)
        text = self.words.text[self.at]
        if len(text) > _LONGEST_NAME:
            reason = f"a name has {len(text)} characters; the most is {_LONGEST_NAME}"
            raise FormatError(reason, line=self.words.line(self.at))
        self.at += 1
        return text

    def expression(self, *, target: bool = False) -> Postfix:
        """The expression that starts at the next word (see `parse`)."""
        postfix, self.at = parse(self.words, self.at, target=target)
        return postfix

    # --- the header

    def header(self) -> None:
        """Port names, or whole declarations."""
        if self.take(")"):
            return
        direction, kept = "", None
        while True:
            if self.words.text[self.at] in ("input", "output", "inout") and self.words.kind[self.at] == KEYWORD:
                direction = self.direction()
                kept = self.range()
            word = self.at
            if self.is_("."):
                raise self.fail("the name of a port (ports with a dot are not read)")
            name = self.name("the name of a port")
            if name in self.now.plain or name in self.now.ports:
                raise FormatError(f"port {name!r} is named twice", line=self.words.line(word))
            self.now.ports.append(name)
            if direction:
                self.declare(name, kept, word)
                self.direct(name, direction, word)
                if self.is_("="):
                    raise self.fail("',' or ')' (a port with an initial value is not read)")
            if self.take(")"):
                return
            self.expect(",", "or ')' after a port")

    def direction(self) -> str:
        """`input` or `output`, and the kind of net that may follow it."""
        if self.is_("inout"):
            raise self.refuse()
        direction = self.words.text[self.at]
        self.at += 1
        if self.words.text[self.at] in NETS and self.words.kind[self.at] == KEYWORD:
            self.at += 1
        return direction

    def direct(self, name: str, direction: str, word: int) -> None:
        """Note the direction of a port."""
        if name in self.now.directions:
            raise FormatError(f"port {name!r} is declared twice", line=self.words.line(word))
        self.now.directions[name] = direction
        if self.words.kind[word] == NAME:
            self.now.plain.add(name)

    def range(self) -> tuple[Postfix, Postfix] | None:
        """`[7:0]`, or None where there is none."""
        if self.is_("signed"):
            raise self.refuse()
        if not self.take("["):
            return None
        first = self.expression()
        self.expect(":", "in a range")
        last = self.expression()
        self.expect("]", "after a range")
        return first, last

    def declare(self, name: str, bits: tuple[Postfix, Postfix] | None, word: int) -> None:
        """A name may be declared as a port and as a net; the range that is given counts."""
        known = self.now.declared.get(name)
        if name in self.now.parameters:
            raise FormatError(f"{name!r} is a parameter and a net", line=self.words.line(word))
        if known is None or (known.range is None and name in self.now.directions):
            self.now.declared[name] = Declared(bits, word)
        elif name not in self.now.directions and name not in self.now.ports:
            first = self.words.line(known.word)
            raise FormatError(f"{name!r} is declared twice (first on line {first})", line=self.words.line(word))
        if self.is_("["):
            raise self.fail(f"',' or ';' after {name!r} (arrays are not read)")

    def refuse(self) -> FormatError:
        """The error that the next word starts something that has no structure."""
        text = self.words.text[self.at]
        cure = _CURE.get(text, "only structural Verilog is")
        return FormatError(f"{text!r} is not read; {cure}", line=self.words.line(self.at))

    # --- declarations

    def delay(self) -> None:
        """Time does not matter here: #1, #1.5 or #(1, 2) is passed over."""
        if not self.take("#"):
            return
        if self.take("("):
            self.expression()
            while self.take(",") or self.take(":"):
                self.expression()
            self.expect(")", "after a delay")
        else:
            self.at += 1
            if self.take("."):
                self.at += 1

    def port_declaration(self) -> None:
        """`input [3:0] a, b;`"""
        direction = self.direction()
        bits = self.range()
        while True:
            word = self.at
            name = self.name("the name of a port")
            if name not in self.now.ports:
                reason = f"{name!r} is declared as a port, but is not in the header of {self.now.name!r}"
                raise FormatError(reason, line=self.words.line(word))
            self.declare(name, bits, word)
            self.direct(name, direction, word)
            self.start_value(name, word)
            if not self.take(","):
                break
        self.expect(";", "after a declaration")

    def net_declaration(self) -> None:
        """`wire [3:0] a, b = c;`"""
        kind = self.words.text[self.at]
        self.at += 1
        if kind in ("wire", "tri") and self.is_("logic"):
            self.at += 1
        bits = self.range()
        self.delay()
        while True:
            word = self.at
            name = self.name("the name of a net")
            self.declare(name, bits, word)
            if kind in SUPPLIES:
                value = [Step(CONSTANT, (None, -SUPPLIES[kind]), word)]
                self.now.items.append(Assign([Step(READ, name, word)], value, word))
            elif kind in ("reg", "logic"):
                self.start_value(name, word)
            elif self.take("="):
                self.now.items.append(Assign([Step(READ, name, word)], self.expression(), word))
            if not self.take(","):
                break
        self.expect(";", "after a declaration")

    def start_value(self, name: str, word: int) -> None:
        """`reg q = 0`: what a variable starts with."""
        if self.take("="):
            self.now.items.append(Initial([Step(READ, name, word)], self.expression(), word))

    def parameter(self, *, local: bool) -> None:
        """`N = 4`"""
        for kind in ("integer", "signed"):
            if self.is_(kind):
                self.at += 1
        if not self.is_("="):
            self.range()
        word = self.at
        name = self.name("the name of a parameter")
        if name in self.now.parameters or name in self.now.declared:
            raise FormatError(f"{name!r} is declared twice", line=self.words.line(word))
        self.expect("=", "after the name of a parameter")
        self.now.parameters[name] = (self.expression(), local)
