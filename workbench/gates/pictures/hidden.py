"""What each hidden perceptron looks for: its weights as coloured pixels, those with the strongest votes first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from learn.picture import BLUE, INK, ORANGE, PALE, RULE, figure
from learn.threshold import ThresholdNetwork
from perceptron.errors import ParameterError
from workbench.gates.pictures.neuron import spread_of_votes
from workbench.plotted import Plotted

if TYPE_CHECKING:
    from matplotlib.axes import Axes

TOLD = 3  # classes that a caption names, at most


@dataclass(frozen=True)
class Plot(Plotted):
    """A plot of Matplotlib, with `.svg` and `.png`, and the caption of each of its pictures."""

    captions: tuple[str, ...]


def hidden_pictures(
    network: ThresholdNetwork, count: int = 36, *, images: ArrayLike | None = None, columns: int = 9
) -> Plot:
    """The pixels of the hidden perceptrons of the first layer: blue where ink counts for them, orange against.

    Where several bits read a pixel, their weights are added.

    Parameters
    ----------
    network : ThresholdNetwork
        With a hidden layer.
    count : int, default 36
        How many, those with the strongest votes first; with several layers, those with the largest weights above them.
    images : (n, pixels) whole greys, optional
        Their mean where a perceptron fires is drawn in grey behind its pixels.
    columns : int, default 9
        How many pictures stand side by side.

    Returns
    -------
    Plot
        Each picture has the unit's number, and where votes are read off it directly, the classes that it votes for the
        most, such as `7 +4  9 −2`.

    Raises
    ------
    ParameterError
        If there is no hidden layer, or `count` or `columns` < 1.
    LayersError
        If the images have another size, or greys that the network does not have.
    """
    for what, given in (("count", count), ("columns", columns)):
        if given < 1:
            raise ParameterError(f"{what} is {given}; give at least 1")
    if not network.weights:
        raise ParameterError(f"{network!r} has no hidden perceptrons to show")
    order = np.argsort(-spread_of_votes(network), kind="stable")[:count]
    wide = min(columns, len(order))
    high = -(-len(order) // wide)
    plot = figure(1.15 * wide + 0.1, 1.42 * high + 0.45)
    panels = plot.subplots(high, wide, squeeze=False).ravel()
    means = None if images is None else _means(network, images, order)
    captions = tuple(_caption(network, int(unit)) for unit in order)
    for axes in panels:
        axes.axis("off")
    for at, unit in enumerate(order.tolist()):
        _draw(panels[at], network, unit, None if means is None else means[at])
        panels[at].set_title(f"{unit}", loc="left", fontsize=7, color=PALE, pad=2)
        panels[at].text(0.5, -0.03, captions[at], transform=panels[at].transAxes, fontsize=8, color=INK, **MIDDLE)
    total = len(network.weights[0])
    plot.suptitle(
        f"{len(order):,} of {total:,} hidden perceptrons: ink counts for it where blue, against it where orange",
        fontsize=10,
        color=INK,
        x=0.01,
        ha="left",
    )
    plot.draw_without_rendering()
    plot.set_layout_engine("none")  # laid out once, else each file differs a little from the one before
    return Plot(plot, captions)


MIDDLE: dict[str, Any] = {"ha": "center", "va": "top"}


def _draw(axes: Axes, network: ThresholdNetwork, unit: int, mean: NDArray[np.float64] | None) -> None:
    from matplotlib.colors import to_rgb
    from matplotlib.patches import Rectangle

    rows, columns = network.shape
    picture = np.ones((rows * columns, 3)) if mean is None else np.repeat(1 - 0.45 * mean[:, None], 3, axis=1)
    weights = np.zeros(rows * columns)
    np.add.at(weights, network.encoder.pixel, network.weights[0][unit])
    strength = np.abs(weights) / max(1.0, np.abs(weights).max())
    for colour, chosen in ((BLUE, weights > 0), (ORANGE, weights < 0)):
        share = (0.45 + 0.55 * strength[chosen])[:, None]
        picture[chosen] = share * np.array(to_rgb(colour)) + (1 - share) * picture[chosen]
    axes.imshow(picture.reshape(rows, columns, 3), interpolation="nearest")
    frame = Rectangle((-0.5, -0.5), columns, rows, fill=False, edgecolor=RULE, linewidth=1.0, clip_on=False)
    axes.add_patch(frame)


def _means(network: ThresholdNetwork, images: ArrayLike, units: NDArray[np.intp]) -> NDArray[np.float64]:
    """(units, pixels) from 0 to 1: the mean image of what fires each."""
    greys = network.encoder.check_greys(np.asarray(images))
    fired = network.hidden(greys)[0][:, units].astype(np.float32)
    mean = fired.T @ (greys.astype(np.float32) / (network.encoder.levels - 1))
    found: NDArray[np.float64] = (mean / np.maximum(fired.sum(axis=0), 1)[:, None]).astype(np.float64)
    return found


def _caption(network: ThresholdNetwork, unit: int) -> str:
    """The classes that a unit votes for and against the most."""
    if len(network.weights) > 1:
        return ""
    votes = network.votes_of_units[:, unit]
    order = np.argsort(-np.abs(votes), kind="stable")[:TOLD]
    chosen = sorted((one for one in order.tolist() if votes[one]), key=lambda one: (-votes[one], one))
    return "  ".join(f"{one} {'+' if votes[one] > 0 else '−'}{abs(votes[one])}" for one in chosen)
