"""Strategies of Hypothesis for networks: what a valid network is, so that a machine can look for one that breaks you.

    from hypothesis import given
    from perceptron import evaluate, merge_parallel
    from perceptron.testing import assignments, networks

    @given(networks(), st.data())
    def test_merging_changes_nothing(net, data):
        values = data.draw(assignments(net))
        assert evaluate(merge_parallel(net), values) == evaluate(net, values)

A failing example is shrunk: fewer inputs and units, smaller weights, inputs at 0.
"""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from perceptron.activations import EXP, IDENTITY, RELU, TANH, LeakyRelu
from perceptron.errors import ParameterError
from perceptron.network import Network, is_binary, takes_real
from perceptron.numbers import Number
from perceptron.simulate import TruthTable
from perceptron.unit import SIGMOID, STEP, Activation, Table, Unit

try:
    from hypothesis import strategies as st
except ImportError as error:
    raise ImportError(
        "perceptron.testing needs Hypothesis; install it with: pip install 'perceptron-circuits[test]'"
    ) from error

__all__ = ["AWKWARD", "assignments", "names", "networks", "truth_tables", "weights"]

AWKWARD: list[Number] = [  # weights of every kind, and sums of them that floating point would round
    *(0, 1, -1, 2, -2, 3, -4, 7),
    *(0.0, 0.1, 0.2, -0.3, 0.3, 0.5, -0.75, 1e-3, -2.0),
    *(Fraction(1, 3), Fraction(-1, 3), Fraction(2, 3), Fraction(-5, 7), Fraction(1, 10), Fraction(-3, 10)),
]
_EXTREME: list[Number] = [1e308, -1e308, 5e-324, 10**40, -(10**40), 2**53 + 1, Fraction(1, 10**30), 1e16, -1e16]
_OTHERS: list[Activation] = [RELU, TANH, IDENTITY, EXP, LeakyRelu(0.25), LeakyRelu(-0.1), LeakyRelu(3)]
_WILD = [
    *("fa3.carry", "a[0]", 'say "hi"', "it's", "x'", "naïve", "入力", "🧀", "a b", "\\", "a\\nb", "<b>&amp;", "{x}"),
    *("%s", "n1", "n2", "-", "->", "constant1", "node", "a|b", "a,b", "a;b", "#", "/*", "\t", "True", "0", "None"),
]
# Made once: what a strategy can draw is worked out anew for each that is made.
_NAMES = st.one_of(st.sampled_from(_WILD), st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=6))
_WEIGHTS: st.SearchStrategy[Number] = st.one_of(st.integers(-4, 4), st.sampled_from(AWKWARD))
_EXTREME_WEIGHTS: st.SearchStrategy[Number] = st.one_of(_WEIGHTS, _WEIGHTS, st.sampled_from(_EXTREME))
_OTHER_ACTIVATIONS = st.sampled_from(_OTHERS)
_TABLE_INPUTS = 10  # a column of 1024 bits is the most that is still worth shrinking


def names() -> st.SearchStrategy[str]:
    """Names a person should not give and may: Unicode, dots, brackets, quotes, words of other languages.

    Every text of 1 to 6 characters (no half of a surrogate pair), and often one that some file format, drawing or
    shell reads as something else.

    Examples
    --------
    >>> from hypothesis import find
    >>> find(names(), lambda name: "->" in name)
    '->'
    """
    return _NAMES


def weights(*, extreme: bool = False) -> st.SearchStrategy[Number]:
    """Weights: ints, floats and fractions, 0 and values that do not add up in floating point among them.

    Parameters
    ----------
    extreme : bool, default False
        From 5e-324 to 1e308 in size, and integers and fractions beyond, too.

    Examples
    --------
    >>> from hypothesis import find
    >>> find(weights(), lambda weight: weight > 3) in (4, 7)
    True
    """
    _require_truth(extreme=extreme)
    return _EXTREME_WEIGHTS if extreme else _WEIGHTS


