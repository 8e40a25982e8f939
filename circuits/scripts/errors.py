"""The exception of test scripts; it stands in the tree of perceptron.errors.

PerceptronError
└── ScriptError                 a test cannot be run: the script, what it compares to, or what it wants of the chip
"""

from perceptron.errors import PerceptronError


class ScriptError(PerceptronError):
    """A test is broken: the message has the file, the line, and what to write instead.

    Attributes
    ----------
    reason : str
    file : str or None
    line : int or None
    """

    def __init__(self, reason: str, *, line: int | None = None, file: str | None = None) -> None:
        self.reason, self.line, self.file = reason, line, file
        place = f"line {line}" if line is not None else ""
        super().__init__(": ".join(part for part in (file, place, reason) if part))
