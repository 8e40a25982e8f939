"""circuits: gates, words and circuits written as Python functions. A gate is a function that adds one unit."""

from circuits.adders import (
    full_adder,
    half_adder,
    ripple_carry_adder,
    threshold_full_adder,
    threshold_half_adder,
    threshold_ripple_carry_adder,
)
from circuits.definition import Circuit, Port, Results, circuit
from circuits.errors import CircuitError
from circuits.formats import CannotWriteError, FormatError, read, write
from circuits.gates import Gate, and_, constant, majority, mux, nand, nor, not_, or_, threshold, xnor, xor
from circuits.synthesis.nand import to_nand
from circuits.wires import Wire, Word
from perceptron.names import gate_name, statistics

__all__ = [
    "CannotWriteError",
    "Circuit",
    "CircuitError",
    "FormatError",
    "Gate",
    "Port",
    "Results",
    "Wire",
    "Word",
    "and_",
    "circuit",
    "constant",
    "full_adder",
    "gate_name",
    "half_adder",
    "majority",
    "mux",
    "nand",
    "nor",
    "not_",
    "or_",
    "read",
    "ripple_carry_adder",
    "statistics",
    "threshold",
    "threshold_full_adder",
    "threshold_half_adder",
    "threshold_ripple_carry_adder",
    "to_nand",
    "write",
    "xnor",
    "xor",
]
