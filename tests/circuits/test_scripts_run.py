"""Running scripts: what each command does, when rows agree, and what is said where they do not."""

import re

import pytest
from chips import written

from circuits import circuit
from circuits.scripts import ScriptError, run
from circuits.scripts.columns import Column
from circuits.scripts.table import agrees, cells, differing

NOT = "CHIP Not { IN in; OUT out; PARTS: Nand(a=in, b=in, out=out); }"
COUNT = """CHIP Count { IN reset, in[16]; OUT out[16], low[3]; PARTS:
    PC(in=in, inc=true, reset=reset, out=out, out[0..2]=low, out=inner); Not16(in=inner, out=other); }"""
STORE = """CHIP Store { IN in[16], load, address[3]; OUT out[16]; PARTS:
    RAM8(in=in, load=load, address=address, out=out); }"""
KEYS = "CHIP Keys { IN a; OUT out[16]; PARTS: Keyboard(out=k); Register(in=k, load=true, out=out); }"


@pytest.fixture
def play(tmp_path):
    """Run a script on a chip: the verdict."""

    def played(chip, script, compared, **options):
        name = re.search(r"CHIP\s+(\w+)", chip)[1]
        written(tmp_path, **{name: chip})
        (tmp_path / f"{name}.tst").write_bytes(script.encode())
        (tmp_path / f"{name}.cmp").write_bytes(compared.encode())
        return run(tmp_path / f"{name}.tst", **options)

    return played


def rows_of(verdict):
    """What a chip gave, from a comparison with a file that has no such row."""
    return verdict.difference.got


BEGIN = "load Not.hdl, compare-to Not.cmp, output-list in out;\n"
ROWS = "set in 0, eval, output; set in 1, eval, output;"


@pytest.mark.parametrize(
    "script",
    [
        BEGIN + ROWS,
        (BEGIN + ROWS).replace("\n", "\r\n").replace(" ", "\t"),
        "output-list in out; " + ROWS,
        "load, compare-to, output-list in out; " + ROWS,
        "/* old */ load Not.hdl, output-file Not.out, compare-to Not.cmp, output-list in%B1.1.1 out%B1.1.1;" + ROWS,
        BEGIN + "set in %B0,eval,output!set in %X1,eval,output",
        BEGIN + 'echo "look, { here } // now"; set in 0, eval, output; clear-echo; set in %D1, eval, output;',
        BEGIN + "repeat 1 { set in 0; eval; output; } set in 1, repeat 1 { eval, output }",
        BEGIN + "set in -1, while in <> 0 { set in 0, eval, output; } set in 1, eval, output;",
        BEGIN + "set in 0, while (in = 0) { eval, output; set in 1; } eval, output;",
    ],
    ids=["plain", "crlf", "no load", "no names", "old", "marks", "echo", "repeat", "while", "brackets"],
)
@pytest.mark.parametrize("end", ["\n", "\r\n\r\n", ""])
def test_scripts_in_all_their_forms(play, script, end):
    verdict = play(NOT, script, f"|in |out|\n| 0 | 1 |\r\n| 1 | 0 |{end}")
    assert (verdict.passed, verdict.rows, verdict.total, verdict.chip) == (True, 2, 2, "Not")
    assert verdict.summary == "2 rows"


def test_the_first_row_that_differs_is_shown(play):
    chip = NOT.replace("b=in", "b=false")
    verdict = play(chip, BEGIN + ROWS, "|in |out|\n| 0 | 1 |\n| 1 | 0 |\n")
    assert (verdict.passed, verdict.rows, verdict.total) == (False, 1, 2)
    found = verdict.difference
    assert (found.row, found.line, found.at, found.columns) == (2, 3, 2, (1,))
    assert (found.header, found.expected, found.got) == (("in", "out"), ("1", "0"), ("1", "1"))
    assert verdict.summary == "row 2 of 2 (line 3 of Not.cmp): out"
    assert str(found).splitlines() == [
        "          | in | out |",
        "expected  | 1  |  0  |",
        "got       | 1  |  1  |",
        "                  ^",
    ]


def test_more_rows_than_the_file_and_fewer(play):
    more = play(NOT, BEGIN + ROWS, "|in |out|\n| 0 | 1 |\n")
    assert (more.difference.row, more.difference.expected, more.difference.got) == (2, (), ("1", "0"))
    assert more.summary == "row 2: Not.cmp has only 1"
    fewer = play(NOT, BEGIN + ROWS, "|in |out|\n| 0 | 1 |\n| 1 | 0 |\n| 0 | 1 |\n")
    assert (fewer.difference.row, fewer.difference.expected, fewer.difference.got) == (3, ("0", "1"), ())
    assert (fewer.rows, fewer.summary) == (2, "the script ends after row 2; Not.cmp has 3")


