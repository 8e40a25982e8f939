"""The order in which values follow from others, over arrays: what every node has to wait for."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.int64]


class Fans(NamedTuple):
    """Lists of numbers, one after another: list i is items[starts[i] : starts[i + 1]]."""

    starts: Numbers
    items: NDArray[np.int32]

    def of(self, which: NDArray[np.integer]) -> NDArray[np.int32]:
        """The lists of these, joined."""
        begin = self.starts[which]
        counts = self.starts[which + 1] - begin
        ends = np.cumsum(counts)
        total = int(ends[-1]) if len(ends) else 0
        return self.items[np.repeat(begin - (ends - counts), counts) + np.arange(total)]


def fanout(nodes: int, sources: NDArray[np.integer], readers: NDArray[np.integer]) -> Fans:
    """Who reads each node: edge i goes from sources[i] to readers[i].

    Examples
    --------
    >>> fanout(3, np.array([0, 1, 0]), np.array([1, 2, 2])).of(np.array([0]))
    array([1, 2], dtype=int32)
    """
    starts = np.zeros(nodes + 1, np.int64)
    np.cumsum(np.bincount(sources, minlength=nodes), out=starts[1:])
    return Fans(starts, readers[np.argsort(sources, kind="stable")].astype(np.int32))


def levels(nodes: int, fans: Fans, readers: NDArray[np.integer]) -> NDArray[np.int32]:
    """(nodes,) the longest path from a node that waits for nothing; -1 for what waits for itself, or behind it.

    Examples
    --------
    >>> levels(3, fanout(3, np.array([0, 1, 0]), np.array([1, 2, 2])), np.array([1, 2, 2]))
    array([0, 1, 2], dtype=int32)
    """
    waiting = np.bincount(readers, minlength=nodes)
    result = np.full(nodes, -1, np.int32)
    ready = np.flatnonzero(waiting == 0)
    level = 0
    while len(ready):
        result[ready] = level
        level += 1
        reached = fans.of(ready)
        np.subtract.at(waiting, reached, 1)
        ready = np.unique(reached[waiting[reached] == 0])
    return result
