"""The language: generic widths, states, memories, choosing, and parts in parts."""

import itertools
import re
import threading

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from circuits import (
    Bit,
    Circuit,
    CircuitError,
    Port,
    Signed,
    Width,
    Word,
    circuit,
    concat,
    constant,
    delay,
    half_adder,
    mux,
    register,
    ripple_carry_adder,
    run,
    select,
    state,
    where,
)
from circuits.language.memories import scope_memory
from circuits.memory import Memory
from perceptron import initial_state, step

N, M = Width("N"), Width("M")


def refused(function):
    """The error of a circuit function when it is used for the first time, without the line that it ends in."""
    with pytest.raises(CircuitError) as error:
        circuit(function).network  # noqa: B018
    text, ending = str(error.value).rsplit(" (", maxsplit=1)
    assert ending == f"test_language.py, line {error.value.where[1]})"
    return text


def run_through(made, rows):
    """The outputs of a circuit's network over time by the definition; rows of input bits."""
    found, values = [], initial_state(made.network)
    for row in rows:
        outputs, values = step(made.network, row, values)
        found.append(tuple(outputs.values()))
    return found


# --- signed words


def test_signed_values():
    @circuit
    def same(a: Signed[4], b: Word[4]):
        return {"a": a, "unsigned": a.unsigned(), "b": b, "signed": b.signed()}

    for a, b in itertools.product(range(-8, 8), range(16)):
        assert same(a, b) == {"a": a, "unsigned": a % 16, "b": b, "signed": b - 16 * (b > 7)}
    np.testing.assert_array_equal(same(np.arange(-8, 8, dtype=np.int8), 3).a, range(-8, 8))
    assert same.inputs[0] == Port("a", 4, True)
    assert repr(same) == (
        "<Circuit same(a: Signed[4], b: Word[4]) -> a: Signed[4], unsigned: Word[4], b: Word[4], signed: Signed[4]>"
    )
    with pytest.raises(CircuitError, match=r"^same: input 'a' is 8; give an integer from -8 to 7 \(Signed\[4\]\)$"):
        same(8, 0)
    with pytest.raises(CircuitError, match=r"^same: input 'a' is -9 in sample 1; give"):
        same([0, -9], 0)


@pytest.mark.parametrize("width", [1, 2, 31, 62, 63, 64, 65, 100])
def test_signed_ends(width):
    @circuit
    def same(a: Signed[width]):
        return a

    ends = [-(2 ** (width - 1)), 2 ** (width - 1) - 1, 0, -1]
    assert [same(end) for end in ends] == ends
    assert same(ends).tolist() == ends
    if width <= 64:
        assert same(np.array(ends, dtype=np.int64)).tolist() == ends
    for outside in (-(2 ** (width - 1)) - 1, 2 ** (width - 1)):
        with pytest.raises(CircuitError, match=rf"^same: input 'a' is {outside}; give an integer from -"):
            same(outside)


def test_signs_do_not_change_silently():
    @circuit
    def low(a: Word[4], b: Signed[4]):
        return a & b.unsigned()

    def wrong(a: Signed[4]):
        return low(a, a)

    def other(a: Word[4]):
        return low(a, a)

    assert refused(wrong) == (
        "low: input 'a' is a Word[4], but is given a signed word of 4 bits; word.unsigned() is the same bits read the "
        "other way"
    )
    assert refused(other).startswith("low: input 'b' is a Signed[4], but is given a word of 4 bits; word.signed() is")


# --- taking words apart and putting them together


def test_indices_slices_and_joining():
    @circuit
    def parts(a: Word[6], b: Signed[3], bit: Bit):
        return {
            "odd": a[1::2],
            "backwards": a[::-1],
            "joined": concat(a[:2], bit, 1, b),
            "extended": b.extend(6),
            "zeros": a.extend(8),
            "repeated": b.repeat(2),
            "mask": a & bit.repeat(6),
            "slice": b[:],
            "number": a[np.int64(2)],
        }

    for a, b, bit in itertools.product(range(64), range(-4, 4), (0, 1)):
        assert parts(a, b, bit) == {
            "odd": a >> 1 & 1 | (a >> 3 & 1) << 1 | (a >> 5 & 1) << 2,
            "backwards": int(f"{a:06b}"[::-1], 2),
            "joined": a & 3 | bit << 2 | 1 << 3 | b % 8 << 4,
            "extended": b,
            "zeros": a,
            "repeated": b % 8 | b % 8 << 3,
            "mask": a * bit,
            "slice": b % 8,
            "number": a >> 2 & 1,
        }


