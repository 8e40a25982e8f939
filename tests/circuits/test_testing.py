"""Testing the testers: what is drawn fits and covers, equal sides pass, and a difference is shown at its smallest."""

from __future__ import annotations

import itertools
import operator
import re
import subprocess
import sys
from pathlib import Path
from random import Random
from types import FunctionType

import numpy as np
import pytest
from hypothesis import find, given, settings
from hypothesis import strategies as st

from circuits import (
    Bit,
    Circuit,
    CircuitError,
    Signed,
    Word,
    accumulator,
    and_,
    circuit,
    counter,
    divider,
    kogge_stone_adder,
    less,
    mux,
    nand,
    negator,
    or_,
    ram,
    ripple_carry_adder,
    rom,
    run,
    state,
    subtractor,
    to_nand,
    xor,
)
from circuits.language.ports import Port
from circuits.testing import NotEquivalentError, assert_equivalent, assert_frozen, inputs_of
from circuits.testing.frozen import frozen
from circuits.testing.inputs import likely, random_rows, random_run
from circuits.testing.shrinking import smallest
from circuits.testing.tables import grid, number
from perceptron import (
    SIGMOID,
    Network,
    ParameterError,
    Tape,
    Unit,
    UnprovedWarning,
    merge_parallel,
    simulate,
)

ROOT = Path(__file__).parents[2]


@circuit
def generic(a: Word, b: Word):
    return a + b


@circuit
def clock():
    tick = state(name="tick")
    tick.next = ~tick
    return {"tick": tick}


@circuit
def mixed(a: Word[5], b: Signed[3], c: Bit):
    return {"sum": a + b, "c": ~c}


def drawn(strategy, condition):
    options = settings(database=None, max_examples=2000)
    return find(strategy, condition, settings=options, random=Random(0))


# --- inputs_of


@given(inputs_of(mixed))
def test_values_fit_and_the_circuit_takes_them(values):
    assert list(values) == ["a", "b", "c"]
    assert mixed(**values) == (values["a"] + values["b"], 1 - values["c"])


@given(inputs_of(ripple_carry_adder(100)))
def test_wide_words(values):
    assert ripple_carry_adder(100)(**values) == values["a"] + values["b"]


@given(inputs_of(counter(3)))
def test_sequences_are_of_one_length(values):
    """And `run` takes them."""
    steps = len(values["enable"])

    assert 1 <= steps <= 20
    assert len(values["reset"]) == steps
    assert len(run(counter(3), values)["q"]) == steps


@given(inputs_of(mixed, steps=4))
def test_as_many_steps_as_asked_for(values):
    assert {name: len(column) for name, column in values.items()} == {"a": 4, "b": 4, "c": 4}
    assert all(-4 <= value <= 3 for value in values["b"])


@given(inputs_of(ripple_carry_adder(3).network))
def test_a_network_has_words_by_their_bits(values):
    found = simulate(ripple_carry_adder(3).network, {name: [value] for name, value in values.items()})

    assert found["sum"].tolist() == [values["a"] + values["b"]]


@given(inputs_of(ram(2, 4)))
def test_memories_are_states(values):
    assert set(values) == {"address", "data", "load"}
    run(ram(2, 4), values)


def test_gates_have_inputs_too():
    assert drawn(inputs_of(xor), lambda values: xor(*values.values())) == {"x1": 0, "x2": 1}


@pytest.mark.parametrize("value", [0, 1, 2**31, 2**32 - 1, 2**16, 2**16 - 1])
def test_likely_values_are_drawn_often(value):
    """Of 2**64 pairs; both at once."""
    adder = ripple_carry_adder(32)

    assert drawn(inputs_of(adder), lambda values: values == {"a": value, "b": value}) == {"a": value, "b": value}


@pytest.mark.parametrize("value", [-128, -1, 127])
def test_signed_extremes_are_drawn(value):
    assert drawn(inputs_of(negator(8)), lambda values: values["x"] == value) == {"x": value}


