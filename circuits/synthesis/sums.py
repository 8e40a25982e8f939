"""Sums: wide units in NANDs, by adder trees in which every step keeps the weighted sum.

A perceptron asks whether the sum of  weight * literal  is more than a threshold t. With a constant added that makes
the threshold 2**m - 1, it is asked whether anything is carried to place m, so nothing is compared at the end, and the
last sum of every column is not made:

    u v w ->  maj         the last three of a column without a constant bit give their carry alone
    u v   ->  and         the last two
    u v 1 ->  or          the last two and a constant bit
    u 1   ->  u           the last one and a constant bit

Before that, literals of one weight such as 3 are counted by themselves, and 3 times their count is added: 9 NANDs a
literal instead of 18. Of three complements an adder gives the complements of sum and carry, so columns are added up
by polarity, and only the rest of a column needs a NOT.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from itertools import combinations
from typing import NamedTuple

from circuits.synthesis.nand_graph import FALSE, Nands

FULL, HALF, LAST = 9, 5, 4  # NANDs of an adder, of one of two bits, and about of the last of a column
GROUPS = 5  # as many weights as are tried as groups of their own in every combination

Term = tuple[int, int]  # a literal and its weight


class AdderCell(NamedTuple):
    """One step of a sum: literals of one weight replaced by others of the same total.

    Attributes
    ----------
    weight : int
        Of every operand, and of the sum; the carry weighs twice that.
    operands : tuple of int
        Literals.
    constant : int
        A constant bit that is added to the operands: 0 or 1.
    sum : int or None
        The literal of the sum; None for the last cell of a column, whose sum nothing asks for.
    carry : int
        Its literal; 0 where nothing can be carried.
    """

    weight: int
    operands: tuple[int, ...]
    constant: int
    sum: int | None
    carry: int


class Trace(NamedTuple):
    """How a perceptron was added up, for a proof.

    Attributes
    ----------
    terms : list of (literal, weight)
        Positive weights.
    threshold : int
        Whether their sum is more than this is what `output` says.
    cells : list of AdderCell
        In order. There is one without a sum for each place below `place`.
    place : int
        The decision is whether anything of weight 2**place or more is left.
    over : list of int
        Literals that decide by themselves; they are not added up.
    left : list of (literal, weight)
        What the cells leave.
    output : int
    """

    terms: list[Term]
    threshold: int
    cells: list[AdderCell]
    place: int
    over: list[int]
    left: list[Term]
    output: int


def digits(weight: int, *, signed: bool) -> tuple[int, ...]:
    """The powers of two that make up a weight; with `signed` the fewest, some of them negative.

    Examples
    --------
    >>> digits(7, signed=False), digits(7, signed=True)
    ((1, 2, 4), (-1, 8))
    """
    made = []
    place = 0
    while weight >> place:
        if weight >> place & 1:
            one = 1 << place
            if signed and weight >> place & 3 == 3:
                one = -one
            made.append(one)
            weight -= one
        place += 1
    return tuple(made)


class _Columns:
    """Literals by place and polarity."""

    def __init__(self) -> None:
        self.places: dict[int, tuple[deque[int], deque[int]]] = {}

    def put(self, place: int, literal: int) -> None:
        self.places.setdefault(place, (deque(), deque()))[literal & 1].append(literal)

    def at(self, place: int) -> list[int]:
        return [literal for queue in self.places.get(place, ()) for literal in queue]

    def count(self, place: int) -> int:
        return sum(map(len, self.places.get(place, ())))

    def take(self, place: int, count: int) -> list[int]:
        """So many literals of a place: of one polarity if there are as many."""
        queues = self.places[place]
        first = queues[0] if len(queues[0]) >= count or len(queues[0]) > len(queues[1]) else queues[1]
        if len(first) < count and len(queues[1]) >= count:
            first = queues[1]
        other = queues[1] if first is queues[0] else queues[0]
        return [first.popleft() if first else other.popleft() for _ in range(count)]

    def last(self) -> int:
        return max((place for place, queues in self.places.items() if queues[0] or queues[1]), default=-1)


class _Adder:
    """Columns and the cells that compress them."""

    def __init__(self, nands: Nands, cells: list[AdderCell], weight: int = 1):
        self._nands = nands
        self._cells = cells
        self._weight = weight  # of place 0
        self.columns = _Columns()

    def compress(self, place: int, down_to: int) -> None:
        """Add three to two in a column until at most so many (1 or more) are left."""
        columns = self.columns
        while columns.count(place) > max(2, down_to):
            operands = columns.take(place, 3)
            self._keep(place, operands, *self._nands.full_adder(*operands))
        if columns.count(place) > down_to:
            operands = columns.take(place, 2)
            self._keep(place, operands, *self._nands.half_adder(*operands))

    def _keep(self, place: int, operands: Sequence[int], total: int, carry: int) -> None:
        self._cells.append(AdderCell(self._weight << place, tuple(operands), 0, total, carry))
        self.columns.put(place, total)
        self.columns.put(place + 1, carry)

    def close(self, place: int, constant: int) -> None:
        """The carry of what is left of a column with a constant bit; nothing asks for its sum."""
        nands = self._nands
        self.compress(place, 3)
        count = self.columns.count(place)
        if count == 3 and constant:  # u + v + w + 1 is the sum of the three, plus 1: both results are carried
            last = self.columns.take(place, 3)
            self._keep(place, last, *nands.full_adder(*last))
            count = 1
        operands = self.columns.take(place, count) if count else []
        if count == 3:
            carry = nands.carry(*operands)
        elif count == 2:
            carry = nands.or_(*operands) if constant else nands.and_(*operands)
        else:
            carry = operands[0] if operands and constant else FALSE
        self._cells.append(AdderCell(self._weight << place, tuple(operands), constant, None, carry))
        if carry != FALSE:
            self.columns.put(place + 1, carry)


def exceeds(nands: Nands, terms: Sequence[Term], threshold: int) -> Trace:
    """Whether the sum of the terms is more than a threshold.

    Parameters
    ----------
    nands : Nands
        Where it is built.
    terms : sequence of (literal, weight)
        Positive weights; no literal comes twice.
    threshold : int
        At least 0, and less than the sum of the weights.

    Returns
    -------
    Trace
        Its `output` is the literal.
    """
    cells: list[AdderCell] = []
    terms = list(terms)
    over = [literal for literal, weight in terms if weight > threshold]
    small = [(literal, weight) for literal, weight in terms if weight <= threshold]
    grouped, signed = _plan(small)
    adder = _Adder(nands, cells)
    bound = threshold

    def add(literal: int, weight: int) -> None:
        nonlocal bound
        for part in digits(weight, signed=signed):
            adder.columns.put(abs(part).bit_length() - 1, literal ^ (part < 0))
            bound += max(-part, 0)

    for odd in grouped:
        own = _Adder(nands, cells, odd)
        for literal, weight in small:
            if _odd(weight) == odd:
                own.columns.put((weight // odd).bit_length() - 1, literal)
        place = 0
        while place <= own.columns.last():
            own.compress(place, 1)
            if own.columns.count(place):
                add(own.columns.take(place, 1)[0], odd << place)
            place += 1
    for literal, weight in small:
        if _odd(weight) not in grouped:
            add(literal, weight)
    m = bound.bit_length()
    constant = (1 << m) - 1 - bound
    for place in range(m):
        adder.close(place, constant >> place & 1)
    left = [(one, 1 << place) for place in range(m, adder.columns.last() + 1) for one in adder.columns.at(place)]
    output = nands.any_of([*over, *(literal for literal, _ in left)])
    return Trace(terms, threshold, cells, m, over, left, output)


def count(nands: Nands, terms: Sequence[Term]) -> list[int]:
    """The sum of the terms in binary, least significant digit first; weights are positive."""
    adder = _Adder(nands, [])
    for literal, weight in terms:
        for part in digits(weight, signed=False):
            adder.columns.put(part.bit_length() - 1, literal)
    made, place = [], 0
    while place <= adder.columns.last():
        adder.compress(place, 1)
        made.append(adder.columns.take(place, 1)[0] if adder.columns.count(place) else 0)
        place += 1
    return made


def _odd(weight: int) -> int:
    """The odd part of a weight.

    Examples
    --------
    >>> _odd(12)
    3
    """
    return weight // (weight & -weight)


def _plan(terms: Sequence[Term]) -> tuple[tuple[int, ...], bool]:
    """Which odd parts to count by themselves, and whether to use signed digits: what promises the fewest NANDs."""
    heights: dict[int, dict[int, int]] = {}
    for _, weight in terms:
        odd = _odd(weight)
        own = heights.setdefault(odd, {})
        place = (weight // odd).bit_length() - 1
        own[place] = own.get(place, 0) + 1
    worth = [odd for odd, own in heights.items() if odd > 1 and sum(own.values()) > 2]
    worth.sort(key=lambda odd: -sum(heights[odd].values()) * (len(digits(odd, signed=True)) - 1))
    first = worth[:GROUPS]
    options = [chosen for size in range(len(first) + 1) for chosen in combinations(first, size)]
    best = min(
        ((_promised(heights, chosen, signed), chosen, signed) for chosen in options for signed in (False, True)),
        key=lambda option: option[0],
    )
    chosen = best[1]
    for odd in worth[GROUPS:]:
        more = (*chosen, odd)
        promised = _promised(heights, more, best[2])
        if promised < best[0]:
            best, chosen = (promised, more, best[2]), more
    return chosen, best[2]


def _promised(heights: dict[int, dict[int, int]], grouped: Sequence[int], signed: bool) -> int:
    """About how many NANDs a plan takes."""
    cost = 0
    main: dict[int, int] = {}
    for odd, own in heights.items():
        if odd in grouped:
            spent, own = _counted(own)
            cost += spent
        for part in digits(odd, signed=signed):
            place = abs(part).bit_length() - 1
            for at, height in own.items():
                main[at + place] = main.get(at + place, 0) + height
    carried, place = 0, 0
    while place <= max(main, default=-1) or carried:
        height = main.get(place, 0) + carried
        adders = max(0, (height - 2) // 2)
        cost += FULL * adders + (LAST if height > 1 else 0)
        carried, place = height // 2, place + 1
    return cost


def _counted(heights: dict[int, int]) -> tuple[int, dict[int, int]]:
    """The NANDs of adding columns up, and the digits."""
    cost, carried, place = 0, 0, 0
    made = {}
    while place <= max(heights) or carried:
        height = heights.get(place, 0) + carried
        cost += FULL * max(0, (height - 1) // 2) + (HALF if height and height % 2 == 0 else 0)
        if height:
            made[place] = 1
        carried, place = height // 2, place + 1
    return cost, made
