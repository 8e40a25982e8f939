"""The updates of an epoch, compiled: for small mini-batches, narrow layers and images that are mostly 0."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from learn.arrays import Array
from learn.layers import Layers
from learn.settings import Settings
from learn.steps import kernels
from learn.steps.memory import aligned_zeros

_ACTIVATIONS = {"sigmoid": kernels.SIGMOID, "tanh": kernels.TANH, "relu": kernels.RELU, "swish": kernels.SWISH}
_COSTS = {
    "quadratic": kernels.QUADRATIC,
    "cross-entropy": kernels.CROSS_ENTROPY,
    "log-likelihood": kernels.LOG_LIKELIHOOD,
}


class SparseSteps:
    """See `Steps`. For float32, plain descent with or without L2, and at most 65,535 inputs."""

    def __init__(self, layers: Layers, y: Array, settings: Settings) -> None:
        self.settings, self.sizes = settings, np.array(layers.sizes)
        self.activation, self.cost = _ACTIVATIONS[layers.activation], _COSTS[settings.cost]
        self.y = np.ascontiguousarray(y)
        widths = [_filled(size) for size in layers.sizes]
        self.weights = tuple(aligned_zeros((a, w)) for a, w in zip(layers.sizes, widths[1:], strict=False))
        turned = zip(layers.sizes[1:], widths, strict=False)
        # The first layer's errors go no further down: it needs no turned copy.
        self.turned = tuple(aligned_zeros((b, w) if k else (0, w)) for k, (b, w) in enumerate(turned))
        self.biases = tuple(aligned_zeros((w,)) for w in widths[1:])
        rows = min(settings.batch, len(y))
        self.outs, self.slopes, self.deltas = (tuple(aligned_zeros((rows, w)) for w in widths[1:]) for _ in range(3))
        self.images: Array | None = None

    def take(self, layers: Layers) -> None:
        """Take the network's numbers."""
        for k, (w, b) in enumerate(zip(layers.weights, layers.biases, strict=True)):
            size, inputs = w.shape
            self.weights[k][:, :size] = w.T
            self.biases[k][:size] = b
            if k:
                self.turned[k][:, :inputs] = w

    def hand_over(self, layers: Layers) -> None:
        """Write the trained numbers into the network."""
        for k, (w, b) in enumerate(zip(layers.weights, layers.biases, strict=True)):
            w[:] = self.weights[k][:, : len(w)].T
            b[:] = self.biases[k][: len(b)]

    def state(self) -> dict[str, NDArray[np.generic]]:
        """Nothing: plain descent remembers nothing."""
        return {}

    def restore(self, state: dict[str, NDArray[np.generic]]) -> None:
        """Nothing to take."""

    def run(self, images: Array, order: NDArray[np.int64], rate: float, rng: np.random.Generator) -> float:
        """One update for each mini-batch; see `Steps.run`."""
        if images is not self.images:  # expanded images are new ones each epoch
            self.images = images
            count = np.count_nonzero(images)
            self.starts = np.empty(len(images) + 1, np.int64)
            self.columns, self.values = np.empty(count, np.uint16), np.empty(count, np.float32)
            kernels.gather_inputs(images, self.starts, self.columns, self.values)
        total = kernels.epoch(
            self.sizes,
            self.weights,
            self.turned,
            self.biases,
            self.outs,
            self.slopes,
            self.deltas,
            self.starts,
            self.columns,
            self.values,
            self.y,
            order,
            self.settings.batch,
            rate,
            1 - rate * self.settings.l2 / len(order),
            self.activation,
            self.cost,
        )
        sound = all(bool(np.isfinite(array).all()) for array in (*self.weights, *self.biases))
        return float(total) / len(order) if sound else math.nan


def _filled(size: int) -> int:
    """The size, filled up to whole vectors."""
    return -(-size // kernels.LANES) * kernels.LANES
