"""Linear forms: what an ONNX tensor holds while sums, scalings and matrices are gathered for the units to come.

A tensor is an array of forms; an activation makes a unit of each. So MatMul, Add and a scaling before or after them
become weights and biases, exactly: a division by 255 is a weight times 1/255. Only where that would take fractions of
thousands of digits, such as a bias over hundreds of unlike divisors, is the result rounded, once, to the nearest float.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from perceptron.numbers import Exact, Number, add, exact, multiply, simplest

Tensor = NDArray[np.object_]

BITS = 2048  # of a fraction that is kept exact


@dataclass(frozen=True, slots=True, eq=False)
class Form:
    """bias + the sum of weight * source.

    Examples
    --------
    >>> Form(("x",), (0.5,), 1).scaled(2).shifted(-3)
    Form(sources=('x',), weights=(1.0,), bias=-1)
    """

    sources: tuple[Any, ...]
    weights: tuple[Number, ...]
    bias: Number = 0

    def scaled(self, factor: Number) -> Form:
        """The form times a number."""
        if isinstance(factor, int) and factor == 1:
            return self
        return Form(
            self.sources, tuple(kept(multiply(w, factor)) for w in self.weights), kept(multiply(self.bias, factor))
        )

    def shifted(self, number: Number) -> Form:
        """The form plus a number."""
        return Form(self.sources, self.weights, kept(add(self.bias, number)) if self.bias else number)

    def plus(self, other: Form) -> Form:
        """The sum of two forms."""
        return Form(self.sources + other.sources, self.weights + other.weights, kept(add(self.bias, other.bias)))

    @property
    def is_node(self) -> bool:
        """Whether it is nothing but the value of one node."""
        return len(self.sources) == 1 and self.weights[0] == 1 and self.bias == 0


def kept(number: Number) -> Number:
    """The number, or the nearest float where its fraction is too long to be worth keeping.

    Examples
    --------
    >>> from fractions import Fraction
    >>> kept(Fraction(1, 3)), kept(Fraction(1, 3**2000) + 1)
    (Fraction(1, 3), 1.0)
    """
    if isinstance(number, float) or max(number.numerator.bit_length(), number.denominator.bit_length()) <= BITS:
        return number
    return float(number)


def node_form(node: Any) -> Form:
    """The value of a node."""
    return Form((node,), (1,))


def tensor(forms: Sequence[Form], shape: tuple[int, ...]) -> Tensor:
    """Forms as an array of that shape."""
    array = np.empty(len(forms), dtype=object)
    for index, form in enumerate(forms):
        array[index] = form
    return array.reshape(shape)


def each(function: Callable[..., Form], *arrays: NDArray[Any]) -> Tensor:
    """An array of function(...) of the elements of arrays, which are broadcast to one shape."""
    wide = np.broadcast_arrays(*arrays)
    return tensor([function(*row) for row in zip(*(one.ravel().tolist() for one in wide), strict=True)], wide[0].shape)


def product(forms: Sequence[Form], columns: Sequence[Sequence[Number]]) -> list[Form]:
    """For each column of weights the sum of weight * form; each form has one source.

    Examples
    --------
    >>> product([Form(("a",), (2,)), Form(("b",), (1,), 3)], [[10, 100]])
    [Form(sources=('a', 'b'), weights=(20, 100), bias=300.0)]
    """
    sources = tuple(form.sources[0] for form in forms)
    factors = [form.weights[0] for form in forms]
    biases = [(index, exact(form.bias)) for index, form in enumerate(forms) if form.bias]
    plain = all(isinstance(factor, int) and factor == 1 for factor in factors)
    made = []
    for column in columns:
        weights = tuple(column if plain else map(kept, map(multiply, column, factors)))
        made.append(Form(sources, weights, _sum([(column[index], bias) for index, bias in biases]) if biases else 0))
    return made


def _sum(terms: Sequence[tuple[Number, Exact]]) -> Number:
    """The sum of products: exact, or of rounded products where the common denominator grows too long."""
    total: Exact = 0
    for weight, bias in terms:
        total += exact(weight) * bias
        if total.denominator.bit_length() > BITS:
            return math.fsum(float(exact(weight) * bias) for weight, bias in terms)
    return kept(simplest(exact(total), (0.5,)))
