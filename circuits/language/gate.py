"""Gate: a function that adds one unit. Called with 0 and 1 or arrays it answers, like any circuit."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from circuits.cells import Cell
from circuits.definition import Circuit
from circuits.errors import CircuitError
from circuits.language.bits import wires_in
from circuits.language.words import fitting, word_of
from circuits.wires import Wire, Word
from perceptron import Network


class Gate:
    """A gate of a number of pins that the call decides.

    Parameters
    ----------
    name : str
    cell : function of the number of pins -> Cell
    pins : sequence of str, or int
        The names of the pins where there is only one form; otherwise the number of pins of the usual form,
        which `network` and the command line show, with the names x1, x2, ...
    least : int
        The smallest number of pins.
    doc : str
    """

    def __init__(self, name: str, cell: Callable[[int], Cell], pins: int | Sequence[str], least: int, doc: str):
        self.name = self.__name__ = name
        self.__doc__ = doc
        self._cell = cell
        self._fixed = None if isinstance(pins, int) else list(pins)
        self._usual = pins if isinstance(pins, int) else len(pins)
        self._least = least
        self._made: dict[int, Circuit] = {}

    def of(self, pins: int) -> Circuit:
        """The gate with this many pins, as a circuit of one unit."""
        if self._fixed is not None and pins != len(self._fixed):
            raise CircuitError(f"{self.name} takes {', '.join(self._fixed)}, but {pins} wires are given")
        if pins < self._least:
            raise CircuitError(f"{self.name} is given {pins} wires; give at least {self._least}")
        if pins not in self._made:
            net = Network(self.name)
            cell = self._cell(pins)
            names = self._fixed or [f"x{index + 1}" for index in range(pins)]
            sources = [net.input(name) for name in names]
            net.output("out", net.add(cell.unit, zip(sources, cell.weights, strict=True), "out"))
            self._made[pins] = Circuit.from_network(net, self.name)
        return self._made[pins]

    def __call__(self, *operands: Any, name: str | None = None) -> Any:
        """The gate of these operands: wires (and 0, 1), words of one width, or bits or arrays (samples,).

        Beside words, a wire stands at every bit, and an integer is a word of their width.
        """
        for operand in operands:
            if wires_in(operand):
                raise CircuitError(
                    f"{self.name} is given a {type(operand).__name__} of wires; write {self.name}(*wires)"
                )
        if any(isinstance(operand, Word) for operand in operands):
            return self._bitwise(operands)
        wires = [operand for operand in operands if isinstance(operand, Wire)]
        if not wires:
            return self.of(len(operands))(*operands)
        self.of(len(operands))
        return wires[0].scope.add(self._cell(len(operands)), operands, name)

    def _bitwise(self, operands: Sequence[Any]) -> Word:
        words = [operand for operand in operands if isinstance(operand, Word)]
        widths = {len(word) for word in words}
        if len(widths) > 1:
            raise CircuitError(
                f"{self.name} is given words of {' and '.join(map(str, sorted(widths)))} bits; give one width, as in "
                f"word.extend({max(widths)})"
            )
        (width,) = widths
        signed = all(word.is_signed for word in words)
        columns = [self._column(operand, width, signed) for operand in operands]
        return word_of([self(*bits) for bits in zip(*columns, strict=True)], signed)

    def _column(self, operand: Any, width: int, signed: bool) -> Sequence[Wire | int]:
        """The bits of an operand beside words."""
        if isinstance(operand, Word):
            return list(operand)
        if isinstance(operand, Wire):
            return [operand] * width
        return fitting(operand, width, signed, f"{self.name} of words and {operand!r}")

    @property
    def circuit(self) -> Circuit:
        """The usual form as a circuit."""
        return self.of(self._usual)

    @property
    def network(self) -> Network:
        """The network of the usual form: one unit."""
        return self.circuit.network

    def __repr__(self) -> str:
        return f"<Gate {self.name}>"
