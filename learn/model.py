"""Saving a network and reading it back: one `.npz` file without pickle, written whole or not at all."""

from __future__ import annotations

import json
import os
import struct
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from learn.errors import LayersError, ModelError
from learn.layers import Layers
from learn.whole import write_whole

FORMAT = "perceptron-circuits layers"
THRESHOLD = "perceptron-circuits threshold network"  # what `learn.threshold` writes
CHECKPOINT = "perceptron-circuits checkpoint"  # what `learn.checkpoint` writes
VERSION = 2
FIRST = 1  # knew sigmoids only; still written for these, so that older programs read them

# Everything that zipfile and NumPy raise for a file that is damaged or of another kind.
BROKEN = (
    ValueError,
    KeyError,
    EOFError,
    OSError,
    MemoryError,
    NotImplementedError,
    RuntimeError,
    struct.error,
    zipfile.BadZipFile,
    zlib.error,
)


@dataclass(frozen=True, eq=False)
class Model:
    """A network, how it was trained (`settings`), what it reached (`accuracy`: name -> share in [0, 1])."""

    layers: Layers
    settings: dict[str, Any] = field(default_factory=dict)
    accuracy: dict[str, float] = field(default_factory=dict)


def save(
    path: str | os.PathLike[str],
    layers: Layers,
    settings: Mapping[str, Any] | None = None,
    accuracy: Mapping[str, float] | None = None,
) -> None:
    """Write a network to a file, replacing one of that name in a single step.

    `settings` is anything that JSON can hold, such as {"epochs": 30, "rate": 3.0}; `accuracy` names shares,
    such as {"test": 0.9566}. The file is an ordinary NumPy archive: weights_1, biases_1, weights_2, ... with
    sizes, activation, output, settings and accuracy as text beside them.

    Raises ModelError where settings or accuracy do not fit into JSON, and where the file cannot be written.
    """
    arrays: dict[str, NDArray[Any]] = {
        "format": np.array(FORMAT),
        "version": np.array(FIRST if layers.activation == layers.output == "sigmoid" else VERSION),
        "sizes": np.array(layers.sizes),
        "activation": np.array(layers.activation),
        "output": np.array(layers.output),
        "settings": np.array(to_json("settings", settings)),
        "accuracy": np.array(to_json("accuracy", accuracy)),
    }
    for k, (w, b) in enumerate(zip(layers.weights, layers.biases, strict=True), start=1):
        arrays[f"weights_{k}"], arrays[f"biases_{k}"] = w, b
    write_arrays(Path(path), arrays)


def load(path: str | os.PathLike[str]) -> Model:
    """Read a network that `save` has written; nothing in the file is ever run.

    Raises ModelError, with the file and what is wrong, for a file that is missing, damaged, of another kind
    or from a newer version, and for arrays whose shapes do not chain or whose numbers are not finite.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     save(f"{folder}/nand.npz", Layers([[[-2, -2]]], [[3]]), settings={"by": "hand"})
    ...     load(f"{folder}/nand.npz")
    Model(layers=Layers([2, 1]), settings={'by': 'hand'}, accuracy={})
    """
    name = repr(str(path))
    arrays = read_arrays(Path(path), name)
    check_format(arrays, name, FORMAT)
    with reading(name):
        check_version(arrays, name, range(FIRST, VERSION + 1))
        sizes = [int(size) for size in arrays["sizes"]]
        numbers = range(1, len(sizes))
        weights = [arrays[f"weights_{k}"] for k in numbers]
        biases = [arrays[f"biases_{k}"] for k in numbers]
        if any(array.dtype.kind != "f" for array in weights + biases):
            raise ModelError(f"{name}: weights and biases are not floating-point numbers; save the network again")
        wide = bool(weights) and weights[0].dtype == np.float64
        layers = Layers(
            weights,
            biases,
            activation=str(arrays["activation"]),
            output=str(arrays.get("output", "sigmoid")),
            dtype=np.float64 if wide else np.float32,
        )
        settings, accuracy = from_json(arrays, name)
        check_sizes(layers.sizes, sizes, name)
    return Model(layers, settings, accuracy)


