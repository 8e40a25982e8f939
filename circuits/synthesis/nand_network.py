"""From a graph of NANDs to a network, in whatever gates a rule says for a literal."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from circuits import cells
from circuits.synthesis.nand_graph import FALSE, TRUE, Nands
from perceptron.network import Network
from perceptron.tape import Tape

Made = Mapping[int, str]  # literal -> node, so far
Gate = tuple[cells.Cell, tuple[int, ...]]  # a cell and the literals it reads
Rule = Callable[[Nands, int, Made], Gate]


def nand_rule(nands: Nands, literal: int, made: Made) -> Gate:
    """NANDs alone: a node is one, and a complement another."""
    if literal <= TRUE:
        return cells.nand(2), (nands.inputs[0], nands.inputs[0] ^ 1) if literal else (TRUE, TRUE)
    if literal & 1:
        return cells.nand(2), (literal ^ 1, literal ^ 1)
    index = (literal >> 1) - nands.first
    return cells.nand(2), (nands.left[index], nands.right[index])


def emit(
    nands: Nands, inputs: Sequence[str], outputs: Mapping[str, int], *, also: Iterable[int] = ()
) -> tuple[Network, dict[int, str]]:
    """A network of NANDs for literals of a graph, and which node carries which literal.

    Parameters
    ----------
    nands : Nands
    inputs : sequence of str
        The names of its inputs.
    outputs : mapping of name -> literal
    also : iterable of int
        More literals to make a node for; constants among them are left out.
    """
    net = Network()
    emitter = Emitter(net, nands, [net.input(name) for name in inputs], nand_rule)
    for literal in also:
        if literal > TRUE:
            emitter.node(literal)
    for name, literal in outputs.items():
        net.output(name, emitter.node(literal))
    return net, dict(emitter.made)


def to_network(
    tape: Tape, nands: Nands, literals: Sequence[int], rule: Rule = nand_rule, *, dual: bool = False
) -> Network:
    """The graph as a network with the inputs, outputs, states and names of a tape.

    Parameters
    ----------
    tape : Tape
        What the graph was made of.
    nands : Nands
    literals : sequence of int
        Of each node of the tape; negative for those that are gone.
    rule : function (nands, literal, literals made so far) -> (cell, literals that it reads)
    dual : bool
        Whether the gates that the rule names turn every value of the graph round, as NORs do.
    """
    new = Network(tape.name)
    given = [new.input(name) for name in tape.inputs]
    given += [new.state(str(tape.name_of(node)), state.initial) for node, state in tape.states.items()]
    old = {name: literals[node] for node, name in tape.names.items()}
    emitter = Emitter(new, nands, given, rule, old, dual=dual)
    outputs = [(name, emitter.node(literals[node])) for name, node in tape.outputs.items()]
    following = [emitter.node(literals[state.next]) for state in tape.states.values() if state.next is not None]
    for name, key in outputs:
        new.output(name, key)
    for name, key in zip(new.states, following, strict=True):
        new.feedback(name, key)
    return new


class Emitter:
    """Units for the literals of a graph, made when they are asked for.

    No unit takes a name of the old network unless it computes what that named: it would then mean something else.

    Parameters
    ----------
    new : Network
        Where they are added.
    nands : Nands
    inputs : sequence of str
        The nodes of the graph's inputs.
    rule : function
        See `to_network`.
    old : mapping of name -> literal
        What the nodes of the old network were called.
    dual : bool
        See `to_network`.
    """

    def __init__(
        self,
        new: Network,
        nands: Nands,
        inputs: Sequence[str],
        rule: Rule,
        old: Mapping[str, int] | None = None,
        *,
        dual: bool = False,
    ):
        self._new = new
        self._nands = nands
        self._rule = rule
        self._dual = dual
        self._old = old or {}
        self._count = 0
        self.made = dict(zip(nands.inputs, inputs, strict=True))
        self._names: dict[int, str] = {}
        for name, literal in self._old.items():
            if literal not in self.made:
                self._names.setdefault(literal, name)

    def node(self, literal: int) -> str:
        """The node that carries a literal; what it needs is made first, without recursion."""
        waiting = [literal]
        while waiting:
            top = waiting[-1]
            if top in self.made:
                waiting.pop()
                continue
            cell, read = self._gate(top)
            missing = [one for one in read if one not in self.made]
            if missing:
                waiting.extend(missing)
                continue
            waiting.pop()
            fanin = zip((self.made[one] for one in read), cell.weights, strict=True)
            self.made[top] = self._new.add(cell.unit, fanin, self._name(top))
        return self.made[literal]

    def _gate(self, literal: int) -> Gate:
        if literal in (FALSE, TRUE) and not self._nands.inputs:  # only a constant unit is left
            return cells.constant(literal ^ self._dual), ()
        return self._rule(self._nands, literal, self.made)

    def _name(self, literal: int) -> str:
        name = self._names.get(literal)
        while name is None or name in self._new.graph:
            self._count += 1
            name = f"n{self._count}"
            if name in self._old:
                name = None
        return name
