"""Names: from AIGER's sections and symbols to the names of a network and back.

    section of the file           output of the network
    output 3, symbol carry        carry
    output 3, no symbol           o3            (input 3: i3, latch 3: l3)
    bad state 0, symbol crash     bad:crash     (no symbol: bad:0)
    constraint 0, symbol legal    constraint:legal
    justice property 0            justice:0.0, justice:0.1, ...      (symbol live: justice:0.0:live, ...)
    fairness 0, symbol busy       fairness:busy

A network has outputs only, so the property sections become outputs with these names, and outputs with these names
become the sections again.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from circuits.formats.aiger.aig import Aig, Key
from circuits.formats.aiger.scan import shown, unprintable
from circuits.formats.errors import CannotWriteError

_PREFIXES = {"bad": "b", "constraint": "c", "justice": "j", "fairness": "f"}
_PROPERTY = re.compile(r"(?:(bad|constraint|fairness):(.+)|justice:(0|[1-9][0-9]{0,8})\.(0|[1-9][0-9]{0,8})(?::(.+))?)")
_ORDER = "obcjf"

_Row = tuple[Key, str | None, str, int]  # what it is, its name from a symbol, its name without one, its literal


class Named(NamedTuple):
    """A name, where its symbol stands (None if it has no symbol), and the literal if it is an output's."""

    name: str
    place: int | None
    literal: int = 0


def node_names(aig: Aig) -> list[Named]:
    """The names of the inputs, then of the latches; those without a symbol are i0, i1, ... and l0, l1, ...

    Raises
    ------
    FormatError
        If two symbols are the same.
    """
    keys: list[Key] = [("i", position) for position in range(aig.inputs)]
    keys += [("l", position) for position in range(len(aig.latches))]
    return list(_unique(aig, ((key, aig.symbols.get(key), f"{key[0]}{key[1]}", 0) for key in keys)))


def output_names(aig: Aig) -> list[Named]:
    """The outputs of the network: those of the file, then its property sections."""
    return list(_unique(aig, _outputs(aig)))


def _outputs(aig: Aig) -> Iterator[_Row]:
    yield from _listed(aig, "o", aig.outputs)
    yield from _listed(aig, "b", aig.bad, "bad:")
    yield from _listed(aig, "c", aig.constraints, "constraint:")
    for position, literals in enumerate(aig.justice):
        symbol = aig.symbols.get(("j", position))
        for at, literal in enumerate(literals):
            name = f"justice:{position}.{at}"
            yield ("j", position), None if symbol is None else f"{name}:{symbol}", name, literal
    yield from _listed(aig, "f", aig.fairness, "fairness:")


def _listed(aig: Aig, letter: str, literals: list[int], prefix: str = "") -> Iterator[_Row]:
    """The rows of a section with one literal for each symbol."""
    for position, literal in enumerate(literals):
        symbol = aig.symbols.get((letter, position))
        default = f"{prefix or letter}{position}"
        yield (letter, position), None if symbol is None else f"{prefix}{symbol}", default, literal


def _unique(aig: Aig, rows: Iterable[_Row]) -> Iterator[Named]:
    listed = list(rows)
    taken: set[str] = set()
    for key, name, _, _ in listed:
        if name is not None:
            if name in taken:
                raise aig.error(
                    f"two symbols are {shown(name.encode())}; rename one, since names must differ", aig.places[key]
                )
            taken.add(name)
    for key, name, default, literal in listed:
        place = None if name is None else aig.places[key]
        if name is None:
            name = default
            while name in taken:
                name += "_"
            taken.add(name)
        yield Named(name, place, literal)


def set_nodes(aig: Aig, inputs: Iterable[str], latches: Iterable[str]) -> None:
    """Give the inputs and latches of a graph their symbols, where they are not the names they get without one.

    Raises
    ------
    CannotWriteError
        If a name cannot be a symbol.
    """
    for letter, word, names in (("i", "input", inputs), ("l", "state", latches)):
        for position, name in enumerate(names):
            if name != f"{letter}{position}":
                aig.symbols[letter, position] = _symbol(name, word, name)


def set_outputs(aig: Aig, outputs: Iterable[tuple[str, int]]) -> None:
    """Sort (name, literal) pairs into the sections of a graph.

    Raises
    ------
    CannotWriteError
        If a name cannot be a symbol, or an output stands after one of a later section, or justice properties are
        not numbered one after another.
    """
    last, last_name = "o", ""
    for name, literal in outputs:
        letter, symbol, place = _section(name)
        if _ORDER.index(letter) < _ORDER.index(last):
            raise CannotWriteError(
                f"output {name!r} stands after {last_name!r}, but AIGER lists outputs, bad states, constraints, "
                "justice and fairness in this order; define the outputs in this order or rename one"
            )
        last, last_name = letter, name
        if letter == "j":
            _add_justice(aig, name, literal, symbol, place)
            continue
        literals = {"o": aig.outputs, "b": aig.bad, "c": aig.constraints, "f": aig.fairness}[letter]
        if symbol != (f"o{len(literals)}" if letter == "o" else str(len(literals))):
            aig.symbols[letter, len(literals)] = _symbol(symbol, "output", name)
        literals.append(literal)


def _section(name: str) -> tuple[str, str, tuple[int, int]]:
    """The section of an output, what is left of its name, and its place in a justice property."""
    match = _PROPERTY.fullmatch(name)
    if match is None:
        return "o", name, (0, 0)
    prefix, symbol, position, at, justice = match.groups()
    if prefix is not None:
        return _PREFIXES[prefix], symbol, (0, 0)
    return "j", justice or "", (int(position), int(at))


def _add_justice(aig: Aig, name: str, literal: int, symbol: str, place: tuple[int, int]) -> None:
    position, at = place
    if at == 0 and position == len(aig.justice):
        aig.justice.append([])
        if symbol:
            aig.symbols["j", position] = _symbol(symbol, "output", name)
    known = position == len(aig.justice) - 1 and at == len(aig.justice[position])
    if not known or aig.symbols.get(("j", position), "") != symbol:
        raise CannotWriteError(
            f"output {name!r} does not continue the justice properties before it; number them justice:0.0, "
            "justice:0.1, ..., justice:1.0, ... with the same name behind each number of one property"
        )
    aig.justice[position].append(literal)


def _symbol(symbol: str, word: str, name: str) -> str:
    if unprintable(symbol):
        raise CannotWriteError(f"{word} {name!r}: an AIGER symbol has no control characters; rename it")
    try:
        symbol.encode("utf-8")
    except UnicodeEncodeError as error:
        raise CannotWriteError(f"{word} {name!r} is not text that UTF-8 can hold; rename it") from error
    return symbol
