"""The compiled loop over time. Importing it loads Numba; the machine code is cached on disk.

Values are rows of `words` 64-bit words, one bit a sample, in one flat array. A literal is 2 row + complement.

    plan     (kind, start, stop): 0 AND, 1 XOR of operations start to stop; 2 the lookup of memory `start`
    banks    a row for each memory: where its words begin in `store`, how far apart those of two samples are (0 where
             all share them), then where in `pins` its address, out and data literals begin and end, and its load
"""

from __future__ import annotations

from typing import Any

import numba
import numpy as np

_U = numba.uint64  # an index of this type is never negative, which saves a test each time
_ONE = _U(1)


@numba.njit(nogil=True, cache=True)
def _mask(literal: int) -> Any:
    """All ones for a complement, else 0."""
    return _U(0) - (_U(literal) & _ONE)


@numba.njit(nogil=True, cache=True)
def _number(values: Any, words: int, pins: Any, start: int, stop: int, sample: int) -> Any:
    """The number that some literals carry for one sample, least significant bit first."""
    word, place = sample >> 6, _U(sample & 63)
    number = _U(0)
    for at in range(start, stop):
        literal = pins[at]
        bit = ((values[(literal >> 1) * words + word] ^ _mask(literal)) >> place) & _U(1)
        number |= bit << _U(at - start)
    return number


@numba.njit(nogil=True, cache=True)
def _look_up(values: Any, words: int, samples: int, store: Any, bank: Any, pins: Any) -> None:
    """Put the addressed word of each sample on the memory's pins."""
    base, apart, address, out, data = bank[0], bank[1], bank[2], bank[3], bank[4]
    for at in range(out, data):
        row = (pins[at] >> 1) * words
        for word in range(words):
            values[row + word] = _U(0)
    for sample in range(samples):
        where = numba.int64(_number(values, words, pins, address, out, sample))
        found = store[base + apart * sample + where]
        word, place = sample >> 6, _U(sample & 63)
        for at in range(out, data):
            values[(pins[at] >> 1) * words + word] |= ((found >> _U(at - out)) & _U(1)) << place


@numba.njit(
    "void(uint64[::1], int64, int64, int32[:, ::1], int32[::1], int32[::1], int64, uint64[::1], int64[:, ::1], "
    "int32[::1])",
    nogil=True,
    cache=True,
)
def settle(
    values: Any,
    words: int,
    samples: int,
    plan: Any,
    left: Any,
    right: Any,
    first: int,
    store: Any,
    banks: Any,
    pins: Any,
) -> None:
    """One step's values of every operation of the plan."""
    for entry in range(plan.shape[0]):
        kind, start, stop = plan[entry, 0], plan[entry, 1], plan[entry, 2]
        if kind == 2:
            _look_up(values, words, samples, store, banks[start], pins)
        elif words == 1 and kind == 0:
            for at in range(start, stop):
                a, b = _U(left[at]), _U(right[at])
                values[_U(first + at)] = (values[a >> _ONE] ^ _mask(a)) & (values[b >> _ONE] ^ _mask(b))
        elif words == 1:
            for at in range(start, stop):
                a, b = _U(left[at]), _U(right[at])
                values[_U(first + at)] = values[a >> _ONE] ^ values[b >> _ONE] ^ _mask(a ^ b)
        else:
            for at in range(start, stop):
                a, b = _U(left[at]), _U(right[at])
                x, y, z = (a >> _ONE) * _U(words), (b >> _ONE) * _U(words), _U((first + at) * words)
                p, q = _mask(a), _mask(b)
                if kind == 0:
                    for word in range(_U(words)):
                        values[z + word] = (values[x + word] ^ p) & (values[y + word] ^ q)
                else:
                    for word in range(_U(words)):
                        values[z + word] = values[x + word] ^ values[y + word] ^ p ^ q


@numba.njit(
    "void(uint64[::1], int64, int64, uint64[::1], int64[:, ::1], int32[::1], int32[::1], int64, uint64[::1])",
    nogil=True,
    cache=True,
)
def commit(
    values: Any,
    words: int,
    samples: int,
    store: Any,
    banks: Any,
    pins: Any,
    following: Any,
    state: int,
    scratch: Any,
) -> None:
    """The end of a step: memories store, and the states take their next values (`following`, from row `state`)."""
    for number in range(banks.shape[0]):
        base, apart, address, out = banks[number, 0], banks[number, 1], banks[number, 2], banks[number, 3]
        data, load, end = banks[number, 4], banks[number, 5], banks[number, 6]
        if load == end:
            continue
        for sample in range(samples):
            if _number(values, words, pins, load, end, sample):
                where = numba.int64(_number(values, words, pins, address, out, sample))
                store[base + apart * sample + where] = _number(values, words, pins, data, load, sample)
    for at in range(following.shape[0]):
        literal = following[at]
        row, mask = (literal >> 1) * words, _mask(literal)
        for word in range(words):
            scratch[at * words + word] = values[row + word] ^ mask
    for at in range(following.shape[0] * words):
        values[state * words + at] = scratch[at]


@numba.njit(
    "int64(uint64[::1], int64, int64, int32[:, ::1], int32[::1], int32[::1], int64, uint64[::1], int64[:, ::1], "
    "int32[::1], int32[::1], int64, int64, int32[::1], uint64[:, :, ::1], int32[::1], uint64[:, :, ::1], int64)",
    nogil=True,
    cache=True,
)
def run(
    values: Any,
    words: int,
    samples: int,
    plan: Any,
    left: Any,
    right: Any,
    first: int,
    store: Any,
    banks: Any,
    pins: Any,
    following: Any,
    state: int,
    steps: int,
    rows: Any,
    given: Any,
    watched: Any,
    seen: Any,
    until: int,
) -> int:
    """Run through time; returns how many steps passed.

    In step t the rows `rows` take given[t], and the literals `watched` are written to seen[t]. With a literal `until`
    of at least 0, time stops in the step in which it is 1 for every sample; that step does not end.
    """
    scratch = np.empty(following.shape[0] * words, dtype=np.uint64)
    for step in range(steps):
        for at in range(rows.shape[0]):
            for word in range(words):
                values[rows[at] * words + word] = given[step, at, word]
        settle(values, words, samples, plan, left, right, first, store, banks, pins)
        if until >= 0:
            fired = True
            for sample in range(samples):
                bit = values[(until >> 1) * words + (sample >> 6)] ^ _mask(until)
                fired = fired and (bit >> _U(sample & 63)) & _U(1) == _U(1)
            if fired:
                return step
        for at in range(watched.shape[0]):
            literal = watched[at]
            row, mask = (literal >> 1) * words, _mask(literal)
            for word in range(words):
                seen[step, at, word] = values[row + word] ^ mask
        commit(values, words, samples, store, banks, pins, following, state, scratch)
    return steps
