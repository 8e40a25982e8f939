"""Words of a memory: what is stored may depend on the word that is read. The oracle is a Python list."""

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from circuits import (
    Circuit,
    CircuitError,
    Memory,
    Simulation,
    Word,
    circuit,
    expand_memories,
    mux,
    record,
    run,
    to_nand,
)
from circuits.language.memories import memory_word
from circuits.wires import WordType


def tally(address_bits, width):
    """Adds `by` to the word at `at`, where `go` is 1."""
    where, what = WordType(address_bits), WordType(width)

    def tally(at: where, by: what, go):
        count = memory_word(Memory("count", address_bits, width, [1]), at)
        count.write((count + by)[:width], go)
        return {"before": count}

    return circuit(tally)


@given(st.integers(1, 4), st.integers(1, 9), st.integers(0, 2**32 - 1))
def test_reading_changing_and_storing_in_one_step(address_bits, width, seed):
    rng = np.random.default_rng(seed)
    given = {
        "at": rng.integers(0, 2**address_bits, 40),
        "by": rng.integers(0, 2**width, 40),
        "go": rng.integers(0, 2, 40),
    }
    made = tally(address_bits, width)
    words = [1] + [0] * (2**address_bits - 1)
    expected = []
    for at, by, go in zip(*(given[name].tolist() for name in ("at", "by", "go")), strict=True):
        expected.append(words[at])
        words[at] = (words[at] + by * go) % 2**width
    sim = Simulation(made)
    assert [int(value) for value in sim.play(given)["before"]] == expected
    assert sim.memory("count").tolist() == words
    nands = Circuit.from_network(to_nand(made.network), memories=made.memories, words=True)
    assert run(nands, given)["before"].tolist() == expected
    gates = expand_memories(made.network, made.memories)
    bits = np.array(
        [
            [
                value >> place & 1
                for value, width in zip(row, (address_bits, width, 1), strict=True)
                for place in range(width)
            ]
            for row in zip(*(given[name].tolist() for name in ("at", "by", "go")), strict=True)
        ]
    )[:, None, :]
    found = run(gates, bits)[:, 0, :]
    assert (found @ (1 << np.arange(width))).tolist() == expected


def test_load_is_1_where_nothing_is_said():
    @circuit
    def last(at: Word[1], value: Word[4]):
        kept = memory_word(Memory("kept", 1, 4), at)
        kept.write(value)
        return kept

    assert run(last, {"at": 0, "value": [3, 5, 7]})["out"].tolist() == [0, 3, 5]


def test_numbers_are_constants():
    @circuit
    def once(at: Word[2]):
        seen = memory_word(Memory("seen", 2, 3), at)
        seen.write(5, 1)
        fixed = memory_word(Memory("fixed", 2, 3, [0, 6], read_only=True), 1)
        return {"seen": seen, "fixed": fixed}

    found = run(once, {"at": [1, 2, 1]})
    assert (found["seen"].tolist(), found["fixed"].tolist()) == ([0, 0, 5], [6, 6, 6])


def test_two_circuits_with_words_in_one():
    inner = tally(2, 4)

    @circuit
    def both(at: Word[2]):
        low = inner(at, 1, 1, name="low")
        high = inner(at, low, 1, name="high")
        return {"high": high}

    assert [memory.name for memory in both.memories] == ["low.count", "high.count"]
    # word 2 of low: 0, 1, 2, 3, ...; of high their sum so far
    assert run(both, {"at": [2] * 5})["high"].tolist() == [0, 0, 1, 3, 6]


def test_the_waves_and_the_simulation_know_its_pins():
    made = tally(2, 3)
    told = record(made, {"at": [0, 0], "by": [2, 2], "go": 1}, signals=["count.out", "count.in", "count.load"])
    assert [wave.values.tolist() for wave in told] == [[1, 3], [3, 5], [1, 1]]


# --- what is refused


def refused(function):
    with pytest.raises(CircuitError) as error:
        _ = circuit(function).network
    message = str(error.value)
    assert re.search(r" \(test_memory_words\.py, line \d+\)$", message), message
    return message.rpartition(" (")[0]


def line_of(function):
    """The line that the message of a refused definition ends in, from the function's `def` on."""
    with pytest.raises(CircuitError) as error:
        _ = circuit(function).network
    return error.value.where[1] - function.__code__.co_firstlineno


def test_a_write_that_is_forgotten():
    def forgotten(a: Word[2]):
        word = memory_word(Memory("table", 2, 4), a)
        return word & 3

    assert refused(forgotten) == (
        "memory 'table' is never written; call .write(data, load) on the word that memory_word gave, or make the "
        "memory read_only"
    )
    assert line_of(forgotten) == 1  # where the word was made


def test_a_write_that_is_set_twice():
    def twice(a: Word[2]):
        word = memory_word(Memory("table", 2, 4), a)
        word.write(word)
        word.write(mux(a[0], word, 3))
        return word

    told = refused(twice)
    assert re.fullmatch(
        r"memory 'table': its write is set already \(test_memory_words.py, line \d+\); set it once, with "
        r"mux\(select, high, low\) where the data depends",
        told,
    )
    assert line_of(twice) == 3


@pytest.mark.parametrize(
    ("data", "load", "told"),
    [
        (lambda a, word: a, 1, "its data has 2 bits, but takes 4; write word.extend(4)"),
        (lambda a, word: word + 1, 1, "its data has 5 bits, but takes 4; write word[:4]"),
        (lambda a, word: 16, 1, "its data is 16: 16 does not fit 4 bits, which take 0 to 2**4 - 1"),
        (lambda a, word: "x", 1, "its data is 'x': give a word, or an integer that fits"),
        (lambda a, word: word, 2, "its load is 2: 2 does not fit 1 bits, which take 0 to 2**1 - 1"),
    ],
)
def test_data_and_loads_that_do_not_fit(data, load, told):
    def wrong(a: Word[2]):
        word = memory_word(Memory("table", 2, 4), a)
        word.write(data(a, word), load)
        return word

    assert refused(wrong) == f"memory 'table': {told}"


def test_a_load_that_is_a_word():
    def wrong(a: Word[2]):
        word = memory_word(Memory("table", 2, 4), a)
        word.write(word, a)
        return word

    assert refused(wrong) == "memory 'table': its load has 2 bits, but takes 1; write word[:1]"


def test_what_is_read_only_cannot_be_written():
    def wrong(a: Word[2]):
        word = memory_word(Memory("table", 2, 4, read_only=True), a)
        word.write(word)
        return word

    assert refused(wrong) == "memory 'table' is read-only; make a Memory without read_only to write to it"


def test_names_addresses_and_places():
    def again(a: Word[2]):
        table = Memory("table", 2, 4, read_only=True)
        memory_word(table, a)
        return memory_word(table, a)

    def narrow(a: Word[3]):
        return memory_word(Memory("table", 2, 4, read_only=True), a)

    assert refused(again).startswith("memory: a part is named 'table', but memory (test_memory_words.py, line ")
    assert refused(narrow) == "memory 'table': its address has 3 bits, but takes 2; write word[:2]"
    with pytest.raises(CircuitError, match=r"^memory 'table' belongs to a circuit, but none is being defined; "):
        memory_word(Memory("table", 2, 4), 0)
