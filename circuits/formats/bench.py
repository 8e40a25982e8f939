"""BENCH, the format of the ISCAS circuits: loads and dumps.

    INPUT(a)                    # a comment
    OUTPUT(y)
    q = DFF(y)                  # a state whose initial value is unknown; DFF0 and DFF1 start at 0 and 1
    y = NAND(a, q)              # AND OR NAND NOR XOR XNOR of any width, NOT, BUF, MUX(select, high, low)
    z = LUT 0x8 (a, q)          # a truth table; the first name is the least significant bit of the row
    one = vdd                   # gnd and vdd are 0 and 1 wherever nothing else drives them

Letter case of these words does not matter, spaces and lines neither. DFF0, DFF1, the order of MUX and LUT are as in
ABC, which also reads what `dumps` writes.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TypeVar, overload

from circuits import cells
from circuits.cells import Cell
from circuits.formats import bench_gates as gates
from circuits.formats.errors import FormatError
from circuits.formats.netlist import Netlist
from perceptron import Builder, Network, NetworkError, Table, Unit
from perceptron.formats.text import decoded
from perceptron.tape import Tape

Built = TypeVar("Built", bound=Builder[Any])

WIDEST_LUT = 16  # pins; the table has 2**16 values
_SHORT = 6  # up to so many pins, leading zeros of a LUT's number may be missing
_TOKEN = re.compile(r"[^\S\n]*+(?:#[^\n]*+)?+(?:([^\s(),=#]++)|([(),=])|(\n)|\Z)")
_NAME = re.compile(r"[^\s(),=#]+")
_LATCHES = {"DFF": None, "DFF0": 0, "DFF1": 1}
_RAILS = {"GND": 0, "VDD": 1}
_GATES = {
    "AND": cells.and_,
    "OR": cells.or_,
    "NAND": cells.nand,
    "NOR": cells.nor,
    "XOR": cells.parity,
    "XNOR": lambda pins: cells.parity(pins, of_none=1),
    "NXOR": lambda pins: cells.parity(pins, of_none=1),
    "NOT": cells.nor,
    "INV": cells.nor,
    "BUF": cells.and_,
    "BUFF": cells.and_,
}
_ONE_PIN = {"NOT", "INV", "BUF", "BUFF", *_LATCHES}


@overload
def loads(text: str | bytes, *, into: None = None) -> Network: ...
@overload
def loads(text: str | bytes, *, into: Built) -> Built: ...
def loads(text: str | bytes, *, into: Any = None) -> Any:
    """The circuit in a BENCH file.

    Parameters
    ----------
    text : str or bytes
        The contents of the file; bytes are UTF-8.
    into : Builder, optional
        What to fill, for example a `Tape()`; a new `Network` otherwise.

    Returns
    -------
    Network, or `into`

    Raises
    ------
    FormatError
        If the file breaks the format: a word that is no gate, a gate of the wrong number of pins, a signal driven
        twice or by nothing, a loop that no flip-flop interrupts, a name of `into` that is taken. It has the line.

    Examples
    --------
    >>> loads("INPUT(a) INPUT(b) OUTPUT(y) y = nand(a, b)")
    <Network: 2 inputs, 1 unit, 2 edges, 1 output>
    """
    netlist = _Reader(decoded(text)).read()
    try:
        return netlist.build(Network() if into is None else into)
    except NetworkError as error:  # `into` has such a name already
        raise FormatError(str(error), line=1) from None


class _Reader:
    """The words of the file one after the other, and what they say."""

    def __init__(self, text: str):
        self._netlist = Netlist()
        self._words: list[str] = []
        self._at: list[int] = []
        self._next = 0
        self._aliases: list[tuple[str, str]] = []
        ends, position = [], 0
        while position < len(text):
            match = _TOKEN.match(text, position)
            assert match is not None  # every character is a blank, part of a word, a sign or a comment
            if match.lastindex == 3:
                ends.append(match.end())
            elif match.lastindex:
                self._words.append(match[match.lastindex])
                self._at.append(match.start(match.lastindex))
            position = match.end()
        self._ends = ends

    def read(self) -> Netlist:
        rails: list[tuple[str, int]] = []
        while self._next < len(self._words):
            at = self._next
            word, line = self._name("a name"), self._line(at)
            if self._peek() == "(" and word.upper() in ("INPUT", "OUTPUT"):
                names = self._names(word)
                if len(names) != 1:
                    raise FormatError(f"{word} is given {len(names)} names; give one", line=line)
                if word.upper() == "INPUT":
                    self._netlist.input(names[0], line)
                else:
                    self._netlist.output(names[0], names[0], line)
            else:
                self._expect("=", f"after {word!r}")
                rails += [(name, line) for name in self._definition(word, line)]
        for name, rail in self._aliases:  # y = gnd
            if not self._netlist.driven(rail):
                constant = cells.constant(_RAILS[rail.upper()])
                self._netlist.gates[name] = self._netlist.gates[name]._replace(cell=constant, fanin=())
        for name, line in rails:
            if not self._netlist.driven(name):
                self._netlist.gate(name, cells.constant(_RAILS[name.upper()]), (), line)
        return self._netlist

    def _definition(self, name: str, line: int) -> list[str]:
        """What stands right of the equals sign; returns the words gnd and vdd that it reads."""
        kind = self._name(f"what drives {name!r}")
        upper = kind.upper()
        if self._peek() != "(" and not (upper == "LUT" and self._peek() not in ("", "=")):
            self._netlist.gate(name, cells.and_(1), (kind,), line)  # y = x
            if upper in _RAILS:
                self._aliases.append((name, kind))
            return []
        number = self._name("a hexadecimal number") if upper == "LUT" else ""
        fanin = self._names(kind)
        if upper in _LATCHES or upper == "DFFRSE":
            if upper == "DFFRSE":  # ABC's flip-flop with reset, set and enable, which it ties to gnd
                if len(fanin) != 5 or any(pin.upper() != "GND" for pin in fanin[1:]):
                    raise FormatError(f"{kind} of {name!r}: only (next, gnd, gnd, gnd, gnd) can be read", line=line)
                del fanin[1:]
            self._pins(kind, name, len(fanin), 1, line)
            self._netlist.latch(name, fanin[0], _LATCHES.get(upper), line)
        else:
            self._netlist.gate(name, self._cell(kind, name, len(fanin), number, line), fanin, line)
        return [pin for pin in fanin if pin.upper() in _RAILS]

    def _cell(self, kind: str, name: str, pins: int, number: str, line: int) -> Cell:
        upper = kind.upper()
        if upper == "LUT":
            return _lut(name, number, pins, line)
        if upper == "MUX":
            self._pins(kind, name, pins, 3, line)
            return cells.mux()
        if upper in _RAILS:
            self._pins(kind, name, pins, 0, line)
            return cells.constant(_RAILS[upper])
        if upper not in _GATES:
            known = ", ".join([*_GATES, "MUX", "LUT", *_LATCHES])
            raise FormatError(
                f"{name!r} is driven by {_short(kind)}, which is no gate; the gates are {known}", line=line
            )
        if upper in _ONE_PIN:
            self._pins(kind, name, pins, 1, line)
        elif pins == 0:
            raise FormatError(f"{kind} of {name!r} has no pins; give at least one", line=line)
        return _GATES[upper](pins)

    def _pins(self, kind: str, name: str, pins: int, wanted: int, line: int) -> None:
        if pins != wanted:
            raise FormatError(f"{kind} of {name!r} has {pins} pins; give {wanted}", line=line)

    # --- words

    def _line(self, word: int) -> int:
        return bisect_right(self._ends, self._at[word]) + 1

    def _peek(self) -> str:
        return self._words[self._next] if self._next < len(self._words) else ""

    def _fail(self, wanted: str) -> FormatError:
        if self._next >= len(self._words):
            return FormatError(f"the file ends where {wanted} should be", line=len(self._ends) + 1)
        found = _short(self._words[self._next])
        return FormatError(f"{found} stands where {wanted} should be", line=self._line(self._next))

    def _name(self, wanted: str) -> str:
        word = self._peek()
        if word in ("", "(", ")", ",", "="):
            raise self._fail(wanted)
        if not word.isprintable():
            raise FormatError(
                f"{_short(word)} has characters that no name has; is this a text file?", line=self._line(self._next)
            )
        self._next += 1
        return word

    def _expect(self, sign: str, where: str) -> None:
        if self._peek() != sign:
            raise self._fail(f"{sign!r} {where}")
        self._next += 1

    def _names(self, kind: str) -> list[str]:
        """The names between parentheses."""
        self._expect("(", f"after {_short(kind)}")
        names: list[str] = []
        if self._peek() == ")":
            self._next += 1
            return names
        while True:
            names.append(self._name("a name"))
            if self._peek() == ")":
                self._next += 1
                return names
            self._expect(",", f"or ')' in the names of {_short(kind)}")


def _short(word: str) -> str:
    return repr(word) if len(word) <= 40 else repr(word[:40]) + "..."


def _lut(name: str, number: str, pins: int, line: int) -> Cell:
    """The cell of a truth table in hexadecimal: bit i is the value of row i."""
    if not re.fullmatch(r"0[xX][0-9a-fA-F]+", number):
        raise FormatError(f"LUT of {name!r}: {_short(number)} is no hexadecimal number such as 0x8", line=line)
    if pins > WIDEST_LUT:
        raise FormatError(f"LUT of {name!r} has {pins} pins; the most is {WIDEST_LUT}", line=line)
    digits, full = len(number) - 2, max(1, (1 << pins) // 4)
    if digits > full or (digits < full and pins > _SHORT):
        raise FormatError(f"LUT of {name!r}: {pins} pins need {full} digits, but {digits} are given", line=line)
    bits = int(number, 16)
    if bits >> (1 << pins):
        raise FormatError(f"LUT of {name!r}: {number} has more than the {1 << pins} rows of {pins} pins", line=line)
    return Cell(Unit(0, Table(*(bits >> row & 1 for row in range(1 << pins)))), [1 << pin for pin in range(pins)])


def dumps(net: Network | Tape) -> str:
    """The network as a BENCH file.

    A unit that is a gate is written by its name; another one as a LUT, or, if it has more than six pins, as the
    two-input gates that compute it, called t1, t2, ... A unit keeps its name unless an output of another node has
    it, or BENCH cannot write it (blanks, parentheses, commas, `=` and `#`). An output that has another name than
    its node is a BUFF. States are DFF0, DFF1, or DFF where the initial value is unknown.

    Raises
    ------
    NetworkError
        If the network is not valid.
    CannotWriteError
        If an input takes real numbers, a unit is no logic, a state starts elsewhere than at 0 or 1, an input, state
        or output has a name that BENCH cannot write, or an output has the name of an input that it is not.

    Examples
    --------
    >>> from circuits import half_adder
    >>> print(dumps(half_adder.network), end="")
    # half_adder
    INPUT(x1)
    INPUT(x2)
    OUTPUT(sum)
    OUTPUT(carry)
    n1 = NAND(x1, x2)
    n2 = NAND(x1, n1)
    n3 = NAND(x2, n1)
    sum = NAND(n2, n3)
    carry = NAND(n1, n1)
    """
    net = net.to_network() if isinstance(net, Tape) else net
    names = gates.written_names(
        net, lambda name: _NAME.fullmatch(name) is not None and name.isprintable(), "BENCH", through=True
    )
    lines = [f"# {net.name}"] if net.name and net.name.isprintable() else []
    lines += [f"INPUT({name})" for name in net.inputs]
    lines += [f"OUTPUT({name})" for name in net.outputs]
    for state, (following, initial) in net.states.items():
        lines.append(f"{state} = DFF{'' if initial is None else int(initial)}({names[str(following)]})")
    inverses: dict[str, str] = {}
    fresh = gates.fresh_names(net, frozenset(names.values()), "inv")
    all_gates = list(gates.gates_of(net, names))
    rails = _rails(net, names, all_gates)
    for gate in all_gates:
        lines += _gate_lines(gate, rails, inverses, fresh)
    lines += [f"{name} = BUFF({names[node]})" for name, node in net.outputs.items() if name != names[node]]
    return "".join(line + "\n" for line in lines)


def _rails(net: Network, names: Mapping[str, str], all_gates: Sequence[gates.Gate]) -> bool:
    """Whether gnd and vdd mean 0 and 1: nothing else has such a name."""
    constants = {gate.name: gate.form.bits for gate in all_gates if gate.form.kind == gates.CONSTANT}
    words = [name for name in names.values() if name.upper() in _RAILS]
    return all(constants.get(name) == _RAILS[name.upper()] for name in words) and not any(
        name.upper() in _RAILS for name in net.outputs
    )


def _gate_lines(gate: gates.Gate, rails: bool, inverses: dict[str, str], fresh: Iterator[str]) -> list[str]:
    name, form, sources = gate
    size = len(sources)
    if form.kind == gates.CONSTANT:
        if rails and name.upper() in _RAILS:
            return []  # it is what the word means anyway
        return [f"{name} = {('gnd', 'vdd')[form.bits] if rails else f'LUT 0x{form.bits} ()'}"]
    if form.kind in (gates.MUX, gates.LUT) or (any(form.inverted) and size <= gates.WIDEST_LUT):
        return [f"{name} = LUT 0x{gates.table_of(form):0{max(1, (1 << size) // 4)}x} ({', '.join(sources)})"]
    lines = []
    pins = list(sources)
    for pin, inverted in enumerate(form.inverted):
        if inverted:
            source = pins[pin]
            if source not in inverses:
                inverses[source] = next(fresh)
                lines.append(f"{inverses[source]} = NOT({source})")
            pins[pin] = inverses[source]
    if size == 1:
        word = "NOT" if form.complement else "BUFF"
    elif form.kind == gates.XOR:
        word = "XNOR" if form.complement else "XOR"
    else:
        word = "N" * form.complement + form.kind
    return [*lines, f"{name} = {word}({', '.join(pins)})"]
