"""What a newcomer writes first and what Python alone would let pass: each is one line that says what to write instead.

Every message ends in the line that did it; `refused` checks that and takes it off.
"""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from circuits import CircuitError, Word, and_, circuit, half_adder, ripple_carry_adder
from circuits.adders import full_adder
from perceptron import NetworkError, Unit

NO_VALUE = (
    "has no value while the circuit is being built; instead of `if` write mux(condition, high, low), instead of `and`, "
    "`or`, `not` write &, |, ~, instead of a < b < c write (a < b) & (b < c)"
)


def refused(function, lines_below=1):
    """The error of a circuit function, which points `lines_below` its def."""
    line = function.__code__.co_firstlineno + lines_below
    with pytest.raises(CircuitError) as error:
        circuit(function).network  # noqa: B018
    text, ending = str(error.value).rsplit(" (", maxsplit=1)
    assert error.value.where == (__file__, line)
    assert ending == f"test_mistakes.py, line {line})"
    return text


# --- the ten that come first


def test_1_asking_a_wire_with_if():
    def larger(a: Word[4], b: Word[4]):
        if a > b:
            return a
        return b

    assert refused(larger) == f"a wire {NO_VALUE}"


def test_2_and_or_not():
    def both(a, b):
        return a and b

    def neither(a, b):
        return not (a or b)

    assert refused(both) == f"wire 'a' {NO_VALUE}"
    assert refused(neither) == f"wire 'a' {NO_VALUE}"


def test_3_forgetting_to_return():
    def nothing(a, b):
        a & b

    assert refused(nothing, 0) == "nothing returns nothing; return a wire, a word, or a dict of name -> wire"


def test_4_words_of_different_widths():
    def mixed(a: Word[8], b: Word[4]):
        return a & b

    assert refused(mixed) == (
        "a word of 8 bits meets one of 4 bits; `&` needs the same width, so write the shorter one as word.extend(8), "
        "or cut the longer one, as in word[:4]"
    )


def test_5_a_word_where_a_bit_is_needed_and_the_reverse():
    def word_for_bit(a: Word[4]):
        return half_adder(a, a)

    def bit_for_word(a):
        return ripple_carry_adder(4)(a, 1)

    def bits_for_word(a, b):
        return ripple_carry_adder(2)([a, b], 1)

    assert refused(word_for_bit) == (
        "half_adder: input 'x1' is one bit, but is given a word of 4 bits; take a bit, as in word[0]"
    )
    assert refused(bit_for_word) == (
        "ripple_carry_adder_4: input 'a' is a Word[4], but is given a single wire; give a word of that width, or an "
        "integer from 0 to 15"
    )
    assert refused(bits_for_word) == (
        "ripple_carry_adder_2: input 'a' is given a list of wires; write Word([...]) to make a word of them, the "
        "lowest bit first"
    )


def test_6_setting_a_bit():
    def mask(a: Word[4]):
        a[0] = 0
        return a

    assert refused(mask) == (
        "a word of 4 bits does not change, so a bit cannot be set; make a new one, as in Word([bit, *word[1:]])"
    )


def test_7_annotating_with_pythons_types():
    def number(a: int):
        return a

    with pytest.raises(CircuitError) as error:
        circuit(number)
    assert str(error.value) == (
        "number: parameter 'a' is annotated int; write Word[8] for a word of 8 bits, Signed[8] for one in two's "
        f"complement, or Bit (or nothing) for a bit (test_mistakes.py, line {number.__code__.co_firstlineno})"
    )


def test_8_choosing_from_a_list():
    def table(at: Word[2]):
        return [2, 3, 5, 7][at]

    def repeated(times: Word[2]):
        return [times for _ in range(times)]

    text = (
        "a word of 2 bits has no value while the circuit is being built; instead of options[word] write "
        "select(word, options), and give range a plain number, such as len(word)"
    )
    assert refused(table) == text
    assert refused(repeated) == text


def test_9_indexing_or_running_over_a_single_wire():
    def first(a):
        return a[0]

    def every(a):
        return and_(*a)

    def length(a):
        return a & len(a)

    assert refused(first) == "wire 'a' is one bit and has no bits to take; write Word[8] at the parameter for a word"
    assert refused(every) == "wire 'a' is one bit, so nothing can run over it; write Word[8] at the parameter"
    assert refused(length) == "wire 'a' is one bit and has no length; write Word[8] at the parameter for a word"


def test_10_fractions_and_division():
    def scaled(a: Word[4]):
        return a * 0.5

    def halved(a: Word[4]):
        return a // 2

    def squared(a: Word[4]):
        return a**2

    assert refused(scaled) == "a word of 4 bits * 0.5: circuits compute with whole numbers; give an integer"
    assert refused(halved) == (
        "a word of 4 bits is divided with an operator, which has no circuit; a >> k divides by 2**k and a[:k] is the "
        "rest of that; for anything else place a divider"
    )
    assert refused(squared) == (
        "a word of 4 bits is raised to a power, which has no operator; write a * a, or 1 << a for 2**a"
    )


