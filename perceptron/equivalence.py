"""find_difference: an input on which two networks differ, or None."""

from __future__ import annotations

import warnings
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from perceptron.check import check
from perceptron.engines import compile
from perceptron.engines.bits import BitProgram, counting
from perceptron.engines.logic import FALSE, Logic, lowers
from perceptron.errors import InputError, ParameterError, UnprovedWarning
from perceptron.evaluate import evaluate
from perceptron.network import Network, is_binary, takes_real

EXHAUSTIVE_INPUTS = 20
SAMPLES = 1 << 16


def find_difference(
    first: Network,
    second: Network,
    *,
    exhaustive: int = EXHAUSTIVE_INPUTS,
    samples: int = SAMPLES,
    tolerance: float = 1e-9,
    rng: int | np.random.Generator | None = None,
) -> dict[str, int | float] | None:
    """An input on which two networks give different outputs, or None if none was found.

    Inputs and outputs are matched by name; their order may differ.

    Two 0/1 networks are lowered onto the same inputs first; where that already makes their outputs the same
    operations, they are equal. Otherwise all inputs are tried if there are at most `exhaustive` of them, and
    None is a proof. Beyond that, and for networks with real values, random samples are compared; if they show
    no difference an `UnprovedWarning` says that this was no proof.

    Parameters
    ----------
    first, second : Network
    exhaustive : int, default 20
        Up to how many inputs all of the 2**inputs assignments are tried.
    samples : int, default 65536
        How many random samples beyond that.
    tolerance : float, default 1e-9
        How far real-valued outputs may lie apart and still count as equal; 0/1 outputs may not at all.
    rng : None, int or numpy.random.Generator

    Returns
    -------
    dict of input name -> value, or None
        A difference, confirmed by `evaluate`; the first in counting order if all inputs were tried.

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
        If `samples` < 1.

    Examples
    --------
    >>> from perceptron import merge_parallel
    >>> from circuits import half_adder, nand, nor
    >>> find_difference(half_adder.network, merge_parallel(half_adder.network)) is None
    True
    >>> find_difference(nand.network, nor.network)
    {'x1': 0, 'x2': 1}
    """
    if samples < 1:
        raise ParameterError(f"samples is {samples}; give at least 1")
    orders = check(first), check(second)
    _require_same("input", first.inputs, second.inputs)
    _require_same("output", tuple(first.outputs), tuple(second.outputs))
    binary = all(is_binary(net, node) for net, order in zip((first, second), orders, strict=True) for node in order)
    rng = np.random.default_rng(rng)
    if binary and lowers(first) and lowers(second):
        found, proved = _compare_logic(first, second, orders, exhaustive, samples, rng)
    else:
        found, proved = _compare_samples(first, second, binary, exhaustive, samples, tolerance, rng)
    if found is None and not proved:
        values = "0/1" if binary else "real"
        warnings.warn(
            f"no difference found, but this is not a proof: {samples} random samples of {len(first.inputs)} "
            f"{values} inputs were compared",
            UnprovedWarning,
            stacklevel=2,
        )
    if found is not None:
        found = {name: found[name] for name in first.inputs}
    return found


def _require_same(kind: str, first: tuple[str, ...], second: tuple[str, ...]) -> None:
    if set(first) != set(second):
        only = sorted(set(first) ^ set(second))[0]
        which = "first" if only in first else "second"
        raise InputError(
            f"only the {which} network has the {kind} {only!r}; to compare two networks give both the same {kind} names"
        )


def _compare_logic(
    first: Network,
    second: Network,
    orders: tuple[list[str], list[str]],
    exhaustive: int,
    samples: int,
    rng: np.random.Generator,
) -> tuple[dict[str, int | float] | None, bool]:
    """Both networks on one `Logic`, and one output: whether any of their outputs differ."""
    count = len(first.inputs)
    logic = Logic(count)
    literal = dict(zip(first.inputs, logic.inputs, strict=True))
    one = dict(zip(first.outputs, logic.place(first, orders[0], logic.inputs), strict=True))
    placed = logic.place(second, orders[1], [literal[name] for name in second.inputs])
    two = dict(zip(second.outputs, placed, strict=True))
    differ = FALSE
    for name in one:
        differ = logic.or_(differ, logic.xor(one[name], two[name]))
    if differ == FALSE:
        return None, True
    program = BitProgram(logic, [differ])
    if count <= exhaustive:
        for start, rows in counting(count):
            index = _first_one(program.words(rows)[0])
            if index is not None and start + index < 2**count:
                return _confirmed(first, second, _counted(first, start + index)), True
        return None, True
    bits = rng.integers(0, 1 << 64, size=(count, -(-samples // 64)), dtype=np.uint64)
    index = _first_one(program.words(bits)[0])
    if index is None:
        return None, False
    word, bit = divmod(index, 64)
    values = {name: int(bits[row, word] >> np.uint64(bit) & np.uint64(1)) for row, name in enumerate(first.inputs)}
    return _confirmed(first, second, values), True


def _first_one(words: NDArray[np.uint64]) -> int | None:
    at = np.flatnonzero(words)
    if not len(at):
        return None
    word = int(words[at[0]])
    return 64 * int(at[0]) + (word & -word).bit_length() - 1


def _counted(net: Network, number: int) -> dict[str, int | float]:
    last = len(net.inputs) - 1
    return {name: number >> (last - index) & 1 for index, name in enumerate(net.inputs)}


def _confirmed(first: Network, second: Network, values: Mapping[str, int | float]) -> dict[str, int | float]:
    """The difference, replayed through the definition: an engine's word alone is not enough."""
    if evaluate(first, values) == evaluate(second, values):
        raise AssertionError(f"the engine disagrees with evaluate on {values}: please report this")
    return dict(values)


def _compare_samples(
    first: Network,
    second: Network,
    binary: bool,
    exhaustive: int,
    samples: int,
    tolerance: float,
    rng: np.random.Generator,
) -> tuple[dict[str, int | float] | None, bool]:
    """Networks that are not lowered to logic: all 0/1 inputs if there are few, else random ones."""
    count = len(first.inputs)
    real = np.array([takes_real(first, name) and takes_real(second, name) for name in first.inputs], dtype=bool)
    proof = not real.any() and count <= exhaustive
    if proof:
        number = np.arange(2**count)[:, None]
        drawn = (number >> np.arange(count - 1, -1, -1) & 1).astype(np.float64)
    else:
        drawn = rng.random((samples, count))
        corners = rng.random((samples, count)) < 0.5
        # Every other sample is a corner of the cube, where networks of steps are told apart.
        drawn[::2] = corners[::2]
        drawn[:, ~real] = corners[:, ~real]
    one = compile(first).run(drawn)
    columns = [first.inputs.index(name) for name in second.inputs]
    two = compile(second).run(drawn[:, columns])
    names = list(second.outputs)
    two = two[:, [names.index(name) for name in first.outputs]]
    smooth = [
        not (is_binary(first, first.outputs[name]) and is_binary(second, second.outputs[name]))
        for name in first.outputs
    ]
    limits = np.where(smooth, tolerance, 0.0)
    gap = np.abs(one.astype(np.float64) - two) > limits
    for at in np.flatnonzero(gap.any(axis=1)):
        values = {
            name: (float(value) if takes else int(value))
            for name, value, takes in zip(first.inputs, drawn[at].tolist(), real, strict=True)
        }
        here, there = evaluate(first, values), evaluate(second, values)
        if any(abs(here[name] - there[name]) > limit for name, limit in zip(here, limits, strict=True)):
            return values, True
    return None, proof
