"""Grading: every mark is given whatever a submission contains, and the reports are what other programs read."""

import csv
import io
import zipfile
from xml.etree import ElementTree

import pytest
from chips import written

from circuits.scripts import ScriptError, report, run
from circuits.scripts.grading import find_scripts, grade
from circuits.scripts.submissions import opened

NOT = "CHIP Not { IN in; OUT out; PARTS: Nand(a=in, b=in, out=out); }"
AND = "CHIP And { IN a, b; OUT out; PARTS: Nand(a=a, b=b, out=x); Not(in=x, out=out); }"
OR_FOR_AND = "CHIP And { IN a, b; OUT out; PARTS: Or(a=a, b=b, out=out); }"


@pytest.fixture
def tests(tmp_path):
    """Scripts for two chips, and one for the gate that is given."""
    folder = tmp_path / "tests"
    folder.mkdir()
    (folder / "Not.tst").write_text("load Not.hdl, output-list in out; set in 0, eval, output; set in 1, eval, output;")
    (folder / "Not.cmp").write_text("|in |out|\n| 0 | 1 |\n| 1 | 0 |\n")
    (folder / "And.tst").write_text("load And.hdl, output-list a b out; set a 1, eval, output; set b 1, eval, output;")
    (folder / "And.cmp").write_text("| a | b |out|\n| 1 | 0 | 0 |\n| 1 | 1 | 1 |\n")
    (folder / "Nand.tst").write_text("output-list a b out; eval, output;")
    (folder / "Nand.cmp").write_text("| a | b |out|\n| 0 | 0 | 1 |\n")
    return folder


@pytest.fixture
def handed_in(tmp_path):
    """A function that hands in chips for a student."""
    folder = tmp_path / "class"
    folder.mkdir()

    def hand_in(student, **chips):
        (folder / student).mkdir()
        if chips:
            written(folder / student, **chips)
        return folder

    hand_in.folder = folder
    return hand_in


def archive(path, **members):
    with zipfile.ZipFile(path, "w") as made:
        for name, text in members.items():
            made.writestr(name, text)


def results(grading):
    return {(mark.student, mark.test): (mark.result, mark.row) for mark in grading.marks}


def test_a_class(tests, handed_in):
    handed_in("ada", Not=NOT, And=AND)
    handed_in("bob", Not=NOT, And=OR_FOR_AND)
    handed_in("cyd", Not="CHIP Not {")
    handed_in("dan")
    folder = handed_in.folder
    archive(folder / "eve.zip", **{"my work/chips/Not.hdl": NOT, "my work/chips/And.hdl": AND, "readme.txt": "hello"})
    (folder / "fay.zip").write_bytes(b"no archive")
    grading = grade(folder, tests)
    assert grading.tests == ("And", "Not")
    assert results(grading) == {
        ("ada", "And"): ("passed", None), ("ada", "Not"): ("passed", None),
        ("bob", "And"): ("failed", 1), ("bob", "Not"): ("passed", None),
        ("cyd", "And"): ("missing", None), ("cyd", "Not"): ("broken", None),
        ("dan", "And"): ("missing", None), ("dan", "Not"): ("missing", None),
        ("eve", "And"): ("passed", None), ("eve", "Not"): ("passed", None),
        ("fay", "And"): ("broken", None), ("fay", "Not"): ("broken", None),
    }  # fmt: skip
    assert report.text(grading).splitlines() == [
        "student  And     Not     passed",
        "ada      ok      ok      2 of 2",
        "bob      row 1   ok      1 of 2",
        "cyd      missing broken  0 of 2",
        "dan      missing missing 0 of 2",
        "eve      ok      ok      2 of 2",
        "fay      broken  broken  0 of 2",
        "passed   2 of 6  3 of 6  5 of 12",
        "",
        "bob  And  failed: row 1 of 2 (line 2 of And.cmp): out",
        "cyd  And  missing: there is no And.hdl",
        "cyd  Not  broken: Not.hdl: line 1: "
        "the end of the file stands where '}' at the end of chip Not, or a part, is expected",
        "dan  And  missing: there is no And.hdl",
        "dan  Not  missing: there is no Not.hdl",
        "fay  every test  broken: fay.zip: it cannot be unpacked (File is not a zip file); hand in a plain .zip file",
    ]