def networks(
    *,
    min_inputs: int = 0,
    max_inputs: int = 5,
    max_units: int = 7,
    max_fanin: int = 4,
    steps_only: bool = False,
    smooth: bool = False,
    sigmoids_only: bool = False,
    others: bool = False,
    extreme: bool = False,
    wide: bool = False,
    wild: bool = False,
) -> st.SearchStrategy[Network]:
    """Valid networks; by default of step and table units on 0/1 inputs, without states.

    Among them: constants, parallel edges, sums that are exactly 0, outputs that are inputs, two outputs of one
    node, inputs and units that nothing reads. Inputs are called x1, x2, ..., units u1, u2, ... and outputs, of which
    there are 1 to 4 (5 with `wide`), y1, y2, ...

    Parameters
    ----------
    min_inputs, max_inputs : int, default 0 and 5
    max_units : int, default 7
        `wide` adds one more. At least 1, unless there are inputs.
    max_fanin : int, default 4
        Edges into a unit.
    steps_only : bool
        No table units.
    smooth : bool
        Sigmoid units and real inputs too.
    sigmoids_only : bool
        Sigmoid units only (weights moderate).
    others : bool
        Units of the other smooth activations too: rectifiers, tanh, identity, exp.
    extreme : bool
        Weights of step units from 5e-324 to 1e308 and beyond.
    wide : bool
        One more unit with a fan-in of up to 80, weights up to 7 in size.
    wild : bool
        Names nobody should give (see `names`).

    Raises
    ------
    ParameterError
        If a number is negative or no whole number, there are more inputs at least than at most, a network could have
        no node at all, or one of the others is neither True nor False.

    Examples
    --------
    >>> from hypothesis import find
    >>> from perceptron import evaluate
    >>> find(networks(), lambda net: not net.inputs and 1 in evaluate(net).values())
    <Network: 0 inputs, 1 unit, 0 edges, 1 output>
    """
    sizes = {"min_inputs": min_inputs, "max_inputs": max_inputs, "max_units": max_units, "max_fanin": max_fanin}
    for name, value in sizes.items():
        _require_count(name, value, 0)
    if min_inputs > max_inputs:
        raise ParameterError(f"min_inputs is {min_inputs}, but max_inputs is {max_inputs}; give at most as many")
    if not min_inputs and not max_units:
        raise ParameterError("max_units is 0, and there may be no inputs; allow a unit, or give min_inputs=1")
    _require_truth(
        steps_only=steps_only,
        smooth=smooth,
        sigmoids_only=sigmoids_only,
        others=others,
        extreme=extreme,
        wide=wide,
        wild=wild,
    )
    kinds = ["sigmoid"] if sigmoids_only else ["step"] * 2 + ["table"] * (not steps_only) + ["sigmoid"] * smooth
    kinds += ["other"] * 2 * others
    return _networks((min_inputs, max_inputs), max_units, max_fanin, kinds, extreme, wide, wild)


@st.composite
def _networks(
    draw: st.DrawFn,
    inputs: tuple[int, int],
    max_units: int,
    max_fanin: int,
    kinds: list[str],
    extreme: bool,
    wide: bool,
    wild: bool,
) -> Network:
    net = Network(draw(names()) if wild else "")
    count = draw(st.integers(*inputs))
    units = draw(st.integers(0 if count else 1, max_units))
    total = count + units + wide
    unique = (
        draw(st.lists(names(), min_size=total, max_size=total, unique=True))
        if wild
        else [f"x{index + 1}" for index in range(count)] + [f"u{index + 1}" for index in range(total - count)]
    )
    reals = "sigmoid" in kinds or "other" in kinds
    for name in unique[:count]:
        net.input(name, real=reals and draw(st.booleans()))
    for name in unique[count : count + units]:
        kind = draw(st.sampled_from(kinds))
        nodes = list(net.graph)
        readable = [node for node in nodes if is_binary(net, node)] if kind == "table" else nodes
        size = draw(st.integers(0, max_fanin)) if readable else 0
        source = st.sampled_from(readable)
        sources = [draw(source) for _ in range(size)]
        if kind == "table":
            _add_table(draw, net, name, sources)
        else:
            _add_unit(draw, net, name, kind, sources, extreme=extreme)
    if wide:
        _add_wide(draw, net, unique[-1])
    results = draw(st.lists(st.sampled_from(list(net.graph)), min_size=1, max_size=4))
    if wide:
        results.append(unique[-1])
    called = (
        draw(st.lists(names(), min_size=len(results), max_size=len(results), unique=True))
        if wild
        else [f"y{index + 1}" for index in range(len(results))]
    )
    for name, node in zip(called, results, strict=True):
        net.output(name, node)
    return net


