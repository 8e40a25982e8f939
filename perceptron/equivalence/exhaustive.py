"""All inputs there are: a proof for outputs of few inputs, and the first difference in counting order."""

from __future__ import annotations

import time
from collections.abc import Sequence
from concurrent.futures import Executor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from perceptron.engines.bits import BitProgram, counting
from perceptron.engines.logic import FALSE, Logic
from perceptron.equivalence.lowering import needed, supports
from perceptron.spread import Progress, cut, spread

RATE = 5e9  # operations on words of 64 patterns that the engine makes a second, at least
_BLOCK = 1 << 16  # words at once: many enough for every processor
_PART = 1 << 18  # words a part


@dataclass(frozen=True)
class Group:
    """Pairs that are built of nearly the same inputs, to be tried together.

    Attributes
    ----------
    pairs : list of int
        Which pairs.
    inputs : list of int
        The places of the inputs that they are built of, in order.
    work : int
        Operations on words of 64 patterns that all inputs take.
    """

    pairs: list[int]
    inputs: list[int]
    work: int


def groups(logic: Logic, literals: Sequence[tuple[int, int]], wanted: Sequence[int]) -> list[Group]:
    """The wanted pairs in groups, those of the fewest inputs first; a pair joins a group that it makes little wider."""
    masks = supports(logic, [literal for pair in wanted for literal in literals[pair]])
    by_pair = {pair: masks[2 * at] | masks[2 * at + 1] for at, pair in enumerate(wanted)}
    found: list[tuple[int, list[int]]] = []
    for pair in sorted(wanted, key=lambda pair: by_pair[pair].bit_count()):
        mask = by_pair[pair]
        union = found[-1][0] | mask if found else 0
        if found and union.bit_count() <= max(mask.bit_count(), 6) + 1:
            found[-1] = (union, [*found[-1][1], pair])
        else:
            found.append((mask, [pair]))
    made = []
    for mask, pairs in found:
        inputs = [place for place in range(len(logic.inputs)) if mask >> place & 1]
        operations = len(needed(logic, [literal for pair in pairs for literal in literals[pair]])) + 2 * len(pairs)
        made.append(Group(sorted(pairs), inputs, operations << max(0, len(inputs) - 6)))
    return made


def together(found: Sequence[Group], logic: Logic, literals: Sequence[tuple[int, int]]) -> list[Group]:
    """Groups whose inputs are all in the widest join it: what they share is then done once."""
    if not found:
        return []
    widest = max(found, key=lambda group: len(group.inputs))
    inside = [group for group in found if set(group.inputs) <= set(widest.inputs)]
    pairs = sorted(pair for group in inside for pair in group.pairs)
    operations = len(needed(logic, [literal for pair in pairs for literal in literals[pair]])) + 2 * len(pairs)
    joined = Group(pairs, widest.inputs, operations << max(0, len(widest.inputs) - 6))
    return [*(group for group in found if group not in inside), joined]


def differ(logic: Logic, literals: Sequence[tuple[int, int]]) -> int:
    """One literal: whether any pair differs."""
    result = FALSE
    for a, b in literals:
        result = logic.or_(result, logic.xor(a, b))
    return result


def first_one(
    logic: Logic,
    literal: int,
    inputs: Sequence[int],
    *,
    executor: Executor | None = None,
    progress: Progress | None = None,
    deadline: float | None = None,
) -> int | None:
    """The number of the first assignment, of all to these inputs, on which a literal is 1; None proves there is none.

    The first of the inputs changes slowest; the others are 0.

    Raises
    ------
    TimeoutError
        If the clock (`time.perf_counter`) is past the deadline before all were tried.
    """
    parts = cut(1 << max(0, len(inputs) - 6), _PART)
    program = BitProgram(logic, [literal])
    for index in spread(_first_in, parts, program, list(inputs), executor=executor, progress=progress):
        if index is not None:
            return index
        if deadline is not None and time.perf_counter() > deadline:
            raise TimeoutError
    return None


def _first_in(first: int, stop: int, program: BitProgram, inputs: list[int]) -> int | None:
    """The first assignment on which the only output is 1, among the words of a range."""
    count = len(inputs)
    for start, counted in counting(count, _BLOCK, first=first, stop=stop, reuse=True):
        rows = counted
        if count < program.inputs:
            rows = np.zeros((program.inputs, counted.shape[1]), dtype=np.uint64)
            rows[inputs] = counted
        index = first_set(program.words(rows)[0])
        if index is not None and start + index < 2**count:
            return start + index
    return None


def first_set(words: NDArray[np.uint64]) -> int | None:
    """The number of the first bit that is 1, least significant first; None where all are 0."""
    at = np.flatnonzero(words)
    if not len(at):
        return None
    word = int(words[at[0]])
    return 64 * int(at[0]) + (word & -word).bit_length() - 1
