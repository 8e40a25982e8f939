"""modules_of: the modules of a Verilog file, statement by statement."""

from __future__ import annotations

from circuits.formats.errors import FormatError
from circuits.formats.verilog_declarations import NETS, SUPPLIES, Declarations
from circuits.formats.verilog_expression import Postfix
from circuits.formats.verilog_lexer import END, ESCAPED, KEYWORD, NAME, Words
from circuits.formats.verilog_modules import Assign, GateUse, Initial, Instance, Module, Register

GATES = frozenset(("and", "nand", "or", "nor", "xor", "xnor", "not", "buf"))
FLIP_FLOP = "dff"
_TRANSISTORS = frozenset(("nmos", "pmos", "cmos", "rnmos", "rpmos", "rcmos", "trireg", "tran", "bufif0", "bufif1"))


def modules_of(words: Words) -> dict[str, Module]:
    """The modules by name, in the order of the file.

    Raises
    ------
    FormatError
        If the words are not modules, two have one name, or one has something that is not structural.
    """
    modules: dict[str, Module] = {}
    parser = _Statements(words)
    while words.kind[parser.at] != END:
        module = parser.module()
        if module.name in modules:
            first = words.line(modules[module.name].word)
            raise FormatError(
                f"module {module.name!r} is there twice (first on line {first})", line=words.line(module.word)
            )
        modules[module.name] = module
    if not modules:
        raise FormatError("the file has no module", line=words.line(parser.at))
    return modules


