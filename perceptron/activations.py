"""The chapter's "other f": smooth activations beside the sigmoid, each with its value, its slope and its array form.

    RELU  LeakyRelu(alpha)  TANH  IDENTITY     what trained networks use
    EXP  RECIPROCAL                            what a softmax is made of (see perceptron.formats.softmax)

A value is rounded once, from the exact sum to the nearest float64; beyond the largest float it stays the largest, so
that every value is a finite number.
"""

from __future__ import annotations

import math
import sys
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from perceptron.errors import NetworkError
from perceptron.numbers import Exact, Number, as_number, exact
from perceptron.unit import SIGMOID, Activation

LARGEST = sys.float_info.max
EXP_TOP = 700  # exp(700) is 1e304: ten thousand such values still add up to a float


def nearest(z: Exact) -> float:
    """The float64 nearest to an exact number; the largest of its sign where there is none.

    Examples
    --------
    >>> nearest(Fraction(1, 4)), nearest(-(10**400))
    (0.25, -1.7976931348623157e+308)
    """
    try:
        return float(z)
    except OverflowError:
        return LARGEST if z > 0 else -LARGEST


def finite(z: NDArray[np.float64]) -> NDArray[np.float64]:
    """An array with its infinities replaced by the largest float of their sign."""
    return np.clip(z, -LARGEST, LARGEST)


@dataclass(frozen=True, slots=True)
class Relu(Activation):
    """The rectifier max(0, z) (chapter 3 of the book, equation 112; Nair and Hinton 2010).

    Examples
    --------
    >>> RELU(2), RELU(-2), RELU.derivative(2), RELU.derivative(0)
    (2.0, 0.0, 1.0, 0.0)
    """

    name = "relu"
    binary = False

    def __call__(self, z: Exact) -> float:
        """z if it is > 0, else 0."""
        return nearest(z) if z > 0 else 0.0

    def array(self, z: NDArray[np.float64]) -> NDArray[np.float64]:
        """The larger of each sum and 0."""
        return finite(np.maximum(z, 0.0))

    def derivative(self, z: Exact) -> float:
        """1 for z > 0, else 0; at 0, where there is none, it is 0."""
        return float(z > 0)

    def __repr__(self) -> str:
        return "RELU"


@dataclass(frozen=True, slots=True)
class LeakyRelu(Activation):
    """The leaky rectifier: z for z > 0, alpha * z below (Maas, Hannun and Ng 2013).

    Parameters
    ----------
    alpha : number
        The slope below 0; kept as a float64.

    Raises
    ------
    NetworkError
        If alpha is not a finite number.

    Examples
    --------
    >>> LeakyRelu(0.25)(2), LeakyRelu(0.25)(-2), LeakyRelu(0.25).derivative(-2)
    (2.0, -0.5, 0.25)
    """

    alpha: Number = 0.01
    name = "leaky_relu"
    binary = False

    def __post_init__(self) -> None:
        try:
            alpha = float(as_number(self.alpha, "the slope of a leaky rectifier"))
        except OverflowError:
            raise NetworkError(
                "the slope of a leaky rectifier is beyond the largest float; give a smaller one"
            ) from None
        object.__setattr__(self, "alpha", alpha)

    def __call__(self, z: Exact) -> float:
        """z if it is > 0, else alpha * z."""
        return nearest(z if z > 0 else exact(self.alpha) * z)

    def array(self, z: NDArray[np.float64]) -> NDArray[np.float64]:
        """Each sum, those below 0 times alpha."""
        with np.errstate(over="ignore", invalid="ignore"):
            return finite(np.where(z > 0, z, float(self.alpha) * z))

    def derivative(self, z: Exact) -> float:
        """1 for z > 0, else alpha; at 0, where there is none unless alpha is 1, it is alpha."""
        return 1.0 if z > 0 else float(self.alpha)


