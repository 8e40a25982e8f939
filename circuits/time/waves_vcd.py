"""VCD: waves as a value change dump, which every wave viewer opens; written by pyvcd."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from circuits.errors import CircuitError
from circuits.time.wave import Wave

if TYPE_CHECKING:
    from vcd.writer import Variable

STEP = 10  # units of time that a step takes, so that the clock has a middle
_PLAIN = frozenset(map(chr, range(0x21, 0x7F))) - set("$[]")  # printable, and nothing that means something else
_BIT = re.compile(r"\[[0-9]+\]$")


def vcd(waves: Sequence[Wave], *, first: int, steps: int, top: str, timescale: str, clock: str | None) -> str:
    """The text of a VCD file.

    Step t is from time 10 t to 10 t + 10. Names with dots stand in scopes. A character that a VCD name cannot have is
    written as its number, `_x5165_`.

    Parameters
    ----------
    waves : sequence of Wave
        Of one sample.
    first, steps : int
        The time of the first step, and how many there are.
    top : str
        The outermost scope.
    timescale : str
        One unit, such as '1 ns'.
    clock : str or None
        A wire of this name that rises at the start of each step and falls in its middle.

    Raises
    ------
    CircuitError
        If two signals would have one name, or the timescale is none.
    """
    from vcd.writer import VCDWriter

    file = io.StringIO()
    try:
        writer = VCDWriter(
            file, timescale=timescale, date="", comment="perceptron-circuits", init_timestamp=STEP * first
        )
    except ValueError:
        raise CircuitError(f"timescale is {timescale!r}; give a number and a unit, such as '1 ns'") from None
    root = _name(top or "top")
    with writer:
        changes: list[tuple[float, Variable[Any], float]] = []
        for wave in waves:
            *scope, name = (_name(part) for part in wave.name.split("."))
            values = wave.values.tolist()
            real = wave.width is None and not wave.is_bit
            try:
                kind, size = ("real", None) if real else ("wire", wave.width or 1)
                variable = writer.register_var((root, *scope), name, kind, size, init=_value(wave, values[0], real))
            except KeyError:
                raise CircuitError(f"two signals are called {wave.name!r} in a VCD file; record one of them") from None
            changes += [(begin, variable, _value(wave, value, real)) for begin, _, value in wave.spans() if begin]
        if clock is not None:
            try:
                ticking = writer.register_var((root,), _name(clock), "wire", 1, init=1)
            except KeyError:
                raise CircuitError(f"a signal is called {clock!r} already; name the clock otherwise") from None
            changes += [(step + half, ticking, int(not half)) for step in range(steps) for half in (0, 0.5)][1:]
        for begin, variable, value in sorted(changes, key=lambda change: change[0]):
            writer.change(variable, int(STEP * (first + begin)), value)
        writer.close(STEP * (first + steps))
    return file.getvalue()


def _value(wave: Wave, value: int | float, real: bool) -> int | float:
    if real:
        return float(value)
    return int(value) % (1 << (wave.width or 1))


def _name(text: str) -> str:
    """A name that VCD can have; a number in brackets at its end is read as that of a bit, and may stay."""
    bit = _BIT.search(text)
    end = bit.start() if bit and bit.start() else len(text)
    plain = "".join(letter if letter in _PLAIN else f"_x{ord(letter):X}_" for letter in text[:end])
    return (plain or "_") + text[end:]
