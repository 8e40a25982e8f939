"""prove: by structure, all inputs, sweeping and induction; every answer against brute force or arithmetic."""

import math
import signal
from concurrent.futures import ThreadPoolExecutor
from random import Random

import pysolvers
import pytest
from hypothesis import given
from hypothesis import strategies as st
from reference import corners, single
from strategies import networks

from circuits import (
    array_multiplier,
    half_adder,
    kogge_stone_adder,
    nand,
    nor,
    ripple_carry_adder,
    wallace_multiplier,
)
from perceptron import SIGMOID, Network, ParameterError, Table, Tape, Unit, evaluate, prove
from perceptron.engines.logic import AND
from perceptron.equivalence import decide, sweeping
from perceptron.equivalence.folding import Folding

# --- folding


@given(st.integers(1, 4), st.randoms(use_true_random=False), st.integers(1, 40))
def test_folding_keeps_every_function(inputs, random, count):
    """The operations' truth tables, as whole numbers; and never two operations for one."""
    logic = Folding(inputs)
    rows = 1 << inputs
    full = (1 << rows) - 1
    meant = {0: 0} | {2 * (at + 1): sum((row >> at & 1) << row for row in range(rows)) for at in range(inputs)}

    def value(literal):
        return meant[literal & ~1] ^ (full if literal & 1 else 0)

    for _ in range(count):
        a, b = (random.choice(list(meant)) ^ random.randint(0, 1) for _ in range(2))
        before = len(logic.kind)
        conjunction = random.random() < 0.6
        made = logic.and_(a, b) if conjunction else logic.xor(a, b)
        wanted = value(a) & value(b) if conjunction else value(a) ^ value(b)
        assert len(logic.kind) <= before + 1
        meant.setdefault(made & ~1, wanted ^ (full if made & 1 else 0))
        assert value(made) == wanted
    first = inputs + 1
    for at, (kind, left, right) in enumerate(zip(logic.kind, logic.left, logic.right, strict=True)):
        own = value(2 * (first + at))
        assert own == (value(left) & value(right) if kind == AND else value(left) ^ value(right))


def test_an_exclusive_or_of_nands_folds_to_one_operation():
    """Structure alone proves a parity of 40 inputs in NANDs equal to one in table units."""
    plain, nands = Network(), Network()
    for net in (plain, nands):
        inputs = [net.input(f"x{at}") for at in range(40)]
        parity = inputs[0]
        for x in inputs[1:]:
            if net is plain:
                parity = net.add(Unit(0, Table(0, 1, 0)), [(parity, 1), (x, 1)])
                continue
            both = net.add(Unit(3), [(parity, -2), (x, -2)])
            sides = [net.add(Unit(3), [(one, -2), (both, -2)]) for one in (parity, x)]
            parity = net.add(Unit(3), [(side, -2) for side in sides])
        net.output("parity", parity)
    told = prove(plain, nands, limit=0)
    assert (told.status, told.methods) == ("equal", {"parity": "structure"})


# --- against brute force


def changed(net, random):
    """The network with some units rebuilt from negations, and perhaps another bias."""
    new = Network()
    place = {name: new.input(name) for name in net.inputs}
    broken = random.choice(list(net.units)) if net.units and random.random() < 0.6 else None
    for node in net.units:
        unit, fanin = net.unit(node), [(place[source], weight) for source, weight in net.fanin(node)]
        if node == broken and unit.activation.name == "step":
            unit = Unit(unit.bias + random.choice([-1, 1]))
        place[node] = new.add(unit, fanin)
        if random.random() < 0.5:
            place[node] = new.add(Unit(1), [(new.add(Unit(1), [(place[node], -2)]), -2)])
    for name, node in net.outputs.items():
        new.output(name, place[node])
    return new


@pytest.fixture
def by_solver(monkeypatch):
    """All inputs are never tried, so that sweeping has to do."""
    monkeypatch.setattr(decide, "_QUICK", 0)
    monkeypatch.setattr(decide, "_SHARE", 1e9)


