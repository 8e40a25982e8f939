"""From a tape to a graph of NANDs: every unit lowered by itself, equal gates shared, constants folded."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from circuits.synthesis.nand_graph import FALSE, Nands, Recipe
from circuits.synthesis.unit_nands import lower_unit
from perceptron.errors import NetworkError
from perceptron.tape import Tape

SHARING = 64  # pins of a unit that may share branches of a diagram with another
PINS = 4  # up to which the recipe of a cell is placed unit by unit
WIDE = 250  # NANDs of a unit that is called wide


def require_binary(tape: Tape) -> None:
    """Check that a network is valid and all its values are 0 and 1.

    Raises
    ------
    NetworkError
    """
    tape.check()
    for node, binary in enumerate(tape.binary()):
        if not binary:
            raise NetworkError(
                f"node {tape.label(node)} has other values than 0 and 1, so it is no logic; harden the network first"
            )


class Traced(NamedTuple):
    """A network as a graph of NANDs.

    Attributes
    ----------
    nands : Nands
        Its inputs are the inputs of the network, then the states.
    literals : list of int
        Of each node of the network.
    wide : set of int
        The nodes of the graph that make up wide units.
    """

    nands: Nands
    literals: list[int]
    wide: set[int]


def trace(tape: Tape, *, free: bool = False) -> Traced:
    """The graph of a 0/1 network: of two ways to lower units of more than four inputs the one of fewer NANDs.

    With `free` complements cost nothing (see `Nands`).

    Raises
    ------
    NetworkError
        If the network is not valid, or has a unit or input whose values are not 0 and 1.
    """
    return smaller(ways(tape, free=free), tape)


def smaller(made: Sequence[Traced], tape: Tape) -> Traced:
    """Of several graphs of a network the one of the fewest NANDs."""
    return min(made, key=lambda one: one.nands.size(one.literals[node] for node in tape.wanted))


def ways(tape: Tape, *, free: bool = False) -> list[Traced]:
    """The graph in which each unit has its smallest form, and one for units that can share more in another.

    Raises
    ------
    NetworkError
        As `trace`.
    """
    require_binary(tape)
    sharing = {number for number, cell in enumerate(tape.cells) if PINS < len(cell.weights) <= SHARING}
    several = sum(1 for number in tape.cell_numbers.tolist() if number in sharing) > 1
    return [_traced(tape, alike=alike, free=free) for alike in ((False, True) if several else (False,))]


def _traced(tape: Tape, *, alike: bool, free: bool) -> Traced:
    nands = Nands(len(tape.given), free=free)
    literals = [FALSE] * len(tape)
    for node, literal in zip(tape.given, nands.inputs, strict=True):
        literals[node] = literal
    starts, sources = tape.starts.tolist(), tape.sources.tolist()
    made: dict[int, Recipe] = {}
    wide: set[int] = set()
    for node, number in enumerate(tape.cell_numbers.tolist()):
        if number < 0:
            continue
        cell = tape.cells[number]
        read = [literals[source] for source in sources[starts[node] : starts[node + 1]]]
        # A table of parallel edges may be defined for their sum alone, so it has no recipe over separate pins.
        plain = len(read) <= PINS and len({one >> 1 for one in read}) == len(read) and min(read, default=2) > 1
        if not plain:
            first = len(nands)
            literals[node] = lower_unit(nands, cell.unit, list(zip(read, cell.weights, strict=True)), alike=alike)
            if len(nands) - first > WIDE:
                wide.update(range(first, len(nands)))
            continue
        if number not in made:
            own = Nands(len(read), free=free)
            made[number] = Recipe(own, lower_unit(own, cell.unit, list(zip(own.inputs, cell.weights, strict=True))))
        literals[node] = made[number].place(nands, read)
    return Traced(nands, literals, wide)
