"""Text that is written as it comes: to standard output, or to a file that is there whole or not at all."""

from __future__ import annotations

import contextlib
import os
import secrets
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO


@contextlib.contextmanager
def writing(path: str | None) -> Iterator[TextIO]:
    """A text file to write to: standard output for None, else a file that takes its name when all went well.

    Raises
    ------
    OSError
        If the folder cannot be written. Whatever fails inside, no part of the file is left, and a file that had the
        name before is untouched.
    """
    if path is None:
        yield sys.stdout
        return
    goal = Path(path)
    part = goal.with_name(f".{goal.name}.{secrets.token_hex(4)}.part")
    try:
        try:
            with part.open("w", encoding="utf-8", newline="") as file:
                yield file
            os.replace(part, goal)
        finally:
            part.unlink(missing_ok=True)
    except OSError as error:
        if error.filename in (str(part), part):
            raise OSError(error.errno, error.strerror, path) from None  # the name that was asked for
        raise
