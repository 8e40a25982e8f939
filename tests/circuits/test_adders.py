"""The adders: the oracle is Python's +, and the costs in the docstrings are the measured ones."""

import itertools
import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from circuits import (
    CircuitError,
    full_adder,
    gate_name,
    half_adder,
    ripple_carry_adder,
    statistics,
    threshold_full_adder,
    threshold_half_adder,
    threshold_ripple_carry_adder,
)
from circuits.costs import stated_costs
from perceptron import STEP, Unit, evaluate, find_difference, layers

WORD_ADDERS = [ripple_carry_adder, threshold_ripple_carry_adder]


@pytest.mark.parametrize("adder", [half_adder, threshold_half_adder])
def test_half_adders(adder):
    for a, b in itertools.product((0, 1), repeat=2):
        assert adder(a, b) == {"sum": (a + b) & 1, "carry": (a + b) >> 1}


@pytest.mark.parametrize("adder", [full_adder, threshold_full_adder])
def test_full_adders(adder):
    for bits in itertools.product((0, 1), repeat=3):
        assert adder(*bits) == {"sum": sum(bits) & 1, "carry": sum(bits) >> 1}


@pytest.mark.parametrize("make", WORD_ADDERS)
@pytest.mark.parametrize("width", [1, 2, 3, 4, 5])
def test_small_words_all_of_them(make, width):
    a, b = (grid.ravel() for grid in np.meshgrid(np.arange(2**width), np.arange(2**width)))
    np.testing.assert_array_equal(make(width)(a, b), a + b)


@pytest.mark.parametrize("make", WORD_ADDERS)
@pytest.mark.parametrize("width", [32, 64, 100])
def test_wide_words(make, width):
    adder = make(width)
    top = 2**width - 1

    @settings(max_examples=30)
    @given(st.integers(0, top), st.integers(0, top))
    def adds(a, b):
        assert adder(a, b) == a + b

    adds()
    for a, b in ((top, 1), (top, top), (0, 0), (1, top), (0, top)):  # the carry runs through
        assert adder(a, b) == a + b


@pytest.mark.parametrize("make", WORD_ADDERS)
def test_arrays_of_words(make):
    a, b = np.random.default_rng(0).integers(0, 2**32, (2, 1000))
    assert make(32)(a, b).tolist() == (a + b).tolist()


def test_evaluate_agrees():
    """One sum through the definition, bit by bit."""
    net = ripple_carry_adder(8).network
    values = {f"{name}[{bit}]": number >> bit & 1 for name, number in (("a", 200), ("b", 100)) for bit in range(8)}
    found = evaluate(net, values)
    assert sum(found[f"sum[{bit}]"] << bit for bit in range(9)) == 300


@pytest.mark.parametrize("adder", [half_adder, full_adder, threshold_half_adder, threshold_full_adder])
def test_costs_in_the_docstrings_of_bit_adders(adder):
    units, depth = map(int, re.search(r"(\d+) units, depth (\d+)", adder.__doc__).groups())
    found = statistics(adder.network)
    assert (found["units"], found["depth"]) == (units, depth)


@pytest.mark.parametrize("make", WORD_ADDERS)
@pytest.mark.parametrize("width", [1, 2, 3, 8, 33])
def test_costs_in_the_docstrings_of_word_adders(make, width):
    cost = stated_costs(make)[""]
    found = statistics(make(width).network)
    assert (found["units"], found["depth"]) == (cost.units.at(width), cost.depth.at(width))


def test_nand_adders_are_all_nands():
    for adder in (half_adder, full_adder, ripple_carry_adder(3)):
        net = adder.network
        assert set(statistics(net)["gates"]) == {"NAND"}
        assert all(net.unit(node) == Unit(3) for node in net.units)
        assert {weight for node in net.units for _, weight in net.fanin(node)} == {-2}


def test_threshold_adders_are_perceptrons():
    """Two perceptrons a bit: a majority, and a sum in which it weighs -4."""
    net = threshold_ripple_carry_adder(3).network
    assert all(net.unit(node).activation is STEP for node in net.units)
    assert gate_name(net, "fa1.carry") == "MAJORITY"
    assert ("fa1.carry", -4) in net.fanin("fa1.sum" if "fa1.sum" in net.graph else net.outputs["sum[1]"])


def test_both_forms_are_the_same_function():
    assert find_difference(half_adder.network, threshold_half_adder.network) is None
    assert find_difference(full_adder.network, threshold_full_adder.network) is None
    assert find_difference(ripple_carry_adder(7).network, threshold_ripple_carry_adder(7).network) is None


def test_parts_of_a_word_adder_are_named():
    net = ripple_carry_adder(3).network
    assert {node.split(".")[0] for node in net.units if "." in node} == {"ha0", "fa1", "fa2"}
    assert net.inputs == ("a[0]", "a[1]", "a[2]", "b[0]", "b[1]", "b[2]")
    assert list(net.outputs) == ["sum[0]", "sum[1]", "sum[2]", "sum[3]"]


def test_an_adder_of_a_width_is_made_once():
    assert ripple_carry_adder(9) is ripple_carry_adder(9)
    assert ripple_carry_adder(9) is not threshold_ripple_carry_adder(9)


@pytest.mark.parametrize("make", WORD_ADDERS)
@pytest.mark.parametrize("width", [0, -1, 1.5, "8", None])
def test_refused_widths(make, width):
    with pytest.raises(CircuitError) as error:
        make(width)
    assert str(error.value) == (f"a word has the width {width!r}; give a whole number of at least 1, as in Word[8]")


def test_the_chapters_layout():
    assert layers(half_adder.network) == [["x1", "x2"], ["n1"], ["n2", "n3", "carry"], ["sum"]]
