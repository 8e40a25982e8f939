"""draw: a network as a picture, through Graphviz.

view.py       which part of the network is shown       dot.py          quoting, and the lines of DOT
options.py    how it is to look, checked               style.py        every colour, font and size
neurons.py    style 'neurons' -> DOT                   gates.py        style 'gates' -> DOT with boxes
columns.py    style 'layers' -> DOT                    schematic.py    style 'gates' -> DOT with true shapes
drawing.py    the finished picture, and its files      symbols.py      the shapes; channel.py: wires between
render.py     the only module that runs Graphviz       loops.py        lines through time; pen.py: xdot strokes
"""

from __future__ import annotations

import os
from pathlib import Path

from perceptron.draw import style as look_of
from perceptron.draw.columns import columns
from perceptron.draw.drawing import Drawing, format_of
from perceptron.draw.gates import gates
from perceptron.draw.neurons import neurons
from perceptron.draw.options import INPUTS, WEIGHTS, Marks, Options, require_choice, require_marks
from perceptron.draw.render import render
from perceptron.draw.schematic import schematic
from perceptron.draw.view import Labels, label_function, look, require_nodes, require_small
from perceptron.errors import ParameterError, PerceptronError
from perceptron.evaluate import Values
from perceptron.network import Network

__all__ = ["Drawing", "draw"]

SHOWN_UNITS, SHOWN_EDGES = 60, 300  # up to this size a network shows itself in a notebook


def draw(
    net: Network,
    path: str | os.PathLike[str] | None = None,
    *,
    style: str = "neurons",
    format: str | None = None,
    rankdir: str = "LR",
    values: Values | None = None,
    labels: Labels | None = None,
    weights: str | None = None,
    marks: Marks | None = None,
    inputs: str | None = None,
    captions: bool = True,
    title: str = "",
    cone: str | None = None,
    depth: int | None = None,
    limit: int = 400,
) -> Drawing:
    """Draw a network.

    Parameters
    ----------
    net : Network
    path : str or path, optional
        A file to write as well; its ending says how: .svg, .png, .pdf or .dot.
    style : 'neurons', 'gates' or 'layers'
        'neurons': as the chapter draws, circles with the bias inside and arrows with their weights; sigmoid
        neurons are tinted and bear a σ, tables are boxes. 'gates': true gate shapes, named from their truth
        tables. 'layers': one column of circles a layer, wide layers by their first and last few neurons.
        States stand among the inputs, as boxes with z⁻¹, as registers, or as double circles; a dashed line leads
        back to them from where they take their next value.
    format : 'svg', 'png', 'pdf' or 'dot', optional
        How to write the file, whatever its name ends in.
    rankdir : 'LR', 'RL', 'TB' or 'BT'
        Where the arrows run: left to right, top to bottom, ...
    values : mapping of input -> value, or a sequence, optional
        The values that light up: nodes show their values, what is above 0.5 is lit, sigmoids are shaded. States
        have their initial values, unless the mapping has others for them.
    labels : mapping of node -> text, or function (net, node) -> text, optional
        What to write in the nodes instead; with style 'gates' the name of the gate, which selects its shape.
    weights : 'all', 'uncommon' or 'none', optional
        Which edges show their weight; 'uncommon' leaves out the most common one and says so in a note. By
        default 'all' for neurons and 'none' for layers; gates show weights where the shape does not tell them.
    marks : mapping of (source, target) -> text, optional
        Edges to point at, and what to write on them; not with style 'gates'.
    inputs : 'floating' or 'layer', optional
        Inputs as names beside the network (the default, except for layers), or as a layer of circles.
    captions : bool
        Whether style 'layers' names the layers.
    title : str
        A line above the picture.
    cone : str, optional
        An output or node: draw only it and what it depends on within a step.
    depth : int, optional
        How many steps back the cone reaches.
    limit : int
        The most units and states to draw, and a tenth of the most edges, except with style 'layers'.

    Returns
    -------
    Drawing
        With `.dot`, `.svg`, `.png`, `.pdf` and `.save(path)`.

    Raises
    ------
    NetworkError, InputError
        If the network is not valid, or the values do not fit it.
    ParameterError
        If an option is none of those above, or names something that is not there.
    DrawError
        If the network is larger than the limit, the file's format is unknown, the file cannot be written, or
        no Graphviz is found; `.dot` can be had without.

    Examples
    --------
    >>> from perceptron import Unit
    >>> net = Network("nand")
    >>> net.output("out", net.add(Unit(3), [(net.input("x1"), -2), (net.input("x2"), -2)]))
    >>> drawing = draw(net)
    >>> drawing
    <Drawing of nand>
    >>> drawing.svg.count("−2 </text>")
    2
    """
    require_choice("style", style, look_of.STYLES)
    require_choice("rankdir", rankdir, look_of.RANKS)
    require_choice("weights", "all" if weights is None else weights, WEIGHTS)
    require_choice("inputs", "layer" if inputs is None else inputs, INPUTS)
    if not isinstance(title, str):
        raise ParameterError(f"title is {title!r}; give a string")
    if isinstance(limit, bool) or not isinstance(limit, int) or limit < 1:
        raise ParameterError(f"limit is {limit!r}; give a whole number of units >= 1")
    if style == "gates":
        for name, given in (("inputs", inputs == "layer"), ("marks", marks), ("weights", weights)):
            if given:
                raise ParameterError(f"{name} has no meaning with style='gates'; leave it out, or take style='neurons'")
    if path is not None:
        format_of(Path(path), format)
    elif format is not None:
        raise ParameterError(f"format is {format!r} but there is no path; give one, or take .svg of the drawing")

    view = look(net, values, cone, depth)
    require_nodes(view, labels)
    require_marks(view, marks or {})
    if style != "layers":
        require_small(view, limit)
    options = Options(
        rankdir=rankdir,
        label=label_function(labels),
        weights=weights or ("none" if style == "layers" else "all"),
        marks=marks or {},
        inputs=inputs or ("layer" if style == "layers" else "floating"),
        title=title,
        captions=bool(captions),
    )
    name = net.name or "a network"
    if style == "gates":
        drawing = Drawing(gates(view, options), name, lambda: schematic(view, options, render))
    else:
        drawing = Drawing((neurons if style == "neurons" else columns)(view, options), name)
    if path is not None:
        drawing.save(path, format)
    return drawing


def _mimebundle(net: Network) -> dict[str, str]:
    """What a notebook shows of a network: its drawing if it is small, else a word on how to draw it."""
    if len(net.graph) > SHOWN_UNITS or net.graph.number_of_edges() > SHOWN_EDGES:
        hint = "draw it in part with draw(net, cone=..., depth=...), or its layers with draw(net, style='layers')"
        return {"text/plain": f"{net!r}\n{hint}"}
    try:
        return {"image/svg+xml": draw(net).svg}
    except PerceptronError:  # not finished yet, or no Graphviz: its text says enough
        return {}


Network.mimebundle = _mimebundle
