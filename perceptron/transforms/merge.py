"""merge_parallel: lines that lead from one unit to the same other unit become a single line.

a ==(-2, -2)==> c      becomes      a --(-4)--> c
"""

from __future__ import annotations

from perceptron.network import Network
from perceptron.numbers import Number, add
from perceptron.rewrite import rebuild
from perceptron.unit import Unit


def merge_parallel(net: Network) -> Network:
    """Merge parallel edges by adding their weights; the function stays the same, because the sum does.

    Sums are exact: 0.1 and 0.2 merge into the fraction that is exactly their sum. A weight that cancels to 0
    stays as an edge of weight 0 (`prune` drops it). Doing it twice changes nothing more.

    Parameters
    ----------
    net : Network

    Returns
    -------
    Network
        With at most one edge from one node to another.

    Raises
    ------
    NetworkError
        If the network is not valid.

    Examples
    --------
    The chapter's adder: ten edges of -2 become nine, one of them -4.

    >>> from circuits import half_adder
    >>> merged = merge_parallel(half_adder.network)
    >>> merged.fanin("carry")
    [('n1', -4)]
    """

    def rule(node: str, unit: Unit, fanin: list[tuple[str, Number]]) -> tuple[Unit, list[tuple[str, Number]]]:
        total: dict[str, Number] = {}
        for source, weight in fanin:
            total[source] = add(total[source], weight) if source in total else weight
        return unit, list(total.items())

    return rebuild(net, rule)
