"""What the NANDs between some signals of a network compute, as truth tables: for proofs about single steps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from circuits.synthesis import tables
from perceptron.network import Network
from perceptron.unit import Unit

NEAR = 12  # NANDs between signals that are looked at for whether some decide another

Gates = Mapping[str, tuple[str, str]]  # what each NAND reads


class Signal(NamedTuple):
    """A node of a network, or its complement; without a node the constant 0, or 1 as its complement."""

    node: str
    turned: bool


def gates_of(net: Network) -> dict[str, tuple[str, str]]:
    """What each NAND of a network reads; units that are none are left out."""
    made = {}
    nand = Unit(3)
    for node in net.units:
        fanin = net.fanin(node)
        if len(fanin) == 2 and net.unit(node) == nand and fanin[0][1] == fanin[1][1] == -2:
            made[node] = (fanin[0][0], fanin[1][0])
    return made


class Cone:
    """The values of signals in every combination of the values of a few nodes.

    Parameters
    ----------
    gates : Gates
    given : sequence of Signal
        The nodes to start from. One that others decide by a few NANDs has no values of its own: a sum may take x, y,
        and the carry of x and y.

    Attributes
    ----------
    free : list of str
        The nodes that take every value; place j of a row of a table is free[j].
    """

    def __init__(self, gates: Gates, given: Sequence[Signal]):
        self._gates = gates
        nodes = list(dict.fromkeys(signal.node for signal in given if signal.node))
        every = set(nodes)
        self.free = [node for node in nodes if not _decided(gates, node, every - {node})]
        self._everywhere = tables.full(len(self.free))
        self._known = {"": 0, **dict(zip(self.free, tables.columns(len(self.free)), strict=True))}

    def table(self, signal: Signal) -> int | None:
        """The truth table of a signal; None if it rests on anything else."""
        gates, known = self._gates, self._known
        waiting = [signal.node]
        while waiting:
            top = waiting[-1]
            if top in known:
                waiting.pop()
                continue
            read = gates.get(top)
            if read is None:
                return None
            missing = [source for source in read if source not in known]
            if missing:
                waiting.extend(missing)
                continue
            known[top] = self._everywhere ^ (known[read[0]] & known[read[1]])
        return known[signal.node] ^ self._everywhere if signal.turned else known[signal.node]

    def row(self, row: int) -> dict[str, int]:
        """The values of the free nodes in a row."""
        return {node: row >> place & 1 for place, node in enumerate(self.free)}


def affine(terms: Sequence[tuple[Signal, int]]) -> tuple[dict[str, int], int]:
    """A weighted sum of signals as one of nodes and a constant: w (1 - x) = w - w x."""
    coefficients: dict[str, int] = {}
    constant = 0
    for signal, weight in terms:
        if signal.turned:
            constant += weight
            weight = -weight
        if signal.node:
            coefficients[signal.node] = coefficients.get(signal.node, 0) + weight
    return {node: weight for node, weight in coefficients.items() if weight}, constant


def _decided(gates: Gates, node: str, others: set[str]) -> bool:
    """Whether a few NANDs between it and others decide a node."""
    waiting, seen = [node], {node}
    while waiting:
        read = gates.get(waiting.pop())
        if read is None:
            return False
        new = {*read} - others - seen
        seen |= new
        waiting += new
        if len(seen) > NEAR:
            return False
    return True
