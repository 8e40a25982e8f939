"""The operators of words: the oracle is Python's integers, over widths, signs and constants."""

import itertools
import operator
from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from circuits import Circuit, Signed, Word, circuit, statistics
from circuits.language.ports import Port
from circuits.language.values import span
from perceptron import STEP

ARITHMETIC = {"+": operator.add, "-": operator.sub, "*": operator.mul}
COMPARISONS = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
BITWISE = {"&": operator.and_, "|": operator.or_, "^": operator.xor}
TWO_WORDS = ARITHMETIC | COMPARISONS
KINDS = [Word, Signed]


def binary(work, left, right) -> Circuit:
    """The circuit of an operator on two words of these kinds."""

    def made(a: left, b: right):
        return work(a, b)

    return circuit(made)


def unary(work, kind) -> Circuit:
    def made(a: kind):
        return work(a)

    return circuit(made)


def all_values(kind):
    least, most = span(Port("a", kind.width, kind.signed))
    return range(least, most + 1)


def grid(left, right):
    """Every pair of values, as two arrays."""
    pairs = np.array(list(itertools.product(all_values(left), all_values(right))))
    return pairs[:, 0], pairs[:, 1]


# --- two words


@pytest.mark.parametrize("sign", TWO_WORDS)
@pytest.mark.parametrize(("left", "right"), list(itertools.product(KINDS, KINDS)))
def test_small_words_all_of_them(sign, left, right):
    work = TWO_WORDS[sign]
    for n, m in itertools.product((1, 2, 3, 4), (1, 2, 3, 5)):
        a, b = grid(left[n], right[m])
        np.testing.assert_array_equal(binary(work, left[n], right[m])(a, b), work(a, b))


words = st.builds(lambda kind, width: kind[width], st.sampled_from(KINDS), st.integers(1, 16))
seeds = st.integers(0, 2**32 - 1)


def drawn(kind, seed, count=500):
    """Values of a word: its ends, and any."""
    least, most = span(Port("a", kind.width, kind.signed))
    ends = np.clip([least, most, 0, -1, 1], least, most)
    return np.concatenate([ends, np.random.default_rng(seed).integers(least, most + 1, count)])


@given(st.sampled_from(sorted(TWO_WORDS)), words, words, seeds)
def test_any_widths(sign, left, right, seed):
    a = drawn(left, seed)
    b = np.random.default_rng(seed).permutation(drawn(right, seed + 1))
    np.testing.assert_array_equal(binary(TWO_WORDS[sign], left, right)(a, b), TWO_WORDS[sign](a, b))


@given(st.sampled_from(sorted(TWO_WORDS)), words, st.integers(-(2**17), 2**17) | st.integers(-3, 3), seeds)
def test_integers_on_either_side(sign, kind, constant, seed):
    a, work = drawn(kind, seed, 100), TWO_WORDS[sign]
    np.testing.assert_array_equal(unary(lambda a: work(a, constant), kind)(a), work(a, constant))
    np.testing.assert_array_equal(unary(lambda a: work(constant, a), kind)(a), work(constant, a))


@cache
def of_wide_words(sign, left, left_width, right, right_width):
    """The circuit of an operator on two wide words, made once for all values."""
    return binary(TWO_WORDS[sign], left[left_width], right[right_width])


@pytest.mark.parametrize("width", [31, 64, 100])
@pytest.mark.parametrize("sign", TWO_WORDS)
@settings(max_examples=15)
@given(data=st.data())
def test_wide_words(sign, width, data):
    left, right = (data.draw(st.sampled_from(KINDS)) for _ in range(2))
    widths = (12, 60) if sign == "*" else (width, width)
    made = of_wide_words(sign, left, widths[0], right, widths[1])
    a, b = (data.draw(st.integers(*span(port))) for port in made.inputs)
    assert made(a, b) == TWO_WORDS[sign](a, b)


@given(st.sampled_from(sorted(BITWISE)), st.sampled_from(KINDS), st.integers(1, 16), seeds)
def test_bit_by_bit(sign, kind, width, seed):
    a, b, work = drawn(kind[width], seed), drawn(kind[width], seed + 1), BITWISE[sign]
    np.testing.assert_array_equal(binary(work, kind[width], kind[width])(a, b), work(a, b))
    constant = int(b[-1])
    np.testing.assert_array_equal(unary(lambda a: work(a, constant), kind[width])(a), work(a, constant))
    np.testing.assert_array_equal(unary(lambda a: work(constant, a), kind[width])(a), work(constant, a))


# --- one word


@given(words, seeds)
def test_signs(kind, seed):
    a = drawn(kind, seed)
    np.testing.assert_array_equal(unary(operator.neg, kind)(a), -a)
    np.testing.assert_array_equal(unary(abs, kind)(a), abs(a))
    np.testing.assert_array_equal(unary(operator.pos, kind)(a), a)
    wanted = ~a if kind.signed else 2**kind.width - 1 - a
    np.testing.assert_array_equal(unary(operator.invert, kind)(a), wanted)


