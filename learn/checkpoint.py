"""Breaking a training off and going on with it: one file that is there whole or not at all."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import os
from pathlib import Path
from typing import Any

import numpy as np

from learn.errors import ModelError
from learn.model import CHECKPOINT, check_version, read_arrays
from learn.threshold.train import ThresholdTraining
from learn.training import Epoch, Training
from learn.whole import remove_leftovers, write_whole

VERSION = 1
PERCEPTRONS = f"{CHECKPOINT} of perceptrons"
TOLD = {CHECKPOINT: "sigmoids", PERCEPTRONS: "perceptrons"}


def save_checkpoint(path: str | os.PathLike[str], training: Training | ThresholdTraining) -> None:
    """Write all that the rest of a training depends on, replacing a file of that name in a single step.

    A program that is killed meanwhile, at whatever moment, leaves the file as it was before; what it had begun
    to write lies beside it under another name and is removed by the next writing.

    Raises ModelError where the file cannot be written.
    """
    arrays, values = training.state()
    arrays |= {
        "format": np.array(_kind(training)),
        "version": np.array(VERSION),
        "fingerprint": np.array(_fingerprint(training)),
        "about": np.array(json.dumps(training.about())),
        "values": np.array(json.dumps(values, default=lambda array: array.tolist())),
        "records": np.array(json.dumps([dataclasses.asdict(record) for record in training.records])),
    }
    place = Path(path)
    try:
        remove_leftovers(place)
        with write_whole(place) as file:
            np.savez(file, allow_pickle=False, **arrays)
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise ModelError(f"{str(path)!r} cannot be written: {error}; choose another place") from None


def resume(path: str | os.PathLike[str], training: Training | ThresholdTraining) -> None:
    """Go on, in `training`, from where the file was written: to the same numbers as if it had never been broken off.

    `training` is made anew with the same arguments; its network's numbers and its generator are replaced.

    Raises ModelError for a file that is missing, damaged or of another kind, and for one that was written by a
    training of another network, other settings or other images, with what differs.

    >>> import tempfile
    >>> from learn.data import load_digits
    >>> from learn.layers import Layers
    >>> from learn.settings import Settings
    >>> def start():
    ...     return Training(Layers.start([64, 10], rng=0), load_digits().train, Settings(epochs=3), rng=0)
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     broken_off = start()
    ...     _ = broken_off.epoch()
    ...     save_checkpoint(f"{folder}/training.npz", broken_off)
    ...     again = start()
    ...     resume(f"{folder}/training.npz", again)
    >>> [record.epoch for record in again], len(again.records)
    ([2, 3], 3)
    """
    name = repr(str(path))
    arrays = read_arrays(Path(path), name)
    kind, mine = str(arrays.get("format")), _kind(training)
    if kind not in TOLD:
        raise ModelError(f"{name} is no checkpoint of a training; give a file that `save_checkpoint` has written")
    if kind != mine:
        raise ModelError(
            f"{name} was written by a training of {TOLD[kind]} and this is one of {TOLD[mine]}; go on there"
        )
    try:
        check_version(arrays, name, range(VERSION, VERSION + 1))
        _compare(json.loads(str(arrays["about"])), json.loads(json.dumps(training.about())), name)
        if str(arrays["fingerprint"]) != _fingerprint(training):
            raise ModelError(f"{name} was written with other training images; give those, or start anew")
        records = [Epoch(**record) for record in json.loads(str(arrays["records"]))]
        training.restore(arrays, json.loads(str(arrays["values"])), records)
    except ModelError:
        raise
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise ModelError(f"{name}: a part of it is not what it should be ({error}); start anew") from None


def _kind(training: Training | ThresholdTraining) -> str:
    return PERCEPTRONS if isinstance(training, ThresholdTraining) else CHECKPOINT


def _compare(about: dict[str, Any], mine: dict[str, Any], name: str) -> None:
    """Raise ModelError with the first setting that is not the same."""
    for key in mine:
        if about[key] != mine[key]:
            raise ModelError(
                f"{name} was written with {key} {about[key]!r} and this training has {mine[key]!r}; "
                "give what it had, or start anew with another file"
            )


def _fingerprint(training: Training | ThresholdTraining) -> str:
    digest = hashlib.sha256()
    for array in training.data:
        digest.update(np.ascontiguousarray(array).data)
    return digest.hexdigest()
