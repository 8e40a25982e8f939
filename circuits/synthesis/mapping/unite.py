"""Unite: a unit goes into the units that read it, wherever each of them stays a perceptron.

    x --> u --> v <-- y      becomes      x --> v <-- y

N.-Z. Lee, H.-Y. Kuo, Y.-H. Lai, J.-H. R. Jiang, Analytic approaches to the collapse operation and equivalence
verification of threshold logic circuits, ICCAD 2016, give the condition for two units that read different nodes. Here
few inputs are decided by their truth table, which is exact whatever they share; many by the sums that can occur.
"""

from __future__ import annotations

from circuits.synthesis import tables
from circuits.synthesis.mapping.cuts import known
from circuits.synthesis.mapping.units import Units
from circuits.synthesis.mapping.ways import Way
from circuits.synthesis.weights import nearest_bias

TABLE = 8  # leaves up to which the truth table decides
WIDEST_SUMS = 1 << 16  # beyond this the sums that can occur are not looked at
READERS = 6  # a unit that more units read stays


def unite(units: Units, fanin: int) -> Units:
    """The network with units gone where all their readers could take them in; no reader gets more than `fanin` leaves.

    Doing it twice changes nothing more. The argument stays as it is.
    """
    ways = dict(units.ways)
    wanted = {literal >> 1 for literal in units.wanted}
    readers: dict[int, set[int]] = {node: set() for node in ways}
    for node, way in ways.items():
        for leaf in way.leaves:
            if leaf in readers:
                readers[leaf].add(node)
    position = {node: at for at, node in enumerate(ways)}
    waiting = list(ways)
    while waiting:
        again: set[int] = set()
        for node in waiting:
            if node not in ways or node in wanted or len(readers[node]) > READERS:
                continue
            joined = {}
            for reader in readers[node]:
                made = join(ways[reader], node, ways[node], fanin)
                if made is None:
                    break
                joined[reader] = made
            else:
                own = ways.pop(node)
                for leaf in own.leaves:
                    if leaf in readers:
                        readers[leaf].discard(node)
                for reader, way in joined.items():
                    for leaf in {*ways[reader].leaves, *way.leaves}:
                        if leaf in readers:
                            (readers[leaf].add if leaf in way.leaves else readers[leaf].discard)(reader)
                    ways[reader] = way
                    again.update({reader, *way.leaves})
                again.update(own.leaves)
        waiting = sorted(again & ways.keys(), key=position.__getitem__)
    return Units(units.given, _live(ways, wanted), units.wanted, units.names)


def _live(ways: dict[int, Way], wanted: set[int]) -> dict[int, Way]:
    needed = set(wanted)
    for node in reversed(list(ways)):
        if node in needed:
            needed.update(ways[node].leaves)
    return {node: way for node, way in ways.items() if node in needed}


def join(reader: Way, node: int, way: Way, fanin: int) -> Way | None:
    """The reader with one of its leaves, a unit, put into it; None if that is no perceptron or has too many leaves."""
    others = [(leaf, weight) for leaf, weight in zip(reader.leaves, reader.weights, strict=True) if leaf != node]
    weight = dict(zip(reader.leaves, reader.weights, strict=True))[node]
    leaves = tuple(dict.fromkeys([leaf for leaf, _ in others] + list(way.leaves)))
    if len(leaves) > fanin:
        return None
    if len(leaves) <= TABLE:
        return _by_table(leaves, others, weight, reader.bias, way)
    if len(leaves) < len(others) + len(way.leaves):
        return None  # they share leaves
    return _by_sums(others, weight, reader.bias, way)


def _by_table(leaves: tuple[int, ...], others: list[tuple[int, int]], weight: int, bias: int, way: Way) -> Way | None:
    place = {leaf: at for at, leaf in enumerate(leaves)}
    outer, inner = [0] * len(leaves), [0] * len(leaves)
    for leaf, one in others:
        outer[place[leaf]] = one
    for leaf, one in zip(way.leaves, way.weights, strict=True):
        inner[place[leaf]] = one
    fires = tables.fires(inner, way.bias)
    table = (fires & tables.fires(outer, bias + weight)) | (~fires & tables.fires(outer, bias))
    unit = known(table, len(leaves))
    if unit is None:
        return None
    kept = [(leaf, one) for leaf, one in zip(leaves, unit[0], strict=True) if one]
    return Way(tuple(leaf for leaf, _ in kept), tuple(one for _, one in kept), unit[1])


def _by_sums(others: list[tuple[int, int]], weight: int, bias: int, way: Way) -> Way | None:
    """Both read different nodes. The reader is 1, 0, or what the unit is, by the sum of its other leaves.

    With the sums outer and inner, the new sum is a outer + b inner + c. It must fire where outer is above the middle
    sums, not fire below them, and do what inner does on them.
    """
    inner, inner_bias = list(way.weights), way.bias
    if weight < 0:  # w u = w - w (not u), and not (z > 0) is 1 - z > 0
        bias, weight = bias + weight, -weight
        inner, inner_bias = [-one for one in inner], 1 - inner_bias
    outer_sums = _sums([one for _, one in others], bias)
    inner_sums = _sums(inner, inner_bias)
    if outer_sums is None or inner_sums is None:
        return None
    middle = [one for one in outer_sums if -weight < one <= 0]
    on, off = [one for one in inner_sums if one > 0], [one for one in inner_sums if one <= 0]
    if not middle or not on or not off:  # the unit never changes, or never changes its reader
        return Way(tuple(leaf for leaf, _ in others), tuple(one for _, one in others), bias + weight * (not off))
    above = min((one for one in outer_sums if one > 0), default=None)
    below = max((one for one in outer_sums if one <= -weight), default=None)
    for b in (1, 2, 3, 4):
        a = 1
        if below is not None:
            a = max(a, _ceil(b * (on[-1] - on[0]) + 1, middle[0] - below))
        if above is not None:
            a = max(a, _ceil(b * (off[-1] - off[0]) + 1, above - middle[-1]))
        if above is not None and below is not None:
            a = max(a, _ceil(b * (on[-1] - off[0]) + 1, above - below))
        least = [a * middle[0] + b * on[0]] + ([a * above + b * off[0]] if above is not None else [])
        most = [a * middle[-1] + b * off[-1]] + ([a * below + b * on[-1]] if below is not None else [])
        if min(least) > max(most):
            # Sums without the biases: the new bias stands for both.
            shift = a * bias + b * inner_bias
            weights = [a * one for _, one in others] + [b * one for one in inner]
            leaves = tuple(leaf for leaf, _ in others) + way.leaves
            return Way(leaves, tuple(weights), nearest_bias(min(least) - shift, max(most) - shift))
    return None


def _ceil(a: int, b: int) -> int:
    return -(-a // b)


def _sums(weights: list[int], bias: int) -> list[int] | None:
    """All sums that can occur, in order: bits of a number that is shifted by one weight after another."""
    if sum(map(abs, weights)) > WIDEST_SUMS:
        return None
    low, bits = bias, 1
    for weight in weights:
        bits |= bits << abs(weight)
        low += min(weight, 0)
    return [low + at for at, one in enumerate(reversed(f"{bits:b}")) if one == "1"]
