"""From an and-inverter graph to a builder: each AND with its inverters is one perceptron.

6 3 4   (not 2) and 4        weights -2, 2, bias -1
"""

from __future__ import annotations

from typing import Any, TypeVar

import numpy as np

from circuits import cells
from circuits.formats.aiger.aig import Aig
from circuits.formats.aiger.names import Named, node_names, output_names
from perceptron import Builder, Tape, Unit
from perceptron.errors import NetworkError

Built = TypeVar("Built", bound=Builder[Any])

# By the complement of the first and of the second literal: the chapter's AND, its bias raised by 2 for each
# inverted input, so that every sum is odd and keeps a margin of 1.
AND_CELLS = [cells.Cell(Unit(2 * (a + b) - 3), (2 - 4 * a, 2 - 4 * b)) for a in (0, 1) for b in (0, 1)]
NOT = cells.nand(1)


def fill(aig: Aig, builder: Built) -> Built:
    """Add a graph to a builder, which is returned.

    The units come in the order of the file: the constant false if an AND reads it, the ANDs, then one inverter
    for each inverted literal that an output or a latch reads.

    Raises
    ------
    FormatError
        If a name is there twice.
    """
    _Filler(aig, builder).fill()
    return builder


class _Filler:
    def __init__(self, aig: Aig, builder: Any):
        self._aig = aig
        self._builder = builder
        self._node: list[Any] = [None]  # by variable
        self._made: dict[int, Any] = {}  # literals of outputs and latches that are no variable

    def fill(self) -> None:
        aig, builder = self._aig, self._builder
        names, outputs = node_names(aig), output_names(aig)
        for position, named in enumerate(names):
            if position < aig.inputs:
                self._node.append(self._named(named, builder.input, named.name))
            else:
                reset = aig.latches[position - aig.inputs].reset
                self._node.append(self._named(named, builder.state, named.name, reset))
        if len(aig.left) and min(aig.left.min(), aig.right.min()) < 2:
            self._node[0] = self._made[0] = builder.add(cells.constant(0).unit)
        if isinstance(builder, Tape):
            self._add_to_tape(builder)
        else:
            self._add_by_verbs()
        for named in outputs:
            self._named(named, builder.output, named.name, self._literal(named.literal))
        for position, latch in enumerate(aig.latches):
            builder.feedback(self._node[1 + aig.inputs + position], self._literal(latch.next))

    def _named(self, named: Named, verb: Any, *arguments: Any) -> Any:
        try:
            return verb(*arguments)
        except NetworkError as error:
            raise self._aig.error(str(error), named.place) from error

    def _add_to_tape(self, tape: Tape) -> None:
        """All ANDs at once, as arrays."""
        left, right = self._aig.left, self._aig.right
        numbers = np.array([tape.cell(*cell) for cell in AND_CELLS], np.int32)
        nodes = np.array([0 if node is None else node for node in self._node], np.int64)
        nodes = np.concatenate((nodes, np.arange(len(tape), len(tape) + len(left))))
        sources = np.column_stack((nodes[left >> 1], nodes[right >> 1])).ravel()
        made = tape.extend_cells(numbers[2 * (left & 1) + (right & 1)], sources)
        self._node += made

    def _add_by_verbs(self) -> None:
        node, add = self._node, self._builder.add
        for left, right in zip(self._aig.left.tolist(), self._aig.right.tolist(), strict=True):
            unit, (first, second) = AND_CELLS[2 * (left & 1) + (right & 1)]
            node.append(add(unit, ((node[left >> 1], first), (node[right >> 1], second))))

    def _literal(self, literal: int) -> Any:
        """The node of a literal: a variable's own, a constant, or an inverter that is made once."""
        if literal > 1 and not literal & 1:
            return self._node[literal >> 1]
        if literal not in self._made:
            if literal < 2:
                made = self._builder.add(cells.constant(literal).unit)
            else:
                made = self._builder.add(NOT.unit, [(self._node[literal >> 1], NOT.weights[0])])
            self._made[literal] = made
        return self._made[literal]
