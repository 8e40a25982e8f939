"""find_threshold: the perceptron of the least weights that computes a function, or the proof that there is none.

    0 0 0 1  (AND)   becomes   x1 --(1)--> [-1] <--(1)-- x2
    0 1 1 0  (XOR)   becomes   None: 01 + 10 = 00 + 11

Three filters come before any linear program. Each input must pull one way only. Then *Chow's parameters*, counted
from the table, decide: two functions that share them are equal if one of them is a threshold function, and their
order is that of the weights. So what is once known for sorted parameters holds for every function that has them,
whatever the order of its inputs and whichever of them are negated, and is kept.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from circuits.definition import Circuit
from circuits.gates import Gate
from circuits.synthesis import tables
from circuits.synthesis.certificate import PAIRS, Summability, equal_pairs, summability
from circuits.synthesis.weights import Points, least_weights, nearest_bias
from perceptron import InputError, Network, ParameterError, Tape, TruthTable, truth_table
from perceptron.arguments import require_whole

Table = Sequence[int] | TruthTable | Network | Tape | Circuit | Gate
KEPT = 6  # inputs that matter up to which answers are kept


@dataclass(frozen=True, slots=True)
class Perceptron:
    """Whole weights, one for each input in order, and a bias: it fires if w.x + bias > 0.

    Examples
    --------
    >>> Perceptron((1, 1), -1)(1, 1), Perceptron((1, 1), -1).table
    (1, (0, 0, 0, 1))
    """

    weights: tuple[int, ...]
    bias: int

    def __call__(self, *values: int) -> int:
        """1 if w.x + bias > 0, else 0.

        Raises
        ------
        InputError
            If there is not one value for each weight.
        """
        if len(values) != len(self.weights):
            raise InputError(f"{len(values)} values given for {len(self.weights)} weights; give one for each")
        return int(sum(w * x for w, x in zip(self.weights, values, strict=True)) + self.bias > 0)

    @property
    def table(self) -> tuple[int, ...]:
        """Its truth table, in counting order."""
        width = len(self.weights)
        number = tables.fires(self.weights[::-1], self.bias)
        return tuple(number >> row & 1 for row in range(1 << width))


def find_threshold(table: Table) -> Perceptron | None:
    """The perceptron of the least whole weights that computes a Boolean function, or None if none does.

    Least is the sum of the weights' sizes; inputs that do not matter weigh 0. Of the biases that go with these
    weights the one nearest to 0 is taken; sums of exactly 0 do not fire.

    Parameters
    ----------
    table : sequence of 2**n values 0 and 1, TruthTable, Network, Tape, Circuit or Gate
        In counting order, the first input slowest; or something with one output.

    Returns
    -------
    Perceptron or None
        Its weights are checked against the whole table; None is proved by `find_summability`. Up to six inputs
        that takes microseconds once functions of the same Chow parameters have been seen, a few milliseconds
        otherwise; about 0.1 s for ten inputs.

    Raises
    ------
    ParameterError
        If the table is not of 2**n values 0 and 1, or there is not exactly one output.

    Examples
    --------
    >>> find_threshold([0, 0, 0, 1])
    Perceptron(weights=(1, 1), bias=-1)
    >>> find_threshold([0, 0, 0, 1, 0, 1, 1, 1])
    Perceptron(weights=(1, 1, 1), bias=-1)
    >>> find_threshold([0, 1, 1, 0]) is None
    True

    References
    ----------
    S. Muroga, Threshold Logic and Its Applications, Wiley, 1971. R. O. Winder, Threshold Logic, Princeton, 1962.
    R. Zhang, P. Gupta, L. Zhong, N. K. Jha, Threshold network synthesis and optimization and its application to
    nanotechnologies, IEEE Trans. CAD 24 (2005), for the whole-number program.
    """
    number, width = _number(table)
    found = decide(number, width)
    return None if found is None else Perceptron(tuple(found[0][::-1]), found[1])


def find_summability(table: Table) -> Summability | None:
    """The proof that no perceptron computes a function, or None for a threshold function.

    Parameters
    ----------
    table
        As for `find_threshold`; exactly one of the two gives None.

    Raises
    ------
    ParameterError
        As `find_threshold`.

    Examples
    --------
    >>> find_summability([0, 1, 1, 0])
    Summability(true=((0, 1), (1, 0)), false=((0, 0), (1, 1)))
    """
    return summability(*_number(table))


def threshold_functions(inputs: int) -> Iterator[tuple[int, ...]]:
    """Every threshold function of so many inputs, as its truth table in counting order.

    There are 2, 4, 14, 104, 1,882 and 94,572 of 0 to 5 inputs, and 15,028,134 of 6 (OEIS A000609). Functions whose
    inputs all pull upwards are put together from two of one input less, each at most the other; then inputs are
    negated. Five inputs take a second, six some minutes.

    Raises
    ------
    ParameterError
        If `inputs` is not a whole number of at least 0.

    Examples
    --------
    >>> len(list(threshold_functions(3)))
    104
    """
    inputs = require_whole("inputs", inputs, 0)
    rising = [0, 1]
    for width in range(1, inputs + 1):
        half = 1 << (width - 1)
        joined = (low | high << half for low in rising for high in rising if not low & ~high)
        rising = [table for table in joined if decide(table, width) is not None]
    for table in rising:
        for turned in _negations(table, inputs):
            yield tuple(turned >> row & 1 for row in range(1 << inputs))


def _negations(table: int, width: int) -> list[int]:
    """The table with each choice of inputs negated that makes a difference."""
    made = [table]
    for place, column in enumerate(tables.columns(width)):
        low, high = tables.halves(table, width, place)
        if low != high:
            shift = 1 << place
            made += [(one & column) >> shift | (one & ~column) << shift for one in made]
    return made


def _number(table: Table) -> tuple[int, int]:
    """The table as a number, and how many inputs it has."""
    if isinstance(table, Circuit | Gate):
        table = table.network
    if isinstance(table, Network | Tape):
        table = truth_table(table)
    try:
        values = np.asarray(table.outputs if isinstance(table, TruthTable) else table)
    except ValueError:
        raise ParameterError(
            "the truth table has rows of different lengths; give 2**n values for n inputs, or a network or circuit"
        ) from None
    if values.ndim == 2:
        if values.shape[1] != 1:
            raise ParameterError(f"the function has {values.shape[1]} outputs; give one with a single output")
        values = values[:, 0]
    if values.ndim == 0:
        raise ParameterError(f"{table!r} is no truth table; give 2**n values for n inputs, or a network or circuit")
    width = len(values).bit_length() - 1 if values.ndim == 1 else -1
    if width < 0 or len(values) != 1 << width:
        raise ParameterError(f"a truth table of the shape {values.shape} is given; give 2**n values for n inputs")
    wrong = ~np.isin(values, (0, 1))
    if wrong.any():
        at = int(np.argmax(wrong))
        raise ParameterError(f"the truth table has the value {values.tolist()[at]!r} in row {at}; give 0 or 1")
    return tables.of_bits(values.astype(np.uint8).tolist()), width


# --- on numbers; weights by place

_Known = tuple[list[int], int, int]  # weights, the least sum that fires and the greatest that does not
_known: dict[tuple[int, ...], _Known | None] = {}


def decide(table: int, width: int) -> tuple[list[int], int] | None:
    """(weights by place, bias) of a table (see `circuits.synthesis.tables`), or None."""
    if table in (0, tables.full(width)):
        return [0] * width, int(table > 0)
    places = []
    for place in range(width):
        low, high = tables.halves(table, width, place)
        if high & ~low and low & ~high:
            return None
        if low != high:
            places.append(place)
    ones, pulls = tables.chow(table, width)
    places.sort(key=lambda place: -abs(pulls[place]))
    spare = width - len(places)  # each input that does not matter doubles all counts
    sizes = [abs(pulls[place]) >> spare for place in places]
    # A place that falls is negated, which leaves the number of ones as it is.
    key = (ones >> spare, *sizes)
    if key in _known:
        found = _known[key]
    else:
        found = _by_falling_weights(
            tables.arranged(table, width, [(place, pulls[place] < 0) for place in places]), sizes
        )
        if len(places) <= KEPT:
            _known[key] = found
    if found is None:
        return None
    weights, low, high = [0] * width, found[1], found[2]
    for place, weight in zip(places, found[0], strict=True):
        weights[place] = weight
        if pulls[place] < 0:  # w (1 - x) = w - w x
            weights[place] = -weight
            low, high = low - weight, high - weight
    bias = nearest_bias(low, high)
    if tables.fires(weights, bias) != table:
        raise AssertionError(f"the weights {weights} are wrong for table {table:#x} of {width}: please report this")
    return weights, bias


def _by_falling_weights(table: int, sizes: list[int]) -> _Known | None:
    """The weights of a table whose places all pull upwards, by these sizes in falling order."""
    width = len(sizes)
    if width <= PAIRS and equal_pairs(table, width) is not None:
        return None
    true, false = _corners(table, width)
    falls = [int(size > after) for size, after in zip(sizes, [*sizes[1:], 0], strict=True)]
    found = least_weights(true, false, falls=np.array(falls))
    if found is None:
        if summability(table, width) is None:
            raise AssertionError(f"neither weights nor a proof for table {table:#x} of {width}: please report this")
        return None
    weights = np.array(found[0])
    return found[0], int((true @ weights).min()), int((false @ weights).max())


def _corners(table: int, width: int) -> tuple[Points, Points]:
    """The true points that no other keeps true, and the false ones likewise, where weights fall from place to place."""
    other = tables.full(width) ^ table
    above, below = 0, 0
    columns = tables.columns(width)
    for place, column in enumerate(columns):
        above |= (table & ~column) << (1 << place)
        below |= (other & column) >> (1 << place)
        if place + 1 < width:  # a one that moves to a heavier place, and to a lighter one
            after = columns[place + 1]
            above |= (table & ~column & after) >> (1 << place)
            below |= (other & column & ~after) << (1 << place)
    return tables.points(table & ~above, width), tables.points(other & ~below, width)
