"""The value of every operation for many patterns at once: what tells two of them apart without a proof."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from perceptron.engines.bits import BitProgram
from perceptron.engines.logic import Logic

Words = NDArray[np.uint64]

_FULL = np.uint64(0xFFFF_FFFF_FFFF_FFFF)
_LEAST_RATE, _MOST_RATE = 2, 7  # powers of a half
_MOST = 1 << 23  # values (of 64 patterns) kept at once


def all_values(logic: Logic) -> BitProgram:
    """A program whose results are the values of all nodes: the constant false, the inputs, the operations."""
    return BitProgram(logic, range(0, 2 * (1 + len(logic.inputs) + len(logic.kind)), 2))


class Signatures:
    """A number for every node, the same for nodes that are equal, or opposite, on all patterns so far.

    Parameters
    ----------
    logic : Logic
    rng : numpy.random.Generator

    Attributes
    ----------
    keys : ndarray (nodes,) of uint64
        The numbers. Other nodes share one by accident in one of 2**64 cases, which costs a question more.
    turned : ndarray (nodes,) of bool
        Whether a node is 1 on the first pattern: of two nodes with the same key one is the other's complement if
        they differ in this.
    patterns : int
        How many patterns there were.
    """

    def __init__(self, logic: Logic, rng: np.random.Generator):
        self._program = all_values(logic)
        self._rng = rng
        nodes = self._program.outputs
        self.keys = np.zeros(nodes, dtype=np.uint64)
        self.turned = np.zeros(nodes, dtype=bool)
        self.patterns = 0

    @property
    def words(self) -> int:
        """How many words of patterns to simulate at once."""
        return max(1, _MOST // self._program.outputs)

    def add(self, rows: Words) -> Words:
        """Take in more patterns, packed rows (inputs, words); returns the values of all nodes (nodes, words)."""
        values = self._program.words(rows)
        if not self.patterns:
            self.turned = values[:, 0] & np.uint64(1) == 1
        self.patterns += 64 * rows.shape[1]
        straight = values ^ np.where(self.turned, _FULL, np.uint64(0))[:, None]
        factors = self._rng.integers(0, 1 << 64, size=rows.shape[1], dtype=np.uint64) | np.uint64(1)
        self.keys += (straight * factors).sum(axis=1, dtype=np.uint64)  # modulo 2**64
        return values


def random_rows(inputs: int, words: int, rng: np.random.Generator) -> Words:
    """Random patterns (inputs, words) of three kinds, for many a gate matters only where others are quiet.

    In every other word each input is 0 or 1 by itself. The rest differ little within a pattern, each word by another
    rate, from a quarter to one in 128: inputs turn that seldom from one to the next (as in the numbers 00011110), or
    that few of them are not like all others (0001000). Patterns by unequal odds are old practice in testing chips.
    """
    rows = _coins(inputs, words, rng)
    kind = np.arange(words) % 4
    rates = _LEAST_RATE + np.arange(words) // 4 % (_MOST_RATE - _LEAST_RATE + 1)
    for rate in range(1, _MOST_RATE):
        seldom = (kind % 2 == 1) & (rates > rate)
        rows[:, seldom] &= _coins(inputs, int(seldom.sum()), rng)
    start = _coins(1, words, rng)
    runs, few = kind == 1, kind == 3
    rows[:, runs] = np.bitwise_xor.accumulate(rows[:, runs], axis=0) ^ start[:, runs]
    rows[:, few] ^= start[:, few]
    return rows


def _coins(inputs: int, words: int, rng: np.random.Generator) -> Words:
    return rng.integers(0, 1 << 64, size=(inputs, words), dtype=np.uint64)


def neighbours(patterns: list[list[int]], rng: np.random.Generator) -> Words:
    """Rows (inputs, patterns): a word for each pattern, it in bit 0 and 63 others with one input in 16 turned."""
    bits = np.array(patterns, dtype=np.uint64).T
    turned = np.full(bits.shape, ~np.uint64(1))
    for _ in range(4):
        turned &= rng.integers(0, 1 << 64, size=bits.shape, dtype=np.uint64)
    return (np.uint64(0) - bits) ^ turned
