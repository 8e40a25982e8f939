"""Networks with states: equal by matched states, by induction, or for a number of steps from the initial states."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from perceptron.engines.bits import BitProgram
from perceptron.engines.logic import FALSE
from perceptron.equivalence.decide import Plan, decide
from perceptron.equivalence.folding import Folding
from perceptron.equivalence.lowering import Pairs, lowered
from perceptron.equivalence.simulation import neighbours, random_rows
from perceptron.equivalence.solver import Effort
from perceptron.tape import Tape

Words = NDArray[np.uint64]

_WORDS, _STEPS = 16, 64  # random runs from which it is guessed which states belong together
_FULL = (1 << 64) - 1


@dataclass(frozen=True)
class Proved:
    """How each output was proved, and what it took."""

    methods: dict[str, str]
    effort: Effort


def same_states(first: Tape, second: Tape, plan: Plan) -> Proved | None:
    """Equal because states of the same names begin alike, and alike they make the same outputs and next states.

    None where that is not so, or not shown: they may still be equal.
    """
    one, two = ({tape.name_of(node): _initial(tape, node) for node in tape.states} for tape in (first, second))
    if one != two:
        return None
    pairs = lowered(first, second)
    told = decide(pairs, plan)
    if told.difference is not None or told.open:
        return None
    return Proved(dict(zip(pairs.labels, told.methods, strict=True)), told.effort)


def by_induction(first: Tape, second: Tape, plan: Plan) -> Proved | None:
    """Equal because of a correspondence of states that holds at first and is kept by every step.

    States of either network that are equal, or opposite, over random runs from the initial states are guessed to be so
    always. Where a step does not keep that, the guess is refined, until it is kept; then the outputs are compared under
    it. (C. A. J. van Eijk, "Sequential equivalence checking based on structural similarities", 2000.) None where the
    outputs are not proved equal so.
    """
    started = time.perf_counter()
    machine = _Machine(first, second)
    classes = machine.guess(plan.rng)
    if classes is None:
        return None
    effort = Effort()
    while True:
        pairs, following = machine.kept(classes)
        left = left_of(plan, started)
        if left is None:
            return None
        told = decide(pairs, left)
        _count(effort, told.effort)
        if told.difference is None:
            break
        rows = neighbours([told.difference], plan.rng)
        values = BitProgram(pairs.logic, following).words(rows)[:, 0].tolist()
        refined = machine.refined(classes, values)
        if refined == classes:  # the pattern is there to part them; nothing else would end the loop
            raise AssertionError("a counterexample parts no states: please report this")
        classes = refined
    left = left_of(plan, started)
    if told.open or left is None:
        return None
    pairs = machine.outputs(classes)
    told = decide(pairs, left)
    _count(effort, told.effort)
    if told.difference is not None or told.open:
        return None
    return Proved(dict.fromkeys(pairs.labels, "induction"), effort)


def left_of(plan: Plan, started: float) -> Plan | None:
    """The plan for the time that is left; None where there is none."""
    if not plan.limit:
        return plan
    left = plan.limit - (time.perf_counter() - started)
    return replace(plan, limit=left) if left > 0 else None


def _count(effort: Effort, more: Effort) -> None:
    for name, value in vars(more).items():
        setattr(effort, name, getattr(effort, name) + value)


def _initial(tape: Tape, node: int) -> int:
    return int(tape.states[node].initial or 0)


class _Machine:
    """Two networks side by side; state k is one of the first's, or of the second's behind them.

    A correspondence of states is a list of (class, opposite): states of one class are equal, or opposite where just one
    of them is marked so. Class 0 is the constant 0.

    Attributes
    ----------
    initial : list of 0 and 1
        The value of each state at the first step.
    """

    def __init__(self, first: Tape, second: Tape):
        self._first, self._second = first, second
        self._inputs = list(first.inputs)
        self.initial = [_initial(tape, node) for tape in (first, second) for node in tape.states]

    def traced(self, logic: Folding, inputs: Sequence[int], states: Sequence[int]) -> tuple[list[int], Any]:
        """The literals of all next states, and (label, literal, literal) for each output."""
        by_name = dict(zip(self._inputs, inputs, strict=True))
        count = len(self._first.states)
        one = logic.trace(self._first, [*inputs, *states[:count]])
        given = [by_name[name] for name in self._second.inputs]
        two = logic.trace(self._second, [*given, *states[count:]])
        following = [
            literals[state.next]
            for literals, tape in ((one, self._first), (two, self._second))
            for state in tape.states.values()
            if state.next is not None
        ]
        outputs = [(name, one[node], two[self._second.outputs[name]]) for name, node in self._first.outputs.items()]
        return following, outputs

    def guess(self, rng: np.random.Generator) -> list[tuple[int, int]] | None:
        """The correspondence over random runs; None where the outputs differ in one."""
        count, states = len(self._inputs), len(self.initial)
        logic = Folding(count + states)
        following, outputs = self.traced(logic, logic.inputs[:count], logic.inputs[count:])
        wanted = [literal for _, *pair in outputs for literal in pair]
        program = BitProgram(logic, following + wanted)
        now = np.array([_FULL * bit for bit in self.initial], dtype=np.uint64)[:, None].repeat(_WORDS, axis=1)
        turned = now[:, :1].copy()
        keys = np.zeros(states, dtype=np.uint64)
        for _ in range(_STEPS):
            factors = rng.integers(0, 1 << 64, size=_WORDS, dtype=np.uint64) | np.uint64(1)
            keys = keys * np.uint64(3) + ((now ^ turned) * factors).sum(axis=1, dtype=np.uint64)
            values = program.words(np.concatenate([random_rows(count, _WORDS, rng), now]))
            if (values[states::2] != values[states + 1 :: 2]).any():
                return None
            now = values[:states]
        return self._numbered(list(zip([0] * states, self.initial, strict=True)), keys.tolist(), 0)

    @staticmethod
    def _numbered(classes: list[tuple[int, int]], keys: list[int], zero: int) -> list[tuple[int, int]]:
        """Classes parted by keys; those of class 0 whose key is not `zero` leave it."""
        number = {(0, zero): 0}
        return [
            (number.setdefault((old, key), len(number)), opposite)
            for (old, opposite), key in zip(classes, keys, strict=True)
        ]

    def _under(self, classes: list[tuple[int, int]]) -> tuple[Folding, list[int], list[tuple[str, int, int]]]:
        """Both networks on states that correspond."""
        count, width = len(self._inputs), max((number for number, _ in classes), default=0)
        logic = Folding(count + width)
        literals = [FALSE, *logic.inputs[count:]]
        states = [literals[number] ^ opposite for number, opposite in classes]
        following, outputs = self.traced(logic, logic.inputs[:count], states)
        return logic, following, outputs

    def kept(self, classes: list[tuple[int, int]]) -> tuple[Pairs, list[int]]:
        """What is to be proved for a step to keep the correspondence; and the literals of all next states."""
        logic, following, _ = self._under(classes)
        leader: dict[int, int] = {0: FALSE}
        pairs = []
        for (number, opposite), literal in zip(classes, following, strict=True):
            pairs.append((leader.setdefault(number, literal ^ opposite), literal ^ opposite))
        return Pairs(logic, [""] * len(pairs), pairs), following

    def refined(self, classes: list[tuple[int, int]], values: list[int]) -> list[tuple[int, int]]:
        """Classes parted by what their next states are on 64 patterns."""
        keys = [value ^ (_FULL * opposite) for (_, opposite), value in zip(classes, values, strict=True)]
        return self._numbered(classes, keys, 0)

    def outputs(self, classes: list[tuple[int, int]]) -> Pairs:
        """That the outputs are equal, whenever states correspond."""
        logic, _, outputs = self._under(classes)
        return Pairs(logic, [label for label, *_ in outputs], [(one, two) for _, one, two in outputs])


@dataclass(frozen=True)
class Bounded:
    """What is known of the first steps: a difference, and whether all steps before it (or all) are proved equal."""

    difference: dict[str, list[int]] | None
    length: int
    proved: bool
    effort: Effort


def bounded(first: Tape, second: Tape, steps: int, plan: Plan) -> Bounded:
    """The outputs of the first steps from the initial states: the steps are laid side by side, as one network."""
    started = time.perf_counter()
    names = list(first.inputs)
    count = len(names)
    logic = Folding(count * steps)
    machine = _Machine(first, second)
    states = list(machine.initial)
    by_step = []
    for at in range(steps):
        states, outputs = machine.traced(logic, logic.inputs[count * at : count * (at + 1)], states)
        by_step.append([(one, two) for _, one, two in outputs])
    effort = Effort()
    found: list[int] | None = None
    length = steps
    while True:
        literals = [pair for pairs in by_step[:length] for pair in pairs]
        left = left_of(plan, started)
        if left is None:
            return Bounded(_named(names, found, length + 1), length + 1, False, effort)
        told = decide(Pairs(logic, [""] * len(literals), literals), left)
        _count(effort, told.effort)
        if told.difference is None:
            return Bounded(_named(names, found, length + 1), length + 1, not told.open, effort)
        found = told.difference
        rows = np.array(found, dtype=np.uint64)[:, None]
        values = BitProgram(logic, [literal for pair in literals for literal in pair]).words(rows)[:, 0] & np.uint64(1)
        apart = np.flatnonzero(values[::2] != values[1::2])
        length = int(apart[0]) // len(first.outputs)  # the steps before: are they equal?


def _named(names: list[str], found: list[int] | None, length: int) -> dict[str, list[int]] | None:
    if found is None:
        return None
    return {name: found[place : len(names) * length : len(names)] for place, name in enumerate(names)}
