"""One layer of a training, compiled: the functions of `plain`. Importing this loads Numba.

A unit at a time: its sums for a mini-batch stay in the cache between the passes over them.
"""

from __future__ import annotations

from typing import Any

import numba
import numpy as np
from numpy.typing import NDArray

from learn.arrays import Array
from learn.threshold.plain import LEAST, Pins, below

__all__ = ["backward", "below", "descend", "forward"]

_F = np.float32
_compiled: Any = numba.njit(cache=True, fastmath=True, nogil=True)


@_compiled
def _forward(x, pins, weights, bias, mean, variance, keep, slope, values, normal, rate):  # type: ignore[no-untyped-def]
    images = x.shape[1]
    for unit in range(len(pins)):
        z, out = normal[unit], values[unit]
        z[:] = 0
        for k in range(pins.shape[1]):
            weight, row = weights[unit, k], x[pins[unit, k]]
            for i in range(images):
                z[i] += weight * row[i]
        if keep < 1:
            total = _F(0)
            for i in range(images):
                total += z[i]
            centre = total / _F(images)
            total = _F(0)
            for i in range(images):
                total += (z[i] - centre) * (z[i] - centre)
            spread = total / _F(images)
            mean[unit] += (_F(1) - keep) * (centre - mean[unit])
            variance[unit] += (_F(1) - keep) * (spread - variance[unit])
        else:
            centre, spread = mean[unit], variance[unit]
        factor = _F(1) / np.sqrt(spread + LEAST)
        rate[unit] = factor
        b = bias[unit]
        if slope == 0:
            for i in range(images):
                z[i] = (z[i] - centre) * factor
                out[i] = _F(1) if z[i] + b > 0 else _F(0)
        else:
            for i in range(images):
                z[i] = (z[i] - centre) * factor
                s = slope * (z[i] + b)
                out[i] = _F(0.5) + _F(0.5) * s / (_F(1) + abs(s))


@_compiled
def _backward(x, pins, normal, bias, rate, slope, fixed, gradient, of_weights, of_bias):  # type: ignore[no-untyped-def]
    images = x.shape[1]
    for unit in range(len(pins)):
        z, g, b = normal[unit], gradient[unit], bias[unit]
        total, along = _F(0), _F(0)
        for i in range(images):
            far = _F(1) + slope * abs(z[i] + b)
            g[i] *= _F(0.5) * slope / (far * far)
            total += g[i]
            along += g[i] * z[i]
        of_bias[unit] = total
        if fixed:
            total, along = _F(0), _F(0)
        total /= _F(images)
        along /= _F(images)
        for i in range(images):
            g[i] = rate[unit] * (g[i] - total - z[i] * along)
        for k in range(pins.shape[1]):
            row, total = x[pins[unit, k]], _F(0)
            for i in range(images):
                total += g[i] * row[i]
            of_weights[unit, k] = total


@_compiled
def _descend(weights, first, second, gradient, rate, still):  # type: ignore[no-untyped-def]
    for unit in range(weights.shape[0]):
        for i in range(weights.shape[1]):
            if not still[unit, i]:
                g = gradient[unit, i]
                m = first[unit, i] + _F(0.1) * (g - first[unit, i])
                v = second[unit, i] + _F(0.01) * (g * g - second[unit, i])
                first[unit, i], second[unit, i] = m, v
                weights[unit, i] -= rate * m / (np.sqrt(v) + _F(1e-8))


def forward(
    x: Array, pins: Pins, weights: Array, bias: Array, mean: Array, variance: Array, keep: float, slope: float
) -> tuple[Array, Array, Array]:
    """See `plain.forward`."""
    values = np.empty((len(pins), x.shape[1]), np.float32)
    normal, rate = np.empty_like(values), np.empty(len(pins), np.float32)
    _forward(x, pins, weights, bias, mean, variance, _F(keep), _F(slope), values, normal, rate)
    return values, normal, rate


def backward(
    x: Array, pins: Pins, normal: Array, bias: Array, rate: Array, slope: float, fixed: bool, gradient: Array
) -> tuple[Array, Array]:
    """See `plain.backward`."""
    of_weights, of_bias = np.empty(pins.shape, np.float32), np.empty(len(pins), np.float32)
    _backward(x, pins, normal, bias, rate, _F(slope), fixed, gradient, of_weights, of_bias)
    return of_weights, of_bias


def descend(
    weights: Array, first: Array, second: Array, gradient: Array, rate: float, still: NDArray[np.bool_]
) -> None:
    """See `plain.descend`."""
    _descend(weights, first, second, gradient, _F(rate), still)
