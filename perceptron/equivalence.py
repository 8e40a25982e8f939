"""find_difference: an input on which two networks differ, or None."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from concurrent.futures import Executor
from typing import Any

import numpy as np
from numpy.typing import NDArray

from perceptron.engines import as_tape, compile
from perceptron.engines.bits import BitProgram, counting
from perceptron.engines.logic import FALSE, Logic, lowers
from perceptron.errors import InputError, ParameterError, UnprovedWarning
from perceptron.evaluate import evaluate, initial_state, step
from perceptron.network import Network
from perceptron.spread import cut, spread
from perceptron.tape import Tape

EXHAUSTIVE_INPUTS = 20
SAMPLES = 1 << 16
_PART = 1 << 16  # words a part, when the work is shared out
STEPS = 64  # of the random runs of networks with states

Difference = dict[str, Any]


def find_difference(
    first: Network | Tape,
    second: Network | Tape,
    *,
    exhaustive: int = EXHAUSTIVE_INPUTS,
    samples: int = SAMPLES,
    tolerance: float = 1e-9,
    rng: int | np.random.Generator | None = None,
    executor: Executor | None = None,
) -> Difference | None:
    """An input on which two networks give different outputs, or None if none was found.

    Inputs and outputs are matched by name; their order may differ.

    Two 0/1 networks are lowered onto the same inputs first; where that already makes their outputs the same
    operations, they are equal. Otherwise all inputs are tried if there are at most `exhaustive` of them, and
    None is a proof. Beyond that, and for networks with real values, random samples are compared; if they show
    no difference an `UnprovedWarning` says that this was no proof.

    Networks with states are equal if from the same states, matched by name, they give the same outputs and next
    states. Where that is not shown, random runs of 64 steps are compared.

    Parameters
    ----------
    first, second : Network or Tape
    exhaustive : int, default 20
        Up to how many inputs all of the 2**inputs assignments are tried.
    samples : int, default 65536
        How many random samples beyond that.
    tolerance : float, default 1e-9
        How far real-valued outputs may lie apart and still count as equal; 0/1 outputs may not at all.
    rng : None, int or numpy.random.Generator
    executor : concurrent.futures.Executor, optional
        Where all inputs of large 0/1 networks are tried, in parts (see `perceptron.spread`).

    Returns
    -------
    dict of input name -> value, or None
        A difference, confirmed by `evaluate`; the first in counting order if all inputs were tried. With states,
        input name -> list of its values, step by step; the outputs of the last step differ.

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
    tapes = as_tape(first), as_tape(second)
    _require_same("input", first.inputs, second.inputs)
    _require_same("output", tuple(first.outputs), tuple(second.outputs))
    binary = all(bool(tape.binary().all()) for tape in tapes)
    rng = np.random.default_rng(rng)
    found: Difference | None
    if any(tape.states for tape in tapes):
        found, proved = _compare_over_time(*tapes, exhaustive, samples, tolerance, rng)
    elif binary and all(lowers(tape) for tape in tapes):
        found, proved = _compare_logic(*tapes, exhaustive, samples, rng, executor)
    else:
        found, proved = _compare_samples(*tapes, exhaustive, samples, tolerance, rng)
    if found is None and not proved:
        values = "0/1" if binary else "real"
        warnings.warn(
            f"no difference found, but this is not a proof: {samples} random samples of {len(first.inputs)} "
            f"{values} inputs were compared",
            UnprovedWarning,
            stacklevel=2,
        )
    return None if found is None else {name: found[name] for name in first.inputs}


def _require_same(kind: str, first: tuple[str, ...], second: tuple[str, ...]) -> None:
    if set(first) != set(second):
        only = sorted(set(first) ^ set(second))[0]
        which = "first" if only in first else "second"
        raise InputError(
            f"only the {which} network has the {kind} {only!r}; to compare two networks give both the same {kind} names"
        )


