"""The engines, each forced: operations on bits, both ways to lower a unit, and matrices, all against the definition."""

import itertools
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from reference import corners, single, table_of
from strategies import AWKWARD, assignments, networks, weights

from perceptron import SIGMOID, STEP, Network, Table, Tape, Unit, compile, evaluate
from perceptron.engines.bits import BitProgram, counting, pack, unpack
from perceptron.engines.logic import FALSE, TRUE, Logic, lowers, whole_terms


def bit_program(net):
    return compile(net, engine="bits")


def real_program(net):
    return compile(net, engine="reals")


def every_sample(net):
    count = len(net.inputs)
    return np.array(list(itertools.product((0, 1), repeat=count)), dtype=np.uint8).reshape(2**count, count)


def values_of(logic, literal):
    """A literal's values on all assignments of a logic's inputs, in counting order."""
    count = len(logic.inputs)
    rows = np.hstack([block for _, block in counting(count)]) if count else np.zeros((0, 1), dtype=np.uint64)
    return unpack(BitProgram(logic, [literal]).words(rows), 2**count)[:, 0].tolist()


@given(networks(extreme=True, wide=True))
def test_both_engines_equal_the_definition(net):
    wanted = table_of(net)
    for program in (bit_program(net), real_program(net)):
        found = program.run(every_sample(net))
        assert found.dtype == np.uint8
        assert [tuple(row) for row in found.tolist()] == wanted


def test_which_engine_runs():
    assert compile(single([1, 1], 0)).bits is not None
    assert compile(single([1, 1], 0, SIGMOID)).bits is None
    assert compile(single([1, 1], 0, real=True)).bits is None
    assert compile(single([1.0 / 3] * 2000, 0)).bits is None  # 2,000 weights of 50 bits


def test_a_program_does_not_follow_the_network():
    for activation in (STEP, SIGMOID):
        net = single([-2, -2], 3, activation)
        program = compile(net)
        net.graph.edges["x1", "y", 0]["weight"] = 100
        net.graph.nodes["y"]["unit"] = Unit(-1000, activation)
        assert program.run(np.array([[0, 0], [1, 1]]))[:, 0].round().tolist() == [1, 0]


# --- packing


