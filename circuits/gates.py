"""The gates: each a function that adds one unit. Called with 0 and 1 or arrays they answer, like any circuit."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from circuits import cells
from circuits.cells import Cell
from circuits.definition import Circuit
from circuits.errors import CircuitError
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
        """The gate of these operands: wires (and 0, 1), words of one width, or bits or arrays (samples,)."""
        if any(isinstance(operand, Word) for operand in operands):
            return self._bitwise(operands)
        wires = [operand for operand in operands if isinstance(operand, Wire)]
        if not wires:
            return self.of(len(operands))(*operands)
        self.of(len(operands))
        return wires[0].scope.add(self._cell(len(operands)), operands, name)

    def _bitwise(self, operands: Sequence[Any]) -> Word:
        """Bit by bit over words; a single wire stands at every bit (as the select of a mux does)."""
        widths = {len(operand) for operand in operands if isinstance(operand, Word)}
        if len(widths) > 1:
            raise CircuitError(
                f"{self.name} is given words of {' and '.join(map(str, sorted(widths)))} bits; give one width"
            )
        (width,) = widths
        return Word([self(*(op[bit] if isinstance(op, Word) else op for op in operands)) for bit in range(width)])

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


nand = Gate(
    "nand",
    cells.nand,
    2,
    1,
    "0 exactly if every input is 1. One unit: weights -2, -2 and bias 3 for two inputs.",
)
and_ = Gate(
    "and_",
    cells.and_,
    2,
    1,
    "1 exactly if every input is 1. One unit: weights 2, 2 and bias -3 for two inputs.",
)
or_ = Gate("or_", cells.or_, 2, 1, "1 if any input is 1. One unit: weights 2, 2 and bias -1.")
nor = Gate("nor", cells.nor, 2, 1, "1 exactly if no input is 1. One unit: weights -2, -2 and bias 1.")
not_ = Gate("not_", lambda pins: cells.nor(1), ["x"], 1, "1 exactly if the input is 0. One unit: weight -2, bias 1.")
xor = Gate(
    "xor",
    cells.parity,
    2,
    1,
    "1 if an odd number of inputs is 1. One table unit: no single perceptron does it.",
)
xnor = Gate(
    "xnor",
    lambda pins: cells.parity(pins, of_none=1),
    2,
    1,
    "1 if an even number of inputs is 1. One table unit.",
)
mux = Gate(
    "mux",
    lambda pins: cells.mux(),
    ["select", "high", "low"],
    3,
    "`high` where `select` is 1, else `low`. One table unit.",
)


def _majority(pins: int) -> Cell:
    if pins % 2 == 0:
        raise CircuitError(f"majority is given {pins} wires; give an odd number, so that there is no tie")
    return cells.at_least((pins + 1) // 2, pins)


majority = Gate("majority", _majority, 3, 1, "1 if more than half of an odd number of inputs are 1. One perceptron.")


def threshold(at_least: int, *operands: Any, name: str | None = None) -> Any:
    """1 if at least that many of the operands are 1: one perceptron.

    Parameters
    ----------
    at_least : int
        From 0 (always 1) to any number (beyond the operands: always 0).
    *operands
        Wires, bits or arrays, at least one.
    name : str, optional
        The name of the unit.

    Raises
    ------
    CircuitError
        If `at_least` is not a whole number of at least 0, or there are no operands.

    Examples
    --------
    >>> threshold(2, 1, 0, 1), threshold(3, 1, 0, 1)
    (1, 0)
    """
    if isinstance(at_least, bool) or not isinstance(at_least, int) or at_least < 0:
        raise CircuitError(
            f"threshold is given {at_least!r} to reach; give a whole number of at least 0 first, then the wires"
        )
    gate = Gate("threshold", lambda pins: cells.at_least(at_least, pins), max(1, len(operands)), 1, "")
    return gate(*operands, name=name)


def constant(like: Wire | Word, value: int) -> Wire:
    """A unit with no inputs that is always 0 or always 1, in the network of another wire.

    Plain 0 and 1 as operands of gates and as results mean the same.

    Raises
    ------
    CircuitError
        If the value is neither 0 nor 1, or `like` is not a wire.
    """
    if isinstance(like, Word):
        like = like[0]
    if not isinstance(like, Wire):
        raise CircuitError(f"constant is given {like!r}; give a wire of the network first, then 0 or 1")
    return like.scope.wire(value)
