"""Nothing is recursive over a graph: a chain of 100,000 units goes through every function, in seconds."""

import time

import networkx as nx
import numpy as np
import pytest
from reference import chain

from circuits import to_nand
from perceptron import (
    SIGMOID,
    Network,
    Unit,
    check,
    compile,
    evaluate,
    find_difference,
    harden,
    layers,
    linearize,
    merge_parallel,
    prune,
    scale,
    simulate,
    soften,
    trace,
)
from perceptron.names import depth, statistics

LENGTH = 100_000
SHORTER = 20_000  # twenty times the depth at which recursion would fail


@pytest.fixture(scope="module")
def deep():
    """Inverters in a row, an even number of them: the identity."""
    return chain(LENGTH)


@pytest.fixture(autouse=True)
def in_seconds():
    start = time.process_time()
    yield
    assert time.process_time() - start < 20


def test_the_definition(deep):
    assert check(deep)[-1] == f"u{LENGTH - 1}"
    assert evaluate(deep, x=1) == {"y": 1}
    assert len(trace(deep, x=0).sums) == LENGTH


def test_the_engines(deep):
    assert simulate(deep, [[0], [1]]).tolist() == [[0], [1]]
    assert compile(deep, engine="reals").run(np.array([[0], [1]])).tolist() == [[0], [1]]


def test_the_shapes(deep):
    assert len(layers(deep)) == LENGTH + 1
    assert depth(deep) == LENGTH
    assert statistics(deep)["gates"] == {"NOT": LENGTH}


@pytest.mark.parametrize("transform", [merge_parallel, prune, lambda net: scale(net, 3)])
def test_the_transforms(transform):
    after = transform(chain(SHORTER))
    assert after.graph.number_of_edges() == SHORTER
    assert evaluate(after, x=1) == {"y": 1}


def test_soft_and_hard():
    soft = soften(chain(SHORTER), 10)
    assert evaluate(soft, x=1)["y"] == pytest.approx(1, abs=1e-3)
    assert evaluate(harden(soft), x=1) == {"y": 1}


def test_a_gradient_through_the_chain():
    net = chain(SHORTER // 4, weight=-2.0, bias=1.0)
    near = linearize(soften(net, 1), x=1)
    assert len(near.parameters) == SHORTER // 2


def test_equality_and_nands():
    """Different gates all the way, so that nothing folds away before it is built."""
    net = Network()
    a, b = net.input("a"), net.input("b")
    for _ in range(SHORTER // 2):
        a, b = net.add(Unit(3), [(a, -2), (b, -2)]), net.add(Unit(-1), [(a, 2), (b, 2)])
    net.output("a", a)
    net.output("b", b)
    assert find_difference(net, merge_parallel(net)) is None
    assert (
        simulate(to_nand(net), [[0, 0], [0, 1], [1, 0], [1, 1]]).tolist()
        == simulate(net, [[0, 0], [0, 1], [1, 0], [1, 1]]).tolist()
    )


def test_a_chain_that_stands_in_the_graph_backwards():
    """Built by hand from the end: the order is found all the same."""
    graph = nx.MultiDiGraph()
    for index in reversed(range(SHORTER)):
        graph.add_node(f"u{index}", unit=Unit(1, SIGMOID if index == 0 else Unit().activation))
    graph.add_node("x")
    for index in range(1, SHORTER):
        graph.add_edge(f"u{index - 1}", f"u{index}", weight=-2)
    graph.add_edge("x", "u0", weight=-2)
    net = Network.from_graph(graph, ["x"], {"y": f"u{SHORTER - 1}"})
    assert net.order() == ["x", *(f"u{index}" for index in range(SHORTER))]
    assert compile(net).run(np.array([[1.0]])).shape == (1, 1)
