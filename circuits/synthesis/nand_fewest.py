"""fewest: a network as a graph of as few NANDs as are found: lowered in one or two ways, each rewritten."""

from __future__ import annotations

from circuits.synthesis.nand_graph import Nands
from circuits.synthesis.nand_rewrite import SMALL, moved, rewrite_nands
from circuits.synthesis.nand_trace import smaller, ways
from perceptron.tape import Tape

PATIENCE = 20_000  # nodes of all walks through a small graph, up to which they go on while they save anything


def fewest(tape: Tape, *, free: bool = False) -> tuple[Nands, list[int]]:
    """The graph of a 0/1 network, and the literal of each of its nodes, negative for those that are gone.

    What is smaller before cones are replaced need not be so afterwards. So both ways to lower units are rewritten and
    compared; of large networks only the smaller one.

    Parameters
    ----------
    tape : Tape
    free : bool
        Whether complements cost nothing (see `Nands`).

    Raises
    ------
    NetworkError
        If the network is not valid, or has a unit or input whose values are not 0 and 1.
    """
    made = ways(tape, free=free)
    if any(len(one.nands) > SMALL for one in made):
        made = [smaller(made, tape)]
    found = []
    for nands, literals, wide in made:
        wanted = [literals[node] for node in tape.wanted]
        rewritten, new = rewrite_nands(nands, wanted, settled=wide, patience=PATIENCE)
        found.append((rewritten.size(moved(new, wanted)), rewritten, moved(new, literals)))
    _, nands, literals = min(found, key=lambda one: one[0])
    return nands, literals