def test_reductions():
    @circuit
    def reduced(a: Word[5]):
        return {"all": a.all(), "any": a.any(), "parity": a.parity()}

    for a in range(32):
        assert reduced(a) == {"all": int(a == 31), "any": int(a > 0), "parity": a.bit_count() % 2}
    assert len(reduced.network.units) == 3


def test_constants_of_words():
    @circuit
    def several(a: Word[4]):
        return {
            "five": Word.constant(5, 8),
            "minus": Signed.constant(-3),
            "one": Signed.constant(1),
            "sum": a + Signed.constant(-8),
            "bit": constant(1),
        }

    assert several(15) == {"five": 5, "minus": -3, "one": 1, "sum": 7, "bit": 1}
    assert [port.width for port in several.outputs] == [8, 3, 2, 6, None]
    assert refused(lambda a: Word.constant(16, 4)) == (
        "Word.constant: 16 does not fit 4 bits, which take 0 to 2**4 - 1"
    )
    assert refused(lambda a: Word.constant(-1, 4)).startswith("Word.constant: an unsigned word is not negative; ")
    assert refused(lambda a: Signed.constant(8, 4)).startswith(
        "Signed.constant: 8 does not fit 4 bits, which take -2**3"
    )
    with pytest.raises(CircuitError, match=r"^the constant 5 belongs to a circuit, but none is being defined; write"):
        Word.constant(5)


# --- choosing


def test_mux_of_words_and_integers():
    @circuit
    def chosen(s, a: Word[4], b: Word[4], c: Signed[4]):
        return {
            "words": mux(s, a, b),
            "integer": mux(s, a, 9),
            "other": mux(s, 1, a),
            "integers": mux(s, 5, 2),
            "signed": where(s, c, -8),
            "negative": mux(s, -1, 3),
            "bits": mux(s, 1, 0),
        }

    for s, a, b, c in itertools.product((0, 1), (0, 6, 15), (1, 9), (-8, 7)):
        assert chosen(s, a, b, c) == {
            "words": a if s else b,
            "integer": a if s else 9,
            "other": 1 if s else a,
            "integers": 5 if s else 2,
            "signed": c if s else -8,
            "negative": -1 if s else 3,
            "bits": s,
        }
    assert mux(1, 0, 1) == 0
    assert mux([0, 1], 1, 0).tolist() == [0, 1]
    assert where is mux


def test_select():
    @circuit
    def chosen(at: Word[2], a: Word[3], x, y):
        return {
            "words": select(at, [a, 7, ~a, 0]),
            "wires": select(at, [x, y, 1], default=0),
            "signed": select(at, [-1, 2, -3], default=5),
            "bit": select(x, [y, ~y]),
            "element": a.extend(4)[at],
        }

    for at, a, x, y in itertools.product(range(4), range(8), (0, 1), (0, 1)):
        assert chosen(at, a, x, y) == {
            "words": [a, 7, 7 - a, 0][at],
            "wires": [x, y, 1, 0][at],
            "signed": [-1, 2, -3, 5][at],
            "bit": x ^ y,
            "element": a >> at & 1,
        }


@given(st.integers(1, 5), st.data())
def test_select_from_any_number_of_options(bits, data):
    options = data.draw(st.lists(st.integers(0, 1000), min_size=1, max_size=2**bits))
    default = data.draw(st.integers(0, 1000))

    @circuit
    def chosen(at: Word[bits]):
        return select(at, options, default=default) + 0

    assert chosen(range(2**bits)).tolist() == options + [default] * (2**bits - len(options))


