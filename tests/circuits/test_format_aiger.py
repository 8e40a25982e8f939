"""Reading AIGER: the description of the format, section by section."""

import re
import time

import numpy as np
import pytest
from aiger_files import HALF_ADDER, TOGGLE, code, refused, same, signature, table, text

from circuits.formats import aiger
from circuits.formats.errors import FormatError
from perceptron import Network, State, Tape, simulate

# --- Introduction: the examples of the description with the functions that it states


@pytest.mark.parametrize(
    ("file", "values"),
    [
        (text("aag 0 0 0 1 0", 0), [(0,)]),
        (text("aag 0 0 0 1 0", 1), [(1,)]),
        (text("aag 1 1 0 1 0", 2, 2), [(0,), (1,)]),
        (text("aag 1 1 0 1 0", 2, 3), [(1,), (0,)]),
        (text("aag 3 2 0 1 1", 2, 4, 6, "6 2 4"), [(0,), (0,), (0,), (1,)]),
        (text("aag 3 2 0 1 1", 2, 4, 7, "6 3 5"), [(0,), (1,), (1,), (1,)]),
        (HALF_ADDER, [(0, 0), (1, 0), (1, 0), (0, 1)]),
    ],
)
def test_the_examples_of_the_introduction(file, values):
    assert table(aiger.loads(file)) == values


def test_the_empty_circuit():
    net = aiger.loads("aag 0 0 0 0 0\n")
    assert (net.inputs, dict(net.outputs), len(net.graph)) == ((), {}, 0)
    assert aiger.dumps(net, binary=False) == b"aag 0 0 0 0 0\n"
    assert aiger.dumps(net) == b"aig 0 0 0 0 0\n"


def test_the_toggle_with_enable_and_reset():
    """The description says: a flip-flop with an enable and an explicit active low reset."""
    net = aiger.loads(TOGGLE)
    assert net.inputs == ("enable", "reset")
    assert [(name, state.initial) for name, state in net.states.items()] == [("l0", 0)]
    steps = [[[1, 1]], [[1, 1]], [[0, 1]], [[1, 1]], [[1, 1]], [[1, 0]], [[0, 1]]]
    q, expected = 0, []
    for [[enable, reset]] in steps:
        expected.append([[q, 1 - q]])
        q = (q ^ enable) & reset
    assert simulate(net, steps).tolist() == expected


def test_an_and_is_one_perceptron_whatever_is_inverted():
    for first in (0, 1):
        for second in (0, 1):
            net = aiger.loads(text("aag 3 2 0 1 1", 2, 4, 6, f"6 {2 + first} {4 + second}"))
            (node,) = net.units
            weights = [weight for _, weight in net.fanin(node)]
            assert weights == [-2 if first else 2, -2 if second else 2]
            assert net.unit(node).bias % 2 == 1  # no sum is ever 0
            expected = [(int(a ^ first and b ^ second),) for a in (0, 1) for b in (0, 1)]
            assert table(net) == expected


def test_an_inverter_is_made_once_for_each_inverted_literal():
    net = aiger.loads(text("aag 3 1 1 3 1", 2, "4 3", 3, 3, 7, "6 2 4"))
    assert len(net.units) == 3
    assert net.outputs["o0"] == net.outputs["o1"] == net.states["l0"].next != net.outputs["o2"]


@pytest.mark.parametrize(
    ("left", "right", "values"), [(0, 2, [0, 0]), (1, 2, [0, 1]), (3, 0, [0, 0]), (1, 1, [1, 1]), (3, 1, [1, 0])]
)
def test_constants_are_sources_of_ands(left, right, values):
    net = aiger.loads(text("aag 2 1 0 1 1", 2, 4, f"4 {left} {right}"))
    assert table(net) == [(value,) for value in values]
    same(net, aiger.loads(aiger.dumps(net)))


def test_an_and_of_one_literal_twice_and_of_both_signs():
    net = aiger.loads(text("aag 4 1 0 3 3", 2, 4, 6, 8, "4 2 2", "6 2 3", "8 3 3"))
    assert table(net) == [(0, 0, 1), (1, 0, 0)]
    assert aiger.dumps(net, binary=False).decode() == text("aag 1 1 0 3 0", 2, 2, 0, 3)


