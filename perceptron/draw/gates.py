"""The style 'gates' as plain DOT text: a box with one pin an edge (`schematic` has the true shapes). Pure."""

from __future__ import annotations

from itertools import permutations, product

from perceptron.draw import style
from perceptron.draw.dot import Raw, attributes, digraph, field, identifiers, short
from perceptron.draw.options import Options, graph_line, terminal
from perceptron.draw.symbols import Symbol, symbol
from perceptron.draw.view import View, bias_text, number_text
from perceptron.names import gate_name
from perceptron.numbers import exact


def gates(view: View, options: Options) -> str:
    """The DOT text of a view: one record a gate, with the name of the gate and one port for each incoming edge.

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
    inputs = set(view.inputs)
    side = {"LR": "e", "RL": "w", "TB": "s", "BT": "n"}[options.rankdir]
    leaves = dict.fromkeys(view.units, f":{side}")  # every wire leaves a gate on the side of its output
    for node in view.nodes:
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
    for rank, column in (
        ("source", [ids["node", name] for name in view.inputs]),
        ("sink", [ids["out", name] for name, _ in view.outputs]),
    ):
        if column:
            lines.append(f'{{ rank="{rank}"; {" ".join(one + ";" for one in column)} }}')
        if len(column) > 1:
            lines.append(f'{{ edge [style="invis"]; {" -> ".join(column)} }}')
    return digraph(view.net.name, lines)


def name_of(view: View, options: Options, node: str) -> str:
    """The name of the gate that a unit is, or the caller's label for it."""
    given = options.label(view.net, node)
    return gate_name(view.net, node) if given is None else given


def input_name(view: View, options: Options, node: str) -> str:
    """The words for an input: the caller's label, or its own name."""
    given = options.label(view.net, node)
    return node if given is None else given


def symbol_of(view: View, options: Options, node: str) -> Symbol:
    """The true shape of a unit."""
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
    """What a pointer resting on a unit is told: its name and numbers."""
    unit = view.net.unit(node)
    return f"{node}: {unit.activation.name}, bias {number_text(unit.bias)}"


def wire(view: View, source: str) -> dict[str, object]:
    """The colour of a wire that carries the value of a node."""
    if view.values is None:
        return {}
    return {"color": style.LIT, "penwidth": style.BOLD} if view.on(source) else {"color": style.DIM}
