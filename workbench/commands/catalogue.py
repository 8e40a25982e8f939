"""The command list: the circuits that come with the program, and how each is written on the command line."""

from __future__ import annotations

import argparse
import json
import shutil
import sys
from collections.abc import Mapping, Sequence

from circuits.library import Entry, entries
from workbench.errors import UsageError

_HOW = """\
Write circuits: before a name, and a number for each word in brackets, as in
  perceptron draw 'circuits:ripple_carry_adder(8)' -o adder.svg"""
_LEAST = 24  # columns for what a circuit is, however narrow the terminal


def list(given: argparse.Namespace) -> None:
    """Print them by what they are for; with words, only those that have them all."""
    groups = {heading: [one for one in found if _has(one, given.words)] for heading, found in entries().items()}
    groups = {heading: found for heading, found in groups.items() if found}
    if not groups:
        raise UsageError(f"no circuit has {' '.join(given.words)!r} in its name or description; try another word")
    if given.json:
        print(json.dumps({heading: [_as_json(one) for one in found] for heading, found in groups.items()}))
        return
    print("\n".join(_lines(groups, shutil.get_terminal_size().columns if sys.stdout.isatty() else None)))


def _has(one: Entry, words: Sequence[str]) -> bool:
    text = f"{one.name} {one.what}".lower()
    return all(word.lower() in text for word in words)


def _as_json(one: Entry) -> dict[str, str]:
    return {"circuit": f"circuits:{one.call}", "what": one.what}


def _lines(groups: Mapping[str, Sequence[Entry]], columns: int | None) -> Sequence[str]:
    """A line for each circuit, cut at the edge of a terminal."""
    width = max(len(one.call) for found in groups.values() for one in found)
    room = None if columns is None else max(_LEAST, columns - width - 4)
    lines = []
    for heading, found in groups.items():
        lines += [heading, *(f"  {one.call:{width}}  {_cut(one.what.replace('`', ''), room)}" for one in found), ""]
    return [*lines, _HOW]


def _cut(text: str, room: int | None) -> str:
    return text if room is None or len(text) <= room else text[: room - 3].rstrip() + "..."
