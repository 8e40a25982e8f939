"""Writing a file so that it is there whole or not at all."""

from __future__ import annotations

import contextlib
import errno
import glob
import hashlib
import os
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

LONGEST = 255  # bytes of a file's name, in the usual file systems
ADDED = len("..01234567.part")  # bytes that a temporary name adds


@contextlib.contextmanager
def write_whole(path: Path) -> Iterator[BinaryIO]:
    """An open file that takes the name `path` in one step when the block ends well.

    Until then it has another name in the same folder; when the block raises, it is removed and a file that
    had the name before is untouched. Raises OSError where the folder cannot be written.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     with write_whole(Path(folder, "a.txt")) as file:
    ...         _ = file.write(b"whole")
    ...     Path(folder, "a.txt").read_bytes()
    b'whole'
    """
    temporary = path.with_name(f".{_stem(path)}.{secrets.token_hex(4)}.part")
    try:
        with temporary.open("xb") as file:
            yield file
        os.replace(temporary, path)
    except BaseException:
        with contextlib.suppress(OSError):
            temporary.unlink()
        raise


def require_place(path: Path) -> None:
    """Try whether `write_whole` can write there, without touching a file of that name: OSError where it cannot.

    For before a long work. What only a larger file meets, such as a full disk, is not found out.
    """
    if path.is_dir():
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
    temporary = path.with_name(f".{_stem(path)}.{secrets.token_hex(4)}.part")
    temporary.touch(exist_ok=False)
    temporary.unlink()


def remove_leftovers(path: Path) -> None:
    """Remove what programs that were killed while they wrote this file have left beside it."""
    for leftover in path.parent.glob(f".{glob.escape(_stem(path))}.????????.part"):
        with contextlib.suppress(OSError):
            leftover.unlink()


def _stem(path: Path) -> str:
    """The name of a file, or its digest where a temporary name would become too long."""
    name = os.fsencode(path.name)
    return path.name if len(name) + ADDED <= LONGEST else hashlib.sha256(name).hexdigest()
