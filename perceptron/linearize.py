"""linearize: how the outputs change when weights and biases change a little (chapter 1, equation 5)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike, NDArray

from perceptron.errors import ParameterError
from perceptron.evaluate import Values, evaluate, trace
from perceptron.network import Network
from perceptron.numbers import Number, add
from perceptron.rewrite import rebuild
from perceptron.unit import Unit


@dataclass(frozen=True)
class Parameter:
    """One number of a network that can be changed: a bias, or the weight of one edge.

    `source` is None for the bias of `node`; otherwise the parameter is edge number `index` among the incoming
    edges of `node` (in the order of `net.fanin(node)`), which comes from `source`.
    """

    node: str
    source: str | None = None
    index: int | None = None

    def __str__(self) -> str:
        return f"bias of {self.node}" if self.source is None else f"weight {self.source} -> {self.node}"


@dataclass(frozen=True, eq=False)
class Linearization:
    """The outputs of a network near one input, as a linear function of its weights and biases.

    Attributes
    ----------
    parameters : list of Parameter
        All of them: for each unit its bias, then its weights.
    outputs : dict of output name -> value
        At the input, unchanged.
    jacobian : ndarray (outputs, parameters)
        The partial derivatives of equation 5. All 0 for a network of steps, which is flat wherever it does not
        jump.
    """

    net: Network = field(repr=False)
    at: dict[str, int | float]
    parameters: list[Parameter] = field(repr=False)
    outputs: dict[str, int | float]
    jacobian: NDArray[np.float64] = field(repr=False)

    def predict(self, changes: ArrayLike) -> dict[str, float]:
        """The change of each output by equation 5: the sum of (d output / d parameter) * change.

        Parameters
        ----------
        changes : array_like (parameters,), or a number
            One for each of `parameters`; a single number changes all by as much.
        """
        delta = self.jacobian @ self._changes(changes)
        return dict(zip(self.outputs, delta.tolist(), strict=True))

    def true_change(self, changes: ArrayLike) -> dict[str, float]:
        """The change of each output when the weights and biases are really changed and it is evaluated again."""
        after = evaluate(self.changed(changes), self.at)
        return {name: float(after[name] - before) for name, before in self.outputs.items()}

    def flips(self, changes: ArrayLike) -> dict[str, tuple[int, int]]:
        """The step and table units whose value flips under these changes, as unit -> (before, after)."""
        before, after = trace(self.net, self.at), trace(self.changed(changes), self.at)
        return {
            node: (int(before.values[node]), int(after.values[node]))
            for node in self.net.units
            if self.net.unit(node).activation.binary and before.values[node] != after.values[node]
        }

    def changed(self, changes: ArrayLike) -> Network:
        """The network with these changes made to its weights and biases."""
        delta = dict(zip(self.parameters, self._changes(changes).tolist(), strict=True))

        def rule(node: str, unit: Unit, fanin: list[tuple[str, Number]]) -> tuple[Unit, list[tuple[str, Number]]]:
            moved = [
                (source, add(weight, delta[Parameter(node, source, index)]))
                for index, (source, weight) in enumerate(fanin)
            ]
            return Unit(add(unit.bias, delta[Parameter(node)]), unit.activation), moved

        return rebuild(self.net, rule)

    def gradient(self, output: str) -> dict[Parameter, float]:
        """The partial derivatives of one output, by parameter.

        Raises
        ------
        ParameterError
            If there is no such output.
        """
        if output not in self.outputs:
            raise ParameterError(f"there is no output {output!r}; the outputs are {', '.join(self.outputs)}")
        row = list(self.outputs).index(output)
        return dict(zip(self.parameters, self.jacobian[row].tolist(), strict=True))

    def _changes(self, changes: ArrayLike) -> NDArray[np.float64]:
        array = np.asarray(changes, dtype=np.float64)
        if array.ndim == 0:
            array = np.full(len(self.parameters), float(array))
        if array.shape != (len(self.parameters),):
            raise ParameterError(
                f"changes have the shape {array.shape}; give one number for each of the {len(self.parameters)} "
                "parameters, or a single one for all"
            )
        if not np.isfinite(array).all():
            raise ParameterError("a change is not finite; give finite numbers")
        return array


def linearize(net: Network, at: Values | None = None, /, **named: int | float) -> Linearization:
    """Equation 5 for all weights and biases of a network, at one input.

    The derivatives are found by going backwards through the network once for each output.

    Parameters
    ----------
    net : Network
        Sigmoids change smoothly; steps and tables have the derivative 0, and `flips` says what they do.
    at, **named
        The input, as for `evaluate`.

    Returns
    -------
    Linearization

    Raises
    ------
    NetworkError, InputError
        As `evaluate`.

    Examples
    --------
    >>> from perceptron import SIGMOID, Network, Unit
    >>> net = Network()
    >>> net.output("y", net.add(Unit(0.5, SIGMOID), [(net.input("x"), 2.0)], name="y"))
    >>> near = linearize(net, x=0.25)
    >>> [str(parameter) for parameter in near.parameters]
    ['bias of y', 'weight x -> y']
    >>> f"{near.predict(0.01)['y']:.6f} {near.true_change(0.01)['y']:.6f}"
    '0.002458 0.002451'
    """
    traced = trace(net, at, **named)
    order = [node for node in net.order() if node in traced.sums]
    parameters: list[Parameter] = []
    first: dict[str, int] = {}
    for node in order:
        first[node] = len(parameters)
        parameters.append(Parameter(node))
        parameters.extend(Parameter(node, source, index) for index, (source, _) in enumerate(net.fanin(node)))
    slope = {node: net.unit(node).activation.derivative(traced.sums[node]) for node in order}
    rows: dict[str, NDArray[np.float64]] = {}
    for target in set(net.outputs.values()):
        rows[target] = _backwards(net, order, target, slope, first, traced.values, len(parameters))
    return Linearization(
        net=net.copy(),
        at={name: traced.values[name] for name in net.inputs},
        parameters=parameters,
        outputs={name: traced.values[node] for name, node in net.outputs.items()},
        jacobian=np.array([rows[node] for node in net.outputs.values()]),
    )


def _backwards(
    net: Network,
    order: list[str],
    target: str,
    slope: Mapping[str, float],
    first: Mapping[str, int],
    values: Mapping[str, int | float],
    count: int,
) -> NDArray[np.float64]:
    """d target / d parameter for all parameters; `nabla` holds d target / d value of each node."""
    row = np.zeros(count)
    nabla = dict.fromkeys(net.graph, 0.0)
    nabla[target] = 1.0
    for node in reversed(order):
        delta = nabla[node] * slope[node]
        if delta:
            row[first[node]] = delta
            for index, (source, weight) in enumerate(net.fanin(node), start=1):
                row[first[node] + index] = delta * float(values[source])
                nabla[source] += delta * float(weight)
    return row
