"""inputs_of: a strategy of Hypothesis for the inputs of a circuit; and the values that are likely to find something."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from circuits.definition import Circuit
from circuits.errors import CircuitError
from circuits.language.gate import Gate
from circuits.language.ports import Port
from circuits.language.values import span
from circuits.testing.sides import in_words
from perceptron import Network, ParameterError

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

LONGEST = 20  # steps, where nobody says how many
FEW = 4  # values of a word that come again and again, and visits of each where all values do


def inputs_of(circuit: Circuit | Gate | Network, *, steps: int | None = None) -> SearchStrategy[dict[str, Any]]:
    """A strategy for the inputs of a circuit: integers by name, to call it with, or sequences of them to run it with.

    Half of the values of a word are likely ones: 0, 1, -1, all ones, the least and the greatest, powers of two and
    their neighbours. Over time half of the inputs keep their first value. A failing example is shrunk to few steps
    and values near 0.

    Parameters
    ----------
    circuit : Circuit, Gate or Network
        Names such as `a[0]`, `a[1]`, ... of a network are one word, as `simulate` and `run` take them.
    steps : int, optional
        How many values each input has over time, at least 1. Without it 1 to 20 for a circuit with states or
        memories, and for any other circuit no sequences but single values.

    Returns
    -------
    SearchStrategy of dict of input name -> int, or list of int
        For `circuit(**values)` and `run(circuit, values)`; a Gate takes `*values.values()`. The sequences of a dict
        have one length.

    Raises
    ------
    CircuitError
        If the circuit is generic in its width; is none at all; or has states and no inputs, so that there is nothing
        to draw.
    ParameterError
        If `steps` is no such number, or the network has real values.
    ImportError
        If Hypothesis is not installed.

    Examples
    --------
    >>> from hypothesis import find
    >>> from circuits import ripple_carry_adder, counter, run
    >>> adder = ripple_carry_adder(8)
    >>> find(inputs_of(adder), lambda values: adder(**values) > 300)
    {'a': 46, 'b': 255}
    >>> count = counter(4)
    >>> find(inputs_of(count), lambda values: run(count, values)["q"][-1] == 2)
    {'enable': [1, 1, 0], 'reset': [0, 0, 0]}
    """
    try:
        from hypothesis import strategies as st
    except ImportError as error:
        raise ImportError(
            "inputs_of needs Hypothesis; install it with: pip install 'perceptron-circuits[test]'"
        ) from error

    require_steps(steps)
    made = in_words(circuit)
    kinds = [st.one_of(st.integers(*span(port)), st.sampled_from(likely(port))) for port in made.inputs]
    names = [port.name for port in made.inputs]
    row = st.tuples(*kinds)
    timed = bool(made.network.states or made.memories)
    if steps is None and not timed:
        return row.map(lambda values: dict(zip(names, values, strict=True)))
    if not names:
        raise CircuitError(f"{made.name} has no inputs, so there is nothing to draw; write run({made.name}, steps=8)")
    rows = st.lists(row, min_size=steps or 1, max_size=steps or LONGEST)
    return rows.map(
        lambda rows: {name: list(column) for name, column in zip(names, zip(*rows, strict=True), strict=True)}
    )


def likely(port: Port) -> list[int]:
    """Values of a port at which circuits go wrong, the smallest first.

    Examples
    --------
    >>> likely(Port("a", 3)), likely(Port("a", 3, signed=True))
    ([0, 1, 2, 3, 4, 5, 6, 7], [0, 1, -1, 2, -2, 3, -3, -4])
    >>> likely(Port("a", 5))
    [0, 1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 30, 31]
    """
    least, most = span(port)
    width = port.width or 1
    powers = [1 << place for place in range(width)]
    near = [power + step for power in powers for step in (-1, 0, 1)]
    found = {0, 1, -1, least, least + 1, most, most - 1, *near, *(-value for value in near)}
    return sorted((value for value in found if least <= value <= most), key=lambda value: (abs(value), value < 0))


def require_steps(steps: object) -> None:
    """Raise ParameterError if it is neither None nor a whole number of at least 1."""
    if steps is not None and (isinstance(steps, bool) or not isinstance(steps, int) or steps < 1):
        raise ParameterError(f"steps is {steps!r}; give a whole number of at least 1")


def random_rows(ports: Sequence[Port], count: int, rng: Any) -> list[list[int]]:
    """Random values for each port, (ports, count): half of them likely ones; `rng` is a `numpy.random.Generator`."""
    return [_column(port, count, rng) for port in ports]


def random_run(ports: Sequence[Port], steps: int, rng: Any) -> list[list[int]]:
    """Random values over time, (ports, steps): each input anew in every step, or kept always, mostly or for a while."""
    columns = []
    for drawn in random_rows(ports, steps, rng):
        way = rng.integers(4)
        changes = (rng.random(steps) < (1, 0, 1 / 16, 1 / 4)[way]).tolist()
        column, kept = [], drawn[0]
        for value, change in zip(drawn, changes, strict=True):
            column.append(value if change else kept)
            if way == 3:
                kept = column[-1]
        columns.append(column)
    return columns


def moving_run(ports: Sequence[Port], steps: int, rng: Any, *, visits: int = FEW) -> list[list[int]]:
    """Random values over time, (ports, steps), that move all along and come back, so that what was stored is read.

    An input of one bit is about half ones: anew in every step of the first half, then long 0 and long 1, or the
    other way round. A word takes all its values in turn, each time in another order, where the steps suffice for so
    many visits of each; else every second value is one of a few.

    Examples
    --------
    >>> import numpy as np
    >>> [column] = moving_run([Port("a", 3)], 16, np.random.default_rng(0), visits=2)
    >>> sorted(column[:8]), sorted(column[8:])
    ([0, 1, 2, 3, 4, 5, 6, 7], [0, 1, 2, 3, 4, 5, 6, 7])
    """
    return [_moving(port, steps, rng, visits) for port in ports]


def _moving(port: Port, steps: int, rng: Any, visits: int) -> list[int]:
    least, most = span(port)
    values = most - least + 1
    if values == 2:
        return [least + bit for bit in _moving_bit(steps, rng)]
    if values * visits <= steps:
        passes = [least + rng.permutation(values) for _ in range(-(-steps // values))]
        return [int(value) for one in passes for value in one][:steps]
    few, fresh = _column(port, FEW, rng), _column(port, steps, rng)
    again = rng.integers(0, 2 * FEW, steps).tolist()
    return [few[at] if at < FEW else value for at, value in zip(again, fresh, strict=True)]


def _moving_bit(steps: int, rng: Any) -> list[int]:
    anew = -(-steps // 2)
    bits = [int(place) % 2 for place in rng.permutation(anew)]
    kept, first = steps - anew, int(rng.integers(2))
    cut = int(rng.integers(kept // 3, kept - kept // 3 + 1))
    return [*bits, *[first] * cut, *[1 - first] * (kept - cut)]


def _column(port: Port, count: int, rng: Any) -> list[int]:
    some, (least, _) = likely(port), span(port)
    width = port.width or 1
    size = -(-width // 8)
    octets = rng.bytes(size * count)
    plain = [int.from_bytes(octets[size * at : size * at + size]) for at in range(count)]
    chosen = rng.integers(0, 2 * len(some), count).tolist()
    return [
        some[at] if at < len(some) else (value & ((1 << width) - 1)) + least
        for at, value in zip(chosen, plain, strict=True)
    ]
