"""Broken and hostile Verilog: one error with its line, in little time and memory."""

import random
import re
import time

import pytest
from machines import module

from circuits.formats import verilog
from circuits.formats.errors import FormatError
from perceptron import Network, Tape


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("", 1, "no module"),
        ("module m (y);\n", 1, "end of the file"),
        ("module m (y);\noutput y;\nendmodule", 2, "output 'y' reads 'y', which nothing drives"),
        (module("assign y = z;", "output y"), 1, "'z', which nothing drives"),
        (module("assign y = ~z;", "output y"), 2, "'z', which nothing drives"),
        (module("assign y = 1;\nassign y = 0;", "output y"), 3, "driven twice (first on line 2)"),
        (module("assign a = 1;", "input a"), 2, "driven twice"),
        (module("assign y[3:0] = 1; assign y[3] = 1;"), 2, "'y[3]' is driven twice"),
        (module("assign y = z; assign z = y;", "output y"), 2, "assigned itself"),
        (module("assign y = ~z; assign z = ~y;", "output y"), 2, "loop"),
        (module("assign y = a[4];"), 2, "[4] is no part"),
        (module("assign y = a[0:3];"), 2, "no part"),
        (module("assign y = c[0];"), 2, "one bit and has no parts"),
        (module("assign y = a[b];"), 2, "'b' is no parameter"),
        (module("assign y = 4'b10x0;"), 2, "the digit 'x'"),
        (module("assign y = a * b;"), 2, "'*' is not read"),
        (module("assign y = a === b;"), 2, "'==='"),
        (module("assign y = (a;"), 2, "where the ')' that '(' on line 2 opens"),
        (module("assign y = {a;"), 2, "'}'"),
        (module("assign y = a +;"), 2, "';' stands where a name or a number"),
        (module("assign y = f(a);"), 2, "a function call"),
        (module("assign y = m.x;"), 2, "a name with a dot"),
        (module("assign y = 999999999'd1;"), 2, "bits wide"),
        (module(f"assign y = {'9' * 5000};"), 2, "5000 characters"),
        (module("assign ~y = a;"), 2, "cannot be assigned to"),
        (module("assign {y, 1} = a;"), 2, "cannot be assigned to"),
        (module("\nspecify\nendspecify"), 3, "'specify' is not read; take the timing out"),
        (module("always @(posedge c) if (a) y <= b;"), 2, "'if' is not read"),
        (module("always @(negedge c) y <= b;"), 2, "posedge"),
        (module("always @(posedge c or negedge a) y <= b;"), 2, "asynchronous"),
        (module("always @(*) y = b;"), 2, "posedge"),
        (module("always @(posedge c) y = b;"), 2, "'<='"),
        (module("generate endgenerate"), 2, "'generate' is not read; unroll it"),
        (module("nmos (y, a, b);"), 2, "'nmos' is not read"),
        (module("inout z;"), 2, "'inout' is not read"),
        (module("wire signed [3:0] w;"), 2, "'signed'"),
        (module("and g[3:0] (y, a, b);"), 2, "arrays of gates"),
        (module("wire [3:0] w [7:0];"), 2, "arrays"),
        (module("and (y[0], a, b);"), 2, "4 bits wide"),
        (module("and (y[0]);"), 2, "1 pins"),
        (module("sub s (a, y);"), 2, "module 'sub' of 's' is not in the file"),
        (module('`include "x"'), 2, "`include"),
        (module('initial $display("x");'), 2, "'$'"),
        (module("/* open"), 2, "does not end"),
        (module("é"), 2, "'é'"),
        (module("reg r; always @(posedge c) r <= a[0]; assign y = c;"), 2, "read as data"),
        (module("reg r, s; wire g = c & a[0]; always @(posedge g) r <= a[0]; assign y = r;"), 2, "gated clocks"),
        (
            module(
                "reg r, s; always @(posedge c) r <= s;\nalways @(posedge d) s <= r; assign y = r;",
                "input c, d, output y",
            ),
            3,
            "two clocks",
        ),
        (module("initial y = 1; assign y = a;"), 2, "no register"),
        (module("reg q = 1; initial q = 0; always @(posedge c) q <= q; assign y = q;"), 2, "two initial values"),
        (module("wire w; wire w;"), 2, "declared twice"),
        (module("assign y = a;", "input a, a, output y"), 1, "twice"),
        (module("assign y = a;", "x, input a, output y"), 1, "neither an input nor an output"),
        ("module m; m m1 (); endmodule", 1, "part of itself"),
        ("module a; b x (); endmodule\nmodule b; a x (); endmodule", 1, "part of itself"),
        ("module m; endmodule\nmodule m; endmodule", 2, "there twice"),
        ("module s (i); input i; endmodule\nmodule m (a); input a; s x (.q(a)); endmodule", 2, "no port 'q'"),
        ("module s (i); input i; endmodule\nmodule m (a); input a; s x (a, a); endmodule", 2, "connects 2 ports"),
        ("module s (i); input i; endmodule\nmodule m (a); input a; s x (.i(a), .i(a)); endmodule", 2, "twice"),
        ("module s (o); output o; endmodule\nmodule m (a); output a; s x (a); endmodule", 2, "black box"),
        ("module s (i); input i; endmodule\nmodule m (a); input a; s #(3) x (a); endmodule", 2, "0 parameters"),
        (module("assign \\a[0] = 1;"), 2, "'a[0]'"),
    ],
)
def test_a_broken_file(text, line, words):
    with pytest.raises(FormatError) as caught:
        verilog.loads(text)
    assert words in caught.value.reason
    assert caught.value.line == line