def test_a_latch_may_feed_itself_an_input_a_constant_or_another_latch():
    net = aiger.loads(text("aag 5 1 4 4 0", 2, "4 4 1", "6 2", "8 1", "10 6", 4, 6, 8, 10))
    assert simulate(net, [[[1]], [[0]], [[1]]]).tolist() == [[[1, 0, 0, 0]], [[1, 1, 1, 0]], [[1, 0, 1, 1]]]


# --- Header


@pytest.mark.parametrize(
    "header",
    [
        "",
        "a",
        "aag",
        "aag ",
        "aag 0 0 0 0",
        "aag 0 0 0 0 0 0 0 0 0 0",
        " aag 0 0 0 0 0",
        "aag  0 0 0 0 0",
        "aag 0 0 0 0 0 ",
        "aag\t0 0 0 0 0",
        "AAG 0 0 0 0 0",
        "aagx 0 0 0 0 0",
        "aag 00 0 0 0 0",
        "aag 01 0 0 0 0",
        "aag -1 0 0 0 0",
        "aag +1 0 0 0 0",
        "aag 1_0 0 0 0 0",
        "aag 0x1 0 0 0 0",
        "aag ١ 0 0 0 0",
        "aag 0 0 0 0 x",
        "aag 1 2 0 0 0",
        "aag 1 0 1 0 1",
    ],
)
def test_a_header_that_is_none(header):
    with pytest.raises(FormatError) as caught:
        aiger.loads(header + "\n")
    assert caught.value.line == 1 or caught.value.offset == 0


@pytest.mark.parametrize("more", ["", " 0", " 0 0", " 0 0 0", " 0 0 0 0"])
def test_a_header_has_five_to_nine_numbers(more):
    assert len(aiger.loads(f"aag 0 0 0 0 0{more}\n").graph) == 0
    assert len(aiger.loads(f"aig 0 0 0 0 0{more}\n".encode()).graph) == 0


def test_the_maximal_variable_may_be_larger_in_ascii_only():
    assert aiger.loads(text("aag 999999999999 1 0 1 0", 1999999999998, 1999999999999)).inputs == ("i0",)
    refused(b"aig 2 1 0 0 0\n", re.escape("M = 2, but I + L + A = 1"), offset=0)
    refused(b"aig 1 1 0 0 1\n\x02\x00", re.escape("M = 1, but I + L + A = 2"), offset=0)


@pytest.mark.parametrize("form", ["aag", "aig"])
@pytest.mark.parametrize("place", range(9))
def test_a_header_promises_more_than_the_file_has(form, place):
    """Four billion of anything are refused by the size of the file, before anything is made for them."""
    counts = [0] * 9
    counts[place] = 4_000_000_000
    counts[0] = max(counts)
    data = f"{form} {' '.join(map(str, counts))}\n"
    began = time.perf_counter()
    if form == "aag" and place == 0:
        assert len(aiger.loads(data).graph) == 0
    else:
        with pytest.raises(FormatError):
            aiger.loads(data.encode())
    assert time.perf_counter() - began < 1


def test_a_number_of_absurd_length():
    refused(f"aag {'9' * 100_000} 0 0 0 0\n", "a number of 100000 digits; at most 18", line=1)
    refused(text("aag 1 1 0 1 0", 2, "8" * 5000), "a number of 5000 digits", line=3)
    refused(text("aag 1 1 0 0 0", 2, f"i{'1' * 5000} x"), "a number of 5000 digits", line=3)


# --- ASCII format


