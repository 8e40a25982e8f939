"""The arrays of a feedforward network, and what they compute."""

from __future__ import annotations

import operator
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray

from learn.activations import OUTPUTS, find_activation, sigmoid, softmax
from learn.arrays import Array, Seed
from learn.errors import LayersError

STARTS = ("scaled", "book")
_HALVES = ("relu", "swish")  # activations that let about half of what they get through


class Layers:
    """A feedforward network as arrays: every neuron of a layer sees every neuron of the layer before.

    `weights[k]` has shape (n_out, n_in): row j holds the weights into neuron j. `biases[k]` has shape
    (n_out,). `sizes` counts the neurons layer by layer, inputs first. All arrays are float32 copies of what
    is given, or float64 with `dtype=np.float64`, for gradient checks and exact comparisons.

    `activation` is the f of the hidden neurons: "sigmoid", "tanh", "relu" or "swish" (see
    `learn.activations`). `output` is what the output neurons make of their weighted inputs: "sigmoid", each
    for itself, or "softmax", together, numbers that add up to 1.

    Raises LayersError where the arrays are not finite numbers, where their shapes do not chain, for an
    activation or output that is not known, and for a softmax of a single output, which would always be 1.

    >>> net = Layers(weights=[[[-2.0, -2.0]]], biases=[[3.0]])
    >>> net
    Layers([2, 1])
    >>> net.predict([[0, 0], [0, 1], [1, 0], [1, 1]])
    array([1, 1, 1, 0])
    """

    weights: list[Array]
    biases: list[Array]
    sizes: list[int]
    activation: str
    output: str

    def __init__(
        self,
        weights: Sequence[ArrayLike],
        biases: Sequence[ArrayLike],
        *,
        activation: str = "sigmoid",
        output: str = "sigmoid",
        dtype: DTypeLike = np.float32,
    ) -> None:
        find_activation(activation)
        if output not in OUTPUTS:
            raise LayersError(f"output {output!r} is not known; choose {' or '.join(map(repr, OUTPUTS))}")
        if np.dtype(dtype) not in (np.dtype(np.float32), np.dtype(np.float64)):
            raise LayersError(f"dtype {np.dtype(dtype)} cannot hold a network; use float32 or float64")
        self.weights = [_array(array, f"weights[{k}]", dtype) for k, array in enumerate(weights)]
        self.biases = [_array(array, f"biases[{k}]", dtype) for k, array in enumerate(biases)]
        self.activation, self.output = activation, output
        self.sizes = _chained_sizes(self.weights, self.biases)
        if output == "softmax" and self.sizes[-1] == 1:
            raise LayersError("a softmax of one output is always 1; use output='sigmoid', or two outputs")

    @classmethod
    def start(
        cls,
        sizes: Iterable[int],
        start: str = "scaled",
        rng: Seed = None,
        *,
        activation: str = "sigmoid",
        output: str = "sigmoid",
        dtype: DTypeLike = np.float32,
    ) -> Layers:
        """A network with Gaussian random weights and biases, ready to be trained.

        `sizes`: neurons per layer, inputs first, such as [784, 30, 10]. `start` chooses the spread:

        - "scaled": weights of standard deviation 1 / sqrt(n_in), biases of 1. The weighted input of a neuron
          then has a spread near 1 and the neuron is in the steep part of its sigmoid, where it learns. Hidden
          neurons of "relu" and "swish" start with weights of standard deviation sqrt(2 / n_in) and biases of 0
          (He and others 2015): they let half through, and many layers of them would let nothing through.
        - "book": every weight and bias of standard deviation 1, as the book's first program does. A neuron
          with 784 inputs then often starts saturated, at an output near 0 or 1, and learns slowly or not at
          all.

        The same int `rng` gives the same network. Layer by layer, weights are drawn before biases.

        Raises LayersError for fewer than two sizes, a size that is not a whole number of at least 1, a start
        that is neither of the two, an activation or output that is not known, and more weights than there is
        memory for.

        >>> Layers.start([784, 30, 10], rng=0)
        Layers([784, 30, 10])
        """
        checked = check_sizes(sizes)
        if start not in STARTS:
            raise LayersError(f"start {start!r} is not known; choose 'scaled' or 'book'")
        generator = np.random.default_rng(rng)
        weights, biases = [], []
        try:
            for k, (n_in, n_out) in enumerate(pairwise(checked), start=2):
                halves = start == "scaled" and activation in _HALVES and k < len(checked)
                spread = 1.0 if start == "book" else n_in**-0.5 * (2**0.5 if halves else 1.0)
                weights.append(spread * generator.standard_normal((n_out, n_in)))
                biases.append(np.zeros(n_out) if halves else generator.standard_normal(n_out))
            return cls(weights, biases, activation=activation, output=output, dtype=dtype)
        except MemoryError:
            count = sum(a * b for a, b in pairwise(checked))
            raise LayersError(
                f"sizes {checked} are {count:,} weights, more than there is memory for; choose smaller layers"
            ) from None

    @property
    def dtype(self) -> np.dtype[Any]:
        """The type of all arrays: float32 or float64."""
        return self.weights[0].dtype

    def weighted_input(self, images: ArrayLike) -> Array:
        """The weighted inputs z = w a + b of the output layer: (n, inputs) -> (n, outputs), any real number.

        Raises LayersError unless `images` is (n, inputs).
        """
        a, f = self.check_images(images), find_activation(self.activation)
        for w, b in zip(self.weights[:-1], self.biases[:-1], strict=True):
            a = f.value(a @ w.T + b)
        z: Array = a @ self.weights[-1].T + self.biases[-1]
        return z

    def activations(self, images: ArrayLike) -> list[Array]:
        """The outputs of every layer after the inputs: (n, inputs) -> [(n, size) for each later layer].

        Raises LayersError unless `images` is (n, inputs).

        >>> [a.shape for a in Layers.start([4, 3, 2], rng=0).activations(np.zeros((5, 4)))]
        [(5, 3), (5, 2)]
        """
        a, f, result = self.check_images(images), find_activation(self.activation), []
        for w, b in zip(self.weights[:-1], self.biases[:-1], strict=True):
            a = f.value(a @ w.T + b)
            result.append(a)
        result.append(self.read_out(a @ self.weights[-1].T + self.biases[-1]))
        return result

    def read_out(self, z: Array) -> Array:
        """What the output neurons make of their weighted inputs: (n, outputs) -> (n, outputs), each in [0, 1]."""
        return softmax(z) if self.output == "softmax" else sigmoid(z)

    def forward(self, images: ArrayLike) -> Array:
        """The outputs of the network: (n, inputs) -> (n, outputs), each in [0, 1].

        Raises LayersError unless `images` is (n, inputs).

        >>> Layers([[[1.0, 1.0]]], [[0.0]]).forward([[0, 0], [500, 500]])
        array([[0.5],
               [1. ]], dtype=float32)
        """
        return self.read_out(self.weighted_input(images))

    def predict(self, images: ArrayLike) -> NDArray[np.int64]:
        """The label of each image: (n, inputs) -> (n,) int64.

        The label is the number of the output neuron with the highest output, the first of equals. A single
        output neuron answers yes or no by the book's convention: 1 for an output of at least 0.5, else 0.

        Raises LayersError unless `images` is (n, inputs).
        """
        # In exact arithmetic sigmoid and softmax keep the order of z, but they round to 1.0 for many z: z itself
        # keeps it, and the output of a sigmoid is at least 0.5 exactly where z is at least 0.
        z = self.weighted_input(images)
        labels = z[:, 0] >= 0 if z.shape[1] == 1 else z.argmax(axis=1)
        return labels.astype(np.int64)

    def accuracy(self, images: ArrayLike, labels: ArrayLike) -> float:
        """The share of images, in [0, 1], whose predicted label is the given one.

        `images`: (n, inputs), `labels`: (n,). Raises LayersError where the shapes do not fit or n is 0.

        >>> Layers([[[1.0]]], [[-0.5]]).accuracy([[0.0], [1.0], [1.0]], [0, 1, 0])
        0.6666666666666666
        """
        predicted, expected = self.predict(images), np.asarray(labels)
        if expected.shape != predicted.shape:
            raise LayersError(
                f"labels of shape {expected.shape} for {len(predicted)} images; give one label for each image"
            )
        if not len(predicted):
            raise LayersError("the accuracy on 0 images is not defined; give at least one image")
        return float(np.mean(predicted == expected))

    def astype(self, dtype: DTypeLike) -> Layers:
        """A copy with arrays of another type, float32 or float64."""
        return Layers(self.weights, self.biases, activation=self.activation, output=self.output, dtype=dtype)

    def copy(self) -> Layers:
        """A copy that shares no array with this one."""
        return self.astype(self.dtype)

    def check_images(self, images: ArrayLike) -> Array:
        """`images` as an (n, inputs) array of this network's type, or LayersError if it is none."""
        try:
            array: Array = np.asarray(images, dtype=self.dtype)
        except (TypeError, ValueError) as error:
            raise LayersError(
                f"images are no table of numbers ({error}); give one of shape (n, {self.sizes[0]})"
            ) from None
        if array.ndim != 2:
            raise LayersError(
                f"images of shape {array.shape}; give a table of shape (n, {self.sizes[0]}), "
                "and for a single image images[None, :]"
            )
        if array.shape[1] != self.sizes[0]:
            raise LayersError(
                f"images of {array.shape[1]} numbers for a network of {self.sizes[0]} inputs; "
                f"give images of {self.sizes[0]} numbers, or start a network with {array.shape[1]} inputs"
            )
        return array

    def __repr__(self) -> str:
        words = {"activation": self.activation, "output": self.output}
        others = [f"{name}={word!r}" for name, word in words.items() if word != "sigmoid"]
        return f"Layers({', '.join([str(self.sizes), *others])})"


