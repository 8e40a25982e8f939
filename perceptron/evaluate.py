"""evaluate: the definition. One assignment, exact sums, the rule of `perceptron.unit` node by node.

Every faster engine is tested against this file. Sums are made of integers and fractions, so a step unit is
decided exactly whatever its weights; only a sigmoid rounds, once, at its value.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from perceptron.check import check
from perceptron.errors import InputError, NetworkError
from perceptron.network import Network, takes_real
from perceptron.numbers import Exact, as_number, exact

Values = Mapping[str, int | float] | Sequence[int | float]


@dataclass(frozen=True, slots=True)
class Trace:
    """What every node did for one assignment.

    Attributes
    ----------
    values : dict of node -> value
        Inputs included.
    sums : dict of node -> int or Fraction
        The exact w.x + b of every unit.
    """

    values: dict[str, int | float]
    sums: dict[str, Exact]


def trace(net: Network, values: Values | None = None, /, **named: int | float) -> Trace:
    """The value of every node and the exact sum of every unit, for one assignment (see `evaluate`).

    States have their initial values, and 0 where that is unknown.

    Parameters
    ----------
    net, values, **named
        As for `evaluate`.

    Returns
    -------
    Trace

    Raises
    ------
    NetworkError, InputError
        As `evaluate`.

    Examples
    --------
    >>> from circuits import nand
    >>> trace(nand.network, x1=1, x2=1)
    Trace(values={'x1': 1, 'x2': 1, 'out': 0}, sums={'out': -1})
    """
    order = check(net)
    return _walk(net, order, assignment(net, values, named) | initial_state(net))


def step(
    net: Network, values: Values, state: Mapping[str, int | float]
) -> tuple[dict[str, int | float], dict[str, int | float]]:
    """One step of time: the outputs, and the states at the next step.

    Parameters
    ----------
    net : Network
    values : mapping of input name -> value, or a sequence in the order of `net.inputs`
    state : mapping of state -> value
        `initial_state(net)` at the first step.

    Returns
    -------
    tuple of dict of output name -> value, and dict of state -> value

    Raises
    ------
    NetworkError, InputError
        As `evaluate`; also if a state has no value, or a value is given for none.

    Examples
    --------
    >>> from perceptron import Unit
    >>> net = Network("toggle")
    >>> q = net.state("q")
    >>> net.feedback(q, net.add(Unit(1), [(q, -2)]))
    >>> net.output("out", q)
    >>> state = initial_state(net)
    >>> for _ in range(3):
    ...     outputs, state = step(net, {}, state)
    ...     print(outputs, state)
    {'out': 0} {'q': 1}
    {'out': 1} {'q': 0}
    {'out': 0} {'q': 1}
    """
    order = check(net)
    if set(state) != set(net.states):
        name = sorted(set(state) ^ set(net.states))[0]
        told = f"state {name!r} has no value" if name in net.states else f"there is no state {name!r}"
        raise InputError(f"{told}; the states are {', '.join(net.states) or 'none'}")
    value = _walk(net, order, assignment(net, values, {}) | {name: state[name] for name in net.states}).values
    outputs = {name: value[node] for name, node in net.outputs.items()}
    return outputs, {name: value[entry.next] for name, entry in net.states.items() if entry.next is not None}


def initial_state(net: Network) -> dict[str, int | float]:
    """The value of each state at the first step; 0 where it is unknown.

    Parameters
    ----------
    net : Network

    Returns
    -------
    dict of state -> value

    Examples
    --------
    >>> net = Network()
    >>> net.state("q", 1), net.state("unknown", None)
    ('q', 'unknown')
    >>> initial_state(net)
    {'q': 1, 'unknown': 0}
    """
    return {name: 0 if state.initial is None else state.initial for name, state in net.states.items()}


def _walk(net: Network, order: Sequence[str], value: dict[str, int | float]) -> Trace:
    """The rule, node by node."""
    sums = {}
    for node in order:
        if node in value:
            continue
        unit = net.unit(node)
        z = exact(unit.bias)
        for source, weight in net.fanin(node):
            z += exact(weight) * exact(value[source])
        sums[node] = z
        value[node] = unit.activation(z)
    return Trace(value, sums)


def evaluate(net: Network, values: Values | None = None, /, **named: int | float) -> dict[str, int | float]:
    """The outputs of a network for one assignment of its inputs; with states, at the first step of time.

    Parameters
    ----------
    net : Network
    values : mapping of input name -> value, or a sequence in the order of `net.inputs`
    **named
        Inputs by keyword, instead of or beside a mapping.

    Returns
    -------
    dict of output name -> value
        An int 0 or 1 from a step or table unit, a float in [0, 1] from a sigmoid.

    Raises
    ------
    NetworkError
        If the network is not valid (see `perceptron.check`).
    InputError
        If an input is missing, unknown or given twice; is not 0 or 1 where it must be; or is not finite.

    Examples
    --------
    >>> from perceptron import Unit
    >>> net = Network("nand")
    >>> net.output("out", net.add(Unit(3), [(net.input("x1"), -2), (net.input("x2"), -2)]))
    >>> evaluate(net, x1=1, x2=1), evaluate(net, [0, 1])
    ({'out': 0}, {'out': 1})
    """
    value = trace(net, values, **named).values
    return {name: value[node] for name, node in net.outputs.items()}


def assignment(net: Network, values: Values | None, named: Mapping[str, int | float]) -> dict[str, int | float]:
    """One value for each input, checked, in the order of the inputs (for the errors see `evaluate`)."""
    given: dict[str, int | float] = {}
    if isinstance(values, Mapping):
        given.update(values)
    elif values is not None:
        if len(values) != len(net.inputs):
            raise InputError(
                f"{len(values)} values given for {len(net.inputs)} inputs ({', '.join(net.inputs)}); give one for each"
            )
        given.update(zip(net.inputs, values, strict=True))
    for name, one in named.items():
        if name in given:
            raise InputError(f"input {name!r} is given twice; give it once")
        given[name] = one
    known = set(net.inputs)
    for name in given:
        if name not in known:
            raise InputError(f"there is no input {name!r}; the inputs are {', '.join(net.inputs) or 'none'}")
    return {name: _checked(net, name, given) for name in net.inputs}


def _checked(net: Network, name: str, given: Mapping[str, int | float]) -> int | float:
    if name not in given:
        raise InputError(f"input {name!r} has no value; the inputs are {', '.join(net.inputs)}")
    value = given[name]
    if hasattr(value, "item") and getattr(value, "ndim", 0) == 0:
        value = value.item()  # NumPy's scalars
    try:
        number = as_number(value, name)
    except NetworkError:
        raise InputError(f"input {name!r} is {value!r}; give a finite number") from None
    if number in (0, 1):
        return int(number)
    if not takes_real(net, name):
        raise InputError(f"input {name!r} is {number!r}; a perceptron's input is 0 or 1")
    return number  # type: ignore[return-value]  # a Fraction stays exact
