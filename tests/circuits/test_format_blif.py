"""BLIF read: covers, statements, the hierarchy, and what is refused with its line."""

import time

import numpy as np
import pytest
from blif_texts import adder, column, model, refused
from hypothesis import given
from hypothesis import strategies as st

from circuits import gate_name
from circuits.formats import blif, verilog
from circuits.formats.errors import FormatError
from perceptron import Tape, Unit, evaluate, simulate, truth_table
from perceptron.digest import digest
from perceptron.network import State

# --- covers


@pytest.mark.parametrize(
    ("rows", "name", "values"),
    [
        (["111 1"], "AND", "00000001"),
        (["111 0"], "NAND", "11111110"),
        (["000 1"], "NOR", "10000000"),
        (["000 0"], "OR", "01111111"),
        (["1-- 1", "-1- 1", "--1 1"], "OR", "01111111"),
        (["0-- 1", "-0- 1", "--0 1"], "NAND", "11111110"),
        (["11- 1", "1-1 1", "-11 1"], "MAJORITY", "00010111"),
        (["1-0 1", "-11 1"], "MUX", "00011011"),
        (["100 1", "010 1", "001 1", "111 1"], "XOR", "01101001"),
        (["100 0", "010 0", "001 0", "111 0"], "XNOR", "10010110"),
        (["10- 1"], "PERCEPTRON", "00001100"),
        (["1-- 1", "-10 1"], "PERCEPTRON", "00101111"),
        (["--- 1"], "CONSTANT 1", "11111111"),
        (["--- 0"], "CONSTANT 0", "00000000"),
        (["1-- 1", "0-- 1"], "CONSTANT 1", "11111111"),
        ([], "CONSTANT 0", "00000000"),
    ],
)
def test_a_cover_is_one_unit(rows, name, values):
    net = blif.loads(model("\n".join([".names a b c y", *rows])))
    assert len(net.units) == 1
    assert column(net) == values
    assert gate_name(net, "y") == name
    for weight in dict(net.fanin("y")).values():
        assert isinstance(weight, int)


def test_an_and_absorbs_its_inversions():
    net = blif.loads(model(".names a b y\n01 1", inputs="a b"))
    assert (net.unit("y"), net.fanin("y")) == (Unit(-1), [("a", -2), ("b", 2)])


def test_constants_with_and_without_rows():
    net = blif.loads(model(".names zero\n.names one\n1\n.names none\n 0\n", outputs="zero one none"))
    assert evaluate(net, a=0, b=0, c=0) == {"zero": 0, "one": 1, "none": 0}


def test_one_signal_on_two_pins_stays_two_edges():
    net = blif.loads(model(".names a a y\n10 1", inputs="a"))
    assert len(net.fanin("y")) == 2
    assert column(net) == "00"


@given(st.data())
def test_every_cover_means_its_rows(data):
    """The oracle reads the rows as they stand: the value where a row matches, the other elsewhere."""
    pins = data.draw(st.integers(0, 8))
    row = st.lists(st.sampled_from("01--"), min_size=pins, max_size=pins).map("".join)
    rows = data.draw(st.lists(row, max_size=12))
    value = data.draw(st.sampled_from("01"))
    names = [f"x{index}" for index in range(pins)]
    text = model("\n".join([".names " + " ".join([*names, "y"]), *(f"{one} {value}" for one in rows)]), " ".join(names))
    net = blif.loads(text)
    for bits, got in zip(np.ndindex(*[2] * pins), truth_table(net).outputs[:, 0], strict=True):
        hit = any(all(one in ("-", str(bit)) for one, bit in zip(row, bits, strict=True)) for row in rows)
        assert got == (int(value) if hit else 1 - int(value) if rows else 0)
    again = blif.loads(blif.dumps(net))
    assert again.inputs == net.inputs
    assert truth_table(again) == truth_table(net)


def test_a_wide_cover_becomes_ands_and_an_or():
    names = [f"x{index}" for index in range(30)]
    rows = ["1111" + "-" * 26 + " 1", "-" * 27 + "000 1", "-" * 10 + "1" + "-" * 19 + " 1"]
    net = blif.loads(model("\n".join([".names " + " ".join([*names, "y"]), *rows]), " ".join(names)))
    assert set(net.units) == {"y.1", "y.2", "y"}
    rng = np.random.default_rng(1)
    samples = rng.integers(0, 2, (500, 30))
    expected = samples[:, :4].all(axis=1) | ~samples[:, 27:].any(axis=1) | samples[:, 10].astype(bool)
    assert (simulate(net, samples)[:, 0] == expected).all()


