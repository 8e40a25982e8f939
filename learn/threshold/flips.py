"""The compiled loop of `robustness`. Importing this loads Numba; the machine code is cached on disk.

Places are numbered through: first the encoder's bits, then the units layer by layer. A change of one pixel runs up
the network as a list of the places whose values have changed; only sums that one of them enters are looked at again.
"""

from __future__ import annotations

import numba
import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]


@numba.njit(cache=True, nogil=True)
def try_pixels(
    values: NDArray[np.uint8],
    sums: Ints,
    scores: Ints,
    labels: Ints,
    bit_starts: Ints,
    pixel_bits: Ints,
    pattern_starts: Ints,
    patterns: NDArray[np.uint8],
    greys: Ints,
    layer_starts: Ints,
    reader_starts: Ints,
    readers: Ints,
    weights: Ints,
    votes: Ints,
    found: Ints,
) -> None:
    """Change every pixel of every image to every other pattern of its bits, and note where the label changes.

    `values` and `sums` (n, places): what each place is and its weighted input (0 for bits); `scores` (n, classes) and
    `labels` (n,). Pixel p has the bits pixel_bits[bit_starts[p] : bit_starts[p + 1]] and the patterns
    pattern_starts[p] .. pattern_starts[p + 1], rows of `patterns` in the order of its bits, with the lowest of the
    greys that have it. Layer k, bits first, has the places layer_starts[k] .. layer_starts[k + 1]; the units that read
    place i are readers[reader_starts[i] : reader_starts[i + 1]], with `weights`. `votes` (places of the last layer,
    classes). Writes `found` (n, 4): pixels whose change matters, the first of them, its grey, the new label.
    """
    n, places = values.shape
    classes, layers = votes.shape[1], len(layer_starts) - 1
    change, is_touched = np.zeros(places, np.int64), np.zeros(places, np.bool_)
    touched, moved, by = np.empty(places, np.int64), np.empty(places, np.int64), np.empty(places, np.int64)
    new = np.empty(classes, np.int64)
    for image in range(n):
        for pixel in range(len(bit_starts) - 1):
            matters = False
            for pattern in range(pattern_starts[pixel], pattern_starts[pixel + 1]):
                count = 0
                for k in range(bit_starts[pixel], bit_starts[pixel + 1]):
                    bit = pixel_bits[k]
                    step = np.int64(patterns[pattern, k - bit_starts[pixel]]) - np.int64(values[image, bit])
                    if step != 0:
                        moved[count], by[count] = bit, step
                        count += 1
                for _ in range(1, layers):
                    touches = 0
                    for m in range(count):
                        place, step = moved[m], by[m]
                        for r in range(reader_starts[place], reader_starts[place + 1]):
                            unit = readers[r]
                            change[unit] += step * weights[r]
                            if not is_touched[unit]:
                                is_touched[unit] = True
                                touched[touches] = unit
                                touches += 1
                    count = 0
                    for t in range(touches):
                        unit = touched[t]
                        fires = np.int64(sums[image, unit] + change[unit] > 0)
                        change[unit], is_touched[unit] = 0, False
                        step = fires - np.int64(values[image, unit])
                        if step != 0:
                            moved[count], by[count] = unit, step
                            count += 1
                if count == 0:
                    continue
                new[:] = scores[image]
                for m in range(count):
                    row = votes[moved[m] - layer_starts[layers - 1]]
                    for c in range(classes):
                        new[c] += by[m] * row[c]
                best = 0
                for c in range(1, classes):
                    if new[c] > new[best]:
                        best = c
                if best != labels[image]:
                    matters = True
                    if found[image, 1] < 0:
                        found[image, 1], found[image, 2], found[image, 3] = pixel, greys[pattern], best
                    break
            if matters:
                found[image, 0] += 1
