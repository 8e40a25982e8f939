"""prune: edges of weight 0 and units that no output depends on are left out.

a --(0)--> c <--(2)-- b      becomes      c <--(2)-- b
"""

from __future__ import annotations

from perceptron.check import check
from perceptron.network import Network, takes_real
from perceptron.numbers import Number
from perceptron.rewrite import rebuild
from perceptron.unit import Unit


def prune(net: Network) -> Network:
    """Leave out edges of weight 0, and units and states that no output depends on; the function stays the same.

    Inputs always stay, so that the network still takes the same samples. Doing it twice changes nothing more.

    Parameters
    ----------
    net : Network

    Returns
    -------
    Network
        With the same inputs and outputs.

    Raises
    ------
    NetworkError
        If the network is not valid.

    Examples
    --------
    >>> from perceptron import Network, Unit
    >>> net = Network()
    >>> x = net.input("x")
    >>> dead = net.add(Unit(1), [(x, -2)])
    >>> net.output("y", net.add(Unit(-1), [(x, 2), (dead, 0)], name="y"))
    >>> prune(net)
    <Network: 1 input, 1 unit, 1 edge, 1 output>
    """
    order = check(net)
    needed: set[str] = set()
    wanted = set(net.outputs.values())
    while wanted:  # again for the next values of the states that turned out to be needed
        needed |= wanted
        for node in reversed(order):
            if node in needed:
                needed.update(source for source, weight in net.fanin(node) if weight)
        following = (state.next for name, state in net.states.items() if name in needed)
        wanted = {node for node in following if node is not None} - needed

    def rule(node: str, unit: Unit, fanin: list[tuple[str, Number]]) -> tuple[Unit, list[tuple[str, Number]]] | None:
        if node not in needed:
            return None
        return unit, [(source, weight) for source, weight in fanin if weight]

    # A real input stays real even where the smooth unit that made it so is gone.
    return rebuild(net, rule, real=lambda name: takes_real(net, name), keep_state=needed.__contains__)
