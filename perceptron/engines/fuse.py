"""fuse: fewer, longer passes for the compiled loop: full adders are found, and rows are read soon after writing."""

from __future__ import annotations

import numpy as np

from perceptron.engines import kernels
from perceptron.engines.cuts import CUTS, majority_tables, spread_tables
from perceptron.engines.logic import XOR
from perceptron.engines.passes import Numbers, Octets, Operations, Passes, needed, placed

_WINDOW = 1 << 18  # operations that are searched together, which bounds the memory


def fused(operations: Operations) -> Passes:
    """The same outputs in as few passes as are found: a full adder, however it is spelled, becomes one."""
    first, count = operations.inputs + 1, len(operations.kind)
    joined, partner = _with_adders(operations)
    marks = needed(joined, kernels)
    alone = (partner >= 0) & ~(marks[first:] & marks[first:][partner]).astype(bool)
    partner[alone] = -1
    order = np.empty(count, dtype=np.int32)
    as_written = placed(joined, partner, order, kernels.in_order(first, marks, partner, order), kernels)
    level, state = (np.empty(first + count, dtype=np.int32) for _ in range(2))
    stack = np.empty(4 * (first + count), dtype=np.int32)
    columns = (joined.left, joined.right, joined.third, partner, joined.wanted)
    deep = placed(joined, partner, order, kernels.deep_first(first, *columns, level, state, stack, order), kernels)
    return deep if deep.rows < as_written.rows else as_written


def _with_adders(operations: Operations) -> tuple[Operations, Numbers]:
    """The operations with some turned into sums and carries, and the partner of each (-1: none)."""
    first, count = operations.inputs + 1, len(operations.kind)
    marks = needed(operations, kernels)
    partner = np.full(count, -1, dtype=np.int32)
    kind = operations.kind.copy()
    left, right, third = operations.left.copy(), operations.right.copy(), operations.third.copy()
    kernels.adders(first, kind, left, right, third, marks, partner)
    found = _found(operations, marks)
    if len(found):
        found = found[np.lexsort(found.T[[4, 3, 2, 1, 0]])]
        begins = np.flatnonzero((np.diff(found[:, :3], axis=0, prepend=-1) != 0).any(axis=1))
        groups = np.append(begins, len(found)).astype(np.int64)
        kernels.join(groups, found, kind, left, right, third, partner)
    return Operations(operations.inputs, kind, left, right, third, operations.wanted), partner


def _found(operations: Operations, marks: Octets) -> Numbers:
    """Sums and majorities of three signals: see `cuts.find`."""
    first, count = operations.inputs + 1, len(operations.kind)
    size = min(count, _WINDOW)
    number = np.empty(size, dtype=np.uint8)
    leaves, tables = np.empty((size, CUTS, 3), dtype=np.int32), np.empty((size, CUTS), dtype=np.uint8)
    room = np.empty((4 * size, 6), dtype=np.int32)
    constants = (spread_tables(), majority_tables())
    parts = [room[:0].copy()]
    for begin in range(0, count, _WINDOW):
        stop = min(begin + _WINDOW, count)
        if (operations.kind[begin:stop] <= XOR).sum() < 5:
            continue
        columns = (operations.kind, operations.left, operations.right, marks, begin, stop, *constants)
        parts.append(room[: kernels.find(first, *columns, number, leaves, tables, room)].copy())
    return np.concatenate(parts)
