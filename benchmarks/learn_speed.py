"""The time of one epoch: `learn` beside the book's loop, PyTorch and scikit-learn, in one run.

The book's way, written here from its description: every image is a column vector of float64, backpropagation runs
for one image at a time, and the gradients of a mini-batch are added up in lists. All train [784, 30, 10] with
mini-batches of 10 on 50,000 images, each on one core: MNIST where PERCEPTRON_DATA names its folder, else random ones.
PyTorch and scikit-learn compute in float32, as we do. They are measured by turns with us, round by round; the figures
are medians of epochs, without the first of each program. Then [784, 800, 10] with mini-batches of 128, beside PyTorch,
both on one core and on all.

    python benchmarks/learn_speed.py [--peers PYTHON] [--rounds 3] [--images 50000]

The peers are looked for in the Python that --peers names, such as that of

    python -m venv peers && peers/bin/pip install torch scikit-learn

and, without it, in this one. A peer that is not there is skipped with a line.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
from threadpoolctl import threadpool_limits

from learn import Layers, Settings, Split, Training, load_mnist, targets

SIZES, WIDE = [784, 30, 10], [784, 800, 10]
PEERS = {"torch": "PyTorch", "sklearn": "scikit-learn's MLPClassifier"}


def book_gradient(weights, biases, x, y):
    """The gradient for one image x (784, 1) with the wanted outputs y (10, 1), as two lists of arrays."""
    nabla_b = [np.zeros(b.shape) for b in biases]
    nabla_w = [np.zeros(w.shape) for w in weights]
    a, activations, zs = x, [x], []
    for w, b in zip(weights, biases, strict=True):
        z = np.dot(w, a) + b
        zs.append(z)
        a = sigmoid(z)
        activations.append(a)
    delta = (activations[-1] - y) * sigmoid_prime(zs[-1])
    nabla_b[-1] = delta
    nabla_w[-1] = np.dot(delta, activations[-2].T)
    for k in range(len(weights) - 2, -1, -1):
        delta = np.dot(weights[k + 1].T, delta) * sigmoid_prime(zs[k])
        nabla_b[k] = delta
        nabla_w[k] = np.dot(delta, activations[k].T)
    return nabla_w, nabla_b


def sigmoid(z):
    """Equation (3)."""
    return 1.0 / (1.0 + np.exp(-z))


def sigmoid_prime(z):
    """Its slope, from z as in the book."""
    return sigmoid(z) * (1 - sigmoid(z))


def book_epoch(weights, biases, pairs, batch, rate, rng):
    """The seconds of one epoch in the book's way; the lists `weights` and `biases` get new arrays."""
    started = time.perf_counter()
    order = rng.permutation(len(pairs))
    for start in range(0, len(order), batch):
        sum_w = [np.zeros(w.shape) for w in weights]
        sum_b = [np.zeros(b.shape) for b in biases]
        rows = order[start : start + batch]
        for i in rows:
            nabla_w, nabla_b = book_gradient(weights, biases, *pairs[i])
            sum_w = [total + one for total, one in zip(sum_w, nabla_w, strict=True)]
            sum_b = [total + one for total, one in zip(sum_b, nabla_b, strict=True)]
        weights[:] = [w - (rate / len(rows)) * nabla for w, nabla in zip(weights, sum_w, strict=True)]
        biases[:] = [b - (rate / len(rows)) * nabla for b, nabla in zip(biases, sum_b, strict=True)]
    return time.perf_counter() - started


def training_images(count):
    """MNIST's training images, or as many random ones with as much ink."""
    if os.environ.get("PERCEPTRON_DATA"):
        data = load_mnist()
        return data.train[:count], data.test, "MNIST"
    rng = np.random.default_rng(0)
    images = rng.random((count, SIZES[0]), dtype=np.float32)
    images *= rng.random(images.shape, dtype=np.float32) < 0.2
    return Split(images, rng.integers(0, 10, count)), None, "random images"


