"""digest: run a network on many patterns and fold all its outputs into one short text, in bounded memory.

Two networks of one function give one digest, whatever their names, formats and engines, because the patterns (see
`perceptron.patterns`) and the digest are functions of positions alone: twice 64 bits, the sum of

    mix(bits, output j, step t, word w)

over everything put out, begun with the numbers of outputs, patterns and steps. A sum does not depend on the order of
its terms, so work can be shared out in any way.
"""

from __future__ import annotations

from concurrent.futures import Executor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from perceptron.engines import Program, compile
from perceptron.network import Network
from perceptron.patterns import GOLDEN, Patterns, Words, mix, mixed, require_zero_one, run
from perceptron.spread import Progress, spread
from perceptron.tape import Tape

_LANES = (np.uint64(0x243F6A8885A308D3), np.uint64(0x13198A2E03707344))  # pi, in hexadecimal


@dataclass(frozen=True)
class Digest:
    """What many patterns gave.

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
    patterns: int | None = None,
    *,
    seed: int = 0,
    steps: int = 1,
    executor: Executor | None = None,
    progress: Progress | None = None,
) -> Digest:
    """Run a 0/1 network on random patterns, or on all there are, and digest its outputs.

    Parameters
    ----------
    net : Network, Tape or Program
    patterns : int, optional
        How many random ones, at least 1. Each runs through time by itself, from the initial states. Without it all
        2**inputs are run; over time all 2**(inputs * steps) sequences.
    seed : int, default 0
        At least 0. The random patterns depend only on it, the input's position, the step and the pattern's number.
    steps : int, default 1
        Steps of time, at least 1.
    executor : concurrent.futures.Executor, optional
        Where to run it in parts; the digest is the same (see `perceptron.spread`).
    progress : function (done, total), optional
        Called after each part.

    Raises
    ------
    ParameterError
        If a number is out of range, the network has other values than 0 and 1, or all patterns are more than 2**40.
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
    >>> digest(full_adder.network).ones
    {'sum': 4, 'carry': 4}
    """
    program = net if isinstance(net, Program) else compile(net)
    what = Patterns(program.inputs, patterns, seed, steps)
    require_zero_one(program)
    totals = [mixed(int(lane), len(program.outputs), what.count, steps) for lane in _LANES]
    ones = np.zeros(len(program.outputs), dtype=np.int64)
    for part_totals, part_ones in spread(_part, what.parts(), program, what, executor=executor, progress=progress):
        totals = [total + more for total, more in zip(totals, part_totals, strict=True)]
        ones += part_ones
    text = "".join(f"{total % 2**64:016x}" for total in totals)
    return Digest(text, dict(zip(program.outputs, ones.tolist(), strict=True)), what.count, steps)


def _part(first: int, stop: int, program: Program, patterns: Patterns) -> tuple[list[int], NDArray[np.int64]]:
    """The sums and the counts of ones over a range of words."""
    totals = [0, 0]
    ones = np.zeros(len(program.outputs), dtype=np.int64)
    for block in patterns.blocks(first, stop):
        for step, (_, [outputs]) in enumerate(run(block, program)):
            ones += np.bitwise_count(outputs).sum(axis=1, dtype=np.int64)
            for lane, constant in enumerate(_LANES):
                totals[lane] += _folded(outputs, constant, step, block.numbers)
    return totals, ones


def _folded(outputs: Words, lane: np.uint64, step: int, index: Words) -> int:
    """The sum of the mixed words (outputs, words), as a Python int."""
    place = np.arange(len(outputs), dtype=np.uint64)[:, None]
    key = mix(mix(lane + GOLDEN * place) + np.uint64(step)) + GOLDEN * index
    return int(mix(mix(outputs ^ key) + key).sum(dtype=np.uint64))