@pytest.mark.parametrize(
    ("lines", "reason", "line"),
    [
        (["aag 1 1 0 0 0", 3], "input 0 defines the literal 3; only even ones", 2),
        (["aag 1 1 0 0 0", 0], "input 0 defines the literal 0", 2),
        (["aag 1 1 0 0 0", "2 4"], "it has 1 number with", 2),
        (["aag 1 1 0 0 0", "x"], "input 0 is 'x'", 2),
        (["aag 1 1 0 0 0", " 2"], "input 0", 2),
        (["aag 1 1 0 0 0", "2 "], "input 0", 2),
        (["aag 1 1 0 0 0", "02"], "input 0 is '02'", 2),
        (["aag 1 1 0 0 0", "", ""], "input 0 is ''", 2),
        (["aag 1 1 0 0 0", 4], "the literal 4; with M = 1 they end at 2", 2),
        (["aag 2 2 0 0 0", 2, 2], r"input 1 defines the literal 2 a second time \(first on line 2\)", 3),
        (["aag 2 1 1 0 0", 2, "2 2"], "latch 0 defines the literal 2 a second time", 3),
        (["aag 2 1 0 0 1", 2, "2 2 2"], "AND 0 defines the literal 2 a second time", 3),
        (["aag 3 1 0 0 2", 2, "4 2 2", "4 2 3"], r"AND 1 defines the literal 4 a second time \(first on line 3\)", 4),
        (["aag 1 0 1 0 0", "2"], "latch 0 is '2'; it has 2 to 3 numbers", 2),
        (["aag 1 0 1 0 0", "2 2 2 2"], "2 to 3 numbers", 2),
        (["aag 1 0 1 0 0", "3 2"], "latch 0 defines the literal 3", 2),
        (["aag 1 0 1 0 0", "2 4"], "latch 0: the next value is the literal 4; with M = 1", 2),
        (["aag 2 0 1 0 0", "2 4"], "latch 0: the next value is the literal 4, which nothing defines", 2),
        (["aag 1 0 0 1 0", 2], "output 0 is the literal 2, which nothing defines", 2),
        (["aag 1 0 0 1 0", 4], "output 0 is the literal 4; with M = 1 they end at 3", 2),
        (["aag 3 1 0 0 1", 2, "4 2 6"], "a source of AND 0 is the literal 6, which nothing defines", 3),
        (["aag 2 1 0 0 1", 2, "4 2 6"], "AND 0 reads the literal 6; with M = 2 they end at 5", 3),
        (["aag 2 1 0 0 1", 2, "5 2 2"], "AND 0 defines the literal 5", 3),
        (["aag 2 1 0 0 1", 2, "4 2"], "AND 0 is '4 2'; it has 3 numbers", 3),
        (["aag 2 1 0 0 1", 2, "4 2 2 2"], "it has 3 numbers", 3),
        (["aag 2 1 0 0 1", 2, "4  2 2"], "it has 3 numbers", 3),
        (["aag 2 1 0 0 1", 2, "4 2 -2"], "AND 0 is '-2'", 3),
        (["aag 2 1 0 0 1", 2, "4 2 02"], "AND 0 is '02'", 3),
        (["aag 2 1 0 0 1", 2, "4 4 2"], "ANDs form a loop without a latch: 4 reads 4", 3),
        (["aag 3 1 0 0 2", 2, "4 6 2", "6 5 2"], "a loop without a latch: 4 reads 6 reads 4", 3),
    ],
)
def test_what_the_ascii_form_forbids(lines, reason, line):
    refused(text(*lines), reason, line=line)


def test_ands_in_any_order_with_variables_left_out():
    net = aiger.loads(text("aag 90 2 0 1 3", 20, 6, 8, "8 13 15", "12 20 6", "14 21 7"))
    assert table(net) == [(0,), (1,), (1,), (0,)]


def test_deep_chains_and_long_loops_without_recursion():
    """A hundred thousand ANDs, each reading the one below it in the file."""
    depth = 100_000
    lines = [f"aag {depth + 1} 1 0 1 {depth}", 2, 4]
    lines += [f"{2 * v} {2 * v + 2} 2" for v in range(2, depth + 1)]
    tape = aiger.loads(text(*lines, f"{2 * depth + 2} 2 3"), into=Tape())
    assert len(tape) == depth + 1
    assert tape.outputs["o0"] == depth
    refused(text(*lines, f"{2 * depth + 2} 2 4"), r"loop.*\(99970 more\) reads 4$", line=4)


def test_carriage_returns_in_the_ascii_form():
    """Not in the description, but what a text file is on some systems; then every line has one."""
    net = aiger.loads(HALF_ADDER.replace("\n", "\r\n"))
    assert net.inputs == ("a", "b")
    assert table(net) == [(0, 0), (1, 0), (1, 0), (0, 1)]
    refused("aag 1 1 0 0 0\r\n2\n", "without the carriage return", line=2)
    refused("aag 1 1 0 0 0\n2\r\n", "input 0 is", line=2)
    refused(b"aig 1 1 0 0 0\r\n", "a binary file was copied as text", offset=0)


