"""count_differences and the exhaustive digest: counted again by the definition, row by row."""

import itertools
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from reference import corners, single, table_of
from strategies import networks

from circuits import half_adder, nand, nor, ripple_carry_adder, threshold_ripple_carry_adder, xor
from perceptron import (
    SIGMOID,
    InputError,
    Network,
    ParameterError,
    Tape,
    Unit,
    compile,
    count_differences,
    evaluate,
    find_difference,
    initial_state,
    simulate,
    soften,
    step,
)
from perceptron.digest import digest
from perceptron.engines.bits import unpack
from perceptron.patterns import Patterns, run


def with_output(net, count):
    """The network with so many outputs, called y1, y2, ..., so that two can be compared."""
    called = {f"y{at + 1}": node for at, node in zip(range(count), itertools.cycle(net.outputs.values()))}
    return Network.from_graph(net.graph, net.inputs, called)


def shuffled(net, random):
    inputs, outputs = list(net.inputs), list(net.outputs.items())
    random.shuffle(inputs)
    random.shuffle(outputs)
    return Network.from_graph(net.graph, inputs, dict(outputs))


def broken_adder(width):
    """An adder whose last carry comes too late, and the right one."""
    wrong = threshold_ripple_carry_adder(width).network.copy()
    wrong.graph.nodes[f"fa{width - 1}.carry"]["unit"] = Unit(-5)
    return wrong, ripple_carry_adder(width).network


@given(networks(min_inputs=3, max_inputs=3), networks(min_inputs=3, max_inputs=3), st.randoms())
def test_counts_over_all_inputs_are_those_of_evaluate(first, second, random):
    first, second = with_output(first, 2), shuffled(with_output(second, 2), random)
    pairs = [(values, evaluate(first, values), evaluate(second, values)) for values in corners(first)]
    apart = [at for at, (_, one, two) in enumerate(pairs) if one != two]
    told = count_differences(first, second)

    assert (told.count, told.patterns, told.steps) == (len(apart), 8, 1)
    assert told.by_output == {name: sum(one[name] != two[name] for _, one, two in pairs) for name in first.outputs}
    if not apart:
        assert told.first is None
    else:
        values, one, two = pairs[apart[0]]
        assert (told.first.pattern, told.first.step) == (apart[0], 0)
        assert (told.first.inputs, told.first.outputs) == ([values], (one, two))
        assert list(told.first.outputs[1]) == list(first.outputs)
    assert (told.first and told.first.inputs[0]) == find_difference(first, second)


@given(networks(max_inputs=5))
def test_an_exhaustive_digest_counts_the_ones_of_the_whole_table(net):
    told = digest(net)
    table = table_of(net)

    assert told.patterns == len(table) == 2 ** len(net.inputs)
    assert list(told.ones.values()) == [sum(column) for column in zip(*table, strict=True)]


def test_an_exhaustive_digest_tells_functions_apart():
    adders = ripple_carry_adder(4).network, threshold_ripple_carry_adder(4).network

    assert digest(adders[0]) == digest(adders[1])
    assert len({digest(net).text for net in (nand.network, nor.network, xor.network)}) == 3
    assert digest(nand.network, 4).text != digest(nand.network).text


def counter(width, *, wrong_from=None):
    """Counts up at every step where `up` is 1; the wrong one's top bit never turns."""
    net = Network("counter")
    up = net.input("up")
    bits = [net.state(f"q{at}") for at in range(width)]
    carry = up
    for at, q in enumerate(bits):
        both = net.add(Unit(-3), {q: 2, carry: 2}, name=f"and{at}")
        either = net.add(Unit(-1), {q: 2, carry: 2}, name=f"or{at}")
        turned = net.add(Unit(-1), {either: 2, both: -2}, name=f"next{at}")
        net.feedback(q, q if wrong_from is not None and at >= wrong_from else turned)
        net.output(f"y{at}", q)
        carry = both
    return net


def sequences(steps):
    return itertools.product((0, 1), repeat=steps)


@pytest.mark.parametrize("steps", [1, 4, 5, 7])
def test_all_sequences_of_inputs_over_time(steps):
    """The right counter and one whose bit 2 stays 0 differ first after four steps of counting."""
    right, wrong = counter(3), counter(3, wrong_from=2)
    count = 0
    first = None
    for number, ups in enumerate(sequences(steps)):
        states = [initial_state(net) for net in (right, wrong)]
        for at, up in enumerate(ups):
            (one, states[0]), (two, states[1]) = step(right, [up], states[0]), step(wrong, [up], states[1])
            if one != two:
                count += 1
                first = first or (number, at, [{"up": given} for given in ups[: at + 1]], (one, two))
    told = count_differences(right, wrong, steps=steps)

    assert (told.count, told.patterns) == (count, 2**steps)
    assert told.by_output == {"y0": 0, "y1": 0, "y2": count}
    found = told.first and (told.first.pattern, told.first.step, told.first.inputs, told.first.outputs)
    assert found == first
    assert (first is None) == (steps < 5)


