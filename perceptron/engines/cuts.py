"""cuts: full adders found among two-input operations, however they are spelled.

A *cut* of a signal is a set of signals that decide it. With at most three of them the signal is a truth table of
eight bits, of which bit r is its value where leaf i has bit i of r. The cuts of an operation are unions of those of
its operands, of which a few are kept (Cong and Ding, "FlowMap", 1994). Where one signal is the exclusive or and
another a majority of the same three, complements aside, they are the sum and the carry of a full adder.

Plain functions of numbers, which kernels.py compiles; without that they are too slow to be of use.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from perceptron.engines.logic import AND, CARRY, SUM, XOR

CUTS = 12  # that are kept of each signal: c6288's adders of NORs are found with 10
_NONE = 2**31 - 1  # in place of a leaf, behind all signals
_LEAF = 0b10101010  # the truth table of leaf 0 by itself
_ODD, _EVEN = 0b10010110, 0b01101001


def spread_tables() -> NDArray[np.uint8]:
    """(256, 3, 3, 3): each truth table when its leaves 0, 1 and 2 are now the leaves i, j and k."""
    table, i, j, k = np.ogrid[:256, :3, :3, :3]
    made = np.zeros((256, 3, 3, 3), dtype=np.uint8)
    for r in range(8):
        at = (r >> i & 1) | (r >> j & 1) << 1 | (r >> k & 1) << 2
        made |= ((table >> at & 1) << r).astype(np.uint8)
    return made


def majority_tables() -> NDArray[np.uint8]:
    """(256,): which leaves a majority with this truth table complements, as bits; 8 where it is none."""
    found = np.full(256, 8, dtype=np.uint8)
    for turned in range(8):
        found[sum(1 << r for r in range(8) if (r ^ turned).bit_count() >= 2)] = turned
    return found


def find(
    first: int,
    kind: Any,
    left: Any,
    right: Any,
    needed: Any,
    begin: int,
    stop: int,
    spread: Any,
    majorities: Any,
    number: Any,
    leaves: Any,
    tables: Any,
    found: Any,
) -> int:
    """The sums and majorities of three signals among the operations `begin` to `stop`; how many there are.

    `number` (operations,), `leaves` (operations, CUTS, 3) and `tables` (operations, CUTS) are room for the cuts. A row
    of `found` comes to hold three leaves, whether it is a majority, the operation, and what is complemented: of a
    majority the leaves, as bits; of a sum itself. It stops where `found` is full.
    """
    count = 0
    for at in range(begin, stop):
        here = at - begin
        number[here] = 0
        if not needed[first + at] or kind[at] > XOR:
            continue
        one, two = left[at] >> 1, right[at] >> 1
        one_at, two_at = one - first - begin, two - first - begin
        one_cuts = number[one_at] if one_at >= 0 else 0
        two_cuts = number[two_at] if two_at >= 0 else 0
        kept = 0
        for size in range(2, 4):  # small cuts first: larger ones are made of them
            for i in range(-1, one_cuts):
                a0, a1, a2, one_table = one, _NONE, _NONE, _LEAF
                if i >= 0:
                    a0, a1, a2 = leaves[one_at, i, 0], leaves[one_at, i, 1], leaves[one_at, i, 2]
                    one_table = tables[one_at, i]
                for j in range(-1, two_cuts):
                    b0, b1, b2, two_table = two, _NONE, _NONE, _LEAF
                    if j >= 0:
                        b0, b1, b2 = leaves[two_at, j, 0], leaves[two_at, j, 1], leaves[two_at, j, 2]
                        two_table = tables[two_at, j]
                    l0, l1, l2 = a0, a1, a2
                    total = 1 + (a1 != _NONE) + (a2 != _NONE)
                    for leaf in (b0, b1, b2):
                        if leaf in (_NONE, l0, l1, l2):
                            continue
                        total += 1
                        if leaf < l0:
                            l0, l1, l2 = leaf, l0, l1
                        elif leaf < l1:
                            l1, l2 = leaf, l1
                        elif leaf < l2:
                            l2 = leaf
                    if total != size or kept == CUTS:
                        continue
                    known = False
                    for k in range(kept):
                        if leaves[here, k, 0] == l0 and leaves[here, k, 1] == l1 and leaves[here, k, 2] == l2:
                            known = True
                    if known:
                        continue
                    # Where each leaf went; that of none goes anywhere, as no value depends on it.
                    a = spread[one_table, (a0 > l0) + (a0 > l1), (a1 > l0) + (a1 > l1), (a2 > l0) + (a2 > l1)]
                    b = spread[two_table, (b0 > l0) + (b0 > l1), (b1 > l0) + (b1 > l1), (b2 > l0) + (b2 > l1)]
                    a ^= 255 * (left[at] & 1)
                    b ^= 255 * (right[at] & 1)
                    table = a & b if kind[at] == AND else a ^ b
                    leaves[here, kept, 0] = l0
                    leaves[here, kept, 1] = l1
                    leaves[here, kept, 2] = l2
                    tables[here, kept] = table
                    kept += 1
                    turned = majorities[table]
                    if size == 3 and count < len(found) and (turned < 8 or table in (_ODD, _EVEN)):
                        found[count, 0] = l0
                        found[count, 1] = l1
                        found[count, 2] = l2
                        found[count, 3] = turned < 8
                        found[count, 4] = at
                        found[count, 5] = turned if turned < 8 else table == _EVEN
                        count += 1
        number[here] = kept
    return count


def join(groups: Any, found: Any, kind: Any, left: Any, right: Any, third: Any, partner: Any) -> int:
    """Turn operations into full adders, changing all arrays but `found`; how many adders that makes.

    `found` is as `find` makes it, sorted; each group of the same leaves begins at one of `groups`, the last of which
    is the end, and has its sums first. An operation joins one adder, the first.
    """
    made = 0
    for group in range(len(groups) - 1):
        total, carry = -1, -1
        for at in range(groups[group], groups[group + 1]):
            if partner[found[at, 4]] < 0:
                if found[at, 3] == 0 and total < 0:
                    total = at
                elif found[at, 3] == 1 and carry < 0:
                    carry = at
        if total < 0 or carry < 0:
            continue
        one, two = found[total, 4], found[carry, 4]
        kind[one], kind[two] = SUM, CARRY
        partner[one], partner[two] = two, one
        left[one], right[one] = 2 * found[total, 0], 2 * found[total, 1]
        third[one] = 2 * found[total, 2] + found[total, 5]
        turned = found[carry, 5]
        left[two] = 2 * found[carry, 0] + (turned & 1)
        right[two] = 2 * found[carry, 1] + (turned >> 1 & 1)
        third[two] = 2 * found[carry, 2] + (turned >> 2)
        made += 1
    return made