class _Statements(Declarations):
    """The statements of a module; each becomes an item of it."""

    # --- a module

    def module(self) -> Module:
        if not (self.take("module") or self.take("macromodule")):
            raise self.fail("'module'")
        word = self.at
        self.now = now = Module(self.name("the name of a module"), word)
        if self.take("#"):
            self.expect("(", "after '#'")
            while not self.take(")"):
                self.take("parameter")
                self.parameter(local=False)
                if not self.is_(")"):
                    self.expect(",", "or ')' after a parameter")
        if self.take("("):
            self.header()
        self.expect(";", "after the header of the module")
        if now.name.lower() == FLIP_FLOP and self.skip_transistors():
            return now
        while not self.take("endmodule"):
            self.item()
        for port in now.ports:
            if port not in now.directions:
                reason = f"port {port!r} of module {now.name!r} is neither an input nor an output"
                raise FormatError(reason, line=self.words.line(word))
        return now

    def skip_transistors(self) -> bool:
        """A flip-flop that is drawn in transistors is a flip-flop; its body is passed over."""
        end = self.at
        while self.words.kind[end] != END and not (
            self.words.text[end] == "endmodule" and self.words.kind[end] == KEYWORD
        ):
            end += 1
        body = range(self.at, end)
        if not any(self.words.kind[at] == KEYWORD and self.words.text[at] in _TRANSISTORS for at in body):
            return False
        self.at = end
        self.expect("endmodule", "of 'dff'")
        self.now.transistors = True
        return True

    def item(self) -> None:
        kind, text, word = self.words.kind[self.at], self.words.text[self.at], self.at
        if kind in (NAME, ESCAPED):
            return self.instances()
        if kind != KEYWORD:
            if self.take(";"):
                return None
            raise self.fail("a declaration, a gate, an instance or 'endmodule'")
        if text in GATES:
            return self.gates()
        if text in ("input", "output"):
            return self.port_declaration()
        if text in NETS or text in SUPPLIES:
            return self.net_declaration()
        if text not in ("assign", "always", "always_ff", "initial", "parameter", "localparam"):
            raise self.refuse()
        self.at += 1
        if text == "assign":
            self.delay()
            while True:
                self.assignment(word)
                if not self.take(","):
                    break
            self.expect(";", "after an assign")
        elif text in ("parameter", "localparam"):
            while True:
                self.parameter(local=text == "localparam")
                if not self.take(","):
                    break
            self.expect(";", "after a parameter")
        else:
            clock = "" if text == "initial" else self.edge()
            self.block(clock, word)
        return None

    def assignment(self, word: int) -> None:
        target = self.expression(target=True)
        self.expect("=", "after the name that is assigned to")
        self.now.items.append(Assign(target, self.expression(), word))

    def gates(self) -> None:
        """One or more gates of one kind, with or without names."""
        gate = self.words.text[self.at]
        self.at += 1
        self.strength()
        self.delay()
        while True:
            word = self.at
            if self.words.kind[self.at] in (NAME, ESCAPED):
                self.at += 1
                if self.is_("["):
                    raise self.fail("'(' after the name of a gate (arrays of gates are not read)")
            self.expect("(", "before the pins of a gate")
            pins = [self.expression()]
            while self.take(","):
                pins.append(self.expression())
            self.expect(")", "after the pins of a gate")
            self.now.items.append(GateUse(gate, pins, word))
            if not self.take(","):
                break
        self.expect(";", "after a gate")

    def strength(self) -> None:
        if self.is_("(") and self.words.text[self.at + 1] in ("strong0", "strong1", "supply0", "supply1"):
            raise FormatError("drive strengths are not read; take them out", line=self.words.line(self.at))

    def instances(self) -> None:
        """One or more instances of a module."""
        module = self.name("the name of a module")
        parameters: list[tuple[str | None, Postfix]] = []
        if self.take("#"):
            if self.is_("("):
                parameters = [(name, value) for name, value in self.connections() if value is not None]
            else:
                parameters = [(None, self.expression())]
        while True:
            word = self.at
            name = self.name("the name of an instance")
            if self.is_("["):
                raise self.fail("'(' after the name of an instance (arrays of instances are not read)")
            self.now.items.append(Instance(module, name, parameters, self.connections(), word))
            if not self.take(","):
                break
        self.expect(";", "after an instance")

    def connections(self) -> list[tuple[str | None, Postfix | None]]:
        """What stands in the parentheses of an instance: all by name or all by place."""
        self.expect("(", "before what is connected")
        result: list[tuple[str | None, Postfix | None]] = []
        if self.take(")"):
            return result
        while True:
            if self.take("."):
                name: str | None = self.name("the name of a port")
                self.expect("(", "after the name of a port")
                value = None if self.is_(")") else self.expression()
                self.expect(")", "after what is connected")
            else:
                name = None
                value = None if self.is_(",") or self.is_(")") else self.expression()
            if result and (result[0][0] is None) != (name is None):
                raise FormatError("connections by name and by place are mixed", line=self.words.line(self.at - 1))
            result.append((name, value))
            if self.take(")"):
                return result
            self.expect(",", "or ')' after what is connected")

    # --- registers

    def edge(self) -> str:
        """`@(posedge clock)`: the clock's name."""
        self.expect("@", "after always")
        if not self.take("("):
            raise self.fail("'(posedge clock)' (only registers are read)")
        if not self.take("posedge"):
            raise self.fail("'posedge' (only registers at a rising edge are read)")
        clock = self.name("the name of the clock")
        if not self.take(")"):
            raise self.fail("')' after the clock (only registers without asynchronous reset are read)")
        return clock

    def block(self, clock: str, word: int) -> None:
        """One assignment, or several between begin and end; begins may nest."""
        depth = 0
        while True:
            if self.take("begin"):
                depth += 1
                if self.take(":"):
                    self.name("the name of a block")
            elif depth and self.take("end"):
                depth -= 1
            elif not self.take(";"):
                self.register(clock)
            if depth == 0:
                return

    def register(self, clock: str) -> None:
        word = self.at
        if self.words.kind[word] == KEYWORD:
            raise self.refuse()
        target = self.expression(target=True)
        if clock and self.is_("="):
            raise self.fail("'<=' in a register (blocking assignments are not read)")
        if not self.take("<=") and not (not clock and self.take("=")):
            raise self.fail("'<='")
        self.delay()
        value = self.expression()
        self.expect(";", "after an assignment")
        if clock:
            self.now.items.append(Register(clock, target, value, word))
        else:
            self.now.items.append(Initial(target, value, word))