@dataclass(frozen=True, slots=True)
class Tanh(Activation):
    """The hyperbolic tangent, a sigmoid from -1 to 1: tanh(z) = 2 s(2z) - 1 (chapter 3 of the book, eq. 111).

    Examples
    --------
    >>> TANH(0), TANH(10**400), TANH.derivative(0)
    (0.0, 1.0, 1.0)
    """

    name = "tanh"
    binary = False

    def __call__(self, z: Exact) -> float:
        """The hyperbolic tangent of z, in [-1, 1]."""
        return math.tanh(max(-40, min(40, z)))  # a double is -1 or 1 from 20 on

    def array(self, z: NDArray[np.float64]) -> NDArray[np.float64]:
        """The hyperbolic tangent of each sum."""
        return np.tanh(z)

    def derivative(self, z: Exact) -> float:
        """The slope 1 - tanh(z)**2, computed as 4 s(2z) s(-2z) so that it does not cancel to 0 early."""
        return 4.0 * SIGMOID.derivative(2 * z)

    def __repr__(self) -> str:
        return "TANH"


@dataclass(frozen=True, slots=True)
class Identity(Activation):
    """No activation: the value is the sum, as in the last layer of many trained networks.

    Examples
    --------
    >>> IDENTITY(Fraction(-1, 4)), IDENTITY.derivative(3)
    (-0.25, 1.0)
    """

    name = "identity"
    binary = False

    def __call__(self, z: Exact) -> float:
        """The sum z."""
        return nearest(z)

    def array(self, z: NDArray[np.float64]) -> NDArray[np.float64]:
        """The sums themselves."""
        return finite(z)

    def derivative(self, z: Exact) -> float:
        """1 everywhere."""
        return 1.0

    def __repr__(self) -> str:
        return "IDENTITY"


@dataclass(frozen=True, slots=True)
class Exp(Activation):
    """The exponential exp(z), level from z = 700 on, so that sums of thousands of them are still floats.

    Examples
    --------
    >>> EXP(0), EXP(-(10**400)), EXP(10**400) == EXP(700)
    (1.0, 0.0, True)
    """

    name = "exp"
    binary = False

    def __call__(self, z: Exact) -> float:
        """exp(min(z, 700))."""
        return math.exp(max(-746, min(EXP_TOP, z)))

    def array(self, z: NDArray[np.float64]) -> NDArray[np.float64]:
        """exp(min(z, 700)) of each sum."""
        return np.exp(np.minimum(z, EXP_TOP))

    def derivative(self, z: Exact) -> float:
        """exp(z) below 700, 0 from there on."""
        return self(z) if z < EXP_TOP else 0.0

    def __repr__(self) -> str:
        return "EXP"


@dataclass(frozen=True, slots=True)
class Reciprocal(Activation):
    """The reciprocal 1 / z; a sum of exactly 0 has none and is an error.

    Examples
    --------
    >>> RECIPROCAL(4), RECIPROCAL.derivative(4)
    (0.25, -0.0625)
    """

    name = "reciprocal"
    binary = False

    def __call__(self, z: Exact) -> float:
        """1 / z; a NetworkError for a sum of 0."""
        if z == 0:
            raise NetworkError(_NO_RECIPROCAL)
        return nearest(1 / Fraction(z))

    def array(self, z: NDArray[np.float64]) -> NDArray[np.float64]:
        """1 / z of each sum; a NetworkError where one is 0."""
        if (z == 0).any():
            raise NetworkError(_NO_RECIPROCAL)
        with np.errstate(over="ignore"):
            return finite(1.0 / z)

    def derivative(self, z: Exact) -> float:
        """The slope -1 / z**2; a NetworkError for a sum of 0."""
        if z == 0:
            raise NetworkError(_NO_RECIPROCAL)
        return nearest(-1 / Fraction(z) ** 2)

    def __repr__(self) -> str:
        return "RECIPROCAL"


_NO_RECIPROCAL = "a reciprocal cannot take a sum of 0; give the unit a bias that keeps its sum away from 0"

RELU = Relu()
TANH = Tanh()
IDENTITY = Identity()
EXP = Exp()
RECIPROCAL = Reciprocal()
