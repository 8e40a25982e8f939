"""The command that writes down what a circuit answers today, as a test: freeze."""

from __future__ import annotations

import argparse
import json
import os
import re
import shlex
from collections.abc import Mapping
from pathlib import Path

from circuits import Circuit
from circuits.testing.frozen import frozen
from perceptron import Network
from workbench.errors import UsageError
from workbench.locate import find
from workbench.writing import writing

ALL_BITS = 16  # all patterns of so many inputs are digested
SAMPLES, RUNS, STEPS = 10_000, 1_000, 16
REMEMBERED, MOST_WORDS = 64, 256  # steps with memories, whose rows stand alone; and of a ROM, to read each word

_TEXT = '''\
"""What {said} answered when it was frozen: this test fails when an answer changes.

If the change is meant, freeze it again: {command}
"""

{imports}

CIRCUIT = {circuit}{beside}

PORTS = {ports}

# {about_rows}
ROWS = """
{rows}
"""
{digest}

def test_{name}_answers_as_it_was_frozen():
    assert_frozen(
        find({located}),
        ports=PORTS,
        rows=ROWS,
        {arguments},
    )
'''
_DIGEST = """
# {about}: a digest of all outputs, and how often each was 1.
DIGEST = {digest}
ONES = {{
{ones}
}}
"""


def freeze(given: argparse.Namespace) -> None:
    """Write the test file, or print it."""
    for name, least in (("samples", 1), ("steps", 1), ("rng", 0)):
        value = getattr(given, name)
        if value is not None and value < least:
            raise UsageError(f"--{name} is {value}; give {least} or more")
    goal = None if given.output is None else Path(given.output)
    if goal is not None and goal.suffix != ".py":
        raise UsageError(f"the test is Python; {str(goal)!r} should end in .py, such as test_{goal.stem}.py")
    if goal is not None and goal.exists() and not given.force:
        raise UsageError(f"{str(goal)!r} is there already; add --force to write it anew")
    found = find(given.circuit)
    text = _text(found, given, goal)
    with writing(given.output) as file:
        file.write(text)
    if goal is not None and not goal.name.startswith("test_"):
        print(f"pytest looks for files called test_*.py; run this one with: pytest {goal}")


def _text(found: Circuit | Network, given: argparse.Namespace, goal: Path | None) -> str:
    net = found.network if isinstance(found, Circuit) else found
    memories = isinstance(found, Circuit) and bool(found.memories)
    timed = bool(net.states) or memories or given.steps is not None
    steps = (given.steps or _steps(found)) if timed else 1
    patterns = given.samples
    if patterns is None and (timed or len(net.inputs) > ALL_BITS):
        patterns = RUNS if timed else SAMPLES
    if timed and not net.inputs:
        patterns = 1
    told = frozen(found, patterns=patterns, seed=given.rng, steps=steps)
    circuit, located = _location(given.circuit, goal)
    beside = "" if located == "CIRCUIT" else "  # from this file's folder"
    imports = ["from circuits.testing import assert_frozen", "from workbench.locate import find"]
    if beside:
        imports[:0] = ["from pathlib import Path", ""]
    about, arguments = "", ["steps=" + str(steps)]
    if told.digest is not None:
        arguments = ["digest=DIGEST", "ones=ONES", f"patterns={patterns}", f"seed={given.rng}", f"steps={steps}"]
        about = _DIGEST.format(
            about=_about(patterns, given.rng, steps), digest=_quoted(told.digest), ones=_ones(told.ones)
        )
    return _TEXT.format(
        said=_in_docstring(circuit),
        name=re.sub(r"\W+", "_", found.name).strip("_") or "circuit",
        command=_in_docstring(_command(given)),
        imports="\n".join(imports),
        circuit=_quoted(circuit),
        beside=beside,
        ports=_quoted(told.ports),
        about_rows=f"One run of {steps} steps." if timed else "Some inputs and what it answered.",
        rows=told.rows,
        digest=about,
        located=located,
        arguments=",\n        ".join(arguments),
    )


def _steps(found: Circuit | Network) -> int:
    """How many steps to run where nobody says: with memories more, because there is no digest."""
    memories = found.memories if isinstance(found, Circuit) else ()
    if not memories:
        return STEPS
    return max([REMEMBERED, *(one.words for one in memories if one.read_only and one.words <= MOST_WORDS)])


def _quoted(text: str) -> str:
    """A text as Python writes it, in double quotes."""
    return json.dumps(text, ensure_ascii=False)


def _in_docstring(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')


def _ones(ones: Mapping[str, int]) -> str:
    return "\n".join(f"    {_quoted(name)}: {count}," for name, count in ones.items())


def _about(patterns: int | None, seed: int, steps: int) -> str:
    over = "Over all inputs" if patterns is None else f"Over {patterns} random inputs (seed {seed})"
    return f"{over} of {steps} steps each" if steps > 1 else over


def _command(given: argparse.Namespace) -> str:
    words = ["perceptron", "freeze", given.circuit]
    for name in ("output", "samples", "steps"):
        if getattr(given, name) is not None:
            words += [f"--{name}" if name != "output" else "-o", str(getattr(given, name))]
    if given.rng:
        words += ["--rng", str(given.rng)]
    return shlex.join([*words, "--force"])


def _location(circuit: str, goal: Path | None) -> tuple[str, str]:
    """What names the circuit in the test, and the expression that finds it: a file is named from the test's folder."""
    place, colon, call = circuit.rpartition(":")
    path, name = (place, colon + call) if place.endswith(".py") else (circuit, "")
    if not os.path.isfile(path):  # which Path.is_file refuses to say of a call that is too long for a name
        return circuit, "CIRCUIT"
    folder = Path.cwd() if goal is None else goal.absolute().parent
    relative = Path(os.path.relpath(path, folder)).as_posix()
    return relative + name, "str(Path(__file__).parent / CIRCUIT)"
