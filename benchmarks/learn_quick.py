"""The preset `quick` beside PyTorch: the seconds of training until 97% of MNIST's test images are read.

Both train [784, 100, 10] on 50,000 images with one thread each, ours by the preset, PyTorch by several recipes, of
which the quickest counts. Time is that of the updates alone; ours is the whole training of the preset, whose rate
falls to 0 at its end.

    PERCEPTRON_DATA=FOLDER python benchmarks/learn_quick.py [--peers PYTHON] [--seeds 3] [--share 0.97]
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np

from learn import Layers, Training, find_preset, load_mnist


def ours(data, seed):
    """The seconds of our updates, and the share of the test images in the end."""
    preset, rng = find_preset("quick"), np.random.default_rng(seed)
    layers = Layers.start([784, *preset.hidden, 10], rng=rng)
    spent = sum(record.seconds for record in Training(layers, data.train, preset.settings, rng=rng))
    return spent, layers.accuracy(data.test.images, data.test.labels)


def theirs(python, data, share, seeds):
    """PyTorch's version and the seconds of each recipe and seed; None and why it is not there."""
    with tempfile.TemporaryDirectory() as folder:
        for name, split in (("", data.train), ("test_", data.test)):
            np.save(f"{folder}/{name}images.npy", split.images)
            np.save(f"{folder}/{name}labels.npy", split.labels)
        words = [Path(__file__).with_name("parts") / "learn_quick_peer.py", folder, share, seeds, 1]
        done = subprocess.run([python, *map(str, words)], capture_output=True, text=True, check=False)
    if done.returncode:
        return None, (done.stderr.strip().splitlines() or ["it failed"])[-1]
    told = json.loads(done.stdout)
    return told["version"], told["seconds"]


def main():
    """Measure both and print the ratio."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--peers", metavar="PYTHON", default=sys.executable, help="the Python that has PyTorch")
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--share", type=float, default=0.97, help="of the test images (default 0.97)")
    options = parser.parse_args()
    data = load_mnist()
    ours(data, 0)  # compiles
    mine = [ours(data, seed) for seed in range(options.seeds)]
    median = statistics.median(seconds for seconds, _ in mine)
    shares = ", ".join(f"{share:.2%}" for _, share in mine)
    print(f"until {options.share:.0%} of the test images, [784, 100, 10], {options.seeds} seeds; medians")
    print(f"  learn, preset quick                      {median:7.2f} s   ends at {shares}")
    version, told = theirs(options.peers, data, options.share, options.seeds)
    if version is None:
        print(f"  PyTorch: skipped ({told})")
        return
    for name, times in told.items():
        reached = [seconds for seconds in times if seconds is not None]
        if len(reached) < len(times):
            print(f"  PyTorch {version}, {name}: reached by {len(reached)} of {len(times)} seeds")
        if len(reached) > len(times) / 2:
            middle = statistics.median(reached)
            print(f"  PyTorch {version}, {name:35} {middle:7.2f} s   {middle / median:5.1f} times ours")


if __name__ == "__main__":
    main()
