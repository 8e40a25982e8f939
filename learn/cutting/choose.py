"""Join the pieces of a line into digits: of all the ways the cheapest, by shape or by what a network reads."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from learn.cutting.arrays import Box, Grey, Labels, Mask, around, places_of
from learn.cutting.crop import owners, picture_of
from learn.cutting.network import Network, activations_of
from learn.cutting.pieces import find_pieces

# What a reading costs; chosen on strips of MNIST digits (tests/learn/strips.py). Lengths are in heights of a digit.
DOUBT = 1.2  # times -log(confidence) of each digit,
LEAST = 0.01  # where a lower confidence counts as this one: an odd digit is not yet two
WIDE = 5.0  # times the width of a digit above 1.05


def choose(
    ink: Grey,
    gone: Mask,
    labels: Labels,
    members: list[int],
    height: float,
    floor: float,
    layers: Network | None,
) -> Iterator[tuple[Box, Grey]]:
    """The digits of one line, left to right, as box and picture: the cheapest way to join its pieces."""
    whole = places_of(labels)
    away = 4 + 2 * int(np.ceil(0.08 * height))  # as far as a soft edge, or what may claim one, can be
    left, top, right, bottom = around([whole[n] for n in members])
    left, top = max(0, left - away), max(0, top - away)
    line = np.s_[top : bottom + away, left : right + away]
    ink, gone, labels = ink[line], gone[line], labels[line]
    pieces, seam_cost = find_pieces(labels, members, height)
    owner = owners(ink, gone, pieces, height, floor)
    places = places_of(pieces)
    numbers = sorted(places, key=lambda n: (places[n][0] + places[n][2]) / 2)
    spans, costs = [], []
    for first in range(len(numbers)):
        cost = 0.0
        for last in range(first, min(len(numbers), first + 12)):
            if last > first:
                cost += _join_cost(places, numbers[first : last + 1], seam_cost, height)
            run = numbers[first : last + 1]
            box = around([places[n] for n in run])
            if last > first and (box[2] - box[0] > 1.7 * height or cost > 8):
                break
            spans.append((first, last + 1))
            costs.append(cost + _shape_cost(box, height, layers is None))
    found = [picture_of(ink, owner, numbers[a:b], [places[n] for n in numbers[a:b]], height) for a, b in spans]
    if layers is not None:
        activations = np.sort(activations_of(layers, np.stack([picture for _, picture in found])), 1)
        sure = np.clip(activations[:, -1] * (1 - activations[:, -2]), LEAST, 1)
        costs = [cost - DOUBT * float(np.log(s)) for cost, s in zip(costs, sure, strict=True)]
    best: list[tuple[float, int]] = [(0.0, -1)] + [(np.inf, -1)] * len(numbers)
    for index, (first, stop) in enumerate(spans):
        before = numbers[first - 1] if first else 0
        between = seam_cost.get((before, numbers[first]), 0.0) if first else 0.0
        total = best[first][0] + costs[index] + between
        if total < best[stop][0]:
            best[stop] = total, index
    chosen = []
    stop = len(numbers)
    while stop:
        chosen.append(best[stop][1])
        stop = spans[best[stop][1]][0]
    for index in reversed(chosen):
        box, picture = found[index]
        yield (box[0] + left, box[1] + top, box[2] + left, box[3] + top), picture


def _shape_cost(box: Box, height: float, shape_alone: bool) -> float:
    """What it costs to call a box one digit: nothing unless it is too wide, or small, or (by shape alone) a sliver."""
    wide, tall = (box[2] - box[0]) / height, (box[3] - box[1]) / height
    cost = WIDE * max(0.0, wide - 1.05) + 4 * max(0.0, 0.7 - max(wide, tall))
    if shape_alone:
        cost += 6 * max(0.0, wide - 1.0) + 4 * max(0.0, 0.25 - wide)
    return cost


def _join_cost(places: dict[int, Box], run: list[int], seam_cost: dict[tuple[int, int], float], height: float) -> float:
    """What it costs that the last piece of a run joins the others: nothing within one stroke, else by the gap."""
    last, before = run[-1], run[:-1]
    if (before[-1], last) in seam_cost:
        return 0.0
    box, rest = places[last], around([places[n] for n in before])
    gap = box[0] - rest[2]
    both = min(box[3] - box[1], rest[3] - rest[1]) / height
    overlap = max(0, -gap) / max(1, min(box[2] - box[0], rest[2] - rest[0]))
    return max(0.0, 0.6 + 8 * max(0, gap) / height + 1.5 * max(0.0, both - 0.6) - 1.0 * overlap)
