"""A classifier from the image to the label as columns: a handful of each layer, and the NANDs of each part. DOT text.

image -> bits -> hidden perceptrons -> (votes) -> ten scores -> arg-max -> label

Places are fixed (`layout=nop`), as in the drawings of layered networks; the image is painted behind them.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from circuits.synthesis.classifier import Classifier
from learn.threshold import ThresholdNetwork
from perceptron.draw import style
from perceptron.draw.columns import NEURON
from perceptron.draw.columns import WORDS as PLAIN
from perceptron.draw.dot import Html, attributes, digraph, escape, number
from perceptron.draw.pen import color, set_pen, stroke
from perceptron.draw.view import number_text
from workbench.gates.pictures.neuron import bit_names
from workbench.gates.pictures.values import Values

Shown = list[int | None]  # None stands for dots

IMAGE = 210.0  # points: the side of the image
STEP = 34.0  # points from one neuron of a column to the next
GAP = 150.0  # points from one column to the next
BITS, UNITS = 9, 7  # of a column that are shown, at most
WORDS: dict[str, object] = PLAIN | {"fixedsize": "false", "margin": "0", "width": 0.1}


def overview(network: ThresholdNetwork, classifier: Classifier, unit: int, values: Values | None = None) -> str:
    """The DOT text of the whole circuit, with what leads to and from one hidden unit pointed at.

    Parameters
    ----------
    network, classifier
        Of the same arrays.
    unit : int
        Of the first hidden layer.
    values : Values, optional
        They light up what is 1.
    """
    return _Overview(network, classifier, unit, values).text()


class _Overview:
    def __init__(self, network: ThresholdNetwork, classifier: Classifier, unit: int, values: Values | None):
        self._network, self._parts, self._unit, self._values = network, classifier.parts, unit, values
        self._needed = [np.array(one) for one in classifier.arrays.needed(classifier.proof.taken_off)]
        units = _alike(network.weights[0], unit, self._needed[1])
        self._layers = [units]
        for weights in network.weights[1:]:
            below = [one for one in self._layers[-1] if one is not None]
            above = np.abs(weights[:, below]).sum(axis=1) * self._needed[len(self._layers) + 1]
            self._layers.append(_spaced(_most(above, UNITS), len(weights)))
        self._bits = _spaced(self._chosen_bits(), network.encoder.bits)
        self._lines: list[str] = []

    def _chosen_bits(self) -> list[int]:
        """Those of the unit, and those that most of the other units shown read."""
        weights = self._network.weights[0]
        mine = np.flatnonzero(weights[self._unit])[:BITS].tolist()
        read = (weights[[one for one in self._layers[0] if one is not None]] != 0).sum(axis=0)
        read[mine] = 0
        return sorted([*mine, *_most(read, BITS - len(mine))])

    # --- where things stand

    @property
    def _columns(self) -> int:
        return 3 + len(self._layers)  # bits, hidden layers, scores, arg-max

    def _x(self, column: int) -> float:
        return IMAGE / 2 + 95.0 + GAP * column

    def _y(self, row: int, rows: int) -> float:
        return ((rows - 1) / 2 - row) * STEP

    @property
    def _top(self) -> float:
        rows = max(len(self._bits), *map(len, self._layers), self._network.classes)
        return max(IMAGE / 2, (rows - 1) / 2 * STEP + 20)

    # --- the text

    def text(self) -> str:
        network, total = self._network, sum(self._parts.values())
        gap = '<br/><font point-size="8"> </font>'
        title = f"<b>{total:,} NANDs</b> from the pixels to the label{gap}"
        graph = {
            "bgcolor": style.PAPER,
            "pad": 0.15,
            "fontname": style.FONT,
            "fontsize": style.SIZE + 3,
            "fontcolor": style.INK,
            "label": Html(title),
            "labelloc": "t",
            "layout": "nop",
            "outputorder": "edgesfirst",
            "splines": "line",
            "_background": self._image(),
        }
        node = NEURON | {"fillcolor": style.PAPER}
        edge = {
            "fontname": style.FONT,
            "fontsize": style.SMALL,
            "color": style.SOFT,
            "penwidth": 0.5,
            "arrowhead": "none",
        }
        self._lines = [f"graph {attributes(graph)}", f"node {attributes(node)}", f"edge {attributes(edge)}"]
        self._frame()
        self._draw_bits()
        for number_, layer in enumerate(self._layers):
            self._draw_units(number_, layer)
        self._draw_scores()
        self._draw_label()
        self._captions()
        return digraph(network.name or "classifier", self._lines)

    def _add(self, name: str, x: float, y: float, shown: dict[str, object]) -> None:
        self._lines.append(f'"{name}" {attributes(shown | {"pos": f"{number(x)},{number(y)}"})}')

    def _join(self, source: str, target: str, on: bool | None, marked: bool) -> None:
        shown: dict[str, object] = {}
        if marked:
            shown = {"color": style.MARK, "penwidth": style.BOLD - 0.4}
        elif on is not None:
            shown = {"color": style.LIT, "penwidth": 0.9} if on else {"color": style.DIM}
        self._lines.append(f'"{source}" -> "{target}" {attributes(shown)}'.replace(" []", ""))

    def _dots(self, name: str, x: float, y: float) -> None:
        self._add(name, x, y, {"label": "⋮", "fontsize": 20, "fontcolor": style.SOFT} | WORDS)

    def _circle(self, value: int | None, tooltip: str, marked: bool = False) -> dict[str, object]:
        shown: dict[str, object] = {"label": "" if value is None else str(value), "tooltip": tooltip}
        if value is not None:
            shown |= {"fillcolor": style.shade(value)} | ({"color": style.LIT} if value else {})
        if marked:
            shown |= {"color": style.MARK, "penwidth": style.BOLD}
        return shown

    def _image(self) -> str:
        """The pixels of the image, or else those that are read, as strokes."""
        rows, columns = self._network.shape
        side = IMAGE / max(rows, columns)
        left, top = -side * columns / 2, side * rows / 2
        read = np.zeros(rows * columns, dtype=bool)
        read[self._network.encoder.pixel[self._needed[0]]] = True
        bits = np.flatnonzero(self._network.weights[0][self._unit])
        mine = set(self._network.encoder.pixel[bits].tolist())
        strokes = []
        for pixel in range(rows * columns):
            if self._values is None:
                fill = style.TABLE_FILL if read[pixel] else style.PAPER
            else:
                dark = int(self._values.greys[pixel]) / (self._network.encoder.levels - 1)
                fill = "#" + f"{round(255 * (1 - dark)):02x}" * 3
            if fill != style.PAPER:
                strokes.append(f"{color('C', fill)} {color('c', fill)} {self._square(pixel, left, top, side, 'P')}")
        frame = [(left, top), (-left, top), (-left, -top), (left, -top)]
        strokes.append(set_pen(style.SOFT, style.PAPER, style.LINE) + stroke("p", frame))
        strokes.append(set_pen(style.MARK, style.PAPER, 1.6))
        strokes += [self._square(pixel, left, top, side, "p") for pixel in sorted(mine)]
        return " ".join(strokes)

    def _square(self, pixel: int, left: float, top: float, side: float, letter: str) -> str:
        x, y = left + pixel % self._network.shape[1] * side, top - pixel // self._network.shape[1] * side
        return stroke(letter, [(x, y), (x + side, y), (x + side, y - side), (x, y - side)])

    def _frame(self) -> None:
        """Points at the corners of the image, so that it lies within the picture."""
        for name, x in (("image left", -IMAGE / 2), ("image right", IMAGE / 2)):
            self._add(name, x, 0, {"label": "", "shape": "point", "width": 0.01, "height": 0.01, "style": "invis"})

    def _draw_bits(self) -> None:
        names = bit_names(self._network.encoder, self._network.shape)
        mine = set(np.flatnonzero(self._network.weights[0][self._unit]).tolist())
        for row, bit in enumerate(self._bits):
            y = self._y(row, len(self._bits))
            if bit is None:
                self._dots(f"bits {row}", self._x(0), y)
                continue
            value = None if self._values is None else int(self._values.bits[bit])
            self._add(f"bit {bit}", self._x(0), y, self._circle(value, names[bit], bit in mine))

    def _draw_units(self, layer: int, shown: Shown) -> None:
        weights = self._network.weights[layer]
        below = self._bits if layer == 0 else self._layers[layer - 1]
        word = "bit" if layer == 0 else f"unit {layer - 1}."
        for row, unit in enumerate(shown):
            x, y = self._x(1 + layer), self._y(row, len(shown))
            if unit is None:
                self._dots(f"units {layer} {row}", x, y)
                continue
            value = None if self._values is None else int(self._values.units[layer][unit])
            marked = layer == 0 and unit == self._unit
            tip = f"hidden unit {unit}, bias {number_text(int(self._network.biases[layer][unit]))}"
            drawn = self._circle(value, tip, marked)
            self._add(f"unit {layer}.{unit}", x, y, drawn)
            for source in below:
                if source is not None and weights[unit, source]:
                    on = None if self._values is None else bool(self._below(layer)[source])
                    name = f"{word} {source}" if layer == 0 else f"{word}{source}"
                    self._join(name, f"unit {layer}.{unit}", on, marked)

    def _below(self, layer: int) -> NDArray[np.uint8]:
        assert self._values is not None
        return self._values.bits if layer == 0 else self._values.units[layer - 1]

    def _draw_scores(self) -> None:
        network, column = self._network, 1 + len(self._layers)
        last = len(self._layers) - 1
        votes = network.votes_of_units
        for label in range(network.classes):
            y = self._y(label, network.classes)
            best = self._values is not None and label == self._values.label
            shown: dict[str, object] = {
                "label": f"Σ {label}" if self._values is None else "",
                "tooltip": f"score of {label}",
                "shape": "box",
                "style": "filled,rounded",
                "width": 0.75,
                "height": 0.34,
                "fillcolor": style.TABLE_FILL,
            }
            if self._values is not None:
                small = f'<font point-size="{style.SMALL - 1}" color="{style.SOFT}">{label}:</font>'
                shown["label"] = Html(f"{small} {number_text(int(self._values.scores[label]))}")
            if best:
                shown |= {"fillcolor": style.LIT_FILL, "color": style.LIT, "penwidth": style.BOLD}
            self._add(f"score {label}", self._x(column), y, shown)
            for unit in self._layers[last]:
                if unit is not None and votes[label, unit]:
                    on = None if self._values is None else bool(self._values.units[last][unit])
                    marked = last == 0 and unit == self._unit
                    self._join(f"unit {last}.{unit}", f"score {label}", on, marked)
                    if marked:
                        self._say_vote(label, int(votes[label, unit]), y)
            self._join(f"score {label}", "arg-max", best if self._values is not None else None, False)

    def _say_vote(self, label: int, vote: int, y: float) -> None:
        """The vote of the unit that is pointed at, near the score where its line arrives."""
        layer = self._layers[-1]
        start = self._y(layer.index(self._unit), len(layer))
        text, share = _signed(vote), 0.68
        shown = {
            "label": text,
            "shape": "box",
            "margin": "0.02,0.01",
            "color": style.PAPER,
            "fontcolor": style.MARK,
            "fontsize": style.SIZE - 1,
            "width": 8 * len(text) / 72,
            "height": 0.18,
        }
        x = self._x(len(self._layers)) + share * GAP
        self._add(f"vote {label}", x, start + share * (y - start), shown)

    def _draw_label(self) -> None:
        x = self._x(2 + len(self._layers)) - 30
        shown: dict[str, object] = {
            "label": "arg-max",
            "tooltip": "the largest score; of equal ones the first",
            "shape": "box",
            "style": "filled",
            "fontsize": style.SIZE,
            "width": 0.95,
            "height": 1.1,
            "fillcolor": style.TABLE_FILL,
        }
        self._add("arg-max", x, 0, shown)
        text = "label" if self._values is None else str(self._values.label)
        size = style.SIZE if self._values is None else 30
        colour = style.INK if self._values is None else style.LIT
        self._add("label", x + 100, 0, {"label": text, "fontsize": size, "fontcolor": colour} | WORDS | {"width": 0.55})
        self._join("arg-max", "label", None, False)
        self._lines[-1] = self._lines[-1] + f" {attributes({'arrowhead': 'normal', 'color': style.INK})}"

    def _captions(self) -> None:
        network, parts = self._network, self._parts
        encoder, total = network.encoder, sum(parts.values())

        def share(part: str) -> str:
            return f"{parts[part]:,} NANDs ({parts[part] / total:.0%})"

        levels = sorted(set(encoder.level.tolist()))
        asked = f"grey ≥ {levels[0]}" if len(levels) == 1 and levels[0] > 0 else f"{len(levels)} of each pixel, at most"
        pixels = len(set(encoder.pixel[self._needed[0]].tolist()))
        says = [
            (
                0.0,
                ["image", f"{encoder.inputs:,} pixels, {pixels:,} read", f"{encoder.digits} digits each"],
                "",
            ),
            (self._x(0), ["bits", f"{int(self._needed[0].sum()):,} read", asked], share("encoder")),
        ]
        for layer in range(len(self._layers)):
            named = "hidden perceptrons" if len(self._layers) == 1 else f"hidden layer {layer + 1}"
            read = int(self._needed[layer + 1].sum())
            wires = int((network.weights[layer] != 0)[self._needed[layer + 1]].sum())
            last = layer == len(self._layers) - 1
            nands = share("hidden") if last else ""
            says.append((self._x(1 + layer), [named, f"{read:,}", f"{wires:,} weights"], nands))
        votes = int(np.count_nonzero(network.votes[0]))
        middle = "" if len(network.votes) == 1 else f"{len(network.votes[0]):,} counts"
        says.append((self._x(1 + len(self._layers)), ["scores", f"{votes:,} votes", middle], share("votes")))
        label = f"{(network.classes - 1).bit_length()} bits"
        says.append(
            (self._x(2 + len(self._layers)), ["label", f"{label}, 0 to {network.classes - 1}", ""], share("argmax"))
        )
        for at, (x, words, nands) in enumerate(says):
            small = "<br/>".join(escape(one) or " " for one in words[1:])
            head = f"<b>{escape(words[0])}</b><br/>"
            text = f'{head}<font point-size="{style.SMALL}" color="{style.SOFT}">{small}</font>'
            self._add(f"caption {at}", x, self._top + 36, {"label": Html(text), "fontsize": style.SIZE - 1} | WORDS)
            if nands:
                shown = {"label": nands, "fontsize": style.SMALL + 1} | WORDS
                self._add(f"nands {at}", x, -self._top - 18, shown)


def _alike(weights: NDArray[np.int64], unit: int, needed: NDArray[np.bool_]) -> Shown:
    """A unit and those that share the most bits with it."""
    shared = ((weights != 0) & (weights[unit] != 0)).sum(axis=1) * needed
    shared[unit] = 0
    return _spaced(sorted([unit, *_most(shared, UNITS - 1)]), len(weights))


def _most(counts: NDArray[np.int64], most: int) -> list[int]:
    """Where the largest counts are, in order; only such as are more than 0."""
    order = np.argsort(-counts, kind="stable")[:most]
    return sorted(int(one) for one in order if counts[one] > 0)


def _spaced(chosen: Iterable[int], count: int) -> Shown:
    """What is shown of a column, with dots in its middle where some are left out."""
    shown: Shown = list(chosen)
    if len(shown) < count:
        shown.insert(-(-len(shown) // 2), None)
    return shown


def _signed(weight: int) -> str:
    return f"+{weight}" if weight > 0 else number_text(weight)
