"""The engines at large: compiled passes, threads, other arrays, saved programs, float32, and shared-out work."""

import os
import signal
import sys
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import given
from reference import table_of
from strategies import networks

from circuits import full_adder, half_adder, ripple_carry_adder, threshold_ripple_carry_adder, to_nand
from perceptron import (
    SIGMOID,
    InputError,
    Network,
    ParameterError,
    Program,
    Unit,
    compile,
    find_difference,
    harden,
    simulate,
    soften,
)
from perceptron.digest import digest
from perceptron.engines.arrays import run_arrays
from perceptron.engines.bits import BitProgram, counting, has_numba, load_kernels, run_numpy, unpack
from perceptron.engines.ceiling import measure
from perceptron.spread import cut, spread

numba = pytest.mark.skipif(not has_numba(), reason="Numba is not installed")


def all_rows(count):
    return np.hstack([rows for _, rows in counting(count)])


@numba
@given(networks(wide=True))
def test_the_compiled_passes_equal_the_definition(net):
    load_kernels()
    program = compile(net, engine="bits")
    found = np.empty((program.bits.outputs, 1), dtype=np.uint64)
    if not net.inputs:
        return
    inputs = all_rows(len(net.inputs))
    found = program.bits.words(inputs)
    assert [tuple(row) for row in unpack(found, 2 ** len(net.inputs)).tolist()] == table_of(net)


@numba
def test_numpy_and_numba_give_the_same_words_at_every_length():
    program = compile(to_nand(ripple_carry_adder(8).network)).bits
    rng = np.random.default_rng(0)
    for length in (0, 1, 127, 128, 129, 1000, 8192):
        inputs = rng.integers(0, 1 << 64, size=(16, length), dtype=np.uint64)
        slow = np.empty((program.outputs, length), dtype=np.uint64)
        run_numpy(program.plain, inputs, slow)
        for threads in (1, 2, 3):
            assert np.array_equal(program.words(inputs, threads=threads), slow)


def test_a_program_is_safe_among_threads():
    program = compile(ripple_carry_adder(8).network)
    rng = np.random.default_rng(0)
    samples = [rng.integers(0, 2, size=(500, 16)) for _ in range(8)]
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(program.run, samples))

    for one, alone in zip(together, samples, strict=True):
        assert np.array_equal(one, program.run(alone))


# --- other arrays


def test_arrays_of_any_type_give_the_same_bits():
    program = compile(full_adder.network).bits
    words = all_rows(3)
    wanted = program.words(words)
    for dtype in (np.uint8, np.int32, np.int64, np.uint64):
        found = run_arrays(program, [row.view(dtype) for row in words])
        assert [row.view(np.uint64).tolist() for row in found] == wanted.tolist()


@pytest.mark.parametrize("library", ["torch", "jax"])
def test_other_libraries_give_the_same_bits(library):
    module = pytest.importorskip(library, reason=f"{library} is not installed")
    make = module.tensor if library == "torch" else module.numpy.asarray
    program = compile(ripple_carry_adder(4).network).bits
    words = all_rows(8).view(np.int32)
    found = run_arrays(program, [make(row.copy()) for row in words])

    assert [np.asarray(row).tolist() for row in found] == program.words(all_rows(8)).view(np.int32).tolist()


def test_what_arrays_are_refused():
    program = compile(half_adder.network).bits
    row = np.zeros(2, dtype=np.uint8)

    with pytest.raises(InputError, match="1 rows are given for 2 inputs"):
        run_arrays(program, [row])
    with pytest.raises(InputError, match="rows of one shape and type"):
        run_arrays(program, [row, row.astype(np.int64)])


# --- saved programs


def test_a_program_is_saved_and_loaded(tmp_path):
    net = ripple_carry_adder(6).network
    program = compile(net)
    program.save(tmp_path / "adder.npz")
    again = Program.load(tmp_path / "adder.npz")

    assert (again.inputs, again.outputs, again.states) == (program.inputs, program.outputs, ())
    assert digest(again, 1000) == digest(net, 1000)
    assert os.listdir(tmp_path) == ["adder.npz"]


def test_a_program_with_states_is_saved_and_loaded(tmp_path):
    net = Network()
    q = net.state("q", 1)
    net.feedback(q, net.add(Unit(1), [(q, -2)]))
    net.output("out", q)
    compile(net).save(tmp_path / "toggle.npz")

    again = Program.load(tmp_path / "toggle.npz")
    assert again.run(np.zeros((3, 1, 0))).ravel().tolist() == [1, 0, 1]


@pytest.mark.parametrize("change", ["kind", "left", "right", "third", "wanted", "inputs", "names", "garbage"])
def test_a_changed_program_is_refused(tmp_path, change):
    path = tmp_path / "adder.npz"
    compile(half_adder.network).save(path)
    with np.load(path) as stored:
        arrays = dict(stored)
    if change == "garbage":
        path.write_bytes(b"garbage")
    elif change == "names":
        np.savez(path, **{**arrays, "names": np.array('{"inputs": [], "outputs": [], "states": []}')})
    else:
        np.savez(path, **{**arrays, change: arrays[change].astype(np.int64) + 1000})

    with pytest.raises(ParameterError, match=r"adder\.npz"):
        Program.load(path)


