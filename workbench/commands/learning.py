"""The commands that learn and read: learn, read."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from learn import (
    Data,
    Expand,
    Layers,
    Preset,
    Settings,
    Split,
    Training,
    find_preset,
    is_digit,
    load_digits,
    load_mnist,
    report,
    save,
    stuck,
)
from workbench.commands.epochs import (
    Jobs,
    of_records,
    progress,
    require_folder,
    require_places,
    summary,
    train,
    write_all,
)
from workbench.errors import UsageError

if TYPE_CHECKING:
    from workbench.gates.voting import Voter

LOOKED_AT = 10_000  # training images, for what a training is stuck at
BASIC = {"epochs", "batch", "rate", "cost"}  # settings that are always said; others only where they are used


def learn(given: argparse.Namespace) -> int:
    """Train, show the progress, save the network and draw what was asked for; the exit status, as `train` has it."""
    from workbench.commands.train_gates import learn_gates, require_no_gates

    require_places(given)
    if given.gates is not None:
        return learn_gates(given)
    require_no_gates(given)
    preset = find_preset(given.preset) if given.preset is not None else None
    data = only(load_data(given.data, full=given.full), given.only)
    images, validation, test = data.train, data.validation, data.test
    rng = generator(given.rng)
    training = Training(
        Layers.start(
            _sizes(given, data, preset),
            start=given.start,
            rng=rng,
            activation=given.activation,
            output="softmax" if given.softmax else "sigmoid",
        ),
        images,
        _settings(given, preset),
        expand=expand_of(given, data, preset),
        validation=validation if len(validation) else None,
        test=test,
        rng=rng,
    )
    status = train(training, given)
    layers, records, usual = training.layers, training.records, asdict(Settings())
    settings = {
        "data": data.name,
        "images": len(images),
        **{name: value for name, value in asdict(training.settings).items() if name in BASIC or value != usual[name]},
        "start": given.start,
        "rng": given.rng,
        **({"expand": repr(training.expand)} if training.expand is not None else {}),
        **({"only": given.only} if given.only is not None else {}),
    }
    reached = layers.accuracy(test.images, test.labels)
    for sentence in stuck(layers, images[:LOOKED_AT], training.settings.cost) if records else []:
        print(f"perceptron: {sentence}", file=sys.stderr)
    title = f"{data.name}, {reached:.2%} of {len(test)} right"
    if not given.json:
        print(summary(layers.sizes, data, reached, records))
    jobs: Jobs = {
        "network": (given.output, lambda path: save(path, layers, settings, {"test": reached})),
        **of_records(given, records),
        "report": (given.report, lambda path: report(layers, test, path, data.shape, records, title)),
    }
    failed = write_all(jobs, quiet=given.json)
    if given.json:
        told = {"test_accuracy": reached, **settings, "sizes": layers.sizes}
        print(json.dumps(told | {"epochs": [asdict(record) for record in records]}))
    return status or failed


def _settings(given: argparse.Namespace, preset: Preset | None) -> Settings:
    """The preset's settings, with what was given in their place."""
    names = [field.name for field in fields(Settings)]
    chosen = {name: getattr(given, name) for name in names if getattr(given, name) is not None}
    return replace(preset.settings if preset is not None else Settings(), **chosen)


def _sizes(given: argparse.Namespace, data: Data, preset: Preset | None) -> list[int]:
    outputs = 1 if given.only is not None else int(data.train.labels.max()) + 1
    hidden = preset.hidden if preset is not None else (30,)
    sizes = given.layers or [data.train.images.shape[1], *hidden, outputs]
    if given.only is not None and sizes[-1] != 1:
        raise UsageError(f"--only {given.only} asks one question, so the last layer has 1 neuron, not {sizes[-1]}")
    return list(sizes)


def expand_of(given: argparse.Namespace, data: Data, preset: Preset | None) -> Expand | None:
    """The preset's expansion of the data, or the one that was given in numbers."""
    if given.expand is None:
        return preset.expand if preset is not None else None
    known, numbers = {field.name for field in fields(Expand)} - {"shape"}, {}
    for word in given.expand:
        name, _, number = word.partition("=")
        try:
            if name not in known:
                raise ValueError
            numbers[name] = float(number)
        except ValueError:
            raise UsageError(f"--expand {word!r} says nothing; write for example shift=1 turn=10 elastic=36") from None
    return Expand(**numbers, shape=data.shape)