def test_random_patterns_are_those_of_the_digest():
    wrong, right = broken_adder(6)
    told = count_differences(wrong, right, patterns=1000, seed=5)
    blocks = Patterns(right.inputs, 1000, 5).blocks()
    samples = np.vstack([unpack(inputs, 1000) for block in blocks for inputs, _ in run(block)])
    one, two = simulate(wrong, samples), simulate(right, samples)

    assert told.patterns == len(samples) == 1000
    assert told.count == np.any(one != two, axis=1).sum() > 0
    assert list(told.by_output.values()) == np.sum(one != two, axis=0).tolist()
    assert list(digest(right, 1000, seed=5).ones.values()) == two.sum(axis=0).tolist()
    assert told.first.pattern == np.flatnonzero(np.any(one != two, axis=1))[0]
    values = told.first.inputs[0]
    assert evaluate(wrong, values) == told.first.outputs[0] != told.first.outputs[1] == evaluate(right, values)


@pytest.mark.parametrize("kinds", [(Tape.from_network, compile), (compile, Tape.from_network), (compile, compile)])
def test_tapes_and_programs_too(kinds):
    nets = broken_adder(4)

    assert count_differences(*(kind(net) for kind, net in zip(kinds, nets, strict=True))) == count_differences(*nets)


def test_the_matrix_engine_counts_the_same():
    wrong, right = broken_adder(3)
    slow = compile(wrong, engine="reals")

    assert count_differences(slow, right) == count_differences(wrong, right)
    assert digest(slow) == digest(wrong)


@pytest.mark.parametrize("pool", [ThreadPoolExecutor, ProcessPoolExecutor])
def test_counts_are_the_same_on_any_executor(pool):
    wrong, right = broken_adder(12)
    told = []
    with pool(2) as executor:
        shared = count_differences(wrong, right, executor=executor, progress=lambda *done: told.append(done))

    assert shared == count_differences(wrong, right)
    assert told == [(at + 1, 4) for at in range(4)]
    # The last carry is wrong where exactly one of the three is missing, and seen in both of the last outputs.
    assert shared.by_output["sum[12]"] == shared.by_output["sum[11]"] == shared.count > 0


def test_one_row_in_sixteen_million_is_found():
    """AND of 24 inputs against the constant 0: only the very last row differs."""
    told = count_differences(single([2] * 24, -47), single([0] * 24, 0))

    assert told.count == 1
    assert told.first.pattern == 2**24 - 1
    assert set(told.first.inputs[0].values()) == {1}


def test_networks_without_inputs():
    def constant(bias):
        net = Network()
        net.output("y", net.add(Unit(bias)))
        return net

    told = count_differences(constant(1), constant(0), steps=3)
    assert (told.count, told.patterns, told.first.inputs) == (3, 1, [{}])
    assert count_differences(constant(1), constant(7), patterns=65).count == 0
    assert digest(constant(1)).ones == {"y": 1}


@pytest.mark.parametrize(
    ("options", "text"),
    [
        ({"patterns": 0}, "patterns is 0; give a whole number of at least 1"),
        ({"patterns": True}, "patterns is True"),
        ({"seed": -1}, "seed is -1; give a whole number of at least 0"),
        ({"steps": 0}, "steps is 0; give a whole number of at least 1"),
        ({"steps": 21}, r"2 inputs over 21 steps have 2\*\*42 patterns; the most is 2\*\*40, so say how many random"),
    ],
)
def test_what_is_refused(options, text):
    with pytest.raises(ParameterError, match=text):
        count_differences(nand.network, nor.network, **options)


def test_too_many_inputs_for_all_patterns():
    with pytest.raises(ParameterError, match=r"^64 inputs have 2\*\*64 patterns; the most is 2\*\*40"):
        digest(ripple_carry_adder(32).network)


def test_names_and_values_must_fit():
    with pytest.raises(InputError, match="only the first network has the output 'carry'"):
        count_differences(half_adder.network, xor.network)
    with pytest.raises(InputError, match="only the second network has the input 'x3'"):
        count_differences(single([1, 1], 0), single([1, 1, 1], 0))
    with pytest.raises(ParameterError, match="harden it"):
        count_differences(nand.network, soften(nand.network))
    with pytest.raises(ParameterError, match="harden it"):
        digest(single([1], 0, SIGMOID))


def test_an_engine_that_lies_is_found_out(monkeypatch):
    """A difference that the definition does not see is no difference."""
    net = nand.network
    other = compile(nor.network)
    monkeypatch.setattr(
        "perceptron.differences.compile", lambda given: other if given is nor.network else compile(given)
    )
    monkeypatch.setattr(other, "bits", compile(xor.network).bits)

    with pytest.raises(AssertionError, match="please report this"):
        count_differences(net, nor.network)
