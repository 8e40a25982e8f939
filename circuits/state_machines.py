"""state_machine: a finite state machine from its table."""

from collections.abc import Hashable, Mapping, Sequence
from typing import Any

from circuits.cells import Cell, at_least
from circuits.definition import Circuit, circuit
from circuits.errors import CircuitError
from circuits.language.states import state
from circuits.table_units import MOST_BITS, table_unit
from circuits.wires import Wire, Word, WordType
from perceptron import Unit

ENCODINGS = ("binary", "one-hot")
Key = tuple[Hashable, int]


def state_machine(
    table: Mapping[Key, Any],
    start: Hashable,
    *,
    outputs: Mapping[Hashable, int] | None = None,
    encoding: str = "binary",
    name: str = "state_machine",
) -> Circuit:
    """A finite state machine: `out`, and `state`, the number of the state it is in.

    The states are numbered in the order in which the table names them first, `start` being 0. The input `x` is a word
    of as many bits as the largest input in the table needs.

    Parameters
    ----------
    table : mapping of (state, input) -> (next state, output), or -> next state
        Mealy: an entry has its output, which follows the input within the step. Moore: the output is that of the
        state, from `outputs`. Inputs and outputs are whole numbers of at least 0. Every state needs an entry for every
        input of that width.
    start : hashable
        The state of the first step.
    outputs : mapping of state -> int, optional
        Makes it a Moore machine.
    encoding : 'binary' or 'one-hot'
        With n states, k inputs and an output of w bits. Binary: ceil(log2 n) states and one table unit for each bit
        of next state and output, depth 1. One-hot: n states, one perceptron for each (state, input) and an OR for each
        next state and each bit of output, so at most n k + n + w units, depth 2.
    name : str
        Of the circuit.

    Raises
    ------
    CircuitError
        If an entry is missing or of another form, a state has no entry or no output, a number is negative, or bits of
        state and input together are more than 12 with binary encoding.

    Examples
    --------
    Fires at every 1 that follows a 1:

    >>> from circuits import run
    >>> table = {("idle", 0): ("idle", 0), ("idle", 1): ("seen", 0), ("seen", 0): ("idle", 0), ("seen", 1): ("seen", 1)}
    >>> run(state_machine(table, "idle"), {"x": [0, 1, 1, 1, 0, 1]})["out"]
    array([0, 0, 1, 1, 0, 0])
    """
    if encoding not in ENCODINGS:
        raise CircuitError(f"encoding is {encoding!r}; give 'binary' or 'one-hot'")
    machine = _Machine(table, start, outputs, name)
    if encoding == "binary" and machine.state_bits + machine.input_bits > MOST_BITS:
        raise CircuitError(
            f"{name}: {len(machine.states)} states and inputs of {machine.input_bits} bits make a table unit of "
            f"{machine.state_bits + machine.input_bits} bits; the most is {MOST_BITS}, so use encoding='one-hot'"
        )
    word: Any = WordType(machine.input_bits)

    def behave(x: word) -> Any:
        return machine.binary(x) if encoding == "binary" else machine.one_hot(x)

    behave.__name__ = name
    return circuit(behave)


class _Machine:
    """A table that was checked, in numbers: next state and output by (state, input)."""

    def __init__(self, table: Mapping[Key, Any], start: Hashable, outputs: Mapping[Hashable, int] | None, name: str):
        entries: dict[Key, tuple[Hashable, int]] = {}
        for key, value in table.items():
            if not isinstance(key, tuple) or len(key) != 2 or not _is_number(key[1]):
                raise CircuitError(
                    f"{name}: the table has a key {key!r}; give (state, input), the input a whole number"
                )
            if outputs is not None:
                entries[key] = (value, 0)
            elif isinstance(value, tuple) and len(value) == 2 and _is_number(value[1]):
                entries[key] = value
            else:
                cure = "give (next state, output), or outputs= for a Moore machine"
                raise CircuitError(f"{name}: the entry of {key!r} is {value!r}; {cure}")
        if not entries:
            raise CircuitError(f"{name}: the table is empty; give an entry for each state and input")
        known = dict.fromkeys(
            [start, *(state for state, _ in entries), *(following for following, _ in entries.values())]
        )
        self.states = list(known)
        number = {one: at for at, one in enumerate(self.states)}
        self.state_bits = max(1, (len(self.states) - 1).bit_length())
        self.input_bits = max(1, max(given for _, given in entries).bit_length())
        self.following: list[list[int]] = []
        self.out: list[list[int]] = []
        for one in self.states:
            for given in range(1 << self.input_bits):
                if (one, given) not in entries:
                    raise CircuitError(f"{name}: state {one!r} has no entry for input {given}; add one to the table")
            row = [entries[one, given] for given in range(1 << self.input_bits)]
            self.following.append([number[following] for following, _ in row])
            if outputs is None:
                self.out.append([output for _, output in row])
            elif one not in outputs or not _is_number(outputs[one]):
                raise CircuitError(f"{name}: state {one!r} has no output; give outputs= a whole number for each state")
            else:
                self.out.append([outputs[one]] * len(row))
        self.moore = outputs is not None
        self.out_bits = max(1, max(output for row in self.out for output in row).bit_length())

    def binary(self, x: Word) -> dict[str, Word]:
        """The state as a number, each bit of what follows one table."""
        q = state(self.state_bits, name="q")
        known = range(len(self.states))

        def bit(values: Sequence[Sequence[int]], place: int) -> Any:
            def value(*bits: int) -> int:
                at, given = _number(bits[: self.state_bits]), _number(bits[self.state_bits :])
                return values[at][given] >> place & 1 if at in known else 0

            return value

        q.next = Word([table_unit(bit(self.following, place), [*q, *x]) for place in range(self.state_bits)])
        read: list[Wire] = [*q, *x]
        if self.moore:
            read, firsts = [*q], [[row[0]] for row in self.out]
        else:
            firsts = self.out
        out = Word([table_unit(bit(firsts, place), read) for place in range(self.out_bits)])
        return {"out": out, "state": q}

    def one_hot(self, x: Word) -> dict[str, Word]:
        """A state for each, of which one is 1."""
        q = state(len(self.states), name="q", initial=1)
        width = self.input_bits
        into: list[list[Wire]] = [[] for _ in self.states]
        shown: list[list[Wire]] = [[] for _ in range(self.out_bits)]
        for at, row in enumerate(self.following):
            for given, following in enumerate(row):
                weights = [2 if given >> place & 1 else -2 for place in range(width)]
                cell = Cell(Unit(-1 - 2 * given.bit_count()), [2, *weights])
                taken = q.scope.add(cell, [q[at], *x])
                into[following].append(taken)
                if not self.moore:
                    for place in _ones(self.out[at][given]):
                        shown[place].append(taken)
            if self.moore:
                for place in _ones(self.out[at][0]):
                    shown[place].append(q[at])
        q.next = Word([q.scope.add(at_least(1, len(wires)), wires) for wires in into])
        out = Word([q.scope.add(at_least(1, len(wires)), wires) for wires in shown])
        number = [[q[at] for at in range(len(self.states)) if at >> place & 1] for place in range(self.state_bits)]
        return {"out": out, "state": Word([q.scope.add(at_least(1, len(wires)), wires) for wires in number])}


def _number(bits: Sequence[int]) -> int:
    return sum(bit << place for place, bit in enumerate(bits))


def _ones(value: int) -> list[int]:
    return [place for place in range(value.bit_length()) if value >> place & 1]


def _is_number(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0
