"""Classifiers: the circuit of NANDs and the one of perceptrons against whole-number arithmetic, and the proof."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from circuits import classifier
from perceptron import Network, ParameterError, Unit, compile, find_difference

SIZES = st.lists(st.integers(1, 7), max_size=2)


@st.composite
def arrays(draw, layers=SIZES):
    """Arguments of `classifier.build`: small, and of every kind."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    levels, inputs, bits = draw(st.integers(2, 20)), draw(st.integers(1, 5)), draw(st.integers(1, 8))
    digits = (levels - 1).bit_length()
    sizes = [bits, *draw(layers)]
    largest, share = draw(st.integers(1, 3)), draw(st.sampled_from([0.3, 0.6, 1]))

    def matrix(rows, columns, most):
        return rng.integers(-most, most + 1, (rows, columns)) * (rng.random((rows, columns)) < share)

    weights = [matrix(above, below, largest) for below, above in pairwise(sizes)]
    biases = [rng.integers(-3, 4, above) for above in sizes[1:]]
    classes, most = draw(st.integers(2, 6)), draw(st.sampled_from([1, 4, 7]))
    if draw(st.booleans()):
        votes = [matrix(classes, sizes[-1], most)]
    else:
        groups = draw(st.integers(1, 3))
        counted = np.zeros((groups, sizes[-1]), dtype=int)
        counted[rng.integers(0, groups, sizes[-1]), np.arange(sizes[-1])] = rng.integers(-1, 2, sizes[-1])
        votes = [counted, matrix(classes, groups, most)]
    pixel, level = rng.integers(0, inputs, bits), rng.integers(1 - digits, levels, bits)
    return levels, inputs, pixel, level, weights, biases, votes, rng.integers(-4, 5, classes)


def scores(given, greys):
    """(images, classes) by NumPy's whole numbers."""
    _, _, pixel, level, weights, biases, votes, offsets = given
    seen = greys[:, pixel]
    values = np.where(level > 0, seen >= level, seen >> np.maximum(-level, 0) & 1).astype(int)
    for matrix, bias in zip(weights, biases, strict=True):
        values = (values @ matrix.T + bias > 0).astype(int)
    for matrix in votes:
        values = values @ matrix.T
    return values + offsets


def labels(net, greys, levels):
    """What a network says of images."""
    digits = (levels - 1).bit_length()
    bits = (greys[:, :, None] >> np.arange(digits) & 1).reshape(len(greys), -1)
    made = compile(net).run(bits)
    return made @ (1 << np.arange(made.shape[1]))


def every(inputs, levels):
    """All images there are, or many of them."""
    if levels**inputs <= 4096:
        return np.stack(np.meshgrid(*[np.arange(levels)] * inputs, indexing="ij"), -1).reshape(-1, inputs)
    return np.random.default_rng(0).integers(0, levels, (4096, inputs))


@settings(max_examples=150)
@given(arrays())
def test_label_of_the_largest_score(given):
    made = classifier.build(*given)
    greys = every(given[1], given[0])
    wanted = scores(given, greys).argmax(axis=1)  # the first of equal ones
    assert labels(made.network, greys, given[0]).tolist() == wanted.tolist()
    assert made.fault() is None
    assert sum(made.parts.values()) == len(made.network.units)
    assert {(made.network.unit(one), len(made.network.fanin(one))) for one in made.network.units} <= {(Unit(3), 2)}


@given(arrays())
def test_perceptrons_are_the_same_function(given):
    net = classifier.perceptrons(*given)
    made = classifier.build(*given).network
    assert (net.inputs, list(net.outputs)) == (made.inputs, list(made.outputs))
    assert find_difference(net, made) is None


@given(arrays(), st.booleans())
def test_rewriting_changes_no_label(given, rewrite):
    made = classifier.build(*given, rewrite=rewrite)
    assert made.fault() is None
    assert find_difference(made.network, classifier.perceptrons(*given)) is None


def typical(rng, units, fanin, largest, voted, classes=10, side=16, levels=256):
    """A network as training leaves it: sparse units about the middle, few votes for each."""
    inputs = side * side
    weights = np.zeros((units, inputs), dtype=int)
    for row in weights:
        row[rng.choice(inputs, fanin, replace=False)] = rng.integers(1, largest + 1, fanin) * rng.choice([-1, 1], fanin)
    biases = -weights.sum(axis=1) // 2
    votes = np.zeros((classes, units), dtype=int)
    for unit in range(units):
        votes[rng.choice(classes, voted, replace=False), unit] = rng.choice([-2, -1, 1, 2], voted)
    return (
        levels,
        inputs,
        np.arange(inputs),
        np.full(inputs, 128),
        [weights],
        [biases],
        [votes],
        rng.integers(-9, 9, classes),
    )


@pytest.mark.parametrize(
    ("units", "fanin", "largest", "voted"), [(120, 5, 1, 3), (60, 12, 3, 4), (30, 24, 3, 10), (12, 90, 7, 10)]
)
def test_typical_networks(units, fanin, largest, voted):
    rng = np.random.default_rng(units)
    given = typical(rng, units, fanin, largest, voted)
    made = classifier.build(*given)
    assert made.fault() is None
    greys = rng.integers(0, 256, (2000, given[1]))
    wanted = scores(given, greys).argmax(axis=1)
    assert labels(made.network, greys, 256).tolist() == wanted.tolist()
    assert labels(classifier.perceptrons(*given), greys, 256).tolist() == wanted.tolist()


