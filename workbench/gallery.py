"""The gallery: every figure of the chapter, and a few more, drawn by the project itself.

python -m workbench.gallery DIR         writes an SVG and a PNG of each, and a README.md that shows them all
"""

from __future__ import annotations

import base64
import io
import os
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from circuits import full_adder, half_adder, nand, ripple_carry_adder, threshold_full_adder, xor
from perceptron import SIGMOID, STEP, Network, Table, Unit, draw, merge_parallel, soften
from perceptron.unit import Activation
from workbench.plotted import Picture, Plotted

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as Plot
    from PIL import Image

INK, SOFT, ACCENT = "#20262d", "#6b7580", "#1864ab"
SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


@dataclass(frozen=True)
class Figure:
    """One figure: the name of its files, its title, what it shows, and the function that draws it."""

    file: str
    title: str
    caption: str
    make: Callable[[], Picture]


# --- the networks that are drawn


def renamed(net: Network, names: Mapping[str, str]) -> Network:
    """The same network with other names for its outputs."""
    outputs = {names.get(name, name): node for name, node in net.outputs.items()}
    return Network.from_graph(net.graph, net.inputs, outputs, net.name)


def words(net: Network, **more: str) -> dict[str, str]:
    """What to write at the inputs: x₁ for x1, and a space for an underscore; and more labels."""
    return {name: name.translate(SUBSCRIPTS).replace("_", " ") for name in net.inputs} | more


def feedforward(sizes: Sequence[int], activation: Activation, outputs: Sequence[str]) -> Network:
    """A network in which every neuron reads the whole layer before it."""
    net = Network(" × ".join(map(str, sizes)))
    layer = [net.input(f"x{index}") for index in range(1, sizes[0] + 1)]
    for depth, size in enumerate(sizes[1:], 1):
        layer = [
            net.add(Unit(0, activation), [(source, 1) for source in layer], name=f"h{depth}.{index}")
            for index in range(1, size + 1)
        ]
    for name, node in zip(outputs, layer, strict=True):
        net.output(name, node)
    return net


def neuron(weights: Sequence[int], bias: int, activation: Activation = STEP) -> Network:
    """One neuron with an input for each weight."""
    net = Network("neuron")
    fanin = [(net.input(f"x{index}"), weight) for index, weight in enumerate(weights, 1)]
    net.output("output", net.add(Unit(bias, activation), fanin, name="neuron"))
    return net


def toggle() -> Network:
    """0, 1, 0, 1, ...: what it is, negated, is what it is next."""
    net = Network("toggle")
    q = net.state("q")
    net.feedback(q, net.add(Unit(1), [(q, -2)], name="not"))
    net.output("out", q)
    return net


def counter(width: int) -> Network:
    """Counts the steps in which `go` is 1, in binary, the lowest bit first."""
    net = Network("counter")
    carry = net.input("go")
    for place in range(width):
        bit = net.state(f"b{place}")
        net.feedback(bit, net.add(Unit(0, Table(0, 1, 0)), [(bit, 1), (carry, 1)]))
        net.output(f"b{place}", bit)
        if place < width - 1:
            carry = net.add(Unit(-3), [(bit, 2), (carry, 2)])
    return net


def firing(count: int) -> Network:
    """Neurons in a ring, each of which fires one step after the one before it; `poke` fires the first."""
    net = Network("cascade")
    poke = net.input("poke")
    fired = [net.state(f"n{place}") for place in range(1, count + 1)]
    for place, state in enumerate(fired):
        sources = [(poke, 2), (fired[-1], 2)] if place == 0 else [(fired[place - 1], 2)]
        net.feedback(state, net.add(Unit(-1), sources, name=f"neuron {place + 1}"))
    net.output("out", fired[-1])
    return net


def adder() -> Network:
    """The chapter's adder of two bits, its outputs named by what they are."""
    return renamed(half_adder.network, {"sum": "x₁ ⊕ x₂", "carry": "x₁ x₂"})


# --- the figures


