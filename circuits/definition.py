"""@circuit: a Python function over wires is a circuit."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from circuits.errors import CircuitError
from circuits.wires import Scope, Wire, Word, WordType
from perceptron import Network, TruthTable, compile, truth_table
from perceptron.draw import Drawing, draw
from perceptron.names import statistics

_AUTOMATIC = re.compile(r"n\d+")


@dataclass(frozen=True, slots=True)
class Port:
    """A parameter or result of a circuit: one bit (width None) or a word of `width` bits."""

    name: str
    width: int | None = None

    @property
    def bits(self) -> list[str]:
        """The names of its inputs or outputs in the network: `name`, or `name[0]`, `name[1]`, ..."""
        return [self.name] if self.width is None else [f"{self.name}[{bit}]" for bit in range(self.width)]


class Results:
    """What a circuit with several results gives: unpack it, or take results by name or number.

    Compares equal to a tuple of the values and to a dict of name -> value.

    Examples
    --------
    >>> from circuits import half_adder
    >>> result = half_adder(1, 1)
    >>> result, result.carry, result["sum"], tuple(result)
    (Results(sum=0, carry=1), 1, 0, (0, 1))
    """

    __slots__ = ("_values",)

    def __init__(self, values: Mapping[str, Any]):
        self._values = dict(values)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") or name not in self._values:
            raise AttributeError(f"there is no result {name!r}; the results are {', '.join(self._values)}")
        return self._values[name]

    def __getitem__(self, key: str | int) -> Any:
        return self._values[key] if isinstance(key, str) else list(self._values.values())[key]

    def __iter__(self) -> Iterator[Any]:
        return iter(self._values.values())

    def __len__(self) -> int:
        return len(self._values)

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Results):
            return self._values == other._values
        if isinstance(other, Mapping):
            return self._values == dict(other)
        return tuple(self) == other if isinstance(other, tuple) else NotImplemented

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"Results({', '.join(f'{name}={value!r}' for name, value in self._values.items())})"

    def asdict(self) -> dict[str, Any]:
        """The results as a dict of name -> value."""
        return dict(self._values)


class Circuit:
    """A circuit: made of a Python function by `@circuit`, or of a network by `Circuit.from_network`.

    Called with 0 and 1 (integers for words) it answers; called with arrays (samples,) it answers for all
    samples; called with wires, inside the function of another circuit, it is placed there.

    Attributes
    ----------
    name : str
    inputs, outputs : tuple of Port
        Parameters and results, in order.
    network : Network
        What it is. The same object each time: `copy()` it before you edit it.
    """

    def __init__(self, function: Callable[..., Any], name: str | None = None):
        self.name = name or function.__name__
        self.__doc__ = function.__doc__
        self.__name__ = self.name
        self.__module__ = function.__module__
        self.__wrapped__ = function
        self.inputs = _parameters(function, self.name)

    @cached_property
    def _defined(self) -> tuple[Network, tuple[Port, ...]]:
        """The network and the results."""
        return _trace(self.__wrapped__, self.name, self.inputs)

    @property
    def network(self) -> Network:
        """The network that the circuit is (built on first use)."""
        return self._defined[0]

    @property
    def outputs(self) -> tuple[Port, ...]:
        """The results, in order."""
        return self._defined[1]

    @cached_property
    def _program(self) -> Any:
        return compile(self.network)

    def __call__(self, *args: Any, name: str | None = None, **kwargs: Any) -> Any:
        """Answer for bits or arrays, or place the circuit among wires.

        Parameters
        ----------
        *args, **kwargs
            One value for each parameter. A bit is 0 or 1, a word an integer from 0 to 2**width - 1; arrays
            (samples,) of these; or wires and words of a circuit that is being defined.
        name : str, optional
            With wires: the name of this part. Its nodes are called `name.node`. By default the circuit's name
            and a number.

        Returns
        -------
        The single result, or `Results` by name.

        Raises
        ------
        CircuitError
            If a parameter is missing or unknown, a value is out of range, or a width does not fit.
        """
        given = self._bind(args, kwargs)
        wires = [value for value in given if isinstance(value, Wire | Word)]
        if wires:
            return self._place(given, _scope(wires[0]), name)
        return self._answer(given)

    def _bind(self, args: Sequence[Any], kwargs: Mapping[str, Any]) -> list[Any]:
        names = [port.name for port in self.inputs]
        if len(args) > len(names):
            raise CircuitError(f"{self.name} takes {len(names)} inputs ({', '.join(names)}), but {len(args)} are given")
        given = dict(zip(names, args, strict=False))
        for key, value in kwargs.items():
            if key not in names:
                raise CircuitError(f"{self.name} has no input {key!r}; its inputs are {', '.join(names)}")
            if key in given:
                raise CircuitError(f"{self.name}: input {key!r} is given twice; give it once")
            given[key] = value
        missing = [key for key in names if key not in given]
        if missing:
            raise CircuitError(f"{self.name}: input {missing[0]!r} has no value; its inputs are {', '.join(names)}")
        return [given[key] for key in names]

    # --- values

    def _answer(self, given: list[Any]) -> Any:
        arrays = [np.asarray(value) for value in given if np.ndim(value) > 0]
        shapes = {array.shape for array in arrays}
        if len(shapes) > 1 or any(array.ndim > 1 for array in arrays):
            found = ", ".join(str(array.shape) for array in arrays)
            raise CircuitError(f"{self.name} is given arrays of the shapes {found}; give all the same (samples,)")
        samples = self._samples(given, len(arrays[0]) if arrays else 1)
        values = self._numbers(self._program.run(samples))
        if not arrays:
            values = {
                name: column[0].item() if hasattr(column[0], "item") else column[0] for name, column in values.items()
            }
        return _unpacked(values)

    def assignment(self, *args: Any, **kwargs: Any) -> dict[str, int]:
        """The 0/1 value of every input of `network` for one value of each parameter.

        Raises
        ------
        CircuitError
            As a call does.

        Examples
        --------
        >>> from circuits import ripple_carry_adder
        >>> ripple_carry_adder(2).assignment(a=1, b=2)
        {'a[0]': 1, 'a[1]': 0, 'b[0]': 0, 'b[1]': 1}
        """
        bits = self._samples(self._bind(args, kwargs), 1)[0]
        return dict(zip(self.network.inputs, bits.tolist(), strict=True))

    def _samples(self, given: list[Any], count: int) -> NDArray[np.uint8]:
        """Samples (count, inputs of the network) for the parameters' values."""
        samples = np.empty((count, len(self.network.inputs)), dtype=np.uint8)
        column = 0
        for port, value in zip(self.inputs, given, strict=True):
            bits = self._bits(port, value, count)
            samples[:, column : column + bits.shape[1]] = bits
            column += bits.shape[1]
        return samples

    def _bits(self, port: Port, value: Any, count: int) -> NDArray[np.uint8]:
        """The bits (samples, width) of a parameter's values, least significant first."""
        width = port.width or 1
        array = np.asarray(value)
        if not isinstance(value, np.ndarray) and array.dtype == np.float64:
            array = np.asarray(value, dtype=object)  # NumPy makes floats of a list like [1, 2**63], which rounds
        most = str(2**width - 1) if width <= 64 else f"2**{width} - 1"
        kind = "0 or 1" if port.width is None else f"an integer from 0 to {most} (Word[{width}])"
        if array.dtype == object or np.issubdtype(array.dtype, np.floating):
            entries = [_integer(entry) for entry in array.ravel().tolist()]
            if any(entry is None for entry in entries):
                wrong = array.ravel().tolist()[entries.index(None)]
                raise CircuitError(f"{self.name}: input {port.name!r} is {wrong!r}; give {kind}")
            array = np.array(entries, dtype=object).reshape(array.shape)
        elif array.dtype != bool and not np.issubdtype(array.dtype, np.integer):
            raise CircuitError(f"{self.name}: input {port.name!r} is {value!r}; give {kind}")
        if array.dtype == bool:
            array = array.astype(np.uint8)
        outside = (array < 0) | (array >= 2**width) if array.dtype == object else _outside(array, width)
        if np.any(outside):
            wrong = array if array.ndim == 0 else array[np.argmax(outside)]
            raise CircuitError(f"{self.name}: input {port.name!r} is {wrong}; give {kind}")
        if array.dtype == object:
            rows = [[int(entry) >> bit & 1 for bit in range(width)] for entry in array.ravel().tolist()]
            bits = np.array(rows, dtype=np.uint8).reshape(-1, width)
        else:
            places = np.arange(width, dtype=np.uint64)
            bits = np.zeros((array.size, width), dtype=np.uint8)
            bits[:, :64] = array.reshape(-1, 1).astype(np.uint64) >> places[:64] & np.uint64(1)
        return np.broadcast_to(bits, (count, width)) if array.ndim == 0 else bits

    def _numbers(self, bits: NDArray[Any]) -> dict[str, NDArray[Any]]:
        """Result name -> values (samples,): uint8 for a bit, int64 for a word of up to 63 bits, else Python ints."""
        values: dict[str, NDArray[Any]] = {}
        column = 0
        for port in self.outputs:
            width = port.width or 1
            part = bits[:, column : column + width]
            column += width
            if port.width is None:
                values[port.name] = part[:, 0]
            elif width < 64:
                values[port.name] = part.astype(np.int64) @ (1 << np.arange(width, dtype=np.int64))
            else:
                powers = np.array([1 << bit for bit in range(width)], dtype=object)
                values[port.name] = part.astype(object) @ powers
        return values

    # --- wires

    def _place(self, given: list[Any], scope: Scope, name: str | None) -> Any:
        """Copy the network's units into the one being defined, under the name of this part."""
        sources: list[Wire] = []
        for port, value in zip(self.inputs, given, strict=True):
            sources.extend(self._operand(port, value, scope))
        inner = self.network
        prefix = scope.next_part(self.name) if name is None else name
        node = {key: wire.node for key, wire in zip(inner.inputs, sources, strict=True)}
        for key in inner.order():
            if key not in node:
                fanin = [(node[source], weight) for source, weight in inner.fanin(key)]
                node[key] = scope.builder.add(inner.unit(key), fanin, f"{prefix}.{key}")
        results: dict[str, Wire | Word] = {}
        for port in self.outputs:
            wires = [Wire(scope, node[inner.outputs[bit]]) for bit in port.bits]
            results[port.name] = wires[0] if port.width is None else Word(wires)
        return _unpacked(results)

    def _operand(self, port: Port, value: Any, scope: Scope) -> list[Wire]:
        if port.width is None:
            if isinstance(value, Word):
                raise CircuitError(
                    f"{self.name}: input {port.name!r} is one bit, but is given a word of {len(value)} bits"
                )
            return [scope.wire(value)]
        if isinstance(value, Word):
            if len(value) != port.width:
                raise CircuitError(
                    f"{self.name}: input {port.name!r} is a Word[{port.width}], "
                    f"but is given a word of {len(value)} bits"
                )
            return [scope.wire(wire) for wire in value]
        number = _integer(value)
        if number is None or not 0 <= number < 2**port.width:
            found = "a single wire" if isinstance(value, Wire) else repr(value)
            raise CircuitError(
                f"{self.name}: input {port.name!r} is a Word[{port.width}], but is given {found}; "
                "give a word of that width, or a constant that fits"
            )
        return [scope.wire(number >> bit & 1) for bit in range(port.width)]

    # --- looking at it

    @classmethod
    def from_network(cls, net: Network, name: str | None = None) -> Circuit:
        """A circuit that is the given 0/1 network; each input and output is one bit."""
        made = cls.__new__(cls)
        made.name = made.__name__ = name or net.name or "network"
        made.__doc__ = None
        made.inputs = tuple(Port(key) for key in net.inputs)
        made.__dict__["_defined"] = (net, tuple(Port(key) for key in net.outputs))
        return made

    def truth_table(self) -> TruthTable:
        """Every row, by bits (see `perceptron.truth_table`)."""
        return truth_table(self.network)

    def statistics(self) -> dict[str, object]:
        """Units, edges, depth, inputs, outputs and gates (see `perceptron.names.statistics`)."""
        return statistics(self.network)

    def draw(self, path: str | None = None, **options: Any) -> Drawing:
        """The circuit as gates (see `perceptron.draw` for the options)."""
        return draw(self.network, path, **{"style": "gates", **options})

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        return self.network._repr_mimebundle_(include, exclude)

    def __repr__(self) -> str:
        def shown(ports: tuple[Port, ...]) -> str:
            return ", ".join(port.name if port.width is None else f"{port.name}: Word[{port.width}]" for port in ports)

        return f"<Circuit {self.name}({shown(self.inputs)}) -> {shown(self.outputs)}>"


