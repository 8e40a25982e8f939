"""collapse: a network of gates as few perceptrons, each of which does as much as a perceptron can.

The chapter merges two lines of -2 into one of -4. This is the same thought taken to its end: nine NANDs that add three
bits become two units, the carry (a majority) and the sum (which reads the carry with a weight of -2).
"""

from __future__ import annotations

from typing import overload

from circuits.synthesis.mapping.cover import Cover
from circuits.synthesis.mapping.subject import direct, readers_of
from circuits.synthesis.mapping.unite import unite
from circuits.synthesis.mapping.units import Units, of_tape, to_network, to_tape
from circuits.synthesis.mapping.ways import Ways
from perceptron import Network
from perceptron.arguments import require_whole
from perceptron.engines import as_tape
from perceptron.engines.logic import Logic, lowers
from perceptron.errors import NetworkError
from perceptron.tape import Tape

LEAVES = 6
CUTS = 8
ROUNDS = 4
UNBOUNDED = 1 << 30
LARGE = 20_000  # units of a network beyond which its own are united only if the mapped ones are no fewer
APART = 64  # operations for each unit beyond which taking the units apart would not find so few again


@overload
def collapse(net: Network, *, max_fanin: int | None = None, cuts: int = CUTS, rounds: int = ROUNDS) -> Network: ...


@overload
def collapse(net: Tape, *, max_fanin: int | None = None, cuts: int = CUTS, rounds: int = ROUNDS) -> Tape: ...


def collapse(
    net: Network | Tape, *, max_fanin: int | None = None, cuts: int = CUTS, rounds: int = ROUNDS
) -> Network | Tape:
    """The same function in few perceptrons with whole weights.

    The network is lowered to two-input operations. For each of them sets of earlier nodes are found that decide it,
    and every such function that a perceptron computes, alone or beside one more node, is a way to make it; long
    exclusive ors are counted. Of all ways so few are chosen that the outputs need (see `circuits.synthesis.mapping`).
    At last units go into their readers where these stay perceptrons. This is repeated on the result while it helps,
    and an own pass over the given perceptrons is kept where that is the better one.

    Parameters
    ----------
    net : Network or Tape
        Of step and table units with 0/1 inputs; any integer or rational weights. With states too.
    max_fanin : int, optional
        The most edges into a unit; any number by default. At least 3, which an exclusive or needs.
    cuts : int, default 8
        How many sets of nodes are kept for an operation. More find a little more, in a time that grows with the
        square.
    rounds : int, default 4
        How often the result is taken up again at most. The first round is all that large circuits usually need.

    Returns
    -------
    Network or Tape
        As the argument; of step units alone, each with whole weights and no parallel edges. A unit that computes what
        a named unit did keeps its name. A network of perceptrons within `max_fanin` never gets more units, so that
        doing it twice gives no more than doing it once.

    Raises
    ------
    NetworkError
        If the network is not valid, or has a unit or input whose values are not 0 and 1; or if a unit is too wide for
        operations on bits, and the units cannot stay as they are either.
    ParameterError
        If `max_fanin` is no whole number of at least 3, or `cuts` or `rounds` none of at least 1.

    Notes
    -----
    Each unit is checked, when it is found, against all values that its inputs can have together as functions of the
    set of nodes; so the result is equal to the argument by construction. `perceptron.find_difference` checks it again.

    Cut-based mapping to threshold gates is described by A. Neutzling, M. G. A. Martins, V. Callegaro, A. I. Reis and
    R. P. Ribas (Threshold logic synthesis based on cut pruning, ICCAD 2015), collapsing by Lee and others (see
    `circuits.synthesis.mapping.unite`). Units that read a sibling, and counters, go beyond both.

    Examples
    --------
    >>> from circuits import full_adder
    >>> collapsed = collapse(full_adder.network)
    >>> full_adder.network, collapsed
    (<Network 'full_adder': 3 inputs, 9 units, 18 edges, 2 outputs>,
     <Network 'full_adder': 3 inputs, 2 units, 7 edges, 2 outputs>)
    >>> collapsed.unit("sum"), collapsed.fanin("sum")
    (Unit(bias=0, activation=STEP), [('a', 1), ('b', 1), ('carry_in', 1), ('carry', -2)])
    """
    cuts, rounds = require_whole("cuts", cuts, 1), require_whole("rounds", rounds, 1)
    fanin = UNBOUNDED
    if max_fanin is not None:
        fanin = require_whole("max_fanin", max_fanin, 3, cure="at least 3, which an exclusive or needs")
    tape = as_tape(net)
    tape.check()
    for node, binary in enumerate(tape.binary()):
        if not binary:
            raise NetworkError(
                f"node {tape.label(node)} has other values than 0 and 1, so it is no logic; harden the network first"
            )
    own = of_tape(tape)
    if own is not None and own.fanin > fanin:
        own = None
    best = own if own is None or own.count > LARGE else unite(own, fanin)
    made = tape
    for _ in range(rounds):
        if not lowers(made):
            break
        most = None if best is None else APART * best.count
        found = _mapped(made, fanin, cuts, most)
        if found is None or (best is not None and found.rank >= best.rank):
            break
        best = found
        made = to_tape(best, tape)
    if best is own and own is not None:
        best = unite(own, fanin)
    if best is None:
        raise NetworkError(
            f"{tape!r} has a unit that is too wide for operations on bits, so it can only be kept as it is; "
            "replace its table units by perceptrons and give no max_fanin"
        )
    made = to_tape(best, tape)
    return to_network(made, tape.names.values()) if isinstance(net, Network) else made


def _mapped(tape: Tape, fanin: int, cuts: int, most: int | None) -> Units | None:
    """Units for a network's operations, whatever units it was made of; None for more operations than `most`."""
    logic = Logic(len(tape.given))
    literals = logic.trace(tape, logic.inputs)
    if most is not None and len(logic.kind) > most:
        return None
    logic, new = direct(logic, [literals[node] for node in tape.wanted])

    def literal(node: int) -> int:
        return new[literals[node] >> 1] ^ (literals[node] & 1)

    wanted = [literal(node) for node in tape.wanted]
    named = {name: literal(node) for node, name in tape.names.items() if literal(node) >= 0}
    readers = readers_of(logic, wanted)
    ways = Ways(logic, readers, leaves=LEAVES, kept=cuts, fanin=fanin)
    made = []
    for turning in (False, True):
        cover = Cover(ways, [literal >> 1 for literal in wanted], len(logic.inputs))
        made.append(unite(Units(len(logic.inputs), cover.solve(readers, turning=turning), wanted, named), fanin))
    return min(made, key=lambda units: units.rank)
