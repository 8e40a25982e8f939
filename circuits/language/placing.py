"""place: copy a circuit into the one that is being defined, under the name of a part."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from circuits.errors import CircuitError
from circuits.language.ports import Port
from circuits.language.results import unpacked
from circuits.language.scope import Scope
from circuits.language.values import expected, span, whole
from circuits.language.words import word_of
from circuits.wires import Wire, Word

if TYPE_CHECKING:
    from circuits.definition import Circuit


def place(part: Circuit, given: Sequence[Any], scope: Scope, name: str | None) -> Any:
    """Copy the circuit's units, states and memories; the names of its nodes are `name.node`.

    Parameters
    ----------
    part : Circuit
    given : sequence
        A wire, word or integer for each of its inputs.
    scope : Scope
    name : str or None
        None for the next free one of its kind.

    Returns
    -------
    The single result, or `Results` by name

    Raises
    ------
    CircuitError
        If a width or sign does not fit, a wire is of another network, or the name is taken.
    """
    sources: list[Wire] = []
    for port, value in zip(part.inputs, given, strict=True):
        sources.extend(operand(part.name, port, value, scope))
    scope.require_open()
    net = part.network
    prefix = scope.part(part.kind, name)
    node = dict(zip((bit for port in part.inputs for bit in port.bits), (wire.node for wire in sources), strict=True))
    memories = [(memory, replace(memory, name=f"{prefix}.{memory.name}")) for memory in part.memories]
    for memory, placed in memories:
        for pin, outer in zip(memory.out, placed.out, strict=True):
            node[pin] = scope.builder.input(outer)
    for key, unit, fanin in part.units_in_order:
        if unit is not None:
            node[key] = scope.builder.add(unit, [(node[source], weight) for source, weight in fanin], f"{prefix}.{key}")
        elif key in net.states:
            node[key] = scope.builder.state(f"{prefix}.{key}", net.states[key].initial)
    for key, state in net.states.items():
        if state.next is not None:
            scope.builder.feedback(node[key], node[state.next])
    for memory, placed in memories:
        inner = (*memory.address, *memory.data, *memory.load)
        outer_pins = (*placed.address, *placed.data, *placed.load)
        scope.memories.append(
            (placed, {outer: node[net.outputs[pin]] for pin, outer in zip(inner, outer_pins, strict=True)})
        )
    results: dict[str, Wire | Word] = {}
    for port in part.outputs:
        wires = [Wire(scope, node[net.outputs[bit]]) for bit in port.bits]
        results[port.name] = wires[0] if port.width is None else word_of(wires, port.signed)
    return unpacked(results)


def operand(circuit: str, port: Port, value: Any, scope: Scope) -> list[Wire]:
    """The wires of this network that an input is given.

    Raises
    ------
    CircuitError
        If they do not fit it.
    """
    if port.width is None:
        if isinstance(value, Word):
            raise CircuitError(
                f"{circuit}: input {port.name!r} is one bit, but is given {_said(value)}; take a bit, as in word[0]"
            )
        return [scope.wire(value)]
    if isinstance(value, Word):
        if len(value) != port.width:
            cure = f"word[:{port.width}]" if len(value) > port.width else f"word.extend({port.width})"
            raise CircuitError(
                f"{circuit}: input {port.name!r} is a {port.kind}, but is given {_said(value)}; write {cure}"
            )
        if value.is_signed != port.signed:
            cure = "word.unsigned()" if value.is_signed else "word.signed()"
            raise CircuitError(
                f"{circuit}: input {port.name!r} is a {port.kind}, but is given {_said(value)}; "
                f"{cure} is the same bits read the other way"
            )
        return [scope.wire(wire) for wire in value]
    number = whole(value)
    least, most = span(port)
    if number is None or not least <= number <= most:
        found = "a single wire" if isinstance(value, Wire) else repr(value)
        constant = expected(port).removeprefix("an integer ")
        raise CircuitError(
            f"{circuit}: input {port.name!r} is a {port.kind}, but is given {found}; "
            f"give a word of that width, or an integer {constant.split(' (')[0]}"
        )
    return [scope.wire(number >> bit & 1) for bit in range(port.width)]


def _said(word: Word) -> str:
    return f"a {'signed ' if word.is_signed else ''}word of {len(word)} bits"
