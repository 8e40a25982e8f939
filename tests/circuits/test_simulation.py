"""Simulation: step by step and at full speed, against `perceptron.step` and a plain Python model of memories."""

import contextlib
import itertools
import subprocess
import sys
from unittest import mock

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from timed import Model, random_inputs, timed_networks, with_memories

from circuits import Circuit, CircuitError, Signed, circuit, half_adder, ripple_carry_adder, rom, state
from circuits.memory import Memory
from circuits.time.expand import expand_memories
from circuits.time.simulation import Simulation, record, run
from perceptron import (
    InputError,
    Network,
    NetworkError,
    ParameterError,
    Tape,
    Unit,
    find_difference,
    initial_state,
    step,
)
from perceptron.engines.bits import has_numba

ENGINES = [False, *([True] if has_numba() else [])]


@pytest.fixture(scope="module", params=ENGINES, ids=lambda compiled: "numba" if compiled else "numpy")
def engine(request):
    """Both loops over time, whatever has been loaded."""
    if request.param:
        import perceptron.engines.step_kernels  # noqa: F401

        yield
    else:
        with mock.patch("perceptron.engines.stepping.has_numba", return_value=False):
            yield


def counter(width=3, start=0):
    """Counts the steps in which `go` is 1; `clear` wins."""
    net = Network("counter")
    go, clear = net.input("go"), net.input("clear")
    carry = go
    for place in range(width):
        bit = net.state(f"q[{place}]", start >> place & 1)
        both = net.add(Unit(-3), [(bit, 2), (carry, 2)])
        # bit xor carry, and not clear
        net.feedback(bit, net.add(Unit(-1), [(bit, 2), (carry, 2), (both, -4), (clear, -6)]))
        net.output(f"out[{place}]", bit)
        carry = both
    net.output("carry", carry)
    return net


def test_a_counter_by_hand():
    sim = Simulation(counter())
    assert [sim.step(go=1).out for _ in range(5)] == [0, 1, 2, 3, 4]
    assert sim.time == 5
    assert sim.look() == {"out": 5, "carry": 0}
    assert sim.look(go=0) == {"out": 5, "carry": 0}
    assert sim.following("q") == 5
    assert sim.look(go=1) == {"out": 5, "carry": 0}
    assert (sim.following("q"), sim.following("q[0]"), sim.peek("q"), sim.peek("q[2]")) == (6, 0, 5, 1)
    sim.poke("q", 7)
    assert sim.look() == (7, 1)
    sim.poke("q[1]", 0)
    assert sim.step(clear=1).out == 5
    assert sim.step().out == 0
    sim.reset()
    assert (sim.time, sim.look(), sim.peek("go")) == (0, (0, 0), 0)


def test_outputs_before_and_after_the_edge():
    """What a test script of a hardware course shows: the old output, the edge, the new output."""
    sim = Simulation(counter(start=6))
    before = sim.look(go=1)
    will = sim.following("q")
    assert sim.step() == before == (6, 0)
    assert sim.look() == (will, 1) == (7, 1)


def test_a_copy_goes_its_own_way():
    sim = Simulation(counter())
    sim.step(go=1)
    other = sim.copy()
    other.step()
    assert (sim.look().out, sim.time, other.look().out, other.time) == (1, 1, 2, 2)


def test_many_samples_by_hand():
    sim = Simulation(counter(), samples=3)
    sim.step(go=[0, 1, 1])
    sim.step(go=[0, 0, 1])
    assert sim.peek("q").tolist() == [0, 1, 2]
    assert sim.look(go=1).out.tolist() == [0, 1, 2]
    sim.poke("q", [5, 6, 7])
    assert sim.step().carry.tolist() == [0, 0, 1]
    assert sim.look().out.tolist() == [6, 7, 0]


@given(timed_networks(), st.data())
def test_every_step_is_the_definition(engine, net, data):
    samples = data.draw(st.sampled_from([1, 2, 65]))
    values = random_inputs(data, net, net.inputs, 5, samples)
    form = data.draw(st.sampled_from([lambda net: net, Tape.from_network, Circuit.from_network]))
    if form == Circuit.from_network and net.states:
        form = Tape.from_network
    found = run(form(net), values)

    assert found.shape == (5, samples, len(net.outputs))
    for lane in (0, samples - 1):
        state = initial_state(net)
        for at in range(5):
            outputs, state = step(net, values[at, lane].tolist(), state)
            assert found[at, lane].tolist() == list(outputs.values())


