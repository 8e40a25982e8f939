"""Reading Verilog: operators with Python's for an oracle, widths, hierarchy, registers."""

import random

import numpy as np
import pytest
from machines import module, numbers

from circuits.formats import verilog
from perceptron import STEP, Unit, simulate

# --- expressions, with Python's operators for an oracle


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("a + b", lambda a, b, c: a + b),
        ("a - b", lambda a, b, c: (a - b) % 256),
        ("a + b + c", lambda a, b, c: a + b + c),
        ("-a", lambda a, b, c: -a % 256),
        ("~a", lambda a, b, c: ~a % 256),
        ("a & b | a ^ b", lambda a, b, c: a & b | a ^ b),
        ("a ~^ b", lambda a, b, c: ~(a ^ b) % 256),
        ("~(a & b) & 4'hf", lambda a, b, c: ~(a & b) & 15),
        ("a < b", lambda a, b, c: a < b),
        ("a <= b", lambda a, b, c: a <= b),
        ("a > b", lambda a, b, c: a > b),
        ("a >= 4'd9", lambda a, b, c: a >= 9),
        ("a == b", lambda a, b, c: a == b),
        ("a != 5", lambda a, b, c: a != 5),
        ("a + b > 15", lambda a, b, c: a + b > 15),
        ("(a + b) == 0", lambda a, b, c: a + b == 0),
        ("&a", lambda a, b, c: a == 15),
        ("~|a", lambda a, b, c: a == 0),
        ("^{a, b}", lambda a, b, c: (a ^ b).bit_count() & 1),
        ("!a", lambda a, b, c: not a),
        ("a && b || c", lambda a, b, c: bool((a and b) or c)),
        ("c ? a : b", lambda a, b, c: a if c else b),
        ("a ? b ? 1 : 2 : 3", lambda a, b, c: (1 if b else 2) if a else 3),
        ("c ? 4'b1111 : a", lambda a, b, c: 15 if c else a),
        ("{a, b}", lambda a, b, c: a << 4 | b),
        ("{4{c}}", lambda a, b, c: 15 * c),
        ("{2{a[1:0], b[3]}}", lambda a, b, c: ((a & 3) << 1 | b >> 3) * 9),
        ("a[2]", lambda a, b, c: a >> 2 & 1),
        ("a << 2", lambda a, b, c: a << 2),
        ("a >> 1", lambda a, b, c: a >> 1),
        ("a << b", lambda a, b, c: (a << b) % 256),
        ("a >> b[1:0]", lambda a, b, c: a >> (b & 3)),
        ("8'h1_5", lambda a, b, c: 0x15),
        ("12 'o17", lambda a, b, c: 0o17),
        ("'b101", lambda a, b, c: 5),
    ],
)
def test_an_operator(expression, value):
    net = verilog.loads(module(f"assign y = {expression};"))
    cases = [(a, b, c) for a in range(16) for b in range(16) for c in range(2)]
    samples = [
        [*(a >> place & 1 for place in range(4)), *(b >> place & 1 for place in range(4)), c] for a, b, c in cases
    ]
    found = [row["y"] for row in numbers(net, samples)]
    assert found == [int(value(a, b, c) or 0) for a, b, c in cases]


def test_inversions_are_absorbed():
    net = verilog.loads(module("assign y = ~a & b & ~c;", "input a, b, c, output y"))
    assert [(node, net.unit(node), net.fanin(node)) for node in net.units] == [
        ("y", Unit(-1, STEP), [("a", -2), ("b", 2), ("c", -2)])
    ]


def test_a_comparison_is_one_perceptron():
    net = verilog.loads(module("assign y = a > b;", "input [3:0] a, b, output y"))
    assert net.units == ["y"]
    assert net.unit("y").activation is STEP


def test_long_numbers_compare_bit_by_bit():
    net = verilog.loads(module("assign y = a < b; assign z = a >= b;", "input [99:0] a, b, output y, z"))
    rng = random.Random(1)
    pairs = [(rng.getrandbits(100), rng.getrandbits(100)) for _ in range(50)]
    pairs += [(a, a + step) for a, _ in pairs for step in (0, 1, -1)]
    samples = [[number >> place & 1 for number in pair for place in range(100)] for pair in pairs]
    assert simulate(net, samples).tolist() == [[int(a < b), int(a >= b)] for a, b in pairs]


def test_the_carry_reaches_a_wider_target():
    net = verilog.loads(module("assign {d, y} = a + b + c;", "input [3:0] a, b, input c, output d, output [3:0] y"))
    samples = np.random.default_rng(0).integers(0, 2, (200, 9))
    for row, bits in zip(simulate(net, samples), samples, strict=True):
        total = sum(int(bit) << place % 4 for place, bit in enumerate(bits[:8])) + int(bits[8])
        assert sum(int(bit) << place for place, bit in enumerate([*row[1:], row[0]])) == total


# --- structure


def test_ports_in_the_order_of_their_declaration():
    """Headers are often sorted by the alphabet; the declarations have the order of the circuit's other files."""
    net = verilog.loads("module m (a, y, b); input b; output y; input [0:1] a; assign y = a[0] & b; endmodule")
    assert net.inputs == ("b", "a[1]", "a[0]")
    assert list(net.outputs) == ["y"]


def test_gates_with_and_without_names():
    text = """
    module m (a, b, c, u, v, w, x, y, z);
      input a, b, c; output u, v, w, x, y, z;
      nand #1 (u, a, b, c), g2 (v, a, b);
      not n1 (w, x, a);  // two outputs
      xnor #(2, 3) x1 (y, a, b, c);
      buf (z, b);
    endmodule
    """
    net = verilog.loads(text)
    for bits in np.ndindex(2, 2, 2):
        a, b, c = bits
        expected = [1 - (a & b & c), 1 - (a & b), 1 - a, 1 - a, 1 - (a ^ b ^ c), b]
        assert simulate(net, [bits])[0].tolist() == expected


