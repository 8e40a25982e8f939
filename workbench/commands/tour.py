"""The command tour: tells the story on the terminal while it writes the page."""

from __future__ import annotations

import argparse
import textwrap
import time
from pathlib import Path

from workbench.errors import UsageError
from workbench.page import page
from workbench.step import Step
from workbench.story import steps


def tour(given: argparse.Namespace) -> None:
    """Write index.html and its pictures into a folder and print every number."""
    folder = Path(given.output)
    if not given.output:
        raise UsageError("-o is ''; name a folder for the tour, such as tour")
    if given.rng < 0:
        raise UsageError(f"--rng {given.rng} is no seed; give a whole number of at least 0")
    if folder.exists() and not folder.is_dir():
        raise UsageError(f"{given.output!r} is a file; name a folder for the tour")
    folder.mkdir(parents=True, exist_ok=True)
    started = time.perf_counter()
    told: list[Step] = []
    for step in steps(folder, given.rng):
        told.append(step)
        _show(len(told), step)
    (folder / "index.html").write_text(page(told, folder), encoding="utf-8")
    print(f"\nThe tour took {time.perf_counter() - started:.0f} seconds. Its pictures: {folder / 'index.html'}")


def _show(number: int, step: Step) -> None:
    print(f"\n{number}. {step.title}\n")
    for paragraph in step.words:
        print(textwrap.fill(paragraph, 88, initial_indent="   ", subsequent_indent="   "))
    print()
    for line in step.lines:
        print(f"      {line}", flush=True)
