"""soften and harden: perceptrons become sigmoid neurons of slope c, and sigmoid neurons perceptrons.

--(w)--> [step, b]     soften, c     --(c w)--> [sigmoid, c b]     harden     --(c w)--> [step, c b]
"""

from __future__ import annotations

from dataclasses import replace

from perceptron.errors import NetworkError
from perceptron.network import Network, takes_real
from perceptron.numbers import Number
from perceptron.rewrite import rebuild
from perceptron.transforms.scale import scale
from perceptron.unit import SIGMOID, STEP, Sigmoid, Step, Table, Unit


def soften(net: Network, c: Number = 1) -> Network:
    """Replace every perceptron by a sigmoid neuron and multiply weights and biases by c > 0.

    The chapter's second exercise: as c grows, the sigmoid network behaves as the step network on every input
    for which no unit's sum is exactly 0. Where a sum is 0 the perceptron gives 0 but the sigmoid 0.5, for
    every c (`agreement` reports both).

    Parameters
    ----------
    net : Network
        Of steps and sigmoids.
    c : int, float or Fraction, default 1
        Positive and finite: the slope.

    Returns
    -------
    Network
        With the same nodes and edges; of sigmoids alone.

    Raises
    ------
    ParameterError
        If c is not a finite number > 0.
    NetworkError
        If the network is not valid, or has a table unit, which no sigmoid approaches.

    Examples
    --------
    >>> from perceptron import evaluate
    >>> from circuits import nand
    >>> round(evaluate(soften(nand.network, 1), x1=1, x2=1)["out"], 3)
    0.269
    >>> round(evaluate(soften(nand.network, 20), x1=1, x2=1)["out"], 3)
    0.0
    """

    def rule(node: str, unit: Unit, fanin: list[tuple[str, Number]]) -> tuple[Unit, list[tuple[str, Number]]]:
        if isinstance(unit.activation, Table):
            raise NetworkError(
                f"unit {node!r} is a table, not a perceptron, so it has no soft form; "
                "build it of perceptrons first (circuits.to_nand does)"
            )
        return (replace(unit, activation=SIGMOID) if isinstance(unit.activation, Step) else unit), fanin

    return rebuild(scale(net, c), rule)


def harden(net: Network) -> Network:
    """Replace every sigmoid neuron by a perceptron with the same weights and bias: its output read at 0.5.

    A sigmoid is above 0.5 exactly where its sum is > 0, which is where the step fires; a sum of exactly 0
    (0.5) gives 0. Inputs that fed sigmoid neurons still take real numbers. Step and table units stay.

    Parameters
    ----------
    net : Network

    Returns
    -------
    Network
        With the same nodes, edges and weights; of steps and tables.

    Raises
    ------
    NetworkError
        If the network is not valid, or a unit is neither a step, a table nor a sigmoid.

    Examples
    --------
    >>> from circuits import nand
    >>> harden(soften(nand.network, 5)).unit("out")
    Unit(bias=15, activation=STEP)
    """

    def rule(node: str, unit: Unit, fanin: list[tuple[str, Number]]) -> tuple[Unit, list[tuple[str, Number]]]:
        if isinstance(unit.activation, Sigmoid):
            return replace(unit, activation=STEP), fanin
        if not unit.activation.binary:
            raise NetworkError(
                f"unit {node!r} has the activation {unit.activation.name}, whose output is not read at 0.5; "
                "only sigmoids can be hardened"
            )
        return unit, fanin

    return rebuild(net, rule, real=lambda name: takes_real(net, name))