def test_text_is_only_for_the_ascii_form():
    with pytest.raises(FormatError, match="open it in binary mode"):
        aiger.loads("aig 0 0 0 0 0\n")
    assert aiger.loads(bytearray(b"aag 0 0 0 0 0\n")).inputs == ()
    refused("aag 1 1 0 0 0\n2\ni0 \ud800\n", "neither ASCII nor UTF-8", line=3)


# --- Latches with reset values (1.9)


@pytest.mark.parametrize(("reset", "initial"), [("", 0), (" 0", 0), (" 1", 1), (" 4", None)])
def test_a_latch_has_a_reset_value_or_is_unknown(reset, initial):
    net = aiger.loads(text("aag 2 1 1 1 0", 2, f"4 2{reset}", 4, "l0 q"))
    assert net.states == {"q": State("i0", initial)}
    assert aiger.loads(b"aig 2 1 1 1 0\n2%b\n4\nl0 q\n" % reset.encode()).states == net.states
    for binary in (True, False):
        again = aiger.loads(aiger.dumps(net, binary=binary))
        assert again.states == net.states
    if initial is None:
        assert b"4 2 4\n" in aiger.dumps(net, binary=False)


def test_a_reset_value_that_is_none():
    refused(text("aag 2 1 1 0 0", 2, "4 2 2"), "the reset value is 2; give 0, 1, or the latch's own literal 4", line=3)
    refused(text("aag 2 1 1 0 0", 2, "4 2 5"), "the reset value is 5", line=3)
    refused(b"aig 2 1 1 0 0\n2 2\n", "the reset value is 2", offset=14)


# --- Symbols


def test_names_by_position_where_there_is_no_symbol():
    net = aiger.loads(text("aag 3 2 1 2 0", 2, 4, "6 2", 2, 4, "i1 a", "o0 z"))
    assert (net.inputs, list(net.states), list(net.outputs)) == (("i0", "a"), ["l0"], ["z", "o1"])
    assert "i0" not in aiger.dumps(net, binary=False).decode()


def test_names_by_position_give_way_to_symbols():
    net = aiger.loads(text("aag 3 2 1 2 0", 2, 4, "6 2", 2, 4, "i1 i0", "l0 i0_", "o1 o0"))
    assert (net.inputs, list(net.states), list(net.outputs)) == (("i0__", "i0"), ["i0_"], ["o0_", "o0"])
    assert signature(aiger.loads(aiger.dumps(net))) == signature(net)


def test_an_output_may_be_called_like_an_input_or_a_latch():
    net = aiger.loads(text("aag 2 1 1 2 0", 2, "4 3", 4, 2, "i0 d", "l0 q", "o0 d", "o1 q"))
    assert dict(net.outputs) == {"d": "q", "q": "d"}
    same(net, aiger.loads(aiger.dumps(net)))


def test_symbols_are_all_that_follows_the_blank():
    net = aiger.loads(text("aag 3 3 0 0 0", 2, 4, 6, "i0 a b  c ", "i1  x", "i2 Größe[0]"))
    assert net.inputs == ("a b  c ", " x", "Größe[0]")
    assert aiger.loads(aiger.dumps(net)).inputs == net.inputs


def test_symbols_stand_in_any_order_and_an_empty_one_is_none():
    net = aiger.loads(text("aag 2 2 0 1 0", 2, 4, 2, "o0 o", "i1 b", "i0 "))
    assert (net.inputs, list(net.outputs)) == (("i0", "b"), ["o"])


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("i1 x", "there is a symbol for input 1, but they are only 1"),
        ("l0 x", "there is a symbol for latch 0, but they are only 0"),
        ("o1 x", "a symbol for output 1"),
        ("b0 x", "a symbol for bad state 0"),
        ("c0 x", "a symbol for constraint 0"),
        ("j0 x", "a symbol for justice property 0"),
        ("f0 x", "a symbol for fairness constraint 0"),
        ("i0", "has no name"),
        ("i", "has no name"),
        ("i x", "the position of a symbol is ''"),
        ("i 0 x", "the position of a symbol is ''"),
        ("i00 x", "the position of a symbol is '00'"),
        ("i-1 x", "the position of a symbol is '-1'"),
        ("a0 x", "stands after the last AND"),
        ("I0 x", "stands after the last AND"),
        ("", "stands after the last AND"),
        (" c", "stands after the last AND"),
        ("2", "stands after the last AND"),
        ("i0 a\tb", "printable"),
        ("i0 a\0b", "printable"),
        ("i0 a\x7fb", "printable"),
        ("i0 a\r", "printable"),
    ],
)
def test_a_symbol_that_is_none(line, reason):
    refused(text("aag 1 1 0 1 0", 2, 2, line), reason, line=4)
    refused(b"aig 1 1 0 1 0\n2\n" + line.encode() + b"\n", reason, offset=16)


