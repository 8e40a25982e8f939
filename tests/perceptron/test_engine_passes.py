"""Operations as passes over rows: adders found and tagged, each way to run them, and what a saved program may be."""

import copy
import itertools
import multiprocessing
import sys
from concurrent.futures import ProcessPoolExecutor
from dataclasses import fields

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from reference import table_of
from strategies import networks

from circuits import full_adder, ripple_carry_adder, to_nand
from perceptron import InputError, Network, Unit, compile
from perceptron.engines.bits import (
    BitProgram,
    counting,
    has_numba,
    load_kernels,
    pack,
    run_compiled,
    run_numpy,
    unpack,
)
from perceptron.engines.logic import SUM, Logic
from perceptron.engines.passes import plain

numba = pytest.mark.skipif(not has_numba(), reason="Numba is not installed")
ADDER = 7  # the first of the two codes of passes that are full adders


def all_rows(count):
    return np.hstack([rows for _, rows in counting(count)]) if count else np.zeros((0, 1), dtype=np.uint64)


def every_way(program, inputs):
    """The outputs for packed rows, by every way there is to run a program."""
    found = []

    def take(run, *arguments):
        result = np.empty((program.outputs, inputs.shape[1]), dtype=np.uint64)
        run(*arguments[:1], inputs, result, *arguments[1:])
        found.append(result)

    take(run_numpy, program.plain)
    samples = unpack(inputs, 64).tolist()
    few = np.array(program.few(samples), dtype=np.uint8).reshape(64, -1)
    assert np.array_equal(few, unpack(found[0], 64))
    assert program.few(samples[:1]) == few[:1].tolist()
    if has_numba():
        load_kernels()
        take(run_numpy, program.fused)
        for passes, threads in itertools.product((program.plain, program.fused), (1, 2)):
            take(run_compiled, passes, threads)
    found.append(program.words(inputs))
    return found


def require_each(program, inputs, wanted):
    for found in every_way(program, inputs):
        assert unpack(found, len(wanted)).tolist() == wanted


# --- networks and adders as Hypothesis draws them


@given(networks(wide=True, extreme=True))
def test_every_way_to_run_a_network_equals_the_definition(net):
    if net.inputs:
        require_each(compile(net, engine="bits").bits, all_rows(len(net.inputs)), [list(row) for row in table_of(net)])


def spelled(logic, way, a, b, c):
    """(sum, carry) of three literals, in one of four spellings."""
    if way == 0:
        return logic.full_adder(a, b, c)
    either = logic.or_(logic.and_(a, b), logic.and_(c, logic.or_(a, b)))
    if way == 1:
        return logic.xor(a, logic.xor(b, c)), either
    if way == 2:  # the sum by way of the carry
        return logic.or_(logic.and_(either ^ 1, logic.or_(a, logic.or_(b, c))), logic.and_(a, logic.and_(b, c))), either
    differ = logic.xor(b, c)
    return logic.mux(a, differ ^ 1, differ), logic.mux(differ, a, b)


@st.composite
def logics(draw):
    """A logic of adders in several spellings, and of other operations, with its outputs and their truth tables."""
    count = draw(st.integers(3, 5))
    logic = Logic(count)
    full = (1 << 2**count) - 1
    inputs = [
        sum(1 << row for row, bits in enumerate(itertools.product((0, 1), repeat=count)) if bits[at])
        for at in range(count)
    ]
    known = list(zip(logic.inputs, inputs, strict=True))

    def operand():
        literal, table = draw(st.sampled_from(known[-8:]))
        return (literal ^ 1, table ^ full) if draw(st.booleans()) else (literal, table)

    for _ in range(draw(st.integers(1, 8))):
        (a, x), (b, y), (c, z) = operand(), operand(), operand()
        if draw(st.integers(0, 3)):
            total, carry = spelled(logic, draw(st.integers(0, 3)), a, b, c)
            known += [(total, x ^ y ^ z), (carry, x & y | z & (x | y))]
        else:
            known += [(logic.and_(a, b), x & y), (logic.xor(a, b), x ^ y)]
    outputs = [operand() for _ in range(draw(st.integers(1, 6)))]
    return logic, [literal for literal, _ in outputs], [table for _, table in outputs]


