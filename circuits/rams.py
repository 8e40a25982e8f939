"""RAM and ROM: as one part with behaviour, of any size; and as gates, for small ones."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from circuits.cells import Cell, and_, at_least
from circuits.counters import checked
from circuits.definition import Circuit, circuit
from circuits.gates import mux
from circuits.language.memories import scope_memory
from circuits.language.states import state
from circuits.memory import WIDEST_ADDRESS, WIDEST_WORD, Memory
from circuits.table_units import MOST_BITS, table_unit
from circuits.wires import Bit, Word, WordType
from perceptron import Unit

_MOST_GATES = 10  # address bits of a RAM of gates


def ram(address_bits: int, width: int, contents: Sequence[int] = ()) -> Circuit:
    """A memory of 2**address_bits words: `out` is the word at `address`, which takes `data` where `load` is 1.

    It reads within the step and stores at its end. No units: a part with behaviour beside the network (see
    `circuits.Memory`). In a circuit it is placed like any other part; where the data depends on the word that is read,
    `circuits.language.memories.memory_word` reads first and writes later.

    Parameters
    ----------
    address_bits : int
        1 to 24.
    width : int
        1 to 64.
    contents : sequence of int
        The first words at the first step; the others are 0.

    Raises
    ------
    CircuitError
        If a number is out of range.

    Examples
    --------
    >>> from circuits import run
    >>> run(ram(3, 8), {"address": [5, 5, 0], "data": 77, "load": [1, 0, 0]})["out"]
    array([ 0, 77,  0])
    """
    where: Any
    what: Any
    where, what = _types(address_bits, width, WIDEST_ADDRESS)
    memory = Memory("ram", address_bits, width, tuple(contents))

    def ram(address: where, data: what, load: Bit) -> Any:
        return scope_memory(memory, address, data, load)

    return circuit(ram)


def rom(address_bits: int, width: int, contents: Sequence[int]) -> Circuit:
    """A read-only memory of 2**address_bits words: `out` is the word at `address`, within the step.

    No units: a part with behaviour beside the network, as `ram`.

    Parameters
    ----------
    address_bits, width : int
        As for `ram`.
    contents : sequence of int
        The first words; the others are 0.

    Raises
    ------
    CircuitError
        If a number is out of range.

    Examples
    --------
    >>> from circuits import run
    >>> run(rom(2, 8, [2, 3, 5, 7]), {"address": [3, 0, 1]})["out"]
    array([7, 2, 3])
    """
    where: Any
    where, _ = _types(address_bits, width, WIDEST_ADDRESS)
    memory = Memory("rom", address_bits, width, tuple(contents), read_only=True)

    def rom(address: where) -> Any:
        return scope_memory(memory, address)

    return circuit(rom)


def rom_of_gates(address_bits: int, width: int, contents: Sequence[int]) -> Circuit:
    """`rom` as units: each bit of `out` is one table unit that reads the address on weights 1, 2, 4, ...

    width units, depth 1; no memory, no states.

    Raises
    ------
    CircuitError
        If there are more than 12 address bits, or a number is out of range.

    Examples
    --------
    >>> rom_of_gates(2, 8, [2, 3, 5, 7])([0, 1, 2, 3])
    array([2, 3, 5, 7])
    """
    where: Any
    where, _ = _types(address_bits, width, MOST_BITS)
    words = Memory("rom", address_bits, width, tuple(contents), read_only=True).initial().tolist()

    def rom_of_gates(address: where) -> Any:
        def bit(place: int) -> Any:
            return lambda *at: words[sum(one << bit for bit, one in enumerate(at))] >> place & 1

        return Word([table_unit(bit(place), list(address)) for place in range(width)])

    return circuit(rom_of_gates)


@lru_cache(maxsize=64)
def ram_of_gates(address_bits: int, width: int) -> Circuit:
    """`ram` as units: a register for each word, a decoder of one perceptron a word, multiplexers, and ORs.

    With n = 2**address_bits words: n (2 width + 2) + width units, n width states, depth 3.

    Raises
    ------
    CircuitError
        If there are more than 10 address bits, or a number is out of range.

    Examples
    --------
    >>> from circuits import run
    >>> run(ram_of_gates(3, 8), {"address": [5, 5, 0], "data": 77, "load": [1, 0, 0]})["out"]
    array([ 0, 77,  0])
    """
    where: Any
    what: Any
    where, what = _types(address_bits, width, _MOST_GATES)

    def ram_of_gates(address: where, data: what, load: Bit) -> Any:
        scope = address.scope
        read: list[list[Any]] = [[] for _ in range(width)]
        for number in range(1 << address_bits):
            word = state(width, name=f"word{number}")
            weights = [2 if number >> place & 1 else -2 for place in range(address_bits)]
            meant = scope.add(Cell(Unit(1 - 2 * number.bit_count()), weights), list(address), f"select{number}")
            word.next = mux(scope.add(and_(2), [meant, load]), data, word)
            for place, bit in enumerate(word):
                read[place].append(scope.add(and_(2), [meant, bit]))
        return Word([scope.add(at_least(1, len(bits)), bits) for bits in read])

    return circuit(ram_of_gates)


def _types(address_bits: int, width: int, most: int) -> tuple[Any, Any]:
    """The types of the address and of the data."""
    checked(address_bits, 1, "the number of address bits", most)
    checked(width, 1, "the width of a word", WIDEST_WORD)
    return WordType(address_bits), WordType(width)