def test_refused_choices():
    def few(a: Word[2]):
        return select(a, [a, a, a])

    def many(a: Word[1]):
        return select(a, [a, a, a])

    def widths(a: Word[2], b: Word[3], s):
        return mux(s, a, b)

    def signs(a: Word[2], b: Signed[2], s):
        return mux(s, a, b)

    def beyond(a: Word[5], b: Word[3]):
        return a[b]

    def beside(a: Word[5], s):
        return select(s, [a, s])

    assert refused(few) == (
        "select is given 3 options for an index of 2 bits, which reaches 4; say with default= what the others give"
    )
    assert refused(many) == (
        "select is given 3 options, but an index of 1 bits reaches 2; give a wider index, or leave out options"
    )
    assert refused(widths) == "mux is given words of 2 and 3 bits; give one width, as in word.extend(3)"
    assert refused(signs).startswith("mux is given a signed and an unsigned word; write word.signed() or")
    assert refused(beyond) == (
        "a word of 5 bits is indexed by a word of 3 bits, which reaches beyond its last bit; write "
        "select(index, list(word), default=0)"
    )
    assert refused(beside).startswith("select is given a wire beside words of 5 bits; make it a word")


# --- generic widths


@circuit
def total(a: Word[N], b: Word[N]):
    return a + b


@circuit
def joined(high: Word, low: Word[M], sign: Signed[M]):
    return {"joined": concat(low, high), "sign": sign[-1]}


def test_widths_in_brackets():
    assert total[8](200, 100) == 300
    assert total[8] is total[8]
    assert total[8].network.inputs[-1] == "b[7]"
    assert repr(total) == "<Circuit total(a: Word[N], b: Word[N])>"
    assert repr(total[2]) == "<Circuit total[2](a: Word[2], b: Word[2]) -> out: Word[3]>"
    assert joined[3].inputs == (Port("high", 3), Port("low", 3), Port("sign", 3, True))
    assert joined[3, 5].inputs == (Port("high", 3), Port("low", 5), Port("sign", 5, True))
    assert joined[3, 5](5, 9, -1) == {"joined": 9 | 5 << 5, "sign": 1}


def test_widths_are_read_off_words():
    @circuit
    def outer(a: Word[3], b: Word[6], c: Signed[6]):
        one = total(a, 5)
        two = total(b, b, name="twice")
        return {"one": one, "two": two, "three": joined(a, b, c).joined}

    assert outer(7, 63, -32) == {"one": 12, "two": 126, "three": 63 | 7 << 6}
    assert {node.split(".")[0] for node in outer.network.units if "." in node} == {"total1", "twice"}


def test_a_circuit_of_a_width_that_halves():
    """A circuit may place itself at another width."""

    @circuit
    def ones(a: Word):
        if len(a) == 1:
            return a[0] + 0
        half = len(a) // 2
        return ones(a[:half]) + ones(a[half:])

    assert ones[13](range(2**13)).tolist() == [number.bit_count() for number in range(2**13)]


@pytest.mark.parametrize(
    ("call", "text"),
    [
        (lambda: total(200, 100), "total is generic in its width: write total[8](200, 100)"),
        (lambda: total.network, "total is generic in its width: write total[8]"),
        (lambda: total.outputs, "total is generic in its width: write total[8]"),
        (lambda: total[0], "total[0]: give whole numbers of at least 1, as in total[8]"),
        (lambda: total["8"], "total['8']: give whole numbers of at least 1, as in total[8]"),
        (lambda: total[2, 3], "total has 1 width (N), but 2 are given; give one for all, or one for each"),
        (lambda: joined[1, 2, 3], "joined has 2 widths (high, M), but 3 are given; give one for all, or one for each"),
        (lambda: half_adder[8], "half_adder has no width to choose; leave out the brackets"),
        (lambda: total[8][8], "total[8] has no width to choose; leave out the brackets"),
        (lambda: total[8](256, 0), "total[8]: input 'a' is 256; give an integer from 0 to 255 (Word[8])"),
    ],
)
def test_refused_widths(call, text):
    with pytest.raises(CircuitError) as error:
        call()
    assert str(error.value) == text


