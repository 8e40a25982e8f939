"""fold_constants: what is always 0 or always 1 goes into the biases of what reads it.

1 --(-2)--> c (3) <--(-2)-- a      becomes      c (1) <--(-2)-- a
"""

from __future__ import annotations

from circuits.synthesis.passes.draft import Draft, constant_unit, on_networks
from perceptron.numbers import exact
from perceptron.tape import Tape
from perceptron.unit import Unit


@on_networks
def fold_constants(net: Tape) -> Tape:
    """Turn units whose value never changes into constant ones, and take constants out of the units that read them.

    A unit is decided if no sum of its inputs changes its value. A state is constant if it starts at the constant that
    its next value is, or keeps what it starts with. Doing it twice changes nothing more.

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
    >>> from circuits import circuit, constant, fold_constants, nand
    >>> @circuit
    ... def enabled(a):
    ...     return nand(a, constant(1))
    >>> net = fold_constants(enabled.network)
    >>> net.unit(net.outputs["out"]), net.fanin(net.outputs["out"])
    (Unit(bias=1, activation=STEP), [('a', -2)])
    """
    draft = Draft(net)
    value: dict[int, int] = {}
    while True:
        _walk(draft, value)
        found = {
            state: initial
            for state, (following, initial) in draft.states.items()
            if state not in value
            and initial in (0, 1)
            and (following == state or (following is not None and value.get(following) == initial))
        }
        if not found:
            return draft.tape()
        value.update((state, int(initial or 0)) for state, initial in found.items())


def _walk(draft: Draft, value: dict[int, int]) -> None:
    for node, unit in enumerate(draft.units):
        if unit is None or (node in value and not draft.fanin[node]):
            continue
        if any(source in value for source, _ in draft.fanin[node]):
            bias = exact(unit.bias)
            for source, weight in draft.fanin[node]:
                if value.get(source):
                    bias = exact(bias + exact(weight))
            unit = Unit(bias, unit.activation)
            draft.units[node] = unit
            draft.fanin[node] = [(source, weight) for source, weight in draft.fanin[node] if source not in value]
        decided = _decided(draft, node)
        if decided is not None:
            value[node] = decided
            draft.units[node], draft.fanin[node] = constant_unit(decided), []


def _decided(draft: Draft, node: int) -> int | None:
    terms, bias = draft.terms(node)
    low = bias + sum(weight for _, weight in terms if weight < 0)
    high = bias + sum(weight for _, weight in terms if weight > 0)
    values = draft.table(node)
    if values is None:
        return 1 if low > 0 else 0 if high <= 0 else None
    reached = set(values[low : high + 1])
    return reached.pop() if len(reached) == 1 else None
