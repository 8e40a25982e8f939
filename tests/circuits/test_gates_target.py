"""to_gates: the same function of nothing but the gates of the set, for drawn networks, machines and known circuits."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from machines import machines
from reference import chain, corners, snapshot, table_of
from strategies import networks

from circuits import (
    cells,
    full_adder,
    majority,
    mux,
    ripple_carry_adder,
    statistics,
    threshold_parity,
    threshold_popcount,
    to_gates,
    xor,
)
from circuits.synthesis.gates_target import GATES
from perceptron import SIGMOID, Network, NetworkError, ParameterError, Table, Unit, check, evaluate, find_difference

CELLS = {
    "nand": [cells.nand(2)],
    "nor": [cells.nor(2)],
    "aig": [cells.and_(2), cells.nor(1)],
    "and_or_not": [cells.and_(2), cells.or_(2), cells.nor(1)],
}


def of_set(net, gates):
    """Whether every unit is one of the set's, or a constant that nothing else could be."""
    check(net)
    for node in net.units:
        unit, weights = net.unit(node), [weight for _, weight in net.fanin(node)]
        if not weights and (not net.inputs or gates.startswith("lut")):
            continue
        if gates.startswith("lut"):
            width = len(weights)
            if width > int(gates[3:]) or weights != [2**place for place in range(width)]:
                return False
            if not isinstance(unit.activation, Table) or len(unit.activation.values) != 2**width:
                return False
        elif (unit, weights) not in [(cell.unit, list(cell.weights)) for cell in CELLS[gates]]:
            return False
    return True


@pytest.mark.parametrize("gates", GATES)
@given(net=st.one_of(networks(extreme=True, wide=True, wild=True), networks(max_units=20, max_inputs=6)))
@settings(max_examples=60)
def test_drawn_networks(gates, net):
    before = snapshot(net)
    made = to_gates(net, gates)
    assert snapshot(net) == before
    assert of_set(made, gates)
    assert (made.name, made.inputs, list(made.outputs)) == (net.name, net.inputs, list(net.outputs))
    assert table_of(made) == table_of(net)


@pytest.mark.parametrize("gates", GATES)
@given(net=machines(min_inputs=1, max_units=10))
@settings(max_examples=30)
def test_drawn_machines(gates, net):
    made = to_gates(net, gates)
    assert {name: state.initial for name, state in made.states.items()} == {
        name: state.initial for name, state in net.states.items()
    }
    assert find_difference(net, made) is None


@pytest.mark.parametrize("gates", GATES)
@given(net=networks(min_inputs=1, max_inputs=4))
@settings(max_examples=40)
def test_a_name_still_means_what_it_meant(gates, net):
    made = to_gates(net, gates)
    old = Network.from_graph(net.graph, net.inputs, {node: node for node in net.graph})
    new = Network.from_graph(made.graph, made.inputs, {node: node for node in made.graph})
    for values in corners(net):
        before, after = evaluate(old, values), evaluate(new, values)
        assert all(before[node] == after[node] for node in {*before} & {*after})


@pytest.mark.parametrize(
    ("gates", "net", "units"),
    [
        ("nor", full_adder.network, 9),  # nine of either gate: the adder is its own dual
        ("nor", xor.network, 5),
        ("nand", xor.network, 4),
        ("and_or_not", majority.network, 4),
        ("and_or_not", xor.network, 4),
        ("lut3", full_adder.network, 2),
        ("lut6", full_adder.network, 2),
        ("lut3", mux.network, 1),
        ("lut3", ripple_carry_adder(8).network, 16),
        ("lut2", xor.network, 1),
    ],
)
def test_known_sizes(gates, net, units):
    made = to_gates(net, gates)
    assert of_set(made, gates)
    assert len(made.units) <= units
    assert find_difference(net, made) is None


@pytest.mark.parametrize(
    ("net", "ands"),
    [(majority.network, 4), (xor.network, 3), (mux.network, 3), (full_adder.network, 7)],
    ids=["majority", "xor", "mux", "full adder"],
)
def test_known_and_inverter_graphs(net, ands):
    """The sizes that the literature of and-inverter graphs gives; complements are not counted there."""
    assert statistics(to_gates(net, "aig"))["gates"]["AND"] == ands


def test_lookup_tables_are_no_deeper_than_needed():
    """Five exclusive ors of two in a row: one table of six inputs, or three of three."""
    net = Network()
    node = net.input("x0")
    for pin in range(1, 6):
        node = net.add(Unit(0, Table(0, 1, 0)), [(node, 1), (net.input(f"x{pin}"), 1)])
    net.output("y", node)
    assert statistics(to_gates(net, "lut6"))["depth"] == 1
    assert statistics(to_gates(net, "lut3"))["depth"] == 3


def test_without_inputs():
    net = Network()
    net.add(Unit(1), name="one")
    net.output("z", net.add(Unit(1), [("one", -2)], name="zero"))
    net.output("y", "one")
    for gates in GATES:
        assert evaluate(to_gates(net, gates)) == {"z": 0, "y": 1}


def test_deep_networks_need_no_recursion():
    net = chain(3001)
    for gates in GATES:
        assert len(to_gates(net, gates).units) == 1


def test_mistakes():
    with pytest.raises(ParameterError) as error:
        to_gates(xor.network, "lut9")
    assert str(error.value) == (
        "there are no gates 'lut9'; give one of nand, nor, aig, and_or_not, lut2, lut3, lut4, lut5, lut6"
    )
    net = Network()
    net.output("y", net.add(Unit(0, SIGMOID), [(net.input("x"), 1)]))
    with pytest.raises(NetworkError, match="node 'x' has other values than 0 and 1, so it is no logic"):
        to_gates(net, "nor")


@pytest.mark.parametrize("gates", ["aig", "and_or_not", "lut4"])
@pytest.mark.parametrize("counts", [threshold_parity(17), threshold_popcount(17)], ids=lambda one: one.name)
def test_no_gate_comes_to_rest_on_itself(counts, gates):
    """Many counts of the same inputs share so much that a cone may be put in the place of what it is built on."""
    made = to_gates(counts.network, gates)
    assert of_set(made, gates)
    assert find_difference(made, counts.network) is None
