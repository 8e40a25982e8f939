"""The compiled loops of an epoch. Importing this loads Numba; the machine code is cached on disk.

The first layer is sparse: four in five pixels of a handwritten digit are 0, and a pixel of 0 neither adds to a sum nor
changes a weight. Weights are stored input by input, each row filled up with zeros to whole vectors of LANES numbers,
so that every loop over neurons is a loop over vectors. The two loops that take most of the time, `add_rows` and
`change_rows`, are written in the compiler's own vectors: it would otherwise test for each pixel whether the arrays
overlap, and keep the sums in memory.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import numba
import numpy as np
from llvmlite import ir  # type: ignore[import-untyped]
from numba import types
from numba.extending import intrinsic

LANES = 16
SIGMOID, TANH, RELU, SWISH = range(4)
QUADRATIC, CROSS_ENTROPY, LOG_LIKELIHOOD = range(3)

_FLOAT, _INT, _INDEX = ir.FloatType(), ir.IntType(32), ir.IntType(64)
_VECTOR = ir.VectorType(_FLOAT, LANES)
_F, _U = np.float32, np.uint64


def _place(number: int) -> Any:
    return ir.Constant(_INDEX, number)


def _load(build: Any, data: Any, at: Any) -> Any:
    return build.load(build.bitcast(build.gep(data, [at]), _VECTOR.as_pointer()), align=4)


def _store(build: Any, vector: Any, data: Any, at: Any) -> None:
    build.store(vector, build.bitcast(build.gep(data, [at]), _VECTOR.as_pointer()), align=4)


def _everywhere(build: Any, number: Any) -> Any:
    """A vector of one number."""
    nothing = ir.Constant(_VECTOR, ir.Undefined)
    first = build.insert_element(nothing, number, ir.Constant(_INT, 0))
    return build.shuffle_vector(first, nothing, ir.Constant(ir.VectorType(_INT, LANES), [0] * LANES))


def _multiply_add(build: Any, x: Any, y: Any, z: Any) -> Any:
    return build.fadd(build.fmul(x, y, flags=["contract"]), z, flags=["contract"])


def _loop(
    build: Any, start: Any, stop: Any, step: int, carried: Sequence[Any], body: Callable[[Any, list[Any]], list[Any]]
) -> tuple[Any, list[Any]]:
    """While i + step <= stop: carried = body(i, carried), i += step. Returns i and what is carried."""
    before = build.block
    head, inside, after = (build.append_basic_block(name) for name in ("head", "inside", "after"))
    build.branch(head)
    build.position_at_end(head)
    i = build.phi(_INDEX)
    i.add_incoming(start, before)
    now = []
    for value in carried:
        now.append(build.phi(value.type))
        now[-1].add_incoming(value, before)
    following = build.add(i, _place(step))
    build.cbranch(build.icmp_signed("<=", following, stop), inside, after)
    build.position_at_end(inside)
    new = body(i, now)
    end = build.block
    i.add_incoming(following, end)
    for phi, value in zip(now, new, strict=True):
        phi.add_incoming(value, end)
    build.branch(head)
    build.position_at_end(after)
    return i, now


def _data(context: Any, build: Any, signature: Any, arguments: Any) -> list[Any]:
    """The addresses of the four arrays that come first."""
    kinds = zip(signature.args[:4], arguments[:4], strict=True)
    return [context.make_array(kind)(context, build, value).data for kind, value in kinds]


def _add_rows(_: Any, sums: Any, rows: Any, columns: Any, values: Any, first: Any, stop: Any, width: Any) -> Any:
    """For t from first to stop: sums[:width] += values[t] * rows[columns[t], :width]."""

    def generate(context: Any, build: Any, signature: Any, arguments: Any) -> Any:
        sums, rows, columns, values = _data(context, build, signature, arguments)
        first, stop, width = arguments[4:]

        def block(q: Any, _: list[Any]) -> list[Any]:
            def term(t: Any, total: Any) -> Any:
                row = build.mul(build.zext(build.load(build.gep(columns, [t])), _INDEX), width)
                value = _everywhere(build, build.load(build.gep(values, [t])))
                return _multiply_add(build, value, _load(build, rows, build.add(row, q)), total)

            zero = ir.Constant(_VECTOR, [0.0] * LANES)
            t, totals = _loop(
                build,
                first,
                stop,
                4,  # sums side by side, so that none waits for the one before
                [_load(build, sums, q), zero, zero, zero],
                lambda t, totals: [term(build.add(t, _place(k)), total) for k, total in enumerate(totals)],
            )
            total = build.fadd(build.fadd(totals[0], totals[1]), build.fadd(totals[2], totals[3]))
            _, (total,) = _loop(build, t, stop, 1, [total], lambda t, totals: [term(t, totals[0])])
            _store(build, total, sums, q)
            return []

        _loop(build, _place(0), width, LANES, [], block)
        return context.get_dummy_value()

    return types.void(sums, rows, columns, values, types.int64, types.int64, types.int64), generate


def _change_rows(_: Any, changes: Any, rows: Any, columns: Any, values: Any, first: Any, stop: Any, width: Any) -> Any:
    """For t from first to stop: rows[columns[t], :width] += values[t] * changes[:width]."""

    def generate(context: Any, build: Any, signature: Any, arguments: Any) -> Any:
        changes, rows, columns, values = _data(context, build, signature, arguments)
        first, stop, width = arguments[4:]

        def blocks(q: Any, count: int) -> list[Any]:
            change = [_load(build, changes, build.add(q, _place(LANES * k))) for k in range(count)]

            def one(t: Any, _: list[Any]) -> list[Any]:
                row = build.mul(build.zext(build.load(build.gep(columns, [t])), _INDEX), width)
                value = _everywhere(build, build.load(build.gep(values, [t])))
                for k in range(count):
                    at = build.add(build.add(row, q), _place(LANES * k))
                    _store(build, _multiply_add(build, value, change[k], _load(build, rows, at)), rows, at)
                return []

            _loop(build, first, stop, 1, [], one)
            return []

        q, _ = _loop(build, _place(0), width, 2 * LANES, [], lambda q, _: blocks(q, 2))
        _loop(build, q, width, LANES, [], lambda q, _: blocks(q, 1))
        return context.get_dummy_value()

    return types.void(changes, rows, columns, values, types.int64, types.int64, types.int64), generate


add_rows: Any = intrinsic(_add_rows)
change_rows: Any = intrinsic(_change_rows)


def _compiled(function: Any) -> Any:
    # "contract" allows one rounding for a product and its sum. A division by zero is inf, as in NumPy.
    return numba.njit(nogil=True, cache=True, fastmath={"contract", "nsz"}, error_model="numpy")(function)


@_compiled
def _exp(x: Any) -> Any:
    """exp(x) in float32, to 2e-7, for x cut off at -87 and 88: vectors of it are computed at once.

    2^n times a polynomial (Cephes' for float32): adding 1.5 * 2^23 leaves n, rounded, in the lowest bits.
    """
    x = x if x > _F(-87) else _F(-87)
    x = x if x < _F(88) else _F(88)
    shifted = x * _F(1.44269504) + _F(12582912.0)
    n = shifted - _F(12582912.0)
    r = x - n * _F(0.693359375) + n * _F(2.12194440e-4)
    p = _F(1.9875691500e-4)
    p = p * r + _F(1.3981999507e-3)
    p = p * r + _F(8.3334519073e-3)
    p = p * r + _F(4.1665795894e-2)
    p = p * r + _F(1.6666665459e-1)
    p = p * r + _F(5.0000001201e-1)
    bits = _F(shifted).view(np.int32)
    return (p * r * r + r + _F(1)) * np.int32((bits + np.int32(127)) << np.int32(23)).view(np.float32)


@_compiled
def _activate(kind: Any, a: Any, slopes: Any) -> Any:
    """Weighted inputs in `a` become activations, and `slopes` their slopes."""
    size = _U(len(a))
    if kind == SIGMOID:
        for o in range(size):
            s = _F(1) / (_F(1) + _exp(-a[o]))
            a[o] = s
            slopes[o] = s * (_F(1) - s)
    elif kind == TANH:
        for o in range(size):
            t = _F(2) / (_F(1) + _exp(_F(-2) * a[o])) - _F(1)
            a[o] = t
            slopes[o] = _F(1) - t * t
    elif kind == RELU:
        for o in range(size):
            z = a[o]
            a[o] = z if z > _F(0) else _F(0)
            slopes[o] = _F(1) if z > _F(0) else _F(0)
    else:
        for o in range(size):
            z = a[o]
            s = _F(1) / (_F(1) + _exp(-z))
            a[o] = z * s
            slopes[o] = s + z * s * (_F(1) - s)


@_compiled
def _add_all(x: Any, rows: Any, y: Any, n: Any) -> Any:
    """For k below n: y += x[k] * rows[k]."""
    width = _U(rows.shape[1])
    for k in range(_U(n)):
        value = x[k]
        for o in range(width):
            y[o] += value * rows[k, o]


@_compiled
def _change_all(x: Any, rows: Any, y: Any, n: Any) -> Any:
    """For k below n: rows[k] += x[k] * y."""
    width = _U(rows.shape[1])
    for k in range(_U(n)):
        value = x[k]
        for o in range(width):
            rows[k, o] += value * y[o]


@_compiled
def _errors(cost: Any, z: Any, slopes: Any, wanted: Any, delta: Any, outputs: Any) -> Any:
    """Weighted inputs of the output layer become outputs, `delta` their errors (BP1); returns the cost of the image."""
    value = 0.0
    if cost == LOG_LIKELIHOOD:
        top = z[0]
        for o in range(1, outputs):
            top = max(top, z[o])
        total = 0.0
        for o in range(outputs):
            value -= wanted[o] * (z[o] - top)
            z[o] = _exp(z[o] - top)
            total += z[o]
        share = 0.0
        for o in range(outputs):
            z[o] = z[o] / _F(total)
            delta[o] = z[o] - wanted[o]
            share += wanted[o]
        return value + share * math.log(total)
    if cost == CROSS_ENTROPY:
        for o in range(outputs):
            value += max(z[o], _F(0)) - z[o] * wanted[o]
    _activate(SIGMOID, z, slopes)
    larger = 1.0
    for o in range(outputs):
        a = z[o]
        error = a - wanted[o]
        if cost == QUADRATIC:
            value += 0.5 * error * error
            delta[o] = error * slopes[o]
        else:
            delta[o] = error
            larger *= max(a, _F(1) - a)  # ln(1 + e^-|z|) is -ln of this: one logarithm for all
            if larger < 1e-200:
                value -= math.log(larger)
                larger = 1.0
    return value - math.log(larger)


@_compiled
def epoch(
    sizes: Any,
    weights: Any,
    turned: Any,
    biases: Any,
    outs: Any,
    slopes: Any,
    deltas: Any,
    starts: Any,
    columns: Any,
    values: Any,
    wanted: Any,
    order: Any,
    batch: Any,
    rate: Any,
    decay: Any,
    activation: Any,
    cost: Any,
) -> Any:
    """One update for each mini-batch; returns the sum of the costs of the images.

    weights[k]: (inputs of layer k, width of layer k), width being its size filled up to whole vectors. turned[k]: the
    same turned, (size of layer k, width of its inputs), of layer 0 unused: each way of running through a layer reads
    whole rows. biases[k], and outs[k], slopes[k], deltas[k] (batch, width): rows of a mini-batch.

    The inputs of image i that are not 0 are values[t] at columns[t] for t from starts[i] to starts[i + 1].

    Each update multiplies all weights by `decay`. In the first layer that is a factor kept apart until it is small.
    """
    layers, n, total = len(weights), len(order), 0.0
    first, first_biases = weights[0], biases[0]
    width = first.shape[1]
    shrunk = 1.0
    for begin in range(0, n, batch):
        m = min(batch, n - begin)
        for i in range(m):
            s = order[begin + i]
            a = outs[0][i]
            a[:] = _F(0)
            add_rows(a, first, columns, values, starts[s], starts[s + 1], width)
            factor = _F(shrunk)
            for o in range(_U(width)):
                a[o] = factor * a[o] + first_biases[o]
            for k in range(1, layers):
                slope = slopes[k - 1][i]
                _activate(activation, a, slope)
                for o in range(sizes[k], len(a)):  # what fills the row up stays 0
                    a[o] = _F(0)
                    slope[o] = _F(0)
                below = a
                a = outs[k][i]
                a[:] = biases[k]
                _add_all(below, weights[k], a, sizes[k])
            total += _errors(cost, a, slopes[layers - 1][i], wanted[s], deltas[layers - 1][i], sizes[layers])
            for k in range(layers - 2, -1, -1):
                delta = deltas[k][i]
                delta[:] = _F(0)
                _add_all(deltas[k + 1][i], turned[k + 1], delta, sizes[k + 2])
                slope = slopes[k][i]
                for o in range(_U(len(delta))):
                    delta[o] *= slope[o]
        if decay != 1.0:
            shrunk *= decay
            for k in range(1, layers):
                for array in (weights[k], turned[k]):
                    flat = array.reshape(array.size)
                    for o in range(_U(len(flat))):
                        flat[o] *= _F(decay)
            if shrunk < 1e-3:
                _shrink(first, shrunk)
                shrunk = 1.0
        step = _F(-rate / m)
        for i in range(m):
            s = order[begin + i]
            for k in range(layers):
                delta = deltas[k][i]
                bias = biases[k]
                for o in range(_U(len(delta))):
                    delta[o] *= step
                    bias[o] += delta[o]
                if k:
                    _change_all(outs[k - 1][i], weights[k], delta, sizes[k])
                    _change_all(delta, turned[k], outs[k - 1][i], sizes[k + 1])
            delta = deltas[0][i]
            if shrunk != 1.0:
                grown = _F(1 / shrunk)
                for o in range(_U(width)):
                    delta[o] *= grown
            change_rows(delta, first, columns, values, starts[s], starts[s + 1], width)
    if shrunk != 1.0:
        _shrink(first, shrunk)
    return total


@_compiled
def _shrink(rows: Any, factor: Any) -> Any:
    flat = rows.reshape(rows.size)
    for o in range(_U(len(flat))):
        flat[o] *= _F(factor)


@_compiled
def gather_inputs(images: Any, starts: Any, columns: Any, values: Any) -> Any:
    """Write the inputs that are not 0 row by row: `starts` (n + 1,), and `columns` and `values` of its last entry."""
    t = 0
    for i in range(images.shape[0]):
        starts[i] = t
        for j in range(images.shape[1]):
            if images[i, j] != _F(0):
                columns[t] = j
                values[t] = images[i, j]
                t += 1
    starts[images.shape[0]] = t
