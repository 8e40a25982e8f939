"""agreement: from which slope on a softened network behaves as the network of perceptrons (chapter 1, exercise 2)."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from perceptron.check import check
from perceptron.errors import InputError, NetworkError, ParameterError
from perceptron.evaluate import trace
from perceptron.network import Network
from perceptron.numbers import Exact, size
from perceptron.simulate import truth_table
from perceptron.unit import SIGMOID, Step

ALL_INPUTS = 12
_GRID = 64  # slopes tried below the proved one, evenly spaced on a logarithmic scale


@dataclass(frozen=True)
class Agreement:
    """How a softened network compares with its network of perceptrons on some inputs.

    Attributes
    ----------
    slope : float or None
        The smallest c found such that the outputs of `soften(net, c)`, read at 0.5, are those of `net` on every
        sample, for this c and every larger one that was tried; to one part in a million. None if a sum is 0.
    proved_slope : float or None
        From here on it holds for *every* larger c, by a bound on how far the errors of the sigmoids can grow.
        None if a sum is 0.
    margins : dict of unit -> int or Fraction
        The smallest |w.x + b| of each unit over the samples, exact.
    zeros : list of (unit, input)
        The units whose sum is exactly 0, each with the first such input (a dict). The perceptron gives 0
        there and the sigmoid neuron 0.5 whatever c is, so no c works.
    samples : int
        How many inputs were looked at.
    """

    slope: float | None
    proved_slope: float | None
    margins: dict[str, Exact] = field(repr=False)
    zeros: list[tuple[str, dict[str, int | float]]]
    samples: int

    def __str__(self) -> str:
        """A report of a few lines."""
        if self.zeros:
            lines = ["No slope works: w.x + b is exactly 0 at"]
            for node, values in self.zeros:
                at = ", ".join(f"{name}={value}" for name, value in values.items())
                lines.append(f"  unit {node!r} for {at}: the perceptron gives 0, the sigmoid neuron 0.5 for every c")
            return "\n".join(lines)
        narrowest = min(self.margins, key=lambda node: self.margins[node])
        return (
            f"The softened network agrees on {self.samples} inputs from c = {self.slope:.4g} on "
            f"(proved from c = {self.proved_slope:.4g}); the narrowest margin |w.x + b| is "
            f"{float(self.margins[narrowest]):g}, at unit {narrowest!r}."
        )


def agreement(net: Network, samples: ArrayLike | None = None) -> Agreement:
    """The margins of a network of perceptrons and the slope from which its softened form agrees with it.

    Parameters
    ----------
    net : Network
        Of step units.
    samples : array_like (samples, inputs), optional
        The inputs to look at; all 2**inputs of them by default, for at most 12 inputs.

    Returns
    -------
    Agreement

    Raises
    ------
    NetworkError
        If the network is not valid, has no unit, or has a unit that is not a step.
    ParameterError
        If there are more than 12 inputs and no samples.
    InputError
        If the samples do not fit.

    Examples
    --------
    A NAND gate's sums are 3, 1 and -1: it agrees for every c > 0. An AND gate whose bias is -4 has a sum of
    0 for 1, 1:

    >>> from circuits import nand
    >>> agreement(nand.network).margins
    {'out': 1}
    >>> from perceptron import Network, Unit
    >>> net = Network()
    >>> net.output("out", net.add(Unit(-4), [(net.input("x1"), 2), (net.input("x2"), 2)], name="edge"))
    >>> print(agreement(net))
    No slope works: w.x + b is exactly 0 at
      unit 'edge' for x1=1, x2=1: the perceptron gives 0, the sigmoid neuron 0.5 for every c
    """
    order = check(net)
    for node in net.units:
        if not isinstance(net.unit(node).activation, Step):
            raise NetworkError(
                f"unit {node!r} is no perceptron but {net.unit(node).activation!r}; give a network of steps"
            )
    if not net.units:
        raise NetworkError(f"{net!r} has no unit, so there is nothing to soften")
    inputs = _inputs(net, samples)
    margins: dict[str, Exact] = {}
    zeros: dict[str, dict[str, int | float]] = {}
    steps = np.empty((len(net.graph), len(inputs)))
    given = set(net.inputs)
    row = {node: index for index, node in enumerate([*net.inputs, *(n for n in order if n not in given)])}
    for sample, values in enumerate(inputs.tolist()):
        traced = trace(net, values)
        for node, z in traced.sums.items():
            margins[node] = min(size(z), margins.get(node, size(z)))
            if z == 0:
                zeros.setdefault(node, {name: traced.values[name] for name in net.inputs})
        for node, value in traced.values.items():
            steps[row[node], sample] = value
    if zeros:
        return Agreement(None, None, margins, list(zeros.items()), len(inputs))
    plan = _Plan(net, [node for node in order if node in margins], row, steps)
    proved = _proved(net, plan.nodes, margins)
    return Agreement(_smallest(plan, proved), proved, margins, [], len(inputs))


def _inputs(net: Network, samples: ArrayLike | None) -> NDArray[Any]:
    if samples is None:
        if len(net.inputs) > ALL_INPUTS:
            raise ParameterError(
                f"the network has {len(net.inputs)} inputs, too many to look at all of them; give samples (n, inputs)"
            )
        return truth_table(net).inputs
    array = np.asarray(samples)
    if array.ndim != 2 or array.shape[1] != len(net.inputs) or not len(array):
        raise InputError(f"samples have the shape {array.shape}; give (samples, {len(net.inputs)}), at least one")
    return array


class _Plan:
    """The sigmoid network as arrays, so that many slopes can be tried."""

    def __init__(self, net: Network, nodes: list[str], row: dict[str, int], steps: NDArray[np.float64]):
        self.nodes = nodes
        self.steps = steps
        self._terms = [
            (
                row[node],
                np.array([row[source] for source, _ in net.fanin(node)], dtype=np.intp),
                np.array([float(weight) for _, weight in net.fanin(node)]),
                float(net.unit(node).bias),
            )
            for node in nodes
        ]
        self._outputs = [row[node] for node in net.outputs.values()]
        self._inputs = len(net.inputs)

    def agrees(self, c: float) -> bool:
        """Whether the outputs at slope c, read at 0.5, are those of the steps."""
        values = np.empty_like(self.steps)
        values[: self._inputs] = self.steps[: self._inputs]
        for target, sources, weights, bias in self._terms:
            values[target] = SIGMOID.array(c * (weights @ values[sources] + bias))
        outputs = [index for index in self._outputs if index >= self._inputs]
        return bool(((values[outputs] >= 0.5) == (self.steps[outputs] == 1)).all())


def _proved(net: Network, nodes: list[str], margins: dict[str, Exact]) -> float:
    """A slope from which on every unit is on the right side, whatever the larger slope.

    If every sigmoid read by a unit is within e of its step, its sum moves by at most e * sum |w|; half the
    margin m is left if e * sum |w| <= m / 2, and then its own error is at most exp(-c m / 2). So it is enough
    that exp(-c m / 2) <= e for the smallest m, with e = min over units of m / (2 sum |w|), and e < 1/2.
    """
    e = 0.49
    for node in nodes:
        units = [size(weight) for source, weight in net.fanin(node) if source in margins]
        if units and sum(units):
            e = min(e, float(margins[node] / (2 * sum(units))))
    return 2 * math.log(1 / e) / float(min(margins.values()))


def _smallest(plan: _Plan, proved: float) -> float:
    """The end of the agreeing slopes that reach down from the proved one, by a grid and then bisection."""
    low = proved
    step = 10 ** (-6 / _GRID)
    for _ in range(_GRID):
        if not plan.agrees(low * step):
            break
        low *= step
    else:
        return 0.0  # agrees at every slope tried, down to a millionth of the proved one
    failing, agreeing = low * step, low
    while agreeing - failing > 1e-6 * agreeing:
        middle = (failing + agreeing) / 2
        failing, agreeing = (failing, middle) if plan.agrees(middle) else (middle, agreeing)
    return agreeing
