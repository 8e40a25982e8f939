"""Reading HDL chips: what the language says, in all the forms in which people write it."""

import re

import pytest
from chips import OURS, answer, answers, written
from hypothesis import given
from hypothesis import strategies as st

from circuits.formats import FORMATS, FormatError, read
from circuits.formats.hdl import BUILTINS, Library, chip, loads
from circuits.formats.hdl.builtin import builtin
from circuits.formats.hdl.flatten import flatten
from perceptron import Tape, find_difference, truth_table

XOR = """
CHIP Xor {
    IN a, b;
    OUT out;
    PARTS:
    Nand(a=a, b=b, out=n);
    Nand(a=a, b=n, out=x);
    Nand(a=n, b=b, out=y);
    Nand(a=x, b=y, out=out);
}
"""


@pytest.mark.parametrize(
    "text",
    [
        XOR,
        XOR.replace("\n", "\r\n"),
        XOR.replace("\n", "\r"),
        XOR.replace("    ", "\t"),
        "\ufeff" + XOR,
        " ".join(XOR.split()),
        XOR.replace(" ", "").replace("CHIP", "CHIP ").replace("IN", "IN ").replace("OUT", "OUT "),
        XOR.replace("PARTS:", "/** what\n * it is */ PARTS: // of ; } (\n/**/"),
        XOR.replace("(", " ( ").replace("=", " = ").replace(";", "\n;"),
        re.sub(r"\bn\b", "_n-1$", XOR),
        re.sub(r"\bn\b", "nicht_ä", XOR),
        XOR + "\n// the end",
    ],
    ids=["plain", "crlf", "cr", "tabs", "bom", "a line", "tight", "comments", "loose", "signs", "letters", "behind"],
)
def test_layout_does_not_matter(text):
    assert [row[2] for row in truth_table(loads(text))] == [0, 1, 1, 0]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "latin-1"])
def test_encodings(tmp_path, encoding):
    path = tmp_path / "Xor.hdl"
    path.write_bytes(("// für alle\n" + XOR).encode(encoding))
    assert [row[2] for row in truth_table(read(path))] == [0, 1, 1, 0]


def test_read_gives_a_network_with_names_of_parts(tmp_path):
    path = written(
        tmp_path,
        Same="CHIP Same { IN a[2]; OUT out; PARTS: Xor(a=a[0], b=a[1], out=x); Not(in=x, out=out); }",
        Xor=XOR,
    )
    net = read(path)
    assert net.name == "Same"
    assert net.inputs == ("a[0]", "a[1]")
    assert list(net.outputs) == ["out"]
    assert set(net.units) == {f"Xor_1.Nand_{number}.out" for number in (1, 2, 3, 4)} | {"Not_1.out"}
    assert read(path, into=Tape()).to_network().outputs.keys() == net.outputs.keys()


def test_hdl_is_a_format_that_is_read():
    assert (FORMATS[".hdl"].reads, FORMATS[".hdl"].writes) == (True, False)


def test_buses_in_pieces(tmp_path):
    path = written(
        tmp_path,
        Swap="""CHIP Swap { IN in[16]; OUT out[16], low[8], top, none[3]; PARTS:
            Not16(in[0..7]=in[8..15], in[8..15]=in[0..7], out=turned, out[0..7]=low, out[15]=top);
            Not16(in=turned, out[0..3]=out[0..3], out[4..15]=out[4..15]);
        }""",
    )
    for word in (0x1234, 0xFFFF, 0x8001):
        swapped = (word << 8 | word >> 8) & 0xFFFF
        inverted = swapped ^ 0xFFFF
        assert answer(path, **{"in": word}) == {
            "out": swapped, "low": inverted & 0xFF, "top": inverted >> 15, "none": 0,
        }  # fmt: skip


def test_constants_fit_every_width_and_open_pins_are_0(tmp_path):
    path = written(
        tmp_path,
        Constants="""CHIP Constants { IN a[16]; OUT all[16], three[16], same[16]; PARTS:
            Or16(a=a, b=true, out=all);
            And16(a=true, b[0..1]=true, b[2..15]=false, out=three);
            Or16(a=a, out=same);
        }""",
    )
    assert answer(path, a=0x00F0) == {"all": 0xFFFF, "three": 3, "same": 0x00F0}


def test_an_internal_pin_may_be_used_above_its_driver_and_by_many_or_by_none(tmp_path):
    path = written(
        tmp_path,
        Late="""CHIP Late { IN a; OUT x, y; PARTS:
            Not(in=early, out=x); Not(in=early, out=y); Not(in=a, out=early, out=unused); And(a=a, b=a, out=nobody);
        }""",
    )
    assert answer(path, a=1) == {"x": 1, "y": 1}