@given(words, st.integers(0, 20), seeds)
def test_shifts_by_integers(kind, places, seed):
    a = drawn(kind, seed)
    np.testing.assert_array_equal(unary(lambda a: a << places, kind)(a), a << places)
    np.testing.assert_array_equal(unary(lambda a: a >> places, kind)(a), a >> places)


@given(words, st.integers(1, 5), seeds)
def test_shifts_by_words(kind, bits, seed):
    a = drawn(kind, seed)
    places = np.random.default_rng(seed).integers(0, 2**bits, len(a))
    np.testing.assert_array_equal(binary(operator.lshift, kind, Word[bits])(a, places), a << places)
    np.testing.assert_array_equal(binary(operator.rshift, kind, Word[bits])(a, places), a >> places)


@given(st.integers(-40, 40), st.integers(1, 4))
def test_an_integer_is_shifted_by_a_word(number, bits):
    places = np.arange(2**bits)
    np.testing.assert_array_equal(unary(lambda places: number << places, Word[bits])(places), number << places)
    np.testing.assert_array_equal(unary(lambda places: number >> places, Word[bits])(places), number >> places)


def test_wires_are_words_of_one_bit():
    @circuit
    def bits(a, b):
        return {"sum": a + b, "less": a < b, "minus": a - b, "times": a * b, "both": a + 1 + b, "same": a == b}

    for a, b in itertools.product((0, 1), repeat=2):
        wanted = {"sum": a + b, "less": a < b, "minus": a - b, "times": a * b, "both": a + 1 + b, "same": a == b}
        assert bits(a, b) == wanted


def test_a_wire_meets_a_word_in_arithmetic():
    def with_carry(a: Word[4], b: Word[4], carry):
        return {"sum": a + b + carry, "less": carry < a, "negated": -a + carry}

    made = circuit(with_carry)
    for a, b, carry in itertools.product(range(16), (0, 7, 15), (0, 1)):
        assert made(a, b, carry) == {"sum": a + b + carry, "less": carry < a, "negated": -a + carry}


def test_sums_of_wires():
    """Python's sum starts from 0 and adds one by one."""

    def ones(a: Word[6]):
        return sum(a)

    assert circuit(ones)(range(64)).tolist() == [number.bit_count() for number in range(64)]


# --- widths and costs, as `Operand` states them


@pytest.mark.parametrize(("n", "m"), [(1, 1), (8, 8), (3, 7)])
def test_widths(n, m):
    def width(work, left, right):
        return binary(work, left, right).outputs[0]

    most = max(n, m)
    assert width(operator.add, Word[n], Word[m]) == Port("out", most + 1)
    assert width(operator.add, Signed[n], Signed[m]) == Port("out", most + 1, True)
    assert width(operator.add, Signed[n], Word[m]) == Port("out", max(n, m + 1) + 1, True)
    assert width(operator.sub, Word[n], Word[m]) == Port("out", most + 1, True)
    assert width(operator.mul, Word[n], Word[m]) == Port("out", n + m)
    assert width(operator.mul, Signed[n], Word[m]) == Port("out", n + m, True)
    assert width(operator.lshift, Word[n], Word[2]) == Port("out", n + 3)
    assert width(operator.rshift, Signed[n], Word[2]) == Port("out", n, True)
    assert width(operator.lt, Signed[n], Word[m]) == Port("out")
    assert unary(operator.neg, Word[n]).outputs[0] == Port("out", n + 1, True)
    assert unary(abs, Signed[n]).outputs[0] == Port("out", n)
    assert unary(lambda a: a << 3, Signed[n]).outputs[0] == Port("out", n + 3, True)
    assert unary(lambda a: a >> 3, Word[n]).outputs[0] == Port("out", max(n - 3, 1))


@pytest.mark.parametrize("n", [1, 2, 8, 32])
def test_costs(n):
    def cost(work, left, right):
        found = statistics(binary(work, left, right).network)
        return found["units"], found["gates"]

    assert cost(operator.add, Word[n], Word[n]) == (9 * n - 4, {"NAND": 9 * n - 4})
    assert cost(operator.sub, Word[n], Word[n]) == (9 * n - 4, {"NAND": 9 * n - 4})
    assert cost(operator.lt, Word[n], Word[n])[0] == n
    assert cost(operator.eq, Word[n], Word[n])[0] == (1 if n == 1 else n + 1)
    against = unary(lambda a: a == 1, Word[n]).network
    assert len(against.units) == (0 if n == 1 else 1)


def test_sums_are_the_chapters_nands_and_comparisons_perceptrons():
    net = binary(operator.add, Word[4], Word[4]).network
    assert {weight for node in net.units for _, weight in net.fanin(node)} == {-2}
    assert {"add1.ha0.sum", "add1.fa3.carry", "add1.fa3.sum"} <= set(net.units)
    net = binary(operator.le, Signed[4], Word[6]).network
    assert all(net.unit(node).activation is STEP for node in net.units)
    assert {"less1.bit0"} <= set(net.units)
