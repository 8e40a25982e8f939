"""Plan: where the gates of a schematic stand, asked of Graphviz, and where its wires turn, found here."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field

from perceptron.draw import style
from perceptron.draw.channel import Span, badness, place_tracks
from perceptron.draw.dot import attributes, digraph, short
from perceptron.draw.gates import input_name, symbol_of
from perceptron.draw.loops import Loop, route
from perceptron.draw.options import Options, rank_lines, terminal
from perceptron.draw.symbols import ABOVE, Point, Symbol
from perceptron.draw.view import View

Tracks = dict[tuple[str, int], list[Point]]
Key = tuple[str, ...]  # ("node", node), ("out", name) or ("via", source, rank)

TRACK = 9.0  # points from one vertical wire to the next
MARGIN = 12.0  # from a column of gates to the first track
ORDERS = 4  # in which the text of a layout may stand
UPRIGHT = 40.0  # so many points of upright lines of feedback are as bad as one turn
NUDGE = 4.5  # how far a cell may be moved for a straight wire; less than half the space between cells
LETTER = 8.0  # width of a letter, about


@dataclass
class Cell:
    """A thing that takes a place in a rank: a gate, the name of an input or output, or a wire that passes by."""

    key: Key
    rank: int
    net: str  # the node whose wire leaves it, or ends here
    shape: Symbol | None = None
    width: float = 0.0
    height: float = 0.0
    x: float = 0.0  # left edge
    y: float = 0.0  # middle
    pins: list[float] = field(default_factory=list)  # y of the pin of each incoming edge, from the middle
    name_width: float = 0.0  # of the name above a register

    @property
    def right(self) -> float:
        """Where the wire leaves."""
        return self.x + self.width


@dataclass(frozen=True)
class Sink:
    """Where a wire ends: the pin of a cell."""

    cell: Cell
    pin: int

    @property
    def y(self) -> float:
        """The height of the pin."""
        return self.cell.y + (self.cell.pins[self.pin] if self.cell.pins else 0.0)

    @property
    def x(self) -> float:
        """Where the wire meets the outline."""
        shape = self.cell.shape
        return self.cell.x + (shape.edge(self.y - self.cell.y) if shape is not None else 0.0)


class Plan:
    """The cells, the wires between them, and how they come to their places."""

    def __init__(self, view: View, options: Options):
        self.view, self.options = view, options
        self.across = options.rankdir in ("LR", "RL")
        rank = _ranks(view)
        self.last = max(rank.values()) + 1
        self.cells: dict[Key, Cell] = {}
        self.loops: dict[str, Loop] = {}
        inputs, states = set(view.inputs), set(view.states)
        for node in view.nodes:
            cell = Cell(("node", node), rank[node], node)
            if node not in inputs:
                cell.shape = symbol_of(view, options, node)
                cell.width, cell.height = cell.shape.width, cell.shape.height
                cell.pins = cell.shape.pins(len(view.fanin(node)))
            if node in states:
                told = f" = {view.value_text(node)}" if view.values is not None else ""
                cell.name_width = LETTER * len(short(words(self, cell.key)) + told) + 6
                if not self.across:  # the name stands beside the register
                    cell.height = max(cell.height, 2 * (ABOVE + cell.name_width))
            self.cells[cell.key] = cell
        for name, node in view.outputs:
            self.cells["out", name] = Cell(("out", name), self.last, node)
        self.sinks: dict[str, list[Sink]] = {node: [] for node in view.nodes}
        for node in view.units:
            for pin, (source, _) in enumerate(view.fanin(node)):
                self.sinks[source].append(Sink(self.cells["node", node], pin))
        for name, node in view.outputs:
            self.sinks[node].append(Sink(self.cells["out", name], 0))
        for node, sinks in self.sinks.items():
            furthest = max((sink.cell.rank for sink in sinks), default=0)
            for between in range(rank[node] + 1, furthest):
                key = ("via", node, str(between))
                self.cells[key] = Cell(key, between, node)

    def at(self, node: str, rank: int) -> Cell:
        """The cell of a node's wire in a rank: the node itself, or where the wire passes."""
        own = self.cells["node", node]
        return own if own.rank == rank else self.cells["via", node, str(rank)]

    def place(self, render: Callable[[str, str], bytes], trial: int) -> None:
        """Ask Graphviz for the height of each cell, and for the size of each name.

        It starts its search from the order of the text, so each trial gives another order, and another result.
        """
        keys = list(self.cells)
        ids = {key: f"c{index}" for index, key in enumerate(keys)}
        found = json.loads(render(self._layout_text(ids, trial), "json"))
        by_id = {one["name"]: one for one in found["objects"] if "pos" in one}
        for key, cell in self.cells.items():
            one = by_id[ids[key]]
            cell.y = float(one["pos"].split(",")[1])
            if cell.shape is None and key[0] != "via":
                cell.width, cell.height = 72 * float(one["width"]), 72 * float(one["height"])

    def _layout_text(self, ids: dict[Key, str], trial: int) -> str:
        lines = [
            'graph [rankdir="LR", nodesep="0.2", ranksep="0.4"]',
            f"node {attributes({'fontname': style.FONT, 'fontsize': style.SIZE})}",
            'edge [arrowhead="none"]',
        ]
        shown: dict[str, object]
        for key, cell in self.cells.items():
            if cell.shape is not None and not cell.pins:
                shown = {"label": "", "shape": "box", "fixedsize": "true"}
                shown |= {"width": cell.width / 72, "height": cell.height / 72}
            elif cell.shape is not None:
                ports = "|".join(f"<i{index}>" for index in range(len(cell.pins)))
                shown = {"label": f"{{{{{ports}}}|<o>}}", "shape": "record"}
                shown |= {"width": cell.width / 72, "height": cell.height / 72, "fixedsize": "true"}
            elif key[0] == "via":
                shown = {"label": "", "shape": "box", "width": 0.1, "height": 0.01, "fixedsize": "true"}
            else:
                shown = terminal(self.view, words(self, key), cell.net)
                if not self.across:  # names stand upright, so along the wire they take their height
                    length = LETTER * len(words(self, key) + self.view.value_text(cell.net)) + 8
                    shown = {"label": "", "shape": "box", "fixedsize": "true", "width": 0.3, "height": length / 72}
            lines.append(f"{ids[key]} {attributes(shown)}")
        edges = [line for node, sinks in self.sinks.items() for line in self._layout_edges(ids, node, sinks)]
        if trial % ORDERS in (1, 3):
            edges.reverse()
        if trial % ORDERS in (2, 3):
            lines[3:] = lines[:2:-1]
        lines += edges
        return digraph("layout", lines + rank_lines(self.view, ids, inputs_above=trial >= ORDERS))

    def _layout_edges(self, ids: dict[Key, str], node: str, sinks: list[Sink]) -> list[str]:
        first, furthest = self.cells["node", node].rank, max((sink.cell.rank for sink in sinks), default=0)
        lines = [
            f"{ids[self.at(node, rank - 1).key]} -> {ids[self.at(node, rank).key]} [weight=6]"
            for rank in range(first + 1, furthest)
        ]
        for sink in sinks:
            port = f":i{sink.pin}" if sink.cell.pins else ""
            weight = 4 if sink.cell.key[0] == "out" else 2 if len(sinks) == 1 else 1
            start = ids[self.at(node, sink.cell.rank - 1).key]
            lines.append(f"{start} -> {ids[sink.cell.key]}{port} [weight={weight}]")
        return lines

    def sort_pins(self) -> None:
        """Give each gate its pins in the order in which their wires arrive, so that they do not cross."""
        for node in self.view.units:
            cell = self.cells["node", node]
            if cell.shape is None or len(cell.pins) < 2:
                continue
            arriving = [self.at(source, cell.rank - 1).y for source, _ in self.view.fanin(node)]
            order = sorted(range(len(arriving)), key=lambda pin: (-arriving[pin], pin))
            slots = sorted(cell.pins, reverse=True)
            for slot, pin in zip(slots, order, strict=True):
                cell.pins[pin] = slot

    def straighten(self) -> None:
        """Move each cell by the few points that keep one of its wires from being straight."""
        for name in self.view.first:
            cell = self.cells["node", name]
            cell.y += _nudge([end - cell.y for end in self.ends(name, 0)])
        for rank in range(1, self.last + 1):
            for cell in [cell for cell in self.cells.values() if cell.rank == rank]:
                if cell.shape is None:
                    cell.y += _nudge([self.at(cell.net, rank - 1).y - cell.y])
                    continue
                sources = [source for source, _ in self.view.fanin(cell.net)]
                arriving = zip(sources, cell.pins, strict=False)
                cell.y += _nudge([self.at(source, rank - 1).y - cell.y - pin for source, pin in arriving])

    def close_loops(self) -> None:
        """Choose the way of each line of feedback, now that every cell has its height."""
        back: dict[str, list[float]] = {}
        for node, state in self.view.feedback:
            back.setdefault(node, []).append(self.cells["node", state].y)
        cells = [(cell.y - cell.height / 2, cell.y + cell.height / 2) for cell in self.cells.values()]
        column = [(cell.y - cell.height / 2, cell.y + cell.height / 2) for cell in self.cells.values() if not cell.rank]
        starts = {node: (self.cells["node", node].y, self.cells["node", node].rank) for node in back}
        self.loops = route(starts, back, column, cells)

    def lay_wires(self) -> Tracks:
        """Place the columns and the vertical wires between them; the turns of each (node, channel) that has any.

        A turn is the x of a vertical wire and the height at which it is entered.
        """
        columns: list[list[Cell]] = [[] for _ in range(self.last + 1)]
        for cell in self.cells.values():
            columns[cell.rank].append(cell)
        tracks: Tracks = {}
        left = 0.0
        for rank, column in enumerate(columns):
            wide = max((self._wide(cell) for cell in column), default=0.0)
            for cell in column:
                if cell.key[0] == "via":
                    cell.x, cell.width = left, wide
                elif cell.shape is not None and rank:
                    cell.x = left + (wide - cell.width) / 2
                else:
                    cell.x = left + (wide - cell.width if cell.key[0] == "node" else 0.0)
            left += wide
            if rank < self.last:
                spans = [span for node in self.sinks if (span := self._span(node, rank)) is not None]
                places = place_tracks(spans)
                for span, pieces in zip(spans, places, strict=True):
                    tracks[span.net, rank] = [(left + MARGIN + TRACK * track, y) for track, y in pieces]
                left += 2 * MARGIN + TRACK * max((track for pieces in places for track, _ in pieces), default=0)
        return tracks

    def _wide(self, cell: Cell) -> float:
        """The width of a cell, with the name of a register if it stands above it."""
        return max(cell.width, cell.name_width if self.across else 0.0)

    def badness(self) -> int:
        """How untidy the wires would be (see `channel.badness`)."""
        total = 0
        for channel in range(self.last):
            spans = [span for node in self.sinks if (span := self._span(node, channel)) is not None]
            turning = {span.net for span in spans}
            straight = [
                self.at(node, channel).y
                for node in self.sinks
                if node not in turning and self.cells["node", node].rank <= channel and self.ends(node, channel)
            ]
            total += badness(spans, straight)
        upright = sum(
            abs(self.cells["node", node].y - loop.height) + loop.span[1] - loop.span[0]
            for node, loop in self.loops.items()
        )
        return total + int(upright / UPRIGHT)

    def ends(self, node: str, channel: int) -> list[float]:
        """The heights at which a wire leaves a channel: its pins there, and where it passes on."""
        ends = [sink.y for sink in self.sinks[node] if sink.cell.rank == channel + 1]
        via = self.cells.get(("via", node, str(channel + 1)))
        return ends if via is None else [*ends, via.y]

    def backs(self, node: str, channel: int) -> tuple[float, ...]:
        """The height at which a wire turns back in a channel, as feedback; nothing where it does not."""
        loop = self.loops.get(node)
        return (loop.height,) if loop is not None and self.cells["node", node].rank == channel else ()

    def _span(self, node: str, channel: int) -> Span | None:
        """The vertical wire of a node in a channel, if it has one."""
        if self.cells["node", node].rank > channel:
            return None
        ends, backs = self.ends(node, channel), self.backs(node, channel)
        if not ends and not backs:
            return None
        start = self.at(node, channel).y
        return Span(node, start, tuple(ends), backs) if any(abs(y - start) > 0.3 for y in (*ends, *backs)) else None


def words(plan: Plan, key: Key) -> str:
    """What stands for an input, a state or an output."""
    return input_name(plan.view, plan.options, key[1]) if key[0] == "node" else key[1]


def _nudge(ways: list[float]) -> float:
    """The shortest of the ways, if it is short enough that no neighbour is hit."""
    shortest = min(ways, key=abs, default=0.0)
    return shortest if abs(shortest) < NUDGE else 0.0


def _ranks(view: View) -> dict[str, int]:
    """The column of each node: inputs and states in the first, each unit just before the nearest that reads it."""
    depth = dict.fromkeys(view.first, 0)
    for node in view.nodes:
        if node not in depth:
            depth[node] = 1 + max((depth[source] for source, _ in view.fanin(node)), default=0)
    last = max(depth.values(), default=0)
    rank = dict(depth)
    nearest: dict[str, int] = {node: last + 1 for _, node in view.outputs}
    first = set(view.first)
    for node in reversed(view.nodes):
        if node in nearest and node not in first:
            rank[node] = nearest[node] - 1
        for source, _ in view.fanin(node):
            nearest[source] = min(nearest.get(source, rank[node]), rank[node])
    return rank
