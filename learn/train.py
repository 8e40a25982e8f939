"""Stochastic gradient descent: one record for each epoch, nothing printed."""

from __future__ import annotations

import math
import operator
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from learn.cost import Cost, find_cost
from learn.data import Split
from learn.errors import DataError, TrainingError
from learn.layers import Array, Layers, Seed
from learn.targets import targets


@dataclass(frozen=True)
class Epoch:
    """What one pass over the training images did.

    `epoch` counts from 1. `seconds` is the time of the updates, without the accuracies after them.
    `train_cost` is the mean cost of the training images, each at the moment when its mini-batch came. The
    accuracies, after the epoch, are shares in [0, 1], or None where no such images were given.
    """

    epoch: int
    seconds: float
    train_cost: float
    validation_accuracy: float | None = None
    test_accuracy: float | None = None


def sgd(
    layers: Layers,
    train: Split,
    *,
    epochs: int = 30,
    batch: int = 10,
    rate: float = 3.0,
    cost: str = "quadratic",
    test: Split | None = None,
    validation: Split | None = None,
    rng: Seed = None,
) -> Iterator[Epoch]:
    """Train `layers` in place by mini-batch stochastic gradient descent; iterate for one `Epoch` per epoch.

    Each epoch shuffles the training images, cuts them into mini-batches of `batch` (the last may be smaller)
    and after each mini-batch of m images changes every weight and bias by equations (20) and (21):

        w  ->  w - rate/m * sum over the mini-batch of dC_x/dw,     b  ->  b - rate/m * sum of dC_x/db

    The work is done as the records are taken: take them all to train for `epochs` epochs, stop early to stop
    early. Between two records `layers` holds the network as trained so far, to be saved, drawn or changed.

    The same rng and settings on the same machine give bit-identical networks. For one seed of a whole
    training, pass one Generator to `Layers.start` and then to `sgd`.

    Raises, before anything is trained: TrainingError for epochs below 0, a batch below 1 or larger than the
    training set, a rate that is not a positive number, an unknown cost; DataError for images or labels that
    do not fit the network. While training: TrainingError where the numbers stop being finite; `layers` then
    keeps the last epoch that was sound.

    >>> from learn.data import load_digits
    >>> digits, rng = load_digits(), np.random.default_rng(0)
    >>> layers = Layers.start([64, 30, 10], rng=rng)
    >>> for record in sgd(layers, digits.train, epochs=10, test=digits.test, rng=rng):
    ...     pass
    >>> record.epoch, record.test_accuracy > 0.9
    (10, True)
    """
    chosen = find_cost(cost)
    epochs = _whole("epochs", epochs, at_least=0)
    batch = _whole("batch", batch, at_least=1)
    if not isinstance(rate, (int, float, np.floating, np.integer)) or not 0 < rate < math.inf:
        raise TrainingError(f"rate {rate!r} cannot train; give a positive number, such as 3.0")
    y = _fitting(layers, train, "train")
    if not len(train):
        raise DataError("the training set has no images; give at least one")
    if batch > len(train):
        raise TrainingError(f"batch {batch} is larger than the {len(train)} training images; choose a smaller one")
    for name, split in (("validation", validation), ("test", test)):
        if split is not None:
            _fitting(layers, split, name)
    images: Array = np.ascontiguousarray(train.images, dtype=layers.dtype)
    generator = np.random.default_rng(rng)

    def epoch_records() -> Iterator[Epoch]:
        one_pass = _Pass(layers, images, y, batch, float(rate), chosen)
        order = np.arange(len(images))
        for number in range(1, epochs + 1):
            started = time.perf_counter()
            generator.shuffle(order)  # what is shuffled is shuffled again, as in the book's program
            reached = one_pass.run(order)
            seconds = time.perf_counter() - started
            if not math.isfinite(reached):
                raise TrainingError(
                    f"the numbers stopped being finite in epoch {number}, at rate {rate:g}; choose a smaller rate"
                )
            one_pass.hand_over()
            yield Epoch(number, seconds, reached, _accuracy(layers, validation), _accuracy(layers, test))

    return epoch_records()


