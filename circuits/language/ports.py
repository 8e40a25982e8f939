"""Port: a parameter or result of a circuit; and the parameters of a Python function, whose widths may be open."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from circuits.errors import error_in
from circuits.wires import Signed, Width, Wire, Word, WordType
from perceptron.words import Field, fields


@dataclass(frozen=True, slots=True)
class Port:
    """A parameter or result of a circuit: one bit (width None) or a word of `width` bits."""

    name: str
    width: int | None = None
    signed: bool = False

    @property
    def bits(self) -> list[str]:
        """The names of its inputs or outputs in the network: `name`, or `name[0]`, `name[1]`, ..."""
        return [self.name] if self.width is None else [f"{self.name}[{bit}]" for bit in range(self.width)]

    def field(self, place: Mapping[str, int]) -> Field:
        """What `perceptron.words` calls it, where its bits stand at these places."""
        return Field(self.name, tuple(place[bit] for bit in self.bits), self.width is not None, self.signed)

    @property
    def kind(self) -> str:
        """`Word[8]` or `Signed[8]`; `bit` for one bit."""
        return "bit" if self.width is None else repr(WordType(self.width, self.signed))

    def __str__(self) -> str:
        return self.name if self.width is None else f"{self.name}: {self.kind}"


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter as the function says it: a bit, a word of a width, or a word of a width that is open.

    Attributes
    ----------
    name : str
    width : int, Width or None
        None for a bit. A bare `Word` has a Width of its own, called after the parameter.
    signed : bool
    default : object
        What it is given where the caller gives nothing.
    """

    name: str
    width: int | Width | None = None
    signed: bool = False
    default: Any = inspect.Parameter.empty

    def __str__(self) -> str:
        if self.width is None:
            return self.name
        return f"{self.name}: {WordType(self.width, self.signed)!r}"


def parameters(function: Callable[..., Any], name: str) -> tuple[Parameter, ...]:
    """The parameters of a circuit's function.

    Raises
    ------
    CircuitError
        If one is not plain, is called `name`, or has an annotation that is no bit and no word.
    """
    try:
        signature = inspect.signature(function, eval_str=True)
    except NameError as error:
        raise error_in(
            function,
            f"{name}: an annotation cannot be read ({error}); in a module with `from __future__ import annotations` "
            "the width must be a global name",
        ) from None
    return tuple(_parameter(function, name, parameter) for parameter in signature.parameters.values())


def _parameter(function: Callable[..., Any], name: str, parameter: inspect.Parameter) -> Parameter:
    if parameter.kind not in (parameter.POSITIONAL_ONLY, parameter.POSITIONAL_OR_KEYWORD):
        raise error_in(function, f"{name}: parameter {parameter} is not plain; a circuit has a fixed list of inputs")
    if parameter.name == "name":
        raise error_in(function, f"{name}: a parameter is called 'name', which names the part; choose another")
    kind = parameter.annotation
    if isinstance(kind, WordType):
        return Parameter(parameter.name, kind.width, kind.signed, parameter.default)
    if kind is Word or kind is Signed:
        return Parameter(parameter.name, Width(parameter.name), kind is Signed, parameter.default)
    if kind in (parameter.empty, Wire, Any, object):
        return Parameter(parameter.name, default=parameter.default)
    shown = getattr(kind, "__name__", repr(kind))
    raise error_in(
        function,
        f"{name}: parameter {parameter.name!r} is annotated {shown}; write Word[8] for a word of 8 bits, Signed[8] for "
        "one in two's complement, or Bit (or nothing) for a bit",
    )


def ports_of(names: Sequence[str], *, words: bool, signed: Collection[str] = ()) -> tuple[Port, ...]:
    """Names of a network as ports: each a bit, or `a[0]`, `a[1]`, ... together a word."""
    if not words:
        return tuple(Port(name) for name in names)
    return tuple(
        Port(field.name, len(field.places) if field.word else None, field.signed)
        for field in fields(names, signed).values()
    )
