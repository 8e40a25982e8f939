"""Sweeping: the operations of two networks are proved equal one after another, from the inputs on, and merged.

That two large circuits are equal is hard to see from their outputs alone. But circuits made from one another have
operations in common deep inside, and each is a short step from those before it:

    1  patterns are simulated; operations of equal values, or opposite ones, are candidates
    2  in order, a solver looks for an input on which a candidate and its representative differ; a window of a few
       operations around them is looked at before
    3  there is none: the representative takes the candidate's place, and what follows is built on that
    4  there is one: it becomes a pattern, and parts other candidates as well

The first such checkers are A. Kuehlmann and F. Krohm, "Equivalence checking using cuts and heaps" (1997); with
simulation and a solver, A. Mishchenko, S. Chatterjee, R. Brayton and N. Een, "Improvements to combinational equivalence
checking" (2006).
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from typing import Protocol

import numpy as np

from perceptron.engines.logic import AND
from perceptron.equivalence.exhaustive import first_set
from perceptron.equivalence.folding import Folding
from perceptron.equivalence.lowering import Pairs, needed
from perceptron.equivalence.simulation import Signatures, Words, neighbours, random_rows
from perceptron.equivalence.solver import SOLVER, Effort, Recorder, Solver
from perceptron.equivalence.windows import LARGE, equal_nearby, unequal_nowhere

_FIRST_WORDS = 16  # of random patterns: most that differ do so on these
_TRIES = 2  # candidates to ask about before an operation counts as new
_LOOKED_AT = 4  # candidates whose neighbourhood is looked at before
_BATCH = 5000  # operations for each counterexample that is collected before they are simulated
_LARGE = 20_000  # operations beyond which a cone is often too large for the solver to know all of it
_TOLD = 1000  # operations between two reports


class Witness(Recorder, Protocol):
    """A recorder that is told how operations are rewritten (see `proof`)."""

    def begin(self, logic: Folding) -> None:
        """Operations are now built in this logic."""

    def built(self, node: int, kind: int, a: int, b: int, made: int) -> None:
        """An operation of the given logic, over literals of the one that is built, is this literal of it."""

    def merged(self, node: int, made: int) -> None:
        """And then it is this one."""


class Sweep:
    """Some pairs of literals, proved equal or told apart.

    Parameters
    ----------
    pairs : Pairs
    rng : numpy.random.Generator
    effort : Effort
        Where to count.
    witness : Witness, optional
        Who writes down the proof.

    Attributes
    ----------
    difference : list of int or None
        Values of the inputs on which a pair differs, once one is found.
    open : list of int
        The pairs that are not proved yet.
    """

    def __init__(self, pairs: Pairs, rng: np.random.Generator, effort: Effort, witness: Witness | None = None):
        self._logic = pairs.logic
        self._literals = pairs.literals
        self._rng = rng
        self._effort = effort
        self._witness = witness
        self._signatures = Signatures(pairs.logic, rng)
        self._sweeps = 0
        self._sides = bytearray(1 + len(pairs.logic.inputs) + len(pairs.logic.kind))
        for operation in needed(pairs.logic, [one for one, _ in pairs.literals]):
            self._sides[operation] = 1  # of the first network
        self._proved: dict[int, int] = {}  # an operation, and the literal before it that it equals
        self.difference: list[int] | None = None
        self.open = [at for at, (a, b) in enumerate(pairs.literals) if witness is not None or a != b]

    def sample(self, patterns: int) -> None:
        """Simulate random patterns, until a pair differs."""
        left, size = -(-patterns // 64), _FIRST_WORDS
        while left > 0 and self.difference is None:
            words = min(left, size, self._signatures.words)
            self._simulate(random_rows(len(self._logic.inputs), words, self._rng))
            left -= words
            size *= 4

    def _simulate(self, rows: Words) -> None:
        values = self._signatures.add(rows)
        self._effort.patterns += 64 * rows.shape[1]
        for pair in self.open:
            a, b = self._literals[pair]
            apart = values[a >> 1] ^ values[b >> 1]
            found = first_set(~apart if (a ^ b) & 1 else apart)
            if found is not None:
                word, bit = divmod(found, 64)
                self.difference = (rows[:, word] >> np.uint64(bit) & np.uint64(1)).astype(int).tolist()
                return

    def run(
        self, conflicts: int, deadline: float | None = None, progress: Callable[[int, int], None] | None = None
    ) -> None:
        """One sweep over all that the open pairs depend on; each question may take so many conflicts.

        It ends early when a difference is found or the clock is past the deadline.
        """
        logic, first = self._logic, len(self._logic.inputs) + 1
        order = needed(logic, [literal for pair in self.open for literal in self._literals[pair]])
        self._begin(1 + len(order) // _BATCH)
        self._large = len(order) > _LARGE
        self._across = self._large and not self._sweeps
        self._sweeps += 1
        self._conflicts, self._deadline = conflicts, deadline
        new, place, aliases = self._new, self._place, self._aliases
        for done, node in enumerate(order):
            if done % _TOLD == 0 and progress is not None:
                progress(done, len(order))
            if deadline is not None and time.perf_counter() > deadline:
                return
            kind, a, b = logic.kind[node - first], logic.left[node - first], logic.right[node - first]
            a, b = place[a >> 1] ^ (a & 1), place[b >> 1] ^ (b & 1)
            before = len(new.kind)
            made = new.and_(a, b) if kind == AND else new.xor(a, b)
            if self._witness is not None:
                self._witness.built(node, kind, a, b, made)
            if len(new.kind) > before:
                self._origin.append(node)
                self._depth.append(1 + max(self._depth[new.left[-1] >> 1], self._depth[new.right[-1] >> 1]))
                self._turned.append(bool(self._signatures.turned[node]) ^ bool(made & 1))
                place[node] = self._representative(node, made)
                if self.difference is not None:
                    return
            else:
                place[node] = aliases.get(made >> 1, made & ~1) ^ (made & 1)
            if self._witness is not None and place[node] != made:
                self._witness.merged(node, place[node])
        if progress is not None:
            progress(len(order), len(order))
        self.open = [pair for pair in self.open if not self._closed(pair)]

    def _begin(self, batch: int) -> None:
        first = len(self._logic.inputs) + 1
        self._new = Folding(len(self._logic.inputs))
        if self._witness is not None:
            self._witness.begin(self._new)
        self._solver = Solver(self._new, self._effort, self._witness)
        self._batch = batch
        self._waiting: list[list[int]] = []
        self._place = list(range(0, 2 * first, 2)) + [-1] * len(self._logic.kind)
        self._aliases: dict[int, int] = {}  # a node that was merged, and the literal in its place
        self._depth = [0] * first  # of each new node
        self._origin = list(range(first))  # of each new node, the operation that it was made for
        self._turned = self._signatures.turned[:first].tolist()
        self._kept = list(range(first))
        self._group()

    def _group(self) -> None:
        """The new nodes by their signatures."""
        self._keys = self._signatures.keys.tolist()
        self._groups: dict[int, list[int]] = {}
        for node in self._kept:
            self._groups.setdefault(self._keys[self._origin[node]], []).append(node)

    def _representative(self, node: int, made: int) -> int:
        """The literal that takes the place of a new one: one that is proved equal, or itself."""
        new, sign = made >> 1, made & 1
        known = self._proved.get(node, 0)
        if known and self._place[known >> 1] >= 0:
            return self._merged(new, self._place[known >> 1] ^ (known & 1) ^ sign) ^ sign
        nearby = self._nearby(node, new)
        if nearby:
            return self._proved_equal(node, new, nearby, sign) ^ sign
        tried: set[int] = set()
        while len(tried) < _TRIES:
            candidate = next((one for one in self._candidates(node) if one not in tried), None)
            if candidate is None:
                break
            tried.add(candidate)
            equal = self._equal(candidate, new)
            answer = self._solver.differ(2 * new, equal, self._conflicts, self._deadline)
            if answer is False:
                return self._proved_equal(node, new, equal, sign) ^ sign
            if isinstance(answer, list):
                self._effort.counterexamples += 1
                self._waiting.append(answer)
                if len(self._waiting) >= self._batch:
                    self._simulate(neighbours(self._waiting, self._rng))
                    self._waiting = []
                    if self.difference is not None:
                        return made
                    self._group()
        self._kept.append(new)
        self._groups.setdefault(self._keys[node], []).append(new)
        return made

    def _equal(self, candidate: int, new: int) -> int:
        """The literal of a candidate that a new node seems to be equal to."""
        turned: bool = self._turned[candidate] ^ self._turned[new]
        return 2 * candidate | turned

    def _candidates(self, node: int) -> Iterable[int]:
        """The nodes that seem to be equal to a new one, and are worth a question to the solver."""
        found = self._groups.get(self._keys[node], ())
        if not self._across:
            return found
        return [one for one in found if self._sides[self._origin[one]] != self._sides[node]]

    def _nearby(self, node: int, new: int) -> int:
        """A literal that a new node is seen to be equal to without the solver, or 0.

        A proof that is written down needs the solver's.
        """
        if self._witness is not None:
            return 0
        logic, depth = self._new, self._depth
        group = self._groups.get(self._keys[node], [])
        for candidate in group[:_LOOKED_AT]:
            equal = self._equal(candidate, new)
            if equal_nearby(logic, depth, 2 * new, equal):
                return equal
        for size in LARGE if self._large else ():
            for candidate in group[:_LOOKED_AT]:
                equal = self._equal(candidate, new)
                if unequal_nowhere(logic, depth, 2 * new, equal, size, SOLVER, self._conflicts):
                    return equal
        return 0

    def _proved_equal(self, node: int, new: int, equal: int, sign: int) -> int:
        """Remember that a new node is equal to a literal, which takes its place."""
        self._effort.merged += 1
        candidate = equal >> 1
        origin = self._origin[candidate]
        turned = self._turned[candidate] ^ bool(self._signatures.turned[origin])
        self._proved[node] = 2 * origin | turned ^ (equal & 1) ^ sign
        return self._merged(new, equal)

    def _merged(self, node: int, literal: int) -> int:
        """Put a literal in the place of a new node."""
        self._aliases[node] = literal
        self._solver.merge(2 * node, literal)
        return literal

    def _closed(self, pair: int) -> bool:
        a, b = (self._place[literal >> 1] ^ (literal & 1) for literal in self._literals[pair])
        return a == b

    def ask(self, conflicts: int, deadline: float | None = None) -> None:
        """Ask about the open pairs themselves, after a sweep: until a difference is found, or all are asked.

        It ends early when the clock is past the deadline.
        """
        for pair in list(self.open):
            if deadline is not None and time.perf_counter() > deadline:
                return
            a, b = (self._place[literal >> 1] ^ (literal & 1) for literal in self._literals[pair])
            answer = False if a == b else self._solver.differ(a, b, conflicts, deadline)
            if answer is False:
                self.open.remove(pair)
            elif isinstance(answer, list):
                self.difference = answer
                return
