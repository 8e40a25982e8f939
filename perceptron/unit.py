"""Unit: the one kind of node. value = activation(bias + sum of weight * value over the incoming edges)."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from perceptron.errors import NetworkError
from perceptron.numbers import Exact, Number, as_number


class Activation(ABC):
    """What turns the sum of a unit into its value. A new smooth f(z) is a subclass of this.

    Attributes
    ----------
    name : str
        The word for it in statistics, drawings and files.
    binary : bool
        Whether every value is 0 or 1.
    """

    __slots__ = ()
    name: ClassVar[str]
    binary: ClassVar[bool]

    @abstractmethod
    def __call__(self, z: Exact) -> int | float:
        """The value at the exact sum z."""

    @abstractmethod
    def array(self, z: NDArray[np.float64]) -> NDArray[np.float64]:
        """The values at an array of sums, of the same shape."""

    @abstractmethod
    def derivative(self, z: Exact) -> float:
        """df/dz at the exact sum z; 0 where f is flat or jumps."""


@dataclass(frozen=True, slots=True)
class Step(Activation):
    """The perceptron's rule: 1 if the sum is > 0, else 0. A sum of exactly 0 gives 0 (chapter 1, equation 2)."""

    name = "step"
    binary = True

    def __call__(self, z: Exact) -> int:
        """1 if z > 0, else 0."""
        return int(z > 0)

    def array(self, z: NDArray[np.float64]) -> NDArray[np.float64]:
        """1.0 where z > 0, else 0.0."""
        return (z > 0).astype(np.float64)

    def derivative(self, z: Exact) -> float:
        """0: a step is flat on both sides, which is why perceptrons do not learn by small changes."""
        return 0.0

    def __repr__(self) -> str:
        return "STEP"


@dataclass(frozen=True, slots=True)
class Sigmoid(Activation):
    """The sigmoid 1 / (1 + exp(-z)) (chapter 1, equation 3), computed so that nothing overflows.

    Examples
    --------
    >>> SIGMOID(0), SIGMOID(10**400), SIGMOID(-(10**400))
    (0.5, 1.0, 0.0)
    """

    name = "sigmoid"
    binary = False

    def __call__(self, z: Exact) -> float:
        """The sigmoid of z, in [0, 1]."""
        # Outside this range a double is 0 or 1 anyway, and an exact sum may be too large for a float.
        x = float(max(-746, min(746, z)))
        if x >= 0:
            return 1.0 / (1.0 + math.exp(-x))
        small = math.exp(x)
        return small / (1.0 + small)

    def array(self, z: NDArray[np.float64]) -> NDArray[np.float64]:
        """The sigmoid of each sum; the exponent is never positive, so there is no overflow."""
        small = np.exp(-np.abs(z))
        return np.where(z >= 0, 1.0, small) / (1.0 + small)

    def derivative(self, z: Exact) -> float:
        """The slope s(z) * (1 - s(z)), computed as s(z) * s(-z) so that it does not cancel to 0 early."""
        return self(z) * self(-z)

    def __repr__(self) -> str:
        return "SIGMOID"


@dataclass(frozen=True, slots=True, init=False)
class Table(Activation):
    """A value for each integer sum: `Table(0, 1, 0)` on weights 1, 1 is XOR, visibly not a perceptron.

    Any cell of k inputs is a table of 2**k values on weights 1, 2, 4, ...

    Parameters
    ----------
    *values : 0 or 1
        The value for a sum of 0, of 1, and so on; at least one.

    Raises
    ------
    NetworkError
        If there are no values, or one is neither 0 nor 1.

    Examples
    --------
    >>> [Table(0, 1, 0)(z) for z in (0, 1, 2)]
    [0, 1, 0]
    """

    values: tuple[int, ...]
    name = "table"
    binary = True

    def __init__(self, *values: int):
        if len(values) == 1 and isinstance(values[0], Iterable):
            values = tuple(values[0])  # Table([0, 1, 0]) is the same table
        if not values:
            raise NetworkError("a table has no values; give one 0 or 1 for each sum, for example Table(0, 1, 0)")
        for index, value in enumerate(values):
            if value not in (0, 1):
                raise NetworkError(f"a table has the value {value!r} for a sum of {index}; give 0 or 1")
        object.__setattr__(self, "values", tuple(int(value) for value in values))

    def __call__(self, z: Exact) -> int:
        """The value for a sum of z; a NetworkError if it is not whole or out of range."""
        if z != int(z) or not 0 <= z < len(self.values):
            raise NetworkError(f"a table of {len(self.values)} values cannot take a sum of {z}")
        return self.values[int(z)]

    def array(self, z: NDArray[np.float64]) -> NDArray[np.float64]:
        """The table's values at an array of whole sums."""
        return np.asarray(self.values, dtype=np.float64)[z.astype(np.int64)]

    def derivative(self, z: Exact) -> float:
        """0: a table jumps from one whole sum to the next and is defined nowhere between them."""
        return 0.0

    def __repr__(self) -> str:
        return f"Table({', '.join(map(str, self.values))})"


STEP = Step()
SIGMOID = Sigmoid()


@dataclass(frozen=True, slots=True)
class Unit:
    """One unit: a bias and an activation. Its weights lie on the edges that lead to it.

    Parameters
    ----------
    bias : int, float or Fraction
        How easy it is to get the unit to fire (chapter 1, equation 2); finite.
    activation : Activation
        `STEP` (a perceptron, the default), `SIGMOID` (a sigmoid neuron) or a `Table`.

    Raises
    ------
    NetworkError
        If the bias is not a finite number or the activation is none.

    Examples
    --------
    NAND is the unit of bias 3 whose two edges have the weight -2; the cheese festival has a threshold of 5:

    >>> Unit(3)
    Unit(bias=3, activation=STEP)
    >>> Unit.from_threshold(5)
    Unit(bias=-5, activation=STEP)
    """

    bias: Number = 0
    activation: Activation = STEP

    def __post_init__(self) -> None:
        object.__setattr__(self, "bias", as_number(self.bias, "a bias"))
        if not isinstance(self.activation, Activation):
            raise NetworkError(
                f"an activation is {self.activation!r}; give STEP, SIGMOID or a Table, for example Unit(3, STEP)"
            )

    @classmethod
    def from_threshold(cls, threshold: Number, activation: Activation = STEP) -> Unit:
        """The unit that fires when its weighted sum is > threshold: the bias is -threshold (equation 1)."""
        return cls(-as_number(threshold, "a threshold"), activation)

    @property
    def threshold(self) -> Number:
        """-bias: what the weighted sum must exceed for the unit to fire (equation 1)."""
        return -self.bias


def fraction_text(number: Number) -> str:
    """The number as a person writes it: 3, -2, 0.25, 1/3.

    Examples
    --------
    >>> fraction_text(3.0), fraction_text(Fraction(1, 3)), fraction_text(-0.1234567)
    ('3', '1/3', '-0.1235')
    """
    if isinstance(number, Fraction) and number.denominator != 1 and number.denominator < 1000:
        return str(number)
    return f"{float(number):.4g}" if -1e300 < number < 1e300 else str(number)
