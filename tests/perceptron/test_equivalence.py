"""find_difference: by structure, on all inputs, on random ones and by the solver, and what it says about each."""

import warnings

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from reference import corners, single
from strategies import assignments, networks

from circuits import (
    and_,
    array_multiplier,
    half_adder,
    nand,
    nor,
    ripple_carry_adder,
    threshold_ripple_carry_adder,
    to_nand,
    wallace_multiplier,
    xor,
)
from perceptron import (
    SIGMOID,
    InputError,
    Network,
    ParameterError,
    Table,
    Unit,
    UnprovedWarning,
    evaluate,
    find_difference,
    harden,
    merge_parallel,
    scale,
    soften,
)


def renamed_outputs(net, names):
    """The network with its outputs called otherwise, so that two can be compared."""
    called = dict(zip(names, net.outputs.values(), strict=False))
    return Network.from_graph(net.graph, net.inputs, called)


@given(networks(min_inputs=3, max_inputs=3), networks(min_inputs=3, max_inputs=3))
def test_the_first_difference_in_counting_order(first, second):
    first, second = renamed_outputs(first, ["y"]), renamed_outputs(second, ["y"])
    wanted = next((v for v in corners(first) if evaluate(first, v) != evaluate(second, v)), None)
    assert find_difference(first, second) == wanted


@given(networks(), st.randoms())
def test_inputs_and_outputs_match_by_name(net, random):
    inputs, outputs = list(net.inputs), list(net.outputs.items())
    random.shuffle(inputs)
    random.shuffle(outputs)
    shuffled = Network.from_graph(net.graph, inputs, dict(outputs))
    assert find_difference(net, shuffled) is None
    assert find_difference(shuffled, net) is None


def test_a_difference_has_the_order_of_the_first():
    first = single([1, 1], 0)
    second = Network.from_graph(single([1, 1], -1).graph, ["x2", "x1"], {"y": "y"})
    assert list(find_difference(first, second)) == ["x1", "x2"]
    assert list(find_difference(second, first)) == ["x2", "x1"]
    # Counting order is the first network's: x1 changes slowest in one, x2 in the other.
    assert find_difference(first, second) == {"x1": 0, "x2": 1}
    assert find_difference(second, first) == {"x1": 1, "x2": 0}


def test_only_one_row_in_a_million_differs():
    """AND of 20 inputs against the constant 0: the very last row."""
    zero = single([0] * 20, 0)
    assert find_difference(single([2] * 20, -39), zero) == {f"x{index + 1}": 1 for index in range(20)}


def test_equal_structure_is_a_proof_at_any_size():
    """No warning, though 128 inputs can neither be tried nor sampled through."""
    adder = ripple_carry_adder(64).network
    assert find_difference(adder, merge_parallel(adder)) is None
    assert find_difference(adder, to_nand(adder)) is None
    assert find_difference(scale(adder, 0.1), adder) is None


def test_beyond_the_limit_samples_are_compared_and_it_says_so():
    """Two adders of different form and 24 inputs: no proof, and the warning says how many samples."""
    first, second = ripple_carry_adder(12).network, threshold_ripple_carry_adder(12).network
    with pytest.warns(UnprovedWarning) as caught:
        assert find_difference(first, second, samples=500, limit=0, rng=0) is None
    assert str(caught[0].message) == (
        "no difference found, but this is not a proof: 500 random samples of 24 0/1 inputs were compared"
    )
    assert caught[0].filename == __file__
    # Up to the limit it is a proof, and no warning comes (they are errors here).
    small = ripple_carry_adder(6).network, threshold_ripple_carry_adder(6).network
    assert find_difference(*small) is None
    with pytest.warns(UnprovedWarning):
        assert find_difference(*small, exhaustive=11, limit=0) is None


def test_a_proof_that_was_looked_for_in_vain_is_told():
    first, second = array_multiplier(24).network, wallace_multiplier(24).network
    with pytest.warns(UnprovedWarning) as caught:
        assert find_difference(first, second, samples=64, limit=0.2, rng=0) is None
    assert str(caught[0].message) == (
        "no difference found, but this is not a proof: 64 random samples of 48 0/1 inputs were compared, and no proof "
        "was found in time"
    )


def test_the_solver_proves_what_samples_cannot():
    """No warning comes (they are errors here)."""
    assert find_difference(ripple_carry_adder(32).network, threshold_ripple_carry_adder(32).network) is None
    assert find_difference(single([2] * 60, -119), single([0] * 60, 0), rng=0) == {f"x{at + 1}": 1 for at in range(60)}


def test_a_random_difference_is_a_real_one():
    first = ripple_carry_adder(16).network
    broken = first.copy()
    broken.graph.nodes["fa7.n5"]["unit"] = Unit(1)
    for seed in range(5):
        found = find_difference(first, broken, rng=seed)
        assert evaluate(first, found) != evaluate(broken, found)
    again = find_difference(first, broken, rng=np.random.default_rng(4))
    assert again == found


