"""The bit-parallel engine: 64 samples to a word, many words to a row, a pass over a few rows for each operation.

A row is used again after its last reader, so that the rows in use stay in the cache however large the network is.
The passes are compiled by Numba where it is installed and the work is worth its start; NumPy gives the same results.
"""

from __future__ import annotations

import os
import sys
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import cache, cached_property
from importlib.util import find_spec
from typing import Any

import numpy as np
from numpy.typing import NDArray

from perceptron.engines.logic import SUM, Logic
from perceptron.engines.passes import Operations, Passes, plain
from perceptron.spread import cut

Words = NDArray[np.uint64]

_FULL = np.uint64(0xFFFF_FFFF_FFFF_FFFF)
# The six inputs that change fastest, within one word: 0101..., 0011..., 00001111..., least significant bit first.
_PATTERNS = [np.uint64(sum(1 << bit for bit in range(64) if bit >> place & 1)) for place in range(6)]
_CACHE_BYTES = 1 << 25  # NumPy: what the rows of a block may take; long rows outweigh the cache, as a call costs more
_CALL_WORDS = 1 << 10  # NumPy: as many words as it does while it starts an operation
ROW_WORDS = 512  # Numba: a row of 4 KiB is long enough for the loop and, where rows are few, short enough for the cache
_ROWS_BYTES = 1 << 22  # Numba: what all rows may take, unless they would be shorter than the next
_LEAST_WORDS = 64
_WORTH_NUMBA = 1 << 29  # word operations of NumPy, all calls together, that take about as long as starting Numba
_WORTH_FUSING = 1 << 18  # word operations from which looking for longer passes pays
_WORTH_THREADS = 1 << 22  # word operations from which a second thread pays
_WORTH_TAKING = 1 << 10  # operations from which another process is spared looking for longer passes
_FEW = 512  # operations and bits in and out, up to which Python's integers are the quickest
_PARTS = 8  # for each thread: the last to finish keeps the others waiting for no more than one


