"""The bytes of an AIGER file, ascii or binary: header, sections, ANDs, symbols. The same graph, the same bytes."""

from __future__ import annotations

from circuits.formats.aiger.aig import Aig
from circuits.formats.aiger.binary import write_ands


def write(aig: Aig, *, binary: bool) -> bytes:
    """The file of a graph in which each AND reads earlier variables, the larger literal first."""
    lines = [_header(aig, binary)]
    if not binary:
        lines += [str(2 * position + 2) for position in range(aig.inputs)]
    for position, latch in enumerate(aig.latches):
        own = 2 * (aig.inputs + position + 1)
        reset = "" if latch.reset == 0 else f" {own if latch.reset is None else latch.reset}"
        lines.append(f"{latch.next}{reset}" if binary else f"{own} {latch.next}{reset}")
    lines += map(str, [*aig.outputs, *aig.bad, *aig.constraints, *map(len, aig.justice)])
    lines += [str(literal) for literals in aig.justice for literal in literals]
    lines += map(str, aig.fairness)
    symbols = [f"{letter}{position} {name}" for (letter, position), name in aig.symbols.items()]
    if binary:
        return _text(lines) + write_ands(aig.first_and, aig.left, aig.right) + _text(symbols)
    pairs = zip(aig.left.tolist(), aig.right.tolist(), strict=True)
    lines += [f"{2 * variable} {left} {right}" for variable, (left, right) in enumerate(pairs, aig.first_and)]
    return _text(lines + symbols)


def _header(aig: Aig, binary: bool) -> str:
    """The five numbers of old, and as many of the four newer ones as there is something to count."""
    counts = [aig.largest, aig.inputs, len(aig.latches), len(aig.outputs), len(aig.left)]
    properties = [len(aig.bad), len(aig.constraints), len(aig.justice), len(aig.fairness)]
    while properties and not properties[-1]:
        properties.pop()
    return " ".join(["aig" if binary else "aag", *map(str, counts + properties)])


def _text(lines: list[str]) -> bytes:
    return "".join(f"{line}\n" for line in lines).encode("utf-8")
