"""Running a training from the command line: progress, checkpoints, logs; whatever ends it, what was learned stays."""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from learn import (
    Data,
    Epoch,
    LearnError,
    ThresholdTraining,
    Training,
    TrainingError,
    learning_curve,
    resume,
    save_checkpoint,
    write_log,
)
from learn.whole import require_place
from workbench.errors import UsageError

NETWORK, PICTURE, LOG = (".npz",), (".png", ".svg"), (".csv", ".jsonl")
WRONG, INTERRUPTED = 2, 130
LONGEST = 60  # characters of a learning curve in text

Jobs = dict[str, tuple[str | None, Callable[[str], object]]]  # what is written: where, if it was asked for, and how


def require_places(given: argparse.Namespace) -> None:
    """Fail before the training, not after it: where a file has a wrong ending or cannot be, or would be lost."""
    places = ((given.output, NETWORK), (given.curve, PICTURE), (given.checkpoint, NETWORK), (given.log, LOG))
    for path, suffixes in places:
        if path is not None:
            _require_file(Path(path), suffixes)
    if given.report is not None:
        require_folder(Path(given.report))
    if given.checkpoint is None:
        if given.resume:
            raise UsageError("--resume goes on from a file; name it with --checkpoint")
        return
    if given.output is not None and Path(given.output).absolute() == Path(given.checkpoint).absolute():
        raise UsageError(f"the network would be written over the checkpoint {given.checkpoint!r}; give two names")
    if not given.resume and Path(given.checkpoint).exists():
        raise UsageError(
            f"{given.checkpoint!r} is there already; add --resume to go on with it, or give --checkpoint another name"
        )


def require_folder(path: Path) -> None:
    """Fail where a folder, or one above it that is there, is a file or cannot be written."""
    try:
        there = next(one for one in (path, *path.absolute().parents) if one.exists())
        if not there.is_dir():
            raise UsageError(f"{str(there)!r} is a file; name a folder")
        require_place(there / "index.html")
    except OSError as error:
        raise UsageError(f"{str(path)!r} cannot be written ({error.strerror}); choose another place") from None


def _require_file(path: Path, suffixes: tuple[str, ...]) -> None:
    if path.suffix not in suffixes:
        raise UsageError(f"{str(path)!r} is no {' or '.join(suffixes)} file; give it that ending")
    try:
        if not path.parent.is_dir():
            raise UsageError(f"there is no folder {str(path.parent)!r} for {path.name!r}; make it first")
        if path.is_dir():
            raise UsageError(f"{str(path)!r} is a folder; name a file")
        require_place(path)
    except OSError as error:
        raise UsageError(f"{str(path)!r} cannot be written ({error.strerror}); choose another name or place") from None


def train(training: Training | ThresholdTraining, given: argparse.Namespace) -> int:
    """All epochs that are left, each told of and kept; the exit status.

    130 where Ctrl-C broke the last one off, and 2 where its numbers or the cost ran away, or the last checkpoint or
    log could not be written. What an epoch had begun is then forgotten: the network is that of the epoch before.
    """
    if given.resume and Path(given.checkpoint).exists():
        resume(given.checkpoint, training)
        print(f"perceptron: going on after epoch {len(training.records)}", file=sys.stderr)
    total, records = training.settings.epochs, training.records
    if given.log is not None:
        write_log(records, given.log)
    trouble = ""
    try:
        with progress(total, len(records)) as show:
            for record in training:
                last, trouble = trouble, _keep(training, given)
                if trouble and not last:
                    print(f"perceptron: {trouble}; the training goes on", file=sys.stderr)
                show(record)
    except KeyboardInterrupt:
        done = f"perceptron: stopped after epoch {len(training.records)} of {total}"
        cure = f"; --checkpoint {given.checkpoint} --resume goes on" if given.checkpoint is not None else ""
        print(done + cure, file=sys.stderr)
        return INTERRUPTED
    except TrainingError as error:
        if not training.records:
            raise
        print(f"perceptron: error: {error}", file=sys.stderr)
        print(f"perceptron: stopped after epoch {len(training.records)} of {total}", file=sys.stderr)
        return WRONG
    if trouble and (trouble := _keep(training, given)):
        print(f"perceptron: error: {trouble}", file=sys.stderr)
    return WRONG if trouble else 0


def _keep(training: Training | ThresholdTraining, given: argparse.Namespace) -> str:
    """Write the checkpoint and the log; what went wrong."""
    try:
        if given.checkpoint is not None:
            save_checkpoint(given.checkpoint, training)
        if given.log is not None:
            write_log(training.records, given.log)
    except LearnError as error:
        return str(error)
    return ""


def of_records(given: argparse.Namespace, records: list[Epoch]) -> Jobs:
    """What is written of the epochs of a training, whatever was trained."""
    return {
        "learning curve": (given.curve if records else None, lambda path: learning_curve(records, path)),
        "log": (given.log, lambda path: write_log(records, path)),
    }


def write_all(jobs: Jobs, *, quiet: bool) -> int:
    """Write what was asked for, the others even where one fails, and say where each is; the exit status.

    A network that cannot be written where it was asked for is kept in the folder for temporary files.
    """
    status = 0
    for what, (path, write) in jobs.items():
        if path is None:
            continue
        try:
            write(path)
            if not quiet:
                print(f"the {what} is in {path}", flush=True)
        except LearnError as error:
            status, spare = WRONG, _spared(write) if what == "network" else None
            told = f"; the {what} is in {spare} meanwhile" if spare is not None else ""
            print(f"perceptron: error: {error}{told}", file=sys.stderr)
    return status


def _spared(write: Callable[[str], object]) -> str | None:
    """Where a network was written instead, if anywhere."""
    try:
        spare = str(Path(tempfile.mkdtemp(prefix="perceptron-")) / "network.npz")
        write(spare)
    except (LearnError, OSError):
        return None
    return spare


def summary(sizes: list[int], data: Data, reached: float, records: list[Epoch]) -> str:
    """How well a network of these sizes reads the test images, and how it got there."""
    right = round(reached * len(data.test))
    told = f"{sizes} on {data.name}: {right} of {len(data.test)} test images right, {reached:.2%}"
    if len(records) < 2:
        return told
    return f"{told}\naccuracy by epoch  {sparkline([record.test_accuracy or 0.0 for record in records])}"


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


def _epoch_line(record: Epoch, epochs: int) -> str:
    return f"epoch {record.epoch:>3}/{epochs}  {_measure(record)}  cost {record.train_cost:.4f}  {record.seconds:.2f} s"


def _measure(record: Epoch) -> str:
    named = (("validation", record.validation_accuracy), ("test accuracy", record.test_accuracy))
    return "  ".join(f"{name} {share:7.2%}" for name, share in named if share is not None)


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
