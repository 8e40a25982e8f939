"""The solver: asked whether two operations differ, and told only of what they depend on.

PySAT's Glucose, incremental: the clauses of an operation are added when it is first asked about, and what the solver
has learned stays. PySAT is imported when the first question comes.
"""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from perceptron.engines.logic import Logic
from perceptron.equivalence.clauses import Clause, of_operation

SOLVER = "glucose4"
_LEAST = 1000  # conflicts between two looks at the clock
_LOOK = 0.25  # seconds between two looks at the clock
_FULL = 1 << 16  # variables after which a fresh solver is quicker than a full one


class Recorder(Protocol):
    """What wants to know how it was proved (see `proof`)."""

    def variable(self, node: int) -> int:
        """The signed variable of a node of the logic that is asked about."""

    def learned(self, solver: Any) -> None:
        """What a solver has learned since it was last asked."""

    def lemma(self, clause: Clause) -> None:
        """A clause that follows by unit propagation."""


@dataclass
class Effort:
    """What a proof took.

    Attributes
    ----------
    operations : int
        Two-input operations that the two networks share out, after folding.
    patterns : int
        Simulated, beside those of all inputs.
    questions : int
        To the solver.
    merged : int
        Operations that it proved to be equal to others.
    counterexamples : int
        Questions that ended in a pattern that tells the two apart.
    conflicts : int
        That the solver met.
    """

    operations: int = 0
    patterns: int = 0
    questions: int = 0
    merged: int = 0
    counterexamples: int = 0
    conflicts: int = 0


def solved(solver: Any, assumed: Sequence[int] = ()) -> bool | None:
    """What a solver of PySAT says within its limits; None where it gave up.

    Raises
    ------
    KeyboardInterrupt
        On Ctrl-C, which PySAT hears itself and calls an error of its own.
    """
    import pysolvers

    try:
        answer: bool | None = solver.solve_limited(assumptions=assumed)
    except pysolvers.error:
        # Its handler of the signal is still in place of Python's, and would jump to where nothing is any more.
        if threading.current_thread() is threading.main_thread():
            signal.signal(signal.SIGINT, signal.getsignal(signal.SIGINT))
        raise KeyboardInterrupt from None
    return answer


class Solver:
    """Questions about the operations of a logic that may grow.

    Parameters
    ----------
    logic : Logic
    effort : Effort
        Where to count.
    recorder : Recorder, optional
        Who writes down what was learned.
    """

    def __init__(self, logic: Logic, effort: Effort, recorder: Recorder | None = None):
        self._logic = logic
        self._effort = effort
        self._recorder = recorder
        self._most = _FULL
        self._fresh()

    def _fresh(self) -> None:
        from pysat.solvers import Solver as Pysat

        self._solver = Pysat(name=SOLVER, with_proof=self._recorder is not None)
        self._next = 1
        self._variable: dict[int, int] = {}
        self._conflicts = 0
        self._portion = _LEAST
        self._solver.add_clause([-self._load(0)])

    def _load(self, node: int) -> int:
        """The variable of a node, once the clauses of all that it depends on are there."""
        variables, logic, first = self._variable, self._logic, len(self._logic.inputs) + 1
        waiting = [node]
        while waiting:
            top = waiting[-1]
            if top in variables:
                waiting.pop()
                continue
            missing = []
            if top >= first:
                left, right = logic.left[top - first], logic.right[top - first]
                missing = [read >> 1 for read in (left, right) if read >> 1 not in variables]
            if missing:
                waiting += missing
                continue
            waiting.pop()
            if self._recorder is None:
                made = self._next
                self._next += 1
            else:
                made = self._recorder.variable(top)
            variables[top] = made
            if top >= first:
                x, y = variables[left >> 1], variables[right >> 1]
                x, y = -x if left & 1 else x, -y if right & 1 else y
                for clause in of_operation(logic.kind[top - first], made, x, y):
                    self._solver.add_clause(clause)
        return variables[node]

    def _signed(self, literal: int) -> int:
        variable = self._load(literal >> 1)
        return -variable if literal & 1 else variable

    def differ(self, a: int, b: int, conflicts: int, deadline: float | None = None) -> list[int] | bool | None:
        """Values of the inputs on which two literals differ; False where there are none, None where it gave up.

        Inputs on which neither depends are 0. It gives up after so many conflicts for either of the two ways to
        differ, or when the clock (`time.perf_counter`) is past the deadline.
        """
        full = len(self._variable) > self._most
        if full:
            self._solver.delete()
            self._fresh()
        one, two = self._signed(a), self._signed(b)
        if full:  # what one question depends on may be more than that by itself
            self._most = max(_FULL, 2 * len(self._variable))
        for assumed in ([one, -two], [-one, two]):
            answer = self._answer(assumed, conflicts, deadline)
            if answer is None:
                return None
            if answer:
                return self._inputs(self._solver.get_model())
            if self._recorder is not None:
                self._recorder.learned(self._solver.solver)
                self._recorder.lemma([-variable for variable in assumed])
        return False

    def _answer(self, assumed: list[int], conflicts: int, deadline: float | None) -> bool | None:
        """Whether there is a model; None where it gave up. The clock is looked at about four times a second."""
        self._effort.questions += 1
        while True:
            portion = min(conflicts, self._portion)
            started = time.perf_counter()
            self._solver.conf_budget(portion)
            answer = solved(self._solver, assumed)
            met = self._solver.accum_stats()["conflicts"]
            self._effort.conflicts += met - self._conflicts
            self._conflicts = met
            conflicts -= portion
            now = time.perf_counter()
            if answer is not None or conflicts <= 0 or (deadline is not None and now > deadline):
                return answer
            self._portion = max(_LEAST, int(portion * min(2.0, _LOOK / max(now - started, 1e-6))))

    def _inputs(self, model: Sequence[int]) -> list[int]:
        values = []
        for node in range(1, len(self._logic.inputs) + 1):
            at = self._variable.get(node, 0)
            values.append(int(bool(at) and (model[abs(at) - 1] > 0) == (at > 0)) if abs(at) <= len(model) else 0)
        return values

    def merge(self, a: int, b: int) -> None:
        """Tell the solver that two literals are equal, unless it never heard of one and nothing is written down."""
        if self._recorder is None and (a >> 1 not in self._variable or b >> 1 not in self._variable):
            return
        one, two = self._signed(a), self._signed(b)
        self._solver.add_clause([-one, two])
        self._solver.add_clause([one, -two])
