"""How little changes a decision: the fewest inputs, and the smallest change of one weight or bias.

A small change of a perceptron's weights can turn its output over completely: that is the chapter's reason for the
sigmoid neuron. Here is where, and by how much.
"""

from __future__ import annotations

import heapq
import math
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations, islice

import numpy as np
from numpy.typing import NDArray

from perceptron.arguments import require_names, require_seconds, require_whole
from perceptron.check import check
from perceptron.engines import as_tape
from perceptron.engines.bits import BitProgram
from perceptron.engines.logic import FALSE, Logic
from perceptron.equivalence.exhaustive import first_set
from perceptron.equivalence.folding import Folding
from perceptron.equivalence.shrink import shrink
from perceptron.equivalence.solver import Effort, Solver
from perceptron.errors import ParameterError
from perceptron.evaluate import Values, assignment, evaluate, trace
from perceptron.network import Network
from perceptron.numbers import Exact, exact, size
from perceptron.unit import STEP, Unit

_TRIED = 1 << 18  # sets of inputs of one size, up to which they are all tried, whatever the time
_RATE = 1 << 30  # operations on 64 sets at once that take about a second
_PATIENCE = 120.0  # seconds left, at most, by which it is decided whether to try all sets of a size
_CELLS = 1 << 26  # sets tried at once, times inputs
_CONFLICTS = 1 << 62


