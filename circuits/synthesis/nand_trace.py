"""From a tape to a graph of NANDs: every unit lowered by itself, equal gates shared, constants folded."""

from __future__ import annotations

from circuits.synthesis.nand_graph import FALSE, Nands, Recipe
from circuits.synthesis.unit_nands import lower_unit
from perceptron.errors import NetworkError
from perceptron.tape import Tape

PINS = 4  # up to which the recipe of a cell is placed unit by unit


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


def trace(tape: Tape) -> tuple[Nands, list[int]]:
    """The graph of a 0/1 network, and the literal of each of its nodes.

    The inputs of the graph are the inputs of the network, then its states.

    Raises
    ------
    NetworkError
        If the network is not valid, or has a unit or input whose values are not 0 and 1.
    """
    require_binary(tape)
    nands = Nands(len(tape.given))
    literals = [FALSE] * len(tape)
    for node, literal in zip(tape.given, nands.inputs, strict=True):
        literals[node] = literal
    starts, sources = tape.starts.tolist(), tape.sources.tolist()
    made: dict[int, Recipe] = {}
    for node, number in enumerate(tape.cell_numbers.tolist()):
        if number < 0:
            continue
        cell = tape.cells[number]
        read = [literals[source] for source in sources[starts[node] : starts[node + 1]]]
        # A table of parallel edges may be defined for their sum alone, so it has no recipe over separate pins.
        plain = len(read) <= PINS and len({one >> 1 for one in read}) == len(read) and min(read, default=2) > 1
        if not plain:
            literals[node] = lower_unit(nands, cell.unit, list(zip(read, cell.weights, strict=True)))
            continue
        if number not in made:
            own = Nands(len(read))
            made[number] = Recipe(own, lower_unit(own, cell.unit, list(zip(own.inputs, cell.weights, strict=True))))
        literals[node] = made[number].place(nands, read)
    return nands, literals