def test_widths_that_do_not_fit():
    def two(a: Word[3], b: Word[5]):
        return total(a, b)

    def unknown(a: Word[3]):
        return joined(a, 1, 0)

    def single(a, b: Word[3]):
        return total(a, b)

    assert refused(two) == (
        "total: input 'b' has 5 bits, but 'a' has 3, and both are N; write word.extend(5) for the shorter one"
    )
    assert refused(unknown) == "joined: nothing says how wide input 'low' is; give it a word, or write joined[8](...)"
    assert refused(single) == "total: input 'a' is a word, but is given a single wire; Word([wire]) is a word of it"


# --- time


def test_a_state():
    @circuit
    def counter(up):
        count = state(3, initial=5, name="count")
        count.next = (count + up)[:3]
        return count

    assert list(counter.network.states) == ["count[0]", "count[1]", "count[2]"]
    steps = run_through(counter, [[1], [1], [0], [1], [1]])
    assert [low | middle << 1 | high << 2 for low, middle, high in steps] == [5, 6, 7, 7, 0]


def test_states_of_placed_circuits_stay_apart():
    @circuit
    def toggle(flip):
        light = state(name="light")
        light.next = light ^ flip
        return light

    @circuit
    def two(a, b):
        return toggle(a, name="left"), toggle(b), toggle(a & b).repeat(2)

    assert list(two.network.states) == ["left.light", "toggle1.light", "toggle2.light"]
    assert run_through(two, [[1, 1], [1, 0], [0, 1], [0, 0]]) == [
        (0, 0, 0, 0),
        (1, 1, 1, 1),
        (0, 1, 1, 1),
        (0, 0, 1, 1),
    ]


def test_a_circuit_without_inputs_that_has_states_is_placed():
    @circuit
    def clock():
        tick = state()
        tick.next = ~tick
        return tick

    @circuit
    def gated(a):
        return a & clock()

    assert run_through(gated, [[1], [1], [0], [1]]) == [(0,), (1,), (0,), (1,)]


def test_registers_and_delays():
    @circuit
    def kept(data: Signed[3], load, reset):
        return {
            "plain": register(data),
            "loaded": register(data, enable=load, reset=reset, initial=-2, name="loaded"),
            "late": delay(load, 2),
            "now": delay(load, 0),
        }

    rng = np.random.default_rng(0)
    rows = [(int(rng.integers(-4, 4)), *map(int, rng.integers(0, 2, 2))) for _ in range(60)]
    found = run_through(kept, [[data & 1, data >> 1 & 1, data >> 2 & 1, *bits] for data, *bits in rows])
    plain, loaded, late = 0, -2, [0, 0]
    for (data, load, reset), outputs in zip(rows, found, strict=True):
        numbers = [sum(bit << at for at, bit in enumerate(outputs[start : start + 3])) for start in (0, 3)]
        assert numbers == [plain % 8, loaded % 8]
        assert outputs[6:] == (late[0], load)
        plain, loaded = data, -2 if reset else data if load else loaded
        late = [late[1], load]


def test_a_circuit_with_states_is_not_called_with_numbers():
    @circuit
    def late(a):
        return delay(a)

    with pytest.raises(CircuitError) as error:
        late(1)
    assert str(error.value) == (
        "late has states, so what it answers depends on what came before; write run(late, {'a': [0, 1]}) or "
        "Simulation(late)"
    )


