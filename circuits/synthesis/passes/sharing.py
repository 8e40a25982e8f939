"""share_units: units that decide the same of the same nodes become one.

a --> x        a --> x
  \\-> y   becomes    (x is read for y)
"""

from __future__ import annotations

import math

from circuits.synthesis.passes.draft import Draft, on_networks
from perceptron.tape import Tape


@on_networks
def share_units(net: Tape) -> Tape:
    """Keep one of every set of equal units: structural hashing.

    Units are equal if they read the same nodes, weights of parallel edges added, and their weights and biases are the
    same up to a positive factor. Of named units the first stays. Doing it twice changes nothing more.

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
    >>> from circuits import circuit, nand, share_units
    >>> @circuit
    ... def twice(a, b):
    ...     return nand(nand(a, b), nand(b, a))
    >>> len(twice.network.units), len(share_units(twice.network).units)
    (3, 2)
    """
    draft = Draft(net)
    known: dict[object, int] = {}
    for node, unit in enumerate(draft.units):
        if unit is None:
            continue
        terms, bias = draft.terms(node)
        values = draft.table(node)
        if values is None:
            common = math.gcd(bias, *(weight for _, weight in terms)) or 1
            terms, bias = [(source, weight // common) for source, weight in terms], bias // common
        key = (values, bias, tuple(sorted(terms)))
        first = known.setdefault(key, node)
        if first != node:
            draft.alias[node] = first
    return draft.tape()
