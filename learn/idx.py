"""Reading one IDX file, the format of MNIST, plain or compressed with gzip."""

from __future__ import annotations

import gzip
import math
import struct
import zlib
from pathlib import Path
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

from learn.errors import DataError

GZIP_MAGIC = b"\x1f\x8b"
CHUNK_BYTES = 1 << 24
UNSIGNED_BYTES = 8  # the third byte of an IDX file: the type of its numbers


def find_idx(folder: Path, stem: str, dimensions: int) -> Path:
    """The file of that stem in a folder, such as `train-images-idx3-ubyte.gz`.

    Also found: a dot before `idx`, and the file without `.gz`. The first that exists, in the order
    `-idx3-ubyte.gz`, `-idx3-ubyte`, `.idx3-ubyte.gz`, `.idx3-ubyte`. Raises DataError where there is none.
    """
    names = [f"{stem}{mark}idx{dimensions}-ubyte{end}" for mark in "-." for end in (".gz", "")]
    for name in names:
        if (folder / name).is_file():
            return folder / name
    raise DataError(f"{str(folder)!r} has no file {names[0]!r}; put it there (without '.gz' is right as well)")


def read_images(path: Path) -> NDArray[np.uint8]:
    """The images of an IDX file: (n, rows, columns) of bytes, 0 background and 255 ink."""
    return _read(path, 3, "images")


def read_labels(path: Path) -> NDArray[np.uint8]:
    """The labels of an IDX file: (n,) of bytes."""
    return _read(path, 1, "labels")


def _read(path: Path, dimensions: int, what: str) -> NDArray[np.uint8]:
    """The numbers of an IDX file of so many dimensions.

    The file: two zero bytes, the type of its numbers, the number of dimensions, each dimension as four bytes
    with the highest first, then the numbers.

    Raises DataError, with the file, what was found and the cure, for anything else.
    """
    name = repr(str(path))
    try:
        with _open(path) as file:
            header = file.read(4 + 4 * dimensions)
            if header[:2] == GZIP_MAGIC:
                raise DataError(f"{name} is compressed with gzip but not named so; add '.gz' to its name")
            magic = bytes([0, 0, UNSIGNED_BYTES, dimensions])
            if header[:4] != magic:
                raise DataError(
                    f"{name} is no IDX file of {what}: it starts with the bytes "
                    f"{header[:4].hex(' ') or '(none)'}, not {magic.hex(' ')}; check that images and labels are "
                    "not swapped, or get it again"
                )
            if len(header) < 4 + 4 * dimensions:
                raise DataError(f"{name} ends inside its header of {4 + 4 * dimensions} bytes; get it again")
            shape = struct.unpack(f">{dimensions}I", header[4:])
            expected = math.prod(shape)
            # In pieces, so that memory is taken for what is there and not for what a broken header announces.
            body = bytearray()
            while chunk := file.read(min(CHUNK_BYTES, expected + 1 - len(body))):
                body += chunk
    except (EOFError, zlib.error):
        raise DataError(f"{name} is cut short or damaged: its gzip stream does not end; get it again") from None
    except gzip.BadGzipFile:
        raise DataError(
            f"{name} is not a gzip file or is damaged; get it again, or take '.gz' off a plain file's name"
        ) from None
    except OSError as error:
        raise DataError(f"{name} cannot be read: {error}") from None
    size = " x ".join(map(str, shape))
    if len(body) < expected:
        raise DataError(f"{name} is cut short: {size} = {expected} bytes announced, {len(body)} there; get it again")
    if len(body) > expected:
        raise DataError(f"{name} goes on after the {size} = {expected} bytes it announces; get it again")
    return np.frombuffer(body, dtype=np.uint8).reshape(shape)


def _open(path: Path) -> BinaryIO | gzip.GzipFile:
    return gzip.open(path, "rb") if path.suffix == ".gz" else path.open("rb")