@given(st.integers(0, 200), st.integers(0, 9), st.integers(0, 2**32))
def test_packing_and_unpacking(count, width, seed):
    samples = np.random.default_rng(seed).integers(0, 2, (count, width))
    rows = pack(samples)
    assert rows.shape == (width, -(-count // 64))
    assert rows.dtype == np.uint64
    np.testing.assert_array_equal(unpack(rows, count), samples)
    for sample, column in itertools.islice(np.ndindex(count, width), 40):
        assert int(rows[column, sample // 64]) >> sample % 64 & 1 == samples[sample, column]


@pytest.mark.parametrize("inputs", [1, 2, 5, 6, 7, 9, 13])
@pytest.mark.parametrize("block", [1, 3, 4096])
def test_counting_order(inputs, block):
    starts, blocks = zip(*counting(inputs, block), strict=True)
    assert list(starts) == list(range(0, max(1, 2**inputs // 64) * 64, 64 * block))
    bits = unpack(np.hstack(blocks), 2**inputs)
    assert bits.tolist() == [list(bits) for bits in itertools.product((0, 1), repeat=inputs)]


# --- operations


@given(st.data())
def test_operations_on_literals(data):
    """Random expressions over AND, OR, XOR, MUX, full adders and complements, against Python's."""
    count = 4
    logic = Logic(count)
    rows = list(itertools.product((0, 1), repeat=count))
    known = [(FALSE, [0] * 16), (TRUE, [1] * 16)]
    known += [(literal, [row[at] for row in rows]) for at, literal in enumerate(logic.inputs)]
    for _ in range(data.draw(st.integers(1, 8))):
        (a, u), (b, v), (c, w) = (data.draw(st.sampled_from(known)) for _ in range(3))
        if data.draw(st.booleans()):
            a, u = a ^ 1, [1 - x for x in u]
        total, carry = logic.full_adder(a, b, c)
        known += [
            (logic.and_(a, b), [x & y for x, y in zip(u, v, strict=True)]),
            (logic.or_(a, b), [x | y for x, y in zip(u, v, strict=True)]),
            (logic.xor(a, b), [x ^ y for x, y in zip(u, v, strict=True)]),
            (logic.mux(a, b, c), [y if x else z for x, y, z in zip(u, v, w, strict=True)]),
            (total, [(x + y + z) & 1 for x, y, z in zip(u, v, w, strict=True)]),
            (carry, [(x + y + z) >> 1 for x, y, z in zip(u, v, w, strict=True)]),
        ]
    for literal, wanted in known:
        assert values_of(logic, literal) == wanted


def test_equal_operations_are_shared():
    logic = Logic(2)
    a, b = logic.inputs
    assert logic.and_(a, b) == logic.and_(b, a)
    assert logic.xor(a, b ^ 1) == logic.xor(b, a) ^ 1 == logic.xor(a ^ 1, b)
    assert len(logic.kind) == 2
    assert logic.and_(a, a ^ 1) == logic.xor(a, a) == logic.and_(a, FALSE) == FALSE
    assert logic.and_(a, a) == logic.and_(a, TRUE) == logic.or_(a, FALSE) == logic.xor(a, FALSE) == a
    assert len(logic.kind) == 2


@given(st.lists(st.integers(-9, 9).filter(bool), min_size=1, max_size=7), st.integers(-30, 30))
def test_the_two_ways_to_lower_a_perceptron(numbers, bias):
    """The decision diagram and the binary adder decide as the sum does, on every input."""
    logic = Logic(len(numbers))
    terms = list(zip(logic.inputs, numbers, strict=True))
    rows = itertools.product((0, 1), repeat=len(numbers))
    wanted = [int(bias + sum(w * x for w, x in zip(numbers, row, strict=True)) > 0) for row in rows]
    digits, rest = logic._sum(terms, bias)
    assert values_of(logic, logic._greater(digits, -rest)) == wanted
    by_size = sorted(terms, key=lambda term: -abs(term[1]))
    assert values_of(logic, logic._diagram(by_size, bias, None)) == wanted


@given(st.lists(st.integers(-4, 4).filter(bool), min_size=1, max_size=7), st.data())
def test_the_two_ways_to_lower_a_table(numbers, data):
    """The decision diagram and the sum in binary look up the same value, on every input."""
    low = sum(number for number in numbers if number < 0)
    size = sum(map(abs, numbers)) + 1
    values = tuple(data.draw(st.lists(st.integers(0, 1), min_size=size, max_size=size)))
    logic = Logic(len(numbers))
    terms = list(zip(logic.inputs, numbers, strict=True))
    rows = itertools.product((0, 1), repeat=len(numbers))
    wanted = [values[sum(w * x for w, x in zip(numbers, row, strict=True)) - low] for row in rows]
    digits, rest = logic._sum(terms, -low)
    assert values_of(logic, logic._looked_up(digits, values[rest:])) == wanted
    assert values_of(logic, logic._diagram(terms, -low, values)) == wanted


def test_a_wide_parity_is_added_up():
    """A parity of 3,000 inputs costs operations in proportion, not their square."""
    unit = Unit(0, Table(*(count & 1 for count in range(3001))))
    logic = Logic(3000)
    literal = logic.unit(unit, [(source, 1) for source in logic.inputs])
    assert len(logic.kind) < 6 * 3000
    rows = np.random.default_rng(0).integers(0, 1 << 64, size=(3000, 1), dtype=np.uint64)
    assert BitProgram(logic, [literal]).words(rows)[0, 0] == np.bitwise_xor.reduce(rows[:, 0])


@pytest.mark.parametrize(("pins", "operations"), [(2, 1), (3, 4)])
def test_small_units_are_cheap(pins, operations):
    """A NAND is one operation, a majority of three four."""
    logic = Logic(pins)
    unit = Unit(3) if pins == 2 else Unit(-3)
    logic.unit(unit, [(literal, -2 if pins == 2 else 2) for literal in logic.inputs])
    assert len(logic.kind) == operations


@given(st.lists(weights(), max_size=6), weights())
def test_whole_weights_decide_the_same(numbers, bias):
    terms, whole_bias = whole_terms(Unit(bias), list(enumerate(numbers)))
    assert all(type(weight) is int for _, weight in terms)
    merged = dict(terms)
    for row in itertools.product((0, 1), repeat=len(numbers)):
        exact = Fraction(bias) + sum(Fraction(w) * x for w, x in zip(numbers, row, strict=True))
        whole = whole_bias + sum(weight * row[at] for at, weight in merged.items())
        assert (whole > 0) == (exact > 0)
        assert (whole == 0) == (exact == 0)


@given(st.lists(st.integers(-2, 2), min_size=2, max_size=2), st.integers(-3, 3), st.integers(0, 2**32))
def test_units_over_constants_and_complements(biases, bias, seed):
    """A literal read directly, negated, doubled and beside constants is folded rightly."""
    rng = np.random.default_rng(seed)
    logic = Logic(3)
    a, b, c = logic.inputs
    pool = [FALSE, TRUE, a, a ^ 1, b, b ^ 1, c ^ 1, a, logic.and_(a, b)]
    fanin = [(pool[int(rng.integers(len(pool)))], int(rng.integers(-4, 5))) for _ in range(6)]
    literal = logic.unit(Unit(bias), fanin)
    columns = {source: values_of(logic, source) for source, _ in fanin}
    wanted = [int(bias + sum(w * columns[source][row] for source, w in fanin) > 0) for row in range(8)]
    assert values_of(logic, literal) == wanted


# --- wide units


def sums_of(samples, numbers, bias):
    scale = 1
    while any(Fraction(number * scale).denominator > 1 for number in (*map(Fraction, numbers), Fraction(bias))):
        scale *= 3 if any(Fraction(n).denominator % 3 == 0 for n in (*numbers, bias)) and scale % 3 else 2
    whole = np.array([int(Fraction(number) * scale) for number in numbers], dtype=object)
    return samples.astype(object) @ whole + int(Fraction(bias) * scale)


@pytest.mark.parametrize("width", [200, 333, 1000])
@pytest.mark.parametrize("kind", ["sevens", "ones", "floats", "thirds"])
def test_wide_units(width, kind):
    """Fan-in of hundreds: weights up to 7 in size, all 1 (a majority), floats, and fractions."""
    rng = np.random.default_rng(width)
    numbers = {
        "sevens": lambda: rng.integers(-7, 8, width).tolist(),
        "ones": lambda: [1] * width,
        "floats": lambda: rng.normal(size=width).tolist(),
        "thirds": lambda: [Fraction(int(n), 3) for n in rng.integers(-7, 8, width)],
    }[kind]()
    samples = rng.integers(0, 2, (130, width))
    middle = sums_of(samples, numbers, 0)
    # A bias that makes one sample's sum exactly 0, and some fire and some not.
    picked = samples[int(np.argsort(middle)[65])]
    bias = -sum((Fraction(w) for w, x in zip(numbers, picked, strict=True) if x), Fraction(0))
    net = single(numbers, bias)
    wanted = (sums_of(samples, numbers, bias) > 0).astype(int).tolist()
    assert 0 < sum(wanted) < 130
    assert compile(net).run(samples)[:, 0].tolist() == wanted
    assert real_program(net).run(samples)[:, 0].tolist() == wanted
    if lowers(Tape.from_network(net)) and not (kind == "floats" and width > 200):
        assert bit_program(net).run(samples)[:, 0].tolist() == wanted
    assert evaluate(net, samples[0]) == {"y": wanted[0]}


def test_a_wide_table():
    """Parity of 300 inputs: a table of 301 values."""
    net = single([1] * 300, 0, Table([count & 1 for count in range(301)]))
    samples = np.random.default_rng(0).integers(0, 2, (100, 300))
    for program in (bit_program(net), real_program(net)):
        assert program.run(samples)[:, 0].tolist() == (samples.sum(axis=1) & 1).tolist()


# --- real numbers


@given(st.data())
def test_steps_on_real_inputs_are_decided_exactly(data):
    """Inputs chosen so that the sum is 0 or misses it by the smallest amounts."""
    count = data.draw(st.integers(1, 4))
    numbers = [data.draw(st.sampled_from(AWKWARD)) for _ in range(count)]
    point = [data.draw(st.floats(-10, 10)) for _ in range(count)]
    near = -sum((Fraction(w) * Fraction(x) for w, x in zip(numbers, point, strict=True)), Fraction(0))
    nudge = data.draw(st.sampled_from([0, Fraction(1, 10**20), Fraction(-1, 10**20), Fraction(1, 10**400)]))
    net = single(numbers, near + nudge, real=True)
    assert compile(net).run(np.array([point, [0.0] * count]))[:, 0].tolist() == [
        int(nudge > 0),
        int(near + nudge > 0),
    ]


@pytest.mark.parametrize(
    ("numbers", "bias", "point"),
    [
        ([5e-324], 0, [0.5]),  # the product is below the smallest float
        ([5e-324, -5e-324], 0, [0.75, 0.5]),
        ([1e-200], 0, [1e-200]),
        ([1e10, -1e10], 1, [1e300, 1e300]),  # the products overflow and cancel
        ([1e10, -1e10], 0, [1e300, 1e300]),
        ([1e10, 1e10], 0, [1e308, 1e308]),
        ([10**400, -(10**400)], 1, [0.5, 0.5]),
        ([1e150, 1e150], -1, [1e150, -1e150]),
        ([0, 0], 0, [0.5, 0.5]),
        ([1, 1e16], -1e16, [0.5, 1.0]),
    ],
)
@pytest.mark.parametrize("activation", [STEP, SIGMOID])
def test_real_inputs_at_the_ends_of_floats(numbers, bias, point, activation):
    if activation is SIGMOID and numbers[-1] == 1e16:
        return  # a sum that cancels 16 digits is only rounded for a sigmoid: nothing is decided there
    net = single(numbers, bias, activation, real=True)
    assert compile(net).run(np.array([point]))[0, 0] == pytest.approx(evaluate(net, point)["y"], abs=1e-12)


@given(networks(sigmoids_only=True, max_units=10), st.data())
def test_sigmoids_in_matrices(net, data):
    rows = [data.draw(assignments(net)) for _ in range(2)]
    samples = np.array([list(row.values()) for row in rows], dtype=float).reshape(2, len(net.inputs))
    for row, found in zip(rows, real_program(net).run(samples), strict=True):
        assert found.tolist() == pytest.approx([float(v) for v in evaluate(net, row).values()], abs=1e-12)


def test_a_layer_is_one_product():
    """A layered network of many units costs one group of matrices a layer."""
    rng = np.random.default_rng(0)
    net = Network()
    below = [net.input(f"x{i}", real=True) for i in range(20)]
    layers = []
    for size in (15, 10):
        w, b = rng.normal(size=(size, len(below))), rng.normal(size=size)
        below = [
            net.add(Unit(bias, SIGMOID), zip(below, row, strict=True))
            for bias, row in zip(b.tolist(), w.tolist(), strict=True)
        ]
        layers.append((w, b))
    for index, node in enumerate(below):
        net.output(f"y{index}", node)
    samples = rng.random((50, 20))
    program = compile(net)
    assert len(program.reals.groups) == 2
    values = samples.T
    for w, b in layers:
        values = 1 / (1 + np.exp(-(w @ values + b[:, None])))
    np.testing.assert_allclose(program.run(samples), values.T, rtol=0, atol=1e-14)


def test_rows_are_used_again():
    """A chain of a thousand different operations needs a few rows, not a thousand."""
    net = Network()
    a, b = net.input("a"), net.input("b")
    for _ in range(500):
        a, b = net.add(Unit(3), [(a, -2), (b, -2)]), net.add(Unit(0, Table(0, 1, 0)), [(a, 1), (b, 1)])
    net.output("a", a)
    net.output("b", b)
    program = bit_program(net)
    assert program.bits.rows < 10
    assert [tuple(row) for row in program.run(every_sample(net)).tolist()] == table_of(net)


@given(networks(max_inputs=3, max_units=4))
def test_inputs_of_a_used_row_are_loaded_again_for_each_block(net):
    program = bit_program(net)
    program._block = 1
    samples = np.tile(every_sample(net), (40, 1))
    wanted = [tuple(evaluate(net, values).values()) for values in corners(net)] * 40
    assert [tuple(row) for row in program.run(samples).tolist()] == wanted
