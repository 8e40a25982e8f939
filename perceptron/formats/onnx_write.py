"""Writing an ONNX model: units of one layer and activation become a Gemm and an operator (see onnx.dumps)."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from perceptron.activations import LeakyRelu
from perceptron.formats.errors import CannotWriteError
from perceptron.formats.onnx_read import METADATA
from perceptron.formats.softmax import Softmax, find_softmaxes
from perceptron.numbers import Exact, exact
from perceptron.tape import Tape
from perceptron.unit import Activation, Table

OPSET, IR = 13, 8  # what programs of the last years read
INPUT, OUTPUT, FIRST = "input", "output", "x"
OPERATORS = {"sigmoid": "Sigmoid", "relu": "Relu", "tanh": "Tanh", "exp": "Exp", "reciprocal": "Reciprocal"}


class _Layer(NamedTuple):
    """Units that become one tensor."""

    level: int
    activation: Activation | None  # None: a softmax
    units: list[int]
    softmax: Softmax | None


def model(onnx: Any, tape: Tape, dtype: str) -> bytes:
    """The bytes of the model (see perceptron.formats.onnx.dumps)."""
    _require_sayable(tape)
    writer = _Writer(onnx, tape, dtype)
    for layer in _layers(tape):
        writer.layer(layer)
    return writer.finish()


def _require_sayable(tape: Tape) -> None:
    if tape.states:
        node = next(iter(tape.states))
        raise CannotWriteError(f"state {tape.label(node)}: an ONNX model here is feedforward; it has no states")
    if not tape.inputs or not tape.outputs:
        raise CannotWriteError(f"{tape!r} needs at least one input and one output to be an ONNX model")
    known = {*OPERATORS, "step", "identity", "leaky_relu"}
    for node, number in enumerate(tape.cell_numbers.tolist()):
        if number < 0:
            continue
        activation = tape.cells[number].unit.activation
        if isinstance(activation, Table):
            raise CannotWriteError(f"unit {tape.label(node)} is a table, which ONNX does not have; make it steps first")
        if activation.name not in known:
            raise CannotWriteError(
                f"unit {tape.label(node)} has the activation {activation!r}, which ONNX does not have"
            )


def _layers(tape: Tape) -> list[_Layer]:
    """The units, level by level; those of one level and activation together, in their order."""
    cells, starts, sources = tape.cell_numbers.tolist(), tape.starts.tolist(), tape.sources.tolist()
    softmaxes = find_softmaxes(tape)
    member = {node: part for part in softmaxes for node in (*part.values, *part.between)}
    level = [0] * len(tape)
    layers: dict[tuple[int, Activation | int], _Layer] = {}
    for node, number in enumerate(cells):
        if number < 0:
            continue
        part = member.get(node)
        below = sources[starts[node] : starts[node + 1]] if part is None else part.of
        level[node] = 1 + max((level[source] for source in below), default=0)
        if part is None:
            activation = tape.cells[number].unit.activation
            layers.setdefault((level[node], activation), _Layer(level[node], activation, [], None)).units.append(node)
        elif node in part.values:
            layers.setdefault((level[node], id(part)), _Layer(level[node], None, part.values, part))
    return sorted(layers.values(), key=lambda layer: layer.level)


@dataclass
class _Writer:
    onnx: Any
    tape: Tape
    dtype: str
    nodes: list[Any] = field(default_factory=list)
    constants: list[Any] = field(default_factory=list)
    width: dict[str, int] = field(default_factory=dict)  # tensor -> columns
    place: dict[int, tuple[str, int]] = field(default_factory=dict)  # node -> tensor and column
    names: dict[str, list[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.starts, self.sources = self.tape.starts.tolist(), self.tape.sources.tolist()
        self.cells = self.tape.cell_numbers.tolist()
        first = FIRST if self.dtype == "float64" else INPUT
        if first == FIRST:
            self.operator("Cast", [INPUT], FIRST, to=self.onnx.TensorProto.DOUBLE)
        self.made(first, self.tape.input_nodes)

    def operator(self, kind: str, inputs: Sequence[str], output: str, **attributes: Any) -> str:
        """Add an operator and return its output."""
        self.nodes.append(
            self.onnx.helper.make_node(kind, list(inputs), [output], name=f"{kind} {output}", **attributes)
        )
        return output

    def constant(self, name: str, array: NDArray[Any]) -> str:
        """Add a constant and return its name."""
        self.constants.append(self.onnx.numpy_helper.from_array(array, name))
        return name

    def made(self, name: str, nodes: Sequence[int]) -> None:
        """Remember which nodes a tensor holds."""
        self.width[name] = len(nodes)
        for column, node in enumerate(nodes):
            self.place.setdefault(node, (name, column))

    def joined(self, nodes: Sequence[int], name: str) -> tuple[str, dict[int, int]]:
        """A tensor with at least these nodes as columns, and the column of each."""
        need = {self.place[node][0] for node in nodes}
        parts = [part for part in self.width if part in need] or [next(iter(self.width))]
        first, column = 0, {}
        for part in parts:
            column[part] = first
            first += self.width[part]
        made = parts[0] if len(parts) == 1 else self.operator("Concat", parts, name, axis=1)
        return made, {node: column[self.place[node][0]] + self.place[node][1] for node in nodes}

    def chosen(self, nodes: Sequence[int], name: str) -> str:
        """A tensor with exactly these nodes as columns."""
        made, column = self.joined(nodes, f"{name}_of")
        wanted = [column[node] for node in nodes]
        width = sum(self.width[part] for part in {self.place[node][0] for node in nodes})
        if wanted == list(range(width)):
            return made
        return self.operator("Gather", [made, self.constant(f"{name}_columns", np.array(wanted))], name, axis=1)

    def layer(self, layer: _Layer) -> None:
        """Add the operators of one layer."""
        kind = "softmax" if layer.activation is None else layer.activation.name
        name = f"h{layer.level}_{kind}"
        while name in self.width:  # leaky rectifiers of another slope, a second softmax
            name += "_"
        if layer.softmax is not None:
            self.operator("Softmax", [self.chosen(layer.softmax.of, f"{name}_in")], name, axis=1)
        else:
            assert layer.activation is not None
            self.activate(layer.activation, name, self.sums(layer, name))
        self.made(name, layer.units)
        called = [self.tape.name_of(node) for node in layer.units]
        if all(called):
            tensor = f"{name}_above" if kind == "step" else name
            self.names[tensor] = [one for one in called if one]

    def sums(self, layer: _Layer, name: str) -> str:
        """The Gemm of a layer."""
        read = [source for node in layer.units for source in self.sources[self.starts[node] : self.starts[node + 1]]]
        source, column = self.joined(read, f"{name}_in")
        width = sum(self.width[part] for part in {self.place[node][0] for node in read}) or self.width[source]
        weights = np.zeros((len(layer.units), width), dtype=self.dtype)
        biases = np.zeros(len(layer.units), dtype=self.dtype)
        for row, node in enumerate(layer.units):
            unit, listed = self.tape.cells[self.cells[node]]
            total: dict[int, Exact] = {}
            for one, weight in zip(self.sources[self.starts[node] : self.starts[node + 1]], listed, strict=True):
                total[column[one]] = exact(total.get(column[one], 0) + exact(weight))
            for at, weight in total.items():
                weights[row, at] = self.number(weight, node)
            biases[row] = self.number(exact(unit.bias), node)
        target = name if layer.activation is not None and layer.activation.name == "identity" else f"{name}_sums"
        inputs = [source, self.constant(f"{name}_weights", weights), self.constant(f"{name}_biases", biases)]
        return self.operator("Gemm", inputs, target, transB=1)

    def number(self, value: Exact, node: int) -> float:
        """The nearest float of the model's type."""
        try:
            number = float(value)
        except OverflowError:
            number = math.inf
        if abs(number) > float(np.finfo(self.dtype).max):
            cure = "scale the unit" if self.dtype == "float64" else "scale the unit, or take dtype='float64'"
            raise CannotWriteError(f"unit {self.tape.label(node)} has a weight beyond the largest {self.dtype}; {cure}")
        return number

    def activate(self, activation: Activation, name: str, sums: str) -> None:
        """The operator of an activation."""
        if activation.name == "step":
            zero = self.constant(f"{name}_zero", np.zeros((), dtype=self.dtype))
            above = self.operator("Greater", [sums, zero], f"{name}_above")
            self.operator("Cast", [above], name, to=self.element())
        elif isinstance(activation, LeakyRelu):
            alpha = float(activation.alpha)
            if self.dtype == "float32":
                self.operator("LeakyRelu", [sums], name, alpha=alpha)
            else:  # its slope is a float32 attribute, and some programs have it for float32 only
                slope = self.constant(f"{name}_slope", np.array(alpha))
                below = self.operator("Mul", [sums, slope], f"{name}_below")
                self.operator("Max" if alpha <= 1 else "Min", [sums, below], name)
        elif activation.name in OPERATORS:
            self.operator(OPERATORS[activation.name], [sums], name)

    def element(self) -> int:
        """The type that the model computes in, by ONNX's number."""
        kinds = self.onnx.TensorProto
        return int(kinds.DOUBLE if self.dtype == "float64" else kinds.FLOAT)

    def finish(self) -> bytes:
        """The model."""
        helper, float32 = self.onnx.helper, self.onnx.TensorProto.FLOAT
        last = self.chosen(list(self.tape.outputs.values()), "outputs")
        self.operator("Identity", [last], OUTPUT)
        ports = [
            helper.make_tensor_value_info(INPUT, float32, ["N", len(self.tape.inputs)]),
            helper.make_tensor_value_info(OUTPUT, self.element(), ["N", len(self.tape.outputs)]),
        ]
        graph = helper.make_graph(self.nodes, "network", ports[:1], ports[1:], self.constants)
        made = helper.make_model(
            graph,
            opset_imports=[helper.make_opsetid("", OPSET)],
            ir_version=IR,
            producer_name="perceptron-circuits",
        )
        kept = {
            "name": self.tape.name,
            "inputs": list(self.tape.inputs),
            "real": [self.tape.takes_real(node) for node in self.tape.input_nodes],
            "outputs": list(self.tape.outputs),
            "nodes": self.names,
        }
        helper.set_model_props(made, {METADATA: json.dumps(kept)})
        return bytes(made.SerializeToString(deterministic=True))
