"""The bit-parallel program on the arrays of another library: CuPy, PyTorch or JAX, on a GPU where they have one.

A program needs nothing but `&`, `^` and `~` between arrays of integers, which every array library has, and gives the
same bits everywhere. Rows are dropped after their last reader, so the library can use their memory again.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from perceptron.engines.bits import BitProgram
from perceptron.errors import InputError


def run_arrays(program: BitProgram, inputs: Sequence[Any]) -> list[Any]:
    """Output rows for input rows that are arrays of any library.

    Parameters
    ----------
    program : BitProgram
        `compile(net).bits`.
    inputs : sequence of arrays
        One for each input (and state), all of one shape and of one integer type: each bit of each element is a
        sample. PyTorch's int64 and JAX's uint32 will do; `perceptron.engines.bits.pack` gives NumPy rows.

    Returns
    -------
    list of arrays
        One for each output (and next state).

    Raises
    ------
    InputError
        If the number of rows is wrong, or they are not alike.

    Examples
    --------
    >>> import numpy as np
    >>> from circuits import half_adder
    >>> from perceptron import compile
    >>> rows = [np.array([0b0011], dtype=np.uint8), np.array([0b0101], dtype=np.uint8)]
    >>> [int(row[0]) & 15 for row in run_arrays(compile(half_adder.network).bits, rows)]
    [6, 1]
    """
    if len(inputs) != program.inputs:
        raise InputError(f"{len(inputs)} rows are given for {program.inputs} inputs; give one for each")
    kinds = {(tuple(row.shape), str(row.dtype)) for row in inputs}
    if len(kinds) != 1:
        found = " and ".join(f"{shape} {dtype}" for shape, dtype in sorted(kinds)) or "none"
        raise InputError(f"the rows are of the kinds {found}; give rows of one shape and type, at least one")
    zero = inputs[0] ^ inputs[0]
    rows: list[Any] = [zero, *inputs] + [None] * (program.rows - program.inputs - 1)
    for code, left, right, out in program.steps():
        x, y = rows[left], rows[right]
        rows[out] = x & y if code == 0 else x & ~y if code == 1 else ~(x | y) if code == 2 else x ^ y
    return [~rows[row] if flip else rows[row] for row, flip in program.results()]