def test_values_shrink_to_0():
    assert drawn(inputs_of(ripple_carry_adder(32)), lambda values: True) == {"a": 0, "b": 0}
    assert drawn(inputs_of(ripple_carry_adder(32)), lambda values: values["a"] > 1000) == {"a": 1001, "b": 0}
    assert drawn(inputs_of(negator(8)), lambda values: values["x"] < -5) == {"x": -6}


def test_sequences_shrink_to_few_steps():
    values = drawn(inputs_of(counter(4)), lambda values: run(counter(4), values)["q"].max() == 5)

    assert sum(values["enable"]) >= 5
    assert len(values["enable"]) == 6
    assert values["reset"] == [0] * 6


@pytest.mark.parametrize(
    ("given", "options", "error", "told"),
    [
        (generic, {}, CircuitError, "generic is generic in its width: write generic[8]"),
        (clock, {}, CircuitError, "clock has no inputs, so there is nothing to draw; write run(clock, steps=8)"),
        (xor, {"steps": 0}, ParameterError, "steps is 0; give a whole number of at least 1"),
        (xor, {"steps": 2.0}, ParameterError, "steps is 2.0; give a whole number of at least 1"),
        ("xor", {}, CircuitError, "there is 'xor' where a circuit should be; give a Circuit or a Network"),
    ],
)
def test_inputs_of_refuses(given, options, error, told):
    with pytest.raises(error, match=re.escape(told)):
        inputs_of(given, **options)


def test_real_values_are_refused():
    net = Network("soft")
    net.output("y", net.add(Unit(0, SIGMOID), [(net.input("x", real=True), 1)]))

    for asked in (inputs_of, lambda net: assert_equivalent(net, net)):
        with pytest.raises(ParameterError, match="soft has real values, and here all are 0 or 1; harden it first"):
            asked(net)


def test_a_circuit_without_inputs_and_states_is_called_with_nothing():
    @circuit
    def five():
        return Word.constant(5, 3)

    assert drawn(inputs_of(five), lambda values: five(**values) == 5) == {}
    assert_equivalent(five, lambda: 5)
    with pytest.raises(NotEquivalentError, match=r"\(no inputs\)"):
        assert_equivalent(five, lambda: 4)


@given(st.integers(1, 130), st.booleans(), st.integers(0, 2**32))
def test_random_values_fit(width, signed, seed):
    port = Port("a", width, signed)
    least, most = (-(2 ** (width - 1)), 2 ** (width - 1) - 1) if signed else (0, 2**width - 1)
    (column,) = random_rows([port], 50, np.random.default_rng(seed))
    (over_time,) = random_run([port], 50, np.random.default_rng(seed))

    assert all(least <= value <= most for value in [*column, *over_time, *likely(port)])
    assert {least, most, 0} <= set(likely(port))
    assert likely(port)[0] == 0


# --- assert_equivalent: equal sides


@pytest.mark.parametrize(
    "sides",
    [
        (ripple_carry_adder(8), operator.add),
        (operator.add, ripple_carry_adder(8)),
        (ripple_carry_adder(8), kogge_stone_adder(8)),
        (ripple_carry_adder(8).network, lambda a, b: a + b),
        (ripple_carry_adder(8).network, kogge_stone_adder(8)),
        (Tape.from_network(ripple_carry_adder(8).network), kogge_stone_adder(8).network),
        (Circuit.from_network(ripple_carry_adder(8).network), kogge_stone_adder(8)),
        (ripple_carry_adder(64), kogge_stone_adder(64)),
        (negator(8), lambda x: -x if x > -128 else x),
        (negator(8), merge_parallel(negator(8).network)),
        (less(8, signed=True), lambda a, b: a < b),
        (xor, lambda x1, x2: x1 != x2),
        (nand, lambda **bits: 1 - min(bits.values())),
        (nand, lambda *bits: 1 - min(bits)),
        (divider(4), lambda dividend, divisor: divmod(dividend, divisor) if divisor else (15, dividend)),
        (subtractor(4), lambda a, b: {"borrow": a < b, "difference": (a - b) % 16}),
        (subtractor(4), lambda a, b: np.array([(a - b) % 16, a < b]).tolist()),
        (counter(8), to_nand(counter(8).network)),
        (clock, clock),
    ],
    ids=lambda sides: " = ".join(side.__name__ if isinstance(side, FunctionType) else str(side) for side in sides),
)
def test_equal_sides_are_proved(sides):
    """No warning (which would be an error here), and so a proof."""
    assert_equivalent(*sides, prove=True)