def strip_of_digits() -> Picture:
    """The number that opens the chapter, in six handwritten digits."""
    images, labels = _digits()
    clear = ((5, 6), (0, 4), (4, 0), (1, 2), (9, 0), (2, 6))  # which example of each digit is easy to read
    chosen = [images[np.flatnonzero(labels == digit)[example]] for digit, example in clear]
    return _sheet(chosen, columns=6, pixels=112)


def hundred_digits() -> Picture:
    """A sheet of a hundred training examples."""
    return _sheet(list(_digits()[0][:100]), columns=10, pixels=40)


def perceptron() -> Picture:
    """One perceptron with three inputs."""
    net = neuron([1, 1, 1], 0)
    return draw(net, labels=words(net, neuron=""), weights="none")


def cheese_festival() -> Picture:
    """The perceptron that decides about the cheese festival."""
    net = Network("festival")
    fanin = [(net.input(name), weight) for name, weight in (("weather", 6), ("company", 2), ("transit", 2))]
    net.output("go", net.add(Unit.from_threshold(5), fanin))
    return draw(net, values={"weather": 1, "company": 0, "transit": 0})


def decision_layers() -> Picture:
    """Perceptrons in three columns."""
    net = feedforward([5, 3, 4, 1], STEP, ["output"])
    return draw(net, style="layers", inputs="floating", labels=words(net), captions=False)


def nand_perceptron() -> Picture:
    """The NAND gate as a perceptron."""
    net = renamed(nand.network, {"out": "output"})
    return draw(net, labels=words(net))


def adder_of_gates() -> Picture:
    """The adder of two bits in NAND gates."""
    net = adder()
    return draw(net, style="gates", labels=words(net))


def adder_of_perceptrons() -> Picture:
    """The same in perceptrons."""
    net = adder()
    return draw(net, labels=words(net))


def adder_merged() -> Picture:
    """The same with the two parallel lines merged."""
    net = merge_parallel(adder())
    return draw(net, labels=words(net), weights="uncommon")


def adder_with_input_layer() -> Picture:
    """The same with the inputs drawn as a layer."""
    net = merge_parallel(adder())
    return draw(net, labels=words(net), weights="uncommon", inputs="layer")


def input_unit() -> Picture:
    """One unit of an input layer."""
    net = Network("input")
    net.output("x₁", net.input("x1"))
    return draw(net, labels=words(net), inputs="layer")


def small_change() -> Picture:
    """A small change of one weight, and the small change of the output that it makes."""
    net = feedforward([5, 4, 3, 1], SIGMOID, ["output + Δoutput"])
    mark = {("x1", "h1.1"): "w + Δw"}
    return draw(net, style="layers", inputs="floating", labels=words(net), captions=False, marks=mark)


def sigmoid_neuron() -> Picture:
    """One sigmoid neuron with three inputs."""
    net = neuron([1, 1, 1], 0, SIGMOID)
    return draw(net, labels=words(net, neuron="σ"), weights="none")


def sigmoid_function() -> Picture:
    """The sigmoid function."""
    z = np.linspace(-5, 5, 401)
    plot, axes = _axes("sigmoid function", "σ(z)")
    axes.plot(z, SIGMOID.array(z), color=ACCENT, linewidth=2)
    return _Trimmed(plot)


def step_function() -> Picture:
    """The step function; at z = 0 it is 0."""
    plot, axes = _axes("step function", "output")
    axes.plot([-5, 0], [0, 0], color=ACCENT, linewidth=2, solid_capstyle="butt")
    axes.plot([0, 5], [1, 1], color=ACCENT, linewidth=2, solid_capstyle="butt")
    axes.plot([0, 0], [0, 1], color=ACCENT, linewidth=1, linestyle=(0, (2, 2)))
    axes.plot([0], [0], "o", color=ACCENT, markersize=6, zorder=3)
    axes.plot([0], [1], "o", markerfacecolor="white", markeredgecolor=ACCENT, markersize=6, zorder=3)
    return _Trimmed(plot)


def one_hidden_layer() -> Picture:
    """A network with one hidden layer."""
    net = feedforward([6, 4, 1], SIGMOID, ["output"])
    return draw(net, style="layers", labels=dict.fromkeys(net.inputs, ""))


