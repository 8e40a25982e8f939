"""trace: call a circuit's function once with wires, and keep what it built."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from circuits.errors import CircuitError, error_in, point
from circuits.language.ports import Port
from circuits.language.recorder import Recorder
from circuits.language.results import named
from circuits.language.scope import Scope, current, defining
from circuits.language.words import word_of
from circuits.memory import Memory
from circuits.wires import Wire, Word
from perceptron import Network, PerceptronError


@dataclass(frozen=True)
class Traced:
    """A circuit's network, its results, and the memories that stand beside it."""

    network: Network
    outputs: tuple[Port, ...]
    memories: tuple[Memory, ...] = field(default=())


def trace(
    function: Callable[..., Any], name: str, ports: Sequence[Port], owner: object, called: str | None = None
) -> Traced:
    """Call the function once with wires, and name its results.

    Parameters
    ----------
    function : callable
    name : str
        Of the circuit.
    ports : sequence of Port
        Its parameters.
    owner : object
        The circuit, by which one that places itself is found.
    called : str, optional
        The network's name, where it is not the circuit's.

    Raises
    ------
    CircuitError
        If the function returns other than wires, a state has no next value, or the circuit contains itself. An
        error inside the function ends in the line that did it.
    """
    _require_no_circle(owner, name)
    builder = Recorder()
    scope = Scope(builder, name, owner, current())
    operands = [_operand(scope, port) for port in ports]
    with defining(scope):
        try:
            returned = function(*operands)
        except PerceptronError as error:
            point(error)
            raise
        try:
            outputs = _outputs(scope, named(returned, name))
        except PerceptronError as error:
            raise error_in(function, str(error)) from None
    _require_next(scope)
    for memory, pins in scope.memories:
        for pin in (*memory.address, *memory.data, *memory.load):
            builder.output(pin, pins[pin])
    return Traced(builder.network(called or name), outputs, tuple(memory for memory, _ in scope.memories))


def _operand(scope: Scope, port: Port) -> Wire | Word:
    wires = [Wire(scope, scope.builder.input(bit)) for bit in port.bits]
    return wires[0] if port.width is None else word_of(wires, port.signed)


def _outputs(scope: Scope, results: dict[str, Wire | Word | int]) -> tuple[Port, ...]:
    """Name the results as outputs."""
    ports = []
    for key, value in results.items():
        wires: Sequence[Wire | int] = list(value) if isinstance(value, Word) else [value]
        port = Port(key, len(value), value.is_signed) if isinstance(value, Word) else Port(key)
        ports.append(port)
        for bit, wire in zip(port.bits, wires, strict=True):
            scope.builder.output(bit, scope.wire(wire).node)
    return tuple(ports)


def _require_next(scope: Scope) -> None:
    for held in scope.states.values():
        if held.told is None:
            error = CircuitError(f"state {held.name!r} has no next value; set its .next to what it is in the next step")
            error.where = held.where
            point(error)
            raise error


def _require_no_circle(owner: object, name: str) -> None:
    scope = current()
    while scope is not None:
        if scope.owner is owner:
            raise CircuitError(f"{name} places itself, so it would never end; place another circuit")
        scope = scope.outer
