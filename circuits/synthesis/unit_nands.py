"""One unit in NANDs: whichever of a few forms is the smallest.

Up to four inputs the truth table decides (`small_nands`). Beyond that a decision diagram over the sums that are still
open is compared with an adder tree (`sums`); a table of wide sums is looked up at the binary sum.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache

from circuits.synthesis import tables
from circuits.synthesis.nand_graph import FALSE, TRUE, Nands, Recipe
from circuits.synthesis.small_nands import WIDEST, monotone, recipes
from circuits.synthesis.sums import count, exceeds
from perceptron.engines.logic import whole_terms
from perceptron.numbers import Number
from perceptron.unit import Table, Unit

OPEN = -1  # in a diagram: not decided yet
BUDGET = 6  # open sums an input, for a diagram that may be the smallest form

Values = tuple[int, ...] | None  # of a table, or None for a step


def lower_unit(nands: Nands, unit: Unit, fanin: Sequence[tuple[int, Number]], *, alike: bool = False) -> int:
    """The literal of a checked step or table unit over the literals that it reads.

    With `alike` a unit of more than four inputs takes the form that units of the same inputs and weights share best,
    which is a diagram where there is one that is not too large.
    """
    terms, bias = whole_terms(unit, fanin)
    total: dict[int, int] = {}
    for literal, weight in terms:
        if literal & 1:  # w (1 - x) = w - w x
            bias += weight
            weight = -weight
        if literal > 1:
            total[literal & ~1] = total.get(literal & ~1, 0) + weight
    # From the heaviest, and equal ones as they come, so that units that read the same share what they can.
    pins = sorted(((pin, weight) for pin, weight in total.items() if weight), key=lambda term: (-abs(term[1]), term[0]))
    values = unit.activation.values if isinstance(unit.activation, Table) else None
    weights = tuple(weight for _, weight in pins)
    if len(pins) <= WIDEST:
        recipe = recipes(_table(weights, bias, values), len(pins), nands.free)[0]
    else:
        recipe = (alike and shareable(weights, bias, values, nands.free)) or smallest(weights, bias, values, nands.free)
    return recipe.place(nands, [pin for pin, _ in pins])


def _table(weights: Sequence[int], bias: int, values: Values) -> int:
    sums = [bias]
    for weight in weights:
        sums += [one + weight for one in sums]
    return tables.of_bits([one > 0 if values is None else values[one] for one in sums])


@lru_cache(maxsize=1 << 12)
def smallest(weights: tuple[int, ...], bias: int, values: Values, free: bool) -> Recipe:
    """The smallest form that is known for a unit of non-zero whole weights.

    Parameters
    ----------
    weights : tuple of int
    bias : int
    values : tuple of int or None
        Those of a table, or None for a step.
    free : bool
        Whether complements cost nothing (see `Nands`).
    """
    return min(forms(weights, bias, values, free), key=lambda recipe: recipe.size)


def forms(weights: tuple[int, ...], bias: int, values: Values, free: bool) -> list[Recipe]:
    """Decision diagrams, if they are not too large, and an adder tree: the forms that `smallest` chooses among."""
    made = []
    for turned in (False, True):
        nands = Nands(len(weights), free=free)
        found = _by_diagram(nands, weights, bias, values, turned=turned)
        if found is not None:
            made.append(Recipe(nands, found))
    nands = Nands(len(weights), free=free)
    made.append(Recipe(nands, _by_sum(nands, weights, bias, values)))
    return made


@lru_cache(maxsize=1 << 12)
def shareable(weights: tuple[int, ...], bias: int, values: Values, free: bool) -> Recipe | None:
    """The diagram of a unit whose branches all have one form, so that another threshold has the same ones."""
    nands = Nands(len(weights), free=free)
    found = _by_diagram(nands, weights, bias, values, turned=False, alike=True)
    return None if found is None else Recipe(nands, found)


def positive(pins: Sequence[int], weights: Sequence[int], bias: int) -> tuple[list[tuple[int, int]], int]:
    """The same sum of positive weights only: w x = w + |w| (1 - x) for a negative one."""
    terms = [(pin ^ (weight < 0), abs(weight)) for pin, weight in zip(pins, weights, strict=True)]
    return terms, bias + sum(weight for weight in weights if weight < 0)


def decision(terms: list[tuple[int, int]], bias: int) -> tuple[list[tuple[int, int]], int, bool] | bool:
    """What a step unit of positive weights asks: whether a sum of terms is more than a threshold, or not more.

    Weights are divided by what they have in common. Of the two ways to ask, about the literals or about their
    complements, the one with the smaller threshold is given.

    Returns
    -------
    (terms, threshold, whether the answer is turned round), or the answer itself
    """
    total = sum(weight for _, weight in terms)
    if bias > 0 or total + bias <= 0:
        return bias > 0
    common = math.gcd(*(weight for _, weight in terms))
    terms = [(literal, weight // common) for literal, weight in terms]
    threshold, total = -bias // common, total // common
    if threshold > total - 1 - threshold:
        return [(literal ^ 1, weight) for literal, weight in terms], total - 1 - threshold, True
    return terms, threshold, False


def _by_sum(nands: Nands, weights: Sequence[int], bias: int, values: Values) -> int:
    terms, bias = positive(nands.inputs, weights, bias)
    if values is None:
        asked = decision(terms, bias)
        if isinstance(asked, bool):
            return int(asked)
        terms, threshold, turned = asked
        return exceeds(nands, terms, threshold).output ^ turned
    found = count(nands, terms)
    wanted = values[bias:] + (0,) * (1 << len(found))
    places = [(digit, 1 << place) for place, digit in enumerate(found)][::-1]
    return diagram(nands, places, 0, wanted[: 1 << len(found)], budget=math.inf, turned=False) or FALSE


def _by_diagram(
    nands: Nands, weights: Sequence[int], bias: int, values: Values, *, turned: bool, alike: bool = False
) -> int | None:
    terms, bias = positive(nands.inputs, weights, bias)
    return diagram(nands, terms, bias, values, budget=64 + BUDGET * len(weights), turned=turned, alike=alike)


def diagram(
    nands: Nands,
    terms: Sequence[tuple[int, int]],
    bias: int,
    values: Values,
    *,
    budget: float,
    turned: bool,
    alike: bool = False,
) -> int | None:
    """A decision diagram over the partial sums of terms of positive weights; None past a budget of open sums.

    Parameters
    ----------
    turned : bool
        Whether the complement of the result is what comes without a NOT.
    alike : bool
        Whether every branch has the same form, whatever its readers ask for.
    """
    rest = [0]  # what the terms after each level can still add
    for _, weight in reversed(terms):
        rest.append(rest[-1] + weight)
    rest.reverse()
    ones = [0]
    for value in values or ():
        ones.append(ones[-1] + value)

    def decided(level: int, z: int) -> int:
        most = z + rest[level]
        if values is None:
            return TRUE if z > 0 else FALSE if most <= 0 else OPEN
        fired = ones[most + 1] - ones[z]
        return FALSE if fired == 0 else TRUE if fired == most + 1 - z else OPEN

    levels: list[dict[int, int]] = [{bias: decided(0, bias)}]
    turns: list[dict[int, bool]] = [{bias: turned}]  # which form of each node is asked for first
    for level, (_, weight) in enumerate(terms):
        following: dict[int, int] = {}
        asked: dict[int, bool] = {}
        for z, value in levels[level].items():
            if value == OPEN:
                budget -= 1
                own = turns[level][z]
                # A branch of a step reads the upper side as it is and the lower one turned round.
                for one, form in ((z, own if values is not None else True), (z + weight, values is not None and own)):
                    following.setdefault(one, decided(level + 1, one))
                    asked.setdefault(one, form)
        if budget < 0:
            return None
        levels.append(following)
        turns.append(asked)
    for level in range(len(terms) - 1, -1, -1):
        literal, weight = terms[level]
        below = levels[level + 1]
        for z, value in levels[level].items():
            if value == OPEN:
                low, high, form = below[z], below[z + weight], turns[level][z] and not alike
                if values is None and high != low:
                    levels[level][z] = monotone(nands, literal, high, low, turned=form)
                else:
                    levels[level][z] = nands.mux(literal, high, low, turned=form)
    return levels[0][bias]
