"""user_code: the line of the reader's own program that is running, for the errors that point at it."""

from __future__ import annotations

import os
import sys
import sysconfig
from collections.abc import Iterable
from pathlib import Path
from types import FrameType, FunctionType, TracebackType

Where = tuple[str, int]

_ROOT = Path(__file__).resolve().parents[2]
_PATHS = sysconfig.get_paths()
# Ours, what pip installed, Python's own library, and the scripts that start programs.
_FOREIGN = (
    *(f"{_ROOT / package}{os.sep}" for package in ("perceptron", "circuits", "learn", "workbench")),
    *(f"{_PATHS[kind]}{os.sep}" for kind in ("purelib", "platlib", "stdlib", "scripts")),
    "<frozen",
    "<string>",  # what dataclasses write for themselves
)


def user_code(traceback: TracebackType | None = None) -> Where | None:
    """File and line of the innermost frame that belongs neither to this project nor to a library.

    Parameters
    ----------
    traceback : traceback, optional
        Of an error, whose frames are asked first; then those that are running now.

    Returns
    -------
    (file, line), or None where there is no such frame
    """
    raised = []
    while traceback is not None:
        raised.append((traceback.tb_frame.f_code.co_filename, traceback.tb_lineno))
        traceback = traceback.tb_next
    for file, line in reversed(raised):
        if not file.startswith(_FOREIGN):
            return file, line
    return next(((file, line) for file, line in _running(sys._getframe(1)) if not file.startswith(_FOREIGN)), None)


def definition_line(function: object) -> Where | None:
    """File and line of a function's `def` (or lambda)."""
    import linecache

    if not isinstance(function, FunctionType):
        return None
    file, line = function.__code__.co_filename, function.__code__.co_firstlineno
    text = linecache.getline(file, line)
    while text.lstrip().startswith("@"):  # Python counts a function from its first decorator
        line += 1
        text = linecache.getline(file, line)
    return file, line


def shown(where: Where) -> str:
    """A place for a message.

    Examples
    --------
    >>> shown(("circuits/adder.py", 12))
    'adder.py, line 12'
    """
    return f"{os.path.basename(where[0])}, line {where[1]}"


def _running(frame: FrameType | None) -> Iterable[Where]:
    while frame is not None:
        yield frame.f_code.co_filename, frame.f_lineno
        frame = frame.f_back
