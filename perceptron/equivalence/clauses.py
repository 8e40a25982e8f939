"""Clauses: what operations say, in conjunctive normal form; and a whole network as a DIMACS file.

A clause is a list of integers, each a variable or its negation by sign, as in DIMACS files. An AND operation takes
three clauses and an exclusive or four (G. S. Tseitin, 1968). A unit reaches them through its operations: a diagram of
its partial sums where that is small and binary adders otherwise (see `perceptron.engines.logic`), so that
the number of clauses grows with the bits of the weights, not with their values.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from perceptron.engines import as_tape
from perceptron.engines.logic import AND, Logic
from perceptron.errors import NetworkError
from perceptron.network import Network
from perceptron.tape import Tape

Clause = list[int]


def of_operation(kind: int, v: int, x: int, y: int) -> list[Clause]:
    """The clauses of v = x & y or v = x ^ y."""
    if kind == AND:
        return [[-v, x], [-v, y], [v, -x, -y]]
    return [[-v, x, y], [-v, -x, -y], [v, -x, y], [v, x, -y]]


def variable(literal: int) -> int:
    """The signed variable of a literal, where node n has variable n + 1."""
    return -(literal >> 1) - 1 if literal & 1 else (literal >> 1) + 1


def of_logic(logic: Logic) -> list[Clause]:
    """The clauses of all operations; variable 1 is the constant false, and the inputs come next."""
    first = len(logic.inputs) + 1
    clauses: list[Clause] = [[-1]]
    for at, (kind, left, right) in enumerate(zip(logic.kind, logic.left, logic.right, strict=True)):
        clauses += of_operation(kind, first + at + 1, variable(left), variable(right))
    return clauses


def dimacs(clauses: Sequence[Clause], variables: int, comments: Iterable[str]) -> str:
    """A DIMACS file."""
    lines = [f"c {comment}" for comment in comments]
    lines.append(f"p cnf {variables} {len(clauses)}")
    lines += [" ".join(map(str, [*clause, 0])) for clause in clauses]
    return "\n".join(lines) + "\n"


def named(name: str) -> str:
    """A name as it stands in a comment of one line."""
    return name.encode("unicode_escape").decode("ascii")


def to_dimacs(net: Network | Tape) -> str:
    """A 0/1 network as clauses in the DIMACS format, whose models are the rows of its truth table.

    Comments say which variable is which input, state or output: `c input 2 x1`, `c output -5 out` (a minus sign for
    the complement).

    Parameters
    ----------
    net : Network or Tape
        With states: one step; `c next 7 q` is the state's next value.

    Raises
    ------
    NetworkError
        If the network is not valid, or has other values than 0 and 1.

    Examples
    --------
    >>> from circuits import nand
    >>> print(to_dimacs(nand.network), end="")
    c variable 1 is the constant 0
    c input 2 x1
    c input 3 x2
    c output -4 out
    p cnf 4 4
    -1 0
    -4 2 0
    -4 3 0
    4 -2 -3 0
    """
    tape = as_tape(net)
    if not tape.binary().all():
        raise NetworkError("the network has other values than 0 and 1, so it is no formula; harden the network first")
    logic = Logic(len(tape.given))
    literals = logic.trace(tape, logic.inputs)
    comments = ["variable 1 is the constant 0"]
    for node, literal in zip(tape.given, logic.inputs, strict=True):
        kind = "state" if node in tape.states else "input"
        comments.append(f"{kind} {variable(literal)} {named(str(tape.name_of(node)))}")
    comments += [f"output {variable(literals[node])} {named(name)}" for name, node in tape.outputs.items()]
    for node, state in tape.states.items():
        assert state.next is not None
        comments.append(f"next {variable(literals[state.next])} {named(str(tape.name_of(node)))}")
    return dimacs(of_logic(logic), 1 + len(logic.inputs) + len(logic.kind), comments)
