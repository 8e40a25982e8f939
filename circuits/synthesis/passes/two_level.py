"""Two-level forms: a truth table as an OR of ANDs of few literals, for small cones."""

from __future__ import annotations

from functools import lru_cache

from circuits.synthesis import tables

Cube = tuple[int, int]  # masks of the places that must be 1 and that must be 0


@lru_cache(maxsize=1 << 16)
def cubes(table: int, width: int) -> tuple[Cube, ...]:
    """An irredundant sum of products (S. Minato, Fast generation of irredundant sum-of-products forms, 1992).

    Examples
    --------
    Exclusive or of two places:

    >>> cubes(0b0110, 2)
    ((2, 1), (1, 2))
    """
    return tuple(_between(table, table, width)[0])


def _between(least: int, most: int, width: int) -> tuple[list[Cube], int]:
    """Products that cover one table and stay within another, and the table they make; as deep as there are places."""
    if not least:
        return [], 0
    everywhere = tables.full(width)
    if most == everywhere:
        return [(0, 0)], everywhere
    place = next(place for place in range(width) if _depends(least, width, place) or _depends(most, width, place))
    low_least, high_least = _both(least, width, place)
    low_most, high_most = _both(most, width, place)
    zero, zero_table = _between(low_least & ~high_most, low_most, width)
    one, one_table = _between(high_least & ~low_most, high_most, width)
    rest, rest_table = _between((low_least & ~zero_table) | (high_least & ~one_table), low_most & high_most, width)
    column = tables.columns(width)[place]
    made = [(on, off | 1 << place) for on, off in zero] + [(on | 1 << place, off) for on, off in one] + rest
    return made, (zero_table & ~column) | (one_table & column) | rest_table


def _both(table: int, width: int, place: int) -> tuple[int, int]:
    """The table with a place set to 0 and to 1, over all rows."""
    low, high = tables.halves(table, width, place)
    return low | low << (1 << place), high | high << (1 << place)


def _depends(table: int, width: int, place: int) -> bool:
    low, high = tables.halves(table, width, place)
    return low != high
