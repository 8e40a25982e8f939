"""Reading our own text form (see native.py). The file is untrusted: whatever is wrong in it is one error with its line.

Nothing here is allocated before it was read, so memory and time stay within a constant times the size of the text.
"""

from __future__ import annotations

import json
from typing import Any, TypeVar, overload

from perceptron.errors import NetworkError
from perceptron.formats.errors import FormatError
from perceptron.formats.exact import DIGITS, activation_of, number_of, shown
from perceptron.formats.place import Path, line_at, line_of, line_of_double, line_of_number
from perceptron.formats.text import decoded
from perceptron.network import Builder, Network
from perceptron.numbers import Number
from perceptron.unit import Unit

FORMAT, VERSION = "perceptron-circuits/network", 1

Built = TypeVar("Built", bound=Builder[Any])


@overload
def loads(text: str | bytes) -> Network: ...
@overload
def loads(text: str | bytes, *, into: Built) -> Built: ...
def loads(text: str | bytes, *, into: Any = None) -> Any:
    """The network of a text.

    Parameters
    ----------
    text : str or bytes
        Bytes are UTF-8.
    into : Builder, optional
        What to fill: a `Tape`, say; by default a new `Network`. If it has no name yet it takes the file's.

    Returns
    -------
    Network, or what was given as `into`

    Raises
    ------
    FormatError
        If the text is not JSON, not this format, or contradicts itself; with the line.

    Examples
    --------
    >>> loads('{"format": "perceptron-circuits/network", "version": 1, "name": "wire",'
    ...       ' "nodes": [{"inputs": ["x"]}], "outputs": [["y", "x"]]}')
    <Network 'wire': 1 input, 0 units, 0 edges, 1 output>
    """
    text = decoded(text)
    document = _parsed(text)
    try:
        return _Reader(document, into).build()
    except _Fault as fault:
        raise FormatError(fault.reason, line=line_of(text, fault.path)) from None


class _Fault(Exception):
    """What is wrong, and the path of keys and indexes to it."""

    def __init__(self, reason: str, path: Path = ()):
        super().__init__(reason)
        self.reason = reason if len(reason) <= 500 else reason[:497] + "..."
        self.path = path


# --- from text to JSON values


def _parsed(text: str) -> Any:
    """The JSON value of a text, with everything refused that JSON leaves open."""
    try:
        return json.loads(
            text, parse_int=_integer, parse_float=_float, parse_constant=_constant, object_pairs_hook=_object
        )
    except json.JSONDecodeError as error:
        raise FormatError(f"this is not JSON: {error.msg}", line=line_at(text, error.pos)) from None
    except RecursionError:
        raise FormatError("lists are nested far deeper than this format has them", line=1) from None
    except _Number as error:
        raise FormatError(str(error), line=line_of_number(text, error.token)) from None
    except _Double as error:
        raise FormatError(f"the key {shown(error.args[0])} stands twice", line=line_of_double(text)) from None


class _Number(Exception):
    def __init__(self, reason: str, token: str):
        super().__init__(reason)
        self.token = token


class _Double(Exception):
    pass


def _integer(token: str) -> int:
    if len(token) > DIGITS:
        raise _Number(f"an integer of {len(token)} digits; write long ones in hexadecimal, in quotes", token)
    return int(token)


def _float(token: str) -> float:
    if len(token) > DIGITS:
        raise _Number(f"a number of {len(token)} digits; a float needs no more than 17", token)
    value = float(token)
    if value - value != 0:
        raise _Number(f"{shown(token)} is beyond the largest float", token)
    return value


def _constant(token: str) -> float:
    raise _Number(f"{token} is no number that a network can hold; give a finite one", token)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) < len(pairs):
        seen: set[str] = set()
        raise _Double(next(key for key, _ in pairs if key in seen or seen.add(key)))  # type: ignore[func-returns-value]
    return made


# --- from JSON values to verbs


