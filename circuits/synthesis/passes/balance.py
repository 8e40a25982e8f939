"""balance: chains of ANDs, of ORs and of exclusive ors become trees, for depth.

a --> AND --> AND --> AND -->        becomes        a, b --> AND --> AND -->
b -/      c -/    d -/                              c, d --> AND -/
"""

from __future__ import annotations

import heapq
from itertools import pairwise

from circuits.synthesis.passes.draft import Draft, on_networks, one_input
from perceptron.numbers import Number
from perceptron.tape import Tape
from perceptron.unit import Table, Unit

AND, OR, XOR = "and", "or", "xor"
Literal = tuple[int, bool]  # a node, and whether its complement is meant


@on_networks
def balance(net: Tape) -> Tape:
    """Make chains of one associative operation shallow.

    A perceptron that fires only if all its literals are 1, or if any is, is an AND or an OR, whatever the signs of its
    weights; a table that alternates is an exclusive or. Units of one operation that only the next one reads, NOTs
    between them included, are taken apart and put together again so that what comes late is read late. It is done
    where the last unit comes out less deep and there are no more units. Doing it twice changes nothing more.

    Parameters
    ----------
    net : Network or Tape
        Of step and table units with 0/1 inputs.

    Returns
    -------
    Network or Tape
        As given; the argument is untouched. Units that are no longer read stay until `remove_dead`.

    Raises
    ------
    NetworkError
        If the network is not valid, or has a unit or input whose values are not 0 and 1.

    Examples
    --------
    >>> from functools import reduce
    >>> from circuits import Word, and_, balance, circuit, remove_dead, statistics
    >>> @circuit
    ... def all_of(a: Word[8]):
    ...     return reduce(and_, a)
    >>> statistics(all_of.network)["depth"], statistics(remove_dead(balance(all_of.network)))["depth"]
    (7, 3)
    """
    draft = Draft(net)
    _Balance(draft).run()
    return draft.tape()


