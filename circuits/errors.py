"""The exception of circuit definitions; it stands in the tree of perceptron.errors.

PerceptronError
└── CircuitError                a circuit is defined or called in a way that cannot mean anything
"""

from __future__ import annotations

from typing import Any, cast

from circuits.language.where import Where, definition_line, shown, user_code
from perceptron.errors import PerceptronError


class CircuitError(PerceptronError):
    """A circuit is defined or called wrongly; the message says what to write instead.

    Attributes
    ----------
    where : (file, line) or None
        The line of the reader's own code that did it. While a circuit's function runs, the message ends in it.
    """

    where: Where | None

    def __init__(self, message: str):
        super().__init__(message)
        self.where = user_code()


def point(error: PerceptronError) -> None:
    """Make the message end in the line of the reader's code that did it, once."""
    where = getattr(error, "where", None) or user_code(error.__traceback__)
    if where is not None:
        _end_in(error, where)


def error_in(function: object, message: str) -> CircuitError:
    """An error that points at the `def` of a function."""
    error = CircuitError(message)
    where = definition_line(function)
    if where is not None:
        _end_in(error, where)
    return error


def _end_in(error: PerceptronError, where: Where) -> None:
    told = cast(Any, error)
    told.where = where
    ending = f" ({shown(where)})"
    if not str(error).endswith(ending):
        error.args = (f"{error}{ending}", *error.args[1:])
