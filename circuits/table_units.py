"""table_unit: any function of a few bits as one table unit on weights 1, 2, 4, ..."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from circuits.cells import Cell
from circuits.errors import CircuitError
from circuits.wires import Wire
from perceptron import Table, Unit

MOST_BITS = 12  # a table of 4096 values


def table_unit(function: Callable[..., Any], bits: Sequence[Wire], name: str | None = None) -> Wire:
    """The value of a function of bits: one unit, and visibly no perceptron.

    Parameters
    ----------
    function : function
        Takes 0 and 1 for each bit; what it returns counts as 1 where it is true.
    bits : sequence of Wire
        1 to 12.
    name : str, optional
        The name of the unit.

    Raises
    ------
    CircuitError
        If there are no bits, or more than 12.

    Examples
    --------
    >>> from circuits import circuit
    >>> @circuit
    ... def two_of_three(a, b, c):
    ...     return table_unit(lambda x, y, z: x + y + z == 2, [a, b, c])
    >>> two_of_three(1, 0, 1), two_of_three(1, 1, 1)
    (1, 0)
    """
    if not 1 <= len(bits) <= MOST_BITS:
        raise CircuitError(f"a table unit of {len(bits)} bits; give 1 to {MOST_BITS}")
    places = range(len(bits))
    values = [int(bool(function(*(number >> place & 1 for place in places)))) for number in range(1 << len(bits))]
    cell = Cell(Unit(0, Table(*values)), [1 << place for place in places])
    return bits[0].scope.add(cell, bits, name)