# --- what Python would let pass


def chained(a: Word[4]):
    return 0 < a < 5


def among(a, b):
    return a in [b]


def in_word(a, b: Word[3]):
    return a in b


def loops(a: Word[4]):
    while a > 0:
        a = (a - 1)[:4]
    return a


def builtin(a: Word[3]):
    return all(a)


def greatest(a: Word[3], b: Word[3]):
    return max(a, b)


@pytest.mark.parametrize("function", [chained, among, loops, greatest])
def test_values_that_are_not_there_yet(function):
    assert refused(function) == f"a wire {NO_VALUE}"


def test_builtins_ask_too():
    assert refused(builtin) == f"wire 'a[0]' {NO_VALUE}"
    assert refused(in_word) == (
        "`in` asks a word of 3 bits for values that come only when the circuit runs; (word == value) is a wire"
    )
    assert refused(lambda a: int(a), 0).startswith("wire 'a' has no value while")
    assert refused(lambda a: float(a), 0).startswith("wire 'a' has no value while")


def test_arrays_do_not_take_wires_apart():
    assert refused(lambda a: np.array([1, 0]) & a, 0) == (
        "wire 'a' meets array([1, 0]); the other side is a wire, 0 or 1"
    )
    assert refused(lambda a: np.array([1, 0]) + a, 0) == (
        "wire 'a' + array([1, 0]): the other side is a wire, a word or an integer"
    )
    assert refused(lambda a: a == np.array([1, 0]), 0) == (
        "wire 'a' == array([1, 0]): the other side is a wire, a word or an integer"
    )


def test_results_that_clash():
    def clash(a: Word[2], b):
        return {"x": a, "x[0]": b}

    assert refused(clash, 0) == "two outputs are called 'x[0]'; give the results different names"


def test_units_that_clash():
    def twice(a, b):
        and_(a, b, name="both")
        return and_(b, a, name="both")

    assert refused(twice, 2) == "a unit is named 'both', but a unit has this name already; choose another name"


def test_a_wire_kept_from_an_earlier_circuit():
    kept = []

    @circuit
    def first(a):
        kept.append(a)
        return a

    first.network  # noqa: B018
    text = "a wire of circuit 'first' is used where 'other' is being defined; pass it in as a parameter of the circuit"

    def other(b):
        return kept[0] & 1

    assert refused(other) == text
    assert refused(lambda b: b & kept[0], 0) == (
        "wire 'a' belongs to another network; pass it in as a parameter of the circuit"
    )
    with pytest.raises(
        CircuitError, match=r"^a wire of circuit 'first' is used where no circuit is being defined; pass"
    ):
        ~kept[0]


def test_a_wire_of_the_circuit_around():
    def outer(a):
        @circuit
        def inner(b):
            return a + 1

        return inner(a)

    assert refused(outer, 3) == (
        "a wire of circuit 'outer' is used where 'inner' is being defined; pass it in as a parameter of the circuit"
    )


def test_plus_assignment_is_fine():
    @circuit
    def more(a: Word[4], carry=0):
        a += 1
        a += carry
        return a

    assert [more(15), more(15, 1), more(3, carry=1)] == [16, 17, 5]


# --- where


def test_errors_of_the_engine_point_at_the_line_too():
    def wrong(a):
        return a.scope.builder.add(Unit(1), [(a.node, float("inf"))], None)

    with pytest.raises(NetworkError, match=r"is inf; .* \(test_mistakes.py, line \d+\)$") as error:
        circuit(wrong).network  # noqa: B018
    assert error.value.where == (__file__, wrong.__code__.co_firstlineno + 1)


def test_the_place_is_said_once_however_deep():
    @circuit
    def inner(a):
        return a and a

    @circuit
    def middle(a):
        return inner(a)

    @circuit
    def outer(a):
        return middle(a)

    with pytest.raises(CircuitError) as error:
        outer(1)
    assert str(error.value).count("test_mistakes.py") == 1


def test_a_call_with_numbers_knows_its_line():
    with pytest.raises(CircuitError, match=r"; give 0 or 1$") as error:
        full_adder(1, 2, 0)
    assert error.value.where[0] == __file__


def test_the_command_line_prints_one_line(tmp_path):
    path = tmp_path / "larger.py"
    path.write_text("from circuits import circuit\n\n\n@circuit\ndef larger(a, b):\n    return a if a else b\n")
    command = [sys.executable, "-m", "workbench.cli", "stats", str(path)]
    done = subprocess.run(command, capture_output=True, text=True, cwd=Path(__file__).parents[2], check=False)
    assert done.returncode == 2
    assert done.stderr == f"perceptron: error: wire 'a' {NO_VALUE} (larger.py, line 6)\n"
