"""Windows: two operations proved equal from the operations near them, whatever the values these take.

Of two circuits made from one another most operations that are equal are so for a reason close by: a cone was put in
the place of another over the same leaves. The leaves are found by going back from both, the deepest operation first
(the cuts of A. Kuehlmann and F. Krohm, "Equivalence checking using cuts and heaps", 1997). A small window is decided by
its truth table, and a larger one by a solver that is told of nothing else.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from heapq import heapify, heappop, heappush

from perceptron.engines.logic import AND, Logic
from perceptron.equivalence.clauses import of_operation, variable
from perceptron.equivalence.solver import solved

LEAVES = 10  # the truth tables have 2**leaves bits
INNER = 64  # operations between the leaves and the two
LARGE = (150, 600, 4000)  # operations of the windows that a solver decides, one after another


def equal_nearby(logic: Logic, depth: Sequence[int], a: int, b: int, *, leaves: int = LEAVES) -> bool:
    """Whether two literals are seen to be equal as functions of at most so many earlier nodes; False says nothing.

    Parameters
    ----------
    logic : Logic
    depth : sequence of int
        Of each node; greater than those of the nodes that it reads.
    a, b : int
        Literals.

    Examples
    --------
    The rule on ANDs of `Folding` is not applied here, but equal in a window of two leaves:

    >>> logic = Logic(2)
    >>> x, y = logic.inputs
    >>> same = logic.and_(x, logic.and_(x, y))
    >>> equal_nearby(logic, [0, 0, 0, 1, 2], same, logic.and_(x, y))
    True
    """
    first = len(logic.inputs) + 1
    heap: list[tuple[int, int]] = []
    for node in {a >> 1, b >> 1}:
        heappush(heap, (-depth[node], -node))
    frontier = {a >> 1, b >> 1}
    inner: list[int] = []
    while heap and len(inner) < INNER:
        node = -heappop(heap)[1]
        if node < first:
            return False
        frontier.discard(node)
        inner.append(node)
        met = False
        for read in (logic.left[node - first] >> 1, logic.right[node - first] >> 1):
            if read in frontier:
                met = True
            else:
                frontier.add(read)
                heappush(heap, (-depth[read], -read))
        if len(frontier) > leaves:
            return False
        # New leaves on both sides could have any values, so that nothing is known that was not before.
        if met and _alike(logic, first, frontier, inner, a, b):
            return True
    return False


def unequal_nowhere(logic: Logic, depth: Sequence[int], a: int, b: int, size: int, solver: str, conflicts: int) -> bool:
    """Whether a solver sees that two literals are equal from the deepest operations below them; False says nothing.

    Parameters
    ----------
    logic, depth, a, b
        As for `equal_nearby`.
    size : int
        About how many operations it is told of.
    solver : str
        PySAT's name.
    conflicts : int
        That it may meet.
    """
    from pysat.solvers import Solver

    first = len(logic.inputs) + 1
    met = {a >> 1, b >> 1}
    heap = [(-depth[node], -node) for node in met]
    heapify(heap)
    clauses = [[-1]]
    while heap and len(clauses) < 3 * size:
        node = -heappop(heap)[1]
        if node < first:
            break  # the inputs are the least deep
        left, right = logic.left[node - first], logic.right[node - first]
        clauses += of_operation(logic.kind[node - first], node + 1, variable(left), variable(right))
        for read in (left >> 1, right >> 1):
            if read not in met:
                met.add(read)
                heappush(heap, (-depth[read], -read))
    one, two = variable(a), variable(b)
    number = {node + 1: at for at, node in enumerate(sorted(met | {0}), 1)}

    def dense(clause: Sequence[int]) -> list[int]:
        return [number[one] if one > 0 else -number[-one] for one in clause]

    with Solver(name=solver, bootstrap_with=map(dense, [*clauses, [one, two], [-one, -two]])) as asked:
        asked.conf_budget(conflicts)
        return solved(asked) is False


def _alike(logic: Logic, first: int, frontier: set[int], inner: Sequence[int], a: int, b: int) -> bool:
    full = (1 << (1 << len(frontier))) - 1
    value = dict(zip(frontier, _columns(len(frontier)), strict=True))
    value.setdefault(0, 0)
    for node in reversed(inner):
        left, right = logic.left[node - first], logic.right[node - first]
        one, two = value[left >> 1], value[right >> 1]
        if left & 1:
            one ^= full
        if right & 1:
            two ^= full
        value[node] = one & two if logic.kind[node - first] == AND else one ^ two
    return value[a >> 1] ^ value[b >> 1] == (full if (a ^ b) & 1 else 0)


@cache
def _columns(width: int) -> tuple[int, ...]:
    """The truth table of each of so many inputs."""
    full = (1 << (1 << width)) - 1
    return tuple(full // ((1 << (1 << place)) + 1) << (1 << place) for place in range(width))
