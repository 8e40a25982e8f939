"""unbroken: an epoch is done whole, or leaves its training as it was after the epoch before."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Protocol

from numpy.typing import NDArray


class Restorable(Protocol):
    """A training that can go back to where it was."""

    records: list[Any]

    def state(self) -> tuple[dict[str, NDArray[Any]], dict[str, Any]]:
        """Arrays and values of where it is; `epochs` among these is how many were done."""

    def restore(self, arrays: Any, values: dict[str, Any], records: list[Any]) -> None:
        """Go on from there."""


@contextmanager
def unbroken(training: Restorable) -> Iterator[None]:
    """Whatever ends the block early, an error or Ctrl-C, the training is put back to how it was before."""
    arrays, values = training.state()
    try:
        yield
    except BaseException:
        training.restore(arrays, values, training.records[: values["epochs"]])
        raise