class BitProgram:
    """The operations that a few literals need, on re-used rows.

    Parameters
    ----------
    logic : Logic
    outputs : sequence of int
        The literals to compute.

    Attributes
    ----------
    inputs, outputs : int
        How many there are.
    few_at_most : int
        How many samples are a few (see `few`); 0 where there are too many operations for that.
    """

    def __init__(self, logic: Logic, outputs: Sequence[int]):
        kind = np.array(logic.kind, dtype=np.uint8)
        third = np.zeros(len(kind), dtype=np.int32)
        third[kind >= SUM] = np.repeat(np.array(logic.thirds, dtype=np.int32), 2)
        left, right, wanted = (np.array(numbers, dtype=np.int32) for numbers in (logic.left, logic.right, outputs))
        self._be(Operations(len(logic.inputs), kind, left, right, third, wanted))

    def _be(self, operations: Operations) -> None:
        self._given = operations
        self.inputs, self.outputs = operations.inputs, len(operations.wanted)
        self._spent = 0  # word operations of NumPy so far
        self.few_at_most = max(0, _FEW - len(operations.kind)) // max(1, self.inputs + self.outputs)

    def arrays(self) -> dict[str, NDArray[Any]]:
        """All that it is, as arrays; `from_arrays` makes it again."""
        given = self._given
        names = ("kind", "left", "right", "third", "wanted")
        return {"inputs": np.array([given.inputs]), **{name: getattr(given, name) for name in names}}

    @classmethod
    def from_arrays(cls, arrays: dict[str, NDArray[Any]]) -> BitProgram:
        """The program of these arrays.

        Raises
        ------
        ValueError
            If they make none: numbers that are not whole or too large, an operation of no kind, or one that reads
            what it writes or what is written later.
        """
        names = ("inputs", "kind", "left", "right", "third", "wanted")
        for name in names:
            array = arrays[name]
            if (
                array.ndim != 1
                or array.dtype.kind not in "iu"
                or (array.size and not 0 <= array.min() <= array.max() < 2**31)
            ):
                raise ValueError(f"{name}: not a row of whole numbers")
        (inputs,) = arrays["inputs"].tolist()
        columns = [np.ascontiguousarray(arrays[name], dtype=np.int32) for name in names[2:]]
        operations = Operations(inputs, arrays["kind"].astype(np.int32), *columns)
        operations.check()
        made = cls.__new__(cls)
        made._be(replace(operations, kind=operations.kind.astype(np.uint8)))
        return made

    # --- as passes

    @cached_property
    def plain(self) -> Passes:
        """A pass for each operation, in order, and for each adder of a wide unit."""
        return plain(self._given)

    @cached_property
    def fused(self) -> Passes:
        """As few passes as are found, for the compiled loop; loads Numba.

        Raises
        ------
        ImportError
            Where Numba is absent.
        """
        from perceptron.engines.fuse import fused

        return fused(self._given)

    @property
    def operations(self) -> int:
        """How many two-input operations there are (see `steps`)."""
        return self.plain.operations

    @property
    def rows(self) -> int:
        """How many rows the two-input operations use: row 0 is the constant 0, then the inputs."""
        return self.plain.rows_of_steps

    def steps(self) -> list[tuple[int, int, int, int]]:
        """The two-input operations in order as (code, left row, right row, row written).

        Codes: 0 is x & y, 1 is x & not y, 2 is not x & not y, 3 is x ^ y. None writes a row that it reads.
        """
        return self.plain.steps()

    def results(self) -> list[tuple[int, bool]]:
        """For each output the row where it is at the end, and whether its complement is meant."""
        return list(zip(self.plain.wanted.tolist(), (self.plain.flips != 0).tolist(), strict=True))

    def __getstate__(self) -> dict[str, Any]:
        """What another process needs; large programs take along the passes that it would otherwise look for again."""
        if has_numba() and len(self._given.kind) > _WORTH_TAKING:
            _ = self.fused
        return {name: value for name, value in self.__dict__.items() if name not in ("plain", "_few")}

    # --- running

    def words(self, inputs: Words, threads: int | None = None) -> Words:
        """Output rows (outputs, words) for input rows (inputs, words) of packed samples.

        `threads` defaults to the processors at hand, where the work is worth sharing out.
        """
        length = inputs.shape[1]
        # Rows that lie a power of two apart would all fall into the same few lines of the cache.
        result = np.empty((self.outputs, length + 8 * (length % 512 == 0)), dtype=np.uint64)[:, :length]
        count = len(self._given.kind)
        if not (has_numba() and (_loaded() or self._spent + count * (length + _CALL_WORDS) >= _WORTH_NUMBA)):
            self._spent += count * (length + _CALL_WORDS)
            run_numpy(self.plain, inputs, result)
            return result
        passes = self.fused if count * length >= _WORTH_FUSING or "fused" in self.__dict__ else self.plain
        run_compiled(passes, inputs, result, (os.cpu_count() or 1) if threads is None else threads)
        return result

    def few(self, samples: Sequence[Sequence[int]]) -> list[list[int]]:
        """Outputs for a few samples of 0 and 1, on Python's integers: the quickest for next to no work."""
        rows_needed, steps, results = self._few
        rows = [0] * rows_needed
        if len(samples) == 1:
            rows[1 : self.inputs + 1] = samples[0]
        else:
            for row, column in enumerate(zip(*samples, strict=True), start=1):
                rows[row] = sum(bit << at for at, bit in enumerate(column))
        full = (1 << len(samples)) - 1
        for code, x, y, z in steps:
            if code == 0:
                rows[z] = rows[x] & rows[y]
            elif code == 3:
                rows[z] = rows[x] ^ rows[y]
            elif code == 1:
                rows[z] = rows[x] & ~rows[y]
            else:
                rows[z] = full & ~(rows[x] | rows[y])
        made = [rows[row] ^ full if turned else rows[row] for row, turned in results]
        return [made] if len(samples) == 1 else [[row >> at & 1 for row in made] for at in range(len(samples))]

    @cached_property
    def _few(self) -> tuple[int, list[tuple[int, int, int, int]], list[tuple[int, bool]]]:
        return self.rows, self.steps(), self.results()


