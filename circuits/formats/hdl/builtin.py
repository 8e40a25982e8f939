"""The course's built-in chips as templates: each gate one unit a bit, flip-flops as states, RAM and ROM as memories."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache

import numpy as np

from circuits.formats.hdl.template import NUMBER, READ, STATE, Held, Ids, Store, Template

WORD = 16


class _Draft:
    """A built-in chip being written: nodes in order, each with its name."""

    def __init__(self, name: str, inputs: dict[str, int], outputs: dict[str, int]):
        self.name, self.inputs, self.outputs = name, inputs, outputs
        self.codes: list[int] = []
        self.fanin: list[list[int]] = []
        self.names: list[str] = []
        self.results: dict[str, Sequence[int]] = {}
        self.stores: list[Store] = []
        self.held: list[Held] = []
        self.first = 2 + sum(inputs.values())

    def pin(self, name: str) -> list[int]:
        at = 2
        for pin, width in self.inputs.items():
            if pin == name:
                return list(range(at, at + width))
            at += width
        raise KeyError(name)

    def node(self, code: int, fanin: Sequence[int], name: str) -> int:
        self.codes.append(code)
        self.fanin.append(list(fanin))
        self.names.append(name)
        return self.first + len(self.codes) - 1

    def add(self, cell: str, *fanin: int, name: str) -> int:
        return self.node(NUMBER[cell], fanin, name)

    def states(self, name: str, width: int) -> list[int]:
        return [self.node(STATE, [0], bit(name, place, width)) for place in range(width)]

    def feed(self, states: Sequence[int], following: Sequence[int]) -> None:
        for state, source in zip(states, following, strict=True):
            self.fanin[state - self.first] = [source]

    def each(self, cell: str, *words: Sequence[int], name: str) -> list[int]:
        """A unit for every bit; a word of one bit stands at every place."""
        width = max(map(len, words))
        spread = [list(word) * width if len(word) == 1 else word for word in words]
        return [
            self.add(cell, *(word[place] for word in spread), name=bit(name, place, width)) for place in range(width)
        ]

    def mux(self, select: int, high: Sequence[int], low: Sequence[int], name: str) -> list[int]:
        return self.each("mux", [select], high, low, name=name)

    def finish(self) -> Template:
        return Template(
            self.name,
            self.inputs,
            self.outputs,
            ids(self.codes),
            ids([source for fanin in self.fanin for source in fanin]),
            {pin: ids(self.results[pin]) for pin in self.outputs},
            stores=tuple(self.stores),
            held=tuple(self.held),
            own=tuple(self.names),
            states=tuple(name for name, code in zip(self.names, self.codes, strict=True) if code == STATE),
        )


def ids(numbers: Sequence[int]) -> Ids:
    """Numbers as an array of ids."""
    return np.array(numbers, dtype=np.int32)


def bit(name: str, place: int, width: int) -> str:
    """The name of a bit of a word."""
    return name if width == 1 else f"{name}[{place}]"


@cache
def builtin(name: str) -> Template | None:
    """The built-in chip of this name, or None.

    Examples
    --------
    >>> builtin("Mux16").inputs
    {'a': 16, 'b': 16, 'sel': 1}
    """
    make = _CHIPS.get(name)
    return None if make is None else make(name)


def _gate(cell: str, width: int = 1) -> Callable[[str], Template]:
    def make(name: str) -> Template:
        pins = ["in"] if cell == "not" else ["a", "b"]
        draft = _Draft(name, dict.fromkeys(pins, width), {"out": width})
        draft.results["out"] = draft.each(cell, *map(draft.pin, pins), name="out")
        return draft.finish()

    return make


def _or8way(name: str) -> Template:
    draft = _Draft(name, {"in": 8}, {"out": 1})
    draft.results["out"] = [draft.add("or8", *draft.pin("in"), name="out")]
    return draft.finish()


def _mux(width: int, ways: int) -> Callable[[str], Template]:
    """The first pin stands for the select 0; the lowest bit of the select chooses first."""

    def make(name: str) -> Template:
        pins = list("abcdefgh"[:ways])
        bits = ways.bit_length() - 1
        draft = _Draft(name, {**dict.fromkeys(pins, width), "sel": bits}, {"out": width})
        words = [draft.pin(pin) for pin in pins]
        for level, select in enumerate(draft.pin("sel")):
            last = level == bits - 1
            words = [
                draft.mux(select, words[at + 1], words[at], "out" if last else f"choice{level}_{at // 2}")
                for at in range(0, len(words), 2)
            ]
        (draft.results["out"],) = words
        return draft.finish()

    return make


def _dmux(ways: int) -> Callable[[str], Template]:
    """The highest bit of the select chooses first."""

    def make(name: str) -> Template:
        pins = list("abcdefgh"[:ways])
        bits = ways.bit_length() - 1
        draft = _Draft(name, {"in": 1, "sel": bits}, dict.fromkeys(pins, 1))
        signals = draft.pin("in")
        for level, select in enumerate(reversed(draft.pin("sel"))):
            names = pins if level == bits - 1 else [f"branch{level}_{at}" for at in range(2 * len(signals))]
            signals = [
                draft.add(cell, signal, select, name=names[2 * at + high])
                for at, signal in enumerate(signals)
                for high, cell in enumerate(("without", "and"))
            ]
        draft.results.update({pin: [signal] for pin, signal in zip(pins, signals, strict=True)})
        return draft.finish()

    return make


def _half_adder(name: str) -> Template:
    draft = _Draft(name, {"a": 1, "b": 1}, {"sum": 1, "carry": 1})
    for pin, cell in (("sum", "xor"), ("carry", "and")):
        draft.results[pin] = draft.each(cell, draft.pin("a"), draft.pin("b"), name=pin)
    return draft.finish()


def _full_adder(name: str) -> Template:
    draft = _Draft(name, {"a": 1, "b": 1, "c": 1}, {"sum": 1, "carry": 1})
    for pin, cell in (("sum", "parity"), ("carry", "majority")):
        draft.results[pin] = draft.each(cell, *map(draft.pin, "abc"), name=pin)
    return draft.finish()


def _sum(draft: _Draft, a: Sequence[int], b: Sequence[int], name: str) -> list[int]:
    carry = 0
    total = []
    for place, (x, y) in enumerate(zip(a, b, strict=True)):
        total.append(draft.add("parity", x, y, carry, name=f"{name}[{place}]"))
        if place < len(a) - 1:
            carry = draft.add("majority", x, y, carry, name=f"{name}_carry[{place}]")
    return total


def _incremented(draft: _Draft, word: Sequence[int], name: str) -> list[int]:
    carry = 1
    total = []
    for place, x in enumerate(word):
        total.append(draft.add("xor", x, carry, name=f"{name}[{place}]"))
        if place < len(word) - 1:
            carry = draft.add("and", x, carry, name=f"{name}_carry[{place}]")
    return total


def _add16(name: str) -> Template:
    draft = _Draft(name, {"a": WORD, "b": WORD}, {"out": WORD})
    draft.results["out"] = _sum(draft, draft.pin("a"), draft.pin("b"), "out")
    return draft.finish()


def _inc16(name: str) -> Template:
    draft = _Draft(name, {"in": WORD}, {"out": WORD})
    draft.results["out"] = _incremented(draft, draft.pin("in"), "out")
    return draft.finish()


def _alu(name: str) -> Template:
    controls = dict.fromkeys(("zx", "nx", "zy", "ny", "f", "no"), 1)
    draft = _Draft(name, {"x": WORD, "y": WORD, **controls}, {"out": WORD, "zr": 1, "ng": 1})
    operands = []
    for pin in "xy":
        zeroed = draft.each("without", draft.pin(pin), draft.pin(f"z{pin}"), name=f"zeroed_{pin}")
        operands.append(draft.each("xor", zeroed, draft.pin(f"n{pin}"), name=f"operand_{pin}"))
    both = draft.each("and", *operands, name="both")
    total = _sum(draft, operands[0], operands[1], "sum")
    chosen = draft.mux(draft.pin("f")[0], total, both, "chosen")
    out = draft.each("xor", chosen, draft.pin("no"), name="out")
    draft.results.update(out=out, zr=[draft.add("nor16", *out, name="zr")], ng=out[-1:])
    return draft.finish()


def _dff(name: str) -> Template:
    draft = _Draft(name, {"in": 1}, {"out": 1})
    states = draft.states("out", 1)
    draft.feed(states, draft.pin("in"))
    draft.results["out"] = states
    return draft.finish()


def _register(width: int) -> Callable[[str], Template]:
    def make(name: str) -> Template:
        draft = _Draft(name, {"in": width, "load": 1}, {"out": width})
        states = draft.states("out", width)
        draft.feed(states, draft.mux(draft.pin("load")[0], draft.pin("in"), states, "next"))
        draft.held.append(Held(name, "", ids(states)))
        draft.results["out"] = states
        return draft.finish()

    return make


def _pc(name: str) -> Template:
    draft = _Draft(name, {"in": WORD, "load": 1, "inc": 1, "reset": 1}, {"out": WORD})
    states = draft.states("out", WORD)
    counted = draft.mux(draft.pin("inc")[0], _incremented(draft, states, "more"), states, "counted")
    loaded = draft.mux(draft.pin("load")[0], draft.pin("in"), counted, "loaded")
    draft.feed(states, draft.each("without", loaded, draft.pin("reset"), name="next"))
    draft.held.append(Held(name, "", ids(states)))
    draft.results["out"] = states
    return draft.finish()


def _memory(address: int, *, read_only: bool = False) -> Callable[[str], Template]:
    def make(name: str) -> Template:
        pins = {} if read_only else {"in": WORD, "load": 1}
        if address:
            pins["address"] = address
        draft = _Draft(name, pins, {"out": WORD})
        out = [draft.node(READ, [], bit("out", place, WORD)) for place in range(WORD)]
        where = ids(draft.pin("address") if address else [])
        data, load = (ids([] if read_only else draft.pin(pin)) for pin in ("in", "load"))
        draft.stores.append(Store(name, "", read_only, where, data, load, ids(out)))
        draft.results["out"] = out
        return draft.finish()

    return make


_CHIPS: dict[str, Callable[[str], Template]] = {
    "Nand": _gate("nand"),
    "Not": _gate("not"),
    "And": _gate("and"),
    "Or": _gate("or"),
    "Xor": _gate("xor"),
    "Not16": _gate("not", WORD),
    "And16": _gate("and", WORD),
    "Or16": _gate("or", WORD),
    "Or8Way": _or8way,
    "Mux": _mux(1, 2),
    "Mux16": _mux(WORD, 2),
    "Mux4Way16": _mux(WORD, 4),
    "Mux8Way16": _mux(WORD, 8),
    "DMux": _dmux(2),
    "DMux4Way": _dmux(4),
    "DMux8Way": _dmux(8),
    "HalfAdder": _half_adder,
    "FullAdder": _full_adder,
    "Add16": _add16,
    "Inc16": _inc16,
    "ALU": _alu,
    "DFF": _dff,
    "Bit": _register(1),
    "Register": _register(WORD),
    "ARegister": _register(WORD),
    "DRegister": _register(WORD),
    "PC": _pc,
    "RAM8": _memory(3),
    "RAM64": _memory(6),
    "RAM512": _memory(9),
    "RAM4K": _memory(12),
    "RAM16K": _memory(14),
    "Screen": _memory(13),
    "ROM32K": _memory(15, read_only=True),
    "Keyboard": _memory(0, read_only=True),  # one word, which nobody but a key press writes
}
BUILTINS = tuple(_CHIPS)
