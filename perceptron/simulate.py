"""simulate and truth_table: many assignments at once, through a compiled program."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from perceptron.engines import compile
from perceptron.engines.bits import counting, unpack
from perceptron.errors import InputError, ParameterError
from perceptron.network import Network, takes_real

TABLE_INPUTS = 20


def simulate(net: Network, samples: ArrayLike) -> NDArray[np.uint8] | NDArray[np.float64]:
    """The outputs of a network for an array of samples.

    Parameters
    ----------
    net : Network
    samples : array_like (samples, inputs)
        Columns in the order of `net.inputs`; 0 and 1 (or booleans), and any finite number for a real input.

    Returns
    -------
    ndarray (samples, outputs)
        Columns in the order of `net.outputs`. uint8 of 0 and 1 where every output is a step, table or 0/1
        input; float64 otherwise. The same as `evaluate` row by row: exactly for steps and tables that read
        0 and 1 or real inputs; smooth units in float64, so to rounding in their sums.

    Raises
    ------
    NetworkError
        If the network is not valid.
    InputError
        If the array has another shape, or a value that its input cannot take.

    Examples
    --------
    >>> from circuits import half_adder
    >>> simulate(half_adder.network, [[0, 0], [0, 1], [1, 1]])
    array([[0, 0],
           [1, 0],
           [0, 1]], dtype=uint8)
    """
    program = compile(net)
    return program.run(_checked(net, samples))


def _checked(net: Network, samples: ArrayLike) -> NDArray[Any]:
    array = np.asarray(samples)
    if array.size == 0 and array.ndim == 1:
        array = array.reshape(0, len(net.inputs))
    if array.ndim != 2 or array.shape[1] != len(net.inputs):
        raise InputError(
            f"samples have the shape {array.shape}; give (samples, {len(net.inputs)}), a column for each of "
            f"{', '.join(net.inputs) or 'no inputs'}"
        )
    if array.dtype == bool:
        return array
    if not (np.issubdtype(array.dtype, np.integer) or np.issubdtype(array.dtype, np.floating)):
        raise InputError(f"samples are of type {array.dtype}; give numbers")
    columns = [index for index, name in enumerate(net.inputs) if not takes_real(net, name)]
    wrong = (array != 0) & (array != 1)
    if len(columns) < len(net.inputs):
        binary = np.zeros(len(net.inputs), dtype=bool)
        binary[columns] = True
        wrong &= binary | ~np.isfinite(array)
    if wrong.any():
        sample, column = np.argwhere(wrong)[0]
        need = "0 or 1" if column in columns else "a finite number"
        raise InputError(f"input {net.inputs[column]!r} is {array[sample, column]} in sample {sample}; give {need}")
    if len(columns) < len(net.inputs) and np.issubdtype(array.dtype, np.integer):
        rounded = np.abs(array.astype(np.float64)) >= 1 << 53
        if rounded.any():
            sample, column = np.argwhere(rounded)[0]
            raise InputError(
                f"input {net.inputs[column]!r} is {array[sample, column]} in sample {sample}, an integer of 2**53 "
                "or more, which float64 may round; give floats, or evaluate it by itself"
            )
    return array


@dataclass(frozen=True, eq=False)
class TruthTable:
    """Every assignment of a 0/1 network and its outputs.

    Iterating gives the rows as tuples, inputs first; `numpy.asarray` gives them as an array
    (2**inputs, inputs + outputs).

    Attributes
    ----------
    input_names, output_names : tuple of str
    inputs : ndarray (2**inputs, inputs) of uint8
        The first input changes slowest: 00, 01, 10, 11.
    outputs : ndarray (2**inputs, outputs) of uint8
    """

    input_names: tuple[str, ...]
    output_names: tuple[str, ...]
    inputs: NDArray[np.uint8] = field(repr=False)
    outputs: NDArray[np.uint8] = field(repr=False)

    def __len__(self) -> int:
        return len(self.outputs)

    def __iter__(self) -> Iterator[tuple[int, ...]]:
        return (tuple(row) for row in self.__array__().tolist())

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> NDArray[Any]:
        return np.hstack([self.inputs, self.outputs]).astype(dtype or np.uint8, copy=False)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, TruthTable):
            return NotImplemented
        return (
            self.input_names == other.input_names
            and self.output_names == other.output_names
            and np.array_equal(self.outputs, other.outputs)
        )

    def __str__(self) -> str:
        """Aligned columns, with a bar between inputs and outputs."""
        names = [*self.input_names, *self.output_names]
        split = len(self.input_names)

        def line(cells: list[str]) -> str:
            padded = [cell.rjust(len(name)) for cell, name in zip(cells, names, strict=True)]
            return " ".join([*padded[:split], "|", *padded[split:]]).rstrip()

        return "\n".join([line(names), *(line([str(cell) for cell in row]) for row in self)])

    def csv(self) -> str:
        """Comma-separated values: a header and a row for each assignment."""
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow([*self.input_names, *self.output_names])
        writer.writerows(self)
        return text.getvalue()

    def markdown(self) -> str:
        """A table for a Markdown page."""
        names = [*self.input_names, *self.output_names]
        heads = [name.replace("|", "\\|") for name in names]
        rows = [heads, ["---:"] * len(names), *([str(cell) for cell in row] for row in self)]
        return "\n".join("| " + " | ".join(row) + " |" for row in rows) + "\n"

    def json(self) -> str:
        """A JSON array with an object for each row.

        Raises
        ------
        ParameterError
            If an output has the name of an input, so that one object cannot hold both.
        """
        for name in self.output_names:
            if name in self.input_names:
                raise ParameterError(f"output {name!r} has the name of an input, which one object cannot hold; use csv")
        names = [*self.input_names, *self.output_names]
        return json.dumps([dict(zip(names, row, strict=True)) for row in self])


def truth_table(net: Network) -> TruthTable:
    """All rows of a 0/1 network's truth table.

    Parameters
    ----------
    net : Network
        At most 20 inputs (a million rows).

    Raises
    ------
    NetworkError
        If the network is not valid.
    ParameterError
        If it has more inputs, or takes or gives other values than 0 and 1.

    Examples
    --------
    >>> from circuits import half_adder
    >>> print(truth_table(half_adder.network))
    x1 x2 | sum carry
     0  0 |   0     0
     0  1 |   1     0
     1  0 |   1     0
     1  1 |   0     1
    """
    count = len(net.inputs)
    if count > TABLE_INPUTS:
        raise ParameterError(
            f"a truth table of {count} inputs has 2**{count} rows; the most is {TABLE_INPUTS} inputs, "
            "so simulate the samples you need instead"
        )
    program = compile(net)
    for name in net.inputs:
        if takes_real(net, name):
            raise ParameterError(f"input {name!r} takes real numbers, so there is no truth table; harden the network")
    rows = np.hstack([block for _, block in counting(count)]) if count else np.zeros((0, 1), dtype=np.uint64)
    inputs = unpack(rows, 2**count) if count else np.zeros((1, 0), dtype=np.uint8)
    outputs = program.run(inputs)
    if outputs.dtype != np.uint8:
        raise ParameterError(f"{net!r} has outputs between 0 and 1, so there is no truth table; harden it")
    return TruthTable(net.inputs, tuple(net.outputs), inputs, outputs.astype(np.uint8))
