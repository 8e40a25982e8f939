"""The circuit of a network that reads images, in a file that says what its ports are, and a sidecar that says more."""

from __future__ import annotations

import hashlib
import json
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from circuits.formats import FORMATS, write
from learn.threshold import ThresholdNetwork
from perceptron import Network
from perceptron.files import write_whole
from workbench.errors import UsageError
from workbench.gates.hardening import Gates
from workbench.version import this_version

VERSION = 1  # of the sidecar
SIDECAR = ".ports.json"


def _after(mark: str) -> Callable[[bytes, str], bytes]:
    """Comments before the text, each line after a mark."""
    return lambda data, notes: "".join(f"{mark} {line}\n" for line in notes.splitlines()).encode() + data


# Where a format has room for words; AIGER's comment begins with a c at the end of the file.
_NOTED: dict[str, Callable[[bytes, str], bytes]] = {
    ".aag": lambda data, notes: data + f"c\n{notes}".encode(),
    ".aig": lambda data, notes: data + f"c\n{notes}".encode(),
    ".bench": _after("#"),
    ".blif": _after("#"),
    ".dot": _after("//"),
    ".v": _after("//"),
}
NUMBERS = {".onnx"}  # formats of whole matrices, in which a circuit of NANDs would fill the memory


def require_format(path: Path) -> None:
    """Raise UsageError for a suffix in which no circuit is written."""
    suffix = path.suffix.lower()
    form = FORMATS.get(suffix)
    if form is None or not form.writes or suffix in NUMBERS:
        known = " ".join(suffix for suffix, one in FORMATS.items() if one.writes and suffix not in NUMBERS)
        raise UsageError(f"{str(path)!r}: no format for a circuit of NANDs has this suffix; name it {known}")


def sidecar_of(path: Path) -> Path:
    """Where the ports of a circuit file are described: `digits.aig.ports.json` beside `digits.aig`."""
    return path.with_name(path.name + SIDECAR)


def write_circuit(gates: Gates, path: Path) -> Path:
    """Write the NANDs in the format of the suffix, whole or not at all, and their ports beside them; the sidecar.

    Raises
    ------
    UsageError
        If no circuit is written in a format of this suffix.
    OSError
        If the files cannot be written.
    """
    require_format(path)
    said = describe(gates)
    data = _noted(gates.classifier.network, path, "\n".join(notes(said)) + "\n")
    digest = hashlib.sha256(data).hexdigest()
    said["circuit"] = {"file": path.name, "format": FORMATS[path.suffix.lower()].name, "sha256": digest}
    write_whole(path, data)
    beside = sidecar_of(path)
    write_whole(beside, (json.dumps(said, indent=1) + "\n").encode())
    return beside


def describe(gates: Gates) -> dict[str, Any]:
    """What somebody needs to know who uses the circuit, as plain data: ports and their order, accuracy, parts, checks.

    `labels_sha256` is of the labels of the test images in their order, a byte each: whoever runs the circuit over them
    can see that it is the same.
    """
    network, data, test = gates.network, gates.data, gates.data.test
    rows, columns = network.shape
    encoder, classes = network.encoder, network.classes
    return {
        "what": "the ports of a circuit that reads images of handwriting",
        "version": VERSION,
        "made_by": f"perceptron-circuits {this_version()}",
        "name": gates.classifier.network.name,
        "input": {
            "rows": rows,
            "columns": columns,
            "pixels": encoder.inputs,
            "pixel_order": f"row by row from the top left: pixel number = row * {columns} + column, from 0",
            "levels": encoder.levels,
            "grey": f"whole numbers from 0 (background) to {encoder.levels - 1} (ink)",
            "word": "pixel<number>",
            "digits": encoder.digits,
            "bit": "pixel<number>[<digit>]",
            "bit_order": "pixel<number>[0] is the least significant digit of a grey",
            "port_order": f"port number = pixel number * {encoder.digits} + digit",
            "ports": encoder.inputs * encoder.digits,
            "read": read_map(network),
            "read_map": "a text for each row of pixels: 1 where the circuit reads the pixel, 0 where it does not",
        },
        "output": {
            "word": "label",
            "digits": len(gates.program.outputs),
            "bit": "label[<digit>]",
            "bit_order": "label[0] is the least significant digit",
            "classes": list(range(classes)),
            "meaning": "the class of the highest score",
            "ties": "of equal scores the lowest class",
        },
        "data": {
            "name": data.name,
            "images": {"train": len(data.train), "validation": len(data.validation), "test": len(test)},
        },
        "accuracy": {"test_images": len(test), "right": gates.right, "share": gates.accuracy},
        "stages": [{"name": one.name, "accuracy": one.accuracy, "same": one.same} for one in gates.stages],
        "nands": {"all": gates.nands, **gates.classifier.parts},
        "depth": gates.depth,
        "checked": {
            "proof": "every part computes what the whole numbers say, for every image",
            "images_compared": gates.images,
            "random_images_compared": gates.random,
            "labels_sha256": hashlib.sha256(gates.labels.astype(np.uint8).tobytes()).hexdigest(),
        },
    }


def read_map(network: ThresholdNetwork) -> list[str]:
    """For each row of an image which pixels have a bit that is read, 1, and which have none, 0.

    >>> from learn.threshold import Encoder
    >>> encoder = Encoder.thermometer(256, 6, marks=(128,), keep=[1, 5])
    >>> read_map(ThresholdNetwork(encoder, (), (), [[[1, 0], [0, 1]]], [0, 0], shape=(2, 3)))
    ['010', '001']
    """
    read = np.zeros(network.encoder.inputs, np.int64)
    read[network.encoder.pixel] = 1
    return ["".join(map(str, row)) for row in read.reshape(network.shape).tolist()]


def notes(said: dict[str, Any]) -> list[str]:
    """The same in a few lines, for the comments of a file."""
    given, label = said["input"], said["output"]
    parts = ", ".join(f"{part} {count}" for part, count in said["nands"].items() if part != "all")
    return [
        f"A network that learned to read {said['data']['name']}, in NANDs alone; made by {said['made_by']}.",
        f"Inputs: {given['ports']}; {given['pixels']} pixels of {given['digits']} digits, "
        f"{given['rows']} rows of {given['columns']}, {given['pixel_order']}.",
        f"A grey is one of the {given['grey']}. {given['bit_order']}.",
        f"Output: {label['word']}, {label['digits']} digits, {label['meaning']}, {label['ties']}; "
        f"{label['bit_order']}.",
        f"Test images read rightly: {said['accuracy']['right']} of {said['accuracy']['test_images']}.",
        f"NANDs: {said['nands']['all']} ({parts}), depth {said['depth']}.",
    ]


def _noted(net: Network, path: Path, words: str) -> bytes:
    """The bytes of the circuit's file, with these words as a comment where the format has any."""
    suffix = path.suffix.lower()
    with tempfile.TemporaryDirectory() as folder:
        part = Path(folder, f"circuit{suffix}")
        write(net, part)
        data = part.read_bytes()
    return _NOTED[suffix](data, words) if suffix in _NOTED else data
