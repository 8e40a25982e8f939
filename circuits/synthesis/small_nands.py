"""Small functions in NANDs: near the fewest for a truth table of up to four inputs.

Every order of a decision diagram is tried, then single NANDs are replaced as long as that saves any: by another one
that agrees with it wherever the output depends on it. Exclusive ors and majorities also come as parts of a full
adder, so that two of them share.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, lru_cache
from itertools import permutations, product

from circuits.synthesis import tables
from circuits.synthesis.nand_graph import FALSE, TRUE, Nands, Recipe

WIDEST = 4  # inputs


@lru_cache(maxsize=1 << 17)
def recipes(table: int, width: int, free: bool) -> tuple[Recipe, ...]:
    """Up to three forms of a function, the smallest first.

    Parameters
    ----------
    table : int
        See `circuits.synthesis.tables`: pin j is place j.
    width : int
        At most 4.
    free : bool
        Whether complements cost nothing (see `Nands`).
    """
    places, table = _sorted(table, width)
    return tuple(_over(recipe, places, free) for recipe in _canonical(table, width, free))


def _sorted(table: int, width: int) -> tuple[tuple[int, ...], int]:
    """The least table of the same function over its places in another order, and that order."""
    best = None
    for places in permutations(range(width)):
        turned = _arranged(table, places)
        if best is None or turned < best[1]:
            best = (places, turned)
    assert best is not None
    return best


@cache
def _rows(places: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(sum((row >> at & 1) << place for at, place in enumerate(places)) for row in range(1 << len(places)))


def _arranged(table: int, places: tuple[int, ...]) -> int:
    made = 0
    for row, old in enumerate(_rows(places)):
        made |= (table >> old & 1) << row
    return made


def _over(recipe: Recipe, places: tuple[int, ...], free: bool) -> Recipe:
    """A recipe over pins in another order: its pin j becomes pin places[j]."""
    nands = Nands(len(places), free=free)
    return Recipe(nands, recipe.place(nands, [nands.inputs[place] for place in places]))


@lru_cache(maxsize=1 << 16)
def _canonical(table: int, width: int, free: bool) -> tuple[Recipe, ...]:
    found: dict[tuple[tuple[int, int], ...], Recipe] = {}

    def offer(nands: Nands, output: int) -> None:
        recipe = Recipe(nands, output)
        found.setdefault((*recipe.operations, (recipe.output, 0)), recipe)

    for nands, output in _parts(table, width, free):
        offer(nands, output)
    for order in permutations(range(width)):
        for turned in (False, True):
            nands = Nands(width, free=free)
            offer(nands, _diagram(nands, table, width, order, turned=turned))
    best = sorted(found.values(), key=lambda recipe: recipe.size)
    for recipe in best[:3]:
        nands = Nands(width, free=free)
        offer(*_shrunk(nands, recipe.place(nands, nands.inputs)))
    best = sorted(found.values(), key=lambda recipe: recipe.size)
    return tuple(recipe for recipe in best[:3] if recipe.size <= best[0].size + 1)


def _parts(table: int, width: int, free: bool) -> list[tuple[Nands, int]]:
    """The function as the sum or the carry of a full adder over pins or their complements, if it is one."""
    made = []
    if width == 3:
        for turns in product((0, 1), repeat=3):
            for part in (0, 1):
                nands = Nands(3, free=free)
                a, b, c = (pin ^ turn for pin, turn in zip(nands.inputs, turns, strict=True))
                output = nands.full_adder(a, b, c)[part]
                made += [(nands, one) for one in (output, output ^ 1) if value(nands, one, tables.columns(3)) == table]
    return made


def value(nands: Nands, output: int, columns: Sequence[int]) -> int:
    """The truth table of a literal, given those of the inputs."""
    everywhere = tables.full(len(columns))
    values = [0, *columns]
    for a, b in zip(nands.left, nands.right, strict=True):
        values.append(everywhere ^ (_of(values, a, everywhere) & _of(values, b, everywhere)))
    return _of(values, output, everywhere)


def _of(values: Sequence[int], literal: int, everywhere: int) -> int:
    return values[literal >> 1] ^ everywhere if literal & 1 else values[literal >> 1]


def _diagram(nands: Nands, table: int, width: int, order: Sequence[int], *, turned: bool) -> int:
    """A decision diagram that decides the places in an order; a branch whose sides imply one another is two NANDs.

    Parameters
    ----------
    turned : bool
        Whether branches are made so that their complement comes without a NOT.
    """
    everywhere = tables.full(width)
    columns = tables.columns(width)
    made: dict[int, int] = {0: FALSE, everywhere: TRUE}
    made.update(zip(columns, nands.inputs, strict=True))
    made.update((everywhere ^ column, pin ^ 1) for column, pin in zip(columns, nands.inputs, strict=True))

    def sides(one: int) -> tuple[int, int, int]:
        for place in order:
            column = columns[place]
            low, high = tables.halves(one, width, place)
            if low != high:
                return place, low | low << (1 << place), (one & column) | high
        raise AssertionError("a constant has no sides")

    waiting = [table]
    while waiting:
        top = waiting[-1]
        if top in made:
            waiting.pop()
            continue
        if everywhere ^ top in made:
            made[top] = made[everywhere ^ top] ^ 1
            continue
        place, low_table, high_table = sides(top)
        missing = [one for one in (low_table, high_table) if one not in made]
        if high_table == everywhere ^ low_table:
            missing = missing[:1]
        if missing:
            waiting.extend(missing)
            continue
        low = made[low_table]
        high = made[high_table] if high_table in made else low ^ 1
        made[top] = _branch(
            nands,
            nands.inputs[place],
            high,
            low,
            rising=low_table & ~high_table == 0,
            falling=high_table & ~low_table == 0,
            turned=turned,
        )
    return made[table]


def _branch(nands: Nands, select: int, high: int, low: int, *, rising: bool, falling: bool, turned: bool) -> int:
    if falling:
        return monotone(nands, select ^ 1, low, high, turned=turned)
    if rising:
        return monotone(nands, select, high, low, turned=turned)
    return nands.mux(select, high, low, turned=turned)


def monotone(nands: Nands, select: int, high: int, low: int, *, turned: bool = False) -> int:
    """`high` where `select` is 1, else `low`, if `low` implies `high`: two NANDs.

    With `turned` the complement of the result is what comes without a NOT. Both forms read `high` and the complement
    of `low`.
    """
    if turned:
        return nands.nand(high, nands.nand(select ^ 1, low ^ 1)) ^ 1
    return nands.nand(low ^ 1, nands.nand(select, high))


def _shrunk(nands: Nands, output: int) -> tuple[Nands, int]:
    """The same function with single NANDs replaced while that makes it smaller."""
    size = nands.size([output])
    while True:
        better = _replaced(nands, output, size)
        if better is None:
            return nands, output
        nands, output, size = better


def _replaced(nands: Nands, output: int, size: int) -> tuple[Nands, int, int] | None:
    width, first = len(nands.inputs), nands.first
    columns, everywhere = tables.columns(width), tables.full(width)
    operations = list(zip(nands.left, nands.right, strict=True))
    values = [0, *columns]
    for a, b in operations:
        values.append(everywhere ^ (_of(values, a, everywhere) & _of(values, b, everywhere)))
    best = None
    for node in range(len(values) - 1, first - 1, -1):
        care = _care(operations, values, node, first, output, everywhere)
        wanted = values[node] & care
        # Nodes are in topological order, so those before it do not rest on it.
        literals = [(one, _of(values, one, everywhere) & care) for one in range(2 * node)]
        options: list[tuple[int, int]] = [(one, one) for one, own in literals if own == wanted ^ care]
        off = wanted ^ care
        covering = [(one, own) for one, own in literals if own & off == off and one > 1]
        for at, (one, own) in enumerate(covering):
            options += [(one, two) for two, other in covering[at + 1 :] if own & other == off]
        for pair in options:
            made = Nands(width, free=nands.free)
            literal = [2 * number for number in range(first)]
            for number, operation in enumerate(operations, first):
                a, b = pair if number == node else operation
                literal.append(made.nand(literal[a >> 1] ^ (a & 1), literal[b >> 1] ^ (b & 1)))
            result = literal[output >> 1] ^ (output & 1)
            count = made.size([result])
            if count < size:
                size, best = count, (made, result, count)
        if best is not None:
            return best
    return None


def _care(
    operations: list[tuple[int, int]], values: list[int], node: int, first: int, output: int, everywhere: int
) -> int:
    """The rows where the output depends on a node."""
    other = [*values[:node], values[node] ^ everywhere]
    for a, b in operations[node + 1 - first :]:
        other.append(everywhere ^ (_of(other, a, everywhere) & _of(other, b, everywhere)))
    return other[output >> 1] ^ values[output >> 1]