@given(logics())
def test_adders_in_any_spelling_with_any_complements(drawn):
    """Among the outputs: inner signals of adders, the same twice, inputs, constants."""
    logic, literals, tables = drawn
    count = 2 ** len(logic.inputs)
    wanted = [[table >> row & 1 for table in tables] for row in range(count)]
    require_each(BitProgram(logic, literals), all_rows(len(logic.inputs)), wanted)


@given(st.lists(st.integers(-7, 7), min_size=40, max_size=90), st.integers(-20, 20), st.integers(0, 2**32))
def test_wide_units_of_whole_adders(numbers, bias, seed):
    """Two units of one fan-in beside their exclusive or, on random samples, against NumPy's sums."""
    rng = np.random.default_rng(seed)
    weights = np.array([numbers, rng.permutation(numbers)])
    net = Network()
    pins = [net.input(f"x{at}") for at in range(len(numbers))]
    units = [net.add(Unit(bias), list(zip(pins, row, strict=True))) for row in weights.tolist()]
    for at, unit in enumerate(units):
        net.output(f"y{at}", unit)
    samples = rng.integers(0, 2, size=(64, len(numbers)))

    require_each(compile(net).bits, pack(samples), (samples @ weights.T + bias > 0).astype(int).tolist())


@numba
def test_numba_starts_when_numpy_has_cost_as_much(monkeypatch):
    kernels = "perceptron.engines.kernels"
    program = compile(ripple_carry_adder(8).network).bits
    inputs = np.zeros((16, 8), dtype=np.uint64)
    monkeypatch.delitem(sys.modules, kernels, raising=False)
    monkeypatch.setattr("perceptron.engines.bits._WORTH_NUMBA", 3 * program.operations * 1100)
    loaded = []
    for _ in range(4):
        program.words(inputs)
        loaded.append(kernels in sys.modules)

    assert loaded == [False, False, False, True]


# --- what is found


def adders_in(net):
    return int((compile(net).bits.fused.code >= ADDER).sum())


@numba
@pytest.mark.parametrize("width", [2, 8, 20])
def test_the_adders_of_a_ripple_carry_adder_are_found(width):
    """Its first digit is a half adder, the others are full adders; so also where all is NANDs."""
    net = ripple_carry_adder(width).network

    assert adders_in(net) == adders_in(to_nand(net)) == width - 1


@numba
def test_an_adder_is_one_pass():
    program = compile(full_adder.network).bits

    assert program.fused.code.tolist() == [ADDER]
    assert program.fused.rows == 1 + 3 + 2
    assert program.operations > 1


@numba
def test_no_adder_where_one_of_its_results_is_not_wanted():
    logic = Logic(3)
    total, carry = logic.full_adder(*logic.inputs)

    for literal in (total, carry):
        assert (BitProgram(logic, [literal]).fused.code < ADDER).all()
    assert (BitProgram(logic, [total, carry]).fused.code >= ADDER).all()


@numba
@pytest.mark.parametrize("window", [7, 40])
def test_the_search_goes_window_by_window(monkeypatch, window):
    """Adders that lie across a border may be missed, nothing else."""
    monkeypatch.setattr("perceptron.engines.fuse._WINDOW", window)
    logic = compile(to_nand(ripple_carry_adder(4).network)).bits
    inputs = all_rows(8)
    first, *others = every_way(logic, inputs)

    assert all(np.array_equal(first, other) for other in others)


def test_a_wide_unit_is_made_of_adders():
    """100 weights of 1 are 100 bits into a counter: 50 adders in the first column, or one less, and so on."""
    net = Network()
    net.output("y", net.add(Unit(-50), [(net.input(f"x{at}"), 1) for at in range(100)]))
    program = compile(net).bits

    assert 80 <= (program.plain.code >= ADDER).sum() <= 100
    assert program.plain.rows <= 1 + 100 + 20


