"""Drawings: the DOT text tells the whole network, pictures are rendered and written whole, errors say the cure."""

import json
import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from html import unescape
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import networks

from perceptron import (
    SIGMOID,
    DrawError,
    InputError,
    Network,
    NetworkError,
    ParameterError,
    Table,
    Unit,
    draw,
    merge_parallel,
)
from perceptron.draw import Drawing
from perceptron.draw.channel import Span, place_tracks
from perceptron.draw.dot import printable, quote
from perceptron.draw.render import render as run_graphviz
from perceptron.draw.symbols import symbol

pygraphviz = pytest.importorskip("pygraphviz")


def adder():
    """The chapter's adder: five NANDs, the first of which feeds the carry twice."""
    net = Network("adder")
    x1, x2 = net.input("x1"), net.input("x2")

    def nand(a, b, name):
        return net.add(Unit(3), [(a, -2), (b, -2)], name=name)

    first = nand(x1, x2, "first")
    net.output("sum", nand(nand(x1, first, "upper"), nand(first, x2, "lower"), "last"))
    net.output("carry", nand(first, first, "both"))
    return net


def dense(*sizes):
    net = Network("dense")
    layer = [net.input(f"pixel{index}") for index in range(sizes[0])]
    for depth, size in enumerate(sizes[1:]):
        layer = [net.add(Unit(0, SIGMOID), [(s, 1) for s in layer], name=f"{depth}/{i}") for i in range(size)]
    for index, node in enumerate(layer):
        net.output(f"y{index}", node)
    return net


def texts(svg):
    return ["".join(one.itertext()).strip() for one in ET.fromstring(svg).iter("{http://www.w3.org/2000/svg}text")]


def unquoted(label):
    return unescape(re.sub(r"\\(.)", lambda m: "\n" if m[1] == "n" else m[1], label))


class TestDotText:
    @given(networks(wild=True), st.sampled_from(["LR", "TB"]), st.sampled_from(["floating", "layer"]))
    @settings(max_examples=30)
    def test_graphviz_reads_back_every_node_edge_and_label(self, net, rankdir, inputs):
        drawing = draw(net, rankdir=rankdir, inputs=inputs)
        graph = pygraphviz.AGraph(string=drawing.dot)
        assert graph.number_of_nodes() == len(net.graph) + len(net.outputs)
        hidden = sum(max(0, len(column) - 1) for column in (net.inputs, net.outputs))  # they keep the order
        assert graph.number_of_edges() - hidden == net.graph.number_of_edges() + len(net.outputs)
        labels = [unquoted(node.attr["label"]) for node in graph.nodes()]
        for name in [*net.inputs, *net.outputs]:
            assert printable(name) in [label.removeprefix(" ") for label in labels] + labels
        assert drawing.svg.startswith("<?xml")

    @given(networks(wild=True), st.sampled_from(["LR", "RL", "TB", "BT"]))
    @settings(max_examples=30)
    def test_gates_of_any_network_can_be_drawn(self, net, rankdir):
        drawing = draw(net, style="gates", rankdir=rankdir)
        root = ET.fromstring(drawing.svg)
        classes = [group.get("class") for group in root.iter("{http://www.w3.org/2000/svg}g")]
        assert classes.count("node") == len(net.graph) + len(net.outputs)
        assert classes.count("edge") == net.graph.number_of_edges() + len(net.outputs)
        plain = pygraphviz.AGraph(string=drawing.dot)
        assert plain.number_of_nodes() == len(net.graph) + len(net.outputs)

    @given(networks(wild=True, smooth=True))
    @settings(max_examples=20)
    def test_layers_of_any_network_can_be_drawn(self, net):
        assert draw(net, style="layers").svg

    def test_it_is_the_same_every_time(self):
        for style in ("neurons", "gates", "layers"):
            assert draw(adder(), style=style).dot == draw(adder(), style=style).dot
            assert draw(adder(), style=style).svg == draw(adder(), style=style).svg

    def test_parallel_edges_are_two_arrows(self):
        dot = draw(adder()).dot
        assert dot.count('"first" -> "both"') == 2
        assert "strict" not in dot
        assert draw(merge_parallel(adder())).dot.count('"first" -> "both"') == 1

    def test_inputs_and_outputs_keep_their_order(self):
        net = adder()
        for rankdir, axis in (("LR", 1), ("TB", 0)):
            for style in ("neurons", "gates"):
                drawing = draw(net, rankdir=rankdir, style=style)
                objects = {one["name"]: one for one in json.loads(run_graphviz(drawing.placed, "json"))["objects"]}
                for first, second in (("x1", "x2"), ("sum", "carry")):
                    places = [float(objects[name]["pos"].split(",")[axis]) for name in (first, second)]
                    assert (places[0] > places[1]) if rankdir == "LR" else (places[0] < places[1])

    def test_a_long_string_is_written_in_parts_that_graphviz_takes(self):
        long = "x" * 20000
        graph = pygraphviz.AGraph(string=f"digraph {{ a [label={quote(long)}] }}")
        assert graph.get_node("a").attr["label"] == long

    @pytest.mark.parametrize(
        "name", ['say "x"', "back\\", "\\", "\\N", "a\nb", "<b>", "a&b", "a&amp;b", "{x|y}", "\x00"]
    )
    def test_names_that_want_quoting_are_shown_as_they_are(self, name):
        net = Network(name)
        net.output(name + "!", net.add(Unit(1), [(net.input(name), -2)]))
        shown = texts(draw(net).svg)
        for line in printable(name).split("\n"):
            assert line.strip() in shown