@given(timed_networks(smooth=True), st.data())
def test_real_values_are_the_definition_to_rounding(net, data):
    values = random_inputs(data, net, net.inputs, 4, 2)
    found = run(net, values)

    state = initial_state(net)
    for at in range(4):
        outputs, state = step(net, values[at, 1].tolist(), state)
        np.testing.assert_allclose(found[at, 1], list(outputs.values()), rtol=1e-9, atol=1e-12)


@given(timed_networks(), st.data())
def test_by_hand_is_the_same_as_at_once(net, data):
    values = random_inputs(data, net, net.inputs, 4, 1)
    at_once = run(net, values)
    sim = Simulation(net)
    for at in range(4):
        names = dict(zip(net.inputs, values[at, 0].tolist(), strict=True))
        following, outputs = {}, sim.look(names)
        for name in net.states:
            following[name] = sim.following(name)
        assert sim.step() == outputs
        found = outputs.asdict() if hasattr(outputs, "asdict") else {next(iter(net.outputs)): outputs}
        assert list(found.values()) == at_once[at, 0].tolist()
        assert {name: sim.peek(name) for name in net.states if name not in net.outputs} == {
            name: value for name, value in following.items() if name not in net.outputs
        }


def simulation_of(net, memories, samples):
    """None where the drawn memories read each other within a step."""
    with contextlib.suppress(NetworkError):
        return Simulation(net, memories=memories, samples=samples)
    return None


@given(with_memories(), st.data())
def test_memories_are_those_of_a_plain_model(engine, drawn, data):
    net, memories = drawn
    sim = simulation_of(net, memories, 3)
    if sim is None:
        return
    names = sim.signals.input_names
    values = random_inputs(data, net, names, 6, 3)
    found = run(net, values, memories=memories)
    waves = sim.play({name: values[:, :, column] for column, name in enumerate(names)}, steps=6)

    for lane in range(3):
        model = Model(net, memories)
        for at in range(6):
            outputs = model.step(dict(zip(names, values[at, lane].tolist(), strict=True)))
            assert found[at, lane].tolist() == list(outputs.values())
        for memory in memories:
            words = sim.memory(memory.name)
            assert (words if memory.read_only else words[lane]).tolist() == model.words[memory.name]
    assert len(waves) == 6


@given(with_memories(), st.data())
def test_expanded_memories_do_the_same(drawn, data):
    net, memories = drawn
    gates, sim = None, simulation_of(net, memories, 4)
    with contextlib.suppress(NetworkError):  # a loop of edges, even one through a unit that is constant
        gates = expand_memories(net, memories)
    if sim is None or gates is None:
        return
    assert sim.signals.input_names == list(gates.inputs)
    values = random_inputs(data, net, gates.inputs, 5, 4)
    assert (run(gates, values) == run(net, values, memories=memories)).all()


# --- a part with memory


def stored(read_only=False, contents=()):
    """A memory of 8 words of 4 bits that is read at `at`, and written at the same place."""
    net = Network("stored")
    memory = Memory("ram", 3, 4, contents, read_only)
    for bit, pin in enumerate(memory.address):
        net.output(pin, net.input(f"at[{bit}]"))
    for bit, pin in enumerate(memory.out):
        net.output(f"out[{bit}]", net.input(pin))
    for bit, pin in enumerate(memory.data):
        net.output(pin, net.input(f"data[{bit}]"))
    for pin in memory.load:
        net.output(pin, net.input("load"))
    return net, memory


def test_a_memory_is_read_at_once_and_written_at_the_end(engine):
    net, memory = stored(contents=[1, 2, 3])
    sim = Simulation(net, memories=[memory])
    assert [sim.look(at=at) for at in range(4)] == [1, 2, 3, 0]
    assert sim.step(at=1, data=9, load=1) == 2
    assert sim.look() == 9
    assert sim.memory("ram").tolist() == [1, 9, 3, 0, 0, 0, 0, 0]
    sim.memory("ram")[1] = 7
    assert (sim.look(), sim.peek("ram.out"), sim.peek("ram.address"), sim.peek("ram.load")) == (7, 7, 1, 1)
    sim.reset()
    assert sim.memory("ram").tolist() == [1, 2, 3, 0, 0, 0, 0, 0]


def test_each_sample_has_its_own_memory_and_all_share_what_is_only_read(engine):
    net, memory = stored()
    sim = Simulation(net, memories=[memory], samples=2)
    sim.step(at=[0, 5], data=[1, 2], load=1)
    assert sim.memory("ram")[:, [0, 5]].tolist() == [[1, 0], [0, 2]]
    net, memory = stored(read_only=True, contents=range(8))
    sim = Simulation(net, memories=[memory], samples=2)
    assert sim.look(at=[3, 6]).tolist() == [3, 6]
    assert sim.memory("ram").shape == (8,)