def run_numpy(passes: Passes, inputs: Words, result: Words) -> None:
    """All output rows of passes, written into `result`, by NumPy."""
    length = inputs.shape[1]
    rows_needed, steps = passes.rows_of_steps, passes.steps()
    block = max(1, min(8192, length, max(16, _CACHE_BYTES // (8 * rows_needed))))
    store = np.empty((rows_needed, block), dtype=np.uint64)
    scratch = np.empty(block, dtype=np.uint64)
    for start in range(0, length, block):
        size = min(block, length - start)
        rows = store[:, :size]
        rows[0] = 0
        rows[1 : passes.inputs + 1] = inputs[:, start : start + size]
        _execute(steps, list(rows), scratch[:size])
        np.bitwise_xor(rows[passes.wanted], passes.flips[:, None], out=result[:, start : start + size])


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


def row_words(passes: Passes) -> int:
    """How many words the compiled loop takes at a time."""
    return max(_LEAST_WORDS, min(ROW_WORDS, _ROWS_BYTES // (8 * passes.rows) & -_LEAST_WORDS))


def run_compiled(passes: Passes, inputs: Words, result: Words, threads: int) -> None:
    """All output rows of passes, written into `result`, by the compiled loop and up to so many threads."""
    from perceptron.engines.kernels import run_range

    length = inputs.shape[1]
    threads = max(1, min(threads, len(passes.code) * length // _WORTH_THREADS))
    words = min(row_words(passes), 8 * max(1, -(-length // (8 * threads))))
    part = length if threads == 1 else words * max(1, length // (words * threads * _PARTS))
    waiting = deque(cut(length, max(1, part)))
    columns = (passes.code, passes.left, passes.right, passes.third, passes.out, passes.also)

    def work() -> None:
        rows = np.empty((passes.rows, words), dtype=np.uint64)
        while True:
            try:
                first, stop = waiting.popleft()
            except IndexError:
                return
            run_range(*columns, passes.wanted, passes.flips, rows, inputs, result, first, stop)

    helpers = [_pool().submit(work) for _ in range(threads - 1)]
    work()
    for helper in helpers:
        if not helper.cancel():  # one that never began, on a busy machine, is not waited for
            helper.result()


@cache
def _pool() -> ThreadPoolExecutor:
    """The threads that help: they stay, as starting one takes longer than many a call."""
    return ThreadPoolExecutor(os.cpu_count(), thread_name_prefix="perceptron")


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_pool.cache_clear)  # no thread lives on in a child


def _loaded() -> bool:
    return "perceptron.engines.kernels" in sys.modules


@cache
def has_numba() -> bool:
    """Whether Numba can be imported."""
    return "numba" in sys.modules or find_spec("numba") is not None


def load_kernels() -> None:
    """Have the compiled passes ready (where Numba is), so that even small runs use them."""
    if has_numba():
        import perceptron.engines.kernels  # noqa: F401


def pack(samples: NDArray[Any]) -> Words:
    """Samples (samples, inputs) of 0 and 1 as rows (inputs, words), sample 64 i + j in bit j of word i."""
    count, width = samples.shape
    columns = np.ascontiguousarray(samples.T, dtype=np.uint8 if samples.dtype == np.uint8 else bool)
    bits = np.packbits(columns, axis=1, bitorder="little")
    padded = np.zeros((width, 8 * -(-count // 64)), dtype=np.uint8)
    padded[:, : bits.shape[1]] = bits
    return padded.view("<u8").astype(np.uint64, copy=False)


def unpack(rows: Words, count: int) -> NDArray[np.uint8]:
    """The first `count` samples of packed rows as an array (count, rows) of 0 and 1."""
    octets = rows.astype("<u8", copy=False).view(np.uint8)
    return np.ascontiguousarray(np.unpackbits(octets, axis=1, count=count, bitorder="little").T)


def counting(
    inputs: int, block: int = 1 << 14, *, first: int = 0, stop: int | None = None, reuse: bool = False
) -> Iterator[tuple[int, Words]]:
    """All 2**inputs assignments as packed rows, a block of words at a time.

    Parameters
    ----------
    inputs : int
    block : int
        Words a block.
    first, stop : int
        Only the words of this range, of the 2**(inputs - 6) that there are (at least one).
    reuse : bool, default False
        Whether each block is written over the one before, which is quicker: most rows stay as they are.

    Yields
    ------
    (number, rows)
        The number of the block's first assignment and rows (inputs, words). Assignment r gives input i the bit
        inputs - 1 - i of r: the first input changes slowest, as in a printed truth table. With fewer than six
        inputs the word repeats the table.
    """
    words = 1 << max(0, inputs - 6)
    stop = words if stop is None else min(stop, words)
    rows = np.empty((inputs, min(block, max(0, stop - first))), dtype=np.uint64)
    for place in range(min(inputs, 6)):
        rows[inputs - 1 - place] = _PATTERNS[place]
    steady: dict[int, int] = {}  # the places whose rows are one bit all over, and that bit
    for start in range(first, stop, block):
        size = min(block, stop - start)
        for place in range(6, inputs):
            row, run = rows[inputs - 1 - place], place - 6  # the bit changes after each 2**run words
            if start >> run == (start + size - 1) >> run:
                bit = start >> run & 1
                if steady.get(place) != bit:
                    row[:] = _FULL * np.uint64(bit)
                    steady[place] = bit
            elif start == first or place in steady or block % (2 << run):
                steady.pop(place, None)
                index = np.arange(start, start + size, dtype=np.uint64)
                row[:size] = (index >> np.uint64(run) & np.uint64(1)) * _FULL
        yield start * 64, rows[:, :size] if reuse else rows[:, :size].copy()
