"""The proof that a circuit is a classifier: small claims about its NANDs, each checked for every value.

1. Every unit is a NAND. Each bit is a comparison with its level, for every grey of its pixel.
2. Each hidden unit fires where its sum is more than 0, for all values of what it reads; a wide one is added up by
   cells, each tried on all values, that keep the weighted sum.
3. Each step of a sum is an adder for all values of its operands, and together the steps turn the weighted votes into
   the digits of the score, coefficient by coefficient, modulo a power of two that every score is less than. Scores are
   meant less what is taken off them all alike.
4. In each match the carries are those of a subtraction, the word passed on is the larger one, and the label is its
   class's; the matches are a tournament among all classes in which the left one has the lower indices.

The claims name nodes of the network, so they hold for the network that is there, whatever was shared or rewritten.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from circuits.synthesis import tables
from circuits.synthesis.classifier.arrays import Arrays, Whole
from circuits.synthesis.nand_cones import Cone, Gates, Signal, affine, gates_of
from circuits.synthesis.sum_certificate import CheckedCell, Steps, cell_fault
from perceptron.network import Network

Word = tuple[Signal, ...]  # the least significant digit first
ONE = Signal("", True)


class SumClaim(NamedTuple):
    """One step of a sum; see `circuits.synthesis.classifier.totals.Step`."""

    number: int
    place: int
    operands: tuple[Signal, ...]
    constant: int
    sum: Signal
    carry: Signal | None


class MatchClaim(NamedTuple):
    """One match; see `circuits.synthesis.classifier.argmax.Match`."""

    left: int
    right: int
    carries: Word
    word: Word
    label: Word


@dataclass(frozen=True, slots=True)
class Proof:
    """Which nodes of a network are what.

    Attributes
    ----------
    bits : tuple of Signal
    units : tuple of tuples of Signal
        By layer.
    wide : tuple of mappings of unit -> Steps
        By layer: the units that are not proved by trying all values.
    counts : tuple of words
        Those of the groups, if the votes are two matrices.
    scores : tuple of words
    common : tuple of int
        What is taken off each column of the last matrix of votes, for all classes alike: no comparison changes.
    offset : int
        What is added to all scores alike.
    steps : tuple of tuples of SumClaim
        Of the counts, if there are any, and of the scores.
    matches : tuple of MatchClaim
    """

    bits: Word
    units: tuple[Word, ...]
    wide: tuple[Mapping[int, Steps], ...]
    counts: tuple[Word, ...]
    scores: tuple[Word, ...]
    common: tuple[int, ...]
    offset: int
    steps: tuple[tuple[SumClaim, ...], ...]
    matches: tuple[MatchClaim, ...]

    @property
    def taken_off(self) -> Whole:
        """`common` as an array."""
        return np.array(self.common, dtype=np.int64)

    def faults(self, arrays: Arrays, net: Network) -> Iterator[str]:
        """What is wrong with the proof that a network is the classifier of these arrays."""
        gates = gates_of(net)
        names = [one for word in arrays.digit_names for one in word]
        if list(net.inputs) != names or list(net.outputs) != arrays.label_names or len(gates) != len(net.units):
            yield "it has other inputs or outputs, or units that are no NANDs"
            return
        needed = arrays.needed(self.taken_off)
        yield from _bit_faults(self.bits, arrays, gates, needed[0])
        below: Sequence[Signal] = self.bits
        for number, (signals, wide) in enumerate(zip(self.units, self.wide, strict=True)):
            for unit, signal in enumerate(signals):
                if needed[number + 1][unit]:
                    row, bias = arrays.weights[number][unit], int(arrays.biases[number][unit])
                    terms = [(below[at], int(row[at])) for at in np.flatnonzero(row).tolist()]
                    fault = unit_fault(gates, terms, bias, signal, wide.get(unit))
                    if fault is not None:
                        yield f"unit {unit} of layer {number + 1}: {fault}"
            below = signals
        yield from self._sum_faults(arrays, gates, below)
        yield from self._match_faults(arrays, gates, net)

    def _sum_faults(self, arrays: Arrays, gates: Gates, units: Sequence[Signal]) -> Iterator[str]:
        for cell in {claim[2:]: claim for steps in self.steps for claim in steps}.values():
            fault = (
                cell_fault(gates, CheckedCell(1, cell.operands, cell.constant, cell.sum, cell.carry))
                if cell.carry
                else _parity_fault(gates, cell)
            )
            if fault is not None:
                yield f"sum {cell.number}: {fault}"
        features: list[tuple[tuple[Signal, int], ...]] = [((signal, 1),) for signal in units]
        common = self.taken_off
        votes = arrays.without(common)
        constants = arrays.offsets + self.offset
        if len(arrays.votes) == 2:
            counted = arrays.counted(common)
            least = np.minimum(counted, 0).sum(axis=1)
            for group, (row, word) in enumerate(zip(counted, self.counts, strict=True)):
                terms = _terms(row, features)
                most = int(np.abs(row).sum())
                if most >> len(word):
                    yield f"count {group}: {len(word)} digits do not hold {most}"
                if not _kept(terms, -int(least[group]), word, [one for one in self.steps[0] if one.number == group]):
                    yield f"count {group}: the steps do not keep the sum"
            features = [tuple((one, 1 << place) for place, one in enumerate(word)) for word in self.counts]
            constants = constants + votes @ least
        low, high = arrays.span(common)
        for number, (row, word) in enumerate(zip(votes, self.scores, strict=True)):
            if low + self.offset < 0 or high + self.offset >> len(word) or len(word) != len(self.scores[0]):
                yield f"score {number}: {len(word)} digits do not hold {low + self.offset} to {high + self.offset}"
            if not _kept(
                _terms(row, features),
                int(constants[number]),
                word,
                [one for one in self.steps[-1] if one.number == number],
            ):
                yield f"score {number}: the steps do not keep the sum"

    def _match_faults(self, arrays: Arrays, gates: Gates, net: Network) -> Iterator[str]:
        words = list(self.scores)
        digits = len(arrays.label_names)
        labels = [tuple(Signal("", bool(at >> place & 1)) for place in range(digits)) for at in range(arrays.classes)]
        ranges = [(at, at + 1) for at in range(arrays.classes)]  # which classes a word is the largest of
        used: set[int] = set()
        for number, match in enumerate(self.matches):
            left, right = match.left, match.right
            last = number == len(self.matches) - 1
            known = len(words)
            if not (0 <= left < known and 0 <= right < known) or {left, right} & used or left == right:
                yield f"match {number}: a word is not there, or plays twice"
                return
            used |= {left, right}
            # Of equal words the left one wins, so all its classes have to come before those of the right one.
            if ranges[left][1] != ranges[right][0]:
                yield f"match {number}: its classes are not neighbours in order"
            if len(match.carries) != len(words[left]) or len(words[left]) != len(words[right]):
                yield f"match {number}: its words differ in length"
                return
            before = ONE
            for a, b, carry in zip(words[left], words[right], match.carries, strict=True):
                if not _is(gates, carry, (a, b, before), lambda one, two, three: one & ~two | (one | ~two) & three):
                    yield f"match {number}: a carry is wrong"
                before = carry
            word, label = match.word, match.label
            if last:
                label = tuple(Signal(net.outputs[name], False) for name in arrays.label_names)
            elif len(word) != len(words[left]):
                yield f"match {number}: it passes on another length"
                return
            chosen = [
                *zip(word, words[left], words[right], strict=False),
                *zip(label, labels[left], labels[right], strict=True),
            ]
            for made, high, low in chosen:
                # A constant is made of the first input.
                given = (before, high, low, Signal(net.inputs[0], False))
                if not _is(gates, made, given, lambda one, two, three: one & two | ~one & three):
                    yield f"match {number}: it does not pass the larger one on"
            words.append(word)
            labels.append(label)
            ranges.append((ranges[left][0], ranges[right][1]))
        if ranges[-1] != (0, arrays.classes):
            yield "the matches leave classes out"


# --- claims


def _bit_faults(bits: Sequence[Signal], arrays: Arrays, gates: Gates, needed: Sequence[bool]) -> Iterator[str]:
    names, everywhere = arrays.digit_names, tables.full(arrays.digits)
    for bit, (pixel, level) in enumerate(zip(arrays.pixel.tolist(), arrays.level.tolist(), strict=True)):
        if needed[bit]:
            cone = Cone(gates, [Signal(name, False) for name in names[pixel]])
            # Row r is the grey r.
            wanted = tables.columns(arrays.digits)[-level] if level <= 0 else everywhere >> level << level
            if cone.table(bits[bit]) != wanted:
                yield f"bit {bit} is not whether pixel {pixel} is at least {level}"


def unit_fault(
    gates: Gates, terms: Sequence[tuple[Signal, int]], bias: int, output: Signal, steps: Steps | None
) -> str | None:
    """What is wrong with the claim that a signal is 1 where a sum of signals and a bias is more than 0."""
    weights, constant = affine(terms)
    bias += constant
    if steps is not None:
        return steps.fault(gates, weights, bias, output)
    nodes = sorted(weights, key=lambda node: -abs(weights[node]))
    cone = Cone(gates, [Signal(node, False) for node in nodes])
    found = cone.table(output)
    if found is None:
        return "it rests on more than it reads"
    if len(cone.free) == len(nodes):
        wanted = _fires(tuple(weights[node] for node in nodes), bias)
    else:
        sums = np.full(1 << len(cone.free), bias, dtype=np.int64)
        for node in nodes:
            table = cone.table(Signal(node, False))
            assert table is not None, "a node that others decide has a table"
            sums[tables.rows(table, len(cone.free))] += weights[node]
        wanted = tables.of_bits(sums > 0)
    if found == wanted:
        return None
    row = (found ^ wanted).bit_length() - 1
    return f"it is wrong for {cone.row(row)}"


_fires = lru_cache(maxsize=1 << 8)(tables.fires)


def _parity_fault(gates: Gates, claim: SumClaim) -> str | None:
    """Whether the sum of the last digit is the exclusive or of its operands."""
    cone = Cone(gates, claim.operands)
    total = cone.table(claim.sum)
    for signal in claim.operands:
        table = cone.table(signal)
        total = None if total is None or table is None else total ^ table
    wanted = tables.full(len(cone.free)) if claim.constant else 0
    return None if total == wanted else "a last digit is wrong"


def _is(gates: Gates, signal: Signal, given: Sequence[Signal], function: Callable[[int, int, int], int]) -> bool:
    """Whether a signal is a function of the first three given, which is told by their truth tables."""
    cone = Cone(gates, given)
    found = cone.table(signal)
    one, two, three = (cone.table(each) or 0 for each in given[:3])
    return found is not None and found == function(one, two, three) & tables.full(len(cone.free))


def _terms(row: np.ndarray, features: Sequence[Sequence[tuple[Signal, int]]]) -> list[tuple[Signal, int]]:
    return [(one, weight * int(row[at])) for at in np.flatnonzero(row).tolist() for one, weight in features[at]]


def _kept(terms: list[tuple[Signal, int]], constant: int, word: Word, steps: Sequence[SumClaim]) -> bool:
    """Whether the steps turn a sum into these digits, modulo two to their number."""
    terms = [*terms, *((one, -(1 << place)) for place, one in enumerate(word))]
    for step in steps:
        weight = 1 << step.place
        terms += [(one, -weight) for one in step.operands]
        constant -= weight * step.constant
        terms.append((step.sum, weight))
        if step.carry is not None:
            terms.append((step.carry, 2 * weight))
        elif step.place + 1 != len(word):
            return False
    coefficients, rest = affine(terms)
    return all(one % (1 << len(word)) == 0 for one in [*coefficients.values(), rest + constant])