def test_groups_say_the_same_as_their_units():
    """Counts of groups that classes weigh, and the same votes unit by unit."""
    rng = np.random.default_rng(3)
    given = typical(rng, 100, 4, 1, 2)
    counted = np.zeros((10, 100), dtype=int)
    counted[np.arange(100) // 10, np.arange(100)] = rng.choice([-1, 1], 100)
    weighed = rng.integers(-3, 4, (10, 10))
    two, one = ([*given[:6], votes, given[7]] for votes in ([counted, weighed], [weighed @ counted]))
    grouped, plain = classifier.build(*two), classifier.build(*one)
    assert grouped.fault() is None
    assert plain.fault() is None
    greys = rng.integers(0, 256, (500, given[1]))
    assert labels(grouped.network, greys, 256).tolist() == labels(plain.network, greys, 256).tolist()


# --- the proof finds what is wrong


def mutants(net, rng, count):
    """Networks in which one pin of one NAND reads another node not far before it."""
    order = net.order()
    at = {node: place for place, node in enumerate(order)}
    for node in rng.choice(net.units, count).tolist():
        read = [source for source, _ in net.fanin(node)]
        read[rng.integers(2)] = order[rng.integers(max(0, at[node] - 8), at[node])]
        made = net.copy()
        made.graph.remove_edges_from(list(made.graph.in_edges(node, keys=True)))
        for source in read:
            made.graph.add_edge(source, node, weight=-2)
        yield made


@pytest.mark.parametrize("seed", range(3))
def test_no_wrong_circuit_passes(seed):
    rng = np.random.default_rng(seed)
    given = (4, 2, [0, 0, 1, 1], [1, 2, 2, 3], [rng.integers(-2, 3, (3, 4))], [rng.integers(-1, 2, 3)])
    given = (*given, [rng.integers(-2, 3, (3, 3))], rng.integers(-1, 2, 3))
    made = classifier.build(*given)
    wanted = made.network
    wrong = [mutant for mutant in mutants(wanted, rng, 300) if find_difference(mutant, wanted) is not None]
    assert len(wrong) > 20
    assert all(made.fault(mutant) is not None for mutant in wrong)


def test_wide_units_are_found_out_too():
    rng = np.random.default_rng(5)
    given = (*typical(rng, 2, 24, 2, 2, classes=2, side=5)[:6], [[[1, -1], [-1, 1]]], [0, 0])
    made = classifier.build(*given)
    assert made.fault() is None
    greys = rng.integers(0, 256, (4096, given[1]))
    wanted = labels(made.network, greys, 256)
    wrong = [one for one in mutants(made.network, rng, 60) if (labels(one, greys, 256) != wanted).any()]
    assert len(wrong) > 20
    assert all(made.fault(one) is not None for one in wrong)


def test_a_proof_of_other_arrays_fails():
    rng = np.random.default_rng(1)
    given = list(typical(rng, 12, 5, 2, 3, classes=4, side=6))
    made = classifier.build(*given)
    for at in (3, 5, 6, 7):
        other = list(given)
        other[at] = [one.copy() for one in given[at]] if isinstance(given[at], list) else given[at].copy()
        if at == 3:
            other[at][np.flatnonzero(given[4][0].any(axis=0))[0]] += 64
        elif at == 7:
            other[at][2] += 1
        elif at == 5:
            other[at][0][3] += 2
        else:
            other[at][0][1, 1] += 1
        changed = classifier.build(*other)
        assert next(made.proof.faults(changed.arrays, made.network), None) is not None
    assert made.fault(Network()) == "it has other inputs or outputs, or units that are no NANDs"


# --- what does not fit

GOOD = {
    "levels": 4,
    "inputs": 2,
    "pixel": [0, 1],
    "level": [2, 2],
    "weights": [[[1, 1]]],
    "biases": [[0]],
    "votes": [[[1], [0]]],
    "offsets": [0, 0],
}


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({"levels": 1}, "levels is 1; give a whole number of at least 2"),
        ({"inputs": 0}, "inputs is 0; give a whole number of at least 1"),
        ({"pixel": [0, 2]}, "bit 1 reads pixel 2, but pixels are 0 to 1"),
        ({"level": [2, 4]}, "bit 1 has level 4; give 1 to 3, or a digit as 0 to -1"),
        ({"level": [2]}, "2 bits have a pixel and 1 a level; give both for each"),
        ({"biases": []}, "1 matrices of weights come with 0 rows of biases"),
        ({"weights": [[[1, 1, 1]]]}, "weights[0] has shape (1, 3); here it has to be (1, 2)"),
        ({"weights": [[[1, 0.5]]]}, "weights[0] is of float64; give whole numbers up to 2**40 in size"),
        ({"votes": [[[1, 1]]]}, "votes[0] has shape (1, 2); here it has to be (2, 1)"),
        ({"votes": []}, "there are 0 matrices of votes; give one or two"),
        ({"votes": [[[1]]], "offsets": [0]}, "there is 1 class; give at least two"),
        ({"offsets": 3}, "offsets has 0 axes; give 1"),
    ],
    ids=str,
)
def test_arrays_that_do_not_fit(changes, text):
    for make in (classifier.build, classifier.perceptrons):
        with pytest.raises(ParameterError) as error:
            make(**{**GOOD, **changes})
        assert str(error.value) == text
    classifier.build(**GOOD).certify()