class TestNeurons:
    def test_biases_and_weights_are_all_there(self):
        """With Graphviz's own label of a node, some were lost: every node has one of ours."""
        shown = texts(draw(adder()).svg)
        assert shown.count("3") == 5
        assert shown.count("−2") == 10
        assert shown.count("x1") == shown.count("x2") == shown.count("sum") == shown.count("carry") == 1

    def test_the_common_weight_can_be_left_out(self):
        shown = texts(draw(merge_parallel(adder()), weights="uncommon").svg)
        assert "−2" not in shown
        assert shown.count("−4") == 1
        assert "all unmarked weights are −2" in shown
        assert "−4" not in texts(draw(merge_parallel(adder()), weights="none").svg)

    def test_values_light_nodes_and_wires(self):
        drawing = draw(adder(), values={"x1": 1, "x2": 1}, weights="none")
        assert "carry = <b>1</b>" in drawing.dot
        assert "sum = <b>0</b>" in drawing.dot
        assert texts(drawing.svg).count("1") == 2 + 3 + 1, "inputs, three NANDs, carry"
        assert drawing.dot.count("#d9480f") > 0
        unlit = draw(adder(), values=[0, 0]).dot
        assert "#aab2ba" in unlit

    def test_a_sigmoid_shows_its_value(self):
        net = Network()
        net.output("y", net.add(Unit(0, SIGMOID), [(net.input("x"), 1)]))
        assert texts(draw(net, values={"x": 1}).svg).count("0.73") == 2, "in the neuron and at its output"

    def test_tables_and_sigmoids_differ_from_perceptrons(self):
        net = Network()
        x = net.input("x")
        for name, unit in (("step", Unit(0)), ("table", Unit(0, Table(0, 1))), ("smooth", Unit(0, SIGMOID))):
            net.output(name, net.add(unit, [(x, 1)] if name != "table" else [("step", 1)], name=name))
        looks = {re.search(rf'"{name}" (\[.*?fillcolor="[^"]*")', draw(net).dot)[1] for name in net.outputs.values()}
        assert len(looks) == 3

    def test_labels_by_mapping_and_by_function(self):
        assert "first!" in texts(draw(adder(), labels={"first": "first!"}).svg)
        shown = texts(draw(adder(), labels=lambda net, node: node.upper()).svg)
        assert "BOTH" in shown
        assert "x1" in shown, "a function labels units, not inputs"

    def test_a_mark_points_at_an_edge(self):
        for style in ("neurons", "layers"):
            assert "w + Δw" in texts(draw(adder(), style=style, marks={("x1", "first"): "w + Δw"}).svg)

    def test_a_title_stands_above(self):
        assert "1 < 2" in texts(draw(adder(), title="1 < 2").svg)


