"""The numbers that a circuit is called with as packed rows of bits, and rows as the numbers that it answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from circuits.errors import CircuitError
from circuits.language.ports import Port
from perceptron import InputError
from perceptron.words import Rows, from_rows, to_rows

_ONES = 0xFFFF_FFFF_FFFF_FFFF


def rows(circuit: str, ports: Sequence[Port], given: Sequence[Any], names: Sequence[str]) -> tuple[Rows, int]:
    """The parameters' values as packed rows (names, words) of bits, and how many samples they are.

    Parameters
    ----------
    circuit : str
        Its name, for messages.
    ports : sequence of Port
    given : sequence
        A value for each port: an array_like (count,), or a number, which is every sample's; at least one array.
    names : sequence of str
        The inputs of the network in order. Those that belong to no port are 0.

    Raises
    ------
    CircuitError
        If a value is out of range, or the arrays differ in length.
    """
    shapes = {np.shape(value) for value in given if np.ndim(value) > 0}
    if len(shapes) > 1 or any(len(shape) > 1 for shape in shapes):
        found = ", ".join(str(np.shape(value)) for value in given if np.ndim(value) > 0)
        raise CircuitError(f"{circuit} is given arrays of the shapes {found}; give all the same (samples,)")
    ((count,),) = shapes
    place = {name: at for at, name in enumerate(names)}
    made = np.zeros((len(names), -(-count // 64)), dtype=np.uint64)
    for port, value in zip(ports, given, strict=True):
        field = port.field(place)
        if np.ndim(value) == 0:
            number = _number(circuit, port, value)
            made[list(field.places)] = [[_ONES if number >> bit & 1 else 0] for bit in range(len(field.places))]
        else:
            try:
                made[list(field.places)] = to_rows(field, value)
            except InputError as error:
                kind = "" if port.width is None else f" ({port.kind})"
                raise CircuitError(f"{circuit}: {error}{kind}") from None
    return made, count


def numbers(ports: Sequence[Port], made: Rows, count: int, names: Sequence[str]) -> dict[str, NDArray[Any]]:
    """Result name -> values (count,) of packed rows: uint8 for a bit, int64 for a word that fits, else Python ints."""
    place = {name: at for at, name in enumerate(names)}
    found = {}
    for port in ports:
        field = port.field(place)
        found[port.name] = from_rows(field, made[list(field.places)], count)
    return found


def sample(circuit: str, ports: Sequence[Port], given: Sequence[Any], names: Sequence[str]) -> dict[str, int]:
    """Name -> bit for one number a port, in the order of the names; 0 for those that belong to no port.

    Raises
    ------
    CircuitError
        If a value is out of range.
    """
    made = dict.fromkeys(names, 0)
    for port, value in zip(ports, given, strict=True):
        number = _number(circuit, port, value)
        for place, bit in enumerate(port.bits):
            made[bit] = number >> place & 1
    return made


def answers(ports: Sequence[Port], bits: Mapping[str, int]) -> dict[str, int]:
    """Result name -> number, of one sample's bits by name."""
    place = {name: at for at, name in enumerate(bits)}
    return {port.name: port.field(place).value([bits[bit] for bit in port.bits]) for port in ports}


def whole(value: Any) -> int | None:
    """The value as a Python int, or None if it is not a whole number."""
    if isinstance(value, bool | int | np.integer | np.bool_):
        return int(value)
    if isinstance(value, float | np.floating) and float(value).is_integer():
        return int(value)
    return None


def span(port: Port) -> tuple[int, int]:
    """The least and the greatest value."""
    width = port.width or 1
    return (-(1 << width - 1), (1 << width - 1) - 1) if port.signed else (0, (1 << width) - 1)


def expected(port: Port) -> str:
    """What a value has to be, in words."""
    if port.width is None:
        return "0 or 1"
    least, most = span(port)
    if port.width > 64:
        ends = f"{f'-2**{port.width - 1}' if port.signed else 0} to 2**{port.width - port.signed} - 1"
    else:
        ends = f"{least} to {most}"
    return f"an integer from {ends} ({port.kind})"


def _number(circuit: str, port: Port, value: Any) -> int:
    """One value as an integer of the port's range."""
    number = whole(value.item() if isinstance(value, np.ndarray) else value)
    least, most = span(port)
    if number is None or not least <= number <= most:
        raise CircuitError(f"{circuit}: input {port.name!r} is {value!r}; give {expected(port)}")
    return number