def test_a_program_of_reals_is_not_saved(tmp_path):
    with pytest.raises(ParameterError, match=r"as \.json instead"):
        compile(soften(half_adder.network)).save(tmp_path / "soft.npz")
    assert os.listdir(tmp_path) == []


# --- float32


@given(networks(smooth=True))
def test_steps_are_exact_in_float32_too(net):
    hard = harden(net)
    samples = np.random.default_rng(0).integers(0, 2, size=(20, len(net.inputs))).astype(float)

    assert np.array_equal(compile(hard, engine="reals", dtype=np.float32).run(samples), simulate(hard, samples))


def test_float32_is_float32_to_rounding():
    rng = np.random.default_rng(0)
    net = Network()
    inputs = [net.input(f"x{i}", real=True) for i in range(50)]
    hidden = [net.add(Unit(w[0], SIGMOID), zip(inputs, w[1:], strict=True)) for w in rng.normal(size=(30, 51)).tolist()]
    net.output("y", net.add(Unit(0.1, SIGMOID), zip(hidden, rng.normal(size=30).tolist(), strict=True)))
    samples = rng.random((100, 50))
    found = compile(net, dtype=np.float32).run(samples)

    assert found.dtype == np.float32
    np.testing.assert_allclose(found, simulate(net, samples), atol=1e-5)


def test_other_types_and_engines_are_refused():
    with pytest.raises(ParameterError, match="dtype is"):
        compile(half_adder.network, dtype=np.int32)
    with pytest.raises(ParameterError, match="engine is 'gpu'"):
        compile(half_adder.network, engine="gpu")
    with pytest.raises(ParameterError, match="engine 'bits' runs 0 and 1"):
        compile(soften(half_adder.network), engine="bits")


# --- shared out


def test_a_digest_is_the_same_on_any_executor():
    net = ripple_carry_adder(8).network
    told = []
    with ThreadPoolExecutor(2) as pool:
        shared = digest(net, 64 * 70_000, executor=pool, progress=lambda done, total: told.append((done, total)))

    assert shared == digest(net, 64 * 70_000)
    assert told == [(1, 2), (2, 2)]


def square(first, stop):
    return [number * number for number in range(first, stop)]


def die_once(first, stop, flag):
    """Kills its own process the first time that any worker runs it."""
    try:
        os.close(os.open(flag, os.O_CREAT | os.O_EXCL))
    except FileExistsError:
        return square(first, stop)
    if os.getpid() != int(os.environ["THE_TEST"]):
        os.kill(os.getpid(), signal.SIGKILL)
    return square(first, stop)


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL")
def test_a_worker_that_dies_is_survived(tmp_path, monkeypatch):
    monkeypatch.setenv("THE_TEST", str(os.getpid()))
    ranges = cut(200, 10)
    with ProcessPoolExecutor(2) as pool:
        found = list(spread(die_once, ranges, str(tmp_path / "died"), executor=pool))

    assert [number for part in found for number in part] == square(0, 200)
    assert (tmp_path / "died").exists()


def test_an_error_of_the_work_itself_is_not_hidden():
    with ThreadPoolExecutor(2) as pool, pytest.raises(ZeroDivisionError):
        list(spread(divmod, [(1, 1), (1, 0)], executor=pool))


def test_exhaustive_comparison_is_shared_out():
    one, two = ripple_carry_adder(11).network, threshold_ripple_carry_adder(11).network
    with ThreadPoolExecutor(2) as pool:
        assert find_difference(one, two, exhaustive=22, executor=pool) is None
        broken = two.copy()
        broken.graph.nodes["fa10.carry"]["unit"] = Unit(-5)
        found = find_difference(one, broken, exhaustive=22, executor=pool)
    assert found == find_difference(one, broken, exhaustive=22)


@pytest.mark.slow
def test_dask_gives_the_same_digest_also_when_a_worker_is_killed():
    distributed = pytest.importorskip("distributed", reason="the extra `cluster` is not installed")
    net = to_nand(ripple_carry_adder(16).network)
    patterns = 64 * 65_536 * 40
    wanted = digest(net, patterns)
    with (
        distributed.LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster,
        distributed.Client(cluster) as client,
    ):
        assert digest(net, patterns, executor=client.get_executor(pure=False)) == wanted

        def kill_half_way(done, total):
            if done == total // 2:
                os.kill(next(iter(cluster.workers.values())).pid, signal.SIGKILL)

        assert digest(net, patterns, executor=client.get_executor(pure=False), progress=kill_half_way) == wanted


def test_what_is_measured():
    told = measure(compile(ripple_carry_adder(8).network), 68, cores=1)

    assert told.gates == 68
    assert told.gate_evaluations_per_second > 0 < told.ceiling_per_second
    assert told.asdict()["cores"] == 1
    with pytest.raises(ParameterError, match="only the bit engine is measured"):
        measure(compile(soften(half_adder.network)), 1)


def test_a_bit_program_is_what_its_arrays_are():
    program = compile(full_adder.network).bits
    again = BitProgram.from_arrays(program.arrays())

    assert again.steps() == program.steps()
    assert again.results() == program.results()
