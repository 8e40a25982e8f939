"""Every public name by the first line of its docstring. `python -m workbench.reference` prints docs/reference.md."""

from __future__ import annotations

import inspect
from importlib import import_module
from typing import Any

PACKAGES = (
    "perceptron",
    "perceptron.testing",
    "circuits",
    "circuits.formats",
    "circuits.synthesis.classifier",
    "circuits.scripts",
    "circuits.testing",
    "learn",
)
_INTRODUCTION = """# Every public name

What each package offers, by the first line of its docstring; `help(name)` in Python tells the rest: shapes, ranges,
errors, an example. Made by `python -m workbench.reference`; a test compares it with the code.
"""


def document() -> str:
    """The text of docs/reference.md."""
    return "\n".join([_INTRODUCTION, *(_package(name) for name in PACKAGES)])


def _package(name: str) -> str:
    """A heading, what the package is, and a line for each of its names that no package above it has."""
    package = import_module(name)
    above = {one for other in PACKAGES if name.startswith(f"{other}.") for one in import_module(other).__all__}
    rows = [f"| `{one}` | {_first_line(getattr(package, one))} |" for one in package.__all__ if one not in above]
    return "\n".join([f"## {name}\n", f"{_first_line(package)}\n", "| name | what it is |", "|---|---|", *rows, ""])


def _first_line(thing: Any) -> str:
    """The first line of a docstring; a plain value says its values instead."""
    if type(thing) is int:
        return f"the number {thing:,}"
    if type(thing) in (dict, tuple):  # but not what is a named tuple
        return f"of {', '.join(f'`{one}`' for one in thing)}"
    return (inspect.getdoc(thing) or "").partition("\n")[0].replace("|", "\\|")


if __name__ == "__main__":
    print(document(), end="")
