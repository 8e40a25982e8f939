"""Machine, which works out only what changes, against the definition and against the simulation of whole steps."""

import numpy as np
import pytest
from chips import OURS
from hypothesis import given
from hypothesis import strategies as st
from machines import machines
from strategies import networks

from circuits import Simulation
from circuits.formats.hdl import chip
from circuits.memory import Memory
from circuits.scripts import Machine, ScriptError
from perceptron import SIGMOID, Network, Tape, Unit, simulate


@given(net=machines(), data=st.data())
def test_drawn_networks_over_time(net, data):
    steps = data.draw(
        st.lists(
            st.lists(st.integers(0, 1), min_size=len(net.inputs), max_size=len(net.inputs)), min_size=1, max_size=6
        )
    )
    machine = Machine(Tape.from_network(net))
    tape = Tape.from_network(net)
    found = []
    for row in steps:
        for node, bit in zip(tape.input_nodes, row, strict=True):
            machine.set([node], bit)
        machine.settle()
        found.append([machine.value([node]) for node in tape.outputs.values()])
        machine.tick()
        assert [machine.value([node]) for node in tape.outputs.values()] == found[-1]
        machine.tock()
    samples = np.array(steps).reshape(len(steps), 1, len(net.inputs))
    expected = simulate(net, samples)[:, 0] if net.states else simulate(net, samples[:, 0])
    assert found == expected.tolist()


@given(net=networks(), order=st.randoms(use_true_random=False))
def test_the_order_of_changes_does_not_matter(net, order):
    tape = Tape.from_network(net)
    machine, at_once = Machine(tape), Machine(tape)
    nodes = list(tape.input_nodes)
    order.shuffle(nodes)
    for node in nodes:
        machine.set([node], 1)
        machine.settle()
        at_once.set([node], 1)
    at_once.settle()
    for node in tape.outputs.values():
        assert machine.value([node]) == at_once.value([node])
    before = machine.changes
    machine.settle()
    assert machine.changes == before


def test_the_computer_runs_a_drawn_program_as_the_simulation_does():
    """Random instructions are a program too; both must see the same registers and memory after every step."""
    found = chip(OURS / "05" / "Computer.hdl")
    rng = np.random.default_rng(1)
    program = rng.integers(0, 1 << 16, 1 << 15)
    program[::2] &= 0x5FFF  # @address, in RAM or on the screen
    program[1::2] |= 0xE000
    program[1::2][rng.random(1 << 14) < 0.9] &= 0xFFF8  # most do not jump
    memories = [
        Memory(one.name, one.address_bits, one.width, program, read_only=True) if one.name == "ROM32K_1" else one
        for one in found.memories
    ]
    machine, other = Machine(found.tape, memories), Simulation(found.tape, memories=memories)
    held = [part for part in found.parts if part.states]
    stores = [one for one in memories if not one.read_only]
    for step in range(300):
        reset = int(step == 150)
        machine.set(machine.inputs["reset"], reset)
        machine.tick()
        taken = [machine.held(part.states) for part in held]
        machine.tock()
        other.step(reset=reset)
        names = found.tape.names
        expected = [sum(other.peek(names[node]) << place for place, node in enumerate(part.states)) for part in held]
        assert [machine.held(part.states) for part in held] == expected
        assert taken == expected
    for one in stores:
        words = other.memory(one.name)
        assert [machine.word(one, where) for where in np.flatnonzero(words).tolist()] == words[words != 0].tolist()
        assert sum(machine.word(one, where) != 0 for where in range(one.words)) == np.count_nonzero(words)
    assert sum(np.count_nonzero(other.memory(one.name)) for one in stores) > 5


def test_wide_units_and_fractions_are_decided_exactly():
    net = Network()
    inputs = [net.input(f"x{place}") for place in range(9)]
    net.output("wide", net.add(Unit(-4.5), [(node, 0.5) for node in inputs]))
    net.output("tenths", net.add(Unit(-0.3), [(node, 0.1) for node in inputs[:3]]))
    tape = Tape.from_network(net)
    machine = Machine(tape)
    for ones in range(10):
        bits = [int(place < ones) for place in range(9)]
        for node, bit in zip(tape.input_nodes, bits, strict=True):
            machine.set([node], bit)
        machine.settle()
        assert [machine.value([node]) for node in tape.outputs.values()] == simulate(net, [bits])[0].tolist()


def test_what_it_does_not_run():
    net = Network()
    net.output("y", net.add(Unit(0, SIGMOID), [(net.input("x"), 1)]))
    with pytest.raises(ScriptError, match="a script tests circuits of 0 and 1"):
        Machine(Tape.from_network(net))
    net = Network()
    net.output("y", net.add(Unit(1), [(net.input("x"), -2)]))
    with pytest.raises(ScriptError, match=r"the network has no pin 'ram.out\[0\]' for memory 'ram'"):
        Machine(Tape.from_network(net), [Memory("ram", 1, 1)])
