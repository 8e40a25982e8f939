"""HDL that is wrong: each error has the file, the line, the thing, and what to write instead."""

import re

import pytest
from chips import written

from circuits.formats import FormatError, read
from circuits.formats.hdl import chip, loads

HEAD = "CHIP Bad { IN a, b[8]; OUT out, wide[8];\nPARTS:\n"


@pytest.mark.parametrize(
    ("part", "message"),
    [
        ("Nand(a=a, b=a, out=out)", "line 3: ';' is missing after Nand(...)"),
        ("Nand(a=a b=a, out=out);", "line 3: 'b' stands where ',' or ')' after a=a is expected"),
        ("Nand(a=a, b=a, out=out;", "line 3: ';' stands where ',' or ')' after out=out is expected"),
        ("Nand(a, b=a, out=out);", "line 3: ',' stands where '=' after a is expected"),
        ("Nand();", "line 3: ')' stands where the name of a pin of Nand is expected"),
        ("Nand a=a;", "line 3: 'a' stands where '(' after Nand is expected"),
        ("Nand(a=1x, b=a, out=out);", "line 3: '1' stands where the name of a pin after a= is expected"),
        ("Nand(a=~a, b=a, out=out);", "line 3: '~' has no meaning here; remove it"),
        ("/* Nand(a=a, b=a, out=out);", "line 3: a comment that begins with /* is not closed; end it with */"),
        ("Nor(a=a, b=a, out=out);", "line 3: there is no chip 'Nor': did you mean 'Xor'?"),
        ("nand(a=a, b=a, out=out);", "line 3: there is no chip 'nand': did you mean 'Nand'?"),
        ("Zyxw(a=a, b=a, out=out);", "there is no chip 'Zyxw': it is not built in; give the folder of its parts"),
        ("Nand(a=a, c=a, out=out);", "line 3: Nand has no pin 'c'; its pins are a, b, out"),
        ("Mux(a=a, select=a, out=out);", "line 3: Mux has no pin 'select'; did you mean 'sel'?"),
        ("Not(in=b, out=out);", "line 3: in=b of Not connects 1 bit to 8; give both sides the same width"),
        ("Or8Way(in=b[0..6], out=out);", "line 3: in=b[0..6] of Or8Way connects 8 bits to 7"),
        ("Not(in=a, out=wide);", "line 3: out=wide of Not connects 1 bit to 8"),
        ("Or8Way(in=b[1..8], out=out);", "line 3: b[1..8]: pin 'b' of Bad has the bits 0 to 7"),
        ("Or8Way(in[8]=a, out=out);", "line 3: in[8]: pin 'in' of Or8Way has the bits 0 to 7"),
        ("Or8Way(in=b[7..0], out=out);", "line 3: the bits b[7..0] run downward; write b[0..7]"),
        ("Not(in=x, out=out);", "line 3: in=x reads 'x', which nothing drives; there are a, b"),
        ("Not(in=a, out=carry); Not(in=carri, out=out);", "reads 'carri', which nothing drives; did you mean"),
        ("Not(in=a, out=out); Not(in=out, out=wide[0]);", "in=out reads 'out', an output of Bad"),
        ("Not(in=a, out=out);\nNot(in=a, out=out);", "line 4: output out is driven twice (first on line 3)"),
        ("Not(in=a, out=x);\nNot(in=a, out=x);", "line 4: internal pin 'x' is driven twice (first on line 3)"),
        ("Not(in=a, in=a, out=x);", "line 3: input in of Not is connected twice (first on line 3)"),
        ("Not(in=a, out=b[0]);", "line 3: output out of Not drives b[0], an input of Bad; name an internal pin or"),
        ("Not(in=a, out=true);", "line 3: output out of Not cannot drive the constant true"),
        ("Not(in=true[0], out=out);", "line 3: true[0]: the constant true fits every width; leave the brackets out"),
        ("Not16(in=true, out=x); Or8Way(in=x[0..7], out=out);", "x[0..7] is a part of an internal pin"),
        ("Not(in=a, out=x[3]);", "line 3: x[3] is a part of an internal pin, which cannot be driven in pieces"),
        ("Bad(a=a, out=out);", "line 3: chip Bad is a part of itself"),
        ("Mux(a=a, b=p, sel=a, out=q); Not(in=q, out=p);", "without a clocked part: Mux_1 -q-> Not_1 -p-> Mux_1"),
        ("Not(in=p, out=p);", "parts of Bad form a loop without a clocked part: Not_1 -p-> Not_1; put a flip-flop"),
        ("Nand(a=a, b=a, out=out); } x", "'x' stands where the end of the file (one chip a file) is expected"),
    ],
)  # fmt: skip
def test_parts(part, message):
    with pytest.raises(FormatError, match=re.escape(message)):
        loads(f"{HEAD}{part}\n}}")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "line 1: the end of the file stands where the word CHIP is expected"),
        ("chip A {}", "line 1: 'chip' stands where the word CHIP is expected"),
        ("CHIP A { IN a OUT b; PARTS: }", "';' is missing after the list of pins"),
        ("CHIP A { IN a; OUT a; PARTS: }", "pin 'a' is declared twice; name it once"),
        ("CHIP A { IN a[0]; PARTS: }", "pin 'a' has 0 bits; give 1 to 64"),
        ("CHIP A { IN a[x]; PARTS: }", "'x' stands where the width of the pin, a whole number, is expected"),
        ("CHIP A { IN true; PARTS: }", "a pin cannot be called 'true', which is a constant"),
        (
            "CHIP A { IN a; OUT b;\n Not(in=a, out=b); }",
            "line 2: PARTS: is missing before 'Not'; write PARTS: before the",
        ),
        (
            "CHIP A { IN a; OUT b;\n Parts: Not(in=a, out=b); }",
            "is missing before 'Parts'; write PARTS: before the parts",
        ),
        ("CHIP A { IN a; CLOCKED a; PARTS: Not(in=a); }", "'PARTS' stands where '}' at the end of chip A"),
        ("CHIP A { IN a; PARTS }", "'}' stands where ':' after PARTS is expected"),
        ("CHIP A { IN a; PARTS: Not(in=a, out=x);", "the end of the file stands where the name of a part, or '}' at"),
        ("CHIP A { IN a; OUT b; BUILTIN Foo; }", "there is no built-in chip 'Foo'; give PARTS instead, or one of Nand"),
        ("CHIP A { IN a; OUT b; BUILTIN Not; }", "chip A is BUILTIN Not, whose pins are in[1], out[1]; name the same"),
    ],
)
def test_chips(text, message):
    with pytest.raises(FormatError, match=re.escape(message)):
        loads(text)


