"""The commands that learn and read: learn, read."""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from learn import (
    Data,
    Epoch,
    Expand,
    Layers,
    Preset,
    Settings,
    Split,
    Training,
    find_preset,
    is_digit,
    learning_curve,
    load_digits,
    load_mnist,
    report,
    resume,
    save,
    save_checkpoint,
    stuck,
    write_log,
)
from workbench.errors import UsageError

if TYPE_CHECKING:
    from workbench.gates.voting import Voter

NETWORK, PICTURE, LOG = (".npz",), (".png", ".svg"), (".csv", ".jsonl")
INTERRUPTED = 130
LONGEST = 60  # characters of a learning curve in text
LOOKED_AT = 10_000  # training images, for what a training is stuck at
BASIC = {"epochs", "batch", "rate", "cost"}  # settings that are always said; others only where they are used


def learn(given: argparse.Namespace) -> int:
    """Train, show the progress, save the network and draw what was asked for; 130 where Ctrl-C stopped it."""
    from workbench.commands.train_gates import learn_gates, require_no_gates

    places = ((given.output, NETWORK), (given.curve, PICTURE), (given.checkpoint, NETWORK), (given.log, LOG))
    for path, suffixes in places:
        if path is not None:
            require_place(Path(path), suffixes)
    if given.gates is not None:
        return learn_gates(given)
    require_no_gates(given)
    if given.resume and given.checkpoint is None:
        raise UsageError("--resume goes on from a file; name it with --checkpoint")
    preset = find_preset(given.preset) if given.preset is not None else None
    data = load_data(given.data, full=given.full)
    train, validation, test = data.train, data.validation, data.test
    if given.only is not None:
        train, validation, test = (is_digit(split, given.only) for split in (train, validation, test))
    rng = generator(given.rng)
    training = Training(
        Layers.start(
            _sizes(given, data, preset),
            start=given.start,
            rng=rng,
            activation=given.activation,
            output="softmax" if given.softmax else "sigmoid",
        ),
        train,
        _settings(given, preset),
        expand=expand_of(given, data, preset),
        validation=validation if len(validation) else None,
        test=test,
        rng=rng,
    )
    if given.resume and Path(given.checkpoint).exists():
        resume(given.checkpoint, training)
        print(f"perceptron: going on after epoch {len(training.records)}", file=sys.stderr)
    interrupted = not _train(training, given)
    layers, records, usual = training.layers, training.records, asdict(Settings())
    settings = {
        "data": data.name,
        "images": len(train),
        **{name: value for name, value in asdict(training.settings).items() if name in BASIC or value != usual[name]},
        "start": given.start,
        "rng": given.rng,
        **({"expand": repr(training.expand)} if training.expand is not None else {}),
        **({"only": given.only} if given.only is not None else {}),
    }
    reached = layers.accuracy(test.images, test.labels)
    for sentence in stuck(layers, train[:LOOKED_AT], training.settings.cost) if records else []:
        print(f"perceptron: {sentence}", file=sys.stderr)
    if given.output is not None:
        save(given.output, layers, settings, {"test": reached})
    if given.curve is not None and records:
        learning_curve(records, given.curve)
    if given.report is not None:
        report(layers, test, given.report, data.shape, records, f"{data.name}, {reached:.2%} of {len(test)} right")
    if given.json:
        told = {"test_accuracy": reached, **settings, "sizes": layers.sizes}
        print(json.dumps(told | {"epochs": [asdict(record) for record in records]}))
    else:
        _report(layers, test, data, reached, records, given)
    return INTERRUPTED if interrupted else 0


def _train(training: Training, given: argparse.Namespace) -> bool:
    """All epochs that are left, each told of and kept; False where Ctrl-C broke the last one off.

    What an epoch had begun is then forgotten: the network is that of the epoch before, and so is the checkpoint.
    """
    total = training.settings.epochs
    try:
        with progress(total, len(training.records)) as show:
            for record in training:
                if given.checkpoint is not None:
                    save_checkpoint(given.checkpoint, training)
                if given.log is not None:
                    write_log(training.records, given.log)
                show(record)
    except KeyboardInterrupt:
        done = f"perceptron: stopped after epoch {len(training.records)} of {total}"
        cure = f"; --checkpoint {given.checkpoint} --resume goes on" if given.checkpoint is not None else ""
        print(done + cure, file=sys.stderr)
        return False
    return True


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
    if given.save_digits is not None:
        save_digits(reading, given.save_digits)
    if given.json:
        digits = [
            {"digit": int(d.digit), "confidence": round(float(d.confidence), 6), "box": [int(edge) for edge in d.box]}
            for d in reading.digits
        ]
        print(json.dumps({"text": reading.text, "digits": digits}))
    else:
        print(reading.text)