def _add_unit(draw: st.DrawFn, net: Network, name: str, kind: str, sources: list[str], *, extreme: bool) -> None:
    """A step unit, a sigmoid, or one of the other smooth activations."""
    smooth_unit = kind in ("sigmoid", "other")
    # An input becomes real by feeding a sigmoid, which a table that reads it already does not allow.
    if smooth_unit:
        sources = [source for source in sources if not _feeds_table(net, source)]
    edges = [(source, draw(weights(extreme=extreme and not smooth_unit))) for source in sources]
    bias: Number = draw(weights(extreme=extreme and not smooth_unit))
    if len(edges) > 0 and draw(st.booleans()):  # a sum of exactly 0 for some of the sources at 1
        some = draw(st.integers(1, len(edges)))
        bias = -sum((Fraction(weight) for _, weight in edges[:some]), Fraction(0))
    fixed = {"step": STEP, "sigmoid": SIGMOID}.get(kind)
    activation = draw(_OTHER_ACTIVATIONS) if fixed is None else fixed
    net.add(Unit(bias, activation), edges, name=name)


def _feeds_table(net: Network, source: str) -> bool:
    units = [net.graph.nodes[target]["unit"] for target in net.graph.succ[source]]
    return source in net.inputs and any(isinstance(unit.activation, Table) for unit in units)


def _add_table(draw: st.DrawFn, net: Network, name: str, sources: list[str]) -> None:
    """A table whose values cover every sum, and sometimes more."""
    edges: list[tuple[str, Number]] = []
    for source in sources:
        weight = draw(st.integers(-2, 4))
        if draw(st.integers(0, 7)) == 0:  # only the sum of parallel edges has to be whole
            edges += [(source, weight - 0.5), (source, Fraction(1, 2))]
        else:
            edges.append((source, weight))
    merged: dict[str, Fraction] = {}
    for source, part in edges:
        merged[source] = merged.get(source, Fraction(0)) + Fraction(part)
    low = sum((weight for weight in merged.values() if weight < 0), Fraction(0))
    high = sum((weight for weight in merged.values() if weight > 0), Fraction(0))
    bias = int(-low) + draw(st.integers(0, 1))
    size = int(high) + bias + 1 + draw(st.integers(0, 1))
    bits = draw(st.integers(0, 2**size - 1))
    net.add(Unit(bias, Table(*(bits >> place & 1 for place in range(size)))), edges, name=name)


