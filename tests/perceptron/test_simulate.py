"""simulate and truth_table: the same as evaluate, row by row, and the shapes and texts they give."""

import csv
import io
import json
import math

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from reference import corners, single, table_of
from strategies import assignments, networks

from perceptron import (
    SIGMOID,
    InputError,
    Network,
    NetworkError,
    ParameterError,
    Table,
    TruthTable,
    Unit,
    evaluate,
    simulate,
    trace,
    truth_table,
)
from perceptron.network import is_binary


@given(networks(extreme=True, wide=True, wild=True))
def test_equals_evaluate_on_every_input(net):
    samples = [list(values.values()) for values in corners(net)]
    found = simulate(net, np.array(samples).reshape(len(samples), len(net.inputs)))
    assert found.dtype == np.uint8
    assert found.tolist() == [list(evaluate(net, values).values()) for values in corners(net)]


@given(networks(sigmoids_only=True), st.data())
def test_equals_evaluate_for_sigmoids(net, data):
    rows = [data.draw(assignments(net)) for _ in range(3)]
    samples = np.array([list(row.values()) for row in rows], dtype=float).reshape(3, len(net.inputs))
    found = simulate(net, samples)
    wanted = [list(evaluate(net, row).values()) for row in rows]
    np.testing.assert_allclose(found, wanted, rtol=0, atol=1e-12)


@given(networks(smooth=True), st.data())
def test_equals_evaluate_for_mixed_networks(net, data):
    row = data.draw(assignments(net))
    found = simulate(net, np.array([list(row.values())], dtype=float))
    traced = trace(net, row)
    for node in net.units:  # a step that reads a sigmoid's last digit may not be compared
        if net.unit(node).activation.binary and not all(is_binary(net, s) for s in net.graph.pred[node]):
            reads_sigmoid = any(s in net.units and not is_binary(net, s) for s in net.graph.pred[node])
            assume(not reads_sigmoid or abs(traced.sums[node]) > 1e-9)
    for value, wanted, node in zip(found[0], evaluate(net, row).values(), net.outputs.values(), strict=True):
        if node in net.units and is_binary(net, node):
            assert value == wanted
        else:
            assert value == pytest.approx(float(wanted), abs=1e-12)


@given(networks(), st.integers(0, 200), st.integers(0, 2**32))
def test_any_number_of_samples(net, count, seed):
    """0, 1, and numbers that are no multiple of 64: each row is what it is by itself."""
    samples = np.random.default_rng(seed).integers(0, 2, (count, len(net.inputs)))
    found = simulate(net, samples)
    assert found.shape == (count, len(net.outputs))
    table = table_of(net)
    numbers = samples @ (1 << np.arange(len(net.inputs))[::-1])
    assert [tuple(row) for row in found.tolist()] == [table[number] for number in numbers]


@pytest.mark.parametrize("activation", [Unit(3).activation, SIGMOID])
@pytest.mark.parametrize("count", [0, 1, 63, 64, 65, 2047, 2049, 70_001])
def test_blocks_join(activation, count):
    net = single([-2, -2], 3, activation)
    samples = np.random.default_rng(count).integers(0, 2, (count, 2))
    z = 3 - 2 * samples.sum(axis=1)
    wanted = (z > 0).astype(float) if activation is not SIGMOID else 1 / (1 + np.exp(-z))
    np.testing.assert_allclose(simulate(net, samples)[:, 0], wanted, atol=1e-12)


@pytest.mark.parametrize("make", [list, tuple, np.array, lambda rows: np.asfortranarray(rows)])
@pytest.mark.parametrize("dtype", [bool, np.int8, np.uint64, np.float32, float])
def test_types_of_samples(make, dtype):
    rows = np.array([[0, 1], [1, 1]], dtype=dtype)
    given_ = make(rows.tolist()) if make in (list, tuple) else make(rows)
    assert simulate(single([-2, -2], 3), given_).tolist() == [[1], [0]]


def test_samples_stay_as_they_are():
    samples = np.array([[0.0, 1.0], [1.0, 1.0]])
    simulate(single([-2, -2], 3), samples)
    simulate(single([-2, -2], 3, SIGMOID), samples)
    assert samples.tolist() == [[0, 1], [1, 1]]


def test_no_samples_and_no_inputs():
    constant = Network()
    constant.output("y", constant.add(Unit(1)))
    assert simulate(constant, np.zeros((3, 0))).tolist() == [[1], [1], [1]]
    assert simulate(constant, []).shape == (0, 1)
    assert simulate(single([1, 1], 0), []).shape == (0, 1)
    assert simulate(single([1, 1], 0, SIGMOID), np.zeros((0, 2))).shape == (0, 1)


def test_step_outputs_are_bytes_and_others_floats():
    net = single([1], 0, SIGMOID)
    assert simulate(net, [[1]]).dtype == np.float64
    net.output("hard", net.add(Unit(-0.5), [("y", 1)]))
    assert simulate(net, [[1]]).dtype == np.float64
    only = Network.from_graph(net.graph, net.inputs, {"hard": net.outputs["hard"]})
    assert simulate(only, [[1]]).dtype == np.uint8


