"""gates_of: a network in gates with free inverters, as the BENCH and Verilog writers need it; wide units lowered."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple, TypeVar

from circuits.formats.errors import CannotWriteError
from perceptron import STEP, Network, Table, Unit, check
from perceptron.engines.logic import XOR as LOGIC_XOR
from perceptron.engines.logic import Logic
from perceptron.network import takes_real
from perceptron.numbers import Exact, Number, exact, size

Source = TypeVar("Source")

CONSTANT, AND, OR, XOR, MUX, LUT = "CONSTANT", "AND", "OR", "XOR", "MUX", "LUT"
WIDEST_LUT = 6  # pins of an unnamed function that are written as its truth table


class Form(NamedTuple):
    """What a cell computes: a kind over some of its pins, each of which may be inverted.

    AND, OR and XOR take any number of pins (of one pin: a buffer). MUX has the pins select, high, low. LUT reads
    its value from `bits`, the first pin least significant; CONSTANT has its value there.
    """

    kind: str
    pins: tuple[int, ...] = ()
    inverted: tuple[bool, ...] = ()
    complement: bool = False
    bits: int = 0


class Gate(NamedTuple):
    """A named gate over named signals, one for each of the pins of `form`, in their order."""

    name: str
    form: Form
    sources: tuple[str, ...]


def gates_of(net: Network, names: Mapping[str, str] | None = None) -> Iterator[Gate]:
    """Every unit as one gate, sources first; a unit that is no such gate as several.

    Parameters
    ----------
    net : Network
    names : dict of node -> str, optional
        What to call the nodes (see `written_names`); their own names otherwise.

    Raises
    ------
    NetworkError
        If the network is not valid.
    CannotWriteError
        If an input, a state or a unit has other values than 0 and 1.

    Examples
    --------
    >>> net = Network()
    >>> a, b = net.input("a"), net.input("b")
    >>> net.output("y", net.add(Unit(-1), [(a, -2), (b, 2)], name="y"))
    >>> [(gate.name, gate.form.kind, gate.form.inverted) for gate in gates_of(net)]
    [('y', 'AND', (True, False))]
    """
    order = check(net) if net.outputs else net.order()
    require_binary(net)
    called = {node: node for node in net.graph} if names is None else names
    known: dict[object, Form | None] = {}
    fresh = fresh_names(net, frozenset(called.values()))
    for node in order:
        unit = net.graph.nodes[node].get("unit")
        if unit is None:
            continue
        fanin = net.fanin(node)
        edges = [(source, exact(weight)) for source, weight in fanin]
        if isinstance(unit.activation, Table) and not _covers(unit, [weight for _, weight in edges]):
            edges = _merged(edges)
        place: dict[str, int] = {}
        same = tuple(place.setdefault(source, len(place)) for source, _ in edges)
        key = (unit, same, tuple(weight for _, weight in edges))
        if key not in known:
            known[key] = form_of(unit, list(zip(same, (weight for _, weight in edges), strict=True)))
        form = known[key]
        if form is None:
            yield from _lowered(called[node], unit, [(called[source], w) for source, w in _merged(edges)], fresh)
        else:
            yield Gate(called[node], form, tuple(called[edges[pin][0]] for pin in form.pins))


def require_binary(net: Network) -> None:
    """Refuse, by its name, what has other values than 0 and 1 (a CannotWriteError)."""
    for name in net.inputs:
        if takes_real(net, name):
            raise CannotWriteError(
                f"input {name!r} takes real numbers, which this format cannot say; harden the network"
            )
    for name, state in net.states.items():
        if state.initial not in (0, 1, None):
            raise CannotWriteError(f"state {name!r} starts at {state.initial!r}, but this format has 0 and 1 only")
    for node in net.units:
        activation = net.unit(node).activation
        if activation is not STEP and not isinstance(activation, Table):
            raise CannotWriteError(
                f"unit {node!r} is a {activation.name}, which this format cannot say; harden the network first"
            )


def form_of(unit: Unit, edges: Sequence[tuple[int, Exact]]) -> Form | None:
    """The gate that a unit is, over its pins in order; None where it is none of them.

    Two pins of the same number read the same source.
    """
    weights = [weight for _, weight in edges]
    bias = exact(unit.bias)
    if isinstance(unit.activation, Table):
        form = _by_count(unit.activation, weights, bias)
    else:
        form = _threshold(weights, bias)
    if form is not None:
        return form
    merged = _merged(edges)
    if len(merged) > WIDEST_LUT:
        return None
    first = {source: pin for pin, (source, _) in reversed(list(enumerate(edges)))}
    pins = tuple(first[source] for source, _ in merged)
    sums = [bias]
    for _, weight in merged:
        sums += [z + weight for z in sums]
    return _by_table([int(unit.activation(z)) for z in sums], pins)


def _covers(unit: Unit, weights: Sequence[Exact]) -> bool:
    """Whether the table has a value for every sum when each edge is a pin of its own."""
    assert isinstance(unit.activation, Table)
    low = high = exact(unit.bias)
    for weight in weights:
        low, high = (low + weight, high) if weight < 0 else (low, high + weight)
    return low >= 0 and high < len(unit.activation.values) and all(isinstance(weight, int) for weight in weights)


def _merged(edges: Sequence[tuple[Source, Exact]]) -> list[tuple[Source, Exact]]:
    """Parallel edges added, and those that cancel dropped."""
    total: dict[Source, Exact] = {}
    for source, weight in edges:
        total[source] = exact(total.get(source, 0) + weight)
    return [(source, weight) for source, weight in total.items() if weight]


def _threshold(weights: Sequence[Exact], bias: Exact) -> Form | None:
    """A step unit that is a constant, an AND or an OR of pins or their complements, however many."""
    pins = tuple(pin for pin, weight in enumerate(weights) if weight)
    low = bias + sum(weight for weight in weights if weight < 0)
    high = bias + sum(weight for weight in weights if weight > 0)
    if low > 0 or high <= 0:
        return Form(CONSTANT, bits=int(low > 0))
    least = min(size(weights[pin]) for pin in pins)
    inverted = tuple(weights[pin] < 0 for pin in pins)
    if high - least <= 0:
        return _positive(AND, pins, inverted)
    if low + least > 0:
        return _positive(OR, pins, inverted)
    return None


def _positive(kind: str, pins: tuple[int, ...], inverted: tuple[bool, ...]) -> Form:
    """AND of complements is a NOR, OR of complements a NAND, and of one pin it is a NOT."""
    if all(inverted):
        return Form(AND if kind == OR or len(pins) == 1 else OR, pins, (False,) * len(pins), True)
    return Form(AND if len(pins) == 1 else kind, pins, inverted)


def _by_count(table: Table, weights: Sequence[Exact], bias: Exact) -> Form | None:
    """A table on equal weights: a gate of any width if only the number of ones matters in a plain way."""
    if len(set(weights)) > 1 or (weights and weights[0] == 0):
        return None
    count = len(weights)
    values = [table(bias + ones * weights[0] if weights else bias) for ones in range(count + 1)]
    pins, plain = tuple(range(count)), (False,) * count
    if len(set(values)) == 1:
        return Form(CONSTANT, bits=values[0])
    for complement in (False, True):
        wanted = [value ^ complement for value in values]
        if wanted[0] == 0 and wanted[-1] == 1 and sum(wanted) == 1:
            return Form(AND, pins, plain, complement)
        if wanted[0] == 0 and sum(wanted) == count:
            return Form(OR, pins, plain, complement)
        if wanted == [ones & 1 for ones in range(count + 1)]:
            return Form(XOR, pins, plain, complement)
    return None


def _by_table(values: list[int], pins: tuple[int, ...]) -> Form:
    """The gate of a truth table whose first pin is least significant; pins that do not matter are dropped."""
    place = 0
    while place < len(pins):
        step = 1 << place
        if all(values[row] == values[row ^ step] for row in range(len(values))):
            values = [value for row, value in enumerate(values) if not row & step]
            pins = pins[:place] + pins[place + 1 :]
        else:
            place += 1
    width, rows, ones = len(pins), len(values), sum(values)
    if width == 0:
        return Form(CONSTANT, bits=values[0])
    if ones == 1:
        row = values.index(1)
        return _positive(AND, pins, tuple(not row >> place & 1 for place in range(width)))
    if ones == rows - 1:
        row = values.index(0)
        return _positive(OR, pins, tuple(bool(row >> place & 1) for place in range(width)))
    if all(value == (row.bit_count() & 1) ^ values[0] for row, value in enumerate(values)):
        return Form(XOR, pins, (False,) * width, bool(values[0]))
    if width == 3:
        for select in range(3):
            first, second = (place for place in range(3) if place != select)
            for on, off in ((first, second), (second, first)):
                for high, low in ((0, 0), (0, 1), (1, 0), (1, 1)):
                    chosen = [row >> on & 1 ^ high if row >> select & 1 else row >> off & 1 ^ low for row in range(8)]
                    if values == chosen:
                        return Form(MUX, (pins[select], pins[on], pins[off]), (False, bool(high), bool(low)))
    return Form(LUT, pins, (False,) * width, bits=sum(value << row for row, value in enumerate(values)))


def table_of(form: Form) -> int:
    """The truth table of a gate of few pins: bit i is row i, the first pin least significant."""
    if form.kind == LUT:
        return form.bits
    width, result = len(form.pins), 0
    for row in range(1 << width):
        pins = [row >> place & 1 ^ int(inverted) for place, inverted in enumerate(form.inverted)]
        if form.kind == MUX:
            value = pins[1] if pins[0] else pins[2]
        else:
            value = int(all(pins) if form.kind == AND else any(pins) if form.kind == OR else sum(pins) & 1)
        result |= (value ^ int(form.complement)) << row
    return result


def _lowered(node: str, unit: Unit, edges: Sequence[tuple[str, Number]], fresh: Iterator[str]) -> Iterator[Gate]:
    """The two-input gates of a unit that is too wide for a truth table; the last has the unit's name."""
    logic = Logic(len(edges))
    fanin = [(literal, weight) for literal, (_, weight) in zip(logic.inputs, edges, strict=True)]
    root = logic.unit(unit, fanin)
    name: dict[int, str] = {index + 1: source for index, (source, _) in enumerate(edges)}
    if root >> 1 <= len(edges):
        form = Form(AND, (0,), (False,), bool(root & 1)) if root > 1 else Form(CONSTANT, bits=root)
        yield Gate(node, form, (name[root >> 1],) if root > 1 else ())
        return
    base = len(edges) + 1
    needed = {root >> 1}
    for operation in range((root >> 1), base - 1, -1):
        if operation in needed:
            needed |= {logic.left[operation - base] >> 1, logic.right[operation - base] >> 1}
    for operation in range(base, (root >> 1) + 1):
        if operation in needed:
            last = operation == root >> 1
            name[operation] = node if last else next(fresh)
            left, right = logic.left[operation - base], logic.right[operation - base]
            kind = XOR if logic.kind[operation - base] == LOGIC_XOR else AND
            inverted = (bool(left & 1), bool(right & 1))
            complement = last and bool(root & 1)
            form = Form(kind, (0, 1), inverted, complement)
            yield Gate(name[operation], form, (name[left >> 1], name[right >> 1]))


