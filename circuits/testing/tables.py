"""Answers side by side, as text: one input, or a run over time, marked where the two sides differ."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from circuits.language.ports import Port
from circuits.language.values import span
from perceptron.columns import aligned

MARK = "<-"
_BINARY = 32  # bits; a wider word is written in hexadecimal


def number(port: Port, value: int) -> str:
    """A value in decimal, and that of a word in binary (hexadecimal beyond 32 bits) as well.

    Examples
    --------
    >>> number(Port("a", 4, signed=True), -2), number(Port("a", 4), 16), number(Port("a"), 1)
    ('-2 = 0b1110', '16 (does not fit 4 bits)', '1')
    """
    least, most = span(port)
    if not least <= value <= most:
        return f"{value} (does not fit {port.width or 1} bit{'s' if (port.width or 1) > 1 else ''})"
    if port.width is None:
        return str(value)
    bits = value & ((1 << port.width) - 1)
    return f"{value} = " + (
        f"0b{bits:0{port.width}b}" if port.width <= _BINARY else f"0x{bits:0{-(-port.width // 4)}x}"
    )


def grid(rows: Sequence[Sequence[str]], *, left: int) -> list[str]:
    """Lines of aligned columns, the first `left` to the left and the others to the right; a last one as it is."""
    return aligned(rows, rightward=range(left, len(rows[0]) - 1))


def one_input(
    sides: tuple[str, str],
    inputs: Sequence[Port],
    outputs: Sequence[Port],
    given: Mapping[str, int],
    answers: tuple[Mapping[str, int], Mapping[str, int]],
) -> str:
    """The inputs, and below them the outputs of both sides."""
    lines = grid([["input", "value", ""], *([p.name, number(p, given[p.name]), ""] for p in inputs)], left=2)
    return "\n".join([*(lines if inputs else ["(no inputs)"]), "", *outputs_beside(sides, outputs, answers)])


def outputs_beside(
    sides: tuple[str, str], outputs: Sequence[Port], answers: tuple[Mapping[str, int], Mapping[str, int]]
) -> list[str]:
    """A line for each output: of one side, of the other, and a mark where they differ."""
    rows = [["output", *sides, ""]]
    for port in outputs:
        one, other = (side[port.name] for side in answers)
        rows.append([port.name, number(port, one), number(port, other), MARK if one != other else ""])
    return grid(rows, left=3)


def a_run(
    sides: tuple[str, str],
    inputs: Sequence[Port],
    outputs: Sequence[Port],
    given: Mapping[str, Sequence[int]],
    answers: tuple[Mapping[str, Sequence[int]], Mapping[str, Sequence[int]]],
    steps: int,
) -> str:
    """A line for each step, and below them the outputs of the last one."""
    heads = [f"{port.name} ({side})" for port in outputs for side in sides]
    rows = [["step", *(port.name for port in inputs), *heads, ""]]
    for step in range(steps):
        pairs = [[side[port.name][step] for side in answers] for port in outputs]
        differ = [port.name for port, (one, other) in zip(outputs, pairs, strict=True) if one != other]
        cells = [*(given[port.name][step] for port in inputs), *(value for pair in pairs for value in pair)]
        rows.append([str(step), *map(str, cells), f"{MARK} {', '.join(differ)}" if differ else ""])
    last = tuple({name: column[steps - 1] for name, column in side.items()} for side in answers)
    below = outputs_beside(sides, outputs, (last[0], last[1]))
    return "\n".join([*grid(rows, left=0), "", f"in step {steps - 1}:", *below])
