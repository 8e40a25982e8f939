"""decide: whether pairs of literals are equal, by whichever method suits each; the order in which they are tried."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import dataclass, field

import numpy as np

from perceptron.engines.logic import FALSE
from perceptron.equivalence.exhaustive import RATE, Group, differ, first_one, groups, together
from perceptron.equivalence.lowering import Pairs
from perceptron.equivalence.solver import Effort
from perceptron.equivalence.sweeping import Sweep

STRUCTURE, EXHAUSTIVE, SAT = "structure", "all inputs", "SAT"
UNDECIDED = "undecided"

Progress = Callable[[str, int, int], None]

_QUICK = 1 << 31  # operations on words that trying all inputs may take before anything else is tried: half a second
_FEW_CONFLICTS = 200  # a question may take in the first sweep
_GROWTH = 8  # and times as many in each sweep that follows
_LONG = 1e4  # seconds that all inputs may take where there is no limit
_NEVER = 1 << 200  # operations that nobody waits for
_SHARE = 0.1  # of the time that all inputs would take: so long sweeping is tried before


@dataclass
class Decision:
    """What was found.

    Attributes
    ----------
    methods : list of str
        How each pair was proved, or 'undecided'.
    effort : Effort
    difference : list of int or None
        Values of the inputs on which a pair differs.
    first : bool
        Whether it is the first of all in counting order.
    """

    methods: list[str]
    effort: Effort
    difference: list[int] | None = None
    first: bool = False

    @property
    def open(self) -> list[int]:
        """The pairs that are not decided."""
        return [at for at, method in enumerate(self.methods) if method == UNDECIDED]


@dataclass(frozen=True)
class Plan:
    """How much to try.

    Attributes
    ----------
    exhaustive : int
        Up to how many inputs all of them are tried first.
    samples : int
        Random patterns.
    limit : float or None
        Seconds for a proof, beyond the inputs above and the samples; None for no limit, 0 for none.
    rng : numpy.random.Generator
    executor : concurrent.futures.Executor, optional
        For the parts that try all inputs.
    progress : function (what, done, total), optional
    """

    exhaustive: int
    samples: int
    limit: float | None
    rng: np.random.Generator = field(repr=False)
    executor: Executor | None = None
    progress: Progress | None = None

    def told(self, what: str) -> Callable[[int, int], None] | None:
        """The progress of one thing."""
        progress = self.progress
        return None if progress is None else lambda done, total: progress(what, done, total)


def decide(pairs: Pairs, plan: Plan) -> Decision:
    """Prove pairs equal or find inputs on which one differs.

    By structure first. Then all inputs are tried if there are few, or if that is quick; then random ones; then sweeping
    with questions that grow; and at last all inputs, if the time allows.
    """
    methods = [STRUCTURE if a == b else UNDECIDED for a, b in pairs.literals]
    told = Decision(methods, Effort(operations=len(pairs.logic.kind)))
    if not told.open:
        return told
    count = len(pairs.logic.inputs)
    started = time.perf_counter()
    if count <= plan.exhaustive:
        _try_all(pairs, Group(told.open, list(range(count)), 0), plan, told, None)
        return told
    found = groups(pairs.logic, pairs.literals, told.open)
    if plan.limit != 0 and len(found) == 1 and found[0].work <= _QUICK:
        _try_all(pairs, found[0], plan, told, None)
        return told
    sweep = Sweep(pairs, plan.rng, told.effort)
    sweep.sample(plan.samples)
    told.difference = sweep.difference
    if told.difference is not None or plan.limit == 0:
        return told
    deadline = None if plan.limit is None else started + plan.limit
    spent = 0
    for group in found:
        if spent + group.work <= _QUICK:
            _try_all(pairs, group, plan, told, deadline)
            spent += group.work
            if told.difference is not None:
                return told
    left = together([group for group in found if group.pairs[0] in told.open], pairs.logic, pairs.literals)
    # A pair that reads thousands of inputs has more rows than a float can count.
    seconds = min(sum(group.work for group in left), _NEVER) / RATE
    allowed = None if plan.limit is None else started + plan.limit - time.perf_counter()
    feasible = seconds < (_LONG if allowed is None else allowed)
    sweep.open = told.open
    run_sweeps(sweep, plan, told, started + _SHARE * seconds if feasible else deadline)
    if told.difference is None and feasible:
        for group in left:
            pairs_left = [pair for pair in group.pairs if told.methods[pair] == UNDECIDED]
            if pairs_left and told.difference is None:
                _try_all(pairs, Group(pairs_left, group.inputs, group.work), plan, told, deadline)
    return told


def _try_all(pairs: Pairs, group: Group, plan: Plan, told: Decision, deadline: float | None) -> None:
    """All inputs of a group of pairs."""
    whole = group.pairs == told.open
    literal = differ(pairs.logic, [pairs.literals[pair] for pair in group.pairs])
    number = None
    if literal != FALSE:
        try:
            number = first_one(
                pairs.logic,
                literal,
                group.inputs,
                executor=plan.executor,
                progress=plan.told("trying all inputs"),
                deadline=deadline,
            )
        except TimeoutError:
            return
    if number is None:
        for pair in group.pairs:
            told.methods[pair] = EXHAUSTIVE
        return
    values = [0] * len(pairs.logic.inputs)
    for place, at in enumerate(reversed(group.inputs)):
        values[at] = number >> place & 1
    told.difference, told.first = values, whole


def run_sweeps(sweep: Sweep, plan: Plan, told: Decision, deadline: float | None) -> None:
    """Sweeps of ever more patience, until all is decided or the clock is past the deadline."""
    conflicts = _FEW_CONFLICTS
    while True:
        sweep.run(conflicts, deadline, plan.told("comparing operations"))
        late = deadline is not None and time.perf_counter() > deadline
        if sweep.difference is None and not late:
            sweep.ask(10 * conflicts, deadline)
        told.difference = sweep.difference
        if told.difference is not None:
            return
        still = set(sweep.open)
        for pair in told.open:
            if pair not in still:
                told.methods[pair] = SAT
        if not still or late or (deadline is not None and time.perf_counter() > deadline):
            return
        conflicts *= _GROWTH
