"""The presets of `perceptron learn`, seed by seed, and the 8x8 digits on two splits.

    python benchmarks/learn_presets.py [--seeds 3] [--presets book,book3,quick] [--best]

The presets train on MNIST's first 50,000 images; what they are was chosen by the 10,000 validation images, and the
test images are only told of. --best trains the preset `best` as well, which takes long. The digits: five random
quarters are left out by scikit-learn's train_test_split and tested, then the last 450 of the 1,797, which other hands
wrote.
"""

from __future__ import annotations

import argparse
import statistics
import time

import numpy as np
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split

from learn import DataError, Layers, Split, Training, find_preset, load_mnist


def train(preset, train_split, seed, validation=None):
    """A network trained by a preset, and the seconds on the clock."""
    rng = np.random.default_rng(seed)
    sizes = [train_split.images.shape[1], *preset.hidden, 10]
    layers = Layers.start(sizes, rng=rng)
    started = time.perf_counter()
    for _ in Training(layers, train_split, preset.settings, expand=preset.expand, validation=validation, rng=rng):
        pass
    return layers, time.perf_counter() - started


def mnist(names, seeds):
    """A row for each preset and seed."""
    try:
        data = load_mnist()
    except DataError as error:
        print(f"MNIST: skipped ({error})")
        return
    print(f"{'preset':8} {'seed':>4} {'validation':>10} {'test':>8} {'seconds':>8}")
    for name in names:
        for seed in range(seeds):
            layers, seconds = train(find_preset(name), data.train, seed)
            shares = [layers.accuracy(split.images, split.labels) for split in (data.validation, data.test)]
            print(f"{name:8} {seed:4} {shares[0]:10.2%} {shares[1]:8.2%} {seconds:8.1f}", flush=True)


def digits():
    """The two splits of the 8x8 digits."""
    images, labels = load_digits(return_X_y=True)
    everything = Split(images / 16, labels)
    preset, shares, times = find_preset("digits"), [], []
    for seed in range(5):
        rows, left_out = train_test_split(np.arange(len(labels)), test_size=0.25, random_state=seed)
        layers, seconds = train(preset, everything[rows], seed)
        shares.append(layers.accuracy(everything.images[left_out], labels[left_out]))
        times.append(seconds)
    told = ", ".join(f"{share:.2%}" for share in shares)
    print(f"8x8 digits, a random quarter: mean {statistics.mean(shares):.2%} ({told}), {max(times):.1f} s at most")
    shares = []
    for seed in range(3):
        layers, _ = train(preset, everything[:1347], seed)
        shares.append(layers.accuracy(everything.images[1347:], labels[1347:]))
    print(f"8x8 digits, the last 450: {', '.join(f'{share:.2%}' for share in shares)}")


def main():
    """Print both."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--presets", default="book,book3,quick")
    parser.add_argument("--best", action="store_true", help="the preset `best` as well")
    options = parser.parse_args()
    names = [name for name in options.presets.split(",") if name]
    digits()
    mnist([*names, *(["best"] if options.best else [])], options.seeds)


if __name__ == "__main__":
    main()