def test_a_skeleton_is_a_chip_that_answers_0(tmp_path):
    path = written(tmp_path, Empty="CHIP Empty { IN a; OUT out[2]; PARTS: // your code\n }")
    assert answer(path, a=1) == {"out": 0}
    path = written(
        tmp_path, Around="CHIP Around { IN a; OUT out; PARTS: Empty(a=a, out[1]=x); Or(a=x, b=a, out=out); }"
    )
    assert answer(path, a=1) == {"out": 1}


def test_a_chip_without_pins_and_one_without_outputs(tmp_path):
    assert chip(written(tmp_path, Nothing="CHIP Nothing { PARTS: }")).outputs == {}
    found = chip(written(tmp_path, Blind="CHIP Blind { IN a; PARTS: Register(in[0]=a, load=true); }"))
    assert (found.inputs, found.outputs) == ({"a": 1}, {})
    assert len(found.tape.states) == 16


def test_a_file_beside_the_chip_wins_over_a_built_in_chip(tmp_path):
    text = {"Top": "CHIP Top { IN a, b; OUT out; PARTS: And(a=a, b=b, out=out); }"}
    assert answer(written(tmp_path, **text), a=1, b=0) == {"out": 0}
    written(tmp_path, And="CHIP And { IN a, b; OUT out; PARTS: Or(a=a, b=b, out=out); }")
    assert answer(tmp_path / "Top.hdl", a=1, b=0) == {"out": 1}
    assert answers(chip(tmp_path / "Top.hdl", inside=["And"]), [{"a": 1, "b": 0}]) == [{"out": 0}]


def test_a_body_may_be_built_in(tmp_path):
    header = "IN in[16], load; OUT out[16];"
    path = written(
        tmp_path,
        Two="""CHIP Two { IN in[16]; OUT out[16]; PARTS:
            Register(in=in, load=true, out=x); Register(in=x, load=true, out=out); }""",
        Register=f"CHIP Register {{ {header} BUILTIN Register; CLOCKED in, load; }}",
    )
    assert len(chip(path).tape.states) == 32
    path = written(tmp_path, Nand="CHIP Nand { IN a, b; OUT out; PARTS: BUILTIN Nand; }")
    assert answer(path, a=1, b=1) == {"out": 0}


def test_flip_flops_are_states_that_start_at_0(tmp_path):
    path = written(
        tmp_path,
        Twice="CHIP Twice { IN in; OUT out; PARTS: DFF(in=in, out=x); DFF(in=x, out=out); }",
    )
    net = read(path)
    assert [(name, state.initial) for name, state in net.states.items()] == [("DFF_1.out", 0), ("DFF_2.out", 0)]
    assert net.states["DFF_2.out"].next == "DFF_1.out"


def test_memories_come_beside_the_network(tmp_path):
    path = written(
        tmp_path,
        Store="""CHIP Store { IN in[16], load, address[14]; OUT out[16], key[16]; PARTS:
            RAM16K(in=in, load=load, address=address, out=out); Keyboard(out=key); }""",
    )
    found = chip(path)
    ram, keyboard = found.memories
    assert (ram.name, ram.words, ram.width, ram.read_only) == ("RAM16K_1", 1 << 14, 16, False)
    assert (keyboard.name, keyboard.words, keyboard.read_only) == ("Keyboard_1", 1, True)
    assert set(ram.out) <= set(found.tape.inputs)
    assert {*ram.address, *ram.data, *ram.load} <= set(found.tape.outputs)
    assert [part.kind for part in found.parts] == ["RAM16K", "Keyboard"]
    with pytest.raises(FormatError, match=r"memory RAM16K_1, which is no part of a network; read it with circuits"):
        read(path)


@pytest.mark.parametrize("name", BUILTINS)
def test_every_built_in_chip_can_be_a_part(tmp_path, name):
    made = builtin(name)
    pins = [f"{pin}={pin}" for pin in {**made.inputs, **made.outputs}]
    declared = [", ".join(f"{pin}[{width}]" for pin, width in side.items()) for side in (made.inputs, made.outputs)]
    ins = f"IN {declared[0]};" if declared[0] else ""
    path = written(tmp_path, Around=f"CHIP Around {{ {ins} OUT {declared[1]}; PARTS: {name}({', '.join(pins)}); }}")
    found = chip(path)
    assert (found.inputs, found.outputs) == (made.inputs, made.outputs)
    assert [memory.name for memory in found.memories] == [f"{name}_1"] * len(made.stores)


# --- the built-in chips against Python's arithmetic, and ours in gates against the built-in ones

words = st.integers(0, 0xFFFF)
bits = st.integers(0, 1)


def result_of(name, **inputs):
    return answers(flatten(builtin(name)), [inputs])[0]


