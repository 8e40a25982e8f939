"""What the parts cost: as their docstrings say, as docs/library.md says, and as the literature counts."""

from __future__ import annotations

import doctest
from pathlib import Path

import networkx
import pytest
from scipy.optimize import linprog

import circuits as c
from circuits.costs import Formula, stated_costs
from circuits.library import CATALOGUE, OF_ADDRESS_BITS, document
from circuits.sorting import merge_exchange
from perceptron import STEP, layers
from perceptron.names import depth

PARTS = [part for parts in CATALOGUE.values() for part in parts]
CIRCUITS = [part for part in PARTS if isinstance(part, c.Circuit)]
OPTIONS = {"": {}, "signed": {"signed": True}, "arithmetic": {"arithmetic": True}}
STATED = [(part, option) for part in PARTS if not isinstance(part, c.Circuit) for option in stated_costs(part)]
LARGE = {c.array_multiplier, c.wallace_multiplier, c.dadda_multiplier, c.threshold_multiplier, c.booth_multiplier}
LARGE |= {c.squarer, c.divider}
BY_NAME = [f"{part.__name__}-{option}" if option else part.__name__ for part, option in STATED]


def sizes(part):
    if part in OF_ADDRESS_BITS:
        return [*range(1, 9)]
    return [*range(1, 17), 32, *([] if part in LARGE else [64])]


def found(circuit):
    return len(circuit.network.units), depth(circuit.network)


@pytest.mark.parametrize(("part", "option"), STATED, ids=BY_NAME)
def test_costs_in_the_docstrings(part, option):
    cost = stated_costs(part)[option]
    for n in sizes(part):
        units, longest = found(part(n, **OPTIONS[option]))
        assert cost.units.at(n) in (units, None), f"units at n = {n}"
        assert cost.depth.at(n) in (longest, None), f"depth at n = {n}"


@pytest.mark.parametrize("circuit", CIRCUITS, ids=lambda circuit: circuit.name)
def test_costs_of_single_circuits(circuit):
    cost = stated_costs(circuit)[""]
    assert (cost.units.at(1), cost.depth.at(1)) == found(circuit)


@pytest.mark.parametrize("circuit", CIRCUITS, ids=lambda circuit: circuit.name)
def test_examples_of_single_circuits(circuit):
    """The doctest finder passes by what is no function."""
    test = doctest.DocTestParser().get_doctest(circuit.__doc__, vars(c).copy(), circuit.name, None, None)
    assert doctest.DocTestRunner().run(test, out=lambda _: None).failed == 0


@pytest.mark.parametrize("make", [c.less, c.chain_less, c.comparator, c.minimum, c.maximum, c.word_sorting_network])
def test_signs_cost_nothing_where_the_docstring_says_nothing(make):
    for n in (1, 2, 5, 16):
        assert found(make(n, signed=True)) == found(make(n))


def test_the_document_is_made_from_the_parts():
    """If this fails: python -m circuits.library > docs/library.md"""
    path = Path(__file__).parents[2] / "docs" / "library.md"
    assert path.read_text(encoding="utf-8") == document()


def test_every_part_is_exported():
    names = {part.name if isinstance(part, c.Circuit) else part.__name__ for part in PARTS}
    assert names <= set(c.__all__)
    assert len(names) == len(PARTS)


# --- counts of the literature


def adders_in(circuit):
    """(full, half) adders by the names of their carries, those of the last two rows left out."""
    carries = [node.split(".")[0] for node in circuit.network.units if node.endswith(".carry")]
    return sum(name[:2] == "fa" for name in carries), sum(name[:2] == "ha" for name in carries)


@pytest.mark.parametrize("n", [3, 4, 8, 12, 16, 24])
def test_dadda_counts(n):
    """n^2 - 4 n + 3 full and n - 1 half adders, and one adder of 2 n - 2 bits (L. Dadda, 1965)."""
    part = c.dadda_multiplier(n)
    final = c.carry_lookahead_adder(2 * n - 2)
    assert adders_in(part) == (n * n - 4 * n + 3, n - 1)
    assert len(part.network.units) == n * n + 2 * (n * n - 4 * n + 3) + 2 * (n - 1) + len(final.network.units)


@pytest.mark.parametrize(("n", "full", "half"), [(8, 39, 3), (16, 201, 9)])
def test_wallace_counts(n, full, half):
    """The reduced-complexity counts of R. S. Waters and E. E. Swartzlander, 2010."""
    assert adders_in(c.wallace_multiplier(n)) == (full, half)


@pytest.mark.parametrize("n", [2, 3, 8, 16])
def test_array_counts(n):
    """n (n - 2) full and n half adders (Braun's array)."""
    assert adders_in(c.array_multiplier(n)) == (n * (n - 2), n)


@pytest.mark.parametrize(("lines", "comparators"), [(1, 0), (2, 1), (4, 5), (8, 19), (16, 63), (32, 191), (64, 543)])
def test_batcher_counts(lines, comparators):
    """(p^2 - p + 4) 2^(p - 2) - 1 for 2^p lines (D. E. Knuth, volume 3, section 5.2.2)."""
    p = lines.bit_length() - 1
    assert len(list(merge_exchange(lines))) == comparators == (p * p - p + 4) * 2**p // 4 - 1


