"""BLIF written: any network survives the way there and back, and what the format cannot say is refused by name."""

import pytest
from blif_texts import model, same
from hypothesis import given
from hypothesis import strategies as st
from strategies import networks

from circuits.formats import blif
from circuits.formats.errors import CannotWriteError
from perceptron import SIGMOID, Network, Table, Tape, Unit
from perceptron.network import State


def with_states(net, data):
    """The same network with some inputs turned into states that take any node's value."""
    chosen = [name for name in net.inputs if data.draw(st.booleans())]
    nodes = list(net.graph)
    states = {
        name: State(data.draw(st.sampled_from(nodes)), data.draw(st.sampled_from([0, 1, None]))) for name in chosen
    }
    inputs = [name for name in net.inputs if name not in states]
    return Network.from_graph(net.graph, inputs, net.outputs, net.name, states)


@given(st.data())
def test_any_network_survives(data):
    net = with_states(data.draw(networks(extreme=True)), data)
    text = blif.dumps(net)
    again = blif.loads(text)
    same(net, again)
    assert blif.dumps(Tape.from_network(net)) == text
    same(net, blif.loads(text, into=Tape()).to_network())
    once = blif.dumps(again)
    assert blif.dumps(blif.loads(once)) == once


@given(networks(wide=True))
def test_wide_units_survive(net):
    same(net, blif.loads(blif.dumps(net)))


@given(st.data())
def test_any_names_survive_or_are_refused(data):
    net = with_states(data.draw(networks(wild=True)), data)
    try:
        text = blif.dumps(net)
    except CannotWriteError as error:
        text, reason = None, str(error)
    if text is None:
        assert any(repr(name) in reason for name in [*net.inputs, *net.outputs, *net.states])
    else:
        same(net, blif.loads(text))


def test_a_network_keeps_the_names_of_its_units():
    net = blif.loads(model(".names a b t\n11 1\n.names t c y\n1- 1\n-1 1"))
    again = blif.loads(blif.dumps(net))
    assert list(again.graph) == list(net.graph)
    assert [again.unit(node) for node in again.units] == [net.unit(node) for node in net.units]


def test_two_outputs_of_a_node_and_one_that_is_an_input():
    net = Network("n")
    node = net.add(Unit(1), [(net.input("x"), -2)], name="not")
    net.output("p", node)
    net.output("q", node)
    net.output("r", "x")
    assert blif.dumps(net) == (
        ".model n\n.inputs x\n.outputs p q r\n.names x not\n0 1\n.names not p\n1 1\n.names not q\n1 1\n"
        ".names x r\n1 1\n.end\n"
    )


def test_a_node_of_a_tape_without_a_name_takes_that_of_its_output():
    tape = Tape()
    tape.output("y", tape.add(Unit(1), [(tape.input("x"), -2)]))
    assert blif.dumps(tape) == ".model top\n.inputs x\n.outputs y\n.names x y\n0 1\n.end\n"


def test_an_inner_node_gives_way_to_an_output_of_its_name():
    net = Network()
    x = net.input("x")
    inner = net.add(Unit(1), [(x, -2)], name="y")
    net.output("y", net.add(Unit(1), [(inner, -2)], name="z"))
    same(net, blif.loads(blif.dumps(net)))


def test_unknown_initial_values_are_written_as_3():
    net = Network()
    net.feedback(net.state("q", None), net.input("x"))
    net.output("q", "q")
    assert ".latch x q 3\n" in blif.dumps(net)


def test_what_blif_cannot_say_is_refused_by_name():
    net = Network()
    net.output("y", net.add(Unit(1, SIGMOID), [(net.input("x"), -2)], name="soft"))
    with pytest.raises(CannotWriteError, match="soft"):
        blif.dumps(net)
    net = Network()
    net.output("y", net.add(Unit(1), [(net.input("x", real=True), -2)]))
    with pytest.raises(CannotWriteError, match="'x'"):
        blif.dumps(net)
    net = Network()
    net.feedback(net.state("q", 0.5), net.input("x"))
    net.output("y", "q")
    with pytest.raises(CannotWriteError, match="'q'"):
        blif.dumps(net)
    for name in ("a b", "a#b", "a\\", "\u00a0", "\0"):
        net = Network()
        net.output("y", net.input(name))
        with pytest.raises(CannotWriteError, match="cannot stand"):
            blif.dumps(net)
    net = Network()
    net.input("x")
    net.output("x", net.add(Unit(1), [("x", -2)]))
    with pytest.raises(CannotWriteError, match="'x'"):
        blif.dumps(net)


def test_a_long_list_of_names_goes_on_in_the_next_line():
    net = Network()
    for index in range(100):
        net.input(f"input{index}")
    net.output("y", net.add(Unit(-1), [(name, 2) for name in net.inputs]))
    text = blif.dumps(net)
    assert max(map(len, text.splitlines())) <= 110
    same(net, blif.loads(text))


@pytest.mark.parametrize("pins", [7, 40, 300])
@pytest.mark.parametrize("of_none", [0, 1])
def test_a_parity_of_many_pins_is_lowered(pins, of_none):
    net = Network()
    fanin = [(net.input(f"x{index}"), 1 + index % 3) for index in range(pins)]
    values = [(count & 1) ^ of_none for count in range(2 * pins + 4)]
    net.output("y", net.add(Unit(3, Table(values)), fanin))
    text = blif.dumps(net)
    assert len(text) < 60 * pins
    same(net, blif.loads(text))
