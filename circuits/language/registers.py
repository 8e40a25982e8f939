"""register and delay: a value kept, and a value some steps later. Everything else over time is built on them."""

from __future__ import annotations

from typing import Any

from circuits.errors import CircuitError
from circuits.language.operators import Operand
from circuits.language.selecting import mux
from circuits.language.states import state
from circuits.wires import Wire, Word


def register(
    data: Wire | Word,
    *,
    enable: Wire | None = None,
    reset: Wire | None = None,
    initial: int = 0,
    name: str | None = None,
) -> Any:
    """The data of the step before: a state that takes `data` at the end of each step.

    No units; with `enable` a multiplexer a bit, with `reset` another.

    Parameters
    ----------
    data : Wire or Word
    enable : Wire, optional
        Where it is 0 the register keeps what it has.
    reset : Wire, optional
        Where it is 1 the register takes `initial`, whatever `enable` says.
    initial : int
        What it is in the first step.
    name : str, optional
        By default state1, state2, ...

    Returns
    -------
    StateWire or StateWord
        As wide as the data, and signed as it is.

    Raises
    ------
    CircuitError
        If the data is no wire or word, or the initial value does not fit.

    Examples
    --------
    >>> from circuits import Word, circuit, register
    >>> @circuit
    ... def keep(data: Word[8], load):
    ...     return register(data, enable=load, name="kept")
    >>> len(keep.network.states), keep.statistics()["units"]
    (8, 8)
    """
    if not isinstance(data, Wire | Word):
        raise CircuitError(f"a register is given {data!r}; give a wire or a word")
    if isinstance(data, Word):
        kept = state(len(data), initial=initial, name=name, signed=data.is_signed)
    else:
        kept = state(initial=initial, name=name)
    following: Any = data
    if enable is not None:
        following = mux(_bit(enable, "enable"), following, kept)
    if reset is not None:
        following = mux(_bit(reset, "reset"), initial, following)
    kept.next = following
    return kept


def delay(data: Wire | Word, steps: int = 1, initial: int = 0) -> Any:
    """The data of `steps` steps before: that many registers in a row. No units.

    Parameters
    ----------
    data : Wire or Word
    steps : int
        At least 0; 0 gives the data itself.
    initial : int
        What it gives before there was data.

    Raises
    ------
    CircuitError
        If `steps` is not a whole number of at least 0, or as for `register`.

    Examples
    --------
    >>> from circuits import circuit, delay
    >>> @circuit
    ... def rising(a):
    ...     return a & ~delay(a)
    >>> list(rising.network.states)
    ['state1']
    """
    if isinstance(steps, bool) or not isinstance(steps, int) or steps < 0:
        raise CircuitError(f"a delay is {steps!r} steps; give a whole number of at least 0")
    for _ in range(steps):
        data = register(data, initial=initial)
    return data


def _bit(value: Any, what: str) -> Any:
    if isinstance(value, Operand) and not isinstance(value, Wire):
        raise CircuitError(f"a register's {what} is a word; give one wire, as in word.any()")
    return value