def test_the_header_is_compared(play):
    verdict = play(NOT, BEGIN + ROWS, "|in |res|\n| 0 | 1 |\n| 1 | 0 |\n")
    assert verdict.difference.row == 0
    assert verdict.summary == "the header (line 1 of Not.cmp): out"


def test_tick_takes_in_and_tock_shows(play):
    """At a tick the outputs are still the old ones, while the insides of built-in parts are the new ones."""
    script = """output-list time%S1.4.1 out%D1.2.1 PC[]%D1.2.1 low%B1.3.1 other%X1.4.1;
        output; tick, output; tock, output; ticktock, output; set reset 1, tick, output; eval, output; tock, output;"""
    table = """|time |out|PC |low|other|
        | 0 | 0 | 0 | 000 | FFFF |
        | 0+| 0 | 1 | 000 | FFFF |
        | 1 | 1 | 1 | 001 | FFFE |
        | 2 | 2 | 2 | 010 | FFFD |
        | 2+| 2 | 0 | 010 | FFFD |
        | 2+| 2 | 0 | 010 | FFFD |
        | 3 | 0 | 0 | 000 | FFFF |"""
    verdict = play(
        COUNT, script, table.replace("|PC |", "|PC[]|").replace("|low|", "| low |").replace("|other|", "| other|")
    )
    assert verdict.passed, verdict.difference


def test_the_insides_of_parts_are_set_and_read(play):
    script = """output-list out%D1.6.1 RAM8[0]%D1.6.1 RAM8[7]%D1.6.1;
        set RAM8[7] -2, set address 7, eval, output;
        set in 5, set load 1, tick, output; set RAM8[0] 9, tock, output; set address 0, set load 0, eval, output;"""
    table = "|out|RAM8[0]|RAM8[7]|\n|-2|0|-2|\n|-2|0|5|\n|5|9|5|\n|9|9|5|\n"
    verdict = play(STORE, script, table)
    assert verdict.passed, verdict.difference
    script = "output-list out%D1.5.1; set PC[] 41, eval, output; tick, tock, output; tick, set PC[] 7, tock, output;"
    assert play(COUNT, script, "|out|\n|41|\n|42|\n|7|\n").passed


def test_bits_of_pins(play):
    script = "output-list in[3]%B1.1.1 out[1..3]%B1.3.1; set in[3] 1, set in[0..1] 3, tick, tock, output;"
    chip = "CHIP Bits { IN in[4]; OUT out[4]; PARTS: Not16(in[0..3]=in, out[0..3]=out); }"
    assert play(chip, script, "|in[|out[1|\n|1|010|\n").passed


def test_a_program_is_loaded(play, tmp_path):
    (tmp_path / "a.hack").write_text("0000000000000101 // five\n\n  1111111111111111\n")
    chip = "CHIP Rom { IN address[15]; OUT out[16]; PARTS: ROM32K(address=address, out=out); }"
    script = """output-list out%D1.6.1; ROM32K load a.hack, eval, output;
        set address 1, eval, output; set address 2; eval; output;"""
    assert play(chip, script, "|out|\n|5|\n|-1|\n|0|\n").passed
    (tmp_path / "a.hack").write_text("0000000000000101\n12\n")
    with pytest.raises(ScriptError, match=r"a.hack: line 2: '12' is no instruction; write 16 digits 0 and 1"):
        play(chip, script, "|out|\n")


def test_a_loop_that_waits_for_a_key_gets_it(play):
    script = "output-list out%D1.3.1; while out <> 65 { ticktock; } output; while out = 65 { ticktock; } output;"
    verdict = play(KEYS, script, "|out|\n|65|\n|75|\n")
    assert (verdict.passed, verdict.keys) == (True, (65, 75))
    assert verdict.summary == "2 rows, with key 65 and 75 pressed"
    deaf = KEYS.replace("in=k", "in[0..7]=false")
    verdict = play(deaf, script, "|out|\n|65|\n|75|\n")
    assert not verdict.passed
    assert verdict.summary == (
        "after row 0 of 2: the loop on line 1 never ends: "
        "key 65 is pressed, but nothing changes any more while out <> 65"
    )