@numba
def test_fewer_rows_are_used_when_values_are_read_soon():
    """Eight chains, written side by side: one after another they need few rows."""
    logic = Logic(2)
    chains = [[literal] for literal in (*logic.inputs, logic.xor(*logic.inputs))]
    ends = []
    for step in range(40):
        for at, chain in enumerate(chains):
            chain.append(logic.and_(chain[-1] ^ (step & 1), logic.inputs[(step + at) % 2] ^ (step >> 1 & 1)))
            ends.append(logic.xor(chain[-1], chains[at - 1][-1]))
    everything = ends[0]
    for literal in reversed(ends):
        everything = logic.xor(everything, literal)
    program = BitProgram(logic, [everything])

    assert program.fused.rows <= program.plain.rows


@numba
@given(networks(wide=True))
def test_passes_are_placed_alike_compiled_or_not(net):
    load_kernels()
    given_operations = compile(net, engine="bits").bits._given
    compiled = plain(given_operations)
    with pytest.MonkeyPatch.context() as patch:
        patch.delitem(sys.modules, "perceptron.engines.kernels")
        by_python = plain(given_operations)

    for field in fields(compiled):
        assert np.array_equal(getattr(compiled, field.name), getattr(by_python, field.name)), field.name


@given(networks(wide=True))
def test_no_operation_writes_a_row_that_it_reads(net):
    program = compile(net, engine="bits").bits
    rows = program.rows

    for code, left, right, out in program.steps():
        assert 0 <= code <= 3
        assert out not in (0, left, right)
        assert max(left, right, out) < rows
    assert len(program.steps()) == program.operations


# --- a few samples


@given(networks(min_inputs=1), st.integers(1, 9), st.integers(0, 2**32))
def test_a_few_samples_are_many_samples(net, count, seed):
    samples = np.random.default_rng(seed).integers(0, 2, size=(count, len(net.inputs)))
    program = compile(net)
    wanted = program.run(np.tile(samples, (200, 1)))[:count].tolist()

    for few in (samples, samples.tolist(), samples.astype(bool), samples.astype(np.uint8), samples.astype(float)):
        found = program.run(few)
        assert found.dtype == np.uint8
        assert found.tolist() == wanted


@pytest.mark.parametrize("count", [1, 3, 1000])
@pytest.mark.parametrize("wrong", [2, -1, 255, 0.5])
def test_other_values_are_refused_however_few(count, wrong):
    samples = np.zeros((count, 3), dtype=float if wrong == 0.5 else np.int16)
    samples[-1, 1] = wrong

    with pytest.raises(InputError, match="give 0 or 1"):
        compile(full_adder.network).run(samples)
    if wrong > 0.5:
        with pytest.raises(InputError, match="give 0 or 1"):
            compile(full_adder.network).run(samples.astype(np.uint8))


def test_the_shapes_of_a_few_samples():
    program = compile(full_adder.network)

    with pytest.raises(InputError, match="a column for each"):
        program.run([[0, 1]])
    assert program.run(np.zeros((0, 3))).shape == (0, 2)
    constant = Network()
    constant.output("y", constant.add(Unit(1), []))
    assert compile(constant).run(np.zeros((2, 0), dtype=int)).tolist() == [[1], [1]]


# --- many inputs


