"""The style 'layers': one column of neurons a layer, wide layers shown by their first and last few. Pure text."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable

from perceptron.draw import style
from perceptron.draw.dot import attributes, digraph, identifiers, short
from perceptron.draw.options import Options, graph_line, terminal
from perceptron.draw.pen import arrow_along, set_pen
from perceptron.draw.view import View, by_depth, number_text
from perceptron.numbers import Number

MOST = 12  # neurons of a layer that are shown one by one
HEAD, TAIL = 6, 3  # how many neurons of a wider layer are shown, before and after the dots
DIAMETER = 0.38  # inches
DOUBLE = DIAMETER - 8 / 72  # of the inner circle of a state
STEP = 36.0  # points from one neuron of a layer to the next
GAP = 118.0  # points from one layer to the next, and a little more for each row
WORDS: dict[str, object] = {"shape": "plaintext", "style": "solid"}
NEURON: dict[str, object] = {  # what every neuron has, where nothing else is said
    "shape": "circle",
    "style": "filled",
    "fixedsize": "shape",
    "width": DIAMETER,
    "height": DIAMETER,
    "fontname": style.FONT,
    "fontsize": style.SMALL,
    "fontcolor": style.INK,
    "color": style.INK,
    "penwidth": style.LINE,
}
LETTER = 7.4  # points that one letter of a name takes, about
ASIDE = (0.0, 0.5, -0.5, 1.0, -1.0, 1.5, -1.5)  # rows that the names of the outputs may be moved by
BENT = 14.0  # points: radius of the corners of the line through time
LATER = "one step later"


def columns(view: View, options: Options) -> str:
    """The DOT text of a view as columns: neurons at fixed places (`layout=nop`), every edge a straight arrow.

    A layer of more than 12 neurons shows its first 6 and its last 3 with dots between, and its caption says how
    many it has; edges are drawn between the neurons that are shown. States are circles with a double line in the
    first layer, and one dashed line leads back to them all.

    Examples
    --------
    >>> from perceptron import Network, Unit
    >>> from perceptron.draw.view import label_function, look
    >>> net = Network("not")
    >>> net.output("y", net.add(Unit(1), [(net.input("x"), -2)]))
    >>> print(columns(look(net), Options("LR", label_function(None), "none", {}, "layer", "")), end="")
    digraph "not" {
      graph [...layout="nop", ...]
      ...
      "x" [label="x", ...pos="0,0"]
      "layer 1" [label="input layer", ...]
      ...
    }
    """
    layers = [_shown(layer) for layer in by_depth(view)]
    counts = [len(layer) for layer in by_depth(view)]
    named = {
        node
        for kind in (view.inputs, view.states)
        if all(len(node) <= 3 for node in kind if node in layers[0])
        for node in kind
    }
    tallest = max(len(layer) for layer in layers)
    grid = _Grid(options.rankdir, GAP + 3 * tallest, tallest)
    ids = identifiers(
        [(("node", node), node) for node in view.nodes]
        + [(("out", name), name) for name, _ in view.outputs]
        + [(("extra", index), f"layer {index}") for index in range(2 * len(layers))]
        + [(("mark", edge), f"mark {' '.join(edge)}") for edge in options.marks]
        + [(("later", ""), LATER)]
    )
    back = max((index for index, layer in enumerate(by_depth(view)) if _feeds_back(view, layer)), default=None)
    corners = [] if back is None else grid.way_back(back, [len(layer) for layer in layers])
    lines = _defaults(view, options, corners)
    drawn: dict[str, tuple[float, float]] = {}
    for index, layer in enumerate(layers):
        for row, node in enumerate(layer):
            pos = grid.place(index, row, len(layer))
            if node is None:
                dots = {"label": "⋮" if grid.across else "⋯", "fontsize": 20, "pos": _text(pos)} | WORDS
                lines.append(f"{ids['extra', 2 * index]} {attributes(dots)}")
            else:
                drawn[node] = pos
                neuron = _neuron(view, options, node, node in named) | {"pos": _text(pos)}
                lines.append(f"{ids['node', node]} {attributes(neuron)}")
        if options.captions and layer:
            caption = grid.caption(_caption(view, options, index, layers), _count(view, index, counts[index]), index)
            lines.append(f"{ids['extra', 2 * index + 1]} {attributes(caption)}")
    if corners and options.captions:
        lines.append(f"{ids['later', '']} {attributes(grid.later(corners))}")
    lines += _edges(view, options, ids, drawn)
    lines += _outputs(view, ids, grid, layers, drawn)
    return digraph(view.net.name, lines)


class _Grid:
    """Where the neurons stand: layers along the direction of the picture, neurons across it."""

    def __init__(self, rankdir: str, gap: float, tallest: int):
        self.across = rankdir in ("LR", "RL")
        self.sign = -1 if rankdir in ("RL", "BT") else 1
        self.gap, self.tallest = gap, tallest

    def place(self, layer: float, row: float, rows: int) -> tuple[float, float]:
        along, side = self.sign * layer * self.gap, (row - (rows - 1) / 2) * STEP
        return (along, -side) if self.across else (side, -along)

    def way_back(self, layer: int, rows: list[int]) -> list[tuple[float, float]]:
        """The corners of the line through time: from below a layer to below the first one."""

        def corner(x: float, below: float) -> tuple[float, float]:
            along, side = self.sign * x, ((self.tallest - 1) / 2 + below) * STEP
            return (along, -side) if self.across else (side, -along)

        from_layer, to_first = ((rows[index] - self.tallest) / 2 + 0.72 for index in (layer, 0))
        start, end = (layer * self.gap, 0.0) if layer else (BENT, -BENT)
        return [corner(start, from_layer), corner(start, 1.5), corner(end, 1.5), corner(end, to_first)]

    def later(self, corners: list[tuple[float, float]]) -> dict[str, object]:
        """The attributes of the words at the line through time."""
        x, y = (corners[1][0] + corners[2][0]) / 2, (corners[1][1] + corners[2][1]) / 2
        wide = LETTER * len(LATER)
        pos = (x, y - 11) if self.across else (x + 6 + 0.45 * wide, y)
        return {
            "label": LATER,
            "fontcolor": style.SOFT,
            "fontsize": style.SMALL + 1,
            "width": wide / 72,
            "height": 0.2,
            "pos": _text(pos),
        } | WORDS

    def caption(self, text: str, count: str, index: int) -> dict[str, object]:
        """The attributes of a layer's caption, and below it how many neurons it has if not all are shown."""
        if count:
            text += f"\n({count})"
        pos = self.place(index, -1.1 if self.across else -2.2, self.tallest)
        return {
            "label": text,
            "fontcolor": style.SOFT,
            "fontsize": style.SMALL + 1,
            "width": 1.3,
            "height": 0.4,
            "pos": _text(pos),
        } | WORDS


