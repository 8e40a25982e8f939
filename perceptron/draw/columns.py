"""The style 'layers': one column of neurons a layer, wide layers shown by their first and last few. Pure text."""

from __future__ import annotations

from collections import Counter

from perceptron.draw import style
from perceptron.draw.dot import attributes, digraph, identifiers, short
from perceptron.draw.options import Options, graph_line, terminal
from perceptron.draw.view import View, by_depth, number_text
from perceptron.numbers import Number

MOST = 12  # neurons of a layer that are shown one by one
HEAD, TAIL = 6, 3  # how many neurons of a wider layer are shown, before and after the dots
DIAMETER = 0.38  # inches
STEP = 36.0  # points from one neuron of a layer to the next
GAP = 118.0  # points from one layer to the next, and a little more for each row
WORDS: dict[str, object] = {"shape": "plaintext", "style": "solid"}
LETTER = 7.4  # points that one letter of a name takes, about


def columns(view: View, options: Options) -> str:
    """The DOT text of a view as columns: neurons at fixed places (`layout=nop`), every edge a straight arrow.

    A layer of more than 12 neurons shows its first 6 and its last 3 with dots between, and its caption says how
    many it has; edges are drawn between the neurons that are shown.

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
    named = [all(node is None or len(node) <= 3 for node in layer) for layer in layers]
    tallest = max(len(layer) for layer in layers)
    grid = _Grid(options.rankdir, GAP + 3 * tallest, tallest)
    ids = identifiers(
        [(("node", node), node) for node in view.nodes]
        + [(("out", name), name) for name, _ in view.outputs]
        + [(("extra", index), f"layer {index}") for index in range(2 * len(layers))]
        + [(("mark", edge), f"mark {' '.join(edge)}") for edge in options.marks]
    )
    lines = _defaults(view, options)
    drawn: dict[str, tuple[float, float]] = {}
    for index, layer in enumerate(layers):
        for row, node in enumerate(layer):
            pos = grid.place(index, row, len(layer))
            if node is None:
                dots = {"label": "⋮" if grid.across else "⋯", "fontsize": 20, "pos": _text(pos)} | WORDS
                lines.append(f"{ids['extra', 2 * index]} {attributes(dots)}")
            else:
                drawn[node] = pos
                neuron = _neuron(view, options, node, named[index]) | {"pos": _text(pos)}
                lines.append(f"{ids['node', node]} {attributes(neuron)}")
        if options.captions and layer:
            caption = grid.caption(_caption(view, options, index, layers), counts[index], index)
            lines.append(f"{ids['extra', 2 * index + 1]} {attributes(caption)}")
    lines += _edges(view, options, ids, drawn)
    lines += _outputs(view, ids, grid, layers)
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

    def caption(self, text: str, count: int, index: int) -> dict[str, object]:
        """The attributes of a layer's caption, which says how many neurons it has if not all are shown."""
        if count > MOST:
            text += f"\n({count:,} neurons)"
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
    if index == 0:
        return "inputs" if options.inputs == "floating" else "input layer"
    if any(node not in layers[-1] and any(node in layer for layer in layers) for _, node in view.outputs):
        return f"layer {index}"
    if index == len(layers) - 1:
        return "output layer"
    return "hidden layer" if len(layers) == 3 else f"hidden layer {index}"


def _shown(layer: list[str]) -> list[str | None]:
    """The neurons of a layer that are drawn; None stands for the dots."""
    return [*layer] if len(layer) <= MOST else [*layer[:HEAD], None, *layer[-TAIL:]]


def _text(pos: tuple[float, float]) -> str:
    return f"{pos[0] + 0.0:g},{pos[1] + 0.0:g}"


def _defaults(view: View, options: Options) -> list[str]:
    crowded = len(view.edges) > 60
    node = {
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
    edge = {
        "fontname": style.FONT,
        "fontsize": style.SIZE,
        "fontcolor": style.INK,
        "color": style.SOFT if crowded else style.INK,
        "penwidth": 0.5 if crowded else 0.8,
        "arrowsize": 0.5,
        "arrowhead": "none" if crowded else "normal",
    }
    graph = graph_line(options, "", layout="nop", outputorder="edgesfirst", splines="line")
    return [graph, f"node {attributes(node)}", f"edge {attributes(edge)}"]


def _neuron(view: View, options: Options, node: str, named: bool) -> dict[str, object]:
    is_input = node in view.inputs
    given = options.label(view.net, node)
    label = given if given is not None else node if is_input and (named or options.inputs == "floating") else ""
    if is_input and options.inputs == "floating":
        return terminal(view, label, node) | {"fixedsize": "false", "style": "solid", "fontsize": style.SIZE}
    drawn: dict[str, object] = {"label": short(label), "fillcolor": style.PAPER, "tooltip": node}
    if not is_input:
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


def _outputs(view: View, ids: dict[object, str], grid: _Grid, layers: list[list[str | None]]) -> list[str]:
    """A short arrow from each output neuron to its name: beside it, or in a column of its own where that fails."""
    last = layers[-1]
    shown = {node for layer in layers for node in layer}
    outputs = [(name, node) for name, node in view.outputs if node in shown]
    beside = len({node for _, node in outputs}) == len(outputs) and all(node in last for _, node in outputs)
    lines = []
    for row, (name, node) in enumerate(outputs):
        here, rows = (last.index(node), len(last)) if beside else (row, len(outputs))
        x, y = grid.place(len(layers) - 1, here, rows)
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
