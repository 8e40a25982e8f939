"""assemble: the text of a program in the Hack machine's assembly language as instructions of 16 bits."""

from __future__ import annotations

import re

from perceptron import PerceptronError

_COMPUTE = {
    "0": "101010", "1": "111111", "-1": "111010", "D": "001100", "A": "110000", "!D": "001101", "!A": "110001",
    "-D": "001111", "-A": "110011", "D+1": "011111", "A+1": "110111", "D-1": "001110", "A-1": "110010",
    "D+A": "000010", "D-A": "010011", "A-D": "000111", "D&A": "000000", "D|A": "010101",
}  # fmt: skip
_SWAPPED = {"1+D": "D+1", "1+A": "A+1", "A+D": "D+A", "A&D": "D&A", "A|D": "D|A"}
_JUMP = {"": 0, "JGT": 1, "JEQ": 2, "JGE": 3, "JLT": 4, "JNE": 5, "JLE": 6, "JMP": 7}
_KNOWN = {"SP": 0, "LCL": 1, "ARG": 2, "THIS": 3, "THAT": 4, "SCREEN": 0x4000, "KBD": 0x6000}
_KNOWN |= {f"R{number}": number for number in range(16)}
_SYMBOL = r"[A-Za-z_.$:][\w.$:]*"
_LINE = re.compile(
    rf"@(?P<at>\d+|{_SYMBOL})|\((?P<label>{_SYMBOL})\)"
    r"|((?P<to>[ADM]+)=)?(?P<what>[^=;@()]+)(;(?P<jump>J\w\w))?"
)
_FIRST_VARIABLE = 16


class AssemblyError(PerceptronError):
    """A program cannot be assembled: the message has the line, what stands there, and what to write instead."""


def assemble(text: str) -> list[int]:
    """The instructions of a program.

    Parameters
    ----------
    text : str
        A line is `@number`, `@symbol`, `(LABEL)` or `dest=comp;jump`, where dest and jump may be missing. After `//`
        stands a comment. A symbol that is no label and none of R0 to R15, SP, LCL, ARG, THIS, THAT, SCREEN and KBD is
        a variable: the first is the word 16 of RAM, the next the word 17, and so on.

    Raises
    ------
    AssemblyError
        If a line is none of these, a number does not fit 15 bits, or a label stands twice.

    Examples
    --------
    >>> [f"{word:016b}" for word in assemble("@2 // two \\n D=A \\n (END) \\n @END \\n 0;JMP")]
    ['0000000000000010', '1110110000010000', '0000000000000010', '1110101010000111']
    """
    symbols = dict(_KNOWN)
    lines: list[tuple[int, str, re.Match[str]]] = []
    for number, written in enumerate(text.splitlines(), start=1):
        line = "".join(written.split("//")[0].split())
        if not line:
            continue
        match = _LINE.fullmatch(line)
        if match is None:
            raise AssemblyError(f"line {number}: {line!r} is no instruction; write @value, (LABEL) or dest=comp;jump")
        label = match["label"]
        if label is None:
            lines.append((number, line, match))
        elif label in symbols:
            raise AssemblyError(f"line {number}: {label!r} has a meaning already; choose another label")
        else:
            symbols[label] = len(lines)
    variables = _FIRST_VARIABLE
    words = []
    for number, line, match in lines:
        at = match["at"]
        if at is None:
            words.append(_computing(number, line, match))
            continue
        if not at.isdecimal() and at not in symbols:
            symbols[at] = variables
            variables += 1
        value = int(at) if at.isdecimal() else symbols[at]
        if value >= 1 << 15:
            raise AssemblyError(f"line {number}: {at} does not fit; the numbers are 0 to {(1 << 15) - 1}")
        words.append(value)
    return words


def _computing(number: int, line: str, match: re.Match[str]) -> int:
    """The instruction of a line `dest=comp;jump`."""
    to, what, jump = match["to"] or "", match["what"], match["jump"] or ""
    from_memory = "M" in what
    form = what.replace("M", "A")
    code = None if from_memory and "A" in what else _COMPUTE.get(_SWAPPED.get(form, form))
    if code is None:
        raise AssemblyError(
            f"line {number}: {what!r} is nothing the ALU computes; write one of {' '.join(_COMPUTE)}, or M for A"
        )
    if jump not in _JUMP or len(set(to)) < len(to):
        raise AssemblyError(
            f"line {number}: {line!r} stores or jumps in no known way; write some of A, D, M before =, and one of "
            f"{' '.join(filter(None, _JUMP))} after ;"
        )
    stores = sum(bit for register, bit in (("A", 4), ("D", 2), ("M", 1)) if register in to)
    return 0b111 << 13 | from_memory << 12 | int(code, 2) << 6 | stores << 3 | _JUMP[jump]