def our_epochs(train, sizes, epochs, threads=1, **settings):
    """The seconds of our epochs, without the first; and the network."""
    layers = Layers.start(sizes, rng=0)
    training = Training(layers, train, Settings(epochs=max(30, epochs), **settings), rng=1)
    with threadpool_limits(threads, user_api="blas"):
        return [training.epoch().seconds for _ in range(epochs + 1)][1:], layers


def peer_epochs(python, peer, folder, sizes, batch, epochs, threads=1):
    """The seconds of a peer's epochs, without the first, and its version; or None and why it is not there."""
    words = [peer, folder, ",".join(map(str, sizes)), batch, epochs + 1, threads]
    script = Path(__file__).with_name("parts") / "learn_peers.py"
    done = subprocess.run([python, script, *map(str, words)], capture_output=True, text=True, check=False)
    if done.returncode:
        return None, (done.stderr.strip().splitlines() or ["it failed"])[-1]
    told = json.loads(done.stdout)
    return told["seconds"][1:], told["version"]


def line(label, times, ours):
    """A line of the table: the median, the spread, and how many times as long as ours."""
    median = statistics.median(times)
    print(f"  {label:44} {median:8.3f} s  ({min(times):.3f} to {max(times):.3f})  {median / ours:6.1f}")


def main():
    """Measure all by turns, print the medians and their ratios to ours."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--peers", metavar="PYTHON", default=sys.executable, help="the Python that has the peers")
    parser.add_argument("--rounds", type=int, default=3, help="how often all are measured by turns (default 3)")
    parser.add_argument("--images", type=int, default=50_000, help="training images (default 50,000)")
    options = parser.parse_args()
    train, test, name = training_images(options.images)
    start = Layers.start(SIZES, rng=0).astype(np.float64)
    biases = [b.reshape(-1, 1) for b in start.biases]
    wanted = targets(train.labels, 10, np.float64)
    pairs = [(x.reshape(-1, 1), y.reshape(-1, 1)) for x, y in zip(train.images.astype(np.float64), wanted, strict=True)]
    rng = np.random.default_rng(1)
    book, ours = [], []
    found = {peer: ([], "") for peer in PEERS}
    wide, wide_peer = {}, {}
    with tempfile.TemporaryDirectory() as folder:
        np.save(f"{folder}/images.npy", train.images)
        np.save(f"{folder}/labels.npy", train.labels)
        for _ in range(options.rounds):
            book.append(book_epoch(start.weights, biases, pairs, 10, 3.0, rng))
            ours += our_epochs(train, SIZES, 7)[0]
            for peer, (times, _) in found.items():
                more, said = peer_epochs(options.peers, peer, folder, SIZES, 10, 2)
                found[peer] = (None if more is None or times is None else times + more, said)
            for threads in (1, os.cpu_count()):
                wide.setdefault(threads, []).extend(our_epochs(train, WIDE, 2, threads, batch=128, rate=0.1)[0])
                more, _ = peer_epochs(options.peers, "torch", folder, WIDE, 128, 2, threads)
                wide_peer.setdefault(threads, []).extend(more or [])
    median = statistics.median(ours)
    print(f"one epoch of {SIZES}, mini-batches of 10, {len(train):,} {name}; the last column: times our time")
    line("learn", ours, median)
    line("the book's way, image by image", book, median)
    for peer, (times, said) in found.items():
        if times is None:
            print(f"  {PEERS[peer]}: skipped ({said})")
        else:
            line(f"{PEERS[peer]} {said}", times, median)
    for threads, times in wide.items():
        median = statistics.median(times)
        print(f"one epoch of {WIDE}, mini-batches of 128, {threads} thread(s)")
        line("learn", times, median)
        if wide_peer[threads]:
            line("PyTorch", wide_peer[threads], median)
    if test is not None:
        theirs = Layers(start.weights, [b.ravel() for b in biases]).accuracy(test.images, test.labels)
        mine = our_epochs(train, SIZES, options.rounds - 1)[1].accuracy(test.images, test.labels)
        print(
            f"accuracy on the test images after {options.rounds} epochs: the book's way {theirs:.2%}, learn {mine:.2%}"
        )


if __name__ == "__main__":
    main()
