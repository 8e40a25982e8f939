"""The style 'neurons', as the chapter draws: circles with the bias inside, arrows with their weights. Pure text."""

from __future__ import annotations

from perceptron.draw import style
from perceptron.draw.dot import Html, attributes, digraph, escape, identifiers, short
from perceptron.draw.options import Options, back_wire, graph_line, rank_lines, terminal, weight_texts
from perceptron.draw.view import View, bias_text, by_depth, number_text
from perceptron.unit import Sigmoid, Table

HEADS: dict[str, object] = {
    "labeldistance": 2.8,
    "labelangle": 9,
    "labelfontsize": style.SMALL,
    "labelfontname": style.FONT,
    "labelfontcolor": style.INK,
}


def neurons(view: View, options: Options) -> str:
    """The DOT text of a view: one node a neuron, one edge an edge, and one more of each per output.

    Inputs and states stand in one column and outputs in another; invisible edges keep the order.

    Examples
    --------
    >>> from perceptron import Network, Unit
    >>> from perceptron.draw.view import label_function, look
    >>> net = Network("not")
    >>> net.output("y", net.add(Unit(1), [(net.input("x"), -2)]))
    >>> print(neurons(look(net), Options("LR", label_function(None), "all", {}, "floating", "")), end="")
    digraph "not" {
      graph [...]
      node [...]
      edge [...]
      "x" [label="x", shape="plaintext", ...]
      "n1" [label="1", shape="circle", ...]
      "y" [label="y", shape="plaintext", ...]
      "x" -> "n1" [label=" −2 ", ...]
      "n1" -> "y" [...]
      { rank="source"; "x"; }
      { rank="sink"; "y"; }
    }
    """
    ids = identifiers(
        [(("node", node), node) for node in view.nodes] + [(("out", name), name) for name, _ in view.outputs]
    )
    text, note = weight_texts(view, options.weights)
    straight = _is_mesh(view)
    lines = [
        graph_line(
            options,
            note,
            rankdir=options.rankdir,
            nodesep=0.4 if straight else 0.3,
            ranksep=1.3 if straight else 0.55,
            splines="line" if straight else None,
        ),
        "node "
        + attributes(
            {
                "fontname": style.FONT,
                "fontsize": style.SIZE,
                "fontcolor": style.INK,
                "color": style.INK,
                "penwidth": style.LINE,
                "margin": "0.04,0.02",
            }
        ),
        "edge "
        + attributes(
            {
                "fontname": style.FONT,
                "fontsize": style.SMALL,
                "fontcolor": style.INK,
                "color": style.INK,
                "penwidth": style.LINE,
                "arrowsize": style.ARROW,
            }
            | (HEADS if straight else {})
        ),
    ]
    inputs, states = set(view.inputs), set(view.states)
    for node in view.nodes:
        if node in states:
            shown = _delay(view, options, node)
        elif node in inputs and options.inputs == "floating":
            shown = terminal(view, _words(view, options, node), node)
        else:
            shown = _circle(view, options, node, node in inputs)
        lines.append(f"{ids['node', node]} {attributes(shown)}")
    for name, node in view.outputs:
        lines.append(f"{ids['out', name]} {attributes(terminal(view, name, node))}")

    for edge in view.edges:
        source, target, weight = edge
        mark = options.marks.get((source, target))
        shown = {
            "headlabel" if straight else "label": f" {mark} " if mark is not None else _spaced(text(edge)),
            "tooltip": f"{source} → {target}: {number_text(weight)}",
        }
        if mark is not None:
            shown |= {
                "color": style.MARK,
                "fontcolor": style.MARK,
                "labelfontcolor": style.MARK,
                "penwidth": style.BOLD,
            }
        else:
            shown |= _light(view, source)
        lines.append(f"{ids['node', source]} -> {ids['node', target]} {attributes(shown)}")
    for name, node in view.outputs:
        shown = {"tooltip": f"{node} → {name}"} | _light(view, node)
        lines.append(f"{ids['node', node]} -> {ids['out', name]} {attributes(shown)}")

    for node, state in view.feedback:
        shown = back_wire(view, node, state) | {"weight": 0}
        lines.append(f"{ids['node', node]} -> {ids['node', state]} {attributes(shown)}")

    for column in by_depth(view)[1:]:
        same = [node for node in column if view.fanin(node)]
        if len(same) > 1:
            lines.append(f'{{ rank="same"; {" ".join(ids["node", node] + ";" for node in same)} }}')
    lines += rank_lines(view, ids, inputs_above=straight)
    return digraph(view.net.name, lines)


