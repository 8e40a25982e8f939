"""route: the way back of each line of feedback in a schematic, around the gates and to the D of its registers.

┌ ─ ─ ─ ─ ─ ─ ─ ─ ─ ┐      It leaves the channel right of its source, runs above or below all gates (or, where
└ ─ D┌──┐Q───▷gate──┴──    it comes from the first column itself, between two cells of that), and turns into
     └──┘                  the pins in a track left of the first column.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

MARGIN, TRACK = 14.0, 9.0  # points from the gates to the first line, and from there to the next
ROOM = 8.0  # how high a space between two cells must be for a line
NEAR = 5.0  # lines closer than this would be taken for one

Extent = tuple[float, float]  # from the lower to the upper end


@dataclass(frozen=True)
class Loop:
    """The way back from one node: a level line at `height`, then down or up in a `track`, into `pins`.

    Tracks are counted to the left from the first column.
    """

    height: float
    track: int
    pins: tuple[float, ...]

    @property
    def span(self) -> Extent:
        """The ends of the upright line in the track."""
        return min(self.height, *self.pins), max(self.height, *self.pins)


def route(
    starts: Mapping[str, tuple[float, int]],
    pins: Mapping[str, Sequence[float]],
    column: Sequence[Extent],
    cells: Sequence[Extent],
) -> dict[str, Loop]:
    """The loop of each node that a state takes its next value from.

    Parameters
    ----------
    starts : mapping of node -> (height, column)
        Where its wire leaves it.
    pins : mapping of node -> heights
        Of the D of each state that it goes back to.
    column, cells : list of (low, high)
        What takes room in the first column, and in all of them.

    Examples
    --------
    A gate beside its register, a little higher than it:

    >>> route({"next": (10, 1)}, {"next": [0]}, [(-27, 27)], [(-27, 27), (-6, 26)])
    {'next': Loop(height=41.0, track=0, pins=(0,))}
    """
    low, high = min((one for one, _ in cells), default=0.0), max((one for _, one in cells), default=0.0)
    heights = _spaces(starts, pins, column, low - MARGIN, high + MARGIN)
    above: list[str] = []
    below: list[str] = []
    for node in pins:
        if node not in heights:
            up = _length(starts[node][0], pins[node], high)
            (above if up <= _length(starts[node][0], pins[node], low) else below).append(node)
    for index, node in enumerate(sorted(above, key=lambda node: (-max(pins[node]), starts[node][1]))):
        heights[node] = high + MARGIN + TRACK * index
    for index, node in enumerate(sorted(below, key=lambda node: (min(pins[node]), starts[node][1]))):
        heights[node] = low - MARGIN - TRACK * index
    return _tracked({node: Loop(heights[node], 0, tuple(pins[node])) for node in pins})


def _spaces(
    starts: Mapping[str, tuple[float, int]],
    pins: Mapping[str, Sequence[float]],
    column: Sequence[Extent],
    low: float,
    high: float,
) -> dict[str, float]:
    """The heights of the loops that pass the first column only, where a space in it is nearer than a way out."""
    ordered = sorted(column)
    free = [(lower[1] + upper[0]) / 2 for lower, upper in pairwise(ordered) if upper[0] - lower[1] >= ROOM]
    chosen: dict[str, float] = {}
    passing = [node for node in pins if starts[node][1] == 0]
    for node in sorted(passing, key=lambda node: _length(starts[node][0], pins[node], starts[node][0])):
        start = starts[node][0]
        out = min(_length(start, pins[node], low), _length(start, pins[node], high))
        best = min(free, key=lambda height: _length(start, pins[node], height), default=None)
        if best is not None and _length(start, pins[node], best) <= out:
            chosen[node] = best
            free.remove(best)
    return chosen


def _length(start: float, pins: Sequence[float], height: float) -> float:
    """How long the upright lines of a loop are."""
    return abs(start - height) + max(height, *pins) - min(height, *pins)


def _tracked(loops: Mapping[str, Loop]) -> dict[str, Loop]:
    """The loops with their tracks: short ones inside, and none on another."""
    tracks: list[list[Extent]] = []
    placed: dict[str, Loop] = {}
    for node, loop in sorted(loops.items(), key=lambda item: item[1].span[1] - item[1].span[0]):
        low, high = loop.span
        track = 0
        while track < len(tracks) and any(low - NEAR < top and bottom - NEAR < high for bottom, top in tracks[track]):
            track += 1
        if track == len(tracks):
            tracks.append([])
        tracks[track].append((low, high))
        placed[node] = Loop(loop.height, track, loop.pins)
    return placed
