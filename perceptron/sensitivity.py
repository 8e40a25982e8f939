"""How little changes a decision: the fewest inputs, and the smallest change of one weight or bias.

A small change of a perceptron's weights can turn its output over completely: that is the chapter's reason for the
sigmoid neuron. Here is where, and by how much.
"""

from __future__ import annotations

import heapq
import math
import time
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from perceptron.check import check
from perceptron.engines import as_tape
from perceptron.engines.bits import BitProgram
from perceptron.engines.logic import FALSE, Logic
from perceptron.equivalence.exhaustive import first_set
from perceptron.equivalence.folding import Folding
from perceptron.equivalence.solver import Effort, Solver
from perceptron.errors import ParameterError
from perceptron.evaluate import Values, assignment, evaluate, trace
from perceptron.network import Network
from perceptron.numbers import Exact, exact, size
from perceptron.unit import STEP, Unit

_TRIED = 1 << 18  # sets of inputs of one size, up to which they are all tried
_CONFLICTS = 1 << 62


@dataclass(frozen=True)
class Sensitivity:
    """How many inputs have to turn over for the outputs to change.

    Attributes
    ----------
    inputs : tuple of str, or None
        A set of inputs whose turning changes an output; None where none was found.
    at_least : int
        No smaller set does. The set is a smallest one if it has this size.
    outputs : tuple of str
        The outputs that change.
    constant : bool
        Whether it is proved that no set at all does.
    """

    inputs: tuple[str, ...] | None
    at_least: int
    outputs: tuple[str, ...]
    constant: bool = False

    @property
    def exact(self) -> bool:
        """Whether the set is a smallest one, or there is none."""
        return self.constant or (self.inputs is not None and len(self.inputs) == self.at_least)


def sensitivity(
    net: Network, values: Values, *, outputs: tuple[str, ...] | None = None, limit: float | None = 60.0
) -> Sensitivity:
    """The fewest inputs whose turning over changes an output of a 0/1 network.

    Sets of one input are tried, then of two, and so on, all of a size at once; from the size on of which there are
    more than 2**18 a SAT solver looks for one. That at most r inputs turn is, by the way, a perceptron: weights -1 on
    the turns and bias r + 1.

    Parameters
    ----------
    net : Network
        Of 0 and 1, without states.
    values : mapping of input name -> value, or a sequence in the order of `net.inputs`
        Where to start from.
    outputs : tuple of str, optional
        The outputs that count; all of them by default.
    limit : float or None, default 60
        Seconds for the solver, roughly; None for no limit.

    Returns
    -------
    Sensitivity
        Confirmed by `evaluate`.

    Raises
    ------
    NetworkError, InputError
        As `evaluate`.
    ParameterError
        If the network has states or other values than 0 and 1, or there is no such output.

    Examples
    --------
    >>> from circuits import majority
    >>> net = majority.circuit.network
    >>> sensitivity(net, [1, 1, 1])
    Sensitivity(inputs=('x1', 'x2'), at_least=2, outputs=('out',), constant=False)
    """
    tape = as_tape(net)
    wanted = tuple(tape.outputs) if outputs is None else outputs
    unknown = [name for name in wanted if name not in tape.outputs]
    if unknown:
        raise ParameterError(f"there is no output {unknown[0]!r}; the outputs are {', '.join(tape.outputs)}")
    if tape.states or not tape.binary().all():
        raise ParameterError("the network has states, or other values than 0 and 1; give one of step and table units")
    start = assignment(net, values, {})
    before = evaluate(net, start)
    bits = [int(start[name]) for name in tape.inputs]
    logic = Folding(len(bits))
    literals = logic.trace(tape, [turn ^ bit for turn, bit in zip(logic.inputs, bits, strict=True)])
    differ = FALSE
    for name in wanted:
        differ = logic.or_(differ, literals[tape.outputs[name]] ^ int(before[name]))
    found, at_least = _fewest(logic, differ, limit)
    if found is None:
        return Sensitivity(None, at_least, (), at_least > len(bits))
    turned = {name: bit ^ turn for (name, bit), turn in zip(zip(tape.inputs, bits, strict=True), found, strict=True)}
    after = evaluate(net, turned)
    changed = tuple(name for name in wanted if after[name] != before[name])
    if not changed:
        raise AssertionError(f"the engine disagrees with evaluate on {turned}: please report this")
    named = tuple(name for name, turn in zip(tape.inputs, found, strict=True) if turn)
    return Sensitivity(named, at_least, changed)


