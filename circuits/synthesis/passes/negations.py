"""remove_negations: a NOT of a NOT is a wire, and so is a unit that repeats what it reads; absorb_negations: none left.

a --> NOT --> NOT --> c (w)      becomes      a --> c (w)
"""

from __future__ import annotations

from circuits.synthesis.passes.draft import Draft, on_networks, one_input
from perceptron.numbers import Number, exact
from perceptron.tape import Tape
from perceptron.unit import Unit


@on_networks
def remove_negations(net: Tape) -> Tape:
    """Take out wires and double negations: units of one input that repeat it, or turn a NOT round.

    Doing it twice changes nothing more.

    Parameters
    ----------
    net : Network or Tape
        Of step and table units with 0/1 inputs.

    Returns
    -------
    Network or Tape
        As given; the argument is untouched. NOTs that are no longer read stay until `remove_dead`.

    Raises
    ------
    NetworkError
        If the network is not valid, or has a unit or input whose values are not 0 and 1.

    Examples
    --------
    >>> from circuits import circuit, nand, not_, remove_dead, remove_negations
    >>> @circuit
    ... def turned(a, b):
    ...     return nand(not_(not_(a)), b)
    >>> len(remove_dead(remove_negations(turned.network)).units)
    1
    """
    draft = Draft(net)
    negated: dict[int, int] = {}
    for node in range(len(draft.units)):
        found = one_input(draft, node)
        if found is None:
            continue
        source, off, on = found
        if (off, on) == (0, 1):
            draft.alias[node] = source
        elif (off, on) == (1, 0):
            if source in negated:
                draft.alias[node] = negated[source]
            else:
                negated[node] = source
    return draft.tape()


@on_networks
def absorb_negations(net: Tape) -> Tape:
    """Let every unit read what a NOT reads, with the weight turned round: w (1 - x) = w - w x.

    A perceptron needs no NOT in front of it. A network of one kind of gate becomes one of several kinds, though; for
    one that is to stay as it is there is `remove_negations`. Doing it twice changes nothing more.

    Parameters
    ----------
    net : Network or Tape
        Of step and table units with 0/1 inputs.

    Returns
    -------
    Network or Tape
        As given; the argument is untouched. NOTs that are no longer read stay until `remove_dead`.

    Raises
    ------
    NetworkError
        If the network is not valid, or has a unit or input whose values are not 0 and 1.

    Examples
    --------
    >>> from circuits import absorb_negations, nor, remove_dead, to_nand
    >>> len(to_nand(nor.network).units), len(remove_dead(absorb_negations(to_nand(nor.network))).units)
    (4, 2)
    """
    draft = Draft(net)
    negated: dict[int, int] = {}
    for node, unit in enumerate(draft.units):
        if unit is None:
            continue
        fanin: list[tuple[int, Number]] = []
        bias = exact(unit.bias)
        for source, weight in draft.fanin[node]:
            if source in negated:
                bias = exact(bias + exact(weight))
                source, weight = negated[source], -weight
            fanin.append((source, weight))
        if fanin != draft.fanin[node]:
            draft.units[node], draft.fanin[node] = Unit(bias, unit.activation), fanin
        found = one_input(draft, node)
        if found is not None and found[1:] == (1, 0):
            negated[node] = found[0]
    return draft.tape()
