"""The command test: chips and circuits against test scripts."""

from __future__ import annotations

import argparse
from pathlib import Path

from circuits.scripts import run
from circuits.scripts.grading import find_scripts
from perceptron import PerceptronError
from workbench.errors import UsageError
from workbench.locate import find

FAILED, BROKEN = 1, 2


def test(given: argparse.Namespace) -> int:
    """Run scripts; 0 if all pass, 1 if a chip fails, 2 if a test is broken."""
    if given.chips is not None and given.circuit is not None:
        raise UsageError("give either --chips or --circuit")
    if given.chips is not None and not Path(given.chips).is_dir():
        raise UsageError(f"there is no folder {given.chips!r}; --chips names the folder of the .hdl files")
    if given.limit < 1:
        raise UsageError(f"--limit is {given.limit}; give 1 or more")
    circuit = None if given.circuit is None else find(given.circuit)
    counts = {"passed": 0, "failed": 0, "broken": 0}
    scripts = find_scripts(given.scripts)
    for script in scripts:
        told = ""
        try:
            verdict = run(script, chips=given.chips, circuit=circuit, limit=given.limit)
        except (PerceptronError, OSError) as error:
            result, detail = "broken", " ".join(str(error).split())
        else:
            result, detail = "passed" if verdict.passed else "failed", verdict.summary
            told = "" if verdict.difference is None else f"\n{verdict.difference}\n"
        counts[result] += 1
        print(f"{result}  {script.name}  {detail}{told}")
    if len(scripts) > 1:
        print(", ".join(f"{count} {result}" for result, count in counts.items() if count))
    return BROKEN if counts["broken"] else FAILED if counts["failed"] else 0