def check_format(arrays: Mapping[str, NDArray[Any]], name: str, wanted: str) -> None:
    """Raise ModelError, with what the file holds and what reads it, for an archive of another kind of network."""
    kind = str(arrays.get("format"))
    if kind == wanted:
        return
    if kind == THRESHOLD:
        raise ModelError(f"{name} holds a threshold network; read it with learn.load_threshold, or with learn.load_any")
    if kind == FORMAT:
        raise ModelError(f"{name} holds a network of layers; read it with learn.load, or either with learn.load_any")
    if kind.startswith(CHECKPOINT):
        raise ModelError(f"{name} holds a training that is not done and no network; finish it (--resume) and save that")
    raise ModelError(f"{name} is a NumPy archive but no saved network; give a file that `save` has written")


def check_version(arrays: Mapping[str, NDArray[Any]], name: str, known: range) -> None:
    """Raise ModelError for a version that is not known, and KeyError or TypeError for none."""
    version = int(arrays["version"])
    if version not in known:
        raise ModelError(f"{name} has version {version} of the format and this program reads {known[-1]}; update it")


def check_sizes(found: list[int], announced: list[int], name: str) -> None:
    """Raise ModelError where the arrays are not of the sizes that the file announces."""
    if found != announced:
        raise ModelError(f"{name} announces sizes {announced} but holds arrays of {found}; save it again")


@contextmanager
def reading(name: str) -> Iterator[None]:
    """While a network is made of a file's arrays: whatever is wrong with them becomes a ModelError about the file."""
    try:
        yield
    except ModelError:
        raise
    except LayersError as error:
        raise ModelError(f"{name} holds a broken network: {error}") from None
    except KeyError as error:
        raise ModelError(f"{name} has no {error.args[0]!r}; save the network again") from None
    except (TypeError, ValueError):
        raise ModelError(f"{name}: a part of it is not what it should be; save the network again") from None


def read_arrays(path: Path, name: str) -> dict[str, NDArray[Any]]:
    """All arrays of an archive, or ModelError."""
    try:
        with path.open("rb") as file:
            if file.read(2) != b"PK":
                raise ModelError(f"{name} is not a NumPy archive (.npz); give a file that `save` has written")
            file.seek(0)
            with np.load(file, allow_pickle=False) as archive:
                return {key: archive[key] for key in archive.files}
    except ModelError:
        raise
    except FileNotFoundError:
        raise ModelError(f"{name} does not exist; give a file that `save` has written") from None
    except BROKEN as error:
        raise ModelError(f"{name} cannot be read as a saved network: {error}; save it again") from None


def write_arrays(path: Path, arrays: Mapping[str, NDArray[Any]]) -> None:
    """Write an archive whole or not at all, or ModelError."""
    try:
        with write_whole(path) as file:
            np.savez(file, allow_pickle=False, **arrays)
    except OSError as error:
        raise ModelError(f"{str(path)!r} cannot be written: {error}; choose another place") from None


def to_json(name: str, table: Mapping[str, Any] | None) -> str:
    """A table of names as text, or ModelError."""
    if table is not None and not isinstance(table, Mapping):
        raise ModelError(f"{name} {table!r} is not a table of names; give a dict, such as {{'test': 0.95}}")
    try:
        return json.dumps(dict(table or {}), allow_nan=False)
    except (TypeError, ValueError) as error:
        raise ModelError(f"{name} cannot be saved: {error}; use numbers, text, lists and dicts") from None


def from_json(arrays: Mapping[str, NDArray[Any]], name: str) -> tuple[dict[str, Any], dict[str, float]]:
    """The settings and the accuracy in an archive, or ModelError; KeyError where one is missing."""
    try:
        settings, accuracy = json.loads(str(arrays["settings"])), json.loads(str(arrays["accuracy"]))
    except (json.JSONDecodeError, RecursionError):
        raise ModelError(f"{name}: a part of it is not what it should be; save the network again") from None
    if not isinstance(settings, dict) or not isinstance(accuracy, dict):
        raise ModelError(f"{name}: settings and accuracy are not tables of names; save the network again")
    return settings, accuracy
