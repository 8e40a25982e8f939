"""The binary form's ANDs: two differences each, in 7-bit groups, decoded and encoded as whole arrays."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from circuits.formats.aiger.scan import Scanner

LONGEST = 9  # groups of 7 bits that a difference may have; 63 bits are more than any variable needs


def read_ands(scanner: Scanner, first: int, count: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The two literals that each of `count` ANDs reads; `first` is the variable of the first AND.

    The file has lhs - rhs0 and rhs0 - rhs1 for each AND, with lhs > rhs0 >= rhs1, so no AND can read itself or
    a later one.
    """
    if not count:
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    begin = scanner.at
    data = np.frombuffer(scanner.data, np.uint8, offset=begin)[: 2 * LONGEST * count]
    ends = np.flatnonzero(data < 0x80)[: 2 * count]  # the last byte of each difference
    starts = np.concatenate(([0], ends[:-1] + 1)) if len(ends) else ends
    lengths = ends - starts + 1
    if (wrong := _first(lengths > LONGEST)) is not None:
        raise scanner.error_at(f"a difference of more than {LONGEST} bytes", begin + int(starts[wrong]))
    if len(ends) < 2 * count:
        rest = int(ends[-1]) + 1 if len(ends) else 0
        if len(data) - rest > LONGEST:
            raise scanner.error_at(f"a difference of more than {LONGEST} bytes", begin + rest)
        raise scanner.error_at(
            f"the file ends within AND {len(ends) // 2} of {count}; it is truncated", len(scanner.data)
        )
    if (wrong := _first((lengths > 1) & (data[ends] == 0))) is not None:
        raise scanner.error_at(
            "a difference ends with a zero group; its code is not the shortest", begin + int(starts[wrong])
        )
    used = int(ends[-1]) + 1
    value = np.zeros(2 * count, np.int64)
    for place in range(int(lengths.max())):
        has = np.flatnonzero(lengths > place)
        value[has] |= (data[starts[has] + place] & 0x7F).astype(np.int64) << (7 * place)
    whole = 2 * np.arange(first, first + count, dtype=np.int64)
    left = whole - value[0::2]
    right = left - value[1::2]
    for wrong, reason in (
        (_first(value[0::2] == 0), "reads itself: lhs - rhs0 is 0"),
        (_first(left < 0), "reads a literal below 0: lhs - rhs0 is larger than lhs"),
        (_first(right < 0), "reads a literal below 0: rhs0 - rhs1 is larger than rhs0"),
    ):
        if wrong is not None:
            raise scanner.error_at(f"AND {wrong} (literal {whole[wrong]}) {reason}", begin + int(starts[2 * wrong]))
    scanner.at = begin + used
    return left, right


def write_ands(first: int, left: NDArray[np.int64], right: NDArray[np.int64]) -> bytes:
    """The bytes of the ANDs; each needs lhs > left >= right.

    Examples
    --------
    >>> write_ands(100, np.array([2]), np.array([1])).hex(" ")
    'c6 01 01'
    """
    value = np.empty(2 * len(left), np.int64)
    value[0::2] = 2 * np.arange(first, first + len(left), dtype=np.int64) - left
    value[1::2] = left - right
    lengths = np.ones(len(value), np.int64)
    for place in range(1, LONGEST):
        lengths += value >= 1 << (7 * place)
    ends = np.cumsum(lengths)
    starts = ends - lengths
    data = np.zeros(int(ends[-1]) if len(ends) else 0, np.uint8)
    for place in range(int(lengths.max(initial=0))):
        has = np.flatnonzero(lengths > place)
        more = (lengths[has] > place + 1).astype(np.int64) << 7
        data[starts[has] + place] = (value[has] >> (7 * place) & 0x7F) | more
    return data.tobytes()


def _first(wrong: NDArray[np.bool_]) -> int | None:
    """The first place that is wrong, or None."""
    place = int(np.argmax(wrong)) if len(wrong) else 0
    return place if len(wrong) and wrong[place] else None