@given(x=words, y=words, zx=bits, nx=bits, zy=bits, ny=bits, f=bits, no=bits)
def test_alu(x, y, zx, nx, zy, ny, f, no):
    left = (0 if zx else x) ^ (0xFFFF * nx)
    right = (0 if zy else y) ^ (0xFFFF * ny)
    out = ((left + right if f else left & right) ^ (0xFFFF * no)) & 0xFFFF
    found = result_of("ALU", x=x, y=y, zx=zx, nx=nx, zy=zy, ny=ny, f=f, no=no)
    assert found == {"out": out, "zr": int(out == 0), "ng": out >> 15}


@given(a=words, b=words)
def test_arithmetic_and_words(a, b):
    assert result_of("Add16", a=a, b=b) == {"out": (a + b) & 0xFFFF}
    assert result_of("Inc16", **{"in": a}) == {"out": (a + 1) & 0xFFFF}
    assert result_of("And16", a=a, b=b) == {"out": a & b}
    assert result_of("Or16", a=a, b=b) == {"out": a | b}
    assert result_of("Not16", **{"in": a}) == {"out": a ^ 0xFFFF}
    assert result_of("Or8Way", **{"in": a & 0xFF}) == {"out": int(a & 0xFF > 0)}


@given(choices=st.lists(words, min_size=8, max_size=8), sel=st.integers(0, 7))
def test_multiplexers(choices, sel):
    by_name = dict(zip("abcdefgh", choices, strict=True))
    assert result_of("Mux8Way16", **by_name, sel=sel) == {"out": choices[sel]}
    assert result_of("Mux4Way16", **dict(list(by_name.items())[:4]), sel=sel & 3) == {"out": choices[sel & 3]}
    assert result_of("Mux16", a=choices[0], b=choices[1], sel=sel & 1) == {"out": choices[sel & 1]}
    for name, ways in (("DMux8Way", 8), ("DMux4Way", 4), ("DMux", 2)):
        for value in (0, 1):
            wanted = {pin: value * (place == sel % ways) for place, pin in enumerate("abcdefgh"[:ways])}
            assert result_of(name, **{"in": value}, sel=sel % ways) == wanted


@pytest.mark.filterwarnings("ignore::perceptron.UnprovedWarning")  # where samples have to do
@pytest.mark.parametrize("path", sorted([*OURS.glob("01/*.hdl"), *OURS.glob("02/*.hdl")]), ids=lambda path: path.stem)
def test_our_chips_in_gates_are_the_built_in_ones(path):
    """A chip written in HDL and the built-in one of its name are the same function."""
    assert find_difference(chip(path).network, flatten(builtin(path.stem)).network, rng=0, samples=4096) is None


# --- any circuit at all, against the meaning of its parts

GATES = {
    "And": lambda a, b: a & b,
    "Or": lambda a, b: a | b,
    "Xor": lambda a, b: a ^ b,
    "Nand": lambda a, b: 1 - (a & b),
}


@given(data=st.data())
def test_drawn_chips(data):
    """Gates of inputs, bits of buses, constants and earlier pins, written in any order."""
    width = data.draw(st.integers(1, 4))
    word = data.draw(st.integers(0, 2**width - 1))
    known = {f"in[{place}]" if width > 1 else "in": word >> place & 1 for place in range(width)}
    known |= {"true": 1, "false": 0}
    parts = []
    for number in range(data.draw(st.integers(1, 8))):
        kind = data.draw(st.sampled_from(sorted(GATES)))
        a, b = (data.draw(st.sampled_from(sorted(known))) for _ in range(2))
        known[f"p{number}"] = GATES[kind](known[a], known[b])
        last = f", out=out[{number}]"
        parts.append(f"{kind}(b={b}, a={a}, out=p{number}{last});")
    order = data.draw(st.permutations(parts))
    text = f"CHIP Drawn {{ IN in[{width}]; OUT out[{len(parts)}]; PARTS: {' '.join(order)} }}"
    net = loads(text)
    values = net.inputs
    assert len(values) == width
    row = [word >> place & 1 for place in range(width)]
    found = truth_table(net)
    at = int("".join(map(str, row)), 2)
    assert found.outputs[at].tolist() == [known[f"p{number}"] for number in range(len(parts))]


def test_our_own_chips_have_the_interfaces_of_the_built_in_ones():
    names = {path.stem for path in OURS.glob("0[1235]/*.hdl")}
    assert names >= {"Not", "ALU", "PC", "RAM16K", "CPU", "Computer", "Memory"}
    for folder in sorted(OURS.glob("0[1235]")):
        library = Library(folder)
        for name in sorted(path.stem for path in folder.glob("*.hdl") if builtin(path.stem) is not None):
            made, ours = builtin(name), library.template(name)
            assert (set(ours.inputs.items()), ours.outputs) == (set(made.inputs.items()), made.outputs), name
