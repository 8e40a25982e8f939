"""Feedback through time: states, steps, and what they are to every function of the package."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from circuits import nand, to_nand, xor
from perceptron import (
    SIGMOID,
    InputError,
    Network,
    NetworkError,
    ParameterError,
    State,
    Tape,
    Unit,
    check,
    evaluate,
    find_difference,
    initial_state,
    layered,
    layers,
    merge_parallel,
    prune,
    scale,
    simulate,
    soften,
    step,
    truth_table,
)
from perceptron.digest import digest


def counter(width, start=0):
    """Counts the steps in which `go` is 1, in binary; the oracle is Python's +."""
    net = Network("counter")
    carry = net.input("go")
    for place in range(width):
        bit = net.state(f"b{place}", start >> place & 1)
        both = net.add(Unit(-3), [(bit, 2), (carry, 2)])
        net.feedback(bit, net.add(Unit(-1), [(bit, 2), (carry, 2), (both, -4)]))
        net.output(f"b{place}", bit)
        carry = both
    return net


def number(bits):
    return sum(int(bit) << place for place, bit in enumerate(bits))


@given(st.integers(1, 5), st.data())
def test_a_counter_counts(width, data):
    start = data.draw(st.integers(0, 2**width - 1))
    stimuli = data.draw(st.lists(st.lists(st.integers(0, 1), min_size=3, max_size=3), min_size=1, max_size=9))
    net = counter(width, start)
    found = simulate(net, np.array(stimuli)[:, :, None])

    for lane in range(3):
        value = start
        for at, row in enumerate(stimuli):
            assert number(found[at, lane]) == value
            value = (value + row[lane]) % 2**width


def test_step_by_step_is_the_same_as_at_once():
    net = counter(4, 5)
    rng = np.random.default_rng(0)
    stimuli = rng.integers(0, 2, size=(20, 1, 1))
    state = initial_state(net)
    for at, row in enumerate(simulate(net, stimuli)):
        outputs, state = step(net, stimuli[at, 0].tolist(), state)
        assert list(outputs.values()) == row[0].tolist()


def test_evaluate_is_the_first_step():
    assert evaluate(counter(3, 6), go=1) == {"b0": 0, "b1": 1, "b2": 1}


def test_a_recurrent_network_of_sigmoids_runs_in_float():
    """s(t + 1) = sigmoid(2 s(t) + x(t) - 1), beside NumPy."""
    net = Network("recurrent")
    x, s = net.input("x", real=True), net.state("s", 0.25)
    net.feedback(s, net.add(Unit(-1, SIGMOID), [(s, 2), (x, 1)]))
    net.output("s", s)
    samples = np.linspace(-1, 1, 12).reshape(6, 2, 1)
    found = simulate(net, samples)

    value = np.full(2, 0.25)
    for at in range(6):
        np.testing.assert_allclose(found[at, :, 0], value, rtol=1e-12)
        value = 1 / (1 + np.exp(-(2 * value + samples[at, :, 0] - 1)))


def test_a_cascade_fires_a_little_later():
    """A neuron's output affects others only at some later time, so a pulse travels and then all is quiet."""
    net = Network("cascade")
    signal = net.input("poke")
    for place in range(3):
        fires = net.state(f"fires{place}")
        net.feedback(fires, net.add(Unit(-1), [(signal, 2)]))
        net.output(f"fires{place}", fires)
        signal = fires
    poke = np.zeros((5, 1, 1))
    poke[0] = 1

    assert simulate(net, poke)[:, 0].tolist() == [[0, 0, 0], [1, 0, 0], [0, 1, 0], [0, 0, 1], [0, 0, 0]]


@pytest.mark.parametrize(
    "transform", [merge_parallel, prune, layered, to_nand, lambda net: scale(net, 0.1), Network.copy]
)
def test_transforms_keep_what_happens_over_time(transform):
    net = counter(3, 5)
    changed = transform(net)

    assert dict(initial_state(changed)) == {"b0": 1, "b1": 0, "b2": 1}
    assert digest(changed, 100, steps=10).text == digest(net, 100, steps=10).text
    assert find_difference(net, changed) is None


def test_prune_drops_states_that_no_output_needs():
    net = counter(3)
    lost = net.state("lost")
    net.feedback(lost, net.add(Unit(1), [(lost, -2), ("b2", -2)]))

    assert set(prune(net).states) == {"b0", "b1", "b2"}
    assert layers(net)[0] == ["go", "b0", "b1", "b2", "lost"]


def test_a_difference_is_a_run_of_inputs():
    net, other = counter(3), counter(3)
    other.graph.nodes["n6"]["unit"] = Unit(-100)  # the last bit never turns on
    found = find_difference(net, other)

    assert set(found) == {"go"}
    runs = np.array(found["go"])[:, None, None]
    one, two = simulate(net, runs), simulate(other, runs)
    assert (one[:-1] == two[:-1]).all()
    assert (one[-1] != two[-1]).any()


def test_other_states_for_the_same_behaviour_are_proved():
    """Two shift registers of one delay, one of which carries the complement: by induction."""
    plain, turned = Network(), Network()
    for net, initial, weight, bias in ((plain, 0, 2, -1), (turned, 1, -2, 1)):
        q = net.state("q", initial)
        net.feedback(q, net.add(Unit(bias), [(net.input("x"), weight)]))
        net.output("out", net.add(Unit(bias), [(q, weight)]))

    assert find_difference(plain, turned) is None


