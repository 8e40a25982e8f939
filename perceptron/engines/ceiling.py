"""measure: how many gate evaluations a second a program does here, beside the most that this machine could do."""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass

import numpy as np
from numpy.typing import NDArray

from perceptron.engines.bits import BitProgram, has_numba, load_kernels, row_words, run_compiled, run_numpy
from perceptron.engines.logic import Logic
from perceptron.engines.passes import Passes
from perceptron.engines.program import Program
from perceptron.errors import ParameterError

_WORDS = 1 << 14  # for each core
_REPEATS = 5


@dataclass(frozen=True)
class Measurement:
    """Speeds as medians of five, patterns packed beforehand.

    Attributes
    ----------
    gate_evaluations_per_second : float
        Gates times patterns, divided by the time of running them.
    ceiling_per_second : float
        The same for one two-input operation at a time on three rows that stay in the first-level cache, in the same
        run. A pass that does several operations at once, such as a full adder's five, may exceed it.
    gates : int
        What counts as the gates of one pattern: the units of the network.
    operations : int
        The passes over rows that they became, a full adder in one counted once.
    working_set_bytes : int
        The rows in use at once, for one core.
    compile_seconds : float or None
        What `compile` took, if it was told.
    cores : int
    """

    gate_evaluations_per_second: float
    ceiling_per_second: float
    gates: int
    operations: int
    working_set_bytes: int
    compile_seconds: float | None
    cores: int

    def asdict(self) -> dict[str, float | int | None]:
        """The fields by name, for JSON."""
        return asdict(self)


def measure(
    program: Program, gates: int, *, cores: int | None = None, compile_seconds: float | None = None
) -> Measurement:
    """Time a 0/1 program on random patterns.

    Parameters
    ----------
    program : Program
        With the bit engine.
    gates : int
        How many gate evaluations a pattern counts for.
    cores : int, optional
        How many to use; by default all.
    compile_seconds : float, optional
        Handed on into the result.

    Raises
    ------
    ParameterError
        If the program does not run on bits, or `cores` < 1.
    """
    if program.bits is None:
        raise ParameterError("only the bit engine is measured, and this network has real values or too fine weights")
    cores = (os.cpu_count() or 1) if cores is None else cores
    if cores < 1:
        raise ParameterError(f"cores is {cores}; give at least 1")
    load_kernels()
    bits = program.bits
    passes = bits.fused if has_numba() else bits.plain
    rng = np.random.default_rng(0)
    inputs = rng.integers(0, 1 << 64, size=(bits.inputs, _WORDS * cores), dtype=np.uint64)
    rate = _median(lambda: bits.words(inputs, threads=cores), gates * 64 * _WORDS * cores)
    top = _chain()
    streamed = rng.integers(0, 1 << 64, size=(2, _WORDS * cores), dtype=np.uint64)
    result = np.empty_like(streamed[:1])
    ceiling = _median(lambda: _run(top, streamed, result, cores), top.operations * 64 * _WORDS * cores)
    bytes_in_use = passes.rows * row_words(passes) * 8
    return Measurement(rate, ceiling, gates, len(passes.code), bytes_in_use, compile_seconds, cores)


def _chain() -> Passes:
    """A long chain of operations over a few rows."""
    logic = Logic(2)
    a, b = logic.inputs
    for _ in range(2000):
        a, b = b, logic.xor(a, b) if logic.kind[-1:] == [0] else logic.and_(a, b ^ 1)
    return BitProgram(logic, [b]).plain


def _run(passes: Passes, inputs: NDArray[np.uint64], result: NDArray[np.uint64], cores: int) -> None:
    if has_numba():
        run_compiled(passes, inputs, result, cores)
    else:
        run_numpy(passes, inputs, result)


def _median(run: Callable[[], object], evaluations: int) -> float:
    run()  # compiles the kernel, warms the caches
    rates = []
    for _ in range(_REPEATS):
        repeats = 0
        started = time.perf_counter()
        while (passed := time.perf_counter() - started) < 0.2:
            run()
            repeats += 1
        rates.append(evaluations * repeats / passed)
    return statistics.median(rates)
