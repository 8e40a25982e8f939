"""What the parts of the library are made with: a circuit of named ports, and a perceptron of any weights."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache, wraps
from typing import Any, ParamSpec

from circuits.cells import Cell
from circuits.definition import Circuit, circuit
from circuits.errors import CircuitError
from circuits.wires import Wire, WordType
from perceptron import Unit

Bit = Wire | int
PortKind = int | WordType | None
Parameters = ParamSpec("Parameters")


def made_once(factory: Callable[Parameters, Circuit]) -> Callable[Parameters, Circuit]:
    """The factory, which gives the same circuit again for the same arguments (as long as it is among the last 64)."""
    known = lru_cache(maxsize=64, typed=True)(factory)

    @wraps(factory)
    def remembering(*args: Parameters.args, **kwargs: Parameters.kwargs) -> Circuit:
        try:
            hash((args, tuple(kwargs.values())))
        except TypeError:  # the factory refuses it in its own words
            return factory(*args, **kwargs)
        return known(*args, **kwargs)  # type: ignore[arg-type]

    return remembering


def part(kind: str, size: object, doc: str, ports: Mapping[str, PortKind], body: Callable[..., Any]) -> Circuit:
    """A circuit whose ports are counted at run time, which a Python function's parameter list cannot be.

    Parameters
    ----------
    kind : str
        What it is; the places where it stands are called after it.
    size : object
        What tells it from others of its kind; its name is `kind_size`.
    doc : str
    ports : mapping of str -> int, WordType or None
        Each parameter: the width of an unsigned word, a word's type, such as WordType(8, signed=True), or None for one
        bit.
    body : function
        Takes a wire or word for each port, in order, and returns what a `@circuit` function returns.

    Raises
    ------
    CircuitError
        If a width is not a whole number of at least 1.

    Examples
    --------
    >>> part("both", 4, "1 where both words are.", {"a": 4, "b": 4}, lambda a, b: a & b)(12, 10)
    8
    """

    def function(*operands: Any) -> Any:
        return body(*operands)

    positional = inspect.Parameter.POSITIONAL_OR_KEYWORD
    function.__name__ = f"{kind}_{size}"
    function.__doc__ = doc
    function.__signature__ = inspect.Signature(  # type: ignore[attr-defined]
        [
            inspect.Parameter(name, positional, annotation=WordType(port) if isinstance(port, int) else port or Wire)
            for name, port in ports.items()
        ]
    )
    made = circuit(function)
    made.kind = kind
    return made


def whole(value: object, least: int, what: str, most: int | None = None) -> int:
    """The value, if it is a whole number in range.

    Raises
    ------
    CircuitError
        If it is not.

    Examples
    --------
    >>> whole(0, 1, "the width of an adder")
    Traceback (most recent call last):
    circuits.errors.CircuitError: the width of an adder is 0; give a whole number of at least 1
    """
    fits = isinstance(value, int) and not isinstance(value, bool) and value >= least
    if not fits or (most is not None and value > most):  # type: ignore[operator]
        cure = f"of at least {least}" if most is None else f"from {least} to {most}"
        raise CircuitError(f"{what} is {value!r}; give a whole number {cure}")
    return value  # type: ignore[return-value]


def perceptron(bias: int, pins: Iterable[tuple[Bit, int]], name: str | None = None) -> Wire:
    """One step unit: 1 if bias + sum of weight * bit is > 0.

    Bits that are the plain numbers 0 and 1 become part of the bias, so that a constant costs nothing; the weights of a
    wire that stands twice are added.

    Parameters
    ----------
    bias : int
    pins : iterable of (Wire or int, int)
        Bits and their weights; at least one is a wire.
    name : str, optional
        The name of the unit.
    """
    weights: dict[str, int] = {}
    wires: dict[str, Wire] = {}
    for bit, weight in pins:
        if isinstance(bit, Wire):
            wires[bit.node] = bit
            weights[bit.node] = weights.get(bit.node, 0) + weight
        else:
            bias += weight * bit
    scope = next(iter(wires.values())).scope
    return scope.add(Cell(Unit(bias), list(weights.values())), list(wires.values()), name)


def at_least(count: int, bits: Iterable[Bit], name: str | None = None) -> Wire:
    """One perceptron: 1 if at least that many of the bits are 1."""
    return perceptron(1 - 2 * count, [(bit, 2) for bit in bits], name)


def and_or(generate: Bit, propagate: Bit, earlier: Bit, name: str | None = None) -> Wire:
    """One perceptron: generate | (propagate & earlier), the step of every carry."""
    return perceptron(-3, [(generate, 4), (propagate, 2), (earlier, 2)], name)


def and_not(bit: Bit, but: Bit, name: str | None = None) -> Wire:
    """One perceptron: bit & ~but."""
    return perceptron(-1, [(bit, 2), (but, -2)], name)


def scaled(word: Iterable[Bit], factor: int, *, signed: bool = False) -> list[tuple[Bit, int]]:
    """The pins by which a perceptron reads a word's number, times a factor: bit i weighs 2**i."""
    pins = [(bit, factor << place) for place, bit in enumerate(word)]
    if signed:  # the sign bit of two's complement counts negative
        pins[-1] = (pins[-1][0], -pins[-1][1])
    return pins


def bits_for(count: int) -> int:
    """How many bits tell that many things apart: ceil(log2 count), at least 1."""
    return max(1, (count - 1).bit_length())