def test_a_loop_without_an_end(play):
    verdict = play(NOT, "output-list out; while out = 1 { eval; } output;", "|out|\n|1|\n")
    assert verdict.reason == "the loop on line 1 never ends: nothing changes any more while out = 1"
    for script in ("while out >= 0 { ticktock; }", "repeat { ticktock; }", "repeat 1000000 { eval; }"):
        with pytest.raises(ScriptError, match="line 1: the script is not done after 500 steps; give a higher limit"):
            play(COUNT, f"output-list out; {script}", "|out|\n|1|\n", limit=500)


def test_a_circuit_in_python_is_tested_by_the_names_of_its_pins(play):
    @circuit
    def inverter(in_):
        return {"out": ~in_}

    assert play(
        NOT.replace("b=in", "b=false"), BEGIN + ROWS, "|in |out|\n| 0 | 1 |\n| 1 | 0 |\n", circuit=inverter
    ).passed


@pytest.mark.parametrize(
    ("script", "message"),
    [
        ("load Nor.hdl;", "line 1: there is no chip Nor.hdl in "),
        ("\ncompare-to Nor.cmp;", "line 2: there is no file '.*Nor.cmp' to compare to"),
        ("set in 2;", "line 1: in is set to 2, which 1 bits do not hold"),
        ("set in -2;", "in is set to -2"),
        ("set in x;", "in is set to 'x'; write a number such as 5, -1, %B0101 or %X1F"),
        ("set in %B2;", "in is set to '%B2'"),
        ("set out 1;", "out is set, but is no input of Not"),
        ("set x 1;", "chip Not has no pin 'x'; its pins are in, out"),
        ("set in[1] 1;", r"in\[1\]: pin 'in' has the bits 0 to 0"),
        ("set in[] 1;", r"in\[\] names no bits; write in\[0\] or in\[0..3\]"),
        ("set RAM8[9] 1;", r"chip Not has no built-in part RAM8 to look into \(it has none\); use the built-in RAM8"),
        ("ROM32K load a.hack;", "chip Not has no built-in part ROM32K"),
        ("set in 1 eval;", "'eval' stands where ',' or ';' after set is expected"),
        ("frobnicate;", "'frobnicate' is no command; write set, eval"),
        ("tick tock;", "'tock' stands where ',' or ';' after tick is expected"),
        ("output;", "nothing to put out; write output-list"),
        ("output-list in%Z1.1.1;", "'in%Z1.1.1' is no column; write a name such as out"),
        ("output-list in%B1.0.1;", "'in%B1.0.1' has 0 places; give 1 to 1000"),
        ("output-list out; eval;", "the script puts nothing out; write output-list and output"),
        ("repeat 3 eval;", "'eval' stands where '{' is expected"),
        ("repeat 3 { eval;", "the end of the script stands where '}' at the end of the loop is expected"),
        ("repeat x { eval; }", "'x' stands where how often to repeat is expected"),
        ("while in { eval; }", "'{' stands where a comparison is expected"),
        ("while in == 1 { eval; }", "'=' is neither a pin nor a number"),
        ("while (in = 1 { eval; }", "'{' stands where '\\)' is expected"),
        ("eval }", "'}' stands where"),
        ("/* eval", "a comment that begins with /\\* is not closed; close it"),
        ('echo "hello;', "a quote is not closed; close it"),
        ("repeat 1 {" * 200, "loops stand in each other 101 deep; the most is 100"),
    ],
)
def test_broken_scripts(play, script, message):
    with pytest.raises(ScriptError, match=message) as found:
        play(NOT, script, "|in |out|\n| 1 | 0 |\n")
    assert found.value.file.endswith("Not.tst")
    assert found.value.line is not None or "puts nothing out" in message


def test_missing_and_empty_files(tmp_path):
    script = tmp_path / "Not.tst"
    script.write_text("output-list in out; eval, output;")
    with pytest.raises(ScriptError, match=r"there is no chip Not.hdl in"):
        run(script)
    written(tmp_path, Not=NOT)
    with pytest.raises(ScriptError, match=r"there is no file '.*Not.cmp' to compare to"):
        run(script)
    (tmp_path / "Not.cmp").write_text("\n \n")
    with pytest.raises(ScriptError, match=r"Not.cmp: the file is empty; write a header"):
        run(script)
    with pytest.raises(OSError, match=r"Or\.tst"):
        run(tmp_path / "Or.tst")


