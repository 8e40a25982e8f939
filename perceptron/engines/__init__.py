"""The engines: compile(net) -> Program, which runs many samples at once, and over time.

    bits.py    0/1 networks: 64 samples to a machine word, on the operations of logic.py, which passes.py and
               placement.py make passes over rows; compiled by kernels.py, with full adders found by fuse.py and cuts.py
    reals.py   networks with smooth units, real inputs or very fine weights: matrices in float64

Both agree with `perceptron.evaluate`: step and table units bit for bit, smooth ones to rounding.
"""

from __future__ import annotations

import numpy as np

from perceptron.check import check_whole
from perceptron.engines.program import Program
from perceptron.network import Network
from perceptron.tape import Tape

__all__ = ["Program", "as_tape", "compile"]


def compile(
    net: Network | Tape, *, engine: str | None = None, dtype: type[np.float32 | np.float64] = np.float64
) -> Program:
    """Make a network ready to run.

    Parameters
    ----------
    net : Network or Tape
    engine : 'bits' or 'reals', optional
        Which engine; without it the one that suits the network.
    dtype : numpy.float64 or numpy.float32
        The floating type of real-valued networks. Steps are decided exactly with either, as long as they read 0
        and 1 or inputs that the type holds; smooth units are right to rounding in their sums.

    Returns
    -------
    Program
        `run(samples)` takes an array (samples, inputs) and returns (samples, outputs): uint8 0 and 1 where
        every output is 0 or 1, float64 otherwise; over time, (steps, samples, inputs).

    Raises
    ------
    NetworkError
        If the network is not valid (see `perceptron.check`).
    ParameterError
        If the engine or the type is none of these, or the engine is 'bits' for a network of real values.

    Examples
    --------
    >>> from perceptron import Network, Unit
    >>> net = Network()
    >>> net.output("out", net.add(Unit(3), [(net.input("x1"), -2), (net.input("x2"), -2)]))
    >>> compile(net).run([[0, 0], [1, 1]])
    array([[1],
           [0]], dtype=uint8)
    """
    return Program(as_tape(net), engine, dtype)


def as_tape(net: Network | Tape) -> Tape:
    """The network as a tape; a tape is itself.

    Raises
    ------
    NetworkError
        If the network is not valid.
    """
    if isinstance(net, Tape):
        return net
    check_whole(net)
    return Tape.from_network(net)  # which checks the rest