def test_the_parts_of_a_wide_cover_take_no_name_of_the_file():
    names = [f"x{index}" for index in range(20)]
    cover = [".names " + " ".join([*names, "y"]), "1111" + "-" * 16 + " 1", "-" * 16 + "1111 1"]
    net = blif.loads(model("\n".join([*cover, ".names x0 y.1\n1 1"]), " ".join(names), "y y.1"))
    assert set(net.units) == {"y.1", "y.2", "y.3", "y"}
    refused(model("\n".join([*cover, ".names y.1 z\n1 1"]), " ".join(names), "y z"), "y.1", "nothing drives")


# --- statements


def test_lines_may_go_on_and_lists_may_be_in_parts():
    net = blif.loads(
        ".model many # a comment\n.inputs a \\\n  b\n.inputs c\n.outputs \\\ny\n.names a b \\\nc y # more\n111 1\n"
    )
    assert net.name == "many"
    assert net.inputs == ("a", "b", "c")
    assert gate_name(net, "y") == "AND"


def test_windows_line_ends_and_tabs():
    net = blif.loads(model(".names a b y\n11\t1", inputs="a b").replace("\n", "\r\n").encode())
    assert column(net) == "0001"


@pytest.mark.parametrize("text", [".model\n.inputs a\n.outputs a\n.end", ".inputs a\n.outputs a\n"])
def test_a_model_without_a_name_and_an_output_that_is_an_input(text):
    net = blif.loads(text)
    assert (net.name, dict(net.outputs)) == ("", {"a": "a"})


def test_a_name_goes_to_a_builder_that_has_none():
    assert blif.loads(model(".names y\n1"), into=Tape()).name == "m"
    assert blif.loads(model(".names y\n1"), into=Tape("mine")).name == "mine"


def test_gates_may_stand_in_any_order():
    net = blif.loads(model(".names t c y\n11 1\n.names a b t\n11 1"))
    assert column(net) == "00000001"


def test_ports_are_inferred_where_none_are_named():
    """The format's manual: signals that nothing drives are inputs, those that nothing reads are outputs."""
    net = blif.loads(".model m\n.names a t y\n11 1\n.names b t\n0 1\n.latch t q 1\n.end\n")
    assert net.inputs == ("a", "b")
    assert list(net.outputs) == ["y", "q"]


@pytest.mark.parametrize(
    ("words", "initial"),
    [
        ("", None),
        (" 0", 0),
        (" 1", 1),
        (" 2", None),
        (" 3", None),
        (" re clk", None),
        (" fe clk 0", 0),
        (" ah clk 1", 1),
        (" al NIL 0", 0),
        (" as clk 2", None),
    ],
)
def test_latches_in_every_dialect(words, initial):
    net = blif.loads(model(f".latch a q{words}\n.names q y\n1 1", inputs="a clk"))
    assert dict(net.states) == {"q": State("a", initial)}


def test_a_counter_counts():
    """Two bits that start at 2: the oracle is Python's own counting."""
    text = model(".latch n0 q0 0\n.latch n1 q1 1\n.names q0 n0\n0 1\n.names q0 q1 n1\n10 1\n01 1", "unused", "q0 q1")
    out = simulate(blif.loads(text), np.zeros((9, 1, 1), dtype=int))[:, 0]
    assert [int(low + 2 * high) for low, high in out] == [(2 + step) % 4 for step in range(9)]


@pytest.mark.parametrize("kind", ["re", "fe", "ah", "al", "as"])
def test_latches_of_one_type_share_a_clock(kind):
    """A latch without a type goes with every type."""
    net = blif.loads(model(f".latch a q {kind} c 0\n.latch q r {kind} c 1\n.latch r s 0\n.names s y\n1 1"))
    assert list(net.states) == ["q", "r", "s"]
    assert net.inputs == ("a", "b")


def test_latches_of_every_type_may_share_a_clock():
    """As in the parser cases of other tools: each takes its value once a cycle."""
    net = blif.loads(model(".latch a q re c 0\n.latch q r fe c 1\n.latch r s ah c 2\n.names s y\n1 1"))
    assert list(net.states) == ["q", "r", "s"]
    assert net.inputs == ("a", "b")


def test_the_clock_is_no_input_as_in_verilog():
    net = blif.loads(".model m\n.inputs clk d e\n.outputs q z\n.latch d q re clk 0\n.names e z\n1 1\n.end")
    other = verilog.loads(
        "module m(clk,d,e,q,z); input clk,d,e; output q,z; reg q=0; always @(posedge clk) q<=d; assign z=e; endmodule"
    )
    assert net.inputs == other.inputs == ("d", "e")
    assert digest(net, 100, steps=3).text == digest(other, 100, steps=3).text