def test_refused_states():
    def forgotten(a: Word[8]):
        state(8, name="count")
        return a

    def twice(a):
        kept = state(name="kept")
        kept.next = a
        kept.next = ~a
        return kept

    def wide(a: Word[8]):
        count = state(8, name="count")
        count.next = count + a
        return count

    def narrow(a: Word[8]):
        count = state(8, name="count")
        count.next = a[:4]
        return count

    def single(a):
        count = state(8, name="count")
        count.next = a
        return count

    def word(a: Word[2]):
        kept = state(name="kept")
        kept.next = a
        return kept

    def read(a):
        kept = state(name="kept")
        kept.next = a
        return kept.next

    def named(a):
        state(name="kept").next = a
        state(name="kept").next = a
        return a

    def taken(a):
        state(name="a").next = a
        return a

    def plain(a):
        a.next = a
        return a

    line = forgotten.__code__.co_firstlineno + 1
    with pytest.raises(CircuitError) as error:
        circuit(forgotten).network  # noqa: B018
    assert error.value.where == (__file__, line)
    assert str(error.value) == (
        f"state 'count' has no next value; set its .next to what it is in the next step (test_language.py, line {line})"
    )
    assert re.fullmatch(
        r"state 'kept': next is set already \(test_language.py, line \d+\); set it once, with mux\(select, high, low\) "
        "where it depends",
        refused(twice),
    )
    assert refused(wide) == "state 'count' has 8 bits, but its next has 9; write word[:8]"
    assert refused(narrow) == "state 'count' has 8 bits, but its next has 4; write word.extend(8)"
    assert refused(single) == "state 'count' has 8 bits, but its next is a single wire; give a word"
    assert refused(word) == "state 'kept' is one bit, but its next is a word of 2 bits; write word[0]"
    assert refused(read).startswith("state 'kept': next is set and not read; ")
    assert refused(named).startswith("state: a part is named 'kept', but state (test_language.py, line ")
    assert refused(taken) == "a state is named 'a', but an input has this name already; choose another name"
    assert refused(plain) == "wire 'a' is no state, so it has no next value; make one with state(...)"
    assert refused(lambda a: state(3, initial=8, name="s")) == (
        "state 's' starts as 8: 8 does not fit 3 bits, which take 0 to 2**3 - 1"
    )
    assert refused(lambda a: state(0, name="s")).startswith("state 's' has the width 0; ")
    assert refused(lambda a: state(initial=2, name="s")).startswith("state 's' is one bit, but starts as 2; ")
    assert refused(lambda a: register(1)) == "a register is given 1; give a wire or a word"
    assert refused(lambda a: delay(a, -1)) == "a delay is -1 steps; give a whole number of at least 0"
    with pytest.raises(CircuitError, match=r"^a state belongs to a circuit, but none is being defined; write it in"):
        state()


# --- memories


@circuit
def store(address: Word[2], data: Word[3], load):
    return scope_memory(Memory("ram", 2, 3, contents=[1, 2]), address, data, load)


def test_a_memorys_pins():
    assert store.inputs == (Port("address", 2), Port("data", 3), Port("load"))
    assert store.outputs == (Port("out", 3),)
    (memory,) = store.memories
    assert store.network.inputs[-3:] == tuple(memory.out)
    assert list(store.network.outputs)[-6:] == [*memory.address, *memory.data, *memory.load]
    assert store.network.outputs["ram.load"] == "load"
    assert not store.network.units
    with pytest.raises(CircuitError, match=r"^store has memories, so what it answers depends on what came before; "):
        store(0, 0, 0)


def test_memories_of_placed_circuits():
    @circuit
    def two(address: Word[2], data: Word[3], load):
        rom = scope_memory(Memory("rom", 2, 3, contents=range(4), read_only=True), address)
        return {"left": store(address, data, load, name="left"), "right": store(rom[:2], rom, 1)}

    names = ["rom", "left.ram", "store1.ram"]
    assert [memory.name for memory in two.memories] == names
    assert two.memories[1].contents == [1, 2]
    assert [pin for memory in two.memories for pin in memory.out] == list(two.network.inputs[6:])
    assert two.network.outputs["store1.ram.in[2]"] == "rom.out[2]"
    assert Circuit.from_network(two.network, "two", two.memories, words=True).inputs == two.inputs


