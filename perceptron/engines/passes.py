"""passes: the operations that some literals need, as they are and as passes over rows."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import numpy as np
from numpy.typing import NDArray

from perceptron.engines import placement
from perceptron.engines.logic import CARRY, SUM

Numbers = NDArray[np.int32]
Octets = NDArray[np.uint8]

_KERNELS = "perceptron.engines.kernels"
_OPERATIONS = np.array([1, 1, 1, 1, 2, 4, 4, 5, 5])  # that a pass of each code is made of
_FULL = np.uint64(0xFFFF_FFFF_FFFF_FFFF)


@dataclass(frozen=True, slots=True)
class Operations:
    """Operations over literals (see `logic.Logic`) and the literals that are wanted.

    Attributes
    ----------
    inputs : int
    kind, left, right, third : ndarray (operations,)
        AND, XOR, SUM or CARRY, and what it reads; `third` is 0 for AND and XOR.
    wanted : ndarray (outputs,)
    """

    inputs: int
    kind: Octets
    left: Numbers
    right: Numbers
    third: Numbers
    wanted: Numbers

    def check(self) -> None:
        """Raise ValueError where these are no operations: a literal of none, or of one that comes later."""
        count = len(self.kind)
        if self.inputs < 0 or {len(self.left), len(self.right), len(self.third)} != {count}:
            raise ValueError("arrays of different lengths")
        if count and self.kind.max() > CARRY:
            raise ValueError("an operation of no known kind")
        if (self.third[self.kind < SUM] != 0).any():
            raise ValueError("an operation of two that reads three")
        made = 2 * np.arange(self.inputs + 1, self.inputs + 1 + count)
        for read in (self.left, self.right, self.third):
            if ((read < 0) | (read >= made)).any():
                raise ValueError("an operation that reads what is not there yet")
        if len(self.wanted) and not 0 <= self.wanted.min() <= self.wanted.max() < 2 * (self.inputs + 1 + count):
            raise ValueError("an output that is not there")


@dataclass(frozen=True, slots=True)
class Passes:
    """Passes over rows: `placement` tells what each code does.

    Attributes
    ----------
    inputs, rows : int
        Row 0 is the constant 0, rows 1 to `inputs` are the inputs at the beginning.
    code, left, right, third, out, also : ndarray (passes,)
        What each does, the three rows that it reads and the two that it writes, 0 where there are fewer.
    wanted, flips : ndarray (outputs,)
        The row of each output at the end, and all ones where its complement is meant.
    """

    inputs: int
    rows: int
    code: Octets
    left: Numbers
    right: Numbers
    third: Numbers
    out: Numbers
    also: Numbers
    wanted: Numbers
    flips: NDArray[np.uint64]

    @property
    def operations(self) -> int:
        """How many two-input operations these are."""
        return int(_OPERATIONS[self.code].sum())

    @property
    def rows_of_steps(self) -> int:
        """How many rows `steps` uses: two more where a pass is more than one of them."""
        return self.rows + 2 * bool((self.code > 3).any())

    def steps(self) -> list[tuple[int, int, int, int]]:
        """The passes as two-input operations, of codes 0 to 3: (code, left row, right row, row written).

        A majority of x, y and v is y ^ ((y ^ v) & (y ^ x)).
        """
        columns = (self.code, self.left, self.right, self.third, self.out, self.also)
        one, two = self.rows, self.rows + 1
        steps: list[tuple[int, int, int, int]] = []
        for code, x, y, v, z, u in zip(*(column.tolist() for column in columns), strict=True):
            if code < 4:
                steps.append((code, x, y, z))
                continue
            steps.append((3, y, v, one))
            if code in (4, 7, 8):
                steps.append((3, one, x, z))
            if code > 4:
                last = z if code < 7 else u
                steps += [(3, y, x, last), ((code - 5) & 1, one, last, two), (3, y, two, last)]
        return steps


def needed(operations: Operations, tools: Any) -> Any:
    """One number for each signal: whether an output depends on it."""
    first = operations.inputs + 1
    marks = _room(first + len(operations.kind), np.uint8, tools)
    read = (operations.left, operations.right, operations.third, operations.wanted)
    tools.mark(first, *_given(read, tools), marks)
    return marks


def plain(operations: Operations) -> Passes:
    """A pass for each operation that is needed, in order; the sum and the carry of an adder share one."""
    tools = import_module(_KERNELS) if _KERNELS in sys.modules else placement  # waits for another thread's import
    first, count = operations.inputs + 1, len(operations.kind)
    kind, left, right, third = _given((operations.kind, operations.left, operations.right, operations.third), tools)
    marks = needed(operations, tools)
    order = _room(count, np.int32, tools)
    (partner,) = _given((np.full(count, -1, dtype=np.int32),), tools)
    tools.adders(first, kind, left, right, third, marks, partner)
    return placed(operations, partner, order, tools.in_order(first, marks, partner, order), tools)


def placed(operations: Operations, partner: Any, order: Any, count: int, tools: Any) -> Passes:
    """The first `count` operations of `order` as passes."""
    signals = operations.inputs + 1 + len(operations.kind)
    columns = (operations.kind, operations.left, operations.right, operations.third, operations.wanted)
    kind, left, right, third, wanted = _given(columns, tools)
    last, row, free = (_room(signals, np.int32, tools) for _ in range(3))
    flip = _room(signals, np.uint8, tools)
    code = _room(count, np.uint8, tools)
    made = [_room(count, np.int32, tools) for _ in range(5)]
    rows = tools.place(
        operations.inputs + 1,
        *(kind, left, right, third, partner, wanted, order, count, last, row, flip, free, code, *made),
    )
    literals = operations.wanted
    row, flip = np.array(row, dtype=np.int32), np.array(flip, dtype=np.int32)
    turned = (literals ^ flip[literals >> 1]) & 1
    x, y, v, z, u = (np.array(column, dtype=np.int32) for column in made)
    flips = np.where(turned, _FULL, np.uint64(0))
    return Passes(operations.inputs, rows, np.array(code, np.uint8), x, y, v, z, u, row[literals >> 1], flips)


def _room(size: int, dtype: Any, tools: Any) -> Any:
    """So many zeros: lists for Python, which is faster with them, arrays for what is compiled."""
    return [0] * size if tools is placement else np.zeros(size, dtype=dtype)


def _given(arrays: Any, tools: Any) -> Any:
    """The arrays as they are for what is compiled, as lists for Python."""
    return [array.tolist() for array in arrays] if tools is placement else arrays
