"""assert_frozen: a circuit answers as it did when `perceptron freeze` wrote it down."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np

from circuits.definition import Circuit
from circuits.language.gate import Gate
from circuits.language.ports import Port
from circuits.language.values import span
from circuits.testing.inputs import FEW, moving_run, random_rows
from circuits.testing.sides import CircuitSide, in_words, over_time
from circuits.testing.tables import MARK, a_run, grid
from perceptron import Network, ParameterError, Tape
from perceptron.columns import aligned
from perceptron.digest import digest

ALL = 4  # bits: so many inputs are written down whole
WRITTEN = 12  # rows, of more
SHOWN = 8  # rows of a failure
CURE = "\n\nIf the change is meant, freeze it again: the command stands at the top of the test."


@dataclass(frozen=True)
class Frozen:
    """What a circuit answers, to be written down.

    Attributes
    ----------
    ports : str
        Its inputs and outputs, as `a: Word[8], b: Word[8] -> sum: Word[9]`.
    rows : str
        A head, and some rows of integers: inputs, a bar, outputs. Over time the rows are the steps of one run.
    digest : str or None
        That of `perceptron.digest` over the patterns; None with memories, which stand beside the network.
    ones : dict of output name -> int
        How often each output bit was 1 there.
    """

    ports: str
    rows: str
    digest: str | None
    ones: dict[str, int]


def frozen(circuit: Circuit | Network | Tape, *, patterns: int | None, seed: int = 0, steps: int = 1) -> Frozen:
    """What a circuit answers now: the same for the same circuit and numbers, on every machine.

    Parameters
    ----------
    circuit : Circuit, Network or Tape
    patterns : int or None
        How many random patterns are digested; None for all there are.
    seed : int
    steps : int
        Of time, at least 1. Over 1, or if there are states or memories, the rows are the steps of one run.

    Raises
    ------
    CircuitError, ParameterError
        As by `in_words` and `perceptron.digest`.

    Examples
    --------
    >>> from circuits import half_adder
    >>> print(frozen(half_adder, patterns=None).rows)
    x1 x2 | sum carry
     0  0 |   0     0
     0  1 |   1     0
     1  0 |   1     0
     1  1 |   0     1
    """
    made = in_words(circuit)
    timed = over_time(made) or steps > 1
    rng = np.random.default_rng(seed)
    given = _run_of(made, rng, steps) if timed else _chosen(made.inputs, rng)
    answers = _answers(made, given, timed=timed)
    rows = [[*row, *(answers[port.name][at] for port in made.outputs)] for at, row in enumerate(given)]
    told = None if made.memories else digest(made.network, patterns, seed=seed, steps=steps)
    return Frozen(
        _signature(made), _table(made, rows), None if told is None else told.text, {} if told is None else told.ones
    )


def assert_frozen(
    circuit: Circuit | Gate | Network | Tape,
    *,
    ports: str,
    rows: str,
    digest: str | None = None,
    ones: Mapping[str, int] | None = None,
    patterns: int | None = None,
    seed: int = 0,
    steps: int = 1,
) -> None:
    """The circuit has the inputs and outputs, and gives the rows and the digest, that `perceptron freeze` wrote down.

    Parameters
    ----------
    circuit : Circuit, Gate, Network or Tape
    ports, rows, digest, ones, patterns, seed, steps
        As `frozen` gave them, and was given.

    Raises
    ------
    AssertionError
        If something changed. The message says what: the ports, rows then and now, or which outputs were 1 how often.
    ParameterError
        If `rows` are no table for these ports.

    Examples
    --------
    >>> from circuits import and_, or_
    >>> rows = frozen(and_.circuit, patterns=None).rows
    >>> assert_frozen(and_, ports="x1, x2 -> out", rows=rows)
    >>> assert_frozen(or_, ports="x1, x2 -> out", rows=rows)
    Traceback (most recent call last):
    AssertionError: or_ does not answer as it was frozen: 2 of 4 rows differ
    x1  x2  out (frozen)  out (now)
     0   1             0          1  <- out
     1   0             0          1  <- out
    If the change is meant, freeze it again: the command stands at the top of the test.
    """
    __tracebackhide__ = True
    made = in_words(circuit)
    if _signature(made) != ports:
        raise AssertionError(
            f"{made.name} has other inputs and outputs than when it was frozen\n\nfrozen  {ports}\nnow     "
            f"{_signature(made)}{CURE}"
        )
    timed = over_time(made) or steps > 1
    table = _read(rows, len(made.inputs), len(made.outputs))
    given = [row[: len(made.inputs)] for row in table]
    now = _answers(made, given, timed=timed)
    then = {port.name: [row[len(made.inputs) + at] for row in table] for at, port in enumerate(made.outputs)}
    differ = [at for at in range(len(table)) if any(now[name][at] != then[name][at] for name in then)]
    if differ:
        told = _run_told(made, given, then, now, differ[0]) if timed else _rows_told(made, given, then, now, differ)
        kind = "steps" if timed else "rows"
        raise AssertionError(
            f"{made.name} does not answer as it was frozen: {len(differ)} of {len(table)} {kind} differ\n\n{told}{CURE}"
        )
    if digest is not None:
        _require_digest(made, digest, dict(ones or {}), patterns, seed, steps)


def _require_digest(
    made: Circuit, expected: str, ones: Mapping[str, int], patterns: int | None, seed: int, steps: int
) -> None:
    __tracebackhide__ = True
    told = digest(made.network, patterns, seed=seed, steps=steps)
    if told.text == expected:
        return
    over = f"{told.patterns} patterns ({'all there are' if patterns is None else f'random, seed {seed}'})"
    over += f" of {steps} steps" if steps > 1 else ""
    changed = [[name, str(ones.get(name)), str(now), MARK] for name, now in told.ones.items() if now != ones.get(name)]
    if changed:
        counts = ["how often an output was 1, where that changed:"]
        counts += [*grid([["output", "frozen", "now", ""], *changed[:SHOWN]], left=1), *_more(len(changed))]
    else:
        counts = ["every output is 1 as often as then, but for other inputs"]
    lines = [f"{made.name} does not answer as it was frozen: the written rows agree, but over {over} it differs", ""]
    raise AssertionError("\n".join([*lines, *counts]) + CURE)


def _more(count: int) -> list[str]:
    """What is said about the rows that are too many to show."""
    return [f"({count - SHOWN} more)"] if count > SHOWN else []


def _run_of(made: Circuit, rng: np.random.Generator, steps: int) -> list[list[int]]:
    """The inputs to write down of each step; one visit of each word tells what a read-only memory holds."""
    read_only = bool(made.memories) and all(memory.read_only for memory in made.memories)
    columns = moving_run(made.inputs, steps, rng, visits=1 if read_only else FEW)
    return [list(row) for row in zip(*columns, strict=True)] if columns else [[] for _ in range(steps)]


def _chosen(ports: Sequence[Port], rng: np.random.Generator) -> list[list[int]]:
    """The inputs to write down: all if there are few, else 0, the greatest values, and likely and random ones."""
    if sum(port.width or 1 for port in ports) <= ALL:
        return [list(row) for row in product(*(range(span(port)[0], span(port)[1] + 1) for port in ports))]
    rows = [[0 for _ in ports], [span(port)[1] for port in ports]]
    for row in zip(*random_rows(ports, 4 * WRITTEN, rng), strict=True):
        if list(row) not in rows and len(rows) < WRITTEN:
            rows.append(list(row))
    return sorted(rows, key=lambda row: [abs(value) for value in row])


def _answers(made: Circuit, given: list[list[int]], *, timed: bool) -> dict[str, list[int]]:
    values = {port.name: [row[at] for row in given] for at, port in enumerate(made.inputs)}
    return CircuitSide(made, timed=timed).answers(values, len(given))


def _signature(made: Circuit) -> str:
    inputs, outputs = (", ".join(map(str, ports)) for ports in (made.inputs, made.outputs))
    return f"{inputs} -> {outputs}".lstrip()


def _table(made: Circuit, rows: list[list[int]]) -> str:
    heads = [" ".join(port.name.split()) for port in (*made.inputs, *made.outputs)]
    count = len(made.inputs)
    cells = [[*row[:count], "|", *row[count:]] for row in (heads, *([str(value) for value in row] for row in rows))]
    return "\n".join(aligned(cells, rightward=range(len(cells[0])), gap=1))


def _read(rows: str, inputs: int, outputs: int) -> list[list[int]]:
    """The rows below the head, as integers."""
    table = []
    for line in rows.strip().splitlines()[1:]:
        try:
            row = [int(cell) for cell in line.replace("|", " ").split()]
        except ValueError:
            row = []
        if len(row) != inputs + outputs:
            raise ParameterError(
                f"the frozen row {line!r} is no row of {inputs} inputs and {outputs} outputs; freeze again"
            )
        table.append(row)
    return table


def _run_told(
    made: Circuit, given: list[list[int]], then: dict[str, list[int]], now: dict[str, list[int]], first: int
) -> str:
    values = {port.name: [row[at] for row in given] for at, port in enumerate(made.inputs)}
    return a_run(("frozen", "now"), made.inputs, made.outputs, values, (then, now), first + 1)


def _rows_told(
    made: Circuit, given: list[list[int]], then: dict[str, list[int]], now: dict[str, list[int]], differ: list[int]
) -> str:
    heads = [f"{port.name} ({side})" for port in made.outputs for side in ("frozen", "now")]
    cells = [[*(port.name for port in made.inputs), *heads, ""]]
    for at in differ[:SHOWN]:
        pairs = [(then[port.name][at], now[port.name][at]) for port in made.outputs]
        names = [port.name for port, (one, other) in zip(made.outputs, pairs, strict=True) if one != other]
        numbers = [*given[at], *(value for pair in pairs for value in pair)]
        cells.append([*map(str, numbers), f"{MARK} {', '.join(names)}"])
    lines = grid(cells, left=0)
    return "\n".join([*lines, *_more(len(differ))])
