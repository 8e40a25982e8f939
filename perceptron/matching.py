"""Two networks by the names of their inputs and outputs: whether they have the same, and where each stands."""

from __future__ import annotations

from collections.abc import Sequence

from perceptron.errors import InputError


def require_same(kind: str, first: Sequence[str], second: Sequence[str]) -> None:
    """Raise InputError if two networks have not the same names of this kind ('input' or 'output')."""
    if set(first) != set(second):
        only = sorted(set(first) ^ set(second))[0]
        which = "first" if only in first else "second"
        raise InputError(
            f"only the {which} network has the {kind} {only!r}; to compare two networks give both the same {kind} names"
        )


def columns(first: Sequence[str], second: Sequence[str]) -> list[int]:
    """Where each name of the second stands in the first.

    >>> columns(["a", "b", "c"], ["c", "a", "b"])
    [2, 0, 1]
    """
    place = {name: at for at, name in enumerate(first)}
    return [place[name] for name in second]