def test_bytes_that_are_no_text():
    with pytest.raises(FormatError, match=r"byte 0: .*not text in UTF-8"):
        verilog.loads(b"\xff")


def test_a_name_that_the_builder_has():
    net = Network()
    net.input("a")
    with pytest.raises(FormatError, match="'a' is there already"):
        verilog.loads(module("", "input a"), into=net)


@pytest.mark.parametrize(
    "expression",
    [
        "(" * 100_000 + "a" + ")" * 100_000,
        "~" * 100_001 + "a",
        "{" * 100_000 + "a" + "}" * 100_000,
        "a ? b : " * 50_000 + "a",
        "a ? " * 50_000 + "a" + " : b" * 50_000,
        "(a & (b | " * 20_000 + "a" + "))" * 20_000,
        " & ".join(["a"] * 50_000),
        "(" * 100_000,
        "a[" * 50_000,
        "{2{" * 50_000,
    ],
)
def test_deep_nesting_does_not_overflow(expression):
    try:
        net = verilog.loads(module(f"assign y = {expression};", "input a, b, output y"), into=Tape())
    except FormatError:
        return
    assert net.inputs == ("a", "b")


@pytest.mark.parametrize(
    "text",
    [
        module("assign y = a;", "input [4294967295:0] a, output y"),
        module("wire [2000000000:0] w; assign y = w;", "output y"),
        module("assign y = {1000000000{a}};", "input a, output y"),
        module("assign y = {10000{{10000{a}}}};", "input a, output y"),
        module("assign y = a[1 << 60];"),
        module("assign y = a << (1 << 16000);"),
        "module m0 (input a, output y); assign y = ~a; endmodule\n"
        + "".join(
            f"module m{level} (input a, output y); wire w; m{level - 1} x1 (a, w); m{level - 1} x2 (w, y); endmodule\n"
            for level in range(1, 40)
        ),
        module("parameter P = 9 ** 9 ** 9 ** 9; assign y = P;"),
    ],
)
def test_a_small_file_stays_small(text):
    """What a few lines promise is refused before it is made."""
    start = time.perf_counter()
    try:
        verilog.loads(text)
    except FormatError as error:
        assert error.line is not None  # noqa: PT017
    assert time.perf_counter() - start < 20


def test_a_long_chain_needs_no_recursion():
    lines = [f"assign n{place + 1} = ~n{place};" for place in reversed(range(50_000))]
    tape = verilog.loads("module m (input n0, output n50000);\n" + "\n".join(lines) + "\nendmodule", into=Tape())
    assert len(tape) == 50_001
    lines = [f"assign n{place + 1} = n{place};" for place in reversed(range(50_000))]
    tape = verilog.loads("module m (input n0, output n50000);\n" + "\n".join(lines) + "\nendmodule", into=Tape())
    assert len(tape) == 1


SEED = """`timescale 1ns/1ps
module sub #(parameter W = 2) (input [W-1:0] x, output z); // c
  assign z = ^x; (* keep *)
endmodule
module top (clk, \\a[0] , b, y, q);
  input clk, \\a[0] ; input [0:1] b; output [1:0] y; output reg q = 1'b1;
  wire w, v = ~b[0]; localparam P = 2 - 1;
  sub #(.W(2)) s1 (.x({v, b[1]}), .z(w));
  dff d1 (clk, v2, w);
  nand g1 (y[0], w, v, \\a[0] );
  assign y[1] = b > 2'd1 ? b[P] + w : !{2{v2}} && (b == 2'b01);
  always @(posedge clk) begin q <= y[0] ^ y[1]; end
endmodule
"""


def test_random_bytes_and_broken_files_give_one_error():
    verilog.loads(SEED)
    rng = random.Random(7)
    words = re.findall(r"\w+|\S", SEED)
    for end in range(len(SEED)):
        _reads_or_refuses(SEED[:end])
    for _ in range(1500):
        text = list(SEED)
        for _ in range(rng.randint(1, 3)):
            at = rng.randrange(len(text))
            text[at : at + rng.choice([0, 1, 1, 5, 20])] = " " * rng.randint(0, 1) + rng.choice(words)
        _reads_or_refuses("".join(text))
        _reads_or_refuses(bytes(rng.choices(range(256), k=rng.randint(0, 40))))
        _reads_or_refuses("module m; " + " ".join(rng.choices(words, k=20)))


def _reads_or_refuses(text):
    try:
        verilog.loads(text)
    except FormatError as error:
        place = error.line if error.offset is None else error.offset
    else:
        return
    assert place is not None