def _is_mesh(view: View) -> bool:
    """Whether whole layers feed whole layers: then straight lines are clearest, with each weight at its head."""
    depth = {node: index for index, layer in enumerate(by_depth(view)) for node in layer}
    pairs = {(source, target) for source, target, _ in view.edges}
    return (
        len(view.edges) > 3 * len(view.units)
        and len(pairs) == len(view.edges)
        and all(depth[target] == depth[source] + 1 for source, target in pairs)
    )


def _words(view: View, options: Options, node: str) -> str:
    """The words for an input or a state."""
    given = options.label(view.net, node)
    return node if given is None else given


def _spaced(text: str) -> str | None:
    return f" {text} " if text else None  # the spaces keep the number off its line


def _light(view: View, node: str) -> dict[str, object]:
    """The colour of a wire that carries the value of a node."""
    if view.values is None:
        return {}
    if view.on(node):
        return {"color": style.LIT, "penwidth": style.BOLD}
    return {"color": style.DIM}


def _delay(view: View, options: Options, state: str) -> dict[str, object]:
    """The attributes of a state: a rounded box that bears z⁻¹, the sign of a delay by one step."""
    words, initial = escape(short(_words(view, options, state))), view.initial_text(state)
    if view.values is not None:
        words += f" = <b>{view.value_text(state)}</b>"
    small = "z⁻¹" + (f" · init {escape(initial)}" if initial else "")
    drawn: dict[str, object] = {
        "label": Html(f'{words}<br/><font point-size="{style.SMALL}" color="{style.SOFT}">{small}</font>'),
        "shape": "box",
        "width": style.CIRCLE,
        "height": style.CIRCLE,
        "style": "filled,rounded",
        "fillcolor": style.PAPER,
        "tooltip": view.state_tooltip(state),
    }
    if view.values is not None:
        drawn["fillcolor"] = style.shade(float(view.values[state]))
    return drawn | ({"color": style.LIT, "penwidth": style.BOLD} if view.on(state) else {})


def _circle(view: View, options: Options, node: str, is_input: bool) -> dict[str, object]:
    """The attributes of a neuron: white for a perceptron, tinted for a sigmoid, a box for a table."""
    given = options.label(view.net, node)
    words = given if given is not None else node if is_input else bias_text(view.net, node)
    fill, shape, tooltip = style.PAPER, "circle", node
    if not is_input:
        unit = view.net.unit(node)
        tooltip = f"{node}: {unit.activation.name}, bias {number_text(unit.bias)}"
        if isinstance(unit.activation, Table):
            fill, shape = style.TABLE_FILL, "box"
        elif not unit.activation.binary:
            fill = style.SMOOTH_FILL
            sign = "σ" if isinstance(unit.activation, Sigmoid) else unit.activation.name
            if given is None:
                words = f"{sign} {words}" if view.values is not None else f"{sign}\n{words}"
    label: str = short(words)
    value = view.value_text(node)
    if value:
        small = f'<font point-size="{style.SMALL - 1}" color="{style.SOFT}">{escape(short(words))}</font>'
        label = Html(f"<b>{value}</b><br/>{small}")
        fill = style.shade(float(value)) if view.values is not None else fill
    drawn: dict[str, object] = {
        "label": label,
        "shape": shape,
        "width": style.CIRCLE,
        "height": style.CIRCLE,
        "style": "filled,dashed" if node in view.cut else "filled,rounded" if shape == "box" else "filled",
        "fillcolor": fill,
        "tooltip": tooltip,
    }
    if view.on(node):
        drawn |= {"color": style.LIT, "penwidth": style.BOLD}
    return drawn
