"""to_nand: any 0/1 network as nothing but NAND gates, each the perceptron of weights -2, -2 and bias 3."""

from __future__ import annotations

from circuits import cells
from perceptron import Network
from perceptron.engines import as_tape
from perceptron.engines.logic import AND, FALSE, TRUE, Logic
from perceptron.errors import NetworkError
from perceptron.tape import Tape


def to_nand(net: Network | Tape) -> Network:
    """The same function built of NAND gates alone: NAND is universal for computation.

    Every unit is lowered to two-input operations (see `perceptron.engines.logic`), equal ones are shared,
    constants are folded, and each operation becomes NANDs: an AND one (its complement), an exclusive or four.
    A unit whose value is still there keeps its name.

    Parameters
    ----------
    net : Network or Tape
        Of step and table units with 0/1 inputs; any integer or rational weights.

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
    >>> from circuits import statistics, to_nand, xor
    >>> statistics(to_nand(xor.network))["gates"]
    {'NAND': 4}
    """
    tape = as_tape(net)
    for node, binary in enumerate(tape.binary()):
        if not binary:
            raise NetworkError(
                f"node {tape.label(node)} has other values than 0 and 1, so it is no logic; harden the network first"
            )
    logic = Logic(len(tape.given))
    literals = logic.trace(tape, logic.inputs)
    new = Network(tape.name)
    given = [new.input(name) for name in tape.inputs]
    given += [new.state(str(tape.name_of(node)), state.initial) for node, state in tape.states.items()]
    emit = _Emitter(new, logic, given)
    emit.reserve({name: literals[node] for node, name in tape.names.items()})
    outputs = [(name, emit.node(literals[node])) for name, node in tape.outputs.items()]
    following = [emit.node(literals[state.next]) for state in tape.states.values() if state.next is not None]
    for name, key in outputs:
        new.output(name, key)
    for name, key in zip(new.states, following, strict=True):
        new.feedback(name, key)
    return new


class _Emitter:
    """NANDs for the literals of a `Logic`, made when they are asked for."""

    def __init__(self, new: Network, logic: Logic, inputs: list[str]):
        self._new = new
        self._logic = logic
        self._inputs = inputs
        self._made = dict(zip(logic.inputs, inputs, strict=True))
        self._nands: dict[tuple[str, str], str] = {}
        self._names: dict[int, str] = {}
        self._old: dict[str, int] = {}
        self._count = 0

    def reserve(self, literals: dict[str, int]) -> None:
        """Remember which unit of the old network each literal stood for, to keep its name.

        No other unit may take a name of the old network: it would then mean something else.
        """
        self._old = literals
        for node, literal in literals.items():
            if literal not in self._made:
                self._names.setdefault(literal, node)

    def node(self, literal: int) -> str:
        """The node that carries a literal; what it needs is made first, without recursion."""
        waiting = [literal]
        while waiting:
            top = waiting[-1]
            missing = [need for need in self._needs(top) if need not in self._made]
            if top in self._made or not missing:
                waiting.pop()
                if top not in self._made:
                    self._made[top] = self._make(top)
            else:
                waiting.extend(missing)
        return self._made[literal]

    def _operands(self, literal: int) -> tuple[int, int, int]:
        index = (literal >> 1) - len(self._inputs) - 1
        return self._logic.kind[index], self._logic.left[index], self._logic.right[index]

    def _needs(self, literal: int) -> tuple[int, ...]:
        if literal in (FALSE, TRUE):
            return ()
        if literal >> 1 <= len(self._inputs):
            return (literal & ~1,)
        kind, a, b = self._operands(literal)
        if kind == AND:
            return (a, b) if literal & 1 else (literal ^ 1,)
        return (literal ^ 1,) if literal & 1 else (a, b)

    def _make(self, literal: int) -> str:
        name = self._names.get(literal)
        if literal in (FALSE, TRUE):
            return self._constant(literal)
        needs = [self._made[need] for need in self._needs(literal)]
        if len(needs) == 1:
            return self._nand(needs[0], needs[0], name)
        a, b = needs
        if self._operands(literal)[0] == AND:
            return self._nand(a, b, name)
        both = self._nand(a, b)
        return self._nand(self._nand(a, both), self._nand(b, both), name)

    def _constant(self, literal: int) -> str:
        """1 is NAND(x, not x), and 0 its complement; without inputs only a constant unit is left."""
        if not self._inputs:
            return self._new.add(cells.constant(literal).unit, (), self._names.get(literal))
        one = self._nand(self._inputs[0], self._nand(self._inputs[0], self._inputs[0]))
        return one if literal == TRUE else self._nand(one, one)

    def _nand(self, a: str, b: str, name: str | None = None) -> str:
        key = (a, b) if a <= b else (b, a)
        if key not in self._nands:
            cell = cells.nand(2)
            free = self._fresh() if name is None or name in self._new.graph else name
            self._nands[key] = self._new.add(cell.unit, zip((a, b), cell.weights, strict=True), free)
        return self._nands[key]

    def _fresh(self) -> str:
        while True:
            self._count += 1
            name = f"n{self._count}"
            if name not in self._old and name not in self._new.graph:
                return name
