"""count_differences: how often two 0/1 networks differ, in which outputs, and where first."""

from __future__ import annotations

from concurrent.futures import Executor
from dataclasses import dataclass
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from perceptron.engines import Program, compile
from perceptron.evaluate import initial_state, step
from perceptron.matching import columns, require_same
from perceptron.network import Network
from perceptron.patterns import Patterns, Words, require_zero_one, run
from perceptron.spread import Progress, spread
from perceptron.tape import Tape

Bits = dict[str, int]


@dataclass(frozen=True)
class FirstDifference:
    """Where two networks differ first: at the lowest pattern, and there at the earliest step.

    Attributes
    ----------
    pattern, step : int
        Counted from 0.
    inputs : list of dict of input name -> 0 or 1
        For each step up to this one; the last are those at which they differ.
    outputs : tuple of two dicts of output name -> 0 or 1
        Of the first network and of the second, at this step, in the first's order.
    """

    pattern: int
    step: int
    inputs: list[Bits]
    outputs: tuple[Bits, Bits]


@dataclass(frozen=True)
class Differences:
    """How often two networks differ.

    Attributes
    ----------
    count : int
        How often any output differs, over all patterns and steps.
    by_output : dict of output name -> int
        How often each one does, in the first network's order.
    patterns, steps : int
        How many patterns were run, and for how many steps of time.
    first : FirstDifference or None
        None where there is none.
    """

    count: int
    by_output: dict[str, int]
    patterns: int
    steps: int
    first: FirstDifference | None


def count_differences(
    first: Network | Tape | Program,
    second: Network | Tape | Program,
    *,
    patterns: int | None = None,
    seed: int = 0,
    steps: int = 1,
    executor: Executor | None = None,
    progress: Progress | None = None,
) -> Differences:
    """How often two 0/1 networks give different outputs, over all inputs or over random ones, in bounded memory.

    Inputs and outputs are matched by name; their order may differ. For a single difference, or a proof that there is
    none without trying all inputs, see `find_difference`.

    Parameters
    ----------
    first, second : Network, Tape or Program
        Each with its own states, if any.
    patterns : int, optional
        How many random patterns, at least 1: those of `digest` for the first network. Without it all 2**inputs are
        run, in counting order, the first network's first input slowest; over time all 2**(inputs * steps) sequences.
    seed : int, default 0
        Of the random patterns, at least 0.
    steps : int, default 1
        Steps of time, at least 1; each pattern begins at the initial states.
    executor : concurrent.futures.Executor, optional
        Where to run it in parts; the counts are the same (see `perceptron.spread`).
    progress : function (done, total), optional
        Called after each part.

    Returns
    -------
    Differences
        The first difference is confirmed by `evaluate` for each argument that is no Program.

    Raises
    ------
    InputError
        If the two do not have the same input names or the same output names.
    ParameterError
        If a number is out of range, a network has other values than 0 and 1, or all patterns are more than 2**40.
    NetworkError
        If one of the networks is not valid.

    Examples
    --------
    >>> from circuits import nand, nor
    >>> told = count_differences(nand.network, nor.network)
    >>> told.count, told.patterns, told.by_output
    (2, 4, {'out': 2})
    >>> told.first
    FirstDifference(pattern=1, step=0, inputs=[{'x1': 0, 'x2': 1}], outputs=({'out': 1}, {'out': 0}))
    """
    one, two = (net if isinstance(net, Program) else compile(net) for net in (first, second))
    require_same("input", one.inputs, two.inputs)
    require_same("output", one.outputs, two.outputs)
    what = Patterns(one.inputs, patterns, seed, steps)
    for program in (one, two):
        require_zero_one(program)
    count, counts = 0, np.zeros(len(one.outputs), dtype=np.int64)
    earliest = None
    for more, by_output, found in spread(_part, what.parts(), one, two, what, executor=executor, progress=progress):
        count += more
        counts += by_output
        if earliest is None:
            earliest = found
    return Differences(
        count,
        dict(zip(one.outputs, counts.tolist(), strict=True)),
        what.count,
        steps,
        None if earliest is None else _replayed(one, two, what, *earliest, (first, second)),
    )


Part = tuple[int, NDArray[np.int64], tuple[int, int] | None]


def _part(first: int, stop: int, one: Program, two: Program, patterns: Patterns) -> Part:
    """The counts over a range of words, and the (pattern, step) of its first difference."""
    order = columns(two.outputs, one.outputs)
    count, counts = 0, np.zeros(len(one.outputs), dtype=np.int64)
    earliest: tuple[int, int] | None = None
    for block in patterns.blocks(first, stop):
        found: list[tuple[int, int]] = []
        for at, (_, (mine, theirs)) in enumerate(run(block, one, two)):
            differ = mine ^ theirs[order]
            anywhere = np.bitwise_or.reduce(differ, axis=0)
            if anywhere.any():
                counts += np.bitwise_count(differ).sum(axis=1, dtype=np.int64)
                count += int(np.bitwise_count(anywhere).sum(dtype=np.int64))
                word = int(np.flatnonzero(anywhere)[0])
                bits = int(anywhere[word])
                found.append((64 * int(block.numbers[word]) + (bits & -bits).bit_length() - 1, at))
        if found and earliest is None:
            earliest = min(found)
    return count, counts, earliest


def _replayed(
    one: Program, two: Program, patterns: Patterns, pattern: int, at: int, nets: tuple[Network | Tape | Program, ...]
) -> FirstDifference:
    """The difference with its inputs and outputs, and run again by the definition: an engine's word is not enough."""
    bit = np.uint64(pattern % 64)

    def named(names: tuple[str, ...], rows: Words) -> Bits:
        return dict(zip(names, (rows[:, 0] >> bit & np.uint64(1)).tolist(), strict=True))

    inputs = []
    for given, (mine, theirs) in islice(run(patterns.block_of(pattern), one, two), at + 1):
        inputs.append(named(one.inputs, given))
        other = named(two.outputs, theirs)
        outputs = named(one.outputs, mine), {name: other[name] for name in one.outputs}
    for net, expected in zip(nets, outputs, strict=True):
        if not isinstance(net, Program) and _defined(net, inputs) != expected:
            raise AssertionError(f"the engine disagrees with evaluate on {inputs}: please report this")
    return FirstDifference(pattern, at, inputs, outputs)


def _defined(net: Network | Tape, inputs: list[Bits]) -> dict[str, int | float]:
    """The outputs after the last of these steps, by the definition."""
    network = net.to_network() if isinstance(net, Tape) else net
    outputs: dict[str, int | float] = {}
    state = initial_state(network)
    for given in inputs:
        outputs, state = step(network, given, state)
    return outputs
