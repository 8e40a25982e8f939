"""The operators of ONNX that are read: each takes its input tensors and returns its output (see onnx_read.py).

A tensor is an array: of numbers where it is a constant, of linear forms where it depends on the inputs.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import numpy as np

from perceptron.activations import EXP, RECIPROCAL, RELU, TANH, LeakyRelu
from perceptron.formats.errors import FormatError
from perceptron.formats.forms import Form, each, node_form, product, tensor
from perceptron.formats.onnx_read import Operator, Reader, Value
from perceptron.formats.softmax import add_softmax
from perceptron.numbers import Number, exact
from perceptron.unit import SIGMOID, STEP, Activation


def _attributes(reader: Reader, node: Any) -> dict[str, Any]:
    return {entry.name: reader.onnx.helper.get_attribute_value(entry) for entry in node.attribute}


def _is_constant(value: Value) -> bool:
    return value.dtype != object


def _need(inputs: Sequence[Value], least: int, most: int) -> None:
    if not least <= len(inputs) <= most:
        raise FormatError(f"it has {len(inputs)} inputs; give it {least if least == most else f'{least} to {most}'}")


def _size(value: Value) -> int:
    """How many numbers or edges a tensor stands for."""
    return value.size if _is_constant(value) else sum(len(form.sources) + 1 for form in value.ravel().tolist())


def _wide(reader: Reader, first: Value, second: Value) -> None:
    """Count what two tensors become when they are broadcast to one shape."""
    size = math.prod(np.broadcast_shapes(first.shape, second.shape))
    for value in (first, second):
        reader.spend(_size(value) * size // max(1, value.size))


def _whole(value: Value, what: str) -> list[int]:
    if value.dtype.kind not in "iu":
        raise FormatError(f"{what} is no constant list of whole numbers")
    return [int(number) for number in value.ravel().tolist()]


# --- sums and products


def _add(reader: Reader, node: Any, inputs: list[Value]) -> Value:
    _need(inputs, 2, 2)
    first, second = inputs
    _wide(reader, first, second)
    if _is_constant(first) and _is_constant(second):
        return _finite(first + second)
    if _is_constant(second):
        return each(Form.shifted, first, second)
    if _is_constant(first):
        return each(Form.shifted, second, first)
    return each(Form.plus, first, second)


def _negative(reader: Reader, node: Any, inputs: list[Value]) -> Value:
    _need(inputs, 1, 1)
    reader.spend(_size(inputs[0]))
    return -inputs[0] if _is_constant(inputs[0]) else each(lambda form: form.scaled(-1), inputs[0])


def _subtract(reader: Reader, node: Any, inputs: list[Value]) -> Value:
    _need(inputs, 2, 2)
    return _add(reader, node, [inputs[0], _negative(reader, node, [inputs[1]])])


def _multiply(reader: Reader, node: Any, inputs: list[Value]) -> Value:
    _need(inputs, 2, 2)
    first, second = inputs
    _wide(reader, first, second)
    if _is_constant(first) and _is_constant(second):
        return _finite(first * second)
    if not _is_constant(first) and not _is_constant(second):
        raise FormatError("it multiplies two tensors that depend on the input; a unit cannot do that")
    forms, factors = (second, first) if _is_constant(first) else (first, second)
    return each(Form.scaled, forms, factors)


def _divide(reader: Reader, node: Any, inputs: list[Value]) -> Value:
    _need(inputs, 2, 2)
    first, second = inputs
    _wide(reader, first, second)
    if not _is_constant(second):
        raise FormatError("it divides by a tensor that depends on the input; a unit cannot do that")
    if not np.all(second):
        raise FormatError("it divides by 0")
    if _is_constant(first):
        whole = first.dtype.kind in "iu" and second.dtype.kind in "iu"
        return _finite(
            (np.abs(first) // np.abs(second)) * np.sign(first) * np.sign(second) if whole else first / second
        )
    return each(lambda form, number: form.scaled(Fraction(1) / exact(number)), first, second)


def _finite(value: Value) -> Value:
    if value.dtype.kind == "f" and not np.isfinite(value).all():
        raise FormatError("it makes a constant that is not finite")
    return value


def _matrix(reader: Reader, node: Any, inputs: list[Value]) -> Value:
    _need(inputs, 2, 2)
    return _product(reader, node, inputs)


def _gemm(reader: Reader, node: Any, inputs: list[Value]) -> Value:
    _need(inputs, 2, 3)
    options = _attributes(reader, node)
    if inputs[0].ndim != 2 or inputs[1].ndim != 2:
        raise FormatError(f"it multiplies {_shapes(*inputs[:2])}; give matrices")
    made = _product(reader, node, inputs, options.get("transA", 0), options.get("transB", 0))
    made = _scale(reader, made, options.get("alpha", 1.0))
    if len(inputs) < 3 or not node.input[2]:
        return made
    added = _scale(reader, inputs[2], options.get("beta", 1.0))
    if np.broadcast_shapes(made.shape, added.shape) != made.shape:
        raise FormatError(f"it adds the shapes {_shapes(made, added)}, which do not fit")
    return _add(reader, node, [made, added])


def _shapes(first: Value, second: Value) -> str:
    return f"{list(first.shape)} and {list(second.shape)}"


def _product(reader: Reader, node: Any, inputs: list[Value], turn_first: int = 0, turn_second: int = 0) -> Value:
    """A constant matrix times forms, or forms times a constant matrix."""
    if _is_constant(inputs[0]) == _is_constant(inputs[1]):
        raise FormatError("it multiplies two tensors of one kind; give a constant and one that depends on the input")
    first, second = (reader.linear(name, single=True) for name in node.input[:2])
    first, second = first.T if turn_first else first, second.T if turn_second else second
    matrix = first if _is_constant(first) else second
    if matrix.ndim not in (1, 2) or second.ndim > 2 or 0 in (first.ndim, second.ndim):
        raise FormatError(f"it multiplies {_shapes(first, second)}; give matrices or vectors")
    if first.shape[-1] != second.shape[0]:
        raise FormatError(f"it multiplies the shapes {_shapes(first, second)}, which do not fit")
    if _is_constant(first):
        return _times(reader, second.T, first.T).T
    return _times(reader, first, second)


def _times(reader: Reader, forms: Value, matrix: Value) -> Value:
    """Forms (..., k) times numbers (k,) or (k, m)."""
    columns = matrix.reshape(matrix.shape[0], -1).T
    reader.spend(forms.size * len(columns))
    listed: list[list[Number]] = columns.tolist()
    rows = forms.reshape(-1, forms.shape[-1])
    made = [form for row in rows for form in product(row.tolist(), listed)]
    return tensor(made, (*forms.shape[:-1], *matrix.shape[1:]))


def _scale(reader: Reader, value: Value, factor: float) -> Value:
    if factor == 1:
        return value
    return _multiply(reader, None, [value, _finite(np.array(float(factor)))])


# --- activations


def _activation(activation: Activation) -> Operator:
    def operator(reader: Reader, node: Any, inputs: list[Value]) -> Value:
        _need(inputs, 1, 1)
        if _is_constant(inputs[0]):
            raise FormatError("it is applied to a constant; let the program that made the file fold it")
        return reader.units(inputs[0], activation, node.output[0])

    return operator


def _leaky(reader: Reader, node: Any, inputs: list[Value]) -> Value:
    return _activation(LeakyRelu(_attributes(reader, node).get("alpha", 0.01)))(reader, node, inputs)


def _extreme(reader: Reader, node: Any, inputs: list[Value]) -> Value:
    """Max(x, alpha * x) with alpha <= 1, or Min with alpha >= 1: how a leaky rectifier is written for doubles."""
    _need(inputs, 2, 2)
    for name, other in (tuple(node.input), tuple(node.input)[::-1]):
        maker = reader.maker.get(other)
        if maker is not None and maker.op_type == "Mul" and name in maker.input:
            factor = reader.value(next((one for one in maker.input if one != name), name))
            if _is_constant(factor) and factor.size == 1:
                alpha = float(factor.ravel()[0])
                if alpha <= 1 if node.op_type == "Max" else alpha >= 1:
                    return reader.units(reader.value(name), LeakyRelu(alpha), node.output[0])
    raise FormatError("it is read only as a leaky rectifier: of x and x times a number")


def _step(reader: Reader, node: Any, inputs: list[Value]) -> Value:
    _need(inputs, 2, 2)
    first, second = inputs if node.op_type == "Greater" else inputs[::-1]
    difference = _subtract(reader, node, [first, second])
    if _is_constant(difference):
        raise FormatError("it compares two constants")
    return reader.units(difference, STEP, node.output[0])


def _softmax(reader: Reader, node: Any, inputs: list[Value]) -> Value:
    _need(inputs, 1, 1)
    value = reader.linear(node.input[0], single=False)
    if _is_constant(value):
        raise FormatError("it is applied to a constant")
    axis = _attributes(reader, node).get("axis", -1 if reader.opset >= 13 else 1)
    if not -value.ndim <= axis < max(1, value.ndim):
        raise FormatError(f"it has the axis {axis}, and its input the shape {list(value.shape)}")
    axis %= value.ndim
    # Up to version 12 all dimensions from the axis on are one.
    last = np.moveaxis(value, axis, -1) if reader.opset >= 13 else value.reshape(math.prod(value.shape[:axis]), -1)
    rows = last.reshape(-1, last.shape[-1]) if last.size else last
    names = reader.called(node.output[0], value.size)
    made = []
    for index, row in enumerate(rows):
        reader.spend(3 * row.size**2)
        called = names[index * row.size : (index + 1) * row.size]
        nodes = [form.sources[0] for form in row.tolist()]
        made += [node_form(one) for one in add_softmax(reader.into, nodes, called, reader.free)]
    result = tensor(made, last.shape)
    return np.moveaxis(result, -1, axis) if reader.opset >= 13 else result.reshape(value.shape)


# --- shapes


def _same(reader: Reader, node: Any, inputs: list[Value]) -> Value:
    if not inputs:
        raise FormatError("it has no input")
    return inputs[0]


def _cast(reader: Reader, node: Any, inputs: list[Value]) -> Value:
    _need(inputs, 1, 1)
    kind = reader.kind(_attributes(reader, node).get("to", 0))
    if kind in ("FLOAT", "DOUBLE", "FLOAT16"):
        return inputs[0].astype(np.float64) if _is_constant(inputs[0]) else inputs[0]
    if kind in ("INT32", "INT64") and _is_constant(inputs[0]):
        if not np.all(np.abs(inputs[0]) < 1 << 53):
            raise FormatError("it casts numbers of 2**53 or more to integers")
        return inputs[0].astype(np.int64)
    raise FormatError(f"it casts to {kind}; only floats are read")


def _flatten(reader: Reader, node: Any, inputs: list[Value]) -> Value:
    _need(inputs, 1, 1)
    shape, axis = inputs[0].shape, _attributes(reader, node).get("axis", 1)
    if not -len(shape) <= axis <= len(shape):
        raise FormatError(f"it has the axis {axis}, and its input the shape {list(shape)}")
    axis += len(shape) if axis < 0 else 0
    return inputs[0].reshape(math.prod(shape[:axis]), math.prod(shape[axis:]))


def _reshape(reader: Reader, node: Any, inputs: list[Value]) -> Value:
    options = _attributes(reader, node)
    sizes = list(options["shape"]) if "shape" in options and len(inputs) == 1 else None
    if sizes is None:
        _need(inputs, 2, 2)
        sizes = _whole(inputs[1], "its shape")
    if not options.get("allowzero"):
        sizes = [inputs[0].shape[place] if size == 0 else size for place, size in enumerate(sizes)]
    try:
        return inputs[0].reshape(sizes)
    except ValueError:
        raise FormatError(f"it brings the shape {list(inputs[0].shape)} into {sizes}, which does not fit") from None


def _transpose(reader: Reader, node: Any, inputs: list[Value]) -> Value:
    _need(inputs, 1, 1)
    return np.transpose(inputs[0], _attributes(reader, node).get("perm"))


def _axes(reader: Reader, node: Any, inputs: list[Value]) -> list[int] | None:
    _need(inputs, 1, 2)
    options = _attributes(reader, node)
    if "axes" in options:
        return list(options["axes"])
    return _whole(inputs[1], "the list of its axes") if len(inputs) == 2 and node.input[1] else None


def _squeeze(reader: Reader, node: Any, inputs: list[Value]) -> Value:
    axes = _axes(reader, node, inputs)
    return np.squeeze(inputs[0], None if axes is None else tuple(axes))


def _unsqueeze(reader: Reader, node: Any, inputs: list[Value]) -> Value:
    axes = _axes(reader, node, inputs)
    if axes is None:
        raise FormatError("it has no axes")
    return np.expand_dims(inputs[0], tuple(axes))


def _concat(reader: Reader, node: Any, inputs: list[Value]) -> Value:
    _need(inputs, 1, len(inputs))
    reader.spend(sum(value.size for value in inputs))
    if len({_is_constant(value) for value in inputs}) > 1:
        raise FormatError("it joins constants with what depends on the input")
    return np.concatenate(inputs, _attributes(reader, node).get("axis", 1))


def _gather(reader: Reader, node: Any, inputs: list[Value]) -> Value:
    _need(inputs, 2, 2)
    value, axis = inputs[0], _attributes(reader, node).get("axis", 0)
    _whole(inputs[1], "what it takes")
    reader.spend(inputs[1].size * value.size // max(1, value.shape[axis]))
    return np.take(value, inputs[1], axis)


def _shape(reader: Reader, node: Any, inputs: list[Value]) -> Value:
    _need(inputs, 1, 1)
    return np.array(inputs[0].shape, dtype=np.int64)


def _constant(reader: Reader, node: Any, inputs: list[Value]) -> Value:
    options = _attributes(reader, node)
    if "value" in options:
        return reader.constant(options["value"])
    for key, kind in (("value_float", float), ("value_floats", float), ("value_int", int), ("value_ints", int)):
        if key in options:
            return _finite(np.array(options[key], dtype=np.float64 if kind is float else np.int64))
    raise FormatError("it has no value that is a tensor or a number")


OPERATORS: dict[str, Operator] = {
    "Gemm": _gemm,
    "MatMul": _matrix,
    "Add": _add,
    "Sub": _subtract,
    "Mul": _multiply,
    "Div": _divide,
    "Neg": _negative,
    "Sigmoid": _activation(SIGMOID),
    "Relu": _activation(RELU),
    "LeakyRelu": _leaky,
    "Tanh": _activation(TANH),
    "Exp": _activation(EXP),
    "Reciprocal": _activation(RECIPROCAL),
    "Softmax": _softmax,
    "Greater": _step,
    "Less": _step,
    "Max": _extreme,
    "Min": _extreme,
    "Identity": _same,
    "Dropout": _same,
    "Cast": _cast,
    "Flatten": _flatten,
    "Reshape": _reshape,
    "Transpose": _transpose,
    "Squeeze": _squeeze,
    "Unsqueeze": _unsqueeze,
    "Concat": _concat,
    "Gather": _gather,
    "Shape": _shape,
    "Constant": _constant,
}
