"""Patterns: 0/1 inputs in packed blocks, random ones or all there are, and a program run on them through time.

Whatever counts over many patterns (`digest`, `count_differences`) takes them from here, a block at a time, so that
two networks meet the very same ones. A random bit is a function of positions alone:

    pattern(s, i, t, w)   64 random bits for input i, step t and word w (patterns 64 w to 64 w + 63), seed s

The mixing function is the finaliser of SplitMix64 (Steele, Lea and Flood, "Fast splittable pseudorandom number
generators", 2014).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from perceptron.engines import Program
from perceptron.engines.bits import counting
from perceptron.errors import ParameterError
from perceptron.matching import columns
from perceptron.spread import cut

Words = NDArray[np.uint64]

GOLDEN = np.uint64(0x9E3779B97F4A7C15)
MOST_BITS = 40  # all 2**40 patterns are hours; more is a slip
_BLOCK = 1 << 12  # words a block
_PART = 1 << 16  # words a part, when the work is shared out
_FULL = np.uint64(0xFFFF_FFFF_FFFF_FFFF)


@dataclass(frozen=True)
class Patterns:
    """Which patterns to run: so many random ones, or all.

    Attributes
    ----------
    inputs : tuple of str
        The names of the inputs.
    random : int or None
        How many random patterns; None for all 2**(inputs * steps) there are, in counting order: the first input of
        the first step changes slowest.
    seed : int
        Of the random ones.
    steps : int
        Steps of time.

    Raises
    ------
    ParameterError
        If a number is out of range, or all patterns are asked for and are more than 2**40.
    """

    inputs: tuple[str, ...]
    random: int | None
    seed: int = 0
    steps: int = 1

    def __post_init__(self) -> None:
        given = (("seed", self.seed, 0), ("steps", self.steps, 1))
        for name, value, least in given if self.random is None else (("patterns", self.random, 1), *given):
            if isinstance(value, bool) or not isinstance(value, int) or value < least:
                raise ParameterError(f"{name} is {value!r}; give a whole number of at least {least}")
        bits = len(self.inputs) * self.steps
        if self.random is None and bits > MOST_BITS:
            over = f" over {self.steps} steps" if self.steps > 1 else ""
            raise ParameterError(
                f"{len(self.inputs)} inputs{over} have 2**{bits} patterns; the most is 2**{MOST_BITS}, so say how "
                "many random ones to run instead"
            )

    @property
    def count(self) -> int:
        """How many patterns."""
        return 1 << len(self.inputs) * self.steps if self.random is None else self.random

    def parts(self) -> list[tuple[int, int]]:
        """The ranges of words to share out."""
        return cut(-(-self.count // 64), _PART)

    def blocks(self, first: int = 0, stop: int | None = None) -> Iterator[Block]:
        """The patterns of a range of words, in order (all of them by default)."""
        words = -(-self.count // 64)
        stop = words if stop is None else stop
        for start in range(first, stop, _BLOCK):
            size = min(_BLOCK, stop - start)
            numbers = np.arange(start, start + size, dtype=np.uint64)
            there = np.full(size, _FULL)
            if start + size == words and self.count % 64:
                there[-1] = np.uint64((1 << self.count % 64) - 1)
            counted = None
            if self.random is None:
                bits = len(self.inputs) * self.steps
                _, counted = next(counting(bits, size, first=start, stop=start + size))
            yield Block(self, numbers, there, counted)

    def block_of(self, pattern: int) -> Block:
        """The one word in which a pattern is, in bit `pattern % 64`."""
        return next(self.blocks(pattern // 64, pattern // 64 + 1))


@dataclass(frozen=True, eq=False)
class Block:
    """Some words of patterns, 64 to a word.

    Attributes
    ----------
    patterns : Patterns
        What they are words of.
    numbers : ndarray (words,) of uint64
        The words' numbers, counted from the first pattern on.
    there : ndarray (words,) of uint64
        A one for each pattern that there is: the last word may be half empty.
    """

    patterns: Patterns
    numbers: Words
    there: Words
    _counted: Words | None

    def inputs(self, step: int) -> Words:
        """The inputs (inputs, words) at a step."""
        count = len(self.patterns.inputs)
        if self._counted is not None:
            return self._counted[count * step : count * (step + 1)]
        return random_words(self.patterns.seed, count, step, self.numbers)


def run(block: Block, *programs: Program) -> Iterator[tuple[Words, list[Words]]]:
    """The same patterns through some programs and through time, from the initial states.

    Parameters
    ----------
    block : Block
    *programs : Program
        Of 0 and 1, each with the names of the patterns' inputs, in any order.

    Yields
    ------
    (inputs, outputs)
        For each step packed rows: the inputs, and the outputs of each program; bits beyond the last pattern are 0.
    """
    names = block.patterns.inputs
    orders = [None if program.inputs == names else columns(names, program.inputs) for program in programs]
    states = [program.first_states(len(block.numbers)) for program in programs]
    for step in range(block.patterns.steps):
        inputs = block.inputs(step)
        outputs = []
        for at, (program, order) in enumerate(zip(programs, orders, strict=True)):
            put, states[at] = program.step_words(inputs if order is None else inputs[order], states[at])
            outputs.append(put & block.there)
        yield inputs, outputs


def require_zero_one(program: Program) -> None:
    """Raise ParameterError if a program has other values than 0 and 1."""
    if not program.zero_one:
        raise ParameterError("a network of real values takes no random patterns of 0 and 1; harden it")


def random_words(seed: int, inputs: int, step: int, index: Words) -> Words:
    """Random bits (inputs, words) for a step and these words' numbers (words,)."""
    start = np.uint64(mixed(seed))
    place = np.arange(inputs, dtype=np.uint64)[:, None]
    key = mix(mix(start + GOLDEN * (place + np.uint64(1))) + np.uint64(step))
    return mix(mix(key + GOLDEN * index))


def mix(z: Words) -> Words:
    """SplitMix64's finaliser, word by word; arithmetic modulo 2**64."""
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return z ^ (z >> np.uint64(31))


def mixed(*numbers: int) -> int:
    """A few numbers of any size in 64 bits."""
    start = 0
    for number in numbers:
        while True:
            start = int(mix(np.array([(start + int(GOLDEN) + number % 2**64) % 2**64], dtype=np.uint64))[0])
            number >>= 64
            if not number:
                break
    return start
