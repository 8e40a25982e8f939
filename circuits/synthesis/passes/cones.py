"""minimize_cones: small cones of units said in fewer units: a wire, one perceptron, or an OR of ANDs.

a --> AND --\\
             OR -->        becomes        a, b, c --> one perceptron -->
b, c --> AND /
"""

from __future__ import annotations

from functools import lru_cache

from circuits.synthesis import tables
from circuits.synthesis.mapping.cuts import essential, known, spread
from circuits.synthesis.passes.draft import Draft, Net, on_networks
from circuits.synthesis.passes.two_level import cubes
from perceptron.arguments import require_whole
from perceptron.tape import Tape
from perceptron.unit import Unit

KEPT = 6  # cuts of a node
Leaves = tuple[int, ...]
Cut = tuple[Leaves, int]
# A new unit: bias, and edges (place of a leaf, or -1 - index of an earlier new unit; weight).
NewUnit = tuple[int, tuple[tuple[int, int], ...]]


def minimize_cones(net: Net, *, leaves: int = 4) -> Net:
    """Say the function of small cones again, where that takes fewer units than only the cone needs.

    Each unit is looked at with a few sets of up to `leaves` nodes that decide it. What it computes from them may be
    constant, one of them, one perceptron, or a sum of products or its complement: one unit for each product of two
    or more literals, and one that puts them together.

    Parameters
    ----------
    net : Network or Tape
        Of step and table units with 0/1 inputs.
    leaves : int, default 4
        2 to 6.

    Returns
    -------
    Network or Tape
        As given, with no more units that anything needs; the argument is untouched. Those that are no longer read
        stay until `remove_dead`. A second time may find more.

    Raises
    ------
    ParameterError
        If `leaves` is no whole number from 2 to 6.
    NetworkError
        If the network is not valid, or has a unit or input whose values are not 0 and 1.

    Examples
    --------
    >>> from circuits import majority, minimize_cones, remove_dead, to_nand
    >>> nands = to_nand(majority.network)
    >>> len(nands.units), len(remove_dead(minimize_cones(nands)).units)
    (6, 1)
    """
    leaves = require_whole("leaves", leaves, 2, 6)

    @on_networks
    def edit(tape: Tape) -> Tape:
        draft = Draft(tape)
        _Cones(draft, leaves).run()
        return draft.tape()

    return edit(net)


