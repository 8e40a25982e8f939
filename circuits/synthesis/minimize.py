"""minimize_weights: every perceptron with the least whole weights that decide the same.

x1 --(7)--> (-9) <--(5)-- x2      becomes      x1 --(1)--> (-1) <--(1)-- x2
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from typing import overload

import numpy as np
from numpy.typing import NDArray

from circuits.synthesis import tables
from circuits.synthesis.reachable import Reachable
from circuits.synthesis.threshold import decide
from circuits.synthesis.weights import least_weights
from perceptron import STEP, Network, Unit
from perceptron.engines import as_tape
from perceptron.engines.logic import whole_terms
from perceptron.rewrite import rebuild
from perceptron.tape import Tape

TABLE = 10  # sources up to which the truth table is made
KINDS = 128  # different weights up to which a wider unit is compared with itself
SUMS = 1 << 16  # and pairs of an old and a new sum
SHARES = 64  # points that are added to the program of a wider unit at once

Terms = tuple[tuple[int, ...], int]  # weights and bias


@overload
def minimize_weights(net: Network, *, reachable: bool = False) -> Network: ...


@overload
def minimize_weights(net: Tape, *, reachable: bool = False) -> Tape: ...


def minimize_weights(net: Network | Tape, *, reachable: bool = False) -> Network | Tape:
    """Give every step unit the whole weights of the least sum of sizes; the function stays the same.

    Parallel edges become one, and edges that do not matter go. The bias is the one nearest to 0. Step units that read
    other values than 0 and 1, table units and smooth units stay as they are. Without `reachable` doing it twice
    changes nothing more.

    Parameters
    ----------
    net : Network or Tape
    reachable : bool, default False
        Whether a unit may change where the values of its sources never occur together. Which of them do is found by
        trying all values of up to 12 nodes that the sources depend on, with up to 128 units between: exactly if
        these are the inputs, otherwise more may count than can occur, which is safe. Every node keeps its value for
        every input. It takes about a millisecond a unit.

    Returns
    -------
    Network or Tape
        As the argument, with the same nodes and names. Weights are least for up to ten sources (eight with values
        that never occur); for wider units of few different weights and sums, among those that leave equal weights
        equal; others are divided by their common factor.

    Raises
    ------
    NetworkError
        If the network is not valid.

    Examples
    --------
    >>> from perceptron import Network, Unit
    >>> net = Network("and")
    >>> net.output("y", net.add(Unit(-9), [(net.input("x1"), 7), (net.input("x2"), 5)], name="y"))
    >>> smaller = minimize_weights(net)
    >>> smaller.unit("y"), smaller.fanin("y")
    (Unit(bias=-1, activation=STEP), [('x1', 1), ('x2', 1)])
    """
    tape = as_tape(net)
    tape.check()
    starts, sources, cells = tape.starts.tolist(), tape.sources.tolist(), tape.cell_numbers.tolist()
    binary = tape.binary().tolist()
    occur = Reachable(tape) if reachable else None
    known: dict[object, Terms] = {}
    made: dict[int, tuple[Unit, list[tuple[int, int]]]] = {}
    for node, number in enumerate(cells):
        read = sources[starts[node] : starts[node + 1]]
        if number < 0 or tape.cells[number].unit.activation is not STEP or not all(binary[one] for one in read):
            continue
        cell = tape.cells[number]
        terms, bias = whole_terms(cell.unit, list(zip(read, cell.weights, strict=True)))
        leaves, weights = [leaf for leaf, _ in terms], tuple(weight for _, weight in terms)
        rows = occur.rows(leaves) if occur is not None else None
        key = (weights, bias, rows)
        if key not in known:
            known[key] = _least(weights, bias) if rows is None else _least_on(weights, bias, rows)
        weights, bias = known[key]
        made[node] = Unit(bias), [(leaf, weight) for leaf, weight in zip(leaves, weights, strict=True) if weight]
    return _with(net, made) if isinstance(net, Tape) else _with_names(net, tape, made)


def _with_names(net: Network, tape: Tape, made: dict[int, tuple[Unit, list[tuple[int, int]]]]) -> Network:
    by_name = {
        tape.names[node]: (unit, [(tape.names[leaf], weight) for leaf, weight in edges])
        for node, (unit, edges) in made.items()
    }
    return rebuild(net, lambda node, unit, fanin: by_name.get(node, (unit, fanin)))


def _with(tape: Tape, made: dict[int, tuple[Unit, list[tuple[int, int]]]]) -> Tape:
    new = Tape(tape.name)
    starts, sources = tape.starts.tolist(), tape.sources.tolist()
    for node, number in enumerate(tape.cell_numbers.tolist()):
        name = tape.name_of(node)
        if node in tape.states:
            new.state(str(name), tape.states[node].initial)
        elif number < 0:
            new.input(str(name), real=tape.takes_real(node))
        elif node in made:
            new.add(*made[node], name)
        else:
            cell = tape.cells[number]
            new.add(cell.unit, zip(sources[starts[node] : starts[node + 1]], cell.weights, strict=True), name)
    for name, node in tape.outputs.items():
        new.output(name, node)
    for node, state in tape.states.items():
        if state.next is not None:
            new.feedback(node, state.next)
    return new


def _least(weights: tuple[int, ...], bias: int) -> Terms:
    """The least weights of a perceptron all of whose inputs can be anything."""
    width = len(weights)
    if width <= TABLE:
        found = decide(tables.fires(weights, bias), width)
        assert found is not None
        return tuple(found[0]), found[1]
    weights, bias = _divided(weights, bias)
    kinds = Counter(abs(weight) for weight in weights)
    sizes = sorted(kinds, reverse=True)
    counts = [kinds[one] for one in sizes]
    # Negative weights count complements meanwhile: w x = w - w (1 - x).
    shifted = bias + sum(weight for weight in weights if weight < 0)
    found = _by_points(sizes, counts, shifted)
    if found is None or _total(found[0], counts) >= _total(sizes, counts):
        return weights, bias
    less = dict(zip(sizes, found[0], strict=True))
    new = tuple(less[abs(weight)] * (1 if weight > 0 else -1) for weight in weights)
    return new, found[1] - sum(weight for weight in new if weight < 0)


def _total(sizes: Sequence[int], counts: Sequence[int]) -> int:
    return sum(size * count for size, count in zip(sizes, counts, strict=True))


def _divided(weights: tuple[int, ...], bias: int) -> Terms:
    """Divided by the common factor of the weights; a bias between two multiples goes down to the lower."""
    factor = math.gcd(*weights) or 1
    # Sums are multiples of the factor: s > -bias is s / factor > floor(-bias / factor).
    return tuple(weight // factor for weight in weights), -(-bias // factor)


def _by_points(sizes: list[int], counts: list[int], bias: int) -> tuple[list[int], int] | None:
    """The least weights in falling order, from a program of ever more of the points that matter; None if too many.

    Pins of one weight keep one weight, so a point says how many of each kind are 1.
    """
    kinds = len(sizes)
    if bias > 0 or _total(sizes, counts) + bias <= 0:
        return [0] * kinds, int(bias > 0)
    if kinds > KINDS or _differences(sizes, counts, bias, [0] * kinds, 1) is None:
        return None
    true, false = [counts], [[0] * kinds]
    while True:
        found = least_weights(
            np.array(true), np.array(false), falls=np.zeros(kinds, dtype=np.int64), counts=np.array(counts)
        )
        assert found is not None, "the old weights would do"
        wrong = _differences(sizes, counts, bias, *found)
        if wrong is None:
            return None
        if not wrong:
            return found
        for point, fires in wrong:
            (true if fires else false).append(point)


def _differences(
    sizes: Sequence[int], counts: Sequence[int], bias: int, weights: Sequence[int], new_bias: int
) -> list[tuple[list[int], bool]] | None:
    """Points on which two perceptrons differ, and what the first says; None if there are too many pairs of sums.

    Pairs of sums that are both over 0 for good, or can both not get there any more, are not followed.
    """
    levels: list[dict[tuple[int, int], int]] = [{(bias, new_bias): 0}]  # pair of sums -> the fewest of a kind it takes
    rest, new_rest = _total(sizes, counts), _total(weights, counts)
    for size, count, weight in zip(sizes, counts, weights, strict=True):
        rest, new_rest = rest - size * count, new_rest - weight * count
        reached = dict.fromkeys(levels[-1], 0)
        last = list(reached)
        for used in range(1, count + 1):
            following = [(old + size, new + weight) for old, new in last]
            last = [pair for pair in following if pair not in reached and min(pair) <= 0]
            reached.update(dict.fromkeys(last, used))
            if len(reached) > SUMS:
                return None
        levels.append({pair: used for pair, used in reached.items() if pair[0] + rest > 0 or pair[1] + new_rest > 0})
    found = []
    for pair in levels[-1]:
        if (pair[0] > 0) == (pair[1] > 0):
            continue
        point, (old, new) = [0] * len(sizes), pair
        for at in range(len(sizes) - 1, -1, -1):
            point[at] = levels[at + 1][old, new]
            old, new = old - point[at] * sizes[at], new - point[at] * weights[at]
        found.append((point, pair[0] > 0))
        if len(found) == SHARES:
            break
    return found


def _least_on(weights: tuple[int, ...], bias: int, rows: bytes) -> Terms:
    """The least weights that do the same in the rows that occur, given as bits."""
    points = _points(rows, len(weights))
    fires = points @ np.array(weights, dtype=object) + bias > 0 if len(weights) else np.array([bias > 0] * len(points))
    fires = fires.astype(bool)
    found = least_weights(points[fires], points[~fires])
    if found is None or sum(map(abs, found[0])) > sum(map(abs, weights)):
        return weights, bias
    return tuple(found[0]), found[1]


def _points(rows: bytes, width: int) -> NDArray[np.int64]:
    numbers = np.flatnonzero(np.unpackbits(np.frombuffer(rows, np.uint8), bitorder="little"))
    bits: NDArray[np.int64] = numbers[:, None] >> np.arange(width) & 1
    return bits
