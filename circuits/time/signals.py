"""Signals: the names of a network in time (inputs, outputs, states, units) as bits and words, and their values."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from circuits.errors import CircuitError
from circuits.memory import Memory
from perceptron import InputError, Tape
from perceptron.engines.schedule import Lookup
from perceptron.words import Field, fields, integers

_SHOWN = 8  # names that a message lists


def _nowhere(at: int) -> str:
    return ""


@dataclass(frozen=True)
class Signal:
    """A bit or a word of a network, by the nodes that carry it.

    Attributes
    ----------
    field : Field
        Its name and what its values are.
    nodes : tuple of int
        Nodes of the tape, least significant bit first.
    """

    field: Field
    nodes: tuple[int, ...]

    def numbers(self, bits: NDArray[Any]) -> NDArray[Any]:
        """Values (...,) for bits (..., width): int64, Python ints where a word is wider; a single bit as it is."""
        if not self.field.word:
            return bits[..., 0]
        width = len(self.nodes)
        if width < 64:
            values = bits.astype(np.int64) @ (np.int64(1) << np.arange(width, dtype=np.int64))
        else:
            values = bits.astype(object) @ np.array([1 << bit for bit in range(width)], dtype=object)
        if self.field.signed:
            half = 1 << width - 1
            values = (values ^ half) - half if width < 64 else np.where(values >= half, values - 2 * half, values)
        return np.asarray(values)

    def bits(
        self, values: NDArray[Any], *, real: bool = False, kind: str = "input", where: Callable[[int], str] = _nowhere
    ) -> NDArray[Any]:
        """Bits (count, width) for values (count,).

        Parameters
        ----------
        values : ndarray (count,)
        real : bool
            Whether any finite number will do.
        kind : str
            What messages call the signal.
        where : function of a place among the values -> str
            What messages add.

        Raises
        ------
        InputError
            If a value is no integer, or outside the range; or, with `real`, no finite number.
        """
        if real and not self.field.word:
            numbers = np.asarray(values, dtype=np.float64)
            if not np.isfinite(numbers).all():
                at = int(np.argmin(np.isfinite(numbers)))
                raise InputError(f"{kind} {self.field.name!r} is {numbers[at]}{where(at)}; give a finite number")
            return numbers[:, None]
        try:
            numbers = integers(self.field, values)
        except InputError:
            at = next(at for at in range(len(values)) if not self._fits(values[at : at + 1]))
            wrong = values.tolist()[at]
            raise InputError(f"{kind} {self.field.name!r} is {wrong!r}{where(at)}; give {self.field.kind}") from None
        width = len(self.nodes)
        if numbers.dtype == object:
            rows = [[int(value) >> bit & 1 for bit in range(width)] for value in numbers.tolist()]
            return np.array(rows, dtype=np.uint8).reshape(len(numbers), width)
        # the bits of a negative number are those of its two's complement
        return ((numbers.astype(np.uint64)[:, None] >> np.arange(width, dtype=np.uint64)) & np.uint64(1)).astype(
            np.uint8
        )

    def _fits(self, value: NDArray[Any]) -> bool:
        try:
            integers(self.field, value)
        except InputError:
            return False
        return True


class Signals:
    """All signals of a network by name.

    `q[0]` to `q[n - 1]` are the word `q` (see `perceptron.words.fields`); each bit goes by its own name too.

    Parameters
    ----------
    tape : Tape
    memories : sequence of Memory
        Their pins are no inputs and outputs for anybody else.
    signed_inputs, signed_outputs : sequence of str
        Words that are read in two's complement.

    Attributes
    ----------
    inputs, outputs, states : dict of name -> Signal
        In order.

    Raises
    ------
    CircuitError
        If a memory's pin is missing, or two memories have one name.
    """

    def __init__(
        self,
        tape: Tape,
        memories: Sequence[Memory] = (),
        signed_inputs: Sequence[str] = (),
        signed_outputs: Sequence[str] = (),
    ):
        self._tape = tape
        self._input_nodes = dict(zip(tape.inputs, tape.input_nodes, strict=True))
        self._state_nodes = {str(tape.name_of(node)): node for node in tape.states}
        self.lookups = [self._lookup(memory) for memory in memories]
        for at, memory in enumerate(memories):
            if memory.name in [other.name for other in memories[:at]]:
                raise CircuitError(f"two memories are called {memory.name!r}; give each a name of its own")
        driven = {pin for memory in memories for pin in memory.out}
        read = {pin for memory in memories for pin in (*memory.address, *memory.data, *memory.load)}
        self.input_names = [name for name in tape.inputs if name not in driven]
        self.output_names = [name for name in tape.outputs if name not in read]
        self.inputs = _grouped({name: self._input_nodes[name] for name in self.input_names}, signed_inputs)
        self.outputs = _grouped({name: tape.outputs[name] for name in self.output_names}, signed_outputs)
        put_out = {signal.nodes for signal in self.outputs.values() if signal.field.signed}
        known = _grouped(self._state_nodes)  # a word of states that is put out as a signed word is read as one
        self.states = _grouped(self._state_nodes, [name for name, one in known.items() if one.nodes in put_out])

    def _lookup(self, memory: Memory) -> Lookup:
        """The memory's pins as nodes."""

        def nodes(pins: Sequence[str], known: Mapping[str, int], what: str) -> tuple[int, ...]:
            for pin in pins:
                if pin not in known:
                    raise CircuitError(f"memory {memory.name!r}: the network has no {what} {pin!r}; add its pins first")
            return tuple(known[pin] for pin in pins)

        outputs = self._tape.outputs
        load = nodes(memory.load, outputs, "output")
        return Lookup(
            memory.name,
            nodes(memory.address, outputs, "output"),
            nodes(memory.out, self._input_nodes, "input"),
            nodes(memory.data, outputs, "output"),
            load[0] if load else None,
        )

    @property
    def input_bits(self) -> list[Signal]:
        """Each input of the network by itself, in order."""
        return [_bit(name, self._input_nodes[name]) for name in self.input_names]

    @property
    def output_bits(self) -> list[Signal]:
        """Each output of the network by itself, in order."""
        return [_bit(name, self._tape.outputs[name]) for name in self.output_names]

    @cached_property
    def _pins(self) -> dict[str, Signal]:
        """The memories' pins and everything else that has a name of the outside."""
        return _grouped(self._input_nodes) | _grouped(self._tape.outputs)

    @cached_property
    def _units(self) -> dict[str, Signal]:
        return _grouped({name: node for node, name in self._tape.names.items()})

    @cached_property
    def _node(self) -> dict[str, int]:
        """The single bits by name: a unit's, an input's, an output's."""
        return {name: node for node, name in self._tape.names.items()} | dict(self._tape.outputs)

    def find(self, name: str) -> Signal:
        """The output, input, state or unit of that name: the first of these kinds that has it.

        Raises
        ------
        CircuitError
            If there is none.
        """
        for known in (self.outputs, self.inputs, self.states, self._pins, self._units):
            if name in known:
                return known[name]
        if name in self._node:
            return _bit(name, self._node[name])
        raise CircuitError(
            f"there is no signal {name!r}; the outputs are {shown(self.outputs)}, the inputs {shown(self.inputs)}, "
            f"the states {shown(self.states)}"
        )

    def state(self, name: str) -> Signal:
        """The state, or word of states, of that name.

        Raises
        ------
        CircuitError
            If there is none.
        """
        if name in self.states:
            return self.states[name]
        if name in self._state_nodes:
            return _bit(name, self._state_nodes[name])
        cure = "; an input is given to look or step" if name in self.inputs else ""
        raise CircuitError(f"there is no state {name!r}; the states are {shown(self.states)}{cure}")

    def input(self, name: str) -> Signal:
        """The input, or word of inputs, of that name.

        Raises
        ------
        CircuitError
            If there is none.
        """
        if name in self.inputs:
            return self.inputs[name]
        if name in self.input_names:
            return _bit(name, self._input_nodes[name])
        raise CircuitError(f"there is no input {name!r}; the inputs are {shown(self.inputs)}")


def _grouped(nodes: Mapping[str, int], signed: Sequence[str] = ()) -> dict[str, Signal]:
    """The bits and words that some nodes make up by their names."""
    numbers = list(nodes.values())
    return {
        name: Signal(field, tuple(numbers[place] for place in field.places))
        for name, field in fields(list(nodes), signed).items()
    }


def _bit(name: str, node: int) -> Signal:
    return Signal(Field(name, (0,), False), (node,))


def shown(names: Mapping[str, Any] | Sequence[str]) -> str:
    """Some names for a message."""
    listed = list(names)
    return ", ".join(listed[:_SHOWN]) + (", ..." if len(listed) > _SHOWN else "") or "none"