def test_memory_after_memory_within_one_step(engine):
    """A table that points into a table: two lookups in one step, in either order of definition."""
    rng = np.random.default_rng(5)
    first, second = rng.permutation(16), rng.permutation(16)
    pointer = Memory("pointer", 4, 4, first, read_only=True)
    target = Memory("target", 4, 4, second, read_only=True)
    for memories in ([pointer, target], [target, pointer]):
        net = Network()
        for bit in range(4):
            net.output(pointer.address[bit], net.input(f"at[{bit}]"))
            net.output(target.address[bit], net.add(Unit(-1), [(net.input(pointer.out[bit]), 2)]))
            net.output(f"out[{bit}]", net.input(target.out[bit]))
        found = run(net, {"at": range(16)}, memories=memories)["out"]
        assert found.tolist() == [second[first[at]] for at in range(16)]


def test_memories_that_read_each_other_are_named():
    net = Network()
    memories = [Memory("a", 1, 1), Memory("b", 1, 1, read_only=True), Memory("c", 1, 1, read_only=True)]
    net.input("a.out[0]")
    net.output("a.in[0]", "a.out[0]")
    net.output("a.load", "a.out[0]")
    net.output("a.address[0]", net.input("b.out[0]"))
    net.output("b.address[0]", net.input("c.out[0]"))
    net.output("c.address[0]", net.add(Unit(1), [("a.out[0]", -2)]))
    with pytest.raises(NetworkError) as error:
        Simulation(net, memories=memories)
    assert str(error.value).startswith("the memories read each other within one step: ")
    ring = str(error.value).split(": ")[1].split(" (")[0].replace("'", "").split(" -> ")
    # who drives whose address: b drives a, c drives b, a drives c
    assert all((one, two) in {("b", "a"), ("c", "b"), ("a", "c")} for one, two in itertools.pairwise(ring))
    assert len(ring) == 4


def test_a_wide_memory(engine):
    memory = Memory("m", 0, 64)
    net = Network()
    for bit in range(64):
        net.output(f"out[{bit}]", net.input(memory.out[bit]))
        net.output(memory.data[bit], net.input(f"x[{bit}]"))
    net.output("m.load", net.add(Unit(1), []))
    sim = Simulation(net, memories=[memory])
    assert (sim.step(x=2**64 - 3), sim.look()) == (0, 2**64 - 3)


def test_expanding_is_counted_and_limited():
    net, memory = stored()
    gates = expand_memories(net, [memory])
    assert len(gates.units) == 8 * (2 * 4 + 2) + 4
    assert len(gates.states) == 8 * 4
    assert gates.inputs == ("at[0]", "at[1]", "at[2]", "data[0]", "data[1]", "data[2]", "data[3]", "load")
    assert find_difference(gates, gates.copy()) is None
    net, memory = stored(read_only=True, contents=[5, 9])
    assert len(expand_memories(net, [memory]).units) == 8 + 4
    with pytest.raises(CircuitError, match="hold 262144 bits; as gates the most is 16384"):
        expand_memories(net, [Memory("ram", 14, 16)])


def test_circuits_around_other_memories_are_told_apart():
    """A network shows only the pins, so a proof wants the memories expanded, and says so to whoever gives a circuit."""
    first, second = rom(2, 4, [1, 2, 3, 4]), rom(2, 4, [1, 2, 3, 5])

    assert find_difference(first.network, second.network) is None
    with pytest.raises(NetworkError, match=r"no more of its memories than their pins, so give expand_memories of it"):
        find_difference(first, second)
    assert find_difference(expand_memories(first), expand_memories(second)) == {"address[0]": 1, "address[1]": 1}
    assert find_difference(expand_memories(first), expand_memories(first.network, first.memories)) is None
    assert expand_memories(half_adder).outputs == half_adder.network.outputs


# --- many steps


def test_advance_stops_when_an_output_is_1(engine):
    sim = Simulation(counter(8))
    waves = sim.advance(1000, record=["out", "carry"], until="carry", inputs={"go": 1})
    assert (len(waves), sim.time, sim.look()) == (255, 255, (255, 1))
    assert waves["out"].tolist() == list(range(255))
    assert len(sim.advance(10, until="carry")) == 0
    assert len(sim.advance(10, until="clear")) == 10
    assert sim.look().out == 9