def test_the_file_that_is_wrong_is_named(tmp_path):
    top = "CHIP Top { IN a; OUT out;\nPARTS:\nInner(a=a, out=out); }"
    path = written(tmp_path, Top=top, Inner="CHIP Inner { IN a; OUT out; PARTS:\n Foo(a=a, out=out); }")
    missing = f"{tmp_path / 'Inner.hdl'}: line 2: there is no chip 'Foo': it is not built in; put Foo.hdl into"
    with pytest.raises(FormatError, match=re.escape(missing)) as found:
        read(path)
    assert (found.value.file, found.value.line) == (str(tmp_path / "Inner.hdl"), 2)
    written(tmp_path, Inner="CHIP Inner { IN a; OUT out; PARTS:\n\n Not(in=a out=out); }")
    with pytest.raises(FormatError, match=re.escape(f"{tmp_path / 'Inner.hdl'}: line 3: 'out' stands where")):
        read(path)


def test_chips_that_are_parts_of_each_other(tmp_path):
    body = "CHIP {} {{ IN a; OUT out; PARTS:\n {}(a=a, out=out); }}"
    path = written(tmp_path, A=body.format("A", "B"), B=body.format("B", "C"), C=body.format("C", "A"))
    with pytest.raises(
        FormatError, match=re.escape("C.hdl: line 2: chips are parts of each other in a circle: A -> B -> C -> A")
    ):
        read(path)
    path = written(tmp_path, Me=body.format("Me", "Me"))
    with pytest.raises(FormatError, match="in a circle: Me -> Me"):
        read(path)


