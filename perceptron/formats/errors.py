"""The exceptions of reading and writing files; they stand in the tree of perceptron.errors.

PerceptronError
├── FormatError                 a file is not what its format says, with the place and the reason
└── CannotWriteError            a network has something that a format cannot say, with the node's name
"""

from perceptron.errors import PerceptronError


class FormatError(PerceptronError):
    """A file breaks its format.

    Attributes
    ----------
    reason : str
        What is wrong and, where that helps, what to do.
    line : int or None
        The line, from 1, of a text file.
    offset : int or None
        The byte offset, from 0, in a binary file.
    file : str or None
        The file; the functions over text and bytes leave it out, `read` fills it in.
    """

    def __init__(
        self, reason: str, *, line: int | None = None, offset: int | None = None, file: str | None = None
    ) -> None:
        self.reason, self.line, self.offset, self.file = reason, line, offset, file
        place = f"line {line}" if line is not None else f"byte {offset}" if offset is not None else ""
        super().__init__(": ".join(part for part in (file, place, reason) if part))

    def within(self, file: str) -> "FormatError":
        """The same error with the file named."""
        return FormatError(self.reason, line=self.line, offset=self.offset, file=file)


class CannotWriteError(PerceptronError):
    """A network has something that the format has no words for; the message names the node and the cure."""
