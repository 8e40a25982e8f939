"""The engines: compile(net) -> Program, which runs many samples at once.

    bits.py    0/1 networks: 64 samples to a machine word, on the operations of logic.py
    reals.py   networks with smooth units, real inputs or very fine weights: matrices in float64

Both agree with `perceptron.evaluate`: step and table units bit for bit, smooth ones to rounding.
"""

from __future__ import annotations

from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from perceptron.check import check
from perceptron.engines.bits import BitProgram
from perceptron.engines.logic import Logic, lowers
from perceptron.engines.reals import RealProgram
from perceptron.network import Network, is_binary


class Program(Protocol):
    """A network made ready to run; it does not change when the network is edited afterwards."""

    def run(self, samples: NDArray[Any]) -> NDArray[np.uint8] | NDArray[np.float64]:
        """Outputs (samples, outputs) for checked samples (samples, inputs)."""


def compile(net: Network) -> Program:
    """Make a network ready to run.

    Parameters
    ----------
    net : Network

    Returns
    -------
    Program
        `run(samples)` takes an array (samples, inputs) and returns (samples, outputs): uint8 0 and 1 where
        every output is 0 or 1, float64 otherwise.

    Raises
    ------
    NetworkError
        If the network is not valid (see `perceptron.check`).

    Examples
    --------
    >>> import numpy as np
    >>> from perceptron import Network, Unit
    >>> net = Network()
    >>> net.output("out", net.add(Unit(3), [(net.input("x1"), -2), (net.input("x2"), -2)]))
    >>> compile(net).run(np.array([[0, 0], [1, 1]]))
    array([[1],
           [0]], dtype=uint8)
    """
    order = check(net)
    if all(is_binary(net, node) for node in order) and lowers(net):
        logic = Logic(len(net.inputs))
        return BitProgram(logic, logic.place(net, order, logic.inputs))
    return RealProgram(net, order)
