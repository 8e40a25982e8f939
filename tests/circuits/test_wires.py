"""Wire and Word: the operators add units, and every misuse is an error that says what to write."""

import numpy as np
import pytest
from reference import table_of

from circuits import CircuitError, Wire, Word, circuit, constant, mux, nand
from perceptron import STEP, Table, Unit, evaluate


def used(function):
    """The error of a circuit function when it is used for the first time, without the line that it ends in."""
    with pytest.raises(CircuitError) as error:
        circuit(function).network  # noqa: B018
    text, ending = str(error.value).rsplit(" (", maxsplit=1)
    assert ending == f"test_wires.py, line {error.value.where[1]})"
    return text


@pytest.mark.parametrize(
    ("function", "wanted", "unit"),
    [
        (lambda a, b: a & b, [0, 0, 0, 1], Unit(-3)),
        (lambda a, b: a | b, [0, 1, 1, 1], Unit(-1)),
        (lambda a, b: a ^ b, [0, 1, 1, 0], Unit(0, Table(0, 1, 0))),
        (lambda a, b: ~a, [1, 1, 0, 0], Unit(1)),
        (lambda a, b: b, [0, 1, 0, 1], None),
    ],
)
def test_each_operator_adds_one_unit(function, wanted, unit):
    made = circuit(function)
    assert [row[0] for row in table_of(made.network)] == wanted
    assert [made.network.unit(node) for node in made.network.units] == ([] if unit is None else [unit])


@pytest.mark.parametrize("bit", [0, 1, True, False, 1.0, np.uint8(1)])
def test_bits_may_stand_on_either_side(bit):
    @circuit
    def both(a):
        return {"and": a & bit, "dna": bit & a, "or": a | bit, "ro": bit | a, "xor": a ^ bit, "rox": bit ^ a}

    for a in (0, 1):
        one = int(bit)
        assert tuple(both(a)) == (a & one, a & one, a | one, a | one, a ^ one, a ^ one)


def test_a_constant_is_made_once():
    @circuit
    def several(a):
        return {"x": a & 1, "y": a | 1, "z": constant(a, 1), "w": 1, "zero": a & 0}

    units = {node: several.network.unit(node) for node in several.network.units if not several.network.fanin(node)}
    assert units == {"constant1": Unit(1), "constant0": Unit(-1)}
    assert several(0) == {"x": 0, "y": 1, "z": 1, "w": 1, "zero": 0}


def test_an_operand_used_twice_keeps_both_edges():
    @circuit
    def itself(a):
        return a ^ a

    assert itself.network.fanin("out") == [("a", 1), ("a", 1)]
    assert [itself(0), itself(1)] == [0, 0]


ASKS = (
    "has no value while the circuit is being built; instead of `if` write mux(condition, high, low), instead of `and`, "
    "`or`, `not` write &, |, ~, instead of a < b < c write (a < b) & (b < c)"
)


@pytest.mark.parametrize(
    "function",
    [
        lambda a, b: 0 if a else b,
        lambda a, b: a and b,
        lambda a, b: a or b,
        lambda a, b: not a,
        lambda a, b: next(iter(())) if a else 0,
    ],
)
def test_a_wire_has_no_value_yet(function):
    assert used(function) == f"wire 'a' {ASKS}"


def test_words_have_no_value_yet():
    def asks(a: Word[2]):
        return a[0] if a else a[1]

    def chained(a: Word[2]):
        return 0 < a < 3

    assert used(asks) == f"a word of 2 bits {ASKS}, and for `is it not 0` word.any()"
    assert used(chained) == f"a wire {ASKS}"


@pytest.mark.parametrize("other", [None, "1", [1], 1.5])
def test_what_is_no_number_is_not_compared(other):
    cure = (
        "circuits compute with whole numbers; give an integer"
        if other == 1.5
        else ("the other side is a wire, a word or an integer")
    )
    assert used(lambda a: a == other) == f"wire 'a' == {other!r}: {cure}"
    assert used(lambda a: a + other) == f"wire 'a' + {other!r}: {cure}"
    assert used(lambda a: other - a) == f"wire 'a' - {other!r}: {cure}"


def test_wires_of_two_networks_do_not_meet():
    kept = []

    @circuit
    def first(a):
        kept.append(a)
        return a

    first.network  # noqa: B018
    text = "wire 'a' belongs to another network; pass it in as a parameter of the circuit"
    assert used(lambda b: b & kept[0]) == text
    assert used(lambda b: nand(b, kept[0])) == text
    assert used(lambda b: first(b) & kept[0]) == text
    assert used(lambda b: kept[0]) == text
    assert used(lambda b: Word([b, kept[0]])) == text


@pytest.mark.parametrize("other", [2, -1, 0.5, "1", None])
def test_the_other_side_is_a_wire_or_a_bit(other):
    text = f"wire 'a' meets {other!r}; the other side is a wire, 0 or 1"
    assert used(lambda a: a & other) == text
    assert used(lambda a: a | other) == text
    assert used(lambda a: a ^ other) == text