def _add_wide(draw: st.DrawFn, net: Network, name: str) -> None:
    """A step unit of many edges; drawn from a seed, because that many choices would not shrink."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    nodes = [node for node in net.graph if is_binary(net, node)]
    size = int(rng.integers(10, 81)) if nodes else 0
    edges = [(nodes[int(at)], int(rng.integers(-7, 8))) for at in rng.integers(0, max(1, len(nodes)), size)]
    net.add(Unit(int(rng.integers(-20, 21))), edges, name=name)


def assignments(net: Network) -> st.SearchStrategy[dict[str, int | float]]:
    """A value for each input of a network: 0 or 1, and now and then any number from -3 to 3 for a real input.

    Parameters
    ----------
    net : Network
        For a circuit's words as integers, and sequences over time, see `circuits.testing.inputs_of`.

    Examples
    --------
    >>> from hypothesis import find
    >>> from circuits import xor
    >>> from perceptron import evaluate
    >>> find(assignments(xor.network), lambda values: evaluate(xor.network, values) == {"out": 1})
    {'x1': 0, 'x2': 1}
    """
    if not isinstance(net, Network):
        raise ParameterError(f"assignments is given {net!r}; give a Network, such as circuit.network")
    real = st.one_of(
        st.sampled_from([0, 1, 0.5, 0.638, 1 / 3]), st.floats(-2, 2, allow_subnormal=False), st.integers(-3, 3)
    )
    kinds = [real if takes_real(net, name) else st.integers(0, 1) for name in net.inputs]
    return st.tuples(*kinds).map(lambda values: dict(zip(net.inputs, values, strict=True)))


def truth_tables(
    *, inputs: int | tuple[int, int] = (0, 4), outputs: int | tuple[int, int] = 1
) -> st.SearchStrategy[TruthTable]:
    """Truth tables: every function of so many inputs, and often one of the special ones.

    Special are the constants, those that are 1 in one row or 0 in one row, an input or its negation, and the parity.
    Inputs are called x1, x2, ... and outputs y1, y2, ... It shrinks to fewer inputs and outputs, and to all 0.

    Parameters
    ----------
    inputs, outputs : int or (int, int), default (0, 4) and 1
        How many: a number, or the least and the most; 0 to 10 inputs, and at least 1 output.

    Raises
    ------
    ParameterError
        If these are no such numbers.

    Examples
    --------
    >>> from hypothesis import find
    >>> print(find(truth_tables(inputs=1), lambda table: table.outputs.all()))
    x1 | y1
     0 |  1
     1 |  1
    """
    return _truth_tables(_ends("inputs", inputs, 0, _TABLE_INPUTS), _ends("outputs", outputs, 1, None))


@st.composite
def _truth_tables(draw: st.DrawFn, inputs: tuple[int, int], outputs: tuple[int, int]) -> TruthTable:
    count, columns = draw(st.integers(*inputs)), draw(st.integers(*outputs))
    rows = (np.arange(2**count)[:, None] >> np.arange(count - 1, -1, -1) & 1).astype(np.uint8)
    every, full = st.integers(0, 2**2**count - 1), 2**2**count - 1
    plain = [sum(int(bit) << at for at, bit in enumerate(column)) for column in (*rows.T, rows.sum(axis=1) & 1)]
    single = [1 << row for row in range(2**count)]
    special = st.sampled_from(
        [0, full, *single, *(full ^ one for one in single), *plain, *(full ^ one for one in plain)]
    )
    drawn = [draw(st.one_of(every, special)) for _ in range(columns)]
    values = [[number >> row & 1 for number in drawn] for row in range(2**count)]
    return TruthTable(
        tuple(f"x{at + 1}" for at in range(count)),
        tuple(f"y{at + 1}" for at in range(columns)),
        rows,
        np.array(values, dtype=np.uint8),
    )


def _ends(name: str, given: int | tuple[int, int], least: int, most: int | None) -> tuple[int, int]:
    """The least and the most, of a number or a pair of numbers."""
    ends = given if isinstance(given, tuple) else (given, given)
    if len(ends) != 2:
        raise ParameterError(f"{name} is {given!r}; give a number, or the least and the most as (least, most)")
    for value in ends:
        _require_count(name, value, least)
        if most is not None and value > most:
            raise ParameterError(f"{name} is {given!r}; give at most {most}")
    if ends[0] > ends[1]:
        raise ParameterError(f"{name} is {given!r}; give the smaller number first")
    return ends


def _require_count(name: str, value: object, least: int) -> None:
    if isinstance(value, bool) or not isinstance(value, int) or value < least:
        raise ParameterError(f"{name} is {value!r}; give a whole number of at least {least}")


def _require_truth(**given: object) -> None:
    for name, value in given.items():
        if not isinstance(value, bool):
            raise ParameterError(f"{name} is {value!r}; give True or False")
