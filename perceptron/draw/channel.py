"""place_tracks: which vertical wire of a channel stands left of which, so that few wires cross and none overlap."""

from __future__ import annotations

from dataclasses import dataclass

NEAR = 5.0  # points: wires closer than this would be taken for one
OVERLAP = 50  # how many crossings one overlap is as bad as
NEVER = 10**6
ROUNDS = 4  # how often the order is improved
MOST = 200  # vertical wires up to which it is


@dataclass(frozen=True)
class Span:
    """The vertical wire of one net in a channel: it comes in from the left at `start` and leaves at each of `ends`.

    At each of `backs` it leaves to the left again, as feedback does.
    """

    net: str
    start: float
    ends: tuple[float, ...]
    backs: tuple[float, ...] = ()

    @property
    def low(self) -> float:
        """The lower end of the vertical wire."""
        return min(self.start, *self.ends, *self.backs)

    @property
    def high(self) -> float:
        """The upper end of the vertical wire."""
        return max(self.start, *self.ends, *self.backs)


Piece = tuple[int, float]


def place_tracks(spans: list[Span]) -> list[list[Piece]]:
    """The way of each wire through the channel, as pieces (track, height at which the wire comes to it).

    Tracks are counted from the left; wires that do not get near each other share one. Most wires have one piece:
    they turn once. Two wires that change places would lie on each other whichever stands left, so one of them
    gets two pieces and turns twice.

    Examples
    --------
    Two wires that both run down do not cross if the upper one turns further right:

    >>> place_tracks([Span("upper", 30, (10,)), Span("lower", 20, (0,))])
    [[(1, 30)], [(0, 20)]]

    Two that change places:

    >>> place_tracks([Span("upper", 30, (0,)), Span("lower", 0, (30,))])
    [[(1, 30)], [(0, 0), (2, 15.0)]]
    """
    pieces = [[span] for span in spans]
    order, flat = _order(pieces)
    for _ in range(len(spans) if len(spans) <= MOST else 0):
        later = _overlapped(order, flat)
        if later is None or not _split(later, pieces):
            break
        order, flat = _order(pieces)
    track: dict[int, int] = {}
    for place, index in enumerate(order):
        track[index] = 0
        for earlier in order[:place]:
            first, second = flat[earlier], flat[index]
            if _meet(first, second) or _cost(second, first) > _cost(first, second):
                track[index] = max(track[index], track[earlier] + 1)
    counter = iter(range(len(flat)))
    return [[(track[next(counter)], piece.start) for piece in span] for span in pieces]


def badness(spans: list[Span], straight: list[float]) -> int:
    """How untidy a channel is: its crossings, with wires that run `straight` through it as well, and its turns."""
    order, flat = _order([[span] for span in spans])
    pairs = sum(_cost(flat[left], flat[right]) for place, right in enumerate(order) for left in order[:place])
    return 2 * pairs + 2 * sum(span.low < y < span.high for span in spans for y in straight) + len(spans)


def _order(pieces: list[list[Span]]) -> tuple[list[int], list[Span]]:
    """All pieces, and their indices from left to right."""
    flat = [piece for span in pieces for piece in span]
    cost = [[_cost(left, right) for right in flat] for left in flat]
    first = 0
    for span in pieces:
        for earlier in range(first, first + len(span)):
            for later in range(earlier + 1, first + len(span)):
                cost[later][earlier] = NEVER
        first += len(span)
    order = sorted(range(len(flat)), key=lambda index: (-flat[index].start, index))
    for _ in range(ROUNDS if len(flat) <= MOST else 0):
        if not _sift(order, cost):
            break
    return order, flat


def _sift(order: list[int], cost: list[list[int]]) -> bool:
    """Move each wire to its cheapest place among the others; whether anything moved."""
    moved = False
    for index in list(order):
        here = order.index(index)
        order.pop(here)
        best, best_price, price, now = 0, 0, 0, 0
        for place, other in enumerate(order, 1):  # price: compared with standing leftmost
            price += cost[other][index] - cost[index][other]
            if price < best_price:
                best, best_price = place, price
            if place == here:
                now = price
        if best_price < now:
            moved = True
        else:
            best = here
        order.insert(best, index)
    return moved


def _overlapped(order: list[int], flat: list[Span]) -> Span | None:
    """A wire whose line from the left lies on the line to the right of one that stands left of it."""
    for place, index in enumerate(order):
        for earlier in order[:place]:
            if flat[earlier].net != flat[index].net and _overlap(flat[earlier], flat[index]):
                return flat[index]
    return None


def _split(span: Span, pieces: list[list[Span]]) -> bool:
    """Let a wire turn twice, at a free height between its ends; whether there is one."""
    taken = [y for other in pieces for piece in other for y in (piece.start, *piece.ends, *piece.backs)]
    goals = (*span.ends, *span.backs)
    middle = (span.start + sum(goals) / len(goals)) / 2
    for step in range(12):
        for height in (middle + step * NEAR, middle - step * NEAR):
            if all(abs(height - y) >= NEAR for y in taken):
                own = next(other for other in pieces if span in other)
                own[own.index(span) :] = [
                    Span(span.net, span.start, (height,)),
                    Span(span.net, height, span.ends, span.backs),
                ]
                return True
    return False


def _cost(left: Span, right: Span) -> int:
    """What it costs to have one wire left of another: crossings, and lines that would lie on each other."""
    crossings = sum(right.low < end < right.high for end in set(left.ends)) + (left.low < right.start < left.high)
    crossings += sum(left.low < back < left.high for back in set(right.backs))
    return crossings + OVERLAP * (left.net != right.net and _overlap(left, right))


def _overlap(left: Span, right: Span) -> bool:
    return any(abs(end - right.start) < NEAR for end in left.ends)


def _meet(first: Span, second: Span) -> bool:
    return first.low - NEAR < second.high and second.low - NEAR < first.high
