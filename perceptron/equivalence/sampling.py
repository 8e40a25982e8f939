"""Samples: two networks of any kind run on the same numbers, and what they differ in by more than a tolerance."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from perceptron.engines import compile
from perceptron.equivalence.replay import outputs_after, replay
from perceptron.matching import columns
from perceptron.network import Network
from perceptron.tape import Tape

Difference = dict[str, Any]

STEPS = 64  # of the random runs of networks with states


class Pair:
    """Two networks to be run on the same samples: columns are those of the first, matched by name."""

    def __init__(self, first: Tape, second: Tape, nets: tuple[Network | Tape, Network | Tape], tolerance: float):
        self._programs = compile(first), compile(second)
        self._nets = nets
        self._back = columns(first.inputs, second.inputs)
        self._order = columns(tuple(second.outputs), tuple(first.outputs))
        theirs = dict(zip(second.inputs, self._programs[1].real, strict=True))
        both = [mine and theirs[name] for name, mine in zip(first.inputs, self._programs[0].real, strict=True)]
        self.inputs = first.inputs
        self.real = np.array(both, dtype=bool)
        self._limits = _limits(first, second, tolerance)

    def _differ(self, drawn: NDArray[np.float64]) -> NDArray[np.bool_]:
        """(...) whether any output lies too far apart, for samples (..., inputs)."""
        one, two = self._programs[0].run(drawn), self._programs[1].run(drawn[..., self._back])
        gap: NDArray[np.bool_] = np.abs(one.astype(np.float64) - two[..., self._order]) > self._limits
        return np.asarray(gap.any(axis=-1))

    def _apart(self, here: Difference, there: Difference) -> bool:
        """Whether outputs by name, in the first's order, lie too far apart."""
        return any(abs(here[name] - there[name]) > limit for name, limit in zip(here, self._limits, strict=True))

    def compare(self, exhaustive: int, samples: int, rng: np.random.Generator) -> tuple[Difference | None, bool]:
        """A difference at one step, confirmed by the definition; and whether None is a proof."""
        count = len(self.inputs)
        proof = not self.real.any() and count <= exhaustive
        if proof:
            number = np.arange(2**count)[:, None]
            drawn = (number >> np.arange(count - 1, -1, -1) & 1).astype(np.float64)
        else:
            drawn = _drawn(self.real, (samples,), rng)
        for at in np.flatnonzero(self._differ(drawn)):
            values: Difference = {
                name: (float(value) if takes else int(value))
                for name, value, takes in zip(self.inputs, drawn[at].tolist(), self.real, strict=True)
            }
            if self._apart(*(replay(net, values) for net in self._nets)):
                return values, True
        return None, proof

    def compare_runs(self, samples: int, steps: int, rng: np.random.Generator) -> tuple[Difference | None, int]:
        """A difference over time from the initial states, confirmed by the definition; and after how many steps.

        The difference is input name -> its values, step by step.
        """
        drawn = _drawn(self.real, (steps, max(1, samples // steps)), rng)
        for last, sample in np.argwhere(self._differ(drawn)):
            runs = drawn[: last + 1, sample]
            values: Difference = {
                name: runs[:, column].tolist() if self.real[column] else runs[:, column].astype(int).tolist()
                for column, name in enumerate(self.inputs)
            }
            if self._apart(*(outputs_after(net, values, len(runs)) for net in self._nets)):
                return values, len(runs)
        return None, 0


def _drawn(real: NDArray[np.bool_], shape: tuple[int, ...], rng: np.random.Generator) -> NDArray[np.float64]:
    """Random samples: 0/1 columns where not real; every other sample a corner, where steps are told apart."""
    drawn = rng.random((*shape, len(real)))
    corners = rng.random((*shape, len(real))) < 0.5
    drawn[..., ::2, :] = corners[..., ::2, :]
    drawn[..., ~real] = corners[..., ~real]
    return drawn


def _limits(first: Tape, second: Tape, tolerance: float) -> NDArray[np.float64]:
    """How far each output of the first may lie from the second's: not at all where both are 0 or 1."""
    mine, theirs = first.binary(), second.binary()
    smooth = [not (mine[node] and theirs[second.outputs[name]]) for name, node in first.outputs.items()]
    return np.where(smooth, tolerance, 0.0)
