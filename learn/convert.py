"""Trained layers as a `perceptron.Network`, and back: the only file of `learn` that imports `perceptron`."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from learn.errors import ConvertError
from learn.layers import Layers
from learn.rosenblatt import StepLayer
from perceptron import SIGMOID, STEP, Activation, Network, Unit
from perceptron.activations import IDENTITY, RECIPROCAL, RELU, TANH
from perceptron.formats.softmax import add_softmax, find_softmaxes
from perceptron.tape import Tape

_UNITS: dict[str, Activation] = {"sigmoid": SIGMOID, "tanh": TANH, "relu": RELU}


def to_network(
    layers: Layers, input_names: Sequence[str] | None = None, output_names: Sequence[str] | None = None
) -> Network:
    """The same neurons as a graph: one unit for each neuron, one edge for each weight, zeros too.

    Inputs are named x0, x1, ... and outputs y0, y1, ... unless names are given; neuron j of hidden layer k is
    h{k}.{j}, counted from h1.0. A 784-30-10 network becomes 784 inputs, 40 units and 23,820 edges.

    A softmax of n outputs becomes n identity units, named as an output with .z behind, and n * n units more
    (see `perceptron.formats.softmax`).

    Raises ConvertError where the number of names does not fit, and for swish, a product of two values that no
    unit computes; perceptron.NetworkError where two names are equal.

    >>> net = to_network(Layers([[[1.0, -1.0]]], [[0.5]]))
    >>> net
    <Network: 2 inputs, 1 unit, 2 edges, 1 output>
    >>> net.fanin("y0")
    [('x0', 1.0), ('x1', -1.0)]
    """
    if layers.activation not in _UNITS:
        raise ConvertError(
            f"activation {layers.activation!r} is a product of values, which no unit computes; "
            f"train with {', '.join(map(repr, _UNITS))}"
        )
    below = _names(input_names, "input_names", "x", layers.sizes[0])
    out_names = _names(output_names, "output_names", "y", layers.sizes[-1])
    net = Network()
    for name in below:
        net.input(name, real=True)
    last, softmax = len(layers.weights), layers.output == "softmax"
    for k, (w, b) in enumerate(zip(layers.weights, layers.biases, strict=True), start=1):
        names = [f"h{k}.{j}" for j in range(len(b))]
        activation = _UNITS[layers.activation]
        if k == last:
            names = [f"{name}.z" for name in out_names] if softmax else out_names
            activation = IDENTITY if softmax else SIGMOID
        # tolist gives Python floats, which hold every float32 exactly.
        below = [
            net.add(Unit(bias, activation), zip(below, row, strict=True), name=name)
            for name, bias, row in zip(names, b.tolist(), w.tolist(), strict=True)
        ]
    if softmax:
        below = add_softmax(net, below, out_names)
    for name, node in zip(out_names, below, strict=True):
        net.output(name, node)
    return net


def step_network(
    layer: StepLayer, input_names: Sequence[str] | None = None, output_names: Sequence[str] | None = None
) -> Network:
    """A layer of step units as a graph, with names as in `to_network`: its inputs take 0 and 1.

    Raises as `to_network` does.

    >>> from perceptron import truth_table
    >>> print(truth_table(step_network(StepLayer([[-2, -2]], [3]), ["x1", "x2"], ["nand"])))
    x1 x2 | nand
    0  0  | 1
    0  1  | 1
    1  0  | 1
    1  1  | 0
    """
    outputs, inputs = layer.weights.shape
    net = Network()
    below = [net.input(name) for name in _names(input_names, "input_names", "x", inputs)]
    names = _names(output_names, "output_names", "y", outputs)
    for name, bias, row in zip(names, layer.biases.tolist(), layer.weights.tolist(), strict=True):
        net.output(name, net.add(Unit(bias, STEP), zip(below, row, strict=True), name=name))
    return net


def from_network(net: Network) -> Layers:
    """The arrays of a layered network: the inverse of `to_network`.

    Layered means: every way from an input to an output has the same number of edges, and every unit leads to
    an output. A missing edge is a weight of 0 and parallel edges add. Neurons keep the order of the graph,
    outputs the order of the outputs. Weights are rounded to float32. Outputs that are together the softmax of
    identity units, in the units of `perceptron.formats.softmax`, are read as `output="softmax"`.

    Raises ConvertError, with the node, for a network without inputs or outputs, outputs that are neither
    sigmoid units nor one softmax, hidden units that are not all sigmoid, all tanh or all rectifiers, an edge
    that skips a layer, a unit that leads nowhere, and an output that is an input or is read by another unit;
    perceptron.CycleError for a loop.

    >>> from_network(to_network(Layers([[[1.0, -1.0]]], [[0.5]]))).weights
    [array([[ 1., -1.]], dtype=float32)]
    >>> from_network(to_network(Layers.start([4, 3, 2], rng=0, output="softmax")))
    Layers([4, 3, 2], output='softmax')
    """
    softmax = _softmax(net)
    levels = _levels(net, softmax)
    weights, biases = [], []
    for below, names in pairwise(levels):
        column = {name: i for i, name in enumerate(below)}
        w = np.zeros((len(names), len(below)))
        for row, name in enumerate(names):
            for source, weight in net.fanin(name):
                w[row, column[source]] += float(weight)
        weights.append(w)
        biases.append(np.array([float(net.unit(name).bias) for name in names]))
    hidden = [net.unit(name).activation for names in levels[1:-1] for name in names]
    name = next((name for name, unit in _UNITS.items() if hidden and unit == hidden[0]), "sigmoid")
    for node, activation in zip([name for names in levels[1:-1] for name in names], hidden, strict=True):
        if activation != hidden[0]:
            raise ConvertError(f"unit {node!r} is a {activation!r} unit and others are {hidden[0]!r}; use one for all")
    return Layers(weights, biases, activation=name, output="softmax" if softmax is not None else "sigmoid")


class _Softmax(NamedTuple):
    """A softmax that all outputs are: what it is of, in the order of the outputs, and the units that make it."""

    of: list[str]
    units: set[str]


def _softmax(net: Network) -> _Softmax | None:
    """The softmax that the outputs of a network are together, or None."""
    outputs = list(net.outputs.values())
    if not outputs or any(node in net.inputs or net.unit(node).activation != RECIPROCAL for node in outputs):
        return None
    tape = Tape.from_network(net)
    for found in find_softmaxes(tape):
        values, of, between = ([tape.names[node] for node in nodes] for nodes in found)
        if sorted(values) == sorted(outputs) and not any(net.graph.out_degree(value) for value in values):
            below = dict(zip(values, of, strict=True))
            return _Softmax([below[value] for value in outputs], {*values, *between})
    return None


def _levels(net: Network, softmax: _Softmax | None) -> list[list[str]]:
    """The node names layer by layer, inputs first and without a softmax, or ConvertError where there are no layers."""
    if not net.inputs or not net.outputs:
        raise ConvertError(f"{net!r} needs at least one input and one output to be layers")
    last, left_out = (list(net.outputs.values()), set()) if softmax is None else softmax
    order, inputs, outputs = [node for node in net.order() if node not in left_out], set(net.inputs), set(last)
    output_activation = SIGMOID if softmax is None else IDENTITY
    # Edges between a node and the outputs. Counted from the outputs, a unit without inputs has its place too.
    distance: dict[str, int] = {}
    for node in reversed(order):
        found = {distance[reader] + 1 for reader in net.graph.successors(node) if reader in distance}
        if node in outputs:
            found.add(0)
        if node in inputs:
            if node in outputs:
                raise ConvertError(f"output {node!r} is an input; let a sigmoid unit stand between")
            if not found:
                continue  # an input that nothing reads: a column of zeros
        elif net.unit(node).activation not in ((output_activation,) if node in outputs else tuple(_UNITS.values())):
            raise ConvertError(
                f"unit {node!r} is a {net.unit(node).activation!r} unit; layers have SIGMOID outputs, or a softmax of "
                "IDENTITY units, and before them SIGMOID, TANH or RELU"
            )
        if not found:
            raise ConvertError(f"unit {node!r} leads to no output; remove it first")
        if len(found) > 1:
            raise ConvertError(
                f"node {node!r} is {' and '.join(map(str, sorted(found)))} edges away from the outputs; in a "
                "layered network every way is equally long"
            )
        distance[node] = found.pop()
    deepest = max(distance.values(), default=0)
    depth = max((distance[name] for name in net.inputs if name in distance), default=deepest + 1)
    uneven = [name for name in net.inputs if distance.get(name, depth) != depth]
    late = [name for name in distance if name not in inputs and distance[name] >= depth]
    for name in uneven + late:
        raise ConvertError(
            f"node {name!r} is {distance[name]} edges away from the outputs and the inputs are {depth}; in a "
            "layered network every way is equally long"
        )
    hidden: list[list[str]] = [[] for _ in range(depth)]
    for node in order:
        if node not in inputs:
            hidden[distance[node]].append(node)
    return [list(net.inputs), *reversed(hidden[1:]), last]


def _names(given: Sequence[str] | None, what: str, letter: str, count: int) -> list[str]:
    if given is None:
        return [f"{letter}{i}" for i in range(count)]
    if len(given) != count:
        raise ConvertError(f"{what} has {len(given)} names; give {count}")
    return list(given)
