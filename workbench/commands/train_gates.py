"""The part of the command learn that trains perceptrons towards a number of NANDs: learn --gates."""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np

from circuits import classifier
from learn import Data, Epoch, is_digit, learning_curve, write_log
from learn.threshold import (
    GateSettings,
    ThresholdNetwork,
    ThresholdTraining,
    expand_for,
    save_threshold,
    settings_for,
    simplify,
)
from workbench.commands.learning import INTERRUPTED, expand_of, generator, load_data, progress, sparkline
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
    "checkpoint": None,
    "resume": False,
    "report": None,
}
OWN = ("hidden", "fan_in", "votes")
TAKEN = ("fan_in", "votes", "epochs", "batch", "rate")


def learn_gates(given: argparse.Namespace) -> int:
    """Train, show the progress, save what was asked for and count the NANDs; 130 where Ctrl-C stopped it."""
    _require_unasked(given)
    data = load_data(given.data, full=given.full)
    if given.only is not None:
        train, validation, test = (is_digit(split, given.only) for split in (data.train, data.validation, data.test))
        data = replace(data, train=train, validation=validation, test=test)
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
    interrupted = not _train(training, given)
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
    if given.output is not None:
        save_threshold(given.output, network, settings, {"test": reached})
    if given.curve is not None and records:
        learning_curve(records, given.curve)
    nands = None
    if not interrupted:
        nands = sum(classifier.build(**plain_arrays(simplify(network))).parts.values())
    if given.json:
        told = {"test_accuracy": reached, "nands": nands, **settings, "sizes": network.sizes}
        print(json.dumps(told | {"epochs": [asdict(record) for record in records]}))
    else:
        _tell(network, data, reached, nands, records, given)
    return INTERRUPTED if interrupted else 0


def require_no_gates(given: argparse.Namespace) -> None:
    """Raise UsageError where an option of --gates is given without it."""
    for name in OWN:
        if getattr(given, name) is not None:
            raise UsageError(f"{_option(name)} is about perceptrons that become gates; give --gates N with it")


def _require_unasked(given: argparse.Namespace) -> None:
    """Fail before the training where an option of sigmoids is given."""
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


def _train(training: ThresholdTraining, given: argparse.Namespace) -> bool:
    """All epochs, each told of and logged; False where Ctrl-C broke the last one off."""
    total = training.settings.epochs
    try:
        with progress(total) as show:
            for record in training:
                if given.log is not None:
                    write_log(training.records, given.log)
                show(record)
    except KeyboardInterrupt:
        print(f"perceptron: stopped after epoch {len(training.records)} of {total}", file=sys.stderr)
        return False
    return True


def _tell(
    network: ThresholdNetwork,
    data: Data,
    reached: float,
    nands: int | None,
    records: list[Epoch],
    given: argparse.Namespace,
) -> None:
    right = round(reached * len(data.test))
    print(f"{network.sizes} on {data.name}: {right} of {len(data.test)} test images right, {reached:.2%}")
    if len(records) > 1:
        print(f"accuracy by epoch  {sparkline([record.test_accuracy or 0.0 for record in records])}")
    if nands is not None:
        print(f"{nands:,} NANDs from the digits of the pixels to the label; {given.gates:,} were aimed at")
    for what, path in {"network": given.output, "learning curve": given.curve, "log": given.log}.items():
        if path is not None:
            print(f"the {what} is in {path}")
    if given.output is not None and nands is not None:
        print(f"perceptron harden {given.output} --data {given.data} -o digits.aig  writes the circuit")


def _option(name: str) -> str:
    return f"--{name.replace('_', '-')}"