def circuit(function: Callable[..., Any]) -> Circuit:
    """Make a circuit of a Python function over wires.

    Each parameter is one bit, or a word where its annotation is `Word[n]`. The function computes with the
    gates of `circuits`, with `&`, `|`, `^`, `~`, and with other circuits. It returns a wire or word (the result
    is then called `out`), a dict of name -> wire or word, or a tuple (`out0`, `out1`, ...). 0 and 1 are
    constants.

    Raises
    ------
    CircuitError
        If the function takes other than plain parameters; and, when it is used for the first time, if it returns
        nothing or something else than wires.

    Examples
    --------
    >>> from circuits import Word, circuit
    >>> @circuit
    ... def toggle(a, b):
    ...     return {"same": ~(a ^ b), "both": a & b}
    >>> toggle(1, 1)
    Results(same=1, both=1)
    >>> @circuit
    ... def low_bits(a: Word[4], mask: Word[4]):
    ...     return a & mask
    >>> low_bits(13, 7)
    5
    """
    return Circuit(function)


def _parameters(function: Callable[..., Any], name: str) -> tuple[Port, ...]:
    try:
        signature = inspect.signature(function, eval_str=True)
    except NameError as error:
        raise CircuitError(
            f"{name}: an annotation cannot be read ({error}); in a module with `from __future__ import annotations` "
            "the width must be a global name"
        ) from None
    ports = []
    for parameter in signature.parameters.values():
        if parameter.kind not in (parameter.POSITIONAL_ONLY, parameter.POSITIONAL_OR_KEYWORD):
            raise CircuitError(f"{name}: parameter {parameter} is not plain; a circuit has a fixed list of inputs")
        if parameter.name == "name":
            raise CircuitError(f"{name}: a parameter is called 'name', which names the part; choose another")
        kind = parameter.annotation
        if isinstance(kind, WordType):
            ports.append(Port(parameter.name, kind.width))
        elif kind is Word:
            raise CircuitError(f"{name}: parameter {parameter.name!r} is a Word without a width; write Word[8]")
        else:
            ports.append(Port(parameter.name))
    return tuple(ports)


