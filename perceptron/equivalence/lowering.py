"""Two networks lowered onto the same inputs: for each output, the two literals that ought to be equal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from perceptron.engines.logic import Logic
from perceptron.equivalence.folding import Folding
from perceptron.tape import Tape


@dataclass(frozen=True)
class Pairs:
    """What is to be proved: that two literals are equal, pair by pair.

    Attributes
    ----------
    logic : Logic
        Over the inputs of both networks.
    labels : list of str
        What each pair is: the output's name, or the state whose next value it is.
    literals : list of (int, int)
        The first network's and the second's.
    """

    logic: Logic
    labels: list[str]
    literals: list[tuple[int, int]]


def lowered(first: Tape, second: Tape) -> Pairs:
    """Both networks in one logic that shares and folds; inputs, outputs and states matched by name."""
    names = [first.name_of(node) for node in first.given]
    logic = Folding(len(names))
    literal = dict(zip(names, logic.inputs, strict=True))
    one = logic.trace(first, logic.inputs)
    two = logic.trace(second, [literal[second.name_of(node)] for node in second.given])
    return _matched(logic, first, second, one, two)


def lowered_apart(first: Tape, second: Tape) -> Pairs:
    """Both networks in one logic that shares nothing but the inputs between them."""
    names = [first.name_of(node) for node in first.given]
    count = len(names)
    mine, theirs, both = Logic(count), Logic(count), Logic(count)
    one = mine.trace(first, mine.inputs)
    literal = dict(zip(names, theirs.inputs, strict=True))
    two = theirs.trace(second, [literal[second.name_of(node)] for node in second.given])
    offset = 2 * len(mine.kind)

    def moved(literals: Sequence[int]) -> list[int]:
        return [literal + offset if literal >> 1 > count else literal for literal in literals]

    both.kind = mine.kind + theirs.kind
    both.left = mine.left + moved(theirs.left)
    both.right = mine.right + moved(theirs.right)
    return _matched(both, first, second, one, moved(two))


def _matched(logic: Logic, first: Tape, second: Tape, one: Sequence[int], two: Sequence[int]) -> Pairs:
    labels = list(first.outputs)
    literals = [(one[node], two[second.outputs[name]]) for name, node in first.outputs.items()]
    theirs = {second.name_of(node): state.next for node, state in second.states.items()}
    for node, state in first.states.items():
        name = first.name_of(node)
        following = theirs[name]
        assert state.next is not None
        assert following is not None
        labels.append(f"the next {name}")
        literals.append((one[state.next], two[following]))
    return Pairs(logic, labels, literals)


def needed(logic: Logic, literals: Sequence[int]) -> list[int]:
    """The operations that some literals depend on, in order."""
    first = len(logic.inputs) + 1
    marked = bytearray(first + len(logic.kind))
    for literal in literals:
        marked[literal >> 1] = 1
    for operation in range(len(marked) - 1, first - 1, -1):
        if marked[operation]:
            marked[logic.left[operation - first] >> 1] = 1
            marked[logic.right[operation - first] >> 1] = 1
    return [operation for operation in range(first, len(marked)) if marked[operation]]


def supports(logic: Logic, literals: Sequence[int]) -> list[int]:
    """For each literal the inputs that it is built of, as the bits of an integer; input 0 is bit 0."""
    first = len(logic.inputs) + 1
    masks = [0] * (first + len(logic.kind))
    for place in range(len(logic.inputs)):
        masks[place + 1] = 1 << place
    for operation in needed(logic, literals):
        left, right = logic.left[operation - first], logic.right[operation - first]
        masks[operation] = masks[left >> 1] | masks[right >> 1]
    return [masks[literal >> 1] for literal in literals]