def test_what_is_wrong_with_one_does_not_stop_the_next(tests, handed_in):
    handed_in("circle", Not="CHIP Not { IN in; OUT out; PARTS: Not(in=in, out=out); }")
    handed_in("loop", Not="CHIP Not { IN in; OUT out; PARTS: Nand(a=in, b=x, out=x, out=out); }")
    handed_in("pins", Not=NOT.replace("IN in", "IN x").replace("in,", "x,").replace("b=in", "b=x"))
    handed_in("bytes")
    (handed_in.folder / "bytes" / "Not.hdl").write_bytes(bytes(range(256)))
    handed_in("folder")
    (handed_in.folder / "folder" / "Not.hdl").mkdir()
    handed_in("zoe", Not=NOT)
    found = results(grade(handed_in.folder, tests))
    assert {student: found[student, "Not"][0] for student in ("circle", "loop", "pins", "bytes", "folder", "zoe")} == {
        "circle": "broken", "loop": "broken", "pins": "broken", "bytes": "broken", "folder": "missing", "zoe": "passed",
    }  # fmt: skip


def test_a_chip_that_is_not_built_has_failed(tests, handed_in):
    """The chip itself, or one of its helpers that is BUILTIN of it; a helper that is another built-in chip is none."""
    pins, inner = "{ IN a, b; OUT out;", "(a=a, b=b, out=out);"
    handed_in("ada", And=f"CHIP And {pins} BUILTIN And; }}", Not=NOT)
    handed_in(
        "ben",
        And=f"CHIP And {pins} PARTS: Mine{inner} }}",
        Mine=f"CHIP Mine {pins} PARTS: Deep{inner} }}",
        Deep=f"CHIP Deep {pins} BUILTIN And; }}",
    )
    handed_in("cyd", And=AND, Not="CHIP Not { IN in; OUT out; BUILTIN Not; }")
    marks = {(mark.student, mark.test): mark for mark in grade(handed_in.folder, tests).marks}
    told = "written with BUILTIN: nothing was built"
    assert (marks["ada", "And"].result, marks["ada", "And"].detail) == ("failed", f"And.hdl: {told}")
    assert (marks["ben", "And"].result, marks["ben", "And"].detail) == ("failed", f"Deep.hdl: {told}")
    assert (marks["cyd", "Not"].result, marks["cyd", "Not"].detail) == ("failed", f"Not.hdl: {told}")
    assert marks["ada", "Not"].result == marks["cyd", "And"].result == "passed"


def test_a_chip_under_another_spelling_is_named(tests, handed_in):
    handed_in("ada")
    (handed_in.folder / "ada" / "and.hdl").write_text(AND)
    archive(handed_in.folder / "ben.zip", **{"work/And.HDL": AND})
    marks = {(mark.student, mark.test): mark for mark in grade(handed_in.folder, tests).marks}
    assert marks["ada", "And"].detail == "there is no And.hdl; there is and.hdl; name it And.hdl"
    assert marks["ben", "And"].detail == "there is no And.hdl; there is And.HDL; name it And.hdl"
    with pytest.raises(ScriptError, match=r"in '.*ada'; there is and.hdl; name it And.hdl"):
        run(tests / "And.tst", chips=handed_in.folder / "ada")


def test_a_chip_is_no_script(handed_in):
    chip = handed_in("ada", And=AND) / "ada" / "And.hdl"
    with pytest.raises(ScriptError, match=r"And.hdl' is a chip; name a .tst script"):
        find_scripts([chip])


def test_an_endless_script_is_ended(tests, handed_in):
    (tests / "Not.tst").write_text("load Not.hdl, output-list in out; while in <> 2 { set in 0; set in 1; } output;")
    handed_in("ada", Not=NOT)
    mark = grade(handed_in.folder, tests, limit=100).marks[1]
    assert mark.result == "broken"
    assert "is not done after 100 steps" in mark.detail


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("../Not.hdl", "'../Not.hdl' leads out of the archive; it is refused"),
        ("a/../../Not.hdl", "leads out of the archive"),
        ("/Not.hdl", "leads out of the archive"),
        ("..\\Not.hdl", "leads out of the archive"),
        ("C:\\Not.hdl", "leads out of the archive"),
    ],
)
def test_an_archive_that_leads_out_of_itself(tests, handed_in, name, reason):
    (handed_in.folder / "before").mkdir()
    with zipfile.ZipFile(handed_in.folder / "mallory.zip", "w") as made:
        made.writestr("And.hdl", AND)
        info = zipfile.ZipInfo()
        info.filename = name
        made.writestr(info, NOT)
    before = sorted(handed_in.folder.parent.rglob("*"))
    marks = [mark for mark in grade(handed_in.folder, tests).marks if mark.student == "mallory"]
    assert {mark.result for mark in marks} == {"broken"}
    assert reason in marks[0].detail
    assert sorted(handed_in.folder.parent.rglob("*")) == before


