"""The records of a training as a table in a file: comma-separated values, or a line of JSON for each epoch."""

from __future__ import annotations

import csv
import dataclasses
import io
import json
import os
from collections.abc import Iterable
from pathlib import Path

from learn.errors import PictureError
from learn.training import Epoch
from learn.whole import write_whole


def write_log(records: Iterable[Epoch], path: str | os.PathLike[str]) -> None:
    """Write the records into a `.csv` or `.jsonl` file, whole or not at all: after each epoch, say.

    A column, or a key, for each number of an `Epoch`; what was not measured is empty, or null.

    Raises PictureError for another file type or a place that cannot be written.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write_log([Epoch(1, 0.5, 0.25, test_accuracy=0.9)], f"{folder}/log.csv")
    ...     print(Path(folder, "log.csv").read_text())
    epoch,seconds,train_cost,validation_accuracy,test_accuracy,rate
    1,0.5,0.25,,0.9,
    <BLANKLINE>
    """
    place = Path(path)
    rows = [dataclasses.asdict(record) for record in records]
    text = io.StringIO()
    if place.suffix == ".csv":
        table = csv.DictWriter(text, [field.name for field in dataclasses.fields(Epoch)], lineterminator="\n")
        table.writeheader()
        table.writerows(rows)
    elif place.suffix == ".jsonl":
        text.writelines(json.dumps(row) + "\n" for row in rows)
    else:
        raise PictureError(f"{str(path)!r}: a log is a .csv or .jsonl file; name it so")
    try:
        with write_whole(place) as file:
            file.write(text.getvalue().encode())
    except OSError as error:
        raise PictureError(f"{str(path)!r} cannot be written: {error}; choose another place") from None