@pytest.mark.parametrize(("patience", "large"), [(1, 20_000), (200, 20_000), (200, 0)])
def test_sweeping_agrees_with_brute_force(patience, large, monkeypatch, by_solver):
    monkeypatch.setattr(decide, "_FEW_CONFLICTS", patience)
    monkeypatch.setattr(sweeping, "_LARGE", large)

    @given(networks(max_units=12), st.randoms(use_true_random=False), st.integers(0, 9))
    def agrees(net, random, seed):
        other = changed(net, random)
        differ = [values for values in corners(net) if evaluate(net, values) != evaluate(other, values)]
        told = prove(net, other, exhaustive=0, samples=1, rng=seed)
        assert told.status == ("different" if differ else "equal")
        if differ:
            assert told.difference in differ
            assert told.outputs == (evaluate(net, told.difference), evaluate(other, told.difference))
            for name in (name for name, value in told.difference.items() if value):
                assert {**told.difference, name: 0} not in differ
        else:
            assert set(told.methods.values()) <= {"structure", "SAT"}

    agrees()


@given(networks(min_inputs=2, max_inputs=4, max_units=8), st.randoms(use_true_random=False))
def test_all_inputs_give_the_first_in_counting_order(net, random):
    other = changed(net, random)
    wanted = next((values for values in corners(net) if evaluate(net, values) != evaluate(other, values)), None)
    for exhaustive in (20, 0):
        told = prove(net, other, exhaustive=exhaustive)
        assert told.difference == wanted
        assert told.smallest == ("the first in counting order" if wanted else "")


# --- large ones


def test_adders_of_64_bits(by_solver):
    told = prove(ripple_carry_adder(64).network, kogge_stone_adder(64).network)
    assert told.equal
    assert told.effort.merged > 0


def test_multipliers_on_all_inputs():
    one, two = array_multiplier(8).network, wallace_multiplier(8).network
    told = prove(one, two, exhaustive=8)
    assert told.equal
    assert "all inputs" in told.methods.values()
    with ThreadPoolExecutor(2) as pool:
        assert prove(one, two, executor=pool).equal


def test_every_broken_gate_of_an_adder_is_found(by_solver):
    first, second = ripple_carry_adder(24).network, kogge_stone_adder(24).network
    random = Random(0)
    for seed in range(10):
        broken = second.copy()
        node = random.choice(list(broken.units))
        broken.graph.nodes[node]["unit"] = Unit(-100)  # constant 0: no gate of this adder is
        told = prove(first, broken, samples=64, rng=seed)
        assert told.status == "different"
        a, b = (sum(told.difference[f"{word}[{at}]"] << at for at in range(24)) for word in "ab")
        one, two = (sum(side[f"sum[{at}]"] << at for at in range(25)) for side in told.outputs)
        assert one == a + b != two


def test_one_input_of_all_is_found():
    """AND of 60 inputs against the constant 0: no sample will do."""
    told = prove(single([2] * 60, -119), single([0] * 60, 0), rng=0)
    assert told.difference == {f"x{at + 1}": 1 for at in range(60)}


@pytest.mark.parametrize("meant", ["0" * 64, "1" * 64, "0" * 20 + "1" * 44, "1" * 50 + "0" * 14])
def test_a_rare_quiet_input_is_met_by_chance(meant):
    """One of 2**64 inputs, or two, makes the difference; even odds would never meet it."""
    one, other = Network(), Network()
    for net in (one, other):
        inputs = [net.input(f"x{at}") for at in range(64)]
        weights = [1 if value == "1" else -1 for value in meant]
        least = meant.count("1") + (net is other)  # one more than there can be
        net.output("y", net.add(Unit(1 - least), list(zip(inputs, weights, strict=True))))
    told = prove(one, other, rng=0)
    assert told.difference == {f"x{at}": int(value) for at, value in enumerate(meant)}
    assert told.effort.questions == 0