def _require_empty(folder: Path) -> None:
    """Fail before the reading where pictures would overwrite something."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UsageError(f"{str(folder)!r} is there already; name a new folder or an empty one for --save-digits")
    if not folder.parent.is_dir():
        raise UsageError(f"there is no folder {str(folder.parent)!r} for {folder.name!r}; make it first")


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


def generator(seed: int) -> np.random.Generator:
    """The random numbers of a seed that was given."""
    if seed < 0:
        raise UsageError(f"--rng {seed} is no seed; give a whole number of at least 0")
    return np.random.default_rng(seed)


def require_place(path: Path, suffixes: tuple[str, ...]) -> None:
    """Fail before the training, not after it."""
    if path.suffix not in suffixes:
        raise UsageError(f"{str(path)!r} is no {' or '.join(suffixes)} file; give it that ending")
    if not path.parent.is_dir():
        raise UsageError(f"there is no folder {str(path.parent)!r} for {path.name!r}; make it first")


@contextmanager
def progress(epochs: int, done: int = 0) -> Iterator[Callable[[Epoch], None]]:
    """A bar on a terminal, a line for each epoch elsewhere, with the time left; both on standard error."""
    if not sys.stderr.isatty():
        started = time.monotonic()

        def tell(record: Epoch) -> None:
            left = (time.monotonic() - started) / (record.epoch - done) * (epochs - record.epoch)
            print(f"{_epoch_line(record, epochs)}, {_duration(left)} left", file=sys.stderr, flush=True)

        yield tell
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (
        TextColumn("epoch {task.completed}/{task.total}"),
        BarColumn(),
        TextColumn("{task.description}"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(stderr=True)) as bar:
        task = bar.add_task("", total=epochs, completed=done)

        def show(record: Epoch) -> None:
            bar.update(task, advance=1, description=_measure(record))

        yield show


def _duration(seconds: float) -> str:
    """Seconds as a clock shows them.

    Examples
    --------
    >>> _duration(7.4), _duration(75), _duration(7325)
    ('0:07', '1:15', '2:02:05')
    """
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


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


def _epoch_line(record: Epoch, epochs: int) -> str:
    return f"epoch {record.epoch:>3}/{epochs}  {_measure(record)}  cost {record.train_cost:.4f}  {record.seconds:.2f} s"


def _measure(record: Epoch) -> str:
    named = (("validation", record.validation_accuracy), ("test accuracy", record.test_accuracy))
    return "  ".join(f"{name} {share:7.2%}" for name, share in named if share is not None)


def _report(
    layers: Layers, test: Split, data: Data, reached: float, records: list[Epoch], given: argparse.Namespace
) -> None:
    right = round(reached * len(test))
    print(f"{layers.sizes} on {data.name}: {right} of {len(test)} test images right, {reached:.2%}")
    if len(records) > 1:
        print(f"accuracy by epoch  {sparkline([record.test_accuracy or 0.0 for record in records])}")
    places = {"network": given.output, "learning curve": given.curve, "log": given.log, "report": given.report}
    for what, path in places.items():
        if path is not None:
            print(f"the {what} is in {path}")


def sparkline(values: list[float]) -> str:
    """A learning curve in one line of text, from the lowest to the highest value; of long ones every so many epochs.

    Examples
    --------
    >>> sparkline([0.5, 0.8, 0.9])
    '50.0% ▁▆█ 90.0%'
    """
    low, high = min(values), max(values)
    blocks = "▁▂▃▄▅▆▇█"
    shown = values[:: -(-len(values) // LONGEST)]
    bars = "".join(blocks[round((value - low) / ((high - low) or 1) * 7)] for value in shown)
    return f"{values[0]:.1%} {bars} {values[-1]:.1%}"
