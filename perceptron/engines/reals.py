"""The real-valued engine: units of one level that read the same nodes are one product of matrices in float64.

A step unit must still be decided exactly. Where its weights and inputs are whole numbers of moderate size,
float64 is exact by itself; elsewhere a bound on the rounding error tells which samples lie too close to 0, and
those few are decided again with fractions.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from perceptron.engines.logic import whole_terms
from perceptron.network import Network, is_binary
from perceptron.numbers import Exact, exact, size
from perceptron.unit import Activation, Step, Unit

_BLOCK = 2048
_EXACT_BELOW = 1 << 53
_LARGEST = 1e150  # beyond this, products in float64 could overflow


@dataclass(frozen=True, slots=True)
class _Group:
    """Units of one level with the same sources and activation: rows `targets` = f(weights @ rows `sources`)."""

    sources: NDArray[np.intp]
    targets: NDArray[np.intp]
    weights: NDArray[np.float64]
    bias: NDArray[np.float64]
    activation: Activation
    bound: NDArray[np.float64] | None  # rounding error for inputs of size 1; None where there is none
    terms: list[list[tuple[int, Exact]]]
    exact_bias: list[Exact]


class RealProgram:
    """A network as groups of matrices.

    Parameters
    ----------
    net : Network
        Checked.
    order : sequence of str
        Its nodes in topological order.
    """

    def __init__(self, net: Network, order: Sequence[str]):
        inputs = set(net.inputs)
        self._row = {node: index for index, node in enumerate([*net.inputs, *(n for n in order if n not in inputs)])}
        self._inputs = len(net.inputs)
        self._outputs = [self._row[node] for node in net.outputs.values()]
        self._binary = all(is_binary(net, node) for node in net.outputs.values())
        level: dict[str, int] = {}
        members: dict[tuple[int, tuple[str, ...], Activation, bool], list[str]] = {}
        for node in order:
            sources = tuple(net.graph.pred[node])
            level[node] = 1 + max((level[source] for source in sources), default=0)
            if node not in net.graph or net.graph.nodes[node].get("unit") is None:
                continue
            binary = all(is_binary(net, source) for source in sources)
            members.setdefault((level[node], sources, net.unit(node).activation, binary), []).append(node)
        self._groups = [
            self._group(net, nodes, key[1], binary=key[3])
            for key, nodes in sorted(members.items(), key=lambda item: item[0][0])
        ]

    def _group(self, net: Network, nodes: list[str], sources: tuple[str, ...], *, binary: bool) -> _Group:
        column = {source: index for index, source in enumerate(sources)}
        weights = np.zeros((len(nodes), len(sources)))
        bias = np.zeros(len(nodes))
        bound = np.zeros(len(nodes))
        terms: list[list[tuple[int, Exact]]] = []
        exact_bias: list[Exact] = []
        activation = net.unit(nodes[0]).activation
        for index, node in enumerate(nodes):
            unit = net.unit(node)
            total, first, error = _floats(unit, net.fanin(node), binary=binary)
            for source, weight in total:
                weights[index, column[source]] = weight
            bias[index], bound[index] = first, error
            terms.append([(self._row[source], exact(weight)) for source, weight in net.fanin(node)])
            exact_bias.append(exact(unit.bias))
        return _Group(
            np.array([self._row[source] for source in sources], dtype=np.intp),
            np.array([self._row[node] for node in nodes], dtype=np.intp),
            weights,
            bias,
            activation,
            bound if bound.any() else None,
            terms,
            exact_bias,
        )

    def run(self, samples: NDArray[Any]) -> NDArray[np.uint8] | NDArray[np.float64]:
        """Outputs (samples, outputs) for checked samples (samples, inputs)."""
        result = np.empty((len(samples), len(self._outputs)), dtype=np.uint8 if self._binary else np.float64)
        block = min(_BLOCK, max(1, len(samples)))
        store = np.empty((len(self._row), block))
        for start in range(0, len(samples), block):
            part = samples[start : start + block]
            values = store[:, : len(part)]
            values[: self._inputs] = part.T
            for group in self._groups:
                self._run_group(group, values)
            result[start : start + block] = values[self._outputs].T
        return result

    @staticmethod
    def _run_group(group: _Group, values: NDArray[np.float64]) -> None:
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
    unit: Unit, fanin: Sequence[tuple[str, Any]], *, binary: bool
) -> tuple[list[tuple[str, float]], float, float]:
    """Terms and bias as floats, and a bound on the rounding error of the sum (0: decided as it is)."""
    if isinstance(unit.activation, Step) and binary:
        whole, bias = whole_terms(unit, fanin)
        if sum(abs(weight) for _, weight in whole) + abs(bias) < _EXACT_BELOW:
            return [(str(source), float(weight)) for source, weight in whole], float(bias), 0.0
    total: dict[str, Exact] = {}
    for source, weight in fanin:
        total[source] = exact(total.get(source, 0) + exact(weight))
    largest = sum(size(weight) for weight in total.values()) + size(unit.bias)
    if largest > _LARGEST:
        return [], 0.0, np.inf  # every sample is decided with fractions
    terms = [(source, float(weight)) for source, weight in total.items()]
    if not isinstance(unit.activation, Step):
        return terms, float(unit.bias), 0.0
    if not largest:
        return terms, 0.0, 0.0
    relative = float(np.finfo(np.float64).eps * (len(terms) + 4) * float(largest))
    return terms, float(unit.bias), relative + float(np.finfo(np.float64).tiny)  # tiny: products below 1e-308