def test_refused_memories():
    ram, rom = Memory("ram", 2, 3), Memory("rom", 2, 3, read_only=True)

    def again(a: Word[2]):
        scope_memory(rom, a)
        return scope_memory(rom, a)

    def narrow(a: Word[3]):
        return scope_memory(rom, a)

    def no_load(a: Word[2]):
        return scope_memory(ram, a, 0)

    def loaded(a: Word[2]):
        return scope_memory(rom, a, 0, 0)

    assert refused(again).startswith("memory: a part is named 'rom', but memory (test_language.py, line ")
    assert refused(narrow) == "memory 'rom': its address has 3 bits, but takes 2; write word[:2]"
    assert refused(no_load) == "memory 'ram' needs data and load"
    assert refused(loaded) == "memory 'rom' is read-only: give it no data and no load"
    with pytest.raises(CircuitError, match=r"^memory 'rom' belongs to a circuit, but none is being defined; "):
        scope_memory(rom, 0)
    with pytest.raises(CircuitError, match=r"^half_adder: the network has no input 'rom.out\[0\]' for its memory; "):
        Circuit.from_network(half_adder.network, memories=[rom])


# --- networks as circuits, and parts


def test_words_of_a_network():
    net = ripple_carry_adder(3).network
    made = Circuit.from_network(net, "adder", words=True, signed=["sum"])
    assert made.inputs == (Port("a", 3), Port("b", 3))
    assert made.outputs == (Port("sum", 4, True),)
    assert made(7, 3) == 10 - 16

    def outer(a: Word[3]):
        return made(a, 3)

    assert circuit(outer)(2) == 5


def test_a_circuit_does_not_place_itself():
    def forever(a):
        return made(a)

    made = circuit(forever)
    with pytest.raises(CircuitError, match=r"^forever places itself, so it would never end; place another circuit"):
        made(1)


def test_definitions_in_several_threads_stay_apart():
    made, errors = [], []

    def work(width):
        try:

            def sums(a: Word[width]):
                count = state(width, name="count")
                count.next = (count + a)[:width]
                return count

            made.append((width, circuit(sums).network))
        except Exception as error:
            errors.append(error)

    threads = [threading.Thread(target=work, args=(width,)) for width in range(1, 25)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not errors
    assert len(made) == 24
    assert all(len(net.states) == width for width, net in made)


def test_a_definition_in_the_midst_of_another():
    @circuit
    def outer(a):
        first = state(name="first")

        @circuit
        def inner(b):
            second = state(name="second")
            second.next = b
            return second

        first.next = inner(a)
        return first

    assert list(outer.network.states) == ["first", "inner1.second"]


def test_a_choice_that_is_known_while_the_circuit_is_built():
    """A flag of Python's chooses the whole word, without a unit; it is no number beside words."""

    @circuit
    def chosen(a: Word[4], b: Word[4]):
        return {"one": mux(1, a, b), "no": mux(False, a, b), "number": mux(0, a, 3), "kept": mux(True, a[0], b[0])}

    assert chosen(15, 4) == {"one": 15, "no": 4, "number": 3, "kept": 1}

    @circuit
    def kept(a: Word[4]):
        return register(a, enable=1)

    assert run(kept, {"a": [15, 3]})["out"].tolist() == [0, 15]
    assert len(chosen.network.units) <= 2  # the constants alone


@pytest.mark.parametrize(
    ("choose", "part"),
    [
        (lambda a, b: mux(2, a, b), "mux is given 2 to decide; give a wire, 0 or 1"),
        (lambda a, b: mux(a, b, b), "mux is given a word of 4 bits to decide; give one wire"),
        (lambda a, b: mux(a[0], b, a[1]), "mux is given a wire beside words of 4 bits"),
        (lambda a, b: mux(0, a, b.signed()), "mux is given a signed and an unsigned word"),
        (lambda a, b: a << 10**9, "a word of 4 bits << 1000000000: the result would have as many bits; at most 65536"),
    ],
)
def test_a_choice_that_is_none(choose, part):
    def wrong(a: Word[4], b: Word[4]):
        return choose(a, b)

    with pytest.raises(CircuitError) as error:
        circuit(wrong).network  # noqa: B018
    assert part in str(error.value)


def test_circuit_with_parentheses():
    with pytest.raises(CircuitError, match="without parentheses"):
        circuit(3)
