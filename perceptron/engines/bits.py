"""The bit-parallel engine: 64 samples to a word, many words to a row, one NumPy call for each operation.

Each operation writes a row; a row is used again after its last reader, so that the rows in use stay in the
cache however large the network is.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from perceptron.engines.logic import AND, Logic

Words = NDArray[np.uint64]

_FULL = np.uint64(0xFFFF_FFFF_FFFF_FFFF)
# The six inputs that change fastest, within one word: 0101..., 0011..., 00001111..., least significant bit first.
_PATTERNS = [np.uint64(sum(1 << bit for bit in range(64) if bit >> place & 1)) for place in range(6)]
_CACHE_BYTES = 1 << 19


class BitProgram:
    """The operations that a few literals need, on re-used rows.

    Parameters
    ----------
    logic : Logic
    outputs : sequence of int
        The literals to compute.
    """

    def __init__(self, logic: Logic, outputs: Sequence[int]):
        self.inputs = len(logic.inputs)
        self.outputs = len(outputs)
        needed = _needed(logic, outputs)
        last = {}
        first_operation = self.inputs + 1
        for operation in needed:
            for literal in (
                logic.left[operation - first_operation],
                logic.right[operation - first_operation],
            ):
                last[literal >> 1] = operation
        for literal in outputs:
            last[literal >> 1] = len(logic.kind) + first_operation  # read at the very end
        row = {index: index for index in range(first_operation)}
        free: list[int] = []
        self.rows = first_operation
        self._steps: list[tuple[int, int, int, int]] = []
        for operation in needed:
            kind = logic.kind[operation - first_operation]
            a, b = logic.left[operation - first_operation], logic.right[operation - first_operation]
            # An input's row holds the caller's data for the block and may be reused after its last reader.
            free.extend(row[source] for source in {a >> 1, b >> 1} if source and last[source] == operation)
            if free:
                row[operation] = free.pop()
            else:
                row[operation] = self.rows
                self.rows += 1
            self._steps.append((kind << 2 | (a & 1) << 1 | b & 1, row[a >> 1], row[b >> 1], row[operation]))
        self._result = [(row[literal >> 1], literal & 1) for literal in outputs]
        self._block = max(16, min(8192, _CACHE_BYTES // (8 * self.rows)))

    def words(self, inputs: Words) -> Words:
        """Output rows (outputs, words) for input rows (inputs, words) of packed samples."""
        length = inputs.shape[1]
        result = np.empty((self.outputs, length), dtype=np.uint64)
        block = max(1, min(self._block, length))
        store = np.empty((self.rows, block), dtype=np.uint64)
        scratch = np.empty(block, dtype=np.uint64)
        for start in range(0, length, block):
            size = min(block, length - start)
            rows = list(store[:, :size])
            rows[0][:] = 0
            store[1 : self.inputs + 1, :size] = inputs[:, start : start + size]
            self._execute(rows, scratch[:size])
            for index, (row, complement) in enumerate(self._result):
                target = result[index, start : start + size]
                np.bitwise_xor(rows[row], _FULL if complement else np.uint64(0), out=target)
        return result

    def _execute(self, rows: list[Words], scratch: Words) -> None:
        and_, or_, xor, invert = np.bitwise_and, np.bitwise_or, np.bitwise_xor, np.invert
        for code, a, b, out in self._steps:
            if code == AND << 2:
                and_(rows[a], rows[b], rows[out])
            elif code == AND << 2 | 3:  # not a and not b
                or_(rows[a], rows[b], scratch)
                invert(scratch, rows[out])
            elif code == AND << 2 | 1:
                invert(rows[b], scratch)
                and_(rows[a], scratch, rows[out])
            elif code == AND << 2 | 2:
                invert(rows[a], scratch)
                and_(scratch, rows[b], rows[out])
            else:
                xor(rows[a], rows[b], rows[out])


def _needed(logic: Logic, outputs: Sequence[int]) -> list[int]:
    """The operations that the outputs depend on, in order."""
    first = len(logic.inputs) + 1
    marked = bytearray(first + len(logic.kind))
    for literal in outputs:
        marked[literal >> 1] = 1
    for operation in range(len(marked) - 1, first - 1, -1):
        if marked[operation]:
            marked[logic.left[operation - first] >> 1] = 1
            marked[logic.right[operation - first] >> 1] = 1
    return [operation for operation in range(first, len(marked)) if marked[operation]]


def pack(samples: NDArray[Any]) -> Words:
    """Samples (samples, inputs) of 0 and 1 as rows (inputs, words), sample 64 i + j in bit j of word i."""
    count, width = samples.shape
    bits = np.packbits(samples.T.astype(bool), axis=1, bitorder="little")
    padded = np.zeros((width, 8 * -(-count // 64)), dtype=np.uint8)
    padded[:, : bits.shape[1]] = bits
    return padded.view("<u8").astype(np.uint64, copy=False)


def unpack(rows: Words, count: int) -> NDArray[np.uint8]:
    """The first `count` samples of packed rows as an array (count, rows) of 0 and 1."""
    octets = rows.astype("<u8", copy=False).view(np.uint8)
    return np.ascontiguousarray(np.unpackbits(octets, axis=1, count=count, bitorder="little").T)


def counting(inputs: int, block: int = 1 << 12) -> Iterator[tuple[int, Words]]:
    """All 2**inputs assignments as packed rows, a block of words at a time.

    Yields
    ------
    (first, rows)
        The number of the first assignment and rows (inputs, words). Assignment r gives input i the bit
        inputs - 1 - i of r: the first input changes slowest, as in a printed truth table. With fewer than six
        inputs the word repeats the table.
    """
    words = 1 << max(0, inputs - 6)
    for start in range(0, words, block):
        index = np.arange(start, min(start + block, words), dtype=np.uint64)
        rows = np.empty((inputs, len(index)), dtype=np.uint64)
        for place in range(inputs):
            row = rows[inputs - 1 - place]
            if place < 6:
                row[:] = _PATTERNS[place]
            else:
                row[:] = (index >> np.uint64(place - 6) & np.uint64(1)) * _FULL
        yield start * 64, rows
