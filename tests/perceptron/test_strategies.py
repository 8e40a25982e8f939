"""The public strategies: what they promise to give, that they give it, and what they refuse."""

from __future__ import annotations

import re
import subprocess
import sys
from fractions import Fraction
from pathlib import Path
from random import Random

import numpy as np
import pytest
from hypothesis import find, given, settings
from hypothesis import strategies as st

from perceptron import STEP, Network, ParameterError, Table, TruthTable, Unit, check, evaluate, truth_table
from perceptron.network import is_binary, takes_real
from perceptron.testing import AWKWARD, assignments, names, networks, truth_tables, weights

ROOT = Path(__file__).parents[2]


def exists(strategy, condition):
    """Whether an example of this kind is drawn within a few hundred."""
    options = settings(database=None, max_examples=1000)
    return find(strategy, condition, settings=options, random=Random(0)) is not None


def units(net):
    return {node: net.graph.nodes[node]["unit"] for node in net.units}


# --- networks


@given(networks())
def test_networks_are_valid_and_of_zero_and_one(net):
    assert set(check(net)) == set(net.graph)
    assert all(is_binary(net, node) for node in net.graph)
    assert len(net.inputs) <= 5
    assert len(net.units) <= 7
    assert 1 <= len(net.outputs) <= 4


@given(networks(min_inputs=2, max_inputs=3, max_units=2, max_fanin=1))
def test_sizes_are_kept(net):
    assert 2 <= len(net.inputs) <= 3
    assert len(net.units) <= 2
    assert all(len(net.fanin(node)) <= 2 for node in net.units)  # a table's edge may be two half ones


@given(networks(steps_only=True))
def test_steps_only(net):
    assert all(unit.activation is STEP for unit in units(net).values())


@given(networks(smooth=True, others=True, wild=True, extreme=True, wide=True))
def test_everything_at_once_is_valid(net):
    assert set(check(net)) == set(net.graph)


def parallel(net):
    return any(net.graph.number_of_edges(a, b) > 1 for a, b in net.graph.edges())


def zero_sum(net):
    """A step unit whose sum is exactly 0 for some inputs."""
    return any(
        unit.activation is STEP and unit.bias and unit.bias + sum(Fraction(w) for _, w in net.fanin(node)) == 0
        for node, unit in units(net).items()
    )


@pytest.mark.parametrize(
    "condition",
    [
        parallel,
        zero_sum,
        lambda net: not net.inputs,
        lambda net: any(not net.fanin(node) for node in net.units),
        lambda net: any(node in net.inputs for node in net.outputs.values()),
        lambda net: len(set(net.outputs.values())) < len(net.outputs),
        lambda net: any(not net.graph.succ[name] and name not in net.outputs.values() for name in net.inputs),
        lambda net: any(isinstance(unit.activation, Table) for unit in units(net).values()),
    ],
)
def test_what_networks_cover(condition):
    assert exists(networks(), condition)


def test_a_network_shrinks():
    net = find(networks(), lambda net: 1 in evaluate(net, dict.fromkeys(net.inputs, 0)).values(), random=Random(0))

    assert (len(net.inputs), len(net.units), len(net.outputs)) == (0, 1, 1)


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"max_inputs": -1}, "max_inputs is -1; give a whole number of at least 0"),
        ({"max_fanin": 1.5}, "max_fanin is 1.5; give a whole number"),
        ({"min_inputs": True}, "min_inputs is True; give a whole number"),
        ({"min_inputs": 6}, "min_inputs is 6, but max_inputs is 5; give at most as many"),
        ({"max_units": 0}, "max_units is 0, and there may be no inputs; allow a unit, or give min_inputs=1"),
        ({"wild": 1}, "wild is 1; give True or False"),
    ],
)
def test_networks_refuse_at_once(options, told):
    with pytest.raises(ParameterError, match=re.escape(told)):
        networks(**options)


# --- weights, names, assignments


@given(weights())
def test_plain_weights(weight):
    assert weight in AWKWARD or weight in range(-4, 5)


def test_extreme_weights_are_asked_for():
    assert exists(weights(extreme=True), lambda weight: abs(weight) > 1e300)
    with pytest.raises(ParameterError, match="extreme is 2; give True or False"):
        weights(extreme=2)


@given(names())
def test_names_are_encodable(name):
    assert len(name) >= 1
    assert name.encode()


@given(st.data())
def test_assignments_fit(data):
    net = data.draw(networks(smooth=True))
    values = data.draw(assignments(net))

    assert list(values) == list(net.inputs)
    assert all(takes_real(net, name) or value in (0, 1) for name, value in values.items())
    evaluate(net, values)


def test_assignments_of_something_else():
    with pytest.raises(ParameterError, match=re.escape("assignments is given 3; give a Network")):
        assignments(3)


# --- truth tables


@given(truth_tables(inputs=(1, 3), outputs=(1, 2)))
def test_truth_tables(table):
    """All rows, in counting order."""
    count = len(table.input_names)

    assert isinstance(table, TruthTable)
    assert 1 <= count <= 3
    assert 1 <= len(table.output_names) <= 2
    numbers = [int("".join(map(str, row)), 2) for row in table.inputs.tolist()]
    assert numbers == list(range(2**count))
    assert table.outputs.shape == (2**count, len(table.output_names))
    assert set(np.unique(table.outputs)) <= {0, 1}


@given(truth_tables(inputs=0))
def test_a_table_of_no_inputs_is_a_constant(table):
    assert table.inputs.shape == (1, 0)
    assert table.outputs.shape == (1, 1)


@pytest.mark.parametrize(
    "condition",
    [
        lambda table: not table.outputs.any(),
        lambda table: table.outputs.all(),
        lambda table: table.outputs.sum() == 1,
        lambda table: (table.outputs[:, 0] == table.inputs[:, 3]).all(),
        lambda table: (table.outputs[:, 0] == table.inputs.sum(axis=1) % 2).all(),
    ],
)
def test_special_functions_are_among_them(condition):
    """A parity of four inputs is one in 65536."""
    assert exists(truth_tables(inputs=4), condition)


@given(truth_tables(inputs=3))
def test_a_table_can_be_built(table):
    """Every function is one table unit on weights 4, 2, 1."""
    net = Network()
    sources = [net.input(name) for name in table.input_names]
    values = table.outputs[:, 0].tolist()
    net.output("y1", net.add(Unit(0, Table(*values)), zip(sources, (4, 2, 1), strict=True)))

    assert truth_table(net) == table


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"inputs": 11}, "inputs is 11; give at most 10"),
        ({"inputs": (3, 1)}, "inputs is (3, 1); give the smaller number first"),
        ({"inputs": (1, 2, 3)}, "inputs is (1, 2, 3); give a number, or the least and the most"),
        ({"outputs": 0}, "outputs is 0; give a whole number of at least 1"),
        ({"inputs": "two"}, "inputs is 'two'; give a whole number"),
    ],
)
def test_truth_tables_refuse_at_once(options, told):
    with pytest.raises(ParameterError, match=re.escape(told)):
        truth_tables(**options)


# --- without Hypothesis


def test_the_missing_extra_is_named():
    code = "import sys; sys.modules['hypothesis'] = None; import perceptron, circuits; import perceptron.testing"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)

    assert done.returncode == 1
    assert "install it with: pip install 'perceptron-circuits[test]'" in done.stderr.splitlines()[-1]
