"""A page about a trained network: what it confuses, its hardest images, its hidden neurons, whether it knows itself."""

from __future__ import annotations

import html
import os
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from learn.data import Split
from learn.errors import PictureError
from learn.judge import calibration, confidence, confusion, hardest
from learn.layers import Layers
from learn.picture import BLUE, INK, ORANGE, PALE, figure, learning_curve, plain, save_figure
from learn.training import Epoch
from learn.whole import write_whole

MOST_HIDDEN = 100  # neurons whose weights are drawn


def confusion_picture(layers: Layers, split: Split, path: str | os.PathLike[str]) -> None:
    """Draw how many images of each label were read as which, the right ones left out of the shading.

    Raises PictureError for another file type than `.png` or `.svg` and a place that cannot be written; DataError
    as `confusion` does.
    """
    counts = confusion(layers, split)
    size = len(counts)
    wrong = np.where(np.eye(size, dtype=bool), 0, counts)
    drawing = figure(1.6 + 0.5 * size, 1.4 + 0.45 * size)
    axes = drawing.subplots()
    axes.imshow(wrong, cmap="Oranges", vmin=0, vmax=max(1, int(wrong.max()) * 1.4), aspect="auto")
    for (row, column), count in np.ndenumerate(counts):
        if count:
            colour = PALE if row == column else INK
            axes.text(column, row, f"{count:,}", ha="center", va="center", fontsize=8, color=colour)
    axes.set_xticks(range(size))
    axes.set_yticks(range(size))
    axes.tick_params(colors=PALE, length=0)
    for spine in axes.spines.values():
        spine.set_visible(False)
    axes.set_xlabel("read as", color=PALE)
    axes.set_ylabel("is", color=PALE)
    right = int(np.trace(counts))
    title = f"{right:,} of {len(split):,} right, {right / len(split):.2%}"
    axes.set_title(title, loc="left", fontsize=11, color=INK)
    save_figure(drawing, path)


