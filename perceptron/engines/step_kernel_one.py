"""The compiled loop over time for a single sample. Importing it loads Numba; the machine code is cached on disk.

As `step_kernels.run`, but each literal has a byte of its own, 0 or 1: a value at 2 row and its complement beside it at
2 row + 1, so that reading a literal is one load.
"""

from __future__ import annotations

from typing import Any

import numba
import numpy as np

_U = numba.uint64
_I = numba.uint32  # an index that is never negative needs no test


@numba.njit(nogil=True, cache=True)
def _number(bits: Any, pins: Any, start: int, stop: int) -> Any:
    """The number that some literals carry, least significant bit first."""
    number = _U(0)
    for at in range(start, stop):
        number |= _U(bits[_I(pins[at])]) << _U(at - start)
    return number


@numba.njit(nogil=True, cache=True)
def _settle(bits: Any, plan: Any, left: Any, right: Any, first: int, store: Any, banks: Any, pins: Any) -> None:
    """One step's values of every operation of the plan."""
    for entry in range(plan.shape[0]):
        kind, start, stop = plan[entry, 0], plan[entry, 1], plan[entry, 2]
        if kind == 0:
            for at in range(start, stop):
                value = bits[_I(left[at])] & bits[_I(right[at])]
                place = _U(2 * (first + at))
                bits[place] = value
                bits[place + _U(1)] = value ^ 1
        elif kind == 1:
            for at in range(start, stop):
                value = bits[_I(left[at])] ^ bits[_I(right[at])]
                place = _U(2 * (first + at))
                bits[place] = value
                bits[place + _U(1)] = value ^ 1
        else:
            bank = banks[start]
            address, out, data = bank[2], bank[3], bank[4]
            found = store[bank[0] + numba.int64(_number(bits, pins, address, out))]
            for at in range(out, data):
                value = numba.uint8((found >> _U(at - out)) & _U(1))
                bits[pins[at]] = value
                bits[pins[at] + 1] = value ^ 1


@numba.njit(nogil=True, cache=True)
def _commit(bits: Any, store: Any, banks: Any, pins: Any, following: Any, state: int, scratch: Any) -> None:
    """The end of a step: memories store, and the states take their next values (`following`, from row `state`)."""
    for number in range(banks.shape[0]):
        bank = banks[number]
        address, out, data, load, end = bank[2], bank[3], bank[4], bank[5], bank[6]
        if load < end and bits[pins[load]]:
            where = bank[0] + numba.int64(_number(bits, pins, address, out))
            store[where] = _number(bits, pins, data, load)
    for at in range(following.shape[0]):
        scratch[at] = bits[_I(following[at])]
    for at in range(following.shape[0]):
        bits[2 * (state + at)] = scratch[at]
        bits[2 * (state + at) + 1] = scratch[at] ^ 1


@numba.njit(
    "int64(uint64[::1], int64, int64, int32[:, ::1], int32[::1], int32[::1], int64, uint64[::1], int64[:, ::1], "
    "int32[::1], int32[::1], int64, int64, int32[::1], uint64[:, :, ::1], int32[::1], uint64[:, :, ::1], int64)",
    nogil=True,
    cache=True,
)
def run_one(
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
    """What `step_kernels.run` does, for `words` and `samples` of 1."""
    bits = np.empty(2 * values.shape[0], dtype=np.uint8)
    for row in range(values.shape[0]):
        bits[2 * row] = values[row] & _U(1)
        bits[2 * row + 1] = bits[2 * row] ^ 1
    scratch = np.empty(following.shape[0], dtype=np.uint8)
    done = steps
    for step in range(steps):
        for at in range(rows.shape[0]):
            bits[2 * rows[at]] = given[step, at, 0] & _U(1)
            bits[2 * rows[at] + 1] = bits[2 * rows[at]] ^ 1
        _settle(bits, plan, left, right, first, store, banks, pins)
        if until >= 0 and bits[until]:
            done = step
            break
        for at in range(watched.shape[0]):
            seen[step, at, 0] = bits[watched[at]]
        _commit(bits, store, banks, pins, following, state, scratch)
    for row in range(values.shape[0]):
        values[row] = bits[2 * row]
    return done
