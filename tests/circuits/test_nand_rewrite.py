"""rewrite_nands: the same functions in no more NANDs, and the same result by machine code as without."""

from importlib.util import find_spec

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from circuits import (
    dadda_multiplier,
    hack_alu,
    kogge_stone_adder,
    ripple_carry_adder,
    square_root,
    threshold_parity,
    threshold_popcount,
    threshold_ripple_carry_adder,
    to_nand,
    word_sorting_network,
)
from circuits.synthesis import nand_rewrite
from circuits.synthesis.nand_graph import Nands
from circuits.synthesis.nand_rewrite import GONE, rewrite_nands
from circuits.synthesis.nand_trace import trace, ways
from perceptron import Tape

INPUTS = 5
needs_numba = pytest.mark.skipif(find_spec("numba") is None, reason="Numba is not installed")


@st.composite
def graphs(draw):
    """A graph over a few inputs, and some literals of it."""
    nands = Nands(INPUTS, free=draw(st.booleans()))
    literals = [0, *nands.inputs]
    for _ in range(draw(st.integers(0, 60))):
        a, b, c = (draw(st.sampled_from(literals[-12:])) ^ draw(st.integers(0, 1)) for _ in range(3))
        literals += draw(st.sampled_from([[nands.nand(a, b)], [nands.xor(a, b)], nands.full_adder(a, b, c)]))
    return nands, draw(st.lists(st.sampled_from(literals), min_size=1, max_size=6))


def values_of(nands):
    """By node, what it is for each of the assignments of its inputs: bit r for the r-th."""
    rows = 1 << INPUTS
    full = (1 << rows) - 1
    values = [0, *(sum((row >> place & 1) << row for row in range(rows)) for place in range(INPUTS))]
    for a, b in zip(nands.left, nands.right, strict=True):
        values.append(full ^ (literal_of(values, a) & literal_of(values, b)))
    return values


def literal_of(values, literal):
    return values[literal >> 1] ^ (((1 << (1 << INPUTS)) - 1) * (literal & 1))


def rewritten(nands, wanted, **options):
    """The result as plain lists: two results are the same if these are."""
    new, literals = rewrite_nands(nands, wanted, **options)
    return new.left, new.right, literals


@given(graphs(), st.booleans())
def test_no_larger_and_every_node_that_is_left_means_the_same(graph, settle):
    nands, wanted = graph
    before = list(nands.left), list(nands.right), dict(nands.known)
    settled = range(nands.first, len(nands), 3) if settle else ()
    new, literals = rewrite_nands(nands, wanted, settled=settled, compiled=False)
    old_values, new_values = values_of(nands), values_of(new)
    assert len(literals) == len(old_values)
    assert all(literals[one >> 1] != GONE for one in wanted)
    for node, literal in enumerate(literals):
        assert literal == GONE or literal_of(new_values, literal) == old_values[node]
    assert new.size([literals[one >> 1] ^ (one & 1) for one in wanted]) <= nands.size(wanted)
    assert before == (nands.left, nands.right, nands.known)


@needs_numba
@settings(max_examples=25)
@given(graphs())
def test_machine_code_gives_the_same(graph):
    nands, wanted = graph
    assert rewritten(nands, wanted, compiled=True) == rewritten(nands, wanted, compiled=False)


COUNTING = [threshold_parity(17), threshold_parity(23), threshold_popcount(20)]
CIRCUITS = [kogge_stone_adder(12), dadda_multiplier(6), square_root(12), threshold_ripple_carry_adder(12)]


def of_circuit(circuit):
    tape = Tape.from_network(circuit.network)
    nands, literals, _ = trace(tape)
    return nands, [literals[node] for node in tape.wanted]


@needs_numba
@pytest.mark.parametrize("circuit", CIRCUITS, ids=lambda circuit: circuit.name)
def test_machine_code_gives_the_same_for_circuits(circuit):
    nands, wanted = of_circuit(circuit)
    assert rewritten(nands, wanted, compiled=True) == rewritten(nands, wanted, compiled=False)


@pytest.mark.parametrize("compiled", [False, pytest.param(True, marks=needs_numba)])
@pytest.mark.parametrize("circuit", COUNTING, ids=lambda circuit: circuit.name)
def test_every_node_comes_after_those_that_it_reads(circuit, compiled):
    """Of free complements, in a graph where counts of the same inputs share what later ones are made of."""
    tape = Tape.from_network(circuit.network)
    for nands, literals, wide in ways(tape, free=True):
        wanted = [literals[node] for node in tape.wanted]
        new, moved = rewrite_nands(nands, wanted, settled=wide, compiled=compiled)
        assert all(max(a, b) >> 1 < new.first + at for at, (a, b) in enumerate(zip(new.left, new.right, strict=True)))
        assert new.size([moved[one >> 1] ^ (one & 1) for one in wanted]) <= nands.size(wanted)


@pytest.mark.parametrize("width", [4, 16])
def test_a_small_graph_is_walked_until_nothing_is_saved(width):
    """What one bit of the sum saves lets the bit below save, a walk later, until nine NANDs a bit are left."""
    made = to_nand(threshold_ripple_carry_adder(width).network)
    assert len(made.units) <= len(ripple_carry_adder(width).network.units)


@pytest.mark.parametrize(
    "circuit",
    [kogge_stone_adder(8), square_root(8), hack_alu(16), word_sorting_network(4, 4)],
    ids=lambda one: one.name,
)
def test_of_two_ways_the_one_that_ends_smaller(circuit):
    tape = Tape.from_network(circuit.network)
    sizes = []
    for nands, literals, wide in ways(tape):
        wanted = [literals[node] for node in tape.wanted]
        new, moved = rewrite_nands(nands, wanted, settled=wide)
        sizes.append(new.size([moved[one >> 1] ^ (one & 1) for one in wanted]))
    assert len(to_nand(tape).units) <= min(sizes)


@pytest.mark.parametrize("compiled", [False, pytest.param(True, marks=needs_numba)])
def test_a_graph_that_outgrows_its_room(compiled, monkeypatch):
    """The room for new nodes is doubled when it is used up, and the walk goes on as if it had been there."""
    nands, wanted = of_circuit(CIRCUITS[1])
    plenty = rewritten(nands, wanted, compiled=compiled)
    rooms = []
    grown = nand_rewrite._Walk._grown
    monkeypatch.setattr(nand_rewrite._Walk, "_grown", lambda walk: rooms.append(walk) or grown(walk))
    monkeypatch.setattr(nand_rewrite, "_ROOM", 1)
    assert rewritten(nands, wanted, compiled=compiled) == plenty
    assert rooms
