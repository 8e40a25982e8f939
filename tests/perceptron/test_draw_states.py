"""Drawings of feedback through time: every state and every line back is there, and told apart from a step's wires."""

import re
import xml.etree.ElementTree as ET
from itertools import combinations, pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import networks

from perceptron import SIGMOID, DrawError, InputError, Network, NetworkError, Unit, draw
from perceptron.draw.loops import route

pygraphviz = pytest.importorskip("pygraphviz")

STYLES = ("neurons", "gates", "layers")
RANKS = ("LR", "RL", "TB", "BT")


def toggle(initial=0):
    net = Network("toggle")
    q = net.state("q", initial)
    net.feedback(q, net.add(Unit(1), [(q, -2)], name="not"))
    net.output("out", q)
    return net


def counter(width):
    net = Network("counter")
    carry = net.input("go")
    for place in range(width):
        bit = net.state(f"b{place}")
        both = net.add(Unit(-3), [(bit, 2), (carry, 2)], name=f"both{place}")
        net.feedback(bit, net.add(Unit(-1), [(bit, 2), (carry, 2), (both, -4)], name=f"sum{place}"))
        net.output(f"out{place}", bit)
        carry = both
    return net


def shift(width, ring=False):
    """A shift register without units; a ring has no input."""
    net = Network("shift")
    source = None if ring else net.input("data")
    states = [net.state(f"q{place}") for place in range(width)]
    for state in states:
        net.feedback(state, source or states[-1])
        source = state
    net.output("out", states[-1])
    return net


def unusual():
    """States that hold themselves, that read an input, that share their next value; an output of each kind."""
    net = Network("unusual")
    x, hold, unknown = net.input("x"), net.state("hold", 1), net.state("unknown", None)
    first, second = net.state("first"), net.state("second")
    both = net.add(Unit(-3), [(hold, 2), (x, 2)], name="both")
    for state, source in ((hold, hold), (unknown, x), (first, both), (second, both)):
        net.feedback(state, source)
    net.output("a", both)
    net.output("b", net.add(Unit(-1), [(first, 2), (second, 2)], name="either"))
    net.output("c", unknown)
    net.output("d", x)
    return net


@st.composite
def with_states(data, **options):
    """A drawn network in which a few more states read any of its nodes, and feed a unit."""
    net = data(networks(**options))
    nodes = list(net.graph)
    names = [f"state {index}" for index in range(data(st.integers(1, 4)))]
    for name in names:
        net.state(name, data(st.sampled_from([0, 1, None])))
    reader = net.add(Unit(-1), [(name, 1) for name in names if data(st.booleans())], name="reader")
    for name in names:
        net.feedback(name, data(st.sampled_from([*nodes, *names, reader])))
    net.output("read", reader)
    net.output("held", names[0])
    return net


def texts(svg):
    return ["".join(one.itertext()).strip() for one in ET.fromstring(svg).iter("{http://www.w3.org/2000/svg}text")]


def dashed(text):
    return re.findall(r'^ *(".*?"\S*) -> (".*?"\S*) \[.*style="dashed".*\]$', text, re.MULTILINE)


class TestEveryStyle:
    @given(with_states(wild=True), st.sampled_from(RANKS))
    @settings(max_examples=25)
    def test_any_network_with_states_can_be_drawn(self, net, rankdir):
        for style in STYLES:
            drawing = draw(net, style=style, rankdir=rankdir)
            assert drawing.svg.startswith("<?xml")
            assert pygraphviz.AGraph(string=drawing.dot).number_of_nodes() >= len(net.graph) + len(net.outputs)

    @pytest.mark.parametrize("net", [toggle(), counter(3), shift(3), shift(2, ring=True), unusual()], ids=repr)
    def test_every_state_has_its_line_back(self, net):
        for style in ("neurons", "gates"):
            drawing = draw(net, style=style)
            for text in (drawing.dot, drawing.placed):
                found = {tuple(end.split('"')[1] for end in line) for line in dashed(text)}
                assert found == {(entry.next, state) for state, entry in net.states.items()}
            assert set(net.states) <= set(texts(drawing.svg))

    def test_it_is_the_same_every_time(self):
        for style in STYLES:
            assert draw(unusual(), style=style).svg == draw(unusual(), style=style).svg

    @pytest.mark.parametrize("style", STYLES)
    def test_graphviz_has_nothing_to_complain_about(self, style, capfd):
        for net in (counter(2), shift(3), shift(2, ring=True), unusual()):
            assert draw(net, style=style).svg
            pygraphviz.AGraph(string=draw(net, style=style).dot).draw(prog="dot", format="svg")
        assert "rror" not in capfd.readouterr().err

    def test_a_notebook_shows_it(self):
        assert "<svg" in toggle()._repr_mimebundle_()["image/svg+xml"]

    def test_a_state_without_a_next_value_is_refused_and_shows_its_text(self):
        net = Network()
        net.output("out", net.state("q"))
        with pytest.raises(NetworkError, match="feedback"):
            draw(net)
        assert net._repr_mimebundle_() == {"text/plain": repr(net)}

    def test_states_count_for_the_limit(self):
        with pytest.raises(DrawError, match=r"30 units and states, and the limit is 20 units and states"):
            draw(shift(30), limit=20)