@dataclass(frozen=True)
class Sensitivity:
    """How many inputs have to turn over for the outputs to change.

    Attributes
    ----------
    inputs : tuple of str, or None
        A set of inputs whose turning changes an output, and none of which can be left out; None where none was found.
    at_least : int
        No smaller set does. The set is a smallest one if it has this size. Without a set: none of fewer than so many
        inputs does.
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
    net: Network,
    values: Values,
    *,
    outputs: Iterable[str] | None = None,
    among: Iterable[str] | None = None,
    at_most: int | None = None,
    limit: float | None = 60.0,
) -> Sensitivity:
    """The fewest inputs whose turning over changes an output of a 0/1 network.

    Where the outputs are perceptrons of the inputs themselves, those that move a sum most are turned until it is over:
    no search. Otherwise sets of one input are tried, then of two, and so on, 64 of a size at once. From the size on of
    which there are more than 2**18, a SAT solver looks for any set, which is made small; and then size by size for a
    smaller one, unless to try all is expected to take less than half of the time that is left. That at most r inputs
    turn is, by the way, a perceptron: weights -1 on the turns and bias r + 1.

    Parameters
    ----------
    net : Network
        Of 0 and 1, without states.
    values : mapping of input name -> value, or a sequence in the order of `net.inputs`
        Where to start from.
    outputs : names, optional
        The outputs that count; all of them by default.
    among : names, optional
        The inputs that may turn; all of them by default. `constant` then speaks about these alone.
    at_most : int, optional
        Larger sets are not looked for.
    limit : float or None, default 60
        Seconds for sizes of more than 2**18 sets and for the solver, roughly; None for no limit.

    Returns
    -------
    Sensitivity
        Confirmed by `evaluate`.

    Raises
    ------
    NetworkError, InputError
        As `evaluate`.
    ParameterError
        If the network has states or other values than 0 and 1, there is no such output or input or none is named,
        `at_most` is no whole number of at least 1, or `limit` is negative or no number.

    Examples
    --------
    >>> from circuits import majority
    >>> net = majority.circuit.network
    >>> sensitivity(net, [1, 1, 1])
    Sensitivity(inputs=('x1', 'x2'), at_least=2, outputs=('out',), constant=False)
    """
    tape = as_tape(net)
    wanted = tuple(tape.outputs)
    if outputs is not None:
        wanted = require_names("outputs", "output", outputs, tape.outputs)
    free = tape.inputs
    if among is not None:
        chosen = set(require_names("among", "input", among, tape.inputs))
        free = tuple(name for name in tape.inputs if name in chosen)
    if at_most is not None:
        at_most = require_whole("at_most", at_most, 1, cure="at least 1 input, or None for any number")
    limit = require_seconds("limit", limit)
    if tape.states or not tape.binary().all():
        raise ParameterError("the network has states, or other values than 0 and 1; give one of step and table units")
    start = assignment(net, values, {})
    before = evaluate(net, start)
    logic = Folding(len(free))
    turns = dict(zip(free, logic.inputs, strict=True))
    literals = logic.trace(tape, [turns.get(name, FALSE) ^ int(start[name]) for name in tape.inputs])
    differ = FALSE
    for name in wanted:
        differ = logic.or_(differ, literals[tape.outputs[name]] ^ int(before[name]))
    if differ == FALSE:
        return Sensitivity(None, len(free) + 1, (), constant=True)
    most = len(free) if at_most is None else min(at_most, len(free))
    found = _by_weights(net, wanted, free, start)
    at_least = 0 if found is None else sum(found)
    if found is None:
        found, at_least = _fewest(logic, differ, most, limit)
    if found is None or sum(found) > most:
        return Sensitivity(None, at_least, (), at_least > len(free))
    named = tuple(name for name, turn in zip(free, found, strict=True) if turn)
    turned = start | {name: 1 - start[name] for name in named}
    after = evaluate(net, turned)
    changed = tuple(name for name in wanted if after[name] != before[name])
    if not changed:
        raise AssertionError(f"the engine disagrees with evaluate on {turned}: please report this")
    return Sensitivity(named, at_least, changed)


def _by_weights(net: Network, wanted: Sequence[str], free: Sequence[str], start: Values) -> list[int] | None:
    """The fewest turns that change an output, where each is a step unit of nothing but inputs; None elsewhere.

    Each turn moves a sum by its weight, whatever else is turned; so those that move it furthest towards its other side
    are the fewest.
    """
    inputs, place = set(net.inputs), {name: at for at, name in enumerate(free)}
    nodes = [net.outputs[name] for name in wanted]
    if any(node in inputs or net.unit(node).activation is not STEP for node in nodes):
        return None
    if any(source not in inputs for node in nodes for source, _ in net.fanin(node)):
        return None
    told = trace(net, start)
    best: list[int] | None = None
    for node in nodes:
        moves: dict[str, Exact] = {}
        for source, weight in net.fanin(node):
            if source in place:
                moves[source] = moves.get(source, 0) + exact(weight) * (-1 if told.values[source] else 1)
        total, way = told.sums[node], -1 if told.sums[node] > 0 else 1
        turns = [0] * len(place)
        for source, move in sorted(moves.items(), key=lambda item: -way * item[1]):
            if (total > 0) != (way < 0) or move * way <= 0:
                break
            turns[place[source]] = 1
            total += move
        if (total > 0) == (way > 0) and (best is None or sum(turns) < sum(best)):
            best = turns
    return best


def _fewest(logic: Logic, literal: int, most: int, limit: float | None) -> tuple[list[int] | None, int]:
    """As few ones among the inputs as make a literal 1, up to so many; and a number of them below which none do."""
    count = len(logic.inputs)
    program = BitProgram(logic, [literal])
    ones = 1
    while ones <= most and math.comb(count, ones) <= _TRIED:
        answer = _try(program, ones, math.inf)
        if isinstance(answer, list):
            return answer, ones
        ones += 1
    if ones > most:
        return None, ones
    deadline = math.inf if limit is None else time.perf_counter() + limit
    solver = Solver(logic, Effort())
    some = solver.differ(literal, FALSE, _CONFLICTS, deadline)
    if not isinstance(some, list):
        return None, ones if some is None else count + 1
    best = shrink(logic, literal, some)
    while ones < min(sum(best), most + 1):
        seconds = math.comb(count, ones) * len(logic.kind) / 64 / _RATE
        if 2 * seconds < min(_PATIENCE, deadline - time.perf_counter()):
            answer = _try(program, ones, deadline)
        else:
            few = logic.and_(literal, logic.unit(Unit(ones + 1), [(turn, -1) for turn in logic.inputs]))
            answer = solver.differ(few, FALSE, _CONFLICTS, deadline)
        if isinstance(answer, list):
            return answer, ones
        if answer is None:
            break
        ones += 1
    return best, ones


def _try(program: BitProgram, ones: int, deadline: float) -> list[int] | bool | None:
    """A set of so many inputs whose turning makes the output 1; False where there is none, None where time was up."""
    count = program.inputs
    for chosen in _sets(count, ones, max(64, _CELLS // count)):
        at = first_set(program.words(_rows(chosen, count))[0])
        if at is not None and at < len(chosen):
            places = set(chosen[at].tolist())
            return [int(place in places) for place in range(count)]
        if time.perf_counter() > deadline:
            return None
    return False


def _sets(count: int, ones: int, block: int) -> Iterator[NDArray[np.intp]]:
    """All sets of so many of 0 .. count - 1, as rows in lexical order, about a block at a time."""
    firsts = combinations(range(count - 1), ones - 1)
    while begun := list(islice(firsts, max(1, block // count))):
        starts = np.array(begun, dtype=np.intp).reshape(len(begun), ones - 1)
        next_ = starts[:, -1] + 1 if ones > 1 else np.zeros(1, dtype=np.intp)
        more = count - next_
        last = np.arange(more.sum()) - np.repeat(more.cumsum() - count, more)
        yield np.column_stack([np.repeat(starts, more, axis=0), last])


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
    changed = _outputs_changed(net, order, told.values, told.sums)
    found = []
    for node in net.units:
        if net.unit(node).activation is not STEP:
            continue
        z = told.sums[node]
        terms: dict[str | None, Exact] = {source: exact(told.values[source]) for source, _ in net.fanin(node)}
        for source, value in [*terms.items(), (None, 1)]:
            if value:
                found.append(WeightChange(node, source, _over(-z, value), z <= 0, changed[node]))
    return sorted(found, key=lambda one: size(one.change))


def _over(number: Exact, divisor: Exact) -> Exact:
    return number if divisor == 1 else exact(Fraction(number) / divisor)


def _outputs_changed(
    net: Network, order: Sequence[str], values: dict[str, int | float], sums: dict[str, Exact]
) -> dict[str, tuple[str, ...]]:
    """For each unit the outputs that change when it turns over.

    Only what changes is followed, in topological order, and only until all of it goes through one unit: what that one
    does is known, as units are looked at from the last to the first. So a chain takes a step a unit.
    """
    rank = {node: place for place, node in enumerate(order)}
    outputs: dict[str, list[int]] = {}
    for place, target in enumerate(net.outputs.values()):
        outputs.setdefault(target, []).append(place)
    found: dict[str, list[int]] = {}  # the places of the outputs
    units = set(net.units)
    for node in reversed(order):
        if node not in units:
            continue
        reached: list[int] = []
        moved: dict[str, Exact] = {}
        waiting = [(rank[node], node)]
        while waiting:
            _, top = heapq.heappop(waiting)
            before = values[top]
            after = 1 - before if top == node else net.unit(top).activation(sums[top] + moved[top])
            if after == before:
                continue
            if top != node and not waiting:
                reached = sorted({*reached, *found[top]}) if reached else found[top]
                break
            reached += outputs.get(top, ())
            step = exact(after) - exact(before)
            for _, target, weight in net.graph.out_edges(top, data="weight"):
                if target not in moved:
                    moved[target] = 0
                    heapq.heappush(waiting, (rank[target], target))
                moved[target] = exact(moved[target] + exact(weight) * step)
        found[node] = reached
    names = tuple(net.outputs)
    return {node: tuple(names[place] for place in sorted(places)) for node, places in found.items()}
