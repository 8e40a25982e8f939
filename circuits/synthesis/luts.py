"""Look-up tables: a graph of NANDs covered by cones of few inputs, as few as can be without more depth than is needed.

First every node takes the cone that is done earliest; then, wherever there is time left, the one that shares its cost
best (A. Mishchenko, S. Cho, S. Chatterjee, R. Brayton, Combinational and sequential mapping with priority cuts, 2007).
"""

from __future__ import annotations

from collections.abc import Sequence

from circuits import cells
from circuits.synthesis import tables
from circuits.synthesis.nand_graph import Nands
from circuits.synthesis.nand_network import Gate, Made, Rule
from perceptron.unit import Table, Unit

KEPT = 12  # cuts of a node
ROUNDS = 4

Leaves = tuple[int, ...]


def lut_rule(nands: Nands, wanted: Sequence[int], width: int) -> Rule:
    """The rule that makes a table unit of up to `width` inputs for each literal that the cover needs."""
    chosen = cover(nands, wanted, width)

    def rule(nands: Nands, literal: int, made: Made) -> Gate:
        if literal < 2:
            return cells.constant(literal), ()
        node = literal >> 1
        leaves = chosen[node] if node >= nands.first else (node,)
        table = _table(nands, node, leaves) ^ tables.full(len(leaves)) * (literal & 1)
        values = [table >> row & 1 for row in range(1 << len(leaves))]
        unit = Unit(0, Table(*values))
        return cells.Cell(unit, [1 << place for place in range(len(leaves))]), tuple(2 * leaf for leaf in leaves)

    return rule


def cover(nands: Nands, wanted: Sequence[int], width: int) -> dict[int, Leaves]:
    """The leaves of each node of a graph for which a look-up table may be made.

    Parameters
    ----------
    nands : Nands
    wanted : sequence of int
        Literals.
    width : int
        The most leaves.
    """
    first = nands.first
    needed = nands.needed(wanted)
    nodes = [node for node in range(first, len(nands)) if needed[node]]
    readers = [0] * len(nands)
    for node in nodes:
        readers[nands.left[node - first] >> 1] += 1
        readers[nands.right[node - first] >> 1] += 1
    for literal in wanted:
        readers[literal >> 1] += 1
    cuts: list[list[Leaves]] = [[(node,)] for node in range(len(nands))]
    depth = [0] * len(nands)
    flow = [0.0] * len(nands)
    chosen: dict[int, Leaves] = {}
    for node in nodes:
        found = _merged(cuts[nands.left[node - first] >> 1], cuts[nands.right[node - first] >> 1], width)
        ranked = sorted(
            (1 + max(depth[leaf] for leaf in leaves), 1 + sum(flow[leaf] for leaf in leaves), len(leaves), leaves)
            for leaves in found
        )
        kept: list[Leaves] = []
        for _, _, _, leaves in ranked:
            if not any(set(other) <= set(leaves) for other in kept):
                kept.append(leaves)
                if len(kept) == KEPT:
                    break
        depth[node], flow[node], _, chosen[node] = ranked[0]
        flow[node] /= max(1, readers[node])
        cuts[node] += kept
    deepest = max((depth[literal >> 1] for literal in wanted), default=0)
    for _ in range(ROUNDS):
        used, time = _required(nands, nodes, chosen, wanted, deepest)
        for node in nodes:
            options = []
            for leaves in cuts[node][1:]:
                late = 1 + max(depth[leaf] for leaf in leaves)
                if late <= time[node]:
                    options.append((1 + sum(flow[leaf] for leaf in leaves), late, leaves))
            cost, depth[node], chosen[node] = min(options)
            flow[node] = cost / max(1.0, (readers[node] + 2.0 * used[node]) / 3.0)
    _by_area(nands, nodes, chosen, cuts, depth, wanted, deepest)
    return chosen


def _merged(one: list[Leaves], two: list[Leaves], width: int) -> set[Leaves]:
    found = set()
    for a in one:
        for b in two:
            leaves = {*a, *b}
            if len(leaves) <= width:
                found.add(tuple(sorted(leaves)))
    return found


def _required(
    nands: Nands, nodes: Sequence[int], chosen: dict[int, Leaves], wanted: Sequence[int], deepest: int
) -> tuple[list[int], list[int]]:
    """How many tables read each node, and how deep it may be."""
    used = [0] * len(nands)
    time = [deepest] * len(nands)
    for literal in wanted:
        used[literal >> 1] += 1
    for node in reversed(nodes):
        if used[node]:
            for leaf in chosen[node]:
                used[leaf] += 1
                time[leaf] = min(time[leaf], time[node] - 1)
    return used, time


def _by_area(
    nands: Nands,
    nodes: Sequence[int],
    chosen: dict[int, Leaves],
    cuts: list[list[Leaves]],
    depth: list[int],
    wanted: Sequence[int],
    deepest: int,
) -> None:
    """Exact local area: a table is taken out, and of those in time the one is put in that needs the fewest others."""
    for _ in range(2):
        used, time = _required(nands, nodes, chosen, wanted, deepest)

        def change(node: int, by: int, used: list[int] = used) -> int:
            """Read or no longer read the leaves of a node; how many tables come or go, itself not among them."""
            count, waiting = 0, [node]
            while waiting:
                for leaf in chosen[waiting.pop()]:
                    used[leaf] += by
                    if leaf in chosen and used[leaf] == (1 if by > 0 else 0):
                        count += 1
                        waiting.append(leaf)
            return count

        for node in nodes:
            if used[node]:
                change(node, -1)
                best = None
                before = chosen[node]
                for leaves in cuts[node][1:]:
                    late = 1 + max(depth[leaf] for leaf in leaves)
                    if late > time[node]:
                        continue
                    chosen[node] = leaves
                    rank = (change(node, 1), leaves != before, late, leaves)
                    change(node, -1)
                    if best is None or rank < best:
                        best = rank
                assert best is not None
                chosen[node] = best[3]
                change(node, 1)
            depth[node] = 1 + max(depth[leaf] for leaf in chosen[node])


def _table(nands: Nands, node: int, leaves: Leaves) -> int:
    """The truth table of a node over its leaves."""
    everywhere = tables.full(len(leaves))
    known = dict(zip(leaves, tables.columns(len(leaves)), strict=True))
    waiting = [node]
    while waiting:
        top = waiting[-1]
        if top in known:
            waiting.pop()
            continue
        sides = nands.left[top - nands.first], nands.right[top - nands.first]
        missing = [side >> 1 for side in sides if side >> 1 not in known]
        if missing:
            waiting.extend(missing)
            continue
        a, b = (known[side >> 1] ^ everywhere * (side & 1) for side in sides)
        known[top] = everywhere ^ (a & b)
    return known[node]