def _caption(view: View, options: Options, index: int, layers: list[list[str | None]]) -> str:
    """The chapter's word for a layer; only a number where outputs stand in other layers than the last."""
    if index == 0 and view.states:
        return "inputs and states" if view.inputs else "states"
    if index == 0:
        return "inputs" if options.inputs == "floating" else "input layer"
    if any(node not in layers[-1] and any(node in layer for layer in layers) for _, node in view.outputs):
        return f"layer {index}"
    if index == len(layers) - 1:
        return "output layer"
    return "hidden layer" if len(layers) == 3 else f"hidden layer {index}"


def _count(view: View, index: int, count: int) -> str:
    """How many neurons a layer has, where not all are shown."""
    if count <= MOST:
        return ""
    if index == 0 and view.states:
        kinds = ((view.inputs, "input"), (view.states, "state"))
        return ", ".join(f"{len(kind):,} {word}{'s' * (len(kind) != 1)}" for kind, word in kinds if kind)
    return f"{count:,} neurons"


def _feeds_back(view: View, layer: list[str]) -> bool:
    """Whether a state takes its next value from this layer."""
    sources = {source for source, _ in view.feedback}
    return any(node in sources for node in layer)


def _shown(layer: list[str]) -> list[str | None]:
    """The neurons of a layer that are drawn; None stands for the dots."""
    return [*layer] if len(layer) <= MOST else [*layer[:HEAD], None, *layer[-TAIL:]]


