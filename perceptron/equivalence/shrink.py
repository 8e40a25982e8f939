"""shrink: a counterexample with as many ones turned to zeros as go, so that a person sees what matters."""

from __future__ import annotations

import numpy as np

from perceptron.engines.bits import BitProgram
from perceptron.engines.logic import Logic


def shrink(logic: Logic, literal: int, values: list[int]) -> list[int]:
    """Values of the inputs on which a literal is still 1, and no single one of their ones can become 0.

    In each round halves, quarters, ... of the ones and every single one are turned to 0, all at once in a few words,
    and what leaves the fewest ones is kept.

    Parameters
    ----------
    logic : Logic
    literal : int
        Which is 1 on the values given.
    values : list of 0 and 1
    """
    program = BitProgram(logic, [literal])
    kept = np.array(values, dtype=np.uint8)
    while True:
        ones = np.flatnonzero(kept)
        sizes = [len(ones)] if len(ones) else []
        while sizes and sizes[-1] > 1:
            sizes.append(-(-sizes[-1] // 2))
        trials = [ones[first : first + size] for size in sizes for first in range(0, len(ones), size)]
        if not trials:
            return [int(bit) for bit in kept]
        drawn = np.zeros((len(kept), -(-len(trials) // 64) * 64), dtype=np.uint8)
        drawn[:, : len(trials)] = kept[:, None]
        for at, trial in enumerate(trials):
            drawn[trial, at] = 0
        rows = np.packbits(drawn, axis=1, bitorder="little").view("<u8").astype(np.uint64, copy=False)
        result = program.words(rows).astype("<u8", copy=False).view(np.uint8)[0]
        works = np.flatnonzero(np.unpackbits(result, count=len(trials), bitorder="little"))
        if not len(works):
            return [int(bit) for bit in kept]
        kept[trials[int(works[0])]] = 0  # the largest first