def test_modules_are_flattened():
    text = """
    module half #(parameter W = 1) (input [W-1:0] x, y, output [W-1:0] s, c);
      assign s = x ^ y, c = x & y;
    endmodule
    module full (x, y, z, s, c);
      input x, y, z; output s, c;
      wire p, g, h;
      half h1 (x, y, p, g);
      half #(.W(1)) h2 (.x(p), .y(z), .s(s), .c(h));
      assign c = g | h;
    endmodule
    module top (input [1:0] a, b, output [2:0] y);
      wire carry;
      full f0 (a[0], b[0], 1'b0, y[0], carry);
      full f1 (a[1], b[1], carry, y[1], y[2]);
    endmodule
    """
    net = verilog.loads(text)
    assert net.name == "top"
    assert {"f0.p", "f0.g", "carry", "f1.h"} <= set(net.graph)
    for a in range(4):
        for b in range(4):
            row = simulate(net, [[a & 1, a >> 1, b & 1, b >> 1]])[0]
            assert sum(int(bit) << place for place, bit in enumerate(row)) == a + b


def test_ports_of_other_widths_and_without_wires():
    text = """
    module inner (input [3:0] x, output [3:0] y, output z); assign y = ~x; assign z = x[3]; endmodule
    module top (input [1:0] a, output [5:0] y, output [1:0] w);
      inner i1 (.x(a), .y(y), .z());
      inner i2 (.x({a, 2'b10}), .y(w), .z());
    endmodule
    """
    net = verilog.loads(text)
    for a in range(4):
        bits = [a & 1, a >> 1]
        row = numbers(net, [bits])[0]
        assert row == {"y": ~a & 15, "w": ~2 & 3}


def test_registers():
    text = """
    `timescale 1ns / 1ps
    module counter (input clk, input up, output reg [2:0] q, output last);
      (* keep *) reg hold = 1'b1; /* a comment */
      initial begin q = 3'd6; end
      always @(posedge clk) begin
        q <= #1 up ? q + 1 : q;
        hold <= last;
      end
      assign last = &q & hold;
    endmodule
    """
    net = verilog.loads(text)
    assert net.inputs == ("up",)
    assert {name: state.initial for name, state in net.states.items()} == {"q[0]": 0, "q[1]": 1, "q[2]": 1, "hold": 1}
    found = simulate(net, [[[1]]] * 4 + [[[0]]])[:, 0].tolist()
    assert found == [[0, 1, 1, 0], [1, 1, 1, 0], [0, 0, 0, 0], [1, 0, 0, 0], [0, 1, 0, 0]]


@pytest.mark.parametrize(
    "text",
    [
        "module m (a, q); input a; output q; dff d1 (q, a); endmodule",
        "module m (ck, a, q); input ck, a; output q; dff d1 (ck, q, a); endmodule",
        "module m (ck, a, q); input ck, a; output q; dff d1 (.D(a), .CLK(ck), .Q(q)); endmodule",
        "module dff (CK, Q, D); input CK, D; output Q; reg Q; always @ (posedge CK) Q <= D; endmodule\n"
        "module m (GND, VDD, ck, a, q); input GND, VDD, ck, a; output q; dff d1 (ck, q, a); endmodule",
        "module dff (CK, Q, D); input CK, D; output Q; trireg M; nmos N (M, D, CK); not (Q, M); endmodule\n"
        "module m (GND, ck, a, q); input GND, ck, a; output q; dff d1 (ck, q, a); endmodule",
    ],
)
def test_flip_flops(text):
    net = verilog.loads(text)
    assert net.inputs == ("a",)
    assert dict(net.states) == {"q": ("a", None)}


def test_supplies_are_inputs_where_something_reads_them():
    net = verilog.loads(
        "module m (GND, VDD, \\GND2 , y); input GND, VDD, \\GND2 ; output y; assign y = ~VDD; endmodule"
    )
    assert net.inputs == ("VDD", "GND2")
    net = verilog.loads(
        "module m (a, y); input a; output y; supply1 one; supply0 zero; and (y, a, one, ~zero); endmodule"
    )
    assert [row[0] for row in simulate(net, [[0], [1]])] == [0, 1]


def test_names_with_a_backslash():
    net = verilog.loads(
        "module m (\\a[0] , \\b,c , y);input \\a[0] , \\b,c ; output y; assign y=\\a[0] &\\b,c ; endmodule"
    )
    assert net.inputs == ("a[0]", "b,c")
    crowded = "module m( \\y[0], \\x[0] ) ;\ninput \\x[0];\noutput \\y[0];\nassign \\y[0] = ~\\x[0];\nendmodule"
    assert verilog.loads(crowded).inputs == ("x[0]",)


def test_an_undeclared_net_is_one_bit():
    net = verilog.loads(module("assign g = a & b; assign y = ~g;", "input a, b, output y"))
    assert set(net.units) == {"g", "y"}


def test_parameters():
    text = """
    module m #(parameter W = 4, H = W / 2) (input [W-1:0] a, output [H-1:0] y);
      localparam [3:0] MASK = (1 << H) - 1;
      assign y = a[W-1:H] & MASK;
    endmodule
    """
    net = verilog.loads(text)
    assert net.inputs == ("a[0]", "a[1]", "a[2]", "a[3]")
    assert [row["y"] for row in numbers(net, [[1, 0, 1, 1], [1, 1, 0, 1]])] == [3, 2]