@pytest.mark.parametrize("n", [2, 4, 8, 16, 32, 64])
def test_prefix_adder_counts(n):
    """Cells of the prefix trees: n lg n - n + 1 (Kogge and Stone), 2 n - 2 - lg n (Brent and Kung)."""
    for make, cells in ((c.kogge_stone_adder, n * n.bit_length() - 2 * n + 1), (c.brent_kung_adder, 2 * n - 1)):
        cells -= n.bit_length() if make is c.brent_kung_adder else 0
        net = make(n).network
        assert sum(node[0] == "g" and "to" in node for node in net.units) == cells


@pytest.mark.parametrize("n", [1, 2, 3, 7, 8, 31])
def test_population_count_has_the_fewest_adders(n):
    """n - ones(n) full and half adders together."""
    assert sum(adders_in(c.popcount(n))) == n - n.bit_count()


@pytest.mark.parametrize("segment", "abcdefg")
def test_no_segment_is_one_perceptron_of_the_digit(segment):
    """So that eight perceptrons, seven and one before them, are the fewest: no weights and bias separate it."""
    rows, sides = [], []
    for digit in range(16):
        side = 1 if c.seven_segments(digit)[segment] else -1
        rows.append([-side * (digit >> bit & 1) for bit in range(4)] + [-side])
        sides.append(-1)
    assert linprog([0] * 5, A_ub=rows, b_ub=sides, bounds=(None, None)).status == 2  # infeasible


# --- what they are made of


@pytest.mark.parametrize(
    "make",
    [
        c.threshold_ripple_carry_adder,
        c.carry_select_adder,
        c.carry_lookahead_adder,
        c.kogge_stone_adder,
        c.brent_kung_adder,
        c.depth_two_adder,
        c.carry_save_adder,
        c.multi_operand_adder,
        c.subtractor,
        c.comparator,
        c.array_multiplier,
        c.wallace_multiplier,
        c.dadda_multiplier,
        c.divider,
        c.square_root,
        c.threshold_parity,
        c.skipping_parity,
        c.threshold_popcount,
        c.compact_popcount,
        c.leading_zeros,
        c.priority_encoder,
        c.bcd_encoder,
    ],
)
def test_perceptrons_throughout(make):
    net = make(8).network
    assert {net.unit(node).activation for node in net.units} == {STEP}


@pytest.mark.parametrize("part", [part for part in PARTS if not isinstance(part, c.Circuit)], ids=lambda p: p.__name__)
def test_no_unit_is_ever_at_its_threshold(part):
    """Weights are even and biases odd, as in the chapter's NAND, so that a sum is never 0 and softening is easy."""
    net = part(5).network
    for node in net.units:
        unit = net.unit(node)
        if unit.activation is STEP:
            assert unit.bias % 2 == 1
            assert all(weight % 2 == 0 for _, weight in net.fanin(node))


def test_parity_in_two_layers_reads_only_the_layer_below():
    assert [len(layer) for layer in layers(c.threshold_parity(6).network)] == [6, 6, 1]


# --- arguments, and cost lines


@pytest.mark.parametrize("make", [part for part in PARTS if not isinstance(part, c.Circuit)], ids=lambda p: p.__name__)
@pytest.mark.parametrize("width", [0, -1, 1.5, "8", None, True, [8]], ids=str)
def test_refused_widths(make, width):
    make(1)
    with pytest.raises(
        c.CircuitError, match=r"give a whole number (of at least 1|from 1 to 16)(, as in Word\[8\])?$"
    ) as error:
        make(width)
    assert repr(width) in str(error.value)


def test_refused_counts():
    for make, count, least in (
        (c.multi_operand_adder, 1, 2),
        (c.word_multiplexer, 1, 2),
        (c.word_sorting_network, 0, 1),
    ):
        with pytest.raises(c.CircuitError, match=rf" is {count}; give a whole number of at least {least}$"):
            make(8, count)
    with pytest.raises(c.CircuitError, match=r"is 17; give a whole number from 1 to 16$"):
        c.decoder(17)


def test_a_part_is_made_once():
    assert c.kogge_stone_adder(9) is c.kogge_stone_adder(9)
    assert c.less(9) is not c.less(9, signed=True)
    assert c.dadda_multiplier(4, adder=c.brent_kung_adder) is not c.dadda_multiplier(4)


def test_placed_parts_are_named_after_what_they_are():
    @c.circuit
    def nested(a: c.Word[4], b: c.Word[4], d: c.Word[4]):
        return c.minimum(4)(c.minimum(4)(a, b), d, name="last")

    assert {node.split(".")[0] for node in nested.network.units if "." in node} == {"minimum1", "last"}


@pytest.mark.parametrize("text", ["n +* ", "import os", "2 m", "n; 1", "__import__(1)"])
def test_refused_formulas(text):
    with pytest.raises((c.CircuitError, SyntaxError)):
        Formula(text).at(8)


def test_a_formula_with_a_broken_value():
    with pytest.raises(c.CircuitError, match=r"the cost 'n / 2' is 2\.5 for n = 5; give a formula with whole values"):
        Formula("n / 2").at(5)


def test_a_docstring_without_a_cost():
    with pytest.raises(c.CircuitError, match="mux: the docstring states no cost"):
        stated_costs(c.mux)


@pytest.mark.parametrize(("part", "option"), STATED, ids=BY_NAME)
def test_no_unit_is_idle_or_there_twice(part, option):
    for n in (1, 2, 3, 5, 8):
        net = part(n, **OPTIONS[option]).network
        used = set(net.outputs.values())
        used |= {node for output in net.outputs.values() for node in networkx.ancestors(net.graph, output)}
        assert used >= set(net.units)
        units = [(net.unit(node), tuple(sorted(net.fanin(node)))) for node in net.units]
        assert len(set(units)) == len(units)
