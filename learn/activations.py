"""The functions f of a neuron, each as its value and its slope: the sigmoid of the book, and others in its place."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from learn.arrays import Array
from learn.errors import LayersError


class Activation(NamedTuple):
    """A function f from weighted inputs to activations, element by element.

    `value(z, out=None)`: a = f(z), of z's shape and type; written into `out` (which may be z) where that is given.

    `slope(z, a, out=None)`: f'(z), of the same shape and type, from z and a = f(z); written into `out` (which is
    neither of them) where that is given. Only where `reads_z` is true is z looked at.
    """

    name: str
    value: Callable[..., Array]
    slope: Callable[..., Array]
    reads_z: bool = False


def sigmoid(z: Array, out: Array | None = None) -> Array:
    """The sigmoid function of equation (3), 1 / (1 + exp(-z)), element by element.

    Only exp of a negative number is ever taken, so no z overflows; float32 stays float32.

    >>> sigmoid(np.array([-1000.0, 0.0, 1000.0]))
    array([0. , 0.5, 1. ])
    """
    small = np.exp(-np.abs(z))
    result: Array = np.divide(np.where(z >= 0, 1, small), 1 + small, out=out)
    return result.astype(z.dtype, copy=False)


def tanh(z: Array, out: Array | None = None) -> Array:
    """The hyperbolic tangent of equation (109), from -1 to 1: tanh(z) = 2 sigma(2z) - 1."""
    result: Array = np.tanh(z, out=out)
    return result


def relu(z: Array, out: Array | None = None) -> Array:
    """The rectifier max(0, z) of equation (112) (Nair and Hinton 2010)."""
    result: Array = np.maximum(z, 0, out=out)
    return result


def swish(z: Array, out: Array | None = None) -> Array:
    """The rectifier made smooth, z sigma(z) (Ramachandran, Zoph and Le 2017).

    >>> swish(np.array([-1000.0, 0.0, 1000.0]))
    array([  -0.,    0., 1000.])
    """
    result: Array = np.multiply(z, sigmoid(z), out=out)
    return result


def softmax(z: Array) -> Array:
    """The softmax of equation (78), row by row: exp(z_j) / sum over k of exp(z_k), (n, outputs) -> (n, outputs).

    The largest z of a row is taken from all of them first, which changes nothing and keeps exp from overflowing.

    >>> softmax(np.array([[1000.0, 1000.0]]))
    array([[0.5, 0.5]])
    """
    powers: Array = np.exp(z - z.max(axis=1, keepdims=True))
    powers /= powers.sum(axis=1, keepdims=True)
    return powers


def _sigmoid_slope(z: Array, a: Array, out: Array | None = None) -> Array:
    slope: Array = np.subtract(1, a, out=out)
    slope *= a
    return slope


def _tanh_slope(z: Array, a: Array, out: Array | None = None) -> Array:
    slope: Array = np.multiply(a, a, out=out)
    return np.subtract(1, slope, out=slope)


def _relu_slope(z: Array, a: Array, out: Array | None = None) -> Array:
    slope: Array = np.greater(a, 0, out=np.empty_like(a) if out is None else out)
    return slope


def _swish_slope(z: Array, a: Array, out: Array | None = None) -> Array:
    s = sigmoid(z)
    slope: Array = np.subtract(1, s, out=out)
    slope *= a
    slope += s
    return slope


SIGMOID = Activation("sigmoid", sigmoid, _sigmoid_slope)
TANH = Activation("tanh", tanh, _tanh_slope)
RELU = Activation("relu", relu, _relu_slope)
SWISH = Activation("swish", swish, _swish_slope, reads_z=True)

ACTIVATIONS = {each.name: each for each in (SIGMOID, TANH, RELU, SWISH)}
OUTPUTS = ("sigmoid", "softmax")


def find_activation(name: str) -> Activation:
    """The activation of that name; LayersError for any other than those in ACTIVATIONS.

    >>> find_activation("tanh") is TANH
    True
    """
    if name not in ACTIVATIONS:
        raise LayersError(f"activation {name!r} is not known; choose {', '.join(map(repr, ACTIVATIONS))}")
    return ACTIVATIONS[name]
