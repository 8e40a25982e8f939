"""to_gates: any 0/1 network in the gates of a chosen set."""

from __future__ import annotations

from circuits import cells
from circuits.synthesis.luts import lut_rule
from circuits.synthesis.nand import to_nand
from circuits.synthesis.nand_fewest import fewest
from circuits.synthesis.nand_graph import TRUE, Nands
from circuits.synthesis.nand_network import Gate, Made, Rule, to_network
from circuits.synthesis.nand_trace import require_binary
from perceptron.engines import as_tape
from perceptron.engines.logic import whole_terms
from perceptron.errors import ParameterError
from perceptron.network import Network
from perceptron.numbers import exact
from perceptron.tape import Cell, Tape
from perceptron.unit import Table, Unit

LUTS = {f"lut{width}": width for width in range(2, 7)}
GATES = ("nand", "nor", "aig", "and_or_not", *LUTS)


def to_gates(net: Network | Tape, gates: str = "nand") -> Network:
    """The same function built of the gates of one set alone.

    Parameters
    ----------
    net : Network or Tape
        Of step and table units with 0/1 inputs; any integer or rational weights.
    gates : str, default "nand"
        - "nand": two-input NANDs (see `to_nand`);
        - "nor": two-input NORs;
        - "aig": two-input ANDs and NOTs, a NOT for each complement that is read;
        - "and_or_not": two-input ANDs and ORs, and NOTs where De Morgan's laws do not save them;
        - "lut2" to "lut6": look-up tables of up to so many inputs, `Table` units on weights 1, 2, 4, ...: few of
          them, among the covers of least depth.

    Returns
    -------
    Network
        With the same inputs, outputs and states; a unit whose value is still there keeps its name. A network without
        inputs has constant units.

    Raises
    ------
    ParameterError
        If there is no such set.
    NetworkError
        If the network is not valid, or has a unit or input whose values are not 0 and 1.

    Examples
    --------
    >>> from circuits import full_adder, statistics, to_gates
    >>> for gates in ("nor", "aig", "and_or_not", "lut4"):
    ...     print(gates, statistics(to_gates(full_adder.network, gates))["units"])
    nor 9
    aig 16
    and_or_not 11
    lut4 2
    """
    if gates not in GATES:
        raise ParameterError(f"there are no gates {gates!r}; give one of {', '.join(GATES)}")
    if gates == "nand":
        return to_nand(net)
    tape = as_tape(net)
    require_binary(tape)
    nands, literals = fewest(_dual(tape) if gates == "nor" else tape, free=gates != "nor")
    if gates == "nor":
        return to_network(tape, nands, literals, _nor_rule, dual=True)
    rules: dict[str, Rule] = {"aig": _aig_rule, "and_or_not": _and_or_not_rule}
    if gates in rules:
        return to_network(tape, nands, literals, rules[gates])
    rule = lut_rule(nands, [literals[node] for node in tape.wanted], LUTS[gates])
    return to_network(tape, nands, literals, rule)


_NOT = cells.nor(1)


def _sides(nands: Nands, literal: int) -> tuple[int, int]:
    index = (literal >> 1) - nands.first
    return nands.left[index], nands.right[index]


def _nor_rule(nands: Nands, literal: int, made: Made) -> Gate:
    """A NAND of a graph in which every value is turned round is a NOR, and its constant 1 is a 0."""
    if literal <= TRUE:
        return cells.nor(2), (nands.inputs[0], nands.inputs[0] ^ 1) if literal else (TRUE, TRUE)
    return cells.nor(2), (literal ^ 1, literal ^ 1) if literal & 1 else _sides(nands, literal)


def _aig_rule(nands: Nands, literal: int, made: Made) -> Gate:
    """The complement of a NAND is the AND."""
    if literal <= TRUE:
        return (_NOT, (0,)) if literal else (cells.and_(2), (nands.inputs[0], nands.inputs[0] ^ 1))
    node = literal >> 1
    if node >= nands.first and literal & 1:
        return cells.and_(2), _sides(nands, literal)
    return _NOT, (literal ^ 1,)


def _and_or_not_rule(nands: Nands, literal: int, made: Made) -> Gate:
    """A NAND is an OR of complements, and its complement an AND; what is there already only wants a NOT."""
    if literal <= TRUE:
        return (cells.or_(2) if literal else cells.and_(2)), (nands.inputs[0], nands.inputs[0] ^ 1)
    if literal ^ 1 in made or literal >> 1 < nands.first:
        return _NOT, (literal ^ 1,)
    a, b = _sides(nands, literal)
    cell, read = (cells.and_(2), (a, b)) if literal & 1 else (cells.or_(2), (a ^ 1, b ^ 1))
    if all(one & 1 and one >> 1 < nands.first and one not in made for one in read):
        return _NOT, (literal ^ 1,)  # one NOT behind it, not one on each input
    return cell, read


def _dual(tape: Tape) -> Tape:
    """The network that gives the complements of its outputs where it gets the complements of its inputs."""
    new = Tape(tape.name)
    dual = [_dual_cell(cell) for cell in tape.cells]
    number = [new.cell(cell.unit, cell.weights) for cell in dual]
    starts, sources = tape.starts.tolist(), tape.sources.tolist()
    for node, cell in enumerate(tape.cell_numbers.tolist()):
        name = tape.name_of(node)
        if cell >= 0:
            new.add_cell(number[cell], sources[starts[node] : starts[node + 1]], name)
        elif node in tape.states:
            new.state(str(name), tape.states[node].initial)
        else:
            new.input(str(name))
    for name, node in tape.outputs.items():
        new.output(name, node)
    for node, state in tape.states.items():
        assert state.next is not None
        new.feedback(node, state.next)
    return new


def _dual_cell(cell: Cell) -> Cell:
    """A unit of complements, turned round: not (w (1 - x) + b > 0) is w x - w - b + 1 > 0 for whole numbers."""
    if isinstance(cell.unit.activation, Table):
        values = cell.unit.activation.values
        turned = Table(*(1 - value for value in reversed(values)))
        # Not rounded: the weights of parallel edges may be whole only together.
        total = sum((exact(weight) for weight in cell.weights), exact(cell.unit.bias))
        return Cell(Unit(exact(len(values) - 1 - total), turned), cell.weights)
    terms, bias = whole_terms(cell.unit, list(enumerate(cell.weights)))
    weights = dict(terms)
    whole = tuple(weights.get(pin, 0) for pin in range(len(cell.weights)))
    return Cell(Unit(1 - bias - sum(whole)), whole)
