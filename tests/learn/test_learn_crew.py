"""Work on several cores: each piece once, the same numbers on one core and on many, and products into place."""

import threading
import time
from functools import partial

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from learn import Expand, Layers, Settings, Split, Training
from learn.steps import blas, crew
from learn.steps.crew import Crew, crew_for, own_generators
from learn.steps.memory import aligned_copy, aligned_zeros
from learn.steps.product import Product


@given(
    st.lists(st.integers(1, 7), min_size=3, max_size=3),
    st.lists(st.booleans(), min_size=3, max_size=3),
    st.sampled_from([np.float32, np.float64]),
    st.sampled_from([0.0, 1.0, -0.5]),
    st.integers(0, 99),
)
def test_a_product_equals_numpy(sizes, turned, dtype, beta, seed):
    """Views of part of the rows and columns of larger arrays, as they are or transposed."""
    (m, k, n), rng = sizes, np.random.default_rng(seed)

    def view(rows, columns, turn):
        if turn:
            return view(columns, rows, False).T
        return rng.normal(size=(rows + 2, columns + 3)).astype(dtype)[1 : rows + 1, 2 : columns + 2]

    a, b, c = view(m, k, turned[0]), view(k, n, turned[1]), view(m, n, False)
    whole, expected = c.base.copy(), 1.5 * (a @ b) + beta * c
    Product(a, b, c)(1.5, beta)
    np.testing.assert_allclose(c, expected, rtol=1e-5, atol=1e-5)
    whole[1 : m + 1, 2 : n + 2] = c
    np.testing.assert_array_equal(c.base, whole)  # nothing beside it was written


def test_a_product_that_cannot_be():
    square = np.zeros((4, 4))
    with pytest.raises(ValueError, match=r"no product of float64 \(4, 4\) and float64 \(3, 4\) is float64 \(4, 4\)"):
        Product(square, square[:3], square)
    with pytest.raises(ValueError, match="no product of float64"):
        Product(square, square.astype(np.float32), square)
    with pytest.raises(ValueError, match="lies neither by rows nor by columns"):
        Product(square[::2, ::2], square[:2, :2], np.zeros((2, 2)))
    with pytest.raises(ValueError, match="a row of C do not lie side by side"):
        Product(square, square, np.zeros((4, 4)).T)


def test_a_crew_does_each_piece_once():
    """However many helpers, and several rounds one after the other."""
    found = []
    for helpers in (0, 1, 3):
        with Crew(helpers) as hands:
            for count in (0, 1, 2, 7, 40):
                found.clear()
                hands.run([partial(found.append, number) for number in range(count)])
                assert sorted(found) == list(range(count))


def test_a_helper_that_gets_no_time_is_not_waited_for():
    """The calling thread does all that nobody has begun."""
    with Crew(1) as hands:
        stuck = threading.Event()
        hands._inbox.put((iter([stuck.wait]), hands._inbox.__class__()))  # the helper is busy with something else
        found = []
        hands.run([partial(found.append, number) for number in range(5)])
        assert found == list(range(5))
        stuck.set()


def test_what_a_piece_raises():
    """From a helper too, and the crew is gone afterwards."""
    before = threading.active_count()

    def fail():
        time.sleep(0.01)
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"), Crew(2) as hands:
        hands.run([fail] * 5)
    assert threading.active_count() == before


def test_how_many_cores(monkeypatch):
    """No more than the pieces, the allowed processors, and the threads that BLAS was told to use."""
    from threadpoolctl import threadpool_limits

    with crew_for(1) as hands:
        assert not hands._threads
    monkeypatch.setattr(crew.os, "sched_getaffinity", lambda process: {0, 1, 2}, raising=False)
    with threadpool_limits(2, user_api="blas"), crew_for(8) as hands:
        assert len(hands._threads) <= 1
    with threadpool_limits(1, user_api="blas"), crew_for(8) as hands:
        assert not hands._threads


def test_generators_of_pieces():
    """One piece draws from the generator itself; several each from their own, the same ones for the same seed."""
    rng = np.random.default_rng(3)
    assert own_generators(rng, 1) == [rng]
    first, second = ([g.random() for g in own_generators(np.random.default_rng(3), 4)] for _ in range(2))
    assert first == second
    assert len(set(first)) == 4


@pytest.mark.parametrize("kind", [{}, {"method": "adam", "l2": 1.0}, {"dropout": 0.3, "l1": 0.1, "method": "nesterov"}])
@pytest.mark.parametrize("activation", ["sigmoid", "swish"])
def test_the_same_bits_on_one_core_and_on_many(kind, activation, monkeypatch):
    """A network cut into many pieces, with none, one and five helpers; the last mini-batch is smaller."""
    monkeypatch.setattr(blas, "_PIECE", 1e4)
    rng, told = np.random.default_rng(0), []
    split = Split(rng.random((107, 30), np.float32), rng.integers(0, 10, 107))
    for helpers in (0, 1, 5):
        monkeypatch.setattr(crew, "Crew", lambda count, helpers=helpers: Crew(helpers))
        layers = Layers.start([30, 64, 33, 10], rng=0, activation=activation)
        training = Training(layers, split, Settings(epochs=2, rate=0.01, batch=25, **kind), rng=1)
        assert [len(cut) for cut in training._steps.cuts] == [8, 8, 2]
        costs = [record.train_cost for record in training]
        told.append([costs, *(array.tobytes() for array in layers.weights + layers.biases)])
    assert told[0] == told[1] == told[2]


@pytest.mark.parametrize("kind", [{}, {"method": "adam", "l2": 1.0, "l1": 0.1}, {"l1": 0.3, "l2": 2.0}])
def test_cut_and_whole_agree(kind, monkeypatch):
    """The same network to rounding, in float64."""
    rng, found = np.random.default_rng(0), []
    split = Split(rng.random((107, 30), np.float32), rng.integers(0, 10, 107))
    for piece in (1e12, 1e4):
        monkeypatch.setattr(blas, "_PIECE", piece)
        layers = Layers.start([30, 64, 33, 10], rng=0, activation="tanh", dtype=np.float64)
        training = Training(layers, split, Settings(epochs=2, rate=0.01, batch=25, **kind), rng=1)
        list(training)
        found.append(layers.weights + layers.biases)
    for one, other in zip(*found, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-9, atol=1e-12)


def test_expansion_on_one_core_and_on_many(monkeypatch):
    """Many images are expanded in parts, which do not depend on who makes them."""
    images, made = np.random.default_rng(0).random((4500, 784), np.float32), []
    expand = Expand(shift=1, turn=10, elastic=30)
    for helpers in (0, 3):
        monkeypatch.setattr(crew, "Crew", lambda count, helpers=helpers: Crew(helpers))
        made.append(expand(images, np.random.default_rng(1)))
    np.testing.assert_array_equal(made[0], made[1])


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_memory_begins_at_a_line(dtype):
    """Any shape; the copy is another array."""
    assert aligned_zeros((0, 4), dtype).shape == (0, 4)
    for shape in ((7,), (3, 5), (1, 1), (64, 64)):
        array = aligned_zeros(shape, dtype)
        assert (array.shape, array.dtype, array.ctypes.data % 64) == (shape, np.dtype(dtype), 0)
        assert not array.any()
        given = np.random.default_rng(0).normal(size=shape).astype(dtype)
        copy = aligned_copy(given)
        np.testing.assert_array_equal(copy, given)
        assert copy.ctypes.data % 64 == 0
        assert not np.shares_memory(copy, given)