def test_what_is_not_proved_is_said():
    with pytest.warns(UnprovedWarning, match="not a proof: 4096 inputs of 64 bits were tried") as caught:
        assert_equivalent(ripple_carry_adder(32), operator.add)
    assert caught[0].filename == __file__

    with pytest.raises(AssertionError, match="ripple_carry_adder_32 and add: no difference found, but"):
        assert_equivalent(ripple_carry_adder(32), operator.add, prove=True)


def test_two_circuits_of_memories_are_run_only():
    with pytest.warns(UnprovedWarning, match="not a proof: 128 runs of 32 steps were tried"):
        assert_equivalent(ram(3, 4), ram(3, 4))


def summed(data, enable, reset):
    total, out = 0, []
    for value, on, clear in zip(data, enable, reset, strict=True):
        out.append(total)
        total = 0 if clear else (total + value * on) % 4
    return out


def test_a_function_over_time_takes_sequences():
    with pytest.warns(UnprovedWarning, match="128 runs of 32 steps"):
        assert_equivalent(accumulator(2), summed)
    assert_equivalent(accumulator(2), summed, steps=3)  # all 2**12 runs: a proof for three steps


def test_steps_make_a_circuit_without_states_run_over_time():
    assert_equivalent(xor, lambda x1, x2: [a ^ b for a, b in zip(x1, x2, strict=True)], steps=4)


def test_words_are_matched_by_their_bits_in_any_order():
    net = ripple_carry_adder(4).network
    names = [*net.inputs]
    Random(1).shuffle(names)
    other = Network.from_graph(net.graph, names, dict(reversed(net.outputs.items())))

    assert_equivalent(other, ripple_carry_adder(4), prove=True)


# --- assert_equivalent: a difference


@given(st.integers(0, 255), st.sampled_from(["row", "below"]))
def test_the_smallest_of_few_inputs_is_the_smallest_there_is(number, kind):
    """Against a search that we write here once more."""
    a, b = divmod(number, 16)

    def wrong(x, y):
        return (x + y + 1) if ((x, y) == (a, b) if kind == "row" else (x >= a and y >= b)) else x + y

    with pytest.raises(NotEquivalentError) as told:
        assert_equivalent(ripple_carry_adder(4), lambda a, b: wrong(a, b))
    failing = [(x, y) for x, y in itertools.product(range(16), repeat=2) if wrong(x, y) != x + y]
    least = min(failing, key=lambda pair: (sum(map(bool, pair)), sum(pair), pair))

    assert tuple(told.value.inputs.values()) == least
    assert told.value.outputs == ({"sum": sum(least)}, {"sum": sum(least) + 1})


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=10)
def test_a_wide_difference_is_small_by_itself(mask):
    """It comes down to exactly the bits that matter."""
    adder = ripple_carry_adder(32)

    def wrong(a, b):
        return a + b + (a & mask == mask)

    with pytest.raises(NotEquivalentError) as told:
        assert_equivalent(adder, wrong)
    assert told.value.inputs == {"a": mask, "b": 0}


def test_wide_words_are_shown_in_hexadecimal():
    with pytest.raises(NotEquivalentError) as told:
        assert_equivalent(ripple_carry_adder(33), lambda a, b: a + b + (a > 2**32))

    assert "a      4294967297 = 0x100000001" in str(told.value)


def test_an_answer_that_no_output_can_hold_is_a_difference():
    with pytest.raises(NotEquivalentError, match=re.escape("2 (does not fit 1 bit)")):
        assert_equivalent(and_, lambda x1, x2: 2 * x1 * x2)


