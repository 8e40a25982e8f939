"""Reading an ONNX model: its operators, one after the other, on arrays of linear forms (see forms.py).

The file is untrusted. Everything that is built is counted against a budget that grows with the size of the file, so
that a few bytes cannot ask for a network of gigabytes.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from perceptron.activations import IDENTITY
from perceptron.errors import PerceptronError
from perceptron.formats.errors import FormatError
from perceptron.formats.exact import shown
from perceptron.formats.forms import Form, node_form, tensor
from perceptron.network import Network
from perceptron.unit import Activation, Unit

METADATA = "perceptron-circuits"
FREE = 1 << 18  # nodes and edges that any file may ask for, however small
NUMBERS = {"FLOAT", "DOUBLE", "FLOAT16", "BFLOAT16", "INT8", "INT16", "INT32", "INT64", "UINT8", "UINT16", "BOOL"}

Value = NDArray[Any]  # of numbers: a constant; of forms: what depends on the inputs
Operator = Callable[["Reader", Any, list[Value]], Value]


def build(onnx: Any, data: bytes, into: Any, operators: Mapping[str, Operator]) -> Any:
    """Fill a builder with the network of a model (see perceptron.formats.onnx.loads)."""
    from google.protobuf.message import DecodeError

    try:
        model = onnx.ModelProto.FromString(bytes(data))
    except (DecodeError, ValueError) as error:
        raise FormatError(f"this is no ONNX model: {error}", offset=broken_at(data)) from None
    if not model.HasField("graph") or not model.graph.node:
        raise FormatError("this is no ONNX model: it has no graph with operators", offset=0)
    try:
        return Reader(onnx, model, len(data), into).build(operators)
    except FormatError:
        raise
    except PerceptronError as error:  # what a verb of the builder refuses
        raise FormatError(str(error)) from None


def broken_at(data: bytes) -> int:
    """The byte at which a protobuf message stops being one, field by field.

    Examples
    --------
    >>> broken_at(bytes([8, 7, 58, 100, 0])), broken_at(b"hello")
    (2, 2)
    """
    at = 0
    while at < len(data):
        first = at
        key, at = _varint(data, at)
        if key is None or key >> 3 == 0:
            return first
        kind = key & 7
        if kind == 0:
            number, at = _varint(data, at)
            length: int | None = None if number is None else 0
        elif kind == 2:
            length, at = _varint(data, at)
        else:
            length = {1: 8, 5: 4}.get(kind)
        if length is None or at + length > len(data):
            return first
        at += length
    return 0  # whole at this level: the fault is further inside


def _varint(data: bytes, at: int) -> tuple[int | None, int]:
    number = 0
    for place, byte in enumerate(data[at : at + 10]):
        number |= (byte & 127) << 7 * place
        if byte < 128:
            return number, at + place + 1
    return None, at


class Reader:
    """The state of reading one model: what every tensor is, and what was built."""

    def __init__(self, onnx: Any, model: Any, size: int, into: Any):
        self.onnx, self.graph, self.left = onnx, model.graph, FREE + 4 * size
        self.opset = max((entry.version for entry in model.opset_import if entry.domain in ("", "ai.onnx")), default=1)
        self.title = ""
        self.real: list[bool] = []
        self.names = self.metadata(model)
        self.values: dict[str, Value] = {}
        self.maker: dict[str, Any] = {}
        self.taken: set[str] = set()
        for part in self.names.values():
            self.taken.update(part)
        name = self.title
        self.into = Network(name) if into is None else into
        if getattr(self.into, "name", None) == "":
            self.into.name = name

    def build(self, operators: Mapping[str, Operator]) -> Any:
        """Constants, inputs, operators, outputs."""
        if len(self.graph.sparse_initializer):
            raise FormatError("the model has sparse constants, which are not read; write them dense")
        for constant in self.graph.initializer:
            self.define(constant.name, self.constant(constant))
        for port in self.graph.input:
            if port.name not in self.values:
                self.define(port.name, self.input(port))
        for node in self.graph.node:
            where = f"operator {shown(node.op_type)}" + (f" (node {shown(node.name)})" if node.name else "")
            operator = operators.get(node.op_type) if node.domain in ("", "ai.onnx") else None
            if operator is None:
                domain = f" of the domain {shown(node.domain)}" if node.domain else ""
                raise FormatError(f"{where}{domain} is not one that is read; there are {', '.join(operators)}")
            if len(node.output) < 1 or not node.output[0]:
                raise FormatError(f"{where} has no output")
            if any(node.output[1:]) and node.op_type != "Dropout":
                raise FormatError(f"{where} has {len(node.output)} outputs; it has one")
            try:
                value = operator(self, node, [self.value(name) for name in node.input])
            except FormatError as error:
                raise FormatError(f"{where}: {error.reason}") from None
            except (ArithmeticError, LookupError, TypeError, ValueError) as error:
                raise FormatError(f"{where}: {str(error)[:300]}") from None
            if node.op_type == "Gemm" and f"nodes {node.output[0]}" in self.names:
                value = self.units(value, IDENTITY, node.output[0])  # units that `dumps` wrote
            self.define(node.output[0], value)
            self.maker[node.output[0]] = node
        for port in self.graph.output:
            self.output(port)
        return self.into

    # --- what operators need

    def spend(self, count: int) -> None:
        """Count nodes, edges or numbers that are about to be made."""
        self.left -= count
        if self.left < 0:
            raise FormatError("the network would be far larger than the file; nothing of that size is read")

    def value(self, name: str) -> Value:
        """A tensor by its name; every number is taken to be missing where the name is empty."""
        if not name:
            return np.empty(0)
        if name not in self.values:
            raise FormatError(f"tensor {shown(name)} is read before it is there")
        return self.values[name]

    def define(self, name: str, value: Value) -> None:
        """Give a tensor its value, once."""
        if name in self.values:
            raise FormatError(f"tensor {shown(name)} is made twice")
        self.values[name] = value

    def units(self, value: Value, activation: Activation, name: str) -> Value:
        """A unit for each form of a tensor."""
        forms = value.ravel().tolist()
        self.spend(sum(len(form.sources) + 1 for form in forms))
        called = self.called(name, len(forms))
        made = [
            node_form(self.into.add(Unit(form.bias, activation), zip(form.sources, form.weights, strict=True), one))
            for form, one in zip(forms, called, strict=True)
        ]
        return tensor(made, value.shape)

    def linear(self, name: str, *, single: bool) -> Value:
        """A tensor whose forms have one source each, or are nodes; made of identity units where it is not so yet."""
        value = self.value(name)
        if value.dtype == object:
            fits = (len(form.sources) == 1 if single else form.is_node for form in value.ravel().tolist())
            if not all(fits):
                value = self.values[name] = self.units(value, IDENTITY, name)
        return value

    def called(self, name: str, count: int) -> list[str]:
        """Names for the nodes of a tensor: those in the metadata, else name.0, name.1, ..."""
        kept = self.names.get(f"nodes {name}")
        if kept is not None and len(kept) == count:
            return kept
        return [self.free(name if count == 1 else f"{name}.{index}") for index in range(count)]

    def free(self, name: str) -> str:
        """The name, with primes behind it while it is taken."""
        name = name or "n"
        while name in self.taken:
            name += "'"
        self.taken.add(name)
        return name

    # --- the ends of the graph

    def constant(self, proto: Any) -> Value:
        """The numbers of a constant tensor."""
        what = f"constant {shown(proto.name)}"
        if proto.data_location == proto.EXTERNAL or len(proto.external_data):
            raise FormatError(f"{what} has its numbers in another file, which is not read; save the model as one file")
        kind = self.kind(proto.data_type)
        if kind not in NUMBERS:
            raise FormatError(f"{what} is of type {kind}; give numbers")
        try:
            array = np.asarray(self.onnx.numpy_helper.to_array(proto))
        except Exception as error:  # the package has its own idea of what to raise for a broken tensor
            raise FormatError(f"{what} has a shape that does not fit its numbers: {str(error)[:200]}") from None
        if array.dtype.kind not in "iub":
            with np.errstate(invalid="ignore"):  # a signalling NaN, refused below
                array = array.astype(np.float64)
            if not np.isfinite(array).all():
                raise FormatError(f"{what} has a number that is not finite")
        return array

    def kind(self, number: int) -> str:
        """The word for an element type."""
        try:
            return str(self.onnx.TensorProto.DataType.Name(number))
        except ValueError:
            return f"number {number}"

    def input(self, port: Any) -> Value:
        """An input of the model as inputs of the network."""
        what = f"input {shown(port.name)}"
        if not port.type.HasField("tensor_type") or self.kind(port.type.tensor_type.elem_type) not in NUMBERS:
            raise FormatError(f"{what} is no tensor of numbers")
        if not port.type.tensor_type.HasField("shape"):
            raise FormatError(f"{what} has no shape")
        shape = []
        for place, dim in enumerate(port.type.tensor_type.shape.dim):
            size = dim.dim_value if dim.HasField("dim_value") else 0
            if (size < 1 and place > 0) or size < 0:
                raise FormatError(f"{what} has an open dimension beside the first; give it a size")
            shape.append(size or 1)
        self.spend(math.prod(shape))
        kept, real = self.names.get("inputs", []), self.real
        if len(self.inputs()) > 1 or len(kept) != math.prod(shape):
            kept, real = self.called(port.name, math.prod(shape)), []
        flags = real or [True] * len(kept)
        nodes = [self.into.input(name, real=flag) for name, flag in zip(kept, flags, strict=True)]
        return tensor([node_form(node) for node in nodes], tuple(shape))

    def inputs(self) -> list[Any]:
        """The inputs of the model that are not constants with a default."""
        constants = {constant.name for constant in self.graph.initializer}
        return [port for port in self.graph.input if port.name not in constants]

    def output(self, port: Any) -> None:
        """An output of the model as outputs of the network."""
        value = self.linear(port.name, single=False)
        if value.dtype != object:
            raise FormatError(f"output {shown(port.name)} does not depend on the input")
        forms: list[Form] = value.ravel().tolist()
        if not forms:
            raise FormatError(f"output {shown(port.name)} is empty")
        self.spend(len(forms))
        names = self.names.get("outputs", [])
        if len(self.graph.output) > 1 or len(names) != len(forms):
            names = [port.name if len(forms) == 1 else f"{port.name}.{index}" for index in range(len(forms))]
        for name, form in zip(names, forms, strict=True):
            self.into.output(name, form.sources[0])

    def metadata(self, model: Any) -> dict[str, list[str]]:
        """The names that `dumps` left; what another program wrote there is not ours and is left alone."""
        found = [entry.value for entry in model.metadata_props if entry.key == METADATA]
        if not found:
            return {}
        try:
            kept = json.loads(found[0])
            self.title = kept["name"]
            self.real = [bool(flag) for flag in kept["real"]]
            names = {"inputs": kept["inputs"], "outputs": kept["outputs"]}
            names |= {f"nodes {tensor}": nodes for tensor, nodes in kept["nodes"].items()}
            whole = all(isinstance(name, str) and name for part in names.values() for name in part)
            lists = all(isinstance(part, list) for part in names.values())
            if not isinstance(self.title, str) or not whole or not lists or len(self.real) != len(names["inputs"]):
                raise ValueError
        except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
            raise FormatError(f"the names in the metadata {METADATA!r} are damaged; remove them") from None
        return names
