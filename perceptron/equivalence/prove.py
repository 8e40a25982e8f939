"""prove: are two networks equal? A verdict with how each output was decided."""

from __future__ import annotations

import time
from concurrent.futures import Executor
from dataclasses import replace
from os import PathLike
from pathlib import Path

import numpy as np

from perceptron.arguments import require_distance, require_rng, require_seconds, require_whole
from perceptron.engines import as_tape
from perceptron.engines.logic import lowers
from perceptron.equivalence.certificate import certify, destination
from perceptron.equivalence.decide import UNDECIDED, Plan, Progress, decide
from perceptron.equivalence.exhaustive import differ
from perceptron.equivalence.lowering import Pairs, lowered, lowered_apart
from perceptron.equivalence.over_time import bounded, by_induction, left_of, same_states
from perceptron.equivalence.replay import outputs_after, replay
from perceptron.equivalence.sampling import STEPS, Difference, Pair
from perceptron.equivalence.shrink import shrink
from perceptron.equivalence.solver import Effort
from perceptron.equivalence.verdict import Verdict
from perceptron.errors import ParameterError
from perceptron.matching import require_same
from perceptron.network import Network
from perceptron.tape import Tape

EXHAUSTIVE_INPUTS = 20
SAMPLES = 1 << 16
LIMIT = 60.0
FIRST = "the first in counting order"
FEWEST = "none of its ones can be turned to 0"
SHORTEST = "no shorter run differs"


def prove(
    first: Network | Tape,
    second: Network | Tape,
    *,
    steps: int | None = None,
    limit: float | None = LIMIT,
    exhaustive: int = EXHAUSTIVE_INPUTS,
    samples: int = SAMPLES,
    tolerance: float = 1e-9,
    proof: str | PathLike[str] | None = None,
    rng: int | np.random.Generator | None = None,
    executor: Executor | None = None,
    progress: Progress | None = None,
) -> Verdict:
    """Whether two networks give the same outputs for all inputs, with a proof or a counterexample.

    Inputs and outputs are matched by name. Two 0/1 networks are lowered onto the same inputs, where equal operations
    are shared; outputs that become the same one are equal. All inputs are tried if there are at most `exhaustive` of
    them, or if it takes less than about half a second. Beyond that random inputs are compared, then a SAT solver
    proves operations inside the two equal one after another (see `perceptron.equivalence.sweeping`), and at last all
    inputs are tried if the time allows. Networks with real values, or units of more weight than binary adders take,
    are compared on samples.

    Networks with states are equal if their states can be matched, by name or by induction, such that matched states
    stay equal and the outputs are equal whenever they are. Failing that, their first `steps` steps are compared.

    Parameters
    ----------
    first, second : Network or Tape
    steps : int, optional
        With states: for how many steps from the initial states (an unknown initial value is 0) the outputs are to be
        proved equal, if it cannot be shown for all. Without it 64 steps of random runs are compared.
    limit : float or None, default 60
        Seconds for the proof; None for no limit. It is looked at now and then, so that it may be exceeded by some
        seconds. With 0 only structure, `exhaustive` inputs and samples are used.
    exhaustive : int, default 20
        Up to how many inputs all of the 2**inputs assignments are tried first.
    samples : int, default 65536
        How many random inputs are compared beyond that.
    tolerance : float, default 1e-9
        How far real-valued outputs may lie apart and still count as equal; 0/1 outputs may not at all.
    proof : str or path, optional
        Where to write a certificate, for networks of 0 and 1 without states: `proof` with the suffix .cnf is the
        question in DIMACS form, and with .drat the answer, which any checker of RUP or DRAT proofs accepts (see
        docs/proof.md). Written only if the verdict is 'equal', both in place of what had their names, or neither. All
        inputs are not tried for it, as that would take a clause for each: where the verdict is 'undecided', that
        without a certificate may still be 'equal'.
    rng : None, int or numpy.random.Generator
    executor : concurrent.futures.Executor, optional
        Where all inputs are tried, in parts (see `perceptron.spread`).
    progress : function (what, done, total), optional

    Returns
    -------
    Verdict

    Raises
    ------
    NetworkError
        If one of the networks is not valid.
    InputError
        If the two do not have the same input names or the same output names.
    ParameterError
        If `samples` or `steps` is no whole number of at least 1, `exhaustive` none of at least 0, `limit` or
        `tolerance` is negative or no number, `rng` is none of these, `proof` names no file that could be written, or
        a certificate is asked for networks that have states or other values than 0 and 1.
    OSError
        If the certificate cannot be written; then neither of its files is.

    Examples
    --------
    >>> from circuits import full_adder, nand, nor, threshold_full_adder
    >>> prove(full_adder.network, threshold_full_adder.network).status
    'equal'
    >>> told = prove(nand.network, nor.network)
    >>> told.status, told.difference, told.outputs
    ('different', {'x1': 0, 'x2': 1}, ({'out': 1}, {'out': 0}))
    """
    started = time.perf_counter()
    if steps is not None:
        steps = require_whole("steps", steps, 1)
    plan = Plan(
        require_whole("exhaustive", exhaustive, 0),
        require_whole("samples", samples, 1),
        require_seconds("limit", limit),
        require_rng(rng),
        executor,
        progress,
    )
    tolerance = require_distance("tolerance", tolerance)
    path = None if proof is None else destination(proof)
    tapes = as_tape(first), as_tape(second)
    for tape in tapes:
        tape.check()
    require_same("input", tapes[0].inputs, tapes[1].inputs)
    require_same("output", tuple(tapes[0].outputs), tuple(tapes[1].outputs))
    logical = all(bool(tape.binary().all()) and lowers(tape) for tape in tapes)
    timed = any(tape.states for tape in tapes)
    if path is not None and (timed or not logical):
        raise ParameterError(
            "a certificate is written for networks of 0 and 1 without states; compare these two without one"
        )
    comparison = _Comparison((first, second), tapes, plan, tolerance)
    if timed:
        told = comparison.over_time(logical, steps)
    elif path is not None:
        told = comparison.certified(path)
    elif logical:
        told = comparison.of_logic()
    else:
        told = comparison.of_samples()
    return replace(told, seconds=time.perf_counter() - started)


