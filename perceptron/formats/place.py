"""Where in a JSON text something stands: asked only when a file is refused, so that reading it stays fast."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence

Path = tuple[str | int, ...]

_TOKEN = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"|[{}\[\],:]|[^\s{}\[\],:"]+', re.DOTALL)


class _Frame:
    """An object or array that is open, and the key or index of what is being read in it."""

    def __init__(self, is_object: bool):
        self.is_object = is_object
        self.at: str | int | None = None if is_object else 0
        self.keys: set[str] = set()


def _values(text: str) -> Iterator[tuple[int, str, list[_Frame], bool]]:
    """Every key and every beginning of a value as (offset, token, open frames, whether it is a key)."""
    frames: list[_Frame] = []
    for match in _TOKEN.finditer(text):
        token = match.group()
        if token in "}]":
            if frames:
                frames.pop()
        elif token == ",":
            if frames:
                at = frames[-1].at
                frames[-1].at = None if frames[-1].is_object else at + 1 if isinstance(at, int) else 0
        elif token == ":":
            pass
        elif frames and frames[-1].is_object and frames[-1].at is None:
            yield match.start(), token, frames, True
            frames[-1].at = _unquoted(token)
        else:
            yield match.start(), token, frames, False
            if token in "{[":
                frames.append(_Frame(token == "{"))


def _unquoted(token: str) -> str:
    try:
        return str(json.loads(token))
    except ValueError:
        return token


def line_at(text: str, offset: int) -> int:
    """The line, from 1, of an offset."""
    return text.count("\n", 0, offset) + 1


def line_of(text: str, path: Sequence[str | int]) -> int:
    """The line of the value that a path of keys and indexes leads to, or of the nearest that encloses it.

    Examples
    --------
    >>> line_of('{"a":\\n [1,\\n 2]}', ("a", 1)), line_of('{"a": 1}', ("a", 7, "b"))
    (3, 1)
    """
    best, depth = 0, -1
    for offset, _, frames, is_key in _values(text):
        if is_key or not depth < len(frames) <= len(path):
            continue
        if all(frame.at == part for frame, part in zip(frames, path, strict=False)):
            best, depth = offset, len(frames)
            if depth == len(path):
                break
    return line_at(text, best)


def line_of_double(text: str) -> int:
    """The line of the first key that stands twice in one object."""
    for offset, token, frames, is_key in _values(text):
        if is_key:
            key = _unquoted(token)
            if key in frames[-1].keys:
                return line_at(text, offset)
            frames[-1].keys.add(key)
    return 1


def line_of_number(text: str, number: str) -> int:
    """The line of the first value that is written exactly so."""
    for offset, token, _, is_key in _values(text):
        if token == number and not is_key:
            return line_at(text, offset)
    return 1
