"""One realistic mistake for each family of the library: a property finds it, and shows the smallest input there is."""

from __future__ import annotations

import operator
from random import Random

import pytest
from hypothesis import find, settings

from circuits import (
    Bit,
    Circuit,
    Signed,
    Word,
    circuit,
    concat,
    counter,
    decoder,
    divider,
    full_adder,
    general_alu,
    gray_decoder,
    gray_encoder,
    less,
    multiplexer,
    mux,
    popcount,
    priority_encoder,
    register,
    right_shifter,
    ripple_carry_adder,
    run,
    shift_register,
    sorting_network,
    state,
    subtractor,
    table_unit,
)
from circuits.alu import OPERATIONS
from circuits.testing import NotEquivalentError, assert_equivalent, inputs_of


def difference(first, second, **options):
    """The error of two sides that should not be equivalent."""
    with pytest.raises(NotEquivalentError) as told:
        assert_equivalent(first, second, **options)
    return told.value


def counterexample(circuit, law):
    """The smallest inputs at which a law does not hold, as `@given(inputs_of(circuit))` would show them."""
    return find(
        inputs_of(circuit),
        lambda values: not law(**values),
        settings=settings(database=None, max_examples=2000),
        random=Random(0),
    )


def lines(error):
    return [line.rstrip() for line in str(error).splitlines()]


# --- adders: the carry forgets one of its three pairs


@circuit
def forgetful_adder(a: Word[4], b: Word[4]):
    carry, bits = 0, []
    for x, y in zip(a, b, strict=True):
        bits.append(x ^ y ^ carry)
        carry = (x & y) | (x & carry)  # and y & carry
    return {"sum": Word([*bits, carry])}


def test_adder_whose_carry_forgets_a_pair():
    """One bit of `a` makes a carry, and `b` alone does not hand it on."""
    error = difference(forgetful_adder, operator.add)

    assert error.inputs == {"a": 1, "b": 3}
    assert error.outputs == ({"sum": 0}, {"sum": 4})
    assert lines(error) == [
        "forgetful_adder and add differ",
        "",
        "input  value",
        "a      1 = 0b0001",
        "b      3 = 0b0011",
        "",
        "output  forgetful_adder  add",
        "sum     0 = 0b00000      4 = 0b00100  <-",
    ]


def test_adder_that_does_not_commute():
    """No oracle is needed to see it: 1 + 3 is 3 + 1."""
    values = counterexample(forgetful_adder, lambda a, b: forgetful_adder(a, b) == forgetful_adder(b, a))

    assert values == {"a": 1, "b": 3}


def test_adder_that_takes_the_sum_for_the_carry():
    @circuit
    def swapped(a: Word[2], b: Word[2]):
        low = full_adder(a[0], b[0], 0, name="low")
        high = full_adder(a[1], b[1], low.sum, name="high")
        return {"sum": Word([low.sum, high.sum, high.carry])}

    assert difference(swapped, ripple_carry_adder(2)).inputs == {"a": 0, "b": 1}


# --- subtracting and comparing


@circuit
def without_one(a: Word[4], b: Word[4]):
    total = a + ~b  # and 1, to make the complement a negative
    return {"difference": total[:4], "borrow": ~total[4]}


def test_subtractor_without_the_one():
    error = difference(without_one, subtractor(4))

    assert error.inputs == {"a": 0, "b": 0}
    assert lines(error)[-2:] == [
        "difference  15 = 0b1111  0 = 0b0000    <-",
        "borrow      1            0             <-",
    ]


def test_signed_numbers_compared_as_unsigned():
    @circuit
    def unsigned_less(a: Signed[4], b: Signed[4]):
        return a.unsigned() < b.unsigned()

    assert difference(unsigned_less, operator.lt).inputs == {"a": 0, "b": -1}
    assert difference(unsigned_less, less(4, signed=True)).inputs == {"a": 0, "b": -1}


def test_less_that_is_less_or_equal():
    """A threshold that is one too low. Irreflexive: nothing is less than itself."""

    @circuit
    def lenient(a: Word[8], b: Word[8]):
        return a <= b

    assert counterexample(lenient, lambda a, b: not (a == b and lenient(a, b))) == {"a": 0, "b": 0}
    assert difference(lenient, less(8)).inputs == {"a": 0, "b": 0}


# --- multiplying: the rows of a signed product are extended with 0


@circuit
def zero_extended(a: Signed[4], b: Signed[4]):
    return (a.unsigned() * b.unsigned()).signed()