def _miter(first: Tape, second: Tape) -> tuple[Logic, int]:
    """Both networks on the same inputs, and one literal: whether any output or next state differs."""
    names = [first.name_of(node) for node in first.given]
    logic = Logic(len(names))
    literal = dict(zip(names, logic.inputs, strict=True))
    one = logic.trace(first, logic.inputs)
    two = logic.trace(second, [literal[second.name_of(node)] for node in second.given])
    pairs = [(one[node], two[second.outputs[name]]) for name, node in first.outputs.items()]
    theirs = {second.name_of(node): state.next for node, state in second.states.items()}
    for node, state in first.states.items():
        following = theirs[first.name_of(node)]
        assert state.next is not None
        assert following is not None
        pairs.append((one[state.next], two[following]))
    differ = FALSE
    for a, b in pairs:
        differ = logic.or_(differ, logic.xor(a, b))
    return logic, differ


def _first_difference(logic: Logic, differ: int, executor: Executor | None = None) -> int | None:
    """The number of the first assignment, of all, on which the miter is 1; None proves that it never is."""
    count = len(logic.inputs)
    parts = cut(1 << max(0, count - 6), _PART)
    for index in spread(_first_in, parts, BitProgram(logic, [differ]), count, executor=executor):
        if index is not None:
            return index
    return None


def _first_in(first: int, stop: int, program: BitProgram, count: int) -> int | None:
    """The first assignment on which the only output is 1, among the words of a range."""
    for start, rows in counting(count, first=first, stop=stop):
        index = _first_one(program.words(rows)[0])
        if index is not None and start + index < 2**count:
            return start + index
    return None


