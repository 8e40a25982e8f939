"""The part of the command learn that trains perceptrons towards a number of NANDs: learn --gates."""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np

from circuits import classifier
from learn import Data
from learn.threshold import (
    GateSettings,
    ThresholdTraining,
    expand_for,
    save_threshold,
    settings_for,
    simplify,
)
from learn.threshold.settings import WIDEST
from workbench.commands.epochs import Jobs, of_records, summary, train, write_all
from workbench.commands.learning import expand_of, generator, load_data, only
from workbench.errors import UsageError
from workbench.gates.hardening import levels_of, plain_arrays

# Options of learn that say how sigmoids are trained, with what they are where nobody gives them.
SOFT: dict[str, Any] = {
    "preset": None,
    "layers": None,
    "cost": None,
    "softmax": False,
    "activation": "sigmoid",
    "l2": None,
    "l1": None,
    "dropout": None,
    "method": None,
    "momentum": None,
    "schedule": None,
    "patience": None,
    "start": "scaled",
    "report": None,
}
OWN = ("hidden", "fan_in", "votes")
TAKEN = ("fan_in", "votes", "epochs", "batch", "rate")


def learn_gates(given: argparse.Namespace) -> int:
    """Train, show the progress, save what was asked for and count the NANDs; the exit status, as `train` has it."""
    _require_unasked(given)
    data = only(load_data(given.data, full=given.full), given.only)
    training = ThresholdTraining(
        data.train,
        _settings(given, data),
        levels=levels_of(data),
        shape=data.shape,
        expand=expand_of(given, data, None) or expand_for(given.gates, data.shape),
        validation=data.validation if len(data.validation) else None,
        test=data.test,
        rng=generator(given.rng),
        name=Path(given.output).stem if given.output is not None else "",
    )
    status = train(training, given)
    network, records = training.network(), training.records
    settings = {
        "data": data.name,
        "images": len(data.train),
        "gates": given.gates,
        **asdict(training.settings),
        "rng": given.rng,
        **({"expand": given.expand} if given.expand is not None else {}),
        **({"only": given.only} if given.only is not None else {}),
    }
    reached = network.accuracy(data.test)
    if not given.json:
        print(summary(network.sizes, data, reached, records))
    jobs: Jobs = {
        "network": (given.output, lambda path: save_threshold(path, network, settings, {"test": reached})),
        **of_records(given, records),
    }
    failed = write_all(jobs, quiet=given.json)
    nands = None
    if training.finished:  # before that units read more inputs than they will
        nands = sum(classifier.build(**plain_arrays(simplify(network))).parts.values())
    if given.json:
        told = {"test_accuracy": reached, "nands": nands, **settings, "sizes": network.sizes}
        print(json.dumps(told | {"epochs": [asdict(record) for record in records]}))
    elif nands is not None:
        print(f"{nands:,} NANDs from the digits of the pixels to the label; {given.gates:,} were aimed at")
        if given.output is not None and not failed:
            print(f"perceptron harden {given.output} --data {given.data} -o digits.aig  writes the circuit")
    return status or failed


def require_no_gates(given: argparse.Namespace) -> None:
    """Raise UsageError where an option of --gates is given without it."""
    for name in OWN:
        if getattr(given, name) is not None:
            raise UsageError(f"{_option(name)} is about perceptrons that become gates; give --gates N with it")


def _require_unasked(given: argparse.Namespace) -> None:
    """Fail before the training where an option of sigmoids is given, or more inputs than can become few NANDs."""
    if given.fan_in is not None and given.fan_in > WIDEST:
        raise UsageError(f"--fan-in {given.fan_in} is too wide for NANDs of few inputs; give 1 to {WIDEST}")
    for name, usual in SOFT.items():
        if getattr(given, name) != usual:
            raise UsageError(
                f"{_option(name)} is about sigmoids and --gates trains perceptrons; leave out one of the two"
            )


def _settings(given: argparse.Namespace, data: Data) -> GateSettings:
    """Those that the budget asks for, with what was given in their place."""
    smallest = ThresholdTraining(data.train, GateSettings(hidden=(1,)), levels=levels_of(data), shape=data.shape)
    chosen = {name: getattr(given, name) for name in TAKEN if getattr(given, name) is not None}
    settings = settings_for(given.gates, len(np.unique(smallest.encoder.pixel)), **chosen)
    return settings if given.hidden is None else replace(settings, hidden=tuple(given.hidden))


def _option(name: str) -> str:
    return f"--{name.replace('_', '-')}"
