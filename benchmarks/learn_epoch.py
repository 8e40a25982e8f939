"""The time of one epoch: `learn.sgd` against the loop of the book's program, in the same run.

The book's way, written here from its description: every image is a column vector of float64, backpropagation runs
for one image at a time, and the gradients of a mini-batch are added up in lists. Both train [784, 30, 10] with
mini-batches of 10 at rate 3.0 on 50,000 images: MNIST where PERCEPTRON_DATA names its folder, else random ones.

    python benchmarks/learn_epoch.py [--repeats 3] [--images 50000]
"""

from __future__ import annotations

import argparse
import os
import statistics
import time

import numpy as np

from learn import Layers, Split, load_mnist, sgd, targets

SIZES = [784, 30, 10]


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


def main():
    """Measure both, print the medians and their ratio."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--repeats", type=int, default=3, help="epochs of each kind (default 3)")
    parser.add_argument("--images", type=int, default=50_000, help="training images (default 50,000)")
    options = parser.parse_args()
    train, test, name = training_images(options.images)

    start = Layers.start(SIZES, rng=0)
    slow = start.astype(np.float64)
    slow_biases = [b.reshape(-1, 1) for b in slow.biases]
    images, y = train.images.astype(np.float64), targets(train.labels, 10, np.float64)
    pairs = [(x.reshape(-1, 1), wanted.reshape(-1, 1)) for x, wanted in zip(images, y, strict=True)]
    rng = np.random.default_rng(1)
    book = [book_epoch(slow.weights, slow_biases, pairs, 10, 3.0, rng) for _ in range(options.repeats)]

    fast = start.copy()
    records = sgd(fast, train, epochs=options.repeats + 1, batch=10, rate=3.0, rng=1)
    updates, whole = [], []
    for _ in range(options.repeats + 1):
        started = time.perf_counter()
        updates.append(next(records).seconds)
        whole.append(time.perf_counter() - started)
    updates, whole = updates[1:], whole[1:]  # the first one loads SciPy

    book_time, our_time, our_whole = (statistics.median(times) for times in (book, updates, whole))
    print(f"one epoch of {SIZES}, batch 10, {len(train):,} {name}, median of {options.repeats}")
    print(f"  the book's way, image by image     {book_time:8.3f} s")
    print(f"  learn.sgd, the updates             {our_time:8.3f} s   {book_time / our_time:5.1f} times as fast")
    print(f"  learn.sgd with the cost measured   {our_whole:8.3f} s   {book_time / our_whole:5.1f} times as fast")
    if test is not None:
        ours = fast.accuracy(test.images, test.labels)
        theirs = Layers(slow.weights, [b.ravel() for b in slow_biases]).accuracy(test.images, test.labels)
        print(
            f"  accuracy after these epochs: the book's way {theirs:.2%} ({options.repeats}), "
            f"learn.sgd {ours:.2%} ({options.repeats + 1})"
        )


if __name__ == "__main__":
    main()
