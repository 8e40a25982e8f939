"""certify_cover: None only where two networks are equal, on all inputs; and for what collapse makes it is None."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from machines import circuits_folder, machines
from reference import corners, single, table_of
from strategies import networks

from circuits import (
    certify_cover,
    collapse,
    full_adder,
    mux,
    nand,
    nor,
    read,
    ripple_carry_adder,
    to_nand,
    wallace_multiplier,
)
from circuits.synthesis import cover_certificate
from perceptron import SIGMOID, InputError, Network, NetworkError, Table, Tape, Unit, evaluate, find_difference


def changed(net, draw, *, unit=None):
    """The network with one step unit of another bias or with one weight turned round."""
    new = net.copy()
    steps = [one for one in net.units if net.unit(one).activation.name == "step"]
    if not steps:
        return new
    node = unit or draw.choice(steps)
    edges = list(new.graph.in_edges(node, keys=True))
    if edges and draw.random() < 0.5:
        edge = draw.choice(edges)
        new.graph.edges[edge]["weight"] *= -1
    else:
        new.graph.nodes[node]["unit"] = Unit(net.unit(node).bias + draw.choice([-2, -1, 1, 2]))
    return new


@settings(max_examples=40)
@given(networks(extreme=True, wide=True, wild=True))
def test_what_collapse_makes(net):
    assert certify_cover(net, collapse(net)) is None
    assert certify_cover(net, net) is None


@settings(max_examples=40)
@given(networks(wide=True), st.randoms(use_true_random=False), st.integers(1, 9))
def test_mutants(net, draw, seed):
    """Of what was made and of what it was made from; the oracle is `evaluate` on all inputs."""
    made = collapse(net)
    for one, other in ((net, changed(made, draw)), (changed(net, draw), made)):
        equal = all(evaluate(one, values) == evaluate(other, values) for values in corners(net))
        fault = certify_cover(one, other, rng=seed)
        assert equal or fault is not None
        if fault is None:
            assert table_of(one) == table_of(other)


@settings(max_examples=40)
@given(networks(wide=True))
def test_units_that_are_nowhere_in_the_source_become_helpers(net):
    """Most NANDs of a perceptron are no nodes of its lowering."""
    nands = to_nand(net)
    assert certify_cover(nands, net) is None
    assert certify_cover(net, nands) is None


@pytest.mark.parametrize("limits", [{"_LEAVES": 0}, {"_INNER": 1}, {"_LEAVES": 3, "_WORDS": 1}], ids=str)
def test_where_the_solver_decides(limits, monkeypatch):
    for name, value in limits.items():
        monkeypatch.setattr(cover_certificate, name, value)
    draw = random.Random(0)
    for net in (ripple_carry_adder(3).network, wallace_multiplier(2).network):
        made = collapse(net)
        assert certify_cover(net, made) is None
        for node in made.units:
            broken = changed(made, draw, unit=node)
            if table_of(broken) != table_of(net):
                assert certify_cover(net, broken) is not None


def test_every_mutant_of_a_collapsed_multiplier():
    """Each unit once; the oracle is a proof by other means."""
    net = wallace_multiplier(4).network
    made, draw = collapse(net), random.Random(0)
    assert certify_cover(net, made) is None
    for node in made.units:
        broken = changed(made, draw, unit=node)
        if find_difference(net, broken) is not None:
            assert certify_cover(net, broken).startswith("output 'product[")


@settings(max_examples=25)
@given(machines(max_units=10))
def test_states(net):
    assert certify_cover(net, collapse(net)) is None


def toggle(initial, bias=1):
    net = Network("toggle")
    q = net.state("q", initial)
    net.feedback(q, net.add(Unit(bias), [(q, -2)]))
    net.output("out", q)
    return net


def test_states_that_differ():
    assert certify_cover(toggle(0), toggle(None)) is None, "an unknown value is 0"
    assert certify_cover(toggle(0), toggle(1)) == "state 'q' does not begin alike in both"
    assert certify_cover(toggle(0), toggle(0, 0)) == "the next 'q' differs"


def test_values_that_never_occur_together():
    """The sum reads the carry beside its three bits; only eight of the sixteen values occur."""
    made = collapse(full_adder.network)
    assert dict(made.fanin("sum"))["carry"] == -2
    assert certify_cover(full_adder.network, made) is None
    assert certify_cover(made, full_adder.network) is None


def test_a_wide_unit_and_a_rare_difference():
    """AND of 40 inputs against the constant 0 look alike on every pattern; nothing is called equal."""
    wide = single([2] * 40, -79)
    nands = to_nand(wide)
    assert certify_cover(nands, collapse(nands)) is None
    assert certify_cover(nands, single([0] * 40, 0)) == "output 'y' is not shown to be equal"


def test_weights_beyond_64_bits():
    net = single([1 << 70, 1 << 69, -(1 << 70), 1], -(1 << 69))
    assert certify_cover(net, single([4, 2, -4, 1], -2)) in (None, "output 'y' differs")
    assert certify_cover(to_nand(net), net) is None


def test_inputs_and_constants_as_outputs():
    net = Network()
    x = net.input("x")
    net.input("unused")
    net.output("wire", x)
    net.output("not", net.add(Unit(1), [(x, -2)]))
    net.output("one", net.add(Unit(1)))
    net.output("zero", net.add(Unit(0, Table(0, 0, 0)), [(x, 1), (x, 1)]))
    assert certify_cover(net, collapse(net)) is None
    other = net.copy()
    other.graph.nodes[other.outputs["zero"]]["unit"] = Unit(0, Table(0, 0, 1))
    assert certify_cover(net, other) == "output 'zero' differs"


def test_what_it_says():
    assert certify_cover(nand.network, nor.network) == "output 'out' differs"
    with pytest.raises(InputError, match="network has the input"):
        certify_cover(nand.network, mux.network)
    with pytest.raises(NetworkError, match="node 'x1' has other values than 0 and 1, so it is no logic"):
        certify_cover(single([1], 0, SIGMOID), single([1], 0))
    wide = single([1 << 20] * 2000, -1)
    with pytest.raises(NetworkError, match="a unit that is too wide for operations on bits; split it first"):
        certify_cover(wide, wide)


@pytest.mark.parametrize("name", ["c432", "c880", "c1355", "c6288"])
def test_iscas(name):
    tape = read(circuits_folder() / "iscas85" / f"{name}.bench", into=Tape())
    made = collapse(tape, rounds=1)
    assert certify_cover(tape, made) is None


@pytest.mark.slow
@pytest.mark.parametrize("name", ["cavlc", "priority", "bar", "multiplier"])
def test_epfl(name):
    tape = read(circuits_folder() / "epfl" / f"{name}.aig", into=Tape())
    assert certify_cover(tape, collapse(tape, rounds=1)) is None
