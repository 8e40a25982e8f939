"""What to add to all scores alike, which changes no comparison, so that there is less to add up.

A unit that most classes vote for against some is the same as one that some classes do not vote for:

    votes +1 +1 +1 -1 -1 +1   ==>   0 0 0 -2 -2 0, by taking 1 off every score where the unit fires
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from circuits.synthesis.classifier.arrays import Whole
from circuits.synthesis.classifier.totals import Sum, fewest

MOST = 1 << 12  # offsets that are tried


def common_votes(votes: Whole) -> Whole:
    """What to take off each column of a matrix of votes, so that the fewest digits are left; 0 where nothing helps."""
    made = np.zeros(votes.shape[1], dtype=np.int64)
    for column in range(votes.shape[1]):
        values, counts = np.unique(votes[:, column], return_counts=True)

        def left(common: int, values: Whole = values, counts: Whole = counts) -> int:
            return sum(
                int(count) * len(fewest(int(value) - common)) for value, count in zip(values, counts, strict=True)
            )

        made[column] = min((0, *values.tolist()), key=lambda common: (left(common), common != 0))
    return made


def common_offset(sums: Sequence[Sum], least: int, most: int) -> int:
    """Of the offsets from least to most, up to so many, one with which fewest columns end with two literals.

    A column that is left with one literal and a constant bit costs nothing: u + 1 is a sum of u' and a carry of u.
    """
    offsets = np.arange(least, min(most, least + MOST - 1) + 1)
    cost = np.zeros(len(offsets), dtype=np.int64)
    for one in sums:
        heights = [0] * one.width
        constant = one.constant
        for _, weight in one.terms:
            for part in fewest(weight):
                constant += min(part, 0)
                place = abs(part).bit_length() - 1
                if place < one.width:
                    heights[place] += 1
        bits = offsets + constant
        carried = np.zeros(len(offsets), dtype=np.int64)
        for place, height in enumerate(heights):
            here = carried + height
            one_more = bits >> place & 1
            even = (here > 0) & (here % 2 == 0)
            cost += even
            carried = np.where(even, here // 2, np.maximum(here - 1, 0) // 2 + ((here > 0) & (one_more > 0)))
            # two literals and a constant carry one, as two without; a constant is used up where a literal meets it
    return int(offsets[int(np.argmin(cost))])
