"""find_threshold: the published counts and weights, brute force, and proofs that anybody can add up."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reference import single, table_of

from circuits import (
    Perceptron,
    Summability,
    find_summability,
    find_threshold,
    full_adder,
    majority,
    nand,
    threshold_functions,
    xor,
)
from circuits.synthesis import tables
from perceptron import InputError, NetworkError, ParameterError, Tape, Unit, truth_table

COUNTS = [2, 4, 14, 104, 1_882, 94_572]  # OEIS A000609
LARGEST = [0, 1, 1, 2, 3, 5]  # the largest weight that any function of so many inputs needs (Muroga 1971)


def bits(number, inputs):
    return [number >> row & 1 for row in range(1 << inputs)]


def summed(weights, bias):
    """The truth table by the definition, the first input slowest."""
    rows = itertools.product((0, 1), repeat=len(weights))
    return [int(sum(w * x for w, x in zip(weights, row, strict=True)) + bias > 0) for row in rows]


@pytest.mark.parametrize("inputs", range(5))
def test_the_published_counts_over_all_functions(inputs):
    found = [find_threshold(bits(number, inputs)) for number in range(1 << (1 << inputs))]
    perceptrons = [one for one in found if one is not None]
    assert len(perceptrons) == COUNTS[inputs]
    assert max((abs(weight) for one in perceptrons for weight in one.weights), default=0) == LARGEST[inputs]


@pytest.mark.parametrize("inputs", range(5))
def test_the_enumeration_is_what_is_found(inputs):
    listed = list(threshold_functions(inputs))
    assert len(listed) == len(set(listed)) == COUNTS[inputs]
    assert all(find_threshold(table) is not None for table in listed)


@pytest.mark.slow
def test_the_published_count_of_five_inputs():
    listed = set(threshold_functions(5))
    assert len(listed) == COUNTS[5]
    found = [find_threshold(table) for table in listed]
    assert all(one is not None and one.table == table for one, table in zip(found, listed, strict=True))
    assert max(abs(weight) for one in found for weight in one.weights) == LARGEST[5]


@pytest.mark.slow
def test_the_published_count_of_six_inputs():
    """15,028,134 functions; counted by the 2**k ways to negate the k inputs that matter, without listing them."""
    from circuits.synthesis.threshold import decide

    rising = [0, 1]
    for width in range(1, 7):
        half = 1 << (width - 1)
        joined = (low | high << half for low in rising for high in rising if not low & ~high)
        rising = [table for table in joined if decide(table, width) is not None]
    count = 0
    for table in rising:
        halves = [tables.halves(table, 6, place) for place in range(6)]
        count += 1 << sum(low != high for low, high in halves)
    assert count == 15_028_134


@pytest.mark.parametrize("inputs", [1, 2, 3, 4])
def test_no_smaller_weights_do_it(inputs):
    """Against all whole weights up to the published largest, each with every bias."""
    most = LARGEST[inputs]
    least = {}
    rows = np.array(list(itertools.product((0, 1), repeat=inputs)))
    for weights in itertools.product(range(-most, most + 1), repeat=inputs):
        sums = rows @ np.array(weights)
        for bias in range(-int(sums.max()), 1 - int(sums.min()) + 1):
            table = tuple((sums + bias > 0).astype(int).tolist())
            size = sum(map(abs, weights))
            least[table] = min(least.get(table, (size, abs(bias))), (size, abs(bias)))
    assert len(least) == COUNTS[inputs]
    for table, (size, bias) in least.items():
        found = find_threshold(table)
        assert sum(map(abs, found.weights)) == size
        assert abs(found.bias) >= bias, "the bias nearest to 0 of all weights of this size"
        assert summed(found.weights, found.bias) == list(table)


@given(st.data())
def test_of_the_biases_the_nearest_to_0(data):
    weights = data.draw(st.lists(st.integers(-5, 5), max_size=5))
    table = summed(weights, data.draw(st.integers(-12, 12)))
    found = find_threshold(table)
    for bias in range(-abs(found.bias) + 1, abs(found.bias)):
        assert summed(found.weights, bias) != table


@settings(max_examples=30)
@given(st.integers(6, 10), st.integers(0, 2**32))
def test_perceptrons_are_found_again(inputs, seed):
    rng = np.random.default_rng(seed)
    weights, bias = rng.integers(-20, 21, inputs).tolist(), int(rng.integers(-30, 31))
    table = summed(weights, bias)
    found = find_threshold(table)
    assert found is not None
    assert find_summability(table) is None
    assert list(found.table) == table == summed(found.weights, found.bias)
    assert sum(map(abs, found.weights)) <= sum(map(abs, weights))


@given(st.integers(0, 6), st.randoms(use_true_random=False))
def test_weights_or_a_proof_but_never_both(inputs, random):
    table = [random.randint(0, 1) for _ in range(1 << inputs)]
    found, proof = find_threshold(table), find_summability(table)
    assert (found is None) != (proof is None)
    if proof is not None:
        assert proof.check(table)
        assert len(proof.true) == 2, "up to eight inputs two points of each kind are enough"
        assert not proof.check([1 - value for value in table])


@pytest.mark.parametrize("inputs", [7, 8, 9, 10, 11, 12])
@pytest.mark.parametrize("seed", range(3))
def test_proofs_for_perceptrons_with_one_wrong_row(inputs, seed):
    """Nearly a threshold function: the hardest to refute."""
    rng = np.random.default_rng(seed)
    table = summed(rng.integers(-30, 31, inputs).tolist(), int(rng.integers(-20, 21)))
    table[int(rng.integers(len(table)))] ^= 1
    found, proof = find_threshold(table), find_summability(table)
    assert (found is None) != (proof is None)
    assert proof is None or proof.check(table)


def test_a_proof_of_many_points():
    """More than two points of each kind, from the linear program, made exact."""
    from circuits.synthesis.certificate import _by_program, _point

    table, inputs = tables.of_bits([0, 0, 0, 1, 0, 1, 1, 0]), 3
    true, false = _by_program(table, inputs)
    proof = Summability(tuple(_point(row, 3) for row in true), tuple(_point(row, 3) for row in false))
    assert proof.check(bits(table, inputs))
    assert _by_program(tables.of_bits([0, 0, 0, 1]), 2) is None


@pytest.mark.parametrize("wrong", [[0, 1, 1], [0, 1, 1, 1], [0, 1], [1, 0, 0, 1], []])
def test_a_proof_is_no_proof_of_something_else(wrong):
    proof = find_summability([0, 1, 1, 0])
    assert proof.check([0, 1, 1, 0])
    assert not proof.check(wrong)
    assert not Summability((), ()).check([0, 1, 1, 0])
    assert not Summability(((0, 1),), ((1, 0),)).check([0, 1, 0, 0])
    assert not Summability(((0, 1), (1, 0)), ((0, 0), (0, 0))).check([0, 1, 1, 0])


def test_chow_parameters_tell_all_threshold_functions_apart():
    """Chow's theorem, and no other function of three inputs shares the parameters of one."""
    found = {}
    for number in range(256):
        ones, pulls = tables.chow(number, 3)
        found.setdefault((ones, *pulls), []).append(number)
    for functions in found.values():
        if any(find_threshold(bits(number, 3)) is not None for number in functions):
            assert len(functions) == 1


