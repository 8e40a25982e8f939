"""One layer of a training in NumPy; `kernels` does the same, compiled."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from learn.arrays import Array

Pins = NDArray[np.int64]

LEAST = np.float32(1e-4)  # added to a variance


def forward(
    x: Array, pins: Pins, weights: Array, bias: Array, mean: Array, variance: Array, keep: float, slope: float
) -> tuple[Array, Array, Array]:
    """The values of a layer's units for a mini-batch, all float32.

    Parameters
    ----------
    x : (inputs, images)
    pins : (units, k)
        Which inputs a unit reads.
    weights : (units, k)
    bias : (units,)
        Of the weighted sums after they are brought to mean 0 and variance 1.
    mean, variance : (units,)
        Running ones, changed in place.
    keep : float
        How much of the running ones stays, in [0, 1); at 1 they are what is used, and stay as they are.
    slope : float
        Of a smooth unit, 1/2 + 1/2 s/(1 + |s|) at s = slope z; 0 for steps.

    Returns
    -------
    values, normal : (units, images)
        What the units say, and their sums brought to mean 0 and variance 1.
    rate : (units,)
        What the sums were multiplied by for that.
    """
    sums = np.einsum("uk,ukb->ub", weights, x[pins], dtype=np.float32)
    if keep < 1:
        centre, spread = sums.mean(axis=1), sums.var(axis=1)
        mean *= np.float32(keep)
        mean += np.float32(1 - keep) * centre
        variance *= np.float32(keep)
        variance += np.float32(1 - keep) * spread
    else:
        centre, spread = mean, variance
    rate = 1 / np.sqrt(spread + LEAST)
    normal = (sums - centre[:, None]) * rate[:, None]
    z = normal + bias[:, None]
    if not slope:
        return (z > 0).astype(np.float32), normal, rate
    s = np.float32(slope) * z
    return np.float32(0.5) + np.float32(0.5) * s / (1 + np.abs(s)), normal, rate


def backward(
    x: Array, pins: Pins, normal: Array, bias: Array, rate: Array, slope: float, fixed: bool, gradient: Array
) -> tuple[Array, Array]:
    """Turns the gradient of a layer's values, in place, into that of its sums; returns those of weights and biases.

    A step passes on the slope of the smooth unit with this `slope`. With `fixed` means and variances were not those of
    the mini-batch. Shapes are those of `forward`.
    """
    gradient *= np.float32(0.5 * slope) / (1 + np.float32(slope) * np.abs(normal + bias[:, None])) ** 2
    of_bias = gradient.sum(axis=1)
    if not fixed:
        count = np.float32(x.shape[1])
        along = np.einsum("ub,ub->u", gradient, normal)
        gradient -= (of_bias / count)[:, None]
        gradient -= normal * (along / count)[:, None]
    gradient *= rate[:, None]
    return np.einsum("ub,ukb->uk", gradient, x[pins]), of_bias


def below(readers: Pins, weights: Array, gradient: Array, inputs: int) -> Array:
    """The gradient of a layer's inputs: (units, k) pins and weights, (units, images) -> (inputs, images)."""
    dense = np.zeros((len(gradient), inputs), np.float32)
    np.put_along_axis(dense, readers, weights, axis=1)
    return dense.T @ gradient


def descend(
    weights: Array, first: Array, second: Array, gradient: Array, rate: float, still: NDArray[np.bool_]
) -> None:
    """A step of Adam for all weights but those in `still`, in place; all (units, inputs)."""
    moving = ~still
    np.add(first, np.float32(0.1) * (gradient - first), out=first, where=moving)
    np.add(second, np.float32(0.01) * (gradient * gradient - second), out=second, where=moving)
    np.subtract(weights, np.float32(rate) * first / (np.sqrt(second) + np.float32(1e-8)), out=weights, where=moving)
