"""gate_name: what a gate is called, computed from its local truth table whenever somebody asks, never stored.

After merging, the chapter's carry unit (one edge of -4, bias 3) reads NOT; a stored label would still say NAND.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from perceptron.network import Network, is_binary
from perceptron.numbers import Exact, exact
from perceptron.unit import Table

INPUT, PERCEPTRON, TABLE = "INPUT", "PERCEPTRON", "TABLE"
_WIDEST = 10  # pins of unequal weight up to which the truth table is made


def gate_name(net: Network, node: str) -> str:
    """The name of the gate that a node is.

    Every edge counts as one pin, so two parallel edges are two pins.

    Parameters
    ----------
    net : Network
    node : str

    Returns
    -------
    str
        CONSTANT 0, CONSTANT 1, BUFFER, NOT, AND, OR, NAND, NOR, XOR, XNOR, MAJORITY, AT LEAST k (of its pins),
        MUX; else PERCEPTRON for another step unit and TABLE for another table; INPUT for an input; otherwise
        the activation's name in capitals, such as SIGMOID. A step unit that reads real numbers is a PERCEPTRON.

    Raises
    ------
    NetworkError
        If there is no such node.

    Examples
    --------
    >>> from circuits import half_adder
    >>> from perceptron import merge_parallel
    >>> gate_name(half_adder.network, "carry"), gate_name(merge_parallel(half_adder.network), "carry")
    ('NAND', 'NOT')
    """
    if node in net.graph and net.graph.nodes[node].get("unit") is None:
        return INPUT
    unit = net.unit(node)
    if not unit.activation.binary:
        return unit.activation.name.upper()
    other = TABLE if isinstance(unit.activation, Table) else PERCEPTRON
    if not all(is_binary(net, source) for source in net.graph.pred[node]):
        return other
    weights = [exact(weight) for _, weight in net.fanin(node)]
    bias = exact(unit.bias)
    if isinstance(unit.activation, Table) and not _covers(unit.activation, weights, bias):
        return other  # only its merged edges are in range, so its pins cannot be taken one by one
    if len(set(weights)) > 1 and len(weights) > _WIDEST:
        return other
    by_count = _values_by_count(weights, bias, unit.activation)
    if by_count is not None:
        return _symmetric_name(by_count) or other
    if len(weights) == 3 and _is_multiplexer([int(unit.activation(bias + z)) for z in _sums(weights)]):
        return "MUX"
    return other


def _covers(table: Table, weights: list[Exact], bias: Exact) -> bool:
    """Whether the table has a value for every sum when each edge is a pin of its own."""
    low = bias + sum(weight for weight in weights if weight < 0)
    high = bias + sum(weight for weight in weights if weight > 0)
    whole = all(isinstance(number, int) for number in (bias, *weights))
    return whole and low >= 0 and high < len(table.values)


def _sums(weights: list[Exact]) -> Iterator[Exact]:
    """The weighted sums of all assignments in counting order, the first pin slowest."""
    for number in range(1 << len(weights)):
        yield sum(w for place, w in enumerate(reversed(weights)) if number >> place & 1)


def _values_by_count(weights: list[Exact], bias: Exact, activation: object) -> tuple[int, ...] | None:
    """The value for each number of pins that are 1, if nothing else matters; else None."""
    assert callable(activation)
    if len(set(weights)) <= 1:
        weight = weights[0] if weights else 0
        return tuple(int(activation(bias + count * weight)) for count in range(len(weights) + 1))
    values: dict[int, int] = {}
    for number, z in enumerate(_sums(weights)):
        if values.setdefault(number.bit_count(), value := int(activation(bias + z))) != value:
            return None
    return tuple(values[count] for count in range(len(weights) + 1))


def _symmetric_name(values: tuple[int, ...]) -> str | None:
    pins = len(values) - 1
    if len(set(values)) == 1:
        return f"CONSTANT {values[0]}"
    if pins == 1:
        return "BUFFER" if values[1] else "NOT"
    if values == tuple(count & 1 for count in range(pins + 1)):
        return "XOR"
    if values == tuple(count & 1 ^ 1 for count in range(pins + 1)):
        return "XNOR"
    if values.count(1) == 1 and values[pins]:
        return "AND"
    if values.count(0) == 1 and not values[0]:
        return "OR"
    if values.count(0) == 1 and not values[pins]:
        return "NAND"
    if values.count(1) == 1 and values[0]:
        return "NOR"
    first = values.index(1)
    if values == tuple(int(count >= first) for count in range(pins + 1)):
        return "MAJORITY" if 2 * first == pins + 1 else f"AT LEAST {first}"
    return None


def _is_multiplexer(values: list[int]) -> bool:
    """Whether one of the three pins chooses which of the other two is the value."""
    for select in range(3):
        first, second = [pin for pin in range(3) if pin != select]
        for low, high in ((first, second), (second, first)):
            expected = []
            for number in range(8):
                bits = [number >> (2 - pin) & 1 for pin in range(3)]
                expected.append(bits[high] if bits[select] else bits[low])
            if values == expected:
                return True
    return False


def statistics(net: Network) -> dict[str, object]:
    """Counts of a network: `units`, `edges`, `depth`, `inputs`, `outputs`, and `gates`, a count per gate name.

    `depth` is the number of units on the longest path within a step. A network with states has `states` too.

    Examples
    --------
    >>> from circuits import half_adder
    >>> statistics(half_adder.network)
    {'units': 5, 'edges': 10, 'depth': 3, 'inputs': 2, 'outputs': 2, 'gates': {'NAND': 5}}
    """
    names = Counter(gate_name(net, node) for node in net.units)
    return {
        "units": len(net.units),
        "edges": net.graph.number_of_edges(),
        "depth": depth(net),
        "inputs": len(net.inputs),
        "outputs": len(net.outputs),
        **({"states": len(net.states)} if net.states else {}),
        "gates": dict(sorted(names.items(), key=lambda item: (-item[1], item[0]))),
    }


def depth(net: Network) -> int:
    """The number of units on the longest path that ends at an output or at the next value of a state.

    Examples
    --------
    >>> from circuits import half_adder
    >>> depth(half_adder.network)
    3
    """
    level: dict[str, int] = {}
    for node in net.order():
        sources = net.graph.pred[node]
        unit = net.graph.nodes[node].get("unit")
        level[node] = 0 if unit is None else 1 + max((level[source] for source in sources), default=0)
    ends = [*net.outputs.values(), *(state.next for state in net.states.values() if state.next is not None)]
    return max((level[node] for node in ends), default=0)
