"""Hidden units in NANDs: of the forms of each the one that adds the fewest to those that are there."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from circuits.synthesis import tables
from circuits.synthesis.classifier.totals import exceed
from circuits.synthesis.nand_graph import FALSE, TRUE, Nands, Recipe
from circuits.synthesis.small_nands import WIDEST, recipes
from circuits.synthesis.sums import Trace
from circuits.synthesis.threshold import decide
from circuits.synthesis.unit_nands import decision, forms, positive

ALONE = 8  # inputs up to which forms of a unit by itself are tried
EXHAUSTIVE = 16  # inputs up to which a unit is proved by trying all values


class Layer(NamedTuple):
    """The units of one layer.

    Attributes
    ----------
    literals : list of int
        What each unit says; 0 for those that nothing reads.
    traces : dict of int -> Trace
        How the wide units were added up: the output of the trace or, where `turned` says so, its complement is the
        literal.
    turned : dict of int -> bool
    """

    literals: list[int]
    traces: dict[int, Trace]
    turned: dict[int, bool]


class Trial:
    """A graph of NANDs on which forms are placed to see how many NANDs each would add."""

    def __init__(self, nands: Nands):
        self.nands = nands
        self.turned: set[int] = set()  # complements that are read

    def cost(self, recipe: Recipe, pins: Sequence[int]) -> int:
        """How many NANDs a recipe adds, a NOT of its result not counted; nothing is kept."""
        first = len(self.nands)
        recipe.place(self.nands, pins)
        new = self._read(first)
        added = len(self.nands) - first + len(new - self.turned)
        self._undo(first)
        return added

    def keep(self, recipe: Recipe, pins: Sequence[int]) -> int:
        """Place a recipe for good."""
        first = len(self.nands)
        literal = recipe.place(self.nands, pins)
        self.turned |= self._read(first)
        return literal

    def _read(self, first: int) -> set[int]:
        left, right = self.nands.left, self.nands.right
        start = first - self.nands.first
        return {one for side in (left[start:], right[start:]) for one in side if one & 1}

    def _undo(self, first: int) -> None:
        nands = self.nands
        start = first - nands.first
        for key in zip(nands.left[start:], nands.right[start:], strict=True):
            del nands.known[key]
        del nands.left[start:], nands.right[start:]


def lower_layer(
    nands: Nands, below: Sequence[int], weights: np.ndarray, biases: np.ndarray, needed: Iterable[bool]
) -> Layer:
    """The units of a layer over the literals below it.

    Parameters
    ----------
    nands : Nands
    below : sequence of int
        Literals.
    weights : (units, below) whole numbers
    biases : (units,)
    needed : (units,)
        Whether anything reads a unit.
    """
    made = Layer([FALSE] * len(biases), {}, {})
    trial = Trial(nands)
    together: dict[int, tuple[list[tuple[int, int]], int]] = {}
    wide: set[int] = set()
    for unit, (row, bias, wanted) in enumerate(zip(weights, biases.tolist(), needed, strict=True)):
        if not wanted:
            continue
        places = np.flatnonzero(row).tolist()
        pins, sizes, least = merged([below[at] for at in places], row[places].tolist(), bias)
        asked = decision(*positive(pins, sizes, least))
        if isinstance(asked, bool):
            made.literals[unit] = TRUE if asked else FALSE
        elif len(pins) > ALONE:
            together[unit], made.turned[unit] = (asked[0], asked[1]), asked[2]
            if len(pins) > EXHAUSTIVE:
                wide.add(unit)
        else:
            best = min(_forms(tuple(sizes), least), key=lambda recipe: trial.cost(recipe, pins))
            made.literals[unit] = trial.keep(best, pins)
    for unit, trace in zip(together, exceed(nands, list(together.values())), strict=True):
        made.literals[unit] = trace.output ^ made.turned[unit]
        if unit in wide:
            made.traces[unit] = trace
    return made


def literals_of(trace: Trace) -> list[int]:
    """The nodes that the steps of a trace speak about, as literals."""
    made = [one for cell in trace.cells for one in (*cell.operands, cell.sum or FALSE, cell.carry)]
    made += [one for one, _ in (*trace.terms, *trace.left)] + trace.over
    return [one for one in dict.fromkeys(one & ~1 for one in made) if one]


def moved_trace(trace: Trace, new: Callable[[int], int]) -> Trace:
    """A trace by the literals of another graph."""
    return Trace(
        [(new(one), weight) for one, weight in trace.terms],
        trace.threshold,
        [
            cell._replace(
                operands=tuple(new(one) for one in cell.operands),
                sum=None if cell.sum is None else new(cell.sum),
                carry=new(cell.carry),
            )
            for cell in trace.cells
        ],
        trace.place,
        [new(one) for one in trace.over],
        [(new(one), weight) for one, weight in trace.left],
        new(trace.output),
    )


def merged(literals: Sequence[int], weights: Sequence[int], bias: int) -> tuple[list[int], list[int], int]:
    """The same sum over nodes that are all different, none a constant, from the heaviest on."""
    total: dict[int, int] = {}
    for literal, weight in zip(literals, weights, strict=True):
        if literal & 1:  # w (1 - x) = w - w x
            bias += weight
            weight = -weight
        if literal > TRUE:
            total[literal & ~1] = total.get(literal & ~1, 0) + weight
    terms = sorted(((pin, one) for pin, one in total.items() if one), key=lambda term: (-abs(term[1]), term[0]))
    return [pin for pin, _ in terms], [one for _, one in terms], bias


@lru_cache(maxsize=1 << 14)
def _forms(weights: tuple[int, ...], bias: int) -> tuple[Recipe, ...]:
    """Forms of a unit and of its complement, over pins in this order."""
    if len(weights) > WIDEST:
        made = forms(weights, bias, None, False)
        sizes, shifted = _least(tuple(map(abs, weights)), bias + sum(weight for weight in weights if weight < 0))
        least = {
            pin: size if weight > 0 else -size for pin, (size, weight) in enumerate(zip(sizes, weights, strict=True))
        }
        pins = sorted((pin for pin in least if least[pin]), key=lambda pin: (-abs(least[pin]), pin))
        own = [least[pin] for pin in pins]
        if own != list(weights):
            for recipe in _forms(tuple(own), shifted - sum(weight for weight in own if weight < 0)):
                nands = Nands(len(weights))
                made.append(Recipe(nands, recipe.place(nands, [nands.inputs[pin] for pin in pins])))
        return tuple(made)
    table, everywhere = tables.fires(weights, bias), tables.full(len(weights))
    if table in (0, everywhere):
        return (Recipe(Nands(len(weights)), TRUE if table else FALSE),)
    found = list(recipes(table, len(weights), False))
    for recipe in recipes(everywhere ^ table, len(weights), False):
        nands = Nands(len(weights))
        found.append(Recipe(nands, recipe.place(nands, nands.inputs) ^ 1))
    return tuple(found)


@lru_cache(maxsize=1 << 14)
def _least(sizes: tuple[int, ...], bias: int) -> tuple[tuple[int, ...], int]:
    """The least positive weights that decide the same: equal ones are added up for less."""
    found = decide(tables.fires(sizes, bias), len(sizes))
    assert found is not None, "the old weights would do"
    return tuple(found[0]), found[1]
