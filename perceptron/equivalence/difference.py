"""find_difference: an input on which two networks differ, or None."""

from __future__ import annotations

import warnings
from concurrent.futures import Executor

import numpy as np

from perceptron.engines import as_tape
from perceptron.equivalence.prove import EXHAUSTIVE_INPUTS, LIMIT, SAMPLES, prove
from perceptron.equivalence.sampling import Difference
from perceptron.errors import UnprovedWarning
from perceptron.network import Network
from perceptron.tape import Tape


def find_difference(
    first: Network | Tape,
    second: Network | Tape,
    *,
    exhaustive: int = EXHAUSTIVE_INPUTS,
    samples: int = SAMPLES,
    limit: float | None = LIMIT,
    tolerance: float = 1e-9,
    rng: int | np.random.Generator | None = None,
    executor: Executor | None = None,
) -> Difference | None:
    """An input on which two networks give different outputs, or None if none was found.

    Inputs and outputs are matched by name; their order may differ. `prove` tells more about how it was decided.

    Two 0/1 networks are lowered onto the same inputs first; where that already makes their outputs the same
    operations, they are equal. Otherwise all inputs are tried if there are at most `exhaustive` of them, and
    None is a proof. Beyond that, random samples are compared, and a SAT solver looks for a difference or a proof; if it
    finds neither in time, an `UnprovedWarning` says so. For networks with real values there are samples only.

    Networks with states are equal if their states, matched by name or by induction, make the same outputs and next
    states. Where that is not shown, random runs of 64 steps are compared.

    Parameters
    ----------
    first, second : Network or Tape
    exhaustive : int, default 20
        Up to how many inputs all of the 2**inputs assignments are tried.
    samples : int, default 65536
        How many random samples beyond that.
    limit : float or None, default 60
        Seconds for the solver, roughly; 0 for samples alone, None for no limit.
    tolerance : float, default 1e-9
        How far real-valued outputs may lie apart and still count as equal; 0/1 outputs may not at all.
    rng : None, int or numpy.random.Generator
    executor : concurrent.futures.Executor, optional
        Where all inputs of large 0/1 networks are tried, in parts (see `perceptron.spread`).

    Returns
    -------
    dict of input name -> value, or None
        A difference, confirmed by `evaluate`: the first in counting order if all inputs were tried, otherwise one of
        whose ones none can be turned to 0. With states, input name -> list of its values, step by step; the
        outputs of the last step differ.

    Warns
    -----
    UnprovedWarning
        If None rests on random samples.

    Raises
    ------
    NetworkError
        If one of the networks is not valid.
    InputError
        If the two do not have the same input names or the same output names.
    ParameterError
        If `samples` is no whole number of at least 1 or `exhaustive` none of at least 0, `limit` or `tolerance` is
        negative or no number, or `rng` is none of these.

    Examples
    --------
    >>> from perceptron import merge_parallel
    >>> from circuits import half_adder, nand, nor
    >>> find_difference(half_adder.network, merge_parallel(half_adder.network)) is None
    True
    >>> find_difference(nand.network, nor.network)
    {'x1': 0, 'x2': 1}
    """
    told = prove(
        first,
        second,
        limit=limit,
        exhaustive=exhaustive,
        samples=samples,
        tolerance=tolerance,
        rng=rng,
        executor=executor,
    )
    if told.status == "undecided":
        binary = all(as_tape(net).binary().all() for net in (first, second))
        sought = ", and no proof was found in time" if told.effort.operations and limit != 0 else ""
        warnings.warn(
            f"no difference found, but this is not a proof: {samples} random samples of {len(first.inputs)} "
            f"{'0/1' if binary else 'real'} inputs were compared{sought}",
            UnprovedWarning,
            stacklevel=2,
        )
    return told.difference