def test_what_is_too_hard_is_undecided():
    told = prove(array_multiplier(24).network, wallace_multiplier(24).network, limit=0.3, samples=64)
    assert told.status == "undecided"
    assert "undecided" in told.methods.values()
    assert told.difference is None


# --- what it says


def test_a_verdict_is_no_bool():
    with pytest.raises(TypeError, match="one of three"):
        bool(prove(nand.network, nor.network))


def test_real_networks_are_undecided_or_different():
    one, two = single([1.0, -2.0], 0.5, SIGMOID), single([1.0, -2.0], 0.6, SIGMOID)
    assert prove(one, one.copy()).status == "undecided"
    told = prove(one, two, rng=0)
    assert told.status == "different"
    assert told.outputs == (evaluate(one, told.difference), evaluate(two, told.difference))


def test_progress_is_told(by_solver):
    heard = []
    prove(
        ripple_carry_adder(16).network,
        kogge_stone_adder(16).network,
        progress=lambda what, done, total: heard.append((what, done, total)),
    )
    assert heard[-1][0] == "comparing operations"
    assert heard[-1][1] == heard[-1][2]


def test_tapes_do_as_well():
    net = half_adder.network
    assert prove(Tape.from_network(net), net).equal
    assert prove(Tape.from_network(nand.network), nor.network).difference == {"x1": 0, "x2": 1}


def test_ctrl_c_while_the_solver_searches(by_solver, monkeypatch):
    """PySAT raises an error of its own, and its signal handler stays behind."""

    def interrupted(*_, **__):
        raise pysolvers.error("Caught keyboard interrupt")

    monkeypatch.setattr("pysat.solvers.Solver.solve_limited", interrupted)
    heard = []
    before = signal.signal(signal.SIGINT, lambda number, _: heard.append(number))  # a shell may have it ignored
    try:
        with pytest.raises(KeyboardInterrupt):
            prove(array_multiplier(8).network, wallace_multiplier(8).network, exhaustive=0)
        signal.raise_signal(signal.SIGINT)
    finally:
        signal.signal(signal.SIGINT, before)
    assert heard == [signal.SIGINT]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"samples": 0}, "samples is 0; give a whole number of at least 1"),
        ({"steps": 0}, "steps is 0; give a whole number of at least 1"),
        ({"limit": -1}, "limit is -1; give at least 0 seconds, or None for no limit"),
        ({"samples": "8"}, "samples is '8'; give a whole number of at least 1"),
        ({"steps": 1.5}, "steps is 1.5; give a whole number of at least 1"),
        ({"exhaustive": None}, "exhaustive is None; give a whole number of at least 0"),
        ({"limit": "8"}, "limit is '8'; give at least 0 seconds, or None for no limit"),
        ({"tolerance": math.nan}, "tolerance is nan; give a finite number of at least 0"),
        ({"rng": -1}, "rng is -1; give None, a whole number of at least 0, or a numpy.random.Generator"),
        ({"proof": 5}, "proof is 5; give the name of a file, such as 'proof.drat'"),
        ({"proof": ""}, "proof is ''; give the name of a file, such as 'proof.drat'"),
    ],
)
def test_parameters_out_of_range(options, message):
    with pytest.raises(ParameterError) as error:
        prove(nand.network, nor.network, **options)
    assert str(error.value) == message


def test_pairs_with_more_rows_than_a_float_can_count():
    """2**1500 rows are not tried, and their number is no trouble."""
    wide, chain = Network(), Network()
    pins = [wide.input(f"x{i}") for i in range(1500)]
    wide.output("y", wide.add(Unit(-1499), [(pin, 1) for pin in pins]))
    value, *rest = [chain.input(f"x{i}") for i in range(1500)]
    for pin in rest:
        value = chain.add(Unit(-1), [(value, 1), (pin, 1)])
    chain.output("y", value)
    assert prove(wide, chain, limit=1).status in ("equal", "undecided")
