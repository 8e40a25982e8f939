"""Results: what a circuit with several results gives; and the names of what a circuit's function returns."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from circuits.errors import CircuitError
from circuits.wires import Wire, Word, is_bit


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


def unpacked(results: Mapping[str, Any]) -> Any:
    """A single result as it is, several as `Results`."""
    return next(iter(results.values())) if len(results) == 1 else Results(results)


def named(returned: Any, circuit: str) -> dict[str, Wire | Word | int]:
    """What a circuit's function returned, by name.

    Raises
    ------
    CircuitError
        If it returned nothing, or something else than wires, words, 0 and 1.
    """
    if isinstance(returned, Results):
        returned = returned.asdict()
    if returned is None:
        raise CircuitError(f"{circuit} returns nothing; return a wire, a word, or a dict of name -> wire")
    if isinstance(returned, Mapping):
        results = dict(returned)
    elif isinstance(returned, tuple | list):
        keys = getattr(returned, "_fields", [f"out{index}" for index in range(len(returned))])
        results = dict(zip(keys, returned, strict=True))
    else:
        results = {"out": returned}
    if not results:
        raise CircuitError(f"{circuit} returns no result; return at least one wire")
    for key, value in results.items():
        if not isinstance(key, str) or not key:
            raise CircuitError(f"{circuit}: a result is called {key!r}; give a non-empty string")
        if not isinstance(value, Wire | Word) and not is_bit(value):
            raise CircuitError(f"{circuit}: result {key!r} is {value!r}; give a wire, a word, 0 or 1{_cure(value)}")
    return results


def _cure(value: Any) -> str:
    if isinstance(value, int):
        return f", or Word.constant({value}, 8) for a number" if value > 0 else ""
    if isinstance(value, tuple | list) and all(isinstance(entry, Wire) for entry in value):
        return ", or Word([...]) for several wires"
    if isinstance(value, Results):
        return f"; take one of its results, such as .{next(iter(value.asdict()))}"
    return ""