class _Comparison:
    """Two networks whose names match, and what is known about how to compare them."""

    def __init__(
        self, given: tuple[Network | Tape, Network | Tape], tapes: tuple[Tape, Tape], plan: Plan, tolerance: float
    ):
        self._given = given
        self._tapes = tapes
        self._plan = plan
        self._tolerance = tolerance

    def of_logic(self) -> Verdict:
        """Two 0/1 networks without states."""
        return self._decided(lowered(*self._tapes))

    def _decided(self, pairs: Pairs) -> Verdict:
        told = decide(pairs, self._plan)
        methods = dict(zip(pairs.labels, told.methods, strict=True))
        if told.difference is not None:
            values, smallest = told.difference, FIRST
            if not told.first:
                values = shrink(pairs.logic, differ(pairs.logic, pairs.literals), values)
                smallest = FEWEST
            return self._different(
                dict(zip(self._tapes[0].inputs, values, strict=True)), methods, smallest, told.effort
            )
        return Verdict("undecided" if told.open else "equal", methods, effort=told.effort)

    def _different(self, values: Difference, methods: dict[str, str], smallest: str, effort: Effort) -> Verdict:
        """A difference, replayed through the definition: an engine's word, or a solver's, is not enough."""
        one, two = (replay(net, values) for net in self._given)
        if one == two:
            raise AssertionError(f"the engine disagrees with evaluate on {values}: please report this")
        return Verdict("different", methods, values, (one, {name: two[name] for name in one}), smallest, effort=effort)

    def certified(self, path: Path) -> Verdict:
        """Two 0/1 networks without states, with a certificate if they are equal."""
        pairs = lowered_apart(*self._tapes)
        told, files = certify(pairs, self._tapes[0].inputs, self._plan)
        if told.difference is not None:
            together = lowered(*self._tapes)
            values = shrink(together.logic, differ(together.logic, together.literals), told.difference)
            named = dict(zip(self._tapes[0].inputs, values, strict=True))
            return self._different(named, dict(zip(pairs.labels, told.methods, strict=True)), FEWEST, told.effort)
        if files is not None:
            files.write(path)
        methods = dict(zip(pairs.labels, told.methods, strict=True))
        return Verdict("undecided" if files is None else "equal", methods, effort=told.effort)

    def of_samples(self) -> Verdict:
        """Networks that are not lowered to logic: all 0/1 inputs if there are few, else random ones."""
        pair = Pair(*self._tapes, self._given, self._tolerance)
        values, proved = pair.compare(self._plan.exhaustive, self._plan.samples, self._plan.rng)
        status = "undecided" if not proved else "equal" if values is None else "different"
        methods = dict.fromkeys(self._tapes[0].outputs, "all inputs" if status == "equal" else UNDECIDED)
        if values is None:
            return Verdict(status, methods)
        one, two = (replay(net, values) for net in self._given)
        smallest = "" if pair.real.any() or len(values) > self._plan.exhaustive else FIRST
        return Verdict(status, methods, values, (one, {name: two[name] for name in one}), smallest)

    def over_time(self, logical: bool, steps: int | None) -> Verdict:
        """Networks with states."""
        outputs = self._tapes[0].outputs
        methods = dict.fromkeys(outputs, UNDECIDED)
        started = time.perf_counter()
        for way in (same_states, by_induction) if logical else ():
            plan = left_of(self._plan, started)
            found = None if plan is None else way(*self._tapes, plan)
            if found is not None:
                return Verdict("equal", found.methods, effort=found.effort)
        plan = left_of(self._plan, started)
        if logical and steps is not None and plan is not None:
            told = bounded(*self._tapes, steps, plan)
            if told.difference is None:
                proved = steps if told.proved else None
                return Verdict("undecided", methods, steps=proved, effort=told.effort)
            smallest = SHORTEST if told.proved else ""
            return self._run(told.difference, told.length, methods, smallest, told.effort)
        pair = Pair(*self._tapes, self._given, self._tolerance)
        values, length = pair.compare_runs(self._plan.samples, steps or STEPS, self._plan.rng)
        if values is None:
            return Verdict("undecided", methods)
        return self._run(values, length, methods, "", Effort())

    def _run(self, values: Difference, length: int, methods: dict[str, str], smallest: str, effort: Effort) -> Verdict:
        """A difference over time, with the outputs of its last step."""
        one, two = (outputs_after(net, values, length) for net in self._given)
        if one == two:
            raise AssertionError(f"the engine disagrees with evaluate on {values}: please report this")
        both = (one, {name: two[name] for name in one})
        return Verdict("different", methods, values, both, smallest, steps=length, effort=effort)
