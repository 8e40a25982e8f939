"""ONNX: real-valued feedforward networks, both ways. Needs the `onnx` package, which nothing else here does.

onnx_read.py     from a model to units; scalings and additions are folded into the weights, exactly
onnx_write.py    from units to a model: a Gemm and an activation for each layer
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, TypeVar, overload

from perceptron.errors import ParameterError
from perceptron.files import write_whole
from perceptron.formats.errors import FormatError
from perceptron.network import Builder, Network
from perceptron.tape import Tape

Built = TypeVar("Built", bound=Builder[Any])

DTYPES = ("float64", "float32")


@overload
def loads(data: bytes) -> Network: ...
@overload
def loads(data: bytes, *, into: Built) -> Built: ...
def loads(data: bytes, *, into: Any = None) -> Any:
    """The network of an ONNX model.

    An input of the shape (N, 1, 28, 28) becomes 784 real inputs, called as the tensor with .0, .1, ... behind it, in
    the order of the flattened tensor; the first dimension is the batch where its size is left open, and stands for one
    sample. Outputs likewise. Names of inputs, units and outputs that `dumps` left in the file come back.

    Operators: Gemm, MatMul, Add, Sub, Mul, Div, Neg; Sigmoid, Relu, LeakyRelu, Tanh, Exp, Reciprocal, Softmax (as
    EXP and RECIPROCAL units), Greater and Less with a constant (a step), Max or Min of x and alpha * x (a leaky
    rectifier); Identity, Dropout, Cast, Flatten, Reshape, Transpose, Squeeze, Unsqueeze, Concat, Gather, Shape,
    Constant.

    Parameters
    ----------
    data : bytes
    into : Builder, optional
        What to fill; by default a new `Network`. If it has no name yet it takes the model's.

    Raises
    ------
    FormatError
        If the bytes are no ONNX model, shapes do not fit, an operator is none of those above (it is named), weights
        are in other files or are not finite, or the network would be far larger than the file.
    ParameterError
        If the package `onnx` is not there.
    """
    from perceptron.formats.onnx_operators import OPERATORS
    from perceptron.formats.onnx_read import build

    return build(require_onnx(), data, into, OPERATORS)


def dumps(net: Network | Tape, *, dtype: str = "float64") -> bytes:
    """A network as an ONNX model with one input (N, inputs) of float32 and one output (N, outputs).

    Units of one layer and activation are one Gemm; an edge that is not there is a weight of 0, and what reads several
    layers reads them through a Concat. A step is Greater and Cast. A softmax is found again. Parallel edges add.
    Names go into the model's metadata.

    Parameters
    ----------
    net : Network or Tape
    dtype : 'float64' or 'float32'
        What the model computes in, and the type of its output. With float64 weights stay as they are and values agree
        with `simulate`, of the same float32 inputs; float32 rounds every weight, for programs that know no double.

    Raises
    ------
    CannotWriteError
        If it has a state, a table, no input or no output, or a weight beyond the largest float; with the name.
    NetworkError
        If it is not valid.
    ParameterError
        If dtype is another, or the package `onnx` is not there.
    """
    from perceptron.formats.onnx_write import model

    if dtype not in DTYPES:
        raise ParameterError(f"dtype is {dtype!r}; give {' or '.join(map(repr, DTYPES))}")
    return model(require_onnx(), net if isinstance(net, Tape) else Tape.from_network(net), dtype)


@overload
def read(path: str | os.PathLike[str]) -> Network: ...
@overload
def read(path: str | os.PathLike[str], *, into: Built) -> Built: ...
def read(path: str | os.PathLike[str], *, into: Any = None) -> Any:
    """The network of an ONNX file (see `loads`); errors name the file."""
    try:
        return loads(Path(path).read_bytes(), into=into)
    except FormatError as error:
        raise error.within(os.fspath(path)) from None


def write(net: Network | Tape, path: str | os.PathLike[str], *, dtype: str = "float64") -> None:
    """Write an ONNX file (see `dumps`), whole or not at all."""
    write_whole(Path(path), dumps(net, dtype=dtype))


def require_onnx() -> Any:
    """The package onnx."""
    try:
        import onnx
    except ImportError:
        cure = "install it with: pip install 'perceptron-circuits[onnx]'"
        raise ParameterError(f"ONNX files need the package onnx, which is not here; {cure}") from None
    return onnx