class TestValues:
    def test_states_have_their_initial_values(self):
        for style in ("neurons", "gates"):
            assert "out = <b>1</b>" in draw(toggle(1), style=style, values=[]).dot
            assert "out = <b>0</b>" in draw(toggle(None), style=style, values=[]).dot

    def test_a_mapping_may_have_others(self):
        net = counter(2)
        dot = draw(net, values={"go": 1, "b0": 1}).dot
        assert "out0 = <b>1</b>" in dot
        assert "out1 = <b>0</b>" in dot
        assert net.states["b0"].initial == 0, "the network is as it was"

    def test_values_that_no_state_has(self):
        with pytest.raises(InputError, match=r"^state 'b0' is 0.5; give 0 or 1$"):
            draw(counter(1), values={"go": 1, "b0": 0.5})
        with pytest.raises(InputError, match=r"^state 'b0' is nan; give a finite number$"):
            draw(counter(1), values={"go": 1, "b0": float("nan")})
        with pytest.raises(InputError, match="go"):
            draw(counter(1), values={"b0": 1})

    def test_a_real_state_takes_a_number(self):
        net = Network("recurrent")
        s = net.state("s", 0.25)
        net.feedback(s, net.add(Unit(-1, SIGMOID), [(s, 2)]))
        net.output("y", s)
        assert "y = <b>0.25</b>" in draw(net, values={}).dot
        assert "y = <b>0.50</b>" in draw(net, values={"s": 0.5}).dot

    def test_the_line_back_is_lit_with_the_next_value(self):
        for style in ("neurons", "gates"):
            for value, color in ((0, "#d9480f"), (1, "#aab2ba")):
                line = next(
                    line for line in draw(toggle(value), style=style, values=[]).dot.splitlines() if "dash" in line
                )
                assert color in line


class TestGates:
    def test_a_register_has_its_pins_its_name_and_its_initial_value(self):
        assert {"D", "Q", "q"} <= set(texts(draw(toggle(), style="gates").svg))
        for initial, told in ((0, []), (1, ["init 1"]), (None, ["init ?"])):
            assert [one for one in texts(draw(toggle(initial), style="gates").svg) if "init" in one] == told

    @pytest.mark.parametrize("rankdir", RANKS)
    def test_lines_back_are_straight_and_no_two_lie_on_each_other(self, rankdir):
        for net in (counter(4), shift(4), unusual()):
            pieces = []
            for line in draw(net, style="gates", rankdir=rankdir).placed.splitlines():
                found = re.search(r'^ *"(.*?)" -> .*pos="([^"]*)"', line)
                if found:
                    points = [tuple(map(float, point.split(","))) for point in found[2].split()]
                    pieces += [(found[1], *ends) for ends in pairwise(points) if ends[0] != ends[1]]
            for source, (x0, y0), (x1, y1) in pieces:
                assert x0 == x1 or y0 == y1, source
            for (one, *first), (other, *second) in combinations(pieces, 2):
                for axis in (0, 1):
                    at = {point[axis] for point in (*first, *second)}
                    if one != other and len(at) == 1:
                        (low, high), (bottom, top) = (sorted(p[1 - axis] for p in ends) for ends in (first, second))
                        assert high <= bottom or top <= low, (one, other)

    def test_a_loop_goes_the_nearer_way_round(self):
        low, high = -50.0, 50.0
        loops = route({"a": (30, 1), "b": (-30, 1)}, {"a": [20], "b": [-20]}, [(-27, 27)], [(low, high)])
        assert loops["a"].height > high
        assert loops["b"].height < low

    def test_loops_of_the_first_column_pass_between_its_cells(self):
        loops = route({"a": (40, 0)}, {"a": [-40]}, [(13, 67), (-67, -13)], [(-300, 300)])
        assert loops["a"].height == 0

    def test_tracks_that_meet_are_different(self):
        loops = route({"a": (0, 1), "b": (0, 2)}, {"a": [40], "b": [0]}, [(-27, 67)], [(-27, 67)])
        assert loops["a"].track != loops["b"].track or loops["a"].height * loops["b"].height < 0


class TestOtherStyles:
    def test_a_neurons_delay_is_marked(self):
        svg = draw(toggle(1)).svg
        assert "z⁻¹" in "".join(texts(svg))
        assert "init 1" in " ".join(texts(svg))

    def test_layers_list_states_with_the_inputs(self):
        shown = texts(draw(counter(2), style="layers").svg)
        assert {"inputs and states", "one step later", "go", "b0", "b1"} <= set(shown)
        assert "states" in texts(draw(toggle(), style="layers").svg)
        assert "one step later" not in texts(draw(toggle(), style="layers", captions=False).svg)
        assert "(1 input, 20 states)" in texts(draw(shift(20), style="layers").svg)

    def test_a_line_to_an_output_does_not_pass_through_a_neuron(self):
        """The toggle's output is its state: a level arrow would seem to come from the neuron between."""
        objects = pygraphviz.AGraph(string=draw(toggle(), style="layers").dot)
        heights = {name: objects.get_node(name).attr["pos"].split(",")[1] for name in ("q", "not", "out")}
        assert heights["q"] == heights["not"] != heights["out"]


class TestCone:
    def test_it_stops_at_states(self):
        dot = draw(counter(3), cone="sum1").dot
        assert {'"b1"', '"b0"', '"go"'} <= set(re.findall(r'"[^"]*"', dot))
        assert "sum0" not in re.sub(r'tooltip="[^"]*"', "", dot)
        assert dashed(dot) == [('"sum1"', '"b1"')], "b0 takes its next value from outside the cone"

    def test_a_state_may_be_its_top_and_depth_may_cut_it(self):
        for style in STYLES:
            assert draw(counter(3), style=style, cone="out2").svg
            assert draw(counter(3), style=style, cone="sum2", depth=1).svg

    def test_labels_of_states(self):
        for style in STYLES:
            assert "quiet" in texts(draw(toggle(), style=style, labels={"q": "quiet"}).svg)
            assert "q!" not in " ".join(texts(draw(toggle(), style=style, labels=lambda net, node: node + "!").svg))
