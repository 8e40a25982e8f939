"""The command grade: a folder of submissions against test scripts."""

from __future__ import annotations

import argparse
from pathlib import Path

from circuits.scripts import report
from circuits.scripts.grading import grade as grade_all
from perceptron.files import write_whole
from workbench.errors import UsageError

FAILED = 1


def grade(given: argparse.Namespace) -> int:
    """Mark every submission; 0 if everything passes, 1 if not."""
    for folder, what in ((given.folder, "of submissions"), (given.tests, "of tests")):
        if not Path(folder).is_dir():
            raise UsageError(f"there is no folder {folder!r} {what}; name one that is there")
    for file in (given.csv, given.junit):
        if file is not None and not Path(file).parent.is_dir():
            raise UsageError(
                f"{file!r} cannot be written, there is no folder {str(Path(file).parent)!r}; make it first"
            )
    if given.limit < 1:
        raise UsageError(f"--limit is {given.limit}; give 1 or more")
    grading = grade_all(given.folder, given.tests, limit=given.limit)
    print(report.text(grading))
    if given.csv is not None:
        write_whole(Path(given.csv), report.comma_separated(grading).encode("utf-8"))
    if given.junit is not None:
        write_whole(Path(given.junit), report.junit(grading))
    return FAILED if grading.passed < len(grading.marks) else 0
