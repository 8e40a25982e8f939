"""Whole weights for step units and for votes: real weights times a scale that is free, rounded.

A step unit does the same for every c > 0 when its weights and its bias are multiplied by c, and so do all scores
together. So a scale is searched for each unit, and one for all votes, at which the least is lost by rounding.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from learn.errors import LayersError
from learn.threshold.arrays import Bits, Whole, blocks
from learn.threshold.network import sums

Real = NDArray[np.float64]

FINALISTS = 4  # scales that are tried on images, of those that lose least by the weights' errors
GRID = 64  # whole numbers that the largest weight may become, tried as scales
CLIPPED = 4.0  # and the largest weight may be cut to a part as small as one by this
STEPS = 24  # scales on the way there
UNITS = 64  # units whose sums on all images are held at once


def quantize_units(
    weights: ArrayLike,
    biases: ArrayLike,
    *,
    most: int,
    bits: Bits | None = None,
    fires: NDArray[np.bool_] | None = None,
) -> tuple[Whole, Whole]:
    """Step units with whole weights from -most to most that do nearly what units with real weights do.

    For each unit the scales are tried at which its largest weight becomes 1, 2, ..., most, and larger ones, which cut
    the largest weights off at `most`. What counts is the least square of the errors that bits make in the weighted
    input, as if bits came independently: each error counts by its bit's variance. The bias is the real one at that
    scale, moved by the mean error and rounded up: a whole s fires with b real, s + b > 0, exactly where
    s + ceil(b) > 0.

    Parameters
    ----------
    weights : (units, inputs) real numbers
    biases : (units,) real numbers
    most : int
        At least 1.
    bits : (n, inputs) of 0 and 1, optional
        What the units will see: it gives the bits' means and variances, without it 1/2 and 1/4. A bit that is the same
        in all rows gets no weight. The scales that do best by the weights are then tried on the rows, each with the
        whole bias that gives the fewest wrong answers, the one nearest to the rounded bias among equals.
    fires : (n, units) of bool, optional
        The right answers; what the real units answer for `bits` by default.

    Returns
    -------
    weights, biases
        (units, inputs) and (units,) int64.

    Raises
    ------
    LayersError
        For `most` that is no whole number of at least 1, numbers that are not finite, arrays whose shapes do not fit,
        and no rows of `bits`.

    Notes
    -----
    A unit of r real numbers takes about r * (most + 24) steps, and FINALISTS * r for each row of `bits`.

    Examples
    --------
    >>> quantize_units([[-0.4, -0.4], [0.31, 0.62]], [0.6, -0.62], most=7)
    (array([[-1, -1],
           [ 1,  2]]), array([ 2, -2]))
    """
    w, b = _checked(("weights", weights), ("biases", biases), ("bits", bits), most)
    found, rounded = np.zeros(w.shape, np.int64), np.zeros(len(w), np.int64)
    mean, variance = _moments(bits, w.shape[1])
    for units in blocks(len(w), UNITS):
        q, whole_bias, lost = _tried(w[units], b[units], mean, variance, most)
        order = lost.argsort(axis=0, kind="stable")
        places = np.arange(len(order[0]))
        if bits is None:
            found[units], rounded[units] = q[order[0], places], whole_bias[order[0], places]
        else:
            few, final = order[:FINALISTS], q[order[:FINALISTS], places]
            flat = final.reshape(-1, w.shape[1])
            reached = sums(bits, flat, np.zeros(len(flat), np.int64)).reshape(len(bits), len(few), -1)
            right = real_sums(bits, w[units], b[units]) > 0 if fires is None else fires[:, units]
            best, wrong = _best_biases(reached, right, whole_bias[few, places])
            first = wrong.argmin(axis=0)
            found[units], rounded[units] = final[first, places], best[first, places]
    return found, rounded


def quantize_votes(
    votes: ArrayLike,
    offsets: ArrayLike,
    *,
    most: int,
    values: Bits | None = None,
    labels: NDArray[np.int64] | None = None,
) -> tuple[Whole, Whole]:
    """Whole votes from -most to most, and whole offsets, whose highest score is nearly always that of the real ones.

    All classes share a scale. What is added to all votes of a unit alike, or to all offsets, changes no label: the
    votes of each unit are first moved to lie around 0, by their mean or by the middle of their range. With two classes
    only the differences count, so that the first class has no votes. Errors are weighed as in `quantize_units`.

    Parameters
    ----------
    votes : (classes, units) real numbers
    offsets : (classes,) real numbers
    most : int
        At least 1.
    values : (n, units) of 0 and 1, optional
        What the units say: as `bits` in `quantize_units`.
    labels : (n,) whole numbers, optional
        The right labels; what the real votes give for `values` by default.

    Returns
    -------
    votes, offsets
        (classes, units) and (classes,) int64.

    Raises
    ------
    LayersError
        As `quantize_units` does, and for fewer than two classes.

    Examples
    --------
    >>> quantize_votes([[0.5, 0.0], [0.0, 0.5], [0.0, 0.0]], [0.0, 0.0, 0.25], most=7)
    (array([[ 4, -4],
           [-4,  4],
           [-4, -4]]), array([-1, -1,  3]))
    """
    v, o = _checked(("votes", votes), ("offsets", offsets), ("values", values), most)
    if len(v) < 2:
        raise LayersError(f"votes of shape {v.shape}, which know {len(v)} class(es); give at least two")
    if len(v) == 2:
        fires = None if labels is None else (labels == 1)[:, None]
        row, bias = quantize_units(v[1:] - v[:1], o[1:] - o[:1], most=most, bits=values, fires=fires)
        return np.concatenate([np.zeros_like(row), row]), np.concatenate([np.zeros_like(bias), bias])
    mean, variance = _moments(values, v.shape[1])
    tried = []
    for middle in (v.mean(axis=0), (v.max(axis=0) + v.min(axis=0)) / 2):
        # All votes as the weights of one unit share their scale.
        near = v - middle
        q, _, _ = _tried(near.reshape(1, -1), np.zeros(1), np.zeros(v.size), np.tile(variance, len(v)), most)
        tried += [_with_offsets(matrix, near, o, mean, variance) for matrix in q[:, 0].reshape(-1, *v.shape)]
    tried.sort(key=lambda one: one[0])
    if values is None:
        return tried[0][1:]
    right = real_sums(values, v, o).argmax(axis=1) if labels is None else labels
    wrong = [int(np.count_nonzero((sums(values, q, b)).argmax(axis=1) != right)) for _, q, b in tried]
    return tried[int(np.argmin(wrong))][1:]


def _checked(
    table: tuple[str, ArrayLike], row: tuple[str, ArrayLike], bits: tuple[str, Bits | None], most: int
) -> tuple[Real, Real]:
    """Named real numbers (n, inputs) and (n,), finite and fit for the bits that they are to read, or LayersError."""
    if not isinstance(most, int | np.integer) or most < 1:
        raise LayersError(f"whole {table[0]} up to {most!r}; give most of at least 1, a whole number")
    w, b = (np.asarray(array, np.float64) for _, array in (table, row))
    if w.ndim != 2 or b.shape != w.shape[:1]:
        raise LayersError(f"{table[0]} of shape {w.shape} and {row[0]} of {b.shape}; give (n, inputs) and (n,)")
    name, given = bits
    if given is not None and (given.shape[1:] != w.shape[1:] or not len(given)):
        raise LayersError(f"{name} of shape {given.shape} for {table[0]} of {w.shape}; give rows of {w.shape[1]} bits")
    if not np.isfinite(w).all() or not np.isfinite(b).all():
        raise LayersError(f"{table[0]} or {row[0]} hold a number that is not finite; give real numbers")
    return w, b


def _moments(bits: Bits | None, width: int) -> tuple[Real, Real]:
    """The mean and the variance of each bit."""
    mean = np.full(width, 0.5) if bits is None else np.asarray(bits.mean(axis=0, dtype=np.float64))
    return mean, mean * (1 - mean)


def _tried(w: Real, b: Real, mean: Real, variance: Real, most: int) -> tuple[Whole, Whole, Real]:
    """Whole weights for each scale (scales, units, inputs), their biases and what each loses, both (scales, units)."""
    largest = np.where((top := np.abs(w).max(axis=1, initial=0.0)) > 0, top, 1.0)
    scales = np.concatenate([np.arange(max(1, most - GRID), most + 1), most * np.geomspace(1, CLIPPED, STEPS)[1:]])
    factor = scales[:, None] / largest
    q = np.clip(np.rint(w * factor[:, :, None]), -most, most) * (variance > 0)
    fit, size = (w * q * variance).sum(axis=2), (q * q * variance).sum(axis=2)
    # The scale at which these whole weights lie nearest to the real ones.
    factor = np.divide(size, fit, out=factor, where=(fit > 0) & (size > 0))
    lost = (variance * (w - q / factor[:, :, None]) ** 2).sum(axis=2)
    return q.astype(np.int64), _ceil(factor * (b + w @ mean) - q @ mean), lost


def _with_offsets(q: Whole, near: Real, offsets: Real, mean: Real, variance: Real) -> tuple[float, Whole, Whole]:
    """What whole votes lose against the real ones, but for what all classes lose alike; the votes; their offsets."""
    q_apart = q - q.mean(axis=0)
    near = near - near.mean(axis=0)
    fit, size = float((near * q_apart * variance).sum()), float((q_apart * q_apart * variance).sum())
    factor = size / fit if fit > 0 and size > 0 else 1.0
    lost = float((variance * (near - q_apart / factor) ** 2).sum())
    moved = factor * (offsets + near @ mean) - q_apart @ mean
    moved -= moved.mean()
    whole = np.rint(moved)
    rest = moved - whole
    return lost + float(((rest - rest.mean()) ** 2).sum()) / factor**2, q, whole.astype(np.int64)


def _ceil(numbers: Real) -> Whole:
    """Rounded up, unless a whole number is so near that what is above it is a rounding error."""
    nearest = np.rint(numbers)
    found = np.where(np.abs(numbers - nearest) <= 1e-9 * np.maximum(1, np.abs(numbers)), nearest, np.ceil(numbers))
    return found.astype(np.int64)


def real_sums(bits: Bits, weights: Real, biases: Real) -> Real:
    """bits @ weights.T + biases: (n, inputs), (units, inputs), (units,) -> (n, units)."""
    found = np.empty((len(bits), len(weights)))
    for rows in blocks(len(bits)):
        found[rows] = bits[rows].astype(np.float64) @ weights.T + biases
    return found


def _best_biases(reached: Whole, right: NDArray[np.bool_], near: Whole) -> tuple[Whole, Whole]:
    """For each scale and unit the whole bias with the fewest wrong answers, and how many.

    `reached` (n, scales, units), `right` (n, units) of bool, `near` (scales, units): what to stay near to among equals.
    """
    best, wrong = np.empty_like(near), np.empty_like(near)
    for unit in range(near.shape[1]):
        yes = right[:, unit]
        for scale in range(len(near)):
            s = reached[:, scale, unit]
            low = int(s.min())
            everyone = np.bincount(s - low)
            fires = np.bincount(s[yes] - low, minlength=len(everyone))
            # At place i: a unit that fires where s >= low + i.
            missed = np.concatenate([[0], fires.cumsum()])
            false = np.concatenate([[0], (everyone - fires).cumsum()])
            errors = missed + false[-1] - false
            biases = 1 - low - np.arange(len(errors))
            least = np.flatnonzero(errors == errors.min())
            pick = least[np.abs(biases[least] - near[scale, unit]).argmin()]
            best[scale, unit], wrong[scale, unit] = biases[pick], errors[pick]
    return best, wrong