def two_hidden_layers() -> Picture:
    """A network of four layers."""
    net = feedforward([6, 4, 3, 1], SIGMOID, ["output"])
    return draw(net, style="layers", labels=dict.fromkeys(net.inputs, ""))


def digit_network() -> Picture:
    """The network that reads handwritten digits, wide layers in part."""
    return draw(feedforward([784, 30, 10], SIGMOID, list("0123456789")), style="layers")


def adder_lit() -> Picture:
    """The adder at work on 1 + 1."""
    net = adder()
    return draw(net, style="gates", labels=words(net), values={"x1": 1, "x2": 1})


def adder_lit_perceptrons() -> Picture:
    """The same in perceptrons."""
    net = adder()
    return draw(net, labels=words(net), values={"x1": 1, "x2": 1}, weights="uncommon")


def full_adder_of_gates() -> Picture:
    """The full adder in NAND gates."""
    net = full_adder.network
    return draw(net, style="gates", labels=words(net))


def full_adder_of_two() -> Picture:
    """The full adder in two perceptrons."""
    net = threshold_full_adder.network
    return draw(net, labels=words(net))


def four_bit_adder() -> Picture:
    """Four full adders in a row."""
    return draw(ripple_carry_adder(4).network, style="gates")


def softened_nand() -> Picture:
    """The NAND gate as a sigmoid neuron, between its corners."""
    net = renamed(soften(nand.network, 2), {"out": "output"})
    return draw(net, labels=words(net), values={"x1": 1, "x2": 0.6})


def xor_table() -> Picture:
    """XOR as one unit, which is no perceptron."""
    net = renamed(xor.network, {"out": "x₁ ⊕ x₂"})
    return draw(net, labels=words(net))


def toggle_of_gates() -> Picture:
    """A register that holds the opposite of what it held."""
    return draw(toggle(), style="gates")


def counter_of_gates() -> Picture:
    """Three registers and the gates that add 1."""
    net = counter(3)
    return draw(net, style="gates", labels=words(net) | {name: name.translate(SUBSCRIPTS) for name in net.states})


def cascade() -> Picture:
    """Neurons that fire one after the other."""
    net = firing(3)
    names = {name: name.translate(SUBSCRIPTS) for name in net.states}
    return draw(net, labels=words(net) | names)