def _compare_logic(
    first: Tape,
    second: Tape,
    exhaustive: int,
    samples: int,
    rng: np.random.Generator,
    executor: Executor | None,
) -> tuple[Difference | None, bool]:
    """Two 0/1 networks without states: by structure, then all inputs, then random ones."""
    logic, differ = _miter(first, second)
    count = len(logic.inputs)
    if differ == FALSE:
        return None, True
    if count <= exhaustive:
        number = _first_difference(logic, differ, executor)
        if number is None:
            return None, True
        values: Difference = {name: number >> (count - 1 - at) & 1 for at, name in enumerate(first.inputs)}
        return _confirmed(first, second, values), True
    bits = rng.integers(0, 1 << 64, size=(count, -(-samples // 64)), dtype=np.uint64)
    index = _first_one(BitProgram(logic, [differ]).words(bits)[0])
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


def _confirmed(first: Tape, second: Tape, values: Difference) -> Difference:
    """The difference, replayed through the definition: an engine's word alone is not enough."""
    if evaluate(first.to_network(), values) == evaluate(second.to_network(), values):
        raise AssertionError(f"the engine disagrees with evaluate on {values}: please report this")
    return values


def _columns(first: Sequence[str], second: Sequence[str]) -> list[int]:
    """Where each name of the second stands in the first."""
    place = {name: at for at, name in enumerate(first)}
    return [place[name] for name in second]


def _drawn(real: NDArray[np.bool_], shape: tuple[int, ...], rng: np.random.Generator) -> NDArray[np.float64]:
    """Random samples: 0/1 columns where not real; every other sample a corner, where steps are told apart."""
    drawn = rng.random((*shape, len(real)))
    corners = rng.random((*shape, len(real))) < 0.5
    drawn[..., ::2, :] = corners[..., ::2, :]
    drawn[..., ~real] = corners[..., ~real]
    return drawn


class _Pair:
    """Two networks to be run on the same samples: columns are those of the first, matched by name."""

    def __init__(self, first: Tape, second: Tape, tolerance: float):
        self._programs = compile(first), compile(second)
        self._nets = first, second
        self._back = _columns(first.inputs, second.inputs)
        self._order = _columns(tuple(second.outputs), tuple(first.outputs))
        theirs = dict(zip(second.inputs, self._programs[1].real, strict=True))
        both = [mine and theirs[name] for name, mine in zip(first.inputs, self._programs[0].real, strict=True)]
        self.real = np.array(both, dtype=bool)
        self.limits = _limits(first, second, tolerance)

    def differ(self, drawn: NDArray[np.float64]) -> NDArray[np.bool_]:
        """(...) whether any output lies too far apart, for samples (..., inputs)."""
        one, two = self._programs[0].run(drawn), self._programs[1].run(drawn[..., self._back])
        gap: NDArray[np.bool_] = np.abs(one.astype(np.float64) - two[..., self._order]) > self.limits
        return np.asarray(gap.any(axis=-1))

    def networks(self) -> tuple[Network, Network]:
        """Both as graphs, for the definition to run on."""
        return self._nets[0].to_network(), self._nets[1].to_network()

    def apart(self, here: Difference, there: Difference) -> bool:
        """Whether outputs by name, in the first's order, lie too far apart."""
        return any(abs(here[name] - there[name]) > limit for name, limit in zip(here, self.limits, strict=True))


def _compare_samples(
    first: Tape, second: Tape, exhaustive: int, samples: int, tolerance: float, rng: np.random.Generator
) -> tuple[Difference | None, bool]:
    """Networks that are not lowered to logic: all 0/1 inputs if there are few, else random ones."""
    count = len(first.inputs)
    pair = _Pair(first, second, tolerance)
    proof = not pair.real.any() and count <= exhaustive
    if proof:
        number = np.arange(2**count)[:, None]
        drawn = (number >> np.arange(count - 1, -1, -1) & 1).astype(np.float64)
    else:
        drawn = _drawn(pair.real, (samples,), rng)
    nets = pair.networks()
    for at in np.flatnonzero(pair.differ(drawn)):
        values: Difference = {
            name: (float(value) if takes else int(value))
            for name, value, takes in zip(first.inputs, drawn[at].tolist(), pair.real, strict=True)
        }
        if pair.apart(evaluate(nets[0], values), evaluate(nets[1], values)):
            return values, True
    return None, proof


def _limits(first: Tape, second: Tape, tolerance: float) -> NDArray[np.float64]:
    """How far each output of the first may lie from the second's: not at all where both are 0 or 1."""
    mine, theirs = first.binary(), second.binary()
    smooth = [not (mine[node] and theirs[second.outputs[name]]) for name, node in first.outputs.items()]
    return np.where(smooth, tolerance, 0.0)


def _compare_over_time(
    first: Tape, second: Tape, exhaustive: int, samples: int, tolerance: float, rng: np.random.Generator
) -> tuple[Difference | None, bool]:
    """Networks with states: equal if the same states make the same outputs and next states; else random runs."""
    starts = [
        {tape.name_of(node): 0 if state.initial is None else state.initial for node, state in tape.states.items()}
        for tape in (first, second)
    ]
    lowered = all(bool(tape.binary().all()) and lowers(tape) for tape in (first, second))
    if starts[0] == starts[1] and lowered:
        logic, differ = _miter(first, second)
        if differ == FALSE or (len(logic.inputs) <= exhaustive and _first_difference(logic, differ) is None):
            return None, True
    pair = _Pair(first, second, tolerance)
    drawn = _drawn(pair.real, (STEPS, max(1, samples // STEPS)), rng)
    nets = pair.networks()
    for last, sample in np.argwhere(pair.differ(drawn)):
        runs = drawn[: last + 1, sample]
        values: Difference = {
            name: runs[:, column].tolist() if pair.real[column] else runs[:, column].astype(int).tolist()
            for column, name in enumerate(first.inputs)
        }
        if pair.apart(*(_last_outputs(net, values, len(runs)) for net in nets)):
            return values, True
    return None, False


def _last_outputs(net: Network, runs: Difference, steps: int) -> Difference:
    """The outputs at the last of some steps, by the definition."""
    outputs: Difference = {}
    state = initial_state(net)
    for at in range(steps):
        outputs, state = step(net, {name: values[at] for name, values in runs.items()}, state)
    return outputs
