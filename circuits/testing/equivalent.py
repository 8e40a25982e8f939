"""assert_equivalent: two circuits, networks or Python functions answer alike, or an error shows the smallest input."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator, Sequence
from itertools import product
from typing import Any, TypeGuard

import numpy as np

from circuits.definition import Circuit
from circuits.errors import CircuitError
from circuits.language.gate import Gate
from circuits.language.ports import Port
from circuits.language.values import span
from circuits.testing.inputs import random_rows, random_run, require_steps
from circuits.testing.shrinking import Rows, smallest
from circuits.testing.sides import CircuitSide, FunctionSide, Side, in_words, over_time, require_alike
from circuits.testing.tables import a_run, one_input
from perceptron import Network, ParameterError, Tape, UnprovedWarning
from perceptron.equivalence import prove as decided
from perceptron.equivalence.sampling import STEPS as RUN

Answering = Circuit | Gate | Network | Tape | Callable[..., Any]

EXHAUSTIVE_INPUTS = 20  # bits, of two circuits
EXHAUSTIVE_CALLS = 16  # bits, where a Python function is called for each input
EXHAUSTIVE_RUNS = 12  # bits, where it is called for each run over time
SAMPLES = 4096
STEPS = 32
LIMIT = 10.0
_BLOCK = 1 << 12


class NotEquivalentError(AssertionError):
    """Two sides answer differently; the message is a table of the smallest input found.

    Attributes
    ----------
    inputs : dict of input name -> int, or list of int over time
    outputs : tuple of two dicts of output name -> int, or list of int over time
        Of the first side and of the second.
    """

    def __init__(self, message: str, inputs: dict[str, Any], outputs: tuple[dict[str, Any], dict[str, Any]]):
        super().__init__(message)
        self.inputs = inputs
        self.outputs = outputs


def assert_equivalent(
    first: Answering,
    second: Answering,
    *,
    steps: int | None = None,
    samples: int = SAMPLES,
    exhaustive: int | None = None,
    limit: float | None = LIMIT,
    prove: bool = False,
    rng: int | np.random.Generator | None = 0,
) -> None:
    """Two circuits, or a circuit and a Python function as its oracle, give the same outputs for the same inputs.

    Two circuits are proved equal, if they are (see `perceptron.equivalence.prove`). With a function, all inputs are
    tried if they are at most 16 bits. Beyond that random inputs are, half of whose values are likely to find something
    (see `inputs_of`); if they show no difference an `UnprovedWarning` says that this was no proof.

    Over time (a side has states or memories, or `steps` is given) each run begins at the initial states. A function
    then takes a sequence for each input, and answers one for each output.

    Parameters
    ----------
    first, second : Circuit, Gate, Network, Tape or function
        Inputs and outputs are matched by name, words by `a[0]`, `a[1]`, ... A function has the names of the inputs as
        its parameters (or no names, as `operator.add`), and gives an integer, a tuple in the order of the outputs, or
        a dict. At most one side is a function.
    steps : int, optional
        How long the runs over time are, at least 1; by default 32. With it equality is meant for that many steps: it
        is proved so for two circuits, and with a function if all runs are at most `exhaustive` bits.
    samples : int, default 4096
        How many random inputs are tried; over time, how many steps of random runs.
    exhaustive : int, optional
        Up to how many input bits all inputs are tried; by default 20 for two circuits, 16 with a function,
        and 12 with a function over time.
    limit : float or None, default 10
        Seconds for the proof, roughly; None for no limit.
    prove : bool
        Whether equality that rests on random inputs is a failure too.
    rng : None, int or numpy.random.Generator, default 0

    Raises
    ------
    NotEquivalentError
        (an AssertionError) If they differ. Its message shows the smallest input found. Of all inputs, if they are at
        most 16 bits: that with the fewest values other than 0, and of these the smallest. Otherwise one that is small
        by itself: no step can be left out, and no value made 0, a bit shorter or 1 smaller, without the two agreeing.
    AssertionError
        If `prove` is true and no proof was found.
    CircuitError
        If a side is generic in its width, both are functions, their inputs or outputs differ in names, widths or
        signs, or a function takes other inputs or answers other outputs.
    ParameterError
        If a number is out of range, or a side has real values.

    Warns
    -----
    UnprovedWarning
        If equality rests on random inputs.

    Examples
    --------
    >>> from circuits import circuit, kogge_stone_adder, ripple_carry_adder, Word
    >>> assert_equivalent(kogge_stone_adder(8), ripple_carry_adder(8))
    >>> assert_equivalent(kogge_stone_adder(8), lambda a, b: a + b)
    >>> @circuit
    ... def wrong(a: Word[4], b: Word[4]):
    ...     return {"sum": (a ^ b).extend(5)}
    >>> assert_equivalent(wrong, lambda a, b: a + b)
    Traceback (most recent call last):
    circuits.testing.equivalent.NotEquivalentError: wrong and function differ
    input  value
    a      1 = 0b0001
    b      1 = 0b0001
    output  wrong        function
    sum     0 = 0b00000  2 = 0b00010  <-
    """
    __tracebackhide__ = True
    require_steps(steps)
    for name, value, least in (("samples", samples, 1), ("exhaustive", exhaustive, 0)):
        if value is not None and (isinstance(value, bool) or not isinstance(value, int) or value < least):
            raise ParameterError(f"{name} is {value!r}; give a whole number of at least {least}")
    pair = _Pair(first, second, steps)
    found, told = pair.search(
        pair.most if exhaustive is None else exhaustive, samples, limit, np.random.default_rng(rng)
    )
    if found is not None:
        raise pair.error(found)
    if told:
        if prove:
            raise AssertionError(f"{' and '.join(pair.names)}: {told}")
        warnings.warn(told, UnprovedWarning, stacklevel=2)


class _Pair:
    """Both sides, what they take, and how they are searched."""

    def __init__(self, first: Answering, second: Answering, steps: int | None):
        known = [in_words(side) for side in (first, second) if not _is_function(side)]
        if not known:
            raise CircuitError("both sides are functions; give a circuit or a network as one of them")
        if len(known) == 2:
            # The words of a network are read with the signs that the other side knows.
            signs = [{port.name for port in (*one.inputs, *one.outputs) if port.signed} for one in known]
            known = [in_words(side, sign) for side, sign in zip((first, second), reversed(signs), strict=True)]
            require_alike("input", *known)
            require_alike("output", *known)
        self.inputs, self.outputs = known[0].inputs, known[0].outputs
        self.timed = steps is not None or any(map(over_time, known))
        self.steps = steps
        self.circuits = (known[0], known[1]) if len(known) == 2 else None
        whole: list[Side] = [CircuitSide(one, timed=self.timed) for one in known]
        self.sides: list[Side] = [
            FunctionSide(side, self.inputs, self.outputs, timed=self.timed) if _is_function(side) else whole.pop(0)
            for side in (first, second)
        ]
        names = [side.name for side in self.sides]
        self.names = ("first", "second") if names[0] == names[1] else (names[0], names[1])
        self.bits = sum(port.width or 1 for port in self.inputs)
        self.most = EXHAUSTIVE_INPUTS if self.circuits else EXHAUSTIVE_RUNS if self.timed else EXHAUSTIVE_CALLS

    # --- comparing

    def first_difference(self, rows: Rows) -> int | None:
        """The number of the first row (sample or step) at which the two differ."""
        one, other = self.answers(rows)
        apart = [
            next((at for at, (x, y) in enumerate(zip(one[port.name], other[port.name], strict=True)) if x != y), None)
            for port in self.outputs
        ]
        return min((at for at in apart if at is not None), default=None)

    def answers(self, rows: Rows) -> tuple[dict[str, list[int]], dict[str, list[int]]]:
        """What both sides answer."""
        values = self._by_name(rows)
        one, other = (side.answers(values, len(rows)) for side in self.sides)
        return one, other

    def _by_name(self, rows: Rows) -> dict[str, list[int]]:
        return {port.name: [row[at] for row in rows] for at, port in enumerate(self.inputs)}

    # --- searching

    def search(
        self, exhaustive: int, samples: int, limit: float | None, rng: np.random.Generator
    ) -> tuple[Rows | None, str]:
        """Failing rows if there are any, as small as they get; and why it is no proof if there are none."""
        if self.timed:
            found, told = self._search_runs(exhaustive, samples, limit, rng)
        else:
            found, told = self._search_rows(exhaustive, samples, limit, rng)
        if found is None:
            return None, told
        if not self.timed and self.bits <= EXHAUSTIVE_CALLS:
            return [self._least()], ""
        return smallest(found, self.first_difference), ""

    def _search_rows(
        self, exhaustive: int, samples: int, limit: float | None, rng: np.random.Generator
    ) -> tuple[Rows | None, str]:
        if self.bits > exhaustive:
            rows = self._rows(random_rows(self.inputs, samples, rng), samples)
            at = self.first_difference(rows)
            if at is not None:
                return [rows[at]], ""
        if self.circuits is not None:
            return self._decided(exhaustive, limit, rng)
        if self.bits > exhaustive:
            return (
                None,
                f"no difference found, but this is not a proof: {samples} inputs of {self.bits} bits were tried",
            )
        for rows in self._all():
            at = self.first_difference(rows)
            if at is not None:
                return [rows[at]], ""
        return None, ""

    def _search_runs(
        self, exhaustive: int, samples: int, limit: float | None, rng: np.random.Generator
    ) -> tuple[Rows | None, str]:
        steps = self.steps or STEPS
        if self.steps is not None and self.bits * steps <= exhaustive:
            values = [self._values(port) for port in self.inputs] * steps
            for flat in product(*values):
                width = len(self.inputs)
                rows = [list(flat[width * step : width * step + width]) for step in range(steps)]
                if self.first_difference(rows) is not None:
                    return rows, ""
            return None, ""
        runs = -(-samples // steps) if self.inputs else 1
        for _ in range(runs):
            rows = self._rows(random_run(self.inputs, steps, rng), steps)
            if self.first_difference(rows) is not None:
                return rows, ""
        if self.circuits is not None and not any(one.memories for one in self.circuits):
            return self._decided(exhaustive, limit, rng)
        return None, f"no difference found, but this is not a proof: {runs} runs of {steps} steps were tried"

    def _decided(self, exhaustive: int, limit: float | None, rng: np.random.Generator) -> tuple[Rows | None, str]:
        """Two circuits, by `perceptron.equivalence.prove`."""
        assert self.circuits is not None
        one, other = (side.network for side in self.circuits)
        steps = self.steps if one.states or other.states else None
        told = decided(one, other, steps=steps, limit=limit, exhaustive=exhaustive, rng=rng)
        if told.status == "equal" or (told.difference is None and steps is not None and told.steps == steps):
            return None, ""
        if told.difference is None:
            tried = f"nor random runs of {steps or RUN} steps a difference" if one.states or other.states else "in time"
            return None, f"no difference found, but this is not a proof: a solver found none {tried}"
        rows = []
        for step in range(told.steps or 1):
            bits = {name: value[step] if isinstance(value, list) else value for name, value in told.difference.items()}
            rows.append([_value(port, [bits[bit] for bit in port.bits]) for port in self.inputs])
        return rows, ""

    def _rows(self, columns: Sequence[Sequence[int]], count: int) -> Rows:
        return [list(row) for row in zip(*columns, strict=True)] if columns else [[] for _ in range(count)]

    def _values(self, port: Port) -> Sequence[int]:
        least, most = span(port)
        return sorted(range(least, most + 1), key=lambda value: (abs(value), value < 0))

    def _all(self) -> Iterator[Rows]:
        """All inputs, in blocks."""
        block: Rows = []
        for row in product(*(self._values(port) for port in self.inputs)):
            block.append(list(row))
            if len(block) == _BLOCK:
                yield block
                block = []
        if block:
            yield block

    def _least(self) -> list[int]:
        """The failing input with the fewest values other than 0, and of these the smallest; there is one."""
        failing = []
        for rows in self._all():
            one, other = self.answers(rows)
            for at, row in enumerate(rows):
                if any(one[port.name][at] != other[port.name][at] for port in self.outputs):
                    sizes = [abs(value) for value in row]
                    failing.append((sum(map(bool, row)), sum(sizes), sizes, [value < 0 for value in row], row))
        return min(failing)[-1]

    # --- saying it

    def error(self, rows: Rows) -> NotEquivalentError:
        """The two side by side."""
        given, answers = self._by_name(rows), self.answers(rows)
        who = " and ".join(self.names)
        if self.timed:
            told = a_run(self.names, self.inputs, self.outputs, given, answers, len(rows))
            return NotEquivalentError(f"{who} differ in step {len(rows) - 1}\n\n{told}", given, answers)
        single = {name: column[0] for name, column in given.items()}
        one, other = ({name: column[0] for name, column in side.items()} for side in answers)
        told = one_input(self.names, self.inputs, self.outputs, single, (one, other))
        return NotEquivalentError(f"{who} differ\n\n{told}", single, (one, other))


def _is_function(side: object) -> TypeGuard[Callable[..., Any]]:
    return callable(side) and not isinstance(side, Circuit | Gate | Network | Tape)


def _value(port: Port, bits: Sequence[int]) -> int:
    """The value of a port's bits, the lowest first."""
    value = sum(bit << place for place, bit in enumerate(bits))
    return value - (1 << len(bits)) if port.signed and bits[-1] else value
