"""Hypothesis strategies for networks: what a valid network is, so that a machine can look for one that breaks us.

@given(networks())
def test_merging_changes_nothing(net): ...

@given(st.data())
def test_one_input(data):
    net = data.draw(networks(smooth=True))
    values = data.draw(assignments(net))
"""

from fractions import Fraction

import numpy as np
from hypothesis import strategies as st

from perceptron import EXP, IDENTITY, RELU, SIGMOID, STEP, TANH, LeakyRelu, Network, Table, Unit
from perceptron.network import is_binary, takes_real

AWKWARD = [
    *(0, 1, -1, 2, -2, 3, -4, 7),
    *(0.0, 0.1, 0.2, -0.3, 0.3, 0.5, -0.75, 1e-3, -2.0),
    *(Fraction(1, 3), Fraction(-1, 3), Fraction(2, 3), Fraction(-5, 7), Fraction(1, 10), Fraction(-3, 10)),
]
OTHERS = [RELU, TANH, IDENTITY, EXP, LeakyRelu(0.25), LeakyRelu(-0.1), LeakyRelu(3)]
EXTREME = [1e308, -1e308, 5e-324, 10**40, -(10**40), 2**53 + 1, Fraction(1, 10**30), 1e16, -1e16]
WILD = [
    *("fa3.carry", "a[0]", 'say "hi"', "it's", "x'", "naïve", "入力", "🧀", "a b", "\\", "a\\nb", "<b>&amp;", "{x}"),
    *("%s", "n1", "n2", "-", "->", "constant1", "node", "a|b", "a,b", "a;b", "#", "/*", "\t", "True", "0", "None"),
]


def names():
    """Names a person should not give and may: Unicode, dots, brackets, quotes, words of other languages."""
    odd = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=6)
    return st.one_of(st.sampled_from(WILD), odd)


def weights(*, extreme=False):
    """Ints, floats and fractions, 0 and values that do not add up in floating point among them."""
    plain = st.one_of(st.integers(-4, 4), st.sampled_from(AWKWARD))
    return st.one_of(plain, plain, st.sampled_from(EXTREME)) if extreme else plain


@st.composite
def networks(
    draw,
    *,
    min_inputs=0,
    max_inputs=5,
    max_units=7,
    max_fanin=4,
    steps_only=False,
    smooth=False,
    sigmoids_only=False,
    others=False,
    extreme=False,
    wide=False,
    wild=False,
):
    """A valid network; by default of step and table units on 0/1 inputs.

    Among them: constants, parallel edges, sums that are exactly 0, outputs that are inputs, two outputs of one
    node, inputs and units that nothing reads.

    Parameters
    ----------
    min_inputs, max_inputs, max_units, max_fanin : int
    steps_only : bool
        No table units.
    smooth : bool
        Sigmoid units and real inputs too.
    sigmoids_only : bool
        Sigmoid units only (weights moderate).
    others : bool
        Units of the other smooth activations too: rectifiers, tanh, identity, exp.
    extreme : bool
        Weights from 5e-324 to 1e308 and beyond.
    wide : bool
        One more unit with a fan-in of up to 80, weights up to 7 in size.
    wild : bool
        Names nobody should give (see `names`).
    """
    net = Network(draw(names()) if wild else "")
    count = draw(st.integers(min_inputs, max_inputs))
    units = draw(st.integers(0 if count else 1, max_units))
    total = count + units + wide
    unique = (
        draw(st.lists(names(), min_size=total, max_size=total, unique=True))
        if wild
        else [f"x{index + 1}" for index in range(count)] + [f"u{index + 1}" for index in range(total - count)]
    )
    for name in unique[:count]:
        net.input(name, real=(smooth or sigmoids_only or others) and draw(st.booleans()))
    kinds = ["sigmoid"] if sigmoids_only else ["step"] * 2 + ["table"] * (not steps_only) + ["sigmoid"] * smooth
    kinds += ["other"] * 2 * others
    for name in unique[count : count + units]:
        kind = draw(st.sampled_from(kinds))
        nodes = list(net.graph)
        readable = [node for node in nodes if is_binary(net, node)] if kind == "table" else nodes
        size = draw(st.integers(0, max_fanin)) if readable else 0
        sources = [draw(st.sampled_from(readable)) for _ in range(size)]
        if kind == "table":
            _add_table(draw, net, name, sources)
        else:
            smooth_unit = kind in ("sigmoid", "other")
            # An input becomes real by feeding a sigmoid, which a table that reads it already does not allow.
            if smooth_unit:
                sources = [source for source in sources if not _feeds_table(net, source)]
            edges = [(source, draw(weights(extreme=extreme and not smooth_unit))) for source in sources]
            bias = draw(weights(extreme=extreme and not smooth_unit))
            if edges and draw(st.booleans()):  # a sum of exactly 0 for some of the sources at 1
                bias = -sum((Fraction(weight) for _, weight in edges[: draw(st.integers(1, len(edges)))]), Fraction(0))
            activation = {"step": STEP, "sigmoid": SIGMOID}.get(kind) or draw(st.sampled_from(OTHERS))
            net.add(Unit(bias, activation), edges, name=name)
    if wide:
        rng = np.random.default_rng(draw(st.integers(0, 2**32)))
        nodes = [node for node in net.graph if is_binary(net, node)]
        size = int(rng.integers(10, 81)) if nodes else 0
        edges = [(nodes[int(at)], int(rng.integers(-7, 8))) for at in rng.integers(0, max(1, len(nodes)), size)]
        net.add(Unit(int(rng.integers(-20, 21))), edges, name=unique[-1])
    nodes = list(net.graph)
    results = draw(st.lists(st.sampled_from(nodes), min_size=1, max_size=4))
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


def _feeds_table(net, source):
    units = [net.graph.nodes[target]["unit"] for target in net.graph.succ[source]]
    return source in net.inputs and any(isinstance(unit.activation, Table) for unit in units)


def _add_table(draw, net, name, sources):
    """A table whose values cover every sum, and sometimes more."""
    edges = []
    for source in sources:
        weight = draw(st.integers(-2, 4))
        if draw(st.integers(0, 7)) == 0:  # only the sum of parallel edges has to be whole
            edges += [(source, weight - 0.5), (source, Fraction(1, 2))]
        else:
            edges.append((source, weight))
    merged = {}
    for source, weight in edges:
        merged[source] = merged.get(source, 0) + Fraction(weight)
    low = sum(weight for weight in merged.values() if weight < 0)
    high = sum(weight for weight in merged.values() if weight > 0)
    bias = int(-low) + draw(st.integers(0, 1))
    size = int(high) + bias + 1 + draw(st.integers(0, 1))
    bits = draw(st.integers(0, 2**size - 1))
    net.add(Unit(bias, Table([bits >> place & 1 for place in range(size)])), edges, name=name)


@st.composite
def assignments(draw, net):
    """A value for each input of a network: 0 or 1, and now and then any moderate number for a real input."""
    real = st.one_of(
        st.sampled_from([0, 1, 0.5, 0.638, 1 / 3]), st.floats(-2, 2, allow_subnormal=False), st.integers(-3, 3)
    )
    return {name: draw(real if takes_real(net, name) else st.integers(0, 1)) for name in net.inputs}
