"""memory_word: the word that a memory gives for an address, to read in the circuit under way and to write once."""

from __future__ import annotations

from typing import Any

from circuits.errors import CircuitError, point
from circuits.language.scope import Scope, required
from circuits.language.where import Where, shown, user_code
from circuits.language.words import fitting
from circuits.memory import Memory
from circuits.wires import Wire, Word


class MemoryWord(Word):
    """A word that a memory gives: a word with a `write`."""

    __slots__ = ()

    def write(self, data: Any, load: Any = 1) -> None:
        """Say what the memory stores at this address at the end of the step, where `load` is 1.

        No units. The data and the load may depend on the word itself, as the `next` of a state on the state.

        Parameters
        ----------
        data : Word, Wire or int
            As wide as the word.
        load : Wire or int, default 1

        Raises
        ------
        CircuitError
            If the memory is read-only, its write was set before, or a width does not fit.
        """
        first = self[0].node
        memory, pins = next(one for one in self.scope.memories if one[0].out[0] == first)
        assert isinstance(pins, _Pins)
        if memory.read_only:
            raise CircuitError(f"memory {memory.name!r} is read-only; make a Memory without read_only to write to it")
        if pins.told is not None:
            raise CircuitError(
                f"memory {memory.name!r}: its write is set already ({shown(pins.told)}); set it once, with "
                "mux(select, high, low) where the data depends"
            )
        pins.join(memory.data, _bits(self.scope, memory, data, memory.width, "data"))
        pins.join(memory.load, _bits(self.scope, memory, load, 1, "load"))
        pins.told = user_code() or ("", 0)


def memory_word(memory: Memory, address: Any) -> MemoryWord:
    """The word that a memory holds at an address; its `write` says what it stores there at the end of the step.

    No units: the memory stands beside the network, which has its pins (see `circuits.memory.Memory`).

    Parameters
    ----------
    memory : Memory
        Its name is the part's; no other part of the circuit may have it.
    address : Word, Wire or int
        `memory.address_bits` bits.

    Returns
    -------
    MemoryWord
        `memory.width` bits: what was stored in steps before this one.

    Raises
    ------
    CircuitError
        If no circuit is being defined, the name is taken, or a width does not fit. At the end of the definition, if
        the memory is not read-only and its write was not set.

    Examples
    --------
    >>> from circuits import Memory, Word, circuit, run
    >>> @circuit
    ... def tally(value: Word[4]):
    ...     count = memory_word(Memory("count", 4, 8), value)
    ...     count.write((count + 1)[:8])
    ...     return count
    >>> run(tally, {"value": [3, 5, 3, 3]})["out"]
    array([0, 0, 1, 2])
    """
    scope = required(f"memory {memory.name!r}")
    pins = _Pins(memory)
    pins.join(memory.address, _bits(scope, memory, address, memory.address_bits, "address"))
    scope.part("memory", memory.name)
    word = MemoryWord([Wire(scope, scope.builder.input(pin)) for pin in memory.out])
    scope.memories.append((memory, pins))
    return word


def scope_memory(memory: Memory, address: Any, data: Any = None, load: Any = None) -> Word:
    """The word that a memory gives for an address, read and written at once (see `memory_word`).

    Parameters
    ----------
    memory : Memory
    address : Word, Wire or int
    data, load : Word, Wire or int
        None where the memory is read-only. They cannot depend on the word that is read.

    Raises
    ------
    CircuitError
        As `memory_word` and `MemoryWord.write`; or if `data` and `load` are missing or too many.
    """
    required(f"memory {memory.name!r}")
    if memory.read_only != (data is None) or memory.read_only != (load is None):
        cure = "is read-only: give it no data and no load" if memory.read_only else "needs data and load"
        raise CircuitError(f"memory {memory.name!r} {cure}")
    word = memory_word(memory, address)
    if not memory.read_only:
        word.write(data, load)
    return word


class _Pins(dict[str, str]):
    """The nodes of a memory's pins. Those of its write come later; who asks for them too early learns who forgot."""

    def __init__(self, memory: Memory):
        super().__init__()
        self.memory = memory
        self.where: Where | None = user_code()
        self.told: Where | None = None

    def join(self, pins: list[str], nodes: list[str]) -> None:
        """Give pins their nodes."""
        self.update(zip(pins, nodes, strict=True))

    def __missing__(self, pin: str) -> str:
        error = CircuitError(
            f"memory {self.memory.name!r} is never written; call .write(data, load) on the word that memory_word gave, "
            "or make the memory read_only"
        )
        error.where = self.where
        point(error)
        raise error


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
