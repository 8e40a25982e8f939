"""Submissions: the folders and .zip files in which chips are handed in, none of them trusted."""

from __future__ import annotations

import stat
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory

from circuits.scripts.errors import ScriptError

MOST_FILES = 2_000
MOST_BYTES = 1 << 20  # of one chip


def submissions(folder: Path) -> dict[str, Path]:
    """Each student's folder or .zip file by its name, in order.

    Raises
    ------
    ScriptError
        If there are none.
    OSError
        If the folder cannot be read.

    Examples
    --------
    >>> with TemporaryDirectory() as folder:
    ...     for name in ("bob", "ada"):
    ...         Path(folder, name).mkdir()
    ...     list(submissions(Path(folder)))
    ['ada', 'bob']
    """
    found: dict[str, Path] = {}
    for path in sorted(folder.iterdir()):
        if path.name.startswith((".", "__MACOSX")):
            continue
        if path.is_dir():
            found[path.name] = path
        elif path.suffix.lower() == ".zip":
            found[path.name if path.stem in found else path.stem] = path
    if not found:
        raise ScriptError(f"{str(folder)!r} has no submissions; put a folder or a .zip file for each student into it")
    return found


@contextmanager
def opened(submission: Path) -> Iterator[Path]:
    """The folder of a submission; a .zip file is unpacked for as long as it is looked at, chips only.

    Raises
    ------
    ScriptError
        If it is no .zip file, is encrypted, names a place outside it, or is too large.
    """
    if submission.is_dir():
        yield submission
        return
    with TemporaryDirectory(prefix="perceptron-") as made:
        _unpack(submission, Path(made))
        yield Path(made)


def _unpack(file: Path, folder: Path) -> None:
    try:
        with zipfile.ZipFile(file) as archive:
            members = archive.infolist()
            if len(members) > MOST_FILES:
                raise ScriptError(f"{len(members)} files are too many; the most is {MOST_FILES}", file=str(file))
            for member in members:
                place = _place(member, file)
                if member.is_dir() or place.suffix.lower() != ".hdl" or place.name.startswith("."):
                    continue
                with archive.open(member) as opened_member:
                    data = opened_member.read(MOST_BYTES + 1)
                if len(data) > MOST_BYTES:
                    raise ScriptError(f"{member.filename!r} is too large for a chip", file=str(file))
                target = folder.joinpath(*place.parts)
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(data)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError) as error:
        if isinstance(error, ScriptError):
            raise
        raise ScriptError(f"it cannot be unpacked ({error}); hand in a plain .zip file", file=str(file)) from None


def _place(member: zipfile.ZipInfo, file: Path) -> PurePosixPath:
    """Where a file of the archive goes below the folder; a name that leads out of it is refused."""
    place = PurePosixPath(member.filename.replace("\\", "/"))
    if place.is_absolute() or ".." in place.parts or any(":" in part for part in place.parts):
        raise ScriptError(f"{member.filename!r} leads out of the archive; it is refused", file=str(file))
    if stat.S_ISLNK(member.external_attr >> 16):
        raise ScriptError(f"{member.filename!r} is a link; it is refused", file=str(file))
    return place
