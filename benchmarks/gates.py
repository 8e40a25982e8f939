"""Accuracy against gates: threshold networks trained towards NANDs, pixel to label, on MNIST and the 8x8 digits.

    python benchmarks/gates.py [--seeds 3] [--points 16k,53k] [--keep FOLDER]
    python benchmarks/gates.py --keep FOLDER --front front.svg
    python benchmarks/gates.py --hardened | --digits

Each point of the front is trained on MNIST's first 50,000 images (what it is was chosen by the 10,000 validation
images), turned into NANDs, proved, and compared with its whole numbers on all 70,000 images and 10,000 random ones; the
counts are of everything from the binary digits of the pixels to those of the label. --keep writes each network and a
line of JSON about it into a folder; with --front alone the picture is drawn from such a folder. --hardened is a network
of sigmoids that was trained for accuracy alone, made steps without retraining and with it; --digits the 8x8 digits, on
five random quarters. PERCEPTRON_DATA names the folder with MNIST.

Published figures to compare with leave out the encoder and what follows the last layer; here both are in.
"""

from __future__ import annotations

import argparse
import json
import time
from pathlib import Path

import numpy as np
from sklearn.model_selection import train_test_split

import learn
from learn.threshold import Encoder, GateSettings, ThresholdTraining, harden, save_threshold
from workbench.gates.hardening import harden_to_gates, levels_of


def bent(strength):
    """Images shifted, turned and scaled, the more the larger the network."""
    return learn.Expand(shift=0.8 * strength, turn=6 * strength, scale=0.06 * strength)


POINTS = {
    "16k": (GateSettings(hidden=(600,), votes=2, epochs=80, rate=0.003), bent(0.4)),
    "21k": (GateSettings(hidden=(800,), votes=2, epochs=80, rate=0.003), bent(0.5)),
    "38k": (GateSettings(hidden=(1500,), largest=1, epochs=80, rate=0.003), bent(0.8)),
    "53k": (GateSettings(hidden=(1800,), epochs=80, rate=0.003), bent(1.0)),
    "115k": (GateSettings(hidden=(4000,), epochs=80, rate=0.003), bent(1.2)),
}
PUBLISHED = [  # two-input gates without encoder and head, accuracy: Petersen and others 2022; LILogicNet 2025
    ("logic gate network", 48_000, 97.69),
    ("logic gate network", 384_000, 98.47),
    ("LILogicNet", 4_000, 97.96),
    ("LILogicNet", 8_000, 98.45),
    ("LILogicNet", 32_000, 98.95),
]
DIGITS = learn.settings_for(12_000, pixels=64), learn.expand_for(12_000, (8, 8))


def train(data, settings, expand, seed):
    """The network and the processor seconds of its training."""
    training = ThresholdTraining(
        data.train, settings, levels=levels_of(data), shape=data.shape, expand=expand, rng=seed, name=data.name
    )
    started = time.process_time()
    for _ in training:
        pass
    return training.network(), time.process_time() - started


def point(data, name, seed, keep):
    """One row of the front."""
    network, seconds = train(data, *POINTS[name], seed)
    gates = harden_to_gates(network, data, name=f"mnist-{name}")
    row = {
        "point": name,
        "seed": seed,
        "nands": gates.nands,
        **gates.classifier.parts,
        "depth": gates.depth,
        "validation": network.accuracy(data.validation),
        "test": gates.accuracy,
        "training": seconds,
        "lowering": gates.seconds["NANDs"] + gates.seconds["proof"],
        "run": gates.seconds["test images"],
        "images": gates.images,
    }
    print(
        f"{name:6} {seed:4} {gates.nands:8,} {row['encoder']:8,} {row['hidden']:8,} {row['votes']:8,} "
        f"{row['argmax']:8,} {gates.depth:6} {row['validation']:8.2%} {row['test']:8.2%} {seconds:7.0f} s "
        f"{row['run']:7.3f} s",
        flush=True,
    )
    if keep is not None:
        keep.mkdir(parents=True, exist_ok=True)
        save_threshold(keep / f"{name}-{seed}.npz", network)
        with (keep / "points.jsonl").open("a") as file:
            file.write(json.dumps(row) + "\n")