def _trace(function: Callable[..., Any], name: str, ports: tuple[Port, ...]) -> tuple[Network, tuple[Port, ...]]:
    """Call the function once with wires, and name its results."""
    net = Network(name)
    scope = Scope(net)
    operands: list[Wire | Word] = []
    for port in ports:
        wires = [Wire(scope, net.input(bit)) for bit in port.bits]
        operands.append(wires[0] if port.width is None else Word(wires))
    returned = function(*operands)
    named: dict[str, str] = {}
    outputs = []
    for key, value in _results(returned, name).items():
        wires = list(value) if isinstance(value, Word) else [scope.wire(value)]
        port = Port(key, len(value) if isinstance(value, Word) else None)
        outputs.append(port)
        for bit, wire in zip(port.bits, wires, strict=True):
            node = scope.wire(wire).node
            net.output(bit, node)
            if _AUTOMATIC.fullmatch(node) and bit not in net.graph:
                named.setdefault(node, bit)
    return _renamed(net, named), tuple(outputs)


def _results(returned: Any, name: str) -> dict[str, Any]:
    if isinstance(returned, Results):
        returned = returned.asdict()
    if returned is None:
        raise CircuitError(f"{name} returns nothing; return a wire, a word, or a dict of name -> wire")
    if isinstance(returned, Mapping):
        results = dict(returned)
    elif isinstance(returned, tuple | list):
        keys = getattr(returned, "_fields", [f"out{index}" for index in range(len(returned))])
        results = dict(zip(keys, returned, strict=True))
    else:
        results = {"out": returned}
    if not results:
        raise CircuitError(f"{name} returns no result; return at least one wire")
    for key, value in results.items():
        if not isinstance(key, str) or not key:
            raise CircuitError(f"{name}: a result is called {key!r}; give a non-empty string")
        if not isinstance(value, Wire | Word) and _integer(value) not in (0, 1):
            raise CircuitError(f"{name}: result {key!r} is {value!r}; give a wire, a word, 0 or 1")
    return results