FIGURES = (
    Figure("digits-504192", "504192", "Six handwritten digits that a person reads at a glance.", strip_of_digits),
    Figure("digits-100", "A hundred digits", "Training examples: what the network learns from.", hundred_digits),
    Figure("perceptron", "A perceptron", "Several inputs, each 0 or 1, and one output.", perceptron),
    Figure(
        "festival",
        "The cheese festival",
        "Weather counts 6, company and public transit 2 each, and the threshold is 5: good weather alone decides.",
        cheese_festival,
    ),
    Figure(
        "decision-layers",
        "A network that decides in three layers",
        "Five pieces of evidence; each column weighs what the column before it decided.",
        decision_layers,
    ),
    Figure("nand", "NAND is a perceptron", "Two weights of −2 and a bias of 3: only 1, 1 gives 0.", nand_perceptron),
    Figure("adder-gates", "The adder in NAND gates", "The bitwise sum above, the carry bit below.", adder_of_gates),
    Figure(
        "adder-perceptrons",
        "The adder in perceptrons",
        "Every gate has become a perceptron. The leftmost one feeds the carry twice, by two lines.",
        adder_of_perceptrons,
    ),
    Figure(
        "adder-merged",
        "The two lines merged",
        "Lines from one unit to the same other unit add up: one weight of −4. All biases are 3.",
        adder_merged,
    ),
    Figure(
        "adder-input-layer",
        "The adder with an input layer",
        "The inputs drawn as a layer of their own.",
        adder_with_input_layer,
    ),
    Figure(
        "input-unit",
        "An input unit",
        "No inputs and one output: not a perceptron, but a unit that is given its value.",
        input_unit,
    ),
    Figure(
        "small-change",
        "A small change",
        "What learning needs: a little more weight on one line changes the output only a little.",
        small_change,
    ),
    Figure("sigmoid-neuron", "A sigmoid neuron", "Drawn as a perceptron is; its output is σ(w·x + b).", sigmoid_neuron),
    Figure("sigmoid-function", "The sigmoid function", "σ(z) = 1 / (1 + exp(−z)).", sigmoid_function),
    Figure(
        "step-function",
        "The step function",
        "The perceptron's own function; exactly at z = 0 it gives 0.",
        step_function,
    ),
    Figure(
        "hidden-layer",
        "One hidden layer",
        "Input neurons, hidden neurons, and one output neuron.",
        one_hidden_layer,
    ),
    Figure("hidden-layers", "Two hidden layers", "Four layers, and nothing but more of the same.", two_hidden_layers),
    Figure(
        "digit-network",
        "The network that reads digits",
        "784 pixels, 30 hidden neurons, one output for each digit; 23,820 weights.",
        digit_network,
    ),
    Figure("adder-lit", "1 + 1 in gates", "Wires that carry 1 are lit: sum 0, carry 1.", adder_lit),
    Figure(
        "adder-lit-perceptrons",
        "1 + 1 in perceptrons",
        "The same moment in the same network: each circle has its value, and its bias below.",
        adder_lit_perceptrons,
    ),
    Figure("full-adder-gates", "The full adder in NAND gates", "Nine gates add three bits.", full_adder_of_gates),
    Figure(
        "full-adder-two",
        "The full adder in two perceptrons",
        "What weights of more than one size are good for: two units do the work of nine.",
        full_adder_of_two,
    ),
    Figure("adder-4-bit", "A 4-bit adder", "Full adders in a row, each handing its carry on.", four_bit_adder),
    Figure(
        "nand-softened",
        "NAND as a sigmoid neuron",
        "Weights and bias times 2 and a sigmoid for the step: inputs between 0 and 1 have answers, too.",
        softened_nand,
    ),
    Figure(
        "xor-table",
        "XOR in one unit",
        "No perceptron is XOR. A unit that looks its sum up in the table 0, 1, 0 is, and is drawn as a box.",
        xor_table,
    ),
    Figure(
        "toggle",
        "A toggle",
        "Feedback through time: the dashed line brings to D what stands at Q one step later, so 0, 1, 0, 1, ...",
        toggle_of_gates,
    ),
    Figure(
        "counter-3-bit",
        "A 3-bit counter",
        "It counts the steps in which go is 1: each register holds one binary digit, and the gates add 1.",
        counter_of_gates,
    ),
    Figure(
        "cascade",
        "A cascade of firing neurons",
        "A recurrent network: each neuron fires one step (z⁻¹) after the one before it, and the last one fires the "
        "first, so that one poke goes round for ever.",
        cascade,
    ),
)


# --- plots


class _Trimmed(Plotted):
    """A plot cut to what is drawn."""

    OPTIONS: ClassVar[dict[str, Any]] = {"bbox_inches": "tight", "pad_inches": 0.1}


def _axes(title: str, label: str) -> tuple[Plot, Axes]:
    """Axes for a function of z from -5 to 5 with values from 0 to 1."""
    from matplotlib.figure import Figure as Plot

    plot = Plot(figsize=(4.8, 2.9))
    axes = plot.add_subplot()
    axes.set_title(title, color=INK, fontsize=12, pad=12)
    axes.set_xlabel("z", color=INK, style="italic")
    axes.set_ylabel(label, color=INK, style="italic")
    axes.set_xlim(-5, 5)
    axes.set_ylim(-0.04, 1.04)
    axes.set_xticks(range(-4, 5))
    axes.set_yticks([0, 0.2, 0.4, 0.6, 0.8, 1.0])
    axes.tick_params(colors=INK, labelsize=9, length=3, color=SOFT)
    axes.grid(color="#e9ecef", linewidth=0.8)
    axes.set_axisbelow(True)
    for side, spine in axes.spines.items():
        spine.set_visible(side in ("left", "bottom"))
        spine.set_color(SOFT)
    return plot, axes