class TestGates:
    def test_every_edge_is_one_wire_and_the_bubbles_are_there(self):
        svg = draw(adder(), style="gates").svg
        assert svg.count('class="edge"') == 12
        background = svg.split('class="node"')[0]
        assert background.count("<path") == 5
        assert background.count('fill="#ffffff"') >= 10, "a body and a bubble for each of five NANDs"

    def test_labels_choose_the_shape(self):
        net = adder()
        boxed = draw(net, style="gates", labels=lambda net, node: "cell")
        assert texts(boxed.svg).count("cell") == 5

    def test_wires_run_straight_from_pin_to_pin(self):
        """Every piece of a wire is level or upright, whichever way the picture runs."""
        for rankdir in ("LR", "RL", "TB", "BT"):
            placed = draw(adder(), style="gates", rankdir=rankdir).placed
            for path in re.findall(r'-> .*pos="([^"]*)"', placed):
                points = [tuple(map(float, point.split(","))) for point in path.split()]
                for (x0, y0), (x1, y1) in pairwise(points):
                    assert abs(x0 - x1) < 0.02 or abs(y0 - y1) < 0.02

    @given(st.lists(st.tuples(st.integers(0, 12), st.lists(st.integers(0, 12), min_size=1, max_size=3)), max_size=7))
    def test_wires_of_different_nets_never_lie_on_each_other(self, wanted):
        """Starts are different, as outputs are; ends are different, as pins are."""
        starts, ends, spans = set(), set(), []
        for start, targets in wanted:
            free = [y for y in dict.fromkeys(targets) if y not in ends]
            if start in starts or not free or free == [start]:
                continue
            starts.add(start)
            ends.update(free)
            spans.append(Span(str(len(spans)), 30.0 * start, tuple(30.0 * y for y in free)))
        lines = []
        for span, pieces in zip(spans, place_tracks(spans), strict=True):
            left = -1.0
            for number, (track, y) in enumerate(pieces):
                after = [pieces[number + 1][1]] if number + 1 < len(pieces) else list(span.ends)
                lines.append((span.net, "level", y, left, track))
                lines.append((span.net, "upright", track, min(y, *after), max(y, *after)))
                left = track
            lines += [(span.net, "level", y, left, 99.0) for y in span.ends]
        for net, way, at, low, high in lines:
            for other, other_way, other_at, other_low, other_high in lines:
                if net != other and way == other_way and abs(at - other_at) < 1e-9:
                    assert high <= other_low or other_high <= low

    @pytest.mark.parametrize("name", ["AND", "NAND", "OR", "NOR", "XOR", "XNOR", "NOT", "BUFFER", "MUX", "TABLE"])
    def test_pins_lie_on_the_outline(self, name):
        for count in (1, 2, 3, 8):
            shape = symbol(name, count, "01")
            for y in shape.pins(count):
                assert abs(y) < shape.height / 2
                assert 0 <= shape.edge(y) < shape.width / 2

    def test_it_has_no_input_layer_no_marks_and_no_weights(self):
        for option in ({"inputs": "layer"}, {"marks": {("x1", "first"): "w"}}, {"weights": "none"}):
            with pytest.raises(ParameterError, match=f"^{next(iter(option))} has no meaning with style='gates'"):
                draw(adder(), style="gates", **option)


class TestLayers:
    def test_a_wide_net_is_shown_in_part_and_says_so(self):
        shown = texts(draw(dense(784, 30, 10), style="layers").svg)
        assert "(784 neurons)" in shown
        assert "(30 neurons)" in shown
        assert shown.count("⋮") == 2
        assert shown[-1] == "y9"

    def test_the_layers_have_the_chapters_names(self):
        shown = texts(draw(dense(2, 2, 1), style="layers").svg)
        assert [one for one in shown if "layer" in one] == ["input layer", "hidden layer", "output layer"]
        shown = texts(draw(dense(2, 2, 2, 1), style="layers").svg)
        assert {"hidden layer 1", "hidden layer 2"} <= set(shown)
        assert not [one for one in texts(draw(dense(2, 1), style="layers", captions=False).svg) if "layer" in one]


