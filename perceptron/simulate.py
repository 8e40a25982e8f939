"""simulate and truth_table: many assignments at once, through a compiled program."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, overload

import numpy as np
from numpy.typing import ArrayLike, NDArray

from perceptron.columns import right, wide
from perceptron.engines import Program, compile
from perceptron.engines.bits import counting, unpack
from perceptron.errors import ParameterError
from perceptron.network import Network
from perceptron.stream import stream
from perceptron.tape import Tape

TABLE_INPUTS = 20


@overload
def simulate(
    net: Network | Tape | Program, samples: Mapping[str, ArrayLike], *, signed: Collection[str] = ()
) -> dict[str, NDArray[Any]]: ...


@overload
def simulate(net: Network | Tape | Program, samples: ArrayLike, *, signed: Collection[str] = ()) -> NDArray[Any]: ...


def simulate(
    net: Network | Tape | Program,
    samples: ArrayLike | Mapping[str, ArrayLike],
    *,
    signed: Collection[str] = (),
) -> NDArray[Any] | dict[str, NDArray[Any]]:
    """The outputs of a network for an array of samples, or for arrays by name; also over time.

    Parameters
    ----------
    net : Network, Tape or Program
    samples : array_like (samples, inputs), or (steps, samples, inputs) over time
        Columns in the order of `net.inputs`; 0 and 1 (or booleans), and any finite number for a real input.
        Over time each sample runs by itself, from the initial states; a network with states needs this form.
        Or a mapping from name to array (samples,), or (steps, samples) over time: inputs by their names, and whole
        words, `a` for the inputs `a[0]`, `a[1]`, ..., as integers of any width. See `stream` for more samples than
        memory holds.
    signed : collection of str, optional
        With a mapping: the words that are read in two's complement.

    Returns
    -------
    ndarray (samples, outputs), or (steps, samples, outputs)
        Columns in the order of `net.outputs`. uint8 of 0 and 1 where every output is a step, table or 0/1
        input; float64 otherwise. The same as `evaluate` row by row: exactly for steps and tables that read
        0 and 1 or real inputs; smooth units in float64, so to rounding in their sums.
        For a mapping, a dict of name -> array: uint8 for a bit, int64 for a word that fits, else Python ints.

    Raises
    ------
    NetworkError
        If the network is not valid.
    InputError
        If an array has another shape, or a value that its input cannot take; or a mapping lacks an input, or has one
        that is not there.

    Examples
    --------
    >>> from circuits import half_adder, ripple_carry_adder
    >>> simulate(half_adder.network, [[0, 0], [0, 1], [1, 1]])
    array([[0, 0],
           [1, 0],
           [0, 1]], dtype=uint8)
    >>> simulate(ripple_carry_adder(8).network, {"a": [1, 200], "b": [2, 100]})
    {'sum': array([  3, 300])}
    """
    if isinstance(samples, Mapping):
        return next(stream(net, [samples], signed=signed))
    return (net if isinstance(net, Program) else compile(net)).run(samples)


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
        widths = [wide(name) for name in names]
        split = len(self.input_names)

        def line(cells: list[str]) -> str:
            padded = [right(cell, width) for cell, width in zip(cells, widths, strict=True)]
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


def truth_table(net: Network | Tape) -> TruthTable:
    """All rows of a 0/1 network's truth table.

    Parameters
    ----------
    net : Network or Tape
        At most 20 inputs (a million rows), no states.

    Returns
    -------
    TruthTable

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
    if program.states:
        raise ParameterError(f"{net!r} has states, so no truth table says what it does; simulate it over time")
    for name, real in zip(program.inputs, program.real, strict=True):
        if real:
            raise ParameterError(f"input {name!r} takes real numbers, so there is no truth table; harden the network")
    if not program.binary:
        raise ParameterError(f"{net!r} has outputs between 0 and 1, so there is no truth table; harden it")
    rows = np.hstack([block for _, block in counting(count)]) if count else np.zeros((0, 1), dtype=np.uint64)
    inputs = unpack(rows, 2**count) if count else np.zeros((1, 0), dtype=np.uint8)
    return TruthTable(program.inputs, program.outputs, inputs, program.run(inputs).astype(np.uint8))
