"""A class's marks as text, as comma-separated values, and as JUnit XML, which CI systems show."""

from __future__ import annotations

import csv
import io
import re
from xml.etree import ElementTree

from circuits.scripts.grading import Grading, Mark
from perceptron.columns import aligned

_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def text(grading: Grading) -> str:
    """A table of students and tests with totals, then a line for everything that is not passed.

    Examples
    --------
    >>> marks = (Mark("ada", "And", "passed"), Mark("bob", "And", "failed", 3, "row 3 of 4 (line 4 of And.cmp): out"))
    >>> print(text(Grading(("ada", "bob"), ("And",), marks)))
    student  And    passed
    ada      ok     1 of 1
    bob      row 3  0 of 1
    passed   1 of 2 1 of 2
    <BLANKLINE>
    bob  And  failed: row 3 of 4 (line 4 of And.cmp): out
    """
    count = len(grading.students)
    table = [["student", *grading.tests, "passed"]]
    for student, marks in grading.rows():
        good = sum(mark.result == "passed" for mark in marks)
        table.append([student, *(mark.short for mark in marks), f"{good} of {len(marks)}"])
    tests = len(grading.tests)
    each = [sum(mark.result == "passed" for mark in grading.marks[at::tests]) for at in range(tests)]
    table.append(["passed", *(f"{good} of {count}" for good in each), f"{grading.passed} of {len(grading.marks)}"])
    lines = aligned([[f"{student} ", *cells] for student, *cells in table], gap=1)
    if grading.passed < len(grading.marks):
        lines.append("")
    for student, marks in grading.rows():
        if len(marks) > 1 and len({(mark.result, mark.detail) for mark in marks}) == 1 and marks[0].detail:
            lines.append(f"{student}  every test  {marks[0].result}: {marks[0].detail}")
            continue
        wrong = [mark for mark in marks if mark.result != "passed"]
        lines.extend(f"{student}  {mark.test}  {mark.result}: {mark.detail}" for mark in wrong)
    return "\n".join(lines)


def comma_separated(grading: Grading) -> str:
    """A line for each mark: student, test, result, row, detail."""
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(["student", "test", "result", "row", "detail"])
    for mark in grading.marks:
        row = "" if mark.row is None else mark.row
        writer.writerow([_plain(mark.student), mark.test, mark.result, row, _plain(mark.detail)])
    return file.getvalue()


def junit(grading: Grading) -> bytes:
    """A test suite for each student, a test case for each script; broken and missing ones are errors."""
    root = ElementTree.Element("testsuites", {"name": "perceptron grade", **_counts(grading.marks)})
    for student, marks in grading.rows():
        suite = ElementTree.SubElement(root, "testsuite", {"name": _xml(student), **_counts(marks), "skipped": "0"})
        for mark in marks:
            case = ElementTree.SubElement(
                suite, "testcase", classname=_xml(student), name=_xml(mark.test), time=f"{mark.seconds:.3f}"
            )
            if mark.result != "passed":
                kind = "failure" if mark.result == "failed" else "error"
                told = ElementTree.SubElement(case, kind, type=mark.result, message=_xml(mark.detail))
                told.text = _xml(mark.table or mark.detail)
    ElementTree.indent(root)
    return bytes(ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)) + b"\n"


def _counts(marks: tuple[Mark, ...]) -> dict[str, str]:
    failures = sum(mark.result == "failed" for mark in marks)
    passed = sum(mark.result == "passed" for mark in marks)
    return {
        "tests": str(len(marks)),
        "failures": str(failures),
        "errors": str(len(marks) - passed - failures),
        "time": f"{sum(mark.seconds for mark in marks):.3f}",
    }


def _xml(given: str) -> str:
    return _NOT_XML.sub("\ufffd", given)


def _plain(given: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{given}" if given[:1] in ("=", "+", "-", "@") else given
