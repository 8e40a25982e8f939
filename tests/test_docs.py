"""The documents tell the truth: their Python sessions and their shell sessions are run and compared."""

from __future__ import annotations

import doctest
import re
import shlex
from pathlib import Path

import pytest

from workbench.cli import main

ROOT = Path(__file__).parents[1]
DOCUMENTS = ["README.md", *sorted(str(path.relative_to(ROOT)) for path in (ROOT / "docs").glob("*.md"))]
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
OPTIONS = doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS


def blocks(document: str, language: str) -> list[str]:
    """The fenced blocks of a language."""
    text = (ROOT / document).read_text(encoding="utf-8")
    return [block for found, block in BLOCK.findall(text) if found == language]


@pytest.fixture
def in_a_folder(tmp_path, monkeypatch):
    """The documents write files; they write them into an empty folder that has the examples."""
    (tmp_path / "examples").symlink_to(ROOT / "examples")
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize("document", DOCUMENTS)
@pytest.mark.usefixtures("in_a_folder")
def test_python_sessions(document):
    """Every >>> line of a document gives what the document says; one session a document."""
    session = "\n".join(block for block in blocks(document, "python") if ">>>" in block)
    test = doctest.DocTestParser().get_doctest(session, {"__name__": "__main__"}, document, document, 0)
    runner = doctest.DocTestRunner(optionflags=OPTIONS)
    report: list[str] = []
    runner.run(test, out=report.append)

    assert not runner.failures, "".join(report)


@pytest.mark.parametrize("document", DOCUMENTS)
@pytest.mark.usefixtures("in_a_folder")
def test_shell_sessions(document, capsys):
    """Every `$ perceptron ...` line of a document prints what the document says; `...` stands for anything."""
    checker = doctest.OutputChecker()
    for block in blocks(document, "console"):
        for session in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, _, expected = session.partition("\n")
            words = shlex.split(command)
            assert words[0] == "perceptron", f"{document}: only perceptron is run, not {command!r}"
            status = main(words[1:])
            printed = capsys.readouterr().out

            assert status == 0, command
            told = f"{command}\nprinted:\n{printed}\nexpected:\n{expected}"
            assert checker.check_output(expected, printed, OPTIONS), told
