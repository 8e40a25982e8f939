"""What each idea of the book's later chapters buys on MNIST: the table of docs/learning.md.

A row with dots is one change to the row above them: [784, 100, 10], cross-entropy, rate 0.5, mini-batches of 10. The
accuracies are those of the 10,000 validation images after the last epoch (of the network that was kept, with
patience): the test images decide nothing here. Needs the MNIST files (see `learn.load_mnist`).

    python benchmarks/learn_ideas.py [--epochs 20] [--seeds 2] [--only dropout]
"""

from __future__ import annotations

import argparse
import statistics
import time
from dataclasses import dataclass, field, replace

import numpy as np

from learn import DataError, Ensemble, Expand, Layers, Settings, Training, load_mnist

BASE = Settings(rate=0.5, cost="cross-entropy")


@dataclass
class Idea:
    """A row: settings, and what else differs."""

    name: str
    settings: Settings = BASE
    hidden: tuple[int, ...] = (100,)
    layers: dict = field(default_factory=dict)
    expand: Expand | None = None
    together: int = 1


IDEAS = [
    Idea("chapter 1: 30 hidden, quadratic cost, rate 3", Settings(), (30,)),
    Idea("100 hidden, quadratic cost, rate 3", Settings()),
    Idea("100 hidden, cross-entropy, rate 0.5", BASE),
    Idea("... weights started with spread 1", BASE, layers={"start": "book"}),
    Idea("... softmax and log-likelihood, rate 0.1", replace(BASE, cost="log-likelihood", rate=0.1)),
    Idea("... L2, lambda 5", replace(BASE, l2=5.0)),
    Idea("... L1, lambda 0.5", replace(BASE, l1=0.5)),
    Idea("... dropout 0.25", replace(BASE, dropout=0.25)),
    Idea("... momentum 0.9, rate 0.05", replace(BASE, method="momentum", rate=0.05)),
    Idea("... Nesterov 0.9, rate 0.05", replace(BASE, method="nesterov", rate=0.05)),
    Idea("... Adam, rate 0.001", replace(BASE, method="adam", rate=0.001)),
    Idea("... rate falling to 0 (linear)", replace(BASE, schedule="linear")),
    Idea("... rate falling to 0 (cosine)", replace(BASE, schedule="cosine")),
    Idea("... rate halved after 2 without a better one", replace(BASE, schedule="halving", patience=2)),
    Idea("... stopped after 4 without a better one", replace(BASE, patience=4)),
    Idea("... tanh, rate 0.1", replace(BASE, rate=0.1), layers={"activation": "tanh"}),
    Idea("... ReLU, rate 0.05", replace(BASE, rate=0.05), layers={"activation": "relu"}),
    Idea("... swish, rate 0.1", replace(BASE, rate=0.1), layers={"activation": "swish"}),
    Idea("... images shifted by up to 1 pixel", expand=Expand(shift=1)),
    Idea("... shifted, turned, scaled, slanted", expand=Expand(shift=1, turn=10, scale=0.12, slant=0.1)),
    Idea("... elastic distortions", expand=Expand(elastic=34, smooth=4)),
    Idea("... 300 hidden", hidden=(300,)),
    Idea("... 100 and 100 hidden", hidden=(100, 100)),
    Idea("... five networks together", together=5),
    Idea("... L2, lambda 1, and the rate falling (linear)", replace(BASE, l2=1.0, schedule="linear")),
    Idea(
        "... the same with 300 hidden, and all of the expansion",
        replace(BASE, l2=0.2, schedule="linear"),
        (300,),
        expand=Expand(shift=1, turn=10, scale=0.12, slant=0.1, elastic=34, smooth=4),
    ),
]


def reached(idea, data, epochs, seed):
    """The validation accuracy after so many epochs, and the seconds of an epoch of one network."""
    networks, seconds = [], []
    for part in range(idea.together):
        rng = np.random.default_rng([seed, part])
        layers = Layers.start([784, *idea.hidden, 10], rng=rng, output=output(idea), **idea.layers)
        training = Training(
            layers,
            data.train,
            replace(idea.settings, epochs=epochs),
            expand=idea.expand,
            validation=data.validation,
            rng=rng,
        )
        seconds += [record.seconds for record in training]
        networks.append(layers)
    return Ensemble(networks).accuracy(data.validation.images, data.validation.labels), statistics.median(seconds)


def output(idea):
    """A softmax where the cost asks for it."""
    return "softmax" if idea.settings.cost == "log-likelihood" else "sigmoid"


def main():
    """Train every row and print the table as Markdown."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--epochs", type=int, default=20)
    parser.add_argument("--seeds", type=int, default=2)
    parser.add_argument("--only", metavar="WORD", default="", help="rows that have this word")
    options = parser.parse_args()
    try:
        data = load_mnist()
    except DataError as error:
        print(f"skipped: {error}")
        return
    started = time.perf_counter()
    print(f"| {options.epochs} epochs | validation | from - to | s an epoch |\n|---|---|---|---|")
    for idea in IDEAS:
        if options.only not in idea.name:
            continue
        runs = [reached(idea, data, options.epochs, seed) for seed in range(options.seeds)]
        shares = [share for share, _ in runs]
        seconds = statistics.median(second for _, second in runs)
        spread = f"{min(shares):.2%} - {max(shares):.2%}"
        print(f"| {idea.name} | {statistics.mean(shares):.2%} | {spread} | {seconds:.2f} |", flush=True)
    print(f"\nall of it: {time.perf_counter() - started:.0f} s")


if __name__ == "__main__":
    main()