def _renamed(net: Network, named: Mapping[str, str]) -> Network:
    """The network with unnamed nodes that are outputs called after their output."""
    new = Network(net.name)
    for key in net.inputs:
        new.input(key)
    for node in net.graph:
        if node not in net.inputs:
            fanin = [(named.get(source, source), weight) for source, weight in net.fanin(node)]
            new.add(net.unit(node), fanin, named.get(node, node))
    for key, node in net.outputs.items():
        new.output(key, named.get(node, node))
    return new


def _unpacked(results: Mapping[str, Any]) -> Any:
    """A single result as it is, several as `Results`."""
    return next(iter(results.values())) if len(results) == 1 else Results(results)


def _scope(value: Wire | Word) -> Scope:
    return value.scope if isinstance(value, Wire) else value[0].scope


def _integer(value: Any) -> int | None:
    """The value as a Python int, or None if it is not a whole number."""
    if isinstance(value, bool | int | np.integer | np.bool_):
        return int(value)
    if isinstance(value, float | np.floating) and float(value).is_integer():
        return int(value)
    return None


def _outside(array: NDArray[Any], width: int) -> Any:
    high = array > np.array(2**width - 1, dtype=np.uint64) if width < 64 and array.dtype == np.uint64 else False
    if width < 63:
        high = array > 2**width - 1
    return (array < 0) | high
