"""Pictures of learning: the curve of a training, a sheet of digits, and neurons that are saturated."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from learn.activations import sigmoid
from learn.data import Split
from learn.errors import PictureError
from learn.layers import Layers
from learn.rosenblatt import StepLayer
from learn.training import Epoch
from learn.whole import write_whole

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

INK, PALE, RULE = "#1f2933", "#69757f", "#e3e7eb"
BLUE, ORANGE, GREEN = "#2563eb", "#e8590c", "#2b8a3e"
CELL_PIXELS = 56  # about how large a digit becomes on a sheet
LOST = -4.6  # below this sum a sigmoid is below 0.01, and so is its slope
BIN = 0.5  # width of a bar


def learning_curve(epochs: Iterable[Epoch], path: str | os.PathLike[str]) -> None:
    """Draw accuracy and cost against the epoch into a `.png` or `.svg` file.

    `epochs`: the records of `sgd`, at least one. Accuracies that were not measured are left out.

    Raises PictureError for no record, another file type, or a place that cannot be written.

    Example:  `learning_curve(list(sgd(layers, train, test=test)), "curve.svg")`
    """
    from matplotlib.ticker import MaxNLocator

    records = list(epochs)
    _kind(path)
    if not records:
        raise PictureError("a learning curve needs at least one epoch; train first")
    numbers = [record.epoch for record in records]
    lines = [
        ("test", BLUE, [record.test_accuracy for record in records]),
        ("validation", ORANGE, [record.validation_accuracy for record in records]),
    ]
    lines = [line for line in lines if any(share is not None for share in line[2])]
    drawing = figure(7.2, 5.2 if lines else 2.6)
    panels = drawing.subplots(2 if lines else 1, 1, sharex=True, squeeze=False, height_ratios=[3, 2] if lines else [1])
    if lines:
        accuracy: Axes = panels[0, 0]
        plain(accuracy, "accuracy (%)")
        for name, colour, shares in lines:
            percents = [np.nan if share is None else 100 * share for share in shares]
            accuracy.plot(numbers, percents, color=colour, linewidth=2, marker="o", markersize=3.5, label=name)
        last = {name: shares[-1] for name, _, shares in lines if shares[-1] is not None}
        accuracy.set_title(
            "after the last epoch:  " + ",  ".join(f"{share:.2%} {name}" for name, share in last.items()),
            loc="left",
            fontsize=11,
            color=INK,
        )
        if len(lines) > 1:
            accuracy.legend(loc="lower right", frameon=False, labelcolor=INK)
    cost: Axes = panels[-1, 0]
    plain(cost, "training cost")
    cost.plot(numbers, [record.train_cost for record in records], color=INK, linewidth=2, marker="o", markersize=3.5)
    cost.set_ylim(bottom=0)
    cost.set_xlabel("epoch", color=PALE)
    cost.xaxis.set_major_locator(MaxNLocator(integer=True))
    if len(records) == 1:
        cost.set_xticks(numbers)
    save_figure(drawing, path)


def digit_grid(
    images: ArrayLike, path: str | os.PathLike[str], shape: tuple[int, int] = (28, 28), columns: int = 10
) -> None:
    """Draw images as a sheet of digits, black on white, row by row, into a `.png` file.

    `images`: (n, rows * columns of an image) in [0, 1], 1 is ink. `shape`: (rows, columns) of an image.
    `columns`: how many images stand side by side.

    Raises PictureError for no image, a shape that does not fit, fewer than one column, another file type, or
    a place that cannot be written.

    Example:  `digit_grid(data.test.images[:100], "digits.png", data.shape)`
    """
    from PIL import Image

    if _kind(path) != "png":
        raise PictureError(f"{str(path)!r}: a sheet of digits is made of pixels; name a .png file")
    table = np.asarray(images, dtype=np.float32)
    height, width = shape
    if table.ndim != 2 or not len(table) or table.shape[1] != height * width:
        raise PictureError(
            f"images of shape {table.shape} are no digits of {height} x {width} pixels; "
            f"give (n, {height * width}) with n at least 1"
        )
    if columns < 1:
        raise PictureError(f"{columns} columns cannot hold a digit; give at least 1")
    columns = min(columns, len(table))
    zoom = max(1, round(CELL_PIXELS / max(height, width)))
    gap = 6
    rows = -(-len(table) // columns)
    sheet = np.full((rows * (height * zoom + gap) + gap, columns * (width * zoom + gap) + gap), 232, np.uint8)
    grey = np.rint(255 * (1 - np.clip(table, 0, 1))).astype(np.uint8).reshape(-1, height, width)
    for k, digit in enumerate(grey.repeat(zoom, axis=1).repeat(zoom, axis=2)):
        top, left = gap + k // columns * (height * zoom + gap), gap + k % columns * (width * zoom + gap)
        sheet[top : top + height * zoom, left : left + width * zoom] = digit
    try:
        with write_whole(Path(path)) as file:
            Image.fromarray(sheet).save(file, format="PNG", optimize=True)
    except OSError as error:
        raise PictureError(f"{str(path)!r} cannot be written: {error}; choose another place") from None


def saturation(networks: Layers | Mapping[str, Layers], split: Split, path: str | os.PathLike[str], digit: int) -> None:
    """Draw where the sums z of one output neuron lie for the images of its own digit, as a `.png` or `.svg` file.

    `networks`: one network, or several by title, drawn below each other, such as {"scaled start": a, "book
    start": b}. `split`: images and labels. `digit`: the label, and the number of the output neuron.

    The neuron ought to fire for these images. Bars below z = -4.6 (an output below 0.01) are in orange: there
    the slope sigma'(z), drawn as a line, is below 0.01, and with the quadratic cost that factor stands in every
    derivative (BP1), so the neuron is wrong and hardly learns.

    Raises PictureError for no network, no image of the digit, another file type, or a place that cannot be
    written; LayersError where the images do not fit.

    Example:  `saturation({"book start": layers}, data.test, "saturation.png", digit=2)`
    """
    _kind(path)
    named = {"": networks} if isinstance(networks, Layers) else dict(networks)
    if not named:
        raise PictureError("a picture of saturation needs at least one network")
    images = split.images[split.labels == digit]
    if not len(images):
        raise PictureError(f"no image has the label {digit}; choose a digit that is there")
    sums = {}
    for title, layers in named.items():
        if not 0 <= digit < layers.sizes[-1]:
            raise PictureError(f"output {digit} is not there; {layers!r} has the outputs 0 to {layers.sizes[-1] - 1}")
        sums[title] = layers.weighted_input(images)[:, digit]
    reach = max(8.0, max(float(np.abs(z).max()) for z in sums.values()))
    edges = np.arange(-np.ceil(reach / BIN) * BIN, np.ceil(reach / BIN) * BIN + BIN / 2, BIN)
    drawing = figure(7.2, 2.3 * len(named) + 0.4)
    panels = drawing.subplots(len(named), 1, squeeze=False, sharex=True)[:, 0]
    for axes, (title, z) in zip(panels, sums.items(), strict=True):
        _draw_sums(axes, z, edges)
        fired = f"the neuron for {digit} fires for {np.mean(z >= 0):.1%} of its images"
        axes.set_title(f"{title}: {fired}" if title else fired, loc="left", fontsize=11, color=INK)
    panels[-1].set_xlabel(f"sum z of output neuron {digit} for images of a {digit}", color=PALE)
    save_figure(drawing, path)


def boundary(network: Layers | StepLayer, split: Split, path: str | os.PathLike[str]) -> None:
    """Draw what a network of two inputs answers everywhere, and the images as points, wrong ones with a ring.

    `split`: images (n, 2) with labels, at least one. The first input is drawn to the right, the second upwards.

    Raises PictureError for another number of inputs, no image, another file type, or a place that cannot be
    written.

    Example:  `boundary(perceptron_rule(split).layer, split, "boundary.png")`
    """
    from matplotlib.colors import ListedColormap

    _kind(path)
    if network.weights[0].shape[-1] != 2 or split.images.shape[1] != 2:
        raise PictureError("a boundary is drawn for two inputs; give a network and images of two")
    if not len(split):
        raise PictureError("a boundary needs at least one image to lie around")
    margin, steps = 0.25, 301
    at = np.linspace(-margin, 1 + margin, steps)
    answers = network.predict(np.stack(np.meshgrid(at, at), axis=-1).reshape(-1, 2)).reshape(steps, steps)
    drawing = figure(4.6, 4.4)
    axes = drawing.subplots()
    labels = max(int(split.labels.max()), int(answers.max()), 1) + 1
    colours = [ORANGE, BLUE, GREEN, "#9c36b5", "#c92a2a", "#0b7285", "#5c940d", "#e67700", "#495057", "#d6336c"]
    chosen = [colours[label % len(colours)] for label in range(labels)]
    extent = (-margin, 1 + margin, -margin, 1 + margin)
    axes.imshow(
        answers,
        origin="lower",
        extent=extent,
        interpolation="nearest",
        cmap=ListedColormap(chosen),
        vmin=0,
        vmax=labels - 1,
        alpha=0.25,
    )
    right = network.predict(split.images) == split.labels
    x, y = split.images.T
    axes.scatter(x, y, s=46, c=[chosen[label] for label in split.labels], edgecolors="white", linewidths=1.2, zorder=3)
    axes.scatter(x[~right], y[~right], s=130, facecolors="none", edgecolors=INK, linewidths=1.4, zorder=4)
    axes.set_title(f"{int(right.sum()):,} of {len(split):,} right", loc="left", fontsize=11, color=INK)
    axes.set_xlabel("first input", color=PALE)
    axes.set_ylabel("second input", color=PALE)
    axes.tick_params(colors=PALE, length=0)
    for spine in axes.spines.values():
        spine.set_visible(False)
    save_figure(drawing, path)


def _draw_sums(axes: Axes, z: NDArray[np.floating[Any]], edges: NDArray[np.float64]) -> None:
    """The histogram of the sums, its lost end in orange, and the slope of the sigmoid above it."""
    plain(axes, "share of the images (%)")
    counts = np.histogram(z, edges)[0]
    axes.bar(
        edges[:-1],
        100 * counts / len(z),
        width=BIN,
        align="edge",
        color=[ORANGE if edge <= LOST else BLUE for edge in edges[1:]],
        edgecolor="white",
        linewidth=0.6,
    )
    slope = axes.twinx()
    at = np.linspace(edges[0], edges[-1], 400)
    slope.plot(at, sigmoid(at) * sigmoid(-at), color=GREEN, linewidth=1.5)
    slope.set_ylim(0, 0.3)
    slope.set_yticks([])
    slope.annotate("slope \u03c3\u2032(z)", (1.3, 0.19), color=GREEN, textcoords="offset points", xytext=(6, 2))
    for spine in slope.spines.values():
        spine.set_visible(False)
    axes.set_xlim(edges[0], edges[-1])


def figure(width: float, height: float) -> Figure:
    """A figure of its own: pyplot, which keeps global state, is not involved."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    drawing = Figure(figsize=(width, height), dpi=144, layout="constrained", facecolor="white")
    FigureCanvasAgg(drawing)
    return drawing


def plain(axes: Axes, label: str) -> None:
    """The common look: pale words, horizontal rules, no box."""
    axes.set_ylabel(label, color=PALE)
    axes.tick_params(colors=PALE, length=0)
    axes.grid(axis="y", color=RULE, linewidth=0.8)
    axes.set_axisbelow(True)
    for side, spine in axes.spines.items():
        spine.set_visible(side == "bottom")
        spine.set_color(RULE)


def _kind(path: str | os.PathLike[str]) -> str:
    suffix = Path(path).suffix.lower()
    if suffix not in (".png", ".svg"):
        raise PictureError(f"{str(path)!r}: pictures are .png or .svg files; name it so")
    return suffix[1:]


def save_figure(drawing: Figure, path: str | os.PathLike[str]) -> None:
    """Write a `.png` or `.svg` file, whole or not at all; PictureError for another type or place."""
    import matplotlib as mpl

    kind = _kind(path)
    try:
        # Without a date and with names that are not drawn by chance the same picture is the same file.
        with write_whole(Path(path)) as file, mpl.rc_context({"svg.hashsalt": "perceptron"}):
            drawing.savefig(file, format=kind, metadata={"Date": None} if kind == "svg" else None)
    except OSError as error:
        raise PictureError(f"{str(path)!r} cannot be written: {error}; choose another place") from None