def test_inner_units_are_recorded(engine):
    net = counter(2)
    inner = net.units[0]
    waves = Simulation(net).advance(6, record=["q", "go", inner], inputs={"go": 1})
    assert waves["q"].tolist() == [0, 1, 2, 3, 0, 1]
    assert waves[inner].tolist() == [0, 1, 0, 1, 0, 1]
    lone = Network()
    lone.output("y", lone.input("x"))
    lone.add(Unit(1), [("x", -2)], name="unread")
    assert Simulation(lone).peek("unread") == 1
    assert record(lone, {"x": [0, 1]}, signals=["unread", "x"])["unread"].tolist() == [1, 0]


def test_long_runs_are_those_of_short_ones(engine):
    """Chunks, and words of many samples, change nothing."""
    net = counter(5)
    rng = np.random.default_rng(3)
    values = rng.integers(0, 2, size=(300, 130, 2))
    with mock.patch("perceptron.engines.stepping._CHUNK", 1 << 9):
        found = run(net, values)
    assert (found == run(net, values)).all()
    clear, go = values[:, :, 1], values[:, :, 0]
    count = np.zeros(130, dtype=int)
    for at in range(300):
        assert (found[at, :, :5] @ (1 << np.arange(5)) == count).all()
        count = np.where(clear[at], 0, (count + go[at]) % 32)


def test_run_by_name():
    assert run(counter(), {"go": [1, 0, 1], "clear": 0})["out"].tolist() == [0, 1, 1]
    assert run(counter(), {"go": 1}, steps=4)["out"].tolist() == [0, 1, 2, 3]
    assert run(counter(), {"go": [[1, 0], [1, 1]]})["out"].tolist() == [[0, 0], [1, 0]]
    assert run(counter(), {"go": [1, 0]}, samples=2)["out"].tolist() == [[0, 0], [1, 1]]
    assert run(ripple_carry_adder(4), {"a": [1, 15], "b": [2, 1]})["sum"].tolist() == [3, 16]


def test_waves_of_several_samples_are_taken_one_by_one():
    waves = Simulation(counter(), samples=2).play({"go": [[1, 0], [1, 1]]}, record=["q"])
    assert waves.sample(0)["q"].tolist() == [0, 1]
    with pytest.raises(CircuitError, match="several samples"):
        waves.text()
    with pytest.raises(CircuitError, match="there is no sample 2; there are 2"):
        waves.sample(2)


def test_words_wider_than_63_bits():
    net = Network()
    for bit in range(70):
        net.output(f"y[{bit}]", net.input(f"x[{bit}]"))
    assert Simulation(net).step(x=2**70 - 5) == 2**70 - 5
    assert run(net, {"x": [2**69, 3]})["y"].tolist() == [2**69, 3]


def test_real_values_by_hand():
    net = Network()
    q = net.state("q", 0.5)
    net.feedback(q, net.input("x", real=True))
    net.output("y", q)
    sim = Simulation(net)
    assert (sim.step(x=0.25), sim.look(x=-3), sim.following("q")) == (0.5, 0.25, -3.0)
    sim.poke("q", 7.5)
    assert sim.copy().step() == 7.5
    sim.reset()
    assert sim.look() == 0.5
    net.add(Unit(1), [("x", 1)], "inside")
    with pytest.raises(ParameterError, match="unit 'inside' is inside a network with real values"):
        Simulation(net).peek("inside")
    with pytest.raises(InputError, match="input 'x' is inf; give a finite number"):
        sim.look(x=float("inf"))


