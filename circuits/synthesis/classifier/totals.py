"""Many sums of the same signals, added up in columns, with every adder shared by as many sums as can use it.

A sum of three signals is the same whichever of them a class counts as complements, up to a complement; their carries
are one of four, and each beyond the first is one NAND. So what several classes count at the same places is added once:

    a b c in class 1, a b' c in class 2   ==>   one sum, s and s'; carries maj(a, b, c) and maj(a, b', c)

Three signals that most places have in common come first. Sums are taken modulo two to the number of their digits.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import combinations
from typing import NamedTuple

from circuits.synthesis.nand_graph import FALSE, TRUE, Nands
from circuits.synthesis.sums import AdderCell, Trace, digits

Spot = tuple[int, int]  # a sum and a place in it
MOST = 12  # spots up to which all choices of those of a signal are looked at


class Sum(NamedTuple):
    """What to add up.

    Attributes
    ----------
    terms : list of (literal, weight)
    constant : int
    width : int
        Digits of the result, which is the sum modulo 2**width.
    """

    terms: list[tuple[int, int]]
    constant: int
    width: int


class Step(NamedTuple):
    """Operands and a constant replaced by a sum and a carry, in one of the sums.

    Attributes
    ----------
    number : int
        Which sum.
    place : int
        Of the operands; the carry goes to the next.
    operands : tuple of int
        Literals.
    constant : int
    sum : int or None
        None where nothing asks for it.
    carry : int
    """

    number: int
    place: int
    operands: tuple[int, ...]
    constant: int
    sum: int | None
    carry: int


class Added(NamedTuple):
    """The results.

    Attributes
    ----------
    words : list of lists of literals
        The digits of each sum, the least significant first.
    steps : list of Step
    """

    words: list[list[int]]
    steps: list[Step]


def add_up(nands: Nands, sums: Sequence[Sum]) -> Added:
    """All sums in binary.

    Parameters
    ----------
    nands : Nands
        Where they are built.
    sums : sequence of Sum
    """
    work = _Columns(nands, sums)
    work.share()
    work.pair()
    return Added([work.word(number) for number in range(len(sums))], work.steps)


def exceed(nands: Nands, questions: Sequence[tuple[Sequence[tuple[int, int]], int]]) -> list[Trace]:
    """Whether sums are more than thresholds, for many units that read the same signals.

    Parameters
    ----------
    nands : Nands
        Where it is built.
    questions : sequence of (terms, threshold)
        As for `circuits.synthesis.sums.exceeds`, which adds up one alone.
    """
    sums, overs = [], []
    for terms, threshold in questions:
        small = [(literal, weight) for literal, weight in terms if weight <= threshold]
        bound = threshold - sum(min(part, 0) for _, weight in small for part in fewest(weight))
        places = bound.bit_length()
        # Negative parts are taken off the constant as they are put.
        sums.append(Sum(small, (1 << places) - 1 - threshold, places))
        overs.append([literal for literal, weight in terms if weight > threshold])
    work = _Columns(nands, sums)
    work.share()
    work.pair()
    for number in range(len(sums)):
        work.close(number)
    cells: list[list[AdderCell]] = [[] for _ in sums]
    for step in work.steps:
        cells[step.number].append(
            AdderCell(1 << step.place, step.operands, step.constant, step.sum, step.carry or FALSE)
        )
    made = []
    for number, ((terms, threshold), over) in enumerate(zip(questions, overs, strict=True)):
        left = [(literal, 1 << place) for literal, place in work.left[number]]
        output = nands.any_of([*over, *(literal for literal, _ in left)])
        made.append(Trace(list(terms), threshold, cells[number], sums[number].width, over, left, output))
    return made


def fewest(weight: int) -> tuple[int, ...]:
    """Powers of two that make up a weight: the fewest, all of one sign where that takes no more.

    Examples
    --------
    >>> fewest(3), fewest(7), fewest(-6)
    ((1, 2), (-1, 8), (-2, -4))
    """
    plain, signed = digits(abs(weight), signed=False), digits(abs(weight), signed=True)
    chosen = plain if len(plain) <= len(signed) else signed
    return chosen if weight > 0 else tuple(-part for part in chosen)


class _Columns:
    """What is left to add: for each signal the spots that count it, and whether as a complement."""

    def __init__(self, nands: Nands, sums: Sequence[Sum]):
        self._nands = nands
        self._width = [one.width for one in sums]
        self._constant = [one.constant for one in sums]
        self.steps: list[Step] = []
        self.left: list[list[tuple[int, int]]] = [[] for _ in sums]  # literals and their places beyond the last
        self.spots: dict[int, dict[Spot, int]] = {}  # by node
        self.at: dict[Spot, dict[int, int]] = {}
        for number, one in enumerate(sums):
            for literal, weight in one.terms:
                for part in fewest(weight):
                    if part < 0:  # -x = x' - 1
                        self._constant[number] += part
                    self.put((number, abs(part).bit_length() - 1), literal ^ (part < 0))

    # --- literals at spots

    def put(self, spot: Spot, literal: int) -> None:
        """Count a literal at a spot. Twice the same is one at the next place; one and its complement are 1."""
        while spot[1] < self._width[spot[0]]:
            node, turned = literal >> 1, literal & 1
            if not node:
                self._constant[spot[0]] += turned << spot[1]
                return
            here = self.at.setdefault(spot, {})
            if node not in here:
                here[node] = turned
                self.spots.setdefault(node, {})[spot] = turned
                return
            before = self.take(spot, node)
            if before != literal:
                self._constant[spot[0]] += 1 << spot[1]
                return
            spot = (spot[0], spot[1] + 1)
        if literal:
            self.left[spot[0]].append((literal, spot[1]))

    def take(self, spot: Spot, node: int) -> int:
        """Take a signal away from a spot; its literal there."""
        turned = self.at[spot].pop(node)
        del self.spots[node][spot]
        return 2 * node | turned

    # --- adders

    def add(self, spot: Spot, operands: Sequence[int]) -> None:
        """Replace three literals of a spot, which are taken away already, by their sum and carry."""
        one, two, three = operands
        self._keep(spot, (one, two, three), 0, *self._nands.full_adder(one, two, three))

    def _keep(self, spot: Spot, operands: tuple[int, ...], constant: int, total: int | None, carry: int) -> None:
        number, place = spot
        self.steps.append(Step(number, place, operands, constant, total, carry))
        if total is not None:
            self.put(spot, total)
        self.put((number, place + 1), carry)

    def share(self) -> None:
        """Add three signals wherever two or more spots count them all."""
        size = min(MOST, max((len(spots) for spots in self.spots.values()), default=0))
        while size > 1:
            if not (self._share(size, alike=True) or self._share(size, alike=False)):
                size -= 1

    def _share(self, size: int, *, alike: bool) -> bool:
        """Add what so many spots have in common; whether there was anything. `alike`: with the same carries."""
        groups: dict[tuple[tuple[Spot, ...], tuple[int, ...]], list[int]] = {}
        for node, spots in self.spots.items():
            if not size <= len(spots) <= MOST:
                continue
            for chosen in combinations(sorted(spots), size):
                first = spots[chosen[0]]
                signs = tuple(spots[spot] ^ first for spot in chosen) if alike else ()
                groups.setdefault((chosen, signs), []).append(node)
        found = False
        enough = [group for group in groups.items() if len(group[1]) > 2]
        for (chosen, _), nodes in sorted(enough, key=lambda group: -len(group[1])):
            here = [node for node in nodes if all(spot in self.spots[node] for spot in chosen)]
            if not alike:
                here.sort(
                    key=lambda node: tuple(self.spots[node][spot] ^ self.spots[node][chosen[0]] for spot in chosen)
                )
            for at in range(0, len(here) - 2, 3):
                three = here[at : at + 3]
                if all(spot in self.spots[node] for node in three for spot in chosen):
                    found = True
                    for spot in chosen:
                        self.add(spot, [self.take(spot, node) for node in three])
        return found

    def pair(self) -> None:
        """Two signals that several spots count are added to a third at each: the first half of the adder is shared."""
        while True:
            groups: dict[tuple[int, int], list[Spot]] = {}
            for spot, here in self.at.items():
                if len(here) > 2:
                    for two in combinations(sorted(here), 2):
                        groups.setdefault(two, []).append(spot)
            found = False
            for two, spots in sorted(groups.items(), key=lambda group: -len(group[1])):
                those = [
                    spot for spot in spots if len(self.at[spot]) > 2 and all(node in self.at[spot] for node in two)
                ]
                found = found or len(those) > 1
                while len(those) > 1:
                    those = self._add_pair(those, two)
            if not found:
                return

    def _add_pair(self, spots: list[Spot], two: tuple[int, int]) -> list[Spot]:
        """Add two signals to a third that most of these spots count, or that counts nowhere else; the other spots."""
        shared = Counter(node for spot in spots for node in self.at[spot] if node not in two)
        third, most = max(shared.items(), key=lambda item: (item[1], -len(self.spots[item[0]]), -item[0]))
        for spot in spots:
            if most == 1:
                others = (node for node in self.at[spot] if node not in two)
                third = min(others, key=lambda node: (len(self.spots[node]), node))
            if third in self.at[spot]:
                one, other, last = (self.take(spot, node) for node in (*two, third))
                self._keep(spot, (one, other, last), 0, *self._nands.adder(one, other, last))
        if most == 1:
            return []
        return [spot for spot in spots if len(self.at[spot]) > 2 and all(node in self.at[spot] for node in two)]

    def word(self, number: int) -> list[int]:
        """Add up what is left of a sum, column by column; its digits."""
        made = []
        for place in range(self._width[number]):
            spot = (number, place)
            here = self.at.setdefault(spot, {})
            while len(here) > 2:
                self.add(spot, [self.take(spot, node) for node in list(here)[:3]])
            while len(here) + (constant := self._constant[number] >> place & 1) > 1:
                self._constant[number] -= constant << place
                operands = tuple(self.take(spot, node) for node in list(here))
                self._keep(spot, operands, constant, *self._last(operands, constant))
            left = [self.take(spot, node) for node in list(here)]
            made.append(left[0] if left else TRUE if constant else FALSE)
        return made

    def close(self, number: int) -> None:
        """Add up what is left of a sum, of which only what is carried beyond the last place is asked for."""
        nands = self._nands
        for place in range(self._width[number]):
            spot = (number, place)
            here = self.at.setdefault(spot, {})
            while len(here) > 2 and (len(here) > 3 or self._constant[number] >> place & 1):
                self.add(spot, [self.take(spot, node) for node in list(here)[:3]])
            constant = self._constant[number] >> place & 1
            operands = tuple(self.take(spot, node) for node in list(here))
            if len(operands) == 3:
                carry = nands.carry(*operands)
            elif len(operands) == 2:
                carry = nands.or_(*operands) if constant else nands.and_(*operands)
            else:
                carry = operands[0] if operands and constant else FALSE
            self._keep(spot, operands, constant, None, carry)
        for place in range(self._width[number], self._constant[number].bit_length()):
            if self._constant[number] >> place & 1:
                self.left[number].append((TRUE, place))

    def _last(self, operands: tuple[int, ...], constant: int) -> tuple[int, int]:
        """(sum, carry) of one or two literals and a constant bit."""
        nands = self._nands
        if len(operands) == 1:
            return operands[0] ^ 1, operands[0]
        return half_adder(nands, operands[0], operands[1], constant)


def half_adder(nands: Nands, a: int, b: int, constant: int) -> tuple[int, int]:
    """(sum, carry) of two bits and a constant: four NANDs where one of them is the carry or its complement."""
    if constant:  # a + b + 1 = 3 - (a' + b')
        total, carry = half_adder(nands, a ^ 1, b ^ 1, 0)
        return total ^ 1, carry ^ 1
    differ = nands.xor(a, b)
    if a & 1:
        a, b = b, a
    if b & 1 and not a & 1:
        return differ, nands.nand(a, nands.nand(a, b & ~1)) ^ 1
    return differ, nands.and_(a, b)
