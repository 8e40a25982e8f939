"""The style 'gates' with true shapes: Graphviz says which gate stands where, and straight wires are laid between.

    rank 0    channel     rank 1        A wire leaves its source, turns in a track of the channel, and runs on
    x1 ────┬───────────▶ ┌──╮           to its pins; a dot shows where it splits. Where it passes a rank it has
           │  ┌────────▶ └──╯─          a place of its own (a "via"), shared by all that it feeds further on.
    x2 ────┼──┴──── …                                 Dashed wires lead back to registers (see `loops`).

The result is DOT text again, with every place pinned (`layout=nop2`) and the shapes as xdot drawing operations in
the graph's background, so that one renderer makes SVG, PNG and PDF of it.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

from perceptron.draw import style
from perceptron.draw.dot import attributes, digraph, identifiers, number
from perceptron.draw.gates import pin_words, tooltip, wire
from perceptron.draw.loops import MARGIN as AROUND
from perceptron.draw.loops import TRACK, Loop
from perceptron.draw.options import Options, back_wire, graph_line, terminal
from perceptron.draw.pen import dashed, ellipse, set_font, set_pen, stroke, word
from perceptron.draw.plan import ORDERS, Cell, Plan, Sink, Tracks, words
from perceptron.draw.symbols import ABOVE, WORD, Point
from perceptron.draw.view import View, number_text

DOT = 2.3  # radius of the dot where a wire splits
FEW = 150  # edges up to which several layouts are tried

Turn = Callable[[Point], Point]


def schematic(view: View, options: Options, render: Callable[[str, str], bytes]) -> str:
    """The DOT text of a view with true gate shapes, pinned places and straight wires.

    Parameters
    ----------
    view : View
    options : Options
    render : function (dot, format) -> bytes
        Graphviz, which is asked for the places ('json').

    Raises
    ------
    DrawError
        If there is no Graphviz.
    """
    plans = []
    trials = 2 * ORDERS if view.inputs and view.states else ORDERS
    for trial in range(trials if len(view.edges) <= FEW else 1):
        plan = Plan(view, options)
        plan.place(render, trial)
        plan.sort_pins()
        plan.place(render, trial)
        plan.straighten()
        plan.close_loops()
        plans.append(plan)
    plan = min(plans, key=Plan.badness)  # the first of the best
    return _placed(plan, plan.lay_wires())


def _placed(plan: Plan, tracks: Tracks) -> str:
    """The pinned DOT text of a plan whose columns and tracks have their places."""
    view, options = plan.view, plan.options
    turn = _turned(options.rankdir)
    ids = identifiers(
        [(("node", node), node) for node in view.nodes] + [(("out", name), name) for name, _ in view.outputs]
    )
    shapes, nodes = [], []
    for key, cell in plan.cells.items():
        if key[0] == "via":
            continue
        middle = turn((cell.x + cell.width / 2, cell.y))
        if cell.shape is None:
            shown = terminal(view, words(plan, key), cell.net) | {"margin": "0", "pos": _pos(middle)}
            if plan.across:
                shown |= {"width": cell.width / 72, "height": cell.height / 72}
        elif cell.net in view.net.states:
            shapes.append(_shape(view, cell, turn))
            shown = terminal(view, words(plan, key), cell.net) | {"margin": "0", "tooltip": tooltip(view, cell.net)}
            shown["pos"] = _pos(turn(_name_place(plan, cell)))
        else:
            shapes.append(_shape(view, cell, turn))
            wide, high = (cell.width, cell.height) if plan.across else (cell.height, cell.width)
            middle = turn((cell.x + cell.shape.center, cell.y))
            shown = {
                "label": cell.shape.text,
                "pos": _pos((middle[0], middle[1] + cell.shape.rise)),
                "width": min(wide, 2 * cell.shape.center if plan.across else wide) / 72,
                "height": high / 72,
                "tooltip": tooltip(view, cell.net),
            }
        nodes.append(f"{ids[key]} {attributes(shown)}")
    shapes += _dots(plan, tracks, turn) + _stubs(plan, turn)
    node_look = {
        "shape": "plaintext",
        "fixedsize": "shape",
        "fontname": style.FONT,
        "fontsize": style.SIZE,
        "fontcolor": style.INK,
    }
    lines = [
        graph_line(options, "", layout="nop2", _background=" ".join(shapes)),
        f"node {attributes(node_look)}",
        f"edge {attributes({'color': style.INK, 'penwidth': style.LINE, 'arrowhead': 'none'})}",
    ]
    return digraph(view.net.name, lines + nodes + _wires(plan, tracks, turn, ids))


def _turned(rankdir: str) -> Turn:
    """The map from the plan, which runs from left to right, to the picture."""
    turns: dict[str, Turn] = {
        "LR": lambda p: p,
        "RL": lambda p: (-p[0], p[1]),
        "TB": lambda p: (-p[1], -p[0]),
        "BT": lambda p: (-p[1], p[0]),
    }
    return turns[rankdir]


def _pos(point: Point) -> str:
    return f"{number(point[0])},{number(point[1])}"


def _wires(plan: Plan, tracks: Tracks, turn: Turn, ids: dict[object, str]) -> list[str]:
    """One line for each edge of the network; lit wires last, so that they lie on top."""
    view = plan.view
    lines: list[tuple[bool, str]] = []
    for node, sinks in plan.sinks.items():
        drawn: dict[int, tuple[float, float]] = {}
        for sink in sinks:
            key = sink.cell.key
            says = f"{node} → {key[1]}"
            if key[0] == "node":
                says += f": {number_text(view.fanin(key[1])[sink.pin][1])}"
            path = _path(plan, tracks, node, sink, drawn)
            shown = {"tooltip": says, "pos": _spline([turn(point) for point in path])} | wire(view, node)
            lines.append((view.on(node), f"{ids['node', node]} -> {ids[key]} {attributes(shown)}"))
        states = [state for source, state in view.feedback if source == node]
        for state, path in zip(states, _ways_back(plan, tracks, node, states, drawn), strict=True):
            shown = back_wire(view, node, state) | {"pos": _spline([turn(point) for point in path])}
            lines.append((view.on(node), f"{ids['node', node]} -> {ids['node', state]} {attributes(shown)}"))
    return [line for _, line in sorted(lines, key=lambda one: one[0])]


def _path(
    plan: Plan,
    tracks: Tracks,
    node: str,
    sink: Sink,
    drawn: dict[int, tuple[float, float]],
) -> list[Point]:
    """The corners of the wire from a node to one of its pins, without what earlier edges of the node share.

    `drawn` holds, for each channel that the node's wires have entered, the lowest and highest point drawn there;
    it is brought up to date. A line drawn twice would look thicker than the others.
    """
    start = plan.cells["node", node]
    points = [(start.right, start.y)]
    for channel in range(start.rank, sink.cell.rank):
        here = plan.at(node, channel).y
        end = sink.y if channel + 1 == sink.cell.rank else plan.at(node, channel + 1).y
        turns = tracks.get((node, channel), [(plan.at(node, channel).right, here)])
        track, entered = turns[-1]
        if channel in drawn:
            low, high = drawn[channel]
            points = [(track, min(high, max(low, end)))]
        else:
            low = high = entered
            for x, y in turns:
                points += [(points[-1][0], y), (x, y)]
        points.append((track, end))
        drawn[channel] = min(low, end), max(high, end)
    points.append((sink.x, points[-1][1]))
    return [point for index, point in enumerate(points) if index == 0 or not _same(point, points[index - 1])]


def _ways_back(
    plan: Plan,
    tracks: Tracks,
    node: str,
    states: list[str],
    drawn: dict[int, tuple[float, float]],
) -> list[list[Point]]:
    """The corners of the line of feedback to each state, the first from where it leaves the wires of the step."""
    if not states:
        return []
    start, loop = plan.cells["node", node], plan.loops[node]
    turns = tracks[node, start.rank]
    x, y = turns[-1]
    if start.rank in drawn:
        low, high = drawn[start.rank]
        trunk = [(x, min(high, max(low, loop.height)))]
    else:
        trunk = [(start.right, start.y)]
        for x, y in turns:
            trunk += [(trunk[-1][0], y), (x, y)]
    left = _left(loop)
    trunk += [(x, loop.height), (left, loop.height)]
    paths: list[list[Point]] = []
    low = high = loop.height
    for state in states:
        pin = plan.cells["node", state]
        begin = trunk if not paths else [(left, min(high, max(low, pin.y)))]
        path = [*begin, (left, pin.y), (pin.x, pin.y)]
        paths.append([path[0]] + [point for before, point in pairwise(path) if not _same(before, point)])
        low, high = min(low, pin.y), max(high, pin.y)
    return paths


def _left(loop: Loop) -> float:
    """The x of the track of a loop."""
    return -AROUND - TRACK * loop.track


def _stubs(plan: Plan, turn: Turn) -> list[str]:
    """A short dashed line at each register whose next value comes from outside the picture."""
    shown = {state for _, state in plan.view.feedback}
    found = []
    for state in plan.view.states:
        if state not in shown:
            pin = plan.cells["node", state]
            points = [turn((pin.x - AROUND, pin.y)), turn((pin.x, pin.y))]
            found.append(set_pen(style.SOFT, style.SOFT, style.LINE) + dashed(stroke("L", points)))
    return found


def _name_place(plan: Plan, cell: Cell) -> Point:
    """The middle of the name of a register: above its box, and no further right than that; beside it if it stands."""
    if not plan.across:
        return cell.x + cell.width / 2, cell.y + ABOVE + cell.name_width / 2
    return cell.right - max(cell.width, cell.name_width) / 2, cell.y + ABOVE + WORD / 2 + 2.5


def _same(first: Point, second: Point) -> bool:
    return abs(first[0] - second[0]) < 0.01 and abs(first[1] - second[1]) < 0.01


def _spline(points: list[Point]) -> str:
    """Straight lines in the language of Graphviz's splines, whose pieces are Bézier curves."""
    text = [_pos(points[0])]
    for before, after in pairwise(points):
        text += [_pos(before), _pos(after), _pos(after)]
    return " ".join(text)


