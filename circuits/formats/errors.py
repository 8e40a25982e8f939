"""The exceptions of reading and writing files, under the name that the readers here know them by."""

from perceptron.formats.errors import CannotWriteError, FormatError

__all__ = ["CannotWriteError", "FormatError"]