def test_multiplier_without_sign_extension():
    """Right for all numbers that are not negative; 0 * -1 and 1 * 1 still hide it."""
    error = difference(zero_extended, operator.mul)

    assert error.inputs == {"a": 1, "b": -1}
    assert error.outputs == ({"out": 15}, {"out": -1})


# --- dividing: the divisor is only subtracted where it is less than the rest, not where it is equal


@circuit
def strict_divider(dividend: Word[3], divisor: Word[3]):
    rest, quotient = Word.constant(0, 3), []
    for bit in reversed(list(dividend)):
        wide = concat(Word([bit]), rest)
        fits = wide > divisor  # and equal
        rest = mux(fits, (wide - divisor)[:3].unsigned(), wide[:3])
        quotient.insert(0, fits)
    return {"quotient": Word(quotient), "remainder": rest}


def test_divider_that_stops_one_too_early():
    """The first law holds, and hides it; the second law finds it."""

    def adds_up(dividend, divisor):
        quotient, remainder = strict_divider(dividend, divisor)
        return not divisor or quotient * divisor + remainder == dividend

    def remainder_is_less(dividend, divisor):
        return not divisor or strict_divider(dividend, divisor).remainder < divisor

    assert all(adds_up(dividend, divisor) for dividend in range(4) for divisor in range(4, 8))
    assert counterexample(strict_divider, remainder_is_less) == {"dividend": 1, "divisor": 1}
    assert difference(strict_divider, divider(3)).inputs == {"dividend": 0, "divisor": 0}  # the library answers 7, 0


# --- shifting: 0 comes in from above, where the sign should


def test_arithmetic_shift_without_the_sign():
    @circuit
    def logical(x: Signed[8], amount: Word[3]):
        return (x.unsigned() >> amount).signed()

    error = difference(logical, operator.rshift)

    assert error.inputs == {"x": -1, "amount": 1}
    assert lines(error)[-1] == "out     127 = 0b01111111  -1 = 0b11111111  <-"


def test_shifter_whose_stages_are_swapped():
    @circuit
    def swapped(x: Word[8], amount: Word[3]):
        return right_shifter(8)(x, amount[::-1])

    assert difference(swapped, right_shifter(8)).inputs == {"x": 2, "amount": 1}


# --- choosing


def test_decoder_whose_address_is_backward():
    @circuit
    def backward(address: Word[2]):
        return decoder(2)(address[::-1])

    assert difference(backward, lambda address: 1 << address).inputs == {"address": 1}


def test_multiplexer_whose_address_is_backward():
    @circuit
    def backward(data: Word[4], address: Word[2]):
        return multiplexer(2)(data, address[::-1])

    assert difference(backward, lambda data, address: data >> address & 1).inputs == {"data": 2, "address": 1}


def test_encoder_that_gives_the_lowest_line():
    """The wrong priority: with one line, or none, both orders agree."""

    @circuit
    def lowest(lines: Word[4]):
        found = priority_encoder(4)(lines[::-1])
        return {"out": mux(found.valid, ~found.out, 0), "valid": found.valid}

    assert difference(lowest, priority_encoder(4)).inputs == {"lines": 3}


# --- counting and sorting


def test_count_that_is_a_bit_too_narrow():
    """Off by one in the width: only where all bits are 1 is the count 8, whose low bits are 0."""

    @circuit
    def narrow(x: Word[8]):
        return popcount(8)(x)[:3].extend(4)

    assert difference(narrow, int.bit_count).inputs == {"x": 255}


def test_parity_that_skips_the_last_bit():
    @circuit
    def skipping(x: Word[8]):
        return x[:-1].parity()

    assert difference(skipping, lambda x: x.bit_count() % 2).inputs == {"x": 128}


@circuit
def short_sorter(x: Word[4]):
    bits = list(x)
    for low, high in [(0, 2), (1, 3), (0, 1), (2, 3)]:  # and (1, 2)
        bits[low], bits[high] = bits[low] | bits[high], bits[low] & bits[high]
    return Word(bits)


def test_sorting_network_that_lacks_a_comparator():
    """It keeps the number of ones, so that law hides it; that the ones are the lowest bits finds it."""
    assert all(short_sorter(x).bit_count() == x.bit_count() for x in range(16))
    assert counterexample(short_sorter, lambda x: short_sorter(x) & (short_sorter(x) + 1) == 0) == {"x": 5}
    assert difference(short_sorter, sorting_network(4)).inputs == {"x": 5}


# --- codes: the encoder stands where the decoder should


