"""Module: what a Verilog file says, as data, before anything is known of widths."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from circuits.formats.verilog_expression import Postfix


class Declared(NamedTuple):
    """A net or variable: its range as two constant postfixes, or None for one bit."""

    range: tuple[Postfix, Postfix] | None
    word: int


class Assign(NamedTuple):
    """`target` is driven by `value`."""

    target: Postfix
    value: Postfix
    word: int


class Register(NamedTuple):
    """`target` takes `value` at the rising edge of `clock`."""

    clock: str
    target: Postfix
    value: Postfix
    word: int


class Initial(NamedTuple):
    """`target` starts with `value`."""

    target: Postfix
    value: Postfix
    word: int


class GateUse(NamedTuple):
    """A primitive gate and what is connected to its pins in order."""

    gate: str
    pins: list[Postfix]
    word: int


class Instance(NamedTuple):
    """A module used in another; connections and parameters by name, or by place where the name is None."""

    module: str
    name: str
    parameters: list[tuple[str | None, Postfix]]
    connections: list[tuple[str | None, Postfix | None]]
    word: int


Item = Assign | Register | Initial | GateUse | Instance


@dataclass
class Module:
    """A module: its ports in the order of the header, what it declares, and what it does.

    `directions` are in the order in which the ports are declared. `plain` are the ports whose names are written
    without a backslash. A module that is `transistors` says nothing more.
    """

    name: str
    word: int
    ports: list[str] = field(default_factory=list)
    directions: dict[str, str] = field(default_factory=dict)
    declared: dict[str, Declared] = field(default_factory=dict)
    parameters: dict[str, tuple[Postfix, bool]] = field(default_factory=dict)
    items: list[Item] = field(default_factory=list)
    plain: set[str] = field(default_factory=set)
    transistors: bool = False
