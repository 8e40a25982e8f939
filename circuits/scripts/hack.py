"""The .hack file: a machine program, one instruction of 16 binary digits a line."""

from __future__ import annotations

import re
from pathlib import Path

from circuits.scripts.errors import ScriptError


def read_hack(path: Path, most: int = 1 << 15) -> list[int]:
    """The instructions of a program, with blank lines and comments (//) left out.

    Raises
    ------
    ScriptError
        If a line is no instruction, or there are more than `most`.
    OSError
        If the file cannot be read.
    """
    program = []
    for line, text in enumerate(path.read_text(encoding="utf-8-sig", errors="replace").splitlines(), start=1):
        digits = "".join(text.split("//")[0].split())
        if not digits:
            continue
        if not re.fullmatch("[01]{16}", digits):
            raise ScriptError(
                f"{text.strip()[:40]!r} is no instruction; write 16 digits 0 and 1", line=line, file=str(path)
            )
        program.append(int(digits, 2))
    if len(program) > most:
        raise ScriptError(f"{len(program)} instructions do not fit; the most is {most}", file=str(path))
    return program
