"""Saving a threshold network and reading it back: an `.npz` file without pickle, as `learn.save` writes for layers."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from learn.model import (
    THRESHOLD,
    Model,
    check_format,
    check_sizes,
    check_version,
    from_json,
    load,
    read_arrays,
    reading,
    to_json,
    write_arrays,
)
from learn.threshold.encoder import Encoder
from learn.threshold.network import ThresholdNetwork

VERSION = 1


@dataclass(frozen=True, eq=False)
class ThresholdModel:
    """A threshold network, how it was trained (`settings`), what it reached (`accuracy`: name -> share in [0, 1])."""

    network: ThresholdNetwork
    settings: dict[str, Any] = field(default_factory=dict)
    accuracy: dict[str, float] = field(default_factory=dict)


def save_threshold(
    path: str | os.PathLike[str],
    network: ThresholdNetwork,
    settings: Mapping[str, Any] | None = None,
    accuracy: Mapping[str, float] | None = None,
) -> None:
    """Write a threshold network to a file, replacing one of that name in a single step.

    `settings` and `accuracy` as in `learn.save`. The file is an ordinary NumPy archive: levels, inputs, pixel and
    level of the encoder; weights_1, biases_1, weights_2, ...; votes_1 and perhaps votes_2; offsets, shape, name.

    Raises ModelError where settings or accuracy do not fit into JSON, and where the file cannot be written.
    """
    arrays: dict[str, NDArray[Any]] = {
        "format": np.array(THRESHOLD),
        "version": np.array(VERSION),
        "name": np.array(network.name),
        "shape": np.array(network.shape),
        "sizes": np.array(network.sizes),
        "levels": np.array(network.encoder.levels),
        "inputs": np.array(network.encoder.inputs),
        "pixel": network.encoder.pixel,
        "level": network.encoder.level,
        "offsets": network.offsets,
        "settings": np.array(to_json("settings", settings)),
        "accuracy": np.array(to_json("accuracy", accuracy)),
    }
    for k, (w, b) in enumerate(zip(network.weights, network.biases, strict=True), start=1):
        arrays[f"weights_{k}"], arrays[f"biases_{k}"] = w, b
    for k, votes in enumerate(network.votes, start=1):
        arrays[f"votes_{k}"] = votes
    write_arrays(Path(path), arrays)


def load_threshold(path: str | os.PathLike[str]) -> ThresholdModel:
    """Read a threshold network that `save_threshold` has written; nothing in the file is ever run.

    Raises ModelError, with the file and what is wrong, for a file that is missing, damaged, of another kind
    or from a newer version, and for arrays that do not make a threshold network.

    >>> import tempfile
    >>> xor = ThresholdNetwork(
    ...     Encoder.thermometer(2, 2, marks=(1,)), [[[1, 1], [1, 1]]], [[0, -1]], [[[0, 0], [2, -2]]], [1, 0], (1, 2)
    ... )
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     save_threshold(f"{folder}/xor.npz", xor, accuracy={"all": 1.0})
    ...     load_threshold(f"{folder}/xor.npz")
    ThresholdModel(network=ThresholdNetwork([2, 2, 2], 6 connections), settings={}, accuracy={'all': 1.0})
    """
    name = repr(str(path))
    arrays = read_arrays(Path(path), name)
    check_format(arrays, name, THRESHOLD)
    with reading(name):
        check_version(arrays, name, range(VERSION, VERSION + 1))
        rows, columns = (int(length) for length in arrays["shape"])
        sizes = [int(size) for size in arrays["sizes"]]
        hidden = range(1, len(sizes) - 1)
        network = ThresholdNetwork(
            Encoder(int(arrays["levels"]), int(arrays["inputs"]), arrays["pixel"], arrays["level"]),
            tuple(arrays[f"weights_{k}"] for k in hidden),
            tuple(arrays[f"biases_{k}"] for k in hidden),
            tuple(arrays[key] for key in ("votes_1", "votes_2") if key in arrays or key == "votes_1"),
            arrays["offsets"],
            shape=(rows, columns),
            name=str(arrays["name"]),
        )
        settings, accuracy = from_json(arrays, name)
        check_sizes(network.sizes, sizes, name)
    return ThresholdModel(network, settings, accuracy)


def load_any(path: str | os.PathLike[str]) -> Model | ThresholdModel:
    """Read whichever network a file holds: layers that `save` has written, or what `save_threshold` has.

    Raises ModelError as `load` and `load_threshold` do.

    >>> import tempfile
    >>> from learn import Layers, save
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     save(f"{folder}/nand.npz", Layers([[[-2, -2]]], [[3]]))
    ...     load_any(f"{folder}/nand.npz")
    Model(layers=Layers([2, 1]), settings={}, accuracy={})
    """
    if str(read_arrays(Path(path), repr(str(path))).get("format")) == THRESHOLD:
        return load_threshold(path)
    return load(path)
