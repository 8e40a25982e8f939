"""scope_memory: add a memory's pins to the circuit that is being defined."""

from __future__ import annotations

from typing import Any

from circuits.errors import CircuitError
from circuits.memory import Memory
from circuits.scope import Scope, required
from circuits.wires import Wire, Word
from circuits.words import fitting


def scope_memory(memory: Memory, address: Any, data: Any = None, load: Any = None) -> Word:
    """The word that a memory gives for an address; it stores `data` there at the end of a step where `load` is 1.

    No units: the memory stands beside the network, which has its pins (see `circuits.memory.Memory`).

    Parameters
    ----------
    memory : Memory
        Its name is the part's; no other part of the circuit may have it.
    address : Word or Wire
        `memory.address_bits` bits.
    data : Word or Wire
        `memory.width` bits; None where it is read-only.
    load : Wire
        None where it is read-only.

    Returns
    -------
    Word
        `memory.width` bits.

    Raises
    ------
    CircuitError
        If no circuit is being defined, the name is taken, a width does not fit, or `data` and `load` are missing or
        too many.
    """
    scope = required(f"memory {memory.name!r}")
    if memory.read_only != (data is None) or memory.read_only != (load is None):
        cure = "is read-only: give it no data and no load" if memory.read_only else "needs data and load"
        raise CircuitError(f"memory {memory.name!r} {cure}")
    pins = dict(zip(memory.address, _bits(scope, memory, address, memory.address_bits, "address"), strict=True))
    if not memory.read_only:
        pins |= dict(zip(memory.data, _bits(scope, memory, data, memory.width, "data"), strict=True))
        pins |= dict(zip(memory.load, _bits(scope, memory, load, 1, "load"), strict=True))
    scope.part("memory", memory.name)
    out = [Wire(scope, scope.builder.input(pin)) for pin in memory.out]
    scope.memories.append((memory, pins))
    return Word(out)


def _bits(scope: Scope, memory: Memory, value: Any, width: int, what: str) -> list[str]:
    """The nodes of a pin."""
    if isinstance(value, Wire):
        value = [value]
    elif not isinstance(value, Word):
        value = fitting(value, width, False, f"memory {memory.name!r}: its {what} is {value!r}")
    if len(value) != width:
        cure = f"word[:{width}]" if len(value) > width else f"word.extend({width})"
        raise CircuitError(f"memory {memory.name!r}: its {what} has {len(value)} bits, but takes {width}; write {cure}")
    return [scope.wire(bit).node for bit in value]
