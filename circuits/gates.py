"""The gates: each a function that adds one unit. Called with 0 and 1 or arrays they answer, like any circuit."""

from __future__ import annotations

from typing import Any

from circuits import cells
from circuits.cells import Cell
from circuits.errors import CircuitError
from circuits.language.gate import Gate
from circuits.language.operators import Operand
from circuits.language.scope import required
from circuits.language.selecting import mux
from circuits.wires import Wire

__all__ = ["Gate", "and_", "constant", "majority", "mux", "nand", "nor", "not_", "or_", "threshold", "xnor", "xor"]

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


def constant(like: Operand | int, value: int | None = None) -> Wire:
    """A unit with no inputs that is always 0 or always 1, in the network of another wire.

    `constant(1)` is one of the circuit that is being defined. Plain 0 and 1 as operands of gates and as results mean
    the same; `Word.constant` makes words.

    Raises
    ------
    CircuitError
        If the value is neither 0 nor 1, `like` is not a wire, or there is neither a wire nor a definition under way.
    """
    if value is None and not isinstance(like, Operand):
        return required(f"the constant {like!r}").wire(like)
    if value is None or not isinstance(like, Operand):
        raise CircuitError(f"constant is given {like!r}; give a wire of the network first, then 0 or 1")
    return like.scope.wire(value)
