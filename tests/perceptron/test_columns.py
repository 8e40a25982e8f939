"""Columns of text: the widths of letters against Rich's tables, and cells that stand below each other."""

import string

from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from perceptron import Network, Unit, truth_table
from perceptron.columns import aligned, cut, wide

LETTERS = st.text(string.printable[:95] + "äß→─和桁上げ한글ｆｕｌｌ" + "\N{COMBINING ACUTE ACCENT}\N{ZERO WIDTH SPACE}")


@given(LETTERS)
def test_widths_are_those_of_rich(text):
    assert wide(text) == cell_len(text)


@given(LETTERS, st.integers(3, 20))
def test_what_is_cut_fits_and_is_the_beginning(text, width):
    found = cut(text, width, "...")

    assert wide(found) <= width
    assert found == text or (found.endswith("...") and text.startswith(found[:-3]))


@given(st.lists(st.tuples(LETTERS, LETTERS), min_size=1))
def test_the_last_cells_stand_below_each_other(rows):
    lines = aligned([[*row, "|"] for row in rows], rightward=[1])

    assert len({wide(line) for line in lines}) == 1
    for line, (first, second) in zip(lines, rows, strict=True):
        assert line.startswith(first)
        assert line.endswith(f"{second}  |")


def test_a_truth_table_of_wide_names():
    net = Network()
    net.output("出力", net.add(Unit(1), [(net.input("入"), -2)]))

    assert str(truth_table(net)) == "入 | 出力\n 0 |    1\n 1 |    0"
