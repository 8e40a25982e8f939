"""The largest score: matches of two words, the winner to the next round; a tie goes to the lower index.

A match takes five NANDs for each place to compare and three to pass the larger word on: p = nand(a, b') and
q = nand(a', b) come from one nand(a, b), and the carry of a - b is nand(p, nand(q, carry)).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from circuits.synthesis.nand_graph import FALSE, TRUE, Nands


class Match(NamedTuple):
    """Two words compared, and the larger passed on.

    Attributes
    ----------
    left, right : int
        Which earlier words: those of the classes come first, then the winners of the matches in order.
    carries : list of int
        Literals: whether the digits of the left word up to each place, read as a number, are at least those of the
        right one. The last decides.
    word : list of int
        The larger word; empty for the last match.
    label : list of int
        The index of the class it comes from, in binary.
    """

    left: int
    right: int
    carries: list[int]
    word: list[int]
    label: list[int]


def largest(nands: Nands, words: Sequence[Sequence[int]], places: int) -> list[Match]:
    """The matches among words of one length; the label of the last is the index of the largest word.

    Parameters
    ----------
    nands : Nands
    words : two or more sequences of literals, the least significant first
    places : int
        Digits of a label.
    """
    every = [list(word) for word in words]
    labels = [[TRUE if at >> place & 1 else FALSE for place in range(places)] for at in range(len(words))]
    level = list(range(len(words)))
    matches: list[Match] = []
    while len(level) > 1:
        following = []
        for left, right in zip(level[::2], level[1::2], strict=False):
            carries = at_least(nands, every[left], every[right])
            last = len(level) == 2
            word = [] if last else _chosen(nands, carries[-1], every[left], every[right])
            label = _chosen(nands, carries[-1], labels[left], labels[right])
            matches.append(Match(left, right, carries, word, label))
            following.append(len(every))
            every.append(word)
            labels.append(label)
        level = following + level[len(level) // 2 * 2 :]
    return matches


def at_least(nands: Nands, left: Sequence[int], right: Sequence[int]) -> list[int]:
    """The carries of left - right: the last says whether left is at least right."""
    carry, carries = TRUE, []
    for a, b in zip(left, right, strict=True):
        only_a, only_b = only(nands, a, b)
        # Without a carry from below it is already clear: a and not b excludes b and not a.
        carry = only_b if carry == TRUE else nands.nand(only_a, nands.nand(only_b, carry))
        carries.append(carry)
    return carries


def only(nands: Nands, a: int, b: int) -> tuple[int, int]:
    """nand(a, b') and nand(a', b) in three NANDs, unless one is a complement and gives another for nothing."""
    if a & 1 and b & 1:
        return only(nands, b ^ 1, a ^ 1)
    if (a ^ b) & 1:
        return nands.nand(a, b ^ 1), nands.nand(a ^ 1, b)
    both = nands.nand(a, b)
    return nands.nand(a, both), nands.nand(b, both)


def _chosen(nands: Nands, select: int, high: Sequence[int], low: Sequence[int]) -> list[int]:
    return [nands.mux(select, one, other) for one, other in zip(high, low, strict=True)]
