"""Counters: a word that goes up, down, round, or along."""

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

from circuits.cells import Cell, at_least
from circuits.definition import Circuit, circuit
from circuits.errors import CircuitError
from circuits.language.states import state
from circuits.table_units import table_unit
from circuits.wires import Bit, Wire, Word
from perceptron import Table, Unit

WIDEST = 4096

# `reset` on weight 3, the bit and the carry on 1: their sum's last digit, unless reset lifts it out of reach.
_TOGGLE = Cell(Unit(0, Table(0, 1, 0, 0, 0, 0)), [1, 1, 3])


def checked(value: object, least: int, what: str, most: int = WIDEST) -> int:
    """The value, if it is a whole number in this range.

    Raises
    ------
    CircuitError
        If it is not.
    """
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        raise CircuitError(f"{what} is {value!r}; give a whole number from {least} to {most}")
    return value


def _all(wires: Sequence[Wire]) -> Wire:
    """The AND of wires; a single one is itself."""
    return wires[0] if len(wires) == 1 else wires[0].scope.add(at_least(len(wires), len(wires)), wires)


def _toggled(q: Word, flips: Sequence[Wire], reset: Wire) -> Word:
    """Each bit turned where its flip is 1, and 0 where `reset` is."""
    return Word([q.scope.add(_TOGGLE, [bit, flip, reset]) for bit, flip in zip(q, flips, strict=True)])


@lru_cache(maxsize=64)
def counter(width: int) -> Circuit:
    """A counter: `q` is one more in the next step where `enable` is 1, modulo 2**width; 0 where `reset` is 1.

    2 width - 1 units, width states, depth 2: a bit turns where all bits below it are 1, which one AND tells.

    Raises
    ------
    CircuitError
        If the width is not a whole number from 1 to 4096.

    Examples
    --------
    >>> from circuits import run
    >>> run(counter(2), {"enable": [1, 1, 0, 1, 1, 1], "reset": 0})["q"]
    array([0, 1, 2, 2, 3, 0])
    """
    checked(width, 1, "the width of a counter")

    def counter(enable: Bit, reset: Bit) -> Any:
        q = state(width, name="q")
        q.next = _toggled(q, [_all([enable, *q[:place]] if place else [enable]) for place in range(width)], reset)
        return {"q": q}

    return circuit(counter)


@lru_cache(maxsize=64)
def up_down_counter(width: int) -> Circuit:
    """A counter that goes down where `down` is 1: `q` changes by one where `enable` is 1; 0 where `reset` is 1.

    3 width - 2 units, width states, depth 3: a bit turns where all bits below it differ from `down`.

    Raises
    ------
    CircuitError
        If the width is not a whole number from 1 to 4096.

    Examples
    --------
    >>> from circuits import run
    >>> run(up_down_counter(3), {"enable": [1, 1, 1, 1, 1], "down": [0, 0, 1, 1, 1], "reset": 0})["q"]
    array([0, 1, 2, 1, 0])
    """
    checked(width, 1, "the width of a counter")

    def up_down_counter(enable: Bit, down: Bit, reset: Bit) -> Any:
        q = state(width, name="q")
        turning = [bit ^ down for bit in q[: width - 1]] if width > 1 else []
        q.next = _toggled(q, [_all([enable, *turning[:place]]) for place in range(width)], reset)
        return {"q": q}

    return circuit(up_down_counter)


@lru_cache(maxsize=64)
def modulo_counter(modulus: int) -> Circuit:
    """A counter that begins again at 0 after modulus - 1: `q`, and `last`, which is 1 where the next count is 0.

    With w = the bits of modulus - 1: 2 w + 1 units, w states, depth 3. As `q` never exceeds modulus - 1, one
    perceptron that weighs bit i with 2**i tells whether it is there.

    Raises
    ------
    CircuitError
        If the modulus is not a whole number from 2 to 2**32.

    Examples
    --------
    >>> from circuits import run
    >>> run(modulo_counter(3), {"enable": [1, 1, 1, 1, 1, 1], "reset": 0})
    {'q': array([0, 1, 2, 0, 1, 2]), 'last': array([0, 0, 1, 0, 0, 1], dtype=uint8)}
    """
    checked(modulus, 2, "the modulus of a counter", 1 << 32)
    width = (modulus - 1).bit_length()

    def modulo_counter(enable: Bit, reset: Bit) -> Any:
        q = state(width, name="q")
        reached = Cell(Unit(2 - modulus), [1 << place for place in range(width)])
        last = q.scope.add(reached, list(q), "last")
        # reset | (last & enable): one perceptron
        clear = q.scope.add(Cell(Unit(-3), [4, 2, 2]), [reset, last, enable], "clear")
        q.next = _toggled(q, [_all([enable, *q[:place]] if place else [enable]) for place in range(width)], clear)
        return {"q": q, "last": last}

    return circuit(modulo_counter)


@lru_cache(maxsize=64)
def ring_counter(length: int) -> Circuit:
    """One 1 that goes round: bit i of `q` in step i; onward where `enable` is 1, back to bit 0 where `reset` is.

    length units, length states, depth 1.

    Raises
    ------
    CircuitError
        If the length is not a whole number from 2 to 4096.

    Examples
    --------
    >>> from circuits import run
    >>> run(ring_counter(3), {"enable": [1, 1, 1, 1], "reset": 0})["q"]
    array([1, 2, 4, 1])
    """
    checked(length, 2, "the length of a ring counter")

    def ring_counter(enable: Bit, reset: Bit) -> Any:
        q = state(length, name="q", initial=1)
        q.next = _shifted(q, q[length - 1], enable, reset, first=1, turned=0)
        return {"q": q}

    return circuit(ring_counter)


@lru_cache(maxsize=64)
def johnson_counter(length: int) -> Circuit:
    """A ring with a twist: ones come in from bit 0 until all bits are 1, then zeros; 2 length different words.

    length units, length states, depth 1. Onward where `enable` is 1, all 0 where `reset` is.

    Raises
    ------
    CircuitError
        If the length is not a whole number from 1 to 4096.

    Examples
    --------
    >>> from circuits import run
    >>> run(johnson_counter(2), {"enable": [1, 1, 1, 1, 1], "reset": 0})["q"]
    array([0, 1, 3, 2, 0])
    """
    checked(length, 1, "the length of a Johnson counter")

    def johnson_counter(enable: Bit, reset: Bit) -> Any:
        q = state(length, name="q")
        q.next = _shifted(q, q[length - 1], enable, reset, first=0, turned=1)
        return {"q": q}

    return circuit(johnson_counter)


def _shifted(q: Word, into: Wire, enable: Wire, reset: Wire, *, first: int, turned: int) -> Word:
    """One place on where enabled, `into` (perhaps turned) coming in at bit 0; at a reset `first` there, else 0."""

    def bit(start: int, turn: int) -> Callable[..., int]:
        return lambda own, before, on, back: start if back else before ^ turn if on else own

    bits = [table_unit(bit(first, turned), [q[0], into, enable, reset])]
    bits += [table_unit(bit(0, 0), [q[place], q[place - 1], enable, reset]) for place in range(1, len(q))]
    return Word(bits)
