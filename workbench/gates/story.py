"""The last stop of the story: a network that learns to read becomes the gates that the story began with."""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np

import learn
from circuits import classifier
from learn.threshold import ThresholdTraining, expand_for, settings_for
from workbench.gates.hardening import harden_to_gates, levels_of, plain_arrays
from workbench.gates.report import pictured
from workbench.gates.text import check_lines, part_table
from workbench.step import Step

BUDGET = 12_000  # NANDs


def circle(folder: Path, rng: int) -> Step:
    """Trained as perceptrons, made NANDs, proved, and run."""
    data = learn.load_digits()
    images = np.concatenate([data.train.images, data.validation.images])
    train = learn.Split(images, np.concatenate([data.train.labels, data.validation.labels]))
    started = time.perf_counter()
    training = ThresholdTraining(
        train,
        settings_for(BUDGET, pixels=data.shape[0] * data.shape[1]),
        levels=levels_of(data),
        shape=data.shape,
        expand=expand_for(BUDGET, data.shape),
        rng=rng,
    )
    for _ in training:
        pass
    seconds = time.perf_counter() - started
    network = training.network()
    gates = harden_to_gates(network, data, rng=rng, name="digits")
    few = classifier.perceptrons(**plain_arrays(gates.network))
    drawn = [picture for shown in pictured(gates, folder, "gates-") for picture in shown.pictures]
    bits, *hidden, classes = gates.network.sizes
    return Step(
        "The circle closes: a network that learned becomes NAND gates",
        [
            "Nobody wired the network that reads, and nobody could say what its gates would be. Train perceptrons "
            "instead of sigmoid neurons, each with a few inputs, whole weights and a few whole votes, and there is an "
            "answer: comparisons of pixels, sums of weights, the sums of the votes and the search for the most are "
            "all built of NANDs, each a perceptron with weights -2, -2 and bias 3.",
            "The proof goes through the circuit part by part and holds for every image there can be. Then the gates "
            "alone read. `perceptron harden` does this with a network of your own, and writes the circuit for other "
            "tools.",
        ],
        [
            f"trained on {len(train):,} images in {seconds:.1f} s",
            f"{bits} bits of pixels, {' and '.join(map(str, hidden))} perceptrons, {classes} classes",
            f"whole numbers read {gates.stages[0].accuracy:.2%} of {len(data.test)} test images rightly",
            f"NANDs read        {gates.accuracy:.2%} of them: {gates.right} digits",
            "",
            *part_table(gates),
            "",
            *check_lines(gates),
            f"the same function in perceptrons of any whole weights: {len(few.units):,}",
        ],
        drawn,
    )