def test_a_clock_alone_leaves_no_input():
    net = blif.loads(".model m\n.inputs clk\n.outputs q\n.latch n q re clk 0\n.names q n\n0 1\n.end")
    assert net.inputs == ()


@pytest.mark.parametrize(
    "text",
    [
        model(".latch a q re c 0\n.names q c y\n11 1"),
        model(".latch a q re c 0\n.names q c y\n1- 1"),
        model(".latch c q re c 0\n.names q y\n1 1"),
        model(".latch a y re c 0", outputs="y c"),
        model(".latch a q re c 0\n.names q a b c y\n11-- 1\n--11 1"),
        model(".latch a y re c 0\n.subckt m2 i=c o=z\n.end\n.model m2\n.inputs i\n.outputs o\n.names i o\n0 1"),
    ],
)
def test_a_clock_that_something_else_reads_stays_an_input(text):
    assert blif.loads(text).inputs == ("a", "b", "c")


def test_an_unused_input_that_is_no_clock_stays():
    assert blif.loads(model(".latch a y al NIL 0")).inputs == ("a", "b", "c")


def test_a_byte_order_mark_is_skipped():
    text = model(".names a b y\n11 1", "a b")
    for marked in ("\ufeff" + text, b"\xef\xbb\xbf" + text.encode()):
        net = blif.loads(marked)
        assert (net.name, column(net)) == ("m", "0001")
    with pytest.raises(FormatError) as caught:
        blif.loads(b"\xef\xbb\xbf.model \xff")
    assert caught.value.offset == 10


def test_two_clocks_are_refused():
    refused(model(".latch a q re b 0\n.latch q r re c 0\n.names r y\n1 1"), "'b'", "'c'", line=5)


def test_a_clock_that_the_circuit_makes_is_refused():
    refused(model(".latch a q ah e 0\n.names b e\n1 1\n.names q y\n1 1"), "'e'", "clock", line=4)


def test_dont_cares_are_left():
    text = ".model m\n.inputs a\n.outputs y\n.names a y\n0 1\n.exdc\n.inputs a\n.outputs y\n.names a y\n1 1\n.end\n"
    assert column(blif.loads(text)) == "10"
    refused(text.replace("\n1 1\n.end", "\n12 1\n.end"), "columns", line=10)


def test_statements_about_time_and_area_are_left():
    text = model(".area 3\n.names a b y\n11 1\n.delay a 1 2\n.default_input_arrival 0 0\n.attr src x\n.clock c", "a b")
    assert column(blif.loads(text)) == "0001"


# --- hierarchy


def test_instances_become_units_with_dotted_names():
    net = blif.loads(adder(2))
    assert sorted(net.units) == ["c1", "c2", "fa1.k", "fa2.k", "s0", "s1"]
    for row in truth_table(net):
        a0, b0, a1, b1, carry, s0, s1, c2 = row
        assert a0 + 2 * a1 + b0 + 2 * b1 + carry == s0 + 2 * s1 + 4 * c2


def test_instances_in_instances_with_latches():
    text = (
        ".model top\n.inputs x clk\n.outputs y\n.subckt two i=x o=y ck=clk\n.end\n"
        ".model two\n.inputs i ck\n.outputs o\n.subckt one d=i q=t ck=ck\n.subckt one d=t q=o ck=ck\n.end\n"
        ".model one\n.inputs d ck\n.outputs q\n.names d n\n0 1\n.latch n p re ck 0\n.names p q\n1 1\n.end\n"
    )
    net = blif.loads(text)
    assert net.inputs == ("x",)
    assert list(net.states) == ["two1.one1.p", "two1.one2.p"]
    assert net.outputs["y"] == "y"
    out = simulate(net, np.array([[[1]], [[0]], [[0]], [[1]]]))[:, 0, 0]
    assert out.tolist() == [0, 1, 1, 0]  # two inverting registers: x two steps later, and not not 0 before


def test_the_names_of_instances_avoid_those_of_the_file():
    net = blif.loads(adder(1).replace(".inputs ", ".inputs fa1.k ", 1))
    assert {"fa1.k", "fa2.k"} <= set(net.graph)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        (" cin=c0", "", "'cin'"),
        (" cout=c1", "", "'cout'"),
        (" cout=c1", " cout=", "formal=actual"),
        (" cout=c1", " cout=c1 cout=c1", "twice"),
        (" cout=c1", " cout=c1 more=a0", "'more'"),
        (".subckt fa", ".subckt fo", "'fo'"),
        (" cout=c1", " cout=s0", "driven twice"),
        (" cout=c1", " cout=a0", "driven twice"),
        ("a=a0", "a=nowhere", "'nowhere'"),
        (".names a b k", ".names a b l", "nothing drives"),
        (".names k cin s", ".names k cin r", "not driven"),
        (".end\n.model fa", ".end\n.model adder", "already"),
        (".names a b k", ".subckt adder a0=a b0=b c0=cin s0=s c1=cout\n.names a b k", "part of itself"),
    ],
)
def test_hierarchy_that_does_not_fit(old, new, words):
    text = adder(1)
    assert old in text
    refused(text.replace(old, new, 1), words)


