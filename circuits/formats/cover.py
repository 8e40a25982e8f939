"""Sum-of-products covers, as BLIF and PLA files have them, read as units: one perceptron or table where that is small.

A row such as `1-0` is a product: the first pin is 1, the third 0. The function is 1 (or, for an off-set, 0) where
any row holds. So one row is an AND with its inversions absorbed, rows of one literal each are an OR, and both are
one perceptron. `circuits.formats.cover_write` goes the other way.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise

from circuits.cells import Cell
from circuits.formats.netlist import Netlist
from circuits.synthesis.tables import columns
from perceptron import Table, Unit

NARROW = 6  # pins up to which a truth table is always small
WIDEST = 12  # pins up to which there may be one, if the rows are as long as a quarter of it
TRIED = 8  # pins up to which weights are looked for


def literals(row: str, value: int = 1) -> Cell:
    """One product as one perceptron: the AND of its literals, or the NAND for the value 0.

    Examples
    --------
    >>> literals("1-0")
    Cell(unit=Unit(bias=-1, activation=STEP), weights=[2, 0, -2])
    >>> literals("11", 0)
    Cell(unit=Unit(bias=3, activation=STEP), weights=[-2, -2])
    """
    sign = 1 if value else -1
    weight = {"1": 2 * sign, "0": -2 * sign, "-": 0}
    return Cell(Unit(sign * (1 - 2 * row.count("1"))), [weight[one] for one in row])


def any_of(row: str, value: int = 1) -> Cell:
    """One perceptron that is 1 if any literal of the row holds (0, for the value 0): the OR, or the NOR.

    Examples
    --------
    >>> any_of("11"), any_of("10").weights
    (Cell(unit=Unit(bias=-1, activation=STEP), weights=[2, 2]), [2, -2])
    """
    return literals(row.translate(_FLIPPED), 1 - value)


_FLIPPED = str.maketrans("01", "10")


class Covers:
    """Covers become units; equal covers are worked out once.

    Examples
    --------
    >>> covers = Covers()
    >>> covers.cell(3, ("11-", "1-1", "-11"), 1)
    Cell(unit=Unit(bias=-3, activation=STEP), weights=[2, 2, 2])
    >>> covers.cell(2, ("10", "01"), 1)
    Cell(unit=Unit(bias=0, activation=Table(0, 1, 0)), weights=[1, 1])
    """

    def __init__(self) -> None:
        self._known: dict[tuple[int, tuple[str, ...], int], Cell | None] = {}

    def cell(self, pins: int, rows: tuple[str, ...], value: int) -> Cell | None:
        """The unit of a cover, with a weight for every pin; None if it is too large for one.

        Parameters
        ----------
        pins : int
        rows : tuple of str
            Each of `pins` characters 0, 1 and -.
        value : 0 or 1
            What the function is where a row holds. Without rows it is 0 everywhere.
        """
        key = (pins, rows, value)
        if key not in self._known:
            self._known[key] = _cell(pins, rows, value)
        return self._known[key]

    def place(
        self,
        netlist: Netlist,
        name: str,
        fanin: Sequence[str],
        rows: tuple[str, ...],
        value: int,
        line: int,
        free: Callable[[str], str],
    ) -> None:
        """Add the units of a cover to a netlist; a large one as an AND for each row and an OR of these.

        `free` gives a name that nothing has, made from the name of the cover: `y.1`, `y.2`, ...
        """
        cell = self.cell(len(fanin), rows, value)
        if cell is not None:
            netlist.gate(name, cell, fanin, line)
            return
        single: dict[int, str] = {}
        used: set[int] = set()
        products: list[str] = []
        for row in dict.fromkeys(rows):
            pins = [pin for pin, one in enumerate(row) if one != "-"]
            used.update(pins)
            if len(pins) == 1:
                if single.setdefault(pins[0], row[pins[0]]) != row[pins[0]]:  # x or not x
                    netlist.gate(name, literals("-" * len(fanin), value), fanin, line)
                    return
                continue
            products.append(free(name))
            chosen = "".join(row[pin] for pin in pins)
            netlist.gate(products[-1], literals(chosen), [fanin[pin] for pin in pins], line)
        # A pin that no row asks for stays a pin, with the weight 0: what the file connects, the network does.
        rest = [pin for pin in range(len(fanin)) if pin in single or pin not in used]
        pattern = "1" * len(products) + "".join(single.get(pin, "-") for pin in rest)
        netlist.gate(name, any_of(pattern, value), [*products, *(fanin[pin] for pin in rest)], line)


def _cell(pins: int, rows: tuple[str, ...], value: int) -> Cell | None:
    blank = "-" * pins
    if not rows:
        return literals(blank, 0)
    distinct = list(dict.fromkeys(rows))
    if blank in distinct:
        return literals(blank, value)
    if len(distinct) == 1:
        return literals(distinct[0], value)
    used = [pin for pin in range(pins) if any(row[pin] != "-" for row in distinct)]
    if len(used) < pins:
        distinct = ["".join(row[pin] for pin in used) for row in distinct]
    width = len(used)
    one_each = _one_each(distinct)
    if one_each is not None:
        found = any_of(one_each, value)
    elif width <= NARROW or (width <= WIDEST and 1 << width <= 4 * width * len(distinct)):
        table = _truth(width, distinct)
        found = of_table(width, table if value else table ^ ((1 << (1 << width)) - 1))
    else:
        return None
    return _spread(found, used, pins)


def _one_each(rows: Iterable[str]) -> str | None:
    """The literals if every row is a single one and none is both; else None."""
    chosen: dict[int, str] = {}
    width = 0
    for row in rows:
        width = len(row)
        if row.count("-") != width - 1:
            return None
        pin = width - len(row.lstrip("-"))
        if chosen.setdefault(pin, row[pin]) != row[pin]:
            return None
    return "".join(chosen.get(pin, "-") for pin in range(width))


def _spread(cell: Cell, used: Sequence[int], pins: int) -> Cell:
    """The cell with the weight 0 on the pins that are not used."""
    weights = [0] * pins
    for pin, weight in zip(used, cell.weights, strict=True):
        weights[pin] = weight
    return Cell(cell.unit, weights)


# --- truth tables: bit p of the integer is the value where pin i is bit i of p


def _truth(width: int, rows: Iterable[str]) -> int:
    full = (1 << (1 << width)) - 1
    pins = columns(width)
    table = 0
    for row in rows:
        product = full
        for column, one in zip(pins, row, strict=True):
            if one != "-":
                product &= column if one == "1" else column ^ full
        table |= product
    return table


def of_table(width: int, table: int) -> Cell:
    """The simplest unit of a truth table: a constant, a perceptron if its weights are easily found, else a table.

    Looked for are the perceptrons whose weights are the ranks of the pins' influences, or these influences
    themselves (Chow's parameters): that finds every function of up to 3 pins that is one, and the usual larger
    ones. A pin that changes nothing has the weight 0.

    Examples
    --------
    x1 or (x2 and not x3), and a multiplexer:

    >>> of_table(3, 0b10101110)
    Cell(unit=Unit(bias=-1, activation=STEP), weights=[4, 2, -2])
    >>> of_table(3, 0b11011000).unit.activation
    Table(0, 0, 0, 1, 1, 0, 1, 1)
    """
    full = (1 << (1 << width)) - 1
    if table in (0, full):
        return literals("-" * width, int(table > 0))
    halves = [(table & column ^ table, (table & column) >> (1 << pin)) for pin, column in enumerate(columns(width))]
    needed = [pin for pin, (low, high) in enumerate(halves) if low != high]
    if len(needed) < width:
        return _spread(of_table(len(needed), _without(width, table, needed)), needed, width)
    falling = [pin for pin, (low, high) in enumerate(halves) if not high & ~low]
    if all(pin in falling or not low & ~high for pin, (low, high) in enumerate(halves)):
        found = _perceptron(width, table, falling, [abs(high.bit_count() - low.bit_count()) for low, high in halves])
        if found is not None:
            return found
    if _symmetric(width, table):
        return Cell(Unit(0, Table(*_by_count(width, table))), [1] * width)
    return Cell(Unit(0, Table(*_bits(width, table))), [1 << pin for pin in range(width)])


def _bits(width: int, table: int) -> list[int]:
    return [int(one) for one in reversed(f"{table:0{1 << width}b}")]


def _by_count(width: int, table: int) -> list[int]:
    """The value for each number of pins that are 1, of a symmetric function."""
    return [table >> ((1 << count) - 1) & 1 for count in range(width + 1)]


def _without(width: int, table: int, needed: Sequence[int]) -> int:
    """The truth table over the needed pins alone."""
    bits = f"{table:0{1 << width}b}"[::-1]
    for pin in reversed([pin for pin in range(width) if pin not in needed]):
        step = 1 << pin
        bits = "".join(bits[at : at + step] for at in range(0, len(bits), 2 * step))
    return int(bits[::-1], 2)


def _symmetric(width: int, table: int) -> bool:
    """Whether only the number of ones matters: no two neighbours can be told apart."""
    for pin, (one, other) in enumerate(pairwise(columns(width))):
        shift = (1 << (pin + 1)) - (1 << pin)
        if (table & one & ~other) << shift != table & other & ~one:
            return False
    return True


def _perceptron(width: int, table: int, falling: Sequence[int], influence: Sequence[int]) -> Cell | None:
    """A perceptron for a function in which every pin pulls one way only; None if none is found."""
    rising = table
    for pin in falling:
        column = columns(width)[pin]
        rising = (rising & column) >> (1 << pin) | (rising & ~column) << (1 << pin)
    if _symmetric(width, rising):
        least = _by_count(width, rising).index(1)
        return _balanced([1] * width, falling, least - 1, least)
    if width > TRIED:
        return None
    values = _bits(width, rising)
    ranks = {one: rank for rank, one in enumerate(sorted(set(influence)), 1)}
    for weights in ([ranks[one] for one in influence], list(influence)):
        sums = [0]
        for weight in weights:
            sums += [one + weight for one in sums]
        off = max(one for one, value in zip(sums, values, strict=True) if not value)
        on = min(one for one, value in zip(sums, values, strict=True) if value)
        if off < on:
            return _balanced(weights, falling, off, on)
    return None


def _balanced(weights: Sequence[int], falling: Sequence[int], off: int, on: int) -> Cell:
    """The perceptron that fires from the sum `on` and not up to `off`: halfway, with a margin to either side."""
    turned = set(falling)  # w (1 - x) = w - w x
    bias = 2 * sum(weights[pin] for pin in turned) - off - on
    return Cell(Unit(bias), [-2 * weight if pin in turned else 2 * weight for pin, weight in enumerate(weights)])
