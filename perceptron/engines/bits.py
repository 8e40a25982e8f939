"""The bit-parallel engine: 64 samples to a word, many words to a row, a pass over three rows for each operation.

A row is used again after its last reader, so that the rows in use stay in the cache however large the network is.
The passes are compiled by Numba where it is installed and the work is worth its start; NumPy gives the same results.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from importlib.util import find_spec
from typing import Any

import numpy as np
from numpy.typing import NDArray

from perceptron.engines.logic import AND, Logic

Words = NDArray[np.uint64]

_FULL = np.uint64(0xFFFF_FFFF_FFFF_FFFF)
# The six inputs that change fastest, within one word: 0101..., 0011..., 00001111..., least significant bit first.
_PATTERNS = [np.uint64(sum(1 << bit for bit in range(64) if bit >> place & 1)) for place in range(6)]
_CACHE_BYTES = 1 << 25  # NumPy: what the rows of a block may take; long rows outweigh the cache, as a call costs more
ROW_WORDS = 128  # Numba: a row of 1 KiB is long enough for the loop and short enough for the cache
_WORTH_NUMBA = 1 << 26  # word operations from which starting Numba pays, about a third of a second of NumPy
_WORTH_THREADS = 1 << 22  # word operations from which a second thread pays


class BitProgram:
    """The operations that a few literals need, on re-used rows.

    Parameters
    ----------
    logic : Logic
    outputs : sequence of int
        The literals to compute.

    Attributes
    ----------
    rows : int
        How many rows are in use at once: row 0 is the constant 0, then the inputs.
    operations : int
        How many passes there are.
    """

    def __init__(self, logic: Logic, outputs: Sequence[int]):
        self.inputs = len(logic.inputs)
        self.outputs = len(outputs)
        needed = _needed(logic, outputs)
        first = self.inputs + 1
        kinds, lefts, rights = logic.kind, logic.left, logic.right
        last = [0] * (first + len(kinds))
        for operation in needed:
            last[lefts[operation - first] >> 1] = operation
            last[rights[operation - first] >> 1] = operation
        for literal in outputs:
            last[literal >> 1] = len(last)  # read at the very end
        row = list(range(first)) + [0] * len(kinds)
        free: list[int] = []
        rows = first
        steps: list[tuple[int, int, int, int]] = []
        for operation in needed:
            a, b = lefts[operation - first], rights[operation - first]
            # The row written is taken before those read are given back: it is never one of them, which lets the
            # compiler work on many words at a time.
            if free:
                out = free.pop()
            else:
                out = rows
                rows += 1
            row[operation] = out
            if a & 1 and not b & 1:
                a, b = b, a
            code = 3 if kinds[operation - first] != AND else (a & 1) + (b & 1)
            steps.append((code, row[a >> 1], row[b >> 1], out))
            if last[a >> 1] == operation:
                free.append(row[a >> 1])
            if last[b >> 1] == operation and b >> 1 != a >> 1:
                free.append(row[b >> 1])
        self.rows = rows
        self.operations = len(steps)
        self._wanted = np.array([row[literal >> 1] for literal in outputs], dtype=np.int32)
        self._flips = np.array([_FULL if literal & 1 else 0 for literal in outputs], dtype=np.uint64)
        table = np.array(steps, dtype=np.int32).reshape(-1, 4)
        self._code = table[:, 0].astype(np.uint8)
        self._left, self._right, self._out = (np.ascontiguousarray(table[:, column]) for column in (1, 2, 3))

    def arrays(self) -> dict[str, NDArray[Any]]:
        """All that it is, as arrays; `from_arrays` makes it again."""
        return {
            "size": np.array([self.inputs, self.rows]),
            "code": self._code,
            "left": self._left,
            "right": self._right,
            "out": self._out,
            "wanted": self._wanted,
            "flips": self._flips,
        }

    @classmethod
    def from_arrays(cls, arrays: dict[str, NDArray[Any]]) -> BitProgram:
        """The program of these arrays.

        Raises
        ------
        ValueError
            If they make none: a row outside, or an operation that writes a row which it reads.
        """
        made = cls.__new__(cls)
        made.inputs, made.rows = (int(number) for number in arrays["size"])
        made._code = np.ascontiguousarray(arrays["code"], dtype=np.uint8)
        rows = (np.ascontiguousarray(arrays[name], dtype=np.int32) for name in ("left", "right", "out", "wanted"))
        made._left, made._right, made._out, made._wanted = rows
        made._flips = np.ascontiguousarray(arrays["flips"], dtype=np.uint64)
        made.operations, made.outputs = len(made._code), len(made._wanted)
        used = np.concatenate([made._left, made._right, made._out, made._wanted])
        alike = {len(made._left), len(made._right), len(made._out)} == {made.operations}
        if not alike or len(made._flips) != made.outputs or not 0 <= made.inputs < made.rows:
            raise ValueError("arrays of different lengths")
        if len(used) and not 0 <= used.min() <= used.max() < made.rows:
            raise ValueError("a row that is not there")
        if ((made._out == made._left) | (made._out == made._right) | (made._out <= 0)).any():
            raise ValueError("an operation that writes what it reads")
        return made

    def steps(self) -> list[tuple[int, int, int, int]]:
        """The passes in order as (code, left row, right row, row written); for the codes see `kernels`."""
        columns = (self._code, self._left, self._right, self._out)
        return list(zip(*(column.tolist() for column in columns), strict=True))

    def results(self) -> list[tuple[int, bool]]:
        """For each output the row where it is at the end, and whether its complement is meant."""
        return list(zip(self._wanted.tolist(), (self._flips != 0).tolist(), strict=True))

    def words(self, inputs: Words, threads: int | None = None) -> Words:
        """Output rows (outputs, words) for input rows (inputs, words) of packed samples.

        `threads` defaults to the processors at hand, where the work is worth sharing out.
        """
        length = inputs.shape[1]
        work = self.operations * length
        # Rows that lie a power of two apart would all fall into the same few lines of the cache.
        result = np.empty((self.outputs, length + 8 * (length % 512 == 0)), dtype=np.uint64)[:, :length]
        compiled = work >= _WORTH_NUMBA or "perceptron.engines.kernels" in sys.modules
        if not (compiled and has_numba()):
            self._run_numpy(inputs, result)
            return result
        threads = (os.cpu_count() or 1) if threads is None else threads
        blocks = -(-length // ROW_WORDS)
        threads = max(1, min(threads, blocks, work // _WORTH_THREADS))
        if threads == 1:
            self._run_numba(inputs, result, 0, length)
            return result
        edges = [min(length, ROW_WORDS * (blocks * part // threads)) for part in range(threads + 1)]
        with ThreadPoolExecutor(threads) as pool:
            parts = [pool.submit(self._run_numba, inputs, result, *edges[i : i + 2]) for i in range(threads)]
            for part in parts:
                part.result()
        return result

    def _run_numba(self, inputs: Words, result: Words, first: int, stop: int) -> None:
        from perceptron.engines.kernels import run_range

        rows = np.zeros((self.rows, min(ROW_WORDS, max(1, stop - first))), dtype=np.uint64)
        run_range(
            self._code,
            self._left,
            self._right,
            self._out,
            self._wanted,
            self._flips,
            rows,
            inputs,
            result,
            first,
            stop,
        )

    def _run_numpy(self, inputs: Words, result: Words) -> None:
        length = inputs.shape[1]
        block = max(1, min(8192, length, max(16, _CACHE_BYTES // (8 * self.rows))))
        store = np.empty((self.rows, block), dtype=np.uint64)
        scratch = np.empty(block, dtype=np.uint64)
        steps = self.steps()
        for start in range(0, length, block):
            size = min(block, length - start)
            rows = store[:, :size]
            rows[0] = 0
            rows[1 : self.inputs + 1] = inputs[:, start : start + size]
            self._execute(steps, list(rows), scratch[:size])
            np.bitwise_xor(rows[self._wanted], self._flips[:, None], out=result[:, start : start + size])

    @staticmethod
    def _execute(steps: list[tuple[int, int, int, int]], rows: list[Words], scratch: Words) -> None:
        and_, or_, xor, invert = np.bitwise_and, np.bitwise_or, np.bitwise_xor, np.invert
        for code, a, b, out in steps:
            if code == 0:
                and_(rows[a], rows[b], rows[out])
            elif code == 1:
                invert(rows[b], scratch)
                and_(rows[a], scratch, rows[out])
            elif code == 2:
                or_(rows[a], rows[b], scratch)
                invert(scratch, rows[out])
            else:
                xor(rows[a], rows[b], rows[out])


@cache
def has_numba() -> bool:
    """Whether Numba can be imported."""
    return "numba" in sys.modules or find_spec("numba") is not None


def load_kernels() -> None:
    """Have the compiled passes ready (where Numba is), so that even small runs use them."""
    if has_numba():
        import perceptron.engines.kernels  # noqa: F401


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


def counting(
    inputs: int, block: int = 1 << 14, *, first: int = 0, stop: int | None = None
) -> Iterator[tuple[int, Words]]:
    """All 2**inputs assignments as packed rows, a block of words at a time.

    Parameters
    ----------
    inputs : int
    block : int
        Words a block.
    first, stop : int
        Only the words of this range, of the 2**(inputs - 6) that there are (at least one).

    Yields
    ------
    (number, rows)
        The number of the block's first assignment and rows (inputs, words). Assignment r gives input i the bit
        inputs - 1 - i of r: the first input changes slowest, as in a printed truth table. With fewer than six
        inputs the word repeats the table.
    """
    words = 1 << max(0, inputs - 6)
    stop = words if stop is None else min(stop, words)
    for start in range(first, stop, block):
        index = np.arange(start, min(start + block, stop), dtype=np.uint64)
        rows = np.empty((inputs, len(index)), dtype=np.uint64)
        for place in range(inputs):
            row = rows[inputs - 1 - place]
            if place < 6:
                row[:] = _PATTERNS[place]
            else:
                row[:] = (index >> np.uint64(place - 6) & np.uint64(1)) * _FULL
        yield start * 64, rows
