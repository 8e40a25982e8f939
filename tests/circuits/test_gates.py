"""The gates: each of every number of pins, against Python; called with bits, arrays, wires and words."""

import itertools

import numpy as np
import pytest

from circuits import (
    CircuitError,
    Word,
    and_,
    circuit,
    constant,
    majority,
    mux,
    nand,
    nor,
    not_,
    or_,
    threshold,
    xnor,
    xor,
)
from perceptron import STEP, Table, Unit, agreement

GATES = {
    "and_": (and_, all),
    "or_": (or_, any),
    "nand": (nand, lambda bits: not all(bits)),
    "nor": (nor, lambda bits: not any(bits)),
    "xor": (xor, lambda bits: sum(bits) % 2),
    "xnor": (xnor, lambda bits: not sum(bits) % 2),
    "majority": (majority, lambda bits: 2 * sum(bits) > len(bits)),
    "not_": (not_, lambda bits: not bits[0]),
    "mux": (mux, lambda bits: bits[1] if bits[0] else bits[2]),
}
ARITIES = {"not_": [1], "mux": [3], "majority": [1, 3, 5, 7]}
CASES = [(name, pins) for name in GATES for pins in ARITIES.get(name, [1, 2, 3, 4, 7])]


@pytest.mark.parametrize(("name", "pins"), CASES)
def test_bits(name, pins):
    gate, wanted = GATES[name]
    for bits in itertools.product((0, 1), repeat=pins):
        found = gate(*bits)
        assert found == int(wanted(bits))
        assert type(found) is int


@pytest.mark.parametrize(("name", "pins"), CASES)
def test_arrays(name, pins):
    gate, wanted = GATES[name]
    columns = np.array(list(itertools.product((0, 1), repeat=pins))).T
    assert gate(*columns).tolist() == [int(wanted(bits)) for bits in columns.T]
    assert gate(*columns.astype(bool)).tolist() == gate(*columns).tolist()


@pytest.mark.parametrize(("name", "pins"), CASES)
def test_one_unit_with_its_own_name(name, pins):
    gate, _ = GATES[name]
    net = gate.of(pins).network
    assert net.units == ["out"]
    assert net.graph.number_of_edges() == pins
    table = name in ("xor", "xnor", "mux")
    assert isinstance(net.unit("out").activation, Table) == table
    if not table:  # every sum is at least 1 away from 0, so the gates soften well
        assert net.unit("out").activation is STEP
        assert agreement(net).margins["out"] >= 1


@pytest.mark.parametrize(("name", "pins"), CASES)
def test_in_a_circuit(name, pins):
    gate, wanted = GATES[name]

    @circuit
    def placed(word: Word[pins]):
        return gate(*word, name="the gate")

    assert placed.network.units == ["the gate"]
    for number in range(2**pins):
        bits = [number >> place & 1 for place in range(pins)]
        assert placed(number) == int(wanted(bits))


def test_the_chapters_units():
    assert (nand.network.unit("out"), nand.network.fanin("out")) == (Unit(3), [("x1", -2), ("x2", -2)])
    assert nand.of(1).network.unit("out") == Unit(1)


@pytest.mark.parametrize("pins", [1, 2, 5])
@pytest.mark.parametrize("least", [0, 1, 2, 3, 6, 100])
def test_threshold(least, pins):
    for bits in itertools.product((0, 1), repeat=pins):
        assert threshold(least, *bits) == int(sum(bits) >= least)
    columns = np.array(list(itertools.product((0, 1), repeat=pins))).T
    assert threshold(least, *columns).tolist() == [int(s >= least) for s in columns.sum(axis=0)]

    @circuit
    def placed(word: Word[pins]):
        return threshold(least, *word)

    assert [placed(n) for n in range(2**pins)] == [int(n.bit_count() >= least) for n in range(2**pins)]
    assert len(placed.network.units) == 1


@pytest.mark.parametrize("least", [-1, 1.0, True, "2", None])
def test_threshold_needs_a_number_first(least):
    with pytest.raises(CircuitError) as error:
        threshold(least, 1, 0)
    assert str(error.value) == (
        f"threshold is given {least!r} to reach; give a whole number of at least 0 first, then the wires"
    )


@pytest.mark.parametrize(
    ("call", "text"),
    [
        (lambda: nand(), "nand is given 0 wires; give at least 1"),
        (lambda: threshold(2), "threshold is given 0 wires; give at least 1"),
        (lambda: not_(0, 1), "not_ takes x, but 2 wires are given"),
        (lambda: mux(0, 1), "mux takes select, high, low, but 2 wires are given"),
        (lambda: majority(0, 1), "majority is given 2 wires; give an odd number, so that there is no tie"),
        (lambda: nand(0, 2), "nand: input 'x2' is 2; give 0 or 1"),
        (lambda: nand(0, 0.5), "nand: input 'x2' is 0.5; give 0 or 1"),
        (lambda: mux(0, 1, "1"), "mux: input 'low' is '1'; give 0 or 1"),
    ],
)
def test_misuse(call, text):
    with pytest.raises(CircuitError) as error:
        call()
    assert str(error.value) == text


@pytest.mark.parametrize(
    ("function", "text"),
    [
        (lambda a: nand(a, 2), "a gate is given 2; give a wire, 0 or 1"),
        (lambda a: mux(a, a), "mux takes select, high, low, but 2 wires are given"),
        (lambda a: majority(a, 1), "majority is given 2 wires; give an odd number, so that there is no tie"),
        (lambda a: constant(a, 2), "a gate is given 2; give a wire, 0 or 1"),
        (lambda a: constant(0, 1), "constant is given 0; give a wire of the network first, then 0 or 1"),
    ],
)
def test_misuse_in_a_circuit(function, text):
    with pytest.raises(CircuitError) as error:
        circuit(function).network  # noqa: B018
    assert str(error.value) == f"{text} (test_gates.py, line {function.__code__.co_firstlineno})"


def test_over_words():
    @circuit
    def words(select, a: Word[4], b: Word[4]):
        return {"nand": nand(a, b), "mux": mux(select, a, b), "not": not_(a), "with": and_(a, select, 13)}

    for select, a, b in itertools.product((0, 1), range(16), (0, 3, 9, 15)):
        assert words(select, a, b) == {
            "nand": 15 - (a & b),
            "mux": a if select else b,
            "not": 15 - a,
            "with": a & 13 if select else 0,
        }


def test_over_words_of_two_widths():
    def mixed(a: Word[4], b: Word[3]):
        return nand(a, b)

    with pytest.raises(CircuitError, match=r"^nand is given words of 3 and 4 bits; give one width, as in word"):
        circuit(mixed).network  # noqa: B018


def test_constants():
    @circuit
    def bits(a: Word[2]):
        return {"zero": constant(a, 0), "one": constant(a[1], 1), "same": constant(1)}

    assert bits(2) == {"zero": 0, "one": 1, "same": 1}
    with pytest.raises(CircuitError, match=r"^the constant 1 belongs to a circuit, but none is being defined; write"):
        constant(1)


def test_names_and_docs():
    for name, (gate, _) in GATES.items():
        assert repr(gate) == f"<Gate {name}>"
        assert gate.__doc__
        assert gate.__name__ == gate.network.name == name
        assert gate.network is gate.circuit.network