def read(given: argparse.Namespace) -> None:
    """Print the digits of a picture, and save what the network saw of each where that was asked for."""
    from learn.strip import read as read_strip
    from learn.strip import read_image, save_digits

    if given.save_digits is not None:
        _require_empty(Path(given.save_digits))
    if given.model is None:
        read_image(given.picture)  # an error comes before a training, not after it
    layers = _reader(given.model) if given.model is not None else _default_reader()
    reading = read_strip(given.picture, layers)
    if given.json:
        digits = [
            {"digit": int(d.digit), "confidence": round(float(d.confidence), 6), "box": [int(edge) for edge in d.box]}
            for d in reading.digits
        ]
        print(json.dumps({"text": reading.text, "digits": digits}), flush=True)
    else:
        print(reading.text, flush=True)
    if given.save_digits is not None:
        save_digits(reading, given.save_digits)


def _require_empty(folder: Path) -> None:
    """Fail before the reading where pictures would overwrite something or cannot be written."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UsageError(f"{str(folder)!r} is there already; name a new folder or an empty one for --save-digits")
    if not folder.parent.is_dir():
        raise UsageError(f"there is no folder {str(folder.parent)!r} for {folder.name!r}; make it first")
    require_folder(folder)


def _reader(path: str) -> Layers | Voter:
    """The network in a file, whichever kind it is."""
    from learn.threshold import ThresholdModel, load_any
    from workbench.gates.voting import Voter

    model = load_any(path)
    return Voter(model.network) if isinstance(model, ThresholdModel) else model.layers


def _default_reader() -> Layers:
    """The network that is trained once on MNIST; says on standard error which one it is."""
    from learn.reader import EPOCHS, default_reader, reader_file

    if reader_file().is_file():
        print(f"perceptron: reading with the network trained on MNIST in {reader_file()}", file=sys.stderr)
        return default_reader()
    print("perceptron: no --model, so a network is trained once on MNIST; this takes about a minute", file=sys.stderr)
    with progress(EPOCHS) as show:
        layers = default_reader(progress=lambda record, epochs: show(record))
    print(f"perceptron: the network is kept in {reader_file()}", file=sys.stderr)
    return layers


def load_data(name: str, *, full: bool = False) -> Data:
    """The 8x8 digits, MNIST (with a progress bar where it is downloaded), or a folder of IDX files."""
    if name == "digits":
        data = load_digits()
        if full:
            images = np.concatenate([data.train.images, data.validation.images])
            labels = np.concatenate([data.train.labels, data.validation.labels])
            return Data(Split(images, labels), data.validation[:0], data.test, data.name, data.shape)
        return data
    if name == "mnist":
        with _download_bar() as progress:
            return load_mnist(full=full, progress=progress)
    if not Path(name).is_dir():
        raise UsageError(
            f"there is no data set and no folder {name!r}; write digits, mnist, or a folder with files named as MNIST's"
        )
    return load_mnist(name, full=full)


def only(data: Data, digit: int | None) -> Data:
    """The data, or with a digit the same images with the question for labels: is it this digit?"""
    if digit is None:
        return data
    train, validation, test = (is_digit(split, digit) for split in (data.train, data.validation, data.test))
    return replace(data, train=train, validation=validation, test=test)


def generator(seed: int) -> np.random.Generator:
    """The random numbers of a seed that was given."""
    if seed < 0:
        raise UsageError(f"--rng {seed} is no seed; give a whole number of at least 0")
    return np.random.default_rng(seed)


@contextmanager
def _download_bar() -> Iterator[Callable[[str, int, int], None] | None]:
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import DownloadColumn, Progress, TextColumn

    with Progress(TextColumn("{task.description}"), DownloadColumn(), console=Console(stderr=True)) as bar:
        tasks: dict[str, Any] = {}

        def show(name: str, done: int, total: int) -> None:
            if name not in tasks:
                tasks[name] = bar.add_task(name, total=total)
            bar.update(tasks[name], completed=done)

        yield show