def test_a_loop_through_chips_is_named_where_it_closes(tmp_path):
    path = written(
        tmp_path,
        Top="CHIP Top { IN a; OUT out; PARTS: Pair(a=a, out=out); }",
        Pair="""CHIP Pair { IN a; OUT out; PARTS:
            Two(a=a, b=back, out=there); Two(a=there, b=a, out=back, out=out); }""",
        Two="CHIP Two { IN a, b; OUT out; PARTS: And(a=a, b=b, out=x); Not(in=x, out=out); }",
    )
    told = "Pair.hdl: line 2: parts of Pair form a loop without a clocked part: Two_1 -there-> Two_2 -back-> Two_1;"
    with pytest.raises(FormatError, match=re.escape(told)):
        read(path)


def test_a_loop_through_a_memory_within_one_step(tmp_path):
    path = written(
        tmp_path,
        Chase="CHIP Chase { OUT out[16]; PARTS: ROM32K(address=here, out[0..14]=here, out=out); }",
    )
    with pytest.raises(FormatError, match="loop without a clocked part: ROM32K_1 -here-> ROM32K_1"):
        chip(path)


def test_a_loop_through_a_register_is_none(tmp_path):
    path = written(
        tmp_path,
        Blink="CHIP Blink { OUT out; PARTS: DFF(in=next, out=out, out=now); Not(in=now, out=next); }",
    )
    assert len(chip(path).tape.states) == 1


def test_chips_that_grow_without_end_are_refused(tmp_path):
    """Forty chips, each twice the one below: a thousand thousand million parts."""
    for level in range(40):
        inner = f"D{level - 1}" if level else "Not"
        pins = "(a=a, out=x)" if level else "(in=a, out=x)"
        outer = "(a=x, out=out)" if level else "(in=x, out=out)"
        written(tmp_path, **{f"D{level}": f"CHIP D{level} {{ IN a; OUT out; PARTS: {inner}{pins}; {inner}{outer}; }}"})
    with pytest.raises(FormatError, match="nodes with all its parts; the most is 16777216"):
        chip(tmp_path / "D39.hdl")


def test_chips_within_chips_two_thousand_deep(tmp_path):
    for level in range(2000):
        inner, pin = (f"D{level - 1}", "a") if level else ("Not", "in")
        written(tmp_path, **{f"D{level}": f"CHIP D{level} {{ IN a; OUT out; PARTS: {inner}({pin}=a, out=out); }}"})
    assert len(chip(tmp_path / "D1999.hdl").tape) == 2


def test_a_chip_has_the_name_of_its_file(tmp_path):
    path = written(tmp_path, Or="// copied\nCHIP And { IN a, b; OUT out; PARTS: }")
    with pytest.raises(FormatError, match=r"Or.hdl: line 2: the chip is called And, but its file Or.hdl; give both"):
        read(path)


def test_a_file_that_is_no_text(tmp_path):
    (tmp_path / "Bad.hdl").write_bytes(bytes(range(256)))
    with pytest.raises(FormatError, match=r"Bad.hdl: line 1: '.*' has no meaning here"):
        read(tmp_path / "Bad.hdl")
    (tmp_path / "Long.hdl").write_bytes(b" " * (1 << 20) + b" ")
    with pytest.raises(FormatError, match="1048577 bytes are no chip"):
        read(tmp_path / "Long.hdl")