def test_whatever_has_a_truth_table():
    tape = Tape.from_network(nand.network)
    for form in (nand, nand.network, tape, truth_table(nand.network), [1, 1, 1, 0], np.array([1, 1, 1, 0])):
        assert find_threshold(form) == Perceptron((-1, -1), 2)
        assert find_summability(form) is None
    assert find_threshold(xor) is None
    assert find_threshold(majority.network).weights == (1, 1, 1)


def test_inputs_that_do_not_matter_and_constants():
    assert find_threshold([0]) == Perceptron((), 0)
    assert find_threshold([1]) == Perceptron((), 1)
    assert find_threshold([1] * 8) == Perceptron((0, 0, 0), 1)
    assert find_threshold([0, 0, 1, 1] * 2) == Perceptron((0, 1, 0), 0)
    assert find_threshold([1, 1, 0, 0] * 2) == Perceptron((0, -1, 0), 1)


def test_the_perceptron_is_the_unit_that_it_says():
    """The cheese festival: 6, 2, 2 with a threshold of 5 is the weather alone, and with 3 more than that."""
    assert find_threshold(summed([6, 2, 2], -5)) == Perceptron((1, 0, 0), 0)
    found = find_threshold(summed([6, 2, 2], -3))
    net = single(list(found.weights), found.bias)
    assert [row[0] for row in table_of(net)] == summed([6, 2, 2], -3)
    assert net.unit(net.outputs["y"]) == Unit(found.bias)
    assert found(1, 0, 0) == 1
    assert found(0, 1, 0) == 0


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ([0, 1, 1], "a truth table of the shape (3,) is given; give 2**n values for n inputs"),
        ("0111", "'0111' is no truth table; give 2**n values for n inputs, or a network or circuit"),
        ([], "a truth table of the shape (0,) is given; give 2**n values for n inputs"),
        ([0, 2], "the truth table has the value 2 in row 1; give 0 or 1"),
        (["0", "1"], "the truth table has the value '0' in row 0; give 0 or 1"),
        (
            [[0], [0, 1]],
            "the truth table has rows of different lengths; give 2**n values for n inputs, or a network or circuit",
        ),
        (full_adder, "the function has 2 outputs; give one with a single output"),
    ],
)
def test_errors(table, message):
    for function in (find_threshold, find_summability):
        with pytest.raises(ParameterError) as error:
            function(table)
        assert str(error.value) == message


@pytest.mark.parametrize("inputs", [-1, 2.0, "2", None])
def test_errors_of_the_enumeration(inputs):
    with pytest.raises(ParameterError) as error:
        next(threshold_functions(inputs))
    assert str(error.value) == f"inputs is {inputs!r}; give a whole number of at least 0"


def test_a_count_of_another_library():
    assert len(list(threshold_functions(np.int64(2)))) == 14


def test_values_for_each_weight():
    with pytest.raises(InputError) as error:
        Perceptron((1, 2), 0)(1)
    assert str(error.value) == "1 values given for 2 weights; give one for each"


def test_a_table_of_halves_is_disproved_by_nothing():
    """0.5 is not taken for 0."""
    proof = find_summability(xor)
    assert proof.check([0, 1, 1, 0])
    assert not proof.check([0.5, 1, 1, 0])


def test_a_network_that_is_none():
    with pytest.raises(NetworkError):
        find_threshold(Tape())