def _fewest(logic: Logic, literal: int, limit: float | None) -> tuple[list[int] | None, int]:
    """As few ones among the inputs as make a literal 1; and a number of them below which none do."""
    count = len(logic.inputs)
    if literal == FALSE:
        return None, count + 1
    program = BitProgram(logic, [literal])
    ones = 1
    while ones <= count and math.comb(count, ones) <= _TRIED:
        chosen = np.array(list(combinations(range(count), ones)), dtype=np.intp)
        at = first_set(program.words(_rows(chosen, count))[0])
        if at is not None and at < len(chosen):
            places = set(chosen[at].tolist())
            return [int(place in places) for place in range(count)], ones
        ones += 1
    deadline = None if limit is None else time.perf_counter() + limit
    solver = Solver(logic, Effort())
    while ones <= count:
        few = logic.and_(literal, logic.unit(Unit(ones + 1), [(turn, -1) for turn in logic.inputs]))
        answer = solver.differ(few, FALSE, _CONFLICTS, deadline)
        if isinstance(answer, list):
            return answer, ones
        if answer is None:
            return None, ones
        ones += 1
    return None, ones


def _rows(chosen: NDArray[np.intp], count: int) -> NDArray[np.uint64]:
    """Packed rows (inputs, words): sample s has a 1 at each place of chosen[s]."""
    samples = np.zeros((count, -(-len(chosen) // 64) * 64), dtype=np.uint8)
    samples[chosen, np.arange(len(chosen))[:, None]] = 1
    return np.packbits(samples, axis=1, bitorder="little").view("<u8").astype(np.uint64, copy=False)


@dataclass(frozen=True)
class WeightChange:
    """How far one weight or bias is from turning its unit's decision over.

    Attributes
    ----------
    unit : str
    source : str or None
        Whose edge has the weight; None for the unit's bias. Of parallel edges any one is meant.
    change : int or Fraction
        What to add to the weight.
    beyond : bool
        Whether it takes more than that, by however little: a sum of exactly 0 does not fire, so that a unit that is to
        fire has to get past 0, and one that is not to fire need only get there.
    outputs : tuple of str
        The network's outputs that change with the unit.
    """

    unit: str
    source: str | None
    change: Exact
    beyond: bool
    outputs: tuple[str, ...]


def weight_changes(net: Network, values: Values) -> list[WeightChange]:
    """For each weight and bias of the step units, how far it is from turning its unit over, for one input.

    Exact: sums are whole numbers and fractions. A weight on an edge that carries 0 has no say, and is left out.

    Parameters
    ----------
    net : Network
        Of step and table units; inputs may be real. With states, at the first step.
    values : mapping of input name -> value, or a sequence in the order of `net.inputs`

    Returns
    -------
    list of WeightChange
        The smallest change first; among equal ones in the order of the network. The first with `outputs` is the
        smallest change of one number in the network that changes what it says.

    Raises
    ------
    NetworkError, InputError
        As `evaluate`.
    ParameterError
        If the network has a smooth unit: it is never turned over.

    Examples
    --------
    A NAND has 1 to spare where one input is 1, and lacks 1 where both are:

    >>> from circuits import nand
    >>> [(one.source, one.change, one.beyond) for one in weight_changes(nand.network, [1, 0])]
    [('x1', -1, False), (None, -1, False)]
    >>> [(one.source, one.change, one.beyond) for one in weight_changes(nand.network, [1, 1])]
    [('x1', 1, True), ('x2', 1, True), (None, 1, True)]
    """
    order = check(net)
    smooth = next((name for name in net.units if not net.unit(name).activation.binary), None)
    if smooth is not None:
        raise ParameterError(f"unit {smooth!r} is smooth and never turns over; harden the network first")
    told = trace(net, values)
    rank = {node: place for place, node in enumerate(order)}
    found = []
    for node in net.units:
        if net.unit(node).activation is not STEP:
            continue
        z = told.sums[node]
        changed = _outputs_with(net, rank, told.values, told.sums, node)
        terms: dict[str | None, Exact] = {source: exact(told.values[source]) for source, _ in net.fanin(node)}
        for source, value in [*terms.items(), (None, 1)]:
            if value:
                found.append(WeightChange(node, source, _over(-z, value), z <= 0, changed))
    return sorted(found, key=lambda one: size(one.change))


def _over(number: Exact, divisor: Exact) -> Exact:
    return number if divisor == 1 else exact(Fraction(number) / divisor)


def _outputs_with(
    net: Network, rank: dict[str, int], values: dict[str, int | float], sums: dict[str, Exact], node: str
) -> tuple[str, ...]:
    """The outputs that change when one unit turns over: only what changes is followed, in topological order."""
    changed: dict[str, int | float] = {node: 1 - values[node]}
    moved: dict[str, Exact] = {}
    waiting = [(rank[node], node)]
    while waiting:
        _, top = heapq.heappop(waiting)
        if top != node:
            value = net.unit(top).activation(sums[top] + moved[top])
            if value == values[top]:
                continue
            changed[top] = value
        step = exact(changed[top]) - exact(values[top])
        for _, target, weight in net.graph.out_edges(top, data="weight"):
            if target not in moved:
                moved[target] = 0
                heapq.heappush(waiting, (rank[target], target))
            moved[target] = exact(moved[target] + exact(weight) * step)
    return tuple(name for name, target in net.outputs.items() if target in changed)
