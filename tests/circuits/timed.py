"""Networks in time for tests: drawn with states and memories, and a plain Python model of what they do."""

import numpy as np
from hypothesis import assume
from hypothesis import strategies as st
from strategies import networks

from circuits.memory import Memory
from perceptron import Network, NetworkError, check, initial_state, step
from perceptron.network import State


@st.composite
def timed_networks(draw, **options):
    """A drawn network of which some inputs have become states."""
    net = draw(networks(max_inputs=6, **options))
    count = draw(st.integers(0, len(net.inputs)))
    nodes = [node for node in net.graph if not net.graph.nodes[node].get("real", False)]
    states = {}
    for name in net.inputs[:count]:
        if net.graph.nodes[name].get("real", False):
            states[name] = State(name, draw(st.sampled_from([0.25, 0, -1])))
        else:
            smooth = any(not net.unit(target).activation.binary for target in net.graph.succ[name])
            known = list(net.graph) if smooth else [node for node in nodes if node in net.inputs or is_step(net, node)]
            states[name] = State(draw(st.sampled_from(known)), draw(st.sampled_from([0, 1, None])))
    made = Network.from_graph(net.graph, net.inputs[count:], net.outputs, net.name, states)
    assume(is_valid(made))
    return made


def is_valid(net):
    """Whether it can be checked: a table must not read a state that has become real."""
    try:
        check(net)
    except NetworkError:
        return False
    return True


def is_step(net, node):
    return net.unit(node).activation.binary


@st.composite
def with_memories(draw):
    """A drawn 0/1 network with the pins of one or two memories, and the memories."""
    net = draw(networks(min_inputs=5, max_inputs=8, max_units=10))
    free = list(net.inputs)
    memories, inputs, outputs = [], {}, dict(net.outputs)
    for name in ["ram", "rom"][: draw(st.integers(1, 2))]:
        address_bits, width = draw(st.integers(0, 2)), draw(st.integers(1, 2))
        contents = draw(st.lists(st.integers(0, 2**width - 1), max_size=2**address_bits))
        memory = Memory(name, address_bits, width, contents, read_only=name == "rom" and draw(st.booleans()))
        for pin in memory.out:
            inputs[free.pop(0)] = pin
        for pin in (*memory.address, *memory.data, *memory.load):
            outputs[pin] = draw(st.sampled_from(list(net.graph)))
        memories.append(memory)
    states = {name: State(draw(st.sampled_from(list(net.graph))), draw(st.integers(0, 1))) for name in free[:2]}
    renamed = Network(net.name)
    for name in net.inputs:
        if name in states:
            renamed.state(name, states[name].initial)
        else:
            renamed.input(inputs.get(name, name))
    for node in net.units:
        fanin = [(inputs.get(source, source), weight) for source, weight in net.fanin(node)]
        renamed.add(net.unit(node), fanin, node)
    for name, state in states.items():
        renamed.feedback(name, inputs.get(state.next, state.next))
    for name, node in outputs.items():
        renamed.output(name, inputs.get(node, node))
    return renamed, memories


class Model:
    """A network with memories, one step at a time, by `evaluate` and Python lists.

    The words that memories give are found by evaluating again until nothing changes.
    """

    def __init__(self, net, memories):
        self.net, self.memories = net, memories
        self.state = initial_state(net)
        self.words = {memory.name: memory.initial().tolist() for memory in memories}

    def step(self, values):
        out = {pin: 0 for memory in self.memories for pin in memory.out}
        for _ in range(len(self.memories) + 2):
            outputs, following = step(self.net, values | out, self.state)
            found = {}
            for memory in self.memories:
                word = self.words[memory.name][number(outputs, memory.address)]
                found |= {pin: word >> bit & 1 for bit, pin in enumerate(memory.out)}
            if found == out:
                break
            out = found
        else:
            raise AssertionError("the memories do not settle")
        for memory in self.memories:
            if memory.load and outputs[memory.load[0]]:
                self.words[memory.name][number(outputs, memory.address)] = number(outputs, memory.data)
        self.state = following
        pins = {pin for memory in self.memories for pin in (*memory.address, *memory.data, *memory.load)}
        return {name: value for name, value in outputs.items() if name not in pins}


def number(values, names):
    """The integer of some bits, least significant first."""
    return sum(int(values[name]) << place for place, name in enumerate(names))


def random_inputs(data, net, names, steps, samples):
    """Values (steps, samples, inputs) for a network: 0 and 1, and quarters for real inputs."""
    rng = np.random.default_rng(data.draw(st.integers(0, 2**32 - 1)))
    values = rng.integers(0, 2, size=(steps, samples, len(names))).astype(float)
    real = [column for column, name in enumerate(names) if net.graph.nodes[name].get("real", False)]
    values[:, :, real] = rng.integers(-8, 9, size=(steps, samples, len(real))) / 4
    return values