class _Reader:
    def __init__(self, document: Any, into: Any):
        self.document = document
        self.into = into
        self.nodes: list[Any] = []
        self.number: dict[str, int] = {}
        self.states: set[str] = set()
        self.cells: list[tuple[Unit, list[Number]]] = []

    def build(self) -> Any:
        if not isinstance(self.document, dict) or self.document.get("format") != FORMAT:
            raise _Fault(f'this is not a network: the first key of one is "format": "{FORMAT}"')
        version = self.document.get("version")
        if version != VERSION or isinstance(version, bool):
            raise _Fault(f"version {shown(version)} is not known; this program reads version {VERSION}", ("version",))
        document = self.keys(
            self.document, ("format", "version", "nodes", "outputs"), ("name", "cells", "feedback"), ()
        )
        name = document.get("name", "")
        if not isinstance(name, str):
            raise _Fault(f"the name is {shown(name)}; give a string", ("name",))
        if self.into is None:
            self.into = Network(name)
        elif getattr(self.into, "name", None) == "":
            self.into.name = name
        for index, cell in enumerate(self.array(document.get("cells", []), ("cells",))):
            path: Path = ("cells", index)
            self.keys(cell, ("activation", "bias", "weights"), (), path)
            self.cells.append(self.cell(cell, path))
        for index, entry in enumerate(self.array(document["nodes"], ("nodes",))):
            self.entry(entry, ("nodes", index))
        for index, pair in enumerate(self.array(document["outputs"], ("outputs",))):
            path = ("outputs", index)
            output, node = self.pair(pair, path)
            self.verb(path, "output", output, self.nodes[self.ref(node, (*path, 1))])
        fed: set[str] = set()
        for index, pair in enumerate(self.array(document.get("feedback", []), ("feedback",))):
            path = ("feedback", index)
            state, node = self.pair(pair, path)
            if not isinstance(state, str) or state not in self.states:
                raise _Fault(f"{shown(state)} is no state", path)
            if state in fed:
                raise _Fault(f"state {shown(state)} takes its next value from two nodes; name one", path)
            fed.add(state)
            self.verb(path, "feedback", self.nodes[self.number[state]], self.nodes[self.ref(node, (*path, 1))])
        return self.into

    def entry(self, entry: Any, path: Path) -> None:
        """One of the list of nodes: inputs, a state, a unit, rows of units, or a layer."""
        kind = next(
            (key for key in ("inputs", "state", "unit", "units", "layer") if key in self.object(entry, path)), ""
        )
        if kind == "inputs":
            self.keys(entry, ("inputs",), ("real",), path)
            real = entry.get("real", False)
            if not isinstance(real, bool):
                raise _Fault(f'"real" is {shown(real)}; give true or false', (*path, "real"))
            for index, name in enumerate(self.array(entry["inputs"], (*path, "inputs"))):
                self.place(name, self.verb((*path, "inputs", index), "input", name, real=real))
        elif kind == "state":
            self.keys(entry, ("state", "initial"), (), path)
            name, initial = entry["state"], entry["initial"]
            value = None if initial is None else self.value(initial, (*path, "initial"))
            self.place(name, self.verb(path, "state", name, value))
            self.states.add(name)
        elif kind == "unit":
            shared = "cell" in entry
            self.keys(
                entry,
                ("unit", "cell", "from") if shared else ("unit", "activation", "bias", "weights", "from"),
                (),
                path,
            )
            unit, weights = self.shared(entry["cell"], (*path, "cell")) if shared else self.cell(entry, path)
            self.add(entry["unit"], unit, weights, self.refs(entry["from"], (*path, "from")), path)
        elif kind == "units":
            self.keys(entry, ("units",), (), path)
            for index, row in enumerate(self.array(entry["units"], (*path, "units"))):
                here = (*path, "units", index)
                if not self.array(row, here):
                    raise _Fault("a row is empty; it is [cell, source, ...]", here)
                unit, weights = self.shared(row[0], here)
                self.add(None, unit, weights, self.refs(row[1:], here, 1), here)
        elif kind == "layer":
            self.layer(entry, path)
        else:
            raise _Fault('a node has one of the keys "inputs", "state", "unit", "units" and "layer"', path)

    def layer(self, entry: Any, path: Path) -> None:
        self.keys(entry, ("layer", "activation", "biases", "weights", "from"), (), path)
        names = self.array(entry["layer"], (*path, "layer"))
        biases = self.array(entry["biases"], (*path, "biases"))
        rows = self.array(entry["weights"], (*path, "weights"))
        if not len(names) == len(biases) == len(rows):
            counts = f"{len(names)} names, {len(biases)} biases and {len(rows)} rows of weights"
            raise _Fault(f"a layer has {counts}; give as many of each", path)
        sources = self.refs(entry["from"], (*path, "from"))  # before the layer: it does not read itself
        activation = self.activation(entry["activation"], (*path, "activation"))
        for index, (name, bias, row) in enumerate(zip(names, biases, rows, strict=True)):
            here = (*path, "weights", index)
            weights = [self.value(weight, (*here, at)) for at, weight in enumerate(self.array(row, here))]
            unit = Unit(self.value(bias, (*path, "biases", index)), activation)
            self.add(name, unit, weights, sources, here)

    def add(self, name: Any, unit: Unit, weights: list[Number], sources: list[int], path: Path) -> None:
        if len(weights) != len(sources):
            raise _Fault(f"a unit has {len(weights)} weights and reads {len(sources)} nodes; give one for each", path)
        fanin = [(self.nodes[source], weight) for source, weight in zip(sources, weights, strict=True)]
        if name is None:
            self.nodes.append(self.verb(path, "add", unit, fanin))
        else:
            self.place(name, self.verb(path, "add", unit, fanin, name))

    def place(self, name: str, node: Any) -> None:
        self.number[name] = len(self.nodes)
        self.nodes.append(node)

    # --- the parts of an entry, checked

    def verb(self, path: Path, verb: str, *arguments: Any, **options: Any) -> Any:
        """Call a verb of the builder; what it refuses is a fault of the file."""
        try:
            return getattr(self.into, verb)(*arguments, **options)
        except NetworkError as error:
            raise _Fault(str(error), path) from None

    def cell(self, entry: dict[str, Any], path: Path) -> tuple[Unit, list[Number]]:
        activation = self.activation(entry["activation"], (*path, "activation"))
        unit = Unit(self.value(entry["bias"], (*path, "bias")), activation)
        weights = self.array(entry["weights"], (*path, "weights"))
        return unit, [self.value(weight, (*path, "weights", at)) for at, weight in enumerate(weights)]

    def shared(self, number: Any, path: Path) -> tuple[Unit, list[Number]]:
        if isinstance(number, bool) or not isinstance(number, int) or not 0 <= number < len(self.cells):
            raise _Fault(f"there is no cell {shown(number)}; the file has {len(self.cells)}", path)
        return self.cells[number]

    def activation(self, value: Any, path: Path) -> Any:
        try:
            return activation_of(value)
        except NetworkError as error:
            raise _Fault(str(error), path) from None

    def value(self, value: Any, path: Path) -> Any:
        try:
            return number_of(value)
        except NetworkError as error:
            raise _Fault(str(error), path) from None

    def refs(self, values: Any, path: Path, first: int = 0) -> list[int]:
        return [self.ref(value, (*path, first + index)) for index, value in enumerate(self.array(values, path))]

    def ref(self, value: Any, path: Path) -> int:
        """The number of a node given by its name or its number; it stands above in the file."""
        if isinstance(value, str) and value in self.number:
            return self.number[value]
        if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < len(self.nodes):
            return value
        raise _Fault(f"there is no node {shown(value)} above this; a node is read below where it is defined", path)

    def pair(self, value: Any, path: Path) -> tuple[Any, Any]:
        if not isinstance(value, list) or len(value) != 2:
            raise _Fault(f"this is {shown(value)}; give a pair [name, node]", path)
        return value[0], value[1]

    def keys(self, entry: Any, need: tuple[str, ...], may: tuple[str, ...], path: Path) -> dict[str, Any]:
        self.object(entry, path)
        for key in need:
            if key not in entry:
                raise _Fault(f'the key "{key}" is missing', path)
        for key in entry:
            if key not in need and key not in may:
                raise _Fault(
                    f"the key {shown(key)} has no meaning here; there are {', '.join((*need, *may))}", (*path, key)
                )
        return entry  # type: ignore[no-any-return]

    @staticmethod
    def object(value: Any, path: Path) -> Any:
        if not isinstance(value, dict):
            raise _Fault(f"this is {shown(value)}; give an object", path)
        return value

    @staticmethod
    def array(value: Any, path: Path) -> Any:
        if not isinstance(value, list):
            raise _Fault(f"this is {shown(value)}; give a list", path)
        return value