def fresh_names(net: Network, reserved: frozenset[str], stem: str = "t") -> Iterator[str]:
    """t1, t2, ...: names that neither a node nor an output has."""
    count = 0
    while True:
        count += 1
        name = f"{stem}{count}"
        if name not in net.graph and name not in net.outputs and name not in reserved:
            yield name


def written_names(net: Network, writable: Callable[[str], bool], what: str, *, through: bool = False) -> dict[str, str]:
    """What each node is called in the file: its name wherever that can be written and is not an output's.

    Inputs, states and outputs keep their names or are refused; a unit is renamed where it must be.

    Parameters
    ----------
    net : Network
    writable : callable
        Whether the format can write a name.
    what : str
        The format, for the message.
    through : bool
        Whether an output may have the name of the input or state that it is.

    Raises
    ------
    CannotWriteError
        If an input, a state or an output has a name that cannot be written, or an output has the name of an
        input or of a state.
    """
    for kind, names in (("input", net.inputs), ("state", net.states), ("output", net.outputs)):
        for name in names:
            if not writable(name):
                raise CannotWriteError(f"{kind} {name!r}: {what} cannot write this name; rename it")
    fixed = {*net.inputs, *net.states}
    for name, node in net.outputs.items():
        if name in fixed and not (node == name and (through or name in net.states)):
            kind = "input" if name in net.inputs else "state"
            raise CannotWriteError(
                f"output {name!r} has the same name as the {kind}, and {what} has one name for both; rename the output"
            )
    result: dict[str, str] = {}
    fresh = fresh_names(net, frozenset())
    for node in net.graph:
        keep = node in fixed or (writable(node) and net.outputs.get(node, node) == node)
        result[node] = node if keep else next(fresh)
    return result
