"""Make the pieces of a line of digits: small parts joined to large ones, wide parts cut along their seams."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from learn.cutting.arrays import Box, Labels, around, places_of
from learn.cutting.seams import find_seams


def find_pieces(labels: Labels, members: list[int], height: float) -> tuple[Labels, dict[tuple[int, int], float]]:
    """Label the pieces of a line, and the cost of each seam as {(left piece, right piece): cost}.

    A small part (the bar of a 5, the dot of ink beside a stroke) goes with the nearest large one; parts one above the
    other are one piece; a part wide enough for two digits is cut along its seams.
    """
    from scipy import ndimage

    places = {n: box for n, box in places_of(labels).items() if n in set(members)}
    head = {n: n for n in members}

    def tall(n: int) -> float:
        return (places[n][3] - places[n][1]) / height

    large = [n for n in members if tall(n) >= 0.45]
    for n in large:
        for m in large:
            if head[n] != head[m] and _stacked(places[n], places[m], height):
                old, new = head[m], head[n]
                head = {k: new if h == old else h for k, h in head.items()}
    if large and len(large) < len(members):
        away, (row, column) = ndimage.distance_transform_edt(~np.isin(labels, large), return_indices=True)
        for n in set(members) - set(large):
            left, top, right, bottom = places[n]
            here = np.where(labels[top:bottom, left:right] == n, away[top:bottom, left:right], np.inf)
            y, x = np.unravel_index(int(here.argmin()), here.shape)
            near = int(labels[row[top + y, left + x], column[top + y, left + x]])
            overlap = min(right, places[near][2]) - max(left, places[near][0])
            if here.min() <= 0.12 * height or overlap >= 0.4 * (right - left):
                head[n] = head[near]
            elif tall(n) < 0.3:
                head[n] = 0
    pieces = np.zeros_like(labels)
    seam_cost: dict[tuple[int, int], float] = {}
    count = 0
    for leader in sorted(set(head.values()) - {0}):
        group = [n for n in members if head[n] == leader]
        left, top, right, bottom = around([places[n] for n in group])
        part = np.isin(labels[top:bottom, left:right], group)
        seams = find_seams(part, height) if right - left > 0.5 * height else []
        side = np.zeros(part.shape, np.int32)
        for seam, _ in seams:
            side += np.arange(part.shape[1]) >= seam[:, None]
        used = [k for k in range(len(seams) + 1) if (part & (side == k)).any()]
        numbers = {k: count + 1 + index for index, k in enumerate(used)}
        for before, after in pairwise(used):
            seam_cost[numbers[before], numbers[after]] = min(cost for _, cost in seams[before:after])
        for k, number in numbers.items():
            pieces[top:bottom, left:right][part & (side == k)] = number
        count += len(used)
    return pieces, seam_cost


def _stacked(a: Box, b: Box, height: float) -> bool:
    """Whether two large parts are one above the other within the height of a digit."""
    overlap = min(a[2], b[2]) - max(a[0], b[0])
    shared = min(a[3], b[3]) - max(a[1], b[1])
    both = max(a[3], b[3]) - min(a[1], b[1])
    low = min(a[3] - a[1], b[3] - b[1])
    return overlap >= 0.5 * min(a[2] - a[0], b[2] - b[0]) and shared < 0.4 * low and both <= 1.4 * height
