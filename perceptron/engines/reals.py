"""The real-valued engine: units of one level that read the same nodes are one product of matrices.

A step unit must still be decided exactly. Where its weights and inputs are whole numbers of moderate size,
floating point is exact by itself; elsewhere a bound on the rounding error tells which samples lie too close to 0, and
those few are decided again with fractions.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from perceptron.engines.logic import whole_terms
from perceptron.numbers import Exact, Number, exact, size
from perceptron.tape import Cell, Tape
from perceptron.unit import Activation, Step, Unit

_BLOCK = 2048
_VALUES = 1 << 23  # as many float64 as are held at once, 64 MB
_LARGEST = {"float64": 1e150, "float32": 1e18}  # beyond this, products could overflow


@dataclass(frozen=True, slots=True)
class _Group:
    """Units of one level with the same sources and activation: rows `targets` = f(weights @ rows `sources`)."""

    sources: NDArray[np.intp]
    targets: NDArray[np.intp]
    weights: NDArray[Any]
    bias: NDArray[Any]
    activation: Activation
    bound: NDArray[Any] | None  # rounding error for inputs of size 1; None where there is none
    terms: list[list[tuple[int, Exact]]]
    exact_bias: list[Exact]


class RealProgram:
    """A network as groups of matrices; a step unit is decided exactly.

    Parameters
    ----------
    tape : Tape
        Checked.
    binary : ndarray (nodes,) of bool
        Whether each node is always 0 or 1 (`tape.binary()`).
    dtype : numpy.float64 or numpy.float32
        What the matrices are made of.
    """

    def __init__(self, tape: Tape, binary: NDArray[np.bool_], dtype: type[np.float32 | np.float64] = np.float64):
        self.dtype: np.dtype[Any] = np.dtype(dtype)
        self._nodes = len(tape)
        self._given = np.array(tape.given, dtype=np.intp)
        self._wanted = np.array(tape.wanted, dtype=np.intp)
        self._cells = tape.cells
        starts, sources = tape.starts.tolist(), tape.sources.tolist()
        level = [0] * len(tape)
        members: dict[tuple[int, tuple[int, ...], Activation, bool], list[tuple[int, Cell]]] = {}
        for node, number in enumerate(tape.cell_numbers.tolist()):
            if number < 0:
                continue
            read = tuple(sources[starts[node] : starts[node + 1]])
            level[node] = 1 + max((level[source] for source in read), default=0)
            exact_inputs = bool(binary[list(read)].all())
            key = (level[node], read, tape.cells[number].unit.activation, exact_inputs)
            members.setdefault(key, []).append((node, tape.cells[number]))
        self.groups = [
            self._group(units, key[1], binary=key[3])
            for key, units in sorted(members.items(), key=lambda item: item[0][0])
        ]

    def _group(self, units: list[tuple[int, Cell]], read: tuple[int, ...], *, binary: bool) -> _Group:
        sources = list(dict.fromkeys(read))
        column = {source: index for index, source in enumerate(sources)}
        weights = np.zeros((len(units), len(sources)), dtype=self.dtype)
        bias = np.zeros(len(units), dtype=self.dtype)
        bound = np.zeros(len(units))
        terms: list[list[tuple[int, Exact]]] = []
        exact_bias: list[Exact] = []
        activation = units[0][1].unit.activation
        for index, (_, cell) in enumerate(units):
            fanin = list(zip(read, cell.weights, strict=True))
            total, first, error = _floats(cell.unit, fanin, self.dtype, binary=binary)
            for source, weight in total:
                weights[index, column[source]] = weight
            bias[index], bound[index] = first, error
            terms.append([(source, exact(weight)) for source, weight in fanin])
            exact_bias.append(exact(cell.unit.bias))
        return _Group(
            np.array(sources, dtype=np.intp),
            np.array([node for node, _ in units], dtype=np.intp),
            weights,
            bias,
            activation,
            bound if bound.any() else None,
            terms,
            exact_bias,
        )

    def run(self, given: NDArray[Any]) -> NDArray[Any]:
        """The wanted values (samples, wanted) for given values (samples, given): see `Tape.given`, `Tape.wanted`."""
        result = np.empty((len(given), len(self._wanted)), dtype=self.dtype)
        block = max(1, min(_BLOCK, _VALUES // max(1, self._nodes), len(given)))
        store = np.empty((self._nodes, block), dtype=self.dtype)
        for start in range(0, len(given), block):
            part = given[start : start + block]
            values = store[:, : len(part)]
            values[self._given] = part.T
            for group in self.groups:
                self._run_group(group, values)
            result[start : start + block] = values[self._wanted].T
        return result

    @staticmethod
    def _run_group(group: _Group, values: NDArray[Any]) -> None:
        sources = values[group.sources]
        with np.errstate(over="ignore", invalid="ignore"):
            z = group.weights @ sources
            z += group.bias[:, None]
            unsure = ~np.isfinite(z)  # only where an input itself is near the largest float
            out = group.activation.array(z)
            if group.bound is not None:
                widest = np.abs(sources).max(axis=0, initial=1.0)
                unsure |= np.abs(z) <= group.bound[:, None] * widest
        if unsure.any():
            for unit, sample in np.argwhere(unsure):
                total = group.exact_bias[unit]
                for row, weight in group.terms[unit]:
                    total += weight * exact(float(values[row, sample]))
                out[unit, sample] = group.activation(exact(total))
        values[group.targets] = out


def _floats(
    unit: Unit, fanin: Sequence[tuple[int, Number]], dtype: np.dtype[Any], *, binary: bool
) -> tuple[list[tuple[int, float]], float, float]:
    """Terms and bias as floats, and a bound on the rounding error of the sum (0: decided as it is)."""
    if isinstance(unit.activation, Step) and binary:
        whole, bias = whole_terms(unit, fanin)
        if sum(abs(weight) for _, weight in whole) + abs(bias) < 2 / float(np.finfo(dtype).eps):
            return [(source, float(weight)) for source, weight in whole], float(bias), 0.0
    total: dict[int, Exact] = {}
    for source, weight in fanin:
        total[source] = exact(total.get(source, 0) + exact(weight))
    largest = sum(size(weight) for weight in total.values()) + size(unit.bias)
    if largest > _LARGEST[dtype.name]:
        return [], 0.0, np.inf  # every sample is decided with fractions
    terms = [(source, float(weight)) for source, weight in total.items()]
    if not isinstance(unit.activation, Step):
        return terms, float(unit.bias), 0.0
    if not largest:
        return terms, 0.0, 0.0
    relative = float(np.finfo(dtype).eps) * (len(terms) + 4) * float(largest)
    return terms, float(unit.bias), relative + float(np.finfo(dtype).tiny)  # tiny: products below the least float
