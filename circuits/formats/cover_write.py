"""Units as sum-of-products covers: a compact one where that is small, else a few two-input operations."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any, NamedTuple

from circuits.cells import Cell
from circuits.formats.errors import CannotWriteError
from perceptron import Table
from perceptron.engines.logic import AND, XOR, Logic, whole_terms
from perceptron.unit import Step

WIDEST = 8  # pins up to which the truth table is looked at
ROWS = 32  # rows of one cover; a parity of six pins has as many


class Cover(NamedTuple):
    """The rows, and what the function is where one of them holds: 1 (an on-set) or 0 (an off-set)."""

    rows: tuple[str, ...]
    value: int


class Gate(NamedTuple):
    """A cover over pins: a number counts the pins of the unit from 0, or, from `pins` on, the gates before this."""

    fanin: tuple[int, ...]
    cover: Cover


CONSTANT = (Cover((), 1), Cover(("",), 1))
EQUAL, OPPOSITE = Cover(("1",), 1), Cover(("0",), 1)


def gates(cell: Cell, node: str) -> list[Gate]:
    """A unit as covers, the last of which is the unit itself.

    Parameters
    ----------
    cell : Cell
        A step unit of any integer or rational weights, or a table; with a weight for each of its distinct pins.
    node : str
        What to call it in messages.

    Raises
    ------
    CannotWriteError
        If the unit has a smooth activation, or a table that does not cover its sums.

    Examples
    --------
    >>> from circuits import cells
    >>> gates(cells.at_least(2, 3), "y")
    [Gate(fanin=(0, 1, 2), cover=Cover(rows=('11-', '1-1', '-11'), value=1))]
    >>> len(gates(cells.at_least(20, 40), "y")) > 100
    True
    """
    _require_logic(cell, node)
    cover = _cover(cell)
    if cover is not None:
        return [Gate(tuple(range(len(cell.weights))), cover)]
    return _parity(cell) or list(_lowered(cell))


def _require_logic(cell: Cell, node: str) -> None:
    activation = cell.unit.activation
    if isinstance(activation, Table):
        terms, bias = whole_terms(cell.unit, list(enumerate(cell.weights)))
        low = bias + sum(weight for _, weight in terms if weight < 0)
        high = bias + sum(weight for _, weight in terms if weight > 0)
        whole = all(int(number) == number for number in (cell.unit.bias, *cell.weights))
        if not whole or low < 0 or high >= len(activation.values):
            raise CannotWriteError(f"unit {node!r}: its table of {len(activation.values)} values misses some sums")
    elif not isinstance(activation, Step):
        raise CannotWriteError(
            f"unit {node!r} is a {activation.name} unit, which is no logic; harden the network, or write another format"
        )


def _cover(cell: Cell) -> Cover | None:
    """One cover for the unit; None if it would be large."""
    pins = len(cell.weights)
    terms, bias = whole_terms(cell.unit, list(enumerate(cell.weights)))
    weights: list[tuple[Any, int]] = list(terms)
    if not isinstance(cell.unit.activation, Table):
        cover = _one_product(pins, weights, bias)
        if cover is not None:
            return cover
    if len(weights) > WIDEST:
        return None
    table = _truth(cell, [weight for _, weight in weights], bias)
    width = len(weights)
    full = (1 << (1 << width)) - 1
    on, off = _products(table, width), _products(full ^ table, width)
    # Some readers take the rows of an off-set for an on-set, so it has to be much shorter to be worth it.
    cover = Cover(tuple(off), 0) if 0 < len(off) * 4 < len(on) else Cover(tuple(on), 1)
    if len(cover.rows) > ROWS:
        return None
    places = [pin for pin, _ in weights]
    return Cover(tuple(_spread(row, places, pins) for row in cover.rows), cover.value)


def _one_product(pins: int, terms: Sequence[tuple[int, int]], bias: int) -> Cover | None:
    """A step unit that is a constant, an AND or an OR of many pins, without looking at a truth table."""
    least = bias + sum(weight for _, weight in terms if weight < 0)
    most = bias + sum(weight for _, weight in terms if weight > 0)
    if most <= 0:
        return Cover((), 1)
    if least > 0:
        return Cover(("-" * pins,), 1)
    smallest = min(abs(weight) for _, weight in terms)
    row = ["-"] * pins
    if most - smallest <= 0:  # it needs every literal
        for pin, weight in terms:
            row[pin] = "1" if weight > 0 else "0"
        return Cover(("".join(row),), 1)
    if least + smallest > 0 and len(terms) > 4:  # any literal will do
        for pin, weight in terms:
            row[pin] = "0" if weight > 0 else "1"
        return Cover(("".join(row),), 0)
    return None


def _spread(row: str, places: Sequence[int], pins: int) -> str:
    """The row with a dash for every pin that is not among the places."""
    wide = ["-"] * pins
    for pin, one in zip(places, row, strict=True):
        wide[pin] = one
    return "".join(wide)


def _truth(cell: Cell, weights: Sequence[int], bias: int) -> int:
    sums = [bias]
    for weight in weights:
        sums += [one + weight for one in sums]
    return sum(1 << place for place, one in enumerate(sums) if cell.unit.activation(one))


def _products(table: int, width: int) -> list[str]:
    """An irredundant sum of products (Minato and Morreale's method), longest in dashes where that is free.

    It calls itself once for each pin, so at most `WIDEST` deep.
    """
    return _between(table, table, width)[0]


def _between(lower: int, upper: int, width: int) -> tuple[list[str], int]:
    """Products that cover `lower` and stay within `upper`, and the table of what they cover."""
    full = (1 << (1 << width)) - 1
    if not lower:
        return [], 0
    if upper == full:
        return ["-" * width], full
    half = 1 << (width - 1)
    mask = (1 << half) - 1
    lower0, lower1, upper0, upper1 = lower & mask, lower >> half, upper & mask, upper >> half
    zero, covered0 = _between(lower0 & ~upper1, upper0, width - 1)
    one, covered1 = _between(lower1 & ~upper0, upper1, width - 1)
    both, covered = _between(lower0 & ~covered0 | lower1 & ~covered1, upper0 & upper1, width - 1)
    rows = [row + "-" for row in both] + [row + "1" for row in one] + [row + "0" for row in zero]
    return rows, covered | covered0 | (covered | covered1) << half


def _parity(cell: Cell) -> list[Gate]:
    """A table whose values alternate as a tree of exclusive ors of the pins of odd weight; else nothing."""
    table = cell.unit.activation
    if not isinstance(table, Table) or any(one == other for one, other in pairwise(table.values)):
        return []
    terms, bias = whole_terms(cell.unit, list(enumerate(cell.weights)))
    waiting: deque[Any] = deque(pin for pin, weight in terms if weight & 1)
    if len(waiting) < 2:
        return []
    made: list[Gate] = []
    while len(waiting) > 1:
        flipped = table.values[bias & 1] if len(waiting) == 2 else 0
        made.append(Gate((waiting.popleft(), waiting.popleft()), _two(XOR, 0, 0, flipped)))
        waiting.append(len(cell.weights) + len(made) - 1)
    return made


def _lowered(cell: Cell) -> Iterator[Gate]:
    """The unit as two-input ANDs and exclusive ors."""
    pins = len(cell.weights)
    logic = Logic(pins)
    root = logic.unit(cell.unit, list(zip(logic.inputs, cell.weights, strict=True)))
    if root >> 1 <= pins:
        yield Gate(() if root < 2 else ((root >> 1) - 1,), CONSTANT[root] if root < 2 else (EQUAL, OPPOSITE)[root & 1])
        return
    needed = {root >> 1}
    for operation in range(root >> 1, pins, -1):  # sources stand before what reads them
        if operation in needed:
            index = operation - pins - 1
            needed.update((logic.left[index] >> 1, logic.right[index] >> 1))
    number: dict[int, int] = {operation: operation - 1 for operation in range(1, pins + 1)}
    for operation in sorted(needed):
        if operation > pins:
            index = operation - pins - 1
            a, b = logic.left[index], logic.right[index]
            flipped = root & 1 if operation == root >> 1 else 0
            fanin = (number[a >> 1], number[b >> 1])
            yield Gate(fanin, _two(logic.kind[index], a & 1, b & 1, flipped))
            number[operation] = len(number)


def _two(kind: int, a: int, b: int, flipped: int) -> Cover:
    """The cover of an AND or exclusive or whose operands, and result, may be complemented."""
    first, second = "10"[a], "10"[b]
    if kind == AND:
        if flipped:
            return Cover(("01"[a] + "-", "-" + "01"[b]), 1)
        return Cover((first + second,), 1)
    if a ^ b ^ flipped:
        return Cover(("00", "11"), 1)
    return Cover(("10", "01"), 1)