@given(st.integers(0, 11), st.integers(1, 40), st.integers(0, 40), st.integers(0, 40), st.booleans())
def test_counting_over_the_same_array(inputs, block, first, length, whole):
    stop = None if whole else first + length
    fresh = list(counting(inputs, block, first=first, stop=stop))
    again = [(start, rows.copy()) for start, rows in counting(inputs, block, first=first, stop=stop, reuse=True)]
    everything = all_rows(inputs)

    assert [start for start, _ in fresh] == [start for start, _ in again]
    for (start, rows), (_, others) in zip(fresh, again, strict=True):
        assert np.array_equal(rows, others)
        assert np.array_equal(rows, everything[:, start // 64 : start // 64 + rows.shape[1]])


# --- in other processes, and on disk


def outputs_of(program, inputs):
    return program.words(inputs, threads=2)


@pytest.mark.skipif("fork" not in multiprocessing.get_all_start_methods(), reason="there is no fork here")
@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
def test_a_child_process_has_helpers_of_its_own():
    """The threads that help the parent are not there in a child that is forked from it."""
    load_kernels()
    program = compile(to_nand(ripple_carry_adder(32).network)).bits
    inputs = np.random.default_rng(0).integers(0, 1 << 64, size=(64, 1 << 17), dtype=np.uint64)
    wanted = outputs_of(program, inputs)
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("fork")) as pool:
        assert np.array_equal(pool.submit(outputs_of, program, inputs).result(timeout=60), wanted)


@given(networks(wide=True))
def test_a_copy_runs_alike(net):
    """A copy is made of what another process would get."""
    program = compile(net, engine="bits").bits
    inputs = all_rows(len(net.inputs))
    first, *others = [*every_way(program, inputs), *every_way(copy.copy(program), inputs)]

    assert all(np.array_equal(first, other) for other in others)


@numba
def test_a_large_program_takes_along_the_passes_that_were_found():
    program = compile(to_nand(ripple_carry_adder(150).network)).bits
    made = copy.copy(program).__dict__

    assert made["fused"] is program.fused
    assert "plain" not in made


def changed(**changes):
    return {**compile(full_adder.network).bits.arrays(), **changes}


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"left": np.array([8, 8, 8, 8, 8])}, "reads what is not there yet"),
        ({"right": np.array([2, 2, 2, 2, 99])}, "reads what is not there yet"),
        ({"kind": np.array([0, 1, 4, 0, 1])}, "of no known kind"),
        ({"third": np.array([2, 2, 2, 2, 2])}, "an operation of two that reads three"),
        ({"third": np.array([0, 0])}, "different lengths"),
        ({"wanted": np.array([1000])}, "an output that is not there"),
        ({"wanted": np.array([-2])}, "not a row of whole numbers"),
        ({"wanted": np.array([2.5])}, "not a row of whole numbers"),
        ({"wanted": np.array([[2]])}, "not a row of whole numbers"),
        ({"wanted": np.array([2**40])}, "not a row of whole numbers"),
        ({"inputs": np.array([3, 3])}, "unpack"),
    ],
)
def test_arrays_that_are_no_program(changes, reason):
    count = len(changed()["kind"])
    sized = {name: np.resize(array, count) if array.shape == (5,) else array for name, array in changes.items()}
    with pytest.raises(ValueError, match=reason):
        BitProgram.from_arrays(changed(**sized))


@given(st.data())
def test_whatever_arrays_are_taken_run_alike(data):
    """Also where an operation reads a constant, or one signal twice, which no network is lowered to."""
    inputs = data.draw(st.integers(1, 4))
    rows = []
    for at in range(data.draw(st.integers(1, 10))):
        literals = st.integers(0, 2 * (inputs + 1 + at) - 1)
        kind = data.draw(st.integers(0, 3))
        rows.append((kind, data.draw(literals), data.draw(literals), data.draw(literals) if kind >= SUM else 0))
    table = np.array(rows)
    wanted = data.draw(st.lists(st.integers(0, 2 * (inputs + 1 + len(rows)) - 1), min_size=1, max_size=4))
    arrays = dict(zip(("kind", "left", "right", "third"), table.T, strict=True))
    program = BitProgram.from_arrays({"inputs": np.array([inputs]), **arrays, "wanted": np.array(wanted)})
    values = [0, *(sum(1 << row for row in range(2**inputs) if row >> (inputs - 1 - at) & 1) for at in range(inputs))]
    full = (1 << 2**inputs) - 1
    for kind, *literals in rows:
        a, b, c = (values[literal >> 1] ^ (full if literal & 1 else 0) for literal in literals)
        values.append((a & b, a ^ b, a ^ b ^ c, a & b | c & (a | b))[kind])
    tables = [values[literal >> 1] ^ (full if literal & 1 else 0) for literal in wanted]

    require_each(program, all_rows(inputs), [[one >> row & 1 for one in tables] for row in range(2**inputs)])
