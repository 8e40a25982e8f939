"""Stochastic gradient descent: one record for each epoch, nothing printed."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from learn.arrays import Array, Seed
from learn.data import Split
from learn.layers import Layers
from learn.settings import Settings
from learn.training import Epoch, Training


def sgd(
    layers: Layers,
    train: Split,
    *,
    epochs: int = 30,
    batch: int = 10,
    rate: float = 3.0,
    cost: str = "quadratic",
    l2: float = 0.0,
    l1: float = 0.0,
    dropout: float = 0.0,
    method: str = "sgd",
    momentum: float = 0.9,
    schedule: str = "constant",
    patience: int | None = None,
    expand: Callable[[Array, np.random.Generator], Array] | None = None,
    test: Split | None = None,
    validation: Split | None = None,
    rng: Seed = None,
) -> Iterator[Epoch]:
    """Train `layers` in place by mini-batch stochastic gradient descent; iterate for one `Epoch` per epoch.

    Each epoch shuffles the training images, cuts them into mini-batches of `batch` (the last may be smaller)
    and after each mini-batch of m images changes every weight and bias by equations (20) and (21):

        w  ->  w - rate/m * sum over the mini-batch of dC_x/dw,     b  ->  b - rate/m * sum of dC_x/db

    The other settings are ideas of the book's later chapters, each off by default: see `Settings`. `expand`
    makes other images of the training images for each epoch, (n, inputs), rng -> (n, inputs): see `Expand`.

    The work is done as the records are taken: take them all to train for `epochs` epochs, stop early to stop
    early. Between two records `layers` holds the network as trained so far, to be saved, drawn or changed;
    with `patience`, after the last record it holds the network that was best on the validation images.

    The same rng and settings on the same machine give bit-identical networks. For one seed of a whole
    training, pass one Generator to `Layers.start` and then to `sgd`. For trainings that can be broken off
    and gone on with, see `Training`, which does this work.

    Raises, before anything is trained: TrainingError for settings out of range, a batch larger than the
    training set, a cost that does not fit the outputs, and patience without validation images; DataError for
    images or labels that do not fit the network. While training: TrainingError where the numbers stop being
    finite or the cost runs away; `layers` then keeps the last epoch that was sound.

    >>> from learn.data import load_digits
    >>> digits, rng = load_digits(), np.random.default_rng(0)
    >>> layers = Layers.start([64, 30, 10], rng=rng)
    >>> for record in sgd(layers, digits.train, epochs=10, test=digits.test, rng=rng):
    ...     pass
    >>> record.epoch, record.test_accuracy > 0.9
    (10, True)
    """
    settings = Settings(
        epochs=epochs,
        batch=batch,
        rate=rate,
        cost=cost,
        l2=l2,
        l1=l1,
        dropout=dropout,
        method=method,
        momentum=momentum,
        schedule=schedule,
        patience=patience,
    )
    return iter(Training(layers, train, settings, expand=expand, validation=validation, test=test, rng=rng))
