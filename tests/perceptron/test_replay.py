"""replay: the definition over a tape gives what `evaluate` and `step` give for the graph."""

from hypothesis import given
from hypothesis import strategies as st
from strategies import assignments, networks

from perceptron import Network, Tape, Unit, evaluate, initial_state, prove, step
from perceptron.equivalence.replay import outputs_after, replay


@given(networks(smooth=True, wild=True, extreme=True), st.data())
def test_a_tape_as_its_network(net, data):
    values = data.draw(assignments(net))
    assert replay(Tape.from_network(net), values) == evaluate(net, values) == replay(net, values)


@given(networks(min_inputs=2), st.data())
def test_over_time(net, data):
    """An input becomes a state, which takes its next value from any node."""
    timed = Network()
    first, *others = net.inputs
    place = {name: timed.input(name) for name in others}
    place[first] = timed.state("q", data.draw(st.sampled_from([0, 1, None])))
    for node in net.units:
        place[node] = timed.add(net.unit(node), [(place[source], weight) for source, weight in net.fanin(node)])
    for name, node in net.outputs.items():
        timed.output(name, place[node])
    timed.feedback("q", data.draw(st.sampled_from(list(place.values()))))
    steps = data.draw(st.integers(1, 4))
    bits = st.lists(st.integers(0, 1), min_size=steps, max_size=steps)
    runs = {name: data.draw(bits) for name in others}
    state, wanted = initial_state(timed), {}
    for at in range(steps):
        wanted, state = step(timed, {name: run[at] for name, run in runs.items()}, state)
    assert outputs_after(Tape.from_network(timed), runs, steps) == wanted == outputs_after(timed, runs, steps)


@given(networks(min_inputs=1, max_units=8), st.integers(-3, 3))
def test_the_same_difference_from_tapes(net, more):
    """A verdict on tapes is that on networks, with the outputs that `evaluate` gives."""
    other = net.copy()
    for node in list(net.units)[-1:]:
        unit = net.unit(node)
        if unit.activation.name == "step":
            other.graph.nodes[node]["unit"] = Unit(unit.bias + more)
    plain, taped = prove(net, other), prove(Tape.from_network(net), Tape.from_network(other))
    assert (plain.status, plain.difference, plain.outputs) == (taped.status, taped.difference, taped.outputs)