def _text(pos: tuple[float, float]) -> str:
    return f"{pos[0] + 0.0:g},{pos[1] + 0.0:g}"


def _defaults(view: View, options: Options, back: list[tuple[float, float]]) -> list[str]:
    crowded = len(view.edges) > 60
    edge = {
        "fontname": style.FONT,
        "fontsize": style.SIZE,
        "fontcolor": style.INK,
        "color": style.SOFT if crowded else style.INK,
        "penwidth": 0.5 if crowded else 0.8,
        "arrowsize": 0.5,
        "arrowhead": "none" if crowded else "normal",
    }
    background = f"{set_pen(style.SOFT, style.SOFT, style.LINE)} {arrow_along(back, BENT)}" if back else None
    graph = graph_line(options, "", layout="nop", outputorder="edgesfirst", splines="line", _background=background)
    return [graph, f"node {attributes(NEURON)}", f"edge {attributes(edge)}"]


def _neuron(view: View, options: Options, node: str, named: bool) -> dict[str, object]:
    is_input, is_state = node in view.inputs, node in view.net.states
    given = options.label(view.net, node)
    label = given or ""
    if given is None and (named or (is_input and options.inputs == "floating")):
        label = node
    if is_input and options.inputs == "floating":
        return terminal(view, label, node) | {"fixedsize": "false", "style": "solid", "fontsize": style.SIZE}
    drawn: dict[str, object] = {"label": short(label), "fillcolor": style.PAPER, "tooltip": node}
    if is_state:
        drawn |= {"peripheries": 2, "width": DOUBLE, "height": DOUBLE, "tooltip": view.state_tooltip(node)}
    elif not is_input:
        unit = view.net.unit(node)
        drawn["tooltip"] = f"{node}: {unit.activation.name}, bias {number_text(unit.bias)}"
        if not unit.activation.binary:
            drawn["fillcolor"] = style.SMOOTH_FILL
    if view.values is not None:
        drawn |= {"label": view.value_text(node), "fillcolor": style.shade(float(view.values[node]))}
        if view.on(node):
            drawn["color"] = style.LIT
    return drawn


def _edges(view: View, options: Options, ids: dict[object, str], drawn: dict[str, tuple[float, float]]) -> list[str]:
    """The arrows between the neurons that are drawn; marked ones last, so that they lie on top of the others."""
    plain, marked = [], []
    parallel: Counter[tuple[str, str]] = Counter()
    for source, target, weight in view.edges:
        if source not in drawn or target not in drawn:
            continue
        arrow = f"{ids['node', source]} -> {ids['node', target]}"
        ports = _ports(options.rankdir, parallel[source, target])
        parallel[source, target] += 1
        if (source, target) in options.marks:
            shown = {"color": style.MARK, "penwidth": style.BOLD, "arrowsize": style.ARROW}
            marked.append(f"{arrow} {attributes(shown | ports)}")
        else:
            plain.append(f"{arrow} {attributes(_wire(view, source, weight, options) | ports)}".replace(" []", ""))
    for (source, target), text in options.marks.items():
        if source in drawn and target in drawn:
            (x0, y0), (x1, y1) = drawn[source], drawn[target]
            marked.append(
                f"{ids['mark', (source, target)]} "
                + attributes(
                    {
                        "label": text,
                        "shape": "box",
                        "fixedsize": "false",
                        "margin": "0.03,0.01",
                        "color": style.PAPER,
                        "fillcolor": style.PAPER,
                        "fontcolor": style.MARK,
                        "fontsize": style.SIZE,
                        "width": LETTER * len(text) / 72,
                        "height": 0.22,
                        "pos": _text((x0 + 0.47 * (x1 - x0), y0 + 0.47 * (y1 - y0))),
                    }
                )
            )
    return plain + marked


