"""Ways: all the single units that we know for every node of a `Logic`, over other nodes of it."""

from __future__ import annotations

from functools import cache
from itertools import combinations
from typing import NamedTuple

from circuits.synthesis import tables
from circuits.synthesis.mapping.cuts import Leaves, cuts, known, spread
from circuits.synthesis.mapping.order import Order
from circuits.synthesis.mapping.pairs import helped
from perceptron.engines.logic import XOR, Logic

WIDEST_HELPED = 5  # leaves of a cut for which a helper is looked for
TRIED = 24  # helpers that are tried for a cut
MADE = 4  # leaves of a cut for which a helper is made where none is there


class Way(NamedTuple):
    """A perceptron over nodes: it fires if the weights of those that are 1 and the bias add to more than 0."""

    leaves: Leaves
    weights: tuple[int, ...]
    bias: int


class Ways:
    """The ways of every node, and a topological order that all of them keep to.

    Parameters
    ----------
    logic : Logic
    readers : list of int
        How many operations and outputs read each node.
    leaves, kept : int
        As for `circuits.synthesis.mapping.cuts.cuts`.
    fanin : int
        The most leaves of a way.

    Attributes
    ----------
    of : list of lists of Way
        By node: those of the logic, then helpers that were made.
    order : Order
    """

    def __init__(self, logic: Logic, readers: list[int], *, leaves: int, kept: int, fanin: int):
        self._fanin = fanin
        first = len(logic.inputs) + 1
        reads: list[list[int]] = [[] for _ in range(first)]
        reads += [[left >> 1, right >> 1] for left, right in zip(logic.left, logic.right, strict=True)]
        self.order = Order(reads)
        found = cuts(logic, readers, leaves=min(leaves, fanin), kept=kept)
        self._beside: dict[Leaves, list[tuple[int, int]]] = {}
        self.of: list[list[Way]] = []
        open_cuts: list[tuple[int, int, Leaves, int]] = []
        for node, options in enumerate(found):
            self.of.append([])
            for at, table in options:
                unit = known(table, len(at))
                if unit is not None:
                    self._add(node, at, tuple(unit[0]), unit[1])
                elif len(at) <= WIDEST_HELPED:
                    open_cuts.append((len(at), node, at, table))
                if 2 <= len(at) <= WIDEST_HELPED:
                    self._beside.setdefault(at, []).append((node, table))
        self._made: dict[tuple[Leaves, int], int] = {}
        self._add_parities(logic, readers)
        open_cuts.sort()
        for width, node, at, table in open_cuts:
            if width < fanin:
                self._add_helped(node, at, table)

    def _add_helped(self, node: int, leaves: Leaves, table: int) -> None:
        """The ways of a cut with one more unit of the same leaves beside them."""
        width, tried, done = len(leaves), 0, False
        seen = {node, *leaves}
        for size in range(width, 1, -1):
            for part in combinations(range(width), size):
                mask = sum(1 << place for place in part)
                for helper, own in self._beside.get(tuple(leaves[place] for place in part), ()):
                    if helper in seen:
                        continue
                    seen.add(helper)
                    tried += 1
                    unit = helped(table, own if size == width else spread(own, mask, width), width)
                    if unit is not None and self.order.add(helper, node):
                        self._add(node, (*leaves, helper), *unit)
                        done = True
                    if tried >= TRIED:
                        return
        if not done and width <= MADE:
            helper_table = best_helper(table, width)
            if helper_table is not None:
                helper = self._helper(node, leaves, helper_table)
                unit = helped(table, helper_table, width)
                assert unit is not None
                if self.order.add(helper, node):
                    self._add(node, (*leaves, helper), *unit)

    def _helper(self, node: int, leaves: Leaves, table: int) -> int:
        """The number of a unit of this function; it is made before the node that asks for it."""
        helper = self._made.get((leaves, table))
        if helper is None:
            unit = known(table, len(leaves))
            assert unit is not None
            helper = self._made[leaves, table] = self.order.insert(node, list(leaves))
            self.of.append([])
            self._add(helper, leaves, tuple(unit[0]), unit[1])
            self._beside.setdefault(leaves, []).append((helper, table))
        return helper

    def _add(self, node: int, leaves: Leaves, weights: tuple[int, ...], bias: int) -> None:
        kept = [(leaf, weight) for leaf, weight in zip(leaves, weights, strict=True) if weight]
        self.of[node].append(Way(tuple(leaf for leaf, _ in kept), tuple(weight for _, weight in kept), bias))

    def _add_parities(self, logic: Logic, readers: list[int]) -> None:
        """Long exclusive ors, as counters: is the count of ones at least 4, is the rest at least 2, and at least 1."""
        first = len(logic.inputs) + 1
        counters: dict[tuple[Leaves, int], int] = {}
        for index, kind in enumerate(logic.kind):
            node = first + index
            if kind != XOR:
                continue
            for leaves, odd in _parities(logic, readers, node):
                places = len(leaves).bit_length() - 1
                if len(leaves) + places > self._fanin:
                    continue
                read, weights = list(leaves), [1] * len(leaves)
                for place in range(places, 0, -1):
                    key = (leaves, place)
                    if key not in counters:
                        counters[key] = self.order.insert(node, read)
                        self.of.append([])
                        self._add(counters[key], tuple(read), tuple(weights), 1 - (1 << place))
                    read.append(counters[key])
                    weights.append(-(1 << place))
                for counter in read[len(leaves) :]:
                    self.order.add(counter, node)
                if odd:
                    self._add(node, tuple(read), tuple(-weight for weight in weights), 1)
                else:
                    self._add(node, tuple(read), tuple(weights), 0)


def _parities(logic: Logic, readers: list[int], node: int) -> list[tuple[Leaves, int]]:
    """Sets of leaves whose exclusive or a node is, and whether it is its complement.

    Operations that nothing else reads are taken apart first. Kept are the widest sets that so many counters manage.
    """
    first = len(logic.inputs) + 1
    leaves: dict[int, None] = {}
    odd = 0
    found: dict[int, tuple[Leaves, int]] = {}

    def put(literal: int) -> None:
        nonlocal odd
        odd ^= literal & 1
        if literal >> 1 in leaves:
            del leaves[literal >> 1]
        else:
            leaves[literal >> 1] = None

    put(logic.left[node - first])
    put(logic.right[node - first])
    while len(leaves) <= 15:
        inner = [leaf for leaf in leaves if leaf >= first and logic.kind[leaf - first] == XOR]
        if not inner:
            break
        leaf = min(inner, key=lambda one: (readers[one] > 1, -one))
        del leaves[leaf]
        put(logic.left[leaf - first])
        put(logic.right[leaf - first])
        if 4 <= len(leaves) <= 15:
            found[len(leaves).bit_length()] = (tuple(sorted(leaves)), odd)
    return list(found.values())


@cache
def best_helper(table: int, width: int) -> int | None:
    """The threshold function that, beside the leaves, makes a table a threshold function, with the least weights."""
    best: tuple[int, int] | None = None
    for helper in rising_and_falling(width):
        if helper & 1:
            continue  # the complement helps as well
        unit = helped(table, helper, width)
        if unit is not None:
            size = sum(map(abs, unit[0]))
            best = min(best or (size, helper), (size, helper))
    return None if best is None else best[1]


@cache
def rising_and_falling(width: int) -> tuple[int, ...]:
    """All tables of threshold functions of so many places that are no constants."""
    return tuple(table for table in range(1, tables.full(width)) if known(table, width) is not None)
