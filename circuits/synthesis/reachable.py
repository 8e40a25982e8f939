"""Reachable: which values some nodes of a network can have together."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from perceptron.engines.logic import whole_terms
from perceptron.tape import Tape
from perceptron.unit import Table

LEAVES = 12  # nodes all of whose values are tried
INNER = 128  # units between those and the nodes: a cone of few leaves may be as deep as the network
SOURCES = 8  # nodes whose values together are looked at


class Reachable:
    """The values that nodes of a 0/1 network can have together, found from all values of nodes that they depend on.

    Parameters
    ----------
    tape : Tape
        Units that are no step or table units, or read other values than 0 and 1, are not looked into.

    Examples
    --------
    The first two NANDs of an exclusive or are never both 0:

    >>> from perceptron import Unit
    >>> tape = Tape()
    >>> x1, x2 = tape.input("x1"), tape.input("x2")
    >>> both = tape.add(Unit(3), [(x1, -2), (x2, -2)])
    >>> one = tape.add(Unit(3), [(x1, -2), (both, -2)])
    >>> Reachable(tape).rows([both, one])
    b'\\x0e'
    """

    def __init__(self, tape: Tape):
        self._tape = tape
        self._starts: list[int] = tape.starts.tolist()
        self._sources: list[int] = tape.sources.tolist()
        self._cells = tape.cell_numbers.tolist()
        self._binary = tape.binary().tolist()

    def rows(self, nodes: list[int]) -> bytes | None:
        """Which rows of the table of these nodes may occur, as bits; the first node is place 0.

        None if all may, or there are too many nodes to tell. Rows that are left out never occur.
        """
        if not 0 < len(nodes) <= SOURCES:
            return None
        leaves, inner = self._cone(nodes)
        values: dict[int, NDArray[np.int64]] = {}
        count = np.arange(1 << len(leaves))
        for place, leaf in enumerate(leaves):
            values[leaf] = count >> place & 1
        for node in sorted(inner):
            cell = self._tape.cells[self._cells[node]]
            terms, bias = whole_terms(cell.unit, list(zip(self._read(node), cell.weights, strict=True)))
            large = abs(bias) + sum(abs(weight) for _, weight in terms) >> 62
            kind = object if large else np.int64
            total = np.full(len(count), bias, dtype=kind)
            for source, weight in terms:
                total = total + weight * values[source].astype(kind)
            table = cell.unit.activation
            fires = np.asarray(table.values)[total] if isinstance(table, Table) else total > 0
            values[node] = fires.astype(np.int64)
        row = np.zeros(len(count), dtype=np.int64)
        for place, node in enumerate(nodes):
            row |= values[node] << place
        seen = np.zeros(1 << len(nodes), dtype=np.uint8)
        seen[row] = 1
        return None if seen.all() else np.packbits(seen, bitorder="little").tobytes()

    def _read(self, node: int) -> list[int]:
        return self._sources[self._starts[node] : self._starts[node + 1]]

    def _cone(self, nodes: list[int]) -> tuple[list[int], set[int]]:
        """Leaves, and the nodes between them and these: the latest nodes are opened while the leaves stay few."""
        leaves = set(nodes)
        inner: set[int] = set()
        while len(inner) < INNER:
            options = [(len(set(self._read(leaf)) - leaves - inner), -leaf) for leaf in leaves if self._opens(leaf)]
            if not options:
                break
            added, negative = min(options)
            leaf = -negative
            if len(leaves) - 1 + added > LEAVES:
                break
            leaves.remove(leaf)
            inner.add(leaf)
            leaves.update(set(self._read(leaf)) - inner)
        return sorted(leaves), inner

    def _opens(self, node: int) -> bool:
        return self._cells[node] >= 0 and all(self._binary[one] for one in (node, *self._read(node)))
