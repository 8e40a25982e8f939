"""to_nand of wide perceptrons: proved, or certified cell by cell, and compared with the sum on many patterns."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reference import single

from circuits import (
    certify_sum,
    multiplexer,
    mux,
    nand_report,
    popcount,
    threshold_full_adder,
    threshold_sorter,
    to_nand,
    wallace_multiplier,
)
from perceptron import STEP, Network, NetworkError, ParameterError, Table, Unit, find_difference, simulate

WIDTHS = [5, 8, 13, 16, 20, 33, 64, 100, 256, 784]


def drawn(rng, width, sizes):
    """Weights of random signs, and a bias about which the sum is as often above as below."""
    weights = rng.choice(sizes, width) * rng.choice([-1, 1], width)
    samples = rng.integers(0, 2, (64, width))
    sums = np.sort(samples @ weights)
    bias = -int(sums[rng.integers(8, 56)])
    return weights.tolist(), bias


def patterns(rng, weights, bias, count=300):
    """Random rows, and rows whose sum is at the boundary or one step beside it."""
    rows = rng.integers(0, 2, (count, len(weights)))
    near = rows[: count // 2].tolist()
    for row in near:
        total = sum(itertools.compress(weights, row), bias)
        for pin in rng.permutation(len(weights)).tolist():
            step = -weights[pin] if row[pin] else weights[pin]
            if abs(total + step) <= abs(total):
                row[pin] ^= 1
                total += step
    near, weights = np.array(near), np.array(weights)
    beside = near.copy()
    beside[np.arange(len(beside)), rng.integers(0, len(weights), len(beside))] ^= 1
    rows = np.vstack([rows, near, beside, np.zeros_like(rows[:1]), np.ones_like(rows[:1])])
    return rows, (rows @ weights + bias > 0).astype(int)


@pytest.mark.parametrize("start", range(20))
def test_two_hundred_wide_perceptrons(start):
    for index in range(10):
        rng = np.random.default_rng([start, index])
        width = WIDTHS[index] if start % 4 else int(rng.integers(2, 785 if index == 9 else 60))
        weights, bias = drawn(rng, width, np.arange(1, [1, 3, 7][start % 3] + 1))
        net = single(weights, bias)
        made = to_nand(net)
        rows, wanted = patterns(rng, weights, bias)
        assert wanted.min() == 0, "the patterns reach both sides"
        assert wanted.max() == 1, "the patterns reach both sides"
        assert simulate(made, rows)[:, 0].tolist() == wanted.tolist()
        if width <= 20:
            assert find_difference(net, made) is None
        proof = certify_sum(weights, bias)
        assert proof.fault() is None
        assert simulate(proof.network, rows)[:, 0].tolist() == wanted.tolist()
        assert len(made.units) <= len(proof.network.units)


@pytest.mark.parametrize("width", [*WIDTHS, 2, 3, 4, 48, 127, 128, 500])
@pytest.mark.parametrize(
    ("sizes", "most"), [([1], 9), ([3], 9), ([1, 3], 12), ([1, 2, 3], 12), (range(1, 8), 16)], ids=str
)
def test_nands_a_weight(width, sizes, most):
    """A full adder takes nine NANDs and takes one signal away, so weights of 1 take at most nine each."""
    rng = np.random.default_rng(width)
    for _ in range(3):
        weights, bias = drawn(rng, width, list(sizes))
        assert len(to_nand(single(weights, bias)).units) <= most * width


@given(st.lists(st.integers(-9, 9).filter(bool), min_size=1, max_size=9), st.data())
def test_certified_sums_are_the_perceptron(weights, data):
    low, high = sum(w for w in weights if w < 0), sum(w for w in weights if w > 0)
    bias = data.draw(st.integers(1 - high, -low))
    proof = certify_sum(weights, bias)
    assert proof.fault() is None
    assert find_difference(single(weights, bias), proof.network) is None


@settings(max_examples=20)
@given(st.integers(0, 2**32))
def test_a_proof_of_another_network_fails(seed):
    """One wire moved: then a cell, the sum or the output is wrong."""
    rng = np.random.default_rng(seed)
    weights, bias = drawn(rng, 24, [1, 2, 3, 5])
    proof = certify_sum(weights, bias)
    net = proof.network.copy()
    node = net.units[rng.integers(len(net.units))]
    others = [one for one in net.order()[: net.order().index(node)] if one not in dict(net.fanin(node))]
    kept = net.fanin(node)[0][0]
    net.graph.remove_edges_from([(source, node, key) for source, _, key in list(net.graph.in_edges(node, keys=True))])
    for source in (kept, others[rng.integers(len(others))]):
        net.graph.add_edge(source, node, weight=-2)
    if find_difference(net, proof.network) is not None:
        assert proof.fault(net) is not None


def test_a_proof_of_other_numbers_fails():
    proof = certify_sum([1, -2, 3, 4, -5, 6], -2)
    cells = list(proof.cells)
    cells[0] = cells[0]._replace(weight=2 * cells[0].weight)
    other = type(proof)
    fields = {name: getattr(proof, name) for name in other.__slots__}
    assert other(**fields).fault() is None
    assert other(**{**fields, "bias": proof.bias - 1}).fault().startswith("the threshold is ")
    assert other(**{**fields, "weights": (1, -2, 3, 4, -5, 7)}).fault() == (
        "what is added up is not what the perceptron weighs"
    )
    assert other(**{**fields, "cells": tuple(cells)}).fault() is not None
    assert other(**{**fields, "left": proof.left[:-1]}).fault() is not None


def test_weights_that_can_be_read_only_once():
    assert certify_sum((weight for weight in [1, 2, 1]), -1).weights == (1, 2, 1)
    with pytest.raises(ParameterError) as error:
        certify_sum(5)
    assert str(error.value) == "weights is 5; give a number for each input"


def test_nothing_to_add_up():
    with pytest.raises(ParameterError) as error:
        certify_sum([1, 1], 1)
    assert str(error.value) == "the perceptron of bias 1 always gives 1; give one that depends on its inputs"


@pytest.mark.parametrize(
    ("weights", "bias", "message"),
    [
        ([0.5, "x"], -1, "weight 2 is 'x'; give a finite number (int, float or Fraction)"),
        ([float("nan"), 1], -1, "weight 1 is nan; give a finite number (int, float or Fraction)"),
    ],
)
def test_what_is_no_number(weights, bias, message):
    with pytest.raises(NetworkError) as error:
        certify_sum(weights, bias)
    assert str(error.value) == message


@pytest.mark.parametrize(
    ("net", "most"),
    [
        (mux.network, 4),
        (threshold_full_adder.network, 9),
        (popcount(15).network, 11 * 9),  # 15 bits become 4: eleven full adders
        (wallace_multiplier(8).network, 600),
        (threshold_sorter(8).network, 92),
        (multiplexer(8).network, 255 * 3 + 8),  # a tree of 255 multiplexers and eight NOTs
    ],
    ids=["mux", "full adder", "popcount", "wallace", "sorter", "multiplexer"],
)
def test_no_more_than_by_hand(net, most):
    made = to_nand(net)
    assert len(made.units) <= most
    assert find_difference(net, made) is None


def test_wide_tables():
    """A table over a wide sum is looked up at the binary sum: every third count of 30 inputs."""
    values = [int(count % 3 == 0) for count in range(31)]
    net = single([1] * 30, 0, Table(*values))
    rows = np.random.default_rng(0).integers(0, 2, (500, 30))
    made = to_nand(net)
    assert simulate(made, rows)[:, 0].tolist() == [values[count] for count in rows.sum(axis=1).tolist()]
    assert find_difference(net, made) is None


def test_neurons_of_the_same_inputs_share():
    """Two thresholds of one sum take less than both alone."""
    net = Network()
    inputs = [net.input(f"x{pin}") for pin in range(9)]
    for bias in (-3, -5):
        net.output(f"y{-bias}", net.add(Unit(bias), [(source, 1) for source in inputs]))
    alone = sum(len(to_nand(single([1] * 9, bias)).units) for bias in (-3, -5))
    assert len(to_nand(net).units) < alone
    assert find_difference(net, to_nand(net)) is None


def test_the_report_counts():
    net = Network()
    inputs = [net.input(f"x{pin}") for pin in range(40)]
    wide = net.add(Unit(-20), [(source, 1) for source in inputs])
    net.output("y", net.add(Unit(0, Table(0, 1, 0)), [(wide, 1), (inputs[0], 1)]))
    report = nand_report(net)
    made = to_nand(net)
    assert report.gates == len(made.units)
    assert report.nots == sum(len(set(dict(made.fanin(node)))) == 1 for node in made.units)
    assert report.edges == 42
    assert report.per_weight == report.gates / 42
    assert report.kinds["table of 2 inputs"] == (1, 4)
    assert report.kinds["17 to 128 inputs"] == (1, len(to_nand(single([1] * 40, -20, STEP)).units))
    assert str(report).splitlines()[0].startswith(f"{report.gates} NANDs ({report.nots} of them as NOT), depth ")