@pytest.mark.parametrize(
    ("act", "kind", "text"),
    [
        (lambda s: s.look(nobody=1), CircuitError, "there is no input 'nobody'; the inputs are go, clear"),
        (lambda s: s.look(go=2), InputError, "input 'go' is 2; give 0 or 1"),
        (lambda s: s.look(go=[0, 1]), InputError, "input 'go' is given the shape (2,); give a single value"),
        (lambda s: s.poke("q", 8), InputError, "state 'q' is 8; give an integer from 0 to 7"),
        (lambda s: s.poke("go", 1), CircuitError, "there is no state 'go'; the states are q; an input is given"),
        (lambda s: s.peek("nobody"), CircuitError, "there is no signal 'nobody'; the outputs are out, carry"),
        (lambda s: s.following("out"), CircuitError, "there is no state 'out'"),
        (lambda s: s.memory("ram"), CircuitError, "there is no memory 'ram'; the memories are none"),
        (lambda s: s.advance(-1), CircuitError, "steps is -1; give a whole number"),
        (lambda s: s.advance(5, until="out"), CircuitError, "until is the word 'out'; name a single bit"),
        (lambda s: s.advance(5, record="out"), CircuitError, "the signals to keep are the text 'out'; give a list"),
        (lambda s: s.play({}), CircuitError, "nothing says how many steps to run"),
        (lambda s: s.play({"go": [1, 1]}, steps=3), CircuitError, "input 'go' has 2 values for 3 steps"),
        (lambda s: s.play({"go": [1, 1], "clear": [0]}), CircuitError, "input 'clear' has 1 values for 2 steps"),
        (lambda s: s.play({"go": [1, 0, 5]}), InputError, "input 'go' is 5 in step 2; give 0 or 1"),
        (lambda s: s.play({"go": [1, 0.5]}), InputError, "input 'go' is 0.5 in step 1; give 0 or 1"),
        (
            lambda s: run(counter(), {"go": [[1, 0], [1, -1]]}),
            InputError,
            "input 'go' is -1 in step 1 of sample 1; give 0 or 1",
        ),
        (
            lambda s: Simulation(counter(), samples=2).look(go=[0, 3]),
            InputError,
            "input 'go' is 3 in sample 1; give 0 or 1",
        ),
        (lambda s: s.play({"go": [[1], [0]]}), InputError, "input 'go' has the shape (2, 1) over time; give (2,)"),
        (lambda s: Simulation(counter(), samples=0), CircuitError, "samples is 0; give a whole number"),
        (lambda s: Simulation(7), CircuitError, "a simulation is given 7; give a Circuit, a Network or a Tape"),
        (lambda s: run(counter(), np.zeros((2, 2))), InputError, "inputs have the shape (2, 2); give (steps, samples"),
        (lambda s: run(counter(), np.zeros((2, 1, 2)), steps=3), InputError, "steps is 3, but the inputs have 2"),
        (
            lambda s: Simulation(counter(), memories=[Memory("ram", 1, 1)]),
            CircuitError,
            "memory 'ram': the network has no output 'ram.load'; add its pins first",
        ),
        (
            lambda s: Simulation(stored()[0], memories=[stored()[1]] * 2).look(at=9),
            InputError,
            "input 'at' is 9; give an integer from 0 to 7",
        ),
    ],
)
def test_errors_name_the_thing_and_the_cure(act, kind, text):
    with pytest.raises(kind) as error:
        act(Simulation(counter()))
    assert str(error.value).startswith(text)


def test_numba_is_loaded_only_where_it_pays():
    code = (
        "import sys; from circuits.time.simulation import run; from perceptron import Network\n"
        "net = Network(); q = net.state('q'); net.feedback(q, net.input('x')); net.output('q', q)\n"
        "run(net, {'x': [1, 0, 1]}); print('numba' in sys.modules)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_memories_of_many_samples(engine):
    """More samples than bits of a machine word, each with its own words; the oracle is an array of them."""
    net, memory = stored(contents=[3, 1, 4])
    rng = np.random.default_rng(7)
    steps, samples = 40, 130
    at, data = rng.integers(0, 8, (steps, samples)), rng.integers(0, 16, (steps, samples))
    load = rng.integers(0, 2, (steps, samples))
    sim = Simulation(net, memories=[memory], samples=samples)
    found = sim.play({"at": at, "data": data, "load": load})["out"]
    words = np.tile([3, 1, 4, 0, 0, 0, 0, 0], (samples, 1))
    lanes = np.arange(samples)
    for step_ in range(steps):
        assert (found[step_] == words[lanes, at[step_]]).all()
        words[lanes, at[step_]] = np.where(load[step_], data[step_], words[lanes, at[step_]])
    assert (sim.memory("ram") == words).all()


def test_signed_words():
    @circuit
    def total(x: Signed[4]):
        held = state(6, name="held", signed=True)
        held.next = (held + x)[:6].signed()
        return {"sum": held, "same": x}

    found = run(total, {"x": [-8, 7, -1, 3]})
    assert (found["sum"].tolist(), found["same"].tolist()) == ([0, -8, -1, -2], [-8, 7, -1, 3])
    sim = Simulation(total)
    assert (sim.step(x=-8), sim.peek("held"), sim.following("held")) == ((0, -8), -8, -16)
    sim.poke("held", -32)
    assert sim.look() == (-32, -8)
    with pytest.raises(InputError, match="input 'x' is 8; give an integer from -8 to 7"):
        sim.look(x=8)
