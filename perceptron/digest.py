"""digest: run a network on random patterns and fold all its outputs into one short text, in bounded memory.

Two networks of one function give one digest, whatever their names, formats and engines, because the patterns and the
digest are functions of positions alone:

    pattern(s, i, t, w)   64 random bits for input i, step t and word w (patterns 64 w to 64 w + 63), seed s
    digest                twice 64 bits: the sum of mix(bits, output j, step t, word w) over everything put out,
                          begun with the numbers of outputs, patterns and steps

The mixing function is the finaliser of SplitMix64 (Steele, Lea and Flood, "Fast splittable pseudorandom number
generators", 2014). A sum does not depend on the order of its terms, so work can be shared out in any way.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Executor
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from perceptron.engines import Program, compile
from perceptron.errors import ParameterError
from perceptron.network import Network
from perceptron.spread import Progress, cut, spread
from perceptron.tape import Tape

Words = NDArray[np.uint64]

_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_LANES = (np.uint64(0x243F6A8885A308D3), np.uint64(0x13198A2E03707344))  # pi, in hexadecimal
_BLOCK = 1 << 12  # words a block
_PART = 1 << 16  # words a part, when the work is shared out
_FULL = np.uint64(0xFFFF_FFFF_FFFF_FFFF)


@dataclass(frozen=True)
class Digest:
    """What many random patterns gave.

    Attributes
    ----------
    text : str
        32 hexadecimal digits: equal for networks with equal outputs in the same order.
    ones : dict of output name -> int
        How often each output was 1, over all patterns and steps.
    patterns, steps : int
        How many patterns were run, and for how many steps of time.
    """

    text: str
    ones: dict[str, int]
    patterns: int
    steps: int


def digest(
    net: Network | Tape | Program,
    patterns: int,
    *,
    seed: int = 0,
    steps: int = 1,
    executor: Executor | None = None,
    progress: Progress | None = None,
) -> Digest:
    """Run a 0/1 network on random patterns and digest its outputs.

    Parameters
    ----------
    net : Network, Tape or Program
    patterns : int
        How many, at least 1. Each runs through time by itself, from the initial states.
    seed : int, default 0
        At least 0. The patterns depend only on it, the input's position, the step and the pattern's number.
    steps : int, default 1
        Steps of time, at least 1.
    executor : concurrent.futures.Executor, optional
        Where to run it in parts; the digest is the same (see `perceptron.spread`).
    progress : function (done, total), optional
        Called after each part.

    Raises
    ------
    ParameterError
        If a number is out of range, or the network has other values than 0 and 1.
    NetworkError
        If the network is not valid.

    Examples
    --------
    >>> from circuits import full_adder, threshold_full_adder, to_nand
    >>> one = digest(full_adder.network, 1000)
    >>> one.text == digest(threshold_full_adder.network, 1000).text == digest(to_nand(full_adder.network), 1000).text
    True
    >>> one.text == digest(full_adder.network, 1000, seed=1).text
    False
    """
    program = net if isinstance(net, Program) else compile(net)
    _check(program, patterns, seed, steps)
    totals = [_start(int(lane), len(program.outputs), patterns, steps) for lane in _LANES]
    ones = np.zeros(len(program.outputs), dtype=np.int64)
    parts = cut(-(-patterns // 64), _PART)
    for part_totals, part_ones in spread(
        _part, parts, program, patterns, seed, steps, executor=executor, progress=progress
    ):
        totals = [total + more for total, more in zip(totals, part_totals, strict=True)]
        ones += part_ones
    text = "".join(f"{total % 2**64:016x}" for total in totals)
    return Digest(text, dict(zip(program.outputs, ones.tolist(), strict=True)), patterns, steps)


def _part(
    first: int, stop: int, program: Program, patterns: int, seed: int, steps: int
) -> tuple[list[int], NDArray[np.int64]]:
    """The sums and the counts of ones over a range of words."""
    totals = [0, 0]
    ones = np.zeros(len(program.outputs), dtype=np.int64)
    for run in _runs(program, patterns, seed, steps, first, stop):
        ones += np.bitwise_count(run.outputs).sum(axis=1, dtype=np.int64)
        for lane, constant in enumerate(_LANES):
            totals[lane] += _folded(run.outputs, constant, run.step, run.numbers)
    return totals, ones


class Run(NamedTuple):
    """One step of a block of random patterns, packed: words (inputs or outputs, words) and the words' numbers.

    `numbers` counts words from the first pattern on; bits beyond the last pattern are 0 in `outputs`.
    """

    step: int
    numbers: Words
    inputs: Words
    outputs: Words


def random_runs(program: Program, patterns: int, *, seed: int = 0, steps: int = 1) -> Iterator[Run]:
    """Random patterns a block at a time, each block through all its steps; raises as `digest` does."""
    _check(program, patterns, seed, steps)
    return _runs(program, patterns, seed, steps, 0, -(-patterns // 64))


def _check(program: Program, patterns: int, seed: int, steps: int) -> None:
    for name, value, least in (("patterns", patterns, 1), ("seed", seed, 0), ("steps", steps, 1)):
        if isinstance(value, bool) or not isinstance(value, int) or value < least:
            raise ParameterError(f"{name} is {value!r}; give a whole number of at least {least}")
    if not program.zero_one:
        raise ParameterError("a network of real values takes no random patterns of 0 and 1; harden it")


def _runs(program: Program, patterns: int, seed: int, steps: int, first: int, stop: int) -> Iterator[Run]:
    words = -(-patterns // 64)
    for start in range(first, stop, _BLOCK):
        size = min(_BLOCK, stop - start)
        numbers = np.arange(start, start + size, dtype=np.uint64)
        last = np.full(size, _FULL)
        if start + size == words and patterns % 64:
            last[-1] = np.uint64((1 << patterns % 64) - 1)
        state = program.first_states(size)
        for step in range(steps):
            inputs = random_words(seed, len(program.inputs), step, numbers)
            outputs, state = program.step_words(inputs, state)
            yield Run(step, numbers, inputs, outputs & last)


def random_words(seed: int, inputs: int, step: int, index: Words) -> Words:
    """Random bits (inputs, words) for a step and these words' numbers (words,)."""
    start = np.uint64(_start(seed))
    place = np.arange(inputs, dtype=np.uint64)[:, None]
    key = _mix(_mix(start + _GOLDEN * (place + np.uint64(1))) + np.uint64(step))
    return _mix(_mix(key + _GOLDEN * index))


def _start(*numbers: int) -> int:
    """A few numbers of any size in 64 bits."""
    start = 0
    for number in numbers:
        while True:
            start = _mix_int(start + int(_GOLDEN) + number % 2**64)
            number >>= 64
            if not number:
                break
    return start


def _folded(outputs: Words, lane: np.uint64, step: int, index: Words) -> int:
    """The sum of the mixed words (outputs, words), as a Python int."""
    place = np.arange(len(outputs), dtype=np.uint64)[:, None]
    key = _mix(_mix(lane + _GOLDEN * place) + np.uint64(step)) + _GOLDEN * index
    return int(_mix(_mix(outputs ^ key) + key).sum(dtype=np.uint64))


def _mix(z: Words) -> Words:
    """SplitMix64's finaliser, word by word; arithmetic modulo 2**64."""
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return z ^ (z >> np.uint64(31))


def _mix_int(z: int) -> int:
    return int(_mix(np.array([z % 2**64], dtype=np.uint64))[0])
