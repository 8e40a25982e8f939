"""Cover: one way for every node that is needed, so that few are.

First by area flow, which shares a node's cost among its readers, then by exact local area: a node's way is taken out
of the cover, and of its ways the one is put back that needs the fewest units besides those that stay
(A. Mishchenko, S. Chatterjee, R. Brayton, Improvements to technology mapping for LUT-based FPGAs, 2006).
"""

from __future__ import annotations

from circuits.synthesis.mapping.ways import Way, Ways

ROUNDS = 16


class Cover:
    """The chosen way of each node that the wanted ones need.

    Parameters
    ----------
    ways : Ways
    wanted : list of int
        Nodes that must be there.
    inputs : int
        Nodes 1 to `inputs` are given.
    """

    def __init__(self, ways: Ways, wanted: list[int], inputs: int):
        self._ways = ways.of
        self._wanted = [node for node in wanted if node > inputs]
        self._first = inputs + 1
        number = ways.order.number
        self._order = sorted(range(self._first, len(ways.of)), key=number.__getitem__)
        self.chosen: list[Way | None] = [None] * len(ways.of)
        self._readers = [0] * len(ways.of)

    def solve(self, readers: list[int], *, turning: bool) -> dict[int, Way]:
        """Node -> way, in an order in which every way reads earlier nodes only.

        Parameters
        ----------
        readers : list of int
            How many operations and outputs read each node of the logic: the first guess at who shares it.
        turning : bool
            Whether ways that are equally good take turns: better for some circuits, worse for others.
        """
        guess = [float(max(1, one)) for one in readers] + [1.0] * (len(self._ways) - len(readers))
        for _ in range(3):
            self._by_flow(guess)
            self._count()
            guess = [max(1.0, (old + 2 * now) / 3) for old, now in zip(guess, self._readers, strict=True)]
        for turn in range(ROUNDS if turning else 2):
            self._by_area(turn if turning else None)
        self._by_area(None)
        return {node: way for node in self._order if self._readers[node] and (way := self.chosen[node]) is not None}

    def _by_flow(self, guess: list[float]) -> None:
        flow = [0.0] * len(self._ways)
        for node in self._order:
            best = None
            for way in self._ways[node]:
                cost = 1.0
                for leaf in way.leaves:
                    cost += flow[leaf]
                if best is None or (cost, len(way.leaves)) < best:
                    best = (cost, len(way.leaves))
                    self.chosen[node] = way
            if best is None:  # only a cut that got lost could leave a node without a way
                raise AssertionError(f"node {node} has no way: please report this")
            flow[node] = best[0] / guess[node]

    def _count(self) -> None:
        self._readers = readers = [0] * len(self._ways)
        for node in self._wanted:
            readers[node] += 1
        for node in reversed(self._order):
            if readers[node]:
                way = self.chosen[node]
                assert way is not None
                for leaf in way.leaves:
                    readers[leaf] += 1

    def _by_area(self, turn: int | None) -> None:
        """One round of exact local area.

        Where several ways need as few units, without a turn the chosen one stays; otherwise they take turns, which
        now and then lets later nodes find better ones.
        """
        readers, first = self._readers, self._first
        for node in self._order:
            ways = self._ways[node]
            if not readers[node] or len(ways) < 2:
                continue
            chosen = self.chosen[node]
            assert chosen is not None
            self._release(chosen)
            best = None
            for at, way in enumerate(ways):
                # A leaf that stays costs nothing; most ways are decided without a walk.
                missing = [leaf for leaf in way.leaves if leaf >= first and not readers[leaf]]
                area = len(missing) and self._take(way)
                if missing:
                    self._release(way)
                if turn is None:
                    rank = (area, int(way is not chosen), len(way.leaves))
                else:
                    rank = (area, (at + turn + node) % (len(ways) | 1), 0)
                if best is None or rank < best:
                    best, self.chosen[node] = rank, way
            now = self.chosen[node]
            assert now is not None
            self._take(now)

    def _take(self, way: Way) -> int:
        """Count a way's leaves as read; how many units that brings into the cover."""
        readers, first, chosen = self._readers, self._first, self.chosen
        added, waiting = 0, [way]
        while waiting:
            for leaf in waiting.pop().leaves:
                readers[leaf] += 1
                if readers[leaf] == 1 and leaf >= first:
                    added += 1
                    waiting.append(chosen[leaf])  # type: ignore[arg-type]
        return added

    def _release(self, way: Way) -> None:
        readers, first, chosen = self._readers, self._first, self.chosen
        waiting = [way]
        while waiting:
            for leaf in waiting.pop().leaves:
                readers[leaf] -= 1
                if not readers[leaf] and leaf >= first:
                    waiting.append(chosen[leaf])  # type: ignore[arg-type]