class TestCone:
    def test_a_cone_shows_what_a_node_depends_on(self):
        dot = draw(adder(), cone="carry").dot
        assert '"both"' in dot
        assert '"upper"' not in dot

    def test_depth_cuts_it(self):
        dot = draw(adder(), cone="sum", depth=1).dot
        assert '"first"' not in dot
        assert dot.count("dashed") == 2

    def test_a_node_that_is_no_output_may_be_its_top(self):
        assert "upper" in texts(draw(adder(), cone="upper").svg)

    def test_its_errors(self):
        with pytest.raises(ParameterError, match=r"^cone is 'nowhere', which is neither an output nor a node of"):
            draw(adder(), cone="nowhere")
        with pytest.raises(ParameterError, match=r"^depth is 0; give a whole number of steps >= 1$"):
            draw(adder(), cone="sum", depth=0)
        with pytest.raises(ParameterError, match=r"^depth is 2 but there is no cone; name the node"):
            draw(adder(), depth=2)


class TestArguments:
    @pytest.mark.parametrize(
        ("options", "message"),
        [
            ({"style": "ansi"}, "style is 'ansi'; give one of 'neurons', 'gates', 'layers'"),
            ({"rankdir": "up"}, "rankdir is 'up'; give one of 'LR', 'RL', 'TB', 'BT'"),
            ({"weights": "some"}, "weights is 'some'; give one of 'all', 'uncommon', 'none'"),
            ({"inputs": "left"}, "inputs is 'left'; give one of 'floating', 'layer'"),
            ({"title": 3}, "title is 3; give a string"),
            ({"limit": 0}, "limit is 0; give a whole number of units >= 1"),
            ({"labels": 3}, "labels is 3; give a mapping node -> text, or a function (net, node) -> text"),
            ({"labels": {"first": 3}}, "labels gave 3 for node 'first'; give a string"),
            ({"marks": {"x1": "w"}}, "marks has 'x1': 'w'; give (source, target): text"),
            ({"format": "svg"}, "format is 'svg' but there is no path; give one, or take .svg of the drawing"),
        ],
    )
    def test_a_wrong_one_is_named_with_its_cure(self, options, message):
        with pytest.raises(ParameterError, match=f"^{re.escape(message)}$"):
            draw(adder(), **options)

    def test_labels_and_marks_of_things_that_are_not_there(self):
        with pytest.raises(ParameterError, match=r"^labels names 'nothing', but there is no such node"):
            draw(adder(), labels={"nothing": "x"})
        with pytest.raises(ParameterError, match=r"^marks names the edge 'x1' -> 'last', but there is none"):
            draw(adder(), marks={("x1", "last"): "w"})

    def test_values_that_do_not_fit_and_a_network_that_is_none(self):
        with pytest.raises(InputError, match="x2"):
            draw(adder(), values={"x1": 1})
        with pytest.raises(NetworkError, match="empty"):
            draw(Network())

    def test_a_large_network_is_refused_with_ways_out(self):
        net = dense(30, 30, 30)
        with pytest.raises(DrawError) as caught:
            draw(net, limit=50)
        message = str(caught.value)
        assert "too large to draw: 60 units, and the limit is 50 units" in message
        for cure in ("cone=", "depth=2", "style='layers'", "limit="):
            assert cure in message
        with pytest.raises(DrawError, match=r"1,800 edges, and the limit is 1,000 edges"):
            draw(net, limit=100)
        assert draw(net, style="layers", limit=50)
        assert draw(net, limit=180)


