"""Tape: a network as flat arrays in topological order, for networks of millions of units.

It is filled through the same verbs as `Network`; a node is its number. Units of the same bias, activation and
weights share one *cell*, so that a million two-input gates are a million small integers and a handful of cells.
"""

from __future__ import annotations

import math
from array import array
from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from perceptron.check import check_structure, table_fault
from perceptron.errors import NetworkError
from perceptron.network import Network
from perceptron.numbers import Exact, Number, as_number, exact
from perceptron.unit import Table, Unit

INPUT, STATE = -1, -2  # in place of a cell's number


class Cell(NamedTuple):
    """What units can have in common: the unit itself and the weights of its incoming edges, in order."""

    unit: Unit
    weights: tuple[Number, ...]


class TapeState(NamedTuple):
    """Feedback through time by node numbers; see `perceptron.network.State`."""

    next: int | None
    initial: int | float | None


class Tape:
    """A network as arrays.

    Node i is the i-th that was added. A unit reads only nodes that are there already, so this is a topological
    order and there is no loop.

    Attributes
    ----------
    name : str
    cells : list of Cell
        The distinct cells.

    Examples
    --------
    >>> tape = Tape("nand")
    >>> x1, x2 = tape.input("x1"), tape.input("x2")
    >>> tape.output("out", tape.add(Unit(3), [(x1, -2), (x2, -2)]))
    >>> tape
    <Tape 'nand': 2 inputs, 1 unit, 2 edges, 1 output>
    >>> tape.to_network().fanin("n1")
    [('x1', -2), ('x2', -2)]
    """

    def __init__(self, name: str = ""):
        self.name = name
        self.cells: list[Cell] = []
        self._number: dict[object, int] = {}
        self._cell = array("i")
        self._start = array("q", [0])
        self._source = array("i")
        self._inputs: list[int] = []
        self._real: set[int] = set()
        self._outputs: dict[str, int] = {}
        self._states: dict[int, TapeState] = {}
        self._names: dict[int, str] = {}
        self._taken: set[str] = set()

    # --- the verbs

    def input(self, name: str, *, real: bool = False) -> int:
        """Add an input and return its number (see `Network.input`)."""
        node = self._append(INPUT, (), self._new_name(name))
        self._inputs.append(node)
        if real:
            self._real.add(node)
        return node

    def state(self, name: str, initial: int | float | None = 0) -> int:
        """Add a state and return its number (see `Network.state`)."""
        checked = None if initial is None else as_number(initial, f"state {name!r}: the initial value")
        node = self._append(STATE, (), self._new_name(name))
        self._states[node] = TapeState(None, checked)  # type: ignore[arg-type]
        return node

    def add(self, unit: Unit, fanin: Iterable[tuple[int, Number]] = (), name: str | None = None) -> int:
        """Add a unit and return its number.

        Raises
        ------
        NetworkError
            If the name is taken, a source is not a node that is there already, or a weight is not finite.
        """
        edges = tuple(fanin)
        sources = tuple(source for source, _ in edges)
        return self.add_cell(self.cell(unit, [weight for _, weight in edges]), sources, name)

    def cell(self, unit: Unit, weights: Sequence[Number]) -> int:
        """The number of the cell with this unit and these weights, for `add_cell`.

        Raises
        ------
        NetworkError
            If the unit is none, or a weight is not a finite number.
        """
        if not isinstance(unit, Unit):
            raise NetworkError(f"a unit is {unit!r}; give a Unit, for example Unit(3)")
        made = Cell(unit, tuple(as_number(weight, "a weight") for weight in weights))
        # 2 == 2.0 and 0.0 == -0.0 in Python, but they make cells of their own: files give back what they were given.
        key = (made, tuple(map(type, made.weights)), type(unit.bias), _signs(unit.bias, made.weights))
        number = self._number.get(key)
        if number is None:
            number = self._number[key] = len(self.cells)
            self.cells.append(made)
        return number

    def add_cell(self, cell: int, sources: Sequence[int], name: str | None = None) -> int:
        """Add a unit by the number of its cell: what `add` does, without looking the cell up.

        Raises
        ------
        NetworkError
            If there is no such cell, the name is taken, the sources are too few or too many, or one is not a node
            that is there already.
        """
        if not 0 <= cell < len(self.cells):
            raise NetworkError(f"there is no cell {cell!r}; make it first with cell(unit, weights)")
        count = len(self._cell)
        for source in sources:
            if not isinstance(source, int | np.integer) or not 0 <= source < count:
                raise NetworkError(f"a unit reads node {source!r}, but the nodes are 0 to {count - 1}; add it first")
        if len(sources) != len(self.cells[cell].weights):
            raise NetworkError(
                f"a unit of {len(self.cells[cell].weights)} weights is given {len(sources)} sources; give one for each"
            )
        return self._append(cell, sources, None if name is None else self._new_name(name))

    def extend_cells(self, cells: NDArray[np.integer], sources: NDArray[np.integer]) -> range:
        """Add many unnamed units at once: what `add_cell` does for one after another, in a fraction of the time.

        Parameters
        ----------
        cells : NDArray
            (units,) the number of each unit's cell, from `cell`.
        sources : NDArray
            (edges,) what the units read, unit by unit; a unit may read those before it.

        Returns
        -------
        range
            The numbers of the new units.

        Raises
        ------
        NetworkError
            If there is no such cell, the sources are too few or too many, or a unit reads itself or a node that
            is not there yet. Nothing was added.

        Examples
        --------
        >>> tape = Tape()
        >>> x = tape.input("x")
        >>> invert = tape.cell(Unit(1), [-2])
        >>> tape.extend_cells(np.array([invert, invert]), np.array([x, x + 1]))
        range(1, 3)
        """
        cells, sources = np.asarray(cells, np.int64), np.asarray(sources, np.int64)
        first, count = len(self._cell), len(cells)
        if count and not 0 <= int(cells.min()) <= int(cells.max()) < len(self.cells):
            raise NetworkError(f"there is no such cell; the cells are 0 to {len(self.cells) - 1}")
        widths = np.array([len(cell.weights) for cell in self.cells], np.int64)[cells]
        ends = np.cumsum(widths)
        wanted = int(ends[-1]) if count else 0
        if len(sources) != wanted:
            raise NetworkError(f"units of {wanted} weights are given {len(sources)} sources; give one for each")
        own = np.repeat(np.arange(first, first + count), widths)
        wrong = (sources < 0) | (sources >= own)
        if wrong.any():
            at = int(np.argmax(wrong))
            raise NetworkError(f"unit {own[at]} reads node {sources[at]}, but only 0 to {own[at] - 1} stand before it")
        self._cell.frombytes(cells.astype(np.dtype("i")).tobytes())
        self._start.frombytes((ends + self._start[-1]).astype(np.dtype("q")).tobytes())
        self._source.frombytes(sources.astype(np.dtype("i")).tobytes())
        return range(first, first + count)

    def output(self, name: str, node: int) -> None:
        """Name a node as an output (see `Network.output`).

        Raises
        ------
        NetworkError
            If an output of that name is there already, or there is no such node.
        """
        if not isinstance(name, str) or not name:
            raise NetworkError(f"an output is named {name!r}; give a non-empty string")
        if name in self._outputs:
            raise NetworkError(f"output {name!r} is there already; choose another name")
        self._require(node)
        self._outputs[name] = node

    def feedback(self, state: int, node: int) -> None:
        """Say which node a state takes its next value from (see `Network.feedback`).

        Raises
        ------
        NetworkError
            If there is no such state or no such node.
        """
        if state not in self._states:
            raise NetworkError(f"node {state!r} is no state; add one with state(name)")
        self._require(node)
        self._states[state] = TapeState(node, self._states[state].initial)

    # --- reading it

    def __len__(self) -> int:
        """The number of nodes, inputs and states included."""
        return len(self._cell)

    @property
    def inputs(self) -> tuple[str, ...]:
        """The input names in order."""
        return tuple(self._names[node] for node in self._inputs)

    @property
    def input_nodes(self) -> list[int]:
        """The inputs' numbers in order."""
        return list(self._inputs)

    @property
    def outputs(self) -> Mapping[str, int]:
        """Output name -> node number, in order (read only)."""
        return MappingProxyType(self._outputs)

    @property
    def states(self) -> Mapping[int, TapeState]:
        """State number -> next node and initial value, in order (read only)."""
        return MappingProxyType(self._states)

    @property
    def cell_numbers(self) -> NDArray[np.int32]:
        """(nodes,) the cell of each node; -1 for an input, -2 for a state."""
        return np.array(self._cell, dtype=np.int32)

    @property
    def starts(self) -> NDArray[np.int64]:
        """(nodes + 1,) node i reads sources[starts[i] : starts[i + 1]]."""
        return np.array(self._start, dtype=np.int64)

    @property
    def sources(self) -> NDArray[np.int32]:
        """(edges,) the source of every edge, node by node."""
        return np.array(self._source, dtype=np.int32)

    def takes_real(self, node: int) -> bool:
        """Whether an input was declared to take any finite number."""
        return node in self._real

    @property
    def names(self) -> Mapping[int, str]:
        """Node number -> name, of the nodes that have one (read only)."""
        return MappingProxyType(self._names)

    def name_of(self, node: int) -> str | None:
        """The name of a node, or None if it was given none."""
        return self._names.get(node)

    @property
    def given(self) -> list[int]:
        """The nodes whose values are given at each step: the inputs, then the states."""
        return [*self._inputs, *self._states]

    @property
    def wanted(self) -> list[int]:
        """The nodes whose values are asked for at each step: the outputs, then the states' next nodes."""
        following = [state.next for state in self._states.values()]
        return [*self._outputs.values(), *(node for node in following if node is not None)]

    def binary(self) -> NDArray[np.bool_]:
        """(nodes,) whether the value of each node is always 0 or 1.

        An input takes 0 and 1 unless it was declared real or feeds a unit with a smooth activation.
        """
        smooth = np.array([not cell.unit.activation.binary for cell in self.cells] + [False, False], dtype=bool)
        is_smooth = smooth[self.cell_numbers]
        result = ~is_smooth
        if is_smooth.any():
            fed = np.zeros(len(self), dtype=bool)
            fed[self.sources[np.repeat(is_smooth, np.diff(self.starts))]] = True
            result[[node for node in self._inputs if fed[node]]] = False
        result[list(self._real)] = False
        for node, state in self._states.items():
            result[node] = state.initial in (0, 1, None)
        for _ in self._states:  # a state has the values of what it takes its next value from
            real = [n for n, s in self._states.items() if result[n] and s.next is not None and not result[s.next]]
            if not real:
                break
            result[real] = False
        return result

    def check(self) -> None:
        """Check what the verbs do not: it has an output, states have a next node, tables cover their sums.

        Raises
        ------
        NetworkError
        """
        if not self._outputs:
            raise NetworkError(f"{self!r} has no output; name one with output(name, node)")
        for node, state in self._states.items():
            if state.next is None:
                raise NetworkError(f"state {self._names[node]!r} has no next value; name it with feedback(state, node)")
        tables = {number for number, cell in enumerate(self.cells) if isinstance(cell.unit.activation, Table)}
        if not tables:
            return
        binary = self.binary()
        apart = {
            number
            for number in tables
            if table_fault(
                self.cells[number].unit,
                self.cells[number].unit.activation,  # type: ignore[arg-type]
                {str(pin): exact(weight) for pin, weight in enumerate(self.cells[number].weights)},
            )
        }
        for node, number in enumerate(self._cell):
            if number in tables:
                read = self._source[self._start[node] : self._start[node + 1]]
                wrong = next((source for source in read if not binary[source]), None)
                if wrong is not None:
                    raise NetworkError(
                        f"unit {self.label(node)}: a table reads 0 and 1, but {self.label(wrong)} takes other values; "
                        "put a step unit between them"
                    )
                if number in apart:
                    self._check_merged(node, self.cells[number], read)

    def _check_merged(self, node: int, cell: Cell, read: Sequence[int]) -> None:
        total: dict[str, Exact] = {}
        for source, weight in zip(read, cell.weights, strict=True):
            key = self.label(source)
            total[key] = exact(total.get(key, 0) + exact(weight))
        assert isinstance(cell.unit.activation, Table)
        fault = table_fault(cell.unit, cell.unit.activation, total)
        if fault:
            raise NetworkError(f"unit {self.label(node)}: {fault}")

    def label(self, node: int) -> str:
        """What to call a node in a message: its name in quotes, or its number."""
        return repr(self._names[node]) if node in self._names else f"number {node}"

    def __repr__(self) -> str:
        name = f" {self.name!r}" if self.name else ""
        units = len(self._cell) - len(self._inputs) - len(self._states)
        counts = {
            "input": len(self._inputs),
            "state": len(self._states),
            "unit": units,
            "edge": len(self._source),
            "output": len(self._outputs),
        }
        parts = (f"{count} {word}" + "s" * (count != 1) for word, count in counts.items() if count or word != "state")
        return f"<Tape{name}: {', '.join(parts)}>"

    # --- to and from a Network

    def to_network(self) -> Network:
        """The same network over a graph; unnamed nodes are called n1, n2, ..."""
        net = Network(self.name)
        key: list[str] = []
        for node, number in enumerate(self._cell):
            name = self._names.get(node)
            if number == INPUT:
                assert name is not None
                key.append(net.input(name, real=node in self._real))
            elif number == STATE:
                assert name is not None
                key.append(net.state(name, self._states[node].initial))
            else:
                cell = self.cells[number]
                read = self._source[self._start[node] : self._start[node + 1]]
                fanin = zip((key[source] for source in read), cell.weights, strict=True)
                key.append(net.add(cell.unit, fanin, self._free(net) if name is None else name))
        for name, node in self._outputs.items():
            net.output(name, key[node])
        for node, state in self._states.items():
            if state.next is not None:
                net.feedback(key[node], key[state.next])
        return net

    def _free(self, net: Network) -> str:
        """A name that neither a node so far nor a named node to come has."""
        while True:
            name = net.free_name()
            if name not in self._taken:
                return name

    @classmethod
    def from_network(cls, net: Network) -> Tape:
        """The same network as arrays, with the names of its nodes.

        Raises
        ------
        NetworkError
            If the network is not valid (it may be empty).
        """
        tape = cls(net.name)
        order = check_structure(net)
        node: dict[str, int] = {}
        graph = net.graph
        for name in net.inputs:
            node[name] = tape.input(name, real=graph.nodes[name].get("real", False))
        for name, state in net.states.items():
            node[name] = tape.state(name, state.initial)
        for name in order:
            if name not in node:
                fanin = [(node[source], weight) for source, weight in net.fanin(name)]
                node[name] = tape.add(graph.nodes[name]["unit"], fanin, name)
        for name, target in net.outputs.items():
            tape.output(name, node[target])
        for name, state in net.states.items():
            assert state.next is not None
            tape.feedback(node[name], node[state.next])
        return tape

    # --- bookkeeping

    def _append(self, cell: int, sources: Sequence[int], name: str | None) -> int:
        node = len(self._cell)
        self._cell.append(cell)
        self._source.extend(sources)
        self._start.append(len(self._source))
        if name is not None:
            self._names[node] = name
            self._taken.add(name)
        return node

    def _new_name(self, name: Any) -> str:
        if not isinstance(name, str) or not name:
            raise NetworkError(f"a node is named {name!r}; give a non-empty string")
        if name in self._taken:
            raise NetworkError(f"a node {name!r} is there already; choose another name")
        return name

    def _require(self, node: int) -> None:
        if not isinstance(node, int | np.integer) or not 0 <= node < len(self._cell):
            raise NetworkError(f"there is no node {node!r}; the nodes are 0 to {len(self._cell) - 1}")


def _signs(bias: Number, weights: tuple[Number, ...]) -> tuple[float, ...]:
    """The sign of each float among them, if one of them is 0.0 or -0.0: nothing else that is equal differs in it."""
    if bias and all(weights):
        return ()
    return tuple(math.copysign(1, number) for number in (bias, *weights) if isinstance(number, float))