def test_an_unknown_initial_value_runs_from_0():
    net = Network()
    q = net.state("q", None)
    net.feedback(q, q)
    net.output("q", q)

    assert simulate(net, np.zeros((3, 1, 0))).ravel().tolist() == [0, 0, 0]


def broken(change):
    net = counter(1)
    change(net)
    return net


@pytest.mark.parametrize(
    ("change", "text"),
    [
        (lambda n: n.state("b0"), "a node 'b0' is there already"),
        (lambda n: n.state("q", float("inf")), "state 'q': the initial value is inf; give a finite number"),
        (lambda n: n.feedback("go", "b0"), "node 'go' is no state"),
        (lambda n: n.feedback("b0", "nobody"), "state 'b0': there is no node 'nobody' to take its next value from"),
        (lambda n: (n.state("q"), check(n)), "state 'q': there is no node None to take its next value from"),
        (lambda n: (n.graph.add_edge("go", "b0", weight=1), check(n)), "state 'b0' has an edge from 'go'"),
        (lambda n: (n.graph.nodes["b0"].update(unit=Unit(1)), check(n)), "state 'b0' has a unit"),
    ],
)
def test_what_a_state_may_not_be(change, text):
    with pytest.raises(NetworkError) as error:
        broken(change)
    assert str(error.value).startswith(text)


def test_a_state_is_no_input():
    net = counter(1)
    named = Network.from_graph(net.graph, ["go", "b0"], net.outputs, states=net.states)

    with pytest.raises(NetworkError, match="state 'b0' is an input as well"):
        check(named)


def test_time_needs_its_axis():
    with pytest.raises(InputError, match=r"this network has states, so give \(steps, samples, 1\)"):
        simulate(counter(1), [[1]])
    with pytest.raises(ParameterError, match="has states"):
        truth_table(counter(1))
    with pytest.raises(InputError, match="state 'b0' has no value"):
        step(counter(1), {"go": 1}, {})
    with pytest.raises(InputError, match="there is no state 'z'"):
        step(counter(1), {"go": 1}, {"b0": 0, "z": 1})
    with pytest.raises(InputError, match="in sample 0 of step 1; give 0 or 1"):
        simulate(counter(1), [[[1]], [[2]]])


def test_a_network_without_states_may_run_over_time():
    assert simulate(nand.network, [[[0, 0]], [[1, 1]]]).tolist() == [[[1]], [[0]]]


def test_states_are_copied_and_shown():
    net = counter(2)
    copy = net.copy()
    copy.feedback("b0", "go")

    assert net.states["b0"].next != "go"
    assert net.states["b1"] == State(net.states["b1"].next, 0)
    assert repr(net) == "<Network 'counter': 1 input, 2 states, 4 units, 10 edges, 2 outputs>"
    assert repr(Tape.from_network(net)) == "<Tape 'counter': 1 input, 2 states, 4 units, 10 edges, 2 outputs>"


def test_a_softened_counter_is_not_a_counter_of_bits():
    soft = soften(counter(2), 50)
    found = simulate(soft, np.ones((4, 1, 1)))

    assert found.dtype == np.float64
    np.testing.assert_allclose(found[:, 0], [[0, 0], [1, 0], [0, 1], [1, 1]], atol=1e-6)


# --- the digest


def test_a_digest_does_not_depend_on_how_it_is_computed():
    net = counter(4)
    wanted = digest(net, 1000, seed=3, steps=5)

    assert wanted == digest(Tape.from_network(net), 1000, seed=3, steps=5)
    assert wanted.text == digest(to_nand(net), 1000, seed=3, steps=5).text


def test_a_digest_sees_order_seed_steps_and_single_bits():
    net = xor.network
    swapped = Network()
    a, b = swapped.input("x1"), swapped.input("x2")
    swapped.output("one", a)
    swapped.output("two", b)
    turned = Network()
    a, b = turned.input("x1"), turned.input("x2")
    turned.output("one", b)
    turned.output("two", a)
    texts = {
        digest(net, 100).text,
        digest(net, 101).text,
        digest(net, 100, seed=1).text,
        digest(net, 100, seed=2**64).text,
        digest(net, 100, steps=2).text,
        digest(swapped, 100).text,
        digest(turned, 100).text,
    }

    assert len(texts) == 7


def test_a_digest_counts_ones_of_all_patterns():
    told = digest(xor.network, 100_000)

    assert abs(told.ones["out"] - 50_000) < 800
    assert digest(nand.network, 70).ones["out"] <= 70


@pytest.mark.parametrize(
    ("options", "text"),
    [
        ({"patterns": 0}, "patterns is 0; give a whole number of at least 1"),
        ({"patterns": 1.5}, "patterns is 1.5"),
        ({"patterns": 1, "seed": -1}, "seed is -1"),
        ({"patterns": 1, "steps": 0}, "steps is 0"),
    ],
)
def test_what_a_digest_refuses(options, text):
    with pytest.raises(ParameterError, match=text):
        digest(nand.network, **options)
    with pytest.raises(ParameterError, match="harden it"):
        digest(soften(nand.network), 1)
