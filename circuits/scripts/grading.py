"""grade: every script on every submission; a broken one is marked, and the next one is looked at."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from circuits.formats import FormatError
from circuits.formats.hdl import Library
from circuits.formats.hdl.library import read_text
from circuits.scripts.errors import ScriptError
from circuits.scripts.runner import GIVEN, LIMIT, Verdict, chip_of, find_chip, run, spelled_otherwise
from circuits.scripts.submissions import opened, submissions


@dataclass(frozen=True)
class Mark:
    """What one script says of one submission.

    Attributes
    ----------
    student : str
    test : str
        The name of the script without `.tst`.
    result : 'passed', 'failed', 'broken' or 'missing'
    row : int or None
        The first row that differs, from 1 (the header is 0).
    detail : str
        Why it is not passed, in one line; empty where it is.
    table : str
        The row that differs, as a table.
    seconds : float
    """

    student: str
    test: str
    result: str
    row: int | None = None
    detail: str = ""
    table: str = ""
    seconds: float = 0.0

    @property
    def short(self) -> str:
        """A word for the cell of a table."""
        if self.result == "passed":
            return "ok"
        return self.result if self.row is None else f"row {self.row}"


@dataclass(frozen=True)
class Grading:
    """The marks of a class.

    Attributes
    ----------
    students, tests : tuple of str
    marks : tuple of Mark
        Student by student, test by test.
    """

    students: tuple[str, ...]
    tests: tuple[str, ...]
    marks: tuple[Mark, ...]

    @property
    def passed(self) -> int:
        """How many marks are passed."""
        return sum(mark.result == "passed" for mark in self.marks)

    def rows(self) -> Iterator[tuple[str, tuple[Mark, ...]]]:
        """Each student with the marks in the order of the tests."""
        for at, student in enumerate(self.students):
            yield student, self.marks[at * len(self.tests) : (at + 1) * len(self.tests)]


def find_scripts(paths: Sequence[str | os.PathLike[str]]) -> list[Path]:
    """Scripts as given, and all below a folder that is given, in order.

    Raises
    ------
    ScriptError
        If there is no such file or folder, or a folder has no scripts.
    """
    found: list[Path] = []
    for given in paths:
        path = Path(given)
        if path.is_dir():
            below = sorted(one for one in path.rglob("*.tst") if one.is_file() and not one.name.startswith("."))
            if not below:
                raise ScriptError(f"{str(path)!r} has no test scripts; they end in .tst")
            found.extend(below)
        elif path.is_file() and path.suffix.lower() == ".hdl":
            raise ScriptError(f"{str(path)!r} is a chip; name a .tst script, and the folder of the chips with --chips")
        elif path.is_file():
            found.append(path)
        else:
            raise ScriptError(f"there is no file or folder {str(path)!r}; name a .tst file, or a folder of them")
    return list(dict.fromkeys(found))


def grade(folder: str | os.PathLike[str], tests: str | os.PathLike[str], *, limit: int = LIMIT) -> Grading:
    """Mark a folder of submissions.

    Parameters
    ----------
    folder : str or path
        Each folder or .zip file in it is a student's. A chip is looked for in it, then in the folders below; its
        parts come from beside it, else they are the built-in ones.
    tests : str or path
        A folder of scripts with what they compare to and the programs that they load.
    limit : int
        How many steps to allow each script.

    Returns
    -------
    Grading
        A chip that is written with BUILTIN, or made of one that is BUILTIN of the chip under test, is failed.

    Raises
    ------
    ScriptError
        If there are no submissions or no scripts, or a script is broken by itself.
    OSError
        If a folder cannot be read.
    """
    scripts = [script for script in find_scripts([tests]) if chip_of(script, script.parent) not in GIVEN]
    if not scripts:
        raise ScriptError(f"{str(tests)!r} has no test scripts of chips that are handed in")
    stems = [script.stem for script in scripts]
    names = [
        script.stem if stems.count(script.stem) == 1 else str(script.relative_to(tests).with_suffix(""))
        for script in scripts
    ]
    found = submissions(Path(folder))
    marks: list[Mark] = []
    for student, submission in found.items():
        try:
            with opened(submission) as chips:
                libraries: dict[tuple[Path, frozenset[str]], Library] = {}
                for name, script in zip(names, scripts, strict=True):
                    marks.append(_mark(student, name, script, chips, limit, libraries))
        except (ScriptError, OSError) as error:
            marks.extend(Mark(student, name, "broken", detail=_line(error, submission)) for name in names)
    return Grading(tuple(found), tuple(names), tuple(marks))


def _mark(
    student: str,
    test: str,
    script: Path,
    chips: Path,
    limit: int,
    libraries: dict[tuple[Path, frozenset[str]], Library],
) -> Mark:
    began = time.perf_counter()
    try:
        chip = chip_of(script, chips)
        path = find_chip(chip, chips)
        if path is None:
            told = f"there is no {chip}.hdl{spelled_otherwise(chip, chips)}"
            return Mark(student, test, "missing", detail=told)
        given = _not_built(chip, path)
        if given is not None:
            told = f"{given.name}: written with BUILTIN: nothing was built"
            return Mark(student, test, "failed", detail=told, seconds=time.perf_counter() - began)
        verdict = run(script, chips=chips, limit=limit, libraries=libraries)
    except Exception as error:  # whatever one submission brings about, the others are still to be marked
        return Mark(student, test, "broken", detail=_line(error, chips), seconds=time.perf_counter() - began)
    return _judged(student, test, verdict, time.perf_counter() - began)


def _not_built(chip: str, path: Path) -> Path | None:
    """The file that says BUILTIN instead of building: the chip's own, or a helper's that is BUILTIN of that chip."""
    if read_text(path).builtin is not None:
        return path
    seen, waiting = {chip}, [path]
    while waiting:
        file = waiting.pop()
        try:
            text = read_text(file)
        except (FormatError, OSError):  # if it is a part of what is run, the run says what is wrong
            continue
        if text.builtin == chip:
            return file
        helpers = {part.chip for part in text.parts} - seen
        seen |= helpers
        waiting.extend(beside for name in sorted(helpers) if (beside := path.with_name(f"{name}.hdl")).is_file())
    return None


def _judged(student: str, test: str, verdict: Verdict, seconds: float) -> Mark:
    if verdict.passed:
        return Mark(student, test, "passed", seconds=seconds)
    difference = verdict.difference
    return Mark(
        student,
        test,
        "failed",
        verdict.rows + 1 if difference is None else difference.row,
        verdict.summary,
        "" if difference is None else str(difference),
        seconds,
    )


def _line(error: Exception, folder: Path) -> str:
    """One line, with files named from the submission on."""
    text = " ".join(str(error).split()) or type(error).__name__
    return text.replace(f"{folder}{os.sep}", "").replace(f"{folder.parent}{os.sep}", "")