class _Cones:
    def __init__(self, draft: Draft, leaves: int):
        self._draft = draft
        self._leaves = leaves
        self._readers = draft.readers()
        self._cuts: list[list[Cut]] = [[((node,), 0b10)] for node in range(len(draft.units))]

    def run(self) -> None:
        """Visit every unit, sources first."""
        for node in range(len(self._draft.units)):
            if self._draft.units[node] is not None and self._readers[node]:
                self._cuts[node] += self._cuts_of(node)
                self._improve(node)

    def _cuts_of(self, node: int) -> list[Cut]:
        draft, alias = self._draft, self._draft.alias
        terms, bias = draft.terms(node)
        if len(terms) > self._leaves:
            return []
        options: list[tuple[Leaves, tuple[Cut, ...]]] = [((), ())]
        for source, _ in terms:
            following: dict[Leaves, tuple[Leaves, tuple[Cut, ...]]] = {}
            current = [cut for cut in self._cuts[source] if all(alias[leaf] == leaf for leaf in cut[0])]
            for before, parts in options:
                for cut in current:
                    both = {*before, *cut[0]}
                    if len(both) <= self._leaves:
                        merged = tuple(sorted(both))
                        following.setdefault(merged, (merged, (*parts, cut)))
            options = sorted(following.values(), key=lambda option: (len(option[0]), option[0]))[: 2 * KEPT]
        weights, values = tuple(weight for _, weight in terms), draft.table(node)
        made: dict[Leaves, int] = {}
        for merged, parts in options:
            width = len(merged)
            columns = []
            for own, table in parts:
                mask = 0
                for leaf in own:
                    mask |= 1 << merged.index(leaf)
                columns.append(table if len(own) == width else spread(table, mask, width))
            table = _decided(tuple(columns), weights, bias, values, width)
            mask, smaller = essential(table, width)
            if mask + 1 != 1 << width:
                merged = tuple(leaf for place, leaf in enumerate(merged) if mask >> place & 1)
                table = smaller
            if not any(set(other) <= set(merged) for other in made):
                made[merged] = table
                if len(made) == KEPT:
                    break
        return list(made.items())

    def _improve(self, node: int) -> None:
        best: tuple[int, Leaves, tuple[NewUnit, ...], int] | None = None
        for leaves, table in self._cuts[node][1:]:
            units, output = said(table, len(leaves))
            saved = self._only_for(node, leaves) - len(units)
            if saved > 0 and (best is None or saved > best[0]):
                best = saved, leaves, units, output
        if best is None:
            return
        _, leaves, units, output = best
        made: list[int] = []
        for bias, edges in units:
            fanin = [(leaves[place] if place >= 0 else made[-1 - place], weight) for place, weight in edges]
            made.append(self._add(Unit(bias), fanin))
        self._replace(node, leaves[output] if output >= 0 else made[-1 - output], keep=bool(units))

    def _add(self, unit: Unit, fanin: list[tuple[int, int]]) -> int:
        node = self._draft.add(unit, list(fanin))
        self._readers.append(0)
        self._cuts.append([((node,), 0b10)])
        for source, _ in fanin:
            self._readers[source] += 1
        return node

    def _replace(self, node: int, new: int, *, keep: bool) -> None:
        draft, readers = self._draft, self._readers
        draft.alias[node] = new
        readers[new] += readers[node]
        readers[node] = 0
        if keep and node in draft.names and new not in draft.names:  # it computes the same
            draft.names[new] = draft.names.pop(node)
        waiting = [node]
        while waiting:
            for source, _ in draft.fanin[waiting.pop()]:
                source = draft.resolve(source)
                readers[source] -= 1
                if not readers[source] and draft.units[source] is not None:
                    waiting.append(source)
        if keep:
            self._cuts[new] += self._cuts_of(new)

    def _only_for(self, node: int, leaves: Leaves) -> int:
        """How many units between a node and the leaves nothing else reads, itself among them."""
        draft = self._draft
        left: dict[int, int] = {}
        count, waiting = 0, [node]
        while waiting:
            top = waiting.pop()
            count += 1
            for source, _ in draft.fanin[top]:
                source = draft.resolve(source)
                if source in leaves or draft.units[source] is None:
                    continue
                left[source] = left.get(source, self._readers[source]) - 1
                if not left[source]:
                    waiting.append(source)
        return count


@lru_cache(maxsize=1 << 16)
def _decided(
    columns: tuple[int, ...], weights: tuple[int, ...], bias: int, values: tuple[int, ...] | None, width: int
) -> int:
    """The truth table of a unit whose inputs have these."""
    made = 0
    for row in range(1 << width):
        total = bias + sum(weight for column, weight in zip(columns, weights, strict=True) if column >> row & 1)
        if (total > 0) if values is None else values[total]:
            made |= 1 << row
    return made


@lru_cache(maxsize=1 << 16)
def said(table: int, width: int) -> tuple[tuple[NewUnit, ...], int]:
    """The fewest units of the known forms for a table all of whose places matter, and what carries its value.

    Returns
    -------
    (units, output)
        The output as in the edges of the units: the place of a leaf, or -1 - index of a unit.
    """
    if width == 1 and table == 0b10:
        return (), 0
    unit = known(table, width)
    if unit is not None:
        weights, bias = unit
        return ((bias, tuple((place, weight) for place, weight in enumerate(weights) if weight)),), -1
    forms = [_two_level(table, width, turned=False), _two_level(tables.full(width) ^ table, width, turned=True)]
    best = min(forms, key=len)
    return best, -len(best)


def _two_level(table: int, width: int, *, turned: bool) -> tuple[NewUnit, ...]:
    units: list[NewUnit] = []
    last: list[tuple[int, int]] = []
    bias = 0
    for on, off in cubes(table, width):
        literals = [(place, 1) for place in range(width) if on >> place & 1]
        literals += [(place, -1) for place in range(width) if off >> place & 1]
        if len(literals) == 1:  # counted where the products are: not x is 1 - x
            ((place, sign),) = literals
            last.append((place, sign))
            bias += sign < 0
        else:
            units.append((1 - 2 * on.bit_count(), tuple((place, 2 * sign) for place, sign in literals)))
            last.append((-len(units), 1))
    # An OR fires if the sum is > 0, and its complement if 1 - sum is.
    if turned:
        units.append((1 - 2 * bias, tuple((place, -2 * weight) for place, weight in last)))
    else:
        units.append((2 * bias - 1, tuple((place, 2 * weight) for place, weight in last)))
    return tuple(units)
