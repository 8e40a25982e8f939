"""The style 'gates' as plain DOT text: a box with one pin an edge (`schematic` has the true shapes). Pure."""

from __future__ import annotations

from itertools import permutations, product

from perceptron.draw import style
from perceptron.draw.dot import Html, Raw, attributes, digraph, escape, field, identifiers, short
from perceptron.draw.options import Options, back_wire, graph_line, rank_lines, terminal
from perceptron.draw.symbols import Symbol, register, symbol
from perceptron.draw.view import View, bias_text, number_text
from perceptron.names import gate_name
from perceptron.numbers import exact


def gates(view: View, options: Options) -> str:
    """The DOT text of a view: one record a gate, with the name of the gate and one port for each incoming edge.

    A state is a table with the ports D and Q, and a dashed line comes back to its D.

    Examples
    --------
    >>> from perceptron import Network, Unit
    >>> from perceptron.draw.view import label_function, look
    >>> net = Network("not")
    >>> net.output("y", net.add(Unit(1), [(net.input("x"), -2)]))
    >>> print(gates(look(net), Options("LR", label_function(None), "all", {}, "floating", "")), end="")
    digraph "not" {
      ...
      "n1" [label="{{<i0>}|NOT}", shape="record", ...]
      ...
      "x" -> "n1":"i0" [...]
      ...
    }
    """
    ids = identifiers(
        [(("node", node), node) for node in view.nodes] + [(("out", name), name) for name, _ in view.outputs]
    )
    font = {"fontname": style.FONT, "fontsize": style.SIZE, "fontcolor": style.INK}
    lines = [
        graph_line(options, "", rankdir=options.rankdir, nodesep=0.3, ranksep=0.6),
        f"node {attributes(font | {'color': style.INK, 'penwidth': style.LINE})}",
        f"edge {attributes({'color': style.INK, 'penwidth': style.LINE, 'arrowhead': 'none'})}",
    ]
    inputs, states = set(view.inputs), set(view.states)
    side = {"LR": "e", "RL": "w", "TB": "s", "BT": "n"}[options.rankdir]
    other = {"e": "w", "w": "e", "s": "n", "n": "s"}[side]
    leaves = dict.fromkeys(view.units, f":{side}")  # every wire leaves a gate on the side of its output
    leaves |= dict.fromkeys(view.states, f':"q":{side}')
    for node in view.nodes:
        if node in states:
            lines.append(f"{ids['node', node]} {attributes(_register(view, options, node))}")
            continue
        if node in inputs:
            lines.append(f"{ids['node', node]} {attributes(terminal(view, input_name(view, options, node), node))}")
            continue
        pins = "|".join(f"<i{index}>" for index in range(len(view.fanin(node))))
        words = field(short(name_of(view, options, node)))
        shown: dict[str, object] = {
            "label": Raw(f"{{{{{pins}}}|{words}}}" if pins else words),
            "shape": "record",
            "tooltip": tooltip(view, node),
        }
        if view.on(node):
            shown |= {"color": style.LIT, "style": "filled", "fillcolor": style.LIT_FILL}
        lines.append(f"{ids['node', node]} {attributes(shown)}")
    for name, node in view.outputs:
        lines.append(f"{ids['out', name]} {attributes(terminal(view, name, node))}")
    for node in view.units:
        for index, (source, weight) in enumerate(view.fanin(node)):
            shown = {"tooltip": f"{source} → {node}: {number_text(weight)}"} | wire(view, source)
            lines.append(
                f'{ids["node", source]}{leaves.get(source, "")} -> {ids["node", node]}:"i{index}" {attributes(shown)}'
            )
    for name, node in view.outputs:
        shown = {"tooltip": f"{node} → {name}", "weight": 8} | wire(view, node)
        lines.append(f"{ids['node', node]}{leaves.get(node, '')} -> {ids['out', name]} {attributes(shown)}")
    for node, state in view.feedback:
        shown = back_wire(view, node, state) | {"constraint": "false"}
        lines.append(
            f'{ids["node", node]}{leaves.get(node, "")} -> {ids["node", state]}:"d":{other} {attributes(shown)}'
        )
    lines += rank_lines(view, ids)
    return digraph(view.net.name, lines)


def _register(view: View, options: Options, state: str) -> dict[str, object]:
    """The attributes of a state: D, its name and initial value, Q."""
    said = escape(short(input_name(view, options, state)))
    if view.values is not None:
        said += f" = <b>{view.value_text(state)}</b>"
    if view.initial_text(state):
        said += f'<br/><font point-size="{style.SMALL}">init {view.initial_text(state)}</font>'
    cells = ['<td port="d">D</td>', f"<td>{said}</td>", '<td port="q">Q</td>']
    if options.rankdir in ("RL", "BT"):
        cells.reverse()
    rows = "".join(cells) if options.rankdir in ("LR", "RL") else "</tr><tr>".join(cells)
    look = f' color="{style.LIT}" bgcolor="{style.LIT_FILL}"' if view.on(state) else ""
    table = f'<table border="0" cellborder="1" cellspacing="0" cellpadding="4"{look}><tr>{rows}</tr></table>'
    return {"label": Html(table), "shape": "plain", "tooltip": view.state_tooltip(state)}


def name_of(view: View, options: Options, node: str) -> str:
    """The name of the gate that a unit is, or the caller's label for it."""
    given = options.label(view.net, node)
    return gate_name(view.net, node) if given is None else given


def input_name(view: View, options: Options, node: str) -> str:
    """The words for an input or a state: the caller's label, or its own name."""
    given = options.label(view.net, node)
    return node if given is None else given


def symbol_of(view: View, options: Options, node: str) -> Symbol:
    """The true shape of a unit or a state."""
    if node in view.net.states:
        return register(view.initial_text(node), standing=options.rankdir in ("TB", "BT"))
    return symbol(short(name_of(view, options, node)), len(view.fanin(node)), bias_text(view.net, node))


def pin_words(view: View, node: str, shape: Symbol) -> list[str]:
    """What is written at each pin of a symbol (see `Symbol.pin_words`)."""
    if shape.pin_words == "weights":
        return [number_text(weight) for _, weight in view.fanin(node)]
    return _roles(view, node) if shape.pin_words == "roles" else []


def _roles(view: View, node: str) -> list[str]:
    """The pins of a multiplexer: 's' chooses between '0' and '1'."""
    unit, weights = view.net.unit(node), [exact(weight) for _, weight in view.fanin(node)]
    rows = list(product((0, 1), repeat=len(weights)))

    def value(bits: tuple[int, ...]) -> int | float:
        return unit.activation(exact(unit.bias) + sum(w for w, bit in zip(weights, bits, strict=True) if bit))

    for select, zero, one in permutations(range(len(weights)), 3) if len(weights) == 3 else ():
        if all(value(bits) == bits[one if bits[select] else zero] for bits in rows):
            return [{select: "s", zero: "0", one: "1"}[pin] for pin in range(3)]
    return []


def tooltip(view: View, node: str) -> str:
    """What a pointer resting on a unit or a state is told: its name and numbers."""
    if node in view.net.states:
        return view.state_tooltip(node)
    unit = view.net.unit(node)
    return f"{node}: {unit.activation.name}, bias {number_text(unit.bias)}"


def wire(view: View, source: str) -> dict[str, object]:
    """The colour of a wire that carries the value of a node."""
    if view.values is None:
        return {}
    return {"color": style.LIT, "penwidth": style.BOLD} if view.on(source) else {"color": style.DIM}
