"""Tape.extend_cells: many units at once are the same as one after another."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from perceptron import Tape, Unit, simulate
from perceptron.errors import NetworkError

UNITS = [(Unit(1), [-2]), (Unit(-3), [2, 2]), (Unit(1), []), (Unit(-2.5), [1, 1, 1])]


def start():
    tape = Tape()
    for name in ("x", "y"):
        tape.input(name)
    return tape, [tape.cell(*unit) for unit in UNITS]


def same(first, second):
    for part in ("cell_numbers", "starts", "sources"):
        assert getattr(first, part).tolist() == getattr(second, part).tolist()
    assert first.cells == second.cells


@given(st.data())
def test_the_same_as_one_after_another(data):
    (one, _), (many, _) = start(), start()
    for _ in range(data.draw(st.integers(1, 3))):
        cells, sources = [], []
        first = len(one)
        for number in data.draw(st.lists(st.integers(0, 3), max_size=8)):
            read = [data.draw(st.integers(0, len(one) - 1)) for _ in UNITS[number][1]]
            one.add_cell(number, read)
            cells.append(number)
            sources += read
        made = many.extend_cells(np.array(cells, np.int32), np.array(sources, np.int64))
        assert made == range(first, len(one))
        same(one, many)
    for tape in (one, many):
        tape.output("last", len(tape) - 1)
    assert simulate(one, [[0, 1], [1, 1]]).tolist() == simulate(many, [[0, 1], [1, 1]]).tolist()


@pytest.mark.parametrize(
    ("cells", "sources", "reason"),
    [
        ([4], [0], "there is no such cell; the cells are 0 to 3"),
        ([-1], [0], "there is no such cell"),
        ([1], [0], "units of 2 weights are given 1 sources"),
        ([1, 0], [0, 0, 0, 0], "units of 3 weights are given 4 sources"),
        ([], [0], "units of 0 weights are given 1 sources"),
        ([0, 0], [0, 3], "unit 3 reads node 3, but only 0 to 2 stand before it"),
        ([1], [0, -1], "unit 2 reads node -1"),
        ([0], [2**40], "unit 2 reads node 1099511627776"),
    ],
)
def test_what_is_refused_leaves_the_tape_as_it_was(cells, sources, reason):
    tape, _ = start()
    with pytest.raises(NetworkError, match=reason):
        tape.extend_cells(np.array(cells, np.int64), np.array(sources, np.int64))
    same(tape, start()[0])


def test_nothing_at_all():
    tape, _ = start()
    assert tape.extend_cells(np.array([], np.int64), np.array([], np.int64)) == range(2, 2)
    assert Tape().extend_cells(np.array([], np.int64), np.array([], np.int64)) == range(0)
