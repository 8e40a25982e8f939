"""The commands that learn and read: learn, read."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from learn import Data, Epoch, Layers, Split, is_digit, learning_curve, load, load_digits, load_mnist, save, sgd
from workbench.errors import UsageError


def learn(given: argparse.Namespace) -> None:
    """Train, show the progress, save the network and draw the curve."""
    for path, suffixes in ((given.output, (".npz",)), (given.curve, (".png", ".svg"))):
        if path is not None:
            _require_place(Path(path), suffixes)
    data = load_data(given.data, full=given.full)
    train, validation, test = data.train, data.validation, data.test
    if given.only is not None:
        train, validation, test = (is_digit(split, given.only) for split in (train, validation, test))
    outputs = 1 if given.only is not None else int(data.train.labels.max()) + 1
    sizes = given.layers or [data.train.images.shape[1], 30, outputs]
    if given.only is not None and sizes[-1] != 1:
        raise UsageError(f"--only {given.only} asks one question, so the last layer has 1 neuron, not {sizes[-1]}")
    rng = _generator(given.rng)
    layers = Layers.start(sizes, start=given.start, rng=rng)
    records = []
    training = sgd(
        layers,
        train,
        epochs=given.epochs,
        batch=given.batch,
        rate=given.rate,
        cost=given.cost,
        validation=validation if len(validation) else None,
        test=test,
        rng=rng,
    )
    with _progress(given.epochs) as show:
        for record in training:
            records.append(record)
            show(record)
    settings = {
        "data": data.name,
        "images": len(train),
        "epochs": given.epochs,
        "batch": given.batch,
        "rate": given.rate,
        "cost": given.cost,
        "start": given.start,
        "rng": given.rng,
        **({"only": given.only} if given.only is not None else {}),
    }
    reached = layers.accuracy(test.images, test.labels)
    if given.output is not None:
        save(given.output, layers, settings, {"test": reached})
    if given.curve is not None:
        learning_curve(records, given.curve)
    if given.json:
        print(
            json.dumps(
                {"test_accuracy": reached, **settings, "sizes": layers.sizes, "epochs": [asdict(r) for r in records]}
            )
        )
    else:
        _report(layers, test, data, reached, records, given)


def read(given: argparse.Namespace) -> None:
    """Print the digits of a picture."""
    from learn.strip import read as read_strip
    from learn.strip import read_image

    picture = read_image(given.picture)
    layers = load(given.model).layers if given.model is not None else _default_reader()
    reading = read_strip(picture, layers)
    if given.json:
        digits = [
            {"digit": int(d.digit), "confidence": round(float(d.confidence), 6), "box": [int(edge) for edge in d.box]}
            for d in reading.digits
        ]
        print(json.dumps({"text": reading.text, "digits": digits}))
    else:
        print(reading.text)


def _default_reader() -> Layers:
    """The network that is trained once on MNIST; says on standard error which one it is."""
    from learn.reader import EPOCHS, default_reader, reader_file

    if reader_file().is_file():
        print(f"perceptron: reading with the network trained on MNIST in {reader_file()}", file=sys.stderr)
        return default_reader()
    print("perceptron: no --model, so a network is trained once on MNIST; this takes about a minute", file=sys.stderr)
    with _progress(EPOCHS) as show:
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


def _generator(seed: int) -> np.random.Generator:
    if seed < 0:
        raise UsageError(f"--rng {seed} is no seed; give a whole number of at least 0")
    return np.random.default_rng(seed)


def _require_place(path: Path, suffixes: tuple[str, ...]) -> None:
    """Fail before the training, not after it."""
    if path.suffix not in suffixes:
        raise UsageError(f"{str(path)!r} is no {' or '.join(suffixes)} file; give it that ending")
    if not path.parent.is_dir():
        raise UsageError(f"there is no folder {str(path.parent)!r} for {path.name!r}; make it first")


@contextmanager
def _progress(epochs: int) -> Iterator[Callable[[Epoch], None]]:
    """A bar on a terminal, a line for each epoch elsewhere; both on standard error."""
    if not sys.stderr.isatty():
        yield lambda record: print(_epoch_line(record, epochs), file=sys.stderr)
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
        task = bar.add_task("", total=epochs)

        def show(record: Epoch) -> None:
            bar.update(task, advance=1, description=_measure(record))

        yield show


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
    return "" if record.test_accuracy is None else f"test accuracy {record.test_accuracy:7.2%}"


def _report(
    layers: Layers, test: Split, data: Data, reached: float, records: list[Epoch], given: argparse.Namespace
) -> None:
    right = round(reached * len(test))
    print(f"{layers.sizes} on {data.name}: {right} of {len(test)} test images right, {reached:.2%}")
    if len(records) > 1:
        print(f"accuracy by epoch  {sparkline([record.test_accuracy or 0.0 for record in records])}")
    for path, what in ((given.output, "network"), (given.curve, "learning curve")):
        if path is not None:
            print(f"the {what} is in {path}")


def sparkline(values: list[float]) -> str:
    """A learning curve in one line of text, from the lowest to the highest value.

    Examples
    --------
    >>> sparkline([0.5, 0.8, 0.9])
    '50.0% ▁▆█ 90.0%'
    """
    low, high = min(values), max(values)
    blocks = "▁▂▃▄▅▆▇█"
    bars = "".join(blocks[round((value - low) / ((high - low) or 1) * 7)] for value in values)
    return f"{values[0]:.1%} {bars} {values[-1]:.1%}"