@dataclass(frozen=True)
class _Image:
    """A picture made of grey pixels, in sixteen shades."""

    pixels: Image.Image

    @property
    def png(self) -> bytes:
        """The picture as PNG."""
        file = io.BytesIO()
        self.pixels.save(file, format="PNG", optimize=True)
        return file.getvalue()

    @property
    def svg(self) -> str:
        """The picture as SVG, which holds the PNG."""
        width, height = self.pixels.size
        data = base64.b64encode(self.png).decode()
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{width // 2}" height="{height // 2}" '
            f'viewBox="0 0 {width} {height}">\n'
            f'<image width="{width}" height="{height}" href="data:image/png;base64,{data}"/>\n</svg>\n'
        )


def _sheet(images: Sequence[Any], columns: int, pixels: int) -> Picture:
    """Images side by side in rows, dark ink on white, each about so many pixels high."""
    from PIL import Image

    height, width = images[0].shape
    gap = max(1, height // 8)
    rows = -(-len(images) // columns)
    sheet = np.zeros((rows * (height + gap) + gap, columns * (width + gap) + gap))
    for index, image in enumerate(images):
        y, x = gap + index // columns * (height + gap), gap + index % columns * (width + gap)
        sheet[y : y + height, x : x + width] = image
    large = max(1, pixels // height)
    grey = Image.fromarray(np.round(255 * (1 - sheet)).astype(np.uint8))
    size = (sheet.shape[1] * large, sheet.shape[0] * large)
    return _Image(grey.resize(size, Image.Resampling.BICUBIC).quantize(16, dither=Image.Dither.NONE))


def _digits() -> tuple[Any, Any]:
    """Images and labels: MNIST if PERCEPTRON_DATA names its folder, else the 8x8 digits that need no file."""
    from learn import load_digits, load_mnist

    data = load_mnist() if os.environ.get("PERCEPTRON_DATA") else load_digits()
    return np.asarray(data.train.images).reshape(-1, *data.shape), np.asarray(data.train.labels)


# --- writing


def write_gallery(folder: str | os.PathLike[str], figures: Iterable[Figure] = FIGURES) -> list[Path]:
    """Draw figures into a folder: an SVG and a PNG of each, and a README.md that shows them with their captions.

    Returns
    -------
    list of Path
        The files, the README last.

    Raises
    ------
    DrawError
        If there is no Graphviz to draw with.
    OSError
        If the folder cannot be written.
    """
    place = Path(folder)
    place.mkdir(parents=True, exist_ok=True)
    files, page = [], ["# Gallery", "", INTRODUCTION, ""]
    for figure in figures:
        picture = figure.make()
        for suffix, data in (("svg", picture.svg.encode()), ("png", _small(picture.png))):
            files.append(place / f"{figure.file}.{suffix}")
            files[-1].write_bytes(data)
        page += [f"## {figure.title}", "", f"![{figure.title}]({figure.file}.svg)", "", figure.caption, ""]
    files.append(place / "README.md")
    files[-1].write_text("\n".join(page), encoding="utf-8")
    return files


def _small(png: bytes) -> bytes:
    """The same PNG with a palette of 64 colours, which line drawings do not miss: a third of the size."""
    from PIL import Image

    file = io.BytesIO()
    with Image.open(io.BytesIO(png)) as image:
        flat = Image.new("RGB", image.size, "white")
        flat.paste(image, mask=image.getchannel("A") if "A" in image.getbands() else None)
        flat.quantize(64, dither=Image.Dither.NONE).save(file, format="PNG", optimize=True)
    return file.getvalue()


INTRODUCTION = (
    "Every figure of the book's first chapter, and some more, drawn by this project from its own networks. "
    "`make gallery` draws them again; `workbench/gallery.py` has the few lines behind each. "
    "Each is here as SVG and as PNG."
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the gallery into the folder named on the command line."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    if len(given) != 1 or given[0].startswith("-"):
        print("usage: python -m workbench.gallery DIR", file=sys.stderr)
        return 2
    files = write_gallery(given[0])
    print(f"{len(files)} files written to {given[0]}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
