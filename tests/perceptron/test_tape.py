"""The tape: the same network as arrays, filled by the same verbs, there and back again."""

import numpy as np
import pytest
from hypothesis import given
from strategies import networks

from perceptron import (
    SIGMOID,
    Network,
    NetworkError,
    Table,
    Tape,
    Unit,
    compile,
    evaluate,
    find_difference,
    simulate,
    truth_table,
)


def same(one, two):
    """Whether two networks have the same nodes, units, edges, inputs, outputs and states."""
    return (
        list(one.graph.nodes(data=True)) == list(two.graph.nodes(data=True))
        and all(sorted(map(repr, one.fanin(n))) == sorted(map(repr, two.fanin(n))) for n in one.graph)
        and (one.inputs, dict(one.outputs), dict(one.states)) == (two.inputs, dict(two.outputs), dict(two.states))
    )


@given(networks(smooth=True, wide=True))
def test_there_and_back(net):
    back = Tape.from_network(net).to_network()

    assert set(back.graph) == set(net.graph)
    assert all(back.unit(n) == net.unit(n) for n in net.units)
    assert all(sorted(map(repr, back.fanin(n))) == sorted(map(repr, net.fanin(n))) for n in net.graph)
    assert (back.inputs, dict(back.outputs)) == (net.inputs, dict(net.outputs))


@given(networks())
def test_a_tape_runs_as_its_network(net):
    tape = Tape.from_network(net)

    assert truth_table(tape) == truth_table(net)
    assert find_difference(tape, net) is None


def test_equal_cells_are_shared_and_number_types_kept():
    tape = Tape()
    x = tape.input("x")
    for weight in (2, 2, 2.0):
        tape.add(Unit(-1), [(x, weight)])

    assert len(tape.cells) == 2
    assert [type(cell.weights[0]) for cell in tape.cells] == [int, float]


def test_zeros_keep_their_sign():
    tape = Tape()
    x = tape.input("x")
    for bias, weight in ((0.0, 0.0), (-0.0, 0.0), (0.0, -0.0), (0.0, 0.0)):
        tape.add(Unit(bias), [(x, weight)])

    assert list(tape.cell_numbers[1:]) == [0, 1, 2, 0]
    assert [repr((cell.unit.bias, *cell.weights)) for cell in tape.cells] == [
        "(0.0, 0.0)",
        "(-0.0, 0.0)",
        "(0.0, -0.0)",
    ]


def test_unnamed_nodes_avoid_the_names_to_come():
    tape = Tape()
    x = tape.input("n1")
    tape.output("y", tape.add(Unit(1), [(tape.add(Unit(1), [(x, -2)]), -2)], "n2"))

    assert list(tape.to_network().graph) == ["n1", "n3", "n2"]


@pytest.mark.parametrize(
    ("build", "text"),
    [
        (lambda t, x: t.input("x"), "a node 'x' is there already; choose another name"),
        (lambda t, x: t.input(""), "a node is named ''; give a non-empty string"),
        (lambda t, x: t.add(Unit(1), [(7, 1)]), "a unit reads node 7, but the nodes are 0 to 0; add it first"),
        (lambda t, x: t.add(Unit(1), [(x, float("nan"))]), "a weight is nan; give a finite number"),
        (lambda t, x: t.add(3), "a unit is 3; give a Unit, for example Unit(3)"),
        (
            lambda t, x: t.add_cell(t.cell(Unit(1), [2]), [x, x]),
            "a unit of 1 weights is given 2 sources; give one for each",
        ),
        (lambda t, x: t.add(Unit(1), [("x", 1)]), "a unit reads node 'x', but the nodes are 0 to 0; add it first"),
        (lambda t, x: t.add_cell(3, [x]), "there is no cell 3; make it first with cell(unit, weights)"),
        (lambda t, x: t.output("y", 9), "there is no node 9; the nodes are 0 to 0"),
        (lambda t, x: t.output("y", "x"), "there is no node 'x'; the nodes are 0 to 0"),
        (lambda t, x: t.feedback(x, x), "node 0 is no state; add one with state(name)"),
    ],
)
def test_what_the_verbs_refuse(build, text):
    tape = Tape()
    x = tape.input("x")

    with pytest.raises(NetworkError) as error:
        build(tape, x)
    assert str(error.value).startswith(text)
    assert len(tape) == 1


@pytest.mark.parametrize(
    ("build", "text"),
    [
        (lambda t, x: None, "has no output"),
        (lambda t, x: t.output("y", t.state("q")), "state 'q' has no next value"),
        (lambda t, x: t.output("y", t.add(Unit(0, Table(0, 1)), [(x, 2)], "cell")), "unit 'cell': a table of 2 values"),
        (
            lambda t, x: t.output("y", t.add(Unit(0, Table(0, 1)), [(t.add(Unit(0, SIGMOID)), 1)])),
            "unit number 2: a table",
        ),
    ],
)
def test_what_is_checked_before_it_runs(build, text):
    tape = Tape()
    build(tape, tape.input("x"))

    with pytest.raises(NetworkError, match=text):
        compile(tape)


def test_a_table_may_need_its_parallel_edges_merged():
    tape = Tape()
    x = tape.input("x")
    tape.output("y", tape.add(Unit(0, Table(0, 1)), [(x, 2), (x, -1)]))

    assert truth_table(tape).outputs.tolist() == [[0], [1]]


def toggle(make):
    net = make("toggle")
    q = net.state("q")
    net.feedback(q, net.add(Unit(1), [(q, -2)]))
    net.output("out", q)
    return net


def test_states_go_there_and_back():
    assert same(Tape.from_network(toggle(Network)).to_network(), toggle(Network))
    assert (
        simulate(toggle(Tape), np.zeros((4, 3, 0))).tolist() == simulate(toggle(Network), np.zeros((4, 3, 0))).tolist()
    )


def test_a_million_units_in_a_tape_take_a_few_bytes_each():
    tape = Tape()
    node = tape.input("x")
    cell = tape.cell(Unit(1), [-2])
    for _ in range(200_000):
        node = tape.add_cell(cell, (node,))
    tape.output("y", node)

    assert len(tape.cells) == 1
    assert evaluate(toggle(Network)) == {"out": 0}
    assert simulate(tape, [[0], [1]]).tolist() == [[0], [1]]
