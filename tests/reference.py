"""What the tests compare with: the chapter's rule written a second time, with fractions and nothing of ours."""

import itertools
import math
from fractions import Fraction

import networkx as nx

from perceptron import SIGMOID, STEP, Network, Table, Unit


def sigmoid(z):
    """Equation 3, by whichever of its two forms does not overflow."""
    if z < 0:
        small = math.exp(max(z, -800))
        return small / (1 + small)
    return 1 / (1 + math.exp(-min(z, 800)))


def edges_of(net):
    """Every edge as (source, target, weight), parallel ones one by one."""
    return list(net.graph.edges(data="weight"))


def exact(number):
    """The same number as an int or a fraction."""
    return number if type(number) is int else Fraction(number)


def rules_of(net):
    """The rule of each unit, in topological order: (node, bias, activation, its edges as (source, weight))."""
    rules = []
    for node in nx.topological_sort(net.graph):
        unit = net.graph.nodes[node].get("unit")
        if unit is not None:
            edges = [(source, exact(weight)) for source, _, weight in net.graph.in_edges(node, data="weight")]
            rules.append((node, exact(unit.bias), unit.activation, edges))
    return rules


def node_values(net, values, rules=None):
    """The value of every node for a dict of input values; with `rules` if they are known already."""
    result = {name: exact(value) for name, value in values.items()}
    for node, bias, activation, edges in rules_of(net) if rules is None else rules:
        z = bias
        for source, weight in edges:
            if result[source]:
                z += weight * exact(result[source])
        if isinstance(activation, Table):
            assert z.denominator == 1
            result[node] = activation.values[int(z)]
        elif activation is STEP:
            result[node] = 1 if z > 0 else 0
        else:
            assert activation is SIGMOID
            result[node] = sigmoid(float(max(-(10**6), min(10**6, z))))
    return result


def expected(net, values):
    """The outputs for a dict of input values."""
    result = node_values(net, values)
    return {name: float(result[node]) for name, node in net.outputs.items()}


def corners(net):
    """Every assignment of 0 and 1 to the inputs, in counting order, the first input slowest."""
    for bits in itertools.product((0, 1), repeat=len(net.inputs)):
        yield dict(zip(net.inputs, bits, strict=True))


def table_of(net):
    """The rows of outputs of a 0/1 network, in counting order."""
    rules = rules_of(net)
    rows = (node_values(net, values, rules) for values in corners(net))
    return [tuple(int(values[node]) for node in net.outputs.values()) for values in rows]


def snapshot(net):
    """Everything that a network is, down to the type of each weight, for comparing before and after."""
    return (
        net.name,
        net.inputs,
        list(net.outputs.items()),
        [(node, dict(data), repr(data)) for node, data in net.graph.nodes(data=True)],
        [(u, v, k, dict(data), repr(data)) for u, v, k, data in net.graph.edges(keys=True, data=True)],
        [(node, [(source, repr(parallel)) for source, parallel in net.graph.pred[node].items()]) for node in net.graph],
    )


def single(weights, bias, activation=STEP, *, real=False):
    """A network of one unit `y` on the inputs x1, x2, ..."""
    net = Network()
    sources = [net.input(f"x{index + 1}", real=real) for index in range(len(weights))]
    net.output("y", net.add(Unit(bias, activation), zip(sources, weights, strict=True), name="y"))
    return net


def chain(length, *, weight=-2, bias=1):
    """A chain of units, each read by the next: inverters unless other numbers are given."""
    net = Network()
    node = net.input("x")
    for index in range(length):
        node = net.add(Unit(bias), [(node, weight)], name=f"u{index}")
    net.output("y", node)
    return net