def _ports(rankdir: str, index: int) -> dict[str, object]:
    """Where the index-th of parallel arrows leaves and arrives, so that they do not lie on each other."""
    tails = {"LR": ("ne", "se"), "RL": ("nw", "sw"), "TB": ("se", "sw"), "BT": ("ne", "nw")}[rankdir]
    heads = {"LR": ("nw", "sw"), "RL": ("ne", "se"), "TB": ("ne", "nw"), "BT": ("se", "sw")}[rankdir]
    return {"tailport": tails[index % 2], "headport": heads[index % 2]} if index else {}


def _wire(view: View, source: str, weight: Number, options: Options) -> dict[str, object]:
    wire: dict[str, object] = {}
    if options.weights == "all":
        wire["label"] = number_text(weight)
    if view.values is not None:
        wire["color"] = style.LIT if view.on(source) else style.DIM
    return wire


def _outputs(
    view: View,
    ids: dict[object, str],
    grid: _Grid,
    layers: list[list[str | None]],
    neurons: dict[str, tuple[float, float]],
) -> list[str]:
    """A short arrow from each output neuron to its name: beside it, or in a column of its own where that fails."""
    last = layers[-1]
    shown = {node for layer in layers for node in layer}
    outputs = [(name, node) for name, node in view.outputs if node in shown]
    beside = len({node for _, node in outputs}) == len(outputs) and all(node in last for _, node in outputs)
    places = [(last.index(node), len(last)) if beside else (row, len(outputs)) for row, (_, node) in enumerate(outputs)]
    aims = [(neurons[node], grid.place(len(layers), *place)) for (_, node), place in zip(outputs, places, strict=True)]
    aside = 0.0 if beside else min(ASIDE, key=lambda rows: _hits(aims, grid.place(0, rows, 1), neurons.values()))
    lines = []
    for (name, node), (here, rows) in zip(outputs, places, strict=True):
        x, y = grid.place(len(layers) - 1, here + aside, rows)
        text = short(name) + (f" = {view.value_text(node)}" if view.values is not None else "")
        if grid.across:
            x += grid.sign * (62 if beside else 110)
            x += grid.sign * LETTER * len(text) / 2
        else:
            y -= grid.sign * (50 if beside else 90)
        width = LETTER * len(text) / 72 + 0.05
        drawn = terminal(view, name, node) | {
            "pos": _text((x, y)),
            "width": width,
            "height": 0.25,
            "style": "solid",
            "fixedsize": "false",
            "fontsize": style.SIZE,
        }
        lines.append(f"{ids['out', name]} {attributes(drawn)}")
        wire: dict[str, object] = {"arrowhead": "normal"}
        if view.values is not None:
            wire["color"] = style.LIT if view.on(node) else style.DIM
        lines.append(f"{ids['node', node]} -> {ids['out', name]} {attributes(wire)}")
    return lines


def _hits(
    lines: list[tuple[tuple[float, float], tuple[float, float]]],
    moved: tuple[float, float],
    neurons: Iterable[tuple[float, float]],
) -> int:
    """How many neurons lie on the lines, when their far ends are moved so far."""
    count = 0
    for start, (x, y) in lines:
        dx, dy = x + moved[0] - start[0], y + moved[1] - start[1]
        length = math.hypot(dx, dy)
        for neuron in neurons:
            px, py = neuron[0] - start[0], neuron[1] - start[1]
            off = abs(px * dy - py * dx) / length
            count += neuron != start and px * dx + py * dy > 0 and off < 36 * DIAMETER
    return count
