"""elaborate: the top module of a file with all its instances, as one flat netlist.

A net is called by its name, below an instance by the instance's name, a dot, and its own: `fa3.carry`. What is
connected to a port *is* the net of the port, so a flip-flop's output has the name of the wire outside.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from circuits import cells
from circuits.formats.errors import FormatError
from circuits.formats.netlist import Netlist
from circuits.formats.verilog_expression import Postfix
from circuits.formats.verilog_lexer import CROWDED, Words
from circuits.formats.verilog_modules import Assign, GateUse, Initial, Instance, Item, Module, Register
from circuits.formats.verilog_names import Names
from circuits.formats.verilog_nets import AND, OR, XOR, Bit, Nets, flipped
from circuits.formats.verilog_parser import FLIP_FLOP, modules_of
from circuits.formats.verilog_values import value_of

_KINDS = {"and": AND, "nand": AND, "or": OR, "nor": OR, "xor": XOR, "xnor": XOR}
_CELLS = {"buffer": (("i",), ("o",)), "inverter": (("i",), ("o",)), "crossing": (("i1", "i2"), ("o1", "o2"))}
_SUPPLIES = ("GND", "VDD")


def elaborate(source: str) -> tuple[Netlist, str]:
    """The netlist of a Verilog file, and the name of its top module.

    The top is the last module that no other one uses.

    Raises
    ------
    FormatError
        If the file breaks Verilog, or has something that is not read.
    """
    words, modules = _parsed(source)
    top = _top(modules, words)
    nets = Nets(100_000 + 16 * len(source))
    scope = Scope(top, "", nets, words, {}, {}, top.word)
    for name, direction in top.directions.items():
        line = words.line(top.declared[name].word)
        for bit in scope.net(name, top.declared[name].word):
            if direction == "input":
                nets.drive(bit >> 1, line)
                nets.inputs.append(bit >> 1)
                if name in _SUPPLIES and name in top.plain and len(scope.net(name, top.word)) == 1:
                    nets.supplies.add(bit >> 1)
            else:
                nets.outputs.append((nets.called(bit >> 1), bit >> 1, line))
    waiting = [scope]
    while waiting:
        scope = waiting.pop()
        below = [made for item in scope.module.items if (made := scope.build(item, modules)) is not None]
        waiting += reversed(below)
        scope.finish()
    return nets.netlist(), top.name


def _parsed(source: str) -> tuple[Words, dict[str, Module]]:
    """The modules; where a file makes no sense as it stands, names with a backslash may end before a comma."""
    try:
        words = Words(source)
        return words, modules_of(words)
    except FormatError:
        if not CROWDED.search(source):
            raise
        try:
            words = Words(source, lenient=True)
            return words, modules_of(words)
        except FormatError:
            pass
        raise


def _top(modules: Mapping[str, Module], words: Words) -> Module:
    """The last module that none uses, once it is clear that none is a part of itself."""
    used = {item.module for module in modules.values() for item in module.items if isinstance(item, Instance)}
    tops = [module for module in modules.values() if module.name not in used and not module.transistors]
    done: set[str] = set()
    for first in modules:
        path: dict[str, list[str]] = {}
        waiting = [first]
        while waiting:
            name = waiting[-1]
            if name not in path:
                items = modules[name].items if name in modules else []
                path[name] = list({item.module: None for item in items if isinstance(item, Instance)})
            rest = path[name]
            while rest and rest[-1] in done:
                rest.pop()
            if not rest:
                waiting.pop()
                del path[name]
                done.add(name)
            elif rest[-1] in path:
                line = words.line(modules[rest[-1]].word)
                raise FormatError(f"module {rest[-1]!r} is a part of itself", line=line)
            else:
                waiting.append(rest[-1])
    if not tops:
        raise FormatError("the file has no module but flip-flops", line=1)
    return tops[-1]


class Scope(Names):
    """A module where it is used, and how its items become gates."""

    def build(self, item: Item, modules: Mapping[str, Module]) -> Scope | None:
        """Add what an item says; an instance gives the scope of what is in it."""
        line = self.line(item.word)
        self.nets.charge(1, line)
        if isinstance(item, Assign):
            self._assign(item, line)
        elif isinstance(item, GateUse):
            self._gate(item, line)
        elif isinstance(item, Register):
            clock = self._one_bit([*self.target_of_name(item.clock, item.word)], "the clock", line)
            self._register(self.target(item.target), item.value, clock >> 1, line)
        elif isinstance(item, Initial):
            self._initial(item, line)
        else:
            return self._instance(item, modules, line)
        return None

    def _drive(self, bits: Sequence[int], values: Sequence[Bit], line: int) -> None:
        for bit, value in zip(bits, values, strict=True):
            if bit & 1 or bit < 2:
                raise FormatError("a constant or a complement is driven; is an input assigned to?", line=line)
            self.nets.assign(bit >> 1, value, line)

    def _assign(self, item: Assign, line: int) -> None:
        target = self.target(item.target)
        self.nets.stem = target[0] >> 1
        self._drive(target, value_of(item.value, self, len(target)), line)

    def _one_bit(self, bits: Sequence[Bit], what: str, line: int) -> int:
        if len(bits) != 1:
            raise FormatError(f"{what} is {len(bits)} bits wide; give one bit", line=line)
        return self.nets.settle(bits[0], line)

    def _gate(self, item: GateUse, line: int) -> None:
        """A primitive: the output first; not and buf have one input, at the end, and any number of outputs."""
        gate, pins = item.gate, item.pins
        outputs = pins[:-1] if gate in ("not", "buf") else pins[:1]
        inputs = pins[len(outputs) :]
        if not outputs or not inputs:
            raise FormatError(f"{gate!r} has {len(pins)} pins; give an output and an input", line=line)
        targets = [self.target(pin) for pin in outputs]
        for target in targets:
            if len(target) != 1:
                raise FormatError(f"the output of {gate!r} is {len(target)} bits wide; give one bit", line=line)
        self.nets.stem = targets[0][0] >> 1
        literals = [self._one_bit(value_of(pin, self), f"a pin of {gate!r}", line) for pin in inputs]
        if gate in ("not", "buf"):
            for target in targets:
                if gate == "not" or literals[0] & 1 or literals[0] < 2:
                    self._drive(target, [literals[0] ^ int(gate == "not")], line)
                else:
                    self._buffer(target, literals[0], line)
            return
        value: Bit = literals[0]
        for literal in literals[1:]:
            value = self.nets.join(_KINDS[gate], value, literal, line)
        self._drive(targets[0], [flipped(value) if gate in ("nand", "nor", "xnor") else value], line)

    def _buffer(self, target: Sequence[int], literal: int, line: int) -> None:
        if target[0] & 1 or target[0] < 2:
            raise FormatError("a constant or a complement is driven", line=line)
        self.nets.unit(target[0] >> 1, cells.and_(1), [literal >> 1], line)

    def _register(self, target: Sequence[int], value: Postfix, clock: int | None, line: int) -> None:
        self.nets.stem = target[0] >> 1
        for bit, following in zip(target, value_of(value, self, len(target)), strict=True):
            if bit & 1 or bit < 2:
                raise FormatError("a constant or a complement is driven by a register", line=line)
            self.nets.stem = bit >> 1
            self.nets.state(bit >> 1, self.nets.settle(following, line), line)
        if clock is not None:
            self.nets.clocks.setdefault(clock, line)

    def _initial(self, item: Initial, line: int) -> None:
        target = self.target(item.target)
        for bit, value in zip(target, value_of(item.value, self, len(target)), strict=True):
            if not isinstance(value, int) or value > 1:
                raise FormatError("an initial value is no constant", line=line)
            if self.nets.initial.setdefault(bit >> 1, value) != value:
                raise FormatError(f"{self.nets.called(bit >> 1)!r} has two initial values", line=line)

    # --- instances

    def _instance(self, item: Instance, modules: Mapping[str, Module], line: int) -> Scope | None:
        module = modules.get(item.module)
        if (module is None and item.module.lower() == FLIP_FLOP) or (module is not None and module.transistors):
            self._flip_flop(item, module, line)
            return None
        if module is None:
            raise FormatError(f"module {item.module!r} of {item.name!r} is not in the file", line=line)
        known = _CELLS.get(module.name) if not module.items else None
        is_known = known is not None and set(module.ports) == {*known[0], *known[1]}
        if not is_known and not module.items and "output" in module.directions.values():
            raise FormatError(f"module {module.name!r} is empty: a black box has no function", line=line)
        given = self._parameters(item, module, line)
        bound: dict[str, list[int]] = {}
        child = Scope(module, f"{self.prefix}{item.name}.", self.nets, self.words, bound, given, item.word)
        connected = self._connected(item, module.ports, line)
        if known is not None and is_known:
            for source, target in zip(*known, strict=True):
                self._known_cell(module.name, connected.get(source), connected.get(target), line)
            return None
        for port, value in connected.items():
            if module.directions[port] == "input":
                self._connect_input(child, port, value, bound, line)
            else:
                self._connect_output(child, port, self.target(value), bound, item.word)
        return child

    def _known_cell(self, name: str, source: Postfix | None, target: Postfix | None, line: int) -> None:
        """An empty module that technology mappers write by this name."""
        if source is None or target is None:
            return
        bits = self.target(target)
        self.nets.stem = bits[0] >> 1
        literal = self._one_bit(value_of(source, self, 1), f"a pin of {name!r}", line)
        if len(bits) != 1:
            raise FormatError(f"a pin of {name!r} is {len(bits)} bits wide; give one bit", line=line)
        self._drive(bits, [literal ^ int(name == "inverter")], line)

    def _parameters(self, item: Instance, module: Module, line: int) -> dict[str, int]:
        places = [name for name, (_, local) in module.parameters.items() if not local]
        given: dict[str, int] = {}
        for place, (name, postfix) in enumerate(item.parameters):
            if name is None:
                if place >= len(places):
                    reason = (
                        f"module {module.name!r} has {len(places)} parameters, but {len(item.parameters)} are given"
                    )
                    raise FormatError(reason, line=line)
                name = places[place]
            if name in given:
                raise FormatError(f"parameter {name!r} is given twice", line=line)
            given[name] = self.constant(postfix)
        return given

    def _connected(self, item: Instance, ports: Sequence[str], line: int) -> dict[str, Postfix]:
        """What is connected to which port."""
        if len(item.connections) > len(ports) and item.connections[0][0] is None:
            reason = f"{item.name!r} connects {len(item.connections)} ports of {item.module!r}, which has {len(ports)}"
            raise FormatError(reason, line=line)
        result: dict[str, Postfix] = {}
        for place, (name, postfix) in enumerate(item.connections):
            port = ports[place] if name is None else name
            if port not in ports:
                raise FormatError(f"module {item.module!r} has no port {port!r}", line=line)
            if port in result:
                raise FormatError(f"port {port!r} of {item.name!r} is connected twice", line=line)
            if postfix is not None:
                result[port] = postfix
        return result

    def _connect_input(self, child: Scope, port: str, value: Postfix, bound: dict[str, list[int]], line: int) -> None:
        """The port is the net that is connected; a constant or a complement gets a net of its own."""
        width = child.width(port)
        self.nets.charge(width, line)
        bits = value_of(value, self, width)
        if all(isinstance(bit, int) and bit > 1 and not bit & 1 for bit in bits):
            bound[port] = [bit for bit in bits if isinstance(bit, int)]
            return
        for inside, bit in zip(child.net(port, child.module.word), bits, strict=True):
            self.nets.stem = inside >> 1
            self.nets.assign(inside >> 1, bit, line)

    def _connect_output(
        self, child: Scope, port: str, outside: list[int], bound: dict[str, list[int]], word: int
    ) -> None:
        """The port is the net that is connected; where it is wider, it has nets of its own."""
        width = child.width(port)
        self.nets.charge(width, self.line(word))
        if width <= len(outside):
            bound[port] = outside[:width]
            self._drive(outside[width:], [0] * (len(outside) - width), self.line(word))
        else:
            inside = child.net(port, child.module.word)
            self._drive(outside, inside[: len(outside)], self.line(word))

    def _flip_flop(self, item: Instance, module: Module | None, line: int) -> None:
        """A `dff` that is not written as a register: (clock, q, d), or (q, d) without a clock."""
        ports = ["CK", "Q", "D"] if len(item.connections) == 3 else ["Q", "D"]
        if module is not None and module.ports:
            ports = [port.upper() for port in module.ports]
        upper = [(None if name is None else name.upper(), value) for name, value in item.connections]
        clocks = {"CLK": "CK", "CLOCK": "CK", "C": "CK", "CP": "CK"}
        upper = [(name and clocks.get(name, name), value) for name, value in upper]
        ports = [clocks.get(port, port) for port in ports]
        if "CK" not in ports and any(name == "CK" for name, _ in upper):
            ports.append("CK")
        connected = self._connected(item._replace(connections=upper), ports, line)
        if "Q" not in connected or "D" not in connected:
            raise FormatError(f"{item.name!r}: a dff needs q and d; give (clock, q, d) or (q, d)", line=line)
        target = self.target(connected["Q"])
        clock = None
        if "CK" in connected:
            clock = self._one_bit(value_of(connected["CK"], self), "the clock", line) >> 1
        self._register(target, connected["D"], clock, line)