def front(folder, path):
    """Draw the points of a folder, and the published ones in grey."""
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    rows = [json.loads(line) for line in (folder / "points.jsonl").read_text().splitlines()]
    figure, axes = plt.subplots(figsize=(7, 4.2), layout="constrained")
    for label in dict.fromkeys(name for name, _, _ in PUBLISHED):
        known = [(gates, share) for name, gates, share in PUBLISHED if name == label]
        axes.plot(*zip(*known, strict=True), "o--", color="0.6", mfc="white", label=f"{label} (core only)")
    names = [name for name in POINTS if any(row["point"] == name for row in rows)]
    means = [
        tuple(np.mean([row[what] for row in rows if row["point"] == name]) for what in ("nands", "test"))
        for name in names
    ]
    axes.plot([nands for nands, _ in means], [100 * test for _, test in means], "-", color="#1f5fa8")
    axes.plot(
        [row["nands"] for row in rows],
        [100 * row["test"] for row in rows],
        "o",
        color="#1f5fa8",
        label="perceptrons to NANDs, pixel to label",
    )
    axes.set(xscale="log", xlabel="two-input gates", ylabel="% of test digits read rightly")
    axes.grid(alpha=0.3)
    axes.legend(frameon=False, loc="lower right")
    figure.savefig(path)


def hardened(data, seeds):
    """[784, 30, 10] trained for accuracy alone: what each step costs, and what training again gives back."""
    for seed in range(seeds):
        rng = np.random.default_rng(seed)
        layers = learn.Layers.start([784, 30, 10], rng=rng)
        for _ in learn.sgd(layers, data.train, rng=rng):
            pass
        for text, encoder in (
            ("1 bit", Encoder.thermometer(256, 784, (128,))),
            ("4 binary digits", Encoder.binary(256, 784, 4)),
        ):
            for most in (7, 3, 1):
                made = harden(layers, encoder, data.test, fit=data.train, most=most, votes_most=7)
                settings = GateSettings(
                    fan_in=None, weights=most, votes=None, soft=0.0, narrow=0.0, epochs=15, rate=0.001, batch=100
                )
                training = ThresholdTraining(
                    data.train, settings, levels=256, shape=(28, 28), start=made.real, rng=seed
                )
                for _ in training:
                    pass
                again = made.then("trained again", training.network(), data.test)
                told = "   ".join(f"{stage.name} {stage.accuracy:.2%}" for stage in again.stages)
                print(f"seed {seed}  {text:16} weights up to {most}:  {told}", flush=True)


def digits(seeds):
    """The 8x8 digits, with a quarter left out at random."""
    whole = learn.load_digits()
    parts = (whole.train, whole.validation, whole.test)
    everything = learn.Split(
        np.concatenate([part.images for part in parts]), np.concatenate([part.labels for part in parts])
    )
    shares = []
    for seed in range(seeds):
        rows, left_out = train_test_split(np.arange(len(everything)), test_size=0.25, random_state=seed)
        data = learn.Data(everything[rows], everything[rows[:0]], everything[left_out], "digits", (8, 8))
        network, seconds = train(data, *DIGITS, seed)
        gates = harden_to_gates(network, data, name="digits")
        shares.append((gates.accuracy, gates.nands))
        print(f"digits {seed}: {gates.nands:7,} NANDs, {gates.accuracy:.2%}, {seconds:.1f} s", flush=True)
    print(f"mean of {seeds}: {np.mean([s for s, _ in shares]):.2%}, at most {max(n for _, n in shares):,} NANDs")


def main():
    """What the arguments ask for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--first", type=int, default=0, help="the first seed")
    parser.add_argument("--points", default=",".join(POINTS))
    parser.add_argument("--keep", type=Path)
    parser.add_argument("--front", type=Path)
    parser.add_argument("--hardened", action="store_true")
    parser.add_argument("--digits", action="store_true")
    given = parser.parse_args()
    if given.digits:
        digits(5)
    if given.hardened:
        hardened(learn.load_mnist(), given.seeds)
    if given.front and given.keep:
        front(given.keep, given.front)
    if not (given.digits or given.hardened or given.front):
        data = learn.load_mnist()
        print(
            f"{'point':6} {'seed':>4} {'NANDs':>8} {'encoder':>8} {'hidden':>8} {'votes':>8} {'arg-max':>8} "
            f"{'depth':>6} {'valid.':>8} {'test':>8} {'training':>9} {'10,000':>9}"
        )
        for name in given.points.split(","):
            for seed in range(given.first, given.first + given.seeds):
                point(data, name, seed, given.keep)


if __name__ == "__main__":
    main()
