"""The accuracy on MNIST's test images after 30 epochs with the book's settings, seed by seed.

Batch 10, rate 3.0, quadratic cost, 50,000 training images. One generator seeds start and shuffling, as the command
line does. Needs the MNIST files (see `learn.load_mnist`).

    python benchmarks/learn_accuracy.py [--quick] [--picture saturation.png]

`--picture` draws the output neuron that the worst network of the book's start never learned, beside the best one's.
"""

from __future__ import annotations

import argparse
import os
import statistics

import numpy as np

from learn import DataError, Layers, load_mnist, saturation, sgd
from learn.fetch import cache_folder

TABLE = [([784, 30, 10], "scaled", 3), ([784, 100, 10], "scaled", 3), ([784, 30, 10], "book", 5)]


def main():
    """Train every row of the table and print it."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--quick", action="store_true", help="3 epochs and one seed of each row")
    parser.add_argument("--picture", metavar="FILE", help="draw the saturated neuron, as .png or .svg")
    options = parser.parse_args()
    if not os.environ.get("PERCEPTRON_DATA") and not cache_folder().is_dir():
        print("skipped: MNIST is neither in PERCEPTRON_DATA nor in the cache; load_mnist() fetches it")
        return
    try:
        data = load_mnist()
    except DataError as error:
        raise SystemExit(f"error: {error}") from None
    epochs = 3 if options.quick else 30
    print(f"{'network':16} {'start':7} {'seed':>4} {'last epoch':>11} {'best epoch':>11} {'s/epoch':>8}")
    book = []
    for sizes, start, seeds in TABLE:
        for seed in range(1 if options.quick else seeds):
            rng = np.random.default_rng(seed)
            layers = Layers.start(sizes, start, rng)
            records = list(sgd(layers, data.train, epochs=epochs, test=data.test, rng=rng))
            best = max(record.test_accuracy for record in records)
            seconds = statistics.median(record.seconds for record in records)
            print(
                f"{sizes!s:16} {start:7} {seed:4} {records[-1].test_accuracy:11.2%} {best:11.2%} {seconds:8.3f}",
                flush=True,
            )
            if start == "book":
                book.append((records[-1].test_accuracy, seed, layers))
    if options.picture:
        book.sort(key=lambda entry: entry[0])
        guesses = book[0][2].predict(data.test.images)
        missed = [np.mean(guesses[data.test.labels == digit] != digit) for digit in range(10)]
        named = {f"rng {seed}, {reached:.1%} right": net for reached, seed, net in (book[0], book[-1])}
        saturation(named, data.test, options.picture, digit=int(np.argmax(missed)))


if __name__ == "__main__":
    main()