def test_gray_decoder_of_one_step():
    """A decoder undoes an encoder."""

    @circuit
    def one_step(x: Word[8]):
        return x ^ (x >> 1).extend(8)

    assert counterexample(gray_encoder(8), lambda x: one_step(gray_encoder(8)(x)) == x) == {"x": 4}
    assert difference(one_step, gray_decoder(8)).inputs == {"x": 4}


# --- the ALU: "less" is the sign of the difference, whether that fits or not


def test_set_on_less_that_forgets_overflow():
    """Right for all pairs whose difference fits."""
    right = general_alu(4)

    @circuit
    def forgetful(a: Word[4], b: Word[4], op: Word[3]):
        found = right(a, b, op)
        below = right(a, b, OPERATIONS.index("sub")).out[3]
        is_less = op == OPERATIONS.index("slt")
        out = mux(is_less, Word([below, 0, 0, 0]), found.out)
        zero = mux(is_less, ~below, found.zero)
        return {"out": out, "zero": zero, "carry": found.carry, "overflow": found.overflow}

    error = difference(forgetful, right)

    # -8 is less than 1, but -8 - 1 wraps to 7; 0 against -8 is the case with fewer ones.
    assert error.inputs == {"a": 0, "b": 8, "op": OPERATIONS.index("slt")}
    assert [name for name, value in error.outputs[0].items() if value != error.outputs[1][name]] == ["out", "zero"]


# --- sequential


@circuit
def stubborn_counter(enable: Bit, reset: Bit):
    q = state(4, name="q")
    q.next = mux(enable, (q + 1)[:4], mux(reset, 0, q))
    return {"q": q}


def counted(enable, reset):
    """A counter of four bits, as a function of time."""
    values = [0]
    for up, clear in zip(enable, reset, strict=True):
        values.append(0 if clear else (values[-1] + up) % 16)
    return values[:-1]


def test_counter_whose_enable_beats_reset():
    error = difference(stubborn_counter, counter(4))

    assert error.inputs == {"enable": [1, 0], "reset": [1, 0]}
    assert error.outputs == ({"q": [0, 1]}, {"q": [0, 0]})
    assert lines(error) == [
        "stubborn_counter and counter differ in step 1",
        "",
        "step  enable  reset  q (stubborn_counter)  q (counter)",
        "   0       1      1                     0            0",
        "   1       0      0                     1            0  <- q",
        "",
        "in step 1:",
        "output  stubborn_counter  counter",
        "q       1 = 0b0001        0 = 0b0000  <-",
    ]
    assert difference(stubborn_counter, counted).inputs == error.inputs


def test_reset_that_does_not_clear_as_a_law():
    """Whatever came before: after a reset the counter is 0."""

    def cleared(enable, reset):
        q = run(stubborn_counter, {"enable": enable, "reset": reset})["q"].tolist()
        return all(after == 0 for clear, after in zip(reset, q[1:], strict=False) if clear)

    assert counterexample(stubborn_counter, cleared) == {"enable": [1, 0], "reset": [1, 0]}


def test_counter_that_turns_too_early():
    """Off by one, found in the sixteenth step: nothing shorter shows it."""

    @circuit
    def short(enable: Bit, reset: Bit):
        q = state(4, name="q")
        q.next = mux(reset, 0, mux(enable, mux(q == 14, 0, (q + 1)[:4]), q))
        return {"q": q}

    error = difference(short, counter(4))

    assert error.inputs == {"enable": [1] * 15 + [0], "reset": [0] * 16}
    assert [side["q"][-1] for side in error.outputs] == [0, 15]


def test_shift_register_whose_enable_beats_load():
    @circuit
    def stubborn(serial: Bit, enable: Bit, load: Bit, data: Word[2]):
        q = state(2, name="q")
        moved = Word([serial, q[0]])
        q.next = mux(enable, moved, mux(load, data, q))
        return {"q": q}

    error = difference(stubborn, shift_register(2))

    assert error.inputs == {"serial": [0, 0], "enable": [1, 0], "load": [1, 0], "data": [1, 0]}


def test_register_without_its_initial_value():
    @circuit
    def held(data: Word[4], load: Bit):
        return {"q": register(data, enable=load, initial=5)}

    @circuit
    def blank(data: Word[4], load: Bit):
        return {"q": register(data, enable=load)}

    assert difference(blank, held).inputs == {"data": [0], "load": [0]}


# --- units: a table read from the wrong end


def test_table_of_the_wrong_order():
    @circuit
    def swapped(a: Bit, b: Bit):
        return table_unit(lambda x, y: x and not y, [b, a])

    error = difference(swapped, lambda a, b: a and not b)

    assert isinstance(swapped, Circuit)
    assert error.inputs == {"a": 0, "b": 1}