@pytest.mark.parametrize("samples", [[1, 0], [[1]], [[1, 0, 1]], [[[1]]], [[[[1, 0]]]], 1, np.zeros((2, 0))])
def test_shape_of_samples(samples):
    with pytest.raises(InputError) as error:
        simulate(single([1, 1], 0), samples)
    shape = np.shape(samples)
    assert str(error.value) == f"samples have the shape {shape}; give (samples, 2), a column for each of x1, x2"


@pytest.mark.parametrize(
    ("real", "samples", "text"),
    [
        (False, [[0, 1], [1, 2]], "input 'x2' is 2 in sample 1; give 0 or 1"),
        (False, [[0.5, 1.0]], "input 'x1' is 0.5 in sample 0; give 0 or 1"),
        (False, [[math.nan, 1.0]], "input 'x1' is nan in sample 0; give 0 or 1"),
        (True, [[1.0, math.inf]], "input 'x2' is inf in sample 0; give a finite number"),
        (True, [[math.nan, 3.0]], "input 'x1' is nan in sample 0; give a finite number"),
        (False, [["0", "1"]], "samples are of type <U1; give numbers"),
        (True, [[1j, 0]], "samples are of type complex128; give numbers"),
        (
            True,
            [[0, 2**53 + 1]],
            "input 'x2' is 9007199254740993 in sample 0, an integer of 2**53 or more, which float64 may round; "
            "give floats, or evaluate it by itself",
        ),
    ],
)
def test_refused_samples(real, samples, text):
    with pytest.raises(InputError) as error:
        simulate(single([1, 1], 0, real=real), samples)
    assert str(error.value) == text


# --- truth_table


@given(networks(wild=True))
def test_truth_table_has_every_row_in_counting_order(net):
    table = truth_table(net)
    wanted = [(*values.values(), *evaluate(net, values).values()) for values in corners(net)]
    assert list(table) == wanted
    assert len(table) == 2 ** len(net.inputs)
    assert np.asarray(table).tolist() == [list(row) for row in wanted]
    assert np.asarray(table, dtype=float).dtype == float
    assert (table.input_names, table.output_names) == (net.inputs, tuple(net.outputs))
    assert table.inputs.dtype == table.outputs.dtype == np.uint8


@given(networks(wild=True))
def test_csv_reads_back(net):
    table = truth_table(net)
    assume(not any("\r" in name for name in [*net.inputs, *net.outputs]))  # Python 3.11's csv does not quote it
    rows = list(csv.reader(io.StringIO(table.csv(), newline="")))
    assert rows[0] == [*net.inputs, *net.outputs]
    assert [tuple(map(int, row)) for row in rows[1:]] == list(table)


@given(networks())
def test_json_reads_back(net):
    table = truth_table(net)
    names = [*net.inputs, *net.outputs]
    assert json.loads(table.json()) == [dict(zip(names, row, strict=True)) for row in table]


def xor():
    net = Network()
    net.input("a")
    net.input("long name")
    net.output("a|b", net.add(Unit(0, Table(0, 1, 0)), {"a": 1, "long name": 1}))
    return net


def test_texts_of_a_table():
    table = truth_table(xor())
    assert str(table).splitlines() == [
        "a long name | a|b",
        "0         0 |   0",
        "0         1 |   1",
        "1         0 |   1",
        "1         1 |   0",
    ]
    assert table.csv() == "a,long name,a|b\n0,0,0\n0,1,1\n1,0,1\n1,1,0\n"
    assert table.markdown() == (
        "| a | long name | a\\|b |\n| ---: | ---: | ---: |\n"
        "| 0 | 0 | 0 |\n| 0 | 1 | 1 |\n| 1 | 0 | 1 |\n| 1 | 1 | 0 |\n"
    )
    assert json.loads(table.json())[1] == {"a": 0, "long name": 1, "a|b": 1}


def test_table_of_a_constant():
    net = Network()
    net.output("one", net.add(Unit(1)))
    assert list(truth_table(net)) == [(1,)]
    assert str(truth_table(net)).splitlines() == ["| one", "|   1"]


def test_tables_compare_by_names_and_values():
    table = truth_table(xor())
    assert table == truth_table(xor())
    assert table != truth_table(single([1, 1], 0))
    assert table != "table"
    other = TruthTable(table.input_names, table.output_names, table.inputs, 1 - table.outputs)
    assert table != other


def test_twenty_inputs_and_no_more():
    net = single([1] * 20, -19)
    assert truth_table(net).outputs.sum() == 1
    assert truth_table(net).outputs[-1, 0] == 1
    with pytest.raises(ParameterError) as error:
        truth_table(single([1] * 21, 0))
    assert str(error.value) == (
        "a truth table of 21 inputs has 2**21 rows; the most is 20 inputs, so simulate the samples you need instead"
    )


def test_no_table_of_real_numbers():
    with pytest.raises(ParameterError) as error:
        truth_table(single([1], 0, SIGMOID))
    assert str(error.value) == "input 'x1' takes real numbers, so there is no truth table; harden the network"
    net = single([1], 0)
    net.output("soft", net.add(Unit(0, SIGMOID), [("y", 1)]))
    with pytest.raises(ParameterError, match=r"^<Network.*> has outputs between 0 and 1, so there is no truth table"):
        truth_table(net)


def test_a_broken_network_is_refused_as_such():
    net = single([1], 0)
    net.graph.remove_node("x1")
    with pytest.raises(NetworkError, match=r"^input 'x1': there is no such node; add it first$"):
        truth_table(net)