def test_models_that_double_thirty_times_are_refused_in_time():
    models = [
        f".model m{level}\n.inputs a\n.outputs y\n.subckt m{level + 1} a=a y=t\n.subckt m{level + 1} a=t y=y\n.end\n"
        for level in range(30)
    ]
    text = "".join(models) + ".model m30\n.inputs a\n.outputs y\n.names a y\n0 1\n.end\n"
    start = time.perf_counter()
    refused(text, "far larger than the file")
    assert time.perf_counter() - start < 30
    empty = "".join(
        f".model m{n}\n.inputs a\n.outputs y\n.names a y\n1 1\n" + f".subckt e{n}\n.end\n" for n in range(1)
    )
    empty += (
        "".join(f".model e{n}\n.subckt e{n + 1}\n.subckt e{n + 1}\n.end\n" for n in range(40)) + ".model e40\n.end\n"
    )
    refused(empty, "far larger than the file")


def test_nesting_deeper_than_the_stack():
    models = [f".model m{level}\n.inputs a\n.outputs y\n.subckt m{level + 1} a=a y=y\n.end\n" for level in range(1200)]
    net = blif.loads("".join(models) + ".model m1200\n.inputs a\n.outputs y\n.names a y\n0 1\n.end\n")
    assert column(net) == "10"


# --- what is refused, with the line


@pytest.mark.parametrize(
    ("body", "line", "words"),
    [
        (".names a y\n1 1\n0 0", 6, "mix"),
        (".names a b y\n1 1", 5, "columns"),
        (".names a y\n11 1", 5, "columns"),
        (".names a y\n1", 5, "parts"),
        (".names a y\n1 1 1", 5, "parts"),
        (".names y\n1 1", 5, "parts"),
        (".names a y\n2 1", 5, "'2'"),
        (".names a y\n1 -", 5, "'-'"),
        (".names", 4, "no signal"),
        ("1 1", 4, "begins no statement"),
        (".names a y\n1 1\n.names b y\n1 1", 6, "driven twice"),
        (".names a a\n1 1\n.names a y\n1 1", 4, "driven twice"),
        (".latch a b\n.names b y\n1 1", 4, "driven twice"),
        (".names a z y\n11 1", 4, "'z'"),
        (".names y y\n1 1", 4, "loop"),
        (".names t y\n1 1\n.names y t\n1 1", 4, "loop"),
        (".latch z q 0\n.names q y\n1 1", 4, "'z'"),
        (".latch a", 4, ".latch"),
        (".latch a q 4", 4, "'4'"),
        (".latch a q ee clk 0", 4, "'ee'"),
        (".latch a q re clk 0 0", 4, ".latch"),
        (".gate nand2 A=a B=b O=y", 4, ".gate"),
        (".mlatch dff D=a Q=y clk 0", 4, ".mlatch"),
        (".search other.blif", 4, ".search"),
        (".start_kiss", 4, ".start_kiss"),
        (".table a y", 4, "'.table'"),
        (".outputs y\n.names y", 4, "twice"),
        (".inputs a", 4, "driven twice|named twice"),
        ("", 3, "nothing drives"),
        (".end\n.names y", 5, "behind .end"),
        (".conn a", 4, ".conn"),
    ],
)
def test_what_is_wrong_is_said_with_its_line(body, line, words):
    with pytest.raises(FormatError, match=words.replace(".", r"\.")) as caught:
        blif.loads(model(body))
    assert caught.value.line == line


@pytest.mark.parametrize("text", ["", "\n\n", "# nothing\n", "model top\nnames y0\n 0\nend", ".model m\n.end\n"])
def test_no_circuit_in_the_file(text):
    refused(text)


def test_no_text():
    with pytest.raises(FormatError, match="byte 13: the file is not text"):
        blif.loads(b".model a\n.out\xff\xfe")
    with pytest.raises(FormatError, match="line 2: the file has a zero byte"):
        blif.loads(".model a\n\0")


def test_a_continued_line_that_ends_with_the_file():
    refused(".model m\n.inputs a \\", "continued", line=2)


def test_names_that_a_builder_has_already():
    tape = Tape()
    tape.input("a")
    with pytest.raises(FormatError, match="'a'"):
        blif.loads(model(".names y\n1"), into=tape)