def test_a_built_in_chip_never_stands_in_for_one_that_is_missing(tmp_path):
    for text in ("load And.hdl, output-list a b out; eval, output;", "output-list a b out; eval, output;"):
        (tmp_path / "And.tst").write_text(text)
        (tmp_path / "And.cmp").write_text("| a | b |out|\n| 0 | 0 | 0 |\n")
        with pytest.raises(ScriptError, match=r"there is no chip And\.hdl in"):
            run(tmp_path / "And.tst")


def test_chips_from_elsewhere(tmp_path):
    """The layout of grading: scripts in one place, chips in another, perhaps a folder further down."""
    (tmp_path / "tests").mkdir()
    (tmp_path / "chips" / "a").mkdir(parents=True)
    (tmp_path / "chips" / "b" / "deeper").mkdir(parents=True)
    (tmp_path / "tests" / "Not.tst").write_text(BEGIN + ROWS)
    (tmp_path / "tests" / "Not.cmp").write_text("|in |out|\n| 0 | 1 |\n| 1 | 0 |\n")
    written(tmp_path / "tests", Not=NOT.replace("b=in", "b=false"))
    written(tmp_path / "chips" / "a", Not=NOT)
    assert not run(tmp_path / "tests" / "Not.tst").passed
    assert run(tmp_path / "tests" / "Not.tst", chips=tmp_path / "chips").passed
    written(tmp_path / "chips" / "b" / "deeper", Not=NOT)
    assert run(tmp_path / "tests" / "Not.tst", chips=tmp_path / "chips").passed
    written(tmp_path / "chips" / "b", Not=NOT)
    with pytest.raises(ScriptError, match=r"there are two chips Not.hdl, '.*a.Not.hdl' and '.*b.Not.hdl'; keep one"):
        run(tmp_path / "tests" / "Not.tst", chips=tmp_path / "chips")


def test_a_part_whose_insides_a_script_names_is_the_built_in_one(tmp_path):
    """All chips of a course in one folder: the own RAM8 cannot be looked into, so the built-in one is taken."""
    registers = "Register(in=in, load=load, out=out);"
    written(
        tmp_path,
        Store=STORE,
        RAM8=f"CHIP RAM8 {{ IN in[16], load, address[3]; OUT out[16]; PARTS: {registers} }}",
    )
    (tmp_path / "Store.tst").write_text("output-list RAM8[2]%D1.1.1; set RAM8[2] 4, output;")
    (tmp_path / "Store.cmp").write_text("|RAM|\n|4|\n")
    assert run(tmp_path / "Store.tst").passed


# --- columns and cells: the course's own headers and rows


@pytest.mark.parametrize(
    ("column", "width", "header", "values"),
    [
        ("a", 1, " a ", {0: " 0 ", 1: " 1 "}),
        ("in", 1, "in ", {}),
        ("carry", 1, "car", {}),
        ("carry%B2.1.2", 1, "carry", {1: "  1  "}),
        ("out", 16, "       out        ", {5: " 0000000000000101 "}),
        ("out%B1.16.1", 16, "       out        ", {0x8001: " 1000000000000001 "}),
        ("sel%B2.2.2", 2, " sel  ", {2: "  10  "}),
        ("in%D1.6.1", 16, "   in   ", {0x8285: " -32123 ", 11111: "  11111 "}),
        ("address%D3.1.3", 3, "address", {5: "   5   "}),
        ("DRegister[]%D1.6.1", 16, "DRegiste", {0xFFFF: "     -1 "}),
        ("PC[]%D0.4.0", 16, "PC[]", {7: "   7"}),
        ("pc%D0.5.0", 15, " pc  ", {0x7FFF: "32767"}),
        ("x%X1.4.1", 16, "  x   ", {0xBEEF: " BEEF "}),
        ("x%X1.2.1", 16, " x  ", {0xBEEF: " EF "}),
    ],
)
def test_columns(column, width, header, values):
    made = Column.of(column).fitted(width)
    assert made.header == header
    assert {value: made.cell(made.text(value, width)) for value in values} == values


def test_time_is_text():
    column = Column.of("time%S1.4.1")
    assert (column.header, column.cell("0+"), column.cell("10")) == (" time ", " 0+   ", " 10   ")


def test_cells():
    assert cells("|time |  in  |") == ("time", "in")
    assert agrees("*******", "x")
    assert agrees("1*1", "101")
    assert not agrees("1*1", "1011")
    assert not agrees("", "1")
    assert differing(("1", "0"), ("1", "1", "0")) == (1, 2)
