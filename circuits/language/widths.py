"""The widths of a generic circuit: chosen in brackets, or read off the words that it is given."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from circuits.errors import CircuitError
from circuits.language.ports import Parameter, Port
from circuits.wires import Width, Wire, Word


def open_widths(parameters: Sequence[Parameter]) -> list[Width]:
    """The distinct widths that are open, in the order of first appearance."""
    return list(dict.fromkeys(one.width for one in parameters if isinstance(one.width, Width)))


def chosen_widths(circuit: str, parameters: Sequence[Parameter], given: object) -> tuple[int, ...]:
    """What stands in the brackets of `circuit[...]`, a number for each open width.

    Raises
    ------
    CircuitError
        If it is not one number, or one for each of them; or the circuit is not generic.
    """
    names = open_widths(parameters)
    if not names:
        raise CircuitError(f"{circuit} has no width to choose; leave out the brackets")
    widths = given if isinstance(given, tuple) else (given,)
    for width in widths:
        if isinstance(width, bool) or not isinstance(width, int) or width < 1:
            raise CircuitError(f"{circuit}[{width!r}]: give whole numbers of at least 1, as in {circuit}[8]")
    if len(widths) == 1:
        return tuple(widths) * len(names)
    if len(widths) != len(names):
        listed = ", ".join(map(repr, names))
        raise CircuitError(
            f"{circuit} has {len(names)} width{'s' * (len(names) != 1)} ({listed}), but {len(widths)} are given; give "
            "one for all, or one for each"
        )
    return tuple(widths)


def closed(parameters: Sequence[Parameter], widths: Sequence[int]) -> tuple[Port, ...]:
    """The parameters with their open widths filled in."""
    known = dict(zip(open_widths(parameters), widths, strict=True))
    return tuple(
        Port(one.name, known[one.width] if isinstance(one.width, Width) else one.width, one.signed)
        for one in parameters
    )


def inferred(circuit: str, parameters: Sequence[Parameter], given: Sequence[Any]) -> tuple[int, ...]:
    """The widths of the words that a generic circuit is given.

    Raises
    ------
    CircuitError
        If two words of one width differ, or no word says a width.
    """
    known: dict[Width, tuple[int, str]] = {}
    for one, value in zip(parameters, given, strict=True):
        if not isinstance(one.width, Width) or not isinstance(value, Word):
            if isinstance(one.width, Width) and isinstance(value, Wire):
                raise CircuitError(
                    f"{circuit}: input {one.name!r} is a word, but is given a single wire; Word([wire]) is a word of it"
                )
            continue
        width, first = known.setdefault(one.width, (len(value), one.name))
        if width != len(value):
            raise CircuitError(
                f"{circuit}: input {one.name!r} has {len(value)} bits, but {first!r} has {width}, and both are "
                f"{one.width!r}; write word.extend({max(width, len(value))}) for the shorter one"
            )
    for one in parameters:
        if isinstance(one.width, Width) and one.width not in known:
            raise CircuitError(
                f"{circuit}: nothing says how wide input {one.name!r} is; give it a word, or write {circuit}[8](...)"
            )
    return tuple(known[width][0] for width in open_widths(parameters))
