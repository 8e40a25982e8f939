"""Cuts: for every operation of a `Logic`, a few sets of nodes that decide it, with its truth table over each.

A cut of a node is a set of leaves such that every path from the inputs to the node meets one. Cuts of an operation
are unions of those of its operands (A. Mishchenko, S. Chatterjee, R. Brayton, Improvements to technology mapping
for LUT-based FPGAs, 2006, for keeping only the best few). Tables are numbers by place: leaf j is bit j of a row.
"""

from __future__ import annotations

from functools import lru_cache

from circuits.synthesis import tables
from circuits.synthesis.threshold import decide
from perceptron.engines.logic import AND, Logic

Leaves = tuple[int, ...]
Cut = tuple[Leaves, int]

_IDENTITY = 0b10
_EXTRA = {2: 1.0, 3: 1.0}  # units beyond the one for a function that is no threshold function, by leaves; 2 for more


@lru_cache(maxsize=1 << 18)
def known(table: int, width: int) -> tuple[list[int], int] | None:
    """`decide`, for tables that come again and again."""
    return decide(table, width)


@lru_cache(maxsize=1 << 18)
def spread(table: int, mask: int, width: int) -> int:
    """A table over the places of a mask, as one over all places.

    Examples
    --------
    >>> f"{spread(0b10, 0b10, 2):04b}"
    '1100'
    """
    places = [place for place in range(width) if mask >> place & 1]
    made = 0
    for row in range(1 << width):
        old = 0
        for at, place in enumerate(places):
            old |= (row >> place & 1) << at
        made |= (table >> old & 1) << row
    return made


@lru_cache(maxsize=1 << 18)
def essential(table: int, width: int) -> tuple[int, int]:
    """A mask of the places that matter, and the table over them alone."""
    mask = 0
    for place in range(width):
        low, high = tables.halves(table, width, place)
        mask |= (low != high) << place
    places = [place for place in range(width) if mask >> place & 1]
    made = 0
    for row in range(1 << len(places)):
        old = sum((row >> at & 1) << place for at, place in enumerate(places))
        made |= (table >> old & 1) << row
    return mask, made


def cuts(logic: Logic, readers: list[int], *, leaves: int, kept: int) -> list[list[Cut]]:
    """The cuts of every node: of its operands first, then those that promise the fewest units.

    Parameters
    ----------
    logic : Logic
    readers : list of int
        How many operations and outputs read each node.
    leaves : int
        The most leaves of a cut.
    kept : int
        The most cuts of a node.

    Returns
    -------
    list of lists of (leaves in order, table)
        By node. An input has none.
    """
    first = len(logic.inputs) + 1
    found: list[list[Cut]] = [[] for _ in range(first)]
    options: list[list[Cut]] = [[((node,), _IDENTITY)] for node in range(first)]
    flow = [0.0] * first
    full = [tables.full(width) for width in range(leaves + 1)]
    for node, (kind, left, right) in enumerate(zip(logic.kind, logic.left, logic.right, strict=True), first):
        turn_left, turn_right = left & 1, right & 1
        seen: dict[Leaves, int] = {}
        for a_leaves, a in options[left >> 1]:
            for b_leaves, b in options[right >> 1]:
                if a_leaves == b_leaves:
                    both, one, two = a_leaves, a, b
                    if both in seen:
                        continue
                else:
                    both = tuple(sorted({*a_leaves, *b_leaves}))
                    width = len(both)
                    if width > leaves or both in seen:
                        continue
                    one = two = 0
                    for leaf in a_leaves:
                        one |= 1 << both.index(leaf)
                    for leaf in b_leaves:
                        two |= 1 << both.index(leaf)
                    one, two = spread(a, one, width), spread(b, two, width)
                if turn_left:
                    one ^= full[len(both)]
                if turn_right:
                    two ^= full[len(both)]
                seen[both] = one & two if kind == AND else one ^ two
        made: list[tuple[float, int, Leaves, int]] = []
        for both, table in list(seen.items()):
            width = len(both)
            mask, smaller = essential(table, width)
            if mask + 1 != 1 << width:
                both = tuple(leaf for place, leaf in enumerate(both) if mask >> place & 1)
                if not both or (both in seen):
                    continue
                table, width = smaller, len(both)
                seen[both] = table
            cost = 1.0 if known(table, width) is not None else 1.0 + _EXTRA.get(width, 2.0)
            for leaf in both:
                cost += flow[leaf]
            made.append((cost, width, both, table))
        made.sort()
        chosen: list[Cut] = []
        sets: list[set[int]] = []
        pair = tuple(sorted((left >> 1, right >> 1)))
        for _, _, both, table in made:
            if len(chosen) == kept:
                break
            members = set(both)
            if any(one <= members for one in sets):
                continue
            chosen.append((both, table))
            sets.append(members)
        if pair in seen and all(both != pair for both, _ in chosen):
            chosen.append((pair, seen[pair]))
        found.append(chosen)
        options.append([((node,), _IDENTITY), *chosen])
        flow.append(made[0][0] / max(1, readers[node]))
    return found