class _Balance:
    def __init__(self, draft: Draft):
        self._draft = draft
        self._readers = draft.readers()
        self._depth = [0] * len(draft.units)
        self._kind = [self._operation(node) for node in range(len(draft.units))]

    def _operation(self, node: int) -> tuple[str, list[Literal], bool] | None:
        """(operation, literals, whether the result is turned round) of a unit of two or more inputs."""
        if self._draft.units[node] is None:
            return None
        terms, bias = self._draft.terms(node)
        if len(terms) < 2:
            return None
        literals = [(source, weight < 0) for source, weight in terms]
        low = bias + sum(weight for _, weight in terms if weight < 0)
        high = bias + sum(weight for _, weight in terms if weight > 0)
        least = min(abs(weight) for _, weight in terms)
        values = self._draft.table(node)
        if values is not None:
            if any(weight not in (1, -1) for _, weight in terms):
                return None
            reached = values[low : high + 1]
            if all(one != two for one, two in pairwise(reached)):
                # The sum is `low` where no literal is 1.
                return XOR, literals, bool(reached[0])
            return None
        if high > 0 >= high - least:
            return AND, literals, False
        if low <= 0 < low + least:
            return OR, literals, False
        return None

    def run(self) -> None:
        """Rebuild what pays, sources first."""
        taken = self._taken()
        for node, unit in enumerate(self._draft.units[:]):
            if unit is None:
                continue
            if self._kind[node] is not None and node not in taken:
                self._rebuild(node)
            self._depth[node] = 1 + max((self._depth[source] for source, _ in self._draft.fanin[node]), default=-1)

    def _taken(self) -> set[int]:
        """The units that are part of a larger operation: only one unit reads them, and it is of the same kind."""
        taken = set()
        for kind in self._kind:
            if kind is not None:
                for literal in kind[1]:
                    inner = self._inner(kind[0], literal)
                    if inner is not None:
                        taken.add(inner[0])
        return taken

    def _inner(self, operation: str, literal: Literal) -> tuple[int, list[Literal], int, bool] | None:
        """(unit, literals, units passed, turned) of the operation that a literal is of, if only this reads it."""
        node, turned = literal
        passed = 1
        while self._readers[node] == 1:
            kind = self._kind[node]
            if kind is None:
                found = one_input(self._draft, node)
                if found is None or found[1] == found[2]:
                    return None
                node, turned = found[0], turned ^ (found[1:] == (1, 0))
                passed += 1
                continue
            inner, literals, flipped = kind
            if operation == XOR and inner == XOR:
                return node, literals, passed, turned ^ flipped
            if inner == operation and not turned:
                return node, literals, passed, False
            if turned and {inner, operation} == {AND, OR}:  # not (a or b) is not a and not b
                return node, [(source, not own) for source, own in literals], passed, False
            return None
        return None

    def _rebuild(self, node: int) -> None:
        kind = self._kind[node]
        assert kind is not None
        operation, literals, turned = kind
        units, width = 1, len(literals)
        leaves: list[Literal] = []
        waiting = list(reversed(literals))
        while waiting:
            literal = waiting.pop()
            inner = self._inner(operation, literal)
            if inner is None:
                leaves.append(literal)
            else:
                _, more, passed, flipped = inner
                units, width, turned = units + passed, max(width, len(more)), turned ^ flipped
                waiting += reversed(more)
        if units == 1 or len({source for source, _ in leaves}) < len(leaves):
            return
        old = 1 + self._deepest(node, {source for source, _ in leaves})
        plan = self._plan(leaves, width)
        if plan is None or plan[-1][1] >= old or len(plan) > units:
            return
        made: list[int] = []
        for index, (parts, depth) in enumerate(plan):
            pins = [(made[-1 - source] if source < 0 else source, own) for source, own in parts]
            unit, fanin = _gate(operation, pins, turned=turned and index == len(plan) - 1)
            if index == len(plan) - 1:
                self._draft.units[node], self._draft.fanin[node] = unit, fanin
            else:
                made.append(self._draft.add(unit, fanin))
                self._depth.append(depth)

    def _deepest(self, node: int, leaves: set[int]) -> int:
        """One less than the depth of a unit: the longest way from its leaves."""
        depth: dict[int, int] = {leaf: self._depth[leaf] for leaf in leaves}
        waiting = [node]
        while waiting:
            top = waiting[-1]
            missing = [source for source, _ in self._draft.fanin[top] if source not in depth]
            if missing:
                waiting.extend(missing)
                continue
            waiting.pop()
            depth[top] = 1 + max((depth[source] for source, _ in self._draft.fanin[top]), default=-1)
        return depth[node] - 1

    def _plan(self, leaves: list[Literal], width: int) -> list[tuple[list[Literal], int]] | None:
        """Units that join the earliest literals first; a negative source is -1 - index of a unit of the plan."""
        heap = [(self._depth[source], at, (source, own)) for at, (source, own) in enumerate(leaves)]
        heapq.heapify(heap)
        plan: list[tuple[list[Literal], int]] = []
        # The first unit takes as many as make all others full.
        size = (len(leaves) - 2) % (width - 1) + 2
        while len(heap) > 1:
            parts = [heapq.heappop(heap) for _ in range(size)]
            size = width
            depth = 1 + max(part[0] for part in parts)
            plan.append(([part[2] for part in parts], depth))
            heapq.heappush(heap, (depth, len(leaves) + len(plan), (-len(plan), False)))
        return plan


def _gate(operation: str, pins: list[Literal], *, turned: bool) -> tuple[Unit, list[tuple[int, Number]]]:
    """The unit of an operation over literals, with margins of 1 as in `circuits.cells`."""
    negative = sum(own for _, own in pins)
    if operation == XOR:
        values = [(count & 1) ^ turned ^ (negative & 1) for count in range(len(pins) + 1)]
        return Unit(0, Table(*values)), [(source, 1) for source, _ in pins]
    fanin: list[tuple[int, Number]] = [(source, -2 if own else 2) for source, own in pins]
    return Unit(1 - 2 * (len(pins) - negative) if operation == AND else 2 * negative - 1), fanin