def test_symbols_twice():
    refused(text("aag 1 1 0 0 0", 2, "i0 a", "i0 b"), "input 0 has a second symbol 'b'", line=4)
    refused(text("aag 2 2 0 0 0", 2, 4, "i0 a", "i1 a"), "two symbols are 'a'", line=5)
    refused(text("aag 2 1 1 0 0", 2, "4 2", "l0 a", "i0 a"), "two symbols are 'a'", line=4)
    refused(text("aag 1 1 0 2 0", 2, 2, 2, "o0 a", "o1 a"), "two symbols are 'a'", line=6)
    refused(b"aig 2 2 0 0 0\ni0 a\ni1 a\n", "two symbols are 'a'", offset=19)
    refused(b"aig 1 1 0 0 0\ni0 \xff\n", "neither ASCII nor UTF-8", offset=14)


def test_a_builder_that_has_nodes_already():
    """Names that clash with what is there are an error of the file, with the place of the symbol."""
    for make in (Network, Tape):
        net = make()
        net.output("out", net.input("x"))
        aiger.loads(text("aag 2 1 0 2 1", 2, 4, 5, "4 2 3", "i0 y"), into=net)
        assert (net.inputs, list(net.outputs)) == (("x", "y"), ["out", "o0", "o1"])
        assert simulate(net, [[0, 0], [1, 1]]).tolist() == [[0, 0, 1], [1, 0, 1]]
        with pytest.raises(FormatError, match=r"line 3: .*'x' is there already"):
            aiger.loads(text("aag 1 1 0 0 0", 2, "i0 x"), into=net)


# --- Comments and the end of the file


@pytest.mark.parametrize(
    "comment", ["c\n", "c\nhalf adder\n", "c\n\n\ni0 no symbol\n", "c\nno new line", "cx\0y", "c \n"]
)
def test_comments_are_skipped(comment):
    """Whatever stands behind the c is never read: one known writer puts data of its own there, without a new line."""
    assert aiger.loads(text("aag 1 1 0 0 0", 2, "i0 x") + comment).inputs == ("x",)
    assert aiger.loads(b"aig 1 1 0 0 0\ni0 x\n" + comment.encode()).inputs == ("x",)


def test_a_missing_last_new_line_is_a_truncation():
    refused("aag 0 0 0 0 0", "the last line has no new line", line=1)
    refused("aag 1 1 0 0 0\n2", "the header promises 1 entries, but only 1 bytes follow", line=1)
    refused("aag 20 2 0 0 0\n2\n40", "ends within input 1: the last line has no new line", line=3)
    refused("aag 1 1 0 0 0\n2\ni0 x", "ends within the symbol table", line=3)
    refused("aag 1 1 0 0 0\n2\nc", "ends within the symbol table", line=3)
    refused(b"aig 1 1 0 0 0\ni0 x", "ends within the symbol table", offset=14)


# --- Binary format


def test_the_examples_of_the_code():
    """The table of the description, byte for byte."""
    published = {0: "00", 1: "01", 127: "7f", 128: "80 01", 258: "82 02", 16383: "ff 7f", 16387: "83 80 01"}
    published |= {2**28 - 1: "ff ff ff 7f", 2**28 + 7: "87 80 80 80 01"}
    from circuits.formats.aiger.binary import read_ands, write_ands
    from circuits.formats.aiger.scan import Scanner

    for value, written in published.items():
        assert code(value).hex(" ") == written
        first = 2**30  # an AND whose larger source is `value` below it, and the other one 5 below that
        left = np.array([2 * first - value])
        if value:
            data = write_ands(first, left, left - 5)
            assert data == bytes.fromhex(written) + b"\x05"
            scanner = Scanner(data)
            assert [side.tolist() for side in read_ands(scanner, first, 1)] == [
                [2 * first - value],
                [2 * first - value - 5],
            ]
            assert scanner.at == len(data)
        data = write_ands(first, left - 1, left - 1 - value)
        assert data == code(value + 1) + bytes.fromhex(written)


