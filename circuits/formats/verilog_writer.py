"""write: a network as a Verilog module of assigns, with vectors, escaped names and registers."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import groupby
from typing import NamedTuple

from circuits.formats import bench_gates as gates
from circuits.formats.verilog_lexer import KEYWORDS
from perceptron import Network

_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_$]*")
_WRITABLE = re.compile(r"[!-~]{1,4096}")
_BIT = re.compile(r"([A-Za-z_][A-Za-z0-9_$]*)\[(0|[1-9][0-9]{0,6})\]")
_SUPPLIES = ("GND", "VDD")  # the reader takes these for supply pins where they are plain
_WIDEST_SUM = 4  # inputs of a sum of products; a function of more chooses between two of them


class _Port(NamedTuple):
    """A port: its name, and how many bits the vector has (None for one bit without a number)."""

    name: str
    width: int | None
    bits: tuple[str, ...]


def write(net: Network) -> str:
    """The text of the module (see `circuits.formats.verilog.dumps`)."""
    called = gates.written_names(net, lambda name: _WRITABLE.fullmatch(name) is not None, "Verilog")
    all_gates = list(gates.gates_of(net, called))
    names = {*called.values(), *net.outputs, *(gate.name for gate in all_gates)}
    inputs, outputs = _ports(net.inputs, names, net.states), _ports(tuple(net.outputs), names, net.states)
    bases = [port.name for port in (*inputs, *outputs) if port.width is not None]
    text = _spelling(names, [*inputs, *outputs])
    clock = next(name for name in _clocks() if name not in names and name not in bases) if net.states else None
    lines = _header(net, inputs, outputs, text, clock)
    lines += _declared("reg", [text[name] for name in net.states if name not in net.outputs])
    lines += _declared("wire", [text[gate.name] for gate in all_gates if gate.name not in net.outputs])
    starts = [(text[name], state.initial) for name, state in net.states.items() if state.initial is not None]
    if starts:
        lines += ["  initial begin", *(f"    {name} = 1'b{int(initial)};" for name, initial in starts), "  end"]
    lines += [f"  {_gate(gate, text)}" for gate in all_gates]
    for name, node in net.outputs.items():
        if called[node] != name:
            lines.append(f"  assign {text[name]} = {text[called[node]]};")
    if clock is not None:
        lines.append(f"  always @(posedge {clock}) begin")
        lines += [f"    {text[name]} <= {text[called[str(state.next)]]};" for name, state in net.states.items()]
        lines.append("  end")
    return "\n".join([*lines, "endmodule", ""])


def _clocks() -> Iterable[str]:
    yield "clk"
    count = 1
    while True:
        yield f"clk{count}"
        count += 1


def _is_plain(name: str) -> bool:
    return _PLAIN.fullmatch(name) is not None and name not in KEYWORDS


def _ports(names: Sequence[str], taken: set[str], states: Mapping[str, object]) -> list[_Port]:
    """The ports in order; a[0], a[1], ... in a row are one vector, unless something else is called a."""
    result: list[_Port] = []
    at = 0
    while at < len(names):
        match = _BIT.fullmatch(names[at])
        base = match[1] if match and match[2] == "0" else ""
        end = at + 1
        if base and base not in taken and base not in KEYWORDS:
            is_state = names[at] in states
            while end < len(names) and names[end] == f"{base}[{end - at}]" and (names[end] in states) == is_state:
                end += 1
        bits = tuple(names[at:end])
        result.append(_Port(base, end - at, bits) if end - at > 1 else _Port(names[at], None, bits))
        at = end
    return result


def _spelling(names: Iterable[str], ports: Iterable[_Port]) -> dict[str, str]:
    """How each name is written: plain, as a bit of a vector, or with a backslash and the blank that ends it."""
    text = {name: name if _is_plain(name) and name not in _SUPPLIES else f"\\{name} " for name in names}
    for port in ports:
        if port.width is not None:
            text.update((bit, bit) for bit in port.bits)
    return text


def _header(
    net: Network, inputs: Sequence[_Port], outputs: Sequence[_Port], text: Mapping[str, str], clock: str | None
) -> list[str]:
    """The names in the header and the declarations below it, the older style, which every reader has."""
    name = net.name if _is_plain(net.name) else "top"
    called = [] if clock is None else [clock]
    called += [text[port.name] if port.width is None else port.name for port in (*inputs, *outputs)]
    lines = _wrapped(f"module {name} ({', '.join(called)});") if called else [f"module {name};"]
    if clock is not None:
        lines.append(f"  input {clock};")
    for kind, ports in (("input", inputs), ("output", outputs)):
        for width, group in groupby(ports, lambda port: port.width):
            lines += _declared(kind, [text[port.name] if width is None else port.name for port in group], width)
    registers = [port for port in outputs if port.bits[0] in net.states]
    for width, group in groupby(registers, lambda port: port.width):
        lines += _declared("reg", [text[port.name] if width is None else port.name for port in group], width)
    return lines


def _declared(kind: str, names: Sequence[str], width: int | None = None) -> list[str]:
    bits = "" if width is None else f"[{width - 1}:0] "
    return [f"  {line}" for line in _wrapped(f"{kind} {bits}{', '.join(names)};")] if names else []


def _wrapped(words: str) -> list[str]:
    return textwrap.wrap(words, 110, subsequent_indent="  ", break_long_words=False, break_on_hyphens=False)


def _gate(gate: gates.Gate, text: Mapping[str, str]) -> str:
    form = gate.form
    pins = [("~" if one else "") + text[source] for one, source in zip(form.inverted, gate.sources, strict=True)]
    if len(pins) == 1 and not form.complement and not form.inverted[0] and form.kind != gates.LUT:
        return f"buf ({text[gate.name]}, {pins[0]});"  # an assign would be another name of the same net
    return f"assign {text[gate.name]} = {_expression(form, pins)};"


def _expression(form: gates.Form, pins: Sequence[str]) -> str:
    if form.kind == gates.CONSTANT:
        return f"1'b{form.bits}"
    if form.kind == gates.MUX:
        return f"{pins[0]} ? {pins[1]} : {pins[2]}"
    if form.kind == gates.LUT:
        return _function(form.bits, pins)
    sign = {gates.AND: " & ", gates.OR: " | ", gates.XOR: " ^ "}[form.kind]
    joined = sign.join(pins)
    if not form.complement:
        return joined
    return f"~({joined})" if len(pins) > 1 else f"~{joined}"


def _function(bits: int, pins: Sequence[str]) -> str:
    """A function of at most six inputs: a sum of products; of five and six, a choice between sums."""
    count = len(pins)
    if count > _WIDEST_SUM:
        half = 1 << (count - 1)
        low, high = bits & ((1 << half) - 1), bits >> half
        return f"{pins[-1]} ? ({_function(high, pins[:-1])}) : ({_function(low, pins[:-1])})"
    if bits in (0, (1 << (1 << count)) - 1):
        return f"1'b{bits & 1}"
    products = []
    for cube in _cover(bits, count):
        literals = [f"{'' if value else '~'}{pins[place]}" for place, value in cube]
        products.append(" & ".join(literals))
    return (
        products[0]
        if len(products) == 1
        else " | ".join(f"({product})" if " & " in product else product for product in products)
    )


@lru_cache(maxsize=1024)
def _cover(bits: int, count: int) -> tuple[tuple[tuple[int, int], ...], ...]:
    """Products of at most four inputs whose sum is the function: the widest that hold, until all rows are covered.

    A product is a tuple of (input, value).
    """
    rows = {row for row in range(1 << count) if bits >> row & 1}
    implicants = []
    for code in range(3**count):
        cube = tuple((place, code // 3**place % 3) for place in range(count) if code // 3**place % 3 < 2)
        covered = frozenset(row for row in range(1 << count) if all(row >> place & 1 == value for place, value in cube))
        if covered <= rows:
            implicants.append((cube, covered))
    chosen = []
    while rows:
        best = max(implicants, key=lambda one: (len(one[1] & rows), -len(one[0])))
        chosen.append(best[0])
        rows -= best[1]
    return tuple(chosen)