def test_a_rare_difference_without_the_solver_is_missed_with_a_warning():
    """What random samples cannot find, one input of 2**60 that is anything but quiet, is not called equal."""
    weights = [2 if 0x9_A6D2_C54B_3E87_1F0A >> at & 1 else -2 for at in range(60)]
    most = sum(weight for weight in weights if weight > 0)
    with pytest.warns(UnprovedWarning):
        assert find_difference(single(weights, 1 - most), single([0] * 60, 0), limit=0, rng=0) is None


def test_units_too_large_to_lower_are_compared_by_samples():
    """300 float weights are more than binary adders take: matrices, still exact, still by warning."""
    rng = np.random.default_rng(0)
    numbers = rng.normal(size=400).tolist()
    first = single(numbers, 0.1)
    with pytest.warns(UnprovedWarning, match="300 random samples of 400 0/1 inputs"):
        assert find_difference(first, scale(first, 3), samples=300, rng=0) is None
    found = find_difference(first, single(numbers, 3.0), samples=2000, rng=0)
    assert set(found.values()) == {0, 1}
    assert evaluate(first, found) != evaluate(single(numbers, 3.0), found)


def test_real_networks_are_compared_to_a_tolerance():
    first, second = single([1.0, -2.0], 0.5, SIGMOID), single([1.0, -2.0], 0.5 + 1e-6, SIGMOID)
    found = find_difference(first, second, rng=0)
    assert abs(evaluate(first, found)["y"] - evaluate(second, found)["y"]) > 1e-9
    with pytest.warns(UnprovedWarning, match="65536 random samples of 2 real inputs"):
        assert find_difference(first, second, tolerance=1e-5, rng=0) is None
    with pytest.warns(UnprovedWarning):
        assert find_difference(first, first.copy()) is None


def test_a_difference_that_only_numbers_between_show():
    """x > 0 and x > 0.5 agree on 0 and 1."""
    first, second = single([1], 0, real=True), single([1], -0.5, real=True)
    found = find_difference(first, second, rng=0)
    assert 0 < found["x1"] <= 0.5
    assert type(found["x1"]) is float


def test_one_takes_numbers_and_the_other_bits():
    """Only what both take is compared: 0 and 1. That is little enough for a proof."""
    assert find_difference(nand.network, harden(soften(nand.network, 3))) is None
    assert find_difference(harden(soften(nand.network, 3)), nand.network) is None
    found = find_difference(nand.network, soften(nand.network, 3))
    assert found == {"x1": 0, "x2": 0}
    assert evaluate(nand.network, found) != evaluate(soften(nand.network, 3), found)


@given(networks(smooth=True, max_inputs=3), st.data())
def test_whatever_is_found_is_confirmed(net, data):
    other = net.copy()
    for node in other.units:
        unit = other.unit(node)
        if not isinstance(unit.activation, Table) and data.draw(st.booleans()):
            other.graph.nodes[node]["unit"] = Unit(unit.bias + data.draw(st.integers(-2, 2)), unit.activation)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UnprovedWarning)
        found = find_difference(net, other, samples=64, rng=1)
    if found is not None:
        one, two = evaluate(net, found), evaluate(other, found)
        assert any(abs(one[name] - two[name]) > 1e-9 for name in one)
    else:
        values = data.draw(assignments(net))
        if set(values.values()) <= {0, 1} and all(type(v) is int for v in evaluate(net, values).values()):
            assert not values or evaluate(net, values) == evaluate(other, values) or net.inputs


def test_networks_without_inputs():
    def constant(bias):
        net = Network()
        net.output("y", net.add(Unit(bias)))
        return net

    assert find_difference(constant(1), constant(7)) is None
    assert find_difference(constant(1), constant(0)) == {}


def test_names_must_be_the_same():
    with pytest.raises(InputError) as error:
        find_difference(half_adder.network, xor.network)
    assert str(error.value) == (
        "only the first network has the output 'carry'; to compare two networks give both the same output names"
    )
    with pytest.raises(InputError) as error:
        find_difference(single([1, 1], 0), single([1, 1, 1], 0))
    assert str(error.value) == (
        "only the second network has the input 'x3'; to compare two networks give both the same input names"
    )


@pytest.mark.parametrize("samples", [0, -1])
def test_at_least_one_sample(samples):
    with pytest.raises(ParameterError) as error:
        find_difference(nand.network, nor.network, samples=samples)
    assert str(error.value) == f"samples is {samples}; give a whole number of at least 1"


def test_differences_of_gates():
    assert find_difference(nand.network, nor.network) == {"x1": 0, "x2": 1}
    assert find_difference(and_.network, nand.network) == {"x1": 0, "x2": 0}