class _Pass:
    """One epoch's updates, over and over in the same memory.

    It works on copies of the weights, because the in-place products below need arrays that it owns: `run`
    takes the network's numbers, `hand_over` gives the trained ones back.
    """

    def __init__(self, layers: Layers, images: Array, y: Array, batch: int, rate: float, cost: Cost) -> None:
        from threadpoolctl import ThreadpoolController  # type: ignore[import-untyped]

        self.layers, self.images, self.y, self.rate, self.cost = layers, images, y, rate, cost
        self.weights = [w.copy() for w in layers.weights]
        self.biases = [b.copy() for b in layers.biases]
        n = len(images)
        cuts = [(0, n - n % batch, batch), (n - n % batch, n, n % batch)]  # the whole mini-batches, the last
        self.parts = [(a, b, m, self._updates(m)) for a, b, m in cuts if a < b]
        self.threads = ThreadpoolController()  # made last: it knows the libraries that are loaded by now

    def run(self, order: NDArray[np.int64]) -> float:
        """One update for each mini-batch, with the images in the given order: (n,) rows of images.

        Returns the mean cost of the images, each at the moment when its mini-batch came; nan or inf where the
        numbers stopped being finite.
        """
        for mine, theirs in self._pairs():
            np.copyto(mine, theirs)
        total, sound = 0.0, True
        # One thread: the matrices are too small to share out, and the BLAS libraries of NumPy and SciPy would
        # wait for each other's threads. It also makes the result independent of the number of processors.
        # A divergence is reported once, by sgd.
        one_thread = self.threads.limit(limits=1, user_api="blas")
        with one_thread, np.errstate(over="ignore", invalid="ignore"):
            for start, stop, m, updates in self.parts:
                rows = order[start:stop].reshape(-1, m)
                wanted = np.ascontiguousarray(self.y[rows].transpose(0, 2, 1))  # (updates, outputs, m)
                z = np.empty_like(wanted)
                updates(rows, wanted, z)
                sound = sound and bool(np.isfinite(z).all())
                flat_z, flat_y = (array.transpose(0, 2, 1).reshape(stop - start, -1) for array in (z, wanted))
                total += self.cost.value(flat_z, flat_y) * (stop - start)
        sound = sound and all(np.isfinite(array).all() for array in self.weights + self.biases)
        return total / len(order) if sound else math.nan

    def _updates(self, m: int) -> Callable[[NDArray[np.int64], Array, Array], None]:
        """The updates by mini-batches of m images, as a function of their rows (k, m), what is wanted and z.

        The same numbers as `backpropagate`, with all memory set aside beforehand: at a batch of 10 the
        matrices are so small that every new array and every extra call would show. As in the book, an image
        is a column here: activations are (neurons, m), the fastest layout for these products. `gemm` computes
        C <- alpha A B + beta C on arrays stored by columns, which the transposes of ours are: the weights
        change in place, in one call. The weighted inputs of the output layer are left in z (k, outputs, m).
        """
        from scipy.linalg.blas import get_blas_funcs
        from scipy.special import expit

        dtype = self.images.dtype
        gemm, dot, subtract = get_blas_funcs("gemm", dtype=dtype), np.dot, np.subtract
        take, delta_of = self.images.take, self.cost.delta
        step = -self.rate / m
        with np.errstate(over="ignore"):
            steps = np.full(m, step, dtype)
        a_in = np.empty((m, self.images.shape[1]), dtype)
        outs, deltas, slopes = ([np.empty((len(b), m), dtype) for b in self.biases] for _ in range(3))
        ones = [np.ones_like(out) for out in outs]
        ins = [a_in.T, *outs[:-1]]
        columns = [b.reshape(-1, 1) for b in self.biases]

        *hidden, (w_out, a_last, b_out, a_out) = zip(self.weights, ins, columns, outs, strict=True)
        backward = [
            (self.weights[k + 1].T, deltas[k + 1], deltas[k], outs[k], ones[k], slopes[k])
            for k in reversed(range(len(hidden)))
        ]
        descend = [
            # gemm wants columns: the images are stored so already, activations are as their transpose
            (a if k == 0 else a.T, int(k > 0), delta, delta.T, w.T, b, np.empty_like(b))
            for k, (a, delta, w, b) in enumerate(zip(ins, deltas, self.weights, self.biases, strict=True))
        ]

        def updates(rows: NDArray[np.int64], wanted: Array, z: Array) -> None:
            for batch_rows, y, z_out in zip(rows, wanted, z, strict=True):
                take(batch_rows, 0, a_in, "clip")
                for w, a, b, out in hidden:
                    dot(w, a, out)
                    out += b
                    expit(out, out)
                dot(w_out, a_last, z_out)
                z_out += b_out
                expit(z_out, a_out)
                delta_of(a_out, y, deltas[-1])  # (BP1)
                for w_t, delta_after, delta, a, one, slope in backward:
                    dot(w_t, delta_after, delta)  # (BP2)
                    delta *= a
                    subtract(one, a, slope)
                    delta *= slope
                for a, turned, delta, delta_t, w_t, b, change in descend:
                    gemm(step, a, delta_t, 1.0, w_t, turned, 0, 1)  # (BP4): w_t += step a delta_t, in place
                    dot(delta, steps, change)  # (BP3)
                    b += change

        return updates

    def hand_over(self) -> None:
        """Write the trained numbers into the network."""
        for mine, theirs in self._pairs():
            np.copyto(theirs, mine)

    def _pairs(self) -> Iterator[tuple[Array, Array]]:
        return zip(self.weights + self.biases, self.layers.weights + self.layers.biases, strict=True)


def _fitting(layers: Layers, split: Split, name: str) -> Array:
    """The desired outputs of a split whose images and labels fit the network, or DataError."""
    width = split.images.shape[1]
    if width != layers.sizes[0]:
        raise DataError(
            f"{name} images of {width} pixels for a network of {layers.sizes[0]} inputs; "
            f"start a network with {width} inputs, or give other images"
        )
    return targets(split.labels, layers.sizes[-1], layers.dtype)


def _accuracy(layers: Layers, split: Split | None) -> float | None:
    return layers.accuracy(split.images, split.labels) if split is not None and len(split) else None


def _whole(name: str, value: int, *, at_least: int) -> int:
    try:
        number = operator.index(value)
    except TypeError:
        raise TrainingError(f"{name} {value!r} is not a whole number; give one of at least {at_least}") from None
    if number < at_least:
        raise TrainingError(f"{name} {number} is too small; give at least {at_least}")
    return number