def test_several_outputs_are_marked_where_they_differ():
    with pytest.raises(NotEquivalentError) as told:
        assert_equivalent(divider(3), lambda dividend, divisor: (dividend // max(divisor, 1), 0))

    assert told.value.inputs == {"dividend": 0, "divisor": 0}
    assert str(told.value).splitlines()[-2:] == [
        "quotient   7 = 0b111  0 = 0b000  <-",
        "remainder  0 = 0b000  0 = 0b000",
    ]


def test_two_sides_of_one_name_are_first_and_second():
    with pytest.raises(NotEquivalentError, match="first and second differ"):
        assert_equivalent(Circuit.from_network(and_.network, "gate"), Circuit.from_network(or_.network, "gate"))


def test_a_run_ends_where_they_differ():
    with pytest.raises(NotEquivalentError) as told:
        assert_equivalent(counter(4), lambda enable, reset: [0] * len(enable))

    assert told.value.inputs == {"enable": [1, 0], "reset": [0, 0]}
    assert told.value.outputs == ({"q": [0, 1]}, {"q": [0, 0]})


def test_a_difference_beyond_random_runs_is_found_by_the_number_of_steps():
    """A counter of seven bits that turns at 100: nothing shorter than 101 steps shows it."""

    @circuit
    def short(enable: Bit, reset: Bit):
        q = state(7, name="q")
        q.next = mux(reset, 0, mux(enable, mux(q == 99, 0, (q + 1)[:7]), q))
        return {"q": q}

    with pytest.raises(NotEquivalentError) as told:
        assert_equivalent(short, counter(7), steps=101)

    assert [side["q"][-1] for side in told.value.outputs] == [0, 100]


def test_without_inputs_a_difference_has_its_step():
    @circuit
    def stuck():
        tick = state(name="tick")
        tick.next = tick
        return {"tick": tick}

    with pytest.raises(NotEquivalentError) as told:
        assert_equivalent(clock, stuck)

    assert told.value.inputs == {}
    assert told.value.outputs == ({"tick": [0, 1]}, {"tick": [0, 0]})


def test_memories_with_other_contents_differ():
    with pytest.raises(NotEquivalentError) as told:
        assert_equivalent(rom(2, 4, [1, 2, 3, 4]), rom(2, 4, [1, 2, 3, 5]))

    assert told.value.inputs == {"address": [3]}


# --- assert_equivalent: what it refuses


@pytest.mark.parametrize(
    ("first", "second", "told"),
    [
        (max, min, "both sides are functions; give a circuit or a network as one of them"),
        (generic, max, "generic is generic in its width: write generic[8]"),
        (
            ripple_carry_adder(4),
            subtractor(4),
            "only ripple_carry_adder_4 has the output 'sum'; subtractor_4 has difference, borrow: give both the same",
        ),
        (and_, negator(4), "only and_ has the input 'x1'; negator_4 has x: give both the same names"),
        (
            ripple_carry_adder(4),
            ripple_carry_adder(5),
            "input 'a' is Word[4] in ripple_carry_adder_4 and Word[5] in ripple_carry_adder_5; give it the same width",
        ),
        (less(4), less(4, signed=True), "input 'a' is Word[4] in the first and Signed[4] in the second"),
        (xor, lambda a, b: 0, "function takes a, b, and the inputs are x1, x2; give its parameters the names"),
        (xor, lambda x1: 0, "function takes x1, and the inputs are x1, x2"),
        (xor, lambda x1, x2, x3: 0, "function takes x1, x2, x3, and the inputs are x1, x2"),
        (xor, lambda x1, x2: (0, 1), "function answers 2 values ((0, 1)); the outputs are out, so give an integer"),
        (xor, lambda x1, x2: {"y": 0}, "function answers y; the outputs are out"),
        (xor, lambda x1, x2: 0.5, "function answers 0.5 for output 'out'; give an integer"),
        (
            subtractor(4),
            lambda a, b: a,
            "answers 1 value (0); the outputs are difference, borrow, so give a tuple of 2",
        ),
        (counter(2), lambda enable, reset: 0, "over time it is given sequences and answers one: a value for each step"),
        (counter(2), lambda enable, reset: [0], "answers 1 value of output 'q' for 32 steps; give one for each step"),
        (xor, 3, "there is 3 where a circuit should be"),
    ],
)
def test_assert_equivalent_refuses(first, second, told):
    with pytest.raises(CircuitError, match=re.escape(told)):
        assert_equivalent(first, second)


@pytest.mark.parametrize("options", [{"samples": 0}, {"exhaustive": -1}, {"steps": 0}, {"samples": True}])
def test_numbers_out_of_range(options):
    (name,) = options
    with pytest.raises(ParameterError, match=f"{name} is .*; give a whole number of at least"):
        assert_equivalent(xor, xor, **options)


def test_an_error_in_the_oracle_says_at_which_inputs():
    with pytest.raises(ZeroDivisionError) as told:
        assert_equivalent(divider(2), lambda dividend, divisor: divmod(dividend, divisor))

    assert told.value.__notes__ == ["function was given dividend=0, divisor=0"]


# --- shrinking


@given(st.lists(st.lists(st.integers(-50, 50), min_size=2, max_size=2), min_size=1, max_size=8), st.integers(-80, 80))
def test_nothing_can_be_made_smaller(rows, goal):
    """No row can be left out, and no value be 0, lose a bit or come nearer to 0."""

    def fails(rows):
        total = 0
        for at, (a, b) in enumerate(rows):
            total += a - 2 * b
            if total >= goal:
                return at
        return None

    if fails(rows) is None:
        return
    found = smallest(rows, fails)

    assert fails(found) == len(found) - 1
    for at in range(len(found)):
        assert len(found) == 1 or fails(found[:at] + found[at + 1 :]) is None
        for place, value in enumerate(found[at]):
            step = value - (1 if value > 0 else -1) if value else value
            for less_ in {0, step, abs(value)} - {value}:
                row = [*found[at]]
                row[place] = less_
                assert fails([*found[:at], row, *found[at + 1 :]]) is None


def test_tries_are_limited():
    calls = []

    def fails(rows):
        calls.append(rows)
        return 0

    smallest([[2**60 + 1] * 10] * 10, fails, tries=3)
    assert len(calls) == 3


def test_grid():
    assert grid([["a", "bb", "x"], ["ccc", "d", ""]], left=1) == ["a    bb  x", "ccc   d"]


@pytest.mark.parametrize(
    ("width", "value", "told"), [(None, 1, "1"), (4, 5, "5 = 0b0101"), (40, 1, "1 = 0x0000000001")]
)
def test_numbers_are_written_in_two_ways(width, value, told):
    assert number(Port("a", width), value) == told


# --- frozen answers


ADDER = frozen(ripple_carry_adder(4), patterns=None)


def refrozen(made, **options):
    told = frozen(made, **{"patterns": None, **options})
    return {"ports": told.ports, "rows": told.rows, "digest": told.digest, "ones": told.ones, **options}


def test_frozen_again_is_the_same():
    assert frozen(ripple_carry_adder(4), patterns=None) == ADDER
    assert frozen(kogge_stone_adder(4), patterns=None) == ADDER
    assert frozen(counter(4), patterns=100, steps=8) == frozen(counter(4), patterns=100, steps=8)


@pytest.mark.parametrize(
    ("made", "options"),
    [
        (ripple_carry_adder(4), {}),
        (ripple_carry_adder(40), {"patterns": 1000, "seed": 3}),
        (counter(4), {"patterns": 100, "steps": 8}),
        (negator(6), {}),
        (xor.circuit, {"patterns": 10, "steps": 3}),
        (ram(2, 3), {"steps": 20}),
        (clock, {"patterns": 1, "steps": 4}),
    ],
    ids=str,
)
def test_what_did_not_change_passes(made, options):
    assert_frozen(made, **refrozen(made, **options))


def test_rows_are_right():
    """The rows are sums."""
    rows = [[int(cell) for cell in line.replace("|", "").split()] for line in ADDER.rows.splitlines()[1:]]

    assert all(a + b == total for a, b, total in rows)
    assert [0, 0, 0] in rows
    assert [15, 15, 30] in rows


def test_a_changed_row_is_shown():
    @circuit
    def adder(a: Word[4], b: Word[4]):
        return {"sum": (a + b) | ((a == 15) & (b == 15)).repeat(5)}

    with pytest.raises(AssertionError) as told:
        assert_frozen(adder, ports=ADDER.ports, rows=ADDER.rows)

    assert str(told.value).splitlines() == [
        "adder does not answer as it was frozen: 1 of 12 rows differ",
        "",
        " a   b  sum (frozen)  sum (now)",
        "15  15            30         31  <- sum",
        "",
        "If the change is meant, freeze it again: the command stands at the top of the test.",
    ]


def test_many_changed_rows_are_counted():
    @circuit
    def adder(a: Word[4], b: Word[4]):
        return {"sum": (a + b) ^ 1}

    with pytest.raises(AssertionError, match=r"12 of 12 rows differ(?s:.)*\(4 more\)"):
        assert_frozen(adder, ports=ADDER.ports, rows=ADDER.rows)


def test_a_change_in_no_written_row_is_told_by_the_digest():
    @circuit
    def adder(a: Word[4], b: Word[4]):
        return {"sum": mux((a == 5) & (b == 2), 0, a + b)}

    with pytest.raises(AssertionError) as told:
        assert_frozen(adder, **refrozen(ripple_carry_adder(4)))

    lines = [line.rstrip() for line in str(told.value).splitlines()]
    assert "the written rows agree, but over 256 patterns (all there are) it differs" in lines[0]
    assert lines[2:7] == [  # 7 is 0b00111
        "how often an output was 1, where that changed:",
        "output  frozen  now",
        "sum[0]     128  127  <-",
        "sum[1]     128  127  <-",
        "sum[2]     128  127  <-",
    ]


def test_a_change_that_counts_alike():
    @circuit
    def adder(a: Word[4], b: Word[4]):
        five_two, two_five = (a == 5) & (b == 2), (a == 6) & (b == 2)
        return {"sum": mux(five_two, 8, mux(two_five, 7, a + b))}

    with pytest.raises(AssertionError, match="every output is 1 as often as then, but for other inputs"):
        assert_frozen(adder, **refrozen(ripple_carry_adder(4)))


def test_changed_steps_are_shown_up_to_the_first():
    @circuit
    def up(enable: Bit, reset: Bit):
        q = state(4, name="q")
        q.next = mux(reset, 0, (q + 1)[:4])
        return {"q": q}

    rows = "enable reset | q\n     1     0 | 0\n     0     0 | 1\n     0     0 | 1\n"
    with pytest.raises(AssertionError) as told:
        assert_frozen(up, ports="enable, reset -> q: Word[4]", rows=rows, steps=3)

    assert "1 of 3 steps differ" in str(told.value)
    assert "   2       0      0           1        2  <- q" in str(told.value)


def test_changed_ports_are_shown():
    with pytest.raises(AssertionError, match=re.escape("now     a: Word[5], b: Word[5] -> sum: Word[6]")):
        assert_frozen(ripple_carry_adder(5), ports=ADDER.ports, rows=ADDER.rows)


@pytest.mark.parametrize("row", ["1 2 | x", "1 2"])
def test_a_row_that_is_none(row):
    with pytest.raises(ParameterError, match=re.escape(f"the frozen row {row!r} is no row of 2 inputs and 1 output")):
        assert_frozen(ripple_carry_adder(4), ports=ADDER.ports, rows=f"a b | sum\n{row}")


# --- without Hypothesis


def without_hypothesis(statement):
    code = f"import sys; sys.modules['hypothesis'] = None; {statement}"
    return subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)


def test_equality_needs_no_hypothesis():
    statement = "from circuits import xor; from circuits.testing import assert_equivalent; assert_equivalent(xor, xor)"
    done = without_hypothesis(statement)

    assert (done.returncode, done.stderr) == (0, "")


def test_the_missing_extra_is_named_for_inputs_of():
    done = without_hypothesis("from circuits import xor; from circuits.testing import inputs_of; inputs_of(xor)")

    assert done.returncode == 1
    assert done.stderr.splitlines()[-1] == (
        "ImportError: inputs_of needs Hypothesis; install it with: pip install 'perceptron-circuits[test]'"
    )
