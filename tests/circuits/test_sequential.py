"""The parts with time, each against a few lines of Python over drawn widths and inputs, and at their counted cost."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from circuits import CircuitError, circuit
from circuits.counters import counter, johnson_counter, modulo_counter, ring_counter, up_down_counter
from circuits.latches import d_flip_flop, set_reset_latch
from circuits.rams import ram, ram_of_gates, rom, rom_of_gates
from circuits.sequential import accumulator, debouncer, edge_detector
from circuits.shift_registers import PRIMITIVE, lfsr, shift_register
from circuits.state_machines import state_machine
from circuits.table_units import table_unit
from circuits.time.simulation import Simulation, run

SEEDS = st.integers(0, 2**32 - 1)


def cost(part):
    """(units, states, depth)."""
    told = part.statistics()
    return told["units"], told.get("states", 0), told["depth"]


def bits(seed, count, *names, often=0.7):
    """Sequences of 0 and 1; the first mostly 1, the others seldom."""
    rng = np.random.default_rng(seed)
    return {name: rng.random(count) < (often if at == 0 else 0.1) for at, name in enumerate(names)}


# --- counters


@given(st.integers(1, 9), SEEDS)
def test_a_counter_is_pythons_plus(width, seed):
    given = bits(seed, 60, "enable", "reset")
    found, value = run(counter(width), given)["q"], 0
    for at in range(60):
        assert found[at] == value
        value = 0 if given["reset"][at] else (value + given["enable"][at]) % 2**width
    assert cost(counter(width)) == (2 * width - 1, width, min(width, 2))


@given(st.integers(1, 7), SEEDS)
def test_a_counter_goes_both_ways(width, seed):
    given = bits(seed, 60, "enable", "reset") | {"down": np.random.default_rng(seed).integers(0, 2, 60)}
    found, value = run(up_down_counter(width), given)["q"], 0
    for at in range(60):
        assert found[at] == value
        if given["enable"][at]:
            value = (value + (-1 if given["down"][at] else 1)) % 2**width
        value = 0 if given["reset"][at] else value
    assert cost(up_down_counter(width)) == (3 * width - 2, width, min(width, 2) + (width > 1))


@given(st.integers(2, 70), SEEDS)
def test_a_modulo_counter_begins_again(modulus, seed):
    given = bits(seed, 90, "enable", "reset", often=0.9)
    given["reset"] &= np.arange(90) < 10
    found, value = run(modulo_counter(modulus), given), 0
    for at in range(90):
        assert (found["q"][at], found["last"][at]) == (value, value == modulus - 1)
        value = 0 if given["reset"][at] else (value + given["enable"][at]) % modulus
    width = (modulus - 1).bit_length()
    assert cost(modulo_counter(modulus))[:2] == (2 * width + 1, width)
    assert cost(modulo_counter(modulus))[2] == 3


@given(st.integers(2, 9), SEEDS)
def test_rings(length, seed):
    given = bits(seed, 40, "enable", "reset")
    ring, twisted = run(ring_counter(length), given)["q"], run(johnson_counter(length), given)["q"]
    one, word = 1, [0] * length
    for at in range(40):
        assert ring[at] == one
        assert twisted[at] == sum(bit << place for place, bit in enumerate(word))
        if given["enable"][at]:
            one = one << 1 if one < 1 << length - 1 else 1
            word = [1 - word[-1], *word[:-1]]
        if given["reset"][at]:
            one, word = 1, [0] * length
    assert cost(ring_counter(length)) == cost(johnson_counter(length)) == (length, length, 1)
    whole = run(johnson_counter(length), {"enable": 1}, steps=2 * length)["q"]
    assert len(set(whole.tolist())) == 2 * length


# --- shift registers


@given(st.integers(1, 9), SEEDS)
def test_a_shift_register_shifts_and_loads(length, seed):
    rng = np.random.default_rng(seed)
    given = bits(seed, 40, "enable", "load") | {
        "serial": rng.integers(0, 2, 40),
        "data": rng.integers(0, 2**length, 40),
    }
    found, value = run(shift_register(length), given)["q"], 0
    for at in range(40):
        assert found[at] == value
        if given["load"][at]:
            value = given["data"][at]
        elif given["enable"][at]:
            value = (value << 1 | given["serial"][at]) % 2**length
    assert cost(shift_register(length)) == (length, length, 1)


@pytest.mark.parametrize("width", range(2, 15))
def test_the_taps_have_the_longest_period(width):
    found = run(lfsr(width), {"enable": 1}, steps=2**width)["q"]
    assert found[-1] == found[0] == 1
    assert sorted(found[:-1].tolist()) == list(range(1, 2**width))
    assert cost(lfsr(width)) == (width + 1, width, 2)


def factors(number):
    """The prime factors, by trial division."""
    found, divisor = set(), 2
    while divisor * divisor <= number:
        while number % divisor == 0:
            found.add(divisor)
            number //= divisor
        divisor += 1
    return found | ({number} if number > 1 else set())


def power_of_x(exponent, polynomial, width):
    """x**exponent modulo a polynomial over two elements, as an integer of coefficients."""

    def times(a, b):
        product = 0
        while b:
            product ^= a if b & 1 else 0
            a, b = a << 1, b >> 1
            a ^= polynomial if a >> width & 1 else 0
        return product

    result, base = 1, 2
    while exponent:
        result = times(result, base) if exponent & 1 else result
        base, exponent = times(base, base), exponent >> 1
    return result


@pytest.mark.parametrize("width", PRIMITIVE)
def test_the_polynomials_are_primitive(width):
    """x has the order 2**width - 1: that power of it is 1, and none that leaves out one prime factor is."""
    polynomial = 1 | sum(1 << exponent for exponent in PRIMITIVE[width])
    order = 2**width - 1
    assert max(PRIMITIVE[width]) == width
    assert power_of_x(order, polynomial, width) == 1
    for prime in factors(order) - {order}:
        assert power_of_x(order // prime, polynomial, width) != 1


@given(st.data())
def test_any_taps(data):
    width = data.draw(st.integers(1, 8))
    taps = data.draw(st.lists(st.integers(1, width), min_size=1, unique=True))
    seed = data.draw(st.integers(1, 2**width - 1))
    enable = bits(data.draw(SEEDS), 30, "enable")["enable"]
    found, value = run(lfsr(width, tuple(taps), seed), {"enable": enable}), seed
    for at in range(30):
        assert (found["q"][at], found["bit"][at]) == (value, value >> width - 1)
        if enable[at]:
            value = (value << 1 | sum(value >> tap - 1 & 1 for tap in taps) % 2) % 2**width


# --- small parts


@given(st.integers(1, 9), SEEDS)
def test_an_accumulator_adds_up(width, seed):
    given = bits(seed, 40, "enable", "reset") | {"data": np.random.default_rng(seed).integers(0, 2**width, 40)}
    found, value = run(accumulator(width), given)["q"], 0
    for at in range(40):
        assert found[at] == value
        value = 0 if given["reset"][at] else (value + given["enable"][at] * given["data"][at]) % 2**width
    assert cost(accumulator(width)) == (2 * width - 1, width, width)


@given(st.lists(st.integers(0, 1), min_size=1, max_size=40), st.integers(1, 6))
def test_edges_and_bounces(x, steps):
    edges, clean = run(edge_detector, {"x": x}), run(debouncer(steps), {"x": x})["out"]
    out = 0
    for at, (before, now) in enumerate(itertools.pairwise([0, *x])):
        told = (edges["rise"][at], edges["fall"][at], edges["change"][at])
        assert told == (now > before, now < before, now != before)
        last = ([0] * steps + x[: at + 1])[-steps:]
        out = 1 if all(last) else 0 if not any(last) else out
        assert clean[at] == out
    assert cost(edge_detector) == (3, 1, 2)
    assert cost(debouncer(steps)) == (1, steps, 1)


# --- latches of gates


def test_a_latch_settles_in_two_steps():
    """From every state of its gates and for every order of set and reset, held for two steps each."""
    for start in range(4):
        for inputs in itertools.product([(1, 0), (0, 1)], repeat=3):
            sim = Simulation(set_reset_latch)
            sim.poke("q", start & 1)
            sim.poke("not_q", start >> 1)
            for on, off in inputs:
                for _ in range(2):
                    sim.step(set=on, reset=off)
                for _ in range(3):
                    assert sim.step(set=0, reset=0) == (on, off)


def test_a_latch_let_go_of_twice_never_settles():
    found = run(set_reset_latch, {"set": [1, 1, 0, 0, 0, 0, 0], "reset": [1, 1, 0, 0, 0, 0, 0]})
    assert found["q"].tolist()[1:] == found["not_q"].tolist()[1:] == [0, 0, 1, 0, 1, 0]


@given(st.lists(st.integers(0, 1), min_size=1, max_size=8), SEEDS)
def test_a_flip_flop_takes_what_was_there_when_the_clock_rose(wanted, seed):
    """Data changes at any time outside the 2 steps on both sides of the edge; outputs are asked 3 steps after it."""
    rng = np.random.default_rng(seed)
    sim, last = Simulation(d_flip_flop), None
    for bit in wanted:
        low, high = int(rng.integers(3, 7)), int(rng.integers(3, 7))
        for at in range(low):
            data = bit if at >= low - 2 else int(rng.integers(0, 2))
            outputs = sim.step(clock=0, data=data)
            assert last is None or outputs == (last, 1 - last)
        for at in range(high):
            outputs = sim.step(clock=1, data=bit if at < 2 else int(rng.integers(0, 2)))
            if at >= 3:
                assert outputs == (bit, 1 - bit)
        last = bit if high > 3 or sim.look(clock=1) == (bit, 1 - bit) else None
        assert last == bit
    assert cost(d_flip_flop) == (6, 6, 1)
    assert cost(set_reset_latch) == (2, 2, 1)


# --- memories


@given(st.integers(1, 4), st.integers(1, 5), SEEDS)
def test_ram_by_behaviour_and_by_gates(address_bits, width, seed):
    rng = np.random.default_rng(seed)
    given = {
        "address": rng.integers(0, 2**address_bits, 50),
        "data": rng.integers(0, 2**width, 50),
        "load": rng.integers(0, 2, 50),
    }
    words = [0] * 2**address_bits
    found, gates = run(ram(address_bits, width), given)["out"], run(ram_of_gates(address_bits, width), given)["out"]
    for at in range(50):
        assert found[at] == gates[at] == words[given["address"][at]]
        if given["load"][at]:
            words[given["address"][at]] = given["data"][at]
    count = 2**address_bits
    assert cost(ram_of_gates(address_bits, width)) == (count * (2 * width + 2) + width, count * width, 3)


@given(st.integers(1, 5), st.integers(1, 9), SEEDS)
def test_rom_by_behaviour_and_by_tables(address_bits, width, seed):
    contents = np.random.default_rng(seed).integers(0, 2**width, 2**address_bits).tolist()
    every = range(2**address_bits)
    assert run(rom(address_bits, width, contents), {"address": every})["out"].tolist() == contents
    gates = rom_of_gates(address_bits, width, contents)
    assert gates(np.array(every)).tolist() == contents
    assert cost(gates) == (width, 0, 1)


def test_two_memories_in_one_circuit():
    @circuit
    def both(a, b):
        first, second = ram(1, 1)(concat_of(a), concat_of(b), 1), ram(1, 1)(concat_of(b), concat_of(a), 1)
        return {"first": first, "second": second}

    sim = Simulation(both)
    assert len(sim.memories) == 2
    assert len({memory.name for memory in sim.memories}) == 2
    sim.step(a=1, b=1)
    assert sim.look() == (1, 1)
    assert [sim.memory(memory.name).tolist() for memory in sim.memories] == [[0, 1], [0, 1]]


def concat_of(wire):
    from circuits import Word

    return Word([wire])


# --- state machines


@given(st.data())
def test_machines_are_their_tables(data):
    count, width = data.draw(st.integers(1, 5)), data.draw(st.integers(1, 2))
    states, inputs = [f"s{at}" for at in range(count)], range(2**width)
    names, outs = st.sampled_from(states), st.integers(0, 5)
    mealy = {(one, given): (data.draw(names), data.draw(outs)) for one in states for given in inputs}
    moore, shown = {key: value[0] for key, value in mealy.items()}, {one: data.draw(outs) for one in states}
    sequence = data.draw(st.lists(st.sampled_from(inputs), min_size=1, max_size=20))
    for encoding in ("binary", "one-hot"):
        by_input = run(state_machine(mealy, "s0", encoding=encoding), {"x": sequence})
        by_state = run(state_machine(moore, "s0", outputs=shown, encoding=encoding), {"x": sequence})
        now = "s0"
        numbers = {"s0": 0}
        for at, letter in enumerate(sequence):
            number = numbers.setdefault(now, by_input["state"][at])
            assert by_input["state"][at] == by_state["state"][at] == number
            assert by_state["out"][at] == shown[now]
            now, output = mealy[now, letter]
            assert by_input["out"][at] == output
        assert len(set(numbers.values())) == len(numbers)


def test_what_machines_cost():
    table = {(at, given): ((at + given) % 8, at == 7) for at in range(8) for given in range(2)}
    table = {key: (following, int(output)) for key, (following, output) in table.items()}
    assert cost(state_machine(table, 0)) == (3 + 1, 3, 1)
    units, states, depth = cost(state_machine(table, 0, encoding="one-hot"))
    assert units <= 8 * 2 + 8 + 1 + 3
    assert (states, depth) == (8, 2)


# --- what is wrong


@pytest.mark.parametrize(
    ("make", "text"),
    [
        (lambda: counter(0), "the width of a counter is 0; give a whole number from 1 to 4096"),
        (lambda: up_down_counter(1.5), "the width of a counter is 1.5; give a whole number"),
        (lambda: modulo_counter(1), "the modulus of a counter is 1; give a whole number from 2"),
        (lambda: ring_counter(1), "the length of a ring counter is 1"),
        (lambda: johnson_counter("x"), "the length of a Johnson counter is 'x'"),
        (lambda: shift_register(True), "the length of a shift register is True"),
        (lambda: lfsr(40), "taps of a width of 40 are not in the table, which has 2 to 32; give taps="),
        (lambda: lfsr(4, (5,)), "the taps are (5,); give different whole numbers from 1 to 4"),
        (lambda: lfsr(4, seed=0), "the seed of a linear-feedback register is 0; give a whole number from 1 to 15"),
        (lambda: accumulator(-1), "the width of an accumulator is -1"),
        (lambda: debouncer(0), "the number of steps of a debouncer is 0"),
        (lambda: ram(25, 8), "the number of address bits is 25; give a whole number from 1 to 24"),
        (lambda: ram_of_gates(11, 8), "the number of address bits is 11; give a whole number from 1 to 10"),
        (lambda: rom(2, 65, []), "the width of a word is 65; give a whole number from 1 to 64"),
        (lambda: rom(1, 8, [1, 2, 3]), "memory 'rom' holds 2 words, but is given 3"),
        (lambda: rom_of_gates(1, 2, [4]), "memory 'rom': word 0 is 4; 2 bits take integers from 0 to 2**2 - 1"),
        (lambda: rom(1, 2, [1, 1.5]), "memory 'rom': word 1 is 1.5; 2 bits take integers"),
        (lambda: rom(1, 2, ["1"]), "memory 'rom': word 0 is '1'; 2 bits take integers"),
        (lambda: state_machine({}, "a"), "state_machine: the table is empty"),
        (lambda: state_machine({("a", 0): ("a", 0)}, "a"), "state_machine: state 'a' has no entry for input 1"),
        (lambda: state_machine({("a", 0): ("b", 0), ("a", 1): ("a", 1)}, "a"), "state_machine: state 'b' has no entry"),
        (
            lambda: state_machine({("a", 0): "a", ("a", 1): "a"}, "a"),
            "state_machine: the entry of ('a', 0) is 'a'; give",
        ),
        (lambda: state_machine({"a": "a"}, "a"), "state_machine: the table has a key 'a'; give (state, input)"),
        (
            lambda: state_machine({("a", 0): "a", ("a", 1): "a"}, "a", outputs={}),
            "state_machine: state 'a' has no output; give outputs= a whole number for each state",
        ),
        (lambda: state_machine({("a", 0): ("a", 0)}, "a", encoding="gray"), "encoding is 'gray'; give 'binary' or"),
        (
            lambda: state_machine({(0, given): (0, 0) for given in range(2**12)}, 0),
            "state_machine: 1 states and inputs of 12 bits make a table unit of 13 bits; the most is 12",
        ),
        (lambda: table_unit(max, []), "a table unit of 0 bits; give 1 to 12"),
    ],
)
def test_errors_name_the_thing_and_the_cure(make, text):
    with pytest.raises(CircuitError) as error:
        make()
    assert str(error.value).startswith(text)