def test_the_half_adder_in_binary():
    """lhs > rhs0 >= rhs1, written as lhs - rhs0 and rhs0 - rhs1."""
    ands = [(6, 4, 2), (8, 5, 3), (10, 9, 7)]
    data = (
        b"aig 5 2 0 2 3\n10\n6\n"
        + b"".join(code(a - b) + code(b - c) for a, b, c in ands)
        + b"i0 a\ni1 b\no0 sum\no1 carry\n"
    )
    net = aiger.loads(data)
    assert (net.inputs, list(net.outputs)) == (("a", "b"), ["sum", "carry"])
    assert table(net) == [(0, 0), (1, 0), (1, 0), (0, 1)]
    assert aiger.dumps(net) == data


@pytest.mark.parametrize(
    ("data", "reason", "offset"),
    [
        (b"aig 2 1 0 0 1\n\x00\x00", r"AND 0 \(literal 4\) reads itself", 14),
        (b"aig 2 1 0 0 1\n\x05\x00", "reads a literal below 0: lhs - rhs0 is larger", 14),
        (b"aig 2 1 0 0 1\n\x02\x03", "reads a literal below 0: rhs0 - rhs1 is larger", 14),
        (b"aig 3 1 0 0 2\n\x02\x00\x82\x80", "ends within AND 1 of 2", 18),
        (b"aig 2 1 0 0 1\n\x82\x80", "ends within AND 0 of 1", 16),
        (b"aig 2 1 0 0 1\n\x82\x00\x00", "not the shortest", 14),
        (b"aig 2 1 0 0 1\n" + b"\xff" * 50 + b"\x01\x00", "a difference of more than 9 bytes", 14),
        (b"aig 2 1 0 0 1\n\x81\x80\x80\x80\x80\x80\x80\x80\x80\x01\x00", "a difference of more than 9 bytes", 14),
        (b"aig 2 1 0 0 1\n\xff\xff\xff\xff\xff\xff\xff\xff\x7f\x00", "lhs - rhs0 is larger", 14),
        (b"aig 2 1 0 0 1\n\x02\xff\xff\xff\xff\xff\xff\xff\xff\x7f", "rhs0 - rhs1 is larger", 14),
        (b"aig 1 1 0 1 0\n4\n", "output 0 is the literal 4; with M = 1 they end at 3", 14),
        (b"aig 1 0 1 0 0\n4\n", "latch 0: the next value is the literal 4", 14),
        (b"aig 1 0 1 0 0\n2 2\n3\n", "stands after the last AND", 18),
        (b"aig 1 0 1 0 0\n2 0 1\n", "it has 1 to 2 numbers", 14),
        (b"aig 1 0 1 1 0\n2\n", "the header promises 2 entries, but only 2 bytes follow", 0),
        (b"aig 1 0 1 1 0\n2 0\n", "the file ends where output 0 should be", 18),
        (b"aig 70000 70000 0 0 0\n", "promises 70000 inputs, but only 0 bytes follow", 0),
        (b"\x7fELF\x02\x01", r"starts with 'aag' or 'aig', this one with '\\x7fELF", 0),
    ],
)
def test_what_the_binary_form_forbids(data, reason, offset):
    refused(data, reason, offset=offset)


def test_unused_inputs_cost_no_bytes_in_binary():
    assert len(aiger.loads(b"aig 1000 1000 0 0 0\n").inputs) == 1000


def test_both_forms_say_the_same():
    """Binary to ascii and back gives the same file, as the description promises."""
    for file in (HALF_ADDER, TOGGLE):
        binary = aiger.dumps(aiger.loads(file))
        ascii_form = aiger.dumps(aiger.loads(binary), binary=False)
        assert aiger.dumps(aiger.loads(ascii_form)) == binary
        same(aiger.loads(file), aiger.loads(ascii_form))