def test_other_archives_that_are_refused(tmp_path):
    link = zipfile.ZipInfo("Not.hdl")
    link.external_attr = 0o120777 << 16
    for name, members, reason in (
        ("link", [(link, "/etc/passwd")], "'Not.hdl' is a link; it is refused"),
        ("large", [("Not.hdl", " " * ((1 << 20) + 1))], "'Not.hdl' is too large for a chip"),
        ("many", [(f"{number}.hdl", "") for number in range(2001)], "2001 files are too many; the most is 2000"),
    ):
        path = tmp_path / f"{name}.zip"
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
            for member, text in members:
                made.writestr(member, text)
        with pytest.raises(ScriptError, match=reason), opened(path):
            pass


def test_a_damaged_archive(tmp_path):
    path = tmp_path / "ada.zip"
    archive(path, **{"Not.hdl": NOT * 50})
    data = bytearray(path.read_bytes())
    data[200:220] = bytes(20)
    path.write_bytes(data)
    with pytest.raises(ScriptError, match=r"ada.zip: it cannot be unpacked \(Bad CRC-32"), opened(path):
        pass


def test_windows_archives_and_what_a_mac_adds(tests, handed_in):
    archive(handed_in.folder / "win.zip", **{"work\\Not.hdl": NOT, "work\\And.hdl": AND})
    archive(
        handed_in.folder / "mac.zip",
        **{"w/Not.hdl": NOT, "w/And.hdl": AND, "__MACOSX/w/._Not.hdl": "x", "__MACOSX/w/Not.hdl": "x"},
    )
    assert all(mark.result == "passed" for mark in grade(handed_in.folder, tests).marks)


def test_what_cannot_be_graded(tmp_path, tests, handed_in):
    with pytest.raises(ScriptError, match=r"has no submissions; put a folder or a \.zip file for each student into it"):
        grade(handed_in.folder, tests)
    handed_in("ada")
    with pytest.raises(ScriptError, match=r"has no test scripts; they end in \.tst"):
        grade(handed_in.folder, handed_in.folder)
    (tests / "And.tst").write_text("frobnicate;")
    with pytest.raises(ScriptError, match=r"And.tst: line 1: 'frobnicate' is no command"):
        grade(handed_in.folder, tests)
    with pytest.raises(ScriptError, match="there is no file or folder"):
        find_scripts([tmp_path / "nowhere"])


def test_comma_separated_values(tests, handed_in):
    handed_in('=ada, "the first"', Not=NOT, And=OR_FOR_AND)
    rows = list(csv.DictReader(io.StringIO(report.comma_separated(grade(handed_in.folder, tests)))))
    assert rows == [
        {"student": "'=ada, \"the first\"", "test": "And", "result": "failed", "row": "1",
         "detail": "row 1 of 2 (line 2 of And.cmp): out"},
        {"student": "'=ada, \"the first\"", "test": "Not", "result": "passed", "row": "", "detail": ""},
    ]  # fmt: skip


def test_junit(tests, handed_in):
    """The form that CI systems read: suites with counts, cases with at most one failure or error."""
    handed_in("ada", Not=NOT, And=AND)
    handed_in("bob & <co>\x07", Not="CHIP Not {", And=OR_FOR_AND)
    root = ElementTree.fromstring(report.junit(grade(handed_in.folder, tests)))
    assert (root.tag, root.get("tests"), root.get("failures"), root.get("errors")) == ("testsuites", "4", "1", "1")
    ada, bob = root
    assert [(suite.tag, suite.get("name")) for suite in root] == [
        ("testsuite", "ada"),
        ("testsuite", "bob & <co>\ufffd"),
    ]
    assert [suite.get("tests") for suite in root] == ["2", "2"]
    assert [(case.get("classname"), case.get("name"), len(case)) for case in ada] == [
        ("ada", "And", 0),
        ("ada", "Not", 0),
    ]
    assert [case[0].tag for case in bob] == ["failure", "error"]
    assert bob[0][0].get("message") == "row 1 of 2 (line 2 of And.cmp): out"
    assert bob[0][0].text.splitlines()[1:3] == ["expected  | 1 | 0 |  0  |", "got       | 1 | 0 |  1  |"]
    assert all(float(case.get("time")) >= 0 for case in root.iter("testcase"))
