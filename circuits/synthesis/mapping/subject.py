"""Subject: what a network is turned into before units are chosen, a `Logic` without detours.

Operations that two earlier nodes decide become one operation of these: an exclusive or that a file spells in NANDs is
found again, whatever the spelling, and so is an AND with a complement.
"""

from __future__ import annotations

from collections.abc import Sequence

from circuits.synthesis.mapping.cuts import Cut, cuts
from perceptron.engines.logic import XOR, Logic

GONE = -2  # an even number that no literal is: turning it round leaves it no literal


def readers_of(logic: Logic, wanted: Sequence[int]) -> list[int]:
    """How many operations and wanted literals read each node."""
    readers = [0] * (len(logic.inputs) + 1 + len(logic.kind))
    for literals in (logic.left, logic.right, wanted):
        for literal in literals:
            readers[literal >> 1] += 1
    return readers


def direct(logic: Logic, wanted: Sequence[int]) -> tuple[Logic, list[int]]:
    """The same functions in operations that are needed, with those of two nodes said in one.

    Returns
    -------
    (logic, literals)
        The new literal of each node of the old one; GONE for nodes that are not there any more.
    """
    found = cuts(logic, readers_of(logic, wanted), leaves=2, kept=6)
    said, first = _rebuilt(logic, found)
    new, second = _needed(said, [first[literal >> 1] for literal in wanted])
    return new, [GONE if second[one >> 1] == GONE else second[one >> 1] ^ (one & 1) for one in first]


def _rebuilt(logic: Logic, found: list[list[Cut]]) -> tuple[Logic, list[int]]:
    first = len(logic.inputs) + 1
    new = Logic(len(logic.inputs))
    made = [2 * node for node in range(first)]
    for node, (kind, left, right) in enumerate(zip(logic.kind, logic.left, logic.right, strict=True), first):
        # The cut of the earliest nodes says the most at once.
        best = min(found[node], key=lambda cut: cut[0][::-1], default=None)
        if best is None:
            a, b = made[left >> 1] ^ (left & 1), made[right >> 1] ^ (right & 1)
            made.append(new.xor(a, b) if kind == XOR else new.and_(a, b))
        else:
            made.append(_of_table(new, [made[leaf] for leaf in best[0]], best[1]))
    return new, made


def _of_table(new: Logic, literals: list[int], table: int) -> int:
    """The literal of a function of one or two literals, all of which matter."""
    if len(literals) == 1:
        return literals[0] ^ (table & 1)
    a, b = literals
    flip = 0
    if table.bit_count() == 3:
        flip, table = 1, table ^ 0b1111
    if table.bit_count() == 2:
        return new.xor(a, b) ^ (table & 1)
    row = table.bit_length() - 1
    return new.and_(a ^ 1 ^ (row & 1), b ^ 1 ^ (row >> 1 & 1)) ^ flip


def _needed(logic: Logic, wanted: Sequence[int]) -> tuple[Logic, list[int]]:
    first = len(logic.inputs) + 1
    needed = [False] * (first + len(logic.kind))
    for literal in wanted:
        needed[literal >> 1] = True
    for node in range(len(needed) - 1, first - 1, -1):
        if needed[node]:
            needed[logic.left[node - first] >> 1] = needed[logic.right[node - first] >> 1] = True
    new = Logic(len(logic.inputs))
    made = [2 * node for node in range(first)] + [GONE] * len(logic.kind)
    for node, (kind, left, right) in enumerate(zip(logic.kind, logic.left, logic.right, strict=True), first):
        if needed[node]:
            a, b = made[left >> 1] ^ (left & 1), made[right >> 1] ^ (right & 1)
            made[node] = new.xor(a, b) if kind == XOR else new.and_(a, b)
    return new, made
