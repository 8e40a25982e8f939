"""Bringing the four files of MNIST into the user's cache: mirrors, checksums, never half a file."""

from __future__ import annotations

import hashlib
import http.client
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

from learn.errors import DataError, DownloadError
from learn.whole import write_whole

Progress = Callable[[str, int, int], None]  # the file's name, bytes that have come, bytes in all

MIRRORS = (
    "https://ossci-datasets.s3.amazonaws.com/mnist/",
    "https://storage.googleapis.com/cvdf-datasets/mnist/",
)
TIMEOUT_SECONDS = 30
CHUNK_BYTES = 1 << 16


class Published(NamedTuple):
    """A file as its authors published it: its name, its length in bytes and its two checksums."""

    name: str
    size: int
    md5: str
    sha256: str


FILES = (
    Published(
        "train-images-idx3-ubyte.gz",
        9912422,
        "f68b3c2dcbeaaa9fbdd348bbdeb94873",
        "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609",
    ),
    Published(
        "train-labels-idx1-ubyte.gz",
        28881,
        "d53e105ee54ea40749a09fcbcd1e9432",
        "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c",
    ),
    Published(
        "t10k-images-idx3-ubyte.gz",
        1648877,
        "9fb629c4189551a2d022fa330f9573f3",
        "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6",
    ),
    Published(
        "t10k-labels-idx1-ubyte.gz",
        4542,
        "ec29112dd5afa0611ce80d1b7f02629c",
        "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6",
    ),
)


def cache_folder() -> Path:
    """The folder for downloaded MNIST files; it may not exist yet.

    On Windows under %LOCALAPPDATA%, elsewhere under $XDG_CACHE_HOME or, without that, ~/.cache.
    """
    if sys.platform == "win32":
        base = os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local"
    else:
        base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "perceptron-circuits" / "mnist"


def fetch_mnist(
    folder: Path,
    *,
    mirrors: Sequence[str] = MIRRORS,
    progress: Progress | None = None,
    files: Sequence[Published] = FILES,
) -> None:
    """Make sure that `folder` holds the published files, downloading those that are missing or damaged.

    Each file is tried at each mirror (the URL of a folder) in turn. It is checked, written beside its place
    and moved there in one step, so an interrupted download leaves nothing that looks complete.

    Raises DownloadError, with everything that was tried, where no mirror gives a file with the published
    checksums; DataError where the folder cannot be written.
    """
    for file in files:
        if not _is_whole(folder / file.name, file):
            _fetch_one(folder, file, mirrors, progress)


def _is_whole(path: Path, file: Published) -> bool:
    """Whether the file is there with the published content."""
    try:
        if path.stat().st_size != file.size:
            return False
        content = path.read_bytes()
    except OSError:
        return False
    return hashlib.sha256(content).hexdigest() == file.sha256


def _fetch_one(folder: Path, file: Published, mirrors: Sequence[str], progress: Progress | None) -> None:
    tried = []
    for mirror in mirrors:
        url = f"{mirror.rstrip('/')}/{file.name}"
        try:
            content = _download(url, file, progress)
        except (OSError, http.client.HTTPException, ValueError) as error:
            tried.append(f"  {url}: {error}")
            continue
        _write(folder / file.name, content)
        return
    raise DownloadError(
        f"{file.name} could not be downloaded. Tried:\n"
        + "\n".join(tried or ["  no mirror was given"])
        + f"\nCheck the network, or put the four files ({', '.join(f.name for f in FILES)}) into a folder "
        "and name it as `folder` or in the environment variable PERCEPTRON_DATA."
    )


def _download(url: str, file: Published, progress: Progress | None) -> bytes:
    """The checked content of a URL; ValueError where it is not the published one."""
    from urllib.request import urlopen

    content = bytearray()
    with urlopen(url, timeout=TIMEOUT_SECONDS) as answer:
        while chunk := answer.read(CHUNK_BYTES):
            content += chunk
            if len(content) > file.size:
                raise ValueError(f"more than the published {file.size} bytes")
            if progress is not None:
                progress(file.name, len(content), file.size)
    if len(content) != file.size:
        raise ValueError(f"{len(content)} bytes instead of the published {file.size}")
    for kind, published in (("md5", file.md5), ("sha256", file.sha256)):
        found = hashlib.new(kind, content, usedforsecurity=False).hexdigest()
        if found != published:
            raise ValueError(f"{kind} {found} instead of the published {published}")
    return bytes(content)


def _write(path: Path, content: bytes) -> None:
    """Write a file so that it is there whole or not at all; DataError where that is impossible."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with write_whole(path) as file:
            file.write(content)
    except OSError as error:
        raise DataError(
            f"{str(path)!r} cannot be written: {error}; name a folder that holds the files, as `folder` or "
            "in the environment variable PERCEPTRON_DATA"
        ) from None
