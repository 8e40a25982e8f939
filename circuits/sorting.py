"""Sorting networks: comparators in a fixed order, whatever the values; and the sorting of bits by counting."""

from __future__ import annotations

from collections.abc import Iterator

from circuits.compare import less_than
from circuits.definition import Circuit
from circuits.gates import and_, mux, or_
from circuits.parts import at_least, made_once, part, whole
from circuits.wires import Word, WordType


def merge_exchange(count: int) -> Iterator[tuple[int, int]]:
    """The comparators (low, high) of K. E. Batcher's odd-even merge sort of any number of lines, in order.

    D. E. Knuth, The Art of Computer Programming, volume 3, section 5.2.2, algorithm M.

    Examples
    --------
    >>> list(merge_exchange(4))
    [(0, 2), (1, 3), (0, 1), (2, 3), (1, 2)]
    """
    top = 1 << (count - 1).bit_length() - 1 if count > 1 else 0
    step = top
    while step:
        further, offset, distance = top, 0, step
        while True:
            for low in range(count - distance):
                if low & step == offset:
                    yield low, low + distance
            if further == step:
                break
            distance, further, offset = further - step, further // 2, step
        step //= 2


@made_once
def sorting_network(width: int) -> Circuit:
    """Sort bits by Batcher's odd-even merging; a comparator of two bits is an AND and an OR.

    Cost: 38, 126, 382 units and depth 6, 10, 15 at n = 8, 16, 32.

    19 comparators for 8 lines, 63 for 16, 191 for 32; lg(n) (lg(n) + 1) / 2 of them on a path (K. E. Batcher, 1968).

    Parameters
    ----------
    width : int
        Bits of the word, at least 1.

    Returns
    -------
    Circuit
        x: Word[width] -> out: Word[width], with the ones at the lowest bits; so out is 2**(ones of x) - 1.

    Raises
    ------
    CircuitError
        If the width is not a whole number of at least 1.

    Examples
    --------
    >>> sorting_network(8)(0b00110100) == 0b00000111
    True
    """
    whole(width, 1, "the width of a sorting network")

    def body(x: Word) -> Word:
        lines = list(x)
        for low, high in merge_exchange(width):
            lines[low], lines[high] = or_(lines[low], lines[high]), and_(lines[low], lines[high])
        return Word(lines)

    return part("sorting_network", width, f"Sort {width} bits.", {"x": width}, body)


@made_once
def threshold_sorter(width: int) -> Circuit:
    """Sort bits in one layer: bit k of the result is 1 if more than k bits are.

    Cost: n units, depth 1.

    Parameters
    ----------
    width : int
        Bits of the word, at least 1.

    Returns
    -------
    Circuit
        x: Word[width] -> out: Word[width], with the ones at the lowest bits.

    Raises
    ------
    CircuitError
        If the width is not a whole number of at least 1.

    Examples
    --------
    >>> threshold_sorter(8)(0b00110100) == 0b00000111
    True
    """
    whole(width, 1, "the width of a sorter")

    def body(x: Word) -> Word:
        return Word([at_least(count, x) for count in range(1, width + 1)])

    return part("threshold_sorter", width, f"Sort {width} bits.", {"x": width}, body)


@made_once
def word_sorting_network(width: int, count: int = 4, *, signed: bool = False) -> Circuit:
    """Sort words by Batcher's odd-even merging; a comparator is one perceptron and two multiplexers a bit.

    Cost: 10 n + 5 units, depth 6.

    That is for four words: five comparators, of 2 width + 1 units each; two units to a comparator on every path.

    Parameters
    ----------
    width : int
        Bits of each word, at least 1.
    count : int, default 4
        How many words, at least 1.
    signed : bool, default False
        Whether the words are in two's complement.

    Returns
    -------
    Circuit
        x0, x1, ... -> out0, out1, ..., all Word[width], or Signed, in rising order.

    Raises
    ------
    CircuitError
        If the width or the count is not a whole number of at least 1.

    Examples
    --------
    >>> tuple(word_sorting_network(8)(30, 10, 40, 20))
    (10, 20, 30, 40)
    """
    whole(width, 1, "the width of the words to sort")
    whole(count, 1, "the count of the words to sort")

    def body(*words: Word) -> dict[str, Word]:
        lines = list(words)
        for number, (low, high) in enumerate(merge_exchange(count), 1):
            swap = less_than(lines[high], lines[low], signed=signed, name=f"swap{number}")
            a, b = lines[low], lines[high]
            lines[low], lines[high] = mux(swap, b, a), mux(swap, a, b)
        return {f"out{place}": line for place, line in enumerate(lines)}

    doc = f"Sort {count} {'signed' if signed else 'unsigned'} words of {width} bits."
    ports = {f"x{place}": WordType(width, signed) for place in range(count)}
    return part("word_sorting_network", f"{width}x{count}", doc, ports, body)
