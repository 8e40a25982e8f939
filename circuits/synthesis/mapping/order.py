"""Order: a topological order that stays one while edges are added, and says which edge would close a loop."""

from __future__ import annotations

from collections.abc import Callable

SPACE = 1 << 20  # places between neighbours at first, for nodes that are put in later


class Order:
    """A growing graph with a number for every node, greater than those of what it reads.

    An edge against the numbers makes only the nodes between its ends change theirs (D. J. Pearce, P. H. J. Kelly, A
    dynamic topological sort algorithm for directed acyclic graphs, 2006).

    Parameters
    ----------
    reads : list of lists of int
        What each node reads; all are smaller than the node.

    Examples
    --------
    >>> order = Order([[], [0], [0]])
    >>> order.add(2, 1), order.add(1, 2), order.before(2, 1)
    (True, False, True)
    """

    def __init__(self, reads: list[list[int]]):
        self._reads = reads
        self._readers: list[list[int]] = [[] for _ in reads]
        for node, sources in enumerate(reads):
            for source in sources:
                self._readers[source].append(node)
        self.number = [node * SPACE for node in range(len(reads))]
        self._used = set(self.number)

    def before(self, first: int, second: int) -> bool:
        """Whether one node stands before another."""
        return self.number[first] < self.number[second]

    def insert(self, before: int, reads: list[int]) -> int:
        """A new node that reads others, near one that is to read it; its number.

        The other nodes must not depend on that one.
        """
        node = len(self.number)
        place = self.number[before] - 1
        while place in self._used:
            place -= 1
        self._used.add(place)
        self.number.append(place)
        self._reads.append([])
        self._readers.append([])
        for source in reads:
            self.add(source, node)
        return node

    def add(self, source: int, reader: int) -> bool:
        """Let a node read another; False, and nothing added, if that would close a loop."""
        number = self.number
        top, bottom = number[source], number[reader]
        if source == reader:
            return False
        if top > bottom:
            ahead = self._reached(reader, self._readers, lambda one: number[one] <= top)
            if source in ahead:
                return False
            behind = self._reached(source, self._reads, lambda one: number[one] >= bottom)
            moved = [*sorted(behind, key=number.__getitem__), *sorted(ahead, key=number.__getitem__)]
            for node, place in zip(moved, sorted(number[node] for node in moved), strict=True):
                number[node] = place
        self._reads[reader].append(source)
        self._readers[source].append(reader)
        return True

    @staticmethod
    def _reached(start: int, edges: list[list[int]], within: Callable[[int], bool]) -> set[int]:
        found, waiting = {start}, [start]
        while waiting:
            for node in edges[waiting.pop()]:
                if node not in found and within(node):
                    found.add(node)
                    waiting.append(node)
        return found