def hardest_picture(
    layers: Layers, split: Split, path: str | os.PathLike[str], shape: tuple[int, int], count: int = 40
) -> None:
    """Draw the images whose own label got the least confidence, each with what it is and what the network thought.

    `shape`: (rows, columns) of an image. Raises as `confusion_picture` does, and PictureError for another shape.
    """
    _check_shape(layers, shape)
    rows = hardest(layers, split, count)
    shares, read = confidence(layers, split), layers.predict(split.images)
    across = min(8, len(rows))
    down = -(-len(rows) // across)
    drawing = figure(1.15 * across, 1.5 * down)
    panels = drawing.subplots(down, across, squeeze=False).ravel()
    for axes in panels:
        axes.axis("off")
    for axes, row in zip(panels, rows.tolist(), strict=False):
        axes.imshow(split.images[row].reshape(shape), cmap="Greys", vmin=0, vmax=1)
        label, guess = int(split.labels[row]), int(read[row])
        told = f"is {label}, {shares[row, label]:.0%}\nread {guess}, {shares[row, guess]:.0%}"
        axes.set_title(told, fontsize=7, color=INK if label == guess else ORANGE)
    save_figure(drawing, path)


def hidden_picture(layers: Layers, path: str | os.PathLike[str], shape: tuple[int, int]) -> None:
    """Draw the weights into each neuron of the first layer as an image: violet excites, orange inhibits.

    The first 100 neurons, each on its own scale, the strongest first by the weights that lead on from it. Raises
    PictureError for another shape, another file type, and a place that cannot be written.
    """
    _check_shape(layers, shape)
    w = layers.weights[0]
    strength = np.abs(layers.weights[1]).sum(axis=0) if len(layers.weights) > 1 else np.zeros(len(w))
    chosen = np.argsort(-strength, kind="stable")[:MOST_HIDDEN]
    across = min(10, len(chosen))
    down = -(-len(chosen) // across)
    drawing = figure(0.8 * across, 0.8 * down)
    panels = drawing.subplots(down, across, squeeze=False).ravel()
    for axes in panels:
        axes.axis("off")
    for axes, neuron in zip(panels, chosen.tolist(), strict=False):
        reach = float(np.abs(w[neuron]).max()) or 1.0
        axes.imshow(w[neuron].reshape(shape), cmap="PuOr", vmin=-reach, vmax=reach)
    save_figure(drawing, path)


def calibration_picture(layers: Layers, split: Split, path: str | os.PathLike[str]) -> None:
    """Draw the share of right answers against the confidence, and how often each confidence came.

    Raises as `confusion_picture` does.
    """
    found = calibration(layers, split)
    drawing = figure(5.2, 4.6)
    upper, lower = drawing.subplots(2, 1, sharex=True, height_ratios=[3, 1])
    plain(upper, "right (%)")
    upper.plot([0, 100], [0, 100], color=PALE, linewidth=1, linestyle=":")
    there = found.counts > 0
    upper.plot(100 * found.confidence[there], 100 * found.accuracy[there], color=BLUE, linewidth=2, marker="o")
    title = f"expected calibration error {found.error:.2%}"
    upper.set_title(title, loc="left", fontsize=11, color=INK)
    plain(lower, "images")
    edges = np.linspace(0, 100, len(found.counts) + 1)
    lower.bar(edges[:-1], found.counts, width=edges[1], align="edge", color=BLUE, edgecolor="white")
    lower.set_yscale("symlog", linthresh=1)
    lower.set_xlabel("confidence (%)", color=PALE)
    save_figure(drawing, path)


def report(
    layers: Layers,
    split: Split,
    folder: str | os.PathLike[str],
    shape: tuple[int, int],
    records: Sequence[Epoch] = (),
    title: str = "A trained network",
) -> Path:
    """Write `index.html` and its pictures into a folder, made where it is not there; returns the page's path.

    `split`: the images to judge by, with labels. `shape`: (rows, columns) of an image. `records`: of the training,
    for the learning curve. Raises as the pictures do.
    """
    place = Path(folder)
    try:
        place.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise PictureError(f"{str(folder)!r} cannot be made: {error}; choose another place") from None
    parts = []
    if records:
        learning_curve(records, place / "curve.png")
        parts.append(("curve.png", "How it learned"))
    confusion_picture(layers, split, place / "confusion.png")
    hardest_picture(layers, split, place / "hardest.png", shape)
    hidden_picture(layers, place / "hidden.png", shape)
    calibration_picture(layers, split, place / "calibration.png")
    parts += [
        ("confusion.png", "What it takes for what: rows are what the images show"),
        ("hardest.png", "The hardest images: what they are, what was read, and how much confidence each got"),
        ("hidden.png", "The weights into the first layer's neurons"),
        ("calibration.png", "Is it right as often as it is sure?"),
    ]
    figures = "".join(
        f'<h2>{html.escape(words)}</h2>\n<img src="{name}" alt="{html.escape(words)}">\n' for name, words in parts
    )
    heading = f"{html.escape(title)}: {html.escape(repr(layers))}"
    page = (
        '<!doctype html>\n<html lang="en">\n<meta charset="utf-8">\n<title>'
        + heading
        + "</title>\n<style>body{font:16px/1.5 sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;"
        + "color:#1f2933}img{max-width:100%}h2{font-size:1.1rem}</style>\n<h1>"
        + heading
        + "</h1>\n"
        + figures
        + "</html>\n"
    )
    try:
        with write_whole(place / "index.html") as file:
            file.write(page.encode())
    except OSError as error:
        raise PictureError(f"{str(folder)!r} cannot be written: {error}; choose another place") from None
    return place / "index.html"


def _check_shape(layers: Layers, shape: tuple[int, int]) -> None:
    if shape[0] * shape[1] != layers.sizes[0]:
        raise PictureError(f"{shape[0]} x {shape[1]} pixels are not the {layers.sizes[0]} inputs; give their shape")
