"""remove_dead: units and states that no output depends on are left out, and edges of weight 0."""

from __future__ import annotations

from circuits.synthesis.passes.draft import Draft, on_networks
from perceptron.tape import Tape


@on_networks
def remove_dead(net: Tape) -> Tape:
    """Leave out what no output depends on: `perceptron.prune`, for tapes too.

    Inputs stay, so that the network still takes the same samples. Doing it twice changes nothing more.

    Parameters
    ----------
    net : Network or Tape
        Of step and table units with 0/1 inputs.

    Returns
    -------
    Network or Tape
        As given; the argument is untouched.

    Raises
    ------
    NetworkError
        If the network is not valid, or has a unit or input whose values are not 0 and 1.

    Examples
    --------
    >>> from circuits import full_adder, remove_dead
    >>> net = full_adder.network.copy()
    >>> unused = net.add(net.unit(net.units[0]), [("a", -2), ("carry_in", -2)])
    >>> len(net.units), len(remove_dead(net).units)
    (10, 9)
    """
    draft = Draft(net)
    needed: set[int] = set()
    waiting = list(draft.outputs.values())
    while waiting:
        node = waiting.pop()
        if node in needed:
            continue
        needed.add(node)
        waiting += [source for source, weight in draft.fanin[node] if weight]
        following = draft.states.get(node, (None, None))[0]
        if following is not None:
            waiting.append(following)
    draft.dropped = {*range(len(draft.units))} - needed - {*draft.inputs}
    for node, fanin in enumerate(draft.fanin):
        draft.fanin[node] = [(source, weight) for source, weight in fanin if weight]
    return draft.tape()
