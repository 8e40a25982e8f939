"""One hidden perceptron as the chapter draws it: names, arrows with their weights, the bias in a circle. DOT text."""

from __future__ import annotations

import numpy as np

from learn.threshold import ThresholdNetwork
from perceptron.draw import style
from perceptron.draw.dot import Html, attributes, digraph, escape, number
from perceptron.draw.view import number_text
from workbench.gates.pictures.neuron import bit_names
from workbench.gates.pictures.values import Values

MOST = 16  # bits that are shown, those of the largest weights
STEP = 27.0  # points from one bit to the next
REACH = 250.0  # points from the bits to the perceptron
LETTER = 7.3  # points that a letter takes, about
DIAMETER = 0.62  # inches
WORDS: dict[str, object] = {"shape": "plaintext", "style": "solid", "margin": "0", "height": 0.25}


def alone(network: ThresholdNetwork, unit: int, title: str, values: Values | None = None) -> str:
    """The DOT text of a unit of the first hidden layer, with places fixed (`layout=nop`).

    Parameters
    ----------
    network : ThresholdNetwork
    unit : int
    title : str
    values : Values, optional
        They light up what is 1.
    """
    weights, bias = network.weights[0][unit], int(network.biases[0][unit])
    bits = np.flatnonzero(weights)
    shown = np.sort(bits[np.argsort(-np.abs(weights[bits]), kind="stable")[:MOST]]).tolist()
    names = bit_names(network.encoder, network.shape)
    says = {bit: names[bit] + (f" = {values.bits[bit]}" if values is not None else "") for bit in shown}
    wide = LETTER * max(map(len, says.values()), default=1)
    rows = len(shown) + (len(shown) < len(bits))
    graph = {
        "bgcolor": style.PAPER,
        "pad": 0.15,
        "fontname": style.FONT,
        "fontsize": style.SIZE,
        "fontcolor": style.INK,
        "label": Html(f"<b>{escape(title)}</b><br/> "),
        "labelloc": "t",
        "labeljust": "l",
        "layout": "nop",
        "outputorder": "edgesfirst",
        "splines": "line",
    }
    font = {"fontname": style.FONT, "fontsize": style.SIZE, "fontcolor": style.INK, "fixedsize": "true"}
    wire = {"color": style.INK, "penwidth": style.LINE, "arrowsize": style.ARROW}
    lines = [f"graph {attributes(graph)}", f"node {attributes(font)}", f"edge {attributes(wire)}"]

    def add(name: str, x: float, y: float, drawn: dict[str, object]) -> None:
        lines.append(f'"{name}" {attributes(drawn | {"pos": f"{number(x)},{number(y)}"})}')

    center = wide + REACH
    for row, bit in enumerate(shown):
        y, weight = ((rows - 1) / 2 - row) * STEP, number_text(int(weights[bit]))
        on = values is not None and bool(values.bits[bit])
        lit: dict[str, object] = {}
        if values is not None:
            lit = {"color": style.LIT, "penwidth": style.BOLD} if on else {"color": style.DIM}
        words = {"label": says[bit], "width": LETTER * len(says[bit]) / 72, "tooltip": names[bit]}
        add(
            f"bit {bit}",
            wide - LETTER * len(says[bit]) / 2,
            y,
            words | WORDS | ({"fontcolor": style.LIT} if on else {}),
        )
        lines.append(f'"bit {bit}" -> "unit" {attributes({"tailport": "e"} | lit)}')
        text = {"label": weight, "width": 8 * len(weight) / 72, "fontsize": style.SIZE - 1, "shape": "box"}
        look = {"style": "filled", "fillcolor": style.PAPER, "color": style.PAPER, "height": 0.17, "margin": "0"}
        add(f"weight {bit}", wide + 0.42 * REACH, 0.58 * y, text | look)
    if rows > len(shown):
        left = f"and {len(bits) - len(shown)} more of smaller weights"
        drawn = {"label": left, "fontcolor": style.SOFT, "width": LETTER * len(left) / 72}
        add("more", wide - LETTER * len(left) / 2, -(rows - 1) / 2 * STEP, drawn | WORDS)
    fires = values is not None and bool(values.units[0][unit])
    circle: dict[str, object] = {
        "label": number_text(bias),
        "shape": "circle",
        "style": "filled",
        "fillcolor": style.PAPER,
        "color": style.INK,
        "penwidth": style.LINE,
        "width": DIAMETER,
        "height": DIAMETER,
        "tooltip": f"bias {number_text(bias)}",
    }
    output: dict[str, object] = {"label": "fires", "width": LETTER * 6 / 72}
    if values is not None:
        small = f'<font point-size="{style.SMALL - 1}" color="{style.SOFT}">{escape(number_text(bias))}</font>'
        circle |= {"label": Html(f"<b>{int(fires)}</b><br/>{small}"), "fillcolor": style.shade(int(fires))}
        output = {"label": f"fires = {int(fires)}", "width": LETTER * 9 / 72}
    if fires:
        circle |= {"color": style.LIT, "penwidth": style.BOLD}
        output["fontcolor"] = style.LIT
    add("unit", center, 0, circle)
    add("fires", center + 110, 0, output | WORDS)
    last: dict[str, object] = {}
    if values is not None:
        last = {"color": style.LIT, "penwidth": style.BOLD} if fires else {"color": style.DIM}
    lines.append(f'"unit" -> "fires" {attributes(last)}'.replace(" []", ""))
    return digraph(f"perceptron {unit}", lines)