class TestFiles:
    @pytest.mark.parametrize(
        ("suffix", "start"),
        [("svg", b"<?xml"), ("png", b"\x89PNG"), ("pdf", b"%PDF"), ("dot", b"digraph"), ("SVG", b"<?xml")],
    )
    def test_the_suffix_says_the_format(self, tmp_path, suffix, start):
        for style in ("neurons", "gates", "layers"):
            path = tmp_path / f"{style}.{suffix}"
            draw(adder(), path, style=style)
            assert path.read_bytes().startswith(start)
        assert len(list(tmp_path.iterdir())) == 3, "nothing else was left there"

    def test_format_overrules_it(self, tmp_path):
        draw(adder(), tmp_path / "picture", format="png")
        assert (tmp_path / "picture").read_bytes().startswith(b"\x89PNG")

    def test_an_unknown_suffix_names_the_four(self, tmp_path):
        for name in ("adder.jpg", "adder"):
            with pytest.raises(DrawError, match=r"is written as \.svg, \.png, \.pdf or \.dot"):
                draw(adder(), tmp_path / name)
        with pytest.raises(DrawError, match=r"^format is 'gif'; give one of 'svg', 'png', 'pdf', 'dot'$"):
            draw(adder(), tmp_path / "adder.svg", format="gif")
        assert not list(tmp_path.iterdir())

    def test_a_failure_leaves_the_old_file_as_it_was(self, tmp_path, monkeypatch):
        path = tmp_path / "adder.svg"
        path.write_text("old")
        monkeypatch.setattr("os.replace", lambda *paths: (_ for _ in ()).throw(OSError("disk full")))
        with pytest.raises(DrawError, match="cannot be written"):
            draw(adder(), path)
        assert path.read_text() == "old"
        assert [one.name for one in tmp_path.iterdir()] == ["adder.svg"]

    def test_a_folder_that_is_missing_is_named(self, tmp_path):
        with pytest.raises(DrawError, match=r"nowhere.*cannot be written .*; make the folder first"):
            draw(adder(), tmp_path / "nowhere" / "adder.svg")


class TestNotebook:
    def test_a_drawing_and_a_small_network_show_themselves(self):
        assert draw(adder())._repr_mimebundle_()["image/svg+xml"].startswith("<?xml")
        bundle = adder()._repr_mimebundle_()
        assert bundle["text/plain"] == repr(adder())
        assert "<svg" in bundle["image/svg+xml"]

    def test_a_large_network_shows_a_hint(self):
        bundle = dense(30, 30, 30)._repr_mimebundle_()
        assert list(bundle) == ["text/plain"]
        assert "style='layers'" in bundle["text/plain"]

    def test_an_unfinished_network_shows_its_text(self):
        net = Network()
        net.input("x")
        assert net._repr_mimebundle_() == {"text/plain": repr(net)}


class TestWithoutGraphviz:
    @pytest.fixture
    def no_pygraphviz(self, monkeypatch):
        monkeypatch.setitem(sys.modules, "pygraphviz", None)

    def test_the_message_says_what_to_install_and_the_text_is_there(self, no_pygraphviz, monkeypatch, tmp_path):
        monkeypatch.setenv("PATH", "")
        drawing = draw(adder())
        with pytest.raises(DrawError, match=r"^no Graphviz was found to draw svg with; install pygraphviz >= 2"):
            drawing.svg  # noqa: B018 - reading it is what fails
        assert drawing.dot.startswith("digraph")
        draw(adder(), tmp_path / "adder.dot", style="gates")
        assert (tmp_path / "adder.dot").read_text().startswith("digraph")
        assert list(drawing._repr_mimebundle_()) == ["text/plain"]
        assert adder()._repr_mimebundle_() == {"text/plain": repr(adder())}

    def test_neither_package_is_there(self, no_pygraphviz, monkeypatch):
        monkeypatch.setitem(sys.modules, "graphviz", None)
        with pytest.raises(DrawError, match="no Graphviz was found"):
            draw(adder()).png  # noqa: B018

    def test_the_program_is_asked_where_pygraphviz_is_missing(self, monkeypatch):
        import graphviz

        asked = []

        def pipe(source, format=None, **_):
            asked.append((source.source, format))
            return b"<svg/>"

        monkeypatch.setitem(sys.modules, "pygraphviz", None)
        monkeypatch.setattr(graphviz.Source, "pipe", pipe)
        drawing = draw(adder())
        assert drawing.svg == "<svg/>"
        assert asked == [(drawing.dot, "svg")]

    def test_text_that_graphviz_cannot_draw(self, capfd):
        with pytest.raises(DrawError, match=r"^Graphviz cannot draw this picture as svg"):
            run_graphviz("digraph {", "svg")


def test_importing_perceptron_loads_no_drawing_library():
    heavy = ("pygraphviz", "graphviz", "matplotlib", "PIL")
    code = f"import sys, perceptron; print([name for name in {heavy!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_drawing_has_a_name():
    assert isinstance(draw(adder()), Drawing)
    assert repr(draw(adder())) == "<Drawing of adder>"