def test_arrays_do_not_meet_wires():
    assert used(lambda a: a & np.array([0, 1])) == "wire 'a' meets array([0, 1]); the other side is a wire, 0 or 1"
    assert used(lambda a: nand(a, [0, 1])) == "a gate is given [0, 1]; give a wire, 0 or 1"


def test_a_wire_does_not_meet_a_word():
    def mixed(a, b: Word[3]):
        return a & b

    assert used(mixed) == (
        "wire 'a' meets a word of 3 bits; both sides need the same width, and wire.repeat(3) is a word of that bit"
    )


@pytest.mark.parametrize(("left", "right"), [(3, 2), (1, 8)])
def test_words_of_two_widths_do_not_meet(left, right):
    def mixed(a: Word[left], b: Word[right]):
        return a ^ b

    assert used(mixed) == (
        f"a word of {left} bits meets one of {right} bits; `^` needs the same width, so write the shorter one as "
        f"word.extend({max(left, right)}), or cut the longer one, as in word[:{min(left, right)}]"
    )


@pytest.mark.parametrize("number", [8, -1, 100])
def test_an_integer_beside_a_word_must_fit(number):
    def mixed(a: Word[3]):
        return a & number

    problem = (
        "an unsigned word is not negative; give at least 0, or make the word signed"
        if number < 0
        else f"{number} does not fit 3 bits, which take 0 to 2**3 - 1"
    )
    assert used(mixed) == f"a word of 3 bits & {number}: {problem}"


def test_words_work_bit_by_bit():
    @circuit
    def bits(a: Word[5], b: Word[5]):
        return {"and": a & b, "or": a | b, "xor": a ^ b, "not": ~a}

    for a in range(32):
        for b in (0, 1, 7, 21, 31):
            assert bits(a, b) == {"and": a & b, "or": a | b, "xor": a ^ b, "not": 31 - a}


def test_words_are_sequences_least_significant_bit_first():
    @circuit
    def parts(a: Word[6]):
        assert len(a) == 6
        assert all(isinstance(wire, Wire) for wire in a)
        assert [wire.node for wire in a] == [f"a[{bit}]" for bit in range(6)]
        assert repr(a[:2]) == "Word([a[0], a[1]])"
        return {"low": a[:3], "high": a[3:], "first": a[0], "last": a[-1], "reversed": Word(a[::-1])}

    for a in range(64):
        backwards = int(f"{a:06b}"[::-1], 2)
        assert parts(a) == {"low": a & 7, "high": a >> 3, "first": a & 1, "last": a >> 5, "reversed": backwards}


@pytest.mark.parametrize("index", [3, -4])
def test_bits_out_of_range(index):
    def outside(a: Word[3]):
        return a[index]

    assert used(outside) == f"bit {index} of a word of 3 bits; the bits are 0 to 2"


def test_a_word_is_made_of_wires_and_bits():
    @circuit
    def padded(a):
        return {"some": Word([a, 1, 0, a]), "constants": Word([0, 1, 1]), "one": Word(iter([a]))}

    assert [padded(0), padded(1)] == [{"some": 2, "constants": 6, "one": 0}, {"some": 11, "constants": 6, "one": 1}]
    assert used(lambda a: Word([])) == "a word is made of no bits; give at least one wire, 0 or 1"
    assert used(lambda a: Word([a, 2])) == "a gate is given 2; give a wire, 0 or 1"
    with pytest.raises(CircuitError, match=r"^a word of constants belongs to a circuit, but none is being defined; "):
        Word([0, 1])


@pytest.mark.parametrize("width", [0, -1, 1.5, "8", None, True])
def test_a_width_is_a_whole_number_of_at_least_1(width):
    with pytest.raises(CircuitError) as error:
        Word[width]
    assert str(error.value) == (f"a word has the width {width!r}; give a whole number of at least 1, as in Word[8]")


def test_reprs():
    assert repr(Word[8]) == "Word[8]"
    seen = []

    @circuit
    def look(a):
        seen.append(repr(a))
        return a

    assert look(1) == 1
    assert seen == ["Wire(node='a')"]


def test_an_operator_is_the_gate():
    """What `~(a & b)` and mux compute is what their tables say, through evaluate."""

    @circuit
    def mixed(a, b, c):
        return mux(a, ~(b & c), b | c)

    for row, (wanted,) in zip(
        [(a, b, c) for a in (0, 1) for b in (0, 1) for c in (0, 1)], table_of(mixed.network), strict=True
    ):
        a, b, c = row
        assert wanted == (1 - (b & c) if a else b | c)
        assert evaluate(mixed.network, row) == {"out": wanted}
    assert {type(mixed.network.unit(node).activation) for node in mixed.network.units} == {type(STEP), Table}