def check_sizes(sizes: Iterable[int]) -> list[int]:
    """`sizes` as a list of at least two whole numbers, each at least 1, or LayersError.

    >>> check_sizes((784, 0, 10))
    Traceback (most recent call last):
    learn.errors.LayersError: layer 1 has size 0; a layer needs at least one neuron
    """
    try:
        given = list(sizes)
    except TypeError:
        raise LayersError(f"sizes {sizes!r} is not a list; write for example [784, 30, 10]") from None
    if len(given) < 2:
        raise LayersError(f"sizes {given} name {len(given)} layer(s); give at least two, inputs and outputs")
    checked = []
    for k, size in enumerate(given):
        try:
            if isinstance(size, bool):
                raise TypeError
            checked.append(operator.index(size))
        except TypeError:
            raise LayersError(f"layer {k} has size {size!r}; give a whole number") from None
        if checked[-1] < 1:
            raise LayersError(f"layer {k} has size {size}; a layer needs at least one neuron")
    return checked


def _array(values: ArrayLike, name: str, dtype: DTypeLike) -> Array:
    """A contiguous copy of finite numbers, or LayersError with the name of the array."""
    try:
        with np.errstate(over="ignore"):  # a float64 beyond float32 becomes inf and is refused below
            array: Array = np.array(values, dtype=dtype, order="C")
    except (TypeError, ValueError):
        raise LayersError(f"{name} is not an array of numbers; give rows of equal length") from None
    if not np.isfinite(array).all():
        raise LayersError(f"{name} holds {array[~np.isfinite(array)][0]}; give finite {np.dtype(dtype)} numbers")
    return array


def _chained_sizes(weights: list[Array], biases: list[Array]) -> list[int]:
    """The sizes that the shapes spell, or LayersError at the first array that does not fit."""
    if not weights or len(weights) != len(biases):
        raise LayersError(
            f"{len(weights)} weight arrays and {len(biases)} bias arrays; give one of each for every layer "
            "after the inputs, and at least one layer"
        )
    for k, (w, b) in enumerate(zip(weights, biases, strict=True)):
        if w.ndim != 2 or 0 in w.shape:
            raise LayersError(f"weights[{k}] has shape {w.shape}; give (n_out, n_in), both at least 1")
        if k and w.shape[1] != weights[k - 1].shape[0]:
            raise LayersError(
                f"weights[{k}] has shape {w.shape}; the layer before has {weights[k - 1].shape[0]} neurons, "
                f"so give ({w.shape[0]}, {weights[k - 1].shape[0]})"
            )
        if b.shape != (w.shape[0],):
            raise LayersError(f"biases[{k}] has shape {b.shape}; weights[{k}] asks for ({w.shape[0]},)")
    return [int(weights[0].shape[1]), *(int(w.shape[0]) for w in weights)]
