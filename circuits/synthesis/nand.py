"""to_nand: any 0/1 network as nothing but NAND gates, each the perceptron of weights -2, -2 and bias 3."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from circuits.synthesis.nand_fewest import fewest
from circuits.synthesis.nand_graph import Nands
from circuits.synthesis.nand_network import to_network
from circuits.synthesis.nand_trace import trace
from circuits.synthesis.unit_nands import lower_unit
from perceptron import Network, Table
from perceptron.check import table_fault
from perceptron.engines import as_tape
from perceptron.numbers import exact
from perceptron.tape import Cell, Tape


def to_nand(net: Network | Tape, *, rewrite: bool = True) -> Network:
    """The same function built of NAND gates alone: NAND is universal for computation.

    Up to four inputs a unit takes the smallest form that is known for its truth table; a wide perceptron becomes an
    adder tree whose last carry is the decision, so weights of 1 and -1 take fewer than nine NANDs each, however many
    they are. Equal gates are shared, constants are folded, and then small cones are replaced where that saves gates.
    A unit whose value is still there keeps its name.

    Parameters
    ----------
    net : Network or Tape
        Of step and table units with 0/1 inputs; any integer or rational weights.
    rewrite : bool, default True
        Whether small cones are replaced at the end. Without it each unit's own NANDs stay as they were made. It takes
        a network of a hundred thousand gates some seconds, or some minutes where Numba is not installed.

    Returns
    -------
    Network
        With the same inputs, outputs and states. Every unit is `Unit(3)` with two edges of -2. The one exception: a
        network without inputs, whose outputs can only be constant units.

    Raises
    ------
    NetworkError
        If the network is not valid, or has a unit or input whose values are not 0 and 1.

    Examples
    --------
    >>> from circuits import mux, statistics, to_nand, xor
    >>> statistics(to_nand(xor.network))["gates"], statistics(to_nand(mux.network))["gates"]
    ({'NAND': 4}, {'NAND': 4})
    """
    tape = as_tape(net)
    if rewrite:
        nands, literals = fewest(tape)
    else:
        nands, literals, _ = trace(tape)
    return to_network(tape, nands, literals)


@dataclass(frozen=True, slots=True)
class NandReport:
    """What a network takes in NANDs.

    Attributes
    ----------
    gates : int
        NAND gates, those that serve as NOT among them.
    nots : int
        How many have their two pins on one node.
    depth : int
        NANDs on the longest path to an output or to the next value of a state.
    edges : int
        Weights of the source that are not 0.
    kinds : dict of str -> (units, gates)
        By kind of unit in the source: how many there are, and how many gates they take when each stands alone. The
        sum is more than `gates` where units share.
    """

    gates: int
    nots: int
    depth: int
    edges: int
    kinds: dict[str, tuple[int, int]]

    @property
    def per_weight(self) -> float:
        """Gates for each weight of the source."""
        return self.gates / max(1, self.edges)

    def __str__(self) -> str:
        lines = [
            f"{self.gates} NANDs ({self.nots} of them as NOT), depth {self.depth}, {self.per_weight:.2f} a weight",
            *(f"{units:7} {kind:24} {gates:8}" for kind, (units, gates) in self.kinds.items()),
        ]
        return "\n".join(lines)


def nand_report(net: Network | Tape) -> NandReport:
    """How many NANDs `to_nand` makes of a network, how deep they are, and what they are for.

    Raises
    ------
    NetworkError
        As `to_nand`.

    Examples
    --------
    >>> from circuits import nand_report, threshold_full_adder
    >>> print(nand_report(threshold_full_adder.network))
    9 NANDs (0 of them as NOT), depth 6, 1.29 a weight
          1 3 inputs                        6
          1 4 inputs                        9
    """
    tape = as_tape(net)
    made = Tape.from_network(to_nand(tape))
    depth = [0] * len(made)
    starts, sources = made.starts.tolist(), made.sources.tolist()
    nots = 0
    for node, number in enumerate(made.cell_numbers.tolist()):
        read = sources[starts[node] : starts[node + 1]]
        if number >= 0 and read:
            depth[node] = 1 + max(depth[source] for source in read)
            nots += read[0] == read[1]
    kinds: dict[str, tuple[int, int]] = {}
    widths = [sum(1 for weight in cell.weights if weight) for cell in tape.cells]
    alone = [_alone(cell) for cell in tape.cells]
    for number, units in sorted(Counter(tape.cell_numbers.tolist()).items()):
        if number >= 0:
            kind = _kind(tape.cells[number], widths[number])
            before = kinds.get(kind, (0, 0))
            kinds[kind] = (before[0] + units, before[1] + units * alone[number])
    return NandReport(
        gates=sum(1 for number in made.cell_numbers.tolist() if number >= 0),
        nots=nots,
        depth=max((depth[node] for node in made.wanted), default=0),
        edges=sum(widths[number] for number in tape.cell_numbers.tolist() if number >= 0),
        kinds=kinds,
    )


def _alone(cell: Cell) -> int:
    """The NANDs of one unit whose pins are all different."""
    nands = Nands(len(cell.weights))
    if isinstance(cell.unit.activation, Table):
        totals = {str(pin): exact(weight) for pin, weight in enumerate(cell.weights)}
        if table_fault(cell.unit, cell.unit.activation, totals):
            return 0  # it covers only the sums of its parallel edges
    literal = lower_unit(nands, cell.unit, list(zip(nands.inputs, cell.weights, strict=True)))
    return nands.size([literal])


def _kind(cell: Cell, width: int) -> str:
    table = "table of " if isinstance(cell.unit.activation, Table) else ""
    for most, text in ((4, f"{width} input" + "s" * (width != 1)), (16, "5 to 16 inputs"), (128, "17 to 128 inputs")):
        if width <= most:
            return table + text
    return table + "more than 128 inputs"
