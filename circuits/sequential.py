"""Small parts with time: accumulator, edge detector, debouncer."""

from functools import lru_cache
from typing import Any

from circuits.cells import Cell, at_least
from circuits.counters import checked
from circuits.definition import Circuit, circuit
from circuits.language.registers import delay
from circuits.language.states import state
from circuits.wires import Bit, Word, WordType
from perceptron import Table, Unit

# The bit on weight 1, data and carry on 2, `enable` on 6, `reset` on 12. Not enabled, the bit stays: 0, 1, 0, 1, ...;
# enabled, it is the last digit of the sum; from 12 on it is 0.
_SUM = Unit(0, Table(*[0, 1] * 3, *((bit + ones) & 1 for ones in range(3) for bit in range(2)), *[0] * 12))


@lru_cache(maxsize=64)
def accumulator(width: int) -> Circuit:
    """`q` grows by `data` where `enable` is 1, modulo 2**width, and is 0 where `reset` is 1.

    2 width - 1 units, width states, depth width: a majority for each carry, and one table unit for each bit that adds,
    waits and clears.

    Raises
    ------
    CircuitError
        If the width is not a whole number from 1 to 4096.

    Examples
    --------
    >>> from circuits import run
    >>> run(accumulator(8), {"data": [5, 7, 100, 3], "enable": [1, 1, 0, 1], "reset": 0})["q"]
    array([ 0,  5, 12, 12])
    """
    word: Any = WordType(checked(width, 1, "the width of an accumulator"))

    def accumulator(data: word, enable: Bit, reset: Bit) -> Any:
        q = state(width, name="q")
        carries: list[Any] = []
        for place in range(width - 1):
            terms = [q[place], data[place], *carries[-1:]]
            carries.append(q.scope.add(at_least(2, len(terms)), terms, f"carry{place}"))
        bits = []
        for place, (own, new) in enumerate(zip(q, data, strict=True)):
            carry = carries[place - 1 : place] if place else []
            cell = Cell(_SUM, [1, *[2] * (1 + len(carry)), 6, 12])
            bits.append(q.scope.add(cell, [own, new, *carry, enable, reset]))
        q.next = Word(bits)
        return {"q": q}

    return circuit(accumulator)


@circuit
def edge_detector(x: Bit) -> Any:
    """Whether `x` differs from the step before: `rise`, `fall`, and `change`, which is either.

    3 units, 1 state, depth 2. Before the first step `x` counts as 0.

    Examples
    --------
    >>> from circuits import run
    >>> run(edge_detector, {"x": [0, 1, 1, 0]})
    {'rise': array([0, 1, 0, 0], dtype=uint8), 'fall': array([0, 0, 0, 1], dtype=uint8),
     'change': array([0, 1, 0, 1], dtype=uint8)}
    """
    before = delay(x)
    rise = x.scope.add(Cell(Unit(-1), [2, -2]), [x, before])
    fall = x.scope.add(Cell(Unit(-1), [-2, 2]), [x, before])
    return {"rise": rise, "fall": fall, "change": rise | fall}


@lru_cache(maxsize=64)
def debouncer(steps: int) -> Circuit:
    """`out` follows `x` only after `x` was the same for that many steps in a row, so that a bouncing switch is one.

    One perceptron, `steps` states, depth 1: it adds up the last inputs and steps - 1 times its own output. While that
    is 0, all inputs have to be 1; while it is 1, one of them is enough.

    Raises
    ------
    CircuitError
        If the steps are not a whole number from 1 to 4096.

    Examples
    --------
    >>> from circuits import run
    >>> run(debouncer(3), {"x": [0, 1, 0, 1, 1, 1, 0, 1, 0, 0, 0, 1]})["out"]
    array([0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 0, 0], dtype=uint8)
    """
    checked(steps, 1, "the number of steps of a debouncer")

    def debouncer(x: Bit) -> Any:
        held = state(name="held")
        last = [x]
        for _ in range(steps - 1):
            last.append(delay(last[-1]))
        cell = Cell(Unit(1 - 2 * steps), [*[2] * steps, 2 * (steps - 1)])
        out = x.scope.add(cell, [*last, held], "out")
        held.next = out
        return out

    return circuit(debouncer)
