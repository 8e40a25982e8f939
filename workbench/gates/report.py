"""The report on a network that became gates: report.json, and a page with its steps, its parts and its pictures."""

from __future__ import annotations

import json
from html import escape
from pathlib import Path
from typing import Any

import numpy as np

from learn.picture import INK, ORANGE, figure, save_figure
from learn.threshold import Robustness
from perceptron import PerceptronError
from perceptron.files import write_whole
from workbench.gates.hardening import Gates
from workbench.gates.pictures import hidden_pictures, layers_drawing
from workbench.gates.ports import describe
from workbench.gates.text import check_lines, part_table, robust_line, stage_table
from workbench.page import page
from workbench.step import Picture, Step

HARDEST = 40  # images that are shown
PARTS = {
    "encoder": "from the digits of the pixels to the bits that are read",
    "hidden": "the hidden perceptrons",
    "votes": "the votes, added up for each class",
    "argmax": "which class has the most",
}


def told(gates: Gates, robust: Robustness | None = None) -> dict[str, Any]:
    """All numbers of the report, as plain data."""
    said = describe(gates) | {"seconds": {name: round(one, 4) for name, one in gates.seconds.items()}}
    said["network"] = {
        "sizes": gates.network.sizes,
        "connections": gates.network.connections,
        "largest_weight": max((int(np.abs(w).max()) for w in gates.network.weights), default=0),
        "largest_vote": max(int(np.abs(v).max()) for v in gates.network.votes),
    }
    if robust is not None:
        labels = gates.data.test.labels
        said["single_pixels"] = {
            "images": len(robust.labels),
            "keep_their_label": int(robust.robust.sum()),
            "share": robust.share,
            "right_whatever_one_pixel_is": robust.accuracy(labels[: len(robust.labels)]),
        }
    return said


def write_report(gates: Gates, folder: Path, robust: Robustness | None = None) -> Path:
    """Write report.json, the pictures and index.html into a folder, made where it is not there; the page's path.

    Raises
    ------
    OSError
        If the folder cannot be made or written.
    PictureError
        If a picture cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    said = told(gates, robust)
    write_whole(folder / "report.json", (json.dumps(said, indent=1) + "\n").encode())
    name = gates.classifier.network.name or "A network"
    lead = (
        f"{escape(name)} reads {gates.right:,} of {len(gates.labels):,} test images of {escape(gates.data.name)} "
        f"rightly, {gates.accuracy:.2%}, and is now {gates.nands:,} NANDs and nothing else, each of them a perceptron "
        "with weights -2, -2 and bias 3."
    )
    text = page(
        _steps(gates, folder, robust),
        folder,
        title="A network that learned to read becomes gates",
        lead=lead,
        maker="harden",
    )
    write_whole(folder / "index.html", text.encode())
    return folder / "index.html"


def _steps(gates: Gates, folder: Path, robust: Robustness | None) -> list[Step]:
    network = gates.network
    sizes = " - ".join(str(size) for size in network.sizes)
    steps = [
        Step(
            "From the trained network to NANDs",
            [
                "Each step is measured on the test images; none of them decided anything. A perceptron fires where "
                "the whole weights of what it reads, and its bias, add up to more than 0."
            ],
            [*stage_table(gates), "", f"bits, perceptrons and classes: {sizes}; connections: {network.connections}"],
        ),
        Step(
            "What the circuit is made of",
            [
                "Everything between the digits of the pixels and the digits of the label is counted: "
                + "; ".join(f"`{part}`: {what}" for part, what in PARTS.items())
                + "."
            ],
            part_table(gates),
        ),
        Step(
            "Proved, compared, run",
            [
                "The proof goes through the circuit part by part, and holds for every image, whether anybody ever "
                "wrote it or not. The comparison runs the NANDs themselves."
            ],
            check_lines(gates),
        ),
    ]
    steps += pictured(gates, folder)
    hardest_picture(gates, folder / "hardest.png")
    steps.append(
        Step(
            "The hardest digits",
            ["Those whose own class is furthest behind the best other one, or least ahead of it."],
            pictures=[Picture("hardest.png", "What it is, what was read, and by how many votes its class leads.")],
        )
    )
    if robust is not None:
        steps.append(
            Step(
                "One pixel",
                ["Every other grey of every pixel of every test image was tried, one pixel at a time."],
                [robust_line(robust)],
            )
        )
    return steps


def pictured(gates: Gates, folder: Path, prefix: str = "") -> list[Step]:
    """What the hidden perceptrons look for, and the circuit while it reads, for a network that has any.

    The pictures are written into the folder, with the prefix before their names.
    """
    network, test = gates.network, gates.data.test
    if not network.weights:
        return []
    greys = network.encoder.greys(test.images)
    write_whole(folder / f"{prefix}hidden.png", hidden_pictures(network, images=greys).png)
    steps = [
        Step(
            "What the hidden perceptrons look for",
            [
                "Ink at a blue pixel counts for a perceptron, ink at an orange one against it. Behind its pixels is "
                "the mean of the test images at which it fires, below are the classes that it votes for and against."
            ],
            pictures=[Picture(f"{prefix}hidden.png", "Those whose votes differ most between classes.")],
        )
    ]
    rightly = np.flatnonzero(gates.labels == test.labels)
    row = int(rightly[0]) if len(rightly) else 0
    step = Step(
        "The circuit reads a digit",
        [
            f"The test image is a {test.labels[row]} and is read as {gates.labels[row]}. Below the layers one hidden "
            "perceptron is opened: the pixels that it reads with its weights, and the NANDs that it became."
        ],
    )
    try:
        svg = layers_drawing(network, gates.classifier, image=greys[row]).svg
    except PerceptronError as error:  # its perceptrons are too wide to be opened, or there is no Graphviz
        step.words.append(f"There is no drawing of it: {error}.")
    else:
        write_whole(folder / f"{prefix}layers.svg", svg.encode())
        step.pictures.append(Picture(f"{prefix}layers.svg", "Wires that carry a 1 are lit."))
    return [*steps, step]


def hardest_picture(gates: Gates, path: Path) -> None:
    """Draw the test images whose own class leads least, or is most behind, into a `.png` or `.svg` file."""
    test, network = gates.data.test, gates.network
    scores = network.scores(network.encoder.greys(test.images))
    every = np.arange(len(test))
    labels = np.minimum(test.labels, network.classes - 1)
    own = scores[every, labels]
    scores[every, labels] = np.iinfo(np.int64).min
    leads = own - scores.max(axis=1)
    rows = np.argsort(leads, kind="stable")[:HARDEST]
    across = min(8, len(rows))
    drawing = figure(1.15 * across, 1.5 * -(-len(rows) // across))
    panels = drawing.subplots(-(-len(rows) // across), across, squeeze=False).ravel()
    for axes in panels:
        axes.axis("off")
    for axes, row in zip(panels, rows.tolist(), strict=False):
        axes.imshow(test.images[row].reshape(network.shape), cmap="Greys", vmin=0, vmax=1)
        label, read = int(test.labels[row]), int(gates.labels[row])
        axes.set_title(f"is {label}, read {read}\n{leads[row]:+d}", fontsize=7, color=INK if label == read else ORANGE)
    save_figure(drawing, path)
