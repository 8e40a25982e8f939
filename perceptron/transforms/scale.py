"""scale: all weights and biases times a positive constant.

a --(w)--> (b)      becomes      a --(c w)--> (c b)
"""

from __future__ import annotations

from dataclasses import replace

from perceptron.errors import NetworkError, ParameterError
from perceptron.network import Network
from perceptron.numbers import Number, as_number, multiply
from perceptron.rewrite import rebuild
from perceptron.unit import Table, Unit


def scale(net: Network, c: Number) -> Network:
    """Multiply all weights and biases by a constant c > 0: a network of perceptrons behaves as before.

    The chapter's first exercise. A sum keeps its sign, and its sign is all that a step looks at; the products
    are exact, so this holds to the last bit. Sigmoid neurons become steeper instead (see `soften`). A table
    unit keeps its weights, since its sum is an index and not evidence.

    Parameters
    ----------
    net : Network
    c : int, float or Fraction
        Positive and finite.

    Returns
    -------
    Network
        With the same nodes and edges.

    Raises
    ------
    ParameterError
        If c is not a finite number > 0: with c = 0 every unit would be 0, and c < 0 turns every decision round.
    NetworkError
        If the network is not valid.

    Examples
    --------
    >>> from circuits import nand
    >>> scaled = scale(nand.network, 10)
    >>> scaled.unit("out"), scaled.fanin("out")
    (Unit(bias=30, activation=STEP), [('x1', -20), ('x2', -20)])
    """
    c = positive(c)

    def rule(node: str, unit: Unit, fanin: list[tuple[str, Number]]) -> tuple[Unit, list[tuple[str, Number]]]:
        if isinstance(unit.activation, Table):
            return unit, fanin
        scaled = replace(unit, bias=multiply(unit.bias, c))
        return scaled, [(source, multiply(weight, c)) for source, weight in fanin]

    return rebuild(net, rule)


def positive(c: Number) -> Number:
    """The constant, if it is a finite number > 0.

    Raises
    ------
    ParameterError
        If it is not.
    """
    try:
        number = as_number(c, "c")
    except NetworkError:
        number = 0
    if number <= 0:
        raise ParameterError(f"c is {c!r}; give a finite number > 0")
    return number