def _dots(plan: Plan, tracks: Tracks, turn: Turn) -> list[str]:
    """A dot wherever three or four lines of one wire meet."""
    found = []
    for (node, channel), turns in tracks.items():
        x, start = turns[-1]
        ends = [start if abs(end - start) <= 0.3 else end for end in plan.ends(node, channel)]
        found += _splits(plan.view, node, x, start, [*ends, *plan.backs(node, channel)], turn)
    for node, loop in plan.loops.items():
        found += _splits(plan.view, node, _left(loop), loop.height, list(loop.pins), turn)
    return found


def _splits(view: View, node: str, x: float, start: float, ends: list[float], turn: Turn) -> list[str]:
    """The dots on an upright wire that is entered at one height and left at others."""
    found = []
    levels = sorted({start, *ends})
    for y in levels:
        if (y == start) + (y in ends) + (y > levels[0]) + (y < levels[-1]) > 2:
            color = _color(view, node)
            found.append(set_pen(color, color, 0.0) + ellipse("E", turn((x, y)), DOT))
    return found


def _color(view: View, node: str) -> str:
    return str(wire(view, node).get("color", style.INK))


def _shape(view: View, cell: Cell, turn: Turn) -> str:
    """The xdot operations that draw a gate, and the weights at its pins where the shape does not tell them."""
    assert cell.shape is not None
    lit = view.on(cell.net)
    ink = style.LIT if lit else style.INK
    fill = style.LIT_FILL if lit else cell.shape.fill
    text = [set_pen(ink, fill, 1.5 if lit else 1.3)]

    def put(point: Point) -> Point:
        return turn((cell.x + point[0], cell.y + point[1]))

    for line in cell.shape.strokes:
        points = [put(point) for point in line.points]
        if line.kind == "circle":
            radius = abs(line.points[1][0] - line.points[0][0])
            text.append(ellipse("E", points[0], radius))
            continue
        letter = {"curve": "b" if line.filled else "B", "polygon": "P", "line": "L"}[line.kind]
        text.append(stroke(letter, points))
    for note in cell.shape.notes:
        x0, y0 = put(note.place)
        text += [set_font(note.size), word(note.text, (x0, y0 - 0.35 * note.size), 0)]
    written = pin_words(view, cell.net, cell.shape)
    if any(written):
        text.append(set_font(style.SMALL - 1))
    for said, y in zip(written, cell.pins, strict=False):
        within = cell.shape.pin_words == "roles"
        x0, y0 = put((5.0 if within else min(cell.shape.edge(y), cell.shape.edge(y + 9)) - 3, y))
        align, rise = (-1, -3) if within else (1, 3)
        align = -align if turn((1.0, 0.0))[0] < 0 else align
        text.append(word(said, (x0, y0 + rise), align))
    return " ".join(text)
